//! Proves that every value of one schema is a value of another one, across the two contracts.
//!
//! A proof that fails says nothing: it may only be too hard. A proof that succeeds holds, given that
//! senders leave out what their contract does not describe: a property that is described nowhere is
//! not part of a value, unless `additionalProperties` has a schema for it. Without that, every new
//! property would break every caller.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::accepts::{accepts, is_multiple, is_universal};
use super::conjunction::{
    ARRAY, BOOLEAN, Conjunction, INTEGER, NULL, NUMBER, OBJECT, Part, PartId, STRING, Types,
    compare, is_tighter, own_limit,
};
use super::contract::Document;
use super::node_ref::NodeRef;
use super::unchanged::Unchanged;
use super::value;

/// What marks a property that is no part of requests.
const READ_ONLY: &str = "readOnly";

/// How many pairs of schemas are looked at for one question.
const MAX_STEPS: usize = 20_000;

/// How many are looked at in one comparison.
const MAX_ALL_STEPS: usize = 3_000_000;

/// How deep disjoint properties are looked for.
const MAX_DISJOINT_DEPTH: usize = 6;

/// How deep schemas may nest.
const MAX_LEVEL: usize = 200;

/// As many ways to fulfil a choice are tried.
const MAX_VARIANTS: usize = 100;

/// The question whether all values of the first schema are values of the second.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Question {
    values_of: Vec<PartId>,
    fit: Vec<PartId>,
    strict: bool,
}

/// What a value is looked at for.
#[derive(Debug, Clone, Copy)]
struct Mode {
    /// Whether a value may have properties that its schema does not describe.
    strict: bool,
    /// How far inside the value the schemas stand.
    level: usize,
    /// How many choices are decided for this very value, and other questions asked of it.
    depth: usize,
}

impl Mode {
    fn inside(self) -> Self {
        Self {
            level: self.level + 1,
            depth: 0,
            ..self
        }
    }
}

/// Proves questions of one direction, and remembers what it has proven.
#[derive(Debug)]
pub(super) struct Prover<'c> {
    unchanged: Rc<Unchanged<'c>>,
    /// The flag of properties that are no part of a value: `readOnly` in requests.
    absent: &'static str,
    /// What was asked of two schemas wherever they are used, by their addresses.
    known: HashMap<(usize, usize), bool>,
    proven: HashSet<Question>,
    refuted: HashSet<Question>,
    /// Questions that are being asked, with the level at which they are.
    asked: HashMap<Question, usize>,
    /// What has been proven since the outermost question, which may rest on what is being asked.
    trail: Vec<Question>,
    steps: usize,
    all_steps: usize,
}

impl<'c> Prover<'c> {
    /// For what is sent.
    pub(super) fn of_requests(unchanged: Rc<Unchanged<'c>>) -> Self {
        Self::new(READ_ONLY, unchanged)
    }

    /// For what is received.
    pub(super) fn of_responses(unchanged: Rc<Unchanged<'c>>) -> Self {
        Self::new("writeOnly", unchanged)
    }

    fn new(absent: &'static str, unchanged: Rc<Unchanged<'c>>) -> Self {
        Self {
            unchanged,
            absent,
            known: HashMap::new(),
            proven: HashSet::new(),
            refuted: HashSet::new(),
            asked: HashMap::new(),
            trail: Vec::new(),
            steps: 0,
            all_steps: 0,
        }
    }

