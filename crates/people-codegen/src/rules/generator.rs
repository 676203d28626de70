//! Rules for what the generator can take: references, schemas, enumerations, parameters, bodies and
//! extensions.

use std::collections::{BTreeSet, HashSet};

use crate::correct::is_to_component;
use crate::document::contract::{Contract, EXTENSIBLE_ENUM, enumeration, is_text_content, text};
use crate::document::diagnostic::Diagnostic;
use crate::document::node::{Node, Value};
use crate::document::openapi_format::Kind;
use crate::signature::{MULTIPART, essence};

/// References into components. What they lead to becomes a component.
pub(super) fn references(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for object in contract.all(Kind::Reference) {
        let Some(node) = object.node.get("$ref") else {
            continue;
        };
        let target = node.as_str().unwrap_or_default();
        if !is_to_component(target) {
            diagnostics.push(Diagnostic::new(
                "generator-reference",
                node.position,
                format!(
                    "`{target}` is not of the form `#/components/…/NAME`, so its name in Rust is made of all of \
                     it; move what is shared there"
                ),
            ));
        }
    }
}

pub(super) fn schemas(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for object in contract.all(Kind::Schema) {
        for name in ["allOf", "oneOf", "anyOf"] {
            if let Some(entry) = object.node.entry(name)
                && entry.node.items().next().is_none()
            {
                diagnostics.push(Diagnostic::new(
                    "generator-schema",
                    entry.key,
                    format!("`{name}` is empty, so nothing fits; list schemas, or remove it"),
                ));
            }
        }
    }
}

/// Values of an enumeration that make no variant: of other types than the schema's or one another's,
/// or the same value twice. Text is read where another scalar is listed as text.
pub(super) fn enum_values(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for object in contract.all(Kind::Schema) {
        let mut r#type = object.node.get("type").and_then(Node::as_str);
        let mut seen = HashSet::new();
        for node in enumeration(object.node)
            .into_iter()
            .flat_map(|entry| entry.node.items())
        {
            let (kind, value) = match &node.value {
                Value::Null => continue,
                Value::Bool(value) => ("boolean", value.to_string()),
                Value::Integer(value) => ("integer", value.to_string()),
                Value::Float(value) => ("number", value.to_string()),
                Value::String(text) => ("string", text.clone()),
                Value::Sequence(_) | Value::Mapping(_) => {
                    diagnostics.push(Diagnostic::new(
                        ENUM,
                        node.position,
                        format!(
                            "no Rust variant can be made of {}; list words or numbers",
                            node.kind()
                        ),
                    ));
                    continue;
                }
            };
            let expected = *r#type.get_or_insert(kind);
            let message = if kind != expected && (kind, expected) != ("integer", "number") {
                format!(
                    "`{value}` is of type {kind}, where {expected} is expected; quote it if it is text, or correct the type"
                )
            } else if seen.contains(&value) {
                format!("`{value}` is listed twice; remove one")
            } else {
                seen.insert(value);
                continue;
            };
            diagnostics.push(Diagnostic::new(ENUM, node.position, message));
        }
    }
}

/// The form of `x-extensible-enum`, which the format does not check: values of text without `enum`.
pub(super) fn extensible_enums(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for object in contract.all(Kind::Schema) {
        extensible_enum(object.node, diagnostics);
    }
}

fn extensible_enum(schema: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let Some(entry) = schema.entry(EXTENSIBLE_ENUM) else {
        return;
    };
    let texts = |node: &Node| !node.items().any(|item| item.as_str().is_none());
    let message = if entry.node.items().next().is_none() || !texts(&entry.node) {
        "expected a list of texts; write the known values"
    } else if text(schema, "type") != "string" {
        "only text has an open list of values; add `type: string`"
    } else if schema.get("enum").is_some() {
        "a list of values is either closed or open; remove `enum` or this"
    } else {
        return;
    };
    diagnostics.push(Diagnostic::new(ENUM, entry.key, message));
}

const ENUM: &str = "enum-value";

pub(super) fn parameters(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    const RULE: &str = "generator-parameter";
    for object in contract.all(Kind::Parameter) {
        let place = text(object.node, "in");
        let mut report = |message: String| {
            diagnostics.push(Diagnostic::new(RULE, object.position, message));
        };
        let required = object.node.get("required").map(|node| &node.value);
        if place == "cookie" && matches!(required, Some(Value::Bool(true))) {
            report("the client sends no cookies; use a header or a query parameter".to_owned());
        }
        if object.node.get("schema").is_none() && object.node.get("content").is_none() {
            report(format!(
                "`{}` has no `schema`, from which its Rust type is made; add one",
                text(object.node, "name")
            ));
        }
        let content = object.node.get("content").into_iter();
        let mut types = content
            .flat_map(Node::entries)
            .map(|(media_type, _)| media_type);
        if let Some(media_type) = types.next()
            && (place != "query" || !media_type.starts_with("application/json"))
            && !is_text_content(media_type)
        {
            report(
                "the client writes the content of a parameter as JSON in the query, or as text"
                    .to_owned(),
            );
        }
        let style = text(object.node, "style");
        if !style.is_empty() && style != "simple" && ["path", "header"].contains(&place) {
            report(format!(
                "the client writes `style: simple` alone for a parameter in the {place}"
            ));
        }
    }
}

