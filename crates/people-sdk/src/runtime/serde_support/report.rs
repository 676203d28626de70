//! Where a JSON value differs from what the contract promises: the path on the way through a body,
//! and what was found there. Values are never kept.

use std::collections::HashSet;
use std::fmt::{self, Write as _};

use crate::runtime::redact;

/// One difference between an answer and the contract, without the value itself.
///
/// # Examples
///
/// ```
/// use people_sdk::DeviationKind;
/// use people_sdk::types::Person;
///
/// let json = r#"{ "id": "x", "phoneNumbers": [{ "primary": "yes" }] }"#;
/// let deviations = Person::deviations_in(json);
/// let deviation = &deviations[0];
/// assert_eq!(deviation.kind(), DeviationKind::UnexpectedForm);
/// assert_eq!(deviation.path(), "phoneNumbers[0].primary");
/// assert_eq!(deviation.path_without_positions(), "phoneNumbers[].primary");
/// assert_eq!(deviation.expected(), "a boolean");
/// assert_eq!(deviation.to_string(), "phoneNumbers[0].primary: expected a boolean");
/// ```
///
/// [`ResponseValue::deviations`](crate::ResponseValue::deviations) gives those of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    kind: DeviationKind,
    path: String,
    expected: &'static str,
}

/// How an answer can differ from the contract.
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
/// use people_fake::{FaultBody, Fault};
///
/// let body = r#"{ "id": "x", "status": "asleep", "lastActivity": "" }"#;
/// fake.inject(Fault::status(200).body(FaultBody::Raw(body.to_owned())));
/// let me = client.get_my_own_details().await?;
/// for deviation in me.deviations() {
///     println!("{} at {}", deviation.kind().as_str(), deviation.path());
/// }
/// # assert_eq!(me.deviations().len(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviationKind {
    /// A value came in another form, from which the promised one could be made: `"TRUE"` for a
    /// boolean, `133` for text.
    Converted,
    /// A value came in another form. Its property reads as absent and is written back as it came.
    UnexpectedForm,
    /// A property is not in the contract.
    UnlistedProperty,
    /// A value is not among those that the contract lists.
    UnlistedValue,
    /// The status of the answer is not in the contract.
    UnlistedStatus,
}

impl DeviationKind {
    /// The name of the kind in `snake_case`, as it appears in events.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Converted => "converted",
            Self::UnexpectedForm => "unexpected_form",
            Self::UnlistedProperty => "unlisted_property",
            Self::UnlistedValue => "unlisted_value",
            Self::UnlistedStatus => "unlisted_status",
        }
    }
}

impl Deviation {
    pub(crate) fn new(kind: DeviationKind, path: String, expected: &'static str) -> Self {
        Self {
            kind,
            path,
            expected,
        }
    }

    /// How the answer differs.
    #[must_use]
    pub fn kind(&self) -> DeviationKind {
        self.kind
    }

    /// Where: `phoneNumbers[0].primary`; empty for the body as a whole. Names that the contract does
    /// not list are cleaned and shortened.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// [`path`](Self::path) without the positions in lists, which is the same for every item:
    /// `phoneNumbers[].primary`.
    #[must_use]
    pub fn path_without_positions(&self) -> String {
        let mut parts = self.path.split('[');
        let mut path = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            path.push('[');
            match part.split_once(']') {
                Some((position, rest)) if position.bytes().all(|byte| byte.is_ascii_digit()) => {
                    path.push(']');
                    path.push_str(rest);
                }
                _ => path.push_str(part),
            }
        }
        path
    }

    /// What the contract promises there: `a boolean`.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.expected
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.path.is_empty() {
            "the answer"
        } else {
            &self.path
        };
        match self.kind {
            DeviationKind::Converted => write!(f, "{place}: converted to {}", self.expected),
            DeviationKind::UnexpectedForm => write!(f, "{place}: expected {}", self.expected),
            DeviationKind::UnlistedProperty => write!(f, "{place}: not listed in the contract"),
            DeviationKind::UnlistedValue => {
                write!(f, "{place}: a value that the contract does not list")
            }
            DeviationKind::UnlistedStatus => {
                write!(f, "{place}: a status that the contract does not list")
            }
        }
    }
}

/// A value that cannot be read in any form: where it stands, and what is expected there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mismatch {
    pub(crate) path: String,
    pub(crate) fault: Fault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Expected(&'static str),
    Missing(&'static str),
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        match self.fault {
            Fault::Expected(expected) => write!(f, "expected {expected}"),
            Fault::Missing(property) => write!(f, "missing field `{property}`"),
        }
    }
}

/// The deviations, each kind once at each place.
pub(crate) fn distinct(mut deviations: Vec<Deviation>) -> Vec<Deviation> {
    let mut seen = HashSet::new();
    deviations.retain(|deviation| seen.insert((deviation.kind, deviation.path.clone())));
    deviations
}

