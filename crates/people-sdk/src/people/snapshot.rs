//! A person as far as an update can write it, and what it takes to call two snapshots different.
//! What a request makes of a snapshot is in `request`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::people::equality::{Texts, is_empty, is_lost, semantically_eq};
use crate::runtime::facts::{PropertyFacts, StoredForm};
use crate::runtime::serde_support::Report;
use crate::runtime::serde_support::json_type::{Name, exact_value, key_text, properties};
use crate::types::{Person, PersonUpdate};
use crate::update_facts::PERSON_UPDATE;

/// The values of properties, by their names in JSON.
pub(crate) type Properties = Map<String, Value>;

/// The JSON texts of properties, by their names in JSON.
pub(crate) type RawProperties = BTreeMap<String, Box<str>>;

/// The properties of a person that an update sends back.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) properties: Properties,
    /// The primary item of a list, as another property names it, by the name of the list.
    primary: Vec<(&'static str, String)>,
    last_modified: Option<DateTime<Utc>>,
}

impl From<&Person> for Snapshot {
    fn from(person: &Person) -> Self {
        Self {
            properties: object(&PersonUpdate::from(person)),
            primary: primary_items(&object(person)),
            last_modified: person.last_modified,
        }
    }
}

/// The primary items of lists, as other properties of a person name them, by the names of the lists.
fn primary_items(person: &Properties) -> Vec<(&'static str, String)> {
    let named = |facts: &PropertyFacts| {
        let named = person.get(facts.primary_named_by?)?.as_str()?;
        Some((facts.name, named.to_owned()))
    };
    PERSON_UPDATE.iter().filter_map(named).collect()
}

/// The place of the primary item in a list.
pub(crate) fn primary_place(name: &str, items: &[Value], primary: &str) -> Option<usize> {
    let primary = Value::String(primary.to_owned());
    items
        .iter()
        .position(|item| are_equal(name, item, &primary))
}

impl Snapshot {
    /// The value of a property, null where it is absent.
    pub(crate) fn get(&self, name: &str) -> &Value {
        value(&self.properties, name)
    }

    /// The primary item of the list `name`, where the person says which one it is.
    pub(crate) fn primary(&self, name: &str) -> Option<&str> {
        let mut primary = self.primary.iter();
        primary.find_map(|(list, primary)| (*list == name).then_some(primary.as_str()))
    }

    /// The properties whose values differ in `later`, with those whose primary item does.
    pub(crate) fn differences(&self, later: &Self) -> BTreeSet<String> {
        let mut names = differences(&self.properties, &later.properties);
        for (name, primary) in &self.primary {
            if later.primary(name).is_some_and(|later| {
                let [one, other] = [primary, later].map(Value::from);
                !are_equal(name, &one, &other)
            }) {
                names.insert((*name).to_owned());
            }
        }
        names
    }

    /// Whether another client has changed the person between two reads, or an update from the first
    /// would erase what the second has.
    pub(crate) fn has_changed(&self, later: &Self) -> bool {
        if let (Some(first), Some(second)) = (self.last_modified, later.last_modified)
            && first != second
        {
            return true;
        }
        !self.conflicting_differences(later).is_empty()
    }

    /// The properties that `later` has and this snapshot lacks, when nothing else has changed.
    pub(crate) fn lacks(&self, later: &Self) -> Option<Vec<String>> {
        let same_time = self.last_modified == later.last_modified;
        let names = self.conflicting_differences(later);
        let absent = names.iter().all(|name| self.get(name).is_null());
        (same_time && absent && !names.is_empty()).then_some(names)
    }

    /// The properties that differ in `later`, without those that the service changes by itself.
    ///
    /// Items that the service may add to a list are not among the latter: an update without them
    /// would take them away.
    fn conflicting_differences(&self, later: &Self) -> Vec<String> {
        let names = self.differences(later);
        let same_time = self.last_modified.is_some() && self.last_modified == later.last_modified;
        let is_conflicting = |name: &&String| {
            let [one, other] = [self, later].map(|it| it.get(name));
            if !is_listed(name) {
                // Such properties change by themselves, but an update without one can erase it.
                return is_empty(one) && !is_empty(other);
            }
            let has_source = |source: &str| !names.contains(source);
            let is_derived = is_derived(name, one, other, later, has_source);
            !(is_derived || same_time && is_copy(name, one, other))
        };
        names.iter().filter(is_conflicting).cloned().collect()
    }
}

