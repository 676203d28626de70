//! The documented way to update a person, as one call: read, change, write back, look again.
//! The only hand-written module that names operations and schemas.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::StatusCode;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::Client;
use crate::operations;
use crate::runtime::error::{Error, ErrorKind};
use crate::runtime::serde_support::json_type::exact_value;
use crate::types::{Person, PersonUpdate, PhoneNumberType, PropertyError};

/// What came of an edit.
///
/// # Examples
///
/// ```
/// # let runtime = tokio::runtime::Runtime::new()?;
/// # runtime.block_on(async {
/// # let fake = people_fake::FakePeople::start().await?;
/// # let client = people_sdk::Client::builder()
/// #     .base_url(fake.base_url())
/// #     .token(people_fake::ADMIN_TOKEN)
/// #     .build()?;
/// # let id = people_fake::JOHN_ANDERSEN;
/// use people_sdk::EditOutcome;
///
/// let edit = client
///     .edit_person(id, |update| update.title = Some("Director".to_owned()))
///     .await?;
/// match edit.outcome() {
///     EditOutcome::Unchanged | EditOutcome::Applied => println!("done"),
///     EditOutcome::PartlyApplied => println!("not as sent: {}", edit.unapplied().join(", ")),
///     EditOutcome::NotApplied => println!("nothing changed: {:?}", edit.error()),
///     _ => println!("nobody knows: {:?}", edit.error()),
/// }
/// # assert_eq!(edit.outcome(), EditOutcome::Applied);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "an edit can have been applied in part, or not at all"]
pub struct Edit {
    outcome: EditOutcome,
    before: Person,
    requested: PersonUpdate,
    after: Option<Person>,
    unapplied: Vec<String>,
    property_errors: BTreeMap<String, PropertyError>,
    error: Option<Error>,
}

/// How much of an edit the service has applied, as far as it lets itself be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EditOutcome {
    /// Nothing was to change, so nothing was sent.
    Unchanged,
    /// Every property that was sent is now as it was sent. One that the contract does not know, and
    /// that the edit left alone, does not count: it may change by itself.
    Applied,
    /// Some of the changes are there, or a property that was to stay has changed.
    /// [`Edit::unapplied`] names what is not as it was sent.
    PartlyApplied,
    /// None of the changes are there, and nothing else has changed.
    NotApplied,
    /// The update was sent, and the person could not be read again to see what came of it.
    Unknown,
}

impl Edit {
    /// How much of the edit has been applied.
    #[must_use]
    pub fn outcome(&self) -> EditOutcome {
        self.outcome
    }

    /// The person as it was read before the edit.
    #[must_use]
    pub fn before(&self) -> &Person {
        &self.before
    }

    /// What was sent, or would have been.
    #[must_use]
    pub fn requested(&self) -> &PersonUpdate {
        &self.requested
    }

    /// The person as the service showed it last; `None` when it could not be read again.
    #[must_use]
    pub fn after(&self) -> Option<&Person> {
        self.after.as_ref()
    }

    /// The properties that were sent, changed or unchanged, and that are not so now.
    #[must_use]
    pub fn unapplied(&self) -> &[String] {
        &self.unapplied
    }

    /// What the service said is wrong with single properties, by their names. It says so in an
    /// answer that is otherwise a success.
    #[must_use]
    pub fn property_errors(&self) -> &BTreeMap<String, PropertyError> {
        &self.property_errors
    }

    /// What the update came to, when that was no success; or else why the person could not be
    /// read again.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }
}

