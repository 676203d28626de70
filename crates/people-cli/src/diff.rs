//! The difference between two states of a person, by path. Works on JSON and names no property.

use std::fmt::Write as _;

use anstyle::AnsiColor;
use people_sdk::update_facts::PERSON_UPDATE;
use people_sdk::{PropertyFacts, escape_invisible};
use serde::Serialize;
use serde_json::Value;

use crate::exit::Failure;
use crate::output::inline;
use crate::raw_json;

/// A value that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Change {
    /// The path of the value, `phoneNumbers[0].value`. An item that is added to or removed from a
    /// list of scalars has the path of the list, and a primary item has index 0.
    pub(crate) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<Value>,
}

/// The differences between two values of the same type. Absent and empty values are equal.
pub(crate) fn diff(
    before: &impl Serialize,
    after: &impl Serialize,
) -> Result<Vec<Change>, Failure> {
    let [before, after] = [raw_json::value(before)?, raw_json::value(after)?];
    let mut changes = Vec::new();
    compare(Some(&before), Some(&after), String::new(), &mut changes);
    let reordered = PERSON_UPDATE
        .iter()
        .filter_map(|facts| primary_change(facts.name, &before[facts.name], &after[facts.name]));
    changes.extend(reordered);
    Ok(changes)
}

/// The change of the primary item of a list, unless it shows as one item removed and one added.
fn primary_change(name: &str, before: &Value, after: &Value) -> Option<Change> {
    let (old, new) = (primary_item(name, before)?, primary_item(name, after)?);
    let contains = |list: &Value, item| list.as_array().is_some_and(|it| it.contains(item));
    let is_reordered = contains(before, new) || contains(after, old);
    (old != new && is_reordered).then(|| Change {
        path: format!("{name}[0]"),
        before: Some(old.clone()),
        after: Some(new.clone()),
    })
}

/// The first item of a list in which it is the primary one.
fn primary_item<'a>(name: &str, list: &'a Value) -> Option<&'a Value> {
    first_is_primary(name).then(|| list.get(0))?
}

/// Whether the first item of a property is the primary one.
pub(crate) fn first_is_primary(name: &str) -> bool {
    PropertyFacts::find(PERSON_UPDATE, name).is_some_and(|facts| facts.first_is_primary)
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

/// Lists of objects are compared by position, lists of scalars as multisets.
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
    let mut added: Vec<&Value> = after.iter().collect();
    let mut removed = Vec::new();
    for item in before {
        match added.iter().position(|it| *it == item) {
            Some(place) => {
                added.remove(place);
            }
            None => removed.push(item),
        }
    }
    changes.extend(removed.into_iter().map(|item| Change {
        path: path.to_owned(),
        before: Some(item.clone()),
        after: None,
    }));
    changes.extend(added.into_iter().map(|item| Change {
        path: path.to_owned(),
        before: None,
        after: Some(item.clone()),
    }));
}

/// Whether a value is absent or empty: null, an empty text, a list or an object without content.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(properties) => properties.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The changes as text, one per line, each after `indent`.
pub(crate) fn render(changes: &[Change], indent: &str) -> String {
    let paths = changes.iter().map(|change| escape_invisible(&change.path));
    let paths: Vec<_> = paths.collect();
    let width = paths.iter().map(|path| path.chars().count()).max();
    let width = width.unwrap_or_default();
    let mut lines = String::new();
    for (Change { before, after, .. }, path) in changes.iter().zip(&paths) {
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
    fn a_diff_has_one_line_per_changed_path() {
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
    fn another_primary_item_is_a_change_and_another_order_of_the_rest_is_none() {
        let emails = |emails: &[&str]| json!({ "emails": emails, "licenses": emails });
        let cases: [(&[&str], &[&str]); 5] = [
            (&["b", "a", "c"], &["~ emails[0]  a -> b"]),
            (&["a", "c", "b"], &[]),
            (
                &["b", "c"],
                &["- emails     a", "- licenses   a", "~ emails[0]  a -> b"],
            ),
            (&["a", "b", "c", "c"], &["+ emails    c", "+ licenses  c"]),
            // It shows by itself.
            (
                &["d", "b", "c"],
                &[
                    "- emails    a",
                    "+ emails    d",
                    "- licenses  a",
                    "+ licenses  d",
                ],
            ),
        ];
        let before = emails(&["a", "b", "c"]);
        for (after, expected) in cases {
            let after = emails(after);
            assert_eq!(shown(&before, &after), expected, "{after}");
        }
    }

    #[test]
    fn absent_and_empty_values_are_equal() {
        let full = json!({"a": "", "b": [], "c": null, "d": {}});
        assert!(shown(&full, &json!({})).is_empty());
        assert!(shown(&json!({}), &full).is_empty());
    }

    #[test]
    fn control_characters_of_a_value_are_escaped() {
        let lines = shown(&json!({}), &json!({"title": "a\u{1b}[31m\nb"}));
        assert_eq!(lines, ["+ title  a\\u{1b}[31m\\nb"]);
    }
}
