//! The documents in `tests/it/corpus`, one feature each: compiled together with the contract, and
//! called here against a server on loopback. What is sent, what is read, what is written back.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "all of this is tests"
)]

#[path = "corpus/answers.rs"]
mod answers;
#[path = "corpus/choices.rs"]
mod choices;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::Response;
use people_sdk_extended::Client;
use people_sdk_extended::types::{
    CorpusAnyOf, CorpusDirections, CorpusForm, CorpusHal, CorpusNames, CorpusOptional, CorpusPatch,
    CorpusTime,
};
use serde_json::json;

/// A request: method and target, its headers by name, and its body.
#[derive(Debug, Clone)]
struct Sent {
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Sent {
    fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(found, _)| found == name);
        header.map(|(_, value)| value.as_str())
    }
}

struct Server {
    client: Client,
    sent: Arc<Mutex<Vec<Sent>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Answers every request with `status` and `body`.
    async fn start(status: u16, body: &'static str) -> Self {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let record = sent.clone();
        let routes = Router::new().fallback(move |request: Request| {
            let record = record.clone();
            async move {
                let (head, content) = request.into_parts();
                let content = to_bytes(content, 1 << 20).await.unwrap();
                let headers = head
                    .headers
                    .iter()
                    .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
                record.lock().unwrap().push(Sent {
                    target: format!("{} {}", head.method, head.uri),
                    headers: headers.collect(),
                    body: String::from_utf8(content.to_vec()).unwrap(),
                });
                Response::builder()
                    .status(status)
                    .header("content-type", "application/json")
                    .body(Body::from(body))
                    .unwrap()
            }
        });
        let task = tokio::spawn(async move {
            axum::serve(listener, routes).await.unwrap();
        });
        let client = Client::builder()
            .base_url(base_url)
            .token("t")
            .build()
            .unwrap();
        Self { client, sent, task }
    }

