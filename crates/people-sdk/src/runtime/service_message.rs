//! What the service says of an error, read leniently from the families of error bodies that it and
//! the gateways before it send. What of it is shown is `error`'s.

use serde_json::Value;

use crate::runtime::body::without_mark;

/// The media types that are named where a body cannot be read. A header can have any text in their place.
const MEDIA_TYPES: [&str; 9] = [
    "application/json",
    "application/octet-stream",
    "application/problem+json",
    "application/scim+json",
    "application/xhtml+xml",
    "application/xml",
    "text/html",
    "text/plain",
    "text/xml",
];

/// What an error body says, wherever it says it.
#[derive(Debug, Default, Clone)]
pub(crate) struct ServiceMessage {
    pub(crate) message: Option<String>,
    pub(crate) details: Vec<String>,
    pub(crate) codes: Vec<String>,
    pub(crate) tracking_id: Option<String>,
    /// What arrived, where nothing of it could be read: `118 bytes of text/html`.
    pub(crate) unread: Option<String>,
}

impl ServiceMessage {
    /// Reads what it can of an error body: any part may be missing or of another type, and the
    /// body need not be JSON.
    pub(crate) fn read(body: &[u8], tracking_id: Option<&str>, media_type: Option<&str>) -> Self {
        let mut read = Self::default();
        let text = without_mark(body);
        match serde_json::from_slice::<Value>(text) {
            Ok(Value::Object(body)) => read.object(&Value::Object(body)),
            Ok(value) => read.message = string(&value),
            Err(_) => read.message = std::str::from_utf8(text).ok().and_then(plain_text),
        }
        if read.message.is_none() && read.details.is_empty() && !text.trim_ascii().is_empty() {
            read.unread = Some(description(body, media_type));
        }
        read.tracking_id = read.tracking_id.or_else(|| {
            let id = tracking_id.map(str::trim).filter(|id| !id.is_empty());
            id.map(str::to_owned)
        });
        read
    }

    fn object(&mut self, body: &Value) {
        self.tracking_id = string(&body["trackingId"]);
        self.messages(&body["message"]);
        self.entries(&body["errors"]);
        match &body["error"] {
            // OAuth: a code, and what it means.
            Value::String(code) => {
                self.codes.push(code.clone());
                if let Some(text) = string(&body["error_description"]) {
                    self.say(text);
                }
            }
            error @ Value::Object(_) => {
                self.messages(&error["message"]);
                self.codes.extend(code(&error["code"]));
                let id = string(&error["trackingId"]);
                self.tracking_id = self.tracking_id.take().or(id);
            }
            _ => {}
        }
        // `application/problem+json` and SCIM.
        for name in ["title", "detail"] {
            if let Some(text) = string(&body[name]) {
                self.say(text);
            }
        }
        for name in ["errorCode", "code", "scimType"] {
            self.codes.extend(code(&body[name]));
        }
    }

    /// A message, an entry, or a list of them.
    fn messages(&mut self, value: &Value) {
        match value {
            Value::Array(items) => {
                for item in items {
                    match string(item) {
                        Some(text) => self.say(text),
                        None => self.entry(item),
                    }
                }
            }
            value => match string(value) {
                Some(text) => self.say(text),
                None => self.entry(value),
            },
        }
    }

    /// Entries in a list, or under names, or a single one.
    fn entries(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.entry(item)),
            Value::Object(items) if entry_code(value).is_none() => {
                items.values().for_each(|item| self.entry(item));
            }
            value => self.entry(value),
        }
    }

    fn entry(&mut self, item: &Value) {
        let names = ["description", "message", "reason", "detail"];
        let text = names.iter().find_map(|name| string(&item[*name]));
        self.details.extend(text.or_else(|| string(item)));
        self.codes.extend(entry_code(item));
    }

    /// The first text is the message, and others are details.
    fn say(&mut self, text: String) {
        match self.message {
            None => self.message = Some(text),
            Some(_) => self.details.push(text),
        }
    }

    /// Removes `secret` from every text, in case the service has sent it back.
    pub(crate) fn redact_secret(&mut self, secret: &str) {
        if secret.is_empty() {
            return;
        }
        let texts = [&mut self.message, &mut self.tracking_id, &mut self.unread];
        let lists = self.details.iter_mut().chain(&mut self.codes);
        for text in texts.into_iter().flatten().chain(lists) {
            if text.contains(secret) {
                *text = text.replace(secret, "[…]");
            }
        }
    }
}

fn string(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A code is a number or a text.
fn code(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        value => string(value),
    }
}

/// The code of one entry.
fn entry_code(item: &Value) -> Option<String> {
    let names = ["errorCode", "code"];
    names.iter().find_map(|name| code(&item[*name]))
}

/// Text that is neither markup nor JSON that breaks off.
fn plain_text(text: &str) -> Option<String> {
    let text = text.trim();
    let is_text = !text.is_empty()
        && !text.starts_with(['<', '{', '['])
        && !text.contains(|c: char| c.is_control() && !c.is_whitespace());
    is_text.then(|| text.to_owned())
}

