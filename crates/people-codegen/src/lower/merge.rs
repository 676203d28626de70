//! Schemas that are made of others, as one: what an `allOf` lists, and objects of which a value can be any.
//! The result is one object with every property, or one schema that stands for all.

use openapiv3::{
    AdditionalProperties, AnySchema, Components, ObjectType, ReferenceOr, Schema, SchemaData,
    SchemaKind, StringType, Type, VariantOrUnknownOrEmpty,
};

use super::schemas::{any_schema, resolve};

/// How the parts of a schema belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// A value has all parts.
    All,
    /// A value has one of the parts, or several.
    Choice,
}

/// What a schema that combines others says of a value; `None` if it combines none, or chooses among schemas
/// that are not all objects.
pub(super) fn merged(components: &Components, schema: &Schema) -> Option<SchemaKind> {
    let (parts, is_more): (Vec<_>, bool) = match &schema.schema_kind {
        SchemaKind::AllOf { all_of } if all_of.len() < 2 => return None,
        SchemaKind::AllOf { all_of } => (all_of.iter().collect(), false),
        SchemaKind::Any(any) if combines(any) => {
            let lists = any.all_of.iter().chain(&any.one_of).chain(&any.any_of);
            let own = !any.properties.is_empty() || !any.required.is_empty();
            (lists.collect(), own || any.additional_properties.is_some())
        }
        _ => return None,
    };
    let effective: Vec<_> = parts
        .into_iter()
        .filter(|part| !part.as_item().is_some_and(says_nothing))
        .collect();
    if let [only] = effective.as_slice()
        && !is_more
    {
        let all_of = vec![(*only).clone()];
        return Some(SchemaKind::AllOf { all_of });
    }
    if is_object(components, schema) {
        let mut object = ObjectType::default();
        gather(components, schema, Mode::All, &mut object);
        return Some(SchemaKind::Type(Type::Object(object)));
    }
    // Text that is described twice is text; of a list, the first description stands for all.
    let words: Vec<_> = effective
        .iter()
        .map(|part| resolve(components, part).and_then(type_word))
        .collect();
    let first = effective.first().copied();
    let listed = effective
        .iter()
        .copied()
        .find(|part| resolve(components, part).is_some_and(|part| !enumeration(part).is_empty()));
    match words.first() {
        Some(Some(word)) if words.iter().all(|other| *other == Some(word)) => {
            let all_of = vec![listed.or(first)?.clone()];
            Some(SchemaKind::AllOf { all_of })
        }
        // What differs is any value, which is kept as it comes.
        _ => Some(any_schema().schema_kind),
    }
}

/// The properties of the objects that `choices` are, none of them required: any of the objects is such a
/// value. `None` if one of them is no object.
pub(super) fn union_of_objects(
    components: &Components,
    choices: &[ReferenceOr<Schema>],
) -> Option<ObjectType> {
    let mut union = ObjectType::default();
    for choice in choices {
        let choice = resolve(components, choice)?;
        if !is_object(components, choice) {
            return None;
        }
        gather(components, choice, Mode::Choice, &mut union);
    }
    (!union.properties.is_empty()).then_some(union)
}

fn combines(any: &AnySchema) -> bool {
    let lists = [&any.all_of, &any.one_of, &any.any_of];
    let full = lists.iter().filter(|list| !list.is_empty()).count();
    let alone = any.properties.is_empty() && any.all_of.is_empty() && full == 1;
    // A choice that stands alone is a choice, whatever its type says.
    full > 0 && !(alone && any.required.is_empty())
}

