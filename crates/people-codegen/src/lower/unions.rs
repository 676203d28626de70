//! Values of one of several forms (`oneOf`, and `anyOf` that is not all objects): what tells the forms
//! apart, and an object with a property for each, of which `postprocess` makes an enum. That leaves the
//! types of the forms to the generator.

use openapiv3::{
    AdditionalProperties, Components, Discriminator, ObjectType, ReferenceOr, Schema, SchemaKind,
    Type,
};

use super::merge::{enumeration, text_of, type_word, union_of_objects};
use super::schemas::{boxed, resolve, unwrapped};
use crate::names::{CATCH_ALL, PRELUDE, Wanted, choose, pascal_case, snake_case};

/// An enum over the forms of a value.
#[derive(Debug, Clone)]
pub(crate) struct UnionFacts {
    /// The property whose text names the form.
    pub(crate) discriminator: Option<String>,
    pub(crate) variants: Vec<VariantFacts>,
    /// The variant for a value of none of the forms.
    pub(crate) catch_all: String,
}

/// One form of a value.
#[derive(Debug, Clone)]
pub(crate) struct VariantFacts {
    /// The name of the variant, and of the property that has its type.
    pub(crate) name: String,
    /// The texts of the discriminator that name it.
    pub(crate) values: Vec<String>,
    /// Whether it takes no property that is not listed.
    pub(crate) closed: bool,
}

/// What a choice among schemas stands for.
pub(super) enum Choice {
    /// One schema; whether null is a value too.
    Plain(Box<SchemaKind>, bool),
    Union(Box<(ObjectType, UnionFacts)>, bool),
}

