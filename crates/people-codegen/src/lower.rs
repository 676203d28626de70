//! Contract to contract: rewrites the few things that the generator cannot take, or would take
//! in a way that loses data. The contract says what the service does; nothing of this shows in it.
//!
//! What cannot be said in OpenAPI at all is `postprocess`'s.

use std::collections::HashMap;

use heck::{ToPascalCase, ToSnakeCase};
use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, Components, ObjectType, OpenAPI, Operation, Parameter,
    ParameterData, ParameterSchemaOrContent, ReferenceOr, Response, Responses, Schema, SchemaData,
    SchemaKind, StatusCode, StringFormat, StringType, Type, VariantOrUnknownOrEmpty,
};

use crate::document::contract::EXTENSIBLE_ENUM;
use crate::document::model::operations_mut;
use crate::facts::UpdateFacts;
use crate::rules::classify::{self, Alternative, Composition};

/// The type in `people-sdk` of a value that is a boolean or the text for one.
pub(crate) const BOOLEAN_OR_TEXT: &str = "crate::runtime::serde_support::BooleanOrText";

/// A contract that the generator takes, and what `postprocess` needs to know of the original.
#[derive(Debug)]
pub(crate) struct Lowered {
    pub(crate) api: OpenAPI,
    /// Schemas that are a boolean or the word for one.
    pub(crate) flags: Vec<String>,
    /// The properties of each named schema, by its Rust name, in the order of the contract.
    pub(crate) properties: IndexMap<String, Vec<String>>,
    /// Every operation, in the order in which the generator meets them.
    pub(crate) operations: Vec<OperationFacts>,
    /// What updates do beyond storing the values they are sent.
    pub(crate) updates: Vec<UpdateFacts>,
}

/// What the client knows of an operation while it runs.
#[derive(Debug, Clone)]
pub(crate) struct OperationFacts {
    pub(crate) id: String,
    /// In capitals, as on the wire.
    pub(crate) method: String,
    pub(crate) path: String,
    /// Whether the method only reads (RFC 9110, 9.2.1).
    pub(crate) safe: bool,
    /// Other paths that a value in this one could turn it into: `/people/me`.
    pub(crate) conflicting_paths: Vec<String>,
    /// The keys of its responses: `200`, `4XX`, `default`.
    pub(crate) statuses: Vec<String>,
    /// What the contract says of each parameter, by the parameter's name in Rust.
    pub(crate) parameters: HashMap<String, String>,
}

/// Rewrites `api` for the generator.
pub(crate) fn lower(mut api: OpenAPI, updates: Vec<UpdateFacts>) -> Lowered {
    let properties = properties(&api);
    let operations = operations(&api);
    let components = api.components.clone().unwrap_or_default();
    let mut flags: Vec<String> = schemas(&api)
        .filter(|(_, schema)| is_boolean_or_text(&components, schema))
        .map(|(name, _)| name.clone())
        .collect();
    // Inline flags share one named schema, as a replacement of a type goes by its name.
    let flag = flags.first().cloned().unwrap_or_else(|| {
        let mut name = "BooleanOrText".to_owned();
        while components.schemas.contains_key(&name) {
            name.insert_str(0, "Inline");
        }
        name
    });
    let mut lowering = Lowering {
        components,
        flag,
        inline_flags: false,
    };
    for (_, item) in &mut api.paths.paths {
        if let ReferenceOr::Item(item) = item {
            lowering.parameters(&mut item.parameters);
            for (_, operation) in operations_mut(item) {
                lowering.operation(operation);
            }
        }
    }
    if let Some(components) = &mut api.components {
        for (name, schema) in &mut components.schemas {
            if updates.iter().any(|facts| facts.schema == *name) {
                relax_required(schema);
            }
            lowering.named_schema(schema);
        }
        for parameter in components.parameters.values_mut() {
            lowering.parameter(parameter);
        }
        for body in components.request_bodies.values_mut() {
            if let ReferenceOr::Item(body) = body {
                lowering.content(&mut body.content);
            }
        }
        for response in components.responses.values_mut() {
            if let ReferenceOr::Item(response) = response {
                lowering.content(&mut response.content);
            }
        }
    }
    if lowering.inline_flags && flags.is_empty() {
        api.components
            .get_or_insert_default()
            .schemas
            .insert(lowering.flag.clone(), ReferenceOr::Item(flag_schema()));
        flags.push(lowering.flag);
    }
    Lowered {
        api,
        flags,
        properties,
        operations,
        updates,
    }
}

