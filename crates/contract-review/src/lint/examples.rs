//! Examples held against their schemas, wherever they stand.
//!
//! Schemas of OpenAPI 3.0 are turned into JSON Schema here, each into a definition of its own that
//! leads to those inside it by reference, so that nothing nests and each is compiled once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use jsonschema::Validator;
use people_codegen::document::node::{self, Node, pointer_token};
use people_codegen::document::openapi_format::{Kind, ObjectRef};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::document::{Document, is_true, text};
use super::format::Violation;
use super::patterns::{Patterns, linear};
use super::reporter::Reporter;

/// An example, and what it is an example of.
struct Example<'a> {
    /// Index of the schema among the objects.
    schema: usize,
    direction: Direction,
    value: &'a Node,
    pointer: String,
    /// What to call it.
    name: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Request,
    Response,
    Either,
}

/// Whether an object is part of requests, responses or both; an unused one counts as both.
fn direction(document: &Document<'_>, object: &ObjectRef<'_>) -> Direction {
    match (document.is_sent(object), document.is_received(object)) {
        (true, false) => Direction::Request,
        (false, true) => Direction::Response,
        _ => Direction::Either,
    }
}

/// Whether bodies of this media type are JSON, so that examples show their values.
fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence.ends_with("+json") || essence == "*/*"
}

fn collect<'a>(document: &Document<'a>) -> Vec<Example<'a>> {
    let mut examples = Vec::new();
    for object in document.objects() {
        match object.kind {
            Kind::Schema => of_schema(document, object, &mut examples),
            Kind::Parameter | Kind::Header => of_holder(document, object, &mut examples),
            Kind::MediaType if is_json(&super::document::last_step(&object.pointer)) => {
                of_holder(document, object, &mut examples);
            }
            _ => {}
        }
    }
    examples
}

fn of_schema<'a>(
    document: &Document<'a>,
    object: &'a ObjectRef<'a>,
    examples: &mut Vec<Example<'a>>,
) {
    for (field, name) in [("example", "this example"), ("default", "this default")] {
        if let (Some(value), Some(schema)) =
            (object.node.get(field), document.resolved_index(object.node))
        {
            examples.push(Example {
                schema,
                direction: direction(document, object),
                value,
                pointer: format!("{}/{field}", object.pointer),
                name,
            });
        }
    }
}

/// The examples of whatever has a schema, and one or several examples of it.
fn of_holder<'a>(
    document: &Document<'a>,
    object: &'a ObjectRef<'a>,
    examples: &mut Vec<Example<'a>>,
) {
    let schema = object.node.get("schema");
    let Some(schema) = schema.and_then(|schema| document.resolved_index(schema)) else {
        return;
    };
    let direction = direction(document, object);
    let mut add = |value, pointer| {
        examples.push(Example {
            schema,
            direction,
            value,
            pointer,
            name: "this example",
        });
    };
    if let Some(value) = object.node.get("example") {
        add(value, format!("{}/example", object.pointer));
    }
    let named = object
        .node
        .get("examples")
        .into_iter()
        .flat_map(Node::entries);
    for (_, entry) in named {
        if let Some(example) = document.resolve(&entry.node)
            && let Some(value) = example.node.get("value")
        {
            add(value, format!("{}/value", example.pointer));
        }
    }
}

/// How many violations of one example are reported.
const MAX_BREACHES: usize = 10;

