//! Any text can be given as an id: see `checks::id`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| people_fuzz::checks::id(bytes));
