//! The operations: a builder for each, whose `send()` states where each value goes and leaves the rest
//! to the runtime of `people-sdk`.
//!
//! Of the generator's functions, the types of the parameters, of the body and of the response are taken;
//! everything else is written from what `lower` knows of the operation.

use std::collections::HashMap;

use syn::visit_mut::{self, VisitMut};
use syn::{
    FnArg, GenericArgument, ImplItem, ItemImpl, Pat, PatIdent, PatType, PathArguments, ReturnType,
    Type, parse_quote,
};

use super::attributes::{lines_of, tidy_lines};
use super::method_docs::{self, RustNames, Signature};
use super::paths::Prelude;
use super::syntax::{Fault, last_segment, operation_const};
use super::text::{Text, literal};
use crate::lower::Lowered;
use crate::names::pascal_case;
use crate::operations::{Answers, OperationFacts, ParameterFacts, Place};
use crate::signature::BodyKind;

/// What the documentation of every `send` says.
const SEND_DOCS: [&str; 5] = [
    " Sends the request and reads the response.",
    "",
    " # Errors",
    "",
    " See [`Error`]: a value cannot be sent, the service was not reached, or it refused.",
];

/// The names of the builders, in the order of the operations.
pub(super) fn names(lowered: &Lowered) -> Vec<String> {
    let operations = lowered.operations.iter();
    operations.map(|it| pascal_case(&it.name)).collect()
}

/// The methods of the client, of the functions that the generator wrote in `functions`; and the module
/// `builder`, whose structs are called `builders`.
pub(super) fn write(
    functions: ItemImpl,
    builders: Vec<String>,
    lowered: &Lowered,
    prelude: &Prelude,
) -> Result<String, Fault> {
    let names = RustNames::of(lowered);
    let mut signatures: HashMap<String, syn::Signature> = functions
        .items
        .into_iter()
        .filter_map(|item| match item {
            ImplItem::Fn(function) => Some((function.sig.ident.to_string(), function.sig)),
            _ => None,
        })
        .collect();
    let mut operations = Vec::new();
    for (operation, builder) in lowered.operations.iter().zip(builders) {
        let left_out = || format!("the generator left {} out", operation.id);
        let function = signatures.remove(&operation.name).ok_or_else(left_out)?;
        let response = response_value(&function.output).ok_or_else(left_out)?;
        let setters = setters(function.inputs, operation, prelude)?;
        let (value, send) = sent(&prelude.spell(&response), operation, prelude);
        operations.push(Builder {
            signature: signature(&setters, &value, builder, prelude),
            operation,
            setters,
            value,
            send,
        });
    }
    let mut text = Text::default();
    text.open("impl Client {");
    for builder in &operations {
        builder.write_method(&names, &mut text);
    }
    text.close("}");
    text.docs(&[" Types for composing operation parameters."]);
    text.open("pub mod builder {");
    text.open("use super::{");
    text.line("ByteStream, CallFuture, Error, Inner, QueryStyle, RequestOptions, ResponseValue,");
    text.line("operations, types,");
    text.close("};");
    text.line("use crate::runtime::request_builder::request_builder;");
    let is_multipart = |it: &OperationFacts| it.body_kind == Some(BodyKind::Multipart);
    if lowered.operations.iter().any(is_multipart) {
        text.line("pub use crate::runtime::multipart::MultipartForm;");
    }
    for builder in &operations {
        builder.write(&names, prelude, &mut text);
    }
    text.close("}");
    Ok(text.into_string())
}

fn signature(setters: &[Setter<'_>], value: &str, builder: String, prelude: &Prelude) -> Signature {
    let (required, optional) = setters.iter().partition(|setter| setter.required);
    let typed = |setters: Vec<&Setter<'_>>| {
        let setters = setters.into_iter();
        let typed = setters.map(|setter| (setter.name.clone(), setter.text.clone()));
        typed.collect()
    };
    Signature {
        required: typed(required),
        optional: typed(optional),
        options: ["header", "timeout"].map(|name| free(name, setters)),
        is_optional: value.starts_with(&format!("{}<", prelude.name("Option"))),
        builder,
    }
}

