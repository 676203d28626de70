//! The formats, by one pair of contracts that has something of everything.

use contract_review::diff::{self, Ignored, Report, Source};
use contract_review::report::{self, DiffFormat};
use insta::assert_snapshot;

use super::{named, today};

const OLD: &str = "\
openapi: 3.0.3
info:
  title: Things
  version: '1'
servers:
  - url: https://example.com
paths:
  /things/{id}:
    get:
      operationId: getThing
      summary: Read a thing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: brief, in: query, schema: {type: boolean}}
      responses:
        '200':
          description: The thing.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
    put:
      operationId: updateThing
      description: |
        Replaces a thing. Administrators only. What is left out of the body stays
        as it is.
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses:
        '200':
          description: The thing.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
components:
  schemas:
    Thing:
      type: object
      properties:
        name: {type: string, maxLength: 64}
        colour: {type: string, enum: [red, green]}
        old_name: {type: string}
";

fn new() -> String {
    OLD.replace("version: '1'", "version: '2'")
        .replace("updateThing", "replaceThing")
        .replace(
            "        - {name: brief, in: query, schema: {type: boolean}}\n",
            "",
        )
        .replace("Administrators only.", "Administrators and owners only.")
        .replace("stays\n        as it is.", "is\n        erased.")
        .replace("maxLength: 64", "maxLength: 32")
        .replace("[red, green]", "[red, green, '`@blue`']")
        .replace("        old_name: {type: string}\n", "")
        .replace("Read a thing\n", "Read a thing\n      x-internal: true\n")
        .replace("in: path,", "in: path, sort: odd,")
}

fn ignored() -> Ignored {
    let text = "\
- rule: property-removed
  at: Thing.old_name
  change: the property was removed
  hash: '0c08bc19'
  reason: Unused since 2020.
  expires: 2027-06-30
- rule: constraint-tightened
  at: Thing.name
  change: '`maxLength` changed from `64` to `32`'
  hash: '323e0607'
  reason: Checked with all callers.
  expires: 2026-12-31
- rule: schema-renamed
  at: Stuff
  change: the schema was renamed
  hash: '00000000'
  reason: Planned for the spring.
  expires: 2027-06-30
";
    Ignored::parse("spec/diff-ignore.yaml", text).unwrap()
}

fn everything() -> Report {
    let old = Source {
        label: "main:spec/things.yaml".to_owned(),
        ..named("", OLD)
    };
    let new = named("spec/things.yaml", &new());
    let new = Source {
        file: "spec/things.yaml".to_owned(),
        ..new
    };
    diff::compare(&old, &new, &ignored(), today()).unwrap()
}

#[test]
fn text() {
    assert_snapshot!(report::diff(&everything(), DiffFormat::Text));
}

#[test]
fn markdown() {
    assert_snapshot!(report::diff(&everything(), DiffFormat::Markdown));
}

#[test]
fn json() {
    let text = report::diff(&everything(), DiffFormat::Json);
    serde_json::from_str::<serde_json::Value>(&text).unwrap();
    assert_snapshot!(text);
}

#[test]
fn github() {
    assert_snapshot!(report::diff(&everything(), DiffFormat::Github));
}

#[test]
fn no_difference_is_said_in_every_format() {
    let report = super::report(OLD, OLD);
    assert_eq!(
        report::diff(&report, DiffFormat::Text),
        "no differences between old.yaml and new.yaml\n"
    );
    assert_eq!(
        report::diff(&report, DiffFormat::Markdown),
        "## Contract: `old.yaml` to `new.yaml`\n\nThe contract did not change.\n"
    );
    assert_eq!(report::diff(&report, DiffFormat::Github), "");
    let json: serde_json::Value =
        serde_json::from_str(&report::diff(&report, DiffFormat::Json)).unwrap();
    assert_eq!(json["differences"], serde_json::json!([]));
}

/// A contract from elsewhere must not draw on the terminal, call people, or end an annotation.
#[test]
fn what_a_contract_says_is_only_shown() {
    let contract = |text: &str| {
        let text = serde_json::Value::from(text);
        format!("info: {{title: A, version: '1', description: {text}}}\npaths: {{}}\n")
    };
    let report = super::report(
        &contract("old"),
        &contract("\x1b[31m red @everyone <img> | 100% \u{9b}31m\n::error::fake"),
    );
    for format in [DiffFormat::Text, DiffFormat::Markdown, DiffFormat::Github] {
        let text = report::diff(&report, format);
        let control = |character: char| character.is_control() && character != '\n';
        assert!(!text.contains(control), "{text}");
    }
    let markdown = report::diff(&report, DiffFormat::Markdown);
    assert!(!markdown.contains("@everyone"), "{markdown}");
    assert!(markdown.contains("\\<img\\>"), "{markdown}");
    let github = report::diff(&report, DiffFormat::Github);
    assert_eq!(github.lines().count(), 1, "{github}");
    assert!(github.contains("100%25"), "{github}");
}
