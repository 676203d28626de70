//! A patch: values to set, clear, add and remove by path, applied to an update. Works on JSON and
//! the contract's schema, and names no property; the type of a property decides how text is read.

use std::collections::BTreeSet;
use std::fmt;
use std::mem::discriminant;
use std::str::FromStr;

use people_sdk::types::PersonUpdate;
use people_sdk::update_facts::PERSON_UPDATE;
use people_sdk::{PropertyFacts, StoredForm};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::diff::first_is_primary;
use crate::exit::{Exit, Failure};
use crate::raw_json;
use crate::schema::{self, FOLLOWS_EXTENSION};

/// Where a value is: `title`, `phoneNumbers[0].value`, `phoneNumbers[work].value`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Path(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Step {
    Property(String),
    /// An item of a list, counted from 0.
    Item(usize),
    /// The first item of a list whose property `type` has this value.
    ItemOfType(String),
}

impl FromStr for Path {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let invalid = || {
            format!(
                "`{text}` is not a path; write `title`, `phoneNumbers[0].value` or \
                 `phoneNumbers[work].value`"
            )
        };
        let mut steps = Vec::new();
        for part in text.split('.') {
            let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
            if name.is_empty() || name.contains(']') {
                return Err(invalid());
            }
            steps.push(Step::Property(name.to_owned()));
            while !rest.is_empty() {
                let (item, after) = rest
                    .strip_prefix('[')
                    .and_then(|rest| rest.split_once(']'))
                    .ok_or_else(invalid)?;
                steps.push(match item.parse() {
                    Ok(index) => Step::Item(index),
                    Err(_) if item.starts_with(|it: char| it.is_ascii_alphabetic()) => {
                        Step::ItemOfType(item.to_owned())
                    }
                    Err(_) => return Err(invalid()),
                });
                rest = after;
            }
        }
        Ok(Self(steps))
    }
}

impl Path {
    /// The path of a property of a person.
    pub(crate) fn of_property(name: &str) -> Self {
        Self(vec![Step::Property(name.to_owned())])
    }

    /// Whether the path ends in the index of an item of a list.
    fn is_item(&self) -> bool {
        matches!(self.0.last(), Some(Step::Item(_)))
    }

    /// The property of a person that the path begins with.
    pub(crate) fn property(&self) -> &str {
        match self.0.first() {
            Some(Step::Property(name)) => name,
            _ => "",
        }
    }

    /// The same path with property names as the contract spells them, where they differ in upper
    /// and lower case only.
    pub(crate) fn with_contract_spelling(mut self) -> Self {
        let root = schema::of_person();
        let mut known = Some(root);
        for step in &mut self.0 {
            known = match step {
                Step::Property(name) => known.and_then(|schema| {
                    let names = schema::properties(root, schema);
                    let same = names.into_iter().find(|it| it.eq_ignore_ascii_case(name))?;
                    same.clone_into(name);
                    schema::property(root, schema, name)
                }),
                Step::Item(_) | Step::ItemOfType(_) => {
                    known.and_then(|schema| schema::items(root, schema))
                }
            };
        }
        self
    }

    /// Looks the path up in a value.
    pub(crate) fn get<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(value, |place, step| match step {
            Step::Property(name) => place.get(name),
            Step::Item(index) => place.get(index),
            Step::ItemOfType(name) => place.get(position_of_type(place, name)?),
        })
    }
}

/// The position of the first item whose property `type` is `name`.
fn position_of_type(list: &Value, name: &str) -> Option<usize> {
    let items = list.as_array()?;
    items.iter().position(|item| item["type"] == *name)
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Property(name) if index == 0 => f.write_str(name)?,
                Step::Property(name) => write!(f, ".{name}")?,
                Step::Item(item) => write!(f, "[{item}]")?,
                Step::ItemOfType(name) => write!(f, "[{name}]")?,
            }
        }
        Ok(())
    }
}

/// The value that an action sets, adds or removes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NewValue {
    /// Text that was typed: the text itself where the property takes text, or else JSON.
    Typed(String),
    /// A JSON value.
    Json(Value),
}

impl fmt::Display for NewValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Typed(text) => f.write_str(text),
            Self::Json(value) => value.fmt(f),
        }
    }
}