impl Client {
    /// Changes a person and loses nothing: reads the person, lets `edit` change what should
    /// change, writes everything back, and says what came of it.
    ///
    /// `edit` is given an update that holds every writable property of the person, and every
    /// property that the contract does not know. It can
    ///
    /// - set a property to a value,
    /// - clear one: `None` where there was a value, or an empty value, sends an empty one (`""`,
    ///   `[]`); what has no empty value, such as a flag, cannot be cleared,
    /// - leave one as it is, which sends it back unchanged.
    ///
    /// Read-only properties are not sent, nor is a phone number of the type `work_extension`,
    /// which the service does not take back. When nothing has changed, nothing is written. To take
    /// an attendee role away, which needs the query parameter `showAllTypes`, send the update
    /// yourself, starting from `PersonUpdate::from(&person)`.
    ///
    /// # What came of it
    ///
    /// The answer to the update is compared with what was sent. When it differs, has no body, or
    /// is an error after which something may have changed, or when there is no answer, the person
    /// is read once more, and the outcome is what that shows. So is it after a 202, which promises
    /// nothing yet: such an update, and one that was lost on the way, can still land after the look.
    ///
    /// In a comparison, a property that is not there is the same as an empty one, the order of a
    /// list says nothing, and a phone number is the same in any spelling (`408 526 7209` and
    /// `+1 408 526 7209`); everything else must be as it was sent, to the letter. An edit that changes
    /// nothing but in these ways is no change.
    ///
    /// An edit takes up to four calls, one after the other. Each is bound by the client's
    /// [`RetryPolicy`](crate::RetryPolicy) and call timeout, so that the whole takes four times as
    /// long at most, and there is no other repetition. An update that is sent again after it was lost
    /// on the way is the same update. Who drops the future after the update was sent learns nothing
    /// of what came of it.
    ///
    /// # Races
    ///
    /// Just before it writes, the person is read again. When `lastModified` or a property that an
    /// update can set has changed since the first read, the edit ends in [`ErrorKind::Conflict`] and
    /// nothing is written: somebody else was faster, and another call of `edit_person` starts from
    /// what they left. A change that somebody makes after the update, and before the person is read
    /// to see what came of it, shows among the [`unapplied`](Edit::unapplied) properties.
    ///
    /// What is not seen: a change that somebody makes between that last look and the update is
    /// overwritten, and neither of the two learns of it, as the service offers no conditional
    /// update. The person is not looked at again between two attempts of the update, since what has
    /// changed by then can be the first attempt's doing.
    ///
    /// # Errors
    ///
    /// Nothing was changed: the person could not be read, a property cannot be cleared, somebody
    /// else was faster, the update could not be sent, or the service refused it: 401, 405, 415 and
    /// 429, and 403, 404 and 410 when the person is then seen to be unchanged, or gone. Everything
    /// else that an update can come to is an [`Edit`].
    ///
    /// # Examples
    ///
    /// ```
    /// # let runtime = tokio::runtime::Runtime::new()?;
    /// # runtime.block_on(async {
    /// # let fake = people_fake::FakePeople::start().await?;
    /// # let client = people_sdk::Client::builder()
    /// #     .base_url(fake.base_url())
    /// #     .token(people_fake::ADMIN_TOKEN)
    /// #     .build()?;
    /// use people_sdk::EditOutcome;
    ///
    /// let edit = client
    ///     .edit_person(people_fake::JOHN_ANDERSEN, |update| {
    ///         update.title = Some("Director".to_owned());
    ///         update.department = None;
    ///     })
    ///     .await?;
    /// assert_eq!(edit.outcome(), EditOutcome::Applied);
    /// assert_eq!(edit.after().unwrap().title.as_deref(), Some("Director"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn edit_person(
        &self,
        id: impl Into<String>,
        edit: impl FnOnce(&mut PersonUpdate),
    ) -> Result<Edit, Error> {
        let id = id.into();
        let before = read_person(self, &id).await?;
        let current = PersonUpdate::from(&before);
        let mut wanted = current.clone();
        edit(&mut wanted);
        let requested = with_cleared(&current, wanted)
            .map_err(|fault| Error::invalid_request(operations::UPDATE_PERSON, fault))?;
        let changed = differing(&requested, &current);
        if changed.is_empty() {
            return Ok(Edit {
                outcome: EditOutcome::Unchanged,
                after: Some(before.clone()),
                before,
                requested,
                unapplied: Vec::new(),
                property_errors: BTreeMap::new(),
                error: None,
            });
        }
        if has_changed(&before, &read_person(self, &id).await?) {
            let reason = "somebody else has changed this person meanwhile; nothing was written";
            return Err(
                Error::new(ErrorKind::Conflict, reason).with_operation(operations::UPDATE_PERSON)
            );
        }
        let update = self
            .update_person()
            .person_id(id.as_str())
            .calling_data(true)
            .body(requested.clone())
            .send()
            .await;
        let (answer, error) = match update {
            // What was only accepted has not happened yet, whatever the answer shows.
            Ok(answer) if answer.status() == StatusCode::ACCEPTED => (None, None),
            Ok(answer) => (answer.into_inner(), None),
            Err(error) if error.may_have_taken_effect() => (None, Some(error)),
            Err(error) => return Err(error),
        };
        let property_errors = answer
            .as_ref()
            .and_then(|person| person.errors.clone())
            .unwrap_or_default();
        let result = |person: &Person| Comparison {
            current: &current,
            requested: &requested,
            changed: &changed,
            after: PersonUpdate::from(person),
        };
        // An answer can lack properties that reading shows, so only one that has them all will do.
        let shown = answer
            .filter(|person| property_errors.is_empty() && result(person).unapplied().is_empty());
        let after = match shown {
            Some(person) => Ok(person),
            None => read_person(self, &id).await,
        };
        let (outcome, unapplied) = match &after {
            Ok(after) => {
                let result = result(after);
                (result.outcome(), result.unapplied())
            }
            Err(_) => (EditOutcome::Unknown, Vec::new()),
        };
        match (error, after) {
            (Some(refusal), Ok(_))
                if outcome == EditOutcome::NotApplied && is_refusal(&refusal) =>
            {
                Err(refusal)
            }
            (Some(refusal), Err(unread)) if refusal.is_not_found() && unread.is_not_found() => {
                Err(refusal)
            }
            (error, after) => {
                let (after, error) = match after {
                    Ok(after) => (Some(after), error),
                    Err(unread) => (None, Some(error.unwrap_or(unread))),
                };
                Ok(Edit {
                    outcome,
                    before,
                    requested,
                    after,
                    unapplied,
                    property_errors,
                    error,
                })
            }
        }
    }
}

