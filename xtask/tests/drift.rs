//! `cargo xtask drift` as a process: the first look, news, acceptance, and exit status.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not recognized as tests"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Our contract: one operation.
const CONTRACT: &str = "\
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things/{id}:
    get:
      responses:
        '200': {description: A thing., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components:
  schemas:
    Thing: {type: object, properties: {colour: {type: string, enum: [red]}}}
";

/// A cut of a published document with 300 operations, of which one is ours.
fn cut(sentence: &str, colours: &str, more: &str, others: &str) -> String {
    let mut text = String::from("openapi: 3.0.0\npaths:\n");
    for index in 0..299 {
        writeln!(
            text,
            "  /v1/other{index}: {{get: {{description: {others}, responses: {{'200': {{description: \
             Done.}}}}}}}}"
        )
        .unwrap();
    }
    writeln!(
        text,
        "  /v1/things/{{thing}}: {{get: {{description: Reads a thing. {sentence}, responses: {{'200': \
         {{description: The thing., content: {{application/json: {{schema: {{type: object, properties: \
         {{colour: {{type: string, enum: [{colours}]}}{more}}}}}}}}}}}}}}}}}"
    )
    .unwrap();
    text
}

struct Look {
    directory: tempfile::TempDir,
}

impl Look {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("contract.yaml"), CONTRACT).unwrap();
        Self { directory }
    }

    fn baseline(&self) -> PathBuf {
        self.directory.path().join("upstream.lock")
    }

    /// The exit status, standard output without the path of the document, and standard error.
    fn at(&self, document: &str, more: &[&str]) -> (Option<i32>, String, String) {
        let path = self.directory.path().join("published.yaml");
        fs::write(&path, document).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args([Path::new("drift"), &path])
            .args([Path::new("--baseline"), &self.baseline()])
            .arg("--contract")
            .arg(self.directory.path().join("contract.yaml"))
            .args(more)
            .output()
            .unwrap();
        let text = |bytes| {
            let text = String::from_utf8(bytes).unwrap();
            text.replace(&*path.display().to_string(), "FILE")
        };
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    }
}

#[test]
fn accepted_document_is_no_news_and_the_next_one_is_exactly_its_changes() {
    let look = Look::new();
    let first = cut("Anyone may call it.", "red", "", "Another one.");

    let (code, stdout, stderr) = look.at(&first, &[]);
    assert_eq!(code, Some(1), "{stdout}");
    assert!(
        stderr.starts_with("note: there is no last look"),
        "{stderr}"
    );
    assert!(!look.baseline().exists());

    let (code, _, stderr) = look.at(&first, &["--accept"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let accepted = fs::read_to_string(look.baseline()).unwrap();
    assert!(!accepted.contains("Anyone"), "{accepted}");

    let (code, stdout, _) = look.at(&first, &[]);
    let nothing = "0 new, 0 no longer stated, 0 that the contract lacks or contradicts\n";
    assert_eq!((code, stdout.as_str()), (Some(0), nothing));

    // One sentence, one value and one property, and a sentence of each other operation.
    let size = ", size: {type: integer}";
    let second = cut("Administrators only.", "red, blue", size, "Not ours.");
    let (code, stdout, _) = look.at(&second, &[]);
    assert_eq!(code, Some(1));
    let news: Vec<&str> = (stdout.lines())
        .filter_map(|line| line.split_once(": new: ").map(|(_, news)| news))
        .collect();
    assert_eq!(
        news,
        [
            "GET /things/{}: \"Administrators only.\"",
            "GET /things/{} > response 200.colour: value `blue`",
            "GET /things/{} > response 200.size: property",
        ]
    );
    let summary = "3 new, 1 no longer stated, 2 that the contract lacks or contradicts\n";
    assert!(stdout.ends_with(summary), "{stdout}");
    // The look alone changes nothing.
    assert_eq!(fs::read_to_string(look.baseline()).unwrap(), accepted);

    assert_eq!(look.at(&second, &["--accept"]).0, Some(0));
    assert_eq!(look.at(&second, &[]).0, Some(0));
}

#[test]
fn document_that_says_less_is_a_change_and_so_is_one_without_the_operation() {
    let look = Look::new();
    let first = cut("Anyone may call it.", "red, blue", "", "Another one.");
    assert_eq!(look.at(&first, &["--accept"]).0, Some(0));

    let less = cut("Anyone may call it.", "red", "", "Another one.");
    let (code, stdout, _) = look.at(&less, &[]);
    let summary = "0 new, 1 no longer stated, 0 that the contract lacks or contradicts\n";
    assert_eq!((code, stdout.as_str()), (Some(1), summary));

    let (code, stdout, _) = look.at("openapi: 3.0.0\npaths: {}\n", &[]);
    assert_eq!(code, Some(1));
    let missing = "FILE: missing: GET /things/{}: the document does not have it\n0 new, ";
    assert!(stdout.starts_with(missing), "{stdout}");
}

/// The text of the publisher is not ours to copy.
#[test]
fn committed_baseline_holds_hashes_alone() {
    let text = fs::read_to_string(xtask::project_root().join(xtask::BASELINE)).unwrap();
    let lines = || text.lines().filter(|line| !line.starts_with('#'));
    assert_ne!(lines().count(), 0);
    for line in lines() {
        let is_hash = line.len() == 32 && line.chars().all(|digit| digit.is_ascii_hexdigit());
        assert!(is_hash, "{line}");
    }
}

#[test]
fn document_that_cannot_be_read_exits_with_2_and_its_place() {
    let look = Look::new();
    let (code, stdout, stderr) = look.at("a: [\n", &["--accept"]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.starts_with("error: FILE:"), "{stderr}");
    assert!(!look.baseline().exists());
}
