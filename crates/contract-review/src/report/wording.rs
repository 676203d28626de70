//! Sentences that several formats of a difference share.

use crate::diff::model::{Audience, Difference, Direction, Impact, Level};
use crate::diff::prose::{Change, Word};
use crate::text::printable;

/// Where the difference is felt: `in requests of a, b`; nothing for what concerns everything.
pub(super) fn used(difference: &Difference, shown: usize) -> String {
    let direction = match difference.direction {
        Some(Direction::Request) => "requests",
        Some(Direction::Response) => "responses",
        Some(Direction::Both) => "requests and responses (the worse of both)",
        None => "",
    };
    let operations = if difference.at_operation {
        &[]
    } else {
        difference.operations.as_slice()
    };
    let mut names: Vec<String> = operations
        .iter()
        .take(shown)
        .map(|name| printable(name))
        .collect();
    let rest = operations.len() - names.len();
    match (rest, difference.more_operations) {
        (0, false) => {}
        (_, true) => names.push("more".to_owned()),
        (rest, false) => names.push(format!("{rest} more")),
    }
    let operations = match names.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    };
    match (direction, operations.as_str()) {
        ("", "") => String::new(),
        (direction, "") => format!("in {direction}"),
        ("", operations) => format!("in {operations}"),
        (direction, operations) => format!("in {direction} of {operations}"),
    }
}

/// The levels in words, the worst first: `breaking for HTTP callers; safe for the others`.
pub(super) fn impact(impact: Impact) -> String {
    let mut parts = Vec::new();
    for level in [Level::Breaking, Level::Risky, Level::Safe] {
        let readers = Audience::ALL
            .into_iter()
            .filter(|reader| impact.of(*reader) == level);
        let titles: Vec<&str> = readers.map(Audience::title).collect();
        match titles.as_slice() {
            [] => {}
            [_, _, _] => parts.push(format!("{level} for everyone")),
            titles => parts.push(format!("{level} for {}", titles.join(" and "))),
        }
    }
    parts.join("; ")
}

/// As `git diff --word-diff` writes it.
pub(super) fn words(words: &[Word]) -> String {
    let words = words.iter().map(|word| {
        let text = printable(&word.text);
        match word.change {
            Change::Kept | Change::Elided => text,
            Change::Removed => format!("[-{text}-]"),
            Change::Added => format!("{{+{text}+}}"),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
