//! What the client has to know of each operation: a typed description, made of the contract before it
//! is lowered. The generator sees none of it; `postprocess` writes it into the client.

use std::collections::HashMap;

use openapiv3::{
    Components, Content, OpenAPI, Operation, Parameter, ParameterData, ParameterSchemaOrContent,
    ReferenceOr, RequestBody, Response, Responses, Schema, SchemaKind, SecurityScheme, StatusCode,
    StringFormat, Type, VariantOrUnknownOrEmpty,
};

use crate::document::contract::without_fragment;
use crate::document::diagnostic::Warning;
use crate::document::node::pointer_token;
use crate::names::{
    BUILDER_NAMES, BUILDER_TYPES, CLIENT_NAMES, PRELUDE, Wanted, as_is, choose, key,
    operation_name, pascal_case, snake_case,
};
use crate::signature::{
    self, BodyKind, Brings, MediaType, Returns, body_kind, is_safe, returns, success_order,
};

/// An operation, as the client needs it while it runs.
#[derive(Debug, Clone)]
pub(crate) struct OperationFacts {
    /// As in the contract; its name in Rust if the contract has none.
    pub(crate) id: String,
    /// Its name in Rust, in the spelling of methods.
    pub(crate) name: String,
    /// In capitals, as in a request.
    pub(crate) method: String,
    pub(crate) path: String,
    /// Where it is in the document, as a JSON pointer.
    pub(crate) pointer: String,
    /// Its summary and its description.
    pub(crate) documentation: String,
    /// Whether the method only reads (RFC 9110, 9.2.1).
    pub(crate) safe: bool,
    /// Whether a request carries the access token.
    pub(crate) authenticated: bool,
    /// The media type of the JSON that it answers with; empty if it does not.
    pub(crate) accept: String,
    /// How its body is written; `None` if it takes none.
    pub(crate) body_kind: Option<BodyKind>,
    /// The media type of its body; empty if it takes none.
    pub(crate) content_type: String,
    /// The parameters of its path that have no pattern, and so take any text.
    pub(crate) encoded_parameters: Vec<String>,
    pub(crate) body_description: Option<String>,
    /// Whether a request has to have a body.
    pub(crate) body_required: bool,
    pub(crate) answers: Answers,
    /// Other paths that a value in this one could turn it into: `/people/me`.
    pub(crate) conflicting_paths: Vec<String>,
    /// What the compiler is to say of a call, if the contract deprecates the operation.
    pub(crate) deprecation: Option<String>,
    /// The keys of its responses: `200`, `4XX`, `default`.
    pub(crate) statuses: Vec<String>,
    /// In the order of the contract.
    pub(crate) parameters: Vec<ParameterFacts>,
}

/// A parameter, as the client needs it to write a request.
#[derive(Debug, Clone)]
pub(crate) struct ParameterFacts {
    /// As in a request.
    pub(crate) name: String,
    /// Its name in Rust.
    pub(crate) field: String,
    pub(crate) description: Option<String>,
    pub(crate) required: bool,
    /// Whether its schema has a `pattern`.
    pub(crate) has_pattern: bool,
    pub(crate) place: Place,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Header,
    Query(QueryStyle),
}

impl Place {
    /// Whose parameter keeps a name that two want.
    fn rank(self) -> u8 {
        match self {
            Self::Path => 0,
            Self::Query(_) => 1,
            Self::Header => 2,
        }
    }
}

/// How a list or an object is written into a query; the names are those of `people-sdk`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueryStyle {
    Exploded,
    Commas,
    Spaces,
    Pipes,
    DeepObject,
    Json,
}