/// Whether the service has set a property by itself from another one, which is as expected.
pub(crate) fn is_derived(
    name: &str,
    expected: &Value,
    found: &Value,
    after: &Snapshot,
    is_as_expected: impl Fn(&str) -> bool,
) -> bool {
    facts(name).derived_from.is_some_and(|source| {
        let may_be_lost = is_empty(after.get(source));
        is_as_expected(source) && (may_be_lost || !is_lost(expected, found))
    })
}

/// Whether the service may have put its own copy in the place of a value.
pub(crate) fn is_copy(name: &str, one: &Value, other: &Value) -> bool {
    facts(name).stored_as == Some(StoredForm::Copy) && !is_empty(one) && !is_empty(other)
}

/// The facts of a property; none for a property without.
pub(crate) fn facts(name: &str) -> PropertyFacts {
    PropertyFacts::find(PERSON_UPDATE, name).unwrap_or(PropertyFacts::NONE)
}

/// The value of a property, null where it is absent.
pub(crate) fn value<'a>(properties: &'a Properties, name: &str) -> &'a Value {
    properties.get(name).unwrap_or(&Value::Null)
}

/// The properties whose values differ. The order of lists has no meaning.
pub(crate) fn differences(one: &Properties, other: &Properties) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for name in one.keys().chain(other.keys()) {
        if !are_equal(name, value(one, name), value(other, name)) {
            names.insert(name.clone());
        }
    }
    names
}

/// Whether the service stores two values of a property in the same form.
pub(crate) fn are_equal(name: &str, one: &Value, other: &Value) -> bool {
    are_equal_in(name, one, other, [one, other])
}

/// Whether `sent` is in the stored form of `stored`. Unlike in [`are_equal`], a national phone number
/// is not the same as an international one that is sent in its place: that adds the country.
pub(crate) fn is_stored_as(name: &str, stored: &Value, sent: &Value) -> bool {
    are_equal_in(name, stored, sent, [stored])
}

fn are_equal_in<'a>(
    name: &str,
    one: &Value,
    other: &Value,
    numbers: impl IntoIterator<Item = &'a Value>,
) -> bool {
    if one == other {
        return true;
    }
    let texts = Texts::stored(facts(name).stored_as, numbers);
    semantically_eq(one, other, &texts) && semantically_eq(other, one, &texts)
}

/// Whether an update lists the property.
pub(crate) fn is_listed(name: &str) -> bool {
    PersonUpdate::PROPERTIES.contains(&name)
}

/// The properties of a model, for comparisons. One that no `Value` holds exactly is its JSON text.
pub(crate) fn object(model: &impl Serialize) -> Properties {
    let text = serde_json::to_string(model).unwrap_or_default();
    let mut object = Properties::new();
    for (name, json) in parts(&text).unwrap_or_default() {
        let value = exact_value(json).unwrap_or_else(|| json.get().into());
        object.insert(name.into_key(), value);
    }
    object
}

/// The properties of a model, to the letter. Models are objects, and are serialized without errors.
pub(crate) fn raw_object(model: &impl Serialize) -> RawProperties {
    let text = serde_json::to_string(model).unwrap_or_default();
    raw_properties(&text).unwrap_or_default()
}

/// The properties of an object, to the letter; `None` if it is another value.
fn raw_properties(json: &str) -> Option<RawProperties> {
    let mut raw = RawProperties::new();
    for (name, json) in parts(json)? {
        raw.insert(name.into_key(), json.get().into());
    }
    Some(raw)
}

/// Names and values of an object, in the order of the text; `None` if it is another value.
fn parts(json: &str) -> Option<Vec<(Name<'_>, &RawValue)>> {
    properties(serde_json::from_str(json).ok()?, &Report::default()).ok()
}

/// The value of a JSON text, if writing it gives the same numbers and texts.
fn exact(json: &str) -> Option<Value> {
    exact_value(serde_json::from_str(json).ok()?)
}

/// The update with these properties.
pub(crate) fn update_from(properties: &RawProperties) -> Result<PersonUpdate, serde_json::Error> {
    let mut text = String::from("{");
    for (name, json) in properties {
        if text.len() > 1 {
            text.push(',');
        }
        text.extend([&key_text(name)?, ":", json]);
    }
    text.push('}');
    serde_json::from_str(&text)
}

/// The JSON text of a value.
pub(crate) fn raw(value: &impl Serialize) -> Option<Box<str>> {
    serde_json::to_string(value).ok().map(Into::into)
}

