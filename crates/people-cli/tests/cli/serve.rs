//! `people serve`, started by another program.

use std::process::Stdio;

use people_fake::MINIMAL_PERSON;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
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

#[tokio::test(flavor = "multi_thread")]
async fn serve_logs_requests_and_takes_a_port_and_options() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_people"))
        .args(["serve", "-v", "--listen", "0", "--booleans"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = stdout.next_line().await.unwrap().unwrap();
    let output = get(&url, "me").await;
    assert!(output.stdout.contains("loginEnabled"), "{output}");
    assert_eq!(get(&url, "unknown").await.code, Some(3));
    let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut requests = Vec::new();
    while requests.len() < 2 {
        let line = stderr.next_line().await.unwrap().unwrap();
        if let Some((time, request)) = line.split_once("Z GET ") {
            assert!(time.starts_with("20"), "{line}");
            let request = request.strip_suffix(" ms").unwrap();
            let (request, duration) = request.rsplit_once(' ').unwrap();
            assert!(duration.parse::<f64>().unwrap() > 0.0, "{line}");
            requests.push(request.to_owned());
        }
    }
    assert_eq!(requests, ["/v1/people/me 200", "/v1/people/unknown 404"]);
    let json = People::new(&["get", "me", "--base-url", &url, "-o", "json"])
        .env("WEBEX_ACCESS_TOKEN", "fake-admin")
        .run()
        .await;
    let person: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert!(person["loginEnabled"].is_boolean(), "{json}");
    let invalid = People::new(&["serve", "--listen", "nowhere"]).run().await;
    assert_eq!(invalid.code, Some(2), "{invalid}");
}

/// The response to a request for `path` that names `host`.
async fn request(url: &str, path: &str, host: &str) -> String {
    let address = url.split('/').nth(2).unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_answers_loopback_names_alone_and_has_the_contract() {
    let (_child, url) = serve(&[]).await;
    let foreign = request(&url, "/openapi.json", "people.example.com").await;
    assert!(!foreign.starts_with("HTTP/1.1 200"), "{foreign}");
    assert!(!foreign.contains("openapi\""), "{foreign}");
    let local = request(&url, "/openapi.json", "localhost").await;
    assert!(local.starts_with("HTTP/1.1 200"), "{local}");
    let (_, body) = local.split_once("\r\n\r\n").unwrap();
    assert!(body.contains("updatePerson"), "{local}");

    let (_child, url) = serve(&["--allow-remote"]).await;
    let foreign = request(&url, "/openapi.json", "people.example.com").await;
    assert!(foreign.starts_with("HTTP/1.1 200"), "{foreign}");
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_switches_observed_rules_off() {
    let set = ["update", people_fake::MEMBER, "--set", "nickName=Em", "-q"];
    for (options, nick_name) in [
        (&[][..], "Mary"),
        (&["--without", "derived-nick-name"][..], "Em"),
    ] {
        let (_child, url) = serve(options).await;
        let arguments = [&set[..], &["--base-url", &url]].concat();
        let token = "fake-admin";
        People::new(&arguments)
            .env("WEBEX_ACCESS_TOKEN", token)
            .run()
            .await;
        let output = get(&url, people_fake::MEMBER).await;
        let row = output.stdout.lines().find(|it| it.starts_with("nickName"));
        let row = row.unwrap_or_default();
        assert!(row.ends_with(nick_name), "{options:?}: {output}");
    }
}
