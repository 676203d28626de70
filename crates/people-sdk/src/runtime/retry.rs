//! When a failed attempt is made again, and after how long: a pure decision, and the policy and
//! clock that it depends on. The loop that obeys it is `send`'s.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::StatusCode;

use crate::runtime::error::{ErrorKind, Progress};

/// How often, and with what waits, a failed attempt is made again.
///
/// Three bounds hold: the number of attempts, the longest single wait, and the time of the whole
/// call, waits included. The last is not part of the policy, for there is only one such time:
/// [`ClientBuilder::call_timeout`](crate::ClientBuilder::call_timeout).
///
/// An attempt that was answered 429 is made again for every method, and one whose connection
/// could not be opened; for idempotent methods also one that was answered 423, 502, 503 or 504,
/// timed out, or lost its connection. Nothing else is: a 500 or another 4xx is the answer.
///
/// The service says with `Retry-After` how long to wait. Where it says nothing, or nothing that
/// makes sense, waits double from [`initial_delay`](Self::initial_delay) on, each shortened at random by
/// up to half. No wait is shorter than that, even if the service asks for less.
///
/// A wait that the service asks for and that is longer than [`max_delay`](Self::max_delay),
/// or than what is left of the call's time, is not made and not shortened: the call ends with the
/// service's answer, and [`Error::retry_after`](crate::Error::retry_after) says when to come back.
///
/// The one attempt that follows a 401 when a [`TokenSource`](crate::TokenSource) has another token
/// is not counted here: it is the first with a token that is good.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use people_sdk::RetryPolicy;
///
/// let patient = RetryPolicy::default()
///     .max_attempts(6)
///     .max_delay(Duration::from_secs(300));
/// # drop(patient);
/// ```
#[derive(Clone)]
pub struct RetryPolicy {
    max_attempts: u32,
    initial_delay: Duration,
    max_delay: Duration,
    jitter: Arc<dyn Fn() -> f64 + Send + Sync>,
    on_retry: Option<Arc<dyn Fn(ErrorKind, Duration) + Send + Sync>>,
}

impl Default for RetryPolicy {
    /// Four attempts in all, waits from half a second on, none longer than a minute.
    fn default() -> Self {
        Self {
            max_attempts: 4,
            initial_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(60),
            jitter: Arc::new(fastrand::f64),
            on_retry: None,
        }
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("max_attempts", &self.max_attempts)
            .field("initial_delay", &self.initial_delay)
            .field("max_delay", &self.max_delay)
            .finish_non_exhaustive()
    }
}

impl RetryPolicy {
    /// No failed attempt is made again.
    #[must_use]
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// The number of attempts in all, the first included. At least one is always made.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The wait before the second attempt, where the service names none. It doubles from there.
    #[must_use]
    pub fn initial_delay(mut self, wait: Duration) -> Self {
        self.initial_delay = wait;
        self
    }

    /// The longest single wait.
    #[must_use]
    pub fn max_delay(mut self, wait: Duration) -> Self {
        self.max_delay = wait;
        self
    }

    /// Where the random part of a wait comes from: a number from 0 (no shortening) to 1 (half the
    /// wait). For tests that need exact waits.
    #[must_use]
    pub fn jitter(mut self, jitter: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.jitter = Arc::new(jitter);
        self
    }

    /// Is called when a call begins to wait: why, and for how long. For those who tell a person, or
    /// hold other calls back meanwhile.
    #[must_use]
    pub fn on_retry(
        mut self,
        on_retry: impl Fn(ErrorKind, Duration) + Send + Sync + 'static,
    ) -> Self {
        self.on_retry = Some(Arc::new(on_retry));
        self
    }

    pub(crate) fn waits(&self, kind: ErrorKind, wait: Duration) {
        if let Some(on_retry) = &self.on_retry {
            on_retry(kind, wait);
        }
    }

    /// What to do after attempt number `attempt` (from one) ended in `outcome`.
    pub(crate) fn decide(
        &self,
        attempt: u32,
        idempotent: bool,
        outcome: Outcome,
        hint: Option<Duration>,
        remaining: Duration,
    ) -> Decision {
        if attempt >= self.max_attempts || !outcome.is_transient(idempotent) {
            return Decision::Stop;
        }
        let doubled = self
            .initial_delay
            .saturating_mul(2_u32.saturating_pow(attempt - 1))
            .min(self.max_delay);
        let jitter = (self.jitter)();
        let jitter = if jitter.is_nan() { 0.0 } else { jitter };
        let share = 1.0 - jitter.clamp(0.0, 1.0) / 2.0;
        let shortened =
            Duration::try_from_secs_f64(doubled.as_secs_f64() * share).unwrap_or(doubled);
        let wait = hint.unwrap_or_default().max(shortened);
        if wait > self.max_delay || wait >= remaining {
            Decision::Stop
        } else {
            Decision::Wait(wait)
        }
    }
}

/// How one attempt ended, short of success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An answer with a status that is no success.
    Status(StatusCode),
    /// No connection could be opened.
    Connect,
    /// The attempt's time ran out after the connection was opened.
    Timeout,
    /// The connection was lost.
    Lost,
}

impl Outcome {
    /// How far the attempt has come.
    pub(crate) fn progress(self) -> Progress {
        match self {
            Self::Connect => Progress::NotSent,
            // Who asks, in what form and how often is judged before what is asked for. Anything
            // else can have been said by a part of the service after others had acted.
            Self::Status(
                StatusCode::UNAUTHORIZED
                | StatusCode::METHOD_NOT_ALLOWED
                | StatusCode::UNSUPPORTED_MEDIA_TYPE
                | StatusCode::TOO_MANY_REQUESTS,
            ) => Progress::Rejected,
            Self::Status(_) | Self::Timeout | Self::Lost => Progress::MayHaveTakenEffect,
        }
    }

