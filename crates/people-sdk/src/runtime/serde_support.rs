//! How values are read and written that the generator has no way for, or a slow one. Generated types
//! refer to it; nothing here names one of them.

pub use boolean_or_text::BooleanOrText;
pub(crate) use json_type::JsonType;
pub(crate) use open_enum::open_enum;
pub(crate) use open_struct::{by_serde, open_struct, transparent};
#[allow(unused_imports, reason = "used by contracts with a choice of schemas")]
pub(crate) use open_union::open_union;
pub use report::{Deviation, DeviationKind};
pub(crate) use report::{Mismatch, Report};
pub use revealed::Revealed;
pub use unparsed::UnparsedProperties;

mod boolean_or_text;
pub(crate) mod json_type;
pub(crate) mod open_enum;
mod open_struct;
pub(crate) mod open_union;
pub(crate) mod report;
mod revealed;
pub(crate) mod unparsed;

#[cfg(test)]
mod tests;
