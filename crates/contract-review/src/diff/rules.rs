//! Every rule of `diff`: its name, what it means to each reader, why, and one example pair. This
//! table is the only place that knows levels.
//!
//! How the levels are meant:
//!
//! - For **callers** of the HTTP API, what is sent and what is received count in opposite ways. To
//!   accept less is breaking in a request; to answer with more is breaking in a response, because a
//!   strict client refuses what it does not know. What is used both ways gets the worse of the two.
//!   In a callback the service sends the request, so that a caller receives it and sends the response.
//! - For users of the **Rust SDK**, a level says whether a program still compiles and still sends
//!   and reads the same. The SDK's enumerations are open and it checks no bounds, so neither breaks
//!   it. Its structs are `#[non_exhaustive]`, so a new property does not break them; it is risky all the
//!   same, since the property is no longer in `extra`.
//!   What the SDK has no type for (errors, headers, media types beside JSON) is safe.
//! - For readers of the **prose**, breaking means that what the words name is gone, or that a
//!   program written by the old words now fails; risky means that words, examples or limits
//!   changed, which a reviewer has to judge; safe means that what was written still holds.

use std::fmt::Write;

use super::model::{Impact, Level};

/// One rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, in `kebab-case`. Stable: ignore files and searches go by it.
    pub name: &'static str,
    /// The name of the rule that the same change breaks when it is taken back.
    pub reverse: &'static str,
    /// What it means for something that is sent.
    pub request: Impact,
    /// What it means for something that is received. The same where direction has no say.
    pub response: Impact,
    /// Whether it is about which values are valid, so that it means nothing to callers whose values
    /// are proven to stay valid.
    pub about_values: bool,
    /// Why the levels are what they are, or what to think of.
    pub why: &'static str,
    /// The rule broken once.
    pub example: Example,
}

/// Two contracts that differ in one rule, as the part that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// Where the part stands; see [`document`].
    pub slot: Slot,
    /// The part before.
    pub old: &'static str,
    /// The part after.
    pub new: &'static str,
}

/// The places of a small contract that the parts of examples are put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Fields of the whole contract.
    Document,
    /// Entries of `paths`.
    Paths,
    /// Fields of one operation.
    Operation,
    /// Entries of an operation's `responses`.
    Responses,
    /// The schema of a request's body.
    Request,
    /// The schema of a successful response's body.
    Response,
    /// Entries of `components.schemas`, where `Thing` is the body of the request.
    Schemas,
}

/// The contract that holds `part` at `slot`.
///
/// # Examples
///
/// ```
/// use contract_review::diff::rules::{Slot, document};
///
/// let contract = document(Slot::Request, "{type: string}");
/// assert!(contract.contains("schema: {type: string}"));
/// ```
#[must_use]
pub fn document(slot: Slot, part: &str) -> String {
    const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Things, version: '1'}\n";
    const DONE: &str = "'204': {description: Done.}";
    let operation = |fields: &str| {
        format!("{HEAD}paths:\n  /things:\n    post: {{operationId: makeThing, {fields}}}\n")
    };
    let body = |schema: &str| format!("{{content: {{application/json: {{schema: {schema}}}}}}}");
    match slot {
        Slot::Document => format!("{part}\npaths: {{}}\n"),
        Slot::Paths => format!("{HEAD}paths: {{{part}}}\n"),
        Slot::Operation => operation(&format!("{part}responses: {{{DONE}}}")),
        Slot::Responses => operation(&format!("responses: {{{part}}}")),
        Slot::Request => operation(&format!(
            "requestBody: {},\n      responses: {{{DONE}}}",
            body(part)
        )),
        Slot::Response => operation(&format!(
            "responses: {{'200': {{description: Done.,\n      content: {{application/json: {{schema: {part}}}}}}}}}"
        )),
        Slot::Schemas => {
            let post = operation(&format!(
                "requestBody: {}, responses: {{{DONE}}}",
                body("{$ref: '#/components/schemas/Thing'}")
            ));
            format!("{post}components: {{schemas: {{{part}}}}}\n")
        }
    }
}

/// The rule called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name == name)
}

/// Every rule and its levels, as a table in Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from("| rule | callers | SDK | prose | why |\n|---|---|---|---|---|\n");
    for rule in ALL {
        let cells = super::model::Audience::ALL.map(|reader| {
            let (request, response) = (rule.request.of(reader), rule.response.of(reader));
            if request == response {
                request.word().to_owned()
            } else {
                format!("{request} sent, {response} received")
            }
        });
        let Rule { name, why, .. } = rule;
        // Writing to a string cannot fail.
        writeln!(text, "| `{name}` | {} | {why} |", cells.join(" | ")).ok();
    }
    text
}

const B: Level = Level::Breaking;
const R: Level = Level::Risky;
const S: Level = Level::Safe;

/// Callers, SDK, prose.
const fn levels(levels: [Level; 3]) -> Impact {
    let [callers, sdk, prose] = levels;
    Impact {
        callers,
        sdk,
        prose,
    }
}

macro_rules! rules {
    ($(
        $id:ident $name:literal <=> $reverse:literal $(($values:ident))?:
        $request:expr $(, received $response:expr)?;
        $slot:ident $old:literal => $new:literal;
        $why:literal
    )*) => {
        $(
            #[doc = $why]
            pub const $id: &Rule = &Rule {
                name: $name,
                reverse: $reverse,
                request: levels($request),
                response: rules!(@response $request $(, $response)?),
                about_values: rules!(@values $($values)?),
                why: $why,
                example: Example { slot: Slot::$slot, old: $old, new: $new },
            };
        )*
        /// Every rule, in the order of the table.
        pub const ALL: &[&Rule] = &[$($id),*];
    };
    (@values) => { false };
    (@values values) => { true };
    (@response $request:expr) => { levels($request) };
    (@response $request:expr, $response:expr) => { levels($response) };
}

