//! Paused time that passes only while no request is in flight, so that a machine of any speed gives the
//! same times.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tracing::span::{Attributes, Id};
use tracing::subscriber::{DefaultGuard, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

/// The span that lasts as long as a request.
const ATTEMPT: &str = "people_sdk.attempt";

/// How often all other tasks run without a new request before time passes.
const IDLE_TURNS: u32 = 8;

/// How much time passes at once.
const STEP: Duration = Duration::from_millis(5);

/// Counts the requests in flight of all clients of this thread.
#[derive(Clone, Default)]
struct InFlight(Arc<AtomicUsize>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for InFlight {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        if attributes.metadata().name() == ATTEMPT {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if context
            .metadata(&id)
            .is_some_and(|span| span.name() == ATTEMPT)
        {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Lets the time of a paused runtime with one thread pass, until this is dropped.
pub(crate) struct IdleTime {
    _subscriber: DefaultGuard,
    task: tokio::task::JoinHandle<()>,
}

impl IdleTime {
    pub(crate) fn start() -> Self {
        let in_flight = InFlight::default();
        let registry = Registry::default().with(in_flight.clone());
        let subscriber = tracing::subscriber::set_default(registry);
        // It never waits, so that the runtime does not advance the time by itself.
        let task = tokio::spawn(async move {
            let mut idle = 0;
            loop {
                tokio::task::yield_now().await;
                idle = match in_flight.0.load(Ordering::Relaxed) {
                    0 => idle + 1,
                    _ => 0,
                };
                if idle > IDLE_TURNS {
                    tokio::time::advance(STEP).await;
                    idle = 0;
                }
            }
        });
        Self {
            _subscriber: subscriber,
            task,
        }
    }
}

impl Drop for IdleTime {
    fn drop(&mut self) {
        self.task.abort();
    }
}
