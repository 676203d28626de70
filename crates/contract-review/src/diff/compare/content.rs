//! What operations carry: bodies, responses, headers, media types, examples, links, callbacks.

use indexmap::IndexMap;
use people_codegen::document::openapi_format::METHODS;

use super::comparison::{Comparison, Kind, Root};
use super::entries::{CARRIED, missing};
use super::lifecycle;
use super::node_ref::{Document, NodeRef};
use super::scope::{Scope, Step};
use super::text::{places, short};
use super::value;
use crate::diff::rules::{self as rule, Rule};

const JSON: &str = "application/json";

const SCHEMA: Kind = Kind::Schema { described: false };

impl<'a> Comparison<'a> {
    pub(super) fn body_of(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        const NAME: &str = "requestBody";
        let near = new.get(NAME).map_or(scope.near(), |new| new.at);
        let scope = &scope.step(Step::Word("request body"), near).sent();
        match (old.get(NAME), new.get(NAME)) {
            (Some(old), Some(new)) => self.pair(scope, Kind::RequestBody, old, new),
            (None, Some(new)) => {
                let required = (self.new.follow(new)).is_ok_and(|body| body.site.is("required"));
                let (rule, message) = if required {
                    let message = "a body that must be given was added";
                    (rule::REQUIRED_REQUEST_BODY_ADDED, message)
                } else {
                    (rule::REQUEST_BODY_ADDED, "the body was added")
                };
                self.report(scope, rule, (None, Some(new.at)), message);
                self.leads_nowhere(scope, None, Some(new));
            }
            (Some(old), None) => {
                let message = "the body was removed";
                self.report(
                    scope,
                    rule::REQUEST_BODY_REMOVED,
                    (Some(old.at), None),
                    message,
                );
            }
            (None, None) => {}
        }
    }

    pub(super) fn request_body(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        const TEXT: &str = "description";
        self.prose(scope, TEXT, old.get(TEXT), new.get(TEXT));
        let (places, near) = self.field("required", old, new);
        match (old.is("required"), new.is("required")) {
            (false, true) => {
                let message = "the body must be given now";
                self.report_near(
                    scope,
                    rule::REQUEST_BODY_BECAME_REQUIRED,
                    places,
                    near,
                    message,
                );
            }
            (true, false) => {
                let message = "the body may be left out now";
                self.report_near(
                    scope,
                    rule::REQUEST_BODY_BECAME_OPTIONAL,
                    places,
                    near,
                    message,
                );
            }
            _ => {}
        }
        self.content(scope, old.get("content"), new.get("content"));
        self.rest(scope, old, new, &[TEXT, "required", "content"]);
    }

    // ---- responses -----------------------------------------------------------------------------