/// Describes every operation of `api`, in the order in which the generator meets them. `warnings` receives
/// what is renamed.
pub(crate) fn describe(api: &OpenAPI, warnings: &mut Vec<Warning>) -> Vec<OperationFacts> {
    let mut names = operation_names(api, warnings).into_iter();
    let components = api.components.clone().unwrap_or_default();
    let paths: Vec<_> = api
        .paths
        .paths
        .iter()
        .filter_map(|(path, item)| Some((path.as_str(), item.as_item()?)))
        .collect();
    let sent = |index: usize| Some(without_fragment(paths.get(index)?.0).to_owned());
    let mut routes = Route::default();
    for (index, (path, _)) in paths.iter().enumerate() {
        routes.insert(without_fragment(path), index);
    }
    let mut operations = Vec::new();
    for (path, item) in &paths {
        let conflicting_paths = routes.conflicts_with(without_fragment(path)).into_iter();
        let conflicting_paths: Vec<String> = conflicting_paths.filter_map(sent).collect();
        for (method, operation) in item.iter() {
            let body = operation.request_body.as_ref();
            let body = body.and_then(|body| request_body(&components, body));
            let pointer = format!("/paths/{}/{method}", pointer_token(path));
            let parameters = parameters(&components, operation, &pointer, warnings);
            let any_text = |parameter: &&ParameterFacts| {
                parameter.place == Place::Path && !parameter.has_pattern
            };
            let encoded_parameters = parameters.iter().filter(any_text);
            let media_types: Vec<_> = body
                .into_iter()
                .flat_map(|body| listed(&body.content))
                .collect();
            let body_kind = body_kind(&media_types);
            let successes = successes(&components, operation);
            let answers = answers(&successes, operation, method);
            let has_json = successes.iter().any(|success| success.json().is_some());
            if matches!(answers, Answers::Stream { .. }) && has_json {
                let is_other =
                    |it: &&Success<'_>| it.is_final() && matches!(it.brings(), Brings::Other);
                warnings.extend(successes.iter().filter(is_other).map(|other| {
                    let pointer = format!("{pointer}/responses/{}", other.status);
                    let message = "this success is not JSON, and another one is; the client gives the body of \
                                   either as bytes";
                    Warning::new("generator-ignored", pointer, message)
                }));
            }
            let name = names.next().unwrap_or_default();
            operations.push(OperationFacts {
                id: (operation.operation_id.clone()).unwrap_or_else(|| name.clone()),
                name,
                safe: is_safe(method),
                method: method.to_uppercase(),
                path: without_fragment(path).to_owned(),
                pointer,
                documentation: documentation(operation),
                authenticated: is_authenticated(api, operation),
                accept: accept(&answers),
                content_type: body_kind
                    .map(|(kind, media_type)| content_type(kind, media_type))
                    .unwrap_or_default(),
                body_kind: body_kind.map(|(kind, _)| kind),
                body_description: body.and_then(|body| body.description.clone()),
                body_required: body.is_some_and(|body| body.required),
                answers,
                conflicting_paths: conflicting_paths.clone(),
                deprecation: operation.deprecated.then(|| {
                    let method = method.to_uppercase();
                    format!("the contract deprecates `{method} {path}`")
                }),
                statuses: statuses(&operation.responses),
                encoded_parameters: encoded_parameters
                    .map(|parameter| parameter.name.clone())
                    .collect(),
                parameters,
            });
        }
    }
    operations
}

fn documentation(operation: &Operation) -> String {
    let summary = operation.summary.as_deref();
    let summary = summary.map(|summary| summary.trim_end_matches(['.', ',']));
    let parts = summary.into_iter().chain(operation.description.as_deref());
    parts.collect::<Vec<_>>().join("\n\n")
}

/// The media type that a request names for its body.
fn content_type(kind: BodyKind, media_type: &str) -> String {
    match kind {
        BodyKind::Bytes if media_type.contains('*') => "application/octet-stream".to_owned(),
        BodyKind::Json => concrete(media_type),
        BodyKind::Form | BodyKind::Multipart | BodyKind::Bytes => media_type.to_owned(),
    }
}

/// The media types of `content`, as [`signature`] decides by them.
fn listed(content: &Content) -> impl Iterator<Item = MediaType<'_>> {
    content.iter().map(|(name, media)| {
        let is_value = media.schema.as_ref().is_some_and(|it| !is_binary(it));
        (name.as_str(), is_value)
    })
}

/// [`signature::json_media_type`] of `content`, as the contract spells it.
pub(crate) fn json_media_type(content: &Content) -> Option<&str> {
    signature::json_media_type(listed(content))
}

/// The media type among those of `content` that is a form, as the contract spells it.
pub(crate) fn form_media_type(content: &Content) -> Option<&str> {
    signature::form_media_type(listed(content))
}

/// Whether a schema says that content is not JSON: bytes, as OpenAPI 3.0 describes them.
fn is_binary(schema: &ReferenceOr<Schema>) -> bool {
    let kind = schema.as_item().map(|schema| &schema.schema_kind);
    matches!(kind, Some(SchemaKind::Type(Type::String(string)))
        if string.format == VariantOrUnknownOrEmpty::Item(StringFormat::Binary))
}

