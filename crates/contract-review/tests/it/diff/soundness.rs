//! Soundness: a value that the old schema accepts and the new one refuses is never called safe.
//!
//! Pairs of schemas and values are made from a number, the seed of the pair, so that a
//! counter-example is repeated by its number. `SOUNDNESS_PAIRS=100000 cargo test -p contract-review
//! soundness` tries that many. The judge of values is `jsonschema`, which shares no code with the
//! comparison.
//!
//! A value holds no property that its sender's contract does not describe: that is the assumption
//! under which a new property does not break everything.

use std::collections::BTreeMap;

use contract_review::diff::{self, Level};
use fastrand::Rng;
use jsonschema::{Draft, Validator};
use people_codegen::document::load::load;
use serde_json::{Map, Value, json};

/// As many pairs as a usual run tries.
const PAIRS: u64 = 2_000;

/// As many values as are tried for each pair and direction.
const VALUES: usize = 24;

const NAMES: [&str; 3] = ["a", "b", "c"];
const PATTERNS: [&str; 4] = ["^a", "b$", "^[a-c]*$", ".*"];

// ---- schemas ---------------------------------------------------------------------------------

/// A small schema, with whatever goes into `components`.
fn schema(rng: &mut Rng, depth: usize, components: &mut Map<String, Value>) -> Value {
    let simple = depth == 0;
    let mut schema = match rng.usize(if simple { 0..7 } else { 0..16 }) {
        0 | 1 => string(rng),
        2 | 3 => number(rng),
        4 => json!({"type": "boolean"}),
        5 => json!({"enum": literals(rng)}),
        6 => json!({}),
        7..=9 => object(rng, depth, components),
        10 => {
            let mut array = json!({"type": "array", "items": schema(rng, depth - 1, components)});
            sized(rng, &mut array, "minItems", "maxItems");
            if rng.u8(0..4) == 0 {
                array["uniqueItems"] = json!(true);
            }
            array
        }
        11 => composed(rng, "oneOf", depth, components),
        12 => composed(rng, "anyOf", depth, components),
        13 => composed(rng, "allOf", depth, components),
        14 => {
            let mut refusing = schema(rng, depth - 1, components);
            if refusing.get("$ref").is_none() {
                refusing["not"] = schema(rng, depth - 1, components);
            }
            refusing
        }
        _ => {
            let name = format!("S{}", rng.u8(0..3));
            if !components.contains_key(&name) {
                // The name is taken first, so that a schema can lead back to itself.
                components.insert(name.clone(), json!({}));
                let target = object(rng, depth - 1, components);
                components.insert(name.clone(), target);
            }
            json!({"$ref": format!("#/components/schemas/{name}")})
        }
    };
    if schema.get("type").is_some() && rng.u8(0..6) == 0 {
        schema["nullable"] = json!(true);
    }
    schema
}

fn composed(rng: &mut Rng, word: &str, depth: usize, components: &mut Map<String, Value>) -> Value {
    let count = rng.usize(1..4);
    let items: Vec<Value> = (0..count)
        .map(|_| schema(rng, depth - 1, components))
        .collect();
    let mut beside = match rng.u8(0..4) {
        0 => string(rng),
        1 => object(rng, depth - 1, components),
        _ => json!({}),
    };
    beside[word] = json!(items);
    beside
}

fn string(rng: &mut Rng) -> Value {
    let mut schema = json!({"type": "string"});
    match rng.u8(0..4) {
        0 => sized(rng, &mut schema, "minLength", "maxLength"),
        1 => schema["pattern"] = json!(PATTERNS[rng.usize(0..PATTERNS.len())]),
        2 => {
            let words = ["", "a", "b", "ab", "abc"];
            let count = rng.usize(1..4);
            schema["enum"] = json!(
                (0..count)
                    .map(|_| words[rng.usize(0..5)])
                    .collect::<Vec<_>>()
            );
        }
        _ => {}
    }
    schema
}

fn number(rng: &mut Rng) -> Value {
    let mut schema = json!({"type": if rng.bool() { "integer" } else { "number" }});
    match rng.u8(0..4) {
        0 => {
            schema["minimum"] = json!(rng.i64(-3..4));
            if rng.bool() {
                schema["exclusiveMinimum"] = json!(rng.bool());
            }
        }
        1 => {
            schema["maximum"] = json!(rng.i64(-3..4));
            if rng.bool() {
                schema["exclusiveMaximum"] = json!(rng.bool());
            }
        }
        2 => schema["multipleOf"] = json!(rng.i64(1..4)),
        _ => {}
    }
    schema
}

