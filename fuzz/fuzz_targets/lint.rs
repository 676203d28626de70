//! Any bytes can be linted: see `contract::lint`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| people_fuzz::contract::lint(bytes));
