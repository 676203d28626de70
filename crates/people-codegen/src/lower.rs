//! Contract to contract: rewrites the few things that the generator cannot take, or would take
//! in a way that loses data. The contract says what the service does; nothing of this shows in it.
//!
//! What cannot be said in OpenAPI at all is `postprocess`'s.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, Components, ObjectType, OpenAPI, Operation, Parameter,
    ParameterSchemaOrContent, ReferenceOr, Schema, SchemaData, SchemaKind, StringFormat,
    StringType, Type, VariantOrUnknownOrEmpty,
};

use crate::directions::{Direction, Uses};
use crate::document::contract::EXTENSIBLE_ENUM;
use crate::document::diagnostic::Warning;
use crate::document::model::operations_mut;
use crate::document::node::pointer_token;
use crate::facts::UpdateFacts;
use crate::names::{Wanted, as_is, choose, key, parted, pascal_case, snake_case};
use crate::operations::{
    self, AnswerFacts, Answers, OperationFacts, form_media_type, json_media_type,
};
use crate::rules::classify::{self, Alternative, Composition};

mod inline;
mod merge;
mod rename;
mod schemas;
mod unions;

use rename::{Inner, Place};
use schemas::{SCHEMAS, any_schema, boxed, resolve, resolve_boxed, unwrapped};

pub(crate) use unions::{UnionFacts, VariantFacts, catch_all};

/// The type in `people-sdk` of a value that is a boolean or the text for one.
pub(crate) const BOOLEAN_OR_TEXT: &str = "crate::runtime::serde_support::BooleanOrText";

/// A contract that the generator takes, and what `postprocess` needs to know of the original.
#[derive(Debug)]
pub(crate) struct Lowered {
    pub(crate) api: OpenAPI,
    /// The Rust names of schemas that are a boolean or the word for one.
    pub(crate) flags: Vec<String>,
    /// What the generator does not say of a type, by its Rust name.
    pub(crate) types: HashMap<String, TypeFacts>,
    /// Every operation, in the order in which the generator meets them.
    pub(crate) operations: Vec<OperationFacts>,
    /// What updates do beyond storing the values they are sent.
    pub(crate) updates: Vec<UpdateFacts>,
    /// Where the generated code differs from what the contract says, or leaves something out.
    pub(crate) warnings: Vec<Warning>,
}

/// What the generator does not say of a type.
#[derive(Debug, Clone)]
pub(crate) enum TypeFacts {
    /// The properties of an object, in the order of the contract.
    Object(Vec<PropertyFacts>),
    /// The values of an enumeration, in the order of the contract: as the generator reads them, and as they
    /// are sent.
    Enum(Vec<(String, String)>),
    /// An object with a property per form, of which an enum is made.
    Union(UnionFacts),
    /// An object with a property per success that has a body, of which an enum is made.
    Answers(Vec<AnswerFacts>),
}

/// A property of an object.
#[derive(Debug, Clone)]
pub(crate) struct PropertyFacts {
    /// As the generator reads it.
    pub(crate) generated: String,
    /// As it is sent.
    pub(crate) name: String,
    pub(crate) read_only: bool,
    /// The example, if it is text.
    pub(crate) example: Option<String>,
}

/// Schemas that are deeper inside others than this are any value: merging can make schemas that have no end.
const MAX_DEPTH: usize = 40;

