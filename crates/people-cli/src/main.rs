//! The `people` command.
#![forbid(unsafe_code)]

fn main() {}