pub(super) fn fit(document: &Document<'_>, reporter: &mut Reporter) {
    let examples = collect(document);
    let mut fuel = Fuel::new(document);
    let (affordable, costly): (Vec<_>, Vec<_>) = examples
        .into_iter()
        .partition(|example| fuel.affords(example.schema, example.value));
    for example in costly {
        let message = format!(
            "{} is too large to be held against its schema; shorten it",
            example.name
        );
        reporter.add(&example.pointer, example.value.position, message);
    }
    let reached: Rc<HashSet<usize>> =
        Rc::new(fuel.costs.keys().map(|(schema, _)| *schema).collect());
    drop(fuel);
    let passes = |direction| {
        let instances = affordable.iter().map(|example| {
            let wanted = example.direction == direction || example.direction == Direction::Either;
            let value = wanted.then(|| Value::deserialize(example.value).ok());
            (example.schema, value.flatten())
        });
        let schemas = Schemas::new(document, direction, Some(Rc::clone(&reached)));
        schemas.violations(instances)
    };
    let (requests, responses) = (passes(Direction::Request), passes(Direction::Response));
    for ((example, request), response) in affordable.iter().zip(requests).zip(responses) {
        let violations = match example.direction {
            Direction::Either if request.is_empty() || response.is_empty() => continue,
            Direction::Request => request,
            Direction::Response | Direction::Either => response,
        };
        for violation in violations {
            let pointer = format!("{}{}", example.pointer, violation.pointer);
            let position = document
                .root()
                .pointer(&pointer)
                .map_or(example.value.position, |(node, _)| node.position);
            let message = format!(
                "{} does not fit its schema: {}; correct one of the two",
                example.name, violation.reason
            );
            reporter.add(&pointer, position, message);
        }
    }
}

/// How much work one example, and all of them together, may cost, in schemas held against values.
const MAX_COST: u64 = 100_000;
const MAX_VISITS: usize = 2_000_000;

/// Counts what validation would cost before it is tried, since a small schema can make a small
/// value take very long.
struct Fuel<'d, 'a> {
    document: &'d Document<'a>,
    costs: HashMap<(usize, *const Node), u64>,
}

impl<'d, 'a> Fuel<'d, 'a> {
    fn new(document: &'d Document<'a>) -> Self {
        Self {
            document,
            costs: HashMap::new(),
        }
    }

    fn affords(&mut self, schema: usize, value: &'a Node) -> bool {
        self.cost(schema, value) <= MAX_COST && self.costs.len() < MAX_VISITS
    }

    fn cost(&mut self, schema: usize, value: &'a Node) -> u64 {
        let key = (schema, std::ptr::from_ref(value));
        if let Some(cost) = self.costs.get(&key) {
            return *cost;
        }
        if self.costs.len() >= MAX_VISITS {
            return u64::MAX;
        }
        // Schemas do not lead back to themselves in place, and values end, so this ends too.
        let object = self
            .document
            .contract
            .objects
            .get(schema)
            .map(|object| object.node);
        let mut cost: u64 = 1;
        let Some(object) = object else { return cost };
        let in_place = ["allOf", "anyOf", "oneOf"].into_iter();
        let in_place = in_place
            .filter_map(|name| object.get(name))
            .flat_map(Node::items)
            .chain(object.get("not"));
        for inner in in_place {
            cost = cost.saturating_add(self.inner(inner, value));
        }
        let properties = object.get("properties");
        let others = object
            .get("additionalProperties")
            .filter(|node| node.as_mapping().is_some());
        for (name, entry) in value.entries() {
            let schema = properties
                .and_then(|properties| properties.get(name))
                .or(others);
            cost = cost.saturating_add(schema.map_or(1, |schema| self.inner(schema, &entry.node)));
        }
        for item in value.items() {
            let schema = object.get("items");
            cost = cost.saturating_add(schema.map_or(1, |schema| self.inner(schema, item)));
        }
        self.costs.insert(key, cost);
        cost
    }

    fn inner(&mut self, schema: &'a Node, value: &'a Node) -> u64 {
        self.document
            .resolved_index(schema)
            .map_or(1, |schema| self.cost(schema, value))
    }
}

/// Schemas of a contract as JSON Schema, for one direction of travel. Each is made when it is needed, and
/// those that are written alike are one: most of a large contract's schemas are `{type: string}`.
pub(super) struct Schemas<'d, 'a> {
    document: &'d Document<'a>,
    direction: Direction,
    /// The schemas that a value is held against, where they are known: any value fits the others.
    reached: Option<Rc<HashSet<usize>>>,
    /// The schemas that were made, by the index of their object.
    definitions: BTreeMap<usize, Value>,
    /// Which of these stands for an object.
    known: HashMap<usize, usize>,
    /// The same by how they are written.
    by_text: HashMap<String, usize>,
    /// Objects that references lead to and that are still to be made.
    waiting: Vec<usize>,
    /// Patterns as they are matched; none for those that are not.
    patterns: HashMap<&'a str, Option<String>>,
    tried: Patterns,
}

