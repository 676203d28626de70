//! Where in the new contract to show a change, so that the place lies in the lines that a pull request
//! shows: what was removed beside what stood next to it, what changed inside a value at the first change.

use people_codegen::document::node::Value;
use people_codegen::{Node, Position};

use super::lines::Lines;
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
pub(super) fn gap(
    old: &Node,
    (new, lines): (&Node, &Lines<'_>),
    removed: Position,
    near: Position,
) -> Position {
    let path = path_to(old, removed);
    let holder = node_at(new, near);
    for (depth, step) in path.iter().enumerate().rev().take(MAX_CLIMB) {
        // The parent in the new contract, by the names that lead to it from what holds the gap.
        for start in (0..=depth).rev() {
            let names = path[start..depth].iter().map(|step| step.name);
            let parent = names
                .into_iter()
                .try_fold(holder, |node, name| node.get(name));
            let is_exact = start == 0 && std::ptr::eq(holder, new);
            if let Some(place) = parent.and_then(|parent| beside(*step, parent, lines, is_exact)) {
                return place;
            }
        }
    }
    near
}

/// What stands at `position`, or closest before it.
pub(in crate::diff) fn node_at(root: &Node, position: Position) -> &Node {
    if position == root.position {
        return root;
    }
    path_to(root, position).pop().map_or(root, |step| step.node)
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
                .map(|(index, (name, entry))| (name, index, entry.key, &entry.node)),
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

/// The place of what was removed, when `parent` still has one of its neighbours; or something new alone,
/// when it is the same parent for certain.
fn beside(
    removed: Inside<'_>,
    parent: &Node,
    lines: &Lines<'_>,
    is_exact: bool,
) -> Option<Position> {
    let (at, start, node) = match (&removed.parent.value, &parent.value) {
        (Value::Mapping(before), Value::Mapping(after)) => {
            let is_new = |index: &usize| {
                let entry = after.at(*index);
                entry.is_some_and(|(name, _)| !before.contains_key(name))
            };
            let find = |name: &str| after.place(name);
            let following = before.names().skip(removed.index + 1).find_map(find);
            let previous = before.names().take(removed.index).rev().find_map(find);
            let at = between((previous, following), after.len(), is_new, is_exact)?;
            let (_, entry) = after.at(at.index)?;
            (at, entry.key, &entry.node)
        }
        (Value::Sequence(before), Value::Sequence(after)) => {
            let is_new = |index: &usize| {
                let item = after.get(*index);
                item.is_some_and(|item| !before.iter().any(|other| value::same(other, item)))
            };
            let find = |item: &Node| after.iter().position(|other| value::same(item, other));
            let following = before.iter().skip(removed.index + 1).find_map(find);
            let previous = before[..removed.index].iter().rev().find_map(find);
            let at = between((previous, following), after.len(), is_new, is_exact)?;
            let item = after.get(at.index)?;
            (at, item.position, item)
        }
        _ => return None,
    };
    Some(if at.is_behind {
        lines.end(start.max(start_of_last(node)))
    } else {
        start
    })
}

/// A place at an item of a list.
struct At {
    index: usize,
    /// Whether it is where the item ends.
    is_behind: bool,
}

/// The place between two neighbours, of which there may be one or none: what is new there, or else the
/// second of them, or the end of the first. Without both, only where the list is the same one for certain.
fn between(
    (previous, following): (Option<usize>, Option<usize>),
    count: usize,
    is_new: impl Fn(&usize) -> bool,
    is_exact: bool,
) -> Option<At> {
    if previous.or(following).is_none() && !is_exact {
        return None;
    }
    let behind_previous = previous.map_or(0, |index| index + 1);
    let new = match following {
        // What was put in the place of something stands right before what followed it.
        Some(following) => (0..following).rev().take_while(&is_new).last(),
        None => (behind_previous..count).find(&is_new),
    };
    if let Some(index) = new.or(following) {
        return Some(At {
            index,
            is_behind: false,
        });
    }
    Some(At {
        index: previous?,
        is_behind: true,
    })
}

/// Where the first change inside a value stands in the new one. None where they have no part in common,
/// so that the value as a whole changed.
pub(super) fn change(old: &Node, new: &Node, lines: &Lines<'_>) -> Option<Position> {
    match (&old.value, &new.value) {
        (Value::Mapping(before), Value::Mapping(after)) => {
            let changed = after.iter().find_map(|(name, entry)| {
                let Some(old) = before.get(name) else {
                    return Some(entry.key);
                };
                (!value::same(&old.node, &entry.node))
                    .then(|| change(&old.node, &entry.node, lines).unwrap_or(entry.key))
            });
            changed.or_else(|| {
                let mut entries = before.iter().enumerate();
                let (index, (name, entry)) =
                    entries.find(|(_, (name, _))| !after.contains_key(name))?;
                let removed = Inside {
                    parent: old,
                    name,
                    index,
                    node: &entry.node,
                };
                beside(removed, new, lines, true)
            })
        }
        (Value::Sequence(before), Value::Sequence(after)) => {
            let equal = before.iter().zip(after);
            let equal = equal.take_while(|(old, new)| value::same(old, new)).count();
            match (before.get(equal), after.get(equal)) {
                (Some(old), Some(new)) => Some(change(old, new, lines).unwrap_or(new.position)),
                (_, Some(new)) => Some(new.position),
                (_, None) => Some(lines.end(start_of_last(after.last()?))),
            }
        }
        _ => None,
    }
}

/// Where the last thing in a value starts.
fn start_of_last(node: &Node) -> Position {
    let entries = node
        .entries()
        .map(|(_, entry)| entry.key.max(start_of_last(&entry.node)));
    let items = node.items().map(start_of_last);
    entries.chain(items).fold(node.position, Position::max)
}
