//! A line of a file of changes: one patch of one person.

use std::sync::Arc;

use crate::digest::digest;
use crate::exit::Failure;
use crate::patch::{Patch, Path};
use crate::person_id::PersonId;

/// The longest line, in bytes. Longer ones are most likely no line at all, but a quote that is not
/// closed or another kind of file.
pub(crate) const MAX_LINE_BYTES: usize = 1 << 20;

/// A line of the file.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) key: LineKey,
    pub(crate) patch: Result<PersonPatch, InvalidLine>,
}

/// Why a line is invalid.
#[derive(Debug)]
pub(crate) struct InvalidLine {
    /// The person; empty if the line names none.
    pub(crate) id: String,
    pub(crate) failure: Box<Failure>,
}

impl From<Failure> for InvalidLine {
    fn from(failure: Failure) -> Self {
        Self {
            id: String::new(),
            failure: Box::new(failure),
        }
    }
}

/// Identifies a line in one run and in the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineKey {
    /// Position in the file, from 1.
    pub(crate) number: u64,
    /// Digest of what the line does, by which it is found again when the file has been edited.
    pub(crate) digest: String,
}

/// A patch and the person it is for.
#[derive(Debug)]
pub(crate) struct PersonPatch {
    pub(crate) id: PersonId,
    pub(crate) patch: Patch,
    /// The paths of the empty cells of a row, whose values stay as they are.
    pub(crate) empty_cells: Vec<Arc<Path>>,
}

impl Line {
    /// A line of this text. The digest of a valid line is that of its meaning, so that it stays the
    /// same when a spreadsheet writes the line in another way.
    pub(crate) fn new(number: u64, text: &str, patch: Result<PersonPatch, InvalidLine>) -> Self {
        let digest = match &patch {
            Ok(PersonPatch { id, patch, .. }) => {
                digest(format!("{}\n{}", id.key(), patch.canonical()).as_bytes())
            }
            Err(_) => digest(text.as_bytes()),
        };
        Self {
            key: LineKey { number, digest },
            patch,
        }
    }
}

impl PersonPatch {
    /// The patch of a line. Checks what can be checked before the person has been read, and that a
    /// second run may apply the patch again.
    pub(crate) fn new(id: &str, patch: Result<Patch, Failure>) -> Result<Self, InvalidLine> {
        let id = id.trim();
        if id.is_empty() {
            return Err(Failure::usage("the id is missing").into());
        }
        let id = PersonId::parse(id)?;
        match patch.and_then(valid) {
            Ok(patch) => Ok(Self {
                id,
                patch,
                empty_cells: Vec::new(),
            }),
            Err(failure) => Err(InvalidLine {
                id: id.key().to_owned(),
                failure: Box::new(failure),
            }),
        }
    }
}

fn valid(patch: Patch) -> Result<Patch, Failure> {
    if !patch.is_repeatable() {
        return Err(Failure::usage(
            "an item cannot be removed by its index here: repeated after an interruption, that \
             would remove another item",
        )
        .help("name the item: `{\"remove\": {\"licenses\": \"ID\"}}`, or a column `-licenses`"));
    }
    patch.check_values()?;
    Ok(patch)
}
