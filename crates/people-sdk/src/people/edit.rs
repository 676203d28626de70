//! `edit_person`: the documented way to update a person, as one call: read, change, write, compare.
//! The only module that names operations. What is sent is decided in `request`, and what came of it
//! in `assessment`.

use std::collections::BTreeMap;
use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use reqwest::StatusCode;

use crate::Client;
use crate::operations;
use crate::people::assessment::Assessment;
use crate::people::outcome::{Edit, EditOutcome};
use crate::people::request::{Draft, Exceptions, Request};
use crate::people::snapshot::Snapshot;
use crate::runtime::body::Promise;
use crate::runtime::error::{Error, ErrorKind};
use crate::runtime::response::ResponseValue;
use crate::runtime::send::Precondition;
use crate::types::{Person, PersonUpdate};

/// The age at which a person that was read is read again before the update is sent.
const MAX_AGE: Duration = Duration::from_secs(1);

/// What a caller changes.
type Change<'a, E> = Box<dyn FnOnce(&mut PersonUpdate) -> Result<(), E> + Send + 'a>;

/// An edit that has not begun: nothing is read or sent until it is awaited.
///
/// [`Client::edit_person`] and its variants return one. It has a client of its own, so that it can be
/// moved to another task.
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
/// let edit = client
///     .edit_person(id, |update| update.title = Some("Director".to_owned()))
///     .omit("phoneNumbers")
///     .await?;
/// # assert_eq!(edit.requested().phone_numbers, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "an edit begins when it is awaited"]
pub struct EditPerson<'a, E = Error> {
    calls: Calls,
    start: Start,
    change: Change<'a, E>,
    exceptions: Exceptions,
    dry_run: bool,
}

/// The client of an edit, and the headers that each of its requests has.
#[derive(Clone)]
struct Calls {
    client: Client,
    headers: Vec<(String, String)>,
}

/// Where an edit starts.
enum Start {
    /// From the person that is read now.
    Id(String),
    /// From a person that was read earlier.
    Person(Box<Person>),
}

impl<E> fmt::Debug for EditPerson<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EditPerson")
            .field("exceptions", &self.exceptions)
            .finish_non_exhaustive()
    }
}

impl<'a, E> EditPerson<'a, E> {
    fn new(
        client: &Client,
        start: Start,
        change: impl FnOnce(&mut PersonUpdate) -> Result<(), E> + Send + 'a,
    ) -> Self {
        Self {
            calls: Calls {
                client: client.clone(),
                headers: Vec::new(),
            },
            start,
            change: Box::new(change),
            exceptions: Exceptions::default(),
            dry_run: false,
        }
    }

    /// Leaves a property out of the update, by its name in JSON. May be called for several.
    ///
    /// An update has all properties of the person, because the service can erase those that it lacks.
    /// Some cannot be sent back, though: for people who are synchronized from a directory, the service
    /// rejects the phone numbers that it returned. Whether the property was kept is seen afterwards:
    /// it is among the [`unapplied`](Edit::unapplied) ones when it was not.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = people_fake::FakePeople::start().await?;
    /// # let client = people_sdk::Client::builder()
    /// #     .base_url(fake.base_url())
    /// #     .token(people_fake::ADMIN_TOKEN)
    /// #     .build()?;
    /// # let id = people_fake::DIRECTORY_SYNCED;
    /// let edit = client
    ///     .edit_person(id, |update| update.title = Some("Director".to_owned()))
    ///     .omit("phoneNumbers")
    ///     .await?;
    /// # assert_eq!(edit.outcome(), people_sdk::EditOutcome::Applied);
    /// # Ok(())
    /// # }
    /// ```
    pub fn omit(mut self, property: impl Into<String>) -> Self {
        self.exceptions.omitted.insert(property.into());
        self
    }

