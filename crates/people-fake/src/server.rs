//! The service on a socket: starting, serving and stopping it. Responses are made in `service`.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use serde::Serialize;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};

use crate::directory::{self, Directory, LoadError};
#[cfg(feature = "docs")]
use crate::docs::Docs;
use crate::fault::Fault;
use crate::log::{Exchange, Inspector, Request};
use crate::options::Options;
use crate::person_seed::PersonSeed;
use crate::routes;
use crate::service::{Config, RequestBody, Service};

/// The time that a graceful stop waits for open requests.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// The length up to which a body that is too large is read to its end, so that its sender sees the
/// response.
const MAX_DISCARDED_BYTES: usize = 64 << 20;

/// The default maximum number of recorded requests.
const LOG_LENGTH: usize = 100_000;

/// The maximum length of all recorded requests together, in bytes.
const LOG_BYTES: usize = 16 << 20;

/// A running service. It stops when this is dropped.
///
/// # Examples
///
/// ```
/// use people_fake::{FakePeople, Fault, JOHN_ANDERSEN};
///
/// # #[tokio::main]
/// # async fn main() -> std::io::Result<()> {
/// let fake = FakePeople::start().await?;
/// println!("{}", fake.base_url());
/// fake.inject("GET 503 retry-after=2 times=1".parse().map_err(std::io::Error::other)?);
///
/// // … call it with any HTTP client …
///
/// assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "GM");
/// for request in fake.requests() {
///     println!("{} {} {:?}", request.method, request.path, request.status);
/// }
/// fake.stop().await;
/// # Ok(())
/// # }
/// ```
pub struct FakePeople {
    address: SocketAddr,
    base_url: String,
    service: Arc<Service>,
    stop: Arc<Notify>,
    task: JoinHandle<()>,
}

impl fmt::Debug for FakePeople {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The people are personal data.
        f.debug_struct("FakePeople")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

impl FakePeople {
    /// Starts the service with its predefined people, on a free loopback port.
    ///
    /// # Errors
    ///
    /// No port can be opened.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// A builder for a service with other settings than [`FakePeople::start`] uses.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use people_fake::FakePeople;
    ///
    /// let fake = FakePeople::builder().record_content(true).start().await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The base URL of the service, without a trailing slash: `http://127.0.0.1:PORT/v1`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The address on which the service listens.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// let fake = people_fake::FakePeople::start().await?;
    /// assert!(fake.address().ip().is_loopback());
    /// assert_eq!(fake.base_url(), format!("http://{}/v1", fake.address()));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Adds a fault, in effect from the next request.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use people_fake::{FakePeople, Fault};
    ///
    /// let fake = FakePeople::start().await?;
    /// fake.inject(Fault::status(429).retry_after("1").on("GET", "/people/me").times(2));
    /// fake.clear_faults();
    /// # Ok(())
    /// # }
    /// ```
    pub fn inject(&self, fault: Fault) {
        self.service.state().faults.inject(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.service.state().faults.clear();
    }

    /// A person with all stored properties, including those that not every caller sees.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use people_fake::{FakePeople, MEMBER};
    ///
    /// let fake = FakePeople::start().await?;
    /// assert_eq!(fake.person(MEMBER).unwrap()["displayName"], "Mary Lee");
    /// assert_eq!(fake.person("unknown"), None);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn person(&self, id: &str) -> Option<Value> {
        let state = self.service.state();
        state.directory.person(id).cloned().map(Value::Object)
    }

    /// All people, in the order in which they were added.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use people_fake::{FakePeople, JOHN_ANDERSEN};
    ///
    /// let fake = FakePeople::start().await?;
    /// let people = fake.people();
    /// assert_eq!(people[0]["id"], JOHN_ANDERSEN);
    /// for person in &people {
    ///     println!("{}", person["displayName"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn people(&self) -> Vec<Value> {
        let state = self.service.state();
        let people = state.directory.all().cloned();
        people.map(Value::Object).collect()
    }

