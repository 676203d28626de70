//! The facts that the contract states about updates, as the generated code carries them. What follows
//! from them is decided in `people::edit`.

/// What an update does with one property, beyond storing the value that was sent.
///
/// The constants of [`update_facts`](crate::update_facts) list the properties that have facts.
///
/// # Examples
///
/// ```
/// use people_sdk::{PropertyFacts, update_facts};
///
/// let facts = PropertyFacts::find(update_facts::PERSON_UPDATE, "nickName").unwrap();
/// assert_eq!(facts.derived_from, Some("firstName"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PropertyFacts {
    /// The name of the property in JSON.
    pub name: &'static str,
    /// Whether an update must contain it.
    pub required: bool,
    /// The property of the same update from which the service sets this one.
    pub derived_from: Option<&'static str>,
    /// Whether the first item of an update is the primary one, while the order of a read means
    /// nothing.
    pub first_is_primary: bool,
    /// The property of the schema that is read that holds the primary item.
    pub primary_named_by: Option<&'static str>,
    /// Items that appear in reads and must not be sent: those with this property and value.
    pub read_only_items: Option<(&'static str, &'static str)>,
    /// The condition without which the service may reject the property.
    pub write_requires: Option<&'static str>,
    /// The form in which the service stores the value, if it is not the one that was sent.
    pub stored_as: Option<StoredForm>,
    /// Whether the service may add items to those that were sent.
    pub may_gain_items: bool,
    /// The other properties that the service clears, or of which it removes items, when this one is
    /// null.
    pub null_clears: &'static [&'static str],
}

/// The form in which the service stores a value.
///
/// # Examples
///
/// ```
/// use people_sdk::{PropertyFacts, StoredForm, update_facts};
///
/// let facts = PropertyFacts::find(update_facts::PERSON_UPDATE, "emails").unwrap();
/// assert_eq!(facts.stored_as, Some(StoredForm::LowerCase));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoredForm {
    /// The same text in lower case.
    LowerCase,
    /// The same digits in another notation of phone numbers.
    PhoneNumber,
    /// The address of the service's own copy.
    Copy,
}

impl PropertyFacts {
    /// The facts of the property `name`, if it has any.
    #[must_use]
    pub fn find(facts: &[Self], name: &str) -> Option<Self> {
        facts.iter().find(|facts| facts.name == name).copied()
    }

    /// A property without facts, for the generated code to add to.
    pub(crate) const NONE: Self = Self {
        name: "",
        required: false,
        derived_from: None,
        first_is_primary: false,
        primary_named_by: None,
        read_only_items: None,
        write_requires: None,
        stored_as: None,
        may_gain_items: false,
        null_clears: &[],
    };
}
