//! One attempt of a call: sends the request, reads the response within its limits, and says how it
//! ended. Whether another attempt follows is `send`'s.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use http_body::{Frame, SizeHint};
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Body, Request, StatusCode, Url};

use crate::runtime::auth::AccessToken;
use crate::runtime::deadline::{Deadline, Timeouts};
use crate::runtime::error::{Error, ErrorKind, Progress, Source};
use crate::runtime::operation::Operation;
use crate::runtime::proxy::ProxyVariable;
use crate::runtime::response::{TransportFailure, next_chunk, tracking_id};
use crate::runtime::retry::{Hint, Outcome};
use crate::runtime::service_message::ServiceMessage;
use crate::runtime::trace::AttemptTrace;

/// The media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// How much of the body of an error is read and kept.
pub(crate) const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// The connections, and the bound on what is read from them.
pub(crate) struct Transport {
    pub(crate) http_client: reqwest::Client,
    /// The proxy of the environment, unless the caller has configured the HTTP client.
    pub(crate) proxy: Option<ProxyVariable>,
    pub(crate) max_response_bytes: usize,
}

/// What one attempt sends.
pub(crate) struct AttemptRequest<'a> {
    pub(crate) operation: &'static Operation,
    pub(crate) request: Request,
    /// The same request, unless its body can be sent only once.
    pub(crate) copy: Option<&'a Request>,
    pub(crate) token: &'a AccessToken,
    pub(crate) deadline: Deadline,
    pub(crate) timeouts: Timeouts,
    /// The date and time, which a `Retry-After` date is compared with.
    pub(crate) now: SystemTime,
}

/// How an attempt ended.
pub(crate) enum Attempt<T> {
    Success(T),
    /// Judged by its outcome; the error is returned when no further attempt follows. The hint is the
    /// wait that the service asks for.
    Failure(Outcome, Option<Hint>, Error),
    /// Never repeated, whatever the policy.
    Final(Error),
}

/// A success whose body has been read.
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// How the body of a success is read.
pub(crate) trait ReadBody: Sync {
    type Output: Send;

    fn read(
        &self,
        response: reqwest::Response,
        limit: usize,
        deadline: Deadline,
    ) -> impl Future<Output = Result<Self::Output, BodyFault>> + Send;
}

/// Why a body could not be read.
pub(crate) enum BodyFault {
    TooLarge,
    Transport(TransportFailure),
}

/// Reads the whole body.
pub(crate) struct Buffered;

impl ReadBody for Buffered {
    type Output = Response;

    async fn read(
        &self,
        mut response: reqwest::Response,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Response, BodyFault> {
        let announced = response.content_length().unwrap_or_default();
        if usize::try_from(announced).map_or(true, |announced| announced > limit) {
            return Err(BodyFault::TooLarge);
        }
        let (body, complete) = read(&mut response, limit, deadline)
            .await
            .map_err(|(_, failure)| BodyFault::Transport(failure))?;
        if !complete {
            return Err(BodyFault::TooLarge);
        }
        Ok(Response {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body,
        })
    }
}

/// Leaves the body to the caller.
#[allow(
    dead_code,
    reason = "used by contracts with a response that is not JSON"
)]
pub(crate) struct Streaming;

impl ReadBody for Streaming {
    type Output = (reqwest::Response, Deadline);

    async fn read(
        &self,
        response: reqwest::Response,
        _limit: usize,
        deadline: Deadline,
    ) -> Result<Self::Output, BodyFault> {
        Ok((response, deadline))
    }
}

/// Reads up to `limit` bytes, and whether that was all. A failure comes with what was read before.
async fn read(
    response: &mut reqwest::Response,
    limit: usize,
    deadline: Deadline,
) -> Result<(Bytes, bool), (Bytes, TransportFailure)> {
    // Most bodies are one chunk, which is kept without a copy.
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
            Err(failure) => return Err((whole(first, joined), failure)),
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

/// A request body that records whether sending has begun. Before that, the service has not seen the
/// request: the head is sent no earlier than the body is polled.
struct TrackedBody {
    bytes: Option<Bytes>,
    begun: Arc<AtomicBool>,
}

impl http_body::Body for TrackedBody {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.begun.store(true, Ordering::Relaxed);
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let length = self.bytes.as_ref().map_or(0, Bytes::len);
        SizeHint::with_exact(u64::try_from(length).unwrap_or(u64::MAX))
    }
}

