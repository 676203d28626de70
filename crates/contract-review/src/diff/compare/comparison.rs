//! The state of a comparison: units, differences found so far, and how they come together at the end.

use std::cell::OnceCell;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};
use people_codegen::Position;
use people_codegen::rules::{UPDATE_EXTENSIONS, UPDATE_OF};

use super::contract::Document;
use super::gap::{change, gap};
use super::lines::Lines;
use super::node_ref::NodeRef;
use super::proof::Prover;
use super::scope::Scope;
use super::text::{places, short, singular};
use super::unchanged::Unchanged;
use super::uses::{self, Filter, Proven, Uses};
use super::value;
use crate::diff::model::{Difference, Place};
use crate::diff::policy::Policy;
use crate::diff::prose::{self, Word};
use crate::diff::rules::{self as rule, Rule};

/// More differences than anyone reads; the comparison stops there.
const MAX_DIFFERENCES: usize = 100_000;

/// As much text as is compared word by word, in bytes. A text can be compared many times over, as
/// often as something refers to it.
const MAX_PROSE: usize = 200_000_000;

/// As many operations as are named for one difference.
const MAX_OPERATIONS: usize = 50;

/// What differs between two contracts.
#[derive(Debug)]
pub(in crate::diff) struct Outcome {
    pub(in crate::diff) differences: Vec<Difference>,
    /// Whether there were too many differences to list them all.
    pub(in crate::diff) stopped: bool,
}

/// The kinds of thing that a reference can lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Schema {
        /// Whether what merely describes a schema has been compared where it is used.
        described: bool,
    },
    /// What the discriminator of a schema selects.
    Selected,
    Parameter,
    Header,
    RequestBody,
    Response,
    Example,
    Callback,
    /// A path of a callback.
    PathItem,
    Operation,
}

pub(super) struct Unit<'a> {
    /// What the places in it are named after.
    pub(super) label: String,
    /// Whether that names an operation.
    pub(super) operation: bool,
    /// None when it is walked where it is met.
    pub(super) pair: Option<(Kind, NodeRef<'a>, NodeRef<'a>)>,
    pub(super) uses: Uses,
    pub(super) operations: IndexSet<usize>,
    pub(super) more_operations: bool,
    /// The units that this one refers to, in the order in which they were found.
    pub(super) edges: IndexSet<(usize, Filter)>,
}

/// A difference before it is known where its unit is used.
pub(super) struct Found {
    pub(super) rule: &'static Rule,
    pub(super) unit: usize,
    pub(super) filter: Filter,
    pub(super) at: String,
    pub(super) message: String,
    pub(super) old: Option<Position>,
    pub(super) new: Option<Position>,
    /// The place to show, where it is another than `new`, or than the place where `old` was.
    pub(super) near: Option<Position>,
    /// What stands in the new contract around it.
    pub(super) holder: Position,
    pub(super) words: Option<Vec<Word>>,
}

pub(super) struct Comparison<'a> {
    pub(super) old: Document<'a>,
    pub(super) new: Document<'a>,
    pub(super) policy: Policy,
    /// The text of the new contract, and its lines once they are needed.
    text: &'a str,
    lines: OnceCell<Lines<'a>>,
    /// New names of schemas that have one, by their old name.
    pub(super) renamed: HashMap<&'a str, &'a str>,
    /// The same the other way round.
    pub(super) renamed_from: HashMap<&'a str, &'a str>,
    /// What pairs of security requirements come to, as many operations share them.
    pub(super) security: HashMap<(usize, usize), Option<(&'static Rule, String)>>,
    /// Hashes of items in lists of schemas, which may be looked at from many places.
    pub(super) prints: HashMap<usize, u64>,
    pub(super) units: Vec<Unit<'a>>,
    pub(super) known: HashMap<(usize, usize, Kind), usize>,
    pub(super) queue: VecDeque<usize>,
    pub(super) operations: Vec<String>,
    pub(super) found: Vec<Found>,
    /// How much text may still be compared word by word, in bytes.
    pub(super) prose_left: usize,
    /// How many properties have been collected through `allOf`, which could be many times over.
    pub(super) flattened: usize,
    /// What is proven of what is sent.
    pub(super) requests: Prover<'a>,
    /// What is proven of what is received.
    pub(super) responses: Prover<'a>,
    /// Whether nothing changed at all.
    pub(super) is_same_document: bool,
    unchanged: Rc<Unchanged<'a>>,
    /// The schemas of bodies, parameters and headers that changed.
    pub(super) roots: Vec<Root<'a>>,
    /// Every link between units, in the order in which they were found.
    pub(super) links: Vec<(usize, usize, Filter)>,
}

