//! YAML (or JSON) text to a tree with positions. Knows nothing of OpenAPI.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use crate::document::characters::Characters;
use crate::document::diagnostic::Diagnostic;
use crate::document::node::{Entry, Mapping, Node, Position, Value};

/// The rule that broken YAML breaks.
const SYNTAX: &str = "yaml-syntax";

/// Deeper than any contract, and far from the end of the stack.
const MAX_DEPTH: usize = 128;

/// How much a text may grow through aliases, in values. A text that stays below this without
/// aliases is not limited.
const MAX_ALIASED: usize = 1_000_000;

/// As many bytes of text weigh as much as one value more.
const BYTES_PER_VALUE: usize = 32;

/// The parser's message at its own limit, which it can reach first: it reads ahead.
const PARSER_DEPTH: &str = "recursion limit exceeded";

/// Bytes to text, ready for [`load`].
///
/// # Errors
///
/// The bytes are not UTF-8: one diagnostic, at the first byte that is not.
pub fn decode(bytes: &[u8]) -> Result<&str, Diagnostic> {
    std::str::from_utf8(bytes).map_err(|error| {
        let (before, _) = bytes.split_at(error.valid_up_to());
        let before = String::from_utf8_lossy(before);
        let last = before.rsplit('\n').next().unwrap_or_default();
        let place = Position {
            line: before.matches('\n').count() + 1,
            column: last.chars().count() + 1,
        };
        let message = "this is not UTF-8 text; save the file as UTF-8";
        Diagnostic::new(SYNTAX, place, message)
    })
}

/// Reads one YAML document. JSON is YAML.
///
/// # Errors
///
/// Broken YAML, a name given twice in a mapping, a second document, nesting or alias expansion
/// beyond any sensible contract: one diagnostic, at the place where reading had to stop.
pub fn load(text: &str) -> Result<Node, Diagnostic> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = without_surrogates(text);
    let mut parser = Parser::new(Characters::of(&text));
    let mut builder = Builder::default();
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => builder.take(event, span)?,
            Err(error) => {
                let marker = error.marker();
                let message = match error.info() {
                    PARSER_DEPTH => too_deep(),
                    reason => format!("this is not YAML: {reason}"),
                };
                let place = position(marker.line(), marker.col());
                return Err(Diagnostic::new(SYNTAX, place, message));
            }
        }
    }
    builder.root.ok_or_else(|| {
        Diagnostic::new(
            SYNTAX,
            Position::START,
            "the file holds no document; start with `openapi: 3.0.3`",
        )
    })
}

fn too_deep() -> String {
    format!("values are nested more than {MAX_DEPTH} deep here")
}

/// JSON writes a character beyond the first 65,536 as two escapes, which YAML does not know: each
/// pair becomes its character. Escapes stand in JSON alone, so nothing else is touched.
fn without_surrogates(text: &str) -> Cow<'_, str> {
    let json = text.trim_start().starts_with(['{', '[']);
    if !json || !(text.contains("\\ud") || text.contains("\\uD")) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        written.push_str(before);
        let unit = |at: usize| {
            let escape = escape.get(at..at + 6)?;
            u16::from_str_radix(escape.strip_prefix("\\u")?, 16).ok()
        };
        let pair = unit(0)
            .zip(unit(6))
            .and_then(|(high, low)| char::decode_utf16([high, low]).next()?.ok())
            .filter(|c| c.len_utf16() == 2);
        let length = if let Some(character) = pair {
            written.push(character);
            12
        } else {
            // The sign and what it escapes, which may be another such sign.
            let length = escape.chars().take(2).map(char::len_utf8).sum();
            written.push_str(&escape[..length]);
            length
        };
        rest = &escape[length..];
    }
    written.push_str(rest);
    Cow::Owned(written)
}

fn position(line: usize, zero_based_column: usize) -> Position {
    Position {
        line: line.max(1),
        column: zero_based_column + 1,
    }
}

/// A list or mapping whose end has not been read yet.
struct Open {
    position: Position,
    anchor: usize,
    contents: Contents,
}

