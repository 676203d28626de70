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

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(properties) => properties.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether two values of a property are the same to the service, as in [`is_same`], with the same
/// primary item.
pub(crate) fn is_same_property(name: &str, one: &Value, other: &Value) -> bool {
    let is_same_primary = match (primary_item(name, one), primary_item(name, other)) {
        (Some(one), Some(other)) => is_same(one, other),
        _ => true,
    };
    is_same_primary && is_same(one, other)
}

/// Whether two values are the same to the service: absent and empty are equal, the order of a list
/// has no meaning, and neither has the spelling of a phone number (`408 526 7209`).
fn is_same(one: &Value, other: &Value) -> bool {
    if is_empty(one) || is_empty(other) {
        return is_empty(one) && is_empty(other);
    }
    match (one, other) {
        (Value::String(one), Value::String(other)) => {
            one == other || phone_digits(one).is_some_and(|it| phone_digits(other) == Some(it))
        }
        (Value::Object(some), Value::Object(others)) => {
            let names = some.keys().chain(others.keys());
            let (some, others) = (one, other);
            names
                .into_iter()
                .all(|name| is_same(&some[name], &others[name]))
        }
        (Value::Array(some), Value::Array(others)) => {
            let mut left: Vec<&Value> = others.iter().collect();
            some.len() == others.len()
                && some.iter().all(|item| {
                    let place = left.iter().position(|it| is_same(item, it));
                    place.map(|place| left.swap_remove(place)).is_some()
                })
        }
        _ => one == other,
    }
}

/// The digits of a text that can be a phone number.
fn phone_digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = digits.len() >= 6
        && text
            .chars()
            .all(|it| it.is_ascii_digit() || "+-(). ".contains(it));
    is_number.then_some(digits)
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
            let is_same = |name: &str| is_same_property(name, &before[name], &after[name]);
            assert_eq!(is_same("emails"), expected.is_empty(), "{after}");
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

    #[test]
    fn values_that_the_service_treats_as_the_same_are_the_same() {
        let same = [
            (json!(null), json!("")),
            (json!(["a", "b"]), json!(["b", "a"])),
            (json!("+1 408 526 7209"), json!("+14085267209")),
            (
                json!([{"type": "work", "value": "408-526-7209"}, {"type": "fax", "value": "x"}]),
                json!([{"value": "x", "type": "fax", "primary": null}, {"type": "work", "value": "4085267209"}]),
            ),
        ];
        for (one, other) in same {
            assert!(is_same(&one, &other), "{one} {other}");
        }
        let different = [
            (json!("a"), json!("A")),
            (json!(["a", "a"]), json!(["a", "b"])),
            (json!("1-2"), json!("12")),
            (json!(false), json!(null)),
            (json!({"a": 1}), json!({"a": 1, "b": 2})),
        ];
        for (one, other) in different {
            assert!(!is_same(&one, &other), "{one} {other}");
        }
    }
}
