//! Findings as people and programs read them: text, JSON, GitHub annotations, SARIF.

use std::fmt::Write as _;
use std::io;

use serde_json::{Value, json};

use super::{Finding, Level, RULES};

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A line per finding, as a compiler writes it; the source line and a caret where they help.
    Text {
        /// Whether to show the source line with a caret below it.
        source: bool,
        /// Whether to use colours.
        colour: bool,
    },
    /// One JSON object, for programs.
    Json,
    /// Workflow commands, which GitHub shows at the lines of a pull request.
    Github,
    /// SARIF 2.1.0, which code scanners exchange.
    Sarif,
}

/// The findings in one file, by place.
#[derive(Debug)]
pub struct Report {
    file: String,
    text: String,
    findings: Vec<Finding>,
}

/// As much of a line as fits a terminal, before and after the column shown.
const BEFORE: usize = 60;
const WIDTH: usize = 110;

impl Report {
    pub(super) fn new(file: &str, bytes: &[u8], mut findings: Vec<Finding>) -> Self {
        findings.sort_by(|a, b| {
            (a.position, a.rule.name, &a.message).cmp(&(b.position, b.rule.name, &b.message))
        });
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
        Self {
            file: file.to_owned(),
            text,
            findings,
        }
    }

    /// The findings, by place.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How many findings are of `level`.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        let of_level = |finding: &&Finding| finding.rule.level == level;
        self.findings.iter().filter(of_level).count()
    }

    /// Whether the contract fails: on errors, or on warnings too.
    #[must_use]
    pub fn fails(&self, warnings_as_errors: bool) -> bool {
        self.count(Level::Error) > 0 || (warnings_as_errors && self.count(Level::Warning) > 0)
    }

    /// Writes the findings to `out`.
    ///
    /// # Errors
    ///
    /// What `out` fails with.
    pub fn write(&self, format: Format, out: &mut dyn io::Write) -> io::Result<()> {
        match format {
            Format::Text { source, colour } => self.write_text(source, colour, out),
            Format::Json => self.write_value(&self.json(), out),
            Format::Github => self.write_github(out),
            Format::Sarif => self.write_value(&self.sarif(), out),
        }
    }

    /// How many findings there are, in words.
    #[must_use]
    pub fn summary(&self) -> String {
        let count = |level: Level| {
            let count = self.count(level);
            let plural = if count == 1 { "" } else { "s" };
            format!("{count} {}{plural}", level.word())
        };
        format!("{}, {}", count(Level::Error), count(Level::Warning))
    }

    #[expect(clippy::unused_self, reason = "one shape for all formats")]
    fn write_value(&self, value: &Value, out: &mut dyn io::Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, value)?;
        out.write_all(b"\n")
    }

    fn write_text(&self, source: bool, colour: bool, out: &mut dyn io::Write) -> io::Result<()> {
        let (bold, red, yellow, plain) = if colour {
            ("\u{1b}[1m", "\u{1b}[1;31m", "\u{1b}[1;33m", "\u{1b}[0m")
        } else {
            ("", "", "", "")
        };
        let file = printable(&self.file);
        let mut lines = self.text.lines().enumerate();
        let mut current = lines.next();
        for finding in &self.findings {
            let Finding {
                rule,
                position,
                message,
                ..
            } = finding;
            let accent = match rule.level {
                Level::Error => red,
                Level::Warning => yellow,
            };
            writeln!(
                out,
                "{bold}{file}:{position}:{plain} {accent}{}:{plain} {message}",
                rule.name
            )?;
            if !source {
                continue;
            }
            // Findings are in the order of the lines.
            while current.is_some_and(|(index, _)| index + 1 < position.line) {
                current = lines.next();
            }
            if let Some((index, line)) = current
                && index + 1 == position.line
            {
                let (shown, caret) = excerpt(line, position.column);
                let number = position.line.to_string();
                let margin = " ".repeat(number.len());
                writeln!(
                    out,
                    "{margin} |\n{number} | {shown}\n{margin} | {accent}{caret}{plain}"
                )?;
            }
        }
        Ok(())
    }

    fn write_github(&self, out: &mut dyn io::Write) -> io::Result<()> {
        for finding in &self.findings {
            writeln!(
                out,
                "::{} file={},line={},col={},title={}::{}",
                finding.rule.level.word(),
                escaped(&self.file, true),
                finding.position.line,
                finding.position.column,
                escaped(finding.rule.name, true),
                escaped(&finding.message, false),
            )?;
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let findings: Vec<Value> = self
            .findings
            .iter()
            .map(|finding| {
                json!({
                    "rule": finding.rule.name,
                    "level": finding.rule.level.word(),
                    "line": finding.position.line,
                    "column": finding.position.column,
                    "pointer": finding.pointer,
                    "message": finding.message,
                })
            })
            .collect();
        json!({
            "file": self.file,
            "errors": self.count(Level::Error),
            "warnings": self.count(Level::Warning),
            "findings": findings,
        })
    }

    fn sarif(&self) -> Value {
        let rules: Vec<Value> = RULES
            .iter()
            .map(|rule| {
                json!({
                    "id": rule.name,
                    "shortDescription": { "text": rule.what },
                    "fullDescription": { "text": format!("{}. {}", rule.what, rule.why) },
                    "defaultConfiguration": { "level": rule.level.word() },
                })
            })
            .collect();
        let results: Vec<Value> = self
            .findings
            .iter()
            .map(|finding| {
                let region = json!({
                    "startLine": finding.position.line,
                    "startColumn": finding.position.column,
                });
                json!({
                    "ruleId": finding.rule.name,
                    "ruleIndex": RULES.iter().position(|rule| rule.name == finding.rule.name),
                    "level": finding.rule.level.word(),
                    "message": { "text": finding.message },
                    "locations": [{
                        "physicalLocation": {
                            "artifactLocation": { "uri": uri(&self.file) },
                            "region": region,
                        },
                    }],
                })
            })
            .collect();
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {
                    "driver": {
                        "name": "contract-review",
                        "version": env!("CARGO_PKG_VERSION"),
                        "rules": rules,
                    },
                },
                "columnKind": "unicodeCodePoints",
                "results": results,
            }],
        })
    }
}

/// The part of `line` around `column`, and the line below it with a caret under the column.
fn excerpt(line: &str, column: usize) -> (String, String) {
    let start = column.saturating_sub(BEFORE + 1);
    let mut shown: String = if start > 0 {
        "…".to_owned()
    } else {
        String::new()
    };
    let mut caret = String::from(if start > 0 { " " } else { "" });
    for (index, character) in line.chars().enumerate().skip(start).take(WIDTH) {
        let blank = if character == '\t' { '\t' } else { ' ' };
        if index + 1 < column {
            caret.push(blank);
        }
        shown.push(if character.is_control() && character != '\t' {
            '\u{fffd}'
        } else {
            character
        });
    }
    if line.chars().nth(start + WIDTH).is_some() {
        shown.push('…');
    }
    caret.push('^');
    (shown, caret)
}

fn printable(text: &str) -> String {
    let mut line = String::new();
    for character in text.chars() {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// What GitHub's workflow commands ask for in a message, or in a property of one.
fn escaped(text: &str, property: bool) -> String {
    let text = text
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    if property {
        text.replace(':', "%3A").replace(',', "%2C")
    } else {
        text
    }
}

/// A path as a relative reference, RFC 3986; an absolute one as a URI.
fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
