//! The one error of the SDK: what happened, to which operation, and what to do about it.
//! Deciding what is an error is `send`'s.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use serde::{Serialize, Serializer};

use crate::runtime::operation::Operation;
use crate::runtime::redact::{escape_invisible, redact, redact_name};
use crate::runtime::service_message::ServiceMessage;

/// What an error, a token source or a transport names as its cause.
///
/// # Examples
///
/// ```
/// use people_sdk::{AccessToken, Client, Source, token_source_fn};
///
/// async fn read_token() -> Result<AccessToken, Source> {
///     // Any error of the standard library or of another crate becomes a `Source`.
///     let token = std::fs::read_to_string("/run/secrets/webex-token")?;
///     Ok(AccessToken::from(token.trim()))
/// }
///
/// let client = Client::builder()
///     .token_source(token_source_fn(|_rejected| read_token()))
///     .build()?;
/// # drop(client);
/// # Ok::<(), people_sdk::Error>(())
/// ```
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// A [`Source`] that several errors have in common.
pub(crate) type SharedSource = Arc<dyn std::error::Error + Send + Sync>;

/// A call that did not succeed, or a client that cannot be built.
///
/// `Display` is one line that a person can act on:
///
/// ```text
/// OPERATION: 403 Forbidden: Only an admin can … (tracking id ROUTER_5A0C…)
/// ```
///
/// `Debug` is the same line, followed by the causes that are errors of this crate: what a `main` prints that
/// returns the error. `{:#?}` shows the kind as well.
///
/// Neither `Display` nor `Debug` shows a header, a body, a URL or a token. From the service's
/// message they leave out what the request had in its path and its body, and what looks like an
/// e-mail address, a phone number or the identifier of a person; a name that the service brings up by
/// itself cannot be told from other words. Identifiers of licenses, roles, locations and organizations,
/// and names of sites, stay. [`message`](Self::message), [`details`](Self::details) and
/// [`body`](Self::body) give it all.
///
/// # Examples
///
/// ```
/// # let runtime = tokio::runtime::Runtime::new()?;
/// # runtime.block_on(async {
/// # let fake = people_fake::FakePeople::start().await?;
/// use people_sdk::{Client, ErrorKind};
///
/// let client = Client::builder()
///     .base_url(fake.base_url())
///     .token(people_fake::ADMIN_TOKEN)
///     .build()?;
/// let error = client.edit_person("unknown", |_| {}).await.unwrap_err();
/// match error.kind() {
///     ErrorKind::NotFound => println!("there is no such person"),
///     ErrorKind::RateLimited => println!("come back in {:?}", error.retry_after()),
///     _ => println!("{error}"),
/// }
/// assert_eq!(error.status().unwrap(), 404);
/// assert!(error.is_not_found());
/// # assert_eq!(error.kind(), ErrorKind::NotFound);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What the service said, which may be personal and belongs in no log:
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = people_fake::FakePeople::start().await?;
/// # let client = people_sdk::Client::builder()
/// #     .base_url(fake.base_url())
/// #     .token(people_fake::ADMIN_TOKEN)
/// #     .build()?;
/// use people_fake::{Fault, FaultBody};
///
/// let body = r#"{ "message": "bad", "errors": [{ "description": "no title", "errorCode": 7400 }] }"#;
/// fake.inject(Fault::status(400).body(FaultBody::Raw(body.to_owned())));
/// let error = client.get_my_own_details().await.unwrap_err();
/// assert_eq!(error.message(), Some("bad"));
/// assert_eq!(error.details(), ["no title"]);
/// assert_eq!(error.codes(), ["7400"]);
/// assert_eq!(error.body(), body.as_bytes());
/// // For the service's support.
/// println!("{:?}", error.tracking_id());
/// # Ok(())
/// # }
/// ```
///
/// What to do next, here after an update that was lost on the way:
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = people_fake::FakePeople::start().await?;
/// # let client = people_sdk::Client::builder()
/// #     .base_url(fake.base_url())
/// #     .token(people_fake::ADMIN_TOKEN)
/// #     .build()?;
/// # let id = people_fake::JOHN_ANDERSEN;
/// use people_fake::{DropAt, Fault};
/// use people_sdk::RetryPolicy;
/// use people_sdk::types::PersonUpdate;
///
/// # let client = people_sdk::Client::builder()
/// #     .base_url(fake.base_url())
/// #     .token(people_fake::ADMIN_TOKEN)
/// #     .retry(RetryPolicy::none())
/// #     .build()?;
/// fake.inject(Fault::drop_connection(DropAt::Head).method("PUT"));
/// let update = PersonUpdate::default();
/// let error = client.update_person().person_id(id).body(update).await.unwrap_err();
/// if error.may_have_taken_effect() {
///     println!("read the person again: the update may be stored");
/// } else if error.may_have_reached_service() {
///     println!("the service has rejected the update");
/// }
/// assert_eq!(error.operation().unwrap().id(), "updatePerson");
/// assert!(error.is_transient(), "the same call can succeed later");
/// println!("after {} attempts, {:?} of it waiting", error.attempts(), error.queue_time());
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<ErrorInner>);