impl From<&Person> for PersonUpdate {
    /// The update that changes nothing: each writable property of `person`, and each property that
    /// the contract does not list. Read-only properties are left out, and so are the items of lists
    /// that the contract calls read-only (`x-read-only-items`). Of a list whose first item is the
    /// primary one (`x-first-is-primary`), the primary item comes first if the person names it;
    /// otherwise the items are in the order of the read, which says nothing.
    ///
    /// Read the person with `callingData`, or the update lacks what that adds.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::types::{Person, PersonUpdate};
    ///
    /// # fn main() -> Result<(), serde_json::Error> {
    /// let person: Person = serde_json::from_str(r#"{"id": "x", "title": "GM", "new": 1}"#)?;
    /// let update = PersonUpdate::from(&person);
    /// assert_eq!(serde_json::to_string(&update)?, r#"{"title":"GM","new":1}"#);
    /// # Ok(())
    /// # }
    /// ```
    fn from(person: &Person) -> Self {
        let mut properties = raw_object(person);
        // Read-only properties are those that a person lists and an update does not.
        properties
            .retain(|name, _| is_listed(name) || !Person::PROPERTIES.contains(&name.as_str()));
        for facts in PERSON_UPDATE {
            if let Some(read_only) = facts.read_only_items
                && let Some(list) = properties.get_mut(facts.name)
                && let Some(items) = without_read_only(list, read_only)
            {
                if items.is_empty() {
                    // An empty list would clear what the person has, of which nothing can be sent.
                    properties.remove(facts.name);
                } else if let Some(rest) = raw(&items) {
                    *list = rest;
                }
            }
        }
        for (name, primary) in primary_items(&object(person)) {
            if let Some(list) = properties.get_mut(name)
                && let Some(Value::Array(mut items)) = exact(list)
                && let Some(place) = primary_place(name, &items, &primary)
            {
                items[..=place].rotate_right(1);
                if let Some(items) = raw(&items) {
                    *list = items;
                }
            }
        }
        update_from(&properties).unwrap_or_default()
    }
}

