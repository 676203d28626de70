//! `people edit`: the writable properties of a person in an editor. What is changed there is sent.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use people_sdk::Client;
use people_sdk::types::{Person, PersonUpdate};
use serde_json::Value;

use crate::apply_edit::{Attempt, EditOptions, attempt};
use crate::connection::Connection;
use crate::edit_text::{self, Edits};
use crate::editor;
use crate::exit::{Exit, Failure};
use crate::input::read_text;
use crate::output::{self, Output};
use crate::patch::{to_json, with_changes};
use crate::person_id::PersonId;
use crate::signals::StopSignals;

#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// Person id, or `me`
    #[arg(value_name = "ID")]
    id: String,

    /// Continue with the text that an earlier edit has kept
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,

    #[command(flatten)]
    options: EditOptions,

    #[command(flatten)]
    connection: Connection,
}

impl Edit {
    pub(crate) async fn run(&self, output: Output) -> Result<Exit, Failure> {
        if self.id == "-" || self.connection.takes_stdin() {
            return Err(Failure::usage("the editor needs standard input")
                .help("name the person with ID, and the token with `--token-file`"));
        }
        let id = PersonId::parse(&self.id)?;
        let client = self.connection.client(output.messages)?;
        let person = id.read(&client, true).await?;
        let update = draft(&client, &person).await?;
        let current = to_json(&update)?;
        let original = edit_text::write(&person.id, &current, &update)?;
        let file = match &self.resume {
            Some(path) => TextFile(path.clone()),
            None => TextFile::create(&original)?,
        };
        let outcome = self
            .edit(&client, &person.id, &current, &file, output)
            .await;
        // A text without a change, of an editor that does not start, is no loss; neither is an empty one.
        let is_no_loss = || {
            let text = file.read();
            text.is_ok_and(|text| text == original || text.trim().is_empty())
        };
        if matches!(outcome, Ok(Exit::Ok)) || self.resume.is_none() && is_no_loss() {
            // A text that cannot be removed does no harm.
            let _ = fs::remove_file(&file.0);
        } else if file.0.exists() {
            output.messages.notice(format_args!(
                "the text is kept; `people edit {} --resume {}` continues with it",
                self.id,
                file.0.display()
            ));
        }
        outcome
    }

    /// Lets the user edit until the text can be sent, and sends it.
    async fn edit(
        &self,
        client: &Client,
        id: &str,
        current: &Value,
        file: &TextFile,
        output: Output,
    ) -> Result<Exit, Failure> {
        let mut signals = StopSignals::listen()?;
        if self.resume.is_some() {
            let text = file.read()?;
            // A text with an error is left to the user.
            if let Ok(edits) = edit_text::read(&text)
                && edits.base != *current
            {
                file.write(&rewrite(&edits, id, current)?)?;
            }
        }
        let mut last_rejected = None;
        let edits = loop {
            let before = file.read()?;
            editor::run(&file.0, &mut signals).await?;
            let text = file.read()?;
            if text.trim().is_empty() {
                return Err(Failure::usage("the text is empty; nothing was sent"));
            }
            let is_new = text != before && last_rejected.as_ref() != Some(&text);
            if edit_text::has_error(&text) && !is_new {
                return Err(Failure::usage(
                    "the text was left with the error at its top; nothing was sent",
                )
                .help("correct the text, or remove the lines `# error: …` to send it as it is"));
            }
            if let Some((failure, marked)) = edit_text::rejected(&text) {
                file.write(&marked)?;
                // An editor without a user, or one that was left without a change.
                if !is_new {
                    return Err(failure);
                }
                failure.report(output.messages);
                last_rejected = Some(text);
            } else {
                break edit_text::read(&text)?;
            }
        };
        let attempt = tokio::select! {
            attempt = self.send(client, id, &edits) => attempt,
            _ = signals.next() => {
                return Err(Failure::new(
                    Exit::Interrupted,
                    "interrupted; the update may have been sent",
                ));
            }
        };
        self.keep_for_resume(client, id, &edits, &attempt, file)
            .await?;
        attempt.report(id, self.options.dry_run, output)
    }

