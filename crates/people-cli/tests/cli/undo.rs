//! Review before and undo after: the changes of a dry run, and `people apply --undo`.

use people_fake::{
    BOT, CALLING_LICENSE, FULL_PERSON, GUEST, JOHN_ANDERSEN, MEMBER, MESSAGING_LICENSE,
};
use serde_json::{Value, json};

use crate::support::{TestEnv, fake, transcript, updates, with_report};

fn changes() -> String {
    let lines = [
        json!({"id": JOHN_ANDERSEN, "set": {"title": "Director"}, "unset": ["department"]}),
        json!({"id": FULL_PERSON, "set": {"phoneNumbers[0].value": "+1 408 555 0199"},
               "remove": {"licenses": MESSAGING_LICENSE}}),
        json!({"id": MEMBER, "set": {"title": "a | b <c>"}}),
        json!({"id": JOHN_ANDERSEN, "set": {"title": "Chief"}}),
        json!({"id": GUEST}),
    ];
    lines.map(|line| format!("{line}\n")).concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_the_changes_of_every_person_in_three_formats() {
    let fake = fake(&[]).await;
    let env = TestEnv::new("changes.ndjson", &changes());
    let mut outputs = Vec::new();
    for format in ["table", "markdown", "ndjson"] {
        let arguments = [
            "changes.ndjson",
            "--dry-run",
            "--concurrency",
            "1",
            "-o",
            format,
        ];
        let output = env.apply(&fake, &arguments).await;
        assert_eq!(output.code, Some(1), "{output}");
        outputs.push(output);
    }
    insta::assert_snapshot!("dry_run_review", transcript(&outputs));
    assert_eq!(updates(&fake), 0);
    let output = env
        .apply(&fake, &with_report(&["changes.ndjson", "-o", "markdown"]))
        .await;
    assert_eq!(output.code, Some(2), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_the_lines_in_the_order_of_the_file() {
    // The first line is the last one to be complete.
    let fault = format!("GET /people/{JOHN_ANDERSEN} 503 times=1");
    let fake = fake(&[&fault]).await;
    let lines = [JOHN_ANDERSEN, FULL_PERSON, MEMBER];
    let lines = lines.map(|id| json!({"id": id, "set": {"title": "Director"}}));
    let env = TestEnv::new(
        "changes.ndjson",
        &lines.map(|line| format!("{line}\n")).concat(),
    );
    let arguments = ["changes.ndjson", "--dry-run", "-o", "ndjson"];
    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(1), "{output}");
    let shown = output.stdout.lines();
    let shown = shown.map(|line| serde_json::from_str::<Value>(line).unwrap()["line"].clone());
    let shown: Vec<Value> = shown.collect();
    assert_eq!(shown, [json!(1), json!(2), json!(3), Value::Null]);
}

/// Every person without the time of its last change, and without properties that have no value.
fn people(fake: &people_fake::FakePeople) -> Vec<Value> {
    let mut people = fake.people();
    for person in &mut people {
        let person = person.as_object_mut().unwrap();
        person.remove("lastModified");
        person.retain(|_, value| *value != json!("") && *value != json!([]));
    }
    people
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_brings_every_value_back() {
    let fake = fake(&[]).await;
    let before = people(&fake);
    let env = TestEnv::new("changes.ndjson", &changes());
    let apply = with_report(&["changes.ndjson", "--save-before", "before.ndjson"]);
    let output = env.apply(&fake, &apply).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_ne!(people(&fake), before);

    let undo = [
        "--undo",
        "before.ndjson",
        "--report",
        "undo.ndjson",
        "--concurrency",
        "1",
    ];
    let dry_run = [&undo[..2], &["--dry-run", "-o", "table"]].concat();
    let output = env.apply(&fake, &dry_run).await;
    assert_eq!(output.code, Some(1), "{output}");
    let output = env.apply(&fake, &undo).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(people(&fake), before, "{output}");

    // A second undo with the same report does nothing, one with another report finds nothing to do.
    fake.clear_requests();
    let output = env.apply(&fake, &undo).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(fake.requests(), []);
    let again = ["--undo", "before.ndjson", "--report", "again.ndjson"];
    let output = env.apply(&fake, &again).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(updates(&fake), 0, "{output}");
    assert_eq!(people(&fake), before, "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_run_that_has_changed_something_says_how_to_undo_it() {
    let fake = fake(&[]).await;
    let change = json!({"id": MEMBER, "set": {"title": "Director"}});
    let env = TestEnv::new("changes.ndjson", &change.to_string());
    for (report, says_how) in [("1.ndjson", true), ("2.ndjson", false)] {
        let save = ["--save-before", "before.ndjson", "--report", report];
        let arguments = [&["changes.ndjson"][..], &save].concat();
        let output = env.apply(&fake, &arguments).await;
        assert_eq!(output.code, Some(0), "{output}");
        let note = "`people apply --undo before.ndjson --report FILE`";
        assert_eq!(output.stderr.contains(note), says_how, "{output}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_has_changed_since_is_not_undone() {
    let fake = fake(&[]).await;
    let change = json!({"id": MEMBER, "set": {"title": "A", "department": "B"}});
    let other = json!({"id": GUEST, "set": {"title": "C"}});
    let env = TestEnv::new("changes.ndjson", &format!("{change}\n{other}\n"));
    let before = people(&fake);
    let apply = with_report(&["changes.ndjson", "--save-before", "before.ndjson"]);
    let output = env.apply(&fake, &apply).await;
    assert_eq!(output.code, Some(0), "{output}");
    let mut member = fake.person(MEMBER).unwrap();
    member["title"] = json!("changed elsewhere");
    fake.set_person(member).unwrap();

    let undo = ["--undo", "before.ndjson", "--report", "undo.ndjson"];
    let output = env.apply(&fake, &undo).await;
    assert_eq!(output.code, Some(7), "{output}");
    assert!(
        output.stderr.contains("`title` has changed since"),
        "{output}"
    );
    let member = fake.person(MEMBER).unwrap();
    assert_eq!(
        (&member["title"], &member["department"]),
        (&json!("changed elsewhere"), &json!("B"))
    );
    let guest = people(&fake).into_iter().find(|it| it["id"] == GUEST);
    assert_eq!(guest, before.into_iter().find(|it| it["id"] == GUEST));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_was_partly_applied_can_be_undone() {
    let fake = fake(&["PUT apply=title times=1"]).await;
    let before = people(&fake);
    let change = json!({"id": MEMBER, "set": {"title": "A", "department": "B"}});
    let env = TestEnv::new("changes.ndjson", &change.to_string());
    let apply = with_report(&["changes.ndjson", "--save-before", "before.ndjson"]);
    let output = env.apply(&fake, &apply).await;
    assert_eq!(output.code, Some(8), "{output}");
    let undo = ["--undo", "before.ndjson", "--report", "undo.ndjson"];
    let output = env.apply(&fake, &undo).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(people(&fake), before);
}

/// What the service stores in another form than it was sent.
fn stored_otherwise() -> Vec<Value> {
    let licenses = json!([MESSAGING_LICENSE, CALLING_LICENSE]);
    vec![
        json!({"id": MEMBER, "set": {"avatar": "https://example.com/new.png"}}),
        json!({"id": GUEST, "set": {"title": "  Head of Zoe\u{308}\t", "lastName": " Lee"}}),
        json!({"id": JOHN_ANDERSEN, "set": {"emails": ["John@EXAMPLE.com"]}}),
        json!({"id": BOT, "set": {"licenses": licenses}}),
        // A license that the organization does not have is skipped.
        json!({"id": FULL_PERSON, "remove": {"licenses": MESSAGING_LICENSE},
               "add": {"licenses": "Y2lzY29zcGFyazovL3VzL0xJQ0VOU0UvMQ"}}),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_the_service_stores_in_another_form_are_undone() {
    let fake = fake(&[]).await;
    let before = people(&fake);
    let changes: Vec<String> = stored_otherwise().iter().map(Value::to_string).collect();
    let env = TestEnv::new("changes.ndjson", &changes.join("\n"));
    let apply = with_report(&["changes.ndjson", "--save-before", "before.ndjson"]);
    let output = env.apply(&fake, &apply).await;
    // The license that was skipped.
    assert_eq!(output.code, Some(8), "{output}");
    let value = |name: &str, id| fake.person(id).unwrap()[name].clone();
    assert_ne!(value("avatar", MEMBER), "https://example.com/new.png");
    assert_eq!(value("title", GUEST), "Head of Zo\u{eb}");
    assert_eq!(value("emails", JOHN_ANDERSEN), json!(["john@example.com"]));
    assert_eq!(value("licenses", BOT).as_array().unwrap().len(), 3);

    let undo = ["--undo", "before.ndjson", "--report", "undo.ndjson"];
    let output = env.apply(&fake, &undo).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(people(&fake), before, "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_value_in_place_of_a_stored_one_is_not_undone() {
    let fake = fake(&[]).await;
    let changes: Vec<String> = stored_otherwise()[..4]
        .iter()
        .map(Value::to_string)
        .collect();
    let env = TestEnv::new("changes.ndjson", &changes.join("\n"));
    let apply = with_report(&["changes.ndjson", "--save-before", "before.ndjson"]);
    let output = env.apply(&fake, &apply).await;
    assert_eq!(output.code, Some(0), "{output}");
    let others = [
        (
            MEMBER,
            "avatar",
            json!("https://avatars.example.com/copies/another"),
        ),
        (GUEST, "title", json!("Head of Zoe")),
        (JOHN_ANDERSEN, "emails", json!(["jon@example.com"])),
        (BOT, "licenses", json!([MESSAGING_LICENSE])),
    ];
    for (id, name, value) in &others {
        let mut person = fake.person(id).unwrap();
        person[*name] = value.clone();
        fake.set_person(person).unwrap();
    }
    let after = fake.people();
    let undo = ["--undo", "before.ndjson", "--report", "undo.ndjson"];
    let output = env.apply(&fake, &undo).await;
    assert_eq!(output.code, Some(7), "{output}");
    for (_, name, _) in &others {
        let message = format!("`{name}` has changed since");
        assert!(output.stderr.contains(&message), "{output}");
    }
    assert_eq!(fake.people(), after);
    assert_eq!(updates(&fake), 4, "{output}");
}

/// The command line of an undo with a report of its own.
fn undo<'a>(file: &'a str, report: &'a str) -> [&'a str; 4] {
    ["--undo", file, "--report", report]
}

#[tokio::test(flavor = "multi_thread")]
async fn another_undo_finds_that_former_values_are_restored_in_the_form_of_the_service() {
    let fake = fake(&[]).await;
    // An address that is not one of a copy, and text as the service does not store it.
    let person = fake.person(JOHN_ANDERSEN).unwrap();
    assert!(person["avatar"].as_str().unwrap().contains("rackcdn.com"));
    let set = json!({"avatar": "https://example.com/new.png", "title": "New"});
    let change = json!({"id": JOHN_ANDERSEN, "set": set});
    let env = TestEnv::new("changes.ndjson", &change.to_string());
    let apply = with_report(&["changes.ndjson", "--save-before", "before.ndjson"]);
    let output = env.apply(&fake, &apply).await;
    assert_eq!(output.code, Some(0), "{output}");
    let output = env
        .apply(&fake, &undo("before.ndjson", "undo.ndjson"))
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    let restored = fake.person(JOHN_ANDERSEN).unwrap();
    assert_ne!(restored["avatar"], person["avatar"]);
    assert_eq!(restored["title"], person["title"]);

    // With the same report, nothing is left to do; with another one, everything is as it was.
    fake.clear_requests();
    let output = env
        .apply(&fake, &undo("before.ndjson", "undo.ndjson"))
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(fake.requests(), []);
    let output = env
        .apply(&fake, &undo("before.ndjson", "again.ndjson"))
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(updates(&fake), 0, "{output}");
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap(), restored);

    // Another value is still a conflict.
    let mut changed = restored;
    changed["avatar"] = json!("https://avatars.example.com/copies/another");
    fake.set_person(changed).unwrap();
    let output = env
        .apply(&fake, &undo("before.ndjson", "third.ndjson"))
        .await;
    assert_eq!(output.code, Some(7), "{output}");
    // The line of the update in the file, and not one of those that were added since.
    let message = format!("line 1 ({JOHN_ANDERSEN}): failed: `avatar` has changed since");
    assert!(output.stderr.contains(&message), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_are_undone_in_turn() {
    let fake = fake(&[]).await;
    let env = TestEnv::new("unused", "");
    let mut states = vec![fake.person(JOHN_ANDERSEN).unwrap()];
    for run in ["1", "2"] {
        let avatar = format!("https://example.com/{run}.png");
        let change = json!({"id": JOHN_ANDERSEN, "set": {"avatar": avatar}});
        env.write("changes.ndjson", change.to_string());
        let apply = ["changes.ndjson", "--report", run, "--save-before"];
        let before = format!("before.{run}");
        let output = env.apply(&fake, &[&apply[..], &[&before]].concat()).await;
        assert_eq!(output.code, Some(0), "{output}");
        states.push(fake.person(JOHN_ANDERSEN).unwrap());
    }
    for (index, file) in ["before.2", "before.2", "before.1", "before.1"]
        .iter()
        .enumerate()
    {
        fake.clear_requests();
        let output = env
            .apply(&fake, &undo(file, &format!("undo.{index}")))
            .await;
        assert_eq!(output.code, Some(0), "{output}");
        assert_eq!(updates(&fake), usize::from(index % 2 == 0), "{output}");
        if index < 2 {
            let avatar = &fake.person(JOHN_ANDERSEN).unwrap()["avatar"];
            assert_eq!(*avatar, states[1]["avatar"]);
        }
    }
    // A change that the first run has replaced is none of the second's.
    let output = env.apply(&fake, &undo("before.2", "undo.4")).await;
    assert_eq!(output.code, Some(7), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_after_an_undo_is_undone_from_the_same_file() {
    let fake = fake(&[]).await;
    let change = json!({"id": JOHN_ANDERSEN, "set": {"avatar": "https://example.com/new.png"}});
    let env = TestEnv::new("changes.ndjson", &change.to_string());
    let mut restored = Vec::new();
    for report in ["1", "2"] {
        let save = ["--report", report, "--save-before", "before.ndjson"];
        let output = env
            .apply(&fake, &[&["changes.ndjson"][..], &save].concat())
            .await;
        assert_eq!(output.code, Some(0), "{output}");
        // The report of both undos is the same one.
        let output = env.apply(&fake, &undo("before.ndjson", "undo")).await;
        assert_eq!(output.code, Some(0), "{output}");
        restored.push(fake.person(JOHN_ANDERSEN).unwrap()["avatar"].clone());
    }
    assert_eq!(restored[0], restored[1]);
    assert!(
        restored[0].as_str().unwrap().contains("rackcdn.com"),
        "{restored:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_that_was_applied_in_part_is_repeated_and_is_no_conflict() {
    let fake = fake(&[]).await;
    let before = people(&fake);
    let licenses = &fake.person(MEMBER).unwrap()["licenses"];
    assert_eq!(*licenses, json!([MESSAGING_LICENSE]));
    let change = json!({"id": MEMBER, "set": {"licenses": [CALLING_LICENSE], "title": "A"}});
    let env = TestEnv::new("changes.ndjson", &change.to_string());
    let apply = with_report(&["changes.ndjson", "--save-before", "before.ndjson"]);
    let output = env.apply(&fake, &apply).await;
    assert_eq!(output.code, Some(0), "{output}");
    // The service takes the new license away, and does not assign the former one.
    fake.inject("PUT licenses=dropped times=1".parse().unwrap());
    let output = env.apply(&fake, &undo("before.ndjson", "undo")).await;
    assert_eq!(output.code, Some(8), "{output}");
    assert_eq!(fake.person(MEMBER).unwrap()["licenses"], json!([]));
    let output = env.apply(&fake, &undo("before.ndjson", "undo")).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(people(&fake), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_undone_is_refused_before_the_first_request() {
    let fake = fake(&[]).await;
    let env = TestEnv::new("before.ndjson", "");
    env.write("letter", "a letter\n");
    for (file, save, message) in [
        ("before.ndjson", "before.ndjson", "name the same file"),
        ("missing", "other", "missing: "),
        ("letter", "other", "was not written by `--save-before`"),
    ] {
        let arguments = [&undo(file, "undo")[..], &["--save-before", save]].concat();
        let output = env.apply(&fake, &arguments).await;
        assert_eq!(output.code, Some(2), "{output}");
        assert!(output.stderr.contains(message), "{output}");
    }
    assert!(!env.path().join("missing").exists());
    assert_eq!(env.read("letter"), "a letter\n");
    assert_eq!(fake.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn former_values_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let fake = fake(&[]).await;
    let env = TestEnv::new("changes.ndjson", &changes());
    let apply = with_report(&["changes.ndjson", "--save-before", "before.ndjson"]);
    env.apply(&fake, &apply).await;
    let mode = env
        .path()
        .join("before.ndjson")
        .metadata()
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
