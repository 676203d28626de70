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

mod correct;
mod directions;
pub mod document;
mod facts;
mod generate;
mod lower;
pub mod names;
mod operations;
mod postprocess;
mod render;
pub mod rules;
pub mod signature;
mod trim;

use document::contract::Contract;
use document::{load, model, node};

/// The client of a contract.
///
/// # Examples
///
/// ```
/// let contract = r#"
/// openapi: 3.0.3
/// info: { title: Things, version: "1" }
/// servers: [{ url: "https://things.example" }]
/// paths:
///   /things:
///     get:
///       operationId: listThings
///       responses:
///         "200":
///           description: All things.
///           content:
///             application/json:
///               schema: { type: array, items: { type: string } }
/// "#;
/// let generated = people_codegen::generate("things.yaml", contract)?;
/// assert!(generated.code.contains("pub fn list_things"));
/// for warning in generated.warnings.lines() {
///     eprintln!("{warning}");
/// }
/// # Ok::<(), people_codegen::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Generated {
    /// The Rust code.
    pub code: String,
    /// Where the code differs from what the contract may suggest: what was renamed, and what is ignored.
    pub warnings: Diagnostics,
}

/// Code with its warnings, or what is wrong with the contract.
type Outcome = Result<(String, Vec<Diagnostic>), Vec<Diagnostic>>;

impl Generated {
    fn of(file: &str, outcome: Outcome) -> Result<Self, Diagnostics> {
        let (code, warnings) = outcome.map_err(|found| Diagnostics::new(file, found))?;
        let warnings = Diagnostics::new(file, warnings);
        Ok(Self { code, warnings })
    }
}

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
pub fn generate(file: &str, contract: impl AsRef<[u8]>) -> Result<Generated, Diagnostics> {
    generate_with_progress(file, contract, |_| {})
}

/// [`generate`], of a contract that [`load`](document::load::load) has read. A tool that generates
/// from parts of a document keeps their places in it.
///
/// # Errors
///
/// As [`generate`].
///
/// # Examples
///
/// ```
/// use people_codegen::Diagnostics;
/// use people_codegen::document::load;
///
/// let file = "things.yaml";
/// let root = load::load("openapi: 3.0.3\n").map_err(|fault| Diagnostics::new(file, vec![fault]))?;
/// let faults = people_codegen::generate_from(file, &root).unwrap_err();
/// assert!(faults.to_string().contains("the contract has no `info`"));
/// # Ok::<(), Diagnostics>(())
/// ```
pub fn generate_from(file: &str, root: &Node) -> Result<Generated, Diagnostics> {
    Generated::of(file, generate_loaded(file, root, &mut |_| {}))
}

/// The stages of [`generate`], in their order.
///
/// # Examples
///
/// ```
/// use people_codegen::Stage;
///
/// let mut stages = Vec::new();
/// let generated = people_codegen::generate_with_progress("things.yaml", "openapi: 3.0.3\n", |stage| {
///     stages.push(stage);
/// });
/// assert!(generated.is_err());
/// assert_eq!(stages, [Stage::Load], "the rules have failed");
/// ```
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
///
/// # Examples
///
/// ```
/// use std::time::Instant;
///
/// let started = Instant::now();
/// let generated = people_codegen::generate_with_progress("things.yaml", "openapi: 3.0.3\n", |stage| {
///     println!("{stage:?} ended after {:?}", started.elapsed());
/// });
/// # assert!(generated.is_err());
/// ```
pub fn generate_with_progress(
    file: &str,
    contract: impl AsRef<[u8]>,
    mut observer: impl FnMut(Stage),
) -> Result<Generated, Diagnostics> {
    Generated::of(file, rust(file, contract.as_ref(), &mut observer))
}

/// Everything that [`generate`] would report, without generating.
///
/// # Errors
///
/// As [`generate`], except for faults that only the generator finds.
///
/// # Examples
///
/// ```
/// let faults = people_codegen::check("things.yaml", "openapi: 3.1.0\n").unwrap_err();
/// println!("{faults}");
/// ```
pub fn check(file: &str, text: &str) -> Result<(), Diagnostics> {
    load::load(text)
        .map_err(|diagnostic| vec![diagnostic])
        .and_then(|root| rules::check(&root))
        .map_err(|diagnostics| Diagnostics::new(file, diagnostics))
}

fn rust(file: &str, contract: &[u8], observer: &mut impl FnMut(Stage)) -> Outcome {
    let root = load::decode(contract)
        .and_then(load::load)
        .map_err(|diagnostic| vec![diagnostic])?;
    observer(Stage::Load);
    generate_loaded(file, &root, observer)
}

fn generate_loaded(file: &str, root: &Node, observer: &mut impl FnMut(Stage)) -> Outcome {
    rules::check(root)?;
    observer(Stage::Rules);
    let contract = Contract::new(root)?;
    let corrected = correct::correct(&contract);
    let corrected = corrected.as_ref().unwrap_or(root);
    let api = model::read(corrected).map_err(|diagnostic| vec![diagnostic])?;
    let facts = facts::read(&contract, &mut Vec::new());
    let mut lowered = lower::lower(api, facts);
    let warnings = std::mem::take(&mut lowered.warnings).into_iter();
    let warnings = warnings.map(|warning| warning.located(corrected));
    let warnings = warnings.chain(rules::ignored(&contract)).collect();
    observer(Stage::Lower);
    let refuse = |reason: String| vec![refused(root, &lowered, &reason)];
    let code = generate::generate(&lowered).map_err(refuse)?;
    observer(Stage::Generate);
    let code = postprocess::postprocess(code, &lowered).map_err(refuse)?;
    observer(Stage::Postprocess);
    let rendered = render::render(code, file);
    observer(Stage::Render);
    Ok((rendered, warnings))
}

/// A failure of the generator, with the place of the operation or schema that causes it.
fn refused(root: &Node, lowered: &lower::Lowered, reason: &str) -> Diagnostic {
    let place = generate::find_failing_schema(lowered)
        .map(|name| format!("/components/schemas/{}", node::pointer_token(&name)))
        .or_else(|| {
            let operation = generate::find_failing_operation(lowered)?;
            Some(operation.pointer.clone())
        });
    let position = place
        .and_then(|pointer| root.pointer(&pointer))
        .map_or(Position::START, |(_, position)| position);
    let message = format!("the generator cannot take this: {reason}; describe it in another way");
    Diagnostic::new("generator", position, message)
}
