//! The traffic of the service: the requests that it recorded, and each response before it is sent.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use hyper::{HeaderMap, StatusCode};
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
///     println!("{} bytes", request.body().unwrap().len());
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
            .field("query", &self.query.as_ref().map(|_| format_args!("…")))
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl Content {
    fn bytes(&self) -> usize {
        let headers = self.headers.iter();
        let headers: usize = headers
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        headers + self.body.as_ref().map_or(0, Bytes::len)
    }
}

/// The last requests, bounded in number and bytes.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    requests: VecDeque<Request>,
    bytes: usize,
}

impl RequestLog {
    /// Adds a request, in place of the oldest ones if there is no room.
    pub(crate) fn push(&mut self, request: Request, max_requests: usize, max_bytes: usize) {
        self.bytes += request.bytes();
        self.requests.push_back(request);
        while self.requests.len() > max_requests || self.bytes > max_bytes {
            let Some(oldest) = self.requests.pop_front() else {
                break;
            };
            self.bytes -= oldest.bytes();
        }
    }

    /// Adds the status of the response, if the request is still recorded.
    pub(crate) fn set_status(&mut self, number: u64, status: StatusCode) {
        let place = self
            .requests
            .binary_search_by_key(&number, |request| request.number);
        if let Ok(place) = place {
            self.requests[place].status = Some(status.as_u16());
        }
    }

    pub(crate) fn to_vec(&self) -> Vec<Request> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Request {
    /// The length of what the client decides.
    fn bytes(&self) -> usize {
        let content = self.content.as_ref().map_or(0, Content::bytes);
        let query = self.query.as_ref().map_or(0, String::len);
        self.method.len() + self.path.len() + query + content
    }
}

/// A response before it is sent, with its request.
///
/// See [`Builder::inspect`](crate::Builder::inspect).
///
/// # Examples
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> std::io::Result<()> {
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use std::sync::Arc;
///
/// use people_fake::FakePeople;
///
/// let bytes = Arc::new(AtomicUsize::new(0));
/// let sum = Arc::clone(&bytes);
/// let fake = FakePeople::builder()
///     .inspect(move |exchange| {
///         if !exchange.from_fault && exchange.status == 200 {
///             sum.fetch_add(exchange.body.len(), Ordering::Relaxed);
///         }
///     })
///     .start()
///     .await?;
/// // … call it …
/// println!("{} bytes of people", bytes.load(Ordering::Relaxed));
/// # drop(fake);
/// # Ok(())
/// # }
/// ```
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
    /// The time from the end of the request to this response, with the delay of a fault.
    pub duration: Duration,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_bounded_in_requests_and_in_bytes() {
        let request = |number, path: &str| Request {
            number,
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: Some("ab".to_owned()),
            status: None,
            content: Some(Content {
                headers: HeaderMap::new(),
                body: Some(Bytes::from_static(b"a")),
            }),
        };
        let mut log = RequestLog::default();
        let numbers = |log: &RequestLog| -> Vec<u64> {
            log.to_vec().iter().map(|request| request.number).collect()
        };
        for number in 1..=5 {
            log.push(request(number, "/abc"), 4, 30);
        }
        // Ten bytes each.
        assert_eq!(numbers(&log), [3, 4, 5]);
        for number in 6..=9 {
            log.push(request(number, ""), 4, 30);
        }
        assert_eq!(numbers(&log), [6, 7, 8, 9]);
        log.set_status(8, StatusCode::OK);
        log.set_status(5, StatusCode::OK);
        let statuses: Vec<_> = log.to_vec().iter().map(|request| request.status).collect();
        assert_eq!(statuses, [None, None, Some(200), None]);
        log.push(request(10, &"a".repeat(30)), 4, 30);
        assert!(log.to_vec().is_empty());
        log.push(request(11, ""), 0, 30);
        assert!(log.to_vec().is_empty());
    }
}
