//! Standard error: lines of text or of JSON, and nothing that moves a terminal's cursor.

use std::fmt;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use people_sdk::{escape_invisible, escape_invisible_in_json};
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

/// Writes lines of text, with every other character that a terminal does not show escaped. There is no
/// fallback when standard error is closed.
pub(crate) fn eprint_line(text: impl fmt::Display) {
    eprint_styled(escape_lines(&text.to_string()));
}

/// Writes text that has styles, without them where none are wanted. All other parts of it must have
/// been escaped.
pub(crate) fn eprint_styled(text: impl fmt::Display) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Text whose line breaks stay, with every other character that a terminal does not show escaped.
pub(crate) fn escape_lines(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(escape_invisible).collect();
    lines.join("\n")
}

/// Writes a value as one line of JSON.
pub(crate) fn eprint_json(value: &Value) {
    let _ = writeln!(
        std::io::stderr().lock(),
        "{}",
        escape_invisible_in_json(&value.to_string())
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_stay_and_escapes_do_not() {
        let text = escape_lines("a\u{1b}[31m\u{202e}\n  b\r");
        assert_eq!(text, "a\\u{1b}[31m\\u{202e}\n  b\\r");
    }
}