    /// Whether it is proven that every value of `values_of` fits `fit`.
    pub(super) fn fits<'a>(
        &mut self,
        values_of: (Document<'a>, NodeRef<'a>),
        fit: (Document<'a>, NodeRef<'a>),
    ) -> bool {
        let address = |(document, schema): (Document<'a>, NodeRef<'a>)| {
            let target = document.follow(schema).ok()?;
            Some(target.site.address())
        };
        let pair = address(values_of).zip(address(fit));
        if let Some(known) = pair.and_then(|pair| self.known.get(&pair)) {
            return *known;
        }
        let proven = self.fits_anew(values_of, fit);
        self.known.extend(pair.map(|pair| (pair, proven)));
        proven
    }

    /// As `fits`, without what discriminators select: those schemas are asked about by themselves.
    pub(super) fn fits_unselected<'a>(
        &mut self,
        values_of: (Document<'a>, NodeRef<'a>),
        fit: (Document<'a>, NodeRef<'a>),
    ) -> bool {
        let is_empty = |document: Document<'a>| document.discriminators.is_empty();
        if is_empty(values_of.0) && is_empty(fit.0) {
            return self.fits(values_of, fit);
        }
        self.all_fit(
            Conjunction::unselected(values_of.0, values_of.1),
            Conjunction::unselected(fit.0, fit.1),
        )
    }

    fn fits_anew<'a>(
        &mut self,
        values_of: (Document<'a>, NodeRef<'a>),
        fit: (Document<'a>, NodeRef<'a>),
    ) -> bool {
        self.all_fit(
            Conjunction::of(values_of.0, values_of.1),
            Conjunction::of(fit.0, fit.1),
        )
    }

    fn all_fit(
        &mut self,
        values_of: Option<Conjunction<'_>>,
        fit: Option<Conjunction<'_>>,
    ) -> bool {
        let (Some(values_of), Some(fit)) = (values_of, fit) else {
            return false;
        };
        self.begin();
        let mode = Mode {
            strict: false,
            level: 0,
            depth: 0,
        };
        let proven = self.subset(&values_of, &fit, mode);
        self.end();
        proven
    }

    /// Whether it is proven that no value fits both.
    pub(super) fn disjoint<'a>(
        &mut self,
        one: (Document<'a>, NodeRef<'a>),
        other: (Document<'a>, NodeRef<'a>),
    ) -> bool {
        let (Some(one), Some(other)) = (
            Conjunction::of(one.0, one.1),
            Conjunction::of(other.0, other.1),
        ) else {
            return false;
        };
        self.begin();
        let disjoint = self.are_disjoint(&one, &other, 0);
        self.end();
        disjoint
    }

    fn begin(&mut self) {
        self.steps = 0;
    }

    fn end(&mut self) {
        self.all_steps += self.steps;
        self.trail.clear();
    }

    fn is_exhausted(&self) -> bool {
        self.steps > MAX_STEPS || self.all_steps > MAX_ALL_STEPS
    }

    fn subset(&mut self, values_of: &Conjunction<'_>, fit: &Conjunction<'_>, mode: Mode) -> bool {
        if fit.parts.is_empty() || self.is_unchanged(values_of, fit) {
            return true;
        }
        let question = Question {
            values_of: values_of.id(),
            fit: fit.id(),
            strict: mode.strict,
        };
        if self.proven.contains(&question) {
            return true;
        }
        if self.refuted.contains(&question) {
            return false;
        }
        if let Some(level) = self.asked.get(&question) {
            // Asked of a part of the same value: what holds of all smaller values holds of this.
            return *level < mode.level;
        }
        self.steps += 1;
        if self.is_exhausted() || mode.level > MAX_LEVEL {
            return false;
        }
        let before = self.trail.len();
        self.asked.insert(question.clone(), mode.level);
        let proven = self.decide(values_of, fit, mode);
        self.asked.remove(&question);
        if proven {
            self.proven.insert(question.clone());
            self.trail.push(question);
        } else {
            // What was proven in the meantime may rest on this.
            for rests in self.trail.drain(before..) {
                self.proven.remove(&rests);
            }
            if !self.is_exhausted() {
                self.refuted.insert(question);
            }
        }
        proven
    }

    /// Whether both are the same, and so is all that they refer to.
    fn is_unchanged(&self, one: &Conjunction<'_>, other: &Conjunction<'_>) -> bool {
        one.parts.len() == other.parts.len()
            && one.parts.iter().zip(&other.parts).all(|(one, other)| {
                one.has_same_choices(other) && self.unchanged.contains(one.schema, other.schema)
            })
    }

    fn decide(&mut self, values_of: &Conjunction<'_>, fit: &Conjunction<'_>, mode: Mode) -> bool {
        let types = values_of.types();
        if types == 0 {
            return true;
        }
        if let Some(listed) = finite(values_of, types) {
            // What an object selects is not looked at there.
            let selects = types & OBJECT != 0 && fit.parts.iter().any(Part::selects);
            return !selects && listed.iter().all(|value| accepts(value, fit) == Some(true));
        }
        if self.covers(values_of, fit, types, mode) {
            return true;
        }
        // Case by case.
        if mode.depth > MAX_DISJOINT_DEPTH {
            return false;
        }
        let Some(cases) = values_of.cases() else {
            return false;
        };
        let mode = Mode {
            depth: mode.depth + 1,
            ..mode
        };
        cases.len() <= MAX_VARIANTS
            && cases
                .iter()
                .all(|case| (case.as_ref()).is_some_and(|case| self.subset(case, fit, mode)))
    }

    /// Whether each field of each part of `fit` follows from `values_of`.
    fn covers(
        &mut self,
        values_of: &Conjunction<'_>,
        fit: &Conjunction<'_>,
        types: Types,
        mode: Mode,
    ) -> bool {
        fit.parts.iter().all(|part| {
            types & !part.types() == 0
                && part.get("enum").is_none()
                && (types & NUMBER == 0 || covers_number(values_of, part, types))
                && (types & STRING == 0 || covers_string(values_of, part))
                && (types & (NUMBER | STRING) == 0 || covers_format(values_of, part))
                && (types & ARRAY == 0 || self.covers_array(values_of, part, fit, mode))
                && (types & OBJECT == 0 || self.covers_object(values_of, part, fit, mode))
                && self.covers_choice(values_of, part, fit, "anyOf", mode)
                && self.covers_choice(values_of, part, fit, "oneOf", mode)
                && self.covers_not(values_of, part, fit, mode)
                && (types & OBJECT == 0 || self.covers_selection(values_of, part, fit, mode))
        })
    }

    fn covers_array(
        &mut self,
        values_of: &Conjunction<'_>,
        part: &Part<'_>,
        fit: &Conjunction<'_>,
        mode: Mode,
    ) -> bool {
        let unique = !part.schema.is("uniqueItems")
            || (values_of.parts.iter()).any(|part| part.schema.is("uniqueItems"));
        if !unique || !covers_count(values_of, part, "minItems", "maxItems") {
            return false;
        }
        let Some(items) = part.schema.get("items") else {
            return true;
        };
        let Some(fit) = Conjunction::of(fit.document, items) else {
            return false;
        };
        let mut item = Conjunction::any(values_of.document);
        let schemas = values_of
            .parts
            .iter()
            .filter_map(|part| part.schema.get("items"));
        for schema in schemas {
            if item.add(schema).is_none() {
                return false;
            }
        }
        self.subset(&item, &fit, mode.inside())
    }

    fn covers_object(
        &mut self,
        values_of: &Conjunction<'_>,
        part: &Part<'_>,
        fit: &Conjunction<'_>,
        mode: Mode,
    ) -> bool {
        let required: BTreeSet<&str> = (values_of.required().into_iter())
            .filter(|name| !values_of.property_is(name, self.absent))
            .collect();
        let missing = part
            .required()
            .filter(|name| !fit.property_is(name, self.absent))
            .any(|name| !required.contains(name));
        let enough = part.get("minProperties").is_none_or(|bound| {
            is_at_least(required.len(), bound)
                || (values_of.bound("minProperties", false))
                    .is_some_and(|own| compare(own, bound).is_ge())
        });
        let few = part.get("maxProperties").is_none_or(|bound| {
            (values_of.bound("maxProperties", true)).is_some_and(|own| compare(own, bound).is_le())
        });
        if missing || !enough || !few {
            return false;
        }
        let described = values_of.described();
        let restricts = part.is_closed() || part.additional().is_some();
        // Whether a value may have this property, and whether all that it can be is right.
        let mut names: BTreeSet<&str> = part.properties().map(|(name, _)| name).collect();
        if restricts {
            names.extend(&described.names);
        }
        for name in names {
            if let [only] = values_of.parts.as_slice()
                && let (Some(own), Some(expected)) = (only.property(name), part.property(name))
                && self.unchanged.contains(own, expected)
            {
                continue;
            }
            if values_of.property_is(name, self.absent) {
                continue;
            }
            if !mode.strict && !described.names.contains(name) && !described.any {
                continue;
            }
            let own = match values_of.property(name) {
                Ok(Some(own)) => own,
                Ok(None) => continue,
                Err(()) => return false,
            };
            // A service may refuse what is only read. Clients read what they know.
            if self.absent == READ_ONLY && fit.property_is(name, READ_ONLY) {
                return false;
            }
            let expected = match part.property(name) {
                Some(schema) => Some(schema),
                None if part.is_closed() => return false,
                None => part.additional(),
            };
            let Some(expected) = expected else { continue };
            let Some(expected) = Conjunction::of(fit.document, expected) else {
                return false;
            };
            if !self.subset(&own, &expected, mode.inside()) {
                return false;
            }
        }
        // What is described nowhere. Where these have a schema, names are not known beforehand.
        if !restricts || values_of.is_closed() {
            return true;
        }
        let Some(expected) = part.additional() else {
            return !mode.strict && !described.any;
        };
        let mut own = Conjunction::any(values_of.document);
        for schema in values_of.parts.iter().filter_map(Part::additional) {
            if own.add(schema).is_none() {
                return false;
            }
        }
        Conjunction::of(fit.document, expected)
            .is_some_and(|expected| self.subset(&own, &expected, mode.inside()))
    }

    // ---- composition ---------------------------------------------------------------------------

    fn covers_choice(
        &mut self,
        values_of: &Conjunction<'_>,
        part: &Part<'_>,
        fit: &Conjunction<'_>,
        word: &str,
        mode: Mode,
    ) -> bool {
        let Some(variants) = part.variants(word) else {
            return true;
        };
        if variants.len() > MAX_VARIANTS || mode.depth > MAX_DISJOINT_DEPTH {
            return false;
        }
        let variants: Option<Vec<Conjunction<'_>>> = (variants.into_iter())
            .map(|variant| Conjunction::of(fit.document, variant))
            .collect();
        let Some(variants) = variants else {
            return false;
        };
        let one = word == "oneOf";
        let mode = Mode {
            depth: mode.depth + 1,
            ..mode
        };
        let one_fits = (0..variants.len()).any(|index| {
            self.subset(values_of, &variants[index], mode)
                && (!one || self.excludes_others(values_of, &variants, index))
        });
        one_fits || (one && self.pairs_variants(values_of, &variants, mode))
    }

    /// Whether no value fits any variant but the one at `index`.
    fn excludes_others(
        &mut self,
        values_of: &Conjunction<'_>,
        variants: &[Conjunction<'_>],
        index: usize,
    ) -> bool {
        (variants.iter().enumerate())
            .all(|(other, variant)| other == index || self.are_disjoint(values_of, variant, 0))
    }

    /// Whether a `oneOf` of `values_of` has for each of its variants one of these, such that what fits
    /// exactly one of its own fits exactly one of these.
    fn pairs_variants(
        &mut self,
        values_of: &Conjunction<'_>,
        variants: &[Conjunction<'_>],
        mode: Mode,
    ) -> bool {
        values_of.choices("oneOf").into_iter().any(|own| {
            let own: Option<Vec<Conjunction<'_>>> = (own.into_iter())
                .map(|schema| {
                    let mut variant = values_of.clone();
                    variant.add(schema)?;
                    Some(variant)
                })
                .collect();
            let Some(own) = own else { return false };
            if own.len() > MAX_VARIANTS {
                return false;
            }
            // Which of these each of its own fits.
            let mut partners: Vec<Option<usize>> = vec![None; variants.len()];
            for (index, schema) in own.iter().enumerate() {
                // Its choices are decided: it is one of them.
                let schema = decided(schema);
                let partner = (0..variants.len()).find(|candidate| {
                    partners[*candidate].is_none()
                        && self.subset(&schema, &variants[*candidate], mode)
                });
                let Some(partner) = partner else {
                    return false;
                };
                partners[partner] = Some(index);
            }
            own.iter().enumerate().all(|(index, schema)| {
                let schema = decided(schema);
                variants.iter().zip(&partners).all(|(variant, partner)| {
                    *partner == Some(index)
                        || self.are_disjoint(&schema, variant, 0)
                        || partner.is_some_and(|partner| {
                            let strict = Mode {
                                strict: true,
                                ..mode
                            };
                            // What does not fit its own other variant does not fit this one.
                            alone(values_of, &own[partner])
                                .is_some_and(|other| self.subset(variant, &other, strict))
                        })
                })
            })
        })
    }

    /// Whether each name selects a schema that has all values of the one that it selects in `values_of`.
    fn covers_selection(
        &mut self,
        values_of: &Conjunction<'_>,
        part: &Part<'_>,
        fit: &Conjunction<'_>,
        mode: Mode,
    ) -> bool {
        if !part.selects() {
            return true;
        }
        let own = values_of.parts.iter().filter(|own| own.selects());
        own.copied().collect::<Vec<_>>().into_iter().any(|own| {
            self.unchanged.contains(own.schema, part.schema)
                || self.selects_within((values_of.document, own), (fit.document, *part), mode)
        })
    }

    fn selects_within(
        &mut self,
        (document, own): (Document<'_>, Part<'_>),
        (fit_document, fit): (Document<'_>, Part<'_>),
        mode: Mode,
    ) -> bool {
        let (Some(own), Some(fit)) = (own.selection(document), fit.selection(fit_document)) else {
            return false;
        };
        let mode = Mode {
            depth: mode.depth + 1,
            ..mode
        };
        own.property == fit.property
            && !own.is_cut
            && !fit.is_cut
            && own.names.iter().all(|(name, selected)| {
                let now = fit.names.get(name).copied();
                now.is_some_and(|now| match (selected.schema, now.schema) {
                    (Some(schema), Some(schema_now)) => {
                        let schema = Conjunction::unselected(document, schema);
                        let schema_now = Conjunction::unselected(fit_document, schema_now);
                        (schema.zip(schema_now)).is_some_and(|(a, b)| self.subset(&a, &b, mode))
                    }
                    (None, None) => selected.target == now.target,
                    _ => false,
                })
            })
    }

    fn covers_not(
        &mut self,
        values_of: &Conjunction<'_>,
        part: &Part<'_>,
        fit: &Conjunction<'_>,
        mode: Mode,
    ) -> bool {
        let Some(schema) = part.schema.get("not") else {
            return true;
        };
        let Some(refused) = Conjunction::of(fit.document, schema) else {
            return false;
        };
        if self.are_disjoint(values_of, &refused, 0) {
            return true;
        }
        if mode.depth > MAX_DISJOINT_DEPTH {
            return false;
        }
        // More is refused already.
        let strict = Mode {
            strict: true,
            depth: mode.depth + 1,
            ..mode
        };
        let own = values_of
            .parts
            .iter()
            .filter_map(|part| part.schema.get("not"));
        own.filter_map(|schema| Conjunction::of(values_of.document, schema))
            .any(|own| self.subset(&refused, &own, strict))
    }

    // ---- no value in common --------------------------------------------------------------------

    fn are_disjoint(
        &mut self,
        one: &Conjunction<'_>,
        other: &Conjunction<'_>,
        depth: usize,
    ) -> bool {
        self.steps += 1;
        let (types, other_types) = (one.types(), other.types());
        let common = types & other_types;
        if common == 0 {
            return true;
        }
        if depth > MAX_DISJOINT_DEPTH || self.is_exhausted() {
            return false;
        }
        if let Some(listed) = finite(one, types) {
            return listed
                .iter()
                .all(|value| accepts(value, other) == Some(false));
        }
        if let Some(listed) = finite(other, other_types) {
            return listed
                .iter()
                .all(|value| accepts(value, one) == Some(false));
        }
        let apart = (common & (NULL | BOOLEAN) == 0)
            && (common & NUMBER == 0 || are_apart(one, other))
            && (common & STRING == 0 || counts_are_apart(one, other, "minLength", "maxLength"))
            && (common & ARRAY == 0 || counts_are_apart(one, other, "minItems", "maxItems"))
            && (common & OBJECT == 0 || self.are_disjoint_objects(one, other, depth));
        apart
            || self.cases_are_disjoint(one, other, depth)
            || self.cases_are_disjoint(other, one, depth)
    }

    fn cases_are_disjoint(
        &mut self,
        one: &Conjunction<'_>,
        other: &Conjunction<'_>,
        depth: usize,
    ) -> bool {
        let Some(cases) = one.cases() else {
            return false;
        };
        cases.len() <= MAX_VARIANTS
            && cases.iter().all(|case| {
                (case.as_ref()).is_some_and(|case| self.are_disjoint(case, other, depth + 1))
            })
    }

    /// Whether some property that every common value must have can have no value.
    fn are_disjoint_objects(
        &mut self,
        one: &Conjunction<'_>,
        other: &Conjunction<'_>,
        depth: usize,
    ) -> bool {
        let required: BTreeSet<&str> = (one.required().into_iter())
            .chain(other.required())
            .filter(|name| {
                !one.property_is(name, self.absent) && !other.property_is(name, self.absent)
            })
            .collect();
        required
            .into_iter()
            .any(|name| match (one.property(name), other.property(name)) {
                (Ok(None), _) | (_, Ok(None)) => true,
                (Ok(Some(one)), Ok(Some(other))) => self.are_disjoint(&one, &other, depth + 1),
                _ => false,
            })
    }
}

/// As it is with its first choice decided, for a variant that has been added.
fn decided<'a>(schema: &Conjunction<'a>) -> Conjunction<'a> {
    let mut schema = schema.clone();
    schema.decide("oneOf");
    schema
}

