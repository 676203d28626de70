//! Tests of lint and diff. They edit `tests/contract.yaml`, a copy of a contract that stays as it is
//! when the contract of the workspace changes.
#![forbid(unsafe_code)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "all of this is tests, and what helps them"
)]

mod diff;
mod drift;
mod lint;
mod settings;

/// The contract that the tests edit.
const CONTRACT: &str = include_str!("../contract.yaml");
