//! Rules about paths, operations, their answers, and the servers that give them.

use std::collections::{BTreeSet, HashMap};

use people_codegen::document::contract::Operation;
use people_codegen::document::node::Node;
use people_codegen::document::openapi_format::{Kind, ObjectRef};
use serde_json::json;

use super::document::{Document, last_step, text};
use super::examples::Schemas;
use super::reporter::Reporter;

fn named(operation: &Operation<'_>) -> String {
    format!("{} {}", operation.method.to_uppercase(), operation.path)
}

pub(super) fn summary(document: &Document<'_>, reporter: &mut Reporter) {
    for (pointer, operation) in document.operations() {
        let summary = text(operation.node, "summary").trim();
        let name = named(&operation);
        if summary.is_empty() {
            let message = format!("{name} has no `summary`; say in a few words what it does");
            reporter.add(&pointer, operation.position, message);
        } else if let Some(entry) = operation.node.entry("summary")
            && (summary.contains('\n') || summary.ends_with('.'))
        {
            let message =
                "a summary is one line without a full stop; put the rest into `description`";
            reporter.add(&format!("{pointer}/summary"), entry.key, message);
        }
    }
}

pub(super) fn description(document: &Document<'_>, reporter: &mut Reporter) {
    for (pointer, operation) in document.operations() {
        if text(operation.node, "description").trim().is_empty() {
            let name = named(&operation);
            let message =
                format!("{name} has no `description`; say who may call it and what happens");
            reporter.add(&pointer, operation.position, message);
        }
    }
}

pub(super) fn security(document: &Document<'_>, reporter: &mut Reporter) {
    if document.root().get("security").is_some() {
        return;
    }
    for (pointer, operation) in document.operations() {
        if operation.node.get("security").is_none() {
            let name = named(&operation);
            let message = format!(
                "{name} has no `security`; name its scheme, or write `security: []` if it is open to all"
            );
            reporter.add(&pointer, operation.position, message);
        }
    }
}

fn has_content(response: &ObjectRef<'_>) -> bool {
    let content = response.node.get("content").into_iter();
    content.flat_map(Node::entries).next().is_some()
}

pub(super) fn success(document: &Document<'_>, reporter: &mut Reporter) {
    for (pointer, operation) in document.operations() {
        let name = named(&operation);
        let mut content = operation.method == "head";
        let mut successes = Vec::new();
        for (status, response) in document.responses(&operation) {
            let empty = ["204", "205"].contains(&status);
            if empty && has_content(response) {
                let message =
                    format!("a {status} has no body, and this one has `content`; remove it");
                reporter.object(response, message);
            }
            if status.starts_with(['1', '2', '3']) {
                content |= empty || !status.starts_with('2') || has_content(response);
                successes.push(response);
            }
        }
        match successes.first() {
            None => {
                let message =
                    format!("{name} has no success response; add the one that callers hope for");
                reporter.add(&pointer, operation.position, message);
            }
            Some(first) if !content => {
                let message = format!(
                    "no success response of {name} has `content`; add it, or make it a 204"
                );
                reporter.object(first, message);
            }
            Some(_) => {}
        }
    }
}

pub(super) fn errors(document: &Document<'_>, reporter: &mut Reporter) {
    for (pointer, operation) in document.operations() {
        let name = named(&operation);
        let mut any = false;
        for (status, response) in document.responses(&operation) {
            if !(status.starts_with(['4', '5']) || status == "default") {
                continue;
            }
            any = true;
            if !has_content(response) && operation.method != "head" {
                let message = format!(
                    "an error says what went wrong, and this {status} has no `content`; add it"
                );
                reporter.object(response, message);
            }
        }
        if !any {
            let message = format!("{name} has no error response; add those that the service gives");
            reporter.add(&pointer, operation.position, message);
        }
    }
}

