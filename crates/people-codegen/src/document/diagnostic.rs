//! What a stage has to say about a contract, and where in its text. No rule lives here.

use std::fmt;

use crate::document::node::{Node, Position};

/// One problem of a contract: the rule, the place, what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Name of the rule, in `kebab-case`. Stable: suppressions and searches name it.
    pub rule: &'static str,
    /// Where in the contract's text.
    pub position: Position,
    /// What is wrong, why, and what to do about it, on one line.
    pub message: String,
}

impl Diagnostic {
    /// A diagnostic of `rule` at `position`. What the contract puts into `message` stays on one line,
    /// steers no terminal and is cut where it gets too long to be read.
    #[must_use]
    pub fn new(rule: &'static str, position: Position, message: impl Into<String>) -> Self {
        Self {
            rule,
            position,
            message: one_line(message.into()),
        }
    }
}

/// Something that the generated code does in another way than the contract may suggest. Known by the place
/// in the document that is lowered, which has no lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Warning {
    rule: &'static str,
    /// A JSON pointer. What is not in the document stands for what holds it.
    pointer: String,
    message: String,
}

impl Warning {
    pub(crate) fn new(
        rule: &'static str,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            pointer: pointer.into(),
            message: message.into(),
        }
    }

    /// The warning with its place in `root`.
    pub(crate) fn located(self, root: &Node) -> Diagnostic {
        let mut pointer = self.pointer.as_str();
        let position = loop {
            match (root.pointer(pointer), pointer.rsplit_once('/')) {
                // The value of a name says more than the name.
                (Some((node, _)), _) if pointer.ends_with("/operationId") => break node.position,
                (Some((_, position)), _) => break position,
                (None, Some((holder, _))) => pointer = holder,
                (None, None) => break Position::START,
            }
        };
        Diagnostic::new(self.rule, position, self.message)
    }
}

/// Longer than any message that quotes sensible names.
const MAX_MESSAGE: usize = 500;

fn one_line(message: String) -> String {
    if message.len() <= MAX_MESSAGE && !message.contains(char::is_control) {
        return message;
    }
    let mut line = String::new();
    for character in message.chars() {
        if line.len() >= MAX_MESSAGE {
            line.push('…');
            break;
        }
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// The diagnostics in one contract, with the name of the file they are about.
///
/// `Display` prints one line per diagnostic: `spec/people.yaml:41:9: rule-name: message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    file: String,
    diagnostics: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Sorts `diagnostics` by place and files them under the name `file`.
    #[must_use]
    pub fn new(file: impl Into<String>, mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by_key(|diagnostic| diagnostic.position);
        Self {
            file: file.into(),
            diagnostics,
        }
    }

    /// The diagnostics, by place.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter()
    }

    /// One line per diagnostic, each with file, line, column and rule.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.diagnostics.iter().map(|diagnostic| {
            let Diagnostic {
                rule,
                position,
                message,
            } = diagnostic;
            format!("{}:{position}: {rule}: {message}", self.file)
        })
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, line) in self.lines().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&line)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_without_control_characters() {
        let message = |text: String| Diagnostic::new("rule", Position::START, text).message;
        assert_eq!(message("a\nb\u{1b}[31m".to_owned()), "a\\nb\\u{1b}[31m");
        assert_eq!(message("ä".repeat(10_000)).chars().count(), 251);
        assert_eq!(message("plain".to_owned()), "plain");
    }
}
