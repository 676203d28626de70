//! What shall go wrong, and for which requests. Its form as text is `fault_line`'s concern, whose
//! turn it is `plan`'s, and carrying it out `service`'s.

use std::time::Duration;

use hyper::Method;

use crate::routes::{self, Route};

/// Something that shall go wrong.
///
/// What goes wrong and when is put together from parts, either with methods or as one line of
/// text, which [`FromStr`](std::str::FromStr) reads and [`Display`](std::fmt::Display) writes:
///
/// ```text
/// [METHOD] [PATH] EFFECT… [times=N] [every=N]
/// ```
///
/// | part | meaning |
/// |---|---|
/// | `GET`, `PUT` | requests of this method; any, if left out |
/// | `/people/me`, `/people/{personId}`, `/people/ID` | requests of this route, or for this person; any, if left out |
/// | `503` | the answer's status. With 200 to 299 it is the usual answer under this status |
/// | `retry-after=TEXT` | a `Retry-After` header with any text; needs a status or `rate` |
/// | `body=error`, `body=html`, `body=empty`, `body=raw:TEXT` | the answer's body: the documented one, a gateway's page, none, or this text as `application/json`; needs a status or `rate` |
/// | `delay=250ms`, `delay=2s`, `delay=1m` | the answer comes later |
/// | `drop=head` or `drop`, `drop=body` | the connection is cut before the answer, or in the middle of its body |
/// | `apply=all`, `apply=none`, `apply=half`, `apply=title,emails` | how much of an update is carried out: of the properties that would change, all, none, the first half (rounded down), or these |
/// | `licenses=dropped` | an update adds no license, and reports success |
/// | `rate=10/1s` | all callers together have ten requests a second; more are refused with 429 and `Retry-After` |
/// | `times=N` | the fault is over when it has happened N times; without, it stays |
/// | `every=N` | only every Nth of those requests, the first being number 1 |
///
/// Words are split, quoted and escaped as in a POSIX shell, so that
/// `body='raw:{"id": 1}'` is one word.
///
/// Without `apply`, an update under a fault that answers with an error or with `drop=head` is not
/// carried out, and every other one is.
///
/// # Several faults
///
/// Delays and what happens to updates (`apply`, `licenses`) add up. Of the faults that answer, the
/// one that was injected first wins; another whose turn it was by `every` has it at the next
/// request.
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fault {
    pub(crate) method: Option<Method>,
    pub(crate) path: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: Option<FaultBody>,
    pub(crate) delay: Duration,
    pub(crate) drop: Option<Cut>,
    pub(crate) apply: Option<Apply>,
    pub(crate) licenses_dropped: bool,
    pub(crate) rate: Option<Rate>,
    pub(crate) times: Option<u64>,
    pub(crate) every: Option<u64>,
}

/// The body of a fault's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultBody {
    /// The documented error body.
    Error,
    /// A page of HTML, as a gateway in front of the service sends it.
    Html,
    /// Nothing at all.
    Empty,
    /// This text, declared as `application/json` whatever it is.
    Raw(String),
}

/// Where a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cut {
    /// Before anything of the answer has been sent.
    Head,
    /// After the head and half of the body.
    Body,
}

/// How much of an update is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Apply {
    /// Everything.
    All,
    /// Nothing.
    None,
    /// The first half, rounded down, of the properties that would change, in the order of the
    /// contract.
    Half,
    /// These properties, as far as they would change.
    Only(Vec<String>),
}

/// So many requests in each window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) requests: u64,
    pub(crate) window: Duration,
}

impl Fault {
    /// Requests are answered with this status. Outside 200 to 599 it is 500 that is sent.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status: Some(status),
            ..Self::default()
        }
    }

    /// The connection is cut.
    #[must_use]
    pub fn cut(place: Cut) -> Self {
        Self {
            drop: Some(place),
            ..Self::default()
        }
    }

    /// Answers come this much later.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::default().delayed(delay)
    }

    /// Updates are carried out in part and answered as if nothing were wrong.
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

    /// All callers together have this many requests in each window, which starts with the first
    /// request after the last one has ended. More are refused with 429 and the seconds to wait.
    #[must_use]
    pub fn rate_limit(requests: u64, window: Duration) -> Self {
        Self {
            rate: Some(Rate { requests, window }),
            ..Self::default()
        }
    }

    /// Sends `Retry-After` with this text, which need not be one that can be understood. Text that
    /// cannot stand in a header is not sent.
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

    /// The answer comes this much later.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// This much of an update is carried out before the answer.
    #[must_use]
    pub fn applying(mut self, apply: Apply) -> Self {
        self.apply = Some(apply);
        self
    }

    /// Only requests of this method for this path: a route such as `/people/{personId}`, or one
    /// person's `/people/ID`. A fault for a path that no route has never happens.
    #[must_use]
    pub fn on(self, method: &str, path: &str) -> Self {
        self.method(method).path(path)
    }

    /// Only requests of this method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok();
        self
    }

    /// Only requests for this path, as in [`Fault::on`].
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        self.path = Some(scope(path).unwrap_or(path).to_owned());
        self
    }

    /// The fault is over when it has happened this many times.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Only every `n`th of the requests it is for.
    #[must_use]
    pub fn every(mut self, n: u64) -> Self {
        self.every = (n > 1).then_some(n);
        self
    }

    pub(crate) fn concerns(&self, route: &Route, path: &str) -> bool {
        self.method.as_ref().is_none_or(|m| *m == route.method)
            && self
                .path
                .as_deref()
                .is_none_or(|own| own == route.template || routes::same_path(own, path))
    }

    /// Whether it decides what is answered, rather than when or after what.
    pub(crate) fn answers(&self) -> bool {
        self.status.is_some() || self.drop.is_some() || self.rate.is_some()
    }
}

/// A path as a fault keeps it: without base, and the template itself for any path of its form
/// with a parameter in braces, whatever that is called. `None` when there is no such route.
pub(crate) fn scope(path: &str) -> Option<&str> {
    let path = routes::without_base(path);
    let template = routes::template_of(path)?;
    Some(if path.contains('{') { template } else { path })
}
