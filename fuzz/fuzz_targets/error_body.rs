//! Any bytes can be the body of a refusal: see `checks::error_body`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| people_fuzz::checks::error_body(bytes));
