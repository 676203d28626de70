//! Whether a failed attempt is repeated, and after how long: a pure decision, and the policy and the
//! clock that it depends on. The loop that makes the attempts is `send`'s, and what the calls of a
//! client share is `rate_limit`'s.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::StatusCode;

use crate::runtime::error::{ErrorKind, Progress};

/// How often failed attempts are repeated, and with what waits.
///
/// Three bounds hold: the number of attempts, the longest single wait, and the time of the whole
/// call, waits included. The last is not part of the policy:
/// [`ClientBuilder::call_timeout`](crate::ClientBuilder::call_timeout).
///
/// | attempt ended with | repeated for |
/// |---|---|
/// | 429, or no connection | every method |
/// | 423, 502, 503, 504, a timeout, a lost connection | idempotent methods |
/// | 500, another 4xx, a certificate that is not trusted, a proxy that refuses | nothing |
///
/// The service says with `Retry-After` how long to wait: seconds, a date, or `rand(30),add(30)`, which
/// is 30 s and a random part of up to 30 s more.
///
/// | the service asks for | wait before the next attempt |
/// |---|---|
/// | nothing, with another status than 429 | [`initial_delay`](Self::initial_delay), which doubles with each attempt as far as `max_delay`; up to half less, at random |
/// | nothing, with a 429 | the same from 5 s, or from `initial_delay` if that is longer; up to a tenth more, at random |
/// | seconds or a date | that; up to a tenth more, at random; but not less than in the first row |
/// | `rand(30),add(30)` | 30 s, and up to 30 s more, at random; but not less than in the first row |
/// | 0 s, or a date that has passed | as in the first row, also with a 429 |
///
/// A wait that the service asks for and that is longer than [`max_delay`](Self::max_delay), or than
/// what is left of the call's time, is not made and not shortened: the call ends with the service's
/// response, and [`Error::retry_after`](crate::Error::retry_after) says when to call again.
///
/// # What all calls of a client share
///
/// A wait after a 429, or after a 423 with `Retry-After`, holds back every call of the client that has
/// not been sent yet, for at most [`max_delay`](Self::max_delay) and a tenth, also when the call that
/// received the 429 ends with it. The pace of requests rises again gradually afterwards. A new client
/// starts with a few requests at once, and sends more at once as the service responds to them. A 429
/// with `Retry-After: 0` halves that number, since it says that the rate is not the reason. Waiting for
/// this costs no attempt. A call that waits for longer than its time ends with
/// [`ErrorKind::RateLimited`], or with [`ErrorKind::Timeout`] if it waited for responses to other calls
/// of the client; [`Error::queue_time`](crate::Error::queue_time) is how long it waited.
///
/// Repeated attempts for other reasons than a 429 come out of a budget of 50, which grows with every
/// ten successes and every second by one. Without any left, calls end with their first error.
///
/// The one attempt that follows a 401 when a [`TokenSource`](crate::TokenSource) has another token
/// does not count as a repeated attempt.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use people_sdk::RetryPolicy;
///
/// let patient = RetryPolicy::default()
///     .max_attempts(6)
///     .initial_delay(Duration::from_secs(1))
///     .max_delay(Duration::from_secs(300))
///     .on_retry(|kind, wait| eprintln!("{kind}: the next attempt is in {wait:.1?}"));
/// // For a program that calls again by itself.
/// let single = RetryPolicy::none();
/// // For a test that expects exact waits.
/// let exact = RetryPolicy::default().jitter(|| 0.0);
/// # drop((patient, single, exact));
/// ```
#[derive(Clone)]
#[doc(alias = "backoff")]
pub struct RetryPolicy {
    max_attempts: u32,
    initial_delay: Duration,
    max_delay: Duration,
    jitter: Arc<dyn Fn() -> f64 + Send + Sync>,
    on_retry: Option<Arc<dyn Fn(ErrorKind, Duration) + Send + Sync>>,
}

