//! What an edit returns: how much of it the service has applied, and what else has changed.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::runtime::body::Promise;
use crate::runtime::error::Error;
use crate::runtime::redact::redact_name;
use crate::runtime::serde_support::Deviation;
use crate::runtime::serde_support::report::distinct;
use crate::types::{Person, PersonUpdate, PropertyError};

/// The result of an edit.
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
///     _ => println!("unknown, read the person again: {:?}", edit.error()),
/// }
/// # assert_eq!(edit.outcome(), EditOutcome::Applied);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What was there, what was sent, and what came of it:
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
/// let edit = client
///     .edit_person(id, |update| update.first_name = Some("Jonathan ".to_owned()))
///     .await?;
/// assert_eq!(edit.before().first_name.as_deref(), Some("John"));
/// assert_eq!(edit.requested().first_name.as_deref(), Some("Jonathan "));
/// // Stored without the space.
/// assert_eq!(edit.after().unwrap().first_name.as_deref(), Some("Jonathan"));
/// // The service derives the nickname from the first name.
/// assert_eq!(edit.also_changed(), ["firstName", "nickName"]);
/// for (property, error) in edit.property_errors() {
///     println!("{property}: {:?}", error.reason);
/// }
/// assert!(edit.deviations().is_empty(), "the responses are as the contract says");
/// # Ok(())
/// # }
/// ```
#[must_use = "an edit can have been applied in part, or not at all"]
pub struct Edit {
    pub(crate) outcome: EditOutcome,
    pub(crate) before: Person,
    pub(crate) requested: PersonUpdate,
    pub(crate) after: Option<Person>,
    pub(crate) unapplied: Vec<String>,
    pub(crate) also_changed: Vec<String>,
    pub(crate) property_errors: BTreeMap<String, PropertyError>,
    pub(crate) error: Option<Error>,
    /// Of the responses that the edit used, in their order.
    pub(crate) promises: Vec<Promise>,
}

/// Names that the service has sent are redacted.
impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let redacted = |name: &String| redact_name(name);
        let names = |names: &[String]| names.iter().map(redacted).collect::<Vec<_>>();
        let errors: Vec<_> = self.property_errors.keys().map(redacted).collect();
        f.debug_struct("Edit")
            .field("outcome", &self.outcome)
            .field("before", &self.before)
            .field("requested", &self.requested)
            .field("after", &self.after)
            .field("unapplied", &names(&self.unapplied))
            .field("also_changed", &names(&self.also_changed))
            .field("property_errors", &errors)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

/// How much of an edit the service has applied, as far as that can be seen.
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
/// use people_fake::{Apply, Fault};
/// use people_sdk::EditOutcome;
///
/// // The service reports success, and changes nothing.
/// fake.inject(Fault::partial(Apply::None).method("PUT"));
/// let edit = client
///     .edit_person(id, |update| update.title = Some("Director".to_owned()))
///     .await?;
/// assert_eq!(edit.outcome(), EditOutcome::NotApplied);
/// assert_eq!(edit.unapplied(), ["title"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EditOutcome {
    /// There was nothing to change, and nothing was sent.
    Unchanged,
    /// Every property is as it was sent, apart from what the service changes by itself:
    /// [`Edit::also_changed`].
    Applied,
    /// Some of the changes were applied, or a property that was to stay has changed.
    /// [`Edit::unapplied`] names what is not as it was sent.
    PartlyApplied,
    /// None of the changes were applied, and no other property has changed.
    NotApplied,
    /// The update was sent, and the person could not be read to see its effect.
    Unknown,
    /// There is something to change, and nothing was sent, because the edit was a
    /// [dry run](crate::EditPerson::dry_run).
    NotSent,
}

impl EditOutcome {
    /// The outcome in snake case, which stays the same from version to version.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(people_sdk::EditOutcome::PartlyApplied.as_str(), "partly_applied");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Applied => "applied",
            Self::PartlyApplied => "partly_applied",
            Self::NotApplied => "not_applied",
            Self::Unknown => "unknown",
            Self::NotSent => "not_sent",
        }
    }
}

/// As [`as_str`](EditOutcome::as_str).
impl fmt::Display for EditOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// As [`as_str`](EditOutcome::as_str).
impl Serialize for EditOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
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

    /// The body of the update that was sent, or would have been sent if there had been a change.
    #[must_use]
    pub fn requested(&self) -> &PersonUpdate {
        &self.requested
    }

    /// The person as it was read last; `None` when it could not be read after the update. The person
    /// before the edit when nothing was sent.
    #[must_use]
    pub fn after(&self) -> Option<&Person> {
        self.after.as_ref()
    }

    /// The properties, changed or unchanged by the edit, that are not as they were sent, by their
    /// names in JSON. A property that was left out with [`omit`](crate::EditPerson::omit) is among
    /// them when it has changed.
    #[must_use]
    pub fn unapplied(&self) -> &[String] {
        &self.unapplied
    }

    /// The properties that the service has changed by itself, by their names in JSON:
    ///
    /// - one that it derives from another property, which is as it was sent
    ///   (`nickName` from `firstName`),
    /// - one that it stores in another form: e-mail addresses in lower case, text without white
    ///   space around it and in Unicode NFC, phone numbers in another notation, a picture at the
    ///   address of the service's own copy,
    /// - a list to which it has added items (`licenses`),
    /// - one that it clears with another one for which null was sent (`licenses` and `locationId`
    ///   with `extension`),
    /// - one that the contract does not list and the edit left as it was.
    #[must_use]
    pub fn also_changed(&self) -> &[String] {
        &self.also_changed
    }

    /// The reasons that the service gave for single properties that it did not apply, by their
    /// names. They are part of a response that is otherwise a success.
    #[must_use]
    pub fn property_errors(&self) -> &BTreeMap<String, PropertyError> {
        &self.property_errors
    }

    /// The error of the update, or else of reading the person after it. An update can end in an error
    /// and be applied all the same: the outcome says what was applied, and this holds the status,
    /// the message and the tracking id of the response.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// Where the responses that the edit used differ from the contract, as
    /// [`ResponseValue::deviations`](crate::ResponseValue::deviations) has it, each place once.
    #[must_use]
    pub fn deviations(&self) -> Vec<Deviation> {
        distinct(self.promises.iter().flat_map(Promise::deviations).collect())
    }
}
