//! What goes to standard output, and in which form. Nothing else is written there, and a reader
//! that has gone away is no error.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use serde_json::Value;

use crate::exit::{Exit, Failure};
use crate::schema::FOLLOWS_EXTENSION;

/// The form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// For programs; several people are one object a line
    Json,
    /// For both; several people are one document each
    Yaml,
}

/// Standard output, in one form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    pub(crate) format: Format,
    /// Whether JSON was asked for by name, which makes errors JSON too.
    pub(crate) json_errors: bool,
}

impl Output {
    /// The form that was asked for, or else the one that suits who reads.
    pub(crate) fn new(format: Option<Format>) -> Self {
        let default = if io::stdout().is_terminal() {
            Format::Table
        } else {
            Format::Json
        };
        Self {
            format: format.unwrap_or(default),
            json_errors: format == Some(Format::Json),
        }
    }

    /// Prints one value, the `index`th of several if there are several.
    pub(crate) fn value(
        self,
        value: &impl Serialize,
        index: usize,
        several: bool,
    ) -> Result<(), Failure> {
        match self.format {
            Format::Json if several => print(&format!("{}\n", json(value, false)?)),
            Format::Json => print(&format!("{}\n", json(value, true)?)),
            Format::Yaml => {
                let separator = if index > 0 { "---\n" } else { "" };
                print(&format!("{separator}{}", yaml(value)?))
            }
            Format::Table => {
                let separator = if index > 0 { "\n" } else { "" };
                let rows = rows(value)?;
                print(&format!("{separator}{}", table(&rows)))
            }
        }
    }
}

/// `value` as JSON, with the properties in the order of its type.
pub(crate) fn json(value: &impl Serialize, pretty: bool) -> Result<String, Failure> {
    let text = if pretty {
        serde_json::to_string_pretty(value)
    } else {
        serde_json::to_string(value)
    };
    text.map_err(|error| Failure::new(Exit::Other, error))
}

/// `value` as YAML, with the properties in the order of its type.
pub(crate) fn yaml(value: &impl Serialize) -> Result<String, Failure> {
    yaml_serde::to_string(value).map_err(|error| Failure::new(Exit::Other, error))
}

static READER_IS_GONE: AtomicBool = AtomicBool::new(false);

/// Whether nobody reads standard output any more.
pub(crate) fn reader_is_gone() -> bool {
    READER_IS_GONE.load(Ordering::Relaxed)
}

/// Writes `text` to standard output, without colour where none is wanted.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Ok(()) => Ok(()),
        // Whoever reads has seen enough. What else is to be done is done all the same.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            READER_IS_GONE.store(true, Ordering::Relaxed);
            Ok(())
        }
        Err(error) => Err(Failure::new(
            Exit::Other,
            format_args!("standard output: {error}"),
        )),
    }
}

/// The width that a person's terminal has; `None` where there is no terminal.
fn width() -> Option<u16> {
    let stdout = console::Term::stdout();
    if stdout.features().is_attended() {
        return stdout.size_checked().map(|(_, columns)| columns);
    }
    std::env::var("COLUMNS").ok()?.parse().ok()
}

/// Rows in two columns that keep within the terminal.
pub(crate) fn table(rows: &[(String, String)]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if let Some(width) = width() {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
    }
    for (name, value) in rows {
        table.add_row([name, value]);
    }
    let mut text = String::new();
    for line in table.lines() {
        // The table pads both sides, which nobody sees and everybody copies.
        let _ = writeln!(
            text,
            "{}",
            line.strip_prefix(' ').unwrap_or(&line).trim_end()
        );
    }
    text
}

/// Every value within `value` by its path, the one that `--set` takes, in the order of its type.
fn rows(value: &impl Serialize) -> Result<Vec<(String, String)>, Failure> {
    // This kind of value keeps the order of properties.
    let value = yaml_serde::to_value(value).map_err(|error| Failure::new(Exit::Other, error))?;
    let mut rows = Vec::new();
    flatten(&value, String::new(), &mut rows);
    Ok(rows)
}

fn flatten(value: &yaml_serde::Value, path: String, rows: &mut Vec<(String, String)>) {
    match value {
        yaml_serde::Value::Mapping(properties) if !properties.is_empty() => {
            for (name, value) in properties {
                let name = name.as_str().unwrap_or_default();
                let path = if path.is_empty() {
                    name.to_owned()
                } else {
                    format!("{path}.{name}")
                };
                flatten(value, path, rows);
            }
        }
        yaml_serde::Value::Sequence(items) if !items.is_empty() => {
            let mut index = 0;
            for value in items {
                // No update holds these, so no path that can be set leads to them.
                if value.get("type").and_then(yaml_serde::Value::as_str) == Some(FOLLOWS_EXTENSION)
                {
                    flatten(value, format!("{path}[]"), rows);
                    continue;
                }
                flatten(value, format!("{path}[{index}]"), rows);
                index += 1;
            }
        }
        yaml_serde::Value::String(text) => rows.push((path, plain(text))),
        other => {
            let text = serde_json::to_string(other).unwrap_or_default();
            rows.push((path, text));
        }
    }
}

/// A value on one line: text as it is, anything else as JSON.
pub(crate) fn inline(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => plain(text),
        other => other.to_string(),
    }
}

/// Text from elsewhere, without anything that would move a terminal's cursor or change its colours.
pub(crate) fn plain(text: &str) -> String {
    if text.chars().any(char::is_control) {
        text.escape_debug().to_string()
    } else {
        text.to_owned()
    }
}
