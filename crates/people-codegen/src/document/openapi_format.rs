//! The OpenAPI 3.0 format as a table, and the walk that holds a contract against it.
//!
//! The walk finds what is missing, unknown or of the wrong type, and hands every object of the
//! format to the caller with its kind, so that rules need not know where such objects can stand.
//! Rules about meaning live in `lint`.

use crate::document::diagnostic::Diagnostic;
use crate::document::node::{Node, Position, Value, pointer_token};

/// The HTTP methods that a path item can hold, as OpenAPI spells them.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The kinds of object in OpenAPI 3.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(
    missing_docs,
    reason = "the names are those of the OpenAPI specification"
)]
#[non_exhaustive]
pub enum Kind {
    OpenApi,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Components,
    Paths,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Callback,
    Example,
    Link,
    Header,
    Tag,
    Reference,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    OAuthFlows,
    OAuthFlow,
    SecurityRequirement,
}

/// What a field may hold.
#[derive(Debug)]
enum Type {
    Any,
    Bool,
    Number,
    Integer,
    Text,
    Word(&'static [&'static str]),
    Object(Kind),
    /// An object of this kind, or a reference to one.
    RefOr(Kind),
    /// A schema, a reference to one, or a boolean.
    BoolOrSchema,
    List(&'static Type),
    Map(&'static Type),
}

struct Field {
    name: &'static str,
    required: bool,
    r#type: Type,
}

const fn optional(name: &'static str, r#type: Type) -> Field {
    Field {
        name,
        required: false,
        r#type,
    }
}

const fn required(name: &'static str, r#type: Type) -> Field {
    Field {
        name,
        required: true,
        r#type,
    }
}

use Type::{Any, Bool, BoolOrSchema, Integer, List, Map, Number, Object, RefOr, Text, Word};

const DESCRIPTION: Field = optional("description", Text);
const DEPRECATED: Field = optional("deprecated", Bool);
const EXTERNAL_DOCS: Field = optional("externalDocs", Object(Kind::ExternalDocs));
const SERVERS: Field = optional("servers", List(&Object(Kind::Server)));
const SECURITY: Field = optional("security", List(&Object(Kind::SecurityRequirement)));
const PARAMETERS: Field = optional("parameters", List(&RefOr(Kind::Parameter)));
const SCHEMA: Field = optional("schema", RefOr(Kind::Schema));
const EXAMPLE: Field = optional("example", Any);
const EXAMPLES: Field = optional("examples", Map(&RefOr(Kind::Example)));
const STYLE: Type = Word(&[
    "form",
    "simple",
    "matrix",
    "label",
    "spaceDelimited",
    "pipeDelimited",
    "deepObject",
]);
const CONTENT: Type = Map(&Object(Kind::MediaType));
const HEADERS: Field = optional("headers", Map(&RefOr(Kind::Header)));

/// The fields of an object of `kind`; none for those whose names are free.
#[expect(clippy::too_many_lines, reason = "a table")]
fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::OpenApi => {
            const {
                &[
                    required("openapi", Text),
                    required("info", Object(Kind::Info)),
                    SERVERS,
                    required("paths", Object(Kind::Paths)),
                    optional("components", Object(Kind::Components)),
                    SECURITY,
                    optional("tags", List(&Object(Kind::Tag))),
                    EXTERNAL_DOCS,
                ]
            }
        }
        Kind::Info => {
            const {
                &[
                    required("title", Text),
                    DESCRIPTION,
                    optional("termsOfService", Text),
                    optional("contact", Object(Kind::Contact)),
                    optional("license", Object(Kind::License)),
                    required("version", Text),
                ]
            }
        }
        Kind::Contact => {
            const {
                &[
                    optional("name", Text),
                    optional("url", Text),
                    optional("email", Text),
                ]
            }
        }
        Kind::License => const { &[required("name", Text), optional("url", Text)] },
        Kind::Server => {
            const {
                &[
                    required("url", Text),
                    DESCRIPTION,
                    optional("variables", Map(&Object(Kind::ServerVariable))),
                ]
            }
        }
        Kind::ServerVariable => {
            const {
                &[
                    optional("enum", List(&Text)),
                    required("default", Text),
                    DESCRIPTION,
                ]
            }
        }
        Kind::Components => {
            const {
                &[
                    optional("schemas", Map(&RefOr(Kind::Schema))),
                    optional("responses", Map(&RefOr(Kind::Response))),
                    optional("parameters", Map(&RefOr(Kind::Parameter))),
                    EXAMPLES,
                    optional("requestBodies", Map(&RefOr(Kind::RequestBody))),
                    HEADERS,
                    optional("securitySchemes", Map(&RefOr(Kind::SecurityScheme))),
                    optional("links", Map(&RefOr(Kind::Link))),
                    optional("callbacks", Map(&RefOr(Kind::Callback))),
                ]
            }
        }
        Kind::PathItem => {
            const {
                &[
                    optional("$ref", Text),
                    optional("summary", Text),
                    DESCRIPTION,
                    SERVERS,
                    PARAMETERS,
                ]
            }
        }
        Kind::Operation => {
            const {
                &[
                    optional("tags", List(&Text)),
                    optional("summary", Text),
                    DESCRIPTION,
                    EXTERNAL_DOCS,
                    optional("operationId", Text),
                    PARAMETERS,
                    optional("requestBody", RefOr(Kind::RequestBody)),
                    required("responses", Object(Kind::Responses)),
                    optional("callbacks", Map(&RefOr(Kind::Callback))),
                    DEPRECATED,
                    SECURITY,
                    SERVERS,
                ]
            }
        }
        Kind::ExternalDocs => const { &[DESCRIPTION, required("url", Text)] },
        Kind::Parameter => {
            const {
                &[
                    required("name", Text),
                    required("in", Word(&["query", "header", "path", "cookie"])),
                    DESCRIPTION,
                    optional("required", Bool),
                    DEPRECATED,
                    optional("allowEmptyValue", Bool),
                    optional("style", STYLE),
                    optional("explode", Bool),
                    optional("allowReserved", Bool),
                    SCHEMA,
                    EXAMPLE,
                    EXAMPLES,
                    optional("content", CONTENT),
                ]
            }
        }
        Kind::RequestBody => {
            const {
                &[
                    DESCRIPTION,
                    required("content", CONTENT),
                    optional("required", Bool),
                ]
            }
        }
        Kind::MediaType => {
            const {
                &[
                    SCHEMA,
                    EXAMPLE,
                    EXAMPLES,
                    optional("encoding", Map(&Object(Kind::Encoding))),
                ]
            }
        }
        Kind::Encoding => {
            const {
                &[
                    optional("contentType", Text),
                    HEADERS,
                    optional("style", STYLE),
                    optional("explode", Bool),
                    optional("allowReserved", Bool),
                ]
            }
        }
        Kind::Response => {
            const {
                &[
                    required("description", Text),
                    HEADERS,
                    optional("content", CONTENT),
                    optional("links", Map(&RefOr(Kind::Link))),
                ]
            }
        }
        Kind::Example => {
            const {
                &[
                    optional("summary", Text),
                    DESCRIPTION,
                    optional("value", Any),
                    optional("externalValue", Text),
                ]
            }
        }
        Kind::Link => {
            const {
                &[
                    optional("operationRef", Text),
                    optional("operationId", Text),
                    optional("parameters", Map(&Any)),
                    optional("requestBody", Any),
                    DESCRIPTION,
                    optional("server", Object(Kind::Server)),
                ]
            }
        }
        Kind::Header => {
            const {
                &[
                    DESCRIPTION,
                    optional("required", Bool),
                    DEPRECATED,
                    optional("allowEmptyValue", Bool),
                    optional("style", Word(&["simple"])),
                    optional("explode", Bool),
                    optional("allowReserved", Bool),
                    SCHEMA,
                    EXAMPLE,
                    EXAMPLES,
                    optional("content", CONTENT),
                ]
            }
        }
        Kind::Tag => const { &[required("name", Text), DESCRIPTION, EXTERNAL_DOCS] },
        Kind::Reference => const { &[required("$ref", Text)] },
        Kind::Schema => SCHEMA_FIELDS,
        Kind::Discriminator => {
            const {
                &[
                    required("propertyName", Text),
                    optional("mapping", Map(&Text)),
                ]
            }
        }
        Kind::Xml => {
            const {
                &[
                    optional("name", Text),
                    optional("namespace", Text),
                    optional("prefix", Text),
                    optional("attribute", Bool),
                    optional("wrapped", Bool),
                ]
            }
        }
        Kind::SecurityScheme => {
            const {
                &[
                    required("type", Word(&["apiKey", "http", "oauth2", "openIdConnect"])),
                    DESCRIPTION,
                    optional("name", Text),
                    optional("in", Word(&["query", "header", "cookie"])),
                    optional("scheme", Text),
                    optional("bearerFormat", Text),
                    optional("flows", Object(Kind::OAuthFlows)),
                    optional("openIdConnectUrl", Text),
                ]
            }
        }
        Kind::OAuthFlows => {
            const {
                &[
                    optional("implicit", Object(Kind::OAuthFlow)),
                    optional("password", Object(Kind::OAuthFlow)),
                    optional("clientCredentials", Object(Kind::OAuthFlow)),
                    optional("authorizationCode", Object(Kind::OAuthFlow)),
                ]
            }
        }
        Kind::OAuthFlow => {
            const {
                &[
                    optional("authorizationUrl", Text),
                    optional("tokenUrl", Text),
                    optional("refreshUrl", Text),
                    required("scopes", Map(&Text)),
                ]
            }
        }
        Kind::Paths | Kind::Responses | Kind::Callback | Kind::SecurityRequirement => const { &[] },
    }
}