/// Reads with calling data, since an update erases what it does not send back.
async fn read_person(client: &Client, id: &str) -> Result<Person, Error> {
    let response = client
        .get_person_details()
        .person_id(id)
        .calling_data(true)
        .send()
        .await?;
    Ok(response.into_inner())
}

/// Whether somebody has changed the person between two reads.
fn has_changed(first: &Person, second: &Person) -> bool {
    if let (Some(first), Some(second)) = (first.last_modified, second.last_modified)
        && first != second
    {
        return true;
    }
    // What the contract does not know may change by itself.
    let [first, second] = [first, second].map(|person| {
        let mut update = PersonUpdate::from(person);
        update.extra.clear();
        update.unparsed.retain(is_listed);
        update
    });
    !differing(&first, &second).is_empty()
}

/// Whether the service has refused to do any of it, if what it says can be trusted.
fn is_refusal(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Forbidden | ErrorKind::NotFound)
}

impl From<&Person> for PersonUpdate {
    /// The update that changes nothing: every property of `person` that can be written, and every
    /// one that the contract does not know. Left out is what an update cannot take: read-only
    /// properties, and phone numbers of the type `work_extension`.
    ///
    /// Read the person with `callingData`, or the update lacks what it adds.
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
        let mut properties = raw_properties(person);
        // Read-only properties are those that a person lists and an update does not.
        properties
            .retain(|name, _| is_listed(name) || !Person::PROPERTIES.contains(&name.as_str()));
        let mut update = from_raw(&properties).unwrap_or_default();
        if let Some(numbers) = &mut update.phone_numbers
            && !numbers.is_empty()
        {
            numbers.retain(|number| number.type_ != Some(PhoneNumberType::WorkExtension));
            // An empty list would clear what the person has, of which none can be sent.
            if numbers.is_empty() {
                update.phone_numbers = None;
            }
        }
        update
    }
}

/// Whether an update lists a property.
fn is_listed(name: &str) -> bool {
    PersonUpdate::PROPERTIES.contains(&name)
}

/// The JSON texts of a model's properties. Models are objects, and serialize without fail.
fn raw_properties(model: &impl serde::Serialize) -> BTreeMap<String, Box<RawValue>> {
    let text = serde_json::to_string(model).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn from_raw(properties: &BTreeMap<String, Box<RawValue>>) -> Result<PersonUpdate, Error> {
    let read = |text: String| serde_json::from_str(&text);
    let update = serde_json::to_string(properties).and_then(read);
    update.map_err(|error| Error::invalid_request(operations::UPDATE_PERSON, error.to_string()))
}

/// The JSON properties of a model, for comparisons. One that no `Value` holds exactly is its text.
fn object(model: &impl serde::Serialize) -> Map<String, Value> {
    let value = |json: &RawValue| exact_value(json).unwrap_or_else(|| json.get().into());
    let properties = raw_properties(model).into_iter();
    properties
        .map(|(name, json)| (name, value(&json)))
        .collect()
}

/// `wanted`, with an empty value for each property of `current` that is gone from it.
fn with_cleared(current: &PersonUpdate, wanted: PersonUpdate) -> Result<PersonUpdate, String> {
    let mut properties = raw_properties(&wanted);
    let mut cleared = Vec::new();
    for (name, value) in object(current) {
        if properties.contains_key(&name) {
            continue;
        }
        let empty = match value {
            Value::String(_) => "\"\"",
            Value::Array(_) => "[]",
            Value::Null => "null",
            Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
                return Err(format!(
                    "`{name}` cannot be cleared, for it has no empty value; set it, or leave it \
                     as it is"
                ));
            }
        };
        if let Ok(empty) = RawValue::from_string(empty.to_owned()) {
            properties.insert(name.clone(), empty);
        }
        cleared.push(name);
    }
    if cleared.is_empty() {
        return Ok(wanted);
    }
    from_raw(&properties).map_err(|_| format!("{} cannot be cleared", cleared.join(", ")))
}

