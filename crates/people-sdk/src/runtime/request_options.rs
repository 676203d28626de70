//! What a caller adds to one request beyond the contract: headers, and a time limit of its own.
//! Parameters and bodies are `request`'s.

use std::time::Duration;

use reqwest::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, COOKIE, HOST, HeaderMap, HeaderName, HeaderValue,
    PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};

/// Headers that identify the caller: the client sends its own.
const CREDENTIALS: [HeaderName; 3] = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE];

/// Headers that belong to the connection or state the length of the body.
const CONNECTION_HEADERS: [HeaderName; 7] = [
    HOST,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    CONNECTION,
    TE,
    TRAILER,
    UPGRADE,
];

/// Additions to one request. The first fault is kept, and ends the call before anything is sent.
#[derive(Clone, Default)]
pub(crate) struct RequestOptions {
    headers: HeaderMap,
    timeout: Option<Duration>,
    fault: Option<String>,
}

impl RequestOptions {
    /// Sets a header in place of one that the client would send. The fault of a value does not show it.
    pub(crate) fn header(&mut self, name: &str, value: &str) {
        match checked(name, value) {
            Ok((name, value)) => {
                self.headers.insert(name, value);
            }
            Err(fault) => {
                self.fault.get_or_insert(fault);
            }
        }
    }

    /// The value of a header that was set here.
    pub(crate) fn get(&self, name: &str) -> Option<&HeaderValue> {
        self.headers.get(name)
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// The time limit of the call, if it has its own.
    pub(crate) fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Sets the headers in a request, or says why one of them cannot be sent.
    pub(crate) fn apply(self, headers: &mut HeaderMap) -> Result<(), String> {
        match self.fault {
            None => {
                replace(headers, &self.headers);
                Ok(())
            }
            Some(fault) => Err(fault),
        }
    }
}

/// Sets headers, each with one value, in place of those of the same name.
pub(crate) fn replace(headers: &mut HeaderMap, others: &HeaderMap) {
    for (name, value) in others {
        headers.insert(name, value.clone());
    }
}

fn checked(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let Ok(parsed) = HeaderName::try_from(name) else {
        return Err(format!("{name:?} is not a valid header name"));
    };
    if CREDENTIALS.contains(&parsed) {
        return Err(format!(
            "the header `{parsed}` cannot be set: the client sends its own credentials"
        ));
    }
    if CONNECTION_HEADERS.contains(&parsed) {
        return Err(format!(
            "the header `{parsed}` cannot be set: it belongs to the connection"
        ));
    }
    let value = HeaderValue::try_from(value)
        .map_err(|_| format!("the header `{parsed}` has a character that no header can hold"))?;
    Ok((parsed, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_set_or_rejected_with_a_reason() {
        let cases = [
            ("X-Request-Id", "a1", Ok("a1")),
            ("accept-language", "de", Ok("de")),
            ("Authorization", "Bearer secret", Err("its own credentials")),
            ("cookie", "secret", Err("its own credentials")),
            ("HOST", "secret", Err("belongs to the connection")),
            ("content-length", "1", Err("belongs to the connection")),
            ("a b", "secret", Err("not a valid header name")),
            ("x-a", "secret\n", Err("no header can hold")),
        ];
        for (name, value, expected) in cases {
            let mut options = RequestOptions::default();
            options.header(name, value);
            let mut headers = HeaderMap::new();
            match (options.apply(&mut headers), expected) {
                (Ok(()), Ok(expected)) => assert_eq!(headers[name], expected),
                (Err(fault), Err(reason)) => {
                    assert!(fault.contains(reason), "{fault}");
                    assert!(!fault.contains("secret"), "{fault}");
                }
                (outcome, _) => panic!("{name}: {outcome:?}"),
            }
        }
    }
}
