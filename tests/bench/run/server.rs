//! The service that is called: a process of its own, so that its CPU time is not the client's.

use std::collections::HashMap;
use std::io::Read as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;

use people_bench::cpu;

use crate::{CLIENTS_CORE, models};

/// The argument with which this program is the server.
pub(crate) const SERVE: &str = "serve";

/// Of as many requests for a person by id, one is refused.
pub(crate) const REFUSED_ONE_IN: usize = 10;

/// For how long the server asks those that it refuses to wait.
pub(crate) const WAIT_SECONDS: u32 = 1;

/// The server's process. It stops when this is dropped, or when this process ends.
pub(crate) struct Server {
    pub(crate) base_url: String,
    /// The same service at a base URL where no request is refused.
    pub(crate) calm_url: String,
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
            calm_url: base_url.replace("/v1", "/calm/v1"),
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

#[derive(Clone)]
struct Answering {
    person: Arc<Value>,
    text: Arc<str>,
    asked: Arc<AtomicUsize>,
    answered: Arc<AtomicUsize>,
    /// How often each person was refused.
    refusals: Arc<Mutex<HashMap<String, usize>>>,
}

/// Serves on a free port of loopback until there is no more input.
pub(crate) fn serve() {
    // Where that cannot be done, the client's side says so.
    let _ = cpu::pin_to_core(CLIENTS_CORE + 1);
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let person = models::documented();
    let answering = Answering {
        text: person.to_string().into(),
        person: Arc::new(person),
        asked: Arc::default(),
        answered: Arc::default(),
        refusals: Arc::default(),
    };
    let routes = Router::new()
        .route("/v1/people/me", get(me))
        .route("/v1/people/{id}", get(one_in_ten_refused))
        .route("/calm/v1/people/{id}", get(none_refused))
        .route("/answered", get(answered))
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

/// The person with the id that was asked for, or a refusal that says when to come back.
async fn one_in_ten_refused(State(state): State<Answering>, Path(id): Path<String>) -> Response {
    let asked = state.asked.fetch_add(1, Ordering::Relaxed);
    if asked % REFUSED_ONE_IN == REFUSED_ONE_IN - 1 {
        *state
            .refusals
            .lock()
            .expect("a number")
            .entry(id)
            .or_default() += 1;
        let headers = [(header::RETRY_AFTER, WAIT_SECONDS.to_string())];
        return (StatusCode::TOO_MANY_REQUESTS, headers).into_response();
    }
    state.answered.fetch_add(1, Ordering::Relaxed);
    person(&state, id)
}

async fn none_refused(State(state): State<Answering>, Path(id): Path<String>) -> Response {
    person(&state, id)
}

fn person(state: &Answering, id: String) -> Response {
    let mut person = (*state.person).clone();
    person["id"] = id.into();
    json(person.to_string())
}

/// How many requests for a person by id were answered, how many there were, and how often one
/// person was refused at most; and starts to count from zero.
async fn answered(State(state): State<Answering>) -> String {
    let answered = state.answered.swap(0, Ordering::Relaxed);
    let asked = state.asked.swap(0, Ordering::Relaxed);
    let refusals = std::mem::take(&mut *state.refusals.lock().expect("numbers"));
    let most = refusals.into_values().max().unwrap_or(0);
    format!("{answered} {asked} {most}")
}

fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
