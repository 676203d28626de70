//! `people man`: manual pages, made from the help texts.

use std::path::PathBuf;

use clap::{Args, Command};

use crate::exit::{Exit, Failure};
use crate::output::print;

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Write the page of every command to this directory, which must exist
    #[arg(long, value_name = "DIRECTORY")]
    directory: Option<PathBuf>,
}

impl Man {
    /// Prints the page of `command`, the whole command line of this program, or writes all pages.
    pub(crate) fn run(&self, command: Command) -> Result<Exit, Failure> {
        if let Some(directory) = &self.directory {
            let failed = |error| Failure::usage(format_args!("{}: {error}", directory.display()));
            clap_mangen::generate_to(command, directory).map_err(failed)?;
            return Ok(Exit::Ok);
        }
        let mut page = Vec::new();
        let rendered = clap_mangen::Man::new(command).render(&mut page);
        rendered.map_err(|error| Failure::new(Exit::Other, error))?;
        print(&String::from_utf8_lossy(&page))?;
        Ok(Exit::Ok)
    }
}
