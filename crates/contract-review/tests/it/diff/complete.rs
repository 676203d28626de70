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
        Value::Mapping(entries) => entries.iter().map(|(_, entry)| leaves(&entry.node)).sum(),
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

/// A contract whose operations and schemas refer to schemas at random, cycles included.
fn entangled(bound: usize) -> String {
    const OPERATIONS: usize = 24;
    const SCHEMAS: usize = 150;
    let mut random = fastrand::Rng::with_seed(17);
    let mut schema = || format!("$ref: '#/components/schemas/S{}'", random.usize(..SCHEMAS));
    let operation = |index| {
        let schema = schema();
        format!(
            "  /p{index}: {{get: {{operationId: op{index}, responses: {{'200': {{description: d, content: \
             {{application/json: {{schema: {{{schema}}}}}}}}}}}}}}}\n"
        )
    };
    let paths: Vec<String> = (0..OPERATIONS).map(operation).collect();
    let object = |index| {
        let (one, other) = (schema(), schema());
        format!(
            "    S{index}: {{type: object, properties: {{a: {{type: string, maxLength: {bound}}}, \
             b: {{{one}}}, c: {{{other}}}}}}}\n"
        )
    };
    let schemas: Vec<String> = (0..SCHEMAS).map(object).collect();
    let (paths, schemas) = (paths.concat(), schemas.concat());
    format!("openapi: 3.0.3\npaths:\n{paths}components:\n  schemas:\n{schemas}")
}

#[test]
fn the_same_comparison_says_the_same_in_the_same_order() {
    let (old, new) = (entangled(10), entangled(9));
    let said = || format!("{:?}", super::report(&old, &new).differences);
    let first = said();
    assert!(first.contains("op23"), "{first}");
    for _ in 0..5 {
        assert_eq!(said(), first);
    }
}

/// Names with an escape and places within a schema are found by following the reference alone.
#[test]
fn a_change_behind_a_reference_of_any_form_is_one_of_its_operation() {
    for (name, reference) in [
        ("Page", "Page"),
        ("Page«User»", "Page%C2%ABUser%C2%BB"),
        ("Page~User", "Page~0User"),
        ("Page", "Page/properties/size"),
    ] {
        let contract = |maximum: u8| {
            format!(
                "openapi: 3.0.3\npaths:\n  /pages: {{post: {{operationId: createPage, requestBody: \
                 {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/{reference}'\
                 }}}}}}}}, responses: {{'200': {{description: d}}}}}}}}\ncomponents:\n  schemas:\n    \
                 '{name}': {{type: object, properties: {{size: {{type: integer, maximum: {maximum}}}}}}}\n"
            )
        };
        let said = format!(
            "{:?}",
            super::report(&contract(10), &contract(9)).differences
        );
        assert!(said.contains("createPage"), "{reference}: {said}");
        assert!(said.contains("Breaking"), "{reference}: {said}");
    }
}
