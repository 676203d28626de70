//! The generated client. This file is written by hand; what it includes is not: see
//! `crates/people-codegen`, and `generated/people.rs` for the copy that reviewers read.

#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    unused_imports,
    unreachable_pub,
    reason = "the generator writes for every contract, not for this one's lints"
)]

#[cfg(feature = "codegen")]
include!(concat!(env!("OUT_DIR"), "/people.rs"));
#[cfg(not(feature = "codegen"))]
include!("../generated/people.rs");
