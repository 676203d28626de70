//! Outcomes as they arrive: written to the report, counted, shown, and summed up at the end.

use std::collections::BTreeMap;

use serde::Serialize;

use super::line_outcome::LineOutcome;
use super::review::{self, InOrder};
use crate::exit::{Exit, Failure};
use crate::outcome::Outcome;
use crate::output::{Format, Output};
use crate::progress::Progress;
use crate::report::Report;
use crate::stderr::{Messages, eprint_json, eprint_line};

/// The summary of a run, for standard output.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    /// The lines of the file, as far as it has been read.
    pub(crate) lines: u64,
    /// The lines that earlier runs have done.
    pub(crate) done_before: u64,
    #[serde(flatten)]
    outcomes: BTreeMap<Outcome, u64>,
    not_attempted: u64,
    /// How many people each property was changed for, or would be changed for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    changed_properties: BTreeMap<String, u64>,
    /// How many values stay as they are because their cells are empty, by path.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    kept_by_empty_cells: BTreeMap<String, u64>,
    /// How many rows have an id and nothing but empty cells.
    #[serde(skip_serializing_if = "is_zero")]
    empty_rows: u64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde calls"
)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Summary {
    /// Whether a person has been changed.
    pub(crate) fn has_changed(&self) -> bool {
        [Outcome::Applied, Outcome::PartlyApplied]
            .iter()
            .any(|outcome| self.outcomes.contains_key(outcome))
    }
}

/// Receives the outcomes.
pub(crate) struct Recorder {
    pub(crate) report: Option<Report>,
    /// Whether the report has the service's reasons.
    pub(crate) report_reasons: bool,
    pub(crate) progress: Progress,
    pub(crate) summary: Summary,
    pub(crate) dry_run: bool,
    pub(crate) output: Output,
    /// What a dry run shows of the lines.
    reviews: InOrder,
    worst: Exit,
}

impl Recorder {
    pub(crate) fn new(
        report: Option<Report>,
        report_reasons: bool,
        dry_run: bool,
        progress: Progress,
        output: Output,
    ) -> Self {
        Self {
            report,
            report_reasons,
            progress,
            summary: Summary::default(),
            dry_run,
            output,
            reviews: InOrder::default(),
            worst: Exit::Ok,
        }
    }

    /// Keeps the place of a line that has been read.
    pub(crate) fn begin(&mut self, line: u64) {
        if self.dry_run {
            self.reviews.begin(line);
        }
    }

    /// Writes outcomes to the report, and shows and counts them when they are on the disk.
    pub(crate) fn record(&mut self, outcomes: &[LineOutcome]) -> Result<(), Failure> {
        if outcomes.is_empty() {
            return Ok(());
        }
        if let Some(report) = &mut self.report {
            let reasons = self.report_reasons;
            let entries = outcomes.iter().map(|it| it.entry(reasons));
            tokio::task::block_in_place(|| report.append(entries))?;
        }
        for outcome in outcomes {
            *self.summary.outcomes.entry(outcome.outcome).or_default() += 1;
            for property in outcome.changed_properties() {
                *self.summary.changed_properties.entry(property).or_default() += 1;
            }
            for path in &outcome.kept {
                let values = &mut self.summary.kept_by_empty_cells;
                *values.entry(path.to_string()).or_default() += 1;
            }
            self.summary.empty_rows += u64::from(outcome.is_empty_row);
            self.worst = self.worst.max(outcome.exit());
            self.show(outcome)?;
            self.progress.advance(outcome.failure.is_some());
        }
        self.progress.update();
        Ok(())
    }

    fn show(&mut self, outcome: &LineOutcome) -> Result<(), Failure> {
        if self.dry_run {
            let text = review::person(outcome, self.output.format)?;
            let text = self.reviews.end(outcome.key.number, text);
            self.progress.suspend(|| self.output.print(&text))?;
        }
        let messages = self.output.messages;
        self.progress.suspend(|| match messages {
            Messages::Json => {
                if let Some(json) = outcome.failure_json() {
                    eprint_json(&json);
                }
            }
            Messages::Text => {
                if let Some(text) = outcome.failure_text() {
                    eprint_line(text);
                }
            }
        });
        Ok(())
    }

