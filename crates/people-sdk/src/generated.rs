//! The generated client. This file is written by hand; what it includes is not: see
//! `crates/people-codegen`, and `generated/people.rs` for the copy that reviewers read.

#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    unused_imports,
    unreachable_pub,
    rustdoc::bare_urls,
    rustdoc::broken_intra_doc_links,
    rustdoc::invalid_html_tags,
    reason = "the generator writes for every contract, not for this one's lints"
)]

#[cfg(feature = "codegen")]
include!(concat!(env!("OUT_DIR"), "/people.rs"));
#[cfg(not(feature = "codegen"))]
include!("../generated/people.rs");
