//! A People service in memory, over real HTTP on loopback, for tests and demonstrations.
//!
//! It obeys the rules that the reference pages of the Webex People API document: who sees what,
//! who may change whom, what an update replaces and what it refuses. It is written against the
//! contract and knows no client. What the pages leave open is an [`Options`] field with a default
//! that is marked as assumed; what shall go wrong is a [`Fault`].
//!
//! [`FakePeople`] is where to start.
//!
//! With the feature `docs`, `GET /` and `GET /docs` show a contract in the browser, from which the
//! running service can be called.
//!
//! # Who is there
//!
//! | person | token | |
//! |---|---|---|
//! | [`JOHN_ANDERSEN`] | [`ADMIN_TOKEN`] | the documented example, with the documented id |
//! | [`MANAGER`] | | the documented manager, an administrator too |
//! | [`MEMBER`] | [`USER_TOKEN`] | a member without any right |
//! | [`BOT`] | [`BOT_TOKEN`] | a bot of the organization |
//! | [`GUEST`] | | a guest |
//! | [`NEVER_LOGGED_IN`] | | invited, never seen |
//! | [`EVERY_PROPERTY`] | | every property, every kind of number and address |
//! | [`HARDLY_ANY_PROPERTY`] | | `id` and `orgId` |
//! | [`OUTSIDER`] | [`OUTSIDER_TOKEN`] | in another organization |
//!
//! John Andersen is the administrator because the documented answer to his own request shows what
//! only an administrator is shown: account state and calling data.
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub use directory::LoadError;
pub use fault::{Apply, Cut, Fault, FaultBody};
pub use fault_line::FaultError;
pub use log::{Exchange, Request};
pub use options::{Flags, Options, Outsiders, UnknownLicense};
pub use server::{Builder, FakePeople};

mod answer;
mod directory;
#[cfg(feature = "docs")]
mod docs;
mod fault;
mod fault_line;
mod log;
mod options;
mod plan;
mod routes;
mod server;
mod service;
mod update;
mod visibility;

/// The token of an administrator, [`JOHN_ANDERSEN`].
pub const ADMIN_TOKEN: &str = "fake-admin";

/// The token of somebody in the same organization who is no administrator, [`MEMBER`].
pub const USER_TOKEN: &str = "fake-user";

/// The token of somebody in another organization, [`OUTSIDER`].
pub const OUTSIDER_TOKEN: &str = "fake-outsider";

/// The token of a bot, [`BOT`].
pub const BOT_TOKEN: &str = "fake-bot";

/// The documented example, John Andersen, whom [`ADMIN_TOKEN`] belongs to.
pub const JOHN_ANDERSEN: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9mNWIzNjE4Ny1jOGRkLTQ3MjctOGIyZi1mOWM0NDdmMjkwNDY";

/// John Duarte, the documented manager of John Andersen and an administrator as well.
pub const MANAGER: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS80ZGEzYTI0OC05YjBhLTQxMDgtODU0NC1iNTQwMzEyZTU2M2E";

/// Mary Lee, a member without any right, whom [`USER_TOKEN`] belongs to.
pub const MEMBER: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8xYzZmN2QyMC0yZjVlLTRiMGQtOWE1My03ZTFmMGM0YjhhMTE";

/// A bot, whom [`BOT_TOKEN`] belongs to.
pub const BOT: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8yZDdhOGUzMS0zYTZmLTRjMWUtOGI2NC04ZjIwMWQ1YzliMjI";

/// A guest (`appuser`).
pub const GUEST: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8zZThiOWY0Mi00YjcwLTRkMmYtOWM3NS05YTMxMmU2ZGFjMzM";

/// Ada Newcomer, who has been invited and has never logged in.
pub const NEVER_LOGGED_IN: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS80ZjljYTA1My01YzgxLTRlMzAtOGQ4Ni1hYjQyM2Y3ZWJkNDQ";

/// Erin Full, who has every property that the contract knows, and every kind of number and address.
pub const EVERY_PROPERTY: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS81MGFkYjE2NC02ZDkyLTRmNDEtOWU5Ny1iYzUzNDA4ZmNlNTU";

/// Somebody with an `id` and an `orgId` and nothing else.
pub const HARDLY_ANY_PROPERTY: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS82MWJlYzI3NS03ZWEzLTQwNTItOGZhOC1jZDY0NTE5MGRmNjY";

/// Otto Outsider of another organization, whom [`OUTSIDER_TOKEN`] belongs to.
pub const OUTSIDER: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS83MmNmZDM4Ni04ZmI0LTQxNjMtOTBiOS1kZTc1NjJhMWUwNzc";

/// The role that makes an administrator: the first one of the documented example.
pub const ADMIN_ROLE: &str =
    "Y2lzY29zcGFyazovL3VzL1JPTEUvOTZhYmMyYWEtM2RjYy0xMWU1LWExNTItZmUzNDgxOWNkYzlh";

/// The license that makes a calling user: the first one of the documented example.
pub const CALLING_LICENSE: &str =
    "Y2lzY29zcGFyazovL3VzL0xJQ0VOU0UvOTZhYmMyYWEtM2RjYy0xMWU1LWExNTItZmUzNDgxOWNkYzlh";

/// A license that makes no calling user: the second one of the documented example.
pub const MESSAGING_LICENSE: &str =
    "Y2lzY29zcGFyazovL3VzL0xJQ0VOU0UvOTZhYmMyYWEtM2RjYy0xMWU1LWIyNjMtMGY0NTkyYWRlZmFi";
