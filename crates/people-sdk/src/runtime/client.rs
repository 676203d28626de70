//! Construction and settings of a client. Everything that can be wrong with them is found here,
//! once; how a call runs is `send`'s.

use std::env::VarError;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::Client;
use crate::runtime::attempt::Transport;
use crate::runtime::auth::{AccessToken, Credentials, TokenSource};
use crate::runtime::deadline::Timeouts;
use crate::runtime::error::Error;
use crate::runtime::outgoing::{OnRequest, OutgoingRequest};
use crate::runtime::proxy::ProxyVariable;
use crate::runtime::rate_limit::{Limits, RateGate, RetryBudget};
use crate::runtime::retry::{Clock, RetryPolicy, SystemClock};
use crate::runtime::send::{Inner, Shared};
use crate::runtime::tls;

/// Where the service is, unless the caller says otherwise.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "rustls")] {
/// let client = people_sdk::Client::builder().token("fake-admin").build()?;
/// assert_eq!(client.base_url(), people_sdk::DEFAULT_BASE_URL);
/// # }
/// # Ok::<(), people_sdk::Error>(())
/// ```
pub const DEFAULT_BASE_URL: &str = "https://webexapis.com/v1";

/// The environment variable with the access token.
///
/// # Examples
///
/// ```
/// if std::env::var_os(people_sdk::ACCESS_TOKEN_VARIABLE).is_none() {
///     eprintln!("put the access token into {}", people_sdk::ACCESS_TOKEN_VARIABLE);
/// }
/// ```
pub const ACCESS_TOKEN_VARIABLE: &str = "WEBEX_ACCESS_TOKEN";

/// The environment variable with the base URL.
///
/// # Examples
///
/// ```
/// let is_test = std::env::var_os(people_sdk::BASE_URL_VARIABLE).is_some();
/// println!("the service is {}", if is_test { "a test server" } else { "Webex" });
/// ```
pub const BASE_URL_VARIABLE: &str = "WEBEX_BASE_URL";

const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

impl Client {
    /// Starts a client. A token is all it needs.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let client = people_sdk::Client::builder()
    ///     .token("fake-admin")
    ///     .call_timeout(Duration::from_secs(30))
    ///     .user_agent("staff-sync/1.4")
    ///     .build()?;
    /// # drop(client);
    /// # Ok::<(), people_sdk::Error>(())
    /// ```
    #[doc(alias = "new")]
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client from the environment: the token from `WEBEX_ACCESS_TOKEN`, and the base URL from
    /// `WEBEX_BASE_URL` where that is set. [`ClientBuilder::from_env`] is the same with further
    /// settings. Nothing else in this crate reads the environment; of what it depends on, the transport
    /// reads the usual proxy variables, and TLS where certificates are.
    ///
    /// # Errors
    ///
    /// There is no token, or what the variables hold cannot be used.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// let client = people_sdk::Client::from_env()?;
    /// # drop(client);
    /// # Ok::<(), people_sdk::Error>(())
    /// ```
    #[doc(alias = "environment")]
    pub fn from_env() -> Result<Self, Error> {
        let builder = ClientBuilder::from_env()?;
        if matches!(builder.credentials, Ok(None)) {
            return Err(Error::configuration(format_args!(
                "{ACCESS_TOKEN_VARIABLE} is not set or empty; put the access token there"
            )));
        }
        builder.build()
    }

