//! Changes as JSON: objects with `id` and `set`, `unset`, `add` and `remove`, or whole people as
//! `people get` prints them. They are one per line, so that an invalid one is known by its line, or
//! are found by `json_objects`.

use std::io::{BufRead, BufReader, Cursor, Read};

use serde_json::{Map, Value};

use super::json_objects::{self, JsonObjects};
use super::line::{InvalidLine, Line, MAX_LINE_BYTES, PersonPatch};
use crate::exit::Failure;
use crate::patch::{Action, NewValue, Patch, Path};
use crate::schema;

const SHAPE: &str = r#"a line is one object: {"id": "…", "set": {"title": "…"}}"#;

/// The fields that describe a patch.
const ACTIONS: [&str; 4] = ["set", "unset", "add", "remove"];

/// The lines of `text`.
pub(crate) fn read<'a>(
    text: impl Read + Send + 'a,
) -> Result<impl Iterator<Item = Result<Line, Failure>> + Send + 'a, Failure> {
    Ok(objects(text)?.map(|line| {
        let (number, text) = line?;
        let patch = object(&text);
        Ok(Line::new(number, &text, patch))
    }))
}

/// The number of lines of `text`.
pub(crate) fn count(text: impl Read + Send) -> Result<u64, Failure> {
    objects(text)?.try_fold(0, |count, line| line.map(|_| count + 1))
}

/// The texts of objects, with their numbers.
type Objects<'a> = Box<dyn Iterator<Item = Result<(u64, String), Failure>> + Send + 'a>;

/// The texts of the objects in `text`, of which those that have a line each may be invalid.
fn objects<'a>(text: impl Read + Send + 'a) -> Result<Objects<'a>, Failure> {
    let mut text = BufReader::with_capacity(64 << 10, text);
    let start = text.fill_buf().map_err(Failure::usage)?;
    let start = start.trim_ascii_start();
    if !start.starts_with(b"[") && !start.starts_with(b"{") {
        return Ok(Box::new(TextLines::new(text)));
    }
    // Blank lines in front count, and the line is read again.
    let mut head = Vec::new();
    while head.trim_ascii().is_empty() && head.len() <= MAX_LINE_BYTES {
        let mut limited = (&mut text).take(MAX_LINE_BYTES as u64 + 1);
        limited
            .read_until(b'\n', &mut head)
            .map_err(Failure::usage)?;
    }
    let first_line = String::from_utf8_lossy(head.trim_ascii()).into_owned();
    let text = Cursor::new(head).chain(text);
    Ok(if json_objects::begins_in(&first_line) {
        Box::new(JsonObjects::new(text))
    } else {
        Box::new(TextLines::new(text))
    })
}

/// The lines that are not blank, with their numbers.
struct TextLines<R> {
    text: BufReader<R>,
    number: u64,
}

impl<R: Read> TextLines<R> {
    fn new(text: R) -> Self {
        Self {
            text: BufReader::with_capacity(64 << 10, text),
            number: 0,
        }
    }

    fn read(&mut self) -> Result<Option<(u64, String)>, Failure> {
        loop {
            let mut line = Vec::new();
            let mut limited = (&mut self.text).take(MAX_LINE_BYTES as u64 + 1);
            let length = limited
                .read_until(b'\n', &mut line)
                .map_err(Failure::usage)?;
            if length == 0 {
                return Ok(None);
            }
            self.number += 1;
            let number = self.number;
            if length > MAX_LINE_BYTES {
                return Err(
                    Failure::usage(format_args!("line {number} is longer than 1 MiB")).help(SHAPE),
                );
            }
            let line = String::from_utf8(line).map_err(|_| super::records::not_utf8(number))?;
            if !line.trim().is_empty() {
                return Ok(Some((number, line.trim().to_owned())));
            }
        }
    }
}

