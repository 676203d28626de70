//! The command line of `cargo xtask`. What the commands do lives in their modules.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what a command is for"
)]

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use xtask::{CONTRACT, lint, project_root, regen};

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
    /// Check a contract: the format, the examples, the house style, and what code can be made from
    Lint(LintArguments),
}

#[derive(Args)]
struct LintArguments {
    /// The OpenAPI 3.0 document to check, YAML or JSON [default: spec/people.yaml]
    file: Option<PathBuf>,
    /// How to write the findings
    #[arg(long, value_enum, default_value_t = LintFormat::Text)]
    format: LintFormat,
    /// Fail on warnings too
    #[arg(long)]
    warnings_as_errors: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum LintFormat {
    /// A line per finding; on a terminal with the source line and a caret
    Text,
    /// One JSON object
    Json,
    /// Annotations of a GitHub workflow
    Github,
    /// SARIF 2.1.0
    Sarif,
}

/// A file cannot be read, or its findings cannot be written. Findings themselves exit with 1.
const TROUBLE: u8 = 2;

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Regen { check } => run_regen(check),
        Command::Lint(arguments) => run_lint(&arguments),
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

fn run_lint(arguments: &LintArguments) -> ExitCode {
    let (name, path) = match &arguments.file {
        Some(file) => (file.display().to_string(), file.clone()),
        None => (CONTRACT.to_owned(), project_root().join(CONTRACT)),
    };
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("error: {name}: {error}");
            return ExitCode::from(TROUBLE);
        }
    };
    let report = lint::lint(&name, &bytes);
    let stdout = io::stdout();
    let terminal = stdout.is_terminal();
    let format = match arguments.format {
        LintFormat::Text => lint::Format::Text {
            source: terminal,
            colour: terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        },
        LintFormat::Json => lint::Format::Json,
        LintFormat::Github => lint::Format::Github,
        LintFormat::Sarif => lint::Format::Sarif,
    };
    let mut out = io::BufWriter::new(stdout.lock());
    match report.write(format, &mut out).and_then(|()| out.flush()) {
        Ok(()) => {}
        // Whoever read the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => {
            eprintln!("error: the findings cannot be written: {error}");
            return ExitCode::from(TROUBLE);
        }
    }
    if matches!(arguments.format, LintFormat::Text) {
        eprintln!("{name}: {}", report.summary());
    }
    if report.fails(arguments.warnings_as_errors) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