/// What went wrong, as far as a program would branch on it.
///
/// # Examples
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = people_fake::FakePeople::start().await?;
/// # let client = people_sdk::Client::builder()
/// #     .base_url(fake.base_url())
/// #     .token(people_fake::ADMIN_TOKEN)
/// #     .build()?;
/// use people_sdk::ErrorKind;
///
/// let error = client
///     .get_person_details()
///     .person_id("unknown")
///     .await
///     .unwrap_err();
/// let exit_code = match error.kind() {
///     ErrorKind::NotFound => 3,
///     ErrorKind::Unauthorized | ErrorKind::Forbidden => 4,
///     _ if error.is_transient() => 5,
///     _ => 1,
/// };
/// assert_eq!(exit_code, 3);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What the client was built with cannot work: a base URL, a token, a certificate.
    Configuration,
    /// The token source gave no token that can be sent.
    Credentials,
    /// What was given cannot be sent; nothing was.
    InvalidRequest,
    /// No connection could be opened; nothing was sent.
    Connect,
    /// The time of the attempt or of the call ran out.
    Timeout,
    /// The connection was lost before the answer was complete.
    ConnectionLost,
    /// 401: the token is missing, expired or wrong.
    Unauthorized,
    /// 403: the token is good, and this is not allowed to it.
    Forbidden,
    /// 404 or 410: there is no such thing, or no longer.
    NotFound,
    /// 409: the request conflicts with the state of the service. Also an edit that found a change by
    /// another client before it wrote.
    Conflict,
    /// 423: the thing is locked for a while.
    Locked,
    /// 429: too many requests.
    RateLimited,
    /// Any other 4xx: the service does not take the request.
    Rejected,
    /// 3xx: the service points elsewhere. No redirect is followed.
    Redirected,
    /// 502, 503 or 504: the service or a gateway before it is temporarily unavailable.
    Unavailable,
    /// Any other 5xx: the service failed.
    Server,
    /// A success whose body is not what the contract promises.
    UnexpectedBody,
    /// A success without the body that was asked for.
    NoContent,
    /// An answer larger than the client's limit, which was not read to its end.
    TooLarge,
}

struct ErrorInner {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    status: Option<StatusCode>,
    /// For people: what happened, where the service's own message does not say it.
    reason: String,
    service: ServiceMessage,
    /// What of the service's message may be shown.
    shown: String,
    retry_after: Option<Duration>,
    attempts: u32,
    queue_time: Duration,
    /// What kept the client from another attempt, where it is not the error itself.
    not_retried: Option<&'static str>,
    progress: Progress,
    body: Bytes,
    unchanged_properties: Vec<String>,
    source: Option<SharedSource>,
}

