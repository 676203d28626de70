//! Requests that the contract does not describe, sent as its operations are: the same credentials, rate
//! gate, retries, limits and errors.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Client;
use crate::generated::operations;
use crate::runtime::error::Error;
use crate::runtime::operation::{Operation, is_match, validate_path_segment};
use crate::runtime::request::{Parts, QueryStyle};
use crate::runtime::request_options::RequestOptions;
use crate::runtime::response::ResponseValue;

impl Client {
    /// Starts a request that the contract does not describe. It is sent as the operations of the
    /// contract are: with the same credentials, rate limit, retries, time limits, errors and tracing.
    ///
    /// `path` comes after the base URL. It is a literal of the program, so that errors and traces can
    /// name it: a value that varies is a parameter, `/people/{personId}`, which
    /// [`path`](RawRequest::path) fills in and checks.
    ///
    /// # Examples
    ///
    /// ```
    /// # let runtime = tokio::runtime::Runtime::new()?;
    /// # runtime.block_on(async {
    /// # let fake = people_fake::FakePeople::start().await?;
    /// # let client = people_sdk::Client::builder()
    /// #     .base_url(fake.base_url())
    /// #     .token(people_fake::ADMIN_TOKEN)
    /// #     .build()?;
    /// use people_sdk::reqwest::Method;
    /// use people_sdk::types::Person;
    ///
    /// // Any type that serde reads; `serde_json::Value` is one.
    /// #[derive(serde::Deserialize)]
    /// struct Found {
    ///     items: Vec<Person>,
    /// }
    ///
    /// let found = client
    ///     .request(Method::GET, "/people")
    ///     .query("email", "john.andersen@example.com")
    ///     .send::<Found>()
    ///     .await?;
    /// assert_eq!(found.items[0].display_name.as_deref(), Some("John Andersen"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "raw")]
    #[doc(alias = "search")]
    #[doc(alias = "list")]
    #[doc(alias = "email")]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "as in reqwest: a caller writes `Method::GET`"
    )]
    pub fn request(&self, method: Method, path: &'static str) -> RawRequest {
        let (operation, fault) = match operation(&method, path) {
            Ok(operation) => (operation, None),
            Err(fault) => (INVALID, Some(fault)),
        };
        let mut parts = self.inner.clone().request(operation);
        if let Some(fault) = fault {
            parts.fail(fault);
        }
        RawRequest {
            parts,
            options: RequestOptions::default(),
        }
    }
}

/// A request that the contract does not describe. [`Client::request`] starts one.
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
/// use std::time::Duration;
///
/// use people_sdk::reqwest::Method;
/// use people_sdk::types::Person;
///
/// let person = client
///     .request(Method::GET, "/people/{personId}")
///     .path("personId", people_fake::JOHN_ANDERSEN)
///     .query("callingData", true)
///     .header("accept-language", "en")
///     .timeout(Duration::from_secs(5))
///     .send::<Person>()
///     .await?;
/// assert_eq!(person.extension.as_deref(), Some("133"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing is sent before `send` is awaited"]
pub struct RawRequest {
    parts: Parts,
    options: RequestOptions,
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest").finish_non_exhaustive()
    }
}

impl RawRequest {
    /// Sets the parameter `{name}` of the path. The value stays one segment: it is percent-encoded, and
    /// one that would lead to another route (empty, `.`, `..`) ends the call before anything is sent. So does
    /// a name that the path lacks, or that is set twice.
    pub fn path(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.parts = self.parts.path(name, Ok(value));
        self
    }

    /// Adds a parameter to the query. `None` and an empty list add nothing, and a list adds the
    /// parameter once for each of its items.
    pub fn query(mut self, name: impl AsRef<str>, value: impl Serialize) -> Self {
        let name = name.as_ref();
        self.parts = self.parts.query(name, QueryStyle::Exploded, Ok(value));
        self
    }

    /// Sets a header, in place of one that the client would send. A hook
    /// ([`on_request`](crate::ClientBuilder::on_request)) comes after. Credentials and headers of the
    /// connection cannot be set: the call then ends with
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest).
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.options.header(name.as_ref(), value.as_ref());
        self
    }

    /// Sets the body, as JSON.
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
    /// use people_sdk::reqwest::Method;
    /// use people_sdk::serde_json::{Value, json};
    ///
    /// # let id = people_fake::JOHN_ANDERSEN;
    /// let person = client
    ///     .request(Method::PUT, "/people/{personId}")
    ///     .path("personId", id)
    ///     .json(&json!({ "displayName": "John Andersen", "title": "Director" }))
    ///     .send::<Value>()
    ///     .await?;
    /// assert_eq!(person["title"], "Director");
    /// # Ok(())
    /// # }
    /// ```
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        self.parts = self.parts.serialized(body);
        self
    }

    /// The time of this call, with all attempts and the waits between them, instead of the client's.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.set_timeout(timeout);
        self
    }

    /// Sends the request and reads the JSON of the response. A response without a body is read as
    /// `null`, so `()` and `Option<T>` take one.
    ///
    /// # Errors
    ///
    /// As for the operations of the contract. A body that `T` cannot be read from is
    /// [`ErrorKind::UnexpectedBody`](crate::ErrorKind::UnexpectedBody), and none where `T` needs one is
    /// [`ErrorKind::NoContent`](crate::ErrorKind::NoContent).
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::reqwest::Method;
    /// use people_sdk::serde::de::DeserializeOwned;
    /// use people_sdk::{Client, Error};
    ///
    /// /// Reads what any endpoint has for an id.
    /// async fn read<T: DeserializeOwned>(
    ///     client: &Client,
    ///     path: &'static str,
    ///     id: &str,
    /// ) -> Result<T, Error> {
    ///     let request = client.request(Method::GET, path).path("id", id);
    ///     Ok(request.send::<T>().await?.into_inner())
    /// }
    /// ```
    pub async fn send<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        self.parts.options(self.options).send_any().await
    }
}

