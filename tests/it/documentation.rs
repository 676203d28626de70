//! Every public item of a published crate is shown in an example that rustdoc compiles: one of its own, one
//! on the page of the type that it belongs to, or one in a place that is listed here. That the examples
//! compile and hold is for the doctests to find out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Expr, ImplItem, Item, Lit, Meta, TraitItem, Type, UseTree, Visibility};

/// The published libraries. `contract-review` is not one of them.
const CRATES: [&str; 3] = ["people-sdk", "people-fake", "people-codegen"];

/// Items that are shown away from their own page, by their paths; `*` stands for any text. What the contract
/// can add has a pattern, so that a new operation or schema costs nothing here.
const SHOWN_ELSEWHERE: &[(&str, Place)] = &[
    (
        "people_sdk::bytes",
        Place::Example("people_sdk::ByteStream"),
    ),
    (
        "people_sdk::chrono",
        Place::Example("people_sdk::guide::models"),
    ),
    ("people_sdk::reqwest", Place::Example("people_sdk")),
    (
        "people_sdk::schemars",
        Place::None(
            "its `Schema` is what `types::json_schemas` gives, with a feature that examples do not have",
        ),
    ),
    (
        "people_sdk::serde",
        Place::Example("people_sdk::RawRequest::send"),
    ),
    ("people_sdk::serde_json", Place::Example("people_sdk")),
    (
        "people_sdk::TokenFuture",
        Place::Example("people_sdk::TokenSource"),
    ),
    (
        "people_sdk::ClientBuilder::clock",
        Place::Example("people_sdk::Clock"),
    ),
    // The methods of all models, which a macro writes.
    (
        "people_sdk::open_struct!::from_json",
        Place::Example("people_sdk::types::Person"),
    ),
    (
        "people_sdk::open_struct!::*",
        Place::Example("people_sdk::guide::models"),
    ),
    (
        "people_sdk::open_enum!::*",
        Place::Example("people_sdk::types::PersonType"),
    ),
    // The methods of all builders, which a macro writes.
    (
        "people_sdk::request_builder!::*",
        Place::Example("people_sdk::builder::UpdatePerson"),
    ),
    (
        "people_sdk::types::*",
        Place::None("the contract has no example of its texts; the guide `models` shows them all"),
    ),
    (
        "people_sdk::operations::*",
        Place::None("one for each operation; `ALL` has an example for all of them"),
    ),
    (
        "people_sdk::update_facts::*",
        Place::None("one for each schema that has facts; `PropertyFacts` has an example"),
    ),
    (
        "people_sdk::MultipartForm*",
        Place::None("public in a client whose contract has such a form; this one has none"),
    ),
    // People and tokens to choose from.
    ("people_fake::*", Place::Listed("people_fake")),
    (
        "people_codegen::*",
        Place::None("for the tools of this repository; the functions at the root have examples"),
    ),
];

