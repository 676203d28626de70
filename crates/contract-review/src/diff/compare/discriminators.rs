//! Discriminators: which schema each name selects, by a mapping or by the name of the schema.
//!
//! A discriminator beside `oneOf` or `anyOf` selects among their variants. One without selects among the
//! schema that has it and all schemas that are made from it by `allOf`; these inherit it. How the names of
//! two contracts differ is `schema`'s.

use std::collections::{HashMap, HashSet, VecDeque};

use indexmap::IndexMap;
use people_codegen::Node;

use super::node_ref::{NodeRef, component};

/// As many names of inherited discriminators are collected in one contract.
const MAX_NAMES: usize = 200_000;

/// How deep the list of a property's values is looked for through `allOf`, and in how many items of each.
const MAX_DEPTH: usize = 3;
const MAX_ITEMS: usize = 10;

/// The schema that a name selects.
#[derive(Debug, Clone, Copy)]
pub(super) struct Selected<'a> {
    /// The name of the schema, or the reference where it leads to no named schema.
    pub(super) target: &'a str,
    /// The schema, where it is a named one.
    pub(super) schema: Option<NodeRef<'a>>,
    /// What gives it the name: the entry of the mapping, the variant, or the schema itself.
    pub(super) site: NodeRef<'a>,
    /// Whether the name stands in the mapping.
    pub(super) is_mapped: bool,
}

/// What the names in the property of a discriminator select.
#[derive(Debug, Clone, Default)]
pub(super) struct Mapping<'a> {
    /// The property that holds the name.
    pub(super) property: &'a str,
    pub(super) names: IndexMap<&'a str, Selected<'a>>,
    /// How many variants have no name.
    pub(super) unnamed: usize,
    /// Whether there were too many names to collect them all.
    pub(super) is_cut: bool,
}

impl<'a> Mapping<'a> {
    /// Whether the same names select schemas of the same names.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let pairs = |mapping: &Self| -> HashMap<&'a str, &'a str> {
            let names = mapping.names.iter();
            names
                .map(|(name, selected)| (*name, selected.target))
                .collect()
        };
        !self.is_cut && !other.is_cut && pairs(self) == pairs(other)
    }

    /// The names of the named schemas among those that can be selected.
    pub(super) fn schemas(&self) -> impl Iterator<Item = &'a str> {
        let selected = self.names.values();
        selected.filter_map(|selected| selected.schema.and(Some(selected.target)))
    }

    /// Whether a mapping leads to the schema of this name.
    pub(super) fn is_mapped(&self, target: &str) -> bool {
        let mut selected = self.names.values();
        selected.any(|selected| selected.is_mapped && selected.target == target)
    }
}

/// The discriminators of one contract that are inherited.
#[derive(Debug, Default)]
pub(super) struct Discriminators<'a> {
    schemas: HashMap<&'a str, NodeRef<'a>>,
    /// By the address of the schema that has or inherits a discriminator: its name, and what is selected
    /// where a reference leads to it.
    inherited: HashMap<usize, (&'a str, Mapping<'a>)>,
}

impl<'a> Discriminators<'a> {
    pub(super) fn of(root: &'a Node) -> Self {
        let components = NodeRef::of(root).get("components");
        let section = components.and_then(|components| components.get("schemas"));
        let mut schemas = HashMap::new();
        let mut roots = Vec::new();
        let mut children: HashMap<&str, Vec<&str>> = HashMap::new();
        for (name, schema) in section.into_iter().flat_map(NodeRef::entries) {
            schemas.insert(name, schema);
            if schema.get("discriminator").is_some() && variants(schema).next().is_none() {
                roots.push((name, schema));
            }
            let items = items_of_all(schema);
            for parent in items.filter_map(|item| component(item.text("$ref"))) {
                children.entry(parent.1).or_default().push(name);
            }
        }
        let mut found = Self {
            schemas,
            inherited: HashMap::new(),
        };
        let mut left = MAX_NAMES;
        for (root, schema) in roots {
            let Some(discriminator) = schema.get("discriminator") else {
                continue;
            };
            let written = found.written(discriminator);
            let mut mapped: HashMap<&str, Vec<&str>> = HashMap::new();
            for (name, selected) in &written.names {
                mapped.entry(selected.target).or_default().push(name);
            }
            for name in descendants(root, &children, &mut left).0 {
                let Some(schema) = found.schemas.get(name).copied() else {
                    continue;
                };
                // One of its own is read by itself.
                let has_own = name != root && schema.get("discriminator").is_some();
                if !has_own && !found.inherited.contains_key(&schema.address()) {
                    let (members, is_cut) = descendants(name, &children, &mut left);
                    // To the schema that has the discriminator, the whole mapping belongs.
                    let mut mapping = if name == root {
                        written.clone()
                    } else {
                        Mapping {
                            property: written.property,
                            ..Mapping::default()
                        }
                    };
                    mapping.is_cut = is_cut;
                    for member in members {
                        match (mapped.get(member), found.schemas.get(member)) {
                            (Some(names), _) => mapping
                                .names
                                .extend(names.iter().map(|name| (*name, written.names[name]))),
                            (None, Some(schema)) => found.name(&mut mapping, member, *schema),
                            (None, None) => {}
                        }
                    }
                    found.inherited.insert(schema.address(), (name, mapping));
                }
            }
        }
        found
    }

