//! `people check`: where answers of the service differ from the contract, by name alone.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use people_sdk::types::Person;
use people_sdk::{Client, Deviation, DeviationKind, ErrorKind, Operation};
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::output::{self, Format, Output};
use crate::person_id::PersonId;
use crate::reads::{Read, ReadOptions};
use crate::recorded;

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Person id, `me`, or `-` for ids from standard input, one per line (default: `me`)
    #[arg(value_name = "ID", conflicts_with = "from")]
    ids: Vec<String>,

    /// Check recorded answers instead: a HAR file, or the bodies of people, one per line (`-` for
    /// standard input); needs no token
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,

    #[command(flatten)]
    options: ReadOptions,
}

impl Check {
    pub(crate) async fn run(&self, output: Output, verbose: bool) -> Result<Exit, Failure> {
        output.require(&[Format::Table, Format::Json, Format::Ndjson, Format::Yaml])?;
        let mut findings = Findings::default();
        let mut worst = Exit::Ok;
        if let Some(path) = &self.from {
            for answer in recorded::read(path, &self.options.connection.base_url()?)? {
                let deviations = answer.body.as_deref().map(Person::deviations_in);
                findings.add(answer.call, &deviations.unwrap_or_default());
            }
        } else {
            let me = ["me".to_owned()];
            let words = if self.ids.is_empty() {
                &me
            } else {
                &self.ids[..]
            };
            let read = self.options.read_each(
                self.options.ids(words)?,
                output,
                verbose,
                |client, id, calling_data| async move { look(&id, &client, calling_data).await },
                |(call, deviations): (Call, Vec<Deviation>)| {
                    findings.add(Some(call), &deviations);
                    Ok(())
                },
            );
            worst = read.await?;
        }
        findings.print(output)?;
        let (count, answers) = (findings.rows.len(), findings.answers);
        output.messages.notice(format_args!(
            "answers checked: {answers}, deviations from the contract: {count}"
        ));
        if count > 0 {
            worst = worst.max(Exit::Different);
        }
        Ok(worst)
    }
}

type Call = (&'static Operation, u16);

async fn look(id: &PersonId, client: &Client, calling_data: bool) -> Read<(Call, Vec<Deviation>)> {
    match id.answer(client, calling_data).await {
        Ok((operation, answer)) => {
            let call = (operation, answer.status().as_u16());
            Read::from(Ok((call, answer.deviations())))
        }
        Err(error) => {
            let call = error.operation().zip(error.status().map(|it| it.as_u16()));
            let unreadable = error.kind() == ErrorKind::UnexpectedBody;
            let body = || String::from_utf8_lossy(error.body()).into_owned();
            let deviations = if unreadable {
                Person::deviations_in(&body())
            } else {
                Vec::new()
            };
            Read {
                answer: call.map(|call| (call, deviations)),
                // A body that cannot be read is a deviation, which is listed.
                failure: (!unreadable).then(|| Failure::from(error)),
            }
        }
    }
}

/// One deviation, in all answers that have it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    operation: Option<&'static str>,
    status: Option<u16>,
    /// The path without the indexes of lists: `phoneNumbers[].type`.
    path: String,
    kind: &'static str,
    expected: Option<&'static str>,
}

/// A deviation, as it is printed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    path: &'a str,
    deviation: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'static str>,
    answers: usize,
}

#[derive(Default)]
struct Findings {
    /// In how many answers each deviation is.
    rows: BTreeMap<Key, usize>,
    answers: usize,
}

impl Findings {
    /// Adds what an answer has, each deviation once.
    fn add(&mut self, call: Option<Call>, deviations: &[Deviation]) {
        self.answers += 1;
        let key = |path: String, kind: DeviationKind, expected| Key {
            operation: call.map(|(operation, _)| operation.id()),
            status: call.map(|(_, status)| status),
            path,
            kind: kind.as_str(),
            expected,
        };
        let mut keys: Vec<Key> = deviations
            .iter()
            .map(|deviation| {
                let kind = deviation.kind();
                let has_form = [DeviationKind::Converted, DeviationKind::UnexpectedForm];
                let expected = has_form.contains(&kind).then(|| deviation.expected());
                key(deviation.path_without_positions(), kind, expected)
            })
            .collect();
        if call.is_some_and(|(operation, status)| !operation.lists_status(status)) {
            keys.push(key(String::new(), DeviationKind::UnlistedStatus, None));
        }
        keys.sort();
        keys.dedup();
        for key in keys {
            *self.rows.entry(key).or_default() += 1;
        }
    }

    fn print(&self, output: Output) -> Result<(), Failure> {
        let rows = self.rows.iter();
        if output.format != Format::Table {
            for (index, (key, answers)) in rows.enumerate() {
                let row = Row {
                    operation: key.operation,
                    status: key.status,
                    path: &key.path,
                    deviation: key.kind,
                    expected: key.expected,
                    answers: *answers,
                };
                output.value(&row, index, true)?;
            }
            return Ok(());
        }
        let header = ["operation", "status", "path", "deviation", "answers"];
        let rows: Vec<Vec<String>> = rows
            .map(|(key, answers)| {
                let mut deviation = key.kind.replace('_', " ");
                if let Some(expected) = key.expected {
                    deviation = format!("{deviation}, expected {expected}");
                }
                let or_dash = |text: &str| if text.is_empty() { "-" } else { text }.to_owned();
                let status = key.status.map(|status| status.to_string());
                vec![
                    or_dash(key.operation.unwrap_or_default()),
                    or_dash(&status.unwrap_or_default()),
                    or_dash(&key.path),
                    deviation,
                    answers.to_string(),
                ]
            })
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        output::print(&output::columns(&header.map(str::to_owned), &rows))
    }
}
