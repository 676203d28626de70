//! What a comparison has found. How it is written lives in `crate::report`.

use super::ignore::{Entry, IgnoreProblem};
use super::model::{Audience, Difference, Level, Note};

/// When `diff` fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum FailOn {
    /// When a difference is breaking for any reader
    #[default]
    Breaking,
    /// When a difference is breaking or risky for any reader
    Risky,
    /// Never for a difference
    Never,
}

/// What there is to say about two contracts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How messages name the old contract.
    pub old: String,
    /// How messages name the new contract.
    pub new: String,
    /// The file of the new contract, without a revision.
    pub file: String,
    /// The differences that count, the worst first.
    pub differences: Vec<Difference>,
    /// The differences that the ignore file accepts, each with the entry that does.
    pub accepted: Vec<(Difference, Entry)>,
    /// Entries of the ignore file that do nothing.
    pub problems: Vec<IgnoreProblem>,
    /// What could not be compared as what it should be.
    pub notes: Vec<Note>,
}

impl Report {
    /// Puts the worst first, and equals in the order of the text.
    pub(crate) fn sort(&mut self) {
        self.differences.sort_by_key(|difference| {
            (
                std::cmp::Reverse(difference.impact.worst()),
                difference.is_prose(),
                difference.near,
            )
        });
    }

    /// The worst level of any difference that counts, for `reader`.
    #[must_use]
    pub fn worst(&self, reader: Audience) -> Level {
        let levels = self.differences.iter().map(|found| found.impact.of(reader));
        levels.max().unwrap_or(Level::Safe)
    }

    /// Whether the command fails.
    #[must_use]
    pub fn fails(&self, on: FailOn) -> bool {
        let limit = match on {
            FailOn::Never => return false,
            FailOn::Risky => Level::Risky,
            FailOn::Breaking => Level::Breaking,
        };
        Audience::ALL
            .into_iter()
            .any(|reader| self.worst(reader) >= limit)
    }

    /// How many differences have this level for this reader.
    #[must_use]
    pub fn count(&self, reader: Audience, level: Level) -> usize {
        let levels = self.differences.iter().map(|found| found.impact.of(reader));
        levels.filter(|found| *found == level).count()
    }
}
