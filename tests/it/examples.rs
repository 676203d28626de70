//! The examples of people-sdk run without arguments against the service in memory, and end.

use std::collections::BTreeSet;
use std::process::Command;

/// Each example: its name, the program, and a line of its output.
const EXAMPLES: [(&str, &str, &str); 6] = [
    ("edit", env!("CARGO_BIN_EXE_example-edit"), "applied"),
    (
        "find_by_email",
        env!("CARGO_BIN_EXE_example-find_by_email"),
        "found John Andersen",
    ),
    (
        "refresh_token",
        env!("CARGO_BIN_EXE_example-refresh_token"),
        "name: John Andersen",
    ),
    (
        "service",
        env!("CARGO_BIN_EXE_example-service"),
        "HTTP/1.1 200 OK John Andersen: GM",
    ),
    (
        "testing",
        env!("CARGO_BIN_EXE_example-testing"),
        "503 is tried again",
    ),
    (
        "whoami",
        env!("CARGO_BIN_EXE_example-whoami"),
        "name: John Andersen",
    ),
];

#[test]
fn examples_run_without_arguments_and_end() {
    for (name, program, line) in EXAMPLES {
        let output = Command::new(program)
            .env_remove(people_sdk::ACCESS_TOKEN_VARIABLE)
            .output()
            .unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {stdout}{stderr}");
        assert!(
            stdout.lines().any(|printed| printed.trim_end() == line),
            "{name}: {stdout}"
        );
    }
}

#[test]
fn every_example_is_run() {
    let examples = xtask::project_root().join("crates/people-sdk/examples");
    let files: BTreeSet<_> = std::fs::read_dir(examples)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let run: BTreeSet<_> = EXAMPLES.map(|(name, _, _)| name.to_owned()).into();
    assert_eq!(
        files, run,
        "an example is listed in `EXAMPLES`, and is a program in tests/Cargo.toml"
    );
}

/// The error of a client goes through `main`, which prints it with `Debug`.
#[test]
fn an_error_that_main_returns_is_printed_as_its_message() {
    let output = Command::new(env!("CARGO_BIN_EXE_example-whoami"))
        .env(people_sdk::ACCESS_TOKEN_VARIABLE, "")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "Error: WEBEX_ACCESS_TOKEN is not set or empty; put the access token there\n"
    );
}

/// The service's spans are named in the documentation.
#[test]
fn example_of_a_service_traces_each_attempt() {
    let output = Command::new(env!("CARGO_BIN_EXE_example-service"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    for expected in [
        "people_sdk.call",
        "people_sdk.attempt",
        " people_sdk: close",
        "http.request.resend_count=1",
        "error.type=\"503\"",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}
