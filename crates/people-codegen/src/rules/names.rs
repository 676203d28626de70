//! Rust names of operations, parameters, types, fields and variants: how they are formed, and rules
//! for those that clash or are no identifiers.

use std::collections::HashMap;

use heck::{ToPascalCase, ToSnakeCase};

use crate::document::contract::{Contract, enumeration, parameters, text};
use crate::document::diagnostic::Diagnostic;
use crate::document::node::{Node, Position, pointer_token};
use crate::document::openapi_format::Kind;

/// What the variant for values that the contract does not list may be called.
pub(crate) const CATCH_ALL: [&str; 3] = ["Other", "Unlisted", "OtherValue"];

/// Methods of a generated builder, and fields that it always has.
const BUILDER_NAMES: [&str; 6] = ["new", "send", "body", "body_map", "client", "options"];

/// The public methods of the client, and the constant that lists all operations.
pub const CLIENT_NAMES: [&str; 9] = [
    "all",
    "base_url",
    "builder",
    "clone",
    "edit_person",
    "fmt",
    "from_env",
    "request",
    "with_call_timeout",
];

/// Two names of the contract that would be one name in Rust, or names that Rust cannot have.
pub(super) fn generated_names(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut methods = Names::new("method");
    for operation in contract.operations() {
        if let Some(node) = operation.node.get("operationId") {
            let id = node.as_str().unwrap_or_default();
            let snake = id.to_snake_case();
            if ["self", "super", "crate"].contains(&snake.as_str()) {
                diagnostics.push(Diagnostic::new(
                    NAMES,
                    node.position,
                    format!("no Rust method can be named after `{id}`; choose another name"),
                ));
            }
            if CLIENT_NAMES.contains(&snake.as_str()) {
                diagnostics.push(Diagnostic::new(
                    NAMES,
                    node.position,
                    format!("`{id}` would be the method `{snake}` of the client, which has another use; rename it"),
                ));
            }
            methods.add(id, snake, node.position, diagnostics);
        }
        let mut setters = Names::new("method");
        let mut homes = HashMap::new();
        for (place, parameter) in parameters(contract, &operation) {
            let name = text(parameter, "name");
            let snake = snake_case(name);
            if BUILDER_NAMES.contains(&snake.as_str()) {
                diagnostics.push(Diagnostic::new(
                    NAMES,
                    place.position,
                    format!("`{name}` would be the method `{snake}` of the request, which has another use; rename it"),
                ));
            }
            // A parameter of the path item gives way to the operation's of the same name and place.
            let home = text(parameter, "in");
            match homes.insert(name, home) {
                None => setters.add(name, snake, place.position, diagnostics),
                Some(other) if other != home => diagnostics.push(Diagnostic::new(
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
        types.add(name, name.to_pascal_case(), entry.key, diagnostics);
    }
    inline_types(contract, &mut types, diagnostics);
    for object in contract.all(Kind::Schema) {
        let mut fields = Names::new("field");
        let properties = object.node.get("properties").into_iter();
        for (name, entry) in properties.flat_map(Node::entries) {
            fields.add(name, snake_case(name), entry.key, diagnostics);
        }
        let mut variants = Names::new("variant");
        for node in enumeration(object.node)
            .into_iter()
            .flat_map(|entry| entry.node.items())
        {
            if let Some(word) = node.as_str()
                && !variants.is_same(word, &pascal_case(word))
            {
                variants.add(word, pascal_case(word), node.position, diagnostics);
            }
        }
    }
}

pub(super) const NAMES: &str = "generated-name";

/// Schemas without a name that become types of their own, which the generator names after the place
/// where they stand: `Thing.owner` is `ThingOwner`.
fn inline_types(contract: &Contract<'_>, types: &mut Names<'_>, diagnostics: &mut Vec<Diagnostic>) {
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
            diagnostics.push(Diagnostic::new(
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
        || (text(schema, "type") == "string" && enumeration(schema).is_some())
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

    fn add(
        &mut self,
        name: &'a str,
        rust: String,
        place: Position,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
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
        diagnostics.push(Diagnostic::new(NAMES, place, message));
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

/// The name of a field or a method; a keyword gets an underscore.
pub(crate) fn snake_case(name: &str) -> String {
    let rust = as_identifier(name, str::to_snake_case);
    let keyword = is_identifier(&rust) && syn::parse_str::<syn::Ident>(&rust).is_err();
    if keyword { format!("{rust}_") } else { rust }
}

pub(super) fn pascal_case(name: &str) -> String {
    as_identifier(name, str::to_pascal_case)
}
