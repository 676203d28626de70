//! Every change anywhere in the contract is reported, in both directions.

use contract_review::diff;
use people_codegen::Node;
use people_codegen::document::load::load;
use people_codegen::document::node::Value;

use crate::CONTRACT;

/// How many values there are in a tree that are neither lists nor mappings.
fn leaves(node: &Node) -> usize {
    match &node.value {
        Value::Sequence(items) => items.iter().map(leaves).sum(),
        Value::Mapping(entries) => entries.values().map(|entry| leaves(&entry.node)).sum(),
        _ => 1,
    }
}

/// Changes the leaf that comes after `skip` others, and says what it holds now.
fn change(node: &mut Node, skip: &mut usize) -> Option<String> {
    match &mut node.value {
        Value::Sequence(items) => items.iter_mut().find_map(|item| change(item, skip)),
        Value::Mapping(entries) => entries.iter_mut().find_map(|(name, entry)| {
            let changed = change(&mut entry.node, skip)?;
            Some(format!("{name}: {changed}"))
        }),
        _ if *skip > 0 => {
            *skip -= 1;
            None
        }
        leaf => {
            *leaf = match leaf {
                Value::String(text) => Value::String(format!("{text} x")),
                Value::Bool(value) => Value::Bool(!*value),
                Value::Integer(value) => Value::Integer(*value + 1),
                _ => Value::String("x".to_owned()),
            };
            Some(format!("{leaf:?}"))
        }
    }
}

#[test]
fn every_value_of_the_contract_is_compared() {
    let contract = load(CONTRACT).unwrap();
    let count = leaves(&contract);
    assert!(count > 500, "{count}");
    let mut silent = Vec::new();
    for leaf in 0..count {
        let mut changed = contract.clone();
        let what = change(&mut changed, &mut leaf.clone()).unwrap();
        // Undoing is tried for some: it takes as long, and is the table's part.
        let undone = leaf % 7 == 0;
        if diff::differences(&contract, &changed).is_empty()
            || undone && diff::differences(&changed, &contract).is_empty()
        {
            silent.push(what);
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}
