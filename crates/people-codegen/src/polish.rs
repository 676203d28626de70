//! What the generator's settings cannot say, said to its output: every `send()` goes through the
//! hand-written exchange of `people-sdk`, enumerations are open, flags are `bool`, and `Debug`
//! shows no value.
//!
//! The pass is generic over operations and types, and names none. What can be said in OpenAPI is
//! `lower`'s.

use std::collections::HashSet;

use heck::ToShoutySnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, Field, Fields, File, FnArg, GenericArgument, Ident, ImplItem, ImplItemFn,
    Item, ItemEnum, ItemImpl, ItemMod, ItemStruct, Local, Meta, Pat, PathArguments, ReturnType,
    Stmt, Type, parse_quote,
};

use crate::lower::{Lowered, OperationFacts};

/// Where the replacement for flags lives in `people-sdk`.
pub(crate) const FLAG: &str = "crate::wire::Flag";

/// The generator's output was not what this pass was written for.
pub(crate) type Fault = String;

/// Turns the generator's output into the code of `people-sdk`.
pub(crate) fn polish(file: File, lowered: &Lowered) -> Result<File, Fault> {
    let mut items: Vec<Item> = vec![
        parse_quote! {
            pub use progenitor_client::{ByteStream, ResponseValue};
        },
        parse_quote! {
            use crate::{Error, Operation};
        },
    ];
    let mut defaults = HashSet::new();
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                items.push(Item::Mod(types(module, lowered, &mut defaults)?));
            }
            Item::Mod(module) if module.ident == "builder" => {
                items.push(Item::Mod(builders(module, lowered, &defaults)?));
            }
            Item::Struct(mut client) => {
                remove_derive(&mut client.attrs, "Debug");
                tidy_docs(&mut client.attrs);
                items.push(Item::Struct(client));
            }
            // The other `impl` holds constructors that check nothing.
            Item::Impl(mut methods) if methods.trait_.is_none() && !has_fn(&methods, "new") => {
                for method in &mut methods.items {
                    if let ImplItem::Fn(method) = method {
                        tidy_docs(&mut method.attrs);
                    }
                }
                items.push(Item::Impl(methods));
            }
            _ => {}
        }
    }
    items.push(operations(&lowered.operations));
    Ok(File { items, ..file })
}

