//! The records of a CSV file as they are written, one at a time: where each begins and ends, and
//! whether its quotes are in order. What the cells mean is in `csv_lines`.

use std::io::{BufRead, BufReader, Read};

use super::line::MAX_LINE_BYTES;
use crate::exit::Failure;

/// A record, unparsed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// The line on which it begins, from 1.
    pub(crate) number: u64,
    /// Its text, without the line break at its end.
    pub(crate) text: String,
    /// Whether a cell goes on after its closing quote. Most likely that quote was meant to open a
    /// cell and another one is missing, so that this is several records in one.
    pub(crate) has_stray_text: bool,
}

/// The records of a file.
pub(crate) struct Records<R> {
    text: BufReader<R>,
    /// The characters that separate cells; all of these may, until the header has been read.
    is_delimiter: [bool; 256],
    /// The bytes that neither separate cells, nor end a record, nor are quotes.
    is_text: [bool; 256],
    /// The line that comes next.
    line: u64,
    /// Whether the last record ended in a carriage return, whose line feed is still to come.
    after_return: bool,
}

/// Where a byte stands within its cell.
#[derive(Clone, Copy, PartialEq)]
enum State {
    CellStart,
    Unquoted,
    Quoted,
    /// After a quote within a quoted cell: the end of the cell, or the first of a pair.
    QuoteInQuoted,
}

impl<R: Read> Records<R> {
    pub(crate) fn new(text: R, delimiters: &[u8]) -> Self {
        let mut records = Self {
            text: BufReader::with_capacity(64 << 10, text),
            is_delimiter: [false; 256],
            is_text: [false; 256],
            line: 1,
            after_return: false,
        };
        records.set_delimiters(delimiters);
        records
    }

    /// Decides which characters separate the cells from now on.
    pub(crate) fn set_delimiters(&mut self, delimiters: &[u8]) {
        for byte in 0..=u8::MAX {
            let is_delimiter = delimiters.contains(&byte);
            let place = usize::from(byte);
            self.is_delimiter[place] = is_delimiter;
            self.is_text[place] = !is_delimiter && !b"\"\r\n".contains(&byte);
        }
    }

