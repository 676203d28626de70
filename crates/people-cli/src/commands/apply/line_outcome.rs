//! Applying one line to one person, and its outcome.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use people_sdk::types::{PersonUpdate, PropertyError};
use people_sdk::{Client, Edit, escape_invisible, redact_personal_data};
use serde_json::{Map, Value, json};

use crate::apply_edit::{
    Attempt, EditOptions, attempt, edit_outcome, failure, property_reason, service_error,
};
use crate::diff::{Change, is_empty};
use crate::exit::{Exit, Failure, shown_code};
use crate::outcome::{Effect, Outcome};
use crate::patch::{Path, to_json};
use crate::patch_file::{BeforeFile, LineKey, PersonPatch};
use crate::report::Entry;

/// The outcome of a line.
#[derive(Debug)]
pub(crate) struct LineOutcome {
    pub(crate) key: LineKey,
    /// The person; empty if the line names none.
    pub(crate) id: String,
    /// The name of the person, for a review; never in a report.
    pub(crate) name: Option<String>,
    pub(crate) outcome: Outcome,
    /// What the update changed, or would change.
    pub(crate) changes: Vec<Change>,
    unapplied: Vec<String>,
    also_changed: Vec<String>,
    property_errors: BTreeMap<String, PropertyError>,
    /// The paths of empty cells, where the person has a value that stays.
    pub(crate) kept: Vec<Arc<Path>>,
    /// Whether the line is a row of a spreadsheet with an id and nothing but empty cells.
    pub(crate) is_empty_row: bool,
    pub(crate) failure: Option<Failure>,
    /// What the service said about an update that was applied nevertheless.
    service_error: Option<Failure>,
}

/// How lines are applied: the same for all lines of a run.
pub(crate) struct LineWorker {
    pub(crate) client: Client,
    pub(crate) options: EditOptions,
    /// Receives the values before each update.
    pub(crate) before: Option<Mutex<BeforeFile>>,
    /// The file that is undone, which receives the values after each update.
    pub(crate) undone: Option<Mutex<BeforeFile>>,
}

impl LineWorker {
    /// The outcome of a line that changes nothing.
    pub(crate) fn unchanged(&self, id: String, key: LineKey, patch: &PersonPatch) -> LineOutcome {
        let outcome = if self.options.dry_run {
            Outcome::WouldNotChange
        } else {
            Outcome::Unchanged
        };
        LineOutcome {
            is_empty_row: !patch.empty_cells.is_empty(),
            ..LineOutcome::new(key, id, outcome, None)
        }
    }

    /// Applies a line.
    pub(crate) async fn apply(&self, id: String, key: LineKey, patch: &PersonPatch) -> LineOutcome {
        if patch.patch.0.is_empty() {
            return self.unchanged(id, key, patch);
        }
        let attempt = attempt(
            &self.client,
            &id,
            &self.options,
            |update| patch.patch.apply(update),
            |current, update| {
                save(self.before.as_ref(), |file| {
                    file.save(&key, &id, current, update)
                })
            },
        )
        .await;
        let saved = match &attempt.outcome {
            Ok(edit) => save(self.before.as_ref(), |file| {
                file.save_stored(&key, &id, edit)
            })
            .and_then(|()| {
                save(self.undone.as_ref(), |file| {
                    file.save_restored(&key, &id, edit)
                })
            }),
            Err(_) => Ok(()),
        };
        let mut outcome = self.conclude(key, id, attempt, &patch.empty_cells);
        if let Err(failure) = saved {
            outcome.failure.get_or_insert(failure);
        }
        outcome
    }

    /// Whether updates can no longer be sent, because values for an undo cannot be saved.
    pub(crate) fn is_broken(&self) -> bool {
        let is_broken = |file: &Mutex<BeforeFile>| {
            let file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.is_broken()
        };
        [&self.before, &self.undone]
            .into_iter()
            .flatten()
            .any(is_broken)
    }

