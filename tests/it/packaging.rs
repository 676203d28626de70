//! What a release promises besides its behaviour: the crates it depends on, the oldest Rust version,
//! licences. `cargo xtask package` tests that the packages build outside the workspace.
//!
//! Cargo is called with `--offline` and for this platform only, so that no crate is needed that the
//! build of these tests has not downloaded.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use xtask::package::{PUBLISHED, crates_of, generators_among};

fn cargo(arguments: &[&str]) -> String {
    let mut cargo = std::process::Command::new(env!("CARGO"));
    let output = cargo
        .args(arguments)
        .current_dir(xtask::project_root())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a consumer of people-sdk compiles, with `selection` of its features, as `cargo tree` shows it.
fn sdk_tree(selection: &[&str]) -> String {
    let common = [
        "tree",
        "--offline",
        "--locked",
        "--package=people-sdk",
        "--edges=normal,build",
        "--prefix=none",
        "--format={p}",
    ];
    cargo(&[&common, selection].concat())
}

/// The platform that these tests run on: `x86_64-unknown-linux-gnu`.
fn platform() -> String {
    let version = cargo(&["--version", "--verbose"]);
    let mut lines = version.lines();
    let host = lines.find_map(|line| line.strip_prefix("host: "));
    host.expect("a line with the host").to_owned()
}

fn parse_toml<T: for<'de> Deserialize<'de>>(file: &str) -> T {
    let text = std::fs::read_to_string(xtask::project_root().join(file)).unwrap();
    toml::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// `Cargo.lock`: the dependencies of every package, with all features and for all platforms.
#[derive(Deserialize)]
struct Lock {
    package: Vec<LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    name: String,
    version: String,
    /// Names, each with its version where there are several.
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lock {
    /// The packages that `roots` depend on, directly and indirectly, and `roots` themselves: each
    /// as name and version.
    fn closure<'a>(&'a self, roots: impl Iterator<Item = &'a str>) -> Vec<String> {
        let mut to_visit: Vec<&str> = roots.collect();
        let mut visited = BTreeSet::new();
        while let Some(reference) = to_visit.pop() {
            let package = self.find(reference);
            if visited.insert(format!("{} {}", package.name, package.version)) {
                to_visit.extend(package.dependencies.iter().map(String::as_str));
            }
        }
        visited.into_iter().collect()
    }

    fn find(&self, reference: &str) -> &LockedPackage {
        let (name, version) = reference.split_once(' ').unwrap_or((reference, ""));
        let mut found = self.package.iter().filter(|package| {
            package.name == name && (version.is_empty() || package.version == version)
        });
        let package = found.next();
        assert!(found.next().is_none(), "{reference} is ambiguous");
        package.unwrap_or_else(|| panic!("{reference} is not in Cargo.lock"))
    }
}

/// The lists of dependencies in a package's manifest, by name.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Manifest {
    dependencies: BTreeMap<String, toml::Value>,
    build_dependencies: BTreeMap<String, toml::Value>,
    features: BTreeMap<String, Vec<String>>,
    target: Option<toml::Value>,
}

/// For every platform, and with every feature but `codegen`.
#[test]
fn without_codegen_the_sdk_depends_on_no_crate_of_the_generator() {
    let manifest: Manifest = parse_toml("crates/people-sdk/Cargo.toml");
    let lock: Lock = parse_toml("Cargo.lock");
    // The generator is the only build dependency, and only the feature `codegen` enables it.
    let generator: Vec<&String> = manifest.build_dependencies.keys().collect();
    assert_eq!(generator, ["people-codegen"]);
    let build_dependency = &manifest.build_dependencies["people-codegen"];
    assert_eq!(build_dependency["optional"].as_bool(), Some(true));
    let enabling = manifest.features.iter().filter(|(_, enabled)| {
        let mut enabled = enabled.iter();
        enabled.any(|enabled| enabled.contains("people-codegen"))
    });
    let enabling: Vec<&String> = enabling.map(|(feature, _)| feature).collect();
    assert_eq!(enabling, ["codegen"]);
    assert!(manifest.target.is_none(), "read these dependencies too");

    let sdk = lock.find("people-sdk");
    let direct = sdk.dependencies.iter().map(String::as_str);
    let direct = direct.filter(|reference| {
        let name = reference.split(' ').next().unwrap();
        manifest.dependencies.contains_key(name)
    });
    assert_eq!(direct.clone().count(), manifest.dependencies.len());
    let crates = lock.closure(direct);
    assert!(crates.len() > 100, "{crates:?}");
    assert_eq!(generators_among(&crates), [""; 0]);

    let crates = lock.closure(std::iter::once("people-codegen"));
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

/// `tracing` and `native-tls` depend on macros that still use `syn` 2.
#[test]
fn without_codegen_the_sdk_depends_on_one_version_of_each_crate() {
    for features in ["rustls", "rustls,schemars"] {
        let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let tree = sdk_tree(&["--no-default-features", "--features", features]);
        for found in crates_of(&tree) {
            let (name, version) = found.split_once(' ').unwrap();
            let versions = versions.entry(name.to_owned()).or_default();
            versions.push(version.to_owned());
        }
        assert!(versions.len() > 50, "{features}: {versions:?}");
        versions.retain(|_, found| found.len() > 1);
        assert!(versions.is_empty(), "{features}: {versions:?}");
    }
}

/// Serde's macro costs half as much as the SDK's own code, and nothing in the reviewed copy uses it.
#[test]
fn without_codegen_the_sdk_does_not_depend_on_serde_derive() {
    let tree = sdk_tree(&["--no-default-features", "--features=rustls,tracing"]);
    let crates = crates_of(&tree);
    let has = |name: &str| crates.iter().any(|found| found.starts_with(name));
    assert!(has("serde v"), "{crates:?}");
    assert!(!has("serde_derive v"), "{crates:?}");
}

/// With the feature `codegen`, a program compiles the generator too. What both need is compiled once,
/// where their features are the same.
#[test]
fn the_sdk_and_its_generator_share_what_both_depend_on() {
    let mut twice = crates_of(&sdk_tree(&["--duplicates", "--depth=0"]));
    // Not for us to choose: the macro of schemars 0.8, which progenitor brings in, needs version 2.
    twice.retain(|found| !found.starts_with("syn "));
    assert_eq!(twice, [""; 0]);
}

/// Of what this platform compiles. The workflow `msrv` compiles everything with the oldest Rust.
#[test]
fn oldest_rust_is_that_of_the_most_demanding_dependency() {
    let platform = platform();
    let metadata: Value = serde_json::from_str(&cargo(&[
        "metadata",
        "--offline",
        "--locked",
        "--format-version=1",
        "--filter-platform",
        &platform,
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
    let mut deciding = Vec::new();
    while let Some(id) = to_visit.pop() {
        if !visited.insert(id) {
            continue;
        }
        let package = packages[id];
        let required = package["rust_version"]
            .as_str()
            .map(version)
            .unwrap_or_default();
        let name = package["name"].as_str().unwrap();
        assert!(required <= stated, "{name} requires Rust {required:?}");
        if required == stated && !PUBLISHED.contains(&name) {
            deciding.push(name);
        }
        for dependency in list(&nodes[id]["deps"]) {
            if list(&dependency["dep_kinds"]).any(|kind| kind["kind"] != "dev") {
                to_visit.push(dependency["pkg"].as_str().unwrap());
            }
        }
    }
    assert!(deciding.contains(&"progenitor-impl"), "{deciding:?}");
}

#[test]
fn readmes_state_the_oldest_rust_of_the_manifest() {
    let (major, minor) = stated_rust();
    let stated = format!("Rust {major}.{minor}");
    let root = xtask::project_root();
    let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
    let of_the_sdk = read("crates/people-sdk/README.md");
    assert!(of_the_sdk.contains(&stated), "{stated} is not stated");
    // The workspace's README may leave it to that of the crate.
    let of_the_workspace = read("README.md");
    let other = of_the_workspace.replace(&stated, "").contains("Rust 1.");
    assert!(!other, "README.md states another version than {stated}");
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
    let manifest: toml::Value = parse_toml("Cargo.toml");
    version(
        manifest["workspace"]["package"]["rust-version"]
            .as_str()
            .unwrap(),
    )
}