/// The place that reading has reached, and the deviations met on the way.
#[derive(Debug, Default)]
pub(crate) struct Report {
    path: String,
    pub(crate) deviations: Vec<Deviation>,
    /// How many bytes may still be read to find out which form a value has, inside one of which that is
    /// being found out.
    trial_budget: Option<usize>,
}

/// How often each byte of a value may be read to find out its form and those of what it holds.
const TRIALS: usize = 64;

#[allow(dead_code, reason = "used by contracts with a choice of schemas")]
impl Report {
    /// A report on one form of a value that is tried.
    pub(crate) fn with_trial_budget(budget: usize) -> Self {
        Self {
            trial_budget: Some(budget),
            ..Self::default()
        }
    }

    /// The bytes that may be read to try `forms` forms of a value of `length` bytes.
    pub(crate) fn trial_budget(&self, length: usize, forms: usize) -> usize {
        let own = length.saturating_mul(forms.max(TRIALS));
        self.trial_budget.unwrap_or(own)
    }

    pub(crate) fn left_of_trial_budget(&self) -> Option<usize> {
        self.trial_budget
    }

    /// Keeps what is left of the budget of the value that this one is inside of.
    pub(crate) fn spend_trial_budget(&mut self, left: usize) {
        if let Some(budget) = &mut self.trial_budget {
            *budget = left;
        }
    }

    /// Takes over the deviations of a form that was tried at this place.
    pub(crate) fn adopt(&mut self, tried: Self) {
        for mut deviation in tried.deviations {
            deviation.path = match (self.path.is_empty(), deviation.path.is_empty()) {
                (true, _) => deviation.path,
                (_, true) => self.path.clone(),
                _ if deviation.path.starts_with('[') => format!("{}{}", self.path, deviation.path),
                _ => format!("{}.{}", self.path, deviation.path),
            };
            self.deviations.push(deviation);
        }
    }
}

impl Report {
    /// Reads inside a property that the contract lists.
    pub(crate) fn in_property<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let length = self.path.len();
        self.push(name);
        let value = read(self);
        self.path.truncate(length);
        value
    }

    /// Reads inside a property whose name is the service's own.
    pub(crate) fn in_unlisted<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.push(&redact::redact_name(name));
        let value = read(self);
        self.path.truncate(length);
        value
    }

    /// Reads inside an item of a list.
    pub(crate) fn in_item<T>(&mut self, index: usize, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        // Writing to a string does not fail.
        let _ = write!(self.path, "[{index}]");
        let value = read(self);
        self.path.truncate(length);
        value
    }

    fn push(&mut self, name: &str) {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(name);
    }

    /// Records a deviation at this place.
    pub(crate) fn record(&mut self, kind: DeviationKind, expected: &'static str) {
        self.deviations
            .push(Deviation::new(kind, self.path.clone(), expected));
    }

    /// Records why a value cannot be read, when its object can do without it.
    pub(crate) fn record_mismatch(&mut self, mismatch: &Mismatch) {
        let (mut path, mut expected) = (mismatch.path.clone(), "a value");
        match mismatch.fault {
            Fault::Expected(form) => expected = form,
            Fault::Missing(property) if path.is_empty() => property.clone_into(&mut path),
            Fault::Missing(property) => path = format!("{path}.{property}"),
        }
        let kind = DeviationKind::UnexpectedForm;
        self.deviations.push(Deviation::new(kind, path, expected));
    }

    /// The value at this place is not `expected`.
    pub(crate) fn expected(&self, expected: &'static str) -> Mismatch {
        Mismatch {
            path: self.path.clone(),
            fault: Fault::Expected(expected),
        }
    }

    /// The object at this place has no `property`.
    pub(crate) fn missing(&self, property: &'static str) -> Mismatch {
        Mismatch {
            path: self.path.clone(),
            fault: Fault::Missing(property),
        }
    }

    /// The deviations, each kind once at each place.
    pub(crate) fn into_distinct(self) -> Vec<Deviation> {
        distinct(self.deviations)
    }

    /// How many deviations there are, to return to with [`rewind`](Self::rewind).
    pub(crate) fn mark(&self) -> usize {
        self.deviations.len()
    }

    /// Forgets the deviations after `mark`: what they are in is not read after all.
    pub(crate) fn rewind(&mut self, mark: usize) {
        self.deviations.truncate(mark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_left_out_of_paths() {
        for (path, expected) in [
            ("", ""),
            ("title", "title"),
            ("phoneNumbers[0].primary", "phoneNumbers[].primary"),
            ("[12][3].a[b]", "[][].a[b]"),
            ("a[1", "a[1"),
        ] {
            let deviation = Deviation::new(DeviationKind::Converted, path.to_owned(), "text");
            assert_eq!(deviation.path_without_positions(), expected, "{path}");
        }
    }
}