    /// What a discriminator selects beside these variants.
    pub(super) fn among(
        &self,
        discriminator: NodeRef<'a>,
        variants: impl Iterator<Item = NodeRef<'a>>,
    ) -> Mapping<'a> {
        let mut mapping = self.written(discriminator);
        let mapped: HashSet<&str> = (mapping.names.values())
            .map(|selected| selected.target)
            .collect();
        for variant in variants {
            match component(variant.text("$ref")) {
                Some(("schemas", name)) if mapped.contains(name) => {}
                Some(("schemas", name)) => self.name(&mut mapping, name, variant),
                _ => mapping.unnamed += 1,
            }
        }
        mapping
    }

    /// The mapping as it is written.
    fn written(&self, discriminator: NodeRef<'a>) -> Mapping<'a> {
        let entries = discriminator.get("mapping").into_iter();
        let names = entries.flat_map(NodeRef::entries).map(|(name, site)| {
            let text = site.node.as_str().unwrap_or_default();
            // A schema goes by its name or by a reference.
            let target = match component(text) {
                Some(("schemas", name)) => name,
                _ => text,
            };
            let selected = Selected {
                target,
                schema: self.schemas.get(target).copied(),
                site,
                is_mapped: true,
            };
            (name, selected)
        });
        Mapping {
            property: discriminator.text("propertyName"),
            names: names.collect(),
            ..Mapping::default()
        }
    }

    /// A schema that its own name selects, unless its property cannot have that value.
    fn name(&self, mapping: &mut Mapping<'a>, name: &'a str, site: NodeRef<'a>) {
        let schema = self.schemas.get(name);
        if schema.is_some_and(|schema| self.refuses(*schema, mapping.property, name, 0)) {
            return;
        }
        mapping.names.entry(name).or_insert(Selected {
            target: name,
            schema: self.schemas.get(name).copied(),
            site,
            is_mapped: false,
        });
    }

    /// Whether a list of the values of `property` lacks `value`.
    fn refuses(&self, schema: NodeRef<'a>, property: &str, value: &str, depth: usize) -> bool {
        let follow = |site: NodeRef<'a>| match component(site.text("$ref")) {
            Some(("schemas", name)) => self.schemas.get(name).copied().unwrap_or(site),
            _ => site,
        };
        let schema = follow(schema);
        let properties = schema.get("properties");
        let own = properties.and_then(|properties| properties.get(property));
        let list = own.map(follow).and_then(|own| own.get("enum"));
        let lacks = |list: NodeRef<'a>| list.items().all(|item| item.node.as_str() != Some(value));
        list.is_some_and(lacks)
            || (depth < MAX_DEPTH
                && items_of_all(schema)
                    .take(MAX_ITEMS)
                    .any(|item| self.refuses(item, property, value, depth + 1)))
    }

    /// Whether any schema has an inherited discriminator.
    pub(super) fn is_empty(&self) -> bool {
        self.inherited.is_empty()
    }

    /// What is selected where a reference leads to the schema at this address, if it has or inherits a
    /// discriminator.
    pub(super) fn inherited(&self, address: usize) -> Option<&Mapping<'a>> {
        Some(&self.inherited.get(&address)?.1)
    }

    /// The name of the schema at this address, if it has or inherits a discriminator.
    pub(super) fn name_of(&self, address: usize) -> Option<&'a str> {
        Some(self.inherited.get(&address)?.0)
    }
}

fn items_of_all(schema: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    schema.get("allOf").into_iter().flat_map(NodeRef::items)
}

/// The variants of a schema.
fn variants(schema: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    let lists = ["oneOf", "anyOf"].map(|word| schema.get(word));
    lists.into_iter().flatten().flat_map(NodeRef::items)
}

/// A schema and all that are made from it, `left` at most, and whether that was too few.
fn descendants<'a>(
    name: &'a str,
    children: &HashMap<&'a str, Vec<&'a str>>,
    left: &mut usize,
) -> (Vec<&'a str>, bool) {
    let mut found = Vec::new();
    let mut seen = HashSet::from([name]);
    let mut waiting = VecDeque::from([name]);
    while let Some(name) = waiting.pop_front() {
        found.push(name);
        if *left == 0 {
            return (found, true);
        }
        *left -= 1;
        for child in children.get(name).into_iter().flatten() {
            if seen.insert(child) {
                waiting.push_back(child);
            }
        }
    }
    (found, false)
}
