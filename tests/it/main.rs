//! What needs more than one crate to be tested, one subject per module.
#![forbid(unsafe_code)]

mod diff;
mod endpoint;
mod identifiers;
mod models;
mod pages;
mod regen;
mod requests;
mod support;