    /// Adds a person, or replaces the one with the same `id`: a [`Value`], a model of a client, or
    /// anything else that serializes to an object. Only the `id` is checked, so that a test can use a
    /// person that violates the contract.
    ///
    /// # Errors
    ///
    /// The value is not an object, or has no `id`.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_fake::{FakePeople, MEMBER};
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let fake = FakePeople::start().await?;
    /// let mut mary = fake.person(MEMBER).ok_or("no such person")?;
    /// mary["title"] = "Director".into();
    /// fake.set_person(&mary)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_person(&self, person: impl Serialize) -> Result<(), LoadError> {
        let person = serde_json::to_value(person)
            .map_err(|error| LoadError::new(format!("not JSON: {error}")))?;
        let person = directory::checked(person).map_err(LoadError::new)?;
        self.service.state().directory.set(person);
        Ok(())
    }

    /// Assigns a token to a person. The predefined tokens can be reassigned.
    ///
    /// # Errors
    ///
    /// No person has this id.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use people_fake::{FakePeople, MANAGER};
    ///
    /// let fake = FakePeople::start().await?;
    /// fake.set_token("manager-token", MANAGER)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_token(&self, token: impl Into<String>, person: &str) -> Result<(), LoadError> {
        self.service.state().directory.grant(token.into(), person)
    }

    /// Ends an access token: from now on it is answered with 401.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// let fake = people_fake::FakePeople::start().await?;
    /// // … let a client get an access token for `people_fake::REFRESH_TOKEN`, and then …
    /// fake.expire_token("fake-admin-1");
    /// # Ok(())
    /// # }
    /// ```
    pub fn expire_token(&self, token: &str) {
        self.service.state().tokens.expire(token);
    }

    /// The refresh token that is valid now: [`REFRESH_TOKEN`](crate::REFRESH_TOKEN) until the first
    /// renewal, and another one after each.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use people_fake::{FakePeople, REFRESH_TOKEN};
    ///
    /// let fake = FakePeople::start().await?;
    /// assert_eq!(fake.refresh_token(), REFRESH_TOKEN);
    /// // … let the program under test renew its access token, and compare what it has stored with this …
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn refresh_token(&self) -> String {
        self.service.state().tokens.refresh_token().to_owned()
    }

    /// The recorded requests: the last [`Builder::log_length`] of them, or fewer if they are longer
    /// than 16 MiB together.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use people_fake::FakePeople;
    ///
    /// let fake = FakePeople::start().await?;
    /// // … call it …
    /// assert!(fake.requests().iter().all(|request| request.status == Some(200)));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.service.state().log.to_vec()
    }

    /// Clears the recorded requests.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// let fake = people_fake::FakePeople::start().await?;
    /// // … prepare the program under test …
    /// fake.clear_requests();
    /// // … and count what one step of it sends.
    /// assert_eq!(fake.requests().len(), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn clear_requests(&self) {
        self.service.state().log.clear();
    }

    /// Waits until the service ends. It does not end by itself.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// // A program that serves until it is interrupted.
    /// let mut fake = people_fake::FakePeople::start().await?;
    /// println!("{}", fake.base_url());
    /// tokio::select! {
    ///     () = fake.wait() => {}
    ///     interrupted = tokio::signal::ctrl_c() => interrupted?,
    /// }
    /// fake.stop().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait(&mut self) {
        // An aborted or failed task has ended too.
        let _ = (&mut self.task).await;
    }

    /// Stops the service: no new connection is accepted, and open requests have five seconds to
    /// finish.
    pub async fn stop(mut self) {
        self.stop.notify_one();
        self.wait().await;
    }
}

impl Drop for FakePeople {
    fn drop(&mut self) {
        // The task owns the connections, so they end too.
        self.task.abort();
    }
}

