//! The operations: a builder for each, whose `send()` states where each value goes and leaves the rest
//! to the runtime of `people-sdk`.
//!
//! Of the generator's builders, the types of the parameters, of the body and of the response are taken;
//! everything else is written from what `lower` knows of the operation.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Fields, GenericArgument, Ident, ImplItem, Item, ItemMod, PathArguments, ReturnType, Type,
    parse_quote,
};

use super::attributes::tidy;
use super::method_docs::{RustNames, Signature, document_builder};
use super::syntax::{Fault, last_segment, operation_const, take_items};
use crate::lower::Lowered;
use crate::names::pascal_case;
use crate::operations::{Answers, FORM, OperationFacts, ParameterFacts, Place};

/// The module `builder`, and the signature of each operation by its id.
pub(super) fn postprocess(
    mut module: ItemMod,
    lowered: &Lowered,
    names: &RustNames,
) -> Result<(ItemMod, HashMap<String, Signature>), Fault> {
    let mut fields = HashMap::new();
    let mut responses = HashMap::new();
    for item in take_items(&mut module)? {
        match item {
            Item::Struct(item) => {
                fields.insert(item.ident.to_string(), item.fields);
            }
            Item::Impl(item) => {
                let name = last_segment(&item.self_ty).map(|segment| segment.ident.to_string());
                let send = item.items.iter().find_map(|item| match item {
                    ImplItem::Fn(function) if function.sig.ident == "send" => {
                        response_value(&function.sig.output)
                    }
                    _ => None,
                });
                if let (Some(name), Some(response)) = (name, send) {
                    responses.insert(name, response);
                }
            }
            _ => {}
        }
    }
    let mut items: Vec<Item> = vec![parse_quote! {
        use super::{
            ByteStream, CallFuture, Error, QueryStyle, RequestOptions, ResponseValue, operations,
            types,
        };
    }];
    let mut signatures = HashMap::new();
    for operation in &lowered.operations {
        let name = pascal_case(&operation.name);
        let (Some(fields), Some(response)) = (fields.remove(&name), responses.remove(&name)) else {
            return Err(format!("the generator left {} out", operation.id));
        };
        let setters = setters(fields, operation)?;
        let (value, _) = sent(&response, operation);
        let (required, optional) = setters.iter().partition(|setter| setter.required);
        let typed = |setters: Vec<&Setter<'_>>| {
            let typed = setters.into_iter().map(|setter| {
                let value = &setter.value;
                (setter.ident.to_string(), quote!(#value))
            });
            typed.collect()
        };
        let signature = Signature {
            required: typed(required),
            optional: typed(optional),
            options: ["header", "timeout"].map(|name| free(name, &setters)),
            is_optional: value.to_string().contains("Option"),
            builder: name.clone(),
        };
        items.extend(builder(&signature, &setters, &response, operation, names));
        signatures.insert(operation.id.clone(), signature);
    }
    module.content = Some((syn::token::Brace::default(), items));
    Ok((module, signatures))
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
        form: bool,
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
        let map = matches!(self.source, Source::Body { .. }).then(|| self.body_map());
        quote! {
            #[doc = #doc]
            pub fn #ident #parameter -> Self {
                self.#ident = #value;
                self
            }
            #map
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

    fn body_map(&self) -> TokenStream {
        let value = &self.value;
        let change = if self.required {
            quote!(self.body.map(change))
        } else {
            quote!(self.body.map(|body| body.map(change)))
        };
        quote! {
            /// Changes the body of the request.
            pub fn body_map(
                mut self,
                change: impl ::std::ops::FnOnce(#value) -> #value,
            ) -> Self {
                self.body = #change;
                self
            }
        }
    }

    /// The part of `send()` that puts the value where it belongs.
    fn part(&self) -> TokenStream {
        let ident = &self.ident;
        match self.source {
            Source::Body { form: true, .. } => quote!(.form(self.#ident)),
            Source::Body { form: false, .. } => quote!(.json(self.#ident)),
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
    let docs = document_builder(operation, signature);
    let constant = operation_const(&operation.name);
    let (value, send) = sent(response, operation);
    let structure = parse_quote! {
        #(#[doc = #docs])*
        #[derive(Clone)]
        #[must_use = "nothing is sent before this is awaited"]
        pub struct #name<'a> {
            client: &'a super::Client,
            #(#idents: #types,)*
            options: RequestOptions,
        }
    };
    let debug = parse_quote! {
        impl ::std::fmt::Debug for #name<'_> {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#label).finish_non_exhaustive()
            }
        }
    };
    let mut implementation: syn::ItemImpl = parse_quote! {
        impl<'a> #name<'a> {
            /// Starts a request of `client`, with nothing set.
            pub(super) fn new(client: &'a super::Client) -> Self {
                Self {
                    client,
                    #(#idents: #initial,)*
                    options: RequestOptions::default(),
                }
            }
            #(#methods)*
            /// Sets a header, in place of one that the client would send. Credentials and headers of the
            /// connection cannot be set: the call then ends with an error.
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
                self.client
                    .inner
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
        impl<'a> ::std::future::IntoFuture for #name<'a> {
            type Output = ::std::result::Result<ResponseValue<#value>, Error>;
            type IntoFuture = CallFuture<'a, #value>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    };
    vec![structure, debug, Item::Impl(implementation), future]
}

fn setters(fields: Fields, operation: &OperationFacts) -> Result<Vec<Setter<'_>>, Fault> {
    let mut setters = Vec::new();
    for field in fields {
        let Some(ident) = field.ident.filter(|ident| ident != "client") else {
            continue;
        };
        let name = ident.to_string();
        let mut stored = first_argument(&field.ty)
            .ok_or_else(|| format!("`{name}` of {} has no value", operation.id))?;
        Struct.visit_type_mut(&mut stored);
        let parameter = operation
            .parameters
            .iter()
            .find(|parameter| parameter.field == name);
        let (source, required) = match parameter {
            Some(parameter) => (Source::Parameter(parameter), parameter.required),
            None if name == "body" => {
                let form = operation.content_type.starts_with(FORM);
                let description = operation.body_description.as_deref();
                (Source::Body { form, description }, operation.body_required)
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

/// The generator's builders of values fail at run time where a struct cannot, so bodies are structs.
struct Struct;

impl VisitMut for Struct {
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
