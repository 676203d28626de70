//! A server on loopback that gives every request one response, and a client for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::Response;
use people_sdk_extended::Client;

/// A request: method and target, its headers by name, and its body.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sent {
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

#[derive(Default)]
struct State {
    response: (u16, &'static str),
    sent: Vec<Sent>,
}

/// The server. It stops when this is dropped.
pub(crate) struct Server {
    pub(crate) client: Client,
    state: Arc<Mutex<State>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Answers every request with `status` and `body`.
    pub(crate) async fn start(status: u16, body: &'static str) -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let shared = state.clone();
        let routes =
            Router::new().fallback(move |request: Request| answer(shared.clone(), request));
        let task = tokio::spawn(async move {
            axum::serve(listener, routes).await.unwrap();
        });
        let client = Client::builder().base_url(base_url).token("t").build();
        let server = Self {
            client: client.unwrap(),
            state,
            task,
        };
        server.respond(status, body);
        server
    }

    /// Answers every request with `status` and `body` from now on.
    pub(crate) fn respond(&self, status: u16, body: &'static str) {
        self.state.lock().unwrap().response = (status, body);
    }

    /// The requests since the last time.
    pub(crate) fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.state.lock().unwrap().sent)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(state: Arc<Mutex<State>>, request: Request) -> Response<Body> {
    let (head, content) = request.into_parts();
    let content = to_bytes(content, 1 << 20).await.unwrap();
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let mut state = state.lock().unwrap();
    state.sent.push(Sent {
        target: format!("{} {}", head.method, head.uri),
        headers: headers.collect(),
        body: String::from_utf8(content.to_vec()).unwrap(),
    });
    let (status, body) = state.response;
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(Body::from(body))
        .unwrap()
}
