//! Requests beyond the contract, and what a caller adds to one request: headers and a time limit.

use std::future::IntoFuture as _;
use std::time::Duration;

use people_fake::{ADMIN_TOKEN, FakePeople, JOHN_ANDERSEN};
use people_sdk::reqwest::Method;
use people_sdk::{Client, EditOutcome, ErrorKind};
use serde_json::{Value, json};

use crate::support::fault_server::{FaultServer, answer};
use crate::support::virtual_clock::VirtualClock;

fn client(base_url: impl Into<String>) -> Client {
    Client::builder()
        .base_url(base_url)
        .token(ADMIN_TOKEN)
        .clock(VirtualClock::start())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_person_is_found_by_email_in_spite_of_a_429() {
    let fake = FakePeople::start().await.unwrap();
    fake.inject("GET 429 retry-after=3 times=2".parse().unwrap());
    let found = client(fake.base_url())
        .request(Method::GET, "/people")
        .query("email", "John.Andersen@example.com")
        .query("callingData", true)
        .query("max", None::<u32>)
        .send::<Value>()
        .await
        .unwrap();
    assert_eq!(found["items"][0]["id"], JOHN_ANDERSEN);
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let statuses: Vec<_> = fake.requests().iter().map(|r| r.status.unwrap()).collect();
    assert_eq!(statuses, [429, 429, 200]);
    let query = fake.requests()[0].query.clone().unwrap();
    assert_eq!(query, "email=John.Andersen%40example.com&callingData=true");
}

#[tokio::test]
async fn a_raw_request_sends_its_parts_and_the_token() {
    let server = FaultServer::script(vec![answer(200).json(json!({ "ok": true })).into()]).await;
    let response = client(server.base_url())
        .request(Method::POST, "/things/{id}/parts")
        .path("id", "a b/c")
        .header("X-Request-Id", "r1")
        .json(&json!({ "size": 3 }))
        .send::<Value>()
        .await
        .unwrap();
    assert_eq!(response["ok"], true);
    let request = &server.seen()[0];
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", "/v1/things/a%20b%2Fc/parts")
    );
    assert_eq!(request.header("authorization"), Some("Bearer fake-admin"));
    assert_eq!(request.header("x-request-id"), Some("r1"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.body, br#"{"size":3}"#);
}

#[tokio::test]
async fn an_error_of_a_raw_request_names_method_and_path_and_no_value() {
    let fake = FakePeople::start().await.unwrap();
    let client = client(fake.base_url());
    let raw = client.request(Method::GET, "/people/{personId}");
    let error = raw
        .path("personId", "unknown-id")
        .send::<Value>()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.operation().unwrap().id(), "GET /people/{personId}");
    let text = error.to_string();
    assert!(
        text.starts_with("GET /people/{personId}: 404 Not Found: "),
        "{text}"
    );
    assert!(!text.contains("unknown-id"), "{text}");
}

#[tokio::test]
async fn a_raw_request_that_cannot_be_sent_is_an_error_and_sends_nothing() {
    let fake = FakePeople::start().await.unwrap();
    let client = client(fake.base_url());
    let get = |path| client.request(Method::GET, path);
    let cases = [
        (get("people"), "does not start with a slash"),
        (get("/people/../x"), "is `..`"),
        (get("/people/{id}"), "`id` has no value"),
        (get("/people/{id}").path("id", ""), "`id` is empty"),
        (get("/people/{id}").path("id", "me"), "another operation"),
        (
            get("/people/{id}").path("personId", "x"),
            "the path `/people/{id}` has no parameter `personId`",
        ),
        (
            get("/people/{id}").path("id", "x").path("id", "y"),
            "no parameter `id`, or it was set before",
        ),
        (
            get("/people").header("authorization", "Bearer x"),
            "its own credentials",
        ),
    ];
    for (request, expected) in cases {
        let error = request.send::<Value>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn a_body_is_read_into_the_type_that_was_asked_for() {
    let replies = vec![
        answer(204).into(),
        answer(204).into(),
        answer(200).json(json!({ "name": "secret" })).into(),
    ];
    let server = FaultServer::script(replies).await;
    let client = client(server.base_url());
    let delete = || client.request(Method::DELETE, "/things/{id}").path("id", 7);
    delete().send::<()>().await.unwrap();
    let error = delete().send::<Vec<String>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoContent);
    let error = delete().send::<Vec<String>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedBody);
    assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
}

#[tokio::test]
async fn an_operation_takes_headers_and_a_time_limit_and_is_sent_by_await() {
    let server = FaultServer::script(vec![
        answer(200).json(json!({ "id": "x" })).into(),
        answer(503).header("retry-after", "20").into(),
    ])
    .await;
    let client = client(server.base_url());
    let me = client.get_my_own_details().calling_data(Some(true));
    me.header("Accept-Language", "de").await.unwrap();
    assert_eq!(server.seen()[0].header("accept-language"), Some("de"));

    // The wait of 20 s does not fit into the time of this call, although it does into the client's.
    let me = client.get_my_own_details().calling_data(None);
    let error = me.timeout(Duration::from_secs(10)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(server.seen().len(), 2);

    let me = client
        .get_my_own_details()
        .header("Authorization", "Bearer other");
    let error = me.await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "getMyOwnDetails: the header `authorization` cannot be set: the client sends its own credentials"
    );
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_missing_required_parameter_is_named() {
    let fake = FakePeople::start().await.unwrap();
    let error = client(fake.base_url())
        .get_person_details()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "getPersonDetails: person_id is required, and was not given"
    );
}

#[tokio::test]
async fn a_hook_sets_headers_of_each_attempt_and_not_the_credentials() {
    let server = FaultServer::script(vec![
        answer(503).into(),
        answer(200).json(json!({ "id": "x" })).into(),
    ])
    .await;
    let builder = || {
        Client::builder()
            .base_url(server.base_url())
            .token(ADMIN_TOKEN)
            .clock(VirtualClock::start())
    };
    let hooked = builder().on_request(|request| {
        assert!(request.url().path().ends_with("/people/me"));
        assert_eq!(request.body(), None);
        let id = format!("{}-{}", request.operation(), request.attempt());
        request.set_header("X-Request-Id", id);
    });
    hooked.build().unwrap().get_my_own_details().await.unwrap();
    let seen = server.seen();
    let ids: Vec<_> = seen
        .iter()
        .map(|r| r.header("x-request-id").unwrap())
        .collect();
    assert_eq!(ids, ["getMyOwnDetails-1", "getMyOwnDetails-2"]);

    let hooked = builder().on_request(|request| request.set_header("Authorization", "other"));
    let error = hooked
        .build()
        .unwrap()
        .get_my_own_details()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_hook_has_the_last_word_and_can_leave_it_to_the_call() {
    let fake = FakePeople::builder().record_content(true);
    let fake = fake.start().await.unwrap();
    let client = Client::builder()
        .base_url(fake.base_url())
        .token(ADMIN_TOKEN)
        .on_request(|request| {
            assert_eq!(request.header("authorization"), None);
            if request.header("x-app").is_none() {
                request.set_header("x-app", "of the hook");
                assert_eq!(request.header("X-App"), Some("of the hook"));
            }
            request.set_header("x-team", "of the hook");
        })
        .build()
        .unwrap();
    client.get_my_own_details().await.unwrap();
    let call = client.get_my_own_details().header("x-app", "of the call");
    call.header("x-team", "of the call").await.unwrap();
    let sent = |place: usize, name: &str| fake.requests()[place].header(name).map(str::to_owned);
    assert_eq!(sent(0, "x-app").as_deref(), Some("of the hook"));
    assert_eq!(sent(1, "x-app").as_deref(), Some("of the call"));
    assert_eq!(sent(1, "x-team").as_deref(), Some("of the hook"));
}

#[tokio::test]
async fn a_header_of_an_edit_is_sent_with_each_of_its_requests() {
    let fake = FakePeople::builder().record_content(true);
    let fake = fake.start().await.unwrap();
    // After a 429 the person is read before the update is repeated, and after a 500 for the outcome.
    fake.inject("PUT 429 retry-after=1 times=1".parse().unwrap());
    fake.inject("PUT 500 apply=all times=1".parse().unwrap());
    let client = client(fake.base_url());
    let edit = |name: &str| {
        client
            .edit_person(JOHN_ANDERSEN, |update| {
                update.title = Some("Director".into());
            })
            .header(name, "change-1")
    };
    let done = tokio::spawn(edit("x-request-id").into_future());
    assert_eq!(done.await.unwrap().unwrap().outcome(), EditOutcome::Applied);
    let requests = fake.requests();
    let methods: Vec<_> = requests.iter().map(|it| it.method.as_str()).collect();
    assert_eq!(methods, ["GET", "PUT", "GET", "PUT", "GET"]);
    for request in &requests {
        assert_eq!(request.header("x-request-id"), Some("change-1"));
    }
    let error = edit("Authorization").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(fake.requests().len(), requests.len());
}

#[tokio::test]
async fn an_edit_can_have_a_time_of_its_own_for_each_call() {
    // The wait of 20 s does not fit into the time of this edit, although it does into the client's.
    let reply = || answer(503).header("Retry-After", "20").into();
    let server = FaultServer::script(vec![reply()]).await;
    let edit = client(server.base_url())
        .edit_person(JOHN_ANDERSEN, |_| {})
        .timeout(Duration::from_secs(10))
        .await;
    assert_eq!(edit.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(server.seen().len(), 1);
}
