//! Workflow commands, which GitHub shows as annotations at lines of a pull request.

use std::fmt::Write as _;

use super::wording;
use crate::diff::model::{Difference, Level, Place};
use crate::text::{command_message, command_property, printable};
use crate::{diff, lint};

/// As many operations as are named before the rest is counted.
const OPERATIONS: usize = 5;

/// One annotation per difference, the worst first: GitHub shows the first ten of a kind.
pub(super) fn differences(report: &diff::Report) -> String {
    let mut text = String::new();
    for difference in &report.differences {
        let command = match difference.impact.worst() {
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
    for (difference, entry) in &report.accepted {
        let message = format!(
            "{}\nAccepted until {}: {}",
            message(report, difference),
            entry.expires,
            printable(&entry.reason)
        );
        let place = difference.near;
        let title = format!("accepted: {}", difference.rule);
        annotation(&mut text, "notice", &report.file, place, &title, &message);
    }
    for problem in &report.problems {
        let place = &problem.entry.place;
        let (file, place) = split(place);
        let message = problem.to_string();
        annotation(&mut text, "warning", file, place, problem.rule(), &message);
    }
    text
}

fn message(report: &diff::Report, difference: &Difference) -> String {
    let Difference { at, message, .. } = difference;
    let separator = if at.is_empty() { "" } else { ": " };
    let mut text = format!("{}{separator}{}.", printable(at), printable(message));
    // Writing to a string cannot fail.
    write!(text, "\n{}.", wording::impact(difference.impact)).ok();
    let used = wording::used(difference, OPERATIONS);
    if !used.is_empty() {
        write!(text, "\nUsed {used}.").ok();
    }
    if let Some(old) = difference.old {
        write!(text, "\nBefore: {}:{old}.", report.old).ok();
    }
    if let Some(words) = &difference.words {
        write!(text, "\n{}", wording::words(words)).ok();
    }
    text
}

/// One annotation per finding.
pub(super) fn findings(report: &lint::Report) -> String {
    let mut text = String::new();
    for finding in report.findings() {
        let place = Place::from(finding.position);
        let rule = finding.rule;
        let command = finding.level.word();
        annotation(
            &mut text,
            command,
            &report.file,
            place,
            rule.name,
            &finding.message,
        );
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
        command_property(file),
        command_property(rule),
        command_message(message)
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