fn sized(rng: &mut Rng, schema: &mut Value, lower: &str, upper: &str) {
    if rng.bool() {
        schema[lower] = json!(rng.u8(0..3));
    }
    if rng.bool() {
        schema[upper] = json!(rng.u8(0..4));
    }
}

fn object(rng: &mut Rng, depth: usize, components: &mut Map<String, Value>) -> Value {
    let mut schema = if rng.u8(0..5) == 0 {
        json!({})
    } else {
        json!({"type": "object"})
    };
    let count = rng.usize(0..3);
    let names: Vec<&str> = (0..count).map(|_| NAMES[rng.usize(0..3)]).collect();
    if count > 0 {
        let properties: BTreeMap<&str, Value> = (names.iter())
            .map(|name| {
                (
                    *name,
                    self::schema(rng, depth.saturating_sub(1), components),
                )
            })
            .collect();
        schema["properties"] = json!(properties);
    }
    if rng.u8(0..3) == 0 {
        schema["required"] = json!([NAMES[rng.usize(0..3)]]);
    }
    match rng.u8(0..8) {
        0 => schema["additionalProperties"] = json!(false),
        1 => {
            schema["additionalProperties"] = self::schema(rng, depth.saturating_sub(1), components);
        }
        2 => sized(rng, &mut schema, "minProperties", "maxProperties"),
        _ => {}
    }
    schema
}

fn literals(rng: &mut Rng) -> Vec<Value> {
    let count = rng.usize(1..4);
    (0..count).map(|_| literal(rng)).collect()
}

fn literal(rng: &mut Rng) -> Value {
    match rng.u8(0..6) {
        0 => json!(null),
        1 => json!(rng.bool()),
        2 => json!(rng.i64(-4..5)),
        3 => json!(f64::from(rng.i8(-4..5)) + 0.5),
        _ => json!(word(rng)),
    }
}

fn word(rng: &mut Rng) -> String {
    let length = rng.usize(0..6);
    (0..length)
        .map(|_| ['a', 'b', 'c'][rng.usize(0..3)])
        .collect()
}

/// Another schema like this one: one part of it is made anew, taken away or put beside others.
fn mutated(rng: &mut Rng, old: &Value, components: &mut Map<String, Value>) -> Value {
    let mut new = old.clone();
    for _ in 0..=rng.usize(0..2) {
        let count = places(&new);
        let place = rng.usize(0..count);
        if let Some(part) = part_at(&mut new, &mut { place }) {
            mutate(rng, part, components);
        }
    }
    new
}

fn mutate(rng: &mut Rng, part: &mut Value, components: &mut Map<String, Value>) {
    let Some(fields) = part.as_object_mut() else {
        return;
    };
    match rng.u8(0..7) {
        0 => *part = schema(rng, 1, components),
        1 => {
            let names: Vec<String> = fields.keys().cloned().collect();
            if !names.is_empty() {
                fields.remove(&names[rng.usize(0..names.len())]);
            }
        }
        // What another schema says is added to this one.
        2 | 3 => {
            let other = schema(rng, 1, components);
            for (name, value) in other.as_object().into_iter().flatten() {
                if !fields.contains_key("$ref") && name != "$ref" {
                    fields.insert(name.clone(), value.clone());
                }
            }
        }
        4 => {
            let word = ["allOf", "oneOf", "anyOf"][rng.usize(0..3)];
            let mut items = vec![part.clone()];
            if rng.bool() {
                items.push(schema(rng, 1, components));
            }
            *part = json!({word: items});
        }
        5 => {
            for word in ["allOf", "oneOf", "anyOf"] {
                if let Some(items) = fields.get_mut(word).and_then(Value::as_array_mut) {
                    if rng.bool() && items.len() > 1 {
                        items.remove(0);
                    } else {
                        items.push(schema(rng, 1, components));
                    }
                    return;
                }
            }
            *part = schema(rng, 0, components);
        }
        _ => {
            let name = format!("N{}", components.len());
            let target = std::mem::take(part);
            components.insert(name.clone(), target);
            *part = json!({"$ref": format!("#/components/schemas/{name}")});
        }
    }
}

/// How many schemas there are in a schema, itself included.
fn places(schema: &Value) -> usize {
    1 + children(schema).map(places).sum::<usize>()
}

const NESTED: [&str; 3] = ["allOf", "oneOf", "anyOf"];