/// A variant without what stands beside the choice.
fn alone<'a>(values_of: &Conjunction<'a>, variant: &Conjunction<'a>) -> Option<Conjunction<'a>> {
    let beside: HashSet<PartId> = values_of.id().into_iter().collect();
    let mut own = Conjunction::any(variant.document);
    let whole = variant.parts.iter().zip(variant.part_ids());
    own.parts = whole
        .filter(|(_, id)| !beside.contains(id))
        .map(|(part, _)| *part)
        .collect();
    (!own.parts.is_empty()).then_some(own)
}

/// All values, when there are few: those that are listed, or the only ones of their types.
fn finite<'a>(
    schema: &Conjunction<'a>,
    types: Types,
) -> Option<Vec<std::borrow::Cow<'a, people_codegen::Node>>> {
    use people_codegen::document::node::Value;
    use std::borrow::Cow;
    let values: Vec<Cow<'a, people_codegen::Node>> = if let Some(listed) = schema.listed() {
        listed.into_iter().map(Cow::Borrowed).collect()
    } else if types & !(NULL | BOOLEAN) == 0 {
        let position = people_codegen::Position::START;
        let all = [
            (NULL, Value::Null),
            (BOOLEAN, Value::Bool(false)),
            (BOOLEAN, Value::Bool(true)),
        ];
        (all.into_iter())
            .filter(|(own, _)| types & own != 0)
            .map(|(_, value)| Cow::Owned(people_codegen::Node { position, value }))
            .collect()
    } else {
        return None;
    };
    let valid = values
        .into_iter()
        .filter(|value| accepts(value, schema) != Some(false));
    Some(valid.collect())
}

