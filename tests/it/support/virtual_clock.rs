//! A clock on which waits end at once and are recorded.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use people_sdk::Clock;

/// Starts on 6 November 1994 at 08:49:37, as the example of RFC 9110 does.
#[derive(Clone)]
pub(crate) struct VirtualClock {
    started: Instant,
    waits: Arc<Mutex<Vec<Duration>>>,
}

impl VirtualClock {
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
            waits: Arc::default(),
        }
    }

    /// The waits of the client so far, in milliseconds.
    pub(crate) fn waits(&self) -> Vec<u128> {
        let waits = self.waits.lock().expect("no test has panicked");
        waits.iter().map(Duration::as_millis).collect()
    }

    /// Lets time pass, as a wait does.
    pub(crate) fn advance(&self, duration: Duration) {
        let mut waits = self.waits.lock().expect("no test has panicked");
        waits.push(duration);
    }

    fn slept(&self) -> Duration {
        self.waits
            .lock()
            .expect("no test has panicked")
            .iter()
            .sum()
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777) + self.slept()
    }

    fn instant(&self) -> Instant {
        self.started + self.slept()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.advance(duration);
        Box::pin(std::future::ready(()))
    }
}
