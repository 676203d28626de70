//! How a command ends: its exit codes, and its failures with their messages. The only place that
//! decides which outcome has which exit code.

use std::fmt::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use people_sdk::{Error, ErrorKind, redact_personal_data};
use serde_json::{Map, Value, json};

use crate::stderr::{Messages, eprint_json, eprint_styled, escape_lines};

/// The end of every help text.
pub(crate) const CODES: &str = "\
Exit codes:
  0    ok
  1    dry run: something would change; check: something is not in the contract
  2    invalid command line or input
  3    not found
  4    unauthorized: the token is not accepted
  5    forbidden: the token is valid, but lacks the right
  6    rate limited or locked for longer than the command waits
  7    any other error of the service or the network
  8    an update was partly applied, or its outcome is unknown
  130  stopped by a signal
With several people, the command ends with the largest of their exit codes.";

/// The exit codes, in the order in which one outweighs another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    Ok = 0,
    Different = 1,
    Usage = 2,
    NotFound = 3,
    Unauthorized = 4,
    Forbidden = 5,
    Limited = 6,
    Other = 7,
    Uncertain = 8,
    Interrupted = 130,
}

impl Exit {
    pub(crate) fn number(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

impl From<&Error> for Exit {
    fn from(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Configuration | ErrorKind::InvalidRequest => Self::Usage,
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Unauthorized | ErrorKind::Credentials => Self::Unauthorized,
            ErrorKind::Forbidden => Self::Forbidden,
            ErrorKind::RateLimited | ErrorKind::Locked => Self::Limited,
            _ => Self::Other,
        }
    }
}

/// Why the command, or one of its parts, did not succeed.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    message: String,
    /// The message without the service's own words, which can contain personal data.
    unquoted: String,
    help: Option<String>,
    /// Further facts for programs.
    facts: Map<String, Value>,
    /// The call that failed, where it is one.
    pub(crate) call: Option<Box<FailedCall>>,
}

