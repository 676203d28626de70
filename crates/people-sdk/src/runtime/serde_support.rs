//! How values are read and written that the generator has no way for, or a slow one: open
//! enumerations, flags, times and query parameters.
//! Generated types refer to it; nothing here names one of them.

#[cfg(feature = "schemars")]
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};

/// A boolean that the service spells as one or as text: `true`, `"true"`, `false`, `"false"`.
///
/// Properties of this kind are plain `bool` in the generated types; this type appears where they
/// stand inside lists and maps. It is written as a JSON boolean.
///
/// # Examples
///
/// ```
/// use people_sdk::types::BooleanOrText;
///
/// let flags: Vec<BooleanOrText> = serde_json::from_str(r#"[true, "false"]"#)?;
/// assert_eq!(flags, [BooleanOrText(true), BooleanOrText(false)]);
/// assert_eq!(serde_json::to_string(&flags)?, "[true,false]");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct BooleanOrText(pub bool);

impl fmt::Display for BooleanOrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for BooleanOrText {
    type Err = std::str::ParseBoolError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl From<bool> for BooleanOrText {
    fn from(value: bool) -> Self {
        Self(value)
    }
}

impl From<BooleanOrText> for bool {
    fn from(flag: BooleanOrText) -> Self {
        flag.0
    }
}

impl Serialize for BooleanOrText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(self.0)
    }
}

impl<'de> Deserialize<'de> for BooleanOrText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BooleanOrTextVisitor;

        impl Visitor<'_> for BooleanOrTextVisitor {
            type Value = BooleanOrText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a boolean, or the text `true` or `false`")
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<BooleanOrText, E> {
                Ok(BooleanOrText(value))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<BooleanOrText, E> {
                text.parse()
                    .map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_any(BooleanOrTextVisitor)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for BooleanOrText {
    fn schema_name() -> Cow<'static, str> {
        "BooleanOrText".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A boolean, which the service also spells as text.",
            "oneOf": [{ "type": "boolean" }, { "type": "string", "enum": ["true", "false"] }],
        })
    }
}

/// Reads a [`BooleanOrText`] as `bool`.
#[allow(dead_code, reason = "whether this is used depends on the contract")]
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    BooleanOrText::deserialize(deserializer).map(bool::from)
}

/// Reads a [`BooleanOrText`] that may be null as `bool`.
#[allow(dead_code, reason = "whether this is used depends on the contract")]
pub(crate) fn optional_flag<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<bool>, D::Error> {
    Ok(Option::<BooleanOrText>::deserialize(deserializer)?.map(bool::from))
}

/// Same output as chrono's `Serialize`, about three times faster: formats into one string first.
#[allow(dead_code, reason = "whether this is used depends on the contract")]
pub(crate) fn serialize_rfc3339<S: Serializer>(
    time: &DateTime<Utc>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// Writes a time that may be absent, as [`serialize_rfc3339`] does.
#[allow(dead_code, reason = "whether this is used depends on the contract")]
#[allow(
    clippy::ref_option,
    reason = "serde hands over a reference to the field"
)]
pub(crate) fn serialize_optional_rfc3339<S: Serializer>(
    time: &Option<DateTime<Utc>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serialize_rfc3339(time, serializer),
        None => serializer.serialize_none(),
    }
}

/// A query parameter: nothing for null, `name=item` for each item of a list, and the properties by
/// their own names for an object (`style: form` with `explode: true`, OpenAPI's default).
#[allow(dead_code, reason = "whether this is used depends on the contract")]
pub(crate) struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T: Serialize> QueryParam<'a, T> {
    #[allow(dead_code, reason = "whether this is used depends on the contract")]
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

/// Reads text as an open enumeration, without a copy where the word is known.
pub(crate) fn deserialize_open_enum<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> From<&'a str> + From<String>,
{
    struct TextVisitor<T>(std::marker::PhantomData<T>);

    impl<T: for<'a> From<&'a str> + From<String>> Visitor<'_> for TextVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("text")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            Ok(T::from(text))
        }

        fn visit_string<E: de::Error>(self, text: String) -> Result<T, E> {
            Ok(T::from(text))
        }
    }

    deserializer.deserialize_str(TextVisitor(std::marker::PhantomData))
}

/// The schema of an open enumeration: the words that the contract lists, or any other text.
#[cfg(feature = "schemars")]
pub(crate) fn open_enum_schema(description: &str, words: &[&str]) -> schemars::Schema {
    schemars::json_schema!({
        "description": description,
        "anyOf": [{ "type": "string", "enum": words }, { "type": "string" }],
    })
}

