//! Checks a contract for its reviewers, before they look at the generated code.
//!
//! ```text
//! bytes ──► load ──► format and references ──► rules ──► suppressions ──► generator ──► report
//!           └────── people-codegen ──────┘  └── rules.rs, a table ──┘
//! ```
//!
//! The rules that the generator itself needs live in `people_codegen::rules`; the reviewers' rules
//! live here, each a row in `rules` with a check in one of the modules below. Nothing here reads a
//! file or prints.

use std::panic::resume_unwind;
use std::thread;

use people_codegen::document::contract::Contract;
use people_codegen::document::load;
use people_codegen::document::node::Node;

use document::Document;
pub use finding::Finding;
pub use report::Report;
pub use rule::{Level, Rule};

mod components;
mod document;
mod examples;
mod finding;
mod format;
mod names;
mod operations;
mod report;
mod reporter;
mod rule;
pub mod rules;
mod schemas;
mod suppress;

/// Frames of a debug build are large, and schemas may nest.
const STACK: usize = 256 << 20;

/// Beyond as many objects the generator is not tried: it recurses from schema to schema.
const MAX_GENERATED: usize = 5_000;

/// Everything that is wrong with the contract in `bytes`, which is called `file`, by place.
///
/// Any bytes will do. Faults that hide others come first and alone: text that cannot be read, then
/// what is not OpenAPI 3.0, then references that lead nowhere, then all the rest together.
#[must_use]
pub fn lint(file: &str, bytes: &[u8]) -> Report {
    let findings = thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK);
        match worker.spawn_scoped(scope, || findings(file, bytes)) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => findings(file, bytes),
        }
    });
    Report::new(file, bytes, findings)
}

fn findings(file: &str, bytes: &[u8]) -> Vec<Finding> {
    let early = |finding: people_codegen::Diagnostic| vec![from_codegen(&finding)];
    let text = match load::decode(bytes) {
        Ok(text) => text,
        Err(finding) => return early(finding),
    };
    let root = match load::load(text) {
        Ok(root) => root,
        Err(finding) => return early(finding),
    };
    check(file, text, &root).unwrap_or_else(|faults| faults.iter().map(from_codegen).collect())
}

fn check(
    file: &str,
    text: &str,
    root: &Node,
) -> Result<Vec<Finding>, Vec<people_codegen::Diagnostic>> {
    let contract = Contract::new(root)?;
    people_codegen::rules::check_foundation(&contract)?;
    let mut faults = people_codegen::rules::check_generator(&contract)
        .err()
        .unwrap_or_default();
    let document = Document::new(&contract);
    let mut findings = suppress::apply(&document, rules::check_all(&document));
    if !faults.is_empty() {
        // The published schema finds some of the same faults, and says less of them.
        findings.retain(|finding| finding.rule.name != "openapi-schema");
    }
    if faults.is_empty()
        && contract.objects.len() <= MAX_GENERATED
        && findings
            .iter()
            .all(|finding| finding.rule.level != Level::Error)
        && let Err(refused) = people_codegen::generate(file, text)
    {
        faults.extend(refused.iter().cloned());
    }
    Ok(faults.iter().map(from_codegen).chain(findings).collect())
}

fn from_codegen(finding: &people_codegen::Diagnostic) -> Finding {
    Finding {
        rule: rules::named(finding.rule).unwrap_or(&rules::UNKNOWN),
        pointer: None,
        position: finding.position,
        message: finding.message.clone(),
    }
}
