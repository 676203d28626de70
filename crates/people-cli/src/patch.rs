//! A change to a person: values set and removed by path, applied to an update. Works on JSON and
//! on the contract's schema; the type of a property decides what a value is taken for.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use people_sdk::types::PersonUpdate;
use serde_json::{Map, Value};

use crate::exit::{Exit, Failure};
use crate::schema::{self, FOLLOWS_EXTENSION};

/// Where a value is: `title`, `phoneNumbers[0].value`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Property(String),
    Item(usize),
}

impl FromStr for Path {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || {
            format!(
                "`{text}` is no path; write `title`, or `phoneNumbers[0].value` for what is deeper"
            )
        };
        let mut steps = Vec::new();
        for part in text.split('.') {
            let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
            if name.is_empty() || name.contains(']') {
                return Err(fault());
            }
            steps.push(Step::Property(name.to_owned()));
            while !rest.is_empty() {
                let (index, after) = rest
                    .strip_prefix('[')
                    .and_then(|rest| rest.split_once(']'))
                    .ok_or_else(fault)?;
                steps.push(Step::Item(index.parse().map_err(|_| fault())?));
                rest = after;
            }
        }
        Ok(Self(steps))
    }
}

impl Path {
    /// Whether this is an item of a list.
    fn is_item(&self) -> bool {
        matches!(self.0.last(), Some(Step::Item(_)))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Property(name) if index == 0 => f.write_str(name)?,
                Step::Property(name) => write!(f, ".{name}")?,
                Step::Item(item) => write!(f, "[{item}]")?,
            }
        }
        Ok(())
    }
}

/// What a path is set to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NewValue {
    /// As a person typed it: text where the property takes text, or else JSON.
    Typed(String),
    /// JSON, as it is.
    Json(Value),
}

/// One thing to do to an update.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    Set(Path, NewValue),
    Unset(Path),
}

/// What to do to a person, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Patch(pub(crate) Vec<Action>);

impl Patch {
    /// Each property of `object` set to its value, and removed where that is null.
    pub(crate) fn from_object(object: Map<String, Value>) -> Self {
        let actions = object.into_iter().map(|(name, value)| {
            let path = Path(vec![Step::Property(name)]);
            if value.is_null() {
                Action::Unset(path)
            } else {
                Action::Set(path, NewValue::Json(value))
            }
        });
        Self(actions.collect())
    }

    /// Whether doing this again changes nothing more. Taking an item out of a list is not so: the
    /// next one moves up.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.0.iter().all(|action| match action {
            Action::Unset(path) => !path.is_item(),
            Action::Set(..) => true,
        })
    }

    /// Whether this can be understood at all, before any person has been read: every path is one
    /// of the contract's, as far as the contract knows.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        for action in &self.0 {
            let (Action::Set(path, _) | Action::Unset(path)) = action;
            check_path(path, &Value::Null)?;
        }
        Ok(())
    }

    /// `update` with all of this done to it. Items are taken out of lists when all else is done,
    /// so that every index is that of the list before.
    pub(crate) fn apply(&self, update: &PersonUpdate) -> Result<PersonUpdate, Failure> {
        let original = to_json(update)?;
        let mut changed = original.clone();
        let mut items = BTreeSet::new();
        for action in &self.0 {
            match action {
                Action::Set(path, value) => {
                    check_path(path, &original)?;
                    changed = set(&changed, path, value)?;
                    check_names(&changed, &original)?;
                    // As in `original`, so that a person who was shown can be sent back.
                    if let Some(Value::Array(numbers)) = changed.get_mut("phoneNumbers") {
                        numbers.retain(|number| number["type"] != FOLLOWS_EXTENSION);
                    }
                }
                Action::Unset(path) => {
                    check_path(path, &original)?;
                    if path.is_item() {
                        items.insert(path);
                    } else {
                        unset(&mut changed, path);
                    }
                }
            }
        }
        for path in &items {
            check_item(&changed, path)?;
        }
        // From the last to the first, so that none moves up before it is its turn.
        for path in items.into_iter().rev() {
            unset(&mut changed, path);
        }
        from_json(cleared(&original, changed)?).map_err(Failure::usage)
    }
}

/// An update as JSON.
pub(crate) fn to_json(update: &PersonUpdate) -> Result<Value, Failure> {
    serde_json::to_value(update).map_err(|error| Failure::new(Exit::Other, error))
}

