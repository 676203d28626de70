//! The OpenAPI 3.0 format as a table, and the walk that holds a contract against it.
//!
//! The walk finds what is missing, unknown or of the wrong type, and hands every object of the
//! format to the caller with its kind, so that rules need not know where such objects can stand.
//! Rules about meaning live in `lint`.

use crate::finding::Finding;
use crate::node::{Node, Position, Value, pointer_token};

/// The kinds of object that OpenAPI 3.0 knows.
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

const fn may(name: &'static str, r#type: Type) -> Field {
    Field {
        name,
        required: false,
        r#type,
    }
}

const fn must(name: &'static str, r#type: Type) -> Field {
    Field {
        name,
        required: true,
        r#type,
    }
}

use Type::{Any, Bool, BoolOrSchema, Integer, List, Map, Number, Object, RefOr, Text, Word};

const DESCRIPTION: Field = may("description", Text);
const DEPRECATED: Field = may("deprecated", Bool);
const EXTERNAL_DOCS: Field = may("externalDocs", Object(Kind::ExternalDocs));
const SERVERS: Field = may("servers", List(&Object(Kind::Server)));
const SECURITY: Field = may("security", List(&Object(Kind::SecurityRequirement)));
const PARAMETERS: Field = may("parameters", List(&RefOr(Kind::Parameter)));
const SCHEMA: Field = may("schema", RefOr(Kind::Schema));
const EXAMPLE: Field = may("example", Any);
const EXAMPLES: Field = may("examples", Map(&RefOr(Kind::Example)));
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
const HEADERS: Field = may("headers", Map(&RefOr(Kind::Header)));

