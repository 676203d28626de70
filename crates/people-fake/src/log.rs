//! The traffic of the service: the requests that it recorded, and each response before it is sent.

use std::fmt;
use std::sync::Arc;

use hyper::HeaderMap;
use hyper::body::Bytes;
use serde_json::Value;

/// A request that the service received.
///
/// Headers and body contain tokens and personal data. They are recorded only with
/// [`Builder::record_content`](crate::Builder::record_content), and `Debug` does not show them.
///
/// # Examples
///
/// ```
/// use people_fake::FakePeople;
///
/// # #[tokio::main]
/// # async fn main() -> std::io::Result<()> {
/// let fake = FakePeople::builder().record_content(true).start().await?;
///
/// // … let the program under test update a person …
///
/// if let Some(request) = fake.requests().last() {
///     assert_eq!(request.method, "PUT");
///     assert_eq!(request.header("content-type"), Some("application/json"));
///     assert_eq!(request.json().unwrap()["title"], "Director");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// Sequence number, from 1.
    pub number: u64,
    /// The method.
    pub method: String,
    /// The path as sent.
    pub path: String,
    /// The query as sent.
    pub query: Option<String>,
    /// The status of the response; `None` when the connection was dropped before it, or when there
    /// is no response yet.
    pub status: Option<u16>,
    /// `None` when content is not recorded.
    pub(crate) content: Option<Content>,
}

/// Headers and body of a request.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) headers: HeaderMap,
    /// `None` when the body was incomplete or too large.
    pub(crate) body: Option<Bytes>,
}

impl Request {
    /// A header as text. `None` when there is no such header, when it is not text, or when content
    /// is not recorded.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.content.as_ref()?.headers.get(name)?.to_str().ok()
    }

    /// The body, which is empty for a request without one. `None` when it was incomplete or larger
    /// than [`Options::max_request_bytes`](crate::Options::max_request_bytes), or when content is
    /// not recorded.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.content.as_ref()?.body.as_deref()
    }

    /// The body as JSON. `None` when [`Request::body`] is `None` or not JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(self.body()?).ok()
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("number", &self.number)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// A response before it is sent, with its request.
///
/// See [`Builder::inspect`](crate::Builder::inspect).
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Exchange<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// The path of the request, as it was sent.
    pub path: &'a str,
    /// The status of the response.
    pub status: u16,
    /// The headers of the response, without those of the connection.
    pub headers: &'a HeaderMap,
    /// The body of the response.
    pub body: &'a [u8],
    /// Whether a fault decided the response, so that it need not follow the contract.
    pub from_fault: bool,
}

impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body is personal data.
        f.debug_struct("Exchange")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("status", &self.status)
            .field("from_fault", &self.from_fault)
            .finish_non_exhaustive()
    }
}

/// The callback of [`Builder::inspect`](crate::Builder::inspect).
#[derive(Clone)]
pub(crate) struct Inspector(pub(crate) Arc<dyn Fn(&Exchange<'_>) + Send + Sync>);

impl fmt::Debug for Inspector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inspector")
    }
}
