//! The layout of the sources: in no crate do two files import each other, directly or indirectly.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The directories of sources, from the root of the workspace. `people-sdk` is missing: its modules
/// import the crate's root, which re-exports them.
const CRATES: [&str; 6] = [
    "crates/contract-review/src",
    "crates/people-cli/src",
    "crates/people-codegen/src",
    "crates/people-fake/src",
    "tests/bench/src",
    "xtask/src",
];

/// The module path of a file: `diff/rules.rs` is `diff::rules`, `lib.rs` the root.
fn module_of(file: &Path) -> Vec<String> {
    let mut module: Vec<String> = (file.with_extension("").iter())
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if matches!(
        module.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        module.pop();
    }
    module
}

fn rust_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every path in the `use` declarations of a file, braces written out.
fn imports(text: &str) -> Vec<String> {
    let mut imports = Vec::new();
    // A module of tests, at the end of a file, imports what it tests.
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    for part in text.split(';') {
        let Some(start) = part.rfind("\nuse ").or_else(|| part.rfind("\npub use ")) else {
            continue;
        };
        let declaration = part[start..].trim().trim_start_matches("pub ");
        expand("", declaration.trim_start_matches("use "), &mut imports);
    }
    imports
}

/// Writes `prefix` followed by each choice of `tree` to `into`.
fn expand(prefix: &str, tree: &str, into: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((head, rest)) = tree.split_once('{') else {
        into.push(format!("{prefix}{tree}"));
        return;
    };
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let prefix = format!("{prefix}{head}");
    let mut depth = 0_usize;
    let mut start = 0;
    for (index, character) in inner.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                expand(&prefix, &inner[start..index], into);
                start = index + 1;
            }
            _ => {}
        }
    }
    if !inner[start..].trim().is_empty() {
        expand(&prefix, &inner[start..], into);
    }
}

/// The module of `known` that `import` names an item of, as seen from `module`.
fn target(module: &[String], import: &str, known: &BTreeSet<Vec<String>>) -> Option<Vec<String>> {
    let mut path: Vec<String> = Vec::new();
    for (index, part) in import.split("::").enumerate() {
        match part.trim() {
            "crate" if index == 0 => {}
            "self" if index == 0 => path = module.to_vec(),
            "super" => {
                if index == 0 {
                    path = module.to_vec();
                }
                path.pop();
            }
            // A child by its bare name, or a crate.
            part if index == 0 => {
                path = module.to_vec();
                path.push(part.to_owned());
                if !known.contains(&path) {
                    return None;
                }
            }
            "self" => {}
            part => path.push(part.to_owned()),
        }
    }
    (0..=path.len())
        .rev()
        .map(|length| path[..length].to_vec())
        .find(|candidate| known.contains(candidate))
}

#[test]
fn no_two_files_import_each_other() {
    let root = xtask::project_root();
    let mut circles = Vec::new();
    for directory in CRATES {
        let directory = root.join(directory);
        let mut files = Vec::new();
        rust_files(&directory, &mut files);
        assert!(!files.is_empty(), "{} has no sources", directory.display());
        let known: BTreeSet<Vec<String>> = files
            .iter()
            .map(|file| module_of(file.strip_prefix(&directory).unwrap()))
            .collect();
        let mut edges: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
        for file in &files {
            let module = module_of(file.strip_prefix(&directory).unwrap());
            let text = format!("\n{}", fs::read_to_string(file).unwrap());
            for import in imports(&text) {
                if let Some(target) = target(&module, &import, &known)
                    && target != module
                {
                    edges.entry(module.clone()).or_default().insert(target);
                }
            }
        }
        // What leads nowhere is in no circle; what is left after taking that away, is or leads there.
        loop {
            let leads: BTreeSet<_> = edges.keys().cloned().collect();
            for targets in edges.values_mut() {
                targets.retain(|target| leads.contains(target));
            }
            let before = edges.len();
            edges.retain(|_, targets| !targets.is_empty());
            if edges.len() == before {
                break;
            }
        }
        for (module, targets) in &edges {
            for target in targets {
                let (from, to) = (module.join("::"), target.join("::"));
                circles.push(format!("{}: {from} -> {to}", directory.display()));
            }
        }
    }
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}