/// A builder, with what it is written from.
struct Builder<'a> {
    operation: &'a OperationFacts,
    signature: Signature,
    setters: Vec<Setter<'a>>,
    /// The type of the value of a response.
    value: String,
    /// The method that reads it.
    send: &'static str,
}

impl Builder<'_> {
    /// Writes the method of the client that starts a request.
    fn write_method(&self, names: &RustNames, text: &mut Text) {
        let Self {
            operation,
            signature,
            ..
        } = self;
        let builder = &signature.builder;
        text.docs(&method_docs::document_method(operation, signature, names));
        if let Some(note) = &operation.deprecation {
            text.line(&format!("#[deprecated = {}]", literal(note)));
        }
        let start = format!("pub fn {}(", operation.name);
        text.open_list(&start, &["&self"], &format!(") -> builder::{builder} {{"));
        text.line(&format!("builder::{builder}::new(self)"));
        text.close("}");
    }

    /// Writes the builder.
    fn write(&self, names: &RustNames, prelude: &Prelude, text: &mut Text) {
        let [option, result, string] =
            ["Option", "Result", "String"].map(|name| prelude.name(name));
        let Self {
            operation,
            signature,
            setters,
            value,
            send,
        } = self;
        let Signature {
            builder,
            options: [header, timeout],
            ..
        } = signature;
        text.docs(&method_docs::document_builder(operation, signature));
        text.line("#[derive(Clone)]");
        text.line("#[must_use = \"nothing is sent before this is awaited\"]");
        text.open(&format!("pub struct {builder} {{"));
        text.line("inner: Inner,");
        for Setter {
            name,
            text: value,
            required,
            ..
        } in setters
        {
            let value = if *required {
                value.clone()
            } else {
                format!("{option}<{value}>")
            };
            text.list(&format!("{name}: {result}<"), &[&value, &string], ">,");
        }
        text.line("options: RequestOptions,");
        text.close("}");
        text.open(&format!("impl {builder} {{"));
        text.docs(&[" Starts a request of `client`, with nothing set."]);
        text.open("pub(super) fn new(client: &super::Client) -> Self {");
        text.open("Self {");
        text.line("inner: client.inner.clone(),");
        for Setter { name, required, .. } in setters {
            if *required {
                let reason = literal(&format!("{name} is required, and was not given"));
                let reason = format!("{reason}.to_owned()");
                text.list(&format!("{name}: Err("), &[reason], "),");
            } else {
                text.line(&format!("{name}: Ok(None),"));
            }
        }
        text.line("options: RequestOptions::default(),");
        text.close("}");
        text.close("}");
        for setter in setters {
            setter.write_method(names, prelude, text);
        }
        text.docs(&SEND_DOCS);
        let end = format!(") -> {result}<ResponseValue<{value}>, Error> {{");
        text.open_list("pub async fn send(", &["self"], &end);
        text.open("self.inner");
        let constant = operation_const(&operation.name);
        text.line(&format!(".request(operations::{constant})"));
        for setter in setters {
            setter.write_part(text);
        }
        text.line(".options(self.options)");
        text.line(&format!(".{send}()"));
        text.line(".await");
        text.end();
        text.close("}");
        text.close("}");
        text.line(&format!(
            "request_builder!({builder}({header}, {timeout}) -> {value});"
        ));
    }
}