const SCHEMA_FIELDS: &[Field] = &[
    optional("title", Text),
    optional("multipleOf", Number),
    optional("maximum", Number),
    optional("exclusiveMaximum", Bool),
    optional("minimum", Number),
    optional("exclusiveMinimum", Bool),
    optional("maxLength", Integer),
    optional("minLength", Integer),
    optional("pattern", Text),
    optional("maxItems", Integer),
    optional("minItems", Integer),
    optional("uniqueItems", Bool),
    optional("maxProperties", Integer),
    optional("minProperties", Integer),
    optional("required", List(&Text)),
    optional("enum", List(&Any)),
    optional(
        "type",
        Word(&["array", "boolean", "integer", "number", "object", "string"]),
    ),
    optional("not", RefOr(Kind::Schema)),
    optional("allOf", List(&RefOr(Kind::Schema))),
    optional("oneOf", List(&RefOr(Kind::Schema))),
    optional("anyOf", List(&RefOr(Kind::Schema))),
    optional("items", RefOr(Kind::Schema)),
    optional("properties", Map(&RefOr(Kind::Schema))),
    optional("additionalProperties", BoolOrSchema),
    DESCRIPTION,
    optional("format", Text),
    optional("default", Any),
    optional("nullable", Bool),
    optional("discriminator", Object(Kind::Discriminator)),
    optional("readOnly", Bool),
    optional("writeOnly", Bool),
    EXAMPLE,
    EXTERNAL_DOCS,
    DEPRECATED,
    optional("xml", Object(Kind::Xml)),
];

