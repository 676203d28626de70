//! For a pull request or a changelog: a heading for each impact, a short sentence for each
//! difference.

use std::fmt::Write;

use super::wording::used;
use crate::diff::Report;
use crate::diff::model::{Audience, Difference, Level};
use crate::diff::prose::{Change, Word};
use crate::diff::rules;
use crate::text::{printable, uri};

/// As many operations as are named before the rest is counted.
const OPERATIONS: usize = 3;

/// What Markdown can be told to do.
#[derive(Debug, Clone, Default)]
pub struct MarkdownStyle {
    /// The address of the new contract, to which `#L12` is added for a line. None: its path.
    pub link: Option<String>,
    /// How differences are put under headings.
    pub group: Group,
}

/// How differences are put under headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Group {
    /// By what they mean, the worst first
    #[default]
    Impact,
    /// By the operations that they affect
    Endpoint,
}

/// The differences under headings.
pub(super) fn differences(report: &Report, style: &MarkdownStyle) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    write(report, style, &mut text).ok();
    text
}

fn write(report: &Report, style: &MarkdownStyle, text: &mut String) -> std::fmt::Result {
    writeln!(
        text,
        "## Contract: {} to {}\n",
        code(&report.old),
        code(&report.new)
    )?;
    if report.differences.is_empty() && report.accepted.is_empty() {
        writeln!(text, "The contract did not change.")?;
    } else if report.differences.is_empty() {
        writeln!(text, "Every difference is accepted.")?;
    } else {
        counts(report, text)?;
    }
    match style.group {
        Group::Impact => by_impact(report, style, text)?,
        Group::Endpoint => by_endpoint(report, style, text)?,
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

/// How many differences there are of each level, for each audience.
fn counts(report: &Report, text: &mut String) -> std::fmt::Result {
    writeln!(text, "| for | breaking | risky | safe |\n|---|---|---|---|")?;
    for audience in Audience::ALL {
        let [breaking, risky, safe] =
            [Level::Breaking, Level::Risky, Level::Safe].map(|level| report.count(audience, level));
        let title = audience.title();
        writeln!(text, "| {title} | {breaking} | {risky} | {safe} |")?;
    }
    Ok(())
}

fn by_impact(report: &Report, style: &MarkdownStyle, text: &mut String) -> std::fmt::Result {
    let mut groups: Vec<(Vec<Audience>, Level, Vec<&Difference>)> = Vec::new();
    for difference in report.differences.iter().filter(|found| !found.is_prose()) {
        let (level, audiences) = impact(difference);
        let known = groups
            .iter_mut()
            .find(|(others, other, _)| *others == audiences && *other == level);
        match known {
            Some((_, _, differences)) => differences.push(difference),
            None => groups.push((audiences, level, vec![difference])),
        }
    }
    // The worst first, then what concerns the most, then callers before the SDK before prose.
    groups.sort_by_key(|(audiences, level, _)| {
        let order = |audience: Audience| audiences.contains(&audience);
        (
            std::cmp::Reverse((*level, audiences.len())),
            std::cmp::Reverse(Audience::ALL.map(order)),
        )
    });
    for (audiences, level, differences) in &groups {
        let title = title(audiences, *level);
        if *level == Level::Safe {
            let count = differences.len();
            writeln!(text, "\n<details><summary>{title} ({count})</summary>\n")?;
        } else {
            heading(text, &title)?;
        }
        for difference in differences {
            item(text, difference, style, report)?;
        }
        if *level == Level::Safe {
            writeln!(text, "\n</details>")?;
        }
    }
    let prose: Vec<_> = (report.differences.iter())
        .filter(|found| found.is_prose())
        .collect();
    if !prose.is_empty() {
        heading(text, "Changed prose")?;
        for difference in prose {
            item(text, difference, style, report)?;
        }
    }
    Ok(())
}

fn by_endpoint(report: &Report, style: &MarkdownStyle, text: &mut String) -> std::fmt::Result {
    let mut operations: Vec<&str> = (report.differences.iter())
        .flat_map(|found| found.operations.iter().map(String::as_str))
        .collect();
    operations.sort_unstable();
    operations.dedup();
    for operation in operations {
        heading(text, &code(operation))?;
        for difference in &report.differences {
            if difference.operations.iter().any(|other| other == operation) {
                item(text, difference, style, report)?;
            }
        }
    }
    let rest: Vec<_> = (report.differences.iter())
        .filter(|found| found.operations.is_empty())
        .collect();
    if !rest.is_empty() {
        heading(text, "The whole contract")?;
        for difference in rest {
            item(text, difference, style, report)?;
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

fn item(
    text: &mut String,
    difference: &Difference,
    style: &MarkdownStyle,
    report: &Report,
) -> std::fmt::Result {
    let level = difference.impact.worst();
    write!(
        text,
        "- {}{}",
        subject(difference),
        escaped(&difference.message)
    )?;
    let used = used(difference, OPERATIONS);
    if !used.is_empty() && style.group == Group::Impact {
        write!(text, ", {}", escaped(&used))?;
    }
    // Below an endpoint, every level; else those that are milder than the heading.
    let rest: Vec<_> = Audience::ALL
        .into_iter()
        .filter(|_| style.group == Group::Endpoint || !difference.is_prose())
        .filter(|audience| {
            style.group == Group::Endpoint || difference.impact.of(*audience) < level
        })
        .filter(|audience| difference.impact.of(*audience) > Level::Safe)
        .map(|audience| {
            let level = difference.impact.of(audience);
            format!("{level} for {}", audience.title())
        })
        .collect();
    if !rest.is_empty() {
        write!(text, "; {}", rest.join(", "))?;
    }
    let line = difference.near.line;
    let file = style.link.clone().unwrap_or_else(|| uri(&report.file));
    let place = format!("[line {line}]({file}#L{line})");
    match (difference.new, difference.old) {
        (None, Some(old)) => write!(
            text,
            " (`{}`, old line {}, beside {place})",
            difference.rule, old.line
        )?,
        _ => write!(text, " (`{}`, {place})", difference.rule)?,
    }
    if let Some(words) = &difference.words {
        write!(text, ":\n  > {}", self::words(words))?;
    } else if level > Level::Safe
        && let Some(rule) = rules::find(difference.rule)
    {
        write!(text, "\n  {}", escaped(rule.why))?;
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
            // A word joiner keeps `@name` from notifying a user.
            '@' if !inside => escaped.push_str("@\u{2060}"),
            _ => escaped.push(character),
        }
    }
    escaped
}