    fn conclude(
        &self,
        key: LineKey,
        id: String,
        attempt: Attempt,
        empty_cells: &[Arc<Path>],
    ) -> LineOutcome {
        let Attempt { plan, outcome } = attempt;
        let edit = match outcome {
            Ok(edit) => edit,
            Err(failure) => {
                let outcome = match (&plan, failure.exit) {
                    (None, Exit::Usage) => Outcome::Invalid,
                    _ => Outcome::Failed,
                };
                return LineOutcome::new(key, id, outcome, Some(failure));
            }
        };
        let outcome = edit_outcome(&edit, self.options.dry_run);
        LineOutcome {
            name: edit.before().display_name.clone(),
            changes: plan.map(|plan| plan.changes).unwrap_or_default(),
            unapplied: edit.unapplied().to_vec(),
            also_changed: edit.also_changed().to_vec(),
            property_errors: edit.property_errors().clone(),
            kept: kept(&edit, empty_cells),
            service_error: service_error(&edit),
            ..LineOutcome::new(key, id, outcome, failure(&edit))
        }
    }
}

/// Saves values for an undo in `file`, if there is one.
fn save(
    file: Option<&Mutex<BeforeFile>>,
    save: impl FnOnce(&mut BeforeFile) -> Result<(), Failure>,
) -> Result<(), Failure> {
    match file {
        Some(file) => tokio::task::block_in_place(|| {
            save(&mut file.lock().unwrap_or_else(PoisonError::into_inner))
        }),
        None => Ok(()),
    }
}

/// The paths of empty cells where the person has a value.
fn kept(edit: &Edit, empty_cells: &[Arc<Path>]) -> Vec<Arc<Path>> {
    if empty_cells.is_empty() {
        return Vec::new();
    }
    let before = to_json(&PersonUpdate::from(edit.before())).unwrap_or_default();
    let has_value = |path: &&Arc<Path>| path.get(&before).is_some_and(|value| !is_empty(value));
    empty_cells.iter().filter(has_value).cloned().collect()
}

impl LineOutcome {
    /// An outcome without changes.
    pub(crate) fn new(
        key: LineKey,
        id: String,
        outcome: Outcome,
        failure: Option<Failure>,
    ) -> Self {
        Self {
            key,
            id,
            name: None,
            outcome,
            changes: Vec::new(),
            unapplied: Vec::new(),
            also_changed: Vec::new(),
            property_errors: BTreeMap::new(),
            kept: Vec::new(),
            is_empty_row: false,
            failure,
            service_error: None,
        }
    }

    /// The exit code of this line alone.
    pub(crate) fn exit(&self) -> Exit {
        match &self.failure {
            Some(failure) => failure.exit,
            None if self.outcome == Outcome::WouldChange => Exit::Different,
            None => Exit::Ok,
        }
    }

    /// Whether later lines of the same person have to wait for the next run: it repeats this line,
    /// which must not undo a later one.
    pub(crate) fn blocks_person(&self, dry_run: bool) -> bool {
        !dry_run && self.outcome.effect() != Effect::Done && self.outcome != Outcome::Invalid
    }