    /// The largest exit code of all lines.
    #[cfg(test)]
    pub(crate) fn worst(&self) -> Exit {
        self.worst
    }

    /// Shows additional information.
    pub(crate) fn notice(&self, text: &str) {
        self.progress.suspend(|| self.output.messages.notice(text));
    }

    /// Says what empty cells have left as it is. With `--clear-empty-cells`, that is nothing.
    fn notice_empty_cells(&self) {
        let values: u64 = self.summary.kept_by_empty_cells.values().sum();
        if values > 0 {
            let paths: Vec<&str> = (self.summary.kept_by_empty_cells.keys())
                .map(String::as_str)
                .collect();
            let value = if values == 1 {
                "value stays as it is"
            } else {
                "values stay as they are"
            };
            self.notice(&format!(
                "{values} {value}, because the cells are empty ({}); `--clear-empty-cells` clears them",
                paths.join(", ")
            ));
        }
        let rows = self.summary.empty_rows;
        if rows > 0 {
            let row = if rows == 1 { "row has" } else { "rows have" };
            self.notice(&format!(
                "{rows} {row} an id and empty cells only, which change nothing; \
                 `--clear-empty-cells` clears the properties of empty cells"
            ));
        }
    }

    /// Prints the summary, and decides how the command ends. The summary is printed even if the
    /// run has failed.
    pub(crate) fn finish(
        mut self,
        end: Result<Option<Failure>, Failure>,
        lines: u64,
    ) -> Result<Exit, Failure> {
        self.progress.finish();
        self.summary.lines = lines;
        let attempted: u64 = self.summary.outcomes.values().sum();
        let left = lines.saturating_sub(self.summary.done_before + attempted);
        self.summary.not_attempted = left;
        let mut reviews = self.reviews.finish();
        if self.dry_run && matches!(self.output.format, Format::Table | Format::Markdown) {
            reviews.push_str(&review::summary(&self.summary.changed_properties));
        }
        let printed = self.output.print(&reviews);
        let printed = printed.and_then(|()| match self.output.format {
            Format::Markdown => self
                .output
                .in_format(Format::Table)
                .value(&self.summary, 0, false),
            Format::Ndjson => {
                self.output
                    .value(&serde_json::json!({ "summary": self.summary }), 0, true)
            }
            _ => self.output.value(&self.summary, 0, false),
        });
        let noun = if left == 1 { "line" } else { "lines" };
        let not_attempted = format!("{left} {noun}");
        if let Some(mut failure) = end? {
            if left > 0 {
                failure =
                    failure.about(format_args!("stopped, with {not_attempted} not attempted"));
            }
            failure.exit = failure.exit.max(self.worst);
            return Err(failure);
        }
        printed?;
        self.notice_empty_cells();
        if left > 0 {
            self.notice(&format!(
                "{not_attempted} not attempted, because an earlier line of the same person has not \
                 succeeded; a second run with the same report continues from here"
            ));
        }
        Ok(self.worst)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::patch_file::LineKey;

    #[test]
    fn the_exit_code_is_the_largest_of_all_lines() {
        let line = |exit: Exit| {
            let key = LineKey {
                number: 1,
                digest: String::new(),
            };
            let failure = (exit != Exit::Ok).then(|| Failure::new(exit, "x"));
            LineOutcome::new(key, String::new(), Outcome::Failed, failure)
        };
        for (exits, worst) in [
            ([Exit::Uncertain, Exit::Ok, Exit::NotFound], Exit::Uncertain),
            ([Exit::Ok, Exit::NotFound, Exit::Usage], Exit::NotFound),
            ([Exit::Usage, Exit::Forbidden, Exit::Ok], Exit::Forbidden),
        ] {
            let output = Output {
                format: Format::Ndjson,
                messages: Messages::Json,
            };
            let progress = Progress::new("lines", None, Duration::ZERO, true, output.messages);
            let mut recorder = Recorder::new(None, false, false, progress, output);
            for exit in exits {
                recorder.record(&[line(exit)]).unwrap();
            }
            assert_eq!(recorder.worst(), worst);
        }
    }
}
