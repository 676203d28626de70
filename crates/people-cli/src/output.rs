//! Standard output: data only, in the format that was asked for. A reader that closes the pipe is
//! not an error.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use people_sdk::{escape_invisible, escape_invisible_in_json};
use serde::Serialize;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::exit::{Exit, Failure};
use crate::raw_json;
use crate::schema::FOLLOWS_EXTENSION;
use crate::stderr::Messages;
use crate::yaml::to_yaml;

/// The format of standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For reading on a terminal
    Table,
    /// For programs; several people are one object per line
    Json,
    /// For programs, always one object per line
    Ndjson,
    /// For both; several people are one document each
    Yaml,
    /// For spreadsheets (`get`): one row per person, in UTF-8
    Csv,
    /// For documents and reviews (`apply --dry-run`)
    Markdown,
}

/// Standard output in one format, and the form of messages that goes with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    pub(crate) format: Format,
    /// JSON if `-o json` was given, or else text.
    pub(crate) messages: Messages,
}

impl Output {
    /// The format that was asked for, or else a table on a terminal and `in_pipe` in a pipe.
    pub(crate) fn new(format: Option<Format>, in_pipe: Format) -> Self {
        let default = if io::stdout().is_terminal() {
            Format::Table
        } else {
            in_pipe
        };
        Self {
            format: format.unwrap_or(default),
            messages: match format {
                Some(Format::Json | Format::Ndjson) => Messages::Json,
                _ => Messages::Text,
            },
        }
    }

    /// The same output in another format.
    pub(crate) fn in_format(self, format: Format) -> Self {
        Self { format, ..self }
    }

    /// Checks that a command has this format.
    pub(crate) fn require(self, formats: &[Format]) -> Result<(), Failure> {
        if formats.contains(&self.format) {
            return Ok(());
        }
        let name = |format: &Format| {
            let value = format.to_possible_value();
            value.map_or_else(String::new, |it| format!("`{}`", it.get_name()))
        };
        let names: Vec<String> = formats.iter().map(name).collect();
        Err(Failure::usage(format_args!(
            "the format {} is not available here; this command has {}",
            name(&self.format),
            names.join(", ")
        )))
    }

    /// Prints text in this format. Only a table has colours, and only where they are wanted.
    pub(crate) fn print(self, text: &str) -> Result<(), Failure> {
        match self.format {
            Format::Table => print(text),
            _ => write(&mut io::stdout().lock(), text),
        }
    }

    /// Prints one value, the `index`th if there are several.
    pub(crate) fn value(
        self,
        value: &impl Serialize,
        index: usize,
        several: bool,
    ) -> Result<(), Failure> {
        let text = match self.format {
            Format::Json => format!("{}\n", json(value, !several)?),
            Format::Ndjson => format!("{}\n", json(value, false)?),
            Format::Yaml => {
                let separator = if index > 0 { "---\n" } else { "" };
                format!("{separator}{}", to_yaml(value)?)
            }
            Format::Table => {
                let separator = if index > 0 { "\n" } else { "" };
                format!("{separator}{}", table(&rows(value)?))
            }
            Format::Csv | Format::Markdown => {
                self.require(&[Format::Table, Format::Json, Format::Ndjson, Format::Yaml])?;
                String::new()
            }
        };
        self.print(&text)
    }
}

/// `value` as JSON, with the properties in the order of its type.
pub(crate) fn json(value: &impl Serialize, pretty: bool) -> Result<String, Failure> {
    let text = if pretty {
        serde_json::to_string_pretty(value)
    } else {
        serde_json::to_string(value)
    };
    text.map(|text| escape_invisible_in_json(&text).into_owned())
        .map_err(|error| Failure::new(Exit::Other, error))
}

static READER_IS_GONE: AtomicBool = AtomicBool::new(false);

/// Whether the reader of standard output has closed the pipe.
pub(crate) fn reader_is_gone() -> bool {
    READER_IS_GONE.load(Ordering::Relaxed)
}

/// Prints text that may have colours.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    write(&mut anstream::stdout().lock(), text)
}

fn write(stdout: &mut dyn Write, text: &str) -> Result<(), Failure> {
    let written = stdout.write_all(text.as_bytes());
    match written.and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        // The rest of the command is done all the same.
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

/// The width of the terminal; `None` if there is none.
fn width() -> Option<u16> {
    let stdout = console::Term::stdout();
    if stdout.features().is_attended() {
        return stdout.size_checked().map(|(_, columns)| columns);
    }
    std::env::var("COLUMNS").ok()?.parse().ok()
}

/// Names and values in two columns, with characters that a terminal does not show escaped. On a
/// terminal, values are wrapped between words; a word such as an id is never split.
pub(crate) fn table(rows: &[(String, String)]) -> String {
    let escaped = |text: &String| escape_invisible(text).into_owned();
    let rows: Vec<_> = rows
        .iter()
        .map(|(name, value)| (escaped(name), escaped(value)))
        .collect();
    let names = rows.iter().map(|(name, _)| name.width()).max();
    let indent = names.unwrap_or_default() + 2;
    let room = match width() {
        Some(width) => usize::from(width).saturating_sub(indent).max(20),
        None => usize::MAX,
    };
    let options = textwrap::Options::new(room)
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let mut text = String::new();
    for (name, value) in &rows {
        let mut name = name.as_str();
        for line in textwrap::wrap(value, &options) {
            let padding = indent - name.width();
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "{}",
                format!("{name}{:padding$}{line}", "").trim_end()
            );
            name = "";
        }
    }
    text
}

/// Rows with a header, one line each, with characters that a terminal does not show escaped. If that is too wide for the terminal, each row is a list of
/// names and values instead.
pub(crate) fn columns(header: &[String], rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| escape_invisible(cell).into_owned())
                .collect()
        })
        .collect();
    let mut widths: Vec<usize> = header.iter().map(|name| name.width()).collect();
    for row in &rows {
        for (cell, width) in row.iter().zip(&mut widths) {
            *width = (*width).max(cell.width());
        }
    }
    let total = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
    if width().is_some_and(|width| total > usize::from(width)) {
        let lists = rows.iter().map(|row| {
            let pairs = header.iter().cloned().zip(row.iter().cloned());
            table(&pairs.collect::<Vec<_>>())
        });
        return lists.collect::<Vec<_>>().join("\n");
    }
    let mut text = String::new();
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let padding = width - cell.width() + 2;
            let _ = write!(line, "{cell}{:padding$}", "");
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// Every value within `value` by the path that `--set` takes, in the order of its type.
fn rows(value: &impl Serialize) -> Result<Vec<(String, String)>, Failure> {
    let value = raw_json::ordered(value)?;
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
                // An update does not contain these, so no path that can be set leads to them.
                if value.get("type").and_then(yaml_serde::Value::as_str) == Some(FOLLOWS_EXTENSION)
                {
                    flatten(value, format!("{path}[]"), rows);
                    continue;
                }
                flatten(value, format!("{path}[{index}]"), rows);
                index += 1;
            }
        }
        yaml_serde::Value::String(text) => rows.push((path, text.clone())),
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
        Value::String(text) => escape_invisible(text).into_owned(),
        other => escape_invisible(&other.to_string()).into_owned(),
    }
}