/// One object of the format, where the walk met it.
#[derive(Debug, Clone)]
pub struct ObjectRef<'a> {
    /// What it is.
    pub kind: Kind,
    /// What belongs in its place: as `kind`, save for a reference, which stands for another object.
    pub expected_kind: Kind,
    /// The JSON Pointer to it, without `#`.
    pub pointer: String,
    /// The place of its name, or of itself where it has none.
    pub position: Position,
    /// The object.
    pub node: &'a Node,
}

/// Every object of the format in `root`, in the order of the text, and what does not fit it.
#[must_use]
pub fn walk(root: &Node) -> (Vec<ObjectRef<'_>>, Vec<Diagnostic>) {
    let mut objects = Vec::new();
    let diagnostics = Walk::through(root, Some(&mut objects));
    (objects, diagnostics)
}

/// What does not fit the format in `root`, as [`walk`] finds it.
#[must_use]
pub fn faults(root: &Node) -> Vec<Diagnostic> {
    Walk::through(root, None)
}

struct Walk<'w, 'a> {
    /// None when objects are not asked for: a large document has many, each with its pointer.
    objects: Option<&'w mut Vec<ObjectRef<'a>>>,
    diagnostics: Vec<Diagnostic>,
    pointer: String,
}

impl<'w, 'a> Walk<'w, 'a> {
    fn through(root: &'a Node, objects: Option<&'w mut Vec<ObjectRef<'a>>>) -> Vec<Diagnostic> {
        let mut walk = Walk {
            objects,
            diagnostics: Vec::new(),
            pointer: String::new(),
        };
        walk.object(Kind::OpenApi, Kind::OpenApi, root, root.position);
        walk.diagnostics
    }