/// One step of a patch.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    /// Sets a value.
    Set(Path, NewValue),
    /// Clears a property, or removes an item of a list.
    Unset(Path),
    /// Adds an item to a list that does not contain it.
    Add(Path, NewValue),
    /// Removes every item of a list that equals the value.
    Remove(Path, NewValue),
    /// Sets a property back to a former value, if it has one of the values that have replaced it, as
    /// they were sent or as the service has stored them. Leaves it as it is if it has the former value,
    /// or what the service has `restored` in its place. A null stands for a property that is absent.
    Restore {
        property: String,
        replaced_by: Vec<Value>,
        former: Value,
        restored: Vec<Value>,
    },
}

/// What to change about a person, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Patch(pub(crate) Vec<Action>);

impl Patch {
    /// Sets each property of `object` to its value, and clears it where that is null.
    pub(crate) fn from_object(object: Map<String, Value>) -> Self {
        let actions = object.into_iter().map(|(name, value)| {
            let path = Path::of_property(&name);
            if value.is_null() {
                Action::Unset(path)
            } else {
                Action::Set(path, NewValue::Json(value))
            }
        });
        Self(actions.collect())
    }

    /// Whether applying the patch twice has the effect of applying it once. Removing an item by its
    /// index does not: the second time, the next item has that index.
    pub(crate) fn is_repeatable(&self) -> bool {
        let by_index = |action: &Action| matches!(action, Action::Unset(path) if path.is_item());
        !self.0.iter().any(by_index)
    }

    /// Text that is the same for patches that do the same, however they were written down.
    pub(crate) fn canonical(&self) -> String {
        let lines = self.0.iter().map(|action| match action {
            Action::Set(path, value) => json!(["set", path.to_string(), value.to_string()]),
            Action::Unset(path) => json!(["unset", path.to_string()]),
            Action::Add(path, value) => json!(["add", path.to_string(), value.to_string()]),
            Action::Remove(path, value) => json!(["remove", path.to_string(), value.to_string()]),
            // An undo adds to `restored`, and is the same afterwards.
            Action::Restore {
                property,
                replaced_by,
                former,
                restored: _,
            } => json!(["restore", property, replaced_by, former]),
        });
        let lines: Vec<String> = lines.map(|line| line.to_string()).collect();
        lines.join("\n")
    }

    /// Checks what can be checked before a person has been read: that every path is one of the
    /// contract's, as far as the contract goes.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        for action in &self.0 {
            if let Some(path) = action.path() {
                check_path(path, &Value::Null)?;
            }
        }
        Ok(())
    }

    /// Checks the values that are set for whole properties, and that items are added to and removed
    /// from lists: what is wrong for every person.
    pub(crate) fn check_values(&self) -> Result<(), Failure> {
        let no_person = Value::Object(Map::new());
        for action in &self.0 {
            match action {
                Action::Set(path, value) if path.0.len() == 1 => {
                    set(&no_person, path, value)?;
                }
                Action::Add(path, _) | Action::Remove(path, _)
                    if schema_at(path).is_some() && list_at(path).is_none() =>
                {
                    return Err(Failure::usage(format_args!("{path}: not a list")));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// `update` with the patch applied. Items are removed from lists after everything else, so
    /// that an index always counts in the list as it was before.
    pub(crate) fn apply(&self, update: &PersonUpdate) -> Result<PersonUpdate, Failure> {
        let original = to_json(update)?;
        let mut changed = original.clone();
        let mut items = BTreeSet::new();
        for action in &self.0 {
            if let Some(path) = action.path() {
                check_path(path, &original)?;
                check_known_list(action, path, &original)?;
            }
            match action {
                Action::Set(path, value) => {
                    changed = set(&changed, path, value)?;
                    check_names(&changed, &original)?;
                    // As in `original`, so that the output of `get` can be sent back.
                    if let Some(Value::Array(numbers)) = changed.get_mut("phoneNumbers") {
                        numbers.retain(|number| number["type"] != FOLLOWS_EXTENSION);
                    }
                }
                Action::Unset(path) if path.is_item() => {
                    items.insert(path);
                }
                Action::Unset(path) => unset(&mut changed, path),
                Action::Add(path, value) => changed = add(&changed, path, value)?,
                Action::Remove(path, value) => remove(&mut changed, path, value)?,
                Action::Restore {
                    property,
                    replaced_by,
                    former,
                    restored,
                } => {
                    let current = &changed[property];
                    let is_current = |it| !PersonUpdate::is_change(property, current, it);
                    if !is_current(former) && !restored.iter().any(is_current) {
                        restore(&mut changed, property, replaced_by, former)?;
                    }
                }
            }
        }
        for path in &items {
            check_item(&changed, path)?;
        }
        // From the last to the first, so that no index changes before it is used.
        for path in items.into_iter().rev() {
            unset(&mut changed, path);
        }
        with_changes(update, &original, &cleared(&original, changed)?)
    }
}

impl Action {
    /// The path that the action is about. A property that is set back needs no check of its path.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Set(path, _) | Self::Unset(path) | Self::Add(path, _) | Self::Remove(path, _) => {
                Some(path)
            }
            Self::Restore { .. } => None,
        }
    }
}

