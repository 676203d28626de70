//! Contract to contract: rewrites the few things that the generator cannot take, or would take
//! in a way that loses data. The contract says what the service does; nothing of this shows in it.
//!
//! What cannot be said in OpenAPI at all is `postprocess`'s.

use heck::ToPascalCase;
use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, Components, ObjectType, OpenAPI, Operation, Parameter,
    ParameterSchemaOrContent, ReferenceOr, Schema, SchemaData, SchemaKind, StringFormat,
    StringType, Type, VariantOrUnknownOrEmpty,
};

use crate::directions::{Direction, Uses};
use crate::document::contract::EXTENSIBLE_ENUM;
use crate::document::model::operations_mut;
use crate::facts::UpdateFacts;
use crate::operations::{self, OperationFacts, json_media_type};
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

/// Rewrites `api` for the generator.
pub(crate) fn lower(mut api: OpenAPI, updates: Vec<UpdateFacts>) -> Lowered {
    let properties = properties(&api);
    let operations = operations::describe(&api);
    let uses = Uses::of(&api);
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
        uses,
        direction: Direction::BOTH,
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
            lowering.direction = lowering.uses.direction(name);
            if updates.iter().any(|facts| facts.schema == *name) {
                relax_required(schema);
            }
            lowering.named_schema(schema);
        }
        lowering.direction = Direction::BOTH;
        for parameter in components.parameters.values_mut() {
            lowering.parameter(parameter);
        }
        for body in components.request_bodies.values_mut() {
            if let ReferenceOr::Item(body) = body {
                lowering.direction = Direction::REQUEST;
                lowering.content(&mut body.content);
            }
        }
        for response in components.responses.values_mut() {
            if let ReferenceOr::Item(response) = response {
                lowering.direction = Direction::RESPONSE;
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

/// The meaning of the alternatives in a schema, where it is nothing else.
fn composition<'a>(components: &'a Components, schema: &'a Schema) -> Option<Composition<'a>> {
    let alternative = |choice| match resolve(components, choice).map(|schema| &schema.schema_kind) {
        Some(SchemaKind::Type(Type::Boolean(_))) => Alternative::Boolean,
        Some(SchemaKind::Type(Type::String(string))) => {
            let values = string.enumeration.iter().flatten();
            Alternative::Text(values.map(String::as_str).collect())
        }
        Some(SchemaKind::Type(Type::Object(_))) => Alternative::Object,
        Some(SchemaKind::Any(any)) if !any.properties.is_empty() => Alternative::Object,
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

fn any_schema() -> Schema {
    Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Any(AnySchema::default()),
    }
}

fn flag_schema() -> Schema {
    Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Type(Type::Boolean(openapiv3::BooleanType::default())),
    }
}

fn resolve<'a>(components: &'a Components, schema: &'a ReferenceOr<Schema>) -> Option<&'a Schema> {
    // The rules have checked that references end.
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
    uses: Uses,
    /// Where values of the schema at hand travel.
    direction: Direction,
}

impl Lowering {
    /// Leaves an operation one answer: its success, with content where it has any. Every other
    /// answer then reaches the client whole, and is judged by its status in one place.
    fn operation(&mut self, operation: &mut Operation) {
        self.direction = Direction::BOTH;
        self.parameters(&mut operation.parameters);
        if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
            self.direction = Direction::REQUEST;
            self.content(&mut body.content);
        }
        self.direction = Direction::RESPONSE;
        let responses = std::mem::take(&mut operation.responses);
        if let Some((status, success)) = operations::success(&self.components, &responses) {
            let mut success = success.clone();
            self.content(&mut success.content);
            let success = ReferenceOr::Item(success);
            operation.responses.responses.insert(status, success);
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
        match &mut parameter_data.format {
            ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)) => self.schema(schema),
            ParameterSchemaOrContent::Content(content) => self.content(content),
            ParameterSchemaOrContent::Schema(ReferenceOr::Reference { .. }) => {}
        }
    }

    /// Leaves content its JSON alone, as the type that the generator knows and with a schema.
    fn content(&mut self, content: &mut openapiv3::Content) {
        if let Some(json) = json_media_type(content).map(str::to_owned) {
            let mut media_type = content.swap_remove(&json).unwrap_or_default();
            media_type
                .schema
                .get_or_insert_with(|| ReferenceOr::Item(any_schema()));
            media_type.encoding.clear();
            content.clear();
            content.insert("application/json".to_owned(), media_type);
        }
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
        if let Some(object) = union_of_objects(&self.components, schema) {
            schema.schema_kind = SchemaKind::Type(Type::Object(object));
        }
        if let SchemaKind::Any(any) = &mut schema.schema_kind
            && let Some(kind) = plain_type(any)
        {
            schema.schema_kind = SchemaKind::Type(kind);
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
        self.direction
            .relax(&mut object.required, &object.properties);
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
                ReferenceOr::Item(any_schema()),
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
        self.direction.relax(&mut any.required, &any.properties);
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

/// The properties of all objects of an `anyOf`, none of them required: any of the objects is such a
/// value. A property that they describe in different ways takes any value.
fn union_of_objects(components: &Components, schema: &Schema) -> Option<ObjectType> {
    if composition(components, schema) != Some(Composition::Objects) {
        return None;
    }
    let SchemaKind::AnyOf { any_of } = &schema.schema_kind else {
        return None;
    };
    let mut union = ObjectType::default();
    for choice in any_of {
        let properties = match &resolve(components, choice)?.schema_kind {
            SchemaKind::Type(Type::Object(object)) => &object.properties,
            SchemaKind::Any(any) => &any.properties,
            _ => return None,
        };
        for (name, property) in properties {
            let listed = union
                .properties
                .entry(name.clone())
                .or_insert_with(|| property.clone());
            if listed != property {
                *listed = ReferenceOr::Item(Box::new(any_schema()));
            }
        }
    }
    Some(union)
}

/// The type of a schema that has one, although a keyword of another stands beside it, or whose type
/// goes without saying. As a schema of any type it would become another Rust type, and an object would
/// lose the properties that it does not list.
fn plain_type(any: &mut AnySchema) -> Option<Type> {
    let combined = any.not.is_some()
        || [&any.one_of, &any.all_of, &any.any_of]
            .iter()
            .any(|list| !list.is_empty());
    if combined {
        return None;
    }
    let r#type = match any.typ.as_deref() {
        Some(r#type) => r#type,
        None if !any.properties.is_empty() || any.additional_properties.is_some() => "object",
        None if any.items.is_some() => "array",
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
