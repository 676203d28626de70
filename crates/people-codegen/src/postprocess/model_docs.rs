//! The examples of the models: how a value is made, written and read, with the contract's own examples.

use proc_macro2::Ident;

use crate::names::snake_case;

/// A field of an object, for an example.
pub(super) struct ExampleField {
    /// The name of the property.
    pub(super) property: String,
    /// The name of the field.
    pub(super) field: String,
    pub(super) required: bool,
    /// The contract's example, if the field is text.
    pub(super) text: Option<String>,
}

/// The longest text in an example, in bytes.
const LONGEST_TEXT: usize = 100;

/// An object with its required properties and the first optional text; none if the contract has no examples
/// of these.
pub(super) fn object(name: &Ident, fields: &[ExampleField]) -> Vec<String> {
    let text = |field: &ExampleField| field.text.clone().filter(|text| is_plain(text));
    let first = fields
        .iter()
        .position(|field| !field.required && text(field).is_some());
    let mut arguments = Vec::new();
    let mut sent = Vec::new();
    let mut assignment = String::new();
    let variable = snake_case(&name.to_string());
    for (index, field) in fields.iter().enumerate() {
        let is_set = Some(index) == first;
        if !(field.required || is_set) {
            continue;
        }
        let Some(text) = text(field) else {
            return Vec::new();
        };
        sent.push(format!("\"{}\":\"{text}\"", field.property));
        if is_set {
            assignment = format!("{variable}.{} = Some({text:?}.to_owned());", field.field);
        } else {
            arguments.push(format!("{text:?}"));
        }
    }
    if first.is_none() {
        return Vec::new();
    }
    let made = if arguments.is_empty() {
        format!("{name}::default()")
    } else {
        format!("{name}::new({})", arguments.join(", "))
    };
    let json = sent.join(",");
    block(vec![
        "use people_sdk::serde_json;".to_owned(),
        format!("use people_sdk::types::{name};"),
        String::new(),
        format!("let mut {variable} = {made};"),
        assignment,
        format!("let json = serde_json::to_string(&{variable})?;"),
        format!("assert_eq!(json, r#\"{{{json}}}\"#);"),
        format!("assert_eq!({name}::from_json(&json)?, {variable});"),
        "# Ok::<(), serde_json::Error>(())".to_owned(),
    ])
}

/// A value of an open enumeration, from its listed words and their variants.
pub(super) fn enumeration(name: &Ident, words: &[String], variants: &[Ident]) -> Vec<String> {
    let listed = |text: &str| words.iter().any(|word| word == text);
    let other = ["other", "another", "unlisted"]
        .into_iter()
        .find(|text| !listed(text));
    let (Some(word), Some(variant), Some(other)) = (words.first(), variants.first(), other) else {
        return Vec::new();
    };
    block(vec![
        format!("use people_sdk::types::{name};"),
        String::new(),
        format!("assert_eq!({name}::from({word:?}), {name}::{variant});"),
        format!("assert_eq!({name}::{variant}.as_str(), {word:?});"),
        "// A value that the contract does not list is kept.".to_owned(),
        format!("assert_eq!({name}::from({other:?}).as_str(), {other:?});"),
        format!("assert!(!{name}::KNOWN_VALUES.contains(&{other:?}));"),
    ])
}

/// Whether text is the same in Rust, in JSON and in a comment.
fn is_plain(text: &str) -> bool {
    let is_plain = |c: char| c == ' ' || (c.is_ascii_graphic() && !"\"\\".contains(c));
    text.len() <= LONGEST_TEXT && text.chars().all(is_plain)
}

/// Lines of Rust as the examples of an item.
fn block(lines: Vec<String>) -> Vec<String> {
    let start = ["", "# Examples", "", "```"].map(str::to_owned);
    let end = std::iter::once("```".to_owned());
    start.into_iter().chain(lines).chain(end).collect()
}
