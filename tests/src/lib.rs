//! Nothing: this package exists for its test binary, `it/main.rs`.
#![forbid(unsafe_code)]
