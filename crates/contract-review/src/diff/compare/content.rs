//! Bodies and other content: media types, schemas that are sent or received as they are, examples.

use std::collections::HashMap;

use indexmap::IndexMap;
use people_codegen::signature::{BodyKind, Brings, body_kind, json_media_type};

use super::comparison::{Comparison, Kind, Root};
use super::entries::missing;
use super::node_ref::NodeRef;
use super::scope::{Scope, Step};
use super::text::{places, short};
use super::value;
use crate::diff::rules::{self as rule, Rule};

const SCHEMA: Kind = Kind::Schema { described: false };

/// What content is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carrier {
    /// The body of a request.
    Request,
    Response,
    /// Two responses of which one covers the status of the other.
    Covered,
    /// A parameter or a header.
    Value,
}

/// The media types of content, by their names without capitals and spaces, which do not matter.
type ByType<'a> = IndexMap<String, (&'a str, NodeRef<'a>)>;

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
        let content = (old.get("content"), new.get("content"));
        self.content(scope, Carrier::Request, content.0, content.1);
        self.rest(scope, old, new, &[TEXT, "required", "content"]);
    }

    // ---- content -------------------------------------------------------------------------------

    /// What parameters and headers have in common.
    pub(super) fn carried(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        const TEXT: &str = "description";
        self.prose(scope, TEXT, old.get(TEXT), new.get(TEXT));
        self.lifecycle(scope, |name| old.get(name), |name| new.get(name));
        if !self.serialization(scope, old, new) {
            self.schema_of(scope, old, new);
            let content = (old.get("content"), new.get("content"));
            self.content(scope, Carrier::Value, content.0, content.1);
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

    pub(super) fn content(
        &mut self,
        scope: &Scope<'_>,
        carrier: Carrier,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
    ) {
        let contents = &Contents::of(carrier, old, new);
        // What another entry became: the new key, with the old ones.
        let mut successors: HashMap<&str, Vec<&str>> = HashMap::new();
        for (key, (name, old)) in &contents.before {
            let Some((_, new)) = contents.after.get(key) else {
                for successor in self.media_type_removed(scope, contents, key) {
                    successors.entry(successor).or_default().push(key);
                }
                continue;
            };
            let scope = &scope.step(Step::Named("", name), new.at);
            let scope = &scope.typed(contents.is_type(key, key));
            if !contents.same_kind() {
                self.became_bytes(scope, *old, *new);
            }
            self.media_type(scope, carrier, *old, *new);
        }
        for (key, (name, new)) in &contents.after {
            if contents.before.contains_key(key) {
                continue;
            }
            let predecessors = successors.get(key.as_str());
            let rule = match carrier {
                Carrier::Request => rule::REQUEST_MEDIA_TYPE_ADDED,
                _ => rule::MEDIA_TYPE_ADDED,
            };
            let message = "the media type was added";
            let scope = &scope.step(Step::Named("", name), new.at);
            // It may have been described by a range, or in another spelling, and still be.
            let cover = covering(&contents.before, key).map(|(cover, _)| cover);
            let was_read = cover.is_some_and(|cover| contents.read.is(cover));
            let is_read = contents.read_now.is(key) && !was_read;
            let reported = &scope.typed(is_read || !contents.same_kind());
            if predecessors.is_none() {
                self.report(reported, rule, (None, Some(new.at)), message);
            }
            if let Some(cover) = cover
                && predecessors.is_none_or(|compared| !compared.contains(&cover))
            {
                let scope = &scope.typed(contents.is_type(cover, key));
                self.schema_of(scope, contents.before[cover].1, *new);
            }
        }
    }

    /// A media type that is not listed any more: what describes it instead, or what is left of its range.
    /// Gives the keys of those that it became.
    fn media_type_removed<'c>(
        &mut self,
        scope: &Scope<'_>,
        contents: &'c Contents<'a>,
        key: &str,
    ) -> Vec<&'c str> {
        let Contents { before, after, .. } = contents;
        let (name, old) = before[key];
        let others: Vec<(&str, &'static Rule)> = match covering(after, key) {
            Some((cover, true)) => vec![(cover, rule::CHARSET_CHANGED)],
            Some((cover, false)) => vec![(cover, rule::MEDIA_TYPE_WIDENED)],
            None => {
                let added = after.keys().filter(|other| !before.contains_key(*other));
                // What a closer range described is not part of this one.
                let parts = added.filter(|other| {
                    covering(before, other).is_some_and(|(closest, _)| closest == key)
                });
                let parts = parts.map(|part| (part.as_str(), rule::MEDIA_TYPE_NARROWED));
                parts.collect()
            }
        };
        let was_read = contents.read.is(key) || !contents.same_kind();
        if others.is_empty() {
            let rule = match contents.carrier {
                Carrier::Request => rule::REQUEST_MEDIA_TYPE_REMOVED,
                _ => rule::MEDIA_TYPE_REMOVED,
            };
            let message = "the media type was removed";
            let scope = &scope.step(Step::Named("", name), scope.near());
            let places = (Some(old.at), None);
            self.report(&scope.typed(was_read), rule, places, message);
        }
        let mut successors = Vec::new();
        for (other, rule) in others {
            let (name_now, new) = after[other];
            let places = (Some(old.at), Some(new.at));
            if before.contains_key(other) {
                let scope = &scope.step(Step::Named("", name), new.at);
                let message = format!("the media type is described by `{}` alone", short(name_now));
                self.report(&scope.typed(was_read), rule, places, message);
                let scope = &scope.typed(contents.is_type(key, other));
                self.schema_of(scope, old, new);
                continue;
            }
            successors.push(other);
            let scope = &scope.step(Step::Named("", name_now), new.at);
            let message = format!(
                "the media type changed from `{}` to `{}`",
                short(name),
                short(name_now)
            );
            let reported = &scope.typed(was_read || contents.read_now.is(other));
            self.report(reported, rule, places, message);
            let scope = &scope.typed(contents.is_type(key, other));
            self.media_type(scope, contents.carrier, old, new);
        }
        successors
    }

    /// Content of any media type, which the SDK takes as JSON unless its schema says that it is bytes.
    fn became_bytes(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        let (rule, message) = match (is_value(old), is_value(new)) {
            (true, false) => {
                let message = "the SDK takes the content as bytes now";
                (rule::RUST_FORMAT_ADDED, message)
            }
            (false, true) => {
                let message = "the SDK takes the content as JSON now";
                (rule::RUST_FORMAT_REMOVED, message)
            }
            _ => return,
        };
        let (places, near) = self.field("schema", old, new);
        self.report_near(scope, rule, places, near, message);
    }

    fn media_type(
        &mut self,
        scope: &Scope<'_>,
        carrier: Carrier,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
    ) {
        self.schema_of(scope, old, new);
        if is_xml(scope.name())
            && let (Some(old), Some(new)) = (old.get("schema"), new.get("schema"))
        {
            self.root_elements(scope, old, new);
        }
        if carrier == Carrier::Covered {
            return;
        }
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
}

