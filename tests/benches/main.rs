//! `cargo bench -p people-tests --bench run`: what calls and values cost.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot run stops, and says why"
)]

mod models;
mod timing;

fn main() {
    println!("{}", models::measure(3));
}