fn description(body: &[u8], media_type: Option<&str>) -> String {
    let length = body.len();
    if body.starts_with(b"\x1f\x8b") {
        return format!("{length} bytes compressed with gzip, which was not requested");
    }
    let media_type = media_type.unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let mut known = MEDIA_TYPES.iter();
    match known.find(|known| media_type.eq_ignore_ascii_case(known)) {
        Some(known) => format!("{length} bytes of {known}"),
        None => format!("{length} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Body, message, details, codes, tracking id.
    type Row = (
        &'static str,
        Option<&'static str>,
        &'static [&'static str],
        &'static [&'static str],
        Option<&'static str>,
    );

    #[rustfmt::skip]
    const FAMILIES: &[Row] = &[
        (r#"{"message":"m","errors":[{"description":"d"},{"description":"e"}],"trackingId":"T"}"#, Some("m"), &["d", "e"], &[], Some("T")),
        (r#"{"message":"m","errors":[{"description":"d","errorCode":7400}]}"#,      Some("m"), &["d"], &["7400"], Some("H")),
        (r#"{"errors":[{"message":"d","code":"400123"}]}"#,                         None,      &["d"], &["400123"], Some("H")),
        (r#"{"error":{"key":"400","message":[{"description":"d","code":"7"}]},"trackingId":"T"}"#, None, &["d"], &["7"], Some("T")),
        (r#"{"error":{"message":"m","trackingId":"T"}}"#,                           Some("m"), &[], &[], Some("T")),
        (r#"{"error":"invalid_grant","error_description":"m"}"#,                    Some("m"), &[], &["invalid_grant"], Some("H")),
        (r#"{"schemas":["urn:x"],"detail":"m","scimType":"mutability","status":"400"}"#, Some("m"), &[], &["mutability"], Some("H")),
        (r#"{"title":"m","detail":"d","code":12}"#,                                 Some("m"), &["d"], &["12"], Some("H")),
        (r#"{"message":["m","d"]}"#,                                                Some("m"), &["d"], &[], Some("H")),
        (r#"{"errors":{"title":{"code":"1","reason":"d"}}}"#,                       None,      &["d"], &["1"], Some("H")),
        (r#"{"errors":{"title":"d"}}"#,                                             None,      &["d"], &[], Some("H")),
        (r#"{"errors":{"code":1,"reason":"d"}}"#,                                   None,      &["d"], &["1"], Some("H")),
        (r#"{"errors":"d"}"#,                                                       None,      &["d"], &[], Some("H")),
        (r#"{"message":{"description":"d","code":1}}"#,                             None,      &["d"], &["1"], Some("H")),
        (r#"{"error":{"code":7,"message":"m"}}"#,                                   Some("m"), &[], &["7"], Some("H")),
        (r#"{"errors":["d",{"description":""}]}"#,                                  None,      &["d"], &[], Some("H")),
        ("\u{feff}{\"message\":\"m\"}",                                             Some("m"), &[], &[], Some("H")),
        (r#""m""#,                                                                  Some("m"), &[], &[], Some("H")),
        ("Too many requests\n",                                                     Some("Too many requests"), &[], &[], Some("H")),
        (r#"{"message":7,"errors":7,"error":7,"trackingId":null}"#,                 None,      &[], &[], Some("H")),
        ("",                                                                        None,      &[], &[], Some("H")),
        ("[1,2]",                                                                   None,      &[], &[], Some("H")),
        (r#"{"message":"#,                                                          None,      &[], &[], Some("H")),
        ("<html>502</html>",                                                        None,      &[], &[], Some("H")),
    ];

    #[test]
    fn every_family_of_error_bodies_is_read() {
        for (body, message, details, codes, tracking_id) in FAMILIES {
            let read = ServiceMessage::read(body.as_bytes(), Some(" H "), None);
            assert_eq!(read.message.as_deref(), *message, "{body}");
            assert_eq!(read.details, *details, "{body}");
            assert_eq!(read.codes, *codes, "{body}");
            assert_eq!(read.tracking_id.as_deref(), *tracking_id, "{body}");
        }
        let read = ServiceMessage::read(b"", Some(" "), None);
        assert_eq!(read.tracking_id, None);
    }

    #[test]
    fn an_unreadable_body_is_described() {
        let html = Some("text/html; charset=utf-8");
        let cases: &[(&[u8], Option<&str>, Option<&str>)] = &[
            (b"<html>", html, Some("6 bytes of text/html")),
            (b"<html>", None, Some("6 bytes")),
            (b"<html>", Some("ann@example.com/x"), Some("6 bytes")),
            (b"<html>", Some("Ann/Lee"), Some("6 bytes")),
            (
                b"{}",
                Some("application/json"),
                Some("2 bytes of application/json"),
            ),
            (
                b"\x1f\x8b\x08",
                html,
                Some("3 bytes compressed with gzip, which was not requested"),
            ),
            (b"\xff\xfe", None, Some("2 bytes")),
            (b" \n", html, None),
            (b"text", html, None),
        ];
        for (body, media_type, expected) in cases {
            let read = ServiceMessage::read(body, None, *media_type);
            assert_eq!(read.unread.as_deref(), *expected, "{body:?}");
        }
    }

    #[test]
    fn a_secret_that_comes_back_is_removed_everywhere() {
        let body = br#"{"message":"m s3","errors":[{"description":"d s3","code":"s3"}],"trackingId":"s3"}"#;
        let mut read = ServiceMessage::read(body, None, None);
        read.redact_secret("");
        assert_eq!(read.message.as_deref(), Some("m s3"));
        read.redact_secret("s3");
        assert!(!format!("{read:?}").contains("s3"), "{read:?}");
    }
}
