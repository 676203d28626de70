//! `people check`: the deviations of live and of recorded answers, and nothing else of them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use people_fake::{FakePeople, Fault};
use serde_json::{Value, json};

use crate::support::{People, TestEnv, builder};

/// What no output may contain: the values of the planted deviations, and who it is.
const PRIVATE: [&str; 7] = [
    "hush",
    "quantum",
    "pager",
    "jane.doe",
    "Andersen",
    "Y2lz",
    "example.com",
];

fn assert_private(text: &str) {
    for private in PRIVATE {
        assert!(!text.contains(private), "{private}: {text}");
    }
}

/// The first person, with four deviations.
fn odd_person(fake: &FakePeople) -> Value {
    let mut person = fake.people().swap_remove(0);
    let id = person["id"].clone();
    let planted = json!({
        "id": id,
        "loginEnabled": "TRUE",
        "addresses": "hush 1",
        "status": "quantum",
        "phoneNumbers": [{"type": "work", "value": "1"}, {"type": "work", "value": "2", "\u{1b}[2Jjane.doe@example.com ext": "hush 2"}],
    });
    for (name, value) in planted.as_object().unwrap() {
        person[name] = value.clone();
    }
    person
}

/// The rows of JSON lines, in short.
fn rows(stdout: &str) -> Vec<String> {
    let lines = stdout.lines();
    lines
        .map(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
            let [operation, path, kind] = ["operation", "path", "deviation"].map(text);
            format!(
                "{operation} {} {path} {kind} {}",
                row["status"], row["answers"]
            )
        })
        .collect()
}

const PLANTED: [&str; 5] = [
    "getPersonDetails 203  unlisted_status 1",
    "getPersonDetails 203 addresses unexpected_form 1",
    "getPersonDetails 203 loginEnabled converted 1",
    "getPersonDetails 203 phoneNumbers[].[…] ext unlisted_property 1",
    "getPersonDetails 203 status unlisted_value 1",
];

