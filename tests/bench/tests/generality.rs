//! `cargo xtask generality` as a process: its report and how it exits. Nothing is compiled here, which
//! would need the network where what clients depend on has not been fetched.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not recognized as tests"
)]

use std::process::Command;

/// Two operations: one is accepted, and the body of the other is of parts.
const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get:
      operationId: readA
      responses:
        '200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
    put:
      operationId: writeA
      requestBody: {content: {multipart/mixed: {schema: {$ref: '#/components/schemas/B'}}}}
      responses: {'204': {description: done}}
components:
  schemas:
    A: {type: object, properties: {a: {type: string}}}
    B: {type: string, format: binary}
";

fn generality(name: &str, text: Option<&str>) -> (Option<i32>, String, String) {
    let directory = tempfile::tempdir().unwrap();
    if let Some(text) = text {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_people-bench"))
        .args(["generality", "--no-compile", name])
        .current_dir(directory.path())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn a_refused_operation_has_its_rule_and_place_and_the_others_are_accepted() {
    let (code, stdout, stderr) = generality("a.yaml", Some(DOCUMENT));
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let rule = "    1 refused by generator-body, first a.yaml:11:7: generator-body: ";
    let (head, rest) = stdout
        .split_once(rule)
        .unwrap_or_else(|| panic!("{stdout}"));
    assert_eq!(
        head,
        "a.yaml: 2 operations\n  one at a time: 1 accepted, none compiled\n"
    );
    let (_, rest) = rest.split_once('\n').unwrap();
    assert!(
        rest.starts_with(
            "  all accepted operations as one client: generated\n  the whole document: refused\n"
        ),
        "{stdout}"
    );
    assert!(rest.contains(rule), "{stdout}");
}

#[test]
fn a_document_that_cannot_be_read_exits_with_2() {
    let (code, stdout, stderr) = generality("missing.yaml", None);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.starts_with("error: missing.yaml: "), "{stderr}");
    let (code, _, stderr) = generality("broken.yaml", Some("a: [1\n"));
    assert_eq!(code, Some(2));
    assert!(stderr.starts_with("error: broken.yaml:"), "{stderr}");
}
