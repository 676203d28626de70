//! One violation of a rule at a place.

use people_codegen::document::node::Position;

use super::rule::{Level, Rule};

/// One problem about a contract.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// Its severity: that of the rule, where the settings do not say otherwise.
    pub level: Level,
    /// JSON Pointer to the place, where the contract could be read far enough to know it.
    pub pointer: Option<String>,
    /// The place in the text.
    pub position: Position,
    /// What, why, and what to do, on one line.
    pub message: String,
}
