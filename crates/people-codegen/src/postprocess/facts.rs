//! The module `update_facts` of the generated code: one constant for each schema that updates another.

use heck::{ToPascalCase, ToShoutySnakeCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use crate::facts::{PropertyFacts, UpdateFacts};

/// The module, empty when the contract states no facts.
pub(super) fn module(facts: &[UpdateFacts]) -> Item {
    let constants = facts.iter().map(|facts| {
        let name = format_ident!("{}", facts.schema.to_shouty_snake_case());
        let doc = format!(
            " The properties of `{}`, the writable part of `{}`, that have facts.",
            facts.schema, facts.update_of
        );
        let properties = facts.properties.iter().map(property);
        quote! {
            #[doc = #doc]
            pub const #name: &[crate::PropertyFacts] = &[#(#properties),*];
        }
    });
    parse_quote! {
        /// What an update does with a property beyond storing the value that was sent: one constant
        /// per schema with `x-update-of`.
        pub mod update_facts {
            #(#constants)*
        }
    }
}

/// The facts of one property, as fields that differ from none.
fn property(facts: &PropertyFacts) -> TokenStream {
    let name = &facts.name;
    let flags = [
        ("required", facts.required),
        ("first_is_primary", facts.first_is_primary),
        ("may_gain_items", facts.may_gain_items),
    ];
    let flags = flags.into_iter().filter(|(_, set)| *set).map(|(field, _)| {
        let field = format_ident!("{field}");
        quote!(#field: true,)
    });
    let texts = [
        ("derived_from", &facts.derived_from),
        ("primary_named_by", &facts.primary_named_by),
        ("write_requires", &facts.write_requires),
    ];
    let texts = texts.into_iter().filter_map(|(field, text)| {
        let (field, text) = (format_ident!("{field}"), text.as_ref()?);
        Some(quote!(#field: Some(#text),))
    });
    let items = facts.read_only_items.as_ref();
    let items = items.map(|(field, value)| quote!(read_only_items: Some((#field, #value)),));
    let form = facts.stored_as.as_ref().map(|form| {
        let form = format_ident!("{}", form.to_pascal_case());
        quote!(stored_as: Some(crate::StoredForm::#form),)
    });
    let cleared = &facts.null_clears;
    let cleared = (!cleared.is_empty()).then(|| quote!(null_clears: &[#(#cleared),*],));
    quote! {
        crate::PropertyFacts {
            name: #name, #(#flags)* #(#texts)* #items #form #cleared ..crate::PropertyFacts::NONE
        }
    }
}
