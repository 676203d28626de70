//! The outcome of every operation for every response, and for every fault of service and network.
//! The tables are meant to be read; the code below them runs their rows.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::time::Duration;

use people_fake::ClosedPort;
use people_sdk::types::PersonUpdate;
use people_sdk::{Client, Error, ErrorKind, Operation, RetryPolicy, operations};
use serde_json::{Value, json};

use crate::support::fault_server::{Answer, FaultServer, Reply, answer};
use crate::support::virtual_clock::VirtualClock;
use crate::support::{example, operation, resolve};

use Outcome::{Nothing, Person};

// ---- the operations ----------------------------------------------------------------------------

type Call = fn(Client) -> Pin<Box<dyn Future<Output = Result<Outcome, Error>> + Send>>;

const ID: &str = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8x";

/// Every operation whose success is a person, as a call whose future can be sent to another thread.
/// The other shapes of operations are called in `tests/extended-sdk`.
const OPERATIONS: &[(&Operation, Call)] = &[
    (operations::GET_MY_OWN_DETAILS, |client| {
        Box::pin(async move {
            let answer = client.get_my_own_details().send().await?;
            Ok(Outcome::Person(answer.status().as_u16()))
        })
    }),
    (operations::GET_PERSON_DETAILS, |client| {
        Box::pin(async move {
            let answer = client.get_person_details().person_id(ID).send().await?;
            Ok(Outcome::Person(answer.status().as_u16()))
        })
    }),
    (operations::UPDATE_PERSON, |client| {
        Box::pin(async move {
            let call = client.update_person().person_id(ID);
            let answer = call.body(PersonUpdate::default()).send().await?;
            let status = answer.status().as_u16();
            let person = answer.into_inner();
            Ok(person.map_or(Outcome::Nothing(status), |_| Outcome::Person(status)))
        })
    }),
];

#[test]
fn tables_cover_every_operation_that_returns_a_person() {
    let returns_person = |it: &&&Operation| {
        let success = resolve(&operation(it.id())["responses"]["200"]);
        success["content"]["application/json"]["schema"]["$ref"] == "#/components/schemas/Person"
    };
    let expected: Vec<_> = operations::ALL.iter().filter(returns_person).collect();
    let known: Vec<_> = OPERATIONS.iter().map(|(operation, _)| operation).collect();
    assert_eq!(known, expected);
}

// ---- the first table: every documented status, with every kind of body -------------------------

/// The outcome of a call, and the status of the response.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    /// The person in the response.
    Person(u16),
    /// A success without a person.
    Nothing(u16),
    /// An error, with the status if there was a response.
    Error(ErrorKind, Option<u16>),
}

