//! What a document says about an operation, statement by statement.

use std::collections::BTreeSet;
use std::fmt;

use people_codegen::document::node::Value;
use people_codegen::document::openapi_format::METHODS;
use people_codegen::{Node, Position};

/// How deep schemas are followed.
const MAX_DEPTH: usize = 12;

/// More statements about one operation are not collected.
const MAX_FACTS: usize = 50_000;

/// As many references may follow one another.
const MAX_REFERENCES: usize = 32;

/// Fields of schemas and parameters that are statements by themselves.
const FIELDS: [&str; 22] = [
    "type",
    "format",
    "nullable",
    "readOnly",
    "writeOnly",
    "deprecated",
    "default",
    "pattern",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "uniqueItems",
    "multipleOf",
    "allowReserved",
    "allowEmptyValue",
];

/// What a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Parameter,
    Body,
    Response,
    Header,
    Property,
    Security,
    MediaType,
    Value,
    Required,
    Field(&'static str),
    Prose,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Parameter => "parameter",
            Self::Body => "request body",
            Self::Response => "response",
            Self::Header => "header",
            Self::Property => "property",
            Self::Security => "security",
            Self::MediaType => "media type",
            Self::Value => "value",
            Self::Required => "required",
            Self::Field(name) => name,
            Self::Prose => "sentence",
        }
    }

    /// Whether one place can have several, each with a value of its own.
    pub(super) fn is_listed(self) -> bool {
        matches!(self, Self::Security | Self::MediaType | Self::Value)
    }

    /// Whether it is a part of an operation, which has statements of its own.
    pub(super) fn is_part(self) -> bool {
        matches!(
            self,
            Self::Parameter | Self::Body | Self::Response | Self::Header | Self::Property
        )
    }
}

/// One statement.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub(super) at: String,
    pub(super) kind: Kind,
    pub(super) value: String,
    pub(super) position: Position,
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.kind.word();
        match self.kind {
            Kind::Required => f.write_str("required"),
            Kind::Prose => write!(f, "\"{}\"", self.value),
            kind if kind.is_part() => f.write_str(word),
            _ => write!(f, "{word} `{}`", self.value),
        }
    }
}

/// An operation by what callers see of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    method: &'static str,
    /// The path with the names of its parameters left out.
    path: String,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.to_uppercase(), self.path)
    }
}

/// An operation in a document, with the path that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    item: &'a Node,
    operation: &'a Node,
}

fn anonymous(path: &str) -> String {
    let mut parts = path.split('{');
    let mut anonymous = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        anonymous.push_str("{}");
        anonymous.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    anonymous
}

/// Every operation of a document.
pub(super) fn operations(document: &Node) -> Vec<Operation> {
    let paths = document.get("paths").into_iter().flat_map(Node::entries);
    paths
        .flat_map(|(path, entry)| {
            let methods = METHODS.into_iter();
            methods
                .filter(|method| entry.node.get(method).is_some())
                .map(|method| Operation {
                    method,
                    path: anonymous(path),
                })
        })
        .collect()
}

/// The operation in a document, whose paths may start with what the contract has in its servers.
pub(super) fn find<'a>(document: &'a Node, operation: &Operation) -> Option<Found<'a>> {
    let paths = || document.get("paths").into_iter().flat_map(Node::entries);
    let with = |matches: &dyn Fn(&str) -> bool| {
        paths().find_map(|(path, entry)| {
            let item = resolve(document, &entry.node)?;
            let found = item.get(operation.method)?;
            matches(&anonymous(path)).then_some(Found {
                item,
                operation: found,
            })
        })
    };
    let is_prefixed = |path: &str| {
        path.strip_suffix(operation.path.as_str())
            .is_some_and(|prefix| prefix.starts_with('/') && !prefix.contains('{'))
    };
    with(&|path| path == operation.path).or_else(|| with(&is_prefixed))
}

fn resolve<'a>(document: &'a Node, node: &'a Node) -> Option<&'a Node> {
    let mut node = node;
    for _ in 0..MAX_REFERENCES {
        match node.get("$ref").and_then(Node::as_str) {
            Some(reference) if reference.starts_with('#') => {
                node = document.pointer(reference)?.0;
            }
            Some(_) => return None,
            None => return Some(node),
        }
    }
    None
}

