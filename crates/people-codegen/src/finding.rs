//! What a stage has to say about a contract, and where in its text. No rule lives here.

use std::fmt;

use crate::node::Position;

/// One complaint about a contract: the rule, the place, what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Name of the rule, in `kebab-case`. Stable: reviewers silence and search by it.
    pub rule: &'static str,
    /// Where in the contract's text.
    pub position: Position,
    /// What is wrong, why, and what to do about it, on one line.
    pub message: String,
}

impl Finding {
    /// A finding of `rule` at `position`.
    #[must_use]
    pub fn new(rule: &'static str, position: Position, message: impl Into<String>) -> Self {
        Self {
            rule,
            position,
            message: message.into(),
        }
    }
}

/// The findings in one contract, with the name of the file they are about.
///
/// `Display` prints one line per finding: `spec/people.yaml:41:9: rule-name: message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    file: String,
    findings: Vec<Finding>,
}

impl Findings {
    /// Sorts `findings` by place and files them under the name `file`.
    #[must_use]
    pub fn new(file: impl Into<String>, mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| finding.position);
        Self {
            file: file.into(),
            findings,
        }
    }

    /// The findings, by place.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter()
    }

    /// One line per finding, each with file, line, column and rule.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.findings.iter().map(|finding| {
            let Finding {
                rule,
                position,
                message,
            } = finding;
            format!("{}:{position}: {rule}: {message}", self.file)
        })
    }
}

impl fmt::Display for Findings {
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

impl std::error::Error for Findings {}