/// Whether a schema describes objects by their properties, in itself or in what it combines.
pub(super) fn is_object(components: &Components, schema: &Schema) -> bool {
    let all = |list: &[ReferenceOr<Schema>], objects: fn(&Components, &Schema) -> bool| {
        list.iter()
            .all(|part| resolve(components, part).is_some_and(|part| objects(components, part)))
    };
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(_)) => true,
        SchemaKind::AllOf { all_of } => {
            let parts = all_of.iter().filter_map(|part| resolve(components, part));
            all(all_of, fits_object) && parts.into_iter().any(|part| is_object(components, part))
        }
        SchemaKind::OneOf { one_of: choices } | SchemaKind::AnyOf { any_of: choices } => {
            !choices.is_empty() && all(choices, is_object)
        }
        SchemaKind::Any(any) => {
            let typed = any.typ.as_deref().is_none_or(|typ| typ == "object");
            let lists = [&any.all_of, &any.one_of, &any.any_of];
            let own = any.typ.is_some()
                || !any.properties.is_empty()
                || any.additional_properties.is_some();
            let combined = lists.iter().any(|list| {
                list.iter().any(|part| {
                    resolve(components, part).is_some_and(|part| is_object(components, part))
                })
            });
            typed
                && (own || combined)
                && any.items.is_none()
                && lists.iter().all(|list| all(list, fits_object))
        }
        SchemaKind::Type(_) | SchemaKind::Not { .. } => false,
    }
}

/// Whether a schema can be part of one that describes objects.
fn fits_object(components: &Components, schema: &Schema) -> bool {
    is_object(components, schema) || says_nothing(schema) || says_required_alone(schema)
}

/// Whether a schema takes any value.
pub(super) fn says_nothing(schema: &Schema) -> bool {
    match &schema.schema_kind {
        SchemaKind::Any(any) => any.required.is_empty() && has_no_parts(any),
        SchemaKind::Not { .. } => true,
        _ => false,
    }
}

fn says_required_alone(schema: &Schema) -> bool {
    matches!(&schema.schema_kind, SchemaKind::Any(any) if has_no_parts(any))
}

fn has_no_parts(any: &AnySchema) -> bool {
    any.typ.is_none()
        && any.properties.is_empty()
        && any.additional_properties.is_none()
        && any.items.is_none()
        && any.enumeration.is_empty()
        && any.all_of.is_empty()
        && any.one_of.is_empty()
        && any.any_of.is_empty()
}

/// Adds what `schema` says of an object to `object`.
fn gather(components: &Components, schema: &Schema, mode: Mode, object: &mut ObjectType) {
    let list = |list: &[ReferenceOr<Schema>], mode, object: &mut ObjectType| {
        for part in list {
            if let Some(part) = resolve(components, part) {
                gather(components, part, mode, object);
            }
        }
    };
    let own = |properties: &Properties,
               required: &[String],
               additional: Option<&AdditionalProperties>,
               object: &mut ObjectType| {
        add(components, properties, mode, object);
        if mode == Mode::All {
            require(object, required);
        }
        if object.additional_properties.is_none() {
            object.additional_properties = additional.cloned();
        }
    };
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(part)) => {
            let additional = part.additional_properties.as_ref();
            own(&part.properties, &part.required, additional, object);
        }
        SchemaKind::AllOf { all_of } => list(all_of, mode, object),
        SchemaKind::OneOf { one_of: choices } | SchemaKind::AnyOf { any_of: choices } => {
            list(choices, Mode::Choice, object);
        }
        SchemaKind::Any(any) => {
            list(&any.all_of, mode, object);
            let additional = any.additional_properties.as_ref();
            own(&any.properties, &any.required, additional, object);
            list(&any.one_of, Mode::Choice, object);
            list(&any.any_of, Mode::Choice, object);
        }
        SchemaKind::Type(_) | SchemaKind::Not { .. } => {}
    }
}

type Properties = indexmap::IndexMap<String, ReferenceOr<Box<Schema>>>;

fn add(components: &Components, properties: &Properties, mode: Mode, object: &mut ObjectType) {
    for (name, property) in properties {
        match object.properties.get_mut(name) {
            None => {
                object.properties.insert(name.clone(), property.clone());
            }
            Some(listed) if listed == property => {}
            Some(listed) => *listed = both(components, listed, property, mode),
        }
    }
}

