//! The documented way to update a person, as one call: read, change, write back, look again.
//! The only hand-written module that names operations and schemas.

use serde_json::{Map, Value};

use crate::Client;
use crate::error::{Error, ErrorKind};
use crate::operations;
use crate::types::{Person, PersonUpdate, PhoneNumberType};

/// What came of an edit.
///
/// # Examples
///
/// ```no_run
/// # async fn example(client: people_sdk::Client, id: &str) -> Result<(), people_sdk::Error> {
/// use people_sdk::EditOutcome;
///
/// let edit = client
///     .edit_person(id, |update| update.title = Some("Director".to_owned()))
///     .await?;
/// match edit.outcome() {
///     EditOutcome::Unchanged | EditOutcome::Applied => println!("done"),
///     EditOutcome::PartlyApplied => println!("not applied: {}", edit.unapplied().join(", ")),
///     EditOutcome::NotApplied | EditOutcome::Unknown => println!("{:?}", edit.error()),
///     _ => println!("something new"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "an edit can have been applied in part, or not at all"]
pub struct Edit {
    outcome: EditOutcome,
    before: Person,
    requested: PersonUpdate,
    after: Option<Person>,
    unapplied: Vec<String>,
    error: Option<Error>,
}

/// How much of an edit the service has applied, as far as it lets itself be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EditOutcome {
    /// Nothing was to change, so nothing was sent.
    Unchanged,
    /// Every property that was sent is now as it was sent.
    Applied,
    /// Some of the changes are there, or a property that was to stay has changed.
    /// [`Edit::unapplied`] names what is not as it was sent.
    PartlyApplied,
    /// None of the changes are there.
    NotApplied,
    /// The update was sent, and the person could not be read again.
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

    /// What the service answered the update with, when that was no success; or why the person
    /// could not be read again.
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
    /// - clear one: `None` where there was a value sends an empty one (`""`, `[]`),
    /// - leave one as it is, which sends it back unchanged.
    ///
    /// Read-only properties are not sent, nor is a phone number of the type `work_extension`,
    /// which the service does not take back. When nothing has changed, nothing is written.
    ///
    /// The answer to the update is compared with what was sent. When it differs, has no body, or
    /// is an error after which something may have changed, or when there is no answer, the person
    /// is read once more, and the outcome is what that shows.
    ///
    /// # Races
    ///
    /// Just before it writes, the person is read again, and the edit ends in
    /// [`ErrorKind::Conflict`] when `lastModified` has moved since the first read. What somebody
    /// writes between that look and the update is overwritten, and nobody learns of it: the
    /// service offers no conditional update. Nor is anything seen where `lastModified` is not
    /// shown to the caller.
    ///
    /// # Errors
    ///
    /// Nothing was changed: the person could not be read, somebody else was faster, the update
    /// could not be sent, or was refused outright (401, 403, 404, 405, 410, 415, 429). Everything
    /// else that an update can come to is an [`Edit`].
    pub async fn edit_person(
        &self,
        id: impl Into<String>,
        edit: impl FnOnce(&mut PersonUpdate),
    ) -> Result<Edit, Error> {
        let id = id.into();
        let before = self.person(&id).await?;
        let current = PersonUpdate::from(&before);
        let mut requested = current.clone();
        edit(&mut requested);
        let requested = with_cleared(&current, requested);
        if requested == current {
            return Ok(Edit {
                outcome: EditOutcome::Unchanged,
                after: Some(before.clone()),
                before,
                requested,
                unapplied: Vec::new(),
                error: None,
            });
        }
        let again = self.person(&id).await?;
        if let (Some(first), Some(second)) = (before.last_modified, again.last_modified)
            && first != second
        {
            let reason = "somebody else has changed this person meanwhile (lastModified moved); \
                          nothing was written";
            return Err(Error::new(ErrorKind::Conflict, reason).of(operations::UPDATE_PERSON));
        }
        let update = self
            .update_person()
            .person_id(id.as_str())
            .calling_data(true)
            .body(requested.clone())
            .send()
            .await;
        let (answer, error) = match update {
            Ok(answer) => (answer.into_inner(), None),
            Err(error) if changed_nothing(&error) => return Err(error),
            Err(error) => (None, Some(error)),
        };
        // The service's answer to an update can lack properties that reading shows.
        let shown = answer.filter(|person| unapplied(&requested, person).is_empty());
        let (after, error) = match shown {
            Some(person) => (Ok(person), error),
            None => (self.person(&id).await, error),
        };
        Ok(match after {
            Ok(after) => {
                let unapplied = unapplied(&requested, &after);
                Edit {
                    outcome: judge(&current, &requested, &unapplied),
                    before,
                    requested,
                    after: Some(after),
                    unapplied,
                    error,
                }
            }
            Err(unread) => Edit {
                outcome: EditOutcome::Unknown,
                before,
                requested,
                after: None,
                unapplied: Vec::new(),
                error: Some(error.unwrap_or(unread)),
            },
        })
    }

    /// With calling data, for what is not read cannot be sent back.
    async fn person(&self, id: &str) -> Result<Person, Error> {
        let answer = self
            .get_person_details()
            .person_id(id)
            .calling_data(true)
            .send()
            .await?;
        Ok(answer.into_inner())
    }
}