/// Puts a [`TrackedBody`] in place of the body. `None` when there is no body that can be tracked.
fn track(request: &mut Request) -> Option<Arc<AtomicBool>> {
    let bytes = request.body().and_then(Body::as_bytes)?;
    if bytes.is_empty() {
        return None;
    }
    let begun = Arc::new(AtomicBool::new(false));
    let body = TrackedBody {
        bytes: Some(Bytes::copy_from_slice(bytes)),
        begun: Arc::clone(&begun),
    };
    *request.body_mut() = Some(Body::wrap(body));
    Some(begun)
}

/// What is known of an attempt when its transport fails.
struct Failed<'a> {
    operation: &'static Operation,
    url: &'a Url,
    proxy: Option<&'a ProxyVariable>,
    deadline: Deadline,
    timeouts: Timeouts,
    /// Whether sending has begun, where that is known.
    sent: Option<bool>,
    /// What the service had sent before the response broke off.
    head: Option<(StatusCode, ServiceMessage)>,
}

impl Transport {
    pub(crate) async fn attempt<R: ReadBody>(
        &self,
        attempt: AttemptRequest<'_>,
        body: &R,
        trace: &AttemptTrace,
    ) -> Attempt<R::Output> {
        let AttemptRequest {
            operation,
            mut request,
            copy,
            token,
            deadline,
            timeouts,
            now,
        } = attempt;
        let url = match copy {
            Some(copy) => Cow::Borrowed(copy.url()),
            None => Cow::Owned(request.url().clone()),
        };
        let sent = track(&mut request);
        let failed = |head| Failed {
            operation,
            url: &url,
            proxy: self.proxy.as_ref(),
            deadline,
            timeouts,
            sent: sent.as_ref().map(|begun| begun.load(Ordering::Relaxed)),
            head,
        };
        let executed = deadline.within(self.http_client.execute(request)).await;
        let received = executed
            .map_err(TransportFailure::Elapsed)
            .and_then(|response| response.map_err(TransportFailure::Http));
        let mut response = match received {
            Ok(response) => response,
            Err(failure) => return failed(None).judge(failure),
        };
        let status = response.status();
        let service = service_message_from_headers(response.headers(), token);
        trace.answered(status, service.tracking_id.as_deref());
        if *response.url() != *url {
            return Attempt::Final(redirected(operation));
        }
        if status.is_success() || operation.answers_with(status) {
            let limit = self.max_response_bytes;
            return match body.read(response, limit, deadline).await {
                Ok(output) => Attempt::Success(output),
                Err(BodyFault::Transport(failure)) => {
                    failed(Some((status, service))).judge(failure)
                }
                Err(BodyFault::TooLarge) => {
                    let reason =
                        format!("the response is larger than the client's limit of {limit} bytes");
                    let error = Error::new(ErrorKind::TooLarge, reason)
                        .with_operation(operation)
                        .with_status(status)
                        .with_service(service, &[])
                        .with_progress(Progress::MayHaveTakenEffect);
                    Attempt::Final(error)
                }
            };
        }
        let hint = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| Hint::read(value, now));
        // The status decides; a body that cannot be read to its end changes nothing.
        let body = match read(&mut response, ERROR_BODY_LIMIT, deadline).await {
            Ok((body, _)) | Err((body, _)) => body,
        };
        let media_type = response.headers().get(CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        let tracking_id = service.tracking_id.as_deref();
        let mut service = ServiceMessage::read(&body, tracking_id, media_type);
        service.redact_secret(token.expose());
        let sent = copy.map(|request| values(operation, request));
        let error = Error::refused(operation, status)
            .with_service(service, &sent.unwrap_or_default())
            .with_retry_after(hint.map(|hint| hint.wait))
            .with_body(body);
        Attempt::Failure(Outcome::Status(status), hint, error)
    }
}

