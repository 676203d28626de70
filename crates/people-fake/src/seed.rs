//! The people, tokens and identifiers that the service starts with. Loading them is in `directory`.

/// The organization around the documented example, and one person in another organization.
pub(crate) const PEOPLE: &str = include_str!("seed.json");

/// The organization of the predefined people, but for [`OUTSIDER`].
pub const ORGANIZATION: &str =
    "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi85NmFiYzJhYS0zZGNjLTExZTUtYTE1Mi1mZTM0ODE5Y2RjOWE";

/// The token of an administrator, [`JOHN_ANDERSEN`].
pub const ADMIN_TOKEN: &str = "fake-admin";

/// The token of [`MEMBER`], who is in the same organization and is not an administrator.
pub const USER_TOKEN: &str = "fake-user";

/// The token of [`OUTSIDER`], who is in another organization.
pub const OUTSIDER_TOKEN: &str = "fake-outsider";

/// The token of a bot, [`BOT`].
pub const BOT_TOKEN: &str = "fake-bot";

/// The client id of the only integration that can renew access tokens.
pub const CLIENT_ID: &str = "fake-client";

/// The secret of [`CLIENT_ID`].
pub const CLIENT_SECRET: &str = "fake-client-secret";

/// The refresh token that [`CLIENT_ID`] starts with. It gives access tokens of the owner of
/// [`ADMIN_TOKEN`]: `fake-admin-1`, `fake-admin-2` and so on, one for each renewal.
pub const REFRESH_TOKEN: &str = "fake-refresh";

/// John Andersen, the documented example. Token: [`ADMIN_TOKEN`].
pub const JOHN_ANDERSEN: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9mNWIzNjE4Ny1jOGRkLTQ3MjctOGIyZi1mOWM0NDdmMjkwNDY";

/// John Duarte, the documented manager of John Andersen and an administrator.
pub const MANAGER: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS80ZGEzYTI0OC05YjBhLTQxMDgtODU0NC1iNTQwMzEyZTU2M2E";

/// Mary Lee, a member without administrator rights. Token: [`USER_TOKEN`].
pub const MEMBER: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8xYzZmN2QyMC0yZjVlLTRiMGQtOWE1My03ZTFmMGM0YjhhMTE";

/// A bot. Token: [`BOT_TOKEN`].
pub const BOT: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8yZDdhOGUzMS0zYTZmLTRjMWUtOGI2NC04ZjIwMWQ1YzliMjI";

/// A guest (`appuser`).
pub const GUEST: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8zZThiOWY0Mi00YjcwLTRkMmYtOWM3NS05YTMxMmU2ZGFjMzM";

/// Ada Newcomer, invited and never logged in.
pub const NEVER_LOGGED_IN: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS80ZjljYTA1My01YzgxLTRlMzAtOGQ4Ni1hYjQyM2Y3ZWJkNDQ";

/// Erin Full, with every property of the contract and every type of number and address.
pub const FULL_PERSON: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS81MGFkYjE2NC02ZDkyLTRmNDEtOWU5Ny1iYzUzNDA4ZmNlNTU";

/// A person with an `id`, an `orgId` and no other property.
pub const MINIMAL_PERSON: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS82MWJlYzI3NS03ZWEzLTQwNTItOGZhOC1jZDY0NTE5MGRmNjY";

/// Otto Outsider, in another organization. Token: [`OUTSIDER_TOKEN`].
pub const OUTSIDER: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS83MmNmZDM4Ni04ZmI0LTQxNjMtOTBiOS1kZTc1NjJhMWUwNzc";

/// Robert Miller, whose nickname differs from his first name.
pub const OWN_NICK_NAME: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS84M2QwZTQ5Ny05MGM1LTQyNzQtOGFjMC1lZjg2NzNiMmYxODg";

/// Sara Vale, with three e-mail addresses. `userName` is the primary one.
pub const SEVERAL_EMAILS: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS85NGUxZjVhOC1hMWQ2LTQzODUtOWJkMS1mMDk3ODRjM2EyOTk";

/// Max Extension, a calling user whose only phone number is the `work_extension`.
pub const EXTENSION_ONLY: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9hNWYyMDZiOS1iMmU3LTQ0OTYtOGNlMi0wMWE4OTVkNGIzYWE";

/// Dora Sync, synchronized from a directory.
pub const DIRECTORY_SYNCED: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9iNjAzMTdjYS1jM2Y4LTQ1YTctOWRmMy0xMmI5YTZlNWM0YmI";

/// Leo License, with [`SYSTEM_LICENSE`].
pub const SYSTEM_LICENSED: &str =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9jNzE0MjhkYi1kNDA5LTQ2YjgtOGUwNC0yM2NhYjdmNmQ1Y2M";

/// The role of an administrator: the first one of the documented example.
pub const ADMIN_ROLE: &str =
    "Y2lzY29zcGFyazovL3VzL1JPTEUvOTZhYmMyYWEtM2RjYy0xMWU1LWExNTItZmUzNDgxOWNkYzlh";

/// The Webex Calling license: the first one of the documented example.
pub const CALLING_LICENSE: &str =
    "Y2lzY29zcGFyazovL3VzL0xJQ0VOU0UvOTZhYmMyYWEtM2RjYy0xMWU1LWExNTItZmUzNDgxOWNkYzlh";

/// A license without Webex Calling: the second one of the documented example.
pub const MESSAGING_LICENSE: &str =
    "Y2lzY29zcGFyazovL3VzL0xJQ0VOU0UvOTZhYmMyYWEtM2RjYy0xMWU1LWIyNjMtMGY0NTkyYWRlZmFi";

/// A license that the system assigns and that cannot be removed.
pub const SYSTEM_LICENSE: &str =
    "Y2lzY29zcGFyazovL3VzL0xJQ0VOU0UvOTZhYmMyYWEtM2RjYy0xMWU1LWMzNzQtMWY1NjAzYmZhZGJj";
