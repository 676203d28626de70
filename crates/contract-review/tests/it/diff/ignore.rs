//! The ignore file: what it accepts, what it says of entries that do nothing, what it refuses.

use chrono::NaiveDate;
use contract_review::diff::{self, FailOn, Ignored, Report};
use contract_review::report::{self, DiffFormat};

use super::{named, today};

const OLD: &str = "paths: {/a: {get: {operationId: getA, responses: {}}}}";
const NEW: &str = "paths: {/a: {get: {operationId: readA, responses: {}}}}";

/// The hash of the difference between [`OLD`] and [`NEW`].
const HASH: &str = "84bd3855";

fn entry(rule: &str, at: &str, expires: &str) -> String {
    let change = "the operation was renamed from `getA` to `readA`";
    format!(
        "- {{rule: {rule}, at: {at:?}, change: '{change}', hash: '{HASH}', reason: Agreed., expires: \
         {expires}}}\n"
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
            "1:1: ignore-file: an ignore file is a list of entries with `rule`, `at`, `change`, `hash`, \
             `reason`, `expires`",
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

/// An answer with `schema`, described as `description`.
fn contract(description: &str, schema: &str) -> String {
    format!(
        "paths: {{/a: {{get: {{operationId: getA, description: {description:?}, responses: {{'200': \
         {{description: ok, content: {{application/json: {{schema: {schema}}}}}}}}}}}}}}}"
    )
}

/// Accepts the only difference that counts from `old` to `new`, and gives what the entry does from `old` to
/// `other`.
fn accepts_another(old: &str, new: &str, other: &str) -> bool {
    let compare = |new: &str, entry: &str| {
        let ignored = Ignored::parse("ignore.yaml", entry).unwrap();
        let (old, new) = (named("old.yaml", old), named("new.yaml", new));
        diff::compare(&old, &new, &ignored, today()).unwrap()
    };
    let found = compare(new, "").differences.remove(0);
    let entry = |hash: &str| {
        format!(
            "- {{rule: {}, at: {:?}, change: {:?}, {hash}reason: Agreed., expires: 2027-06-30}}\n",
            found.rule, found.at, found.message
        )
    };
    let without = compare(new, &entry(""));
    assert_eq!(without.accepted, [], "{found:?}");
    let problem = problems(&without).remove(0);
    let hash = problem.split("add `").nth(1).unwrap().trim_end_matches('`');
    let with = entry(&format!("{hash}, "));
    assert_eq!(compare(new, &with).accepted.len(), 1, "{with}");
    assert_eq!(problems(&compare(new, &with)), [""; 0]);
    !compare(other, &with).accepted.is_empty()
}

#[test]
fn an_entry_does_not_accept_another_change_that_is_told_in_the_same_words() {
    let schema = |schema: &str| contract("d", schema);
    let long = |count: usize| {
        let words: Vec<String> = (0..count).map(|word| format!("word{word}")).collect();
        schema(&format!("{{not: {{enum: [{}]}}}}", words.join(", ")))
    };
    let any = schema("{type: string}");
    let cases = [
        (
            contract("All.", "{}"),
            contract("Some.", "{}"),
            contract("None.", "{}"),
        ),
        (
            any.clone(),
            schema("{type: string, enum: [a, b]}"),
            schema("{type: string, enum: [z]}"),
        ),
        (
            schema("{allOf: [{type: string, pattern: a}, {pattern: b}]}"),
            schema("{allOf: [{type: string, pattern: a}, {pattern: c}, {}]}"),
            schema("{allOf: [{type: string, pattern: a}, {pattern: c}, {maxLength: 0}]}"),
        ),
        (long(30), long(31), long(90)),
    ];
    for (old, new, other) in cases {
        assert!(!accepts_another(&old, &new, &other), "{new}");
        let moved = new.replacen("paths", "\n\npaths", 1);
        assert!(accepts_another(&old, &new, &moved), "{moved}");
    }
}
