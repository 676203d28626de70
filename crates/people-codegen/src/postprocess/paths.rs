//! Names of the standard prelude without their paths, as a person would write them.

use std::collections::HashSet;

use proc_macro2::{Group, Literal, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, ItemMod, Path, PathArguments, Type};

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

/// The names of the prelude that mean what they always do in the generated code.
pub(super) struct Prelude {
    names: Vec<(&'static str, &'static str)>,
}

impl Prelude {
    /// The prelude, but for names that a model or a builder of the contract has.
    pub(super) fn without(taken: &HashSet<String>) -> Self {
        let names = PRELUDE.into_iter();
        Self {
            names: names.filter(|(_, name)| !taken.contains(*name)).collect(),
        }
    }

    /// A name of the prelude; its path, if the name has another meaning.
    pub(super) fn name(&self, name: &str) -> String {
        let has = |(_, known): &(&str, &str)| *known == name;
        match PRELUDE.iter().find(|it| has(it)) {
            Some((module, _)) if !self.names.iter().any(has) => format!("::std::{module}::{name}"),
            _ => name.to_owned(),
        }
    }

    /// A type as text.
    pub(super) fn spell(&self, r#type: &Type) -> String {
        let path = match r#type {
            Type::Path(path) if path.qself.is_none() => &path.path,
            other => return other.to_token_stream().to_string(),
        };
        let is_long = self.is_long(path);
        let mut text = String::new();
        if path.leading_colon.is_some() && !is_long {
            text.push_str("::");
        }
        let shown = path.segments.iter().skip(if is_long { 2 } else { 0 });
        for (index, segment) in shown.enumerate() {
            text.push_str(if index == 0 { "" } else { "::" });
            text.push_str(&segment.ident.to_string());
            let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
                text.push_str(&segment.arguments.to_token_stream().to_string());
                continue;
            };
            let arguments = arguments.args.iter().map(|argument| match argument {
                GenericArgument::Type(inner) => self.spell(inner),
                other => other.to_token_stream().to_string(),
            });
            let arguments: Vec<String> = arguments.collect();
            text.extend(["<", &arguments.join(", "), ">"]);
        }
        text
    }

    /// Shortens the paths of a module.
    pub(super) fn shorten(&self, module: &mut ItemMod) {
        Shorten(self).visit_item_mod_mut(module);
    }

    /// Whether a path starts with the module of a name and that name, so that two segments can go.
    fn is_long(&self, path: &Path) -> bool {
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
}

struct Shorten<'a>(&'a Prelude);

impl Shorten<'_> {
    fn path(&self, path: &mut Path) -> bool {
        let long = self.0.is_long(path);
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
    fn qualified(&self, qself: Option<&mut syn::QSelf>, path: &mut Path) {
        if let Some(qself) = qself
            && qself.position > 2
            && self.path(path)
        {
            qself.position -= 2;
        }
    }
}

impl VisitMut for Shorten<'_> {
    fn visit_type_path_mut(&mut self, node: &mut syn::TypePath) {
        self.qualified(node.qself.as_mut(), &mut node.path);
        visit_mut::visit_type_path_mut(self, node);
    }

    fn visit_expr_path_mut(&mut self, node: &mut syn::ExprPath) {
        self.qualified(node.qself.as_mut(), &mut node.path);
        visit_mut::visit_expr_path_mut(self, node);
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        self.path(path);
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_meta_list_mut(&mut self, list: &mut syn::MetaList) {
        list.tokens = rewrite(std::mem::take(&mut list.tokens), &self.0.names);
    }

    fn visit_macro_mut(&mut self, node: &mut syn::Macro) {
        node.tokens = rewrite(std::mem::take(&mut node.tokens), &self.0.names);
    }
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
