//! The facts about updates that a contract states in extensions (`x-update-of` and those of its
//! properties): their form, and what they refer to. Read from the tree, for the rules and for the
//! generated code alike.

use crate::document::contract::Contract;
use crate::document::diagnostic::Diagnostic;
use crate::document::node::{Entry, Node, Value};

/// The schema whose writable part this schema is.
pub const UPDATE_OF: &str = "x-update-of";

/// Every extension that states a fact about updates.
pub const EXTENSIONS: [&str; 9] = [
    UPDATE_OF,
    "x-derived-from",
    "x-first-is-primary",
    "x-primary-named-by",
    "x-read-only-items",
    "x-write-requires",
    "x-stored-as",
    "x-may-gain-items",
    "x-null-clears",
];

/// The forms that a service gives to values it stores.
const STORED_FORMS: [&str; 3] = ["lower-case", "phone-number", "copy"];

/// A schema that is the writable part of another one.
#[derive(Debug, Clone, Default)]
pub(crate) struct UpdateFacts {
    /// The name of the schema.
    pub(crate) schema: String,
    /// The name of the schema that is read.
    pub(crate) update_of: String,
    /// The properties with at least one fact, in the order of the contract.
    pub(crate) properties: Vec<PropertyFacts>,
}

/// What an update does with a property, beyond storing the value that was sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PropertyFacts {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) derived_from: Option<String>,
    pub(crate) first_is_primary: bool,
    pub(crate) primary_named_by: Option<String>,
    pub(crate) read_only_items: Option<(String, String)>,
    pub(crate) write_requires: Option<String>,
    pub(crate) stored_as: Option<String>,
    pub(crate) may_gain_items: bool,
    pub(crate) null_clears: Vec<String>,
}

/// Reads the facts of all schemas. `diagnostics` receives what is wrong with them.
pub(crate) fn read(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<UpdateFacts> {
    let schemas = contract.root.pointer("/components/schemas");
    let schemas: Vec<_> = schemas
        .into_iter()
        .flat_map(|(node, _)| node.entries())
        .collect();
    let mut found = Vec::new();
    for (name, schema) in &schemas {
        let target = schema.node.entry(UPDATE_OF);
        let read = target.and_then(|entry| {
            let target = entry.node.as_str();
            schemas.iter().find(|(name, _)| Some(*name) == target)
        });
        let mut reader = Reader {
            update: &schema.node,
            read: read.map(|(_, read)| &read.node),
            diagnostics,
        };
        if let Some(entry) = target
            && read.is_none()
        {
            reader.report(entry, "expected the name of a schema in `components`");
        }
        let properties = reader.properties();
        if let Some((update_of, _)) = read {
            found.push(UpdateFacts {
                schema: (*name).to_owned(),
                update_of: (*update_of).to_owned(),
                properties,
            });
        }
    }
    found
}

/// Reads the facts of one schema.
struct Reader<'r, 'a> {
    update: &'a Node,
    read: Option<&'a Node>,
    diagnostics: &'r mut Vec<Diagnostic>,
}

impl<'a> Reader<'_, 'a> {
    fn properties(&mut self) -> Vec<PropertyFacts> {
        let required: Vec<_> = self
            .update
            .get("required")
            .into_iter()
            .flat_map(Node::items)
            .collect();
        let properties = self
            .update
            .get("properties")
            .into_iter()
            .flat_map(Node::entries);
        properties
            .filter_map(|(name, property)| {
                let mut facts = PropertyFacts {
                    name: name.to_owned(),
                    ..PropertyFacts::default()
                };
                for (extension, entry) in property.node.entries() {
                    self.fact(extension, entry, name, &mut facts);
                }
                if let Some(entry) = property.node.entry("x-primary-named-by")
                    && !facts.first_is_primary
                {
                    self.report(entry, "this needs `x-first-is-primary: true` beside it");
                }
                facts.required = required.iter().any(|item| item.as_str() == Some(name));
                let none = PropertyFacts {
                    name: name.to_owned(),
                    ..PropertyFacts::default()
                };
                (facts != none).then_some(facts)
            })
            .collect()
    }

    /// Reads one extension into `facts`; other fields of the property are ignored.
    fn fact(&mut self, extension: &str, entry: &'a Entry, name: &str, facts: &mut PropertyFacts) {
        let text = entry.node.as_str().map(str::to_owned);
        let fault = match extension {
            "x-derived-from" => {
                let other = text.as_deref().filter(|other| *other != name);
                let known = other.is_some_and(|other| has_property(self.update, other));
                facts.derived_from = text;
                (!known).then_some("expected the name of another property of this schema")
            }
            "x-first-is-primary" => {
                facts.first_is_primary = is_true(&entry.node);
                (!facts.first_is_primary).then_some("expected `true`; remove it otherwise")
            }
            "x-primary-named-by" => {
                let read = self.read;
                let known = text
                    .as_deref()
                    .is_some_and(|other| read.is_some_and(|read| has_property(read, other)));
                facts.primary_named_by = text;
                (!known).then_some("expected the name of a property of the schema that is read")
            }
            "x-read-only-items" => {
                let mut pairs = entry.node.entries();
                let pair = pairs.next().and_then(|(field, value)| {
                    Some((field.to_owned(), value.node.as_str()?.to_owned()))
                });
                let single = pair.is_some() && pairs.next().is_none();
                facts.read_only_items = pair;
                (!single).then_some("expected one name and one text, such as `{ type: internal }`")
            }
            "x-write-requires" => {
                let missing = text.as_deref().is_none_or(|text| text.trim().is_empty());
                facts.write_requires = text;
                missing.then_some("expected the condition as text")
            }
            "x-stored-as" => {
                let known = text
                    .as_deref()
                    .is_some_and(|text| STORED_FORMS.contains(&text));
                facts.stored_as = text;
                (!known).then_some("expected `lower-case`, `phone-number` or `copy`")
            }
            "x-may-gain-items" => {
                facts.may_gain_items = is_true(&entry.node);
                (!facts.may_gain_items).then_some("expected `true`; remove it otherwise")
            }
            "x-null-clears" => {
                let items = entry.node.items();
                let names: Vec<_> = items.filter_map(Node::as_str).map(str::to_owned).collect();
                let is_other = |other: &String| other != name && has_property(self.update, other);
                let known = !names.is_empty()
                    && names.len() == entry.node.items().count()
                    && names.iter().all(is_other);
                facts.null_clears = names;
                (!known).then_some("expected a list of names of other properties of this schema")
            }
            _ => return,
        };
        if let Some(message) = fault {
            self.report(entry, message);
        } else if self.update.get(UPDATE_OF).is_none() {
            self.report(
                entry,
                "this describes an update; add `x-update-of` to the schema",
            );
        }
    }

    fn report(&mut self, entry: &Entry, message: &str) {
        self.diagnostics
            .push(Diagnostic::new("update-fact", entry.key, message));
    }
}

