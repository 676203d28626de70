//! The rules that a contract must keep before code is made from it: what OpenAPI 3.0 asks for
//! beyond its shape, and what the generator can take.
//!
//! A rule sees the tree with positions. The shape of the format itself is `shape`'s.

use std::collections::{HashMap, HashSet};

use heck::{ToPascalCase, ToSnakeCase};

use crate::finding::Finding;
use crate::node::{Node, Position, Value, percent_decoded, pointer_token};
use crate::shape::{self, Kind, Located};

/// The HTTP methods that a path item can carry.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// How many references may follow one another before they count as a circle.
const MAX_REFERENCES: usize = 32;

/// A contract whose objects are known, as rules see it.
#[derive(Debug)]
pub struct Contract<'a> {
    /// The whole document.
    pub root: &'a Node,
    /// Every object of the format, in the order of the text.
    pub objects: Vec<Located<'a>>,
}

impl<'a> Contract<'a> {
    /// The objects of one kind.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = &Located<'a>> {
        self.objects
            .iter()
            .filter(move |object| object.kind == kind)
    }

    /// What `node` means: itself, or what its `$ref` leads to.
    #[must_use]
    pub fn resolve(&self, node: &'a Node) -> Option<&'a Node> {
        let mut node = node;
        for _ in 0..MAX_REFERENCES {
            match node.get("$ref").and_then(Node::as_str) {
                Some(reference) => node = self.root.pointer(reference)?.0,
                None => return Some(node),
            }
        }
        None
    }

    /// Path, method, position of the method's name, operation and path item of every operation.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'a>> {
        let paths = self.root.get("paths");
        paths
            .into_iter()
            .flat_map(Node::entries)
            .flat_map(|(path, item)| {
                METHODS.into_iter().filter_map(move |method| {
                    let entry = item.node.entry(method)?;
                    Some(Operation {
                        path,
                        path_position: item.key,
                        method,
                        position: entry.key,
                        node: &entry.node,
                        path_item: &item.node,
                    })
                })
            })
    }
}

/// One operation of a contract.
#[derive(Debug, Clone, Copy)]
pub struct Operation<'a> {
    /// The path template, `/people/{personId}`.
    pub path: &'a str,
    /// Where the path stands.
    pub path_position: Position,
    /// The method, in lower case as in the contract.
    pub method: &'static str,
    /// Where the method stands.
    pub position: Position,
    /// The operation object.
    pub node: &'a Node,
    /// The path item that holds it.
    pub path_item: &'a Node,
}

type Check = fn(&Contract<'_>, &mut Vec<Finding>);

/// What every other rule, here or elsewhere, relies on. A group is tried only when those before it
/// found nothing, so that one fault gives one message.
const FOUNDATION: &[&[Check]] = &[&[version, component_names, references], &[circular_schemas]];

/// What the generator relies on, in groups as above.
const GENERATOR: &[&[Check]] = &[
    &[operation_ids, path_parameters, duplicate_parameters],
    &[
        generated_names,
        references_for_the_generator,
        enum_values,
        endless_merges,
        schemas_for_the_generator,
        parameters_for_the_generator,
        bodies_for_the_generator,
        path_items_for_the_generator,
        extensions_for_the_generator,
    ],
];

/// Holds `root` against the format and the rules.
///
/// # Errors
///
/// Everything found by the first group of rules that found anything.
pub fn lint(root: &Node) -> Result<(), Vec<Finding>> {
    let contract = contract(root)?;
    foundation(&contract)?;
    generator(&contract)
}

/// The objects of `root`, held against the format.
///
/// # Errors
///
/// What is missing, unknown or of the wrong type.
pub fn contract(root: &Node) -> Result<Contract<'_>, Vec<Finding>> {
    let (objects, findings) = shape::walk(root);
    if findings.is_empty() {
        Ok(Contract { root, objects })
    } else {
        Err(findings)
    }
}

/// Sees that this is OpenAPI 3.0 whose references lead somewhere, and whose schemas end.
///
/// # Errors
///
/// Everything found by the first group of rules that found anything.
pub fn foundation(contract: &Contract<'_>) -> Result<(), Vec<Finding>> {
    first_group(FOUNDATION, contract)
}

/// Sees that the generator can take a contract that has its foundation.
///
/// # Errors
///
/// Everything found by the first group of rules that found anything.
pub fn generator(contract: &Contract<'_>) -> Result<(), Vec<Finding>> {
    first_group(GENERATOR, contract)
}

