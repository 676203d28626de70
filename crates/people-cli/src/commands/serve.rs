//! `people serve`: a People service in memory, until a signal stops it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::SystemTime;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use people_fake::{
    ADMIN_TOKEN, BOT_TOKEN, BooleanForm, Exchange, FakePeople, Fault, OUTSIDER_TOKEN, ObservedRule,
    Options, OtherOrganizations, StatusCode, USER_TOKEN,
};
use serde_json::json;

use crate::exit::{Exit, Failure};
use crate::output::{Output, print};
use crate::signals::StopSignals;
use crate::stderr::{Messages, eprint_json, eprint_line};

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Port on the loopback interface, or address and port, to listen on; port 0 selects a free one
    #[arg(long, value_name = "[ADDR:]PORT", default_value = "127.0.0.1:0", value_parser = address)]
    listen: SocketAddr,

    /// Listen on an address that other machines reach; every machine that reaches it can then read
    /// and change the people of this service, because its tokens are public
    ///
    /// Without it, the service answers requests for loopback host names alone, so that no web page
    /// reaches it through another name.
    #[arg(long)]
    allow_remote: bool,

    /// JSON file with the people of the service (default: made-up people)
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,

    /// Fault to inject: `[METHOD] [PATH] EFFECT… [times=N] [every=N]`
    ///
    /// Effects are a status with `retry-after=TEXT` and `body=error|html|empty|raw:TEXT`,
    /// `delay=2s`, `drop=head|body`, `apply=all|none|half|title,emails`, `licenses=dropped` and
    /// `rate=10/1s`.
    #[arg(long, value_name = "FAULT")]
    fault: Vec<Fault>,

    /// Close a connection on which no complete request head arrives within this time
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "30s",
        hide_short_help = true
    )]
    header_timeout: humantime::Duration,

    #[command(flatten)]
    behaviour: Behaviour,
}

/// What the reference pages of the API leave open: an option for each choice of the fake.
#[derive(Debug, Args)]
#[command(next_help_heading = "Behaviour of the service")]
struct Behaviour {
    /// Observed rule of the service to switch off
    #[arg(long, value_name = "RULE", value_parser = rules())]
    without: Vec<ObservedRule>,

    /// Send `invitePending` and `loginEnabled` as JSON booleans instead of text
    #[arg(long)]
    booleans: bool,

    /// Respond with 404 for people of other organizations instead of their public properties
    #[arg(long)]
    hide_other_organizations: bool,

    /// Id of a person who is synchronized from a directory (default: one of the made-up people)
    #[arg(long, value_name = "ID")]
    directory_synced: Vec<String>,

    /// Property that keeps its value when an update omits it; the others are cleared (default:
    /// `orgId` and `loginEnabled`)
    #[arg(long, value_name = "PROPERTY", hide_short_help = true)]
    kept_when_omitted: Vec<String>,

    /// Status for a `locationId` in an update that leaves the person without a calling license
    /// (default: 400)
    #[arg(long, value_name = "STATUS", value_parser = status, hide_short_help = true)]
    location_without_license: Option<StatusCode>,

    /// Status for another `locationId` of a person with a calling license (default: 409)
    #[arg(long, value_name = "STATUS", value_parser = status, hide_short_help = true)]
    location_changed: Option<StatusCode>,

    /// Status for another `orgId` (default: 400)
    #[arg(long, value_name = "STATUS", value_parser = status, hide_short_help = true)]
    organization_changed: Option<StatusCode>,

    /// Status for an update of a person in another organization (default: 403)
    #[arg(long, value_name = "STATUS", value_parser = status, hide_short_help = true)]
    update_in_other_organization: Option<StatusCode>,

    /// Status for `callingData` from a caller who is not an administrator (default: the parameter
    /// is ignored)
    #[arg(long, value_name = "STATUS", value_parser = status, hide_short_help = true)]
    calling_data_without_admin: Option<StatusCode>,

    /// Respond with 400 to a larger request body (default: 1 MiB)
    #[arg(long, value_name = "BYTES", hide_short_help = true)]
    max_request_bytes: Option<usize>,

    /// How long a renewed access token is valid (default: 14 days)
    #[arg(long, value_name = "DURATION", hide_short_help = true)]
    access_token_lifetime: Option<humantime::Duration>,

    /// Keep the refresh token when an access token is renewed, instead of replacing it
    #[arg(long, hide_short_help = true)]
    keep_refresh_token: bool,
}

