//! The contract as a tree that remembers where each value stands. Knows nothing of OpenAPI.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};

/// A place in a text. Lines and columns count from one, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from one.
    pub line: usize,
    /// Column, from one.
    pub column: usize,
}

impl Position {
    /// The first character of a text.
    pub const START: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A value and where it starts.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where the value starts; for an entry of a mapping, see [`Entry::key`] too.
    pub position: Position,
    /// The value itself.
    pub value: Value,
}

/// What a [`Node`] holds: the values that JSON has.
#[derive(Debug, Clone)]
pub enum Value {
    /// `null`, or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    String(String),
    /// A list.
    Sequence(Vec<Node>),
    /// Named values, in the order of the text. Boxed, so that the many other values stay small.
    Mapping(Box<Mapping>),
}

/// A named value of a mapping.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where the name stands.
    pub key: Position,
    /// The value.
    pub node: Node,
}

/// In mappings of as many entries, a name is found faster by comparing than by its hash. Most are small,
/// and rules ask each of them for many names.
const FEW: usize = 12;

/// The entries of a mapping, each with another name, in the order of the text.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    entries: Vec<(String, Entry)>,
    /// Where the entry of each name stands, when there are more than [`FEW`].
    places: Option<HashMap<String, usize>>,
}

impl Mapping {
    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.place(name).map(|place| &self.entries[place].1)
    }

    /// Whether there is an entry called `name`.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// Which entry is called `name`, from zero.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        if let Some(places) = &self.places {
            return places.get(name).copied();
        }
        for (place, (key, _)) in self.entries.iter().enumerate() {
            if key.len() == name.len() && key == name {
                return Some(place);
            }
        }
        None
    }

    /// The name and the entry at a place, from zero.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<(&str, &Entry)> {
        let (name, entry) = self.entries.get(place)?;
        Some((name, entry))
    }

    /// The names and the entries.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Entry)> + ExactSizeIterator {
        self.entries.iter().map(|(name, entry)| (&**name, entry))
    }

    /// The names and the entries, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Entry)> {
        let entries = self.entries.iter_mut();
        entries.map(|(name, entry)| (&**name, entry))
    }

    /// The names.
    #[must_use]
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.entries.iter().map(|(name, _)| &**name)
    }

    /// Adds an entry at the end, or replaces the one of the same name.
    pub fn insert(&mut self, name: String, entry: Entry) {
        match self.place(&name) {
            Some(place) => self.entries[place].1 = entry,
            None => self.push(name, entry),
        }
    }

    /// The entry called `name`, to be changed.
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Entry> {
        let place = self.place(name)?;
        Some(&mut self.entries[place].1)
    }

    /// Adds an entry at the end, whose name no other has.
    pub(crate) fn push(&mut self, name: String, entry: Entry) {
        let place = self.entries.len();
        match &mut self.places {
            Some(places) => {
                places.insert(name.clone(), place);
            }
            None if place == FEW => {
                let names = self.names().map(str::to_owned).chain([name.clone()]);
                self.places = Some(names.zip(0..).collect());
            }
            None => {}
        }
        self.entries.push((name, entry));
    }

    /// The last entry, to be changed.
    pub(crate) fn last_mut(&mut self) -> Option<&mut Entry> {
        self.entries.last_mut().map(|(_, entry)| entry)
    }

    /// Removes the entry called `name`, and keeps the order of the others.
    pub(crate) fn remove(&mut self, name: &str) {
        let others = std::mem::take(self).entries.into_iter();
        *self = others.filter(|(other, _)| other != name).collect();
    }

    /// Gives back memory that no further entry will need.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.entries.shrink_to_fit();
    }
}

impl<'a> IntoIterator for &'a Mapping {
    type Item = (&'a str, &'a Entry);
    type IntoIter = std::iter::Map<
        std::slice::Iter<'a, (String, Entry)>,
        fn(&'a (String, Entry)) -> (&'a str, &'a Entry),
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter().map(|(name, entry)| (&**name, entry))
    }
}

impl FromIterator<(String, Entry)> for Mapping {
    fn from_iter<I: IntoIterator<Item = (String, Entry)>>(entries: I) -> Self {
        let mut mapping = Self::default();
        for (name, entry) in entries {
            mapping.insert(name, entry);
        }
        mapping
    }
}