/// A schema that is sent or received as it is, with what the comparison has found in it.
pub(super) struct Root<'a> {
    pub(super) unit: usize,
    pub(super) filter: Filter,
    pub(super) at: String,
    pub(super) old: NodeRef<'a>,
    pub(super) new: NodeRef<'a>,
    /// Its differences, among all that were found.
    pub(super) found: Range<usize>,
    /// Its links, among all links.
    pub(super) links: Range<usize>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(
        (old, new): (Document<'a>, Document<'a>),
        text: &'a str,
        policy: Policy,
    ) -> Self {
        let unchanged = Rc::new(Unchanged::between(old, new));
        Self {
            old,
            new,
            policy,
            text,
            lines: OnceCell::new(),
            renamed: HashMap::new(),
            renamed_from: HashMap::new(),
            security: HashMap::new(),
            prints: HashMap::new(),
            prose_left: MAX_PROSE,
            units: Vec::new(),
            known: HashMap::new(),
            queue: VecDeque::new(),
            operations: Vec::new(),
            found: Vec::new(),
            flattened: 0,
            requests: Prover::of_requests(Rc::clone(&unchanged)),
            responses: Prover::of_responses(Rc::clone(&unchanged)),
            is_same_document: value::same(old.root.node, new.root.node),
            unchanged,
            roots: Vec::new(),
            links: Vec::new(),
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= MAX_DIFFERENCES
    }

    pub(super) fn report(
        &mut self,
        scope: &Scope<'_>,
        rule: &'static Rule,
        places: (Option<Position>, Option<Position>),
        message: impl Into<String>,
    ) {
        self.push(scope, rule, places, None, message.into(), None);
    }

    /// As `report`, for a change that stands elsewhere than what it is reported of.
    pub(super) fn report_near(
        &mut self,
        scope: &Scope<'_>,
        rule: &'static Rule,
        places: (Option<Position>, Option<Position>),
        near: Position,
        message: impl Into<String>,
    ) {
        self.push(scope, rule, places, Some(near), message.into(), None);
    }

    pub(super) fn push(
        &mut self,
        scope: &Scope<'_>,
        rule: &'static Rule,
        (old, new): (Option<Position>, Option<Position>),
        near: Option<Position>,
        message: String,
        words: Option<Vec<Word>>,
    ) {
        if self.is_full() {
            return;
        }
        let label = self.label(scope.id());
        self.found.push(Found {
            rule,
            unit: scope.id(),
            filter: scope.filter(),
            at: scope.path(label),
            message,
            old,
            new,
            near,
            holder: scope.near(),
            words,
        });
    }

    fn lines(&self) -> &Lines<'a> {
        self.lines.get_or_init(|| Lines::of(self.text))
    }

    /// The place beside what stood at `removed`, in what stands at `holder` now.
    pub(super) fn beside(&self, removed: Position, holder: Position) -> Position {
        let new = (self.new.root.node, self.lines());
        gap(self.old.root.node, new, removed, holder)
    }

    /// The first change inside a value that both contracts have.
    pub(super) fn first_change(&self, old: NodeRef<'a>, new: NodeRef<'a>) -> Position {
        change(old.node, new.node, self.lines()).unwrap_or(new.at)
    }

    /// The places of a field that was set, changed or removed, or of what holds it where it is not there;
    /// and the place to show.
    pub(super) fn field(
        &self,
        name: &str,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
    ) -> ((Option<Position>, Option<Position>), Position) {
        let (before, after) = (old.get(name), new.get(name));
        let near = match (before, after) {
            (_, Some(after)) => after.at,
            (Some(before), None) => self.beside(before.at, new.at),
            (None, None) => new.at,
        };
        (places(before.or(Some(old)), after.or(Some(new))), near)
    }

    pub(super) fn label(&self, unit: usize) -> &str {
        self.units.get(unit).map_or("", |unit| &unit.label)
    }

    /// A difference of one text, which may be missing on either side.
    pub(super) fn prose(
        &mut self,
        scope: &Scope<'_>,
        what: &str,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
    ) {
        let text = |site: Option<NodeRef<'a>>| match site {
            None => Some(""),
            Some(site) => site.node.as_str(),
        };
        let (Some(before), Some(after)) = (text(old), text(new)) else {
            // Not text on at least one side: shown as a value.
            self.value(scope, what, old, new, rule::FIELD_CHANGED);
            return;
        };
        if before == after {
            return;
        }
        let size = before.len() + after.len();
        let words = if size <= self.prose_left {
            self.prose_left -= size;
            prose::words(before, after)
        } else {
            Some(Vec::new())
        };
        let Some(words) = words else {
            return;
        };
        let rule = match (old, new) {
            (None, _) => rule::PROSE_ADDED,
            (_, None) => rule::PROSE_REMOVED,
            _ => rule::PROSE_CHANGED,
        };
        let verb = rule.name.rsplit('-').next().unwrap_or_default();
        let message = match verb {
            "changed" => format!("the {what} changed"),
            _ => format!("the {what} was {verb}"),
        };
        let near = old.and(new).and_then(|new| {
            let (index, word) = prose::first_change(before, after)?;
            self.lines().word(new.node.position, index, word)
        });
        self.push(scope, rule, places(old, new), near, message, Some(words));
    }

    /// A difference of one value about which nothing finer can be said.
    pub(super) fn value(
        &mut self,
        scope: &Scope<'_>,
        what: &str,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
        rule: &'static Rule,
    ) {
        let what = short(what);
        let message = match (old, new) {
            (Some(old), Some(new)) if value::same(old.node, new.node) => return,
            (None, None) => return,
            (Some(old), Some(new)) => {
                let (before, after) = (value::brief(old.node), value::brief(new.node));
                if before == after {
                    format!("`{what}` changed")
                } else {
                    format!("`{what}` changed from {before} to {after}")
                }
            }
            (None, Some(new)) => format!("`{what}` was added: {}", value::brief(new.node)),
            (Some(old), None) => format!("`{what}` was removed: {}", value::brief(old.node)),
        };
        let near = old.zip(new).map(|(old, new)| self.first_change(old, new));
        self.push(scope, rule, places(old, new), near, message, None);
    }

    /// The fields that no rule knows, extensions among them.
    pub(super) fn rest(
        &mut self,
        scope: &Scope<'_>,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
        known: &[&str],
    ) {
        self.rest_but(scope, old, new, |name| known.contains(&name));
    }

    /// As `rest`, where names are free and the extensions alone are left.
    pub(super) fn extensions(&mut self, scope: &Scope<'_>, old: NodeRef<'a>, new: NodeRef<'a>) {
        self.rest_but(scope, old, new, |name| !name.starts_with("x-"));
    }

    pub(super) fn rest_but(
        &mut self,
        scope: &Scope<'_>,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
        known: impl Fn(&str) -> bool,
    ) {
        let added = new.entries().filter(|(name, _)| old.get(name).is_none());
        for (name, _) in old.entries().chain(added) {
            if known(name) {
                continue;
            }
            let (before, after) = (old.get(name), new.get(name));
            let rule = if name.starts_with("x-") {
                extension_rule(name, before, after)
            } else {
                rule::FIELD_CHANGED
            };
            self.value(scope, name, before, after, rule);
        }
    }

    /// A pair of sites that may be references; schemas have more to say, see `schema`.
    pub(super) fn pair(
        &mut self,
        scope: &Scope<'_>,
        kind: Kind,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
    ) {
        if self.is_unchanged(old, new) {
            return;
        }
        let (before, after) = (self.old.follow(old), self.new.follow(new));
        match (before, after) {
            (Ok(before), Ok(after)) if before.reference || after.reference => {
                let label = match (before.component(), after.component()) {
                    (Some(_), Some((section, name))) => {
                        format!("{} {}", singular(section), short(name))
                    }
                    _ => scope.path(self.label(scope.id())),
                };
                let unit = self.unit(kind, before.site, after.site, label);
                self.link(scope, unit);
                if matches!(kind, Kind::Schema { .. }) {
                    self.link_selected(scope, old, new);
                }
            }
            (Ok(before), Ok(after)) => self.inline(scope, kind, before.site, after.site),
            (before, after) => {
                let sites = (Some(old), Some(new));
                self.unresolved(scope, sites, (before.err(), after.err()));
            }
        }
    }

    /// Reports references that lead nowhere, unless both contracts have the same one.
    pub(super) fn unresolved(
        &mut self,
        scope: &Scope<'_>,
        (old, new): (Option<NodeRef<'a>>, Option<NodeRef<'a>>),
        (before, after): (Option<&'a str>, Option<&'a str>),
    ) {
        let (target, contract) = match (before, after) {
            _ if before == after => return,
            (_, Some(target)) => (target, "new"),
            (Some(target), None) => (target, "old"),
            (None, None) => return,
        };
        let message = format!(
            "`{}` does not resolve in the {contract} contract",
            short(target)
        );
        self.report(scope, rule::REFERENCE_UNRESOLVED, places(old, new), message);
    }

    /// As `unresolved`, for sites of which one may be missing. Whether one of them leads nowhere, so that
    /// it is not known what was added, removed or changed.
    pub(super) fn leads_nowhere(
        &mut self,
        scope: &Scope<'_>,
        old: Option<NodeRef<'a>>,
        new: Option<NodeRef<'a>>,
    ) -> bool {
        let before = old.and_then(|old| self.old.follow(old).err());
        let after = new.and_then(|new| self.new.follow(new).err());
        self.unresolved(scope, (old, new), (before, after));
        before.or(after).is_some()
    }

    pub(super) fn inline(
        &mut self,
        scope: &Scope<'_>,
        kind: Kind,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
    ) {
        match kind {
            Kind::Schema { described } => self.schema_sites(scope, old, new, described),
            Kind::Selected => self.selected(scope, old, new),
            Kind::Parameter => self.parameter(scope, old, new),
            Kind::Header => self.header(scope, old, new),
            Kind::RequestBody => self.request_body(scope, old, new),
            Kind::Response => self.response(scope, old, new),
            Kind::Example => self.named_example(scope, old, new),
            Kind::Callback => self.callback(scope, old, new),
            Kind::PathItem => self.callback_path(scope, old, new),
            // Walked where it is met, with the path that it belongs to.
            Kind::Operation => {}
        }
    }

    /// The unit of this pair, which is walked later, once.
    pub(super) fn unit(
        &mut self,
        kind: Kind,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
        label: String,
    ) -> usize {
        let key = (old.address(), new.address(), kind);
        if let Some(unit) = self.known.get(&key) {
            return *unit;
        }
        let unit = self.new_unit(label, Some((kind, old, new)));
        self.known.insert(key, unit);
        self.queue.push_back(unit);
        unit
    }

    pub(super) fn new_unit(
        &mut self,
        label: String,
        pair: Option<(Kind, NodeRef<'a>, NodeRef<'a>)>,
    ) -> usize {
        self.units.push(Unit {
            label,
            operation: false,
            pair,
            uses: 0,
            operations: IndexSet::new(),
            more_operations: false,
            edges: IndexSet::new(),
        });
        self.units.len() - 1
    }

    pub(super) fn link(&mut self, scope: &Scope<'_>, unit: usize) {
        if let Some(from) = self.units.get_mut(scope.id()) {
            from.edges.insert((unit, scope.filter()));
            self.links.push((scope.id(), unit, scope.filter()));
        }
    }

    /// What is proven of the values at this place.
    pub(super) fn proven(
        &mut self,
        scope: &Scope<'_>,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
    ) -> Proven {
        let Filter {
            request,
            response,
            proven,
            ..
        } = scope.filter();
        if proven.request && proven.response {
            return proven;
        }
        if self.is_unchanged(old, new) {
            return Proven {
                request: true,
                response: true,
            };
        }
        let (old, new) = ((self.old, old), (self.new, new));
        Proven {
            request: proven.request || (request && self.requests.fits(old, new)),
            response: proven.response || (response && self.responses.fits(new, old)),
        }
    }

    /// What is proven of the values of two schemas, wherever they are used.
    pub(super) fn values(&mut self, old: NodeRef<'a>, new: NodeRef<'a>) -> Proven {
        let (old, new) = ((self.old, old), (self.new, new));
        Proven {
            request: self.requests.fits(old, new),
            response: self.responses.fits(new, old),
        }
    }

    /// Whether it is proven that no value is valid under both schemas.
    pub(super) fn disjoint(&mut self, old: NodeRef<'a>, new: NodeRef<'a>) -> bool {
        let (old, new) = ((self.old, old), (self.new, new));
        self.requests.disjoint(old, new)
    }

    /// Whether nothing changed here, nor in what this refers to.
    pub(super) fn is_unchanged(&self, old: NodeRef<'a>, new: NodeRef<'a>) -> bool {
        self.is_same_document || self.unchanged.contains(old, new)
    }

    pub(super) fn walk(&mut self, unit: usize) {
        if let Some((kind, old, new)) = self.units.get(unit).and_then(|unit| unit.pair) {
            let scope = Scope::unit(unit, new.at);
            match kind {
                // What its discriminator selects is linked where a reference leads to it.
                Kind::Schema { described } => self.unselected_sites(&scope, old, new, described),
                _ => self.inline(&scope, kind, old, new),
            }
        }
    }

    /// Lets the uses of units flow along their references. Nothing is taken back, so it ends.
    pub(super) fn propagate(&mut self) {
        let mut queue: VecDeque<usize> = (0..self.units.len()).collect();
        let mut waiting: Vec<bool> = vec![true; self.units.len()];
        while let Some(from) = queue.pop_front() {
            waiting[from] = false;
            let edges = std::mem::take(&mut self.units[from].edges);
            for (to, filter) in &edges {
                let source = &self.units[from];
                let uses = filter.apply(source.uses);
                // An audience that does not see a unit is not affected by its differences.
                let seen = uses & (uses::REQUEST | uses::RESPONSE) != 0
                    && !self.units[*to].has_all_operations();
                let operations: Vec<usize> = if seen {
                    source.operations.iter().copied().collect()
                } else {
                    Vec::new()
                };
                let more = seen && source.more_operations;
                if self.units[*to].take(uses, &operations, more) && !waiting[*to] {
                    waiting[*to] = true;
                    queue.push_back(*to);
                }
            }
            self.units[from].edges = edges;
        }
    }

    pub(super) fn outcome(self) -> Outcome {
        let stopped = self.is_full();
        // What several operations share without a reference (the parameters of a path, the
        // security of the whole contract) is met once for each of them.
        let mut merged: IndexMap<_, (Found, Uses, IndexSet<usize>, bool)> = IndexMap::new();
        let units = &self.units;
        for found in self.found {
            let unit = &units[found.unit];
            let uses = found.filter.apply(unit.uses);
            let key = (found.rule.name, found.old, found.new, found.message.clone());
            let (_, all, operations, more) = merged
                .entry(key)
                .or_insert_with(|| (found, 0, IndexSet::new(), false));
            *all |= uses;
            operations.extend(unit.operations.iter().copied());
            *more |= unit.more_operations;
        }
        let names = &self.operations;
        let lines = self.lines.into_inner();
        let lines = lines.unwrap_or_else(|| Lines::of(self.text));
        let (old_root, new_root) = (self.old.root.node, self.new.root.node);
        let near = |found: &Found| match (found.near.or(found.new), found.old) {
            (Some(near), _) => near,
            (None, Some(old)) => gap(old_root, (new_root, &lines), old, found.holder),
            (None, None) => found.holder,
        };
        let differences = merged
            .into_values()
            .map(|(found, uses, operations, more)| Difference {
                near: near(&found).into(),
                rule: found.rule.name,
                at: found.at,
                message: found.message,
                impact: uses::levels(found.rule, uses),
                old: found.old.map(Place::from),
                new: found.new.map(Place::from),
                direction: uses::direction(found.rule, uses),
                at_operation: units[found.unit].operation && operations.len() == 1,
                more_operations: more || operations.len() > MAX_OPERATIONS,
                operations: operations
                    .into_iter()
                    .take(MAX_OPERATIONS)
                    .filter_map(|index| names.get(index).cloned())
                    .collect(),
                words: found.words,
            })
            .collect();
        Outcome {
            differences,
            stopped,
        }
    }
}