/// The wait after the first 429 that does not say how long to wait.
const THROTTLE_DELAY: Duration = Duration::from_secs(5);

impl Default for RetryPolicy {
    /// Four attempts, an initial delay of half a second, and no wait of more than a minute.
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
    /// No failed attempt is repeated.
    #[must_use]
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// The number of attempts, the first included. Zero counts as one.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The wait before the second attempt, unless the service names one. It doubles from there.
    #[must_use]
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.initial_delay = delay;
        self
    }

    /// The longest single wait. The random part of one that the service asks for can make it longer by
    /// a tenth.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Replaces the source of the random parts: a number from 0 (none) to 1 (the whole part). For
    /// tests that need exact waits.
    #[must_use]
    pub fn jitter(mut self, jitter: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.jitter = Arc::new(jitter);
        self
    }

    /// Called when a call begins to wait for its next attempt, with the kind of the error and the
    /// wait. To show progress, for instance.
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

    /// What follows after attempt number `attempt` (from one) ended in `outcome`.
    pub(crate) fn decide(
        &self,
        attempt: u32,
        idempotent: bool,
        outcome: Outcome,
        hint: Option<Hint>,
        remaining: Duration,
    ) -> Decision {
        if attempt >= self.max_attempts || !outcome.is_transient(idempotent) {
            return Decision::Stop;
        }
        let hint = match hint {
            None if outcome.is_throttled() => Some(self.unasked(attempt)),
            hint => hint,
        };
        let jitter = self.jitter_part();
        let shortened = part(
            self.doubled(self.initial_delay, attempt),
            1.0 - jitter / 2.0,
        );
        let asked = hint.unwrap_or_default();
        if asked.wait > self.max_delay {
            return Decision::Stop;
        }
        let wait = self.bounded(asked, jitter).max(shortened);
        if wait >= remaining {
            Decision::Stop
        } else {
            Decision::Wait(wait)
        }
    }

    /// How long other calls are held back when attempt number `attempt` ended in `outcome`; `None` for
    /// not at all. Longer than any wait that a call makes would make the client useless because of one
    /// header.
    pub(crate) fn pause(
        &self,
        attempt: u32,
        outcome: Outcome,
        hint: Option<Hint>,
    ) -> Option<Duration> {
        let hint = match hint {
            Some(hint) if !hint.is_zero() => hint,
            // No time is asked for, so it is the shortest that a call waits.
            Some(_) if outcome.is_throttled() => {
                return Some(self.doubled(self.initial_delay, attempt));
            }
            None if outcome.is_throttled() => self.unasked(attempt),
            _ => return None,
        };
        Some(self.bounded(hint, self.jitter_part()))
    }

    /// What a 429 without a usable hint stands for.
    fn unasked(&self, attempt: u32) -> Hint {
        Hint::about(self.doubled(self.initial_delay.max(THROTTLE_DELAY), attempt))
    }

    /// `delay` after the first attempt, twice that after the second, and so on.
    fn doubled(&self, delay: Duration, attempt: u32) -> Duration {
        delay
            .saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)))
            .min(self.max_delay)
    }

    /// The wait that is asked for, with the random part: at most a tenth more than the longest.
    fn bounded(&self, hint: Hint, jitter: f64) -> Duration {
        let wait = hint.wait.min(self.max_delay);
        let room = self.max_delay.saturating_sub(wait).max(self.max_delay / 10);
        wait.saturating_add(part(hint.random.min(room), jitter))
    }

    /// The longest wait that a call is told to make, and that other calls make for it.
    pub(crate) fn longest_wait(&self) -> Duration {
        self.max_delay
    }

    fn jitter_part(&self) -> f64 {
        (self.jitter)().clamp(0.0, 1.0)
    }
}

fn part(duration: Duration, share: f64) -> Duration {
    Duration::try_from_secs_f64(duration.as_secs_f64() * share).unwrap_or(duration)
}

