//! What belongs to the whole contract: its information, servers, tags, security schemes and named
//! schemas, and which path of the one contract is which of the other.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::comparison::{Comparison, Kind};
use super::entries::{PathItem, missing, operations, shape};
use super::node_ref::NodeRef;
use super::scope::{Scope, Step};
use super::text::{places, short, singular};
use super::uses::{EVERYWHERE, GENERATED};
use super::value::{self, Names};
use crate::diff::rules as rule;

/// Sections of `components`, schemas aside, with the kind of thing in them.
const SECTIONS: [(&str, Kind); 6] = [
    ("parameters", Kind::Parameter),
    ("headers", Kind::Header),
    ("requestBodies", Kind::RequestBody),
    ("responses", Kind::Response),
    ("examples", Kind::Example),
    ("callbacks", Kind::Callback),
];

const LINKS: &str = "links";

/// The other sections of `components`.
const OTHER_SECTIONS: [&str; 3] = ["schemas", "securitySchemes", LINKS];

impl<'a> Comparison<'a> {
    /// Compares the whole contract, apart from the units that it leaves in the queue.
    pub(super) fn document(&mut self) {
        let (old, new) = (self.old.root, self.new.root);
        let whole = self.new_unit(String::new(), None);
        self.units[whole].uses = EVERYWHERE;
        let scope = Scope::unit(whole, new.at);
        let known = [
            "openapi",
            "info",
            "servers",
            "paths",
            "components",
            "security",
            "tags",
            "externalDocs",
        ];
        self.rest(&scope, old, new, &known);
        self.value(
            &scope,
            "openapi",
            old.get("openapi"),
            new.get("openapi"),
            rule::OPENAPI_VERSION_CHANGED,
        );
        self.information(&scope, old.get("info"), new.get("info"));
        self.documentation(&scope, old, new);
        self.servers(
            &scope.step(Step::Word("servers"), new.at),
            old.get("servers"),
            new.get("servers"),
        );
        self.tags(&scope, old.get("tags"), new.get("tags"));
        // Renamed schemas are known before anything refers to them.
        self.named_schemas(&scope);
        self.security_schemes(&scope);
        for (section, kind) in SECTIONS {
            self.section(&scope, section, kind);
        }
        self.links_of_components(&scope);
        if let (Some(old), Some(new)) = (old.get("components"), new.get("components")) {
            let known = [&SECTIONS.map(|(section, _)| section)[..], &OTHER_SECTIONS].concat();
            self.rest(
                &scope.step(Step::Word("components"), new.at),
                old,
                new,
                &known,
            );
        }
        self.paths(&scope);
    }

    fn links_of_components(&mut self, scope: &Scope<'_>) {
        let after: IndexMap<&str, NodeRef<'a>> = self.new.components(LINKS).collect();
        for (name, old) in self.old.components(LINKS) {
            if let Some(new) = after.get(name) {
                let scope = &scope.step(Step::Named("link", name), new.at);
                self.value(scope, "link", Some(old), Some(*new), rule::LINK_CHANGED);
            }
        }
    }

    fn information(
        &mut self,
        scope: &Scope<'_>,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
    ) {
        let (Some(old), Some(new)) = (old, new) else {
            return self.value(scope, "info", old, new, rule::FIELD_CHANGED);
        };
        let scope = &scope.step(Step::Word("info"), new.at);
        let texts = ["title", "description", "termsOfService"];
        for name in texts {
            self.prose(scope, name, old.get(name), new.get(name));
        }
        for name in ["contact", "license"] {
            self.texts(scope, name, old.get(name), new.get(name));
        }
        self.value(
            scope,
            "version",
            old.get("version"),
            new.get("version"),
            rule::VERSION_CHANGED,
        );
        let known = [&texts[..], &["contact", "license", "version"]].concat();
        self.rest(scope, old, new, &known);
    }

