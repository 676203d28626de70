//! Responses: statuses, what covers a status that is not listed, headers and links. Their content is
//! `content`'s.

use indexmap::IndexMap;
use people_codegen::rules::RESPONSE_BODY;
use people_codegen::signature::{Brings, Returns, returns, success_order, successes};

use super::comparison::{Comparison, Kind};
use super::content::{Carrier, brings};
use super::contract::Document;
use super::entries::{CARRIED, missing};
use super::lifecycle;
use super::node_ref::NodeRef;
use super::scope::{Scope, Step};
use super::text::short;
use super::value;
use crate::diff::rules::{self as rule};

/// The header that a response cannot describe (OpenAPI 3.0, Response Object): its content does.
const CONTENT_TYPE: &str = "content-type";

const NAME: &str = "responses";

const DEFAULT: &str = "default";

/// The responses of an operation, by the keys that they are listed under.
type ByStatus<'a> = IndexMap<&'a str, NodeRef<'a>>;

impl<'a> Comparison<'a> {
    /// The responses of an operation, each side with its method.
    pub(super) fn responses(
        &mut self,
        scope: &Scope<'_>,
        (old_method, old): (&str, NodeRef<'a>),
        (new_method, new): (&str, NodeRef<'a>),
    ) {
        let (before, after) = (by_status(old), by_status(new));
        let answers = (
            Answer::of(&self.old, old_method, old, &before),
            Answer::of(&self.new, new_method, new, &after),
        );
        let same_type = answers.0.is_same_type(&answers.1);
        // What the SDK has a type for; and whether a success that comes or goes gives it another one.
        let typed = |status: &str| {
            let is_answer = is_answer(status, &before) || is_answer(status, &after);
            answers.0.has(status) || answers.1.has(status) || is_answer && !same_type
        };
        for (status, old) in &before {
            let near = after.get(status).map_or(scope.near(), |new| new.at);
            let scope = &scope.step(Step::Named("response", status), near).received();
            if let Some(new) = after.get(status) {
                self.pair(&scope.typed(typed(status)), Kind::Response, *old, *new);
                continue;
            }
            let scope = &scope.typed(!same_type);
            let cover = covering(&after, status);
            if let Some((_, cover)) = cover {
                self.covered(scope, *old, cover);
            }
            let is_answer = is_answer(status, &before) && is_answer(status, &after);
            let (rule, now, message) = match cover {
                // That others are described, too, is reported of what covers it.
                Some((key, _)) if is_answer && !before.contains_key(key) => continue,
                Some((key, cover)) => {
                    let rule = if is_answer {
                        rule::SUCCESS_RESPONSE_MERGED
                    } else {
                        rule::ERROR_RESPONSE_MERGED
                    };
                    let message = format!("the response is described by `{}` alone", short(key));
                    (rule, Some(cover.at), message)
                }
                None => {
                    let rule = if is_answer {
                        rule::SUCCESS_RESPONSE_REMOVED
                    } else {
                        rule::ERROR_RESPONSE_REMOVED
                    };
                    (rule, None, "the response was removed".to_owned())
                }
            };
            self.report(scope, rule, (Some(old.at), now), message);
        }
        for (status, new) in missing(&after, &before) {
            let scope = &scope
                .step(Step::Named("response", status), new.at)
                .received()
                .typed(!same_type);
            if let Some((_, cover)) = covering(&before, status) {
                self.covered(scope, cover, new);
            }
            let rule = if is_answer(status, &after) {
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

    /// What the operation itself decides of what the SDK's method returns, whatever its responses are.
    pub(super) fn sdk_result(
        &mut self,
        scope: &Scope<'_>,
        (old_method, old): (&str, NodeRef<'a>),
        (new_method, new): (&str, NodeRef<'a>),
    ) {
        let words = (old.get(RESPONSE_BODY), new.get(RESPONSE_BODY));
        if old_method == new_method && words.0.is_none() && words.1.is_none() {
            return;
        }
        let responses = by_status(old);
        let of = |method, operation| Answer::of(&self.old, method, operation, &responses);
        let same_type = of(old_method, old).is_same_type(&of(new_method, new));
        let scope = &scope.typed(!same_type);
        let rule = rule::SDK_RESULT_CHANGED;
        self.value(scope, RESPONSE_BODY, words.0, words.1, rule);
        if old_method != new_method && !same_type {
            let message = format!("the SDK's method returns what fits `{new_method}`");
            self.report(scope, rule, (Some(old.at), Some(new.at)), message);
        }
    }

    /// A response to one status, and the one that was or is described for a range that the status is part
    /// of. They are two descriptions, with words and examples of their own, which are not compared.
    fn covered(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        if self.leads_nowhere(scope, Some(old), Some(new)) {
            return;
        }
        let (Ok(old), Ok(new)) = (self.old.follow(old), self.new.follow(new)) else {
            return;
        };
        let (old, new) = (old.site, new.site);
        let scope = &scope.typed(false);
        self.headers(scope, old.get("headers"), new.get("headers"));
        let content = (old.get("content"), new.get("content"));
        self.content(scope, Carrier::Covered, content.0, content.1);
        self.links(scope, old.get("links"), new.get("links"));
    }

    pub(super) fn response(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        const TEXT: &str = "description";
        self.prose(scope, TEXT, old.get(TEXT), new.get(TEXT));
        self.headers(scope, old.get("headers"), new.get("headers"));
        let content = (old.get("content"), new.get("content"));
        self.content(scope, Carrier::Response, content.0, content.1);
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
        let (mut before, mut after) = (by_name(old), by_name(new));
        let ignored = (
            before.shift_remove(CONTENT_TYPE),
            after.shift_remove(CONTENT_TYPE),
        );
        if let (Some((name, site)), _) | (None, Some((name, site))) = ignored {
            let scope = &scope.step(Step::Named("header", name), site.at);
            let (old, new) = (ignored.0.map(|it| it.1), ignored.1.map(|it| it.1));
            self.value(scope, name, old, new, rule::IGNORED_HEADER_CHANGED);
        }
        for (key, (name, old)) in before {
            let now = after.shift_remove(&key);
            let near = now.map_or(scope.near(), |(_, new)| new.at);
            let scope = &scope.step(Step::Named("header", name), near).typed(false);
            if let Some((_, new)) = now {
                self.pair(scope, Kind::Header, old, new);
            } else {
                let (rule, message) =
                    self.removal("the header", old, rule::RESPONSE_HEADER_REMOVED);
                self.report(scope, rule, (Some(old.at), None), message);
            }
        }
        for (name, new) in after.into_values() {
            let scope = &scope.step(Step::Named("header", name), new.at).typed(false);
            let required = (self.new.follow(new)).is_ok_and(|header| header.site.is("required"));
            let (rule, message) = if required {
                let message = "a header that is always there was added";
                (rule::REQUIRED_RESPONSE_HEADER_ADDED, message)
            } else {
                (rule::RESPONSE_HEADER_ADDED, "the header was added")
            };
            self.report(scope, rule, (None, Some(new.at)), message);
            self.leads_nowhere(scope, None, Some(new));
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
}

fn by_status(operation: NodeRef<'_>) -> ByStatus<'_> {
    let responses = operation.get(NAME).into_iter();
    let entries = responses.flat_map(NodeRef::entries);
    entries
        .filter(|(name, _)| !name.starts_with("x-"))
        .collect()
}

/// What the SDK's method of an operation returns.
struct Answer<'a> {
    returns: Returns<'a>,
    /// The schema of the one type that it returns.
    schema: Option<Schema<'a>>,
}

impl<'a> Answer<'a> {
    fn of(
        side: &Document<'a>,
        method: &str,
        operation: NodeRef<'a>,
        responses: &ByStatus<'a>,
    ) -> Self {
        let listed = responses
            .iter()
            .filter_map(|(status, site)| Some((*status, side.follow(*site).ok()?.site)));
        let listed: Vec<_> = successes(listed)
            .into_iter()
            .map(|(status, site)| {
                let brings = match brings(site) {
                    Brings::Json(schema) => Brings::Json(Schema(schema)),
                    Brings::Other => Brings::Other,
                    Brings::Nothing => Brings::Nothing,
                };
                (status, brings)
            })
            .collect();
        let returns = returns(method, &listed, operation.text(RESPONSE_BODY) == "required");
        let schema = listed.iter().find_map(|(key, brings)| match &returns {
            Returns::Json { status, .. } if key == status => match brings {
                Brings::Json(schema) => Some(*schema),
                _ => None,
            },
            _ => None,
        });
        Self { returns, schema }
    }

    /// Whether the schema of the response under `status` is what is returned, or a variant of it.
    fn has(&self, status: &str) -> bool {
        match &self.returns {
            Returns::Json { status: key, .. } => *key == status,
            Returns::Variants(variants) => variants.contains(&(status, true)),
            Returns::Nothing | Returns::Stream => false,
        }
    }

    /// Whether the two are the same type, but for what changed in the schema of a status that both have.
    fn is_same_type(&self, other: &Self) -> bool {
        match (&self.returns, &other.returns) {
            (
                Returns::Json { status, optional },
                Returns::Json {
                    status: status_now,
                    optional: optional_now,
                },
            ) => optional == optional_now && (status == status_now || self.schema == other.schema),
            (before, after) => before == after,
        }
    }
}

/// The schema of content, if it has one; equal to another that is written the same.
#[derive(Debug, Clone, Copy)]
struct Schema<'a>(Option<NodeRef<'a>>);

impl PartialEq for Schema<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self.0, other.0) {
            (Some(schema), Some(other)) => value::same(schema.node, other.node),
            (schema, other) => schema.is_none() && other.is_none(),
        }
    }
}

/// What describes a status that is not listed by itself: its range, or the default. A default beside
/// successes is not meant for further ones, although the format would allow it.
fn covering<'a>(responses: &ByStatus<'a>, status: &str) -> Option<(&'a str, NodeRef<'a>)> {
    let range = format!("{}XX", status.get(..1)?);
    let is_error = status.starts_with(['4', '5']);
    let default = || {
        let default = responses.get_key_value(DEFAULT);
        default.filter(|_| is_error || is_answer(DEFAULT, responses))
    };
    let found = responses.get_key_value(range.as_str()).or_else(default);
    found.map(|(key, site)| (*key, *site))
}

/// Whether a response is what a request succeeds with: a success or a redirect, or the default where
/// neither is listed.
fn is_answer(status: &str, responses: &ByStatus<'_>) -> bool {
    let is_success = |status: &str| success_order(status).is_some();
    is_success(status) || status == DEFAULT && !responses.keys().any(|key| is_success(key))
}
