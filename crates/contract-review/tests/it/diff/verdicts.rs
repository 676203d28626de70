//! What a change of one schema means to callers, in a request and in a response, forth and back: the
//! changes that are called safe wrongly, or breaking wrongly, when a schema is compared field by field.

use contract_review::diff::Level::{self, Breaking as B, Risky as R, Safe as S};
use contract_review::diff::rules::{Slot, document};

use super::differences;

/// The levels for callers: in a request forth and back, in a response forth and back.
type Verdicts = [Level; 4];

const PAIRS: &[(&str, &str, &str, Verdicts)] = &[
    // ---- a schema that loses its type ----------------------------------------------------------
    (
        "object becomes a choice of other types",
        "{type: object, properties: {a: {type: string}}}",
        "{oneOf: [{type: integer}, {type: boolean}]}",
        [B, B, B, B],
    ),
    (
        "text becomes listed numbers",
        "{type: string}",
        "{enum: [1, 2]}",
        [B, B, B, B],
    ),
    (
        "text becomes listed texts without a type",
        "{type: string}",
        "{enum: [a, b]}",
        [B, S, S, B],
    ),
    (
        "text becomes anything but text",
        "{type: string}",
        "{not: {type: string}}",
        [R, R, R, R],
    ),
    (
        "text becomes a choice that has it",
        "{type: string}",
        "{oneOf: [{type: string}, {type: integer}]}",
        [S, B, B, S],
    ),
    (
        "text becomes a choice that has part of it",
        "{type: string}",
        "{anyOf: [{type: integer}, {type: string, maxLength: 3}]}",
        [R, R, R, R],
    ),
    (
        "text becomes anything",
        "{type: string}",
        "{}",
        [S, B, B, S],
    ),
    // ---- allOf ---------------------------------------------------------------------------------
    (
        "item of allOf closes the object",
        "{allOf: [{type: object, properties: {a: {type: string}}}]}",
        "{allOf: [{type: object, properties: {a: {type: string}}}, {additionalProperties: false}]}",
        [B, S, S, R],
    ),
    (
        "item of allOf tightens a property of another one",
        "{allOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}",
        "{allOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}, \
         {properties: {a: {maxLength: 5}}}]}",
        [B, S, S, B],
    ),
    (
        "item of allOf requires a property of another one",
        "{allOf: [{properties: {a: {type: string}}}]}",
        "{allOf: [{properties: {a: {type: string}}}, {required: [a]}]}",
        [B, S, S, B],
    ),
    (
        "property moves to another item of allOf",
        "{allOf: [{properties: {a: {type: string}, c: {type: string}}}, {properties: {b: {type: \
         string}}}]}",
        "{allOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}, c: {type: \
         string}}}]}",
        [S, S, S, S],
    ),
    (
        "property moves to another item of allOf, and is tightened",
        "{allOf: [{properties: {a: {type: string}, c: {type: string}}}, {properties: {b: {}}}]}",
        "{allOf: [{properties: {a: {type: string}}}, {properties: {b: {}, c: {type: string, \
         maxLength: 2}}}]}",
        [B, S, S, B],
    ),
    (
        "schema is wrapped in allOf with words beside it",
        "{type: string, enum: [a, b]}",
        "{allOf: [{type: string, enum: [a, b]}, {description: Words.}]}",
        [S, S, S, S],
    ),
    (
        "constraint stands beside allOf",
        "{allOf: [{type: string}], maxLength: 5}",
        "{type: string, maxLength: 5}",
        [S, S, S, S],
    ),
    (
        "constraint comes beside allOf",
        "{type: string}",
        "{allOf: [{type: string}], maxLength: 5}",
        [B, S, S, B],
    ),
    // ---- choices -------------------------------------------------------------------------------
    (
        "anyOf beside oneOf loses a variant",
        "{oneOf: [{type: string}, {type: integer}], anyOf: [{type: string}, {type: integer}]}",
        "{oneOf: [{type: string}, {type: integer}], anyOf: [{type: string}]}",
        [B, S, S, B],
    ),
    (
        "anyOf comes beside oneOf",
        "{oneOf: [{type: string}, {type: integer}]}",
        "{oneOf: [{type: string}, {type: integer}], anyOf: [{type: string}]}",
        [R, S, S, R],
    ),
    (
        "oneOf of one",
        "{type: string}",
        "{oneOf: [{type: string}]}",
        [S, S, S, S],
    ),
    (
        "oneOf of types becomes anyOf",
        "{oneOf: [{type: string}, {type: integer}]}",
        "{anyOf: [{type: string}, {type: integer}]}",
        [S, S, S, S],
    ),
    (
        "oneOf that overlaps becomes anyOf",
        "{oneOf: [{type: string, maxLength: 5}, {type: string, minLength: 3}]}",
        "{anyOf: [{type: string, maxLength: 5}, {type: string, minLength: 3}]}",
        [S, R, R, S],
    ),
    (
        "a looser variant refuses what another one had alone",
        "{oneOf: [{type: string, maxLength: 3}, {type: string, minLength: 5}]}",
        "{oneOf: [{type: string, maxLength: 9}, {type: string, minLength: 5}]}",
        [R, B, B, R],
    ),
    (
        "number within a choice of numbers",
        "{type: integer}",
        "{anyOf: [{type: number}, {type: string}]}",
        [S, B, B, S],
    ),
    // ---- values --------------------------------------------------------------------------------
    (
        "pattern matches everything",
        "{type: string, pattern: '^a'}",
        "{type: string, pattern: '.*'}",
        [S, B, B, S],
    ),
    (
        "bound loosened",
        "{type: string, maxLength: 4}",
        "{type: string, maxLength: 5}",
        [S, B, B, S],
    ),
    (
        "bound dropped",
        "{type: integer, minimum: 1}",
        "{type: integer}",
        [S, B, B, S],
    ),
    (
        "value of a closed list added",
        "{type: string, enum: [a]}",
        "{type: string, enum: [a, b]}",
        [S, B, B, S],
    ),
    (
        "value of an open list added",
        "{type: string, x-extensible-enum: [a]}",
        "{type: string, x-extensible-enum: [a, b]}",
        [S, R, S, S],
    ),
    (
        "property of an open object added",
        "{type: object, properties: {a: {type: string}}, additionalProperties: {}}",
        "{type: object, properties: {a: {type: string}, b: {type: string}}, additionalProperties: \
         {}}",
        [S, B, S, B],
    ),
    (
        "map of texts becomes a map of numbers",
        "{type: object, additionalProperties: {type: string}}",
        "{type: object, additionalProperties: {type: integer}}",
        [B, B, B, B],
    ),
    (
        "property of a map gets another type",
        "{type: object, additionalProperties: {type: string}}",
        "{type: object, properties: {a: {type: integer}}, additionalProperties: {type: string}}",
        [R, B, R, B],
    ),
    (
        "what is refused grows",
        "{type: string, not: {enum: [a]}}",
        "{type: string, not: {enum: [a, b]}}",
        [B, S, S, B],
    ),
    // ---- discriminators ------------------------------------------------------------------------
    (
        "mapping added",
        "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a}}",
        "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a, mapping: {x: \
         '#/x'}}}",
        [S, B, B, S],
    ),
];