    /// An object that holds nothing but text, such as a contact.
    fn texts(
        &mut self,
        scope: &Scope<'_>,
        what: &str,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
    ) {
        let names: Vec<&str> = [old, new]
            .into_iter()
            .flatten()
            .flat_map(NodeRef::entries)
            .map(|(name, _)| name)
            .collect();
        let mut seen = HashSet::new();
        for name in names {
            if seen.insert(name) {
                let field = |site: Option<NodeRef<'a>>| site.and_then(|site| site.get(name));
                self.prose(
                    scope,
                    &format!("{what} {}", short(name)),
                    field(old),
                    field(new),
                );
            }
        }
        if seen.is_empty() {
            self.value(scope, what, old, new, rule::FIELD_CHANGED);
        }
    }

    /// The `externalDocs` of anything.
    pub(super) fn documentation(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        const NAME: &str = "externalDocs";
        self.texts(scope, NAME, old.get(NAME), new.get(NAME));
    }

    /// The servers of the contract, a path or an operation. Where none is listed, `/` is meant.
    pub(super) fn servers(
        &mut self,
        scope: &Scope<'_>,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
    ) {
        let (before, after) = (by_url(old), by_url(new));
        let removed: Vec<_> = before
            .iter()
            .filter(|(url, _)| !after.contains_key(*url))
            .collect();
        let added: Vec<_> = after
            .iter()
            .filter(|(url, _)| !before.contains_key(*url))
            .collect();
        let is_replaced = |old, new| matches!((&removed[..], &added[..]), ([removed], [added]) if (removed.0, added.0) == (old, new));
        if let (Some((key, old)), Some((key_now, new))) = (before.first(), after.first())
            && key != key_now
            && !is_replaced(key, key_now)
        {
            let message = format!(
                "the first server was `{}` and is `{}`",
                short(old.url),
                short(new.url)
            );
            let places = places(old.site, new.site);
            self.report(scope, rule::DEFAULT_SERVER_CHANGED, places, message);
        }
        if let ([(_, old)], [(_, new)]) = (removed.as_slice(), added.as_slice()) {
            let message = format!(
                "the server moved from `{}` to `{}`",
                short(old.url),
                short(new.url)
            );
            let places = places(old.site, new.site);
            self.report(scope, rule::SERVER_CHANGED, places, message);
            self.server(scope, old, new);
        } else {
            for (_, server) in removed {
                let message = format!("the server `{}` was removed", short(server.url));
                let places = places(server.site, None);
                self.report(scope, rule::SERVER_REMOVED, places, message);
            }
            for (_, server) in added {
                let message = format!("the server `{}` was added", short(server.url));
                let places = places(None, server.site);
                self.report(scope, rule::SERVER_ADDED, places, message);
            }
        }
        for (url, old) in &before {
            if let Some(new) = after.get(url) {
                self.server(scope, old, new);
            }
        }
    }

    fn server(&mut self, scope: &Scope<'_>, old: &Server<'a>, new: &Server<'a>) {
        const TEXT: &str = "description";
        const VARIABLES: &str = "variables";
        let get = |server: &Server<'a>, name: &str| server.site.and_then(|site| site.get(name));
        let near = new.site.map_or(scope.near(), |new| new.at);
        let scope = &scope.step(Step::Named("", new.url), near);
        self.prose(scope, TEXT, get(old, TEXT), get(new, TEXT));
        let rule = rule::SERVER_VARIABLE_CHANGED;
        if old.url != new.url && shape(old.url) == shape(new.url) {
            let message = format!(
                "the URL was `{}` and is `{}`, with other names in it",
                short(old.url),
                short(new.url)
            );
            self.report(scope, rule, places(old.site, new.site), message);
        }
        self.value(
            scope,
            VARIABLES,
            get(old, VARIABLES),
            get(new, VARIABLES),
            rule,
        );
        if let (Some(old), Some(new)) = (old.site, new.site) {
            self.rest(scope, old, new, &["url", TEXT, VARIABLES]);
        }
    }

