//! Deprecation, sunset and stability: what a team has announced, and what it means for later changes.

use contract_review::diff::Level::{self, Breaking as B, Risky as R, Safe as S};
use contract_review::diff::rules::{Slot, document};
use contract_review::diff::{self, Ignored, Policy};
use contract_review::settings::Settings;

use super::{named, today};

/// The rules that are broken, and the worst level for callers. The day is 2027-01-01.
fn judged(notice: Option<u16>, old: &str, new: &str) -> (Vec<&'static str>, Level) {
    let policy = Policy {
        notice_days: notice,
        ..today().into()
    };
    let (old, new) = (named("old.yaml", old), named("new.yaml", new));
    let report = diff::compare(&old, &new, &Ignored::default(), policy).unwrap();
    let rules = report.differences.iter().map(|found| found.rule).collect();
    let levels = report.differences.iter().map(|found| found.impact.callers);
    (rules, levels.max().unwrap_or(S))
}

#[test]
fn removal_is_judged_by_what_was_announced() {
    let cases = [
        ("", None, "removed", B),
        ("deprecated: true, ", None, "announced-removal", R),
        (
            "deprecated: true, x-sunset: '2027-01-01', ",
            None,
            "announced-removal",
            R,
        ),
        (
            "deprecated: true, x-sunset: '2026-12-31T23:59:59Z', ",
            None,
            "announced-removal",
            R,
        ),
        (
            "deprecated: true, x-sunset: '2027-01-02', ",
            None,
            "removed",
            B,
        ),
        ("deprecated: true, x-sunset: soon, ", None, "removed", B),
        // Without the flag, the date is no announcement.
        ("x-sunset: '2026-01-01', ", None, "removed", B),
        // With a policy, an announcement has a date.
        ("deprecated: true, ", Some(90), "removed", B),
        (
            "deprecated: true, x-sunset: '2027-01-01', ",
            Some(90),
            "announced-removal",
            R,
        ),
        ("x-stability-level: alpha, ", None, "announced-removal", R),
        ("x-stability-level: beta, ", None, "removed", B),
    ];
    for (marks, notice, rule, level) in cases {
        let rule_of = |kind: &str| match rule {
            "removed" => format!("{kind}-removed"),
            other => other.to_owned(),
        };
        let operation = format!("/things: {{get: {{{marks}responses: {{}}}}}}");
        let parameter =
            format!("parameters: [{{name: q, in: query, {marks}schema: {{type: string}}}}], ");
        let property =
            format!("{{type: object, properties: {{a: {{{marks}type: string}}, b: {{}}}}}}");
        let pairs = [
            ("operation", Slot::Paths, operation.as_str(), ""),
            ("parameter", Slot::Operation, &parameter, ""),
            (
                "property",
                Slot::Response,
                &property,
                "{type: object, properties: {b: {}}}",
            ),
        ];
        for (kind, slot, old, new) in pairs {
            let (rules, found) = judged(notice, &document(slot, old), &document(slot, new));
            assert_eq!(rules, [rule_of(kind)], "{kind}: {marks}");
            assert_eq!(found, level, "{kind}: {marks}");
        }
    }
}

#[test]
fn sunset_is_compared_as_a_date() {
    let marked = |marks: &str| document(Slot::Operation, marks);
    let cases: [(&str, &str, &[&str]); 7] = [
        (
            "",
            "deprecated: true, x-sunset: '2027-12-31', ",
            &["deprecated-added"],
        ),
        (
            "",
            "deprecated: true, x-sunset: soon, ",
            &["deprecated-added", "sunset-invalid"],
        ),
        (
            "deprecated: true, x-sunset: '2027-12-31', ",
            "",
            &["deprecated-removed"],
        ),
        (
            "deprecated: true, x-sunset: soon, ",
            "deprecated: true, x-sunset: later, ",
            &["sunset-invalid"],
        ),
        (
            "deprecated: true, x-sunset: soon, ",
            "deprecated: true, ",
            &["extension-removed"],
        ),
        (
            "deprecated: true, x-sunset: '2027-12-31', ",
            "deprecated: true, x-sunset: '2027-12-31T00:00:00Z', ",
            &["extension-changed"],
        ),
        ("", "x-sunset: '2027-12-31', ", &["extension-added"]),
    ];
    for (old, new, expected) in cases {
        let (mut rules, _) = judged(None, &marked(old), &marked(new));
        rules.sort_unstable();
        assert_eq!(rules, expected, "{old}=> {new}");
    }
}

#[test]
fn deprecation_gives_the_notice_of_the_policy() {
    let settings = Settings::parse("review.yaml", "deprecation: {notice-days: 30}\n").unwrap();
    let policy = settings.policy(today());
    let cases = [
        ("deprecated: true, ", "deprecated-without-notice"),
        (
            "deprecated: true, x-sunset: '2027-01-30', ",
            "deprecated-without-notice",
        ),
        (
            "deprecated: true, x-sunset: '2027-01-31', ",
            "deprecated-added",
        ),
    ];
    for (marks, expected) in cases {
        let old = named("old.yaml", &document(Slot::Operation, ""));
        let new = named("new.yaml", &document(Slot::Operation, marks));
        let report = diff::compare(&old, &new, &Ignored::default(), policy).unwrap();
        assert_eq!(report.differences[0].rule, expected, "{marks}");
    }
}

#[test]
fn differences_in_what_is_not_stable_are_risky_at_worst() {
    let body = |level: &str, kind: &str| {
        format!(
            "{level}requestBody: {{content: {{application/json: {{schema: {{type: {kind}}}}}}}}}, "
        )
    };
    for (level, expected) in [
        ("draft", R),
        ("alpha", R),
        ("beta", B),
        ("stable", B),
        ("odd", B),
    ] {
        let level = format!("x-stability-level: {level}, ");
        let old = document(Slot::Operation, &body(&level, "string"));
        let new = document(Slot::Operation, &body(&level, "integer"));
        assert_eq!(
            judged(None, &old, &new),
            (vec!["type-changed"], expected),
            "{level}"
        );
    }
}

/// What a stable operation uses as well is judged as such.
#[test]
fn schema_of_a_stable_and_an_unstable_operation_is_stable() {
    let contract = |second: &str, kind: &str| {
        let operation = |level: &str| {
            format!(
                "{{{level}requestBody: {{content: {{application/json: {{schema: {{$ref: \
                 '#/components/schemas/Thing'}}}}}}}}, responses: {{}}}}"
            )
        };
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{/things: {{put: {}, post: {}}}}}\n\
             components: {{schemas: {{Thing: {{type: {kind}}}}}}}\n",
            operation("x-stability-level: draft, "),
            operation(second),
        )
    };
    for (second, expected) in [("", B), ("x-stability-level: alpha, ", R)] {
        let (old, new) = (contract(second, "string"), contract(second, "integer"));
        assert_eq!(judged(None, &old, &new).1, expected, "{second}");
    }
}
