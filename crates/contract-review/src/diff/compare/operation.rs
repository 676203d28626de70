//! Operations: which is which, and their parameters and security. What they carry is `content`'s.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use indexmap::{IndexMap, IndexSet};
use people_codegen::Node;
use people_codegen::document::openapi_format::METHODS;
use people_codegen::rules::RESPONSE_BODY;

use super::comparison::{Comparison, Kind, extension_rule};
use super::contract::Document;
use super::entries::{CARRIED, PathItem, UnmatchedOperation, missing, shape, template_names};
use super::lifecycle;
use super::node_ref::NodeRef;
use super::scope::{Scope, Step};
use super::text::{places, short};
use super::uses::{EVERYWHERE, STABLE};
use super::value::{self, Names};
use crate::diff::rules::{self as rule, Rule};

/// The fields of an operation that rules know; those of `lifecycle` aside.
const FIELDS: [&str; 11] = [
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "security",
    "servers",
];

/// More ways to be let in than these are not compared one by one.
const MAX_ALTERNATIVES: usize = 200;

/// Headers that a parameter does not set: media types and security say what they are (OpenAPI 3.0, Parameter
/// Object). In lower case.
const IGNORED_HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];

/// A parameter as an operation sees it.
#[derive(Debug, Clone, Copy)]
struct Parameter<'a> {
    /// As the operation or its path lists it.
    site: NodeRef<'a>,
    /// What that leads to.
    value: NodeRef<'a>,
    name: &'a str,
    place: &'a str,
}

/// How parameters of the two contracts find each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key<'a> {
    /// The how-manieth name in the path, whatever it is called.
    Path(usize),
    /// Place and name.
    Named(&'a str, String),
}

