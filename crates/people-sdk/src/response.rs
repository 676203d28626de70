//! What a successful call gives: a value with the answer's status and headers, or a body in pieces.
//! How an answer is read is `exchange`'s.

use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};

use crate::error::{Error, ErrorKind};
use crate::operation::Operation;

/// The value that a call gave, with the status and headers of the answer. It stands for the value
/// wherever a reference to that will do.
#[derive(Clone)]
pub struct ResponseValue<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
}

impl<T> ResponseValue<T> {
    pub(crate) fn new(value: T, status: StatusCode, headers: HeaderMap) -> Self {
        Self {
            value,
            status,
            headers,
        }
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
        self.headers
            .get(crate::exchange::TRACKING_ID)?
            .to_str()
            .ok()
    }

    /// The value alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The same answer with another value, made of this one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> ResponseValue<U> {
        ResponseValue::new(change(self.value), self.status, self.headers)
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
pub struct ByteStream {
    operation: &'static Operation,
    response: Response,
}

impl ByteStream {
    pub(crate) fn new(operation: &'static Operation, response: Response) -> Self {
        Self {
            operation,
            response,
        }
    }

    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    ///
    /// The connection was lost, or the time of the attempt ran out.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        self.response.chunk().await.map_err(|error| {
            let (kind, reason) = if error.is_timeout() {
                let reason = "the body was not complete in the time of the attempt";
                (ErrorKind::Timeout, reason)
            } else {
                let reason = "the connection was lost before the body was complete";
                (ErrorKind::ConnectionLost, reason)
            };
            Error::new(kind, reason)
                .of(self.operation)
                .with_status(self.response.status())
                .with_source(error.without_url())
        })
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}
