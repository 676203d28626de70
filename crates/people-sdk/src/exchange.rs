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

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use progenitor_client::{ByteStream, ResponseValue};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Request, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;

use crate::Client;
use crate::auth::AccessToken;
use crate::error::{Error, ErrorKind, ServiceMessage, body_fault};
use crate::operation::Operation;
use crate::retry::{Decision, Outcome, retry_after};
use crate::trace::Trace;

/// How much of an error's body is read and kept.
const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// The header with the identifier under which the service's support finds a call.
pub(crate) const TRACKING_ID: &str = "trackingid";

/// A success whose body has been read.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What an attempt came to.
enum Attempt<T> {
    Success(T),
    /// To be judged by its outcome, and returned when no further attempt is made.
    Failure {
        outcome: Outcome,
        error: Error,
    },
    /// Not to be tried again, whatever the policy.
    Final(Error),
}

/// Whether the token source may be asked for another token after a 401.
#[derive(PartialEq)]
enum Renewal {
    Possible,
    Tried,
}

/// How the body of a success is taken.
trait Reading: Sync {
    type Taken: Send;

    fn take(
        &self,
        response: Response,
        limit: usize,
    ) -> impl Future<Output = Result<Self::Taken, BodyFault>> + Send;
}

/// Why a body could not be read.
enum BodyFault {
    TooLarge,
    Transport(reqwest::Error),
}

struct Whole;

impl Reading for Whole {
    type Taken = Answer;

    async fn take(&self, mut response: Response, limit: usize) -> Result<Answer, BodyFault> {
        let (body, complete) = read(&mut response, limit)
            .await
            .map_err(|(_, error)| BodyFault::Transport(error))?;
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
    type Taken = Response;

    async fn take(&self, response: Response, _limit: usize) -> Result<Response, BodyFault> {
        Ok(response)
    }
}

/// Reads up to `limit` bytes, and says whether that was all. A fault comes with what was read.
async fn read(
    response: &mut Response,
    limit: usize,
) -> Result<(Bytes, bool), (Bytes, reqwest::Error)> {
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(None) => return Ok((body.freeze(), true)),
            Ok(Some(chunk)) if body.len() + chunk.len() > limit => {
                body.extend_from_slice(&chunk[..limit - body.len()]);
                return Ok((body.freeze(), false));
            }
            // The usual answer is one chunk, which need not be copied.
            Ok(Some(chunk)) if body.is_empty() => body = chunk.into(),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Err(error) => return Err((body.freeze(), error)),
        }
    }
}

impl Client {
    /// For operations whose point is the JSON they answer with.
    pub(crate) async fn exchange_json<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<ResponseValue<T>, Error> {
        let answer = self.call(operation, request, &Whole).await?;
        if answer.body.is_empty() {
            let reason = "the service answered without a body, and a body was asked for";
            return Err(answer.error(operation, ErrorKind::NoContent, reason));
        }
        let (value, status, headers) = answer.json(operation)?;
        Ok(ResponseValue::new(value, status, headers))
    }