fn callers(slot: Slot, old: &str, new: &str) -> Level {
    let found = differences(&document(slot, old), &document(slot, new));
    let levels = found.iter().map(|found| found.impact.callers);
    levels.max().unwrap_or(S)
}

#[test]
fn change_of_a_schema_has_the_verdict_of_the_table() {
    let mut faults = Vec::new();
    for (name, old, new, expected) in PAIRS {
        let found = [
            callers(Slot::Request, old, new),
            callers(Slot::Request, new, old),
            callers(Slot::Response, old, new),
            callers(Slot::Response, new, old),
        ];
        if found != *expected {
            faults.push(format!("{name}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A schema that gets a name, or loses it, is the same to callers.
#[test]
fn schema_that_moves_into_components_is_safe_for_callers() {
    let inline = "Thing: {anyOf: [{type: string, enum: [a, b]}, {type: integer}]}, Word: {type: \
                  string, enum: [a, b], title: Word}";
    let named = "Thing: {anyOf: [{$ref: '#/components/schemas/Word'}, {type: integer}]}, Word: \
                 {type: string, enum: [a, b], title: Word}";
    assert_eq!(callers(Slot::Schemas, inline, named), S);
    assert_eq!(callers(Slot::Schemas, named, inline), S);
}

#[test]
fn deprecation_beside_a_reference_is_one_deprecation() {
    let plain = "Thing: {type: object, properties: {a: {$ref: '#/components/schemas/Word'}}}, Word: \
                 {type: string, enum: [a]}";
    let deprecated = "Thing: {type: object, properties: {a: {deprecated: true, allOf: [{$ref: \
                      '#/components/schemas/Word'}, {description: Use b.}]}}}, Word: {type: string, \
                      enum: [a]}";
    let found = differences(
        &document(Slot::Schemas, plain),
        &document(Slot::Schemas, deprecated),
    );
    let rules: Vec<_> = found.iter().map(|found| found.rule).collect();
    assert_eq!(rules, ["deprecated-added", "prose-added"]);
}

#[test]
fn words_of_an_item_of_all_of_are_compared() {
    let plain = "{allOf: [{type: string}, {maxLength: 5}]}";
    let words = "{allOf: [{type: string}, {maxLength: 5}, {type: string, description: Words.}]}";
    let found = differences(
        &document(Slot::Request, plain),
        &document(Slot::Request, words),
    );
    let rules: Vec<_> = found.iter().map(|found| found.rule).collect();
    assert_eq!(rules, ["prose-added"]);
}

#[test]
fn media_type_is_the_same_whatever_its_charset_and_part_of_its_range() {
    let body = |name: &str| {
        document(
            Slot::Operation,
            &format!("requestBody: {{content: {{{name}: {{schema: {{type: string}}}}}}}}, "),
        )
    };
    let level = |old: &str, new: &str| {
        let found = differences(&body(old), &body(new));
        (found[0].rule, found[0].impact.callers)
    };
    let (json, charset) = ("application/json", "application/json; charset=utf-8");
    assert_eq!(level(json, charset), ("charset-changed", S));
    assert_eq!(level(charset, json), ("charset-changed", S));
    assert_eq!(level(json, "application/*"), ("media-type-widened", S));
    assert_eq!(level("application/*", json), ("media-type-narrowed", B));
}

#[test]
fn parameter_that_is_written_in_another_way_is_breaking() {
    let parameter = |value: &str| {
        document(
            Slot::Operation,
            &format!("parameters: [{{name: a, in: query, {value}}}], "),
        )
    };
    let schema = parameter("schema: {type: string}");
    let content = parameter("content: {application/json: {schema: {type: string}}}");
    for (old, new) in [(&schema, &content), (&content, &schema)] {
        let found = differences(old, new);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].rule, "parameter-serialization-changed");
        assert_eq!(found[0].impact.callers, B);
    }
}
