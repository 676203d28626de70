//! One call: its request, its attempts, and what counts as success. Generic over operations. An
//! attempt is made by `attempt`; whether another follows is decided by `retry`.
//!
//! The order of things:
//!
//! 1. per call: the request is built, once
//! 2. per attempt: the precondition is checked, if there is one, a token is requested, and the gate is
//!    passed; if that took long, the check is made again, or the token requested again, once
//! 3. per attempt: the request is sent, the response is read
//! 4. per attempt: a fault that another attempt cannot mend ends the call; any other failure is judged,
//!    and the gate is told of the response
//! 5. per call: after a 401, one more attempt with another token
//! 6. per attempt: a retry is taken out of the budget, unless it follows a 429, and the wait before the
//!    next attempt is slept
//! 7. per call: the body of a success is read into its type

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Request, StatusCode, Url};
use serde::de::DeserializeOwned;

use crate::runtime::answers::{self, Answers};
use crate::runtime::attempt::{
    Attempt, AttemptRequest, Buffered, ERROR_BODY_LIMIT, ReadBody, Response, Streaming, Transport,
    service_message_from_headers,
};
use crate::runtime::auth::{AccessToken, Credentials};
use crate::runtime::body::{self, Promise};
use crate::runtime::deadline::{Deadline, Timeouts};
use crate::runtime::error::{Error, ErrorKind, Progress};
use crate::runtime::operation::Operation;
use crate::runtime::outgoing::{self, OnRequest};
use crate::runtime::rate_limit::{OutOfTime, Permit, RateGate, RetryBudget};
use crate::runtime::response::{ByteStream, ResponseValue};
use crate::runtime::retry::{Clock, Decision, Hint, Outcome, RetryPolicy};
use crate::runtime::serde_support::{JsonType, Report};
use crate::runtime::trace::{self, AttemptTrace, CallTrace};

/// The wait at the gate after which the token is requested again.
const TOKEN_AGE: Duration = Duration::from_secs(60);

/// What a client holds besides what the generator gives it. Generated code calls its methods.
#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) shared: Arc<Shared>,
    pub(crate) timeouts: Timeouts,
    pub(crate) precondition: Option<Arc<dyn Precondition>>,
}

/// A check before an attempt of a call. It is a call of its own, which passes the rate gate too.
pub(crate) trait Precondition: Send + Sync {
    /// Whether the check is to be made before the next attempt; `previous` is the error of the one
    /// before that.
    fn is_due(&self, previous: Option<&Error>) -> bool;

    /// Makes the check, within the time that the call has left. An error ends the call.
    fn check(
        &self,
        remaining: Duration,
    ) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + '_>>;
}

/// What all clones of a client have in common.
pub(crate) struct Shared {
    pub(crate) base: Url,
    pub(crate) transport: Transport,
    pub(crate) credentials: Credentials,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: RetryBudget,
    pub(crate) gate: RateGate,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) on_request: Option<OnRequest>,
}

/// What the attempts of a call so far leave for the next one.
#[derive(Default)]
struct History {
    /// The error of the last attempt.
    last: Option<Error>,
    /// How long the call has waited at the gate.
    queue_time: Duration,
}

/// The successful end of a call.
struct Success<T> {
    response: T,
    attempts: u32,
    /// As it was sent, to be removed from what is shown of the response.
    token: AccessToken,
}

/// The URL of `path` below `base`.
pub(crate) fn below(base: &Url, path: &str) -> Url {
    // Re-parsing the full URL costs about 3 % of a call, so only the path is replaced.
    let mut url = base.clone();
    let whole = format!("{}{path}", url.path().trim_end_matches('/'));
    url.set_path(&whole);
    url
}

impl Inner {
    /// The URL of a call of `operation`.
    pub(crate) fn url(
        &self,
        operation: &'static Operation,
        values: &[(&str, &str)],
    ) -> Result<Url, Error> {
        let path = operation
            .path_with(values)
            .map_err(|fault| Error::invalid_request(operation, fault))?;
        Ok(below(&self.shared.base, &path))
    }

    /// For operations whose result is the JSON in the response.
    pub(crate) async fn send_json<T: JsonType>(
        &self,
        operation: &'static Operation,
        request: Request,
    ) -> Result<ResponseValue<T>, Error> {
        self.call(operation, request, &Buffered, |success| {
            if success.response.is_empty() {
                let reason = "the response has no body, although one was requested";
                return Err(success.error(operation, ErrorKind::NoContent, reason));
            }
            success.json(operation)
        })
        .await
    }

