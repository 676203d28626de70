//! The traffic of the service: the requests that it recorded, and each response before it is sent.

use std::fmt;
use std::sync::Arc;

use hyper::HeaderMap;

/// A request that the service received, without headers and body: they contain tokens and personal
/// data.
#[derive(Debug, Clone, PartialEq, Eq)]
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
