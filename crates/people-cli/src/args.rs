//! The command line: its commands, flags and help texts. What they do is in `commands`.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand};

use crate::commands::{apply, completions, demo, edit, get, me, schema, serve, update};
use crate::exit::CODES;
use crate::output::Format;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Read and correct people of a Webex organization
///
/// The access token comes from the environment variable `WEBEX_ACCESS_TOKEN`, from a file or from
/// standard input, never from an argument. Standard output carries data only; everything else goes
/// to standard error.
#[derive(Debug, Parser)]
#[command(name = "people", version, styles = STYLES, after_help = CODES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    #[command(flatten)]
    pub(crate) common: Common,
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Common {
    /// Form of what is printed (default: a table on a terminal, or else JSON); with `json`, errors
    /// are JSON too
    #[arg(short, long, global = true, value_name = "FORMAT", value_enum)]
    pub(crate) output: Option<Format>,

    /// Log requests and answers to standard error, without secrets and personal values
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what all of this does, against a service in memory
    #[command(after_help = CODES)]
    Demo(demo::Demo),
    /// Show the person whose token it is
    #[command(after_help = CODES)]
    Me(me::Me),
    /// Show people
    #[command(after_help = examples(
        "people get me --calling-data
people get - -o json < ids.txt | jq -r .displayName"
    ))]
    Get(get::Get),
    /// Change some properties of a person, and keep the others
    #[command(after_help = examples(
        "people update ID --set title=GM --unset department --dry-run
people update ID --set 'phoneNumbers[0].value=+1 408 526 7209'
people update ID --file update.json"
    ))]
    Update(update::Update),
    /// Change a person in your editor
    #[command(after_help = examples("EDITOR='code --wait' people edit me"))]
    Edit(edit::Edit),
    /// Change many people, by a file of changes
    #[command(after_help = examples(
        "people apply changes.csv --dry-run
people apply changes.csv --report report.ndjson
people apply changes.csv --report report.ndjson   (goes on where the first run ended)

  changes.csv                      changes.ndjson
  id,title,phoneNumbers[0].value   {\"id\": \"ID\", \"set\": {\"title\": \"GM\"}}
  ID,GM,+1 408 526 7209            {\"id\": \"ID\", \"unset\": [\"department\"]}"
    ))]
    Apply(apply::Apply),
    /// Run a People service in memory, to try things out on
    #[command(after_help = examples(
        "people serve --listen 127.0.0.1:8080
people serve --fault 'PUT 503 retry-after=2 times=1' --fault '429 retry-after=1 every=10'"
    ))]
    Serve(serve::Serve),
    /// Print the contract's types as JSON Schema
    #[command(after_help = examples("people schema PersonUpdate"))]
    Schema(schema::Schema),
    /// Print what a shell needs to complete this command's words
    #[command(after_help = examples(
        "people completions bash > ~/.local/share/bash-completion/completions/people"
    ))]
    Completions(completions::Completions),
}

/// What the help of a command ends with, when it has examples.
fn examples(lines: &str) -> String {
    let lines: Vec<String> = lines.lines().map(|line| format!("  {line}")).collect();
    let lines = lines.join("\n");
    format!("Examples:\n{}\n\n{CODES}", lines.replace("\n  \n", "\n\n"))
}
