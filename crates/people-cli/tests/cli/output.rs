//! What goes to standard output, in every form.

use std::process::Stdio;

use people_fake::{FULL_PERSON, JOHN_ANDERSEN, MINIMAL_PERSON};
use serde_json::Value;
use tokio::io::AsyncWriteExt;

use crate::support::{People, fake};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_in_every_form() {
    let fake = fake(&[]).await;
    for (name, id) in [("full", FULL_PERSON), ("hardly", MINIMAL_PERSON)] {
        for form in ["table", "json", "yaml"] {
            let arguments = ["get", id, "--calling-data", "-o", form];
            let ran = People::admin(&fake, &arguments).run().await;
            insta::assert_snapshot!(format!("person_{name}_{form}"), ran);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_keeps_within_a_narrow_terminal() {
    let fake = fake(&[]).await;
    let ran = People::admin(&fake, &["get", FULL_PERSON, "-o", "table"])
        .env("COLUMNS", "48")
        .run()
        .await;
    let widest = ran.stdout.lines().map(|line| line.chars().count()).max();
    assert!(widest.unwrap() <= 48, "{ran}");
    insta::assert_snapshot!("person_narrow", ran);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_people_are_several_documents() {
    let fake = fake(&[]).await;
    for form in ["table", "json", "yaml"] {
        let arguments = ["get", "-", "nobody", MINIMAL_PERSON, "-o", form];
        let ran = People::admin(&fake, &arguments)
            .stdin(&format!("{MINIMAL_PERSON}\n\n  {MINIMAL_PERSON}  \n"))
            .run()
            .await;
        insta::assert_snapshot!(format!("people_{form}"), ran);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_gets_json() {
    let fake = fake(&[]).await;
    let me = People::admin(&fake, &["me"]).run().await;
    let person: Value = serde_json::from_str(&me.stdout).unwrap();
    assert_eq!(person["id"], JOHN_ANDERSEN);
    let get = People::admin(&fake, &["get", "me"]).run().await;
    assert_eq!(get.stdout, me.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn calling_data_is_asked_for() {
    let fake = fake(&[]).await;
    let plain = People::admin(&fake, &["me"]).run().await;
    let calling = People::admin(&fake, &["me", "--calling-data"]).run().await;
    assert!(!plain.stdout.contains("locationId"), "{plain}");
    assert!(calling.stdout.contains("locationId"), "{calling}");
}

#[tokio::test(flavor = "multi_thread")]
async fn colour_is_for_those_who_want_it() {
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
async fn a_reader_that_goes_away_is_no_error() {
    let fake = fake(&[]).await;
    for form in ["table", "json", "yaml"] {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_people"));
        let mut child = command
            .args(["get", "-", "-o", form])
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
        // Nobody is asked for whom nobody wants to see.
        assert_eq!(fake.requests().len(), 1);
        fake.clear_requests();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_types_of_the_contract() {
    let names = People::new(&["schema", "-o", "table"]).run().await;
    insta::assert_snapshot!("schema_names", names);
    for name in names.stdout.lines() {
        let ran = People::new(&["schema", name]).run().await;
        let schema: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(schema["title"], name);
        // Every reference leads somewhere.
        for reference in ran.stdout.split("#/$defs/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schema["$defs"].get(name).is_some(), "{name}: {ran}");
        }
    }
    let ran = People::new(&["schema", "Adress"]).run().await;
    insta::assert_snapshot!("schema_unknown", ran);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_is_as_expected() {
    let ran = People::new(&["demo"]).run().await;
    let url = ran
        .stdout
        .split_whitespace()
        .find(|word| word.starts_with("http"));
    let url = url.unwrap().to_owned();
    insta::assert_snapshot!("demo", ran.without(&url, "http://127.0.0.1:PORT/v1"));
}
