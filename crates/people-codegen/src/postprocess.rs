//! Changes to the generator's output that its settings cannot make: every `send()` goes through the
//! hand-written runtime of `people-sdk`, enumerations are open, flags are `bool`, and `Debug`
//! shows no value.
//!
//! The pass is generic over operations and types, and names none. What can be said in OpenAPI is
//! `lower`'s. The models are `types`', the operations `builders`'.

use quote::quote;
use syn::{File, Ident, Item, parse_quote};

use crate::lower::Lowered;
use crate::operations::OperationFacts;

mod attributes;
mod builders;
mod facts;
mod method_docs;
mod model_docs;
mod paths;
mod syntax;
mod types;

use syntax::{Fault, has_fn, operation_const};

/// Turns the generator's output into the code of `people-sdk`.
pub(crate) fn postprocess(file: File, lowered: &Lowered) -> Result<File, Fault> {
    let mut items: Vec<Item> = vec![
        parse_quote! {
            use crate::runtime::request::QueryStyle;
        },
        parse_quote! {
            use crate::runtime::request_options::RequestOptions;
        },
        parse_quote! {
            use crate::runtime::send::Inner;
        },
        parse_quote! {
            use crate::{ByteStream, CallFuture, Error, Operation, ResponseValue};
        },
    ];
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                items.push(Item::Mod(types::postprocess(module, lowered)?));
            }
            Item::Struct(mut client) => {
                attributes::remove_derive(&mut client.attrs, "Debug");
                attributes::tidy(&mut client.attrs);
                // The HTTP client belongs to what sends the requests.
                if let syn::Fields::Named(fields) = &mut client.fields {
                    let all = std::mem::take(&mut fields.named).into_iter();
                    let is_kept =
                        |field: &syn::Field| field.ident.as_ref().is_none_or(|it| it != "client");
                    fields.named = all.filter(is_kept).collect();
                }
                items.push(Item::Struct(client));
            }
            // The other `impl` holds constructors that check nothing.
            Item::Impl(functions)
                if functions.trait_.is_none() && !has_fn(&functions, "new_with_client") =>
            {
                let (client, module) = builders::postprocess(functions, lowered)?;
                items.push(Item::Impl(client));
                items.push(Item::Mod(module));
            }
            _ => {}
        }
    }
    items.push(operations(&lowered.operations));
    items.push(facts::module(&lowered.updates));
    let mut file = File { items, ..file };
    paths::shorten(&mut file);
    Ok(file)
}

/// The table of operations, which hand-written code is generic over.
fn operations(operations: &[OperationFacts]) -> Item {
    let names: Vec<Ident> = operations
        .iter()
        .map(|operation| operation_const(&operation.name))
        .collect();
    let consts = operations.iter().zip(&names).map(|(operation, name)| {
        let OperationFacts {
            id,
            method,
            path,
            safe,
            authenticated,
            accept,
            content_type,
            encoded_parameters,
            conflicting_paths,
            statuses,
            ..
        } = operation;
        let doc = format!(" `{method} {path}`.");
        quote! {
            #[doc = #doc]
            pub const #name: &Operation = &Operation {
                id: #id,
                method: #method,
                path: #path,
                safe: #safe,
                authenticated: #authenticated,
                accept: #accept,
                content_type: #content_type,
                encoded_parameters: &[#(#encoded_parameters),*],
                conflicting_paths: &[#(#conflicting_paths),*],
                statuses: &[#(#statuses),*],
            };
        }
    });
    parse_quote! {
        /// What the contract says of each operation, for code that treats all of them alike.
        pub mod operations {
            use super::Operation;
            /// Every operation of the contract.
            ///
            /// # Examples
            ///
            /// ```
            /// for operation in people_sdk::operations::ALL {
            ///     println!("{operation}: {} {}", operation.method(), operation.path());
            /// }
            /// ```
            pub const ALL: &[&Operation] = &[#(#names),*];
            #(#consts)*
        }
    }
}
