//! The objects of a JSON text over several lines, one at a time: the items of an array, or one object
//! after the other. What an object means is in `json_lines`.

use std::io::{BufRead, BufReader, Read};

use super::line::MAX_LINE_BYTES;
use super::records::not_utf8;
use crate::exit::Failure;

/// Whether a text that begins with this line is read here, and not line by line: the line begins an
/// array, or an object that goes on after it.
pub(crate) fn begins_in(first_line: &str) -> bool {
    let is_open = || {
        let object = serde_json::from_str::<serde::de::IgnoredAny>(first_line);
        object.is_err_and(|error| error.is_eof())
    };
    first_line.starts_with('[') || first_line.starts_with('{') && is_open()
}

/// The objects of a text.
pub(crate) struct JsonObjects<R> {
    text: BufReader<R>,
    /// The line that is being read, from 1.
    line: u64,
    place: Place,
    is_array: bool,
    /// The number of the last object.
    number: u64,
}

/// Where the reader is, between two objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    /// After the `[`, or after a comma.
    BeforeItem {
        is_first: bool,
    },
    AfterObject,
    /// After the `]`.
    End,
}

impl<R: Read> JsonObjects<R> {
    pub(crate) fn new(text: R) -> Self {
        Self {
            text: BufReader::with_capacity(64 << 10, text),
            line: 1,
            place: Place::Start,
            is_array: false,
            number: 0,
        }
    }

    /// The next object, with its number: the line on which it begins, or one more than the number of
    /// the object before where several begin on one line.
    fn read(&mut self) -> Result<Option<(u64, String)>, Failure> {
        let Some(line) = self.begin()? else {
            return Ok(None);
        };
        let bytes = self.rest_of_object(line)?;
        let text = String::from_utf8(bytes).map_err(|_| not_utf8(line))?;
        self.place = Place::AfterObject;
        self.number = line.max(self.number + 1);
        Ok(Some((self.number, text)))
    }

    /// Reads as far as the next object, and returns the line on which it begins; `None` at the end.
    fn begin(&mut self) -> Result<Option<u64>, Failure> {
        loop {
            let Some(byte) = self.next_byte()? else {
                return match (self.is_array, self.place) {
                    (true, Place::End) | (false, _) => Ok(None),
                    (true, _) => Err(Failure::usage(
                        "the array is not closed; the file may have been cut off",
                    )),
                };
            };
            self.place = match (byte, self.place) {
                (b' ' | b'\t' | b'\r' | b'\n', place) => place,
                (b'[', Place::Start) => {
                    self.is_array = true;
                    Place::BeforeItem { is_first: true }
                }
                (b',', Place::AfterObject) if self.is_array => {
                    Place::BeforeItem { is_first: false }
                }
                (b']', Place::AfterObject | Place::BeforeItem { is_first: true })
                    if self.is_array =>
                {
                    Place::End
                }
                (b'{', Place::Start | Place::BeforeItem { .. }) => return Ok(Some(self.line)),
                (b'{', Place::AfterObject) if !self.is_array => return Ok(Some(self.line)),
                _ => {
                    return Err(Failure::usage(format_args!(
                        "line {}: not an array of objects, and not one object after the other",
                        self.line
                    )));
                }
            };
        }
    }

    /// The object whose `{` has been read.
    fn rest_of_object(&mut self, line: u64) -> Result<Vec<u8>, Failure> {
        let mut object = vec![b'{'];
        let mut depth = 1_usize;
        let mut in_text = false;
        let mut after_escape = false;
        while depth > 0 {
            let Some(byte) = self.next_byte()? else {
                return Err(Failure::usage(format_args!(
                    "the object that begins in line {line} is not closed"
                )));
            };
            if object.len() >= MAX_LINE_BYTES {
                return Err(Failure::usage(format_args!(
                    "the object that begins in line {line} is longer than 1 MiB"
                )));
            }
            object.push(byte);
            match byte {
                _ if after_escape => after_escape = false,
                b'\\' if in_text => after_escape = true,
                b'"' => in_text = !in_text,
                b'{' | b'[' if !in_text => depth += 1,
                b'}' | b']' if !in_text => depth -= 1,
                _ => {}
            }
        }
        Ok(object)
    }

    fn next_byte(&mut self) -> Result<Option<u8>, Failure> {
        let buffer = self.text.fill_buf().map_err(Failure::usage)?;
        let Some(&byte) = buffer.first() else {
            return Ok(None);
        };
        self.text.consume(1);
        self.line += u64::from(byte == b'\n');
        Ok(Some(byte))
    }
}

impl<R: Read> Iterator for JsonObjects<R> {
    type Item = Result<(u64, String), Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(text: &str) -> Result<Vec<(u64, String)>, String> {
        let objects: Result<Vec<_>, Failure> = JsonObjects::new(text.as_bytes()).collect();
        objects.map_err(|failure| failure.message().to_owned())
    }

    #[test]
    fn objects_are_found_in_an_array_and_one_after_the_other() {
        let object = r#"{"a": [{"b": "]}\\\"{"}], "c": {}}"#;
        for (text, numbers) in [
            (format!("[{object},{object} , {object}]\n"), vec![1, 2, 3]),
            (format!("[\n\n{object},\n{object}\n]"), vec![3, 4]),
            (format!("{object}\n\n{object}{object}"), vec![1, 3, 4]),
            ("[]".to_owned(), vec![]),
            (" \n".to_owned(), vec![]),
        ] {
            let expected: Vec<_> = numbers
                .into_iter()
                .map(|it| (it, object.to_owned()))
                .collect();
            assert_eq!(objects(&text).unwrap(), expected, "{text}");
        }
        assert_eq!(objects("{\n\"a\": 1\n}\n{\n}").unwrap()[1].0, 4);
    }

    #[test]
    fn a_text_of_another_kind_or_without_its_end_is_an_error() {
        let another = |line| {
            format!("line {line}: not an array of objects, and not one object after the other")
        };
        for (text, expected) in [
            ("[\n{},\n1]", another(3)),
            ("[[{}]]", another(1)),
            ("[{}{}]", another(1)),
            ("[{},]", another(1)),
            ("[,{}]", another(1)),
            ("[{}] {}", another(1)),
            ("{},{}", another(1)),
            ("{}]", another(1)),
            (
                "[{},\n{}",
                "the array is not closed; the file may have been cut off".to_owned(),
            ),
            (
                "{}\n{\"a\":\n\"}",
                "the object that begins in line 2 is not closed".to_owned(),
            ),
        ] {
            assert_eq!(objects(text).unwrap_err(), expected, "{text}");
        }
        let long = format!("[\n{{\"a\": \"{}\"}}]", "x".repeat(2 << 20));
        assert_eq!(
            objects(&long).unwrap_err(),
            "the object that begins in line 2 is longer than 1 MiB"
        );
    }

    #[test]
    fn the_first_line_says_whether_the_text_is_read_line_by_line() {
        for line in [
            "[",
            "[]",
            r#"[{"id": "a"}]"#,
            "{",
            r#"{"id": "a", "set": {"#,
        ] {
            assert!(begins_in(line), "{line}");
        }
        for line in [r#"{"id": "a"}"#, "{}", "{nonsense", "nonsense", "\"a\"", ""] {
            assert!(!begins_in(line), "{line}");
        }
    }
}
