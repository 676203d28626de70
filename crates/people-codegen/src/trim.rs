//! The parts of the generator's output that `postprocess` replaces without reading them, removed while
//! they are tokens: parsing them would take more time and memory than everything else.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The output without the default values of models, and with empty bodies in the client's functions.
pub(crate) fn trim(tokens: TokenStream) -> TokenStream {
    let tokens = modules(tokens, |name, content| match name {
        "types" => modules(content, |name, content| match name {
            "defaults" => TokenStream::new(),
            _ => content,
        }),
        _ => content,
    });
    without_bodies(tokens)
}

/// Replaces the content of each module in `tokens`, by its name.
fn modules(tokens: TokenStream, replace: impl Fn(&str, TokenStream) -> TokenStream) -> TokenStream {
    let mut named: Option<String> = None;
    let mut is_module = false;
    let mut map = |token| match token {
        TokenTree::Ident(ident) => {
            named = is_module.then(|| ident.to_string());
            is_module = ident == "mod";
            TokenTree::Ident(ident)
        }
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => match named.take() {
            Some(name) => braces(replace(&name, group.stream())),
            None => TokenTree::Group(group),
        },
        other => {
            (named, is_module) = (None, false);
            other
        }
    };
    tokens.into_iter().map(&mut map).collect()
}

/// The items in `tokens`, each `impl` with functions that do nothing.
fn without_bodies(tokens: TokenStream) -> TokenStream {
    let mut is_implementation = false;
    let mut map = |token| match token {
        TokenTree::Ident(ident) => {
            is_implementation |= ident == "impl";
            TokenTree::Ident(ident)
        }
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            if std::mem::take(&mut is_implementation) {
                let functions = group.stream().into_iter().map(|token| match token {
                    TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                        braces(TokenStream::new())
                    }
                    other => other,
                });
                braces(functions.collect())
            } else {
                TokenTree::Group(group)
            }
        }
        other => other,
    };
    tokens.into_iter().map(&mut map).collect()
}

fn braces(content: TokenStream) -> TokenTree {
    TokenTree::Group(Group::new(Delimiter::Brace, content))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn items_stay_and_what_is_replaced_is_gone() {
        let output = quote! {
            pub mod types {
                pub mod error { pub struct E {} }
                pub struct A { pub a: Option<B> }
                impl A { fn a(&self) { run() } }
                pub mod defaults { pub fn a() { run() } }
            }
            impl Client { pub async fn a(&self) -> Result<types::A, Error> { run() } }
            pub mod prelude { pub use super::Client; }
        };
        let expected = quote! {
            pub mod types {
                pub mod error { pub struct E {} }
                pub struct A { pub a: Option<B> }
                impl A { fn a(&self) { run() } }
                pub mod defaults {}
            }
            impl Client { pub async fn a(&self) -> Result<types::A, Error> {} }
            pub mod prelude { pub use super::Client; }
        };
        assert_eq!(trim(output).to_string(), expected.to_string());
    }
}
