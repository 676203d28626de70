//! The levels that a project sets for rules.

use contract_review::diff::rules::{Slot, document};
use contract_review::diff::{Impact, Level as DiffLevel};
use contract_review::lint::{Level, lint};
use contract_review::settings::Settings;

const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: T, version: '1', description: 'One<br>two.'}
servers: [{url: https://example.com, description: One.}]
paths: {}
";

fn found(settings: &str) -> Vec<(&'static str, Level)> {
    let settings = Settings::parse("review.yaml", settings).unwrap();
    let report = settings.lint(lint("a.yaml", DOCUMENT.as_bytes()));
    let findings = report.findings().iter();
    findings
        .map(|finding| (finding.rule.name, finding.level))
        .collect()
}

#[test]
fn level_of_lint_is_that_of_the_settings() {
    assert_eq!(found(""), [("html", Level::Warning)]);
    assert_eq!(found("lint: {html: error}"), [("html", Level::Error)]);
    assert_eq!(found("lint: {html: off}"), []);
    assert_eq!(found("lint: {html: 'off'}"), []);
}

#[test]
fn level_of_diff_is_that_of_the_settings() {
    let old = document(Slot::Operation, "");
    let new = document(Slot::Operation, "deprecated: true, ");
    let mut report = crate::diff::report(&old, &new);
    assert_eq!(report.differences[0].impact.callers, DiffLevel::Risky);
    let settings = Settings::parse(
        "review.yaml",
        "diff: {deprecated-added: {callers: safe, sdk: breaking}}",
    );
    settings.unwrap().diff(&mut report);
    let impact = report.differences[0].impact;
    assert_eq!(impact.callers, DiffLevel::Safe);
    assert_eq!(impact.sdk, DiffLevel::Breaking);
    assert_eq!(impact.prose, DiffLevel::Risky);
}

/// The page about the settings.
const PAGE: &str = include_str!("../../../../docs/review-settings.md");

#[test]
fn example_of_the_page_is_read_and_has_its_effect() {
    let (_, rest) = PAGE.split_once("```yaml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    assert_eq!(found(example), [("html", Level::Error)]);
    let settings = Settings::parse("review.yaml", example).unwrap();
    let today = chrono::NaiveDate::MIN;
    assert_eq!(settings.policy(today).notice_days, Some(90));
    let old = document(Slot::Operation, "");
    let mut report = crate::diff::report(&old, &document(Slot::Operation, "deprecated: true, "));
    settings.diff(&mut report);
    assert_eq!(report.differences[0].impact, Impact::SAFE);
}

#[test]
fn fault_of_the_settings_has_its_place() {
    let cases = [
        (
            "- a\n",
            "1:1: settings: settings are a mapping with `lint`, `diff` and `deprecation`",
        ),
        (
            "lent: {}\n",
            "1:1: settings: there is no setting `lent`; it is `lint`, `diff` or `deprecation`",
        ),
        (
            "lint: {no-rule: off}\n",
            "1:8: settings: lint has no rule `no-rule`",
        ),
        (
            "lint: {html: loud}\n",
            "1:8: settings: a level of lint is `off`, `warning` or `error`",
        ),
        (
            "lint: {yaml-syntax: off}\n",
            "1:8: settings: `yaml-syntax` cannot be changed, because code could not be made",
        ),
        (
            "diff: {no-rule: {}}\n",
            "1:8: settings: diff has no rule `no-rule`; `cargo xtask diff --rules` lists all",
        ),
        (
            "deprecation: {notice-days: -1}\n",
            "1:14: settings: write it as `deprecation: {notice-days: 90}`",
        ),
        (
            "diff: {type-changed: {all: safe}}\n",
            "1:23: settings: write it as `callers: safe`: an audience (`callers`, `sdk` or `prose`) \
             and a level (`safe`, `risky` or `breaking`)",
        ),
    ];
    for (text, expected) in cases {
        let faults = Settings::parse("review.yaml", text).unwrap_err();
        assert_eq!(faults.to_string(), format!("review.yaml:{expected}"));
    }
}