/// A media type that a request can name: that of JSON for a pattern.
fn concrete(media_type: &str) -> String {
    let json = if media_type.contains('*') {
        "application/json"
    } else {
        media_type
    };
    json.to_owned()
}

/// The media types that a request asks for.
fn accept(answers: &Answers) -> String {
    match answers {
        Answers::Empty => String::new(),
        Answers::Stream { media_types } => media_types.join(", "),
        Answers::Json { media_type, .. } => media_type.clone(),
        Answers::Several(answers) => {
            let mut asked: Vec<&str> = Vec::new();
            for answer in answers.iter().filter(|answer| answer.has_value) {
                if !asked.contains(&answer.media_type.as_str()) {
                    asked.push(&answer.media_type);
                }
            }
            asked.join(", ")
        }
    }
}

/// What an operation succeeds with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answers {
    /// A status alone.
    Empty,
    /// What is in the body, whatever it is.
    Stream {
        /// Those that the contract lists for successes.
        media_types: Vec<String>,
    },
    /// JSON of one type, as the response under `status` describes it.
    Json {
        /// A key of the responses.
        status: String,
        media_type: String,
        /// Whether a success can come without it.
        optional: bool,
    },
    /// JSON of a type for each status, or nothing.
    Several(Vec<AnswerFacts>),
}

/// One success of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnswerFacts {
    /// The key of the response: `200`, `2XX`, `default`.
    pub(crate) status: String,
    pub(crate) has_value: bool,
    pub(crate) media_type: String,
}

impl AnswerFacts {
    /// The name of its variant.
    pub(crate) fn variant(&self) -> String {
        match self.status.as_str() {
            "default" => "Default".to_owned(),
            status => format!("Status{}", status.replace("XX", "Xx")),
        }
    }

    /// The first and the last status that it is for.
    pub(crate) fn statuses(&self) -> (u16, u16) {
        let class = |class: &str| class.parse::<u16>().unwrap_or_default() * 100;
        match self.status.strip_suffix("XX") {
            Some(text) => (class(text), class(text) + 99),
            None => match self.status.parse() {
                Ok(code) => (code, code),
                Err(_) => (200, 299),
            },
        }
    }
}

/// The response under a key.
pub(crate) fn json_answer<'a>(responses: &'a Responses, status: &str) -> Option<&'a Response> {
    let mut listed = responses.responses.iter();
    let found = listed.find(|(key, _)| status_key(key) == status);
    found
        .map(|(_, listed)| listed)
        .or(responses.default.as_ref())?
        .as_item()
}

fn status_key(status: &StatusCode) -> String {
    match status {
        StatusCode::Code(code) => code.to_string(),
        StatusCode::Range(class) => format!("{class}XX"),
    }
}

/// A response that is no error.
struct Success<'a> {
    /// The key of the response.
    status: String,
    response: &'a Response,
}

impl Success<'_> {
    fn json(&self) -> Option<&str> {
        json_media_type(&self.response.content)
    }

    fn brings(&self) -> Brings<Option<&ReferenceOr<Schema>>> {
        let content = &self.response.content;
        match self.json() {
            Some(json) => Brings::Json(content.get(json).and_then(|media| media.schema.as_ref())),
            None if content.is_empty() => Brings::Nothing,
            None => Brings::Other,
        }
    }

    /// Whether it is the success of a request, and no redirect.
    fn is_final(&self) -> bool {
        success_order(&self.status).unwrap_or(200) < 300
    }
}

/// The responses with a status of success, and the redirects that the contract lists, which are answers too;
/// the default response if there are none.
fn successes<'a>(components: &'a Components, operation: &'a Operation) -> Vec<Success<'a>> {
    let responses = &operation.responses;
    let listed = responses.responses.iter();
    let listed = listed.map(|(status, found)| (status_key(status), found));
    let default = responses.default.iter();
    let default = default.map(|found| ("default".to_owned(), found));
    let found = listed
        .chain(default)
        .filter_map(|(status, found)| Some((status, response(components, found)?)));
    let found = signature::successes(found).into_iter();
    found
        .map(|(status, response)| Success { status, response })
        .collect()
}

