//! Models as values to compare and to show, including the JSON that no value holds exactly: the SDK
//! keeps what the service sent to the letter. Such JSON becomes text here. What is sent to the service
//! is made from the models, in `patch`, and not from these values.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::value::{RawValue, Value};
use yaml_serde::Mapping;

use crate::exit::{Exit, Failure};

/// The depth from which a list or an object is shown as its JSON text, as `serde_json` limits it.
const MAX_DEPTH: usize = 100;

/// The properties of a model, each as the JSON that is sent for it.
pub(crate) type Properties = BTreeMap<String, Box<RawValue>>;

/// The properties of a model, to the letter.
pub(crate) fn properties(model: &impl Serialize) -> Result<Properties, Failure> {
    serde_json::from_str(&text(model)?).map_err(failure)
}

/// A model as a value, with properties in alphabetical order.
pub(crate) fn value(model: &impl Serialize) -> Result<Value, Failure> {
    let text = text(model)?;
    if let Ok(value) = serde_json::from_str(&text) {
        return Ok(value);
    }
    let properties = serde_json::from_str::<Properties>(&text).map_err(failure)?;
    Ok(properties
        .into_iter()
        .map(|(name, json)| {
            let value = serde_json::from_str(json.get());
            let value = value.unwrap_or_else(|_| Value::from(json.get()));
            (name, value)
        })
        .collect())
}

/// A model as a value, with properties in the order of its type.
pub(crate) fn ordered(model: &impl Serialize) -> Result<yaml_serde::Value, Failure> {
    Ok(ordered_value(&text(model)?, 0))
}

fn ordered_value(json: &str, depth: usize) -> yaml_serde::Value {
    let value = match json.as_bytes().first() {
        Some(b'{' | b'[') if depth >= MAX_DEPTH => None,
        Some(b'{') => serde_json::from_str::<IndexMap<String, &RawValue>>(json)
            .ok()
            .map(|properties| {
                let properties = properties
                    .into_iter()
                    .map(|(name, json)| (name.into(), ordered_value(json.get(), depth + 1)));
                yaml_serde::Value::Mapping(properties.collect::<Mapping>())
            }),
        Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(json)
            .ok()
            .map(|items| {
                let items = items.into_iter();
                let items = items.map(|json| ordered_value(json.get(), depth + 1));
                yaml_serde::Value::Sequence(items.collect())
            }),
        Some(b'"') => serde_json::from_str::<String>(json).ok().map(Into::into),
        // A number that is shown as another one is text.
        _ => serde_json::from_str::<yaml_serde::Value>(json)
            .ok()
            .filter(|value| serde_json::to_string(value).is_ok_and(|written| written == json)),
    };
    value.unwrap_or_else(|| json.into())
}

fn text(model: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(model).map_err(failure)
}

fn failure(error: serde_json::Error) -> Failure {
    Failure::new(Exit::Other, error)
}

#[cfg(test)]
mod tests {
    use people_sdk::types::Person;

    use super::*;

    fn person() -> Person {
        let json = r#"{"title":"GM","id":"x","displayName":"\ud83d","lastActivity":"","n":1e400,
            "big":18446744073709551616,"deep":[{"a":[1.5,null,true]}]}"#;
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn json_that_no_value_holds_becomes_text() {
        let value = value(&person()).unwrap();
        assert_eq!(value["title"], "GM");
        assert_eq!(value["displayName"], r#""\ud83d""#);
        assert_eq!(value["lastActivity"], "");
        assert_eq!(value["n"], "1e400");
        assert_eq!(value["deep"][0]["a"][0], 1.5);
    }

    #[test]
    fn order_is_that_of_the_type() {
        let value = ordered(&person()).unwrap();
        let names: Vec<_> = value.as_mapping().unwrap().keys().collect();
        assert_eq!(names[0], "id");
        assert_eq!(value["big"], "18446744073709551616");
        assert_eq!(value["lastActivity"], "");
        assert_eq!(value["deep"][0]["a"][1], yaml_serde::Value::Null);
    }

    #[test]
    fn nesting_beyond_the_limit_becomes_text() {
        let json = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let raw = RawValue::from_string(json).unwrap();
        assert!(ordered(&raw).is_ok());
    }
}