/// The requests that the server saw, and the waits between them in milliseconds.
type Attempts = (usize, &'static [u128]);

/// Four requests, with waits of 0.5, 1 and 2 s between them.
const RETRIED: Attempts = (4, &[500, 1000, 2000]);
const ONCE: Attempts = (1, &[]);

/// The kind of error of each documented status, with any body, and the attempts that are made.
const STATUSES: &[(u16, ErrorKind, Attempts)] = &[
    (400, ErrorKind::Rejected, ONCE),
    (401, ErrorKind::Unauthorized, ONCE),
    (403, ErrorKind::Forbidden, ONCE),
    (404, ErrorKind::NotFound, ONCE),
    (405, ErrorKind::Rejected, ONCE),
    (409, ErrorKind::Conflict, ONCE),
    (410, ErrorKind::NotFound, ONCE),
    (415, ErrorKind::Rejected, ONCE),
    (423, ErrorKind::Locked, RETRIED),
    (428, ErrorKind::Rejected, ONCE),
    (429, ErrorKind::RateLimited, (4, &[5000, 10_000, 20_000])),
    (500, ErrorKind::Server, ONCE),
    (502, ErrorKind::Unavailable, RETRIED),
    (503, ErrorKind::Unavailable, RETRIED),
    (504, ErrorKind::Unavailable, RETRIED),
];

/// The outcome of a success with the documented body and with others: for a read, and for a write.
/// Always after one request.
#[rustfmt::skip]
const SUCCESSES: &[(u16, Body, Outcome, Outcome)] = &[
    (200, Body::Proper,    Person(200),     Person(200)),
    (200, Body::Empty,     no_content(200), Nothing(200)),
    (200, Body::Html,      unexpected(200), unexpected(200)),
    (200, Body::OffSchema, unexpected(200), unexpected(200)),
    (201, Body::Proper,    Person(201),     Person(201)),
    (201, Body::Empty,     no_content(201), Nothing(201)),
    (201, Body::Html,      unexpected(201), unexpected(201)),
    (201, Body::OffSchema, unexpected(201), unexpected(201)),
    (202, Body::Proper,    Person(202),     Person(202)),
    (202, Body::Empty,     no_content(202), Nothing(202)),
    (202, Body::Html,      unexpected(202), unexpected(202)),
    (202, Body::OffSchema, unexpected(202), unexpected(202)),
    // A 204 has no body on the wire.
    (204, Body::Empty,     no_content(204), Nothing(204)),
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Body {
    Proper,
    Empty,
    Html,
    OffSchema,
}

const fn no_content(status: u16) -> Outcome {
    Outcome::Error(ErrorKind::NoContent, Some(status))
}

const fn unexpected(status: u16) -> Outcome {
    Outcome::Error(ErrorKind::UnexpectedBody, Some(status))
}

const BODIES: &[Body] = &[Body::Proper, Body::Empty, Body::Html, Body::OffSchema];

/// The message of an error with this body.
fn message(body: Body) -> Option<&'static str> {
    (body == Body::Proper).then_some("The service says why")
}

fn with_body(status: u16, body: Body) -> Answer {
    let answer = answer(status).header("TrackingID", "HEADER_1");
    match body {
        Body::Empty => answer,
        Body::Html => answer.body("text/html", "<html><h1>It is all over</h1></html>"),
        Body::OffSchema => answer.json(json!([{ "phoneNumbers": 7 }, null])),
        Body::Proper if status < 300 => answer.json(person()),
        Body::Proper => answer.json(json!({
            "message": "The service says why",
            "errors": [{ "description": "And adds a line" }],
            "trackingId": "BODY_1",
        })),
    }
}

fn person() -> Value {
    example("MyOwnDetails")
}

#[test]
fn tables_cover_every_documented_status() {
    for id in operations::ALL.iter().map(|operation| operation.id()) {
        let responses = operation(id)["responses"].as_object().unwrap();
        let documented: BTreeSet<u16> =
            responses.keys().map(|code| code.parse().unwrap()).collect();
        let errors = STATUSES.iter().map(|(status, ..)| *status);
        let known: BTreeSet<u16> = errors
            .chain(SUCCESSES.iter().map(|(status, ..)| *status))
            .collect();
        let unknown: Vec<_> = documented.difference(&known).collect();
        assert!(unknown.is_empty(), "{id}: {unknown:?} are in no table");
    }
}

#[tokio::test]
async fn every_error_status_with_every_body() {
    for (operation, call) in OPERATIONS {
        for (status, kind, (requests, waits)) in STATUSES {
            for body in BODIES {
                let row = format!("{operation} {status} {body:?}");
                let run = run(*call, vec![with_body(*status, *body).into()]).await;
                run.expect(&row, Outcome::Error(*kind, Some(*status)), *requests, waits);
                let error = run.outcome.unwrap_err();
                assert_eq!(error.operation(), Some(*operation), "{row}");
                assert_eq!(error.message(), message(*body), "{row}");
                assert_eq!(error.attempts() as usize, *requests, "{row}");
                assert!(error.may_have_reached_service(), "{row}");
                let id = match body {
                    Body::Proper => "BODY_1",
                    _ => "HEADER_1",
                };
                assert_eq!(error.tracking_id(), Some(id), "{row}");
                let text = error.to_string();
                let start = format!("{operation}: {status} ");
                assert!(text.starts_with(&start), "{row}: {text}");
                assert!(text.contains(id), "{row}: {text}");
                assert!(!text.contains('<') && !text.contains('\n'), "{row}: {text}");
                let repeated = *requests > 1;
                assert_eq!(text.contains("after 4 attempts"), repeated, "{row}: {text}");
            }
        }
    }
}

#[tokio::test]
async fn every_success_with_every_body() {
    for (operation, call) in OPERATIONS {
        for (status, body, read, write) in SUCCESSES {
            let row = format!("{operation} {status} {body:?}");
            let outcome = if operation.is_safe() { *read } else { *write };
            let run = run(*call, vec![with_body(*status, *body).into()]).await;
            run.expect(&row, outcome, 1, &[]);
            if let Err(error) = &run.outcome {
                assert_eq!(error.tracking_id(), Some("HEADER_1"), "{row}");
                assert_eq!(error.attempts(), 1, "{row}");
                assert!(error.may_have_taken_effect(), "{row}");
            }
        }
    }
}

// ---- the second table: limits, waits, and what a network does ----------------------------------

/// A name; the replies of the server, the last of which repeats; the outcome; the requests that the
/// server received; the waits in milliseconds.
type Row = (
    &'static str,
    fn() -> Vec<Reply>,
    Outcome,
    usize,
    &'static [u128],
);

const RATE_LIMITED: Outcome = Outcome::Error(ErrorKind::RateLimited, Some(429));
const TIMEOUT: Outcome = Outcome::Error(ErrorKind::Timeout, None);
const SLOW: Outcome = Outcome::Error(ErrorKind::Timeout, Some(200));
const LOST: Outcome = Outcome::Error(ErrorKind::ConnectionLost, None);
const BROKEN_OFF: Outcome = Outcome::Error(ErrorKind::ConnectionLost, Some(200));
const TOO_LARGE: Outcome = Outcome::Error(ErrorKind::TooLarge, Some(200));
const SERVER: Outcome = Outcome::Error(ErrorKind::Server, Some(500));
const NOT_FOUND: Outcome = Outcome::Error(ErrorKind::NotFound, Some(404));
const UNAUTHORIZED: Outcome = Outcome::Error(ErrorKind::Unauthorized, Some(401));

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("429, Retry-After: 1",         || then_good(limited("1")),                             Person(200),  2, &[1000]),
    ("429, Retry-After: a date",    || then_good(limited("Sun, 06 Nov 1994 08:49:44 GMT")), Person(200),  2, &[7000]),
    ("429, Retry-After: long ago",  || then_good(limited("Sun, 06 Nov 1994 08:00:00 GMT")), Person(200),  2, &[500]),
    ("429, Retry-After: template",  || then_good(limited("rand(30),add(30)")),              Person(200),  2, &[30_000]),
    ("429, Retry-After: nonsense",  || then_good(limited("later")),                         Person(200),  2, &[5000]),
    ("429, Retry-After: 86400",     || then_good(limited("86400")),                         RATE_LIMITED, 1, &[]),
    ("429, no Retry-After",         || then_good(answer(429)),                              Person(200),  2, &[5000]),
    ("429 always",             || vec![answer(429).into()],                            RATE_LIMITED, 4, &[5000, 10_000, 20_000]),
    ("429 always, Retry-After: 3", || vec![limited("3").into()],                           RATE_LIMITED, 4, &[3000, 3000, 3000]),
    ("reset before the head",       || then_good(Reply::ResetBeforeHead),                   Person(200),  2, &[500]),
    ("reset before each head",      || vec![Reply::ResetBeforeHead],                        LOST,         4, &[500, 1000, 2000]),
    ("reset inside the body",       || then_good(Reply::ResetInBody(good())),               Person(200),  2, &[500]),
    ("reset inside each body",      || vec![Reply::ResetInBody(good())],                    BROKEN_OFF,   4, &[500, 1000, 2000]),
    ("no answer",                   || then_good(Reply::NoResponse),                           Person(200),  2, &[500]),
    ("never an answer",             || vec![Reply::NoResponse],                                TIMEOUT,      4, &[500, 1000, 2000]),
    ("a body that is too slow",     || vec![Reply::StallInBody(good())],                    SLOW,         4, &[500, 1000, 2000]),
    ("20 MiB of body",              || vec![huge(200).into()],                              TOO_LARGE,    1, &[]),
    ("20 MiB, length unknown",      || vec![huge(200).chunked().into()],                    TOO_LARGE,    1, &[]),
    ("20 MiB of error",             || vec![huge(500).into()],                              SERVER,       1, &[]),
    ("500, then it would work",     || then_good(answer(500)),                              SERVER,       1, &[]),
    ("401 with a person",           || vec![answer(401).json(person()).into()],             UNAUTHORIZED, 1, &[]),
    ("404, reset inside the body",  || vec![Reply::ResetInBody(refusal(404))],              NOT_FOUND,    1, &[]),
    ("404, and a slow body",        || vec![Reply::StallInBody(refusal(404))],              NOT_FOUND,    1, &[]),
    ("504, then 429, then good",    || vec![answer(504).into(), answer(429).into(), good().into()], Person(200), 3, &[500, 10_000]),
];