    /// The same client with another time for each call as a whole, waits included. It shares
    /// connections and credentials with this one, so it is made for a single call just as well. An
    /// edit is up to three calls, each with this time.
    ///
    /// # Examples
    ///
    /// ```
    /// # let runtime = tokio::runtime::Runtime::new()?;
    /// # runtime.block_on(async {
    /// # let fake = people_fake::FakePeople::start().await?;
    /// # let client = people_sdk::Client::builder()
    /// #     .base_url(fake.base_url())
    /// #     .token(people_fake::ADMIN_TOKEN)
    /// #     .build()?;
    /// # let id = people_fake::JOHN_ANDERSEN;
    /// use std::time::Duration;
    ///
    /// let quick = client.with_call_timeout(Duration::from_secs(2));
    /// let edit = quick
    ///     .edit_person(id, |update| update.title = Some("Director".to_owned()))
    ///     .await?;
    /// # drop(edit);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_call_timeout(&self, timeout: Duration) -> Self {
        let mut client = self.clone();
        client.inner.timeouts.call = timeout;
        client
    }

    /// The URL that every path of the contract is appended to, without a slash at its end.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "rustls")] {
    /// let client = people_sdk::Client::builder()
    ///     .token("fake-admin")
    ///     .base_url("https://proxy.example/webex/v1/")
    ///     .build()?;
    /// assert_eq!(client.base_url(), "https://proxy.example/webex/v1");
    /// # }
    /// # Ok::<(), people_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.baseurl
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.baseurl)
            .field("retry", &self.inner.shared.retry)
            .field("timeouts", &self.inner.timeouts)
            .finish_non_exhaustive()
    }
}

/// An environment variable, where it is set and not empty.
fn variable(name: &str) -> Result<Option<String>, Error> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::configuration(format_args!(
            "{name} is not valid UTF-8"
        ))),
    }
}

/// Puts a [`Client`] together. [`Client::builder`] starts one.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use people_sdk::{Client, RetryPolicy};
///
/// # #[cfg(feature = "rustls")] {
/// let client = Client::builder()
///     .token("fake-admin")
///     .base_url("https://proxy.example/webex/v1")
///     .user_agent("staff-sync/1.4")
///     .connect_timeout(Duration::from_secs(5))
///     .attempt_timeout(Duration::from_secs(10))
///     .call_timeout(Duration::from_secs(60))
///     .retry(RetryPolicy::default().max_attempts(6))
///     .max_concurrency(8)
///     .requests_per_second(5.0)
///     .max_response_bytes(256 * 1024)
///     .build()?;
/// assert_eq!(client.base_url(), "https://proxy.example/webex/v1");
/// # }
/// # Ok::<(), people_sdk::Error>(())
/// ```
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    credentials: Result<Option<MakeCredentials>, &'static str>,
    retry: RetryPolicy,
    clock: Arc<dyn Clock>,
    connect_timeout: Duration,
    timeouts: Timeouts,
    max_response_bytes: usize,
    limits: Limits,
    user_agent: Option<String>,
    root_certificates: Vec<Vec<u8>>,
    http_client: Option<reqwest::Client>,
    configure_http_client: Option<Configure>,
    on_request: Option<OnRequest>,
}

/// The parts of a client that its credentials may need.
#[cfg_attr(not(feature = "oauth"), allow(dead_code, reason = "for `oauth` alone"))]
pub(crate) struct Connection<'a> {
    pub(crate) base: &'a Url,
    http_client: &'a reqwest::Client,
    /// Whether the HTTP client is the caller's own.
    is_given: bool,
    connect_timeout: Duration,
    user_agent: Option<&'a str>,
    pub(crate) retry: &'a RetryPolicy,
    pub(crate) clock: &'a Arc<dyn Clock>,
}

#[cfg(feature = "oauth")]
impl Connection<'_> {
    /// The HTTP client for secrets that are sent to `url`. That of calls under TLS may use a proxy, which
    /// would carry them over the network in clear if `url` is plain http.
    pub(crate) fn http_client_for(&self, url: &Url) -> Result<reqwest::Client, Error> {
        if self.is_given || url.scheme() == self.base.scheme() || url.scheme() == "https" {
            return Ok(self.http_client.clone());
        }
        http_client(url, self.connect_timeout, self.user_agent, &[], None)
    }
}

