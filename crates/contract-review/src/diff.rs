//! What a change of the contract means to callers of the HTTP API, to users of
//! the Rust SDK and to those who follow its prose.
//!
//! ```text
//! source ──► load ──► compare ──► rules ──► ignore ──► render
//! ```
//!
//! The rules and their levels are a table in [`rules`]; the walk that finds differences is
//! `compare`; how they are written is `render`.

use std::fmt;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;
use std::{fs, io};

use chrono::NaiveDate;
use people_codegen::document::{load, openapi_format};
use people_codegen::{Diagnostics, Node};

use crate::version;

pub use self::ignore::Ignored;
pub use self::model::{Audience, Difference, Direction, Impact, Level, Note, Place};
pub use self::policy::Policy;
pub(crate) use self::policy::{STABILITY, SUNSET};
pub use self::report::{FailOn, Report};
pub use self::source::Source;

mod compare;
mod digest;
pub mod ignore;
pub mod model;
mod policy;
pub mod prose;
mod report;
pub mod rules;
pub mod source;

/// More notes than these say nothing that the first ones do not.
const MAX_NOTES: usize = 20;

/// Longer than any name, in bytes.
const MAX_NAME: usize = 10_000;

/// Why two contracts could not be compared.
#[derive(Debug)]
pub enum Error {
    /// One of the contracts could not be read.
    Source(source::Error),
    /// One of the contracts, or the ignore file, is not what it should be.
    Text(Diagnostics),
    /// The ignore file could not be read.
    Ignore(String, io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(error) => error.fmt(f),
            Self::Text(findings) => findings.fmt(f),
            Self::Ignore(file, error) => write!(f, "{file}: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Source(error) => Some(error),
            Self::Text(findings) => Some(findings),
            Self::Ignore(_, error) => Some(error),
        }
    }
}

/// Reads the ignore file at `path`, which messages call `label`.
///
/// # Errors
///
/// It cannot be read, or is not an ignore file.
pub fn read_ignore(label: &str, path: &Path) -> Result<Ignored, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ignored::parse(label, &text).map_err(Error::Text),
        Err(error) => Err(Error::Ignore(label.to_owned(), error)),
    }
}

/// Compares two contracts, leaving out what `ignored` accepts. `policy` is the day of the comparison,
/// which decides whether an entry of the ignore file or a date of sunset has passed, or [`Policy`].
///
/// # Errors
///
/// One of them is not YAML or JSON, not a mapping, or of Swagger 2.0, with line and column.
///
/// # Examples
///
/// ```
/// use contract_review::diff::{self, Ignored, Level, Source};
///
/// let source = |text: &str| Source {
///     label: "spec.yaml".to_owned(),
///     file: "spec.yaml".to_owned(),
///     text: text.to_owned(),
/// };
/// let old = source("paths: {/a: {get: {operationId: getA, responses: {}}}}");
/// let new = source("paths: {/a: {get: {operationId: readA, responses: {}}}}");
/// let today = chrono::NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
/// let report = diff::compare(&old, &new, &Ignored::default(), today).unwrap();
/// assert_eq!(report.differences[0].rule, "operation-renamed");
/// assert_eq!(report.differences[0].impact.sdk, Level::Breaking);
/// assert_eq!(report.differences[0].impact.callers, Level::Safe);
/// ```
pub fn compare(
    old: &Source,
    new: &Source,
    ignored: &Ignored,
    policy: impl Into<Policy>,
) -> Result<Report, Error> {
    let policy = policy.into();
    // Much of the work can be done at the same time: each of the two is read, and then checked against
    // the format while they are compared.
    let (before, after) = thread::scope(|scope| {
        let old = scope.spawn(|| contract(old));
        let new = contract(new);
        (old.join().unwrap_or_else(|panic| resume_unwind(panic)), new)
    });
    let (old_root, new_root) = (before?, after?);
    let (outcome, mut notes) = thread::scope(|scope| {
        let notes = scope.spawn(|| [notes(old, &old_root), notes(new, &new_root)].concat());
        let outcome = compare::compare(&old_root, &new_root, &new.text, policy);
        (
            outcome,
            notes.join().unwrap_or_else(|panic| resume_unwind(panic)),
        )
    });
    if outcome.stopped {
        notes.push(Note {
            place: format!("{}:{}", new.label, new_root.position),
            rule: "too-many-differences".to_owned(),
            message: format!(
                "the comparison stopped after {} differences",
                outcome.differences.len()
            ),
        });
    }
    let digest = |found: &Difference| digest::digest(found, &old_root, &new_root);
    let (differences, accepted, problems) =
        ignored.apply(outcome.differences, policy.today, digest);
    // To free so many small parts takes its time, too.
    thread::scope(|scope| {
        scope.spawn(|| drop(old_root));
        drop(new_root);
    });
    let mut report = Report {
        old: old.label.clone(),
        new: new.label.clone(),
        file: new.file.clone(),
        differences,
        accepted,
        problems,
        notes,
    };
    report.sort();
    Ok(report)
}

/// The differences between two documents that have been read, whatever they hold, in no order. No
/// date of sunset has passed.
#[must_use]
pub fn differences(old: &Node, new: &Node) -> Vec<Difference> {
    compare::compare(old, new, "", NaiveDate::MIN.into()).differences
}

fn contract(source: &Source) -> Result<Node, Error> {
    let wrong = |finding| Error::Text(Diagnostics::new(&source.label, vec![finding]));
    let root = load::load(&source.text).map_err(wrong)?;
    if root.as_mapping().is_none() {
        let message = format!(
            "a contract is a mapping that starts with `openapi: 3.0.3`, and this is {}",
            root.kind()
        );
        let finding = people_codegen::Diagnostic::new("wrong-type", root.position, message);
        return Err(wrong(finding));
    }
    if let Some(finding) = version::swagger(&root) {
        return Err(wrong(finding));
    }
    Ok(root)
}

/// Where a contract does not fit OpenAPI 3.0, so that what stands there is compared as a value
/// without meaning, or not at all.
fn notes(source: &Source, root: &Node) -> Vec<Note> {
    if longest_name(root) > MAX_NAME {
        // The check of the format keeps the whole way to every object.
        return vec![Note {
            place: format!("{}:{}", source.label, root.position),
            rule: "long-name".to_owned(),
            message: format!(
                "a name here is longer than {MAX_NAME} bytes, so whether the contract fits OpenAPI \
                 3.0 was not checked"
            ),
        }];
    }
    let findings = openapi_format::faults(root);
    let more = findings.len().saturating_sub(MAX_NOTES);
    let mut notes: Vec<Note> = findings
        .into_iter()
        .take(MAX_NOTES)
        .map(|finding| Note {
            place: format!("{}:{}", source.label, finding.position),
            rule: finding.rule.to_owned(),
            message: finding.message,
        })
        .collect();
    if let (1.., Some(last)) = (more, notes.last_mut()) {
        last.message = format!("{} (and {more} more like this)", last.message);
    }
    notes
}

fn longest_name(node: &Node) -> usize {
    let inner = |name: &str, node: &Node| name.len().max(longest_name(node));
    let entries = node.entries().map(|(name, entry)| inner(name, &entry.node));
    let items = node.items().map(longest_name);
    entries.chain(items).max().unwrap_or_default()
}