enum Contents {
    Sequence(Vec<Node>),
    Mapping {
        entries: Mapping,
        /// Whether the last entry is a name whose value has not been read yet.
        is_open: bool,
    },
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    /// Anchored values, each with the number of values in it.
    anchors: HashMap<usize, (Node, usize)>,
    aliased: usize,
    root: Option<Node>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Diagnostic> {
        let place = position(span.start.line(), span.start.col());
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let forced_text = tag
                    .as_deref()
                    .is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
                let plain = style == ScalarStyle::Plain && !forced_text;
                if self.expects_key() {
                    return self.key(text.into_owned(), place);
                }
                let value = if plain {
                    plain_scalar(&text).ok_or_else(|| {
                        let message = "this number is too large to be read; quote it if it is text";
                        Diagnostic::new(SYNTAX, place, message)
                    })?
                } else {
                    Value::String(text.into_owned())
                };
                let node = Node {
                    position: place,
                    value,
                };
                self.finish(node, anchor)
            }
            Event::SequenceStart(anchor, _) => {
                self.start(place, anchor, Contents::Sequence(Vec::new()))
            }
            Event::MappingStart(anchor, _) => {
                let contents = Contents::Mapping {
                    entries: Mapping::default(),
                    is_open: false,
                };
                self.start(place, anchor, contents)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else {
                    return Ok(());
                };
                let value = match open.contents {
                    Contents::Sequence(mut items) => {
                        items.shrink_to_fit();
                        Value::Sequence(items)
                    }
                    Contents::Mapping { mut entries, .. } => {
                        entries.shrink_to_fit();
                        Value::Mapping(Box::new(entries))
                    }
                };
                let node = Node {
                    position: open.position,
                    value,
                };
                self.finish(node, open.anchor)
            }
            Event::Alias(anchor) => self.alias(anchor, place),
            Event::DocumentStart(_) if self.root.is_some() => Err(Diagnostic::new(
                SYNTAX,
                place,
                "a second document starts here; a contract is one document",
            )),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn expects_key(&self) -> bool {
        matches!(
            self.open.last(),
            Some(Open {
                contents: Contents::Mapping { is_open: false, .. },
                ..
            })
        )
    }

    fn key(&mut self, name: String, place: Position) -> Result<(), Diagnostic> {
        let Some(Open {
            contents: Contents::Mapping { entries, is_open },
            ..
        }) = self.open.last_mut()
        else {
            return Ok(());
        };
        if let Some(first) = entries.get(&name) {
            let line = first.key.line;
            return Err(Diagnostic::new(
                "duplicate-key",
                place,
                format!(
                    "`{name}` is given twice in this mapping, first on line {line}; remove one"
                ),
            ));
        }
        let node = Node {
            position: place,
            value: Value::Null,
        };
        entries.push(name, Entry { key: place, node });
        *is_open = true;
        Ok(())
    }

    fn start(
        &mut self,
        place: Position,
        anchor: usize,
        contents: Contents,
    ) -> Result<(), Diagnostic> {
        if self.expects_key() {
            return Err(Diagnostic::new(
                SYNTAX,
                place,
                "a name in a mapping must be plain text, not a list or a mapping",
            ));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(Diagnostic::new(SYNTAX, place, too_deep()));
        }
        self.open.push(Open {
            position: place,
            anchor,
            contents,
        });
        Ok(())
    }

    fn alias(&mut self, anchor: usize, place: Position) -> Result<(), Diagnostic> {
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return Err(Diagnostic::new(
                SYNTAX,
                place,
                "this alias stands inside the value that it names, or names nothing",
            ));
        };
        self.aliased = self.aliased.saturating_add(*size);
        if self.aliased > MAX_ALIASED {
            return Err(Diagnostic::new(
                SYNTAX,
                place,
                format!("aliases expand to more than {MAX_ALIASED} values here"),
            ));
        }
        let mut node = node.clone();
        node.position = place;
        if self.expects_key() {
            return match node.value {
                Value::String(name) => self.key(name, place),
                _ => Err(Diagnostic::new(
                    SYNTAX,
                    place,
                    "a name in a mapping must be plain text",
                )),
            };
        }
        if self.open.len() + depth(&node) > MAX_DEPTH {
            return Err(Diagnostic::new(
                SYNTAX,
                place,
                format!("this alias nests values more than {MAX_DEPTH} deep"),
            ));
        }
        self.finish(node, 0)
    }

    fn finish(&mut self, node: Node, anchor: usize) -> Result<(), Diagnostic> {
        if anchor != 0 {
            let size = size(&node);
            self.aliased = self.aliased.saturating_add(size);
            if self.aliased > MAX_ALIASED {
                return Err(Diagnostic::new(
                    SYNTAX,
                    node.position,
                    format!("anchors name more than {MAX_ALIASED} values"),
                ));
            }
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut().map(|open| &mut open.contents) {
            None => self.root = Some(node),
            Some(Contents::Sequence(items)) => items.push(node),
            Some(Contents::Mapping { entries, is_open }) => {
                if let Some(entry) = entries.last_mut() {
                    entry.node = node;
                }
                *is_open = false;
            }
        }
        Ok(())
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::Sequence(items) => items.iter().map(size).sum(),
        Value::Mapping(entries) => entries
            .iter()
            .map(|(name, entry)| name.len() / BYTES_PER_VALUE + size(&entry.node))
            .sum(),
        Value::String(text) => text.len() / BYTES_PER_VALUE,
        _ => 0,
    }
}

fn depth(node: &Node) -> usize {
    1 + match &node.value {
        Value::Sequence(items) => items.iter().map(depth).max().unwrap_or(0),
        Value::Mapping(entries) => entries
            .iter()
            .map(|(_, entry)| depth(&entry.node))
            .max()
            .unwrap_or(0),
        _ => 0,
    }
}

