#![doc = include_str!("../README.md")]
//!
//! # Guides
//!
//! - [Models](guide::models): made, read, written and shown.
//! - [Tracing](guide::tracing): the spans, events and fields.
//! - [Testing](guide::testing): the service in memory, faults, people, and what was sent.
//! - [TLS](guide::tls): features, providers, and programs that use rustls or reqwest themselves.
//! - [Migrating from `webex`](guide::migrating_from_webex).
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
compile_error!(
    "people-sdk does not build for the browser: there, tokio has no timers and reqwest no limits on \
     connections, redirects and bodies, which retries and time limits are made of"
);

pub use generated::{Client, builder, operations, types, update_facts};
pub use people::edit::EditPerson;
pub use people::outcome::{Edit, EditOutcome};
pub use runtime::auth::{AccessToken, TokenFuture, TokenSource, token_source_fn};
pub use runtime::client::{
    ACCESS_TOKEN_VARIABLE, BASE_URL_VARIABLE, ClientBuilder, DEFAULT_BASE_URL,
};
pub use runtime::error::{Error, ErrorKind, Source};
pub use runtime::facts::{PropertyFacts, StoredForm};
#[cfg(feature = "oauth")]
#[cfg_attr(docsrs, doc(cfg(feature = "oauth")))]
pub use runtime::oauth::RefreshToken;
pub use runtime::operation::Operation;
pub use runtime::outgoing::OutgoingRequest;
pub use runtime::raw_request::RawRequest;
pub use runtime::redact::{escape_invisible, escape_invisible_in_json, redact_personal_data};
pub use runtime::response::{ByteStream, CallFuture, ResponseValue};
pub use runtime::retry::{Clock, RetryPolicy};
pub use runtime::serde_support::{Deviation, DeviationKind, Revealed, UnparsedProperties};

// The crates whose types are in the public API, in the versions that it uses.
#[cfg(feature = "schemars")]
#[cfg_attr(docsrs, doc(cfg(feature = "schemars")))]
pub use schemars;
pub use {bytes, chrono, reqwest, serde, serde_json};

/// The contract that the client is generated from: OpenAPI 3.0, in YAML.
///
/// # Examples
///
/// ```
/// // Every operation of the client is in it.
/// for operation in people_sdk::operations::ALL {
///     assert!(people_sdk::CONTRACT.contains(operation.path()));
/// }
/// ```
pub const CONTRACT: &str = include_str!("../generated/people.yaml");

#[cfg(any(doc, doctest))]
pub mod guide;

mod generated;
mod people;
mod runtime;