/// `theirs`, with the phone numbers that are also ours in our spelling.
fn normalize_phone_numbers(ours: &PersonUpdate, mut theirs: PersonUpdate) -> PersonUpdate {
    let ours = ours.phone_numbers.as_deref().unwrap_or_default();
    for number in theirs.phone_numbers.iter_mut().flatten() {
        let same = ours.iter().find(|our| {
            our.type_ == number.type_
                && match (&our.value, &number.value) {
                    (Some(ours), Some(theirs)) => is_same_number(ours, theirs),
                    _ => false,
                }
        });
        if let Some(same) = same {
            number.value.clone_from(&same.value);
        }
    }
    theirs
}

/// Whether two phone numbers are the same but for their spelling: the service shows
/// `+1 408 526 7209` for the `408 526 7209` that it was sent. Numbers that are too short to be told
/// apart, or have letters, are not looked into.
fn is_same_number(one: &str, other: &str) -> bool {
    const SHORTEST: usize = 7;
    const LONGEST_COUNTRY_CODE: usize = 3;
    let digits = |number: &str| -> Option<String> {
        let number = number.trim();
        let sign = |c: char| c.is_ascii_digit() || " +-.()/".contains(c);
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        (number.chars().all(sign) && digits.len() >= SHORTEST).then_some(digits)
    };
    let (Some(first), Some(second)) = (digits(one), digits(other)) else {
        return false;
    };
    let (whole, part) = match (one.trim().starts_with('+'), other.trim().starts_with('+')) {
        (true, false) => (first, second),
        (false, true) => (second, first),
        _ => return first == second,
    };
    // Zeros before a number are how it is dialled, not a part of it.
    let part = part.trim_start_matches('0');
    part.len() >= SHORTEST
        && whole
            .strip_suffix(part)
            .is_some_and(|country| country.len() <= LONGEST_COUNTRY_CODE)
}

/// The properties of `ours` that `theirs` does not have, by their meaning.
fn missing_from(ours: &PersonUpdate, theirs: &PersonUpdate) -> BTreeSet<String> {
    let theirs = object(&normalize_phone_numbers(ours, theirs.clone()));
    let differs = |(name, value): &(String, Value)| !semantically_eq(value, theirs.get(name));
    object(ours)
        .into_iter()
        .filter(differs)
        .map(|(name, _)| name)
        .collect()
}

/// The properties in which two updates differ by their meaning: either has what the other lacks.
fn differing(one: &PersonUpdate, other: &PersonUpdate) -> BTreeSet<String> {
    let mut names = missing_from(one, other);
    names.extend(missing_from(other, one));
    names
}

/// What was there, what was asked for and what is there now.
struct Comparison<'a> {
    current: &'a PersonUpdate,
    requested: &'a PersonUpdate,
    /// What the request would change.
    changed: &'a BTreeSet<String>,
    after: PersonUpdate,
}

impl Comparison<'_> {
    /// The properties that were sent and that are not so now, in the order of their names.
    fn unapplied(&self) -> Vec<String> {
        let mut names = missing_from(self.requested, &self.after);
        // Something that was to be taken away is lacking nowhere: it shows by still being there.
        let moved = self.moved();
        names.extend(self.changed.difference(&moved).cloned());
        names.into_iter().collect()
    }

    /// The properties that are not as they were.
    fn moved(&self) -> BTreeSet<String> {
        differing(&self.after, self.current)
    }

    /// Whether what became of a property says something about the update: what the contract does
    /// not know, and nobody asked to change, may change by itself.
    fn is_relevant(&self, name: &String) -> bool {
        self.changed.contains(name) || is_listed(name)
    }

    fn outcome(&self) -> EditOutcome {
        let unapplied = self.unapplied();
        if !unapplied.iter().any(|name| self.is_relevant(name)) {
            return EditOutcome::Applied;
        }
        let sent = object(self.requested);
        let moved = self.moved();
        let touched = |name: &String| sent.contains_key(name) && self.is_relevant(name);
        if moved.iter().any(touched) {
            EditOutcome::PartlyApplied
        } else {
            EditOutcome::NotApplied
        }
    }
}

