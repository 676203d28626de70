//! Schemas that are the same in both contracts, with all that they refer to: nothing in them has to be
//! compared or proven.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use people_codegen::Node;

use super::node_ref::NodeRef;
use super::value;

/// What did not change.
#[derive(Debug)]
pub(super) struct Unchanged<'a> {
    old: HashMap<&'a str, &'a Node>,
    new: HashMap<&'a str, &'a Node>,
    /// The names of schemas.
    names: HashSet<&'a str>,
    /// What has been found out of pairs of schemas, which are asked about many times over.
    known: RefCell<HashMap<(usize, usize), bool>>,
}

impl<'a> Unchanged<'a> {
    pub(super) fn between(old: &'a Node, new: &'a Node) -> Self {
        let schemas = |root: &'a Node| -> HashMap<&'a str, &'a Node> {
            let schemas = root.get("components").and_then(|node| node.get("schemas"));
            let entries = schemas.into_iter().flat_map(Node::entries);
            entries.map(|(name, entry)| (name, &entry.node)).collect()
        };
        let (old, new) = (schemas(old), schemas(new));
        Self {
            names: names(&old, &new),
            old,
            new,
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
            && value::schemas_of(new.node).is_some_and(|names| {
                let mut names = names.iter();
                names.all(|name| self.names.contains(name) || is_in_neither(name))
            });
        self.known.borrow_mut().insert(pair, unchanged);
        unchanged
    }
}

/// The names of schemas that are the same in both contracts, with all that they refer to.
fn names<'a>(
    before: &HashMap<&'a str, &'a Node>,
    after: &HashMap<&'a str, &'a Node>,
) -> HashSet<&'a str> {
    let mut references: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut changed: Vec<&str> = Vec::new();
    for (name, node) in after {
        let is_same = (before.get(name)).is_some_and(|old| value::same(old, node));
        match value::schemas_of(node) {
            Some(names) if is_same => {
                references.insert(name, names);
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
