//! `people apply` with many lines, a service with faults or a rate limit, and kills.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use people_fake::{FakePeople, JOHN_ANDERSEN};
use serde_json::{Value, json};

use crate::support::{People, builder};

const PEOPLE: usize = 5_000;

fn id(number: usize) -> String {
    format!("Y2lzY29zcGFyazovL3VzL1BFT1BMRS8{number:08}")
}

/// A service with this number of people.
async fn service(people: usize) -> FakePeople {
    let fake = builder().start().await.unwrap();
    let organization = fake.person(JOHN_ANDERSEN).unwrap()["orgId"].clone();
    for number in 0..people {
        let person = json!({
            "id": id(number),
            "orgId": organization,
            "displayName": format!("Person {number}"),
            "emails": [format!("person{number}@example.com")],
            "department": "Sales",
            "type": "person",
        });
        fake.set_person(person).unwrap();
    }
    fake
}

/// A service that responds with 429 to every tenth request and applies every fiftieth update without
/// a response.
async fn busy_service() -> FakePeople {
    let fake = service(PEOPLE).await;
    for fault in [
        "429 retry-after=0 every=10",
        "PUT drop=head apply=all every=50",
    ] {
        fake.inject(fault.parse().unwrap());
    }
    fake
}

/// A new title for each of this number of people.
fn changes(people: usize) -> String {
    let mut changes = String::new();
    for number in 0..people {
        let change = json!({"id": id(number), "set": {"title": format!("Title {number}")}});
        writeln!(changes, "{change}").unwrap();
    }
    changes
}

