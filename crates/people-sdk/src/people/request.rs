//! From a person and the changes of a caller to the body of an update: what is sent, what is left out
//! on purpose, and what is refused before anything is sent. What the service makes of it is in
//! `assessment`.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::people::equality::{Texts, have_common_item, is_empty};
use crate::people::snapshot::{
    Properties, Snapshot, are_equal, facts, is_listed, is_stored_as, object, primary_place, raw,
    raw_object, update_from, value,
};
use crate::runtime::error::Error;
use crate::types::{Person, PersonUpdate};
use crate::update_facts::PERSON_UPDATE;

/// A person that was read, and the update that changes nothing.
#[derive(Debug)]
pub(crate) struct Draft {
    before: Snapshot,
    /// What the caller changes.
    pub(crate) update: PersonUpdate,
    /// Lists of which one item is the primary one and must be sent first, and nothing says which.
    /// They are not part of the update until the caller sets them.
    ambiguous: Vec<&'static str>,
}

/// The properties that are not sent as the update has them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Exceptions {
    pub(crate) omitted: BTreeSet<String>,
    pub(crate) null: BTreeSet<String>,
}

/// An update that can be sent.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) before: Snapshot,
    pub(crate) body: PersonUpdate,
    pub(crate) sent: Properties,
    /// What the person is to have afterwards: what was sent, and what was omitted as it was.
    pub(crate) expected: Properties,
    /// The properties that the update changes.
    pub(crate) changed: BTreeSet<String>,
}

impl Draft {
    pub(crate) fn new(person: &Person) -> Self {
        let before = Snapshot::from(person);
        let mut update = PersonUpdate::from(person);
        let ambiguous: Vec<&'static str> = PERSON_UPDATE
            .iter()
            .filter(|facts| facts.first_is_primary && is_ambiguous(facts.name, &before))
            .map(|facts| facts.name)
            .collect();
        if !ambiguous.is_empty() {
            let mut properties = raw_object(&update);
            properties.retain(|name, _| !ambiguous.contains(&name.as_str()));
            update = update_from(&properties).unwrap_or(update);
        }
        Self {
            before,
            update,
            ambiguous,
        }
    }

    /// The request that makes of the person what `wanted` says.
    ///
    /// # Errors
    ///
    /// A property cannot be sent as it is wanted.
    pub(crate) fn request(
        self,
        wanted: &PersonUpdate,
        exceptions: &Exceptions,
    ) -> Result<Request, String> {
        let Self {
            before,
            update,
            ambiguous,
        } = self;
        let Exceptions { omitted, null } = exceptions;
        let current = object(&update);
        let wanted_properties = object(wanted);
        for name in omitted.iter().chain(null) {
            check_exception(name, exceptions, &before, &current, &wanted_properties)?;
        }
        let mut properties = raw_object(wanted);
        for (name, value) in &current {
            let is_cleared = !properties.contains_key(name);
            if is_cleared && !omitted.contains(name) && !null.contains(name) {
                properties.extend(raw(&cleared(name, value)?).map(|empty| (name.clone(), empty)));
            }
        }
        properties.retain(|name, _| !omitted.contains(name) && !null.contains(name));
        let mut body = update_from(&properties)
            .map_err(|error| format!("the update cannot be sent as it is: {error}"))?;
        for name in null {
            if is_listed(name) {
                body.unparsed.insert(name.clone(), RawValue::NULL);
            } else {
                body.extra.insert(name.clone(), Value::Null);
            }
        }
        let sent = object(&body);
        let mut expected = sent.clone();
        for name in omitted {
            if let Some(value) = before.properties.get(name) {
                expected.insert(name.clone(), value.clone());
            }
        }
        let mut changed = BTreeSet::new();
        for (name, sent) in &sent {
            if PersonUpdate::is_change(name, value(&current, name), sent) {
                changed.insert(name.clone());
            }
        }
        let request = Request {
            before,
            body,
            sent,
            expected,
            changed,
        };
        request.check(&ambiguous, exceptions)?;
        Ok(request)
    }
}