/// The rule for an extension that differs.
pub(super) fn extension_rule(
    name: &str,
    old: Option<NodeRef<'_>>,
    new: Option<NodeRef<'_>>,
) -> &'static Rule {
    match (old, new) {
        _ if name == UPDATE_OF => rule::UPDATE_OF_CHANGED,
        _ if UPDATE_EXTENSIONS.contains(&name) => rule::UPDATE_FACT_CHANGED,
        (None, _) => rule::EXTENSION_ADDED,
        (_, None) => rule::EXTENSION_REMOVED,
        _ => rule::EXTENSION_CHANGED,
    }
}

impl Unit<'_> {
    /// Whether another operation changes nothing.
    fn has_all_operations(&self) -> bool {
        self.more_operations && self.operations.len() >= MAX_OPERATIONS
    }

    /// Whether this unit gained a use.
    pub(super) fn take(&mut self, uses: Uses, operations: &[usize], more: bool) -> bool {
        let before = (self.uses, self.operations.len(), self.more_operations);
        self.uses |= uses;
        self.more_operations |= more;
        for operation in operations {
            if self.has_all_operations() {
                break;
            }
            if self.operations.len() < MAX_OPERATIONS {
                self.operations.insert(*operation);
            } else if !self.operations.contains(operation) {
                self.more_operations = true;
            }
        }
        before != (self.uses, self.operations.len(), self.more_operations)
    }
}
