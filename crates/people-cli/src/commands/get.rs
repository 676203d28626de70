//! `people get`: people by id.

use std::io::{self, IsTerminal};

use clap::Args;
use people_sdk::escape_invisible;
use people_sdk::types::Person;

use crate::exit::{Exit, Failure};
use crate::output::{self, Format, Output};
use crate::person_row::{Field, PersonRow};
use crate::reads::{Read, ReadOptions};
use crate::suggestions::Suggested;

#[derive(Debug, Args)]
pub(crate) struct Get {
    /// Person id, `me`, or `-` for ids from standard input, one per line
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// Columns of `-o csv` and `-o table`, one row per person: `id,title,phoneNumbers[work].value`
    ///
    /// Without it, `csv` has the id and all properties that `people apply` can set, and `table`
    /// lists all properties of each person. With it, `csv` is the default format in a pipe.
    #[arg(long, value_name = "PATHS", value_delimiter = ',', value_parser = Suggested::readable(str::parse::<Field>), hide_possible_values = true)]
    fields: Vec<Field>,

    #[command(flatten)]
    options: ReadOptions,
}

impl Get {
    /// The format of standard output that is no terminal, if none is named.
    pub(crate) fn format_in_pipe(&self) -> Format {
        if self.fields.is_empty() {
            Format::Json
        } else {
            Format::Csv
        }
    }

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
        let ids = self.options.ids(&self.ids)?;
        let mut printer = Printer::new(output, &self.fields, ids.are_several);
        let read =
            self.options.read_each(
                ids,
                output,
                verbose,
                |client, id, calling_data| async move {
                    Read::from(id.read(&client, calling_data).await)
                },
                |person: Person| printer.person(&person),
            );
        let worst = read.await?;
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
