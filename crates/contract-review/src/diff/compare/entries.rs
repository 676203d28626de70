//! Entries that the two contracts have or lack, and what names them.

use indexmap::IndexMap;
use people_codegen::document::openapi_format::METHODS;

use super::node_ref::NodeRef;

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

/// An operation that one of the contracts has alone.
pub(super) struct UnmatchedOperation<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'static str,
    pub(super) item: NodeRef<'a>,
    pub(super) operation: NodeRef<'a>,
}

pub(super) fn operations<'a>(
    path: &'a str,
    item: NodeRef<'a>,
    into: &mut Vec<UnmatchedOperation<'a>>,
) {
    for method in METHODS {
        if let Some(operation) = item.get(method) {
            into.push(UnmatchedOperation {
                path,
                method,
                item,
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