    /// For writes, which succeed by their status, with a body or without.
    #[allow(dead_code, reason = "used by contracts with such an operation")]
    pub(crate) async fn send_json_optional<T: JsonType>(
        &self,
        operation: &'static Operation,
        request: Request,
    ) -> Result<ResponseValue<Option<T>>, Error> {
        self.call(operation, request, &Buffered, |success| {
            if success.response.has_no_value() || success.response.status.is_redirection() {
                return Ok(success.status_alone(operation, None));
            }
            Ok(success.json::<T>(operation)?.map(Some))
        })
        .await
    }

    /// For operations whose result depends on the status.
    #[allow(dead_code, reason = "used by contracts with such an operation")]
    pub(crate) async fn send_answers<T: Answers>(
        &self,
        operation: &'static Operation,
        request: Request,
    ) -> Result<ResponseValue<T>, Error> {
        self.call(operation, request, &Buffered, |success| {
            let status = success.response.status.as_u16();
            let read = |body: &[u8]| T::read(status, body);
            success.read(operation, read, T::check(status))
        })
        .await
    }

    /// For operations whose response is a status alone.
    #[allow(dead_code, reason = "used by contracts with such an operation")]
    pub(crate) async fn send_empty(
        &self,
        operation: &'static Operation,
        request: Request,
    ) -> Result<ResponseValue<()>, Error> {
        self.call(operation, request, &Buffered, |success| {
            Ok(success.status_alone(operation, ()))
        })
        .await
    }

    /// For operations whose response is not JSON; the caller reads it.
    #[allow(dead_code, reason = "used by contracts with such an operation")]
    pub(crate) async fn send_stream(
        &self,
        operation: &'static Operation,
        request: Request,
    ) -> Result<ResponseValue<ByteStream>, Error> {
        self.call(operation, request, &Streaming, |success| {
            let (mut response, deadline) = success.response;
            let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
            let stream = ByteStream {
                operation,
                response,
                deadline,
                attempts: success.attempts,
                service: service_message_from_headers(&headers, &success.token),
            };
            Ok(ResponseValue::new(stream, status, headers))
        })
        .await
    }