    /// Sends the changes to the person as it is now.
    ///
    /// Not with `edit_person_from`, which refuses when anything of the person has changed since it was
    /// read: an editor can be open for hours, and an update of another property is no reason to lose
    /// the text. Here, a property that was changed on both sides is a conflict, and nothing else is.
    async fn send(&self, client: &Client, id: &str, edits: &Edits) -> Attempt {
        attempt(
            client,
            id,
            &self.options,
            |update| {
                let current = to_json(update)?;
                match conflict(edits, &current) {
                    Some(failure) => Err(failure),
                    None => with_changes(update, &current, &edits.apply(&current)),
                }
            },
            |_, _| Ok(()),
        )
        .await
    }

    /// Brings the text up to date with the person, if the update was not applied as a whole: what
    /// is left to do stays in it.
    async fn keep_for_resume(
        &self,
        client: &Client,
        id: &str,
        edits: &Edits,
        attempt: &Attempt,
        file: &TextFile,
    ) -> Result<(), Failure> {
        let after = if let Ok(edit) = &attempt.outcome {
            edit.after().cloned()
        } else {
            PersonId::Id(id.to_owned()).read(client, true).await.ok()
        };
        let Some(after) = after else {
            return Ok(());
        };
        let after = to_json(&draft(client, &after).await?)?;
        file.write(&rewrite(edits, id, &after)?)
    }
}

/// The update as an edit of this person has it at first. Sends nothing.
async fn draft(client: &Client, person: &Person) -> Result<PersonUpdate, Failure> {
    let mut draft = PersonUpdate::default();
    let _unchanged = client
        .edit_person_from(person, |update| draft.clone_from(update))
        .dry_run(true)
        .await?;
    Ok(draft)
}

/// The failure for properties that were changed here and elsewhere. The values there are in the
/// text alone.
fn conflict(edits: &Edits, current: &Value) -> Option<Failure> {
    let names: Vec<String> = edits
        .conflicts(current)
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    if names.is_empty() {
        return None;
    }
    let names = names.join(", ");
    Some(
        Failure::new(
            Exit::Other,
            format_args!("{names} has changed since the person was read; nothing was sent"),
        )
        .help("continue with the text: it has your values, and names the new ones"),
    )
}

/// The text for the same changes to `current`, with conflicts at the top.
fn rewrite(edits: &Edits, id: &str, current: &Value) -> Result<String, Failure> {
    let text = edits.rewrite(id, current)?;
    let conflicts = edits.conflicts(current).into_iter().map(|name| {
        let value = output::inline(&current[name]);
        format!("`{name}` has changed since the person was read, and is now {value}")
    });
    let conflicts: Vec<String> = conflicts.collect();
    if conflicts.is_empty() {
        return Ok(text);
    }
    Ok(edit_text::with_error(&text, &conflicts.join("\n")))
}

/// The file that the editor opens.
struct TextFile(PathBuf);

impl TextFile {
    /// A file that its owner alone can read.
    fn create(text: &str) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| {
            Failure::new(Exit::Other, format_args!("no file for the editor: {error}"))
        };
        let mut file = tempfile::Builder::new()
            .prefix("people-")
            .suffix(".yaml")
            .tempfile()
            .map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        let (_, path) = file.keep().map_err(|error| failed(error.error))?;
        Ok(Self(path))
    }

    fn read(&self) -> Result<String, Failure> {
        read_text(&self.0)
    }

    fn write(&self, text: &str) -> Result<(), Failure> {
        let path: &Path = &self.0;
        fs::write(path, text)
            .map_err(|error| Failure::usage(format_args!("{}: {error}", path.display())))
    }
}
