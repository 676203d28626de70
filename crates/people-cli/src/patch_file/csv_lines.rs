//! Changes as CSV: a header of paths, and one row per person. How records are found is in
//! `records`.

use std::io::Read;
use std::sync::Arc;

use super::line::{InvalidLine, Line, PersonPatch};
use super::records::{Record, Records};
use crate::exit::Failure;
use crate::patch::{Action, NewValue, Patch, Path, is_text_at};
use crate::{schema, spreadsheet};

/// The delimiters that are found without being named.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

const STRAY_TEXT: &str =
    "there is text after the closing quote of a cell; a quote within a cell is doubled";

/// What a column does.
enum Column {
    Id,
    /// Paths to clear, separated by spaces.
    Unset,
    Set(Arc<Path>),
    Add(Path),
    Remove(Path),
    /// A read-only property, as `get` exports it.
    ReadOnly,
}

/// The rows of `text`, after its header. An empty cell leaves its property as it is, unless
/// `clear_empty_cells` is set.
pub(crate) fn read(
    text: impl Read + Send,
    delimiter: Option<u8>,
    clear_empty_cells: bool,
) -> Result<impl Iterator<Item = Result<Line, Failure>> + Send, Failure> {
    let (header, mut records, delimiter) = open(text, delimiter)?;
    let mut cells = Cells::new(delimiter);
    let columns = columns(&cells.of(&header.text)?)?;
    Ok(std::iter::from_fn(move || {
        let record = records.read().transpose()?;
        Some(record.and_then(|record| {
            let patch = if record.has_stray_text {
                Err(Failure::usage(STRAY_TEXT).into())
            } else {
                row(&columns, &cells.of(&record.text)?, clear_empty_cells)
            };
            Ok(Line::new(record.number, &record.text, patch))
        }))
    }))
}

/// The number of rows of `text`.
pub(crate) fn count(text: impl Read, delimiter: Option<u8>) -> Result<u64, Failure> {
    let (_, mut records, _) = open(text, delimiter)?;
    let mut rows = 0;
    while records.read()?.is_some() {
        rows += 1;
    }
    Ok(rows)
}

/// Reads as far as the header, and finds the delimiter.
fn open<R: Read>(text: R, delimiter: Option<u8>) -> Result<(Record, Records<R>, u8), Failure> {
    let mut records = match delimiter {
        Some(one) => Records::new(text, &[one]),
        None => Records::new(text, &DELIMITERS),
    };
    let missing = || Failure::usage("the file is empty; its first line is a header with `id`");
    let mut header = records.read()?.ok_or_else(missing)?;
    let mut named = delimiter;
    if let Some(separator) = header.text.strip_prefix("sep=") {
        match separator.as_bytes() {
            [one] if one.is_ascii() => named = named.or(Some(*one)),
            _ => return Err(Failure::usage("`sep=` names one character")),
        }
        header = records.read()?.ok_or_else(missing)?;
    }
    if header.has_stray_text {
        return Err(Failure::usage(STRAY_TEXT).about("header"));
    }
    let delimiter = named.unwrap_or_else(|| {
        let count = |delimiter: &u8| header.text.bytes().filter(|it| it == delimiter).count();
        // The first of those that are equally frequent: a header of one column has none.
        DELIMITERS
            .into_iter()
            .rev()
            .max_by_key(count)
            .unwrap_or(b',')
    });
    records.set_delimiters(&[delimiter]);
    Ok((header, records, delimiter))
}

/// Splits records into cells.
struct Cells {
    reader: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    fn new(delimiter: u8) -> Self {
        Self {
            reader: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            text: Vec::new(),
            ends: Vec::new(),
        }
    }

    fn of(&mut self, record: &str) -> Result<Vec<String>, Failure> {
        // No cell is longer than the record, and there is no more than one cell per byte.
        self.text.resize(record.len() + 1, 0);
        self.ends.resize(record.len() + 2, 0);
        self.reader.reset();
        let (_, _, written, ended) =
            self.reader
                .read_record(record.as_bytes(), &mut self.text, &mut self.ends);
        let (_, _, _, more) =
            self.reader
                .read_record(b"", &mut self.text[written..], &mut self.ends[ended..]);
        let count = ended + more;
        let mut start = 0;
        let cells = self.ends[..count].iter().map(|&end| {
            let cell = self.text[start..end].to_vec();
            start = end;
            String::from_utf8(cell).map_err(Failure::usage)
        });
        cells.collect()
    }
}

