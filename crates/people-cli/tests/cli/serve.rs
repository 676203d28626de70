//! `people serve`, started by another program.

use std::process::Stdio;
use std::time::Duration;

use people_fake::{
    CLIENT_ID, CLIENT_SECRET, JOHN_ANDERSEN, MEMBER, MINIMAL_PERSON, OUTSIDER, REFRESH_TOKEN,
};
use serde_json::{Value, json};
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
        People::new(&["serve", "--location-changed", "200"])
            .run()
            .await,
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

/// A connection to the service at `url`.
async fn connect(url: &str) -> TcpStream {
    let address = url.split('/').nth(2).unwrap();
    TcpStream::connect(address).await.unwrap()
}

/// The response to a request that has these headers beside those of its body and the connection.
async fn send(url: &str, request: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    let request = format!(
        "{request} HTTP/1.1\r\n{headers}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    let mut stream = connect(url).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response
}

/// The response to a request for `path` that names `host`.
async fn request(url: &str, path: &str, host: &str) -> String {
    send(url, &format!("GET {path}"), &format!("Host: {host}"), "").await
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
    let set = ["update", MEMBER, "--set", "nickName=Em", "-q"];
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
        let output = get(&url, MEMBER).await;
        let row = output.stdout.lines().find(|it| it.starts_with("nickName"));
        let row = row.unwrap_or_default();
        assert!(row.ends_with(nick_name), "{options:?}: {output}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_closes_a_connection_without_a_complete_head() {
    let (_child, url) = serve(&["--header-timeout", "50ms"]).await;
    for start in ["", "GET /v1/people/me HTTP/1.1\r\nHost: "] {
        let mut stream = connect(&url).await;
        stream.write_all(start.as_bytes()).await.unwrap();
        let mut received = Vec::new();
        // It ends by itself, with or without a reset.
        let end = stream.read_to_end(&mut received);
        let end = tokio::time::timeout(Duration::from_secs(60), end).await;
        assert!(end.is_ok(), "the connection is open after: {start:?}");
        assert!(received.is_empty(), "{received:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(target_os = "linux")]
async fn memory_of_serve_does_not_grow_with_the_requests() {
    let (child, url) = serve(&[]).await;
    let path = format!("/v1/unknown?{}", "a".repeat(60_000));
    let requests = async |count: usize| {
        for _ in 0..count {
            let response = request(&url, &path, "localhost").await;
            assert!(response.starts_with("HTTP/1.1 404"), "{response}");
        }
        crate::support::memory(&child)
    };
    let before = requests(20).await;
    // 24 MB.
    let growth = requests(400).await.saturating_sub(before);
    assert!(growth < 8 << 20, "{growth}");
}

/// Sends an update of a person, as an administrator. Returns the status and the body of the response.
async fn put(url: &str, person: &Value) -> (String, String) {
    let id = person["id"].as_str().unwrap();
    let headers = "Host: localhost\r\nAuthorization: Bearer fake-admin\r\n\
                   Content-Type: application/json";
    let (request, body) = (format!("PUT /v1/people/{id}"), person.to_string());
    let response = send(url, &request, headers, &body).await;
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap();
    (status.to_owned(), body.to_owned())
}

/// The person with this id, as an administrator sees it.
async fn person(url: &str, id: &str) -> Value {
    let output = People::new(&["get", id, "--base-url", url, "-o", "json"])
        .env("WEBEX_ACCESS_TOKEN", "fake-admin")
        .run()
        .await;
    serde_json::from_str(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_has_a_flag_for_every_option_of_the_fake() {
    let flags = "--location-without-license 410 --location-changed 411 --organization-changed 412 \
                 --update-in-other-organization 413 --calling-data-without-admin 414 \
                 --kept-when-omitted title --kept-when-omitted loginEnabled \
                 --access-token-lifetime 1h --keep-refresh-token --max-request-bytes 5000";
    let flags: Vec<&str> = flags.split_whitespace().collect();
    let (_child, url) = serve(&flags).await;
    for (id, property, value, expected) in [
        (MEMBER, "locationId", "elsewhere", "410"),
        (JOHN_ANDERSEN, "locationId", "elsewhere", "411"),
        (MEMBER, "orgId", "other", "412"),
        (OUTSIDER, "title", "CEO", "413"),
        (MEMBER, "title", &"a".repeat(5000), "400"),
    ] {
        let mut person = person(&url, id).await;
        person[property] = value.into();
        let (status, body) = put(&url, &person).await;
        assert_eq!(status, expected, "{property}: {body}");
    }
    let mut member = person(&url, MEMBER).await;
    member.as_object_mut().unwrap().remove("title");
    let (status, body) = put(&url, &member).await;
    assert_eq!(status, "200", "{body}");
    assert_eq!(person(&url, MEMBER).await["title"], "Account Manager");
    let headers = "Host: localhost\r\nAuthorization: Bearer fake-user";
    let response = send(&url, "GET /v1/people/me?callingData=true", headers, "").await;
    assert!(response.starts_with("HTTP/1.1 414"), "{response}");

    let form = format!(
        "grant_type=refresh_token&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}\
         &refresh_token={REFRESH_TOKEN}"
    );
    let headers = "Host: localhost\r\nContent-Type: application/x-www-form-urlencoded";
    let response = send(&url, "POST /v1/access_token", headers, &form).await;
    let (_, body) = response.split_once("\r\n\r\n").unwrap();
    let renewed: Value = serde_json::from_str(body).unwrap();
    assert_eq!(renewed["expires_in"], 3600);
    assert_eq!(renewed["refresh_token"], REFRESH_TOKEN);

    let flags = ["--hide-other-organizations", "--directory-synced", MEMBER];
    let (_child, url) = serve(&flags).await;
    assert_eq!(get(&url, OUTSIDER).await.code, Some(3));
    let mut member = person(&url, MEMBER).await;
    member["phoneNumbers"] = json!([{"type": "mobile", "value": "+1 408 526 7209"}]);
    let (status, body) = put(&url, &member).await;
    assert_eq!(status, "400", "{body}");
}
