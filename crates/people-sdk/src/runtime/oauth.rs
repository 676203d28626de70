//! Access tokens that are renewed with a refresh token (OAuth 2.0, RFC 6749, section 6).
//!
//! A renewal is a call like any other, so it has the client's retries, limits, redaction and tracing. The
//! crate `oauth2` is not used: it brings flows for users who sign in, a second random number generator
//! and its own errors, for what is one form here.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::ACCEPT;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::runtime::attempt::Transport;
use crate::runtime::auth::{AccessToken, Credentials, TokenFuture, TokenSource};
use crate::runtime::client::{self, ClientBuilder, Connection};
use crate::runtime::deadline::Timeouts;
use crate::runtime::error::{Error, ErrorKind, Source};
use crate::runtime::operation::Operation;
use crate::runtime::rate_limit::{Limits, RateGate, RetryBudget};
use crate::runtime::send::{self, Inner, Shared};

/// How long before its end a token is renewed, unless a tenth of its lifetime is less.
const EARLY: Duration = Duration::from_secs(300);

/// How long a call waits for an early renewal, before it goes on with the token that is still valid.
const EARLY_WAIT: Duration = Duration::from_secs(1);

/// The time from the start of an early renewal to that of the next one, if the first one fails.
const EARLY_INTERVAL: Duration = Duration::from_secs(30);

/// The time limit of a renewal, and that of one attempt of it.
const TIMEOUTS: Timeouts = Timeouts {
    attempt: Duration::from_secs(10),
    call: Duration::from_secs(30),
};

const RENEW: &Operation = &Operation {
    id: "renewAccessToken",
    method: "POST",
    path: "/access_token",
    safe: false,
    authenticated: false,
    accept: "application/json",
    content_type: "application/x-www-form-urlencoded",
    encoded_parameters: &[],
    conflicting_paths: &[],
    statuses: &["200", "default"],
};

/// Renews access tokens with the refresh token of an integration or a service app. The first one comes
/// from the service, when a person authorizes the integration or an administrator the service app.
///
/// A token is renewed shortly before it ends, and when the service answers 401. One renewal runs at a
/// time, and all calls that need a token share its result. It goes on when the call that started it is
/// dropped, since a service that replaces the refresh token does not accept the old one again. If an early
/// renewal fails, or takes longer than a second, the token that is still valid is used; after a failure,
/// the next renewal starts half a minute later. The call that started such a renewal waits for it within its
/// own time limit, so one of less than a second can end with [`ErrorKind::Credentials`], once in half a minute.
///
/// # Examples
///
/// ```
/// # let runtime = tokio::runtime::Runtime::new()?;
/// # runtime.block_on(async {
/// # let fake = people_fake::FakePeople::start().await?;
/// # use people_fake::{CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN};
/// use people_sdk::{Client, RefreshToken};
///
/// // `on_rotation` stores the refresh token that replaces this one.
/// let refresh_token = RefreshToken::new(CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN);
/// let client = Client::builder()
///     .base_url(fake.base_url())
///     .refresh_token(refresh_token)
///     .build()?;
/// let me = client.get_my_own_details().await?;
/// # assert_eq!(me.id, people_fake::JOHN_ANDERSEN);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RefreshToken {
    client_id: String,
    client_secret: SecretString,
    secret: SecretString,
    token_url: Option<String>,
    store: Option<Store>,
}

/// Stores a new refresh token.
type Store =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<(), Source>> + Send>> + Send + Sync>;

