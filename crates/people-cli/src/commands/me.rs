//! `people me`: the person that the token belongs to.

use clap::Args;

use crate::connection::Connection;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::person_id::PersonId;

#[derive(Debug, Args)]
pub(crate) struct Me {
    /// Include Webex Calling details, for administrators
    #[arg(long)]
    calling_data: bool,

    #[command(flatten)]
    connection: Connection,
}

impl Me {
    pub(crate) async fn run(&self, output: Output) -> Result<Exit, Failure> {
        let client = self.connection.client(output.messages)?;
        let person = PersonId::Me.read(&client, self.calling_data).await?;
        output.value(&person, 0, false)?;
        Ok(Exit::Ok)
    }
}
