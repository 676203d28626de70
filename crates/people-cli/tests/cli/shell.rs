//! What helps in a shell: completion, manual pages, ids, colours and quiet runs.

use people_fake::{FULL_PERSON, JOHN_ANDERSEN, MEMBER};
use serde_json::Value;

use crate::support::{People, TestEnv, fake, transcript};

#[tokio::test(flavor = "multi_thread")]
async fn completion_scripts_have_property_names_types_and_formats() {
    for shell in ["bash", "fish", "zsh"] {
        let output = People::new(&["completions", shell]).run().await;
        for word in ["title=", "licenses=", "lastActivity", "ndjson"] {
            assert!(output.stdout.contains(word), "{shell}: {word}");
        }
        assert!(output.stdout.contains("PersonUpdate"), "{shell}");
        if shell == "fish" {
            let of_schema = r#"-n "__fish_people_using_subcommand schema" -f -a "Address "#;
            assert!(output.stdout.contains(of_schema), "{output}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manual_page_exists_for_every_command() {
    let output = People::new(&["man"]).run().await;
    assert_eq!(output.code, Some(0), "{output}");
    assert!(output.stdout.contains(".TH people 1"), "{output}");
    assert!(output.stdout.contains("Exit codes"), "{output}");
    let env = TestEnv::new("unused", "");
    let directory = env.path().to_str().unwrap();
    let output = People::new(&["man", "--directory", directory]).run().await;
    assert_eq!(output.code, Some(0), "{output}");
    for page in ["people.1", "people-apply.1", "people-id.1"] {
        assert!(env.read(page).contains(".TH people"), "{page}");
    }
    let output = People::new(&["man", "--directory", "/nowhere"]).run().await;
    assert_eq!(output.code, Some(2), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_is_shown_with_its_parts_and_made_from_a_uuid() {
    let output = People::new(&["id", JOHN_ANDERSEN, "-o", "json"])
        .run()
        .await;
    let parts: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(parts["kind"], "PEOPLE", "{output}");
    let uuid = parts["uuid"].as_str().unwrap();
    let back = People::new(&["id", &uuid.to_uppercase(), "-o", "json"])
        .run()
        .await;
    assert_eq!(serde_json::from_str::<Value>(&back.stdout).unwrap(), parts);
    let decoded = format!("ciscospark://us/PEOPLE/{uuid}");
    let back = People::new(&["id", &decoded, "-o", "json"]).run().await;
    assert_eq!(serde_json::from_str::<Value>(&back.stdout).unwrap(), parts);
    let outputs = [
        People::new(&["id", JOHN_ANDERSEN, uuid, "--cluster", "eu", "-o", "table"])
            .run()
            .await,
        People::new(&["id", "me"]).run().await,
        People::new(&["id", "Y2lz"]).run().await,
    ];
    insta::assert_snapshot!("id", transcript(&outputs));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_run_writes_errors_only() {
    let fake = fake(&["GET 429 retry-after=1 every=2"]).await;
    let file = "status: active\ntitle: Director\n";
    let arguments = ["update", MEMBER, "--file", "-"];
    let output = People::admin(&fake, &arguments).stdin(file).run().await;
    assert!(output.stderr.contains("note: "), "{output}");
    let arguments = [&arguments[..], &["-q"]].concat();
    let output = People::admin(&fake, &arguments).stdin(file).run().await;
    assert_eq!(
        (output.code, output.stderr.as_str()),
        (Some(0), ""),
        "{output}"
    );
    let output = People::admin(&fake, &["get", "unknown", "-q"]).run().await;
    assert!(output.stderr.starts_with("error: "), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_color_option_outweighs_the_environment() {
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
    for (color, variable, expected) in [
        ("always", "NO_COLOR", true),
        ("never", "CLICOLOR_FORCE", false),
        ("auto", "CLICOLOR_FORCE", true),
    ] {
        let arguments = [&arguments[..], &["--color", color]].concat();
        let output = People::admin(&fake, &arguments)
            .env(variable, "1")
            .run()
            .await;
        assert_eq!(
            output.stdout.contains('\u{1b}'),
            expected,
            "{color}: {output}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_and_yaml_keep_every_character_and_move_no_cursor() {
    let fake = fake(&[]).await;
    let mut person = fake.person(FULL_PERSON).unwrap();
    let odd = "NO\u{7f}\u{9b}31m\u{1b}[31m\u{202e}x";
    person["title"] = odd.into();
    for (name, value) in [
        ("department", "NO"),
        ("nickName", "12:30:45"),
        ("firstName", "off"),
        ("lastName", "2026-11-27"),
    ] {
        person[name] = value.into();
    }
    fake.set_person(person).unwrap();
    for format in ["json", "ndjson", "yaml"] {
        let output = People::admin(&fake, &["get", FULL_PERSON, "-o", format])
            .run()
            .await;
        let person: Value = yaml_serde::from_str(&output.stdout).unwrap();
        assert_eq!(person["title"], odd, "{format}");
        let unsafe_character = |it: char| it != '\n' && (it.is_control() || it == '\u{202e}');
        assert!(
            !output.stdout.contains(unsafe_character),
            "{format}: {output}"
        );
        if format == "yaml" {
            for quoted in [
                "department: \"NO\"",
                "nickName: \"12:30:45\"",
                "firstName: \"off\"",
                "lastName: \"2026-11-27\"",
            ] {
                assert!(output.stdout.contains(quoted), "{output}");
            }
        }
    }
}
