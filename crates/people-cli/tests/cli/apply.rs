//! `people apply`: files of changes, reports, stopping and continuing.

use people_fake::{BOT, FULL_PERSON, GUEST, JOHN_ANDERSEN, MEMBER, MINIMAL_PERSON, OUTSIDER};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

use crate::support::{People, TestEnv, fake, transcript, updates, with_report};

fn mixed() -> String {
    let lines = [
        json!({"id": "me", "set": {"title": "Director"}, "unset": ["department"]}),
        json!({"id": FULL_PERSON, "set": {"phoneNumbers[0].value": "+1 1"}}),
        json!({"id": JOHN_ANDERSEN, "set": {"title": "Director"}}),
        json!({"id": "unknown", "set": {"title": "x"}}),
        json!({"id": OUTSIDER, "set": {"title": "x"}}),
        json!({"id": MEMBER, "set": {"titel": "x"}}),
        json!({"id": MEMBER, "set": {"loginEnabled": "maybe"}}),
        json!({"id": MEMBER}),
    ];
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    format!("{}\nnonsense\n", lines.join("\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_gets_an_entry_in_the_report() {
    let fake = fake(&[]).await;
    let env = TestEnv::new("changes.ndjson", &mixed());
    let output = env.apply(&fake, &with_report(&["changes.ndjson"])).await;
    assert_eq!(output.code, Some(5), "{output}");
    insta::assert_snapshot!("apply", output);
    let report = env.report();
    for value in ["Director", "+1 1", "maybe", "GM"] {
        assert!(
            !report.contains(&format!("\"{value}")),
            "{value} in {report}"
        );
    }
    insta::assert_snapshot!("apply_report", report);
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "Director");
    assert_eq!(updates(&fake), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_line_is_reported_without_a_request_whether_or_not_the_person_exists() {
    let fake = fake(&[]).await;
    let ndjson = |id| {
        let lines = [
            json!({"id": id, "set": {"titel": "x"}}),
            json!({"id": id, "set": {"loginEnabled": "maybe"}}),
            json!({"id": id, "loginEnabled": "maybe"}),
        ];
        lines.map(|line| format!("{line}\n")).concat()
    };
    let csv = |id| format!("loginEnabled,unset,id\nmaybe,,{id}\n,titel,{id}\nmaybe,x,{id}\n");
    let env = TestEnv::new("unused", "");
    for id in ["unknown", MEMBER, "me"] {
        for (name, changes) in [("changes.ndjson", ndjson(id)), ("changes.csv", csv(id))] {
            env.write(name, changes);
            env.write("report.ndjson", "");
            let output = env.apply(&fake, &with_report(&[name])).await;
            assert_eq!(output.code, Some(2), "{output}");
            for line in env.read("report.ndjson").lines() {
                let entry: Value = serde_json::from_str(line).unwrap();
                let expected = (&json!("invalid"), &json!(id.trim_end_matches('=')));
                assert_eq!((&entry["outcome"], &entry["id"]), expected, "{output}");
            }
            assert_eq!(env.read("report.ndjson").lines().count(), 3, "{output}");
        }
    }
    assert_eq!(fake.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_email_address_in_place_of_an_id_is_neither_sent_nor_in_the_report() {
    const ADDRESS: &str = "john.andersen@example.com";
    let fake = fake(&[]).await;
    let line = json!({"id": ADDRESS, "set": {"title": "x"}});
    let env = TestEnv::new("changes.ndjson", &line.to_string());
    let commands = [
        with_report(&["apply", "changes.ndjson"]),
        vec!["get", ADDRESS],
        vec!["update", ADDRESS, "--set", "title=x"],
        vec!["edit", ADDRESS],
    ];
    for command in commands {
        let people = People::admin(&fake, &command).current_dir(env.path());
        let output = people.run().await;
        assert_eq!(output.code, Some(2), "{output}");
        let message = "named by an id, not by an e-mail address";
        assert!(output.stderr.contains(message), "{output}");
    }
    assert!(fake.requests().is_empty());
    assert!(!env.read("report.ndjson").contains('@'));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_repeats_failed_lines_only() {
    let fake = fake(&["PUT 500 every=2"]).await;
    let changes: Vec<String> = [JOHN_ANDERSEN, MEMBER, GUEST, FULL_PERSON]
        .iter()
        .map(|id| json!({"id": id, "set": {"title": "x"}}).to_string())
        .collect();
    let env = TestEnv::new("changes.ndjson", &changes.join("\n"));
    let arguments = with_report(&["changes.ndjson", "-o", "table"]);
    let mut runs = Vec::new();
    for _ in 0..4 {
        runs.push(env.apply(&fake, &arguments).await);
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
        line("unknown", "b"),
        twice.clone(),
        line(GUEST, "c"),
    ];
    let env = TestEnv::new("changes.ndjson", &changes.join("\n"));
    let output = env.apply(&fake, &with_report(&["changes.ndjson"])).await;
    assert_eq!((output.code, updates(&fake)), (Some(3), 3), "{output}");

    // One line is corrected, one is added in front, and one is repeated at the end.
    let [first, _, _, last] = changes;
    let changes = [
        line(BOT, "d"),
        first,
        line(JOHN_ANDERSEN, "b"),
        twice.clone(),
        last,
        twice,
    ];
    std::fs::write(env.path().join("changes.ndjson"), changes.join("\n")).unwrap();
    let output = env.apply(&fake, &with_report(&["changes.ndjson"])).await;
    assert_eq!((output.code, updates(&fake)), (Some(0), 6), "{output}");
    assert_eq!(fake.person(GUEST).unwrap()["title"], "twice");
    let summary: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(
        (&summary["doneBefore"], &summary["applied"]),
        (&json!(3), &json!(3))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_sends_no_update_and_marks_nothing_as_done() {
    let fake = fake(&[]).await;
    let env = TestEnv::new("changes.ndjson", &mixed());
    let before = fake.people();
    let arguments = with_report(&["changes.ndjson", "--dry-run", "-o", "table"]);
    let output = env.apply(&fake, &arguments).await;
    insta::assert_snapshot!("apply_dry_run", output);
    assert_eq!(fake.people(), before);
    assert_eq!(updates(&fake), 0);
    let report = with_report(&["changes.ndjson"]);
    let output = env.apply(&fake, &report).await;
    assert_eq!(
        serde_json::from_str::<Value>(&output.stdout).unwrap()["doneBefore"],
        0
    );
    assert_eq!(updates(&fake), 3);
    // A dry run needs no report, and its exit code says whether something would change.
    let change = json!({"id": MEMBER, "set": {"title": "y"}}).to_string();
    let env = TestEnv::new("changes.ndjson", &change);
    let output = env.apply(&fake, &["changes.ndjson", "--dry-run"]).await;
    assert_eq!(output.code, Some(1), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_can_be_csv() {
    let fake = fake(&[]).await;
    let changes = format!(
        "\u{feff}id,title,phoneNumbers[0].value,unset\r\n\
         {JOHN_ANDERSEN},\"Head, Sales\",+1 408 526 7210,\r\n\
         {FULL_PERSON},,,department avatar\r\n"
    );
    let env = TestEnv::new("changes.csv", &changes);
    let output = env.apply(&fake, &with_report(&["changes.csv"])).await;
    assert_eq!(output.code, Some(0), "{output}");
    let john = fake.person(JOHN_ANDERSEN).unwrap();
    assert_eq!(john["title"], "Head, Sales");
    assert_eq!(john["phoneNumbers"][0]["value"], "+1 408 526 7210");
    let other = fake.person(FULL_PERSON).unwrap();
    assert!(other.get("department").is_none_or(|it| it == ""), "{other}");
    assert!(other.get("avatar").is_none_or(|it| it == ""), "{other}");
}

#[tokio::test(flavor = "multi_thread")]
async fn json_in_any_form_is_a_file_of_changes() {
    let fake = fake(&[]).await;
    let ids = [JOHN_ANDERSEN, MEMBER, GUEST];
    let arguments = [&["get"], &ids[..], &["-o", "json", "--concurrency", "1"]].concat();
    let one_per_line = People::admin(&fake, &arguments).run().await.stdout;
    let people: Vec<Value> = one_per_line
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(people.len(), 3);
    let single = People::admin(&fake, &["get", MEMBER, "-o", "json"]);
    let single = single.run().await.stdout;
    assert!(single.starts_with("{\n"), "{single}");
    let array = serde_json::to_string(&people).unwrap();
    let pretty_array = serde_json::to_string_pretty(&people).unwrap();
    for (number, (text, lines)) in [
        (one_per_line, 3),
        (single, 1),
        (array, 3),
        (pretty_array, 3),
    ]
    .into_iter()
    .enumerate()
    {
        let text = text.replace("\"Mary\"", &format!("\"Mary {number}\""));
        let env = TestEnv::new("people.json", &text);
        let output = env.apply(&fake, &with_report(&["people.json"])).await;
        assert_eq!(output.code, Some(0), "{text}\n{output}");
        let summary: Value = serde_json::from_str(&output.stdout).unwrap();
        assert_eq!(
            (&summary["lines"], &summary["applied"]),
            (&json!(lines), &json!(1)),
            "{output}"
        );
        // The same is found in a file without a telling name.
        let again = env.people(&fake, &["-", "--dry-run"]).stdin(&text);
        let output = again.run().await;
        assert_eq!(output.code, Some(0), "{text}\n{output}");
        let summary: Value = serde_json::from_str(&output.stdout).unwrap();
        assert_eq!(summary["wouldNotChange"], lines, "{output}");
    }
    assert_eq!(fake.person(MEMBER).unwrap()["firstName"], "Mary 3");
    assert_eq!(updates(&fake), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_array_that_is_cut_off_is_found_before_the_first_request() {
    let fake = fake(&[]).await;
    let line = json!({"id": MEMBER, "set": {"title": "y"}});
    for (text, reason) in [
        (format!("[{line},\n{line}"), "the array is not closed"),
        (
            format!("[{line},\n\"{MEMBER}\"]"),
            "line 2: not an array of objects",
        ),
    ] {
        let env = TestEnv::new("people.json", &text);
        let output = env.apply(&fake, &with_report(&["people.json"])).await;
        assert_eq!(output.code, Some(2), "{output}");
        assert_eq!(output.stderr.matches("error: ").count(), 1, "{output}");
        assert!(output.stderr.contains(reason), "{output}");
    }
    assert_eq!(fake.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_one_person_keep_their_order() {
    let fake = fake(&[]).await;
    let titles = 0..30;
    let changes: Vec<String> = titles
        .map(|n| json!({"id": MEMBER, "set": {"title": n.to_string()}}).to_string())
        .collect();
    let env = TestEnv::new("changes.ndjson", &changes.join("\n"));
    let arguments = [
        "changes.ndjson",
        "--report",
        "report.ndjson",
        "--concurrency",
        "8",
    ];
    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(fake.person(MEMBER).unwrap()["title"], "29");
    assert_eq!(updates(&fake), 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_does_not_quote_the_service_unless_asked_to() {
    let words = r#"'body=raw:{"message": "Jane Roe of Elm Street", "trackingId": "Jane Roe"}'"#;
    for (fault, code) in [("PUT 400", 7), ("PUT 500 apply=title", 8), ("GET 404", 3)] {
        let fake = fake(&[&format!("{fault} {words}")]).await;
        let change = json!({"id": MEMBER, "set": {"title": "x", "department": "y"}});
        let env = TestEnv::new("changes.ndjson", &change.to_string());
        let output = env.apply(&fake, &with_report(&["changes.ndjson"])).await;
        let report = env.report();
        assert_eq!(output.code, Some(code), "{fault}: {output}");
        assert!(
            !report.contains("Roe") && !report.contains("Elm"),
            "{report}"
        );
        assert!(output.stderr.contains("Jane Roe of Elm Street"), "{output}");
        assert!(output.stderr.contains(MEMBER), "{output}");
        let status = fault.split(' ').nth(1).unwrap();
        assert!(output.stderr.contains(status), "{output}");
        assert!(report.contains(status), "{report}");
        let with_reasons = [
            "changes.ndjson",
            "--report",
            "reasons.ndjson",
            "--report-reasons",
        ];
        // In a service without the effects of the first run.
        let fake = crate::support::fake(&[&format!("{fault} {words}")]).await;
        let output = env.apply(&fake, &with_reasons).await;
        assert_eq!(output.code, Some(code), "{fault}: {output}");
        let report = std::fs::read_to_string(env.path().join("reasons.ndjson")).unwrap();
        assert!(report.contains("Jane Roe of Elm Street"), "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reasons_have_no_address_and_no_phone_number() {
    let said = "jane.roe@example.com has +1 408 526 7209 already (code 400_123)";
    let fake = fake(&[&format!("PUT 400 'body=raw:{{\"message\": \"{said}\"}}'")]).await;
    let change = json!({"id": MEMBER, "set": {"title": "x"}});
    let env = TestEnv::new("changes.ndjson", &change.to_string());
    let arguments = with_report(&["changes.ndjson", "--report-reasons"]);
    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(7), "{output}");
    let report = env.report();
    for private in ["jane.roe", "526 7209"] {
        assert!(!report.contains(private), "{report}");
        assert!(!output.stderr.contains(private), "{output}");
    }
    assert!(report.contains("already (code 400_123)"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_json_lines_with_json_output() {
    let fake = fake(&["PUT 500 times=1", "PUT 429 retry-after=1 times=1"]).await;
    let line = |title| json!({"id": MEMBER, "set": {"title": title}}).to_string();
    let many = "nonsense\n".repeat(12);
    let changes = format!("{}\n{}\n{many}", line("a"), line("b"));
    let env = TestEnv::new("changes.ndjson", &changes);
    let json = with_report(&["changes.ndjson", "-o", "json"]);
    let mut messages = Vec::new();
    for code in [7, 2] {
        let output = env.apply(&fake, &json).await;
        assert_eq!(output.code, Some(code), "{output}");
        let lines = output.stderr.lines();
        messages.extend(lines.map(|line| serde_json::from_str::<Value>(line).unwrap()));
    }
    let invalid = |it: &&Value| it["outcome"] == "invalid" && it["error"]["message"].is_string();
    assert_eq!(messages.iter().filter(invalid).count(), 24);
    let notes: Vec<&str> = messages
        .iter()
        .filter_map(|it| it["note"].as_str())
        .collect();
    assert_eq!(
        notes,
        [
            "1 line not attempted, because an earlier line of the same person has not succeeded; \
             a second run with the same report continues from here",
            "rate limited, waiting 1 s",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_with_padding_is_the_same_person() {
    let fake = fake(&["GET delay=20ms"]).await;
    let id = MEMBER.trim_end_matches('=');
    let changes = [("", "title"), ("=", "department"), ("==", "lastName")]
        .map(|(end, name)| json!({"id": format!("{id}{end}"), "set": {name: "x"}}).to_string());
    let env = TestEnv::new("changes.ndjson", &changes.join("\n"));
    let arguments = ["changes.ndjson", "--report", "report.ndjson"];
    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(0), "{output}");
    let person = fake.person(MEMBER).unwrap();
    for name in ["title", "department", "lastName"] {
        assert_eq!(person[name], "x", "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_after_a_failed_line_of_the_same_person_wait_for_the_next_run() {
    let fake = fake(&["PUT 500 times=1"]).await;
    let line = |id: &str, title: &str| json!({"id": id, "set": {"title": title}}).to_string();
    let changes = [line(MEMBER, "A"), line(MEMBER, "B"), line(GUEST, "C")];
    let env = TestEnv::new("changes.ndjson", &changes.join("\n"));
    let arguments = with_report(&["changes.ndjson"]);
    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(7), "{output}");
    let summary: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(
        (&summary["notAttempted"], &summary["applied"]),
        (&json!(1), &json!(1)),
        "{output}"
    );
    assert!(
        output.stderr.contains("note: 1 line not attempted"),
        "{output}"
    );
    assert_eq!(fake.person(GUEST).unwrap()["title"], "C");

    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(fake.person(MEMBER).unwrap()["title"], "B");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_without_changes_keeps_its_place_behind_a_failed_one() {
    let fake = fake(&["PUT 500 times=1"]).await;
    let changes = format!("id,title\n{MEMBER},A\n{MEMBER},\n{GUEST},\n");
    let env = TestEnv::new("changes.csv", &changes);
    let arguments = with_report(&["changes.csv"]);
    let output = env.apply(&fake, &arguments).await;
    let summary: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(
        (&summary["notAttempted"], &summary["unchanged"]),
        (&json!(1), &json!(1)),
        "{output}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unresolved_me_fails_only_lines_of_me() {
    let fake = fake(&["GET 500 times=1"]).await;
    let changes = [
        json!({"id": "me", "set": {"title": "A"}}).to_string(),
        "nonsense".to_owned(),
        json!({"id": MEMBER, "set": {"title": "B"}}).to_string(),
        json!({"id": "me", "set": {"title": "C"}}).to_string(),
    ];
    let env = TestEnv::new("changes.ndjson", &changes.join("\n"));
    let arguments = with_report(&["changes.ndjson", "--max-attempts", "1"]);
    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(7), "{output}");
    let summary: Value = serde_json::from_str(&output.stdout).unwrap();
    for (outcome, lines) in [("failed", 2), ("invalid", 1), ("applied", 1)] {
        assert_eq!(summary[outcome], lines, "{output}");
    }
    assert_eq!(env.report().matches("\"line\"").count(), 4);
    assert_eq!(fake.person(MEMBER).unwrap()["title"], "B");

    // If the token is rejected, the run stops. How many lines have been read by then is open.
    fake.inject("401".parse().unwrap());
    let env = TestEnv::new("changes.ndjson", &changes.join("\n"));
    let output = env.apply(&fake, &with_report(&["changes.ndjson"])).await;
    assert_eq!(output.code, Some(4), "{output}");
    assert!(output.stderr.contains("stopped, with"), "{output}");
    let entries = env.report().matches("\"line\"").count();
    assert!((1..=3).contains(&entries), "{entries}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_cannot_begin_creates_no_file() {
    let fake = fake(&[]).await;
    let env = TestEnv::new("changes.csv", "id,title\n");
    env.write("wrong.csv", "id,titel\n");
    env.write("open.csv", "id,title\nx,\"y\n");
    let same = "name the same file";
    let outside = format!("../{}/new", env.path().file_name().unwrap().display());
    for (arguments, message) in [
        (&["nowhere.csv", "--report", "new"][..], "nowhere.csv: "),
        (&[".", "--report", "new"], "directory"),
        (&["wrong.csv", "--report", "new"], "`titel`"),
        (&["open.csv", "--report", "new"], "never closed"),
        (&["--undo", "nowhere", "--report", "new"], "nowhere: "),
        (&["changes.csv", "--report", "./changes.csv"], same),
        (
            &["changes.csv", "--report", "new", "--save-before", "new"],
            same,
        ),
        (
            &[
                "changes.csv",
                "--report",
                "new",
                "--save-before",
                "changes.csv",
            ],
            same,
        ),
        (&["--undo", "changes.csv", "--report", "changes.csv"], same),
    ] {
        let output = env.apply(&fake, arguments).await;
        assert_eq!(output.code, Some(2), "{output}");
        assert!(output.stderr.contains(message), "{output}");
        assert!(!env.path().join("new").exists(), "{output}");
    }
    assert_eq!(fake.requests(), []);
    // Another spelling of the path of a report that exists.
    env.write("new", "");
    let arguments = ["changes.csv", "--report", "new", "--save-before", &outside];
    let output = env.apply(&fake, &arguments).await;
    assert!(output.stderr.contains(same), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_command_line_sends_no_request() {
    let fake = fake(&[]).await;
    let change = json!({"id": MEMBER, "set": {"title": "y"}}).to_string();
    let env = TestEnv::new("changes.ndjson", &change);
    std::fs::write(env.path().join("changes.txt"), "Dear aunt\n").unwrap();
    std::fs::write(env.path().join("letter"), "Dear aunt\n").unwrap();
    std::fs::write(env.path().join("wrong.csv"), "id,titel\n").unwrap();
    let runs = [
        env.apply(&fake, &["changes.ndjson"]).await,
        env.apply(&fake, &["changes.txt", "--report", "r"]).await,
        env.apply(&fake, &["nowhere.csv", "--report", "r"]).await,
        env.apply(&fake, &["wrong.csv", "--report", "r"]).await,
        env.apply(&fake, &["changes.ndjson", "--report", "letter"])
            .await,
        env.apply(&fake, &["changes.ndjson", "--report", "no/where"])
            .await,
        env.apply(
            &fake,
            &["changes.ndjson", "--report", "r", "--concurrency", "0"],
        )
        .await,
    ];
    assert!(runs.iter().all(|output| output.code == Some(2)));
    insta::assert_snapshot!("apply_refused", transcript(&runs));
    assert_eq!(fake.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_stops_if_no_line_can_succeed() {
    for (fault, code, requests) in [("401", 4, 2), ("429 retry-after=86400", 6, 1)] {
        let fake = fake(&[fault]).await;
        let changes: Vec<String> = [JOHN_ANDERSEN, MEMBER, GUEST, BOT, MINIMAL_PERSON]
            .iter()
            .map(|id| json!({"id": id, "set": {"title": "x"}}).to_string())
            .collect();
        let env = TestEnv::new("changes.ndjson", &changes.join("\n"));
        let output = env.apply(&fake, &with_report(&["changes.ndjson"])).await;
        assert_eq!(output.code, Some(code), "{output}");
        assert!(fake.requests().len() <= requests, "{output}");
        insta::assert_snapshot!(format!("apply_aborted_{code}"), output);
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
async fn a_second_interrupt_stops_at_once() {
    let fake = fake(&["GET delay=60m"]).await;
    let change = json!({"id": MEMBER, "set": {"title": "y"}}).to_string();
    let env = TestEnv::new("changes.ndjson", &change);
    let mut child = env.people(&fake, &with_report(&["changes.ndjson"])).spawn();
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    interrupt(&child);
    let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
    let line = stderr.next_line().await.unwrap().unwrap();
    assert!(line.contains("a second signal stops at once"), "{line}");
    interrupt(&child);
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(output.status.code(), Some(130));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["notAttempted"], 1);
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn an_interrupt_lets_updates_under_way_finish() {
    let fake = fake(&["GET delay=50ms"]).await;
    let ids = [JOHN_ANDERSEN, MEMBER, GUEST, FULL_PERSON, BOT];
    let lines = ids.repeat(20);
    let changes: Vec<String> = lines
        .iter()
        .enumerate()
        .map(|(n, id)| json!({"id": id, "set": {"title": n.to_string()}}).to_string())
        .collect();
    let env = TestEnv::new("changes.ndjson", &changes.join("\n"));
    let arguments = [
        "changes.ndjson",
        "--report",
        "report.ndjson",
        "--concurrency",
        "2",
    ];
    let child = env.people(&fake, &arguments).spawn();
    let report = env.path().join("report.ndjson");
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
    // Every update that was begun is in the report, and every entry has its update.
    let begun = updates(&fake);
    assert_eq!(lines(), begun);
    assert_eq!(summary["applied"], begun);
    assert_eq!(summary["notAttempted"], 100 - begun);
    fake.clear_faults();
    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(updates(&fake), 100);
    assert_eq!(lines(), 100);
}
