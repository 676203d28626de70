//! The parts of the code to one text: the same bytes everywhere, as `prettyplease` needs no toolchain.

use std::fmt::Write as _;

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};

use crate::postprocess::Part;

/// Renders code below a line that says where it came from.
pub(crate) fn render(parts: Vec<Part>, contract: &str) -> String {
    let mut code = format!(
        "// Generated from {contract} by `cargo xtask regen`. Change the contract, not this file.\n\
         // @generated\n\n"
    );
    for part in parts {
        match part {
            Part::Syntax(item) => print(*item, &mut code),
            Part::Text(text) => code.push_str(&text),
        }
    }
    // In literals it is escaped, so what is left stands in documentation, where Rust refuses it.
    if code.contains('\r') {
        code = code.replace('\r', " ");
    }
    code
}

/// Prints an item after `code`.
fn print(mut item: syn::Item, code: &mut String) {
    let mut tables = Tables::default();
    tables.visit_item_mut(&mut item);
    for line in unparse(item).lines() {
        let text = line.trim_start();
        let rows = text.starts_with(TABLE).then(|| tables.rows.get(text));
        let Some(rows) = rows.flatten() else {
            code.push_str(line);
            code.push('\n');
            continue;
        };
        let indent = &line[..line.len() - text.len()];
        for row in rows {
            // Writing to a string does not fail.
            let _ = writeln!(code, "{indent}{row}");
        }
    }
}

fn unparse(item: syn::Item) -> String {
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item],
    })
}

/// How the words that stand for tables begin.
const TABLE: &str = "__table_";

/// Takes the tables out of macros with braces, whose rows end in `;`. The printer would fill lines
/// with them, so that one new row would move all that follow.
#[derive(Default)]
struct Tables {
    /// By the word that stands in their place.
    rows: std::collections::HashMap<String, Vec<String>>,
}

impl VisitMut for Tables {
    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        visit_mut::visit_macro_mut(self, mac);
        if !matches!(mac.delimiter, syn::MacroDelimiter::Brace(_)) {
            return;
        }
        let mut rows = Vec::new();
        let mut row = TokenStream::new();
        for token in std::mem::take(&mut mac.tokens) {
            let ends = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';');
            row.extend([token]);
            if ends {
                rows.push(print_row(std::mem::take(&mut row)));
            }
        }
        if !row.is_empty() {
            rows.push(print_row(row));
        }
        let word = format_ident!("{TABLE}{}", self.rows.len());
        self.rows.insert(word.to_string(), rows);
        mac.tokens = quote!(#word);
    }
}

/// A row as the printer spaces its tokens, on one line.
fn print_row(row: TokenStream) -> String {
    let mac = syn::Macro {
        path: format_ident!("row").into(),
        bang_token: syn::token::Not::default(),
        delimiter: syn::MacroDelimiter::Brace(syn::token::Brace::default()),
        tokens: row,
    };
    let item = syn::Item::Macro(syn::ItemMacro {
        attrs: Vec::new(),
        ident: None,
        mac,
        semi_token: None,
    });
    let text = unparse(item);
    let inner = text
        .trim()
        .trim_start_matches("row! {")
        .trim_end_matches('}');
    let lines: Vec<&str> = inner.lines().map(str::trim).collect();
    lines.join(" ").trim().to_owned()
}
