//! The `people` command: from the command line to a command, and from its outcome to an exit code.
//!
//! A command is a module in `commands` that puts the other modules together. No module names a
//! property of a person: names come from the contract's schema, and values stay JSON.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::args::{Cli, Command};
use crate::exit::{Exit, Failure};
use crate::output::{Format, Output};
use crate::stderr::Messages;

mod append_file;
mod apply_edit;
mod args;
mod commands;
mod connection;
mod credentials;
mod diff;
mod digest;
mod edit_text;
mod editor;
mod exit;
mod history;
mod input;
mod log;
mod outcome;
mod output;
mod patch;
mod patch_file;
mod person_id;
mod person_row;
mod progress;
mod raw_json;
mod reads;
mod recorded;
mod report;
mod schema;
mod signals;
mod spreadsheet;
mod stderr;
mod suggestions;
mod yaml;
mod yaml_lines;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let in_pipe = match &cli.command {
        Command::Get(get) => get.format_in_pipe(),
        _ => Format::Json,
    };
    let output = Output::new(cli.common.output, in_pipe);
    cli.common.color.apply();
    if cli.common.quiet {
        stderr::be_quiet();
    }
    if cli.common.verbose > 0 {
        log::start(output.messages, cli.common.verbose > 1);
    }
    match run(&cli.command, output, cli.common.verbose > 0) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.report(output.messages);
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
            Command::Get(get) => get.run(output, verbose).await,
            Command::Update(update) => update.run(output).await,
            Command::Edit(edit) => edit.run(output).await,
            Command::Apply(apply) => apply.run(output, verbose).await,
            Command::Serve(serve) => serve.run(output, verbose).await,
            Command::Check(check) => check.run(output, verbose).await,
            Command::Schema(schema) => schema.run(output),
            Command::Id(id) => id.run(output),
            Command::Man(man) => man.run(Cli::command()),
            Command::Completions(completions) => completions.run(Cli::command()),
        }
    })
}

/// Ends the command for a command line that is invalid, or that asks for help.
fn usage(error: &clap::Error) -> ExitCode {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if !is_help && wants_json(std::env::args()) {
        let text = error.render().to_string();
        let message = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
        Failure::usage(message).report(Messages::Json);
    } else {
        // There is no fallback when standard error is closed.
        let _ = error.print();
    }
    if is_help { Exit::Ok } else { Exit::Usage }.into()
}

/// Whether an invalid command line asks for errors as JSON.
fn wants_json(arguments: impl Iterator<Item = String>) -> bool {
    let arguments: Vec<String> = arguments.collect();
    arguments
        .iter()
        .any(|word| word == "-ojson" || word == "--output=json")
        || arguments
            .windows(2)
            .any(|words| ["-o", "--output"].contains(&words[0].as_str()) && words[1] == "json")
}