impl<'d, 'a> Schemas<'d, 'a> {
    /// The schemas as requests keep them.
    pub(super) fn of_requests(document: &'d Document<'a>) -> Self {
        Self::new(document, Direction::Request, None)
    }

    fn new(
        document: &'d Document<'a>,
        direction: Direction,
        reached: Option<Rc<HashSet<usize>>>,
    ) -> Self {
        Self {
            document,
            direction,
            reached,
            definitions: BTreeMap::new(),
            known: HashMap::new(),
            by_text: HashMap::new(),
            waiting: Vec::new(),
            patterns: HashMap::new(),
            tried: Patterns::default(),
        }
    }

    /// The index of the definition for an object, which is made if there is none like it. It is the index
    /// of an object that is written alike.
    pub(super) fn define(&mut self, index: usize) -> usize {
        if let Some(known) = self.known.get(&index) {
            return *known;
        }
        let document = self.document;
        let found = match document.contract.objects.get(index) {
            Some(object) if object.kind == Kind::Reference => {
                match document.resolved_index(object.node) {
                    // The target may hold this one.
                    Some(target) if self.is_reached(target) => {
                        self.waiting.push(target);
                        target
                    }
                    _ => self.defined(index, json!({})),
                }
            }
            Some(object) if self.is_reached(index) => {
                let definition = self.definition(object);
                self.defined(index, definition)
            }
            _ => self.defined(index, json!({})),
        };
        self.known.insert(index, found);
        found
    }

    fn is_reached(&self, index: usize) -> bool {
        (self.reached.as_ref()).is_none_or(|reached| reached.contains(&index))
    }

    fn defined(&mut self, index: usize, definition: Value) -> usize {
        let first = *self.by_text.entry(definition.to_string()).or_insert(index);
        if first == index {
            self.definitions.insert(index, definition);
        }
        first
    }

    /// Makes everything that references lead to.
    fn complete(&mut self) {
        while let Some(target) = self.waiting.pop() {
            if self.definitions.contains_key(&target) {
                continue;
            }
            let found = self.define(target);
            if found != target {
                self.definitions.insert(target, reference(found));
            }
        }
    }

    fn validator(&mut self, properties: &Map<String, Value>) -> Option<Validator> {
        self.complete();
        let definitions = std::mem::take(&mut self.definitions).into_iter();
        let definitions: Map<String, Value> = definitions
            .map(|(index, definition)| (index.to_string(), definition))
            .collect();
        let schema = json!({
            "properties": properties,
            "definitions": definitions,
        });
        jsonschema::draft4::options()
            .with_pattern_options(linear())
            .should_validate_formats(true)
            .build(&schema)
            .ok()
    }

    /// For each schema and value, whether the one accepts the other.
    pub(super) fn accepts(self, instances: Vec<(usize, Value)>) -> Vec<bool> {
        let instances = instances.into_iter();
        let instances = instances.map(|(schema, value)| (schema, Some(value)));
        let violations = self.violations(instances);
        violations.iter().map(Vec::is_empty).collect()
    }