    /// Sends null as the value of a property, by its name in JSON. May be called for several.
    ///
    /// A property that the edit clears is sent as an empty text or list. Of some, the service takes
    /// nothing but null: `extension`, to take Webex Calling away.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = people_fake::FakePeople::start().await?;
    /// # let client = people_sdk::Client::builder()
    /// #     .base_url(fake.base_url())
    /// #     .token(people_fake::ADMIN_TOKEN)
    /// #     .build()?;
    /// # let id = people_fake::EXTENSION_ONLY;
    /// // Takes Webex Calling away.
    /// let edit = client
    ///     .edit_person(id, |update| update.extension = None)
    ///     .set_null("extension")
    ///     .await?;
    /// # assert_eq!(edit.before().extension.as_deref().is_some(), true);
    /// # assert_eq!(fake.person(id).unwrap().get("extension"), None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_null(mut self, property: impl Into<String>) -> Self {
        self.exceptions.null.insert(property.into());
        self
    }

    /// Whether the edit ends before anything is sent, after everything that is checked until then. Its
    /// outcome is [`EditOutcome::NotSent`] when there is something to change, and
    /// [`Edit::requested`] is the body that would be sent.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
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
    ///     .dry_run(true)
    ///     .await?;
    /// assert_eq!(edit.outcome(), EditOutcome::NotSent);
    /// assert_eq!(edit.requested().title.as_deref(), Some("Director"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    /// Sets a header of each request of the edit, in place of one that the client would send. A hook
    /// ([`on_request`](crate::ClientBuilder::on_request)) comes after. Credentials and headers of the
    /// connection cannot be set: the first request then ends with an error.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = people_fake::FakePeople::start().await?;
    /// # let client = people_sdk::Client::builder()
    /// #     .base_url(fake.base_url())
    /// #     .token(people_fake::ADMIN_TOKEN)
    /// #     .build()?;
    /// # let id = people_fake::JOHN_ANDERSEN;
    /// use std::time::Duration;
    ///
    /// let edit = client
    ///     .edit_person(id, |update| update.title = Some("Director".to_owned()))
    ///     .header("x-request-id", "change-4711")
    ///     .timeout(Duration::from_secs(10))
    ///     .await?;
    /// # drop(edit);
    /// # Ok(())
    /// # }
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.calls.headers.push((name.into(), value.into()));
        self
    }

    /// The time of each call of the edit, with all attempts and the waits between them, instead of the
    /// client's. An edit is up to three calls.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.calls.client = self.calls.client.with_call_timeout(timeout);
        self
    }
}

impl Calls {
    fn with_headers<R>(&self, request: R, set: impl Fn(R, &str, &str) -> R) -> R {
        let headers = self.headers.iter();
        headers.fold(request, |request, (name, value)| set(request, name, value))
    }

    /// Reads with calling data, because an update erases what it does not send back.
    async fn read(&self, id: &str) -> Result<ResponseValue<Person>, Error> {
        let request = self.client.get_person_details();
        let request = request.person_id(id).calling_data(true);
        let request = self.with_headers(request, |it, name, value| it.header(name, value));
        request.send().await
    }

    /// Sends an update, if the precondition holds just before.
    async fn update(
        &self,
        id: &str,
        body: PersonUpdate,
        precondition: PersonUnchanged,
    ) -> Result<ResponseValue<Option<Person>>, Error> {
        let mut guarded = self.client.clone();
        guarded.inner.precondition = Some(Arc::new(precondition));
        let request = guarded.update_person();
        let request = request.person_id(id).calling_data(true).body(body);
        let request = self.with_headers(request, |it, name, value| it.header(name, value));
        request.send().await
    }
}

