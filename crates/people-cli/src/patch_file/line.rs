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
    /// The patch, or why the line is invalid.
    pub(crate) patch: Result<PersonPatch, Failure>,
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
    pub(crate) fn new(number: u64, text: &str, patch: Result<PersonPatch, Failure>) -> Self {
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
    /// Checks that the patch is one that a second run may apply again.
    pub(crate) fn new(id: &str, patch: Patch) -> Result<Self, Failure> {
        let id = id.trim();
        if id.is_empty() {
            return Err(Failure::usage("the id is missing"));
        }
        if !patch.is_repeatable() {
            return Err(Failure::usage(
                "an item cannot be removed by its index here: repeated after an interruption, that \
                 would remove another item",
            )
            .help(
                "name the item: `{\"remove\": {\"licenses\": \"ID\"}}`, or a column `-licenses`",
            ));
        }
        Ok(Self {
            id: PersonId::parse(id)?,
            patch,
            empty_cells: Vec::new(),
        })
    }
}
