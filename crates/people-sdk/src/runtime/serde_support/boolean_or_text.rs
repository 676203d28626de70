//! A boolean that is also spelled as text.

#[cfg(feature = "schemars")]
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::json_type::{JsonType, boolean_text};
use super::report::{DeviationKind, Mismatch, Report};

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

impl JsonType for BooleanOrText {
    const EXPECTED: &'static str = "a boolean";

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    fn read_lenient(json: &RawValue, report: &mut Report) -> Result<Self, Mismatch> {
        if let Ok(value) = serde_json::from_str(json.get()) {
            return Ok(value);
        }
        let value = boolean_text(json.get()).ok_or_else(|| report.expected(Self::EXPECTED))?;
        report.record(DeviationKind::Converted, Self::EXPECTED);
        Ok(Self(value))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}
