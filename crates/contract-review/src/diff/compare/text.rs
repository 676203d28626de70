//! Names and places as messages show them.

use people_codegen::Position;

use super::node_ref::NodeRef;

/// Names longer than this, in characters, are cut in messages.
const MAX_NAME: usize = 200;

pub(super) fn places(
    old: Option<NodeRef<'_>>,
    new: Option<NodeRef<'_>>,
) -> (Option<Position>, Option<Position>) {
    (old.map(|site| site.at), new.map(|site| site.at))
}

/// A name from a contract, cut where it is longer than any name.
pub(super) fn short(name: &str) -> std::borrow::Cow<'_, str> {
    match name.char_indices().nth(MAX_NAME) {
        Some((end, _)) => format!("{}…", &name[..end]).into(),
        None => name.into(),
    }
}

/// `responses` as one of them is called.
pub(super) fn singular(section: &str) -> &str {
    match section {
        "requestBodies" => "request body",
        "securitySchemes" => "security scheme",
        _ => section.strip_suffix('s').unwrap_or(section),
    }
}
