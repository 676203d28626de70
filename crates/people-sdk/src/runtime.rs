//! The hand-written request layer, generic over operations. Generated code and `people` call it;
//! it names no operation and no schema.

mod attempt;
pub(crate) mod auth;
pub(crate) mod client;
mod deadline;
pub(crate) mod error;
pub(crate) mod facts;
pub(crate) mod operation;
pub(crate) mod redact;
pub(crate) mod response;
pub(crate) mod retry;
pub(crate) mod send;
pub(crate) mod serde_support;
mod tls;
mod trace;
