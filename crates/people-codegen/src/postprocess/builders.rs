//! The operations: a builder for each, whose `send()` states where each value goes and leaves the rest
//! to the runtime of `people-sdk`.
//!
//! Of the generator's functions, the types of the parameters, of the body and of the response are taken;
//! everything else is written from what `lower` knows of the operation.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{
    FnArg, GenericArgument, Ident, ImplItem, Item, ItemImpl, ItemMod, Pat, PatIdent, PatType,
    PathArguments, ReturnType, Type, parse_quote,
};

use super::attributes::tidy;
use super::method_docs::{self, RustNames, Signature};
use super::syntax::{Fault, last_segment, operation_const, take_items};
use crate::lower::Lowered;
use crate::names::pascal_case;
use crate::operations::{Answers, BodyKind, OperationFacts, ParameterFacts, Place};

/// The methods of the client, of the functions that the generator wrote in `functions`; and the module
/// `builder`.
pub(super) fn postprocess(
    functions: ItemImpl,
    lowered: &Lowered,
) -> Result<(ItemImpl, ItemMod), Fault> {
    let names = RustNames::of(lowered);
    let mut signatures: HashMap<String, syn::Signature> = functions
        .items
        .into_iter()
        .filter_map(|item| match item {
            ImplItem::Fn(function) => Some((function.sig.ident.to_string(), function.sig)),
            _ => None,
        })
        .collect();
    let mut client: ItemImpl = parse_quote!(impl Client {});
    let mut module: ItemMod = parse_quote! {
        /// Types for composing operation parameters.
        pub mod builder {
            use super::{
                ByteStream, CallFuture, Error, Inner, QueryStyle, RequestOptions, ResponseValue, operations,
                types,
            };
        }
    };
    let mut items = take_items(&mut module)?;
    let is_multipart = |it: &OperationFacts| it.body_kind == Some(BodyKind::Multipart);
    if lowered.operations.iter().any(is_multipart) {
        items.push(parse_quote!(
            pub use crate::runtime::multipart::MultipartForm;
        ));
    }
    for operation in &lowered.operations {
        let left_out = || format!("the generator left {} out", operation.id);
        let function = signatures.remove(&operation.name).ok_or_else(left_out)?;
        let response = response_value(&function.output).ok_or_else(left_out)?;
        let setters = setters(function.inputs, operation)?;
        let signature = signature(&setters, &response, operation);
        client.items.push(method(&signature, operation, &names));
        items.extend(builder(&signature, &setters, &response, operation, &names));
    }
    module.content = Some((syn::token::Brace::default(), items));
    Ok((client, module))
}

fn signature(setters: &[Setter<'_>], response: &Type, operation: &OperationFacts) -> Signature {
    let (value, _) = sent(response, operation);
    let (required, optional) = setters.iter().partition(|setter| setter.required);
    let typed = |setters: Vec<&Setter<'_>>| {
        let typed = setters.into_iter().map(|setter| {
            let value = &setter.value;
            (setter.ident.to_string(), quote!(#value))
        });
        typed.collect()
    };
    Signature {
        required: typed(required),
        optional: typed(optional),
        options: ["header", "timeout"].map(|name| free(name, setters)),
        is_optional: value.to_string().contains("Option"),
        builder: pascal_case(&operation.name),
    }
}

/// The method of the client that starts a request.
fn method(signature: &Signature, operation: &OperationFacts, names: &RustNames) -> ImplItem {
    let attributes = method_docs::attributes(operation, signature, names);
    let name = format_ident!("{}", operation.name);
    let builder = format_ident!("{}", signature.builder);
    parse_quote! {
        #(#attributes)*
        pub fn #name(&self) -> builder::#builder {
            builder::#builder::new(self)
        }
    }
}

/// A field of a builder.
struct Setter<'a> {
    ident: Ident,
    /// The type of its values, without `Option`.
    value: Type,
    required: bool,
    source: Source<'a>,
}

enum Source<'a> {
    Parameter(&'a ParameterFacts),
    Body {
        kind: BodyKind,
        description: Option<&'a str>,
    },
}