/// The size of the report in bytes, which is cheaper to get than its lines.
fn size(report: &Path) -> u64 {
    std::fs::metadata(report).map_or(0, |file| file.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_lines_are_applied_once_despite_faults_and_kills() {
    let fake = busy_service().await;
    let directory = tempfile::tempdir().unwrap();
    let report = directory.path().join("report.ndjson");
    std::fs::write(directory.path().join("changes.ndjson"), changes(PEOPLE)).unwrap();
    let people = || {
        let arguments = [
            "apply",
            "changes.ndjson",
            "--report",
            "report.ndjson",
            "--concurrency",
            "16",
            "--initial-delay",
            "1ms",
            "--max-attempts",
            "12",
        ];
        People::admin(&fake, &arguments).current_dir(directory.path())
    };

    // It is killed twice in the middle.
    for middle in [200_000, 600_000] {
        let mut child = people().spawn();
        while size(&report) < middle {
            assert!(
                child.try_wait().unwrap().is_none(),
                "the run ended before it was killed"
            );
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        child.kill().await.unwrap();
        let text = std::fs::read_to_string(&report).unwrap();
        assert!(text.lines().count() < PEOPLE, "the run was killed too late");
    }
    let output = people().run().await;
    assert_eq!(output.code, Some(0), "{output}");

    // Everything is applied,
    for number in 0..PEOPLE {
        let person = fake.person(&id(number)).unwrap();
        assert_eq!(person["title"], format!("Title {number}"));
        assert_eq!(person["department"], "Sales");
    }
    // nothing twice except after a lost response, when an update may be sent again,
    let mut applied: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for request in fake.requests() {
        if request.method == "PUT" {
            let (answered, lost) = applied.entry(request.path).or_default();
            match request.status {
                Some(200) => *answered += 1,
                None => *lost += 1,
                Some(_) => {}
            }
        }
    }
    assert_eq!(applied.len(), PEOPLE);
    assert!(
        applied
            .values()
            .all(|(answered, lost)| *answered <= 1 && answered + lost >= 1)
    );
    let lost: usize = applied.values().map(|(_, lost)| lost).sum();
    assert!(lost >= PEOPLE / 50, "{lost}");
    // and nothing is lost.
    let text = std::fs::read_to_string(&report).unwrap();
    let mut outcomes = BTreeMap::new();
    for line in text.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let before = outcomes.insert(entry["line"].as_u64().unwrap(), entry["outcome"].clone());
        assert_eq!(before, None, "{entry}");
    }
    assert!(outcomes.keys().copied().eq(1..=PEOPLE as u64));
    // Updates that were under way at a kill had been applied already.
    let unchanged = outcomes
        .values()
        .filter(|outcome| **outcome == "unchanged")
        .count();
    assert!(unchanged <= 2 * 16, "{unchanged}");
    assert!(
        outcomes
            .values()
            .all(|outcome| *outcome == "applied" || *outcome == "unchanged")
    );
    // There were faults.
    let statuses = fake.requests().into_iter().map(|request| request.status);
    let refused = statuses.filter(|status| *status != Some(200)).count();
    assert!(refused > PEOPLE / 10, "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_changed_people_take_two_calls_each() {
    let fake = service(PEOPLE).await;
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("changes.ndjson"), changes(PEOPLE)).unwrap();
    let arguments = ["apply", "changes.ndjson", "--report", "report.ndjson"];
    let arguments = [&arguments[..], &["--concurrency", "16"]].concat();
    let people = People::admin(&fake, &arguments).current_dir(directory.path());
    let output = people.run().await;
    assert_eq!(output.code, Some(0), "{output}");
    let updates = fake.requests();
    let updates = updates.iter().filter(|request| request.method == "PUT");
    assert_eq!(updates.count(), PEOPLE);
    // A busy machine can take more than a second from a read to its update, which is then checked.
    let requests = fake.requests().len();
    assert!(requests <= 2 * PEOPLE + 10, "{requests}");
}

/// Runs a command until it succeeds: a service with these faults makes lines fail, which the next run
/// with the same report repeats.
async fn repeat(fake: &FakePeople, directory: &Path, arguments: &[&str]) {
    let options = ["--concurrency", "16", "--initial-delay", "1ms"];
    let arguments = [&["apply"], arguments, &options].concat();
    for _ in 0..20 {
        let people = People::admin(fake, &arguments).current_dir(directory);
        let output = people.run().await;
        match output.code {
            Some(0) => return,
            Some(7 | 8) => {}
            _ => panic!("{output}"),
        }
    }
    panic!("lines fail after twenty runs");
}

/// The people of [`service`] without what every update changes.
fn state(fake: &FakePeople, people: usize) -> Vec<Value> {
    let person = |number| {
        let mut person = fake.person(&id(number)).unwrap();
        let properties = person.as_object_mut().unwrap();
        properties.remove("lastModified");
        properties.retain(|_, value| *value != json!(""));
        person
    };
    (0..people).map(person).collect()
}

/// Applies a file, undoes it and applies it again, while updates fail, are applied in part, or are
/// applied without a response.
async fn apply_undo_and_apply(people: usize) {
    let fake = service(people).await;
    for fault in [
        "429 retry-after=0 every=10",
        "PUT drop=head apply=all every=50",
        "PUT 502 apply=none every=37",
        "PUT 500 apply=title every=61",
    ] {
        fake.inject(fault.parse().unwrap());
    }
    // Both values are stored in another form.
    let mut changes = String::new();
    for number in 0..people {
        let avatar = format!("https://example.com/{number}.png");
        let set = json!({"title": format!(" Title {number}"), "avatar": avatar});
        writeln!(changes, "{}", json!({"id": id(number), "set": set})).unwrap();
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    std::fs::write(path.join("changes.ndjson"), changes).unwrap();
    let before = state(&fake, people);

    let save = ["--report", "1.ndjson", "--save-before", "before.ndjson"];
    repeat(&fake, path, &[&["changes.ndjson"][..], &save].concat()).await;
    let applied = state(&fake, people);
    for (number, person) in applied.iter().enumerate() {
        assert_eq!(person["title"], format!("Title {number}"));
        assert!(
            person["avatar"]
                .as_str()
                .unwrap()
                .contains(&format!("{number}.png"))
        );
    }
    check_updates(&fake, people);
    repeat(
        &fake,
        path,
        &["--undo", "before.ndjson", "--report", "2.ndjson"],
    )
    .await;
    assert_eq!(state(&fake, people), before);
    check_updates(&fake, people);
    repeat(&fake, path, &["changes.ndjson", "--report", "3.ndjson"]).await;
    assert_eq!(state(&fake, people), applied);
    check_updates(&fake, people);
}

/// Every person was updated, and with success once at most.
fn check_updates(fake: &FakePeople, people: usize) {
    let mut updates: BTreeMap<String, usize> = BTreeMap::new();
    for request in fake.requests() {
        if request.method == "PUT" {
            *updates.entry(request.path).or_default() += usize::from(request.status == Some(200));
        }
    }
    assert_eq!(updates.len(), people);
    assert!(updates.values().all(|successes| *successes <= 1));
    fake.clear_requests();
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_applied_undone_and_applied_again_despite_faults() {
    apply_undo_and_apply(120).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute in a debug build"]
async fn five_thousand_lines_are_applied_undone_and_applied_again_despite_faults() {
    apply_undo_and_apply(PEOPLE).await;
}
