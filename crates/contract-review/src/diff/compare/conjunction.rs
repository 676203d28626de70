//! A schema as what all of it requires together: the schema itself and, through `allOf` and
//! references, every schema that a value has to fit as well. What follows from that is `proof`.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};

use people_codegen::Node;
use people_codegen::document::contract::EXTENSIBLE_ENUM;
use people_codegen::document::node::Value;

use super::contract::Document;
use super::discriminators::Mapping;
use super::node_ref::NodeRef;
use super::value;

/// How many schemas one `allOf` may come to, through references.
const MAX_PARTS: usize = 200;

/// How deep names of properties are looked for in choices.
const MAX_DEPTH: usize = 16;

/// The fields that decide whether a value is valid, `allOf` aside. With the annotations of `schema`, these
/// are all that rules know.
const DECIDING: [&str; 25] = [
    "type",
    "enum",
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
    "oneOf",
    "anyOf",
    "not",
    // These decide nothing here, and belong to the schema all the same.
    "format",
    "discriminator",
    EXTENSIBLE_ENUM,
];

/// A set of the types of values.
pub(super) type Types = u8;
pub(super) const NULL: Types = 1;
pub(super) const BOOLEAN: Types = 2;
pub(super) const INTEGER: Types = 4;
/// A number that is not an integer.
pub(super) const FRACTION: Types = 8;
pub(super) const STRING: Types = 16;
pub(super) const ARRAY: Types = 32;
pub(super) const OBJECT: Types = 64;
pub(super) const NUMBER: Types = INTEGER | FRACTION;
const ANY: Types = 127;

/// One schema of a conjunction, without its `allOf`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PartId {
    address: usize,
    /// Which of its choices have been decided: `oneOf`, `anyOf`.
    decided: [bool; 2],
    selects: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) schema: NodeRef<'a>,
    decided: [bool; 2],
    /// Whether a value has to fit what its discriminator selects, too.
    selects: bool,
}

impl<'a> Part<'a> {
    /// Whether the same choices have been decided.
    pub(super) fn has_same_choices(&self, other: &Part<'_>) -> bool {
        self.decided == other.decided && self.selects == other.selects
    }

    /// Whether a value has to fit what its discriminator selects, too.
    pub(super) fn selects(&self) -> bool {
        self.selects
    }

    /// What a discriminator selects, where a value has to fit that, too.
    pub(super) fn selection(&self, document: Document<'a>) -> Option<&'a Mapping<'a>> {
        let address = self.schema.address();
        (self.selects).then(|| document.discriminators.inherited(address))?
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Node> {
        let node: &'a Node = self.schema.node;
        node.get(name)
    }

    fn number(&self, name: &str) -> Option<&'a Node> {
        self.get(name).filter(|node| value::number(node).is_some())
    }

    /// The variants of `oneOf` or `anyOf`.
    pub(super) fn variants(&self, word: &str) -> Option<Vec<NodeRef<'a>>> {
        let list = self.schema.get(word)?;
        Some(list.items().collect())
    }

    pub(super) fn types(&self) -> Types {
        let Some(node) = self.get("type") else {
            return ANY;
        };
        let own = match node.as_str() {
            Some("boolean") => BOOLEAN,
            Some("integer") => INTEGER,
            Some("number") => NUMBER,
            Some("string") => STRING,
            Some("array") => ARRAY,
            Some("object") => OBJECT,
            // No type of this format, so nothing is known.
            _ => return ANY,
        };
        if self.schema.is("nullable") {
            own | NULL
        } else {
            own
        }
    }

    /// The schema of properties that it does not name, when it has one that refuses something.
    pub(super) fn additional(&self) -> Option<NodeRef<'a>> {
        let site = self.schema.get("additionalProperties")?;
        let decides = site.node.entries().any(|(name, _)| is_deciding(name));
        decides.then_some(site)
    }

    /// Whether it refuses properties that it does not name.
    pub(super) fn is_closed(&self) -> bool {
        let value = self.get("additionalProperties").map(|node| &node.value);
        matches!(value, Some(Value::Bool(false)))
    }

    pub(super) fn property(&self, name: &str) -> Option<NodeRef<'a>> {
        self.schema.get("properties")?.get(name)
    }

    pub(super) fn properties(&self) -> impl Iterator<Item = (&'a str, NodeRef<'a>)> {
        let properties = self.schema.get("properties").into_iter();
        properties.flat_map(NodeRef::entries)
    }

    pub(super) fn required(&self) -> impl Iterator<Item = &'a str> {
        let names = self.schema.get("required").into_iter();
        names
            .flat_map(NodeRef::items)
            .filter_map(|item| item.node.as_str())
    }
}

/// Whether a field decides about values. `$ref` and `allOf` lead to those that do.
pub(super) fn is_deciding(name: &str) -> bool {
    DECIDING.contains(&name) || matches!(name, "$ref" | "allOf")
}

/// The properties that a schema describes.
#[derive(Debug, Default)]
pub(super) struct Described<'a> {
    pub(super) names: BTreeSet<&'a str>,
    /// Whether there is a schema for properties of any name.
    pub(super) any: bool,
}

