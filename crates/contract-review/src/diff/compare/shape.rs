//! The fields of a schema as the comparison reads them: its own, or those of all that its `allOf`
//! comes to.

use indexmap::IndexMap;

use super::conjunction::Conjunction;
use super::contract::Document;
use super::node_ref::NodeRef;
use super::value;

/// A schema, or several that a value has to fit together.
#[derive(Debug, Clone)]
pub(super) struct Shape<'a> {
    /// Where it stands.
    pub(super) site: NodeRef<'a>,
    parts: Vec<NodeRef<'a>>,
}

impl<'a> Shape<'a> {
    /// A schema by itself.
    pub(super) fn of(site: NodeRef<'a>) -> Self {
        Self {
            site,
            parts: vec![site],
        }
    }

    /// A schema with all of its `allOf`; none when that is too much, or a reference does not resolve.
    pub(super) fn merged(document: Document<'a>, site: NodeRef<'a>) -> Option<Self> {
        let parts = Conjunction::of(document, site)?.parts;
        Some(Self {
            site,
            parts: parts.into_iter().map(|part| part.schema).collect(),
        })
    }

    /// The first field of this name; of bounds, the tightest.
    pub(super) fn get(&self, name: &str) -> Option<NodeRef<'a>> {
        let mut found = self.parts.iter().filter_map(|part| part.get(name));
        if name.starts_with("max") || name.starts_with("min") {
            let number = |site: &NodeRef<'a>| value::number(site.node).unwrap_or(f64::NAN);
            let order = |a: &NodeRef<'a>, b: &NodeRef<'a>| number(a).total_cmp(&number(b));
            if name.starts_with("max") {
                found.min_by(order)
            } else {
                found.max_by(order)
            }
        } else {
            found.next()
        }
    }

    /// Whether any field of this name is true.
    pub(super) fn is(&self, name: &str) -> bool {
        self.parts.iter().any(|part| part.is(name))
    }

    /// A limit, and whether it is excluded itself.
    pub(super) fn limit(&self, name: &str, exclusive: &str) -> Option<(f64, bool)> {
        let tightest = value::number(self.get(name)?.node)?;
        let excluded = self.parts.iter().any(|part| {
            let limit = part.node.get(name).and_then(value::number);
            limit.is_some_and(|limit| limit.total_cmp(&tightest).is_eq()) && part.is(exclusive)
        });
        Some((tightest, excluded))
    }

    /// Every schema of every property.
    pub(super) fn properties(&self) -> IndexMap<&'a str, Vec<NodeRef<'a>>> {
        let mut properties: IndexMap<&str, Vec<NodeRef<'a>>> = IndexMap::new();
        for part in &self.parts {
            let own = part.get("properties").into_iter();
            for (name, schema) in own.flat_map(NodeRef::entries) {
                properties.entry(name).or_default().push(schema);
            }
        }
        properties
    }

    /// Whether any property is described.
    pub(super) fn has_properties(&self) -> bool {
        let mut own = self.parts.iter().filter_map(|part| part.get("properties"));
        own.any(|site| site.entries().next().is_some())
    }

    /// Where each required name stands.
    pub(super) fn required(&self) -> IndexMap<&'a str, NodeRef<'a>> {
        let mut required = IndexMap::new();
        for part in &self.parts {
            let names = part.get("required").into_iter().flat_map(NodeRef::items);
            for item in names {
                if let Some(name) = item.node.as_str() {
                    required.entry(name).or_insert(item);
                }
            }
        }
        required
    }

    /// Every field of this name.
    pub(super) fn all(&self, name: &str) -> Vec<NodeRef<'a>> {
        let found = self.parts.iter().filter_map(|part| part.get(name));
        found.collect()
    }
}
