//! Schemas: what a value may be, and what it is called in Rust.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use people_codegen::Node;
use people_codegen::document::contract::EXTENSIBLE_ENUM;
use people_codegen::document::node::Value;

use super::comparison::{Comparison, Kind};
use super::entries::missing;
use super::node_ref::{Document, NodeRef};
use super::scope::{Scope, Step};
use super::text::{places, short};
use super::value::{self, Names};
use crate::diff::rules::{self as rule, Rule};

/// What describes a schema, or how it is used, beside what a value may be. These stand beside a
/// reference inside an `allOf` of one, since OpenAPI 3.0 allows nothing beside a `$ref`.
const ANNOTATIONS: [&str; 11] = [
    "title",
    "description",
    "default",
    "example",
    "examples",
    "externalDocs",
    "deprecated",
    "readOnly",
    "writeOnly",
    "nullable",
    "xml",
];

/// Every other field of a schema that rules know.
const STRUCTURE: [&str; 26] = [
    "type",
    "format",
    "enum",
    EXTENSIBLE_ENUM,
    "pattern",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "required",
    "properties",
    "additionalProperties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "discriminator",
];

/// How many properties are collected through `allOf` before it is compared item by item.
const MAX_FLATTENED: usize = 1_000_000;

/// In a longer list of variants, none is looked for.
const MAX_VARIANTS: usize = 1_000;

/// How deep `allOf` is followed.
const MAX_DEPTH: usize = 32;

/// A schema where it is used: what is said beside it, and what is behind the references.
struct View<'a> {
    /// Schemas that hold nothing but annotations and an `allOf` of one, outermost first.
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
                .component
                .and_then(|(section, name)| (section == "schemas").then_some(name));
            return Ok(view);
        }
        match wrapped(view.core) {
            Some(inner) => {
                view.layers.push(view.core);
                view.core = inner;
            }
            None => return Ok(view),
        }
    }
}

/// The only item of an `allOf` that has nothing but annotations beside it.
fn wrapped(site: NodeRef<'_>) -> Option<NodeRef<'_>> {
    let mut items = site.get("allOf")?.items();
    let only = items.next()?;
    let alone = items.next().is_none();
    let bare = site
        .node
        .entries()
        .all(|(name, _)| name == "allOf" || ANNOTATIONS.contains(&name) || name.starts_with("x-"));
    (alone && bare).then_some(only)
}

/// Properties and what is required, those of `allOf` included.
#[derive(Default)]
struct Object<'a> {
    properties: IndexMap<&'a str, NodeRef<'a>>,
    /// Where each required name stands.
    required: IndexMap<&'a str, NodeRef<'a>>,
}

impl<'a> Object<'a> {
    fn of(site: NodeRef<'a>) -> Self {
        let mut object = Self::default();
        object.add(site);
        object
    }