type MakeCredentials = Box<dyn FnOnce(&Connection<'_>) -> Result<Credentials, Error> + Send + Sync>;

type Configure = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            base_url: DEFAULT_BASE_URL.to_owned(),
            credentials: Ok(None),
            retry: RetryPolicy::default(),
            clock: Arc::new(SystemClock),
            connect_timeout: Duration::from_secs(10),
            timeouts: Timeouts {
                attempt: Duration::from_secs(30),
                call: Duration::from_secs(120),
            },
            max_response_bytes: 1024 * 1024,
            limits: Limits::default(),
            user_agent: None,
            root_certificates: Vec::new(),
            http_client: None,
            configure_http_client: None,
            on_request: None,
        }
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL has not been checked, and may hold a password.
        f.debug_struct("ClientBuilder")
            .field("retry", &self.retry)
            .field("timeouts", &self.timeouts)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// A builder with what the environment has: the token from `WEBEX_ACCESS_TOKEN`, and the base URL
    /// from `WEBEX_BASE_URL`. Either may be missing. What is set afterwards replaces it.
    ///
    /// # Errors
    ///
    /// A variable is not valid UTF-8.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// let client = people_sdk::ClientBuilder::from_env()?
    ///     .call_timeout(Duration::from_secs(30))
    ///     .build()?;
    /// # drop(client);
    /// # Ok::<(), people_sdk::Error>(())
    /// ```
    #[doc(alias = "environment")]
    pub fn from_env() -> Result<Self, Error> {
        let mut builder = Self::default();
        if let Some(token) = variable(ACCESS_TOKEN_VARIABLE)? {
            builder = builder.token(token);
        }
        if let Some(url) = variable(BASE_URL_VARIABLE)? {
            builder = builder.base_url(url);
        }
        Ok(builder)
    }

    /// Where the service is. A path before the contract's own is kept, and slashes at the end are
    /// dropped. `http` is for loopback alone, since the token would travel in clear.
    ///
    /// Default: `https://webexapis.com/v1`.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The access token of every call.
    #[doc(alias = "bearer")]
    #[doc(alias = "auth")]
    pub fn token(mut self, token: impl Into<AccessToken>) -> Self {
        let token = token.into();
        match token.header() {
            Ok(_) => self.credentials(|_| Ok(Credentials::Static(token))),
            Err(fault) => {
                self.credentials = Err(fault);
                self
            }
        }
    }

    /// Where tokens come from when they do not last. Replaces [`token`](Self::token).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = people_fake::FakePeople::start().await?;
    /// use people_sdk::{AccessToken, Client, token_source_fn};
    ///
    /// // Where a real program asks its store of secrets.
    /// let source = token_source_fn(|_rejected| async {
    ///     Ok(AccessToken::from(people_fake::ADMIN_TOKEN))
    /// });
    /// let client = Client::builder()
    ///     .base_url(fake.base_url())
    ///     .token_source(source)
    ///     .build()?;
    /// client.get_my_own_details().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn token_source(self, source: impl TokenSource) -> Self {
        self.credentials(|_| Ok(Credentials::refreshing(source)))
    }

    /// `make` makes the credentials when the rest of the client is there.
    pub(crate) fn credentials(
        mut self,
        make: impl FnOnce(&Connection<'_>) -> Result<Credentials, Error> + Send + Sync + 'static,
    ) -> Self {
        self.credentials = Ok(Some(Box::new(make)));
        self
    }

    /// When failed attempts are made again. Default: [`RetryPolicy::default`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The time in which a connection must be opened. Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The time of one attempt, from opening the connection to the end of the body. Waits between
    /// attempts do not count. Default: 30 s.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.attempt = timeout;
        self
    }

    /// The time of a whole call: all attempts and the waits between them. Default: 120 s.
    /// [`Client::with_call_timeout`] sets it for a single call.
    #[doc(alias = "timeout")]
    #[doc(alias = "deadline")]
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.call = timeout;
        self
    }

    /// How many requests are in flight at once, at most. Default: no fixed limit; the client adapts to
    /// what the service allows, see [`RetryPolicy`]. Zero counts as one.
    #[doc(alias = "throttle")]
    pub fn max_concurrency(mut self, requests: usize) -> Self {
        self.limits.max_concurrency = Some(requests.max(1));
        self
    }

    /// How many requests are sent per second, at most, evenly spaced. Default: no fixed limit; the
    /// client adapts to what the service allows, see [`RetryPolicy`]. What is not a positive number
    /// means no limit; less than one request in a year counts as that.
    #[doc(alias = "throttle")]
    #[doc(alias = "rate_limit")]
    pub fn requests_per_second(mut self, requests: f64) -> Self {
        // Seconds that can be added to any time.
        const LONGEST: f64 = 31_536_000.0;
        let interval = if requests > 0.0 {
            requests.recip().min(LONGEST)
        } else {
            0.0
        };
        self.limits.interval = Duration::try_from_secs_f64(interval).unwrap_or_default();
        self
    }

    /// The largest body of a success that is read, in bytes. Default: 1 MiB.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// What the caller is called in the `User-Agent` header, before the SDK's own name:
    /// `staff-sync/1.4`.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// A certificate in PEM form to trust besides the system's, as a company's proxy needs.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let certificate = std::fs::read("/etc/ssl/company-proxy.pem")?;
    /// let client = people_sdk::Client::builder()
    ///     .token("fake-admin")
    ///     .root_certificate(certificate)
    ///     .build()?;
    /// # drop(client);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "ca")]
    #[doc(alias = "tls")]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Further settings of the HTTP client that `build` makes: proxies, default headers, a local
    /// address. What this builder sets stays, unless `configure` sets it again; redirects are never
    /// followed. Use [`http_client`](Self::http_client) to replace the HTTP client as a whole.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "rustls")] {
    /// use people_sdk::reqwest::Proxy;
    ///
    /// let proxy = Proxy::https("http://proxy.example:3128")?;
    /// let client = people_sdk::Client::builder()
    ///     .token("fake-admin")
    ///     .user_agent("staff-sync/1.4")
    ///     .configure_http_client(|http| http.proxy(proxy).pool_max_idle_per_host(4))
    ///     .build()?;
    /// # drop(client);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "proxy")]
    #[doc(alias = "default_headers")]
    #[doc(alias = "local_address")]
    pub fn configure_http_client(
        mut self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.configure_http_client = Some(Box::new(configure));
        self
    }

    /// The HTTP client to use instead of one that `build` makes. Connect timeout, user agent, proxies,
    /// certificates, TLS and redirects are then configured on that client:
    /// [`connect_timeout`](Self::connect_timeout), [`user_agent`](Self::user_agent),
    /// [`root_certificate`](Self::root_certificate) and
    /// [`configure_http_client`](Self::configure_http_client) have no effect. Credentials, retries, the other
    /// timeouts and the limits stay those of this builder; a timeout set on the HTTP client ends an
    /// attempt as well.
    ///
    /// Give it `redirect(Policy::none())`. By default, reqwest follows redirects, which can turn a
    /// write into a read, and send a refresh token to another server; a response from another URL than the
    /// requested one is an error of the kind [`ErrorKind::Redirected`](crate::ErrorKind::Redirected).
    ///
    /// With the default features, reqwest has TLS by rustls and no provider for it, and panics in
    /// `build` without one: give it a configuration as below, install a default provider for the
    /// process, or enable reqwest's feature `rustls`.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "rustls")] {
    /// use std::sync::Arc;
    ///
    /// let provider = Arc::new(rustls::crypto::ring::default_provider());
    /// let tls = rustls::ClientConfig::builder_with_provider(provider)
    ///     .with_safe_default_protocol_versions()?
    ///     .with_root_certificates(rustls::RootCertStore::empty())
    ///     .with_no_client_auth();
    /// let http_client = reqwest::Client::builder()
    ///     .tls_backend_preconfigured(tls)
    ///     .redirect(reqwest::redirect::Policy::none())
    ///     .no_proxy()
    ///     .build()?;
    /// let client = people_sdk::Client::builder()
    ///     .token("fake-admin")
    ///     .base_url("http://127.0.0.1:8080/v1")
    ///     .http_client(http_client)
    ///     .build()?;
    /// # drop(client);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "transport")]
    #[doc(alias = "reqwest")]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Calls `hook` before each attempt of each call, for a header that every request has or that
    /// depends on the request: the name of a program, a request id, a signature, the context of a trace.
    /// It does not see the access token, and is not called for the renewal of one. A second hook replaces
    /// the first.
    ///
    /// Of several values of a header, that of the hook is sent; otherwise that of the call (`header` of
    /// a request); otherwise that of the client and of
    /// [`configure_http_client`](Self::configure_http_client). A hook that is to leave the call's value
    /// asks for it with [`OutgoingRequest::header`].
    ///
    /// A hook, as the interceptors of the AWS SDK are, and not a middleware around the transport, as in
    /// `reqwest-middleware`: a middleware could send a request several times or to another place,
    /// without the rate limit, the retries and the errors of this client knowing. What comes back is
    /// seen through [`ResponseValue::headers`](crate::ResponseValue::headers),
    /// [`Error`], [`RetryPolicy::on_retry`] and the feature `tracing`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// let count = AtomicU64::new(0);
    /// let client = people_sdk::Client::builder()
    ///     .token("fake-admin")
    ///     .on_request(move |request| {
    ///         let number = count.fetch_add(1, Ordering::Relaxed);
    ///         request.set_header("X-Request-Id", format!("staff-sync-{number}"));
    ///     })
    ///     .build()?;
    /// # drop(client);
    /// # Ok::<(), people_sdk::Error>(())
    /// ```
    pub fn on_request(
        mut self,
        hook: impl Fn(&mut OutgoingRequest<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.on_request = Some(Arc::new(hook));
        self
    }

    /// Another clock, for tests.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The client, once all of this has been checked.
    ///
    /// # Errors
    ///
    /// There is no token or one that cannot be sent, the base URL is not one or would send the
    /// token in clear, a certificate cannot be read, or the system's TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let make_credentials = self.credentials.map_err(Error::configuration)?;
        let make_credentials = make_credentials.ok_or_else(|| {
            Error::configuration("there is no access token; give one with `token`")
        })?;
        let base = base_url(&self.base_url).map_err(Error::configuration)?;
        let is_proxy_of_environment = self.http_client.is_none()
            && self.configure_http_client.is_none()
            && base.scheme() == "https";
        let proxy = is_proxy_of_environment
            .then(|| ProxyVariable::find(&base, |name| std::env::var(name).ok()))
            .flatten();
        let is_given = self.http_client.is_some();
        let http_client = match self.http_client {
            Some(http_client) => http_client,
            None => http_client(
                &base,
                self.connect_timeout,
                self.user_agent.as_deref(),
                &self.root_certificates,
                self.configure_http_client,
            )?,
        };
        let credentials = make_credentials(&Connection {
            base: &base,
            http_client: &http_client,
            is_given,
            connect_timeout: self.connect_timeout,
            user_agent: self.user_agent.as_deref(),
            retry: &self.retry,
            clock: &self.clock,
        })?;
        Ok(Client {
            baseurl: base.as_str().trim_end_matches('/').to_owned(),
            inner: Inner {
                shared: Arc::new(Shared {
                    base,
                    transport: Transport {
                        http_client,
                        proxy,
                        max_response_bytes: self.max_response_bytes,
                    },
                    credentials,
                    retry: self.retry,
                    budget: RetryBudget::new(),
                    gate: RateGate::new(self.limits),
                    clock: self.clock,
                    on_request: self.on_request,
                }),
                timeouts: self.timeouts,
                precondition: None,
            },
        })
    }
}

