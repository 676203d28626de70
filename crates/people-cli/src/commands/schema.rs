//! `people schema`: the contract's types as JSON Schema.

use clap::Args;

use crate::exit::{Exit, Failure};
use crate::output::{self, Format, Output};
use crate::schema;
use crate::suggestions::Suggested;
use crate::yaml::to_yaml;

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Name of a type, such as `PersonUpdate` (default: the names of all types)
    #[arg(value_name = "TYPE", value_parser = Suggested::types(|it| Ok(it.to_owned())), hide_possible_values = true)]
    name: Option<String>,
}

impl Schema {
    pub(crate) fn run(&self, output: Output) -> Result<Exit, Failure> {
        output.require(&[Format::Table, Format::Json, Format::Yaml])?;
        let mut types = schema::all();
        let format = output.format;
        let text = match &self.name {
            None => {
                let names: Vec<&String> = types.keys().collect();
                match format {
                    Format::Yaml => to_yaml(&names)?,
                    Format::Json => output::json(&names, true)?,
                    _ => types.keys().cloned().collect::<Vec<_>>().join("\n"),
                }
            }
            Some(name) => {
                let schema = types.remove(name).ok_or_else(|| {
                    let names: Vec<&str> = types.keys().map(String::as_str).collect();
                    Failure::usage(format_args!("the contract has no type `{name}`"))
                        .help(format_args!("it has {}", names.join(", ")))
                })?;
                match format {
                    Format::Yaml => to_yaml(&schema)?,
                    _ => output::json(&schema, true)?,
                }
            }
        };
        output.print(&format!("{}\n", text.trim_end()))?;
        Ok(Exit::Ok)
    }
}
