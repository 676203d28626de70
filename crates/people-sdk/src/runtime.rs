//! The hand-written request layer, generic over operations. Generated code and `people` call it;
//! it names no operation and no schema.

pub(crate) mod answers;
mod attempt;
pub(crate) mod auth;
pub(crate) mod body;
pub(crate) mod client;
mod deadline;
pub(crate) mod error;
pub(crate) mod facts;
#[allow(
    dead_code,
    unreachable_pub,
    reason = "used by contracts with such an operation"
)]
pub(crate) mod multipart;
#[cfg(feature = "oauth")]
pub(crate) mod oauth;
pub(crate) mod operation;
pub(crate) mod outgoing;
mod proxy;
mod rate_limit;
pub(crate) mod raw_request;
pub(crate) mod redact;
#[allow(dead_code, reason = "which of these are used depends on the contract")]
pub(crate) mod request;
pub(crate) mod request_builder;
pub(crate) mod request_options;
pub(crate) mod response;
pub(crate) mod retry;
pub(crate) mod send;
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "which of these are used depends on the contract"
)]
pub(crate) mod serde_support;
pub(crate) mod service_message;
mod tls;
mod trace;
