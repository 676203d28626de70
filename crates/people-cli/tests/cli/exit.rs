//! Every exit code: its cause, and the messages that go with it.

use people_fake::{ClosedPort, JOHN_ANDERSEN, OUTSIDER, USER_TOKEN};

use crate::support::{CommandOutput, People, fake, transcript};

/// Runs a command as an administrator, with these faults and without retries.
async fn run(faults: &[&str], arguments: &[&str]) -> CommandOutput {
    let fake = fake(faults).await;
    let mut arguments = arguments.to_vec();
    arguments.extend(["--max-attempts", "1"]);
    People::admin(&fake, &arguments).run().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_exit_code_has_its_cause() {
    let two = ["update", "me", "--set", "title=A", "--set", "department=B"];
    let one = ["update", "me", "--set", "title=A"];
    let cases: &[(i32, &str, &[&str], &[&str])] = &[
        (0, "ok", &[], &["get", OUTSIDER]),
        (0, "applied after all", &["PUT 502 apply=all"], &one),
        (
            1,
            "would change",
            &[],
            &["update", "me", "--set", "title=A", "--dry-run"],
        ),
        (
            0,
            "would not change",
            &[],
            &["update", "me", "--set", "title=GM", "--dry-run"],
        ),
        (
            2,
            "unknown property",
            &[],
            &["update", "me", "--set", "titel=A"],
        ),
        (
            2,
            "wrong type",
            &[],
            &["update", "me", "--set", "loginEnabled=maybe"],
        ),
        (2, "id that leads elsewhere", &[], &["get", ".."]),
        (3, "not found", &[], &["get", "unknown"]),
        (4, "unauthorized", &["401"], &["me"]),
        (
            5,
            "forbidden",
            &[],
            &["update", OUTSIDER, "--set", "title=A"],
        ),
        (
            6,
            "rate limited for a day",
            &["429 retry-after=86400"],
            &["me"],
        ),
        (6, "rate limited", &["429"], &["me"]),
        (6, "locked", &["423"], &["me"]),
        (7, "a page of HTML", &["502 body=html"], &["me"]),
        (7, "failed", &["500 body=empty"], &["me"]),
        (
            7,
            "off the contract",
            &["200 body='raw:{\"id\": [1]}'"],
            &["me"],
        ),
        (7, "connection lost", &["drop=head"], &["me"]),
        (7, "not applied", &["PUT 502"], &one),
        (8, "applied in part", &["PUT apply=half"], &two),
        (
            8,
            "unknown",
            &["PUT 502 apply=all", "GET /people/{personId} 500 every=2"],
            &one,
        ),
    ];
    let mut transcript = Vec::new();
    for (code, name, faults, arguments) in cases {
        let output = run(faults, arguments).await;
        assert_eq!(output.code, Some(*code), "{name}: {output}");
        transcript.push(format!("# {name}\n{output}"));
    }
    insta::assert_snapshot!("exit_codes", transcript.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_json_with_json_output() {
    let runs = [
        run(&["429 retry-after=86400"], &["me", "-o", "json"]).await,
        run(
            &[],
            &["get", "me", "unknown", "-o", "json", "--concurrency", "1"],
        )
        .await
        .without_data(),
        run(
            &["PUT apply=half"],
            &[
                "update",
                "me",
                "--set",
                "title=A",
                "--set",
                "department=B",
                "-o",
                "json",
            ],
        )
        .await,
        People::new(&["me", "-o", "json"]).run().await,
        People::new(&["get", "-o", "json"]).run().await,
        People::new(&["me", "--output=json", "--nonsense"])
            .run()
            .await,
    ];
    for output in &runs {
        for line in output.stderr.lines() {
            let error: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(error["error"]["exitCode"].is_u64(), "{output}");
        }
    }
    insta::assert_snapshot!("errors_json", transcript(&runs));
}

impl CommandOutput {
    /// The same without its standard output.
    fn without_data(mut self) -> Self {
        self.stdout = String::new();
        self
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_exits_with_7() {
    let closed = ClosedPort::reserve().unwrap();
    let url = closed.base_url();
    let output = People::new(&["me", "--base-url", url, "--max-attempts", "1"])
        .env("WEBEX_ACCESS_TOKEN", "t")
        .run()
        .await;
    assert_eq!(output.code, Some(7), "{output}");
    let output = output.without(&format!(":{}", closed.address().port()), ":PORT");
    insta::assert_snapshot!("no_connection", output);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_connection_reading_stops_and_says_how_many_people_are_left() {
    let closed = ClosedPort::reserve().unwrap();
    for command in ["get", "check"] {
        let run = |arguments: &'static [&str]| {
            let arguments = [&[command][..], arguments, &["--initial-delay", "1ms"]].concat();
            let people = People::new(&arguments).env("WEBEX_BASE_URL", closed.base_url());
            people.env("WEBEX_ACCESS_TOKEN", "t").run()
        };
        let output = run(&["a", "b", "c"]).await;
        assert_eq!(output.code, Some(7), "{output}");
        assert_eq!(output.stderr.matches("error: ").count(), 1, "{output}");
        let start = "error: stopped, with 2 people not read: a: ";
        assert!(output.stderr.starts_with(start), "{output}");
        let output = run(&["a"]).await;
        assert_eq!(output.code, Some(7), "{output}");
        assert!(!output.stderr.contains("stopped"), "{output}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn usage_does_not_require_what_the_environment_has() {
    let output = People::new(&["get"])
        .env("WEBEX_BASE_URL", "http://127.0.0.1:1")
        .run()
        .await;
    assert_eq!(output.code, Some(2), "{output}");
    assert!(output.stderr.contains("Usage: people get <ID>"), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_exit_code_of_several_people_is_used() {
    let path = format!("GET /people/{JOHN_ANDERSEN} 500");
    let output = run(&[&path], &["get", "unknown", JOHN_ANDERSEN, OUTSIDER]).await;
    assert_eq!(output.code, Some(7), "{output}");
    assert_eq!(output.stdout.lines().count(), 1, "{output}");
}

/// Sets the mode of a file whatever the umask is.
#[cfg(unix)]
fn make_readable_by_others(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;

    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_comes_from_the_named_source() {
    let fake = fake(&[]).await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("token");
    std::fs::write(&file, format!("{USER_TOKEN}\n")).unwrap();
    #[cfg(unix)]
    make_readable_by_others(&file);
    let file = file.to_str().unwrap();
    let name = |output: &CommandOutput| {
        let person: serde_json::Value = serde_json::from_str(&output.stdout).unwrap_or_default();
        person["displayName"].as_str().map(str::to_owned)
    };

    let from_file = People::admin(&fake, &["me", "--token-file", file])
        .run()
        .await;
    assert_eq!(name(&from_file).as_deref(), Some("Mary Lee"), "{from_file}");
    #[cfg(unix)]
    assert!(from_file.stderr.contains("chmod 600"), "{from_file}");
    let from_stdin = People::admin(&fake, &["me", "--token-stdin"])
        .stdin(&format!("{USER_TOKEN}\n"))
        .run()
        .await;
    assert_eq!(
        name(&from_stdin).as_deref(),
        Some("Mary Lee"),
        "{from_stdin}"
    );

    let refused = [
        People::new(&["me"]).run().await,
        People::new(&["me"])
            .env("WEBEX_ACCESS_TOKEN", " ")
            .run()
            .await,
        People::new(&["me"])
            .env("WEBEX_ACCESS_TOKEN", "two words")
            .run()
            .await,
        People::new(&["me", "--token-stdin"]).run().await,
        People::new(&["me", "--token-file", "/nowhere/token"])
            .run()
            .await,
        People::new(&["get", "-", "--token-stdin"])
            .stdin("t")
            .run()
            .await,
        People::new(&["edit", "me", "--token-stdin"])
            .stdin("t")
            .run()
            .await,
        People::new(&["me", "--base-url", "http://example.com"])
            .env("WEBEX_ACCESS_TOKEN", "t")
            .run()
            .await,
    ];
    assert!(refused.iter().all(|output| output.code == Some(2)));
    insta::assert_snapshot!("no_token", transcript(&refused));
}