/// Whether the service has refused the update before it did anything.
fn changed_nothing(error: &Error) -> bool {
    match error.status() {
        Some(status) => [401, 403, 404, 405, 410, 415, 429].contains(&status.as_u16()),
        None => !error.may_have_reached_service(),
    }
}

impl From<&Person> for PersonUpdate {
    /// The update that changes nothing: every property of `person` that can be written, and every
    /// one that the contract does not know. Left out is what an update cannot take: read-only
    /// properties, and phone numbers of the type `work_extension`.
    ///
    /// Read the person with `callingData`, or the update lacks what it adds.
    fn from(person: &Person) -> Self {
        let properties = object(person);
        let mut update: Self = match serde_json::from_value(Value::Object(properties.clone())) {
            Ok(update) => update,
            // A property of another type than the update's: that one is left out.
            Err(_) => {
                let mut taken = Map::new();
                for (name, value) in properties {
                    taken.insert(name.clone(), value);
                    if serde_json::from_value::<Self>(Value::Object(taken.clone())).is_err() {
                        taken.remove(&name);
                    }
                }
                serde_json::from_value(Value::Object(taken)).unwrap_or_default()
            }
        };
        // What the update does not know is either unknown to the contract, or read-only.
        update
            .extra
            .retain(|name, _| person.extra.contains_key(name));
        if let Some(numbers) = &mut update.phone_numbers {
            numbers.retain(|number| number.type_ != Some(PhoneNumberType::WorkExtension));
        }
        update
    }
}

/// The JSON properties of a model. Models are objects, and serialize without fail.
fn object(model: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(model) {
        Ok(Value::Object(properties)) => properties,
        _ => Map::new(),
    }
}

/// `requested`, with an empty value for each property of `current` that is gone from it.
fn with_cleared(current: &PersonUpdate, requested: PersonUpdate) -> PersonUpdate {
    let mut properties = object(&requested);
    let mut cleared = false;
    for (name, value) in object(current) {
        let empty = match value {
            Value::String(_) => Value::String(String::new()),
            Value::Array(_) => Value::Array(Vec::new()),
            _ => continue,
        };
        if !properties.contains_key(&name) {
            properties.insert(name, empty);
            cleared = true;
        }
    }
    if cleared {
        serde_json::from_value(Value::Object(properties)).unwrap_or(requested)
    } else {
        requested
    }
}

/// The properties of `requested` that `person` does not have.
fn unapplied(requested: &PersonUpdate, person: &Person) -> Vec<String> {
    differences(requested, &PersonUpdate::from(person))
}

/// The properties of `ours` that `theirs` does not have, by their meaning.
fn differences(ours: &PersonUpdate, theirs: &PersonUpdate) -> Vec<String> {
    let theirs = object(theirs);
    let differs = |(name, value): &(String, Value)| !same(value, theirs.get(name));
    object(ours)
        .into_iter()
        .filter(differs)
        .map(|(name, _)| name)
        .collect()
}

/// Whether two values mean the same: nothing and empty are alike, and the order of a list of
/// words says nothing.
fn same(ours: &Value, theirs: Option<&Value>) -> bool {
    let theirs = theirs.unwrap_or(&Value::Null);
    if is_empty(ours) && is_empty(theirs) {
        return true;
    }
    match (ours, theirs) {
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len()
                && if ours.iter().all(Value::is_string) {
                    ours.iter().all(|value| theirs.contains(value))
                        && theirs.iter().all(|value| ours.contains(value))
                } else {
                    ours.iter()
                        .all(|ours| theirs.iter().any(|theirs| same(ours, Some(theirs))))
                }
        }
        (Value::Object(ours), Value::Object(theirs)) => ours
            .iter()
            .all(|(name, value)| same(value, theirs.get(name))),
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

fn judge(current: &PersonUpdate, requested: &PersonUpdate, unapplied: &[String]) -> EditOutcome {
    if unapplied.is_empty() {
        return EditOutcome::Applied;
    }
    let changed = differences(requested, current);
    let none_applied = changed.iter().all(|name| unapplied.contains(name));
    let rest_untouched = unapplied.iter().all(|name| changed.contains(name));
    if none_applied && rest_untouched {
        EditOutcome::NotApplied
    } else {
        EditOutcome::PartlyApplied
    }
}
