//! Nothing: the measurements are in `run`. A package has to have a target that is built.
#![forbid(unsafe_code)]
