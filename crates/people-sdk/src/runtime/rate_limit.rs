//! What all calls of a client share so as not to overload the service: the gate that every attempt
//! passes, and the budget of retries. When a single call is retried is decided by `retry`.
//!
//! The gate starts as TCP does: a few requests at once, one more for each response that is no fault of
//! the service, so that the number doubles with every round trip while it is used. The first 429 shows what the service allows: what it has
//! accepted, over the time until it accepts again. From then on requests are spaced at that rate, with
//! the growth of TCP CUBIC: 85 % at first, back at the old rate after 10 s, then slowly, then quickly
//! beyond it. A rate fits a limit of requests per time better than a number of requests at once, which
//! says nothing about their rate when responses are fast.
//!
//! A 429 with `Retry-After: 0` says that there is room again at once, so the rate is not the reason. It
//! halves the number of requests at once.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::runtime::retry::Clock;

/// How many requests a new client has in flight at once.
const INITIAL_WINDOW: usize = 4;

/// How much of the known limit is used after a 429.
const DECREASE: f64 = 0.85;

/// The time after a 429 until the rate is back at the known limit.
const RECOVERY: Duration = Duration::from_secs(10);

/// The same after the first 429. The limit is an estimate then, and too low by the time that the
/// service rounds its `Retry-After` up.
const FIRST_RECOVERY: Duration = Duration::from_secs(5);

/// The time without a 429 after which the known limit no longer counts.
const MEMORY: Duration = Duration::from_secs(60);

/// The lowest rate, in requests per second.
const LOWEST_RATE: f64 = 0.1;

/// How many accepted requests are remembered to estimate a rate.
const SAMPLES: usize = 1024;

/// How far a request may be late and still keep its place, as timers are late.
const LATENESS: Duration = Duration::from_millis(10);

/// Fixed limits, set by the caller.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Limits {
    pub(crate) max_concurrency: Option<usize>,
    /// The shortest time between two requests.
    pub(crate) interval: Duration,
}

/// Lets attempts through as fast as the service allows.
pub(crate) struct RateGate {
    limits: Limits,
    state: Mutex<State>,
    /// Held by the first of the calls that wait for their first attempt. The others queue for it in
    /// their order, and calls that were sent before go ahead of them.
    turn: tokio::sync::Mutex<()>,
    /// Notified when a request is no longer in flight.
    released: Notify,
}

/// The time of a call would end before its turn, because of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutOfTime {
    /// The service asks for a pause, or requests are spaced.
    RateLimit,
    /// As many requests are in flight as may be.
    OtherCalls,
}

/// Wakes the next call that waits for room. One notification wakes one call: a call that was woken
/// and then ends, or finds room for more, has to pass it on.
struct WakeNext<'a>(&'a Notify);

impl Drop for WakeNext<'_> {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl RateGate {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            state: Mutex::new(State {
                in_flight: 0,
                paused_until: None,
                next_slot: None,
                pace: Pace::Opening {
                    window: INITIAL_WINDOW,
                    most_in_flight: 0,
                },
                accepted: VecDeque::new(),
                epoch: 0,
            }),
            turn: tokio::sync::Mutex::new(()),
            released: Notify::new(),
        }
    }

    /// The permit for a request that may be sent at once; calls that wait go first.
    pub(crate) fn enter_now(&self, now: Instant, is_first_attempt: bool) -> Option<Permit<'_>> {
        let _turn = if is_first_attempt {
            Some(self.turn.try_lock().ok()?)
        } else {
            None
        };
        let step = self.state().step(now, self.limits);
        match step {
            Step::Enter { epoch, interval } => Some(self.permit(epoch, interval)),
            Step::Wait(_) | Step::Full => None,
        }
    }

    /// Waits until a request may be sent; `remaining` is the time that the call has left. Calls that
    /// have sent one before go first.
    pub(crate) async fn enter(
        &self,
        clock: &dyn Clock,
        is_first_attempt: bool,
        remaining: impl Fn() -> Duration,
    ) -> Result<Permit<'_>, OutOfTime> {
        let enter = async {
            let _turn = if is_first_attempt {
                Some(self.turn.lock().await)
            } else {
                None
            };
            let _wake_next = WakeNext(&self.released);
            let mut now = clock.instant();
            loop {
                let released = self.released.notified();
                let step = self.state().step(now, self.limits);
                match step {
                    Step::Enter { epoch, interval } => return Ok(self.permit(epoch, interval)),
                    Step::Wait(wait) if wait >= remaining() => return Err(OutOfTime::RateLimit),
                    Step::Wait(wait) => {
                        clock.sleep(wait).await;
                        // On a clock that does not advance by what was slept, this would not end.
                        now = now.checked_add(wait).unwrap_or(now).max(clock.instant());
                    }
                    Step::Full => {
                        released.await;
                        now = now.max(clock.instant());
                    }
                }
            }
        };
        match tokio::time::timeout(remaining(), enter).await {
            Ok(entered) => entered,
            Err(_) => Err(self.state().obstacle(clock.instant(), self.limits)),
        }
    }

    fn permit(&self, epoch: u64, interval: Duration) -> Permit<'_> {
        Permit {
            gate: self,
            epoch,
            interval,
        }
    }

    /// How long the service has asked not to be called, from now.
    pub(crate) fn paused_for(&self, now: Instant) -> Option<Duration> {
        let until = self.state().paused_until?;
        let left = until.saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is in flight. It is counted until this is dropped.
pub(crate) struct Permit<'a> {
    gate: &'a RateGate,
    epoch: u64,
    /// The time that was left free for it before the next request.
    interval: Duration,
}

