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
            "BODY",
            "enum-value",
            "{type: string, «x-extensible-enum: [1]}",
        ),
        ("ANSWER", "generator-schema", "{«allOf: []}"),
        ("ANSWER", "generator-schema", "{«oneOf: []}"),
        ("ANSWER", "generator-schema", "{«anyOf: []}"),
        (
            "NAMED",
            "circular-schema",
            "{allOf: [«$ref: '#/components/schemas/Named']}",
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
        "{not: {type: string}}",
        "{type: array}",
        "{type: string, anyOf: [{type: string, enum: [a]}, {type: string}]}",
        "{type: string, enum: [a-b, a_b]}",
        "{type: string, enum: [Other, Unlisted, OtherValue]}",
        "{anyOf: [{type: string}, {type: array, items: {anyOf: [{type: integer}, {type: boolean}]}}]}",
        "{type: object, oneOf: [{required: [a]}, {required: [b]}]}",
        "{allOf: [{type: string}, {description: d}]}",
        "{allOf: [{nullable: true}, {description: d}]}",
        "{type: object, allOf: [{$ref: '#/components/schemas/Point'}]}",
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
        "{allOf: [{$ref: '#/components/schemas/Point'}, {type: object, properties: {n: {$ref: '#/components/schemas/Named'}}}]}",
        "{oneOf: [{$ref: '#/components/schemas/Point'}, {type: object, properties: {n: {$ref: '#/components/schemas/Named'}}}]}",
        "{oneOf: [{$ref: '#/components/schemas/Point'}, {oneOf: [{type: integer}, {$ref: '#/components/schemas/Count'}]}]}",
    ];
    for schema in recursive {
        if let Err(findings) = generate("c.yaml", contract("NAMED", schema)) {
            panic!("{schema}: {findings}");
        }
    }
}

/// What `generate` warns of in a text with the mark, and the start of what it should.
fn warned(marked: &str, rule: &str) -> (Vec<String>, String) {
    let text = marked.replace(HERE, "");
    let generated = generate("c.yaml", &text).unwrap();
    let (_, expected) = told(marked, rule);
    (generated.warnings.lines().collect(), expected)
}

#[test]
fn each_change_of_a_name_is_one_warning_with_its_place() {
    let plain = contract(
        "NAMED",
        "{type: object, properties: {part: {type: object, properties: {a: {}}}}}",
    );
    assert!(
        generate("c.yaml", &plain)
            .unwrap()
            .warnings
            .lines()
            .next()
            .is_none()
    );
    let another = |id: &str| {
        format!(
            "  /b:\n    get:\n      {id}\n      responses: {{'200': {{description: d}}}}\ncomponents:"
        )
    };
    let cases = [
        ("operation-id", "components:", another("operationId: «op")),
        (
            "operation-id",
            "components:",
            another("x-a: b").replace("    get:", "    «get:"),
        ),
        (
            "generated-name",
            "components:",
            another("operationId: «op_"),
        ),
        (
            "generated-name",
            "components:",
            another("operationId: «zoë"),
        ),
        (
            "generated-name",
            "components:",
            another("operationId: «the thing's part"),
        ),
        (
            "generated-name",
            "components:",
            another("operationId: «fromEnv"),
        ),
        (
            "generated-name",
            "    Point:",
            "    «point: {type: string}\n    Point:".to_owned(),
        ),
        (
            "generated-name",
            "    Point:",
            "    NamedPart: {type: string}\n    Point:".to_owned(),
        ),
        (
            "generated-name",
            "{x: {type: string}}",
            "{«x_y: {}, xY: {}}".to_owned(),
        ),
        (
            "generated-name",
            "{x: {type: string}}",
            "{x: {type: string, enum: [a_b, «a-b]}}".to_owned(),
        ),
        ("generated-name", "name: q", "name: send".to_owned()),
    ];
    for (rule, from, to) in cases {
        let mut text = plain.replacen(from, &to, 1);
        if to.contains("NamedPart") {
            text = text.replacen("part:", "«part:", 1);
        }
        if to.contains("send") {
            text = text.replacen("post:", "«post:", 1);
        }
        let (found, expected) = warned(&text, rule);
        assert_eq!(found.len(), 1, "{to} {found:?}");
        assert!(found[0].starts_with(&expected), "{to} {expected} {found:?}");
    }
}