/// JSON as an update, or what is wrong with it.
pub(crate) fn from_json(value: Value) -> Result<PersonUpdate, String> {
    serde_json::from_value(value).map_err(|error| expectation(&error))
}

/// What is wrong with a value, without the value: reports are read by others too.
pub(crate) fn expectation(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = match text.rfind("expected ") {
        Some(start) if text.starts_with("invalid ") => text[start..].to_owned(),
        _ => text,
    };
    // Where in a single value it is says nothing.
    match text.find(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// `changed` with an empty value for each property of `original` that is gone from it, which is how
/// the service is told to clear one.
pub(crate) fn cleared(original: &Value, mut changed: Value) -> Result<Value, Failure> {
    let (Some(original), Some(properties)) = (original.as_object(), changed.as_object_mut()) else {
        return Ok(changed);
    };
    for (name, value) in original {
        if !properties.get(name).is_none_or(Value::is_null) {
            continue;
        }
        let empty = match value {
            Value::String(_) => Value::String(String::new()),
            Value::Array(_) => Value::Array(Vec::new()),
            Value::Null => continue,
            _ => {
                return Err(Failure::usage(format_args!(
                    "`{name}` cannot be cleared, for it has no empty value; set it instead"
                )));
            }
        };
        properties.insert(name.clone(), empty);
    }
    Ok(changed)
}

/// Refuses a path that neither the contract nor the person has, by the name that is nearest.
fn check_path(path: &Path, person: &Value) -> Result<(), Failure> {
    let root = schema::of_update();
    let mut known = Some(root);
    let mut present = Some(person);
    let mut place = String::from("a person");
    for step in &path.0 {
        match step {
            Step::Property(name) => {
                let names = known.map(|schema| schema::properties(root, schema));
                let inner = known.and_then(|schema| schema::property(root, schema, name));
                present = present.and_then(|value| value.get(name));
                if inner.is_none() && present.is_none() {
                    return Err(unknown(name, &place, &names.unwrap_or_default()));
                }
                known = inner;
                place = format!("`{name}`");
            }
            Step::Item(index) => {
                let inner = known.and_then(|schema| schema::items(root, schema));
                if known.is_some() && inner.is_none() {
                    return Err(Failure::usage(format_args!("`{path}`: {place} is no list")));
                }
                known = inner;
                present = present.and_then(|value| value.get(index));
            }
        }
    }
    Ok(())
}

/// Refuses names within `changed` that neither the contract nor `original` has.
pub(crate) fn check_names(changed: &Value, original: &Value) -> Result<(), Failure> {
    names_within(changed, Some(schema::of_update()), original, "a person")
}

fn names_within(
    value: &Value,
    known: Option<&Value>,
    present: &Value,
    place: &str,
) -> Result<(), Failure> {
    let root = schema::of_update();
    // Within what the contract does not know, every name will do.
    let Some(known) = known else {
        return Ok(());
    };
    match value {
        Value::Object(properties) => {
            for (name, value) in properties {
                let inner = schema::property(root, known, name);
                let present = &present[name.as_str()];
                if inner.is_none() && present.is_null() {
                    return Err(unknown(name, place, &schema::properties(root, known)));
                }
                names_within(value, inner, present, &format!("`{name}`"))?;
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let inner = schema::items(root, known);
                names_within(item, inner, &present[index], place)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn unknown(name: &str, place: &str, names: &[&str]) -> Failure {
    if names.is_empty() {
        return Failure::usage(format_args!("{place} has no properties, and no `{name}`"));
    }
    if place == "a person" && schema::is_read_only(name) {
        return Failure::usage(format_args!("`{name}` is read-only"))
            .help(format_args!("what can be set: {}", names.join(", ")));
    }
    let nearest = names
        .iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    let guess = nearest.map_or(String::new(), |(_, name)| {
        format!("; did you mean `{name}`?")
    });
    Failure::usage(format_args!("no such property of {place}: `{name}`{guess}"))
        .help(format_args!("what can be set: {}", names.join(", ")))
}

/// `properties` with `path` set to `value`, taken for what the property's type makes of it.
fn set(properties: &Value, path: &Path, value: &NewValue) -> Result<Value, Failure> {
    let attempt = |value: Value| {
        let mut changed = properties.clone();
        insert(&mut changed, path, value)?;
        match from_json(changed.clone()) {
            Ok(_) => Ok(changed),
            Err(fault) => Err(format!("{path}: {fault}")),
        }
    };
    match value {
        NewValue::Json(value) => attempt(value.clone()).map_err(Failure::usage),
        NewValue::Typed(text) => {
            // Spreadsheets write truth values like this.
            let json = match text.as_str() {
                "TRUE" => "true",
                "FALSE" => "false",
                text => text,
            };
            attempt(Value::String(text.clone())).or_else(|fault| match serde_json::from_str(json) {
                Ok(Value::String(_) | Value::Null) | Err(_) => Err(Failure::usage(fault)),
                Ok(value) => attempt(value).map_err(Failure::usage),
            })
        }
    }
}

/// Puts `value` at `path`, and what is missing on the way there.
fn insert(properties: &mut Value, path: &Path, value: Value) -> Result<(), String> {
    let mut place = properties;
    for step in &path.0 {
        match step {
            Step::Property(name) => {
                if place.is_null() {
                    *place = Value::Object(Map::new());
                }
                let Some(object) = place.as_object_mut() else {
                    return Err(format!("{path}: there is no object to have a `{name}`"));
                };
                place = object.entry(name.clone()).or_insert(Value::Null);
            }
            Step::Item(index) => {
                if place.is_null() {
                    *place = Value::Array(Vec::new());
                }
                let Some(items) = place.as_array_mut() else {
                    return Err(format!("{path}: there is no list to have an item {index}"));
                };
                let length = items.len();
                if *index == length {
                    items.push(Value::Null);
                }
                place = items.get_mut(*index).ok_or_else(|| {
                    format!("{path}: the list has {length} items; [{length}] would add one")
                })?;
            }
        }
    }
    *place = value;
    Ok(())
}

/// Refuses an item that is not in its list.
fn check_item(properties: &Value, path: &Path) -> Result<(), Failure> {
    let mut place = Some(properties);
    for step in &path.0 {
        let list = place.and_then(Value::as_array);
        place = match step {
            Step::Property(name) => place.and_then(|place| place.get(name)),
            Step::Item(index) => {
                let length = list.map_or(0, Vec::len);
                let item = list.and_then(|list| list.get(*index));
                Some(item.ok_or_else(|| {
                    Failure::usage(format_args!("{path}: the list has {length} items"))
                        .help("items are counted from 0")
                })?)
            }
        };
    }
    Ok(())
}

/// Takes away what is at `path`, if anything is.
fn unset(properties: &mut Value, path: &Path) {
    let Some((last, way)) = path.0.split_last() else {
        return;
    };
    let mut place = Some(properties);
    for step in way {
        place = place.and_then(|place| match step {
            Step::Property(name) => place.get_mut(name),
            Step::Item(index) => place.get_mut(index),
        });
    }
    match (place, last) {
        (Some(Value::Object(properties)), Step::Property(name)) => {
            properties.remove(name);
        }
        (Some(Value::Array(items)), Step::Item(index)) if *index < items.len() => {
            items.remove(*index);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn person() -> PersonUpdate {
        from_json(json!({
            "title": "GM",
            "department": "Sales",
            "loginEnabled": true,
            "phoneNumbers": [{"type": "work", "value": "1"}],
            "licenses": ["a"],
            "shoeSize": {"eu": 44},
        }))
        .unwrap()
    }

    fn set(path: &str, value: &str) -> Action {
        Action::Set(path.parse().unwrap(), NewValue::Typed(value.to_owned()))
    }

    fn unset(path: &str) -> Action {
        Action::Unset(path.parse().unwrap())
    }

    fn apply(actions: Vec<Action>) -> Result<Value, String> {
        let changed = Patch(actions).apply(&person());
        changed
            .map(|update| to_json(&update).unwrap())
            .map_err(|failure| failure.message().to_owned())
    }

    #[test]
    fn paths_are_read_and_written_alike() {
        for text in ["title", "phoneNumbers[0].value", "a[1][2].b.c[30]"] {
            assert_eq!(text.parse::<Path>().unwrap().to_string(), text);
        }
        for text in [
            "", ".", "a.", "[0]", "a[", "a[x]", "a[0", "a]b", "a[-1]", "a[0]b",
        ] {
            assert!(text.parse::<Path>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_value_is_what_the_property_takes() {
        let cases = [
            ("title", "Director", json!("Director")),
            ("title", "true", json!("true")),
            ("title", "42", json!("42")),
            ("title", "", json!("")),
            ("extension", "0133", json!("0133")),
            ("loginEnabled", "false", json!(false)),
            ("loginEnabled", "TRUE", json!(true)),
            ("loginEnabled", "FALSE", json!(false)),
            ("title", "TRUE", json!("TRUE")),
            ("licenses", r#"["x","y"]"#, json!(["x", "y"])),
            ("phoneNumbers", "[]", json!([])),
        ];
        for (path, text, expected) in cases {
            let changed = apply(vec![set(path, text)]).unwrap();
            assert_eq!(changed[path], expected, "{path}={text}");
        }
    }

    #[test]
    fn what_is_deeper_is_set_and_added() {
        let changed = apply(vec![
            set("phoneNumbers[0].value", "2"),
            set("phoneNumbers[0].primary", "true"),
            set("phoneNumbers[1].type", "pager"),
            set("addresses[0].locality", "Milpitas"),
            set("shoeSize.eu", "45"),
        ])
        .unwrap();
        let numbers = json!([
            {"type": "work", "value": "2", "primary": true},
            {"type": "pager"},
        ]);
        assert_eq!(changed["phoneNumbers"], numbers);
        assert_eq!(changed["addresses"], json!([{"locality": "Milpitas"}]));
        assert_eq!(changed["shoeSize"], json!({"eu": "45"}));
    }

    #[test]
    fn what_is_unset_is_sent_empty() {
        let changed = apply(vec![
            unset("department"),
            unset("licenses"),
            unset("phoneNumbers[0]"),
            unset("nickName"),
        ])
        .unwrap();
        assert_eq!(changed["department"], "");
        assert_eq!(changed["licenses"], json!([]));
        assert_eq!(changed["phoneNumbers"], json!([]));
        assert_eq!(changed.get("nickName"), None);
        assert_eq!(changed["title"], "GM");
    }

    #[test]
    fn items_are_counted_before_any_is_taken_out() {
        let all = || set("licenses", r#"["a","b","c","d"]"#);
        let cases = [
            (
                vec![unset("licenses[0]"), unset("licenses[1]")],
                json!(["c", "d"]),
            ),
            (
                vec![unset("licenses[3]"), unset("licenses[0]")],
                json!(["b", "c"]),
            ),
            (
                vec![unset("licenses[1]"), unset("licenses[1]")],
                json!(["a", "c", "d"]),
            ),
            (
                vec![unset("licenses[0]"), set("licenses[1]", "x")],
                json!(["x", "c", "d"]),
            ),
        ];
        for (actions, expected) in cases {
            let actions = [vec![all()], actions].concat();
            assert_eq!(
                apply(actions.clone()).unwrap()["licenses"],
                expected,
                "{actions:?}"
            );
        }
        let changed = apply(vec![
            set("phoneNumbers[1].value", "2"),
            set("phoneNumbers[1].primary", "true"),
            unset("phoneNumbers[0]"),
            unset("phoneNumbers[1].primary"),
        ]);
        assert_eq!(changed.unwrap()["phoneNumbers"], json!([{"value": "2"}]));
    }

    #[test]
    fn what_cannot_be_done_is_said() {
        let cases = [
            (unset("licenses[1]"), "licenses[1]: the list has 1 items"),
            (unset("addresses[0]"), "addresses[0]: the list has 0 items"),
            (
                set("titel", "x"),
                "no such property of a person: `titel`; did you mean `title`?",
            ),
            (set("zzz", "x"), "no such property of a person: `zzz`"),
            (set("status", "x"), "`status` is read-only"),
            (
                unset("loginEnabled"),
                "`loginEnabled` cannot be cleared, for it has no empty value; set it instead",
            ),
            (
                unset("emials"),
                "no such property of a person: `emials`; did you mean `emails`?",
            ),
            (
                set("phoneNumbers[0].valu", "x"),
                "no such property of `phoneNumbers`: `valu`; did you mean `value`?",
            ),
            (set("title.x", "x"), "`title` has no properties, and no `x`"),
            (set("title[0]", "x"), "`title[0]`: `title` is no list"),
            (
                set("phoneNumbers[3].value", "x"),
                "phoneNumbers[3].value: the list has 1 items; [1] would add one",
            ),
            (
                set("phoneNumbers", r#"[{"kind": "work"}]"#),
                "no such property of `phoneNumbers`: `kind`",
            ),
            (
                set("loginEnabled", "maybe"),
                "loginEnabled: expected a boolean",
            ),
        ];
        for (action, expected) in cases {
            assert_eq!(apply(vec![action]).unwrap_err(), expected);
        }
    }
}