/// What an operation succeeds with.
fn answers(listed: &[Success<'_>], operation: &Operation, method: &str) -> Answers {
    let required = operation.extensions.get(RESPONSE_BODY);
    let required = required.is_some_and(|value| value == "required");
    let brings: Vec<_> = listed
        .iter()
        .map(|success| (success.status.as_str(), success.brings()))
        .collect();
    let media_type = |status: &str| {
        let mut successes = listed.iter();
        let success = successes.find(|success| success.status == status);
        let json = success.and_then(Success::json);
        json.map(concrete).unwrap_or_default()
    };
    match returns(method, &brings, required) {
        Returns::Nothing => Answers::Empty,
        Returns::Stream => Answers::Stream {
            media_types: stream_media_types(listed),
        },
        Returns::Json { status, optional } => Answers::Json {
            status: status.to_owned(),
            media_type: media_type(status),
            optional,
        },
        Returns::Variants(variants) => {
            let facts = variants.into_iter().map(|(status, has_value)| AnswerFacts {
                status: status.to_owned(),
                has_value,
                media_type: media_type(status),
            });
            Answers::Several(facts.collect())
        }
    }
}

/// The media types of successes that are given as bytes.
fn stream_media_types(listed: &[Success<'_>]) -> Vec<String> {
    let successes = listed.iter().filter(|success| success.is_final());
    let mut media_types: Vec<String> = Vec::new();
    for media_type in successes.flat_map(|success| success.response.content.keys()) {
        // A header has no other characters.
        let is_text = media_type.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if is_text && !media_types.contains(media_type) {
            media_types.push(media_type.clone());
        }
    }
    media_types
}

/// The extension that makes a success without a body an error, although the contract lists one.
pub const RESPONSE_BODY: &str = "x-response-body";

pub(crate) fn response<'a>(
    components: &'a Components,
    response: &'a ReferenceOr<Response>,
) -> Option<&'a Response> {
    match response {
        ReferenceOr::Item(response) => Some(response),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/responses/")?;
            components.responses.get(name)?.as_item()
        }
    }
}

pub(crate) fn request_body<'a>(
    components: &'a Components,
    body: &'a ReferenceOr<RequestBody>,
) -> Option<&'a RequestBody> {
    match body {
        ReferenceOr::Item(body) => Some(body),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/requestBodies/")?;
            components.request_bodies.get(name)?.as_item()
        }
    }
}

/// A contract that says nothing of security leaves it to the client, which has a token. One that says
/// that nothing is needed gets none, nor does one whose alternative to nothing is no token.
fn is_authenticated(api: &OpenAPI, operation: &Operation) -> bool {
    match operation.security.as_ref().or(api.security.as_ref()) {
        None => true,
        Some(alternatives) => alternatives.iter().any(|schemes| {
            !schemes.is_empty() && schemes.keys().all(|name| takes_token(api, name))
        }),
    }
}

/// Whether a bearer token is what a security scheme asks for.
fn takes_token(api: &OpenAPI, name: &str) -> bool {
    let schemes = api.components.as_ref().map(|it| &it.security_schemes);
    let mut scheme = schemes.and_then(|schemes| schemes.get(name));
    // The rules have checked that references end.
    while let Some(ReferenceOr::Reference { reference }) = scheme {
        let name = reference.strip_prefix("#/components/securitySchemes/");
        scheme = name.and_then(|name| schemes?.get(name));
    }
    match scheme.and_then(ReferenceOr::as_item) {
        Some(SecurityScheme::APIKey { .. }) => false,
        Some(SecurityScheme::HTTP { scheme, .. }) => scheme.eq_ignore_ascii_case("bearer"),
        _ => true,
    }
}

fn statuses(responses: &Responses) -> Vec<String> {
    let listed = responses.responses.keys().map(status_key);
    listed
        .chain(responses.default.is_some().then(|| "default".to_owned()))
        .collect()
}

