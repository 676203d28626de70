//! `people get`: people by id.

use clap::Args;

use crate::connection::Connection;
use crate::exit::{Exit, Failure};
use crate::output::{Output, reader_is_gone};
use crate::person_id::PersonId;

#[derive(Debug, Args)]
pub(crate) struct Get {
    /// Person id, `me`, or `-` for ids from standard input, one per line
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// Include Webex Calling details, for administrators
    #[arg(long)]
    calling_data: bool,

    #[command(flatten)]
    connection: Connection,
}

impl Get {
    pub(crate) async fn run(&self, output: Output) -> Result<Exit, Failure> {
        let ids = PersonId::list(&self.ids, &self.connection)?;
        let several = ids.len() > 1 || self.ids.iter().any(|id| id == "-");
        let client = self.connection.client(output.messages)?;
        let mut worst = Exit::Ok;
        let mut shown = 0;
        for id in ids {
            if reader_is_gone() {
                break;
            }
            match id.read(&client, self.calling_data).await {
                Ok(person) => {
                    output.value(&person, shown, several)?;
                    shown += 1;
                }
                Err(failure) if several => {
                    let is_last = self.connection.abort_reason(&failure).is_some();
                    let failure = failure.about(&id);
                    worst = worst.max(failure.exit);
                    failure.report(output.messages);
                    // All further calls would end in the same failure.
                    if is_last {
                        break;
                    }
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(worst)
    }
}
