//! Exceptions from the rules, written in the contract at the place that they are about:
//!
//! ```yaml
//! x-lint-silence:
//!   joined-list: The service takes this one joined by commas.
//! ```
//!
//! It stands in any object of the contract and counts for that object and all inside it.

use std::collections::HashMap;

use people_codegen::document::node::{Position, pointer_token};

use super::document::{Document, Hits};
use super::{Finding, rules};

/// The extension that holds silences: names of rules, each with its reason.
const FIELD: &str = "x-lint-silence";

struct Silence<'a> {
    rule: &'a str,
    pointer: String,
    position: Position,
    used: bool,
}

/// Takes out the findings that are silenced, and puts in what is wrong with the silences.
pub(super) fn apply(document: &Document<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let (Some(invalid), Some(unused)) = (
        rules::named("invalid-silence"),
        rules::named("unused-silence"),
    ) else {
        return findings;
    };
    let mut invalid = Hits::new(invalid);
    let mut unused = Hits::new(unused);
    let mut silences = collect(document, &mut invalid);
    let by_place: HashMap<(String, &str), usize> = silences
        .iter()
        .enumerate()
        .map(|(index, silence)| ((outer(&silence.pointer), silence.rule), index))
        .collect();
    let mut kept = Vec::new();
    for finding in findings {
        let silence = finding
            .pointer
            .as_deref()
            .and_then(|pointer| innermost(&by_place, pointer, finding.rule.name));
        match silence {
            Some(index) => silences[index].used = true,
            None => kept.push(finding),
        }
    }
    for silence in silences.iter().filter(|silence| !silence.used) {
        let rule = silence.rule;
        unused.add(
            &silence.pointer,
            silence.position,
            format!("nothing here breaks `{rule}`; remove the silence"),
        );
    }
    kept.extend(invalid.findings);
    kept.extend(unused.findings);
    kept
}

/// The object that a silence counts for.
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

fn collect<'a>(document: &Document<'a>, invalid: &mut Hits) -> Vec<Silence<'a>> {
    let mut silences = Vec::new();
    for object in document.objects() {
        let Some(entry) = object.node.entry(FIELD) else {
            continue;
        };
        let Some(entries) = entry.node.as_mapping() else {
            invalid.field(
                object,
                FIELD,
                "a silence is a mapping from the names of rules to reasons; write it as `rule: reason`",
            );
            continue;
        };
        for (rule, entry) in entries {
            let pointer = format!("{}/{FIELD}/{}", object.pointer, pointer_token(rule));
            let known = rules::named(rule);
            let reason = entry.node.as_str().unwrap_or_default().trim();
            let message = if known.is_none() {
                format!("there is no rule `{rule}`; correct the name, or remove the silence")
            } else if known.is_some_and(|rule| !rule.can_be_silenced()) {
                format!(
                    "`{rule}` cannot be silenced, because code could not be made; mend the fault"
                )
            } else if reason.is_empty() {
                format!("the silence of `{rule}` gives no reason; say why it does not apply here")
            } else {
                silences.push(Silence {
                    rule: rule.as_str(),
                    pointer,
                    position: entry.key,
                    used: false,
                });
                continue;
            };
            invalid.add(&pointer, entry.key, message);
        }
    }
    silences
}