/// Where an item is shown that has no example on its own page.
enum Place {
    /// An example on the page of this item or module names it.
    Example(&'static str),
    /// The documentation of this item or module links to it, in text or in a table: a value to choose from.
    Listed(&'static str),
    /// No example, for this reason.
    None(&'static str),
}

/// A public item.
struct PublicItem {
    /// `people_sdk::Client::builder`, whatever module it is defined in.
    path: String,
    /// The path of the type or trait of a method or constant.
    owner: Option<String>,
    /// Whether an example of it can do without its name, as that of a type can.
    is_type: bool,
}

/// What a crate documents.
#[derive(Default)]
struct Documentation {
    items: Vec<PublicItem>,
    /// The documentation of items and modules, by path.
    text: BTreeMap<String, String>,
}

impl Documentation {
    /// Reads the sources of a crate. `pub` is public there: the lint `unreachable_pub` sees to it.
    fn of(package: &str) -> Self {
        let mut documentation = Self::default();
        let root = xtask::project_root().join("crates").join(package);
        let module = package.replace('-', "_");
        documentation.read(&root.join("src/lib.rs"), &root.join("src"), &module);
        documentation
    }

    /// Reads a file, whose modules are in `directory`. Items of private modules are re-exported by `module`.
    fn read(&mut self, file: &Path, directory: &Path, module: &str) {
        let text = fs::read_to_string(file).unwrap();
        let source = syn::parse_file(&text).unwrap();
        self.document(module, &source.attrs, file);
        self.read_items(&source.items, file, directory, module);
    }

    fn read_items(&mut self, items: &[Item], file: &Path, directory: &Path, module: &str) {
        let modules: BTreeSet<String> = items
            .iter()
            .filter_map(|item| match item {
                Item::Mod(item) => Some(item.ident.to_string()),
                _ => None,
            })
            .collect();
        for item in items {
            match item {
                Item::Mod(item) if is_test(&item.attrs) => {}
                Item::Mod(item) => {
                    let name = item.ident.to_string();
                    let inner = match item.vis {
                        Visibility::Public(_) => format!("{module}::{name}"),
                        _ => module.to_owned(),
                    };
                    if matches!(item.vis, Visibility::Public(_)) {
                        self.document(&inner, &item.attrs, file);
                    }
                    let directory = directory.join(&name);
                    match &item.content {
                        Some((_, items)) => self.read_items(items, file, &directory, &inner),
                        None => {
                            self.read(&directory.with_extension("rs"), &directory, &inner);
                        }
                    }
                }
                Item::Macro(item) if item.mac.path.is_ident("include") => {
                    // The file that the build script writes has no literal path, and the same content.
                    if let Ok(path) = item.mac.parse_body::<syn::LitStr>() {
                        let path = file.with_file_name(path.value());
                        self.read(&path, directory, module);
                    }
                }
                Item::Macro(item) => {
                    if let Some(name) = &item.ident {
                        let name = format!("{module}::{name}!");
                        self.read_macro(&name, item.mac.tokens.clone());
                    }
                }
                Item::Use(item) if matches!(item.vis, Visibility::Public(_)) => {
                    for name in crates(&item.tree, &modules) {
                        self.add(module, None, &name, true, &item.attrs, file);
                    }
                }
                Item::Impl(item) if item.trait_.is_none() => {
                    let Type::Path(owner) = &*item.self_ty else {
                        continue;
                    };
                    let owner = owner.path.segments.last().unwrap().ident.to_string();
                    let owner = format!("{module}::{owner}");
                    for item in &item.items {
                        let (vis, name, attributes) = match item {
                            ImplItem::Fn(item) => (&item.vis, &item.sig.ident, &item.attrs),
                            ImplItem::Const(item) => (&item.vis, &item.ident, &item.attrs),
                            _ => continue,
                        };
                        if matches!(vis, Visibility::Public(_)) {
                            self.add(
                                &owner,
                                Some(&owner),
                                &name.to_string(),
                                false,
                                attributes,
                                file,
                            );
                        }
                    }
                }
                Item::Trait(item) if matches!(item.vis, Visibility::Public(_)) => {
                    let name = item.ident.to_string();
                    self.add(module, None, &name, true, &item.attrs, file);
                    let owner = format!("{module}::{name}");
                    for item in &item.items {
                        if let TraitItem::Fn(item) = item {
                            let name = item.sig.ident.to_string();
                            self.add(&owner, Some(&owner), &name, false, &item.attrs, file);
                        }
                    }
                }
                item => {
                    if let Some((name, is_type, attributes)) = public(item) {
                        self.add(module, None, &name, is_type, attributes, file);
                    }
                }
            }
        }
    }

    /// The public items that a macro writes into the types that it is called for.
    fn read_macro(&mut self, name: &str, tokens: TokenStream) {
        let mut docs = String::new();
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => self.read_macro(name, group.stream()),
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    if let Some(TokenTree::Group(group)) = tokens.peek()
                        && let Ok(Meta::NameValue(meta)) = syn::parse2(group.stream())
                        && meta.path.is_ident("doc")
                        && let Some(line) = literal(&meta.value)
                    {
                        docs.push_str(&line);
                        docs.push('\n');
                        tokens.next();
                    }
                }
                TokenTree::Ident(ident) if ident == "pub" => {
                    let rest = tokens.clone().take_while(
                        |token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':'),
                    );
                    let is_dollar = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '$');
                    let rest = rest.filter(|token| !is_dollar(token));
                    let words = rest.map_while(|token| match token {
                        TokenTree::Ident(ident) => Some(ident.to_string()),
                        _ => None,
                    });
                    // `pub const fn name(`, `pub fn $name(`, `pub const NAME:`
                    if let Some(item) = words.take(4).last() {
                        let path = format!("{name}::{item}");
                        self.text.insert(path.clone(), std::mem::take(&mut docs));
                        self.items.push(PublicItem {
                            path,
                            owner: Some(name.to_owned()),
                            is_type: false,
                        });
                    }
                }
                TokenTree::Punct(punct) if punct.as_char() == ';' => docs.clear(),
                _ => {}
            }
        }
    }

    fn add(
        &mut self,
        module: &str,
        owner: Option<&str>,
        name: &str,
        is_type: bool,
        attributes: &[Attribute],
        file: &Path,
    ) {
        let path = format!("{module}::{name}");
        self.document(&path, attributes, file);
        self.items.push(PublicItem {
            path,
            owner: owner.map(str::to_owned),
            is_type,
        });
    }

    fn document(&mut self, path: &str, attributes: &[Attribute], file: &Path) {
        let text = self.text.entry(path.to_owned()).or_default();
        for attribute in attributes {
            let Meta::NameValue(meta) = &attribute.meta else {
                continue;
            };
            if !meta.path.is_ident("doc") {
                continue;
            }
            if let Some(line) = literal(&meta.value) {
                text.push_str(&line);
            } else if let Expr::Macro(included) = &meta.value {
                let name: syn::LitStr = included.mac.parse_body().unwrap();
                let file = file.with_file_name(name.value());
                text.push_str(&fs::read_to_string(file).unwrap());
            }
            text.push('\n');
        }
    }

    /// The lines of the compiled examples of an item that a reader sees.
    fn examples(&self, path: &str) -> String {
        self.text
            .get(path)
            .map(|text| examples(text))
            .unwrap_or_default()
    }

    /// Those on the page of an item: its own, and those of its methods.
    fn page(&self, path: &str) -> String {
        let is_owner = |item: &&PublicItem| item.owner.as_deref() == Some(path);
        let methods = self.items.iter().filter(is_owner).map(|item| &*item.path);
        let paths = std::iter::once(path).chain(methods);
        paths.map(|path| self.examples(path)).collect()
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|path| path.is_ident("test"))
    })
}