    /// For responses that the contract does not describe. One without a body is read as null.
    pub(crate) async fn send_any<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: Request,
    ) -> Result<ResponseValue<T>, Error> {
        self.call(operation, request, &Buffered, |success| {
            success.any(operation)
        })
        .await
    }

    /// `finish` makes the result of the call from a response with a successful status.
    async fn call<R: ReadBody, T>(
        &self,
        operation: &'static Operation,
        request: Request,
        body: &R,
        finish: impl FnOnce(Success<R::Output>) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let trace = CallTrace::new(operation);
        let mut history = History::default();
        let result = trace
            .within(self.attempts(operation, request, body, &mut history))
            .await
            .map_err(|error| error.with_queue_time(history.queue_time))
            .and_then(finish);
        trace.ended(result.as_ref().err());
        result
    }

    /// Waits until a request may be sent, and gets the token for it. Checks the precondition, and once
    /// more if the wait has made the first check old.
    async fn admit(
        &self,
        operation: &'static Operation,
        attempt: u32,
        progress: Progress,
        history: &mut History,
        mut renewed: Option<AccessToken>,
        remaining: impl Fn() -> Duration + Copy + Send,
    ) -> Result<(Permit<'_>, AccessToken), Error> {
        let Shared {
            gate,
            clock,
            credentials,
            ..
        } = &*self.shared;
        let mut is_checked = false;
        // At a low rate, every wait is long: the second pass is the last.
        let mut is_second_pass = false;
        loop {
            // After a check its age alone counts, not how the previous attempt ended.
            let is_due = |is_checked: bool| match &self.precondition {
                Some(precondition) => {
                    precondition.is_due(history.last.as_ref().filter(|_| !is_checked))
                }
                None => false,
            };
            if let Some(precondition) = &self.precondition
                && is_due(is_checked)
            {
                precondition.check(remaining()).await?;
                is_checked = true;
            }
            // Before the gate, so that a slow source does not hold back other calls.
            let token = match renewed.take() {
                Some(token) => token,
                None => match credentials.token_now() {
                    Some(token) => token,
                    None => Box::pin(self.token(operation, None, remaining()))
                        .await
                        .map_err(|error| error.with_attempts(attempt).with_progress(progress))?,
                },
            };
            // A call with a precondition continues one that was sent before.
            let is_first = attempt == 0 && self.precondition.is_none() && !is_second_pass;
            let asked = clock.instant();
            let (entered, waited) = if let Some(permit) = gate.enter_now(asked, is_first) {
                (Ok(permit), Duration::ZERO)
            } else {
                // Boxed, so that a call that need not wait does not carry the room for it.
                let entered = Box::pin(gate.enter(&**clock, is_first, remaining)).await;
                (entered, clock.instant().saturating_duration_since(asked))
            };
            history.queue_time = history.queue_time.saturating_add(waited);
            let permit = match entered {
                Ok(permit) => permit,
                Err(reason) => return Err(self.not_sent(operation, history.last.take(), reason)),
            };
            let is_token_old = waited > TOKEN_AGE && credentials.can_renew();
            if is_second_pass || !(is_token_old || is_due(is_checked)) {
                return Ok((permit, token));
            }
            permit.give_back();
            is_second_pass = true;
        }
    }

    async fn attempts<R: ReadBody>(
        &self,
        operation: &'static Operation,
        request: Request,
        body: &R,
        history: &mut History,
    ) -> Result<Success<R::Output>, Error> {
        let Shared {
            retry,
            budget,
            clock,
            ..
        } = &*self.shared;
        let started = clock.instant();
        let remaining = || {
            let elapsed = clock.instant().saturating_duration_since(started);
            self.timeouts.call.saturating_sub(elapsed)
        };
        let mut next = Some(request);
        let mut renewed: Option<AccessToken> = None;
        let mut renewals = 0;
        let mut attempt = 0;
        let mut progress = Progress::NotSent;
        loop {
            let Some(mut request) = next.take().filter(|_| !remaining().is_zero()) else {
                let last = history.last.take();
                return Err(last.unwrap_or_else(|| self.out_of_time(operation)));
            };
            // A streamed body is gone once sent; a request with one gets one attempt.
            next = copy(&request);
            let (permit, token) = self
                .admit(
                    operation,
                    attempt,
                    progress,
                    history,
                    renewed.take(),
                    remaining,
                )
                .await?;
            self.complete(&mut request, operation, attempt + 1, &token)
                .map_err(|error| error.with_attempts(attempt).with_progress(progress))?;
            attempt += 1;
            let trace = AttemptTrace::new(operation, &request, attempt);
            let attempt_request = AttemptRequest {
                operation,
                request,
                copy: next.as_ref(),
                token: &token,
                deadline: Deadline::after(self.timeouts.attempt.min(remaining())),
                timeouts: self.timeouts,
                now: clock.now(),
            };
            let sent = self.shared.transport.attempt(attempt_request, body, &trace);
            let (outcome, hint, error) = match trace.within(sent).await {
                Attempt::Success(response) => {
                    permit.accepted(clock.instant());
                    budget.succeeded();
                    trace.ended(None);
                    return Ok(Success {
                        response,
                        attempts: attempt,
                        token,
                    });
                }
                Attempt::Final(error) => {
                    let progress = progress.max(error.progress());
                    let error = error.with_attempts(attempt).with_progress(progress);
                    trace.ended(Some(&error));
                    return Err(error);
                }
                Attempt::Failure(outcome, hint, error) => (outcome, hint, error),
            };
            progress = progress.max(outcome.progress());
            let error = error.with_attempts(attempt).with_progress(progress);
            trace.ended(Some(&error));
            let idempotent = operation.is_idempotent();
            let decision = match next {
                Some(_) => retry.decide(attempt - renewals, idempotent, outcome, hint, remaining()),
                None => Decision::Stop,
            };
            let pause = retry.pause(attempt - renewals, outcome, hint);
            let now = clock.instant();
            report(permit, outcome, pause, hint, now);
            let is_unauthorized = outcome == Outcome::Status(StatusCode::UNAUTHORIZED);
            if is_unauthorized && renewals == 0 && next.is_some() {
                // The token may have expired between its request and its use.
                let (other, error) =
                    Box::pin(self.renew(operation, &token, remaining(), error)).await?;
                (renewed, history.last) = (Some(other), Some(error));
                renewals += 1;
                continue;
            }
            let Decision::Wait(wait) = decision else {
                return Err(error);
            };
            if !outcome.is_throttled() && !budget.take(now) {
                return Err(error.without_retry("too many calls of this client fail"));
            }
            CallTrace::waits(wait, &error);
            retry.waits(error.kind(), wait);
            clock.sleep(wait).await;
            history.last = Some(error);
        }
    }

    /// Another token than the one that the service has rejected with `error`.
    async fn renew(
        &self,
        operation: &'static Operation,
        rejected: &AccessToken,
        remaining: Duration,
        error: Error,
    ) -> Result<(AccessToken, Error), Error> {
        match self.token(operation, Some(rejected), remaining).await {
            Ok(other) if other != *rejected => Ok((other, error)),
            Ok(_) => Err(error),
            // The 401 is what happened; why there is no other token is its cause.
            Err(cause) => Err(error.with_source(cause)),
        }
    }

    /// Adds the headers of the hook and the token, just before a request is sent.
    fn complete(
        &self,
        request: &mut Request,
        operation: &'static Operation,
        attempt: u32,
        token: &AccessToken,
    ) -> Result<(), Error> {
        let on_request = self.shared.on_request.as_ref();
        outgoing::prepare(request, operation, attempt, on_request)?;
        authorize(request, operation, token)
    }

    async fn token(
        &self,
        operation: &'static Operation,
        rejected: Option<&AccessToken>,
        remaining: Duration,
    ) -> Result<AccessToken, Error> {
        let requested = self.shared.credentials.token(rejected);
        match tokio::time::timeout(remaining, requested).await {
            Ok(Ok(token)) => Ok(token),
            Ok(Err(source)) => {
                let reason = "the token source failed";
                let error = Error::new(ErrorKind::Credentials, reason);
                Err(error.with_operation(operation).with_shared_source(source))
            }
            Err(_) => {
                let call = self.timeouts.call.as_secs_f32();
                let reason = format!("the token source did not answer within the call's {call} s");
                Err(Error::new(ErrorKind::Credentials, reason).with_operation(operation))
            }
        }
    }

    /// For a call whose time ends while it waits to be sent; `last` is the error of the attempt before.
    fn not_sent(
        &self,
        operation: &'static Operation,
        last: Option<Error>,
        reason: OutOfTime,
    ) -> Error {
        if let Some(last) = last {
            return last.without_retry(match reason {
                OutOfTime::RateLimit => "the rest of its time is needed to wait for the rate limit",
                OutOfTime::OtherCalls => {
                    "the rest of its time was spent waiting for other calls of this client"
                }
            });
        }
        let Shared {
            gate, clock, retry, ..
        } = &*self.shared;
        let call = self.timeouts.call.as_secs_f32();
        let (kind, reason, wait) = match reason {
            OutOfTime::RateLimit => (
                ErrorKind::RateLimited,
                "were not enough to wait for the rate limit",
                // Without the random part, as in what the service asks for.
                gate.paused_for(clock.instant())
                    .map(|wait| wait.min(retry.longest_wait())),
            ),
            OutOfTime::OtherCalls => (
                ErrorKind::Timeout,
                "were spent waiting for other calls of this client",
                None,
            ),
        };
        let reason = format!("the call's {call} s {reason}; nothing was sent");
        Error::new(kind, reason)
            .with_operation(operation)
            .with_retry_after(wait)
    }

    /// For a call without any time.
    fn out_of_time(&self, operation: &'static Operation) -> Error {
        let call = self.timeouts.call.as_secs_f32();
        let reason = format!("the call's {call} s ended before anything was sent");
        Error::new(ErrorKind::Timeout, reason).with_operation(operation)
    }
}

