//! Helpers for Rust syntax that the parts of this pass share.

use heck::ToShoutySnakeCase;
use proc_macro2::{TokenStream, TokenTree};
use syn::{ImplItem, Item, ItemImpl, ItemMod, PathSegment, Type};

/// Why the generator's output is not what this pass expects.
pub(super) type Fault = String;

/// The name of the constant that describes an operation.
pub(super) fn operation_const(name: &str) -> String {
    name.to_shouty_snake_case()
}

/// Whether `name` is among `tokens`.
pub(super) fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}

/// Whether an `impl` has a function called `name`.
pub(super) fn has_fn(item: &ItemImpl, name: &str) -> bool {
    item.items
        .iter()
        .any(|item| matches!(item, ImplItem::Fn(function) if function.sig.ident == name))
}

/// The last segment of a type's path: `Option` of `::std::option::Option<T>`.
pub(super) fn last_segment(r#type: &Type) -> Option<&PathSegment> {
    match r#type {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// Takes the items out of a module of the generator, and removes its blanket `allow`.
pub(super) fn take_items(module: &mut ItemMod) -> Result<Vec<Item>, Fault> {
    module
        .attrs
        .retain(|attribute| !attribute.path().is_ident("allow"));
    match module.content.take() {
        Some((_, items)) => Ok(items),
        None => Err(format!("the generator wrote no `{}`", module.ident)),
    }
}