#[tokio::test(flavor = "multi_thread")]
async fn five_planted_deviations_are_listed_without_values() {
    let fake = builder().start().await.unwrap();
    let person = odd_person(&fake);
    fake.set_person(person.clone()).unwrap();
    fake.inject(Fault::status(203).method("GET"));
    let id = person["id"].as_str().unwrap();

    let output = People::admin(&fake, &["check", id]).run().await;
    assert_eq!(output.code, Some(1), "{output}");
    assert_eq!(rows(&output.stdout), PLANTED);
    assert_private(&output.stdout);
    assert_private(&output.stderr);
    assert!(!output.stdout.contains('\u{1b}'), "{output}");

    let table = People::admin(&fake, &["check", id, "-o", "table"]);
    let table = table.run().await.without(id, "ID");
    assert_private(&table.stdout);
    insta::assert_snapshot!("check", table);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_as_the_contract_says_are_no_deviation() {
    let fake = builder().start().await.unwrap();
    let ids: Vec<Value> = fake.people();
    let ids: Vec<&str> = ids.iter().map(|it| it["id"].as_str().unwrap()).collect();
    let check = People::admin(&fake, &["check", "-", "--calling-data", "-o", "table"]);
    let output = check.stdin(&ids.join("\n")).run().await;
    let expected = format!(
        "note: answers checked: {}, deviations from the contract: 0\n",
        ids.len()
    );
    assert_eq!(
        (output.code, output.stdout.as_str(), output.stderr),
        (Some(0), "", expected)
    );
    let output = People::admin(&fake, &["check", "-q"]).run().await;
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_read_of_one_person_keeps_the_deviations_of_others() {
    let fake = builder().start().await.unwrap();
    let mut person = fake.people().swap_remove(0);
    person["hobby"] = json!("hush");
    fake.set_person(person.clone()).unwrap();
    let id = person["id"].as_str().unwrap();
    let output = People::admin(&fake, &["check", id, "Y2lzMISSING"])
        .run()
        .await;
    assert_eq!(output.code, Some(3), "{output}");
    assert_eq!(
        rows(&output.stdout),
        ["getPersonDetails 200 hobby unlisted_property 1"]
    );
    assert!(output.stderr.contains("Y2lzMISSING: "), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unlisted_status_of_an_error_and_an_unreadable_body_are_deviations() {
    let fake = builder().start().await.unwrap();
    fake.inject(Fault::status(418).path("/people/Y2lzA"));
    fake.inject(
        Fault::status(200)
            .path("/people/Y2lzB")
            .body(people_fake::FaultBody::Raw(r#"{"id": ["hush"]}"#.into())),
    );
    let arguments = ["check", "Y2lzA", "Y2lzB", "--max-attempts", "1"];
    let output = People::admin(&fake, &arguments).run().await;
    assert_eq!(output.code, Some(7), "{output}");
    assert_eq!(
        rows(&output.stdout),
        [
            "getPersonDetails 200 id unexpected_form 1",
            "getPersonDetails 418  unlisted_status 1"
        ]
    );
}

/// A file that a browser or a proxy has recorded.
fn har(base_url: &str, person: &Value) -> String {
    let entry = |method: &str, url: String, status: u16, content: Value| {
        json!({
            "startedDateTime": "2026-01-01T00:00:00Z",
            "request": {"method": method, "url": url, "headers": [{"name": "Authorization", "value": "hush"}]},
            "response": {"status": status, "content": content},
        })
    };
    let text = person.to_string();
    let plain = json!({"mimeType": "application/json", "text": text});
    let encoded = json!({"text": STANDARD.encode(&text), "encoding": "base64"});
    let url = |path: &str| format!("{base_url}{path}");
    json!({"log": {"version": "1.2", "entries": [
        entry("GET", url("/people/Y2lzA?callingData=true"), 203, plain.clone()),
        entry("GET", url("/people/me"), 200, encoded),
        entry("PUT", url("/people/Y2lzA"), 418, json!({"text": "hush"})),
        // Not the service, not an operation of the contract, no answer, and a browser's cache.
        entry("GET", "https://elsewhere.example/people/me".to_owned(), 299, plain.clone()),
        entry("GET", url("/rooms/Y2lzA"), 299, plain.clone()),
        entry("GET", url("/people/me"), 0, json!({})),
        entry("GET", url("/people/me"), 304, json!({})),
    ]}})
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn deviations_of_recorded_answers_need_no_service() {
    let fake = builder().start().await.unwrap();
    let person = odd_person(&fake);
    let base_url = "https://webexapis.com/v1";
    let environment = TestEnv::new("session.har", &har(base_url, &person));
    environment.write("bodies.ndjson", format!("{person}\n\n{person}\n"));

    let check = |arguments: &[&str]| {
        let arguments = [&["check"], arguments].concat();
        People::new(&arguments).current_dir(environment.path())
    };
    let output = check(&["--from", "session.har"]).run().await;
    assert_eq!(output.code, Some(1), "{output}");
    let mut expected: Vec<String> = PLANTED.map(str::to_owned).to_vec();
    let of_body = |call: &str, answers: usize| {
        let names = PLANTED[1..].iter();
        let names = names.map(|row| row.strip_prefix("getPersonDetails 203 ").unwrap());
        names
            .map(|row| format!("{call} {} {answers}", row.strip_suffix(" 1").unwrap()))
            .collect::<Vec<_>>()
    };
    expected.splice(0..0, of_body("getMyOwnDetails 200", 1));
    expected.push("updatePerson 418  unlisted_status 1".to_owned());
    assert_eq!(rows(&output.stdout), expected);
    assert_private(&output.stdout);

    let output = check(&["--from", "bodies.ndjson"]).run().await;
    assert_eq!(output.code, Some(1), "{output}");
    assert_eq!(rows(&output.stdout), of_body("- null", 2));
    assert_private(&output.stdout);

    // The recording of another service.
    let output = check(&["--from", "session.har", "--base-url", "http://127.0.0.1:1"]);
    let output = output.run().await;
    assert_eq!(output.code, Some(2), "{output}");
    assert!(output.stderr.contains("help: `--base-url`"), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_file_that_is_not_json_is_refused_by_its_line() {
    let environment = TestEnv::new("bodies.ndjson", "{\"id\": \"a\"}\n{\"id\": hush}\n");
    let check = People::new(&["check", "--from", "bodies.ndjson"]);
    let output = check.current_dir(environment.path()).run().await;
    assert_eq!(output.code, Some(2), "{output}");
    assert_eq!(
        output.stderr,
        "error: bodies.ndjson: line 2, column 8: this is not JSON\n\
         help: give a HAR file, or one body per line\n"
    );
}
