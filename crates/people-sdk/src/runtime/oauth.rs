//! Access tokens that are renewed with a refresh token (OAuth 2.0, RFC 6749, section 6).
//!
//! A renewal is a call like any other, so it has the client's retries, limits, redaction and tracing. The
//! crate `oauth2` is not used: it brings flows for users who sign in, a second random number generator
//! and its own errors, for what is one form here.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
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
use crate::runtime::send::{Inner, Shared};

/// How long before its end a token is renewed, unless a tenth of its lifetime is less.
const EARLY: Duration = Duration::from_secs(300);

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

/// Renews access tokens with the refresh token of an integration or a service app.
///
/// A token is renewed shortly before it ends, and when the service answers 401. One renewal runs at a
/// time, and all calls that need a token share its result. It goes on when the call that started it is
/// dropped, since a service that replaces the refresh token does not accept the old one again. If an early
/// renewal fails, the token that is still valid is used.
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
/// let refresh_token = RefreshToken::new(CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN)
///     .on_rotation(|refresh_token| async move {
///         // Store the new refresh token: the next start of the program needs it.
/// #       drop(refresh_token);
///         Ok(())
///     });
/// let client = Client::builder()
///     .base_url(fake.base_url())
///     .refresh_token(refresh_token)
///     .build()?;
/// let edit = client.edit_person("unknown", |_| {}).await;
/// # assert_eq!(edit.unwrap_err().kind(), people_sdk::ErrorKind::NotFound);
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
    #[must_use]
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// Called with each refresh token that replaces the one before, until it succeeds: the access token
    /// that came with it is used afterwards. An error ends the call that needed the token, as the cause of
    /// [`ErrorKind::Credentials`].
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
            let mut url = connection.base.clone();
            let path = format!("{}{}", url.path().trim_end_matches('/'), RENEW.path());
            url.set_path(&path);
            url
        };
        // A renewal sends no access token. What stands in for it is removed from the service's messages.
        let secret = AccessToken::from(self.client_secret.expose_secret());
        secret.header().map_err(|_| {
            Error::configuration("the client secret is empty, or has a character that none has")
        })?;
        let inner = Inner {
            shared: Arc::new(Shared {
                base: token_url.clone(),
                transport: Transport {
                    http_client: connection.http_client.clone(),
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
            if let Some(token) = self.0.usable(rejected, |issued| issued.renew_at) {
                return Ok(token);
            }
            // A task of its own, which a call that is dropped does not end.
            let renewal = Arc::clone(&self.0);
            let rejected = rejected.cloned();
            tokio::spawn(async move { renewal.renew(rejected.as_ref()).await }).await?
        })
    }
}

impl Renewal {
    /// The current token, if it was not rejected and the time that `until` gives has not come.
    fn usable(
        &self,
        rejected: Option<&AccessToken>,
        until: impl Fn(&Issued) -> Option<Instant>,
    ) -> Option<AccessToken> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let issued = current.as_ref().filter(|i| Some(&i.token) != rejected)?;
        let now = self.inner.shared.clock.instant();
        let is_over = until(issued).is_some_and(|end| end <= now);
        (!is_over).then(|| issued.token.clone())
    }

    async fn renew(&self, rejected: Option<&AccessToken>) -> Result<AccessToken, Source> {
        let mut state = self.state.lock().await;
        // The renewal that this one has waited for may have been enough.
        if let Some(token) = self.usable(rejected, |issued| issued.renew_at) {
            return Ok(token);
        }
        match self.issue(&mut state).await {
            Ok(issued) => {
                let token = issued.token.clone();
                let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
                *current = Some(issued);
                Ok(token)
            }
            Err(error) => self.usable(rejected, |issued| issued.end).ok_or(error),
        }
    }

    /// A token whose refresh token is stored.
    async fn issue(&self, state: &mut State) -> Result<Issued, Source> {
        let (issued, is_stored) = match state.unsaved.take() {
            Some(issued) => (issued, false),
            None => self.request(state).await?,
        };
        if let Some(store) = self.store.as_ref().filter(|_| !is_stored)
            && let Err(cause) = store(state.refresh_token.expose_secret().to_owned()).await
        {
            state.unsaved = Some(issued);
            let reason = "the new refresh token could not be stored";
            return Err(Error::new(ErrorKind::Credentials, reason)
                .with_source(cause)
                .into());
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
            .form(&form);
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
