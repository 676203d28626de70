//! The changes of a dry run, for review: per person, and how many people each property changes for.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Write as _;

use people_sdk::escape_invisible;
use serde_json::json;

use super::line_outcome::LineOutcome;
use crate::diff::{Change, render};
use crate::exit::Failure;
use crate::outcome::Outcome;
use crate::output::{self, Format, inline};

/// The texts of lines, in the order in which the lines were read.
#[derive(Debug, Default)]
pub(crate) struct InOrder {
    /// The numbers of the lines that are not shown yet. They need not ascend.
    lines: VecDeque<u64>,
    texts: HashMap<u64, String>,
}

impl InOrder {
    /// Keeps the place of a line that has been read.
    pub(crate) fn begin(&mut self, line: u64) {
        self.lines.push_back(line);
    }

    /// Takes the text of a line, and returns what can be shown now.
    pub(crate) fn end(&mut self, line: u64, text: String) -> String {
        self.texts.insert(line, text);
        let mut shown = String::new();
        while let Some(text) = self.lines.front().and_then(|line| self.texts.remove(line)) {
            shown.push_str(&text);
            self.lines.pop_front();
        }
        shown
    }

    /// The rest, without the lines that have no text.
    pub(crate) fn finish(&mut self) -> String {
        let lines = self.lines.drain(..);
        lines.filter_map(|line| self.texts.remove(&line)).collect()
    }
}

/// The changes of one line. Empty if it changes nothing, or if the format has the summary only.
pub(crate) fn person(outcome: &LineOutcome, format: Format) -> Result<String, Failure> {
    if outcome.outcome != Outcome::WouldChange {
        return Ok(String::new());
    }
    let changes = &outcome.changes;
    let (line, id) = (outcome.key.number, escape_invisible(&outcome.id));
    let name = outcome.name.as_deref().filter(|name| !name.is_empty());
    Ok(match format {
        Format::Table => {
            let name = name.map_or(String::new(), |name| {
                format!("{}, ", escape_invisible(name))
            });
            format!("{name}{id} (line {line})\n{}\n", render(changes, "  "))
        }
        Format::Markdown => {
            let name = name.map_or(String::new(), |name| {
                format!("{}, ", markdown_text(&escape_invisible(name)))
            });
            let mut text = format!("### {name}`{id}` (line {line})\n\n");
            text.push_str("| | property | before | after |\n|---|---|---|---|\n");
            for change in changes {
                text.push_str(&markdown_row(change));
            }
            text.push('\n');
            text
        }
        Format::Ndjson => {
            let value = json!({
                "line": line, "id": outcome.id, "displayName": name, "changes": changes,
            });
            format!("{}\n", output::json(&value, false)?)
        }
        Format::Json | Format::Yaml | Format::Csv => String::new(),
    })
}

fn markdown_row(change: &Change) -> String {
    let cell = |value: &Option<serde_json::Value>| match value {
        Some(value) => markdown_text(&inline(value)),
        None => String::new(),
    };
    let sign = match (&change.before, &change.after) {
        (Some(_), None) => "-",
        (None, _) => "+",
        _ => "~",
    };
    let (before, after) = (cell(&change.before), cell(&change.after));
    let path = markdown_text(&escape_invisible(&change.path));
    format!("| {sign} | {path} | {before} | {after} |\n")
}

/// Text that Markdown shows as it is.
fn markdown_text(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '#' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// How many people each property changes for.
pub(crate) fn summary(properties: &BTreeMap<String, u64>) -> String {
    let mut text = String::new();
    for (property, people) in properties {
        let noun = if *people == 1 { "line" } else { "lines" };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{property}: {people} {noun}");
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_shown_in_the_order_in_which_their_lines_were_read() {
        let mut texts = InOrder::default();
        for line in [5, 3, 4, 1] {
            texts.begin(line);
        }
        assert_eq!(texts.end(3, "b".to_owned()), "");
        assert_eq!(texts.end(5, "a".to_owned()), "ab");
        assert_eq!(texts.end(1, "d".to_owned()), "");
        // Line 4 has none.
        assert_eq!(texts.finish(), "d");
        assert_eq!(texts.finish(), "");
    }

    #[test]
    fn markdown_has_a_sign_for_each_kind_of_change_and_shows_values_as_they_are() {
        let row = |before: Option<&str>, after: Option<&str>| {
            markdown_row(&Change {
                path: "emails[0]".to_owned(),
                before: before.map(Into::into),
                after: after.map(Into::into),
            })
        };
        assert_eq!(row(None, Some("a")), "| + | emails\\[0\\] |  | a |\n");
        assert_eq!(row(Some("a"), None), "| - | emails\\[0\\] | a |  |\n");
        assert_eq!(row(Some("a"), Some("b")), "| ~ | emails\\[0\\] | a | b |\n");
        assert_eq!(
            markdown_text(r"<i> R&D \ `a` *b* _c_ [d] e|f ~g~ ! #"),
            r"&lt;i> R&amp;D \\ \`a\` \*b\* \_c\_ \[d\] e\|f \~g\~ \! \#"
        );
    }
}
