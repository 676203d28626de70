//! `people edit`: the writable properties of a person in an editor. What is changed there is sent.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use clap::Args;
use people_sdk::types::PersonUpdate;
use serde_json::{Map, Value};

use crate::apply_edit::attempt;
use crate::commands::update::object;
use crate::connection::Connection;
use crate::digest::digest;
use crate::exit::{Exit, Failure};
use crate::output::{Output, yaml};
use crate::patch::{check_names, cleared, from_json, to_json};
use crate::person_id::PersonId;

#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// Person id, or `me`
    #[arg(value_name = "ID")]
    id: String,

    /// Continue with the text that an earlier edit has kept
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,

    /// Only show the changes and the body that would be sent; the exit code is 1 if something would
    /// change
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    connection: Connection,
}

/// The line of the text with the digest of the person as it was read begins like this.
const STATE: &str = "# State of the person: ";

impl Edit {
    pub(crate) async fn run(&self, output: Output) -> Result<Exit, Failure> {
        if self.id == "-" || self.connection.takes_stdin() {
            return Err(Failure::usage("the editor needs standard input")
                .help("name the person with ID, and the token with `--token-file`"));
        }
        let client = self.connection.client(output.messages)?;
        let person = PersonId::from(self.id.as_str()).read(&client, true).await?;
        let original = to_json(&PersonUpdate::from(&person))?;
        let state = digest(original.to_string().as_bytes());
        let buffer = match &self.resume {
            Some(path) => path.clone(),
            None => write_text(&person.id, &PersonUpdate::from(&person), &state)?,
        };
        let outcome = self
            .edit(&client, &person.id, &original, &buffer, output)
            .await;
        if matches!(outcome, Ok(Exit::Ok)) {
            // A text that cannot be removed does no harm.
            let _ = fs::remove_file(&buffer);
        } else if buffer.exists() {
            let path = buffer.display();
            output.messages.notice(format_args!(
                "the text is kept; `people edit {} --resume {path}` continues with it",
                self.id
            ));
        }
        outcome
    }

    async fn edit(
        &self,
        client: &people_sdk::Client,
        id: &str,
        original: &Value,
        buffer: &PathBuf,
        output: Output,
    ) -> Result<Exit, Failure> {
        let unreadable =
            |error: std::io::Error| Failure::usage(format_args!("{}: {error}", buffer.display()));
        let text = fs::read_to_string(buffer).map_err(unreadable)?;
        let state = text.lines().find_map(|line| line.strip_prefix(STATE));
        if state != Some(digest(original.to_string().as_bytes()).as_str()) {
            return Err(changed_meanwhile());
        }
        run_editor(buffer)?;
        let text = fs::read_to_string(buffer).map_err(unreadable)?;
        let wanted = Value::Object(object(&text)?);
        check_names(&wanted, original)?;
        let wanted = cleared(original, wanted)?;
        from_json(&wanted).map_err(|fault| {
            Failure::usage(fault)
                .help("text that looks like a number or a boolean needs quotes: \"133\"")
        })?;
        let edits = edits(original, &wanted);
        let attempt = attempt(
            client,
            id,
            self.dry_run,
            |update| {
                let mut current = to_json(update)?;
                // A property that was edited here can have been changed elsewhere in the meantime.
                let has_changed = edits
                    .keys()
                    .any(|name| current.get(name) != original.get(name));
                if has_changed {
                    return Err(changed_meanwhile());
                }
                if let Some(properties) = current.as_object_mut() {
                    for (name, value) in &edits {
                        properties.insert(name.clone(), value.clone());
                    }
                }
                from_json(&current).map_err(Failure::usage)
            },
            |_, _| Ok(()),
        )
        .await;
        if let Ok(Some(after)) = attempt.outcome.as_ref().map(people_sdk::Edit::after) {
            let after = to_json(&PersonUpdate::from(after))?;
            // The text may overwrite what was edited, and nothing else.
            if differing(original, &after).all(|name| edits.contains_key(name)) {
                update_state(&text, &after, buffer).map_err(unreadable)?;
            }
        }
        attempt.report(id, self.dry_run, output)
    }
}

fn changed_meanwhile() -> Failure {
    Failure::new(
        Exit::Other,
        "the person has changed since the text was written; nothing was sent",
    )
    .help("start a new edit, and copy from the text what still fits")
}

/// The properties that differ, with their new values; null for one that was removed.
fn edits(original: &Value, wanted: &Value) -> Map<String, Value> {
    differing(original, wanted)
        .map(|name| {
            let value = wanted.get(name).cloned().unwrap_or_default();
            (name.clone(), value)
        })
        .collect()
}

/// The names of the properties that differ.
fn differing<'a>(one: &'a Value, other: &'a Value) -> impl Iterator<Item = &'a String> {
    let names = |value: &'a Value| value.as_object().into_iter().flat_map(Map::keys);
    let of_one = names(one).filter(|name| one.get(name) != other.get(name));
    of_one.chain(names(other).filter(|name| one.get(name).is_none()))
}

/// Writes the digest of `person` to the text, because an update that was partly applied has changed
/// the person.
fn update_state(text: &str, person: &Value, buffer: &Path) -> std::io::Result<()> {
    let state = format!("{STATE}{}", digest(person.to_string().as_bytes()));
    let lines = text.lines().map(|line| {
        if line.starts_with(STATE) {
            state.as_str()
        } else {
            line
        }
    });
    let text: Vec<&str> = lines.collect();
    fs::write(buffer, text.join("\n") + "\n")
}

/// A file with the text to edit, readable by its owner only.
fn write_text(id: &str, update: &PersonUpdate, state: &str) -> Result<PathBuf, Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(Exit::Other, format_args!("no file for the editor: {error}"))
    };
    let mut file = tempfile::Builder::new()
        .prefix("people-")
        .suffix(".yaml")
        .tempfile()
        .map_err(failed)?;
    let text = format!(
        "# The properties of {id} that can be changed.\n\
         # A line that is removed clears its property. Without a change, nothing is sent.\n\
         {STATE}{state}\n\
         {}",
        yaml(update)?
    );
    file.write_all(text.as_bytes()).map_err(failed)?;
    let (_, path) = file.keep().map_err(|error| failed(error.error))?;
    Ok(path)
}

/// Runs the user's editor on `path`, through a shell, because its name can have arguments.
fn run_editor(path: &PathBuf) -> Result<(), Failure> {
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| {
        let value = env::var(name).ok()?;
        (!value.trim().is_empty()).then_some(value)
    });
    let editor = named.unwrap_or_else(|| "vi".to_owned());
    let mut command = if cfg!(windows) {
        let mut words = editor.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{editor} \"$1\""), "sh"]);
        command
    };
    let status = command.arg(path).status().map_err(|error| {
        Failure::usage(format_args!("the editor `{editor}`: {error}"))
            .help("set EDITOR to another editor")
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::usage(format_args!(
            "the editor `{editor}` ended with {status}; nothing was sent"
        ))
        .help("set EDITOR to another editor"))
    }
}