fn redirected(operation: &'static Operation) -> Error {
    let reason = "the HTTP client followed a redirect, which can turn a write into a read; give one \
                  with `redirect(Policy::none())`";
    Error::new(ErrorKind::Redirected, reason)
        .with_operation(operation)
        .with_progress(Progress::MayHaveTakenEffect)
}

impl Failed<'_> {
    fn judge<T>(self, failure: TransportFailure) -> Attempt<T> {
        let (outcome, kind, reason, source): (_, _, _, Source) = match failure {
            TransportFailure::Elapsed(elapsed) if self.sent != Some(false) => {
                let reason = self.late(&self.time_limit());
                (Outcome::Timeout, ErrorKind::Timeout, reason, elapsed.into())
            }
            TransportFailure::Elapsed(elapsed) => {
                let reason = format!(
                    "no connection to {}{} was open within {}",
                    self.authority(),
                    self.through_proxy(),
                    self.time_limit()
                );
                (Outcome::Connect, ErrorKind::Connect, reason, elapsed.into())
            }
            TransportFailure::Http(error) => {
                let error = error.without_url();
                if error.is_builder() {
                    let reason = "the request cannot be sent";
                    let error = Error::invalid_request(self.operation, reason).with_source(error);
                    return Attempt::Final(error);
                }
                if error.is_redirect() {
                    return Attempt::Final(redirected(self.operation).with_source(error));
                }
                let cause = root_cause(&error);
                if let Some(reason) = self.permanent_fault(&error) {
                    let error = Error::new(ErrorKind::Connect, reason)
                        .with_operation(self.operation)
                        .with_source(error);
                    return Attempt::Final(error);
                }
                let (outcome, kind, reason) = if error.is_connect() {
                    let (authority, proxy) = (self.authority(), self.through_proxy());
                    let reason = format!("no connection to {authority}{proxy}: {cause}");
                    (Outcome::Connect, ErrorKind::Connect, reason)
                } else if error.is_timeout() {
                    let reason = self.late(&"the time limit of the HTTP client");
                    (Outcome::Timeout, ErrorKind::Timeout, reason)
                } else {
                    let reason = format!("the connection was lost: {cause}");
                    (Outcome::Lost, ErrorKind::ConnectionLost, reason)
                };
                // A redirect that the HTTP client followed can fail after the request was sent.
                let outcome = match outcome {
                    Outcome::Connect if self.sent == Some(true) => Outcome::Lost,
                    outcome => outcome,
                };
                (outcome, kind, reason, error.into())
            }
        };
        let mut error = Error::new(kind, reason)
            .with_operation(self.operation)
            .with_source(source);
        if let Some((status, service)) = self.head {
            error = error.with_status(status).with_service(service, &[]);
        }
        Attempt::Failure(outcome, None, error)
    }

    /// Why no connection can be opened, where another attempt would end in the same way.
    fn permanent_fault(&self, error: &reqwest::Error) -> Option<String> {
        if !error.is_connect() {
            return None;
        }
        let cause = root_cause(error).to_string();
        let texts = causes(error);
        let says = |text: &str| texts.iter().any(|cause| cause.contains(text));
        let authority = self.authority();
        if let Some(ProxyVariable {
            name,
            authority: None,
        }) = self.proxy
        {
            return Some(format!(
                "no connection to {authority}: {cause}; {name} is set, and is not the URL of an HTTP \
                 proxy: correct it, or unset it"
            ));
        }
        let (proxy, place) = match self.proxy {
            Some(ProxyVariable {
                name,
                authority: Some(proxy),
            }) => (format!("the proxy {proxy}"), *name),
            _ => ("the proxy".to_owned(), "the settings of the HTTP client"),
        };
        if says("certificate") {
            return Some(format!(
                "the certificate of {authority} is not accepted: {}; if it is right, trust its \
                 issuer with `root_certificate` or the variable SSL_CERT_FILE",
                texts.last().unwrap_or(&cause)
            ));
        }
        if says("proxy authorization required") {
            return Some(format!(
                "{proxy} requires a user name and a password to connect to {authority} (407); put \
                 them in the URL of the proxy, in {place}"
            ));
        }
        says("tunnel error: unsuccessful").then(|| {
            format!(
                "{proxy} refuses to connect to {authority}; check its rules, {place} and NO_PROXY"
            )
        })
    }

    fn late(&self, limit: &dyn fmt::Display) -> String {
        match self.head {
            Some(_) => format!("the response was not complete within {limit}"),
            None => format!("there was no response within {limit}"),
        }
    }

    /// The time limit that ended the attempt: its own, or what was left of the call's.
    fn time_limit(&self) -> String {
        if self.deadline.time() < self.timeouts.attempt {
            format!("the call's {} s", self.timeouts.call.as_secs_f32())
        } else {
            format!("the attempt's {} s", self.timeouts.attempt.as_secs_f32())
        }
    }

    /// The proxy between the client and the service, as far as it is known.
    fn through_proxy(&self) -> String {
        let proxy = self.proxy.and_then(|proxy| proxy.authority.as_deref());
        proxy.map_or_else(String::new, |proxy| format!(" through the proxy {proxy}"))
    }

    /// Host and port, which name no person, unlike the rest of the URL.
    fn authority(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        match self.url.port_or_known_default() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }
}

