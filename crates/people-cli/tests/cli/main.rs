//! The `people` command as a process, with a service on the loopback interface.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

mod apply;
mod bulk;
mod check;
mod credentials;
mod edit;
mod exit;
mod help;
mod log;
mod long_runs;
mod output;
mod picture;
mod serve;
mod service_rules;
mod shell;
mod spreadsheet;
mod support;
#[cfg(unix)]
mod terminal;
mod tls;
mod undo;
mod update;