/// Everything that the document says about an operation.
pub(super) fn of_operation(document: &Node, operation: &Operation, found: &Found<'_>) -> Vec<Fact> {
    let mut facts = Collector {
        document,
        facts: Vec::new(),
        open: Vec::new(),
    };
    let at = operation.to_string();
    facts.prose(&at, found.operation);
    facts.fields(&at, found.operation);
    facts.security(&at, found.operation);
    for holder in [found.item, found.operation] {
        let parameters = holder.get("parameters").into_iter().flat_map(Node::items);
        for parameter in parameters {
            facts.parameter(&at, parameter);
        }
    }
    if let Some(entry) = found.operation.entry("requestBody")
        && let Some(body) = resolve(document, &entry.node)
    {
        let at = format!("{at} > request body");
        facts.add(&at, Kind::Body, "", entry.key);
        facts.described(&at, body);
        facts.content(&at, body);
    }
    let responses = found.operation.get("responses").into_iter();
    for (status, entry) in responses.flat_map(Node::entries) {
        if let Some(response) = resolve(document, &entry.node)
            && !status.starts_with("x-")
        {
            let at = format!("{at} > response {status}");
            facts.add(&at, Kind::Response, status, entry.key);
            facts.described(&at, response);
            facts.content(&at, response);
            let headers = response.get("headers").into_iter().flat_map(Node::entries);
            for (name, entry) in headers {
                let name = name.to_ascii_lowercase();
                let at = format!("{at} > header {name}");
                facts.add(&at, Kind::Header, &name, entry.key);
                if let Some(header) = resolve(document, &entry.node) {
                    facts.holder(&at, header);
                }
            }
        }
    }
    facts.facts
}

struct Collector<'a> {
    document: &'a Node,
    facts: Vec<Fact>,
    /// The schemas that are being read, so that none is read inside itself.
    open: Vec<*const Node>,
}

impl<'a> Collector<'a> {
    fn add(&mut self, at: &str, kind: Kind, value: &str, position: Position) {
        let is_known = (self.facts.iter().rev().take(200))
            .any(|fact| fact.kind == kind && fact.at == at && fact.value == value);
        if self.facts.len() < MAX_FACTS && !is_known {
            self.facts.push(Fact {
                at: at.to_owned(),
                kind,
                value: value.to_owned(),
                position,
            });
        }
    }

    fn parameter(&mut self, at: &str, parameter: &'a Node) {
        let Some(value) = resolve(self.document, parameter) else {
            return;
        };
        let text = |name| value.get(name).and_then(Node::as_str).unwrap_or_default();
        // The name of a path parameter goes nowhere.
        let name = if text("in") == "path" {
            "{}"
        } else {
            text("name")
        };
        let title = format!("{} {name}", text("in"));
        let at = format!("{at} > {title}");
        self.add(&at, Kind::Parameter, &title, parameter.position);
        self.holder(&at, value);
    }

    /// The alternatives of what a caller has to present, the document's where the operation has none.
    fn security(&mut self, at: &str, operation: &'a Node) {
        let own = operation.entry("security");
        let Some(entry) = own.or_else(|| self.document.entry("security")) else {
            return;
        };
        if entry.node.items().next().is_none() {
            self.add(at, Kind::Security, NO_SECURITY, entry.key);
        }
        for alternative in entry.node.items() {
            let mut schemes: Vec<String> = alternative
                .entries()
                .map(|(name, scopes)| {
                    let scopes = scopes.node.items().filter_map(Node::as_str);
                    let scopes: BTreeSet<&str> = scopes.collect();
                    let scheme = std::iter::once(scheme(self.document, name));
                    let parts = scheme.chain(scopes.into_iter().map(str::to_owned));
                    parts.collect::<Vec<_>>().join(" ")
                })
                .collect();
            schemes.sort();
            let value = if schemes.is_empty() {
                NO_SECURITY.to_owned()
            } else {
                schemes.join(" and ")
            };
            self.add(at, Kind::Security, &value, alternative.position);
        }
    }

    /// A parameter or header.
    fn holder(&mut self, at: &str, holder: &'a Node) {
        self.described(at, holder);
        let usual = match holder.get("in").and_then(Node::as_str) {
            Some("query" | "cookie") => "form",
            _ => "simple",
        };
        let style = holder.entry("style");
        let named = style.and_then(|style| style.node.as_str());
        if let (Some(entry), Some(style)) = (style, named)
            && style != usual
        {
            self.add(at, Kind::Field("style"), style, entry.key);
        }
        // The style decides what is meant where nothing is said.
        let is_exploded = named.unwrap_or(usual) == "form";
        if let Some(entry) = holder.entry("explode")
            && let Value::Bool(explode) = entry.node.value
            && explode != is_exploded
        {
            let kind = Kind::Field("explode");
            self.add(at, kind, &explode.to_string(), entry.key);
        }
        if let Some(schema) = holder.get("schema") {
            self.schema(at, schema, 0);
        }
        self.content(at, holder);
    }

    /// What parameters, headers, bodies and responses say of themselves.
    fn described(&mut self, at: &str, node: &'a Node) {
        self.prose(at, node);
        self.fields(at, node);
        if let Some(entry) = node.entry("required")
            && matches!(entry.node.value, Value::Bool(true))
        {
            self.add(at, Kind::Required, "", entry.key);
        }
    }

    /// The schemas of a body are read as one, whatever its media types are called.
    fn content(&mut self, at: &str, node: &'a Node) {
        let content = node.get("content").into_iter().flat_map(Node::entries);
        for (media_type, entry) in content {
            let essence = media_type.split(';').next().unwrap_or_default();
            let essence = essence.trim().to_ascii_lowercase();
            self.add(at, Kind::MediaType, &essence, entry.key);
            if let Some(schema) = entry.node.get("schema") {
                self.schema(at, schema, 0);
            }
        }
    }