impl<'a> Comparison<'a> {
    /// Compares the operations that a path has in both contracts, and collects the others.
    pub(super) fn path_item(
        &mut self,
        scope: &Scope<'_>,
        (old_path, old): (&'a str, NodeRef<'a>),
        (new_path, new): (&'a str, NodeRef<'a>),
        removed: &mut Vec<UnmatchedOperation<'a>>,
        added: &mut Vec<UnmatchedOperation<'a>>,
    ) {
        let (before, lost) = PathItem::of(self.old, old);
        let (after, lost_now) = PathItem::of(self.new, new);
        let step = &scope.step(Step::Named("path", new_path), new.at);
        self.unresolved(step, (Some(old), Some(new)), (lost, lost_now));
        for name in ["summary", "description"] {
            self.prose(step, name, before.get(name), after.get(name));
        }
        self.rest_of_path(step, &before, &after);
        for method in METHODS {
            let lone = |path, item: &PathItem<'a>, operation| UnmatchedOperation {
                path,
                method,
                item: item.clone(),
                operation,
            };
            match (before.get(method), after.get(method)) {
                (Some(old), Some(new)) => {
                    let old = lone(old_path, &before, old);
                    let new = lone(new_path, &after, new);
                    self.operation_pair(scope, &old, &new);
                }
                // It may be in what is not there to be read.
                _ if lost != lost_now => {}
                (Some(old), None) => removed.push(lone(old_path, &before, old)),
                (None, Some(new)) => added.push(lone(new_path, &after, new)),
                (None, None) => {}
            }
        }
    }

    /// The fields of a path that no rule knows, and those that another one hides.
    fn rest_of_path(&mut self, scope: &Scope<'_>, old: &PathItem<'a>, new: &PathItem<'a>) {
        let known = |name: &str| {
            let known = ["summary", "description", "servers", "parameters"];
            known.contains(&name) || METHODS.contains(&name)
        };
        let names: IndexSet<&str> = old.names().chain(new.names()).collect();
        for name in names {
            let (before, after) = (old.get(name), new.get(name));
            if name.starts_with("x-") {
                let rule = extension_rule(name, before, after);
                self.value(scope, name, before, after, rule);
            } else if !known(name) {
                self.value(scope, name, before, after, rule::FIELD_CHANGED);
            }
            // All parameters count, see `parameters`.
            if name != "parameters" {
                for hidden in 1..old.depth().max(new.depth()) {
                    let (before, after) = (old.all(name).nth(hidden), new.all(name).nth(hidden));
                    self.value(scope, name, before, after, rule::FIELD_CHANGED);
                }
            }
        }
    }

    /// What only one of the contracts has: moved, when the other has it elsewhere.
    pub(super) fn unmatched_operations(
        &mut self,
        scope: &Scope<'_>,
        removed: Vec<UnmatchedOperation<'a>>,
        added: Vec<UnmatchedOperation<'a>>,
    ) {
        let mut by_id: HashMap<&str, UnmatchedOperation<'a>> = HashMap::new();
        let mut unnamed = Vec::new();
        for lone in added {
            let id = lone.operation.text("operationId");
            if id.is_empty() || by_id.contains_key(id) {
                unnamed.push(lone);
            } else {
                by_id.insert(id, lone);
            }
        }
        for old in removed {
            if let Some(new) = by_id.remove(old.operation.text("operationId")) {
                self.operation_pair(scope, &old, &new);
                continue;
            }
            let name = title(&old);
            let (rule, message) =
                self.removal("the operation", old.operation, rule::OPERATION_REMOVED);
            let step = &scope.step(Step::Named("", &name), scope.near());
            self.report(step, rule, (Some(old.operation.at), None), message);
        }
        unnamed.extend(by_id.into_values());
        unnamed.sort_by_key(|lone| lone.operation.at);
        for new in unnamed {
            let name = title(&new);
            let message = "the operation was added";
            let step = &scope.step(Step::Named("", &name), new.operation.at);
            self.report(
                step,
                rule::OPERATION_ADDED,
                (None, Some(new.operation.at)),
                message,
            );
        }
    }

    fn operation_pair(
        &mut self,
        scope: &Scope<'_>,
        old: &UnmatchedOperation<'a>,
        new: &UnmatchedOperation<'a>,
    ) {
        let id = new.operation.text("operationId");
        let label = title(new);
        // Paths can share their operations, through the `$ref` of a path.
        let key = (
            old.operation.address(),
            new.operation.address(),
            Kind::Operation,
        );
        let is_layered = old.item.depth().max(new.item.depth()) > 1;
        let known = (self.known.get(&key).copied()).filter(|_| !is_layered);
        let unit = known.unwrap_or_else(|| self.new_unit(label.clone(), None));
        let operation = self.operations.len();
        self.operations.push(if id.is_empty() {
            label
        } else {
            short(id).into_owned()
        });
        let uses = if lifecycle::is_unstable(old.operation) {
            EVERYWHERE & !STABLE
        } else {
            EVERYWHERE
        };
        self.units[unit].uses = scope.filter().apply(uses);
        self.units[unit].take(0, &[operation], false);
        if known.is_some() {
            return;
        }
        if !is_layered {
            self.known.insert(key, unit);
        }
        self.units[unit].operation = true;
        let scope = &Scope::unit(unit, new.operation.at).in_callback_of(scope);
        self.operation(scope, old, new);
    }

    fn operation(
        &mut self,
        scope: &Scope<'_>,
        old: &UnmatchedOperation<'a>,
        new: &UnmatchedOperation<'a>,
    ) {
        let (before, after) = (old.operation, new.operation);
        if (shape(old.path), old.method) != (shape(new.path), new.method) {
            let near = if old.method == new.method {
                new.item.site.at
            } else {
                after.at
            };
            self.report_near(
                scope,
                rule::OPERATION_MOVED,
                (Some(before.at), Some(after.at)),
                near,
                format!("the operation moved here from `{}`", title(old)),
            );
        }
        self.operation_id(scope, before.get("operationId"), after.get("operationId"));
        for name in ["summary", "description"] {
            self.prose(scope, name, before.get(name), after.get(name));
        }
        self.documentation(scope, before, after);
        self.lifecycle(scope, |name| before.get(name), |name| after.get(name));
        self.operation_tags(scope, before.get("tags"), after.get("tags"));
        self.security(scope, before, after);
        let servers = |lone: &UnmatchedOperation<'a>| {
            let own = lone.operation.get("servers");
            own.or_else(|| lone.item.get("servers"))
        };
        if let (Some(_), _) | (_, Some(_)) = (servers(old), servers(new)) {
            let whole = |site: NodeRef<'a>| site.get("servers");
            let old = servers(old).or_else(|| whole(self.old.root));
            let new = servers(new).or_else(|| whole(self.new.root));
            self.servers(&scope.step(Step::Word("servers"), after.at), old, new);
        }
        self.parameters(scope, old, new);
        self.body_of(scope, before, after);
        let (own, own_now) = ((old.method, before), (new.method, after));
        self.sdk_result(scope, own, own_now);
        self.responses(scope, own, own_now);
        self.callbacks(scope, before.get("callbacks"), after.get("callbacks"));
        self.rest(
            scope,
            before,
            after,
            &[&FIELDS[..], &lifecycle::FIELDS, &[RESPONSE_BODY]].concat(),
        );
    }

    fn operation_id(
        &mut self,
        scope: &Scope<'_>,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
    ) {
        let (rule, message) = match (old, new) {
            (Some(before), Some(after)) => {
                if value::same(before.node, after.node) {
                    return;
                }
                let name = |site: NodeRef<'a>| short(site.node.as_str().unwrap_or("?"));
                let message = format!(
                    "the operation was renamed from `{}` to `{}`",
                    name(before),
                    name(after)
                );
                (rule::OPERATION_RENAMED, message)
            }
            (None, Some(_)) => (
                rule::OPERATION_ID_ADDED,
                "the operation was given a name".to_owned(),
            ),
            (Some(_), None) => (
                rule::OPERATION_ID_REMOVED,
                "the operation lost its name".to_owned(),
            ),
            (None, None) => return,
        };
        self.report(scope, rule, places(old, new), message);
    }

    fn operation_tags(
        &mut self,
        scope: &Scope<'_>,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
    ) {
        let names = |list: Option<NodeRef<'a>>| -> BTreeSet<String> {
            let items = list.into_iter().flat_map(NodeRef::items);
            items.map(|item| value::key(item.node)).collect()
        };
        if names(old) != names(new) {
            self.value(scope, "tags", old, new, rule::OPERATION_TAGS_CHANGED);
        }
    }

    // ---- security ------------------------------------------------------------------------------

    fn security(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        let own = (old.get("security"), new.get("security"));
        let old = own.0.or_else(|| self.old.root.get("security"));
        let new = own.1.or_else(|| self.new.root.get("security"));
        let whole = scope.step(
            Step::Whole("security"),
            new.map_or(scope.near(), |new| new.at),
        );
        let scope = if own.0.is_none() && own.1.is_none() {
            &whole
        } else {
            scope
        };
        self.security_pair(scope, old, new);
    }

    /// The security of one operation, wherever it stands.
    pub(super) fn security_pair(
        &mut self,
        scope: &Scope<'_>,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
    ) {
        let address = |site: Option<NodeRef<'a>>| site.map_or(0, NodeRef::address);
        let key = (address(old), address(new));
        let outcome = match self.security.get(&key) {
            Some(known) => known.clone(),
            None => self.security_change(old, new),
        };
        self.security.insert(key, outcome.clone());
        if let Some((rule, message)) = outcome {
            self.report(&scope.sent(), rule, places(old, new), message);
        }
    }

    fn security_change(
        &self,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
    ) -> Option<(&'static Rule, String)> {
        let before = self.requirements(old, &self.old);
        let after = self.requirements(new, &self.new);
        // A caller that satisfies one of the old alternatives satisfies one of the new.
        let covers = |these: &[Requirement], others: &[Requirement]| {
            others
                .iter()
                .all(|other| these.iter().any(|this| asks_no_more(this, other)))
        };
        let rule = if before == after {
            return None;
        } else if before.len().max(after.len()) > MAX_ALTERNATIVES {
            rule::SECURITY_REPLACED
        } else {
            match (covers(&after, &before), covers(&before, &after)) {
                (true, true) => return None,
                (true, false) => rule::SECURITY_LOOSENED,
                (false, true) => rule::SECURITY_TIGHTENED,
                (false, false) => rule::SECURITY_REPLACED,
            }
        };
        let message = format!(
            "the credentials for a request changed from {} to {}",
            shown(old),
            shown(new)
        );
        Some((rule, message))
    }

    fn requirements(&self, list: Option<NodeRef<'a>>, side: &Document<'a>) -> Vec<Requirement> {
        let items: Vec<_> = list.into_iter().flat_map(NodeRef::items).collect();
        if items.is_empty() {
            return vec![Requirement::new()];
        }
        items
            .into_iter()
            .map(|item| {
                item.entries()
                    .map(|(name, scopes)| {
                        let scopes = scopes.items().map(|scope| value::key(scope.node));
                        (self.scheme(name, side), scopes.collect())
                    })
                    .collect()
            })
            .collect()
    }

    /// A scheme by its name, or by its content when only one of the contracts has the name: a
    /// caller does not know what a scheme is called.
    fn scheme(&self, name: &str, side: &Document<'a>) -> String {
        let find = |side: &Document<'a>| {
            let section = side.root.get("components")?.get("securitySchemes")?;
            section.get(name)
        };
        if find(&self.old).is_some() == find(&self.new).is_some() {
            return name.to_owned();
        }
        match find(side).map(|scheme| side.follow(scheme)) {
            Some(Ok(scheme)) => {
                format!("#{}", value::fingerprint(scheme.site.node, &Names::new()))
            }
            _ => name.to_owned(),
        }
    }

    // ---- parameters ----------------------------------------------------------------------------

    pub(super) fn parameters(
        &mut self,
        scope: &Scope<'_>,
        old: &UnmatchedOperation<'a>,
        new: &UnmatchedOperation<'a>,
    ) {
        let (mut before, lost) = parameters(&self.old, old);
        let (mut after, lost_now) = parameters(&self.new, new);
        for (_, site) in missing(&lost, &lost_now) {
            self.leads_nowhere(&scope.sent(), Some(site), None);
        }
        for (_, site) in missing(&lost_now, &lost) {
            self.leads_nowhere(&scope.sent(), None, Some(site));
        }
        for name in IGNORED_HEADERS {
            let key = Key::Named("header", name.to_owned());
            let ignored = (before.shift_remove(&key), after.shift_remove(&key));
            if let (_, Some(parameter)) | (Some(parameter), None) = ignored {
                let step = Step::Named(parameter_title("header"), parameter.name);
                let scope = &scope.step(step, parameter.site.at).sent();
                let (old, new) = (ignored.0.map(|it| it.value), ignored.1.map(|it| it.value));
                let rule = rule::IGNORED_HEADER_CHANGED;
                self.value(scope, parameter.name, old, new, rule);
            }
        }
        let mut removed = Vec::new();
        for (key, old) in before {
            match after.shift_remove(&key) {
                Some(new) => self.parameter_pair(scope, old, new),
                None => removed.push(old),
            }
        }
        let mut added: Vec<Parameter<'a>> = after.into_values().collect();
        for old in removed {
            // The same name in another place, when it is the only one.
            let same_name = added.iter().position(|new| new.name == old.name);
            if let Some(index) = same_name {
                let new = added.remove(index);
                let title = parameter_title(new.place);
                let scope = &scope.step(Step::Named(title, new.name), new.site.at);
                self.report_near(
                    scope,
                    rule::PARAMETER_MOVED,
                    (Some(old.site.at), Some(new.site.at)),
                    new.value.get("in").unwrap_or(new.site).at,
                    format!(
                        "the parameter moved from {} to {}",
                        short(old.place),
                        short(new.place)
                    ),
                );
                self.pair(&scope.sent(), Kind::Parameter, old.site, new.site);
                continue;
            }
            let title = parameter_title(old.place);
            let step = &scope
                .step(Step::Named(title, old.name), scope.near())
                .sent();
            let (rule, message) = self.removal("the parameter", old.site, rule::PARAMETER_REMOVED);
            let places = (Some(old.site.at), None);
            // The reference may be there still, and lead to a parameter of another name.
            let name_now = (self.new.follow(old.site).ok())
                .and_then(|target| target.site.get("name"))
                .filter(|name| name.node.as_str() != Some(old.name));
            let near = name_now.map(|name| name.at);
            self.push(step, rule, places, near, message, None);
        }
        for new in added {
            let title = parameter_title(new.place);
            let step = &scope.step(Step::Named(title, new.name), new.site.at).sent();
            let (rule, message) = if new.value.is("required") {
                let message = "a parameter that must be given was added";
                (rule::REQUIRED_PARAMETER_ADDED, message)
            } else {
                (rule::PARAMETER_ADDED, "the parameter was added")
            };
            let name_before = (self.old.follow(new.site).ok())
                .and_then(|target| target.site.get("name"))
                .filter(|name| name.node.as_str() != Some(new.name));
            let near = match (name_before, new.value.get("name")) {
                (Some(_), Some(name)) => name.at,
                _ => new.site.at,
            };
            let places = (None, Some(new.site.at));
            self.report_near(step, rule, places, near, message);
        }
    }

    fn parameter_pair(&mut self, scope: &Scope<'_>, old: Parameter<'a>, new: Parameter<'a>) {
        let title = parameter_title(new.place);
        let scope = &scope.step(Step::Named(title, new.name), new.site.at).sent();
        if old.place == "path" && old.name != new.name {
            self.report_near(
                scope,
                rule::PATH_PARAMETER_RENAMED,
                (Some(old.site.at), Some(new.site.at)),
                new.value.get("name").unwrap_or(new.site).at,
                format!(
                    "the path parameter was renamed from `{}` to `{}`",
                    short(old.name),
                    short(new.name)
                ),
            );
        }
        self.pair(scope, Kind::Parameter, old.site, new.site);
    }

    /// What is said of a parameter apart from its name and place.
    pub(super) fn parameter(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        const EMPTY: &str = "allowEmptyValue";
        let (places, near) = self.field("required", old, new);
        match (old.is("required"), new.is("required")) {
            (false, true) => {
                let message = "the parameter must be given now";
                self.report_near(
                    scope,
                    rule::PARAMETER_BECAME_REQUIRED,
                    places,
                    near,
                    message,
                );
            }
            (true, false) => {
                let message = "the parameter may be left out now";
                self.report_near(
                    scope,
                    rule::PARAMETER_BECAME_OPTIONAL,
                    places,
                    near,
                    message,
                );
            }
            _ => {}
        }
        self.carried(scope, old, new);
        let (places, near) = self.field(EMPTY, old, new);
        let empty = match (old.is(EMPTY), new.is(EMPTY)) {
            (false, true) => Some((rule::EMPTY_VALUE_ALLOWED, "it may be empty now")),
            (true, false) => Some((rule::EMPTY_VALUE_FORBIDDEN, "it must have a value now")),
            _ => None,
        };
        if let Some((rule, message)) = empty {
            self.report_near(scope, rule, places, near, message);
        }
        for name in ["style", "explode", "allowReserved"] {
            let (before, after) = (serialized(old, name), serialized(new, name));
            // The defaults depend on the place, and a moved parameter has been reported.
            if before != after && old.text("in") == new.text("in") {
                let (places, near) = self.field(name, old, new);
                self.report_near(
                    scope,
                    rule::PARAMETER_SERIALIZATION_CHANGED,
                    places,
                    near,
                    format!("`{name}` changed from `{before}` to `{after}`"),
                );
            }
        }
        let known = [
            "name",
            "in",
            "required",
            "style",
            "explode",
            "allowReserved",
            EMPTY,
        ];
        self.rest(
            scope,
            old,
            new,
            &[&known[..], &CARRIED, &lifecycle::FIELDS].concat(),
        );
    }
}

