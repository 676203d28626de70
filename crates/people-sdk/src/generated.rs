//! The generated client. This file is written by hand; what it includes is not: see
//! `crates/people-codegen`, and `generated/people.rs` for the copy that reviewers read.

#![allow(
    missing_docs,
    non_camel_case_types,
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

#[cfg(all(test, feature = "codegen"))]
mod tests {
    /// With and without `codegen`, the same bytes are compiled, and so the same public API.
    #[test]
    fn the_build_script_writes_the_reviewed_copy() {
        let built = include_str!(concat!(env!("OUT_DIR"), "/people.rs"));
        assert!(
            built == include_str!("../generated/people.rs"),
            "generated/people.rs is out of date; run `cargo xtask regen` and commit the result"
        );
    }
}
