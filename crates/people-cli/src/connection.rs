//! The client of a command: its base URL, retries and time limits, from the command line and the
//! environment. Where its token comes from is `credentials`'s.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use people_sdk::{BASE_URL_VARIABLE, Client, DEFAULT_BASE_URL, ErrorKind, RetryPolicy};

use crate::credentials::TokenArgs;
use crate::exit::Failure;
use crate::input::{read_text, variable};
use crate::stderr::Messages;

/// The address of the service, the token, and how calls are repeated.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    #[command(flatten)]
    token: TokenArgs,

    // Not clap's `env`: the usage in the error for another argument would list the option as required.
    #[arg(
        long,
        value_name = "URL",
        help = format!(
            "Base URL of the service (default: the environment's `{BASE_URL_VARIABLE}`, or else \
             {DEFAULT_BASE_URL})"
        )
    )]
    base_url: Option<String>,

    /// Certificates in PEM form to trust besides the system's, as a company's proxy needs
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    ca_file: Option<PathBuf>,

    /// Maximum number of attempts per request, if the service is busy or the connection is lost
    #[arg(
        long,
        value_name = "N",
        default_value_t = 4,
        value_parser = clap::value_parser!(u32).range(1..),
        hide_short_help = true
    )]
    max_attempts: u32,

    /// First delay between attempts if the service names none; each further delay is twice as long
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "500ms",
        hide_short_help = true
    )]
    initial_delay: humantime::Duration,

    /// Longest single delay; if the service asks for a longer one, the command gives up
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "1m",
        hide_short_help = true
    )]
    max_delay: humantime::Duration,

    /// Time limit of a call, with all attempts and delays
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "2m",
        hide_short_help = true
    )]
    timeout: humantime::Duration,
}

/// How often and how long a call is repeated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallLimits {
    pub(crate) max_attempts: u32,
    /// The longest delay before an attempt.
    pub(crate) max_delay: Duration,
    /// The time limit of a call, with all attempts and delays.
    pub(crate) timeout: Duration,
}

impl Connection {
    /// Whether the token is read from standard input.
    pub(crate) fn takes_stdin(&self) -> bool {
        self.token.takes_stdin()
    }

    /// The longest delay before an attempt.
    pub(crate) fn max_delay(&self) -> Duration {
        self.max_delay.into()
    }

    /// The limits of each call.
    pub(crate) fn call_limits(&self) -> CallLimits {
        CallLimits {
            max_attempts: self.max_attempts,
            max_delay: self.max_delay(),
            timeout: self.timeout.into(),
        }
    }

    /// A client for one call after the other.
    pub(crate) fn client(&self, messages: Messages) -> Result<Client, Failure> {
        self.busy_client(messages, move |text, _| {
            messages.notice(text);
        })
    }

    /// A client for many calls at the same time. `on_wait` is called for every delay of a second or
    /// more.
    pub(crate) fn busy_client(
        &self,
        messages: Messages,
        on_wait: impl Fn(&str, Duration) + Send + Sync + 'static,
    ) -> Result<Client, Failure> {
        let policy = RetryPolicy::default()
            .max_attempts(self.max_attempts)
            .initial_delay(self.initial_delay.into())
            .max_delay(self.max_delay.into())
            .on_retry(move |kind, wait| {
                if wait >= Duration::from_secs(1) {
                    let reason = match kind {
                        ErrorKind::RateLimited => "rate limited",
                        ErrorKind::Locked => "locked",
                        ErrorKind::Timeout => "no answer",
                        ErrorKind::Connect => "no connection",
                        ErrorKind::ConnectionLost => "connection lost",
                        _ => "the service is busy",
                    };
                    on_wait(&format!("{reason}, waiting {} s", wait.as_secs()), wait);
                }
            });
        let timeout: Duration = self.timeout.into();
        let mut builder = Client::builder();
        if let Some(path) = &self.ca_file {
            builder = builder.root_certificate(certificates(path)?);
        }
        let client = self
            .token
            .apply(builder, messages)?
            .base_url(self.base_url()?)
            .call_timeout(timeout)
            // With the defaults, these are the SDK's own: an attempt has a quarter of the call.
            .attempt_timeout((timeout / 4).max(Duration::from_secs(30)))
            .user_agent(concat!("people/", env!("CARGO_PKG_VERSION")))
            .retry(policy)
            .build()?;
        Ok(client)
    }

    /// The base URL of the service.
    ///
    /// # Errors
    ///
    /// The environment variable is not text.
    pub(crate) fn base_url(&self) -> Result<String, Failure> {
        let url = match &self.base_url {
            Some(url) => Some(url.clone()),
            None => variable(BASE_URL_VARIABLE)?,
        };
        // An empty one counts as unset.
        let url = url.filter(|url| !url.trim().is_empty());
        Ok(url.unwrap_or_else(|| DEFAULT_BASE_URL.to_owned()))
    }
}

/// Certificates in PEM form.
fn certificates(path: &Path) -> Result<String, Failure> {
    let pem = read_text(path).map_err(|failure| failure.about("the file of certificates"))?;
    if pem.contains("-----BEGIN CERTIFICATE-----") {
        return Ok(pem);
    }
    let path = path.display();
    Err(Failure::usage(format_args!(
        "the file {path} has no certificate in PEM form"
    )))
}
