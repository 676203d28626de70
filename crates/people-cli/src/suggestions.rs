//! Arguments that name properties: shells complete the names of the contract, and any other path is
//! accepted as well.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};

use crate::schema;

/// Parses with a function, and suggests names.
#[derive(Clone)]
pub(crate) struct Suggested<T> {
    parse: fn(&str) -> Result<T, String>,
    names: Vec<String>,
}

impl<T> Suggested<T> {
    /// Suggests the properties of an update, each with `suffix`.
    pub(crate) fn writable(parse: fn(&str) -> Result<T, String>, suffix: &str) -> Self {
        let root = schema::of_update();
        let names = schema::properties(root, root).into_iter();
        Self {
            parse,
            names: names.map(|name| format!("{name}{suffix}")).collect(),
        }
    }

    /// Suggests the properties of an update that are lists, each with `=`.
    pub(crate) fn lists(parse: fn(&str) -> Result<T, String>) -> Self {
        let root = schema::of_update();
        let is_list = |name: &&str| {
            let property = schema::property(root, root, name);
            property.is_some_and(|property| schema::items(root, property).is_some())
        };
        let names = schema::properties(root, root).into_iter().filter(is_list);
        Self {
            parse,
            names: names.map(|name| format!("{name}=")).collect(),
        }
    }

    /// Suggests the properties of a person.
    pub(crate) fn readable(parse: fn(&str) -> Result<T, String>) -> Self {
        let root = schema::of_person();
        let names = schema::properties(root, root).into_iter();
        Self {
            parse,
            names: names.map(str::to_owned).collect(),
        }
    }

    /// Suggests the types of the contract.
    pub(crate) fn types(parse: fn(&str) -> Result<T, String>) -> Self {
        Self {
            parse,
            names: schema::all().into_keys().collect(),
        }
    }
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Suggested<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<T, Error> {
        let text = StringValueParser::new().parse_ref(command, argument, value)?;
        (self.parse)(&text).map_err(|reason| {
            let name = argument.map(ToString::to_string).unwrap_or_default();
            let message = format!("invalid value '{text}' for '{name}': {reason}\n");
            Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.names.iter().map(PossibleValue::new)))
    }
}
