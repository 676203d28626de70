//! The models: open enumerations, flags as `bool`, times that are written fast, and a `Debug` that
//! shows no value.

use std::collections::HashSet;

use heck::ToPascalCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    Attribute, Field, Fields, Ident, Item, ItemEnum, ItemImpl, ItemMod, ItemStruct, Type,
    parse_quote,
};

use super::attributes::{add_derives, doc_lines, remove_derive, tidy};
use super::syntax::{Fault, has_fn, last_segment, take_items};
use crate::lower::{BOOLEAN_OR_TEXT, Lowered};
use crate::rules::names::CATCH_ALL;

/// Whether this is the field that unknown properties are kept in.
fn is_extra(field: &Field) -> bool {
    field.attrs.iter().any(|attribute| {
        attribute.path().is_ident("serde")
            && attribute
                .parse_args::<Ident>()
                .is_ok_and(|argument| argument == "flatten")
    })
}

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
    let mut items = Vec::new();
    let mut error = None;
    for item in content {
        match item {
            Item::Mod(inner) if inner.ident == "error" => error = Some(inner),
            Item::Mod(_) => {}
            Item::Impl(item) if is_for(&item, &open) || has_fn(&item, "builder") => {}
            Item::Enum(item) if open.contains(&item.ident.to_string()) => {
                items.extend(open_enum(item)?);
            }
            Item::Enum(mut item) => {
                value_attributes(&mut item.attrs, &["PartialEq"]);
                let debug = debug_of_enum(&item);
                items.push(Item::Enum(item));
                items.push(debug);
            }
            Item::Struct(item) => items.extend(structure(item, lowered)),
            other => items.push(other),
        }
    }
    if let Some(error) = error {
        let uses = quote!(#(#items)*).to_string();
        if uses.contains("ConversionError") {
            items.push(Item::Mod(error));
        }
    }
    let flags: Vec<Ident> = lowered
        .flags
        .iter()
        .map(|name| format_ident!("{}", name.to_pascal_case()))
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

/// Two types of one name would be a page of errors in code that nobody wrote.
fn unique(items: &[Item]) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    for item in items {
        let ident = match item {
            Item::Struct(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Type(item) => &item.ident,
            _ => continue,
        };
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
fn open_enum(item: ItemEnum) -> Result<Vec<Item>, Fault> {
    let name = item.ident;
    let docs = doc_lines(&item.attrs);
    let words: Vec<String> = item
        .variants
        .iter()
        .map(|variant| serde_name(&variant.attrs).unwrap_or_else(|| variant.ident.to_string()))
        .collect();
    let variants: Vec<Ident> = item
        .variants
        .into_iter()
        .map(|variant| variant.ident)
        .collect();
    let catch_all = CATCH_ALL
        .into_iter()
        .find(|name| variants.iter().all(|variant| variant != name))
        .map(|name| format_ident!("{name}"))
        .ok_or_else(|| format!("`{name}` leaves no name for values that it does not list"))?;
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
    let implementation = parse_quote! {
        crate::runtime::serde_support::open_enum!(#name, #description, #catch_all, [#((#variants, #words)),*]);
    };
    Ok(vec![Item::Enum(item), Item::Macro(implementation)])
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

fn structure(mut item: ItemStruct, lowered: &Lowered) -> Vec<Item> {
    let name = item.ident.clone();
    let mut derives = vec!["PartialEq"];
    let mut reading = None;
    let debug = match &mut item.fields {
        Fields::Named(fields) => {
            let mut named: Vec<Field> = std::mem::take(&mut fields.named).into_iter().collect();
            if let Some(order) = lowered.properties.get(&name.to_string()) {
                named.sort_by_key(|field| {
                    let property = property_name(field);
                    order
                        .iter()
                        .position(|name| *name == property)
                        .unwrap_or(usize::MAX)
                });
            }
            name_extra(&mut named);
            for field in &mut named {
                document(field);
                tidy(&mut field.attrs);
                flag_field(field);
                time_field(field);
            }
            if named.iter().all(has_default) {
                derives.push("Default");
            }
            reading = read_directly(&name, &named);
            fields.named = named.into_iter().collect();
            debug_of_struct(&name, fields.named.iter())
        }
        _ => debug_impl(
            &name,
            &quote!(f.debug_struct(stringify!(#name)).finish_non_exhaustive()),
        ),
    };
    if reading.is_some() {
        remove_derive(&mut item.attrs, "Deserialize");
    }
    value_attributes(&mut item.attrs, &derives);
    let mut items = vec![Item::Struct(item), debug];
    items.extend(reading);
    items
}

/// `Deserialize` for a struct that keeps unknown properties, in place of the derived one, which
/// copies each of them twice. Nothing where an attribute asks for what this cannot do.
fn read_directly(name: &Ident, fields: &[Field]) -> Option<Item> {
    let (extra, listed): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|f| is_extra(f));
    let [extra] = extra.as_slice() else {
        return None;
    };
    let extra = extra.ident.as_ref()?;
    let entries = listed
        .into_iter()
        .map(|field| {
            let ident = field.ident.as_ref()?;
            let property = property_name(field);
            let kind = reading_kind(field)?;
            Some(quote!((#ident, #property, #kind)))
        })
        .collect::<Option<Vec<TokenStream>>>()?;
    Some(Item::Macro(parse_quote! {
        crate::runtime::serde_support::open_struct!(#name, #extra, [#(#entries),*]);
    }))
}

/// How `open_struct!` reads a field.
fn reading_kind(field: &Field) -> Option<Ident> {
    let mut may_be_absent = is_option(&field.ty);
    let mut flag = false;
    for attribute in &field.attrs {
        if !attribute.path().is_ident("serde") {
            continue;
        }
        let known = attribute.parse_nested_meta(|meta| {
            let value = match meta.value() {
                Ok(value) => Some(value.parse::<syn::LitStr>()?.value()),
                Err(_) => None,
            };
            let name = meta.path.get_ident().map(ToString::to_string);
            match (name.as_deref(), value.as_deref()) {
                (Some("rename" | "skip_serializing_if" | "serialize_with"), Some(_)) => Ok(()),
                (Some("default"), None) => {
                    may_be_absent = true;
                    Ok(())
                }
                (
                    Some("deserialize_with"),
                    Some(
                        "crate::runtime::serde_support::flag"
                        | "crate::runtime::serde_support::optional_flag",
                    ),
                ) => {
                    flag = true;
                    Ok(())
                }
                _ => Err(meta.error("not known here")),
            }
        });
        known.ok()?;
    }
    let kind = match (may_be_absent, flag) {
        (false, false) => "required",
        (true, false) => "optional",
        (false, true) => "flag",
        (true, true) => "optional_flag",
    };
    Some(format_ident!("{kind}"))
}

/// Attributes that every type with values has in common.
fn value_attributes(attributes: &mut Vec<Attribute>, derives: &[&str]) {
    for name in derives.iter().chain(&["Debug"]) {
        remove_derive(attributes, name);
    }
    add_derives(attributes, derives);
    tidy(attributes);
    attributes.push(parse_quote! {
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    });
}

/// Gives the unknown properties another name where a property has theirs.
fn name_extra(fields: &mut [Field]) {
    let idents: HashSet<String> = fields
        .iter()
        .filter(|field| !is_extra(field))
        .filter_map(|field| field.ident.as_ref().map(Ident::to_string))
        .collect();
    for field in fields.iter_mut().filter(|field| is_extra(field)) {
        if let Some(ident) = &mut field.ident {
            while idents.contains(&ident.to_string()) {
                *ident = format_ident!("{ident}_");
            }
        }
    }
}

/// Documents a field whose property is nothing but a reference to a described schema.
fn document(field: &mut Field) {
    if !doc_lines(&field.attrs).is_empty() {
        return;
    }
    let doc = if is_extra(field) {
        " The properties that the contract does not list.".to_owned()
    } else {
        format!(" The property `{}`.", property_name(field))
    };
    field.attrs.push(parse_quote!(#[doc = #doc]));
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

fn property_name(field: &Field) -> String {
    serde_name(&field.attrs).unwrap_or_else(|| {
        field
            .ident
            .as_ref()
            .map(|ident| ident.to_string().trim_start_matches("r#").to_owned())
            .unwrap_or_default()
    })
}

fn serde_name(attributes: &[Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes {
        if !attribute.path().is_ident("serde") {
            continue;
        }
        // Other entries of the attribute end the parse, after the name, which comes first.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                name = Some(meta.value()?.parse::<syn::LitStr>()?.value());
            }
            Ok(())
        });
    }
    name
}

fn is_option(r#type: &Type) -> bool {
    optional(r#type).is_some()
}

fn has_default(field: &Field) -> bool {
    last_segment(&field.ty).is_some_and(|segment| {
        ["Option", "Map", "BTreeMap", "Vec"]
            .iter()
            .any(|name| segment.ident == name)
    })
}

/// A flag as `bool`, read from either of its forms.
fn flag_field(field: &mut Field) {
    let flag: Type = parse_quote!(crate::runtime::serde_support::BooleanOrText);
    let optional: Type =
        parse_quote!(::std::option::Option<crate::runtime::serde_support::BooleanOrText>);
    if field.ty == flag {
        field.ty = parse_quote!(bool);
        field.attrs.push(parse_quote! {
            #[serde(deserialize_with = "crate::runtime::serde_support::flag")]
        });
    } else if field.ty == optional {
        field.ty = parse_quote!(::std::option::Option<bool>);
        field.attrs.push(parse_quote! {
            #[serde(default, deserialize_with = "crate::runtime::serde_support::optional_flag")]
        });
    } else {
        return;
    }
    let with = if is_option(&field.ty) {
        "::std::option::Option<crate::runtime::serde_support::BooleanOrText>"
    } else {
        "crate::runtime::serde_support::BooleanOrText"
    };
    field.attrs.push(parse_quote! {
        #[cfg_attr(feature = "schemars", schemars(with = #with))]
    });
}

/// A time, written in one piece.
fn time_field(field: &mut Field) {
    let time: Type = parse_quote!(::chrono::DateTime<::chrono::offset::Utc>);
    let with = if field.ty == time {
        "crate::runtime::serde_support::serialize_rfc3339"
    } else if optional(&field.ty) == Some(&time) {
        "crate::runtime::serde_support::serialize_optional_rfc3339"
    } else {
        return;
    };
    field
        .attrs
        .push(parse_quote!(#[serde(serialize_with = #with)]));
}

fn debug_of_struct<'a>(name: &Ident, fields: impl Iterator<Item = &'a Field>) -> Item {
    let fields = fields.filter_map(|field| {
        let ident = field.ident.as_ref()?;
        let property = property_name(field);
        let present = if is_extra(field) {
            quote!(!self.#ident.is_empty())
        } else if is_option(&field.ty) {
            quote!(self.#ident.is_some())
        } else {
            quote!(true)
        };
        Some(quote!((#property, #present)))
    });
    let label = name.to_string();
    debug_impl(
        name,
        &quote!(crate::runtime::redact::debug(f, #label, &[#(#fields),*])),
    )
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
