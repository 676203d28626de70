//! Differences of words: which were taken out, which were put in. What a text is about, and where
//! texts stand, is known to `compare`.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Beyond this many words, a text is shown as replaced: the search for the shortest difference
/// takes time that grows with the square.
const MAX_WORDS: usize = 4_000;

/// As many words of one change as are shown.
const MAX_SHOWN: usize = 400;

/// How many unchanged words are shown around a change.
const CONTEXT: usize = 4;

/// A run of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Word {
    /// What became of it.
    pub change: Change,
    /// The words, with single spaces between.
    pub text: String,
}

/// What became of a run of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It is in both texts.
    Kept,
    /// It is in both texts, and too long to show.
    Elided,
    /// It is in the old text alone.
    Removed,
    /// It is in the new text alone.
    Added,
}

/// The difference between two texts, in words. How a text is broken into lines says nothing, so
/// `None` means that the texts say the same.
#[must_use]
pub fn words(old: &str, new: &str) -> Option<Vec<Word>> {
    if old == new {
        return None;
    }
    let old: Vec<&str> = old.split_whitespace().collect();
    let new: Vec<&str> = new.split_whitespace().collect();
    if old == new {
        return None;
    }
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let end = (old.iter().rev().zip(new.iter().rev()))
        .take(rest)
        .take_while(|(a, b)| a == b)
        .count();
    let changed_old = &old[start..old.len() - end];
    let changed_new = &new[start..new.len() - end];
    let mut runs = Runs::default();
    runs.kept(&old[..start]);
    if changed_old.len().max(changed_new.len()) > MAX_WORDS {
        runs.push(Change::Removed, changed_old);
        runs.push(Change::Added, changed_new);
    } else {
        for operation in capture_diff_slices(Algorithm::Patience, changed_old, changed_new) {
            let (old_range, new_range) = (operation.old_range(), operation.new_range());
            if let DiffOp::Equal { .. } = operation {
                runs.kept(&changed_old[old_range]);
            } else {
                runs.push(Change::Removed, &changed_old[old_range]);
                runs.push(Change::Added, &changed_new[new_range]);
            }
        }
    }
    runs.kept(&old[old.len() - end..]);
    Some(runs.elided())
}

/// The first word of `new` with which it departs from `old`, and how many stand before it; the last one
/// when words were taken from the end. None when there is no word.
#[must_use]
pub fn first_change<'t>(old: &str, new: &'t str) -> Option<(usize, &'t str)> {
    let mut old = old.split_whitespace();
    let words = new.split_whitespace().enumerate();
    let mut last = None;
    for (index, word) in words {
        last = Some((index, word));
        if old.next() != Some(word) {
            break;
        }
    }
    last
}

#[derive(Default)]
struct Runs<'a>(Vec<(Change, Vec<&'a str>)>);

impl<'a> Runs<'a> {
    fn push(&mut self, change: Change, words: &[&'a str]) {
        if !words.is_empty() {
            self.0.push((change, words.to_vec()));
        }
    }

    fn kept(&mut self, words: &[&'a str]) {
        self.push(Change::Kept, words);
    }

    /// The runs, with no more of the unchanged words than show where a change is.
    fn elided(self) -> Vec<Word> {
        let last = self.0.len().saturating_sub(1);
        let mut words = Vec::new();
        let mut push = |change, text: &[&str]| {
            words.push(Word {
                change,
                text: text.join(" "),
            });
        };
        for (index, (change, run)) in self.0.iter().enumerate() {
            let before = if index == 0 { 0 } else { CONTEXT };
            let after = if index == last { 0 } else { CONTEXT };
            if *change != Change::Kept {
                push(*change, &run[..run.len().min(MAX_SHOWN)]);
                if run.len() > MAX_SHOWN {
                    push(Change::Elided, &["…"]);
                }
                continue;
            }
            if run.len() <= before + after + 1 {
                push(*change, run);
                continue;
            }
            if before > 0 {
                push(Change::Kept, &run[..before]);
            }
            push(Change::Elided, &["…"]);
            if after > 0 {
                push(Change::Kept, &run[run.len() - after..]);
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let words = words(old, new).unwrap();
        let words = words.iter().map(|word| match word.change {
            Change::Kept | Change::Elided => word.text.clone(),
            Change::Removed => format!("[-{}-]", word.text),
            Change::Added => format!("{{+{}+}}", word.text),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn line_breaks_say_nothing() {
        assert_eq!(words("one two\n  three", "one\ntwo three"), None);
    }

    #[test]
    fn first_change_is_the_first_other_word() {
        assert_eq!(first_change("one two", "one three two"), Some((1, "three")));
        assert_eq!(
            first_change("one two", "one\n two three"),
            Some((2, "three"))
        );
        assert_eq!(first_change("one two three", "one two"), Some((1, "two")));
        assert_eq!(first_change("one", ""), None);
    }

    #[test]
    fn changed_words_stand_with_their_neighbours() {
        assert_eq!(
            shown(
                "Only administrators of the whole organization may update one person at a time.",
                "Only administrators of the whole organization may replace one person at a time."
            ),
            "… the whole organization may [-update-] {+replace+} one person at a time."
        );
    }

    #[test]
    fn a_text_that_comes_or_goes_is_one_run() {
        assert_eq!(shown("", "two words"), "{+two words+}");
        assert_eq!(shown("two words", ""), "[-two words-]");
    }

    #[test]
    fn a_giant_text_is_replaced_at_once() {
        let text = |letter: char| {
            let words = (0..20_000).map(|number| format!("{letter}{number}"));
            words.collect::<Vec<_>>().join(" ")
        };
        let changes: Vec<_> = words(&text('a'), &text('b'))
            .unwrap()
            .iter()
            .map(|word| word.change)
            .collect();
        let run = [
            Change::Removed,
            Change::Elided,
            Change::Added,
            Change::Elided,
        ];
        assert_eq!(changes, run);
    }
}