#[test]
fn names_do_not_depend_on_the_order_of_the_contract() {
    let parts = [
        "    a-b: {type: object, properties: {p-q: {}, p_q: {}, pQ: {}}}\n",
        "    a_b: {type: object, properties: {pQ: {}, p_q: {}, p-q: {}}}\n",
        "    AB: {type: string, enum: [v_w, v-w]}\n",
    ];
    let with = |order: [usize; 3]| {
        let schemas: String = order.iter().map(|index| parts[*index]).collect();
        let code = generate("c.yaml", format!("{}{schemas}", contract("", "")))
            .unwrap()
            .code;
        let mut lines: Vec<String> = code.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(with([0, 1, 2]), with([2, 1, 0]));
}

#[test]
fn what_the_client_would_send_elsewhere_or_in_another_way_is_refused() {
    let plain = contract("", "");
    let secured = |scheme: &str| format!("  securitySchemes: {{key: {scheme}}}\n  schemas:\n");
    let cases = [
        (
            "generator-server",
            "    post:",
            "    «servers: [{url: 'https://example.com'}]\n    post:".to_owned(),
        ),
        (
            "generator-server",
            "      operationId: op",
            "      «servers: [{url: 'https://example.com'}]\n      operationId: op".to_owned(),
        ),
        (
            "generator-security",
            "  schemas:\n",
            secured("{type: apiKey, name: k, in: header}"),
        ),
        (
            "generator-security",
            "  schemas:\n",
            secured("{type: http, scheme: basic}"),
        ),
        (
            "generator-body",
            "application/json: {schema: {type: string}}}}\n      responses",
            "multipart/mixed: {schema: {type: object}}}}\n      responses".to_owned(),
        ),
        (
            "generator-parameter",
            "in: query",
            "in: cookie, required: true".to_owned(),
        ),
    ];
    for (rule, from, to) in cases {
        let mut text = plain.replacen(from, &to, 1);
        assert_ne!(text, plain, "{from}");
        match rule {
            "generator-security" => {
                text = text.replacen(
                    "operationId: op",
                    "operationId: op\n      «security: [{key: []}]",
                    1,
                );
            }
            "generator-body" => text = text.replacen("requestBody", "«requestBody", 1),
            "generator-parameter" => text = text.replacen("{name: q", "«{name: q", 1),
            _ => {}
        }
        let (found, expected) = told(&text, rule);
        assert_eq!(found.len(), 1, "{to} {found:?}");
        assert!(found[0].starts_with(&expected), "{expected} {found:?}");
    }
    // The same servers, once more.
    let servers = "servers: [{url: 'https://example.com/v1'}, {url: 'https://b.example'}]";
    let again = "servers: [{url: 'https://b.example'}, {url: 'https://example.com/v1/'}]";
    let repeated = plain
        .replacen("paths:", &format!("{servers}\npaths:"), 1)
        .replacen("    post:", &format!("    {again}\n    post:"), 1);
    assert!(generate("c.yaml", &repeated).is_ok());
    let root = plain.replacen("    post:", "    servers: [{url: /}]\n    post:", 1);
    assert!(generate("c.yaml", &root).is_ok());
    // A bearer token that is one of the ways is sent.
    let bearer = plain
        .replacen("  schemas:\n", &secured("{type: http, scheme: bearer}"), 1)
        .replacen(
            "operationId: op",
            "operationId: op\n      security: [{}, {key: []}]",
            1,
        );
    let sends_token = |contract: &str| {
        let generated = generate("c.yaml", contract).unwrap();
        generated.code.contains("authenticated: true")
    };
    assert!(sends_token(&bearer));
    assert!(!sends_token(&bearer.replace(
        "{type: http, scheme: bearer}",
        "{type: apiKey, name: k, in: header}"
    )));
    assert!(!sends_token(
        &bearer.replace("scheme: bearer", "scheme: basic")
    ));
}

#[test]
fn what_is_ignored_is_one_warning_with_its_place() {
    let plain = contract("", "");
    for (from, to) in [
        (
            "operationId: op",
            "operationId: op\n      «callbacks: {done: {}}",
        ),
        (
            "'200': {description: d, ",
            "'200': {description: d, «links: {next: {operationId: op}}, ",
        ),
        (
            "paths:",
            "«servers: [{url: 'https://a.example'}, {url: 'https://b.example'}]\npaths:",
        ),
        (
            "paths:",
            "«servers: [{url: 'https://{a}.example', variables: {a: {default: b}}}]\npaths:",
        ),
        (
            "'200': {description: d, ",
            "«'201': {description: d, content: {text/csv: {}}}\n        '200': {description: d, ",
        ),
        ("{name: q, in: query", "«{name: q, in: cookie"),
        ("{name: q, in: query", "«{name: Authorization, in: header"),
        ("{name: q, in: query", "«{name: content-type, in: header"),
        ("{name: q, in: query", "«{name: Accept, in: header"),
    ] {
        let (found, expected) = warned(&plain.replacen(from, to, 1), "generator-ignored");
        assert_eq!(found.len(), 1, "{to} {found:?}");
        assert!(found[0].starts_with(&expected), "{expected} {found:?}");
    }
}

/// A parameter called `body` is renamed, and its path with it.
#[test]
fn a_path_that_is_renamed_to_another_one_keeps_its_operation() {
    let another = "  /a/{body}:
    post:
      operationId: other
      parameters: [{name: body, in: path, required: true, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: string}}}}
      responses: {'204': {description: d}}
  /a/{body2}:
    post:
      operationId: another
      parameters: [{name: body2, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: d}}
