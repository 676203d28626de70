//! Standard output in every format.

use std::process::Stdio;

use people_fake::{FULL_PERSON, JOHN_ANDERSEN, MINIMAL_PERSON};
use serde_json::Value;
use tokio::io::AsyncWriteExt;

use crate::support::{People, fake};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_in_every_format() {
    let fake = fake(&[]).await;
    for (name, id) in [("full", FULL_PERSON), ("hardly", MINIMAL_PERSON)] {
        for form in ["table", "json", "yaml"] {
            let arguments = ["get", id, "--calling-data", "-o", form];
            let output = People::admin(&fake, &arguments).run().await;
            insta::assert_snapshot!(format!("person_{name}_{form}"), output);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_fits_a_narrow_terminal() {
    let fake = fake(&[]).await;
    let output = People::admin(&fake, &["get", FULL_PERSON, "-o", "table"])
        .env("COLUMNS", "48")
        .run()
        .await;
    for line in output.stdout.lines() {
        // A word such as an id is never split.
        let value = line.split_once("  ").map_or("", |(_, value)| value.trim());
        assert!(
            line.chars().count() <= 48 || !value.contains(' '),
            "{output}"
        );
    }
    insta::assert_snapshot!("person_narrow", output);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_people_are_several_documents() {
    let fake = fake(&[]).await;
    for form in ["table", "json", "yaml"] {
        let arguments = [
            "get",
            "-",
            "unknown",
            MINIMAL_PERSON,
            "--concurrency",
            "1",
            "-o",
            form,
        ];
        let output = People::admin(&fake, &arguments)
            .stdin(&format!("{MINIMAL_PERSON}\n\n  {MINIMAL_PERSON}  \n"))
            .run()
            .await;
        insta::assert_snapshot!(format!("people_{form}"), output);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_default_format_in_a_pipe_is_json() {
    let fake = fake(&[]).await;
    let me = People::admin(&fake, &["me"]).run().await;
    let person: Value = serde_json::from_str(&me.stdout).unwrap();
    assert_eq!(person["id"], JOHN_ANDERSEN);
    let get = People::admin(&fake, &["get", "me"]).run().await;
    assert_eq!(get.stdout, me.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn calling_data_is_requested_with_the_option_only() {
    let fake = fake(&[]).await;
    let plain = People::admin(&fake, &["me"]).run().await;
    let calling = People::admin(&fake, &["me", "--calling-data"]).run().await;
    assert!(!plain.stdout.contains("locationId"), "{plain}");
    assert!(calling.stdout.contains("locationId"), "{calling}");
}

#[tokio::test(flavor = "multi_thread")]
async fn colour_follows_the_environment() {
    let fake = fake(&[]).await;
    let arguments = [
        "update",
        "me",
        "--set",
        "title=x",
        "--dry-run",
        "-o",
        "table",
    ];
    let run = |variables: &'static [(&str, &str)]| {
        let people = People::admin(&fake, &arguments);
        let set = |people: People, (name, value): &(&str, &str)| people.env(name, value);
        variables.iter().fold(people, set).run()
    };
    let escape = '\u{1b}';
    assert!(!run(&[]).await.stdout.contains(escape));
    assert!(
        run(&[("CLICOLOR_FORCE", "1")])
            .await
            .stdout
            .contains(escape)
    );
    let variables = &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")];
    assert!(!run(variables).await.stdout.contains(escape));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pipe_is_not_an_error() {
    let fake = fake(&[]).await;
    for form in ["table", "json", "yaml"] {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_people"));
        let mut child = command
            .args(["get", "-", "--concurrency", "1", "-o", form])
            .env("WEBEX_BASE_URL", fake.base_url())
            .env("WEBEX_ACCESS_TOKEN", people_fake::ADMIN_TOKEN)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut stdin = child.stdin.take().unwrap();
        stdin
            .write_all(format!("{JOHN_ANDERSEN}\n").repeat(3).as_bytes())
            .await
            .unwrap();
        drop(stdin);
        let output = child.wait_with_output().await.unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), stderr.as_str()), (Some(0), ""));
        // No person is read that would not be printed.
        assert_eq!(fake.requests().len(), 1);
        fake.clear_requests();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn schema_prints_every_type_of_the_contract() {
    let names = People::new(&["schema", "-o", "table"]).run().await;
    insta::assert_snapshot!("schema_names", names);
    for name in names.stdout.lines() {
        let output = People::new(&["schema", name]).run().await;
        let schema: Value = serde_json::from_str(&output.stdout).unwrap();
        assert_eq!(schema["title"], name);
        // Every reference has its target.
        for reference in output.stdout.split("#/$defs/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schema["$defs"].get(name).is_some(), "{name}: {output}");
        }
    }
    let output = People::new(&["schema", "Adress"]).run().await;
    insta::assert_snapshot!("schema_unknown", output);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_succeeds() {
    let output = People::new(&["demo"]).run().await;
    let url = output
        .stdout
        .split_whitespace()
        .find(|word| word.starts_with("http"));
    let url = url.unwrap().to_owned();
    insta::assert_snapshot!("demo", output.without(&url, "http://127.0.0.1:PORT/v1"));
}
