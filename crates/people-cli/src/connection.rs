//! From the command line and the environment to a client: the token, the base URL, the patience.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args;
use people_sdk::{
    ACCESS_TOKEN_VARIABLE, AccessToken, BASE_URL_VARIABLE, Client, ErrorKind, RetryPolicy,
    TokenFuture, TokenSource,
};
use tokio::time::Instant;

use crate::exit::{Failure, eprint_line};

/// Where the service is, and how patiently it is called.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// File that holds the access token (default: the environment's `WEBEX_ACCESS_TOKEN`)
    #[arg(long, value_name = "FILE", conflicts_with = "token_stdin")]
    token_file: Option<PathBuf>,

    /// Read the access token from standard input
    #[arg(long)]
    token_stdin: bool,

    /// Where the service is
    #[arg(
        long,
        value_name = "URL",
        env = BASE_URL_VARIABLE,
        hide_env_values = true,
        default_value = people_sdk::DEFAULT_BASE_URL
    )]
    base_url: String,

    /// How often a request is made in all, when the service is busy or the connection is lost
    #[arg(
        long,
        value_name = "N",
        default_value_t = 4,
        value_parser = clap::value_parser!(u32).range(1..),
        hide_short_help = true
    )]
    max_attempts: u32,

    /// The first wait between attempts, where the service names none; it doubles from there
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "500ms",
        hide_short_help = true
    )]
    first_wait: humantime::Duration,

    /// The longest single wait; when the service asks for more, the command gives up
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "1m",
        hide_short_help = true
    )]
    longest_wait: humantime::Duration,

    /// The longest that a call may take, all attempts and waits included
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "2m",
        hide_short_help = true
    )]
    timeout: humantime::Duration,
}

impl Connection {
    /// Whether standard input is taken by the token.
    pub(crate) fn takes_stdin(&self) -> bool {
        self.token_stdin
    }

    /// Why no other call would fare better than one that ended like this, or nothing.
    pub(crate) fn abort_reason(&self, failure: &Failure) -> Option<String> {
        match (failure.kind?, failure.retry_after) {
            (ErrorKind::Unauthorized, _) => Some("the token is not accepted".to_owned()),
            (ErrorKind::Connect, _) => Some("there is no connection to the service".to_owned()),
            (ErrorKind::RateLimited, Some(wait)) if wait > *self.longest_wait => Some(format!(
                "the service asks to come back in {}",
                humantime::format_duration(wait)
            )),
            _ => None,
        }
    }

    /// The client for a command that makes one call after another.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        self.build(self.timeout.into(), |text, _| {
            eprint_line(format_args!("note: {text}"));
        })
    }

    /// The client for a command that makes many calls at once. `on_wait` is told of every wait of
    /// a second or more.
    pub(crate) fn busy_client(
        &self,
        on_wait: impl Fn(&str, Duration) + Send + Sync + 'static,
    ) -> Result<Client, Failure> {
        // Before each attempt a call can be held back by what others were told, which does not
        // count as its own time.
        let held_back = self.longest_wait.saturating_mul(2);
        let held_back = held_back.saturating_mul(self.max_attempts);
        self.build(self.timeout.saturating_add(held_back), on_wait)
    }

    fn build(
        &self,
        call_timeout: Duration,
        on_wait: impl Fn(&str, Duration) + Send + Sync + 'static,
    ) -> Result<Client, Failure> {
        let pace = Arc::new(Pace::default());
        let token = PacedToken {
            token: self.token()?,
            pace: Arc::clone(&pace),
        };
        let policy = RetryPolicy::default()
            .max_attempts(self.max_attempts)
            .initial_delay(self.first_wait.into())
            .max_delay(self.longest_wait.into())
            .on_retry(move |kind, wait| {
                if kind == ErrorKind::RateLimited {
                    pace.hold(wait);
                }
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
        let client = Client::builder()
            .token_source(token)
            .base_url(self.base_url())
            .call_timeout(call_timeout)
            .user_agent(concat!("people/", env!("CARGO_PKG_VERSION")))
            .retry(policy)
            .build()?;
        Ok(client)
    }

    fn base_url(&self) -> &str {
        // An empty variable is as good as none.
        match self.base_url.as_str() {
            "" => people_sdk::DEFAULT_BASE_URL,
            url => url,
        }
    }

    fn token(&self) -> Result<AccessToken, Failure> {
        let (text, place) = if self.token_stdin {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| Failure::usage(format_args!("standard input: {error}")))?;
            (text, "standard input".to_owned())
        } else if let Some(path) = &self.token_file {
            warn_of_readers(path);
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::usage(format_args!("the token file {}: {error}", path.display()))
            })?;
            (text, format!("the token file {}", path.display()))
        } else {
            match std::env::var(ACCESS_TOKEN_VARIABLE) {
                Ok(text) if !text.trim().is_empty() => (text, ACCESS_TOKEN_VARIABLE.to_owned()),
                Err(std::env::VarError::NotUnicode(_)) => {
                    return Err(Failure::usage(format_args!(
                        "{ACCESS_TOKEN_VARIABLE} holds no token: it is not text"
                    )));
                }
                _ => {
                    return Err(
                        Failure::usage("there is no access token").help(format_args!(
                            "put it in {ACCESS_TOKEN_VARIABLE}, or in a file and name that with \
                             `--token-file`; `people demo` needs none"
                        )),
                    );
                }
            }
        };
        match text.trim() {
            "" => Err(Failure::usage(format_args!("{place} holds no token"))),
            text if !text.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Err(Failure::usage(format_args!(
                    "{place} holds more than a token, or something else: there is a space, a line \
                     break or a character that no token has"
                )))
            }
            token => Ok(AccessToken::from(token)),
        }
    }
}

/// Says so when others than the owner can read the token.
fn warn_of_readers(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        let readable = std::fs::metadata(path)
            .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o077 != 0);
        if readable {
            let path = path.display();
            eprint_line(format_args!(
                "warning: others can read the token file {path}; `chmod 600 {path}` keeps it yours"
            ));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// The rate limit, which holds for the token and so for all calls at once: when one call is told to
/// wait, the others wait with it instead of asking too.
#[derive(Debug, Default)]
struct Pace {
    until: Mutex<Option<Instant>>,
}

impl Pace {
    fn hold(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut held = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        *held = (*held).max(Some(until));
    }

    async fn clear(&self) {
        loop {
            let until = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
            match until {
                Some(until) if until > Instant::now() => tokio::time::sleep_until(until).await,
                _ => return,
            }
        }
    }
}

/// A token that is given out at the pace that the service allows. The client asks for it before
/// every attempt.
struct PacedToken {
    token: AccessToken,
    pace: Arc<Pace>,
}

impl TokenSource for PacedToken {
    fn token<'a>(&'a self, _rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
        Box::pin(async {
            self.pace.clear().await;
            Ok(self.token.clone())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_told_to_wait_holds_back_all_others() {
        let source = PacedToken {
            token: AccessToken::from("t"),
            pace: Arc::new(Pace::default()),
        };
        let started = Instant::now();
        source.token(None).await.unwrap();
        assert_eq!(started.elapsed(), Duration::ZERO);

        source.pace.hold(Duration::from_secs(10));
        // A shorter wait does not end a longer one.
        source.pace.hold(Duration::from_secs(3));
        let calls = async { tokio::join!(source.token(None), source.token(None)) };
        let later = async {
            tokio::time::sleep(Duration::from_secs(9)).await;
            source.pace.hold(Duration::from_secs(5));
        };
        let ((first, second), ()) = tokio::join!(calls, later);
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(started.elapsed(), Duration::from_secs(14));
    }
}
