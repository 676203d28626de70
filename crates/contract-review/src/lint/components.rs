//! Rules about what stands in one place and is used in another: components, references, security
//! schemes and tags.

use std::collections::HashSet;

use people_codegen::document::node::Node;
use people_codegen::document::openapi_format::Kind;

use super::document::{Document, last_step, text};
use super::reporter::Reporter;

/// `/components/GROUP/NAME` to its group.
fn group(pointer: &str) -> Option<&str> {
    let (group, name) = pointer.strip_prefix("/components/")?.split_once('/')?;
    (!name.contains('/')).then_some(group)
}

pub(super) fn unused(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.objects() {
        if let Some(group) = group(&object.pointer)
            && !document.is_used(object)
        {
            let name = last_step(&object.pointer);
            let message = format!("no operation uses `{name}` of `{group}`; use it or remove it");
            reporter.object(object, message);
        }
    }
}

pub(super) fn siblings(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.all(Kind::Reference) {
        for (name, _) in object.node.entries() {
            if name != "$ref" && !name.starts_with("x-") {
                let message = format!(
                    "`{name}` stands beside a `$ref`, where OpenAPI 3.0 ignores it; \
                     move it to the target, or wrap the reference in `allOf`"
                );
                reporter.field(object, name, message);
            }
        }
    }
    for path in document.all(Kind::PathItem) {
        if path.node.get("$ref").is_none() {
            continue;
        }
        for (name, _) in path.node.entries() {
            if name != "$ref" && !name.starts_with("x-") {
                let message = format!(
                    "`{name}` stands beside the `$ref` of a path, where OpenAPI 3.0 leaves open which \
                     of the two counts; describe the path in one place"
                );
                reporter.field(path, name, message);
            }
        }
    }
}

pub(super) fn security(document: &Document<'_>, reporter: &mut Reporter) {
    let schemes = document.root().pointer("/components/securitySchemes");
    for object in document.all(Kind::SecurityRequirement) {
        for (name, _) in object.node.entries() {
            if schemes.is_none_or(|(schemes, _)| schemes.get(name).is_none()) {
                let message = format!(
                    "there is no `{name}` under `components/securitySchemes`; correct it, or describe it there"
                );
                reporter.field(object, name, message);
            }
        }
    }
}

pub(super) fn tags(document: &Document<'_>, reporter: &mut Reporter) {
    let declared: HashSet<&str> = document
        .all(Kind::Tag)
        .map(|tag| text(tag.node, "name"))
        .collect();
    let mut used = HashSet::new();
    for (pointer, operation) in document.operations() {
        let tags = operation.node.get("tags").into_iter().flat_map(Node::items);
        for (index, tag) in tags.enumerate() {
            let name = tag.as_str().unwrap_or_default();
            used.insert(name);
            if !declared.contains(name) {
                let pointer = format!("{pointer}/tags/{index}");
                let message =
                    format!("`{name}` is not among the `tags` of the contract; describe it there");
                reporter.add(&pointer, tag.position, message);
            }
        }
    }
    for tag in document.all(Kind::Tag) {
        let name = text(tag.node, "name");
        if !used.contains(name) {
            reporter.object(
                tag,
                format!("no operation has the tag `{name}`; use it or remove it"),
            );
        }
    }
}