impl<'a, E: From<Error> + Send + 'a> IntoFuture for EditPerson<'a, E> {
    type Output = Result<Edit, E>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl Client {
    /// Changes a person and loses nothing: reads the person, lets `edit` change what should change,
    /// writes everything back, and compares the result with what was sent.
    ///
    /// `edit` receives an update that has every writable property of the person, and every property
    /// that the contract does not list. It can
    ///
    /// - set a property to a value,
    /// - clear one: `None` where there was a value sends an empty one (`""`, `[]`); what has no empty
    ///   value, such as a boolean, cannot be cleared,
    /// - leave one as it is, which sends it back unchanged.
    ///
    /// Read-only properties are not sent, and neither are phone numbers of the type `work_extension`,
    /// which the service does not accept. When nothing has changed, nothing is written.
    /// [`EditPerson::omit`] leaves a property out on purpose, and [`EditPerson::set_null`] sends null.
    /// To take an attendee role away, which needs the query parameter `showAllTypes`, send the update
    /// yourself, starting from `PersonUpdate::from(&person)`.
    ///
    /// # E-mail addresses
    ///
    /// The first address of an update becomes the primary one, while a read returns addresses in any
    /// order. `edit` receives the primary address, which `userName` names, as the first one. When a
    /// person has several addresses and `userName` names none of them, the update has no `emails`:
    /// `edit` must set all that the person is to have, with the primary address first and at least one
    /// of them as it was. Otherwise the edit fails before anything is sent, unless `emails` are omitted
    /// or sent as null on purpose, which can erase them.
    ///
    /// # Outcome
    ///
    /// An edit that succeeds takes two calls. The response to the update is compared with what was
    /// sent. When it differs, lacks a property, or is an error after which something may have
    /// changed, or when there is no response, the person is read once more, and the outcome is what
    /// that shows. So is it after a 202, which promises nothing yet: such an update, and one that was
    /// lost on the way, can still be applied after that read.
    ///
    /// The service changes some properties by itself: it sets `nickName` to `firstName`, stores e-mail
    /// addresses in lower case, trims text, adds licenses. Such properties are in
    /// [`Edit::also_changed`], and the edit is applied all the same. A value that was sent for
    /// `nickName` itself is not kept, and is in [`Edit::unapplied`].
    ///
    /// In a comparison, absent and empty values are equal, the order of a list has no meaning (apart
    /// from the primary address), and texts are equal when the service stores them in the same form
    /// (`408 526 7209` and `+1 408 526 7209`). An edit that changes nothing else is no change.
    ///
    /// Each call is bound by the client's [`RetryPolicy`](crate::RetryPolicy) and call timeout; the
    /// whole takes three times as long at most. An update that is sent again after it was lost on the
    /// way is the same update. Dropping the future after the update was sent discards its outcome.
    ///
    /// # Conflicts
    ///
    /// The person is read again before the update is sent when the first read is older than a second
    /// by then, and before an update that is repeated after a 429. When `lastModified` or a writable
    /// property has changed since the first read, or the person has gained a property that the contract
    /// does not list, the edit ends in [`ErrorKind::Conflict`] and nothing is written. What the service
    /// derives (`nickName`, `manager`) is no conflict, and neither is another copy of the picture at the
    /// same `lastModified`. After a conflict, call `edit_person` again to start from the new state. An
    /// edit that takes time, such as one in an editor, starts from the person that was read for it:
    /// [`Client::edit_person_from`].
    ///
    /// A change by another client between the last read and the update is overwritten, and the conflict
    /// goes undetected, because the service offers no conditional update. The person is not read
    /// between two attempts when the first may have had an effect, because what has changed by then can
    /// be that effect. A change by another client after the update and before the person is read again
    /// is among the [`unapplied`](Edit::unapplied) properties.
    ///
    /// # Errors
    ///
    /// Nothing was changed: the person could not be read, the update cannot be sent as `edit` left it,
    /// another client has changed the person, the update could not be sent, or the service rejected
    /// it: 401, 405, 415 and 429, and 403, 404 and 410 when the person is then seen to be unchanged, or
    /// gone. Everything else is an [`Edit`].
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
    #[doc(alias = "update")]
    #[doc(alias = "patch")]
    pub fn edit_person<'a>(
        &self,
        id: impl Into<String>,
        edit: impl FnOnce(&mut PersonUpdate) + Send + 'a,
    ) -> EditPerson<'a> {
        self.try_edit_person(id, infallible(edit))
    }

    /// [`edit_person`](Self::edit_person) with an `edit` that can fail. Its error ends the edit, and
    /// nothing is sent.
    ///
    /// # Errors
    ///
    /// That of `edit`, or those of [`edit_person`](Self::edit_person).
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
    /// type Failure = Box<dyn std::error::Error + Send + Sync>;
    ///
    /// let edit = client.try_edit_person(id, |update| -> Result<(), Failure> {
    ///     let title = update.title.as_deref().ok_or("a person without a title")?;
    ///     update.title = Some(format!("Senior {title}"));
    ///     Ok(())
    /// });
    /// let edit = edit.await?;
    /// # assert_eq!(edit.after().unwrap().title.as_deref(), Some("Senior GM"));
    /// # Ok::<(), Failure>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    /// ```
    pub fn try_edit_person<'a, E: From<Error>>(
        &self,
        id: impl Into<String>,
        edit: impl FnOnce(&mut PersonUpdate) -> Result<(), E> + Send + 'a,
    ) -> EditPerson<'a, E> {
        EditPerson::new(self, Start::Id(id.into()), edit)
    }

    /// [`edit_person`](Self::edit_person) from a person that was read earlier, for edits that take
    /// time. The person is read again before the update is sent: when `lastModified` or a writable
    /// property has changed since `before` was read, the edit ends in [`ErrorKind::Conflict`] and
    /// nothing is written.
    ///
    /// `before` must have been read with `callingData`, because an update erases what it does not send.
    ///
    /// # Errors
    ///
    /// Those of [`edit_person`](Self::edit_person), and one of the kind
    /// [`ErrorKind::InvalidRequest`] when `before` lacks properties that the person has.
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
    /// # let ask_user = |_: &str| "Director".to_owned();
    /// let before = client.get_person_details().person_id(id).calling_data(true).send().await?;
    /// let title = ask_user("Which title?");
    /// let edit = client
    ///     .edit_person_from(&before, |update| update.title = Some(title))
    ///     .await?;
    /// # assert_eq!(edit.after().unwrap().title.as_deref(), Some("Director"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn edit_person_from<'a>(
        &self,
        before: &Person,
        edit: impl FnOnce(&mut PersonUpdate) + Send + 'a,
    ) -> EditPerson<'a> {
        self.try_edit_person_from(before, infallible(edit))
    }

    /// [`edit_person_from`](Self::edit_person_from) with an `edit` that can fail, as in
    /// [`try_edit_person`](Self::try_edit_person).
    ///
    /// # Errors
    ///
    /// That of `edit`, or those of [`edit_person_from`](Self::edit_person_from).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    /// # let fake = people_fake::FakePeople::start().await?;
    /// # let client = people_sdk::Client::builder()
    /// #     .base_url(fake.base_url())
    /// #     .token(people_fake::ADMIN_TOKEN)
    /// #     .build()?;
    /// # let id = people_fake::JOHN_ANDERSEN;
    /// type Failure = Box<dyn std::error::Error + Send + Sync>;
    ///
    /// let person = client.get_person_details().person_id(id).calling_data(true).await?;
    /// // … a person enters a title …
    /// let entered = "Director";
    /// let edit = client.try_edit_person_from(&person, |update| -> Result<(), Failure> {
    ///     if entered.is_empty() {
    ///         return Err("a title is required".into());
    ///     }
    ///     update.title = Some(entered.to_owned());
    ///     Ok(())
    /// });
    /// assert!(edit.await?.unapplied().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_edit_person_from<'a, E: From<Error>>(
        &self,
        before: &Person,
        edit: impl FnOnce(&mut PersonUpdate) -> Result<(), E> + Send + 'a,
    ) -> EditPerson<'a, E> {
        EditPerson::new(self, Start::Person(Box::new(before.clone())), edit)
    }
}