fn require(object: &mut ObjectType, required: &[String]) {
    for name in required {
        if !object.required.contains(name) {
            object.required.push(name.clone());
        }
    }
}

/// A property that is described twice.
fn both(
    components: &Components,
    one: &ReferenceOr<Box<Schema>>,
    other: &ReferenceOr<Box<Schema>>,
    mode: Mode,
) -> ReferenceOr<Box<Schema>> {
    let any = || ReferenceOr::Item(Box::new(any_schema()));
    let [first, second] = [one, other].map(|property| property.clone().unbox());
    let (Some(former), Some(latter)) = (resolve(components, &first), resolve(components, &second))
    else {
        return any();
    };
    if mode == Mode::All {
        if says_nothing(former) {
            return other.clone();
        }
        if says_nothing(latter) {
            return one.clone();
        }
    }
    let objects = is_object(components, former) && is_object(components, latter);
    if mode == Mode::All && objects {
        // A schema by its name describes the whole property: the later one is the narrower.
        if is_named(&first) && is_named(&second) {
            return other.clone();
        }
        let mut data = latter.schema_data.clone();
        data.discriminator = None;
        let all_of = vec![first, second];
        return ReferenceOr::Item(Box::new(Schema {
            schema_data: data,
            schema_kind: SchemaKind::AllOf { all_of },
        }));
    }
    match (type_word(former), type_word(latter)) {
        (Some(one_word), Some(other_word)) if one_word == other_word => match (one_word, mode) {
            ("string", Mode::Choice) => text_of_either(former, latter),
            (_, Mode::Choice) if ["array", "object"].contains(&one_word) => any(),
            (_, Mode::All) if enumeration(latter).is_empty() && !enumeration(former).is_empty() => {
                one.clone()
            }
            _ => other.clone(),
        },
        _ => any(),
    }
}

/// Text with the values of both lists, if both have one.
fn text_of_either(one: &Schema, other: &Schema) -> ReferenceOr<Box<Schema>> {
    let (mut values, others) = (enumeration(one), enumeration(other));
    if others.is_empty() {
        values.clear();
    }
    if !values.is_empty() {
        for value in others {
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    ReferenceOr::Item(Box::new(Schema {
        schema_data: SchemaData {
            description: one.schema_data.description.clone(),
            ..SchemaData::default()
        },
        schema_kind: SchemaKind::Type(Type::String(text_of(values))),
    }))
}

/// Text of listed values; any text if there are none.
pub(super) fn text_of(values: Vec<String>) -> StringType {
    StringType {
        format: VariantOrUnknownOrEmpty::Empty,
        enumeration: values.into_iter().map(Some).collect(),
        ..StringType::default()
    }
}

/// The listed values of text.
pub(super) fn enumeration(schema: &Schema) -> Vec<String> {
    match &schema.schema_kind {
        SchemaKind::Type(Type::String(string)) => {
            string.enumeration.iter().flatten().cloned().collect()
        }
        _ => Vec::new(),
    }
}

/// The type of a schema that has one.
pub(super) fn type_word(schema: &Schema) -> Option<&str> {
    match &schema.schema_kind {
        SchemaKind::Type(kind) => Some(match kind {
            Type::String(_) => "string",
            Type::Number(_) => "number",
            Type::Integer(_) => "integer",
            Type::Object(_) => "object",
            Type::Array(_) => "array",
            Type::Boolean(_) => "boolean",
        }),
        SchemaKind::Any(any) => any.typ.as_deref(),
        _ => None,
    }
}

/// Whether a schema is a reference, or nothing but one with a description.
fn is_named(schema: &ReferenceOr<Schema>) -> bool {
    match schema {
        ReferenceOr::Reference { .. } => true,
        ReferenceOr::Item(schema) => match &schema.schema_kind {
            SchemaKind::AllOf { all_of } => matches!(all_of.as_slice(), [only] if is_named(only)),
            _ => false,
        },
    }
}