/// An update as JSON.
pub(crate) fn to_json(update: &PersonUpdate) -> Result<Value, Failure> {
    raw_json::value(update)
}

/// `update` with the values of `wanted` where they differ from `original`, which is `update` as JSON.
/// Everything else stays as it came, to the letter, and is not checked.
pub(crate) fn with_changes(
    update: &PersonUpdate,
    original: &Value,
    wanted: &Value,
) -> Result<PersonUpdate, Failure> {
    let mut properties = raw_json::properties(update)?;
    let wanted = wanted.as_object().cloned().unwrap_or_default();
    properties.retain(|name, _| wanted.contains_key(name));
    let mut changed = wanted;
    changed.retain(|name, value| original.get(name) != Some(value));
    from_json(&Value::Object(changed.clone())).map_err(Failure::usage)?;
    let failure = |error| Failure::new(Exit::Other, error);
    for (name, value) in changed {
        let json = RawValue::from_string(value.to_string()).map_err(failure)?;
        properties.insert(name, json);
    }
    let text = serde_json::to_string(&properties).map_err(failure)?;
    serde_json::from_str(&text).map_err(failure)
}

/// JSON as an update. The error says which type was expected.
pub(crate) fn from_json(value: &Value) -> Result<PersonUpdate, String> {
    PersonUpdate::from_json_strict(&value.to_string()).map_err(|error| expectation(&error))
}

/// `expected` with its path in front, unless it names the property itself.
pub(crate) fn at(path: &str, expected: &str) -> String {
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let rest = expected.strip_prefix(&path[..end]);
    if rest.is_some_and(|rest| rest.starts_with([':', '.', '['])) {
        expected.to_owned()
    } else {
        format!("{path}: {expected}")
    }
}

/// The type that was expected, without the value: reports have other readers than the author.
pub(crate) fn expectation(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = match text.rfind("expected ") {
        Some(start) if text.starts_with("invalid ") => text[start..].to_owned(),
        _ => text,
    };
    // The position within a single value does not help.
    match text.find(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// `changed` with an empty value for each property of `original` that it lacks, which is how an
/// update clears a property.
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
                    "`{name}` cannot be cleared, because it has no empty value; set it instead"
                )));
            }
        };
        properties.insert(name.clone(), empty);
    }
    Ok(changed)
}

/// Rejects a path that neither the contract nor the person has, and suggests the closest name.
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
                let is_list = known.is_some_and(|schema| schema::items(root, schema).is_some());
                present = present.and_then(|value| value.get(name));
                if inner.is_none() && present.is_none() {
                    if is_list {
                        return Err(Failure::usage(format_args!(
                            "`{path}`: {place} is a list; name an item, as in `[0]`"
                        )));
                    }
                    return Err(unknown(name, &place, &names.unwrap_or_default()));
                }
                known = inner;
                place = format!("`{name}`");
            }
            Step::Item(_) | Step::ItemOfType(_) => {
                let inner = known.and_then(|schema| schema::items(root, schema));
                if known.is_some() && inner.is_none() {
                    return Err(Failure::usage(format_args!(
                        "`{path}`: {place} is not a list"
                    )));
                }
                if let (Step::ItemOfType(_), Some(inner)) = (step, inner)
                    && schema::property(root, inner, "type").is_none()
                {
                    return Err(Failure::usage(format_args!(
                        "`{path}`: the items of {place} have no type; write an index, as in `[0]`"
                    )));
                }
                known = inner;
                present = match step {
                    Step::Item(index) => present.and_then(|value| value.get(index)),
                    _ => None,
                };
            }
        }
    }
    Ok(())
}

