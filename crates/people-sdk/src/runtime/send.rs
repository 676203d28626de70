//! One call, from request to answer: credentials, attempts, limits, and what counts as success.
//! Generic over operations. When to try again is decided by `retry`.
//!
//! The order of things, per call and per attempt:
//!
//! 1. per call: the request is built, once
//! 2. per attempt: a token is asked for, the request is sent, the answer is read within its limit
//! 3. per call: after a 401, one more attempt with another token
//! 4. per attempt: what failed is judged, and the wait, if any, is slept
//! 5. per call: the body of a success is read into its type

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Body, Request, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;

use crate::Client;
use crate::runtime::auth::AccessToken;
use crate::runtime::client::Shared;
use crate::runtime::deadline::Deadline;
use crate::runtime::error::{Error, ErrorKind, Reach, ServiceMessage, Source, body_fault};
use crate::runtime::operation::Operation;
use crate::runtime::response::{Broken, ByteStream, ResponseValue, next_chunk, tracking_id};
use crate::runtime::retry::{Decision, Outcome, retry_after};
use crate::runtime::trace::{AttemptTrace, CallTrace};

/// How much of an error's body is read and kept.
const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// A success whose body has been read.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What a call came to that the service answered with a success.
struct Success<T> {
    answer: T,
    attempts: u32,
    /// As it was sent, to be taken out of what is shown of the answer.
    token: AccessToken,
}

/// What an attempt is made of.
struct Sending<'a> {
    operation: &'static Operation,
    request: Request,
    /// The same request, unless its body can be sent but once.
    copy: Option<&'a Request>,
    token: &'a AccessToken,
    deadline: Deadline,
}

/// What an attempt came to.
enum Attempt<T> {
    Success(T),
    /// To be judged by its outcome, and returned when no further attempt is made.
    Failure(Outcome, Error),
    /// Not to be tried again, whatever the policy.
    Final(Error),
}

/// How the body of a success is taken.
trait Reading: Sync {
    type Taken: Send;

    fn take(
        &self,
        response: Response,
        limit: usize,
        deadline: Deadline,
    ) -> impl Future<Output = Result<Self::Taken, BodyFault>> + Send;
}

/// Why a body could not be read.
enum BodyFault {
    TooLarge,
    Broken(Broken),
}

struct Whole;

impl Reading for Whole {
    type Taken = Answer;

    async fn take(
        &self,
        mut response: Response,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Answer, BodyFault> {
        let promised = response.content_length().unwrap_or_default();
        if usize::try_from(promised).map_or(true, |promised| promised > limit) {
            return Err(BodyFault::TooLarge);
        }
        let (body, complete) = read(&mut response, limit, deadline)
            .await
            .map_err(|(_, broken)| BodyFault::Broken(broken))?;
        if !complete {
            return Err(BodyFault::TooLarge);
        }
        Ok(Answer {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body,
        })
    }
}

#[allow(dead_code, reason = "whether this is used depends on the contract")]
struct Untouched;

impl Reading for Untouched {
    type Taken = (Response, Deadline);

    async fn take(
        &self,
        response: Response,
        _limit: usize,
        deadline: Deadline,
    ) -> Result<Self::Taken, BodyFault> {
        Ok((response, deadline))
    }
}

/// Reads up to `limit` bytes, and says whether that was all. A fault comes with what was read.
async fn read(
    response: &mut Response,
    limit: usize,
    deadline: Deadline,
) -> Result<(Bytes, bool), (Bytes, Broken)> {
    // The usual answer is one chunk, which is kept as it came.
    let mut first = Bytes::new();
    let mut joined = BytesMut::new();
    let whole = |first: Bytes, joined: BytesMut| {
        if joined.is_empty() {
            first
        } else {
            joined.freeze()
        }
    };
    loop {
        let length = first.len().max(joined.len());
        let mut chunk = match next_chunk(response, deadline).await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return Ok((whole(first, joined), true)),
            Err(broken) => return Err((whole(first, joined), broken)),
        };
        let complete = chunk.len() <= limit - length;
        chunk.truncate(limit - length);
        if length == 0 {
            first = chunk;
        } else {
            if joined.is_empty() {
                joined.extend_from_slice(&first);
            }
            joined.extend_from_slice(&chunk);
        }
        if !complete {
            return Ok((whole(first, joined), false));
        }
    }
}

/// The request once more, unless its body can be sent but once.
fn copy(request: &Request) -> Option<Request> {
    if request.body().is_some() {
        return request.try_clone();
    }
    // What `try_clone` does besides is three allocations for extensions, of which there are none.
    let mut copy = Request::new(request.method().clone(), request.url().clone());
    copy.headers_mut().clone_from(request.headers());
    Some(copy)
}