/// How far a call has come, the maximum over its attempts.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Progress {
    /// Nothing of it has reached the service.
    #[default]
    NotSent,
    /// The service has rejected the request as a whole, before it looked at its content.
    Rejected,
    /// The service has acted on the request, or may have.
    MayHaveTakenEffect,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, reason: impl fmt::Display) -> Self {
        Self(Box::new(ErrorInner {
            kind,
            operation: None,
            status: None,
            reason: reason.to_string(),
            service: ServiceMessage::default(),
            shown: String::new(),
            retry_after: None,
            attempts: 0,
            queue_time: Duration::ZERO,
            not_retried: None,
            progress: Progress::NotSent,
            body: Bytes::new(),
            unchanged_properties: Vec::new(),
            source: None,
        }))
    }

    pub(crate) fn configuration(reason: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Configuration, reason)
    }

    pub(crate) fn invalid_request(
        operation: &'static Operation,
        reason: impl fmt::Display,
    ) -> Self {
        Self::new(ErrorKind::InvalidRequest, reason).with_operation(operation)
    }

    pub(crate) fn with_operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    /// `sent` are the values of the request, which the service often repeats.
    pub(crate) fn with_service(mut self, service: ServiceMessage, sent: &[String]) -> Self {
        let said = service.message.iter().chain(&service.details);
        let mut said: Vec<String> = said.map(|text| redact(text, sent)).collect();
        said.retain(|text| !text.is_empty());
        // The service often repeats its message as the only detail.
        said.dedup();
        self.0.shown = said.join("; ");
        self.0.service = service;
        self
    }

    pub(crate) fn with_progress(mut self, progress: Progress) -> Self {
        self.0.progress = progress;
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Adds to the time that the call waited to be sent.
    pub(crate) fn with_queue_time(mut self, wait: Duration) -> Self {
        self.0.queue_time = self.0.queue_time.saturating_add(wait);
        self
    }

    /// `reason` is what kept the client from another attempt.
    pub(crate) fn without_retry(mut self, reason: &'static str) -> Self {
        self.0.not_retried = Some(reason);
        self
    }

    pub(crate) fn with_body(mut self, body: Bytes) -> Self {
        self.0.body = body;
        self
    }

    pub(crate) fn with_unchanged_properties(mut self, names: Vec<String>) -> Self {
        self.0.unchanged_properties = names;
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(SharedSource::from(source.into()));
        self
    }

    /// For a cause that several calls share.
    pub(crate) fn with_shared_source(mut self, source: SharedSource) -> Self {
        self.0.source = Some(source);
        self
    }

    pub(crate) fn progress(&self) -> Progress {
        self.0.progress
    }

    /// The cause, if it is an error of this crate.
    fn own_cause(&self) -> Option<&Self> {
        self.0.source.as_deref()?.downcast_ref()
    }

    /// What went wrong, as far as a program would branch on it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that was called; `None` while the client is being built.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The status of the answer, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The service's message, as it was sent.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.service.message.as_deref()
    }

    /// The service's further lines on what is wrong, as they were sent.
    #[must_use]
    pub fn details(&self) -> &[String] {
        &self.0.service.details
    }

    /// The service's codes for what is wrong, as they were sent: `400123`, `invalid_grant`.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        &self.0.service.codes
    }

    /// The identifier under which the service's support finds the call.
    #[must_use]
    pub fn tracking_id(&self) -> Option<&str> {
        self.0.service.tracking_id.as_deref()
    }

    /// How long the service asked to wait before the next call, where it said so in a form that
    /// can be read.
    #[doc(alias = "429")]
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many attempts were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How much of the call's time it waited to be sent: for the rate limit of the service, and for
    /// other calls of the client. The waits after failed attempts are not part of it.
    #[must_use]
    pub fn queue_time(&self) -> Duration {
        self.0.queue_time
    }

    /// The body of the answer, at most 64 KiB of it. It can hold personal data.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// The properties that the service's message names and that an edit sent back unchanged, by their
    /// names in JSON. The service may accept the edit without them: see
    /// [`EditPerson::omit`](crate::EditPerson::omit).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = people_fake::FakePeople::start().await?;
    /// # let client = people_sdk::Client::builder()
    /// #     .base_url(fake.base_url())
    /// #     .token(people_fake::ADMIN_TOKEN)
    /// #     .build()?;
    /// let id = people_fake::DIRECTORY_SYNCED;
    /// let edit = client
    ///     .edit_person(id, |update| update.title = Some("Director".to_owned()))
    ///     .await?;
    /// // The service does not take back the phone numbers that it returned.
    /// let error = edit.error().unwrap();
    /// assert_eq!(error.unchanged_properties(), ["phoneNumbers"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn unchanged_properties(&self) -> &[String] {
        &self.0.unchanged_properties
    }

    /// Whether the service can have seen the request, in any of the attempts.
    #[must_use]
    pub fn may_have_reached_service(&self) -> bool {
        self.0.progress > Progress::NotSent
    }

    /// Whether the service can have acted on the request, in any of the attempts, so that a write
    /// may have changed something in spite of the error. `false` when nothing was sent, and when
    /// the service turned the request away before it looked at what was asked for: 401, 405, 415,
    /// 429.
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        self.0.progress == Progress::MayHaveTakenEffect
    }

    /// Whether the same call can succeed later: too many requests, a locked or unavailable service, a
    /// timeout, no connection or a lost one. The client has retried it already where that was safe.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::RateLimited
                | ErrorKind::Locked
                | ErrorKind::Unavailable
                | ErrorKind::Timeout
                | ErrorKind::Connect
                | ErrorKind::ConnectionLost
        )
    }

    /// Whether there is no such thing (404, 410).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// The error of an answer whose status is no success.
    pub(crate) fn refused(operation: &'static Operation, status: StatusCode) -> Self {
        let kind = match status {
            StatusCode::UNAUTHORIZED => ErrorKind::Unauthorized,
            StatusCode::FORBIDDEN => ErrorKind::Forbidden,
            StatusCode::NOT_FOUND | StatusCode::GONE => ErrorKind::NotFound,
            StatusCode::CONFLICT => ErrorKind::Conflict,
            StatusCode::LOCKED => ErrorKind::Locked,
            StatusCode::TOO_MANY_REQUESTS => ErrorKind::RateLimited,
            StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => ErrorKind::Unavailable,
            _ if status.is_redirection() => ErrorKind::Redirected,
            _ if status.is_client_error() => ErrorKind::Rejected,
            _ => ErrorKind::Server,
        };
        Self::new(kind, "")
            .with_operation(operation)
            .with_status(status)
    }
}

