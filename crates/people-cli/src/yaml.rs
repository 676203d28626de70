//! Writing YAML that readers of YAML 1.1 and 1.2 take for the same values: text such as `NO`, `off`,
//! `12:30:45` or a date is quoted. Reading YAML is the library's.

use std::fmt::Write as _;

use people_sdk::escape_invisible_in_json;
use serde::Serialize;
use yaml_serde::Value;

use crate::exit::Failure;
use crate::raw_json;

/// `value` as YAML, with the properties in the order of its type.
pub(crate) fn to_yaml(value: &impl Serialize) -> Result<String, Failure> {
    let value = raw_json::ordered(value)?;
    let mut text = String::new();
    match inline(&value) {
        Some(scalar) => {
            text.push_str(&scalar);
            text.push('\n');
        }
        None => block(&value, 0, &mut text),
    }
    Ok(text)
}

/// The value on one line; `None` for lists and objects that are not empty.
fn inline(value: &Value) -> Option<String> {
    match value {
        Value::Mapping(properties) if !properties.is_empty() => None,
        Value::Sequence(items) if !items.is_empty() => None,
        Value::Mapping(_) => Some("{}".to_owned()),
        Value::Sequence(_) => Some("[]".to_owned()),
        Value::String(text) => Some(string(text)),
        // Numbers, booleans and null are written as in JSON.
        other => serde_json::to_string(other).ok(),
    }
}

fn block(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Mapping(properties) => {
            for (name, value) in properties {
                let name = name.as_str().map(string).unwrap_or_default();
                let _ = write!(text, "{:indent$}{name}:", "");
                match (inline(value), value) {
                    (Some(scalar), _) => {
                        let _ = writeln!(text, " {scalar}");
                    }
                    (None, Value::Sequence(_)) => {
                        text.push('\n');
                        block(value, indent, text);
                    }
                    (None, _) => {
                        text.push('\n');
                        block(value, indent + 2, text);
                    }
                }
            }
        }
        Value::Sequence(items) => {
            for item in items {
                let _ = write!(text, "{:indent$}- ", "");
                if let Some(scalar) = inline(item) {
                    let _ = writeln!(text, "{scalar}");
                } else {
                    let mut inner = String::new();
                    block(item, indent + 2, &mut inner);
                    text.push_str(inner.trim_start());
                }
            }
        }
        _ => {}
    }
}

/// Text, quoted unless every reader takes it for text.
fn string(text: &str) -> String {
    const WORDS: [&str; 11] = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf",
    ];
    let is_plain = text.starts_with(|it: char| it.is_alphabetic() || it == '_')
        && !text.ends_with(' ')
        && text
            .chars()
            .all(|it| it.is_alphanumeric() || " _.@/()+-".contains(it))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_plain {
        text.to_owned()
    } else {
        // A JSON string is a double-quoted scalar of YAML.
        escape_invisible_in_json(&serde_json::Value::from(text).to_string()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_library_reads_the_same_value_back() {
        let value = json!({
            "a": {"b": [{"c": 1, "d": [1, 2]}, [], {}, [["x"], "y"], null]},
            "e": [], "f": {}, "g": 1.5, "h": true, "NO": null,
            "text": ["", " x", "x ", "a: b", "a #b", "- x", "x:", "[", "{", "*a", "&a", "!a", "|", ">",
                "%", "@", "`", "\"", "'", "\\", "Zoë", "a\nb", "\u{1b}[31m", "\u{7f}", "\u{9b}", "null",
                "~", "1", "0x1f", "1e3", "1_000", "=", "<<", "2026-01-01", "12:30:45", "NO", "off", "Y"],
        });
        let text = to_yaml(&value).unwrap();
        assert_eq!(
            yaml_serde::from_str::<serde_json::Value>(&text).unwrap(),
            value,
            "{text}"
        );
        assert!(
            !text.chars().any(|it| it != '\n' && it.is_control()),
            "{text}"
        );
    }

    #[test]
    fn text_that_yaml_1_1_reads_as_something_else_is_quoted() {
        for text in [
            "NO",
            "no",
            "Off",
            "y",
            "TRUE",
            "12:30:45",
            "2026-01-01",
            "0133",
            "1e3",
            "~",
            "=",
            ".inf",
            "0o17",
            "1_000",
            "",
        ] {
            assert_eq!(string(text), format!("\"{text}\""));
        }
        for text in [
            "GM",
            "Nora",
            "a@example.com",
            "Zoë (Sales)",
            "Y2lz",
            "normal",
        ] {
            assert_eq!(string(text), text);
        }
    }
}