    pub(super) fn responses(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        const NAME: &str = "responses";
        let by_status = |site: NodeRef<'a>| -> IndexMap<&'a str, NodeRef<'a>> {
            let entries = site.get(NAME).into_iter().flat_map(NodeRef::entries);
            entries
                .filter(|(name, _)| !name.starts_with("x-"))
                .collect()
        };
        let (before, after) = (by_status(old), by_status(new));
        let answers = (answer(&self.old, &before), answer(&self.new, &after));
        let typed = |status: &str| answers.0 == Some(status) || answers.1 == Some(status);
        for (status, old) in &before {
            let near = after.get(status).map_or(scope.near(), |new| new.at);
            let scope = &scope
                .step(Step::Named("response", status), near)
                .received()
                .typed(typed(status));
            if let Some(new) = after.get(status) {
                self.pair(scope, Kind::Response, *old, *new);
                continue;
            }
            if let Some(cover) = covering(&after, status) {
                self.covered(scope, *old, cover);
                if is_success(status) {
                    // It is still described; that others are, too, is reported of the range.
                    continue;
                }
            }
            let rule = if is_success(status) {
                rule::SUCCESS_RESPONSE_REMOVED
            } else {
                rule::ERROR_RESPONSE_REMOVED
            };
            let message = "the response was removed";
            self.report(scope, rule, (Some(old.at), None), message);
        }
        for (status, new) in missing(&after, &before) {
            let scope = &scope
                .step(Step::Named("response", status), new.at)
                .received()
                .typed(typed(status));
            if let Some(cover) = covering(&before, status) {
                self.covered(scope, cover, new);
            }
            let rule = if is_success(status) {
                rule::SUCCESS_RESPONSE_ADDED
            } else {
                rule::ERROR_RESPONSE_ADDED
            };
            let message = "the response was added";
            self.report(scope, rule, (None, Some(new.at)), message);
        }
        if let (Some(old), Some(new)) = (old.get(NAME), new.get(NAME)) {
            self.extensions(scope, old, new);
        } else {
            self.value(
                scope,
                NAME,
                old.get(NAME),
                new.get(NAME),
                rule::FIELD_CHANGED,
            );
        }
    }

    /// A response to one status, and the one that was or is described for a range that the status is part
    /// of. They are two descriptions, with words and examples of their own; bodies are compared alone.
    fn covered(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        if self.leads_nowhere(scope, Some(old), Some(new)) {
            return;
        }
        let (Ok(old), Ok(new)) = (self.old.follow(old), self.new.follow(new)) else {
            return;
        };
        let types = old.site.get("content").into_iter();
        for (name, old) in types.flat_map(NodeRef::entries) {
            let now = new.site.get("content").and_then(|types| types.get(name));
            let near = now.map_or(new.site.at, |new| new.at);
            let scope = &scope.step(Step::Named("", name), near).typed(false);
            if let Some(new) = now {
                self.schema_of(scope, old, new);
            } else {
                let message = "the media type was removed";
                let places = (Some(old.at), Some(near));
                self.report(scope, rule::MEDIA_TYPE_REMOVED, places, message);
            }
        }
    }

    pub(super) fn response(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        const TEXT: &str = "description";
        self.prose(scope, TEXT, old.get(TEXT), new.get(TEXT));
        self.headers(scope, old.get("headers"), new.get("headers"));
        self.content(scope, old.get("content"), new.get("content"));
        self.links(scope, old.get("links"), new.get("links"));
        self.rest(scope, old, new, &[TEXT, "headers", "content", "links"]);
    }

    fn headers(&mut self, scope: &Scope<'_>, old: Option<NodeRef<'a>>, new: Option<NodeRef<'a>>) {
        // The names of headers are the same in capitals.
        let by_name = |site: Option<NodeRef<'a>>| -> IndexMap<String, (&'a str, NodeRef<'a>)> {
            let entries = site.into_iter().flat_map(NodeRef::entries);
            entries
                .map(|(name, site)| (name.to_ascii_lowercase(), (name, site)))
                .collect()
        };
        let (before, mut after) = (by_name(old), by_name(new));
        for (key, (name, old)) in before {
            let now = after.shift_remove(&key);
            let near = now.map_or(scope.near(), |(_, new)| new.at);
            let scope = &scope.step(Step::Named("header", name), near).typed(false);
            if let Some((_, new)) = now {
                self.pair(scope, Kind::Header, old, new);
            } else {
                let message = "the header was removed";
                self.report(
                    scope,
                    rule::RESPONSE_HEADER_REMOVED,
                    (Some(old.at), None),
                    message,
                );
            }
        }
        for (name, new) in after.into_values() {
            let scope = &scope.step(Step::Named("header", name), new.at).typed(false);
            let message = "the header was added";
            self.report(
                scope,
                rule::RESPONSE_HEADER_ADDED,
                (None, Some(new.at)),
                message,
            );
        }
    }

    pub(super) fn header(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        let (places, near) = self.field("required", old, new);
        match (old.is("required"), new.is("required")) {
            (false, true) => {
                let message = "the header is always there now";
                self.report_near(scope, rule::HEADER_BECAME_REQUIRED, places, near, message);
            }
            (true, false) => {
                let message = "the header may be missing now";
                self.report_near(scope, rule::HEADER_BECAME_OPTIONAL, places, near, message);
            }
            _ => {}
        }
        self.carried(scope, old, new);
        self.rest(
            scope,
            old,
            new,
            &[&CARRIED[..], &lifecycle::FIELDS, &["required"]].concat(),
        );
    }

    fn links(&mut self, scope: &Scope<'_>, old: Option<NodeRef<'a>>, new: Option<NodeRef<'a>>) {
        let by_name = |site: Option<NodeRef<'a>>| -> IndexMap<&'a str, NodeRef<'a>> {
            site.into_iter().flat_map(NodeRef::entries).collect()
        };
        let (before, after) = (by_name(old), by_name(new));
        for (name, old) in &before {
            let now = after.get(name);
            let scope = &scope.step(
                Step::Named("link", name),
                now.map_or(scope.near(), |new| new.at),
            );
            if self.leads_nowhere(scope, Some(*old), now.copied()) {
                continue;
            }
            let new = now.and_then(|new| self.new.follow(*new).ok());
            let old = self.old.follow(*old).ok();
            let (old, new) = (old.map(|old| old.site), new.map(|new| new.site));
            self.value(scope, "link", old, new, rule::LINK_CHANGED);
        }
        for (name, new) in missing(&after, &before) {
            let scope = &scope.step(Step::Named("link", name), new.at);
            self.leads_nowhere(scope, None, Some(new));
            self.value(scope, "link", None, Some(new), rule::LINK_CHANGED);
        }
    }

    // ---- content -------------------------------------------------------------------------------

    /// What parameters and headers have in common.
    pub(super) fn carried(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        const TEXT: &str = "description";
        self.prose(scope, TEXT, old.get(TEXT), new.get(TEXT));
        self.lifecycle(scope, |name| old.get(name), |name| new.get(name));
        if !self.serialization(scope, old, new) {
            self.schema_of(scope, old, new);
            if old.get("content").is_some() || new.get("content").is_some() {
                self.content(scope, old.get("content"), new.get("content"));
            }
        }
        self.examples(scope, old, new);
    }

    /// The `schema` of anything that has one.
    fn schema_of(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        match (old.get("schema"), new.get("schema")) {
            (Some(old), Some(new)) => self.root(scope, old, new),
            (old, new) => self.part(scope, old, new),
        }
    }

    /// A schema that is sent or received as it is.
    fn root(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        let before = (self.found.len(), self.links.len());
        self.pair(scope, SCHEMA, old, new);
        if !self.is_unchanged(old, new) {
            self.roots.push(Root {
                unit: scope.id(),
                filter: scope.filter(),
                at: scope.path(self.label(scope.id())),
                old,
                new,
                found: before.0..self.found.len(),
                links: before.1..self.links.len(),
            });
        }
    }

    /// A value that is described by a schema in one contract, and as a document of some media type in
    /// the other.
    fn serialization(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) -> bool {
        let fields = |site: NodeRef<'a>| (site.get("schema"), site.get("content"));
        let first = |content: NodeRef<'a>| {
            let (_, media_type) = content.entries().next()?;
            media_type.get("schema")
        };
        let (before, after, places) = match (fields(old), fields(new)) {
            ((Some(schema), None), (None, Some(content))) => (
                Some(schema),
                first(content),
                places(Some(schema), Some(content)),
            ),
            ((None, Some(content)), (Some(schema), None)) => (
                first(content),
                Some(schema),
                places(Some(content), Some(schema)),
            ),
            _ => return false,
        };
        let message = "the value is written in another way: `schema` and `content` differ";
        self.report(
            scope,
            rule::PARAMETER_SERIALIZATION_CHANGED,
            places,
            message,
        );
        if let (Some(before), Some(after)) = (before, after) {
            self.root(scope, before, after);
        }
        true
    }

    fn content(&mut self, scope: &Scope<'_>, old: Option<NodeRef<'a>>, new: Option<NodeRef<'a>>) {
        // Neither capitals nor spaces matter in the name of a media type.
        let by_type = |site: Option<NodeRef<'a>>| -> IndexMap<String, (&'a str, NodeRef<'a>)> {
            let entries = site.into_iter().flat_map(NodeRef::entries);
            entries
                .map(|(name, site)| (name.to_ascii_lowercase().replace(' ', ""), (name, site)))
                .collect()
        };
        let (before, mut after) = (by_type(old), by_type(new));
        // The SDK takes JSON where there is any.
        let json = (before.contains_key(JSON), after.contains_key(JSON));
        let mut left = Vec::new();
        for (key, (name, old)) in before {
            let Some((_, new)) = after.shift_remove(&key) else {
                left.push((key, name, old));
                continue;
            };
            let scope = &scope
                .step(Step::Named("", name), new.at)
                .typed(key == JSON || !json.0);
            self.media_type(scope, old, new);
        }
        for (key, name, old) in left {
            // The same type in another spelling, or a range that one of the two is part of.
            let other = after
                .keys()
                .find_map(|other| Some((other.clone(), respelled(&key, other)?)));
            if let Some((other, rule)) = other
                && let Some((name_now, new)) = after.shift_remove(&other)
            {
                let scope = &scope
                    .step(Step::Named("", name_now), new.at)
                    .typed(key == JSON || !json.0);
                let message = format!(
                    "the media type changed from `{}` to `{}`",
                    short(name),
                    short(name_now)
                );
                self.report(scope, rule, (Some(old.at), Some(new.at)), message);
                self.media_type(scope, old, new);
                continue;
            }
            let scope = &scope
                .step(Step::Named("", name), scope.near())
                .typed(key == JSON || !json.0);
            let message = "the media type was removed";
            self.report(
                scope,
                rule::MEDIA_TYPE_REMOVED,
                (Some(old.at), None),
                message,
            );
        }
        for (key, (name, new)) in after {
            let scope = &scope
                .step(Step::Named("", name), new.at)
                .typed(key == JSON || !json.1);
            let message = "the media type was added";
            self.report(scope, rule::MEDIA_TYPE_ADDED, (None, Some(new.at)), message);
        }
    }

    fn media_type(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        self.schema_of(scope, old, new);
        self.examples(scope, old, new);
        self.value(
            scope,
            "encoding",
            old.get("encoding"),
            new.get("encoding"),
            rule::ENCODING_CHANGED,
        );
        self.rest(
            scope,
            old,
            new,
            &["schema", "example", "examples", "encoding"],
        );
    }

    // ---- examples ------------------------------------------------------------------------------

    /// The `example` and `examples` of anything that has them.
    fn examples(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        self.example(scope, old.get("example"), new.get("example"));
        let by_name = |site: NodeRef<'a>| -> IndexMap<&'a str, NodeRef<'a>> {
            let examples = site.get("examples").into_iter();
            examples.flat_map(NodeRef::entries).collect()
        };
        let (before, after) = (by_name(old), by_name(new));
        for (name, old) in &before {
            let near = after.get(name).map_or(scope.near(), |new| new.at);
            let scope = &scope.step(Step::Named("example", name), near);
            if let Some(new) = after.get(name) {
                self.pair(scope, Kind::Example, *old, *new);
            } else {
                let message = "the example was removed";
                self.report(scope, rule::EXAMPLE_REMOVED, (Some(old.at), None), message);
            }
        }
        for (name, new) in missing(&after, &before) {
            let scope = &scope.step(Step::Named("example", name), new.at);
            let message = "the example was added";
            self.report(scope, rule::EXAMPLE_ADDED, (None, Some(new.at)), message);
        }
    }

    pub(super) fn example(
        &mut self,
        scope: &Scope<'_>,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
    ) {
        let (rule, message) = match (old, new) {
            (Some(old), Some(new)) if value::same(old.node, new.node) => return,
            (Some(old), Some(new)) => {
                let (before, after) = (value::brief(old.node), value::brief(new.node));
                let message = if before == after {
                    "the example changed".to_owned()
                } else {
                    format!("the example changed from {before} to {after}")
                };
                (rule::EXAMPLE_CHANGED, message)
            }
            (None, Some(_)) => (rule::EXAMPLE_ADDED, "the example was added".to_owned()),
            (Some(_), None) => (rule::EXAMPLE_REMOVED, "the example was removed".to_owned()),
            (None, None) => return,
        };
        let near = old.zip(new).map(|(old, new)| self.first_change(old, new));
        self.push(scope, rule, places(old, new), near, message, None);
    }

    pub(super) fn named_example(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        for name in ["summary", "description"] {
            self.prose(scope, name, old.get(name), new.get(name));
        }
        self.example(scope, old.get("value"), new.get("value"));
        self.value(
            scope,
            "externalValue",
            old.get("externalValue"),
            new.get("externalValue"),
            rule::EXAMPLE_CHANGED,
        );
        self.rest(
            scope,
            old,
            new,
            &["summary", "description", "value", "externalValue"],
        );
    }

    // ---- callbacks -----------------------------------------------------------------------------

    pub(super) fn callbacks(
        &mut self,
        scope: &Scope<'_>,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
    ) {
        let by_name = |site: Option<NodeRef<'a>>| -> IndexMap<&'a str, NodeRef<'a>> {
            site.into_iter().flat_map(NodeRef::entries).collect()
        };
        let (before, after) = (by_name(old), by_name(new));
        for (name, old) in &before {
            let near = after.get(name).map_or(scope.near(), |new| new.at);
            let scope = &scope.step(Step::Named("callback", name), near);
            if let Some(new) = after.get(name) {
                self.pair(scope, Kind::Callback, *old, *new);
            } else {
                let message = "the callback was removed";
                self.report(scope, rule::CALLBACK_REMOVED, (Some(old.at), None), message);
            }
        }
        for (name, new) in missing(&after, &before) {
            let scope = &scope.step(Step::Named("callback", name), new.at);
            let message = "the callback was added";
            self.report(scope, rule::CALLBACK_ADDED, (None, Some(new.at)), message);
        }
    }

    pub(super) fn callback(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        let entries = |site: NodeRef<'a>| -> IndexMap<&'a str, NodeRef<'a>> {
            let entries = site.entries();
            entries
                .filter(|(name, _)| !name.starts_with("x-"))
                .collect()
        };
        let (before, after) = (entries(old), entries(new));
        for (url, old) in &before {
            let near = after.get(url).map_or(scope.near(), |new| new.at);
            let scope = &scope.step(Step::Named("", url), near);
            if let Some(new) = after.get(url) {
                self.pair(scope, Kind::PathItem, *old, *new);
            } else {
                let message = "the callback was removed";
                self.report(scope, rule::CALLBACK_REMOVED, (Some(old.at), None), message);
            }
        }
        for (url, new) in missing(&after, &before) {
            let scope = &scope.step(Step::Named("", url), new.at);
            let message = "the callback was added";
            self.report(scope, rule::CALLBACK_ADDED, (None, Some(new.at)), message);
        }
        self.extensions(scope, old, new);
    }

    /// A path of a callback: the service sends the request, and the caller answers.
    pub(super) fn callback_path(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        let scope = &scope.called_back();
        for name in ["summary", "description"] {
            self.prose(scope, name, old.get(name), new.get(name));
        }
        for method in METHODS {
            let (before, after) = (old.get(method), new.get(method));
            let near = after.map_or(scope.near(), |new| new.at);
            let scope = &scope.step(Step::Named("", method), near);
            match (before, after) {
                (Some(old), Some(new)) => {
                    for name in ["summary", "description"] {
                        self.prose(scope, name, old.get(name), new.get(name));
                    }
                    self.body_of(scope, old, new);
                    self.responses(scope, old, new);
                    let known = ["summary", "description", "requestBody", "responses"];
                    self.rest(scope, old, new, &known);
                }
                (Some(old), None) => {
                    let message = "the callback was removed";
                    self.report(scope, rule::CALLBACK_REMOVED, (Some(old.at), None), message);
                }
                (None, Some(new)) => {
                    let message = "the callback was added";
                    self.report(scope, rule::CALLBACK_ADDED, (None, Some(new.at)), message);
                }
                (None, None) => {}
            }
        }
        let known = ["summary", "description"];
        self.rest(scope, old, new, &[&known[..], &METHODS].concat());
    }
}