fn good() -> Answer {
    answer(200).json(person())
}

fn limited(retry_after: &str) -> Answer {
    answer(429).header("Retry-After", retry_after)
}

fn refusal(status: u16) -> Answer {
    with_body(status, Body::Proper)
}

fn huge(status: u16) -> Answer {
    let body = format!(r#"{{"id":"{}"}}"#, "x".repeat(20 * 1024 * 1024));
    answer(status).body("application/json", body)
}

fn then_good(reply: impl Into<Reply>) -> Vec<Reply> {
    vec![reply.into(), good().into()]
}

#[tokio::test]
async fn every_fault_of_service_and_network() {
    for (operation, call) in OPERATIONS {
        for row in ROWS {
            check(operation, *call, row).await;
        }
    }
}

async fn check(operation: &Operation, call: Call, (name, script, outcome, requests, waits): &Row) {
    let row = format!("{operation}, {name}");
    let run = run(call, script()).await;
    run.expect(&row, *outcome, *requests, waits);
    if let Err(error) = &run.outcome {
        assert!(error.body().len() <= 64 * 1024, "{row}");
        assert_eq!(error.attempts() as usize, *requests, "{row}");
        assert!(error.may_have_reached_service(), "{row}");
    }
}

#[tokio::test]
async fn retry_after_beyond_the_limit_is_returned_with_the_error() {
    for (operation, call) in OPERATIONS {
        let run = run(*call, vec![limited("86400").into()]).await;
        let error = run.outcome.unwrap_err();
        let wait = Duration::from_secs(86400);
        assert_eq!(error.retry_after(), Some(wait), "{operation}");
        assert!(error.to_string().contains("retry after 86400 s"), "{error}");
    }
}

#[tokio::test]
async fn refused_connection_is_retried_and_has_not_reached_the_service() {
    let closed = ClosedPort::reserve().unwrap();
    for (operation, call) in OPERATIONS {
        let clock = VirtualClock::start();
        let client = client(closed.base_url(), &clock);
        let error = call(client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{operation}");
        assert_eq!(error.attempts(), 4, "{operation}");
        assert_eq!(clock.waits(), [500, 1000, 2000], "{operation}");
        assert_eq!(error.status(), None, "{operation}");
        assert!(!error.may_have_reached_service(), "{operation}");
        assert!(std::error::Error::source(&error).is_some(), "{operation}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    for (operation, call) in OPERATIONS {
        for status in [301, 302, 303, 307, 308] {
            let elsewhere = FaultServer::script(vec![good().into()]).await;
            // Another origin, plain http, the same origin.
            let targets = [
                format!("{}/people/x", elsewhere.base_url()),
                "http://webexapis.com/v1/people/x".to_owned(),
                "/v1/people/x".to_owned(),
            ];
            for target in targets {
                let row = format!("{operation}, {status} to {target}");
                let reply = answer(status).header("Location", &*target);
                let run = run(*call, vec![reply.into()]).await;
                let redirected = Outcome::Error(ErrorKind::Redirected, Some(status));
                run.expect(&row, redirected, 1, &[]);
                let error = run.outcome.unwrap_err();
                assert!(!error.to_string().contains("people/x"), "{row}: {error}");
                assert!(elsewhere.seen().is_empty(), "{row}");
            }
        }
    }
}

#[tokio::test]
async fn success_that_violates_the_contract_names_the_path_and_no_value() {
    let mut body = person();
    body["id"] = json!({ "secret": "a secret" });
    for (operation, call) in OPERATIONS {
        let run = run(*call, vec![answer(200).json(&body).into()]).await;
        let text = run.outcome.unwrap_err().to_string();
        let expected = "id: expected text";
        assert!(text.contains(expected), "{operation}: {text}");
        assert!(!text.contains("secret"), "{operation}: {text}");
    }
}

#[tokio::test]
async fn may_have_taken_effect_includes_earlier_attempts() {
    let (_, update) = OPERATIONS[2];
    // The first reply, the last reply, whether the update may have taken effect.
    let table: [(Reply, Reply, bool); 4] = [
        (Reply::NoResponse, answer(401).into(), true),
        (answer(502).into(), answer(415).into(), true),
        (answer(429).into(), answer(401).into(), false),
        (answer(429).into(), answer(403).into(), true),
    ];
    for (first, last, expected) in table {
        let row = format!("{first:?}, {last:?}");
        let run = run(update, vec![first, last]).await;
        let error = run.outcome.unwrap_err();
        assert_eq!(error.attempts(), 2, "{row}");
        assert_eq!(error.may_have_taken_effect(), expected, "{row}");
    }
}

#[tokio::test]
async fn policy_without_retries_sends_one_request() {
    for reply in [
        answer(429).into(),
        answer(503).into(),
        Reply::ResetBeforeHead,
    ] {
        for (operation, call) in OPERATIONS {
            let server = FaultServer::script(vec![reply.clone()]).await;
            let clock = VirtualClock::start();
            let client = Client::builder()
                .base_url(server.base_url())
                .token("t")
                .retry(RetryPolicy::none())
                .clock(clock.clone())
                .build()
                .unwrap();
            call(client).await.unwrap_err();
            assert_eq!(server.seen().len(), 1, "{operation} {reply:?}");
            assert_eq!(clock.waits(), [0; 0], "{operation} {reply:?}");
        }
    }
}

// ---- how a row is run --------------------------------------------------------------------------

/// The result of a row.
struct Run {
    outcome: Result<Outcome, Error>,
    requests: usize,
    waits: Vec<u128>,
}

impl Run {
    fn expect(&self, row: &str, outcome: Outcome, requests: usize, waits: &[u128]) {
        let found = match &self.outcome {
            Ok(outcome) => *outcome,
            Err(error) => {
                Outcome::Error(error.kind(), error.status().map(|status| status.as_u16()))
            }
        };
        assert_eq!(found, outcome, "{row}: {:?}", self.outcome);
        assert_eq!(self.requests, requests, "{row}: requests");
        assert_eq!(self.waits, waits, "{row}: waits");
    }
}

fn client(base_url: &str, clock: &VirtualClock) -> Client {
    Client::builder()
        .base_url(base_url)
        .token("token-of-the-test")
        .retry(RetryPolicy::default().jitter(|| 0.0))
        .clock(clock.clone())
        .build()
        .unwrap()
}

async fn run(call: Call, script: Vec<Reply>) -> Run {
    let server = FaultServer::script(script).await;
    let clock = VirtualClock::start();
    let outcome = call(client(&server.base_url(), &clock)).await;
    Run {
        outcome,
        requests: server.seen().len(),
        waits: clock.waits(),
    }
}