/// The columns that the header names.
fn columns(header: &[String]) -> Result<Vec<Column>, Failure> {
    let mut columns = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let about = |failure: Failure| failure.about("header");
    if !header.iter().any(|it| it.trim().eq_ignore_ascii_case("id")) {
        return Err(about(Failure::usage("there is no column `id`")).help(
            "the delimiter is found by itself if it is a comma, a semicolon or a tab, and named \
             with `--delimiter` otherwise",
        ));
    }
    for name in header {
        let name = spreadsheet::unescape(name.trim());
        let (column, canonical) = column(name).map_err(about)?;
        if names.contains(&canonical) {
            return Err(about(Failure::usage(format_args!(
                "there are two columns `{canonical}`"
            ))));
        }
        names.push(canonical);
        columns.push(column);
    }
    Ok(columns)
}

fn column(name: &str) -> Result<(Column, String), Failure> {
    if name.is_empty() {
        return Err(Failure::usage("a column has no name"));
    }
    for known in ["id", "unset"] {
        if name.eq_ignore_ascii_case(known) {
            let column = if known == "id" {
                Column::Id
            } else {
                Column::Unset
            };
            return Ok((column, known.to_owned()));
        }
    }
    // A spreadsheet takes a cell that begins with a sign for a formula. No path has a space.
    let (sign, path) = match (name.split_at_checked(1), name.split_once(' ')) {
        (Some((sign @ ("+" | "-"), path)), _) => (sign, path),
        (_, Some((word, path))) if word.eq_ignore_ascii_case("add") => ("+", path.trim()),
        (_, Some((word, path))) if word.eq_ignore_ascii_case("remove") => ("-", path.trim()),
        _ => ("", name),
    };
    if path.starts_with('#') {
        return Err(Failure::usage(format_args!(
            "a column is named `{name}`: a spreadsheet has taken its name for a formula"
        ))
        .help("write `add licenses` or `remove licenses` in place of `+licenses` or `-licenses`"));
    }
    let path: Path = path.parse().map_err(Failure::usage)?;
    let path = path.with_contract_spelling();
    let canonical = format!("{sign}{path}");
    if sign.is_empty() && schema::is_read_only(path.property()) {
        return Ok((Column::ReadOnly, canonical));
    }
    Patch(vec![Action::Unset(path.clone())]).check()?;
    let column = match sign {
        "+" => Column::Add(path),
        "-" => Column::Remove(path),
        _ => Column::Set(Arc::new(path)),
    };
    Ok((column, canonical))
}

fn row(
    columns: &[Column],
    cells: &[String],
    clear_empty_cells: bool,
) -> Result<PersonPatch, InvalidLine> {
    if columns.len() != cells.len() {
        let (count, expected) = (cells.len(), columns.len());
        let noun = if count == 1 { "cell" } else { "cells" };
        let text = format!("{count} {noun} where the header has {expected}");
        return Err(Failure::usage(text).into());
    }
    let mut cells_of_columns = columns.iter().zip(cells);
    let id = cells_of_columns.find(|(column, _)| matches!(column, Column::Id));
    let id = id.map_or("", |(_, cell)| spreadsheet::unescape(cell));
    let mut empty_cells = Vec::new();
    let patch = patch(columns, cells, clear_empty_cells, &mut empty_cells);
    Ok(PersonPatch {
        empty_cells,
        ..PersonPatch::new(id, patch)?
    })
}

