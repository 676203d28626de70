//! Schemas: what a value may be, and what it is called in Rust.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use people_codegen::Position;
use people_codegen::document::contract::EXTENSIBLE_ENUM;
use people_codegen::document::node::Value;

use super::accepts::is_multiple;
use super::comparison::{Comparison, Kind, extension_rule};
use super::conjunction::is_deciding;
use super::contract::Document;
use super::discriminators::Mapping;
use super::lifecycle;
use super::node_ref::NodeRef;
use super::scope::{Scope, Step};
use super::shape::Shape;
use super::text::{places, short};
use super::value::{self, Names};
use crate::diff::rules::{self as rule, Rule};

/// What describes a schema, or how it is used, beside what a value may be. These stand beside a
/// reference inside an `allOf` of one, since OpenAPI 3.0 allows nothing beside a `$ref`. So do those of
/// `lifecycle`.
const ANNOTATIONS: [&str; 10] = [
    "title",
    "description",
    "default",
    "example",
    "examples",
    "externalDocs",
    "readOnly",
    "writeOnly",
    "nullable",
    "xml",
];

/// How many properties are collected through `allOf` before it is compared item by item.
const MAX_FLATTENED: usize = 1_000_000;

/// In a longer list of variants, none is looked for.
const MAX_VARIANTS: usize = 1_000;

/// How deep `allOf` is followed.
const MAX_DEPTH: usize = 32;

/// A schema where it is used: what is said beside it, and what is behind the references.
struct View<'a> {
    /// Schemas that hold nothing but annotations, and perhaps a list of one schema; outermost first.
    layers: Vec<NodeRef<'a>>,
    core: NodeRef<'a>,
    /// Whether a reference led to the core.
    reference: bool,
    /// The name of the schema, and so of the Rust type, when it has one.
    name: Option<&'a str>,
}

impl<'a> View<'a> {
    /// An annotation, the outermost first.
    fn get(&self, name: &str) -> Option<NodeRef<'a>> {
        let layers = self.layers.iter().chain([&self.core]);
        layers.into_iter().find_map(|layer| layer.get(name))
    }

    fn is(&self, name: &str) -> bool {
        matches!(
            self.get(name).map(|site| &site.node.value),
            Some(Value::Bool(true))
        )
    }
}

fn view<'a>(contract: &Document<'a>, site: NodeRef<'a>) -> Result<View<'a>, &'a str> {
    let mut view = View {
        layers: Vec::new(),
        core: site,
        reference: false,
        name: None,
    };
    loop {
        let target = contract.follow(view.core)?;
        view.core = target.site;
        if target.reference {
            view.reference = true;
            view.name = target
                .component()
                .and_then(|(section, name)| (section == "schemas").then_some(name));
            return Ok(view);
        }
        match wrapped(view.core) {
            Some((inner, beside)) => {
                view.layers.push(view.core);
                view.layers.extend(beside);
                view.core = inner;
            }
            None => return Ok(view),
        }
    }
}

/// The only schema of an `allOf`, `oneOf` or `anyOf` that has nothing but annotations beside it; and
/// those annotations that stand in further items of an `allOf`.
fn wrapped(site: NodeRef<'_>) -> Option<(NodeRef<'_>, Vec<NodeRef<'_>>)> {
    let words = ["allOf", "oneOf", "anyOf"];
    let word = words.into_iter().find(|word| site.get(word).is_some())?;
    let bare = (site.entries()).all(|(name, _)| name == word || is_annotation(name));
    let (layers, mut schemas): (Vec<_>, Vec<_>) = (site.get(word)?.items())
        .partition(|item| word == "allOf" && item.entries().all(|(name, _)| is_annotation(name)));
    if schemas.len() == 1 && bare {
        Some((schemas.pop()?, layers))
    } else {
        None
    }
}

fn is_annotation(name: &str) -> bool {
    ANNOTATIONS.contains(&name) || lifecycle::FIELDS.contains(&name) || is_extension(name)
}

fn is_extension(name: &str) -> bool {
    name.starts_with("x-") && name != EXTENSIBLE_ENUM
}

impl<'a> Comparison<'a> {
    /// Two schemas where they are used, either of which may be a reference. `described` says that
    /// their annotations have been compared already.
    pub(super) fn schema_sites(
        &mut self,
        scope: &Scope<'_>,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
        described: bool,
    ) {
        self.unselected_sites(scope, old, new, described);
        self.link_selected(scope, old, new);
    }

    /// As `schema_sites`, for what a schema is made from: a discriminator selects nothing there.
    pub(super) fn unselected_sites(
        &mut self,
        scope: &Scope<'_>,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
        described: bool,
    ) {
        if self.is_unchanged(old, new) {
            return;
        }
        let proven = self.proven(scope, old, new);
        let scope = &scope.proven(proven);
        let (before, after) = (view(&self.old, old), view(&self.new, new));
        let (before, after) = match (before, after) {
            (Ok(before), Ok(after)) => (before, after),
            (before, after) => {
                let sites = (Some(old), Some(new));
                return self.unresolved(scope, sites, (before.err(), after.err()));
            }
        };
        let layered = !before.layers.is_empty() || !after.layers.is_empty();
        if layered && !described {
            self.layers(scope, &before, &after);
        }
        self.type_name(scope, &before, &after, old, new);
        if self.variant_alone(scope, &before, &after) {
            return;
        }
        // The annotations of named schemas belong to them, not to where they are used.
        let named = before.name.is_some() && after.name.is_some();
        let described = described || (layered && !named);
        if before.reference || after.reference {
            let label = match after.name.or(before.name) {
                Some(name) if named => short(name).into_owned(),
                _ => scope.path(self.label(scope.id())),
            };
            let described = described && !named;
            let kind = Kind::Schema { described };
            let unit = self.unit(kind, before.core, after.core, label);
            self.link(scope, unit);
        } else {
            self.schema(scope, before.core, after.core, described);
        }
    }