fn has_property(schema: &Node, name: &str) -> bool {
    schema
        .get("properties")
        .is_some_and(|properties| properties.get(name).is_some())
}

fn is_true(node: &Node) -> bool {
    matches!(node.value, Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(schema: &str) -> (Vec<UpdateFacts>, Vec<String>) {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{ title: T, version: '1' }}\npaths: {{}}\ncomponents:\n  \
             schemas:\n    Thing: {{ properties: {{ id: {{ type: string }} }} }}\n    \
             ThingUpdate: {schema}\n"
        );
        let root = crate::document::load::load(&text).unwrap();
        let contract = Contract::new(&root).unwrap();
        let mut diagnostics = Vec::new();
        let facts = read(&contract, &mut diagnostics);
        (
            facts,
            diagnostics.into_iter().map(|found| found.message).collect(),
        )
    }

    #[test]
    fn facts_are_read_in_the_order_of_the_contract() {
        let (facts, diagnostics) = facts(
            "{ x-update-of: Thing, required: [b], properties: { \
               a: { type: array, x-first-is-primary: true, x-primary-named-by: id, \
                    x-read-only-items: { type: x }, x-stored-as: copy }, \
               b: { x-derived-from: a, x-write-requires: a license, x-may-gain-items: true, \
                    x-null-clears: [a, c] }, \
               c: { type: string } } }",
        );
        assert_eq!(diagnostics, [""; 0]);
        assert_eq!(
            (&*facts[0].schema, &*facts[0].update_of),
            ("ThingUpdate", "Thing")
        );
        let a = PropertyFacts {
            name: "a".to_owned(),
            first_is_primary: true,
            primary_named_by: Some("id".to_owned()),
            read_only_items: Some(("type".to_owned(), "x".to_owned())),
            stored_as: Some("copy".to_owned()),
            ..PropertyFacts::default()
        };
        let b = PropertyFacts {
            name: "b".to_owned(),
            required: true,
            derived_from: Some("a".to_owned()),
            write_requires: Some("a license".to_owned()),
            may_gain_items: true,
            null_clears: ["a", "c"].map(str::to_owned).to_vec(),
            ..PropertyFacts::default()
        };
        assert_eq!(facts[0].properties, [a, b]);
    }

    #[test]
    fn a_fact_of_another_form_or_without_its_target_is_reported() {
        for fault in [
            "x-derived-from: missing",
            "x-derived-from: a",
            "x-derived-from: [b]",
            "x-first-is-primary: false",
            "x-primary-named-by: id",
            "x-first-is-primary: true, x-primary-named-by: b",
            "x-read-only-items: {}",
            "x-read-only-items: { a: x, b: y }",
            "x-read-only-items: { a: 1 }",
            "x-write-requires: ''",
            "x-stored-as: upper-case",
            "x-may-gain-items: 1",
            "x-null-clears: b",
            "x-null-clears: []",
            "x-null-clears: [a]",
            "x-null-clears: [b, missing]",
            "x-null-clears: [b, 1]",
        ] {
            let (_, found) = facts(&format!(
                "{{ x-update-of: Thing, properties: {{ a: {{ {fault} }}, b: {{}} }} }}"
            ));
            assert_eq!(found.len(), 1, "{fault}: {found:?}");
        }
        for name in EXTENSIONS.into_iter().filter(|name| *name != UPDATE_OF) {
            let (_, found) = facts(&format!(
                "{{ x-update-of: Thing, properties: {{ a: {{ {name}: 0.5 }} }} }}"
            ));
            assert!(!found.is_empty(), "{name} is not read");
        }
        let (_, found) = facts("{ x-update-of: Missing }");
        assert_eq!(found, ["expected the name of a schema in `components`"]);
        let (_, found) = facts("{ properties: { a: { x-may-gain-items: true } } }");
        assert_eq!(
            found,
            ["this describes an update; add `x-update-of` to the schema"]
        );
    }
}