fn first_group(groups: &[&[Check]], contract: &Contract<'_>) -> Result<(), Vec<Finding>> {
    for group in groups {
        let mut findings = Vec::new();
        for check in *group {
            check(contract, &mut findings);
        }
        if !findings.is_empty() {
            // What several operations share is at fault for each of them, and told once.
            let mut seen = HashSet::new();
            findings.retain(|finding| seen.insert((finding.position, finding.message.clone())));
            return Err(findings);
        }
    }
    Ok(())
}

fn version(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    let Some(node) = contract.root.get("openapi") else {
        return;
    };
    if !node
        .as_str()
        .is_some_and(|version| version.starts_with("3.0."))
    {
        findings.push(Finding::new(
            "openapi-version",
            node.position,
            "this contract is read as OpenAPI 3.0; write `openapi: 3.0.3`",
        ));
    }
}

fn references(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    let kinds: HashMap<&str, Kind> = contract
        .objects
        .iter()
        .map(|object| (object.pointer.as_str(), object.stands_for))
        .collect();
    for object in contract.all(Kind::Reference) {
        let Some(node) = object.node.get("$ref") else {
            continue;
        };
        let target = node.as_str().unwrap_or_default();
        let message = if !target.starts_with("#/") {
            format!(
                "`{target}` leads out of this file; a contract is one file, so bring it in under `components`"
            )
        } else if contract.root.pointer(target).is_none() {
            let name = target.rsplit('/').next().unwrap_or_default();
            format!("`{target}` leads nowhere; correct it, or add `{name}` there")
        } else if kinds.get(&*percent_decoded(&target[1..])) != Some(&object.stands_for) {
            format!(
                "`{target}` does not lead to a {:?} object, which belongs here; refer to one",
                object.stands_for
            )
        } else if contract.resolve(object.node).is_none() {
            format!(
                "`{target}` leads back to itself; give one of the references in the circle a value"
            )
        } else {
            continue;
        };
        findings.push(Finding::new("unresolved-reference", node.position, message));
    }
}

/// Names that a reference can spell, which OpenAPI 3.0 asks for.
fn component_names(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    let groups = contract.root.get("components").into_iter();
    for (group, entries) in groups.flat_map(Node::entries) {
        if group.starts_with("x-") {
            continue;
        }
        for (name, entry) in entries.node.entries() {
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            if name.is_empty() || !name.chars().all(plain) {
                findings.push(Finding::new(
                    "component-name",
                    entry.key,
                    format!(
                        "`{name}` cannot name a component; use letters, digits, `.`, `_` and `-`"
                    ),
                ));
            }
        }
    }
}

/// The fields of a schema that judge the same value as the schema itself.
const IN_PLACE: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// How many schemas may judge one value from within one another.
const MAX_NESTED: usize = 64;

/// Schemas that contain themselves without a property or a list in between: no value can ever be
/// held against them, and whoever tries does not come to an end.
fn circular_schemas(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    let mut search = Circles {
        contract,
        heights: HashMap::new(),
        open: HashSet::new(),
        findings,
    };
    for object in &contract.objects {
        if object.kind == Kind::Schema {
            search.height(object.node, object.position);
        }
    }
}

struct Circles<'c, 'a> {
    contract: &'c Contract<'a>,
    /// How deep the schemas nest in each that has been seen.
    heights: HashMap<*const Node, usize>,
    open: HashSet<*const Node>,
    findings: &'c mut Vec<Finding>,
}

impl<'a> Circles<'_, 'a> {
    fn height(&mut self, node: &'a Node, place: Position) -> usize {
        let Some(schema) = self.contract.resolve(node) else {
            return 0;
        };
        let key = std::ptr::from_ref(schema);
        if let Some(height) = self.heights.get(&key) {
            return *height;
        }
        if self.open.contains(&key) {
            self.report(
                place,
                "this leads back to the schema that it stands in, which no value can end; \
                 put a property or a list in between",
            );
            return 0;
        }
        if self.open.len() >= MAX_NESTED {
            self.report(
                place,
                "schemas are built from one another more than 64 deep here; flatten some of them",
            );
            return 0;
        }
        self.open.insert(key);
        let lists = IN_PLACE.into_iter().filter_map(|name| schema.get(name));
        let inner: Vec<_> = lists
            .flat_map(Node::items)
            .chain(schema.get("not"))
            .collect();
        let mut height = 0;
        for node in inner {
            height = height.max(self.height(node, node.position) + 1);
        }
        self.open.remove(&key);
        if height > MAX_NESTED {
            self.report(
                place,
                "schemas are built from one another more than 64 deep here; flatten some of them",
            );
            height = 0;
        }
        self.heights.insert(key, height);
        height
    }

    fn report(&mut self, place: Position, message: &str) {
        self.findings
            .push(Finding::new("circular-schema", place, message));
    }
}

