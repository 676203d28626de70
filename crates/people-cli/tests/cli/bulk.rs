//! Five thousand changes, against a service that misbehaves, by a command that is killed.

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

/// A service with all those people, that answers 429 to every tenth request and carries out every
/// fiftieth update without an answer.
async fn busy_service() -> FakePeople {
    let fake = builder().start().await.unwrap();
    let organization = fake.person(JOHN_ANDERSEN).unwrap()["orgId"].clone();
    for number in 0..PEOPLE {
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
    for fault in [
        "429 retry-after=0 every=10",
        "PUT drop=head apply=all every=50",
    ] {
        fake.inject(fault.parse().unwrap());
    }
    fake
}

/// How many bytes the report has, which is cheaper to ask for than its lines.
fn size(report: &Path) -> u64 {
    std::fs::metadata(report).map_or(0, |file| file.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_changes_survive_everything() {
    let fake = busy_service().await;
    let directory = tempfile::tempdir().unwrap();
    let report = directory.path().join("report.ndjson");
    let mut changes = String::new();
    for number in 0..PEOPLE {
        let change = json!({"id": id(number), "set": {"title": format!("Title {number}")}});
        writeln!(changes, "{change}").unwrap();
    }
    std::fs::write(directory.path().join("changes.ndjson"), changes).unwrap();
    let people = || {
        let arguments = [
            "apply",
            "changes.ndjson",
            "--report",
            "report.ndjson",
            "--concurrency",
            "16",
            "--first-wait",
            "1ms",
            "--max-attempts",
            "12",
        ];
        People::admin(&fake, &arguments).current_dir(directory.path())
    };

    // Twice it is killed in the middle.
    for middle in [200_000, 600_000] {
        let mut child = people().spawn();
        while size(&report) < middle {
            assert!(
                child.try_wait().unwrap().is_none(),
                "it ended before it was killed"
            );
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        child.kill().await.unwrap();
        let text = std::fs::read_to_string(&report).unwrap();
        assert!(text.lines().count() < PEOPLE, "it was killed too late");
    }
    let ran = people().run().await;
    assert_eq!(ran.code, Some(0), "{ran}");

    // Everything is applied,
    for number in 0..PEOPLE {
        let person = fake.person(&id(number)).unwrap();
        assert_eq!(person["title"], format!("Title {number}"));
        assert_eq!(person["department"], "Sales");
    }
    // nothing twice but where the answer was lost, after which an update may be sent again,
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
    // Those that were under way when it was killed had been applied already.
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
    // The service did misbehave.
    let statuses = fake.requests().into_iter().map(|request| request.status);
    let refused = statuses.filter(|status| *status != Some(200)).count();
    assert!(refused > PEOPLE / 10, "{refused}");
}
