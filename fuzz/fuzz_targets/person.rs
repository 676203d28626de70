//! Any bytes can be read as a person: see `checks::person`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| people_fuzz::checks::person(bytes));
