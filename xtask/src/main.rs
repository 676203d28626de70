//! The command line of `cargo xtask`. What the commands do lives in their modules.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what a command is for"
)]

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};

use clap::{Args, Parser, Subcommand};
use contract_review::report::{self, DiffFormat, Group, LintFormat, MarkdownStyle, Style};
use contract_review::settings::Settings;
use contract_review::{diff, drift, lint};
use people_codegen::document::load;
use xtask::{BASELINE, CONTRACT, IGNORE_FILE, SETTINGS, XTASK, package, project_root, regen};

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
    /// Say what a change of the contract means to HTTP callers, SDK users and readers of its prose
    Diff(DiffArguments),
    /// Say what a newly published document of the service says about our operations
    #[command(
        after_help = "Exit status 1 when something is new, or no longer stated, since the last look."
    )]
    Drift {
        /// The document, OpenAPI 3 or alike, YAML or JSON
        document: PathBuf,
        /// Take what the document says for known: write spec/upstream.lock
        #[arg(long)]
        accept: bool,
        /// The file of hashes of the last look [default: spec/upstream.lock]
        #[arg(long, value_name = "FILE")]
        baseline: Option<PathBuf>,
        /// The contract [default: spec/people.yaml]
        #[arg(long, value_name = "FILE")]
        contract: Option<PathBuf>,
    },
    /// Measure what builds and generating cost, and write it to docs/benchmarks.md (runs people-bench)
    #[command(disable_help_flag = true)]
    Bench {
        /// The arguments of people-bench; `--help` lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Say what clients can be made of: any OpenAPI documents, operation by operation
    #[command(disable_help_flag = true)]
    Generality {
        /// The documents and options; `--help` lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Package what is published, and build and run a program on the packages, in both modes
    Package,
}

#[derive(Args)]
struct DiffArguments {
    /// The contract before: a file, or a git revision such as `main` or `main:other/file.yaml`
    #[arg(required_unless_present = "rules")]
    old: Option<String>,
    /// The contract after, in the same way
    #[arg(required_unless_present = "rules")]
    new: Option<String>,
    /// How to write the report
    #[arg(long, value_enum, default_value_t)]
    format: DiffFormat,
    /// The level for any reader at which the command fails with status 1
    #[arg(long, value_enum, default_value_t)]
    fail_on: diff::FailOn,
    /// Markdown: the address of the new contract, for links to lines [default: its path]
    #[arg(long, value_name = "URL")]
    link: Option<String>,
    /// Markdown: how differences are put under headings
    #[arg(long, value_enum, default_value_t)]
    group_by: Group,
    /// The file of accepted differences [default: spec/diff-ignore.yaml, if there is one]
    #[arg(long, value_name = "FILE")]
    ignore: Option<String>,
    /// The levels that are set for rules [default: spec/review.yaml, if it exists]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// List every rule with its levels, as Markdown, and compare nothing
    #[arg(long, conflicts_with_all = ["old", "new"])]
    rules: bool,
}

#[derive(Args)]
struct LintArguments {
    /// The OpenAPI 3.0 document to check, YAML or JSON [default: spec/people.yaml]
    file: Option<PathBuf>,
    /// How to write the findings
    #[arg(long, value_enum, default_value_t)]
    format: LintFormat,
    /// Check these groups of rules alone; a document of others needs `format,references,examples`
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = lint::Group::ALL)]
    rules: Vec<lint::Group>,
    /// The levels that are set for rules [default: spec/review.yaml, if it exists]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Fail on warnings too
    #[arg(long)]
    warnings_as_errors: bool,
}

/// A file cannot be read, or its findings cannot be written. Findings themselves exit with 1.
const TROUBLE: u8 = 2;

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Regen { check } => run_regen(check),
        Command::Lint(arguments) => run_lint(&arguments),
        Command::Diff(arguments) => run_diff(&arguments),
        Command::Drift {
            document,
            accept,
            baseline,
            contract,
        } => {
            let baseline = baseline.unwrap_or_else(|| project_root().join(BASELINE));
            let contract = contract.unwrap_or_else(|| project_root().join(CONTRACT));
            run_drift(&document, &contract, &baseline, accept).unwrap_or_else(|message| {
                eprintln!("error: {message}");
                ExitCode::from(TROUBLE)
            })
        }
        Command::Bench { arguments } => run_bench(&arguments),
        Command::Generality { mut arguments } => {
            arguments.insert(0, "generality".into());
            run_bench(&arguments)
        }
        Command::Package => run_package(),
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
        Ok(outcome) => report_regen(&outcome, check),
    }
}