impl Permit<'_> {
    /// The service has responded, and neither with 429 nor with a fault of its own.
    pub(crate) fn accepted(&self, now: Instant) {
        let mut state = self.gate.state();
        state.accept(now);
        state.grow();
    }

    /// The service has responded with a fault of its own (5xx): no reason to send more at once.
    pub(crate) fn failed(&self, now: Instant) {
        self.gate.state().accept(now);
    }

    /// The request is not sent after all; the next one may be sent in its place.
    pub(crate) fn give_back(self) {
        let mut state = self.gate.state();
        let slot = state
            .next_slot
            .and_then(|slot| slot.checked_sub(self.interval));
        state.next_slot = slot.max(state.paused_until);
    }

    /// The service has responded with 429, and asks for a pause.
    pub(crate) fn throttled(&self, now: Instant, pause: Duration) {
        self.gate.state().throttle(self.epoch, now, pause);
    }

    /// The service has responded with 429, and asks for no pause; `pause` is the client's own.
    pub(crate) fn throttled_without_wait(&self, now: Instant, pause: Duration) {
        self.gate
            .state()
            .throttle_without_wait(self.epoch, now, pause);
    }

    /// The service asks for a pause, for another reason than the rate of requests.
    pub(crate) fn paused(&self, now: Instant, pause: Duration) {
        self.gate.state().pause(now, pause);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.gate.state().in_flight -= 1;
        self.gate.released.notify_one();
    }
}

struct State {
    in_flight: usize,
    paused_until: Option<Instant>,
    /// When the next request may be sent, where requests are spaced.
    next_slot: Option<Instant>,
    pace: Pace,
    /// When requests were accepted of late.
    accepted: VecDeque<Instant>,
    /// Counts the times that the service throttled: of all requests that were in flight then, one
    /// changes the pace.
    epoch: u64,
}

/// What is known of the service's limit.
#[derive(Debug, Clone, Copy)]
enum Pace {
    /// Nothing: the number of requests in flight is bounded, and grows.
    Opening {
        window: usize,
        /// The most requests that were in flight at once: a window that is not used does not grow.
        most_in_flight: usize,
    },
    /// A limit in requests per second, and when requests were allowed again after the last 429.
    Spaced {
        limit: f64,
        since: Instant,
        recovery: Duration,
    },
}

enum Step {
    /// Send now; this goes into the permit.
    Enter { epoch: u64, interval: Duration },
    /// Ask again after this time.
    Wait(Duration),
    /// Ask again when a request has been released.
    Full,
}