/// Adds the access token to a request, if the operation takes one.
fn authorize(
    request: &mut Request,
    operation: &'static Operation,
    token: &AccessToken,
) -> Result<(), Error> {
    let header = token
        .header()
        .map_err(|reason| Error::new(ErrorKind::Credentials, reason).with_operation(operation))?;
    if operation.authenticated {
        request.headers_mut().insert(AUTHORIZATION, header);
    }
    Ok(())
}

/// Tells the gate what came of the request that `permit` admitted, and gives the permit back.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the permit ends with the report"
)]
fn report(
    permit: Permit<'_>,
    outcome: Outcome,
    pause: Option<Duration>,
    hint: Option<Hint>,
    now: Instant,
) {
    match (outcome, pause) {
        (Outcome::Status(StatusCode::TOO_MANY_REQUESTS), Some(pause)) => {
            if hint.is_some_and(Hint::is_zero) {
                permit.throttled_without_wait(now, pause);
            } else {
                permit.throttled(now, pause);
            }
        }
        (Outcome::Status(StatusCode::LOCKED), Some(pause)) => permit.paused(now, pause),
        (Outcome::Status(status), _) if status.is_server_error() => permit.failed(now),
        (Outcome::Status(_), _) => permit.accepted(now),
        _ => {}
    }
}

