//! `people update`: some properties of a person set or cleared, and the others kept.

use std::fs;
use std::io::{self, Read};
use std::path::{Path as FilePath, PathBuf};

use clap::Args;
use serde_json::{Map, Value};

use crate::apply_edit::attempt;
use crate::connection::Connection;
use crate::exit::{Exit, Failure, eprint_line};
use crate::output::Output;
use crate::patch::{Action, NewValue, Patch, Path};
use crate::person_id::PersonId;
use crate::schema;

#[derive(Debug, Args)]
#[group(id = "change", required = true, multiple = true, args = ["set", "unset", "file"])]
pub(crate) struct Update {
    /// Person id, `me`, or `-` for one id from standard input
    #[arg(value_name = "ID")]
    id: String,

    /// Set a property: `title=GM`, `loginEnabled=false`, `phoneNumbers[0].value=+1 408 526 7209`
    ///
    /// The value is text where the property takes text, or else JSON. The item after the last adds
    /// one. Items are counted without numbers of the type `work_extension`, which the service does
    /// not take back.
    #[arg(long, value_name = "PATH=VALUE", value_parser = assignment)]
    set: Vec<Action>,

    /// Clear a property, or take an item away: `department`, `phoneNumbers[1]`
    ///
    /// What is to be set is set first. Items are counted before any of them is taken away.
    #[arg(long, value_name = "PATH", value_parser = removal)]
    unset: Vec<Action>,

    /// JSON or YAML file (`-`: standard input) with the properties to set; null clears one, and
    /// those left out stay
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Only show the difference and the body that would be sent; the exit code is 1 when something
    /// would change
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    connection: Connection,
}

/// Reads `PATH=VALUE`.
fn assignment(text: &str) -> Result<Action, String> {
    let (path, value) = text
        .split_once('=')
        .ok_or_else(|| "there is no `=`; write PATH=VALUE".to_owned())?;
    Ok(Action::Set(
        path.parse()?,
        NewValue::Typed(value.to_owned()),
    ))
}

fn removal(text: &str) -> Result<Action, String> {
    let path: Path = text.parse()?;
    Ok(Action::Unset(path))
}

impl Update {
    pub(crate) async fn run(&self, output: Output) -> Result<Exit, Failure> {
        let from_file = match &self.file {
            Some(path) => self.properties(path)?,
            None => Map::new(),
        };
        let mut change = Patch::from_object(from_file);
        change.0.extend(self.set.iter().chain(&self.unset).cloned());
        let id = PersonId::single(&self.id, &self.connection)?;
        let client = self.connection.client()?;
        let id = id.resolve(&client).await?;
        attempt(&client, &id, self.dry_run, |update| change.apply(update))
            .await
            .tell(&id, self.dry_run, output)
    }

    /// The properties that the file sets, without those that cannot be.
    fn properties(&self, path: &FilePath) -> Result<Map<String, Value>, Failure> {
        let unreadable =
            |error: io::Error| Failure::usage(format_args!("{}: {error}", path.display()));
        let text = if path.as_os_str() == "-" {
            if self.id == "-" || self.connection.takes_stdin() {
                return Err(Failure::usage(
                    "standard input cannot give both the file and something else",
                ));
            }
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map_err(unreadable)?;
            text
        } else {
            fs::read_to_string(path).map_err(unreadable)?
        };
        let mut properties = object(&text).map_err(|failure| failure.about(path.display()))?;
        let mut left_out = Vec::new();
        properties.retain(|name, _| {
            let writable = !schema::is_read_only(name);
            if !writable {
                left_out.push(name.clone());
            }
            writable
        });
        if !left_out.is_empty() {
            eprint_line(format_args!(
                "note: read-only, and left out of the update: {}",
                left_out.join(", ")
            ));
        }
        Ok(properties)
    }
}

/// Reads an object in YAML, of which JSON is a part.
pub(crate) fn object(text: &str) -> Result<Map<String, Value>, Failure> {
    match yaml_serde::from_str(text) {
        Ok(Value::Object(properties)) => Ok(properties),
        Ok(_) => Err(Failure::usage(
            "a person's properties were expected, `title: GM`",
        )),
        Err(error) => Err(Failure::usage(error)),
    }
}
