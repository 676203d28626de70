//! The review of an OpenAPI 3.0 contract: what is wrong with it ([`lint`]), what a change of it means
//! ([`diff`]), written in any format by [`report`], and what the service has published since
//! ([`drift`]). Knows nothing of a project: files and defaults
//! are passed in, and nothing is printed.
#![forbid(unsafe_code)]

pub mod diff;
pub mod drift;
pub mod lint;
pub mod report;
pub mod settings;
mod text;
mod version;
