//! What needs more than one crate to be tested, one subject per module.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "Clippy knows a test by its attribute, and what helps one is as much of the test"
)]

mod credentials;
mod edit;
mod endpoint;
mod fake;
mod faults;
mod identifiers;
mod leaks;
mod models;
mod pages;
mod regen;
mod requests;
mod retry_time;
mod support;
mod tls;
mod transport;
