//! The measurements that are not benchmarks of calls, the generality of the generator among them, and
//! what these share with those: CPU time, tables, the sections of `docs/benchmarks.md`. The benchmarks of calls and values are in `run`.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what a measurement is for"
)]

pub mod build;
pub mod codegen;
mod contract;
pub mod cpu;
pub mod generality;
pub mod report;
