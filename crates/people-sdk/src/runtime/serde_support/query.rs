//! Query parameters.

use serde::{Serialize, Serializer, ser};

/// A query parameter: nothing for null, `name=item` for each item of a list, and the properties by
/// their own names for an object (`style: form` with `explode: true`, OpenAPI's default).
pub(crate) struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T: Serialize> QueryParam<'a, T> {
    pub(crate) fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value }
    }
}

impl<T: Serialize> Serialize for QueryParam<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde_json::Value;

        let word = |value: Value| match value {
            Value::String(text) => Ok(text),
            Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => Err(ser::Error::custom(
                "a list or an object inside another cannot stand in a query",
            )),
        };
        let name = self.name;
        let pairs: Vec<(String, String)> =
            match serde_json::to_value(self.value).map_err(ser::Error::custom)? {
                Value::Null => Vec::new(),
                Value::Array(items) => items
                    .into_iter()
                    .map(|item| Ok((name.to_owned(), word(item)?)))
                    .collect::<Result<_, S::Error>>()?,
                Value::Object(properties) => properties
                    .into_iter()
                    .filter(|(_, value)| !value.is_null())
                    .map(|(name, value)| Ok((name, word(value)?)))
                    .collect::<Result<_, S::Error>>()?,
                value => vec![(name.to_owned(), word(value)?)],
            };
        pairs.serialize(serializer)
    }
}