/// A schema of one of the two contracts as the list of what a value has to fit.
#[derive(Debug, Clone)]
pub(super) struct Conjunction<'a> {
    pub(super) document: Document<'a>,
    pub(super) parts: Vec<Part<'a>>,
}

impl<'a> Conjunction<'a> {
    /// What any value fits.
    pub(super) fn any(document: Document<'a>) -> Self {
        Self {
            document,
            parts: Vec::new(),
        }
    }

    /// None when a reference does not resolve, a type is not one of this format, or there is too much of
    /// it.
    pub(super) fn of(document: Document<'a>, schema: NodeRef<'a>) -> Option<Self> {
        let mut conjunction = Self::any(document);
        conjunction.add(schema)?;
        Some(conjunction)
    }

    /// As `of`, without what discriminators select.
    pub(super) fn unselected(document: Document<'a>, schema: NodeRef<'a>) -> Option<Self> {
        let mut conjunction = Self::of(document, schema)?;
        for part in &mut conjunction.parts {
            part.selects = false;
        }
        Some(conjunction)
    }

    pub(super) fn add(&mut self, schema: NodeRef<'a>) -> Option<()> {
        // With each schema, whether something is selected there. From a schema that is one of those to
        // select from, the way leads on to what it is made from, and that selects nothing more.
        let mut open = vec![(schema, true)];
        // Mostly one, so a list is faster than a set.
        let mut seen = Vec::new();
        while let Some((schema, selects)) = open.pop() {
            let schema = self.document.follow(schema).ok()?.site;
            let inherits = (self.document.discriminators.name_of(schema.address())).is_some();
            let selects = selects && inherits;
            // To ask for the same twice asks for nothing more.
            if seen.contains(&schema.address()) {
                continue;
            }
            seen.push(schema.address());
            if seen.len() > MAX_PARTS || self.parts.len() > MAX_PARTS {
                return None;
            }
            let types = ["boolean", "integer", "number", "string", "array", "object"];
            if let Some(word) = schema.node.get("type")
                && !word.as_str().is_some_and(|word| types.contains(&word))
            {
                return None;
            }
            let decides = (schema.node.entries()).any(|(name, _)| DECIDING.contains(&name));
            if selects || decides {
                let mut parts = self.parts.iter_mut();
                let known = parts.find(|part| part.schema.address() == schema.address());
                match known {
                    Some(known) => known.selects |= selects,
                    None => self.parts.push(Part {
                        schema,
                        decided: [false; 2],
                        selects,
                    }),
                }
            }
            // The last is taken first, so that the order stays that of the text.
            if let Some(items) = schema.get("allOf") {
                let items: Vec<_> = items.items().map(|item| (item, !inherits)).collect();
                open.extend(items.into_iter().rev());
            }
        }
        Some(())
    }

    /// What tells it from others.
    pub(super) fn id(&self) -> Vec<PartId> {
        let mut ids: Vec<PartId> = self.part_ids().collect();
        ids.sort_unstable();
        ids
    }

    pub(super) fn part_ids(&self) -> impl Iterator<Item = PartId> {
        self.parts.iter().map(|part| PartId {
            address: part.schema.address(),
            decided: part.decided,
            selects: part.selects,
        })
    }

    /// Takes the choice with this word of every part for decided.
    pub(super) fn decide(&mut self, word: &str) {
        let choice = usize::from(word == "anyOf");
        for part in &mut self.parts {
            if part.get(word).is_some() {
                part.decided[choice] = true;
            }
        }
    }

    pub(super) fn types(&self) -> Types {
        self.parts
            .iter()
            .fold(ANY, |types, part| types & part.types())
    }