impl Node {
    /// The entry called `name`, when this is a mapping that has one.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.as_mapping()?.get(name)
    }

    /// The value called `name`, when this is a mapping that has one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entry(name).map(|entry| &entry.node)
    }

    /// The entries, when this is a mapping.
    #[must_use]
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, when this is a list.
    #[must_use]
    pub fn as_sequence(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The text, when this is text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The named entries; none when this is no mapping.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        let entries = match &self.value {
            Value::Mapping(mapping) => &*mapping.entries,
            _ => &[],
        };
        entries.iter().map(|(name, entry)| (&**name, entry))
    }

    /// The items; none when this is no list.
    pub fn items(&self) -> impl Iterator<Item = &Self> {
        self.as_sequence().unwrap_or_default().iter()
    }

    /// What `pointer` leads to, and the place to show for it: that of its name where it has one.
    ///
    /// It is a JSON Pointer (RFC 6901), or the fragment of a URI that holds one, with the leading
    /// `#` and with `%7B` for `{`.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<(&Self, Position)> {
        let decoded = match pointer.strip_prefix('#') {
            Some(fragment) => percent_decoded(fragment),
            None => Cow::Borrowed(pointer),
        };
        let pointer = &*decoded;
        if pointer.is_empty() {
            return Some((self, self.position));
        }
        let mut found = (self, self.position);
        for token in pointer.strip_prefix('/')?.split('/') {
            let token = unescaped(token);
            found = match &found.0.value {
                Value::Mapping(_) => {
                    let entry = found.0.entry(&token)?;
                    (&entry.node, entry.key)
                }
                Value::Sequence(items) => {
                    let item = items.get(token.parse::<usize>().ok()?)?;
                    (item, item.position)
                }
                _ => return None,
            };
        }
        Some(found)
    }

    /// What a JSON Pointer leads to, to be changed.
    pub(crate) fn pointer_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        let mut found = self;
        for token in pointer.split('/').skip(1) {
            let token = unescaped(token);
            found = match &mut found.value {
                Value::Mapping(entries) => &mut entries.get_mut(&token)?.node,
                Value::Sequence(items) => items.get_mut(token.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(found)
    }

    /// What kind of value this is, as a message would call it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::String(_) => "text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }
}

/// Escapes `token` for use as one step of a JSON Pointer.
#[must_use]
pub fn pointer_token(token: &str) -> Cow<'_, str> {
    if token.contains('~') || token.contains('/') {
        Cow::Owned(token.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(token)
    }
}

/// The name that a step of a JSON Pointer stands for.
fn unescaped(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// `%7B` to `{`, and so on. What is no such code stays as it is.
pub(crate) fn percent_decoded(fragment: &str) -> Cow<'_, str> {
    if !fragment.contains('%') {
        return Cow::Borrowed(fragment);
    }
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

type Fault = serde::de::value::Error;

impl<'de> IntoDeserializer<'de, Fault> for &'de Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Integer(value) => visitor.visit_i64(*value),
            Value::Float(value) => visitor.visit_f64(*value),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Sequence(items) => visitor.visit_seq(SeqDeserializer::new(items.iter())),
            Value::Mapping(entries) => visitor.visit_map(MapDeserializer::new(
                entries.iter().map(|(name, entry)| (name, &entry.node)),
            )),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        // The only enums of the OpenAPI model are plain words.
        let word: serde::de::value::StrDeserializer<'_, Fault> = self
            .as_str()
            .ok_or_else(|| serde::de::Error::custom("expected a word"))?
            .into_deserializer();
        word.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mapping from `0`, `1` and so on to the number.
    fn numbers(count: usize) -> Mapping {
        (0..count)
            .map(|number| {
                let position = Position {
                    line: number + 1,
                    column: 1,
                };
                let value = Value::Integer(i64::try_from(number).unwrap());
                let node = Node { position, value };
                let key = position;
                (number.to_string(), Entry { key, node })
            })
            .collect()
    }

    #[test]
    fn a_name_is_found_in_a_mapping_of_any_size() {
        for count in [0, 1, FEW - 1, FEW, FEW + 1, FEW + 2, 100] {
            let mapping = numbers(count);
            assert_eq!(mapping.len(), count);
            assert_eq!(mapping.is_empty(), count == 0);
            for number in 0..count {
                let name = number.to_string();
                assert_eq!(mapping.get(&name).unwrap().key.line, number + 1);
                assert_eq!(mapping.place(&name), Some(number));
                assert_eq!(mapping.at(number).unwrap().0, name);
            }
            assert!(mapping.get(&count.to_string()).is_none());
            assert!(mapping.at(count).is_none());
        }
    }

    #[test]
    fn an_entry_is_replaced_and_removed_in_a_mapping_of_any_size() {
        for count in [2, FEW, FEW + 1, 100] {
            let mut mapping = numbers(count);
            let entry = mapping.get("1").unwrap().clone();
            mapping.insert("0".to_owned(), entry);
            assert_eq!(mapping.len(), count);
            assert_eq!(mapping.get("0").unwrap().key.line, 2);
            mapping.get_mut("0").unwrap().key.line = 7;
            assert_eq!(mapping.get("0").unwrap().key.line, 7);
            mapping.remove("0");
            mapping.remove("x");
            assert!(!mapping.contains_key("0"));
            let names: Vec<_> = (1..count).map(|number| number.to_string()).collect();
            assert!(mapping.names().eq(&names));
            let last = mapping.last_mut().unwrap().key.line;
            assert_eq!(mapping.get(names.last().unwrap()).unwrap().key.line, last);
        }
    }

    #[test]
    fn a_fragment_is_decoded_and_a_pointer_is_not() {
        let root = crate::document::load::load("paths:\n  /a/{b}: 1\n'%41': 2\n").unwrap();
        assert!(root.pointer("#/paths/~1a~1%7Bb%7D").is_some());
        assert!(root.pointer("/paths/~1a~1{b}").is_some());
        assert!(root.pointer("/%41").is_some());
        assert!(root.pointer("#/%41").is_none());
        assert_eq!(percent_decoded("100%/%4/%zz"), "100%/%4/%zz");
    }
}
