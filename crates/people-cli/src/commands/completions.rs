//! `people completions`: completion scripts for shells.

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
        print(&String::from_utf8_lossy(&script))?;
        Ok(Exit::Ok)
    }
}
