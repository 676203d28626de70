//! The tree as the model of `openapiv3`, from which code is made; and where it does not fit.

use openapiv3::{
    Encoding, Example, Header, Info, Link, MediaType, OpenAPI, Operation, Parameter, PathItem,
    RequestBody, Response, Schema, SecurityScheme, Server, Tag,
};
use serde::Deserialize;

use crate::finding::Finding;
use crate::node::{Node, Position};
use crate::shape::{self, Kind, Located};

/// Reads `root` as the model.
pub(crate) fn read(root: &Node) -> Result<OpenAPI, Finding> {
    OpenAPI::deserialize(root).map_err(|error| {
        let (objects, _) = shape::walk(root);
        let (position, error) = innermost(&objects).unwrap_or((Position::START, error));
        let message = format!(
            "the model that code is made from cannot hold this: {error}; describe it in another way"
        );
        Finding::new("openapi-model", position, message)
    })
}

type Fault = serde::de::value::Error;

/// The first object that does not fit although everything inside it does.
fn innermost(objects: &[Located<'_>]) -> Option<(Position, Fault)> {
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

fn fault(object: &Located<'_>) -> Option<Fault> {
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
        let finding = read(&crate::load::load(text).unwrap()).unwrap_err();
        assert_eq!(finding.position.to_string(), "7:11");
        assert!(finding.message.contains("cannot hold this"), "{finding:?}");
    }
}
