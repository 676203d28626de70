//! `people update`: what it shows, and what it sends.

use std::sync::{Arc, Mutex};

use people_fake::{FULL_PERSON, FakePeople, JOHN_ANDERSEN, ObservedRule, Options};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::support::{People, fake, transcript};

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_prints_the_changes_and_sends_no_update() {
    let fake = fake(&[]).await;
    let before = fake.people();
    let arguments = [
        "update",
        JOHN_ANDERSEN,
        "--set",
        "title=Director",
        "--set",
        "phoneNumbers[0].value=+1 408 526 0000",
        "--set",
        "phoneNumbers[1].type=mobile",
        "--set",
        r#"siteUrls=["mysite.webex.com#host"]"#,
        "--unset",
        "department",
        "--dry-run",
        "-o",
    ];
    let mut runs = Vec::new();
    for form in ["table", "json", "yaml"] {
        let arguments = [arguments.as_slice(), &[form]].concat();
        runs.push(People::admin(&fake, &arguments).run().await);
    }
    assert!(runs.iter().all(|output| output.code == Some(1)));
    insta::assert_snapshot!("dry_run", transcript(&runs));
    assert_eq!(fake.people(), before);
    assert!(
        fake.requests()
            .iter()
            .all(|request| request.method == "GET")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_changes_the_named_properties_only() {
    let fake = fake(&[]).await;
    let mut expected = fake.person(FULL_PERSON).unwrap();
    let arguments = [
        "update",
        FULL_PERSON,
        "--set",
        "title=Chief",
        "--unset",
        "avatar",
        "-o",
    ];
    let mut runs = Vec::new();
    for form in ["table", "json", "yaml"] {
        let arguments = [arguments.as_slice(), &[form]].concat();
        runs.push(People::admin(&fake, &arguments).run().await);
    }
    insta::assert_snapshot!("update", transcript(&runs));
    let mut person = fake.person(FULL_PERSON).unwrap();
    expected["title"] = json!("Chief");
    for person in [&mut expected, &mut person] {
        let person = person.as_object_mut().unwrap();
        person.remove("lastModified");
        person.remove("avatar");
    }
    assert_eq!(person, expected);
    let writes = fake
        .requests()
        .into_iter()
        .filter(|request| request.method == "PUT");
    assert_eq!(writes.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_names_properties_to_set() {
    let fake = fake(&[]).await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("update.json");
    let text = json!({"title": "Director", "department": null, "status": "active"});
    std::fs::write(&file, text.to_string()).unwrap();
    let file = file.to_str().unwrap();
    let output = People::admin(&fake, &["update", "me", "--file", file])
        .run()
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    assert!(
        output
            .stderr
            .contains("read-only, and left out of the update: status"),
        "{output}"
    );
    let person = fake.person(JOHN_ANDERSEN).unwrap();
    assert_eq!(person["title"], "Director");
    assert!(person.get("department").is_none_or(|it| it == ""));

    let from_stdin = People::admin(&fake, &["update", "me", "--file", "-", "--set", "title=GM"])
        .stdin("lastName: Jo\ntitle: King\n")
        .run()
        .await;
    assert_eq!(from_stdin.code, Some(0), "{from_stdin}");
    let person = fake.person(JOHN_ANDERSEN).unwrap();
    assert_eq!(
        (&person["lastName"], &person["title"]),
        (&json!("Jo"), &json!("GM"))
    );

    for text in [
        "extension: 133",
        "[1]",
        "title: [",
        "titel: x",
        "title: 1: 2",
    ] {
        let output = People::admin(&fake, &["update", "me", "--file", "-"])
            .stdin(text)
            .run()
            .await;
        assert_eq!(output.code, Some(2), "{text}: {output}");
        if ["[1]", "title: ["].contains(&text) {
            let start = "error: standard input: ";
            assert!(output.stderr.starts_with(start), "{text}: {output}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_the_wrong_type_is_reported_without_a_request() {
    let fake = fake(&[]).await;
    for (option, value) in [
        ("--set", "loginEnabled=maybe"),
        ("--set", "emails=a"),
        ("--add", "title=x"),
    ] {
        let output = People::admin(&fake, &["update", "unknown", option, value])
            .run()
            .await;
        assert_eq!(output.code, Some(2), "{output}");
    }
    assert_eq!(fake.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_output_of_get_is_an_update_without_changes() {
    let options = Options::default().without(ObservedRule::CallingPhoneNumbers);
    let fake = FakePeople::builder()
        .options(options)
        .start()
        .await
        .unwrap();
    let get = ["get", FULL_PERSON, "--calling-data", "-o"];
    for form in ["json", "yaml"] {
        let shown = People::admin(&fake, &[get.as_slice(), &[form]].concat())
            .run()
            .await;
        assert!(shown.stdout.contains("work_extension"), "{shown}");
        let update = ["update", FULL_PERSON, "--file", "-", "--dry-run"];
        let output = People::admin(&fake, &update)
            .stdin(&shown.stdout)
            .run()
            .await;
        assert_eq!(output.code, Some(0), "{output}");
    }

    // The indexes of the table are those of `--set`.
    let table = People::admin(&fake, &[get.as_slice(), &["table"]].concat())
        .run()
        .await;
    let row = table.stdout.lines().find(|row| row.ends_with(" mobile"));
    let path = row.unwrap().split_whitespace().next().unwrap();
    let assignment = format!("{path}=alternate2");
    let output = People::admin(&fake, &["update", FULL_PERSON, "--set", &assignment])
        .run()
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(
        report["changes"],
        json!([{"path": path, "before": "mobile", "after": "alternate2"}])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_id_can_come_from_standard_input() {
    let fake = fake(&[]).await;
    let arguments = ["update", "-", "--set", "title=Director"];
    let output = People::admin(&fake, &arguments).stdin("me\n").run().await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "Director");
    let output = People::admin(&fake, &arguments).stdin("a\nb\n").run().await;
    assert_eq!(output.code, Some(2), "{output}");
}

/// A service with one person, which records the body of every update and changes nothing.
async fn recorder(person: Value) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&bodies);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            let mut first = String::new();
            let mut length = 0;
            loop {
                let mut line = String::new();
                if stream.read_line(&mut line).await.unwrap() == 0 || line.trim().is_empty() {
                    break;
                }
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if first.is_empty() {
                    first = line;
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).await.unwrap();
            if first.starts_with("PUT") {
                kept.lock().unwrap().push(String::from_utf8(body).unwrap());
            }
            let answer = person.to_string();
            let answer = format!(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n\
                 Content-Length: {}\r\n\r\n{answer}",
                answer.len()
            );
            stream.get_mut().write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, bodies)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_prints_the_body_that_is_sent() {
    let (url, bodies) = recorder(json!({
        "id": "Y2lz",
        "displayName": "A",
        "title": "GM",
        "department": "Sales",
        "emails": ["a@example.com"],
        "licenses": ["x", "y"],
        "phoneNumbers": [{"type": "work_extension", "value": "8133"}, {"type": "work", "value": "1"}],
        "shoeSize": {"eu": 44},
        "invitePending": "false",
    }))
    .await;
    let arguments = [
        "update",
        "Y2lz",
        "--set",
        "phoneNumbers[0].primary=true",
        "--set",
        "loginEnabled=false",
        "--set",
        "shoeSize.eu=45",
        "--unset",
        "department",
        "--unset",
        "licenses",
    ];
    let people = |arguments: &[&str]| {
        People::new(arguments)
            .env("WEBEX_BASE_URL", &url)
            .env("WEBEX_ACCESS_TOKEN", "t")
    };
    let dry = people(&[arguments.as_slice(), &["--dry-run"]].concat())
        .run()
        .await;
    assert_eq!(dry.code, Some(1), "{dry}");
    assert!(bodies.lock().unwrap().is_empty());
    let real = people(&arguments).run().await;
    assert_eq!(real.code, Some(7), "{real}");
    let bodies = bodies.lock().unwrap();
    let [sent] = bodies.as_slice() else {
        panic!("one update was expected: {bodies:?}");
    };
    let sent: Value = serde_json::from_str(sent).unwrap();
    let shown: Value = serde_json::from_str(&dry.stdout).unwrap();
    assert_eq!(shown["body"], sent);
    assert_eq!(
        (&sent["department"], &sent["licenses"]),
        (&json!(""), &json!([]))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn items_are_added_and_removed_by_value_and_phone_numbers_set_by_type() {
    let fake = fake(&[]).await;
    let licenses = fake.person(FULL_PERSON).unwrap()["licenses"].clone();
    let last = licenses.as_array().unwrap().last().unwrap();
    let last = format!("licenses={}", last.as_str().unwrap());
    let update = |arguments: &[&str]| {
        let arguments = [&["update", FULL_PERSON], arguments].concat();
        People::admin(&fake, &arguments).run()
    };
    let output = update(&[
        "--remove",
        &last,
        "--set",
        "phoneNumbers[work].value=+1 408 555 0199",
    ]);
    let output = output.await;
    assert_eq!(output.code, Some(0), "{output}");
    let person = fake.person(FULL_PERSON).unwrap();
    assert_eq!(person["licenses"].as_array().unwrap().len(), 1);
    let numbers = person["phoneNumbers"].as_array().unwrap();
    let work = numbers.iter().find(|it| it["type"] == "work").unwrap();
    assert_eq!(work["value"], "+1 408 555 0199");
    for _ in 0..2 {
        let output = update(&["--add", &last]).await;
        assert_eq!(output.code, Some(0), "{output}");
        assert_eq!(fake.person(FULL_PERSON).unwrap()["licenses"], licenses);
    }

    let output = update(&["--set", "emails=a@example.com"]).await;
    assert_eq!(output.code, Some(2), "{output}");
    assert!(output.stderr.contains(r#"`emails=["…"]`"#), "{output}");
    assert!(output.stderr.contains("`--add emails=…`"), "{output}");

    let output = update(&["--set", "phoneNumbers[work]=+1 408 555 0199"]).await;
    assert_eq!(output.code, Some(2), "{output}");
    let help = "as in `phoneNumbers[work].value=…`: primary, type, value";
    assert!(output.stderr.contains(help), "{output}");
}

/// A person with values of other forms than the contract promises.
const ODD: &str = r#"{"id":"x","displayName":"\ud83d","title":"GM","lastActivity":"","phoneNumbers":[null],"emails":"a@b.c","loginEnabled":"maybe","n":1e400,"big":18446744073709551616}"#;

#[tokio::test(flavor = "multi_thread")]
async fn odd_values_of_other_properties_are_sent_back_to_the_letter() {
    let fake = fake(&[&format!("GET 200 body='raw:{ODD}'")]).await;
    let arguments = [
        "update",
        "x",
        "--set",
        "title=Director",
        "--dry-run",
        "-o",
        "json",
    ];
    let output = People::admin(&fake, &arguments).run().await;
    assert_eq!(output.code, Some(1), "{output}");
    for sent in [
        r#""displayName": "\ud83d""#,
        r#""title": "Director""#,
        r#""loginEnabled": "maybe""#,
        r#""n": 1e400"#,
        r#""big": 18446744073709551616"#,
    ] {
        assert!(output.stdout.contains(sent), "{sent}: {output}");
    }
    for format in ["table", "yaml", "json", "csv"] {
        let output = People::admin(&fake, &["get", "x", "-o", format])
            .run()
            .await;
        assert_eq!(output.code, Some(0), "{output}");
        assert!(!output.stdout.contains("RawValue"), "{output}");
        assert!(output.stdout.contains("GM"), "{output}");
    }
}