/// Rejects an action on a part of a list that is not in the update, because nothing says which of the
/// person's items is the primary one. The list as a whole can be set.
fn check_known_list(action: &Action, path: &Path, original: &Value) -> Result<(), Failure> {
    let name = path.property();
    let is_whole = matches!(action, Action::Set(..)) && path.0.len() == 1;
    if is_whole || !first_is_primary(name) || !original[name].is_null() {
        return Ok(());
    }
    Err(Failure::usage(format_args!(
        "`{name}` of this person is unknown in part: its first item becomes the primary one, and \
         nothing says which one that is now"
    ))
    .help(format_args!(
        "set the whole list with the primary item first: `{name}=[\"…\",\"…\"]`"
    )))
}

/// Rejects names within `changed` that neither the contract nor `original` has.
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
    // Within what the contract does not know, every name is valid.
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
        return Failure::usage(format_args!(
            "{place} has no properties, so no `{name}` either"
        ));
    }
    if place == "a person" && schema::is_read_only(name) {
        return Failure::usage(format_args!("`{name}` is read-only")).help(format_args!(
            "properties that can be set: {}",
            names.join(", ")
        ));
    }
    let nearest = names
        .iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    let guess = nearest.map_or(String::new(), |(_, name)| {
        format!("; did you mean `{name}`?")
    });
    Failure::usage(format_args!("no such property of {place}: `{name}`{guess}")).help(format_args!(
        "properties that can be set: {}",
        names.join(", ")
    ))
}

/// The JSON values that typed text can mean, the text itself first.
fn readings(value: &NewValue) -> Vec<Value> {
    match value {
        NewValue::Json(value) => vec![value.clone()],
        NewValue::Typed(text) => {
            // Spreadsheets write booleans like this.
            let json = match text.as_str() {
                "TRUE" => "true",
                "FALSE" => "false",
                text => text,
            };
            let mut readings = vec![Value::String(text.clone())];
            match serde_json::from_str(json) {
                Ok(Value::String(_) | Value::Null) | Err(_) => {}
                Ok(value) => readings.push(value),
            }
            readings
        }
    }
}

/// The update that `change` makes of a reading of `value`. If several readings are valid, the one of
/// the same type as the `current` value is meant, or else the first.
fn first_valid(
    value: &NewValue,
    path: &Path,
    current: Option<&Value>,
    change: impl Fn(Value) -> Result<Value, String>,
) -> Result<Value, Failure> {
    let mut first = None;
    let mut error = String::new();
    for reading in readings(value) {
        let is_same_type = current.is_some_and(|it| discriminant(it) == discriminant(&reading));
        let outcome = change(reading).and_then(|changed| {
            // Other properties may have come in an odd form, and are sent back as they are.
            let name = path.property();
            let alone = json!({ name: changed.get(name).unwrap_or(&Value::Null) });
            from_json(&alone).map_err(|expected| at(&path.to_string(), &expected))?;
            Ok(changed)
        });
        match outcome {
            Ok(changed) if is_same_type => return Ok(changed),
            Ok(changed) => first = first.or(Some(changed)),
            // For typed text, the last reading is JSON that was meant as such.
            Err(reason) => error = reason,
        }
    }
    if let Some(changed) = first {
        return Ok(changed);
    }
    let failure = Failure::usage(error);
    if list_at(path).is_some() {
        return Err(failure.help(format_args!(
            "`{path}` is a list: replace it with JSON, as in `{path}=[\"…\"]`, or change one item \
             with `--add {path}=…` and `--remove {path}=…`"
        )));
    }
    let root = schema::of_update();
    let names = schema_at(path).map_or(Vec::new(), |schema| schema::properties(root, schema));
    let is_object = readings(value).iter().any(Value::is_object);
    let Some(example) = names.last().filter(|_| !is_object) else {
        return Err(failure);
    };
    Err(failure.help(format_args!(
        "`{path}` has properties, which are set as in `{path}.{example}=…`: {}",
        names.join(", ")
    )))
}