    /// The only request since the last time.
    fn sent(&self) -> Sent {
        let mut sent = std::mem::take(&mut *self.sent.lock().unwrap());
        assert_eq!(sent.len(), 1, "{sent:?}");
        sent.remove(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[tokio::test]
async fn parameters_go_where_and_as_the_document_says() {
    let server = Server::start(204, "").await;
    let client = &server.client;
    let words = || vec!["a".to_owned(), "b".to_owned()];

    client
        .corpus_header_array()
        .x_ids(words())
        .send()
        .await
        .unwrap();
    assert_eq!(server.sent().header("x-ids"), Some("a,b"));
    client.corpus_header_array().send().await.unwrap();
    assert_eq!(server.sent().header("x-ids"), None);

    let time: CorpusTime = serde_json::from_str("\"2020-01-02T03:04:05Z\"").unwrap();
    client
        .corpus_header_time()
        .x_when(time)
        .send()
        .await
        .unwrap();
    assert_eq!(server.sent().header("x-when"), Some("2020-01-02T03:04:05Z"));

    let call = client
        .corpus_header_map()
        .header_map("h")
        .request("r")
        .url("u");
    call.send().await.unwrap();
    let sent = server.sent();
    assert_eq!(sent.target, "GET /corpus/header-map?request=r&url=u");
    assert_eq!(sent.header("header_map"), Some("h"));

    client
        .corpus_path_array()
        .ids(words())
        .send()
        .await
        .unwrap();
    assert_eq!(server.sent().target, "GET /corpus/path-array/a,b");

    client
        .corpus_path_text()
        .text("a b/é")
        .send()
        .await
        .unwrap();
    assert_eq!(server.sent().target, "GET /corpus/path-text/a%20b%2F%C3%A9");
    assert!(client.corpus_path_text().text("..").send().await.is_err());

    client.corpus_format().id("5").send().await.unwrap();
    assert_eq!(server.sent().target, "GET /corpus/format/5");

    client
        .corpus_query_number()
        .max(100.0)
        .send()
        .await
        .unwrap();
    assert_eq!(server.sent().target, "GET /corpus/query-number?max=100");

    let deep = json!({ "x": 1 }).as_object().cloned().unwrap();
    let call = client
        .corpus_query_styles()
        .a(words())
        .b(words())
        .c(words());
    call.d(words()).e(deep).f("s").send().await.unwrap();
    assert_eq!(
        server.sent().target,
        "GET /corpus/query-styles?a=a&a=b&b=a%2Cb&c=a+b&d=a%7Cb&e%5Bx%5D=1&f=s"
    );
}

#[tokio::test]
async fn every_method_is_sent() {
    let server = Server::start(204, "").await;
    server.client.corpus_options().send().await.unwrap();
    assert_eq!(server.sent().target, "OPTIONS /corpus/methods");
    server.client.corpus_trace().send().await.unwrap();
    assert_eq!(server.sent().target, "TRACE /corpus/methods");
    server.client.corpus_head().send().await.unwrap();
    assert_eq!(server.sent().target, "HEAD /corpus/methods");
}

#[tokio::test]
async fn a_token_is_sent_unless_none_is_wanted() {
    let server = Server::start(204, "").await;
    server.client.corpus_no_security().send().await.unwrap();
    assert_eq!(server.sent().header("authorization"), None);
    server.client.corpus_options().send().await.unwrap();
    assert_eq!(server.sent().header("authorization"), Some("Bearer t"));
}

#[tokio::test]
async fn media_types_are_those_of_the_document() {
    let server = Server::start(200, r#"{"a":"x"}"#).await;
    let client = &server.client;
    let answer = client.corpus_any_media_type().send().await.unwrap();
    assert_eq!(answer.a.as_deref(), Some("x"));
    assert_eq!(server.sent().header("accept"), Some("application/json"));

    let call = client.corpus_json_format().body(CorpusHal::default());
    let answer = call.send().await.unwrap().into_inner().unwrap();
    assert_eq!(answer.a.as_deref(), Some("x"));
    let sent = server.sent();
    assert_eq!(sent.header("accept"), Some("application/hal+json"));
    assert_eq!(
        sent.header("content-type"),
        Some("application/merge-patch+json")
    );
    assert_eq!(sent.body, "{}");

    let call = client.corpus_json_beside_form().body(CorpusForm::default());
    call.send().await.unwrap();
    assert_eq!(
        server.sent().header("content-type"),
        Some("application/json")
    );

    let answer = client.corpus_json_without_schema().send().await.unwrap();
    assert_eq!(*answer, json!({ "a": "x" }));
}

#[tokio::test]
async fn bodies_can_be_left_out_where_the_document_says_so() {
    let server = Server::start(204, "").await;
    server.client.corpus_optional_body().send().await.unwrap();
    let sent = server.sent();
    assert_eq!(
        (sent.body.as_str(), sent.header("content-type")),
        ("", None)
    );
    let call = server
        .client
        .corpus_optional_body()
        .body(CorpusOptional::default());
    call.body_map(|mut body| {
        body.a = Some("x".to_owned());
        body
    })
    .send()
    .await
    .unwrap();
    assert_eq!(server.sent().body, r#"{"a":"x"}"#);
    let answer = server
        .client
        .corpus_empty_beside_json()
        .send()
        .await
        .unwrap();
    assert!(answer.into_inner().is_none());
    // Where a body is required, a call without one is not sent.
    server.sent();
    assert!(server.client.corpus_any_of().send().await.is_err());
    assert!(server.sent.lock().unwrap().is_empty());
}

#[tokio::test]
async fn properties_of_one_direction_are_not_demanded_in_the_other() {
    let server = Server::start(200, r#"{"id":"1","name":"n"}"#).await;
    let mut body = CorpusDirections::new("n");
    body.secret = Some("s".to_owned());
    let answer = server
        .client
        .corpus_directions()
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(server.sent().body, r#"{"name":"n","secret":"s"}"#);
    assert_eq!(answer.into_inner().unwrap().id.as_deref(), Some("1"));
}

#[tokio::test]
async fn values_are_written_back_as_they_came() {
    let server = Server::start(200, r#"{"links":[],"words":{}}"#).await;
    let answer = server.client.corpus_untyped().send().await.unwrap();
    assert_eq!(
        serde_json::to_string(&*answer).unwrap(),
        r#"{"links":[],"words":{}}"#
    );
    server.sent();

    let json = r#"{"op":"add","value":null}"#;
    let patch: CorpusPatch = serde_json::from_str(json).unwrap();
    server
        .client
        .corpus_json_patch()
        .body(vec![patch])
        .send()
        .await
        .unwrap();
    assert_eq!(server.sent().body, format!("[{json}]"));

    let json = r#"{"a":"x","both":[1],"b":5}"#;
    let both: CorpusAnyOf = serde_json::from_str(json).unwrap();
    assert_eq!((both.a.as_deref(), both.b), (Some("x"), Some(5)));
    assert_eq!(serde_json::to_string(&both).unwrap(), json);

    let json = r#"{"crate":"1","extra":"2","match":"3","property":"4","self":"5","type":"6","unparsed":"7"}"#;
    let names: CorpusNames = serde_json::from_str(json).unwrap();
    assert_eq!(names.property.as_deref(), Some("4"));
    let written = serde_json::to_value(&names).unwrap();
    assert_eq!(
        written,
        serde_json::from_str::<serde_json::Value>(json).unwrap()
    );
}
