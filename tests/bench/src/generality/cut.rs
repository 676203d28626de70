//! Parts of a document: some of its operations, with the components that they reach. Every value keeps
//! its place in the whole text.

use std::collections::HashSet;

use people_codegen::document::contract::Operation;
use people_codegen::document::node::{Entry, Value};
use people_codegen::document::openapi_format::METHODS;
use people_codegen::{Node, Position};

/// The document of `root` with `operations` alone.
pub(super) fn cut(root: &Node, operations: &[&Operation<'_>]) -> Node {
    let kept: HashSet<(&str, &str)> = operations
        .iter()
        .map(|operation| (operation.path, operation.method))
        .collect();
    let kept_paths: HashSet<&str> = operations.iter().map(|operation| operation.path).collect();
    let paths = root.get("paths").map(|paths| {
        filtered(paths, |path, item| {
            kept_paths.contains(path).then(|| {
                filtered(&item.node, |name, entry| {
                    let wanted = !METHODS.contains(&name) || kept.contains(&(path, name));
                    wanted.then(|| entry.node.clone())
                })
            })
        })
    });
    let mut reached = HashSet::new();
    if let Some(paths) = &paths {
        reach(root, paths, &mut reached);
    }
    filtered(root, |name, entry| match name {
        "paths" => paths.clone(),
        "components" => Some(filtered(&entry.node, |kind, named| {
            Some(filtered(&named.node, |_, entry| {
                // Security requirements name their schemes without a reference.
                let wanted = kind == "securitySchemes" || reached.contains(&entry.key);
                wanted.then(|| entry.node.clone())
            }))
        })),
        _ => Some(entry.node.clone()),
    })
}

/// Adds the places of the components of `root` that `node` refers to, directly or through others.
fn reach(root: &Node, node: &Node, reached: &mut HashSet<Position>) {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        for target in targets(node) {
            // A discriminator names schemas by their names alone, too.
            let pointer = if target.starts_with('#') {
                target.split('/').take(4).collect::<Vec<_>>().join("/")
            } else {
                format!("#/components/schemas/{target}")
            };
            if pointer.starts_with("#/components/")
                && let Some((component, place)) = root.pointer(&pointer)
                && reached.insert(place)
            {
                open.push(component);
            }
        }
        open.extend(node.items());
        open.extend(node.entries().map(|(_, entry)| &entry.node));
    }
}

/// What `node` itself refers to: by `$ref`, or as a discriminator.
fn targets(node: &Node) -> impl Iterator<Item = &str> {
    let discriminator = node.get("propertyName").and(node.get("mapping"));
    let mapping = discriminator.into_iter().flat_map(Node::entries);
    node.get("$ref")
        .into_iter()
        .chain(mapping.map(|(_, entry)| &entry.node))
        .filter_map(Node::as_str)
}

/// `node` with what `keep` leaves of each of its entries.
fn filtered(node: &Node, keep: impl Fn(&str, &Entry) -> Option<Node>) -> Node {
    let value = match &node.value {
        Value::Mapping(entries) => {
            let kept = entries.iter().filter_map(|(name, entry)| {
                let node = keep(name, entry)?;
                Some((
                    name.to_owned(),
                    Entry {
                        key: entry.key,
                        node,
                    },
                ))
            });
            Value::Mapping(Box::new(kept.collect()))
        }
        other => other.clone(),
    };
    Node {
        position: node.position,
        value,
    }
}

#[cfg(test)]
mod tests {
    use people_codegen::document::contract::Contract;
    use people_codegen::document::load::load;

    use super::*;

    #[test]
    fn a_part_has_what_its_operations_reach_and_keeps_its_places() {
        let root = load(
            "openapi: 3.0.3
info: { title: T, version: '1' }
paths:
  /a:
    parameters: [{ $ref: '#/components/parameters/P' }]
    get: { responses: { '200': { $ref: '#/components/responses/R' } } }
    put: { responses: {} }
  /b:
    get: { responses: {} }
components:
  securitySchemes: { s: { type: http, scheme: bearer } }
  parameters: { P: { name: p, in: query, schema: { $ref: '#/components/schemas/Three' } } }
  responses: { R: { description: r, content: { a/b: { schema: { $ref: '#/components/schemas/One' } } } } }
  schemas:
    One: { discriminator: { propertyName: k, mapping: { t: Two } } }
    Two: { type: string }
    Three: { type: string }
    Four: { type: string }
",
        )
        .unwrap();
        let contract = Contract::new(&root).unwrap();
        let operations: Vec<_> = contract.operations().collect();
        let part = cut(&root, &[&operations[0]]);
        let names = |pointer: &str| -> Vec<String> {
            let (node, _) = part.pointer(pointer).unwrap();
            node.entries().map(|(name, _)| name.to_owned()).collect()
        };
        assert_eq!(names("/paths"), ["/a"]);
        assert_eq!(names("/paths/~1a"), ["parameters", "get"]);
        assert_eq!(names("/components/schemas"), ["One", "Two", "Three"]);
        assert_eq!(names("/components/securitySchemes"), ["s"]);
        let place = |node: &Node| node.pointer("/components/schemas/Two").unwrap().1;
        assert_eq!(place(&part), place(&root));
    }
}
