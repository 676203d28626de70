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
    // ---- formats and marks ---------------------------------------------------------------------
    (
        "listed texts become any with a format",
        "{enum: [a, b]}",
        "{type: string, format: date}",
        [R, R, R, R],
    ),
    (
        "text becomes a choice that has it with a format",
        "{type: string}",
        "{oneOf: [{type: string, format: date}, {type: integer}]}",
        [R, R, R, R],
    ),
    (
        "texts are refused whatever their format",
        "{not: {type: string, format: date}}",
        "{not: {type: string}}",
        [B, S, S, B],
    ),
    (
        "text with a format becomes a choice that has it",
        "{type: string, format: date}",
        "{oneOf: [{type: string, format: date}, {type: integer}]}",
        [S, B, B, S],
    ),
    (
        "listed numbers become a choice of numbers with a format",
        "{type: integer, enum: [1, 2]}",
        "{oneOf: [{type: integer, format: int32}, {type: string}]}",
        [S, B, B, S],
    ),
    (
        "object becomes a choice, and one of its properties is only read",
        "{type: object, properties: {a: {type: string}}}",
        "{oneOf: [{type: object, properties: {a: {type: string, readOnly: true}}}, {type: integer}]}",
        [R, B, R, S],
    ),
    (
        "object becomes a choice, and one of its properties is only written",
        "{type: object, properties: {a: {type: string}}}",
        "{oneOf: [{type: object, properties: {a: {type: string, writeOnly: true}}}, {type: integer}]}",
        [S, B, B, S],
    ),
    (
        "listed objects become any without a property that is only read",
        "{enum: [{a: b}]}",
        "{type: object, properties: {a: {type: string, readOnly: true}}}",
        [R, R, R, R],
    ),
    (
        "open list comes in a choice",
        "{type: string}",
        "{oneOf: [{type: string, x-extensible-enum: [a]}, {type: integer}]}",
        [S, B, B, S],
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
    // ---- single keywords -----------------------------------------------------------------------
    (
        "type beside listed numbers goes",
        "{type: integer, enum: [1, 2]}",
        "{enum: [1, 2]}",
        [S, S, S, S],
    ),
    (
        "list without null beside nullable",
        "{type: string, nullable: true}",
        "{type: string, nullable: true, enum: [a]}",
        [B, S, S, B],
    ),
    (
        "null leaves a list",
        "{type: string, nullable: true, enum: [a, null]}",
        "{type: string, enum: [a]}",
        [B, S, S, B],
    ),
    (
        "lower bound is included",
        "{type: number, minimum: 0, exclusiveMinimum: true}",
        "{type: number, minimum: 0}",
        [S, B, B, S],
    ),
    (
        "bound of integers written in another way",
        "{type: integer, minimum: 1}",
        "{type: integer, minimum: 0, exclusiveMinimum: true}",
        [S, S, S, S],
    ),
    (
        "items become unique",
        "{type: array, items: {type: string}}",
        "{type: array, items: {type: string}, uniqueItems: true}",
        [B, S, S, B],
    ),
    (
        "property of an item becomes required",
        "{type: array, items: {type: object, properties: {a: {type: string}}}}",
        "{type: array, items: {type: object, required: [a], properties: {a: {type: string}}}}",
        [B, S, S, B],
    ),
    (
        "item may be null",
        "{type: array, items: {type: string}}",
        "{type: array, items: {type: string, nullable: true}}",
        [S, B, B, S],
    ),
    (
        "property that is only written goes",
        "{type: object, properties: {a: {type: string, writeOnly: true}, b: {type: string}}}",
        "{type: object, properties: {b: {type: string}}}",
        [B, S, S, S],
    ),
    (
        "property that is only read goes",
        "{type: object, properties: {a: {type: string, readOnly: true}, b: {type: string}}}",
        "{type: object, properties: {b: {type: string}}}",
        [S, S, B, S],
    ),
    (
        "property that is only read gets another type",
        "{type: object, properties: {a: {type: string, readOnly: true}}}",
        "{type: object, properties: {a: {type: integer, readOnly: true}}}",
        [S, S, B, B],
    ),
    (
        "property that is only written is tightened",
        "{type: object, properties: {a: {type: string, writeOnly: true}}}",
        "{type: object, properties: {a: {type: string, writeOnly: true, maxLength: 5}}}",
        [B, S, S, S],
    ),
    (
        "property that is only read becomes required",
        "{type: object, properties: {a: {type: string, readOnly: true}}}",
        "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}",
        [S, S, S, B],
    ),
    (
        "value of a map is tightened",
        "{type: object, additionalProperties: {type: string}}",
        "{type: object, additionalProperties: {type: string, maxLength: 5}}",
        [B, S, S, B],
    ),
    (
        "unlisted properties are allowed in another way",
        "{type: object, additionalProperties: true}",
        "{type: object, additionalProperties: {}}",
        [S, S, S, S],
    ),
    (
        "closed object becomes a map",
        "{type: object, additionalProperties: false}",
        "{type: object, additionalProperties: {type: string}}",
        [S, B, R, S],
    ),
    (
        "open object becomes a map",
        "{type: object}",
        "{type: object, additionalProperties: {type: string}}",
        [B, S, S, B],
    ),
    (
        "closed object gets a property",
        "{type: object, properties: {a: {type: string}}, additionalProperties: false}",
        "{type: object, properties: {a: {type: string}, b: {type: string}}, additionalProperties: false}",
        [S, B, R, B],
    ),
    (
        "variant is tightened",
        "{oneOf: [{type: string, maxLength: 5}, {type: integer}]}",
        "{oneOf: [{type: string, maxLength: 4}, {type: integer}]}",
        [B, S, S, B],
    ),
    (
        "variant that others cover is added",
        "{anyOf: [{type: string}, {type: integer}]}",
        "{anyOf: [{type: string}, {type: integer}, {type: string, maxLength: 3}]}",
        [S, S, S, S],
    ),
    (
        "variant is widened",
        "{oneOf: [{type: integer}, {type: string}]}",
        "{oneOf: [{type: number}, {type: string}]}",
        [S, B, B, S],
    ),
    (
        "variants that exclude each other's values become one",
        "{oneOf: [{type: integer}, {type: number}]}",
        "{type: number}",
        [S, R, R, S],
    ),
    (
        "32 bits become 64",
        "{type: integer, format: int32}",
        "{type: integer, format: int64}",
        [R, R, R, R],
    ),
    (
        "object needs a property",
        "{type: object, properties: {a: {type: string}}}",
        "{type: object, properties: {a: {type: string}}, minProperties: 1}",
        [B, S, S, B],
    ),
    (
        "negation refuses more",
        "{not: {type: string}}",
        "{not: {anyOf: [{type: string}, {type: integer}]}}",
        [B, S, S, B],
    ),
    (
        "weaker bound joins a stronger one in allOf",
        "{allOf: [{type: string}, {maxLength: 5}]}",
        "{allOf: [{type: string}, {maxLength: 5}, {maxLength: 7}]}",
        [S, S, S, S],
    ),
    (
        "listed texts become listed numbers",
        "{enum: ['1']}",
        "{enum: [1]}",
        [B, B, B, B],
    ),
    (
        "order of a list changes",
        "{type: string, enum: [a, b]}",
        "{type: string, enum: [b, a]}",
        [S, S, S, S],
    ),
    (
        "items of any kind",
        "{type: array, items: {}}",
        "{type: array}",
        [S, S, S, S],
    ),
    (
        "bound that refuses nothing",
        "{type: string}",
        "{type: string, minLength: 0}",
        [S, S, S, S],
    ),
    (
        "step becomes finer",
        "{type: number, multipleOf: 0.1}",
        "{type: number, multipleOf: 0.01}",
        [S, B, B, S],
    ),
    (
        "step becomes a multiple",
        "{type: integer, multipleOf: 2}",
        "{type: integer, multipleOf: 4}",
        [B, S, S, B],
    ),
    (
        "step becomes another one",
        "{type: integer, multipleOf: 4}",
        "{type: integer, multipleOf: 6}",
        [B, B, B, B],
    ),
    (
        "only one boolean",
        "{type: boolean}",
        "{type: boolean, enum: [true]}",
        [B, S, S, B],
    ),
    (
        "list is written as a choice",
        "{type: string, enum: [a, b]}",
        "{anyOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]}",
        [S, S, S, S],
    ),
    (
        "name that is not described is required",
        "{type: object}",
        "{type: object, required: [a]}",
        [B, S, S, B],
    ),
    (
        "inner property becomes optional",
        "{type: object, properties: {a: {type: object, required: [b], properties: {b: {type: string}}}}}",
        "{type: object, properties: {a: {type: object, properties: {b: {type: string}}}}}",
        [S, B, B, S],
    ),
    (
        "nullable without a type",
        "{}",
        "{nullable: true}",
        [S, S, S, S],
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

/// What changes of a part of an operation, and the levels for callers, forth and back.
const PARTS: &[(&str, Slot, &str, &str, [Level; 2])] = &[
    (
        "status that the default covered has another body",
        Slot::Responses,
        "'200': {description: A.}, default: {description: E., content: {application/json: {schema: {type: object, required: [code], properties: {code: {type: integer}}}}}}",
        "'200': {description: A.}, '404': {description: E., content: {application/json: {schema: {type: string}}}}, default: {description: E., content: {application/json: {schema: {type: object, required: [code], properties: {code: {type: integer}}}}}}",
        [B, B],
    ),
    (
        "status that the default covered has the same body",
        Slot::Responses,
        "'200': {description: A.}, default: {description: E., content: {application/json: {schema: {type: string}}}}",
        "'200': {description: A.}, '404': {description: E., content: {application/json: {schema: {type: string}}}}, default: {description: E., content: {application/json: {schema: {type: string}}}}",
        [S, S],
    ),
    (
        "range of statuses becomes one of them with another body",
        Slot::Responses,
        "4XX: {description: E., content: {application/json: {schema: {type: string}}}}",
        "'404': {description: E., content: {application/json: {schema: {type: integer}}}}",
        [B, B],
    ),
    (
        "success becomes a range of successes",
        Slot::Responses,
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}",
        "2XX: {description: A., content: {application/json: {schema: {type: string}}}}",
        [R, B],
    ),
    (
        "parameter moves from the path to the operation",
        Slot::Paths,
        "/things: {parameters: [{name: a, in: query, schema: {type: string}}], get: {operationId: getThing, responses: {}}}",
        "/things: {get: {operationId: getThing, parameters: [{name: a, in: query, schema: {type: string}}], responses: {}}}",
        [S, S],
    ),
    (
        "value of a list in a query goes",
        Slot::Operation,
        "parameters: [{name: a, in: query, schema: {type: array, items: {type: string, enum: [a, b]}}}], ",
        "parameters: [{name: a, in: query, schema: {type: array, items: {type: string, enum: [a]}}}], ",
        [B, S],
    ),
    (
        "default written out for the style of a parameter",
        Slot::Operation,
        "parameters: [{name: a, in: query, schema: {type: string}}], ",
        "parameters: [{name: a, in: query, style: form, explode: true, schema: {type: string}}], ",
        [S, S],
    ),
    (
        "header of a response gets another type",
        Slot::Responses,
        "'204': {description: Done., headers: {X-A: {schema: {type: string}}}}",
        "'204': {description: Done., headers: {X-A: {schema: {type: integer}}}}",
        [B, B],
    ),
    (
        "schema that leads to itself is tightened",
        Slot::Schemas,
        "Thing: {type: object, properties: {next: {$ref: '#/components/schemas/Thing'}, a: {type: string}}}",
        "Thing: {type: object, properties: {next: {$ref: '#/components/schemas/Thing'}, a: {type: string, maxLength: 5}}}",
        [B, S],
    ),
    (
        "reference leads to another schema of the same content",
        Slot::Schemas,
        "Thing: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}, A: {type: string}, B: {type: string}",
        "Thing: {type: object, properties: {a: {$ref: '#/components/schemas/B'}}}, A: {type: string}, B: {type: string}",
        [S, S],
    ),
];

#[test]
fn change_of_a_part_has_the_verdict_of_the_table() {
    let mut faults = Vec::new();
    for (name, slot, old, new, expected) in PARTS {
        let found = [callers(*slot, old, new), callers(*slot, new, old)];
        if found != *expected {
            faults.push(format!("{name}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
