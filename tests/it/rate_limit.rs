//! What the calls of one client share: the gate that keeps them to the rate of the service, and the
//! budget of retries. How long one call waits is in `retry_time`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use people_fake::FakePeople;
use people_sdk::{
    AccessToken, Client, ClientBuilder, EditOutcome, ErrorKind, RetryPolicy, TokenFuture,
    TokenSource,
};
use serde_json::json;

use crate::support::fault_server::{FaultServer, Reply, answer};
use crate::support::idle_time::IdleTime;
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

/// Against the service over sockets, and with time that passes only while no request is in flight: what
/// is compared is when the client sends, and not how fast the machine is.
#[tokio::test(start_paused = true)]
async fn calls_at_once_keep_to_the_rate_of_the_service() {
    // calls, requests per second
    for (calls, rate) in [(200, 10), (2_000, 50)] {
        let fake = FakePeople::start().await.unwrap();
        fake.inject(format!("rate={rate}/1s").parse().unwrap());
        let client = Client::builder()
            .base_url(fake.base_url())
            .token(people_fake::ADMIN_TOKEN)
            .build()
            .unwrap();
        let time = IdleTime::start();
        let started = tokio::time::Instant::now();
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..calls {
            let client = client.clone();
            running.spawn(async move { client.get_my_own_details().send().await.map(drop) });
        }
        for call in running.join_all().await {
            call.unwrap();
        }
        let taken = started.elapsed();
        drop(time);
        let requests = fake.requests().len();
        let shortest = Duration::from_secs((calls - 1) / rate);
        let row = format!("{calls} calls: {requests} requests, {taken:?} of {shortest:?}");
        assert!(
            requests * 10 <= usize::try_from(calls).unwrap() * 13,
            "{row}"
        );
        assert!(taken >= shortest, "{row}");
        assert!(taken <= shortest.mul_f64(1.3), "{row}");
    }
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

/// Nor does the random part of a wait, in the time and in what the error says.
#[tokio::test]
async fn other_calls_are_held_back_by_a_tenth_more_than_the_longest_delay_at_random() {
    for retry_after in ["86400", "15", "rand(999999999),add(15)"] {
        let limited = answer(429).header("Retry-After", retry_after);
        let server = FaultServer::script(vec![limited.into(), person()]).await;
        let clock = VirtualClock::start();
        let client = builder(&server)
            .retry(RetryPolicy::none().max_delay(CALL / 2).jitter(|| 1.0))
            .clock(clock.clone())
            .build()
            .unwrap();
        client.get_my_own_details().send().await.unwrap_err();
        let quick = client.with_call_timeout(Duration::from_secs(1));
        let error = quick.get_my_own_details().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimited);
        assert_eq!(error.retry_after(), Some(CALL / 2), "{retry_after}");
        client.get_my_own_details().send().await.unwrap();
        assert_eq!(clock.waits(), [16_500], "{retry_after}");
    }
}

/// Also when the call that received it ends with it.
#[tokio::test]
async fn a_429_without_a_usable_wait_holds_back_other_calls() {
    let passed = "Sun, 06 Nov 1994 08:00:00 GMT";
    for (retry_after, wait) in [("", 5000), ("soon", 5000), (passed, 500), ("0", 500)] {
        let limited = answer(429).header("Retry-After", retry_after);
        let server = FaultServer::script(vec![limited.into(), person()]).await;
        let clock = VirtualClock::start();
        let client = builder(&server)
            .retry(RetryPolicy::none().jitter(|| 0.0))
            .clock(clock.clone())
            .build()
            .unwrap();
        client.get_my_own_details().send().await.unwrap_err();
        client.get_my_own_details().send().await.unwrap();
        assert_eq!(clock.waits(), [wait], "{retry_after:?}");
    }
}

#[tokio::test]
async fn a_call_that_waits_for_other_calls_alone_says_so() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::builder()
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .token("t")
        .max_concurrency(1)
        .build()
        .unwrap();
    let hanging = client.clone();
    let hanging = tokio::spawn(async move { hanging.get_my_own_details().send().await });
    let _connection = listener.accept().await.unwrap();
    let quick = client.with_call_timeout(Duration::from_millis(50));
    let error = quick.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(!error.may_have_reached_service());
    let text = error.to_string();
    assert!(
        text.contains("waiting for other calls of this client"),
        "{text}"
    );
    hanging.abort();
}

#[tokio::test]
async fn a_call_without_the_time_for_its_next_attempt_says_what_it_needs_the_time_for() {
    let server = FaultServer::script(vec![answer(503).into()]).await;
    let client = builder(&server)
        .requests_per_second(0.01)
        .clock(VirtualClock::start())
        .build()
        .unwrap();
    let error = client.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.attempts(), 1);
    let text = error.to_string();
    assert!(text.contains("needed to wait for the rate limit"), "{text}");
}

/// Calls that wait for the same request to the source share its result, in any number at once.
#[tokio::test(start_paused = true)]
async fn a_token_source_that_hangs_holds_back_no_other_call() {
    struct Hanging(Arc<AtomicUsize>);

    impl TokenSource for Hanging {
        fn token<'a>(&'a self, _rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Box::pin(std::future::pending())
        }
    }

    let asked = Arc::new(AtomicUsize::new(0));
    let client = Client::builder()
        .base_url("http://127.0.0.1:9")
        .token_source(Hanging(Arc::clone(&asked)))
        .max_concurrency(1)
        .build()
        .unwrap();
    let call = || async { client.get_my_own_details().send().await.unwrap_err() };
    let (one, other) = tokio::join!(call(), call());
    for error in [one, other] {
        assert_eq!(error.kind(), ErrorKind::Credentials);
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
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
