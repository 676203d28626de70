//! The command line of the measurements that are not benchmarks of calls: what a consumer's build and
//! generating cost. `cargo xtask bench` runs it.
#![forbid(unsafe_code)]
#![allow(clippy::print_stderr, reason = "printing is what a command is for")]

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use people_bench::{build, codegen};

/// Measure what the project costs those who build it and change it, and write it to docs/benchmarks.md
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench")]
enum Command {
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

fn main() -> ExitCode {
    match run(&xtask::project_root(), &Command::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(root: &Path, command: &Command) -> io::Result<()> {
    match command {
        Command::Build(arguments) => build::run(root, arguments),
        Command::Codegen(arguments) => codegen::run(root, arguments),
        Command::Stages { file } => codegen::stages(file),
        Command::Watch { program } => codegen::watch(program),
    }
}