/// The fields of an object of `kind`; none for those whose names are free.
#[expect(clippy::too_many_lines, reason = "a table")]
fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::OpenApi => {
            const {
                &[
                    must("openapi", Text),
                    must("info", Object(Kind::Info)),
                    SERVERS,
                    must("paths", Object(Kind::Paths)),
                    may("components", Object(Kind::Components)),
                    SECURITY,
                    may("tags", List(&Object(Kind::Tag))),
                    EXTERNAL_DOCS,
                ]
            }
        }
        Kind::Info => {
            const {
                &[
                    must("title", Text),
                    DESCRIPTION,
                    may("termsOfService", Text),
                    may("contact", Object(Kind::Contact)),
                    may("license", Object(Kind::License)),
                    must("version", Text),
                ]
            }
        }
        Kind::Contact => const { &[may("name", Text), may("url", Text), may("email", Text)] },
        Kind::License => const { &[must("name", Text), may("url", Text)] },
        Kind::Server => {
            const {
                &[
                    must("url", Text),
                    DESCRIPTION,
                    may("variables", Map(&Object(Kind::ServerVariable))),
                ]
            }
        }
        Kind::ServerVariable => {
            const { &[may("enum", List(&Text)), must("default", Text), DESCRIPTION] }
        }
        Kind::Components => {
            const {
                &[
                    may("schemas", Map(&RefOr(Kind::Schema))),
                    may("responses", Map(&RefOr(Kind::Response))),
                    may("parameters", Map(&RefOr(Kind::Parameter))),
                    EXAMPLES,
                    may("requestBodies", Map(&RefOr(Kind::RequestBody))),
                    HEADERS,
                    may("securitySchemes", Map(&RefOr(Kind::SecurityScheme))),
                    may("links", Map(&RefOr(Kind::Link))),
                    may("callbacks", Map(&RefOr(Kind::Callback))),
                ]
            }
        }
        Kind::PathItem => {
            const {
                &[
                    may("$ref", Text),
                    may("summary", Text),
                    DESCRIPTION,
                    may("get", Object(Kind::Operation)),
                    may("put", Object(Kind::Operation)),
                    may("post", Object(Kind::Operation)),
                    may("delete", Object(Kind::Operation)),
                    may("options", Object(Kind::Operation)),
                    may("head", Object(Kind::Operation)),
                    may("patch", Object(Kind::Operation)),
                    may("trace", Object(Kind::Operation)),
                    SERVERS,
                    PARAMETERS,
                ]
            }
        }
        Kind::Operation => {
            const {
                &[
                    may("tags", List(&Text)),
                    may("summary", Text),
                    DESCRIPTION,
                    EXTERNAL_DOCS,
                    may("operationId", Text),
                    PARAMETERS,
                    may("requestBody", RefOr(Kind::RequestBody)),
                    must("responses", Object(Kind::Responses)),
                    may("callbacks", Map(&RefOr(Kind::Callback))),
                    DEPRECATED,
                    SECURITY,
                    SERVERS,
                ]
            }
        }
        Kind::ExternalDocs => const { &[DESCRIPTION, must("url", Text)] },
        Kind::Parameter => {
            const {
                &[
                    must("name", Text),
                    must("in", Word(&["query", "header", "path", "cookie"])),
                    DESCRIPTION,
                    may("required", Bool),
                    DEPRECATED,
                    may("allowEmptyValue", Bool),
                    may("style", STYLE),
                    may("explode", Bool),
                    may("allowReserved", Bool),
                    SCHEMA,
                    EXAMPLE,
                    EXAMPLES,
                    may("content", CONTENT),
                ]
            }
        }
        Kind::RequestBody => {
            const { &[DESCRIPTION, must("content", CONTENT), may("required", Bool)] }
        }
        Kind::MediaType => {
            const {
                &[
                    SCHEMA,
                    EXAMPLE,
                    EXAMPLES,
                    may("encoding", Map(&Object(Kind::Encoding))),
                ]
            }
        }
        Kind::Encoding => {
            const {
                &[
                    may("contentType", Text),
                    HEADERS,
                    may("style", STYLE),
                    may("explode", Bool),
                    may("allowReserved", Bool),
                ]
            }
        }
        Kind::Response => {
            const {
                &[
                    must("description", Text),
                    HEADERS,
                    may("content", CONTENT),
                    may("links", Map(&RefOr(Kind::Link))),
                ]
            }
        }
        Kind::Example => {
            const {
                &[
                    may("summary", Text),
                    DESCRIPTION,
                    may("value", Any),
                    may("externalValue", Text),
                ]
            }
        }
        Kind::Link => {
            const {
                &[
                    may("operationRef", Text),
                    may("operationId", Text),
                    may("parameters", Map(&Any)),
                    may("requestBody", Any),
                    DESCRIPTION,
                    may("server", Object(Kind::Server)),
                ]
            }
        }
        Kind::Header => {
            const {
                &[
                    DESCRIPTION,
                    may("required", Bool),
                    DEPRECATED,
                    may("allowEmptyValue", Bool),
                    may("style", Word(&["simple"])),
                    may("explode", Bool),
                    may("allowReserved", Bool),
                    SCHEMA,
                    EXAMPLE,
                    EXAMPLES,
                    may("content", CONTENT),
                ]
            }
        }
        Kind::Tag => const { &[must("name", Text), DESCRIPTION, EXTERNAL_DOCS] },
        Kind::Reference => const { &[must("$ref", Text)] },
        Kind::Schema => SCHEMA_FIELDS,
        Kind::Discriminator => const { &[must("propertyName", Text), may("mapping", Map(&Text))] },
        Kind::Xml => {
            const {
                &[
                    may("name", Text),
                    may("namespace", Text),
                    may("prefix", Text),
                    may("attribute", Bool),
                    may("wrapped", Bool),
                ]
            }
        }
        Kind::SecurityScheme => {
            const {
                &[
                    must("type", Word(&["apiKey", "http", "oauth2", "openIdConnect"])),
                    DESCRIPTION,
                    may("name", Text),
                    may("in", Word(&["query", "header", "cookie"])),
                    may("scheme", Text),
                    may("bearerFormat", Text),
                    may("flows", Object(Kind::OAuthFlows)),
                    may("openIdConnectUrl", Text),
                ]
            }
        }
        Kind::OAuthFlows => {
            const {
                &[
                    may("implicit", Object(Kind::OAuthFlow)),
                    may("password", Object(Kind::OAuthFlow)),
                    may("clientCredentials", Object(Kind::OAuthFlow)),
                    may("authorizationCode", Object(Kind::OAuthFlow)),
                ]
            }
        }
        Kind::OAuthFlow => {
            const {
                &[
                    may("authorizationUrl", Text),
                    may("tokenUrl", Text),
                    may("refreshUrl", Text),
                    must("scopes", Map(&Text)),
                ]
            }
        }
        Kind::Paths | Kind::Responses | Kind::Callback | Kind::SecurityRequirement => const { &[] },
    }
}