/// How an attempt ended, short of success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A response whose status is no success.
    Status(StatusCode),
    /// No connection could be opened.
    Connect,
    /// The time of the attempt ended after the request was sent.
    Timeout,
    /// The connection was lost.
    Lost,
}

impl Outcome {
    /// How far the attempt has come.
    pub(crate) fn progress(self) -> Progress {
        match self {
            Self::Connect => Progress::NotSent,
            // Caller, format and rate are checked before the content. Any other status can come from
            // one part of the service after others have acted.
            Self::Status(
                StatusCode::UNAUTHORIZED
                | StatusCode::METHOD_NOT_ALLOWED
                | StatusCode::UNSUPPORTED_MEDIA_TYPE
                | StatusCode::TOO_MANY_REQUESTS,
            ) => Progress::Rejected,
            Self::Status(_) | Self::Timeout | Self::Lost => Progress::MayHaveTakenEffect,
        }
    }

    /// Whether the service rejects requests because there are too many.
    pub(crate) fn is_throttled(self) -> bool {
        self == Self::Status(StatusCode::TOO_MANY_REQUESTS)
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

/// What follows after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Stop,
    Wait(Duration),
}

/// A wait that the service asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Hint {
    pub(crate) wait: Duration,
    /// The longest random part on top.
    pub(crate) random: Duration,
}

impl Hint {
    /// No wait at all is asked for.
    pub(crate) fn is_zero(self) -> bool {
        self.wait.is_zero() && self.random.is_zero()
    }

    /// With a tenth on top, so that clients that were told the same do not all return at once.
    pub(crate) fn about(wait: Duration) -> Self {
        Self {
            wait,
            random: wait / 10,
        }
    }

    /// What a `Retry-After` header asks for: seconds, a date compared with `now`, or
    /// `rand(30),add(30)`, a template that the service has sent unfilled. `None` for anything else. A
    /// date that has passed asks for no wait.
    pub(crate) fn read(value: &str, now: SystemTime) -> Option<Self> {
        let value = value.trim();
        if let Some(seconds) = seconds(value) {
            return Some(Self::about(seconds));
        }
        if let Ok(date) = httpdate::parse_http_date(value) {
            return Some(Self::about(date.duration_since(now).unwrap_or_default()));
        }
        let mut hint = Self::default();
        for term in value.split(',') {
            let (name, number) = term.trim().strip_suffix(')')?.split_once('(')?;
            let seconds = seconds(number)?;
            match name {
                "rand" => hint.random = hint.random.checked_add(seconds)?,
                "add" => hint.wait = hint.wait.checked_add(seconds)?,
                _ => return None,
            }
        }
        Some(hint)
    }
}

/// Digits alone: `u64` would also parse a sign, which the header does not have.
fn seconds(text: &str) -> Option<Duration> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text.parse().ok().filter(|_| digits)?;
    Some(Duration::from_secs(seconds))
}