fn is_at_least(count: usize, bound: &people_codegen::Node) -> bool {
    value::number(bound)
        .is_some_and(|bound| u32::try_from(count).is_ok_and(|count| f64::from(count) >= bound))
}

fn covers_number(values_of: &Conjunction<'_>, part: &Part<'_>, types: Types) -> bool {
    let limited = [true, false].into_iter().all(|upper| {
        own_limit(part, upper).is_none_or(|limit| {
            (values_of.limit(upper)).is_some_and(|own| {
                let is_whole = types & NUMBER == INTEGER;
                is_tighter(own, limit, upper) || (is_whole && is_tighter_whole(own, limit, upper))
            })
        })
    });
    let stepped = part.get("multipleOf").is_none_or(|step| {
        let own = values_of
            .parts
            .iter()
            .filter_map(|part| part.get("multipleOf"));
        let mut own =
            own.filter(|own| value::same(own, step) || is_multiple(own, step) == Some(true));
        let whole = types & NUMBER == INTEGER && value::number(step) == Some(1.0);
        whole || own.next().is_some()
    });
    limited && stepped
}

/// As `is_tighter`, of integers: above 0 is from 1 on.
fn is_tighter_whole(
    this: (&people_codegen::Node, bool),
    other: (&people_codegen::Node, bool),
    upper: bool,
) -> bool {
    use people_codegen::document::node::Value;
    let last_valid = |limit: (&people_codegen::Node, bool)| match (&limit.0.value, limit.1) {
        (Value::Integer(limit), false) => Some(*limit),
        (Value::Integer(limit), true) if upper => limit.checked_sub(1),
        (Value::Integer(limit), true) => limit.checked_add(1),
        _ => None,
    };
    match (last_valid(this), last_valid(other)) {
        (Some(this), Some(other)) if upper => this <= other,
        (Some(this), Some(other)) => this >= other,
        _ => false,
    }
}