/// What the contract says of the value at `path`.
fn schema_at(path: &Path) -> Option<&'static Value> {
    let root = schema::of_update();
    path.0.iter().try_fold(root, |schema, step| match step {
        Step::Property(name) => schema::property(root, schema, name),
        Step::Item(_) | Step::ItemOfType(_) => schema::items(root, schema),
    })
}

/// The schema of the items, if the contract says that there is a list at `path`.
fn list_at(path: &Path) -> Option<&'static Value> {
    schema::items(schema::of_update(), schema_at(path)?)
}

/// Whether the contract says that there is text at `path`.
pub(crate) fn is_text_at(path: &Path) -> bool {
    schema_at(path).is_some_and(|schema| schema::takes_text(schema::of_update(), schema))
}

/// `properties` with `path` set to `value`.
fn set(properties: &Value, path: &Path, value: &NewValue) -> Result<Value, Failure> {
    first_valid(value, path, path.get(properties), |value| {
        let mut changed = properties.clone();
        *place_at(&mut changed, path)? = value;
        Ok(changed)
    })
}

/// `properties` with `value` in the list at `path`.
fn add(properties: &Value, path: &Path, value: &NewValue) -> Result<Value, Failure> {
    first_valid(value, path, None, |value| {
        let mut changed = properties.clone();
        let place = place_at(&mut changed, path)?;
        if place.is_null() {
            *place = Value::Array(Vec::new());
        }
        let Some(items) = place.as_array_mut() else {
            return Err(format!("{path}: not a list"));
        };
        if !items.contains(&value) {
            items.push(value);
        }
        Ok(changed)
    })
}

/// Removes `value` from the list at `path`, if there is such a list.
fn remove(properties: &mut Value, path: &Path, value: &NewValue) -> Result<(), Failure> {
    if path.get(properties).is_none_or(Value::is_null) {
        return Ok(());
    }
    let place = place_at(properties, path).map_err(Failure::usage)?;
    let Some(items) = place.as_array_mut() else {
        return Err(Failure::usage(format_args!("{path}: not a list")));
    };
    let readings = readings(value);
    items.retain(|item| !readings.contains(item));
    Ok(())
}

/// Sets a property back to its former value.
fn restore(
    properties: &mut Value,
    property: &str,
    replaced_by: &[Value],
    former: &Value,
) -> Result<(), Failure> {
    let current = &properties[property];
    let is_current = |sent: &Value| !PersonUpdate::is_change(property, current, sent);
    if !replaced_by.iter().any(is_current) {
        let failure = Failure::new(
            Exit::Other,
            format_args!(
                "`{property}` has changed since: it has neither the value before the change nor \
                 the one after; nothing was sent"
            ),
        );
        let facts = PropertyFacts::find(PERSON_UPDATE, property);
        let is_copy = facts.is_some_and(|facts| facts.stored_as == Some(StoredForm::Copy));
        return Err(failure.help(if is_copy {
            "the service stores a copy under an address of its own, so this can be one of the two \
             all the same; look at the person with `people get`, and correct it by hand"
        } else {
            "look at the person with `people get`, and correct it by hand"
        }));
    }
    if let Some(object) = properties.as_object_mut() {
        if former.is_null() {
            object.remove(property);
        } else {
            object.insert(property.to_owned(), former.clone());
        }
    }
    Ok(())
}

