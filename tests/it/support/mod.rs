//! Shared by several modules: the contract as a value, and when two values have the same meaning.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use serde_json::Value;

pub(crate) mod contract;
pub(crate) mod fault_server;
pub(crate) mod idle_time;
pub(crate) mod process;
pub(crate) mod recorder;
pub(crate) mod virtual_clock;

/// The text of the contract of this workspace.
pub(crate) static CONTRACT_TEXT: LazyLock<String> = LazyLock::new(|| {
    let path = xtask::project_root().join(xtask::CONTRACT);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
});

/// The contract of this workspace.
pub(crate) static CONTRACT: LazyLock<Value> = LazyLock::new(|| {
    let root = people_codegen::document::load::load(&CONTRACT_TEXT).expect("the contract is YAML");
    Value::deserialize(&root).expect("the contract fits JSON")
});

/// `value`, or the target of its `$ref`.
pub(crate) fn resolve(mut value: &'static Value) -> &'static Value {
    while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        let pointer = reference.trim_start_matches('#');
        value = CONTRACT
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{reference} does not resolve"));
    }
    value
}

/// The operation called `id`.
pub(crate) fn operation(id: &str) -> &'static Value {
    let items = CONTRACT["paths"].as_object().into_iter().flatten();
    items
        .flat_map(|(_, item)| item.as_object().into_iter().flatten())
        .map(|(_, operation)| operation)
        .find(|operation| operation["operationId"] == id)
        .unwrap_or_else(|| panic!("the contract has no operation {id}"))
}

/// The named example `name`.
pub(crate) fn example(name: &str) -> Value {
    let example = &CONTRACT["components"]["examples"][name]["value"];
    assert!(example.is_object(), "the contract has no example {name}");
    example.clone()
}

/// Whether two values have the same meaning: timestamps are compared by their instant, booleans also
/// as text. The contract defines which properties these are.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    same_property("", one, other)
}

/// How `same` compares a property.
#[derive(PartialEq)]
enum Meaning {
    Flag,
    Timestamp,
}

/// The properties whose values have more than one form, by name.
static MEANINGS: LazyLock<HashMap<&str, Meaning>> = LazyLock::new(|| {
    let schemas = CONTRACT["components"]["schemas"].as_object();
    schemas
        .into_iter()
        .flatten()
        .flat_map(|(_, schema)| schema["properties"].as_object().into_iter().flatten())
        .filter_map(|(name, property)| {
            if property["allOf"][0]["$ref"] == "#/components/schemas/BooleanOrText" {
                Some((name.as_str(), Meaning::Flag))
            } else if property["format"] == "date-time" {
                Some((name.as_str(), Meaning::Timestamp))
            } else {
                None
            }
        })
        .collect()
});

fn same_property(name: &str, one: &Value, other: &Value) -> bool {
    let meaning = MEANINGS.get(name);
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| {
                    let found = other.get(name);
                    found.is_some_and(|found| same_property(name, value, found))
                })
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Bool(flag), Value::String(text)) | (Value::String(text), Value::Bool(flag)) => {
            meaning == Some(&Meaning::Flag) && *text == flag.to_string()
        }
        (Value::String(one), Value::String(other)) if meaning == Some(&Meaning::Timestamp) => {
            same_instant(one, other)
        }
        _ => one == other,
    }
}

/// Whether two texts are the same time.
pub(crate) fn same_instant(one: &str, other: &str) -> bool {
    instant(one).is_some_and(|first| Some(first) == instant(other))
}

fn instant(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).ok()
}