/// The settings of a service to start.
///
/// # Examples
///
/// ```
/// use people_fake::FakePeople;
///
/// # #[tokio::main]
/// # async fn main() -> std::io::Result<()> {
/// let fake = FakePeople::builder()
///     .people_json(r#"[{ "id": "Y2lz", "displayName": "Jane Doe", "orgId": "b3Jn" }]"#)?
///     .token("my-token", "Y2lz")
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "the service starts with `start`"]
pub struct Builder {
    listen: SocketAddr,
    allow_remote: bool,
    header_timeout: Option<Duration>,
    options: Options,
    directory: Option<Directory>,
    seeds: Vec<PersonSeed>,
    tokens: Vec<(String, String)>,
    faults: Vec<Fault>,
    clock: Option<SystemTime>,
    log_length: usize,
    record_content: bool,
    inspector: Option<Inspector>,
    #[cfg(feature = "docs")]
    docs: Option<Docs>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            allow_remote: false,
            header_timeout: None,
            options: Options::default(),
            directory: None,
            seeds: Vec::new(),
            tokens: Vec::new(),
            faults: Vec::new(),
            clock: None,
            log_length: LOG_LENGTH,
            record_content: false,
            inspector: None,
            #[cfg(feature = "docs")]
            docs: None,
        }
    }
}

impl Builder {
    /// The address to listen on; port 0 selects a free port. An address that is not loopback requires
    /// [`Builder::allow_remote`].
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use std::net::Ipv4Addr;
    ///
    /// let fake = people_fake::FakePeople::builder()
    ///     .listen((Ipv4Addr::LOCALHOST, 8080))
    ///     .start()
    ///     .await?;
    /// println!("{}", fake.base_url());
    /// # Ok(())
    /// # }
    /// ```
    pub fn listen(mut self, address: impl Into<SocketAddr>) -> Self {
        self.listen = address.into();
        self
    }

