//! `cargo xtask bench`: what the project costs those who build it and change it. Each command
//! writes its section of `BENCHMARKS.md`. What calls and values cost is `cargo bench`'s, in
//! `tests/bench`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what a command is for"
)]

use std::io;
use std::path::{Path, PathBuf};

pub mod build;
pub mod codegen;
mod contract;
pub mod cpu;
pub mod report;

/// What to measure.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Builds of a fresh consumer: this SDK in its modes, and what else one could build on
    Build(build::Arguments),
    /// Generating from contracts of growing size, stage by stage
    Codegen(codegen::Arguments),
    /// Generate from a contract once, and print what each stage took
    #[command(hide = true)]
    Stages {
        /// The contract
        file: PathBuf,
    },
    /// Run a program once, and print what it took
    #[command(hide = true)]
    Watch {
        /// The program and its arguments
        #[arg(last = true, required = true)]
        program: Vec<String>,
    },
}

/// Measures in the workspace at `root`.
///
/// # Errors
///
/// A program fails, or a file cannot be read or written.
pub fn run(root: &Path, command: &Command) -> io::Result<()> {
    match command {
        Command::Build(arguments) => build::run(root, arguments),
        Command::Codegen(arguments) => codegen::run(root, arguments),
        Command::Stages { file } => codegen::stages(file),
        Command::Watch { program } => codegen::watch(program),
    }
}
