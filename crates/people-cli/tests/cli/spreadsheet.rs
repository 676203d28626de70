//! People as a spreadsheet: exported by `get`, saved in many ways, and applied again.

use people_fake::{FULL_PERSON, FakePeople, GUEST, JOHN_ANDERSEN, MEMBER, MINIMAL_PERSON};
use serde_json::{Value, json};

use crate::support::{People, TestEnv, fake, updates};

const IDS: [&str; 5] = [JOHN_ANDERSEN, MEMBER, GUEST, MINIMAL_PERSON, FULL_PERSON];

/// A service in which some values are those that a spreadsheet would change.
async fn service() -> FakePeople {
    let fake = fake(&[]).await;
    let mut person = fake.person(MEMBER).unwrap();
    person["title"] = json!("=HYPERLINK(\"http://example.com\")");
    person["department"] = json!("'Sales, \"North\"; 1\nSouth");
    person["extension"] = json!("0133");
    person["firstName"] = json!("Zoë");
    fake.set_person(person).unwrap();
    fake
}

async fn export(fake: &FakePeople, arguments: &[&str]) -> String {
    let arguments = [&["get", "-", "-o", "csv"], arguments].concat();
    let output = People::admin(fake, &arguments)
        .stdin(&IDS.join("\n"))
        .run()
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    output.stdout
}

fn rows(text: &str, delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

fn text(rows: &[Vec<String>], delimiter: u8) -> String {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xff, 0xfe].into_iter().chain(units).collect()
}

