//! The contract's types as JSON Schema. The only source of property names in this program, so that
//! a new property needs no change here.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use people_sdk::types::{ErrorResponse, Person, PersonUpdate};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

/// The schema of an update.
pub(crate) fn of_update() -> &'static Value {
    static SCHEMA: LazyLock<Value> =
        LazyLock::new(|| schemars::schema_for!(PersonUpdate).to_value());
    &SCHEMA
}

/// The schema of a person.
pub(crate) fn of_person() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(Person).to_value());
    &SCHEMA
}

/// Whether the contract has a property of this name, of a person or of an update.
pub(crate) fn is_known(name: &str) -> bool {
    property(of_person(), of_person(), name).is_some()
        || property(of_update(), of_update(), name).is_some()
}

/// Whether a person has a property of this name that an update cannot set.
pub(crate) fn is_read_only(name: &str) -> bool {
    property(of_person(), of_person(), name).is_some()
        && property(of_update(), of_update(), name).is_none()
}

/// The type of a phone number that is derived from the extension. Reads contain it, and updates must
/// not.
pub(crate) const FOLLOWS_EXTENSION: &str = "work_extension";

/// All types of the contract by name, each with the types that it refers to.
pub(crate) fn all() -> BTreeMap<String, Value> {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    // The types of requests and responses; these refer to all others.
    generator.subschema_for::<Person>();
    generator.subschema_for::<PersonUpdate>();
    generator.subschema_for::<ErrorResponse>();
    let definitions = generator.take_definitions(true);
    let names: Vec<String> = definitions.keys().cloned().collect();
    names
        .into_iter()
        .filter_map(|name| {
            let mut root = Map::new();
            let dialect = "https://json-schema.org/draft/2020-12/schema";
            root.insert("$schema".to_owned(), dialect.into());
            root.insert("title".to_owned(), name.clone().into());
            let Value::Object(body) = definitions.get(&name)?.clone() else {
                return None;
            };
            root.extend(body);
            let mut needed = BTreeMap::new();
            collect(&Value::Object(root.clone()), &definitions, &mut needed);
            if !needed.is_empty() {
                root.insert("$defs".to_owned(), needed.into_iter().collect());
            }
            Some((name, Value::Object(root)))
        })
        .collect()
}

/// The definitions that `schema` refers to, directly or not.
fn collect(schema: &Value, definitions: &Map<String, Value>, needed: &mut BTreeMap<String, Value>) {
    match schema {
        Value::Object(properties) => {
            if let Some(name) = properties.get("$ref").and_then(definition)
                && !needed.contains_key(name)
                && let Some(body) = definitions.get(name)
            {
                needed.insert(name.to_owned(), body.clone());
                collect(body, definitions, needed);
            }
            for value in properties.values() {
                collect(value, definitions, needed);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(item, definitions, needed);
            }
        }
        _ => {}
    }
}

fn definition(reference: &Value) -> Option<&str> {
    reference.as_str()?.strip_prefix("#/$defs/")
}

/// The schema of property `name` of `schema`; `None` if it has no such property.
pub(crate) fn property<'a>(root: &'a Value, schema: &'a Value, name: &str) -> Option<&'a Value> {
    alternatives(root, schema)
        .into_iter()
        .find_map(|schema| schema.get("properties")?.get(name))
}

/// The schema of the items of `schema`; `None` if it is not a list.
pub(crate) fn items<'a>(root: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    alternatives(root, schema)
        .into_iter()
        .find_map(|schema| schema.get("items"))
}

/// Whether a value of `schema` can be text.
pub(crate) fn takes_text(root: &Value, schema: &Value) -> bool {
    alternatives(root, schema).into_iter().any(|schema| {
        let is_string = |it: &Value| it == "string";
        match schema.get("type") {
            Some(Value::Array(types)) => types.iter().any(is_string),
            Some(one) => is_string(one),
            None => false,
        }
    })
}

/// The property names of `schema`, in alphabetical order; none if it is not an object.
pub(crate) fn properties<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a str> {
    let mut names: Vec<&str> = alternatives(root, schema)
        .into_iter()
        .filter_map(|schema| schema.get("properties")?.as_object())
        .flat_map(|properties| properties.keys().map(String::as_str))
        .collect();
    names.sort_unstable();
    names
}

/// `schema` itself and all of its alternatives, with references followed.
fn alternatives<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let mut found = Vec::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        if let Some(name) = schema.get("$ref").and_then(definition) {
            open.extend(
                root.get("$defs")
                    .and_then(|definitions| definitions.get(name)),
            );
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            open.extend(
                schema
                    .get(key)
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten(),
            );
        }
        found.push(schema);
    }
    found
}
