//! The report of `people apply`: one entry per line that has an outcome, which the next run goes on
//! from. It holds person ids and property names, but no values; what the service says about a
//! failure is written if asked for. How it reaches the disk is in `append_file`.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::append_file::AppendFile;
use crate::exit::{Exit, Failure};
use crate::history::History;
use crate::outcome::Outcome;

/// An entry of a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    /// The line of the changes that this is about.
    pub(crate) line: u64,
    pub(crate) id: String,
    pub(crate) outcome: Outcome,
    pub(crate) exit_code: u8,
    /// The paths that the update changed, or would change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) changed: Vec<String>,
    /// The properties that were sent, and that do not have the value that was sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) unapplied: Vec<String>,
    /// The properties that the service has changed by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) also_changed: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Value>,
    /// The error of an update that was applied nevertheless.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) service_error: Option<Value>,
    /// When the outcome was known.
    pub(crate) time: String,
    /// The digest of the line.
    pub(crate) digest: String,
}

/// An open report.
pub(crate) struct Report(AppendFile);

impl Report {
    /// Opens the report at `path`, or creates it, and reads what earlier runs have done.
    pub(crate) fn open(path: &Path) -> Result<(Self, History), Failure> {
        let mut file = AppendFile::open(path, "report")?;
        let name = file.name();
        let mut number = 0;
        let mut history = History::default();
        file.recover(|line| {
            number += 1;
            let entry: Entry = serde_json::from_slice(line).map_err(|_| {
                Failure::usage(format_args!("{name}: line {number} is not one of a report"))
                    .help("name another file with `--report`; nothing was written to this one")
            })?;
            history.push(&entry.id, &entry.digest, entry.outcome);
            Ok(())
        })?;
        history.finish();
        Ok((Self(file), history))
    }

    /// What the user should know about the file, once.
    pub(crate) fn take_warning(&mut self) -> Option<String> {
        self.0.take_warning()
    }

    /// Adds entries, and returns once they are on the disk.
    pub(crate) fn append(
        &mut self,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Result<(), Failure> {
        let mut text = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut text, &entry)
                .map_err(|error| Failure::new(Exit::Other, error))?;
            text.push(b'\n');
        }
        self.0.append(&text).map_err(|failure| {
            failure.help(
                "changes since then are not in the report; a second run with the same report finds \
                 them and goes on",
            )
        })
    }

    /// Replaces the operations of the file.
    #[cfg(test)]
    pub(crate) fn set_storage(&mut self, storage: Box<dyn crate::append_file::Storage>) {
        self.0.set_storage(storage);
    }
}
