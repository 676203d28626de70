//! The log of `-v`.

use people_fake::{ADMIN_TOKEN, FULL_PERSON, FakePeople, JOHN_ANDERSEN, USER_TOKEN};
use serde_json::Value;

use crate::support::{CommandOutput, People, fake};

async fn verbose(fake: &FakePeople, token: &str, arguments: &[&str]) -> CommandOutput {
    let arguments = [arguments, &["-v", "--initial-delay", "1ms"]].concat();
    People::admin(fake, &arguments)
        .env("WEBEX_ACCESS_TOKEN", token)
        // Events of other crates must not be shown either.
        .env("RUST_LOG", "trace")
        .run()
        .await
}

/// Every text within `value`, except values of enumerations.
fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(properties) => {
            for (name, value) in properties {
                if !["type", "status", "country"].contains(&name.as_str()) {
                    texts(value, found);
                }
            }
        }
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_has_no_secret_and_no_personal_data() {
    let update = [
        "update",
        FULL_PERSON,
        "--set",
        "title=Confidant",
        "--set",
        "extension=998877",
    ];
    let mut logs = Vec::new();
    let mut people = Vec::new();
    let all: &[&[&str]] = &[
        &[],
        &["429 times=1", "drop=head every=5"],
        &["PUT 400"],
        &["PUT 502 apply=half body=html"],
        &["200 body='raw:{\"id\": 1, \"displayName\": \"Confidant\"}'"],
        &["401"],
        &["drop=body"],
    ];
    for faults in all {
        let fake = fake(faults).await;
        people.extend(fake.people());
        logs.push(verbose(&fake, ADMIN_TOKEN, &["me"]).await);
        logs.push(verbose(&fake, ADMIN_TOKEN, &["get", FULL_PERSON, "--calling-data"]).await);
        logs.push(verbose(&fake, USER_TOKEN, &update).await);
        logs.push(verbose(&fake, ADMIN_TOKEN, &update).await);
        logs.push(verbose(&fake, "another-secret", &["me"]).await);
    }
    let mut secrets = vec![
        ADMIN_TOKEN,
        USER_TOKEN,
        "another-secret",
        "Confidant",
        "998877",
    ];
    for person in &people {
        texts(person, &mut secrets);
    }
    // Shorter ones are found in any text.
    secrets.retain(|secret| secret.len() > 4);
    assert!(secrets.len() > 100);
    for log in logs {
        assert!(log.stderr.starts_with("> "), "{log}");
        for secret in &secrets {
            assert!(!log.stderr.contains(secret), "{secret} in {log}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_shows_every_request_and_response() {
    let fake = fake(&["429 retry-after=0 every=3 times=1", "PUT 403 times=1"]).await;
    let arguments = ["update", JOHN_ANDERSEN, "--set", "title=Director"];
    let output = verbose(&fake, ADMIN_TOKEN, &arguments).await;
    let mut lines_without_times = String::new();
    for line in output.stderr.lines() {
        // Durations differ from run to run.
        let words: Vec<&str> = line.split(' ').collect();
        let words = words.iter().enumerate().map(|(index, word)| {
            let is_time =
                words.get(index + 1) == Some(&"ms)") || index > 0 && words[index - 1] == "ms";
            if is_time { "N" } else { *word }
        });
        lines_without_times.push_str(&words.collect::<Vec<_>>().join(" "));
        lines_without_times.push('\n');
    }
    let place = fake.address().to_string();
    insta::assert_snapshot!("verbose", lines_without_times.replace(&place, "ADDRESS"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_detailed_log_has_ids_and_queries() {
    let fake = fake(&[]).await;
    let arguments = ["update", JOHN_ANDERSEN, "--set", "title=Director", "-vv"];
    let output = People::admin(&fake, &arguments).run().await;
    let request = |method| format!("> {method} /people/{JOHN_ANDERSEN}?callingData=true ");
    assert!(output.stderr.contains(&request("GET")), "{output}");
    assert!(output.stderr.contains(&request("PUT")), "{output}");
    assert!(!output.stderr.contains("Director"), "{output}");
    let output = People::admin(&fake, &["me", "-vv"]).run().await;
    assert!(
        output
            .stderr
            .contains("> GET /people/me?callingData=false "),
        "{output}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_json_lines_with_json_output() {
    let fake = fake(&["GET 429 retry-after=1 times=1"]).await;
    let output = People::admin(&fake, &["me", "-v", "-o", "json"])
        .run()
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    assert!(output.stderr.lines().count() >= 4, "{output}");
    for line in output.stderr.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(
            line["log"].is_string() || line["note"].is_string(),
            "{output}"
        );
    }
}
