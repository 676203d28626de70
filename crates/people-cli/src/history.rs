//! What earlier runs have done, and which lines of a file need not be applied again.
//!
//! The report lists, for each person, the lines that were applied, in order. A person's lines are
//! skipped as far as the person's list ends in exactly these lines: then the person is in the state
//! after them. From the first other line on, all lines are applied again, which sends nothing where
//! the person already is as asked. So the end state is that of the whole file in its order, even if
//! lines were corrected, added or removed in between.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::outcome::{Effect, Outcome};

/// A person, as a hash. A collision leads to a line that is applied again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PersonHash(u64);

impl PersonHash {
    /// To the service, an id is the same with and without the padding of base64.
    pub(crate) fn of(id: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        id.trim_end_matches('=').hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// A line, by the beginning of its digest, and whether it is done. 16 bytes with the person, so
/// that a million lines need 16 MB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    person: PersonHash,
    line: u64,
}

/// The lowest bit of `Step::line` says whether the line is done.
const DONE: u64 = 1;

fn line_hash(digest: &str) -> u64 {
    let start = digest.get(..16).unwrap_or(digest);
    u64::from_str_radix(start, 16).unwrap_or_default() & !DONE
}

/// The lines that earlier runs have sent.
#[derive(Debug, Default)]
pub(crate) struct History(Vec<Step>);

impl History {
    /// Adds an entry of the report.
    pub(crate) fn push(&mut self, id: &str, digest: &str, outcome: Outcome) {
        let done = match outcome.effect() {
            Effect::None => return,
            Effect::Done => DONE,
            Effect::Uncertain => 0,
        };
        self.0.push(Step {
            person: PersonHash::of(id),
            line: line_hash(digest) | done,
        });
    }

    /// Sorts the entries by person, after the last has been added.
    pub(crate) fn finish(&mut self) {
        self.0.sort_by_key(|step| step.person);
        // A line that was uncertain and has been applied again stands once.
        self.0.reverse();
        self.0.dedup_by(|earlier, later| {
            earlier.person == later.person
                && earlier.line & !DONE == later.line & !DONE
                && earlier.line & DONE == 0
        });
        self.0.reverse();
    }

    /// Whether no earlier run has done anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The person for whom a line was applied, for lines that name no id.
    pub(crate) fn person_of(&self, digest: &str) -> Option<PersonHash> {
        let line = line_hash(digest);
        let step = self.0.iter().find(|step| step.line & !DONE == line)?;
        Some(step.person)
    }

    fn of(&self, person: PersonHash) -> &[Step] {
        let start = self.0.partition_point(|step| step.person < person);
        let length = self.0[start..].partition_point(|step| step.person == person);
        &self.0[start..start + length]
    }

    /// Which of the lines of a file need not be applied again.
    pub(crate) fn done(&self, mut file: FileOrder) -> DoneLines {
        let mut done = vec![false; file.0.len()];
        file.0.sort_by_key(|(step, _)| step.person);
        for lines in file
            .0
            .chunk_by(|(one, _), (other, _)| one.person == other.person)
        {
            let Some((first, _)) = lines.first() else {
                continue;
            };
            let past = self.of(first.person);
            let is_end = |count: &usize| {
                let end = &past[past.len() - count..];
                let pairs = lines.iter().zip(end);
                pairs
                    .into_iter()
                    .all(|((line, _), step)| line.line == step.line & !DONE)
            };
            let longest = (0..=lines.len().min(past.len())).rev().find(is_end);
            let count = longest.unwrap_or_default();
            let end = &past[past.len() - count..];
            let settled = lines.iter().zip(end);
            // Only the last line of a run can be uncertain.
            for ((_, index), _) in settled.take_while(|(_, step)| step.line & DONE == DONE) {
                done[*index as usize] = true;
            }
        }
        DoneLines(done)
    }
}

/// The valid lines of a file, in order.
#[derive(Debug, Default)]
pub(crate) struct FileOrder(Vec<(Step, u32)>);

impl FileOrder {
    /// Adds a line. An invalid one has no person, and is never done.
    pub(crate) fn push(&mut self, line: Option<(PersonHash, &str)>) {
        let index = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        let (person, line) = match line {
            Some((person, digest)) => (person, line_hash(digest)),
            // Its own number, which no digest is looked up by.
            None => (PersonHash(u64::from(index)), u64::MAX),
        };
        self.0.push((Step { person, line }, index));
    }
}

/// Which lines of a file are done, by position.
#[derive(Debug, Default)]
pub(crate) struct DoneLines(Vec<bool>);

impl DoneLines {
    /// Whether the line at this position, from 0, is done.
    pub(crate) fn contains(&self, index: usize) -> bool {
        self.0.get(index).copied().unwrap_or_default()
    }

