//! The text of `people edit`: the properties of a person as YAML, with the person as it was read at
//! the end. So the text alone is enough to continue later: it tells what was changed in it.

use std::fmt::Write as _;

use people_sdk::types::PersonUpdate;
use people_sdk::{escape_invisible, escape_invisible_in_json};
use serde_json::{Map, Value};

use crate::exit::{Exit, Failure};
use crate::input::parse_object;
use crate::patch::{at, check_names, cleared, from_json};
use crate::yaml::to_yaml;
use crate::yaml_lines::line_of;

/// The lines of an error begin like this.
const ERROR: &str = "# error: ";

/// The line with the person as it was read begins like this.
const BASE: &str = "# As read: ";

/// What the user has changed.
#[derive(Debug)]
pub(crate) struct Edits {
    /// The person as it was read, as an update.
    pub(crate) base: Value,
    /// The properties that were changed, with their new values.
    pub(crate) changed: Map<String, Value>,
}

/// The text for a person.
pub(crate) fn write(
    id: &str,
    base: &Value,
    ordered: &impl serde::Serialize,
) -> Result<String, Failure> {
    with_base(&heading(id), &to_yaml(ordered)?, base)
}

fn heading(id: &str) -> String {
    format!(
        "# The properties of {} that can be changed.\n\
         # A line that is removed clears its property. Without a change, nothing is sent.\n",
        escape_invisible(id)
    )
}

fn with_base(heading: &str, properties: &str, base: &Value) -> Result<String, Failure> {
    let base = serde_json::to_string(base).map_err(|error| Failure::new(Exit::Other, error))?;
    let base = escape_invisible_in_json(&base);
    Ok(format!(
        "{heading}{properties}\n\
         # The next line is the person before the change, which `--resume` needs.\n\
         {BASE}{base}\n"
    ))
}

/// Whether there is an error at the top, so that the text is not sent as it is.
pub(crate) fn has_error(text: &str) -> bool {
    text.lines().any(|line| line.starts_with(ERROR))
}

/// The text with this error at the top, in place of former ones.
pub(crate) fn with_error(text: &str, error: &str) -> String {
    let mut marked = String::new();
    for line in error.lines() {
        // Writing to a string does not fail.
        let _ = writeln!(marked, "{ERROR}{line}");
    }
    for line in text.lines().filter(|line| !line.starts_with(ERROR)) {
        marked.push_str(line);
        marked.push('\n');
    }
    marked
}

/// Why the text cannot be sent, and the text with that at its top; `None` if it can be. The lines
/// that the error names are those of the new text.
pub(crate) fn rejected(text: &str) -> Option<(Failure, String)> {
    let failure = read(&with_error(text, "…")).err()?;
    let text = with_error(text, failure.message());
    Some((failure, text))
}

/// Reads what was changed in the text.
///
/// # Errors
///
/// The text is not that of a person, or a property has no such name or type. The message has the
/// line and the property.
pub(crate) fn read(text: &str) -> Result<Edits, Failure> {
    let base = text.lines().rev().find_map(|line| line.strip_prefix(BASE));
    let base = base.and_then(|base| serde_json::from_str::<Value>(base).ok());
    let base = base.ok_or_else(|| {
        Failure::usage(format_args!("the line `{BASE}…` is missing or was changed"))
            .help("start a new edit, and copy your changes from the text")
    })?;
    let wanted = Value::Object(parse_object(text)?);
    check_names(&wanted, &base)?;
    let wanted = cleared(&base, wanted)?;
    for (name, value) in wanted.as_object().into_iter().flatten() {
        // A value that came in an odd form is sent back as it is.
        if base.get(name) == Some(value) {
            continue;
        }
        let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
        from_json(&alone).map_err(|expected| {
            let message = at(name, &expected);
            let path = message.split(": ").next().unwrap_or(name);
            let line = line_of(text, path);
            let line = line.map_or(String::new(), |line| format!("line {line}: "));
            Failure::usage(format_args!("{line}{message}"))
                .help("text that looks like a number or a boolean needs quotes: \"133\"")
        })?;
    }
    Ok(Edits {
        changed: changed(&base, &wanted),
        base,
    })
}

/// The properties of `wanted` that differ from `base`; null for one that was removed.
pub(crate) fn changed(base: &Value, wanted: &Value) -> Map<String, Value> {
    let names = |value: &Value| {
        let names = value.as_object().into_iter().flat_map(Map::keys);
        names.cloned().collect::<Vec<_>>()
    };
    let mut all = names(base);
    all.extend(names(wanted));
    all.sort_unstable();
    all.dedup();
    all.retain(|name| base.get(name) != wanted.get(name));
    let values = all.into_iter().map(|name| {
        let value = wanted.get(&name).cloned().unwrap_or_default();
        (name, value)
    });
    values.collect()
}

