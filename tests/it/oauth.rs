//! Access tokens from a refresh token: when they are renewed, how often, and what a failure says.

use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use people_fake::{CLIENT_ID, CLIENT_SECRET, FakePeople, Options, REFRESH_TOKEN};
use people_sdk::{Client, Error, ErrorKind, RefreshToken};

use crate::support::virtual_clock::VirtualClock;

fn settings() -> RefreshToken {
    RefreshToken::new(CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN)
}

fn client(fake: &FakePeople, refresh_token: RefreshToken) -> Client {
    Client::builder()
        .base_url(fake.base_url())
        .refresh_token(refresh_token)
        .build()
        .unwrap()
}

/// The statuses of the renewals that the service has received.
fn renewals(fake: &FakePeople) -> Vec<u16> {
    let requests = fake.requests();
    let renewals = requests.iter().filter(|r| r.path == "/v1/access_token");
    renewals.map(|request| request.status.unwrap()).collect()
}

/// The texts of an error and its causes.
fn causes(error: &Error) -> Vec<String> {
    let mut texts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        texts.push(cause.to_string());
        next = cause.source();
    }
    texts
}

/// Settings that record each new refresh token.
fn recording() -> (RefreshToken, Arc<Mutex<Vec<String>>>) {
    let stored = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&stored);
    let settings = settings().on_rotation(move |token| {
        record.lock().unwrap().push(token);
        async { Ok(()) }
    });
    (settings, stored)
}