/// The time between attempts. Tests replace it.
///
/// The timeouts of a connection and of an attempt are tokio's and do not use this.
///
/// # Examples
///
/// A clock that does not wait, and records the waits:
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = people_fake::FakePeople::start().await?;
/// use std::pin::Pin;
/// use std::sync::{Arc, Mutex};
/// use std::time::{Duration, Instant, SystemTime};
///
/// use people_sdk::{Client, Clock, RetryPolicy};
///
/// struct Recording {
///     started: Instant,
///     waits: Arc<Mutex<Vec<Duration>>>,
/// }
///
/// impl Clock for Recording {
///     fn now(&self) -> SystemTime {
///         SystemTime::UNIX_EPOCH
///     }
///
///     fn instant(&self) -> Instant {
///         self.started + self.waits.lock().unwrap().iter().sum::<Duration>()
///     }
///
///     fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
///         self.waits.lock().unwrap().push(duration);
///         Box::pin(std::future::ready(()))
///     }
/// }
///
/// let waits = Arc::new(Mutex::new(Vec::new()));
/// let client = Client::builder()
///     .base_url(fake.base_url())
///     .token(people_fake::ADMIN_TOKEN)
///     .retry(RetryPolicy::default().jitter(|| 0.0))
///     .clock(Recording { started: Instant::now(), waits: waits.clone() })
///     .build()?;
/// fake.inject("503 retry-after=7 times=1".parse()?);
/// client.get_my_own_details().await?;
/// assert_eq!(*waits.lock().unwrap(), [Duration::from_secs(7)]);
/// # Ok(())
/// # }
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The date and time, which the service's dates are compared with.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    /// A clock that never goes back, for durations.
    fn instant(&self) -> Instant {
        // The same clock as `Instant::now`, except that tests can pause it.
        tokio::time::Instant::now().into_std()
    }

    /// Ends after `duration`, by which [`instant`](Self::instant) has advanced. On a clock that does not
    /// advance, the client counts what it has slept as passed.
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
    fn retry_decisions() {
        use Decision::{Stop, Wait};
        use Outcome::{Connect, Lost, Timeout};
        let status = |code| Outcome::Status(StatusCode::from_u16(code).unwrap());
        let policy = RetryPolicy::default().initial_delay(SECOND).jitter(|| 0.0);
        let left = 100 * SECOND;
        let ms = Duration::from_millis;
        let hint = |wait| Some(Hint::about(ms(wait)));
        // attempt, idempotent, outcome, hint, time left, decision
        let table = [
            (1, false, status(429), None, left, Wait(ms(5000))),
            (2, false, status(429), None, left, Wait(ms(10_000))),
            (3, false, status(429), None, left, Wait(ms(20_000))),
            (4, false, status(429), None, left, Stop),
            (1, false, status(429), hint(7000), left, Wait(ms(7000))),
            (3, false, status(429), hint(1000), left, Wait(ms(4000))),
            (1, false, status(429), hint(60_000), left, Wait(60 * SECOND)),
            (1, false, status(429), hint(60_001), left, Stop),
            (1, false, status(429), hint(7000), ms(7000), Stop),
            (1, false, Connect, None, left, Wait(ms(1000))),
            (1, true, Timeout, None, left, Wait(ms(1000))),
            (1, false, Timeout, None, left, Stop),
            (1, true, Lost, None, left, Wait(ms(1000))),
            (1, false, Lost, None, left, Stop),
            (1, true, status(423), hint(2000), left, Wait(ms(2000))),
            (1, false, status(423), hint(2000), left, Stop),
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
    fn random_parts_are_added_to_hints_and_taken_from_delays() {
        let wait = |jitter: f64, outcome, hint| {
            let policy = RetryPolicy::default()
                .initial_delay(8 * SECOND)
                .jitter(move || jitter);
            policy.decide(1, true, outcome, hint, Duration::MAX)
        };
        let throttled = Outcome::Status(StatusCode::TOO_MANY_REQUESTS);
        let template = Hint::read("rand(30),add(30)", SystemTime::UNIX_EPOCH);
        let rows = [
            (0.5, Outcome::Lost, None, 6000),
            (1.0, Outcome::Lost, None, 4000),
            (1.0, throttled, None, 8800),
            (1.0, throttled, Some(Hint::about(20 * SECOND)), 22_000),
            (0.0, throttled, template, 30_000),
            (0.5, throttled, template, 45_000),
            (1.0, throttled, template, 60_000),
        ];
        for (jitter, outcome, hint, expected) in rows {
            let expected = Decision::Wait(Duration::from_millis(expected));
            let row = format!("{jitter} {outcome:?} {hint:?}");
            assert_eq!(wait(jitter, outcome, hint), expected, "{row}");
        }
    }

    #[test]
    fn other_calls_are_held_back_by_what_a_429_says_within_the_longest_delay() {
        let policy = RetryPolicy::default().initial_delay(SECOND);
        let read = |text| Hint::read(text, SystemTime::UNIX_EPOCH);
        let [throttled, locked, unavailable] =
            [429, 423, 503].map(|code| Outcome::Status(StatusCode::from_u16(code).unwrap()));
        // outcome, attempt, `Retry-After`, jitter, milliseconds
        let rows = [
            (throttled, 1, "7", 0.0, Some(7000)),
            (throttled, 1, "7", 1.0, Some(7700)),
            (throttled, 1, "60", 1.0, Some(66_000)),
            (throttled, 1, "86400", 0.0, Some(60_000)),
            (throttled, 1, "86400", 1.0, Some(66_000)),
            (throttled, 1, "rand(30),add(30)", 1.0, Some(60_000)),
            (throttled, 1, "rand(999999999),add(1)", 1.0, Some(60_000)),
            (throttled, 1, "rand(999999999)", 0.5, Some(30_000)),
            (throttled, 1, "0", 0.0, Some(1000)),
            (throttled, 2, "0", 0.0, Some(2000)),
            (throttled, 1, "soon", 0.0, Some(5000)),
            (throttled, 2, "soon", 1.0, Some(11_000)),
            (throttled, 9, "soon", 1.0, Some(66_000)),
            (locked, 1, "7", 0.0, Some(7000)),
            (locked, 1, "0", 0.0, None),
            (locked, 1, "soon", 0.0, None),
            (unavailable, 1, "soon", 0.0, None),
        ];
        for (outcome, attempt, text, jitter, expected) in rows {
            let policy = policy.clone().jitter(move || jitter);
            let pause = policy.pause(attempt, outcome, read(text));
            let expected = expected.map(Duration::from_millis);
            assert_eq!(pause, expected, "{outcome:?} {attempt} {text} {jitter}");
        }
        let template = read("rand(999999999),add(1)");
        let policy = policy.jitter(|| 1.0);
        let decision = policy.decide(1, true, throttled, template, Duration::MAX);
        assert_eq!(decision, Decision::Wait(60 * SECOND));
    }

    #[test]
    fn waits_stay_within_their_bounds_with_any_policy() {
        let policy = RetryPolicy::default().max_attempts(u32::MAX);
        let decide = |jitter: f64| {
            let policy = policy.clone().jitter(move || jitter);
            policy.decide(u32::MAX - 1, true, Outcome::Lost, None, Duration::MAX)
        };
        for (jitter, seconds) in [(f64::MAX, 30), (f64::MIN, 60), (f64::NAN, 60)] {
            assert_eq!(decide(jitter), Decision::Wait(seconds * SECOND), "{jitter}");
        }
        let none = RetryPolicy::none();
        let decision = none.decide(1, true, Outcome::Lost, None, Duration::MAX);
        assert_eq!(decision, Decision::Stop);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_or_the_template() {
        let now = SystemTime::UNIX_EPOCH + 784_111_777 * SECOND;
        // The wait, and the longest random part in milliseconds.
        let cases = [
            ("194", Some((194, 19_400))),
            (" 1 ", Some((1, 100))),
            ("0", Some((0, 0))),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some((60, 6000))),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some((0, 0))),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some((0, 0))),
            ("rand(30),add(30)", Some((30, 30_000))),
            ("add(5), rand(2)", Some((5, 2000))),
            ("rand(7)", Some((0, 7000))),
            ("rand(30),mul(2)", None),
            ("rand(-1),add(30)", None),
            ("rand(30", None),
            ("", None),
            ("-1", None),
            ("+5", None),
            ("1.5", None),
            ("99999999999999999999999", None),
        ];
        for (text, expected) in cases {
            let hint = Hint::read(text, now);
            assert_eq!(
                hint.map(|hint| (hint.wait.as_secs(), hint.random.as_millis())),
                expected,
                "{text:?}"
            );
        }
    }
}