/// Rewrites `api` for the generator.
pub(crate) fn lower(mut api: OpenAPI, updates: Vec<UpdateFacts>) -> Lowered {
    let mut warnings = Vec::new();
    inline::inline(&mut api, &mut warnings);
    let operations = operations::describe(&api, &mut warnings);
    let uses = Uses::of(&api);
    let components = api.components.clone().unwrap_or_default();
    let flags: Vec<String> = schemas(&api)
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
    let nullable = schemas(&api)
        .filter(|(_, schema)| takes_null(schema) && has_own_type(&components, schema))
        .map(|(name, _)| name.clone());
    let mut lowering = Lowering {
        nullable: nullable.collect(),
        components,
        flag,
        inline_flags: false,
        uses,
        direction: Direction::BOTH,
        types: HashMap::new(),
        inner: IndexMap::new(),
        warnings,
    };
    let mut facts = operations.iter();
    for (path, item) in &mut api.paths.paths {
        let ReferenceOr::Item(item) = item else {
            continue;
        };
        for (method, operation) in operations_mut(item) {
            let Some(facts) = facts.next() else {
                continue;
            };
            let pointer = format!("/paths/{}/{method}", pointer_token(path));
            let place = Place::new(pascal_case(&facts.name), pointer);
            lowering.operation(operation, facts, &place);
        }
    }
    inline::name(&mut api, &operations);
    let components = api.components.get_or_insert_default();
    for (name, schema) in &mut components.schemas {
        lowering.direction = lowering.uses.direction(name);
        if updates.iter().any(|facts| facts.schema == *name) {
            relax_required(schema);
        }
        lowering.named_schema(name, schema);
    }
    let mut flags: HashSet<String> = flags.into_iter().collect();
    if lowering.inline_flags && flags.is_empty() {
        components
            .schemas
            .insert(lowering.flag.clone(), ReferenceOr::Item(flag_schema()));
        flags.insert(lowering.flag.clone());
    }
    let Lowering {
        types,
        inner,
        mut warnings,
        ..
    } = lowering;
    let rust_names = rename::rename(&mut api, inner, &mut warnings);
    let rust_name = |name: String| rust_names.get(&name).cloned().unwrap_or(name);
    let mut flags: Vec<String> = flags.into_iter().map(rust_name).collect();
    flags.sort();
    let types = types.into_iter();
    Lowered {
        types: types
            .map(|(name, facts)| (rust_name(name), facts))
            .collect(),
        api,
        flags,
        operations,
        updates,
        warnings,
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

/// Whether a value of a schema can have parts of its own names.
fn has_parts(components: &Components, schema: &ReferenceOr<Schema>) -> bool {
    match resolve(components, schema).map(|schema| &schema.schema_kind) {
        Some(SchemaKind::Type(Type::Object(_))) => true,
        Some(SchemaKind::Any(any)) => !any.properties.is_empty(),
        Some(
            SchemaKind::OneOf { one_of: inner }
            | SchemaKind::AllOf { all_of: inner }
            | SchemaKind::AnyOf { any_of: inner },
        ) => inner.iter().any(|schema| has_parts(components, schema)),
        _ => false,
    }
}

struct Lowering {
    /// As in the contract, for looking up what references mean.
    components: Components,
    /// The name that inline flags are given.
    flag: String,
    inline_flags: bool,
    /// The named schemas that take null, which is said where they are referred to.
    nullable: HashSet<String>,
    uses: Uses,
    /// Where values of the schema at hand travel.
    direction: Direction,
    /// By the names in `components` and `inner`.
    types: HashMap<String, TypeFacts>,
    inner: IndexMap<String, Inner>,
    warnings: Vec<Warning>,
}

impl Lowering {
    /// Leaves an operation one answer: its success, with content where it has any. Every other
    /// answer then reaches the client whole, and is judged by its status in one place.
    fn operation(&mut self, operation: &mut Operation, facts: &OperationFacts, place: &Place) {
        operation.extensions.clear();
        // `facts` has it.
        (operation.summary, operation.description) = (None, None);
        self.direction = Direction::BOTH;
        for (index, parameter) in operation.parameters.iter_mut().enumerate() {
            if let ReferenceOr::Item(parameter) = parameter {
                let name = pascal_case(&parameter.parameter_data_ref().name);
                let place = place.inside(&name, &format!("parameters/{index}"));
                self.parameter(parameter, &place);
            }
        }
        if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
            self.direction = Direction::REQUEST;
            self.content(&mut body.content, &place.inside("Body", "requestBody"));
        }
        self.direction = Direction::RESPONSE;
        let responses = std::mem::take(&mut operation.responses);
        let place = place.inside("Response", "responses");
        let success = match &facts.answers {
            Answers::Several(answers) => Some(self.answers(answers, &responses, &place)),
            Answers::Stream { .. } => Some(openapiv3::Response {
                content: [(
                    "application/octet-stream".to_owned(),
                    openapiv3::MediaType::default(),
                )]
                .into_iter()
                .collect(),
                ..openapiv3::Response::default()
            }),
            Answers::Empty => Some(openapiv3::Response::default()),
            Answers::Json { status, .. } => {
                operations::json_answer(&responses, status).map(|found| {
                    let mut success = found.clone();
                    let place = place.inside("", &pointer_token(status));
                    self.content(&mut success.content, &place);
                    success
                })
            }
        };
        if let Some(success) = success {
            let status = openapiv3::StatusCode::Code(200);
            let success = ReferenceOr::Item(success);
            operation.responses.responses.insert(status, success);
        }
    }

    /// Successes with different bodies, as one object with a property for each: see `unions`.
    fn answers(
        &mut self,
        answers: &[AnswerFacts],
        responses: &openapiv3::Responses,
        place: &Place,
    ) -> openapiv3::Response {
        let mut object = ObjectType::default();
        for answer in answers.iter().filter(|answer| answer.has_value) {
            let found = operations::json_answer(responses, &answer.status);
            let mut content = found.map(|found| found.content.clone()).unwrap_or_default();
            let step = pointer_token(&answer.status);
            self.content(&mut content, &place.inside(&answer.variant(), &step));
            let schema = content.into_values().next().and_then(|media| media.schema);
            let schema = schema.unwrap_or_else(|| ReferenceOr::Item(any_schema()));
            object.required.push(answer.variant());
            object.properties.insert(answer.variant(), boxed(schema));
        }
        let mut schema = any_schema();
        schema.schema_kind = SchemaKind::Type(Type::Object(object));
        let reference = self.add_inner(place, schema, TypeFacts::Answers(answers.to_vec()));
        let media_type = openapiv3::MediaType {
            schema: Some(reference),
            ..openapiv3::MediaType::default()
        };
        let mut response = openapiv3::Response::default();
        response
            .content
            .insert("application/json".to_owned(), media_type);
        response
    }

    fn parameter(&mut self, parameter: &mut Parameter, place: &Place) {
        let displayed = !matches!(parameter, Parameter::Query { .. });
        // The style is known to `operations`, and not to the generator.
        if let Parameter::Query { style, .. } = parameter {
            *style = openapiv3::QueryStyle::Form;
        }
        let (Parameter::Query { parameter_data, .. }
        | Parameter::Header { parameter_data, .. }
        | Parameter::Path { parameter_data, .. }
        | Parameter::Cookie { parameter_data, .. }) = parameter;
        parameter_data.explode = None;
        parameter_data.description = None;
        // Text, as it is sent: a caller may have it from elsewhere.
        if displayed
            && let ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)) =
                &mut parameter_data.format
            && let SchemaKind::Type(Type::String(string)) = &mut schema.schema_kind
        {
            string.format = VariantOrUnknownOrEmpty::Empty;
        }
        // The generator has no types for objects here, so a parameter is any object, or any value.
        if let ParameterSchemaOrContent::Schema(schema) = &mut parameter_data.format
            && has_parts(&self.components, schema)
        {
            let object = matches!(
                resolve(&self.components, schema).map(|schema| &schema.schema_kind),
                Some(SchemaKind::Type(Type::Object(_)) | SchemaKind::Any(_))
            );
            let mut any = any_schema();
            if object {
                any.schema_kind = SchemaKind::Type(Type::Object(ObjectType::default()));
            }
            *schema = ReferenceOr::Item(any);
        }
        if let ParameterSchemaOrContent::Schema(schema) = &mut parameter_data.format
            && is_union(&self.components, schema)
        {
            *schema = ReferenceOr::Item(any_schema());
        }
        match &mut parameter_data.format {
            ParameterSchemaOrContent::Schema(schema @ ReferenceOr::Item(_)) => {
                self.inner_schema(schema, place);
            }
            // Written as JSON, whatever it is.
            ParameterSchemaOrContent::Content(_) => {
                let any = ReferenceOr::Item(any_schema());
                parameter_data.format = ParameterSchemaOrContent::Schema(any);
            }
            ParameterSchemaOrContent::Schema(ReferenceOr::Reference { .. }) => {}
        }
    }

    /// Leaves content its JSON or its form alone, as the type that the generator knows and with a schema.
    fn content(&mut self, content: &mut openapiv3::Content, place: &Place) {
        let typed = json_media_type(content).or_else(|| form_media_type(content));
        if let Some(json) = typed.map(str::to_owned) {
            let mut media_type = content.swap_remove(&json).unwrap_or_default();
            let pointer = format!("content/{}/schema", pointer_token(&json));
            let place = place.inside("", &pointer);
            self.inner_schema(
                media_type
                    .schema
                    .get_or_insert_with(|| ReferenceOr::Item(any_schema())),
                &place,
            );
            media_type.encoding.clear();
            content.clear();
            content.insert("application/json".to_owned(), media_type);
            return;
        }
        // What is not JSON has one type in Rust, whatever its schema.
        content.clear();
        let any = openapiv3::MediaType {
            schema: Some(ReferenceOr::Item(any_schema())),
            ..openapiv3::MediaType::default()
        };
        content.insert("application/json".to_owned(), any);
    }

    fn named_schema(&mut self, name: &str, schema: &mut ReferenceOr<Schema>) {
        let ReferenceOr::Item(schema) = schema else {
            return;
        };
        if is_boolean_or_text(&self.components, schema) {
            let description = schema.schema_data.description.take();
            *schema = flag_schema();
            schema.schema_data.description = description;
            return;
        }
        if self.nullable.contains(name) {
            schema.schema_data.nullable = false;
        }
        let pointer = format!("/components/schemas/{}", pointer_token(name));
        if let Some(facts) = self.schema(schema, &Place::new(pascal_case(name), pointer)) {
            // Said where it is referred to.
            schema.schema_data.nullable = false;
            self.types.insert(name.to_owned(), facts);
        }
    }

    /// A schema inside another. One that becomes a type of its own gets a name.
    fn inner_schema(&mut self, schema: &mut ReferenceOr<Schema>, place: &Place) {
        let nullable = match &*schema {
            ReferenceOr::Reference { reference } => self.takes_null(reference),
            ReferenceOr::Item(_) => false,
        };
        if nullable {
            let mut item = any_schema();
            item.schema_data.nullable = true;
            item.schema_kind = SchemaKind::AllOf {
                all_of: vec![schema.clone()],
            };
            *schema = ReferenceOr::Item(item);
            return;
        }
        let ReferenceOr::Item(item) = schema else {
            return;
        };
        let Some(facts) = self.schema(item, place) else {
            return;
        };
        let schema = Schema {
            schema_data: SchemaData {
                description: item.schema_data.description.clone(),
                ..SchemaData::default()
            },
            schema_kind: std::mem::replace(&mut item.schema_kind, any_schema().schema_kind),
        };
        let all_of = vec![self.add_inner(place, schema, facts)];
        item.schema_kind = SchemaKind::AllOf { all_of };
    }

    /// Adds a schema without a name, which gets a type of its own, and refers to it.
    fn add_inner(
        &mut self,
        place: &Place,
        schema: Schema,
        facts: TypeFacts,
    ) -> ReferenceOr<Schema> {
        let name = format!("inner~{}", self.inner.len());
        let place = Place::new(place.name.clone(), place.pointer.clone());
        self.inner.insert(name.clone(), Inner { place, schema });
        let reference = format!("{SCHEMAS}{name}");
        self.types.insert(name, facts);
        ReferenceOr::Reference { reference }
    }

    fn takes_null(&self, reference: &str) -> bool {
        let name = reference.strip_prefix(SCHEMAS);
        name.is_some_and(|name| self.nullable.contains(name))
    }

    fn boxed_schema(&mut self, schema: &mut ReferenceOr<Box<Schema>>, place: &Place) {
        let mut inner = std::mem::replace(
            schema,
            ReferenceOr::Reference {
                reference: String::new(),
            },
        )
        .unbox();
        self.inner_schema(&mut inner, place);
        *schema = boxed(inner);
    }

    /// Rewrites a schema, and says what the generator does not of the type that it becomes; `None` if it
    /// becomes none of its own.
    fn schema(&mut self, schema: &mut Schema, place: &Place) -> Option<TypeFacts> {
        // A title would become the Rust type's name, and a default would make absent and present
        // the same.
        schema.schema_data.title = None;
        schema.schema_data.default = None;
        // Others can mean something to the generator.
        let extensions = &mut schema.schema_data.extensions;
        extensions.retain(|name, _| name == EXTENSIBLE_ENUM);
        let mut discriminator = schema.schema_data.discriminator.take();
        loop {
            if is_boolean_or_text(&self.components, schema) {
                self.inline_flags = true;
                let reference = format!("{SCHEMAS}{}", self.flag);
                let all_of = vec![ReferenceOr::Reference { reference }];
                schema.schema_kind = SchemaKind::AllOf { all_of };
                return None;
            }
            if let Some(values) = open_values(&self.components, schema) {
                schema.schema_kind = SchemaKind::Type(Type::String(merge::text_of(values)));
                break;
            }
            if let Some(kind) = merge::merged(&self.components, schema) {
                schema.schema_kind = if place.depth > MAX_DEPTH {
                    any_schema().schema_kind
                } else {
                    kind
                };
                continue;
            }
            if let SchemaKind::AllOf { all_of } = &mut schema.schema_kind
                && let [ReferenceOr::Item(only)] = all_of.as_mut_slice()
            {
                let only = std::mem::replace(only, any_schema());
                let data = &mut schema.schema_data;
                data.nullable |= only.schema_data.nullable;
                data.read_only |= only.schema_data.read_only;
                data.write_only |= only.schema_data.write_only;
                let description = only.schema_data.description;
                data.description = data.description.take().or(description);
                discriminator = discriminator.or(only.schema_data.discriminator);
                schema.schema_kind = only.schema_kind;
                continue;
            }
            let Some((choices, any_of)) = choices(&schema.schema_kind) else {
                break;
            };
            let discriminator = discriminator.as_ref();
            match unions::choice(&self.components, choices, discriminator, any_of) {
                unions::Choice::Plain(kind, nullable) => {
                    schema.schema_data.nullable |= nullable;
                    schema.schema_kind = *kind;
                }
                unions::Choice::Union(union, nullable) => {
                    let (mut object, facts) = *union;
                    schema.schema_data.nullable |= nullable;
                    for (index, (name, property)) in object.properties.iter_mut().enumerate() {
                        let list = if any_of { "anyOf" } else { "oneOf" };
                        let place = place.inside(name, &format!("{list}/{index}"));
                        self.boxed_schema(property, &place);
                    }
                    schema.schema_kind = SchemaKind::Type(Type::Object(object));
                    return Some(TypeFacts::Union(facts));
                }
            }
        }
        if let SchemaKind::Any(any) = &mut schema.schema_kind {
            schema.schema_kind = plain_type(any).map_or_else(
                // Nothing that is left of it makes a type: any value.
                || any_schema().schema_kind,
                SchemaKind::Type,
            );
        }
        match &mut schema.schema_kind {
            SchemaKind::Type(Type::String(string)) => {
                let nulls = string.enumeration.iter().any(Option::is_none);
                schema.schema_data.nullable |= nulls;
                self.text(string, place)
            }
            SchemaKind::Type(Type::Object(object)) => self.object(object, place),
            SchemaKind::Type(kind) => {
                self.kind(kind, place);
                None
            }
            SchemaKind::AllOf { all_of } => {
                if let [ReferenceOr::Reference { reference }] = all_of.as_slice() {
                    let reference = reference.clone();
                    schema.schema_data.nullable |= self.takes_null(&reference);
                }
                None
            }
            kind => {
                *kind = any_schema().schema_kind;
                None
            }
        }
    }

    /// Drops every bound: the service decides what it accepts and sends, and an answer beyond what is
    /// documented must still be read. A `pattern` would also bring a regular expression engine into every
    /// consumer.
    fn text(&mut self, string: &mut StringType, place: &Place) -> Option<TypeFacts> {
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
        let mut values: Vec<String> = Vec::new();
        for value in std::mem::take(&mut string.enumeration)
            .into_iter()
            .flatten()
        {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        if values.is_empty() {
            return None;
        }
        string.format = VariantOrUnknownOrEmpty::Empty;
        let names = self.chosen(&values, pascal_case, place, "enum", "variant");
        let pairs: Vec<(String, String)> = names.into_iter().zip(values).collect();
        string.enumeration = pairs.iter().map(|(word, _)| Some(word.clone())).collect();
        Some(TypeFacts::Enum(pairs))
    }

    /// What the generator is to read in place of each of `texts`: itself, or a name of its own where another
    /// would have the same.
    fn chosen(
        &mut self,
        texts: &[String],
        spell: fn(&str) -> String,
        place: &Place,
        list: &str,
        kind: &str,
    ) -> Vec<String> {
        let wanted: Vec<Wanted> = texts
            .iter()
            .map(|text| Wanted {
                name: spell(text),
                key: key(text),
            })
            .collect();
        let chosen = choose(&wanted, [""; 0], as_is);
        let mut names = Vec::new();
        for (index, (wanted, chosen)) in wanted.into_iter().zip(chosen).enumerate() {
            let text = &texts[index];
            if wanted.name == chosen {
                names.push(text.clone());
                continue;
            }
            let step = match list {
                "enum" => index.to_string(),
                _ => pointer_token(text).into_owned(),
            };
            let message = format!(
                "the Rust {kind} of `{}` is called `{chosen}`, as another one is called `{}`",
                text, wanted.name
            );
            let pointer = format!("{}/{list}/{step}", place.pointer);
            self.warnings
                .push(Warning::new("generated-name", pointer, message));
            names.push(if kind == "variant" {
                parted(&chosen)
            } else {
                chosen
            });
        }
        names
    }

    /// Drops the bounds of what is not text, and the lists of numbers that would be closed.
    fn kind(&mut self, kind: &mut Type, place: &Place) {
        match kind {
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
                    self.boxed_schema(items, &place.inside("Item", "items"));
                }
            }
            Type::Boolean(boolean) => boolean.enumeration.clear(),
            Type::String(_) | Type::Object(_) => {}
        }
    }

    fn object(&mut self, object: &mut ObjectType, place: &Place) -> Option<TypeFacts> {
        object.min_properties = None;
        object.max_properties = None;
        if object.properties.is_empty() {
            match &mut object.additional_properties {
                Some(AdditionalProperties::Schema(schema)) => {
                    self.inner_schema(schema, &place.inside("Value", "additionalProperties"));
                }
                // A new property would fail the whole answer.
                Some(AdditionalProperties::Any(_)) => object.additional_properties = None,
                None => {}
            }
            return None;
        }
        let (components, properties) = (&self.components, &object.properties);
        let property = |name: &str| resolve_boxed(components, properties.get(name)?);
        self.direction.relax(&mut object.required, property);
        let stated: Vec<(bool, Option<String>)> = properties
            .keys()
            .map(|name| {
                let data = property(name).map(|it| &it.schema_data);
                let example = data.and_then(|data| data.example.as_ref()?.as_str());
                (
                    data.is_some_and(|data| data.read_only),
                    example.map(str::to_owned),
                )
            })
            .collect();
        for (name, property) in &mut object.properties {
            let pointer = format!("properties/{}", pointer_token(name));
            self.boxed_schema(property, &place.inside(&pascal_case(name), &pointer));
            // Without this an absent list and an empty one would be the same value.
            if !object.required.contains(name)
                && let ReferenceOr::Item(schema) = property
                && is_collection(&schema.schema_kind)
            {
                schema.schema_data.nullable = true;
            }
        }
        // This form alone makes the generator keep the properties that it does not know.
        object.additional_properties = Some(AdditionalProperties::Schema(Box::new(
            ReferenceOr::Item(any_schema()),
        )));
        let properties: Vec<String> = object.properties.keys().cloned().collect();
        let names = self.chosen(&properties, snake_case, place, "properties", "field");
        let pairs: Vec<(String, String)> = names.into_iter().zip(properties).collect();
        object.required = pairs
            .iter()
            .filter(|(_, property)| object.required.contains(property))
            .map(|(name, _)| name.clone())
            .collect();
        let facts = object.properties.values().zip(stated).zip(&pairs);
        let facts = facts.map(|((schema, stated), (generated, name))| {
            let (read_only, example) = stated;
            PropertyFacts {
                generated: generated.clone(),
                name: name.clone(),
                read_only: read_only || schema.as_item().is_some_and(|it| it.schema_data.read_only),
                example,
            }
        });
        let facts = TypeFacts::Object(facts.collect());
        object.properties = std::mem::take(&mut object.properties)
            .into_values()
            .zip(&pairs)
            .map(|(schema, (name, _))| (name.clone(), schema))
            .collect();
        Some(facts)
    }
}

