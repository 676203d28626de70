//! The only hand-written code that names operations and schemas of the contract.

mod assessment;
pub(crate) mod edit;
mod equality;
pub(crate) mod outcome;
mod phone_numbers;
mod request;
mod snapshot;
