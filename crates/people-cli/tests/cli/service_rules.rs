//! `people update` and `people edit` where the service changes more, less or otherwise than it was
//! sent.

use people_fake::{
    CALLING_LICENSE, DIRECTORY_SYNCED, FULL_PERSON, FakePeople, JOHN_ANDERSEN, MEMBER,
    OWN_NICK_NAME, SEVERAL_EMAILS,
};
use serde_json::{Value, json};

use crate::support::{People, TestEnv, fake, with_report};

#[tokio::test(flavor = "multi_thread")]
async fn a_property_that_the_service_rejects_unchanged_is_omitted() {
    let fake = fake(&[]).await;
    let before = fake.person(DIRECTORY_SYNCED).unwrap();
    let arguments = ["update", DIRECTORY_SYNCED, "--set", "title=Chief"];
    let output = People::admin(&fake, &arguments).run().await;
    assert_eq!(output.code, Some(7), "{output}");
    assert!(output.stderr.contains("`--omit phoneNumbers`"), "{output}");
    assert_eq!(fake.person(DIRECTORY_SYNCED).unwrap(), before);

    let arguments = [&arguments[..], &["--omit", "phoneNumbers", "-o", "json"]].concat();
    let dry_run = [&arguments[..], &["--dry-run"]].concat();
    let output = People::admin(&fake, &dry_run).run().await;
    assert_eq!(output.code, Some(1), "{output}");
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(report["body"]["title"], "Chief");
    assert_eq!(report["body"].get("phoneNumbers"), None);

    let output = People::admin(&fake, &arguments).run().await;
    assert_eq!(output.code, Some(0), "{output}");
    let after = fake.person(DIRECTORY_SYNCED).unwrap();
    assert_eq!(after["title"], "Chief");
    assert_eq!(after["phoneNumbers"], before["phoneNumbers"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_omits_a_property_from_all_updates() {
    let fake = fake(&[]).await;
    let directory = tempfile::tempdir().unwrap();
    let line = format!(r#"{{"id":"{DIRECTORY_SYNCED}","set":{{"title":"Chief"}}}}"#);
    std::fs::write(directory.path().join("changes.ndjson"), line).unwrap();
    let arguments = ["apply", "changes.ndjson", "--report", "report.ndjson"];
    for (omit, code) in [(&[][..], 7), (&["--omit", "phoneNumbers"], 0)] {
        let arguments = [&arguments[..], omit].concat();
        let people = People::admin(&fake, &arguments).current_dir(directory.path());
        let output = people.run().await;
        assert_eq!(output.code, Some(code), "{output}");
    }
    assert_eq!(fake.person(DIRECTORY_SYNCED).unwrap()["title"], "Chief");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_property_to_omit_is_invalid() {
    let fake = fake(&[]).await;
    let arguments = ["update", MEMBER, "--set", "title=A", "--omit", "phone"];
    let output = People::admin(&fake, &arguments).run().await;
    assert_eq!(output.code, Some(2), "{output}");
    assert!(output.stderr.contains("no property `phone`"), "{output}");
    assert!(
        fake.requests()
            .iter()
            .all(|request| request.method == "GET")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_service_changes_by_itself_is_printed_and_is_no_failure() {
    let fake = fake(&[]).await;
    let set = ["update", OWN_NICK_NAME, "--set", "title=Chief"];
    let arguments = [&set[..], &["-o", "table"]].concat();
    let output = People::admin(&fake, &arguments).run().await;
    assert_eq!(output.code, Some(0), "{output}");
    assert!(
        output
            .stdout
            .contains("also changed by the service: nickName"),
        "{output}"
    );
    let arguments = [
        "update",
        JOHN_ANDERSEN,
        "--set",
        "firstName=Jo",
        "-o",
        "json",
    ];
    let output = People::admin(&fake, &arguments).run().await;
    assert_eq!(output.code, Some(0), "{output}");
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(report["outcome"], "applied");
    assert_eq!(report["alsoChanged"], serde_json::json!(["nickName"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_property_that_the_service_derives_from_another_is_set_with_a_warning() {
    let fake = fake(&[]).await;
    let arguments = ["update", MEMBER, "--set", "nickName=Mimi"];
    for (dry_run, code) in [(&["--dry-run"][..], 1), (&[], 7)] {
        let output = People::admin(&fake, &[&arguments[..], dry_run].concat());
        let output = output.run().await;
        assert_eq!(output.code, Some(code), "{output}");
        assert!(
            output
                .stderr
                .contains("the service sets `nickName` from `firstName`"),
            "{output}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_error_of_an_applied_update_is_printed() {
    let fake = fake(&["PUT 400 apply=all"]).await;
    let update = |title: &'static str, format: &'static str| {
        ["update", MEMBER, "--set", title, "-o", format]
    };
    let output = People::admin(&fake, &update("title=A", "table"))
        .run()
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    assert!(output.stdout.contains("applied"), "{output}");
    assert!(output.stderr.contains("400 Bad Request"), "{output}");
    assert!(output.stderr.contains("tracking id FAKE_"), "{output}");
    let output = People::admin(&fake, &update("title=B", "json")).run().await;
    assert_eq!(output.code, Some(0), "{output}");
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(report["outcome"], "applied");
    assert_eq!(report["serviceError"]["status"], 400);
    assert_eq!(report["serviceError"]["operation"], "updatePerson");
    assert_eq!(report["serviceError"].get("exitCode"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_is_refused_for_the_reason_for_which_the_update_would_be() {
    let fake = fake(&[]).await;
    let mut person = fake.person(SEVERAL_EMAILS).unwrap();
    person.as_object_mut().unwrap().remove("userName");
    fake.set_person(person).unwrap();
    let arguments = ["update", SEVERAL_EMAILS, "--set", "title=A"];
    for dry_run in [&["--dry-run"][..], &[]] {
        let output = People::admin(&fake, &[&arguments[..], dry_run].concat());
        let output = output.run().await;
        assert_eq!(output.code, Some(2), "{output}");
        assert!(
            output.stderr.contains("`emails` has several items"),
            "{output}"
        );
    }
    assert!(
        fake.requests()
            .iter()
            .all(|request| request.method == "GET")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn null_is_sent_where_it_is_asked_for() {
    let fake = fake(&[]).await;
    let update = ["update", FULL_PERSON];
    let unset = [&update[..], &["--unset", "extension"]].concat();
    let output = People::admin(&fake, &unset).run().await;
    assert_eq!(output.code, Some(7), "{output}");
    assert!(fake.person(FULL_PERSON).unwrap().get("extension").is_some());

    // With the extension, the service takes the license and the location away.
    let license = format!("licenses={CALLING_LICENSE}");
    let null = [
        "--null",
        "extension",
        "--remove",
        &license,
        "--unset",
        "locationId",
    ];
    let null = [&update[..], &null, &["-o", "json"]].concat();
    let dry_run = [&null[..], &["--dry-run"]].concat();
    let output = People::admin(&fake, &dry_run).run().await;
    assert_eq!(output.code, Some(1), "{output}");
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(
        report["body"].get("extension"),
        Some(&Value::Null),
        "{report}"
    );
    assert_eq!(report["changes"][0]["path"], "extension", "{report}");

    let output = People::admin(&fake, &null).run().await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(fake.person(FULL_PERSON).unwrap().get("extension"), None);

    for (property, reason) in [
        ("extensio", "did you mean `extension`"),
        ("status", "read-only"),
    ] {
        let arguments = [&update[..], &["--null", property]].concat();
        let output = People::admin(&fake, &arguments).run().await;
        assert_eq!(output.code, Some(2), "{output}");
        assert!(output.stderr.contains(reason), "{output}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_reports_what_the_service_changed_and_said_of_an_applied_update() {
    let fake = fake(&["PUT 400 apply=all"]).await;
    let line = json!({"id": JOHN_ANDERSEN, "set": {"firstName": "Jo"}}).to_string();
    let env = TestEnv::new("changes.ndjson", &line);
    let output = env
        .apply(&fake, &with_report(&["changes.ndjson", "-o", "json"]))
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    let shown: Value = serde_json::from_str(output.stderr.lines().next().unwrap()).unwrap();
    assert_eq!(shown["outcome"], "applied", "{output}");
    assert_eq!(
        shown["serviceError"]["message"],
        "updatePerson: 400 Bad Request: Bad Request (tracking id FAKE_00000002)"
    );
    let entry: Value = serde_json::from_str(&env.report()).unwrap();
    assert_eq!(entry["alsoChanged"], json!(["nickName"]), "{entry}");
    assert_eq!(entry["serviceError"]["status"], 400, "{entry}");
    // Without `--report-reasons`, the report does not quote the service.
    assert_eq!(
        entry["serviceError"]["message"],
        "updatePerson: 400 Bad Request (tracking id FAKE_00000002)"
    );
    assert_eq!(entry.get("error"), None);
}

/// The addresses of a person, the primary one first.
fn addresses(fake: &FakePeople) -> Vec<String> {
    let person = fake.person(SEVERAL_EMAILS).unwrap();
    let mut emails: Vec<String> = serde_json::from_value(person["emails"].clone()).unwrap();
    emails.sort_by_key(|email| (person["userName"] != **email, email.clone()));
    emails
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swap_of_two_addresses_is_shown_and_sent_and_can_be_undone() {
    let fake = fake(&[]).await;
    let before = addresses(&fake);
    let mut swapped = before.clone();
    swapped.swap(0, 1);
    let change = format!("emails={}", json!(swapped));
    let shown = format!("~ emails[0]  {} -> {}", before[0], swapped[0]);
    for more in [&[][..], &["--set", "title=A"]] {
        let update = ["update", SEVERAL_EMAILS, "-o", "table", "--set", &change];
        let arguments = [&update[..], more].concat();
        let output = People::admin(&fake, &arguments).run().await;
        assert_eq!(output.code, Some(0), "{output}");
        assert!(output.stdout.contains(&shown), "{output}");
        assert_eq!(addresses(&fake)[0], swapped[0]);
        let back = format!("emails={}", json!(before));
        let output = People::admin(&fake, &["update", SEVERAL_EMAILS, "--set", &back]);
        assert_eq!(output.run().await.code, Some(0));
        assert_eq!(addresses(&fake), before);
    }

    let line = json!({"id": SEVERAL_EMAILS, "set": {"emails": swapped}}).to_string();
    let env = TestEnv::new("changes.ndjson", &line);
    let output = env
        .apply(
            &fake,
            &with_report(&["changes.ndjson", "--save-before", "before.ndjson"]),
        )
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(addresses(&fake)[0], swapped[0]);
    let output = env
        .apply(
            &fake,
            &["--undo", "before.ndjson", "--report", "undo.ndjson"],
        )
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(addresses(&fake), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_list_is_not_changed_while_its_primary_item_is_unknown() {
    let fake = fake(&[]).await;
    let emails = addresses(&fake);
    let mut person = fake.person(SEVERAL_EMAILS).unwrap();
    person.as_object_mut().unwrap().remove("userName");
    fake.set_person(person.clone()).unwrap();
    let first = &emails[0];
    for change in [
        ["--add", &format!("emails={first}")],
        ["--remove", &format!("emails={first}")],
        ["--set", &format!("emails[0]={first}")],
        ["--unset", "emails"],
        ["--unset", "emails[0]"],
        ["--set", r#"emails=["new@example.com"]"#],
    ] {
        let arguments = [&["update", SEVERAL_EMAILS], &change[..]].concat();
        let output = People::admin(&fake, &arguments).run().await;
        assert_eq!(output.code, Some(2), "{output}");
        assert!(output.stderr.contains("primary"), "{output}");
        assert_eq!(fake.person(SEVERAL_EMAILS).unwrap(), person, "{change:?}");
    }

    // What cannot be set back is not set in a run that saves what it replaces.
    let line = json!({"id": SEVERAL_EMAILS, "set": {"emails": emails}}).to_string();
    let env = TestEnv::new("changes.ndjson", &line);
    let output = env
        .apply(
            &fake,
            &with_report(&["changes.ndjson", "--save-before", "before.ndjson"]),
        )
        .await;
    assert_ne!(output.code, Some(0), "{output}");
    assert!(output.stderr.contains("could not be set back"), "{output}");
    assert_eq!(fake.person(SEVERAL_EMAILS).unwrap(), person);
    let output = env
        .apply(&fake, &["changes.ndjson", "--report", "b.ndjson"])
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(addresses(&fake).len(), emails.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_help_of_a_403_has_the_scopes_that_the_service_names() {
    let message = "The request requires [spark-admin:people_write, spark:all] of https://x:y.";
    let body = json!({ "message": message }).to_string();
    let fault = format!("PUT 403 body='raw:{body}'");
    for (fault, expected) in [
        (
            fault.as_str(),
            "the scope `spark-admin:people_write`, `spark:all`: use",
        ),
        (
            "PUT 403",
            "the token needs the scopes `spark-admin:people_write` and",
        ),
    ] {
        let fake = fake(&[fault]).await;
        let output = People::admin(&fake, &["update", MEMBER, "--set", "title=A"]);
        let output = output.run().await;
        assert_eq!(output.code, Some(5), "{output}");
        assert!(output.stderr.contains(expected), "{output}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_help_of_a_partly_applied_400_names_omit() {
    let body = json!({ "message": "Phone number is not allowed" }).to_string();
    let fault = format!("PUT 400 apply=title body='raw:{body}'");
    let fake = fake(&[fault.as_str()]).await;
    let change = ["--set", "title=A", "--set", "department=B"];
    let output = People::admin(&fake, &[&["update", FULL_PERSON], &change[..]].concat());
    let output = output.run().await;
    assert!(output.stderr.contains("partly applied"), "{output}");
    assert!(output.stderr.contains("`--omit phoneNumbers`"), "{output}");
}
