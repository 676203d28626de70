//! Which schemas are sent and which are received. A required property that is `readOnly` is missing in
//! what is sent, one that is `writeOnly` in what is received.

use std::collections::HashSet;

use openapiv3::{
    AdditionalProperties, Components, Content, OpenAPI, ReferenceOr, Schema, SchemaKind, Type,
};

use crate::document::model::operations_of;
use crate::operations::{request_body, response};

/// Where values of a schema travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Direction {
    sent: bool,
    received: bool,
}

impl Direction {
    pub(crate) const REQUEST: Self = Self {
        sent: true,
        received: false,
    };
    pub(crate) const RESPONSE: Self = Self {
        sent: false,
        received: true,
    };
    pub(crate) const BOTH: Self = Self {
        sent: true,
        received: true,
    };

    /// Takes out of `required` what values that travel so can lack. `property` finds the schema of one.
    pub(crate) fn relax<'a>(
        self,
        required: &mut Vec<String>,
        property: impl Fn(&str) -> Option<&'a Schema>,
    ) {
        required.retain(|name| {
            property(name).is_none_or(|property| {
                let data = &property.schema_data;
                !(self.sent && data.read_only || self.received && data.write_only)
            })
        });
    }
}

/// The names of the schemas that requests and responses are made of. Of a request, those of the body
/// as a whole: an object inside it is one that was read, and has what is `readOnly`.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    sent: HashSet<String>,
    received: HashSet<String>,
}

impl Uses {
    pub(crate) fn of(api: &OpenAPI) -> Self {
        let components = api.components.clone().unwrap_or_default();
        let mut uses = Self::default();
        for operation in api.paths.paths.values().filter_map(ReferenceOr::as_item) {
            for operation in operations_of(operation) {
                let body = operation.request_body.as_ref();
                if let Some(body) = body.and_then(|body| request_body(&components, body)) {
                    for schema in body.content.values().filter_map(|m| m.schema.as_ref()) {
                        at_root(&components, schema, &mut uses.sent);
                    }
                }
                let responses = &operation.responses;
                let listed = responses.responses.values().chain(&responses.default);
                for listed in listed.filter_map(|listed| response(&components, listed)) {
                    in_content(&components, &listed.content, &mut uses.received);
                }
            }
        }
        uses
    }

    /// Where values of a named schema travel; both ways if no operation uses it.
    pub(crate) fn direction(&self, name: &str) -> Direction {
        let (sent, received) = (self.sent.contains(name), self.received.contains(name));
        if sent || received {
            Direction { sent, received }
        } else {
            Direction::BOTH
        }
    }
}

/// The schemas that a value as a whole is held against.
fn at_root(components: &Components, schema: &ReferenceOr<Schema>, found: &mut HashSet<String>) {
    let schema = match schema {
        ReferenceOr::Item(schema) => schema,
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/schemas/");
            if let Some(name) = name.filter(|name| found.insert((*name).to_owned()))
                && let Some(schema) = components.schemas.get(name)
            {
                at_root(components, schema, found);
            }
            return;
        }
    };
    match &schema.schema_kind {
        SchemaKind::OneOf { one_of: inner }
        | SchemaKind::AllOf { all_of: inner }
        | SchemaKind::AnyOf { any_of: inner } => {
            for schema in inner {
                at_root(components, schema, found);
            }
        }
        _ => {}
    }
}

fn in_content(components: &Components, content: &Content, found: &mut HashSet<String>) {
    for schema in content.values().filter_map(|media| media.schema.as_ref()) {
        in_schema(components, schema, found);
    }
}

fn in_schema(components: &Components, schema: &ReferenceOr<Schema>, found: &mut HashSet<String>) {
    match schema {
        ReferenceOr::Item(schema) => in_item(components, schema, found),
        ReferenceOr::Reference { reference } => named(components, reference, found),
    }
}

fn in_boxed(
    components: &Components,
    schema: &ReferenceOr<Box<Schema>>,
    found: &mut HashSet<String>,
) {
    match schema {
        ReferenceOr::Item(schema) => in_item(components, schema, found),
        ReferenceOr::Reference { reference } => named(components, reference, found),
    }
}

fn named(components: &Components, reference: &str, found: &mut HashSet<String>) {
    let Some(name) = reference.strip_prefix("#/components/schemas/") else {
        return;
    };
    if found.insert(name.to_owned())
        && let Some(schema) = components.schemas.get(name)
    {
        in_schema(components, schema, found);
    }
}

fn in_item(components: &Components, schema: &Schema, found: &mut HashSet<String>) {
    let additional = |additional: &Option<AdditionalProperties>, found: &mut HashSet<String>| {
        if let Some(AdditionalProperties::Schema(schema)) = additional {
            in_schema(components, schema, found);
        }
    };
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => {
            for property in object.properties.values() {
                in_boxed(components, property, found);
            }
            additional(&object.additional_properties, found);
        }
        SchemaKind::Type(Type::Array(array)) => {
            if let Some(items) = &array.items {
                in_boxed(components, items, found);
            }
        }
        SchemaKind::Type(_) => {}
        SchemaKind::OneOf { one_of: inner }
        | SchemaKind::AllOf { all_of: inner }
        | SchemaKind::AnyOf { any_of: inner } => {
            for schema in inner {
                in_schema(components, schema, found);
            }
        }
        SchemaKind::Not { not } => in_schema(components, not, found),
        SchemaKind::Any(any) => {
            for property in any.properties.values().chain(&any.items) {
                in_boxed(components, property, found);
            }
            additional(&any.additional_properties, found);
            for schema in any.one_of.iter().chain(&any.all_of).chain(&any.any_of) {
                in_schema(components, schema, found);
            }
        }
    }
}
