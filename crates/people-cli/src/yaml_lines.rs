//! The lines of YAML on which values stand, by path. What the values are is read by the library.

use saphyr_parser::{Event, Parser};

/// A list or an object whose end has not been read, with its path.
enum Open {
    List { path: String, items: usize },
    Object { path: String, key: Option<Key> },
}

/// A property of which only the name has been read.
struct Key {
    name: String,
    line: usize,
}

/// The line, counted from 1, of the value at `path`, such as `phoneNumbers[0].value`, or of the
/// nearest value around it. `None` if not even the property of the person is in the text.
pub(crate) fn line_of(text: &str, path: &str) -> Option<usize> {
    let mut found = None;
    let mut open = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.ok()?;
        let line = span.start.line();
        if let (
            Event::Scalar(name, ..),
            Some(Open::Object {
                key: key @ None, ..
            }),
        ) = (&event, open.last_mut())
        {
            *key = Some(Key {
                name: name.clone().into_owned(),
                line,
            });
            continue;
        }
        let starts = matches!(
            event,
            Event::Scalar(..)
                | Event::Alias(_)
                | Event::SequenceStart(..)
                | Event::MappingStart(..)
        );
        let mut here = String::new();
        if starts {
            let line = match open.last_mut() {
                None => line,
                Some(Open::List { path, items }) => {
                    here = format!("{path}[{items}]");
                    *items += 1;
                    line
                }
                Some(Open::Object { path, key }) => {
                    let Key { name, line } = key.take()?;
                    here = if path.is_empty() {
                        name
                    } else {
                        format!("{path}.{name}")
                    };
                    line
                }
            };
            let rest = path.strip_prefix(&here);
            if !here.is_empty()
                && rest.is_some_and(|it| it.is_empty() || it.starts_with(['.', '[']))
            {
                // Values come after those around them, so the last one is the nearest.
                found = Some(line);
            }
        }
        match event {
            Event::SequenceStart(..) => open.push(Open::List {
                path: here,
                items: 0,
            }),
            Event::MappingStart(..) => open.push(Open::Object {
                path: here,
                key: None,
            }),
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_at_its_line() {
        let text = "# a person\n\
                    title: GM\n\
                    phoneNumbers:\n\
                    - type: work\n  \
                      value: \"1\"\n\
                    - {type: fax,\n  \
                      \"value\": 2}\n\
                    licenses:\n\
                    - a\n\
                    -\n  \
                      b\n\
                    titles: |\n  \
                      title: x\n\
                    deep: {a: {b: [1, [2,\n 3]]}}\n";
        for (path, line) in [
            ("title", Some(2)),
            ("phoneNumbers", Some(3)),
            ("phoneNumbers[0]", Some(4)),
            ("phoneNumbers[0].type", Some(4)),
            ("phoneNumbers[0].value", Some(5)),
            ("phoneNumbers[1].type", Some(6)),
            ("phoneNumbers[1].value", Some(7)),
            // The nearest one around it.
            ("phoneNumbers[1].primary", Some(6)),
            ("phoneNumbers[10]", Some(3)),
            ("licenses[0]", Some(9)),
            ("licenses[1]", Some(11)),
            ("titles", Some(12)),
            ("deep.a.b[1][1]", Some(15)),
            ("tit", None),
            ("department", None),
        ] {
            assert_eq!(line_of(text, path), line, "{path}");
        }
    }
}
