//! No token and no personal data is written: neither to a log at the level TRACE, nor by `Debug`, nor
//! by `Display`.
//!
//! Every value that is sent here is marked, so that the output can be searched for it.

use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::io;
use std::sync::{Arc, Mutex};

use people_fake::ClosedPort;
use people_sdk::types::{Person, PersonUpdate};
use people_sdk::{
    AccessToken, Client, ClientBuilder, Deviation, Error, RetryPolicy, TokenFuture, TokenSource,
    operations,
};
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::support::fault_server::{FaultServer, Reply, Seen, answer};
use crate::support::process::{is_alone, run_alone};
use crate::support::virtual_clock::VirtualClock;

const TOKEN: &str = "token-that-leaks";
const ID: &str = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9MRUFLRUQ";

/// What must not be shown. Each of these is sent to or by the service.
const SECRETS: &[&str] = &[
    TOKEN,
    ID,
    "leaky@example.com",
    "leaky",
    "Leonora",
    "Leakington",
    "+1 408 526 7209",
    "408 526 7209",
    "4085267209",
    "5267209",
    "133-leaks",
    "Leak Street",
    "Leakville",
    "Director of Leaks",
    "Department of Leaks",
    "leaks.example",
    "LEAKED",
    "a value of an unknown property",
    "desk 4711",
    "a body that leaks",
    "leaks-in-a-header",
];

fn person() -> Value {
    json!({
        "id": ID,
        "emails": ["leaky@example.com"],
        "phoneNumbers": [{ "type": "work", "value": "+1 408 526 7209", "primary": true }],
        "extension": "133-leaks",
        "displayName": "Leonora Leakington",
        "firstName": "Leonora",
        "lastName": "Leakington",
        "title": "Director of Leaks",
        "department": "Department of Leaks",
        "licenses": ["Y2lzY29zcGFyazovL3VzL0xJQ0VOU0UvTEVBS0VE-LEAKED"],
        "avatar": "https://leaks.example/leaky.png",
        "addresses": [{ "type": "work", "streetAddress": "Leak Street 1", "locality": "Leakville" }],
        "sipAddresses": [{ "type": "enterprise", "value": "leaky@leaks.example" }],
        "lastModified": "2025-01-01T00:00:00Z",
        "unknown": "a value of an unknown property",
    })
}

/// The person, with e-mail addresses, phone numbers and ids in the place of names.
fn person_with_names() -> Value {
    let mut person = person();
    person["leaky@example.com"] = json!("a value of an unknown property");
    person["+1 408 526 7209"] = json!({ "leaky@example.com": { ID: ["4085267209"] } });
    person["phoneNumbers"][0]["leaky@example.com"] = json!(5);
    person["phoneNumbers"][0][ID] = json!("LEAKED");
    person["\u{1b}[31mleaky@example.com\n"] = json!(1);
    person["errors"] = json!({
        "leaky@example.com": { "code": "4085267209", "reason": "leaky@example.com has 408 526 7209" },
        "+1 408 526 7209": { "code": ["leaky@example.com"] },
        ID: 5,
    });
    person
}

/// An error body with the same in the place of names, of codes and of a tracking id.
fn error_with_names() -> Value {
    let entry =
        json!({ "code": "4085267209", "reason": "leaky@example.com", "leaky@example.com": 1 });
    json!({
        "leaky@example.com": "LEAKED",
        "message": ["leaky@example.com", { "description": "408 526 7209", "code": ID }],
        "errors": { "leaky@example.com": entry, "+1 408 526 7209": ["4085267209"] },
        "error": { "leaky@example.com": 5, "trackingId": "leaky@example.com" },
    })
}

/// An error body that repeats everything that was sent. For a read, that is the token and the id;
/// e-mail addresses and phone numbers are recognized by their form.
fn error_body(write: bool) -> Value {
    let mut message = format!("{ID}, leaky@example.com, +1 408 526 7209, 4085267209: {TOKEN}");
    if write {
        message.push_str(
            " makes no 'Director of Leaks' of Leonora Leakington, in 'Department of Leaks' at \
             Leak Street 1, Leakville: desk 4711",
        );
    }
    json!({
        "message": message,
        "errors": [{ "description": format!("Again: {message}") }, { "description": message }],
        "trackingId": format!("ROUTER_1 {TOKEN}"),
        "more": "a body that leaks",
    })
}

/// The update that is sent: the values of `person`, and one more.
fn update() -> PersonUpdate {
    let mut person = person();
    person["desk"] = json!("desk 4711");
    person["phoneNumbers"][0]["value"] = json!("408 526 7209");
    PersonUpdate::from(&serde_json::from_value::<Person>(person).unwrap())
}