    fn tags(&mut self, scope: &Scope<'_>, old: Option<NodeRef<'a>>, new: Option<NodeRef<'a>>) {
        let by_name = |list: Option<NodeRef<'a>>| -> IndexMap<&'a str, NodeRef<'a>> {
            let tags = list.into_iter().flat_map(NodeRef::items);
            tags.map(|tag| (tag.text("name"), tag)).collect()
        };
        let (before, after) = (by_name(old), by_name(new));
        for (name, old) in &before {
            let scope = &scope.step(
                Step::Named("tag", name),
                after.get(name).map_or(scope.near(), |tag| tag.at),
            );
            if let Some(new) = after.get(name) {
                const TEXT: &str = "description";
                self.prose(scope, TEXT, old.get(TEXT), new.get(TEXT));
                self.documentation(scope, *old, *new);
                self.rest(scope, *old, *new, &["name", TEXT, "externalDocs"]);
            } else {
                let message = "the tag was removed";
                self.report(scope, rule::TAG_REMOVED, (Some(old.at), None), message);
            }
        }
        for (name, new) in missing(&after, &before) {
            let scope = &scope.step(Step::Named("tag", name), new.at);
            self.report(
                scope,
                rule::TAG_ADDED,
                (None, Some(new.at)),
                "the tag was added",
            );
        }
    }

    fn named_schemas(&mut self, scope: &Scope<'_>) {
        let before: IndexMap<&str, NodeRef<'a>> = self.old.components("schemas").collect();
        let after: IndexMap<&str, NodeRef<'a>> = self.new.components("schemas").collect();
        let mut removed = missing(&before, &after);
        let mut added = missing(&after, &before);
        let names: Names<'a> = before
            .keys()
            .filter(|name| after.contains_key(*name))
            .zip(1..)
            .map(|(name, id)| (*name, id))
            .collect();
        // The same content under another name; of several, the first takes the first.
        let mut by_content: HashMap<u64, Vec<&str>> = HashMap::new();
        if !removed.is_empty() {
            for (name, site) in added.iter().rev() {
                let content = value::fingerprint(site.node, &names);
                by_content.entry(content).or_default().push(name);
            }
        }
        for (name, site) in &removed {
            let content = value::fingerprint(site.node, &names);
            if let Some(name_now) = by_content.get_mut(&content).and_then(Vec::pop) {
                self.renamed.insert(name, name_now);
            }
        }
        if self.renamed.len() < removed.len().min(added.len()) {
            self.renamed_by_use(&before, &after);
        }
        self.renamed_from = self.renamed.iter().map(|(old, new)| (*new, *old)).collect();
        let taken: HashSet<&str> = self.renamed.values().copied().collect();
        removed.retain(|(name, _)| !self.renamed.contains_key(name));
        added.retain(|(name, _)| !taken.contains(name));
        for (name, old) in removed {
            let message = "the schema was removed";
            let scope = &scope.step(Step::Named("", name), scope.near());
            self.report(scope, rule::SCHEMA_REMOVED, (Some(old.at), None), message);
        }
        for (name, new) in added {
            let message = "the schema was added";
            let scope = &scope.step(Step::Named("", name), new.at);
            self.report(scope, rule::SCHEMA_ADDED, (None, Some(new.at)), message);
        }
        for (name, old) in before {
            let name_now = self.renamed.get(name).copied().unwrap_or(name);
            let Some(new) = after.get(name_now) else {
                continue;
            };
            if name != name_now {
                let message = format!(
                    "the schema was renamed from `{}` to `{}`",
                    short(name),
                    short(name_now)
                );
                let scope = &scope.step(Step::Named("", name_now), new.at);
                self.report(
                    scope,
                    rule::SCHEMA_RENAMED,
                    (Some(old.at), Some(new.at)),
                    message,
                );
            }
            let (Ok(before), Ok(after)) = (self.old.follow(old), self.new.follow(*new)) else {
                let scope = &scope.step(Step::Named("", name_now), new.at);
                self.leads_nowhere(scope, Some(old), Some(*new));
                continue;
            };
            let kind = Kind::Schema { described: false };
            let label = short(name_now).into_owned();
            let unit = self.unit(kind, before.site, after.site, label);
            self.units[unit].uses |= GENERATED;
            if let Some(unit) = self.selected_unit(before.site, after.site) {
                self.units[unit].uses |= GENERATED;
            }
        }
    }

    /// Schemas that changed along with their name: where the one name stood, the other stands, and
    /// neither contract has both.
    fn renamed_by_use(
        &mut self,
        before: &IndexMap<&'a str, NodeRef<'a>>,
        after: &IndexMap<&'a str, NodeRef<'a>>,
    ) {
        const SCHEMAS: &str = "#/components/schemas/";
        let taken: HashSet<&str> = self.renamed.values().copied().collect();
        let is_removed = |name: &str| !after.contains_key(name);
        let is_added = |name: &str| !before.contains_key(name) && !taken.contains(name);
        let mut pairs = Vec::new();
        for (name, old) in before {
            if let Some(new) = after.get(name) {
                references(*old, *new, &mut pairs);
            }
        }
        if let (Some(old), Some(new)) = (self.old.root.get("paths"), self.new.root.get("paths")) {
            references(old, new, &mut pairs);
        }
        let mut used = HashSet::new();
        for (old, new) in pairs {
            let names = (old.strip_prefix(SCHEMAS), new.strip_prefix(SCHEMAS));
            if let (Some(old), Some(new)) = names
                && is_removed(old)
                && is_added(new)
                && before.contains_key(old)
                && after.contains_key(new)
                && !self.renamed.contains_key(old)
                && used.insert(new)
            {
                self.renamed.insert(old, new);
            }
        }
    }

    fn security_schemes(&mut self, scope: &Scope<'_>) {
        const SECTION: &str = "securitySchemes";
        let before: IndexMap<&str, NodeRef<'a>> = self.old.components(SECTION).collect();
        let after: IndexMap<&str, NodeRef<'a>> = self.new.components(SECTION).collect();
        for (name, old) in &before {
            let scope = &scope.step(
                Step::Named("security scheme", name),
                after.get(name).map_or(scope.near(), |new| new.at),
            );
            let Some(new) = after.get(name) else {
                let message = "the security scheme was removed";
                self.report(
                    scope,
                    rule::SECURITY_SCHEME_REMOVED,
                    (Some(old.at), None),
                    message,
                );
                continue;
            };
            if let (Ok(old), Ok(new)) = (self.old.follow(*old), self.new.follow(*new)) {
                self.security_scheme(scope, old.site, new.site);
            } else {
                self.leads_nowhere(scope, Some(*old), Some(*new));
            }
        }
        for (name, new) in missing(&after, &before) {
            let scope = &scope.step(Step::Named("security scheme", name), new.at);
            let message = "the security scheme was added";
            self.report(
                scope,
                rule::SECURITY_SCHEME_ADDED,
                (None, Some(new.at)),
                message,
            );
        }
    }

    fn security_scheme(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        const TEXTS: [&str; 2] = ["description", "bearerFormat"];
        const FACTS: [&str; 3] = ["type", "in", "openIdConnectUrl"];
        // Schemes of HTTP and names of headers are the same in capitals.
        const NAMES: [&str; 2] = ["name", "scheme"];
        const FLOWS: &str = "flows";
        let known = [&TEXTS[..], &FACTS, &NAMES, &[FLOWS]].concat();
        for name in TEXTS {
            self.prose(scope, name, old.get(name), new.get(name));
        }
        for name in FACTS {
            self.scheme_fact(scope, name, old, new);
        }
        for name in NAMES {
            let text = |site: NodeRef<'a>| site.get(name).and_then(|site| site.node.as_str());
            let is_same = text(old)
                .zip(text(new))
                .is_some_and(|(old, new)| old.eq_ignore_ascii_case(new));
            let has_capitals = name == "name" && old.text("in") != "header";
            if !is_same || has_capitals {
                self.scheme_fact(scope, name, old, new);
            }
        }
        self.rest(scope, old, new, &known);
        let (Some(old_flows), Some(new_flows)) = (old.get(FLOWS), new.get(FLOWS)) else {
            return self.scheme_fact(scope, FLOWS, old, new);
        };
        let flows = [
            "implicit",
            "password",
            "clientCredentials",
            "authorizationCode",
        ];
        for flow in flows {
            let (Some(old), Some(new)) = (old_flows.get(flow), new_flows.get(flow)) else {
                self.scheme_part(scope, flow, old_flows, new_flows);
                continue;
            };
            for name in ["authorizationUrl", "tokenUrl"] {
                self.scheme_fact(scope, name, old, new);
            }
            self.scheme_part(scope, "refreshUrl", old, new);
            let scope = &scope.step(Step::Named("flow", flow), new.at);
            self.scopes(scope, old.get("scopes"), new.get("scopes"));
            let known = ["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"];
            self.rest(scope, old, new, &known);
        }
        self.rest(scope, old_flows, new_flows, &flows);
    }

    /// What every client has to do in another way when it changes.
    fn scheme_fact(&mut self, scope: &Scope<'_>, name: &str, old: NodeRef<'a>, new: NodeRef<'a>) {
        let rule = rule::SECURITY_SCHEME_CHANGED;
        self.value(scope, name, old.get(name), new.get(name), rule);
    }

    /// What a scheme can have beside what clients do already.
    fn scheme_part(&mut self, scope: &Scope<'_>, name: &str, old: NodeRef<'a>, new: NodeRef<'a>) {
        let (before, after) = (old.get(name), new.get(name));
        let rule = match (before, after) {
            (None, _) => rule::SECURITY_SCHEME_EXTENDED,
            (_, None) => rule::SECURITY_SCHEME_REDUCED,
            _ => rule::SECURITY_SCHEME_CHANGED,
        };
        self.value(scope, name, before, after, rule);
    }

    fn scopes(&mut self, scope: &Scope<'_>, old: Option<NodeRef<'a>>, new: Option<NodeRef<'a>>) {
        let (Some(old), Some(new)) = (old, new) else {
            return self.value(scope, "scopes", old, new, rule::FIELD_CHANGED);
        };
        for (name, site) in old.entries() {
            let Some(now) = new.get(name) else {
                let message = format!("the scope `{}` was removed", short(name));
                self.report(
                    scope,
                    rule::OAUTH_SCOPE_REMOVED,
                    (Some(site.at), None),
                    message,
                );
                continue;
            };
            self.prose(
                scope,
                &format!("scope {}", short(name)),
                Some(site),
                Some(now),
            );
        }
        for (name, site) in new.entries() {
            if old.get(name).is_none() {
                let message = format!("the scope `{}` was added", short(name));
                self.report(
                    scope,
                    rule::OAUTH_SCOPE_ADDED,
                    (None, Some(site.at)),
                    message,
                );
            }
        }
    }

    /// Compares what both contracts have under one name, used or not.
    fn section(&mut self, scope: &Scope<'_>, section: &'static str, kind: Kind) {
        let after: IndexMap<&str, NodeRef<'a>> = self.new.components(section).collect();
        for (name, old) in self.old.components(section) {
            let Some(new) = after.get(name).copied() else {
                continue;
            };
            let label = format!("{} {}", singular(section), short(name));
            if let (Ok(old), Ok(new)) = (self.old.follow(old), self.new.follow(new)) {
                self.unit(kind, old.site, new.site, label);
            } else {
                let scope = &scope.step(Step::Named("", &label), new.at);
                self.leads_nowhere(scope, Some(old), Some(new));
            }
        }
    }

    fn paths(&mut self, scope: &Scope<'_>) {
        let entries = |site: NodeRef<'a>| -> IndexMap<&'a str, NodeRef<'a>> {
            let paths = site.get("paths").into_iter().flat_map(NodeRef::entries);
            paths.filter(|(path, _)| !path.starts_with("x-")).collect()
        };
        let (before, after) = (entries(self.old.root), entries(self.new.root));
        if let (Some(old), Some(new)) = (self.old.root.get("paths"), self.new.root.get("paths")) {
            self.extensions(scope, old, new);
        }
        let mut pairs = Vec::new();
        for (path, old) in &before {
            if let Some(new) = after.get(path) {
                pairs.push(((*path, *old), (*path, *new)));
            }
        }
        // What is left may differ in the names of its parameters alone, which no caller sees.
        let mut shapes: HashMap<String, Vec<(&str, NodeRef<'a>)>> = HashMap::new();
        let mut added = missing(&after, &before);
        for (path, new) in added.iter().rev() {
            shapes.entry(shape(path)).or_default().push((path, *new));
        }
        let mut removed = missing(&before, &after);
        removed.retain(|(path, old)| {
            let Some((path_now, new)) = shapes.get_mut(&shape(path)).and_then(Vec::pop) else {
                return true;
            };
            pairs.push(((path, *old), (path_now, new)));
            false
        });
        let paired: HashSet<&str> = pairs.iter().map(|(_, (path, _))| *path).collect();
        added.retain(|(path, _)| !paired.contains(path));

        let mut removed_operations = Vec::new();
        let mut added_operations = Vec::new();
        for (old, new) in pairs {
            self.path_item(
                scope,
                old,
                new,
                &mut removed_operations,
                &mut added_operations,
            );
        }
        for (path, site) in removed {
            let step = &scope.step(Step::Named("path", path), scope.near());
            let (item, lost) = PathItem::of(self.old, site);
            self.unresolved(step, (Some(site), None), (lost, None));
            operations(path, &item, &mut removed_operations);
        }
        for (path, site) in added {
            let step = &scope.step(Step::Named("path", path), site.at);
            let (item, lost) = PathItem::of(self.new, site);
            self.unresolved(step, (None, Some(site)), (None, lost));
            operations(path, &item, &mut added_operations);
        }
        self.unmatched_operations(scope, removed_operations, added_operations);
    }
}