/// The place of `path`, with the objects, lists and items on the way to it that are missing.
fn place_at<'a>(properties: &'a mut Value, path: &Path) -> Result<&'a mut Value, String> {
    let mut place = properties;
    for step in &path.0 {
        if place.is_null() {
            *place = match step {
                Step::Property(_) => Value::Object(Map::new()),
                Step::Item(_) | Step::ItemOfType(_) => Value::Array(Vec::new()),
            };
        }
        place = match step {
            Step::Property(name) => {
                let Some(object) = place.as_object_mut() else {
                    return Err(format!("{path}: not an object, so it has no `{name}`"));
                };
                object.entry(name.clone()).or_insert(Value::Null)
            }
            Step::Item(_) | Step::ItemOfType(_) => {
                let of_type = match step {
                    Step::ItemOfType(name) => Some(position_of_type(place, name)),
                    _ => None,
                };
                let Some(items) = place.as_array_mut() else {
                    return Err(format!("{path}: not a list"));
                };
                let length = items.len();
                let index = match step {
                    Step::Item(index) => *index,
                    _ => of_type.flatten().unwrap_or(length),
                };
                if index == length {
                    items.push(match step {
                        Step::ItemOfType(name) => json!({ "type": name }),
                        _ => Value::Null,
                    });
                }
                items.get_mut(index).ok_or_else(|| {
                    format!("{path}: the list has {length} items; [{length}] would add one")
                })?
            }
        };
    }
    Ok(place)
}

