//! The command line of `cargo xtask`. What the commands do lives in their modules.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what a command is for"
)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{project_root, regen};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The workspace's own commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the generated files that are committed, from spec/people.yaml
    Regen {
        /// Write nothing; fail when a file is not what the contract gives
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Regen { check } => run_regen(check),
    }
}

fn run_regen(check: bool) -> ExitCode {
    let root = project_root();
    let outcome = if check {
        regen::check(&root)
    } else {
        regen::write(&root)
    };
    match outcome {
        Err(error) => {
            for line in error.to_string().lines() {
                eprintln!("error: {line}");
            }
            ExitCode::FAILURE
        }
        Ok(stale) if check && !stale.is_empty() => {
            for file in stale {
                eprintln!("{file}");
            }
            eprintln!("help: run `cargo xtask regen` and commit the result");
            ExitCode::FAILURE
        }
        Ok(stale) => {
            for file in &stale {
                let verb = match file.fault {
                    regen::Fault::Missing => "created",
                    regen::Fault::LeftOver => "removed",
                    regen::Fault::Differs(_) => "updated",
                };
                println!("{verb} {}", file.path.display());
            }
            if stale.is_empty() {
                println!("every generated file is up to date");
            }
            ExitCode::SUCCESS
        }
    }
}
