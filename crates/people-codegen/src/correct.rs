//! The document as the model can hold it. Others write what OpenAPI does not know and no client need care
//! about: references into components, values of an enumeration that its type cannot have. Knows nothing of
//! Rust.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::document::contract::{Contract, is_text_content, text};
use crate::document::node::{Entry, Mapping, Node, Position, Value, percent_decoded};
use crate::document::openapi_format::Kind;

/// `contract` with every reference to a component, and every enumeration of its type; `None` if it is so
/// already. Each value keeps its place.
pub(crate) fn correct(contract: &Contract<'_>) -> Option<Node> {
    let mut root: Option<Node> = None;
    let mut change = |pointer: &str, change: &dyn Fn(&mut Node)| {
        let root = root.get_or_insert_with(|| contract.root.clone());
        if let Some(node) = root.pointer_mut(pointer) {
            change(node);
        }
    };
    let mut moved: IndexMap<String, Component> = IndexMap::new();
    let mut taken = HashSet::new();
    for object in &contract.objects {
        match object.kind {
            Kind::Reference => {
                let Some(target) = object.node.get("$ref").and_then(Node::as_str) else {
                    continue;
                };
                if is_to_component(target) {
                    continue;
                }
                if !moved.contains_key(target)
                    && let Some(component) =
                        Component::of(contract, object.expected_kind, target, &mut taken)
                {
                    moved.insert(target.to_owned(), component);
                }
                if let Some(component) = moved.get(target) {
                    let reference = component.reference();
                    change(&object.pointer, &|node| {
                        set(node, "$ref", Value::String(reference.clone()));
                    });
                }
            }
            Kind::Schema => {
                if let Some(values) = corrected_enum(object.node) {
                    change(&object.pointer, &|node| {
                        set(node, "enum", Value::Sequence(values.clone()));
                    });
                }
            }
            Kind::Parameter => {
                if let Some(schema) = text_schema(object.node) {
                    change(&object.pointer, &|node| with_schema(node, schema));
                }
            }
            _ => {}
        }
    }
    let mut root = root?;
    // After all references are changed; and what is inside of another first, which then refers to it.
    let mut components: Vec<_> = moved.into_values().filter(|it| !it.exists).collect();
    components.sort_by_key(|component| std::cmp::Reverse(component.pointer.len()));
    for component in components {
        let Some((_, key)) = root.pointer(&component.pointer) else {
            continue;
        };
        let Some(place) = root.pointer_mut(&component.pointer) else {
            continue;
        };
        let reference = reference_to(&component, place.position);
        let node = std::mem::replace(place, reference);
        insert(&mut root, component, node, key);
    }
    Some(root)
}

/// What becomes a component, as others refer to it.
struct Component {
    /// The field of the components.
    group: &'static str,
    name: String,
    /// Where it is in the document.
    pointer: String,
    /// Whether it is one already, and its name is encoded.
    exists: bool,
}

impl Component {
    fn of(
        contract: &Contract<'_>,
        kind: Kind,
        target: &str,
        taken: &mut HashSet<String>,
    ) -> Option<Self> {
        let group = match kind {
            Kind::Schema => "schemas",
            Kind::Parameter => "parameters",
            Kind::Response => "responses",
            Kind::RequestBody => "requestBodies",
            // No code is made from others.
            _ => return None,
        };
        let decoded = percent_decoded(target.strip_prefix('#')?).into_owned();
        if is_to_component(&format!("#{decoded}")) {
            let name = decoded.rsplit('/').next().unwrap_or_default().to_owned();
            return Some(Self {
                group,
                name,
                pointer: decoded,
                exists: true,
            });
        }
        let steps = decoded.split('/').filter(|step| {
            ![
                "",
                "components",
                "schemas",
                "paths",
                "properties",
                "content",
            ]
            .contains(step)
        });
        let words: Vec<String> = steps
            .map(|step| step.replace("~1", "-").replace("~0", "-"))
            .collect();
        let plain = |c: char| c.is_ascii_alphanumeric() || "._".contains(c);
        let mut name = words.join("-").replace(|c: char| !plain(c), "-");
        let components = contract.root.get("components").and_then(|it| it.get(group));
        while components.is_some_and(|it| it.get(&name).is_some())
            || !taken.insert(format!("{group}/{name}"))
        {
            name.push('_');
        }
        Some(Self {
            group,
            name,
            pointer: end_of(contract, decoded),
            exists: false,
        })
    }