/// Rejects the index of an item that is not in its list.
fn check_item(properties: &Value, path: &Path) -> Result<(), Failure> {
    let mut place = Some(properties);
    for step in &path.0 {
        let list = place.and_then(Value::as_array);
        place = match step {
            Step::Property(name) => place.and_then(|place| place.get(name)),
            Step::ItemOfType(name) => {
                place.and_then(|place| place.get(position_of_type(place, name)?))
            }
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

/// Removes the value at `path`, if there is one.
fn unset(properties: &mut Value, path: &Path) {
    let Some((last, parents)) = path.0.split_last() else {
        return;
    };
    let mut place = Some(properties);
    for step in parents {
        place = place.and_then(|place| match step {
            Step::Property(name) => place.get_mut(name),
            Step::Item(index) => place.get_mut(index),
            Step::ItemOfType(name) => {
                let index = position_of_type(place, name)?;
                place.get_mut(index)
            }
        });
    }
    match (place, last) {
        (Some(Value::Object(properties)), Step::Property(name)) => {
            properties.remove(name);
        }
        (Some(Value::Array(items)), Step::Item(index)) if *index < items.len() => {
            items.remove(*index);
        }
        (Some(Value::Array(items)), Step::ItemOfType(name)) => {
            items.retain(|item| item["type"] != *name);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn person() -> PersonUpdate {
        from_json(&json!({
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
    fn a_parsed_path_displays_as_it_was_written() {
        for text in [
            "title",
            "phoneNumbers[0].value",
            "phoneNumbers[work].value",
            "a[1][2].b.c[30]",
        ] {
            assert_eq!(text.parse::<Path>().unwrap().to_string(), text);
        }
        for text in [
            "", ".", "a.", "[0]", "a[", "a[]", "a[*]", "a[0", "a]b", "a[-1]", "a[0]b",
        ] {
            assert!(text.parse::<Path>().is_err(), "{text}");
        }
    }

    #[test]
    fn typed_text_becomes_what_the_property_takes() {
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
            ("shoeSize", "44", json!("44")),
            ("shoeSize", r#"{"eu":45}"#, json!({"eu": 45})),
            ("licenses", r#"["x","y"]"#, json!(["x", "y"])),
            ("phoneNumbers", "[]", json!([])),
        ];
        for (path, text, expected) in cases {
            let changed = apply(vec![set(path, text)]).unwrap();
            assert_eq!(changed[path], expected, "{path}={text}");
        }
    }

    #[test]
    fn a_deeper_path_sets_or_adds_its_value() {
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
        assert_eq!(changed["shoeSize"], json!({"eu": 45}));
    }

    #[test]
    fn an_unset_property_is_sent_empty() {
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
    fn items_are_counted_before_any_is_removed() {
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
    fn an_impossible_action_fails_with_its_reason() {
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
                "`loginEnabled` cannot be cleared, because it has no empty value; set it instead",
            ),
            (
                unset("emials"),
                "no such property of a person: `emials`; did you mean `emails`?",
            ),
            (
                set("phoneNumbers[0].valu", "x"),
                "no such property of `phoneNumbers`: `valu`; did you mean `value`?",
            ),
            (
                set("title.x", "x"),
                "`title` has no properties, so no `x` either",
            ),
            (set("title[0]", "x"), "`title[0]`: `title` is not a list"),
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

    fn add(path: &str, value: &str) -> Action {
        Action::Add(path.parse().unwrap(), NewValue::Typed(value.to_owned()))
    }

    fn remove(path: &str, value: &str) -> Action {
        Action::Remove(path.parse().unwrap(), NewValue::Typed(value.to_owned()))
    }

    #[test]
    fn an_item_is_added_once_and_removed_by_value() {
        let changed = apply(vec![
            add("licenses", "b"),
            add("licenses", "b"),
            add("licenses", "a"),
            add("siteUrls", "x.webex.com#host"),
            remove("roles", "unknown"),
        ])
        .unwrap();
        assert_eq!(changed["licenses"], json!(["a", "b"]));
        assert_eq!(changed["siteUrls"], json!(["x.webex.com#host"]));
        assert_eq!(changed.get("roles"), None);
        let changed = apply(vec![remove("licenses", "a"), remove("licenses", "z")]).unwrap();
        assert_eq!(changed["licenses"], json!([]));
        assert_eq!(
            apply(vec![add("title", "x")]).unwrap_err(),
            "title: not a list"
        );
        assert_eq!(
            apply(vec![remove("title", "x")]).unwrap_err(),
            "title: not a list"
        );
    }

    #[test]
    fn an_item_is_found_by_its_type() {
        let changed = apply(vec![
            set("phoneNumbers[work].value", "2"),
            set("phoneNumbers[mobile].value", "3"),
        ])
        .unwrap();
        let numbers = json!([{"type": "work", "value": "2"}, {"type": "mobile", "value": "3"}]);
        assert_eq!(changed["phoneNumbers"], numbers);
        let changed = apply(vec![
            unset("phoneNumbers[work]"),
            unset("phoneNumbers[fax]"),
        ]);
        assert_eq!(changed.unwrap()["phoneNumbers"], json!([]));
        assert_eq!(
            apply(vec![set("licenses[work]", "x")]).unwrap_err(),
            "`licenses[work]`: the items of `licenses` have no type; write an index, as in `[0]`"
        );
    }

    #[test]
    fn text_for_a_list_is_an_error_that_shows_how_to_write_one() {
        let patch = Patch(vec![set("emails", "a@example.com")]);
        let help = patch.apply(&person()).unwrap_err().to_json()["error"]["help"].clone();
        let help = help.as_str().unwrap();
        assert!(help.contains(r#"`emails=["…"]`"#), "{help}");
        assert!(help.contains("`--add emails=…`"), "{help}");
    }

    fn back(property: &str, replaced_by: Value, former: Value) -> Action {
        Action::Restore {
            property: property.to_owned(),
            replaced_by: vec![json!("another"), replaced_by],
            former,
            restored: Vec::new(),
        }
    }

    #[test]
    fn a_property_is_restored_only_if_the_change_is_still_there() {
        let changed = apply(vec![
            // It was sent with white space, which the service does not store.
            back("title", json!(" GM\t"), json!("Director")),
            back("department", json!("Other"), json!(" Sales")),
            back("licenses", json!(["a"]), Value::Null),
            back("nickName", Value::Null, json!("Jo")),
            back(
                "phoneNumbers",
                json!([{"type": "work", "value": "1"}]),
                json!([{"type": "work", "value": "9"}]),
            ),
        ])
        .unwrap();
        assert_eq!(changed["title"], "Director");
        assert_eq!(changed["department"], "Sales");
        assert_eq!(changed["licenses"], json!([]));
        assert_eq!(changed["nickName"], "Jo");
        assert_eq!(changed["phoneNumbers"][0]["value"], "9");
        let conflict = apply(vec![back("title", json!("King"), json!("Queen"))]).unwrap_err();
        assert!(
            conflict.starts_with("`title` has changed since"),
            "{conflict}"
        );
    }

    #[test]
    fn names_are_matched_to_the_contract_in_any_case() {
        for (text, expected) in [
            ("TITLE", "title"),
            ("phonenumbers[0].VALUE", "phoneNumbers[0].value"),
            ("DisplayName", "displayName"),
            ("LASTACTIVITY", "lastActivity"),
            ("ShoeSize", "ShoeSize"),
        ] {
            let path = text.parse::<Path>().unwrap().with_contract_spelling();
            assert_eq!(path.to_string(), expected);
        }
    }
}
