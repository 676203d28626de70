//! A file of changes to many people, NDJSON or CSV, read into lines. What a line is good for is
//! found out one by one: a line that cannot be read keeps its place and its reason.

use std::fs;
use std::io::{self, Read};
use std::path::Path as FilePath;

use clap::ValueEnum;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::digest::digest;
use crate::exit::Failure;
use crate::patch::{Action, NewValue, Patch, Path, expectation};
use crate::person_id::PersonId;

/// How the changes are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    /// One object a line: `{"id": "…", "set": {"title": "GM"}, "unset": ["department"]}`
    Ndjson,
    /// A header with `id` and paths; an empty cell leaves the property as it is, and a column
    /// `unset` names, with spaces between, what to clear
    Csv,
}

/// One line of the file.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) key: LineKey,
    pub(crate) wanted: Result<Wanted, Failure>,
}

/// What tells a line from all others.
#[derive(Debug, Clone)]
pub(crate) struct LineKey {
    /// Its place in the file, from one.
    pub(crate) number: u64,
    /// Stands for its text, by which it is known again when the file has been edited.
    pub(crate) digest: String,
}

/// What a line asks for.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) id: PersonId,
    pub(crate) change: Patch,
}

/// Reads the file at `path`, or standard input for `-`.
pub(crate) fn read(path: &FilePath, format: Option<FileFormat>) -> Result<Vec<Line>, Failure> {
    let unreadable = |error: io::Error| Failure::usage(format_args!("{}: {error}", path.display()));
    let extension = path.extension().and_then(|extension| extension.to_str());
    let format = match (format, extension) {
        (Some(format), _) => format,
        (None, Some("csv")) => FileFormat::Csv,
        (None, Some("ndjson" | "jsonl")) => FileFormat::Ndjson,
        (None, _) => {
            return Err(Failure::usage(format_args!(
                "{}: neither .ndjson nor .csv",
                path.display()
            ))
            .help("say with `--format` how the changes are written down"));
        }
    };
    let mut text = String::new();
    if path.as_os_str() == "-" {
        io::stdin().read_to_string(&mut text).map_err(unreadable)?;
    } else {
        text = fs::read_to_string(path).map_err(unreadable)?;
    }
    // Spreadsheets like to begin with a byte order key.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    match format {
        FileFormat::Ndjson => Ok(ndjson(text)),
        FileFormat::Csv => csv(text).map_err(|failure| failure.about(path.display())),
    }
}

fn ndjson(text: &str) -> Vec<Line> {
    let lines = text.lines().zip(1..);
    lines
        .map(|(line, number)| (line.trim(), number))
        .filter(|(line, _)| !line.is_empty())
        .map(|(line, number)| Line {
            key: LineKey {
                number,
                digest: digest(line.as_bytes()),
            },
            wanted: object(line),
        })
        .collect()
}

fn object(line: &str) -> Result<Wanted, Failure> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        id: String,
        #[serde(default)]
        set: Map<String, Value>,
        #[serde(default)]
        unset: Vec<String>,
    }
    let row: Row = serde_json::from_str(line).map_err(|error| {
        if error.is_data() {
            return Failure::usage(expectation(&error));
        }
        Failure::usage(format_args!(
            "this is no JSON from column {} on",
            error.column()
        ))
        .help(r#"a line is one object: {"id": "…", "set": {"title": "…"}}"#)
    })?;
    let mut change = Patch::default();
    for (path, value) in row.set {
        let path = path.parse().map_err(Failure::usage)?;
        change.0.push(match value {
            Value::Null => Action::Unset(path),
            value => Action::Set(path, NewValue::Json(value)),
        });
    }
    for path in row.unset {
        change
            .0
            .push(Action::Unset(path.parse().map_err(Failure::usage)?));
    }
    wanted(&row.id, change)
}

fn wanted(id: &str, change: Patch) -> Result<Wanted, Failure> {
    let id = id.trim();
    if id.is_empty() {
        return Err(Failure::usage("there is no id"));
    }
    if change.0.is_empty() {
        return Err(Failure::usage("there is nothing to change"));
    }
    if !change.is_repeatable() {
        return Err(Failure::usage(
            "an item cannot be taken out of a list here: done again after an interruption, that \
             would take another one",
        )
        .help("set the whole list instead"));
    }
    Ok(Wanted {
        id: PersonId::from(id),
        change,
    })
}

