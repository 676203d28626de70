//! The request of an operation: where the values of its parameters go, by the rules of OpenAPI.
//! Generated code states the parameters; how the request is sent is `send`'s.

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Method, Request, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::runtime::answers::Answers;
use crate::runtime::error::Error;
use crate::runtime::multipart::MultipartForm;
use crate::runtime::operation::Operation;
use crate::runtime::request_options::{RequestOptions, replace};
use crate::runtime::response::{ByteStream, ResponseValue};
use crate::runtime::send::Inner;
use crate::runtime::serde_support::JsonType;
use crate::runtime::serde_support::json_type::Written;

/// How a list or an object is written into a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueryStyle {
    /// `name=a&name=b`, and the properties of an object by their own names.
    Exploded,
    /// `name=a,b`
    Commas,
    /// `name=a b`
    Spaces,
    /// `name=a|b`
    Pipes,
    /// `name[property]=a`
    DeepObject,
    /// `name={"property":"a"}`
    Json,
}

/// A request that is being put together. The first fault is kept, and ends it before anything is sent.
#[derive(Clone)]
pub(crate) struct Parts {
    inner: Inner,
    operation: &'static Operation,
    path: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Option<Bytes>,
    /// The media type of the body, where it is more than the operation's.
    content_type: Option<String>,
    options: RequestOptions,
    fault: Option<String>,
}

impl Inner {
    /// Starts a request of `operation`.
    pub(crate) fn request(self, operation: &'static Operation) -> Parts {
        Parts {
            inner: self,
            operation,
            path: Vec::new(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: None,
            content_type: None,
            options: RequestOptions::default(),
            fault: None,
        }
    }
}

impl Parts {
    /// Sets a parameter of the path.
    pub(crate) fn path<T: Serialize>(
        mut self,
        name: &'static str,
        value: Result<T, String>,
    ) -> Self {
        if let Some(value) = self.value(name, value) {
            match joined(&value) {
                Some(text) => self.path.push((name, text)),
                None => self.fail(format!(
                    "`{name}` has a value that a path cannot hold: {UNWRITABLE}"
                )),
            }
        }
        self
    }

    /// Adds a parameter to the query; nothing for null and for an empty list.
    pub(crate) fn query<T: Serialize>(
        mut self,
        name: &str,
        style: QueryStyle,
        value: Result<T, String>,
    ) -> Self {
        if let Some(value) = self.value(name, value) {
            match query_pairs(name, style, &value) {
                Some(pairs) => self.query.extend(pairs),
                None => self.fail(format!(
                    "`{name}` has a value that a query cannot hold: {UNWRITABLE}"
                )),
            }
        }
        self
    }

    /// Sets a header; nothing for null.
    pub(crate) fn header<T: Serialize>(
        mut self,
        name: &'static str,
        value: Result<T, String>,
    ) -> Self {
        let Some(value) = self.value(name, value).filter(|value| !value.is_null()) else {
            return self;
        };
        let header = joined(&value).and_then(|text| HeaderValue::try_from(text).ok());
        match (HeaderName::try_from(name), header) {
            (Ok(name), Some(value)) => {
                self.headers.insert(name, value);
            }
            _ => self.fail(format!("`{name}` has a value that a header cannot hold")),
        }
        self
    }

    /// Sets the body, as JSON; none for an absent value.
    pub(crate) fn json<T: JsonType>(mut self, value: Result<T, String>) -> Self {
        match value.map(|value| (!value.is_absent()).then(|| serde_json::to_vec(&Written(&value))))
        {
            Ok(None) => {}
            Ok(Some(Ok(body))) => self.body = Some(body.into()),
            Ok(Some(Err(error))) => self.fail(format!("the body cannot be written: {error}")),
            Err(fault) => self.fail(fault),
        }
        self
    }

    /// Sets the body, as a form; none for an absent value.
    #[allow(dead_code, reason = "used by contracts with such an operation")]
    pub(crate) fn form<T: JsonType>(mut self, value: Result<T, String>) -> Self {
        let value = match value {
            Ok(value) if value.is_absent() => return self,
            Ok(value) => serde_json::to_value(Written(&value))
                .map_err(|error| format!("the body cannot be written: {error}")),
            Err(fault) => Err(fault),
        };
        match value.map(|value| form_pairs(&value)) {
            Ok(Some(pairs)) => {
                let encoded = Url::parse_with_params("form:", pairs);
                let encoded = encoded.as_ref().ok().and_then(Url::query);
                self.body = Some(encoded.unwrap_or_default().to_owned().into());
            }
            Ok(None) => self.fail("the body has a part that a form cannot hold".to_owned()),
            Err(fault) => self.fail(fault),
        }
        self
    }