    /// For writes, which have succeeded when the status says so, with a body or without.
    #[allow(dead_code, reason = "which of these are used depends on the contract")]
    pub(crate) async fn exchange_json_or_nothing<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<ResponseValue<Option<T>>, Error> {
        let answer = self.call(operation, request, &Whole).await?;
        if answer.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(ResponseValue::new(None, answer.status, answer.headers));
        }
        let (value, status, headers) = answer.json(operation)?;
        Ok(ResponseValue::new(Some(value), status, headers))
    }

    /// For operations that answer with a status alone.
    #[allow(dead_code, reason = "which of these are used depends on the contract")]
    pub(crate) async fn exchange_nothing(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<ResponseValue<()>, Error> {
        let answer = self.call(operation, request, &Whole).await?;
        Ok(ResponseValue::new((), answer.status, answer.headers))
    }

    /// For operations that answer with something other than JSON, which is not read here.
    #[allow(dead_code, reason = "which of these are used depends on the contract")]
    pub(crate) async fn exchange_stream(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<ResponseValue<ByteStream>, Error> {
        let response = self.call(operation, request, &Untouched).await?;
        Ok(ResponseValue::stream(response))
    }

    async fn call<R: Reading>(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
        reading: &R,
    ) -> Result<R::Taken, Error> {
        let request = request.build().map_err(|error| {
            Error::invalid_request(operation, "the request cannot be put together")
                .with_source(error.without_url())
        })?;
        let trace = Trace::new(operation);
        let outcome = trace
            .within(self.attempts(operation, request, reading, &trace))
            .await;
        trace.ended(outcome.as_ref().err());
        outcome
    }

    async fn attempts<R: Reading>(
        &self,
        operation: &'static Operation,
        request: Request,
        reading: &R,
        trace: &Trace,
    ) -> Result<R::Taken, Error> {
        let clock = &self.inner.shared.clock;
        let started = clock.instant();
        let remaining = || {
            let elapsed = clock.instant().saturating_duration_since(started);
            self.inner.timeouts.call.saturating_sub(elapsed)
        };
        let mut next = Some(request);
        let mut renewed: Option<AccessToken> = None;
        let mut renewal = Renewal::Possible;
        let mut attempt = 0;
        loop {
            let left = remaining();
            let Some(request) = next.take().filter(|_| !left.is_zero()) else {
                return Err(self.out_of_time(operation, attempt));
            };
            // A streamed body is gone once sent; a request with one gets one attempt.
            next = request.try_clone();
            let token = match renewed.take() {
                Some(token) => token,
                None => self
                    .token(operation, None, left)
                    .await
                    .map_err(|error| error.with_attempts(attempt))?,
            };
            attempt += 1;
            trace.attempt(attempt);
            let (outcome, error) = match self
                .attempt(operation, request, &token, left, reading, trace)
                .await
            {
                Attempt::Success(taken) => return Ok(taken),
                Attempt::Final(error) => return Err(error.with_attempts(attempt)),
                Attempt::Failure { outcome, error } => (outcome, error.with_attempts(attempt)),
            };
            if next.is_none() {
                return Err(error);
            }
            if outcome == Outcome::Status(StatusCode::UNAUTHORIZED) && renewal == Renewal::Possible
            {
                // The token may have ended between the question and the answer.
                renewal = Renewal::Tried;
                match self.token(operation, Some(&token), remaining()).await {
                    Ok(other) if other.expose() != token.expose() => {
                        renewed = Some(other);
                        continue;
                    }
                    _ => return Err(error),
                }
            }
            let policy = &self.inner.shared.retry;
            let idempotent = operation.is_idempotent();
            let hint = error.retry_after();
            match policy.decide(attempt, idempotent, outcome, hint, remaining()) {
                Decision::Stop => return Err(error),
                Decision::Wait(wait) => {
                    trace.waits(wait, &error);
                    clock.sleep(wait).await;
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
        operation: &'static Operation,
        mut request: Request,
        token: &AccessToken,
        remaining: Duration,
        reading: &R,
        trace: &Trace,
    ) -> Attempt<R::Taken> {
        let header = match token.header() {
            Ok(header) => header,
            Err(reason) => {
                return Attempt::Final(Error::new(ErrorKind::Credentials, reason).of(operation));
            }
        };
        request.headers_mut().insert(AUTHORIZATION, header);
        let limit = self.inner.timeouts.attempt.min(remaining);
        *request.timeout_mut() = Some(limit);
        let mut response = match self.client.execute(request).await {
            Ok(response) => response,
            Err(error) => return self.transport_failure(operation, error, None),
        };
        let status = response.status();
        let tracking_id = tracking_id(response.headers());
        trace.answered(status, tracking_id.as_deref());
        if status.is_success() {
            return match reading
                .take(response, self.inner.shared.response_limit)
                .await
            {
                Ok(taken) => Attempt::Success(taken),
                Err(BodyFault::Transport(error)) => {
                    self.transport_failure(operation, error, Some(status))
                }
                Err(BodyFault::TooLarge) => {
                    let reason = format!(
                        "the answer is larger than the client's limit of {} bytes",
                        self.inner.shared.response_limit
                    );
                    let error = Error::new(ErrorKind::TooLarge, reason).of(operation);
                    Attempt::Final(error.with_status(status))
                }
            };
        }
        let hint = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| retry_after(value, self.inner.shared.clock.now()));
        // The status has said it; a body that cannot be read to its end changes nothing.
        let body = match read(&mut response, ERROR_BODY_LIMIT).await {
            Ok((body, _)) | Err((body, _)) => body,
        };
        let mut service = ServiceMessage::read(&body, tracking_id.as_deref());
        service.forget(token.expose());
        let error = Error::refused(operation, status)
            .with_service(service)
            .with_retry_after(hint)
            .with_body(body);
        Attempt::Failure {
            outcome: Outcome::Status(status),
            error,
        }
    }

    fn transport_failure<T>(
        &self,
        operation: &'static Operation,
        error: reqwest::Error,
        status: Option<StatusCode>,
    ) -> Attempt<T> {
        let error = error.without_url();
        if error.is_builder() {
            let reason = "the request cannot be sent";
            return Attempt::Final(Error::invalid_request(operation, reason).with_source(error));
        }
        let (outcome, kind, reason) = if error.is_connect() {
            let reason = "no connection to the service could be opened";
            (Outcome::Connect, ErrorKind::Connect, reason.to_owned())
        } else if error.is_timeout() {
            let reason = format!(
                "no answer within {} s",
                self.inner.timeouts.attempt.as_secs_f32()
            );
            (Outcome::Timeout, ErrorKind::Timeout, reason)
        } else {
            let reason = "the connection was lost before the answer was complete";
            (Outcome::Lost, ErrorKind::ConnectionLost, reason.to_owned())
        };
        let mut failure = Error::new(kind, reason).of(operation).with_source(error);
        if let Some(status) = status {
            failure = failure.with_status(status);
        }
        Attempt::Failure {
            outcome,
            error: failure,
        }
    }

    fn out_of_time(&self, operation: &'static Operation, attempts: u32) -> Error {
        let reason = format!(
            "the call took longer than its {} s",
            self.inner.timeouts.call.as_secs_f32()
        );
        Error::new(ErrorKind::Timeout, reason)
            .of(operation)
            .with_attempts(attempts)
    }
}

impl Answer {
    fn json<T: DeserializeOwned>(
        self,
        operation: &'static Operation,
    ) -> Result<(T, StatusCode, HeaderMap), Error> {
        match serde_json::from_slice(&self.body) {
            Ok(value) => Ok((value, self.status, self.headers)),
            Err(_) => {
                let mut fault = body_fault::<T>(&self.body);
                let media_type = self.headers.get(CONTENT_TYPE).map(|value| value.as_bytes());
                if let Some(media_type) = media_type
                    && media_type.starts_with(b"text/html")
                {
                    fault.push_str(", but a page of HTML");
                }
                let reason = format!("the answer is not what the contract promises: {fault}");
                Err(self.error(operation, ErrorKind::UnexpectedBody, &reason))
            }
        }
    }

    fn error(self, operation: &'static Operation, kind: ErrorKind, reason: &str) -> Error {
        let service = ServiceMessage {
            tracking_id: tracking_id(&self.headers),
            ..ServiceMessage::default()
        };
        let mut body = self.body;
        body.truncate(ERROR_BODY_LIMIT);
        Error::new(kind, reason)
            .of(operation)
            .with_status(self.status)
            .with_service(service)
            .with_body(body)
    }
}

fn tracking_id(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(TRACKING_ID)?.to_str().ok()?;
    Some(value.to_owned())
}
