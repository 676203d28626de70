//! The house style of names, and names of extensions that are spelled almost as one that is read.

use people_codegen::document::contract::EXTENSIBLE_ENUM;
use people_codegen::document::node::Node;
use people_codegen::document::openapi_format::Kind;
use people_codegen::rules::{RESPONSE_BODY, UPDATE_EXTENSIONS};

use super::document::{Document, last_step, text};
use super::reporter::Reporter;
use super::rule::SUPPRESSIONS;
use crate::diff::{STABILITY, SUNSET};

fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric())
}

fn is_camel(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && is_word(name)
}

fn is_pascal(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && is_word(name)
}

fn is_train(name: &str) -> bool {
    name.split('-').all(is_pascal)
}

fn is_kebab(name: &str) -> bool {
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.split('-')
        .all(|part| !part.is_empty() && part.chars().all(lower))
}

pub(super) fn operations(document: &Document<'_>, reporter: &mut Reporter) {
    for (pointer, operation) in document.operations() {
        if let Some(node) = operation.node.get("operationId")
            && let Some(id) = node.as_str()
            && !is_camel(id)
        {
            let message = format!("`{id}` is not in camelCase; write it like `getPersonDetails`");
            reporter.add(&format!("{pointer}/operationId"), node.position, message);
        }
    }
}

pub(super) fn components(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.objects() {
        let Some((group, name)) = object
            .pointer
            .strip_prefix("/components/")
            .and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        if name.contains('/') {
            continue;
        }
        let (fits, style, model) = match group {
            "securitySchemes" => (is_camel(name), "camelCase", "bearerAuth"),
            _ => (is_pascal(name), "PascalCase", "PhoneNumber"),
        };
        if !fits {
            let message = format!("`{name}` is not in {style}; write it like `{model}`");
            reporter.object(object, message);
        }
    }
}

pub(super) fn properties(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.all(Kind::Schema) {
        let properties = object.node.get("properties").into_iter();
        for (name, entry) in properties.flat_map(Node::entries) {
            if !is_camel(name) {
                let token = people_codegen::document::node::pointer_token(name);
                let pointer = format!("{}/properties/{token}", object.pointer);
                let message = format!("`{name}` is not in camelCase; write it like `displayName`");
                reporter.add(&pointer, entry.key, message);
            }
        }
    }
}

pub(super) fn parameters(document: &Document<'_>, reporter: &mut Reporter) {
    let train = |name: &str| format!("`{name}` is not in Train-Case; write it like `Retry-After`");
    for object in document.all(Kind::Parameter) {
        let Some(node) = object.node.get("name") else {
            continue;
        };
        let name = node.as_str().unwrap_or_default();
        let message = if text(object.node, "in") == "header" {
            (!is_train(name)).then(|| train(name))
        } else {
            let camel = || format!("`{name}` is not in camelCase; write it like `callingData`");
            (!is_camel(name)).then(camel)
        };
        if let Some(message) = message {
            reporter.add(&format!("{}/name", object.pointer), node.position, message);
        }
    }
    for object in document.objects() {
        let header = object.expected_kind == Kind::Header;
        let name = last_step(&object.pointer);
        if header && !object.pointer.starts_with("/components/headers/") && !is_train(&name) {
            reporter.object(object, train(&name));
        }
    }
}

pub(super) fn paths(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.all(Kind::PathItem) {
        if !object.pointer.starts_with("/paths/") || object.pointer.matches('/').count() != 2 {
            continue;
        }
        let path = last_step(&object.pointer);
        let fits = |step: &str| {
            let inner = step
                .strip_prefix('{')
                .and_then(|step| step.strip_suffix('}'));
            match inner {
                Some(name) => is_camel(name),
                // A part of a step cannot be styled.
                None => is_kebab(step) || step.contains(['{', '}']),
            }
        };
        if path != "/" && !path.split('/').skip(1).all(fits) {
            let message = format!(
                "`{path}` is not made of steps in kebab-case and names in camelCase; \
                 write it like `/people/{{personId}}`"
            );
            reporter.object(object, message);
        }
    }
}

/// Other extensions that are read, beside those about updates.
const EXTENSIONS: [&str; 5] = [
    EXTENSIBLE_ENUM,
    RESPONSE_BODY,
    SUNSET,
    STABILITY,
    SUPPRESSIONS,
];

/// One letter in as many may be wrong in a name that is meant to be another one.
const LETTERS_PER_MISTAKE: usize = 5;

const MAX_MISTAKES: usize = 2;

pub(super) fn extensions(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.objects() {
        for (name, _) in object.node.entries() {
            if name.starts_with("x-")
                && let Some(meant) = misspelled_extension(name)
            {
                let message = format!(
                    "`{name}` means nothing here, and is almost `{meant}`, which does; correct the name"
                );
                reporter.field(object, name, message);
            }
        }
    }
}

/// The extension that a name was probably meant to be. None for one that is read, or like none of them.
fn misspelled_extension(name: &str) -> Option<&'static str> {
    let letters = |name: &str| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.collect::<String>().to_ascii_lowercase()
    };
    let known = UPDATE_EXTENSIONS.into_iter().chain(EXTENSIONS);
    if known.clone().any(|known| known == name) {
        return None;
    }
    let written = letters(name);
    let mistakes = known.map(|known| {
        let meant = letters(known);
        let allowed = (meant.len() / LETTERS_PER_MISTAKE).min(MAX_MISTAKES);
        let mistakes = if meant.len().abs_diff(written.len()) > allowed {
            usize::MAX
        } else {
            strsim::osa_distance(&meant, &written)
        };
        (mistakes, allowed, known)
    });
    let closest = mistakes.min_by_key(|(mistakes, ..)| *mistakes)?;
    (closest.0 <= closest.1).then_some(closest.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_is_misspelled_when_it_is_almost_one_that_is_read() {
        for (name, meant) in [
            ("x-first-is-primry", "x-first-is-primary"),
            ("x-firstIsPrimary", "x-first-is-primary"),
            ("x-extensible-enums", "x-extensible-enum"),
            ("x-sunsets", "x-sunset"),
            ("x-lint-supress", "x-lint-suppress"),
        ] {
            assert_eq!(misspelled_extension(name), Some(meant), "{name}");
        }
        for name in [
            "x-first-is-primary",
            "x-sunset",
            "x-internal",
            "x-codeSamples",
            "x-reset",
        ] {
            assert_eq!(misspelled_extension(name), None, "{name}");
        }
    }
}
