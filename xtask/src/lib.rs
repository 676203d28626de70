//! The workspace's own commands, as functions that `main` and the tests call.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};

pub mod files;
pub mod package;
pub mod regen;

/// Where the contract is, from the root of the workspace.
pub const CONTRACT: &str = "spec/people.yaml";

/// The differences of the contract that are accepted, from the root of the workspace.
pub const IGNORE_FILE: &str = "spec/diff-ignore.yaml";

/// The levels of rules that this project has set, from the root of the workspace.
pub const SETTINGS: &str = "spec/review.yaml";

/// What the service had published at the last look, from the root of the workspace.
pub const BASELINE: &str = "spec/upstream.lock";

/// The environment variable by which people-bench learns where this program is.
pub const XTASK: &str = "PEOPLE_XTASK";

/// The root of the workspace, wherever the command was called.
#[must_use]
pub fn project_root() -> PathBuf {
    // Cargo says at run time where this package is, should the workspace have moved since it was
    // built.
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .filter(|here| here.join("src/regen.rs").is_file())
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    here.parent().map_or(here.clone(), Path::to_owned)
}