fn infallible(
    edit: impl FnOnce(&mut PersonUpdate),
) -> impl FnOnce(&mut PersonUpdate) -> Result<(), Error> {
    |update| {
        edit(update);
        Ok(())
    }
}

impl<E: From<Error>> EditPerson<'_, E> {
    async fn run(self) -> Result<Edit, E> {
        let Self {
            calls,
            start,
            change,
            exceptions,
            dry_run,
        } = self;
        let (id, before, promise, read_at) = match start {
            Start::Id(id) => {
                let (before, promise) = calls.read(&id).await?.into_parts();
                let read_at = calls.client.inner.shared.clock.instant();
                (id, before, promise, Some(read_at))
            }
            Start::Person(person) => (person.id.clone(), *person, None, None),
        };
        let is_own_read = read_at.is_some();
        let promises = Vec::from_iter(promise);
        let draft = Draft::new(&before);
        let mut wanted = draft.update.clone();
        change(&mut wanted)?;
        let request = draft
            .request(&wanted, &exceptions)
            .map_err(|fault| Error::invalid_request(operations::UPDATE_PERSON, fault))?;
        if request.changed.is_empty() || dry_run {
            let outcome = if request.changed.is_empty() {
                EditOutcome::Unchanged
            } else {
                EditOutcome::NotSent
            };
            return Ok(Edit {
                outcome,
                after: Some(before.clone()),
                before,
                requested: request.body,
                unapplied: Vec::new(),
                also_changed: Vec::new(),
                property_errors: BTreeMap::new(),
                error: None,
                promises,
            });
        }
        let precondition = PersonUnchanged {
            calls: calls.clone(),
            id,
            before: Snapshot::from(&before),
            is_own_read,
            read_at: Mutex::new(read_at),
        };
        Ok(send(calls, precondition, before, request, promises).await?)
    }
}