/// The schemas that a value can be one of, where that is all a schema says, and whether it can be several.
fn choices(kind: &SchemaKind) -> Option<(&[ReferenceOr<Schema>], bool)> {
    match kind {
        SchemaKind::OneOf { one_of } => Some((one_of, false)),
        SchemaKind::AnyOf { any_of } => Some((any_of, true)),
        SchemaKind::Any(any) if any.properties.is_empty() && any.all_of.is_empty() => {
            match (any.one_of.is_empty(), any.any_of.is_empty()) {
                (false, true) => Some((&any.one_of, false)),
                (true, false) => Some((&any.any_of, true)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a schema becomes an enum over forms, which the generator takes for an object.
fn is_union(components: &Components, schema: &ReferenceOr<Schema>) -> bool {
    let Some(schema) = unwrapped(components, schema) else {
        return false;
    };
    if is_boolean_or_text(components, schema) || open_values(components, schema).is_some() {
        return false;
    }
    let discriminator = schema.schema_data.discriminator.as_ref();
    choices(&schema.schema_kind).is_some_and(|(forms, any_of)| {
        let choice = unions::choice(components, forms, discriminator, any_of);
        matches!(choice, unions::Choice::Union(..))
    })
}

/// Whether null is a value of a schema, in itself or as one of its forms.
fn takes_null(schema: &Schema) -> bool {
    let listed = match &schema.schema_kind {
        SchemaKind::Type(Type::String(string)) => string.enumeration.iter().any(Option::is_none),
        _ => false,
    };
    let form = |form: &Schema| form.schema_data.nullable || unions::is_null(form);
    let forms = choices(&schema.schema_kind).map_or(&[][..], |(forms, _)| forms);
    schema.schema_data.nullable || listed || forms.iter().filter_map(ReferenceOr::as_item).any(form)
}

/// Whether a schema becomes a type of its own, and not another name for one.
fn has_own_type(components: &Components, schema: &Schema) -> bool {
    if is_boolean_or_text(components, schema) || merge::says_nothing(schema) {
        return false;
    }
    match &schema.schema_kind {
        SchemaKind::Type(Type::String(string)) => {
            !string.enumeration.is_empty() || open_values(components, schema).is_some()
        }
        SchemaKind::Type(Type::Object(object)) => !object.properties.is_empty(),
        SchemaKind::Type(_) | SchemaKind::Not { .. } => false,
        SchemaKind::AllOf { all_of } => all_of.len() > 1,
        SchemaKind::OneOf { .. } | SchemaKind::AnyOf { .. } => true,
        SchemaKind::Any(any) => {
            !any.properties.is_empty()
                || !any.all_of.is_empty()
                || !any.one_of.is_empty()
                || !any.any_of.is_empty()
        }
    }
}

/// The type of a schema that has one, although a keyword of another stands beside it, or whose type
/// goes without saying. As a schema of any type it would become another Rust type, and an object would
/// lose the properties that it does not list.
fn plain_type(any: &mut AnySchema) -> Option<Type> {
    let texts = !any.enumeration.is_empty()
        && (any.enumeration.iter()).all(|value| value.is_string() || value.is_null());
    let r#type = match any.typ.as_deref() {
        Some(r#type) => r#type,
        None if !any.properties.is_empty() || any.additional_properties.is_some() => "object",
        None if any.items.is_some() => "array",
        None if texts => "string",
        None => return None,
    };
    Some(match r#type {
        "string" => Type::String(StringType {
            format: match any.format.as_deref() {
                Some("date-time") => VariantOrUnknownOrEmpty::Item(StringFormat::DateTime),
                Some("date") => VariantOrUnknownOrEmpty::Item(StringFormat::Date),
                _ => VariantOrUnknownOrEmpty::Empty,
            },
            enumeration: std::mem::take(&mut any.enumeration)
                .into_iter()
                .map(|value| value.as_str().map(str::to_owned))
                .collect(),
            ..StringType::default()
        }),
        "integer" => Type::Integer(openapiv3::IntegerType::default()),
        "number" => Type::Number(openapiv3::NumberType::default()),
        "boolean" => Type::Boolean(openapiv3::BooleanType::default()),
        "array" => Type::Array(openapiv3::ArrayType {
            items: any.items.take(),
            min_items: None,
            max_items: None,
            unique_items: false,
        }),
        "object" => Type::Object(ObjectType {
            properties: std::mem::take(&mut any.properties),
            required: std::mem::take(&mut any.required),
            additional_properties: any.additional_properties.take(),
            ..ObjectType::default()
        }),
        _ => return None,
    })
}

fn is_collection(kind: &SchemaKind) -> bool {
    match kind {
        SchemaKind::Type(Type::Array(_)) => true,
        SchemaKind::Type(Type::Object(object)) => object.properties.is_empty(),
        _ => false,
    }
}
