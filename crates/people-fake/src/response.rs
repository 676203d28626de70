//! The responses of the service: the documented error body, the headers that every response has, and
//! a body that can end early. What a response contains is decided in `service`.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{
    ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, WWW_AUTHENTICATE,
};
use hyper::{HeaderMap, Response, StatusCode};
use serde_json::{Value, json};

const TRACKING_ID: HeaderName = HeaderName::from_static("trackingid");

/// A request that is rejected, and why.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    /// At least one.
    problems: Vec<Problem>,
    allow: Option<String>,
}

/// One problem of a request, with its numeric code if it has one.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) code: Option<u32>,
    pub(crate) description: String,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, description: impl Into<String>) -> Self {
        Self::all(status, vec![description.into()])
    }

    pub(crate) fn all(status: StatusCode, descriptions: Vec<String>) -> Self {
        let problem = |description| Problem {
            code: None,
            description,
        };
        Self::problems(status, descriptions.into_iter().map(problem).collect())
    }

    pub(crate) fn problems(status: StatusCode, problems: Vec<Problem>) -> Self {
        Self {
            status,
            problems,
            allow: None,
        }
    }

    /// A method that the path does not support; `allow` lists those that it does.
    pub(crate) fn method_not_allowed(allow: String) -> Self {
        let mut error = Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            format!("This path supports {allow} only"),
        );
        error.allow = Some(allow);
        error
    }
}

/// A response before it is sent.
#[derive(Debug)]
pub(crate) struct ServiceResponse(Response<Bytes>);

impl ServiceResponse {
    pub(crate) fn bytes(status: StatusCode, media_type: &'static str, bytes: Bytes) -> Self {
        let mut response = Self::empty(status);
        response.set(CONTENT_TYPE, HeaderValue::from_static(media_type));
        *response.0.body_mut() = bytes;
        response
    }

    pub(crate) fn json(status: StatusCode, value: &Value) -> Self {
        Self::bytes(status, "application/json", value.to_string().into())
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = status;
        Self(response)
    }

    /// The documented error body. The first problem is the message.
    pub(crate) fn error(error: &ApiError, tracking_id: &str) -> Self {
        let details: Vec<_> = error
            .problems
            .iter()
            .map(|problem| match problem.code {
                Some(code) => json!({ "description": problem.description, "errorCode": code }),
                None => json!({ "description": problem.description }),
            })
            .collect();
        let body = json!({
            "message": error.problems.first().map(|problem| &problem.description),
            "errors": details,
            "trackingId": tracking_id,
        });
        let mut response = Self::json(error.status, &body);
        if let Some(allow) = &error.allow {
            response.set_text(ALLOW, allow);
        }
        if error.status == StatusCode::UNAUTHORIZED {
            response.set(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.0.status()
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    pub(crate) fn body(&self) -> &[u8] {
        self.0.body()
    }

    pub(crate) fn set(&mut self, name: HeaderName, value: HeaderValue) {
        self.0.headers_mut().insert(name, value);
    }

    /// Sets a header; text that is not a valid header value is skipped.
    pub(crate) fn set_text(&mut self, name: HeaderName, text: &str) {
        if let Ok(value) = HeaderValue::from_str(text) {
            self.set(name, value);
        }
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        *self.0.status_mut() = status;
        self
    }

    pub(crate) fn set_tracking_id(&mut self, tracking_id: &str) {
        self.set_text(TRACKING_ID, tracking_id);
    }

    /// Converts to a hyper response, complete or with a body that ends halfway.
    pub(crate) fn into_hyper(mut self, complete: bool) -> Response<ResponseBody> {
        let length = self.0.body().len();
        if !complete {
            // Without a length the body is sent in chunks, and an early end could look complete.
            self.set(CONTENT_LENGTH, HeaderValue::from(length.max(1)));
        }
        self.0.map(|bytes| {
            if complete {
                ResponseBody {
                    rest: Some(bytes),
                    end: BodyEnd::Complete,
                }
            } else {
                ResponseBody {
                    rest: Some(bytes.slice(..length / 2)),
                    end: BodyEnd::DropAfterFlush,
                }
            }
        })
    }
}

/// A body in one piece, after which the connection may be dropped.
#[derive(Debug)]
pub(crate) struct ResponseBody {
    rest: Option<Bytes>,
    end: BodyEnd,
}

#[derive(Debug, PartialEq, Eq)]
enum BodyEnd {
    Complete,
    /// The bytes sent so far are flushed first.
    DropAfterFlush,
    DropNow,
}

/// The connection is dropped by a fault. Only the server sees this error.
#[derive(Debug)]
pub(crate) struct ConnectionDropped;

impl fmt::Display for ConnectionDropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection dropped by a fault")
    }
}

impl std::error::Error for ConnectionDropped {}

impl From<Infallible> for ConnectionDropped {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = ConnectionDropped;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ConnectionDropped>>> {
        if let Some(bytes) = self.rest.take()
            && !bytes.is_empty()
        {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.end {
            BodyEnd::Complete => Poll::Ready(None),
            BodyEnd::DropAfterFlush => {
                // hyper flushes its buffer whenever a body is pending.
                self.end = BodyEnd::DropNow;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            BodyEnd::DropNow => Poll::Ready(Some(Err(ConnectionDropped))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.end == BodyEnd::Complete && self.rest.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.end, &self.rest) {
            (BodyEnd::Complete, Some(rest)) => SizeHint::with_exact(rest.len() as u64),
            (BodyEnd::Complete, None) => SizeHint::with_exact(0),
            _ => SizeHint::default(),
        }
    }
}