    /// Reads the next record that is not blank; `None` at the end of the file.
    ///
    /// # Errors
    ///
    /// A quote is not closed, a record is longer than 1 MiB or is not UTF-8.
    pub(crate) fn read(&mut self) -> Result<Option<Record>, Failure> {
        while let Some(record) = self.read_any()? {
            if !self.is_blank(&record.text) {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// Whether a record has empty cells only.
    fn is_blank(&self, text: &str) -> bool {
        text.bytes()
            .all(|it| matches!(it, b' ' | b'\t' | b'"') || self.is_delimiter[usize::from(it)])
    }

    fn read_any(&mut self) -> Result<Option<Record>, Failure> {
        let mut record = Vec::new();
        let mut state = State::CellStart;
        let mut has_stray_text = false;
        let mut number = self.line;
        loop {
            let buffer = self.text.fill_buf().map_err(Failure::usage)?;
            if buffer.is_empty() {
                if state == State::Quoted {
                    return Err(Failure::usage(format_args!(
                        "a quote in the record that begins in line {number} is never closed"
                    )));
                }
                if record.is_empty() {
                    return Ok(None);
                }
                return finish(record, number, has_stray_text).map(Some);
            }
            let mut used = 0;
            let mut ended = false;
            while let Some(&byte) = buffer.get(used) {
                if self.is_text[usize::from(byte)] {
                    // Most of a file is text, so it is taken a cell at a time.
                    let rest = &buffer[used..];
                    let end = rest.iter().position(|it| !self.is_text[usize::from(*it)]);
                    let text = &rest[..end.unwrap_or(rest.len())];
                    record.extend_from_slice(text);
                    used += text.len();
                    self.after_return = false;
                    has_stray_text |= state == State::QuoteInQuoted;
                    if state != State::Quoted {
                        state = State::Unquoted;
                    }
                    continue;
                }
                used += 1;
                let second_of_break = std::mem::take(&mut self.after_return) && byte == b'\n';
                if second_of_break && record.is_empty() && state == State::CellStart {
                    number = self.line;
                    continue;
                }
                if byte == b'\n' {
                    self.line += 1;
                }
                let is_delimiter = self.is_delimiter[usize::from(byte)];
                state = match (state, byte) {
                    (State::Quoted, b'"') => State::QuoteInQuoted,
                    (State::Quoted, _) | (State::QuoteInQuoted | State::CellStart, b'"') => {
                        State::Quoted
                    }
                    (_, b'\n' | b'\r') => {
                        if byte == b'\r' {
                            self.line += 1;
                            self.after_return = true;
                        }
                        ended = true;
                        break;
                    }
                    (_, _) if is_delimiter => State::CellStart,
                    // A quote in the middle of a cell.
                    (_, _) => State::Unquoted,
                };
                record.push(byte);
            }
            self.text.consume(used);
            if ended {
                return finish(record, number, has_stray_text).map(Some);
            }
            if record.len() > MAX_LINE_BYTES {
                return Err(Failure::usage(format_args!(
                    "the record that begins in line {number} is longer than 1 MiB"
                ))
                .help("a closing quote may be missing"));
            }
        }
    }
}

fn finish(record: Vec<u8>, number: u64, has_stray_text: bool) -> Result<Record, Failure> {
    let text = String::from_utf8(record).map_err(|_| not_utf8(number))?;
    if text.contains('\0') {
        return Err(
            Failure::usage(format_args!("line {number} has a NUL character")).help(
                "if the file is UTF-16 without a byte order mark, name it with `--encoding utf-16`",
            ),
        );
    }
    Ok(Record {
        number,
        text,
        has_stray_text,
    })
}

/// The error for bytes that are not UTF-8.
pub(crate) fn not_utf8(number: u64) -> Failure {
    Failure::usage(format_args!("line {number} is not UTF-8")).help(
        "if a spreadsheet on Windows has written the file, save it as \"CSV UTF-8\", or name its \
         encoding with `--encoding windows-1252`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> Vec<(u64, String, bool)> {
        let mut records = Records::new(text.as_bytes(), b",");
        let mut found = Vec::new();
        while let Some(record) = records.read().unwrap() {
            found.push((record.number, record.text, record.has_stray_text));
        }
        found
    }

    #[test]
    fn records_end_at_line_breaks_outside_of_quotes() {
        let record = |number, text: &str| (number, text.to_owned(), false);
        assert_eq!(
            records("id,a\r\nx,\"1\r\n2\"\r\n\r\ny,\"\"\"\"\rz,5\" b\n,,\n\" \",\nw,"),
            [
                record(1, "id,a"),
                record(2, "x,\"1\r\n2\""),
                record(5, "y,\"\"\"\""),
                record(6, "z,5\" b"),
                record(9, "w,"),
            ]
        );
        assert_eq!(
            records("a,\"b\"c\nd"),
            [(1, "a,\"b\"c".to_owned(), true), record(2, "d")]
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_to_its_end_is_an_error() {
        let error = |text: &[u8]| {
            let mut records = Records::new(text, b",");
            loop {
                match records.read() {
                    Ok(Some(_)) => {}
                    Ok(None) => panic!("the end was reached"),
                    Err(failure) => return failure.message().to_owned(),
                }
            }
        };
        assert_eq!(
            error(b"a\nb,\"c\n\nd"),
            "a quote in the record that begins in line 2 is never closed"
        );
        assert_eq!(error(b"a\nM\xfcller\n"), "line 2 is not UTF-8");
        assert_eq!(error(b"a\0\n"), "line 1 has a NUL character");
        let mut long = b"a\n\"".to_vec();
        long.resize(3 << 20, b'x');
        assert_eq!(
            error(&long),
            "the record that begins in line 2 is longer than 1 MiB"
        );
    }
}
