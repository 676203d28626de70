//! Where a contract is read from: files, and revisions of a repository. These tests run `git`, on
//! repositories of their own.

use std::fs;
use std::path::Path;
use std::process::Command;

use contract_review::diff::source::{Error, Source, read};
use tempfile::TempDir;

const CONTRACT: &str = "spec/things.yaml";

/// Runs git with no configuration but that of the repository.
fn git(directory: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "")
        .output()
        .expect("this test needs git on the search path");
    assert!(output.status.success(), "{output:?}");
}

/// A repository with the contract in two revisions, and a third text on the disk.
fn repository() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let contract = root.join(CONTRACT);
    fs::create_dir(root.join("spec")).unwrap();
    git(root, &["init", "-q", "-b", "main"]);
    fs::write(&contract, "title: first\n").unwrap();
    git(root, &["add", "."]);
    git(root, &["commit", "-q", "-m", "one"]);
    fs::write(&contract, "title: second\n").unwrap();
    git(root, &["commit", "-q", "-am", "two"]);
    fs::write(&contract, "title: third\n").unwrap();
    directory
}

fn read_in(directory: &TempDir, name: &str) -> Result<Source, Error> {
    read(name, directory.path(), CONTRACT)
}

#[test]
fn revision_is_read_from_git() {
    let directory = repository();
    let first = read_in(&directory, "HEAD~1").unwrap();
    assert_eq!(first.label, "HEAD~1:spec/things.yaml");
    assert_eq!(first.file, CONTRACT);
    assert_eq!(first.text, "title: first\n");
    let second = read_in(&directory, "main:spec/things.yaml").unwrap();
    assert_eq!(second.text, "title: second\n");
    let file = directory.path().join(CONTRACT);
    let third = read_in(&directory, file.to_str().unwrap()).unwrap();
    assert_eq!(third.text, "title: third\n");
}

#[test]
fn unknown_source_is_an_error_that_names_it() {
    let directory = repository();
    let message = |name: &str| read_in(&directory, name).unwrap_err().to_string();
    let unknown = message("no-such-thing");
    assert!(
        unknown.starts_with("no-such-thing: neither a file nor a revision of spec/things.yaml"),
        "{unknown}"
    );
    // Not taken for an option of git.
    let option = message("--help");
    assert!(option.starts_with("--help: neither"), "{option}");
    let path = message("main:no/such.yaml");
    assert!(path.contains("no/such.yaml"), "{path}");
    let binary = directory.path().join("binary");
    fs::write(&binary, b"a: 1\nb: \xff\n").unwrap();
    let binary = message(binary.to_str().unwrap());
    assert!(
        binary.ends_with("binary:2:1: this is not text in UTF-8"),
        "{binary}"
    );
}
