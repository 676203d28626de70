//! Properties whose values are not of the promised form, kept as the text that came.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::{Serialize, SerializeMap};
use serde_json::value::RawValue;

/// Properties of an object whose values could not be read into their fields, as the JSON text that
/// the service sent. They are written back to the letter, unless their field is set meanwhile.
///
/// Each of them is one that the contract lists and whose value has another form than it promises
/// (`"lastActivity": ""`), or one whose value no [`serde_json::Value`] holds exactly
/// (`18446744073709551616`, `1.50`, text with half a surrogate pair).
///
/// # Examples
///
/// ```
/// use people_sdk::types::Person;
///
/// let json = r#"{"id":"x","title":"GM","lastActivity":""}"#;
/// let mut person: Person = serde_json::from_str(json)?;
/// assert_eq!(person.last_activity, None);
/// assert_eq!(person.unparsed.get("lastActivity"), Some("\"\""));
/// assert_eq!(serde_json::to_string(&person)?, json);
///
/// person.unparsed.remove("lastActivity");
/// assert_eq!(serde_json::to_string(&person)?, r#"{"id":"x","title":"GM"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct UnparsedProperties(BTreeMap<String, Box<str>>);

impl UnparsedProperties {
    /// Whether every property was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of properties that were not read.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The JSON text of a property.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(AsRef::as_ref)
    }

    /// Names and JSON texts, ordered by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, json)| (name.as_str(), json.as_ref()))
    }

    /// Removes a property, which is then not written back, and returns its JSON text.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        self.0.remove(name).map(String::from)
    }

    /// Removes every property for which `keep` is false.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.0.retain(|name, _| keep(name));
    }

    pub(crate) fn insert(&mut self, name: String, json: &RawValue) {
        self.0.insert(name, json.get().into());
    }

    /// Writes the properties for which `is_set` is false.
    pub(crate) fn write<M: SerializeMap>(
        &self,
        map: &mut M,
        is_set: impl Fn(&str) -> bool,
    ) -> Result<(), M::Error> {
        for (name, json) in &self.0 {
            if is_set(name) {
                continue;
            }
            let json = RawValue::from_string(json.clone().into_string())
                .map_err(serde::ser::Error::custom)?;
            map.serialize_entry(name, &json)?;
        }
        Ok(())
    }
}

/// Their number alone: values, and names of the service, may be personal.
impl fmt::Debug for UnparsedProperties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnparsedProperties")
            .field("len", &self.0.len())
            .finish_non_exhaustive()
    }
}

/// As an object.
impl Serialize for UnparsedProperties {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.write(&mut map, |_| false)?;
        map.end()
    }
}
