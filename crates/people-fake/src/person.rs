//! Accessors for the JSON of a person. Stored people are in `directory`, visible properties in
//! `visibility`.

use serde_json::{Map, Value};

use crate::seed::{ADMIN_ROLE, CALLING_LICENSE};

/// A person with every property, including those that not every caller sees.
pub(crate) type Person = Map<String, Value>;

/// The type of the phone number that repeats `extension`, with the routing prefix in front.
pub(crate) const WORK_EXTENSION: &str = "work_extension";

/// A property as text; empty when it is missing or not text.
pub(crate) fn text<'a>(person: &'a Person, name: &str) -> &'a str {
    person.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The items of a list that are text.
pub(crate) fn texts<'a>(person: &'a Person, name: &str) -> impl Iterator<Item = &'a str> {
    person
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

pub(crate) fn organization(person: &Person) -> Option<&str> {
    person.get("orgId").and_then(Value::as_str)
}

pub(crate) fn is_admin(person: &Person) -> bool {
    texts(person, "roles").any(|role| role == ADMIN_ROLE)
}

pub(crate) fn has_calling(person: &Person) -> bool {
    texts(person, "licenses").any(|license| license == CALLING_LICENSE)
}

pub(crate) fn is_work_extension(number: &Value) -> bool {
    number
        .get("type")
        .is_some_and(|kind| kind == WORK_EXTENSION)
}

/// A boolean in either of its forms: JSON boolean or text.
pub(crate) fn parse_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