/// Whether `theirs` has all that `ours` has: nothing and empty are alike, the order of a list says
/// nothing, and the service may add properties to the objects in it.
fn semantically_eq(ours: &Value, theirs: Option<&Value>) -> bool {
    let theirs = theirs.unwrap_or(&Value::Null);
    if is_empty(ours) && is_empty(theirs) {
        return true;
    }
    match (ours, theirs) {
        (Value::Array(ours), Value::Array(theirs)) => {
            // Each of theirs answers for one of ours.
            let mut left: Vec<&Value> = theirs.iter().collect();
            ours.len() == theirs.len()
                && ours.iter().all(|ours| {
                    let found = left
                        .iter()
                        .position(|theirs| semantically_eq(ours, Some(theirs)));
                    found.map(|index| left.swap_remove(index)).is_some()
                })
        }
        (Value::Object(ours), Value::Object(theirs)) => ours
            .iter()
            .all(|(name, value)| semantically_eq(value, theirs.get(name))),
        _ => ours == theirs,
    }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn update(value: Value) -> PersonUpdate {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    #[allow(clippy::too_many_lines, reason = "a table is as long as it has rows")]
    fn an_outcome_is_told_by_what_there_was_and_what_there_is() {
        use EditOutcome::{Applied, NotApplied, PartlyApplied};
        let homes = |street: Value| json!([{ "country": "US", "streetAddress": street }]);
        let home = json!([{ "country": "US" }]);
        let (number, spelt) = (
            json!([{ "value": "+1 408 526 7209" }]),
            json!([{ "value": "4085267209" }]),
        );
        // before, requested, after; the outcome, and what is unapplied
        let table = [
            (
                json!({ "title": "a" }),
                json!({ "title": "b" }),
                json!({ "title": "b" }),
                Applied,
                "",
            ),
            (
                json!({ "title": "a" }),
                json!({ "title": "b" }),
                json!({ "title": "a" }),
                NotApplied,
                "title",
            ),
            (
                json!({ "title": "a" }),
                json!({ "title": "b" }),
                json!({ "title": "c" }),
                PartlyApplied,
                "title",
            ),
            (
                json!({ "title": "a" }),
                json!({ "title": "b" }),
                json!({}),
                PartlyApplied,
                "title",
            ),
            // One license of two is dropped; all are; none is added.
            (
                json!({ "licenses": ["x"] }),
                json!({ "licenses": ["x", "y", "z"] }),
                json!({ "licenses": ["x", "y"] }),
                PartlyApplied,
                "licenses",
            ),
            (
                json!({ "licenses": ["x"] }),
                json!({ "licenses": ["x", "y"] }),
                json!({ "licenses": [] }),
                PartlyApplied,
                "licenses",
            ),
            (
                json!({ "licenses": ["x"] }),
                json!({ "licenses": ["x", "y"] }),
                json!({ "licenses": ["x"] }),
                NotApplied,
                "licenses",
            ),
            // A part of an object is taken away, or is not.
            (
                json!({ "addresses": homes(json!("s")) }),
                json!({ "addresses": home }),
                json!({ "addresses": home }),
                Applied,
                "",
            ),
            (
                json!({ "addresses": homes(json!("s")) }),
                json!({ "addresses": home }),
                json!({ "addresses": homes(json!("s")) }),
                NotApplied,
                "addresses",
            ),
            // A property that was to stay is gone.
            (
                json!({ "title": "a", "avatar": "p" }),
                json!({ "title": "b", "avatar": "p" }),
                json!({ "title": "b" }),
                PartlyApplied,
                "avatar",
            ),
            (
                json!({ "title": "a", "avatar": "p" }),
                json!({ "title": "b", "avatar": "p" }),
                json!({ "title": "a" }),
                PartlyApplied,
                "avatar title",
            ),
            // What the contract does not know changes by itself.
            (
                json!({ "title": "a", "n": 1 }),
                json!({ "title": "b", "n": 1 }),
                json!({ "title": "b", "n": 2 }),
                Applied,
                "n",
            ),
            (
                json!({ "title": "a", "n": 1 }),
                json!({ "title": "b", "n": 1 }),
                json!({ "title": "a", "n": 2 }),
                NotApplied,
                "n title",
            ),
            (
                json!({ "n": 1 }),
                json!({ "n": 5 }),
                json!({ "n": 2 }),
                PartlyApplied,
                "n",
            ),
            // The service spells a number in its own way.
            (
                json!({}),
                json!({ "phoneNumbers": spelt }),
                json!({ "phoneNumbers": number }),
                Applied,
                "",
            ),
        ];
        for (before, requested, after, outcome, unapplied) in table {
            let row = format!("{before} {requested} {after}");
            let (current, requested) = (update(before), update(requested));
            let comparison = Comparison {
                changed: &differing(&requested, &current),
                current: &current,
                requested: &requested,
                after: update(after),
            };
            assert_eq!(comparison.outcome(), outcome, "{row}");
            assert_eq!(comparison.unapplied().join(" "), unapplied, "{row}");
        }
    }

    #[test]
    fn another_spelling_or_order_is_no_change() {
        let one = update(
            json!({ "phoneNumbers": [{ "value": "+1 408 526 7209" }], "roles": ["a", "b"], "title": "" }),
        );
        let other =
            update(json!({ "phoneNumbers": [{ "value": "408 526 7209" }], "roles": ["b", "a"] }));
        assert!(differing(&one, &other).is_empty());
    }

    #[test]
    fn a_phone_number_is_the_same_in_any_spelling() {
        let cases = [
            ("408 526 7209", "+1 408 526 7209", true),
            ("+1 408 526 7209", "408 526 7209", true),
            ("(408) 526-7209", "408.526.7209", true),
            ("+1 408 526 7209", "+14085267209", true),
            ("089 1234567", "+49 89 1234567", true),
            ("00 49 89 1234567", "+49 89 1234567", true),
            ("408 526 7209", "+1 408 526 7210", false),
            // A whole area code is more than a spelling.
            ("526 7209", "+1 408 526 7209", false),
            ("408 526 7209", "408 526 7209 12", false),
            ("+1 408 526 7209", "+44 408 526 7209", false),
            ("7209", "+1 7209", false),
            ("call me", "call me not", false),
            ("", "+1", false),
        ];
        for (one, other, expected) in cases {
            assert_eq!(is_same_number(one, other), expected, "{one:?}, {other:?}");
        }
    }

    #[test]
    fn values_are_the_same_by_their_meaning() {
        let cases = [
            (json!("a"), json!("a"), true),
            (json!("a"), json!("A"), false),
            (json!(""), json!(null), true),
            (json!([]), json!(null), true),
            (json!(false), json!(null), false),
            (json!(["a", "b"]), json!(["b", "a"]), true),
            (json!(["a", "a"]), json!(["a", "b"]), false),
            (json!(["a"]), json!(["a", "b"]), false),
            (json!([{ "a": 1 }]), json!([{ "a": 1, "b": 2 }]), true),
            (json!([{ "a": 1, "b": 2 }]), json!([{ "a": 1 }]), false),
            (
                json!([{ "a": 1 }, { "a": 1 }]),
                json!([{ "a": 1 }, { "a": 2 }]),
                false,
            ),
        ];
        for (ours, theirs, expected) in cases {
            assert_eq!(
                semantically_eq(&ours, Some(&theirs)),
                expected,
                "{ours} {theirs}"
            );
        }
        assert!(semantically_eq(&json!(""), None));
        assert!(!semantically_eq(&json!("a"), None));
    }

    #[test]
    fn an_update_made_of_a_person_has_what_can_be_written_and_what_is_unknown() {
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
                { "type": "work", "value": "1", "unknown": 1 },
                { "type": "work_extension", "value": "2" },
            ],
            "unknown": { "deep": [null] },
        }))
        .unwrap();
        let update = PersonUpdate::from(&person);
        assert_eq!(
            serde_json::to_value(&update).unwrap(),
            json!({
                "loginEnabled": true,
                "title": "GM",
                "phoneNumbers": [{ "type": "work", "value": "1", "unknown": 1 }],
                "unknown": { "deep": [null] },
            })
        );
    }
}