impl ErrorKind {
    /// The kind in snake case, which stays the same from version to version.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(people_sdk::ErrorKind::RateLimited.as_str(), "rate_limited");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Credentials => "credentials",
            Self::InvalidRequest => "invalid_request",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::ConnectionLost => "connection_lost",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Locked => "locked",
            Self::RateLimited => "rate_limited",
            Self::Rejected => "rejected",
            Self::Redirected => "redirected",
            Self::Unavailable => "unavailable",
            Self::Server => "server",
            Self::UnexpectedBody => "unexpected_body",
            Self::NoContent => "no_content",
            Self::TooLarge => "too_large",
        }
    }

    /// What to say of a status when the service said nothing that can be read.
    fn advice(self) -> &'static str {
        match self {
            Self::Unauthorized => "the access token is missing, expired or wrong",
            Self::Forbidden => "the access token does not allow this",
            Self::NotFound => "not found, or not visible to the token's owner",
            Self::Conflict => "the request clashes with the state of the service",
            Self::Locked => "what was asked for is locked for a while; try again later",
            Self::RateLimited => "too many requests; try again later",
            Self::Redirected => {
                "the service points elsewhere, and no redirect is followed; is the \
                                 base URL right?"
            }
            Self::Unavailable => "the service is temporarily unavailable; try again later",
            Self::Server => "the service failed and did not say why",
            _ => "the service refused the request and did not say why",
        }
    }
}

/// As [`as_str`](ErrorKind::as_str).
impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// As [`as_str`](ErrorKind::as_str).
impl Serialize for ErrorKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = &*self.0;
        let mut parts = Vec::new();
        if let Some(operation) = facts.operation {
            parts.push(operation.id().to_owned());
        }
        if let Some(status) = facts.status {
            parts.push(status.to_string());
        }
        if !facts.reason.is_empty() {
            parts.push(escape_invisible(&facts.reason).into_owned());
        }
        if !facts.shown.is_empty() {
            parts.push(facts.shown.clone());
        } else if facts.reason.is_empty() {
            parts.push(match (&facts.service.unread, facts.kind) {
                (Some(unread), ErrorKind::Server) => {
                    format!("the service failed; its response is {unread}")
                }
                (Some(unread), ErrorKind::Rejected) => {
                    format!("the service refused the request; its response is {unread}")
                }
                _ => facts.kind.advice().to_owned(),
            });
        }
        f.write_str(&parts.join(": "))?;
        let mut notes = Vec::new();
        if facts.attempts > 1 {
            notes.push(format!("after {} attempts", facts.attempts));
        }
        if let Some(reason) = facts.not_retried {
            notes.push(format!("not retried, as {reason}"));
        }
        let queued = facts.queue_time.as_secs();
        if facts.kind == ErrorKind::Timeout && facts.attempts > 0 && queued > 0 {
            notes.push(format!("{queued} s of it were spent waiting to be sent"));
        }
        if let Some(wait) = facts.retry_after {
            notes.push(format!("retry after {} s", wait.as_secs()));
        }
        // Digits can also be a phone number, which is longer than any code.
        let is_code = |code: &&String| {
            code.len() <= LONGEST_SHOWN_CODE && code.bytes().all(|byte| byte.is_ascii_digit())
        };
        for code in facts.service.codes.iter().filter(is_code).take(3) {
            notes.push(format!("code {code}"));
        }
        if let Some(id) = &facts.service.tracking_id {
            notes.push(format!("tracking id {}", clean_tracking_id(id)));
        }
        if !notes.is_empty() {
            write!(f, " ({})", notes.join(", "))?;
        }
        if !facts.unchanged_properties.is_empty() {
            let names = facts.unchanged_properties.iter();
            let names: Vec<String> = names.map(|name| redact_name(name)).collect();
            let names = names.join(", ");
            write!(f, "; sent unchanged, and may be omitted: {names}")?;
        }
        Ok(())
    }
}

