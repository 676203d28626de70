//! What lint has found in one document. How it is written lives in `crate::report`.

use super::finding::Finding;
use super::rule::{Level, Rule};

/// The findings in one file, by place.
#[derive(Debug)]
pub struct Report {
    pub(crate) file: String,
    pub(crate) text: String,
    findings: Vec<Finding>,
}

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

    /// The same with other levels; none for a rule that is off.
    #[must_use]
    pub(crate) fn with_levels(mut self, level: impl Fn(&Rule) -> Option<Level>) -> Self {
        self.findings.retain_mut(|finding| {
            let level = level(finding.rule);
            finding.level = level.unwrap_or(finding.level);
            level.is_some()
        });
        self
    }

    /// The findings, by place.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How many findings are of `level`.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        let of_level = |finding: &&Finding| finding.level == level;
        self.findings.iter().filter(of_level).count()
    }

    /// Whether the contract fails: on errors, or on warnings too.
    #[must_use]
    pub fn fails(&self, warnings_as_errors: bool) -> bool {
        self.count(Level::Error) > 0 || (warnings_as_errors && self.count(Level::Warning) > 0)
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
}
