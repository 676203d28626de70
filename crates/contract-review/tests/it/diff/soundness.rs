//! Soundness: a value that the old schema accepts and the new one refuses is never called safe.
//!
//! Pairs of schemas and values are made from a number, the seed of the pair, so that a
//! counter-example is repeated by its number. `SOUNDNESS_PAIRS=100000 cargo test -p contract-review
//! soundness` tries that many. The judge of values is `jsonschema`, which shares no code with the
//! comparison.
//!
//! What is assumed about values is listed in `docs/review-verdicts.md`, and built in here: a value holds no
//! property that its sender's contract does not describe, and none that is `readOnly` in a request or
//! `writeOnly` in a response. Where the receiver's contract alone has the mark, a service refuses the
//! property and a client reads it like any new one. Formats restrict values, `x-extensible-enum` does not.

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

/// Formats of texts, each with one that has it.
const FORMATS: [(&str, &str); 3] = [
    ("date", "2026-11-27"),
    ("date-time", "2026-11-27T04:15:00Z"),
    ("ipv4", "192.0.2.1"),
];

/// What marks a property that is no part of requests or of responses.
const MARKS: [&str; 2] = ["readOnly", "writeOnly"];

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
    match rng.u8(0..6) {
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
        3 => schema["format"] = json!(FORMATS[rng.usize(0..FORMATS.len())].0),
        4 => {
            let word = if rng.u8(0..3) == 0 { "ab" } else { "a" };
            schema["x-extensible-enum"] = json!([word, "b"]);
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
        3 if rng.bool() => schema["format"] = json!(if rng.bool() { "int32" } else { "int64" }),
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
                let mut property = self::schema(rng, depth.saturating_sub(1), components);
                if rng.u8(0..10) == 0 && property.get("$ref").is_none() {
                    property[MARKS[rng.usize(0..2)]] = json!(true);
                }
                (*name, property)
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
    match rng.u8(0..8) {
        0 => *part = schema(rng, 1, components),
        7 => {
            let properties = fields.get_mut("properties").and_then(Value::as_object_mut);
            for property in properties.into_iter().flat_map(Map::values_mut) {
                if property.get("$ref").is_none() {
                    property[MARKS[rng.usize(0..2)]] = json!(rng.bool());
                }
            }
        }
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
    let format = part.get("format").and_then(Value::as_str);
    match kind {
        "string" if format.is_some() || rng.u8(0..8) == 0 => {
            let own = FORMATS.iter().find(|(name, _)| Some(*name) == format);
            let any = &FORMATS[rng.usize(0..FORMATS.len())];
            let (_, text) = if rng.u8(0..4) > 0 {
                own.unwrap_or(any)
            } else {
                any
            };
            json!(text)
        }
        "string" => json!(word(rng)),
        "integer" | "number" if rng.u8(0..8) == 0 => json!(rng.i64(-5..6) << 32),
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

/// What a schema is read for: its values in one direction.
#[derive(Clone, Copy)]
struct Reading<'a> {
    components: &'a Map<String, Value>,
    /// What marks the properties that are no part of them.
    absent: &'static str,
    /// Whether those are read all the same, like a property that is new.
    reads_marked: bool,
}

impl Reading<'_> {
    /// As JSON Schema, draft 4, which differs from OpenAPI 3.0 by `nullable`, by formats of numbers and by
    /// the marks of properties, as far as is used here.
    fn translated(self, schema: &Value) -> Value {
        let fields = match schema {
            Value::Object(fields) => fields,
            Value::Array(items) => return items.iter().map(|item| self.translated(item)).collect(),
            other => return other.clone(),
        };
        let mut fields: Map<String, Value> = (fields.iter())
            .map(|(name, value)| (name.clone(), self.translated(value)))
            .collect();
        if fields.remove("nullable") == Some(json!(true))
            && let Some(Value::String(kind)) = fields.get("type").cloned()
        {
            fields.insert("type".to_owned(), json!([kind, "null"]));
        }
        for name in self.marked(schema) {
            fields["properties"][&name] = if self.reads_marked {
                json!({})
            } else {
                json!({"not": {}})
            };
            if let Some(required) = fields.get_mut("required").and_then(Value::as_array_mut) {
                required.retain(|other| *other != json!(name));
            }
        }
        // The draft wants at least one.
        if fields.get("required") == Some(&json!([])) {
            fields.remove("required");
        }
        if fields.get("format") == Some(&json!("int32")) {
            let range = json!({"minimum": i32::MIN, "maximum": i32::MAX});
            return json!({"allOf": [fields, range]});
        }
        Value::Object(fields)
    }

    /// The properties of a schema that are no part of its values.
    fn marked(self, schema: &Value) -> Vec<String> {
        let properties = schema.get("properties").and_then(Value::as_object);
        let properties = properties.into_iter().flatten();
        let marked = properties.filter(|(_, property)| self.is_marked(property, 8));
        marked.map(|(name, _)| name.clone()).collect()
    }

    fn is_marked(self, schema: &Value, depth: usize) -> bool {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let target = reference
                .rsplit('/')
                .next()
                .and_then(|name| self.components.get(name));
            return depth > 0 && target.is_some_and(|target| self.is_marked(target, depth - 1));
        }
        let parts = schema.get("allOf").and_then(Value::as_array);
        schema.get(self.absent) == Some(&json!(true))
            || parts
                .into_iter()
                .flatten()
                .any(|part| self.is_marked(part, depth))
    }

    /// Whether JSON Schema cannot say what a mark means here: the property is marked in one schema and
    /// required in another, which may be about one object; or it is read all the same, where a schema
    /// that accepts more makes another one refuse.
    fn is_unclear(self, schema: &Value) -> bool {
        let roots = || std::iter::once(schema).chain(self.components.values());
        let mut all = Vec::new();
        roots().for_each(|root| nested(root, &mut all));
        let marked: Vec<(&Value, Vec<String>)> = (all.iter())
            .map(|schema| (*schema, self.marked(schema)))
            .collect();
        let has_marks = marked.iter().any(|(_, names)| !names.is_empty());
        let turns = |schema: &&Value| schema.get("oneOf").or(schema.get("not")).is_some();
        if self.reads_marked && has_marks && all.iter().any(turns) {
            return true;
        }
        let any = |name: &Value| {
            let mut names = marked.iter().flat_map(|(_, names)| names);
            names.any(|marked| name == marked)
        };
        marked.iter().any(|(schema, own)| {
            let required = schema.get("required").and_then(Value::as_array);
            let mut required = required.into_iter().flatten();
            required.any(|name| any(name) && !own.iter().any(|own| name == own))
        })
    }

    fn validator(self, schema: &Value) -> Option<Validator> {
        let root = json!({
            "allOf": [self.translated(schema)],
            "components": {"schemas": self.translated_all()},
        });
        jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .build(&root)
            .ok()
    }

    fn translated_all(self) -> Map<String, Value> {
        let components = self.components.iter();
        components
            .map(|(name, schema)| (name.clone(), self.translated(schema)))
            .collect()
    }
}

/// A schema and all that stand in it.
fn nested<'a>(schema: &'a Value, into: &mut Vec<&'a Value>) {
    into.push(schema);
    for child in children(schema) {
        nested(child, into);
    }
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
    for request in [true, false] {
        let reading = |components, reads_marked| Reading {
            components,
            absent: MARKS[usize::from(!request)],
            reads_marked,
        };
        let old_side = (&old, reading(&old_components, !request));
        let new_side = (&new, reading(&new_components, false));
        let (sender, receiver) = if request {
            (old_side, new_side)
        } else {
            (new_side, old_side)
        };
        if [sender, receiver]
            .iter()
            .any(|(schema, side)| side.is_unclear(schema))
        {
            continue;
        }
        let valid = |(schema, side): (&Value, Reading<'_>)| side.validator(schema);
        let (Some(accepts), Some(refuses)) = (valid(sender), valid(receiver)) else {
            continue;
        };
        let (sender, components) = (sender.0, sender.1.components);
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
