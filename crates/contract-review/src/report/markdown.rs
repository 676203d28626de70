//! For a pull request or a changelog: a heading for each impact, a short sentence for each
//! difference.

use std::fmt::Write;

use super::escape::printable;
use super::wording::used;
use crate::diff::Report;
use crate::diff::model::{Audience, Difference, Level};
use crate::diff::prose::{Change, Word};

/// As many operations as are named before the rest is counted.
const OPERATIONS: usize = 3;

/// The differences under headings.
pub(super) fn differences(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    write(report, &mut text).ok();
    text
}

fn write(report: &Report, text: &mut String) -> std::fmt::Result {
    if report.differences.is_empty() {
        writeln!(text, "The contract did not change.")?;
    }
    let mut groups: Vec<(Vec<Audience>, Level, Vec<&Difference>)> = Vec::new();
    for difference in report.differences.iter().filter(|found| !found.is_prose()) {
        let (level, readers) = impact(difference);
        let known = groups
            .iter_mut()
            .find(|(others, other, _)| *others == readers && *other == level);
        match known {
            Some((_, _, differences)) => differences.push(difference),
            None => groups.push((readers, level, vec![difference])),
        }
    }
    // The worst first, then what concerns the most, then callers before the SDK before prose.
    groups.sort_by_key(|(readers, level, _)| {
        let order = |reader: Audience| readers.contains(&reader);
        (
            std::cmp::Reverse((*level, readers.len())),
            std::cmp::Reverse(Audience::ALL.map(order)),
        )
    });
    for (readers, level, differences) in &groups {
        heading(text, &title(readers, *level))?;
        for difference in differences {
            item(text, difference, *level)?;
        }
    }
    let prose: Vec<_> = (report.differences.iter())
        .filter(|found| found.is_prose())
        .collect();
    if !prose.is_empty() {
        heading(text, "Changed prose")?;
        for difference in prose {
            item(text, difference, difference.impact.worst())?;
        }
    }
    if !report.accepted.is_empty() {
        heading(text, "Accepted")?;
        for (difference, entry) in &report.accepted {
            writeln!(
                text,
                "- {}{}, until {}: {}",
                subject(difference),
                escaped(&difference.message),
                entry.expires,
                escaped(&entry.reason)
            )?;
        }
    }
    if !report.problems.is_empty() || !report.notes.is_empty() {
        heading(text, "To look at")?;
        for problem in &report.problems {
            writeln!(
                text,
                "- {}: {}.",
                code(&problem.entry.place),
                escaped(&problem.to_string())
            )?;
        }
        for note in &report.notes {
            writeln!(text, "- {}: {}.", code(&note.place), escaped(&note.message))?;
        }
    }
    Ok(())
}

/// The worst level, and its audiences.
fn impact(difference: &Difference) -> (Level, Vec<Audience>) {
    let level = difference.impact.worst();
    let readers = Audience::ALL.into_iter();
    let readers = readers.filter(|reader| difference.impact.of(*reader) == level);
    (level, readers.collect())
}

fn title(readers: &[Audience], level: Level) -> String {
    let level = match level {
        Level::Breaking => "Breaking",
        Level::Risky => "Risky",
        Level::Safe => "Safe",
    };
    if readers.len() == Audience::ALL.len() {
        return format!("{level} for everyone");
    }
    let names: Vec<_> = readers.iter().map(|reader| reader.title()).collect();
    format!("{level} for {}", names.join(" and "))
}

fn heading(text: &mut String, title: &str) -> std::fmt::Result {
    if !text.is_empty() {
        writeln!(text)?;
    }
    writeln!(text, "### {title}\n")
}

fn item(text: &mut String, difference: &Difference, level: Level) -> std::fmt::Result {
    write!(
        text,
        "- {}{}",
        subject(difference),
        escaped(&difference.message)
    )?;
    let used = used(difference, OPERATIONS);
    if !used.is_empty() {
        write!(text, ", {}", escaped(&used))?;
    }
    // The audiences with a lower level than the heading's.
    let rest: Vec<_> = Audience::ALL
        .into_iter()
        .filter(|reader| !difference.is_prose() && difference.impact.of(*reader) < level)
        .filter(|reader| difference.impact.of(*reader) > Level::Safe)
        .map(|reader| format!("{} for {}", difference.impact.of(reader), reader.title()))
        .collect();
    if !rest.is_empty() {
        write!(text, "; {}", rest.join(", "))?;
    }
    match (difference.new, difference.old) {
        (Some(new), _) => write!(text, " (`{}`, line {})", difference.rule, new.line)?,
        (_, Some(old)) => write!(text, " (`{}`, old line {})", difference.rule, old.line)?,
        _ => write!(text, " (`{}`)", difference.rule)?,
    }
    if let Some(words) = &difference.words {
        write!(text, ":\n  > {}", self::words(words))?;
    }
    writeln!(text)
}

fn subject(difference: &Difference) -> String {
    if difference.at.is_empty() {
        String::new()
    } else {
        format!("{}: ", code(&difference.at))
    }
}

fn words(words: &[Word]) -> String {
    let words = words.iter().map(|word| {
        let text = escaped(&word.text);
        match word.change {
            Change::Kept | Change::Elided => text,
            Change::Removed => format!("~~{text}~~"),
            Change::Added => format!("**{text}**"),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// As code, whatever backticks it holds.
fn code(text: &str) -> String {
    let text = printable(text);
    let longest = text.split(|character| character != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or_default() + 1);
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Text without Markdown syntax and without mentions. Code between backticks stays.
fn escaped(text: &str) -> String {
    let text = printable(text);
    let balanced = text.matches('`').count().is_multiple_of(2);
    let mut escaped = String::with_capacity(text.len());
    let mut inside = false;
    for character in text.chars() {
        match character {
            '`' if balanced => {
                inside = !inside;
                escaped.push('`');
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '|' | '#' if !inside => {
                escaped.extend(['\\', character]);
            }
            // A word joiner keeps `@name` from mentioning a user.
            '@' if !inside => escaped.push_str("@\u{2060}"),
            _ => escaped.push(character),
        }
    }
    escaped
}
