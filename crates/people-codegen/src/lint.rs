//! The rules that a contract must keep before code is made from it: what OpenAPI 3.0 asks for
//! beyond its shape, and what the generator can take.
//!
//! A rule sees the tree with positions. The shape of the format itself is `shape`'s.

use std::collections::{HashMap, HashSet};

use heck::{ToPascalCase, ToSnakeCase};

use crate::finding::Finding;
use crate::node::{Node, Position};
use crate::shape::{self, Kind, Located};

/// The HTTP methods that a path item can carry.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// How many references may follow one another before they count as a circle.
const MAX_REFERENCES: usize = 32;

/// A contract whose objects are known, as rules see it.
#[derive(Debug)]
pub struct Contract<'a> {
    /// The whole document.
    pub root: &'a Node,
    /// Every object of the format, in the order of the text.
    pub objects: Vec<Located<'a>>,
}

impl<'a> Contract<'a> {
    /// The objects of one kind.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = &Located<'a>> {
        self.objects
            .iter()
            .filter(move |object| object.kind == kind)
    }

    /// What `node` means: itself, or what its `$ref` leads to.
    #[must_use]
    pub fn resolve(&self, node: &'a Node) -> Option<&'a Node> {
        let mut node = node;
        for _ in 0..MAX_REFERENCES {
            match node.get("$ref").and_then(Node::as_str) {
                Some(reference) => node = self.root.pointer(reference)?.0,
                None => return Some(node),
            }
        }
        None
    }

    /// Path, method, position of the method's name, operation and path item of every operation.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'a>> {
        let paths = self.root.get("paths");
        paths
            .into_iter()
            .flat_map(Node::entries)
            .flat_map(|(path, item)| {
                METHODS.into_iter().filter_map(move |method| {
                    let entry = item.node.entry(method)?;
                    Some(Operation {
                        path,
                        path_position: item.key,
                        method,
                        position: entry.key,
                        node: &entry.node,
                        path_item: &item.node,
                    })
                })
            })
    }
}

/// One operation of a contract.
#[derive(Debug, Clone, Copy)]
pub struct Operation<'a> {
    /// The path template, `/people/{personId}`.
    pub path: &'a str,
    /// Where the path stands.
    pub path_position: Position,
    /// The method, in lower case as in the contract.
    pub method: &'static str,
    /// Where the method stands.
    pub position: Position,
    /// The operation object.
    pub node: &'a Node,
    /// The path item that holds it.
    pub path_item: &'a Node,
}

type Check = fn(&Contract<'_>, &mut Vec<Finding>);

/// The groups of rules; a group is tried only when those before it found nothing, so that one
/// fault gives one message.
const GROUPS: &[&[Check]] = &[
    &[version, references],
    &[operation_ids, path_parameters, duplicate_parameters],
    &[
        generated_names,
        schemas_for_the_generator,
        parameters_for_the_generator,
        bodies_for_the_generator,
        path_items_for_the_generator,
    ],
];

/// Holds `root` against the format and the rules.
///
/// # Errors
///
/// Everything found by the first group of rules that found anything.
pub fn lint(root: &Node) -> Result<(), Vec<Finding>> {
    let (objects, findings) = shape::walk(root);
    if !findings.is_empty() {
        return Err(findings);
    }
    let contract = Contract { root, objects };
    for group in GROUPS {
        let mut findings = Vec::new();
        for check in *group {
            check(&contract, &mut findings);
        }
        if !findings.is_empty() {
            return Err(findings);
        }
    }
    Ok(())
}

fn version(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    let Some(node) = contract.root.get("openapi") else {
        return;
    };
    if !node
        .as_str()
        .is_some_and(|version| version.starts_with("3.0."))
    {
        findings.push(Finding::new(
            "openapi-version",
            node.position,
            "this contract is read as OpenAPI 3.0; write `openapi: 3.0.3`",
        ));
    }
}

fn references(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    let kinds: HashMap<&str, Kind> = contract
        .objects
        .iter()
        .map(|object| (object.pointer.as_str(), object.kind))
        .collect();
    for object in contract.all(Kind::Reference) {
        let Some(node) = object.node.get("$ref") else {
            continue;
        };
        let target = node.as_str().unwrap_or_default();
        let message = if !target.starts_with("#/") {
            format!(
                "`{target}` leads out of this file; a contract is one file, so bring it in under `components`"
            )
        } else if contract.root.pointer(target).is_none() {
            let name = target.rsplit('/').next().unwrap_or_default();
            format!("`{target}` leads nowhere; correct it, or add `{name}` there")
        } else if !kinds.contains_key(&target[1..]) {
            format!(
                "`{target}` leads to something that cannot be referred to; refer to an entry of `components`"
            )
        } else if contract.resolve(object.node).is_none() {
            format!(
                "`{target}` leads back to itself; give one of the references in the circle a value"
            )
        } else {
            continue;
        };
        findings.push(Finding::new("unresolved-reference", node.position, message));
    }
}

fn operation_ids(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<&str, Position> = HashMap::new();
    for operation in contract.operations() {
        let Some(node) = operation.node.get("operationId") else {
            findings.push(Finding::new(
                "operation-id",
                operation.position,
                format!(
                    "{} {} has no `operationId`, which names the client's method; add one",
                    operation.method.to_uppercase(),
                    operation.path
                ),
            ));
            continue;
        };
        let id = node.as_str().unwrap_or_default();
        if let Some(first) = seen.get(id) {
            findings.push(Finding::new(
                "operation-id",
                node.position,
                format!(
                    "`{id}` is the operationId of another operation too, on line {}; each needs its own",
                    first.line
                ),
            ));
        } else {
            seen.insert(id, node.position);
        }
    }
}

/// The names between braces in a path template, or what is wrong with its braces.
pub(crate) fn template_names(path: &str) -> Result<Vec<&str>, &'static str> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(start) = rest.find(['{', '}']) {
        let after = rest[start..]
            .strip_prefix('{')
            .ok_or("has a `}` without its `{`")?;
        let end = after.find('}').ok_or("has a `{` without its `}`")?;
        let name = &after[..end];
        if name.is_empty() || name.contains(['/', '{']) {
            return Err("has braces without a name between them");
        }
        names.push(name);
        rest = &after[end + 1..];
    }
    Ok(names)
}