    /// Sets the body, as a form whose fields can be files; none for an absent value.
    pub(crate) fn multipart(
        mut self,
        value: Result<impl Into<Option<MultipartForm>>, String>,
    ) -> Self {
        let form = value.map(|value| value.into().map(|form| form.encoded()).transpose());
        match form.and_then(|form| form) {
            Ok(Some((boundary, body))) => {
                let media_type = self.operation.content_type;
                self.content_type = Some(format!("{media_type}; boundary={boundary}"));
                self.body = Some(body.into());
            }
            Ok(None) => {}
            Err(fault) => self.fail(fault),
        }
        self
    }

    /// Sets the body, as it is; none for an absent value.
    pub(crate) fn bytes(mut self, value: Result<impl Into<Option<Bytes>>, String>) -> Self {
        match value {
            Ok(value) => self.body = value.into(),
            Err(fault) => self.fail(fault),
        }
        self
    }

    /// Sets the body, as the JSON of any value.
    pub(crate) fn serialized(mut self, value: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => self.body = Some(body.into()),
            Err(error) => self.fail(format!("the body cannot be written: {error}")),
        }
        self
    }

    /// Adds what the caller sets beyond the contract.
    pub(crate) fn options(mut self, options: RequestOptions) -> Self {
        if let Some(timeout) = options.timeout() {
            self.inner.timeouts.call = timeout;
        }
        self.options = options;
        self
    }

    /// Sends the request, for operations whose result is the JSON in the response.
    pub(crate) async fn send_json<T: JsonType>(self) -> Result<ResponseValue<T>, Error> {
        let (inner, operation, request) = self.finish()?;
        inner.send_json(operation, request).await
    }

    /// Sends the request, for operations that succeed with a body or without.
    pub(crate) async fn send_json_optional<T: JsonType>(
        self,
    ) -> Result<ResponseValue<Option<T>>, Error> {
        let (inner, operation, request) = self.finish()?;
        inner.send_json_optional(operation, request).await
    }

    /// Sends the request, for operations whose result depends on the status.
    pub(crate) async fn send_answers<T: Answers>(self) -> Result<ResponseValue<T>, Error> {
        let (inner, operation, request) = self.finish()?;
        inner.send_answers(operation, request).await
    }

    /// Sends the request, for operations whose response is a status alone.
    pub(crate) async fn send_empty(self) -> Result<ResponseValue<()>, Error> {
        let (inner, operation, request) = self.finish()?;
        inner.send_empty(operation, request).await
    }

    /// Sends the request, for operations whose response is not JSON.
    pub(crate) async fn send_stream(self) -> Result<ResponseValue<ByteStream>, Error> {
        let (inner, operation, request) = self.finish()?;
        inner.send_stream(operation, request).await
    }

    /// Sends the request, for responses that the contract does not describe.
    pub(crate) async fn send_any<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        let (inner, operation, request) = self.finish()?;
        inner.send_any(operation, request).await
    }

    fn finish(self) -> Result<(Inner, &'static Operation, Request), Error> {
        let operation = self.operation;
        if let Some(fault) = self.fault {
            return Err(Error::invalid_request(operation, fault));
        }
        let values: Vec<(&str, &str)> = self
            .path
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mut url = self.inner.url(operation, &values)?;
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let method = Method::from_bytes(operation.method().as_bytes())
            .map_err(|_| Error::invalid_request(operation, "the method is none of HTTP's"))?;
        let mut request = Request::new(method, url);
        let headers = request.headers_mut();
        if !operation.accept.is_empty() {
            headers.insert(ACCEPT, HeaderValue::from_static(operation.accept));
        }
        replace(headers, &self.headers);
        if self.body.is_some() {
            let media_type = match self.content_type {
                None => Ok(HeaderValue::from_static(operation.content_type)),
                Some(media_type) => HeaderValue::try_from(media_type),
            };
            let media_type = media_type.map_err(|_| {
                Error::invalid_request(operation, "the media type of the body is no header value")
            })?;
            headers.insert(CONTENT_TYPE, media_type);
        }
        let options = self.options.apply(headers);
        options.map_err(|fault| Error::invalid_request(operation, fault))?;
        *request.body_mut() = self.body.map(Body::from);
        Ok((self.inner, operation, request))
    }

    fn value<T: Serialize>(&mut self, name: &str, value: Result<T, String>) -> Option<Value> {
        let value = value.and_then(|value| {
            serde_json::to_value(value).map_err(|error| format!("`{name}` cannot be sent: {error}"))
        });
        value.map_err(|fault| self.fail(fault)).ok()
    }

    pub(crate) fn fail(&mut self, fault: String) {
        self.fault.get_or_insert(fault);
    }
}