fn operation_ids(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<&str, Position> = HashMap::new();
    for operation in contract.operations() {
        let Some(node) = operation.node.get("operationId") else {
            findings.push(Finding::new(
                "operation-id",
                operation.position,
                format!(
                    "{} {} has no `operationId`, which names the client's method; add one",
                    operation.method.to_uppercase(),
                    operation.path
                ),
            ));
            continue;
        };
        let id = node.as_str().unwrap_or_default();
        if let Some(first) = seen.get(id) {
            findings.push(Finding::new(
                "operation-id",
                node.position,
                format!(
                    "`{id}` is the operationId of another operation too, on line {}; each needs its own",
                    first.line
                ),
            ));
        } else {
            seen.insert(id, node.position);
        }
    }
}

/// The names between braces in a path template, or what is wrong with its braces.
pub(crate) fn template_names(path: &str) -> Result<Vec<&str>, &'static str> {
    if path.contains(['?', '#']) {
        return Err("has a `?` or `#`, where a path ends; declare query parameters as such");
    }
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(start) = rest.find(['{', '}']) {
        let after = rest[start..]
            .strip_prefix('{')
            .ok_or("has a `}` without its `{`")?;
        let end = after.find('}').ok_or("has a `{` without its `}`")?;
        let name = &after[..end];
        if name.is_empty() || name.contains(['/', '{']) {
            return Err("has braces without a name between them");
        }
        if names.contains(&name) {
            return Err("has the same name between braces twice");
        }
        names.push(name);
        rest = &after[end + 1..];
    }
    Ok(names)
}

/// The parameters of an operation, those of its path item included, each resolved.
pub(crate) fn parameters<'a>(
    contract: &Contract<'a>,
    operation: &Operation<'a>,
) -> Vec<(&'a Node, &'a Node)> {
    let lists = [operation.path_item, operation.node].map(|node| node.get("parameters"));
    let items = lists.into_iter().flatten().flat_map(Node::items);
    items
        .filter_map(|node| Some((node, contract.resolve(node)?)))
        .collect()
}

fn text<'a>(node: &'a Node, name: &str) -> &'a str {
    node.get(name).and_then(Node::as_str).unwrap_or_default()
}

fn path_parameters(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    const RULE: &str = "path-parameter";
    let operations: Vec<Operation<'_>> = contract.operations().collect();
    for operations in operations.chunk_by(|one, next| one.path == next.path) {
        let Some(first) = operations.first() else {
            continue;
        };
        let (path, path_position) = (first.path, first.path_position);
        let names = match template_names(path) {
            Ok(names) => names,
            Err(fault) => {
                findings.push(Finding::new(
                    RULE,
                    path_position,
                    format!("`{path}` {fault}"),
                ));
                continue;
            }
        };
        let declared: Vec<Vec<_>> = operations
            .iter()
            .map(|operation| {
                let all = parameters(contract, operation).into_iter();
                all.filter(|(_, parameter)| text(parameter, "in") == "path")
                    .collect()
            })
            .collect();
        let is_declared = |index: usize, name: &str| {
            let mut names = declared[index].iter().map(|(_, node)| text(node, "name"));
            names.any(|declared| declared == name)
        };
        let mut misnamed = false;
        for (place, parameter) in declared.iter().flatten() {
            let name = text(parameter, "name");
            if !names.contains(&name) {
                misnamed = true;
                findings.push(Finding::new(
                    RULE,
                    place.position,
                    format!("`{name}` is declared `in: path`, and `{path}` has no `{{{name}}}`"),
                ));
            }
            let required = parameter.get("required").map(|node| &node.value);
            if !matches!(required, Some(Value::Bool(true))) {
                findings.push(Finding::new(
                    RULE,
                    place.position,
                    format!("`{name}` is part of the path; add `required: true`"),
                ));
            }
        }
        // A parameter of another name is most likely the one that is missing, and has been told.
        for name in names.iter().filter(|_| !misnamed) {
            let missing: Vec<_> = operations
                .iter()
                .enumerate()
                .filter(|(index, _)| !is_declared(*index, name))
                .map(|(_, operation)| operation)
                .collect();
            let fault = format!(
                "{path} takes `{{{name}}}` and declares no such parameter; add it with `in: path`"
            );
            if missing.len() == operations.len() {
                findings.push(Finding::new(RULE, path_position, fault));
                continue;
            }
            for operation in missing {
                let method = operation.method.to_uppercase();
                let fault = format!("{method} {fault}");
                findings.push(Finding::new(RULE, operation.position, fault));
            }
        }
    }
}

