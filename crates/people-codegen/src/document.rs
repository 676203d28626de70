//! The contract as it is read: text, tree with positions, objects of OpenAPI, typed model. Checks only
//! the format; rules about meaning live in `rules`.

mod characters;
pub mod contract;
pub mod diagnostic;
pub mod load;
pub(crate) mod model;
pub mod node;
pub mod openapi_format;
