//! How a report is written: one module for each format. No format knows a rule.

use super::Report;
use super::model::{Difference, Direction, Level, Levels, Reader};
use super::prose::{Change, Word};

mod github;
mod json;
mod markdown;
mod text;

/// The formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For a terminal: place, rule and levels, line by line.
    #[default]
    Text,
    /// For a pull request or a changelog.
    Markdown,
    /// For programs.
    Json,
    /// For the annotations of a GitHub workflow.
    Github,
}

pub(super) fn render(report: &Report, format: Format) -> String {
    match format {
        Format::Text => text::render(report),
        Format::Markdown => markdown::render(report),
        Format::Json => json::render(report),
        Format::Github => github::render(report),
    }
}

/// Text from a contract, without what a terminal would obey.
fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\t' => ' ',
            _ if character.is_control() => '\u{fffd}',
            _ => character,
        })
        .collect()
}

/// Where the difference is felt: `in requests of a, b`; nothing for what concerns everything.
fn used(difference: &Difference, shown: usize) -> String {
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
fn levels(levels: Levels) -> String {
    let mut parts = Vec::new();
    for level in [Level::Breaking, Level::Risky, Level::Safe] {
        let readers = Reader::ALL
            .into_iter()
            .filter(|reader| levels.of(*reader) == level);
        let titles: Vec<&str> = readers.map(Reader::title).collect();
        match titles.as_slice() {
            [] => {}
            [_, _, _] => parts.push(format!("{level} for everyone")),
            titles => parts.push(format!("{level} for {}", titles.join(" and "))),
        }
    }
    parts.join("; ")
}

/// As `git diff --word-diff` writes it.
fn words(words: &[Word]) -> String {
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
