//! Turns the OpenAPI contract of the People API into the Rust client of `people-sdk`.
//!
//! ```text
//! load ──► rules ──► lower ──► generate (progenitor) ──► postprocess (syn) ──► render (prettyplease)
//! ```
//!
//! One function, [`generate`], serves the build script of `people-sdk`, `cargo xtask regen` and
//! the drift test, so that they cannot disagree. Each stage is one module that can be read alone.
//! Nothing here touches the network, the clock or any file.
#![forbid(unsafe_code)]

pub use document::diagnostic::{Diagnostic, Diagnostics};
pub use document::node::{Node, Position};

mod directions;
pub mod document;
mod facts;
mod generate;
mod lower;
mod operations;
mod postprocess;
mod render;
pub mod rules;

use document::contract::Contract;
use document::{load, model, node};

/// Generates the client of `contract`, YAML or JSON in UTF-8, which messages call `file`.
///
/// # Errors
///
/// What is wrong with the contract, each diagnostic with its line and column.
///
/// # Examples
///
/// ```
/// let faults = people_codegen::generate("spec/people.yaml", "openapi: 3.0.3\n").unwrap_err();
/// assert_eq!(
///     faults.lines().next().unwrap(),
///     "spec/people.yaml:1:1: missing-field: the contract has no `info`; add it",
/// );
/// ```
pub fn generate(file: &str, contract: impl AsRef<[u8]>) -> Result<String, Diagnostics> {
    generate_with_progress(file, contract, |_| {})
}

/// [`generate`], of a contract that [`load`](document::load::load) has read. A tool that generates
/// from parts of a document keeps their places in it.
///
/// # Errors
///
/// As [`generate`].
pub fn generate_from(file: &str, root: &Node) -> Result<String, Diagnostics> {
    generate_loaded(file, root, &mut |_| {})
        .map_err(|diagnostics| Diagnostics::new(file, diagnostics))
}

/// The stages of [`generate`], in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Text to a tree with positions.
    Load,
    /// The rules, checked on the tree.
    Rules,
    /// The tree to a contract that the generator takes.
    Lower,
    /// That contract to Rust.
    Generate,
    /// Changes to its output that the generator's settings cannot make.
    Postprocess,
    /// Rust syntax to text.
    Render,
}

/// [`generate`], with a call of `observer` at the end of each stage, for measurements.
///
/// # Errors
///
/// As [`generate`]. `observer` is not called for a stage that fails.
pub fn generate_with_progress(
    file: &str,
    contract: impl AsRef<[u8]>,
    mut observer: impl FnMut(Stage),
) -> Result<String, Diagnostics> {
    rust(file, contract.as_ref(), &mut observer)
        .map_err(|diagnostics| Diagnostics::new(file, diagnostics))
}

/// Everything that [`generate`] would report, without generating.
///
/// # Errors
///
/// As [`generate`], except for faults that only the generator finds.
pub fn check(file: &str, text: &str) -> Result<(), Diagnostics> {
    load::load(text)
        .map_err(|diagnostic| vec![diagnostic])
        .and_then(|root| rules::check(&root))
        .map_err(|diagnostics| Diagnostics::new(file, diagnostics))
}

fn rust(
    file: &str,
    contract: &[u8],
    observer: &mut impl FnMut(Stage),
) -> Result<String, Vec<Diagnostic>> {
    let root = load::decode(contract)
        .and_then(load::load)
        .map_err(|diagnostic| vec![diagnostic])?;
    observer(Stage::Load);
    generate_loaded(file, &root, observer)
}

fn generate_loaded(
    file: &str,
    root: &Node,
    observer: &mut impl FnMut(Stage),
) -> Result<String, Vec<Diagnostic>> {
    rules::check(root)?;
    observer(Stage::Rules);
    let api = model::read(root).map_err(|diagnostic| vec![diagnostic])?;
    let facts = facts::read(&Contract::new(root)?, &mut Vec::new());
    let lowered = lower::lower(api, facts);
    observer(Stage::Lower);
    let refuse = |reason: String| vec![refused(root, &lowered, &reason)];
    let code = generate::generate(&lowered).map_err(refuse)?;
    observer(Stage::Generate);
    let code = postprocess::postprocess(code, &lowered).map_err(refuse)?;
    observer(Stage::Postprocess);
    let rendered = render::render(&code, file);
    observer(Stage::Render);
    Ok(rendered)
}

/// A failure of the generator, with the place of the operation or schema that causes it.
fn refused(root: &Node, lowered: &lower::Lowered, reason: &str) -> Diagnostic {
    let place = generate::find_failing_schema(lowered)
        .map(|name| format!("/components/schemas/{}", node::pointer_token(&name)))
        .or_else(|| {
            let (path, method) = generate::find_failing_operation(lowered)?;
            Some(format!("/paths/{}/{method}", node::pointer_token(&path)))
        });
    let position = place
        .and_then(|pointer| root.pointer(&pointer))
        .map_or(Position::START, |(_, position)| position);
    let message = format!("the generator cannot take this: {reason}; describe it in another way");
    Diagnostic::new("generator", position, message)
}