/// What a column of a CSV file is for.
enum Column {
    Id,
    Unset,
    Set(Path),
}

fn csv(text: &str) -> Result<Vec<Line>, Failure> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(Failure::usage)?.clone();
    let mut rest = text;
    let mut line = 1;
    // Where the record that was just read begins, and how it is quoted.
    let mut look = |reader: &csv::Reader<&[u8]>| {
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let (before, after) = rest.split_at(end.saturating_sub(text.len() - rest.len()));
        rest = after;
        let record = before.trim_start_matches(['\r', '\n']);
        // The reader's own count is one behind after each `\r\n`.
        let number = line + newlines(&before[..before.len() - record.len()]);
        line += newlines(before);
        match quotes(record) {
            Ok(quotes) => Ok((number, quotes)),
            Err(Unclosed) => Err(Failure::usage(format_args!(
                "a quote in the record that begins in line {number} is never closed"
            ))),
        }
    };
    if let (_, Quotes::Stray) = look(&reader)? {
        return Err(Failure::usage(STRAY).about("header"));
    }
    if let Some(separator) = other_separator(&header) {
        return Err(Failure::usage(format_args!(
            "the cells are separated by {separator}; commas were expected"
        )));
    }
    let mut columns = Vec::new();
    for name in &header {
        columns.push(match name.trim() {
            "id" => Column::Id,
            "unset" => Column::Unset,
            path => {
                let path: Path = path.parse().map_err(Failure::usage)?;
                let column = Patch(vec![Action::Unset(path.clone())]);
                column.check().map_err(|failure| failure.about("header"))?;
                Column::Set(path)
            }
        });
    }
    let ids = columns.iter().filter(|column| matches!(column, Column::Id));
    if ids.count() != 1 {
        return Err(Failure::usage("the header needs one column `id`"));
    }
    let mut lines = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(Failure::usage)? {
        let (number, quotes) = look(&reader)?;
        let cells: Vec<&str> = record.iter().collect();
        let names: Vec<&str> = header.iter().collect();
        lines.push(Line {
            key: LineKey {
                number,
                digest: digest(format!("{names:?}{cells:?}").as_bytes()),
            },
            wanted: match quotes {
                Quotes::Paired => row(&columns, &cells),
                Quotes::Stray => Err(Failure::usage(STRAY)),
            },
        });
    }
    Ok(lines)
}

/// What separates the cells of a header that has no commas.
fn other_separator(header: &csv::StringRecord) -> Option<&'static str> {
    let [only] = header.iter().collect::<Vec<_>>()[..] else {
        return None;
    };
    let names = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")];
    let (_, name) = names.into_iter().find(|(it, _)| only.contains(*it))?;
    Some(name)
}

fn newlines(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').map(|_| 1).sum()
}

const STRAY: &str =
    "there is text after the closing quote of a cell; a quote within one is doubled";

/// How the quotes in a record are.
#[derive(Debug, PartialEq)]
enum Quotes {
    Paired,
    /// A cell goes on after its closing quote. Most likely that quote was meant to open a cell, and
    /// another one is missing, so that this is several records in one.
    Stray,
}

/// A quoted cell that goes on to the end of the file.
#[derive(Debug, PartialEq)]
struct Unclosed;

/// Looks at the quotes in one record. The reader of records takes what it gets.
fn quotes(record: &str) -> Result<Quotes, Unclosed> {
    let mut found = Quotes::Paired;
    let mut characters = record.chars().peekable();
    let mut at_start = true;
    while let Some(character) = characters.next() {
        if character != '"' || !at_start {
            at_start = matches!(character, ',' | '\r' | '\n');
            continue;
        }
        loop {
            match characters.next().ok_or(Unclosed)? {
                '"' if characters.next_if_eq(&'"').is_none() => break,
                _ => {}
            }
        }
        at_start = false;
        if !matches!(characters.peek(), None | Some(',' | '\r' | '\n')) {
            found = Quotes::Stray;
        }
    }
    Ok(found)
}

