//! The behaviour that the reference pages leave open: one field per choice, each with the value that
//! is assumed, and the observed rules in effect. Documented behaviour is not an option.

use std::collections::BTreeSet;
use std::time::Duration;

use hyper::StatusCode;

use crate::observed::ObservedRule;
use crate::seed::DIRECTORY_SYNCED;

/// The choices that the reference pages leave open.
///
/// Each default is assumed, not known: a program that relies on it relies on this fake.
///
/// # Assumed, without an option
///
/// - A bot and a guest see what any member of their organization sees.
/// - Role ids are not validated; only [`ADMIN_ROLE`](crate::ADMIN_ROLE) has an effect.
/// - Empty text clears a property, as omitting it does; an empty list is stored.
/// - A phone number of type `work_extension` follows `extension` and is not written.
/// - A value that was read is accepted unchanged, unless an [`ObservedRule`] says otherwise.
/// - What an update skips is listed in `errors` of its response.
/// - An attendee role in `siteUrls` stays unless `showAllTypes` is set.
/// - Every update that is applied moves `lastModified`, whether it changes a property or not.
///
/// # Examples
///
/// ```
/// use people_fake::{BooleanForm, FakePeople, ObservedRule, Options};
///
/// # async fn example() -> std::io::Result<()> {
/// let mut options = Options::default().without(ObservedRule::DerivedNickName);
/// options.boolean_form = BooleanForm::Boolean;
/// let fake = FakePeople::builder().options(options).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// What a caller sees of a person in another organization. The pages list what is hidden, and
    /// do not say whether the rest is shown. Assumed: [`OtherOrganizations::PublicProperties`].
    pub other_organizations: OtherOrganizations,
    /// The form of `invitePending` and `loginEnabled` in a response. The pages document text;
    /// booleans were observed. Assumed: [`BooleanForm::Text`].
    pub boolean_form: BooleanForm,
    /// The observed rules in effect. Default: all of them.
    pub observed: BTreeSet<ObservedRule>,
    /// The ids of people who are synchronized from a directory. Default: [`DIRECTORY_SYNCED`].
    pub directory_synced: Vec<String>,
    /// The writable properties that keep their value when an update omits them; the others are
    /// cleared. The pages ask for all properties and do not say what happens to omitted ones.
    /// Assumed: `orgId` and `loginEnabled`, without which the account would be unusable.
    pub kept_when_omitted: Vec<String>,
    /// The status for a `locationId` in an update that leaves the person without a calling
    /// license. Assumed: 400.
    pub location_without_license: StatusCode,
    /// The status for changing the `locationId` of a calling user. An omitted `locationId` stays.
    /// Assumed: 409.
    pub location_changed: StatusCode,
    /// The status for changing `orgId`. Assumed: 400.
    pub organization_changed: StatusCode,
    /// The status for updating a person in another organization. Assumed: 403.
    pub update_in_other_organization: StatusCode,
    /// The status for `callingData` from a caller who is not an administrator; `None` ignores the
    /// parameter. Assumed: `None`.
    pub calling_data_without_admin: Option<StatusCode>,
    /// The maximum size of a request body in bytes. A larger body is rejected with 400, as the
    /// contract has no 413. Assumed: 1 MiB.
    pub max_request_bytes: usize,
    /// How long a renewed access token is valid. Seen: 14 days. The predefined tokens do not expire by
    /// themselves; see [`FakePeople::expire_token`](crate::FakePeople::expire_token).
    pub access_token_lifetime: Duration,
    /// Whether a renewal replaces the refresh token, after which the old one is rejected. Assumed:
    /// `true`, the stricter case.
    pub rotates_refresh_tokens: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            other_organizations: OtherOrganizations::PublicProperties,
            boolean_form: BooleanForm::Text,
            observed: ObservedRule::ALL.into(),
            directory_synced: vec![DIRECTORY_SYNCED.to_owned()],
            kept_when_omitted: vec!["orgId".to_owned(), "loginEnabled".to_owned()],
            location_without_license: StatusCode::BAD_REQUEST,
            location_changed: StatusCode::CONFLICT,
            organization_changed: StatusCode::BAD_REQUEST,
            update_in_other_organization: StatusCode::FORBIDDEN,
            calling_data_without_admin: None,
            max_request_bytes: 1 << 20,
            access_token_lifetime: Duration::from_secs(14 * 24 * 60 * 60),
            rotates_refresh_tokens: true,
        }
    }
}

impl Options {
    /// Removes a rule from those in effect.
    #[must_use]
    pub fn without(mut self, rule: ObservedRule) -> Self {
        self.observed.remove(&rule);
        self
    }

    /// Whether a rule is in effect.
    pub(crate) fn has(&self, rule: ObservedRule) -> bool {
        self.observed.contains(&rule)
    }
}

/// What a caller sees of a person in another organization.
///
/// # Examples
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> std::io::Result<()> {
/// use people_fake::{FakePeople, Options, OtherOrganizations};
///
/// let mut options = Options::default();
/// options.other_organizations = OtherOrganizations::NotFound;
/// let fake = FakePeople::builder().options(options).start().await?;
/// # drop(fake);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherOrganizations {
    /// All properties that the pages do not restrict to the organization.
    PublicProperties,
    /// Nothing: the response is 404.
    NotFound,
}

/// The form of `invitePending` and `loginEnabled`.
///
/// # Examples
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> std::io::Result<()> {
/// use people_fake::{BooleanForm, FakePeople, Options};
///
/// let mut options = Options::default();
/// options.boolean_form = BooleanForm::Boolean;
/// let fake = FakePeople::builder().options(options).start().await?;
/// # drop(fake);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BooleanForm {
    /// `"true"` and `"false"`, as documented.
    Text,
    /// `true` and `false`, as observed.
    Boolean,
}
