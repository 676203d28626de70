//! Faults: what shall go wrong, for which requests, and how to say so in one line. When a fault's
//! turn has come is counted here too; carrying it out is `service`'s work.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use hyper::{Method, StatusCode};
use tokio::time::Instant;

use crate::routes::{self, Route};

/// Something that shall go wrong.
///
/// What goes wrong and when is put together from parts, either with methods or as one line of
/// text, which [`FromStr`] reads and [`Display`](fmt::Display) writes:
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
    method: Option<Method>,
    path: Option<String>,
    status: Option<u16>,
    retry_after: Option<String>,
    body: Option<FaultBody>,
    delay: Duration,
    drop: Option<Cut>,
    apply: Option<Apply>,
    licenses_dropped: bool,
    rate: Option<Rate>,
    times: Option<u64>,
    every: Option<u64>,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rate {
    requests: u64,
    window: Duration,
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
        self.method = Method::from_bytes(method.as_bytes()).ok();
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

    fn concerns(&self, route: &Route, path: &str) -> bool {
        self.method.as_ref().is_none_or(|m| *m == route.method)
            && self
                .path
                .as_deref()
                .is_none_or(|own| own == route.template || routes::same_path(own, path))
    }

    /// Whether it decides what is answered, rather than when or after what.
    fn answers(&self) -> bool {
        self.status.is_some() || self.drop.is_some() || self.rate.is_some()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        words.extend(self.method.as_ref().map(ToString::to_string));
        words.extend(self.path.clone());
        words.extend(self.status.map(|status| status.to_string()));
        if let Some(Rate { requests, window }) = self.rate {
            words.push(format!("rate={requests}/{}", written(window)));
        }
        words.extend(
            self.retry_after
                .as_ref()
                .map(|t| format!("retry-after={t}")),
        );
        words.extend(self.body.as_ref().map(|body| match body {
            FaultBody::Error => "body=error".to_owned(),
            FaultBody::Html => "body=html".to_owned(),
            FaultBody::Empty => "body=empty".to_owned(),
            FaultBody::Raw(text) => format!("body=raw:{text}"),
        }));
        words.extend(self.drop.map(|cut| {
            match cut {
                Cut::Head => "drop=head",
                Cut::Body => "drop=body",
            }
            .to_owned()
        }));
        words.extend(self.apply.as_ref().map(|apply| match apply {
            Apply::All => "apply=all".to_owned(),
            Apply::None => "apply=none".to_owned(),
            Apply::Half => "apply=half".to_owned(),
            Apply::Only(names) => format!("apply={}", names.join(",")),
        }));
        if self.licenses_dropped {
            words.push("licenses=dropped".to_owned());
        }
        if !self.delay.is_zero() {
            words.push(format!("delay={}", written(self.delay)));
        }
        words.extend(self.times.map(|n| format!("times={n}")));
        words.extend(self.every.map(|n| format!("every={n}")));
        let quoter = shlex::Quoter::new().allow_nul(true);
        for (at, word) in words.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            // Quoted only where splitting asks for it, which is less often than a shell would.
            if word.contains(|c: char| c.is_whitespace() || "'\"\\#".contains(c)) {
                f.write_str(&quoter.quote(word).unwrap_or_default())?;
            } else {
                f.write_str(word)?;
            }
        }
        Ok(())
    }
}

/// A line that is no [`Fault`]. Says which word, why, and what would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultError(String);

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FaultError {}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(line: &str) -> Result<Self, FaultError> {
        let words = shlex::split(line)
            .ok_or_else(|| FaultError("a quote is not closed; close it or escape it".to_owned()))?;
        let mut fault = Self::default();
        for word in &words {
            fault
                .read(word)
                .map_err(|reason| FaultError(format!("`{}`: {reason}", word.escape_debug())))?;
        }
        fault
            .check()
            .map_err(|reason| FaultError(reason.to_owned()))?;
        Ok(fault)
    }
}