fn duplicate_parameters(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    for operation in contract.operations() {
        for holder in [operation.path_item, operation.node] {
            let mut seen = HashSet::new();
            for place in holder.get("parameters").into_iter().flat_map(Node::items) {
                let Some(parameter) = contract.resolve(place) else {
                    continue;
                };
                let name = text(parameter, "name");
                if !seen.insert((name, text(parameter, "in"))) {
                    findings.push(Finding::new(
                        "duplicate-parameter",
                        place.position,
                        format!("`{name}` is declared twice here; remove one"),
                    ));
                }
            }
        }
    }
}

/// Methods of a generated builder, and fields that it always has.
const BUILDER_NAMES: [&str; 5] = ["new", "send", "body", "body_map", "client"];

/// What the client calls methods of its own, and the constant that lists all operations.
pub const CLIENT_NAMES: [&str; 21] = [
    "all",
    "attempt",
    "attempts",
    "base_url",
    "builder",
    "call",
    "clone",
    "edit_person",
    "exchange_json",
    "exchange_json_or_nothing",
    "exchange_nothing",
    "exchange_stream",
    "fmt",
    "from_env",
    "new",
    "out_of_time",
    "person",
    "token",
    "transport_failure",
    "url",
    "with_call_timeout",
];

/// Two names of the contract that would be one name in Rust, or names that Rust cannot have.
fn generated_names(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    let mut methods = Names::new("method");
    for operation in contract.operations() {
        if let Some(node) = operation.node.get("operationId") {
            let id = node.as_str().unwrap_or_default();
            let snake = id.to_snake_case();
            if ["self", "super", "crate"].contains(&snake.as_str()) {
                findings.push(Finding::new(
                    NAMES,
                    node.position,
                    format!("no Rust method can be named after `{id}`; choose another name"),
                ));
            }
            if CLIENT_NAMES.contains(&snake.as_str()) {
                findings.push(Finding::new(
                    NAMES,
                    node.position,
                    format!("`{id}` would be the method `{snake}` of the client, which has another use; rename it"),
                ));
            }
            methods.add(id, snake, node.position, findings);
        }
        let mut setters = Names::new("method");
        let mut homes = HashMap::new();
        for (place, parameter) in parameters(contract, &operation) {
            let name = text(parameter, "name");
            let snake = snake_case(name);
            if BUILDER_NAMES.contains(&snake.as_str()) {
                findings.push(Finding::new(
                    NAMES,
                    place.position,
                    format!("`{name}` would be the method `{snake}` of the request, which has another use; rename it"),
                ));
            }
            // A parameter of the path item gives way to the operation's of the same name and place.
            let home = text(parameter, "in");
            match homes.insert(name, home) {
                None => setters.add(name, snake, place.position, findings),
                Some(other) if other != home => findings.push(Finding::new(
                    NAMES,
                    place.position,
                    format!("`{name}` is a parameter in the {other} and in the {home}; rename one"),
                )),
                Some(_) => {}
            }
        }
    }
    let schemas = contract
        .root
        .pointer("/components/schemas")
        .map(|(node, _)| node);
    let mut types = Names::new("type");
    for (name, entry) in schemas.into_iter().flat_map(Node::entries) {
        types.add(name, name.to_pascal_case(), entry.key, findings);
    }
    inline_types(contract, &mut types, findings);
    for object in contract.all(Kind::Schema) {
        let mut fields = Names::new("field");
        let properties = object.node.get("properties").into_iter();
        for (name, entry) in properties.flat_map(Node::entries) {
            fields.add(name, snake_case(name), entry.key, findings);
        }
        let mut variants = Names::new("variant");
        for node in object.node.get("enum").into_iter().flat_map(Node::items) {
            if let Some(word) = node.as_str()
                && !variants.is_same(word, &pascal_case(word))
            {
                variants.add(word, pascal_case(word), node.position, findings);
            }
        }
    }
}

