//! The waits between attempts, to the millisecond: on a virtual clock, with a fixed jitter.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use people_sdk::{Client, ErrorKind, RetryPolicy};
use serde_json::json;

use crate::support::fault_server::{FaultServer, Reply, answer};
use crate::support::virtual_clock::VirtualClock;

/// The default policy, without jitter.
fn plain() -> RetryPolicy {
    RetryPolicy::default().jitter(|| 0.0)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The responses of the server, the last of which repeats: status and `Retry-After`.
type Answers = &'static [(u16, &'static str)];

/// A name; the policy; the call timeout in seconds; the responses; the waits in milliseconds.
type Row = (
    &'static str,
    fn() -> RetryPolicy,
    u64,
    Answers,
    &'static [u128],
);

const UNAVAILABLE: Answers = &[(503, "")];

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("delays double",                    plain,                                  120, UNAVAILABLE, &[500, 1000, 2000]),
    ("jitter at its maximum",     || plain().jitter(|| 1.0),              120, UNAVAILABLE, &[250, 500, 1000]),
    ("half of the jitter",        || plain().jitter(|| 0.5),              120, UNAVAILABLE, &[375, 750, 1500]),
    ("another initial delay",              || plain().initial_delay(seconds(3)),      120, UNAVAILABLE, &[3000, 6000, 12_000]),
    ("two attempts",                    || plain().max_attempts(2),                 120, UNAVAILABLE, &[500]),
    ("no retries",                      RetryPolicy::none,                      120, UNAVAILABLE, &[]),
    ("zero attempts are one",             || plain().max_attempts(0),                 120, UNAVAILABLE, &[]),
    ("delays stop growing",              || plain().max_attempts(6).max_delay(seconds(2)),
                                                                                120, UNAVAILABLE, &[500, 1000, 2000, 2000, 2000]),
    ("Retry-After",                          plain,                                  120, &[(429, "7")], &[7000, 7000, 7000]),
    ("Retry-After with jitter",         || plain().jitter(|| 1.0),              120, &[(429, "7")], &[7700, 7700, 7700]),
    ("429 without Retry-After",         plain,                                  120, &[(429, "")], &[5000, 10_000, 20_000]),
    ("429, unreadable Retry-After",     plain,                                  120, &[(429, "soon")], &[5000, 10_000, 20_000]),
    ("429, delay at the maximum",       || plain().max_delay(seconds(8)),       120, &[(429, "")], &[5000, 8000, 8000]),
    ("template",                        plain,                                  120, &[(429, "rand(30),add(30)")], &[30_000, 30_000, 30_000]),
    ("template with jitter",            || plain().jitter(|| 0.5),              200, &[(429, "rand(30),add(30)")], &[45_000, 45_000, 45_000]),
    ("Retry-After below the delay",       plain,                                  120, &[(429, "1")], &[1000, 1000, 2000]),
    ("Retry-After: 0",               plain,                                  120, &[(429, "0")], &[500, 1000, 2000]),
    ("Retry-After at the maximum",             plain,                                  600, &[(429, "60")], &[60_000, 60_000, 60_000]),
    ("Retry-After above the maximum",         plain,                                  600, &[(429, "61")], &[]),
    ("a longer maximum",                  || plain().max_delay(seconds(200)),  600, &[(429, "194")], &[194_000, 194_000, 194_000]),
    ("a date that has passed",         plain,                                  120, &[(429, "Sun, 06 Nov 1994 08:49:00 GMT")], &[500, 1000, 2000]),
    ("a template without an upper limit", || plain().jitter(|| 1.0),            600, &[(429, "rand(999999999),add(1)")], &[60_000, 60_000, 60_000]),
    ("Retry-After of each response",     plain,                                  120, &[(429, "9"), (503, ""), (423, "4")], &[9000, 1000, 4000]),
    ("a date, relative to each attempt",   plain,                                  120, &[(429, "Sun, 06 Nov 1994 08:49:47 GMT")], &[10_000, 1000, 2000]),
    ("the call timeout is a limit",      || plain().max_attempts(9),                 5,   UNAVAILABLE, &[500, 1000, 2000]),
    ("Retry-After as long as the call",      plain,                                  7,   &[(429, "7")], &[]),
    ("Retry-After within the call, once",    plain,                                  8,   &[(429, "7")], &[7000]),
];

