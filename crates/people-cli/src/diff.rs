//! The difference between two states of a person, by path. Works on JSON, so that it knows no
//! property by name.

use std::fmt::Write as _;

use anstyle::AnsiColor;
use serde::Serialize;
use serde_json::Value;

use crate::exit::{Exit, Failure};
use crate::output::inline;

/// One value that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Change {
    /// Where: `phoneNumbers[0].value`. An item that joins or leaves a list of words has the path of
    /// the list.
    pub(crate) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<Value>,
}

/// What differs between two values of the same type. Absent and empty are alike.
pub(crate) fn diff(
    before: &impl Serialize,
    after: &impl Serialize,
) -> Result<Vec<Change>, Failure> {
    let value = |error| Failure::new(Exit::Other, error);
    let before = serde_json::to_value(before).map_err(value)?;
    let after = serde_json::to_value(after).map_err(value)?;
    let mut changes = Vec::new();
    compare(Some(&before), Some(&after), String::new(), &mut changes);
    Ok(changes)
}

fn compare(before: Option<&Value>, after: Option<&Value>, path: String, changes: &mut Vec<Change>) {
    let before = before.filter(|value| !is_empty(value));
    let after = after.filter(|value| !is_empty(value));
    match (before, after) {
        (None, None) => {}
        (Some(before), Some(after)) if before == after => {}
        (Some(Value::Object(_)) | None, Some(Value::Object(_)) | None) => {
            let properties = |value: Option<&Value>| {
                let properties = value.and_then(Value::as_object);
                let names = properties.into_iter().flat_map(|it| it.keys().cloned());
                names.collect::<Vec<_>>()
            };
            let mut names = properties(before);
            names.extend(properties(after));
            names.sort_unstable();
            names.dedup();
            for name in names {
                let inner = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                let [before, after] =
                    [before, after].map(|value| value.and_then(|it| it.get(&name)));
                compare(before, after, inner, changes);
            }
        }
        (Some(Value::Array(_)) | None, Some(Value::Array(_)) | None) => {
            let items = |value: Option<&Value>| {
                let items = value.and_then(Value::as_array);
                items.cloned().unwrap_or_default()
            };
            compare_lists(&items(before), &items(after), &path, changes);
        }
        _ => changes.push(Change {
            path,
            before: before.cloned(),
            after: after.cloned(),
        }),
    }
}

/// Lists of objects are compared by position. The order of a list of words says nothing.
fn compare_lists(before: &[Value], after: &[Value], path: &str, changes: &mut Vec<Change>) {
    if before
        .iter()
        .chain(after)
        .any(|item| item.is_object() || item.is_array())
    {
        for index in 0..before.len().max(after.len()) {
            let path = format!("{path}[{index}]");
            compare(before.get(index), after.get(index), path, changes);
        }
        return;
    }
    let gone = before.iter().filter(|item| !after.contains(item));
    let come = after.iter().filter(|item| !before.contains(item));
    changes.extend(gone.map(|item| Change {
        path: path.to_owned(),
        before: Some(item.clone()),
        after: None,
    }));
    changes.extend(come.map(|item| Change {
        path: path.to_owned(),
        before: None,
        after: Some(item.clone()),
    }));
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(properties) => properties.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The changes for a person to read, one a line, each after `indent`.
pub(crate) fn render(changes: &[Change], indent: &str) -> String {
    let width = changes
        .iter()
        .map(|change| change.path.chars().count())
        .max();
    let width = width.unwrap_or_default();
    let mut lines = String::new();
    for Change {
        path,
        before,
        after,
    } in changes
    {
        let (sign, colour, text) = match (before, after) {
            (Some(before), Some(after)) => (
                '~',
                AnsiColor::Yellow,
                format!("{} -> {}", inline(before), inline(after)),
            ),
            (None, Some(after)) => ('+', AnsiColor::Green, inline(after)),
            (Some(before), None) => ('-', AnsiColor::Red, inline(before)),
            (None, None) => continue,
        };
        let style = colour.on_default();
        let _ = writeln!(
            lines,
            "{indent}{style}{sign} {path:width$}  {text}{style:#}"
        );
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(before: &Value, after: &Value) -> Vec<String> {
        let text = render(&diff(before, after).unwrap(), "");
        anstream::adapter::strip_str(&text)
            .to_string()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn a_difference_names_every_path_and_nothing_else() {
        let before = json!({
            "title": "GM", "department": "Sales", "manager": null,
            "phoneNumbers": [{"type": "work", "value": "1"}, {"type": "fax", "value": "2"}],
            "licenses": ["a", "b", "c"],
        });
        let after = json!({
            "title": "Director", "department": "", "nickName": "Jo",
            "phoneNumbers": [{"type": "work", "value": "3", "primary": true}],
            "licenses": ["c", "a", "d"],
        });
        assert_eq!(
            shown(&before, &after),
            [
                "- department               Sales",
                "- licenses                 b",
                "+ licenses                 d",
                "+ nickName                 Jo",
                "+ phoneNumbers[0].primary  true",
                "~ phoneNumbers[0].value    1 -> 3",
                "- phoneNumbers[1].type     fax",
                "- phoneNumbers[1].value    2",
                "~ title                    GM -> Director",
            ]
        );
        assert!(shown(&before, &before).is_empty());
    }

    #[test]
    fn absent_and_empty_are_alike() {
        let full = json!({"a": "", "b": [], "c": null, "d": {}});
        assert!(shown(&full, &json!({})).is_empty());
        assert!(shown(&json!({}), &full).is_empty());
    }

    #[test]
    fn nothing_in_a_value_reaches_the_terminal_as_a_command() {
        let lines = shown(&json!({}), &json!({"title": "a\u{1b}[31m\nb"}));
        assert_eq!(lines, ["+ title  a\\u{1b}[31m\\nb"]);
    }
}