/// The patch of a row. Adds the paths of empty cells that leave their properties as they are.
fn patch(
    columns: &[Column],
    cells: &[String],
    clear_empty_cells: bool,
    empty_cells: &mut Vec<Arc<Path>>,
) -> Result<Patch, Failure> {
    let mut actions = Vec::new();
    for (column, cell) in columns.iter().zip(cells) {
        let cell = spreadsheet::unescape(cell);
        match column {
            Column::Id | Column::ReadOnly => {}
            Column::Unset => {
                let paths = cell.split_whitespace();
                let paths = paths.map(|path| path.parse().map(Action::Unset));
                let unset: Result<_, _> = paths.collect();
                let unset = Patch(unset.map_err(Failure::usage)?);
                unset.check()?;
                actions.extend(unset.0);
            }
            Column::Set(path) if cell.is_empty() => {
                if clear_empty_cells {
                    actions.push(Action::Unset(Path::clone(path)));
                } else {
                    empty_cells.push(Arc::clone(path));
                }
            }
            Column::Set(path) => {
                if is_text_at(path) && spreadsheet::is_shortened_number(cell) {
                    return Err(Failure::usage(format_args!(
                        "{path}: a spreadsheet has replaced a number by `{cell}`; digits are lost"
                    ))
                    .help("format the column as text, and enter the number again"));
                }
                if spreadsheet::is_misread_utf8(cell) {
                    return Err(Failure::usage(format_args!(
                        "{path}: a spreadsheet has read UTF-8 text as Windows-1252, as in `ZoÃ«` for \
                         `Zoë`"
                    ))
                    .help(
                        "import the exported file into the spreadsheet as UTF-8, and change it \
                         there again",
                    ));
                }
                actions.push(Action::Set(Path::clone(path), typed(cell)));
            }
            Column::Add(path) => {
                let items = cell.split_whitespace();
                actions.extend(items.map(|item| Action::Add(path.clone(), typed(item))));
            }
            Column::Remove(path) => {
                let items = cell.split_whitespace();
                actions.extend(items.map(|item| Action::Remove(path.clone(), typed(item))));
            }
        }
    }
    // Whatever the order of the columns, an item is removed from the list that is set.
    actions.sort_by_key(|action| match action {
        Action::Add(..) => 1,
        Action::Remove(..) => 2,
        Action::Set(..) | Action::Unset(_) | Action::Restore { .. } => 0,
    });
    Ok(Patch(actions))
}