/// Reads a port or an address.
fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse() {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    text.parse()
        .map_err(|_| "a port was expected, or an address as in `127.0.0.1:8080`".to_owned())
}

/// Reads the status of an error.
fn status(text: &str) -> Result<StatusCode, String> {
    let status = text.parse().ok();
    status
        .filter(|status: &StatusCode| status.is_client_error() || status.is_server_error())
        .ok_or_else(|| "a status from 400 to 599 was expected".to_owned())
}

/// Accepts the names of the rules, and lists them in the help.
fn rules() -> impl TypedValueParser<Value = ObservedRule> {
    PossibleValuesParser::new(ObservedRule::ALL.map(ObservedRule::name))
        .try_map(|name| name.parse::<ObservedRule>())
}

impl Serve {
    pub(crate) async fn run(&self, output: Output, verbose: bool) -> Result<Exit, Failure> {
        let mut builder = FakePeople::builder()
            .listen(self.listen)
            .allow_remote(self.allow_remote)
            .header_timeout(self.header_timeout.into())
            // The recorded requests are for tests in the same process.
            .log_length(0)
            .options(self.behaviour.options())
            .contract(people_sdk::CONTRACT);
        if verbose {
            builder = builder.inspect(move |exchange| log(exchange, output.messages));
        }
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
        let mut interrupts = StopSignals::listen()?;
        // The only line of output, which a program that starts this process waits for.
        print(&format!("{}\n", fake.base_url()))?;
        let variables = format!(
            "WEBEX_BASE_URL={} WEBEX_ACCESS_TOKEN={ADMIN_TOKEN}",
            fake.base_url()
        );
        let reference = format!("http://{}/", fake.address());
        match output.messages {
            Messages::Json => output.messages.notice(format_args!(
                "a People service in memory; {variables}; reference: {reference}"
            )),
            Messages::Text => eprint_line(format_args!(
                "A People service in memory, with the tokens {ADMIN_TOKEN}, {USER_TOKEN}, \
                 {OUTSIDER_TOKEN} and {BOT_TOKEN}. Ctrl-C stops it.\n\n  \
                 export {variables}\n\n\
                 Reference, from which requests can be sent: {reference}\n",
            )),
        }
        interrupts.next().await;
        fake.stop().await;
        Ok(Exit::Ok)
    }
}

impl Behaviour {
    fn options(&self) -> Options {
        let rules = self.without.iter().copied();
        let mut options = rules.fold(Options::default(), Options::without);
        if self.booleans {
            options.boolean_form = BooleanForm::Boolean;
        }
        if self.hide_other_organizations {
            options.other_organizations = OtherOrganizations::NotFound;
        }
        if !self.directory_synced.is_empty() {
            options.directory_synced.clone_from(&self.directory_synced);
        }
        if !self.kept_when_omitted.is_empty() {
            let kept = &self.kept_when_omitted;
            options.kept_when_omitted.clone_from(kept);
        }
        for (option, value) in [
            (
                &mut options.location_without_license,
                self.location_without_license,
            ),
            (&mut options.location_changed, self.location_changed),
            (&mut options.organization_changed, self.organization_changed),
            (
                &mut options.update_in_other_organization,
                self.update_in_other_organization,
            ),
        ] {
            *option = value.unwrap_or(*option);
        }
        options.calling_data_without_admin = self.calling_data_without_admin;
        if let Some(bytes) = self.max_request_bytes {
            options.max_request_bytes = bytes;
        }
        if let Some(lifetime) = self.access_token_lifetime {
            options.access_token_lifetime = lifetime.into();
        }
        options.rotates_refresh_tokens = !self.keep_refresh_token;
        options
    }
}

/// Writes a line about a request: when its response was sent, what it was, and how long it took.
fn log(exchange: &Exchange<'_>, messages: Messages) {
    let time = humantime::format_rfc3339_millis(SystemTime::now());
    let Exchange {
        method,
        path,
        status,
        duration,
        ..
    } = exchange;
    let milliseconds = duration.as_secs_f64() * 1000.0;
    match messages {
        Messages::Text => {
            eprint_line(format_args!(
                "{time} {method} {path} {status} {milliseconds:.1} ms"
            ));
        }
        Messages::Json => eprint_json(&json!({
            "time": time.to_string(), "method": method, "path": path, "status": status,
            "milliseconds": milliseconds,
        })),
    }
}
