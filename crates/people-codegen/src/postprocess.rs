//! Changes to the generator's output that its settings cannot make: every `send()` goes through the
//! hand-written runtime of `people-sdk`, enumerations are open, flags are `bool`, and `Debug`
//! shows no value.
//!
//! The pass is generic over operations and types, and names none. What can be said in OpenAPI is
//! `lower`'s. The models, `types`, are made of the generator's syntax. The operations, `builders`, are
//! written as text.

use std::collections::HashSet;

use syn::{File, Item, ItemStruct};

use crate::lower::Lowered;
use crate::operations::OperationFacts;

mod attributes;
mod builders;
mod facts;
mod method_docs;
mod model_docs;
mod paths;
mod syntax;
mod text;
mod types;

use paths::Prelude;
use syntax::{Fault, has_fn, operation_const};
use text::{Text, literal};

/// What the rest of the code refers to.
const USES: &str = "\
use crate::runtime::request::QueryStyle;
use crate::runtime::request_options::RequestOptions;
use crate::runtime::send::Inner;
use crate::{ByteStream, CallFuture, Error, Operation, ResponseValue};
";

/// A part of the code of `people-sdk`.
pub(crate) enum Part {
    /// What is made of the generator's syntax, for `render` to print.
    Syntax(Box<Item>),
    /// What is written from what `lower` knows.
    Text(String),
}

/// Turns the generator's output into the code of `people-sdk`, part by part.
pub(crate) fn postprocess(file: File, lowered: &Lowered) -> Result<Vec<Part>, Fault> {
    let mut parts = vec![Part::Text(USES.to_owned())];
    let builders = builders::names(lowered);
    let mut taken: HashSet<String> = builders.iter().cloned().collect();
    let (mut models, mut client, mut functions) = (None, None, None);
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                let module = types::postprocess(module, lowered)?;
                taken.extend(types::names(&module));
                models = Some(module);
            }
            Item::Struct(item) => client = Some(item),
            // The other `impl` holds constructors that check nothing.
            Item::Impl(item) if item.trait_.is_none() && !has_fn(&item, "new_with_client") => {
                functions = Some(item);
            }
            _ => {}
        }
    }
    let prelude = Prelude::without(&taken);
    if let Some(mut models) = models {
        prelude.shorten(&mut models);
        parts.push(Part::Syntax(Box::new(Item::Mod(models))));
    }
    if let Some(mut client) = client {
        tidy_client(&mut client);
        parts.push(Part::Syntax(Box::new(Item::Struct(client))));
    }
    if let Some(functions) = functions {
        let text = builders::write(functions, builders, lowered, &prelude)?;
        parts.push(Part::Text(text));
    }
    parts.push(Part::Text(operations(&lowered.operations)));
    parts.push(Part::Syntax(Box::new(facts::module(&lowered.updates))));
    Ok(parts)
}

/// The client without its HTTP client, which belongs to what sends the requests.
fn tidy_client(client: &mut ItemStruct) {
    attributes::change_derives(&mut client.attrs, &["Debug"], &[]);
    attributes::tidy(&mut client.attrs);
    if let syn::Fields::Named(fields) = &mut client.fields {
        let all = std::mem::take(&mut fields.named).into_iter();
        let is_kept = |field: &syn::Field| field.ident.as_ref().is_none_or(|it| it != "client");
        fields.named = all.filter(is_kept).collect();
    }
}

/// The table of operations, which hand-written code is generic over.
fn operations(operations: &[OperationFacts]) -> String {
    let mut text = Text::default();
    text.docs(&[
        " What the contract says of each operation, for code that treats all of them alike.",
    ]);
    text.open("pub mod operations {");
    text.line("use super::Operation;");
    text.docs(&[
        " Every operation of the contract.",
        "",
        " # Examples",
        "",
        " ```",
        " for operation in people_sdk::operations::ALL {",
        "     println!(\"{operation}: {} {}\", operation.method(), operation.path());",
        " }",
        " ```",
    ]);
    let names = operations.iter().map(|it| operation_const(&it.name));
    let names: Vec<String> = names.collect();
    text.list("pub const ALL: &[&Operation] = &[", &names, "];");
    for (operation, name) in operations.iter().zip(&names) {
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
        text.docs(&[format!(" `{method} {path}`.")]);
        text.open(&format!("pub const {name}: &Operation = &Operation {{"));
        text.line(&format!("id: {},", literal(id)));
        text.line(&format!("method: {},", literal(method)));
        text.line(&format!("path: {},", literal(path)));
        text.line(&format!("safe: {safe},"));
        text.line(&format!("authenticated: {authenticated},"));
        text.line(&format!("accept: {},", literal(accept)));
        text.line(&format!("content_type: {},", literal(content_type)));
        let lists = [
            ("encoded_parameters", encoded_parameters),
            ("conflicting_paths", conflicting_paths),
            ("statuses", statuses),
        ];
        for (field, values) in lists {
            let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
            text.list(&format!("{field}: &["), &values, "],");
        }
        text.close("};");
    }
    text.close("}");
    text.into_string()
}
