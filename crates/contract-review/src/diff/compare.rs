//! Walks two contracts side by side and says what differs. What a difference means is a
//! matter of `rules`, how it is shown of `report`.
//!
//! The walk is cut into units: an operation, and whatever a reference leads to. A pair of units is
//! walked once, however often it is referred to, so that cycles end and the time stays in
//! proportion to the size of the contracts. Where a unit is used (in requests or responses, by which
//! operations, with a Rust type or without) flows along the references afterwards.

use people_codegen::Node;

use super::policy::Policy;

use self::comparison::Comparison;
pub(super) use self::comparison::Outcome;
use self::contract::Document;
use self::discriminators::Discriminators;
pub(super) use self::gap::node_at;

mod accepts;
mod callbacks;
mod comparison;
mod conjunction;
mod content;
mod contract;
mod discriminators;
mod document;
mod entries;
mod gap;
mod lifecycle;
mod lines;
mod node_ref;
mod operation;
mod proof;
mod responses;
mod schema;
mod scope;
mod shape;
mod text;
mod unchanged;
mod undecided;
mod uses;
mod value;

/// Compares two documents, whatever they hold. `text` is the text of the new one, in whose lines changes
/// are looked for; without it, a change of a long text stands where the text begins.
#[must_use]
pub(super) fn compare(old: &Node, new: &Node, text: &str, policy: Policy) -> Outcome {
    let discriminators = (Discriminators::of(old), Discriminators::of(new));
    let documents = (
        Document::new(old, &discriminators.0),
        Document::new(new, &discriminators.1),
    );
    let mut comparison = Comparison::new(documents, text, policy);
    comparison.document();
    while let Some(unit) = comparison.queue.pop_front() {
        if comparison.is_full() {
            break;
        }
        comparison.walk(unit);
    }
    comparison.propagate();
    comparison.report_undecided();
    comparison.outcome()
}
