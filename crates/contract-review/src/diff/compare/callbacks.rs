//! Callbacks: requests that the service sends, and that the caller answers.

use indexmap::IndexMap;
use people_codegen::document::openapi_format::METHODS;

use super::comparison::{Comparison, Kind};
use super::entries::{PathItem, UnmatchedOperation, missing};
use super::node_ref::NodeRef;
use super::scope::{Scope, Step};
use crate::diff::rules as rule;

/// The fields of a callback's operation that rules know.
const FIELDS: [&str; 6] = [
    "summary",
    "description",
    "parameters",
    "security",
    "requestBody",
    "responses",
];

impl<'a> Comparison<'a> {
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
                self.beside_reference(scope, *old, *new);
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

    /// What stands beside the `$ref` of a path of a callback.
    fn beside_reference(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        let fields = |site: NodeRef<'a>| -> IndexMap<&'a str, NodeRef<'a>> {
            let fields = site.entries().filter(|(name, _)| *name != "$ref");
            let is_reference = site.get("$ref").is_some();
            fields.filter(|_| is_reference).collect()
        };
        let (before, after) = (fields(old), fields(new));
        for (name, old) in &before {
            let new = after.get(name).copied();
            self.value(scope, name, Some(*old), new, rule::FIELD_CHANGED);
        }
        for (name, new) in missing(&after, &before) {
            self.value(scope, name, None, Some(new), rule::FIELD_CHANGED);
        }
    }

    /// A path of a callback, where what is sent elsewhere is received, and the other way round.
    pub(super) fn callback_path(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        let scope = &scope.called_back();
        let items = (PathItem::of(self.old, old).0, PathItem::of(self.new, new).0);
        for name in ["summary", "description"] {
            self.prose(scope, name, old.get(name), new.get(name));
        }
        for method in METHODS {
            let (before, after) = (old.get(method), new.get(method));
            let near = after.map_or(scope.near(), |new| new.at);
            let scope = &scope.step(Step::Named("", method), near);
            match (before, after) {
                (Some(before), Some(after)) => {
                    for name in ["summary", "description"] {
                        self.prose(scope, name, before.get(name), after.get(name));
                    }
                    // The path is an expression, and has no parameters.
                    let of = |item: &PathItem<'a>, operation| UnmatchedOperation {
                        path: "",
                        method,
                        item: item.clone(),
                        operation,
                    };
                    self.parameters(scope, &of(&items.0, before), &of(&items.1, after));
                    let (own, own_now) = (before.get("security"), after.get("security"));
                    self.security_pair(scope, own, own_now);
                    self.body_of(scope, before, after);
                    self.responses(scope, (method, before), (method, after));
                    self.rest(scope, before, after, &FIELDS);
                }
                (Some(old), None) => {
                    let (rule, message) = self.removal("the callback", old, rule::CALLBACK_REMOVED);
                    self.report(scope, rule, (Some(old.at), None), message);
                }
                (None, Some(new)) => {
                    let message = "the callback was added";
                    self.report(scope, rule::CALLBACK_ADDED, (None, Some(new.at)), message);
                }
                (None, None) => {}
            }
        }
        let known = ["summary", "description", "parameters"];
        self.rest(scope, old, new, &[&known[..], &METHODS].concat());
    }
}
