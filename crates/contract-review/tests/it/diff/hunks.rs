//! The lines that a pull request shows of a change: GitHub has no place for an annotation elsewhere.

use std::ops::RangeInclusive;

use similar::TextDiff;

/// As many unchanged lines are shown around a change.
const CONTEXT: usize = 3;

/// The hunks of a change, as lines of the new text.
#[derive(Debug)]
pub(super) struct Hunks(Vec<RangeInclusive<usize>>);

impl Hunks {
    pub(super) fn of(old: &str, new: &str) -> Self {
        let diff = TextDiff::from_lines(old, new);
        let hunks = diff.grouped_ops(CONTEXT);
        let lines = hunks.iter().filter_map(|operations| {
            let (first, last) = (operations.first()?, operations.last()?);
            Some(first.new_range().start + 1..=last.new_range().end)
        });
        Self(lines.collect())
    }

    pub(super) fn contain(&self, line: usize) -> bool {
        self.0.iter().any(|hunk| hunk.contains(&line))
    }
}
