//! How long a client waits, to the millisecond: on a clock that does not wait, with the random part
//! of each wait given.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use people_sdk::{Client, ErrorKind, RetryPolicy};
use serde_json::json;

use crate::support::fault_server::{FaultServer, Reply, answer};
use crate::support::virtual_clock::VirtualClock;

/// The default policy, without the random part.
fn plain() -> RetryPolicy {
    RetryPolicy::default().jitter(|| 0.0)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// What the server answers, in order and the last of it for ever: a status and `Retry-After`.
type Answers = &'static [(u16, &'static str)];

/// A name; the policy; the time of the call in seconds; the answers; the waits in milliseconds.
type Row = (
    &'static str,
    fn() -> RetryPolicy,
    u64,
    Answers,
    &'static [u128],
);

const AGAIN: Answers = &[(503, "")];

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("waits double",                    plain,                                  120, AGAIN, &[500, 1000, 2000]),
    ("the random part at its most",     || plain().jitter(|| 1.0),              120, AGAIN, &[250, 500, 1000]),
    ("the random part half-way",        || plain().jitter(|| 0.5),              120, AGAIN, &[375, 750, 1500]),
    ("another first wait",              || plain().initial_delay(seconds(3)),      120, AGAIN, &[3000, 6000, 12_000]),
    ("two attempts",                    || plain().max_attempts(2),                 120, AGAIN, &[500]),
    ("no retries",                      RetryPolicy::none,                      120, AGAIN, &[]),
    ("no attempts are one",             || plain().max_attempts(0),                 120, AGAIN, &[]),
    ("waits stop to grow",              || plain().max_attempts(6).max_delay(seconds(2)),
                                                                                120, AGAIN, &[500, 1000, 2000, 2000, 2000]),
    ("a hint",                          plain,                                  120, &[(429, "7")], &[7000, 7000, 7000]),
    ("a hint has no random part",       || plain().jitter(|| 1.0),              120, &[(429, "7")], &[7000, 7000, 7000]),
    ("a hint below the back-off",       plain,                                  120, &[(429, "1")], &[1000, 1000, 2000]),
    ("a hint of nothing",               plain,                                  120, &[(429, "0")], &[500, 1000, 2000]),
    ("a hint at the bound",             plain,                                  600, &[(429, "60")], &[60_000, 60_000, 60_000]),
    ("a hint beyond the bound",         plain,                                  600, &[(429, "61")], &[]),
    ("a longer bound",                  || plain().max_delay(seconds(200)),  600, &[(429, "194")], &[194_000, 194_000, 194_000]),
    ("the hint of the last answer",     plain,                                  120, &[(429, "9"), (503, ""), (423, "4")], &[9000, 1000, 4000]),
    ("a date seen from each attempt",   plain,                                  120, &[(429, "Sun, 06 Nov 1994 08:49:47 GMT")], &[10_000, 1000, 2000]),
    ("the call's time is a bound",      || plain().max_attempts(9),                 5,   AGAIN, &[500, 1000, 2000]),
    ("a hint as long as the call",      plain,                                  7,   &[(429, "7")], &[]),
    ("a hint within the call, once",    plain,                                  8,   &[(429, "7")], &[7000]),
];

#[tokio::test]
async fn the_waits_are_these() {
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
        let told = Arc::new(Mutex::new(Vec::new()));
        let teller = Arc::clone(&told);
        let policy = policy().on_retry(move |kind, wait| {
            teller.lock().unwrap().push((kind, wait.as_millis()));
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
        // Whoever asked to be told of waits was told of these, and why.
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
        assert_eq!(*told.lock().unwrap(), expected, "{name}");
        // Whatever ended it, the answer that came last is the error.
        let (status, _) = answers[waits.len().min(answers.len() - 1)];
        assert_eq!(error.status().unwrap(), status, "{name}");
        assert_eq!(error.attempts() as usize, waits.len() + 1, "{name}");
        assert_eq!(server.seen().len(), waits.len() + 1, "{name}");
    }
}

#[tokio::test]
async fn the_random_part_is_random_unless_it_is_given() {
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
    assert!(seen.len() > 1, "eight times the same waits: {seen:?}");
}

#[tokio::test]
async fn a_call_ends_in_its_time_whatever_the_attempts_may_take() {
    let server = FaultServer::script(vec![Reply::Silence]).await;
    let client = Client::builder()
        .base_url(server.base_url())
        .token("t")
        .attempt_timeout(seconds(3600))
        .build()
        .unwrap();
    // Another time for one call, of a client that all the others share.
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
async fn a_call_without_time_sends_nothing() {
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