/// The most digits of a code that is shown.
const LONGEST_SHOWN_CODE: usize = 9;

/// A tracking id is digits and letters, which `redact` would take for a phone number. It has no e-mail
/// address.
pub(crate) fn clean_tracking_id(id: &str) -> String {
    let words = id.split_whitespace().filter(|word| !word.contains('@'));
    words
        .flat_map(str::chars)
        .filter(|c| c.is_ascii_alphanumeric() || "_-.:".contains(*c))
        .take(80)
        .collect()
}

/// The text of `Display` and of each cause that is an [`Error`] too, as a `main` that returns the error
/// prints it. `{:#?}` shows the kind as well.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            write!(f, "{self}")?;
            // Of another cause, nothing is known: its text may show what this crate redacts.
            return match self.own_cause() {
                Some(cause) => write!(f, "; caused by {cause:?}"),
                None => Ok(()),
            };
        }
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("text", &self.to_string())
            .field("cause", &self.own_cause())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source: &(dyn std::error::Error + 'static) = self.0.source.as_deref()?;
        Some(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any operation of the contract.
    fn operation() -> &'static Operation {
        crate::operations::ALL[0]
    }

    /// The text of an error without its operation.
    fn text(error: &Error) -> String {
        let text = error.to_string();
        let start = format!("{}: ", operation());
        text.strip_prefix(&start).unwrap().to_owned()
    }

    #[test]
    fn an_unreadable_body_is_described_in_place_of_a_message() {
        let body = b"<html>Ann Lee</html>";
        let service = ServiceMessage::read(body, None, Some("text/html"));
        let error = Error::refused(operation(), StatusCode::INTERNAL_SERVER_ERROR)
            .with_service(service, &[]);
        assert_eq!(
            text(&error),
            "500 Internal Server Error: the service failed; its response is 20 bytes of \
             text/html"
        );
        let error = Error::refused(operation(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(
            text(&error),
            "500 Internal Server Error: the service failed and did not say why"
        );
    }

    /// A `main` that returns an error prints its `Debug`.
    #[test]
    fn debug_is_the_message_with_the_causes_of_this_crate_and_no_other_cause() {
        let cause = Error::new(ErrorKind::Rejected, "the refresh token is not valid");
        let error = Error::new(ErrorKind::Credentials, "the token source failed")
            .with_operation(operation())
            .with_source(cause);
        assert_eq!(
            format!("{error:?}"),
            format!(
                "{}: the token source failed; caused by the refresh token is not valid",
                operation()
            )
        );
        let structure = format!("{error:#?}");
        for part in ["kind: Credentials", "kind: Rejected", "text: \"the refresh"] {
            assert!(structure.contains(part), "{structure}");
        }
        let error = Error::configuration("bad").with_source("secret");
        assert_eq!(format!("{error:?}"), "bad");
        assert!(!format!("{error:#?}").contains("secret"), "{error:#?}");
    }

    #[test]
    fn a_status_that_can_pass_is_transient() {
        for (status, expected) in [
            (429, true),
            (423, true),
            (503, true),
            (500, false),
            (404, false),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let error = Error::refused(operation(), status);
            assert_eq!(error.is_transient(), expected, "{status}");
        }
    }

    #[test]
    fn numeric_codes_are_shown_and_other_codes_are_not() {
        let body =
            br#"{"message":"m","errors":[{"code":7400},{"code":"Ann"},{"code":"14085267209"}]}"#;
        let service = ServiceMessage::read(body, None, None);
        let error = Error::refused(operation(), StatusCode::BAD_REQUEST).with_service(service, &[]);
        assert_eq!(error.codes(), ["7400", "Ann", "14085267209"]);
        assert_eq!(text(&error), "400 Bad Request: m (code 7400)");
    }
}
