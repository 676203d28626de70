//! Attributes of generated items: documentation and derives, each in one form.

use proc_macro2::Span;
use syn::token::Bracket;
use syn::{
    AttrStyle, Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, MetaNameValue, Path, Token,
    parse_quote,
};

/// Takes the derives of `removed` away, and adds those of `added` after the others.
pub(super) fn change_derives(attributes: &mut Vec<Attribute>, removed: &[&str], added: &[&str]) {
    let mut paths = derives(attributes);
    paths.retain(|path| {
        let last = path.segments.last();
        last.is_none_or(|last| !removed.iter().chain(added).any(|name| last.ident == name))
    });
    let added = added.iter().map(|name| Ident::new(name, Span::call_site()));
    paths.extend(added.map(Path::from));
    attributes.retain(|attribute| !attribute.path().is_ident("derive"));
    if !paths.is_empty() {
        // Before the attributes of what is derived, which mean nothing without it.
        attributes.insert(0, parse_quote!(#[derive(#(#paths),*)]));
    }
}

/// Whether `name` is derived.
pub(super) fn has_derive(attributes: &[Attribute], name: &str) -> bool {
    let paths = derives(attributes);
    let mut last = paths.iter().filter_map(|path| path.segments.last());
    last.any(|segment| segment.ident == name)
}

fn derives(attributes: &[Attribute]) -> Vec<Path> {
    let mut paths = Vec::new();
    for attribute in attributes {
        if attribute.path().is_ident("derive") {
            // A derive is a list of paths and cannot fail to parse as one.
            let _ = attribute.parse_nested_meta(|meta| {
                paths.push(meta.path);
                Ok(())
            });
        }
    }
    paths
}

/// The lines of the documentation, as the generator wrote them.
pub(super) fn doc_lines(attributes: &[Attribute]) -> Vec<String> {
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
    texts.flat_map(|text| lines_of(&text)).collect()
}

/// The lines of a text, without spaces at their ends.
pub(super) fn lines_of(text: &str) -> Vec<String> {
    let lines = text.split('\n').map(|line| line.trim_end().to_owned());
    lines.collect()
}

/// Documentation first, as `/// text`, line by line.
pub(super) fn tidy(attributes: &mut Vec<Attribute>) {
    let lines = tidy_lines(doc_lines(attributes));
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    attributes.splice(0..0, lines.iter().map(|line| doc(line)));
}

/// Lines of documentation as they follow `///`.
pub(super) fn tidy_lines(mut lines: Vec<String>) -> Vec<String> {
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let indented = lines
        .iter()
        .all(|line| line.is_empty() || line.starts_with(' '));
    plain_blocks(&mut lines);
    if !indented {
        for line in lines.iter_mut().filter(|line| !line.is_empty()) {
            line.insert(0, ' ');
        }
    }
    lines
}

/// Adds lines to the documentation, which comes first. Blocks of code stay as they are: they are Rust.
pub(super) fn append_docs(attributes: &mut Vec<Attribute>, lines: &[String]) {
    let documented = attributes.iter().take_while(|it| it.path().is_ident("doc"));
    let end = documented.count();
    let lines = lines.iter().map(|line| match line.as_str() {
        "" => doc(""),
        line => doc(&format!(" {line}")),
    });
    attributes.splice(end..end, lines);
}

/// `#[doc = "line"]`, made without a parser: there are more of these than of anything else.
pub(super) fn doc(line: &str) -> Attribute {
    let text = LitStr::new(line, Span::call_site());
    Attribute {
        pound_token: Token![#](Span::call_site()),
        style: AttrStyle::Outer,
        bracket_token: Bracket::default(),
        meta: Meta::NameValue(MetaNameValue {
            path: Ident::new("doc", Span::call_site()).into(),
            eq_token: Token![=](Span::call_site()),
            value: Expr::Lit(ExprLit {
                attrs: Vec::new(),
                lit: Lit::Str(text),
            }),
        }),
    }
}

/// A block of code in a description is text here: what it shows is an example for callers of the
/// service, and would be compiled as Rust.
fn plain_blocks(lines: &mut [String]) {
    const FENCE: &str = "```";
    let mut fenced = false;
    let mut after_blank = true;
    for line in lines {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        if text.starts_with(FENCE) {
            if !fenced {
                *line = format!("{}{FENCE}text", " ".repeat(indent.min(3)));
            }
            fenced = !fenced;
        } else if !fenced && after_blank && indent > 4 {
            *line = format!("    {text}");
        }
        after_blank = line.trim().is_empty() || (after_blank && indent > 4);
    }
}