/// The parameters of an operation, those of its path item included, each resolved.
pub(crate) fn parameters<'a>(
    contract: &Contract<'a>,
    operation: &Operation<'a>,
) -> Vec<(&'a Node, &'a Node)> {
    let lists = [operation.path_item, operation.node].map(|node| node.get("parameters"));
    let items = lists.into_iter().flatten().flat_map(Node::items);
    items
        .filter_map(|node| Some((node, contract.resolve(node)?)))
        .collect()
}

fn text<'a>(node: &'a Node, name: &str) -> &'a str {
    node.get(name).and_then(Node::as_str).unwrap_or_default()
}

fn path_parameters(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    const RULE: &str = "path-parameter";
    for operation in contract.operations() {
        let path = operation.path;
        let names = match template_names(path) {
            Ok(names) => names,
            Err(fault) => {
                findings.push(Finding::new(
                    RULE,
                    operation.path_position,
                    format!("`{path}` {fault}"),
                ));
                continue;
            }
        };
        let declared: Vec<_> = parameters(contract, &operation)
            .into_iter()
            .filter(|(_, parameter)| text(parameter, "in") == "path")
            .collect();
        for name in &names {
            let known = declared
                .iter()
                .any(|(_, parameter)| text(parameter, "name") == *name);
            if !known {
                findings.push(Finding::new(
                    RULE,
                    operation.position,
                    format!(
                        "{} {path} takes `{{{name}}}` from its path and declares no such parameter; \
                         add it with `in: path`",
                        operation.method.to_uppercase()
                    ),
                ));
            }
        }
        for (place, parameter) in declared {
            let name = text(parameter, "name");
            if !names.contains(&name) {
                findings.push(Finding::new(
                    RULE,
                    place.position,
                    format!("`{name}` is declared `in: path`, and `{path}` has no `{{{name}}}`"),
                ));
            }
            let required = parameter.get("required").map(|node| &node.value);
            if !matches!(required, Some(crate::node::Value::Bool(true))) {
                findings.push(Finding::new(
                    RULE,
                    place.position,
                    format!("`{name}` is part of the path; add `required: true`"),
                ));
            }
        }
    }
}

fn duplicate_parameters(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    for operation in contract.operations() {
        for holder in [operation.path_item, operation.node] {
            let mut seen = HashSet::new();
            for place in holder.get("parameters").into_iter().flat_map(Node::items) {
                let Some(parameter) = contract.resolve(place) else {
                    continue;
                };
                let name = text(parameter, "name");
                if !seen.insert((name, text(parameter, "in"))) {
                    findings.push(Finding::new(
                        "duplicate-parameter",
                        place.position,
                        format!("`{name}` is declared twice here; remove one"),
                    ));
                }
            }
        }
    }
}