impl Setter<'_> {
    /// The type of the field: a value, or why there is none.
    fn field(&self) -> Type {
        let value = &self.value;
        if self.required {
            parse_quote!(::std::result::Result<#value, ::std::string::String>)
        } else {
            parse_quote! {
                ::std::result::Result<::std::option::Option<#value>, ::std::string::String>
            }
        }
    }

    fn initial(&self) -> TokenStream {
        if self.required {
            let reason = format!("{} is required, and was not given", self.ident);
            quote!(Err(#reason.to_owned()))
        } else {
            quote!(Ok(None))
        }
    }

    fn doc(&self) -> String {
        match self.source {
            Source::Body { description, .. } => {
                let description = description.unwrap_or_default();
                format!("The body of the request. {description}")
                    .trim_end()
                    .to_owned()
            }
            Source::Parameter(parameter) => match &parameter.description {
                Some(description) => description.clone(),
                None => format!("Sets `{}`.", parameter.name),
            },
        }
    }

    fn methods(&self, names: &RustNames) -> TokenStream {
        let (ident, doc) = (&self.ident, names.replace(&self.doc()));
        let (parameter, value) = self.conversion();
        quote! {
            #[doc = #doc]
            pub fn #ident #parameter -> Self {
                self.#ident = #value;
                self
            }
        }
    }

    /// The parameters of the setter, and the value of its field. A conversion that cannot fail is in the
    /// signature; one that can (text with a bound on its length) fails the call.
    fn conversion(&self) -> (TokenStream, TokenStream) {
        let (ident, value) = (&self.ident, &self.value);
        let some = (!self.required).then(|| quote!(.map(Some)));
        if matches!(self.source, Source::Body { .. }) || is_text(value) {
            let converted = if self.required {
                quote!(value.into())
            } else {
                quote!(Some(value.into()))
            };
            let into = quote!(impl ::std::convert::Into<#value>);
            return (quote!((mut self, value: #into)), quote!(Ok(#converted)));
        }
        if is_plain(value) {
            return if self.required {
                (quote!((mut self, value: #value)), quote!(Ok(value)))
            } else {
                let into = quote!(impl ::std::convert::Into<::std::option::Option<#value>>);
                (quote!((mut self, value: #into)), quote!(Ok(value.into())))
            };
        }
        let failed = format!("conversion to `{}` for {ident} failed", spelled(value));
        (
            quote!((mut self, value: impl ::std::convert::TryInto<#value>)),
            quote!(value.try_into()#some.map_err(|_| #failed.to_owned())),
        )
    }

    /// The part of `send()` that puts the value where it belongs.
    fn part(&self) -> TokenStream {
        let ident = &self.ident;
        match self.source {
            Source::Body { kind, .. } => match kind {
                BodyKind::Json => quote!(.json(self.#ident)),
                BodyKind::Form => quote!(.form(self.#ident)),
                BodyKind::Multipart => quote!(.multipart(self.#ident)),
                BodyKind::Bytes => quote!(.bytes(self.#ident)),
            },
            Source::Parameter(ParameterFacts { name, place, .. }) => match place {
                Place::Path => quote!(.path(#name, self.#ident)),
                Place::Header => quote!(.header(#name, self.#ident)),
                Place::Query(style) => {
                    let style = format_ident!("{style:?}");
                    quote!(.query(#name, QueryStyle::#style, self.#ident))
                }
            },
        }
    }
}

/// `name`, in another form if a parameter has it: a parameter keeps its name.
fn free(name: &str, setters: &[Setter<'_>]) -> String {
    if setters.iter().any(|setter| setter.ident == name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

fn builder(
    signature: &Signature,
    setters: &[Setter<'_>],
    response: &Type,
    operation: &OperationFacts,
    names: &RustNames,
) -> Vec<Item> {
    let idents: Vec<&Ident> = setters.iter().map(|setter| &setter.ident).collect();
    let types = setters.iter().map(Setter::field);
    let initial = setters.iter().map(Setter::initial);
    let methods = setters.iter().map(|setter| setter.methods(names));
    let parts = setters.iter().map(Setter::part);
    let name = format_ident!("{}", signature.builder);
    let [header, timeout] = signature
        .options
        .each_ref()
        .map(|name| format_ident!("{name}"));
    let label = &signature.builder;
    let docs = method_docs::document_builder(operation, signature);
    let constant = operation_const(&operation.name);
    let (value, send) = sent(response, operation);
    let structure = parse_quote! {
        #(#[doc = #docs])*
        #[derive(Clone)]
        #[must_use = "nothing is sent before this is awaited"]
        pub struct #name {
            inner: Inner,
            #(#idents: #types,)*
            options: RequestOptions,
        }
    };
    let debug = parse_quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#label).finish_non_exhaustive()
            }
        }
    };
    let mut implementation: syn::ItemImpl = parse_quote! {
        impl #name {
            /// Starts a request of `client`, with nothing set.
            pub(super) fn new(client: &super::Client) -> Self {
                Self {
                    inner: client.inner.clone(),
                    #(#idents: #initial,)*
                    options: RequestOptions::default(),
                }
            }
            #(#methods)*
            /// Sets a header, in place of one that the client would send. A hook
            /// ([`on_request`](crate::ClientBuilder::on_request)) comes after. Credentials and headers
            /// of the connection cannot be set: the call then ends with an error.
            pub fn #header(
                mut self,
                name: impl ::std::convert::AsRef<str>,
                value: impl ::std::convert::AsRef<str>,
            ) -> Self {
                self.options.header(name.as_ref(), value.as_ref());
                self
            }
            /// The time of this call, with all attempts and the waits between them, instead of the
            /// client's.
            pub fn #timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options.set_timeout(timeout);
                self
            }
            /// Sends the request and reads the response.
            ///
            /// # Errors
            ///
            /// See [`Error`]: a value cannot be sent, the service was not reached, or it refused.
            pub async fn send(
                self,
            ) -> ::std::result::Result<ResponseValue<#value>, Error> {
                self.inner
                    .request(operations::#constant)
                    #(#parts)*
                    .options(self.options)
                    .#send()
                    .await
            }
        }
    };
    for item in &mut implementation.items {
        if let ImplItem::Fn(function) = item {
            tidy(&mut function.attrs);
        }
    }
    let future = parse_quote! {
        /// `.await` sends the request, as `send` does.
        impl ::std::future::IntoFuture for #name {
            type Output = ::std::result::Result<ResponseValue<#value>, Error>;
            type IntoFuture = CallFuture<#value>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    };
    vec![structure, debug, Item::Impl(implementation), future]
}

fn setters(
    arguments: impl IntoIterator<Item = FnArg>,
    operation: &OperationFacts,
) -> Result<Vec<Setter<'_>>, Fault> {
    let mut setters = Vec::new();
    for argument in arguments {
        let FnArg::Typed(PatType { pat, ty, .. }) = argument else {
            continue;
        };
        let Pat::Ident(PatIdent { ident, .. }) = *pat else {
            continue;
        };
        let name = ident.to_string();
        let mut stored = *ty;
        Owned.visit_type_mut(&mut stored);
        let parameter = operation
            .parameters
            .iter()
            .find(|parameter| parameter.field == name);
        let (source, required) = match parameter {
            Some(parameter) => (Source::Parameter(parameter), parameter.required),
            None if name == "body" => {
                let kind = operation.body_kind.unwrap_or(BodyKind::Json);
                match kind {
                    BodyKind::Json | BodyKind::Form => {}
                    BodyKind::Multipart => stored = parse_quote!(MultipartForm),
                    BodyKind::Bytes => stored = parse_quote!(::bytes::Bytes),
                }
                let description = operation.body_description.as_deref();
                (Source::Body { kind, description }, operation.body_required)
            }
            None => return Err(format!("`{name}` is no parameter of {}", operation.id)),
        };
        let optional = matches!(last_segment(&stored), Some(segment) if segment.ident == "Option");
        let value = if !required && optional && parameter.is_some() {
            first_argument(&stored).unwrap_or(stored)
        } else {
            stored
        };
        setters.push(Setter {
            ident,
            value,
            required,
            source,
        });
    }
    Ok(setters)
}

/// The value of a response, and the method that reads it.
fn sent(response: &Type, operation: &OperationFacts) -> (TokenStream, Ident) {
    let (value, method) = match &operation.answers {
        Answers::Empty => (quote!(()), "send_empty"),
        Answers::Stream { .. } => (quote!(ByteStream), "send_stream"),
        Answers::Json { optional: true, .. } => (
            quote!(::std::option::Option<#response>),
            "send_json_optional",
        ),
        Answers::Json { .. } => (quote!(#response), "send_json"),
        Answers::Several(_) => (quote!(#response), "send_answers"),
    };
    (value, format_ident!("{method}"))
}

/// The types of arguments as those of values: `T` for `&T`, `String` for `&str`.
struct Owned;

impl VisitMut for Owned {
    fn visit_type_mut(&mut self, node: &mut Type) {
        if let Type::Reference(reference) = node {
            *node = match &*reference.elem {
                Type::Path(path) if path.path.is_ident("str") => {
                    parse_quote!(::std::string::String)
                }
                inner => inner.clone(),
            };
        }
        visit_mut::visit_type_mut(self, node);
    }
}

/// Whether a type is `String`, which a setter takes from any text.
fn is_text(r#type: &Type) -> bool {
    last_segment(r#type).is_some_and(|segment| segment.ident == "String")
}

/// Whether a type has one obvious value in Rust: a boolean, a number, a time.
fn is_plain(r#type: &Type) -> bool {
    const PLAIN: [&str; 13] = [
        "bool",
        "i8",
        "i16",
        "i32",
        "i64",
        "u8",
        "u16",
        "u32",
        "u64",
        "f32",
        "f64",
        "DateTime",
        "NaiveDate",
    ];
    last_segment(r#type).is_some_and(|segment| PLAIN.iter().any(|name| segment.ident == name))
}

/// A type as a reader would write it: `Vec<String>`.
fn spelled(r#type: &Type) -> String {
    let text = quote!(#r#type).to_string();
    text.replace(":: std :: string :: ", "")
        .replace(":: std :: option :: ", "")
        .replace(":: std :: vec :: ", "")
        .replace("types :: ", "")
        .replace(' ', "")
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