/// An update starts from what was read, which may lack what an update requires. The fact that it is
/// required is kept in [`UpdateFacts`], for a check before the update is sent.
fn relax_required(schema: &mut ReferenceOr<Schema>) {
    if let ReferenceOr::Item(schema) = schema
        && let SchemaKind::Type(Type::Object(object)) = &mut schema.schema_kind
    {
        object.required.clear();
    }
}

fn schemas(api: &OpenAPI) -> impl Iterator<Item = (&String, &Schema)> {
    let components = api.components.iter();
    components.flat_map(|components| {
        components
            .schemas
            .iter()
            .filter_map(|(name, schema)| Some((name, schema.as_item()?)))
    })
}

fn properties(api: &OpenAPI) -> IndexMap<String, Vec<String>> {
    schemas(api)
        .filter_map(|(name, schema)| match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => Some((
                name.to_pascal_case(),
                object.properties.keys().cloned().collect(),
            )),
            _ => None,
        })
        .collect()
}

fn operations(api: &OpenAPI) -> Vec<OperationFacts> {
    let paths: Vec<_> = api
        .paths
        .paths
        .iter()
        .filter_map(|(path, item)| Some((path.as_str(), item.as_item()?)))
        .collect();
    let mut routes = Route::default();
    for (index, (path, _)) in paths.iter().enumerate() {
        routes.insert(path, index);
    }
    let mut operations = Vec::new();
    for (path, item) in &paths {
        let conflicting_paths = routes.conflicts_with(path).into_iter();
        let conflicting_paths: Vec<String> = conflicting_paths
            .filter_map(|index| Some(paths.get(index)?.0.to_owned()))
            .collect();
        for (method, operation) in item.iter() {
            let declared = item.parameters.iter().chain(&operation.parameters);
            operations.push(OperationFacts {
                id: operation.operation_id.clone().unwrap_or_default(),
                safe: SAFE_METHODS.contains(&method),
                method: method.to_uppercase(),
                path: (*path).to_owned(),
                statuses: statuses(&operation.responses),
                conflicting_paths: conflicting_paths.clone(),
                parameters: declared
                    .filter_map(|parameter| {
                        let data = parameter_data(api, parameter)?;
                        Some((data.name.to_snake_case(), data.description.clone()?))
                    })
                    .collect(),
            });
        }
    }
    operations
}

/// The methods that only read (RFC 9110, 9.2.1).
const SAFE_METHODS: [&str; 4] = ["get", "head", "options", "trace"];

fn statuses(responses: &Responses) -> Vec<String> {
    let listed = responses.responses.keys().map(|status| match status {
        StatusCode::Code(code) => code.to_string(),
        StatusCode::Range(class) => format!("{class}XX"),
    });
    listed
        .chain(responses.default.is_some().then(|| "default".to_owned()))
        .collect()
}

fn parameter_data<'a>(
    api: &'a OpenAPI,
    parameter: &'a ReferenceOr<Parameter>,
) -> Option<&'a ParameterData> {
    let parameter = match parameter {
        ReferenceOr::Item(parameter) => parameter,
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/parameters/")?;
            let components = api.components.as_ref()?;
            components.parameters.get(name)?.as_item()?
        }
    };
    Some(parameter.parameter_data_ref())
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

