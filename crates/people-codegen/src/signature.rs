//! What the client's method of an operation takes and returns, decided by media types and statuses alone, so
//! that the generator and a review of two contracts agree on it. What the values are is not here.

/// A media type as content lists it, and whether a schema describes it as anything but bytes.
pub type MediaType<'a> = (&'a str, bool);

/// A form.
const FORM: &str = "application/x-www-form-urlencoded";

/// A form whose fields can be files.
pub(crate) const MULTIPART: &str = "multipart/form-data";

/// How the body of a request is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// As JSON of a type.
    Json,
    /// As a form of a type.
    Form,
    /// As parts, which the caller collects.
    Multipart,
    /// As the caller gives it: text, XML, a file.
    Bytes,
}

/// A media type without its parameters, in lower case.
///
/// # Examples
///
/// ```
/// use people_codegen::signature::essence;
///
/// assert_eq!(essence("Application/JSON; charset=utf-8"), "application/json");
/// ```
#[must_use]
pub fn essence(media_type: &str) -> String {
    let name = media_type.split(';').next().unwrap_or_default();
    name.trim().to_ascii_lowercase()
}

/// The media type among `listed` that is read and written as JSON: JSON itself, a format of its own in JSON,
/// or any.
///
/// # Examples
///
/// ```
/// use people_codegen::signature::json_media_type;
///
/// let listed = [("text/plain", true), ("application/problem+json", true)];
/// assert_eq!(json_media_type(listed), Some("application/problem+json"));
/// ```
pub fn json_media_type<'a>(listed: impl IntoIterator<Item = MediaType<'a>>) -> Option<&'a str> {
    let ranked = listed.into_iter().filter_map(|(name, is_value)| {
        let rank = match essence(name).as_str() {
            "application/json" => 0,
            other if other.ends_with("+json") => 1,
            "text/json" => 2,
            "*/*" | "application/*" if is_value => 3,
            _ => return None,
        };
        Some((rank, name))
    });
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, name)| name)
}

/// The media type among `listed` that is a form.
pub(crate) fn form_media_type<'a>(
    listed: impl IntoIterator<Item = MediaType<'a>>,
) -> Option<&'a str> {
    let mut names = listed.into_iter().map(|(name, _)| name);
    names.find(|name| essence(name) == FORM)
}

/// How a body with content in the `listed` media types is written, and the one that it is written in: as the
/// first kind of [`BodyKind`] that is listed.
///
/// # Examples
///
/// ```
/// use people_codegen::signature::{BodyKind, body_kind};
///
/// let listed = [("text/plain", true), ("application/json", true)];
/// assert_eq!(body_kind(&listed), Some((BodyKind::Json, "application/json")));
/// assert_eq!(body_kind(&[]), None);
/// ```
#[must_use]
pub fn body_kind<'a>(listed: &[MediaType<'a>]) -> Option<(BodyKind, &'a str)> {
    let of = |kind, is: fn(&str) -> bool| {
        let (name, _) = listed.iter().find(|(name, _)| is(&essence(name)))?;
        Some((kind, *name))
    };
    json_media_type(listed.iter().copied())
        .map(|name| (BodyKind::Json, name))
        .or_else(|| form_media_type(listed.iter().copied()).map(|name| (BodyKind::Form, name)))
        .or_else(|| of(BodyKind::Multipart, |name| name == MULTIPART))
        .or_else(|| of(BodyKind::Bytes, |name| !name.starts_with("multipart/")))
}

/// Where a response stands among the successes of its operation, by the key that it is listed under: its
/// status, or the last of its class. A redirect that is listed is a success too. `None` for any other key.
///
/// # Examples
///
/// ```
/// use people_codegen::signature::success_order;
///
/// assert_eq!(success_order("302"), Some(302));
/// assert_eq!(success_order("2XX"), Some(299));
/// assert_eq!(success_order("404"), None);
/// assert_eq!(success_order("default"), None);
/// ```
#[must_use]
pub fn success_order(status: &str) -> Option<u16> {
    match status {
        "2XX" => Some(299),
        "3XX" => Some(399),
        _ => status
            .parse()
            .ok()
            .filter(|code| (200..=399).contains(code)),
    }
}

