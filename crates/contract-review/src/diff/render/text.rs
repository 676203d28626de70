//! For a terminal: place, rule and levels, line by line.

use std::fmt::Write;

use super::{printable, used};
use crate::diff::Report;
use crate::diff::model::{Difference, Level, Reader};

/// As many operations as are named before the rest is counted.
const OPERATIONS: usize = 5;

pub(super) fn render(report: &Report) -> String {
    let mut text = String::new();
    write(report, &mut text).ok();
    text
}

fn write(report: &Report, text: &mut String) -> std::fmt::Result {
    let (prose, rest): (Vec<_>, Vec<_>) = report
        .differences
        .iter()
        .partition(|found| found.is_prose());
    for difference in rest {
        self::difference(report, difference, text)?;
    }
    if !prose.is_empty() {
        writeln!(text, "Changed prose\n")?;
    }
    for difference in prose {
        self::difference(report, difference, text)?;
    }
    for (difference, entry) in &report.accepted {
        writeln!(
            text,
            "accepted: {}: {}: {} until {}: {}",
            entry.place,
            difference.rule,
            printable(&difference.at),
            entry.expires,
            printable(&entry.reason)
        )?;
    }
    for complaint in &report.complaints {
        let (place, rule) = (&complaint.entry.place, complaint.rule());
        writeln!(
            text,
            "{place}: {rule}: {}",
            printable(&complaint.to_string())
        )?;
    }
    for note in &report.notes {
        let message = printable(&note.message);
        writeln!(text, "note: {}: {}: {message}", note.place, note.rule)?;
    }
    let has_more =
        !report.accepted.is_empty() || !report.complaints.is_empty() || !report.notes.is_empty();
    if has_more {
        writeln!(text)?;
    }
    summary(report, text)
}

fn difference(report: &Report, difference: &Difference, text: &mut String) -> std::fmt::Result {
    let Difference {
        rule,
        at,
        message,
        levels,
        ..
    } = difference;
    let place = match (difference.new, difference.old) {
        (Some(new), _) => format!("{}:{new}", report.new),
        (None, Some(old)) => format!("{}:{old}", report.old),
        (None, None) => format!("{}:{}", report.new, difference.near),
    };
    let (at, message) = (printable(at), printable(message));
    let separator = if at.is_empty() { "" } else { ": " };
    writeln!(text, "{place}: {rule}: {at}{separator}{message}")?;
    writeln!(text, "    {}", super::levels(*levels))?;
    let used = used(difference, OPERATIONS);
    if !used.is_empty() {
        writeln!(text, "    {used}")?;
    }
    if let (Some(old), Some(_)) = (difference.old, difference.new) {
        writeln!(text, "    before: {}:{old}", report.old)?;
    }
    if let Some(words) = &difference.words {
        writeln!(text, "    {}", super::words(words))?;
    }
    writeln!(text)
}

fn summary(report: &Report, text: &mut String) -> std::fmt::Result {
    let count = report.differences.len();
    if count == 0 {
        return writeln!(
            text,
            "no differences between {} and {}",
            report.old, report.new
        );
    }
    let noun = if count == 1 {
        "difference"
    } else {
        "differences"
    };
    writeln!(text, "{count} {noun} from {} to {}", report.old, report.new)?;
    for reader in Reader::ALL {
        let counts = [Level::Breaking, Level::Risky, Level::Safe]
            .map(|level| format!("{} {level}", report.count(reader, level)));
        writeln!(text, "    for {}: {}", reader.title(), counts.join(", "))?;
    }
    Ok(())
}
