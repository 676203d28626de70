//! `people edit`, with a shell command as the editor.

use std::path::{Path, PathBuf};

use people_fake::{FakePeople, JOHN_ANDERSEN, SEVERAL_EMAILS};

use crate::support::{CommandOutput, People, fake};

/// A directory for the texts of edits.
struct TestEnv(tempfile::TempDir);

impl TestEnv {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    async fn edit(&self, fake: &FakePeople, editor: &str, arguments: &[&str]) -> CommandOutput {
        self.edit_person("me", fake, editor, arguments).await
    }

    async fn edit_person(
        &self,
        id: &str,
        fake: &FakePeople,
        editor: &str,
        arguments: &[&str],
    ) -> CommandOutput {
        let arguments = [&["edit", id], arguments].concat();
        People::admin(fake, &arguments)
            .env("TMPDIR", self.0.path().to_str().unwrap())
            .env("EDITOR", editor)
            .run()
            .await
    }

    fn texts(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.0.path()).unwrap();
        files.map(|file| file.unwrap().path()).collect()
    }
}

fn writes(fake: &FakePeople) -> usize {
    let requests = fake.requests();
    requests
        .iter()
        .filter(|request| request.method == "PUT")
        .count()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_in_the_editor_is_sent() {
    let fake = fake(&[]).await;
    let env = TestEnv::new();
    let editor = "sed -i -e 's/^title: GM/title: Director/' -e '/^department:/d'";
    let output = env.edit(&fake, editor, &["-o", "table"]).await;
    insta::assert_snapshot!("edit", output);
    let person = fake.person(JOHN_ANDERSEN).unwrap();
    assert_eq!(person["title"], "Director");
    assert!(person.get("department").is_none_or(|it| it == ""));
    assert_eq!(env.texts(), [] as [PathBuf; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_text_sends_no_update() {
    let fake = fake(&[]).await;
    let env = TestEnv::new();
    for editor in ["true", "sed -i 's/^title: GM/title:   \"GM\" # the same/'"] {
        let output = env.edit(&fake, editor, &[]).await;
        assert_eq!(output.code, Some(0), "{output}");
        assert!(output.stdout.contains("unchanged"), "{output}");
    }
    assert_eq!(writes(&fake), 0);
    assert_eq!(env.texts(), [] as [PathBuf; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failure_the_text_is_kept_and_can_be_resumed() {
    let fake = fake(&["PUT 500 times=1"]).await;
    let env = TestEnv::new();
    let output = env
        .edit(&fake, "sed -i 's/^title: GM/title: King/'", &[])
        .await;
    assert_eq!(output.code, Some(7), "{output}");
    let texts = env.texts();
    let [text] = texts.as_slice() else {
        panic!("one text was expected: {texts:?}");
    };
    let path = text.to_str().unwrap();
    assert!(
        output
            .stderr
            .contains(&format!("people edit me --resume {path}")),
        "{output}"
    );
    assert!(read(text).contains("title: King"));
    insta::assert_snapshot!("edit_text", read(text));

    // Resuming sends it.
    let output = env.edit(&fake, "true", &["--resume", path]).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "King");
    assert_eq!(env.texts(), [] as [PathBuf; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_partly_applied_update_the_text_can_be_resumed() {
    let fake = fake(&["PUT apply=title times=1"]).await;
    let env = TestEnv::new();
    let editor = "sed -i -e 's/^title: GM/title: King/' -e '/^department:/d'";
    let output = env.edit(&fake, editor, &[]).await;
    assert_eq!(output.code, Some(8), "{output}");
    let person = fake.person(JOHN_ANDERSEN).unwrap();
    assert_eq!(person["title"], "King");
    assert_ne!(person["department"], "");
    let texts = env.texts();
    let output = env
        .edit(&fake, "true", &["--resume", texts[0].to_str().unwrap()])
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    let person = fake.person(JOHN_ANDERSEN).unwrap();
    assert!(person.get("department").is_none_or(|it| it == ""));
    assert_eq!(env.texts(), [] as [PathBuf; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn resuming_after_a_partly_applied_update_undoes_no_other_change() {
    // The first update is the one that the editor makes, without a fault.
    let fake = fake(&["PUT apply=title every=2"]).await;
    let env = TestEnv::new();
    let editor = format!(
        "WEBEX_BASE_URL={} WEBEX_ACCESS_TOKEN=fake-admin {} update me --set lastName=Q >/dev/null; \
         sed -i -e 's/^title: GM/title: King/' -e '/^department:/d'",
        fake.base_url(),
        env!("CARGO_BIN_EXE_people"),
    );
    let output = env.edit(&fake, &editor, &[]).await;
    assert_eq!(output.code, Some(8), "{output}");
    let texts = env.texts();
    let output = env
        .edit(&fake, "true", &["--resume", texts[0].to_str().unwrap()])
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    let person = fake.person(JOHN_ANDERSEN).unwrap();
    assert_eq!(
        (&person["lastName"], &person["title"]),
        (&"Q".into(), &"King".into())
    );
    assert!(person.get("department").is_none_or(|it| it == ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_text_is_not_reported_as_kept() {
    let fake = fake(&[]).await;
    let env = TestEnv::new();
    let output = env.edit(&fake, "true", &["--resume", "no/where"]).await;
    assert_eq!(output.code, Some(2), "{output}");
    assert!(!output.stderr.contains("is kept"), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_cannot_be_sent_is_kept() {
    let fake = fake(&[]).await;
    for (editor, reason) in [
        (
            "sed -i 's/^title: GM/title: King/' \"$1\"; false",
            "ended with exit status: 1",
        ),
        ("sed -i 's/^title: GM/title: [/'", "error"),
        (
            "sed -i 's/^title: GM/titel: GM/'",
            "no such property of a person: `titel`",
        ),
        (
            "sed -i \"s/^extension: .*/extension: 133/\"",
            "needs quotes",
        ),
        (
            "sed -i 's/^  primary: true/  primary: maybe/'",
            "line 9: phoneNumbers[0].primary: expected",
        ),
    ] {
        let env = TestEnv::new();
        let output = env.edit(&fake, editor, &[]).await;
        assert_eq!(output.code, Some(2), "{editor}: {output}");
        assert!(output.stderr.contains(reason), "{editor}: {output}");
        assert_eq!(env.texts().len(), 1, "{editor}: {output}");
    }
    assert_eq!(writes(&fake), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_no_editor_has_changed_is_not_kept() {
    let fake = fake(&[]).await;
    for (editor, reason) in [
        ("no-such-editor", "ended with exit status: 127"),
        ("false", "ended with exit status: 1"),
    ] {
        let env = TestEnv::new();
        let output = env.edit(&fake, editor, &[]).await;
        assert_eq!(output.code, Some(2), "{editor}: {output}");
        assert!(output.stderr.contains(reason), "{editor}: {output}");
        assert!(!output.stderr.contains("is kept"), "{editor}: {output}");
        assert_eq!(env.texts(), [] as [PathBuf; 0], "{editor}: {output}");
        // The text of an earlier edit is not this one's to remove.
        let text = env.0.path().join("earlier");
        std::fs::write(&text, "title: King\n").unwrap();
        let resume = ["--resume", text.to_str().unwrap()];
        let output = env.edit(&fake, editor, &resume).await;
        assert_eq!(output.code, Some(2), "{editor}: {output}");
        assert_eq!(read(&text), "title: King\n");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_text_ends_the_edit() {
    let fake = fake(&[]).await;
    let env = TestEnv::new();
    let output = env.edit(&fake, "cp /dev/null", &[]).await;
    assert_eq!(output.code, Some(2), "{output}");
    assert!(output.stderr.contains("the text is empty"), "{output}");
    assert_eq!(env.texts(), [] as [PathBuf; 0], "{output}");
    assert_eq!(writes(&fake), 0);
}

/// It is not opened again and again.
#[tokio::test(flavor = "multi_thread")]
async fn an_editor_that_writes_the_same_invalid_text_twice_ends_the_edit() {
    let fake = fake(&[]).await;
    let env = TestEnv::new();
    let output = env.edit(&fake, "echo 'title: King' >", &[]).await;
    assert_eq!(output.code, Some(2), "{output}");
    let reason = "error: the line `# As read: …` is missing";
    assert_eq!(output.stderr.matches(reason).count(), 2, "{output}");
    assert!(output.stderr.contains("the text is kept"), "{output}");
    assert_eq!(writes(&fake), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_concurrent_change_is_a_conflict() {
    let fake = fake(&[]).await;
    let env = TestEnv::new();
    // While the editor is open, the same property is changed elsewhere.
    let other = format!(
        "WEBEX_BASE_URL={} WEBEX_ACCESS_TOKEN=fake-admin {} update me --set title=Queen >/dev/null; \
         sed -i 's/^title: GM/title: King/'",
        fake.base_url(),
        env!("CARGO_BIN_EXE_people"),
    );
    let output = env.edit(&fake, &other, &[]).await;
    assert_eq!(output.code, Some(7), "{output}");
    assert!(output.stderr.contains("has changed since"), "{output}");
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "Queen");
    // The text is not sent unseen either.
    let texts = env.texts();
    let output = env
        .edit(&fake, "true", &["--resume", texts[0].to_str().unwrap()])
        .await;
    assert_eq!(output.code, Some(2), "{output}");
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "Queen");

    // A change of another property is no conflict.
    let env = TestEnv::new();
    let output = env
        .edit(
            &fake,
            &other
                .replace("title=Queen", "lastName=Q")
                .replace("GM", "Queen"),
            &[],
        )
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    let person = fake.person(JOHN_ANDERSEN).unwrap();
    assert_eq!(
        (person["title"].as_str(), person["lastName"].as_str()),
        (Some("King"), Some("Q"))
    );
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn the_text_is_readable_by_its_owner_only() {
    let fake = fake(&[]).await;
    let env = TestEnv::new();
    let output = env.edit(&fake, "stat -c %a >&2", &[]).await;
    assert!(output.stderr.starts_with("600\n"), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_conflict_the_text_can_be_sent_by_resuming_it() {
    let fake = fake(&[]).await;
    let env = TestEnv::new();
    let other = format!(
        "WEBEX_BASE_URL={} WEBEX_ACCESS_TOKEN=fake-admin {} update me --set title=Queen >/dev/null; \
         sed -i 's/^title: GM/title: King/'",
        fake.base_url(),
        env!("CARGO_BIN_EXE_people"),
    );
    let output = env.edit(&fake, &other, &[]).await;
    assert_eq!(output.code, Some(7), "{output}");
    assert!(!output.stderr.contains("Queen"), "{output}");
    let text = env.texts().remove(0);
    let kept = read(&text);
    assert!(
        kept.starts_with(
            "# error: `title` has changed since the person was read, and is now Queen\n"
        ),
        "{kept}"
    );
    assert!(kept.contains("title: King\n"), "{kept}");
    let resume = ["--resume", text.to_str().unwrap()];
    let output = env.edit(&fake, "sed -i '/^# error/d'", &resume).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "King");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_error_the_editor_opens_again_with_the_error_at_the_top() {
    let fake = fake(&[]).await;
    let env = TestEnv::new();
    let copy = env.0.path().join("second");
    // The first time, the title is no text; the second time, that is corrected.
    let editor = format!(
        "edit() {{ if grep -q '^# error' \"$1\"; then cp \"$1\" {}; \
         sed -i -e '/^# error/d' -e 's/^title: .*/title: Director/' \"$1\"; \
         else sed -i 's/^title: .*/title: [1]/' \"$1\"; fi; }}; edit",
        copy.display()
    );
    let output = env.edit(&fake, &editor, &[]).await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "Director");
    let second = read(&copy);
    let line = second
        .lines()
        .position(|line| line.starts_with("title: [1]"))
        .unwrap();
    let line = line + 1;
    assert!(
        second.starts_with(&format!("# error: line {line}: title: expected")),
        "{second}"
    );
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn signals_while_the_editor_runs_lose_no_text() {
    for (signal, code) in [("INT", 0), ("TERM", 130), ("HUP", 130)] {
        let fake = fake(&[]).await;
        let env = TestEnv::new();
        // An editor that sends the signal to the command that has started it, and is slower to end.
        let editor = format!(
            "edit() {{ trap 'exit 0' TERM; sed -i 's/^title: GM/title: King/' \"$1\"; \
             kill -{signal} $PPID; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.02; done; }}; edit"
        );
        let output = env.edit(&fake, &editor, &[]).await;
        assert_eq!(output.code, Some(code), "{signal}: {output}");
        let title = fake.person(JOHN_ANDERSEN).unwrap()["title"].clone();
        if code == 0 {
            assert_eq!(title, "King", "{signal}: {output}");
        } else {
            assert_eq!(title, "GM", "{signal}: {output}");
            let text = env.texts().remove(0);
            assert!(
                output.stderr.contains(text.to_str().unwrap()),
                "{signal}: {output}"
            );
            assert!(read(&text).contains("title: King"), "{signal}: {output}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_each_read_has_in_another_order_are_no_conflict() {
    let fake = fake(&[]).await;
    let env = TestEnv::new();
    let before = fake.person(SEVERAL_EMAILS).unwrap();
    let removed = "sara@sales.example.com";
    let editor = format!("sed -i -e '/^- {removed}/d'");
    let output = env.edit_person(SEVERAL_EMAILS, &fake, &editor, &[]).await;
    assert_eq!(output.code, Some(0), "{output}");
    let after = fake.person(SEVERAL_EMAILS).unwrap();
    assert_eq!(after["userName"], before["userName"]);
    let emails = |person: &serde_json::Value| person["emails"].as_array().unwrap().clone();
    let mut expected = emails(&before);
    expected.retain(|email| email != removed);
    assert_eq!(emails(&after).len(), expected.len());
    assert!(expected.iter().all(|email| emails(&after).contains(email)));
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_without_a_known_primary_one_can_be_set_in_the_editor() {
    let fake = fake(&[]).await;
    let mut person = fake.person(SEVERAL_EMAILS).unwrap();
    person.as_object_mut().unwrap().remove("userName");
    fake.set_person(person.clone()).unwrap();
    let env = TestEnv::new();
    let editor = "sed -i -e 's/^lastName: .*/lastName: King/'";
    let output = env.edit_person(SEVERAL_EMAILS, &fake, editor, &[]).await;
    assert_eq!(output.code, Some(2), "{output}");
    assert!(output.stderr.contains("set `emails`"), "{output}");
    assert_eq!(fake.person(SEVERAL_EMAILS).unwrap(), person);
    assert!(!read(&env.texts()[0]).contains("\nemails:"));

    let emails = &person["emails"];
    let editor = format!("{editor} -e '/^displayName:/i emails: {emails}'");
    let output = env.edit_person(SEVERAL_EMAILS, &fake, &editor, &[]).await;
    assert_eq!(output.code, Some(0), "{output}");
    let after = fake.person(SEVERAL_EMAILS).unwrap();
    assert_eq!(after["lastName"], "King");
    assert_eq!(
        after["emails"].as_array().unwrap().len(),
        emails.as_array().unwrap().len()
    );
}
