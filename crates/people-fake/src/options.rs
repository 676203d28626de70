//! What the reference pages of the service do not settle: every choice in one place, each with the
//! value that is assumed. What they do settle is no option, and is not here.

use hyper::StatusCode;

/// What the reference pages leave open, and how this service decides it.
///
/// Each default is assumed, not known: a program that depends on one of them depends on this fake.
///
/// # Assumed without a choice
///
/// - A bot and a guest see what any member of their organization sees.
/// - The ids of roles are not checked; [`ADMIN_ROLE`](crate::ADMIN_ROLE) is the one that counts.
/// - An empty text clears a property as leaving it out does; an empty list is kept as one.
/// - A kind of phone number that the contract does not list is refused, unless the person has one.
/// - A phone number of the type `work_extension` follows `extension` and is not written.
/// - An `extension` of somebody who has no calling license is left out, and `errors` says so.
/// - An attendee role in `siteUrls` stays unless `showAllTypes` is set.
/// - `lastModified` moves with every update that is carried out, whether it changes anything or not.
///
/// # Examples
///
/// ```
/// use people_fake::{FakePeople, Flags, Options};
///
/// # async fn example() -> std::io::Result<()> {
/// let mut options = Options::default();
/// options.flags = Flags::Booleans;
/// let fake = FakePeople::builder().options(options).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// What somebody sees of a person in another organization. The pages say what such a reader
    /// does not see, and nothing of the rest. Assumed: [`Outsiders::SeeTheRest`].
    pub outsiders: Outsiders,
    /// The form of `invitePending` and `loginEnabled` in an answer. The pages document text,
    /// public clients have seen booleans. Assumed: [`Flags::Texts`].
    pub flags: Flags,
    /// What happens to an update that asks for a license the organization does not have. Assumed:
    /// [`UnknownLicense::Refused`].
    pub unknown_license: UnknownLicense,
    /// The writable properties that stay as they are when an update leaves them out, while every
    /// other one is cleared. The pages ask for all properties and do not say what becomes of the
    /// rest. Assumed: `orgId` and `loginEnabled`, without which nobody could use the account.
    pub kept_when_left_out: Vec<String>,
    /// The status for a `locationId` in an update that leaves the person without a calling
    /// license. Assumed: 400.
    pub location_without_license: StatusCode,
    /// The status for another `locationId` than that of somebody who is a calling user already.
    /// Left out, the location stays. Assumed: 409.
    pub location_changed: StatusCode,
    /// The status for another `orgId` than that of the person. Assumed: 400.
    pub organization_changed: StatusCode,
    /// The status for an update of a person in another organization. Assumed: 403.
    pub update_elsewhere: StatusCode,
    /// The status for `callingData` from somebody who is no administrator; `None` ignores the
    /// parameter. Assumed: `None`.
    pub calling_data_refused: Option<StatusCode>,
    /// The largest body that is read, in bytes. A larger one is refused with 400, as the contract
    /// has no 413. Assumed: 1 MiB.
    pub largest_body: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            outsiders: Outsiders::SeeTheRest,
            flags: Flags::Texts,
            unknown_license: UnknownLicense::Refused,
            kept_when_left_out: vec!["orgId".to_owned(), "loginEnabled".to_owned()],
            location_without_license: StatusCode::BAD_REQUEST,
            location_changed: StatusCode::CONFLICT,
            organization_changed: StatusCode::BAD_REQUEST,
            update_elsewhere: StatusCode::FORBIDDEN,
            calling_data_refused: None,
            largest_body: 1 << 20,
        }
    }
}

/// What somebody sees of a person in another organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outsiders {
    /// Everything but what the pages keep inside the organization.
    SeeTheRest,
    /// Nothing: the person is not found.
    SeeNobody,
}

/// The form of `invitePending` and `loginEnabled`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flags {
    /// `"true"` and `"false"`, as documented.
    Texts,
    /// `true` and `false`, as observed.
    Booleans,
}

/// What happens to an update that asks for a license the organization does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownLicense {
    /// It is refused with 400, and nothing changes.
    Refused,
    /// The rest of it is done; the license is left out, and `errors` in the answer says so.
    LeftOut,
}
