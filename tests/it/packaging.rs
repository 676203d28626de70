//! What a release promises besides its behaviour: which crates it brings, the oldest Rust, licences.
//! Whether the packages build outside the workspace is for `cargo xtask package`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use xtask::package::{PUBLISHED, crates_of, generators_among};

fn cargo(arguments: &[&str]) -> String {
    let mut cargo = std::process::Command::new(env!("CARGO"));
    let output = cargo
        .args(arguments)
        .args(["--offline", "--locked"])
        .current_dir(xtask::project_root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

fn tree(features: &str) -> Vec<String> {
    crates_of(&cargo(&[
        "tree",
        "--package=people-sdk",
        "--edges=normal,build",
        "--prefix=none",
        "--format={p}",
        "--no-default-features",
        "--features",
        features,
    ]))
}

#[test]
fn the_review_copy_brings_nothing_of_the_generator() {
    let every_other_feature = "rustls,native-tls,schemars,tracing";
    for features in ["rustls", every_other_feature] {
        let crates = tree(features);
        assert!(crates.len() > 50, "{crates:?}");
        assert_eq!(generators_among(&crates), Vec::<&str>::new(), "{features}");
    }
    let crates = tree("codegen,rustls");
    let generators = generators_among(&crates);
    for name in [
        "people-codegen",
        "progenitor-impl",
        "typify",
        "openapiv3",
        "saphyr-parser",
    ] {
        let found = generators.iter().any(|found| found.starts_with(name));
        assert!(found, "{name} is not among {generators:?}");
    }
}

/// The review copy has every crate in one version only. `tracing` and `native-tls` bring macros of
/// others that are still written with `syn` 2.
#[test]
fn the_review_copy_brings_nothing_twice() {
    for features in ["rustls", "rustls,schemars"] {
        let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for found in tree(features) {
            let (name, version) = found.split_once(' ').unwrap();
            versions
                .entry(name.to_owned())
                .or_default()
                .push(version.to_owned());
        }
        versions.retain(|_, found| found.len() > 1);
        assert!(versions.is_empty(), "{features}: {versions:?}");
    }
}

/// No dependency of what is published asks for a newer Rust than the manifest promises, one asks
/// for just that, and the README says it.
#[test]
fn the_oldest_rust_is_the_one_that_is_stated() {
    let metadata: Value = serde_json::from_str(&cargo(&[
        "metadata",
        "--format-version=1",
        "--all-features",
    ]))
    .unwrap();
    let packages: BTreeMap<&str, &Value> = list(&metadata["packages"])
        .map(|package| (package["id"].as_str().unwrap(), package))
        .collect();
    let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"]["nodes"])
        .map(|node| (node["id"].as_str().unwrap(), node))
        .collect();
    let stated = stated_rust();
    let mut to_visit: Vec<&str> = packages
        .iter()
        .filter(|(_, package)| PUBLISHED.contains(&package["name"].as_str().unwrap()))
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(to_visit.len(), PUBLISHED.len());
    let mut visited = BTreeSet::new();
    let mut setting = Vec::new();
    while let Some(id) = to_visit.pop() {
        if !visited.insert(id) {
            continue;
        }
        let package = packages[id];
        let asked = package["rust_version"]
            .as_str()
            .map(version)
            .unwrap_or_default();
        let name = package["name"].as_str().unwrap();
        assert!(asked <= stated, "{name} asks for Rust {asked:?}");
        if asked == stated && !PUBLISHED.contains(&name) {
            setting.push(name);
        }
        for dependency in list(&nodes[id]["deps"]) {
            if list(&dependency["dep_kinds"]).any(|kind| kind["kind"] != "dev") {
                to_visit.push(dependency["pkg"].as_str().unwrap());
            }
        }
    }
    assert!(setting.contains(&"progenitor-impl"), "set by {setting:?}");
    let root = xtask::project_root();
    let text = format!("Rust {}.{}", stated.0, stated.1);
    for readme in ["README.md", "crates/people-sdk/README.md"].map(|readme| root.join(readme)) {
        // The root's is about the workspace and may leave this to the crate's.
        let found = std::fs::read_to_string(&readme).unwrap_or_default();
        let says_so = found.contains(&text);
        assert!(
            says_so || !found.contains("Rust 1."),
            "{}",
            readme.display()
        );
        assert!(says_so || !readme.starts_with(root.join("crates")));
    }
}

#[test]
fn every_package_carries_the_licences() {
    let root = xtask::project_root();
    for name in PUBLISHED {
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let copy = root.join("crates").join(name).join(licence);
            assert!(
                copy.symlink_metadata().unwrap().is_file(),
                "{}",
                copy.display()
            );
            let same = read(&copy) == read(&root.join(licence));
            assert!(same, "{} is not {licence} of the root", copy.display());
        }
    }
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

fn version(text: &str) -> (u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap());
    (parts.next().unwrap(), parts.next().unwrap_or_default())
}

fn stated_rust() -> (u32, u32) {
    let manifest = std::fs::read_to_string(xtask::project_root().join("Cargo.toml")).unwrap();
    let mut lines = manifest.lines();
    let text = lines
        .find_map(|line| line.strip_prefix("rust-version = \""))
        .unwrap();
    version(text.trim_end_matches('"'))
}