impl Fault {
    fn read(&mut self, word: &str) -> Result<(), String> {
        if word.starts_with('/') {
            return self.read_path(word);
        }
        if let Some((name, value)) = word.split_once('=') {
            return self.read_setting(name, value);
        }
        if word == "drop" {
            return once(&mut self.drop, Cut::Head);
        }
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            let status = word
                .parse()
                .ok()
                .filter(|status| (200..=599).contains(status))
                .ok_or("a status is a number from 200 to 599")?;
            return once(&mut self.status, status);
        }
        let method = word.to_ascii_uppercase();
        if routes::ROUTES
            .iter()
            .any(|route| route.method == method.as_str())
        {
            return match Method::from_bytes(method.as_bytes()) {
                Ok(method) => once(&mut self.method, method),
                Err(_) => Err("this is no method".to_owned()),
            };
        }
        Err(
            "expected a method (GET, PUT), a path, a status, or one of retry-after=, body=, \
             delay=, drop=, apply=, licenses=, rate=, times=, every="
                .to_owned(),
        )
    }

    fn read_path(&mut self, word: &str) -> Result<(), String> {
        let Some(path) = scope(word) else {
            return Err(format!(
                "no route has this path; the routes are {}",
                routes::templates().join(" and ")
            ));
        };
        once(&mut self.path, path.to_owned())
    }

    fn read_setting(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "retry-after" => {
                if hyper::header::HeaderValue::from_str(value).is_err() {
                    return Err("a header takes visible ASCII characters and spaces".to_owned());
                }
                once(&mut self.retry_after, value.to_owned())
            }
            "body" => once(
                &mut self.body,
                match value.split_once(':') {
                    Some(("raw", text)) => FaultBody::Raw(text.to_owned()),
                    None if value == "error" => FaultBody::Error,
                    None if value == "html" => FaultBody::Html,
                    None if value == "empty" => FaultBody::Empty,
                    _ => return Err("expected error, html, empty or raw:TEXT".to_owned()),
                },
            ),
            "delay" => {
                if !self.delay.is_zero() {
                    return Err("this is given twice".to_owned());
                }
                self.delay = duration(value)?;
                Ok(())
            }
            "drop" => once(
                &mut self.drop,
                match value {
                    "head" => Cut::Head,
                    "body" => Cut::Body,
                    _ => return Err("expected head or body".to_owned()),
                },
            ),
            "apply" => once(
                &mut self.apply,
                match value {
                    "all" => Apply::All,
                    "none" => Apply::None,
                    "half" => Apply::Half,
                    names => {
                        let names: Vec<_> = names.split(',').map(str::to_owned).collect();
                        if let Some(other) =
                            names.iter().find(|name| !crate::update::is_writable(name))
                        {
                            return Err(format!(
                                "`{other}` is no property that an update can write; expected all, \
                                 none, half, or some of {}",
                                crate::update::writable().collect::<Vec<_>>().join(",")
                            ));
                        }
                        Apply::Only(names)
                    }
                },
            ),
            "licenses" if value == "dropped" => {
                self.licenses_dropped = true;
                Ok(())
            }
            "licenses" => Err("expected licenses=dropped".to_owned()),
            "rate" => {
                let form = "expected REQUESTS/WINDOW, such as 10/1s";
                let (requests, window) = value.split_once('/').ok_or(form)?;
                let requests = requests.parse().map_err(|_| form)?;
                let window = duration(window)?;
                once(&mut self.rate, Rate { requests, window })
            }
            "times" => once(&mut self.times, count(value)?),
            "every" => {
                let n = count(value)?;
                if n < 2 {
                    return Err("every request is meant without it; expected 2 or more".to_owned());
                }
                once(&mut self.every, n)
            }
            _ => Err(
                "there is no such setting; expected retry-after=, body=, delay=, drop=, apply=, \
                 licenses=, rate=, times= or every="
                    .to_owned(),
            ),
        }
    }

    fn check(&self) -> Result<(), &'static str> {
        if self.status.is_none() && self.rate.is_none() {
            if self.retry_after.is_some() {
                return Err("retry-after= needs a status such as 503, or rate=");
            }
            if self.body.is_some() {
                return Err("body= needs a status such as 502, or rate=");
            }
        }
        let modifies = self.apply.is_some() || self.licenses_dropped || !self.delay.is_zero();
        if !self.answers() && !modifies {
            return Err(
                "nothing goes wrong yet; give a status, or one of delay=, drop=, apply=, \
                 licenses=, rate=",
            );
        }
        if self.rate.is_some() && self.every.is_some() {
            return Err("rate= and every= exclude each other; give two faults");
        }
        if self.rate.is_some() && self.drop.is_some() {
            return Err("rate= and drop= exclude each other; give two faults");
        }
        if self.drop == Some(Cut::Head) && self.status.is_some() {
            return Err("drop=head sends no status; leave one of them out, or use drop=body");
        }
        let reads = self
            .method
            .as_ref()
            .is_some_and(|method| method == Method::GET)
            || self.path.as_deref() == Some("/people/me");
        if reads && (self.apply.is_some() || self.licenses_dropped) {
            return Err("apply= and licenses= are for updates: PUT /people/{personId}");
        }
        Ok(())
    }
}