    /// Whether the address may be one that is not loopback. Every host that reaches this machine can
    /// then read and change the people of this service, because its tokens are documented.
    ///
    /// Without it, requests for host names other than `localhost`, `*.localhost` and loopback
    /// addresses are rejected with 421, so that no web page of another site reaches the service.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use std::net::Ipv4Addr;
    ///
    /// // For the other containers of a test.
    /// let fake = people_fake::FakePeople::builder()
    ///     .listen((Ipv4Addr::UNSPECIFIED, 8080))
    ///     .allow_remote(true)
    ///     .start()
    ///     .await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn allow_remote(mut self, allowed: bool) -> Self {
        self.allow_remote = allowed;
        self
    }

    /// Closes a connection on which no complete request head arrives within this time, counted from
    /// its start or the end of the last response. Default: no limit, because a test on a paused clock
    /// would lose its connections.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use std::time::Duration;
    ///
    /// let fake = people_fake::FakePeople::builder()
    ///     .header_timeout(Duration::from_secs(10))
    ///     .start()
    ///     .await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn header_timeout(mut self, limit: Duration) -> Self {
        self.header_timeout = Some(limit);
        self
    }

    /// Sets the behaviour that the reference pages leave open.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use people_fake::{FakePeople, ObservedRule, Options};
    ///
    /// let options = Options::default().without(ObservedRule::DerivedNickName);
    /// let fake = FakePeople::builder().options(options).start().await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Replaces the predefined people: a JSON list of people as in the contract, or an object with
    /// that list as `people` and an object of tokens and person ids as `tokens`.
    ///
    /// Each predefined token that `tokens` does not contain is assigned to the first person that
    /// matches: an administrator (with [`ADMIN_ROLE`](crate::ADMIN_ROLE) in `roles`); a person of
    /// type `person` in the administrator's organization who is not an administrator; a person in
    /// another organization; a person of type `bot` in the administrator's organization. A token
    /// without a match is not valid.
    ///
    /// People without `orgId` form one organization.
    ///
    /// # Errors
    ///
    /// A person or token is invalid; the message says which and why.
    pub fn people_json(mut self, text: &str) -> Result<Self, LoadError> {
        self.directory = Some(Directory::from_json(text)?);
        Ok(self)
    }

    /// [`Builder::people_json`] from a file.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or its people are invalid. The message names the file.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// let fake = people_fake::FakePeople::builder()
    ///     .people_file("tests/people.json")?
    ///     .start()
    ///     .await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn people_file(self, path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let in_file = |kind, error: &dyn fmt::Display| {
            io::Error::new(kind, format!("{}: {error}", path.display()))
        };
        let text = std::fs::read_to_string(path).map_err(|error| in_file(error.kind(), &error))?;
        self.people_json(&text)
            .map_err(|error| in_file(io::ErrorKind::InvalidData, &error))
    }

    /// Adds a person to the predefined ones, or to those of [`Builder::people_json`].
    ///
    /// # Examples
    ///
    /// ```
    /// use people_fake::{FakePeople, PersonSeed};
    ///
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// let fake = FakePeople::builder()
    ///     .seed(PersonSeed::new("Ada Lovelace").set("title", "Analyst"))
    ///     .seed(PersonSeed::new("Grace Hopper").admin().token("grace-token"))
    ///     .start()
    ///     .await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn seed(mut self, person: PersonSeed) -> Self {
        self.seeds.push(person);
        self
    }

    /// Assigns a token to a person. The predefined tokens can be reassigned.
    pub fn token(mut self, token: impl Into<String>, person: impl Into<String>) -> Self {
        self.tokens.push((token.into(), person.into()));
        self
    }

    /// Adds a fault that is in effect from the start.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use people_fake::{FakePeople, Fault};
    ///
    /// // The program under test meets it in its first request.
    /// let fake = FakePeople::builder()
    ///     .fault(Fault::status(429).retry_after("1").times(1))
    ///     .start()
    ///     .await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Fixes the clock of the service at this time, plus a millisecond for each update, so that
    /// responses are reproducible.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use std::time::{Duration, SystemTime};
    ///
    /// use people_fake::FakePeople;
    ///
    /// let new_year = SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_200);
    /// let fake = FakePeople::builder().clock(new_year).start().await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn clock(mut self, time: SystemTime) -> Self {
        self.clock = Some(time);
        self
    }

    /// The maximum number of recorded requests; default: 100 000. They are 16 MiB together
    /// at most.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// // For a program that runs for days, and shows the last requests.
    /// let fake = people_fake::FakePeople::builder().log_length(50).start().await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn log_length(mut self, requests: usize) -> Self {
        self.log_length = requests;
        self
    }

    /// Whether headers and bodies of requests are recorded, for [`Request::header`],
    /// [`Request::body`] and [`Request::json`]; default: no, because they contain tokens and personal
    /// data.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// let fake = people_fake::FakePeople::builder().record_content(true).start().await?;
    ///
    /// // … let the program under test send something …
    ///
    /// for request in fake.requests() {
    ///     println!("{:?} {:?}", request.header("user-agent"), request.json());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn record_content(mut self, recorded: bool) -> Self {
        self.record_content = recorded;
        self
    }

    /// Calls `inspect` with every response before it is sent, for instance to validate it against
    /// the contract. Responses that a fault drops before their head are not included.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// use people_fake::FakePeople;
    ///
    /// let fake = FakePeople::builder()
    ///     .inspect(|exchange| {
    ///         assert!(exchange.status != 405, "{} {}", exchange.method, exchange.path);
    ///     })
    ///     .start()
    ///     .await?;
    /// # drop(fake);
    /// # Ok(())
    /// # }
    /// ```
    pub fn inspect(mut self, inspect: impl Fn(&Exchange<'_>) + Send + Sync + 'static) -> Self {
        self.inspector = Some(Inspector(Arc::new(inspect)));
        self
    }

    /// Serves this contract (OpenAPI in YAML) as a web page at `/` and `/docs`, with the running
    /// service as its server. The page loads nothing from other hosts.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// let contract = r#"
    /// openapi: 3.0.3
    /// info: { title: People, version: "1" }
    /// paths: {}
    /// "#;
    /// let fake = people_fake::FakePeople::builder().contract(contract).start().await?;
    /// println!("http://{}/docs", fake.address());
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "docs")]
    #[cfg_attr(docsrs, doc(cfg(feature = "docs")))]
    pub fn contract(mut self, text: &str) -> Self {
        self.docs = Some(Docs::new(text));
        self
    }

    /// Starts the service.
    ///
    /// # Errors
    ///
    /// The address cannot be opened; it is not loopback and remote access is not allowed; a token
    /// is assigned to an unknown person; a seed has the `id` of another person.
    pub async fn start(self) -> io::Result<FakePeople> {
        if !self.listen.ip().is_loopback() && !self.allow_remote {
            let message = format!(
                "{} is reachable from other machines, which could then read and change every \
                 person; listen on 127.0.0.1, or allow remote access explicitly",
                self.listen
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let mut directory = match self.directory {
            Some(directory) => directory,
            None => Directory::seeded()?,
        };
        for seed in self.seeds {
            directory.add_seed(seed)?;
        }
        for (token, person) in self.tokens {
            directory.grant(token, &person)?;
        }
        let listener = TcpListener::bind(self.listen).await.map_err(|error| {
            let message = format!("cannot listen on {}: {error}", self.listen);
            io::Error::new(error.kind(), message)
        })?;
        let address = listener.local_addr()?;
        let service = Arc::new(Service::new(
            directory,
            Config {
                options: self.options,
                clock: self.clock,
                any_host: self.allow_remote,
                log_length: self.log_length,
                record_content: self.record_content,
                log_bytes: LOG_BYTES,
                inspector: self.inspector,
                #[cfg(feature = "docs")]
                docs: self.docs,
            },
        ));
        for fault in self.faults {
            service.state().faults.inject(fault);
        }
        let stop = Arc::new(Notify::new());
        let task = tokio::spawn(serve(
            listener,
            self.header_timeout,
            Arc::clone(&service),
            Arc::clone(&stop),
        ));
        Ok(FakePeople {
            address,
            base_url: format!("http://{address}{}", routes::BASE),
            service,
            stop,
            task,
        })
    }
}

/// Serves until `stop` is notified. Owns the connections, so that they end when it is aborted.
async fn serve(
    listener: TcpListener,
    header_timeout: Option<Duration>,
    service: Arc<Service>,
    stop: Arc<Notify>,
) {
    let mut http = http1::Builder::new();
    if let Some(limit) = header_timeout {
        http.timer(TokioTimer::new()).header_read_timeout(limit);
    }
    let mut connections = JoinSet::new();
    let graceful = GracefulShutdown::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let connection = connection(&http, stream, Arc::clone(&service));
                    connections.spawn(graceful.watch(connection));
                }
                // For instance too many open files: wait until other connections close.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
            () = stop.notified() => break,
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    // Connections that are still open after the timeout are dropped.
    let _ = tokio::time::timeout(STOP_TIMEOUT, graceful.shutdown()).await;
}

/// Serves one connection with hyper.
fn connection(
    http: &http1::Builder,
    stream: TcpStream,
    service: Arc<Service>,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send + use<> {
    let respond = service_fn(move |request: hyper::Request<Incoming>| {
        let service = Arc::clone(&service);
        async move {
            let (head, body) = request.into_parts();
            let body = read_body(body, service.config.options.max_request_bytes).await;
            service.respond(&head, body).await
        }
    });
    http.serve_connection(TokioIo::new(stream), respond)
}

/// Reads a body and keeps at most `limit` bytes of it.
async fn read_body(mut body: Incoming, limit: usize) -> RequestBody {
    let mut kept = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return RequestBody::Incomplete;
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length = length.saturating_add(data.len());
        if length > MAX_DISCARDED_BYTES {
            return RequestBody::TooLarge;
        }
        if length <= limit {
            kept.extend_from_slice(&data);
        } else {
            kept = Vec::new();
        }
    }
    if length > limit {
        RequestBody::TooLarge
    } else {
        RequestBody::Complete(Bytes::from(kept))
    }
}
