//! The ignore file: what it accepts, what it says of entries that do nothing, what it refuses.

use chrono::NaiveDate;
use contract_review::diff::{self, FailOn, Ignored, Report};
use contract_review::report::{self, DiffFormat};

use super::{named, today};

const OLD: &str = "paths: {/a: {get: {operationId: getA, responses: {}}}}";
const NEW: &str = "paths: {/a: {get: {operationId: readA, responses: {}}}}";

fn entry(rule: &str, at: &str, expires: &str) -> String {
    let change = "the operation was renamed from `getA` to `readA`";
    format!(
        "- {{rule: {rule}, at: {at:?}, change: '{change}', reason: Agreed., expires: {expires}}}\n"
    )
}

fn report(ignore: &str, today: NaiveDate) -> Report {
    let ignored = Ignored::parse("ignore.yaml", ignore).unwrap();
    diff::compare(
        &named("old.yaml", OLD),
        &named("new.yaml", NEW),
        &ignored,
        today,
    )
    .unwrap()
}

fn problems(report: &Report) -> Vec<String> {
    let problems = report.problems.iter();
    problems
        .map(|problem| format!("{}: {problem}", problem.entry.place))
        .collect()
}

#[test]
fn an_entry_accepts_the_difference_that_it_names_until_its_day_has_passed() {
    let ignore = entry("operation-renamed", "GET /a", "2027-01-01");
    let accepted = report(&ignore, today());
    assert_eq!(accepted.differences, []);
    assert_eq!(accepted.accepted[0].1.reason, "Agreed.");
    assert_eq!(problems(&accepted), [""; 0]);
    assert!(!accepted.fails(FailOn::Breaking));

    let expired = report(&ignore, today().succ_opt().unwrap());
    assert_eq!(expired.differences.len(), 1);
    assert!(expired.fails(FailOn::Breaking));
    assert_eq!(
        problems(&expired),
        [
            "ignore.yaml:1:3: `operation-renamed` at `GET /a` was accepted until 2027-01-01; judge \
             it again, then give a later date or remove the entry"
        ]
    );
}

#[test]
fn an_entry_that_names_no_difference_is_told_and_accepts_nothing() {
    let ignore = entry("operation-renamed", "GET /b", "2027-06-30")
        + &entry("operation-moved", "GET /a", "2026-06-30");
    let report = report(&ignore, today());
    assert_eq!(report.differences.len(), 1);
    assert_eq!(
        problems(&report),
        [
            "ignore.yaml:1:3: there is no `operation-renamed` at `GET /b`; remove the entry, or \
             correct it",
            "ignore.yaml:2:3: there is no `operation-moved` at `GET /a`; remove the entry, or \
             correct it",
        ]
    );
    let text = report::diff(&report, DiffFormat::Text);
    assert!(text.contains("ignore.yaml:1:3: ignore-unused: "), "{text}");
}

#[test]
fn a_file_without_entries_accepts_nothing() {
    for text in ["", "# Nothing is accepted.\n", "[]\n"] {
        assert_eq!(Ignored::parse("ignore.yaml", text).unwrap(), {
            Ignored::parse("ignore.yaml", "").unwrap()
        });
    }
}

#[test]
fn what_is_not_an_ignore_file_is_refused_with_its_place() {
    let cases = [
        (
            "rule: x\n",
            "1:1: ignore-file: an ignore file is a list of entries with `rule`, `at`, `change`, `reason`, \
             `expires`",
        ),
        (
            "- {rule: operation-renamed, at: a, change: c, expires: 2027-01-01}\n",
            "1:3: ignore-file: the entry has no `reason`; add it",
        ),
        (
            "- {rule: operation-renamed, at: a, change: c, reason: ' ', expires: 2027-01-01}\n",
            "1:55: ignore-file: `reason` must be text, and not empty",
        ),
        (
            "- {rule: no-such-rule, at: a, change: c, reason: b, expires: 2027-01-01}\n",
            "1:10: ignore-file: there is no rule `no-such-rule`; `cargo xtask diff --rules` lists \
             all",
        ),
        (
            "- {rule: operation-renamed, at: a, change: c, reason: b, expires: 2027-02-30}\n",
            "1:67: ignore-file: `2027-02-30` is not a date; write it as 2027-01-31",
        ),
        (
            "- {rule: operation-renamed, at: a, change: c, reason: b, expires: 2027-01-01, because: c}\n",
            "1:79: ignore-file: an entry has no field `because`; remove it",
        ),
        (
            "- oops\n",
            "1:3: ignore-file: the entry has no `rule`; add it",
        ),
    ];
    for (text, expected) in cases {
        let findings = Ignored::parse("ignore.yaml", text).unwrap_err();
        assert_eq!(findings.to_string(), format!("ignore.yaml:{expected}"));
    }
    let broken = Ignored::parse("ignore.yaml", "- [\n")
        .unwrap_err()
        .to_string();
    assert!(broken.starts_with("ignore.yaml:2:"), "{broken}");
}

#[test]
fn the_level_at_which_the_command_fails_is_the_reviewers_choice() {
    let breaking = report("", today());
    assert!(breaking.fails(FailOn::Breaking));
    assert!(breaking.fails(FailOn::Risky));
    assert!(!breaking.fails(FailOn::Never));
    let prose = |text: &str| {
        format!("info: {{title: A, version: '1', description: {text}}}\npaths: {{}}\n")
    };
    let risky = super::report(&prose("one"), &prose("two"));
    assert!(!risky.fails(FailOn::Breaking));
    assert!(risky.fails(FailOn::Risky));
}

#[test]
fn entry_does_not_accept_another_change_of_the_same_rule_at_the_same_place() {
    let entry = entry("operation-renamed", "GET /a", "2027-06-30").replace("readA", "fetchA");
    let report = report(&entry, today());
    assert_eq!(report.differences.len(), 1);
    assert_eq!(
        problems(&report),
        [
            "ignore.yaml:1:3: the change of `operation-renamed` at `GET /a` is another one: the \
             operation was renamed from `getA` to `readA`; judge it, then write it as `change`"
        ]
    );
}

#[test]
fn accepted_differences_are_listed_in_every_format() {
    let report = report(&entry("operation-renamed", "GET /a", "2027-06-30"), today());
    assert_eq!(report.differences, []);
    for format in [
        DiffFormat::Text,
        DiffFormat::Markdown,
        DiffFormat::Json,
        DiffFormat::Github,
    ] {
        let text = report::diff(&report, format);
        assert!(
            text.contains("operation-renamed") || text.contains("renamed from"),
            "{text}"
        );
        assert!(text.contains("Agreed."), "{text}");
        assert!(!text.contains("no differences"), "{text}");
    }
}