    /// How many lines are done.
    pub(crate) fn count(&self) -> u64 {
        self.0.iter().filter(|done| **done).count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::digest;

    /// Which lines are done, where `past` and `file` name lines as `PERSON:TEXT`. A `?` after a
    /// past line: its outcome is uncertain; a `!`: it has failed.
    fn done(past: &str, file: &str) -> String {
        let mut history = History::default();
        for line in past.split_whitespace() {
            let outcome = match line.chars().last() {
                Some('?') => Outcome::PartlyApplied,
                Some('!') => Outcome::Failed,
                _ => Outcome::Applied,
            };
            let line = line.trim_end_matches(['?', '!']);
            let (person, _) = line.split_once(':').unwrap();
            history.push(person, &digest(line.as_bytes()), outcome);
        }
        history.finish();
        let mut order = FileOrder::default();
        for line in file.split_whitespace() {
            match line.split_once(':') {
                Some((person, _)) => {
                    let digest = digest(line.as_bytes());
                    order.push(Some((PersonHash::of(person), &digest)));
                }
                None => order.push(None),
            }
        }
        let done = history.done(order);
        let lines = file.split_whitespace().enumerate();
        let kept = lines.filter(|(index, _)| done.contains(*index));
        kept.map(|(_, line)| line).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lines_are_done_as_far_as_the_past_ends_in_them() {
        for (past, file, expected) in [
            ("", "a:1 b:1", ""),
            ("a:1 b:1", "a:1 b:1", "a:1 b:1"),
            ("a:1 b:1", "a:1 a:2 b:1 x", "a:1 b:1"),
            // In the order of the report, not of the file.
            ("b:1 a:1", "a:1 b:1", "a:1 b:1"),
            // Corrected before a line that was applied: that one follows again.
            ("a:2", "a:1 a:2", ""),
            ("a:1 a:3", "a:1 a:2 a:3", ""),
            // Removed: what is left is the state already,
            ("a:1 a:2", "a:2", "a:2"),
            ("a:1 a:2 a:3", "a:2 a:3 a:4", "a:2 a:3"),
            // or not.
            ("a:1 a:2", "a:1", ""),
            ("a:1 a:2 a:1", "a:2 a:1", "a:2 a:1"),
            // The same line again.
            ("a:1 a:1", "a:1 a:1 a:1", "a:1 a:1"),
            ("a:1 a:2 a:1", "a:1 a:2 a:1", "a:1 a:2 a:1"),
            // Failures have no effect; what is uncertain is applied again, and what follows it.
            ("a:1 a:2!", "a:1 a:2", "a:1"),
            ("a:1 a:2?", "a:1 a:2 a:3", "a:1"),
            ("a:1 a:2? a:2", "a:1 a:2", "a:1 a:2"),
            ("a:1 a:2? a:2? a:2 a:3", "a:1 a:2 a:3", "a:1 a:2 a:3"),
            ("a:1 a:2?", "a:1", ""),
            // Padding makes no other person.
            ("a:1", "a=:1", ""),
        ] {
            assert_eq!(done(past, file), expected, "past: {past}, file: {file}");
        }
    }

    #[test]
    fn a_person_without_an_id_is_found_by_the_line() {
        let mut history = History::default();
        history.push("x", "0123456789abcdef0123456789abcdef", Outcome::Applied);
        history.finish();
        let found = history.person_of("0123456789abcdef0123456789abcdef");
        assert_eq!(found, Some(PersonHash::of("x=")));
        assert_eq!(history.person_of("1123456789abcdef"), None);
    }
}