fn covers_count(values_of: &Conjunction<'_>, part: &Part<'_>, lower: &str, upper: &str) -> bool {
    let above = part.get(lower).is_none_or(|bound| {
        value::number(bound).is_some_and(|bound| bound <= 0.0)
            || (values_of.bound(lower, false)).is_some_and(|own| compare(own, bound).is_ge())
    });
    let below = part.get(upper).is_none_or(|bound| {
        (values_of.bound(upper, true)).is_some_and(|own| compare(own, bound).is_le())
    });
    above && below
}

fn covers_string(values_of: &Conjunction<'_>, part: &Part<'_>) -> bool {
    if !covers_count(values_of, part, "minLength", "maxLength") {
        return false;
    }
    match part.get("pattern").map(people_codegen::Node::as_str) {
        None => true,
        Some(None) => false,
        Some(Some(pattern)) => {
            let own = values_of
                .parts
                .iter()
                .filter_map(|part| part.get("pattern"));
            is_universal(pattern) || own.filter_map(|own| own.as_str()).any(|own| own == pattern)
        }
    }
}

/// What a format means is not known here, so only the same one will do.
fn covers_format(values_of: &Conjunction<'_>, part: &Part<'_>) -> bool {
    part.get("format").is_none_or(|format| {
        let own = values_of.parts.iter().filter_map(|part| part.get("format"));
        own.filter_map(people_codegen::Node::as_str)
            .any(|own| format.as_str() == Some(own))
    })
}

/// Whether one ends before the other begins.
fn are_apart(one: &Conjunction<'_>, other: &Conjunction<'_>) -> bool {
    let before = |one: &Conjunction<'_>, other: &Conjunction<'_>| {
        let (Some(end), Some(start)) = (one.limit(true), other.limit(false)) else {
            return false;
        };
        let order = compare(end.0, start.0);
        order.is_lt() || (order.is_eq() && (end.1 || start.1))
    };
    before(one, other) || before(other, one)
}

fn counts_are_apart(
    one: &Conjunction<'_>,
    other: &Conjunction<'_>,
    lower: &str,
    upper: &str,
) -> bool {
    let before = |one: &Conjunction<'_>, other: &Conjunction<'_>| {
        let (Some(end), Some(start)) = (one.bound(upper, true), other.bound(lower, false)) else {
            return false;
        };
        compare(end, start).is_lt()
    };
    before(one, other) || before(other, one)
}
