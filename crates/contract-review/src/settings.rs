//! What a project has set for its reviews: levels of rules, and the notice that a deprecation gives. In a file such as `spec/review.yaml`:
//!
//! ```yaml
//! lint:
//!   operation-name: off
//!   html: error
//! diff:
//!   deprecated-added: {callers: safe}
//! deprecation: {notice-days: 90}
//! ```

use std::collections::HashMap;

use chrono::NaiveDate;
use people_codegen::document::load;
use people_codegen::document::node::{Node, Value};
use people_codegen::{Diagnostic, Diagnostics};

use crate::diff::Policy;
use crate::diff::model::{Audience, Level as DiffLevel};
use crate::{diff, lint};

/// The rule that names what is wrong with a file of settings.
const RULE: &str = "settings";

/// Levels by the names of rules, and the policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// None: the rule is off.
    lint: HashMap<String, Option<lint::Level>>,
    diff: HashMap<String, Vec<(Audience, DiffLevel)>>,
    notice_days: Option<u16>,
}

impl Settings {
    /// Reads the text of a file of settings, which messages call `file`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, by line and column.
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostics> {
        let fault = |diagnostics| Diagnostics::new(file, diagnostics);
        let bare = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
        if text.lines().all(bare) {
            return Ok(Self::default());
        }
        let root = load::load(text).map_err(|diagnostic| fault(vec![diagnostic]))?;
        let mut settings = Self::default();
        let mut faults = Vec::new();
        if root.as_mapping().is_none() && !matches!(root.value, Value::Null) {
            let message = "settings are a mapping with `lint`, `diff` and `deprecation`";
            faults.push(Diagnostic::new(RULE, root.position, message));
        }
        for (name, entry) in root.entries() {
            let outcome = match name {
                "lint" => settings.lint_rules(&entry.node),
                "diff" => settings.diff_rules(&entry.node),
                "deprecation" => settings.deprecation(&entry.node),
                _ => {
                    let message = format!(
                        "there is no setting `{name}`; it is `lint`, `diff` or `deprecation`"
                    );
                    Err(vec![Diagnostic::new(RULE, entry.key, message)])
                }
            };
            faults.extend(outcome.err().into_iter().flatten());
        }
        if faults.is_empty() {
            Ok(settings)
        } else {
            Err(fault(faults))
        }
    }

    fn lint_rules(&mut self, node: &Node) -> Result<(), Vec<Diagnostic>> {
        let mut faults = Vec::new();
        for (name, entry) in node.entries() {
            let known = lint::rules::rules().find(|rule| rule.name == name);
            let level = match (&entry.node.value, entry.node.as_str()) {
                // In YAML, `off` can be read as a boolean.
                (Value::Bool(false), _) | (_, Some("off")) => Some(None),
                (_, Some("warning")) => Some(Some(lint::Level::Warning)),
                (_, Some("error")) => Some(Some(lint::Level::Error)),
                _ => None,
            };
            let message = match (known, level) {
                (None, _) => format!("lint has no rule `{name}`"),
                (Some(rule), _) if !rule.can_be_suppressed => {
                    format!("`{name}` cannot be changed, because code could not be made")
                }
                (_, None) => "a level of lint is `off`, `warning` or `error`".to_owned(),
                (_, Some(level)) => {
                    self.lint.insert(name.to_owned(), level);
                    continue;
                }
            };
            faults.push(Diagnostic::new(RULE, entry.key, message));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    fn diff_rules(&mut self, node: &Node) -> Result<(), Vec<Diagnostic>> {
        let mut faults = Vec::new();
        for (name, entry) in node.entries() {
            if diff::rules::find(name).is_none() {
                let message =
                    format!("diff has no rule `{name}`; `cargo xtask diff --rules` lists all");
                faults.push(Diagnostic::new(RULE, entry.key, message));
                continue;
            }
            let mut levels = Vec::new();
            for (audience, level) in entry.node.entries() {
                let known = Audience::ALL
                    .into_iter()
                    .find(|known| known.word() == audience);
                let all = [DiffLevel::Safe, DiffLevel::Risky, DiffLevel::Breaking];
                let set = all
                    .into_iter()
                    .find(|known| level.node.as_str() == Some(known.word()));
                if let (Some(audience), Some(level)) = (known, set) {
                    levels.push((audience, level));
                } else {
                    let message = "write it as `callers: safe`: an audience (`callers`, `sdk` or \
                                   `prose`) and a level (`safe`, `risky` or `breaking`)";
                    faults.push(Diagnostic::new(RULE, level.key, message));
                }
            }
            self.diff.insert(name.to_owned(), levels);
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    fn deprecation(&mut self, node: &Node) -> Result<(), Vec<Diagnostic>> {
        const NAME: &str = "notice-days";
        let days = node.get(NAME).map(|days| &days.value);
        let days = match days {
            Some(Value::Integer(days)) => u16::try_from(*days).ok(),
            _ => None,
        };
        let is_alone = node.entries().all(|(name, _)| name == NAME);
        match days {
            Some(days) if is_alone => {
                self.notice_days = Some(days);
                Ok(())
            }
            _ => {
                let message = "write it as `deprecation: {notice-days: 90}`";
                Err(vec![Diagnostic::new(RULE, node.position, message)])
            }
        }
    }

    /// The policy of the project, on this day.
    #[must_use]
    pub fn policy(&self, today: NaiveDate) -> Policy {
        Policy {
            today,
            notice_days: self.notice_days,
        }
    }

    /// Gives findings the levels of the settings, and takes out those of rules that are off.
    #[must_use]
    pub fn lint(&self, report: lint::Report) -> lint::Report {
        report.with_levels(|rule| match self.lint.get(rule.name) {
            Some(level) => *level,
            None => Some(rule.level),
        })
    }

    /// Gives differences the levels of the settings.
    pub fn diff(&self, report: &mut diff::Report) {
        for difference in &mut report.differences {
            for (audience, level) in self.diff.get(difference.rule).into_iter().flatten() {
                difference.impact.set(*audience, *level);
            }
        }
        report.sort();
    }
}
