//! What can be seen of the service's traffic: the requests it remembers, and each answer just
//! before it is sent.

use std::fmt;
use std::sync::Arc;

use hyper::HeaderMap;

/// A request that the service got. No header and no body is kept: they hold tokens and personal
/// data.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// Counts from 1 through the life of the service.
    pub number: u64,
    /// The method.
    pub method: String,
    /// The path, as it was sent.
    pub path: String,
    /// The query, as it was sent.
    pub query: Option<String>,
    /// The status that was answered; `None` when the connection was cut before, or when there is
    /// no answer yet.
    pub status: Option<u16>,
}

/// An answer just before it is sent, with what it answers.
///
/// [`Builder::inspect`](crate::Builder::inspect) shows every one.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Exchange<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// The path of the request, as it was sent.
    pub path: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// The headers of the answer, but for those that the connection needs.
    pub headers: &'a HeaderMap,
    /// The body of the answer.
    pub body: &'a [u8],
    /// Whether a fault decided what is answered, so that nothing can be expected of it.
    pub faulty: bool,
}

impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body is a person.
        f.debug_struct("Exchange")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("status", &self.status)
            .field("faulty", &self.faulty)
            .finish_non_exhaustive()
    }
}

/// Somebody who is shown every answer.
#[derive(Clone)]
pub(crate) struct Inspector(pub(crate) Arc<dyn Fn(&Exchange<'_>) + Send + Sync>);

impl fmt::Debug for Inspector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inspector")
    }
}
