//! The documents in `tests/it/corpus`, each with one feature. Those that are accepted are also compiled, and
//! called, by `tests/extended-sdk`.

#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not recognized as tests"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The documents in a directory below `tests/it`, in one order.
fn documents(directory: &str) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/it")
        .join(directory);
    let entries = fs::read_dir(&directory).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    files
}

/// What the comments at the start of a document say after `# key: `.
fn expected<'a>(text: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    let comments = text.lines().take_while(|line| line.starts_with('#'));
    comments.filter_map(move |line| {
        let (name, value) = line.strip_prefix("# ")?.split_once(": ")?;
        (name == key).then_some(value)
    })
}

/// A refused document says where and by which rule: `# refused: 7:5: wrong-type`. As one fault gives one
/// message, hardly any has several.
#[test]
fn each_refused_document_has_its_findings_at_their_places() {
    let mut wrong = Vec::new();
    for file in documents("corpus/refused") {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        let expected: Vec<String> = expected(&text, "refused")
            .map(|finding| format!("{name}:{finding}"))
            .collect();
        assert!(!expected.is_empty(), "{name} does not say what is expected");
        let found = match people_codegen::check(&name, &text) {
            Ok(()) => Vec::new(),
            Err(findings) => findings.lines().collect(),
        };
        let place_and_rule: Vec<String> = found
            .iter()
            .map(|line| line.splitn(5, ':').take(4).collect::<Vec<_>>().join(":"))
            .collect();
        if place_and_rule != expected {
            wrong.push(format!("{expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lines of the generated code, in the comments of a document: `# code: "a-b" => a_b, optional;`.
#[test]
fn each_accepted_document_gives_the_code_that_it_lists() {
    let mut wrong = Vec::new();
    for file in documents("corpus") {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        // The others are called instead, and some use schemas of one another.
        if expected(&text, "code").next().is_none() {
            continue;
        }
        // Behind the document, so that its places are those of the file.
        let whole = format!("{text}openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n");
        let code = match people_codegen::generate(&name, &whole) {
            Ok(generated) => generated.code,
            Err(findings) => {
                wrong.push(findings.to_string());
                continue;
            }
        };
        let lines: Vec<&str> = code.lines().map(str::trim).collect();
        for line in expected(&text, "code") {
            if !lines.contains(&line) {
                wrong.push(format!("{name}: not generated: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
