#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
compile_error!(
    "people-sdk does not build for the browser: there, tokio has no timers and reqwest no limits on \
     connections, redirects and bodies, which retries and time limits are made of"
);

pub use auth::{AccessToken, TokenFuture, TokenSource};
pub use client::{ACCESS_TOKEN_VARIABLE, BASE_URL_VARIABLE, ClientBuilder, DEFAULT_BASE_URL};
pub use edit::{Edit, EditOutcome};
pub use error::{Error, ErrorKind, Source};
pub use generated::{Client, builder, operations, types};
pub use operation::Operation;
pub use response::{ByteStream, ResponseValue};
pub use retry::{Clock, RetryPolicy};

/// The contract that the client is generated from: OpenAPI 3.0, in YAML.
pub const CONTRACT: &str = include_str!("../generated/people.yaml");

mod auth;
mod client;
mod deadline;
mod edit;
mod error;
mod exchange;
mod generated;
mod operation;
mod redact;
mod response;
mod retry;
mod trace;
mod wire;