const NAMES: &str = "generated-name";

/// Schemas without a name that become types of their own, which the generator names after the place
/// where they stand: `Thing.owner` is `ThingOwner`.
fn inline_types(contract: &Contract<'_>, types: &mut Names<'_>, findings: &mut Vec<Finding>) {
    let ids: HashMap<String, &str> = contract
        .operations()
        .filter_map(|operation| {
            let id = operation.node.get("operationId").and_then(Node::as_str)?;
            let path = pointer_token(operation.path);
            Some((format!("/paths/{path}/{}", operation.method), id))
        })
        .collect();
    for object in contract.all(Kind::Schema) {
        let Some(name) = inline_name(&object.pointer, &ids) else {
            continue;
        };
        if is_own_type(object.node)
            && let Some(other) = types.seen.get(&name)
        {
            findings.push(Finding::new(
                NAMES,
                object.position,
                format!("the Rust type of this would be called `{name}`, as that of `{other}` is; move it to `components` under a name of its own"),
            ));
        }
    }
}

fn is_own_type(schema: &Node) -> bool {
    let parts = |name| schema.get(name).into_iter().flat_map(Node::items).count();
    schema.get("properties").is_some()
        || (text(schema, "type") == "string" && schema.get("enum").is_some())
        || parts("allOf").max(parts("oneOf")).max(parts("anyOf")) > 1
}

/// What the generator calls the type of an inline schema at `pointer`; `None` for a named one, and
/// where the name has no such form.
fn inline_name(pointer: &str, ids: &HashMap<String, &str>) -> Option<String> {
    let (mut name, steps) = if let Some(rest) = pointer.strip_prefix("/components/schemas/") {
        let (schema, rest) = rest.split_once('/')?;
        (schema.to_pascal_case(), rest)
    } else {
        let rest = pointer.strip_prefix("/paths/")?;
        let (path, rest) = rest.split_once('/')?;
        let (method, rest) = rest.split_once('/')?;
        let id = ids
            .get(&format!("/paths/{path}/{method}"))?
            .to_pascal_case();
        let place = if rest.starts_with("responses/2") {
            "Response"
        } else if rest.starts_with("requestBody/") {
            "Body"
        } else {
            return None;
        };
        let (_, rest) = rest.split_once("/schema")?;
        (format!("{id}{place}"), rest.trim_start_matches('/'))
    };
    let mut steps = steps.split('/').filter(|step| !step.is_empty());
    while let Some(step) = steps.next() {
        match step {
            "properties" => name.push_str(&steps.next()?.to_pascal_case()),
            "items" => name.push_str("Item"),
            _ => return None,
        }
    }
    Some(name)
}

/// The Rust names of one kind and scope, each with what it was made from.
struct Names<'a> {
    kind: &'static str,
    seen: HashMap<String, &'a str>,
}

impl<'a> Names<'a> {
    fn new(kind: &'static str) -> Self {
        Self {
            kind,
            seen: HashMap::new(),
        }
    }

    fn is_same(&self, name: &str, rust: &str) -> bool {
        self.seen.get(rust) == Some(&name)
    }

    fn add(&mut self, name: &'a str, rust: String, place: Position, findings: &mut Vec<Finding>) {
        let kind = self.kind;
        // What a person has to type stays ASCII.
        let typeable = kind != "method" || rust.is_ascii();
        let message = if !is_identifier(&rust) || !typeable {
            format!(
                "no Rust {kind} can be named after `{name}`; start it with a letter, and use letters, digits and `_`"
            )
        } else if let Some(other) = self.seen.get(&rust) {
            // What goes over the wire has the name that the service gave it.
            let advice = match kind {
                "variant" => "leave `enum` out, and list the values in the description",
                "field" => "leave one out: it is then kept among the unknown properties",
                _ => "rename one",
            };
            format!("`{name}` and `{other}` would be the same Rust {kind}; {advice}")
        } else {
            self.seen.insert(rust, name);
            return;
        };
        findings.push(Finding::new(NAMES, place, message));
    }
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|c| c.is_alphanumeric() || c == '_')
        && name != "_"
}

