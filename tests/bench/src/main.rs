//! The command line of the measurements that are not benchmarks of calls: what a consumer's build and
//! generating cost, and what clients can be made of. `cargo xtask bench` and `cargo xtask generality`
//! run it.
#![forbid(unsafe_code)]
#![allow(clippy::print_stderr, reason = "printing is what a command is for")]

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use people_bench::{build, codegen, generality};

/// Measure what the project costs those who build it and change it, and write it to docs/benchmarks.md
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench")]
enum Command {
    /// Builds of a fresh consumer: this SDK in its modes, and what else one could build on
    Build(build::Arguments),
    /// Generating from contracts of growing size, stage by stage
    Codegen(codegen::Arguments),
    /// What clients can be made of: any documents, operation by operation
    #[command(hide = true, bin_name = "cargo xtask generality")]
    Generality(generality::Arguments),
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

/// A document cannot be read, or a program cannot be run. A finding exits with 1.
const TROUBLE: u8 = 2;

fn main() -> ExitCode {
    match run(&xtask::project_root(), &Command::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            for line in error.to_string().lines() {
                eprintln!("error: {line}");
            }
            ExitCode::from(TROUBLE)
        }
    }
}

/// Whether what was measured is as it should be.
fn run(root: &Path, command: &Command) -> io::Result<bool> {
    match command {
        Command::Build(arguments) => build::run(root, arguments)?,
        Command::Codegen(arguments) => codegen::run(root, arguments)?,
        Command::Generality(arguments) => return generality::run(root, arguments),
        Command::Stages { file } => codegen::stages(file)?,
        Command::Watch { program } => codegen::watch(program)?,
    }
    Ok(true)
}
