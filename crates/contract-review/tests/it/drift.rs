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