impl State {
    fn step(&mut self, now: Instant, limits: Limits) -> Step {
        let wait = |until: Option<Instant>| {
            until
                .map(|until| until.saturating_duration_since(now))
                .filter(|wait| !wait.is_zero())
        };
        if let Some(wait) = wait(self.paused_until) {
            return Step::Wait(wait);
        }
        if let Pace::Spaced { since, .. } = self.pace
            && now.saturating_duration_since(since) > MEMORY
        {
            self.pace = Pace::Opening {
                window: self.in_flight.max(INITIAL_WINDOW),
                most_in_flight: self.in_flight,
            };
        }
        if self.is_full(limits) {
            return Step::Full;
        }
        let interval = self.pace.interval(now).max(limits.interval);
        if !interval.is_zero() {
            if let Some(wait) = wait(self.next_slot) {
                return Step::Wait(wait);
            }
            let earliest = now.checked_sub(interval.max(LATENESS)).unwrap_or(now);
            let slot = self.next_slot.map_or(now, |slot| slot.max(earliest));
            self.next_slot = slot.checked_add(interval);
        }
        self.in_flight += 1;
        if let Pace::Opening { most_in_flight, .. } = &mut self.pace {
            *most_in_flight = self.in_flight.max(*most_in_flight);
        }
        Step::Enter {
            epoch: self.epoch,
            interval,
        }
    }

    fn is_full(&self, limits: Limits) -> bool {
        let window = match self.pace {
            Pace::Opening { window, .. } => window,
            Pace::Spaced { .. } => usize::MAX,
        };
        self.in_flight >= window.min(limits.max_concurrency.unwrap_or(usize::MAX))
    }

    /// What a call waits for that is not sent now.
    fn obstacle(&self, now: Instant, limits: Limits) -> OutOfTime {
        let is_paused = self.paused_until.is_some_and(|until| until > now);
        if self.is_full(limits) && !is_paused {
            OutOfTime::OtherCalls
        } else {
            OutOfTime::RateLimit
        }
    }

    fn accept(&mut self, now: Instant) {
        if self.accepted.len() == SAMPLES {
            self.accepted.pop_front();
        }
        self.accepted.push_back(now);
    }

    /// Allows one more request at once, if at least half of those that are allowed were in flight.
    fn grow(&mut self) {
        if let Pace::Opening {
            window,
            most_in_flight,
        } = &mut self.pace
            && *most_in_flight >= *window / 2
        {
            *window = window.saturating_add(1);
        }
    }

    fn pause(&mut self, now: Instant, pause: Duration) {
        let until = now.checked_add(pause);
        self.paused_until = self.paused_until.max(until);
        // The first request after a pause is not spaced from those before it.
        self.next_slot = self.paused_until;
    }

    fn throttle(&mut self, epoch: u64, now: Instant, pause: Duration) {
        self.pause(now, pause);
        let since = self.paused_until.unwrap_or(now);
        if epoch == self.epoch {
            self.epoch += 1;
            self.pace = self.slower(now, pause);
        }
        if let Pace::Spaced { since: start, .. } = &mut self.pace {
            *start = since;
        }
    }

    fn throttle_without_wait(&mut self, epoch: u64, now: Instant, pause: Duration) {
        let Pace::Opening {
            window,
            most_in_flight,
        } = &mut self.pace
        else {
            return self.throttle(epoch, now, pause);
        };
        if epoch == self.epoch {
            self.epoch += 1;
            *window = (*window / 2).max(1);
            *most_in_flight = self.in_flight.min(*window);
        }
        self.pause(now, pause);
    }

    /// The pace after the service has throttled.
    fn slower(&mut self, now: Instant, pause: Duration) -> Pace {
        let lookback = pause.max(Duration::from_secs(1));
        while let Some(oldest) = self.accepted.front()
            && now.saturating_duration_since(*oldest) > lookback
        {
            self.accepted.pop_front();
        }
        let count = f64::from(u32::try_from(self.accepted.len()).unwrap_or(u32::MAX));
        let span = self
            .accepted
            .front()
            .map(|oldest| now.saturating_duration_since(*oldest))
            .unwrap_or_default();
        // What the service has accepted, over the time from the first of it until it accepts more.
        let estimate = count / span.saturating_add(pause).as_secs_f64().max(0.001);
        let (limit, recovery) = match self.pace {
            // Too little to tell a rate from: one at a time, and look again.
            Pace::Opening { .. } if count < 2.0 => {
                return Pace::Opening {
                    window: 1,
                    most_in_flight: 0,
                };
            }
            Pace::Opening { .. } => (estimate, FIRST_RECOVERY),
            Pace::Spaced { .. } if self.accepted.is_empty() => {
                (self.pace.rate(now) / 2.0, RECOVERY)
            }
            // At an even pace, the estimate can be half of the true limit, and not less.
            Pace::Spaced { .. } => (self.pace.rate(now).min(2.0 * estimate), RECOVERY),
        };
        Pace::Spaced {
            limit: limit.max(LOWEST_RATE),
            since: now,
            recovery,
        }
    }
}

