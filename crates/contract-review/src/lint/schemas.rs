//! Rules about schemas, and about the words that explain them.

use std::collections::{HashMap, HashSet};

use people_codegen::document::contract::{EXTENSIBLE_ENUM, enumeration};
use people_codegen::document::node::{Node, Value, pointer_token};
use people_codegen::document::openapi_format::{Kind, ObjectRef};

use super::document::{Document, is_true, text};
use super::patterns::Patterns;
use super::reporter::Reporter;

/// The fields of a schema that judge the same value as the schema itself.
const IN_PLACE: [&str; 3] = ["allOf", "anyOf", "oneOf"];

pub(super) fn descriptions(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.objects() {
        let pointer = &object.pointer;
        let named_schema = || {
            let steps: Vec<_> = pointer.rsplitn(3, '/').collect();
            steps.get(1) == Some(&"properties")
                || pointer
                    .strip_prefix("/components/schemas/")
                    .is_some_and(|name| !name.contains('/'))
        };
        let what = match object.kind {
            Kind::Info => "this contract",
            Kind::Server => "this server",
            Kind::Tag => "this tag",
            Kind::Parameter => "this parameter",
            Kind::RequestBody => "this body",
            Kind::Response => "this response",
            Kind::Header => "this header",
            Kind::SecurityScheme => "this security scheme",
            Kind::Schema if named_schema() => "this schema",
            _ => continue,
        };
        if text(object.node, "description").trim().is_empty() {
            reporter.object(
                object,
                format!("{what} has no `description`; say what it means"),
            );
        }
    }
}

/// The object that a schema is a part of, where both describe one thing.
fn enclosing<'a>(document: &Document<'a>, object: &ObjectRef<'_>) -> Option<&'a ObjectRef<'a>> {
    let pointer = object.pointer.as_str();
    let (parent, last) = pointer.rsplit_once('/')?;
    if ["items", "additionalProperties", "schema"].contains(&last) {
        return document.at(parent);
    }
    let (outer, keyword) = parent.rsplit_once('/')?;
    if IN_PLACE.contains(&keyword) {
        return document.at(outer);
    }
    None
}

/// How far out the description of an enumeration may stand.
const MAX_ENCLOSING: usize = 8;

/// The words that descriptions quote, for each description once.
#[derive(Default)]
struct Quoted<'a>(HashMap<*const Node, HashSet<&'a str>>);

impl<'a> Quoted<'a> {
    fn explains(
        &mut self,
        document: &Document<'a>,
        object: &'a ObjectRef<'a>,
        value: &str,
    ) -> bool {
        let mut outer = Some(object);
        for _ in 0..=MAX_ENCLOSING {
            let Some(object) = outer else { break };
            let description = text(object.node, "description");
            let words = self
                .0
                .entry(std::ptr::from_ref(object.node))
                .or_insert_with(|| description.split('`').skip(1).step_by(2).collect());
            if words.contains(value) || words.contains(format!("\"{value}\"").as_str()) {
                return true;
            }
            outer = enclosing(document, object);
        }
        false
    }
}

fn word(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) => None,
    }
}

/// The values that a description lists, in lines that start with ``- `value`:``.
fn listed(description: &str) -> impl Iterator<Item = &str> {
    description.lines().filter_map(|line| {
        let (value, rest) = line.trim().strip_prefix("- `")?.split_once('`')?;
        rest.starts_with(':').then_some(value)
    })
}

pub(super) fn enums(document: &Document<'_>, reporter: &mut Reporter) {
    let mut quoted = Quoted::default();
    for object in document.all(Kind::Schema) {
        let Some(values) = enumeration(object.node) else {
            continue;
        };
        let field = if object.node.get("enum").is_some() {
            "enum"
        } else {
            EXTENSIBLE_ENUM
        };
        let mut known = HashSet::new();
        for (index, node) in values.node.items().enumerate() {
            let Some(value) = word(node) else { continue };
            if !quoted.explains(document, object, &value) {
                let pointer = format!("{}/{field}/{index}", object.pointer);
                let message = format!(
                    "no description says what `{value}` means; add a line ``- `{value}`: …`` to it"
                );
                reporter.add(&pointer, node.position, message);
            }
            known.insert(value);
        }
        for value in listed(text(object.node, "description")) {
            if !known.contains(value) {
                let message = format!(
                    "the description explains `{value}`, which `{field}` does not list; add it there, or remove it here"
                );
                reporter.field(object, "description", message);
            }
        }
    }
}

pub(super) fn nullable(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.all(Kind::Schema) {
        let values = object.node.get("enum");
        let null = values.and_then(|values| {
            values
                .items()
                .position(|node| matches!(node.value, Value::Null))
        });
        if !is_true(object.node, "nullable") {
            if let (Some(index), Some(values)) = (null, values)
                && let Some(node) = values.items().nth(index)
            {
                let message = "`null` is listed, and the schema is not `nullable`; add `nullable: true`, or quote it if it is text";
                reporter.add(
                    &format!("{}/enum/{index}", object.pointer),
                    node.position,
                    message,
                );
            }
        } else if object.node.get("type").is_none() {
            let message = "`nullable` has no effect without a `type` beside it; add the type, or allow null where it is given";
            reporter.field(object, "nullable", message);
        } else if values.is_some() && null.is_none() {
            let message =
                "`nullable` has no effect while `enum` does not list `null`; add it there";
            reporter.field(object, "nullable", message);
        }
    }
}

