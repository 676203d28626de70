//! Answers of the service that a file holds: bodies of people, one after the other (NDJSON), or the
//! log of a browser or a proxy (HAR). Messages name lines and columns, and nothing that was recorded.

use std::borrow::Cow;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use people_sdk::{Operation, operations};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::exit::Failure;
use crate::input::{read_text_within, shown_path};

/// The largest file of recorded answers, in MiB: browsers log whole sessions.
const MAX_MEBIBYTES: u64 = 256;

/// One recorded answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The operation and the status, where the file has them.
    pub(crate) call: Option<(&'static Operation, u16)>,
    /// The body of a success; `None` if the file has none.
    pub(crate) body: Option<String>,
}

/// Reads the answers in a file, or in standard input for `-`. Of a HAR file, these are the answers of
/// the contract's operations below `base_url`.
///
/// # Errors
///
/// The file cannot be read, or has no answer.
pub(crate) fn read(path: &Path, base_url: &str) -> Result<Vec<Answer>, Failure> {
    let text = read_text_within(path, MAX_MEBIBYTES)?;
    let failed = |problem: &dyn std::fmt::Display| {
        Failure::usage(format_args!("{}: {problem}", shown_path(path)))
    };
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}')).into_iter()
    {
        let value: &RawValue = value.map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let place = format!("line {line}, column {column}: this is not JSON");
            failed(&place).help("give a HAR file, or one body per line")
        })?;
        values.push(value);
    }
    let answers: Vec<Answer> = if let Some(log) = values.first().and_then(|first| log(first)) {
        let entries = log.entries.into_iter();
        entries
            .filter_map(|entry| answer(entry, base_url))
            .collect()
    } else {
        let bodies = values.iter().map(|value| value.get().to_owned());
        bodies
            .map(|body| Answer {
                call: None,
                body: Some(body),
            })
            .collect()
    };
    if answers.is_empty() {
        let message = format!("no answer of an operation below {base_url}");
        return Err(failed(&message).help("`--base-url` names the service that was recorded"));
    }
    Ok(answers)
}

/// The part of a HAR file that is read here (HAR 1.2).
#[derive(Deserialize)]
struct Har<'a> {
    #[serde(borrow)]
    log: Log<'a>,
}

#[derive(Deserialize)]
struct Log<'a> {
    #[serde(borrow)]
    entries: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    request: Request<'a>,
    #[serde(borrow)]
    response: Response<'a>,
}

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Response<'a> {
    /// 0 for a request without an answer.
    status: u16,
    #[serde(borrow, default)]
    content: Content<'a>,
}

#[derive(Default, Deserialize)]
struct Content<'a> {
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    encoding: Option<Cow<'a, str>>,
}

fn log<'a>(value: &'a RawValue) -> Option<Log<'a>> {
    let har: Har<'a> = serde_json::from_str(value.get()).ok()?;
    Some(har.log)
}

fn answer(entry: Entry<'_>, base_url: &str) -> Option<Answer> {
    let Response { status, content } = entry.response;
    // 304 comes from the browser's own cache, which the contract does not describe.
    if [0, 304].contains(&status) {
        return None;
    }
    let rest = entry.request.url.strip_prefix(base_url)?;
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let operation = operation(&entry.request.method, path)?;
    let is_success = (200..300).contains(&status);
    let text = content.text.filter(|text| is_success && !text.is_empty());
    let body = match (text, content.encoding.as_deref()) {
        (Some(text), Some("base64")) => {
            // What is no text is no JSON either, and is reported as that.
            let bytes = STANDARD.decode(text.as_bytes()).unwrap_or_default();
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
        (text, _) => text.map(Cow::into_owned),
    };
    Some(Answer {
        call: Some((operation, status)),
        body,
    })
}

/// The operation with this method whose path template fits best: one without parameters before others.
fn operation(method: &str, path: &str) -> Option<&'static Operation> {
    let is_parameter = |segment: &str| segment.starts_with('{');
    let fits = |template: &str| {
        template.split('/').count() == path.split('/').count()
            && (template.split('/').zip(path.split('/')))
                .all(|(own, other)| own == other || is_parameter(own) && !other.is_empty())
    };
    let operations = operations::ALL.iter().copied();
    operations
        .filter(|it| it.method().eq_ignore_ascii_case(method) && fits(it.path()))
        .min_by_key(|it| it.path().split('/').filter(|own| is_parameter(own)).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operation_is_found_by_method_and_path() {
        let found = |method, path| operation(method, path).map(Operation::id);
        assert_eq!(found("GET", "/people/me"), Some("getMyOwnDetails"));
        assert_eq!(found("get", "/people/Y2lz"), Some("getPersonDetails"));
        assert_eq!(found("PUT", "/people/Y2lz"), Some("updatePerson"));
        assert_eq!(found("GET", "/people/"), None);
        assert_eq!(found("GET", "/people/Y2lz/features"), None);
        assert_eq!(found("OPTIONS", "/people/me"), None);
    }
}