/// How a media type became another one that covers the same documents or more, or fewer of them.
fn respelled(old: &str, new: &str) -> Option<&'static Rule> {
    let base = |name: &str| name.split(';').next().unwrap_or_default().to_owned();
    let plain = |name: &str| {
        let mut parameters = name.split(';').skip(1);
        parameters.all(|parameter| parameter.starts_with("charset="))
    };
    let (old_base, new_base) = (base(old), base(new));
    let covers = |range: &str, name: &str| {
        range == "*/*"
            || range
                .strip_suffix('*')
                .is_some_and(|start| start.ends_with('/') && name.starts_with(start))
    };
    if old_base == new_base && plain(old) && plain(new) {
        Some(rule::CHARSET_CHANGED)
    } else if covers(&new_base, &old_base) {
        Some(rule::MEDIA_TYPE_WIDENED)
    } else if covers(&old_base, &new_base) {
        Some(rule::MEDIA_TYPE_NARROWED)
    } else {
        None
    }
}

/// What describes a status that is not listed by itself: its range, or the default of errors. A default is
/// not meant for successes, although the format would allow it.
fn covering<'a>(responses: &IndexMap<&'a str, NodeRef<'a>>, status: &str) -> Option<NodeRef<'a>> {
    let range = format!("{}XX", status.get(..1)?);
    let is_error = status.starts_with(['4', '5']);
    let default = || responses.get("default").filter(|_| is_error);
    responses.get(range.as_str()).or_else(default).copied()
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// The status of the answer that the SDK has a type for; as `people_codegen` chooses it.
fn answer<'a>(side: &Document<'a>, responses: &IndexMap<&'a str, NodeRef<'a>>) -> Option<&'a str> {
    let rank = |site: &NodeRef<'a>| {
        let content = side
            .follow(*site)
            .ok()
            .and_then(|response| response.site.get("content"));
        match content {
            Some(content) if content.get(JSON).is_some() => 2,
            Some(content) if content.entries().next().is_some() => 1,
            _ => 0,
        }
    };
    let successes = responses.iter().filter(|(status, _)| is_success(status));
    successes
        .min_by_key(|(status, site)| (std::cmp::Reverse(rank(site)), **status))
        .map(|(status, _)| *status)
        .or_else(|| responses.contains_key("default").then_some("default"))
}