    fn reference(&self) -> String {
        format!("#/components/{}/{}", self.group, self.name)
    }
}

/// Where the references that start at `pointer` end. The rules have checked that they do.
fn end_of(contract: &Contract<'_>, mut pointer: String) -> String {
    while let Some(target) = contract
        .root
        .pointer(&pointer)
        .and_then(|(node, _)| node.get("$ref")?.as_str())
        .and_then(|target| target.strip_prefix('#'))
    {
        pointer = percent_decoded(target).into_owned();
    }
    pointer
}

/// Whether a reference leads to `#/components/KIND/NAME`, as the generator follows it.
pub(crate) fn is_to_component(target: &str) -> bool {
    target.starts_with("#/components/") && target.matches('/').count() == 3 && !target.contains('%')
}

/// The values that a type can have, where `enum` lists others.
fn corrected_enum(schema: &Node) -> Option<Vec<Node>> {
    let listed = schema.get("enum")?;
    let fits = |node: &Node, kind: &str| match node.value {
        Value::Null => true,
        Value::Bool(_) => kind == "boolean",
        Value::Integer(_) => ["integer", "number"].contains(&kind),
        Value::Float(_) => kind == "number",
        Value::String(_) => kind == "string",
        Value::Sequence(_) | Value::Mapping(_) => false,
    };
    let kind = text(schema, "type");
    if kind.is_empty() || listed.items().all(|node| fits(node, kind)) {
        return None;
    }
    // Of what is not text, code has no use for the list.
    let values = listed.items().filter(|_| kind == "string");
    let values = values.filter_map(|node| {
        let value = match &node.value {
            Value::Bool(value) => Value::String(value.to_string()),
            Value::Integer(value) => Value::String(value.to_string()),
            Value::Float(value) => Value::String(value.to_string()),
            Value::Null => Value::Null,
            Value::String(text) => Value::String(text.clone()),
            Value::Sequence(_) | Value::Mapping(_) => return None,
        };
        let position = node.position;
        Some(Node { position, value })
    });
    Some(values.collect())
}

/// The schema of a parameter that is described by its content, and is text.
fn text_schema(parameter: &Node) -> Option<&Entry> {
    let (media_type, media) = parameter.get("content")?.entries().next()?;
    is_text_content(media_type)
        .then(|| media.node.entry("schema"))
        .flatten()
}

fn with_schema(parameter: &mut Node, schema: &Entry) {
    if let Value::Mapping(entries) = &mut parameter.value {
        entries.remove("content");
        entries.insert("schema".to_owned(), schema.clone());
    }
}

/// Sets the value of a field that is there.
fn set(node: &mut Node, name: &str, value: Value) {
    if let Value::Mapping(entries) = &mut node.value
        && let Some(entry) = entries.get_mut(name)
    {
        entry.node.value = value;
    }
}

fn reference_to(component: &Component, position: Position) -> Node {
    let target = Node {
        position,
        value: Value::String(component.reference()),
    };
    let entry = Entry {
        key: position,
        node: target,
    };
    let entries = Mapping::from_iter([("$ref".to_owned(), entry)]);
    Node {
        position,
        value: Value::Mapping(Box::new(entries)),
    }
}

/// Adds a component.
fn insert(root: &mut Node, component: Component, node: Node, key: Position) {
    let mut holder = root;
    for name in ["components", component.group] {
        let Value::Mapping(entries) = &mut holder.value else {
            return;
        };
        if !entries.contains_key(name) {
            let node = Node {
                position: key,
                value: Value::Mapping(Box::default()),
            };
            entries.push(name.to_owned(), Entry { key, node });
        }
        let Some(entry) = entries.get_mut(name) else {
            return;
        };
        holder = &mut entry.node;
    }
    if let Value::Mapping(entries) = &mut holder.value {
        entries.insert(component.name, Entry { key, node });
    }
}