    /// Whether the type of this place has the same name in Rust.
    fn type_name(
        &mut self,
        scope: &Scope<'_>,
        before: &View<'a>,
        after: &View<'a>,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
    ) {
        let (rule, message) = match (before.name, after.name) {
            (Some(old), Some(new)) => {
                let expected = self.renamed.get(old).copied().unwrap_or(old);
                if expected == new {
                    return;
                }
                let message = format!(
                    "the schema here was `{}` and is `{}`",
                    short(old),
                    short(new)
                );
                (rule::REFERENCE_CHANGED, message)
            }
            (None, Some(new)) => {
                let message = format!("the schema here became the named schema `{}`", short(new));
                (rule::SCHEMA_NAMED, message)
            }
            (Some(old), None) => {
                let message = format!(
                    "the schema here was `{}` and is written in place",
                    short(old)
                );
                (rule::SCHEMA_INLINED, message)
            }
            (None, None) => return,
        };
        let near = self.first_change(old, new);
        self.report_near(scope, rule, places(Some(old), Some(new)), near, message);
    }

    /// Whether the outermost elements of a document in XML have the same names: of a list, those of its
    /// items, too.
    pub(super) fn root_elements(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        self.element(scope, old, new);
        let items = |document: &Document<'a>, site| view(document, site).ok()?.get("items");
        if let (Some(old), Some(new)) = (items(&self.old, old), items(&self.new, new)) {
            self.element(&scope.step(Step::Suffix("[]"), new.at), old, new);
        }
    }

