//! Standard error: lines of text or of JSON, and nothing that moves a terminal's cursor.

use std::fmt;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value};

/// The form of what goes to standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Messages {
    /// Lines of text.
    Text,
    /// One JSON object per line.
    Json,
}

impl Messages {
    /// Writes additional information: `note: TEXT` or `{"note": "TEXT"}`.
    pub(crate) fn notice(self, text: impl fmt::Display) {
        self.labelled("note", &text);
    }

    /// Writes a warning: `warning: TEXT` or `{"warning": "TEXT"}`.
    pub(crate) fn warning(self, text: impl fmt::Display) {
        self.labelled("warning", &text);
    }

    fn labelled(self, label: &str, text: &dyn fmt::Display) {
        if is_quiet() {
            return;
        }
        match self {
            Self::Text => eprint_line(format_args!("{label}: {text}")),
            Self::Json => {
                let text = Value::String(text.to_string());
                eprint_json(&Value::Object(Map::from_iter([(label.to_owned(), text)])));
            }
        }
    }
}

static QUIET: AtomicBool = AtomicBool::new(false);

/// Suppresses additional information, warnings and progress from now on. Errors are still written.
pub(crate) fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Whether [`be_quiet`] was called.
pub(crate) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Writes a line, without colour where none is wanted. There is no fallback when standard error is
/// closed.
pub(crate) fn eprint_line(line: impl fmt::Display) {
    let _ = writeln!(anstream::stderr().lock(), "{line}");
}

/// Writes a value as one line of JSON.
pub(crate) fn eprint_json(value: &Value) {
    let _ = writeln!(
        std::io::stderr().lock(),
        "{}",
        escape_controls(value.to_string())
    );
}

/// JSON text in which every character that a terminal could act on is escaped. JSON has these
/// characters in strings only, where `\uXXXX` means the same.
pub(crate) fn escape_controls(json: String) -> String {
    if !json.chars().any(moves_cursor) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if moves_cursor(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                // Writing to a string does not fail.
                let _ = fmt::Write::write_fmt(&mut escaped, format_args!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Whether a terminal may act on the character instead of showing it: delete, the C1 controls, and
/// marks that change the direction of text. Line breaks between JSON tokens are not among them.
fn moves_cursor(character: char) -> bool {
    matches!(
        character,
        '\u{7f}'..='\u{9f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_json_reads_as_the_same_value() {
        let value = serde_json::json!({"a": "x\u{7f}\u{9b}31m\u{202e}y\u{1b}[0m\n", "ü": "Zoë 😀"});
        let text = escape_controls(serde_json::to_string_pretty(&value).unwrap());
        assert!(text.contains("x\\u007f\\u009b31m\\u202ey\\u001b"), "{text}");
        assert!(text.contains("Zoë 😀"), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