/// A name as the generator spells it where any text can be one: what no identifier can hold parts
/// words, and a leading digit gets an underscore.
fn as_identifier(name: &str, spell: fn(&str) -> String) -> String {
    let rust = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => spell(
            &name
                .replace('\'', "")
                .replace(|c: char| !c.is_alphanumeric() && c != '_', "-"),
        ),
    };
    match rust.chars().next() {
        None => spell("x"),
        Some(first) if first.is_ascii_digit() => format!("_{rust}"),
        Some(_) => rust,
    }
}

fn snake_case(name: &str) -> String {
    as_identifier(name, str::to_snake_case)
}

fn pascal_case(name: &str) -> String {
    as_identifier(name, str::to_pascal_case)
}

fn references_for_the_generator(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    for object in contract.all(Kind::Reference) {
        let Some(node) = object.node.get("$ref") else {
            continue;
        };
        let target = node.as_str().unwrap_or_default();
        // `#/components/schemas/Person`: three steps, no more.
        if !target.starts_with("#/components/")
            || target.matches('/').count() != 3
            || target.contains('%')
        {
            findings.push(Finding::new(
                "generator-reference",
                node.position,
                format!("the generator follows `#/components/…/NAME` alone, and this is `{target}`; move what is shared there"),
            ));
        }
    }
}

/// What turns an `anyOf` into more than a choice.
const ANY_OF_EXCLUDES: [&str; 6] = ["type", "enum", "properties", "items", "allOf", "oneOf"];

fn schemas_for_the_generator(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    for object in contract.all(Kind::Schema) {
        if let Some(entry) = object.node.entry("not") {
            findings.push(Finding::new(
                "generator-schema",
                entry.key,
                "no Rust type says `not`; say what is allowed",
            ));
        }
        if let Some(entry) = object.node.entry("anyOf")
            && (!crate::lower::is_lowered_any_of(contract, &entry.node)
                || ANY_OF_EXCLUDES
                    .iter()
                    .any(|name| object.node.get(name).is_some()))
        {
            findings.push(Finding::new(
                "generator-schema",
                entry.key,
                "the generator takes `anyOf`, alone, for an open enumeration or a flag; use `oneOf` or `allOf`",
            ));
        }
        for name in ["allOf", "oneOf"] {
            if let Some(entry) = object.node.entry(name)
                && entry.node.items().next().is_none()
            {
                findings.push(Finding::new(
                    "generator-schema",
                    entry.key,
                    format!("`{name}` is empty, so nothing fits; list schemas, or remove it"),
                ));
            }
        }
        let array = object.node.get("type").and_then(Node::as_str) == Some("array");
        if array && object.node.get("items").is_none() {
            findings.push(Finding::new(
                "generator-schema",
                object.position,
                "this list does not say what its items are; add `items`",
            ));
        }
    }
}

/// More than any contract merges at one place.
const MAX_MERGES: usize = 1_000;

/// Schemas that the generator would combine without end: it merges what an `allOf` lists, and then
/// what those say of one property, and so on.
fn endless_merges(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    let mut merges = Merges {
        contract,
        ended: HashSet::new(),
        open: HashSet::new(),
        tried: 0,
    };
    for object in contract.all(Kind::Schema) {
        let combines = IN_PLACE.iter().any(|name| object.node.get(name).is_some());
        merges.tried = 0;
        if combines && !merges.end(&[object.node], true) {
            findings.push(Finding::new(
                "generator-schema",
                object.position,
                "what is combined here has a property described in terms of itself, and the generator \
                 would merge that without end; move the property out of the `allOf`",
            ));
        }
    }
}

struct Merges<'c, 'a> {
    contract: &'c Contract<'a>,
    /// Sets of schemas whose merge is known to end.
    ended: HashSet<Vec<*const Node>>,
    open: HashSet<Vec<*const Node>>,
    /// How many have been tried for the schema at hand.
    tried: usize,
}

