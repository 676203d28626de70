//! Names of the standard prelude without their paths, as a person would write them.

use std::collections::HashSet;

use proc_macro2::{Group, Literal, TokenStream, TokenTree};
use syn::visit_mut::{self, VisitMut};
use syn::{File, Item};

/// Names of the prelude, each with the module of `std` that the generator takes it from.
const PRELUDE: [(&str, &str); 12] = [
    ("option", "Option"),
    ("string", "String"),
    ("vec", "Vec"),
    ("default", "Default"),
    ("convert", "AsRef"),
    ("convert", "From"),
    ("convert", "Into"),
    ("convert", "TryFrom"),
    ("convert", "TryInto"),
    ("future", "IntoFuture"),
    ("ops", "FnOnce"),
    ("result", "Result"),
];

/// Shortens the paths of `file`, but for names that a model of the contract has.
pub(super) fn shorten(file: &mut File) {
    let taken = model_names(file);
    let names: Vec<_> = PRELUDE
        .into_iter()
        .filter(|(_, name)| !taken.contains(*name))
        .collect();
    Shorten { names }.visit_file_mut(file);
}

struct Shorten {
    names: Vec<(&'static str, &'static str)>,
}

impl Shorten {
    /// Whether a path starts with the module of a name and that name, so that two segments can go.
    fn is_long(&self, path: &syn::Path) -> bool {
        let mut segments = path.segments.iter().map(|segment| &segment.ident);
        segments.next().is_some_and(|first| first == "std")
            && segments
                .next()
                .zip(segments.next())
                .is_some_and(|(module, name)| {
                    let known = |known: &(&str, &str)| module == known.0 && name == known.1;
                    self.names.iter().any(known)
                })
    }

    fn path(&self, path: &mut syn::Path) -> bool {
        let long = self.is_long(path);
        if long {
            path.leading_colon = None;
            path.segments = std::mem::take(&mut path.segments)
                .into_pairs()
                .skip(2)
                .collect();
        }
        long
    }

    /// A path with a type in front, `<V as ::std::convert::TryInto<T>>::Error`, which counts the
    /// segments of the trait.
    fn qualified(&self, qself: Option<&mut syn::QSelf>, path: &mut syn::Path) {
        if let Some(qself) = qself
            && qself.position > 2
            && self.path(path)
        {
            qself.position -= 2;
        }
    }
}

impl VisitMut for Shorten {
    fn visit_type_path_mut(&mut self, node: &mut syn::TypePath) {
        self.qualified(node.qself.as_mut(), &mut node.path);
        visit_mut::visit_type_path_mut(self, node);
    }

    fn visit_expr_path_mut(&mut self, node: &mut syn::ExprPath) {
        self.qualified(node.qself.as_mut(), &mut node.path);
        visit_mut::visit_expr_path_mut(self, node);
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        self.path(path);
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_meta_list_mut(&mut self, list: &mut syn::MetaList) {
        list.tokens = rewrite(std::mem::take(&mut list.tokens), &self.names);
    }

    fn visit_macro_mut(&mut self, node: &mut syn::Macro) {
        node.tokens = rewrite(std::mem::take(&mut node.tokens), &self.names);
    }
}

fn model_names(file: &File) -> HashSet<String> {
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) => module.content.as_ref(),
        _ => None,
    });
    modules
        .flat_map(|(_, items)| items)
        .filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Enum(item) => Some(item.ident.to_string()),
            Item::Type(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect()
}

fn rewrite(tokens: TokenStream, names: &[(&str, &str)]) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut written = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let Some((first, after)) = rest.split_first() {
        if let Some((name, end)) = prelude_path(rest, names) {
            written.push(name);
            rest = end;
            continue;
        }
        written.push(match first {
            TokenTree::Group(group) => {
                let inner = rewrite(group.stream(), names);
                TokenTree::Group(Group::new(group.delimiter(), inner))
            }
            TokenTree::Literal(literal) => TokenTree::Literal(path_in_text(literal, names)),
            other => other.clone(),
        });
        rest = after;
    }
    written.into_iter().collect()
}

/// The name that a path at the start of `tokens` ends in, and what comes after it.
fn prelude_path<'a>(
    tokens: &'a [TokenTree],
    names: &[(&str, &str)],
) -> Option<(TokenTree, &'a [TokenTree])> {
    let rest = colons(tokens).unwrap_or(tokens);
    let rest = colons(word(rest, "std")?)?;
    names.iter().find_map(|(module, name)| {
        let rest = colons(word(rest, module)?)?;
        Some((rest.first()?.clone(), word(rest, name)?))
    })
}

fn word<'a>(tokens: &'a [TokenTree], expected: &str) -> Option<&'a [TokenTree]> {
    match tokens.split_first()? {
        (TokenTree::Ident(ident), rest) if ident == expected => Some(rest),
        _ => None,
    }
}

fn colons(tokens: &[TokenTree]) -> Option<&[TokenTree]> {
    match tokens {
        [TokenTree::Punct(one), TokenTree::Punct(two), rest @ ..]
            if one.as_char() == ':' && two.as_char() == ':' =>
        {
            Some(rest)
        }
        _ => None,
    }
}

/// Paths also stand in the texts of serde's attributes.
fn path_in_text(literal: &Literal, names: &[(&str, &str)]) -> Literal {
    let text = literal.to_string();
    let Some(path) = text.strip_prefix("\"::std::") else {
        return literal.clone();
    };
    let found = names.iter().find_map(|(module, name)| {
        let end = path.strip_prefix(&format!("{module}::{name}"))?;
        Some((name, end))
    });
    match found {
        Some((name, end)) => Literal::string(&format!("{name}{}", end.trim_end_matches('"'))),
        None => literal.clone(),
    }
}