/// The content of one thing in both contracts.
struct Contents<'a> {
    carrier: Carrier,
    before: ByType<'a>,
    after: ByType<'a>,
    /// What the SDK reads or writes of each.
    read: Read,
    read_now: Read,
}

impl<'a> Contents<'a> {
    fn of(carrier: Carrier, old: Option<NodeRef<'a>>, new: Option<NodeRef<'a>>) -> Self {
        let (before, after) = (by_type(old), by_type(new));
        Self {
            carrier,
            read: Read::by_sdk(carrier, &before),
            read_now: Read::by_sdk(carrier, &after),
            before,
            after,
        }
    }

    fn same_kind(&self) -> bool {
        self.read.kind == self.read_now.kind
    }

    /// Whether the SDK has a type that was made of the `old` key, and is made of the `new` one.
    fn is_type(&self, old: &str, new: &str) -> bool {
        !self.same_kind() || self.read.is_type(old) && self.read_now.is_type(new)
    }
}

/// What of some content the SDK reads or writes.
struct Read {
    /// How; where there is content, but none that the SDK has a type for, as bytes.
    kind: Option<BodyKind>,
    /// The key of the media type.
    key: Option<String>,
}

impl Read {
    fn by_sdk(carrier: Carrier, content: &ByType<'_>) -> Self {
        let listed = content
            .iter()
            .map(|(key, (_, media_type))| (key.as_str(), is_value(*media_type)));
        let read = match carrier {
            Carrier::Request => body_kind(&listed.collect::<Vec<_>>()),
            _ => json_media_type(listed).map(|key| (BodyKind::Json, key)),
        };
        let bytes = || (!content.is_empty()).then_some(BodyKind::Bytes);
        Self {
            kind: read.map(|(kind, _)| kind).or_else(bytes),
            key: read.map(|(_, key)| key.to_owned()),
        }
    }

