//! One edit of one person, as every command makes it: planned, then sent or only shown, then
//! reported.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use people_sdk::types::{PersonUpdate, PropertyError};
use people_sdk::update_facts::PERSON_UPDATE;
use people_sdk::{Client, Edit, EditOutcome, escape_invisible, redact_personal_data};
use serde::Serialize;
use serde_json::Value;
use tracing::Instrument;

use crate::diff::{Change, diff, render};
use crate::exit::{Exit, Failure, omit_help};
use crate::log::person_span;
use crate::outcome::Outcome;
use crate::output::{self, Format, Output};
use crate::patch::{Action, Patch, Path};
use crate::suggestions::Suggested;

/// The update that an edit sends, and what it changes.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) body: PersonUpdate,
    pub(crate) changes: Vec<Change>,
}

/// An edit and its outcome.
pub(crate) struct Attempt {
    /// `None` if the person could not be read, or the change cannot be made to it.
    pub(crate) plan: Option<Plan>,
    pub(crate) outcome: Result<Edit, Failure>,
}

/// How an edit is made.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct EditOptions {
    /// Leave a property out of the update: `phoneNumbers`
    ///
    /// An update contains all properties of the person, because the service can erase those that it
    /// lacks. Some people have properties that the service does not accept back, such as the phone
    /// numbers of people who are synchronized from a directory. Whether the service kept the property
    /// is checked after the update.
    #[arg(long, value_name = "PROPERTY")]
    pub(crate) omit: Vec<String>,

    /// Send null as the value of a property: `extension`
    ///
    /// `--unset` sends an empty value. Some properties are cleared by null alone: `extension`, with
    /// which the service takes Webex Calling away, its license and the location.
    #[arg(long, value_name = "PROPERTY", value_parser = Suggested::writable(property, ""), hide_possible_values = true)]
    pub(crate) null: Vec<String>,

    /// Only show the changes and the body that would be sent; the exit code is 1 if something would
    /// change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Reads the name of a property.
#[expect(clippy::unnecessary_wraps, reason = "the type of a parser")]
fn property(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

/// Reads the person, plans the update that `change` makes, and sends it unless this is a dry run. `before_send` is
/// called with the current state and the update that is about to be sent; its error prevents that.
pub(crate) async fn attempt(
    client: &Client,
    id: &str,
    options: &EditOptions,
    change: impl FnOnce(&PersonUpdate) -> Result<PersonUpdate, Failure> + Send,
    before_send: impl FnOnce(&PersonUpdate, &PersonUpdate) -> Result<(), Failure> + Send,
) -> Attempt {
    let mut planned = None;
    let edit = |update: &mut PersonUpdate| {
        let plan = plan(update, change, &options.null)?;
        if !options.dry_run && !plan.changes.is_empty() {
            before_send(update, &plan.body)?;
        }
        update.clone_from(&plan.body);
        planned = Some(plan);
        Ok::<(), Failure>(())
    };
    let mut edit = client.try_edit_person(id, edit);
    for property in &options.omit {
        edit = edit.omit(property);
    }
    for property in &options.null {
        edit = edit.set_null(property);
    }
    let outcome = edit
        .dry_run(options.dry_run)
        .into_future()
        // An edit reads and writes with calling data, which would be lost otherwise.
        .instrument(person_span(id, "callingData=true"))
        .await;
    Attempt {
        plan: planned,
        outcome,
    }
}

/// The outcome, or in a dry run the expected one.
pub(crate) fn edit_outcome(edit: &Edit, dry_run: bool) -> Outcome {
    match edit.outcome() {
        EditOutcome::Unchanged if dry_run => Outcome::WouldNotChange,
        outcome => outcome.into(),
    }
}

impl Plan {
    /// The changed properties that the service derives from others, with the properties that these
    /// are derived from.
    fn derived(&self) -> BTreeMap<&'static str, &'static str> {
        let is_changed = |name: &str| {
            self.changes.iter().any(|change| {
                let end = change.path.find(['.', '[']).unwrap_or(change.path.len());
                change.path[..end] == *name
            })
        };
        PERSON_UPDATE
            .iter()
            .filter_map(|facts| Some((facts.name, facts.derived_from?)))
            .filter(|(name, _)| is_changed(name))
            .collect()
    }
}

fn plan(
    current: &PersonUpdate,
    change: impl FnOnce(&PersonUpdate) -> Result<PersonUpdate, Failure>,
    null: &[String],
) -> Result<Plan, Failure> {
    let body = change(current)?;
    let cleared = null
        .iter()
        .map(|name| Action::Unset(Path::of_property(name)));
    let changes = diff(current, &Patch(cleared.collect()).apply(&body)?)?;
    Ok(Plan { body, changes })
}

/// An edit as `-o json` prints it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EditReport<'a> {
    id: &'a str,
    outcome: Outcome,
    changes: &'a [Change],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    unapplied: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    also_changed: &'a [String],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    property_errors: &'a BTreeMap<String, PropertyError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a PersonUpdate>,
    /// The error of an update that was applied nevertheless.
    #[serde(skip_serializing_if = "Option::is_none")]
    service_error: Option<Value>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
}

