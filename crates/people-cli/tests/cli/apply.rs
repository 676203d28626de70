//! `people apply`: files of changes, reports, stopping and going on.

use std::path::Path;

use people_fake::{
    BOT, FULL_PERSON, FakePeople, GUEST, JOHN_ANDERSEN, MEMBER, MINIMAL_PERSON, OUTSIDER,
};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

use crate::support::{People, Ran, fake, transcript};

/// A directory with a file of changes in it.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new(name: &str, changes: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(name), changes).unwrap();
        Self(directory)
    }

    fn people(&self, fake: &FakePeople, arguments: &[&str]) -> People {
        let arguments = [&["apply"], arguments].concat();
        People::admin(fake, &arguments).current_dir(self.0.path())
    }

    async fn apply(&self, fake: &FakePeople, arguments: &[&str]) -> Ran {
        self.people(fake, arguments).run().await
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// The report in the order of the changes, without times and digests.
    fn report(&self) -> String {
        let text = std::fs::read_to_string(self.path().join("report.ndjson")).unwrap();
        let mut entries: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        entries.sort_by_key(|entry| entry["line"].as_u64());
        let mut report = String::new();
        for mut entry in entries {
            let time = entry["time"].take();
            assert!(time.as_str().unwrap().ends_with('Z'), "{time}");
            let digest = entry["digest"].take();
            assert_eq!(digest.as_str().unwrap().len(), 32);
            let entry = entry.as_object_mut().unwrap();
            entry.retain(|_, value| !value.is_null());
            report.push_str(&serde_json::to_string_pretty(entry).unwrap());
            report.push('\n');
        }
        report
    }
}

fn writes(fake: &FakePeople) -> usize {
    let requests = fake.requests();
    requests
        .iter()
        .filter(|request| request.method == "PUT")
        .count()
}

const REPORT: [&str; 4] = ["--report", "report.ndjson", "--concurrency", "1"];

fn with_report<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &REPORT].concat()
}

