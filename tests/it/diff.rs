//! `cargo xtask diff`: the catalogue, single edits of the contract, the formats, hostile input.

use chrono::NaiveDate;
use xtask::diff::{self, Difference, Ignored, Report, Source};

mod catalogue;
mod complete;
mod edits;
mod formats;
mod hostile;
mod ignore;

/// The contract that the tests edit.
const CONTRACT: &str = include_str!("../../spec/people.yaml");

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, 1).unwrap()
}

fn source(label: &str, text: &str) -> Source {
    Source {
        label: label.to_owned(),
        file: "spec/people.yaml".to_owned(),
        text: text.to_owned(),
    }
}

fn report(old: &str, new: &str) -> Report {
    let (old, new) = (source("old.yaml", old), source("new.yaml", new));
    diff::compare(&old, &new, &Ignored::default(), today()).unwrap()
}

fn differences(old: &str, new: &str) -> Vec<Difference> {
    report(old, new).differences
}