components:";
    let code = generate(
        "c.yaml",
        contract("", "").replacen("components:", another, 1),
    );
    let code = code.unwrap().code;
    for path in ["/a/{id}", "/a/{body}", "/a/{body2}"] {
        assert!(code.contains(&format!("path: \"{path}\"")), "{path}");
    }
    assert!(!code.contains("/other"));
}

#[test]
fn what_is_read_in_another_way_is_one_warning_with_its_place() {
    let cases = [
        (
            "NAMED",
            "enum-value",
            "{type: string, enum: [a, «1]}",
            "\"1\" => X1;",
        ),
        (
            "NAMED",
            "enum-value",
            "{type: string, enum: [a, «[a]]}",
            "\"a\" => A;",
        ),
        (
            "NAMED",
            "enum-value",
            "{type: string, enum: [a, «a]}",
            "\"a\" => A;",
        ),
        (
            "NAMED",
            "enum-value",
            "{enum: [1, «a]}",
            "Named(pub ::serde_json::Value)",
        ),
        (
            "NAMED",
            "enum-value",
            "{enum: [«[1]]}",
            "Named(pub ::serde_json::Value)",
        ),
        (
            "NAMED",
            "enum-value",
            "{type: integer, enum: [1, «a]}",
            "Named(pub i64)",
        ),
        (
            "NAMED",
            "enum-value",
            "{type: array, enum: [«a], items: {type: string}}",
            "Named(pub Vec<String>)",
        ),
        (
            "ANSWER",
            "generator-reference",
            "{$ref: «'#/components/schemas/P%6fint'}",
            "ResponseValue<Option<types::Point>>",
        ),
        (
            "ANSWER",
            "generator-reference",
            "{$ref: «'#/components/schemas/Count.Deep/properties/n'}",
            "ResponseValue<Option<types::CountDeepN>>",
        ),
    ];
    let deep =
        "    Count.Deep: {type: object, properties: {n: {$ref: '#/components/schemas/Deep'}}}
    Deep: {type: object, properties: {o: {type: string}}}
";
    for (place, rule, schema, expected) in cases {
        let text = format!("{}{deep}", contract(place, schema));
        let (found, start) = warned(&text, rule);
        assert_eq!(found.len(), 1, "{schema} {found:?}");
        assert!(found[0].starts_with(&start), "{schema} {start} {found:?}");
        let code = generate("c.yaml", text.replace(HERE, "")).unwrap().code;
        assert!(code.contains(expected), "{schema}: no {expected}");
    }
    let text = contract("", "").replacen("  /a/{id}:", "  «/a/{id}#part:", 1);
    let (found, start) = warned(&text, "path-parameter");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(&start), "{start} {found:?}");
    let code = generate("c.yaml", text.replace(HERE, "")).unwrap().code;
    assert!(code.contains("path: \"/a/{id}\""));
}

/// What is moved refers to itself by where it was.
#[test]
fn a_reference_into_a_schema_can_lead_around() {
    let schema = "{type: object, properties: {n: {type: object, properties: {m: {$ref: '#/components/schemas/Named/properties/n'}}}}}";
    let code = generate("c.yaml", contract("NAMED", schema)).unwrap().code;
    assert_eq!(code.matches("pub struct NamedN").count(), 1, "{code}");
    assert!(code.contains("Box<Option<NamedN>>"), "{code}");
}

/// Each of these merges asks for another one of the same schemas.
#[test]
fn a_merge_of_schemas_that_refer_to_themselves_ends() {
    let schemas = r"    A: {type: object, properties: {p: {$ref: '#/components/schemas/A'}}}
    D: {type: object, properties: {p: {allOf: [{$ref: '#/components/schemas/D'}, {type: object, properties: {d: {}}}]}}}
    C: {type: object, oneOf: [{$ref: '#/components/schemas/D'}]}
    B: {type: object, oneOf: [{$ref: '#/components/schemas/C'}]}
    X: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
    Z:
      allOf:
        - {type: object, properties: {q: {$ref: '#/components/schemas/X'}}}
        - {type: object, properties: {q: {allOf: [{$ref: '#/components/schemas/C'}, {$ref: '#/components/schemas/A'}]}}}
";
    let text = format!("{}{schemas}", contract("", ""));
    if let Err(findings) = generate("c.yaml", text) {
        panic!("{findings}");
    }
}

#[test]
fn only_true_and_false_make_a_boolean_that_is_also_text() {
    let with =
        |words: &str| format!("{{oneOf: [{{type: boolean}}, {{type: string, enum: [{words}]}}]}}");
    let is_boolean = |words: &str| {
        let code = generate("c.yaml", contract("NAMED", &with(words)))
            .unwrap()
            .code;
        code.contains("BooleanOrText as Named")
    };
    assert!(is_boolean("'true', 'false'"));
    assert!(!is_boolean("'yes', 'no'"));
    assert!(!is_boolean("'true', 'maybe'"));
}