    fn is(&self, key: &str) -> bool {
        self.key.as_deref() == Some(key)
    }

    /// Whether the SDK takes what is under `key` apart: a type, or the parts of a form.
    fn is_type(&self, key: &str) -> bool {
        self.is(key) && self.kind != Some(BodyKind::Bytes)
    }
}

/// What a response brings to users of the SDK.
pub(super) fn brings(response: NodeRef<'_>) -> Brings<Option<NodeRef<'_>>> {
    let content = by_type(response.get("content"));
    match Read::by_sdk(Carrier::Response, &content) {
        Read {
            key: Some(json), ..
        } => Brings::Json(content[&json].1.get("schema")),
        Read { kind: Some(_), .. } => Brings::Other,
        Read { kind: None, .. } => Brings::Nothing,
    }
}

/// Whether a schema describes content as anything but bytes.
fn is_value(media_type: NodeRef<'_>) -> bool {
    let is_binary =
        |schema: NodeRef<'_>| schema.text("type") == "string" && schema.text("format") == "binary";
    media_type
        .get("schema")
        .is_some_and(|schema| !is_binary(schema))
}

fn by_type(content: Option<NodeRef<'_>>) -> ByType<'_> {
    let entries = content.into_iter().flat_map(NodeRef::entries);
    entries
        .map(|(name, site)| (name.to_ascii_lowercase().replace(' ', ""), (name, site)))
        .collect()
}

/// The closest entry that documents of the type `key` fall under, and whether that is the same type in
/// another spelling. There is none for `key` itself.
fn covering<'c>(content: &'c ByType<'_>, key: &str) -> Option<(&'c str, bool)> {
    let is_plain = |key: &str| {
        let mut parameters = key.split(';').skip(1);
        parameters.all(|parameter| parameter.starts_with("charset="))
    };
    let others = content.keys().map(String::as_str);
    let mut others = others.filter(|other| *other != key);
    let is_spelling = |other: &&str| base(other) == base(key) && is_plain(other) && is_plain(key);
    if let Some(other) = others.clone().find(is_spelling) {
        return Some((other, true));
    }
    let is_closest = |other: &&str| covers(base(other), base(key)) && base(other) != "*/*";
    let closest = others.clone().find(is_closest);
    let any = || others.find(|other| base(other) == "*/*");
    closest.or_else(any).map(|other| (other, false))
}

/// Whether documents of this media type are XML.
fn is_xml(media_type: &str) -> bool {
    let name = base(media_type).trim().to_ascii_lowercase();
    name.ends_with("/xml") || name.ends_with("+xml")
}

/// A media type without its parameters.
fn base(name: &str) -> &str {
    name.split(';').next().unwrap_or_default()
}

/// Whether `name` is part of `range`, and is another name.
fn covers(range: &str, name: &str) -> bool {
    let starts = |start: &str| start.ends_with('/') && name.starts_with(start);
    range != name && (range == "*/*" || range.strip_suffix('*').is_some_and(starts))
}