/// Everything that a generated open enumeration does.
macro_rules! open_enum {
    ($name:ident, $description:literal, $other:ident, [$(($variant:ident, $word:literal)),* $(,)?]) => {
        impl $name {
            /// The words that the contract lists.
            pub const KNOWN_VALUES: &'static [&'static str] = &[$($word),*];

            /// The value as the service spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::$other(word) => word,
                }
            }
        }

        // By the word, since a known word can be held by the variant for others as well.
        impl ::std::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl ::std::cmp::Eq for $name {}

        impl ::std::hash::Hash for $name {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl ::std::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> ::std::option::Option<::std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl ::std::cmp::Ord for $name {
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)*
                    _ => Self::$other(word.to_owned()),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(word: ::std::string::String) -> Self {
                match word.as_str() {
                    $($word => Self::$variant,)*
                    _ => Self::$other(word),
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(word: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok(Self::from(word))
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::serde_support::deserialize_open_enum(deserializer)
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                $crate::runtime::serde_support::open_enum_schema($description, Self::KNOWN_VALUES)
            }
        }
    };
}
pub(crate) use open_enum;

/// `Deserialize` for a generated struct that keeps the properties it does not list. What serde
/// derives for `#[serde(flatten)]` copies those twice, and looks for them in every object.
///
/// A field is `required`, or `optional` (absent and null are its default); `flag` and
/// `optional_flag` are the same for booleans that are spelled as text too.
macro_rules! open_struct {
    ($name:ident, $extra:ident, [$(($field:ident, $property:literal, $kind:ident)),* $(,)?]) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                #[allow(non_camel_case_types, reason = "named for the fields")]
                enum __Property {
                    $($field,)*
                    Unlisted(::std::string::String),
                }

                struct __Name;

                impl ::serde::de::Visitor<'_> for __Name {
                    type Value = __Property;

                    fn expecting(
                        &self,
                        f: &mut ::std::fmt::Formatter<'_>,
                    ) -> ::std::fmt::Result {
                        f.write_str("the name of a property")
                    }

                    fn visit_str<E: ::serde::de::Error>(
                        self,
                        name: &str,
                    ) -> ::std::result::Result<__Property, E> {
                        Ok(match name {
                            $($property => __Property::$field,)*
                            _ => __Property::Unlisted(name.to_owned()),
                        })
                    }
                }

                impl<'de> ::serde::Deserialize<'de> for __Property {
                    fn deserialize<D: ::serde::Deserializer<'de>>(
                        deserializer: D,
                    ) -> ::std::result::Result<Self, D::Error> {
                        deserializer.deserialize_identifier(__Name)
                    }
                }

                struct __Properties;

                impl<'de> ::serde::de::Visitor<'de> for __Properties {
                    type Value = $name;

                    fn expecting(
                        &self,
                        f: &mut ::std::fmt::Formatter<'_>,
                    ) -> ::std::fmt::Result {
                        f.write_str(concat!("struct ", stringify!($name)))
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> ::std::result::Result<$name, A::Error> {
                        $(let mut $field = None;)*
                        let mut unlisted = ::serde_json::Map::new();
                        while let Some(property) = map.next_key()? {
                            match property {
                                $(__Property::$field => {
                                    if $field.is_some() {
                                        return Err(::serde::de::Error::duplicate_field($property));
                                    }
                                    $field = Some($crate::runtime::serde_support::open_struct!(@read $kind map));
                                })*
                                __Property::Unlisted(name) => {
                                    unlisted.insert(name, map.next_value()?);
                                }
                            }
                        }
                        Ok($name {
                            $($field: $crate::runtime::serde_support::open_struct!(@value $kind $field $property),)*
                            $extra: unlisted,
                        })
                    }
                }

                deserializer.deserialize_map(__Properties)
            }
        }
    };
    (@read flag $map:ident) => {
        bool::from($map.next_value::<$crate::runtime::serde_support::BooleanOrText>()?)
    };
    (@read optional_flag $map:ident) => {
        $map.next_value::<::std::option::Option<$crate::runtime::serde_support::BooleanOrText>>()?.map(bool::from)
    };
    (@read $kind:ident $map:ident) => {
        $map.next_value()?
    };
    (@value optional $value:ident $property:literal) => {
        $value.unwrap_or_default()
    };
    (@value optional_flag $value:ident $property:literal) => {
        $value.unwrap_or_default()
    };
    (@value $kind:ident $value:ident $property:literal) => {
        $value.ok_or_else(|| ::serde::de::Error::missing_field($property))?
    };
}
#[allow(
    unused_imports,
    reason = "whether this is used depends on the contract"
)]
pub(crate) use open_struct;

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};

    use super::*;

    #[derive(Debug, PartialEq)]
    struct Thing {
        id: String,
        on: bool,
        off: Option<bool>,
        tags: Option<Vec<String>>,
        extra: Map<String, Value>,
    }

    open_struct!(
        Thing,
        extra,
        [
            (id, "id", required),
            (on, "isOn", flag),
            (off, "isOff", optional_flag),
            (tags, "tags", optional)
        ]
    );

    /// What serde derives for the same struct.
    #[derive(Deserialize)]
    struct Derived {
        id: String,
        #[serde(rename = "isOn", deserialize_with = "flag")]
        on: bool,
        #[serde(rename = "isOff", default, deserialize_with = "optional_flag")]
        off: Option<bool>,
        tags: Option<Vec<String>>,
        #[serde(flatten)]
        extra: Map<String, Value>,
    }

    impl From<Derived> for Thing {
        fn from(derived: Derived) -> Self {
            let Derived {
                id,
                on,
                off,
                tags,
                extra,
            } = derived;
            Self {
                id,
                on,
                off,
                tags,
                extra,
            }
        }
    }

    #[test]
    fn an_open_struct_is_read_as_the_derived_one_is() {
        let texts = [
            r#"{"id":"a","isOn":true}"#,
            r#"{"id":"a","isOn":"false","isOff":"true","tags":["x"],"new":{"deep":[1,null]},"id2":null}"#,
            r#"{"id":"a","isOn":true,"isOff":null,"tags":null}"#,
            r#"{"\u0069d":"escaped","isOn":true,"\u006eew":1}"#,
            r#"{"id":"a","isOn":true,"new":1,"new":2}"#,
            r#"{"id":"a","isOn":true,"extra":{"x":1},"on":1}"#,
            r#"{"isOn":true}"#,
            r#"{"id":"a"}"#,
            r#"{"id":null,"isOn":true}"#,
            r#"{"id":"a","isOn":null}"#,
            r#"{"id":"a","id":"b","isOn":true}"#,
            r#"{"id":"a","isOn":true,"tags":"x"}"#,
            r#"{"id":"a","isOn":"maybe"}"#,
            r#"["a",true]"#,
            r#""a""#,
            "{",
        ];
        let told = |error: &dyn fmt::Display| error.to_string().replace("Derived", "Thing");
        for text in texts {
            let ours = serde_json::from_str::<Thing>(text).map_err(|error| told(&error));
            let theirs = serde_json::from_str::<Derived>(text).map_err(|error| told(&error));
            assert_eq!(ours, theirs.map(Thing::from), "{text}");
            let Ok(value) = serde_json::from_str::<Value>(text) else {
                continue;
            };
            let ours = serde_json::from_value::<Thing>(value.clone()).map_err(|e| told(&e));
            let theirs = serde_json::from_value::<Derived>(value).map_err(|e| told(&e));
            assert_eq!(ours, theirs.map(Thing::from), "the value {text}");
        }
    }

    #[test]
    fn a_time_is_written_as_chrono_writes_it() {
        #[derive(Serialize)]
        struct Ours {
            #[serde(serialize_with = "serialize_rfc3339")]
            at: DateTime<Utc>,
            #[serde(serialize_with = "serialize_optional_rfc3339")]
            then: Option<DateTime<Utc>>,
        }

        #[derive(Serialize)]
        struct Theirs {
            at: DateTime<Utc>,
            then: Option<DateTime<Utc>>,
        }

        let nanos = [0, 1, 1_000, 500_000_000, 120_000_000, 999_999_999];
        let seconds = [0, -1, 1_445_178_376, 253_402_300_800, -62_198_755_200];
        let times = seconds
            .iter()
            .flat_map(|seconds| nanos.map(|nanos| DateTime::from_timestamp(*seconds, nanos)))
            .chain([
                Some(DateTime::<Utc>::MIN_UTC),
                Some(DateTime::<Utc>::MAX_UTC),
            ]);
        for at in times.map(Option::unwrap) {
            for then in [None, Some(at)] {
                let ours = serde_json::to_string(&Ours { at, then }).unwrap();
                let theirs = serde_json::to_string(&Theirs { at, then }).unwrap();
                assert_eq!(ours, theirs);
            }
        }
    }
}
