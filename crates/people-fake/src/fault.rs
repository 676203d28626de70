//! A fault: what goes wrong, and for which requests. Its text form is in `fault_line`, the selection
//! of faults for a request in `fault_schedule`, applying them in `service`.

use std::time::Duration;

use hyper::Method;

use crate::routes::{self, Route};

/// A failure to inject, and the requests that it applies to.
///
/// A fault is built with methods, or parsed from one line of text. [`FromStr`](std::str::FromStr)
/// reads the line, [`Display`](std::fmt::Display) writes it:
///
/// ```text
/// [METHOD] [PATH] EFFECT… [times=N] [every=N]
/// ```
///
/// | part | meaning |
/// |---|---|
/// | `GET`, `PUT` | requests with this method; default: any |
/// | `/people/me`, `/people/{personId}`, `/people/ID` | requests for this route or this person; default: any |
/// | `503` | the status of the response; with 200 to 299, the usual response with this status |
/// | `retry-after=TEXT` | a `Retry-After` header with this text; requires a status or `rate` |
/// | `body=error`, `body=html`, `body=empty`, `body=raw:TEXT` | the body of the response: the documented error, a gateway's HTML page, empty, or this text as `application/json`; requires a status or `rate` |
/// | `delay=250ms`, `delay=2s`, `delay=1m` | the response is delayed |
/// | `drop=head` or `drop`, `drop=body` | the connection is dropped before the response, or in the middle of its body |
/// | `apply=all`, `apply=none`, `apply=half`, `apply=title,emails` | how much of an update is applied: of the properties that would change, all, none, the first half (rounded down), or these |
/// | `licenses=dropped` | an update adds no license and reports success |
/// | `rate=10/1s` | all callers together may send ten requests per second; the others get 429 and `Retry-After` |
/// | `times=N` | the fault ends after N occurrences; default: it does not end |
/// | `every=N` | only every Nth matching request, counted from 1 |
///
/// Words are split, quoted and escaped as in a POSIX shell, so that
/// `body='raw:{"id": 1}'` is one word.
///
/// Without `apply`, an update is not applied when a fault responds with an error or with `drop=head`.
/// With any other fault it is applied.
///
/// # Several faults
///
/// Delays add up, and so do effects on updates (`apply`, `licenses`). If several faults decide the
/// response, the one that was injected first does; another one that was due by `every` is due at the
/// next request.
///
/// # Examples
///
/// ```
/// use people_fake::Fault;
///
/// let fault = Fault::status(503).retry_after("2").on("PUT", "/people/{personId}").times(3);
/// assert_eq!(fault.to_string(), "PUT /people/{personId} 503 retry-after=2 times=3");
/// assert_eq!("PUT /people/{personId} 503 retry-after=2 times=3".parse(), Ok(fault));
/// ```
///
/// The others, each with its text:
///
/// ```
/// use std::time::Duration;
///
/// use people_fake::{Apply, DropAt, Fault, FaultBody};
///
/// let faults = [
///     (Fault::status(502).body(FaultBody::Html), "502 body=html"),
///     (Fault::status(204).delayed(Duration::from_secs(2)), "204 delay=2s"),
///     (Fault::status(500).method("PUT").applying(Apply::All), "PUT 500 apply=all"),
///     (Fault::delay(Duration::from_millis(250)).path("/people/me"), "/people/me delay=250ms"),
///     (Fault::drop_connection(DropAt::Body).every(3), "drop=body every=3"),
///     (Fault::partial(Apply::Half).method("PUT"), "PUT apply=half"),
///     (Fault::licenses_dropped().method("PUT"), "PUT licenses=dropped"),
///     (Fault::rate_limit(10, Duration::from_secs(1)), "rate=10/1s"),
/// ];
/// for (fault, text) in faults {
///     assert_eq!(fault.to_string(), text);
///     assert_eq!(text.parse(), Ok(fault));
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fault {
    pub(crate) method: Option<Method>,
    pub(crate) path: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: Option<FaultBody>,
    pub(crate) delay: Duration,
    pub(crate) drop: Option<DropAt>,
    pub(crate) apply: Option<Apply>,
    pub(crate) licenses_dropped: bool,
    pub(crate) rate: Option<Rate>,
    pub(crate) times: Option<u64>,
    pub(crate) every: Option<u64>,
}

/// The body of the response that a fault sends.
///
/// # Examples
///
/// ```
/// use people_fake::{Fault, FaultBody};
///
/// let page = Fault::status(502).body(FaultBody::Html);
/// assert_eq!(page.to_string(), "502 body=html");
/// let odd = Fault::status(200).body(FaultBody::Raw("{}".to_owned()));
/// assert_eq!("200 body=raw:{}".parse(), Ok(odd));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultBody {
    /// The documented error body.
    Error,
    /// An HTML page, as gateways send it.
    Html,
    /// No body.
    Empty,
    /// This text, sent as `application/json` whether it is JSON or not.
    Raw(String),
}

