//! The operations: every `send()` goes through the hand-written runtime of `people-sdk`, and a
//! body has to be given.

use std::collections::HashMap;

use heck::ToPascalCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, GenericArgument, Ident, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, Local, Pat,
    PathArguments, ReturnType, Stmt, Type, parse_quote,
};

use super::attributes::{doc_lines, remove_derive, tidy};
use super::syntax::{Fault, last_segment, operation_const, take_items};
use crate::lower::{Lowered, OperationFacts};

/// The module `builder`.
pub(super) fn postprocess(mut module: ItemMod, lowered: &Lowered) -> Result<ItemMod, Fault> {
    let content = take_items(&mut module)?;
    let mut items: Vec<Item> = vec![parse_quote! {
        use super::{ByteStream, Error, QueryParam, ResponseValue, operations, types};
    }];
    let mut left: HashMap<String, &OperationFacts> = lowered
        .operations
        .iter()
        .map(|operation| (operation.id.to_pascal_case(), operation))
        .collect();
    for item in content {
        match item {
            Item::Struct(mut item) => {
                remove_derive(&mut item.attrs, "Debug");
                tidy(&mut item.attrs);
                Rewritten.visit_item_struct_mut(&mut item);
                let name = item.ident.clone();
                let label = name.to_string();
                item.attrs.push(parse_quote! {
                    #[must_use = "nothing is sent before `send` is awaited"]
                });
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
                let name = last_segment(&item.self_ty)
                    .map(|segment| segment.ident.to_string())
                    .unwrap_or_default();
                let operation = left.remove(&name).ok_or_else(|| {
                    format!("the generator wrote `{name}`, which is no operation")
                })?;
                Rewritten.visit_item_impl_mut(&mut item);
                builder_methods(&mut item, operation)?;
                items.push(Item::Impl(item));
            }
            _ => {}
        }
    }
    if let Some(operation) = left.values().min_by_key(|operation| &operation.id) {
        return Err(format!("the generator left {} out", operation.id));
    }
    module.content = Some((syn::token::Brace::default(), items));
    Ok(module)
}

/// The generator's builders of values fail at run time where a struct cannot, so bodies are built
/// as structs. Query parameters are written by `people-sdk`, which needs no other crate for it.
struct Rewritten;

impl VisitMut for Rewritten {
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
        if segments == ["progenitor_client", "QueryParam", "new"] {
            *path = parse_quote!(QueryParam::new);
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
            .replace(":: ", "::")
            .replace(" was not initialized", " is required, and was not given");
        *literal = syn::LitStr::new(&text, literal.span());
    }
}

fn builder_methods(item: &mut ItemImpl, operation: &OperationFacts) -> Result<(), Fault> {
    let mut sent = false;
    for item in &mut item.items {
        let ImplItem::Fn(function) = item else {
            continue;
        };
        if function.sig.ident == "send" {
            send(function, operation)?;
            sent = true;
        } else if function.sig.ident == "new" {
            RequiredBody.visit_impl_item_fn_mut(function);
        }
        setter_docs(function, operation);
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

fn setter_docs(function: &mut ImplItemFn, operation: &OperationFacts) {
    if doc_lines(&function.attrs).is_empty() {
        let name = function.sig.ident.to_string();
        let doc = match name.as_str() {
            "new" => "Starts a request of `client`, with nothing set.".to_owned(),
            "body" => "The body of the request.".to_owned(),
            "body_map" => "Changes the body of the request.".to_owned(),
            _ => operation
                .parameters
                .get(&name)
                .cloned()
                .unwrap_or_else(|| format!("Sets `{name}`.")),
        };
        function.attrs.push(parse_quote!(#[doc = #doc]));
    }
    tidy(&mut function.attrs);
}

/// A body has to be given: one that defaults to nothing would erase what it is to update.
struct RequiredBody;

impl VisitMut for RequiredBody {
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if matches!(&field.member, syn::Member::Named(name) if name == "body") {
            field.expr = parse_quote!(Err("body is required, and was not given".to_string()));
        }
    }
}

/// Keeps what the generator wrote to build the request, and hands the rest to the runtime.
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
        // The generator's own header, and not one that the contract declares.
        if !(text.contains("\"api-version\"") && text.contains("api_version ()")) {
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
    let method = answer.method();
    statements.push(Stmt::Expr(
        parse_quote!(client.inner.#method(operations::#name, #request).await),
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
    let names = crate::document::contract::template_names(&operation.path)?;
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
    Ok(parse_quote!(client.inner.url(operations::#name, &[#(#pairs),*])?))
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
        Ok(match text.as_str() {
            "()" => Self::Nothing,
            "ByteStream" => Self::Stream(value),
            // The only point of a safe method is the answer.
            _ if operation.safe => Self::Json(value),
            _ => Self::JsonOrNothing(value),
        })
    }

    fn method(&self) -> Ident {
        format_ident!(
            "{}",
            match self {
                Self::Json(_) => "send_json",
                Self::JsonOrNothing(_) => "send_json_optional",
                Self::Nothing => "send_empty",
                Self::Stream(_) => "send_stream",
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
