//! For programs: everything, under stable names.

use serde::Serialize;

use crate::diff::Report;
use crate::diff::ignore::Complaint;
use crate::diff::model::{Difference, Level, Note, Reader};

#[derive(Serialize)]
struct Document<'a> {
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

pub(super) fn render(report: &Report) -> String {
    let counts = |reader: Reader| Counts {
        breaking: report.count(reader, Level::Breaking),
        risky: report.count(reader, Level::Risky),
        safe: report.count(reader, Level::Safe),
    };
    let document = Document {
        old: &report.old,
        new: &report.new,
        summary: Summary {
            callers: counts(Reader::Callers),
            sdk: counts(Reader::Sdk),
            prose: counts(Reader::Prose),
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
        ignore_file: report.complaints.iter().map(entry).collect(),
        notes: &report.notes,
    };
    // Strings, numbers and lists cannot fail to be JSON.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn entry(complaint: &Complaint) -> Entry<'_> {
    Entry {
        place: &complaint.entry.place,
        rule: complaint.rule(),
        message: complaint.to_string(),
    }
}
