//! Whose turn it is: which of the faults befall a request, and what they come to together.

use std::time::Duration;

use hyper::StatusCode;
use tokio::time::Instant;

use crate::fault::{Apply, Cut, Fault, FaultBody, Rate};
use crate::routes::Route;

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
            if !active.due || active.is_over() || (active.fault.answers() && answered) {
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
        self.0.retain(|active| !active.is_over());
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
    fn is_over(&self) -> bool {
        self.fault.times.is_some_and(|times| self.happened >= times)
    }

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