impl Pace {
    /// In requests per second.
    fn rate(self, now: Instant) -> f64 {
        match self {
            Self::Opening { .. } => f64::INFINITY,
            Self::Spaced {
                limit,
                since,
                recovery,
            } => {
                let elapsed = now.saturating_duration_since(since).as_secs_f64();
                let time = elapsed / recovery.as_secs_f64() - 1.0;
                limit * (1.0 + (1.0 - DECREASE) * time.powi(3))
            }
        }
    }

    /// The time from one request to the next.
    fn interval(self, now: Instant) -> Duration {
        Duration::try_from_secs_f64(self.rate(now).recip()).unwrap_or_default()
    }
}

/// How many retries a client may make while its calls fail, so that an outage of the service does not
/// multiply the requests: 50, and one more with every ten successes and with every second. Retries
/// after a 429 are the gate's.
pub(crate) struct RetryBudget(Mutex<Tokens>);

struct Tokens {
    left: f64,
    /// When time was last counted.
    counted: Option<Instant>,
}

impl RetryBudget {
    const MOST: f64 = 50.0;
    const PER_SUCCESS: f64 = 0.1;
    const PER_SECOND: f64 = 1.0;

    pub(crate) fn new() -> Self {
        Self(Mutex::new(Tokens {
            left: Self::MOST,
            counted: None,
        }))
    }

    /// Takes one retry out of the budget; `false` when there is none left.
    pub(crate) fn take(&self, now: Instant) -> bool {
        let mut tokens = self.tokens();
        let counted = tokens.counted.replace(now).unwrap_or(now);
        let elapsed = now.saturating_duration_since(counted).as_secs_f64();
        tokens.left = (tokens.left + elapsed * Self::PER_SECOND).min(Self::MOST);
        if tokens.left < 1.0 {
            return false;
        }
        tokens.left -= 1.0;
        true
    }

