//! What needs more than one crate to be tested, one subject per module.
#![forbid(unsafe_code)]
