//! Token sources: when a token is requested, shared, renewed and rejected.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use people_sdk::{AccessToken, Client, ErrorKind, RetryPolicy, TokenFuture, TokenSource};
use serde_json::json;
use tokio::sync::Notify;

use crate::support::fault_server::{Answer, FaultServer, answer};
use crate::support::virtual_clock::VirtualClock;

fn good() -> Answer {
    answer(200).json(json!({ "id": "x" }))
}

/// A source that returns its tokens in order, repeats the last, and records the rejected token of each
/// request.
#[derive(Clone)]
struct TokenList {
    tokens: Arc<Mutex<VecDeque<&'static str>>>,
    token_requests: Arc<Mutex<Vec<Option<String>>>>,
}

impl TokenList {
    fn new(tokens: &[&'static str]) -> Self {
        Self {
            tokens: Arc::new(Mutex::new(tokens.iter().copied().collect())),
            token_requests: Arc::default(),
        }
    }

    fn token_requests(&self) -> Vec<Option<String>> {
        self.token_requests.lock().unwrap().clone()
    }
}

impl TokenSource for TokenList {
    fn token<'a>(&'a self, rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
        Box::pin(async move {
            let rejected = rejected.map(|token| token.expose().to_owned());
            self.token_requests.lock().unwrap().push(rejected);
            let mut tokens = self.tokens.lock().unwrap();
            let token = match tokens.len() {
                0 => return Err("no token is left".into()),
                1 => tokens[0],
                _ => tokens.pop_front().unwrap(),
            };
            Ok(AccessToken::from(token))
        })
    }
}

fn client(server: &FaultServer, source: impl TokenSource) -> Client {
    Client::builder()
        .base_url(server.base_url())
        .token_source(source)
        .clock(VirtualClock::start())
        .build()
        .unwrap()
}

/// The tokens that a server received, in order.
fn tokens(server: &FaultServer) -> Vec<String> {
    let seen = server.seen();
    let tokens = seen.iter().map(|request| {
        let header = request.header("authorization").unwrap();
        header.strip_prefix("Bearer ").unwrap().to_owned()
    });
    tokens.collect()
}

#[tokio::test]
async fn each_attempt_gets_a_token_from_the_source() {
    let server =
        FaultServer::script(vec![answer(503).into(), answer(429).into(), good().into()]).await;
    let source = TokenList::new(&["one", "two", "three"]);
    let client = client(&server, source.clone());
    client.get_my_own_details().send().await.unwrap();
    assert_eq!(tokens(&server), ["one", "two", "three"]);
    assert_eq!(source.token_requests(), [None, None, None]);
}

/// The tokens of the source; the statuses of the server; the tokens that the server received; the
/// rejected token of each request to the source; whether the call succeeds.
type Renewal = (
    &'static [&'static str],
    &'static [u16],
    &'static [&'static str],
    &'static [Option<&'static str>],
    bool,
);

#[rustfmt::skip]
const RENEWALS: &[Renewal] = &[
    // Renewed, and accepted.
    (&["old", "new"],          &[401, 200],      &["old", "new"],    &[None, Some("old")],             true),
    // Renewed, and rejected again: there is no third attempt.
    (&["old", "new", "newer"], &[401],           &["old", "new"],    &[None, Some("old")],             false),
    // The source has no other token: there is no second attempt.
    (&["same"],                &[401],           &["same"],          &[None, Some("same")],            false),
    // A token that was accepted before is rejected after a retry.
    (&["a", "b", "c"],         &[503, 401, 200], &["a", "b", "c"],   &[None, None, Some("b")],         true),
    // After a wait, the source is asked again.
    (&["a", "b", "c"],         &[401, 503, 200], &["a", "b", "c"],   &[None, Some("a"), None],         true),
];

#[tokio::test]
async fn unauthorized_response_renews_the_token_once() {
    for (listed, statuses, expected, token_requests, succeeds) in RENEWALS {
        let replies = statuses.iter().map(|status| match status {
            200 => good().into(),
            status => answer(*status).into(),
        });
        let server = FaultServer::script(replies.collect()).await;
        let source = TokenList::new(listed);
        let client = client(&server, source.clone());
        let result = client.get_my_own_details().send().await;
        assert_eq!(tokens(&server), *expected, "{listed:?}");
        let asked = source.token_requests();
        let asked: Vec<_> = asked.iter().map(Option::as_deref).collect();
        assert_eq!(asked, *token_requests, "{listed:?}");
        match result {
            Ok(_) => assert!(succeeds, "{listed:?}"),
            Err(error) => {
                assert!(!succeeds, "{listed:?}: {error}");
                assert_eq!(error.kind(), ErrorKind::Unauthorized, "{listed:?}");
            }
        }
    }
}

#[tokio::test]
async fn renewed_token_is_tried_without_a_retry_policy() {
    let server = FaultServer::script(vec![answer(401).into(), good().into()]).await;
    let client = Client::builder()
        .base_url(server.base_url())
        .token_source(TokenList::new(&["old", "new"]))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    client.get_my_own_details().send().await.unwrap();
    assert_eq!(tokens(&server), ["old", "new"]);
}

#[tokio::test]
async fn rejected_static_token_is_sent_once() {
    let server = FaultServer::script(vec![answer(401).into()]).await;
    let client = Client::builder()
        .base_url(server.base_url())
        .token("lasting")
        .build()
        .unwrap();
    let error = client.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(tokens(&server), ["lasting"]);
}