fn children(schema: &Value) -> impl Iterator<Item = &Value> {
    let one = ["items", "not", "additionalProperties"];
    let single = one.into_iter().filter_map(|name| schema.get(name));
    let lists = NESTED
        .into_iter()
        .filter_map(|name| schema.get(name)?.as_array());
    let properties = schema.get("properties").and_then(Value::as_object);
    single
        .filter(|child| child.is_object())
        .chain(lists.flatten())
        .chain(properties.into_iter().flat_map(Map::values))
}

fn part_at<'a>(schema: &'a mut Value, skip: &mut usize) -> Option<&'a mut Value> {
    if *skip == 0 {
        return Some(schema);
    }
    *skip -= 1;
    for (name, value) in schema.as_object_mut()? {
        let children: Vec<&mut Value> = match (name.as_str(), value) {
            ("items" | "not" | "additionalProperties", value) if value.is_object() => vec![value],
            ("allOf" | "oneOf" | "anyOf", Value::Array(items)) => items.iter_mut().collect(),
            ("properties", Value::Object(entries)) => entries.values_mut().collect(),
            _ => continue,
        };
        for child in children {
            if let Some(found) = part_at(child, skip) {
                return Some(found);
            }
        }
    }
    None
}

// ---- values ----------------------------------------------------------------------------------

/// A schema and all that it is composed of, references followed.
fn everything<'a>(
    schema: &'a Value,
    components: &'a Map<String, Value>,
    into: &mut Vec<&'a Value>,
) {
    let mut schema = schema;
    for _ in 0..8 {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let name = reference.rsplit('/').next().unwrap();
                schema = &components[name];
            }
            None => break,
        }
    }
    if into.iter().any(|known| std::ptr::eq(*known, schema)) {
        return;
    }
    into.push(schema);
    for word in NESTED {
        let items = schema.get(word).and_then(Value::as_array);
        for item in items.into_iter().flatten() {
            everything(item, components, into);
        }
    }
    if let Some(refused) = schema.get("not") {
        everything(refused, components, into);
    }
}

/// A value that may be valid, with no property that nothing in `schemas` describes.
fn value(
    rng: &mut Rng,
    schemas: &[&Value],
    components: &Map<String, Value>,
    depth: usize,
) -> Value {
    let mut parts = Vec::new();
    for schema in schemas {
        everything(schema, components, &mut parts);
    }
    let part = if parts.is_empty() {
        &Value::Null
    } else {
        parts[rng.usize(0..parts.len())]
    };
    if let Some(listed) = part.get("enum").and_then(Value::as_array)
        && rng.u8(0..3) > 0
    {
        return listed[rng.usize(0..listed.len())].clone();
    }
    let kind = match part.get("type").and_then(Value::as_str) {
        Some(kind) if rng.u8(0..10) > 0 => kind,
        _ => [
            "string", "integer", "number", "boolean", "null", "array", "object", "object",
        ][rng.usize(0..8)],
    };
    match kind {
        "string" => json!(word(rng)),
        "number" if rng.bool() => json!(f64::from(rng.i8(-5..6)) + 0.5),
        "integer" | "number" => json!(rng.i64(-5..6)),
        "boolean" => json!(rng.bool()),
        "array" => {
            let items: Vec<&Value> = parts.iter().filter_map(|part| part.get("items")).collect();
            let count = if depth == 0 { 0 } else { rng.usize(0..4) };
            let items: Vec<Value> = (0..count)
                .map(|_| value(rng, &items, components, depth - 1))
                .collect();
            json!(items)
        }
        "object" => {
            let mut object = Map::new();
            for name in described(&parts) {
                if depth == 0 || rng.u8(0..3) == 0 {
                    continue;
                }
                let own: Vec<&Value> = (parts.iter())
                    .filter_map(|part| {
                        let own = part.get("properties").and_then(|all| all.get(&name));
                        own.or_else(|| part.get("additionalProperties"))
                    })
                    .filter(|schema| schema.is_object())
                    .collect();
                object.insert(name, value(rng, &own, components, depth - 1));
            }
            Value::Object(object)
        }
        _ => Value::Null,
    }
}

/// The names that a value may have.
fn described(parts: &[&Value]) -> Vec<String> {
    let mut names = Vec::new();
    for part in parts {
        let properties = part.get("properties").and_then(Value::as_object);
        names.extend(properties.into_iter().flat_map(Map::keys).cloned());
        let required = part.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str);
        names.extend(required.map(str::to_owned));
        let additional = part.get("additionalProperties").and_then(Value::as_object);
        if additional.is_some_and(|schema| !schema.is_empty()) {
            names.extend(NAMES.map(str::to_owned));
            names.push("d".to_owned());
        }
    }
    names.sort();
    names.dedup();
    names
}

// ---- the judge -------------------------------------------------------------------------------

