//! The people that a command is about: person ids, `me`, or ids on standard input.

use std::fmt;
use std::io::{self, BufRead};

use people_sdk::types::Person;
use people_sdk::{Client, Error, Operation, ResponseValue, operations};
use tracing::Instrument;

use crate::connection::Connection;
use crate::exit::Failure;
use crate::log::person_span;

/// A person, as the command line names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PersonId {
    Me,
    Id(String),
}

impl PersonId {
    /// The people that `words` name; `-` stands for those on standard input.
    pub(crate) fn list(words: &[String], connection: &Connection) -> Result<Vec<Self>, Failure> {
        let mut ids = Vec::new();
        for word in words {
            if word != "-" {
                ids.push(Self::parse(word)?);
                continue;
            }
            if connection.takes_stdin() {
                return Err(Failure::usage(
                    "standard input cannot hold both the token and the ids",
                )
                .help("put the token in a file and name it with `--token-file`"));
            }
            for line in io::stdin().lock().lines() {
                let line =
                    line.map_err(|error| Failure::usage(format_args!("standard input: {error}")))?;
                let word = line.trim();
                if !word.is_empty() {
                    ids.push(Self::parse(word)?);
                }
            }
        }
        if ids.is_empty() {
            return Err(Failure::usage("standard input has no id"));
        }
        Ok(ids)
    }

    /// The person that `word` names. An e-mail address is refused here, so that it is neither sent nor
    /// written to a report.
    pub(crate) fn parse(word: &str) -> Result<Self, Failure> {
        match word {
            "me" => Ok(Self::Me),
            address if address.contains('@') => Err(Failure::usage(
                "a person is named by an id, not by an e-mail address",
            )
            .help("`GET /people?email=…` of the service responds with the id")),
            id => Ok(Self::Id(id.to_owned())),
        }
    }

    /// The person that `word` names, or the one on standard input for `-`.
    pub(crate) fn single(word: &str, connection: &Connection) -> Result<Self, Failure> {
        let mut ids = Self::list(&[word.to_owned()], connection)?;
        match ids.len() {
            1 => Ok(ids.swap_remove(0)),
            many => Err(Failure::usage(format_args!(
                "standard input has {many} ids; one was expected"
            ))
            .help("`people apply` changes many people")),
        }
    }

    /// Reads the person from the service.
    pub(crate) async fn read(
        &self,
        client: &Client,
        calling_data: bool,
    ) -> Result<Person, Failure> {
        let (_, answer) = self.answer(client, calling_data).await?;
        Ok(answer.into_inner())
    }

    /// The service's answer to reading the person, and the operation that it belongs to.
    pub(crate) async fn answer(
        &self,
        client: &Client,
        calling_data: bool,
    ) -> Result<(&'static Operation, ResponseValue<Person>), Error> {
        let query = format!("callingData={calling_data}");
        let read = async {
            match self {
                Self::Me => {
                    let call = client.get_my_own_details().calling_data(calling_data);
                    Ok((operations::GET_MY_OWN_DETAILS, call.send().await?))
                }
                Self::Id(id) => {
                    let call = client.get_person_details().person_id(id.as_str());
                    let call = call.calling_data(calling_data);
                    Ok((operations::GET_PERSON_DETAILS, call.send().await?))
                }
            }
        };
        read.instrument(person_span(self.key(), &query)).await
    }

    /// The id in one spelling: to the service, it is the same with and without the padding of
    /// base64.
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Me => "me",
            Self::Id(id) => id.trim_end_matches('='),
        }
    }

    /// The id itself, for operations that do not take `me`.
    pub(crate) async fn resolve(&self, client: &Client) -> Result<String, Failure> {
        match self {
            Self::Me => Ok(self.read(client, false).await?.id),
            Self::Id(id) => Ok(id.clone()),
        }
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Me => f.write_str("me"),
            Self::Id(id) => f.write_str(&people_sdk::escape_invisible(id)),
        }
    }
}
