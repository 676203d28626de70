//! The only hand-written code that names operations and schemas of the contract.

pub(crate) mod edit;
