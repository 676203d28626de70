//! Where to show something that was removed: beside what stood next to it, so that the place lies in
//! the lines that a pull request shows.

use people_codegen::document::node::Value;
use people_codegen::{Node, Position};

use super::value;

/// How far up from what was removed a remaining neighbour is looked for.
const MAX_CLIMB: usize = 4;

/// One step from a value to one inside it.
#[derive(Debug, Clone, Copy)]
struct Inside<'a> {
    parent: &'a Node,
    /// The name of the entry; empty for an item of a list.
    name: &'a str,
    index: usize,
    node: &'a Node,
}

/// The place in the new contract for what stood at `removed` in the old one: that of the next
/// neighbour which is still there, or else the end of the one before. `near` is what holds the gap.
pub(super) fn gap(old: &Node, new: &Node, removed: Position, near: Position) -> Position {
    let path = path_to(old, removed);
    let holder = if near == new.position {
        new
    } else {
        path_to(new, near).pop().map_or(new, |step| step.node)
    };
    for (depth, step) in path.iter().enumerate().rev().take(MAX_CLIMB) {
        // The parent in the new contract, by the names that lead to it from what holds the gap.
        for start in (0..=depth).rev() {
            let names = path[start..depth].iter().map(|step| step.name);
            let parent = names
                .into_iter()
                .try_fold(holder, |node, name| node.get(name));
            if let Some(place) = parent.and_then(|parent| beside(*step, parent)) {
                return place;
            }
        }
    }
    near
}

/// The steps to what stands at `position`, or closest before it.
fn path_to(root: &Node, position: Position) -> Vec<Inside<'_>> {
    let mut path: Vec<Inside<'_>> = Vec::new();
    let mut node = root;
    loop {
        let inside = match &node.value {
            Value::Mapping(entries) => entries
                .iter()
                .enumerate()
                .filter(|(_, (_, entry))| entry.key <= position)
                .max_by_key(|(_, (_, entry))| entry.key)
                .map(|(index, (name, entry))| (name.as_str(), index, entry.key, &entry.node)),
            Value::Sequence(items) => items
                .iter()
                .enumerate()
                .filter(|(_, item)| item.position <= position)
                .max_by_key(|(_, item)| item.position)
                .map(|(index, item)| ("", index, item.position, item)),
            _ => None,
        };
        let Some((name, index, at, inner)) = inside else {
            return path;
        };
        path.push(Inside {
            parent: node,
            name,
            index,
            node: inner,
        });
        // An item of a list may start where its first entry does; the item is meant.
        if at == position {
            return path;
        }
        node = inner;
    }
}

/// The place beside what was removed, when `parent` still has one of its neighbours.
fn beside(removed: Inside<'_>, parent: &Node) -> Option<Position> {
    match (&removed.parent.value, &parent.value) {
        (Value::Mapping(before), Value::Mapping(after)) => {
            let mut following = before.keys().skip(removed.index + 1);
            if let Some(next) = following.find_map(|name| after.get(name)) {
                return Some(next.key);
            }
            let names: Vec<&String> = before.keys().take(removed.index).collect();
            let previous = names.into_iter().rev().find_map(|name| after.get(name))?;
            Some(previous.key.max(end(&previous.node)))
        }
        (Value::Sequence(before), Value::Sequence(after)) => {
            let find = |item: &Node| after.iter().find(|other| value::same(item, other));
            let mut following = before.iter().skip(removed.index + 1);
            if let Some(next) = following.find_map(find) {
                return Some(next.position);
            }
            let previous = before[..removed.index].iter().rev().find_map(find)?;
            Some(end(previous))
        }
        _ => None,
    }
}

/// Where the last thing in a value starts.
fn end(node: &Node) -> Position {
    let entries = node
        .entries()
        .map(|(_, entry)| entry.key.max(end(&entry.node)));
    let items = node.items().map(end);
    entries.chain(items).fold(node.position, Position::max)
}
