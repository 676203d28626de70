//! When an attempt has to be over. Waits between attempts are `retry`'s.

use std::time::Duration;

use tokio::time::Instant;
use tokio::time::error::Elapsed;

/// The end of the time of an attempt, from the request to the last byte of the body.
///
/// reqwest has a timeout of its own per request. It takes a map of extensions, which is copied with
/// the request, and replaces the timeout of a caller's transport.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    time: Duration,
    /// `None` is never: so far away that the clock has no name for it.
    at: Option<Instant>,
}

impl Deadline {
    /// Starts the time.
    pub(crate) fn after(time: Duration) -> Self {
        let at = Instant::now().checked_add(time);
        Self { time, at }
    }

    /// The whole of the time, however much has passed.
    pub(crate) fn time(self) -> Duration {
        self.time
    }

    /// What `work` comes to, if it does so in time.
    pub(crate) async fn within<F: Future>(self, work: F) -> Result<F::Output, Elapsed> {
        match self.at {
            Some(at) => tokio::time::timeout_at(at, work).await,
            None => Ok(work.await),
        }
    }
}