    fn is_transient(self, idempotent: bool) -> bool {
        match self {
            Self::Status(StatusCode::TOO_MANY_REQUESTS) | Self::Connect => true,
            Self::Status(
                StatusCode::LOCKED
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT,
            )
            | Self::Timeout
            | Self::Lost => idempotent,
            Self::Status(_) => false,
        }
    }
}

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Stop,
    Wait(Duration),
}

/// What a `Retry-After` header asks for: seconds, or a date seen from `now`. `None` for anything
/// else, of which production has sent `rand(30),add(30)`.
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    // Rust takes a sign for a part of a number, and the header knows none.
    if value.starts_with(|first: char| first.is_ascii_digit())
        && let Ok(seconds) = value.parse::<u64>()
    {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// Time, as the client sees it between attempts. Tests put their own in its place.
///
/// The timeouts of a connection and of an attempt are tokio's and do not go through this.
///
/// # Examples
///
/// A clock that never waits, and remembers for how long it should have:
///
/// ```
/// use std::pin::Pin;
/// use std::sync::{Arc, Mutex};
/// use std::time::{Duration, Instant};
/// use people_sdk::Clock;
///
/// struct Impatient {
///     started: Instant,
///     waits: Arc<Mutex<Vec<Duration>>>,
/// }
///
/// impl Clock for Impatient {
///     fn instant(&self) -> Instant {
///         self.started + self.waits.lock().unwrap().iter().sum::<Duration>()
///     }
///
///     fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
///         self.waits.lock().unwrap().push(duration);
///         Box::pin(std::future::ready(()))
///     }
/// }
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The date and time, against which the service's dates are read.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    /// A clock that never goes back, from which durations are taken.
    fn instant(&self) -> Instant {
        // Tokio's clock is this one, save that tests can pause it.
        tokio::time::Instant::now().into_std()
    }

    /// Ends after `duration`.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// The machine's clocks, and tokio's timer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_table() {
        use Decision::{Stop, Wait};
        use Outcome::{Connect, Lost, Timeout};
        let status = |code| Outcome::Status(StatusCode::from_u16(code).unwrap());
        let policy = RetryPolicy::default().initial_delay(SECOND).jitter(|| 0.0);
        let left = 100 * SECOND;
        let ms = Duration::from_millis;
        // attempt, idempotent, outcome, hint, time left, decision
        let table = [
            (1, false, status(429), None, left, Wait(ms(1000))),
            (2, false, status(429), None, left, Wait(ms(2000))),
            (3, false, status(429), None, left, Wait(ms(4000))),
            (4, false, status(429), None, left, Stop),
            (1, false, status(429), Some(ms(7000)), left, Wait(ms(7000))),
            (3, false, status(429), Some(ms(1000)), left, Wait(ms(4000))),
            (
                1,
                false,
                status(429),
                Some(ms(60_000)),
                left,
                Wait(ms(60_000)),
            ),
            (1, false, status(429), Some(ms(60_001)), left, Stop),
            (1, false, status(429), Some(ms(7000)), ms(7000), Stop),
            (1, false, Connect, None, left, Wait(ms(1000))),
            (1, true, Timeout, None, left, Wait(ms(1000))),
            (1, false, Timeout, None, left, Stop),
            (1, true, Lost, None, left, Wait(ms(1000))),
            (1, false, Lost, None, left, Stop),
            (1, true, status(423), Some(ms(2000)), left, Wait(ms(2000))),
            (1, false, status(423), Some(ms(2000)), left, Stop),
            (1, true, status(502), None, left, Wait(ms(1000))),
            (1, true, status(503), None, left, Wait(ms(1000))),
            (1, true, status(504), None, left, Wait(ms(1000))),
            (1, false, status(503), None, left, Stop),
            (1, true, status(500), None, left, Stop),
            (1, true, status(400), None, left, Stop),
            (1, true, status(401), None, left, Stop),
            (1, true, status(404), None, left, Stop),
            (1, true, status(408), None, left, Stop),
        ];
        for (attempt, idempotent, outcome, hint, remaining, expected) in table {
            assert_eq!(
                policy.decide(attempt, idempotent, outcome, hint, remaining),
                expected,
                "attempt {attempt}, idempotent {idempotent}, {outcome:?}, hint {hint:?}"
            );
        }
    }

    #[test]
    fn waits_stay_within_their_bounds_whatever_the_policy() {
        let policy = RetryPolicy::default()
            .max_attempts(u32::MAX)
            .jitter(|| f64::MAX);
        let outcome = Outcome::Status(StatusCode::TOO_MANY_REQUESTS);
        let decision = policy.decide(u32::MAX - 1, true, outcome, None, Duration::MAX);
        assert_eq!(decision, Decision::Wait(30 * SECOND));
        assert_eq!(
            RetryPolicy::none().decide(1, true, outcome, None, Duration::MAX),
            Decision::Stop
        );
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_or_nothing() {
        let now = SystemTime::UNIX_EPOCH + 784_111_777 * SECOND;
        let cases = [
            ("194", Some(194)),
            (" 1 ", Some(1)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("rand(30),add(30)", None),
            ("", None),
            ("-1", None),
            ("+5", None),
            ("1.5", None),
            ("99999999999999999999999", None),
        ];
        for (text, expected) in cases {
            assert_eq!(
                retry_after(text, now).map(|wait| wait.as_secs()),
                expected,
                "{text:?}"
            );
        }
    }
}
