//! The digest of a difference: what tells it from another one that is reported in the same words. Knows
//! nothing of the entries that name it.

use people_codegen::document::node::{Entry, Value};
use people_codegen::{Node, Position};
use sha2::{Digest as _, Sha256};

use super::compare::node_at;
use super::model::{Difference, Place};

/// The digest of what stood and what stands at the places of `difference`, as hexadecimal digits.
pub(super) fn digest(difference: &Difference, old: &Node, new: &Node) -> String {
    let mut hash = Sha256::new();
    for (root, place) in [(old, difference.old), (new, difference.new)] {
        match place {
            Some(place) => update(&mut hash, node_at(root, position(place))),
            None => hash.update([0]),
        }
    }
    let bytes = hash.finalize();
    // Enough that two changes of one place do not look the same by chance.
    let start = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    format!("{start:08x}")
}

fn position(place: Place) -> Position {
    Position {
        line: place.line,
        column: place.column,
    }
}

/// Adds a value: each kind by a number of its own, texts and lists with their lengths, so that no two
/// values are the same bytes. The order of a mapping does not count.
fn update(hash: &mut Sha256, node: &Node) {
    let text = |hash: &mut Sha256, text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    match &node.value {
        Value::Null => hash.update([1]),
        Value::Bool(value) => hash.update([2, u8::from(*value)]),
        Value::Integer(value) => {
            hash.update([3]);
            hash.update(value.to_le_bytes());
        }
        Value::Float(value) => {
            hash.update([4]);
            hash.update(value.to_le_bytes());
        }
        Value::String(value) => {
            hash.update([5]);
            text(hash, value);
        }
        Value::Sequence(items) => {
            hash.update([6]);
            hash.update(items.len().to_le_bytes());
            for item in items {
                update(hash, item);
            }
        }
        Value::Mapping(entries) => {
            hash.update([7]);
            hash.update(entries.len().to_le_bytes());
            let mut entries: Vec<(&str, &Entry)> = entries.iter().collect();
            entries.sort_unstable_by_key(|(name, _)| *name);
            for (name, entry) in entries {
                text(hash, name);
                update(hash, &entry.node);
            }
        }
    }
}