/// The text in Windows-1252, as far as that is Latin-1.
fn latin1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|it| u8::try_from(u32::from(it)).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_person_has_one_row_with_escaped_formulas() {
    let fake = service().await;
    let fields = "id,displayName,title,department,extension,licenses,phoneNumbers[0].value";
    let exported = export(&fake, &["--fields", fields]).await;
    insta::assert_snapshot!("spreadsheet", exported);
    assert_eq!(rows(&exported, b',').len(), 1 + IDS.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_is_saved_in_any_way_changes_nothing() {
    let fake = service().await;
    let exported = export(&fake, &[]).await;
    let with_read_only = export(&fake, &["--fields", "ID,created,title,status,licenses"]).await;
    let rows = rows(&exported, b',');
    let semicolons = text(&rows, b';');
    let mut blank_rows = exported.clone();
    blank_rows.push('\n');
    blank_rows.push_str(&",".repeat(rows[0].len() - 1));
    blank_rows.push_str("\n\r\n");
    let cases: [(&str, Vec<u8>, &[&str]); 9] = [
        ("as it is", exported.clone().into(), &[]),
        ("semicolons", semicolons.clone().into(), &[]),
        ("tabs", text(&rows, b'\t').into(), &[]),
        ("bars", text(&rows, b'|').into(), &["--delimiter", "|"]),
        ("sep=", format!("sep=;\r\n{semicolons}").into(), &[]),
        ("mark", format!("\u{feff}{exported}").into(), &[]),
        ("UTF-16", utf16(&semicolons), &[]),
        (
            "Windows-1252",
            latin1(&exported),
            &["--encoding", "windows-1252"],
        ),
        ("blank rows", blank_rows.into(), &[]),
    ];
    let cases = cases
        .into_iter()
        .chain([("read-only", with_read_only.into(), &[] as &[&str])]);
    for (name, bytes, options) in cases {
        let env = TestEnv::new("people.csv", "");
        env.write("people.csv", bytes);
        let arguments = [&["people.csv", "--report", "report.ndjson"], options].concat();
        let output = env.apply(&fake, &arguments).await;
        assert_eq!(output.code, Some(0), "{name}: {output}");
        let summary: Value = serde_json::from_str(&output.stdout).unwrap();
        assert_eq!(summary["unchanged"], IDS.len(), "{name}: {output}");
        assert_eq!(updates(&fake), 0, "{name}: {output}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_cells_of_an_export_are_applied_and_no_others() {
    let fake = service().await;
    let fields = "id,title,department,extension";
    let mut rows = rows(&export(&fake, &["--fields", fields]).await, b',');
    let before = fake.people();
    "Director".clone_into(&mut rows[1][1]);
    "=1+1".clone_into(&mut rows[3][2]);
    let env = TestEnv::new("people.csv", &text(&rows, b';'));
    let output = env
        .apply(&fake, &["people.csv", "--report", "r.ndjson"])
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(updates(&fake), 2, "{output}");
    assert_eq!(fake.person(IDS[0]).unwrap()["title"], "Director");
    assert_eq!(fake.person(IDS[2]).unwrap()["department"], "=1+1");
    let changed = before.iter().zip(fake.people());
    let changed = changed.filter(|(before, after)| *before != after).count();
    assert_eq!(changed, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_cell_is_reported_and_cleared_if_asked_to() {
    let fake = fake(&[]).await;
    let fields = "id,title,department,avatar";
    let mut rows = rows(&export(&fake, &["--fields", fields]).await, b',');
    let before = fake.people();
    // John Andersen has both values; the title of Mary Lee is emptied, and the department changes.
    assert!(!rows[1][1].is_empty() && !rows[2][1].is_empty());
    rows[1][1].clear();
    rows[2][1].clear();
    "Support".clone_into(&mut rows[2][2]);
    let env = TestEnv::new("people.csv", &text(&rows, b','));
    let output = env
        .apply(&fake, &["people.csv", "--dry-run", "-o", "json"])
        .await;
    let summary: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(summary["keptByEmptyCells"], json!({"title": 2}), "{output}");
    // The guest and the person without properties.
    assert_eq!(summary["emptyRows"], 2, "{output}");
    assert_eq!(summary["changedProperties"], json!({"department": 1}));
    let table = [
        "people.csv",
        "--dry-run",
        "-o",
        "table",
        "--concurrency",
        "1",
    ];
    let output = env.apply(&fake, &table).await;
    insta::assert_snapshot!("empty_cells", output);
    assert_eq!(fake.people(), before);

    let clear = ["people.csv", "--clear-empty-cells", "--report", "r.ndjson"];
    let output = env.apply(&fake, &clear).await;
    assert_eq!(output.code, Some(0), "{output}");
    let summary: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(
        summary["changedProperties"],
        json!({"department": 1, "title": 2}),
        "{output}"
    );
    assert_eq!(output.stderr, "");
    for id in &IDS[..2] {
        let person = fake.person(id).unwrap();
        assert!(person.get("title").is_none_or(|it| it == ""), "{person}");
    }
    assert_eq!(updates(&fake), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_utf8_or_has_lost_digits_is_an_error_with_advice() {
    let fake = fake(&[]).await;
    let cases: [(&[u8], &str); 5] = [
        (b"id,title\nx,M\xfcller\n", "`--encoding windows-1252`"),
        (b"i\0d\0,\0t\0\n\0", "`--encoding utf-16`"),
        (b"id,title,Title\nx,a,b\n", "two columns `title`"),
        (b"id,titel\nx,a\n", "did you mean `title`?"),
        (b"id|title\nx|a\n", "`--delimiter`"),
    ];
    for (bytes, advice) in cases {
        let env = TestEnv::new("people.csv", "");
        env.write("people.csv", bytes);
        let output = env
            .apply(&fake, &["people.csv", "--report", "r.ndjson"])
            .await;
        assert_eq!(output.code, Some(2), "{output}");
        assert!(output.stderr.contains(advice), "{output}");
    }
    let misread = format!("id,firstName\n{MEMBER},ZoÃ«\n");
    let env = TestEnv::new("people.csv", &misread);
    let output = env
        .apply(&fake, &["people.csv", "--report", "r.ndjson"])
        .await;
    assert_eq!(output.code, Some(2), "{output}");
    assert!(output.stderr.contains("has read UTF-8 text as"), "{output}");
    let numbers = format!("id,phoneNumbers[0].value\n{MEMBER},4.92E+11\n");
    let env = TestEnv::new("people.csv", &numbers);
    let output = env
        .apply(&fake, &["people.csv", "--report", "r.ndjson"])
        .await;
    assert_eq!(output.code, Some(2), "{output}");
    assert!(output.stderr.contains("digits are lost"), "{output}");
    assert_eq!(fake.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ndjson_of_get_is_a_file_of_changes() {
    let fake = service().await;
    let output = People::admin(&fake, &["get", "-", "-o", "ndjson", "--calling-data"])
        .stdin(&IDS.join("\n"))
        .run()
        .await;
    assert_eq!(output.stdout.lines().count(), IDS.len(), "{output}");
    let changes = output
        .stdout
        .replace("\"title\":\"GM\"", "\"title\":\"Director\"");
    let env = TestEnv::new("people.ndjson", &changes);
    let output = env
        .apply(&fake, &["people.ndjson", "--report", "r.ndjson"])
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(updates(&fake), 1, "{output}");
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "Director");
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_with_a_sign_add_and_remove_items() {
    let fake = fake(&[]).await;
    let licenses = || fake.person(MEMBER).unwrap()["licenses"].clone();
    let before = licenses();
    let license = before[0].as_str().unwrap().to_owned();
    for (column, expected) in [
        ("-licenses", json!([])),
        ("+licenses", before.clone()),
        ("remove licenses", json!([])),
        ("add licenses", before),
    ] {
        let env = TestEnv::new("changes.csv", "");
        env.write(
            "changes.csv",
            format!("id,{column}\n{MEMBER},{license}\n{GUEST},\n"),
        );
        let output = env
            .apply(&fake, &["changes.csv", "--report", "r.ndjson"])
            .await;
        assert_eq!(output.code, Some(0), "{output}");
        assert_eq!(licenses(), expected, "{output}");
    }
    assert_eq!(updates(&fake), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_with_fields_has_one_row_per_person_and_whole_ids() {
    let fake = fake(&[]).await;
    let arguments = [
        "get",
        "-",
        "-o",
        "table",
        "--fields",
        "displayName,title,id",
    ];
    let run = |columns: &'static str| {
        People::admin(&fake, &arguments)
            .stdin(&IDS.join("\n"))
            .env("COLUMNS", columns)
            .run()
    };
    let wide = run("160").await;
    insta::assert_snapshot!("rows_wide", wide);
    let narrow = run("60").await;
    insta::assert_snapshot!("rows_narrow", narrow);
    for output in [wide, narrow] {
        for id in IDS {
            assert!(output.stdout.contains(id), "{output}");
        }
    }
    // In a pipe, rows are CSV.
    let csv = People::admin(&fake, &["get", "me", "--fields", "id,title"]);
    let csv = csv.run().await;
    assert_eq!(csv.stdout, format!("id,title\n{JOHN_ANDERSEN},GM\n"));
    let invalid = People::admin(&fake, &["get", "me", "--fields", "titel"])
        .run()
        .await;
    assert_eq!(invalid.code, Some(2), "{invalid}");
    let json = People::admin(&fake, &["get", "me", "--fields", "title", "-o", "json"])
        .run()
        .await;
    assert_eq!(json.code, Some(2), "{json}");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_read_at_the_same_time_and_printed_in_order() {
    let fake = fake(&["GET delay=20ms every=2"]).await;
    let ids: Vec<&str> = IDS.into_iter().cycle().take(40).collect();
    let output = People::admin(&fake, &["get", "-", "-o", "ndjson", "--concurrency", "8"])
        .stdin(&ids.join("\n"))
        .run()
        .await;
    let printed: Vec<String> = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|person| person["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(printed, ids);
}
