//! What a call says of itself to `tracing`, with the names of OpenTelemetry's HTTP conventions.
//! Nothing when the feature is off. No token, no body, no identifier and no URL goes through here.

use std::future::Future;
use std::time::Duration;

use reqwest::StatusCode;

use crate::error::Error;
use crate::operation::Operation;

/// One call, as a span.
pub(crate) struct Trace {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
    #[cfg(feature = "tracing")]
    started: std::time::Instant,
}

#[cfg(feature = "tracing")]
impl Trace {
    pub(crate) fn new(operation: &'static Operation) -> Self {
        let span = tracing::info_span!(
            "people_sdk.call",
            otel.name = %format_args!("{} {}", operation.method(), operation.path()),
            otel.kind = "client",
            operation.id = operation.id(),
            http.request.method = operation.method(),
            url.template = operation.path(),
            http.request.resend_count = tracing::field::Empty,
            http.response.status_code = tracing::field::Empty,
            error.r#type = tracing::field::Empty,
            tracking_id = tracing::field::Empty,
        );
        Self {
            span,
            started: std::time::Instant::now(),
        }
    }

    pub(crate) async fn within<T>(&self, call: impl Future<Output = T>) -> T {
        use tracing::Instrument;
        call.instrument(self.span.clone()).await
    }

    pub(crate) fn attempt(&self, attempt: u32) {
        self.span.record("http.request.resend_count", attempt - 1);
        tracing::debug!(attempt, "sending");
    }

    pub(crate) fn answered(&self, status: StatusCode, tracking_id: Option<&str>) {
        let status = status.as_u16();
        self.span.record("http.response.status_code", status);
        let tracking_id = tracking_id.map(crate::error::scrub_id);
        if let Some(id) = &tracking_id {
            self.span.record("tracking_id", id.as_str());
        }
        tracing::debug!(status, tracking_id, "answered");
    }

    pub(crate) fn waits(&self, wait: Duration, error: &Error) {
        tracing::info!(
            kind = ?error.kind(),
            wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            "waiting before another attempt"
        );
    }

    pub(crate) fn ended(&self, error: Option<&Error>) {
        let duration_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.span.in_scope(|| match error {
            None => tracing::debug!(duration_ms, "succeeded"),
            Some(error) => {
                self.span
                    .record("error.type", format_args!("{:?}", error.kind()).to_string());
                tracing::info!(kind = ?error.kind(), duration_ms, "failed");
            }
        });
    }
}

#[cfg(not(feature = "tracing"))]
#[allow(
    clippy::unused_self,
    reason = "the same methods do something with the feature `tracing`"
)]
impl Trace {
    pub(crate) fn new(_operation: &'static Operation) -> Self {
        Self {}
    }

    pub(crate) fn within<T, F: Future<Output = T>>(&self, call: F) -> F {
        call
    }

    pub(crate) fn attempt(&self, _attempt: u32) {}

    pub(crate) fn answered(&self, _status: StatusCode, _tracking_id: Option<&str>) {}

    pub(crate) fn waits(&self, _wait: Duration, _error: &Error) {}

    pub(crate) fn ended(&self, _error: Option<&Error>) {}
}