impl RefreshToken {
    /// The credentials of an integration or a service app, and its refresh token.
    pub fn new(
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
        refresh_token: impl Into<String>,
    ) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: client_secret.into().into(),
            secret: refresh_token.into().into(),
            token_url: None,
            store: None,
        }
    }

    /// Where tokens are renewed. Default: `/access_token` below the base URL of the client, which for the
    /// service is `https://webexapis.com/v1/access_token`. Like the base URL, it is `https`, or `http` on
    /// loopback.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::{Client, RefreshToken};
    ///
    /// let refresh_token = RefreshToken::new("client-id", "client-secret", "refresh-token")
    ///     .token_url("https://login.example/token");
    /// # #[cfg(feature = "rustls")] {
    /// let client = Client::builder().refresh_token(refresh_token).build()?;
    /// # drop(client);
    /// # }
    /// # Ok::<(), people_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// Called with each refresh token that replaces the one before, until it succeeds: the access token
    /// that came with it is used afterwards. An error ends the calls that need that access token, as the
    /// cause of [`ErrorKind::Credentials`]; while the one before is valid, calls use that. Any error will
    /// do: `?` boxes it.
    ///
    /// The service does not accept the former refresh token any more, so the next start of the program has
    /// to prefer the stored one to the one that it was configured with. The file should be one that only
    /// its owner can read.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = people_fake::FakePeople::start().await?;
    /// # use people_fake::{CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN};
    /// # let directory = tempfile::tempdir()?;
    /// # let file = directory.path().join("refresh-token");
    /// use std::io::Write as _;
    ///
    /// use people_sdk::{Client, RefreshToken};
    ///
    /// let stored = match std::fs::read_to_string(&file) {
    ///     Err(error) if error.kind() == std::io::ErrorKind::NotFound => REFRESH_TOKEN.to_owned(),
    ///     stored => stored?,
    /// };
    /// let store = file.clone();
    /// let refresh_token = RefreshToken::new(CLIENT_ID, CLIENT_SECRET, stored).on_rotation(
    ///     move |refresh_token| {
    ///         // The closure is called for each rotation, so each has a path of its own.
    ///         let file = store.clone();
    ///         async move {
    ///             // Written beside it first: a file that is half written has no token. A temporary
    ///             // file can be read by its owner alone, and so can the file that it becomes.
    ///             let directory = file.parent().unwrap_or(".".as_ref());
    ///             let mut new = tempfile::NamedTempFile::new_in(directory)?;
    ///             new.write_all(refresh_token.as_bytes())?;
    ///             new.persist(&file)?;
    ///             Ok(())
    ///         }
    ///     },
    /// );
    /// let client = Client::builder()
    ///     .base_url(fake.base_url())
    ///     .refresh_token(refresh_token)
    ///     .build()?;
    /// client.get_my_own_details().await?;
    /// assert_eq!(std::fs::read_to_string(&file)?, fake.refresh_token());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn on_rotation<F, S>(mut self, store: F) -> Self
    where
        F: Fn(String) -> S + Send + Sync + 'static,
        S: Future<Output = Result<(), Source>> + Send + 'static,
    {
        self.store = Some(Arc::new(move |token| Box::pin(store(token))));
        self
    }

    fn credentials(self, connection: &Connection<'_>) -> Result<Credentials, Error> {
        let token_url = if let Some(url) = &self.token_url {
            client::base_url(url).map_err(|fault| {
                Error::configuration(fault.replace("the base URL", "the token URL"))
            })?
        } else {
            send::below(connection.base, RENEW.path())
        };
        let http_client = connection.http_client_for(&token_url)?;
        // A renewal sends no access token. What stands in for it is removed from the service's messages.
        let secret = AccessToken::from(self.client_secret.expose_secret());
        secret.header().map_err(|_| {
            Error::configuration("the client secret is empty, or has a character that none has")
        })?;
        let inner = Inner {
            shared: Arc::new(Shared {
                base: token_url.clone(),
                transport: Transport {
                    http_client,
                    // The errors of the client's own calls name it.
                    proxy: None,
                    max_response_bytes: 64 * 1024,
                },
                credentials: Credentials::Static(secret),
                retry: connection.retry.clone(),
                budget: RetryBudget::new(),
                gate: RateGate::new(Limits::default()),
                clock: Arc::clone(connection.clock),
                on_request: None,
            }),
            timeouts: TIMEOUTS,
            precondition: None,
        };
        Ok(Credentials::refreshing(Renewing(Arc::new(Renewal {
            inner,
            token_url,
            client_id: self.client_id,
            client_secret: self.client_secret,
            store: self.store,
            current: Mutex::new(None),
            state: tokio::sync::Mutex::new(State {
                refresh_token: self.secret,
                unsaved: None,
            }),
        }))))
    }
}

/// Without any of its secrets.
impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshToken")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// Access tokens come from a refresh token. Replaces [`token`](Self::token) and
    /// [`token_source`](Self::token_source). Renewals use the HTTP client, the certificates, the retry
    /// policy and the clock of this builder.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::{Client, RefreshToken};
    ///
    /// # #[cfg(feature = "rustls")] {
    /// let client = Client::builder()
    ///     .refresh_token(RefreshToken::new("client-id", "client-secret", "refresh-token"))
    ///     .build()?;
    /// # drop(client);
    /// # }
    /// # Ok::<(), people_sdk::Error>(())
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "oauth")))]
    pub fn refresh_token(self, refresh_token: RefreshToken) -> Self {
        self.credentials(move |connection| refresh_token.credentials(connection))
    }
}

/// The token source of a client.
struct Renewing(Arc<Renewal>);

struct Renewal {
    inner: Inner,
    token_url: Url,
    client_id: String,
    client_secret: SecretString,
    store: Option<Store>,
    current: Mutex<Option<Issued>>,
    state: tokio::sync::Mutex<State>,
}

/// What one renewal at a time changes.
struct State {
    refresh_token: SecretString,
    /// An access token whose refresh token is not stored yet.
    unsaved: Option<Issued>,
}

/// An access token, and when it is renewed and when it ends, where that is known.
#[derive(Clone)]
struct Issued {
    token: AccessToken,
    renew_at: Option<Instant>,
    end: Option<Instant>,
}