/// As JSON Schema, draft 4: OpenAPI 3.0 differs from it by `nullable` alone, as far as is used here.
fn translated(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let mut fields: Map<String, Value> = (fields.iter())
                .map(|(name, value)| (name.clone(), translated(value)))
                .collect();
            if fields.remove("nullable") == Some(json!(true))
                && let Some(Value::String(kind)) = fields.get("type").cloned()
            {
                fields.insert("type".to_owned(), json!([kind, "null"]));
            }
            Value::Object(fields)
        }
        Value::Array(items) => items.iter().map(translated).collect(),
        other => other.clone(),
    }
}

fn validator(schema: &Value, components: &Map<String, Value>) -> Option<Validator> {
    let root = json!({
        "allOf": [translated(schema)],
        "components": {"schemas": translated(&Value::Object(components.clone()))},
    });
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .build(&root)
        .ok()
}

fn contract(body: &Value, components: &Map<String, Value>, request: bool) -> String {
    let content = json!({"application/json": {"schema": body}});
    let operation = if request {
        json!({
            "operationId": "makeThing",
            "requestBody": {"content": content},
            "responses": {"204": {"description": "Done."}},
        })
    } else {
        json!({
            "operationId": "makeThing",
            "responses": {"200": {"description": "Done.", "content": content}},
        })
    };
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things": {"post": operation}},
        "components": {"schemas": components},
    })
    .to_string()
}

/// The worst level for callers.
fn judged(old: &str, new: &str) -> Level {
    let (old, new) = (load(old).unwrap(), load(new).unwrap());
    let differences = diff::differences(&old, &new);
    let levels = differences.iter().map(|found| found.impact.callers);
    levels.max().unwrap_or(Level::Safe)
}

struct Outcome {
    /// How many of the two directions had a value to judge by.
    judged: usize,
    faults: Vec<String>,
}

/// Tries the pair with this seed.
fn pair(seed: u64) -> Outcome {
    let mut rng = Rng::with_seed(seed);
    let (mut old_components, mut outcome) = (
        Map::new(),
        Outcome {
            judged: 0,
            faults: Vec::new(),
        },
    );
    let old = schema(&mut rng, 2, &mut old_components);
    let mut new_components = old_components.clone();
    let new = if rng.u8(0..4) == 0 {
        schema(&mut rng, 2, &mut new_components)
    } else {
        mutated(&mut rng, &old, &mut new_components)
    };
    if rng.u8(0..3) == 0 {
        let names: Vec<String> = new_components.keys().cloned().collect();
        if !names.is_empty() {
            let name = &names[rng.usize(0..names.len())];
            let changed = mutated(&mut rng, &new_components[name].clone(), &mut new_components);
            new_components.insert(name.clone(), changed);
        }
    }
    let (Some(old_valid), Some(new_valid)) = (
        validator(&old, &old_components),
        validator(&new, &new_components),
    ) else {
        return outcome;
    };
    let sides = [
        (true, &old, &old_components, &old_valid, &new_valid),
        (false, &new, &new_components, &new_valid, &old_valid),
    ];
    for (request, sender, components, accepts, refuses) in sides {
        let witness = (0..VALUES)
            .map(|_| value(&mut rng, &[sender], components, 3))
            .find(|value| accepts.is_valid(value) && !refuses.is_valid(value));
        let Some(witness) = witness else { continue };
        outcome.judged += 1;
        let old_text = contract(&old, &old_components, request);
        let new_text = contract(&new, &new_components, request);
        if judged(&old_text, &new_text) == Level::Safe {
            let direction = if request { "request" } else { "response" };
            outcome.faults.push(format!(
                "seed {seed}, {direction}, value {witness}\nold: {old} with {}\nnew: {new} with {}",
                Value::Object(old_components.clone()),
                Value::Object(new_components.clone()),
            ));
        }
    }
    outcome
}

#[test]
fn change_that_refuses_a_valid_value_is_not_safe() {
    let pairs = std::env::var("SOUNDNESS_PAIRS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(PAIRS);
    let (mut judged, mut faults) = (0, Vec::new());
    for seed in 0..pairs {
        let outcome = pair(seed);
        judged += outcome.judged;
        faults.extend(outcome.faults);
    }
    let shown: Vec<_> = faults.iter().take(5).cloned().collect();
    assert!(
        faults.is_empty(),
        "{} of {pairs} pairs:\n{}",
        faults.len(),
        shown.join("\n\n")
    );
    // Most pairs have a value to judge by, so that this is a test of something.
    assert!(
        judged as u64 > pairs / 2,
        "{judged} values for {pairs} pairs"
    );
}
