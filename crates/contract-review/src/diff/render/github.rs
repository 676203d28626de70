//! For the annotations of a GitHub workflow, on lines of the new contract. GitHub shows the first
//! ten of a kind, so the worst come first.

use std::fmt::Write;

use super::{printable, used};
use crate::diff::Report;
use crate::diff::model::{Difference, Level, Place};

/// As many operations as are named before the rest is counted.
const OPERATIONS: usize = 5;

pub(super) fn render(report: &Report) -> String {
    let mut text = String::new();
    for difference in &report.differences {
        let command = match difference.levels.worst() {
            Level::Breaking => "error",
            Level::Risky => "warning",
            Level::Safe => "notice",
        };
        let place = difference.near;
        annotation(
            &mut text,
            command,
            &report.file,
            place,
            difference.rule,
            &message(report, difference),
        );
    }
    for complaint in &report.complaints {
        let place = &complaint.entry.place;
        let (file, place) = split(place);
        let message = complaint.to_string();
        annotation(
            &mut text,
            "warning",
            file,
            place,
            complaint.rule(),
            &message,
        );
    }
    text
}

fn message(report: &Report, difference: &Difference) -> String {
    let Difference { at, message, .. } = difference;
    let separator = if at.is_empty() { "" } else { ": " };
    let mut text = format!("{}{separator}{}.", printable(at), printable(message));
    // Writing to a string cannot fail.
    write!(text, "\n{}.", super::levels(difference.levels)).ok();
    let used = used(difference, OPERATIONS);
    if !used.is_empty() {
        write!(text, "\nUsed {used}.").ok();
    }
    if let Some(old) = difference.old {
        write!(text, "\nBefore: {}:{old}.", report.old).ok();
    }
    if let Some(words) = &difference.words {
        write!(text, "\n{}", super::words(words)).ok();
    }
    text
}

fn annotation(
    text: &mut String,
    command: &str,
    file: &str,
    place: Place,
    rule: &str,
    message: &str,
) {
    let Place { line, column } = place;
    writeln!(
        text,
        "::{command} file={},line={line},col={column},title={}::{}",
        property(file),
        property(rule),
        data(message)
    )
    .ok();
}

/// `FILE:LINE:COLUMN` in its parts.
fn split(place: &str) -> (&str, Place) {
    let mut parts = place.rsplitn(3, ':');
    let mut number = || parts.next().and_then(|part| part.parse().ok()).unwrap_or(1);
    let (column, line) = (number(), number());
    (parts.next().unwrap_or(place), Place { line, column })
}

/// As GitHub asks for the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// As GitHub asks for a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
