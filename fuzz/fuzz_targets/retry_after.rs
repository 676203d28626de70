//! Any bytes can be the value of `Retry-After`: see `checks::retry_after`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| people_fuzz::checks::retry_after(bytes));
