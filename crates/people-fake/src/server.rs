//! The service on a socket: how it is started, listened to and stopped.

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
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
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
use crate::routes;
use crate::service::{Received, Service};

/// How long a graceful stop waits for requests that are being answered.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// How much of a body that is too large is read to its end, so that its sender gets to see the
/// answer.
const LARGEST_DISCARDED: usize = 64 << 20;

/// How many requests are remembered, unless the builder says otherwise.
const LOG_LENGTH: usize = 100_000;

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
        // The people are nobody's business.
        f.debug_struct("FakePeople")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

impl FakePeople {
    /// Starts the service with its own people, on a free port of the loopback interface.
    ///
    /// # Errors
    ///
    /// No port can be opened.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Starts the service in another way than [`FakePeople::start`] does.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where the service is, without a slash at the end: `http://127.0.0.1:PORT/v1`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The address on which the service listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets something go wrong from now on.
    pub fn inject(&self, fault: Fault) {
        self.service.state().faults.inject(fault);
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.service.state().faults.clear();
    }

    /// A person with every property there is, whoever may see it.
    #[must_use]
    pub fn person(&self, id: &str) -> Option<Value> {
        let state = self.service.state();
        state.directory.person(id).cloned().map(Value::Object)
    }

    /// Everybody, in the order in which they came in.
    #[must_use]
    pub fn people(&self) -> Vec<Value> {
        let state = self.service.state();
        let people = state.directory.all().cloned();
        people.map(Value::Object).collect()
    }

    /// Adds a person, or puts it in the place of the one with the same `id`. Nothing but the `id`
    /// is checked, so that a test can also have what the contract does not allow.
    ///
    /// # Errors
    ///
    /// This is no object, or it has no `id`.
    pub fn set_person(&self, person: Value) -> Result<(), LoadError> {
        let person = directory::checked(person).map_err(LoadError::new)?;
        self.service.state().directory.set(person);
        Ok(())
    }

    /// Gives somebody a token, which can be one of the four known ones.
    ///
    /// # Errors
    ///
    /// No person has this id.
    pub fn set_token(&self, token: impl Into<String>, person: &str) -> Result<(), LoadError> {
        self.service.state().directory.grant(token.into(), person)
    }

    /// The requests so far, or the last [`Builder::log_length`] of them.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.service.state().log.iter().cloned().collect()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.service.state().log.clear();
    }

    /// Waits for the service to end, which it does not do by itself.
    pub async fn wait(&mut self) {
        // It has ended, whichever way.
        let _ = (&mut self.task).await;
    }

    /// Stops the service: no new connection is taken, requests that are being answered get up to
    /// five seconds.
    pub async fn stop(mut self) {
        self.stop.notify_one();
        self.wait().await;
    }
}

impl Drop for FakePeople {
    fn drop(&mut self) {
        // Its connections end with it.
        self.task.abort();
    }
}

/// How a service is to be started.
///
/// # Examples
///
/// ```
/// use people_fake::FakePeople;
///
/// # #[tokio::main]
/// # async fn main() -> std::io::Result<()> {
/// let fake = FakePeople::builder()
///     .people_json(r#"[{ "id": "Y2lz", "displayName": "Somebody", "orgId": "b3Jn" }]"#)?
///     .token("my-token", "Y2lz")
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing is started before `start`"]
pub struct Builder {
    listen: SocketAddr,
    allow_remote: bool,
    options: Options,
    directory: Option<Directory>,
    tokens: Vec<(String, String)>,
    faults: Vec<Fault>,
    clock: Option<SystemTime>,
    log_length: usize,
    inspector: Option<Inspector>,
    #[cfg(feature = "docs")]
    docs: Option<Docs>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            allow_remote: false,
            options: Options::default(),
            directory: None,
            tokens: Vec::new(),
            faults: Vec::new(),
            clock: None,
            log_length: LOG_LENGTH,
            inspector: None,
            #[cfg(feature = "docs")]
            docs: None,
        }
    }
}

impl Builder {
    /// Listens here; port 0 is a free one. Anything but loopback needs [`Builder::allow_remote`].
    pub fn listen(mut self, address: impl Into<SocketAddr>) -> Self {
        self.listen = address.into();
        self
    }

    /// Whether an address that is not loopback will do. Then anybody who reaches this machine can
    /// read and change the people of this service: its tokens are printed in its documentation.
    pub fn allow_remote(mut self, allowed: bool) -> Self {
        self.allow_remote = allowed;
        self
    }

    /// Decides what the reference pages leave open.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Takes these people in place of the usual ones: a JSON list of people as the contract
    /// describes them, or an object with that list as `people` and, as `tokens`, the ids of those
    /// whom tokens belong to.
    ///
    /// The known tokens that `tokens` does not name go to the first administrator (whose `roles`
    /// hold [`ADMIN_ROLE`](crate::ADMIN_ROLE)) and, seen from there, to the first in the same
    /// organization who is of type `person` and no administrator, the first of type `bot`, and the
    /// first in another organization. A token for which there is nobody opens nothing.
    ///
    /// People without `orgId` are in one organization together.
    ///
    /// # Errors
    ///
    /// Which person or token cannot be taken, and why.
    pub fn people_json(mut self, text: &str) -> Result<Self, LoadError> {
        self.directory = Some(Directory::from_json(text)?);
        Ok(self)
    }

