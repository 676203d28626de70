//! What a change of a part of the whole document means to callers, forth and back: references that lead
//! nowhere, servers, security schemes, what stands beside a reference.

use contract_review::diff::Level::{self, Breaking as B, Risky as R, Safe as S};
use contract_review::diff::rules::{Slot, document};

use super::differences;

/// The rules that are broken, in the order of the alphabet, and the worst level for callers.
type Verdict = (&'static [&'static str], Level);

const NOTHING: Verdict = (&[], S);

/// What changes, where, and what it means forth and back.
type Row = (&'static str, Slot, &'static str, &'static str, [Verdict; 2]);

const UNRESOLVED: Verdict = (&["reference-unresolved"], R);

const REFERENCES: &[Row] = &[
    (
        "parameter of another document becomes another one",
        Slot::Operation,
        "parameters: [{$ref: 'x.yaml#/A'}], ",
        "parameters: [{$ref: 'x.yaml#/B'}], ",
        [
            (&["reference-unresolved", "reference-unresolved"], R),
            (&["reference-unresolved", "reference-unresolved"], R),
        ],
    ),
    (
        "parameter of another document is added",
        Slot::Operation,
        "",
        "parameters: [{$ref: 'x.yaml#/A'}], ",
        [UNRESOLVED, UNRESOLVED],
    ),
    (
        "parameter of another document moves from the operation to its path",
        Slot::Paths,
        "/a: {get: {operationId: a, parameters: [{$ref: x.yaml}], responses: {}}}",
        "/a: {parameters: [{$ref: x.yaml}], get: {operationId: a, responses: {}}}",
        [NOTHING, NOTHING],
    ),
    (
        "body of another document is added",
        Slot::Operation,
        "",
        "requestBody: {$ref: x.yaml}, ",
        [
            (&["reference-unresolved", "request-body-added"], R),
            (&["request-body-removed"], B),
        ],
    ),
    (
        "path of another document is added",
        Slot::Paths,
        "",
        "/a: {$ref: x.yaml}",
        [UNRESOLVED, UNRESOLVED],
    ),
    (
        "path comes from another document",
        Slot::Paths,
        "/a: {get: {operationId: a, responses: {}}}",
        "/a: {$ref: x.yaml}",
        [UNRESOLVED, UNRESOLVED],
    ),
    (
        "link of another document becomes another one",
        Slot::Responses,
        "'204': {description: Done., links: {next: {$ref: x.yaml}}}",
        "'204': {description: Done., links: {next: {$ref: y.yaml}}}",
        [UNRESOLVED, UNRESOLVED],
    ),
    (
        "link of another document is added",
        Slot::Responses,
        "'204': {description: Done.}",
        "'204': {description: Done., links: {next: {$ref: x.yaml}}}",
        [(&["link-changed", "reference-unresolved"], R), UNRESOLVED],
    ),
    (
        "response of another document to a status that the range covered",
        Slot::Responses,
        "4XX: {description: Wrong., content: {application/json: {}}}",
        "4XX: {description: Wrong., content: {application/json: {}}}, '404': {$ref: x.yaml}",
        [
            (&["error-response-added", "reference-unresolved"], R),
            (&["error-response-merged", "reference-unresolved"], R),
        ],
    ),
    (
        "schema comes from another document",
        Slot::Document,
        "components: {schemas: {A: {type: string}}}",
        "components: {schemas: {A: {$ref: x.yaml}}}",
        [UNRESOLVED, UNRESOLVED],
    ),
    (
        "unused parameter comes from another document",
        Slot::Document,
        "components: {parameters: {a: {name: a, in: query, schema: {type: string}}}}",
        "components: {parameters: {a: {$ref: x.yaml}}}",
        [UNRESOLVED, UNRESOLVED],
    ),
    (
        "security scheme of another document becomes another one",
        Slot::Document,
        "components: {securitySchemes: {a: {$ref: x.yaml}}}",
        "components: {securitySchemes: {a: {$ref: y.yaml}}}",
        [UNRESOLVED, UNRESOLVED],
    ),
];

fn verdict(old: &str, new: &str) -> (Vec<&'static str>, Level) {
    let found = differences(old, new);
    let mut rules: Vec<_> = found.iter().map(|found| found.rule).collect();
    rules.sort_unstable();
    let levels = found.iter().map(|found| found.impact.callers);
    (rules, levels.max().unwrap_or(S))
}

/// The rows that mean something else than they say.
fn faults(rows: &[Row]) -> String {
    let mut faults = Vec::new();
    for (name, slot, old, new, expected) in rows {
        let (old, new) = (document(*slot, old), document(*slot, new));
        for ((old, new), (rules, level)) in [(&old, &new), (&new, &old)].into_iter().zip(expected) {
            let found = verdict(old, new);
            if found != (rules.to_vec(), *level) {
                faults.push(format!(
                    "{name}: expected {rules:?} {level}, found {found:?}"
                ));
            }
        }
    }
    faults.join("\n")
}

#[test]
fn reference_that_leads_nowhere_is_reported_wherever_it_differs() {
    assert_eq!(faults(REFERENCES), "");
}
