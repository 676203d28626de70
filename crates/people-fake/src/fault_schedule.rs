//! Selects the faults that apply to a request and merges them. What a fault can do is in `fault`.

use std::time::Duration;

use hyper::StatusCode;
use tokio::time::Instant;

use crate::fault::{Apply, DropAt, Fault, FaultBody, Rate};
use crate::routes::Route;

/// The merged effects of the faults on one request.
#[derive(Debug, Default)]
pub(crate) struct FaultEffects {
    pub(crate) delay: Duration,
    pub(crate) response: Option<FaultResponse>,
    pub(crate) drop: Option<DropAt>,
    pub(crate) apply: Option<Apply>,
    pub(crate) licenses_dropped: bool,
}

/// The response that a fault sends.
#[derive(Debug)]
pub(crate) struct FaultResponse {
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: Option<FaultBody>,
}

/// The faults of a service, with a count of their occurrences.
#[derive(Debug, Default)]
pub(crate) struct FaultSchedule(Vec<ActiveFault>);

#[derive(Debug)]
struct ActiveFault {
    fault: Fault,
    seen: u64,
    occurrences: u64,
    due: bool,
    window: Option<(Instant, u64)>,
}

impl FaultSchedule {
    pub(crate) fn inject(&mut self, fault: Fault) {
        self.0.push(ActiveFault {
            fault,
            seen: 0,
            occurrences: 0,
            due: false,
            window: None,
        });
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Counts a request and returns the effects on it.
    pub(crate) fn next(&mut self, route: &Route, path: &str, now: Instant) -> FaultEffects {
        let mut effects = FaultEffects::default();
        let mut decided = false;
        for active in &mut self.0 {
            if !active.fault.matches(route, path) {
                continue;
            }
            let wait = active.count(now);
            if !active.due || active.is_finished() || (active.fault.decides_response() && decided) {
                continue;
            }
            active.due = false;
            active.occurrences += 1;
            let fault = &active.fault;
            effects.delay = effects.delay.saturating_add(fault.delay);
            effects.licenses_dropped |= fault.licenses_dropped;
            if fault.decides_response() {
                decided = true;
                // The fault that decides the response also decides how much is applied.
                effects.apply = fault.apply.clone().or(effects.apply);
                effects.drop = fault.drop;
                effects.response = fault.response(wait);
            } else if effects.apply.is_none() {
                effects.apply.clone_from(&fault.apply);
            }
        }
        self.0.retain(|active| !active.is_finished());
        effects
    }
}

impl Fault {
    fn response(&self, wait: Option<Duration>) -> Option<FaultResponse> {
        let limited = self.rate.map(|_| 429);
        let status = self.status.or(limited)?;
        let status = StatusCode::from_u16(status)
            .ok()
            .filter(|status| (200..=599).contains(&status.as_u16()))
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let seconds = wait.map(|wait| wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
        Some(FaultResponse {
            status,
            retry_after: self
                .retry_after
                .clone()
                .or_else(|| seconds.map(|seconds| seconds.to_string())),
            body: self.body.clone(),
        })
    }
}

impl ActiveFault {
    fn is_finished(&self) -> bool {
        self.fault
            .times
            .is_some_and(|times| self.occurrences >= times)
    }

    /// Counts one request. For a rate limit, returns the time until its window ends.
    fn count(&mut self, now: Instant) -> Option<Duration> {
        self.seen += 1;
        let Some(Rate { requests, window }) = self.fault.rate else {
            // A fault that was due and did not occur stays due.
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