/// What `choices` stand for: an object or text if each of them is one, a union otherwise.
pub(super) fn choice(
    components: &Components,
    choices: &[ReferenceOr<Schema>],
    discriminator: Option<&Discriminator>,
    any_of: bool,
) -> Choice {
    let mut forms: Vec<ReferenceOr<Schema>> = Vec::new();
    let mut nullable = false;
    for choice in choices {
        if choice.as_item().is_some_and(is_null) {
            nullable = true;
            continue;
        }
        let mut form = choice.clone();
        if let ReferenceOr::Item(item) = &mut form {
            nullable |= std::mem::take(&mut item.schema_data.nullable);
        }
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    if forms.len() == 1 {
        return Choice::Plain(Box::new(SchemaKind::AllOf { all_of: forms }), nullable);
    }
    if let Some(text) = text(components, &forms) {
        return Choice::Plain(Box::new(text), nullable);
    }
    if any_of
        && discriminator.is_none()
        && let Some(object) = union_of_objects(components, &forms)
    {
        return Choice::Plain(Box::new(SchemaKind::Type(Type::Object(object))), nullable);
    }
    Choice::Union(Box::new(union(components, &forms, discriminator)), nullable)
}

/// Whether null is the only value.
pub(super) fn is_null(schema: &Schema) -> bool {
    match &schema.schema_kind {
        SchemaKind::Type(Type::String(string)) => {
            !string.enumeration.is_empty() && string.enumeration.iter().all(Option::is_none)
        }
        SchemaKind::Any(any) => {
            any.typ.as_deref() == Some("null")
                || !any.enumeration.is_empty()
                    && (any.enumeration.iter()).all(|value| value.as_null().is_some())
        }
        _ => false,
    }
}

/// Text of several kinds is text, with the listed values of all of them.
fn text(components: &Components, forms: &[ReferenceOr<Schema>]) -> Option<SchemaKind> {
    let mut values = Vec::new();
    for form in forms {
        let form = unwrapped(components, form)?;
        if type_word(form) != Some("string") {
            return None;
        }
        for value in enumeration(form) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    Some(SchemaKind::Type(Type::String(text_of(values))))
}

fn union(
    components: &Components,
    forms: &[ReferenceOr<Schema>],
    discriminator: Option<&Discriminator>,
) -> (ObjectType, UnionFacts) {
    let wanted: Vec<Wanted> = forms
        .iter()
        .map(|form| Wanted {
            name: form_name(components, form),
            key: match form {
                ReferenceOr::Reference { reference } => reference.clone(),
                ReferenceOr::Item(item) => format!("~{:?}", item.schema_kind),
            },
        })
        .collect();
    // The properties of these names are to differ as well.
    let names = choose(&wanted, PRELUDE.map(snake_case), snake_case);
    let values = match discriminator {
        Some(discriminator) => values(components, forms, discriminator),
        None => vec![Vec::new(); forms.len()],
    };
    let variants: Vec<VariantFacts> = forms
        .iter()
        .zip(&names)
        .zip(values)
        .map(|((form, name), values)| VariantFacts {
            name: name.clone(),
            values,
            closed: unwrapped(components, form).is_some_and(is_closed),
        })
        .collect();
    let catch_all = catch_all(&names);
    let object = ObjectType {
        properties: names
            .iter()
            .cloned()
            .zip(forms.iter().map(|form| boxed(form.clone())))
            .collect(),
        required: names,
        ..ObjectType::default()
    };
    let facts = UnionFacts {
        discriminator: discriminator.map(|discriminator| discriminator.property_name.clone()),
        variants,
        catch_all,
    };
    (object, facts)
}

/// The name of the variant for what is not listed.
pub(crate) fn catch_all(names: &[String]) -> String {
    let numbered = (2..).map(|number| format!("Other{number}"));
    CATCH_ALL
        .into_iter()
        .map(str::to_owned)
        .chain(numbered)
        .find(|name| !names.contains(name))
        .unwrap_or_default()
}

/// The texts by which a discriminator names each of `forms`: those of its mapping, the name of the schema,
/// and the values that the form lists for the property. Many contracts have the last alone. None is of two
/// forms.
fn values(
    components: &Components,
    forms: &[ReferenceOr<Schema>],
    discriminator: &Discriminator,
) -> Vec<Vec<String>> {
    let Discriminator {
        property_name,
        mapping,
        ..
    } = discriminator;
    let listed: Vec<Vec<String>> = forms
        .iter()
        .map(|form| listed_values(components, form, property_name, MAX_PARTS))
        .collect();
    let is_listed_elsewhere = |own: usize, value: &String| {
        let mut others = listed.iter().enumerate().filter(|(form, _)| *form != own);
        others.any(|(_, listed)| listed.contains(value))
    };
    let mut found = Vec::new();
    for (index, form) in forms.iter().enumerate() {
        let mut values: Vec<String> = Vec::new();
        let mut implied = listed[index].clone();
        if let ReferenceOr::Reference { reference } = form {
            let name = reference.rsplit('/').next().unwrap_or_default();
            let mapped = mapping.iter();
            let mapped = mapped.filter(|(_, target)| *target == reference || *target == name);
            values.extend(mapped.map(|(value, _)| value.clone()));
            implied.insert(0, name.to_owned());
        }
        for value in implied {
            let is_free = !mapping.contains_key(&value) && !values.contains(&value);
            if is_free && !is_listed_elsewhere(index, &value) {
                values.push(value);
            }
        }
        found.push(values);
    }
    found
}

/// Schemas are looked through for the values of a property no deeper than this.
const MAX_PARTS: usize = 8;

/// The values that `schema` lists for `property`, through the schemas that it is built from.
fn listed_values(
    components: &Components,
    schema: &ReferenceOr<Schema>,
    property: &str,
    depth: usize,
) -> Vec<String> {
    let Some(schema) = resolve(components, schema).filter(|_| depth > 0) else {
        return Vec::new();
    };
    let inside = |schema| listed_values(components, schema, property, depth - 1);
    let (properties, all, choices) = match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => (Some(&object.properties), &[][..], &[][..]),
        SchemaKind::AllOf { all_of } => (None, all_of.as_slice(), &[][..]),
        SchemaKind::OneOf { one_of: choices } | SchemaKind::AnyOf { any_of: choices } => {
            (None, &[][..], choices.as_slice())
        }
        SchemaKind::Any(any) => {
            let choices = if any.one_of.is_empty() {
                &any.any_of
            } else {
                &any.one_of
            };
            (Some(&any.properties), &any.all_of[..], &choices[..])
        }
        _ => return Vec::new(),
    };
    let own = properties.and_then(|properties| properties.get(property));
    let own = own.map(|own| {
        let own = own.clone().unbox();
        unwrapped(components, &own).map_or_else(Vec::new, enumeration)
    });
    let parts = own.into_iter().chain(all.iter().map(inside));
    let mut parts: Vec<Vec<String>> = parts
        .chain([choices.iter().flat_map(inside).collect()])
        .filter(|values: &Vec<String>| !values.is_empty())
        .collect();
    // A value is one that each part lists, where it lists any.
    let mut values = parts.pop().unwrap_or_default();
    values.retain(|value| parts.iter().all(|part| part.contains(value)));
    values
}

fn is_closed(schema: &Schema) -> bool {
    let additional = match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => &object.additional_properties,
        SchemaKind::Any(any) => &any.additional_properties,
        _ => return false,
    };
    matches!(additional, Some(AdditionalProperties::Any(false)))
}

/// The only value of a property that has to be there: what services write where they have no discriminator.
fn only_value(schema: &Schema) -> Option<&str> {
    let SchemaKind::Type(Type::Object(object)) = &schema.schema_kind else {
        return None;
    };
    object.required.iter().find_map(|name| {
        let property = object.properties.get(name)?.as_item()?;
        match &property.schema_kind {
            SchemaKind::Type(Type::String(string)) => match string.enumeration.as_slice() {
                [Some(value)] => Some(value.as_str()),
                _ => None,
            },
            _ => None,
        }
    })
}

/// A name for a form: that of its schema, of the value that tells it from others, or of its type.
fn form_name(components: &Components, form: &ReferenceOr<Schema>) -> String {
    if let ReferenceOr::Reference { reference } = form {
        return pascal_case(reference.rsplit('/').next().unwrap_or_default());
    }
    let Some(schema) = resolve(components, form) else {
        return "Value".to_owned();
    };
    if let SchemaKind::AllOf { all_of } = &schema.schema_kind
        && let [only] = all_of.as_slice()
    {
        return form_name(components, only);
    }
    if let Some(value) = only_value(schema) {
        return pascal_case(value);
    }
    match type_word(schema) {
        Some("string") => "Text",
        Some("integer") => "Integer",
        Some("number") => "Number",
        Some("boolean") => "Boolean",
        Some("array") => "List",
        Some("object") => "Object",
        _ => "Value",
    }
    .to_owned()
}