fn shown(list: Option<NodeRef<'_>>) -> String {
    match list {
        Some(list) if list.items().next().is_some() => value::brief(list.node),
        _ => "nothing".to_owned(),
    }
}

/// Scheme to scopes; all of them at once.
type Requirement = BTreeMap<String, BTreeSet<String>>;

fn asks_no_more(this: &Requirement, other: &Requirement) -> bool {
    this.iter().all(|(scheme, scopes)| {
        other
            .get(scheme)
            .is_some_and(|given| scopes.is_subset(given))
    })
}

fn title(lone: &UnmatchedOperation<'_>) -> String {
    format!("{} {}", lone.method.to_uppercase(), short(lone.path))
}

fn parameter_title(place: &str) -> &'static str {
    match place {
        "query" => "query parameter",
        "path" => "path parameter",
        "header" => "header parameter",
        "cookie" => "cookie parameter",
        _ => "parameter",
    }
}

type Parameters<'a> = IndexMap<Key<'a>, Parameter<'a>>;

/// The parameters of an operation, those of its path included where it does not replace them; and, by
/// reference, those that lead nowhere.
fn parameters<'a>(
    side: &Document<'a>,
    lone: &UnmatchedOperation<'a>,
) -> (Parameters<'a>, IndexMap<&'a str, NodeRef<'a>>) {
    let names: HashMap<&str, usize> = template_names(lone.path).into_iter().zip(0..).collect();
    let own = lone.operation.get("parameters");
    let lists = lone.item.all("parameters").rev().chain(own);
    let sites = lists.flat_map(NodeRef::items);
    let (mut found, mut lost) = (Parameters::new(), IndexMap::new());
    for site in sites {
        let value = match side.follow(site) {
            Ok(target) => target.site,
            Err(reference) => {
                lost.insert(reference, site);
                continue;
            }
        };
        let (name, place) = (value.text("name"), value.text("in"));
        let key = match (place, names.get(name)) {
            ("path", Some(index)) => Key::Path(*index),
            // The names of headers are the same in capitals.
            ("header", _) => Key::Named(place, name.to_ascii_lowercase()),
            _ => Key::Named(place, name.to_owned()),
        };
        let parameter = Parameter {
            site,
            value,
            name,
            place,
        };
        found.insert(key, parameter);
    }
    (found, lost)
}

/// How a parameter is written into the request, defaults included.
fn serialized(site: NodeRef<'_>, name: &str) -> String {
    let given = site.node.get(name);
    let text = |name: &str| site.node.get(name).and_then(Node::as_str);
    match (name, given) {
        (_, Some(node)) => node.as_str().map_or_else(
            || short(&value::key(node)).into_owned(),
            |text| short(text).into_owned(),
        ),
        ("style", None) => match site.text("in") {
            "path" | "header" => "simple",
            _ => "form",
        }
        .to_owned(),
        ("explode", None) => {
            let form = match text("style") {
                Some(style) => style == "form",
                None => !matches!(site.text("in"), "path" | "header"),
            };
            form.to_string()
        }
        _ => "false".to_owned(),
    }
}
