//! JSON, for programs: everything, under stable names.

use serde::Serialize;
use serde_json::{Value, json};

use crate::diff::ignore::IgnoreProblem;
use crate::diff::model::{Audience, Difference, Level, Note};
use crate::{diff, lint};

#[derive(Serialize)]
struct Output<'a> {
    old: &'a str,
    new: &'a str,
    summary: Summary,
    differences: &'a [Difference],
    accepted: Vec<Accepted<'a>>,
    ignore_file: Vec<Entry<'a>>,
    notes: &'a [Note],
}

#[derive(Serialize)]
struct Summary {
    callers: Counts,
    sdk: Counts,
    prose: Counts,
}

#[derive(Serialize)]
struct Counts {
    breaking: usize,
    risky: usize,
    safe: usize,
}

#[derive(Serialize)]
struct Accepted<'a> {
    #[serde(flatten)]
    difference: &'a Difference,
    reason: &'a str,
    expires: String,
}

#[derive(Serialize)]
struct Entry<'a> {
    place: &'a str,
    rule: &'static str,
    message: String,
}

/// The differences, as one object.
pub(super) fn differences(report: &diff::Report) -> String {
    let counts = |reader: Audience| Counts {
        breaking: report.count(reader, Level::Breaking),
        risky: report.count(reader, Level::Risky),
        safe: report.count(reader, Level::Safe),
    };
    let document = Output {
        old: &report.old,
        new: &report.new,
        summary: Summary {
            callers: counts(Audience::Callers),
            sdk: counts(Audience::Sdk),
            prose: counts(Audience::Prose),
        },
        differences: &report.differences,
        accepted: report
            .accepted
            .iter()
            .map(|(difference, entry)| Accepted {
                difference,
                reason: &entry.reason,
                expires: entry.expires.to_string(),
            })
            .collect(),
        ignore_file: report.problems.iter().map(entry).collect(),
        notes: &report.notes,
    };
    // Strings, numbers and lists cannot fail to be JSON.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn entry(problem: &IgnoreProblem) -> Entry<'_> {
    Entry {
        place: &problem.entry.place,
        rule: problem.rule(),
        message: problem.to_string(),
    }
}

/// The findings, as one object.
pub(super) fn findings(report: &lint::Report) -> Value {
    let findings: Vec<Value> = report
        .findings()
        .iter()
        .map(|finding| {
            json!({
                "rule": finding.rule.name,
                "level": finding.level.word(),
                "line": finding.position.line,
                "column": finding.position.column,
                "pointer": finding.pointer,
                "message": finding.message,
            })
        })
        .collect();
    json!({
        "file": report.file,
        "errors": report.count(lint::Level::Error),
        "warnings": report.count(lint::Level::Warning),
        "findings": findings,
    })
}
