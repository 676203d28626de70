//! The routes of the service in one table, and matching a path against it. What a route does is in
//! `service`.

use std::borrow::Cow;

use hyper::Method;
use percent_encoding::percent_decode_str;

/// The prefix of every route.
pub(crate) const BASE: &str = "/v1";

/// The operation of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    ReadSelf,
    Read,
    Update,
    /// Outside the contract: finds people by e-mail address.
    Find,
    /// Outside the contract: renews an access token.
    RenewToken,
}

/// A method on a path.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) template: &'static str,
    pub(crate) action: Action,
}

pub(crate) static ROUTES: [Route; 5] = [
    Route {
        method: Method::GET,
        template: "/people/me",
        action: Action::ReadSelf,
    },
    Route {
        method: Method::GET,
        template: "/people/{personId}",
        action: Action::Read,
    },
    Route {
        method: Method::PUT,
        template: "/people/{personId}",
        action: Action::Update,
    },
    Route {
        method: Method::GET,
        template: "/people",
        action: Action::Find,
    },
    Route {
        method: Method::POST,
        template: "/access_token",
        action: Action::RenewToken,
    },
];

/// The result of matching a request.
#[derive(Debug)]
pub(crate) enum Match<'a> {
    /// A route, with the value of its path parameter if it has one.
    Found(&'static Route, Option<Cow<'a, str>>),
    /// A path that does not support this method, with the methods that it does.
    MethodNotAllowed(String),
    /// A path without a route.
    NotFound,
}

/// Finds the route for a request whose path starts with [`BASE`].
pub(crate) fn find<'a>(method: &Method, path: &'a str) -> Match<'a> {
    let Some((template, parameter)) = path.strip_prefix(BASE).and_then(parse) else {
        return Match::NotFound;
    };
    let here = || ROUTES.iter().filter(|route| route.template == template);
    if let Some(route) = here().find(|route| route.method == *method) {
        return Match::Found(route, parameter);
    }
    let methods: Vec<_> = here().map(|route| route.method.as_str()).collect();
    Match::MethodNotAllowed(methods.join(", "))
}

/// Every route as text: `METHOD PATH`.
pub(crate) fn list() -> impl Iterator<Item = String> {
    ROUTES
        .iter()
        .map(|route| format!("{} {BASE}{}", route.method, route.template))
}

/// Every method once.
pub(crate) fn methods() -> Vec<&'static str> {
    let mut methods: Vec<_> = ROUTES.iter().map(|route| route.method.as_str()).collect();
    methods.sort_unstable();
    methods.dedup();
    methods
}

/// Every path template once.
pub(crate) fn templates() -> Vec<&'static str> {
    let mut templates: Vec<_> = ROUTES.iter().map(|route| route.template).collect();
    templates.dedup();
    templates
}

/// `path` without [`BASE`], if it starts with it.
pub(crate) fn without_base(path: &str) -> &str {
    match path.strip_prefix(BASE) {
        Some(rest) if rest.starts_with('/') => rest,
        _ => path,
    }
}

/// The template that `path` (without base) matches.
pub(crate) fn template_of(path: &str) -> Option<&'static str> {
    parse(path).map(|(template, _)| template)
}

/// Whether two paths (without base) name the same resource.
pub(crate) fn same_path(one: &str, other: &str) -> bool {
    match (parse(one), parse(without_base(other))) {
        (Some((one, a)), Some((other, b))) => {
            one == other && a.as_deref().map(bare_id) == b.as_deref().map(bare_id)
        }
        _ => false,
    }
}

/// An id without base64 padding, which is not significant.
pub(crate) fn bare_id(id: &str) -> &str {
    id.trim_end_matches('=')
}

fn parse(path: &str) -> Option<(&'static str, Option<Cow<'_, str>>)> {
    let segments: Vec<Cow<'_, str>> = path
        .strip_prefix('/')?
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy())
        .collect();
    // In the table, literal paths come before those with a parameter.
    ROUTES.iter().find_map(|route| {
        let mut parameter = None;
        let parts = route.template.split('/').skip(1);
        if parts.clone().count() != segments.len() {
            return None;
        }
        for (part, segment) in parts.zip(&segments) {
            if part.starts_with('{') {
                if segment.is_empty() {
                    return None;
                }
                parameter = Some(segment.clone());
            } else if part != segment {
                return None;
            }
        }
        Some((route.template, parameter))
    })
}