impl Attempt {
    /// Prints the changes and the outcome, and decides how the command ends.
    pub(crate) fn report(self, id: &str, dry_run: bool, output: Output) -> Result<Exit, Failure> {
        let (plan, edit) = match (self.plan, self.outcome) {
            (Some(plan), Ok(edit)) => (plan, edit),
            (Some(plan), Err(failure)) => {
                if output.format == Format::Table {
                    output::print(&render(&plan.changes, ""))?;
                }
                return Err(failure);
            }
            (None, Err(failure)) => return Err(failure),
            (None, Ok(_)) => return Err(Failure::new(Exit::Other, "the edit was not made")),
        };
        let outcome = edit_outcome(&edit, dry_run);
        let failure = failure(&edit);
        let service_error = service_error(&edit);
        let report = EditReport {
            id,
            outcome,
            changes: &plan.changes,
            unapplied: edit.unapplied(),
            also_changed: edit.also_changed(),
            property_errors: edit.property_errors(),
            body: (outcome == Outcome::WouldChange).then_some(edit.requested()),
            service_error: service_error.as_ref().map(|it| it.facts_of_service(true)),
            error: failure.as_ref().map(Failure::to_json),
        };
        if output.format == Format::Table {
            let mut text = render(&plan.changes, "");
            text.push_str(outcome.phrase());
            if outcome == Outcome::WouldChange {
                let body = output::json(edit.requested(), true)?;
                text.push_str(", by an update with this body:\n");
                text.push_str(&body);
            }
            text.push('\n');
            if !edit.also_changed().is_empty() {
                let names = edit
                    .also_changed()
                    .iter()
                    .map(|name| escape_invisible(name));
                let names: Vec<_> = names.collect();
                let _ = writeln!(text, "also changed by the service: {}", names.join(", "));
            }
            output::print(&text)?;
            if let Some(error) = &service_error {
                output.messages.notice(format_args!(
                    "the update was applied, although the service responded with an error: {}",
                    error.message()
                ));
            }
            for (name, error) in edit.property_errors() {
                let name = redact_personal_data(name);
                let reason = property_reason(error);
                output
                    .messages
                    .notice(format_args!("the service rejected `{name}`: {reason}"));
            }
        } else {
            output.value(&report, 0, false)?;
        }
        for (name, source) in plan.derived() {
            output.messages.notice(format_args!(
                "the service sets `{name}` from `{source}`, and can overwrite the new value"
            ));
        }
        match failure {
            Some(failure) => Err(failure),
            None if outcome == Outcome::WouldChange => Ok(Exit::Different),
            None => Ok(Exit::Ok),
        }
    }
}

/// Why the service rejected a property, with its code.
pub(crate) fn property_reason(error: &PropertyError) -> String {
    let reason = error.reason.as_deref().map(escape_invisible);
    let code = error.code.as_deref().map(escape_invisible);
    match (reason, code) {
        (Some(reason), Some(code)) => format!("{reason} (code {code})"),
        (Some(reason), None) => reason.into_owned(),
        (None, Some(code)) => format!("code {code}"),
        (None, None) => "no reason given".to_owned(),
    }
}

/// What the service said about an update that was applied although the response was an error.
pub(crate) fn service_error(edit: &Edit) -> Option<Failure> {
    if edit.outcome() != EditOutcome::Applied {
        return None;
    }
    edit.error().map(Failure::from)
}

/// Why an edit is not a success; `None` if it is one.
pub(crate) fn failure(edit: &Edit) -> Option<Failure> {
    let cause = edit.error().map(Failure::from);
    let uncertain = |text: &str| {
        let because = |words: fn(&Failure) -> &str| match &cause {
            Some(cause) => format!("{text} ({})", words(cause)),
            None => text.to_owned(),
        };
        let mut help =
            "look at the person with `people get`, and repeat the update if it still fits"
                .to_owned();
        if let Some(omit) = edit.error().and_then(omit_help) {
            let _ = write!(help, "; {omit}");
        }
        Failure::new(Exit::Uncertain, because(Failure::message))
            .or_unquoted(because(Failure::unquoted))
            .help(help)
    };
    let failure = match edit.outcome() {
        EditOutcome::Unchanged | EditOutcome::Applied | EditOutcome::NotSent => return None,
        EditOutcome::NotApplied => cause.unwrap_or_else(|| {
            Failure::new(
                Exit::Other,
                "the service accepted the update but changed nothing",
            )
        }),
        EditOutcome::PartlyApplied => {
            let names = edit.unapplied().iter();
            let names: Vec<_> = names.map(|name| redact_personal_data(name)).collect();
            let names = names.join(", ");
            uncertain(&format!(
                "the update was partly applied; not as sent: {names}"
            ))
        }
        _ => uncertain("the update was sent, and its outcome is unknown"),
    };
    Some(failure)
}