/// Collects everything that is written.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    fn add(&mut self, value: &dyn Debug) {
        let mut text = String::new();
        writeln!(text, "{value:?} {value:#?}").unwrap();
        self.0.lock().unwrap().extend(text.bytes());
    }

    fn add_deviations(&mut self, deviations: &[Deviation]) {
        self.add(&deviations);
        let mut text = String::new();
        for deviation in deviations {
            writeln!(text, "{deviation} {}", deviation.path()).unwrap();
        }
        self.0.lock().unwrap().extend(text.bytes());
    }

    /// An error and its sources.
    fn add_error(&mut self, error: &Error) {
        self.add(error);
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            writeln!(text, "{error} {error:?}").unwrap();
            source = error.source();
        }
        self.0.lock().unwrap().extend(text.bytes());
    }
}

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn assert_silent(text: &str) {
    for secret in SECRETS {
        if let Some(at) = text.find(secret) {
            let start = text[..at].rfind('\n').unwrap_or_default();
            let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
            panic!("{secret:?} is shown in {:?}", &text[start..end]);
        }
    }
}

struct RenewingSource;

impl TokenSource for RenewingSource {
    fn token<'a>(&'a self, rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
        Box::pin(async move {
            match rejected {
                None => Ok(AccessToken::from(TOKEN)),
                Some(_) => Ok(AccessToken::from(format!("{TOKEN}-2"))),
            }
        })
    }
}

/// A script for the server per outcome of a call.
fn scripts(write: bool) -> Vec<Vec<Reply>> {
    let statuses = [
        301, 302, 307, 400, 401, 403, 404, 405, 409, 410, 415, 423, 428, 429, 500, 502, 503, 504,
    ];
    let good = || answer(200).json(person());
    let mut scripts: Vec<Vec<Reply>> = statuses
        .into_iter()
        .map(|status| {
            let reply = answer(status)
                .header("Location", format!("http://127.0.0.1:1/v1/people/{ID}"))
                .header("TrackingID", format!("ROUTER_2-{TOKEN}"))
                .header("Set-Cookie", "a=leaks-in-a-header")
                .json(error_body(write));
            vec![reply.into()]
        })
        .collect();
    scripts.extend([
        vec![good().into()],
        vec![answer(204).into()],
        vec![answer(200).json(person_with_names()).into()],
        vec![
            answer(400)
                .header("TrackingID", "leaky@example.com")
                .header("Retry-After", "leaky@example.com")
                .header("leaky-header", "leaky@example.com")
                .json(error_with_names())
                .into(),
        ],
        vec![
            answer(400)
                .body("Leonora/Leakington; charset=leaky", "<a body that leaks>")
                .into(),
        ],
        vec![answer(503).json(error_body(write)).into(), good().into()],
        vec![
            answer(200)
                .json(json!({ "emails": "leaky@example.com" }))
                .into(),
        ],
        vec![
            answer(200)
                .json(json!({ "id": ID, "created": "Leonora" }))
                .into(),
        ],
        vec![
            answer(200)
                .body("text/html", "<p>a body that leaks</p>")
                .into(),
        ],
        vec![
            answer(502)
                .body("text/html", "<p>a body that leaks</p>")
                .into(),
        ],
        vec![Reply::ResetBeforeHead],
        vec![Reply::ResetInBody(good())],
        vec![Reply::StallInBody(good())],
        vec![Reply::NoResponse],
        vec![answer(200).json(json!({ "id": ID.repeat(3000) })).into()],
    ]);
    scripts
}

fn client(base_url: &str) -> Client {
    builder(base_url).build().unwrap()
}

fn builder(base_url: &str) -> ClientBuilder {
    Client::builder()
        .base_url(base_url)
        .token(TOKEN)
        .retry(RetryPolicy::default().max_attempts(2))
        .max_response_bytes(64 * 1024)
        .clock(VirtualClock::start())
}

#[tokio::test]
async fn logs_and_errors_contain_no_secret_or_personal_data() {
    run_alone(WITH_A_LOG, &[]).await;
}

const WITH_A_LOG: &str = "leaks::logging_process";