fn mixed() -> String {
    let lines = [
        json!({"id": "me", "set": {"title": "Director"}, "unset": ["department"]}),
        json!({"id": FULL_PERSON, "set": {"phoneNumbers[0].value": "+1 1"}}),
        json!({"id": JOHN_ANDERSEN, "set": {"title": "Director"}}),
        json!({"id": "nobody", "set": {"title": "x"}}),
        json!({"id": OUTSIDER, "set": {"title": "x"}}),
        json!({"id": MEMBER, "set": {"titel": "x"}}),
        json!({"id": MEMBER, "set": {"loginEnabled": "maybe"}}),
        json!({"id": MEMBER}),
    ];
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    format!("{}\nnonsense\n", lines.join("\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_has_an_outcome_in_the_report() {
    let fake = fake(&[]).await;
    let desk = Desk::new("changes.ndjson", &mixed());
    let ran = desk.apply(&fake, &with_report(&["changes.ndjson"])).await;
    assert_eq!(ran.code, Some(5), "{ran}");
    insta::assert_snapshot!("apply", ran);
    let report = desk.report();
    for value in ["Director", "+1 1", "maybe", "GM"] {
        assert!(
            !report.contains(&format!("\"{value}")),
            "{value} in {report}"
        );
    }
    insta::assert_snapshot!("apply_report", report);
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "Director");
    assert_eq!(writes(&fake), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_repeats_what_failed_and_nothing_else() {
    let fake = fake(&["PUT 500 every=2"]).await;
    let changes: Vec<String> = [JOHN_ANDERSEN, MEMBER, GUEST, FULL_PERSON]
        .iter()
        .map(|id| json!({"id": id, "set": {"title": "x"}}).to_string())
        .collect();
    let desk = Desk::new("changes.ndjson", &changes.join("\n"));
    let arguments = with_report(&["changes.ndjson", "-o", "table"]);
    let mut runs = Vec::new();
    for _ in 0..4 {
        runs.push(desk.apply(&fake, &arguments).await);
    }
    insta::assert_snapshot!("apply_again", transcript(&runs));
    let done = fake
        .requests()
        .into_iter()
        .filter(|it| it.method == "PUT" && it.status == Some(200));
    assert_eq!(done.count(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_can_be_corrected_and_applied_again() {
    let fake = fake(&[]).await;
    let line = |id: &str, title: &str| json!({"id": id, "set": {"title": title}}).to_string();
    let twice = line(GUEST, "twice");
    let changes = [
        line(MEMBER, "a"),
        line("nobody", "b"),
        twice.clone(),
        line(GUEST, "c"),
    ];
    let desk = Desk::new("changes.ndjson", &changes.join("\n"));
    let ran = desk.apply(&fake, &with_report(&["changes.ndjson"])).await;
    assert_eq!((ran.code, writes(&fake)), (Some(3), 3), "{ran}");

    // One line corrected, one more in front, and one that was there already once more.
    let [first, _, _, last] = changes;
    let changes = [
        line(BOT, "d"),
        first,
        line(JOHN_ANDERSEN, "b"),
        twice.clone(),
        last,
        twice,
    ];
    std::fs::write(desk.path().join("changes.ndjson"), changes.join("\n")).unwrap();
    let ran = desk.apply(&fake, &with_report(&["changes.ndjson"])).await;
    assert_eq!((ran.code, writes(&fake)), (Some(0), 6), "{ran}");
    assert_eq!(fake.person(GUEST).unwrap()["title"], "twice");
    let summary: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (&summary["doneBefore"], &summary["applied"]),
        (&json!(3), &json!(3))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_sends_nothing_and_settles_nothing() {
    let fake = fake(&[]).await;
    let desk = Desk::new("changes.ndjson", &mixed());
    let before = fake.people();
    let arguments = with_report(&["changes.ndjson", "--dry-run", "-o", "table"]);
    let ran = desk.apply(&fake, &arguments).await;
    insta::assert_snapshot!("apply_dry_run", ran);
    assert_eq!(fake.people(), before);
    assert_eq!(writes(&fake), 0);
    let report = with_report(&["changes.ndjson"]);
    let ran = desk.apply(&fake, &report).await;
    assert_eq!(
        serde_json::from_str::<Value>(&ran.stdout).unwrap()["doneBefore"],
        0
    );
    assert_eq!(writes(&fake), 3);
    // A dry run alone needs no report, and says with its code what it found.
    let change = json!({"id": MEMBER, "set": {"title": "y"}}).to_string();
    let desk = Desk::new("changes.ndjson", &change);
    let ran = desk.apply(&fake, &["changes.ndjson", "--dry-run"]).await;
    assert_eq!(ran.code, Some(1), "{ran}");
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_can_be_a_table() {
    let fake = fake(&[]).await;
    let changes = format!(
        "\u{feff}id,title,phoneNumbers[0].value,unset\r\n\
         {MEMBER},\"Head, Sales\",+1 408 526 7209,\r\n\
         {FULL_PERSON},,,department nickName\r\n"
    );
    let desk = Desk::new("changes.csv", &changes);
    let ran = desk.apply(&fake, &with_report(&["changes.csv"])).await;
    assert_eq!(ran.code, Some(0), "{ran}");
    let member = fake.person(MEMBER).unwrap();
    assert_eq!(member["title"], "Head, Sales");
    assert_eq!(member["phoneNumbers"][0]["value"], "+1 408 526 7209");
    let other = fake.person(FULL_PERSON).unwrap();
    assert!(other.get("department").is_none_or(|it| it == ""), "{other}");
    assert!(other.get("nickName").is_none_or(|it| it == ""), "{other}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_about_one_person_keep_their_order() {
    let fake = fake(&[]).await;
    let titles = 0..30;
    let changes: Vec<String> = titles
        .map(|n| json!({"id": MEMBER, "set": {"title": n.to_string()}}).to_string())
        .collect();
    let desk = Desk::new("changes.ndjson", &changes.join("\n"));
    let arguments = [
        "changes.ndjson",
        "--report",
        "report.ndjson",
        "--concurrency",
        "8",
    ];
    let ran = desk.apply(&fake, &arguments).await;
    assert_eq!(ran.code, Some(0), "{ran}");
    assert_eq!(fake.person(MEMBER).unwrap()["title"], "29");
    assert_eq!(writes(&fake), 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_service_says_is_kept_nowhere() {
    let words = r#"'body=raw:{"message": "Jane Roe of Elm Street", "trackingId": "Jane Roe"}'"#;
    for (fault, code) in [("PUT 400", 7), ("PUT 500 apply=title", 8), ("GET 404", 3)] {
        let fake = fake(&[&format!("{fault} {words}")]).await;
        let change = json!({"id": MEMBER, "set": {"title": "x", "department": "y"}});
        let desk = Desk::new("changes.ndjson", &change.to_string());
        let ran = desk.apply(&fake, &with_report(&["changes.ndjson"])).await;
        let report = desk.report();
        assert_eq!(ran.code, Some(code), "{fault}: {ran}");
        for text in [&ran.stdout, &ran.stderr, &report] {
            assert!(!text.contains("Roe") && !text.contains("Elm"), "{text}");
        }
        let status = fault.split(' ').nth(1).unwrap();
        assert!(ran.stderr.contains(status), "{ran}");
        assert!(report.contains(status), "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_are_told_in_json() {
    let fake = fake(&["PUT 500 times=1", "PUT 429 retry-after=1 times=1"]).await;
    let line = |title| json!({"id": MEMBER, "set": {"title": title}}).to_string();
    let many = "nonsense\n".repeat(12);
    let changes = format!("{}\n{}\n{many}", line("a"), line("b"));
    let desk = Desk::new("changes.ndjson", &changes);
    let json = with_report(&["changes.ndjson", "-o", "json"]);
    let mut told = Vec::new();
    for code in [7, 2] {
        let ran = desk.apply(&fake, &json).await;
        assert_eq!(ran.code, Some(code), "{ran}");
        let lines = ran.stderr.lines();
        told.extend(lines.map(|line| serde_json::from_str::<Value>(line).unwrap()));
    }
    let invalid = |it: &&Value| it["outcome"] == "invalid" && it["error"]["message"].is_string();
    assert_eq!(told.iter().filter(invalid).count(), 20);
    let notes: Vec<&str> = told.iter().filter_map(|it| it["note"].as_str()).collect();
    assert_eq!(
        notes,
        [
            "further lines that went wrong are in the report",
            "1 lines not attempted, each after one about the same person that has yet to succeed; \
             a second run with the same report goes on from here",
            "further lines that went wrong are in the report",
            "rate limited, waiting 1 s",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn padding_makes_no_other_person() {
    let fake = fake(&["GET delay=20ms"]).await;
    let id = MEMBER.trim_end_matches('=');
    let changes = [("", "title"), ("=", "department"), ("==", "nickName")]
        .map(|(end, name)| json!({"id": format!("{id}{end}"), "set": {name: "x"}}).to_string());
    let desk = Desk::new("changes.ndjson", &changes.join("\n"));
    let arguments = ["changes.ndjson", "--report", "report.ndjson"];
    let ran = desk.apply(&fake, &arguments).await;
    assert_eq!(ran.code, Some(0), "{ran}");
    let person = fake.person(MEMBER).unwrap();
    for name in ["title", "department", "nickName"] {
        assert_eq!(person[name], "x", "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_undoes_no_later_line() {
    let fake = fake(&["PUT 500 times=1"]).await;
    let line = |id: &str, title: &str| json!({"id": id, "set": {"title": title}}).to_string();
    let changes = [line(MEMBER, "A"), line(MEMBER, "B"), line(GUEST, "C")];
    let desk = Desk::new("changes.ndjson", &changes.join("\n"));
    let arguments = with_report(&["changes.ndjson"]);
    let ran = desk.apply(&fake, &arguments).await;
    assert_eq!(ran.code, Some(7), "{ran}");
    let summary: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (&summary["notAttempted"], &summary["applied"]),
        (&json!(1), &json!(1)),
        "{ran}"
    );
    assert!(ran.stderr.contains("note: 1 lines not attempted"), "{ran}");
    assert_eq!(fake.person(GUEST).unwrap()["title"], "C");

    let ran = desk.apply(&fake, &arguments).await;
    assert_eq!(ran.code, Some(0), "{ran}");
    assert_eq!(fake.person(MEMBER).unwrap()["title"], "B");
}

#[tokio::test(flavor = "multi_thread")]
async fn not_knowing_who_i_am_fails_my_lines_alone() {
    let fake = fake(&["GET 500 times=1"]).await;
    let changes = [
        json!({"id": "me", "set": {"title": "A"}}).to_string(),
        "nonsense".to_owned(),
        json!({"id": MEMBER, "set": {"title": "B"}}).to_string(),
        json!({"id": "me", "set": {"title": "C"}}).to_string(),
    ];
    let desk = Desk::new("changes.ndjson", &changes.join("\n"));
    let arguments = with_report(&["changes.ndjson", "--max-attempts", "1"]);
    let ran = desk.apply(&fake, &arguments).await;
    assert_eq!(ran.code, Some(7), "{ran}");
    let summary: Value = serde_json::from_str(&ran.stdout).unwrap();
    for (outcome, lines) in [("failed", 2), ("invalid", 1), ("applied", 1)] {
        assert_eq!(summary[outcome], lines, "{ran}");
    }
    assert_eq!(desk.report().matches("\"line\"").count(), 4);
    assert_eq!(fake.person(MEMBER).unwrap()["title"], "B");

    // Where the token is refused, no other line is tried, and what is known is kept.
    fake.inject("401".parse().unwrap());
    let desk = Desk::new("changes.ndjson", &changes.join("\n"));
    let ran = desk.apply(&fake, &with_report(&["changes.ndjson"])).await;
    assert_eq!(ran.code, Some(4), "{ran}");
    assert!(ran.stderr.contains("with 1 lines not attempted"), "{ran}");
    assert_eq!(desk.report().matches("\"line\"").count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_begun_is_refused() {
    let fake = fake(&[]).await;
    let change = json!({"id": MEMBER, "set": {"title": "y"}}).to_string();
    let desk = Desk::new("changes.ndjson", &change);
    std::fs::write(desk.path().join("changes.txt"), &change).unwrap();
    std::fs::write(desk.path().join("letter"), "Dear aunt\n").unwrap();
    std::fs::write(desk.path().join("wrong.csv"), "id,titel\n").unwrap();
    let runs = [
        desk.apply(&fake, &["changes.ndjson"]).await,
        desk.apply(&fake, &["changes.txt", "--report", "r"]).await,
        desk.apply(&fake, &["nowhere.csv", "--report", "r"]).await,
        desk.apply(&fake, &["wrong.csv", "--report", "r"]).await,
        desk.apply(&fake, &["changes.ndjson", "--report", "letter"])
            .await,
        desk.apply(&fake, &["changes.ndjson", "--report", "no/where"])
            .await,
        desk.apply(
            &fake,
            &["changes.ndjson", "--report", "r", "--concurrency", "0"],
        )
        .await,
    ];
    assert!(runs.iter().all(|ran| ran.code == Some(2)));
    insta::assert_snapshot!("apply_refused", transcript(&runs));
    assert_eq!(fake.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_stops_when_no_line_can_succeed() {
    for (fault, code, requests) in [("401", 4, 2), ("429 retry-after=86400", 6, 1)] {
        let fake = fake(&[fault]).await;
        let changes: Vec<String> = [JOHN_ANDERSEN, MEMBER, GUEST, BOT, MINIMAL_PERSON]
            .iter()
            .map(|id| json!({"id": id, "set": {"title": "x"}}).to_string())
            .collect();
        let desk = Desk::new("changes.ndjson", &changes.join("\n"));
        let ran = desk.apply(&fake, &with_report(&["changes.ndjson"])).await;
        assert_eq!(ran.code, Some(code), "{ran}");
        assert!(fake.requests().len() <= requests, "{ran}");
        insta::assert_snapshot!(format!("apply_hopeless_{code}"), ran);
    }
}

#[cfg(unix)]
fn interrupt(child: &Child) {
    let pid = child.id().unwrap().to_string();
    let status = std::process::Command::new("kill")
        .args(["-INT", &pid])
        .status();
    assert!(status.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn a_second_interrupt_waits_for_nothing() {
    let fake = fake(&["GET delay=60m"]).await;
    let change = json!({"id": MEMBER, "set": {"title": "y"}}).to_string();
    let desk = Desk::new("changes.ndjson", &change);
    let mut child = desk
        .people(&fake, &with_report(&["changes.ndjson"]))
        .spawn();
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    interrupt(&child);
    let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
    let line = stderr.next_line().await.unwrap().unwrap();
    assert!(line.contains("once more to stop at once"), "{line}");
    interrupt(&child);
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(output.status.code(), Some(130));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["notAttempted"], 1);
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn an_interrupt_lets_the_changes_under_way_end() {
    let fake = fake(&["GET delay=50ms"]).await;
    let ids = [JOHN_ANDERSEN, MEMBER, GUEST, FULL_PERSON, MINIMAL_PERSON];
    let lines = ids.repeat(20);
    let changes: Vec<String> = lines
        .iter()
        .enumerate()
        .map(|(n, id)| json!({"id": id, "set": {"title": n.to_string()}}).to_string())
        .collect();
    let desk = Desk::new("changes.ndjson", &changes.join("\n"));
    let arguments = [
        "changes.ndjson",
        "--report",
        "report.ndjson",
        "--concurrency",
        "2",
    ];
    let child = desk.people(&fake, &arguments).spawn();
    let report = desk.path().join("report.ndjson");
    let lines = || std::fs::read_to_string(&report).map_or(0, |text| text.lines().count());
    while lines() < 3 {
        tokio::task::yield_now().await;
    }
    interrupt(&child);
    let output = child.wait_with_output().await.unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("stopping"), "{stderr}");
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    // What was begun is in the report, and what is in the report was done.
    let begun = writes(&fake);
    assert_eq!(lines(), begun);
    assert_eq!(summary["applied"], begun);
    assert_eq!(summary["notAttempted"], 100 - begun);
    fake.clear_faults();
    let ran = desk.apply(&fake, &arguments).await;
    assert_eq!(ran.code, Some(0), "{ran}");
    assert_eq!(writes(&fake), 100);
    assert_eq!(lines(), 100);
}