/// The meaning of the alternatives in a schema, where it is nothing else.
fn composition<'a>(components: &'a Components, schema: &'a Schema) -> Option<Composition<'a>> {
    let alternative = |choice| match resolve(components, choice).map(|schema| &schema.schema_kind) {
        Some(SchemaKind::Type(Type::Boolean(_))) => Alternative::Boolean,
        Some(SchemaKind::Type(Type::String(string))) => {
            let values = string.enumeration.iter().flatten();
            Alternative::Text(values.map(String::as_str).collect())
        }
        _ => Alternative::Other,
    };
    match &schema.schema_kind {
        SchemaKind::OneOf { one_of } => {
            classify::one_of(&one_of.iter().map(alternative).collect::<Vec<_>>())
        }
        SchemaKind::AnyOf { any_of } => {
            classify::any_of(&any_of.iter().map(alternative).collect::<Vec<_>>())
        }
        _ => None,
    }
}

/// The listed values of an open enumeration, in either of its spellings.
fn open_values(components: &Components, schema: &Schema) -> Option<Vec<String>> {
    if let Some(Composition::OpenEnum(values)) = composition(components, schema) {
        return Some(values.into_iter().map(str::to_owned).collect());
    }
    let values = schema.schema_data.extensions.get(EXTENSIBLE_ENUM)?;
    let values = values.as_array()?.iter();
    Some(
        values
            .filter_map(|value| Some(value.as_str()?.to_owned()))
            .collect(),
    )
}

fn is_boolean_or_text(components: &Components, schema: &Schema) -> bool {
    composition(components, schema) == Some(Composition::BooleanOrText)
}

fn flag_schema() -> Schema {
    Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Type(Type::Boolean(openapiv3::BooleanType::default())),
    }
}

fn resolve<'a>(components: &'a Components, schema: &'a ReferenceOr<Schema>) -> Option<&'a Schema> {
    // `lint` has seen to it that references end.
    let mut schema = schema;
    loop {
        match schema {
            ReferenceOr::Item(item) => return Some(item),
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/schemas/")?;
                schema = components.schemas.get(name)?;
            }
        }
    }
}

struct Lowering {
    /// As in the contract, for looking up what references mean.
    components: Components,
    /// The name that inline flags are given.
    flag: String,
    inline_flags: bool,
}

