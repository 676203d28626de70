//! `people apply` over many lines: when it stops, what it says meanwhile, and what another run does
//! after the file has been corrected.

use people_fake::{
    BOT, FULL_PERSON, GUEST, JOHN_ANDERSEN, MANAGER, MEMBER, NEVER_LOGGED_IN, OUTSIDER,
    OWN_NICK_NAME, USER_TOKEN,
};
use serde_json::{Value, json};

use crate::support::{People, TestEnv, fake, updates, with_report};

fn line(id: &str, name: &str, value: &str) -> String {
    json!({"id": id, "set": {name: value}}).to_string()
}

fn lines(lines: &[String]) -> String {
    lines.join("\n")
}

fn summary(stdout: &str) -> Value {
    serde_json::from_str(stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_stops_after_the_maximum_number_of_failures() {
    let fake = fake(&["PUT 400"]).await;
    let people = [MEMBER, GUEST, FULL_PERSON, JOHN_ANDERSEN];
    let changes: Vec<String> = people.iter().map(|id| line(id, "title", "x")).collect();
    let env = TestEnv::new("changes.ndjson", &lines(&changes));
    let arguments = with_report(&["changes.ndjson", "--max-failures", "2"]);
    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(7), "{output}");
    assert!(
        output
            .stderr
            .contains("stopped, with 2 lines not attempted: 2 lines failed"),
        "{output}"
    );
    assert_eq!(summary(&output.stdout)["notAttempted"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_stops_if_every_update_is_forbidden() {
    let fake = fake(&[]).await;
    let changes: Vec<String> = (0..20).map(|_| line(MEMBER, "title", "x")).collect();
    let mut people = vec![JOHN_ANDERSEN, FULL_PERSON, GUEST, BOT, MEMBER, OUTSIDER];
    people.extend([MEMBER; 3]);
    let mut changes = changes;
    changes.splice(0..0, people.iter().map(|id| line(id, "title", "x")));
    let env = TestEnv::new("changes.ndjson", &lines(&changes));
    let output = env
        .people(&fake, &with_report(&["changes.ndjson"]))
        .env("WEBEX_ACCESS_TOKEN", USER_TOKEN)
        .run()
        .await;
    assert_eq!(output.code, Some(5), "{output}");
    assert!(
        output.stderr.contains("5 updates in a row were forbidden"),
        "{output}"
    );
    assert!(
        output.stderr.contains("spark-admin:people_write"),
        "{output}"
    );
    assert!(
        summary(&output.stdout)["notAttempted"].as_u64().unwrap() >= 20,
        "{output}"
    );
}

/// An invalid line says nothing about the rights of the token, and another failure does.
#[tokio::test(flavor = "multi_thread")]
async fn forbidden_updates_in_a_row_are_counted_across_invalid_lines_only() {
    let fake = fake(&["PUT 403"]).await;
    let people = [
        JOHN_ANDERSEN,
        MEMBER,
        GUEST,
        FULL_PERSON,
        MANAGER,
        NEVER_LOGGED_IN,
    ];
    for (between, stops) in [
        (line("unknown", "title", "x"), false),
        // Found out only after the person has been read.
        (line(OWN_NICK_NAME, "phoneNumbers[9].value", "x"), true),
    ] {
        let mut changes: Vec<String> = people.iter().map(|id| line(id, "title", "x")).collect();
        changes.insert(4, between);
        let env = TestEnv::new("changes.ndjson", &lines(&changes));
        let output = env.apply(&fake, &with_report(&["changes.ndjson"])).await;
        let stopped = output.stderr.contains("updates in a row were forbidden");
        assert_eq!(stopped, stops, "{output}");
        let left = &summary(&output.stdout)["notAttempted"];
        assert_eq!(*left, u64::from(stops), "{output}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_a_line_of_text_without_a_terminal() {
    let fake = fake(&[]).await;
    let changes: Vec<String> = (0..5)
        .map(|n| line(MEMBER, "title", &n.to_string()))
        .collect();
    let env = TestEnv::new("changes.ndjson", &lines(&changes));
    let arguments = with_report(&["changes.ndjson", "--progress-interval", "1ns"]);
    let output = env.apply(&fake, &arguments).await;
    assert!(
        output
            .stderr
            .contains("note: progress: 5 of 5 lines, 0 failed"),
        "{output}"
    );
    std::fs::remove_file(env.path().join("report.ndjson")).unwrap();
    let arguments = with_report(&["changes.ndjson", "--progress-interval", "0s"]);
    let output = env.apply(&fake, &arguments).await;
    assert!(!output.stderr.contains("progress"), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn terminate_and_hang_up_stop_a_run_as_an_interrupt_does() {
    for signal in ["-TERM", "-HUP"] {
        let fake = fake(&["GET delay=60m"]).await;
        let env = TestEnv::new("changes.ndjson", &line(MEMBER, "title", "y"));
        let child = env.people(&fake, &with_report(&["changes.ndjson"])).spawn();
        while fake.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        let pid = child.id().unwrap().to_string();
        // A signal that follows too soon is the same one to the kernel, so the second is repeated.
        let output = child.wait_with_output();
        tokio::pin!(output);
        let output = loop {
            let status = std::process::Command::new("kill")
                .args([signal, &pid])
                .status();
            assert!(status.is_ok());
            tokio::select! {
                output = &mut output => break output.unwrap(),
                () = tokio::time::sleep(std::time::Duration::from_millis(20)) => {}
            }
        };
        assert_eq!(output.status.code(), Some(130));
        let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(summary["notAttempted"], 1);
    }
}

/// Runs `apply` where a file may have 1 block of 512 bytes or 1024, and then writing to it fails.
#[cfg(unix)]
async fn with_full_disk(
    fake: &people_fake::FakePeople,
    env: &TestEnv,
    options: &str,
) -> std::process::Output {
    let command = format!(
        "trap '' XFSZ; ulimit -f 1; \
         exec \"$0\" apply changes.ndjson --report report.ndjson {options}"
    );
    tokio::process::Command::new("sh")
        .args(["-c", &command, env!("CARGO_BIN_EXE_people")])
        .env_clear()
        .env("WEBEX_BASE_URL", fake.base_url())
        .env("WEBEX_ACCESS_TOKEN", people_fake::ADMIN_TOKEN)
        .current_dir(env.path())
        .output()
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn a_run_stops_without_an_update_if_former_values_cannot_be_saved() {
    let fake = fake(&[]).await;
    let title = "x".repeat(1200);
    let people = [MEMBER, GUEST, FULL_PERSON, JOHN_ANDERSEN];
    let changes: Vec<String> = people.iter().map(|id| line(id, "title", &title)).collect();
    let env = TestEnv::new("changes.ndjson", &lines(&changes));
    let output = with_full_disk(&fake, &env, "--save-before before.ndjson --concurrency 1").await;
    assert_eq!(output.status.code(), Some(7));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("former values cannot be saved"), "{stderr}");
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["notAttempted"], 3, "{stderr}");
    assert_eq!(updates(&fake), 0);
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn the_summary_is_printed_even_if_the_report_cannot_be_written() {
    let fake = fake(&[]).await;
    let changes: Vec<String> = (0..8)
        .map(|n| line(MEMBER, "title", &n.to_string()))
        .collect();
    let env = TestEnv::new("changes.ndjson", &lines(&changes));
    let output = with_full_disk(&fake, &env, "").await;
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(7), "{stderr}");
    assert!(stderr.contains("the report report.ndjson: "), "{stderr}");
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    let applied = summary["applied"].as_u64().unwrap();
    assert!((1..8).contains(&applied), "{summary}");
    assert_eq!(summary["notAttempted"], 8 - applied);
    // The run goes on from there, with half an entry at the end of the report.
    let output = env.apply(&fake, &with_report(&["changes.ndjson"])).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(fake.person(MEMBER).unwrap()["title"], "7");
    assert_eq!(updates(&fake), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_line_does_not_overtake_a_later_one_of_the_same_person() {
    let fake = fake(&[]).await;
    let later = line(MEMBER, "title", "later");
    let env = TestEnv::new(
        "changes.ndjson",
        &lines(&[line(MEMBER, "titel", "earlier"), later.clone()]),
    );
    let arguments = with_report(&["changes.ndjson"]);
    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(2), "{output}");
    assert_eq!(fake.person(MEMBER).unwrap()["title"], "later");
    env.write(
        "changes.ndjson",
        lines(&[line(MEMBER, "title", "earlier"), later]),
    );
    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(fake.person(MEMBER).unwrap()["title"], "later");
    // Then everything is done.
    fake.clear_requests();
    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(fake.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_line_that_was_removed_the_rest_of_the_file_is_the_end_state() {
    let fake = fake(&[]).await;
    let [a, b] = ["a", "b"].map(|title| line(MEMBER, "title", title));
    let all = [a.clone(), b.clone(), line(MEMBER, "titel", "x")];
    let env = TestEnv::new("changes.ndjson", &lines(&all));
    let arguments = with_report(&["changes.ndjson"]);
    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(2), "{output}");
    for (left, title) in [
        (vec![b.clone(), a.clone()], "a"),
        (vec![b], "b"),
        (vec![a], "a"),
    ] {
        env.write("changes.ndjson", lines(&left));
        let output = env.apply(&fake, &arguments).await;
        assert_eq!(output.code, Some(0), "{output}");
        assert_eq!(fake.person(MEMBER).unwrap()["title"], title, "{output}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn a_report_that_is_not_safe_is_refused_or_warned_of_before_the_first_request() {
    use std::os::unix::fs::PermissionsExt;

    let fake = fake(&[]).await;
    let env = TestEnv::new("changes.ndjson", &line(MEMBER, "title", "x"));
    for report in ["/dev/null", "/dev/full", "."] {
        let output = env
            .apply(&fake, &["changes.ndjson", "--report", report])
            .await;
        assert_eq!(output.code, Some(2), "{output}");
        assert!(output.stderr.contains("not a regular file"), "{output}");
    }
    let output = env
        .apply(&fake, &["/dev/zero", "--format", "ndjson", "--dry-run"])
        .await;
    assert_eq!(output.code, Some(2), "{output}");
    assert!(output.stderr.contains("longer than 1 MiB"), "{output}");
    let output = env
        .apply(&fake, &["/dev/zero", "--format", "csv", "--dry-run"])
        .await;
    assert_eq!(output.code, Some(2), "{output}");
    let output = People::new(&["me", "--token-file", "/dev/zero"])
        .run()
        .await;
    assert_eq!(output.code, Some(2), "{output}");
    assert!(output.stderr.contains("larger than 16 MiB"), "{output}");
    assert_eq!(fake.requests(), []);

    env.write("shared.ndjson", "");
    let mode = std::fs::Permissions::from_mode(0o666);
    std::fs::set_permissions(env.path().join("shared.ndjson"), mode).unwrap();
    let output = env
        .apply(&fake, &["changes.ndjson", "--report", "shared.ndjson"])
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    assert!(
        output.stderr.contains("other users can write the report"),
        "{output}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_with_nul_bytes_after_a_loss_of_power_is_continued() {
    let fake = fake(&[]).await;
    let changes = [line(MEMBER, "title", "a"), line(GUEST, "title", "b")];
    let env = TestEnv::new("changes.ndjson", &lines(&changes[..1]));
    let arguments = with_report(&["changes.ndjson"]);
    env.apply(&fake, &arguments).await;
    let report = env.read("report.ndjson");
    env.write(
        "report.ndjson",
        format!("{report}{{\"line\":{}", "\0".repeat(700)),
    );
    env.write("changes.ndjson", lines(&changes));
    let output = env.apply(&fake, &arguments).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(updates(&fake), 2);
    assert!(env.read("report.ndjson").starts_with(&report));
    assert_eq!(env.read("report.ndjson").lines().count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_can_come_from_standard_input_and_a_second_run_goes_on() {
    let fake = fake(&[]).await;
    let changes = [line(MEMBER, "title", "a"), line(GUEST, "title", "b")];
    let env = TestEnv::new("unused", "");
    let arguments = with_report(&["-", "--format", "ndjson"]);
    for (count, expected) in [(1, 1), (2, 2), (2, 2)] {
        let output = env
            .people(&fake, &arguments)
            .stdin(&lines(&changes[..count]))
            .run()
            .await;
        assert_eq!(output.code, Some(0), "{output}");
        assert_eq!(updates(&fake), expected, "{output}");
        assert_eq!(summary(&output.stdout)["lines"], count);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_applied_while_standard_input_is_still_open() {
    use tokio::io::AsyncWriteExt;

    let fake = fake(&[]).await;
    let env = TestEnv::new("unused", "");
    let people = env.people(&fake, &["-", "--report", "report.ndjson"]);
    let mut child = people.open_stdin().spawn();
    let mut stdin = child.stdin.take().unwrap();
    for (count, title) in [(1, "a"), (2, "b")] {
        let line = line(MEMBER, "title", title) + "\n";
        stdin.write_all(line.as_bytes()).await.unwrap();
        while updates(&fake) < count {
            tokio::task::yield_now().await;
        }
    }
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(output.status.code(), Some(0));
    let summary = summary(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(summary["applied"], 2);
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(target_os = "linux")]
async fn memory_does_not_grow_with_the_file() {
    use tokio::io::AsyncWriteExt;

    let fake = fake(&[]).await;
    let env = TestEnv::new("unused", "");
    let people = env.people(&fake, &["-", "--report", "report.ndjson"]);
    let mut child = people.open_stdin().spawn();
    let mut stdin = child.stdin.take().unwrap();
    // The column is read-only, so that no row needs a request.
    stdin.write_all(b"id,created\n").await.unwrap();
    let row = format!("{MEMBER},{}\n", "x".repeat(400));
    let mut write = async |rows: usize| {
        for _ in 0..rows {
            stdin.write_all(row.as_bytes()).await.unwrap();
        }
        // The command has read the rows but for those in the pipe.
        crate::support::memory(&child)
    };
    let before = write(4_000).await;
    // 15 MB.
    let growth = write(32_000).await.saturating_sub(before);
    assert!(growth < 4 << 20, "{growth}");
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(output.status.code(), Some(0));
    let summary = summary(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(summary["unchanged"], 36_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_end_of_the_file_is_found_before_the_first_request() {
    let fake = fake(&[]).await;
    let env = TestEnv::new(
        "changes.csv",
        &format!("id,title\n{MEMBER},x\n{GUEST},\"y\n"),
    );
    let output = env
        .apply(&fake, &["changes.csv", "--report", "r.ndjson"])
        .await;
    assert_eq!(output.code, Some(2), "{output}");
    assert!(
        output.stderr.contains("begins in line 3 is never closed"),
        "{output}"
    );
    assert_eq!(fake.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_properties_are_shown_with_their_reason() {
    let fake = fake(&["PUT apply=half"]).await;
    let change = json!({"id": MEMBER, "set": {"title": "A", "department": "B"}});
    let env = TestEnv::new("changes.ndjson", &change.to_string());
    let output = env.apply(&fake, &with_report(&["changes.ndjson"])).await;
    assert_eq!(output.code, Some(8), "{output}");
    insta::assert_snapshot!("property_errors", output);
    std::fs::remove_file(env.path().join("report.ndjson")).unwrap();
    let change = json!({"id": GUEST, "set": {"title": "A", "department": "B"}});
    env.write("changes.ndjson", change.to_string());
    let arguments = with_report(&["changes.ndjson", "--report-reasons", "-o", "json"]);
    let output = env.apply(&fake, &arguments).await;
    insta::assert_snapshot!("property_errors_json", output);
    insta::assert_snapshot!("property_errors_report", env.report());
}
