//! What needs more than one crate to be tested, one subject per module.
#![forbid(unsafe_code)]

mod endpoint;
mod identifiers;
mod lint;
mod models;
mod pages;
mod regen;
mod requests;
mod support;
