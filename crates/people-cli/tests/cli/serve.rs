//! `people serve`, started by another program.

use std::process::Stdio;

use people_fake::MINIMAL_PERSON;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::support::{CommandOutput, People, transcript};

/// `people serve` as a process, and its base URL.
async fn serve(arguments: &[&str]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_people"))
        .arg("serve")
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let stdout = child.stdout.take().unwrap();
    let url = BufReader::new(stdout).lines().next_line().await.unwrap();
    (child, url.unwrap())
}

async fn get(url: &str, id: &str) -> CommandOutput {
    People::new(&[
        "get",
        id,
        "--base-url",
        url,
        "--max-attempts",
        "1",
        "-o",
        "table",
    ])
    .env("WEBEX_ACCESS_TOKEN", "fake-admin")
    .run()
    .await
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn serve_prints_its_base_url_and_ends_with_an_interrupt() {
    let (mut child, url) = serve(&["--listen", "127.0.0.1:0", "--fault", "423 times=1"]).await;
    assert!(
        url.starts_with("http://127.0.0.1:") && url.ends_with("/v1"),
        "{url}"
    );
    assert_eq!(get(&url, MINIMAL_PERSON).await.code, Some(6));
    assert_eq!(get(&url, MINIMAL_PERSON).await.code, Some(0));
    let pid = child.id().unwrap().to_string();
    let kill = std::process::Command::new("kill")
        .args(["-INT", &pid])
        .status();
    assert!(kill.unwrap().success());
    assert_eq!(child.wait().await.unwrap().code(), Some(0));
    assert_eq!(get(&url, MINIMAL_PERSON).await.code, Some(7));
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_takes_people_from_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("people.json");
    let people = r#"{"people": [{"id": "Y2lz", "orgId": "b3Jn", "displayName": "Jane Roe"}],
                     "tokens": {"fake-admin": "Y2lz"}}"#;
    std::fs::write(&file, people).unwrap();
    let (_child, url) = serve(&["--people", file.to_str().unwrap()]).await;
    let output = get(&url, "me").await;
    assert!(output.stdout.contains("Jane Roe"), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_rejects_invalid_options() {
    let refused = [
        People::new(&["serve", "--listen", "0.0.0.0:0"]).run().await,
        People::new(&["serve", "--fault", "nonsense"]).run().await,
        People::new(&["serve", "--people", "/nowhere.json"])
            .run()
            .await,
    ];
    assert!(refused.iter().all(|output| output.code == Some(2)));
    insta::assert_snapshot!("serve_refused", transcript(&refused));
}
