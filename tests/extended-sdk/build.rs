//! Adds the operations of `additions.yaml` to the workspace's contract and generates the client from
//! the result, as the build script of people-sdk does from the contract alone.
#![forbid(unsafe_code)]

use std::path::Path;

use serde::Deserialize as _;
use serde_json::{Map, Value};

const CONTRACT: &str = "../../spec/people.yaml";
const ADDITIONS: &str = "additions.yaml";

/// Small documents with one feature each, which `tests/corpus.rs` calls.
const CORPUS: &str = "../it/corpus";

fn main() {
    for file in ["build.rs", CONTRACT, ADDITIONS, CORPUS] {
        println!("cargo::rerun-if-changed={file}");
    }
    if let Err(message) = generate() {
        for line in message.lines() {
            println!("cargo::error={line}");
        }
    }
}

fn generate() -> Result<(), String> {
    let mut contract = read(CONTRACT)?;
    add(&mut contract, ADDITIONS)?;
    let unreadable = |error: std::io::Error| format!("{CORPUS}: {error}");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(CORPUS).map_err(unreadable)? {
        files.push(entry.map_err(unreadable)?.path());
    }
    // The documents that are refused are in a directory of their own.
    files.retain(|file| file.is_file());
    // In one order on every system, which is that of the generated code.
    files.sort();
    for file in files {
        add(&mut contract, &file.to_string_lossy())?;
    }
    let contract = format!("{contract:#}\n");
    // The documents make warnings on purpose, which those who change other parts need not see.
    let generated = people_codegen::generate("spec/people.yaml", &contract)
        .map_err(|diagnostics| diagnostics.to_string())?;
    let directory = std::env::var("OUT_DIR").map_err(|error| error.to_string())?;
    for (name, text) in [("people.json", contract), ("people.rs", generated.code)] {
        let path = Path::new(&directory).join(name);
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// Adds the operations and components of a file to the contract.
fn add(contract: &mut Value, file: &str) -> Result<(), String> {
    let additions = read(file)?;
    let components = additions.get("components").and_then(Value::as_object);
    let kinds = components.into_iter().flat_map(|kinds| kinds.keys());
    let pointers = kinds.map(|kind| format!("/components/{kind}"));
    for pointer in std::iter::once("/paths".to_owned()).chain(pointers) {
        let added = additions.pointer(&pointer).and_then(Value::as_object);
        let added = added.ok_or_else(|| format!("{file}: {pointer} is missing"))?;
        let (holder, kind) = pointer.rsplit_once('/').unwrap_or_default();
        let holder = contract.pointer_mut(holder).and_then(Value::as_object_mut);
        let holder = holder.ok_or_else(|| format!("{CONTRACT}: `{kind}` has no place"))?;
        let target = holder
            .entry(kind)
            .or_insert_with(|| Value::Object(Map::new()));
        let target = target.as_object_mut();
        let target = target.ok_or_else(|| format!("{CONTRACT}: {pointer} is no mapping"))?;
        for (name, value) in added {
            if target.insert(name.clone(), value.clone()).is_some() {
                return Err(format!("{file}: {pointer} has `{name}` already"));
            }
        }
    }
    Ok(())
}

fn read(path: &str) -> Result<Value, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let root = people_codegen::document::load::load(&text)
        .map_err(|diagnostic| format!("{path}: {}", diagnostic.message))?;
    Value::deserialize(&root).map_err(|error| format!("{path}: {error}"))
}
