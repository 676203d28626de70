//! The time limits of a call and of its attempts, and the deadline of one attempt. Waits between
//! attempts are `retry`'s.

use std::time::Duration;

use tokio::time::Instant;
use tokio::time::error::Elapsed;

/// The time limits of a client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeouts {
    pub(crate) attempt: Duration,
    pub(crate) call: Duration,
}

/// The deadline of an attempt, from the request to the last byte of the body.
///
/// reqwest's own timeout per request is not used: it takes a map of extensions, which is copied with
/// the request, and replaces the timeout of a caller's HTTP client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    time: Duration,
    /// `None`: no deadline (it would overflow `Instant`).
    at: Option<Instant>,
}

impl Deadline {
    /// Starts the time.
    pub(crate) fn after(time: Duration) -> Self {
        let at = Instant::now().checked_add(time);
        Self { time, at }
    }

    /// The whole time limit, not what is left of it.
    pub(crate) fn time(self) -> Duration {
        self.time
    }

    /// The output of `work`, if it ends before the deadline.
    pub(crate) async fn within<F: Future>(self, work: F) -> Result<F::Output, Elapsed> {
        match self.at {
            Some(at) => tokio::time::timeout_at(at, work).await,
            None => Ok(work.await),
        }
    }
}