    fn report(&mut self, rule: &'static str, position: Position, message: String) {
        self.diagnostics
            .push(Diagnostic::new(rule, position, message));
    }

    fn within(&mut self, token: &str, step: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&pointer_token(token));
        step(self);
        self.pointer.truncate(length);
    }

    fn name(&self) -> &str {
        self.pointer.rsplit('/').next().unwrap_or_default()
    }

    fn wrong(&mut self, node: &Node, expected: &str) {
        let what = match self.name() {
            "" => "the contract".to_owned(),
            name => format!("`{name}`"),
        };
        let message = format!("{what} must be {expected}, and is {}", node.kind());
        self.report("wrong-type", node.position, message);
    }

    fn value(&mut self, r#type: &'static Type, node: &'a Node, key: Position) {
        match r#type {
            Any => {}
            Bool => self.check(matches!(node.value, Value::Bool(_)), node, "true or false"),
            Integer => {
                let fits = matches!(node.value, Value::Integer(value) if value >= 0);
                self.check(fits, node, "a whole number, zero or more");
            }
            Number => {
                let fits = matches!(node.value, Value::Integer(_) | Value::Float(_));
                self.check(fits, node, "a number");
            }
            Text => self.check(node.as_str().is_some(), node, "text"),
            Word(words) => self.word(words, node),
            Object(kind) => self.object(*kind, *kind, node, key),
            RefOr(expected_kind) => {
                let kind = if node.get("$ref").is_some() {
                    Kind::Reference
                } else {
                    *expected_kind
                };
                self.object(kind, *expected_kind, node, key);
            }
            BoolOrSchema => {
                if !matches!(node.value, Value::Bool(_)) {
                    self.value(&RefOr(Kind::Schema), node, key);
                }
            }
            List(item) => {
                self.check(node.as_sequence().is_some(), node, "a list");
                for (index, node) in node.items().enumerate() {
                    self.within(&index.to_string(), |walk| {
                        walk.value(item, node, node.position);
                    });
                }
            }
            Map(item) => {
                self.check(node.as_mapping().is_some(), node, "a mapping");
                for (name, entry) in node.entries() {
                    self.within(name, |walk| walk.value(item, &entry.node, entry.key));
                }
            }
        }
    }

    fn check(&mut self, fits: bool, node: &Node, expected: &str) {
        if !fits {
            self.wrong(node, expected);
        }
    }

    fn word(&mut self, words: &[&str], node: &Node) {
        let listed = words.join(", ");
        match node.as_str() {
            Some(word) if words.contains(&word) => {}
            Some(word) => {
                let message = format!(
                    "`{}` is `{word}`, which OpenAPI 3.0 does not know; use one of {listed}",
                    self.name()
                );
                self.report("unknown-word", node.position, message);
            }
            None if self.name() == "type" && node.as_sequence().is_some() => self.report(
                "wrong-type",
                node.position,
                "`type` is a list, which OpenAPI 3.0 does not know; name one type, and add \
                 `nullable: true` where null is allowed"
                    .to_owned(),
            ),
            None => self.wrong(node, &format!("one of {listed}")),
        }
    }

    fn object(&mut self, kind: Kind, expected_kind: Kind, node: &'a Node, key: Position) {
        if node.as_mapping().is_none() {
            self.wrong(node, &format!("a mapping ({kind:?} object)"));
            return;
        }
        if let Some(objects) = &mut self.objects {
            objects.push(ObjectRef {
                kind,
                expected_kind,
                pointer: self.pointer.clone(),
                position: key,
                node,
            });
        }
        match kind {
            Kind::Paths => self.named(node, "a path that starts with `/`", |name| {
                name.starts_with('/').then_some(&Object(Kind::PathItem))
            }),
            Kind::Responses => self.named(node, "a status code, `4XX` or `default`", |name| {
                is_status(name).then_some(&RefOr(Kind::Response))
            }),
            Kind::Callback => self.named(node, "", |_| Some(&Object(Kind::PathItem))),
            Kind::SecurityRequirement => self.named(node, "", |_| Some(&List(&Text))),
            // OpenAPI 3.0 ignores whatever stands beside a `$ref`; `cargo xtask lint` says so.
            Kind::Reference => {
                if let Some(entry) = node.entry("$ref") {
                    self.within("$ref", |walk| walk.value(&Text, &entry.node, entry.key));
                }
            }
            _ => self.fields(kind, node, key),
        }
    }

    /// The entries of an object whose names are free within a pattern.
    fn named(
        &mut self,
        node: &'a Node,
        expected: &str,
        r#type: impl Fn(&str) -> Option<&'static Type>,
    ) {
        for (name, entry) in node.entries() {
            if name.starts_with("x-") {
                continue;
            }
            match r#type(name) {
                Some(r#type) => {
                    self.within(name, |walk| walk.value(r#type, &entry.node, entry.key));
                }
                None => self.report(
                    "unknown-field",
                    entry.key,
                    format!("`{name}` must be {expected}"),
                ),
            }
        }
    }

    fn fields(&mut self, kind: Kind, node: &'a Node, key: Position) {
        let fields = fields(kind);
        for (name, entry) in node.entries() {
            if name.starts_with("x-") {
                continue;
            }
            let method = kind == Kind::PathItem && METHODS.contains(&name);
            let r#type = match fields.iter().find(|field| field.name == name) {
                Some(field) => Some(&field.r#type),
                None => method.then_some(&Object(Kind::Operation)),
            };
            match r#type {
                Some(r#type) => self.within(name, |walk| {
                    walk.value(r#type, &entry.node, entry.key);
                }),
                None => self.report(
                    "unknown-field",
                    entry.key,
                    format!(
                        "a {kind:?} object of OpenAPI 3.0 has no field `{name}`; correct the name, \
                         or start it with `x-`"
                    ),
                ),
            }
        }
        for field in fields {
            if field.required && node.get(field.name).is_none() {
                let message = match self.name() {
                    "" => format!("the contract has no `{}`; add it", field.name),
                    name => format!(
                        "`{}` has no `{}`, which OpenAPI 3.0 requires of a {kind:?} object; add it",
                        name.replace("~1", "/"),
                        field.name
                    ),
                };
                self.report("missing-field", key, message);
            }
        }
        let missing = match kind {
            Kind::Parameter | Kind::Header => {
                let described = ["schema", "content"]
                    .iter()
                    .any(|name| node.get(name).is_some());
                (!described).then_some("`schema` or `content`, which say what its values are")
            }
            Kind::SecurityScheme => {
                let fields: &[_] = match node.get("type").and_then(Node::as_str) {
                    Some("apiKey") => &["`name`", "`in`"],
                    Some("http") => &["`scheme`"],
                    Some("oauth2") => &["`flows`"],
                    Some("openIdConnect") => &["`openIdConnectUrl`"],
                    _ => &[],
                };
                let missing = |field: &&&str| node.get(field.trim_matches('`')).is_none();
                fields.iter().find(missing).copied()
            }
            _ => None,
        };
        if let Some(missing) = missing {
            let message = format!(
                "`{}` has no {missing}; add it",
                self.name().replace("~1", "/")
            );
            self.report("missing-field", key, message);
        }
    }
}

fn is_status(name: &str) -> bool {
    let bytes = name.as_bytes();
    name == "default"
        || (bytes.len() == 3
            && matches!(bytes[0], b'1'..=b'5')
            && (name.ends_with("XX") || bytes[1..].iter().all(u8::is_ascii_digit)))
}