/// The base URL, if a token may be sent there. No message repeats it: it may hold a password.
pub(crate) fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("the base URL is not a URL: {error}"))?;
    let loopback = match url.host_str() {
        None => return Err("the base URL has no host".to_owned()),
        Some(host) => {
            let address = host.trim_start_matches('[').trim_end_matches(']');
            host == "localhost" || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
        }
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => {
            return Err(
                "the base URL is plain http, which would send the token in clear; use https (http \
                 is for loopback alone)"
                    .to_owned(),
            );
        }
        other => return Err(format!("the base URL has the scheme `{other}`; use https")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the base URL has a user name or password; give a token instead".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("the base URL has a query or a fragment; leave it off".to_owned());
    }
    Ok(url)
}

fn http_client(
    base: &Url,
    connect_timeout: Duration,
    product: Option<&str>,
    certificates: &[Vec<u8>],
    configure: Option<Configure>,
) -> Result<reqwest::Client, Error> {
    let agent = product.map_or_else(
        || USER_AGENT.to_owned(),
        |product| format!("{product} {USER_AGENT}"),
    );
    let agent = HeaderValue::try_from(agent)
        .map_err(|_| Error::configuration("the user agent is not a valid header value"))?;
    let mut builder = reqwest::Client::builder()
        .connect_timeout(connect_timeout)
        .user_agent(agent);
    if base.scheme() == "http" {
        // Plain http is for loopback; a proxy would carry the token over the network in clear.
        builder = builder.no_proxy();
    } else if !tls::AVAILABLE {
        return Err(tls::unavailable());
    }
    builder = tls::configure(builder, certificates)?;
    if let Some(configure) = configure {
        builder = configure(builder);
    }
    builder
        // Another origin must not see the token, https must stay https, and a write must not become
        // a read. The service documents no redirects.
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| {
            Error::configuration("the HTTP client cannot be set up").with_source(error)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_time_between_requests_however_small_it_is() {
        let interval = |rate: f64| Client::builder().requests_per_second(rate).limits.interval;
        for (rate, seconds) in [
            (4.0, 0.25),
            (1e-30, 31_536_000.0),
            (f64::MIN_POSITIVE, 31_536_000.0),
        ] {
            assert_eq!(interval(rate), Duration::from_secs_f64(seconds), "{rate}");
        }
        for none in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY, f64::INFINITY] {
            assert_eq!(interval(none), Duration::ZERO, "{none}");
        }
    }

    #[cfg(any(feature = "__rustls", feature = "native-tls"))]
    #[test]
    fn a_base_url_is_taken_or_refused_with_a_reason() {
        let taken = [
            ("https://webexapis.com/v1", "https://webexapis.com/v1"),
            ("https://webexapis.com/v1//", "https://webexapis.com/v1"),
            (
                "https://proxy.example/webex/v1/",
                "https://proxy.example/webex/v1",
            ),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
            ("http://localhost/v1", "http://localhost/v1"),
        ];
        for (url, expected) in taken {
            let client = Client::builder().token("t").base_url(url).build().unwrap();
            assert_eq!(client.base_url(), expected);
        }
        let refused = [
            ("webexapis.com", "not a URL"),
            ("ftp://webexapis.com", "scheme `ftp`"),
            ("http://webexapis.com/v1", "plain http"),
            ("http://127.0.0.1.example/v1", "plain http"),
            ("http://10.0.0.1/v1", "plain http"),
            ("https://user:secret@webexapis.com", "user name"),
            ("https://webexapis.com/v1?a=secret", "query"),
            ("https://webexapis.com/v1#secret", "fragment"),
        ];
        for (url, expected) in refused {
            let error = Client::builder()
                .token("t")
                .base_url(url)
                .build()
                .unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(text.contains(expected), "{url}: {text}");
            assert!(!text.contains("secret"), "{text}");
        }
    }

    #[test]
    fn a_client_needs_a_token_that_can_be_sent() {
        let error = Client::builder().build().unwrap_err();
        assert!(error.to_string().contains("no access token"), "{error}");
        let error = Client::builder().token("a\nb").build().unwrap_err();
        assert!(error.to_string().contains("a line break"), "{error}");
    }

    #[cfg(not(any(feature = "__rustls", feature = "native-tls")))]
    #[test]
    fn without_tls_there_is_plain_http_alone() {
        let builder = || Client::builder().token("t");
        let local = builder().base_url("http://127.0.0.1:1").build();
        assert!(local.is_ok(), "{local:?}");
        for builder in [builder(), builder().root_certificate("any")] {
            let error = builder.build().unwrap_err();
            assert!(error.to_string().contains("without TLS"), "{error}");
        }
    }

    #[cfg(any(feature = "__rustls", feature = "native-tls"))]
    #[test]
    fn a_certificate_that_is_none_is_refused() {
        for pem in ["", "not a certificate"] {
            let error = Client::builder()
                .token("t")
                .root_certificate(pem)
                .build()
                .unwrap_err();
            assert!(error.to_string().contains("PEM"), "{error}");
        }
    }
}
