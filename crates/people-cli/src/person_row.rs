//! A person as one row: the values at chosen paths, for tables and spreadsheets.

use std::str::FromStr;

use people_sdk::types::Person;
use serde_json::Value;

use crate::exit::Failure;
use crate::output::inline;
use crate::patch::Path;
use crate::raw_json;
use crate::schema::{self, FOLLOWS_EXTENSION};
use crate::spreadsheet;

/// A column of a row.
#[derive(Debug, Clone)]
pub(crate) struct Field(Path);

impl FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let path: Path = text.trim().parse()?;
        let path = path.with_contract_spelling();
        if schema::is_known(path.property()) {
            return Ok(Self(path));
        }
        let names = schema::properties(schema::of_person(), schema::of_person());
        Err(format!(
            "no such property of a person: `{}`; the properties are {}",
            path.property(),
            names.join(", ")
        ))
    }
}

impl Field {
    /// The name of the column.
    pub(crate) fn name(&self) -> String {
        self.0.to_string()
    }

    /// The columns of a spreadsheet, if none are chosen: the id, and all properties that an update
    /// can set.
    pub(crate) fn of_spreadsheet() -> Vec<Self> {
        let root = schema::of_update();
        let mut names = vec!["id", "displayName"];
        let others = schema::properties(root, root);
        names.extend(others.into_iter().filter(|it| *it != "displayName"));
        let paths = names.into_iter().map(Path::of_property);
        paths.map(Self).collect()
    }
}

/// The values of one person.
pub(crate) struct PersonRow(Value);

impl PersonRow {
    pub(crate) fn new(person: &Person) -> Result<Self, Failure> {
        let mut value = raw_json::value(person)?;
        // Items are counted as `--set` counts them, and a spreadsheet comes back as an update.
        if let Some(Value::Array(numbers)) = value.get_mut("phoneNumbers") {
            numbers.retain(|number| number["type"] != FOLLOWS_EXTENSION);
        }
        Ok(Self(value))
    }

    /// The cells of a table.
    pub(crate) fn cells(&self, fields: &[Field]) -> Vec<String> {
        let cells = fields.iter().map(|field| match field.0.get(&self.0) {
            None | Some(Value::Null) => String::new(),
            Some(value) => inline(value),
        });
        cells.collect()
    }

    /// The cells of a spreadsheet, which `apply` reads: text, or JSON for everything else.
    pub(crate) fn spreadsheet_cells(&self, fields: &[Field]) -> Vec<String> {
        let cells = fields.iter().map(|field| match field.0.get(&self.0) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => spreadsheet::escape(text).into_owned(),
            Some(value) => value.to_string(),
        });
        cells.collect()
    }
}