    fn add(&mut self, site: NodeRef<'a>) {
        let properties = site
            .get("properties")
            .into_iter()
            .flat_map(NodeRef::entries);
        for (name, property) in properties {
            self.properties.entry(name).or_insert(property);
        }
        let required = site.get("required").into_iter().flat_map(NodeRef::items);
        for item in required {
            if let Some(name) = item.node.as_str() {
                self.required.entry(name).or_insert(item);
            }
        }
    }
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
        let (before, after) = (view(&self.old, old), view(&self.new, new));
        let (before, after) = match (before, after) {
            (Ok(before), Ok(after)) => (before, after),
            (before, after) => {
                return self.unresolved(scope, old, new, before.err(), after.err());
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
        self.report(scope, rule, places(Some(old), Some(new)), message);
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
        extensions.retain(|name| name.starts_with("x-") && *name != EXTENSIBLE_ENUM);
        extensions.sort_unstable();
        for name in extensions {
            let (old, new) = (before.get(name), after.get(name));
            let rule = match (old, new) {
                (None, _) => rule::EXTENSION_ADDED,
                (_, None) => rule::EXTENSION_REMOVED,
                _ => rule::EXTENSION_CHANGED,
            };
            self.value(scope, name, old, new, rule);
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
        self.deprecated(scope, old("deprecated"), new("deprecated"));
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
        if !described {
            self.annotations(scope, |name| old.get(name), |name| new.get(name));
        }
        // Extensions are compared with the annotations.
        self.rest_but(scope, old, new, |name| {
            STRUCTURE.contains(&name)
                || ANNOTATIONS.contains(&name)
                || (described && name.starts_with("x-"))
        });
        if !self.kind(scope, old, new) {
            return;
        }
        self.format(scope, old, new);
        self.enumeration(scope, old, new);
        self.pattern(scope, old.get("pattern"), new.get("pattern"));
        self.bounds(scope, old, new);
        self.composition(scope, old, new);
        self.object(scope, old, new);
        self.part(
            &scope.step(Step::Suffix("[]"), near(new, "items")),
            old.get("items"),
            new.get("items"),
        );
        self.negation(scope, old.get("not"), new.get("not"));
        self.value(
            scope,
            "discriminator",
            old.get("discriminator"),
            new.get("discriminator"),
            rule::DISCRIMINATOR_CHANGED,
        );
    }

    /// Compares the types; whether there is any point in going on.
    fn kind(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) -> bool {
        let (before, after) = (kind(&self.old, old), kind(&self.new, new));
        if before == after {
            return true;
        }
        let places = places(
            Some(old.get("type").unwrap_or(old)),
            Some(new.get("type").unwrap_or(new)),
        );
        let (rule, message) = match (before.as_str(), after.as_str()) {
            ("integer", "number") | (_, "") => (rule::TYPE_WIDENED, &before),
            ("number", "integer") | ("", _) => (rule::TYPE_NARROWED, &before),
            _ => (rule::TYPE_CHANGED, &before),
        };
        let shown = |kind: &str| match kind {
            "" => "any".to_owned(),
            kind => format!("`{kind}`"),
        };
        let message = format!(
            "the type changed from {} to {}",
            shown(message),
            shown(&after)
        );
        self.report(scope, rule, places, message);
        matches!(
            (before.as_str(), after.as_str()),
            ("integer", "number") | ("number", "integer")
        )
    }

    fn format(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        let (before, after) = (old.get("format"), new.get("format"));
        let text = |site: Option<NodeRef<'a>>| site.and_then(|site| site.node.as_str());
        let (old_text, new_text) = (text(before), text(after));
        let kind = kind(&self.new, new);
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
            _ if typed(old_text) || typed(new_text) => rule::RUST_FORMAT_CHANGED,
            (None, _) => rule::FORMAT_ADDED,
            (_, None) => rule::FORMAT_REMOVED,
            _ => rule::FORMAT_CHANGED,
        };
        self.value(scope, "format", before, after, rule);
    }

    fn enumeration(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        // An open list says no less of the values than a closed one: only their being all differs.
        let listed = |site: NodeRef<'a>| site.get("enum").or_else(|| site.get(EXTENSIBLE_ENUM));
        let closed = |site: NodeRef<'a>| site.get("enum").is_some();
        let (before, after) = match (listed(old), listed(new)) {
            (None, None) => return,
            (Some(before), Some(after)) if closed(old) && !closed(new) => {
                let message = "other values than the listed ones are valid now";
                self.report(scope, rule::ENUM_REMOVED, (Some(before.at), None), message);
                (before, after)
            }
            (Some(before), Some(after)) if !closed(old) && closed(new) => {
                let message = "only listed values are valid now";
                self.report(scope, rule::ENUM_ADDED, (None, Some(after.at)), message);
                (before, after)
            }
            (Some(before), None) => {
                let message = "any value is right now, where a list had them all";
                return self.report(scope, rule::ENUM_REMOVED, (Some(before.at), None), message);
            }
            (None, Some(after)) => {
                let message = "only listed values are right now";
                return self.report(scope, rule::ENUM_ADDED, (None, Some(after.at)), message);
            }
            (Some(before), Some(after)) => (before, after),
        };
        let values = |site: NodeRef<'a>| -> IndexMap<String, NodeRef<'a>> {
            let items = site.items();
            items.map(|item| (value::key(item.node), item)).collect()
        };
        let (old_values, new_values) = (values(before), values(after));
        for (key, item) in &old_values {
            if !new_values.contains_key(key) {
                let rule = if item.node.as_str().is_some() {
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
                let rule = if item.node.as_str().is_some() {
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

    fn bounds(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        const UPPER: [&str; 3] = ["maxLength", "maxItems", "maxProperties"];
        const LOWER: [&str; 3] = ["minLength", "minItems", "minProperties"];
        const STEP: &str = "multipleOf";
        for name in UPPER {
            let limit = |site: NodeRef<'a>| limit(site, name, f64::INFINITY);
            let tighter = limit(new) < limit(old);
            self.bound(scope, name, old, new, tighter);
        }
        for name in LOWER {
            let limit = |site: NodeRef<'a>| limit(site, name, 0.0);
            let tighter = limit(new) > limit(old);
            self.bound(scope, name, old, new, tighter);
        }
        for (name, exclusive, sign) in [
            ("maximum", "exclusiveMaximum", 1.0),
            ("minimum", "exclusiveMinimum", -1.0),
        ] {
            // Less is tighter, and without the limit itself is tighter than with it.
            let limit = |site: NodeRef<'a>| {
                let limit = limit(site, name, f64::INFINITY * sign) * sign;
                (limit, !site.is(exclusive))
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
        let step = |site: NodeRef<'a>| site.node.get(STEP).and_then(value::number);
        match (step(old), step(new)) {
            (Some(before), Some(after)) if before.total_cmp(&after).is_ne() => {
                let multiple = |big: f64, small: f64| (big / small).fract() == 0.0;
                if multiple(after, before) {
                    self.bound(scope, STEP, old, new, true);
                } else if multiple(before, after) {
                    self.bound(scope, STEP, old, new, false);
                } else {
                    let (old, new) = (old.get(STEP), new.get(STEP));
                    self.value(scope, STEP, old, new, rule::CONSTRAINT_CHANGED);
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
        old: NodeRef<'a>,
        new: NodeRef<'a>,
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

    fn object(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        let (before, after) = match self.all_of(scope, old, new) {
            Some(flat) => flat,
            None => (Object::of(old), Object::of(new)),
        };
        let has_fields = !before.properties.is_empty() && !after.properties.is_empty();
        self.properties(scope, old, new, &before, &after);
        self.additional(scope, old, new, has_fields);
    }

    fn properties(
        &mut self,
        scope: &Scope<'_>,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
        before: &Object<'a>,
        after: &Object<'a>,
    ) {
        for (name, site) in &before.properties {
            let flag = |site: NodeRef<'a>, side: &Document<'a>, flag: &str| {
                view(side, site).is_ok_and(|view| view.is(flag))
            };
            let read_only = flag(*site, &self.old, "readOnly");
            let write_only = flag(*site, &self.old, "writeOnly");
            let Some(now) = after.properties.get(name) else {
                let step = &scope
                    .step(Step::Property(name), near(new, "properties"))
                    .without(read_only, write_only);
                let message = "the property was removed";
                self.report(step, rule::PROPERTY_REMOVED, (Some(site.at), None), message);
                continue;
            };
            let required = (before.required.get(name), after.required.get(name));
            // What is only read in one of the contracts is written in the other.
            let read_only = read_only && flag(*now, &self.new, "readOnly");
            let write_only = write_only && flag(*now, &self.new, "writeOnly");
            let step = &scope
                .step(Step::Property(name), now.at)
                .without(read_only, write_only)
                .optional(required.0.is_none() && required.1.is_none());
            self.requirement(step, *site, *now, required);
            self.schema_sites(step, *site, *now, false);
        }
        for (name, site) in missing(&after.properties, &before.properties) {
            let view = view(&self.new, site);
            let flag = |flag: &str| view.as_ref().is_ok_and(|view| view.is(flag));
            let step = &scope
                .step(Step::Property(name), site.at)
                .without(flag("readOnly"), flag("writeOnly"));
            let (rule, message) = if after.required.contains_key(name) {
                let message = "a property that is always there was added";
                (rule::REQUIRED_PROPERTY_ADDED, message)
            } else {
                (rule::PROPERTY_ADDED, "the property was added")
            };
            self.report(step, rule, (None, Some(site.at)), message);
        }
        // Names that are required without being described.
        let names = before.required.keys().chain(after.required.keys());
        let undescribed: HashSet<&str> = names
            .copied()
            .filter(|name| !before.properties.contains_key(name))
            .filter(|name| !after.properties.contains_key(name))
            .collect();
        let mut undescribed: Vec<&str> = undescribed.into_iter().collect();
        undescribed.sort_unstable();
        for name in undescribed {
            let step = &scope.step(Step::Property(name), near(new, "required"));
            let required = (before.required.get(name), after.required.get(name));
            self.requirement(step, old, new, required);
        }
    }

    fn requirement(
        &mut self,
        scope: &Scope<'_>,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
        required: (Option<&NodeRef<'a>>, Option<&NodeRef<'a>>),
    ) {
        match required {
            (None, Some(item)) => {
                let places = (Some(old.at), Some(item.at));
                let message = "the property became required";
                self.report(scope, rule::PROPERTY_BECAME_REQUIRED, places, message);
            }
            (Some(item), None) => {
                let places = (Some(item.at), Some(new.at));
                let message = "the property became optional";
                self.report(scope, rule::PROPERTY_BECAME_OPTIONAL, places, message);
            }
            _ => {}
        }
    }

    /// What is said of the properties that an object does not name.
    fn additional(
        &mut self,
        scope: &Scope<'_>,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
        has_fields: bool,
    ) {
        const NAME: &str = "additionalProperties";
        let schema = |site: NodeRef<'a>| {
            let site = site.get(NAME)?;
            (!matches!(site.node.value, Value::Bool(_))).then_some(site)
        };
        let forbidden = |site: NodeRef<'a>| {
            let value = site.node.get(NAME).map(|node| &node.value);
            matches!(value, Some(Value::Bool(false)))
        };
        // A struct keeps whatever it does not name, so its type does not depend on this.
        let scope = &scope
            .step(Step::Suffix(".*"), near(new, NAME))
            .typed(!has_fields);
        let places = places(old.get(NAME), new.get(NAME));
        match (forbidden(old), forbidden(new)) {
            (true, true) => {}
            (true, false) => {
                let message = "properties that are not listed are right now";
                self.report(scope, rule::ADDITIONAL_PROPERTIES_ALLOWED, places, message);
            }
            (false, true) => {
                let message = "properties that are not listed are wrong now";
                self.report(
                    scope,
                    rule::ADDITIONAL_PROPERTIES_FORBIDDEN,
                    places,
                    message,
                );
            }
            (false, false) => self.part(scope, schema(old), schema(new)),
        }
    }

    // ---- composition ---------------------------------------------------------------------------

    /// Pairs the items of `allOf`. Where that leaves some over, what matters is what all of them
    /// come to: the properties of both sides, collected.
    fn all_of(
        &mut self,
        scope: &Scope<'_>,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
    ) -> Option<(Object<'a>, Object<'a>)> {
        const NAME: &str = "allOf";
        let items = |site: NodeRef<'a>| -> Vec<NodeRef<'a>> {
            site.get(NAME)
                .into_iter()
                .flat_map(NodeRef::items)
                .collect()
        };
        let (before, after) = (items(old), items(new));
        if before.is_empty() && after.is_empty() {
            return None;
        }
        let pairs = self.match_items(&before, &after);
        let whole = pairs.removed.is_empty() && pairs.added.is_empty();
        if !whole && let Some(flat) = self.flat(old, new) {
            return Some(flat);
        }
        let scope_of = |index: usize, near| scope.step(Step::Numbered("all of", index + 1), near);
        for (index, old, new) in pairs.both {
            self.schema_sites(&scope_of(index, new.at), old, new, false);
        }
        for (index, site) in pairs.removed {
            let scope = &scope_of(index, near(new, NAME));
            let message = "an item of `allOf` was removed, which asks for less";
            self.report(scope, rule::ALL_OF_REMOVED, (Some(site.at), None), message);
        }
        for (index, site) in pairs.added {
            let scope = &scope_of(index, site.at);
            let message = "an item of `allOf` was added, which asks for more";
            self.report(scope, rule::ALL_OF_ADDED, (None, Some(site.at)), message);
        }
        None
    }

    /// Both sides as objects, when they are nothing else.
    fn flat(&mut self, old: NodeRef<'a>, new: NodeRef<'a>) -> Option<(Object<'a>, Object<'a>)> {
        let mut count = self.flattened;
        let before = flatten(&self.old, old, &mut count);
        let after = flatten(&self.new, new, &mut count);
        self.flattened = count;
        before.zip(after)
    }

    /// `oneOf` and `anyOf`.
    fn composition(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        let (before, after) = (choices(old), choices(new));
        match (before, after) {
            (None, None) => {}
            (Some((old_word, old_list)), Some((new_word, new_list))) => {
                if old_word != new_word {
                    self.report(
                        scope,
                        rule::COMPOSITION_CHANGED,
                        places(Some(old_list), Some(new_list)),
                        format!("`{old_word}` became `{new_word}`"),
                    );
                }
                let before: Vec<_> = old_list.items().collect();
                let after: Vec<_> = new_list.items().collect();
                self.variants(scope, &before, &after, new_list);
            }
            (before, after) => {
                let (old, new) = (before.map(|(_, list)| list), after.map(|(_, list)| list));
                let message = match before {
                    Some((word, _)) => format!("`{word}` was removed"),
                    None => "a choice between schemas was added".to_owned(),
                };
                self.report(scope, rule::COMPOSITION_CHANGED, places(old, new), message);
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

    /// What tells an item of a list from the others: the schema that it refers to, or its content.
    fn item_id(&mut self, site: NodeRef<'a>, old: bool) -> String {
        let contract = if old { &self.old } else { &self.new };
        match contract.follow(site) {
            Ok(target) if target.reference => match target.component {
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
    /// leaves nobody out.
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

fn limit(site: NodeRef<'_>, name: &str, none: f64) -> f64 {
    site.node.get(name).and_then(value::number).unwrap_or(none)
}

fn near(site: NodeRef<'_>, name: &str) -> people_codegen::Position {
    site.get(name).unwrap_or(site).at
}

/// The properties of a schema, those of its `allOf` included; none when it is more than an object,
/// or too large.
fn flatten<'a>(
    contract: &Document<'a>,
    site: NodeRef<'a>,
    count: &mut usize,
) -> Option<Object<'a>> {
    let mut object = Object::default();
    let mut seen = HashSet::new();
    let mut open = vec![(site, 0)];
    while let Some((site, depth)) = open.pop() {
        let target = contract.follow(site).ok()?.site;
        if depth > MAX_DEPTH || !seen.insert(target.address()) {
            continue;
        }
        let plain = target.node.entries().all(|(name, entry)| {
            let object = entry.node.as_str() == Some("object");
            (name == "type" && object)
                || ["properties", "required", "allOf", "additionalProperties"].contains(&name)
                || ANNOTATIONS.contains(&name)
                || name.starts_with("x-")
        });
        let length = target.node.get("properties").and_then(Node::as_mapping);
        *count += 1 + length.map_or(0, IndexMap::len);
        if !plain || *count > MAX_FLATTENED {
            return None;
        }
        object.add(target);
        let items: Vec<_> = (target.get("allOf").into_iter().flat_map(NodeRef::items)).collect();
        // The last is taken first, so that the order stays that of the text.
        open.extend(items.into_iter().rev().map(|item| (item, depth + 1)));
    }
    Some(object)
}