/// The Rust names of all operations, in the order of [`describe`].
fn operation_names(api: &OpenAPI, warnings: &mut Vec<Warning>) -> Vec<String> {
    let mut listed = Vec::new();
    for (path, item) in &api.paths.paths {
        for (method, operation) in item
            .as_item()
            .into_iter()
            .flat_map(openapiv3::PathItem::iter)
        {
            listed.push((path, method, operation.operation_id.as_deref()));
        }
    }
    let wanted: Vec<Wanted> = listed
        .iter()
        .map(|(path, method, id)| {
            // What a person has to type stays ASCII.
            let spelled = id
                .map(snake_case)
                .filter(|name| name.is_ascii() && name != "x");
            Wanted {
                name: spelled.unwrap_or_else(|| operation_name(method, path)),
                key: format!("{}\n{path}\n{method}", key(id.unwrap_or_default())),
            }
        })
        .collect();
    let taken = CLIENT_NAMES.iter().chain(&BUILDER_TYPES).chain(&PRELUDE);
    let names = choose(&wanted, taken.map(|name| pascal_case(name)), pascal_case);
    for (((path, method, id), wanted), name) in listed.into_iter().zip(wanted).zip(&names) {
        let pointer = format!("/paths/{}/{method}", pointer_token(path));
        let id_pointer = format!("{pointer}/operationId");
        let (rule, pointer, message) = match id {
            None => (
                "operation-id",
                pointer,
                format!(
                    "{} {path} has no `operationId`, which names the client's method; it is called `{name}`: \
                     add one",
                    method.to_uppercase()
                ),
            ),
            Some(id) if wanted.name != *name => {
                let is_repeated = api.paths.paths.values().filter_map(ReferenceOr::as_item);
                let repeated = is_repeated
                    .flat_map(openapiv3::PathItem::iter)
                    .filter(|(_, operation)| operation.operation_id.as_deref() == Some(id))
                    .count();
                if repeated > 1 {
                    let message = format!(
                        "`{id}` is the operationId of another operation too; the method of this one is \
                         called `{name}`: give each its own"
                    );
                    ("operation-id", id_pointer, message)
                } else {
                    let message = format!(
                        "the method of `{id}` is called `{name}`, as `{}` has another use: rename it",
                        wanted.name
                    );
                    ("generated-name", id_pointer, message)
                }
            }
            Some(id) if id.contains('\'') || !id.is_ascii() => (
                "generated-name",
                id_pointer,
                format!(
                    "no method can be called `{id}`; it is called `{name}`: use letters and digits"
                ),
            ),
            Some(_) => continue,
        };
        warnings.push(Warning::new(rule, pointer, message));
    }
    names
}

/// The parameters of an operation.
fn parameters(
    components: &Components,
    operation: &Operation,
    pointer: &str,
    warnings: &mut Vec<Warning>,
) -> Vec<ParameterFacts> {
    let mut found: Vec<ParameterFacts> = Vec::new();
    for parameter in operation.parameters.iter().filter_map(ReferenceOr::as_item) {
        let data = parameter.parameter_data_ref();
        let place = match parameter {
            Parameter::Path { .. } => Place::Path,
            Parameter::Header { .. } => Place::Header,
            Parameter::Query { style, .. } => Place::Query(match data.format {
                ParameterSchemaOrContent::Content(_) => QueryStyle::Json,
                ParameterSchemaOrContent::Schema(_) => query_style(style, data.explode),
            }),
            Parameter::Cookie { .. } => continue,
        };
        found.push(ParameterFacts {
            name: data.name.clone(),
            field: snake_case(&data.name),
            description: data.description.clone(),
            required: data.required,
            has_pattern: has_pattern(components, data),
            place,
        });
    }
    let wanted: Vec<Wanted> = found
        .iter()
        .map(|parameter| Wanted {
            name: parameter.field.clone(),
            key: format!("{}{}", parameter.place.rank(), key(&parameter.name)),
        })
        .collect();
    for (parameter, field) in found.iter_mut().zip(choose(&wanted, BUILDER_NAMES, as_is)) {
        if parameter.field != field {
            let message = format!(
                "the method of the parameter `{}` is called `{field}`, as `{}` has another use",
                parameter.name, parameter.field
            );
            warnings.push(Warning::new("generated-name", pointer, message));
            parameter.field = field;
        }
    }
    found
}

fn has_pattern(components: &Components, data: &ParameterData) -> bool {
    let ParameterSchemaOrContent::Schema(schema) = &data.format else {
        return false;
    };
    let schema = match schema {
        ReferenceOr::Item(schema) => Some(schema),
        ReferenceOr::Reference { reference } => reference
            .strip_prefix("#/components/schemas/")
            .and_then(|name| components.schemas.get(name)?.as_item()),
    };
    match schema.map(|schema| &schema.schema_kind) {
        Some(SchemaKind::Type(Type::String(string))) => string.pattern.is_some(),
        Some(SchemaKind::Any(any)) => any.pattern.is_some(),
        _ => false,
    }
}

