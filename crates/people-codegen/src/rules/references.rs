//! Rules of OpenAPI 3.0 on which every other rule relies: the version, names of components, references
//! that resolve, and schemas that are not circular.

use std::collections::{HashMap, HashSet};

use crate::document::contract::{Contract, MAX_REFERENCES};
use crate::document::diagnostic::Diagnostic;
use crate::document::node::{Node, Position, percent_decoded};
use crate::document::openapi_format::Kind;

pub(super) fn version(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(node) = contract.root.get("openapi") else {
        return;
    };
    if !node
        .as_str()
        .is_some_and(|version| version.starts_with("3.0."))
    {
        diagnostics.push(Diagnostic::new(
            "openapi-version",
            node.position,
            "this contract is read as OpenAPI 3.0; write `openapi: 3.0.3`",
        ));
    }
}

pub(super) fn resolve(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let kinds: HashMap<&str, Kind> = contract
        .objects
        .iter()
        .map(|object| (object.pointer.as_str(), object.expected_kind))
        .collect();
    let mut check = |node: &Node, target: &str, expected: Kind, is_circular: bool| {
        let message = if !target.starts_with("#/") {
            format!(
                "`{target}` leads out of this file; a contract is one file, so bring it in under `components`"
            )
        } else if contract.root.pointer(target).is_none() {
            let name = target.rsplit('/').next().unwrap_or_default();
            format!("`{target}` does not resolve; correct it, or add `{name}` there")
        } else if kinds.get(&*percent_decoded(&target[1..])) != Some(&expected) {
            format!(
                "`{target}` does not lead to a {expected:?} object, which belongs here; refer to one"
            )
        } else if is_circular {
            format!(
                "`{target}` leads back to itself; give one of the references in the circle a value"
            )
        } else {
            return;
        };
        diagnostics.push(Diagnostic::new(
            "unresolved-reference",
            node.position,
            message,
        ));
    };
    for object in contract.all(Kind::Reference) {
        if let Some(node) = object.node.get("$ref") {
            let target = node.as_str().unwrap_or_default();
            let is_circular = is_circular(contract, object.node);
            check(node, target, object.expected_kind, is_circular);
        }
    }
    // A mapping refers to a schema by its name, or as a reference does.
    for object in contract.all(Kind::Discriminator) {
        let mapping = object.node.get("mapping").into_iter();
        for (_, entry) in mapping.flat_map(Node::entries) {
            match entry.node.as_str() {
                Some(name) if is_component_name(name) => {
                    let target = format!("#/components/schemas/{name}");
                    check(&entry.node, &target, Kind::Schema, false);
                }
                Some(target) => check(&entry.node, target, Kind::Schema, false),
                None => {}
            }
        }
    }
}

/// Whether references lead on from `node` without an end. One that leads to nothing is reported where it
/// stands.
fn is_circular<'a>(contract: &Contract<'a>, node: &'a Node) -> bool {
    let next = |node: &&'a Node| {
        let target = node.get("$ref").and_then(Node::as_str)?;
        Some(contract.root.pointer(target)?.0)
    };
    std::iter::successors(Some(node), next)
        .nth(MAX_REFERENCES)
        .is_some()
}

fn is_component_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    !name.is_empty() && name.chars().all(plain)
}

/// Names that a reference can spell, which OpenAPI 3.0 asks for.
pub(super) fn component_names(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let groups = contract.root.get("components").into_iter();
    for (group, entries) in groups.flat_map(Node::entries) {
        if group.starts_with("x-") {
            continue;
        }
        for (name, entry) in entries.node.entries() {
            if !is_component_name(name) {
                diagnostics.push(Diagnostic::new(
                    "component-name",
                    entry.key,
                    format!(
                        "`{name}` cannot name a component; use letters, digits, `.`, `_` and `-`"
                    ),
                ));
            }
        }
    }
}

/// The fields of a schema that judge the same value as the schema itself.
pub(super) const IN_PLACE: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// How many schemas may judge one value from within one another.
pub(super) const MAX_NESTED: usize = 64;

/// Schemas that contain themselves without a property or a list in between: validating a value
/// against them does not end.
pub(super) fn circular_schemas(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut search = CycleCheck {
        contract,
        depths: HashMap::new(),
        open: HashSet::new(),
        diagnostics,
    };
    for object in &contract.objects {
        if object.kind == Kind::Schema {
            search.depth(object.node, object.position);
        }
    }
}

struct CycleCheck<'c, 'a> {
    contract: &'c Contract<'a>,
    /// How deep the schemas nest in each that has been seen.
    depths: HashMap<*const Node, usize>,
    open: HashSet<*const Node>,
    diagnostics: &'c mut Vec<Diagnostic>,
}

impl<'a> CycleCheck<'_, 'a> {
    fn depth(&mut self, node: &'a Node, place: Position) -> usize {
        let Some(schema) = self.contract.resolve(node) else {
            return 0;
        };
        let key = std::ptr::from_ref(schema);
        if let Some(depth) = self.depths.get(&key) {
            return *depth;
        }
        if self.open.contains(&key) {
            self.report(
                place,
                "this leads back to the schema that it stands in, which no value can end; \
                 put a property or a list in between",
            );
            return 0;
        }
        if self.open.len() >= MAX_NESTED {
            self.report(
                place,
                "schemas are built from one another more than 64 deep here; flatten some of them",
            );
            return 0;
        }
        self.open.insert(key);
        let lists = IN_PLACE.into_iter().filter_map(|name| schema.get(name));
        let inner: Vec<_> = lists
            .flat_map(Node::items)
            .chain(schema.get("not"))
            .collect();
        let mut depth = 0;
        for node in inner {
            depth = depth.max(self.depth(node, node.position) + 1);
        }
        self.open.remove(&key);
        if depth > MAX_NESTED {
            self.report(
                place,
                "schemas are built from one another more than 64 deep here; flatten some of them",
            );
            depth = 0;
        }
        self.depths.insert(key, depth);
        depth
    }

    fn report(&mut self, place: Position, message: &str) {
        self.diagnostics
            .push(Diagnostic::new("circular-schema", place, message));
    }
}
