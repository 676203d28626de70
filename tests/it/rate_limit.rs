//! What the calls of one client share: the gate that keeps them to the rate of the service, and the
//! budget of retries. How long one call waits is in `retry_time`.

use std::time::Duration;

use people_fake::FakePeople;
use people_sdk::{Client, ClientBuilder, EditOutcome, ErrorKind, RetryPolicy};
use serde_json::json;

use crate::support::fault_server::{FaultServer, Reply, answer};
use crate::support::virtual_clock::VirtualClock;

const CALL: Duration = Duration::from_secs(30);

fn builder(server: &FaultServer) -> ClientBuilder {
    Client::builder()
        .base_url(server.base_url())
        .token("t")
        .call_timeout(CALL)
}

fn person() -> Reply {
    answer(200).json(json!({ "id": "x" })).into()
}

/// More than three requests per call are what calls make that know nothing of each other.
#[tokio::test]
async fn calls_at_once_keep_to_the_rate_of_the_service() {
    const CALLS: usize = 30;
    let fake = FakePeople::start().await.unwrap();
    fake.inject("rate=10/1s".parse().unwrap());
    let client = Client::builder()
        .base_url(fake.base_url())
        .token(people_fake::ADMIN_TOKEN)
        .build()
        .unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..CALLS {
        let client = client.clone();
        calls.spawn(async move { client.get_my_own_details().send().await.map(drop) });
    }
    for call in calls.join_all().await {
        call.unwrap();
    }
    let requests = fake.requests().len();
    assert!(
        requests <= 2 * CALLS,
        "{requests} requests for {CALLS} calls"
    );
}

#[tokio::test]
async fn a_429_holds_back_other_calls() {
    let limited = answer(429).header("Retry-After", "20");
    let server = FaultServer::script(vec![limited.into(), person()]).await;
    let clock = VirtualClock::start();
    let client = builder(&server)
        .retry(RetryPolicy::none().jitter(|| 0.0))
        .clock(clock.clone())
        .build()
        .unwrap();
    let error = client.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(clock.waits().is_empty());

    client.get_my_own_details().send().await.unwrap();
    assert_eq!(clock.waits(), [20_000]);
}

#[tokio::test]
async fn a_423_with_retry_after_holds_back_other_calls() {
    for (retry_after, waits) in [(Some("20"), &[20_000][..]), (None, &[])] {
        let mut locked = answer(423);
        if let Some(retry_after) = retry_after {
            locked = locked.header("Retry-After", retry_after);
        }
        let server = FaultServer::script(vec![locked.into(), person()]).await;
        let clock = VirtualClock::start();
        let client = builder(&server)
            .retry(RetryPolicy::none().jitter(|| 0.0))
            .clock(clock.clone())
            .build()
            .unwrap();
        let error = client.get_my_own_details().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Locked);
        client.get_my_own_details().send().await.unwrap();
        assert_eq!(clock.waits(), waits, "{retry_after:?}");
    }
}

#[tokio::test]
async fn a_call_without_the_time_to_wait_says_so_and_sends_nothing() {
    let limited = answer(429).header("Retry-After", "40");
    let server = FaultServer::script(vec![limited.into()]).await;
    let client = builder(&server)
        .retry(RetryPolicy::none().jitter(|| 0.0))
        .clock(VirtualClock::start())
        .build()
        .unwrap();
    client.get_my_own_details().send().await.unwrap_err();

    let error = client.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(40)));
    assert_eq!(error.attempts(), 0);
    assert!(!error.may_have_reached_service());
    let text = error.to_string();
    assert!(text.contains("the call's 30 s"), "{text}");
    assert!(text.contains("rate limit"), "{text}");
    assert_eq!(server.seen().len(), 1);
}

/// One `Retry-After` of a day does not make the client useless for a day.
#[tokio::test]
async fn other_calls_are_held_back_no_longer_than_the_longest_delay() {
    let limited = answer(429).header("Retry-After", "86400");
    let server = FaultServer::script(vec![limited.into(), person()]).await;
    let clock = VirtualClock::start();
    let client = builder(&server)
        .retry(RetryPolicy::default().max_delay(CALL / 2).jitter(|| 0.0))
        .clock(clock.clone())
        .build()
        .unwrap();
    client.get_my_own_details().send().await.unwrap_err();
    client.get_my_own_details().send().await.unwrap();
    assert_eq!(clock.waits(), [15_000]);
}

#[tokio::test]
async fn failing_calls_stop_retrying_when_the_budget_is_used_up() {
    let server = FaultServer::script(vec![answer(503).into()]).await;
    let client = builder(&server)
        .retry(RetryPolicy::default().initial_delay(Duration::ZERO))
        .clock(VirtualClock::start())
        .build()
        .unwrap();
    let mut last = None;
    for _ in 0..40 {
        last = client.get_my_own_details().send().await.err();
    }
    // 40 calls and 50 retries, where each call would make three.
    assert_eq!(server.seen().len(), 90);
    let error = last.unwrap();
    assert_eq!(error.attempts(), 1);
    assert!(error.to_string().contains("not retried"), "{error}");
}

/// `edit_person` reads the person again right before it writes.
#[tokio::test]
async fn an_edit_needs_no_more_than_one_request_at_a_time() {
    let fake = FakePeople::start().await.unwrap();
    let client = Client::builder()
        .base_url(fake.base_url())
        .token(people_fake::ADMIN_TOKEN)
        .max_concurrency(1)
        .call_timeout(CALL)
        .build()
        .unwrap();
    let edit = client
        .edit_person(people_fake::JOHN_ANDERSEN, |update| {
            update.title = Some("Director".to_owned());
        })
        .await
        .unwrap();
    assert_eq!(edit.outcome(), EditOutcome::Applied);
}