impl<'a> Merges<'_, 'a> {
    /// Whether the merge of `schemas` ends, for each of the choices among them if `choose` says so.
    fn end(&mut self, schemas: &[&'a Node], choose: bool) -> bool {
        let mut parts: Vec<&'a Node> = Vec::new();
        let mut choices: Vec<&'a Node> = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting = schemas.to_vec();
        while let Some(node) = waiting.pop() {
            let Some(schema) = self.contract.resolve(node) else {
                continue;
            };
            let items = |name| schema.get(name).into_iter().flat_map(Node::items);
            if !is_wrapper(schema) && seen.insert(std::ptr::from_ref(schema)) {
                parts.push(schema);
                if choose {
                    choices.extend(items("oneOf").chain(items("anyOf")));
                }
                waiting.extend(items("allOf"));
            } else if is_wrapper(schema) {
                waiting.extend(items("allOf"));
            }
        }
        if parts.len() < 2 {
            return true;
        }
        let mut key: Vec<_> = seen.into_iter().collect();
        key.sort_unstable();
        if choices.is_empty() && self.ended.contains(&key) {
            return true;
        }
        self.tried += 1;
        if self.open.contains(&key) || self.open.len() >= MAX_NESTED || self.tried > MAX_MERGES {
            return false;
        }
        self.open.insert(key.clone());
        let ends = described(&parts)
            .iter()
            .all(|schemas| self.end(schemas, true));
        // What is chosen is merged with the rest, so each choice is a merge of its own.
        let ends = ends
            && choices.into_iter().all(|choice| {
                let mut schemas = parts.clone();
                schemas.push(choice);
                self.end(&schemas, false)
            });
        self.open.remove(&key);
        if ends {
            self.ended.insert(key);
        }
        ends
    }
}

/// Whether a schema says nothing but that it is another: `allOf` with one item.
fn is_wrapper(schema: &Node) -> bool {
    let only = schema
        .get("allOf")
        .is_some_and(|list| list.items().count() == 1);
    only && SAYS.iter().all(|name| schema.get(name).is_none())
}

const SAYS: [&str; 7] = [
    "type",
    "enum",
    "properties",
    "additionalProperties",
    "items",
    "oneOf",
    "anyOf",
];

/// What `schemas` describe together: the schemas of each property, and of the items.
fn described<'a>(schemas: &[&'a Node]) -> Vec<Vec<&'a Node>> {
    let mut by_name: HashMap<&str, Vec<&'a Node>> = HashMap::new();
    for schema in schemas {
        for (name, entry) in schema.get("properties").into_iter().flat_map(Node::entries) {
            by_name.entry(name).or_default().push(&entry.node);
        }
    }
    let field = |name: &str| {
        schemas
            .iter()
            .filter_map(|schema| schema.get(name))
            .collect()
    };
    let mut described: Vec<Vec<&Node>> = by_name.into_values().collect();
    described.push(field("items"));
    let others: Vec<&Node> = field("additionalProperties");
    for schemas in &mut described {
        schemas.extend(&others);
    }
    described.push(others);
    described
}

/// Values of an enumeration that make no type: of other types than the schema's or one another's,
/// or the same value twice.
fn enum_values(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    for object in contract.all(Kind::Schema) {
        let mut r#type = object.node.get("type").and_then(Node::as_str);
        let mut seen = HashSet::new();
        for node in object.node.get("enum").into_iter().flat_map(Node::items) {
            let (kind, value) = match &node.value {
                Value::Null => continue,
                Value::Bool(value) => ("boolean", value.to_string()),
                Value::Integer(value) => ("integer", value.to_string()),
                Value::Float(value) => ("number", value.to_string()),
                Value::String(text) => ("string", text.clone()),
                Value::Sequence(_) | Value::Mapping(_) => {
                    findings.push(Finding::new(
                        ENUM,
                        node.position,
                        format!(
                            "no Rust variant can be made of {}; list words or numbers",
                            node.kind()
                        ),
                    ));
                    continue;
                }
            };
            let expected = *r#type.get_or_insert(kind);
            let message = if kind != expected && (kind, expected) != ("integer", "number") {
                format!(
                    "`{value}` is of type {kind}, where {expected} is expected; quote it if it is text, or correct the type"
                )
            } else if seen.contains(&value) {
                format!("`{value}` is listed twice; remove one")
            } else {
                seen.insert(value);
                continue;
            };
            findings.push(Finding::new(ENUM, node.position, message));
        }
        let taken = |name: &&str| seen.iter().any(|value| pascal_case(value) == **name);
        if let Some(entry) = object.node.entry("enum")
            && !seen.is_empty()
            && CATCH_ALL.iter().all(taken)
        {
            findings.push(Finding::new(
                NAMES,
                entry.key,
                format!(
                    "these values leave no Rust name for a value that is not listed, which would be one of {}; leave one out",
                    CATCH_ALL.join(", ")
                ),
            ));
        }
    }
}