/// What decides whether a call that failed is made again.
#[derive(Debug, Clone)]
pub(crate) struct FailedCall {
    pub(crate) kind: ErrorKind,
    /// How long the service asked to wait.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) attempts: u32,
    /// How much of the call's time it waited to be sent.
    pub(crate) queue_time: Duration,
    /// Whether the call is an update on which the service can have acted.
    pub(crate) may_have_taken_effect: bool,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Self {
            exit,
            message: message.to_string(),
            unquoted: message.to_string(),
            help: None,
            facts: Map::new(),
            call: None,
        }
    }

    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// What to do next.
    pub(crate) fn help(mut self, help: impl fmt::Display) -> Self {
        self.help = Some(help.to_string());
        self
    }

    /// Puts the subject before the message.
    pub(crate) fn about(mut self, subject: impl fmt::Display) -> Self {
        self.message = format!("{subject}: {}", self.message);
        self.unquoted = format!("{subject}: {}", self.unquoted);
        self
    }

    /// Sets the message for places that must not quote the service.
    pub(crate) fn or_unquoted(mut self, message: impl fmt::Display) -> Self {
        self.unquoted = message.to_string();
        self
    }

    /// Writes the failure to standard error.
    pub(crate) fn report(&self, messages: Messages) {
        match messages {
            Messages::Json => eprint_json(&self.to_json()),
            Messages::Text => {
                let red = AnsiColor::Red.on_default().bold();
                let message = escape_lines(&self.message);
                eprint_styled(format_args!("{red}error{red:#}: {message}"));
                if let Some(help) = &self.help {
                    let (bold, help) = (Style::new().bold(), escape_lines(help));
                    eprint_styled(format_args!("{bold}help{bold:#}: {help}"));
                }
            }
        }
    }

    /// The error as `-o json` gives it.
    pub(crate) fn to_json(&self) -> Value {
        json!({ "error": self.facts() })
    }

    /// The error without its envelope.
    fn facts(&self) -> Value {
        self.facts_with(&self.message)
    }

    /// The error for reports, which other people read: without the service's own words.
    pub(crate) fn to_json_unquoted(&self) -> Value {
        self.facts_with(&self.unquoted)
    }

    fn facts_with(&self, message: &str) -> Value {
        let mut error = Map::new();
        error.insert("message".to_owned(), json!(message));
        error.insert("exitCode".to_owned(), json!(self.exit.number()));
        if let Some(help) = &self.help {
            error.insert("help".to_owned(), json!(help));
        }
        error.extend(self.facts.clone());
        Value::Object(error)
    }

    /// Why further calls would end in the same failure, if delays may be as long as `max_delay`;
    /// `None` if they may not.
    pub(crate) fn abort_reason(&self, max_delay: Duration) -> Option<String> {
        let call = self.call.as_ref()?;
        match (call.kind, call.retry_after) {
            (ErrorKind::Unauthorized, _) => Some("the token is not accepted".to_owned()),
            (ErrorKind::Credentials, _) => Some("there is no token".to_owned()),
            (ErrorKind::Connect, _) => Some("there is no connection to the service".to_owned()),
            (ErrorKind::RateLimited, Some(wait)) if wait > max_delay => Some(format!(
                "the service asks to wait {}",
                humantime::format_duration(wait)
            )),
            _ => None,
        }
    }

    /// The advice that goes with the message.
    pub(crate) fn advice(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// What the service said, as JSON, of an update that is no failure of the command.
    /// `quoted` says whether the message has the service's own words.
    pub(crate) fn facts_of_service(&self, quoted: bool) -> Value {
        let mut facts = self.facts.clone();
        let message = if quoted {
            &self.message
        } else {
            &self.unquoted
        };
        facts.insert("message".to_owned(), json!(message));
        Value::Object(facts)
    }

    /// The message alone.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The message alone, without the service's own words.
    pub(crate) fn unquoted(&self) -> &str {
        &self.unquoted
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let codes: Vec<_> = error.codes().iter().map(|code| shown_code(code)).collect();
        let facts = [
            ("kind", Some(json!(error.kind().as_str()))),
            ("operation", error.operation().map(|it| json!(it.id()))),
            ("status", error.status().map(|it| json!(it.as_u16()))),
            ("trackingId", tracking_id(error).map(|it| json!(it))),
            (
                "retryAfterSeconds",
                error.retry_after().map(|it| json!(it.as_secs())),
            ),
            ("attempts", Some(json!(error.attempts()))),
            ("codes", (!codes.is_empty()).then(|| json!(codes))),
        ];
        let known = facts
            .into_iter()
            .filter_map(|(name, fact)| Some((name.to_owned(), fact?)));
        Self {
            exit: Exit::from(error),
            message: with_credentials_cause(error, error.to_string(), Error::to_string),
            unquoted: with_credentials_cause(error, unquoted(error), unquoted),
            help: help(error),
            facts: known.collect(),
            call: Some(Box::new(FailedCall {
                kind: error.kind(),
                retry_after: error.retry_after(),
                attempts: error.attempts(),
                queue_time: error.queue_time(),
                may_have_taken_effect: error.may_have_taken_effect() && !is_read(error),
            })),
        }
    }
}

/// `text`, and why there was no token, where that is the cause of the error.
fn with_credentials_cause(error: &Error, text: String, show: fn(&Error) -> String) -> String {
    let is_about_token = [ErrorKind::Credentials, ErrorKind::Unauthorized].contains(&error.kind());
    let Some(mut cause) = std::error::Error::source(error).filter(|_| is_about_token) else {
        return text;
    };
    // A 401 has the failed renewal as its cause, and that the error of the token source.
    while let (Some(failed), Some(next)) = (cause.downcast_ref::<Error>(), cause.source())
        && failed.kind() == ErrorKind::Credentials
    {
        cause = next;
    }
    let cause = match cause.downcast_ref::<Error>() {
        Some(cause) => show(cause),
        None => cause.to_string(),
    };
    format!("{text}: {}", people_sdk::escape_invisible(&cause))
}

/// The error without the service's own words.
fn unquoted(error: &Error) -> String {
    if error.message().is_none() && error.details().is_empty() {
        return error.to_string();
    }
    let mut text = match error.status() {
        Some(status) => status.to_string(),
        None => error.kind().to_string(),
    };
    if let Some(operation) = error.operation() {
        text = format!("{}: {text}", operation.id());
    }
    if let Some(id) = tracking_id(error) {
        let _ = write!(text, " (tracking id {id})");
    }
    text
}

