//! Tokens that expire: from another program, and from a refresh token.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use people_fake::{CLIENT_ID, CLIENT_SECRET, FakePeople, JOHN_ANDERSEN, MEMBER, REFRESH_TOKEN};
use serde_json::{Value, json};

use crate::support::{People, fake};

fn people(fake: &FakePeople, arguments: &[&str]) -> People {
    People::new(arguments).env("WEBEX_BASE_URL", fake.base_url())
}

/// A program that prints the token in a file and counts its runs there.
fn token_program(directory: &Path) -> String {
    let program = directory.join("token program");
    let text = "#!/bin/sh\necho run >> \"$1.runs\"\ncat \"$1\"\n";
    std::fs::write(&program, text).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    let token = directory.join("token");
    format!("sh '{}' {}", program.display(), token.display())
}

fn refresh_token_file(directory: &Path, mode: u32) -> String {
    let file = directory.join("refresh.json");
    let values = json!({
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "refresh_token": REFRESH_TOKEN,
    });
    std::fs::write(&file, values.to_string()).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    file.display().to_string()
}

#[tokio::test]
async fn apply_goes_on_when_the_token_of_a_command_ends() {
    let fake = fake(&[]).await;
    let directory = tempfile::tempdir().unwrap();
    let command = token_program(directory.path());
    let token = directory.path().join("token");
    std::fs::write(&token, "first-token\n").unwrap();
    for token in ["first-token", "second-token"] {
        fake.set_token(token, JOHN_ANDERSEN).unwrap();
    }
    let lines = [JOHN_ANDERSEN, MEMBER]
        .map(|id| format!("{{\"id\":\"{id}\",\"set\":{{\"title\":\"T\"}}}}\n"));
    std::fs::write(directory.path().join("changes.ndjson"), lines.concat()).unwrap();
    // Each request takes a while, so the token ends between the first request and the last.
    fake.inject("delay=100ms".parse().unwrap());
    let arguments = [
        "apply",
        "changes.ndjson",
        "--report",
        "report.ndjson",
        "--concurrency",
        "1",
        "--token-command",
        &command,
    ];
    let run = people(&fake, &arguments)
        .current_dir(directory.path())
        .run();
    let run = tokio::spawn(run);
    while fake.requests().len() < 2 && !run.is_finished() {
        tokio::task::yield_now().await;
    }
    std::fs::write(&token, "second-token\n").unwrap();
    fake.expire_token("first-token");
    let output = run.await.unwrap();
    assert_eq!(output.code, Some(0), "{output}");
    for id in [JOHN_ANDERSEN, MEMBER] {
        assert_eq!(fake.person(id).unwrap()["title"], "T");
    }
    assert!(fake.requests().iter().any(|r| r.status == Some(401)));
    let runs = std::fs::read_to_string(directory.path().join("token.runs")).unwrap();
    assert_eq!(runs.lines().count(), 2);
    let shown = output.to_string();
    assert!(
        !shown.contains("first-token") && !shown.contains("second-token"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_token_command_that_fails_is_named_without_its_arguments() {
    let fake = fake(&[]).await;
    let cases = [
        (
            "false s3cret",
            "the token command `false` ended with exit status: 1",
        ),
        (
            "true s3cret",
            "the output of the token command `true` has no token",
        ),
        (
            "echo s3cret s3cret",
            "the output of the token command `echo` has something other",
        ),
        (
            "/no/such/program s3cret",
            "the token command `/no/such/program`: ",
        ),
    ];
    for (command, expected) in cases {
        let output = people(&fake, &["me", "--token-command", command])
            .run()
            .await;
        assert_eq!(output.code, Some(4), "{output}");
        assert!(output.stderr.contains(expected), "{output}");
        assert!(!output.stderr.contains("s3cret"), "{output}");
    }
    for command in ["", "'open"] {
        let output = people(&fake, &["me", "--token-command", command])
            .run()
            .await;
        assert_eq!(output.code, Some(2), "{output}");
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn a_refresh_token_from_a_file_is_used_and_the_new_one_is_written_back() {
    let fake = fake(&[]).await;
    let directory = tempfile::tempdir().unwrap();
    let file = refresh_token_file(directory.path(), 0o600);
    for expected in ["fake-refresh-1", "fake-refresh-2"] {
        let output = people(&fake, &["me", "--refresh-token-file", &file])
            .run()
            .await;
        assert_eq!(output.code, Some(0), "{output}");
        let stored: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!(stored["refresh_token"], expected);
        assert_eq!(stored["client_id"], CLIENT_ID);
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_refresh_token_file_that_others_can_read_is_refused() {
    let fake = fake(&[]).await;
    let directory = tempfile::tempdir().unwrap();
    let file = refresh_token_file(directory.path(), 0o644);
    let output = people(&fake, &["me", "--refresh-token-file", &file])
        .run()
        .await;
    assert_eq!(output.code, Some(2), "{output}");
    assert!(output.stderr.contains("other users can read"), "{output}");
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn a_refresh_token_comes_from_the_environment() {
    let fake = fake(&[]).await;
    let run = |secret: &str| {
        people(&fake, &["me"])
            .env("WEBEX_CLIENT_ID", CLIENT_ID)
            .env("WEBEX_CLIENT_SECRET", secret)
            .env("WEBEX_REFRESH_TOKEN", REFRESH_TOKEN)
            .run()
    };
    let output = run("other").await;
    assert_eq!(output.code, Some(4), "{output}");
    let expected =
        "renewAccessToken: 401 Unauthorized: The client id or the client secret is wrong";
    assert!(output.stderr.contains(expected), "{output}");
    let output = run(CLIENT_SECRET).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert!(
        output.stderr.contains("has replaced the refresh token"),
        "{output}"
    );
    assert!(!output.to_string().contains("fake-refresh"), "{output}");
    for (set, missing) in [
        (
            "WEBEX_REFRESH_TOKEN",
            "WEBEX_CLIENT_ID or WEBEX_CLIENT_SECRET",
        ),
        (
            "WEBEX_CLIENT_ID",
            "WEBEX_REFRESH_TOKEN or WEBEX_CLIENT_SECRET",
        ),
    ] {
        let output = people(&fake, &["me"]).env(set, "x").run().await;
        assert_eq!(output.code, Some(2), "{output}");
        let expected = format!("{set} is set and {missing} is not");
        assert!(output.stderr.contains(&expected), "{output}");
    }
}
