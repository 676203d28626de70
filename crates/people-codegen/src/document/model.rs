//! The tree as the model of `openapiv3`, from which code is made; and where it does not fit.

use openapiv3::{
    Encoding, Example, Header, Info, Link, MediaType, OpenAPI, Operation, Parameter, PathItem,
    RequestBody, Response, Schema, SecurityScheme, Server, Tag,
};
use serde::Deserialize;

use crate::document::diagnostic::Diagnostic;
use crate::document::node::{Node, Position};
use crate::document::openapi_format::{self, Kind, METHODS, ObjectRef};

/// Reads `root` as the model.
pub(crate) fn read(root: &Node) -> Result<OpenAPI, Diagnostic> {
    OpenAPI::deserialize(root).map_err(|error| {
        let (objects, _) = openapi_format::walk(root);
        let (position, error) = innermost(&objects).unwrap_or((Position::START, error));
        let message = format!(
            "the model that code is made from cannot hold this: {error}; describe it in another way"
        );
        Diagnostic::new("openapi-model", position, message)
    })
}

/// The place of each operation in a path item, with its method.
pub(crate) fn operation_slots(
    item: &mut PathItem,
) -> impl Iterator<Item = (&'static str, &mut Option<Operation>)> {
    let slots: [_; METHODS.len()] = [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.options,
        &mut item.head,
        &mut item.patch,
        &mut item.trace,
    ];
    METHODS.into_iter().zip(slots)
}

/// Every operation of a path item, with its method.
pub(crate) fn operations_mut(
    item: &mut PathItem,
) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    operation_slots(item).filter_map(|(method, slot)| Some((method, slot.as_mut()?)))
}

/// Every operation of a path item.
pub(crate) fn operations_of(item: &PathItem) -> impl Iterator<Item = &Operation> {
    item.iter().map(|(_, operation)| operation)
}

type Fault = serde::de::value::Error;

/// The first object that does not fit although everything inside it does.
fn innermost(objects: &[ObjectRef<'_>]) -> Option<(Position, Fault)> {
    let mut faults = objects
        .iter()
        .filter_map(|object| Some((object, fault(object)?)))
        .peekable();
    while let Some((object, error)) = faults.next() {
        let inside = format!("{}/", object.pointer);
        let holds_another = faults
            .peek()
            .is_some_and(|(next, _)| next.pointer.starts_with(&inside));
        if !holds_another {
            return Some((object.position, error));
        }
    }
    None
}

fn fault(object: &ObjectRef<'_>) -> Option<Fault> {
    fn of<'a, T: Deserialize<'a>>(node: &'a Node) -> Option<Fault> {
        T::deserialize(node).err()
    }
    let check = match object.kind {
        Kind::Info => of::<Info>,
        Kind::Server => of::<Server>,
        Kind::Tag => of::<Tag>,
        Kind::PathItem => of::<PathItem>,
        Kind::Operation => of::<Operation>,
        Kind::Parameter => of::<Parameter>,
        Kind::RequestBody => of::<RequestBody>,
        Kind::Response => of::<Response>,
        Kind::MediaType => of::<MediaType>,
        Kind::Encoding => of::<Encoding>,
        Kind::Header => of::<Header>,
        Kind::Example => of::<Example>,
        Kind::Link => of::<Link>,
        Kind::Schema => of::<Schema>,
        Kind::SecurityScheme => of::<SecurityScheme>,
        _ => return None,
    };
    check(object.node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slot_holds_the_operation_of_its_method() {
        for method in METHODS {
            let text = format!("{method}: {{responses: {{}}}}");
            let mut item =
                PathItem::deserialize(&crate::document::load::load(&text).unwrap()).unwrap();
            let found: Vec<_> = operations_mut(&mut item)
                .map(|(method, _)| method)
                .collect();
            assert_eq!(found, [method]);
        }
    }

    #[test]
    fn the_innermost_misfit_is_named() {
        let text = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get:
      parameters:
        - name: a
          in: query
          style: matrix
          schema: {type: string}
      responses: {}
";
        let diagnostic = read(&crate::document::load::load(text).unwrap()).unwrap_err();
        assert_eq!(diagnostic.position.to_string(), "7:11");
        assert!(
            diagnostic.message.contains("cannot hold this"),
            "{diagnostic:?}"
        );
    }
}