fn report_regen(outcome: &regen::Outcome, check: bool) -> ExitCode {
    for warning in outcome.warnings.lines() {
        eprintln!("warning: {warning}");
    }
    match &outcome.stale {
        stale if check && !stale.is_empty() => {
            for file in stale {
                eprintln!("{file}");
            }
            eprintln!("help: run `cargo xtask regen` and commit the result");
            ExitCode::FAILURE
        }
        stale => {
            for file in stale {
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
    let settings = match settings(arguments.settings.as_deref()) {
        Ok(settings) => settings,
        Err(message) => {
            print_error(&message);
            return ExitCode::from(TROUBLE);
        }
    };
    let report = settings.lint(lint::lint_groups(&name, &bytes, &arguments.rules));
    let stdout = io::stdout();
    let terminal = stdout.is_terminal();
    let style = Style {
        source: terminal,
        colour: terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    let mut out = io::BufWriter::new(stdout.lock());
    match report::lint(&report, arguments.format, style, &mut out).and_then(|()| out.flush()) {
        Ok(()) => {}
        // The reader of the output has closed the pipe.
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

fn run_package() -> ExitCode {
    let scratch = std::env::temp_dir().join(format!("people-package-{}", std::process::id()));
    let mut told = |line: &str| println!("{line}");
    let outcome = std::fs::create_dir_all(&scratch)
        .map_err(|error| package::Error::Io(scratch.clone(), error))
        .and_then(|()| package::check(&project_root(), &scratch, &mut told));
    let removed = package::unlock(&scratch).and_then(|()| {
        std::fs::remove_dir_all(&scratch)
            .map_err(|error| package::Error::Io(scratch.clone(), error))
    });
    match outcome.and(removed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Exits with 2 if the contracts could not be compared.
fn run_diff(arguments: &DiffArguments) -> ExitCode {
    let (Some(old), Some(new)) = (&arguments.old, &arguments.new) else {
        return print(&diff::rules::markdown(), ExitCode::SUCCESS);
    };
    let root = project_root();
    let usual = root.join(IGNORE_FILE);
    let settings = match settings(arguments.settings.as_deref()) {
        Ok(settings) => settings,
        Err(message) => {
            print_error(&message);
            return ExitCode::from(TROUBLE);
        }
    };
    let ignored = match &arguments.ignore {
        Some(file) => diff::read_ignore(file, Path::new(file)),
        None if usual.exists() => diff::read_ignore(IGNORE_FILE, &usual),
        None => Ok(diff::Ignored::default()),
    };
    let report = ignored.and_then(|ignored| {
        let read = |name| diff::source::read(name, &root, CONTRACT).map_err(diff::Error::Source);
        let (old, new) = (read(old)?, read(new)?);
        let policy = settings.policy(chrono::Utc::now().date_naive());
        diff::compare(&old, &new, &ignored, policy)
    });
    match report {
        Ok(mut report) => {
            settings.diff(&mut report);
            let text = match arguments.format {
                DiffFormat::Markdown => {
                    let link = arguments.link.clone();
                    let group = arguments.group_by;
                    report::markdown(&report, &MarkdownStyle { link, group })
                }
                format => report::diff(&report, format),
            };
            let code = if report.fails(arguments.fail_on) {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            };
            print(&text, code)
        }
        Err(error) => {
            for line in error.to_string().lines() {
                eprintln!("error: {line}");
            }
            ExitCode::from(TROUBLE)
        }
    }
}

/// Prints `text`. A reader that closes the pipe is not an error.
fn print(text: &str, code: ExitCode) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("error: {error}");
            ExitCode::from(TROUBLE)
        }
        _ => code,
    }
}

/// The settings in `file`, or the usual ones of the workspace if there are any.
fn settings(file: Option<&Path>) -> Result<Settings, String> {
    let usual = project_root().join(SETTINGS);
    let (label, path) = match file {
        Some(file) => (file.display().to_string(), file),
        None if usual.exists() => (SETTINGS.to_owned(), usual.as_path()),
        None => return Ok(Settings::default()),
    };
    let text = std::fs::read_to_string(path).map_err(|error| format!("{label}: {error}"))?;
    Settings::parse(&label, &text).map_err(|faults| faults.to_string())
}

fn print_error(message: &str) {
    for line in message.lines() {
        eprintln!("error: {line}");
    }
}

fn run_drift(
    document: &Path,
    contract: &Path,
    baseline: &Path,
    accept: bool,
) -> Result<ExitCode, String> {
    let at = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    let read = |path: &Path| {
        let bytes = std::fs::read(path).map_err(|error| at(path, error))?;
        let fault = |fault: people_codegen::Diagnostic| {
            format!("{}:{}: {}", path.display(), fault.position, fault.message)
        };
        let text = load::decode(&bytes).map_err(fault)?;
        load::load(text).map_err(fault)
    };
    let known = match std::fs::read_to_string(baseline) {
        Ok(text) => Some(drift::Baseline::parse(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(at(baseline, error)),
    };
    let is_first = known.is_none();
    let (document_node, contract_node) = (read(document)?, read(contract)?);
    let report = drift::drift(&document_node, &contract_node, &known.unwrap_or_default());
    if accept {
        std::fs::write(baseline, report.baseline()).map_err(|error| at(baseline, error))?;
    }
    let code = if report.has_changed() && !accept {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    };
    let code = print(&report.render(&document.display().to_string()), code);
    if is_first && !accept {
        eprintln!(
            "note: there is no last look, so everything is new; `--accept` makes this the last look"
        );
    }
    Ok(code)
}

/// A package of its own does the work, so that this one stays quick to build.
fn run_bench(arguments: &[OsString]) -> ExitCode {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = std::env::current_exe().and_then(|xtask| {
        process::Command::new(cargo)
            .args([
                "run",
                "--quiet",
                "--package",
                "people-bench",
                "--manifest-path",
            ])
            .arg(project_root().join("Cargo.toml"))
            .arg("--")
            .args(arguments)
            .env(XTASK, xtask)
            .status()
    });
    match status {
        Ok(status) => {
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            code.map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(error) => {
            eprintln!("error: people-bench cannot be run: {error}");
            ExitCode::FAILURE
        }
    }
}