#[tokio::test]
async fn failing_source_ends_the_call_and_is_the_error_source() {
    let server = FaultServer::script(vec![good().into()]).await;
    let error = client(&server, TokenList::new(&[]))
        .get_my_own_details()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(!error.may_have_reached_service());
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.to_string().contains("no token is left"), "{source}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn token_that_is_no_header_value_is_an_error_without_the_token() {
    let server = FaultServer::script(vec![good().into()]).await;
    let error = client(&server, TokenList::new(&["two\nlines"]))
        .get_my_own_details()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(!format!("{error} {error:?}").contains("lines"), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn source_that_never_returns_ends_with_the_call_timeout() {
    struct Hanging;

    impl TokenSource for Hanging {
        fn token<'a>(&'a self, _rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
            Box::pin(std::future::pending())
        }
    }

    let server = FaultServer::script(vec![good().into()]).await;
    let client = client(&server, Hanging).with_call_timeout(Duration::from_secs(20));
    let error = client.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(
        error.to_string().contains("within the call's 20 s"),
        "{error}"
    );
    assert!(server.seen().is_empty());
}

/// A source whose first request never returns, and whose second panics.
struct FaultySource {
    token_requests: Arc<AtomicUsize>,
    asked: Arc<Notify>,
}

impl TokenSource for FaultySource {
    fn token<'a>(&'a self, _rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
        Box::pin(async {
            let request = self.token_requests.fetch_add(1, Ordering::SeqCst);
            self.asked.notify_one();
            match request {
                0 => std::future::pending().await,
                1 => panic!("the source is broken"),
                _ => Ok(AccessToken::from("good")),
            }
        })
    }
}

#[tokio::test]
async fn dropped_or_panicking_token_request_does_not_block_other_calls() {
    let server = FaultServer::script(vec![good().into()]).await;
    let token_requests = Arc::new(AtomicUsize::new(0));
    let asked = Arc::new(Notify::new());
    let source = FaultySource {
        token_requests: token_requests.clone(),
        asked: asked.clone(),
    };
    let client = client(&server, source);
    let start = |client: &Client| {
        let client = client.clone();
        tokio::spawn(async move { client.get_my_own_details().send().await.map(drop) })
    };
    let first = start(&client);
    asked.notified().await;
    // These wait for the first token request.
    let second = start(&client);
    let third = start(&client);
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    // One of them makes the second request, which panics; the other makes the third.
    let came = [second.await, third.await];
    let panicked = came.iter().filter(|call| call.is_err()).count();
    assert_eq!(panicked, 1, "{came:?}");
    assert_eq!(token_requests.load(Ordering::SeqCst), 3);
    assert_eq!(tokens(&server), ["good"]);
}

#[tokio::test]
async fn concurrent_calls_share_one_token_request() {
    struct Slow(Arc<AtomicUsize>);

    impl TokenSource for Slow {
        fn token<'a>(&'a self, _rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
            Box::pin(async {
                self.0.fetch_add(1, Ordering::SeqCst);
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                }
                Ok(AccessToken::from("shared"))
            })
        }
    }

    let server = FaultServer::script(vec![good().into()]).await;
    let token_requests = Arc::new(AtomicUsize::new(0));
    let client = client(&server, Slow(token_requests.clone()));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let client = client.clone();
        calls.spawn(async move { client.get_my_own_details().send().await.map(drop) });
    }
    for call in calls.join_all().await {
        call.unwrap();
    }
    assert_eq!(token_requests.load(Ordering::SeqCst), 1);
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn token_in_an_error_response_is_not_shown() {
    let body =
        json!({ "message": "No such token: abc-secret-def", "trackingId": "abc-secret-def" });
    let server = FaultServer::script(vec![answer(403).json(body).into()]).await;
    let client = Client::builder()
        .base_url(server.base_url())
        .token("abc-secret-def")
        .build()
        .unwrap();
    let error = client.get_my_own_details().send().await.unwrap_err();
    let text = format!(
        "{error} {error:?} {:?} {:?}",
        error.message(),
        error.tracking_id()
    );
    assert!(!text.contains("secret"), "{text}");
    assert!(text.contains("No such token"), "{text}");
}

#[tokio::test]
async fn a_renewal_leaves_all_attempts_of_the_policy() {
    let script = [401, 503, 503].map(|status| answer(status).into());
    let server = FaultServer::script(script.to_vec()).await;
    let client = Client::builder()
        .base_url(server.base_url())
        .token_source(TokenList::new(&["old", "new"]))
        .retry(RetryPolicy::default().max_attempts(2))
        .clock(VirtualClock::start())
        .build()
        .unwrap();
    let error = client.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    // The 401, and the two attempts of the policy.
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_failed_renewal_is_the_cause_of_the_401() {
    struct Once;

    impl TokenSource for Once {
        fn token<'a>(&'a self, rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
            Box::pin(async move {
                match rejected {
                    None => Ok(AccessToken::from("old")),
                    Some(_) => Err("the refresh token has expired".into()),
                }
            })
        }
    }

    let server = FaultServer::script(vec![answer(401).into()]).await;
    let error = client(&server, Once)
        .get_my_own_details()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    let mut causes = Vec::new();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    let expired = |cause: &String| cause.contains("the refresh token has expired");
    assert!(causes.iter().any(expired), "{causes:?}");
}
