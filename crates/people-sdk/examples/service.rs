//! A web service with one client for all requests, and with traces. It calls itself three times and
//! ends: `cargo run -p people-sdk --example service --features tracing`.
//!
//! Without the feature `tracing`, the spans of the SDK are missing from the output.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "the program prints responses")]

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use people_fake::{ADMIN_TOKEN, FakePeople, Fault, JOHN_ANDERSEN};
use people_sdk::{Client, ErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tracing_subscriber::fmt::format::FmtSpan;

/// All handlers share one client: its connections, its credentials and its rate.
fn routes(people: Client) -> Router {
    Router::new()
        .route("/title/{id}", get(title))
        .with_state(people)
}

async fn title(
    State(people): State<Client>,
    Path(id): Path<String>,
) -> Result<String, ServiceError> {
    let person = people.get_person_details().person_id(id).send().await?;
    let name = person.display_name.as_deref().unwrap_or("?");
    let title = person.title.as_deref().unwrap_or("no title");
    Ok(format!("{name}: {title}"))
}

/// An error of the People service as a response of this one.
struct ServiceError(people_sdk::Error);

impl From<people_sdk::Error> for ServiceError {
    fn from(error: people_sdk::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for ServiceError {
    fn into_response(self) -> Response {
        let Self(error) = self;
        // One line, without personal data: operation, status, message and tracking id.
        tracing::warn!(%error, "the People service failed");
        let status = match error.kind() {
            ErrorKind::NotFound => return StatusCode::NOT_FOUND.into_response(),
            ErrorKind::RateLimited => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Timeout => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::BAD_GATEWAY,
        };
        let mut response = status.into_response();
        if let Some(wait) = error.retry_after() {
            let seconds = HeaderValue::from(wait.as_secs());
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // A subscriber belongs to the program; the SDK only emits spans and events.
    tracing_subscriber::fmt()
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(std::io::stderr)
        .init();

    // In production, `Client::from_env()?` instead of these lines.
    let fake = FakePeople::start().await?;
    let people = Client::builder()
        .base_url(fake.base_url())
        .token(ADMIN_TOKEN)
        .user_agent("title-service/1.0")
        .build()?;

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(
        axum::serve(listener, routes(people))
            .with_graceful_shutdown(async {
                // The program stops the server, or has ended.
                let _ = stopped.await;
            })
            .into_future(),
    );

    println!("{}", call(address, JOHN_ANDERSEN).await?);
    // The client tries again; the trace has two attempts.
    fake.inject(Fault::status(503).retry_after("0").times(1));
    println!("{}", call(address, JOHN_ANDERSEN).await?);
    println!("{}", call(address, "unknown").await?);

    drop(stop);
    server.await??;
    Ok(())
}

/// Calls this service: the status, and the body.
async fn call(service: SocketAddr, id: &str) -> Result<String, Box<dyn Error>> {
    let mut stream = TcpStream::connect(service).await?;
    let request =
        format!("GET /title/{id} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut response = String::new();
    stream.read_to_string(&mut response).await?;
    let (head, body) = response.split_once("\r\n\r\n").ok_or("no head")?;
    let status = head.lines().next().unwrap_or_default();
    Ok(format!("{status} {body}"))
}
