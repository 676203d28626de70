//! What a newly published document says: exactly what is new, for the operations of the contract.

use std::fmt::Write as _;

use contract_review::drift::{Baseline, Report, drift};
use people_codegen::Node;
use people_codegen::document::load::load;

/// What the service has published, in two cuts: lines with `+` are in the second alone, those with `-`
/// in the first.
const PUBLISHED: &str = "
 openapi: 3.0.0
 info: {title: Everything, version: '7'}
 paths:
   /v1/things/{thing}:
     get:
-      description: Reads a thing. Anyone may call it.
+      description: Reads a thing. Administrators only.
       parameters:
         - {name: thing, in: path, required: true, schema: {type: string}}
         - {name: brief, in: query, schema: {type: boolean}}
       responses:
         200: {description: The thing., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
     put:
       requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
       responses:
         200: {description: The thing., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
   /v1/others:
     get:
-      description: Not ours.
+      description: Not ours either.
       responses: {200: {description: Others.}}
 components:
   schemas:
     Thing:
       type: object
       required: [name]
       properties:
         name: {type: string, description: The name.}
-        colour: {type: string, enum: [red]}
+        colour: {type: string, enum: [red, blue]}
+        size: {type: integer, description: How large it is. In pixels.}
         parts: {type: array, items: {$ref: '#/components/schemas/Thing'}}
";

const CONTRACT: &str = "
openapi: 3.0.3
info: {title: Things, version: '1'}
servers: [{url: https://example.com/v1}]
paths:
  /things/{id}:
    get:
      description: Other words.
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200': {description: A thing., content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
      responses:
        '200': {description: A thing., content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
components:
  schemas:
    Item:
      type: object
      required: [name]
      properties:
        name: {type: integer}
        colour: {type: string, x-extensible-enum: [red]}
        parts: {type: array, items: {$ref: '#/components/schemas/Item'}}
";

/// The first or the second cut.
fn cut(mark: char) -> Node {
    let lines = PUBLISHED.lines().filter_map(|line| {
        let first = line.chars().next()?;
        (first == ' ' || first == mark).then(|| &line[1..])
    });
    load(&lines.collect::<Vec<_>>().join("\n")).unwrap()
}

fn look(document: &Node, baseline: &Baseline) -> Report {
    drift(document, &load(CONTRACT).unwrap(), baseline)
}

fn said(statements: &[contract_review::drift::Statement]) -> Vec<String> {
    let lines = statements.iter();
    lines
        .map(|statement| format!("{}: {}", statement.at, statement.text))
        .collect()
}

#[test]
fn one_sentence_one_value_and_one_property_are_exactly_the_news() {
    let first = look(&cut('-'), &Baseline::default());
    let baseline = Baseline::parse(&first.baseline());
    assert_eq!(look(&cut('-'), &baseline).news, []);
    let second = look(&cut('+'), &baseline);
    assert_eq!(
        said(&second.news),
        [
            "GET /things/{}: \"Administrators only.\"",
            "GET /things/{} > response 200.colour: value `blue`",
            "GET /things/{} > response 200.size: property",
        ]
    );
    // Where the schema is used besides: two more for the body and the response of the PUT.
    let uses: Vec<usize> = second.news.iter().map(|news| news.more).collect();
    assert_eq!(uses, [0, 2, 2]);
    // The sentence that is no longer there.
    assert_eq!(second.gone, 1);
}

#[test]
fn what_the_contract_lacks_or_contradicts_is_listed() {
    let report = look(&cut('+'), &Baseline::default());
    assert_eq!(
        said(&report.deviations),
        [
            "GET /things/{} > query brief: the contract lacks it: parameter",
            "GET /things/{} > response 200.name: type `string`, and the contract says `integer`",
            "GET /things/{} > response 200.colour: the contract lacks it: value `blue`",
            "GET /things/{} > response 200.size: the contract lacks it: property",
        ]
    );
}

#[test]
fn baseline_holds_no_text_of_the_document() {
    let text = look(&cut('+'), &Baseline::default()).baseline();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        assert!(
            line.len() == 32 && line.chars().all(|digit| digit.is_ascii_hexdigit()),
            "{line}"
        );
    }
}

#[test]
fn operation_that_the_document_lacks_is_listed() {
    let document = load("openapi: 3.0.0\npaths: {}\n").unwrap();
    let report = look(&document, &Baseline::default());
    assert_eq!(report.missing, ["GET /things/{}", "PUT /things/{}"]);
    assert_eq!(report.news, []);
}

#[test]
fn other_operations_of_a_large_document_are_not_looked_at() {
    let mut text = String::from("openapi: 3.0.0\npaths:\n");
    for index in 0..300 {
        writeln!(
            text,
            "  /v1/other{index}: {{get: {{description: Other {index}., responses: {{'200': \
             {{description: Done.}}}}}}}}"
        )
        .unwrap();
    }
    let document = load(&(text + "  /v1/things/{a}: {get: {summary: Ours., responses: {}}}\n"));
    let report = look(&document.unwrap(), &Baseline::default());
    assert_eq!(said(&report.news), ["GET /things/{}: \"Ours.\""]);
}

/// A contract, and a document that says the same.
const SAME: &str = "
openapi: 3.0.3
info: {title: Things, version: '1'}
security: [{token: []}]
paths:
  /things:
    get:
      parameters:
        - {name: brief, in: query, schema: {type: array}}
      responses:
        '200':
          description: Things.
          content:
            application/json:
              schema: {type: object, properties: {size: {type: integer}}}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
    oauth: {type: oauth2, flows: {}}
";

/// What a document can say that the contract does not: the part of [`SAME`], what stands in its place, and
/// what is said where.
const SAID: &[(&str, &str, &str)] = &[
    (
        "[{token: []}]",
        "[{token: []}, {oauth: [write, read]}]",
        "GET /things: security `oauth2 read write`",
    ),
    (
        "    get:",
        "    get:\n      security: [{token: [], oauth: []}]",
        "GET /things: security `http bearer and oauth2`",
    ),
    (
        "    get:",
        "    get:\n      security: []",
        "GET /things: security `none`",
    ),
    (
        "    get:",
        "    get:\n      deprecated: true",
        "GET /things: deprecated `true`",
    ),
    (
        "in: query,",
        "in: query, required: true,",
        "GET /things > query brief: required",
    ),
    (
        "in: query,",
        "in: query, explode: false,",
        "GET /things > query brief: explode `false`",
    ),
    (
        "in: query,",
        "in: query, style: pipeDelimited,",
        "GET /things > query brief: style `pipeDelimited`",
    ),
    (
        "in: query,",
        "in: query, style: spaceDelimited, explode: true,",
        "GET /things > query brief: explode `true`",
    ),
    (
        "application/json:",
        "Application/XML; charset=utf-8:",
        "GET /things > response 200: media type `application/xml`",
    ),
    (
        "{type: object, p",
        "{type: object, required: [size], p",
        "GET /things > response 200.size: required",
    ),
    (
        "{type: object, p",
        "{type: object, additionalProperties: false, p",
        "GET /things > response 200: additionalProperties `false`",
    ),
    (
        "{type: object, p",
        "{type: object, maxProperties: 3, p",
        "GET /things > response 200: maxProperties `3`",
    ),
    (
        "{type: object, p",
        "{type: object, discriminator: {propertyName: kind}, p",
        "GET /things > response 200: discriminator `kind`",
    ),
    (
        "{type: object, p",
        "{type: object, discriminator: {mapping: {a: A}}, p",
        "GET /things > response 200: value `a`",
    ),
    (
        "type: integer",
        "type: integer, nullable: true",
        "GET /things > response 200.size: nullable `true`",
    ),
    (
        "type: integer",
        "type: integer, readOnly: true",
        "GET /things > response 200.size: readOnly `true`",
    ),
    (
        "type: integer",
        "type: integer, exclusiveMaximum: true",
        "GET /things > response 200.size: exclusiveMaximum `true`",
    ),
    (
        "type: integer",
        "type: integer, minimum: 1",
        "GET /things > response 200.size: minimum `1`",
    ),
    (
        "type: integer",
        "type: integer, not: {enum: [7]}",
        "GET /things > response 200.size not: value `7`",
    ),
];

#[test]
fn whatever_is_said_newly_is_news_and_what_the_contract_lacks() {
    let contract = load(SAME).unwrap();
    let first = drift(&contract, &contract, &Baseline::default());
    assert_eq!(first.deviations, []);
    let baseline = Baseline::parse(&first.baseline());
    for (from, to, expected) in SAID {
        assert!(SAME.contains(from), "{from}");
        let document = load(&SAME.replacen(from, to, 1)).unwrap();
        let report = drift(&document, &contract, &baseline);
        let news = said(&report.news);
        assert!(news.iter().any(|news| news == expected), "{to}: {news:?}");
        let lacking = said(&report.deviations);
        let expected = expected.replacen(": ", ": the contract lacks it: ", 1);
        assert!(lacking.contains(&expected), "{to}: {lacking:?}");
    }
}

#[test]
fn what_says_nothing_is_no_news() {
    let contract = load(SAME).unwrap();
    let first = drift(&contract, &contract, &Baseline::default());
    let baseline = Baseline::parse(&first.baseline());
    for (from, to) in [
        ("in: query,", "in: query, style: form, explode: true,"),
        ("in: query,", "in: query, required: false,"),
        ("type: integer", "type: integer, nullable: false"),
        (
            "{type: object, p",
            "{type: object, additionalProperties: true, p",
        ),
        ("token", "other"),
        (
            "    get:",
            "    get:\n      security: [{token: []}]\n      x-rate: 3",
        ),
    ] {
        assert!(SAME.contains(from), "{from}");
        let document = load(&SAME.replace(from, to)).unwrap();
        let report = drift(&document, &contract, &baseline);
        assert_eq!(said(&report.news), Vec::<String>::new(), "{to}");
        assert_eq!(said(&report.deviations), Vec::<String>::new(), "{to}");
        assert_eq!(report.gone, 0, "{to}");
    }
}
