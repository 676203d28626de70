//! The `people` command: from the command line to a command, and from its outcome to an exit code.
//!
//! A command is a module in `commands` that puts the others together. None of them names a property
//! of a person: what there is comes from the contract's schema, and values stay JSON.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::args::{Cli, Command};
use crate::exit::{Exit, Failure};
use crate::output::Output;

mod apply_edit;
mod args;

mod commands;
mod connection;
mod diff;
mod digest;
mod exit;
mod interrupt;
mod log;
mod outcome;
mod output;
mod patch;
mod patch_file;
mod person_id;
mod report;
mod schema;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let output = Output::new(cli.common.output);
    if cli.common.verbose {
        log::start();
    }
    match run(&cli.command, output, cli.common.verbose) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.report(output.json_errors);
            failure.exit.into()
        }
    }
}

fn run(command: &Command, output: Output, verbose: bool) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Other, error))?;
    runtime.block_on(async {
        match command {
            Command::Demo(demo) => demo.run().await,
            Command::Me(me) => me.run(output).await,
            Command::Get(get) => get.run(output).await,
            Command::Update(update) => update.run(output).await,
            Command::Edit(edit) => edit.run(output).await,
            Command::Apply(apply) => apply.run(output, verbose).await,
            Command::Serve(serve) => serve.run().await,
            Command::Schema(schema) => schema.run(output),
            Command::Completions(completions) => completions.run(Cli::command()),
        }
    })
}

/// A command line that cannot be understood, or one that asks for help.
fn usage(error: &clap::Error) -> ExitCode {
    let asked_for = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if !asked_for && wants_json(std::env::args()) {
        let text = error.render().to_string();
        let message = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
        Failure::usage(message).report(true);
    } else {
        // Nobody may be there to read it.
        let _ = error.print();
    }
    if asked_for { Exit::Ok } else { Exit::Usage }.into()
}

/// Whether errors shall be JSON, on a command line that could not be understood.
fn wants_json(arguments: impl Iterator<Item = String>) -> bool {
    let arguments: Vec<String> = arguments.collect();
    arguments
        .iter()
        .any(|word| word == "-ojson" || word == "--output=json")
        || arguments
            .windows(2)
            .any(|words| ["-o", "--output"].contains(&words[0].as_str()) && words[1] == "json")
}
