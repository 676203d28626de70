//! The behaviour of the service beyond the reference pages: one rule per observation. The rules are
//! applied in `update`, `service` and `directory`.

use std::fmt;
use std::str::FromStr;

/// A rule that the reference pages do not state, and that was observed. Every rule is in effect by
/// default; [`Options::observed`](crate::Options::observed) holds those that are.
///
/// # Examples
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> std::io::Result<()> {
/// use people_fake::{FakePeople, ObservedRule, Options};
///
/// let options = Options::default().without(ObservedRule::ShuffledEmails);
/// let fake = FakePeople::builder().options(options).start().await?;
/// assert_eq!("shuffled-emails".parse(), Ok(ObservedRule::ShuffledEmails));
/// for rule in ObservedRule::ALL {
///     println!("{}", rule.name());
/// }
/// # drop(fake);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ObservedRule {
    /// An update sets `nickName` to `firstName` and ignores a `nickName` that is sent.
    DerivedNickName,
    /// An update sets `manager` to the name of the person that `managerId` identifies.
    DerivedManager,
    /// An update without `displayName` is rejected.
    RequiredDisplayName,
    /// A person can have several e-mail addresses; the first one of an update is the primary one.
    /// Without the rule, an update with more than one address is rejected.
    SeveralEmails,
    /// Each response lists several e-mail addresses in another order.
    ShuffledEmails,
    /// Text is stored without surrounding white space and in Unicode NFC, e-mail addresses in lower
    /// case.
    NormalizedText,
    /// A new `avatar` is replaced by the address of a copy.
    CopiedAvatar,
    /// New or changed phone numbers need a calling license and the type `work`.
    CallingPhoneNumbers,
    /// The `extension` of a person without a calling license is not stored.
    CallingExtension,
    /// `extension: null` removes the calling license, the extension and the location of a person.
    /// Empty text removes none of them.
    NullExtension,
    /// The phone numbers of people who are synchronized from a directory stay as they are, and an
    /// update that contains phone numbers is rejected.
    DirectoryPhoneNumbers,
    /// The system license comes with a new calling license and cannot be removed without it.
    SystemLicenses,
    /// Licenses that the organization does not have are skipped, and `errors` in the response says
    /// so. Without the rule, an update with such a license is rejected.
    SkippedLicenses,
    /// The UUID in a person's id identifies that person too.
    UuidIds,
}

impl ObservedRule {
    /// Every rule.
    pub const ALL: [Self; 14] = [
        Self::DerivedNickName,
        Self::DerivedManager,
        Self::RequiredDisplayName,
        Self::SeveralEmails,
        Self::ShuffledEmails,
        Self::NormalizedText,
        Self::CopiedAvatar,
        Self::CallingPhoneNumbers,
        Self::CallingExtension,
        Self::NullExtension,
        Self::DirectoryPhoneNumbers,
        Self::SystemLicenses,
        Self::SkippedLicenses,
        Self::UuidIds,
    ];

    /// The name of the rule, in `kebab-case`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DerivedNickName => "derived-nick-name",
            Self::DerivedManager => "derived-manager",
            Self::RequiredDisplayName => "required-display-name",
            Self::SeveralEmails => "several-emails",
            Self::ShuffledEmails => "shuffled-emails",
            Self::NormalizedText => "normalized-text",
            Self::CopiedAvatar => "copied-avatar",
            Self::CallingPhoneNumbers => "calling-phone-numbers",
            Self::CallingExtension => "calling-extension",
            Self::NullExtension => "null-extension",
            Self::DirectoryPhoneNumbers => "directory-phone-numbers",
            Self::SystemLicenses => "system-licenses",
            Self::SkippedLicenses => "skipped-licenses",
            Self::UuidIds => "uuid-ids",
        }
    }
}

impl fmt::Display for ObservedRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Text that is not the name of an [`ObservedRule`]. The message lists the names.
///
/// # Examples
///
/// ```
/// use people_fake::{ObservedRule, UnknownRule};
///
/// let error: UnknownRule = "shuffled".parse::<ObservedRule>().unwrap_err();
/// assert!(error.to_string().contains("shuffled-emails"), "{error}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule(String);

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UnknownRule {}

impl FromStr for ObservedRule {
    type Err = UnknownRule;

    fn from_str(name: &str) -> Result<Self, UnknownRule> {
        let known = Self::ALL.into_iter().find(|rule| rule.name() == name);
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            UnknownRule(format!(
                "`{}` is not a rule; expected one of {names}",
                name.escape_debug()
            ))
        })
    }
}