/// Two names of the contract that would be one name in Rust.
fn generated_names(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    const RULE: &str = "generated-name";
    let mut seen: HashMap<String, &str> = HashMap::new();
    for operation in contract.operations() {
        let Some(node) = operation.node.get("operationId") else {
            continue;
        };
        let id = node.as_str().unwrap_or_default();
        let snake = id.to_snake_case();
        if !snake.starts_with(|first: char| first.is_ascii_alphabetic()) {
            findings.push(Finding::new(
                RULE,
                node.position,
                format!("no Rust method can be named after `{id}`; start it with a letter"),
            ));
        } else if let Some(other) = seen.insert(snake, id) {
            findings.push(Finding::new(
                RULE,
                node.position,
                format!("`{id}` and `{other}` would be the same Rust method; rename one"),
            ));
        }
    }
    let mut seen: HashMap<String, &str> = HashMap::new();
    let schemas = contract
        .root
        .pointer("/components/schemas")
        .map(|(node, _)| node);
    for (name, entry) in schemas.into_iter().flat_map(Node::entries) {
        let pascal = name.to_pascal_case();
        if !pascal.starts_with(|first: char| first.is_ascii_alphabetic()) {
            findings.push(Finding::new(
                RULE,
                entry.key,
                format!("no Rust type can be named after `{name}`; start it with a letter"),
            ));
        } else if let Some(other) = seen.insert(pascal, name) {
            findings.push(Finding::new(
                RULE,
                entry.key,
                format!("`{name}` and `{other}` would be the same Rust type; rename one"),
            ));
        }
    }
    for object in contract.all(Kind::Schema) {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for (name, entry) in object
            .node
            .get("properties")
            .into_iter()
            .flat_map(Node::entries)
        {
            if let Some(other) = seen.insert(name.to_snake_case(), name) {
                findings.push(Finding::new(
                    RULE,
                    entry.key,
                    format!("`{name}` and `{other}` would be the same Rust field; rename one"),
                ));
            }
        }
    }
}

fn schemas_for_the_generator(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    for object in contract.all(Kind::Reference) {
        let Some(node) = object.node.get("$ref") else {
            continue;
        };
        let target = node.as_str().unwrap_or_default();
        // `#/components/schemas/Person`: three steps, no more.
        if !target.starts_with("#/components/") || target.matches('/').count() != 3 {
            findings.push(Finding::new(
                "generator-reference",
                node.position,
                format!("the generator follows `#/components/…/NAME` alone, and this is `{target}`; move what is shared there"),
            ));
        }
    }
    for object in contract.all(Kind::Schema) {
        if let Some(entry) = object.node.entry("not") {
            findings.push(Finding::new(
                "generator-schema",
                entry.key,
                "no Rust type says `not`; say what is allowed",
            ));
        }
        if let Some(entry) = object.node.entry("anyOf")
            && !crate::lower::is_lowered_any_of(contract, &entry.node)
        {
            findings.push(Finding::new(
                "generator-schema",
                entry.key,
                "the generator takes `anyOf` for an open enumeration or a flag alone; use `oneOf` or `allOf`",
            ));
        }
        let array = object.node.get("type").and_then(Node::as_str) == Some("array");
        if array && object.node.get("items").is_none() {
            findings.push(Finding::new(
                "generator-schema",
                object.position,
                "this list does not say what its items are; add `items`",
            ));
        }
    }
}

fn parameters_for_the_generator(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    const RULE: &str = "generator-parameter";
    for object in contract.all(Kind::Parameter) {
        let place = text(object.node, "in");
        let mut report = |message: String| {
            findings.push(Finding::new(RULE, object.position, message));
        };
        if place == "cookie" {
            report("the generator sends no cookies; use a header or a query parameter".to_owned());
        }
        if object.node.get("schema").is_none() {
            report(format!(
                "`{}` has no `schema`, from which its Rust type is made; add one",
                text(object.node, "name")
            ));
        }
        let expected = match place {
            "query" => "form",
            _ => "simple",
        };
        let style = text(object.node, "style");
        if !style.is_empty() && style != expected && place != "cookie" {
            report(format!(
                "the generator knows `style: {expected}` alone for a parameter in the {place}"
            ));
        }
    }
}

fn bodies_for_the_generator(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    for operation in contract.operations() {
        let Some(entry) = operation.node.entry("requestBody") else {
            continue;
        };
        let content = contract
            .resolve(&entry.node)
            .and_then(|body| body.get("content"));
        let types: Vec<_> = content
            .into_iter()
            .flat_map(Node::entries)
            .map(|(media_type, _)| media_type)
            .collect();
        if types != ["application/json"] {
            findings.push(Finding::new(
                "generator-body",
                entry.key,
                "the generator sends `application/json` alone; describe the body as that and nothing else",
            ));
        }
    }
    for object in contract.all(Kind::MediaType) {
        let json = object.pointer.ends_with("/application~1json");
        if json && object.node.get("schema").is_none() {
            findings.push(Finding::new(
                "generator-body",
                object.position,
                "this JSON has no `schema`, from which its Rust type is made; add one",
            ));
        }
        if let Some(entry) = object.node.entry("encoding") {
            findings.push(Finding::new(
                "generator-body",
                entry.key,
                "the generator does not know `encoding`; remove it",
            ));
        }
    }
}

fn path_items_for_the_generator(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    for object in contract.all(Kind::PathItem) {
        if let Some(entry) = object.node.entry("$ref") {
            findings.push(Finding::new(
                "generator-path",
                entry.key,
                "the generator does not follow a path's `$ref`; write the operations here",
            ));
        }
    }
}
