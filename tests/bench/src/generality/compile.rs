//! Generated clients, compiled: each as a module of a copy of people-sdk, with the reviewed copy's
//! dependencies. Knows nothing of OpenAPI.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use xtask::files::copy_directory;

/// As many clients are compiled at a time: enough to pay for starting the compiler, and few enough
/// for its memory.
const BATCH: usize = 100;

/// The workspace that clients are compiled in, below the target directory so that what they depend on
/// is compiled once.
pub(super) struct Workshop {
    directory: PathBuf,
}

/// The first error of the compiler in a client, by the client's number.
pub(super) type Failures = BTreeMap<usize, String>;

impl Workshop {
    /// Copies people-sdk of the workspace at `root`.
    pub(super) fn new(root: &Path) -> io::Result<Self> {
        let directory = root.join("target/generality");
        let sdk = directory.join("people-sdk");
        if sdk.exists() {
            fs::remove_dir_all(&sdk)?;
        }
        fs::create_dir_all(&directory)?;
        copy_directory(&root.join("crates/people-sdk"), &sdk)?;
        fs::copy(root.join("Cargo.lock"), directory.join("Cargo.lock"))?;
        let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
        fs::write(
            directory.join("Cargo.toml"),
            workspace_manifest(&manifest, root),
        )?;
        let library = sdk.join("src/lib.rs");
        let text = fs::read_to_string(&library)?;
        fs::write(
            library,
            format!("{text}#[allow(warnings)]\nmod measured;\n"),
        )?;
        fs::create_dir_all(sdk.join("src/measured"))?;
        Ok(Self { directory })
    }

    /// Compiles the clients, each alone, and says which fail.
    pub(super) fn check(&self, clients: &[(usize, &str)]) -> io::Result<Failures> {
        let mut failures = Failures::new();
        for batch in clients.chunks(BATCH) {
            for (number, code) in batch {
                fs::write(self.sources().join(file_name(*number)), code)?;
            }
            let mut numbers: BTreeSet<usize> = batch.iter().map(|(number, _)| *number).collect();
            // The compiler stops at the first stage with errors, so what is left is tried again.
            loop {
                let found = self.compile(&numbers)?;
                if found.is_empty() {
                    break;
                }
                numbers.retain(|number| !found.contains_key(number));
                failures.extend(found);
            }
            for (number, _) in batch {
                fs::remove_file(self.sources().join(file_name(*number)))?;
            }
        }
        Ok(failures)
    }

    fn sources(&self) -> PathBuf {
        self.directory.join("people-sdk/src/measured")
    }

    fn compile(&self, numbers: &BTreeSet<usize>) -> io::Result<Failures> {
        let mut modules = String::new();
        for number in numbers {
            // Writing to a string does not fail.
            let _ = writeln!(modules, "pub mod client_{number};");
        }
        fs::write(self.sources().with_extension("rs"), modules)?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["check", "--quiet", "--message-format", "json"])
            .args(["--package", "people-sdk", "--no-default-features"])
            .args(["--features", "schemars"])
            .current_dir(&self.directory)
            .env("CARGO_TARGET_DIR", self.directory.join("target"))
            // What is compiled changes as a whole each time.
            .env("CARGO_INCREMENTAL", "0")
            .stdin(Stdio::null())
            .output()?;
        let failures = failures(&String::from_utf8_lossy(&output.stdout));
        if failures.is_empty() && !output.status.success() {
            return Err(io::Error::other(format!(
                "the clients cannot be compiled: cargo check ended with {}:\n{}",
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            )));
        }
        Ok(failures)
    }
}

fn file_name(number: usize) -> String {
    format!("client_{number}.rs")
}

/// The workspace's manifest, with the copy of people-sdk as its only member.
fn workspace_manifest(manifest: &str, root: &Path) -> String {
    let mut lines = String::new();
    for line in manifest.lines() {
        let line = if line.starts_with("members = ") {
            "members = [\"people-sdk\"]".to_owned()
        } else if line.starts_with("exclude = ") {
            continue;
        } else {
            line.replace("path = \"", &format!("path = \"{}/", root.display()))
        };
        lines.push_str(&line);
        lines.push('\n');
    }
    lines
}

/// The errors in cargo's messages, one per client.
fn failures(messages: &str) -> Failures {
    let mut failures = Failures::new();
    for line in messages.lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let Some(message) = message.get("message") else {
            continue;
        };
        if message.get("level").and_then(Value::as_str) != Some("error") {
            continue;
        }
        let text = message.get("message").and_then(Value::as_str);
        if let Some((number, line)) = client(message) {
            let text = text.unwrap_or_default();
            failures
                .entry(number)
                .or_insert_with(|| format!("line {line}: {text}"));
        }
    }
    failures
}

/// The client that a message is about, and the line in it: in the message's own places, in those of
/// the macros that lead there, or in its notes.
fn client(message: &Value) -> Option<(usize, u64)> {
    match message {
        Value::Object(fields) => {
            let number = fields
                .get("file_name")
                .and_then(Value::as_str)
                .and_then(|name| name.rsplit_once("measured/client_"))
                .and_then(|(_, name)| name.strip_suffix(".rs")?.parse().ok());
            let line = fields.get("line_start").and_then(Value::as_u64);
            match (number, line) {
                (Some(number), Some(line)) => Some((number, line)),
                _ => fields.values().find_map(client),
            }
        }
        Value::Array(items) => items.iter().find_map(client),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_inside_a_macro_is_that_of_the_client_that_calls_it() {
        let message = serde_json::json!({ "message": {
            "level": "error", "message": "no such type",
            "spans": [{ "file_name": "people-sdk/src/runtime/serde_support.rs", "line_start": 1,
                "expansion": { "span": {
                    "file_name": "people-sdk/src/measured/client_7.rs", "line_start": 12,
                } } }],
        } });
        let warning = serde_json::json!({ "message": {
            "level": "warning", "message": "unused",
            "spans": [{ "file_name": "people-sdk/src/measured/client_8.rs", "line_start": 1 }],
        } });
        let found = failures(&format!("{message}\n{warning}\nno message\n"));
        assert_eq!(
            found,
            Failures::from([(7, "line 12: no such type".to_owned())])
        );
    }

    #[test]
    fn the_copy_is_the_only_member_and_paths_lead_to_the_workspace() {
        let manifest = "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"fuzz\"]\n\
                        [workspace.dependencies]\na = { path = \"crates/a\" }\n";
        assert_eq!(
            workspace_manifest(manifest, Path::new("/root")),
            "[workspace]\nmembers = [\"people-sdk\"]\n[workspace.dependencies]\n\
             a = { path = \"/root/crates/a\" }\n"
        );
    }
}
