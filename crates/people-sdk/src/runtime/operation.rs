//! What the client knows of an operation, and the URL that a call of it goes to.

use std::borrow::Cow;
use std::fmt;

use reqwest::Url;

use crate::{Client, Error};

/// An operation of the contract. The generated [`operations`](crate::operations) lists them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operation {
    id: &'static str,
    method: &'static str,
    path: &'static str,
    shadows: &'static [&'static str],
}

impl Operation {
    pub(crate) const fn new(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        shadows: &'static [&'static str],
    ) -> Self {
        Self {
            id,
            method,
            path,
            shadows,
        }
    }

    /// The `operationId` of the contract.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// The HTTP method, in capitals.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// The path template of the contract, `/people/{personId}`.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// Whether sending the request twice does what sending it once does (RFC 9110, 9.2.2).
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        self.is_safe() || ["PUT", "DELETE"].contains(&self.method)
    }

    /// Whether the request only reads (RFC 9110, 9.2.1).
    #[must_use]
    pub fn is_safe(&self) -> bool {
        ["GET", "HEAD", "OPTIONS", "TRACE"].contains(&self.method)
    }

    /// The path with `values` in place of its parameters.
    fn path_with(&self, values: &[(&str, &str)]) -> Result<Cow<'static, str>, String> {
        let mut path = Cow::Borrowed(self.path);
        for (name, value) in values {
            check(value).map_err(|fault| format!("`{name}` {fault}"))?;
            path = path.replace(&format!("{{{name}}}"), value).into();
        }
        match self.shadows.iter().find(|other| is_match(&path, other)) {
            Some(other) => Err(format!(
                "the path would be that of another operation, `{other}`; give the identifier that \
                 the service gave"
            )),
            None => Ok(path),
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

impl Client {
    /// The URL of a call of `operation`.
    pub(crate) fn url(
        &self,
        operation: &'static Operation,
        values: &[(&str, &str)],
    ) -> Result<Url, Error> {
        let path = operation
            .path_with(values)
            .map_err(|fault| Error::invalid_request(operation, fault))?;
        // To read the whole URL anew, host and all, would be a thirtieth of a call.
        let mut url = self.inner.shared.base.clone();
        let whole = format!("{}{path}", url.path().trim_end_matches('/'));
        url.set_path(&whole);
        Ok(url)
    }
}

/// Lets through what stands in a path as itself, everywhere on its way: no server, proxy or URL
/// parser takes it for anything but one segment.
fn check(value: &str) -> Result<(), String> {
    const SIGNS: &str = "-._~=+@:,";
    match value {
        "" => return Err("is empty, and the call would go to another route".to_owned()),
        "." | ".." => {
            return Err(format!(
                "is `{value}`, which leads to another route instead of naming something"
            ));
        }
        _ => {}
    }
    let stranger = value
        .chars()
        .enumerate()
        .find(|(_, c)| !c.is_ascii_alphanumeric() && !SIGNS.contains(*c));
    match stranger {
        Some((index, c)) => Err(format!(
            "has {c:?} as character {}; only ASCII letters, digits and {SIGNS} can stand in a path \
             without a risk of calling another route",
            index + 1
        )),
        None => Ok(()),
    }
}

/// Whether `path` could be taken for `template`, by a server that may ignore case.
fn is_match(path: &str, template: &str) -> bool {
    path.split('/').count() == template.split('/').count()
        && path
            .split('/')
            .zip(template.split('/'))
            .all(|(ours, theirs)| is_segment(ours, theirs))
}

/// Whether `segment` is `template`, with something in place of its parameters.
fn is_segment(segment: &str, template: &str) -> bool {
    let (Some(start), Some(end)) = (template.find('{'), template.rfind('}')) else {
        return segment.eq_ignore_ascii_case(template);
    };
    let (before, after) = (&template[..start], &template[end + 1..]);
    let length = before.len() + after.len();
    segment.len() > length
        && segment.is_char_boundary(before.len())
        && segment.is_char_boundary(segment.len() - after.len())
        && segment[..before.len()].eq_ignore_ascii_case(before)
        && segment[segment.len() - after.len()..].eq_ignore_ascii_case(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHADOWS: &[&str] = &["/things/me", "/things/{id}.json"];
    const GET: Operation = Operation::new("getThing", "GET", "/things/{id}", SHADOWS);

    #[test]
    fn what_stands_for_itself_is_taken() {
        for id in [
            "Y2lzY29z-_",
            "a=",
            "...",
            "x.y",
            "a@b.example",
            "mee",
            ".json",
        ] {
            assert_eq!(
                GET.path_with(&[("id", id)]),
                Ok(format!("/things/{id}").into())
            );
        }
    }

    #[test]
    fn a_url_is_the_base_and_the_path_as_they_stand() {
        for base in [
            "http://127.0.0.1:1",
            "http://127.0.0.1:1/",
            "http://127.0.0.1:1/v1",
            "http://[::1]:1/a%20proxy/v1//",
        ] {
            let client = Client::builder().base_url(base).token("t").build().unwrap();
            for id in ["Y2lzY29z-_", "a=", "...", "a@b.example", "~+@:,", ".json"] {
                let url = client.url(&GET, &[("id", id)]).unwrap();
                let expected = format!("{}/things/{id}", base.trim_end_matches('/'));
                assert_eq!(url.as_str(), expected);
            }
        }
    }

    #[test]
    fn what_could_lead_elsewhere_is_refused() {
        let cases = [
            ("", "`id` is empty"),
            (".", "`id` is `.`"),
            ("..", "`id` is `..`"),
            ("me", "another operation, `/things/me`"),
            ("Me", "another operation, `/things/me`"),
            ("a.json", "another operation, `/things/{id}.json`"),
            ("a/b", "`id` has '/' as character 2"),
            ("?x", "`id` has '?' as character 1"),
            ("#", "`id` has '#' as character 1"),
            ("%2e", "`id` has '%' as character 1"),
            ("a\\..", "`id` has '\\\\' as character 2"),
            ("é", "`id` has 'é' as character 1"),
            ("a b", "`id` has ' ' as character 2"),
            ("..;", "`id` has ';' as character 3"),
        ];
        for (id, expected) in cases {
            let fault = GET.path_with(&[("id", id)]).unwrap_err();
            assert!(fault.contains(expected), "{id:?}: {fault}");
        }
    }
}
