//! `people schema`: the contract's types as JSON Schema.

use clap::Args;

use crate::exit::{Exit, Failure};
use crate::output::{self, Format, Output};
use crate::schema;

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Name of a type, `PersonUpdate`; without it, the names of all
    #[arg(value_name = "TYPE")]
    name: Option<String>,
}

impl Schema {
    pub(crate) fn run(&self, output: Output) -> Result<Exit, Failure> {
        let mut types = schema::all();
        let text = match (&self.name, output.format) {
            (None, Format::Table) => {
                let names: Vec<&str> = types.keys().map(String::as_str).collect();
                names.join("\n")
            }
            (None, Format::Json) => output::json(&types.keys().collect::<Vec<_>>(), true)?,
            (None, Format::Yaml) => output::yaml(&types.keys().collect::<Vec<_>>())?,
            (Some(name), format) => {
                let schema = types.remove(name).ok_or_else(|| {
                    let names: Vec<&str> = types.keys().map(String::as_str).collect();
                    Failure::usage(format_args!("the contract has no type `{name}`"))
                        .help(format_args!("it has {}", names.join(", ")))
                })?;
                match format {
                    Format::Yaml => output::yaml(&schema)?,
                    Format::Table | Format::Json => output::json(&schema, true)?,
                }
            }
        };
        output::print(&format!("{}\n", text.trim_end()))?;
        Ok(Exit::Ok)
    }
}
