//! Nothing escapes: whatever is changed anywhere in the contract is told, forth and back.

use people_codegen::Node;
use people_codegen::load::load;
use people_codegen::node::Value;

use super::{CONTRACT, differences};

/// Every value of the contract that is text, a number or a boolean, by its JSON Pointer.
fn scalars(node: &Node, pointer: &str, into: &mut Vec<String>) {
    for (name, entry) in node.entries() {
        let token = people_codegen::node::pointer_token(name);
        scalars(&entry.node, &format!("{pointer}/{token}"), into);
    }
    for (index, item) in node.items().enumerate() {
        scalars(item, &format!("{pointer}/{index}"), into);
    }
    if node.as_mapping().is_none() && node.as_sequence().is_none() {
        into.push(pointer.to_owned());
    }
}

fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Integer(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::String(value) => value.clone().into(),
        Value::Sequence(items) => items.iter().map(json).collect(),
        Value::Mapping(entries) => entries
            .iter()
            .map(|(name, entry)| (name.clone(), json(&entry.node)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}

#[test]
fn every_value_of_the_contract_is_compared() {
    let root = load(CONTRACT).unwrap();
    let contract = json(&root);
    let text = contract.to_string();
    let mut pointers = Vec::new();
    scalars(&root, "", &mut pointers);
    // Long lists of alike things are tried in part: each has the same shape as its neighbours.
    let pointers: Vec<_> = pointers
        .into_iter()
        .filter(|pointer| !pointer.contains("/examples/"))
        .enumerate()
        .filter(|(index, _)| index % 3 == 0)
        .map(|(_, pointer)| pointer)
        .collect();
    assert!(pointers.len() > 100, "{}", pointers.len());
    let mut silent = Vec::new();
    for pointer in &pointers {
        let mut changed = contract.clone();
        let value = changed.pointer_mut(pointer).unwrap();
        *value = match value {
            serde_json::Value::String(text) => format!("{text} x").into(),
            serde_json::Value::Bool(value) => (!*value).into(),
            serde_json::Value::Number(number) => (number.as_i64().unwrap_or_default() + 1).into(),
            _ => "x".into(),
        };
        let changed = changed.to_string();
        if differences(&text, &changed).is_empty() || differences(&changed, &text).is_empty() {
            silent.push(pointer);
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}
