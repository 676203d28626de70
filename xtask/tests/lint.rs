//! `cargo xtask lint` as a process: what it prints where, and how it exits.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not recognized as tests"
)]

use std::path::Path;
use std::process::Command;

struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn lint(arguments: &[&str], directory: &Path) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("lint")
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap();
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A contract without a finding, for the edits of a test.
const CONTRACT: &str = "\
openapi: 3.0.3
info:
  title: Things
  description: Reads things.
  version: '1'
servers:
  - url: https://example.com/v1
    description: The only one.
tags:
  - name: things
    description: Things of any kind.
security:
  - bearer: []
paths:
  /things/{thingId}:
    get:
      operationId: getThing
      tags: [things]
      summary: Read a thing
      description: Returns one thing.
      parameters:
        - name: thingId
          in: path
          description: Identifier of the thing.
          required: true
          schema: {type: string, pattern: '^[a-z]+$'}
          example: a
      responses:
        '204': {description: The thing exists.}
        '429': {$ref: '#/components/responses/TooMany'}
        default: {$ref: '#/components/responses/Error'}
components:
  headers:
    RetryAfter:
      description: Seconds to wait.
      schema: {type: integer}
      example: 5
  responses:
    TooMany:
      description: Too many requests.
      headers:
        Retry-After: {$ref: '#/components/headers/RetryAfter'}
      content:
        application/json:
          schema: {$ref: '#/components/schemas/Error'}
    Error:
      description: The request failed.
      content:
        application/json:
          schema: {$ref: '#/components/schemas/Error'}
  schemas:
    Error:
      type: object
      description: What went wrong.
      properties:
        message:
          type: string
          description: One sentence.
          example: Not found.
  securitySchemes:
    bearer: {type: http, scheme: bearer, description: A token.}
";

#[test]
fn the_contract_is_clean_from_any_directory() {
    let elsewhere = tempfile::tempdir().unwrap();
    let run = lint(&["--warnings-as-errors"], elsewhere.path());
    assert_eq!(run.stdout, "");
    assert_eq!(run.stderr, "spec/people.yaml: 0 errors, 0 warnings\n");
    assert_eq!(run.code, Some(0));
}

#[test]
fn errors_fail_and_warnings_fail_when_asked_to() {
    let directory = tempfile::tempdir().unwrap();
    let edit = |from: &str, to: &str| {
        assert!(CONTRACT.contains(from));
        let text = CONTRACT.replacen(from, to, 1);
        std::fs::write(directory.path().join("mine.yaml"), text).unwrap();
    };

    edit("type: http", "type: htp");
    let run = lint(&["mine.yaml"], directory.path());
    assert_eq!(run.code, Some(1));
    let (place, message) = run.stdout.split_once(": unknown-word: ").unwrap();
    assert!(
        place.starts_with("mine.yaml:") && place.ends_with(":20"),
        "{place}"
    );
    assert_eq!(message.lines().count(), 1, "{message}");
    assert_eq!(
        run.stderr, "mine.yaml: 1 error, 0 warnings\n",
        "{}",
        run.stdout
    );

    edit("          description: One sentence.\n", "");
    let run = lint(&["mine.yaml"], directory.path());
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert_eq!(run.stderr, "mine.yaml: 0 errors, 1 warning\n");
    let run = lint(&["--warnings-as-errors", "mine.yaml"], directory.path());
    assert_eq!(run.code, Some(1));
}

#[test]
fn formats_for_programs_are_alone_on_standard_output() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("mine.yaml"), "openapi: 3.0.3\n").unwrap();
    for format in ["json", "sarif"] {
        let run = lint(&["--format", format, "mine.yaml"], directory.path());
        assert_eq!(run.code, Some(1));
        assert_eq!(run.stderr, "");
        let value: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert!(value.is_object());
    }
    let run = lint(&["--format", "github", "mine.yaml"], directory.path());
    assert!(
        run.stdout
            .lines()
            .all(|line| line
                .starts_with("::error file=mine.yaml,line=1,col=1,title=missing-field::")),
        "{}",
        run.stdout
    );
    assert_eq!(run.stderr, "");
}

#[test]
fn what_cannot_be_read_exits_with_another_code() {
    let directory = tempfile::tempdir().unwrap();
    let run = lint(&["nothing.yaml"], directory.path());
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.starts_with("error: nothing.yaml: "),
        "{}",
        run.stderr
    );
    let run = lint(&["--format", "xml"], directory.path());
    assert_eq!(run.code, Some(2));
}