    /// The paths that the line changes, each once.
    fn changed_paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = self.changes.iter().map(|it| it.path.clone()).collect();
        paths.dedup();
        paths
    }

    /// The properties of a person that the line has changed or would change, each once.
    pub(crate) fn changed_properties(&self) -> Vec<String> {
        if !matches!(
            self.outcome,
            Outcome::Applied | Outcome::PartlyApplied | Outcome::WouldChange
        ) {
            return Vec::new();
        }
        let property = |it: &Change| {
            let end = it.path.find(['.', '[']).unwrap_or(it.path.len());
            it.path[..end].to_owned()
        };
        let mut properties: Vec<String> = self.changes.iter().map(property).collect();
        properties.dedup();
        properties
    }

    /// The entry for the report. `with_reasons` adds what the service says about a failure, with
    /// personal data removed.
    pub(crate) fn entry(&self, with_reasons: bool) -> Entry {
        Entry {
            line: self.key.number,
            id: self.id.clone(),
            outcome: self.outcome,
            exit_code: self.exit().number(),
            changed: redacted(&self.changed_paths()),
            unapplied: redacted(&self.unapplied),
            also_changed: redacted(&self.also_changed),
            error: self.error(with_reasons),
            service_error: self.service_error(with_reasons),
            time: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
            digest: self.key.digest.clone(),
        }
    }

    /// The failure as JSON, with the service's codes for properties.
    fn error(&self, with_reasons: bool) -> Option<Value> {
        let failure = self.failure.as_ref()?;
        let mut error = if with_reasons {
            failure.to_json()["error"].take()
        } else {
            failure.to_json_unquoted()
        };
        let properties = self.property_errors.iter().map(|(name, property)| {
            let mut reason = Map::new();
            if let Some(code) = &property.code {
                reason.insert("code".to_owned(), json!(shown_code(code)));
            }
            if let (Some(text), true) = (&property.reason, with_reasons) {
                let text = redact_personal_data(text);
                reason.insert("reason".to_owned(), json!(text));
            }
            (redact_personal_data(name), Value::Object(reason))
        });
        let properties: Map<String, Value> = properties.collect();
        if !properties.is_empty() {
            error["properties"] = Value::Object(properties);
        }
        Some(error)
    }

    fn service_error(&self, with_reasons: bool) -> Option<Value> {
        let error = self.service_error.as_ref()?;
        Some(error.facts_of_service(with_reasons))
    }

    /// The failure, or the error that the service sent for an update that was applied, as one JSON
    /// object for standard error.
    pub(crate) fn failure_json(&self) -> Option<Value> {
        let (name, error) = match self.error(true) {
            Some(error) => ("error", error),
            None => ("serviceError", self.service_error(true)?),
        };
        Some(json!({
            "line": self.key.number,
            "id": self.id,
            "outcome": self.outcome,
            "unapplied": self.unapplied,
            name: error,
        }))
    }

    /// The failure, or the error that the service sent for an update that was applied, as lines of
    /// text: the line, the person, the reason, and one line for each property that the service names.
    pub(crate) fn failure_text(&self) -> Option<String> {
        let failure = self.failure.as_ref().or(self.service_error.as_ref())?;
        let id = match self.id.as_str() {
            "" => String::new(),
            id => format!(" ({})", escape_invisible(id)),
        };
        let phrase = match &self.failure {
            Some(_) => self.outcome.phrase(),
            None => "applied, although the service responded with an error",
        };
        let mut text = format!(
            "line {}{id}: {phrase}: {}",
            self.key.number,
            failure.message()
        );
        for (name, error) in &self.property_errors {
            // Writing to a string does not fail.
            let name = redact_personal_data(name);
            let _ = write!(text, "\n  {name}: {}", property_reason(error));
        }
        Some(text)
    }
}

/// Names, some of which can be the service's own.
fn redacted(names: &[String]) -> Vec<String> {
    names
        .iter()
        .map(|name| redact_personal_data(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(outcome: Outcome, paths: &[&str]) -> LineOutcome {
        let key = LineKey {
            number: 1,
            digest: "0".repeat(32),
        };
        let change = |path: &&str| Change {
            path: (*path).to_owned(),
            before: None,
            after: None,
        };
        LineOutcome {
            changes: paths.iter().map(change).collect(),
            ..LineOutcome::new(key, "a".to_owned(), outcome, None)
        }
    }

    #[test]
    fn a_path_that_changes_twice_is_in_the_report_once() {
        let paths = [
            "licenses",
            "licenses",
            "phoneNumbers[0].type",
            "phoneNumbers[0].value",
        ];
        let outcome = outcome(Outcome::Applied, &paths);
        assert_eq!(
            outcome.entry(false).changed,
            ["licenses", "phoneNumbers[0].type", "phoneNumbers[0].value"]
        );
        assert_eq!(outcome.changed_properties(), ["licenses", "phoneNumbers"]);
    }

    #[test]
    fn a_line_without_effect_counts_no_property() {
        for name in [Outcome::NotApplied, Outcome::Failed, Outcome::Unknown] {
            assert!(outcome(name, &["title"]).changed_properties().is_empty());
        }
    }
}