    /// For each schema and value, where the value does not fit.
    fn violations(
        mut self,
        instances: impl Iterator<Item = (usize, Option<Value>)>,
    ) -> Vec<Vec<Violation>> {
        // The values of each definition, and which instances they are.
        let mut values: BTreeMap<usize, (Vec<Value>, Vec<usize>)> = BTreeMap::new();
        let mut count = 0;
        for (instance, (schema, value)) in instances.enumerate() {
            count += 1;
            if let Some(value) = value {
                let (values, instances) = values.entry(self.define(schema)).or_default();
                values.push(value);
                instances.push(instance);
            }
        }
        let mut violations: Vec<Vec<Violation>> = (0..count).map(|_| Vec::new()).collect();
        let mut properties = Map::new();
        let mut lists = Map::new();
        let mut places = HashMap::new();
        for (schema, (values, instances)) in values {
            let name = schema.to_string();
            properties.insert(name.clone(), json!({ "items": reference(schema) }));
            lists.insert(name.clone(), Value::Array(values));
            places.insert(name, instances);
        }
        // One value for all, so that schemas are compiled once.
        let lists = Value::Object(lists);
        let Some(validator) = self.validator(&properties) else {
            return violations;
        };
        for error in validator.iter_errors(&lists) {
            let violation = Violation::of(&error);
            // `/SCHEMA/VALUE`, and the way inside the value.
            let mut steps = violation.pointer.splitn(4, '/').skip(1);
            let (schema, value, inner) = (steps.next(), steps.next(), steps.next());
            if let Some(instances) = schema.and_then(|schema| places.get(schema))
                && let Some(value) = value.and_then(|value| value.parse::<usize>().ok())
                && let Some(list) =
                    (instances.get(value)).and_then(|instance| violations.get_mut(*instance))
                && list.len() < MAX_BREACHES
            {
                list.push(Violation {
                    pointer: inner.map_or_else(String::new, |inner| format!("/{inner}")),
                    ..violation
                });
            }
        }
        violations
    }
}

fn reference(index: usize) -> Value {
    json!({ "$ref": format!("#/definitions/{index}") })
}

/// Keywords that mean the same in both languages, and hold a number.
const NUMBERS: [&str; 9] = [
    "multipleOf",
    "maximum",
    "minimum",
    "maxLength",
    "minLength",
    "maxItems",
    "minItems",
    "maxProperties",
    "minProperties",
];

impl<'a> Schemas<'_, 'a> {
    /// The definition of the schema that stands at `pointer`.
    fn child(&mut self, pointer: &str) -> Value {
        let document = self.document;
        let index = document
            .at(pointer)
            .and_then(|child| document.own_index(child));
        match index {
            Some(index) => reference(self.define(index)),
            None => json!({}),
        }
    }

    fn pattern(&mut self, pattern: &'a str) -> Option<String> {
        let tried = &mut self.tried;
        let known = self.patterns.entry(pattern);
        known.or_insert_with(|| tried.linear(pattern)).clone()
    }

    fn definition(&mut self, object: &'a ObjectRef<'a>) -> Value {
        let node = object.node;
        let mut schema = Map::new();
        for (name, entry) in node.entries() {
            if NUMBERS.contains(&name)
                && let Ok(value) = Value::deserialize(&entry.node)
            {
                let positive =
                    name != "multipleOf" || value.as_f64().is_some_and(|value| value > 0.0);
                if positive {
                    schema.insert(name.to_owned(), value);
                }
            }
        }
        for (flag, bound) in [
            ("exclusiveMinimum", "minimum"),
            ("exclusiveMaximum", "maximum"),
        ] {
            if is_true(node, flag) && schema.contains_key(bound) {
                schema.insert(flag.to_owned(), Value::Bool(true));
            }
        }
        if is_true(node, "uniqueItems") {
            schema.insert("uniqueItems".to_owned(), Value::Bool(true));
        }
        let pattern = text(node, "pattern");
        if !pattern.is_empty()
            && let Some(pattern) = self.pattern(pattern)
        {
            schema.insert("pattern".to_owned(), Value::from(pattern));
        }
        let format = text(node, "format");
        if !format.is_empty() {
            schema.insert("format".to_owned(), Value::from(format));
        }
        for name in ["allOf", "anyOf", "oneOf"] {
            let count = node.get(name).into_iter().flat_map(Node::items).count();
            if count > 0 {
                let children = (0..count)
                    .map(|index| self.child(&format!("{}/{name}/{index}", object.pointer)));
                schema.insert(name.to_owned(), children.collect());
            }
        }
        for name in ["not", "items", "additionalProperties"] {
            match node.get(name).map(|node| &node.value) {
                Some(node::Value::Mapping(_)) => {
                    let child = self.child(&format!("{}/{name}", object.pointer));
                    schema.insert(name.to_owned(), child);
                }
                Some(node::Value::Bool(false)) if name == "additionalProperties" => {
                    schema.insert(name.to_owned(), Value::Bool(false));
                }
                _ => {}
            }
        }
        let mut properties = Map::new();
        for (name, _) in node.get("properties").into_iter().flat_map(Node::entries) {
            let pointer = format!("{}/properties/{}", object.pointer, pointer_token(name));
            properties.insert(name.to_owned(), self.child(&pointer));
        }
        let names: BTreeSet<&str> = node
            .get("required")
            .into_iter()
            .flat_map(Node::items)
            .filter_map(Node::as_str)
            .filter(|name| travels(self.document, object, name, self.direction))
            .collect();
        let required: Vec<Value> = names.into_iter().map(Value::from).collect();
        if !properties.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        if !required.is_empty() {
            schema.insert("required".to_owned(), Value::Array(required));
        }
        with_null(node, schema)
    }
}

