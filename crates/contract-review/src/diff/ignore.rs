//! The file of accepted differences, each with a reason and a date of expiry.
//!
//! ```yaml
//! - rule: property-removed
//!   at: Person.nickName
//!   change: the property was removed
//!   hash: '1f0c9a3e'
//!   reason: The service stopped sending it in October.
//!   expires: 2027-01-31
//! ```

use std::fmt;

use chrono::NaiveDate;
use people_codegen::document::load;
use people_codegen::{Diagnostic, Diagnostics, Node};

use super::model::Difference;
use super::rules;

/// Every field of an entry, all of them required: without [`HASH`], an entry accepts nothing.
const FIELDS: [&str; 6] = ["rule", "at", "change", HASH, "reason", "expires"];

/// The field that the reviewer takes from the command, and that is missing before.
const HASH: &str = "hash";

/// The entries of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignored {
    file: String,
    entries: Vec<Entry>,
}

/// One accepted difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `FILE:LINE:COLUMN` of the entry.
    pub place: String,
    /// The rule.
    pub rule: String,
    /// The place, as [`Difference::at`] names it.
    pub at: String,
    /// What changed, as [`Difference::message`] says it, so that the next change of the same rule at
    /// the same place is not accepted with this one.
    pub change: String,
    /// The digest of what stood and what stands there, for a message does not always hold it: a text, a list
    /// of values, a schema. Empty when the entry gives none; the problem then tells it.
    pub hash: String,
    /// Why the difference is accepted.
    pub reason: String,
    /// The last day on which it is.
    pub expires: NaiveDate,
}

/// What is wrong with an entry of a file that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreProblem {
    /// The entry.
    pub entry: Entry,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What can be wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Its day has passed, so that it accepts nothing.
    Expired,
    /// There is no such difference.
    Unused,
    /// What changed there is something else.
    OtherChange(String),
    /// The change is in the same words, and from or to something else: its digest.
    OtherValue(String),
}

impl fmt::Display for IgnoreProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Entry {
            rule, at, expires, ..
        } = &self.entry;
        match &self.fault {
            Fault::Expired => write!(
                f,
                "`{rule}` at `{at}` was accepted until {expires}; judge it again, then give a later \
                 date or remove the entry"
            ),
            Fault::Unused => write!(
                f,
                "there is no `{rule}` at `{at}`; remove the entry, or correct it"
            ),
            Fault::OtherChange(change) => write!(
                f,
                "the change of `{rule}` at `{at}` is another one: {change}; judge it, then write it \
                 as `change`"
            ),
            Fault::OtherValue(hash) if self.entry.hash.is_empty() => write!(
                f,
                "the entry accepts nothing without a hash of what stood and what stands there; add \
                 `hash: '{hash}'`"
            ),
            Fault::OtherValue(hash) => write!(
                f,
                "`{rule}` at `{at}` is from or to something else than what was accepted; judge it, \
                 then write `hash: '{hash}'`"
            ),
        }
    }
}

impl IgnoreProblem {
    /// The name of the problem, as if it were a rule.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self.fault {
            Fault::Expired => "ignore-expired",
            Fault::Unused => "ignore-unused",
            Fault::OtherChange(_) | Fault::OtherValue(_) => "ignore-other-change",
        }
    }
}

impl Ignored {
    /// Reads the text of an ignore file, which messages call `file`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, by line and column.
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostics> {
        let mut ignored = Self {
            file: file.to_owned(),
            entries: Vec::new(),
        };
        // A file of comments alone is a list without entries.
        let bare = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
        if text.lines().all(bare) {
            return Ok(ignored);
        }
        let root = load::load(text).map_err(|finding| Diagnostics::new(file, vec![finding]))?;
        let Some(items) = root.as_sequence() else {
            let message = format!(
                "an ignore file is a list of entries with {}",
                FIELDS.map(|field| format!("`{field}`")).join(", ")
            );
            let finding = Diagnostic::new("ignore-file", root.position, message);
            return Err(Diagnostics::new(file, vec![finding]));
        };
        let mut findings = Vec::new();
        for item in items {
            match ignored.entry(item) {
                Ok(entry) => ignored.entries.push(entry),
                Err(finding) => findings.push(finding),
            }
        }
        if findings.is_empty() {
            Ok(ignored)
        } else {
            Err(Diagnostics::new(file, findings))
        }
    }