/// The log is global in its process, so that it has the output of every thread.
#[tokio::test]
#[ignore = "run by another test, in a process with a log"]
#[expect(
    clippy::too_many_lines,
    reason = "one log, and all that could leak into it"
)]
async fn logging_process() {
    if !is_alone(WITH_A_LOG) {
        return;
    }
    let mut captured = Captured::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(captured.clone())
        .init();
    let mut kinds = std::collections::HashSet::new();
    let mut note = |captured: &mut Captured, error: &Error| {
        kinds.insert(error.kind());
        captured.add_error(error);
    };
    let closed = ClosedPort::reserve().unwrap();
    let scripts = scripts(false).into_iter().zip(scripts(true));
    for script in scripts.map(Some).chain([None]) {
        let server = match script {
            Some((read, write)) => {
                let mut number = 0;
                let reply = move |request: &Seen| {
                    let script = if request.method == "PUT" {
                        &write
                    } else {
                        &read
                    };
                    number += 1;
                    script[(number - 1).min(script.len() - 1)].clone()
                };
                Some(FaultServer::start(reply).await)
            }
            None => None,
        };
        let base_url = server
            .as_ref()
            .map_or_else(|| closed.base_url().to_owned(), FaultServer::base_url);
        let client = client(&base_url);
        let me = client.get_my_own_details().calling_data(true);
        captured.add(&me);
        match me.send().await {
            Ok(answer) => {
                captured.add(&answer);
                captured.add_deviations(&answer.deviations());
            }
            Err(error) => note(&mut captured, &error),
        }
        let get = client.get_person_details().person_id(ID);
        captured.add(&get);
        match get.send().await {
            Ok(answer) => captured.add(&answer),
            Err(error) => note(&mut captured, &error),
        }
        let put = client.update_person().person_id(ID).body(update());
        captured.add(&put);
        match put.send().await {
            Ok(answer) => captured.add(&answer),
            Err(error) => note(&mut captured, &error),
        }
        let change = |update: &mut PersonUpdate| update.title = Some("Leaks".to_owned());
        match client.edit_person(ID, change).await {
            Ok(edit) => {
                captured.add(&edit);
                captured.add_deviations(&edit.deviations());
            }
            Err(error) => note(&mut captured, &error),
        }
    }
    let server = FaultServer::script(vec![answer(401).into(), answer(403).into()]).await;
    let renewing = builder(&server.base_url()).token_source(RenewingSource);
    let error = renewing.build().unwrap().get_my_own_details().send().await;
    note(&mut captured, &error.unwrap_err());
    assert_eq!(server.seen().len(), 2);
    let client = client(closed.base_url());
    let bad_id = format!("{ID}/leaky@example.com");
    let error = client.get_person_details().person_id(bad_id).send().await;
    note(&mut captured, &error.unwrap_err());
    let text = captured.text();
    // The log has entries: those of the SDK, and those of reqwest.
    for expected in [
        "people_sdk.call",
        "people_sdk.attempt",
        "http.request.method=\"PUT\"",
        "url.template=\"/people/{personId}\"",
        "http.response.status_code=404",
        "http.request.resend_count=1",
        "error.type=\"503\"",
        "error.type=\"connection_lost\"",
        "error.type=\"unexpected_body\"",
        "error.type=\"no_content\"",
        "tracking_id=\"ROUTER_2",
        "attempt=2",
        "duration_ms",
        "waiting before another attempt",
        "starting new connection",
    ] {
        assert!(text.contains(expected), "{expected} is not in the log");
    }
    for operation in operations::ALL {
        assert!(text.contains(operation.id()), "{operation}");
    }
    assert!(kinds.len() >= 14, "{kinds:?}");
    // Names of the service have been met.
    assert!(
        text.contains("people_sdk::deviation"),
        "no deviation is in the log"
    );
    assert!(text.contains("phoneNumbers[0].[…]"), "no name was redacted");
    assert_silent(&text);
}

#[tokio::test]
async fn debug_output_contains_no_secret_or_personal_data() {
    let mut captured = Captured::default();
    let builder = || Client::builder().token(TOKEN).user_agent("leaky/1");
    captured.add(&AccessToken::from(TOKEN));
    captured.add(&builder());
    captured.add(&builder().token_source(RenewingSource));
    captured.add(&builder().build().unwrap());
    captured.add(&update());
    captured.add(&serde_json::from_value::<Person>(person()).unwrap());
    captured.add(&RetryPolicy::default());
    let wrong = [
        builder().base_url("https://leaky:LEAKED@webexapis.com/v1"),
        builder().base_url("https://webexapis.com/v1?token=LEAKED"),
        builder().base_url("http://leaks.example/v1"),
        builder().token(format!("{TOKEN}\n")),
        builder().root_certificate("LEAKED"),
        builder().user_agent("leaky\n"),
    ];
    for builder in wrong {
        captured.add(&builder);
        captured.add_error(&builder.build().unwrap_err());
    }
    assert_silent(&captured.text());
}