/// The point at which a connection is dropped.
///
/// # Examples
///
/// ```
/// use people_fake::{DropAt, Fault};
///
/// let fault = Fault::drop_connection(DropAt::Body).method("GET").every(3);
/// assert_eq!(fault.to_string(), "GET drop=body every=3");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DropAt {
    /// Before the response.
    Head,
    /// After the head and half of the body.
    Body,
}

/// How much of an update is applied.
///
/// # Examples
///
/// ```
/// use people_fake::{Apply, Fault};
///
/// // The update is applied, and the response says that it failed.
/// let fault = Fault::status(500).method("PUT").applying(Apply::All);
/// assert_eq!(fault.to_string(), "PUT 500 apply=all");
/// let title = Fault::partial(Apply::Only(vec!["title".to_owned()]));
/// assert_eq!(title.to_string(), "apply=title");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Apply {
    /// All changes.
    All,
    /// No change.
    None,
    /// The first half, rounded down, of the properties that would change, in the order of the
    /// contract.
    Half,
    /// Only the changes to these properties.
    Only(Vec<String>),
}

/// A number of requests in each window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) requests: u64,
    pub(crate) window: Duration,
}

impl Fault {
    /// Responds with this status, or with 500 when it is not within 200 to 599.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status: Some(status),
            ..Self::default()
        }
    }

    /// Drops the connection.
    #[must_use]
    pub fn drop_connection(at: DropAt) -> Self {
        Self {
            drop: Some(at),
            ..Self::default()
        }
    }

    /// Delays responses.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::default().delayed(delay)
    }

    /// Applies updates in part and reports success.
    #[must_use]
    pub fn partial(apply: Apply) -> Self {
        Self::default().applying(apply)
    }

    /// Updates add no license and report success.
    #[must_use]
    pub fn licenses_dropped() -> Self {
        Self {
            licenses_dropped: true,
            ..Self::default()
        }
    }

    /// Allows all callers together this number of requests in each window, which starts with the
    /// first request after the last window has ended. Other requests get 429 and the seconds to
    /// wait.
    #[must_use]
    pub fn rate_limit(requests: u64, window: Duration) -> Self {
        Self {
            rate: Some(Rate { requests, window }),
            ..Self::default()
        }
    }

    /// Sends `Retry-After` with this text, valid for that header or not. Text that is not a valid
    /// header value is not sent.
    #[must_use]
    pub fn retry_after(mut self, text: impl Into<String>) -> Self {
        self.retry_after = Some(text.into());
        self
    }

    /// Sends this body instead of the documented one.
    #[must_use]
    pub fn body(mut self, body: FaultBody) -> Self {
        self.body = Some(body);
        self
    }

    /// Delays the response.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Applies this much of an update before the response.
    #[must_use]
    pub fn applying(mut self, apply: Apply) -> Self {
        self.apply = Some(apply);
        self
    }

    /// Applies only to requests with this method and path: a route such as `/people/{personId}`, or
    /// one person's `/people/ID`. A fault for a path without a route never occurs.
    #[must_use]
    pub fn on(self, method: &str, path: &str) -> Self {
        self.method(method).path(path)
    }

    /// Applies only to requests with this method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok();
        self
    }

    /// Applies only to requests for this path, as in [`Fault::on`].
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        self.path = Some(normalize_path(path).unwrap_or(path).to_owned());
        self
    }

    /// Ends the fault after this number of occurrences.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Applies only to every `n`th matching request.
    #[must_use]
    pub fn every(mut self, n: u64) -> Self {
        self.every = (n > 1).then_some(n);
        self
    }

    pub(crate) fn matches(&self, route: &Route, path: &str) -> bool {
        self.method.as_ref().is_none_or(|m| *m == route.method)
            && self
                .path
                .as_deref()
                .is_none_or(|own| own == route.template || routes::same_path(own, path))
    }

    /// Whether the fault decides the response, rather than its time or what happens before it.
    pub(crate) fn decides_response(&self) -> bool {
        self.status.is_some() || self.drop.is_some() || self.rate.is_some()
    }
}

/// The form in which a fault stores a path: without the base, and as the route's template when the
/// path has a parameter in braces, whatever its name. `None` when there is no such route.
pub(crate) fn normalize_path(path: &str) -> Option<&str> {
    let path = routes::without_base(path);
    let template = routes::template_of(path)?;
    Some(if path.contains('{') { template } else { path })
}
