//! What the fuzz targets share. The checks are modules that `tests/it/fuzz.rs` includes as well, to
//! replay the seeds.
#![forbid(unsafe_code)]

pub mod checks;
#[cfg(feature = "contract")]
pub mod contract;