/// The request once more, unless its body can be sent only once.
fn copy(request: &Request) -> Option<Request> {
    if request.body().is_some() {
        return request.try_clone();
    }
    // `try_clone` makes three more allocations, for extensions that no request here has.
    let mut copy = Request::new(request.method().clone(), request.url().clone());
    copy.headers_mut().clone_from(request.headers());
    Some(copy)
}

impl Response {
    fn is_empty(&self) -> bool {
        body::without_mark(&self.body).trim_ascii().is_empty()
    }

    /// Whether the body holds nothing that a value could be read from.
    fn has_no_value(&self) -> bool {
        self.is_empty()
            || [&b"{}"[..], b"null"].contains(&body::without_mark(&self.body).trim_ascii())
    }
}

impl Success<Response> {
    /// The result of a response whose body says nothing.
    fn status_alone<T>(self, operation: &'static Operation, value: T) -> ResponseValue<T> {
        let Response {
            status, headers, ..
        } = self.response;
        let promise = Promise::of_status(operation, status);
        trace::deviations(operation, &promise);
        ResponseValue::new(value, status, headers).with_promise(promise)
    }

    fn json<T: JsonType>(self, operation: &'static Operation) -> Result<ResponseValue<T>, Error> {
        self.read(operation, body::read::<T>, answers::check::<T>)
    }

    /// Reads the body with `read`; `check` compares it with the contract when asked.
    fn read<T>(
        self,
        operation: &'static Operation,
        read: impl FnOnce(&[u8]) -> Result<T, String>,
        check: fn(&str, &mut Report),
    ) -> Result<ResponseValue<T>, Error> {
        let Response {
            status,
            headers,
            body,
        } = &self.response;
        let mut fault = match read(body) {
            Ok(value) => {
                let promise = Promise::of(operation, *status, body.clone(), check);
                trace::deviations(operation, &promise);
                let response = ResponseValue::new(value, *status, self.response.headers);
                return Ok(response.with_promise(promise));
            }
            Err(fault) => fault,
        };
        let media_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        if media_type.is_some_and(|media_type| media_type.starts_with(b"text/html")) {
            fault.push_str(", but an HTML page");
        }
        let reason = format!("the response differs from the contract: {fault}");
        Err(self.error(operation, ErrorKind::UnexpectedBody, &reason))
    }

    fn any<T: DeserializeOwned>(
        self,
        operation: &'static Operation,
    ) -> Result<ResponseValue<T>, Error> {
        let Response {
            status,
            headers,
            body,
        } = &self.response;
        let is_empty = self.response.is_empty();
        let text: &[u8] = if is_empty {
            b"null"
        } else {
            body::without_mark(body)
        };
        match serde_json::from_slice(text) {
            Ok(value) => Ok(ResponseValue::new(value, *status, headers.clone())),
            Err(_) if is_empty => {
                let reason = "the response has no body, although one was requested";
                Err(self.error(operation, ErrorKind::NoContent, reason))
            }
            // serde's message may quote the value.
            Err(error) => {
                let reason = format!(
                    "the response is not of the requested type, at line {}, column {}",
                    error.line(),
                    error.column()
                );
                Err(self.error(operation, ErrorKind::UnexpectedBody, &reason))
            }
        }
    }

    fn error(self, operation: &'static Operation, kind: ErrorKind, reason: &str) -> Error {
        let response = self.response;
        let service = service_message_from_headers(&response.headers, &self.token);
        let mut body = response.body;
        body.truncate(ERROR_BODY_LIMIT);
        Error::new(kind, reason)
            .with_operation(operation)
            .with_status(response.status)
            .with_service(service, &[])
            .with_attempts(self.attempts)
            .with_progress(Progress::MayHaveTakenEffect)
            .with_body(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Client;

    const GET: Operation = Operation {
        id: "getThing",
        method: "GET",
        path: "/things/{id}",
        safe: true,
        authenticated: true,
        accept: "application/json",
        content_type: "",
        encoded_parameters: &[],
        conflicting_paths: &[],
        statuses: &["200"],
    };

    #[test]
    fn a_url_is_the_base_followed_by_the_path() {
        for base in [
            "http://127.0.0.1:1",
            "http://127.0.0.1:1/",
            "http://127.0.0.1:1/v1",
            "http://[::1]:1/a%20proxy/v1//",
        ] {
            let client = Client::builder().base_url(base).token("t").build().unwrap();
            for id in ["Y2lzY29z-_", "a=", "...", "a@b.example", "~+@:,", ".json"] {
                let url = client.inner.url(&GET, &[("id", id)]).unwrap();
                let expected = format!("{}/things/{id}", base.trim_end_matches('/'));
                assert_eq!(url.as_str(), expected);
            }
        }
    }
}
