//! `people get`: people by id.

use std::collections::VecDeque;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use people_sdk::escape_invisible;
use people_sdk::types::Person;
use tokio::task::JoinSet;

use crate::connection::Connection;
use crate::exit::{Exit, Failure};
use crate::output::{self, Format, Output, reader_is_gone};
use crate::person_id::PersonId;
use crate::person_row::{Field, PersonRow};
use crate::progress::Progress;
use crate::suggestions::Suggested;

#[derive(Debug, Args)]
pub(crate) struct Get {
    /// Person id, `me`, or `-` for ids from standard input, one per line
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// Columns of `-o csv` and `-o table`, one row per person: `id,title,phoneNumbers[work].value`
    ///
    /// Without it, `csv` has the id and all properties that `people apply` can set, and `table`
    /// lists all properties of each person.
    #[arg(long, value_name = "PATHS", value_delimiter = ',', value_parser = Suggested::readable(str::parse::<Field>), hide_possible_values = true)]
    fields: Vec<Field>,

    /// Include Webex Calling details, for administrators
    #[arg(long)]
    calling_data: bool,

    /// Number of people that are read at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    concurrency: u16,

    #[command(flatten)]
    connection: Connection,
}

impl Get {
    pub(crate) async fn run(&self, output: Output, verbose: bool) -> Result<Exit, Failure> {
        let formats = [
            Format::Table,
            Format::Json,
            Format::Ndjson,
            Format::Yaml,
            Format::Csv,
        ];
        if self.fields.is_empty() {
            output.require(&formats)?;
        } else {
            let about = |failure: Failure| failure.about("`--fields`");
            output
                .require(&[Format::Table, Format::Csv])
                .map_err(about)?;
        }
        let ids = PersonId::list(&self.ids, &self.connection)?;
        let several = ids.len() > 1 || self.ids.iter().any(|id| id == "-");
        let mut printer = Printer::new(output, &self.fields, several);
        let interval = if several { 30 } else { 0 };
        let mut progress = Progress::new(
            several.then_some(ids.len() as u64),
            Duration::from_secs(interval),
            verbose || !several,
            output.messages,
        );
        let client = self
            .connection
            .busy_client(output.messages, progress.on_wait())?;
        let client = Arc::new(client);
        let calling_data = self.calling_data;
        let mut ids = ids.into_iter();
        let mut reads = VecDeque::new();
        // Ends the reads under way when it is dropped.
        let mut tasks = JoinSet::new();
        let mut worst = Exit::Ok;
        loop {
            while reads.len() < usize::from(self.concurrency)
                && let Some(id) = ids.next()
            {
                let (client, person) = (Arc::clone(&client), id.clone());
                let (sender, receiver) = tokio::sync::oneshot::channel();
                tasks.spawn(async move {
                    // Without a receiver, the command is about to end.
                    let _ = sender.send(person.read(&client, calling_data).await);
                });
                reads.push_back((id, receiver));
            }
            // In the order of the ids.
            let Some((id, receiver)) = reads.pop_front() else {
                break;
            };
            let person = receiver.await;
            // What a finished read leaves behind is dropped, so that memory does not grow with the ids.
            while tasks.try_join_next().is_some() {}
            match person.map_err(|error| Failure::new(Exit::Other, error))? {
                Ok(person) => progress.suspend(|| printer.person(&person))?,
                Err(failure) if several => {
                    let is_last = failure.abort_reason(self.connection.max_delay()).is_some();
                    let failure = failure.about(&id);
                    worst = worst.max(failure.exit);
                    progress.suspend(|| failure.report(output.messages));
                    // All further calls would end in the same failure.
                    if is_last {
                        break;
                    }
                }
                Err(failure) => return Err(failure),
            }
            progress.advance(false);
            progress.update();
            if reader_is_gone() {
                break;
            }
        }
        progress.finish();
        printer.finish()?;
        Ok(worst)
    }
}

/// Prints people in one format.
struct Printer {
    output: Output,
    fields: Vec<Field>,
    several: bool,
    printed: usize,
    /// The rows of a table, whose widths are not known before the last.
    rows: Vec<Vec<String>>,
}

impl Printer {
    fn new(output: Output, fields: &[Field], several: bool) -> Self {
        let fields = if output.format == Format::Csv && fields.is_empty() {
            Field::of_spreadsheet()
        } else {
            fields.to_vec()
        };
        Self {
            output,
            fields,
            several,
            printed: 0,
            rows: Vec::new(),
        }
    }

    fn header(&self) -> Vec<String> {
        self.fields.iter().map(Field::name).collect()
    }

    fn person(&mut self, person: &Person) -> Result<(), Failure> {
        match self.output.format {
            Format::Csv => {
                if self.printed == 0 {
                    self.output.print(&record(&self.header())?)?;
                }
                let mut row = PersonRow::new(person)?.spreadsheet_cells(&self.fields);
                // A file has the values to the letter.
                if io::stdout().is_terminal() {
                    for cell in &mut row {
                        *cell = escape_invisible(cell).into_owned();
                    }
                }
                self.output.print(&record(&row)?)?;
            }
            Format::Table if !self.fields.is_empty() => {
                self.rows.push(PersonRow::new(person)?.cells(&self.fields));
            }
            _ => self.output.value(person, self.printed, self.several)?,
        }
        self.printed += 1;
        Ok(())
    }

    fn finish(self) -> Result<(), Failure> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let text = output::columns(&self.header(), &self.rows);
        self.output.print(&text)
    }
}

/// A record of a CSV file.
fn record(cells: &[String]) -> Result<String, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = writer.write_record(cells).map_err(io::Error::from);
    let text = written.and_then(|()| {
        let text = writer
            .into_inner()
            .map_err(|error| io::Error::other(error.to_string()))?;
        String::from_utf8(text).map_err(io::Error::other)
    });
    text.map_err(|error| Failure::new(Exit::Other, error))
}
