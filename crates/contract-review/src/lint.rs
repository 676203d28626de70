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
use people_codegen::document::node::Node;
use people_codegen::document::{load, openapi_format};

use crate::version;

use document::Document;
pub use finding::Finding;
pub use report::Report;
pub use rule::{Group, Level, Rule};

mod components;
mod document;
mod examples;
mod finding;
mod format;
mod names;
mod operations;
mod patterns;
mod report;
mod reporter;
mod rule;
pub mod rules;
mod schemas;
mod suppress;
mod traps;

/// Frames of a debug build are large, and schemas may nest.
const STACK: usize = 256 << 20;

/// Beyond as many objects the generator is not tried: it recurses from schema to schema.
const MAX_GENERATED: usize = 5_000;

/// Everything that is wrong with the contract in `bytes`, which is called `file`, by place.
///
/// Any bytes will do. A text that cannot be read, or is of another format, has one finding. Examples
/// are checked once references lead somewhere, and code is generated once there is no error.
#[must_use]
pub fn lint(file: &str, bytes: &[u8]) -> Report {
    lint_groups(file, bytes, &Group::ALL)
}

/// As [`lint`], with the rules of some groups alone.
#[must_use]
pub fn lint_groups(file: &str, bytes: &[u8], groups: &[Group]) -> Report {
    let findings = thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK);
        match worker.spawn_scoped(scope, || findings(file, bytes, groups)) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => findings(file, bytes, groups),
        }
    });
    Report::new(file, bytes, findings)
}

fn findings(file: &str, bytes: &[u8], groups: &[Group]) -> Vec<Finding> {
    let early = |diagnostic: people_codegen::Diagnostic| vec![from_codegen(&diagnostic)];
    let text = match load::decode(bytes) {
        Ok(text) => text,
        Err(diagnostic) => return early(diagnostic),
    };
    let root = match load::load(text) {
        Ok(root) => root,
        Err(diagnostic) => return early(diagnostic),
    };
    let mut findings = check(file, text, &root, groups);
    findings.retain(|finding| groups.contains(&finding.rule.group));
    findings
}

fn check(file: &str, text: &str, root: &Node, groups: &[Group]) -> Vec<Finding> {
    if let Some(diagnostic) = version::swagger(root) {
        return vec![from_codegen(&diagnostic)];
    }
    let (objects, mut faults) = openapi_format::walk(root);
    let contract = Contract { root, objects };
    if let Err(more) = people_codegen::rules::check_foundation(&contract) {
        faults.extend(more);
    }
    if root.get("openapi").and_then(Node::as_str).is_some()
        && let Some(version) = faults.iter().find(|fault| fault.rule == "openapi-version")
    {
        return vec![from_codegen(version)];
    }
    // Values are held against schemas once these are whole, and their references lead somewhere.
    let is_whole = faults.is_empty();
    if faults.is_empty()
        && groups.contains(&Group::Code)
        && let Err(more) = people_codegen::rules::check_generator(&contract)
    {
        faults.extend(more);
    }
    let document = Document::new(&contract);
    let found = rules::check_groups(&document, groups, is_whole);
    let mut findings = suppress::apply(&document, found, |rule| {
        rules::is_checked(rule, groups, is_whole)
    });
    if !faults.is_empty() {
        // Other rules find some of the same faults, and say less of them.
        findings.retain(|finding| {
            finding.rule.name != "openapi-schema"
                && !(faults.iter()).any(|fault| fault.position == finding.position)
        });
    }
    if faults.is_empty()
        && groups.contains(&Group::Code)
        && contract.objects.len() <= MAX_GENERATED
        && findings
            .iter()
            .all(|finding| finding.rule.level != Level::Error)
    {
        // What the generator would rename or leave out is a fault here, as it is one of the contract.
        let found = match people_codegen::generate(file, text) {
            Ok(generated) => generated.warnings,
            Err(refused) => refused,
        };
        faults.extend(found.iter().cloned());
    }
    faults.iter().map(from_codegen).chain(findings).collect()
}

fn from_codegen(finding: &people_codegen::Diagnostic) -> Finding {
    let rule = rules::named(finding.rule).unwrap_or(&rules::UNKNOWN);
    Finding {
        rule,
        level: rule.level,
        pointer: None,
        position: finding.position,
        message: finding.message.clone(),
    }
}
