//! `people update`: properties of a person set or cleared, all others kept.

use std::path::{Path as FilePath, PathBuf};

use clap::Args;
use serde_json::{Map, Value};

use crate::apply_edit::{EditOptions, attempt};
use crate::connection::Connection;
use crate::exit::{Exit, Failure};
use crate::input::{is_stdin, parse_object, read_text, shown_path};
use crate::output::Output;
use crate::patch::{Action, NewValue, Patch, Path};
use crate::person_id::PersonId;
use crate::schema;
use crate::stderr::Messages;
use crate::suggestions::Suggested;

#[derive(Debug, Args)]
#[group(id = "change", required = true, multiple = true, args = ["set", "unset", "add", "remove", "null", "file"])]
pub(crate) struct Update {
    /// Person id, `me`, or `-` for one id from standard input
    #[arg(value_name = "ID")]
    id: String,

    /// Set a property: `title=GM`, `loginEnabled=false`, `phoneNumbers[0].value=+1 408 526 7209`
    ///
    /// The value is text if the property takes text, or else JSON. `phoneNumbers[work]` is the phone
    /// number of type `work`. The index after the last item adds one. Items are counted without
    /// phone numbers of type `work_extension`, which an update must not contain.
    #[arg(long, value_name = "PATH=VALUE", value_parser = Suggested::writable(assignment, "="), hide_possible_values = true)]
    set: Vec<Action>,

    /// Clear a property, or remove an item: `department`, `phoneNumbers[1]`, `phoneNumbers[fax]`
    ///
    /// Values are set first, and items are counted before any of them is removed.
    #[arg(long, value_name = "PATH", value_parser = Suggested::writable(clearing, ""), hide_possible_values = true)]
    unset: Vec<Action>,

    /// Add an item to a list that does not contain it: `licenses=ID`
    #[arg(long, value_name = "PATH=VALUE", value_parser = Suggested::lists(addition), hide_possible_values = true)]
    add: Vec<Action>,

    /// Remove an item from a list: `licenses=ID`
    #[arg(long, value_name = "PATH=VALUE", value_parser = Suggested::lists(removal), hide_possible_values = true)]
    remove: Vec<Action>,

    /// JSON or YAML file (`-`: standard input) with properties to set; null clears a property, and
    /// a property that is left out stays as it is
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    #[command(flatten)]
    options: EditOptions,

    #[command(flatten)]
    connection: Connection,
}

/// Reads `PATH=VALUE`.
fn pair(text: &str) -> Result<(Path, NewValue), String> {
    let (path, value) = text
        .split_once('=')
        .ok_or_else(|| "`=` is missing; write PATH=VALUE".to_owned())?;
    Ok((path.parse()?, NewValue::Typed(value.to_owned())))
}

fn assignment(text: &str) -> Result<Action, String> {
    pair(text).map(|(path, value)| Action::Set(path, value))
}

fn addition(text: &str) -> Result<Action, String> {
    pair(text).map(|(path, value)| Action::Add(path, value))
}

fn removal(text: &str) -> Result<Action, String> {
    pair(text).map(|(path, value)| Action::Remove(path, value))
}

fn clearing(text: &str) -> Result<Action, String> {
    text.parse().map(Action::Unset)
}

impl Update {
    pub(crate) async fn run(&self, output: Output) -> Result<Exit, Failure> {
        let from_file = match &self.file {
            Some(path) => self.properties(path, output.messages)?,
            None => Map::new(),
        };
        let mut change = Patch::from_object(from_file);
        let actions = [&self.set, &self.add, &self.remove, &self.unset];
        change.0.extend(actions.into_iter().flatten().cloned());
        change.check_values()?;
        let id = PersonId::single(&self.id, &self.connection)?;
        let client = self.connection.client(output.messages)?;
        let id = id.resolve(&client).await?;
        attempt(
            &client,
            &id,
            &self.options,
            |update| change.apply(update),
            |_, _| Ok(()),
        )
        .await
        .report(&id, self.options.dry_run, output)
    }

    /// The properties that the file sets, without the read-only ones.
    fn properties(
        &self,
        path: &FilePath,
        messages: Messages,
    ) -> Result<Map<String, Value>, Failure> {
        if is_stdin(path) && (self.id == "-" || self.connection.takes_stdin()) {
            return Err(Failure::usage(
                "standard input cannot hold both the file and something else",
            ));
        }
        let text = read_text(path)?;
        let mut properties =
            parse_object(&text).map_err(|failure| failure.about(shown_path(path)))?;
        let mut left_out = Vec::new();
        properties.retain(|name, _| {
            let writable = !schema::is_read_only(name);
            if !writable {
                left_out.push(name.clone());
            }
            writable
        });
        if !left_out.is_empty() {
            messages.notice(format_args!(
                "read-only, and left out of the update: {}",
                left_out.join(", ")
            ));
        }
        Ok(properties)
    }
}