/// Whether a required property is part of what goes in this direction.
fn travels(
    document: &Document<'_>,
    object: &ObjectRef<'_>,
    name: &str,
    direction: Direction,
) -> bool {
    let pointer = format!("{}/properties/{}", object.pointer, pointer_token(name));
    let mark = match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
        Direction::Either => return true,
    };
    let property = document
        .at(&pointer)
        .and_then(|property| document.resolve(property.node));
    property.is_none_or(|property| !is_true(property.node, mark))
}

/// Type and enumeration, with `null` where the schema is nullable.
fn with_null(node: &Node, mut schema: Map<String, Value>) -> Value {
    let nullable = is_true(node, "nullable");
    let r#type = text(node, "type");
    if !r#type.is_empty() {
        let types = if nullable {
            json!([r#type, "null"])
        } else {
            json!(r#type)
        };
        schema.insert("type".to_owned(), types);
    }
    // A set, since the draft refuses a value that is listed twice.
    let mut seen = HashSet::new();
    let mut values: Vec<Value> = node
        .get("enum")
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|value| Value::deserialize(value).ok())
        .filter(|value| seen.insert(value.to_string()))
        .collect();
    if !values.is_empty() {
        if nullable && !values.contains(&Value::Null) {
            values.push(Value::Null);
        }
        schema.insert("enum".to_owned(), Value::Array(values));
    }
    if nullable {
        json!({ "anyOf": [{ "enum": [null] }, schema] })
    } else {
        Value::Object(schema)
    }
}

// ---- lists -------------------------------------------------------------------------------------

/// Shorter parts could be anything.
const ID_LENGTH: usize = 12;

/// Whether a text is several ids joined by commas.
fn is_joined(text: &str, in_list: bool) -> bool {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let id = |part: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-=+/.:@".contains(c);
        !part.is_empty()
            && part.chars().all(plain)
            && (in_list || (part.len() >= ID_LENGTH && !part.contains("://")))
    };
    parts.len() > 1 && parts.into_iter().all(id)
}

/// Whether a pointer leads into a header of a response.
fn is_in_header(pointer: &str) -> bool {
    let steps: Vec<&str> = pointer.split('/').collect();
    (steps.windows(2)).any(|pair| pair[1] == "headers" && pair[0] != "properties")
}

pub(super) fn joined(document: &Document<'_>, reporter: &mut Reporter) {
    let mut places: Vec<(String, &Node, bool)> = collect(document)
        .into_iter()
        .map(|example| {
            let holder = example.pointer.rsplit('/').nth(1) == Some("items");
            (example.pointer, example.value, holder)
        })
        .collect();
    // Examples that nothing with a schema uses are read all the same.
    for object in document.all(Kind::Example) {
        if let Some(value) = object.node.get("value") {
            places.push((format!("{}/value", object.pointer), value, false));
        }
    }
    while let Some((pointer, node, in_list)) = places.pop() {
        // In a header, values joined by commas are a list.
        if is_in_header(&pointer) {
            continue;
        }
        if node.as_str().is_some_and(|text| is_joined(text, in_list)) {
            let message = "this is several values joined by commas, where each is an item of its own; write them as a list";
            reporter.add(&pointer, node.position, message);
        }
        for (name, entry) in node.entries() {
            places.push((
                format!("{pointer}/{}", pointer_token(name)),
                &entry.node,
                false,
            ));
        }
        for (index, item) in node.items().enumerate() {
            places.push((format!("{pointer}/{index}"), item, true));
        }
    }
}