    fn entry(&self, item: &Node) -> Result<Entry, Diagnostic> {
        let wrong = |node: &Node, message: String| {
            Err(Diagnostic::new("ignore-file", node.position, message))
        };
        for (name, entry) in item.entries() {
            if !FIELDS.contains(&name) {
                let message = format!("an entry has no field `{name}`; remove it");
                return Err(Diagnostic::new("ignore-file", entry.key, message));
            }
        }
        let mut fields = [(item, ""); FIELDS.len()];
        for (slot, field) in fields.iter_mut().zip(FIELDS) {
            let Some(node) = item.get(field) else {
                if field == HASH {
                    continue;
                }
                return wrong(item, format!("the entry has no `{field}`; add it"));
            };
            match node.as_str() {
                Some(text) if !text.trim().is_empty() => *slot = (node, text),
                _ => return wrong(node, format!("`{field}` must be text, and not empty")),
            }
        }
        let [
            (rule_node, rule),
            (_, at),
            (_, change),
            (_, hash),
            (_, reason),
            (expires_node, expires),
        ] = fields;
        if rules::find(rule).is_none() {
            let message =
                format!("there is no rule `{rule}`; `cargo xtask diff --rules` lists all");
            return wrong(rule_node, message);
        }
        let Ok(expires) = NaiveDate::parse_from_str(expires, "%Y-%m-%d") else {
            let message = format!("`{expires}` is not a date; write it as 2027-01-31");
            return wrong(expires_node, message);
        };
        Ok(Entry {
            place: format!("{}:{}", self.file, item.position),
            rule: rule.to_owned(),
            at: at.to_owned(),
            change: change.to_owned(),
            hash: hash.to_owned(),
            reason: reason.to_owned(),
            expires,
        })
    }

    /// Splits `differences` into those that count and those that are accepted on the day `today`,
    /// and says which entries do nothing. `digest` tells two differences in the same words apart.
    #[must_use]
    pub(super) fn apply(
        &self,
        differences: Vec<Difference>,
        today: NaiveDate,
        digest: impl Fn(&Difference) -> String,
    ) -> (
        Vec<Difference>,
        Vec<(Difference, Entry)>,
        Vec<IgnoreProblem>,
    ) {
        let is_at =
            |entry: &Entry, found: &Difference| entry.rule == found.rule && entry.at == found.at;
        let in_words = |entry: &Entry, found: &Difference| {
            is_at(entry, found) && entry.change == found.message
        };
        let matches = |entry: &Entry, found: &Difference| {
            in_words(entry, found) && entry.hash == digest(found)
        };
        let problems = self.entries.iter().filter_map(|entry| {
            let find = |is_meant: &dyn Fn(&Entry, &Difference) -> bool| {
                differences.iter().find(|found| is_meant(entry, found))
            };
            let fault = if find(&matches).is_some() {
                (entry.expires < today).then_some(Fault::Expired)?
            } else if let Some(found) = find(&in_words) {
                Fault::OtherValue(digest(found))
            } else if let Some(found) = find(&is_at) {
                Fault::OtherChange(found.message.clone())
            } else {
                Fault::Unused
            };
            Some(IgnoreProblem {
                entry: entry.clone(),
                fault,
            })
        });
        let problems = problems.collect();
        let mut counting = Vec::new();
        let mut accepted = Vec::new();
        for difference in differences {
            let entry = self
                .entries
                .iter()
                .find(|entry| entry.expires >= today && matches(entry, &difference));
            match entry {
                Some(entry) => accepted.push((difference, entry.clone())),
                None => counting.push(difference),
            }
        }
        (counting, accepted, problems)
    }
}
