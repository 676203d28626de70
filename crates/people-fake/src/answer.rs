//! What the service sends: documented error bodies, headers that every answer has, and a body
//! that can break off.

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

/// A request that is not done, and why.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// One problem at least.
    problems: Vec<String>,
    allow: Option<String>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, problem: impl Into<String>) -> Self {
        Self::all(status, vec![problem.into()])
    }

    pub(crate) fn all(status: StatusCode, problems: Vec<String>) -> Self {
        Self {
            status,
            problems,
            allow: None,
        }
    }

    /// A method that the path does not take; `allow` are those that it does.
    pub(crate) fn method(allow: String) -> Self {
        let mut refusal = Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            format!("This path takes {allow} only"),
        );
        refusal.allow = Some(allow);
        refusal
    }
}

/// An answer before it is sent.
#[derive(Debug)]
pub(crate) struct Answer(Response<Bytes>);

impl Answer {
    pub(crate) fn bytes(status: StatusCode, media_type: &'static str, bytes: Bytes) -> Self {
        let mut answer = Self::empty(status);
        answer.set(CONTENT_TYPE, HeaderValue::from_static(media_type));
        *answer.0.body_mut() = bytes;
        answer
    }

    pub(crate) fn json(status: StatusCode, value: &Value) -> Self {
        Self::bytes(status, "application/json", value.to_string().into())
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        let mut answer = Response::new(Bytes::new());
        *answer.status_mut() = status;
        Self(answer)
    }

    /// The documented error body. The first problem is the message.
    pub(crate) fn refusal(refusal: &Refusal, tracking_id: &str) -> Self {
        let details: Vec<_> = refusal
            .problems
            .iter()
            .map(|problem| json!({ "description": problem }))
            .collect();
        let body = json!({
            "message": refusal.problems.first(),
            "errors": details,
            "trackingId": tracking_id,
        });
        let mut answer = Self::json(refusal.status, &body);
        if let Some(allow) = &refusal.allow {
            answer.set_text(ALLOW, allow);
        }
        if refusal.status == StatusCode::UNAUTHORIZED {
            answer.set(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        answer
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

    /// Sets a header; text that cannot stand in one is left out.
    pub(crate) fn set_text(&mut self, name: HeaderName, text: &str) {
        if let Ok(value) = HeaderValue::from_str(text) {
            self.set(name, value);
        }
    }

    /// The same under another status; one that has no body loses it.
    pub(crate) fn under(mut self, status: StatusCode, has_body: bool) -> Self {
        *self.0.status_mut() = status;
        if !has_body {
            self.0.headers_mut().remove(CONTENT_TYPE);
            *self.0.body_mut() = Bytes::new();
        }
        self
    }

    pub(crate) fn track(&mut self, tracking_id: &str) {
        self.set_text(TRACKING_ID, tracking_id);
    }

    /// Whole, or with a body that breaks off halfway.
    pub(crate) fn send(mut self, whole: bool) -> Response<AnswerBody> {
        let length = self.0.body().len();
        if !whole {
            // Without it the body would be sent in chunks, whose end could be mistaken for its.
            self.set(CONTENT_LENGTH, HeaderValue::from(length.max(1)));
        }
        self.0.map(|bytes| {
            if whole {
                AnswerBody {
                    rest: Some(bytes),
                    breaks: Break::Never,
                }
            } else {
                AnswerBody {
                    rest: Some(bytes.slice(..length / 2)),
                    breaks: Break::AfterFlush,
                }
            }
        })
    }
}

/// A body in one piece, after which the connection may break.
#[derive(Debug)]
pub(crate) struct AnswerBody {
    rest: Option<Bytes>,
    breaks: Break,
}

#[derive(Debug, PartialEq, Eq)]
enum Break {
    Never,
    /// What has been sent so far is written out first.
    AfterFlush,
    Now,
}

/// The connection is to be cut. Nobody sees this but the server.
#[derive(Debug)]
pub(crate) struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is cut, as a fault asks for")
    }
}

impl std::error::Error for CutOff {}

impl From<Infallible> for CutOff {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        if let Some(bytes) = self.rest.take()
            && !bytes.is_empty()
        {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.breaks {
            Break::Never => Poll::Ready(None),
            Break::AfterFlush => {
                // hyper writes what it holds whenever a body has nothing more at the moment.
                self.breaks = Break::Now;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Break::Now => Poll::Ready(Some(Err(CutOff))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.breaks == Break::Never && self.rest.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.breaks, &self.rest) {
            (Break::Never, Some(rest)) => SizeHint::with_exact(rest.len() as u64),
            (Break::Never, None) => SizeHint::with_exact(0),
            _ => SizeHint::default(),
        }
    }
}
