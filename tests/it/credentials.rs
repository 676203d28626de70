//! Where the token of each attempt comes from, and where it goes.

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

/// A source that hands out its tokens in order, the last of them for ever, and says of each
/// question what was rejected.
#[derive(Clone)]
struct Listed {
    tokens: Arc<Mutex<VecDeque<&'static str>>>,
    questions: Arc<Mutex<Vec<Option<String>>>>,
}

impl Listed {
    fn new(tokens: &[&'static str]) -> Self {
        Self {
            tokens: Arc::new(Mutex::new(tokens.iter().copied().collect())),
            questions: Arc::default(),
        }
    }

    fn questions(&self) -> Vec<Option<String>> {
        self.questions.lock().unwrap().clone()
    }
}

impl TokenSource for Listed {
    fn token<'a>(&'a self, rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
        Box::pin(async move {
            let rejected = rejected.map(|token| token.expose().to_owned());
            self.questions.lock().unwrap().push(rejected);
            let mut tokens = self.tokens.lock().unwrap();
            let token = match tokens.len() {
                0 => return Err("the source is dry".into()),
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

/// The tokens that a server saw, in order.
fn tokens(server: &FaultServer) -> Vec<String> {
    let seen = server.seen();
    let tokens = seen.iter().map(|request| {
        let header = request.header("authorization").unwrap();
        header.strip_prefix("Bearer ").unwrap().to_owned()
    });
    tokens.collect()
}

#[tokio::test]
async fn each_attempt_asks_for_its_token() {
    let server =
        FaultServer::script(vec![answer(503).into(), answer(429).into(), good().into()]).await;
    let source = Listed::new(&["one", "two", "three"]);
    let client = client(&server, source.clone());
    client.get_my_own_details().send().await.unwrap();
    assert_eq!(tokens(&server), ["one", "two", "three"]);
    assert_eq!(source.questions(), [None, None, None]);
}

/// What the source hands out; what the server answers; the tokens that the server saw; the tokens
/// that the source was told were rejected; whether the call succeeds.
type Renewal = (
    &'static [&'static str],
    &'static [u16],
    &'static [&'static str],
    &'static [Option<&'static str>],
    bool,
);

#[rustfmt::skip]
const RENEWALS: &[Renewal] = &[
    // Renewed, and good.
    (&["old", "new"],          &[401, 200],      &["old", "new"],    &[None, Some("old")],             true),
    // Renewed, and no better: there is no third attempt.
    (&["old", "new", "newer"], &[401],           &["old", "new"],    &[None, Some("old")],             false),
    // The source has no other: there is no second attempt.
    (&["same"],                &[401],           &["same"],          &[None, Some("same")],            false),
    // Another error ended the token's time.
    (&["a", "b", "c"],         &[503, 401, 200], &["a", "b", "c"],   &[None, None, Some("b")],         true),
    // The renewed token is asked for anew once there was a wait.
    (&["a", "b", "c"],         &[401, 503, 200], &["a", "b", "c"],   &[None, Some("a"), None],         true),
];

#[tokio::test]
async fn after_a_401_another_token_is_asked_for_once() {
    for (listed, statuses, expected, questions, succeeds) in RENEWALS {
        let replies = statuses.iter().map(|status| match status {
            200 => good().into(),
            status => answer(*status).into(),
        });
        let server = FaultServer::script(replies.collect()).await;
        let source = Listed::new(listed);
        let client = client(&server, source.clone());
        let result = client.get_my_own_details().send().await;
        assert_eq!(tokens(&server), *expected, "{listed:?}");
        let asked = source.questions();
        let asked: Vec<_> = asked.iter().map(Option::as_deref).collect();
        assert_eq!(asked, *questions, "{listed:?}");
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
async fn a_renewed_token_is_tried_without_any_retries_too() {
    let server = FaultServer::script(vec![answer(401).into(), good().into()]).await;
    let client = Client::builder()
        .base_url(server.base_url())
        .token_source(Listed::new(&["old", "new"]))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    client.get_my_own_details().send().await.unwrap();
    assert_eq!(tokens(&server), ["old", "new"]);
}

#[tokio::test]
async fn a_token_that_lasts_is_sent_once() {
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
async fn a_source_without_a_token_ends_the_call_and_is_its_cause() {
    let server = FaultServer::script(vec![good().into()]).await;
    let error = client(&server, Listed::new(&[]))
        .get_my_own_details()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(!error.may_have_reached_service());
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.to_string().contains("the source is dry"), "{source}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_token_that_cannot_be_sent_is_an_error_that_does_not_show_it() {
    let server = FaultServer::script(vec![good().into()]).await;
    let error = client(&server, Listed::new(&["two\nlines"]))
        .get_my_own_details()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(!format!("{error} {error:?}").contains("lines"), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_never_answers_ends_the_call_in_its_time() {
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

/// A source whose first question is never answered, and whose second panics.
struct Troubled {
    questions: Arc<AtomicUsize>,
    asked: Arc<Notify>,
}

impl TokenSource for Troubled {
    fn token<'a>(&'a self, _rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
        Box::pin(async {
            let question = self.questions.fetch_add(1, Ordering::SeqCst);
            self.asked.notify_one();
            match question {
                0 => std::future::pending().await,
                1 => panic!("the source is broken"),
                _ => Ok(AccessToken::from("good")),
            }
        })
    }
}

#[tokio::test]
async fn a_question_that_is_given_up_holds_up_nobody() {
    let server = FaultServer::script(vec![good().into()]).await;
    let questions = Arc::new(AtomicUsize::new(0));
    let asked = Arc::new(Notify::new());
    let source = Troubled {
        questions: questions.clone(),
        asked: asked.clone(),
    };
    let client = client(&server, source);
    let start = |client: &Client| {
        let client = client.clone();
        tokio::spawn(async move { client.get_my_own_details().send().await.map(drop) })
    };
    let first = start(&client);
    asked.notified().await;
    // These wait for the answer to the first question.
    let second = start(&client);
    let third = start(&client);
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    // One of them asks next and meets the panic; the other asks after it.
    let came = [second.await, third.await];
    let panicked = came.iter().filter(|call| call.is_err()).count();
    assert_eq!(panicked, 1, "{came:?}");
    assert_eq!(questions.load(Ordering::SeqCst), 3);
    assert_eq!(tokens(&server), ["good"]);
}

#[tokio::test]
async fn calls_at_once_share_a_question() {
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
    let questions = Arc::new(AtomicUsize::new(0));
    let client = client(&server, Slow(questions.clone()));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        calls.spawn(async move { client.get_my_own_details().send().await.map(drop) });
    }
    for call in calls.join_all().await {
        call.unwrap();
    }
    assert_eq!(questions.load(Ordering::SeqCst), 1);
    assert_eq!(server.seen().len(), 20);
}

#[tokio::test]
async fn a_token_that_the_service_sends_back_is_not_shown() {
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