/// A value without parts, as text.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        // JSON writes a whole number of a type with fractions as `100.0`.
        Value::Number(number) => {
            let text = number.to_string();
            Some(text.strip_suffix(".0").map_or(text.clone(), str::to_owned))
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `style: simple`: `a`, `a,b`, `property,value`.
fn joined(value: &Value) -> Option<String> {
    match value {
        Value::Array(items) => separated(items.iter().map(scalar), ","),
        Value::Object(properties) => separated(property_words(properties).into_iter(), ","),
        value => scalar(value),
    }
}

fn property_words(properties: &serde_json::Map<String, Value>) -> Vec<Option<String>> {
    let present = properties.iter().filter(|(_, value)| !value.is_null());
    present
        .flat_map(|(name, value)| [Some(name.clone()), scalar(value)])
        .collect()
}

/// What has no form in a path or a query.
const UNWRITABLE: &str =
    "null, a list or an object inside another, or an item with the character between items";

/// The words as one text, unless it would be that of other words.
fn separated(words: impl Iterator<Item = Option<String>>, separator: &str) -> Option<String> {
    let words = words.collect::<Option<Vec<_>>>()?;
    let is_ambiguous = words.iter().any(|word| word.contains(separator));
    (!is_ambiguous).then(|| words.join(separator))
}

/// The properties of an object, none of which can be one.
fn form_pairs(value: &Value) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for (name, value) in value.as_object()? {
        if value.is_object() {
            return None;
        }
        pairs.extend(query_pairs(name, QueryStyle::Exploded, value)?);
    }
    Some(pairs)
}

fn query_pairs(name: &str, style: QueryStyle, value: &Value) -> Option<Vec<(String, String)>> {
    let separator = match style {
        QueryStyle::Json if value.is_null() => return Some(Vec::new()),
        QueryStyle::Json => return Some(vec![(name.to_owned(), value.to_string())]),
        QueryStyle::Exploded | QueryStyle::DeepObject => None,
        QueryStyle::Commas => Some(","),
        QueryStyle::Spaces => Some(" "),
        QueryStyle::Pipes => Some("|"),
    };
    let one = |text| vec![(name.to_owned(), text)];
    match (value, separator) {
        (Value::Null, _) => Some(Vec::new()),
        (Value::Array(items), _) if items.is_empty() => Some(Vec::new()),
        (Value::Array(items), Some(separator)) => {
            separated(items.iter().map(scalar), separator).map(one)
        }
        (Value::Array(items), None) => items
            .iter()
            .map(|item| Some((name.to_owned(), scalar(item)?)))
            .collect(),
        (Value::Object(properties), Some(separator)) => {
            separated(property_words(properties).into_iter(), separator).map(one)
        }
        (Value::Object(properties), None) => properties
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(property, value)| {
                let property = match style {
                    QueryStyle::DeepObject => format!("{name}[{property}]"),
                    _ => property.clone(),
                };
                Some((property, scalar(value)?))
            })
            .collect(),
        (value, _) => scalar(value).map(one),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_query_parameter_is_written_in_its_style() {
        use QueryStyle::{Commas, DeepObject, Exploded, Pipes, Spaces};
        let rows = [
            (Exploded, json!("a b"), "n=a b"),
            (Exploded, json!(100.0), "n=100"),
            (Exploded, json!(1.5), "n=1.5"),
            (Exploded, json!(true), "n=true"),
            (Exploded, json!(null), ""),
            (Exploded, json!([]), ""),
            (Commas, json!([]), ""),
            (Exploded, json!(["a", 1]), "n=a&n=1"),
            (Commas, json!(["a", 1]), "n=a,1"),
            (Spaces, json!(["a", "b"]), "n=a b"),
            (Pipes, json!(["a", "b"]), "n=a|b"),
            (Exploded, json!({ "x": 1, "y": null }), "x=1"),
            (Commas, json!({ "x": 1, "y": "z" }), "n=x,1,y,z"),
            (DeepObject, json!({ "x": 1, "y": "z" }), "n[x]=1&n[y]=z"),
        ];
        for (style, value, expected) in rows {
            let pairs = query_pairs("n", style, &value).unwrap();
            let shown: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}={v}")).collect();
            assert_eq!(shown.join("&"), expected, "{style:?} {value}");
        }
        for nested in [json!([[1]]), json!({ "x": {} }), json!([null])] {
            assert_eq!(query_pairs("n", Exploded, &nested), None, "{nested}");
        }
        // One item or two: only repeating the name tells.
        let item = json!(["a,b"]);
        assert_eq!(query_pairs("n", Commas, &item), None);
        assert!(query_pairs("n", Exploded, &item).is_some());
    }

    #[test]
    fn a_path_or_a_header_takes_values_between_commas() {
        let rows = [
            (json!("a"), Some("a")),
            (json!(["a", 2]), Some("a,2")),
            (json!({ "x": 1 }), Some("x,1")),
            (json!(null), None),
            (json!([[1]]), None),
            (json!("a,b"), Some("a,b")),
            (json!(["a,b"]), None),
        ];
        for (value, expected) in rows {
            assert_eq!(joined(&value).as_deref(), expected, "{value}");
        }
    }
}
