//! Every rule of the rules by its example pair, in both directions.

use std::collections::HashSet;

use contract_review::diff::rules::{self, Slot, document};
use contract_review::diff::{self, Difference, Ignored, Impact, Level, Policy};

use super::{differences, named, today};

/// The differences; one rule needs a policy.
fn found(rule: &str, old: &str, new: &str) -> Vec<Difference> {
    let policy = Policy {
        notice_days: (rule == "deprecated-without-notice").then_some(90),
        ..today().into()
    };
    let (old, new) = (named("old.yaml", old), named("new.yaml", new));
    let report = diff::compare(&old, &new, &Ignored::default(), policy);
    report.unwrap().differences
}

#[test]
fn every_example_breaks_its_rule_and_no_other_in_both_directions() {
    let mut faults = Vec::new();
    for rule in rules::ALL {
        let example = rule.example;
        let old = document(example.slot, example.old);
        let new = document(example.slot, example.new);
        for (from, to, expected) in [(&old, &new, rule.name), (&new, &old, rule.reverse)] {
            let found = found(rule.name, from, to);
            let names: Vec<_> = found.iter().map(|found| found.rule).collect();
            if names != [expected] {
                faults.push(format!(
                    "{}: expected {expected}, found {names:?}",
                    rule.name
                ));
                continue;
            }
            let rule = rules::find(expected).unwrap();
            let levels = match example.slot {
                Slot::Request | Slot::Schemas => rule.request,
                Slot::Response | Slot::Responses => rule.response,
                _ if rule.request == rule.response => rule.request,
                // The parts of an operation that have a direction belong to its request.
                _ => rule.request,
            };
            // One direction of a change that is its own reverse may be proven to be safe.
            let proven = Impact {
                callers: Level::Safe,
                prose: levels.prose.min(Level::Risky),
                ..levels
            };
            let symmetric = rule.name == rule.reverse && rule.about_values;
            if found[0].impact != levels && !(symmetric && found[0].impact == proven) {
                faults.push(format!(
                    "{expected}: expected {levels:?}, found {:?}",
                    found[0].impact
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_example_is_no_difference_to_itself() {
    for rule in rules::ALL {
        for part in [rule.example.old, rule.example.new] {
            let contract = document(rule.example.slot, part);
            assert_eq!(differences(&contract, &contract), [], "{}", rule.name);
        }
    }
}

#[test]
fn names_are_unique_and_every_reverse_exists() {
    let mut names = HashSet::new();
    for rule in rules::ALL {
        assert!(names.insert(rule.name), "{} is there twice", rule.name);
        assert!(rules::find(rule.reverse).is_some(), "{}", rule.reverse);
        assert!(rule.why.ends_with('.'), "{}", rule.name);
    }
}

/// What the SDK has no type for is safe for it, whatever the rule says.
#[test]
fn levels_depend_on_where_a_rule_is_broken() {
    let error = |schema: &str| {
        document(
            Slot::Responses,
            &format!(
                "'204': {{description: Done.}}, '404': {{description: Gone., content: \
                 {{application/json: {{schema: {schema}}}}}}}"
            ),
        )
    };
    let found = differences(&error("{type: string}"), &error("{type: integer}"));
    assert_eq!(found[0].rule, "type-changed");
    assert_eq!(found[0].impact.callers.word(), "breaking");
    assert_eq!(found[0].impact.sdk.word(), "safe");
}