impl Edits {
    /// The properties that were changed here and, to another value, in `current`.
    pub(crate) fn conflicts(&self, current: &Value) -> Vec<&str> {
        let conflict = |(name, value): &(&String, &Value)| {
            let now = &current[name.as_str()];
            let is_now = |value| !PersonUpdate::is_change(name, now, value);
            !is_now(&self.base[name.as_str()]) && !is_now(value)
        };
        let conflicts = self.changed.iter().filter(conflict);
        conflicts.map(|(name, _)| name.as_str()).collect()
    }

    /// `current` with the changes.
    pub(crate) fn apply(&self, current: &Value) -> Value {
        let mut wanted = current.clone();
        if let Some(properties) = wanted.as_object_mut() {
            properties.extend(self.changed.clone());
        }
        wanted
    }

    /// The text for the same changes to `current`.
    pub(crate) fn rewrite(&self, id: &str, current: &Value) -> Result<String, Failure> {
        let wanted = self.apply(current);
        // In the order of the type, as the first text was.
        let properties = match from_json(&wanted) {
            Ok(update) => to_yaml(&update)?,
            Err(_) => to_yaml(&wanted)?,
        };
        with_base(&heading(id), &properties, current)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn base() -> Value {
        json!({"title": "GM", "department": "Sales", "extension": "133", "licenses": ["a"]})
    }

    fn text() -> String {
        write("Y2lz", &base(), &base()).unwrap()
    }

    #[test]
    fn a_text_tells_what_was_changed_in_it() {
        assert!(read(&text()).unwrap().changed.is_empty());
        let edited = text()
            .replace("title: GM", "title: Director")
            .replace("department: Sales\n", "");
        let edits = read(&edited).unwrap();
        assert_eq!(edits.base, base());
        assert_eq!(
            Value::Object(edits.changed),
            json!({"department": "", "title": "Director"})
        );
    }

    #[test]
    fn an_error_names_the_line_and_the_property() {
        for (from, to, expected) in [
            (
                "extension: \"133\"",
                "extension: 133",
                "line 4: extension: expected",
            ),
            (
                "title: GM",
                "titel: GM",
                "no such property of a person: `titel`",
            ),
            ("# As read: {", "# As read: ", "is missing or was changed"),
            ("title: GM", "title: [", "line"),
        ] {
            let failure = read(&text().replace(from, to)).unwrap_err();
            assert!(failure.message().contains(expected), "{failure:?}");
        }
    }

    #[test]
    fn an_error_names_the_line_of_a_value_within_a_property() {
        let text = text().replace("licenses:\n- a", "licenses:\n- a\n- 5");
        let failure = read(&text).unwrap_err();
        assert!(
            failure
                .message()
                .starts_with("line 7: licenses[1]: expected"),
            "{failure:?}"
        );
        let (failure, marked) = rejected(&text).unwrap();
        assert!(
            failure
                .message()
                .starts_with("line 8: licenses[1]: expected"),
            "{failure:?}"
        );
        let line = marked.lines().nth(7).unwrap();
        assert_eq!(line, "- 5");
        assert!(marked.starts_with(&format!("# error: {}\n", failure.message())));
    }

    #[test]
    fn an_error_at_the_top_replaces_the_last_one() {
        let once = with_error(&text(), "a\nb");
        let twice = with_error(&once, "c");
        assert!(once.starts_with("# error: a\n# error: b\n# The properties"));
        assert!(twice.starts_with("# error: c\n# The properties"));
        assert!(has_error(&twice) && !has_error(&text()));
        assert!(read(&twice).unwrap().changed.is_empty());
    }

    #[test]
    fn another_order_of_addresses_is_a_conflict_when_the_primary_one_differs() {
        let edits = Edits {
            base: json!({ "emails": ["a", "b", "c"] }),
            changed: Map::from_iter([("emails".to_owned(), json!(["a", "b"]))]),
        };
        assert_eq!(
            edits.conflicts(&json!({ "emails": ["a", "c", "b"] })),
            [""; 0]
        );
        assert_eq!(
            edits.conflicts(&json!({ "emails": ["b", "a", "c"] })),
            ["emails"]
        );
    }

    #[test]
    fn a_change_of_the_same_property_elsewhere_is_a_conflict() {
        let edits = read(&text().replace("title: GM", "title: King")).unwrap();
        let with = |name: &str, value: &str| {
            let mut current = base();
            current[name] = json!(value);
            current
        };
        assert_eq!(edits.conflicts(&base()), [""; 0]);
        assert_eq!(edits.conflicts(&with("title", "King")), [""; 0]);
        assert_eq!(edits.conflicts(&with("department", "x")), [""; 0]);
        assert_eq!(edits.conflicts(&with("title", "Queen")), ["title"]);
        let current = with("title", "Queen");
        let rewritten = read(&edits.rewrite("Y2lz", &current).unwrap()).unwrap();
        assert_eq!(rewritten.base, current);
        assert_eq!(rewritten.changed["title"], "King");
    }
}
