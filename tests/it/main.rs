//! What needs more than one crate to be tested, one subject per module.
#![forbid(unsafe_code)]

mod endpoint;
mod fake;
mod identifiers;
mod models;
mod pages;
mod regen;
mod requests;
mod support;
