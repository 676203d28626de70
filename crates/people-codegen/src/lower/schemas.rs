//! Schemas as such: what a reference leads to, and the schema of any value.

use openapiv3::{AnySchema, Components, ReferenceOr, Schema, SchemaData, SchemaKind};

/// What a reference to a schema starts with.
pub(super) const SCHEMAS: &str = "#/components/schemas/";

pub(super) fn resolve<'a>(
    components: &'a Components,
    schema: &'a ReferenceOr<Schema>,
) -> Option<&'a Schema> {
    // The rules have checked that references end.
    let mut schema = schema;
    loop {
        match schema {
            ReferenceOr::Item(item) => return Some(item),
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix(SCHEMAS)?;
                schema = components.schemas.get(name)?;
            }
        }
    }
}

pub(super) fn resolve_boxed<'a>(
    components: &'a Components,
    schema: &'a ReferenceOr<Box<Schema>>,
) -> Option<&'a Schema> {
    match schema {
        ReferenceOr::Item(item) => Some(item),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix(SCHEMAS)?;
            resolve(components, components.schemas.get(name)?)
        }
    }
}

/// What `schema` leads to, through references and through schemas that are nothing but another.
pub(super) fn unwrapped<'a>(
    components: &'a Components,
    schema: &'a ReferenceOr<Schema>,
) -> Option<&'a Schema> {
    let found = resolve(components, schema)?;
    match &found.schema_kind {
        SchemaKind::AllOf { all_of } => match all_of.as_slice() {
            [only] => unwrapped(components, only),
            _ => Some(found),
        },
        _ => Some(found),
    }
}

pub(super) fn boxed(schema: ReferenceOr<Schema>) -> ReferenceOr<Box<Schema>> {
    match schema {
        ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
    }
}

pub(super) fn any_schema() -> Schema {
    Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Any(AnySchema::default()),
    }
}
