//! `people edit`: with an editor that is a line of shell.

use std::path::{Path, PathBuf};

use people_fake::{FakePeople, JOHN_ANDERSEN};

use crate::support::{People, Ran, fake};

/// Where an edit's text is kept.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    async fn edit(&self, fake: &FakePeople, editor: &str, arguments: &[&str]) -> Ran {
        let arguments = [&["edit", "me"], arguments].concat();
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
async fn what_is_changed_in_the_editor_is_sent() {
    let fake = fake(&[]).await;
    let desk = Desk::new();
    let editor = "sed -i -e 's/^title: GM/title: Director/' -e '/^department:/d'";
    let ran = desk.edit(&fake, editor, &["-o", "table"]).await;
    insta::assert_snapshot!("edit", ran);
    let person = fake.person(JOHN_ANDERSEN).unwrap();
    assert_eq!(person["title"], "Director");
    assert!(person.get("department").is_none_or(|it| it == ""));
    assert_eq!(desk.texts(), [] as [PathBuf; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn unchanged_means_no_write() {
    let fake = fake(&[]).await;
    let desk = Desk::new();
    for editor in ["true", "sed -i 's/^title: GM/title:   \"GM\" # the same/'"] {
        let ran = desk.edit(&fake, editor, &[]).await;
        assert_eq!(ran.code, Some(0), "{ran}");
        assert!(ran.stdout.contains("unchanged"), "{ran}");
    }
    assert_eq!(writes(&fake), 0);
    assert_eq!(desk.texts(), [] as [PathBuf; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_text_survives_a_failure_and_can_be_gone_on_with() {
    let fake = fake(&["PUT 500 times=1"]).await;
    let desk = Desk::new();
    let ran = desk
        .edit(&fake, "sed -i 's/^title: GM/title: King/'", &[])
        .await;
    assert_eq!(ran.code, Some(7), "{ran}");
    let texts = desk.texts();
    let [text] = texts.as_slice() else {
        panic!("one text was expected: {texts:?}");
    };
    let path = text.to_str().unwrap();
    assert!(
        ran.stderr
            .contains(&format!("people edit me --resume {path}")),
        "{ran}"
    );
    assert!(read(text).contains("title: King"));
    insta::assert_snapshot!("edit_text", read(text));

    // The service can be told of it in another go.
    let ran = desk.edit(&fake, "true", &["--resume", path]).await;
    assert_eq!(ran.code, Some(0), "{ran}");
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "King");
    assert_eq!(desk.texts(), [] as [PathBuf; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_applied_in_part_can_be_gone_on_with() {
    let fake = fake(&["PUT apply=title times=1"]).await;
    let desk = Desk::new();
    let editor = "sed -i -e 's/^title: GM/title: King/' -e '/^department:/d'";
    let ran = desk.edit(&fake, editor, &[]).await;
    assert_eq!(ran.code, Some(8), "{ran}");
    let person = fake.person(JOHN_ANDERSEN).unwrap();
    assert_eq!(person["title"], "King");
    assert_ne!(person["department"], "");
    let texts = desk.texts();
    let ran = desk
        .edit(&fake, "true", &["--resume", texts[0].to_str().unwrap()])
        .await;
    assert_eq!(ran.code, Some(0), "{ran}");
    let person = fake.person(JOHN_ANDERSEN).unwrap();
    assert!(person.get("department").is_none_or(|it| it == ""));
    assert_eq!(desk.texts(), [] as [PathBuf; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn going_on_after_a_part_undoes_no_other_change() {
    // The first update is another's, and whole.
    let fake = fake(&["PUT apply=title every=2"]).await;
    let desk = Desk::new();
    let editor = format!(
        "WEBEX_BASE_URL={} WEBEX_ACCESS_TOKEN=fake-admin {} update me --set nickName=Q >/dev/null; \
         sed -i -e 's/^title: GM/title: King/' -e '/^department:/d'",
        fake.base_url(),
        env!("CARGO_BIN_EXE_people"),
    );
    let ran = desk.edit(&fake, &editor, &[]).await;
    assert_eq!(ran.code, Some(8), "{ran}");
    let texts = desk.texts();
    let ran = desk
        .edit(&fake, "true", &["--resume", texts[0].to_str().unwrap()])
        .await;
    assert!(ran.stderr.contains("has changed since"), "{ran}");
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["nickName"], "Q");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_not_there_is_not_said_to_be_kept() {
    let fake = fake(&[]).await;
    let desk = Desk::new();
    let ran = desk.edit(&fake, "true", &["--resume", "no/where"]).await;
    assert_eq!(ran.code, Some(2), "{ran}");
    assert!(!ran.stderr.contains("is kept"), "{ran}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_is_kept_too() {
    let fake = fake(&[]).await;
    for (editor, reason) in [
        ("false", "ended with exit status: 1"),
        ("no-such-editor", "ended with exit status: 127"),
        ("sed -i 's/^title: GM/title: [/'", "error"),
        (
            "sed -i 's/^title: GM/titel: GM/'",
            "no such property of a person: `titel`",
        ),
        (
            "sed -i \"s/^extension: .*/extension: 133/\"",
            "needs quotes",
        ),
    ] {
        let desk = Desk::new();
        let ran = desk.edit(&fake, editor, &[]).await;
        assert_eq!(ran.code, Some(2), "{editor}: {ran}");
        assert!(ran.stderr.contains(reason), "{editor}: {ran}");
        assert_eq!(desk.texts().len(), 1, "{editor}: {ran}");
    }
    assert_eq!(writes(&fake), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_persons_change_is_not_undone() {
    let fake = fake(&[]).await;
    let desk = Desk::new();
    // While the editor is open, somebody else changes the same property.
    let other = format!(
        "WEBEX_BASE_URL={} WEBEX_ACCESS_TOKEN=fake-admin {} update me --set title=Queen >/dev/null; \
         sed -i 's/^title: GM/title: King/'",
        fake.base_url(),
        env!("CARGO_BIN_EXE_people"),
    );
    let ran = desk.edit(&fake, &other, &[]).await;
    assert_eq!(ran.code, Some(7), "{ran}");
    assert!(ran.stderr.contains("has changed since"), "{ran}");
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "Queen");
    // Nor can the text be gone on with.
    let texts = desk.texts();
    let ran = desk
        .edit(&fake, "true", &["--resume", texts[0].to_str().unwrap()])
        .await;
    assert_eq!(ran.code, Some(7), "{ran}");
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "Queen");

    // Another property is nobody's concern.
    let desk = Desk::new();
    let ran = desk
        .edit(
            &fake,
            &other
                .replace("title=Queen", "nickName=Q")
                .replace("GM", "Queen"),
            &[],
        )
        .await;
    assert_eq!(ran.code, Some(0), "{ran}");
    let person = fake.person(JOHN_ANDERSEN).unwrap();
    assert_eq!(
        (person["title"].as_str(), person["nickName"].as_str()),
        (Some("King"), Some("Q"))
    );
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(unix)]
async fn the_text_is_its_owners_alone() {
    let fake = fake(&[]).await;
    let desk = Desk::new();
    let ran = desk.edit(&fake, "stat -c %a >&2", &[]).await;
    assert!(ran.stderr.starts_with("600\n"), "{ran}");
}
