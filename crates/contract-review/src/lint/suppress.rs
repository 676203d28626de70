//! Exceptions from the rules, written in the contract at the place that they are about:
//!
//! ```yaml
//! x-lint-suppress:
//!   joined-list: The service takes this one joined by commas.
//! ```
//!
//! It stands in any object of the contract and counts for that object and all inside it.

use std::collections::HashMap;

use people_codegen::document::node::{Position, pointer_token};

use super::document::Document;
use super::finding::Finding;
use super::reporter::Reporter;
use super::rule::{Rule, SUPPRESSIONS};
use super::rules;

struct Suppression<'a> {
    rule: &'a str,
    pointer: String,
    position: Position,
    used: bool,
}

/// Takes out the findings that are suppressed, and puts in what is wrong with the suppressions. One of a
/// rule that is not among the checked ones may be needed all the same.
pub(super) fn apply(
    document: &Document<'_>,
    findings: Vec<Finding>,
    is_checked: impl Fn(&Rule) -> bool,
) -> Vec<Finding> {
    let (Some(invalid), Some(unused)) = (
        rules::named("invalid-suppression"),
        rules::named("unused-suppression"),
    ) else {
        return findings;
    };
    let mut invalid = Reporter::new(invalid);
    let mut unused = Reporter::new(unused);
    let mut suppressions = collect(document, &mut invalid);
    let by_place: HashMap<(String, &str), usize> = suppressions
        .iter()
        .enumerate()
        .map(|(index, suppression)| ((outer(&suppression.pointer), suppression.rule), index))
        .collect();
    let mut kept = Vec::new();
    for finding in findings {
        let suppression = finding
            .pointer
            .as_deref()
            .and_then(|pointer| innermost(&by_place, pointer, finding.rule.name));
        match suppression {
            Some(index) => suppressions[index].used = true,
            None => kept.push(finding),
        }
    }
    let needless = suppressions.iter().filter(|suppression| {
        !suppression.used && rules::named(suppression.rule).is_some_and(&is_checked)
    });
    for suppression in needless {
        let rule = suppression.rule;
        unused.add(
            &suppression.pointer,
            suppression.position,
            format!("nothing here breaks `{rule}`; remove the suppression"),
        );
    }
    kept.extend(invalid.findings);
    kept.extend(unused.findings);
    kept
}

/// The object that a suppression counts for.
fn outer(pointer: &str) -> String {
    let mut steps = pointer.rsplitn(3, '/');
    steps.nth(2).unwrap_or_default().to_owned()
}

fn innermost(
    by_place: &HashMap<(String, &str), usize>,
    pointer: &str,
    rule: &'static str,
) -> Option<usize> {
    if by_place.is_empty() {
        return None;
    }
    let mut place = pointer;
    loop {
        if let Some(index) = by_place.get(&(place.to_owned(), rule)) {
            return Some(*index);
        }
        place = &place[..place.rfind('/')?];
    }
}

fn collect<'a>(document: &Document<'a>, invalid: &mut Reporter) -> Vec<Suppression<'a>> {
    let mut suppressions = Vec::new();
    for object in document.objects() {
        let Some(entry) = object.node.entry(SUPPRESSIONS) else {
            continue;
        };
        let Some(entries) = entry.node.as_mapping() else {
            invalid.field(
                object,
                SUPPRESSIONS,
                "a suppression is a mapping from the names of rules to reasons; write it as `rule: reason`",
            );
            continue;
        };
        for (rule, entry) in entries {
            let pointer = format!("{}/{SUPPRESSIONS}/{}", object.pointer, pointer_token(rule));
            let known = rules::named(rule);
            let reason = entry.node.as_str().unwrap_or_default().trim();
            let message = if known.is_none() {
                format!("there is no rule `{rule}`; correct the name, or remove the suppression")
            } else if known.is_some_and(|rule| !rule.can_be_suppressed) {
                format!(
                    "`{rule}` cannot be suppressed, because code could not be made; mend the fault"
                )
            } else if reason.is_empty() {
                format!(
                    "the suppression of `{rule}` gives no reason; say why it does not apply here"
                )
            } else {
                suppressions.push(Suppression {
                    rule,
                    pointer,
                    position: entry.key,
                    used: false,
                });
                continue;
            };
            invalid.add(&pointer, entry.key, message);
        }
    }
    suppressions
}
