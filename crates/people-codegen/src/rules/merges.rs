//! Rule for `allOf`: the generator merges what it lists, property by property, and must come to an end.

use std::collections::{HashMap, HashSet};

use super::references::{IN_PLACE, MAX_NESTED};
use crate::document::contract::Contract;
use crate::document::diagnostic::Diagnostic;
use crate::document::node::Node;
use crate::document::openapi_format::Kind;

/// More than any contract merges at one place.
const MAX_MERGES: usize = 1_000;

/// Schemas that the generator would combine without end: it merges what an `allOf` lists, and then
/// what those say of one property, and so on.
pub(super) fn endless_merges(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut merges = MergeCheck {
        contract,
        known_to_end: HashSet::new(),
        open: HashSet::new(),
        tried: 0,
    };
    for object in contract.all(Kind::Schema) {
        let combines = IN_PLACE.iter().any(|name| object.node.get(name).is_some());
        merges.tried = 0;
        if combines && !merges.terminates(&[object.node], true) {
            diagnostics.push(Diagnostic::new(
                "generator-schema",
                object.position,
                "what is combined here has a property described in terms of itself, and the generator \
                 would merge that without end; move the property out of the `allOf`",
            ));
        }
    }
}

struct MergeCheck<'c, 'a> {
    contract: &'c Contract<'a>,
    /// Sets of schemas whose merge is known to end.
    known_to_end: HashSet<Vec<*const Node>>,
    open: HashSet<Vec<*const Node>>,
    /// How many have been tried for the schema at hand.
    tried: usize,
}

impl<'a> MergeCheck<'_, 'a> {
    /// Whether the merge of `schemas` ends, for each of the choices among them if `choose` says so.
    fn terminates(&mut self, schemas: &[&'a Node], choose: bool) -> bool {
        let mut parts: Vec<&'a Node> = Vec::new();
        let mut choices: Vec<&'a Node> = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting = schemas.to_vec();
        while let Some(node) = waiting.pop() {
            let Some(schema) = self.contract.resolve(node) else {
                continue;
            };
            let items = |name| schema.get(name).into_iter().flat_map(Node::items);
            if !is_wrapper(schema) && seen.insert(std::ptr::from_ref(schema)) {
                parts.push(schema);
                if choose {
                    choices.extend(items("oneOf").chain(items("anyOf")));
                }
                waiting.extend(items("allOf"));
            } else if is_wrapper(schema) {
                waiting.extend(items("allOf"));
            }
        }
        if parts.len() < 2 {
            return true;
        }
        let mut key: Vec<_> = seen.into_iter().collect();
        key.sort_unstable();
        if choices.is_empty() && self.known_to_end.contains(&key) {
            return true;
        }
        self.tried += 1;
        if self.open.contains(&key) || self.open.len() >= MAX_NESTED || self.tried > MAX_MERGES {
            return false;
        }
        self.open.insert(key.clone());
        let ends = described(&parts)
            .iter()
            .all(|schemas| self.terminates(schemas, true));
        // What is chosen is merged with the rest, so each choice is a merge of its own.
        let ends = ends
            && choices.into_iter().all(|choice| {
                let mut schemas = parts.clone();
                schemas.push(choice);
                self.terminates(&schemas, false)
            });
        self.open.remove(&key);
        if ends {
            self.known_to_end.insert(key);
        }
        ends
    }
}

/// Whether a schema says nothing but that it is another: `allOf` with one item.
fn is_wrapper(schema: &Node) -> bool {
    let only = schema
        .get("allOf")
        .is_some_and(|list| list.items().count() == 1);
    only && TYPE_KEYWORDS.iter().all(|name| schema.get(name).is_none())
}

const TYPE_KEYWORDS: [&str; 7] = [
    "type",
    "enum",
    "properties",
    "additionalProperties",
    "items",
    "oneOf",
    "anyOf",
];

/// What `schemas` describe together: the schemas of each property, and of the items.
fn described<'a>(schemas: &[&'a Node]) -> Vec<Vec<&'a Node>> {
    let mut by_name: HashMap<&str, Vec<&'a Node>> = HashMap::new();
    for schema in schemas {
        for (name, entry) in schema.get("properties").into_iter().flat_map(Node::entries) {
            by_name.entry(name).or_default().push(&entry.node);
        }
    }
    let field = |name: &str| {
        schemas
            .iter()
            .filter_map(|schema| schema.get(name))
            .collect()
    };
    let mut described: Vec<Vec<&Node>> = by_name.into_values().collect();
    described.push(field("items"));
    let others: Vec<&Node> = field("additionalProperties");
    for schemas in &mut described {
        schemas.extend(&others);
    }
    described.push(others);
    described
}
