//! Properties whose values are not of the promised form, kept as the text that came.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

/// Properties of an object whose values could not be read into their fields, as the JSON text that
/// the service sent. They are written back to the letter, unless their field is set meanwhile.
///
/// Each of them is one that the contract lists and whose value has another form than it promises
/// (`"lastActivity": ""`), or one whose value no [`serde_json::Value`] holds exactly
/// (`18446744073709551616`, `1.50`, text with half a surrogate pair, more than 127 lists and objects
/// inside each other).
///
/// A name can have half a surrogate pair too, which no Rust text can hold. Such a property has its
/// name as JSON text, with the quotation marks: `"\ud800"`.
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
/// assert_eq!(person.unparsed.len(), 1);
/// for (name, json) in person.unparsed.iter() {
///     println!("{name} is {} bytes of JSON of another form", json.len());
/// }
///
/// person.unparsed.remove("lastActivity");
/// assert!(person.unparsed.is_empty());
/// assert_eq!(serde_json::to_string(&person)?, r#"{"id":"x","title":"GM"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct UnparsedProperties {
    properties: BTreeMap<String, Box<str>>,
    /// Those whose names are no Unicode text, by the JSON text of the name.
    undecodable: BTreeMap<String, Box<str>>,
}

impl UnparsedProperties {
    /// Whether every property was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.undecodable.is_empty()
    }

    /// The number of properties that were not read.
    #[must_use]
    pub fn len(&self) -> usize {
        self.properties.len() + self.undecodable.len()
    }

    /// The JSON text of a property.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let json = self.properties.get(name);
        json.or_else(|| self.undecodable.get(name))
            .map(AsRef::as_ref)
    }

    /// Names and JSON texts, ordered by name; those whose names are no Unicode text come last.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let undecodable = &self.undecodable;
        self.properties
            .iter()
            .chain(undecodable)
            .map(|(name, json)| (name.as_str(), json.as_ref()))
    }

    /// Removes a property, which is then not written back, and returns its JSON text.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let json = self.properties.remove(name);
        json.or_else(|| self.undecodable.remove(name))
            .map(String::from)
    }

    /// Removes every property for which `keep` is false.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.properties.retain(|name, _| keep(name));
        self.undecodable.retain(|name, _| keep(name));
    }

    pub(crate) fn insert(&mut self, name: String, json: &RawValue) {
        self.properties.insert(name, json.get().into());
    }

    pub(crate) fn insert_undecodable(&mut self, name: &RawValue, json: &RawValue) {
        self.undecodable
            .insert(name.get().into(), json.get().into());
    }

    /// Writes the properties for which `is_set` is false, apart from those whose names are no text.
    pub(crate) fn write<M: SerializeMap>(
        &self,
        map: &mut M,
        is_set: impl Fn(&str) -> bool,
    ) -> Result<(), M::Error> {
        for (name, json) in &self.properties {
            if is_set(name) {
                continue;
            }
            let json =
                RawValue::from_string(json.clone().into_string()).map_err(M::Error::custom)?;
            map.serialize_entry(name, &json)?;
        }
        Ok(())
    }

    /// Writes `object`, which is written as an object, and the properties whose names are no Unicode
    /// text. No serializer takes such a name, so they are added to the JSON text of the object.
    pub(crate) fn write_with_undecodable<S: Serializer>(
        &self,
        object: &impl Serialize,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        if self.undecodable.is_empty() {
            return object.serialize(serializer);
        }
        let mut text = serde_json::to_string(object).map_err(S::Error::custom)?;
        text.pop();
        for (name, json) in &self.undecodable {
            if text.len() > 1 {
                text.push(',');
            }
            text.extend([name, ":", json]);
        }
        text.push('}');
        let text = RawValue::from_string(text).map_err(S::Error::custom)?;
        text.serialize(serializer)
    }
}

/// Their number alone: values, and names of the service, may be personal.
impl fmt::Debug for UnparsedProperties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnparsedProperties")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

/// As an object.
impl Serialize for UnparsedProperties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Decodable<'a>(&'a UnparsedProperties);

        impl Serialize for Decodable<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                self.0.write(&mut map, |_| false)?;
                map.end()
            }
        }

        self.write_with_undecodable(&Decodable(self), serializer)
    }
}