impl Request {
    /// Adds to a rejection the properties that it names and that were sent unchanged: they may be what
    /// the service does not accept. Not to one that is about the caller or the person as a whole: its
    /// words, such as "roles", are about these.
    pub(crate) fn explain(&self, error: Error) -> Error {
        let is_about_properties = |status: StatusCode| {
            let others = [
                StatusCode::UNAUTHORIZED,
                StatusCode::FORBIDDEN,
                StatusCode::NOT_FOUND,
                StatusCode::GONE,
            ];
            status.is_client_error() && !others.contains(&status)
        };
        let is_rejection = error.status().is_some_and(is_about_properties);
        let words: Vec<String> = error
            .message()
            .into_iter()
            .chain(error.details().iter().map(String::as_str))
            .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
            .map(str::to_lowercase)
            .filter(|word| !word.is_empty())
            .collect();
        let named: Vec<String> = self
            .sent
            .iter()
            .filter(|(name, value)| !self.changed.contains(*name) && !is_empty(value))
            .filter(|(name, _)| is_rejection && names_property(&words, name))
            .map(|(name, _)| name.clone())
            .collect();
        error.with_unchanged_properties(named)
    }

    /// Refuses an update that would change what it does not name, or that the service rejects.
    fn check(&self, ambiguous: &[&'static str], exceptions: &Exceptions) -> Result<(), String> {
        for name in ambiguous {
            let is_sent = self.sent.contains_key(*name) || !self.changed.is_empty();
            let is_exception =
                exceptions.omitted.contains(*name) || exceptions.null.contains(*name);
            if is_sent && !is_exception && !self.keeps_an_item(name) {
                let named_by = facts(name).primary_named_by.unwrap_or("no property");
                return Err(format!(
                    "`{name}` has several items, of which the first that is sent becomes the \
                     primary one, and `{named_by}` does not say which one that is now; set `{name}` \
                     to all items that the person is to have, the primary one first and at least \
                     one of them as it was; an update that omits `{name}` can erase it"
                ));
            }
        }
        if self.changed.is_empty() {
            return Ok(());
        }
        let required = PERSON_UPDATE.iter().filter(|facts| facts.required);
        for facts in required {
            if is_empty(value(&self.sent, facts.name)) {
                let name = facts.name;
                return Err(format!(
                    "an update needs `{name}`, and this one has none; set `{name}`"
                ));
            }
        }
        Ok(())
    }

    /// Whether a list that was not part of the draft was set from the one that the person has. One
    /// without any item of that was more likely begun with the first item to add, and would erase
    /// all others.
    fn keeps_an_item(&self, name: &str) -> bool {
        let (before, sent) = (self.before.get(name), value(&self.sent, name));
        let (Value::Array(items), Value::Array(others)) = (sent, before) else {
            return false;
        };
        let texts = Texts::stored(facts(name).stored_as, [before, sent]);
        have_common_item(&Vec::from_iter(items), others, &texts)
    }
}

/// Whether nothing says which item of a list is the primary one.
fn is_ambiguous(name: &str, before: &Snapshot) -> bool {
    let Some(items) = before.get(name).as_array() else {
        return false;
    };
    let place = before
        .primary(name)
        .and_then(|primary| primary_place(name, items, primary));
    items.len() > 1 && place.is_none()
}

impl PersonUpdate {
    /// Whether an update that sends `sent` for a property changes a person who has `current`, by the
    /// facts in [`update_facts`](crate::update_facts). If it does not, `current` is the form in which
    /// the service stores `sent`: text trimmed and in Unicode NFC, e-mail addresses in lower case, a
    /// phone number in another notation. The order of a list counts as far as its first item is the
    /// primary one; absent and empty values are the same.
    ///
    /// What the service adds by itself is a change: its own address for a copied picture, a license
    /// that comes with another one.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::serde_json::json;
    /// use people_sdk::types::PersonUpdate;
    ///
    /// let (stored, sent) = (json!(["ann@example.com"]), json!(["Ann@Example.com"]));
    /// assert!(!PersonUpdate::is_change("emails", &stored, &sent));
    /// assert!(PersonUpdate::is_change("title", &json!("GM"), &json!("gm")));
    /// ```
    #[must_use]
    pub fn is_change(property: &str, current: &Value, sent: &Value) -> bool {
        if !is_stored_as(property, current, sent) {
            return true;
        }
        let first = |value: &Value| value.get(0).cloned().unwrap_or_default();
        facts(property).first_is_primary && !are_equal(property, &first(current), &first(sent))
    }
}

/// The empty value that clears a property with this value.
fn cleared(name: &str, value: &Value) -> Result<Value, String> {
    match value {
        Value::String(_) => Ok(Value::String(String::new())),
        Value::Array(_) => Ok(Value::Array(Vec::new())),
        Value::Null => Ok(Value::Null),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => Err(format!(
            "`{name}` cannot be cleared, because it has no empty value; set it, leave it as it is, \
             or send null with `set_null`"
        )),
    }
}

/// Refuses an exception for a property that does not exist, or that the update changes.
fn check_exception(
    name: &str,
    exceptions: &Exceptions,
    before: &Snapshot,
    current: &Properties,
    wanted: &Properties,
) -> Result<(), String> {
    if exceptions.omitted.contains(name) && exceptions.null.contains(name) {
        return Err(format!("`{name}` cannot be both omitted and sent as null"));
    }
    if !before.properties.contains_key(name) && !is_listed(name) {
        return Err(format!(
            "there is no property `{name}` in an update; write the name as it is in JSON, such as \
             `phoneNumbers`"
        ));
    }
    match wanted.get(name) {
        Some(wanted) if Some(wanted) != current.get(name) => {
            let exception = if exceptions.null.contains(name) {
                "sent as null"
            } else {
                "omitted"
            };
            Err(format!(
                "`{name}` cannot be both set and {exception}; do one of them"
            ))
        }
        _ => Ok(()),
    }
}

/// Whether a text has the name of a property, written as one word or as several: `phone numbers`. A
/// name of several words can be in the singular; that of one word, such as `role`, says too little.
fn names_property(words: &[String], name: &str) -> bool {
    let lower = name.to_lowercase();
    let singular = lower.strip_suffix('s').filter(|_| lower != name);
    has_name(words, &lower) || singular.is_some_and(|name| has_name(words, name))
}

fn has_name(words: &[String], name: &str) -> bool {
    (0..words.len()).any(|start| {
        let mut rest = name;
        for word in &words[start..] {
            match rest.strip_prefix(word.as_str()) {
                Some("") => return true,
                Some(after) => rest = after,
                None => return false,
            }
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runtime::error::ErrorKind;
    use crate::runtime::service_message::ServiceMessage;

    fn draft(properties: &Value) -> Draft {
        let mut person = json!({ "id": "x", "displayName": "X" });
        for (name, value) in properties.as_object().unwrap() {
            person[name] = value.clone();
        }
        Draft::new(&serde_json::from_value(person).unwrap())
    }

    fn exceptions(omitted: &[&str], null: &[&str]) -> Exceptions {
        let [omitted, null] =
            [omitted, null].map(|it| it.iter().map(|name| (*name).to_owned()).collect());
        Exceptions { omitted, null }
    }

    fn request(
        before: &Value,
        exceptions: &Exceptions,
        change: impl FnOnce(&mut PersonUpdate),
    ) -> Result<Request, String> {
        let draft = draft(before);
        let mut wanted = draft.update.clone();
        change(&mut wanted);
        draft.request(&wanted, exceptions)
    }

    fn body(request: &Request) -> Value {
        serde_json::to_value(&request.body).unwrap()
    }

    fn names(request: &Request) -> Vec<&str> {
        request.changed.iter().map(String::as_str).collect()
    }

    #[test]
    fn the_primary_address_is_sent_first() {
        let before = json!({ "emails": ["a@x", "b@x", "c@x"], "userName": "C@x", "title": "a" });
        let title = |update: &mut PersonUpdate| update.title = Some("b".to_owned());
        let request = request(&before, &Exceptions::default(), title).unwrap();
        assert_eq!(body(&request)["emails"], json!(["c@x", "a@x", "b@x"]));
        assert_eq!(names(&request), ["title"]);
    }

    #[test]
    fn another_first_address_is_a_change_and_another_order_of_the_rest_is_none() {
        let before = json!({ "emails": ["a@x", "b@x", "c@x"], "userName": "a@x" });
        let cases = [
            (["b@x", "a@x", "c@x"], true),
            (["a@x", "c@x", "b@x"], false),
            (["A@x", "b@x", "c@x"], false),
        ];
        for (emails, expected) in cases {
            let set = |update: &mut PersonUpdate| {
                update.emails = Some(emails.map(str::to_owned).to_vec());
            };
            let request = request(&before, &Exceptions::default(), set).unwrap();
            assert_eq!(!request.changed.is_empty(), expected, "{emails:?}");
        }
    }

    #[test]
    fn an_unknown_primary_address_has_to_be_set_or_omitted() {
        let none = Exceptions::default();
        for named in [json!(null), json!("login")] {
            let before = json!({ "emails": ["a@x", "b@x"], "userName": named, "title": "a" });
            let title = |update: &mut PersonUpdate| {
                assert_eq!(update.emails, None);
                update.title = Some("b".to_owned());
            };
            let fault = request(&before, &none, title).unwrap_err();
            assert!(fault.starts_with("`emails` has several items"), "{fault}");
            assert!(fault.contains("`userName` does not say"), "{fault}");
            let omitted = request(&before, &exceptions(&["emails"], &[]), title).unwrap();
            assert_eq!(body(&omitted).get("emails"), None);
            assert_eq!(omitted.expected["emails"], json!(["a@x", "b@x"]));
            let set = |update: &mut PersonUpdate| {
                update.emails = Some(vec!["a@x".to_owned(), "b@x".to_owned()]);
            };
            let set = request(&before, &none, set).unwrap();
            assert_eq!(body(&set)["emails"], json!(["a@x", "b@x"]));
            // A list without any of the addresses would erase them.
            for emails in [vec![], vec!["c@x".to_owned()]] {
                let add = |update: &mut PersonUpdate| {
                    update.emails.get_or_insert_default().extend(emails);
                };
                let fault = request(&before, &none, add).unwrap_err();
                assert!(fault.contains("at least one of them as it was"), "{fault}");
            }
            let null = request(&before, &exceptions(&[], &["emails"]), |_| {}).unwrap();
            assert_eq!(body(&null)["emails"], json!(null));
            // Without a change nothing is sent, so nothing has to be known.
            let unchanged = request(&before, &none, |_| {}).unwrap();
            assert!(unchanged.changed.is_empty());
        }
    }

    #[test]
    fn a_single_address_needs_no_primary() {
        let before = json!({ "emails": ["a@x"], "userName": "login" });
        let title = |update: &mut PersonUpdate| update.title = Some("b".to_owned());
        let request = request(&before, &Exceptions::default(), title).unwrap();
        assert_eq!(body(&request)["emails"], json!(["a@x"]));
    }

    #[test]
    fn what_is_stored_in_the_same_form_is_no_change() {
        let before = json!({
            "emails": ["a@x"],
            "phoneNumbers": [{ "value": "+1 408 526 7209" }],
            "roles": ["a", "b"],
            "title": "GM",
        });
        let change = |update: &mut PersonUpdate| {
            update.emails = Some(vec!["A@x".to_owned()]);
            update.phone_numbers.as_mut().unwrap()[0].value = Some("408 526 7209".to_owned());
            update.roles.as_mut().unwrap().reverse();
            update.title = Some(" GM".to_owned());
            update.department = Some(String::new());
        };
        let request = request(&before, &Exceptions::default(), change).unwrap();
        assert_eq!(names(&request), [""; 0]);
    }

    #[test]
    fn a_country_added_to_a_phone_number_is_a_change_and_one_left_out_is_none() {
        let cases = [
            ("408 526 7209", "+44 408 526 7209", true),
            ("+44 408 526 7209", "408 526 7209", false),
            ("408 526 7209", "(408) 526-7209", false),
            ("+1 408 526 7209", "+44 408 526 7209", true),
        ];
        for (stored, sent, expected) in cases {
            let before = json!({ "phoneNumbers": [{ "value": stored }] });
            let set = |update: &mut PersonUpdate| {
                update.phone_numbers.as_mut().unwrap()[0].value = Some(sent.to_owned());
            };
            let request = request(&before, &Exceptions::default(), set).unwrap();
            assert_eq!(!request.changed.is_empty(), expected, "{stored} {sent}");
        }
    }

    #[test]
    fn an_omitted_property_is_not_sent_and_null_is() {
        let before = json!({ "title": "a", "extension": "133", "new": 1, "department": "d" });
        let exceptions = exceptions(&["department", "new", "phoneNumbers"], &["extension"]);
        let request = request(&before, &exceptions, |_| {}).unwrap();
        assert_eq!(
            body(&request),
            json!({ "displayName": "X", "title": "a", "extension": null })
        );
        assert_eq!(names(&request), ["extension"]);
        assert_eq!(request.expected["department"], "d");
        assert_eq!(request.expected["new"], 1);
        let text = serde_json::to_string(&request.body).unwrap();
        assert_eq!(text.matches("extension").count(), 1, "{text}");
    }

    #[test]
    fn an_exception_that_cannot_be_made_is_refused() {
        let before = json!({ "title": "a", "extension": "133" });
        let cases = [
            (exceptions(&["titel"], &[]), "there is no property `titel`"),
            (exceptions(&["id"], &[]), "there is no property `id`"),
            (
                exceptions(&[], &["phone_numbers"]),
                "there is no property `phone_numbers`",
            ),
            (
                exceptions(&["extension"], &["extension"]),
                "both omitted and sent as null",
            ),
            (
                exceptions(&["title"], &[]),
                "`title` cannot be both set and omitted",
            ),
            (
                exceptions(&[], &["title"]),
                "`title` cannot be both set and sent as null",
            ),
            (
                exceptions(&["displayName"], &[]),
                "an update needs `displayName`",
            ),
            (
                exceptions(&[], &["displayName"]),
                "an update needs `displayName`",
            ),
        ];
        for (exceptions, expected) in cases {
            let title = |update: &mut PersonUpdate| update.title = Some("b".to_owned());
            let fault = request(&before, &exceptions, title).unwrap_err();
            assert!(fault.contains(expected), "{fault}");
        }
        // To clear a property and to omit it is to omit it.
        let clear = |update: &mut PersonUpdate| {
            update.title = None;
            update.extension = Some("134".to_owned());
        };
        let request = request(&before, &exceptions(&["title"], &[]), clear).unwrap();
        assert_eq!(body(&request).get("title"), None);
    }

    #[test]
    fn an_update_without_a_required_property_is_refused() {
        let before = json!({ "displayName": null, "title": "a" });
        let none = Exceptions::default();
        let title = |update: &mut PersonUpdate| update.title = Some("b".to_owned());
        let fault = request(&before, &none, title).unwrap_err();
        assert!(
            fault.starts_with("an update needs `displayName`"),
            "{fault}"
        );
        request(&before, &none, |_| {}).unwrap();
        let name = |update: &mut PersonUpdate| update.display_name = Some("N".to_owned());
        request(&before, &none, name).unwrap();
        let clear = |update: &mut PersonUpdate| update.display_name = None;
        request(&json!({}), &none, clear).unwrap_err();
    }

    #[test]
    fn a_rejection_that_names_what_was_sent_unchanged_says_so() {
        let before = json!({
            "title": "a",
            "manager": "m",
            "phoneNumbers": [{ "value": "1" }],
        });
        let title = |update: &mut PersonUpdate| update.title = Some("b".to_owned());
        let request = request(&before, &Exceptions::default(), title).unwrap();
        let cases: [(u16, &str, &[&str], &[&str]); 13] = [
            (
                400,
                "phoneNumbers: not for this person",
                &[],
                &["phoneNumbers"],
            ),
            (
                400,
                "The phone numbers of this person cannot be set",
                &[],
                &["phoneNumbers"],
            ),
            (
                422,
                "no",
                &["PhoneNumbers[0].value", "Manager"],
                &["manager", "phoneNumbers"],
            ),
            (400, "Phone number is not allowed", &[], &["phoneNumbers"]),
            // What the caller lacks, and a person that is not there.
            (401, "manager", &[], &[]),
            (403, "only a manager can do this", &[], &[]),
            (404, "manager", &[], &[]),
            (410, "manager", &[], &[]),
            // What was changed, what was not sent, a part of a word, and the service's own failure.
            (400, "title is too long", &[], &[]),
            (400, "department is too long", &[], &[]),
            (400, "managers and phoneNumbersList", &[], &[]),
            (400, "the phone has numbers", &[], &[]),
            (500, "phoneNumbers", &[], &[]),
        ];
        for (status, message, details, expected) in cases {
            let service = ServiceMessage {
                message: Some(message.to_owned()),
                details: details.iter().map(|&text| text.to_owned()).collect(),
                ..ServiceMessage::default()
            };
            let status = StatusCode::from_u16(status).unwrap();
            let error = Error::new(ErrorKind::Rejected, "")
                .with_status(status)
                .with_service(service, &[]);
            let error = request.explain(error);
            assert_eq!(error.unchanged_properties(), expected, "{message}");
            let told = error.to_string().contains("may be omitted: ");
            assert_eq!(told, !expected.is_empty(), "{error}");
        }
    }
}