pub(super) fn rate_limit(document: &Document<'_>, reporter: &mut Reporter) {
    for (pointer, operation) in document.operations() {
        let response = document
            .responses(&operation)
            .find(|(status, _)| *status == "429");
        let Some((_, response)) = response else {
            let name = named(&operation);
            let message =
                format!("{name} has no response `429`; add it, with a `Retry-After` header");
            reporter.add(&pointer, operation.position, message);
            continue;
        };
        let headers = response.node.get("headers").into_iter();
        let known = headers
            .flat_map(Node::entries)
            .any(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
        if !known {
            reporter.object(
                response,
                "this 429 has no header `Retry-After`; add it, so that clients know when to come back",
            );
        }
    }
}

pub(super) fn duplicate_paths(document: &Document<'_>, reporter: &mut Reporter) {
    let mut seen: HashMap<String, &ObjectRef<'_>> = HashMap::new();
    for object in document.all(Kind::PathItem) {
        if !object.pointer.starts_with("/paths/") || object.pointer.matches('/').count() != 2 {
            continue;
        }
        let path = last_step(&object.pointer);
        // Odd parts stand between braces.
        let shape: Vec<&str> = path.split(['{', '}']).step_by(2).collect();
        match seen.get(&shape.join("{}")) {
            Some(first) => {
                let other = last_step(&first.pointer);
                let message = format!(
                    "`{path}` matches the same requests as `{other}` on line {}; make them one path",
                    first.position.line
                );
                reporter.object(object, message);
            }
            None => {
                seen.insert(shape.join("{}"), object);
            }
        }
    }
}

/// Values that a path parameter must refuse, and what each would do.
const HOSTILE: [(&str, &str); 6] = [
    ("", "reach another route"),
    (".", "reach another route"),
    ("..", "climb out of the route"),
    ("a/b", "add a step to the route"),
    ("a?b", "start a query"),
    ("a#b", "cut the route short"),
];

pub(super) fn open_path_parameters(document: &Document<'_>, reporter: &mut Reporter) {
    let parameters: Vec<_> = document
        .all(Kind::Parameter)
        .filter(|object| text(object.node, "in") == "path")
        .filter_map(|object| Some((object, document.resolved_index(object.node.get("schema")?)?)))
        .collect();
    if parameters.is_empty() {
        return;
    }
    let mut schemas = Schemas::of_requests(document);
    // Schemas that are written alike are tried once.
    let definitions: Vec<usize> = (parameters.iter())
        .map(|(_, schema)| schemas.define(*schema))
        .collect();
    let distinct: BTreeSet<usize> = definitions.iter().copied().collect();
    let instances = distinct.iter().flat_map(|schema| {
        HOSTILE
            .iter()
            .flat_map(|(value, _)| [(*schema, json!(value)), (*schema, json!([value]))])
    });
    let accepted = schemas.accepts(instances.collect());
    let accepted: HashMap<usize, &[bool]> = (distinct.into_iter())
        .zip(accepted.chunks(2 * HOSTILE.len()))
        .collect();
    for ((parameter, _), definition) in parameters.iter().zip(definitions) {
        let worst = accepted[&definition].chunks(2).zip(HOSTILE);
        if let Some((_, (value, effect))) = worst
            .into_iter()
            .find(|(accepted, _)| accepted.contains(&true))
        {
            let name = text(parameter.node, "name");
            let message = format!(
                "`{name}` may be `{value}`, which would {effect}; add a `pattern` that refuses it, such as `^[A-Za-z0-9_-]+$`"
            );
            reporter.object(parameter, message);
        }
    }
}

pub(super) fn servers(document: &Document<'_>, reporter: &mut Reporter) {
    if document.root().get("servers").is_none() {
        let root = document.root();
        reporter.add(
            "",
            root.position,
            "the contract has no `servers`; say where the service is",
        );
    }
    for object in document.all(Kind::Server) {
        let url = text(object.node, "url");
        let rest = url.strip_prefix("http://");
        let local = rest.is_some_and(|rest| {
            ["localhost", "127.0.0.1", "[::1]"]
                .iter()
                .any(|host| rest.starts_with(host))
        });
        if rest.is_some() && !local {
            let message = "tokens would be sent in the clear; use `https://`";
            reporter.field(object, "url", message);
        } else if url.len() > 1 && url.ends_with('/') {
            let message = "paths start with a slash, which would be doubled; remove the last one";
            reporter.field(object, "url", message);
        }
    }
}