/// A field of a builder.
struct Setter<'a> {
    name: String,
    /// The type of its values, without `Option`.
    value: Type,
    /// The same as text.
    text: String,
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

    /// Writes the method. A conversion that cannot fail is in its signature; one that can (text with a bound
    /// on its length) fails the call.
    fn write_method(&self, names: &RustNames, prelude: &Prelude, text: &mut Text) {
        let Self {
            name,
            text: r#type,
            required,
            ..
        } = self;
        let into = prelude.name("Into");
        let (parameter, value) =
            if matches!(self.source, Source::Body { .. }) || is_text(&self.value) {
                let value = if *required {
                    "Ok(value.into())"
                } else {
                    "Ok(Some(value.into()))"
                };
                (format!("impl {into}<{type}>"), Some(value))
            } else if !is_plain(&self.value) {
                let try_into = prelude.name("TryInto");
                (format!("impl {try_into}<{type}>"), None)
            } else if *required {
                (r#type.clone(), Some("Ok(value)"))
            } else {
                let option = prelude.name("Option");
                let parameter = format!("impl {into}<{option}<{type}>>");
                (parameter, Some("Ok(value.into())"))
            };
        text.docs(&tidy_lines(lines_of(&names.replace(&self.doc()))));
        let parameters = ["mut self", &format!("value: {parameter}")];
        text.open_list(&format!("pub fn {name}("), &parameters, ") -> Self {");
        if let Some(value) = value {
            text.line(&format!("self.{name} = {value};"));
        } else {
            let failed = format!("conversion to `{}` for {name} failed", bare(r#type));
            let failed = format!(".map_err(|_| {}.to_owned());", literal(&failed));
            let some = if *required { "" } else { ".map(Some)" };
            let calls = [".try_into()", some, &failed];
            let calls: Vec<&str> = calls.into_iter().filter(|call| !call.is_empty()).collect();
            text.calls(&format!("self.{name} = value"), &calls);
        }
        text.line("self");
        text.close("}");
    }

    /// Writes the part of `send()` that puts the value where it belongs.
    fn write_part(&self, text: &mut Text) {
        let value = format!("self.{}", self.name);
        match self.source {
            Source::Body { kind, .. } => {
                let method = match kind {
                    BodyKind::Json => "json",
                    BodyKind::Form => "form",
                    BodyKind::Multipart => "multipart",
                    BodyKind::Bytes => "bytes",
                };
                text.line(&format!(".{method}({value})"));
            }
            Source::Parameter(ParameterFacts { name, place, .. }) => {
                let name = literal(name);
                match place {
                    Place::Path => text.list(".path(", &[name, value], ")"),
                    Place::Header => text.list(".header(", &[name, value], ")"),
                    Place::Query(style) => {
                        let style = format!("QueryStyle::{style:?}");
                        text.list(".query(", &[name, style, value], ")");
                    }
                }
            }
        }
    }
}

/// `name`, in another form if a parameter has it: a parameter keeps its name.
fn free(name: &str, setters: &[Setter<'_>]) -> String {
    if setters.iter().any(|setter| setter.name == name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

fn setters<'a>(
    arguments: impl IntoIterator<Item = FnArg>,
    operation: &'a OperationFacts,
    prelude: &Prelude,
) -> Result<Vec<Setter<'a>>, Fault> {
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
            name,
            text: prelude.spell(&value),
            value,
            required,
            source,
        });
    }
    Ok(setters)
}

/// The value of a response with a body of the type `response`, and the method that reads it.
fn sent(response: &str, operation: &OperationFacts, prelude: &Prelude) -> (String, &'static str) {
    match &operation.answers {
        Answers::Empty => ("()".to_owned(), "send_empty"),
        Answers::Stream { .. } => ("ByteStream".to_owned(), "send_stream"),
        Answers::Json { optional: true, .. } => (
            format!("{}<{response}>", prelude.name("Option")),
            "send_json_optional",
        ),
        Answers::Json { .. } => (response.to_owned(), "send_json"),
        Answers::Several(_) => (response.to_owned(), "send_answers"),
    }
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
fn bare(r#type: &str) -> String {
    r#type
        .replace("::std::string::", "")
        .replace("::std::option::", "")
        .replace("::std::vec::", "")
        .replace("types::", "")
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
