//! Plain text: differences and findings as a person reads them.

use std::fmt::Write as _;
use std::io;

use super::wording;
use crate::diff::model::{Audience, Difference, Level};
use crate::text::printable;
use crate::{diff, lint};

/// As many operations as are named before the rest is counted.
const OPERATIONS: usize = 5;

/// The differences: place, rule and impact, line by line.
pub(super) fn differences(report: &diff::Report) -> String {
    let mut text = String::new();
    write(report, &mut text).ok();
    text
}

fn write(report: &diff::Report, text: &mut String) -> std::fmt::Result {
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
            "accepted: {}: {}: {}: {} until {}: {}",
            entry.place,
            difference.rule,
            printable(&difference.at),
            printable(&difference.message),
            entry.expires,
            printable(&entry.reason)
        )?;
    }
    for problem in &report.problems {
        let (place, rule) = (&problem.entry.place, problem.rule());
        writeln!(text, "{place}: {rule}: {}", printable(&problem.to_string()))?;
    }
    for note in &report.notes {
        let message = printable(&note.message);
        writeln!(text, "note: {}: {}: {message}", note.place, note.rule)?;
    }
    let has_more =
        !report.accepted.is_empty() || !report.problems.is_empty() || !report.notes.is_empty();
    if has_more {
        writeln!(text)?;
    }
    summary(report, text)
}

fn difference(
    report: &diff::Report,
    difference: &Difference,
    text: &mut String,
) -> std::fmt::Result {
    let Difference {
        rule,
        at,
        message,
        impact,
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
    writeln!(text, "    {}", wording::impact(*impact))?;
    let used = wording::used(difference, OPERATIONS);
    if !used.is_empty() {
        writeln!(text, "    {used}")?;
    }
    if let (Some(old), Some(_)) = (difference.old, difference.new) {
        writeln!(text, "    before: {}:{old}", report.old)?;
    }
    if let Some(words) = &difference.words {
        writeln!(text, "    {}", wording::words(words))?;
    }
    writeln!(text)
}

fn summary(report: &diff::Report, text: &mut String) -> std::fmt::Result {
    let count = report.differences.len();
    if count == 0 && !report.accepted.is_empty() {
        let accepted = report.accepted.len();
        let noun = if accepted == 1 {
            "difference is"
        } else {
            "differences are"
        };
        return writeln!(
            text,
            "no other differences from {} to {}: {accepted} {noun} accepted",
            report.old, report.new
        );
    }
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
    for reader in Audience::ALL {
        let counts = [Level::Breaking, Level::Risky, Level::Safe]
            .map(|level| format!("{} {level}", report.count(reader, level)));
        writeln!(text, "    for {}: {}", reader.title(), counts.join(", "))?;
    }
    Ok(())
}

/// How a person reads findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Whether to show the source line with a caret below it.
    pub source: bool,
    /// Whether to use colours.
    pub colour: bool,
}

/// As much of a line as fits a terminal, before and after the column shown.
const BEFORE: usize = 60;
const WIDTH: usize = 110;

/// Writes a line per finding, as a compiler does.
pub(super) fn findings(
    report: &lint::Report,
    Style { source, colour }: Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let (bold, red, yellow, plain) = if colour {
        ("\u{1b}[1m", "\u{1b}[1;31m", "\u{1b}[1;33m", "\u{1b}[0m")
    } else {
        ("", "", "", "")
    };
    let file = printable(&report.file);
    let mut lines = report.text.lines().enumerate();
    let mut current = lines.next();
    for finding in report.findings() {
        let lint::Finding {
            rule,
            level,
            position,
            message,
            ..
        } = finding;
        let accent = match level {
            lint::Level::Error => red,
            lint::Level::Warning => yellow,
        };
        writeln!(
            out,
            "{bold}{file}:{position}:{plain} {accent}{}:{plain} {message}",
            rule.name
        )?;
        if !source {
            continue;
        }
        // Findings are in the order of the lines.
        while current.is_some_and(|(index, _)| index + 1 < position.line) {
            current = lines.next();
        }
        if let Some((index, line)) = current
            && index + 1 == position.line
        {
            let (shown, caret) = excerpt(line, position.column);
            let number = position.line.to_string();
            let margin = " ".repeat(number.len());
            writeln!(
                out,
                "{margin} |\n{number} | {shown}\n{margin} | {accent}{caret}{plain}"
            )?;
        }
    }
    Ok(())
}

/// The part of `line` around `column`, and the line below it with a caret under the column.
fn excerpt(line: &str, column: usize) -> (String, String) {
    let start = column.saturating_sub(BEFORE + 1);
    let mut shown: String = if start > 0 {
        "…".to_owned()
    } else {
        String::new()
    };
    let mut caret = String::from(if start > 0 { " " } else { "" });
    for (index, character) in line.chars().enumerate().skip(start).take(WIDTH) {
        let blank = if character == '\t' { '\t' } else { ' ' };
        if index + 1 < column {
            caret.push(blank);
        }
        shown.push(if character.is_control() && character != '\t' {
            '\u{fffd}'
        } else {
            character
        });
    }
    if line.chars().nth(start + WIDTH).is_some() {
        shown.push('…');
    }
    caret.push('^');
    (shown, caret)
}