/// The response to a renewal.
#[derive(Deserialize)]
struct TokenResponse {
    access_token: String,
    expires_in: Option<u64>,
    refresh_token: Option<String>,
}

impl TokenSource for Renewing {
    fn token<'a>(&'a self, rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
        Box::pin(async move {
            let current = self.0.usable(rejected);
            if let Some(token) = &current
                && !self.0.starts_early_renewal()
            {
                return Ok(token.clone());
            }
            // A task of its own, which a call that is dropped does not end.
            let renewal = Arc::clone(&self.0);
            let old = current.as_ref().or(rejected).cloned();
            let mut task = tokio::spawn(async move { renewal.renew(old.as_ref()).await });
            let Some(token) = current else {
                return task.await?;
            };
            let mut wait = self.0.inner.shared.clock.sleep(EARLY_WAIT);
            let renewed = poll_fn(|context| match Pin::new(&mut task).poll(context) {
                Poll::Ready(renewed) => Poll::Ready(renewed.ok().and_then(Result::ok)),
                Poll::Pending => wait.as_mut().poll(context).map(|()| None),
            });
            Ok(renewed.await.unwrap_or(token))
        })
    }
}

impl Renewal {
    fn current(&self) -> MutexGuard<'_, Option<Issued>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The current token, unless it was rejected or has ended.
    fn usable(&self, rejected: Option<&AccessToken>) -> Option<AccessToken> {
        let now = self.inner.shared.clock.instant();
        let current = self.current();
        let issued = current.as_ref().filter(|i| Some(&i.token) != rejected)?;
        let has_ended = issued.end.is_some_and(|end| end <= now);
        (!has_ended).then(|| issued.token.clone())
    }

    /// Whether the caller is to renew the current token before it ends. Of all callers within the
    /// interval, the first one is.
    fn starts_early_renewal(&self) -> bool {
        let now = self.inner.shared.clock.instant();
        let mut current = self.current();
        let due = current
            .as_mut()
            .filter(|issued| issued.renew_at.is_some_and(|time| time <= now));
        match due {
            Some(issued) => {
                issued.renew_at = now.checked_add(EARLY_INTERVAL);
                true
            }
            None => false,
        }
    }

    /// A token other than `old`.
    async fn renew(&self, old: Option<&AccessToken>) -> Result<AccessToken, Source> {
        let mut state = self.state.lock().await;
        // The renewal that this one has waited for may have been enough.
        if let Some(token) = self.usable(old) {
            return Ok(token);
        }
        let issued = self.issue(&mut state).await?;
        let token = issued.token.clone();
        *self.current() = Some(issued);
        Ok(token)
    }

    /// A token whose refresh token is stored.
    async fn issue(&self, state: &mut State) -> Result<Issued, Source> {
        let issued = if let Some(issued) = state.unsaved.clone() {
            issued
        } else {
            let (issued, is_same) = self.request(state).await?;
            if is_same {
                return Ok(issued);
            }
            issued
        };
        if let Some(store) = &self.store {
            // Before `store` is called: it is to be called again if it panics.
            state.unsaved = Some(issued.clone());
            let stored = store(state.refresh_token.expose_secret().to_owned()).await;
            stored.map_err(|cause| {
                let reason = "the new refresh token could not be stored";
                Error::new(ErrorKind::Credentials, reason).with_source(cause)
            })?;
            state.unsaved = None;
        }
        Ok(issued)
    }

    /// Asks for a token. The second value is whether the refresh token is still the same.
    async fn request(&self, state: &mut State) -> Result<(Issued, bool), Source> {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &self.client_id),
            ("client_secret", self.client_secret.expose_secret()),
            ("refresh_token", state.refresh_token.expose_secret()),
        ];
        let http_client = &self.inner.shared.transport.http_client;
        let request = http_client
            .post(self.token_url.clone())
            .header(ACCEPT, RENEW.accept)
            .form(&form)
            .build()?;
        let asked = self.inner.shared.clock.instant();
        let response = self.inner.send_any::<TokenResponse>(RENEW, request).await;
        // A body that could not be read may hold a token.
        let response = response
            .map_err(|error| error.with_body(Bytes::new()))?
            .into_inner();
        let lifetime = response.expires_in.map(Duration::from_secs);
        let end = lifetime.and_then(|lifetime| asked.checked_add(lifetime));
        let early = lifetime.map_or(EARLY, |lifetime| EARLY.min(lifetime / 10));
        let issued = Issued {
            token: AccessToken::from(response.access_token),
            renew_at: end.and_then(|end| end.checked_sub(early)),
            end,
        };
        let rotated = response
            .refresh_token
            .filter(|new| !new.is_empty() && new != state.refresh_token.expose_secret());
        let is_same = rotated.is_none();
        if let Some(new) = rotated {
            state.refresh_token = new.into();
        }
        Ok((issued, is_same))
    }
}