/// The successes among the responses of an operation, in their order; the default response if there are none.
///
/// # Examples
///
/// ```
/// use people_codegen::signature::successes;
///
/// assert_eq!(successes([("201", 'a'), ("default", 'b'), ("200", 'c')]), [("200", 'c'), ("201", 'a')]);
/// assert_eq!(successes([("404", 'a'), ("default", 'b')]), [("default", 'b')]);
/// ```
pub fn successes<K: AsRef<str>, R>(listed: impl IntoIterator<Item = (K, R)>) -> Vec<(K, R)> {
    let mut found = Vec::new();
    let mut default = None;
    for (status, response) in listed {
        if success_order(status.as_ref()).is_some() {
            found.push((status, response));
        } else if status.as_ref() == "default" {
            default = Some((status, response));
        }
    }
    if found.is_empty() {
        return Vec::from_iter(default);
    }
    found.sort_by_key(|(status, _)| success_order(status.as_ref()));
    found
}

/// What a success brings, with its schema as `S`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brings<S> {
    /// A status alone.
    Nothing,
    /// JSON.
    Json(S),
    /// Anything else.
    Other,
}

/// What a method returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returns<'a> {
    /// Nothing.
    Nothing,
    /// What is in the body, whatever it is.
    Stream,
    /// JSON of one type.
    Json {
        /// The key of the response whose schema it is.
        status: &'a str,
        /// Whether a success can come without it.
        optional: bool,
    },
    /// An enumeration with a variant for each success: its key, and whether it holds a value.
    Variants(Vec<(&'a str, bool)>),
}

/// What the method of an operation returns that succeeds with `listed`, which is in the order of
/// [`successes`]. `body_required` is whether the contract asks for a body ([`RESPONSE_BODY`]).
///
/// [`RESPONSE_BODY`]: crate::rules::RESPONSE_BODY
///
/// # Examples
///
/// ```
/// use people_codegen::signature::{Brings, Returns, returns};
///
/// let listed = [("200", Brings::Json("Person")), ("204", Brings::Nothing)];
/// let person = Returns::Json { status: "200", optional: true };
/// assert_eq!(returns("get", &listed, false), person);
/// ```
#[must_use]
pub fn returns<'a, S: PartialEq>(
    method: &str,
    listed: &[(&'a str, Brings<S>)],
    body_required: bool,
) -> Returns<'a> {
    // What HEAD answers with has no body, whatever the contract describes.
    if method == "head" {
        return Returns::Nothing;
    }
    // A redirect is read for its status.
    let is_other = |(status, brings): &(&str, Brings<S>)| {
        matches!(brings, Brings::Other) && success_order(status).unwrap_or(200) < 300
    };
    if listed.is_empty() || listed.iter().any(is_other) {
        return Returns::Stream;
    }
    let mut with_json = listed.iter().filter_map(|(status, brings)| match brings {
        Brings::Json(schema) => Some((*status, schema)),
        _ => None,
    });
    let Some((status, expected)) = with_json.next() else {
        return Returns::Nothing;
    };
    if with_json.any(|(_, schema)| schema != expected) {
        let variants = listed.iter();
        let has_value = |brings: &Brings<S>| matches!(brings, Brings::Json(_));
        let variants = variants.map(|(status, brings)| (*status, has_value(brings)));
        return Returns::Variants(variants.collect());
    }
    let has_empty = listed
        .iter()
        .any(|(_, brings)| matches!(brings, Brings::Nothing));
    Returns::Json {
        status,
        // A write has succeeded when its status says so; a read, when it brings what it is for, unless
        // the contract lists a success without it.
        optional: !body_required && (!is_safe(method) || has_empty),
    }
}

/// Whether a method, in lower case, only reads (RFC 9110, 9.2.1).
pub(crate) fn is_safe(method: &str) -> bool {
    matches!(method, "get" | "head" | "options" | "trace")
}
