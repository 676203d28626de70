//! The commands, one module each: its arguments and what it does.

pub(crate) mod apply;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod edit;
pub(crate) mod get;
pub(crate) mod id;
pub(crate) mod man;
pub(crate) mod me;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod update;