    /// The values of the first `enum`.
    pub(super) fn listed(&self) -> Option<Vec<&'a Node>> {
        let list = self.parts.iter().find_map(|part| part.get("enum"))?;
        Some(list.items().collect())
    }

    /// The first choice that has not been decided: each of its variants, added to the rest.
    pub(super) fn cases(&self) -> Option<Vec<Option<Self>>> {
        for (index, part) in self.parts.iter().enumerate() {
            for (choice, word) in ["oneOf", "anyOf"].into_iter().enumerate() {
                if part.decided[choice] {
                    continue;
                }
                let Some(variants) = part.variants(word) else {
                    continue;
                };
                let cases = variants.into_iter().map(|variant| {
                    let mut case = self.clone();
                    case.parts[index].decided[choice] = true;
                    case.add(variant)?;
                    Some(case)
                });
                return Some(cases.collect());
            }
        }
        None
    }

    /// Whether a choice with `word` is among what has not been decided.
    pub(super) fn choices(&self, word: &str) -> Vec<Vec<NodeRef<'a>>> {
        let choice = usize::from(word == "anyOf");
        let parts = self.parts.iter().filter(|part| !part.decided[choice]);
        parts.filter_map(|part| part.variants(word)).collect()
    }

    // ---- objects -------------------------------------------------------------------------------

    /// The properties that it describes, those of its choices included.
    pub(super) fn described(&self) -> Described<'a> {
        let mut described = Described::default();
        let mut seen = HashSet::new();
        for part in &self.parts {
            describe(self.document, part.schema, 0, &mut seen, &mut described);
        }
        described
    }

    /// The names that are required.
    pub(super) fn required(&self) -> BTreeSet<&'a str> {
        self.parts.iter().flat_map(Part::required).collect()
    }

    /// Whether some part refuses what it does not name.
    pub(super) fn is_closed(&self) -> bool {
        self.parts.iter().any(Part::is_closed)
    }

    /// What a property of this name has to fit; nothing when there cannot be one, and an error when
    /// that is unknown.
    pub(super) fn property(&self, name: &str) -> Result<Option<Self>, ()> {
        let mut found = Self::any(self.document);
        for part in &self.parts {
            let schema = match part.property(name) {
                Some(schema) => Some(schema),
                None if part.is_closed() => return Ok(None),
                None => part.additional(),
            };
            if let Some(schema) = schema {
                found.add(schema).ok_or(())?;
            }
        }
        Ok(Some(found))
    }

    /// Whether `flag` (`readOnly` or `writeOnly`) stands at this property.
    pub(super) fn property_is(&self, name: &str, flag: &str) -> bool {
        let schemas = self.parts.iter().filter_map(|part| part.property(name));
        let mut open: Vec<NodeRef<'a>> = schemas.collect();
        let mut steps = 0;
        while let Some(schema) = open.pop() {
            steps += 1;
            let Ok(target) = self.document.follow(schema) else {
                continue;
            };
            if target.site.is(flag) {
                return true;
            }
            if steps < MAX_PARTS {
                let items = target.site.get("allOf").into_iter();
                open.extend(items.flat_map(NodeRef::items));
            }
        }
        false
    }

    // ---- bounds --------------------------------------------------------------------------------

    /// The highest of the lower bounds called `name`, or the lowest of the upper ones.
    pub(super) fn bound(&self, name: &str, upper: bool) -> Option<&'a Node> {
        let bounds = self.parts.iter().filter_map(|part| part.number(name));
        let order = |a: &&Node, b: &&Node| compare(a, b);
        if upper {
            bounds.min_by(order)
        } else {
            bounds.max_by(order)
        }
    }

    /// The tightest `minimum` or `maximum`, and whether it is excluded itself.
    pub(super) fn limit(&self, upper: bool) -> Option<(&'a Node, bool)> {
        let limits = self.parts.iter().filter_map(|part| own_limit(part, upper));
        limits.reduce(|a, b| if is_tighter(b, a, upper) { b } else { a })
    }
}

/// The `minimum` or `maximum` of a part, and whether it is excluded itself.
pub(super) fn own_limit<'a>(part: &Part<'a>, upper: bool) -> Option<(&'a Node, bool)> {
    let (name, exclusive) = if upper {
        ("maximum", "exclusiveMaximum")
    } else {
        ("minimum", "exclusiveMinimum")
    };
    Some((part.number(name)?, part.schema.is(exclusive)))
}

/// Whether a limit leaves less than another one, or the same.
pub(super) fn is_tighter(this: (&Node, bool), other: (&Node, bool), upper: bool) -> bool {
    let order = compare(this.0, other.0);
    let order = if upper { order } else { order.reverse() };
    match order {
        Ordering::Less => true,
        Ordering::Equal => this.1 || !other.1,
        Ordering::Greater => false,
    }
}

/// Numbers by their size; exact for integers.
pub(super) fn compare(a: &Node, b: &Node) -> Ordering {
    if let (Value::Integer(a), Value::Integer(b)) = (&a.value, &b.value) {
        return a.cmp(b);
    }
    let number = |node| value::number(node).unwrap_or(f64::NAN);
    let (a, b) = (number(a), number(b));
    a.partial_cmp(&b).unwrap_or_else(|| a.total_cmp(&b))
}

fn describe<'a>(
    document: Document<'a>,
    schema: NodeRef<'a>,
    depth: usize,
    seen: &mut HashSet<usize>,
    described: &mut Described<'a>,
) {
    let Ok(target) = document.follow(schema) else {
        return;
    };
    let schema = target.site;
    if depth > MAX_DEPTH || !seen.insert(schema.address()) {
        return;
    }
    let properties = schema.get("properties").into_iter();
    described
        .names
        .extend(properties.flat_map(NodeRef::entries).map(|(name, _)| name));
    let required = schema.get("required").into_iter().flat_map(NodeRef::items);
    described
        .names
        .extend(required.filter_map(|item| item.node.as_str()));
    let part = Part {
        schema,
        decided: [false; 2],
        selects: false,
    };
    described.any |= part.additional().is_some();
    for word in ["allOf", "oneOf", "anyOf"] {
        for item in schema.get(word).into_iter().flat_map(NodeRef::items) {
            describe(document, item, depth + 1, seen, described);
        }
    }
    if let Some(schema) = schema.get("not") {
        describe(document, schema, depth + 1, seen, described);
    }
}
