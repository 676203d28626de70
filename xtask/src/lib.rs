//! The workspace's own commands, as functions that `main` and the tests call.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};

pub mod regen;

/// Where the contract is, from the root of the workspace.
pub const CONTRACT: &str = "spec/people.yaml";

/// The root of the workspace, wherever the command was called.
#[must_use]
pub fn project_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
