//! Tests that need more than one crate, one subject per module.
#![forbid(unsafe_code)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "all of this is tests and their support"
)]

mod browser;
mod credentials;
mod documentation;
mod edit;
mod examples;
mod fake;
mod faults;
mod fuzz;
mod generic;
mod identifiers;
mod layout;
mod leaks;
mod models;
mod oauth;
mod odd_answers;
mod packaging;
mod pages;
mod rate_limit;
mod raw_requests;
mod regen;
mod requests;
mod retry_time;
mod support;
mod tls;
mod transport;
mod words;