async fn fifty_calls(client: &Client) {
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get_my_own_details().await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn fifty_tasks_with_an_expired_token_share_one_renewal() {
    let fake = FakePeople::start().await.unwrap();
    let (settings, stored) = recording();
    let client = client(&fake, settings);
    fifty_calls(&client).await;
    assert_eq!(renewals(&fake), [200]);
    assert_eq!(*stored.lock().unwrap(), ["fake-refresh-1"]);

    fake.expire_token("fake-admin-1");
    fifty_calls(&client).await;
    assert_eq!(renewals(&fake), [200, 200]);
    assert_eq!(
        *stored.lock().unwrap(),
        ["fake-refresh-1", "fake-refresh-2"]
    );
    assert_eq!(fake.refresh_token(), "fake-refresh-2");
}

/// A service whose tokens are valid for 1,000 seconds, and a client on a virtual clock.
async fn with_tokens_of_1000_seconds() -> (FakePeople, VirtualClock, Client) {
    let mut options = Options::default();
    options.access_token_lifetime = Duration::from_secs(1000);
    let fake = FakePeople::builder()
        .options(options)
        .start()
        .await
        .unwrap();
    let clock = VirtualClock::start();
    let client = Client::builder()
        .base_url(fake.base_url())
        .refresh_token(settings())
        .clock(clock.clone())
        .build()
        .unwrap();
    (fake, clock, client)
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let (fake, clock, client) = with_tokens_of_1000_seconds().await;
    client.get_my_own_details().await.unwrap();
    clock.advance(Duration::from_secs(899));
    client.get_my_own_details().await.unwrap();
    assert_eq!(renewals(&fake), [200]);
    clock.advance(Duration::from_secs(2));
    // A renewal that fails before the end of the token costs nothing.
    fake.inject("POST 500 times=1".parse().unwrap());
    client.get_my_own_details().await.unwrap();
    renewals_end(&fake, &[200, 500]).await;
    client.get_my_own_details().await.unwrap();
    renewals_end(&fake, &[200, 500]).await;
    clock.advance(Duration::from_secs(30));
    client.get_my_own_details().await.unwrap();
    renewals_end(&fake, &[200, 500, 200]).await;
    let unauthorized = fake
        .requests()
        .into_iter()
        .filter(|r| r.status == Some(401));
    assert_eq!(unauthorized.count(), 0);
}

/// Waits for the renewals that run beside a call; the clock of the test does not wait for them.
async fn renewals_end(fake: &FakePeople, expected: &[u16]) {
    let is_open = |r: &people_fake::Request| r.status.is_none();
    let count = |requests: &[people_fake::Request]| {
        let renewals = requests.iter().filter(|r| r.path == "/v1/access_token");
        renewals.count()
    };
    let mut requests = fake.requests();
    while count(&requests) < expected.len() || requests.iter().any(is_open) {
        tokio::task::yield_now().await;
        requests = fake.requests();
    }
    assert_eq!(renewals(fake), expected);
}

#[tokio::test]
async fn a_token_service_that_hangs_ends_no_call_while_the_token_is_valid() {
    let (fake, clock, client) = with_tokens_of_1000_seconds().await;
    client.get_my_own_details().await.unwrap();
    fake.inject("POST delay=60s".parse().unwrap());
    clock.advance(Duration::from_secs(901));
    for _ in 0..10 {
        client.get_my_own_details().await.unwrap();
    }
    // One second for the first of them.
    assert_eq!(clock.waits(), [901_000, 1000]);
}

#[tokio::test]
async fn a_renewal_that_is_rejected_says_so_without_a_secret() {
    let fake = FakePeople::start().await.unwrap();
    let wrong = RefreshToken::new(CLIENT_ID, CLIENT_SECRET, "wrong-refresh");
    let error = client(&fake, wrong).get_my_own_details().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    let texts = causes(&error);
    assert_eq!(texts[0], "getMyOwnDetails: the token source failed");
    assert!(
        texts[1].starts_with("renewAccessToken: 400 Bad Request: The refresh token is not valid"),
        "{texts:?}"
    );
    let text = format!("{texts:?} {error:?} {:?}", settings());
    for secret in [CLIENT_SECRET, "wrong-refresh", REFRESH_TOKEN] {
        assert!(!text.contains(secret), "{text}");
    }
    let cause = error.source().unwrap().downcast_ref::<Error>();
    assert_eq!(cause.map(Error::codes).unwrap(), ["invalid_grant"]);
}

#[tokio::test]
async fn a_renewal_that_fails_after_a_401_is_the_cause_of_the_401() {
    let fake = FakePeople::start().await.unwrap();
    let client = client(&fake, settings());
    client.get_my_own_details().await.unwrap();
    fake.expire_token("fake-admin-1");
    fake.inject("POST 503".parse().unwrap());
    let error = client.get_my_own_details().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    let texts = causes(&error).join("; ");
    assert!(
        texts.contains("renewAccessToken: 503 Service Unavailable"),
        "{texts}"
    );
}

#[tokio::test]
async fn a_refresh_token_that_is_not_stored_is_stored_before_the_next_call() {
    let fake = FakePeople::start().await.unwrap();
    let results = Arc::new(Mutex::new(vec!["fake-refresh-1: disk full"]));
    let left = Arc::clone(&results);
    let settings = settings().on_rotation(move |token| {
        assert_eq!(token, "fake-refresh-1");
        let failure = left.lock().unwrap().pop();
        async move { failure.map_or(Ok(()), |failure| Err(failure.into())) }
    });
    let client = client(&fake, settings);
    let error = client.get_my_own_details().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(causes(&error)[1].contains("could not be stored"), "{error}");
    client.get_my_own_details().await.unwrap();
    // The token of the first renewal was kept.
    assert_eq!(renewals(&fake), [200]);
}

#[tokio::test]
async fn a_refresh_token_is_stored_again_when_storing_it_has_panicked() {
    let fake = FakePeople::start().await.unwrap();
    let stored = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&stored);
    let settings = settings().on_rotation(move |token| {
        let record = Arc::clone(&record);
        async move {
            let count = {
                let mut stored = record.lock().unwrap();
                stored.push(token);
                stored.len()
            };
            assert!(count > 1, "the first time");
            Ok(())
        }
    });
    let client = client(&fake, settings);
    let error = client.get_my_own_details().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    client.get_my_own_details().await.unwrap();
    assert_eq!(renewals(&fake), [200]);
    assert_eq!(
        *stored.lock().unwrap(),
        ["fake-refresh-1", "fake-refresh-1"]
    );
}

#[tokio::test]
async fn a_renewal_goes_on_when_its_call_is_dropped() {
    let fake = FakePeople::start().await.unwrap();
    fake.inject("POST delay=50ms times=1".parse().unwrap());
    let (settings, stored) = recording();
    let client = client(&fake, settings);
    let call = tokio::spawn({
        let client = client.clone();
        async move { client.get_my_own_details().await }
    });
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    client.get_my_own_details().await.unwrap();
    assert_eq!(renewals(&fake), [200]);
    assert_eq!(*stored.lock().unwrap(), ["fake-refresh-1"]);
}

#[test]
fn settings_that_cannot_work_are_rejected_when_the_client_is_built() {
    let build = |settings| Client::builder().refresh_token(settings).build();
    let error = build(settings().token_url("http://example.com/token")).unwrap_err();
    assert!(
        error.to_string().contains("the token URL is plain http"),
        "{error}"
    );
    let error = build(RefreshToken::new("id", "", "token")).unwrap_err();
    assert!(
        error.to_string().contains("client secret is empty"),
        "{error}"
    );
}
