//! An in-memory People service, served over real HTTP on loopback, for tests and demonstrations.
//!
//! It follows the rules that the reference pages of the Webex People API document: which
//! properties a caller sees, who can update a person, what an update replaces and what it rejects.
//! It also follows the rules that were observed beyond the pages; each is an [`ObservedRule`] that
//! can be switched off. Where both leave a choice, it is a field of [`Options`], with a default that
//! is marked as assumed. Failures are injected as [`Fault`]s; a [`ClosedPort`] is a service that cannot be
//! reached at all. The service is written against the contract and knows no client.
//!
//! [`FakePeople`] is where to start:
//!
//! ```
//! # #[tokio::main]
//! # async fn main() -> std::io::Result<()> {
//! use people_fake::{ADMIN_TOKEN, FakePeople, Fault, JOHN_ANDERSEN};
//!
//! let fake = FakePeople::start().await?;
//! // Every other request fails.
//! fake.inject(Fault::status(503).every(2));
//!
//! // Point the program under test to these, and let it do its work.
//! let (base_url, token) = (fake.base_url(), ADMIN_TOKEN);
//! # let _ = (base_url, token);
//!
//! // What it has changed, and what it has sent.
//! assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["title"], "GM");
//! assert!(fake.requests().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! As a server, for programs that run beside it, it [listens](Builder::listen) on a port of your choice and
//! [waits](FakePeople::wait); `people serve` is a command that does the same:
//!
//! ```no_run
//! # #[tokio::main]
//! # async fn main() -> std::io::Result<()> {
//! use people_fake::{ADMIN_TOKEN, FakePeople};
//!
//! let mut fake = FakePeople::builder().listen(([127, 0, 0, 1], 8080)).start().await?;
//! println!("export WEBEX_BASE_URL={} WEBEX_ACCESS_TOKEN={ADMIN_TOKEN}", fake.base_url());
//! fake.wait().await;
//! # Ok(())
//! # }
//! ```
//!
//! Two routes are outside the contract, for clients that need more than it: `GET /people?email=` finds
//! people by e-mail address, and `POST /access_token` renews access tokens with [`CLIENT_ID`],
//! [`CLIENT_SECRET`] and [`REFRESH_TOKEN`].
//!
//! With the feature `docs`, `GET /` and `GET /docs` show a contract in the browser, from which the
//! running service can be called.
//!
//! # People
//!
//! | person | token | |
//! |---|---|---|
//! | [`JOHN_ANDERSEN`] | [`ADMIN_TOKEN`] | the documented example, with the documented id |
//! | [`MANAGER`] | | the documented manager, also an administrator |
//! | [`MEMBER`] | [`USER_TOKEN`] | a member without administrator rights |
//! | [`BOT`] | [`BOT_TOKEN`] | a bot of the organization |
//! | [`GUEST`] | | a guest |
//! | [`NEVER_LOGGED_IN`] | | invited, never logged in |
//! | [`FULL_PERSON`] | | every property, every type of number and address |
//! | [`MINIMAL_PERSON`] | | `id` and `orgId` |
//! | [`OUTSIDER`] | [`OUTSIDER_TOKEN`] | in another organization |
//! | [`OWN_NICK_NAME`] | | `nickName` differs from `firstName` |
//! | [`SEVERAL_EMAILS`] | | three e-mail addresses, the primary one as `userName` |
//! | [`EXTENSION_ONLY`] | | a calling user whose only phone number is the `work_extension` |
//! | [`DIRECTORY_SYNCED`] | | synchronized from a directory |
//! | [`SYSTEM_LICENSED`] | | with a license that the system assigns |
//!
//! John Andersen is an administrator because the documented response to his own request contains
//! what only an administrator sees: account state and calling data.
//!
//! All but [`OUTSIDER`] are in [`ORGANIZATION`]. What they have are [`ADMIN_ROLE`], [`CALLING_LICENSE`],
//! [`MESSAGING_LICENSE`] and [`SYSTEM_LICENSE`]:
//!
//! ```
//! # #[tokio::main]
//! # async fn main() -> std::io::Result<()> {
//! use people_fake::{
//!     ADMIN_ROLE, CALLING_LICENSE, FakePeople, JOHN_ANDERSEN, MESSAGING_LICENSE, ORGANIZATION,
//!     SYSTEM_LICENSE, SYSTEM_LICENSED,
//! };
//!
//! let fake = FakePeople::start().await?;
//! let john = fake.person(JOHN_ANDERSEN).unwrap();
//! assert_eq!(john["orgId"], ORGANIZATION);
//! assert_eq!(john["roles"][0], ADMIN_ROLE);
//! assert_eq!(john["licenses"][0], CALLING_LICENSE);
//! assert_eq!(john["licenses"][1], MESSAGING_LICENSE);
//! let leo = fake.person(SYSTEM_LICENSED).unwrap();
//! assert!(leo["licenses"].as_array().unwrap().contains(&SYSTEM_LICENSE.into()));
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

/// The type of the statuses in [`Options`].
///
/// # Examples
///
/// ```
/// use people_fake::{Options, StatusCode};
///
/// let mut options = Options::default();
/// options.location_changed = StatusCode::BAD_REQUEST;
/// ```
pub use hyper::StatusCode;

pub use blocking::BlockingFakePeople;
pub use closed_port::ClosedPort;
pub use directory::LoadError;
pub use fault::{Apply, DropAt, Fault, FaultBody};
pub use fault_line::FaultError;
pub use log::{Exchange, Request};
pub use observed::{ObservedRule, UnknownRule};
pub use options::{BooleanForm, Options, OtherOrganizations};
pub use person_seed::PersonSeed;
pub use seed::{
    ADMIN_ROLE, ADMIN_TOKEN, BOT, BOT_TOKEN, CALLING_LICENSE, CLIENT_ID, CLIENT_SECRET,
    DIRECTORY_SYNCED, EXTENSION_ONLY, FULL_PERSON, GUEST, JOHN_ANDERSEN, MANAGER, MEMBER,
    MESSAGING_LICENSE, MINIMAL_PERSON, NEVER_LOGGED_IN, ORGANIZATION, OUTSIDER, OUTSIDER_TOKEN,
    OWN_NICK_NAME, REFRESH_TOKEN, SEVERAL_EMAILS, SYSTEM_LICENSE, SYSTEM_LICENSED, USER_TOKEN,
};
pub use server::{Builder, FakePeople};

mod blocking;
mod closed_port;
mod directory;
#[cfg(feature = "docs")]
mod docs;
mod fault;
mod fault_line;
mod fault_schedule;
mod log;
mod observed;
mod options;
mod person;
mod person_seed;
mod response;
mod routes;
mod seed;
mod server;
mod service;
mod tokens;
mod update;
mod visibility;
