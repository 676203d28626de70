//! What a successful call gives: a value with the answer's status and headers, or a body in pieces.
//! How an answer is read is `send`'s.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use tokio::time::error::Elapsed;

use crate::runtime::body::Promise;
use crate::runtime::deadline::Deadline;
use crate::runtime::error::{Error, ErrorKind, Progress, Source};
use crate::runtime::operation::Operation;
use crate::runtime::serde_support::Deviation;
use crate::runtime::service_message::ServiceMessage;

/// The header with the identifier under which the service's support finds a call.
const TRACKING_ID: &str = "trackingid";

/// The future of a call whose request is awaited without `send`.
///
/// # Examples
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = people_fake::FakePeople::start().await?;
/// # let client = people_sdk::Client::builder()
/// #     .base_url(fake.base_url())
/// #     .token(people_fake::ADMIN_TOKEN)
/// #     .build()?;
/// use people_sdk::CallFuture;
/// use people_sdk::types::Person;
///
/// // Calls of several operations in one list.
/// let calls: Vec<CallFuture<Person>> = vec![
///     client.get_my_own_details().into_future(),
///     client.get_person_details().person_id(people_fake::MANAGER).into_future(),
/// ];
/// for call in calls {
///     println!("{:?}", call.await?.display_name);
/// }
/// # Ok(())
/// # }
/// ```
pub type CallFuture<T> = Pin<Box<dyn Future<Output = Result<ResponseValue<T>, Error>> + Send>>;

/// The value that a call gave, with the status and headers of the answer. It dereferences to the value.
///
/// # Examples
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = people_fake::FakePeople::start().await?;
/// # let client = people_sdk::Client::builder()
/// #     .base_url(fake.base_url())
/// #     .token(people_fake::ADMIN_TOKEN)
/// #     .build()?;
/// let me = client.get_my_own_details().await?;
/// println!("{} {:?}", me.status(), me.tracking_id());
/// println!("{:?}", me.headers().get("content-type"));
/// // Fields and methods of the value are reached directly.
/// assert_eq!(me.title.as_deref(), Some("GM"));
/// assert!(me.deviations().is_empty(), "it is as the contract says");
/// let name = me.map(|person| person.display_name);
/// let name: Option<String> = name.into_inner();
/// # drop(name);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ResponseValue<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    promise: Option<Promise>,
}

impl<T> ResponseValue<T> {
    pub(crate) fn new(value: T, status: StatusCode, headers: HeaderMap) -> Self {
        Self {
            value,
            status,
            headers,
            promise: None,
        }
    }

    pub(crate) fn with_promise(mut self, promise: Promise) -> Self {
        self.promise = Some(promise);
        self
    }

    /// Where the answer differs from the contract: values of another form, properties and values
    /// that it does not list, a status that it does not list. Each place is named once; no value is
    /// shown. Of an answer that is not JSON, the status alone can differ.
    ///
    /// The body is read once more for this, so the cost is that of reading it.
    #[must_use]
    pub fn deviations(&self) -> Vec<Deviation> {
        let promise = self.promise.as_ref();
        promise.map(Promise::deviations).unwrap_or_default()
    }

    /// The value, and what the answer was promised to be.
    pub(crate) fn into_parts(self) -> (T, Option<Promise>) {
        (self.value, self.promise)
    }

    /// The status of the answer, a success.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The identifier under which the service's support finds the call.
    #[must_use]
    pub fn tracking_id(&self) -> Option<&str> {
        self.headers.get(TRACKING_ID)?.to_str().ok()
    }