fn typed(text: &str) -> NewValue {
    NewValue::Typed(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line> {
        let lines = read(text.as_bytes(), None, false).unwrap();
        lines.map(Result::unwrap).collect()
    }

    fn summary(text: &str) -> Vec<String> {
        let show = |line: Line| match &line.patch {
            Ok(it) => format!("{} {} {}", line.key.number, it.id, it.patch.0.len()),
            Err(InvalidLine { id, failure }) => {
                format!("{} ({id}) {}", line.key.number, failure.message())
            }
        };
        lines(text).into_iter().map(show).collect()
    }

    fn error(text: &str) -> String {
        let failure = match read(text.as_bytes(), None, false) {
            Ok(lines) => lines.map(|line| line.map(|_| ())).find_map(Result::err),
            Err(failure) => Some(failure),
        };
        failure.unwrap().message().to_owned()
    }

    #[test]
    fn paths_come_from_the_header() {
        let text = "id,title,phoneNumbers[0].value,unset,+licenses,status\n\
                    a,GM,,,,active\n\
                    b,\"G\nM\",+1 408,department  nickName,x y,\n\
                    c,,,,,\n\
                    ,,,,,\n\
                    d,x\n\
                    ,x,,,,\n\
                    e,,,titel,,\n\
                    f,,x,title titel,,\n";
        assert_eq!(
            summary(text),
            [
                "2 a 1",
                "3 b 6",
                "5 c 0",
                "7 () 2 cells where the header has 6",
                "8 () the id is missing",
                "9 (e) no such property of a person: `titel`; did you mean `title`?",
                "10 (f) no such property of a person: `titel`; did you mean `title`?",
            ]
        );
    }

    #[test]
    fn a_cell_that_is_no_value_of_its_property_makes_the_row_invalid() {
        assert_eq!(
            summary("loginEnabled,phoneNumbers,id\nTRUE,[],a\nmaybe,,b\n,[{}],c\n,x,d\n"),
            [
                "2 a 2",
                "3 (b) loginEnabled: expected a boolean",
                "4 c 1",
                "5 (d) phoneNumbers: expected a list",
            ]
        );
    }

    #[test]
    fn a_header_that_cannot_be_used_is_an_error() {
        for (text, expected) in [
            (
                "id,titel\n",
                "header: no such property of a person: `titel`; did you mean `title`?",
            ),
            ("title\n", "header: there is no column `id`"),
            ("id,title,TITLE\n", "header: there are two columns `title`"),
            ("id,ID\n", "header: there are two columns `id`"),
            ("id,,title\n", "header: a column has no name"),
            ("id|title\na|x\n", "header: there is no column `id`"),
            (
                "",
                "the file is empty; its first line is a header with `id`",
            ),
            ("sep=ab\nid\n", "`sep=` names one character"),
        ] {
            assert_eq!(error(text), expected, "{text}");
        }
    }

    #[test]
    fn items_are_added_and_removed_after_a_list_is_set_in_any_order_of_columns() {
        let canonical = |header: &str, row: &str| {
            let text = format!("id,{header}\na,{row}\n");
            let line = lines(&text).remove(0);
            line.patch.unwrap().patch.canonical()
        };
        let expected = canonical("licenses,+licenses,-licenses", "[],x,y z");
        assert_eq!(expected.lines().count(), 4, "{expected}");
        for (header, row) in [
            ("-licenses,+licenses,licenses", "y z,x,[]"),
            ("'-licenses,licenses,'+licenses", "y z,[],x"),
            ("Remove Licenses,add  licenses,licenses", "y z,x,[]"),
        ] {
            assert_eq!(canonical(header, row), expected, "{header}");
        }
        let formula = error("id,#NAME?\na,x\n");
        assert!(
            formula.contains("taken its name for a formula"),
            "{formula}"
        );
        assert_eq!(
            error("id,-licenses,remove licenses\n"),
            "header: there are two columns `-licenses`"
        );
    }

    #[test]
    fn an_empty_cell_is_kept_or_cleared() {
        let text = "id,title,status,+licenses,department\na,,,,Sales\n";
        let row = |clear| {
            let mut rows = read(text.as_bytes(), None, clear).unwrap();
            rows.next().unwrap().unwrap().patch.unwrap()
        };
        let kept = row(false);
        assert_eq!(kept.empty_cells, [Arc::new(Path::of_property("title"))]);
        assert_eq!(kept.patch.canonical(), r#"["set","department","Sales"]"#);
        let cleared = row(true);
        assert_eq!(cleared.empty_cells, []);
        assert_eq!(
            cleared.patch.canonical(),
            "[\"unset\",\"title\"]\n[\"set\",\"department\",\"Sales\"]"
        );
    }

    #[test]
    fn the_delimiter_and_the_case_of_names_do_not_matter() {
        let digests = |text: &str| -> Vec<String> {
            lines(text).into_iter().map(|it| it.key.digest).collect()
        };
        let expected = digests("id,title,department\na,\"x;y\",z\n");
        for text in [
            "id;title;department\na;\"x;y\";z\n",
            "ID\tTitle\tDEPARTMENT\na\tx;y\tz\n",
            "sep=|\nid|title|department\na|x;y|z\n",
            "sep=;\nid;title;department\na;\"x;y\";z\n",
            "Id,Title,Department\r\na,x;y,z\r\n",
        ] {
            assert_eq!(digests(text), expected, "{text}");
        }
    }

    #[test]
    fn a_missing_quote_hides_no_other_row() {
        let text = "id,title\n\
                    a,\"GM\n\
                    b,\"x\"\n\
                    c,5\" pipes\r\n\
                    \"d\",\"say \"\"hi\"\"\"\r\n\
                    e,\"y\"z\n\
                    f,\"two\r\nlines\"\n\
                    g,\"\"\n";
        let stray = |line| format!("{line} () {STRAY_TEXT}");
        assert_eq!(
            summary(text),
            [&stray(2), "4 c 1", "5 d 1", &stray(6), "7 f 1", "9 g 0"]
        );
        let unclosed =
            |number| format!("a quote in the record that begins in line {number} is never closed");
        for (text, expected) in [
            ("id,title\na,x\nb,\"y\nc,z\n", unclosed(3)),
            ("id,title\na,\"", unclosed(2)),
            ("id,title\na,\"x\"\"", unclosed(2)),
            ("id,\"title\na,x\n", unclosed(1)),
            ("id,\"title\"x\na,x\n", format!("header: {STRAY_TEXT}")),
        ] {
            assert_eq!(error(text), expected, "{text}");
        }
        assert_eq!(count(text.as_bytes(), None).unwrap(), 6);
        assert!(count(&b"id,title\na,\"x"[..], None).is_err());
    }

    #[test]
    fn what_a_spreadsheet_has_done_to_a_cell_is_undone_or_an_error() {
        let text = "id,phoneNumbers[0].value,extension,title\n\
                    a,'+1 408,'0133,'=x\n\
                    b,4.92E+11,,\n\
                    c,,,\"4,92E+11\"\n\
                    d,,133,it's 4E+2 m\n\
                    e,,,ZoÃ«\n\
                    f,,,Zoë\n";
        let found = lines(text);
        let patch = found[0].patch.as_ref().unwrap().patch.canonical();
        assert_eq!(
            patch,
            "[\"set\",\"phoneNumbers[0].value\",\"+1 408\"]\n\
             [\"set\",\"extension\",\"0133\"]\n\
             [\"set\",\"title\",\"=x\"]"
        );
        let outcomes: Vec<bool> = found.iter().map(|it| it.patch.is_ok()).collect();
        assert_eq!(outcomes, [true, false, false, true, false, true]);
    }
}
