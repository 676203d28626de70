//! Entries that the two contracts have or lack, and what names them.

use std::rc::Rc;

use indexmap::IndexMap;
use people_codegen::document::openapi_format::METHODS;

use super::contract::Document;
use super::node_ref::NodeRef;

const REFERENCE: &str = "$ref";

/// The fields that parameters and headers share, compared by `carried`; those of `lifecycle` aside.
pub(super) const CARRIED: [&str; 5] = ["description", "schema", "content", "example", "examples"];

/// A path with its parameters' names left out.
pub(super) fn shape(path: &str) -> String {
    let mut shape = String::with_capacity(path.len());
    let mut inside = false;
    for character in path.chars() {
        match character {
            '{' => inside = true,
            '}' => {
                inside = false;
                shape.push_str("{}");
            }
            _ if !inside => shape.push(character),
            _ => {}
        }
    }
    shape
}

/// The names in the braces of a path, in their order.
pub(super) fn template_names(path: &str) -> Vec<&str> {
    let names = path.split('{').skip(1);
    names
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}

/// A path as its own fields and those of what its `$ref` leads to. Where both have the same field,
/// OpenAPI 3.0 leaves open which of them counts; here it is the one that stands at the path.
#[derive(Debug, Clone)]
pub(super) struct PathItem<'a> {
    /// Where the path stands.
    pub(super) site: NodeRef<'a>,
    /// Everything that has a field beside `$ref`, the path itself first.
    layers: Rc<[NodeRef<'a>]>,
}

impl<'a> PathItem<'a> {
    /// The path at `site`, and a reference that leads nowhere.
    pub(super) fn of(document: Document<'a>, site: NodeRef<'a>) -> (Self, Option<&'a str>) {
        let (layers, lost) = document.layers(site);
        let has_fields = |layer: &NodeRef<'a>| layer.entries().any(|(name, _)| name != REFERENCE);
        let layers = layers.into_iter().filter(has_fields).collect();
        (Self { site, layers }, lost)
    }

    pub(super) fn get(&self, name: &str) -> Option<NodeRef<'a>> {
        self.all(name).next()
    }

    /// What stands at each layer under this name, the one that counts first.
    pub(super) fn all(&self, name: &str) -> impl DoubleEndedIterator<Item = NodeRef<'a>> {
        self.layers.iter().filter_map(move |layer| layer.get(name))
    }

    /// The names of all fields, in the order of the text.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        let names = self.layers.iter().flat_map(|layer| layer.entries());
        names
            .map(|(name, _)| name)
            .filter(|name| *name != REFERENCE)
    }

    /// How many layers have fields: one, unless fields stand beside a `$ref`.
    pub(super) fn depth(&self) -> usize {
        self.layers.len()
    }
}

/// An operation that one of the contracts has alone.
pub(super) struct UnmatchedOperation<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'static str,
    pub(super) item: PathItem<'a>,
    pub(super) operation: NodeRef<'a>,
}

pub(super) fn operations<'a>(
    path: &'a str,
    item: &PathItem<'a>,
    into: &mut Vec<UnmatchedOperation<'a>>,
) {
    for method in METHODS {
        if let Some(operation) = item.get(method) {
            into.push(UnmatchedOperation {
                path,
                method,
                item: item.clone(),
                operation,
            });
        }
    }
}

/// What `these` has and `others` has not.
pub(super) fn missing<'a, T: Copy>(
    these: &IndexMap<&'a str, T>,
    others: &IndexMap<&'a str, T>,
) -> Vec<(&'a str, T)> {
    these
        .iter()
        .filter(|(name, _)| !others.contains_key(*name))
        .map(|(name, value)| (*name, *value))
        .collect()
}
