//! `people completions`: completion scripts for shells.

use std::fmt::Write as _;

use clap::{Args, Command};
use clap_complete::Shell;

use crate::exit::{Exit, Failure};
use crate::output::print;

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// Prints the script for `command`, the whole command line of this program.
    pub(crate) fn run(&self, mut command: Command) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "people", &mut script);
        let mut script = String::from_utf8_lossy(&script).into_owned();
        if self.shell == Shell::Fish {
            script.push_str(&fish_positional_values(&command));
        }
        print(&script)?;
        Ok(Exit::Ok)
    }
}

/// Completions of the arguments without a name, such as the types of `people schema`, which the
/// library writes for options alone.
fn fish_positional_values(command: &Command) -> String {
    let mut lines = String::new();
    for command in command.get_subcommands().filter(|it| !it.is_hide_set()) {
        for argument in command.get_positionals() {
            let values = argument.get_possible_values();
            let names: Vec<&str> = values
                .iter()
                .filter(|it| !it.is_hide_set())
                .map(clap::builder::PossibleValue::get_name)
                .collect();
            if !names.is_empty() {
                // Writing to a string does not fail.
                let _ = writeln!(
                    lines,
                    "complete -c people -n \"__fish_people_using_subcommand {}\" -f -a \"{}\"",
                    command.get_name(),
                    names.join(" ")
                );
            }
        }
    }
    lines
}
