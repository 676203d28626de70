//! Any two texts can be compared: see `contract::diff`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| people_fuzz::contract::diff(bytes));
