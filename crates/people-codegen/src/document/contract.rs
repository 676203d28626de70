//! A document whose objects are known: its operations, parameters, path templates and references.
//! What makes an object valid lives in `openapi_format`; rules live in `crate::rules`.

use super::diagnostic::Diagnostic;
use super::node::{Entry, Node, Position};
use super::openapi_format::{self, Kind, METHODS, ObjectRef};

/// The extension that lists the known values of text to which a service adds others.
pub const EXTENSIBLE_ENUM: &str = "x-extensible-enum";

/// A longer chain of references counts as circular.
pub(crate) const MAX_REFERENCES: usize = 32;

/// A document with its objects, as rules see it.
#[derive(Debug)]
pub struct Contract<'a> {
    /// The whole document.
    pub root: &'a Node,
    /// Every object of the format, in the order of the text.
    pub objects: Vec<ObjectRef<'a>>,
}

impl<'a> Contract<'a> {
    /// Finds the objects of `root` and checks them against the format.
    ///
    /// # Errors
    ///
    /// What is missing, unknown or of the wrong type.
    pub fn new(root: &'a Node) -> Result<Self, Vec<Diagnostic>> {
        let (objects, diagnostics) = openapi_format::walk(root);
        if diagnostics.is_empty() {
            Ok(Self { root, objects })
        } else {
            Err(diagnostics)
        }
    }

    /// The objects of one kind.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = &ObjectRef<'a>> {
        self.objects
            .iter()
            .filter(move |object| object.kind == kind)
    }

    /// `node` itself, or the target of its `$ref`, followed to the end.
    #[must_use]
    pub fn resolve(&self, node: &'a Node) -> Option<&'a Node> {
        let mut node = node;
        for _ in 0..MAX_REFERENCES {
            match node.get("$ref").and_then(Node::as_str) {
                Some(reference) => node = self.root.pointer(reference)?.0,
                None => return Some(node),
            }
        }
        None
    }

    /// Path, method, position of the method's name, operation and path item of every operation.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'a>> {
        let paths = self.root.get("paths");
        paths
            .into_iter()
            .flat_map(Node::entries)
            .flat_map(|(path, item)| {
                METHODS.into_iter().filter_map(move |method| {
                    let entry = item.node.entry(method)?;
                    Some(Operation {
                        path,
                        path_position: item.key,
                        method,
                        position: entry.key,
                        node: &entry.node,
                        path_item: &item.node,
                    })
                })
            })
    }
}

/// One operation of a contract.
#[derive(Debug, Clone, Copy)]
pub struct Operation<'a> {
    /// The path template, `/people/{personId}`.
    pub path: &'a str,
    /// Where the path stands.
    pub path_position: Position,
    /// The method, in lower case as in the contract.
    pub method: &'static str,
    /// Where the method stands.
    pub position: Position,
    /// The operation object.
    pub node: &'a Node,
    /// The path item that holds it.
    pub path_item: &'a Node,
}

/// The entry with the values of an enumeration: closed, as `enum`, or open, as `x-extensible-enum`.
#[must_use]
pub fn enumeration(schema: &Node) -> Option<&Entry> {
    schema
        .entry("enum")
        .or_else(|| schema.entry(EXTENSIBLE_ENUM))
}

/// What of a path template is sent. Some documents tell operations of one path apart by a fragment.
pub(crate) fn without_fragment(path: &str) -> &str {
    path.split('#').next().unwrap_or_default()
}

/// Whether a parameter whose content has this media type is text, as one with a schema is.
pub(crate) fn is_text_content(media_type: &str) -> bool {
    media_type == "*/*" || media_type.starts_with("text/")
}

/// The names between braces in a path template, or what is wrong with its braces.
pub(crate) fn template_names(path: &str) -> Result<Vec<&str>, &'static str> {
    let path = without_fragment(path);
    if path.contains('?') {
        return Err("has a `?`, where a path ends; declare query parameters as such");
    }
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(start) = rest.find(['{', '}']) {
        let after = rest[start..]
            .strip_prefix('{')
            .ok_or("has a `}` without its `{`")?;
        let end = after.find('}').ok_or("has a `{` without its `}`")?;
        let name = &after[..end];
        if name.is_empty() || name.contains(['/', '{']) {
            return Err("has braces without a name between them");
        }
        if names.contains(&name) {
            return Err("has the same name between braces twice");
        }
        names.push(name);
        rest = &after[end + 1..];
    }
    Ok(names)
}

/// The parameters of an operation, those of its path item included, each resolved.
pub(crate) fn parameters<'a>(
    contract: &Contract<'a>,
    operation: &Operation<'a>,
) -> Vec<(&'a Node, &'a Node)> {
    let lists = [operation.path_item, operation.node].map(|node| node.get("parameters"));
    let items = lists.into_iter().flatten().flat_map(Node::items);
    items
        .filter_map(|node| Some((node, contract.resolve(node)?)))
        .collect()
}

pub(crate) fn text<'a>(node: &'a Node, name: &str) -> &'a str {
    node.get(name).and_then(Node::as_str).unwrap_or_default()
}