rules! {
    // ---- the whole contract -----------------------------------------------------------------

    OPENAPI_VERSION_CHANGED "openapi-version-changed" <=> "openapi-version-changed": [R, R, S];
    Document "openapi: 3.0.2\ninfo: {title: Things, version: '1'}" => "openapi: 3.0.3\ninfo: {title: Things, version: '1'}";
    "Another version of the format may read the same words in another way."

    VERSION_CHANGED "version-changed" <=> "version-changed": [S, S, S];
    Document "openapi: 3.0.3\ninfo: {title: Things, version: '1'}" => "openapi: 3.0.3\ninfo: {title: Things, version: '2'}";
    "The version of the contract is a label."

    SERVER_ADDED "server-added" <=> "server-removed": [S, S, S];
    Document "openapi: 3.0.3\nservers: [{url: 'https://a'}]" => "openapi: 3.0.3\nservers: [{url: 'https://a'}, {url: 'https://b'}]";
    "The servers known before still answer."

    SERVER_REMOVED "server-removed" <=> "server-added": [B, R, B];
    Document "openapi: 3.0.3\nservers: [{url: 'https://a'}, {url: 'https://b'}]" => "openapi: 3.0.3\nservers: [{url: 'https://a'}]";
    "Requests to it fail. The base URL of the SDK is written by hand: check it."

    SERVER_CHANGED "server-changed" <=> "server-changed": [B, R, B];
    Document "openapi: 3.0.3\nservers: [{url: 'https://a'}]" => "openapi: 3.0.3\nservers: [{url: 'https://b'}]";
    "Requests to the old URL may fail. The base URL of the SDK is written by hand: check it."

    DEFAULT_SERVER_CHANGED "default-server-changed" <=> "default-server-changed": [R, S, R];
    Document "openapi: 3.0.3\nservers: [{url: 'https://a'}, {url: 'https://b'}]" => "openapi: 3.0.3\nservers: [{url: 'https://b'}, {url: 'https://a'}]";
    "Clients that take the first server, as most do, reach another one."

    SERVER_VARIABLE_CHANGED "server-variable-changed" <=> "server-variable-changed": [R, S, R];
    Document "openapi: 3.0.3\nservers: [{url: '/{v}', variables: {v: {default: a}}}]" => "openapi: 3.0.3\nservers: [{url: '/{v}', variables: {v: {default: b}}}]";
    "A client that relies on a default or on a listed value may reach another server."

    TAG_ADDED "tag-added" <=> "tag-removed": [S, S, S];
    Document "openapi: 3.0.3\ntags: []" => "openapi: 3.0.3\ntags: [{name: things}]";
    "Tags group operations for reading."

    TAG_REMOVED "tag-removed" <=> "tag-added": [S, S, S];
    Document "openapi: 3.0.3\ntags: [{name: things}]" => "openapi: 3.0.3\ntags: []";
    "Tags group operations for reading."

    SECURITY_SCHEME_ADDED "security-scheme-added" <=> "security-scheme-removed": [S, S, S];
    Document "openapi: 3.0.3\ncomponents: {securitySchemes: {}}" => "openapi: 3.0.3\ncomponents: {securitySchemes: {token: {type: http, scheme: bearer}}}";
    "A scheme means nothing until an operation requires it, which is reported there."

    SECURITY_SCHEME_REMOVED "security-scheme-removed" <=> "security-scheme-added": [S, S, S];
    Document "openapi: 3.0.3\ncomponents: {securitySchemes: {token: {type: http, scheme: bearer}}}" => "openapi: 3.0.3\ncomponents: {securitySchemes: {}}";
    "A scheme means nothing until an operation requires it, which is reported there."

    SECURITY_SCHEME_CHANGED "security-scheme-changed" <=> "security-scheme-changed": [B, R, B];
    Document "openapi: 3.0.3\ncomponents: {securitySchemes: {token: {type: http, scheme: bearer}}}" => "openapi: 3.0.3\ncomponents: {securitySchemes: {token: {type: http, scheme: basic}}}";
    "Credentials are presented in another way. The SDK's way is written by hand: check it."

    SECURITY_SCHEME_EXTENDED "security-scheme-extended" <=> "security-scheme-reduced": [S, S, S];
    Document "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: /a, scopes: {}}}}}}" => "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: /a, refreshUrl: /b, scopes: {}}}}}}";
    "What clients do to obtain credentials still works."

    SECURITY_SCHEME_REDUCED "security-scheme-reduced" <=> "security-scheme-extended": [B, R, B];
    Document "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: /a, refreshUrl: /b, scopes: {}}}}}}" => "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: /a, scopes: {}}}}}}";
    "Clients that obtain credentials in this way no longer can. The SDK's way is written by hand: check it."

    OAUTH_SCOPE_ADDED "oauth-scope-added" <=> "oauth-scope-removed": [S, S, S];
    Document "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: /a, scopes: {}}}}}}" => "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: /a, scopes: {read: Read.}}}}}}";
    "A scope means nothing until an operation requires it, which is reported there."

    OAUTH_SCOPE_REMOVED "oauth-scope-removed" <=> "oauth-scope-added": [B, R, B];
    Document "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: /a, scopes: {read: Read.}}}}}}" => "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: /a, scopes: {}}}}}}";
    "An application that asks for the scope is refused."

    UPDATE_OF_CHANGED "update-of-changed" <=> "update-of-changed": [R, B, S];
    Schemas "Thing: {type: object, required: [a], properties: {a: {type: string}}, x-update-of: Other}, Other: {type: object, properties: {a: {type: string}}}" => "Thing: {type: object, required: [a], properties: {a: {type: string}}}, Other: {type: object, properties: {a: {type: string}}}";
    "The SDK has facts about updates for such a schema, and each of its properties is an `Option`, which required ones otherwise are not."

    UPDATE_FACT_CHANGED "update-fact-changed" <=> "update-fact-changed": [R, R, S];
    Schemas "Thing: {type: object, properties: {a: {type: string}}, x-update-of: Other, x-null-clears: [a]}, Other: {type: object, properties: {a: {type: string}}}" => "Thing: {type: object, properties: {a: {type: string}}, x-update-of: Other}, Other: {type: object, properties: {a: {type: string}}}";
    "The SDK sends and compares updates by these facts."

    EXTENSION_ADDED "extension-added" <=> "extension-removed": [R, S, S];
    Operation "" => "x-internal: true, ";
    "Only the tools that know an extension can tell what it means. The SDK does not know this one."

    EXTENSION_REMOVED "extension-removed" <=> "extension-added": [R, S, S];
    Operation "x-internal: true, " => "";
    "Only the tools that know an extension can tell what it means. The SDK does not know this one."

    EXTENSION_CHANGED "extension-changed" <=> "extension-changed": [R, S, S];
    Operation "x-internal: true, " => "x-internal: false, ";
    "Only the tools that know an extension can tell what it means. The SDK does not know this one."

    FIELD_CHANGED "field-changed" <=> "field-changed": [R, S, R];
    Operation "colour: red, " => "colour: blue, ";
    "OpenAPI 3.0 gives this no meaning that can be judged here: read it."

    REFERENCE_UNRESOLVED "reference-unresolved" <=> "reference-unresolved": [R, R, R];
    Request "{$ref: '#/components/schemas/A'}" => "{type: string}";
    "What it should lead to is not there, so that nothing can be compared. `cargo xtask lint` tells more."

    // ---- prose ------------------------------------------------------------------------------

    PROSE_ADDED "prose-added" <=> "prose-removed": [S, S, R];
    Operation "" => "description: Administrators only., ";
    "New words may hold a rule that was not written before."

    PROSE_REMOVED "prose-removed" <=> "prose-added": [S, S, R];
    Operation "description: Administrators only., " => "";
    "A rule may be given up, or just no longer be written."

    PROSE_CHANGED "prose-changed" <=> "prose-changed": [S, S, R];
    Operation "description: Administrators only., " => "description: Administrators and owners only., ";
    "This service has changed its rules in prose alone: read it."

    EXAMPLE_ADDED "example-added" <=> "example-removed": [S, S, S];
    Request "{type: string}" => "{type: string, example: a}";
    "An example shows what the rules say anyway."

    EXAMPLE_REMOVED "example-removed" <=> "example-added": [S, S, S];
    Request "{type: string, example: a}" => "{type: string}";
    "An example shows what the rules say anyway."

    EXAMPLE_CHANGED "example-changed" <=> "example-changed": [S, S, R];
    Request "{type: string, example: a}" => "{type: string, example: b}";
    "People copy examples: see whether the old one is still right."

    DEPRECATED_ADDED "deprecated-added" <=> "deprecated-removed": [R, S, R];
    Operation "" => "deprecated: true, ";
    "It still works, and is going to be removed."

    DEPRECATED_REMOVED "deprecated-removed" <=> "deprecated-added": [S, S, S];
    Operation "deprecated: true, " => "";
    "It is not going to be removed any more."

    DEPRECATED_WITHOUT_NOTICE "deprecated-without-notice" <=> "deprecated-removed": [B, S, B];
    Operation "" => "deprecated: true, ";
    "The team's policy gives callers a number of days, from today to the date of sunset (`deprecation` in spec/review.yaml)."

    SUNSET_ADDED "sunset-added" <=> "sunset-removed": [S, S, R];
    Operation "deprecated: true, " => "deprecated: true, x-sunset: '2027-12-31', ";
    "It was going to be removed; now it is known when."

    SUNSET_REMOVED "sunset-removed" <=> "sunset-added": [B, S, B];
    Operation "deprecated: true, x-sunset: '2027-12-31', " => "deprecated: true, ";
    "Callers have planned by the date. Without it, any day can be the last."

    SUNSET_EARLIER "sunset-earlier" <=> "sunset-later": [B, S, B];
    Operation "deprecated: true, x-sunset: '2027-12-31', " => "deprecated: true, x-sunset: '2027-06-30', ";
    "Callers have planned by the later date."

    SUNSET_LATER "sunset-later" <=> "sunset-earlier": [S, S, R];
    Operation "deprecated: true, x-sunset: '2027-06-30', " => "deprecated: true, x-sunset: '2027-12-31', ";
    "Callers have more time."

    SUNSET_INVALID "sunset-invalid" <=> "sunset-added": [B, S, B];
    Operation "deprecated: true, x-sunset: '2027-12-31', " => "deprecated: true, x-sunset: soon, ";
    "Without a date, any day can be the last."

    STABILITY_DECREASED "stability-decreased" <=> "stability-increased": [B, S, B];
    Operation "" => "x-stability-level: beta, ";
    "Callers were promised more. What is below `beta` may change in any way: differences in it are risky at worst."

    STABILITY_INCREASED "stability-increased" <=> "stability-decreased": [S, S, R];
    Operation "x-stability-level: beta, " => "x-stability-level: stable, ";
    "Callers are promised more."

    ANNOUNCED_REMOVAL "announced-removal" <=> "operation-added": [R, B, R];
    Paths "/things: {get: {operationId: getThing, deprecated: true, responses: {}}}" => "";
    "Callers that have not followed the deprecation, or that use what is below `beta`, fail. The SDK lacks it."

    // ---- operations -------------------------------------------------------------------------

    OPERATION_ADDED "operation-added" <=> "operation-removed": [S, S, S];
    Paths "" => "/things: {get: {operationId: getThing, responses: {}}}";
    "No client uses it yet."

    OPERATION_REMOVED "operation-removed" <=> "operation-added": [B, B, B];
    Paths "/things: {get: {operationId: getThing, responses: {}}}" => "";
    "Requests fail, and the method of the SDK is gone."

    OPERATION_RENAMED "operation-renamed" <=> "operation-renamed": [S, B, S];
    Paths "/things: {get: {operationId: getThing, responses: {}}}" => "/things: {get: {operationId: readThing, responses: {}}}";
    "The `operationId` never goes over the wire. It names a method of the SDK and its builder."

    OPERATION_ID_ADDED "operation-id-added" <=> "operation-id-removed": [S, S, S];
    Paths "/things: {get: {responses: {}}}" => "/things: {get: {operationId: getThing, responses: {}}}";
    "The SDK can have a method for it now."

    OPERATION_ID_REMOVED "operation-id-removed" <=> "operation-id-added": [S, B, S];
    Paths "/things: {get: {operationId: getThing, responses: {}}}" => "/things: {get: {responses: {}}}";
    "Without a name, the SDK has no method for it."

    OPERATION_MOVED "operation-moved" <=> "operation-moved": [B, S, B];
    Paths "/things: {get: {operationId: getThing, responses: {}}}" => "/stuff: {get: {operationId: getThing, responses: {}}}";
    "Requests to the old address fail. The SDK's method goes to the new one."

    OPERATION_TAGS_CHANGED "operation-tags-changed" <=> "operation-tags-changed": [S, S, S];
    Operation "tags: [a], " => "tags: [b], ";
    "Tags group operations for reading; the SDK has one client for all of them."

    SECURITY_TIGHTENED "security-tightened" <=> "security-loosened": [B, R, B], received [S, S, R];
    Operation "" => "security: [{token: []}], ";
    "Callers that were accepted are refused. The SDK always sends a token, which may lack a right. Callbacks come with more than before."

    SECURITY_LOOSENED "security-loosened" <=> "security-tightened": [S, S, R], received [B, S, B];
    Operation "security: [{token: []}], " => "";
    "Callers that were accepted still are, and so are others. Callbacks may come without what their receivers check."

    SECURITY_REPLACED "security-replaced" <=> "security-replaced": [B, R, B];
    Operation "security: [{token: []}], " => "security: [{key: []}], ";
    "Callers that were accepted are refused. The SDK's way to present a token is written by hand: check it."

    // ---- parameters -------------------------------------------------------------------------

    PARAMETER_ADDED "parameter-added" <=> "parameter-removed": [S, S, S];
    Operation "" => "parameters: [{name: a, in: query, schema: {type: string}}], ";
    "It may be left out."

    REQUIRED_PARAMETER_ADDED "required-parameter-added" <=> "parameter-removed": [B, B, B], received [S, S, S];
    Operation "" => "parameters: [{name: a, in: query, required: true, schema: {type: string}}], ";
    "Requests without it fail; the SDK's `send()` returns an error before it sends anything."

    PARAMETER_REMOVED "parameter-removed" <=> "parameter-added": [B, B, B];
    Operation "parameters: [{name: a, in: query, schema: {type: string}}], " => "";
    "It has no effect any more, or makes the request fail. The method of the builder is gone."

    PARAMETER_MOVED "parameter-moved" <=> "parameter-moved": [B, S, B];
    Operation "parameters: [{name: a, in: query, schema: {type: string}}], " => "parameters: [{name: a, in: header, schema: {type: string}}], ";
    "Where it was sent it has no effect. The method of the SDK's builder stays and sends it right."

    PARAMETER_BECAME_REQUIRED "parameter-became-required" <=> "parameter-became-optional": [B, B, B], received [S, S, S];
    Operation "parameters: [{name: a, in: query, schema: {type: string}}], " => "parameters: [{name: a, in: query, required: true, schema: {type: string}}], ";
    "Requests without it fail; the SDK's `send()` returns an error before it sends anything."

    PARAMETER_BECAME_OPTIONAL "parameter-became-optional" <=> "parameter-became-required": [S, S, S], received [B, S, R];
    Operation "parameters: [{name: a, in: query, required: true, schema: {type: string}}], " => "parameters: [{name: a, in: query, schema: {type: string}}], ";
    "Requests with it still work; the method of the builder stays. Callbacks may come without it."

    PATH_PARAMETER_RENAMED "path-parameter-renamed" <=> "path-parameter-renamed": [S, B, R];
    Paths "'/things/{a}': {get: {operationId: getThing, parameters: [{name: a, in: path, required: true, schema: {type: string}}], responses: {}}}" => "'/things/{b}': {get: {operationId: getThing, parameters: [{name: b, in: path, required: true, schema: {type: string}}], responses: {}}}";
    "The name never goes over the wire. It names a method of the SDK's builder."

    PARAMETER_SERIALIZATION_CHANGED "parameter-serialization-changed" <=> "parameter-serialization-changed": [B, R, B];
    Operation "parameters: [{name: a, in: query, schema: {type: string}}], " => "parameters: [{name: a, in: query, explode: false, schema: {type: string}}], ";
    "The same value is written in another way. The generator knows the default alone: check it."

    IGNORED_HEADER_CHANGED "ignored-header-changed" <=> "ignored-header-changed": [S, S, R];
    Operation "" => "parameters: [{name: Accept, in: header, schema: {type: string}}], ";
    "OpenAPI 3.0 ignores parameters for the headers `Accept`, `Authorization` and `Content-Type`, and the header `Content-Type` of a response: media types and security say what they are."

    EMPTY_VALUE_ALLOWED "empty-value-allowed" <=> "empty-value-forbidden": [S, S, S], received [B, S, R];
    Operation "parameters: [{name: a, in: query, schema: {type: string}}], " => "parameters: [{name: a, in: query, allowEmptyValue: true, schema: {type: string}}], ";
    "What was sent can still be sent. In a callback, the name may come without a value."

    EMPTY_VALUE_FORBIDDEN "empty-value-forbidden" <=> "empty-value-allowed": [B, S, B], received [S, S, S];
    Operation "parameters: [{name: a, in: query, allowEmptyValue: true, schema: {type: string}}], " => "parameters: [{name: a, in: query, schema: {type: string}}], ";
    "Requests that name it without a value may fail. The SDK sends a value."

    // ---- bodies and responses ---------------------------------------------------------------

    REQUEST_BODY_ADDED "request-body-added" <=> "request-body-removed": [S, B, S];
    Operation "" => "requestBody: {content: {application/json: {schema: {type: string}}}}, ";
    "It may be left out of a request, yet the SDK's builder asks for it."

    REQUIRED_REQUEST_BODY_ADDED "required-request-body-added" <=> "request-body-removed": [B, B, B], received [S, S, S];
    Operation "" => "requestBody: {required: true, content: {application/json: {schema: {type: string}}}}, ";
    "Requests without it fail; the SDK's `send()` returns an error before it sends anything."

    REQUEST_BODY_REMOVED "request-body-removed" <=> "request-body-added": [B, B, B];
    Operation "requestBody: {content: {application/json: {schema: {type: string}}}}, " => "";
    "What it said has no effect any more, or makes the request fail. The method of the builder is gone."

    REQUEST_BODY_BECAME_REQUIRED "request-body-became-required" <=> "request-body-became-optional": [B, S, B], received [S, S, S];
    Operation "requestBody: {content: {application/json: {schema: {type: string}}}}, " => "requestBody: {required: true, content: {application/json: {schema: {type: string}}}}, ";
    "Requests without it fail. The SDK has always sent one."

    REQUEST_BODY_BECAME_OPTIONAL "request-body-became-optional" <=> "request-body-became-required": [S, S, S], received [B, S, R];
    Operation "requestBody: {required: true, content: {application/json: {schema: {type: string}}}}, " => "requestBody: {content: {application/json: {schema: {type: string}}}}, ";
    "Requests with it still work. Callbacks may come without it."

    REQUEST_MEDIA_TYPE_ADDED "request-media-type-added" <=> "request-media-type-removed": [S, B, S], received [B, S, R];
    Operation "requestBody: {content: {text/plain: {}}}, " => "requestBody: {content: {application/json: {}, text/plain: {}}}, ";
    "The forms known before can still be sent; a callback may come in the new one. The SDK is concerned when it sends this form from now on."

    REQUEST_MEDIA_TYPE_REMOVED "request-media-type-removed" <=> "request-media-type-added": [B, B, B], received [S, S, R];
    Operation "requestBody: {content: {application/json: {}, text/plain: {}}}, " => "requestBody: {content: {text/plain: {}}}, ";
    "Requests in this form fail. The SDK is concerned when it has sent this form: JSON where there is any, or else a form."

    MEDIA_TYPE_ADDED "media-type-added" <=> "media-type-removed": [S, B, S];
    Responses "'200': {description: Done., content: {text/plain: {}}}" => "'200': {description: Done., content: {application/json: {}, text/plain: {}}}";
    "The forms known before still work. The SDK is concerned when it reads this form from now on, or a body where there was none."

    MEDIA_TYPE_REMOVED "media-type-removed" <=> "media-type-added": [B, B, B];
    Responses "'200': {description: Done., content: {application/json: {}, text/plain: {}}}" => "'200': {description: Done., content: {text/plain: {}}}";
    "Clients that read this form fail. The SDK is concerned when it has read this form: JSON where there is any."

    CHARSET_CHANGED "charset-changed" <=> "charset-changed": [S, R, S];
    Operation "requestBody: {content: {application/json: {}}}, " => "requestBody: {content: {application/json; charset=utf-8: {}}}, ";
    "The same documents are meant, and clients compare media types without their parameters. The SDK knows `application/json` by its bare name."

    MEDIA_TYPE_WIDENED "media-type-widened" <=> "media-type-narrowed": [S, R, S], received [R, R, R];
    Operation "requestBody: {content: {text/plain: {}}}, " => "requestBody: {content: {text/*: {}}}, ";
    "What was sent can still be sent. A response may come as another type of the range."

    MEDIA_TYPE_NARROWED "media-type-narrowed" <=> "media-type-widened": [B, R, B], received [S, R, S];
    Operation "requestBody: {content: {text/*: {}}}, " => "requestBody: {content: {text/plain: {}}}, ";
    "Requests with another type of the range fail."

    ENCODING_CHANGED "encoding-changed" <=> "encoding-changed": [B, R, B];
    Operation "requestBody: {content: {multipart/form-data: {encoding: {a: {contentType: text/plain}}}}}, " => "requestBody: {content: {multipart/form-data: {encoding: {a: {contentType: text/html}}}}}, ";
    "The same value is written in another way."

    SUCCESS_RESPONSE_ADDED "success-response-added" <=> "success-response-removed": [S, B, S], received [R, B, R];
    Responses "'200': {description: Done., content: {application/json: {schema: {type: string}}}}" => "'200': {description: Done., content: {application/json: {schema: {type: string}}}}, '201': {description: Made., content: {application/json: {schema: {type: integer}}}}";
    "A client that checks for one code takes the other for a failure. The SDK takes any success, and is concerned when its method returns another type: an `Option`, an enumeration, a stream."

    SUCCESS_RESPONSE_REMOVED "success-response-removed" <=> "success-response-added": [B, B, B];
    Responses "'200': {description: Done., content: {application/json: {schema: {type: string}}}}, '201': {description: Made., content: {application/json: {schema: {type: integer}}}}" => "'200': {description: Done., content: {application/json: {schema: {type: string}}}}";
    "Clients that rely on it never receive it; as the response to a callback, it is refused. The SDK is concerned when its method returns another type."

    SUCCESS_RESPONSE_MERGED "success-response-merged" <=> "success-response-added": [S, B, S], received [R, B, R];
    Responses "'200': {description: A., content: {application/json: {schema: {type: string}}}}, '206': {description: B., content: {application/json: {schema: {type: integer}}}}, 2XX: {description: A., content: {application/json: {schema: {type: string}}}}" => "'206': {description: B., content: {application/json: {schema: {type: integer}}}}, 2XX: {description: A., content: {application/json: {schema: {type: string}}}}";
    "The range or the default still describes it, and does not say that this code is the one to expect. The SDK is concerned when its method returns another type."

    SDK_RESULT_CHANGED "sdk-result-changed" <=> "sdk-result-changed": [R, B, S];
    Paths "/things: {post: {operationId: makeThing, responses: {'200': {description: A., content: {application/json: {}}}}}}" => "/things: {post: {operationId: makeThing, x-response-body: required, responses: {'200': {description: A., content: {application/json: {}}}}}}";
    "Whether the SDK's method returns an `Option` is decided by `x-response-body` and by whether the HTTP method only reads. Other tools do not know the extension."

    ERROR_RESPONSE_ADDED "error-response-added" <=> "error-response-removed": [S, S, S];
    Responses "'204': {description: Done.}" => "'204': {description: Done.}, '404': {description: Gone.}";
    "Any request can fail; the SDK reads all failures in one place."

    ERROR_RESPONSE_REMOVED "error-response-removed" <=> "error-response-added": [B, S, B], received [S, S, R];
    Responses "'204': {description: Done.}, '404': {description: Gone.}" => "'204': {description: Done.}";
    "Nothing fails that worked. Another code may now say the same: read what is left. As the response to a callback, it is refused."

    ERROR_RESPONSE_MERGED "error-response-merged" <=> "error-response-added": [S, S, R];
    Responses "'204': {description: Done.}, '404': {description: Gone.}, default: {description: Failed.}" => "'204': {description: Done.}, default: {description: Failed.}";
    "The range or the default still describes it: read whether it says the same."

    RESPONSE_HEADER_ADDED "response-header-added" <=> "response-header-removed": [S, S, S];
    Responses "'204': {description: Done.}" => "'204': {description: Done., headers: {A: {schema: {type: string}}}}";
    "Clients read the headers that they know."

    REQUIRED_RESPONSE_HEADER_ADDED "required-response-header-added" <=> "response-header-removed": [B, S, B], received [S, S, S];
    Responses "'204': {description: Done.}" => "'204': {description: Done., headers: {A: {required: true, schema: {type: string}}}}";
    "Clients read the headers that they know. A response to a callback must have it."

    RESPONSE_HEADER_REMOVED "response-header-removed" <=> "response-header-added": [B, S, B];
    Responses "'204': {description: Done., headers: {A: {schema: {type: string}}}}" => "'204': {description: Done.}";
    "Clients that read it find nothing. The SDK has no types for headers and needs none."

    HEADER_BECAME_REQUIRED "header-became-required" <=> "header-became-optional": [B, S, R], received [S, S, S];
    Responses "'204': {description: Done., headers: {A: {schema: {type: string}}}}" => "'204': {description: Done., headers: {A: {required: true, schema: {type: string}}}}";
    "More is promised of a response, more is asked of a request."

    HEADER_BECAME_OPTIONAL "header-became-optional" <=> "header-became-required": [S, S, S], received [B, S, R];
    Responses "'204': {description: Done., headers: {A: {required: true, schema: {type: string}}}}" => "'204': {description: Done., headers: {A: {schema: {type: string}}}}";
    "Clients that rely on it may find nothing."

    LINK_CHANGED "link-changed" <=> "link-changed": [R, S, R];
    Responses "'204': {description: Done., links: {next: {operationId: makeThing}}}" => "'204': {description: Done., links: {next: {operationId: makeThing, parameters: {a: b}}}}";
    "A link says how operations go together; nothing on the wire depends on it."

    CALLBACK_ADDED "callback-added" <=> "callback-removed": [S, S, S];
    Operation "callbacks: {}, " => "callbacks: {done: {'/done': {post: {responses: {}}}}}, ";
    "The service calls back only clients that asked for it."

    CALLBACK_REMOVED "callback-removed" <=> "callback-added": [B, S, B];
    Operation "callbacks: {done: {'/done': {post: {responses: {}}}}}, " => "callbacks: {}, ";
    "Clients that rely on it never receive it. The SDK takes no callbacks."

    // ---- names of schemas -------------------------------------------------------------------

    SCHEMA_ADDED "schema-added" <=> "schema-removed": [S, S, S];
    Schemas "Thing: {type: string}" => "Thing: {type: string}, Other: {type: string, maxLength: 1}";
    "The name of a schema goes over the wire in XML and where a discriminator selects by it, which is reported there. The SDK has one more type."

    SCHEMA_REMOVED "schema-removed" <=> "schema-added": [S, B, S];
    Schemas "Thing: {type: string}, Other: {type: string, maxLength: 1}" => "Thing: {type: string}";
    "The name of a schema goes over the wire in XML and where a discriminator selects by it, which is reported there. The SDK's type of this name is gone."

    SCHEMA_RENAMED "schema-renamed" <=> "schema-renamed": [S, B, S];
    Schemas "Thing: {type: array, items: {$ref: '#/components/schemas/Old'}}, Old: {type: string}" => "Thing: {type: array, items: {$ref: '#/components/schemas/New'}}, New: {type: string}";
    "The name of a schema goes over the wire in XML and where a discriminator selects by it, which is reported there. It names a type of the SDK."

    SCHEMA_NAMED "schema-named" <=> "schema-inlined": [S, B, S];
    Schemas "Thing: {type: array, items: {type: string}}, Item: {type: string}" => "Thing: {type: array, items: {$ref: '#/components/schemas/Item'}}, Item: {type: string}";
    "The same goes over the wire. The SDK's type for it has another name, or its first one."

    SCHEMA_INLINED "schema-inlined" <=> "schema-named": [S, B, S];
    Schemas "Thing: {type: array, items: {$ref: '#/components/schemas/Item'}}, Item: {type: string}" => "Thing: {type: array, items: {type: string}}, Item: {type: string}";
    "The same goes over the wire. The SDK's type for it has another name, or none."

    REFERENCE_CHANGED "reference-changed" <=> "reference-changed": [S, B, S];
    Schemas "Thing: {type: array, items: {$ref: '#/components/schemas/A'}}, A: {type: string}, B: {type: string}" => "Thing: {type: array, items: {$ref: '#/components/schemas/B'}}, A: {type: string}, B: {type: string}";
    "The SDK has another type here. Where the two schemas differ in what they allow, that is reported as well."

    // ---- what a value may be ----------------------------------------------------------------

    TYPE_CHANGED "type-changed" <=> "type-changed" (values): [B, B, B];
    Request "{type: string}" => "{type: integer}";
    "No value of the one type is a value of the other."

    TYPE_WIDENED "type-widened" <=> "type-narrowed" (values): [S, B, S], received [B, B, R];
    Response "{type: integer}" => "{type: number}";
    "Values that were not right before can be sent, and can be received. The SDK's type is another."

    TYPE_NARROWED "type-narrowed" <=> "type-widened" (values): [B, B, B], received [S, B, S];
    Request "{type: number}" => "{type: integer}";
    "Values that were right before cannot be sent, and are not received. The SDK's type is another."

    TYPE_UNDECIDED "type-undecided" <=> "type-undecided" (values): [R, B, R];
    Request "{type: string}" => "{anyOf: [{type: integer}, {type: string, maxLength: 3}]}";
    "Some values of the one schema are values of the other. Whether all are, is not proven."

    SCHEMA_UNDECIDED "schema-undecided" <=> "schema-undecided" (values): [R, S, R];
    Request "{allOf: [{type: string, pattern: a}, {pattern: b}]}" => "{allOf: [{type: string, pattern: a}, {pattern: c}, {}]}";
    "The schemas differ in a way that no other rule names, and it is not proven that values stay valid."

    FORMAT_ADDED "format-added" <=> "format-removed": [R, S, R], received [S, S, S];
    Request "{type: string}" => "{type: string, format: email}";
    "The service may refuse what is not of this form. The SDK does not check it."

    FORMAT_REMOVED "format-removed" <=> "format-added": [S, S, S], received [R, S, R];
    Request "{type: string, format: email}" => "{type: string}";
    "The service may send what is not of this form. The SDK does not check it."

    FORMAT_CHANGED "format-changed" <=> "format-changed": [B, S, R];
    Request "{type: string, format: email}" => "{type: string, format: uuid}";
    "What has the one form seldom has the other. The SDK checks neither."

    RUST_FORMAT_ADDED "rust-format-added" <=> "rust-format-removed": [R, B, R], received [S, B, S];
    Request "{type: string}" => "{type: string, format: date-time}";
    "The service may refuse what is not of this form. The SDK's type is another one: `DateTime` instead of `String`, `i32` instead of `i64`."

    RUST_FORMAT_REMOVED "rust-format-removed" <=> "rust-format-added": [S, B, S], received [R, B, R];
    Request "{type: string, format: date-time}" => "{type: string}";
    "The service may send what is not of this form. The SDK's type is another one: `String` instead of `DateTime`, `i64` instead of `i32`."

    RUST_FORMAT_CHANGED "rust-format-changed" <=> "rust-format-changed": [B, B, R];
    Request "{type: string, format: date}" => "{type: string, format: date-time}";
    "What has the one form seldom has the other. The SDK's type is another one."

    NUMBER_FORMAT_CHANGED "number-format-changed" <=> "number-format-changed": [R, B, R];
    Request "{type: integer, format: int32}" => "{type: integer, format: int64}";
    "The description tells which numbers are sent. The SDK's type is another one: `i32` or `i64`."

    ENUM_VALUE_ADDED "enum-value-added" <=> "enum-value-removed" (values): [S, S, S], received [B, S, S];
    Response "{type: string, enum: [a]}" => "{type: string, enum: [a, b]}";
    "A strict client refuses a response with a value that it does not know. The SDK reads it as `Other`."

    ENUM_VALUE_REMOVED "enum-value-removed" <=> "enum-value-added" (values): [B, B, B], received [S, B, B];
    Response "{type: string, enum: [a, b]}" => "{type: string, enum: [a]}";
    "Requests with it fail, responses come without it. The SDK's variant of this name is gone."

    NUMBER_ENUM_VALUE_ADDED "number-enum-value-added" <=> "number-enum-value-removed" (values): [S, S, S], received [B, B, S];
    Response "{type: integer, enum: [1]}" => "{type: integer, enum: [1, 2]}";
    "A strict client refuses a response with a value that it does not know, and so does a program built with the SDK before: only words are open there."

    NUMBER_ENUM_VALUE_REMOVED "number-enum-value-removed" <=> "number-enum-value-added" (values): [B, B, B], received [S, R, B];
    Response "{type: integer, enum: [1, 2]}" => "{type: integer, enum: [1]}";
    "Requests with it fail, responses come without it."

    ENUM_ADDED "enum-added" <=> "enum-removed" (values): [B, B, B], received [S, B, S];
    Request "{type: string}" => "{type: string, enum: [a]}";
    "Only listed values can be sent. The SDK has an enumeration where it had a `String`."

    ENUM_REMOVED "enum-removed" <=> "enum-added" (values): [S, B, S], received [B, B, R];
    Request "{type: string, enum: [a]}" => "{type: string}";
    "Any value can be received. The SDK has a `String` where it had an enumeration."

    ENUM_OPENED "enum-opened" <=> "enum-closed" (values): [S, S, S], received [B, S, R];
    Response "{type: string, enum: [a]}" => "{type: string, x-extensible-enum: [a]}";
    "A strict client refuses a response with a value that is not listed. The SDK reads it as `Other`, as before."

    ENUM_CLOSED "enum-closed" <=> "enum-opened" (values): [B, S, B], received [S, S, S];
    Request "{type: string, x-extensible-enum: [a]}" => "{type: string, enum: [a]}";
    "Only listed values can be sent."

    OPEN_ENUM_VALUE_ADDED "open-enum-value-added" <=> "open-enum-value-removed" (values): [S, S, S];
    Response "{type: string, x-extensible-enum: [a]}" => "{type: string, x-extensible-enum: [a, b]}";
    "Clients of an open list read other values too. The SDK has one more variant."

    OPEN_ENUM_VALUE_REMOVED "open-enum-value-removed" <=> "open-enum-value-added": [R, B, R], received [S, B, S];
    Response "{type: string, x-extensible-enum: [a, b]}" => "{type: string, x-extensible-enum: [a]}";
    "Requests with it may fail. The SDK's variant of this name is gone."

    OPEN_ENUM_ADDED "open-enum-added" <=> "open-enum-removed" (values): [S, B, S];
    Request "{type: string}" => "{type: string, x-extensible-enum: [a]}";
    "The SDK has an enumeration where it had a `String`."

    OPEN_ENUM_REMOVED "open-enum-removed" <=> "open-enum-added" (values): [S, B, R];
    Request "{type: string, x-extensible-enum: [a]}" => "{type: string}";
    "The SDK has a `String` where it had an enumeration."

    NULLABLE_ADDED "nullable-added" <=> "nullable-removed" (values): [S, B, S], received [B, B, R];
    Response "{type: string}" => "{type: string, nullable: true}";
    "A client that does not expect null fails on it. The SDK has an `Option` where it had none."

    NULLABLE_REMOVED "nullable-removed" <=> "nullable-added" (values): [B, B, B], received [S, B, S];
    Request "{type: string, nullable: true}" => "{type: string}";
    "Null cannot be sent any more. The SDK has no `Option` where it had one."

    OPTIONAL_NULLABLE_ADDED "optional-nullable-added" <=> "optional-nullable-removed" (values): [S, S, S], received [B, S, R];
    Response "{type: object, properties: {a: {type: string}}}" => "{type: object, properties: {a: {type: string, nullable: true}}}";
    "A client that does not expect null fails on it. The SDK has an `Option` for what may be absent, and reads null as absent."

    OPTIONAL_NULLABLE_REMOVED "optional-nullable-removed" <=> "optional-nullable-added" (values): [B, S, B], received [S, S, S];
    Request "{type: object, properties: {a: {type: string, nullable: true}}}" => "{type: object, properties: {a: {type: string}}}";
    "Null cannot be sent any more. The SDK has an `Option` for what may be absent."

    DEFAULT_ADDED "default-added" <=> "default-removed": [R, R, R], received [S, S, S];
    Request "{type: string}" => "{type: string, default: a}";
    "Leaving the value out may mean something else now."

    DEFAULT_REMOVED "default-removed" <=> "default-added": [R, R, R], received [S, S, S];
    Request "{type: string, default: a}" => "{type: string}";
    "Leaving the value out may mean something else now."

    DEFAULT_CHANGED "default-changed" <=> "default-changed": [R, R, R], received [S, S, R];
    Request "{type: string, default: a}" => "{type: string, default: b}";
    "Leaving the value out means something else now."

    CONSTRAINT_TIGHTENED "constraint-tightened" <=> "constraint-loosened" (values): [B, S, R], received [S, S, S];
    Request "{type: string, maxLength: 5}" => "{type: string, maxLength: 4}";
    "Values that were right before cannot be sent. The SDK checks no bounds, and leaves that to the service."

    CONSTRAINT_LOOSENED "constraint-loosened" <=> "constraint-tightened" (values): [S, S, R], received [B, S, R];
    Request "{type: string, maxLength: 4}" => "{type: string, maxLength: 5}";
    "Values beyond the old bound can be received, which a client that relies on it refuses. The SDK checks no bounds."

    CONSTRAINT_CHANGED "constraint-changed" <=> "constraint-changed" (values): [B, S, R];
    Request "{type: integer, multipleOf: 3}" => "{type: integer, multipleOf: 5}";
    "Values that were right before cannot be sent. The SDK checks no bounds."

    PATTERN_ADDED "pattern-added" <=> "pattern-removed" (values): [B, S, R], received [S, S, S];
    Request "{type: string}" => "{type: string, pattern: a}";
    "Values that were right before cannot be sent. The SDK checks no pattern."

    PATTERN_REMOVED "pattern-removed" <=> "pattern-added" (values): [S, S, R], received [B, S, R];
    Request "{type: string, pattern: a}" => "{type: string}";
    "Values of another form can be received, which a client that relies on it refuses. The SDK checks no pattern."

    PATTERN_CHANGED "pattern-changed" <=> "pattern-changed" (values): [B, S, R];
    Request "{type: string, pattern: a}" => "{type: string, pattern: b}";
    "Which of two patterns allows more is not decided here, so it counts as if each forbade what the other allows."

    NOT_ADDED "not-added" <=> "not-removed" (values): [B, S, R], received [S, S, S];
    Request "{type: string}" => "{type: string, not: {enum: [a]}}";
    "Values that were right before cannot be sent."

    NOT_REMOVED "not-removed" <=> "not-added" (values): [S, S, R], received [B, S, R];
    Request "{type: string, not: {enum: [a]}}" => "{type: string}";
    "Values that were wrong before can be received."

    NOT_CHANGED "not-changed" <=> "not-changed" (values): [B, S, R];
    Request "{type: string, not: {enum: [a]}}" => "{type: string, not: {enum: [b]}}";
    "Which of the two forbids more is not decided here, so it counts as if each forbade what the other allows."

    XML_CHANGED "xml-changed" <=> "xml-changed": [B, S, R];
    Request "{type: string, xml: {name: a}}" => "{type: string, xml: {name: b}}";
    "The same value is another document in XML. The SDK speaks JSON."

    // ---- objects ----------------------------------------------------------------------------

    PROPERTY_ADDED "property-added" <=> "property-removed": [S, R, S];
    Response "{type: object, properties: {a: {type: string}}}" => "{type: object, properties: {a: {type: string}, b: {type: string}}}";
    "It may be left out, and clients read what they know. In Rust, `extra` does not hold the property any more; the field does."

    REQUIRED_PROPERTY_ADDED "required-property-added" <=> "property-removed" (values): [B, B, B], received [S, R, S];
    Request "{type: object, properties: {a: {type: string}}}" => "{type: object, required: [b], properties: {a: {type: string}, b: {type: string}}}";
    "Requests without it fail. In Rust, the struct has no `Default`, and `new` has one more argument."

    PROPERTY_REMOVED "property-removed" <=> "property-added": [B, B, B];
    Response "{type: object, properties: {a: {type: string}, b: {type: string}}}" => "{type: object, properties: {a: {type: string}}}";
    "Requests with it have no effect or are refused, and responses lack it. The field of the SDK's struct is gone."

    PROPERTY_BECAME_REQUIRED "property-became-required" <=> "property-became-optional" (values): [B, B, B], received [S, B, S];
    Request "{type: object, properties: {a: {type: string}}}" => "{type: object, required: [a], properties: {a: {type: string}}}";
    "Requests without it fail. The SDK's field is no `Option` any more, except where the schema has `x-update-of`."

    PROPERTY_BECAME_OPTIONAL "property-became-optional" <=> "property-became-required" (values): [S, B, S], received [B, B, R];
    Response "{type: object, required: [a], properties: {a: {type: string}}}" => "{type: object, properties: {a: {type: string}}}";
    "Responses may come without it. The SDK's field is an `Option` now."

    READ_ONLY_ADDED "read-only-added" <=> "read-only-removed": [B, S, B], received [S, S, S];
    Request "{type: object, properties: {a: {type: string}}}" => "{type: object, properties: {a: {type: string, readOnly: true}}}";
    "It cannot be set any more. The field of the SDK's struct stays."

    READ_ONLY_REMOVED "read-only-removed" <=> "read-only-added": [S, S, S];
    Request "{type: object, properties: {a: {type: string, readOnly: true}}}" => "{type: object, properties: {a: {type: string}}}";
    "It can be set, and need not be."

    REQUIRED_READ_ONLY_REMOVED "required-read-only-removed" <=> "read-only-added": [B, S, B], received [S, S, S];
    Request "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}" => "{type: object, required: [a], properties: {a: {type: string}}}";
    "It must be sent now. The SDK's struct has wanted the field all along."

    WRITE_ONLY_ADDED "write-only-added" <=> "write-only-removed": [S, S, S], received [B, S, B];
    Response "{type: object, properties: {a: {type: string}}}" => "{type: object, properties: {a: {type: string, writeOnly: true}}}";
    "Responses lack it. The field of the SDK's struct stays."

    WRITE_ONLY_REMOVED "write-only-removed" <=> "write-only-added": [S, S, S];
    Response "{type: object, properties: {a: {type: string, writeOnly: true}}}" => "{type: object, properties: {a: {type: string}}}";
    "Clients read what they know."

    ADDITIONAL_PROPERTIES_ALLOWED "additional-properties-allowed" <=> "additional-properties-forbidden": [S, B, S], received [R, B, S];
    Response "{type: object, additionalProperties: false}" => "{type: object}";
    "A strict client may refuse what it does not know. The SDK's structs keep it; only an object without any property of its own is of another type."

    ADDITIONAL_PROPERTIES_FORBIDDEN "additional-properties-forbidden" <=> "additional-properties-allowed": [B, B, R], received [S, B, S];
    Request "{type: object}" => "{type: object, additionalProperties: false}";
    "Requests with more than what is listed fail. Only an object without any property of its own is of another type in the SDK."

    // ---- composition ------------------------------------------------------------------------

    VARIANT_ADDED "variant-added" <=> "variant-removed" (values): [S, B, S], received [B, B, R];
    Response "{oneOf: [{type: string}]}" => "{oneOf: [{type: string}, {type: integer}]}";
    "A client may not know what to do with it. The SDK's enumeration has one more variant, for which a `match` has no arm."

    VARIANT_REMOVED "variant-removed" <=> "variant-added" (values): [B, B, B], received [S, B, S];
    Request "{oneOf: [{type: string}, {type: integer}]}" => "{oneOf: [{type: string}]}";
    "Requests with it fail. The variant of the SDK's enumeration is gone."

    COMPOSITION_CHANGED "composition-changed" <=> "composition-changed" (values): [R, B, R];
    Request "{oneOf: [{type: string}, {type: integer}]}" => "{anyOf: [{type: string}, {type: integer}]}";
    "How a choice between schemas is written decides the SDK's type, and may decide what is right."

    ALL_OF_ADDED "all-of-added" <=> "all-of-removed" (values): [B, B, B], received [S, B, S];
    Request "{allOf: [{properties: {a: {type: string}}}, {properties: {a: {minLength: 1}}}]}" => "{allOf: [{properties: {a: {type: string}}}, {properties: {a: {minLength: 1}}}, {properties: {a: {maxLength: 5}}}]}";
    "More is asked of a value. The SDK's type is made from all of it."

    ALL_OF_REMOVED "all-of-removed" <=> "all-of-added" (values): [S, B, S], received [B, B, R];
    Request "{allOf: [{properties: {a: {type: string}}}, {properties: {a: {minLength: 1}}}, {properties: {a: {maxLength: 5}}}]}" => "{allOf: [{properties: {a: {type: string}}}, {properties: {a: {minLength: 1}}}]}";
    "Less is asked of a value. The SDK's type is made from all of it."

    MAPPING_ADDED "mapping-added" <=> "mapping-removed": [S, S, S], received [B, S, R];
    Response "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a, mapping: {x: '#/x'}}}" => "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a, mapping: {x: '#/x', y: '#/y'}}}";
    "A client does not know what to read by the new value. The SDK tries the variants in turn."

    MAPPING_REMOVED "mapping-removed" <=> "mapping-added": [B, S, R], received [S, S, S];
    Request "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a, mapping: {x: '#/x', y: '#/y'}}}" => "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a, mapping: {x: '#/x'}}}";
    "Requests with the value fail. The SDK tries the variants in turn."

    SELECTED_BY_MAPPING "selected-by-mapping" <=> "selected-by-name": [R, S, R], received [B, S, R];
    Schemas "Thing: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: k}}, A: {type: object}, B: {type: string}" => "Thing: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: k, mapping: {a: '#/components/schemas/A'}}}, A: {type: object}, B: {type: string}";
    "Whether the name of a schema selects it beside a mapping is read in two ways. A client does not know what to read by the new value. The SDK tries the variants in turn."

    SELECTED_BY_NAME "selected-by-name" <=> "selected-by-mapping": [B, S, R], received [R, S, R];
    Schemas "Thing: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: k, mapping: {a: '#/components/schemas/A'}}}, A: {type: object}, B: {type: string}" => "Thing: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: k}}, A: {type: object}, B: {type: string}";
    "Requests with the value fail. Whether clients know the schema by its own name depends on how they read a mapping. The SDK tries the variants in turn."

    DISCRIMINATOR_ADDED "discriminator-added" <=> "discriminator-removed": [B, S, R], received [S, S, S];
    Request "{oneOf: [{type: object}, {type: string}]}" => "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a}}";
    "A request has to name its variant now. The SDK tries the variants in turn."

    DISCRIMINATOR_REMOVED "discriminator-removed" <=> "discriminator-added": [S, S, S], received [B, S, R];
    Response "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a}}" => "{oneOf: [{type: object}, {type: string}]}";
    "Clients choose what to read by it. The SDK tries the variants in turn."

    DISCRIMINATOR_CHANGED "discriminator-changed" <=> "discriminator-changed": [B, S, R];
    Request "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a}}" => "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: b}}";
    "Clients choose what to read by it. The SDK tries the variants in turn."
}
