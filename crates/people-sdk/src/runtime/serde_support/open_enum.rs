//! Open enumerations: the values that the contract lists, and any other text.

use std::fmt;

use serde::Deserializer;
use serde::de::{self, Visitor};
use serde_json::value::RawValue;

use super::json_type;
use super::report::{DeviationKind, Mismatch, Report};

/// Reads text as an open enumeration, without a copy where the word is known.
pub(crate) fn read<'de, D, T>(deserializer: D) -> Result<T, D::Error>
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

/// Reads text, or a number or boolean as the text of it, as an open enumeration.
pub(crate) fn read_lenient<T: From<String>>(
    json: &RawValue,
    report: &mut Report,
    known: &[&str],
) -> Result<T, Mismatch> {
    let text = json_type::text(json, report)?;
    if !known.contains(&text.as_str()) {
        report.record(DeviationKind::UnlistedValue, "a listed value");
    }
    Ok(T::from(text))
}

/// The schema of an open enumeration: the words that the contract lists, or any other text.
#[cfg(feature = "schemars")]
pub(crate) fn schema(description: &str, words: &[&str]) -> schemars::Schema {
    schemars::json_schema!({
        "description": description,
        "anyOf": [{ "type": "string", "enum": words }, { "type": "string" }],
    })
}

/// The implementations of a generated open enumeration, from one line per listed value.
macro_rules! open_enum {
    (
        $name:ident($other:ident, $description:literal);
        $($word:literal => $variant:ident;)*
    ) => {
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

            fn from_str(
                word: &str,
            ) -> ::std::result::Result<Self, ::std::convert::Infallible> {
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
                $crate::runtime::serde_support::open_enum::read(deserializer)
            }
        }

        impl $crate::runtime::serde_support::JsonType for $name {
            const EXPECTED: &'static str = "text";

            fn read<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::serde_support::open_enum::read(deserializer)
            }

            fn read_lenient(
                json: &::serde_json::value::RawValue,
                report: &mut $crate::runtime::serde_support::Report,
            ) -> ::std::result::Result<Self, $crate::runtime::serde_support::Mismatch> {
                $crate::runtime::serde_support::open_enum::read_lenient(
                    json,
                    report,
                    Self::KNOWN_VALUES,
                )
            }

            fn write<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                $crate::runtime::serde_support::open_enum::schema($description, Self::KNOWN_VALUES)
            }
        }
    };
}
pub(crate) use open_enum;