impl<R: Read> Iterator for TextLines<R> {
    type Item = Result<(u64, String), Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

/// Reads one line.
fn object(line: &str) -> Result<PersonPatch, InvalidLine> {
    let value: Value = serde_json::from_str(line).map_err(|error| {
        let line = match error.line() {
            0 | 1 => String::new(),
            line => format!("line {line} of the object, "),
        };
        Failure::usage(format_args!(
            "invalid JSON at {line}column {}",
            error.column()
        ))
        .help(SHAPE)
    })?;
    let Value::Object(mut object) = value else {
        return Err(Failure::usage("not a JSON object").help(SHAPE).into());
    };
    let id = match object.remove("id") {
        Some(Value::String(id)) => id,
        Some(_) => return Err(Failure::usage("the id is not text").into()),
        None => String::new(),
    };
    let patch = if object.is_empty() || object.keys().any(|it| ACTIONS.contains(&it.as_str())) {
        actions(object)
    } else {
        person(object)
    };
    PersonPatch::new(&id, patch)
}

/// The patch that `set`, `unset`, `add` and `remove` describe.
fn actions(object: Map<String, Value>) -> Result<Patch, Failure> {
    let mut actions = Vec::new();
    let path = |text: &str| text.parse::<Path>().map_err(Failure::usage);
    for (name, value) in object {
        match (name.as_str(), value) {
            ("set", Value::Object(values)) => {
                for (name, value) in values {
                    let path = path(&name)?;
                    actions.push(match value {
                        Value::Null => Action::Unset(path),
                        value => Action::Set(path, NewValue::Json(value)),
                    });
                }
            }
            ("unset", Value::Array(paths)) => {
                for name in paths {
                    let name = name
                        .as_str()
                        .ok_or_else(|| Failure::usage("unset: a path is text"))?;
                    actions.push(Action::Unset(path(name)?));
                }
            }
            (name @ ("add" | "remove"), Value::Object(lists)) => {
                for (list, items) in lists {
                    let path = path(&list)?;
                    let items = match items {
                        Value::Array(items) => items,
                        item => vec![item],
                    };
                    actions.extend(items.into_iter().map(|item| {
                        let value = NewValue::Json(item);
                        if name == "add" {
                            Action::Add(path.clone(), value)
                        } else {
                            Action::Remove(path.clone(), value)
                        }
                    }));
                }
            }
            ("unset", _) => return Err(Failure::usage("unset: a list of paths was expected")),
            (name @ ("set" | "add" | "remove"), _) => {
                return Err(Failure::usage(format_args!(
                    "{name}: an object was expected"
                )));
            }
            (name, _) => {
                return Err(Failure::usage(format_args!(
                    "unknown field `{name}`, expected one of `id`, `set`, `unset`, `add`, `remove`"
                )));
            }
        }
    }
    let described = Patch(actions);
    described.check()?;
    Ok(described)
}

/// The patch that gives a person these properties. Read-only ones are left out.
fn person(mut object: Map<String, Value>) -> Result<Patch, Failure> {
    object.retain(|name, value| !schema::is_read_only(name) && !value.is_null());
    let patch = Patch::from_object(object);
    let unknown = |action: &&Action| {
        action
            .path()
            .is_some_and(|it| !schema::is_known(it.property()))
    };
    // A property that the contract lacks may be one that the person has. A typing error is not.
    let known = patch.0.len() - patch.0.iter().filter(unknown).count();
    if known == 0 {
        patch.check()?;
    }
    Ok(patch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(text: &str) -> Vec<String> {
        read(text.as_bytes())
            .unwrap()
            .map(|line| line.unwrap())
            .map(|line| match &line.patch {
                Ok(it) => format!("{} {} {}", line.key.number, it.id, it.patch.0.len()),
                Err(InvalidLine { id, failure }) => {
                    format!("{} ({id}) {}", line.key.number, failure.message())
                }
            })
            .collect()
    }

    #[test]
    fn every_line_keeps_its_number_and_its_reason() {
        let text = r#"{"id": "a", "set": {"title": "GM", "department": null}}

{"id": "b", "unset": ["title"]}
{"id": "c"}
{"id": "d", "set": {"a..b": 1}}
{"id": "e", "sett": {}}
nonsense
{"id": " ", "set": {"title": "x"}}
{"id": "f", "unset": "secret"}
{"id": "g", "unset": ["emails[0]"]}
{"id": "h", "add": {"licenses": ["x", "y"]}, "remove": {"licenses": "z"}}
{"id": 1}
[]
{"id": "i", "set": {}, "sett": {}}
{"id": "j", "set": {"titel": "x", "title": "y"}}
{"id": "k", "set": {"loginEnabled": "maybe"}}
{"id": "l", "loginEnabled": "maybe"}
{"id": "m", "unset": ["emials"]}
{"id": "n", "add": {"title": "x"}}
{"id": "o", "set": {"status": "x"}}
{"id": "me", "set": {"title": ["x"]}}"#;
        assert_eq!(
            summary(text),
            [
                "1 a 2",
                "3 b 1",
                "4 c 0",
                "5 (d) `a..b` is not a path; write `title`, `phoneNumbers[0].value` or \
                 `phoneNumbers[work].value`",
                "6 (e) no such property of a person: `sett`",
                "7 () invalid JSON at column 2",
                "8 () the id is missing",
                "9 (f) unset: a list of paths was expected",
                "10 (g) an item cannot be removed by its index here: repeated after an interruption, \
                 that would remove another item",
                "11 h 3",
                "12 () the id is not text",
                "13 () not a JSON object",
                "14 (i) unknown field `sett`, expected one of `id`, `set`, `unset`, `add`, `remove`",
                "15 (j) no such property of a person: `titel`; did you mean `title`?",
                "16 (k) loginEnabled: expected a boolean",
                "17 (l) loginEnabled: expected a boolean",
                "18 (m) no such property of a person: `emials`; did you mean `emails`?",
                "19 (n) title: not a list",
                "20 (o) `status` is read-only",
                "21 (me) title: expected text",
            ]
        );
    }

    #[test]
    fn a_person_as_get_prints_it_is_a_line() {
        let text = r#"{"id": "a", "title": "GM", "status": "active", "created": "x", "new": 1}"#;
        assert_eq!(summary(text), ["1 a 2"]);
    }

    #[test]
    fn an_array_and_objects_over_several_lines_are_read_too() {
        let [a, b] = [
            r#"{"id": "a", "title": "GM"}"#,
            r#"{"id": "b", "set": {"title": "x", "department": "y"}}"#,
        ];
        let pretty = |text: &str| {
            let value: Value = serde_json::from_str(text).unwrap();
            serde_json::to_string_pretty(&value).unwrap()
        };
        assert_eq!(summary(&format!("\n[{a},{b}]")), ["2 a 1", "3 b 2"]);
        assert_eq!(summary(&pretty(&format!("[{a},{b}]"))), ["2 a 1", "6 b 2"]);
        assert_eq!(summary(&format!("{}\n{b}", pretty(a))), ["1 a 1", "5 b 2"]);
        // Each object has its own reason.
        assert_eq!(
            summary(&format!("[{{\"id\": 1}},\n{{nonsense}},\n{a}]")),
            [
                "1 () the id is not text",
                "2 () invalid JSON at column 2",
                "3 a 1"
            ]
        );
        assert_eq!(count(&b"[{}, {}]"[..]).unwrap(), 2);
        let failure = count(&b"[{}, {}"[..]).unwrap_err();
        assert!(failure.message().starts_with("the array is not closed"));
    }

    #[test]
    fn the_digest_is_that_of_the_meaning() {
        let digest = |text: &str| {
            let line = read(text.as_bytes()).unwrap().next().unwrap();
            line.unwrap().key.digest
        };
        let one = digest(r#"{"id": "a", "set": {"title": "GM"}}"#);
        assert_eq!(one, digest(r#"  {"set":{"title":"GM"},"id":"a"}"#));
        assert_eq!(one, digest(r#"{"id": "a", "title": "GM"}"#));
        assert_ne!(one, digest(r#"{"id": "a", "set": {"title": "GN"}}"#));
        assert_ne!(one, digest(r#"{"id": "b", "set": {"title": "GM"}}"#));
    }

    #[test]
    fn a_line_without_end_is_an_error() {
        let endless = std::io::repeat(0);
        let failure = read(endless).unwrap().next().unwrap().unwrap_err();
        assert_eq!(failure.message(), "line 1 is longer than 1 MiB");
        let latin = &b"{\"id\": \"a\"}\n{\"id\": \"\xfc\"}\n"[..];
        let failure = count(latin).unwrap_err();
        assert_eq!(failure.message(), "line 2 is not UTF-8");
    }
}