/// Sends an update, and finds out what came of it.
async fn send(
    calls: Calls,
    precondition: PersonUnchanged,
    before: Person,
    request: Request,
    mut promises: Vec<Promise>,
) -> Result<Edit, Error> {
    let id = precondition.id.clone();
    let update = calls.update(&id, request.body.clone(), precondition).await;
    let (response, error) = match update {
        // What was only accepted has not happened yet, whatever the response has.
        Ok(response) if response.status() == StatusCode::ACCEPTED => {
            promises.extend(response.into_parts().1);
            (None, None)
        }
        Ok(response) => {
            let (person, promise) = response.into_parts();
            promises.extend(promise);
            (person, None)
        }
        Err(error) => {
            let is_of_update = error.operation() == Some(operations::UPDATE_PERSON);
            if !is_of_update || !error.may_have_taken_effect() {
                return Err(error);
            }
            (None, Some(request.explain(error)))
        }
    };
    let property_errors = response
        .as_ref()
        .and_then(|person| person.errors.clone())
        .unwrap_or_default();
    let shown = response.and_then(|person| {
        let assessment = Assessment::new(&request, &person);
        let is_applied = assessment.outcome == EditOutcome::Applied;
        (is_applied && assessment.is_complete && property_errors.is_empty())
            .then_some((person, assessment))
    });
    let after = match shown {
        Some(shown) => Ok(shown),
        None => calls.read(&id).await.map(|response| {
            let (person, promise) = response.into_parts();
            promises.extend(promise);
            let assessment = Assessment::new(&request, &person);
            (person, assessment)
        }),
    };
    let (after, assessment, error) = match (after, error) {
        (Ok((_, assessment)), Some(rejection))
            if assessment.outcome == EditOutcome::NotApplied && is_rejection(&rejection) =>
        {
            return Err(rejection);
        }
        (Err(unread), Some(rejection)) if unread.is_not_found() && rejection.is_not_found() => {
            return Err(rejection);
        }
        (Ok((person, assessment)), error) => (Some(person), Some(assessment), error),
        (Err(unread), error) => (None, None, Some(error.unwrap_or(unread))),
    };
    let (outcome, unapplied, also_changed) = match assessment {
        Some(it) => (it.outcome, it.unapplied, it.also_changed),
        None => (EditOutcome::Unknown, Vec::new(), Vec::new()),
    };
    Ok(Edit {
        outcome,
        before,
        requested: request.body,
        after,
        unapplied,
        also_changed,
        property_errors,
        error,
        promises,
    })
}

/// Whether the service has rejected the update as a whole, provided that its response is right.
fn is_rejection(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Forbidden | ErrorKind::NotFound)
}

/// Stops an update when the person has changed since it was read, as far as a read can tell.
struct PersonUnchanged {
    calls: Calls,
    id: String,
    before: Snapshot,
    /// Whether the edit has read the person itself, with all properties.
    is_own_read: bool,
    /// When the person was last read and found unchanged; `None` at a time that is not known.
    read_at: Mutex<Option<Instant>>,
}

impl PersonUnchanged {
    async fn run(&self, remaining: Duration) -> Result<(), Error> {
        let mut calls = self.calls.clone();
        calls.client = calls.client.with_call_timeout(remaining);
        let now = Snapshot::from(&*calls.read(&self.id).await?);
        *self.lock() = Some(self.clock_time());
        if let Some(names) = self.before.lacks(&now)
            && !self.is_own_read
        {
            let reason = format!(
                "the person that the edit starts from lacks {}, which the update would erase; read \
                 the person with `callingData`, or edit by the id",
                names.join(", ")
            );
            return Err(Error::invalid_request(operations::UPDATE_PERSON, reason));
        }
        if self.before.has_changed(&now) {
            let reason = "another client has changed the person since it was read; nothing was \
                          written, start again from the new state";
            return Err(
                Error::new(ErrorKind::Conflict, reason).with_operation(operations::UPDATE_PERSON)
            );
        }
        Ok(())
    }

    fn clock_time(&self) -> Instant {
        self.calls.client.inner.shared.clock.instant()
    }

    fn is_recent(&self) -> bool {
        let now = self.clock_time();
        self.lock()
            .is_some_and(|read_at| now.saturating_duration_since(read_at) <= MAX_AGE)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.read_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Precondition for PersonUnchanged {
    fn is_due(&self, previous: Option<&Error>) -> bool {
        let is_repeated = previous.is_some_and(|error| error.kind() == ErrorKind::RateLimited);
        // What has changed since can be the effect of the previous attempt.
        let may_have_taken_effect = previous.is_some_and(Error::may_have_taken_effect);
        !may_have_taken_effect && (is_repeated || !self.is_recent())
    }

    fn check(
        &self,
        remaining: Duration,
    ) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + '_>> {
        Box::pin(self.run(remaining))
    }
}
