//! An operation of the contract: its method, its path template, and which values can stand in the
//! path. The base URL that the path is appended to is `send`'s.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use reqwest::StatusCode;

/// An operation of the contract. The generated [`operations`](crate::operations) lists them all.
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
/// let error = client.edit_person("unknown", |_| {}).await.unwrap_err();
/// let operation = error.operation().unwrap();
/// assert_eq!(operation.id(), "getPersonDetails");
/// assert_eq!(operation.method(), "GET");
/// assert_eq!(operation.path(), "/people/{personId}");
/// assert!(operation.is_safe() && operation.is_idempotent());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) safe: bool,
    /// Whether a request carries the access token.
    pub(crate) authenticated: bool,
    /// The media type of its response; empty if there is none.
    pub(crate) accept: &'static str,
    /// The media type of its body; empty if it takes none.
    pub(crate) content_type: &'static str,
    /// The parameters of its path that take any text, which is then percent-encoded. The others have
    /// a pattern, and take what stands in a path as itself.
    pub(crate) encoded_parameters: &'static [&'static str],
    /// Other paths that a value in this one could turn it into: `/people/me`.
    pub(crate) conflicting_paths: &'static [&'static str],
    /// The keys of its responses: `200`, `4XX`, `default`.
    pub(crate) statuses: &'static [&'static str],
}

impl Operation {
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
        self.safe
    }

    /// Whether the contract lists a response for `status`: by its code, its class (`4XX`), or as
    /// `default`.
    ///
    /// # Examples
    ///
    /// ```
    /// let operation = people_sdk::operations::ALL[0];
    /// assert!(operation.lists_status(200));
    /// assert!(!operation.lists_status(203));
    /// ```
    #[must_use]
    pub fn lists_status(&self, status: u16) -> bool {
        let code = status.to_string();
        let is = |listed: &&str| {
            **listed == code || *listed == "default" || listed.strip_suffix("XX") == code.get(..1)
        };
        self.statuses.iter().any(is)
    }

    /// Whether the contract lists a redirect as an answer, which is not followed.
    pub(crate) fn answers_with(&self, status: StatusCode) -> bool {
        let code = status.as_str();
        status.is_redirection()
            && self
                .statuses
                .iter()
                .any(|listed| [code, "3XX"].contains(listed))
    }

    /// The path with `values` in place of its parameters, or why it would be another route.
    pub(crate) fn path_with(&self, values: &[(&str, &str)]) -> Result<Cow<'static, str>, String> {
        let mut path = Cow::Borrowed(self.path);
        for (name, value) in values {
            let parameter = format!("{{{name}}}");
            if !path.contains(&parameter) {
                return Err(format!(
                    "the path `{}` has no parameter `{name}`, or it was set before",
                    self.path
                ));
            }
            let segment = if self.encoded_parameters.contains(name) {
                encode_path_segment(value).map(Cow::Owned)
            } else {
                validate_path_segment(value).map(|()| Cow::Borrowed(*value))
            };
            let segment = segment.map_err(|fault| format!("`{name}` {fault}"))?;
            path = path.replace(&parameter, &segment).into();
        }
        // No value has a brace, for it is encoded or rejected.
        if let Some((_, rest)) = path.split_once('{') {
            let name = rest.split('}').next().unwrap_or_default();
            return Err(format!("the parameter `{name}` has no value"));
        }
        match self
            .conflicting_paths
            .iter()
            .find(|other| is_match(&path, other))
        {
            Some(other) => Err(format!(
                "the path would be that of another operation, `{other}`; pass the identifier as the \
                 service returned it"
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

/// Punctuation that stands in a path segment as itself.
const ALLOWED_PUNCTUATION: &str = "-._~=+@:,";

/// Percent-encodes a value, which stays one segment. Some servers decode a slash before they look for
/// dot segments, so a value with one between slashes is rejected.
fn encode_path_segment(value: &str) -> Result<String, String> {
    if value.is_empty() {
        return Err("is empty, so the call would go to another route".to_owned());
    }
    if let Some(dots) = value.split(['/', '\\']).find(|part| is_dot_segment(part)) {
        return Err(format!(
            "has the part `{dots}`, which a server resolves to another route"
        ));
    }
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || ALLOWED_PUNCTUATION.contains(char::from(byte)) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    Ok(encoded)
}

fn is_dot_segment(segment: &str) -> bool {
    segment == "." || segment == ".."
}

/// Accepts only values that every server, proxy and URL parser reads as one path segment.
pub(crate) fn validate_path_segment(value: &str) -> Result<(), String> {
    match value {
        "" => return Err("is empty, so the call would go to another route".to_owned()),
        "." | ".." => {
            return Err(format!(
                "is `{value}`, which a server resolves to another route"
            ));
        }
        _ => {}
    }
    let invalid = value
        .chars()
        .enumerate()
        .find(|(_, c)| !c.is_ascii_alphanumeric() && !ALLOWED_PUNCTUATION.contains(*c));
    match invalid {
        Some((index, c)) => Err(format!(
            "has {c:?} as character {}; only ASCII letters, digits and {ALLOWED_PUNCTUATION} are \
             allowed, as others could change the route",
            index + 1
        )),
        None => Ok(()),
    }
}

/// Whether `path` could be taken for `template`, by a server that may ignore case.
pub(crate) fn is_match(path: &str, template: &str) -> bool {
    path.split('/').count() == template.split('/').count()
        && path
            .split('/')
            .zip(template.split('/'))
            .all(|(segment, template)| is_segment(segment, template))
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

    const GET: Operation = Operation {
        id: "getThing",
        method: "GET",
        path: "/things/{id}",
        safe: true,
        authenticated: true,
        accept: "application/json",
        content_type: "",
        encoded_parameters: &["text"],
        conflicting_paths: &["/things/me", "/things/{id}.json"],
        statuses: &["200", "4XX"],
    };

    #[test]
    fn a_status_is_listed_by_its_code_its_class_or_the_default() {
        for (status, listed) in [(200, true), (201, false), (404, true), (500, false)] {
            assert_eq!(GET.lists_status(status), listed, "{status}");
        }
        let any = Operation {
            statuses: &["default"],
            ..GET
        };
        assert!(any.lists_status(500));
    }

    #[test]
    fn plain_segments_are_accepted() {
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
    fn a_parameter_without_a_pattern_takes_any_text_as_one_segment() {
        let file = Operation {
            path: "/files/{text}",
            conflicting_paths: &["/files/me"],
            ..GET
        };
        let cases = [
            ("a b", Ok("a%20b")),
            ("a/b", Ok("a%2Fb")),
            ("zoë", Ok("zo%C3%AB")),
            ("100%", Ok("100%25")),
            ("?#;", Ok("%3F%23%3B")),
            ("%2e%2e", Ok("%252e%252e")),
            ("...", Ok("...")),
            ("", Err("is empty")),
            ("..", Err("has the part `..`")),
            (".", Err("has the part `.`")),
            ("../people/me", Err("has the part `..`")),
            ("a\\..", Err("has the part `..`")),
            ("me", Err("another operation")),
        ];
        for (value, expected) in cases {
            match (file.path_with(&[("text", value)]), expected) {
                (Ok(path), Ok(segment)) => assert_eq!(path, format!("/files/{segment}")),
                (Err(fault), Err(reason)) => assert!(fault.contains(reason), "{fault}"),
                (path, _) => panic!("{value:?}: {path:?}"),
            }
        }
    }

    #[test]
    fn values_that_could_change_the_route_are_rejected() {
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
