//! `people edit`: a person's writable properties in an editor, and what is changed there sent.

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
use crate::exit::{Exit, Failure, eprint_line};
use crate::output::{Output, yaml};
use crate::patch::{check_names, cleared, from_json, to_json};
use crate::person_id::PersonId;

#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// Person id, or `me`
    #[arg(value_name = "ID")]
    id: String,

    /// Go on with a text that an earlier edit has kept
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,

    /// Only show the difference and the body that would be sent; the exit code is 1 when something
    /// would change
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    connection: Connection,
}

/// Before the state in which the person was read.
const STATE: &str = "# State of the person: ";

impl Edit {
    pub(crate) async fn run(&self, output: Output) -> Result<Exit, Failure> {
        if self.id == "-" || self.connection.takes_stdin() {
            return Err(Failure::usage("the editor needs standard input")
                .help("name the person with ID, and the token with `--token-file`"));
        }
        let client = self.connection.client()?;
        let person = PersonId::from(self.id.as_str()).read(&client, true).await?;
        let original = to_json(&PersonUpdate::from(&person))?;
        let state = digest(original.to_string().as_bytes());
        let buffer = match &self.resume {
            Some(path) => path.clone(),
            None => begin(&person.id, &PersonUpdate::from(&person), &state)?,
        };
        let outcome = self
            .edit(&client, &person.id, &original, &buffer, output)
            .await;
        if matches!(outcome, Ok(Exit::Ok)) {
            // The text has done its duty; when it stays, nothing is lost.
            let _ = fs::remove_file(&buffer);
        } else if buffer.exists() {
            let path = buffer.display();
            eprint_line(format_args!(
                "note: your text is kept; `people edit {} --resume {path}` goes on with it",
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
        let begun = text.lines().find_map(|line| line.strip_prefix(STATE));
        if begun != Some(digest(original.to_string().as_bytes()).as_str()) {
            return Err(changed_meanwhile());
        }
        run_editor(buffer)?;
        let text = fs::read_to_string(buffer).map_err(unreadable)?;
        let wanted = Value::Object(object(&text)?);
        check_names(&wanted, original)?;
        let wanted = cleared(original, wanted)?;
        from_json(wanted.clone()).map_err(|fault| {
            Failure::usage(fault)
                .help("text that looks like a number or a truth value needs quotes: \"133\"")
        })?;
        let edits = edits(original, &wanted);
        let attempt = attempt(client, id, self.dry_run, |update| {
            let mut current = to_json(update)?;
            // Another could have changed in the meantime what was edited here.
            let moved = edits
                .keys()
                .any(|name| current.get(name) != original.get(name));
            if moved {
                return Err(changed_meanwhile());
            }
            if let Some(properties) = current.as_object_mut() {
                for (name, value) in &edits {
                    properties.insert(name.clone(), value.clone());
                }
            }
            from_json(current).map_err(Failure::usage)
        })
        .await;
        if let Ok(Some(after)) = attempt.outcome.as_ref().map(people_sdk::Edit::after) {
            let after = to_json(&PersonUpdate::from(after))?;
            // What was edited is all that the text may overwrite.
            if differing(original, &after).all(|name| edits.contains_key(name)) {
                begin_again(&text, &after, buffer).map_err(unreadable)?;
            }
        }
        attempt.tell(id, self.dry_run, output)
    }
}

fn changed_meanwhile() -> Failure {
    Failure::new(
        Exit::Other,
        "the person has changed since the text was begun; nothing was written",
    )
    .help("begin a new edit, and take over from the text what still fits")
}

/// The properties that are not as they were, with their new values; null where one is gone.
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

/// Notes in the text that `person` is the state it goes on from: an update that was applied in part
/// has changed it.
fn begin_again(text: &str, person: &Value, buffer: &Path) -> std::io::Result<()> {
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

/// A file of the owner's alone, with the text to edit.
fn begin(id: &str, update: &PersonUpdate, state: &str) -> Result<PathBuf, Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(Exit::Other, format_args!("no file for the editor: {error}"))
    };
    let mut file = tempfile::Builder::new()
        .prefix("people-")
        .suffix(".yaml")
        .tempfile()
        .map_err(failed)?;
    let text = format!(
        "# What can be changed of {id}.\n\
         # A line that is taken out clears its property. Without a change nothing is written.\n\
         {STATE}{state}\n\
         {}",
        yaml(update)?
    );
    file.write_all(text.as_bytes()).map_err(failed)?;
    let (_, path) = file.keep().map_err(|error| failed(error.error))?;
    Ok(path)
}

/// Runs the user's editor on `path`, as a shell would, for its name can have arguments.
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
            .help("name another one in EDITOR")
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::usage(format_args!(
            "the editor `{editor}` ended with {status}; nothing was written"
        ))
        .help("EDITOR names the editor"))
    }
}
