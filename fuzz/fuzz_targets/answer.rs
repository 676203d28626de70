//! Any bytes can be the service's whole answer: see `checks::answer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| people_fuzz::checks::answer(bytes));