    /// The name of an element is that of `xml`, or else that of its schema. Where both are named by
    /// `xml`, that is compared with the other annotations.
    fn element(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        let name = |document: &Document<'a>, site| {
            let view = view(document, site).ok()?;
            let named = view.get("xml").map_or("", |xml| xml.text("name"));
            Some(match view.name {
                _ if !named.is_empty() => (named, true),
                name => (name.unwrap_or_default(), false),
            })
        };
        let (Some(before), Some(after)) = (name(&self.old, old), name(&self.new, new)) else {
            return;
        };
        if before.0 == after.0 || (before.1 && after.1) {
            return;
        }
        let shown = |name: &str| match name {
            "" => "no name".to_owned(),
            name => format!("the name `{}`", short(name)),
        };
        let message = format!(
            "the element in XML had {} and has {}",
            shown(before.0),
            shown(after.0)
        );
        let places = places(Some(old), Some(new));
        self.report(scope, rule::XML_CHANGED, places, message);
    }

    // ---- annotations ---------------------------------------------------------------------------

    /// What is said beside a schema where it is used.
    fn layers(&mut self, scope: &Scope<'_>, before: &View<'a>, after: &View<'a>) {
        let layers = before.layers.iter().chain(&after.layers);
        let said: HashSet<&str> = layers
            .flat_map(|layer| layer.entries())
            .map(|(name, _)| name)
            .collect();
        // With a name on both sides, what neither layer says is compared with the named schemas.
        let named = before.name.is_some() && after.name.is_some();
        let get = |view: &View<'a>, name: &str| {
            if named && !said.contains(name) {
                None
            } else {
                view.get(name)
            }
        };
        self.annotations(scope, |name| get(before, name), |name| get(after, name));
        let mut extensions: Vec<&str> = said.into_iter().collect();
        extensions.retain(|name| is_extension(name) && !lifecycle::FIELDS.contains(name));
        extensions.sort_unstable();
        for name in extensions {
            let (old, new) = (before.get(name), after.get(name));
            self.value(scope, name, old, new, extension_rule(name, old, new));
        }
    }

    fn annotations(
        &mut self,
        scope: &Scope<'_>,
        old: impl Fn(&str) -> Option<NodeRef<'a>>,
        new: impl Fn(&str) -> Option<NodeRef<'a>>,
    ) {
        for name in ["title", "description"] {
            self.prose(scope, name, old(name), new(name));
        }
        self.example(scope, old("example"), new("example"));
        let (before, after) = (old("default"), new("default"));
        let rule = match (before, after) {
            (None, _) => rule::DEFAULT_ADDED,
            (_, None) => rule::DEFAULT_REMOVED,
            _ => rule::DEFAULT_CHANGED,
        };
        self.value(scope, "default", before, after, rule);
        for (name, rule) in [
            ("externalDocs", rule::FIELD_CHANGED),
            ("examples", rule::FIELD_CHANGED),
            ("xml", rule::XML_CHANGED),
        ] {
            self.value(scope, name, old(name), new(name), rule);
        }
        self.lifecycle(scope, &old, &new);
        let nullable = if scope.is_optional() {
            (
                rule::OPTIONAL_NULLABLE_ADDED,
                rule::OPTIONAL_NULLABLE_REMOVED,
            )
        } else {
            (rule::NULLABLE_ADDED, rule::NULLABLE_REMOVED)
        };
        self.flag(
            scope,
            (old("nullable"), new("nullable")),
            (nullable.0, "it may be null now"),
            (nullable.1, "it is never null now"),
        );
        self.flag(
            scope,
            (old("writeOnly"), new("writeOnly")),
            (rule::WRITE_ONLY_ADDED, "it is only written now"),
            (rule::WRITE_ONLY_REMOVED, "it is read, too, now"),
        );
        let removed = if scope.is_optional() {
            rule::READ_ONLY_REMOVED
        } else {
            rule::REQUIRED_READ_ONLY_REMOVED
        };
        self.flag(
            scope,
            (old("readOnly"), new("readOnly")),
            (rule::READ_ONLY_ADDED, "it is only read now"),
            (removed, "it is written, too, now"),
        );
    }

    fn flag(
        &mut self,
        scope: &Scope<'_>,
        (old, new): (Option<NodeRef<'a>>, Option<NodeRef<'a>>),
        added: (&'static Rule, &str),
        removed: (&'static Rule, &str),
    ) {
        let is = |site: Option<NodeRef<'a>>| {
            matches!(site.map(|site| &site.node.value), Some(Value::Bool(true)))
        };
        let (rule, message) = match (is(old), is(new)) {
            (false, true) => added,
            (true, false) => removed,
            _ => return,
        };
        self.report(scope, rule, places(old, new), message);
    }

    // ---- what a value may be -------------------------------------------------------------------

    fn schema(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>, described: bool) {
        // What is written alike can differ in what it refers to alone.
        let is_alike = value::same(old.node, new.node);
        if !is_alike {
            if !described {
                self.annotations(scope, |name| old.get(name), |name| new.get(name));
            }
            // Extensions are compared with the annotations.
            self.rest_but(scope, old, new, |name| {
                is_deciding(name)
                    || ANNOTATIONS.contains(&name)
                    || lifecycle::FIELDS.contains(&name)
                    || (described && name.starts_with("x-"))
            });
        }
        let (old, new) = self.all_of(scope, old, new);
        let (old, new) = (&old, &new);
        if !is_alike {
            if !self.kind(scope, old.site, new.site) {
                return;
            }
            self.format(scope, old, new);
            self.enumeration(scope, old, new);
            self.pattern(scope, old.get("pattern"), new.get("pattern"));
            self.bounds(scope, old, new);
            self.negation(scope, old.get("not"), new.get("not"));
            self.discriminator(scope, old, new);
        }
        self.composition(scope, old, new);
        self.properties(scope, old, new);
        self.additional(scope, old, new);
        self.part(
            &scope.step(Step::Suffix("[]"), near(new.site, "items")),
            old.get("items"),
            new.get("items"),
        );
    }

    /// Compares the types; whether there is any point in going on.
    fn kind(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) -> bool {
        let (before, after) = (kind(&self.old, old), kind(&self.new, new));
        if before == after {
            return true;
        }
        let (places, near) = self.field("type", old, new);
        let proven = self.values(old, new);
        let sizes = matches!(
            (before.as_str(), after.as_str()),
            ("integer", "number") | ("number", "integer")
        );
        let rule = match (proven.request, proven.response) {
            // The same values, written in another way.
            (true, true) if before.is_empty() || after.is_empty() => return true,
            _ if before == "integer" && after == "number" => rule::TYPE_WIDENED,
            _ if before == "number" && after == "integer" => rule::TYPE_NARROWED,
            (true, false) => rule::TYPE_WIDENED,
            (false, true) => rule::TYPE_NARROWED,
            _ if !before.is_empty() && !after.is_empty() => rule::TYPE_CHANGED,
            _ if self.disjoint(old, new) => rule::TYPE_CHANGED,
            _ => rule::TYPE_UNDECIDED,
        };
        let shown = |kind: &str, site: NodeRef<'a>| match kind {
            "" if site.get("oneOf").is_some() => "`oneOf`".to_owned(),
            "" if site.get("anyOf").is_some() => "`anyOf`".to_owned(),
            "" if site.get("enum").is_some() => "listed values".to_owned(),
            "" => "any".to_owned(),
            kind => format!("`{kind}`"),
        };
        let message = format!(
            "the type changed from {} to {}",
            shown(&before, old),
            shown(&after, new)
        );
        self.report_near(scope, rule, places, near, message);
        sizes
    }

    fn format(&mut self, scope: &Scope<'_>, old: &Shape<'a>, new: &Shape<'a>) {
        let (before, after) = (old.get("format"), new.get("format"));
        let text = |site: Option<NodeRef<'a>>| site.and_then(|site| site.node.as_str());
        let (old_text, new_text) = (text(before), text(after));
        let kind = kind(&self.new, new.site);
        // The formats that the generator keeps; see `people_codegen`'s `lower`.
        let typed = |format: Option<&str>| {
            let format = format.unwrap_or_default();
            match kind.as_str() {
                "string" => matches!(format, "date" | "date-time"),
                "integer" | "number" => !format.is_empty(),
                _ => false,
            }
        };
        let rule = match (before, after) {
            (None, _) if typed(new_text) => rule::RUST_FORMAT_ADDED,
            (None, _) => rule::FORMAT_ADDED,
            (_, None) if typed(old_text) => rule::RUST_FORMAT_REMOVED,
            (_, None) => rule::FORMAT_REMOVED,
            _ if !(typed(old_text) || typed(new_text)) => rule::FORMAT_CHANGED,
            _ if kind == "string" => rule::RUST_FORMAT_CHANGED,
            _ => rule::NUMBER_FORMAT_CHANGED,
        };
        self.value(scope, "format", before, after, rule);
    }

    fn enumeration(&mut self, scope: &Scope<'_>, old: &Shape<'a>, new: &Shape<'a>) {
        let listed = |site: &Shape<'a>| site.get("enum").or_else(|| site.get(EXTENSIBLE_ENUM));
        let closed = |site: &Shape<'a>| site.get("enum").is_some();
        let (was_closed, is_closed) = (closed(old), closed(new));
        if was_closed && is_closed {
            // A closed list decides; one beside it means nothing here.
            let (before, after) = (old.get(EXTENSIBLE_ENUM), new.get(EXTENSIBLE_ENUM));
            let rule = extension_rule(EXTENSIBLE_ENUM, before, after);
            self.value(scope, EXTENSIBLE_ENUM, before, after, rule);
        }
        let (before, after) = match (listed(old), listed(new)) {
            (None, None) => return,
            (Some(before), None) => {
                let (rule, message) = if was_closed {
                    let message = "any value is right now, where a list had them all";
                    (rule::ENUM_REMOVED, message)
                } else {
                    (rule::OPEN_ENUM_REMOVED, "no known values are listed now")
                };
                return self.report(scope, rule, (Some(before.at), None), message);
            }
            (None, Some(after)) => {
                let (rule, message) = if is_closed {
                    (rule::ENUM_ADDED, "only listed values are right now")
                } else {
                    (rule::OPEN_ENUM_ADDED, "known values are listed now")
                };
                return self.report(scope, rule, (None, Some(after.at)), message);
            }
            (Some(before), Some(after)) => (before, after),
        };
        let at = (Some(before.at), Some(after.at));
        if was_closed && !is_closed {
            let message = "other values than the listed ones are right now";
            self.report(scope, rule::ENUM_OPENED, at, message);
        } else if is_closed && !was_closed {
            let message = "only listed values are right now";
            self.report(scope, rule::ENUM_CLOSED, at, message);
        }
        let values = |site: NodeRef<'a>| -> IndexMap<String, NodeRef<'a>> {
            let items = site.items();
            items.map(|item| (value::key(item.node), item)).collect()
        };
        let (old_values, new_values) = (values(before), values(after));
        for (key, item) in &old_values {
            if !new_values.contains_key(key) {
                let rule = if !is_closed {
                    rule::OPEN_ENUM_VALUE_REMOVED
                } else if item.node.as_str().is_some() {
                    rule::ENUM_VALUE_REMOVED
                } else {
                    rule::NUMBER_ENUM_VALUE_REMOVED
                };
                let message = format!("the value {} was removed", value::brief(item.node));
                let scope = &scope.step(Step::Suffix(""), after.at);
                self.report(scope, rule, (Some(item.at), None), message);
            }
        }
        for (key, item) in &new_values {
            if !old_values.contains_key(key) {
                let rule = if !was_closed || !is_closed {
                    rule::OPEN_ENUM_VALUE_ADDED
                } else if item.node.as_str().is_some() {
                    rule::ENUM_VALUE_ADDED
                } else {
                    rule::NUMBER_ENUM_VALUE_ADDED
                };
                let message = format!("the value {} was added", value::brief(item.node));
                self.report(scope, rule, (None, Some(item.at)), message);
            }
        }
    }

    fn pattern(&mut self, scope: &Scope<'_>, old: Option<NodeRef<'a>>, new: Option<NodeRef<'a>>) {
        let rule = match (old, new) {
            (None, _) => rule::PATTERN_ADDED,
            (_, None) => rule::PATTERN_REMOVED,
            _ => rule::PATTERN_CHANGED,
        };
        self.value(scope, "pattern", old, new, rule);
    }

    fn bounds(&mut self, scope: &Scope<'_>, old: &Shape<'a>, new: &Shape<'a>) {
        const UPPER: [&str; 3] = ["maxLength", "maxItems", "maxProperties"];
        const LOWER: [&str; 3] = ["minLength", "minItems", "minProperties"];
        const STEP: &str = "multipleOf";
        for name in UPPER {
            let limit = |site: &Shape<'a>| limit(site, name, f64::INFINITY);
            let tighter = limit(new) < limit(old);
            self.bound(scope, name, old, new, tighter);
        }
        for name in LOWER {
            let limit = |site: &Shape<'a>| limit(site, name, 0.0);
            let tighter = limit(new) > limit(old);
            self.bound(scope, name, old, new, tighter);
        }
        for (name, exclusive, sign) in [
            ("maximum", "exclusiveMaximum", 1.0),
            ("minimum", "exclusiveMinimum", -1.0),
        ] {
            // Less is tighter, and without the limit itself is tighter than with it.
            let limit = |site: &Shape<'a>| match site.limit(name, exclusive) {
                Some((limit, excluded)) => (limit * sign, !excluded),
                None => (f64::INFINITY, true),
            };
            let (before, after) = (limit(old), limit(new));
            if before.0.total_cmp(&after.0).is_ne() {
                self.bound(scope, name, old, new, after.0 < before.0);
            } else if before.1 != after.1 && before.0.is_finite() {
                self.bound(scope, exclusive, old, new, before.1);
            }
        }
        let unique = (old.is("uniqueItems"), new.is("uniqueItems"));
        if unique.0 != unique.1 {
            self.bound(scope, "uniqueItems", old, new, unique.1);
        }
        match (old.get(STEP), new.get(STEP)) {
            (Some(before), Some(after)) if !value::same(before.node, after.node) => {
                let is_multiple = |big: NodeRef<'a>, small: NodeRef<'a>| {
                    is_multiple(big.node, small.node) == Some(true)
                };
                if is_multiple(after, before) {
                    self.bound(scope, STEP, old, new, true);
                } else if is_multiple(before, after) {
                    self.bound(scope, STEP, old, new, false);
                } else {
                    let (before, after) = (Some(before), Some(after));
                    self.value(scope, STEP, before, after, rule::CONSTRAINT_CHANGED);
                }
            }
            (before, after) if before.is_some() != after.is_some() => {
                self.bound(scope, STEP, old, new, after.is_some());
            }
            _ => {}
        }
    }

    fn bound(
        &mut self,
        scope: &Scope<'_>,
        name: &str,
        old: &Shape<'a>,
        new: &Shape<'a>,
        tighter: bool,
    ) {
        let rule = if tighter {
            rule::CONSTRAINT_TIGHTENED
        } else {
            rule::CONSTRAINT_LOOSENED
        };
        self.value(scope, name, old.get(name), new.get(name), rule);
    }

    /// A schema that is part of another, where its absence allows anything.
    pub(super) fn part(
        &mut self,
        scope: &Scope<'_>,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
    ) {
        match (old, new) {
            (Some(old), Some(new)) => self.schema_sites(scope, old, new, false),
            (None, Some(new)) => {
                let message = "a schema was added where anything was right";
                self.report(scope, rule::TYPE_NARROWED, (None, Some(new.at)), message);
            }
            (Some(old), None) => {
                let message = "the schema was removed, so that anything is right";
                self.report(scope, rule::TYPE_WIDENED, (Some(old.at), None), message);
            }
            (None, None) => {}
        }
    }

    // ---- objects -------------------------------------------------------------------------------

    fn properties(&mut self, scope: &Scope<'_>, old: &Shape<'a>, new: &Shape<'a>) {
        let (before, after) = (old.properties(), new.properties());
        let (required_before, required_after) = (old.required(), new.required());
        for (name, sites) in &before {
            let now = after.get(name);
            let required = (required_before.get(name), required_after.get(name));
            if let ([site], Some([now])) = (sites.as_slice(), now.map(Vec::as_slice))
                && required.0.is_some() == required.1.is_some()
                && self.is_unchanged(*site, *now)
            {
                continue;
            }
            let read_only = self.is_any(false, sites, "readOnly");
            let write_only = self.is_any(false, sites, "writeOnly");
            let Some(site) = sites.first() else {
                continue;
            };
            let Some((now, now_first)) = now.and_then(|now| Some((now, now.first()?))) else {
                let step = &scope
                    .step(Step::Property(name), near(new.site, "properties"))
                    .without(read_only, write_only);
                let (rule, message) = self.removal("the property", *site, rule::PROPERTY_REMOVED);
                self.report(step, rule, (Some(site.at), None), message);
                continue;
            };
            // What is only read in one of the contracts is written in the other.
            let read_only = read_only && self.is_any(true, now, "readOnly");
            let write_only = write_only && self.is_any(true, now, "writeOnly");
            let step = &scope
                .step(Step::Property(name), now_first.at)
                .without(read_only, write_only)
                .optional(required.0.is_none() && required.1.is_none());
            self.requirement(step, *site, *now_first, required, new.site.at);
            if let ([site], [now]) = (sites.as_slice(), now.as_slice()) {
                self.schema_sites(step, *site, *now, false);
            } else {
                self.items_of_all(step, sites, now, now_first.at);
            }
        }
        for (name, sites) in &after {
            let (false, Some(site)) = (before.contains_key(name), sites.first()) else {
                continue;
            };
            let step = &scope.step(Step::Property(name), site.at).without(
                self.is_any(true, sites, "readOnly"),
                self.is_any(true, sites, "writeOnly"),
            );
            let (rule, message) = if required_after.contains_key(name) {
                let message = "a property that is always there was added";
                (rule::REQUIRED_PROPERTY_ADDED, message)
            } else {
                (rule::PROPERTY_ADDED, "the property was added")
            };
            self.report(step, rule, (None, Some(site.at)), message);
        }
        // Names that are required without being described.
        let names = required_before.keys().chain(required_after.keys());
        let mut undescribed: Vec<&str> = names
            .copied()
            .filter(|name| !before.contains_key(name) && !after.contains_key(name))
            .collect();
        undescribed.sort_unstable();
        undescribed.dedup();
        for name in undescribed {
            let step = &scope.step(Step::Property(name), near(new.site, "required"));
            let required = (required_before.get(name), required_after.get(name));
            self.requirement(step, old.site, new.site, required, new.site.at);
        }
    }

    /// Whether a flag stands at one of these schemas.
    fn is_any(&self, new: bool, sites: &[NodeRef<'a>], flag: &str) -> bool {
        let document = if new { &self.new } else { &self.old };
        (sites.iter()).any(|site| view(document, *site).is_ok_and(|view| view.is(flag)))
    }

    fn requirement(
        &mut self,
        scope: &Scope<'_>,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
        required: (Option<&NodeRef<'a>>, Option<&NodeRef<'a>>),
        object: Position,
    ) {
        match required {
            (None, Some(item)) => {
                let places = (Some(old.at), Some(item.at));
                let message = "the property became required";
                self.report(scope, rule::PROPERTY_BECAME_REQUIRED, places, message);
            }
            (Some(item), None) => {
                let places = (Some(item.at), Some(new.at));
                let near = self.beside(item.at, object);
                let message = "the property became optional";
                self.report_near(scope, rule::PROPERTY_BECAME_OPTIONAL, places, near, message);
            }
            _ => {}
        }
    }

    /// What is said of the properties that an object does not name.
    fn additional(&mut self, scope: &Scope<'_>, old: &Shape<'a>, new: &Shape<'a>) {
        const NAME: &str = "additionalProperties";
        let is_boolean = |site: &NodeRef<'a>| matches!(site.node.value, Value::Bool(_));
        let schema = |shape: &Shape<'a>| shape.all(NAME).into_iter().find(|site| !is_boolean(site));
        let forbidding = |shape: &Shape<'a>| {
            let found = shape.all(NAME).into_iter();
            let mut found = found.filter(|site| matches!(site.node.value, Value::Bool(false)));
            found.next()
        };
        let has_fields = old.has_properties() && new.has_properties();
        // A struct keeps whatever it does not name, so its type does not depend on this.
        let scope = &scope
            .step(Step::Suffix(".*"), near(new.site, NAME))
            .typed(!has_fields);
        match (forbidding(old), forbidding(new)) {
            (Some(_), Some(_)) => {}
            (Some(forbidding), None) => {
                let message = "properties that are not listed are valid now";
                let places = places(Some(forbidding), new.get(NAME));
                self.report(scope, rule::ADDITIONAL_PROPERTIES_ALLOWED, places, message);
            }
            (None, Some(forbidding)) => {
                let message = "properties that are not listed are invalid now";
                let places = places(old.get(NAME), Some(forbidding));
                self.report(
                    scope,
                    rule::ADDITIONAL_PROPERTIES_FORBIDDEN,
                    places,
                    message,
                );
            }
            (None, None) => self.part(scope, schema(old), schema(new)),
        }
    }

    // ---- composition ---------------------------------------------------------------------------

    /// Compares the items of `allOf` where each has its partner, and returns the fields that are left
    /// to compare: those beside `allOf`, or, where the items differ, those of everything together.
    fn all_of(
        &mut self,
        scope: &Scope<'_>,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
    ) -> (Shape<'a>, Shape<'a>) {
        const NAME: &str = "allOf";
        let items = |site: NodeRef<'a>| -> Vec<NodeRef<'a>> {
            site.get(NAME)
                .into_iter()
                .flat_map(NodeRef::items)
                .collect()
        };
        let own = (Shape::of(old), Shape::of(new));
        let (before, after) = (items(old), items(new));
        if before.is_empty() && after.is_empty() {
            return own;
        }
        let pairs = self.match_items(&before, &after);
        // A schema that inherits a discriminator is what it selects.
        let inherits = |document: Document<'a>, site: NodeRef<'a>| {
            document.discriminators.name_of(site.address()).is_some()
        };
        if !inherits(self.old, old) || !inherits(self.new, new) {
            for (_, old, new) in &pairs.both {
                self.link_selected(scope, *old, *new);
            }
        }
        let whole = pairs.removed.is_empty() && pairs.added.is_empty();
        let merged = Shape::merged(self.old, old).zip(Shape::merged(self.new, new));
        if let Some((before, after)) = merged
            && (!whole || self.has_moved_properties(&pairs, &before, &after))
        {
            self.flattened += before.properties().len() + after.properties().len();
            if self.flattened <= MAX_FLATTENED {
                for (index, site) in &pairs.removed {
                    let scope = scope.step(Step::Numbered("all of", index + 1), near(new, NAME));
                    self.annotations(&scope, |name| site.get(name), |_| None);
                    for (name, value) in site.entries().filter(|(name, _)| is_extension(name)) {
                        let rule = extension_rule(name, Some(value), None);
                        self.value(&scope, name, Some(value), None, rule);
                    }
                }
                for (index, site) in &pairs.added {
                    let scope = scope.step(Step::Numbered("all of", index + 1), site.at);
                    self.annotations(&scope, |_| None, |name| site.get(name));
                    for (name, value) in site.entries().filter(|(name, _)| is_extension(name)) {
                        let rule = extension_rule(name, None, Some(value));
                        self.value(&scope, name, None, Some(value), rule);
                    }
                }
                for (index, old, new) in pairs.both {
                    if old.get("$ref").is_none() && new.get("$ref").is_none() {
                        let scope = scope.step(Step::Numbered("all of", index + 1), new.at);
                        self.annotations(&scope, |name| old.get(name), |name| new.get(name));
                        self.rest_but(&scope, old, new, |name| !is_extension(name));
                    }
                }
                return (before, after);
            }
        }
        self.item_pairs(scope, pairs, near(new, NAME));
        own
    }

    /// Whether a property went from one item of an `allOf` to another.
    fn has_moved_properties(
        &self,
        pairs: &Pairs<'a>,
        before: &Shape<'a>,
        after: &Shape<'a>,
    ) -> bool {
        let names = |document, site| {
            let shape = Shape::merged(document, site);
            shape.map(|shape| shape.properties()).unwrap_or_default()
        };
        let (all_before, all_after) = (before.properties(), after.properties());
        pairs.both.iter().any(|(_, old, new)| {
            let (own_before, own_after) = (names(self.old, *old), names(self.new, *new));
            let left = |name: &&&str| !own_after.contains_key(**name);
            let came = |name: &&&str| !own_before.contains_key(**name);
            own_before
                .keys()
                .filter(left)
                .any(|name| all_after.contains_key(name))
                || own_after
                    .keys()
                    .filter(came)
                    .any(|name| all_before.contains_key(name))
        })
    }

    /// The schemas that one property has to fit in several items of an `allOf`.
    fn items_of_all(
        &mut self,
        scope: &Scope<'_>,
        before: &[NodeRef<'a>],
        after: &[NodeRef<'a>],
        near: Position,
    ) {
        let pairs = self.match_items(before, after);
        for (_, old, new) in &pairs.both {
            self.link_selected(scope, *old, *new);
        }
        self.item_pairs(scope, pairs, near);
    }

    fn item_pairs(&mut self, scope: &Scope<'_>, pairs: Pairs<'a>, near: Position) {
        let scope_of = |index: usize, near| scope.step(Step::Numbered("all of", index + 1), near);
        for (index, old, new) in pairs.both {
            self.unselected_sites(&scope_of(index, new.at), old, new, false);
        }
        for (index, site) in pairs.removed {
            let scope = &scope_of(index, near);
            let message = "an item of `allOf` was removed, so that less is required";
            self.report(scope, rule::ALL_OF_REMOVED, (Some(site.at), None), message);
        }
        for (index, site) in pairs.added {
            let scope = &scope_of(index, site.at);
            let message = "an item of `allOf` was added, so that more is required";
            self.report(scope, rule::ALL_OF_ADDED, (None, Some(site.at)), message);
        }
    }

    /// `oneOf` and `anyOf`.
    fn composition(&mut self, scope: &Scope<'_>, old: &Shape<'a>, new: &Shape<'a>) {
        const WORDS: [&str; 2] = ["oneOf", "anyOf"];
        let mut pairs: Vec<_> = WORDS
            .map(|word| (word, old.get(word), word, new.get(word)))
            .into();
        if let [(one, Some(before), _, None), (any, None, _, Some(after))]
        | [(any, None, _, Some(after)), (one, Some(before), _, None)] = pairs[..]
        {
            pairs = vec![(one, Some(before), any, Some(after))];
        }
        for (old_word, before, new_word, after) in pairs {
            match (before, after) {
                (None, None) => {}
                (Some(old_list), Some(new_list)) => {
                    if old_word != new_word {
                        self.report(
                            scope,
                            rule::COMPOSITION_CHANGED,
                            places(before, after),
                            format!("`{old_word}` became `{new_word}`"),
                        );
                    }
                    let before: Vec<_> = old_list.items().collect();
                    let after: Vec<_> = new_list.items().collect();
                    self.variants(scope, &before, &after, new_list);
                }
                _ => {
                    let verb = if before.is_some() { "removed" } else { "added" };
                    let message = format!("`{old_word}` was {verb}");
                    let places = places(before, after);
                    self.report(scope, rule::COMPOSITION_CHANGED, places, message);
                }
            }
        }
    }

    fn variants(
        &mut self,
        scope: &Scope<'_>,
        before: &[NodeRef<'a>],
        after: &[NodeRef<'a>],
        list: NodeRef<'a>,
    ) {
        let pairs = self.match_items(before, after);
        for (index, old, new) in pairs.both {
            let scope = scope.step(Step::Numbered("variant", index + 1), new.at);
            self.schema_sites(&scope, old, new, false);
        }
        for (index, site) in pairs.removed {
            let scope = &scope.step(Step::Numbered("variant", index + 1), list.at);
            let message = format!("the variant {} was removed", variant_name(site));
            self.report(scope, rule::VARIANT_REMOVED, (Some(site.at), None), message);
        }
        for (index, site) in pairs.added {
            let scope = &scope.step(Step::Numbered("variant", index + 1), site.at);
            let message = format!("the variant {} was added", variant_name(site));
            self.report(scope, rule::VARIANT_ADDED, (None, Some(site.at)), message);
        }
    }

    /// A schema on one side that is one of several on the other: more or fewer variants, and
    /// otherwise the same. Whether that is what this is.
    fn variant_alone(&mut self, scope: &Scope<'_>, before: &View<'a>, after: &View<'a>) -> bool {
        let lists = (choices(before.core), choices(after.core));
        let (alone, several, added) = match lists {
            (None, Some((_, list))) => (before, list, true),
            (Some((_, list)), None) => (after, list, false),
            _ => return false,
        };
        if several.items().count() > MAX_VARIANTS {
            return false;
        }
        let content = self.print(alone.core);
        let expected = match alone.name {
            Some(name) if added => Some(self.renamed.get(name).copied().unwrap_or(name)),
            Some(name) => Some(self.renamed_from.get(name).copied().unwrap_or(name)),
            None => None,
        };
        let mut found = None;
        for (index, item) in several.items().enumerate() {
            let side = if added { &self.new } else { &self.old };
            let Ok(item) = view(side, item) else { continue };
            let same = match (expected, item.name) {
                (None, None) => self.print(item.core) == content,
                (expected, name) => expected == name,
            };
            if same {
                found = Some(index);
                break;
            }
        }
        let Some(found) = found else {
            return false;
        };
        for (index, item) in several.items().enumerate() {
            let near = if added { item.at } else { after.core.at };
            let scope = &scope.step(Step::Numbered("variant", index + 1), near);
            if index == found {
                let (old, new) = if added {
                    (alone.core, item)
                } else {
                    (item, alone.core)
                };
                self.schema_sites_quietly(scope, old, new);
                continue;
            }
            let name = variant_name(item);
            if added {
                let message = format!("the variant {name} was added");
                self.report(scope, rule::VARIANT_ADDED, (None, Some(item.at)), message);
            } else {
                let message = format!("the variant {name} was removed");
                self.report(scope, rule::VARIANT_REMOVED, (Some(item.at), None), message);
            }
        }
        true
    }

    /// As `schema_sites`, for two sites of which one is the core of a view: its name is no news.
    fn schema_sites_quietly(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        if let (Ok(before), Ok(after)) = (view(&self.old, old), view(&self.new, new)) {
            let kind = Kind::Schema { described: false };
            let label = scope.path(self.label(scope.id()));
            let unit = self.unit(kind, before.core, after.core, label);
            self.link(scope, unit);
            self.link_selected(scope, old, new);
        }
    }

    fn negation(&mut self, scope: &Scope<'_>, old: Option<NodeRef<'a>>, new: Option<NodeRef<'a>>) {
        let rule = match (old, new) {
            (None, _) => rule::NOT_ADDED,
            (_, None) => rule::NOT_REMOVED,
            _ => rule::NOT_CHANGED,
        };
        self.value(scope, "not", old, new, rule);
    }

    // ---- discriminators ------------------------------------------------------------------------

    fn discriminator(&mut self, scope: &Scope<'_>, old: &Shape<'a>, new: &Shape<'a>) {
        const NAME: &str = "discriminator";
        const KEY: &str = "propertyName";
        let (Some(before), Some(after)) = (old.get(NAME), new.get(NAME)) else {
            let (before, after) = (old.get(NAME), new.get(NAME));
            let rule = if after.is_some() {
                rule::DISCRIMINATOR_ADDED
            } else {
                rule::DISCRIMINATOR_REMOVED
            };
            return self.value(scope, NAME, before, after, rule);
        };
        let rule = rule::DISCRIMINATOR_CHANGED;
        self.value(scope, KEY, before.get(KEY), after.get(KEY), rule);
        self.rest(scope, before, after, &[KEY, "mapping"]);
        let inherited = |document: Document<'a>, shape: &Shape<'a>| {
            document.discriminators.inherited(shape.site.address())
        };
        let (names, names_now) = (inherited(self.old, old), inherited(self.new, new));
        if names.is_some() && names_now.is_some() {
            // Compared where a reference leads to it, see `selected`.
            return;
        }
        let among = |document: Document<'a>, shape: &Shape<'a>, site| {
            let lists = ["oneOf", "anyOf"].map(|word| shape.get(word));
            let variants = lists.into_iter().flatten().flat_map(NodeRef::items);
            document.discriminators.among(site, variants)
        };
        let names = names
            .cloned()
            .unwrap_or_else(|| among(self.old, old, before));
        let names_now = names_now
            .cloned()
            .unwrap_or_else(|| among(self.new, new, after));
        self.selection(scope, &names, &names_now);
    }

    /// Links what the discriminators of two schemas select where references lead to them.
    pub(super) fn link_selected(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        if self.new.discriminators.is_empty() || self.is_unchanged(old, new) {
            return;
        }
        // Annotations may stand around the reference.
        let schema = |document: Document<'a>, site| {
            let own = document.follow(site).ok()?.site;
            match document.discriminators.name_of(own.address()) {
                Some(_) => Some(own),
                None => Some(view(&document, site).ok()?.core),
            }
        };
        if let (Some(before), Some(after)) = (schema(self.old, old), schema(self.new, new))
            && let Some(unit) = self.selected_unit(before, after)
        {
            let proven = self.proven(scope, old, new);
            // The SDK reads the schema that is referred to, whatever is selected.
            self.link(&scope.proven(proven).typed(false), unit);
        }
    }

    /// The unit of what the discriminators of two schemas select, where both have or inherit one.
    pub(super) fn selected_unit(&mut self, old: NodeRef<'a>, new: NodeRef<'a>) -> Option<usize> {
        self.old.discriminators.name_of(old.address())?;
        let name = self.new.discriminators.name_of(new.address())?;
        Some(self.unit(Kind::Selected, old, new, short(name).into_owned()))
    }

    /// What the discriminators of two schemas select.
    pub(super) fn selected(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        let before = self.old.discriminators.inherited(old.address());
        let after = self.new.discriminators.inherited(new.address());
        let (Some(before), Some(after)) = (before, after) else {
            return;
        };
        if before.is_cut || after.is_cut {
            let message = "the discriminator selects among too many schemas; compare them";
            let places = places(Some(old), Some(new));
            self.report(scope, rule::SCHEMA_UNDECIDED, places, message);
        }
        self.selection(scope, before, after);
        for (name, selected) in &before.names {
            let now = after.names.get(name).and_then(|now| now.schema);
            let (Some(old), Some(new)) = (selected.schema, now) else {
                continue;
            };
            if self.is_unchanged(old, new) || self.leads_nowhere(scope, Some(old), Some(new)) {
                continue;
            }
            if let (Ok(old), Ok(new)) = (self.old.follow(old), self.new.follow(new)) {
                let kind = Kind::Schema { described: false };
                let label = short(selected.target).into_owned();
                let unit = self.unit(kind, old.site, new.site, label);
                self.link(scope, unit);
            }
        }
    }

    /// Compares what names select.
    fn selection(&mut self, scope: &Scope<'_>, before: &Mapping<'a>, after: &Mapping<'a>) {
        let mut seen = HashSet::new();
        for (name, old) in &before.names {
            let target = (self.renamed.get(old.target).copied()).unwrap_or(old.target);
            let shown = short(name);
            let Some(new) = after.names.get(name) else {
                // A mapping may stand for the name of the schema, or the other way round.
                let other = after.names.iter().find(|(other, new)| {
                    new.target == target
                        && new.is_mapped != old.is_mapped
                        && !before.names.contains_key(*other)
                        && (old.is_mapped || !seen.contains(*other))
                });
                let is_mapped_still = old.is_mapped && after.is_mapped(target);
                let (rule, message, new) = match other {
                    Some((other, new)) if !is_mapped_still && seen.insert(*other) => {
                        let message = format!("`{shown}` selected what `{}` selects", short(other));
                        let rule = if old.is_mapped {
                            rule::SELECTED_BY_NAME
                        } else {
                            rule::SELECTED_BY_MAPPING
                        };
                        (rule, message, Some(new.site))
                    }
                    _ if old.is_mapped => {
                        let message = format!("the mapping of `{shown}` was removed");
                        (rule::MAPPING_REMOVED, message, None)
                    }
                    _ if after.unnamed > before.unnamed => {
                        let message = format!("what `{shown}` selected has no name");
                        (rule::DISCRIMINATOR_CHANGED, message, None)
                    }
                    _ => {
                        let message = format!("`{shown}` no longer selects a schema");
                        (rule::MAPPING_REMOVED, message, None)
                    }
                };
                self.report(scope, rule, places(Some(old.site), new), message);
                continue;
            };
            if target != new.target {
                let message = format!(
                    "`{shown}` selects `{}` instead of `{}`",
                    short(new.target),
                    short(old.target)
                );
                let places = places(Some(old.site), Some(new.site));
                self.report(scope, rule::DISCRIMINATOR_CHANGED, places, message);
            }
        }
        for (name, new) in &after.names {
            if before.names.contains_key(name) || seen.contains(name) {
                continue;
            }
            let shown = short(name);
            let (rule, message) = if new.is_mapped {
                let message = format!("the mapping of `{shown}` was added");
                (rule::MAPPING_ADDED, message)
            } else if before.unnamed > after.unnamed {
                let message = format!("what `{shown}` selects had no name");
                (rule::DISCRIMINATOR_CHANGED, message)
            } else {
                (rule::MAPPING_ADDED, format!("`{shown}` selects a schema"))
            };
            self.report(scope, rule, places(None, Some(new.site)), message);
        }
    }

    /// What tells an item of a list from the others: the schema that it refers to, or its content.
    fn item_id(&mut self, site: NodeRef<'a>, old: bool) -> String {
        let contract = if old { &self.old } else { &self.new };
        match contract.follow(site) {
            Ok(target) if target.reference => match target.component() {
                Some((_, name)) if old => {
                    format!("@{}", self.renamed.get(name).copied().unwrap_or(name))
                }
                Some((_, name)) => format!("@{name}"),
                None => format!("@{}", site.text("$ref")),
            },
            _ => format!("#{}", self.print(site)),
        }
    }

    fn print(&mut self, site: NodeRef<'a>) -> u64 {
        let print = self.prints.entry(site.address());
        *print.or_insert_with(|| value::fingerprint(site.node, &Names::new()))
    }

    /// Which item of one list is which of the other: by name, by content, and by order where that
    /// gives every item a partner.
    fn match_items(&mut self, before: &[NodeRef<'a>], after: &[NodeRef<'a>]) -> Pairs<'a> {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, site) in after.iter().enumerate().rev() {
            let id = self.item_id(*site, false);
            places.entry(id).or_default().push(index);
        }
        let mut pairs = Pairs::default();
        let mut taken = HashSet::new();
        for (index, site) in before.iter().enumerate() {
            let id = self.item_id(*site, true);
            let found = places.get_mut(&id).and_then(Vec::pop);
            match found {
                Some(found) => {
                    taken.insert(found);
                    pairs.both.push((found, *site, after[found]));
                }
                None => pairs.removed.push((index, *site)),
            }
        }
        let rest = after.iter().enumerate();
        pairs.added = rest
            .filter(|(index, _)| !taken.contains(index))
            .map(|(index, site)| (index, *site))
            .collect();
        // A schema that got a name, or lost it.
        let documents = (self.old, self.new);
        let mut added = std::mem::take(&mut pairs.added);
        pairs.removed.retain(|(_, old)| {
            let content = |comparison: &mut Self, document, site| {
                let view = view(document, site).ok()?;
                Some((view.reference, comparison.print(view.core)))
            };
            let Some((named, old_content)) = content(self, &documents.0, *old) else {
                return true;
            };
            let found = added.iter().position(|(_, new)| {
                content(self, &documents.1, *new)
                    .is_some_and(|(now, new_content)| now != named && new_content == old_content)
            });
            let Some(found) = found else { return true };
            let (index, new) = added.remove(found);
            pairs.both.push((index, *old, new));
            false
        });
        pairs.added = added;
        let inline =
            |list: &[(usize, NodeRef<'a>)]| list.iter().all(|(_, site)| site.get("$ref").is_none());
        let alike = pairs.removed.len() == pairs.added.len()
            && inline(&pairs.removed)
            && inline(&pairs.added)
            && (pairs.removed.iter().zip(&pairs.added))
                .all(|((_, old), (_, new))| kind(&self.old, *old) == kind(&self.new, *new));
        if alike {
            let removed = std::mem::take(&mut pairs.removed);
            let added = std::mem::take(&mut pairs.added);
            for ((_, old), (index, new)) in removed.into_iter().zip(added) {
                pairs.both.push((index, old, new));
            }
        }
        pairs
    }
}

/// Items of two lists, each with its place in the list.
#[derive(Default)]
struct Pairs<'a> {
    both: Vec<(usize, NodeRef<'a>, NodeRef<'a>)>,
    removed: Vec<(usize, NodeRef<'a>)>,
    added: Vec<(usize, NodeRef<'a>)>,
}

fn choices(site: NodeRef<'_>) -> Option<(&'static str, NodeRef<'_>)> {
    ["oneOf", "anyOf"]
        .into_iter()
        .find_map(|word| Some((word, site.get(word)?)))
}

fn variant_name(site: NodeRef<'_>) -> String {
    let reference = site.text("$ref");
    match reference.rsplit('/').next() {
        Some(name) if !name.is_empty() => format!("`{}`", short(name)),
        _ => value::brief(site.node),
    }
}

/// The type that a schema gives or implies; empty when any is right.
fn kind(contract: &Document<'_>, site: NodeRef<'_>) -> String {
    let mut open = vec![site];
    // An `allOf` has the type of its first item that has one. A few steps are enough to find it.
    for _ in 0..MAX_DEPTH {
        let Some(site) = open.pop() else { break };
        let Ok(target) = contract.follow(site) else {
            continue;
        };
        let site = target.site;
        let implied = match site.node.get("type") {
            Some(node) => {
                return node
                    .as_str()
                    .map_or_else(|| value::brief(node), |text| short(text).into_owned());
            }
            None if site.get("properties").is_some() => "object",
            None if site.get("additionalProperties").is_some() => "object",
            None if site.get("items").is_some() => "array",
            None => "",
        };
        if !implied.is_empty() {
            return implied.to_owned();
        }
        let items = site.get("allOf").into_iter().flat_map(NodeRef::items);
        open.extend(items.collect::<Vec<_>>().into_iter().rev());
    }
    String::new()
}

fn limit(shape: &Shape<'_>, name: &str, none: f64) -> f64 {
    let found = shape.get(name).and_then(|site| value::number(site.node));
    found.unwrap_or(none)
}

fn near(site: NodeRef<'_>, name: &str) -> Position {
    site.get(name).unwrap_or(site).at
}