const SCHEMA_FIELDS: &[Field] = &[
    may("title", Text),
    may("multipleOf", Number),
    may("maximum", Number),
    may("exclusiveMaximum", Bool),
    may("minimum", Number),
    may("exclusiveMinimum", Bool),
    may("maxLength", Integer),
    may("minLength", Integer),
    may("pattern", Text),
    may("maxItems", Integer),
    may("minItems", Integer),
    may("uniqueItems", Bool),
    may("maxProperties", Integer),
    may("minProperties", Integer),
    may("required", List(&Text)),
    may("enum", List(&Any)),
    may(
        "type",
        Word(&["array", "boolean", "integer", "number", "object", "string"]),
    ),
    may("not", RefOr(Kind::Schema)),
    may("allOf", List(&RefOr(Kind::Schema))),
    may("oneOf", List(&RefOr(Kind::Schema))),
    may("anyOf", List(&RefOr(Kind::Schema))),
    may("items", RefOr(Kind::Schema)),
    may("properties", Map(&RefOr(Kind::Schema))),
    may("additionalProperties", BoolOrSchema),
    DESCRIPTION,
    may("format", Text),
    may("default", Any),
    may("nullable", Bool),
    may("discriminator", Object(Kind::Discriminator)),
    may("readOnly", Bool),
    may("writeOnly", Bool),
    EXAMPLE,
    EXTERNAL_DOCS,
    DEPRECATED,
    may("xml", Object(Kind::Xml)),
];

/// One object of the format, where the walk met it.
#[derive(Debug, Clone)]
pub struct Located<'a> {
    /// What it is.
    pub kind: Kind,
    /// What belongs in its place: as `kind`, save for a reference, which stands for another object.
    pub stands_for: Kind,
    /// The JSON Pointer to it, without `#`.
    pub pointer: String,
    /// The place of its name, or of itself where it has none.
    pub position: Position,
    /// The object.
    pub node: &'a Node,
}

/// Every object of the format in `root`, in the order of the text, and what does not fit it.
#[must_use]
pub fn walk(root: &Node) -> (Vec<Located<'_>>, Vec<Finding>) {
    let mut walk = Walk {
        objects: Vec::new(),
        findings: Vec::new(),
        pointer: String::new(),
    };
    walk.object(Kind::OpenApi, Kind::OpenApi, root, root.position);
    (walk.objects, walk.findings)
}

struct Walk<'a> {
    objects: Vec<Located<'a>>,
    findings: Vec<Finding>,
    pointer: String,
}

impl<'a> Walk<'a> {
    fn report(&mut self, rule: &'static str, position: Position, message: String) {
        self.findings.push(Finding::new(rule, position, message));
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
            RefOr(stands_for) => {
                let kind = if node.get("$ref").is_some() {
                    Kind::Reference
                } else {
                    *stands_for
                };
                self.object(kind, *stands_for, node, key);
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

    fn object(&mut self, kind: Kind, stands_for: Kind, node: &'a Node, key: Position) {
        if node.as_mapping().is_none() {
            self.wrong(node, &format!("a mapping ({kind:?} object)"));
            return;
        }
        self.objects.push(Located {
            kind,
            stands_for,
            pointer: self.pointer.clone(),
            position: key,
            node,
        });
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
            match fields.iter().find(|field| field.name == name) {
                Some(field) => self.within(name, |walk| {
                    walk.value(&field.r#type, &entry.node, entry.key);
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