/// Stands for a request whose path or method is invalid, which is not sent.
const INVALID: &Operation = &Operation {
    id: "request",
    method: "",
    path: "",
    safe: false,
    authenticated: true,
    accept: "",
    content_type: "",
    encoded_parameters: &[],
    conflicting_paths: &[],
    statuses: &[],
};

/// The description of a method on a path. It is made once per pair and kept for the life of the process,
/// as errors and traces refer to it; paths are literals, so there are few.
fn operation(method: &Method, path: &'static str) -> Result<&'static Operation, String> {
    static KNOWN: Mutex<Vec<&Operation>> = Mutex::new(Vec::new());

    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let is_same = |known: &&&Operation| known.method == method.as_str() && known.path == path;
    if let Some(found) = known.iter().find(is_same) {
        return Ok(found);
    }
    let operation: &'static Operation = Box::leak(Box::new(describe(method, path)?));
    known.push(operation);
    Ok(operation)
}

fn describe(method: &Method, path: &'static str) -> Result<Operation, String> {
    const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

    let name = METHODS.into_iter().find(|name| *name == method.as_str());
    let name = name.ok_or_else(|| format!("the method {method} is not supported"))?;
    let Some(segments) = path.strip_prefix('/') else {
        return Err(format!("the path `{path}` does not start with a slash"));
    };
    let mut parameters = Vec::new();
    for segment in segments.split('/') {
        match segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            Some(name) => parameters.push(name),
            None => validate_path_segment(segment)
                .map_err(|fault| format!("a segment of the path `{path}` {fault}"))?,
        }
    }
    // Paths of the contract that a parameter could turn this one into.
    let conflicting = operations::ALL.iter().filter(|other| {
        !parameters.is_empty() && !other.path.contains('{') && is_match(other.path, path)
    });
    let conflicting: Vec<&str> = conflicting.map(|other| other.path).collect();
    Ok(Operation {
        id: Box::leak(format!("{name} {path}").into_boxed_str()),
        method: name,
        path,
        safe: method.is_safe(),
        authenticated: true,
        accept: "application/json",
        content_type: "application/json",
        encoded_parameters: parameters.leak(),
        conflicting_paths: conflicting.leak(),
        statuses: &["default"],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_described_or_rejected_with_a_reason() {
        let cases = [
            ("/people", Ok("GET /people")),
            ("/people/{personId}", Ok("GET /people/{personId}")),
            ("people", Err("does not start with a slash")),
            ("/people/", Err("is empty")),
            ("//people", Err("is empty")),
            ("/people/../me", Err("is `..`")),
            ("/people?email=a", Err("'?'")),
            ("/people#a", Err("'#'")),
            ("/people/%2e", Err("'%'")),
            ("/people/{id}.json", Err("'{'")),
        ];
        for (path, expected) in cases {
            match (operation(&Method::GET, path), expected) {
                (Ok(operation), Ok(id)) => assert_eq!(operation.id(), id),
                (Err(fault), Err(reason)) => assert!(fault.contains(reason), "{fault}"),
                (outcome, _) => panic!("{path}: {outcome:?}"),
            }
        }
        let method = Method::from_bytes(b"PURGE").unwrap();
        let fault = operation(&method, "/people").unwrap_err();
        assert_eq!(fault, "the method PURGE is not supported");
    }

    #[test]
    fn a_description_is_made_once() {
        let one = operation(&Method::PUT, "/people/{personId}").unwrap();
        let other = operation(&Method::PUT, "/people/{personId}").unwrap();
        assert!(std::ptr::eq(one, other));
        assert!(one.is_idempotent() && !one.is_safe());
    }

    #[test]
    fn a_value_cannot_turn_the_path_into_one_of_the_contract() {
        let operation = operation(&Method::GET, "/people/{personId}").unwrap();
        let fault = operation.path_with(&[("personId", "me")]).unwrap_err();
        assert!(fault.contains("another operation, `/people/me`"), "{fault}");
        let path = operation.path_with(&[("personId", "a/b")]).unwrap();
        assert_eq!(path, "/people/a%2Fb");
        let fault = operation.path_with(&[]).unwrap_err();
        assert!(fault.contains("`personId` has no value"), "{fault}");
    }
}