#[tokio::test]
async fn delays_follow_the_policy_and_retry_after() {
    for (name, policy, time, answers, waits) in ROWS {
        let replies = answers.iter().map(|(status, retry_after)| {
            let answer = answer(*status);
            let answer = match *retry_after {
                "" => answer,
                text => answer.header("Retry-After", text),
            };
            Reply::from(answer)
        });
        let server = FaultServer::script(replies.collect()).await;
        let clock = VirtualClock::start();
        let retries = Arc::new(Mutex::new(Vec::new()));
        let recorder = Arc::clone(&retries);
        let policy = policy().on_retry(move |kind, wait| {
            recorder.lock().unwrap().push((kind, wait.as_millis()));
        });
        let client = Client::builder()
            .base_url(server.base_url())
            .token("t")
            .retry(policy)
            .call_timeout(seconds(*time))
            .clock(clock.clone())
            .build()
            .unwrap();
        let error = client.get_my_own_details().send().await.unwrap_err();
        assert_eq!(clock.waits(), *waits, "{name}");
        // `on_retry` is called for each, with its reason.
        let expected: Vec<_> = waits
            .iter()
            .zip(0..)
            .map(|(wait, index)| {
                let (status, _) = answers[index.min(answers.len() - 1)];
                let kind = match status {
                    429 => ErrorKind::RateLimited,
                    423 => ErrorKind::Locked,
                    _ => ErrorKind::Unavailable,
                };
                (kind, *wait)
            })
            .collect();
        assert_eq!(*retries.lock().unwrap(), expected, "{name}");
        // The last response becomes the error.
        let (status, _) = answers[waits.len().min(answers.len() - 1)];
        assert_eq!(error.status().unwrap(), status, "{name}");
        assert_eq!(error.attempts() as usize, waits.len() + 1, "{name}");
        assert_eq!(server.seen().len(), waits.len() + 1, "{name}");
    }
}

#[tokio::test]
async fn jitter_is_random_by_default() {
    let mut seen = Vec::new();
    for _ in 0..8 {
        let server = FaultServer::script(vec![answer(503).into()]).await;
        let clock = VirtualClock::start();
        let client = Client::builder()
            .base_url(server.base_url())
            .token("t")
            .clock(clock.clone())
            .build()
            .unwrap();
        client.get_my_own_details().send().await.unwrap_err();
        for (wait, longest) in clock.waits().into_iter().zip([500, 1000, 2000]) {
            assert!((longest / 2..=longest).contains(&wait), "{wait}");
        }
        seen.push(clock.waits());
    }
    seen.dedup();
    assert!(seen.len() > 1, "the same waits eight times: {seen:?}");
}

#[tokio::test]
async fn call_timeout_ends_an_attempt_that_may_take_longer() {
    let server = FaultServer::script(vec![Reply::NoResponse]).await;
    let client = Client::builder()
        .base_url(server.base_url())
        .token("t")
        .attempt_timeout(seconds(3600))
        .build()
        .unwrap();
    // Another time limit, for one call of a shared client.
    let quick = client.with_call_timeout(seconds(20));
    let error = quick.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(
        error.to_string().contains("within the call's 20 s"),
        "{error}"
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn zero_call_timeout_sends_nothing() {
    let server = FaultServer::script(vec![answer(200).json(json!({ "id": "x" })).into()]).await;
    let client = Client::builder()
        .base_url(server.base_url())
        .token("t")
        .call_timeout(Duration::ZERO)
        .build()
        .unwrap();
    let error = client.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(!error.may_have_reached_service());
    assert_eq!(error.attempts(), 0);
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn an_attempt_ends_with_its_own_time_limit_and_names_it() {
    let server = FaultServer::script(vec![Reply::NoResponse]).await;
    let client = Client::builder()
        .base_url(server.base_url())
        .token("t")
        .retry(RetryPolicy::none())
        .attempt_timeout(seconds(20))
        .call_timeout(seconds(3600))
        .build()
        .unwrap();
    let error = client.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let text = error.to_string();
    assert!(text.contains("within the attempt's 20 s"), "{text}");
}
