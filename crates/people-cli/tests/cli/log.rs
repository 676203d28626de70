//! What `-v` shows, and what it must not.

use people_fake::{ADMIN_TOKEN, FULL_PERSON, FakePeople, JOHN_ANDERSEN, USER_TOKEN};
use serde_json::Value;

use crate::support::{People, Ran, fake};

async fn verbose(fake: &FakePeople, token: &str, arguments: &[&str]) -> Ran {
    let arguments = [arguments, &["-v", "--first-wait", "1ms"]].concat();
    People::admin(fake, &arguments)
        .env("WEBEX_ACCESS_TOKEN", token)
        // What other crates would say must not be there either.
        .env("RUST_LOG", "trace")
        .run()
        .await
}

/// Every text within `value`, but for the words of enumerations.
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
async fn nothing_secret_or_personal_is_logged() {
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
            // The fake's message names its tokens' right, not the token.
            assert!(!log.stderr.contains(secret), "{secret} in {log}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_tells_the_story() {
    let fake = fake(&["429 retry-after=0 every=4 times=1", "PUT 403 times=1"]).await;
    let arguments = ["update", JOHN_ANDERSEN, "--set", "title=Director"];
    let ran = verbose(&fake, ADMIN_TOKEN, &arguments).await;
    let mut story = String::new();
    for line in ran.stderr.lines() {
        // How long it took is no part of it.
        let words: Vec<&str> = line.split(' ').collect();
        let words = words.iter().enumerate().map(|(index, word)| {
            let is_time =
                words.get(index + 1) == Some(&"ms)") || index > 0 && words[index - 1] == "ms";
            if is_time { "N" } else { *word }
        });
        story.push_str(&words.collect::<Vec<_>>().join(" "));
        story.push('\n');
    }
    let place = fake.address().to_string();
    insta::assert_snapshot!("verbose", story.replace(&place, "ADDRESS"));
}
