//! Nothing but the examples of the README, which are compiled here: this package exists for its
//! test binary, `it/main.rs`.
#![forbid(unsafe_code)]

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
