//! `people me`: the person that the token belongs to.

use clap::Args;

use crate::connection::Connection;
use crate::exit::{Exit, Failure};
use crate::output::Output;

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
        let person = client
            .get_my_own_details()
            .calling_data(self.calling_data)
            .send()
            .await?
            .into_inner();
        output.value(&person, 0, false)?;
        Ok(Exit::Ok)
    }
}