fn literal(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// A public item other than a trait: its name, whether it is a type, its attributes.
fn public(item: &Item) -> Option<(String, bool, &[Attribute])> {
    let (vis, name, is_type, attributes) = match item {
        Item::Const(item) => (&item.vis, &item.ident, false, &item.attrs),
        Item::Enum(item) => (&item.vis, &item.ident, true, &item.attrs),
        Item::Fn(item) => (&item.vis, &item.sig.ident, false, &item.attrs),
        Item::Static(item) => (&item.vis, &item.ident, false, &item.attrs),
        Item::Struct(item) => (&item.vis, &item.ident, true, &item.attrs),
        Item::Type(item) => (&item.vis, &item.ident, true, &item.attrs),
        Item::Union(item) => (&item.vis, &item.ident, true, &item.attrs),
        _ => return None,
    };
    matches!(vis, Visibility::Public(_)).then(|| (name.to_string(), is_type, attributes.as_slice()))
}

/// The crates that a `pub use` re-exports as they are: names that are no modules of this one.
fn crates(tree: &UseTree, modules: &BTreeSet<String>) -> Vec<String> {
    match tree {
        UseTree::Name(name) if !modules.contains(&name.ident.to_string()) => {
            vec![name.ident.to_string()]
        }
        UseTree::Group(group) => group
            .items
            .iter()
            .flat_map(|tree| crates(tree, modules))
            .collect(),
        _ => Vec::new(),
    }
}

/// The code blocks of Markdown that rustdoc compiles, without hidden lines.
fn examples(text: &str) -> String {
    let mut shown = String::new();
    let mut block: Option<bool> = None;
    for line in text.lines() {
        let line = line.trim();
        if let Some(tags) = line.strip_prefix("```") {
            block = match block {
                Some(_) => None,
                None => Some(
                    tags.split(',')
                        .all(|tag| ["", "rust", "no_run"].contains(&tag.trim())),
                ),
            };
        } else if block == Some(true) && line != "#" && !line.starts_with("# ") {
            shown.push_str(line);
            shown.push('\n');
        }
    }
    shown
}

/// Whether `text` has `name` as a word.
fn names(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(start, _)| {
        !text[..start].ends_with(is_word) && !text[start + name.len()..].starts_with(is_word)
    })
}

/// Whether `pattern` stands for `path`.
fn stands_for(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => path.starts_with(start) && path.ends_with(end),
        None => path == pattern,
    }
}

#[test]
fn every_public_item_is_shown_in_a_compiled_example() {
    let documentations = CRATES.map(Documentation::of);
    let text = |path: &str| documentations.iter().find_map(|it| it.text.get(path));
    let paths = SHOWN_ELSEWHERE.iter().map(|(path, _)| *path);
    let mut unused: BTreeSet<&str> = paths.filter(|path| !path.contains('*')).collect();
    let mut missing = Vec::new();
    let mut count = 0;
    for documentation in &documentations {
        for item in &documentation.items {
            count += 1;
            let name = item.path.rsplit("::").next().unwrap();
            let page = documentation.page(item.owner.as_deref().unwrap_or(&item.path));
            if names(&page, name) || (item.is_type && !page.is_empty()) {
                continue;
            }
            let mut places = SHOWN_ELSEWHERE.iter();
            let Some((pattern, place)) = places.find(|(it, _)| stands_for(it, &item.path)) else {
                missing.push(format!("{}: no example", item.path));
                continue;
            };
            unused.remove(pattern);
            let (place, shown) = match place {
                Place::Example(place) => (place, text(place).map(|text| examples(text))),
                Place::Listed(place) => (place, text(place).cloned()),
                Place::None(reason) => {
                    assert!(!reason.is_empty(), "{pattern}");
                    continue;
                }
            };
            if !shown.is_some_and(|shown| names(&shown, name)) {
                missing.push(format!("{}: not shown in {place}", item.path));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "{} of {count} items:\n{}",
        missing.len(),
        missing.join("\n")
    );
    assert!(unused.is_empty(), "have examples, or are gone: {unused:?}");
    // Far fewer items than there are would mean that the sources are read in a wrong way.
    assert!(count > 300, "{count} items");
}