impl Lowering {
    /// Leaves an operation one answer: its success, with content where it has any. Every other
    /// answer then reaches the client whole, and is judged by its status in one place.
    fn operation(&mut self, operation: &mut Operation) {
        self.parameters(&mut operation.parameters);
        if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
            self.content(&mut body.content);
        }
        let responses = std::mem::take(&mut operation.responses);
        let success = self.success(responses);
        operation.responses.responses.extend(success);
        for response in operation.responses.responses.values_mut() {
            if let ReferenceOr::Item(response) = response {
                self.content(&mut response.content);
            }
        }
    }

    fn success(&self, responses: Responses) -> Option<(StatusCode, ReferenceOr<Response>)> {
        let mut candidates: Vec<_> = responses
            .responses
            .into_iter()
            .filter(|(status, _)| {
                matches!(status, StatusCode::Code(200..=299) | StatusCode::Range(2))
            })
            .collect();
        candidates.sort_by_key(|(status, response)| {
            let order = match status {
                StatusCode::Code(code) => *code,
                StatusCode::Range(_) => u16::MAX,
            };
            (std::cmp::Reverse(self.content_rank(response)), order)
        });
        candidates.into_iter().next().or_else(|| {
            responses
                .default
                .map(|response| (StatusCode::Code(200), response))
        })
    }

    /// JSON before other content before none.
    fn content_rank(&self, response: &ReferenceOr<Response>) -> u8 {
        let response = match response {
            ReferenceOr::Item(response) => Some(response),
            ReferenceOr::Reference { reference } => reference
                .strip_prefix("#/components/responses/")
                .and_then(|name| self.components.responses.get(name)?.as_item()),
        };
        match response.map(|response| &response.content) {
            Some(content) if content.contains_key("application/json") => 2,
            Some(content) if !content.is_empty() => 1,
            _ => 0,
        }
    }

    fn parameters(&mut self, parameters: &mut [ReferenceOr<Parameter>]) {
        for parameter in parameters {
            self.parameter(parameter);
        }
    }

    fn parameter(&mut self, parameter: &mut ReferenceOr<Parameter>) {
        let ReferenceOr::Item(parameter) = parameter else {
            return;
        };
        // A query is written by serde; a path or a header by `Display`, which has another form for
        // timestamps than the wire.
        let displayed = !matches!(parameter, Parameter::Query { .. });
        let (Parameter::Query { parameter_data, .. }
        | Parameter::Header { parameter_data, .. }
        | Parameter::Path { parameter_data, .. }
        | Parameter::Cookie { parameter_data, .. }) = parameter;
        if displayed
            && let ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)) =
                &mut parameter_data.format
            && let SchemaKind::Type(Type::String(string)) = &mut schema.schema_kind
        {
            string.format = VariantOrUnknownOrEmpty::Empty;
        }
        match &mut parameter_data.format {
            ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)) => self.schema(schema),
            ParameterSchemaOrContent::Content(content) => self.content(content),
            ParameterSchemaOrContent::Schema(ReferenceOr::Reference { .. }) => {}
        }
    }

    fn content(&mut self, content: &mut openapiv3::Content) {
        for media_type in content.values_mut() {
            if let Some(schema) = &mut media_type.schema {
                self.inner_schema(schema);
            }
        }
    }

    fn named_schema(&mut self, schema: &mut ReferenceOr<Schema>) {
        if let ReferenceOr::Item(schema) = schema {
            if is_boolean_or_text(&self.components, schema) {
                let description = schema.schema_data.description.take();
                *schema = flag_schema();
                schema.schema_data.description = description;
            } else {
                self.schema(schema);
            }
        }
    }

    /// A schema inside another, where an inline flag gets its name.
    fn inner_schema(&mut self, schema: &mut ReferenceOr<Schema>) {
        let ReferenceOr::Item(item) = schema else {
            return;
        };
        if is_boolean_or_text(&self.components, item) {
            item.schema_data.default = None;
            self.inline_flags = true;
            let reference = ReferenceOr::Reference {
                reference: format!("#/components/schemas/{}", self.flag),
            };
            item.schema_kind = SchemaKind::AllOf {
                all_of: vec![reference],
            };
        } else {
            self.schema(item);
        }
    }

    fn boxed_schema(&mut self, schema: &mut ReferenceOr<Box<Schema>>) {
        if let ReferenceOr::Item(item) = schema {
            let mut inner = ReferenceOr::Item(std::mem::replace(item.as_mut(), flag_schema()));
            self.inner_schema(&mut inner);
            if let ReferenceOr::Item(inner) = inner {
                **item = inner;
            }
        }
    }

    fn schema(&mut self, schema: &mut Schema) {
        // A title would become the Rust type's name, and a default would make absent and present
        // the same.
        schema.schema_data.title = None;
        schema.schema_data.default = None;
        if let Some(values) = open_values(&self.components, schema) {
            schema.schema_kind = SchemaKind::Type(Type::String(StringType {
                enumeration: values.into_iter().map(Some).collect(),
                ..StringType::default()
            }));
        }
        if let SchemaKind::Any(any) = &mut schema.schema_kind
            && let Some(object) = untyped_object(any)
        {
            schema.schema_kind = SchemaKind::Type(Type::Object(object));
        }
        match &mut schema.schema_kind {
            SchemaKind::Type(kind) => self.kind(kind),
            SchemaKind::OneOf { one_of: inner }
            | SchemaKind::AllOf { all_of: inner }
            | SchemaKind::AnyOf { any_of: inner } => {
                for schema in inner {
                    self.inner_schema(schema);
                }
            }
            SchemaKind::Any(any) => self.any(any),
            SchemaKind::Not { .. } => {}
        }
    }

    /// Drops every bound, and the lists of numbers that would be closed: the service decides what it
    /// accepts and sends, and an answer beyond what is documented must still be read. A `pattern`
    /// would also bring a regular expression engine into every consumer.
    fn kind(&mut self, kind: &mut Type) {
        match kind {
            Type::String(string) => {
                string.pattern = None;
                string.min_length = None;
                string.max_length = None;
                let timestamp = matches!(
                    string.format,
                    VariantOrUnknownOrEmpty::Item(StringFormat::Date | StringFormat::DateTime)
                );
                // Other formats would turn into types that refuse what the service sends, and
                // that cost every consumer a crate.
                if !timestamp {
                    string.format = VariantOrUnknownOrEmpty::Empty;
                }
            }
            Type::Number(number) => {
                number.minimum = None;
                number.maximum = None;
                number.multiple_of = None;
                number.enumeration.clear();
                // `float` would read a number as another one.
                number.format = VariantOrUnknownOrEmpty::Empty;
            }
            Type::Integer(integer) => {
                integer.minimum = None;
                integer.maximum = None;
                integer.multiple_of = None;
                integer.enumeration.clear();
                integer.format = VariantOrUnknownOrEmpty::Empty;
            }
            Type::Array(array) => {
                array.min_items = None;
                array.max_items = None;
                array.unique_items = false;
                if let Some(items) = &mut array.items {
                    self.boxed_schema(items);
                }
            }
            Type::Object(object) => self.object(object),
            Type::Boolean(_) => {}
        }
    }

    fn object(&mut self, object: &mut ObjectType) {
        object.min_properties = None;
        object.max_properties = None;
        let required = object.required.clone();
        self.property_schemas(&mut object.properties, &required);
        if object.properties.is_empty() {
            match &mut object.additional_properties {
                Some(AdditionalProperties::Schema(schema)) => self.inner_schema(schema),
                // A new property would fail the whole answer.
                Some(AdditionalProperties::Any(_)) => object.additional_properties = None,
                None => {}
            }
        } else {
            // This form alone makes the generator keep the properties that it does not know.
            object.additional_properties = Some(AdditionalProperties::Schema(Box::new(
                ReferenceOr::Item(Schema {
                    schema_data: SchemaData::default(),
                    schema_kind: SchemaKind::Any(AnySchema::default()),
                }),
            )));
        }
    }

    fn property_schemas(
        &mut self,
        properties: &mut IndexMap<String, ReferenceOr<Box<Schema>>>,
        required: &[String],
    ) {
        for (name, property) in properties {
            self.boxed_schema(property);
            if required.contains(name) {
                continue;
            }
            // Without this an absent list and an empty one would be the same value.
            if let ReferenceOr::Item(schema) = property
                && is_collection(&schema.schema_kind)
            {
                schema.schema_data.nullable = true;
            }
        }
    }

    fn any(&mut self, any: &mut AnySchema) {
        any.pattern = None;
        any.min_length = None;
        any.max_length = None;
        any.minimum = None;
        any.maximum = None;
        any.multiple_of = None;
        any.exclusive_minimum = None;
        any.exclusive_maximum = None;
        any.min_items = None;
        any.max_items = None;
        any.unique_items = None;
        let required = any.required.clone();
        self.property_schemas(&mut any.properties, &required);
        if let Some(items) = &mut any.items {
            self.boxed_schema(items);
        }
        for schema in any
            .one_of
            .iter_mut()
            .chain(&mut any.all_of)
            .chain(&mut any.any_of)
        {
            self.inner_schema(schema);
        }
    }
}

/// An object whose `type` goes without saying. As a schema of any type it would lose the properties
/// that it does not list.
fn untyped_object(any: &mut AnySchema) -> Option<ObjectType> {
    let plain = any.typ.is_none()
        && any.enumeration.is_empty()
        && any.items.is_none()
        && any.not.is_none()
        && any.one_of.is_empty()
        && any.all_of.is_empty()
        && any.any_of.is_empty();
    (plain && !any.properties.is_empty()).then(|| ObjectType {
        properties: std::mem::take(&mut any.properties),
        required: std::mem::take(&mut any.required),
        ..ObjectType::default()
    })
}

fn is_collection(kind: &SchemaKind) -> bool {
    match kind {
        SchemaKind::Type(Type::Array(_)) => true,
        SchemaKind::Type(Type::Object(object)) => object.properties.is_empty(),
        _ => false,
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