fn query_style(style: &openapiv3::QueryStyle, explode: Option<bool>) -> QueryStyle {
    use openapiv3::QueryStyle as Style;
    match (style, explode) {
        (Style::DeepObject, _) => QueryStyle::DeepObject,
        (Style::Form, None | Some(true)) | (_, Some(true)) => QueryStyle::Exploded,
        (Style::Form, Some(false)) => QueryStyle::Commas,
        (Style::SpaceDelimited, _) => QueryStyle::Spaces,
        (Style::PipeDelimited, _) => QueryStyle::Pipes,
    }
}

pub(crate) fn resolve_parameter<'a>(
    components: &'a Components,
    parameter: &'a ReferenceOr<Parameter>,
) -> Option<&'a Parameter> {
    match parameter {
        ReferenceOr::Item(parameter) => Some(parameter),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/parameters/")?;
            components.parameters.get(name)?.as_item()
        }
    }
}

/// The paths of a contract as a tree of their segments, so that looking one up does not take
/// longer the more there are.
#[derive(Default)]
struct Route<'a> {
    next: HashMap<&'a str, Route<'a>>,
    /// The place, among all paths, of the one that ends here.
    path: Option<usize>,
}

impl<'a> Route<'a> {
    fn insert(&mut self, path: &'a str, index: usize) {
        let mut route = self;
        for segment in path.split('/') {
            route = route.next.entry(segment).or_default();
        }
        route.path = Some(index);
    }

    /// The paths that some value for the parameters of `path` gives, and that are closer matches
    /// for it, in the order of the contract.
    fn conflicts_with(&self, path: &str) -> Vec<usize> {
        let template = |segment: &str| segment.contains('{');
        // `{id}.json` and `me` say more of a segment than `{id}` does.
        let closer_than = |ours: &str, other: &str| {
            let literal = |segment: &str| segment.len() - parameter_length(segment);
            literal(other) > literal(ours)
        };
        // Each with whether it is a closer match so far.
        let mut found = vec![(self, false)];
        for ours in path.split('/') {
            let mut further = Vec::new();
            for (route, closer) in found {
                if template(ours) {
                    let all = route.next.iter();
                    further.extend(
                        all.map(|(other, next)| (next, closer || closer_than(ours, other))),
                    );
                } else {
                    further.extend(route.next.get(ours).map(|next| (next, closer)));
                }
            }
            found = further;
        }
        let mut conflicting_paths: Vec<usize> = found
            .into_iter()
            .filter(|(_, closer)| *closer)
            .filter_map(|(route, _)| route.path)
            .collect();
        conflicting_paths.sort_unstable();
        conflicting_paths
    }
}

/// How much of a segment is the names of parameters, braces included.
fn parameter_length(segment: &str) -> usize {
    match (segment.find('{'), segment.rfind('}')) {
        (Some(start), Some(end)) if start < end => end + 1 - start,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_conflicts_with_those_that_a_value_turns_it_into() {
        let paths = [
            "/people/{id}",
            "/people/me",
            "/people/{id}/photo",
            "/people/me/{part}",
            "/{kind}/me",
            "/people/{other}",
            "/people",
            "/photos/{id}",
            "/photos/{id}.png",
        ];
        let mut routes = Route::default();
        for (index, path) in paths.iter().enumerate() {
            routes.insert(path, index);
        }
        let conflicting_paths = |path| {
            let found = routes.conflicts_with(path).into_iter();
            found.map(|index| paths[index]).collect::<Vec<_>>()
        };
        assert_eq!(conflicting_paths("/people/{id}"), ["/people/me"]);
        assert_eq!(conflicting_paths("/people/me"), [""; 0]);
        assert_eq!(conflicting_paths("/photos/{id}"), ["/photos/{id}.png"]);
        assert_eq!(conflicting_paths("/people/{id}/photo"), [""; 0]);
        assert_eq!(conflicting_paths("/people/me/{part}"), [""; 0]);
        assert_eq!(conflicting_paths("/{kind}/me"), ["/people/me"]);
        assert_eq!(
            conflicting_paths("/{kind}/{id}"),
            [
                "/people/{id}",
                "/people/me",
                "/{kind}/me",
                "/people/{other}",
                "/photos/{id}",
                "/photos/{id}.png"
            ]
        );
    }
}
