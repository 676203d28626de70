//! `cargo xtask diff` as a process: arguments, output and exit status.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not recognized as tests"
)]

use std::fs;
use std::process::{Command, Output};

/// The contract that the tests edit.
const CONTRACT: &str = "\
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things/{id}:
    put:
      operationId: updateThing
      summary: Replace a thing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '204': {description: Done.}
";

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("diff")
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn exit_status_depends_on_the_differences() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let old = file("old.yaml", CONTRACT);
    let new = file("new.yaml", &CONTRACT.replace("updateThing", "replaceThing"));
    let prose = file(
        "prose.yaml",
        &CONTRACT.replace("summary: Replace", "summary: Overwrite"),
    );
    let broken = file("broken.yaml", "a: [\n");
    let entry = |hash: &str| {
        format!(
            "- {{rule: operation-renamed, at: 'PUT /things/{{id}}', change: 'the operation was renamed \
             from `updateThing` to `replaceThing`', {hash}reason: Agreed., expires: 9999-12-31}}\n"
        )
    };
    let ignore = file("ignore.yaml", &entry(""));

    let output = xtask(&[&old, &new]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("new.yaml:"), "{text}");
    assert!(
        text.contains(": operation-renamed: PUT /things/{id}: "),
        "{text}"
    );

    assert_eq!(
        xtask(&[&old, &new, "--fail-on", "never"]).status.code(),
        Some(0)
    );
    // The command says what an entry lacks.
    let output = xtask(&[&old, &new, "--ignore", &ignore]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let (_, hash) = text.split_once("; add `").unwrap();
    let (hash, _) = hash.split_once('`').unwrap();
    file("ignore.yaml", &entry(&format!("{hash}, ")));
    assert_eq!(
        xtask(&[&old, &new, "--ignore", &ignore]).status.code(),
        Some(0)
    );
    assert_eq!(xtask(&[&old, &prose]).status.code(), Some(0));
    assert_eq!(
        xtask(&[&old, &prose, "--fail-on", "risky"]).status.code(),
        Some(1)
    );

    let output = xtask(&[&old, &broken]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("broken.yaml:2:1: yaml-syntax: "), "{text}");
    assert_eq!(xtask(&[&old]).status.code(), Some(2));
    assert_eq!(xtask(&[&old, "no-such-thing"]).status.code(), Some(2));
    assert_eq!(
        xtask(&[&old, &new, "--ignore", "no-such-file"])
            .status
            .code(),
        Some(2)
    );

    let output = xtask(&["--rules"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("| `operation-renamed` | safe | breaking | safe |"),
        "{text}"
    );
}