    /// [`Builder::people_json`] from a file.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or its people cannot be taken. The message names the file.
    pub fn people_file(self, path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let in_file = |kind, error: &dyn fmt::Display| {
            io::Error::new(kind, format!("{}: {error}", path.display()))
        };
        let text = std::fs::read_to_string(path).map_err(|error| in_file(error.kind(), &error))?;
        self.people_json(&text)
            .map_err(|error| in_file(io::ErrorKind::InvalidData, &error))
    }

    /// Gives somebody a token, which can be one of the four known ones.
    pub fn token(mut self, token: impl Into<String>, person: impl Into<String>) -> Self {
        self.tokens.push((token.into(), person.into()));
        self
    }

    /// Starts with this fault.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Lets the service's clock stand at this time, but for a millisecond with each update, so
    /// that answers can be compared with what they were yesterday.
    pub fn clock(mut self, time: SystemTime) -> Self {
        self.clock = Some(time);
        self
    }

    /// How many requests are remembered; 100 000 if not set.
    pub fn log_length(mut self, requests: usize) -> Self {
        self.log_length = requests;
        self
    }

    /// Shows every answer to `inspect` just before it is sent, for instance to compare it with the
    /// contract. Not shown are answers that a fault cuts off before their head.
    pub fn inspect(mut self, inspect: impl Fn(&Exchange<'_>) + Send + Sync + 'static) -> Self {
        self.inspector = Some(Inspector(Arc::new(inspect)));
        self
    }

    /// Shows this contract, OpenAPI in YAML, at `/` and `/docs`, with the running service as its
    /// server. Everything that the page needs is served by the service itself.
    #[cfg(feature = "docs")]
    #[cfg_attr(docsrs, doc(cfg(feature = "docs")))]
    pub fn contract(mut self, text: &str) -> Self {
        self.docs = Some(Docs::of(text));
        self
    }

    /// Starts the service.
    ///
    /// # Errors
    ///
    /// The address cannot be opened, or is not loopback and was not allowed; a token was given to
    /// nobody.
    pub async fn start(self) -> io::Result<FakePeople> {
        if !self.listen.ip().is_loopback() && !self.allow_remote {
            let message = format!(
                "{} can be reached from other machines, and whoever reaches it can read and change \
                 every person; listen on 127.0.0.1, or allow it explicitly",
                self.listen
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let mut directory = match self.directory {
            Some(directory) => directory,
            None => Directory::seeded()?,
        };
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
            self.options,
            self.clock,
            self.log_length,
            self.inspector,
            #[cfg(feature = "docs")]
            self.docs,
        ));
        for fault in self.faults {
            service.state().faults.inject(fault);
        }
        let stop = Arc::new(Notify::new());
        let task = tokio::spawn(serve(listener, Arc::clone(&service), Arc::clone(&stop)));
        Ok(FakePeople {
            address,
            base_url: format!("http://{address}{}", routes::BASE),
            service,
            stop,
            task,
        })
    }
}

/// Serves until told to stop. Its connections live in it, and end when it is aborted.
async fn serve(listener: TcpListener, service: Arc<Service>, stop: Arc<Notify>) {
    let mut connections = JoinSet::new();
    let graceful = GracefulShutdown::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let connection = connection(stream, Arc::clone(&service));
                    connections.spawn(graceful.watch(connection));
                }
                // Too many open files, for one: others have to close theirs first.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
            () = stop.notified() => break,
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    // Who is not done by then is cut off.
    let _ = tokio::time::timeout(STOP_TIMEOUT, graceful.shutdown()).await;
}

/// Lets hyper serve one connection.
fn connection(
    stream: TcpStream,
    service: Arc<Service>,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send {
    let answer = service_fn(move |request: hyper::Request<Incoming>| {
        let service = Arc::clone(&service);
        async move {
            let (head, body) = request.into_parts();
            let received = receive(body, service.options.largest_body).await;
            service.answer(&head, received).await
        }
    });
    http1::Builder::new().serve_connection(TokioIo::new(stream), answer)
}

/// Reads a body, but keeps no more than `largest` bytes of it.
async fn receive(mut body: Incoming, largest: usize) -> Received {
    let mut kept = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return Received::Broken;
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length = length.saturating_add(data.len());
        if length > LARGEST_DISCARDED {
            return Received::TooLarge;
        }
        if length <= largest {
            kept.extend_from_slice(&data);
        } else {
            kept = Vec::new();
        }
    }
    if length > largest {
        Received::TooLarge
    } else {
        Received::Whole(Bytes::from(kept))
    }
}