/// Every cause in lower case. Of an I/O error, `source` is that of the error inside it, which is
/// taken from it.
fn causes(error: &reqwest::Error) -> Vec<String> {
    let mut texts = Vec::new();
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = next {
        texts.push(cause.to_string().to_lowercase());
        next = match cause.downcast_ref::<std::io::Error>() {
            Some(io) => io.get_ref().map(|inner| {
                let inner: &(dyn std::error::Error + 'static) = inner;
                inner
            }),
            None => cause.source(),
        };
    }
    texts
}

fn root_cause(error: &reqwest::Error) -> &dyn std::error::Error {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause
}

/// The values in a request: those in its path and its query, and the strings in its body.
fn values(operation: &Operation, request: &Request) -> Vec<String> {
    let path = request.url().path_segments().into_iter().flatten().rev();
    let mut values: Vec<String> = path
        .zip(operation.path().rsplit('/'))
        .filter(|(_, template)| template.contains('{'))
        .map(|(value, _)| value.to_owned())
        .collect();
    let query = request.url().query_pairs();
    values.extend(
        query
            .map(|(_, value)| value.into_owned())
            // A message about a flag has to name it.
            .filter(|value| value != "true" && value != "false"),
    );
    let body = request.body().and_then(Body::as_bytes);
    if let (FORM, Some(Ok(form))) = (operation.content_type, body.map(std::str::from_utf8)) {
        let mut url = request.url().clone();
        url.set_query(Some(form));
        values.extend(url.query_pairs().map(|(_, value)| value.into_owned()));
    }
    match body.map(|body| (serde_json::from_slice(body), std::str::from_utf8(body))) {
        Some((Ok(body), _)) => strings(body, &mut values),
        // The text itself, or that of the fields of a form.
        Some((Err(_), Ok(text))) if operation.content_type != FORM => {
            values.extend(text.lines().map(str::to_owned));
        }
        _ => {}
    }
    values
}

/// Every string in a JSON value, apart from the names of properties.
fn strings(value: serde_json::Value, found: &mut Vec<String>) {
    use serde_json::Value;
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.into_iter().for_each(|item| strings(item, found)),
        Value::Object(properties) => properties
            .into_values()
            .for_each(|property| strings(property, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What an error shows of the headers of a response.
pub(crate) fn service_message_from_headers(
    headers: &HeaderMap,
    token: &AccessToken,
) -> ServiceMessage {
    let mut service = ServiceMessage {
        tracking_id: tracking_id(headers),
        ..ServiceMessage::default()
    };
    service.redact_secret(token.expose());
    service
}
