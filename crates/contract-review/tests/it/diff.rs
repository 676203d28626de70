//! `cargo xtask diff`: the rules, single edits of the contract, the formats, hostile input.

use chrono::NaiveDate;
use contract_review::diff::{self, Difference, Ignored, Report, Source};

mod catalogue;
mod complete;
mod documents;
mod edits;
mod formats;
mod hostile;
mod hunks;
mod ignore;
mod lifecycle;
mod operations;
mod rules;
mod sdk_results;
mod soundness;
mod source;
mod verdicts;
mod walk_through;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, 1).unwrap()
}

fn named(label: &str, text: &str) -> Source {
    Source {
        label: label.to_owned(),
        file: "spec/people.yaml".to_owned(),
        text: text.to_owned(),
    }
}

pub(crate) fn report(old: &str, new: &str) -> Report {
    let (old, new) = (named("old.yaml", old), named("new.yaml", new));
    diff::compare(&old, &new, &Ignored::default(), today()).unwrap()
}

fn differences(old: &str, new: &str) -> Vec<Difference> {
    report(old, new).differences
}
