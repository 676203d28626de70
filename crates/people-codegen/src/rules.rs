//! The rules that a contract must keep before code is made from it: what OpenAPI 3.0 asks for
//! beyond its format, and what the generator can take. The rules for reviewers are `contract-review`'s.

use std::collections::HashSet;

use crate::document::contract::Contract;
use crate::document::diagnostic::Diagnostic;
use crate::document::node::Node;
use crate::facts;
pub use crate::facts::{EXTENSIONS as UPDATE_EXTENSIONS, UPDATE_OF};
pub use crate::operations::RESPONSE_BODY;

pub(crate) mod classify;
mod generator;
mod operations;
mod references;

type Check = fn(&Contract<'_>, &mut Vec<Diagnostic>);

/// What every other rule, here or elsewhere, relies on. A group runs only if the groups before it
/// found nothing, so that one fault gives one message.
const FOUNDATION: &[&[Check]] = &[
    &[
        references::version,
        references::component_names,
        references::resolve,
    ],
    &[references::circular_schemas],
];

/// What the generator relies on, in groups as above.
const GENERATOR: &[&[Check]] = &[
    &[
        operations::path_parameters,
        operations::duplicate_parameters,
    ],
    &[
        generator::extensible_enums,
        generator::schemas,
        generator::parameters,
        generator::bodies,
        generator::path_items,
        generator::servers,
        generator::security,
        update_facts,
    ],
];

/// What is read in another way than it is written: a fault for reviewers, and a warning where code is
/// generated.
const CORRECTED: &[Check] = &[
    generator::references,
    generator::enum_values,
    operations::fragments,
];

/// Checks `root` against the format and all rules that code cannot be generated without.
///
/// # Errors
///
/// Everything found by the first group of rules that found anything.
pub fn check(root: &Node) -> Result<(), Vec<Diagnostic>> {
    let contract = Contract::new(root)?;
    check_foundation(&contract)?;
    first_group(GENERATOR, &contract)
}

/// Checks that this is OpenAPI 3.0, that references resolve and that no schema is circular.
///
/// # Errors
///
/// Everything found by the first group of rules that found anything.
pub fn check_foundation(contract: &Contract<'_>) -> Result<(), Vec<Diagnostic>> {
    first_group(FOUNDATION, contract)
}

/// Checks that the generator can take a contract that has passed [`check_foundation`], as it is written.
///
/// # Errors
///
/// Everything found by the first group of rules that found anything.
pub fn check_generator(contract: &Contract<'_>) -> Result<(), Vec<Diagnostic>> {
    first_group(GENERATOR, contract)?;
    first_group(&[CORRECTED], contract)
}

/// What the generator leaves out of a contract that has passed [`check`], or reads in another way.
pub(crate) fn ignored(contract: &Contract<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = first_group(&[CORRECTED], contract)
        .err()
        .unwrap_or_default();
    generator::ignored(contract, &mut diagnostics);
    diagnostics
}

fn update_facts(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // The facts themselves are read again when code is generated.
    facts::read(contract, diagnostics);
}

fn first_group(groups: &[&[Check]], contract: &Contract<'_>) -> Result<(), Vec<Diagnostic>> {
    for group in groups {
        let mut diagnostics = Vec::new();
        for check in *group {
            check(contract, &mut diagnostics);
        }
        if !diagnostics.is_empty() {
            // A fault in what several operations share is found once per operation and reported once.
            let mut seen = HashSet::new();
            diagnostics.retain(|diagnostic| {
                seen.insert((diagnostic.position, diagnostic.message.clone()))
            });
            return Err(diagnostics);
        }
    }
    Ok(())
}
