//! Schemas that are the same in both contracts, with all that they refer to: nothing in them has to be
//! compared or proven.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use people_codegen::Node;

use super::contract::Document;
use super::node_ref::NodeRef;
use super::value;

/// What did not change.
#[derive(Debug)]
pub(super) struct Unchanged<'a> {
    old: HashMap<&'a str, &'a Node>,
    new: HashMap<&'a str, &'a Node>,
    documents: (Document<'a>, Document<'a>),
    /// The names of schemas.
    names: HashSet<&'a str>,
    /// What has been found out of pairs of schemas, which are asked about many times over.
    known: RefCell<HashMap<(usize, usize), bool>>,
}

impl<'a> Unchanged<'a> {
    pub(super) fn between(before: Document<'a>, after: Document<'a>) -> Self {
        let schemas = |document: Document<'a>| -> HashMap<&'a str, &'a Node> {
            let root: &'a Node = document.root.node;
            let schemas = root.get("components").and_then(|node| node.get("schemas"));
            let entries = schemas.into_iter().flat_map(Node::entries);
            entries.map(|(name, entry)| (name, &entry.node)).collect()
        };
        let (old, new) = (schemas(before), schemas(after));
        let documents = (before, after);
        Self {
            names: names(&old, &new, documents),
            old,
            new,
            documents,
            known: RefCell::default(),
        }
    }

    /// Whether nothing changed from the one to the other, nor in what they refer to.
    pub(super) fn contains(&self, old: NodeRef<'_>, new: NodeRef<'_>) -> bool {
        if value::is_flat(new.node) {
            // Looked at faster than looked up.
            return value::same(old.node, new.node);
        }
        let pair = (old.address(), new.address());
        if let Some(known) = self.known.borrow().get(&pair) {
            return *known;
        }
        let is_in_neither =
            |name: &str| !self.old.contains_key(name) && !self.new.contains_key(name);
        let unchanged = value::same(old.node, new.node)
            && self.selects_the_same(old, new)
            && value::schemas_of(new.node).is_some_and(|names| {
                let mut names = names.iter();
                names.all(|name| self.names.contains(name) || is_in_neither(name))
            });
        self.known.borrow_mut().insert(pair, unchanged);
        unchanged
    }

    /// Whether a discriminator here, if there is one, selects the same schemas, and none of them changed.
    fn selects_the_same(&self, one: NodeRef<'_>, other: NodeRef<'_>) -> bool {
        // Either of them may be the old one.
        let name = |site: NodeRef<'_>| {
            let documents = [self.documents.0, self.documents.1];
            let mut names = documents
                .into_iter()
                .filter_map(|document| document.discriminators.name_of(site.address()));
            names.next()
        };
        match (name(one), name(other)) {
            (None, None) => true,
            (Some(one), Some(other)) => one == other && self.names.contains(one),
            _ => false,
        }
    }
}

/// The names of schemas that are the same in both contracts, with all that they refer to.
fn names<'a>(
    before: &HashMap<&'a str, &'a Node>,
    after: &HashMap<&'a str, &'a Node>,
    documents: (Document<'a>, Document<'a>),
) -> HashSet<&'a str> {
    let mut references: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut changed: Vec<&str> = Vec::new();
    for (name, node) in after {
        let (is_same, selected) = match before.get(name) {
            Some(old) if value::same(old, node) => selected(documents, old, node),
            _ => (false, Vec::new()),
        };
        match value::schemas_of(node) {
            Some(names) if is_same => {
                references.insert(name, [names, selected].concat());
            }
            _ => changed.push(name),
        }
    }
    let is_removed = |name: &&&str| !after.contains_key(**name);
    changed.extend(before.keys().filter(is_removed));
    // What refers to something that changed has changed.
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, targets) in &references {
        for target in targets {
            users.entry(target).or_default().push(name);
        }
    }
    while let Some(name) = changed.pop() {
        for user in users.remove(name).into_iter().flatten() {
            if references.remove(user).is_some() {
                changed.push(user);
            }
        }
    }
    references.into_keys().collect()
}

/// Whether the discriminator of a schema, if it has one, selects the same names, and those of the schemas
/// that it selects.
fn selected<'a>(
    (before, after): (Document<'a>, Document<'a>),
    old: &'a Node,
    new: &'a Node,
) -> (bool, Vec<&'a str>) {
    let before = (before.discriminators).inherited(NodeRef::of(old).address());
    let after = (after.discriminators).inherited(NodeRef::of(new).address());
    match (before, after) {
        (None, None) => (true, Vec::new()),
        (Some(before), Some(after)) if before.is_same(after) => (true, after.schemas().collect()),
        _ => (false, Vec::new()),
    }
}
