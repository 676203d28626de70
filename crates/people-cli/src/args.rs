//! The command line: commands, common options and help texts. What a command does is in `commands`.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::{
    apply, check, completions, demo, edit, get, id, man, me, schema, serve, update,
};
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

/// The options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Common {
    /// Format of the output (default: a table on a terminal, JSON otherwise); with `json` and
    /// `ndjson`, messages on standard error are JSON lines too
    #[arg(short, long, global = true, value_name = "FORMAT", value_enum)]
    pub(crate) output: Option<Format>,

    /// Log requests and responses to standard error, without secrets and personal data; twice: with
    /// the ids of people and the query
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Write errors only to standard error: no notes, no warnings, no progress
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Color,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Applies the choice to everything that this program prints.
    pub(crate) fn apply(self) {
        let choice = match self {
            Self::Auto => return,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what the client does, with a service in memory
    #[command(after_help = CODES)]
    Demo(demo::Demo),
    /// Show the person that the token belongs to
    #[command(after_help = CODES)]
    Me(me::Me),
    /// Show people
    #[command(after_help = examples(
        "people get me --calling-data
people get - -o json < ids.txt | jq -r .displayName
people get - -o csv --fields id,displayName,title < ids.txt > people.csv"
    ))]
    Get(get::Get),
    /// Change properties of a person, and keep the others
    #[command(after_help = examples(
        "people update ID --set title=GM --unset department --dry-run
people update ID --set 'phoneNumbers[work].value=+1 408 526 7209'
people update ID --add licenses=LICENSE --remove licenses=OTHER
people update ID --file update.json"
    ))]
    Update(update::Update),
    /// Change a person in an editor
    #[command(after_help = examples("EDITOR='code --wait' people edit me"))]
    Edit(edit::Edit),
    /// Change many people as a file says
    #[command(after_help = examples(
        "people apply changes.csv --dry-run
people apply changes.csv --report report.ndjson --save-before before.ndjson
people apply changes.csv --report report.ndjson   (goes on where the first run ended)
people apply --undo before.ndjson --report undo.ndjson

  changes.csv              changes.ndjson
  id,title,unset           {\"id\": \"ID\", \"set\": {\"title\": \"GM\"}}
  ID,GM,department         {\"id\": \"ID\", \"unset\": [\"department\"]}
  id,add licenses          {\"id\": \"ID\", \"add\": {\"licenses\": \"LICENSE\"}}
  ID,LICENSE
  id,remove licenses       {\"id\": \"ID\", \"remove\": {\"licenses\": \"LICENSE\"}}
  ID,LICENSE"
    ))]
    Apply(apply::Apply),
    /// List where answers of the service differ from the contract, by name alone
    #[command(after_help = examples(
        "people check me --calling-data
people check - -o ndjson < ids.txt
people check --from session.har"
    ))]
    Check(check::Check),
    /// Run a People service in memory, for tests and trials
    #[command(after_help = examples(
        "people serve --listen 127.0.0.1:8080
people serve --fault 'PUT 503 retry-after=2 times=1' --fault '429 retry-after=1 every=10'"
    ))]
    Serve(serve::Serve),
    /// Print the contract's types as JSON Schema
    #[command(after_help = examples("people schema PersonUpdate"))]
    Schema(schema::Schema),
    /// Show what a person id consists of, or make one from a UUID
    #[command(after_help = examples(
        "people id Y2lzY29zcGFyazovL3VzL1BFT1BMRS9mNWIzNjE4Ny1jOGRkLTQ3MjctOGIyZi1mOWM0NDdmMjkwNDY
people id f5b36187-c8dd-4727-8b2f-f9c447f29046"
    ))]
    Id(id::Id),
    /// Print manual pages
    #[command(after_help = examples("people man > people.1
people man --directory ~/.local/share/man/man1"))]
    Man(man::Man),
    /// Print a completion script for a shell
    #[command(after_help = examples(
        "people completions bash > ~/.local/share/bash-completion/completions/people"
    ))]
    Completions(completions::Completions),
}

/// The end of the help text of a command with examples.
fn examples(lines: &str) -> String {
    let lines: Vec<String> = lines.lines().map(|line| format!("  {line}")).collect();
    let lines = lines.join("\n");
    format!("Examples:\n{}\n\n{CODES}", lines.replace("\n  \n", "\n\n"))
}