/// A path as a fault keeps it: without base, and the template itself for any path of its form
/// with a parameter in braces, whatever that is called. `None` when there is no such route.
fn scope(path: &str) -> Option<&str> {
    let path = routes::without_base(path);
    let template = routes::template_of(path)?;
    Some(if path.contains('{') { template } else { path })
}

fn once<T>(slot: &mut Option<T>, value: T) -> Result<(), String> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err("this is given twice".to_owned()),
    }
}

fn count(text: &str) -> Result<u64, String> {
    text.parse()
        .ok()
        .filter(|n| *n > 0)
        .ok_or_else(|| "expected a number from 1".to_owned())
}

fn duration(text: &str) -> Result<Duration, String> {
    let form = || "expected a time such as 250ms, 2s or 1m".to_owned();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number: u64 = text
        .strip_suffix(unit)
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(form)?;
    let duration = match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        _ => None,
    };
    // A day is more than any test waits, and far from where the clock would overflow.
    duration
        .filter(|duration| !duration.is_zero() && *duration <= Duration::from_secs(86_400))
        .ok_or_else(form)
}

fn written(duration: Duration) -> String {
    if duration.subsec_nanos() == 0 {
        format!("{}s", duration.as_secs())
    } else {
        format!("{}ms", duration.as_millis())
    }
}

/// What the faults have decided about one request.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) delay: Duration,
    pub(crate) answer: Option<FaultAnswer>,
    pub(crate) cut: Option<Cut>,
    pub(crate) apply: Option<Apply>,
    pub(crate) licenses_dropped: bool,
}

/// An answer that a fault gives.
#[derive(Debug)]
pub(crate) struct FaultAnswer {
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: Option<FaultBody>,
}

/// The faults of a service, with how often each has been due.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Active>);

#[derive(Debug)]
struct Active {
    fault: Fault,
    seen: u64,
    happened: u64,
    due: bool,
    window: Option<(Instant, u64)>,
}

impl Faults {
    pub(crate) fn inject(&mut self, fault: Fault) {
        self.0.push(Active {
            fault,
            seen: 0,
            happened: 0,
            due: false,
            window: None,
        });
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Counts a request and decides what goes wrong with it.
    pub(crate) fn plan(&mut self, route: &Route, path: &str, now: Instant) -> Plan {
        let mut plan = Plan::default();
        let mut answered = false;
        for active in &mut self.0 {
            if !active.fault.concerns(route, path) {
                continue;
            }
            let wait = active.count(now);
            if !active.due || (active.fault.answers() && answered) {
                continue;
            }
            active.due = false;
            active.happened += 1;
            let fault = &active.fault;
            plan.delay = plan.delay.saturating_add(fault.delay);
            plan.licenses_dropped |= fault.licenses_dropped;
            if fault.answers() {
                answered = true;
                // Its own word on updates counts more than that of the others.
                plan.apply = fault.apply.clone().or(plan.apply);
                plan.cut = fault.drop;
                plan.answer = fault.answer(wait);
            } else if plan.apply.is_none() {
                plan.apply.clone_from(&fault.apply);
            }
        }
        self.0.retain(|active| {
            active
                .fault
                .times
                .is_none_or(|times| active.happened < times)
        });
        plan
    }
}

impl Fault {
    fn answer(&self, wait: Option<Duration>) -> Option<FaultAnswer> {
        let limited = self.rate.map(|_| 429);
        let status = self.status.or(limited)?;
        let status = StatusCode::from_u16(status)
            .ok()
            .filter(|status| (200..=599).contains(&status.as_u16()))
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let seconds = wait.map(|wait| wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
        Some(FaultAnswer {
            status,
            retry_after: self
                .retry_after
                .clone()
                .or_else(|| seconds.map(|seconds| seconds.to_string())),
            body: self.body.clone(),
        })
    }
}

impl Active {
    /// Counts one request; for a rate limit that is used up, says how long it stays so.
    fn count(&mut self, now: Instant) -> Option<Duration> {
        self.seen += 1;
        let Some(Rate { requests, window }) = self.fault.rate else {
            // Whoever was due and not served stays due.
            self.due |= self.seen.is_multiple_of(self.fault.every.unwrap_or(1));
            return None;
        };
        let (start, used) = match self.window {
            Some((start, used)) if now.duration_since(start) < window => (start, used + 1),
            _ => (now, 1),
        };
        self.window = Some((start, used));
        self.due = used > requests;
        Some(window.saturating_sub(now.duration_since(start)))
    }
}