const ENUM: &str = "enum-value";

/// What the variant for values that the contract does not list may be called.
pub(crate) const CATCH_ALL: [&str; 3] = ["Other", "Unlisted", "OtherValue"];

/// Whether a value of this schema has parts, as far as its own words tell.
fn is_object<'a>(contract: &Contract<'a>, node: &'a Node) -> bool {
    let Some(schema) = contract.resolve(node) else {
        return false;
    };
    let inner = ["allOf", "oneOf"].into_iter();
    schema.get("type").and_then(Node::as_str) == Some("object")
        || schema.get("properties").is_some()
        || inner
            .filter_map(|name| schema.get(name))
            .flat_map(Node::items)
            .any(|schema| is_object(contract, schema))
}

fn parameters_for_the_generator(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    const RULE: &str = "generator-parameter";
    for object in contract.all(Kind::Parameter) {
        let place = text(object.node, "in");
        let mut report = |message: String| {
            findings.push(Finding::new(RULE, object.position, message));
        };
        if place == "cookie" {
            report("the generator sends no cookies; use a header or a query parameter".to_owned());
        }
        if object.node.get("schema").is_none() {
            report(format!(
                "`{}` has no `schema`, from which its Rust type is made; add one",
                text(object.node, "name")
            ));
        }
        if let Some(schema) = object.node.get("schema")
            && is_object(contract, schema)
        {
            report(format!(
                "the generator sends no objects as parameters, and `{}` is one; describe its parts as parameters of their own",
                text(object.node, "name")
            ));
        }
        let expected = match place {
            "query" => "form",
            _ => "simple",
        };
        let separate = object.node.get("explode").map(|node| &node.value);
        if place == "query" && matches!(separate, Some(Value::Bool(false))) {
            report(format!(
                "the generator repeats the name for each item of a list, and `{}` wants one list; leave `explode` out, or make it text",
                text(object.node, "name")
            ));
        }
        let style = text(object.node, "style");
        if !style.is_empty() && style != expected && place != "cookie" {
            report(format!(
                "the generator knows `style: {expected}` alone for a parameter in the {place}"
            ));
        }
    }
}

fn bodies_for_the_generator(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    for operation in contract.operations() {
        let Some(entry) = operation.node.entry("requestBody") else {
            continue;
        };
        let content = contract
            .resolve(&entry.node)
            .and_then(|body| body.get("content"));
        let types: Vec<_> = content
            .into_iter()
            .flat_map(Node::entries)
            .map(|(media_type, _)| media_type)
            .collect();
        if types != ["application/json"] {
            findings.push(Finding::new(
                "generator-body",
                entry.key,
                "the generator sends `application/json` alone; describe the body as that and nothing else",
            ));
        }
    }
    for object in contract.all(Kind::MediaType) {
        let media_type = object.pointer.rsplit('/').next().unwrap_or_default();
        let json =
            media_type == "application~1json" || media_type.starts_with("application~1json;");
        if json && object.node.get("schema").is_none() {
            findings.push(Finding::new(
                "generator-body",
                object.position,
                "this JSON has no `schema`, from which its Rust type is made; add one",
            ));
        }
        if let Some(entry) = object.node.entry("encoding") {
            findings.push(Finding::new(
                "generator-body",
                entry.key,
                "the generator does not know `encoding`; remove it",
            ));
        }
    }
}

fn path_items_for_the_generator(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    for object in contract.all(Kind::PathItem) {
        if let Some(entry) = object.node.entry("$ref") {
            findings.push(Finding::new(
                "generator-path",
                entry.key,
                "the generator does not follow a path's `$ref`; write the operations here",
            ));
        }
    }
}

/// Extensions that mean something to the generator, and would change what it makes.
const EXTENSIONS: [&str; 3] = [
    "x-rust-type",
    "x-dropshot-websocket",
    "x-dropshot-pagination",
];

fn extensions_for_the_generator(contract: &Contract<'_>, findings: &mut Vec<Finding>) {
    for object in &contract.objects {
        for name in EXTENSIONS {
            if let Some(entry) = object.node.entry(name) {
                findings.push(Finding::new(
                    "generator-extension",
                    entry.key,
                    format!("the generator would make other code for `{name}`; remove it"),
                ));
            }
        }
    }
}