    fn schema(&mut self, at: &str, schema: &'a Node, depth: usize) {
        let Some(schema) = resolve(self.document, schema) else {
            return;
        };
        let address: *const Node = schema;
        if depth > MAX_DEPTH || self.open.contains(&address) {
            return;
        }
        self.open.push(address);
        self.prose(at, schema);
        self.fields(at, schema);
        for field in ["enum", "x-extensible-enum"] {
            for item in schema.get(field).into_iter().flat_map(Node::items) {
                if let Some(value) = brief(item) {
                    self.add(at, Kind::Value, &value, item.position);
                }
            }
        }
        let properties = schema.get("properties").into_iter().flat_map(Node::entries);
        for (name, entry) in properties {
            let at = format!("{at}.{name}");
            self.add(&at, Kind::Property, name, entry.key);
            self.schema(&at, &entry.node, depth + 1);
        }
        let required = schema.get("required").into_iter().flat_map(Node::items);
        for item in required {
            if let Some(name) = item.as_str() {
                self.add(&format!("{at}.{name}"), Kind::Required, "", item.position);
            }
        }
        if let Some(items) = schema.get("items") {
            self.schema(&format!("{at}[]"), items, depth + 1);
        }
        if let Some(entry) = schema.entry("additionalProperties") {
            if let Value::Bool(false) = entry.node.value {
                let kind = Kind::Field("additionalProperties");
                self.add(at, kind, "false", entry.key);
            }
            self.schema(&format!("{at}.*"), &entry.node, depth + 1);
        }
        if let Some(other) = schema.get("not") {
            self.schema(&format!("{at} not"), other, depth + 1);
        }
        if let Some(discriminator) = schema.get("discriminator") {
            self.discriminator(at, discriminator);
        }
        for word in ["allOf", "oneOf", "anyOf"] {
            for item in schema.get(word).into_iter().flat_map(Node::items) {
                self.schema(at, item, depth + 1);
            }
        }
        self.open.pop();
    }

    /// The names of schemas are the document's own; what values are mapped is not.
    fn discriminator(&mut self, at: &str, discriminator: &'a Node) {
        if let Some(entry) = discriminator.entry("propertyName")
            && let Some(name) = entry.node.as_str()
        {
            self.add(at, Kind::Field("discriminator"), name, entry.key);
        }
        let mapping = discriminator.get("mapping").into_iter();
        for (value, entry) in mapping.flat_map(Node::entries) {
            self.add(at, Kind::Value, value, entry.key);
        }
    }

    fn fields(&mut self, at: &str, node: &'a Node) {
        for name in FIELDS {
            if let Some(entry) = node.entry(name)
                && let Some(value) = brief(&entry.node)
                // To say no is to say nothing.
                && value != "false"
            {
                self.add(at, Kind::Field(name), &value, entry.key);
            }
        }
    }

    fn prose(&mut self, at: &str, node: &'a Node) {
        for name in ["summary", "description"] {
            let Some(entry) = node.entry(name) else {
                continue;
            };
            for sentence in sentences(entry.node.as_str().unwrap_or_default()) {
                self.add(at, Kind::Prose, &sentence, entry.key);
            }
        }
    }
}

/// What is said where a caller need not present anything.
const NO_SECURITY: &str = "none";

/// A security scheme by what a caller sees of it; by its name where it is not described.
fn scheme(document: &Node, name: &str) -> String {
    let components = document.get("components");
    let schemes = components.and_then(|components| components.get("securitySchemes"));
    let scheme = schemes.and_then(|schemes| resolve(document, schemes.get(name)?));
    let text = |field| scheme?.get(field).and_then(Node::as_str);
    match text("type") {
        Some("http") => format!("http {}", text("scheme").unwrap_or_default()).to_lowercase(),
        Some("apiKey") => {
            let (place, name) = (text("in"), text("name"));
            format!(
                "apiKey {} {}",
                place.unwrap_or_default(),
                name.unwrap_or_default()
            )
        }
        Some(other) => other.to_owned(),
        None => name.to_owned(),
    }
}

fn brief(node: &Node) -> Option<String> {
    Some(match &node.value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Null => "null".to_owned(),
        Value::Sequence(_) | Value::Mapping(_) => return None,
    })
}

/// The sentences of a text, in single spaces. A blank line and an item of a list end one, too.
fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut sentence = String::new();
    let mut end = |sentence: &mut String| {
        if !sentence.is_empty() {
            sentences.push(std::mem::take(sentence));
        }
    };
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['-', '*', '#', '|']) {
            end(&mut sentence);
        }
        for word in line.split_whitespace() {
            if !sentence.is_empty() {
                sentence.push(' ');
            }
            sentence.push_str(word);
            if word.ends_with(['.', '!', '?']) {
                end(&mut sentence);
            }
        }
    }
    end(&mut sentence);
    sentences
}
