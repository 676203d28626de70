//! The models: open enumerations, flags as `bool`, times that are written fast, and a `Debug` that
//! shows no value.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{
    Attribute, Field, Fields, Ident, Item, ItemEnum, ItemImpl, ItemMod, ItemStruct, Type,
    parse_quote,
};

use super::attributes::{append_docs, change_derives, doc, doc_lines, has_derive, tidy};
use super::model_docs::{self, ExampleField};
use super::syntax::{Fault, has_fn, last_segment, mentions, take_items};
use crate::lower::{BOOLEAN_OR_TEXT, Lowered, TypeFacts, UnionFacts, catch_all};
use crate::operations::AnswerFacts;

/// The module `types`.
pub(super) fn postprocess(mut module: ItemMod, lowered: &Lowered) -> Result<ItemMod, Fault> {
    let content = take_items(&mut module)?;
    let open: HashSet<String> = content
        .iter()
        .filter_map(|item| match item {
            Item::Enum(item) if is_closed_enum(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    let partial = partially_equal(&content);
    let derives_of = |name: &Ident| -> &'static [&'static str] {
        if partial.contains(&name.to_string()) {
            &["PartialEq"]
        } else {
            &["PartialEq", "Eq", "Hash"]
        }
    };
    let mut items = Vec::new();
    let mut error = None;
    for item in content {
        match item {
            Item::Mod(inner) if inner.ident == "error" => error = Some(inner),
            Item::Mod(_) => {}
            Item::Impl(item) if is_for(&item, &open) || has_fn(&item, "builder") => {}
            Item::Enum(item) if open.contains(&item.ident.to_string()) => {
                items.extend(open_enum(item, lowered));
            }
            Item::Enum(mut item) => {
                let derives = derives_of(&item.ident);
                value_attributes(&mut item.attrs, derives);
                let debug = debug_of_enum(&item);
                let name = item.ident.clone();
                items.push(Item::Enum(item));
                items.push(debug);
                items.push(parse_quote!(crate::runtime::serde_support::by_serde!(#name);));
            }
            Item::Struct(item) => {
                let derives = derives_of(&item.ident);
                items.extend(structure(item, derives, lowered));
            }
            other => items.push(other),
        }
    }
    if let Some(error) = error {
        let converts = |item: &Item| match item {
            Item::Impl(item) => mentions(item.to_token_stream(), "ConversionError"),
            _ => false,
        };
        if items.iter().any(converts) {
            items.push(Item::Mod(error));
        }
    }
    let flags: Vec<Ident> = lowered
        .flags
        .iter()
        .map(|name| format_ident!("{name}"))
        .collect();
    items.extend(json_schemas(&items, &flags));
    let flag: syn::Path = syn::parse_str(BOOLEAN_OR_TEXT).map_err(|error| error.to_string())?;
    for name in flags {
        items.push(
            if flag.segments.last().is_some_and(|own| own.ident == name) {
                parse_quote!(pub use #flag;)
            } else {
                parse_quote!(pub use #flag as #name;)
            },
        );
    }
    unique(&items)?;
    module.content = Some((syn::token::Brace::default(), items));
    Ok(module)
}

/// The names of the types of a module.
pub(super) fn names(module: &ItemMod) -> impl Iterator<Item = String> {
    let items = module.content.iter().flat_map(|(_, items)| items);
    items.filter_map(|item| Some(type_ident(item)?.to_string()))
}

fn type_ident(item: &Item) -> Option<&Ident> {
    match item {
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None,
    }
}

/// Two types of one name would be a page of errors in generated code.
fn unique(items: &[Item]) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    for ident in items.iter().filter_map(type_ident) {
        if !seen.insert(ident) {
            return Err(format!("two types would be called `{ident}`"));
        }
    }
    Ok(())
}

/// The list of models, for code that shows or checks all of them alike.
fn json_schemas(items: &[Item], flags: &[Ident]) -> Option<Item> {
    let mut names: Vec<&Ident> = items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some(&item.ident),
            Item::Enum(item) => Some(&item.ident),
            _ => None,
        })
        .chain(flags)
        .collect();
    names.sort();
    let texts = names.iter().map(ToString::to_string);
    (!names.is_empty()).then(|| {
        parse_quote! {
            /// The JSON Schema of every model, by the model's name.
            ///
            /// # Examples
            ///
            /// ```
            /// for (name, schema) in people_sdk::types::json_schemas() {
            ///     println!("{name}: {}", schema.as_value());
            /// }
            /// ```
            #[cfg(feature = "schemars")]
            #[must_use]
            pub fn json_schemas() -> ::std::collections::BTreeMap<&'static str, ::schemars::Schema> {
                ::std::collections::BTreeMap::from([
                    #((#texts, ::schemars::schema_for!(#names))),*
                ])
            }
        }
    })
}

/// The types that have no `Eq` and no `Hash`: those with a number that has a fraction, JSON text or a set
/// in them, directly or in another type.
fn partially_equal(items: &[Item]) -> HashSet<String> {
    const PARTIAL: [&str; 5] = ["f32", "f64", "RawValue", "HashMap", "HashSet"];

    let contents: Vec<(String, HashSet<String>)> = items
        .iter()
        .filter_map(|item| {
            let (ident, tokens) = match item {
                Item::Struct(item) => {
                    let fields = item.fields.iter().map(|field| &field.ty);
                    (&item.ident, quote!(#(#fields)*))
                }
                Item::Enum(item) => {
                    let fields = item.variants.iter().flat_map(|variant| &variant.fields);
                    let fields = fields.map(|field| &field.ty);
                    (&item.ident, quote!(#(#fields)*))
                }
                Item::Type(item) => {
                    let aliased = &item.ty;
                    (&item.ident, quote!(#aliased))
                }
                _ => return None,
            };
            let mut words = HashSet::new();
            words_in(tokens, &mut words);
            Some((ident.to_string(), words))
        })
        .collect();
    let mut partial: HashSet<String> = PARTIAL.map(str::to_owned).into();
    loop {
        let before = partial.len();
        for (name, words) in &contents {
            if !words.is_disjoint(&partial) {
                partial.insert(name.clone());
            }
        }
        if partial.len() == before {
            return partial;
        }
    }
}

/// Every identifier in `tokens`.
fn words_in(tokens: TokenStream, words: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                words.insert(ident.to_string());
            }
            TokenTree::Group(group) => words_in(group.stream(), words),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn is_closed_enum(item: &ItemEnum) -> bool {
    !item.variants.is_empty()
        && item
            .variants
            .iter()
            .all(|variant| matches!(variant.fields, Fields::Unit))
}

fn is_for(item: &ItemImpl, names: &HashSet<String>) -> bool {
    match &*item.self_ty {
        Type::Path(path) => path
            .path
            .get_ident()
            .is_some_and(|ident| names.contains(&ident.to_string())),
        _ => false,
    }
}

/// A closed enum of the generator, with one more variant for every word that it does not list.
fn open_enum(item: ItemEnum, lowered: &Lowered) -> Vec<Item> {
    let name = item.ident;
    let docs = doc_lines(&item.attrs);
    let words: Vec<String> = item
        .variants
        .iter()
        .map(|variant| {
            let word = SerdeAttributes::of(&variant.attrs).rename;
            let word = word.unwrap_or_else(|| variant.ident.to_string());
            match lowered.types.get(&name.to_string()) {
                Some(TypeFacts::Enum(values)) => {
                    let original = values.iter().find(|(lowered, _)| *lowered == word);
                    original.map_or(word, |(_, original)| original.clone())
                }
                _ => word,
            }
        })
        .collect();
    let variants: Vec<Ident> = item
        .variants
        .into_iter()
        .map(|variant| variant.ident)
        .collect();
    let names: Vec<String> = variants.iter().map(ToString::to_string).collect();
    let catch_all = format_ident!("{}", catch_all(&names));
    let word_docs = words.iter().map(|word| match word_doc(&docs, word) {
        Some(text) => format!(" `{word}`: {text}"),
        None => format!(" `{word}`."),
    });
    let own_docs = docs.iter().map(|line| format!(" {line}"));
    let description = docs.join("\n").trim_end().to_owned();
    let mut item: ItemEnum = parse_quote! {
        #(#[doc = #own_docs])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #word_docs] #variants,)*
            /// A value that the contract does not list, as the service spelt it.
            #catch_all(::std::string::String),
        }
    };
    tidy(&mut item.attrs);
    append_docs(
        &mut item.attrs,
        &model_docs::enumeration(&name, &words, &variants),
    );
    let implementation = parse_quote! {
        crate::runtime::serde_support::open_enum! {
            #name(#catch_all, #description);
            #(#words => #variants;)*
        }
    };
    vec![Item::Enum(item), Item::Macro(implementation)]
}

/// What a description says of `word`, in an item of a list that may go on over several lines.
fn word_doc(docs: &[String], word: &str) -> Option<String> {
    let marker = format!("- `{word}`:");
    let start = docs
        .iter()
        .position(|line| line.trim().starts_with(&marker))?;
    let mut lines = docs[start..].iter().map(|line| line.trim());
    let first = lines.next()?.strip_prefix(&marker)?.trim();
    let further = lines.take_while(|line| !line.is_empty() && !line.starts_with("- "));
    let text: Vec<&str> = std::iter::once(first).chain(further).collect();
    Some(text.join(" "))
}

fn structure(mut item: ItemStruct, derives: &[&str], lowered: &Lowered) -> Vec<Item> {
    let name = item.ident.clone();
    if let Some(TypeFacts::Union(facts)) = lowered.types.get(&name.to_string()) {
        return union(item, derives, facts);
    }
    if let Some(TypeFacts::Answers(answers)) = lowered.types.get(&name.to_string()) {
        return answers_enum(item, answers);
    }
    if let Fields::Named(fields) = &mut item.fields {
        let mut properties: Vec<Property> = fields.named.iter().map(Property::of).collect();
        if properties.iter().all(|property| property.serde.is_plain()) {
            properties.retain(|property| !property.serde.flatten);
            return open_structure(item, properties, derives, lowered);
        }
        for (field, property) in fields.named.iter_mut().zip(properties) {
            document(field, &property.generated);
            tidy(&mut field.attrs);
        }
    }
    let has_serde = ["Serialize", "Deserialize"].map(|name| has_derive(&item.attrs, name));
    let mut is_transparent = false;
    let implementation: Item = match &item.fields {
        Fields::Unnamed(fields) if has_serde == [true; 2] && fields.unnamed.len() == 1 => {
            change_derives(&mut item.attrs, &["Serialize", "Deserialize"], &[]);
            item.attrs
                .retain(|attribute| !attribute.path().is_ident("serde"));
            is_transparent = true;
            let inner = fields.unnamed.iter().map(|field| &field.ty);
            parse_quote!(crate::runtime::serde_support::transparent!(#name, #(#inner)*);)
        }
        _ => parse_quote!(crate::runtime::serde_support::by_serde!(#name);),
    };
    let debug = debug_impl(
        &name,
        &quote!(f.debug_struct(stringify!(#name)).finish_non_exhaustive()),
    );
    value_attributes(&mut item.attrs, derives);
    if is_transparent {
        item.attrs.push(parse_quote! {
            #[cfg_attr(feature = "schemars", schemars(transparent))]
        });
    }
    vec![Item::Struct(item), debug, implementation]
}

/// An object that keeps what it does not know: plain fields, and one line of a table for each.
fn open_structure(
    mut item: ItemStruct,
    mut properties: Vec<Property>,
    derives: &[&str],
    lowered: &Lowered,
) -> Vec<Item> {
    let name = item.ident.clone();
    let facts = match lowered.types.get(&name.to_string()) {
        Some(TypeFacts::Object(properties)) => properties.as_slice(),
        _ => &[],
    };
    let mut ordered: Vec<(usize, Property)> = Vec::with_capacity(properties.len());
    for mut property in properties.drain(..) {
        let place = facts
            .iter()
            .position(|facts| facts.generated == property.generated);
        if let Some(facts) = place.and_then(|place| facts.get(place)) {
            property.name.clone_from(&facts.name);
            property.read_only = facts.read_only;
            property.example.clone_from(&facts.example);
        }
        ordered.push((place.unwrap_or(usize::MAX), property));
    }
    // In the order of the contract; what it does not list stays in the generator's.
    ordered.sort_by_key(|(place, _)| *place);
    properties.extend(ordered.into_iter().map(|(_, property)| property));
    let [extra, unparsed] = other_names(&properties);
    let example = model_docs::object(&name, &example_fields(&properties));
    let mut derives = derives.to_vec();
    let constructor = constructor(&name, &properties, [&extra, &unparsed]);
    if constructor.is_none() {
        derives.push("Default");
    }
    let is_renamed = |property: &Property| property.name != field_name(&property.field);
    let renamed = properties.iter().any(is_renamed);
    let mut entries = TokenStream::new();
    let mut fields = Vec::with_capacity(properties.len() + 2);
    for property in properties {
        let (name, ident) = (property.name.clone(), property.field.ident.clone());
        let (field, kind) = plain_field(property);
        fields.push(field);
        entries.extend(quote!(#name => #ident, #kind;));
    }
    fields.extend(other_fields(&extra, &unparsed));
    if let Fields::Named(named) = &mut item.fields {
        named.named = fields.into_iter().collect();
    }
    change_derives(&mut item.attrs, &["Serialize", "Deserialize"], &[]);
    value_attributes(&mut item.attrs, &derives);
    append_example(&mut item.attrs, &example);
    // A property that the contract gains is then no breaking change.
    item.attrs.push(parse_quote!(#[non_exhaustive]));
    if renamed {
        item.attrs.push(parse_quote! {
            #[cfg_attr(feature = "schemars", schemars(rename_all = "camelCase"))]
        });
    }
    let table = parse_quote! {
        crate::runtime::serde_support::open_struct! {
            #name(#extra, #unparsed);
            #entries
        }
    };
    let mut items = vec![Item::Struct(item)];
    items.extend(constructor);
    items.push(Item::Macro(table));
    items
}

/// The field of a property without serde's attributes, and how `open_struct!` reads and writes it.
fn plain_field(property: Property) -> (Field, Ident) {
    let optional = property.may_be_absent();
    let Property {
        mut field,
        serde,
        name,
        read_only,
        ..
    } = property;
    document(&mut field, &name);
    let kind = match (optional, serde.or_null, boolean_field(&mut field)) {
        (_, true, false) => "required_or_null",
        (_, true, true) => "boolean_or_text_or_null",
        (false, false, false) => "required",
        (true, false, false) => "optional",
        (false, false, true) => "boolean_or_text",
        (true, false, true) => "optional_boolean_or_text",
    };
    field
        .attrs
        .retain(|attribute| !attribute.path().is_ident("serde"));
    tidy(&mut field.attrs);
    if read_only {
        field.attrs.extend(["", " Read-only."].map(doc));
    }
    let own_name = field_name(&field);
    if own_name != name {
        field.attrs.push(parse_quote!(#[doc(alias = #name)]));
    }
    if camel_case(&own_name) != name {
        field.attrs.push(parse_quote! {
            #[cfg_attr(feature = "schemars", schemars(rename = #name))]
        });
    }
    (field, format_ident!("{kind}"))
}

/// Adds an example to the documentation of a type. Its JSON Schema keeps the description alone.
fn append_example(attributes: &mut Vec<Attribute>, example: &[String]) {
    if example.is_empty() {
        return;
    }
    let lines = doc_lines(attributes);
    let lines = lines.iter().map(|it| it.strip_prefix(' ').unwrap_or(it));
    let description = lines.collect::<Vec<_>>().join("\n");
    let description = description.trim();
    attributes.push(parse_quote! {
        #[cfg_attr(feature = "schemars", schemars(description = #description))]
    });
    append_docs(attributes, example);
}

/// What an example needs to know of `properties`.
fn example_fields(properties: &[Property]) -> Vec<ExampleField> {
    let fields = properties.iter().map(|property| {
        let r#type = &property.field.ty;
        let value = optional(r#type).unwrap_or(r#type);
        let is_text = last_segment(value).is_some_and(|segment| segment.ident == "String");
        let or_null = property.serde.or_null;
        ExampleField {
            property: property.name.clone(),
            field: field_name(&property.field),
            required: !property.may_be_absent() || or_null,
            text: (property.example.clone()).filter(|_| is_text && !or_null),
        }
    });
    fields.collect()
}

/// The names of the fields of what is not listed, or not of the promised form: a property keeps its name.
fn other_names(properties: &[Property]) -> [Ident; 2] {
    let idents = properties.iter().filter_map(|it| it.field.ident.as_ref());
    let idents: Vec<&Ident> = idents.collect();
    ["extra", "unparsed"].map(|name| {
        let mut name = name.to_owned();
        while idents.iter().any(|ident| **ident == name) {
            name.push('_');
        }
        format_ident!("{name}")
    })
}

/// The fields of what is not listed, or not of the promised form.
fn other_fields(extra: &Ident, unparsed: &Ident) -> [Field; 2] {
    [
        parse_quote! {
            /// The properties that the contract does not list.
            #[cfg_attr(feature = "schemars", schemars(flatten))]
            pub #extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>
        },
        parse_quote! {
            /// The properties whose values are not of the promised form, as they came.
            #[cfg_attr(feature = "schemars", schemars(skip))]
            pub #unparsed: crate::UnparsedProperties
        },
    ]
}

/// `new`, with the required properties; nothing where none is required, as `Default` is enough there.
fn constructor(name: &Ident, properties: &[Property], others: [&Ident; 2]) -> Option<Item> {
    let (optional, required): (Vec<&Property>, Vec<&Property>) =
        properties.iter().partition(|it| it.may_be_absent());
    if required.is_empty() {
        return None;
    }
    let parameters = required.iter().map(|property| {
        let Field { ident, ty, .. } = &property.field;
        if is_boolean_or_text(ty) {
            quote!(#ident: impl ::std::convert::Into<bool>)
        } else {
            quote!(#ident: impl ::std::convert::Into<#ty>)
        }
    });
    let given: Vec<_> = required.iter().map(|it| &it.field.ident).collect();
    let absent = optional.iter().map(|it| &it.field.ident);
    let [extra, unparsed] = others;
    let doc = format!(" A `{name}` with the required properties and no other.");
    Some(parse_quote! {
        impl #name {
            #[doc = #doc]
            #[must_use]
            pub fn new(#(#parameters),*) -> Self {
                Self {
                    #(#given: #given.into(),)*
                    #(#absent: ::std::default::Default::default(),)*
                    #extra: ::std::default::Default::default(),
                    #unparsed: ::std::default::Default::default(),
                }
            }
        }
    })
}

/// An object with a property per form of a value, as an enum of the forms.
fn union(mut item: ItemStruct, derives: &[&str], facts: &UnionFacts) -> Vec<Item> {
    let name = &item.ident;
    let catch_all = format_ident!("{}", facts.catch_all);
    let mut variants = Vec::new();
    let mut lines = Vec::new();
    let mut conversions = Vec::new();
    let mut types = HashSet::new();
    let forms: Vec<(Ident, Type, &crate::lower::VariantFacts)> = item
        .fields
        .iter()
        .filter_map(|field| {
            let property = Property::of(field).generated;
            let facts = facts
                .variants
                .iter()
                .find(|variant| variant.name == property)?;
            Some((format_ident!("{property}"), field.ty.clone(), facts))
        })
        .collect();
    for (variant, inner, facts) in &forms {
        let doc = match facts.values.as_slice() {
            [] => format!(" A value of the form `{variant}`."),
            values => format!(" The form that `{}` names.", values.join("` or `")),
        };
        variants.push(quote!(#[doc = #doc] #variant(#inner),));
        let closed = facts.closed;
        let values = &facts.values;
        lines.push(quote!(#variant(#inner), closed: #closed, [#(#values),*];));
        if types.insert(quote!(#inner).to_string()) {
            conversions.push((variant, inner));
        }
    }
    let once = |r#type: &Type| forms.iter().filter(|(_, other, _)| other == r#type).count() == 1;
    conversions.retain(|(_, inner)| once(inner));
    let conversions = conversions.into_iter().map(|(variant, inner)| -> Item {
        parse_quote! {
            impl ::std::convert::From<#inner> for #name {
                fn from(value: #inner) -> Self {
                    Self::#variant(value)
                }
            }
        }
    });
    let discriminator = facts.discriminator.as_ref();
    let discriminator = discriminator.map(|property| quote!(, #property));
    let conversions: Vec<Item> = conversions.collect();
    let derives = derives.iter().map(|name| format_ident!("{name}"));
    let mut r#enum: ItemEnum = parse_quote! {
        #[derive(Clone, #(#derives),*)]
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
        #[cfg_attr(feature = "schemars", schemars(untagged))]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value of none of these forms, or of several, as it came.
            #catch_all(::serde_json::Value),
        }
    };
    item.attrs
        .retain(|attribute| attribute.path().is_ident("doc"));
    r#enum.attrs.splice(0..0, item.attrs);
    tidy(&mut r#enum.attrs);
    let implementation = parse_quote! {
        crate::runtime::serde_support::open_union! {
            #name(#catch_all #discriminator);
            #(#lines)*
        }
    };
    let debug = debug_of_enum(&r#enum);
    let mut items = vec![Item::Enum(r#enum), debug, Item::Macro(implementation)];
    items.extend(conversions);
    items
}

/// An object with a property per success that has a body, as an enum of the successes.
fn answers_enum(item: ItemStruct, answers: &[AnswerFacts]) -> Vec<Item> {
    let name = item.ident;
    let types: Vec<(String, Type)> = item
        .fields
        .into_iter()
        .map(|field| (Property::of(&field).generated, field.ty))
        .collect();
    let mut variants = Vec::new();
    let mut lines = Vec::new();
    // The status itself before its class, and that before the default.
    let mut ordered: Vec<&AnswerFacts> = answers.iter().collect();
    ordered.sort_by_key(|answer| {
        let (first, last) = answer.statuses();
        (answer.status == "default", last - first, first)
    });
    for answer in ordered {
        let variant = format_ident!("{}", answer.variant());
        let (first, last) = answer.statuses();
        let listed = types
            .iter()
            .find(|(property, _)| *property == answer.variant());
        let inner = listed.map(|(_, inner)| quote!((#inner)));
        let doc = match (&inner, answer.status.as_str()) {
            (Some(_), status) => format!(" The body of the response `{status}`."),
            (None, status) => format!(" The response `{status}`, which has no body."),
        };
        variants.push(quote!(#[doc = #doc] #variant #inner,));
        lines.push(quote!(#first, #last => #variant #inner;));
    }
    let r#enum: ItemEnum = parse_quote! {
        /// What the operation succeeds with, by the status of the response.
        #[derive(Clone, PartialEq)]
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
        #[cfg_attr(feature = "schemars", schemars(untagged))]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A success with another status: its body, or null if it has none.
            Other(::serde_json::Value),
        }
    };
    let debug = debug_of_enum(&r#enum);
    let implementation = parse_quote! {
        crate::runtime::answers::answers! {
            #name;
            #(#lines)*
        }
    };
    vec![Item::Enum(r#enum), debug, Item::Macro(implementation)]
}

/// How the generator reads a property that is required and can be null.
const OR_NULL: &str = "::std::option::Option::deserialize";

/// What serde's attributes say of a field or a variant.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an entry that is there or not"
)]
struct SerdeAttributes {
    rename: Option<String>,
    /// Whether an object can lack the property.
    default: bool,
    /// Whether the property is required, and can be null.
    or_null: bool,
    /// Whether this is the field that unknown properties are kept in.
    flatten: bool,
    /// Whether there is an entry that is not known here.
    other: bool,
}

impl SerdeAttributes {
    fn of(attributes: &[Attribute]) -> Self {
        let mut found = Self::default();
        for attribute in attributes {
            if !attribute.path().is_ident("serde") {
                continue;
            }
            let read = attribute.parse_nested_meta(|meta| {
                let value = match meta.value() {
                    Ok(value) => Some(value.parse::<syn::LitStr>()?.value()),
                    Err(_) => None,
                };
                let path = &meta.path;
                if path.is_ident("rename") {
                    found.rename = value;
                } else if path.is_ident("default") {
                    found.default = true;
                } else if path.is_ident("flatten") {
                    found.flatten = true;
                } else if path.is_ident("deserialize_with") && value.as_deref() == Some(OR_NULL) {
                    found.or_null = true;
                } else if !path.is_ident("skip_serializing_if") {
                    found.other = true;
                }
                Ok(())
            });
            found.other |= read.is_err();
        }
        found
    }

    /// Whether the value is read by its type alone.
    fn is_plain(&self) -> bool {
        !self.other
    }
}

/// A property of an object that the generator wrote, read once.
struct Property {
    field: Field,
    serde: SerdeAttributes,
    /// Its name as the generator reads it.
    generated: String,
    /// Its name as it is sent.
    name: String,
    read_only: bool,
    /// The contract's example, if it is text.
    example: Option<String>,
}

impl Property {
    fn of(field: &Field) -> Self {
        let serde = SerdeAttributes::of(&field.attrs);
        let generated = serde.rename.clone().unwrap_or_else(|| field_name(field));
        Self {
            field: field.clone(),
            serde,
            name: generated.clone(),
            generated,
            read_only: false,
            example: None,
        }
    }

    /// Whether an object can lack it.
    fn may_be_absent(&self) -> bool {
        self.serde.default || optional(&self.field.ty).is_some()
    }
}

/// The name of a field, as serde sees it.
fn field_name(field: &Field) -> String {
    let ident = field.ident.as_ref().map(Ident::to_string);
    ident
        .unwrap_or_default()
        .trim_start_matches("r#")
        .to_owned()
}

/// A field's name under `rename_all = "camelCase"`.
fn camel_case(field: &str) -> String {
    let mut name = String::new();
    for part in field.split('_').filter(|part| !part.is_empty()) {
        let (first, rest) = part.split_at(part.chars().next().map_or(0, char::len_utf8));
        if name.is_empty() {
            name.push_str(&first.to_ascii_lowercase());
        } else {
            name.push_str(&first.to_ascii_uppercase());
        }
        name.push_str(rest);
    }
    name
}

/// Attributes that every type with values has in common.
fn value_attributes(attributes: &mut Vec<Attribute>, derives: &[&str]) {
    change_derives(attributes, &["Debug"], derives);
    tidy(attributes);
    attributes.push(parse_quote! {
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    });
}

/// Documents a field whose property is nothing but a reference to a described schema.
fn document(field: &mut Field, property: &str) {
    if !doc_lines(&field.attrs).is_empty() {
        return;
    }
    field
        .attrs
        .push(doc(&format!(" The property `{property}`.")));
}

/// `T` of `Option<T>`.
fn optional(r#type: &Type) -> Option<&Type> {
    let segment = last_segment(r#type)?;
    match &segment.arguments {
        syn::PathArguments::AngleBracketed(arguments) if segment.ident == "Option" => {
            match arguments.args.first()? {
                syn::GenericArgument::Type(inner) => Some(inner),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a type is that of a boolean that is also spelled as text.
fn is_boolean_or_text(r#type: &Type) -> bool {
    match r#type {
        Type::Path(path) => {
            let segments = path.path.segments.iter().map(|segment| &segment.ident);
            segments.eq(BOOLEAN_OR_TEXT.split("::"))
        }
        _ => false,
    }
}

/// Makes a field of a boolean that is also spelled as text a `bool`; whether it was one.
fn boolean_field(field: &mut Field) -> bool {
    let with = if is_boolean_or_text(&field.ty) {
        field.ty = parse_quote!(bool);
        BOOLEAN_OR_TEXT.to_owned()
    } else if optional(&field.ty).is_some_and(is_boolean_or_text) {
        field.ty = parse_quote!(::std::option::Option<bool>);
        format!("::std::option::Option<{BOOLEAN_OR_TEXT}>")
    } else {
        return false;
    };
    field.attrs.push(parse_quote! {
        #[cfg_attr(feature = "schemars", schemars(with = #with))]
    });
    true
}

fn debug_of_enum(item: &ItemEnum) -> Item {
    let name = &item.ident;
    let arms = item.variants.iter().map(|variant| {
        let ident = &variant.ident;
        let text = format!("{name}::{ident}(..)");
        quote!(Self::#ident { .. } => #text)
    });
    debug_impl(name, &quote!(f.write_str(match self { #(#arms),* })))
}

fn debug_impl(name: &Ident, body: &TokenStream) -> Item {
    parse_quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                #body
            }
        }
    }
}
