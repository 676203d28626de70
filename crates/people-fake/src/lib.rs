//! A People service in memory, over real HTTP on loopback, for tests and demonstrations.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value, json};

/// The token of an administrator.
pub const ADMIN_TOKEN: &str = "fake-admin";

/// The token of somebody in the same organization who is no administrator.
pub const USER_TOKEN: &str = "fake-user";

/// The token of somebody in another organization.
pub const OUTSIDER_TOKEN: &str = "fake-outsider";

/// The token of a bot.
pub const BOT_TOKEN: &str = "fake-bot";

/// The documented example, John Andersen, whom [`ADMIN_TOKEN`] belongs to.
pub const JOHN_ANDERSEN: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9mNWIzNjE4Ny1jOGRkLTQ3MjctOGIyZi1mOWM0NDdmMjkwNDY";

type People = Arc<Mutex<BTreeMap<String, Map<String, Value>>>>;

/// A running service. It stops when this is dropped.
#[derive(Debug)]
pub struct FakePeople {
    base_url: String,
    task: tokio::task::JoinHandle<()>,
}

impl FakePeople {
    /// Starts the service on a free port of the loopback interface.
    ///
    /// # Errors
    ///
    /// No port can be opened.
    pub async fn start() -> io::Result<Self> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let base_url = format!("http://{}/v1", listener.local_addr()?);
        let Value::Object(john) = json!({
            "id": JOHN_ANDERSEN,
            "emails": ["john.andersen@example.com"],
            "displayName": "John Andersen",
            "title": "GM",
            "licenses": [],
            "type": "person",
        }) else {
            return Err(io::Error::other("the seed is no object"));
        };
        let people: People = Arc::new(Mutex::new(BTreeMap::from([(
            JOHN_ANDERSEN.to_owned(),
            john,
        )])));
        let routes = Router::new()
            .route("/v1/people/me", get(me))
            .route("/v1/people/{id}", get(read).put(update))
            .with_state(people);
        let task = tokio::spawn(async move {
            // It ends with the task.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Self { base_url, task })
    }

    /// Where the service is, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }
}

impl Drop for FakePeople {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get("authorization")?.to_str().ok()?;
    let token = value.strip_prefix("Bearer ")?;
    [ADMIN_TOKEN, USER_TOKEN, OUTSIDER_TOKEN, BOT_TOKEN]
        .contains(&token)
        .then_some(token)
}

fn error(status: StatusCode, message: &str) -> Response {
    let body = json!({
        "message": message,
        "errors": [{ "description": message }],
        "trackingId": "FAKE_1",
    });
    (status, [("trackingid", "FAKE_1")], axum::Json(body)).into_response()
}

async fn me(state: State<People>, headers: HeaderMap) -> Response {
    read(state, Path(JOHN_ANDERSEN.to_owned()), headers).await
}

async fn read(
    State(people): State<People>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if token(&headers).is_none() {
        return error(StatusCode::UNAUTHORIZED, "A valid access token is required");
    }
    let people = people.lock().unwrap_or_else(PoisonError::into_inner);
    match people.get(&id) {
        Some(person) => axum::Json(person).into_response(),
        None => error(StatusCode::NOT_FOUND, "No person has this id"),
    }
}

async fn update(
    State(people): State<People>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match token(&headers) {
        None => return error(StatusCode::UNAUTHORIZED, "A valid access token is required"),
        Some(ADMIN_TOKEN) => {}
        Some(_) => return error(StatusCode::FORBIDDEN, "Only an administrator may do this"),
    }
    let Ok(mut person) = serde_json::from_slice::<Map<String, Value>>(&body) else {
        return error(StatusCode::BAD_REQUEST, "The body is not a JSON object");
    };
    let mut people = people.lock().unwrap_or_else(PoisonError::into_inner);
    if !people.contains_key(&id) {
        return error(StatusCode::NOT_FOUND, "No person has this id");
    }
    person.insert("id".to_owned(), json!(id));
    people.insert(id, person.clone());
    axum::Json(person).into_response()
}