/// The items of a list without those that are read-only; `None` if there are none of these.
fn without_read_only<'a>(list: &'a str, (name, value): (&str, &str)) -> Option<Vec<&'a RawValue>> {
    let items: Vec<&RawValue> = serde_json::from_str(list).ok()?;
    let is_read_only = |item: &&RawValue| {
        let properties = raw_properties(item.get());
        let found = properties.and_then(|properties| exact(properties.get(name)?));
        found.is_some_and(|found| found == value)
    };
    let rest: Vec<_> = items
        .iter()
        .copied()
        .filter(|item| !is_read_only(item))
        .collect();
    (rest.len() < items.len()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn snapshot(person: Value) -> Snapshot {
        let mut person = person;
        person["id"] = json!("x");
        let person: Person = serde_json::from_value(person).unwrap();
        Snapshot::from(&person)
    }

    #[test]
    fn an_update_from_a_person_has_properties_whose_names_are_no_text() {
        // Some of them look like JSON themselves.
        let json = r#"{"id":"x","title":"GM","\"c":3,"1":2,"a\"b":[1],"true":[],"\ud800":{"\udc00":1.50}}"#;
        let person: Person = serde_json::from_str(json).unwrap();
        let update = PersonUpdate::from(&person);
        let expected = json.replace(r#""id":"x","#, "");
        assert_eq!(serde_json::to_string(&update).unwrap(), expected);
    }

    #[test]
    fn an_update_from_a_person_has_the_writable_and_the_unlisted_properties() {
        let person: Person = serde_json::from_value(json!({
            "id": "x",
            "created": "2015-10-18T14:26:16.000Z",
            "status": "active",
            "userName": "someone",
            "errors": { "licenses": { "code": "1" } },
            "loginEnabled": "true",
            "title": "GM",
            "nickName": null,
            "phoneNumbers": [
                { "type": "work", "value": "1", "unlisted": 1 },
                { "type": "work_extension", "value": "2" },
            ],
            "unlisted": { "deep": [null] },
        }))
        .unwrap();
        let update = PersonUpdate::from(&person);
        assert_eq!(
            serde_json::to_value(&update).unwrap(),
            json!({
                "loginEnabled": true,
                "title": "GM",
                "phoneNumbers": [{ "type": "work", "value": "1", "unlisted": 1 }],
                "unlisted": { "deep": [null] },
            })
        );
    }

    #[test]
    fn a_list_of_read_only_items_is_left_out_and_an_empty_list_is_kept() {
        let cases = [
            (
                json!([{ "type": "work_extension", "value": "2" }]),
                json!({}),
            ),
            (json!([]), json!({ "phoneNumbers": [] })),
        ];
        for (numbers, expected) in cases {
            let person = json!({ "id": "x", "phoneNumbers": numbers });
            let person: Person = serde_json::from_value(person).unwrap();
            let update = serde_json::to_value(PersonUpdate::from(&person)).unwrap();
            assert_eq!(update, expected, "{numbers}");
        }
    }

    #[test]
    fn a_person_has_changed_unless_the_service_may_have_done_it_by_itself() {
        let first = "2026-01-01T00:00:00.000Z";
        let second = "2026-01-01T00:00:00.001Z";
        let cases = [
            (json!({}), json!({}), false),
            (
                json!({ "lastModified": first }),
                json!({ "lastModified": second }),
                true,
            ),
            (json!({ "lastModified": first }), json!({}), false),
            (json!({ "title": "a" }), json!({ "title": "b" }), true),
            (json!({ "title": "a" }), json!({}), true),
            (json!({}), json!({ "title": "a" }), true),
            (
                json!({ "status": "call" }),
                json!({ "status": "active" }),
                false,
            ),
            (json!({ "unlisted": 1 }), json!({ "unlisted": 2 }), false),
            (json!({ "unlisted": 1 }), json!({}), false),
            // An update from the first read would erase it.
            (json!({}), json!({ "unlisted": 1 }), true),
            // What the service derives, unless its source has changed.
            (
                json!({ "firstName": "J", "nickName": "Jo" }),
                json!({ "firstName": "J", "nickName": "J" }),
                false,
            ),
            (
                json!({ "managerId": "1", "manager": "A" }),
                json!({ "managerId": "1", "manager": "B" }),
                false,
            ),
            (
                json!({ "managerId": "1", "manager": "A" }),
                json!({ "managerId": "2", "manager": "B" }),
                true,
            ),
            (
                json!({ "managerId": "1", "manager": "A" }),
                json!({ "managerId": "1" }),
                true,
            ),
            // A copy of a picture, as far as the time says that no client has changed it.
            (
                json!({ "avatar": "p", "lastModified": first }),
                json!({ "avatar": "q", "lastModified": first }),
                false,
            ),
            (json!({ "avatar": "p" }), json!({ "avatar": "q" }), true),
            (
                json!({ "avatar": "p", "lastModified": first }),
                json!({ "lastModified": first }),
                true,
            ),
            // An update from the first read would take the license away.
            (
                json!({ "licenses": ["a"], "lastModified": first }),
                json!({ "licenses": ["a", "b"], "lastModified": first }),
                true,
            ),
            (
                json!({ "roles": ["a", "b"] }),
                json!({ "roles": ["b", "a"] }),
                false,
            ),
            // The order of a read has no meaning, the primary address has.
            (
                json!({ "emails": ["a@x", "b@x"], "userName": "a@x" }),
                json!({ "emails": ["b@x", "a@x"], "userName": "A@x" }),
                false,
            ),
            (
                json!({ "emails": ["a@x", "b@x"], "userName": "a@x" }),
                json!({ "emails": ["a@x", "b@x"], "userName": "b@x" }),
                true,
            ),
        ];
        for (one, other, expected) in cases {
            let row = format!("{one} {other}");
            assert_eq!(
                snapshot(one).has_changed(&snapshot(other)),
                expected,
                "{row}"
            );
        }
    }

    #[test]
    fn a_read_without_some_properties_is_told_from_a_change() {
        let time = |person: Value, time: &str| {
            let mut person = person;
            person["lastModified"] = json!(time);
            snapshot(person)
        };
        let (first, second) = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
        let before = time(json!({ "title": "a" }), first);
        let more = json!({ "title": "a", "extension": "1" });
        let extension = Some(vec!["extension".to_owned()]);
        assert_eq!(before.lacks(&time(more.clone(), first)), extension);
        assert_eq!(before.lacks(&time(more, second)), None);
        let unlisted = json!({ "title": "a", "unlisted": 1 });
        let lacks = before.lacks(&time(unlisted, first));
        assert_eq!(lacks, Some(vec!["unlisted".to_owned()]));
        let other = json!({ "title": "b", "extension": "1" });
        assert_eq!(before.lacks(&time(other, first)), None);
        assert_eq!(before.lacks(&before), None);
    }
}
