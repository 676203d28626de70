//! Contracts that no code can be made of: each is reported under one rule with its place, before the
//! generator can panic; and odd ones that it takes all the same.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not recognized as tests"
)]

use people_codegen::generate;

/// Stands before the place where the finding is expected.
const HERE: char = '«';

const CONTRACT: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a/{id}:
    post:
      operationId: op
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: q, in: query, schema: QUERY}
      requestBody: {content: {application/json: {schema: BODY}}}
      responses:
        '200': {description: d, content: {application/json: {schema: ANSWER}}}
components:
  schemas:
    Point: {type: object, properties: {x: {type: string}}}
    Count: {type: integer}
    Named: NAMED
";

/// The contract with `schema` at one place, and a plain one at the others.
fn contract(place: &str, schema: &str) -> String {
    ["QUERY", "BODY", "ANSWER", "NAMED"]
        .iter()
        .fold(CONTRACT.to_owned(), |text, other| {
            text.replace(
                other,
                if *other == place {
                    schema
                } else {
                    "{type: string}"
                },
            )
        })
}

/// What `generate` says of a text with the mark, which is taken out, and what it should say.
fn told(marked: &str, rule: &str) -> (Vec<String>, String) {
    let before = marked.split_once(HERE).unwrap().0;
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    let text = marked.replace(HERE, "");
    let found = generate("c.yaml", &text).map_or_else(
        |findings| findings.lines().collect(),
        |_| vec!["nothing".to_owned()],
    );
    (found, format!("c.yaml:{line}:{column}: {rule}: "))
}

#[test]
fn each_fault_of_a_contract_is_one_message_with_its_place() {
    let plain = contract("", "");
    let cases = [
        ("yaml-syntax", "paths:\n", "paths: «]\n"),
        (
            "unresolved-reference",
            "schema: {type: integer}",
            "schema: {$ref: «'#/components/schemas/Nowhere'}",
        ),
        (
            "operation-id",
            "components:",
            "  /b:\n    get:\n      operationId: «op\n      responses: {'200': {description: d}}\ncomponents:",
        ),
        (
            "path-parameter",
            "  /a/{id}:\n    post:",
            "  «/a/{id}/{part}:\n    post:",
        ),
        (
            "wrong-type",
            "Count: {type: integer}",
            "Count: {type: «[string, \"null\"]}",
        ),
        ("missing-field", "'200': {description: d, ", "«'200': {"),
    ];
    for (rule, from, to) in cases {
        assert!(plain.contains(from), "{from}");
        let (found, expected) = told(&plain.replacen(from, to, 1), rule);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(&expected), "{expected} {found:?}");
    }
}

#[test]
fn what_the_generator_cannot_take_is_told_as_a_rule() {
    let cases = [
        (
            "QUERY",
            "generator-schema",
            "{type: string, «anyOf: [{type: string, enum: [a]}, {type: string}]}",
        ),
        ("BODY", "enum-value", "{type: string, enum: [«1]}"),
        ("BODY", "enum-value", "{enum: [1, «a]}"),
        ("BODY", "enum-value", "{enum: [«[1]]}"),
        ("BODY", "enum-value", "{type: integer, enum: [1, «a]}"),
        ("BODY", "enum-value", "{type: string, enum: [a, «a]}"),
        (
            "BODY",
            "generated-name",
            "{type: string, enum: [a-b, «a_b]}",
        ),
        (
            "BODY",
            "generated-name",
            "{type: string, «enum: [Other, Unlisted, OtherValue]}",
        ),
        ("ANSWER", "generator-schema", "{«allOf: []}"),
        ("ANSWER", "generator-schema", "{«oneOf: []}"),
        ("ANSWER", "generator-schema", "{«not: {type: string}}"),
        (
            "ANSWER",
            "generator-extension",
            "{type: string, «x-rust-type: {}}",
        ),
        (
            "NAMED",
            "circular-schema",
            "{allOf: [«$ref: '#/components/schemas/Named']}",
        ),
        // Merging these would not come to an end.
        (
            "NAMED",
            "generator-schema",
            "{allOf: [{$ref: '#/components/schemas/Point'}, {type: object, properties: {n: {$ref: '#/components/schemas/Named'}}}]}",
        ),
    ];
    for (place, rule, schema) in cases {
        let mut text = contract(place, schema);
        if !text.contains(HERE) {
            let (from, to) = match place {
                "QUERY" => ("- {name: q", "- «{name: q"),
                _ => ("Named:", "«Named:"),
            };
            text = text.replacen(from, to, 1);
        }
        let (found, expected) = told(&text, rule);
        assert_eq!(found.len(), 1, "{schema} {found:?}");
        assert!(found[0].starts_with(&expected), "{expected} {found:?}");
    }
}

