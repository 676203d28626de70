//! `people serve`: a People service in memory, until it is interrupted.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use people_fake::{ADMIN_TOKEN, BOT_TOKEN, FakePeople, Fault, OUTSIDER_TOKEN, USER_TOKEN};

use crate::exit::{Exit, Failure, eprint_line};
use crate::interrupt::Interrupts;
use crate::output::print;

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen; port 0 is a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// Listen on an address that other machines reach: whoever reaches it can then read and change
    /// every person of this service, for its tokens are known
    #[arg(long)]
    allow_remote: bool,

    /// JSON file with other people than the usual ones
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,

    /// What shall go wrong: `[METHOD] [PATH] EFFECT… [times=N] [every=N]`
    ///
    /// Effects are a status with `retry-after=TEXT` and `body=error|html|empty|raw:TEXT`,
    /// `delay=2s`, `drop=head|body`, `apply=all|none|half|title,emails`, `licenses=dropped` and
    /// `rate=10/1s`.
    #[arg(long, value_name = "FAULT")]
    fault: Vec<Fault>,
}

impl Serve {
    pub(crate) async fn run(&self) -> Result<Exit, Failure> {
        let mut builder = FakePeople::builder()
            .listen(self.listen)
            .allow_remote(self.allow_remote)
            .contract(people_sdk::CONTRACT);
        if let Some(path) = &self.people {
            builder = builder.people_file(path).map_err(Failure::usage)?;
        }
        for fault in &self.fault {
            builder = builder.fault(fault.clone());
        }
        let fake = builder.start().await.map_err(|error| {
            let failure = Failure::usage(&error);
            match error.kind() {
                std::io::ErrorKind::InvalidInput if !self.allow_remote => {
                    failure.help("`--allow-remote` allows it")
                }
                _ => failure,
            }
        })?;
        let mut interrupts = Interrupts::listen()?;
        // The first line of output, for whoever starts this as a process.
        print(&format!("{}\n", fake.base_url()))?;
        eprint_line(format_args!(
            "A People service in memory, with the tokens {ADMIN_TOKEN}, {USER_TOKEN}, \
             {OUTSIDER_TOKEN} and {BOT_TOKEN}. Ctrl-C stops it.\n\n  \
             export WEBEX_BASE_URL={} WEBEX_ACCESS_TOKEN={ADMIN_TOKEN}\n\n\
             Its reference, from which it can be called: http://{}/\n",
            fake.base_url(),
            fake.address()
        ));
        interrupts.next().await;
        fake.stop().await;
        Ok(Exit::Ok)
    }
}