/// A code of the service. It can be any text, or digits that are no phone number.
pub(crate) fn shown_code(code: &str) -> String {
    if code.len() <= 9 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        code.to_owned()
    } else {
        redact_personal_data(code)
    }
}

/// The tracking id, if it looks like one.
fn tracking_id(error: &Error) -> Option<&str> {
    let ordinary = |c: char| c.is_ascii_alphanumeric() || "_-.:".contains(c);
    error
        .tracking_id()
        .filter(|id| id.len() <= 80 && id.chars().all(ordinary))
}

/// Whether the call can change nothing.
fn is_read(error: &Error) -> bool {
    error.operation().is_some_and(|it| it.method() == "GET")
}

/// How to leave out the properties that a rejection names and that were sent unchanged.
pub(crate) fn omit_help(error: &Error) -> Option<String> {
    let unchanged = error.unchanged_properties();
    let options: Vec<_> = unchanged
        .iter()
        .map(|name| format!("`--omit {name}`"))
        .collect();
    (!unchanged.is_empty()).then(|| {
        format!(
            "the update has {} as read; if the service does not accept that, leave it out with {}",
            unchanged.join(", "),
            options.join(" ")
        )
    })
}

/// The OAuth scopes that the service names in an error, such as `spark-admin:people_write`.
fn named_scopes(error: &Error) -> Vec<String> {
    let is_in_scope = |c: char| c.is_ascii_lowercase() || "-_:".contains(c);
    let is_scope = |word: &&str| {
        let parts = word.split_once(':');
        parts.is_some_and(|(realm, name)| {
            let is_realm = realm == "spark" || realm.starts_with("spark-");
            is_realm && name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.contains(':')
        })
    };
    let texts = error.message().into_iter();
    let texts = texts.chain(error.details().iter().map(String::as_str));
    let words = texts.flat_map(|text| text.split(|c: char| !is_in_scope(c)));
    let words = words.map(|word| word.trim_matches(|c: char| !c.is_ascii_lowercase()));
    let mut scopes: Vec<String> = Vec::new();
    for scope in words.filter(is_scope) {
        if !scopes.iter().any(|it| it == scope) {
            scopes.push(scope.to_owned());
        }
    }
    scopes
}

/// What to do about an error of the client.
fn help(error: &Error) -> Option<String> {
    if let Some(text) = omit_help(error) {
        return Some(text);
    }
    let scopes = named_scopes(error);
    if error.kind() == ErrorKind::Forbidden && !scopes.is_empty() {
        let scopes: Vec<_> = scopes.iter().map(|scope| format!("`{scope}`")).collect();
        return Some(format!(
            "the service names the scope {}: use a token that has it, of an administrator of the \
             person's organization",
            scopes.join(", ")
        ));
    }
    let text = match error.kind() {
        ErrorKind::Unauthorized => {
            "the token is missing, expired or wrong: a personal access token from \
             developer.webex.com is valid for 12 hours, the token of an integration or a service \
             app for 14 days; put a new one in WEBEX_ACCESS_TOKEN"
        }
        ErrorKind::Credentials => {
            "check the token command, or the client id, the client secret and the refresh token"
        }
        ErrorKind::Forbidden => {
            if is_read(error) {
                "the token needs the scope `spark:people_read`, or `spark-admin:people_read` of an \
                 administrator of the person's organization"
            } else {
                "the token needs the scopes `spark-admin:people_write` and \
                 `spark-admin:people_read`, of an administrator of the person's organization"
            }
        }
        ErrorKind::NotFound => {
            "check the person id; people of other organizations may not be visible"
        }
        ErrorKind::RateLimited | ErrorKind::Locked => match error.retry_after() {
            Some(wait) if !wait.is_zero() => {
                return Some(format!(
                    "the service asks to wait {}; `--max-delay` and `--timeout` set \
                     how long the command waits by itself",
                    humantime::format_duration(wait)
                ));
            }
            _ => "try again later, or raise `--max-attempts`",
        },
        ErrorKind::Conflict => "look at the person again, and repeat the change if it still fits",
        ErrorKind::Connect => {
            "check the network, a proxy, and the base URL (`--base-url`); `--ca-file` trusts the \
             certificates of a company's proxy"
        }
        ErrorKind::Timeout => "`--timeout` sets how long a call may take",
        _ => return None,
    };
    Some(text.to_owned())
}