#[test]
fn odd_schemas_become_code() {
    for parameter in [
        "{type: object}",
        "{properties: {a: {type: string}}}",
        "{$ref: '#/components/schemas/Point'}",
        "{oneOf: [{$ref: '#/components/schemas/Point'}, {type: string}]}",
        "{type: string, format: uuid, minimum: 1}",
    ] {
        if let Err(diagnostics) = generate("c.yaml", contract("QUERY", parameter)) {
            panic!("{parameter}: {diagnostics}");
        }
    }
    let schemas = [
        "{}",
        "{nullable: true}",
        "{type: object, additionalProperties: false}",
        "{type: object, required: [a], additionalProperties: {type: integer}}",
        "{type: string, enum: []}",
        "{type: string, enum: ['']}",
        "{type: string, enum: [' ', '+1', '-1', a]}",
        "{type: string, enum: [a, null], nullable: true}",
        "{type: string, enum: [é, 日本, '🦀']}",
        "{type: number, enum: [1.5, 2]}",
        "{exclusiveMinimum: true, exclusiveMaximum: true}",
        "{type: integer, exclusiveMinimum: true, format: odd, default: none}",
        "{allOf: [{type: string}, {type: integer}]}",
        "{allOf: [{$ref: '#/components/schemas/Point'}, {type: object, properties: {x: {type: integer}}}]}",
        "{oneOf: [{type: string}, {type: string}]}",
        "{oneOf: [{$ref: '#/components/schemas/Point'}], discriminator: {propertyName: x}}",
        "{oneOf: [{required: [a]}, {required: [b]}], properties: {a: {type: string}, b: {type: string}}}",
        "{type: object, properties: {'': {type: string}, '1': {type: string}, self: {type: string}, extra: {type: string}}}",
        "{type: array, items: {type: array, items: {type: object, properties: {a: {type: string, enum: [x]}}}}}",
    ];
    for schema in schemas {
        for place in ["BODY", "ANSWER", "NAMED"] {
            if let Err(findings) = generate("c.yaml", contract(place, schema)) {
                panic!("{schema} as {place}: {findings}");
            }
        }
    }
    // Many choices are merged one by one, not with one another.
    let choices: Vec<String> = (0..70)
        .map(|index| format!("{{type: object, properties: {{c{index}: {{type: string}}}}}}"))
        .collect();
    let choices = choices.join(", ");
    let schema =
        format!("{{allOf: [{{$ref: '#/components/schemas/Point'}}, {{oneOf: [{choices}]}}]}}");
    if let Err(findings) = generate("c.yaml", contract("NAMED", &schema)) {
        panic!("many choices: {findings}");
    }
    let recursive = [
        "{type: object, properties: {n: {$ref: '#/components/schemas/Named'}}}",
        "{oneOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Named'}}]}",
        "{type: object, properties: {n: {allOf: [{$ref: '#/components/schemas/Named'}], description: d}}}",
    ];
    for schema in recursive {
        if let Err(findings) = generate("c.yaml", contract("NAMED", schema)) {
            panic!("{schema}: {findings}");
        }
    }
}

#[test]
fn a_method_name_is_ascii() {
    let text = contract("", "").replace("operationId: op", "operationId: «zoë");
    let (found, expected) = told(&text, "generated-name");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(&expected), "{expected} {found:?}");
}

#[test]
fn an_encoded_reference_is_no_name_for_the_generator() {
    let text = contract("ANSWER", "{$ref: «'#/components/schemas/P%6fint'}");
    let (found, expected) = told(&text, "generator-reference");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(&expected), "{expected} {found:?}");
}

/// The schemas of `X` and `C` are first merged without the choices of `C`, which ends, and then with
/// them, which does not.
#[test]
fn a_merge_that_ended_without_its_choices_is_tried_again_with_them() {
    let schemas = r"    A: {type: object, properties: {p: {$ref: '#/components/schemas/A'}}}
    D: {type: object, properties: {p: {$ref: '#/components/schemas/D'}}}
    C: {type: object, oneOf: [{$ref: '#/components/schemas/D'}]}
    B: {type: object, oneOf: [{$ref: '#/components/schemas/C'}]}
    X: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
    «Z:
      allOf:
        - {type: object, properties: {q: {$ref: '#/components/schemas/X'}}}
        - {type: object, properties: {q: {$ref: '#/components/schemas/C'}}}
";
    let text = format!("{}{schemas}", contract("", ""));
    let (found, expected) = told(&text, "generator-schema");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(&expected), "{expected} {found:?}");
}

#[test]
fn only_true_and_false_make_a_boolean_that_is_also_text() {
    let with =
        |words: &str| format!("{{oneOf: [{{type: boolean}}, {{type: string, enum: [{words}]}}]}}");
    let is_boolean = |words: &str| {
        let code = generate("c.yaml", contract("NAMED", &with(words))).unwrap();
        code.contains("BooleanOrText as Named")
    };
    assert!(is_boolean("'true', 'false'"));
    assert!(!is_boolean("'yes', 'no'"));
    assert!(!is_boolean("'true', 'maybe'"));
}