pub(super) fn bodies(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
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
        if types
            .iter()
            .all(|media_type| is_other_multipart(media_type))
        {
            diagnostics.push(Diagnostic::new(
                "generator-body",
                entry.key,
                "the client writes no body of these media types; describe it as `application/json`, \
                 `multipart/form-data` or `application/octet-stream`",
            ));
        }
    }
}

/// Whether a media type has parts, whose form is none that the client writes.
fn is_other_multipart(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.starts_with("multipart/") && essence != MULTIPART
}

/// Other servers of a path or an operation would get the token of the configured one.
pub(super) fn servers(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let of_contract = server_urls(contract.root);
    let holders = contract
        .all(Kind::PathItem)
        .chain(contract.all(Kind::Operation));
    for object in holders {
        if let Some(entry) = object.node.entry("servers")
            && entry.node.items().next().is_some()
            && server_urls(object.node) != of_contract
        {
            diagnostics.push(Diagnostic::new(
                "generator-server",
                entry.key,
                "these are not the servers of the whole contract, and the client sends its token to the \
                 configured base URL alone; describe what another server offers in a contract of its own",
            ));
        }
    }
}

/// The URLs of the servers that `holder` lists; that of the document if it lists none.
fn server_urls(holder: &Node) -> BTreeSet<&str> {
    let listed = holder.get("servers").into_iter().flat_map(Node::items);
    let mut urls: BTreeSet<&str> = listed
        .map(|server| {
            let url = text(server, "url").trim_end_matches('/');
            // A URL without a scheme has that of the document, which is `https`.
            url.strip_prefix("https:").unwrap_or(url)
        })
        .collect();
    if urls.is_empty() {
        urls.insert("");
    }
    urls
}

/// The client has a bearer token, and nothing else to show.
pub(super) fn security(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let schemes = contract.root.pointer("/components/securitySchemes");
    let takes_token = |name: &str| {
        let scheme = schemes.and_then(|(schemes, _)| contract.resolve(schemes.get(name)?));
        scheme.is_none_or(|scheme| match text(scheme, "type") {
            "http" => text(scheme, "scheme").eq_ignore_ascii_case("bearer"),
            kind => kind != "apiKey",
        })
    };
    for object in contract
        .all(Kind::OpenApi)
        .chain(contract.all(Kind::Operation))
    {
        let Some(entry) = object.node.entry("security") else {
            continue;
        };
        let mut alternatives = entry.node.items().peekable();
        let possible = |alternative: &Node| {
            let mut names = alternative.entries().map(|(name, _)| name);
            names.all(takes_token)
        };
        if alternatives.peek().is_some() && !alternatives.any(possible) {
            diagnostics.push(Diagnostic::new(
                "generator-security",
                entry.key,
                "the client sends a bearer token alone, and none of these takes one; add a scheme \
                 of the type `http` with `scheme: bearer`, or `oauth2`",
            ));
        }
    }
}

pub(super) fn path_items(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for object in contract.all(Kind::PathItem) {
        if let Some(entry) = object.node.entry("$ref") {
            diagnostics.push(Diagnostic::new(
                "generator-path",
                entry.key,
                "the generator does not follow a path's `$ref`; write the operations here",
            ));
        }
    }
}

/// What a contract says, and the client does nothing with.
pub(super) fn ignored(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(entry) = contract.root.entry("servers") {
        let has_variables = |server: &Node| {
            (server.get("variables")).is_some_and(|it| it.entries().next().is_some())
        };
        if entry.node.items().count() > 1 || entry.node.items().any(has_variables) {
            diagnostics.push(Diagnostic::new(
                "generator-ignored",
                entry.key,
                "the client chooses no server and fills in no variables; set the base URL where the client \
                 is built",
            ));
        }
    }
    for (kind, name) in [(Kind::Operation, "callbacks"), (Kind::Response, "links")] {
        for object in contract.all(kind) {
            if let Some(entry) = object.node.entry(name)
                && entry.node.entries().next().is_some()
            {
                diagnostics.push(Diagnostic::new(
                    "generator-ignored",
                    entry.key,
                    format!("the client has nothing for `{name}`; they are ignored"),
                ));
            }
        }
    }
}