/// The table of operations, which hand-written code is generic over.
fn operations(operations: &[OperationFacts]) -> Item {
    let names: Vec<Ident> = operations
        .iter()
        .map(|operation| operation_const(&operation.id))
        .collect();
    let consts = operations.iter().zip(&names).map(|(operation, name)| {
        let OperationFacts {
            id,
            method,
            path,
            shadows,
        } = operation;
        let doc = format!(" `{method} {path}`.");
        quote! {
            #[doc = #doc]
            pub const #name: &Operation = &Operation::new(#id, #method, #path, &[#(#shadows),*]);
        }
    });
    parse_quote! {
        /// What the contract says of each operation, for code that treats all of them alike.
        pub mod operations {
            use super::Operation;
            /// Every operation of the contract.
            pub const ALL: &[&Operation] = &[#(#names),*];
            #(#consts)*
        }
    }
}

fn operation_const(id: &str) -> Ident {
    format_ident!("{}", id.to_shouty_snake_case())
}

// ---- types -------------------------------------------------------------------------------------

fn types(
    mut module: ItemMod,
    lowered: &Lowered,
    defaults: &mut HashSet<String>,
) -> Result<ItemMod, Fault> {
    module
        .attrs
        .retain(|attribute| !attribute.path().is_ident("allow"));
    let content = module
        .content
        .take()
        .ok_or("the generator wrote no types")?
        .1;
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
                value_attributes(&mut item.attrs);
                let debug = debug_of_enum(&item);
                items.push(Item::Enum(item));
                items.push(debug);
            }
            Item::Struct(item) => items.extend(structure(item, lowered, defaults)),
            other => items.push(other),
        }
    }
    if let Some(error) = error {
        let uses = quote!(#(#items)*).to_string();
        if uses.contains("ConversionError") {
            items.push(Item::Mod(error));
        }
    }
    if !lowered.flags.is_empty() {
        let flag: syn::Path = syn::parse_str(FLAG).map_err(|error| error.to_string())?;
        items.push(parse_quote!(pub use #flag;));
    }
    module.content = Some((syn::token::Brace::default(), items));
    Ok(module)
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

fn has_fn(item: &ItemImpl, name: &str) -> bool {
    item.items
        .iter()
        .any(|item| matches!(item, ImplItem::Fn(function) if function.sig.ident == name))
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
    let catch_all = ["Other", "Unlisted", "OtherValue"]
        .into_iter()
        .find(|name| variants.iter().all(|variant| variant != name))
        .map(|name| format_ident!("{name}"))
        .ok_or_else(|| format!("`{name}` leaves no name for values that it does not list"))?;
    let word_docs = words.iter().map(|word| {
        let marker = format!("- `{word}`:");
        docs.iter()
            .find_map(|line| line.trim().strip_prefix(&marker))
            .map_or_else(
                || format!(" `{word}`."),
                |text| format!(" `{word}`: {}", text.trim()),
            )
    });
    let own_docs = docs.iter().map(|line| format!(" {line}"));
    let description = docs.join("\n");
    let item = parse_quote! {
        #(#[doc = #own_docs])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #word_docs] #variants,)*
            /// A value that the contract does not list, as the service spelt it.
            #catch_all(::std::string::String),
        }
    };
    let implementation = parse_quote! {
        crate::wire::open_enum!(#name, #description, #catch_all, [#((#variants, #words)),*]);
    };
    Ok(vec![item, Item::Macro(implementation)])
}

fn structure(mut item: ItemStruct, lowered: &Lowered, defaults: &mut HashSet<String>) -> Vec<Item> {
    value_attributes(&mut item.attrs);
    let name = item.ident.clone();
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
            for field in &mut named {
                tidy_docs(&mut field.attrs);
                flag_field(field);
            }
            if named.iter().all(has_default) {
                item.attrs.push(parse_quote!(#[derive(Default)]));
                defaults.insert(name.to_string());
            }
            fields.named = named.into_iter().collect();
            debug_of_struct(&name, fields.named.iter())
        }
        _ => debug_impl(
            &name,
            &quote!(f.debug_struct(stringify!(#name)).finish_non_exhaustive()),
        ),
    };
    vec![Item::Struct(item), debug]
}

/// Attributes that every type with values has in common.
fn value_attributes(attributes: &mut Vec<Attribute>) {
    tidy_docs(attributes);
    remove_derive(attributes, "Debug");
    remove_derive(attributes, "PartialEq");
    attributes.push(parse_quote!(#[derive(PartialEq)]));
    attributes.push(parse_quote! {
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    });
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

fn last_segment(r#type: &Type) -> Option<&syn::PathSegment> {
    match r#type {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

fn is_option(r#type: &Type) -> bool {
    last_segment(r#type).is_some_and(|segment| segment.ident == "Option")
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
    let flag: Type = parse_quote!(crate::wire::Flag);
    let optional: Type = parse_quote!(::std::option::Option<crate::wire::Flag>);
    if field.ty == flag {
        field.ty = parse_quote!(bool);
        field.attrs.push(parse_quote! {
            #[serde(deserialize_with = "crate::wire::flag")]
        });
    } else if field.ty == optional {
        field.ty = parse_quote!(::std::option::Option<bool>);
        field.attrs.push(parse_quote! {
            #[serde(default, deserialize_with = "crate::wire::optional_flag")]
        });
    } else {
        return;
    }
    let with = if is_option(&field.ty) {
        "::std::option::Option<crate::wire::Flag>"
    } else {
        "crate::wire::Flag"
    };
    field.attrs.push(parse_quote! {
        #[cfg_attr(feature = "schemars", schemars(with = #with))]
    });
}

fn debug_of_struct<'a>(name: &Ident, fields: impl Iterator<Item = &'a Field>) -> Item {
    let fields = fields.filter_map(|field| {
        let ident = field.ident.as_ref()?;
        let property = property_name(field);
        let present = if ident == "extra" {
            quote!(!self.extra.is_empty())
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
        &quote!(crate::redact::debug(f, #label, &[#(#fields),*])),
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

// ---- builders ----------------------------------------------------------------------------------

fn builders(
    mut module: ItemMod,
    lowered: &Lowered,
    defaults: &HashSet<String>,
) -> Result<ItemMod, Fault> {
    module
        .attrs
        .retain(|attribute| !attribute.path().is_ident("allow"));
    let content = module
        .content
        .take()
        .ok_or("the generator wrote no operations")?
        .1;
    let mut items: Vec<Item> = vec![parse_quote! {
        use super::{ByteStream, Error, ResponseValue, operations, types};
    }];
    let mut facts = lowered.operations.iter();
    for item in content {
        match item {
            Item::Struct(mut item) => {
                remove_derive(&mut item.attrs, "Debug");
                tidy_docs(&mut item.attrs);
                BodyWithoutBuilder.visit_item_struct_mut(&mut item);
                let name = item.ident.clone();
                let label = name.to_string();
                items.push(Item::Struct(item));
                items.push(parse_quote! {
                    impl ::std::fmt::Debug for #name<'_> {
                        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                            f.debug_struct(#label).finish_non_exhaustive()
                        }
                    }
                });
            }
            Item::Impl(mut item) => {
                let operation = facts
                    .next()
                    .ok_or("the generator wrote too many operations")?;
                BodyWithoutBuilder.visit_item_impl_mut(&mut item);
                builder_methods(&mut item, operation, defaults)?;
                items.push(Item::Impl(item));
            }
            _ => {}
        }
    }
    if facts.next().is_some() {
        return Err("the generator left an operation out".to_owned());
    }
    module.content = Some((syn::token::Brace::default(), items));
    Ok(module)
}

/// The generator's builders of values fail at run time where a struct cannot, so bodies are built
/// as structs.
struct BodyWithoutBuilder;

impl VisitMut for BodyWithoutBuilder {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let segments: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if let [types, builder, _] = segments.as_slice()
            && types == "types"
            && builder == "builder"
        {
            let last = path.segments.last().cloned();
            *path = parse_quote!(types::#last);
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::MethodCall(call) = expr {
            let argument = call
                .args
                .first()
                .map(|argument| quote!(#argument).to_string());
            let conversion = match (call.method.to_string().as_str(), argument) {
                ("map", Some(argument)) => argument == "From :: from",
                ("and_then", Some(argument)) => argument.contains(":: try_from (v)"),
                _ => false,
            };
            if conversion {
                *expr = (*call.receiver).clone();
            }
        }
    }

    fn visit_lit_str_mut(&mut self, literal: &mut syn::LitStr) {
        let text = literal
            .value()
            .replace(":: std :: string :: ", "")
            .replace(" :: ", "::")
            .replace(" was not initialized", " is required, and was not given");
        *literal = syn::LitStr::new(&text, literal.span());
    }
}

fn builder_methods(
    item: &mut ItemImpl,
    operation: &OperationFacts,
    defaults: &HashSet<String>,
) -> Result<(), Fault> {
    let mut sent = false;
    let mut required_body = None;
    for item in &mut item.items {
        let ImplItem::Fn(function) = item else {
            continue;
        };
        if function.sig.ident == "send" {
            send(function, operation)?;
            sent = true;
        } else if function.sig.ident == "body_map" {
            required_body = closure_input(function).filter(|name| !defaults.contains(name));
        }
        setter_docs(function);
    }
    if required_body.is_some() {
        for item in &mut item.items {
            if let ImplItem::Fn(function) = item
                && function.sig.ident == "new"
            {
                RequiredBody.visit_impl_item_fn_mut(function);
            }
        }
    }
    if sent {
        Ok(())
    } else {
        Err(format!(
            "the generator wrote no `send` for {}",
            operation.id
        ))
    }
}

fn setter_docs(function: &mut ImplItemFn) {
    tidy_docs(&mut function.attrs);
    if !doc_lines(&function.attrs).is_empty() {
        return;
    }
    let name = function.sig.ident.to_string();
    let doc = match name.as_str() {
        "new" => " Starts a request of `client`, with nothing set.".to_owned(),
        "body" => " Sets the body of the request.".to_owned(),
        "body_map" => " Changes the body of the request.".to_owned(),
        _ => format!(" Sets `{name}`."),
    };
    function.attrs.push(parse_quote!(#[doc = #doc]));
}

/// The type that the closure given to `body_map` takes.
fn closure_input(function: &ImplItemFn) -> Option<String> {
    let clause = function.sig.generics.where_clause.as_ref()?;
    let text = quote!(#clause).to_string();
    let inside = text.split_once("types :: ")?.1;
    Some(
        inside
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect(),
    )
}

/// A body that cannot be empty has to be given.
struct RequiredBody;

impl VisitMut for RequiredBody {
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if matches!(&field.member, syn::Member::Named(name) if name == "body") {
            field.expr = parse_quote!(Err("body is required, and was not given".to_string()));
        }
    }
}

/// Keeps what the generator wrote to build the request, and hands the rest to the exchange.
fn send(function: &mut ImplItemFn, operation: &OperationFacts) -> Result<(), Fault> {
    let name = operation_const(&operation.id);
    let answer = Answer::of(&function.sig.output, operation)?;
    let mut statements: Vec<Stmt> = Vec::new();
    let mut request = None;
    for statement in std::mem::take(&mut function.block.stmts) {
        let text = quote!(#statement).to_string();
        if let Some((binding, init)) = local(&statement) {
            if let Expr::Macro(format) = init
                && text.contains("client . baseurl")
            {
                let url = url(format, operation, &name)?;
                statements.push(parse_quote!(let #binding = #url;));
                continue;
            }
            if let Some(builder) = built_request(init) {
                request = Some(builder);
                break;
            }
        }
        if !text.contains("\"api-version\"") {
            statements.push(statement);
        }
    }
    let mut request = request.ok_or_else(|| {
        format!(
            "the generator builds no request in `send` of {}",
            operation.id
        )
    })?;
    let mut faults = Faults { operation: &name };
    for statement in &mut statements {
        faults.visit_stmt_mut(statement);
    }
    let headers = statements.iter().any(|statement| {
        let text = quote!(#statement).to_string();
        text.contains("header_map . append")
    });
    if !headers {
        statements.retain(|statement| {
            !matches!(local(statement), Some((binding, _)) if quote!(#binding).to_string().contains("header_map"))
        });
        WithoutHeaders.visit_expr_mut(&mut request);
    }
    let exchange = answer.exchange();
    statements.push(Stmt::Expr(
        parse_quote!(client.#exchange(operations::#name, #request).await),
        None,
    ));
    function.block.stmts = statements;
    let value = answer.value();
    function.sig.output = parse_quote!(-> Result<ResponseValue<#value>, Error>);
    let doc = " Sends the request, and reads the answer.";
    function.attrs = vec![
        parse_quote!(#[doc = #doc]),
        parse_quote!(#[doc = ""]),
        parse_quote!(#[doc = " # Errors"]),
        parse_quote!(#[doc = ""]),
        parse_quote!(#[doc = " See [`Error`]: what was given cannot be sent, the service was not reached, or it refused."]),
    ];
    debug_assert!(matches!(
        function.sig.inputs.first(),
        Some(FnArg::Receiver(_))
    ));
    Ok(())
}

fn local(statement: &Stmt) -> Option<(&Pat, &Expr)> {
    match statement {
        Stmt::Local(Local {
            pat,
            init: Some(init),
            ..
        }) => Some((pat, &init.expr)),
        _ => None,
    }
}

/// `client.client.get(url).….build()?` without its end.
fn built_request(init: &Expr) -> Option<Expr> {
    let Expr::Try(attempt) = init else {
        return None;
    };
    match &*attempt.expr {
        Expr::MethodCall(call) if call.method == "build" => Some((*call.receiver).clone()),
        _ => None,
    }
}

/// The checked form of `format!("{}/people/{}", client.baseurl, encode_path(&id.to_string()))`.
fn url(format: &syn::ExprMacro, operation: &OperationFacts, name: &Ident) -> Result<Expr, Fault> {
    use syn::punctuated::Punctuated;
    let arguments = format
        .mac
        .parse_body_with(Punctuated::<Expr, syn::Token![,]>::parse_terminated)
        .map_err(|error| error.to_string())?;
    let values = arguments.iter().filter_map(|argument| match argument {
        Expr::Call(call) => call.args.first(),
        _ => None,
    });
    let names = crate::lint::template_names(&operation.path)?;
    let pairs: Vec<_> = names
        .iter()
        .zip(values)
        .map(|(name, value)| quote!((#name, #value)))
        .collect();
    if pairs.len() != names.len() {
        return Err(format!(
            "the generator lost a path parameter of {}",
            operation.id
        ));
    }
    Ok(parse_quote!(client.url(operations::#name, &[#(#pairs),*])?))
}

/// Every fault on the way to the request becomes the SDK's error, with the operation's name.
struct Faults<'a> {
    operation: &'a Ident,
}

impl VisitMut for Faults<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let operation = self.operation;
        if let Expr::Path(path) = expr
            && quote!(#path).to_string() == "Error :: InvalidRequest"
        {
            *expr = parse_quote!(|reason| Error::invalid_request(operations::#operation, reason));
        } else if let Expr::Try(attempt) = expr
            && let Expr::MethodCall(call) = &*attempt.expr
            && call.method == "try_into"
        {
            let inner = &attempt.expr;
            *expr = parse_quote! {
                #inner.map_err(|reason| Error::invalid_request(operations::#operation, reason))?
            };
        }
    }
}

struct WithoutHeaders;

impl VisitMut for WithoutHeaders {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::MethodCall(call) = expr
            && call.method == "headers"
        {
            *expr = (*call.receiver).clone();
        }
    }
}

/// How the answer of an operation is read.
enum Answer {
    /// JSON, always there.
    Json(Type),
    /// JSON, unless the service answers a write without a body.
    JsonOrNothing(Type),
    Nothing,
    Stream(Type),
}

impl Answer {
    fn of(output: &ReturnType, operation: &OperationFacts) -> Result<Self, Fault> {
        let value = response_value(output)
            .ok_or_else(|| format!("`send` of {} returns no response value", operation.id))?;
        let text = quote!(#value).to_string();
        // Methods that RFC 9110 calls safe: their only point is the answer.
        let safe = ["GET", "HEAD", "OPTIONS", "TRACE"].contains(&operation.method.as_str());
        Ok(match text.as_str() {
            "()" => Self::Nothing,
            "ByteStream" => Self::Stream(value),
            _ if safe => Self::Json(value),
            _ => Self::JsonOrNothing(value),
        })
    }

    fn exchange(&self) -> Ident {
        format_ident!(
            "{}",
            match self {
                Self::Json(_) => "exchange_json",
                Self::JsonOrNothing(_) => "exchange_json_or_nothing",
                Self::Nothing => "exchange_nothing",
                Self::Stream(_) => "exchange_stream",
            }
        )
    }

    fn value(&self) -> TokenStream {
        match self {
            Self::Json(value) | Self::Stream(value) => quote!(#value),
            Self::JsonOrNothing(value) => quote!(Option<#value>),
            Self::Nothing => quote!(()),
        }
    }
}

/// `T` of `Result<ResponseValue<T>, …>`.
fn response_value(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else {
        return None;
    };
    first_argument(&first_argument(result)?)
}

fn first_argument(r#type: &Type) -> Option<Type> {
    match &last_segment(r#type)?.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            GenericArgument::Type(inner) => Some(inner.clone()),
            _ => None,
        },
        _ => None,
    }
}

// ---- attributes --------------------------------------------------------------------------------

fn remove_derive(attributes: &mut Vec<Attribute>, name: &str) {
    for attribute in attributes.iter_mut() {
        if !attribute.path().is_ident("derive") {
            continue;
        }
        let mut kept: Vec<syn::Path> = Vec::new();
        // A derive is a list of paths and cannot fail to parse as one.
        let _ = attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident(name) {
                kept.push(meta.path);
            }
            Ok(())
        });
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
}

fn doc_lines(attributes: &[Attribute]) -> Vec<String> {
    let texts = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                Expr::Lit(literal) => match &literal.lit {
                    syn::Lit::Str(text) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        });
    texts
        .flat_map(|text| {
            let lines: Vec<String> = text
                .split('\n')
                .map(|line| line.trim_end().to_owned())
                .collect();
            lines
        })
        .collect()
}

/// Documentation as `/// text`, line by line.
fn tidy_docs(attributes: &mut Vec<Attribute>) {
    let lines = doc_lines(attributes);
    let indented = lines
        .iter()
        .all(|line| line.is_empty() || line.starts_with(' '));
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    let docs = lines.into_iter().map(|line| -> Attribute {
        let line = if indented || line.is_empty() {
            line
        } else {
            format!(" {line}")
        };
        parse_quote!(#[doc = #line])
    });
    let rest = std::mem::take(attributes);
    attributes.extend(docs);
    attributes.extend(rest);
}
