//! The names of schemas: each gets the name of its Rust type, those without a name included, and every
//! reference follows.

use std::collections::HashMap;

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, OpenAPI, Parameter, ParameterSchemaOrContent, ReferenceOr, Schema,
    SchemaKind, Type,
};

use super::schemas::SCHEMAS;
use crate::document::diagnostic::Warning;
use crate::document::model::operations_mut;
use crate::document::node::pointer_token;
use crate::names::{PRELUDE, Wanted, as_is, choose, type_name};

/// A schema that gets a type of its own, and what decides its name.
#[derive(Debug)]
pub(super) struct Place {
    /// The Rust name, if no other type has it.
    pub(super) name: String,
    /// Where it is in the contract, as a JSON pointer.
    pub(super) pointer: String,
    /// How many merged schemas it is inside of.
    pub(super) depth: usize,
}

impl Place {
    pub(super) fn new(name: impl Into<String>, pointer: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            pointer: pointer.into(),
            depth: 0,
        }
    }

    pub(super) fn inside(&self, suffix: &str, pointer: &str) -> Self {
        Self {
            name: format!("{}{suffix}", self.name),
            pointer: format!("{}/{pointer}", self.pointer),
            depth: self.depth + 1,
        }
    }
}

/// A schema without a name, which gets a type of its own.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) place: Place,
    pub(super) schema: Schema,
}

/// Adds the schemas of `inner` to `api`, and gives every schema the name of its Rust type. The result has
/// these names by those before.
pub(super) fn rename(
    api: &mut OpenAPI,
    inner: IndexMap<String, Inner>,
    warnings: &mut Vec<Warning>,
) -> HashMap<String, String> {
    let components = api.components.get_or_insert_default();
    let of_components: Vec<Wanted> = components
        .schemas
        .keys()
        .map(|name| Wanted {
            name: type_name(name),
            // The usual spelling of types.
            key: format!("{}{name}", u8::from(type_name(name) != *name)),
        })
        .collect();
    let taken = PRELUDE.map(str::to_owned);
    let chosen = choose(&of_components, taken.clone(), as_is);
    let of_inner: Vec<Wanted> = inner
        .values()
        .map(|inner| Wanted {
            name: type_name(&inner.place.name),
            key: inner.place.pointer.clone(),
        })
        .collect();
    let taken = taken.into_iter().chain(chosen.iter().cloned());
    let chosen_inner = choose(&of_inner, taken, as_is);
    let keys: Vec<&String> = components.schemas.keys().collect();
    for ((wanted, chosen), name) in of_components.iter().zip(&chosen).zip(keys) {
        if wanted.name != *chosen {
            let pointer = format!("/components/schemas/{}", pointer_token(name));
            warnings.push(renamed(pointer, &wanted.name, chosen));
        }
    }
    for (wanted, chosen) in of_inner.iter().zip(&chosen_inner) {
        if wanted.name != *chosen {
            warnings.push(renamed(wanted.key.clone(), &wanted.name, chosen));
        }
    }
    let names: HashMap<String, String> = components
        .schemas
        .keys()
        .chain(inner.keys())
        .cloned()
        .zip(chosen.into_iter().chain(chosen_inner))
        .collect();
    let schemas = std::mem::take(&mut components.schemas).into_iter();
    let inner = inner
        .into_iter()
        .map(|(name, inner)| (name, ReferenceOr::Item(inner.schema)));
    components.schemas = schemas
        .chain(inner)
        .map(|(name, schema)| (names.get(&name).cloned().unwrap_or(name), schema))
        .collect();
    let follow = Follow { names: &names };
    for schema in components.schemas.values_mut() {
        follow.schema(schema);
    }
    for item in api.paths.paths.values_mut() {
        if let ReferenceOr::Item(item) = item {
            for (_, operation) in operations_mut(item) {
                follow.operation(operation);
            }
        }
    }
    names
}

fn renamed(pointer: String, wanted: &str, chosen: &str) -> Warning {
    let message = format!(
        "the Rust type of this is called `{chosen}`, as another one is called `{wanted}`; give it a name \
         of its own under `components`"
    );
    Warning::new("generated-name", pointer, message)
}

/// Changes references to schemas.
struct Follow<'a> {
    names: &'a HashMap<String, String>,
}

impl Follow<'_> {
    fn operation(&self, operation: &mut openapiv3::Operation) {
        for parameter in &mut operation.parameters {
            if let ReferenceOr::Item(
                Parameter::Query { parameter_data, .. }
                | Parameter::Header { parameter_data, .. }
                | Parameter::Path { parameter_data, .. }
                | Parameter::Cookie { parameter_data, .. },
            ) = parameter
            {
                match &mut parameter_data.format {
                    ParameterSchemaOrContent::Schema(schema) => self.schema(schema),
                    ParameterSchemaOrContent::Content(content) => self.content(content),
                }
            }
        }
        if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
            self.content(&mut body.content);
        }
        for response in operation.responses.responses.values_mut() {
            if let ReferenceOr::Item(response) = response {
                self.content(&mut response.content);
            }
        }
    }

    fn content(&self, content: &mut openapiv3::Content) {
        for media_type in content.values_mut() {
            if let Some(schema) = &mut media_type.schema {
                self.schema(schema);
            }
        }
    }

    fn reference(&self, reference: &mut String) {
        if let Some(name) = reference.strip_prefix(SCHEMAS)
            && let Some(name) = self.names.get(name)
        {
            *reference = format!("{SCHEMAS}{name}");
        }
    }

    fn boxed(&self, schema: &mut ReferenceOr<Box<Schema>>) {
        match schema {
            ReferenceOr::Reference { reference } => self.reference(reference),
            ReferenceOr::Item(schema) => self.item(schema),
        }
    }

    fn schema(&self, schema: &mut ReferenceOr<Schema>) {
        match schema {
            ReferenceOr::Reference { reference } => self.reference(reference),
            ReferenceOr::Item(schema) => self.item(schema),
        }
    }

    fn item(&self, schema: &mut Schema) {
        match &mut schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => {
                for property in object.properties.values_mut() {
                    self.boxed(property);
                }
                if let Some(AdditionalProperties::Schema(schema)) =
                    &mut object.additional_properties
                {
                    self.schema(schema);
                }
            }
            SchemaKind::Type(Type::Array(array)) => {
                if let Some(items) = &mut array.items {
                    self.boxed(items);
                }
            }
            SchemaKind::AllOf { all_of } => {
                for schema in all_of {
                    self.schema(schema);
                }
            }
            // Nothing else is left to refer to a schema.
            SchemaKind::Type(_)
            | SchemaKind::OneOf { .. }
            | SchemaKind::AnyOf { .. }
            | SchemaKind::Not { .. }
            | SchemaKind::Any(_) => {}
        }
    }
}