impl Client {
    /// For operations whose point is the JSON they answer with.
    pub(crate) async fn exchange_json<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<ResponseValue<T>, Error> {
        self.call(operation, request, &Whole, |success| {
            if success.answer.is_empty() {
                let reason = "the service answered without a body, and a body was asked for";
                return Err(success.error(operation, ErrorKind::NoContent, reason));
            }
            let (value, status, headers) = success.json(operation)?;
            Ok(ResponseValue::new(value, status, headers))
        })
        .await
    }

    /// For writes, which have succeeded when the status says so, with a body or without.
    #[allow(dead_code, reason = "which of these are used depends on the contract")]
    pub(crate) async fn exchange_json_or_nothing<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<ResponseValue<Option<T>>, Error> {
        self.call(operation, request, &Whole, |success| {
            if success.answer.is_nothing() {
                let Answer {
                    status, headers, ..
                } = success.answer;
                return Ok(ResponseValue::new(None, status, headers));
            }
            let (value, status, headers) = success.json(operation)?;
            Ok(ResponseValue::new(Some(value), status, headers))
        })
        .await
    }

    /// For operations that answer with a status alone.
    #[allow(dead_code, reason = "which of these are used depends on the contract")]
    pub(crate) async fn exchange_nothing(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<ResponseValue<()>, Error> {
        self.call(operation, request, &Whole, |success| {
            let Answer {
                status, headers, ..
            } = success.answer;
            Ok(ResponseValue::new((), status, headers))
        })
        .await
    }

    /// For operations that answer with something other than JSON, which is not read here.
    #[allow(dead_code, reason = "which of these are used depends on the contract")]
    pub(crate) async fn exchange_stream(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<ResponseValue<ByteStream>, Error> {
        self.call(operation, request, &Untouched, |success| {
            let (mut response, deadline) = success.answer;
            let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
            let stream = ByteStream {
                operation,
                response,
                deadline,
                attempts: success.attempts,
                service: said_in(&headers, &success.token),
            };
            Ok(ResponseValue::new(stream, status, headers))
        })
        .await
    }

    /// `finish` makes the call's value of an answer that the service calls a success.
    async fn call<R: Reading, T>(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
        reading: &R,
        finish: impl FnOnce(Success<R::Taken>) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let request = request.build().map_err(|error| {
            Error::invalid_request(operation, "the request cannot be put together")
                .with_source(error.without_url())
        })?;
        let trace = CallTrace::new(operation);
        let outcome = trace
            .within(self.attempts(operation, request, reading))
            .await
            .and_then(finish);
        trace.ended(outcome.as_ref().err());
        outcome
    }

    async fn attempts<R: Reading>(
        &self,
        operation: &'static Operation,
        request: Request,
        reading: &R,
    ) -> Result<Success<R::Taken>, Error> {
        let Shared { retry, clock, .. } = &*self.inner.shared;
        let started = clock.instant();
        let remaining = || {
            let elapsed = clock.instant().saturating_duration_since(started);
            self.inner.timeouts.call.saturating_sub(elapsed)
        };
        let mut next = Some(request);
        let mut last: Option<Error> = None;
        let mut renewed: Option<AccessToken> = None;
        let mut renewals = 0;
        let mut attempt = 0;
        let mut reach = Reach::Unsent;
        loop {
            let left = remaining();
            let Some(mut request) = next.take().filter(|_| !left.is_zero()) else {
                return Err(last.unwrap_or_else(|| self.out_of_time(operation)));
            };
            // A streamed body is gone once sent; a request with one gets one attempt.
            next = copy(&request);
            let token = match renewed.take() {
                Some(token) => token,
                None => self
                    .token(operation, None, left)
                    .await
                    .map_err(|error| error.with_attempts(attempt).with_reach(reach))?,
            };
            let header = token.header().map_err(|reason| {
                Error::new(ErrorKind::Credentials, reason)
                    .of(operation)
                    .with_attempts(attempt)
                    .with_reach(reach)
            })?;
            request.headers_mut().insert(AUTHORIZATION, header);
            let deadline = Deadline::after(self.inner.timeouts.attempt.min(remaining()));
            attempt += 1;
            let trace = AttemptTrace::new(operation, &request, attempt);
            let sending = Sending {
                operation,
                request,
                copy: next.as_ref(),
                token: &token,
                deadline,
            };
            let came_to = trace.within(self.attempt(sending, reading, &trace)).await;
            let (outcome, error) = match came_to {
                Attempt::Success(answer) => {
                    trace.ended(None);
                    let attempts = attempt;
                    return Ok(Success {
                        answer,
                        attempts,
                        token,
                    });
                }
                Attempt::Final(error) => {
                    let reach = reach.max(error.reach());
                    let error = error.with_attempts(attempt).with_reach(reach);
                    trace.ended(Some(&error));
                    return Err(error);
                }
                Attempt::Failure(outcome, error) => (outcome, error),
            };
            reach = reach.max(outcome.reach());
            let error = error.with_attempts(attempt).with_reach(reach);
            trace.ended(Some(&error));
            if next.is_none() {
                return Err(error);
            }
            if outcome == Outcome::Status(StatusCode::UNAUTHORIZED) && renewals == 0 {
                // The token may have ended between the question and the answer.
                match self.token(operation, Some(&token), remaining()).await {
                    Ok(other) if other.expose() != token.expose() => {
                        renewals += 1;
                        renewed = Some(other);
                        last = Some(error);
                        continue;
                    }
                    Ok(_) => return Err(error),
                    // The 401 is what happened; why there is no other token is its cause.
                    Err(unrenewed) => return Err(error.with_source(unrenewed)),
                }
            }
            let idempotent = operation.is_idempotent();
            let hint = error.retry_after();
            match retry.decide(attempt - renewals, idempotent, outcome, hint, remaining()) {
                Decision::Stop => return Err(error),
                Decision::Wait(wait) => {
                    CallTrace::waits(wait, &error);
                    retry.waits(error.kind(), wait);
                    clock.sleep(wait).await;
                    last = Some(error);
                }
            }
        }
    }

    async fn token(
        &self,
        operation: &'static Operation,
        rejected: Option<&AccessToken>,
        remaining: Duration,
    ) -> Result<AccessToken, Error> {
        let question = self.inner.shared.credentials.token(rejected);
        match tokio::time::timeout(remaining, question).await {
            Ok(Ok(token)) => Ok(token),
            Ok(Err(source)) => {
                let reason = "the token source gave no access token";
                let error = Error::new(ErrorKind::Credentials, reason);
                Err(error.of(operation).with_source(source))
            }
            Err(_) => {
                let reason = "the token source gave no access token in the time of the call";
                Err(Error::new(ErrorKind::Credentials, reason).of(operation))
            }
        }
    }

    async fn attempt<R: Reading>(
        &self,
        sending: Sending<'_>,
        reading: &R,
        trace: &AttemptTrace,
    ) -> Attempt<R::Taken> {
        let Sending {
            operation,
            request,
            copy,
            token,
            deadline,
        } = sending;
        let url = match copy {
            Some(copy) => Cow::Borrowed(copy.url()),
            None => Cow::Owned(request.url().clone()),
        };
        let executed = deadline.within(self.client.execute(request)).await;
        let answered = executed
            .map_err(Broken::Late)
            .and_then(|answer| answer.map_err(Broken::Transport));
        let mut response = match answered {
            Ok(response) => response,
            Err(broken) => return self.transport_failure(operation, broken, deadline, None),
        };
        let status = response.status();
        let service = said_in(response.headers(), token);
        trace.answered(status, service.tracking_id.as_deref());
        if *response.url() != *url {
            let reason = "the transport has followed a redirect, and a write may have become a \
                          read; give one that follows none";
            let error = Error::new(ErrorKind::Redirected, reason).of(operation);
            return Attempt::Final(error.with_reach(Reach::Effect));
        }
        if status.is_success() {
            let limit = self.inner.shared.max_response_bytes;
            return match reading.take(response, limit, deadline).await {
                Ok(answer) => Attempt::Success(answer),
                Err(BodyFault::Broken(broken)) => {
                    self.transport_failure(operation, broken, deadline, Some((status, service)))
                }
                Err(BodyFault::TooLarge) => {
                    let reason =
                        format!("the answer is larger than the client's limit of {limit} bytes");
                    let error = Error::new(ErrorKind::TooLarge, reason)
                        .of(operation)
                        .with_status(status)
                        .with_service(service, &[])
                        .with_reach(Reach::Effect);
                    Attempt::Final(error)
                }
            };
        }
        let hint = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| retry_after(value, self.inner.shared.clock.now()));
        // The status has said it; a body that cannot be read to its end changes nothing.
        let body = match read(&mut response, ERROR_BODY_LIMIT, deadline).await {
            Ok((body, _)) | Err((body, _)) => body,
        };
        let mut service = ServiceMessage::read(&body, service.tracking_id.as_deref());
        service.forget(token.expose());
        let sent = copy.map(|request| values(operation, request));
        let error = Error::refused(operation, status)
            .with_service(service, &sent.unwrap_or_default())
            .with_retry_after(hint)
            .with_body(body);
        Attempt::Failure(Outcome::Status(status), error)
    }

    /// `answer` is what the service had said before its answer broke off.
    fn transport_failure<T>(
        &self,
        operation: &'static Operation,
        broken: Broken,
        deadline: Deadline,
        answer: Option<(StatusCode, ServiceMessage)>,
    ) -> Attempt<T> {
        let late = |within: &dyn fmt::Display| match answer {
            Some(_) => format!("the answer was not complete within {within}"),
            None => format!("there was no answer within {within}"),
        };
        let timeouts = &self.inner.timeouts;
        let time = deadline.time();
        let (outcome, kind, reason, source): (_, _, _, Source) = match broken {
            Broken::Late(elapsed) => {
                let reason = if time < timeouts.attempt {
                    late(&format_args!(
                        "the {} s of the call",
                        timeouts.call.as_secs_f32()
                    ))
                } else {
                    late(&format_args!("{} s", time.as_secs_f32()))
                };
                (Outcome::Timeout, ErrorKind::Timeout, reason, elapsed.into())
            }
            Broken::Transport(error) => {
                let error = error.without_url();
                if error.is_builder() {
                    let reason = "the request cannot be sent";
                    let error = Error::invalid_request(operation, reason).with_source(error);
                    return Attempt::Final(error);
                }
                let (outcome, kind, reason) = if error.is_connect() {
                    let mut cause: &dyn std::error::Error = &error;
                    while let Some(source) = cause.source() {
                        cause = source;
                    }
                    let reason = format!("no connection to the service could be opened: {cause}");
                    (Outcome::Connect, ErrorKind::Connect, reason)
                } else if error.is_timeout() {
                    let reason = late(&"the time that the transport gives it");
                    (Outcome::Timeout, ErrorKind::Timeout, reason)
                } else {
                    let reason = "the connection was lost before the answer was complete";
                    (Outcome::Lost, ErrorKind::ConnectionLost, reason.to_owned())
                };
                (outcome, kind, reason, error.into())
            }
        };
        let mut failure = Error::new(kind, reason).of(operation).with_source(source);
        if let Some((status, service)) = answer {
            failure = failure.with_status(status).with_service(service, &[]);
        }
        Attempt::Failure(outcome, failure)
    }

    /// For a call whose time ended before there was an attempt.
    fn out_of_time(&self, operation: &'static Operation) -> Error {
        let call = self.inner.timeouts.call.as_secs_f32();
        let reason = format!("the {call} s of the call ended before anything was sent");
        Error::new(ErrorKind::Timeout, reason).of(operation)
    }
}

/// The values of a request: those in its path, and the texts in its body.
fn values(operation: &Operation, request: &Request) -> Vec<String> {
    let path = request.url().path_segments().into_iter().flatten().rev();
    let mut values: Vec<String> = path
        .zip(operation.path().rsplit('/'))
        .filter(|(_, template)| template.contains('{'))
        .map(|(value, _)| value.to_owned())
        .collect();
    let body = request.body().and_then(Body::as_bytes);
    if let Some(Ok(body)) = body.map(serde_json::from_slice) {
        texts(body, &mut values);
    }
    values
}

/// Every text in a JSON value, apart from names.
fn texts(value: serde_json::Value, found: &mut Vec<String>) {
    use serde_json::Value;
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.into_iter().for_each(|item| texts(item, found)),
        Value::Object(properties) => properties
            .into_values()
            .for_each(|property| texts(property, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Answer {
    fn is_empty(&self) -> bool {
        self.body.iter().all(u8::is_ascii_whitespace)
    }

    /// Whether there is nothing in the body that a value could be made of.
    fn is_nothing(&self) -> bool {
        self.is_empty() || [&b"{}"[..], b"null"].contains(&self.body.trim_ascii())
    }
}

impl Success<Answer> {
    fn json<T: DeserializeOwned>(
        self,
        operation: &'static Operation,
    ) -> Result<(T, StatusCode, HeaderMap), Error> {
        let Answer {
            status,
            headers,
            body,
        } = &self.answer;
        if let Ok(value) = serde_json::from_slice(body) {
            return Ok((value, *status, self.answer.headers));
        }
        let mut fault = body_fault::<T>(body);
        let media_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        if media_type.is_some_and(|media_type| media_type.starts_with(b"text/html")) {
            fault.push_str(", but a page of HTML");
        }
        let reason = format!("the answer is not what the contract promises: {fault}");
        Err(self.error(operation, ErrorKind::UnexpectedBody, &reason))
    }

    fn error(self, operation: &'static Operation, kind: ErrorKind, reason: &str) -> Error {
        let answer = self.answer;
        let service = said_in(&answer.headers, &self.token);
        let mut body = answer.body;
        body.truncate(ERROR_BODY_LIMIT);
        Error::new(kind, reason)
            .of(operation)
            .with_status(answer.status)
            .with_service(service, &[])
            .with_attempts(self.attempts)
            .with_reach(Reach::Effect)
            .with_body(body)
    }
}

/// What of an answer's headers goes into an error.
fn said_in(headers: &HeaderMap, token: &AccessToken) -> ServiceMessage {
    let mut service = ServiceMessage {
        tracking_id: tracking_id(headers),
        ..ServiceMessage::default()
    };
    service.forget(token.expose());
    service
}
