//! `cargo xtask regen` as a process, in a small workspace of its own.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not recognized as tests"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use tempfile::TempDir;

const CODE: &str = "crates/people-sdk/generated/people.rs";
const CONTRACT: &str = "spec/people.yaml";
/// What the contract of the workspace holds.
const THINGS: &str = "\
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: getThing
      responses:
        '200':
          description: The thing.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
components:
  schemas:
    Thing:
      type: object
      properties:
        managerId: {type: string}
";
const REMEDY: &str = "help: run `cargo xtask regen` and commit the result\n";

struct Workspace(TempDir);

struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Workspace {
    fn new() -> Self {
        let workspace = Self(tempfile::tempdir().unwrap());
        // By this file the command knows the workspace.
        for (file, text) in [(CONTRACT, THINGS), ("xtask/src/regen.rs", "")] {
            let target = workspace.path(file);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::write(target, text).unwrap();
        }
        std::fs::create_dir_all(workspace.path("crates/people-sdk")).unwrap();
        let run = workspace.regen(&[], ".");
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        workspace
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn edit(&self, file: &str, edit: impl FnOnce(String) -> String) {
        let text = std::fs::read_to_string(self.path(file)).unwrap();
        let edited = edit(text.clone());
        assert_ne!(text, edited, "the edit of {file} changed nothing");
        std::fs::write(self.path(file), edited).unwrap();
    }

    fn regen(&self, arguments: &[&str], directory: &str) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("regen")
            .args(arguments)
            .current_dir(self.path(directory))
            .env("CARGO_MANIFEST_DIR", self.path("xtask"))
            // Neither git nor anything else is needed.
            .env("PATH", "")
            .output()
            .unwrap();
        Run {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn check(&self) -> Run {
        self.regen(&["--check"], "crates/people-sdk")
    }

    /// Everything that is there, with its content and the time of its last change.
    fn state(&self) -> Vec<(PathBuf, Vec<u8>, SystemTime)> {
        let mut found = Vec::new();
        collect(self.0.path(), &mut found);
        found.sort();
        found
    }
}

fn collect(directory: &Path, found: &mut Vec<(PathBuf, Vec<u8>, SystemTime)>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            let modified = path.metadata().unwrap().modified().unwrap();
            found.push((path.clone(), std::fs::read(path).unwrap(), modified));
        }
    }
}

#[test]
fn what_is_up_to_date_is_left_alone() {
    let workspace = Workspace::new();
    let before = workspace.state();
    for arguments in [&["--check"][..], &[]] {
        let run = workspace.regen(arguments, "spec");
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert_eq!(run.stdout, "every generated file is up to date\n");
        assert_eq!(run.stderr, "");
    }
    assert!(before == workspace.state());
}

/// Each kind of drift is reported with file and remedy, mended by `regen`, and then gone.
#[test]
fn drift_is_reported_and_mended() {
    type Drift = fn(&Workspace);
    let table: [(&str, Drift, &[&str], &str); 5] = [
        (
            "a line added",
            |workspace| workspace.edit(CODE, |code| code + "// drift\n"),
            &[
                "error: crates/people-sdk/generated/people.rs is out of date with spec/people.yaml\n",
                "\n-// drift\n",
            ],
            "updated crates/people-sdk/generated/people.rs\n",
        ),
        (
            "a file removed",
            |workspace| std::fs::remove_file(workspace.path(CODE)).unwrap(),
            &["error: crates/people-sdk/generated/people.rs is missing\n"],
            "created crates/people-sdk/generated/people.rs\n",
        ),
        (
            "the directory removed",
            |workspace| {
                std::fs::remove_dir_all(workspace.path("crates/people-sdk/generated")).unwrap();
            },
            &[
                "error: crates/people-sdk/generated/people.rs is missing\n",
                "error: crates/people-sdk/generated/people.yaml is missing\n",
            ],
            "created crates/people-sdk/generated/people.rs\n\
             created crates/people-sdk/generated/people.yaml\n",
        ),
        (
            "a file that nothing generates",
            |workspace| {
                let path = workspace.path("crates/people-sdk/generated/old.rs");
                std::fs::write(path, "").unwrap();
            },
            &["error: crates/people-sdk/generated/old.rs is left over: nothing generates it\n"],
            "removed crates/people-sdk/generated/old.rs\n",
        ),
        (
            "a property renamed in the contract",
            |workspace| {
                workspace.edit(CONTRACT, |contract| {
                    contract.replacen("managerId", "managerKey", 1)
                });
            },
            &[
                "error: crates/people-sdk/generated/people.rs is out of date with spec/people.yaml\n",
                "\n-        pub manager_id: Option<String>,\n",
                "\n+        pub manager_key: Option<String>,\n",
                "error: crates/people-sdk/generated/people.yaml is out of date",
            ],
            "updated crates/people-sdk/generated/people.rs\n\
             updated crates/people-sdk/generated/people.yaml\n",
        ),
    ];
    for (name, drift, reported, mended) in table {
        let workspace = Workspace::new();
        drift(&workspace);
        let drifted = workspace.state();
        let run = workspace.check();
        assert_eq!(run.code, Some(1), "{name}");
        assert_eq!(run.stdout, "", "{name}");
        for text in reported {
            assert!(
                run.stderr.contains(text),
                "{name}: {text:?} is not in {}",
                run.stderr
            );
        }
        assert!(run.stderr.ends_with(REMEDY), "{name}: {}", run.stderr);
        assert!(
            drifted == workspace.state(),
            "{name}: --check wrote something"
        );

        let run = workspace.regen(&[], ".");
        assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
        assert_eq!(run.stdout, mended, "{name}");
        let mended = workspace.state();
        assert_eq!(workspace.check().code, Some(0), "{name}");
        assert_eq!(
            workspace.regen(&[], ".").stdout,
            "every generated file is up to date\n"
        );
        assert!(
            mended == workspace.state(),
            "{name}: a second regen wrote something"
        );
    }
}

#[test]
fn a_long_difference_is_cut_short() {
    let workspace = Workspace::new();
    workspace.edit(CODE, |code| "// drift\n".repeat(500) + &code);
    let run = workspace.check();
    let lines = run.stderr.lines().count();
    assert!(lines < 50, "{lines} lines");
    assert!(run.stderr.contains("more lines"), "{}", run.stderr);
}

#[test]
fn a_fault_in_the_contract_changes_nothing() {
    let workspace = Workspace::new();
    workspace.edit(CONTRACT, |contract| {
        contract.replacen("openapi: 3.0.3", "openapi: [3", 1)
    });
    let before = workspace.state();
    for arguments in [&["--check"][..], &[]] {
        let run = workspace.regen(arguments, ".");
        assert_eq!(run.code, Some(1));
        assert_eq!(run.stdout, "");
        assert!(
            run.stderr.starts_with("error: spec/people.yaml:"),
            "{}",
            run.stderr
        );
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
    assert!(before == workspace.state());
}
