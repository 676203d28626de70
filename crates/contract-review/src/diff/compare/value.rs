//! Values of any kind: whether two are the same, and how one is shown.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use people_codegen::Node;
use people_codegen::document::node::Value;

use super::node_ref::component;

/// As much of a value as a message shows, in characters.
const BRIEF: usize = 60;

/// What describes a schema without changing what fits it.
const WORDS: [&str; 5] = [
    "title",
    "description",
    "example",
    "examples",
    "externalDocs",
];

/// Whether two values are the same, whatever the order of names.
pub(super) fn same(old: &Node, new: &Node) -> bool {
    match (&old.value, &new.value) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(old), Value::Bool(new)) => old == new,
        (Value::Integer(old), Value::Integer(new)) => old == new,
        (Value::String(old), Value::String(new)) => old == new,
        (Value::Sequence(old), Value::Sequence(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new))
        }
        (Value::Mapping(old), Value::Mapping(new)) => {
            old.len() == new.len()
                && old
                    .iter()
                    .zip(new.iter())
                    .all(|((name, old), (place, entry))| {
                        // Names mostly come in the same order, and then need not be looked up.
                        let new = if name == place {
                            Some(entry)
                        } else {
                            new.get(name)
                        };
                        new.is_some_and(|new| same(&old.node, &new.node))
                    })
        }
        _ => {
            matches!((number(old), number(new)), (Some(old), Some(new)) if old.total_cmp(&new).is_eq())
        }
    }
}

/// Whether this is a mapping with nothing in it that has parts or refers to something.
pub(super) fn is_flat(node: &Node) -> bool {
    let Value::Mapping(entries) = &node.value else {
        return false;
    };
    for (name, entry) in &**entries {
        if matches!(entry.node.value, Value::Mapping(_) | Value::Sequence(_)) || name == "$ref" {
            return false;
        }
    }
    true
}

/// The schemas that a value refers to, by name; none when it refers to anything else, such as a place
/// within a schema, or to a name with an escape.
pub(super) fn schemas_of(node: &Node) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        for (name, entry) in node.entries() {
            match (name, entry.node.as_str()) {
                ("$ref", Some(target)) => {
                    let (section, name) = component(target)?;
                    if section != "schemas" {
                        return None;
                    }
                    names.push(name);
                }
                (_, Some(_)) => {}
                _ => open.push(&entry.node),
            }
        }
        open.extend(node.items());
    }
    Some(names)
}

/// The number, when this is one.
#[allow(
    clippy::cast_precision_loss,
    reason = "beyond 2^53 two bounds may count as equal, which no contract notices"
)]
pub(super) fn number(node: &Node) -> Option<f64> {
    match node.value {
        Value::Integer(number) => Some(number as f64),
        Value::Float(number) => Some(number),
        _ => None,
    }
}

/// A value as JSON, cut where it gets long.
pub(super) fn brief(node: &Node) -> String {
    let mut text = String::new();
    write(node, &mut text, BRIEF * 4);
    match text.char_indices().nth(BRIEF) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

/// A value as complete JSON, to compare it with others.
pub(super) fn key(node: &Node) -> String {
    let mut text = String::new();
    write(node, &mut text, usize::MAX);
    text
}

fn write(node: &Node, text: &mut String, limit: usize) {
    if text.len() >= limit {
        return;
    }
    match &node.value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Integer(value) => text.push_str(&value.to_string()),
        Value::Float(value) => text.push_str(&value.to_string()),
        Value::String(value) => {
            text.push('"');
            for character in value.chars() {
                if text.len() >= limit {
                    return;
                }
                match character {
                    '"' | '\\' => text.extend(['\\', character]),
                    '\n' => text.push_str("\\n"),
                    _ => text.push(character),
                }
            }
            text.push('"');
        }
        Value::Sequence(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                if text.len() >= limit {
                    return;
                }
                write(item, text, limit);
            }
            text.push(']');
        }
        Value::Mapping(entries) => {
            text.push('{');
            for (index, (name, entry)) in entries.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                if text.len() >= limit {
                    return;
                }
                text.extend(name.chars().take(limit));
                text.push_str(": ");
                write(&entry.node, text, limit);
            }
            text.push('}');
        }
    }
}

/// Names that references go by for [`fingerprint`]: a name that is not here counts as any other
/// such name, for it may have been renamed.
pub(super) type Names<'a> = HashMap<&'a str, u64>;

/// A hash of what a schema allows, whatever it says in words.
pub(super) fn fingerprint(node: &Node, names: &Names<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    match &node.value {
        Value::Null => 0_u8.hash(&mut hasher),
        Value::Bool(value) => (1_u8, value).hash(&mut hasher),
        Value::Integer(_) | Value::Float(_) => {
            (2_u8, number(node).unwrap_or_default().to_bits()).hash(&mut hasher);
        }
        Value::String(value) => (3_u8, value).hash(&mut hasher),
        Value::Sequence(items) => {
            (4_u8, items.len()).hash(&mut hasher);
            for item in items {
                fingerprint(item, names).hash(&mut hasher);
            }
        }
        Value::Mapping(entries) => {
            // Names come in any order, so their hashes are added up.
            let sum = entries.iter().fold(0_u64, |sum, (name, entry)| {
                let value = match (name, entry.node.as_str()) {
                    ("$ref", Some(target)) => {
                        let name = target.strip_prefix("#/components/schemas/");
                        match name.map(|name| names.get(name)) {
                            Some(id) => id.copied().unwrap_or_default(),
                            None => fingerprint(&entry.node, names),
                        }
                    }
                    // A property may be called `title`; then its value is no text.
                    (name, Some(_)) if WORDS.contains(&name) => return sum,
                    ("example" | "examples" | "externalDocs", None)
                        if !entries.contains_key("properties") && entries.contains_key("type") =>
                    {
                        return sum;
                    }
                    _ => fingerprint(&entry.node, names),
                };
                let mut pair = DefaultHasher::new();
                (name, value).hash(&mut pair);
                sum.wrapping_add(pair.finish())
            });
            (5_u8, sum).hash(&mut hasher);
        }
    }
    hasher.finish()
}
