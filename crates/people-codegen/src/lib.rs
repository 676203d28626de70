//! Turns the OpenAPI contract of the People API into the Rust client of `people-sdk`.
//!
//! ```text
//! load ──► lint ──► lower ──► generate (progenitor) ──► polish (syn) ──► render (prettyplease)
//! ```
//!
//! One function, [`generate`], serves the build script of `people-sdk`, `cargo xtask regen` and
//! the drift test, so that they cannot disagree. Each stage is one module that can be read alone.
//! Nothing here touches the network, the clock or any file.
#![forbid(unsafe_code)]

pub use finding::{Finding, Findings};
pub use node::{Node, Position};

mod finding;
mod generate;
pub mod lint;
pub mod load;
mod lower;
mod model;
pub mod node;
mod polish;
mod render;
pub mod shape;

/// Generates the client of `contract`, YAML or JSON in UTF-8, which messages call `file`.
///
/// # Errors
///
/// What is wrong with the contract, each finding with its line and column.
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
pub fn generate(file: &str, contract: impl AsRef<[u8]>) -> Result<String, Findings> {
    generate_watched(file, contract, |_| {})
}

/// The stages of [`generate`], in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Text to a tree with positions.
    Load,
    /// The rules, held against the tree.
    Lint,
    /// The tree to a contract that the generator takes.
    Lower,
    /// That contract to Rust.
    Generate,
    /// What the generator's settings cannot say.
    Polish,
    /// Rust syntax to text.
    Render,
}

/// [`generate`], which calls `ended` at the end of each stage, for those who measure them.
///
/// # Errors
///
/// As [`generate`]. A stage that fails has not ended.
pub fn generate_watched(
    file: &str,
    contract: impl AsRef<[u8]>,
    mut ended: impl FnMut(Stage),
) -> Result<String, Findings> {
    rust(file, contract.as_ref(), &mut ended).map_err(|findings| Findings::new(file, findings))
}

/// Everything that [`generate`] would complain about, without generating.
///
/// # Errors
///
/// As [`generate`], less what the generator alone can find.
pub fn check(file: &str, text: &str) -> Result<(), Findings> {
    load::load(text)
        .map_err(|finding| vec![finding])
        .and_then(|root| lint::lint(&root))
        .map_err(|findings| Findings::new(file, findings))
}

fn rust(
    file: &str,
    contract: &[u8],
    ended: &mut impl FnMut(Stage),
) -> Result<String, Vec<Finding>> {
    let root = load::decode(contract)
        .and_then(load::load)
        .map_err(|finding| vec![finding])?;
    ended(Stage::Load);
    lint::lint(&root)?;
    ended(Stage::Lint);
    let api = model::read(&root).map_err(|finding| vec![finding])?;
    let lowered = lower::lower(api);
    ended(Stage::Lower);
    let refuse = |reason: String| vec![refused(&root, &lowered, &reason)];
    let code = generate::generate(&lowered).map_err(refuse)?;
    ended(Stage::Generate);
    let code = polish::polish(code, &lowered).map_err(refuse)?;
    ended(Stage::Polish);
    let rendered = render::render(&code, file);
    ended(Stage::Render);
    Ok(rendered)
}

/// What the generator could not take, at the operation or schema that is to blame.
fn refused(root: &Node, lowered: &lower::Lowered, reason: &str) -> Finding {
    let place = generate::culprit_schema(lowered)
        .map(|name| format!("/components/schemas/{}", node::pointer_token(&name)))
        .or_else(|| {
            let (path, method) = generate::culprit(lowered)?;
            Some(format!("/paths/{}/{method}", node::pointer_token(&path)))
        });
    let position = place
        .and_then(|pointer| root.pointer(&pointer))
        .map_or(Position::START, |(_, position)| position);
    let message = format!("the generator cannot take this: {reason}; describe it in another way");
    Finding::new("generator", position, message)
}
