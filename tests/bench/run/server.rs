//! The service that is called: a process of its own, so that its CPU time is not the client's.

use std::collections::HashMap;
use std::io::Read as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use people_bench::cpu;

use crate::{CLIENTS_CORE, models};

/// The argument with which this program is the server.
pub(crate) const SERVE: &str = "serve";

/// How long a window of the rate limit is.
const WINDOW: Duration = Duration::from_secs(1);

/// The server's process. It stops when this is dropped, or when this process ends.
pub(crate) struct Server {
    pub(crate) base_url: String,
    child: Child,
    /// The server reads its input to the end, and stops there.
    stdin: Option<ChildStdin>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .arg(SERVE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server");
        let mut line = String::new();
        let output = child.stdout.take().expect("its output");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line)
            .expect("its address");
        let base_url = line.trim().to_owned();
        Self {
            base_url,
            stdin: child.stdin.take(),
            child,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}

impl Server {
    /// The base URL at which all clients together may send `requests` per second.
    pub(crate) fn limited_url(&self, requests: u32) -> String {
        self.base_url
            .replace("/v1", &format!("/limit/{requests}/v1"))
    }

    /// The URL that answers with the number of requests at `limited_url` since it was last called.
    pub(crate) fn count_url(&self, requests: u32) -> String {
        self.base_url
            .replace("/v1", &format!("/limit/{requests}/count"))
    }
}

#[derive(Clone)]
struct Answering {
    text: Arc<str>,
    limits: Arc<Mutex<HashMap<u32, Limit>>>,
}

/// A rate limit: how many requests there were, when its window began, and how many were in that.
#[derive(Default)]
struct Limit {
    requests: usize,
    began: Option<Instant>,
    used: u32,
}

/// Serves on a free port of loopback until there is no more input.
pub(crate) fn serve() {
    // Where that cannot be done, the client's side says so.
    let _ = cpu::pin_to_core(CLIENTS_CORE + 1);
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let answering = Answering {
        text: models::documented().to_string().into(),
        limits: Arc::default(),
    };
    let routes = Router::new()
        .route("/v1/people/me", get(me))
        .route("/limit/{requests}/v1/people/me", get(me_within_limit))
        .route("/limit/{requests}/count", get(count))
        .with_state(answering);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a port");
        println!("http://{}/v1", listener.local_addr().expect("an address"));
        axum::serve(listener, routes).await.expect("a server");
    });
}

async fn me(State(state): State<Answering>) -> Response {
    json(state.text.to_string())
}

/// The same, or 429 and the time until the window ends, in whole seconds.
async fn me_within_limit(State(state): State<Answering>, Path(requests): Path<u32>) -> Response {
    let now = Instant::now();
    let wait = {
        let mut limits = state.limits.lock().expect("numbers");
        let limit = limits.entry(requests).or_default();
        limit.requests += 1;
        let began = *limit.began.get_or_insert(now);
        if now - began >= WINDOW {
            (limit.began, limit.used) = (Some(now), 0);
        }
        limit.used += 1;
        let left = WINDOW.saturating_sub(now - limit.began.unwrap_or(now));
        (limit.used > requests).then(|| left.as_secs_f64().ceil() as u64)
    };
    match wait {
        None => json(state.text.to_string()),
        Some(seconds) => {
            let headers = [(header::RETRY_AFTER, seconds.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, headers).into_response()
        }
    }
}

/// How many requests there were at this limit; the count and the window begin anew.
async fn count(State(state): State<Answering>, Path(requests): Path<u32>) -> String {
    let limit = state.limits.lock().expect("numbers").remove(&requests);
    limit.unwrap_or_default().requests.to_string()
}

fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