    pub(crate) fn succeeded(&self) {
        let mut tokens = self.tokens();
        tokens.left = (tokens.left + Self::PER_SUCCESS).min(Self::MOST);
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::Arc;

    use super::*;
    use crate::runtime::retry::{Decision, Hint, Outcome, RetryPolicy, SystemClock};
    use reqwest::StatusCode;

    const SECOND: Duration = Duration::from_secs(1);

    /// A service that accepts a number of requests per window, and rejects more with the time until
    /// the window ends, in whole seconds.
    struct Service {
        limit: u32,
        window: Duration,
        counted: Mutex<(Option<Instant>, u32)>,
        requests: Mutex<u32>,
    }

    impl Service {
        fn new(limit: u32, window: Duration) -> Arc<Self> {
            Arc::new(Self {
                limit,
                window,
                counted: Mutex::default(),
                requests: Mutex::default(),
            })
        }

        fn request(&self, now: Instant) -> Result<(), Duration> {
            *self.requests.lock().unwrap() += 1;
            let mut counted = self.counted.lock().unwrap();
            if counted.0.is_none_or(|start| now - start >= self.window) {
                *counted = (Some(now), 0);
            }
            counted.1 += 1;
            if counted.1 <= self.limit {
                return Ok(());
            }
            let left = self.window.saturating_sub(now - counted.0.unwrap());
            let whole = u64::from(left.subsec_nanos() > 0);
            Err(Duration::from_secs(left.as_secs() + whole))
        }
    }

    struct Run {
        requests: u32,
        failed: u32,
        time: Duration,
    }

    /// As many calls at once, each with the default policy, time limit and attempts of a client.
    async fn storm(calls: u32, service: Arc<Service>, latency: Duration) -> Run {
        let gate = Arc::new(RateGate::new(Limits::default()));
        let started = tokio::time::Instant::now();
        let tasks: Vec<_> = (0..calls)
            .map(|_| tokio::spawn(call(Arc::clone(&gate), Arc::clone(&service), latency)))
            .collect();
        let mut failed = 0;
        for task in tasks {
            failed += u32::from(!task.await.unwrap());
        }
        let requests = *service.requests.lock().unwrap();
        Run {
            requests,
            failed,
            time: started.elapsed(),
        }
    }

    async fn call(gate: Arc<RateGate>, service: Arc<Service>, latency: Duration) -> bool {
        let policy = RetryPolicy::default().jitter(|| 0.5);
        let clock = SystemClock;
        let started = clock.instant();
        let remaining = || Duration::from_secs(120).saturating_sub(clock.instant() - started);
        for attempt in 1.. {
            let Ok(permit) = gate.enter(&clock, attempt == 1, remaining).await else {
                return false;
            };
            tokio::time::sleep(latency).await;
            let now = clock.instant();
            let Err(wait) = service.request(now) else {
                permit.accepted(now);
                return true;
            };
            let outcome = Outcome::Status(StatusCode::TOO_MANY_REQUESTS);
            let hint = Some(Hint::about(wait));
            let decision = policy.decide(attempt, true, outcome, hint, remaining());
            let Decision::Wait(wait) = decision else {
                return false;
            };
            permit.throttled(now, wait);
            drop(permit);
            clock.sleep(wait).await;
        }
        unreachable!("the policy ends the attempts")
    }

    /// The shortest possible time is that of a caller who knows the limit.
    #[tokio::test(start_paused = true)]
    async fn a_storm_of_calls_keeps_to_the_limit_of_the_service() {
        // calls, requests per window, window in s, latency in ms, factor to the shortest time
        let rows: [(u32, u32, u32, u64, f64); 6] = [
            (200, 10, 1, 1, 1.3),
            (200, 10, 1, 100, 1.4),
            (2000, 50, 1, 1, 1.3),
            (2000, 50, 1, 150, 1.4),
            (300, 20, 5, 1, 1.3),
            (300, 20, 5, 150, 1.4),
        ];
        for (calls, limit, window, latency, factor) in rows {
            let window = window * SECOND;
            let service = Service::new(limit, window);
            let run = storm(calls, service, Duration::from_millis(latency)).await;
            let shortest = window * ((calls - 1) / limit);
            let row = format!(
                "{calls} calls at {limit} per {window:?}, {latency} ms: {} requests, {:?} of {shortest:?}",
                run.requests, run.time
            );
            assert_eq!(run.failed, 0, "{row}");
            assert!(run.requests <= calls * 13 / 10, "{row}");
            assert!(run.time >= shortest, "{row}");
            assert!(run.time <= shortest.mul_f64(factor), "{row}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_without_a_limit_costs_a_few_round_trips() {
        let service = Service::new(u32::MAX, SECOND);
        let run = storm(200, service, Duration::from_millis(100)).await;
        assert_eq!((run.requests, run.failed), (200, 0));
        // 4, 8, 16, 32, 64, 128 requests at once.
        assert!(run.time >= Duration::from_millis(600), "{:?}", run.time);
        assert!(run.time <= Duration::from_millis(620), "{:?}", run.time);
    }

    fn gate(limits: Limits) -> RateGate {
        RateGate::new(limits)
    }

    async fn enter(gate: &RateGate) -> Permit<'_> {
        gate.enter(&SystemClock, true, || 3600 * SECOND)
            .await
            .unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_back_calls_that_have_not_been_sent() {
        let gate = gate(Limits::default());
        let permit = enter(&gate).await;
        permit.throttled(SystemClock.instant(), 7 * SECOND);
        // A shorter pause does not end a longer one.
        permit.paused(SystemClock.instant(), 3 * SECOND);
        let paused = gate.paused_for(SystemClock.instant());
        assert_eq!(paused, Some(7 * SECOND));
        drop(permit);
        let started = tokio::time::Instant::now();
        let lengthen = async {
            tokio::time::sleep(5 * SECOND).await;
            gate.state().pause(SystemClock.instant(), 4 * SECOND);
        };
        let (permit, ()) = tokio::join!(enter(&gate), lengthen);
        assert_eq!(started.elapsed(), 9 * SECOND);
        assert_eq!(gate.paused_for(SystemClock.instant()), None);
        drop(permit);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_without_the_time_for_a_pause_ends_at_once() {
        let gate = gate(Limits::default());
        gate.state().pause(SystemClock.instant(), 60 * SECOND);
        let started = tokio::time::Instant::now();
        let entered = gate.enter(&SystemClock, true, || 60 * SECOND).await;
        assert_eq!(entered.err(), Some(OutOfTime::RateLimit));
        assert_eq!(started.elapsed(), Duration::ZERO);
    }

    #[tokio::test]
    async fn a_clock_that_stands_still_holds_no_call_for_ever() {
        struct Still(Instant);

        impl Clock for Still {
            fn instant(&self) -> Instant {
                self.0
            }

            fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
                Box::pin(std::future::ready(()))
            }
        }

        let clock = Still(Instant::now());
        let gate = gate(Limits::default());
        gate.state().pause(clock.0, 60 * SECOND);
        let entered = gate.enter(&clock, true, || 3600 * SECOND).await;
        assert!(entered.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_queues_for_longer_than_its_time_ends() {
        let gate = gate(Limits {
            max_concurrency: Some(1),
            ..Limits::default()
        });
        let permit = enter(&gate).await;
        let started = tokio::time::Instant::now();
        let entered = gate.enter(&SystemClock, true, || 2 * SECOND).await;
        assert_eq!(entered.err(), Some(OutOfTime::OtherCalls));
        assert_eq!(started.elapsed(), 2 * SECOND);
        drop(permit);
        drop(enter(&gate).await);
    }

    /// The first of two calls that wait for room is woken, and then ends without a request.
    #[tokio::test(start_paused = true)]
    async fn a_call_that_ends_while_it_waits_wakes_the_next() {
        // the time that the first call has, and after how long it is dropped
        for (remaining, dropped) in [(5 * SECOND, 60 * SECOND), (60 * SECOND, 5 * SECOND)] {
            let gate = gate(Limits {
                max_concurrency: Some(1),
                ..Limits::default()
            });
            let permit = enter(&gate).await;
            let started = tokio::time::Instant::now();
            let first = gate.enter(&SystemClock, false, || remaining);
            let first = tokio::time::timeout(dropped, first);
            let second = gate.enter(&SystemClock, false, || 60 * SECOND);
            let release = async {
                tokio::time::sleep(SECOND).await;
                permit.paused(SystemClock.instant(), 10 * SECOND);
                drop(permit);
            };
            let (first, second, ()) = tokio::join!(first, second, release);
            assert!(!matches!(first, Ok(Ok(_))), "{remaining:?}");
            assert!(second.is_ok(), "{remaining:?}");
            assert_eq!(started.elapsed(), 11 * SECOND, "{remaining:?}");
        }
    }

    fn window(gate: &RateGate) -> usize {
        match gate.state().pace {
            Pace::Opening { window, .. } => window,
            Pace::Spaced { .. } => panic!("no limit is known"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_window_grows_with_good_responses_while_it_is_used() {
        let gate = gate(Limits::default());
        let now = SystemClock.instant();
        for _ in 0..10 {
            enter(&gate).await.accepted(now);
        }
        assert_eq!(window(&gate), INITIAL_WINDOW, "one request at a time");
        let permits = [enter(&gate).await, enter(&gate).await];
        permits[0].failed(now);
        assert_eq!(window(&gate), INITIAL_WINDOW, "a fault of the service");
        permits[1].accepted(now);
        assert_eq!(window(&gate), INITIAL_WINDOW + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_429_without_a_wait_halves_the_window() {
        let gate = gate(Limits::default());
        let now = SystemClock.instant();
        let permits = [enter(&gate).await, enter(&gate).await];
        permits[0].throttled_without_wait(now, SECOND);
        // Of all requests in flight, one changes the window.
        permits[1].throttled_without_wait(now, SECOND);
        assert_eq!(window(&gate), INITIAL_WINDOW / 2);
        assert_eq!(gate.paused_for(now), Some(SECOND));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_is_not_sent_leaves_its_place_to_the_next() {
        let gate = gate(Limits {
            interval: SECOND,
            ..Limits::default()
        });
        let started = tokio::time::Instant::now();
        drop(enter(&gate).await);
        enter(&gate).await.give_back();
        drop(enter(&gate).await);
        assert_eq!(started.elapsed(), SECOND);
        assert_eq!(gate.state().in_flight, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn fixed_limits_bound_concurrency_and_rate() {
        let gate = Arc::new(gate(Limits {
            max_concurrency: Some(3),
            interval: Duration::from_millis(100),
        }));
        let started = tokio::time::Instant::now();
        let running = Arc::new(Mutex::new((0, 0)));
        let tasks: Vec<_> = (0..12)
            .map(|_| {
                let (gate, running) = (Arc::clone(&gate), Arc::clone(&running));
                tokio::spawn(async move {
                    let permit = enter(&gate).await;
                    let entered = started.elapsed();
                    {
                        let mut running = running.lock().unwrap();
                        running.0 += 1;
                        running.1 = running.1.max(running.0);
                    }
                    tokio::time::sleep(Duration::from_millis(150)).await;
                    running.lock().unwrap().0 -= 1;
                    permit.accepted(SystemClock.instant());
                    entered
                })
            })
            .collect();
        let mut entered = Vec::new();
        for task in tasks {
            entered.push(task.await.unwrap().as_millis());
        }
        let expected: Vec<u128> = (0..12).map(|index| index * 100).collect();
        assert_eq!(entered, expected);
        assert_eq!(running.lock().unwrap().1, 2, "150 ms at one per 100 ms");
        assert!(gate.state().in_flight == 0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_limit_is_forgotten_after_a_minute_without_a_429() {
        let gate = gate(Limits::default());
        let now = SystemClock.instant();
        let mut permits = Vec::new();
        for _ in 0..4 {
            let permit = enter(&gate).await;
            permit.accepted(now);
            permits.push(permit);
        }
        permits[0].throttled(now, SECOND);
        permits.clear();
        assert!(matches!(gate.state().pace, Pace::Spaced { .. }));
        tokio::time::sleep(SECOND + MEMORY).await;
        drop(enter(&gate).await);
        assert!(matches!(gate.state().pace, Pace::Spaced { .. }));
        tokio::time::sleep(Duration::from_millis(1)).await;
        drop(enter(&gate).await);
        assert!(matches!(gate.state().pace, Pace::Opening { .. }));
    }

    #[test]
    fn of_all_requests_in_flight_one_429_changes_the_pace() {
        let gate = gate(Limits::default());
        let now = Instant::now();
        let permits: Vec<_> = (0..4)
            .map(|_| {
                let step = gate.state().step(now, Limits::default());
                let Step::Enter { epoch, interval } = step else {
                    panic!("the window has room");
                };
                Permit {
                    gate: &gate,
                    epoch,
                    interval,
                }
            })
            .collect();
        for permit in &permits {
            permit.accepted(now);
        }
        let limit = |gate: &RateGate| match gate.state().pace {
            Pace::Spaced { limit, .. } => limit,
            Pace::Opening { .. } => panic!("a limit is known"),
        };
        permits[0].throttled(now, 2 * SECOND);
        assert!((limit(&gate) - 2.0).abs() < 0.01, "{}", limit(&gate));
        permits[1].throttled(now, 2 * SECOND);
        permits[2].throttled(now + SECOND, 2 * SECOND);
        assert!((limit(&gate) - 2.0).abs() < 0.01, "{}", limit(&gate));
        assert_eq!(gate.paused_for(now), Some(3 * SECOND));
    }

    #[test]
    fn the_rate_returns_to_the_limit_and_then_exceeds_it() {
        let since = Instant::now();
        let pace = Pace::Spaced {
            limit: 100.0,
            since,
            recovery: RECOVERY,
        };
        let rates = [
            (0, 85.0),
            (5, 98.125),
            (10, 100.0),
            (15, 101.875),
            (30, 220.0),
        ];
        for (seconds, expected) in rates {
            let rate = pace.rate(since + seconds * SECOND);
            assert!((rate - expected).abs() < 0.001, "{seconds} s: {rate}");
        }
    }

    #[test]
    fn the_retry_budget_refills_with_time_and_successes() {
        let budget = RetryBudget::new();
        let now = Instant::now();
        let taken = |now| (0..100).take_while(|_| budget.take(now)).count();
        assert_eq!(taken(now), 50);
        assert_eq!(taken(now + 3 * SECOND), 3);
        for _ in 0..20 {
            budget.succeeded();
        }
        assert_eq!(taken(now + 3 * SECOND), 2);
        // It never holds more than at first.
        assert_eq!(taken(now + 3600 * SECOND), 50);
    }
}