/// A server; the one that is meant where none is listed has no site.
#[derive(Debug, Clone, Copy)]
struct Server<'a> {
    url: &'a str,
    site: Option<NodeRef<'a>>,
}

/// Servers by their URL without the names of variables, and how many such came before.
type Servers<'a> = IndexMap<(String, usize), Server<'a>>;

fn by_url(list: Option<NodeRef<'_>>) -> Servers<'_> {
    let mut servers = Servers::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for site in list.into_iter().flat_map(NodeRef::items) {
        let url = site.text("url");
        let count = seen.entry(shape(url)).or_default();
        let site = Some(site);
        servers.insert((shape(url), *count), Server { url, site });
        *count += 1;
    }
    if servers.is_empty() {
        let url = "/";
        servers.insert((url.to_owned(), 0), Server { url, site: None });
    }
    servers
}

/// The references that stand at the same place in both, in the order of the old text.
fn references<'a>(old: NodeRef<'a>, new: NodeRef<'a>, into: &mut Vec<(&'a str, &'a str)>) {
    if let (Some(before), Some(after)) = (old.get("$ref"), new.get("$ref")) {
        if let (Some(before), Some(after)) = (before.node.as_str(), after.node.as_str())
            && before != after
        {
            into.push((before, after));
        }
        return;
    }
    for (name, old) in old.entries() {
        if let Some(new) = new.get(name) {
            references(old, new, into);
        }
    }
    for (old, new) in old.items().zip(new.items()) {
        references(old, new, into);
    }
}
