//! What a call says of itself to `tracing`, with the names of OpenTelemetry's HTTP conventions.
//! Nothing when the feature is off. No token, no body, no identifier, no URL and nothing that the
//! service wrote but a tracking id goes through here.
//!
//! A call is a span, and each of its attempts is one within it, as the conventions ask: an attempt
//! is what goes over the wire. `url.full` is left out, for it names a person; `url.template` says
//! the rest of it.

#[cfg(feature = "tracing")]
pub(crate) use on::{AttemptTrace, CallTrace, deviations};

#[cfg(not(feature = "tracing"))]
pub(crate) use off::{AttemptTrace, CallTrace, deviations};

#[cfg(feature = "tracing")]
mod on {
    use std::collections::HashSet;
    use std::future::Future;
    use std::time::{Duration, Instant};

    use reqwest::{Request, StatusCode};
    use tracing::field::Empty;
    use tracing::{Instrument, Span};

    use crate::runtime::body::Promise;
    use crate::runtime::error::{Error, clean_tracking_id};
    use crate::runtime::operation::Operation;

    /// The target of spans and events, whatever the module is called.
    const TARGET: &str = "people_sdk";

    pub(crate) struct CallTrace {
        span: Span,
        started: Instant,
    }

    impl CallTrace {
        pub(crate) fn new(operation: &'static Operation) -> Self {
            let span = tracing::info_span!(
                target: TARGET,
                "people_sdk.call",
                otel.name = operation.id(),
                otel.kind = "internal",
                otel.status_code = Empty,
                operation.id = operation.id(),
                error.r#type = Empty,
                duration_ms = Empty,
            );
            Self {
                span,
                started: Instant::now(),
            }
        }

        pub(crate) fn within<F: Future>(
            &self,
            call: F,
        ) -> impl Future<Output = F::Output> + use<F> {
            call.instrument(self.span.clone())
        }

        pub(crate) fn waits(wait: Duration, error: &Error) {
            tracing::info!(
                target: TARGET,
                { error.r#type = error_type(error), wait_ms = milliseconds(wait) },
                "waiting before another attempt"
            );
        }

        pub(crate) fn ended(&self, error: Option<&Error>) {
            end(&self.span, self.started, error);
        }
    }

    pub(crate) struct AttemptTrace {
        span: Span,
        started: Instant,
    }

    impl AttemptTrace {
        pub(crate) fn new(operation: &'static Operation, request: &Request, attempt: u32) -> Self {
            let url = request.url();
            let span = tracing::info_span!(
                target: TARGET,
                "people_sdk.attempt",
                otel.name = %format_args!("{} {}", operation.method(), operation.path()),
                otel.kind = "client",
                otel.status_code = Empty,
                operation.id = operation.id(),
                http.request.method = operation.method(),
                http.request.resend_count = Empty,
                http.response.status_code = Empty,
                server.address = url.host_str(),
                server.port = url.port_or_known_default(),
                url.scheme = url.scheme(),
                url.template = operation.path(),
                error.r#type = Empty,
                attempt,
                tracking_id = Empty,
                duration_ms = Empty,
            );
            if attempt > 1 {
                span.record("http.request.resend_count", attempt - 1);
            }
            Self {
                span,
                started: Instant::now(),
            }
        }

        pub(crate) fn within<F: Future>(
            &self,
            call: F,
        ) -> impl Future<Output = F::Output> + use<F> {
            call.instrument(self.span.clone())
        }

        pub(crate) fn answered(&self, status: StatusCode, tracking_id: Option<&str>) {
            self.span
                .record("http.response.status_code", status.as_u16());
            if let Some(id) = tracking_id {
                self.span.record("tracking_id", clean_tracking_id(id));
            }
        }

        /// Ends the span, so that it does not include the wait for the next attempt.
        pub(crate) fn ended(self, error: Option<&Error>) {
            end(&self.span, self.started, error);
        }
    }

    fn end(span: &Span, started: Instant, error: Option<&Error>) {
        let duration = milliseconds(started.elapsed());
        span.record("duration_ms", duration);
        if let Some(error) = error {
            span.record("otel.status_code", "ERROR");
            span.record("error.type", error_type(error));
        }
        span.in_scope(|| match error {
            None => tracing::debug!(target: TARGET, duration_ms = duration, "succeeded"),
            Some(error) => {
                tracing::debug!(
                    target: TARGET,
                    { error.r#type = error_type(error), duration_ms = duration },
                    "failed"
                );
            }
        });
    }

    /// One event for each kind of deviation and each path in a response, if anything listens. The items
    /// of a list have one path.
    pub(crate) fn deviations(operation: &'static Operation, promise: &Promise) {
        const DEVIATION: &str = "people_sdk::deviation";
        if !tracing::enabled!(target: DEVIATION, tracing::Level::INFO) {
            return;
        }
        let mut reported = HashSet::new();
        for deviation in promise.deviations() {
            let path = deviation.path_without_positions();
            if !reported.insert((deviation.kind(), path.clone())) {
                continue;
            }
            tracing::info!(
                target: DEVIATION,
                {
                    operation.id = operation.id(),
                    kind = deviation.kind().as_str(),
                    path,
                    expected = deviation.expected(),
                },
                "the answer differs from the contract"
            );
        }
    }

    /// The status, where that is the error, as the conventions have it; else the kind of error.
    fn error_type(error: &Error) -> String {
        match error.status() {
            Some(status) if !status.is_success() => status.as_u16().to_string(),
            _ => error.kind().as_str().to_owned(),
        }
    }

    fn milliseconds(duration: Duration) -> u64 {
        u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::time::Duration;

    use reqwest::{Request, StatusCode};

    use crate::runtime::body::Promise;
    use crate::runtime::error::Error;
    use crate::runtime::operation::Operation;

    pub(crate) fn deviations(_: &'static Operation, _: &Promise) {}

    pub(crate) struct CallTrace;

    #[allow(
        clippy::unused_self,
        reason = "the same methods do something with the feature `tracing`"
    )]
    impl CallTrace {
        pub(crate) fn new(_operation: &'static Operation) -> Self {
            Self
        }

        pub(crate) fn within<F: Future>(&self, call: F) -> F {
            call
        }

        pub(crate) fn waits(_wait: Duration, _error: &Error) {}

        pub(crate) fn ended(&self, _error: Option<&Error>) {}
    }

    pub(crate) struct AttemptTrace;

    #[allow(
        clippy::unused_self,
        reason = "the same methods do something with the feature `tracing`"
    )]
    impl AttemptTrace {
        pub(crate) fn new(_: &'static Operation, _: &Request, _attempt: u32) -> Self {
            Self
        }

        pub(crate) fn within<F: Future>(&self, call: F) -> F {
            call
        }

        pub(crate) fn answered(&self, _status: StatusCode, _tracking_id: Option<&str>) {}

        pub(crate) fn ended(self, _error: Option<&Error>) {}
    }
}