fn row(columns: &[Column], cells: &[&str]) -> Result<Wanted, Failure> {
    if columns.len() != cells.len() {
        return Err(Failure::usage(format_args!(
            "{} cells where the header has {}",
            cells.len(),
            columns.len()
        )));
    }
    let mut id = "";
    let mut change = Patch::default();
    for (column, cell) in columns.iter().zip(cells) {
        match column {
            Column::Id => id = cell,
            Column::Unset => {
                for path in cell.split_whitespace() {
                    let path = path.parse().map_err(Failure::usage)?;
                    change.0.push(Action::Unset(path));
                }
            }
            Column::Set(_) if cell.is_empty() => {}
            Column::Set(path) => {
                let value = NewValue::Typed((*cell).to_owned());
                change.0.push(Action::Set(path.clone(), value));
            }
        }
    }
    wanted(id, change)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(lines: &[Line]) -> Vec<String> {
        let show = |line: &Line| match &line.wanted {
            Ok(wanted) => format!(
                "{} {} {}",
                line.key.number,
                wanted.id,
                wanted.change.0.len()
            ),
            Err(failure) => format!("{} {}", line.key.number, failure.message()),
        };
        lines.iter().map(show).collect()
    }

    #[test]
    fn ndjson_keeps_the_place_of_every_line() {
        let text = r#"{"id": "a", "set": {"title": "GM", "department": null}}

{"id": "b", "unset": ["title"]}
{"id": "c"}
{"id": "d", "set": {"a..b": 1}}
{"id": "e", "sett": {}}
nonsense
{"id": " ", "set": {"title": "x"}}
{"id": "f", "unset": "secret"}
{"id": "g", "unset": ["emails[0]"]}"#;
        assert_eq!(
            summary(&ndjson(text)),
            [
                "1 a 2",
                "3 b 1",
                "4 there is nothing to change",
                "5 `a..b` is no path; write `title`, or `phoneNumbers[0].value` for what is deeper",
                "6 unknown field `sett`, expected one of `id`, `set`, `unset`",
                "7 this is no JSON from column 2 on",
                "8 there is no id",
                "9 expected a sequence",
                "10 an item cannot be taken out of a list here: done again after an interruption, \
                 that would take another one",
            ]
        );
    }

    #[test]
    fn csv_takes_its_paths_from_the_header() {
        let text = "id,title,phoneNumbers[0].value,unset\n\
                    a,GM,,\n\
                    b,\"G\nM\",+1 408,department  nickName\n\
                    c,,,\n\
                    d,x\n\
                    ,x,,\n";
        assert_eq!(
            summary(&csv(text).unwrap()),
            [
                "2 a 1",
                "3 b 4",
                "5 there is nothing to change",
                "6 2 cells where the header has 4",
                "7 there is no id",
            ]
        );
        for (text, expected) in [
            (
                "id,titel\n",
                "header: no such property of a person: `titel`; did you mean `title`?",
            ),
            (
                "id;title\na;x\n",
                "the cells are separated by semicolons; commas were expected",
            ),
            ("id,status\n", "header: `status` is read-only"),
            ("title\n", "the header needs one column `id`"),
            ("", "the header needs one column `id`"),
        ] {
            assert_eq!(csv(text).unwrap_err().message(), expected);
        }
    }

    #[test]
    fn a_missing_quote_swallows_no_other_line() {
        let text = "id,title\n\
                    a,\"GM\n\
                    b,\"x\"\n\
                    c,5\" pipes\r\n\
                    \"d\",\"say \"\"hi\"\"\"\r\n\
                    e,\"y\"z\n\
                    f,\"two\r\nlines\"\n\
                    g,\"\"\n";
        assert_eq!(
            summary(&csv(text).unwrap()),
            [
                &format!("2 {STRAY}"),
                "4 c 1",
                "5 d 1",
                &format!("6 {STRAY}"),
                "7 f 1",
                "9 there is nothing to change",
            ]
        );
        let never =
            |number| format!("a quote in the record that begins in line {number} is never closed");
        for (text, expected) in [
            ("id,title\na,x\nb,\"y\nc,z\n", never(3)),
            ("id,title\na,\"", never(2)),
            ("id,title\na,\"x\"\"", never(2)),
            ("id,\"title\na,x\n", never(1)),
            ("id,\"title\"x\na,x\n", format!("header: {STRAY}")),
        ] {
            assert_eq!(csv(text).unwrap_err().message(), expected, "{text}");
        }
    }

    #[test]
    fn a_line_is_known_by_its_text() {
        let digests = |text| {
            let lines = ndjson(text);
            lines
                .into_iter()
                .map(|line| line.key.digest)
                .collect::<Vec<_>>()
        };
        assert_eq!(digests("{\"id\":1}"), digests("  {\"id\":1}\n"));
        assert_ne!(digests("{\"id\":1}"), digests("{\"id\":2}"));
    }
}