    /// The value alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The same answer with another value, made of this one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> ResponseValue<U> {
        ResponseValue {
            value: change(self.value),
            status: self.status,
            headers: self.headers,
            promise: self.promise,
        }
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for ResponseValue<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T> AsRef<T> for ResponseValue<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

/// Without the headers, which may hold what is personal.
impl<T: fmt::Debug> fmt::Debug for ResponseValue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseValue")
            .field("status", &self.status)
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

/// A body that is no JSON, read piece by piece.
///
/// # Examples
///
/// ```
/// use std::io::Write;
///
/// use people_sdk::bytes::Bytes;
/// use people_sdk::ByteStream;
///
/// /// Saves a body without holding it in memory.
/// async fn save(mut body: ByteStream, file: &mut impl Write) -> Result<(), Box<dyn std::error::Error>> {
///     while let Some(piece) = body.chunk().await? {
///         let piece: Bytes = piece;
///         file.write_all(&piece)?;
///     }
///     Ok(())
/// }
/// ```
pub struct ByteStream {
    pub(crate) operation: &'static Operation,
    pub(crate) response: Response,
    pub(crate) deadline: Deadline,
    pub(crate) attempts: u32,
    /// What the head of the answer said, for an error.
    pub(crate) service: ServiceMessage,
}

impl ByteStream {
    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    ///
    /// The connection was lost, or the time of the attempt ran out.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = next_chunk(&mut self.response, self.deadline).await;
        chunk.map_err(|broken| {
            let (kind, reason) = if broken.is_timeout() {
                let reason = "the body was not complete in the time of the attempt";
                (ErrorKind::Timeout, reason)
            } else {
                let reason = "the connection was lost before the body was complete";
                (ErrorKind::ConnectionLost, reason)
            };
            Error::new(kind, reason)
                .with_operation(self.operation)
                .with_status(self.response.status())
                .with_service(self.service.clone(), &[])
                .with_attempts(self.attempts)
                .with_progress(Progress::MayHaveTakenEffect)
                .with_source(broken)
        })
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}

/// Why a response, or the rest of one, did not arrive.
pub(crate) enum TransportFailure {
    /// The deadline of the attempt has passed.
    Elapsed(Elapsed),
    Http(reqwest::Error),
}

impl TransportFailure {
    pub(crate) fn is_timeout(&self) -> bool {
        match self {
            Self::Elapsed(_) => true,
            Self::Http(error) => error.is_timeout(),
        }
    }
}

/// Without the URL, which names a person.
impl From<TransportFailure> for Source {
    fn from(failure: TransportFailure) -> Self {
        match failure {
            TransportFailure::Elapsed(elapsed) => elapsed.into(),
            TransportFailure::Http(error) => error.without_url().into(),
        }
    }
}

/// The next piece of a body; `None` at its end.
pub(crate) async fn next_chunk(
    response: &mut Response,
    deadline: Deadline,
) -> Result<Option<Bytes>, TransportFailure> {
    let chunk = deadline.within(response.chunk()).await;
    chunk
        .map_err(TransportFailure::Elapsed)?
        .map_err(TransportFailure::Http)
}

pub(crate) fn tracking_id(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(TRACKING_ID)?.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{Shutdown, TcpListener};
    use std::time::Duration;

    use super::*;

    const OPERATION: Operation = Operation {
        id: "getReport",
        method: "GET",
        path: "/reports/{id}",
        safe: true,
        authenticated: true,
        accept: "application/json",
        content_type: "",
        encoded_parameters: &[],
        conflicting_paths: &[],
        statuses: &["200"],
    };
    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst";

    /// The answer of a server that sends the head and half of the body, and then closes the
    /// connection or waits for the client to do so.
    async fn half_an_answer(closing: bool, time: Duration) -> ByteStream {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            // A client that waits for ever meets a closed connection instead.
            let patience = Some(Duration::from_secs(10));
            connection.set_read_timeout(patience).unwrap();
            let mut request = [0; 1024];
            let _ = connection.read(&mut request);
            connection.write_all(HEAD).unwrap();
            if closing {
                connection.shutdown(Shutdown::Both).unwrap();
            }
            let _ = connection.read(&mut request);
        });
        #[cfg(feature = "rustls")]
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        ByteStream {
            operation: &OPERATION,
            response: client.get(url).send().await.unwrap(),
            deadline: Deadline::after(time),
            attempts: 2,
            service: ServiceMessage {
                tracking_id: Some("ROUTER_1".to_owned()),
                ..ServiceMessage::default()
            },
        }
    }

    /// The error with which the stream ends.
    async fn end(mut stream: ByteStream) -> Error {
        loop {
            match stream.chunk().await {
                Ok(chunk) => assert_eq!(chunk.as_deref(), Some(&b"first"[..])),
                Err(error) => return error,
            }
        }
    }

    #[tokio::test]
    #[cfg_attr(miri, ignore = "sockets")]
    async fn a_stream_that_breaks_off_is_a_lost_connection() {
        let error = end(half_an_answer(true, Duration::MAX).await).await;
        assert_eq!(error.kind(), ErrorKind::ConnectionLost);
        assert_eq!(error.status(), Some(StatusCode::OK));
        assert_eq!(error.tracking_id(), Some("ROUTER_1"));
        assert_eq!(error.attempts(), 2);
        assert!(error.may_have_taken_effect());
    }

    #[tokio::test]
    #[cfg_attr(miri, ignore = "sockets")]
    async fn a_stream_that_stalls_ends_with_the_time_of_the_attempt() {
        let error = end(half_an_answer(false, Duration::from_millis(50)).await).await;
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.to_string().contains("in the time of the attempt"));
        assert!(error.may_have_taken_effect());
    }
}
