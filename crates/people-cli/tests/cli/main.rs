//! The `people` command as its users run it: a real process, against a real service on loopback.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

mod apply;
mod bulk;
mod edit;
mod exit;
mod help;
mod log;
mod output;
mod picture;
mod serve;
mod support;
mod update;
