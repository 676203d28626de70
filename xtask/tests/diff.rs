//! `cargo xtask diff` as a process: files, revisions, exit status.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not recognized as tests"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use xtask::diff::source::read;

/// The contract that the tests edit.
const CONTRACT: &str = include_str!("../../spec/people.yaml");

fn git(directory: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// A repository with the contract in two revisions, and a third text on the disk.
fn repository() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let contract = root.join("spec/people.yaml");
    fs::create_dir(root.join("spec")).unwrap();
    git(root, &["init", "-q", "-b", "main"]);
    fs::write(&contract, CONTRACT).unwrap();
    git(root, &["add", "."]);
    git(root, &["commit", "-q", "-m", "one"]);
    fs::write(&contract, CONTRACT.replace("updatePerson", "replacePerson")).unwrap();
    git(root, &["commit", "-q", "-am", "two"]);
    fs::write(&contract, CONTRACT.replace("updatePerson", "writePerson")).unwrap();
    directory
}

#[test]
fn a_revision_is_read_from_git() {
    let directory = repository();
    let root = directory.path();
    let first = read("HEAD~1", root).unwrap();
    assert_eq!(first.label, "HEAD~1:spec/people.yaml");
    assert_eq!(first.file, "spec/people.yaml");
    assert_eq!(first.text, CONTRACT);
    let second = read("main:spec/people.yaml", root).unwrap();
    assert!(second.text.contains("operationId: replacePerson"));
    let file = root.join("spec/people.yaml");
    let third = read(file.to_str().unwrap(), root).unwrap();
    assert!(third.text.contains("operationId: writePerson"));
}

#[test]
fn what_is_neither_file_nor_revision_is_told() {
    let directory = repository();
    let message = read("no-such-thing", directory.path())
        .unwrap_err()
        .to_string();
    assert!(
        message.starts_with("no-such-thing: neither a file nor a revision of spec/people.yaml"),
        "{message}"
    );
    // Not taken for an option of git.
    let message = read("--help", directory.path()).unwrap_err().to_string();
    assert!(message.starts_with("--help: neither"), "{message}");
    let message = read("main:no/such.yaml", directory.path())
        .unwrap_err()
        .to_string();
    assert!(message.contains("no/such.yaml"), "{message}");
    let binary = directory.path().join("binary");
    fs::write(&binary, b"a: 1\nb: \xff\n").unwrap();
    let message = read(binary.to_str().unwrap(), directory.path())
        .unwrap_err()
        .to_string();
    assert!(
        message.ends_with("binary:2:1: this is not text in UTF-8"),
        "{message}"
    );
}

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("diff")
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn the_command_says_by_its_status_what_it_found() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let old = file("old.yaml", CONTRACT);
    let new = file(
        "new.yaml",
        &CONTRACT.replace("updatePerson", "replacePerson"),
    );
    let prose = file(
        "prose.yaml",
        &CONTRACT.replace("summary: Replace", "summary: Overwrite"),
    );
    let broken = file("broken.yaml", "a: [\n");
    let ignore = file(
        "ignore.yaml",
        "- {rule: operation-renamed, at: 'PUT /people/{personId}', reason: Agreed., expires: 9999-12-31}\n",
    );

    let output = xtask(&[&old, &new]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("new.yaml:"), "{text}");
    assert!(
        text.contains(": operation-renamed: PUT /people/{personId}: "),
        "{text}"
    );

    assert_eq!(
        xtask(&[&old, &new, "--fail-on", "never"]).status.code(),
        Some(0)
    );
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