/// The core schema of YAML 1.2.2, section 10.3.2: what a scalar without quotes means. Nothing for
/// a number that no value can hold.
fn plain_scalar(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "true" | "True" | "TRUE" => return Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Value::Bool(false)),
        _ => {}
    }
    // Most texts are told from numbers by how they start.
    let digits = text.trim_start_matches(['-', '+']);
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        // Rust also reads `inf`, `nan` and `infinity`, which YAML spells `.inf`, and JSON lacks.
        return Some(Value::String(text.to_owned()));
    }
    let radix = |prefix, radix| {
        text.strip_prefix(prefix)
            .and_then(|digits| i64::from_str_radix(digits, radix).ok())
    };
    if let Some(value) = text
        .parse()
        .ok()
        .or_else(|| radix("0o", 8))
        .or_else(|| radix("0x", 16))
    {
        return Some(Value::Integer(value));
    }
    match text.parse::<f64>() {
        Ok(value) => value.is_finite().then_some(Value::Float(value)),
        Err(_) => Some(Value::String(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        let diagnostic = load(text).unwrap_err();
        format!("{}: {}", diagnostic.position, diagnostic.message)
    }

    #[test]
    fn positions_count_from_one() {
        let root = load("a:\n  b: [x, 2]\n").unwrap();
        let (node, place) = root.pointer("#/a/b").unwrap();
        assert_eq!(place.to_string(), "2:3");
        assert_eq!(node.position.to_string(), "2:6");
        assert_eq!(root.pointer("/a/b/1").unwrap().1.to_string(), "2:10");
    }

    #[test]
    fn scalars_follow_the_core_schema() {
        let root =
            load("[~, yes, 'true', true, 0x1F, -3, 1.5, 1e3, .5, nan, 3.0.3, !!str 1]").unwrap();
        let kinds: Vec<_> = root.items().map(Node::kind).collect();
        let expected = [
            "nothing",
            "text",
            "text",
            "a boolean",
            "a number",
            "a number",
            "a number",
            "a number",
            "a number",
            "text",
            "text",
            "text",
        ];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn json_writes_some_characters_in_two_escapes() {
        let text = r#"{"a": "\ud83d\udc4d!", "b": "\\ud83d\\udc4d", "c": "\u00e9", "d": "\u00e9\u00e8\ud83d\udc4d"}"#;
        let root = load(text).unwrap();
        let value = |name| root.get(name).and_then(Node::as_str).unwrap();
        assert_eq!(value("a"), "👍!");
        assert_eq!(value("b"), r"\ud83d\udc4d");
        assert_eq!(value("c"), "é");
        assert_eq!(value("d"), "éè👍");
        assert!(load(r#"{"a": "\ud83d"}"#).is_err());
    }

    #[test]
    fn faults_say_where() {
        let cases = [
            (
                "",
                "1:1: the file holds no document; start with `openapi: 3.0.3`",
            ),
            (
                "a: 1\nb: 2\na: 3\n",
                "3:1: `a` is given twice in this mapping, first on line 1; remove one",
            ),
            (
                "a: &x [*x]\n",
                "1:8: this alias stands inside the value that it names, or names nothing",
            ),
            (
                "a: 1\n---\nb: 2\n",
                "2:1: a second document starts here; a contract is one document",
            ),
            (
                "a: 1e999\n",
                "1:4: this number is too large to be read; quote it if it is text",
            ),
            (
                "? [a]\n: 1\n",
                "1:3: a name in a mapping must be plain text, not a list or a mapping",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(message(text), expected, "for {text:?}");
        }
        assert!(
            message("a: [1, 2\nb: 3\n").starts_with("2:2: this is not YAML"),
            "{}",
            message("a: [1, 2\nb: 3\n")
        );
    }

    #[test]
    fn hostile_texts_are_refused() {
        for deep in [
            "[".repeat(5_000),
            "- ".repeat(5_000),
            "{a: ".repeat(130),
            (0..200).map(|depth| " ".repeat(depth) + "a:\n").collect(),
        ] {
            assert!(message(&deep).contains("nested more than 128 deep"));
        }
        let long = format!(
            "a: &a {}\nb: [{}]\n",
            "x".repeat(100_000),
            "*a,".repeat(10_000)
        );
        assert!(message(&long).contains("expand to more than"));
        let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let previous = format!("*a{}, ", level - 1).repeat(10);
            let items = previous.trim_end_matches(", ");
            laughs = format!("{laughs}a{level}: &a{level} [{items}]\n");
        }
        assert!(message(&laughs).contains("expand to more than"));
    }
    #[test]
    fn a_byte_order_mark_and_windows_line_ends_shift_nothing() {
        let root = load("\u{feff}a: 1\r\nb:\r\n  c: 2\r\n").unwrap();
        assert_eq!(root.pointer("/a").unwrap().1.to_string(), "1:1");
        assert_eq!(root.pointer("/b/c").unwrap().1.to_string(), "3:3");
    }

    #[test]
    fn other_encodings_are_named_with_their_place() {
        let diagnostic = decode(b"a: 1\nb: \xff\n").unwrap_err();
        assert_eq!(diagnostic.position.to_string(), "2:4");
        assert_eq!(decode("ä: 1".as_bytes()).unwrap(), "ä: 1");
    }
}
