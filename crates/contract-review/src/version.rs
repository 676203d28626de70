//! Documents of another format than OpenAPI 3.0 that cannot be read as one.

use people_codegen::{Diagnostic, Node};

/// What is wrong with a document of Swagger 2.0.
pub(crate) fn swagger(root: &Node) -> Option<Diagnostic> {
    let entry = root.entry("swagger")?;
    let message = "this is Swagger 2.0, and OpenAPI 3.0 is read here; convert it first";
    Some(Diagnostic::new("openapi-version", entry.key, message))
}