/// The properties of a schema: name, schema as it stands there, and whether it is required.
fn properties<'a>(
    document: &Document<'a>,
    object: &'a ObjectRef<'a>,
) -> impl Iterator<Item = (&'a str, &'a ObjectRef<'a>, bool)> {
    let required: HashSet<&str> = object
        .node
        .get("required")
        .into_iter()
        .flat_map(Node::items)
        .filter_map(Node::as_str)
        .collect();
    let properties = object.node.get("properties").into_iter();
    properties
        .flat_map(Node::entries)
        .filter_map(|(name, _)| {
            let pointer = format!("{}/properties/{}", object.pointer, pointer_token(name));
            Some((name, document.at(&pointer)?))
        })
        .map(move |(name, property)| (name, property, required.contains(name)))
}

pub(super) fn optional_and_nullable(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.all(Kind::Schema) {
        // In a request, null may erase a value and absence leave it.
        if document.is_sent(object) && !document.is_received(object) {
            continue;
        }
        for (name, property, required) in properties(document, object) {
            let schema = document.resolve(property.node);
            if !required && schema.is_some_and(|schema| is_true(schema.node, "nullable")) {
                let message = format!(
                    "`{name}` may be absent and may be null, which mean the same to most readers; drop `nullable`, or require it"
                );
                reporter.object(property, message);
            }
        }
    }
}

pub(super) fn read_only(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.all(Kind::Schema) {
        let (read, write) = (
            is_true(object.node, "readOnly"),
            is_true(object.node, "writeOnly"),
        );
        let (sent, received) = (document.is_sent(object), document.is_received(object));
        if read && write {
            let message = "this is `readOnly` and `writeOnly`, so it can be neither sent nor received; remove one";
            reporter.field(object, "writeOnly", message);
        } else if read && sent && !received {
            let message =
                "this is `readOnly`, and only ever part of a request; remove it, or the mark";
            reporter.field(object, "readOnly", message);
        } else if write && received && !sent {
            let message =
                "this is `writeOnly`, and only ever part of an answer; remove it, or the mark";
            reporter.field(object, "writeOnly", message);
        }
    }
}

pub(super) fn required(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.all(Kind::Schema) {
        // Where schemas are combined, another of them can describe the property.
        let alone = enclosing(document, object)
            .is_none_or(|outer| outer.kind != Kind::Schema || object.pointer.ends_with("/items"))
            && IN_PLACE.iter().all(|name| object.node.get(name).is_none());
        let (Some(names), Some(properties), true) = (
            object.node.get("required"),
            object.node.get("properties"),
            alone,
        ) else {
            continue;
        };
        for (index, node) in names.items().enumerate() {
            let name = node.as_str().unwrap_or_default();
            if properties.get(name).is_none() {
                let pointer = format!("{}/required/{index}", object.pointer);
                let message = format!(
                    "`{name}` is required, and `properties` does not describe it; correct the name, or describe it"
                );
                reporter.add(&pointer, node.position, message);
            }
        }
    }
}

pub(super) fn required_default(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.all(Kind::Schema) {
        for (name, property, required) in properties(document, object) {
            if required && property.node.get("default").is_some() {
                let message = format!(
                    "`{name}` is required, so its default never applies; remove one of the two"
                );
                reporter.field(property, "default", message);
            }
        }
    }
    for object in document.all(Kind::Parameter) {
        let schema = object
            .node
            .get("schema")
            .and_then(|node| document.resolve(node));
        if is_true(object.node, "required")
            && let Some(schema) = schema
            && schema.node.get("default").is_some()
        {
            let name = text(object.node, "name");
            let message = format!(
                "`{name}` is required, so its default never applies; remove one of the two"
            );
            reporter.field(schema, "default", message);
        }
    }
}

const BOUNDS: [(&str, &str); 4] = [
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
];

pub(super) fn bounds(document: &Document<'_>, reporter: &mut Reporter) {
    #[expect(
        clippy::cast_precision_loss,
        reason = "bounds are compared, not computed with"
    )]
    let number = |node: &Node| match node.value {
        Value::Integer(value) => Some(value as f64),
        Value::Float(value) => Some(value),
        _ => None,
    };
    for object in document.all(Kind::Schema) {
        for (lower, upper) in BOUNDS {
            let low = object.node.get(lower).and_then(number);
            let high = object.node.get(upper).and_then(number);
            if let (Some(low), Some(high)) = (low, high)
                && low > high
            {
                let message = format!(
                    "`{lower}` is {low}, above `{upper}`, which is {high}; swap or correct them"
                );
                reporter.field(object, lower, message);
            }
        }
        for (flag, bound) in [
            ("exclusiveMinimum", "minimum"),
            ("exclusiveMaximum", "maximum"),
        ] {
            if is_true(object.node, flag) && object.node.get(bound).is_none() {
                let message =
                    format!("`{flag}` says how `{bound}` counts, and there is none; add it");
                reporter.field(object, flag, message);
            }
        }
    }
}

pub(super) fn patterns(document: &Document<'_>, reporter: &mut Reporter) {
    let mut patterns = Patterns::default();
    let mut seen: HashMap<&str, bool> = HashMap::new();
    for object in document.all(Kind::Schema) {
        let pattern = text(object.node, "pattern");
        if pattern.is_empty() {
            continue;
        }
        if !*seen
            .entry(pattern)
            .or_insert_with(|| patterns.is_valid(pattern))
        {
            let message = format!(
                "`{pattern}` is no regular expression of ECMA-262, or too large a one; correct it"
            );
            reporter.field(object, "pattern", message);
        }
    }
}
