// Generated from spec/people.yaml by `cargo xtask regen`. Change the contract, not this file.
// @generated

pub use progenitor_client::{ByteStream, ResponseValue};
use crate::{Error, Operation};
/// Types used as operation parameters and responses.
pub mod types {
    /// One postal address of a person.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
    #[derive(PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(Default)]
    pub struct Address {
        /// What the address is for.
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        /// The country.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub country: ::std::option::Option<::std::string::String>,
        /// The town or city.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub locality: ::std::option::Option<::std::string::String>,
        /// The state, province or the like.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub region: ::std::option::Option<::std::string::String>,
        /// Street and number.
        #[serde(
            rename = "streetAddress",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub street_address: ::std::option::Option<::std::string::String>,
        /// The postal code.
        #[serde(
            rename = "postalCode",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub postal_code: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for Address {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::redact::debug(
                f,
                "Address",
                &[
                    ("type", self.type_.is_some()),
                    ("country", self.country.is_some()),
                    ("locality", self.locality.is_some()),
                    ("region", self.region.is_some()),
                    ("streetAddress", self.street_address.is_some()),
                    ("postalCode", self.postal_code.is_some()),
                    ("extra", !self.extra.is_empty()),
                ],
            )
        }
    }
    /// One line about what went wrong.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
    #[derive(PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(Default)]
    pub struct ErrorDetail {
        /// The line.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub description: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for ErrorDetail {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::redact::debug(
                f,
                "ErrorDetail",
                &[
                    ("description", self.description.is_some()),
                    ("extra", !self.extra.is_empty()),
                ],
            )
        }
    }
    /// What went wrong. Any part can be missing.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
    #[derive(PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(Default)]
    pub struct ErrorResponse {
        /// The error in one sentence.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
        /// The error in detail.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub errors: ::std::option::Option<::std::vec::Vec<ErrorDetail>>,
        /// Names the request to the service's support. The `TrackingID` header has it too.
        #[serde(
            rename = "trackingId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub tracking_id: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for ErrorResponse {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::redact::debug(
                f,
                "ErrorResponse",
                &[
                    ("message", self.message.is_some()),
                    ("errors", self.errors.is_some()),
                    ("trackingId", self.tracking_id.is_some()),
                    ("extra", !self.extra.is_empty()),
                ],
            )
        }
    }
    /// A person, a bot or a guest, as far as the caller may see them. Only the identifier is always there.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
    #[derive(PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct Person {
        /// Identifies the person in every other call.
        pub id: ::std::string::String,
        /// The person's e-mail addresses.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub emails: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        /// The person's phone numbers.
        #[serde(
            rename = "phoneNumbers",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub phone_numbers: ::std::option::Option<::std::vec::Vec<PhoneNumber>>,
        /// The extension within Webex Calling. There for people with a calling licence, for administrators who set `callingData`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub extension: ::std::option::Option<::std::string::String>,
        /// The calling location that the person belongs to. There for administrators who set `callingData`.
        #[serde(
            rename = "locationId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub location_id: ::std::option::Option<::std::string::String>,
        /// The name in full.
        #[serde(
            rename = "displayName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub display_name: ::std::option::Option<::std::string::String>,
        /// The name that the person goes by. Absent when there is none.
        #[serde(
            rename = "nickName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub nick_name: ::std::option::Option<::std::string::String>,
        /// The given name.
        #[serde(
            rename = "firstName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub first_name: ::std::option::Option<::std::string::String>,
        /// The family name.
        #[serde(
            rename = "lastName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub last_name: ::std::option::Option<::std::string::String>,
        /// Where the person's picture is, a PNG.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub avatar: ::std::option::Option<::std::string::String>,
        /// The organisation that the person belongs to.
        #[serde(
            rename = "orgId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub org_id: ::std::option::Option<::std::string::String>,
        /// Identifiers of the person's roles.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub roles: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        /// Identifiers of the licences assigned to the person.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub licenses: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        /// The part of the company that the person works in.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub department: ::std::option::Option<::std::string::String>,
        /// The person's manager, by name.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub manager: ::std::option::Option<::std::string::String>,
        /// The person's manager, by identifier.
        #[serde(
            rename = "managerId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub manager_id: ::std::option::Option<::std::string::String>,
        /// The person's job title.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub title: ::std::option::Option<::std::string::String>,
        /// The person's postal addresses.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub addresses: ::std::option::Option<::std::vec::Vec<Address>>,
        /// When the person was created.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// When anything about the person last changed.
        #[serde(
            rename = "lastModified",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub last_modified: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        /// The person's time zone, by its IANA name. Absent when there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub timezone: ::std::option::Option<::std::string::String>,
        /// When the person was last active. There for people of the caller's organisation, or of one that the caller manages, unless the caller has turned status sharing off.
        #[serde(
            rename = "lastActivity",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub last_activity: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        /// The meeting sites on which the person has a role, each with that role.
        #[serde(
            rename = "siteUrls",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub site_urls: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        /// The person's SIP addresses.
        #[serde(
            rename = "sipAddresses",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub sip_addresses: ::std::option::Option<::std::vec::Vec<SipAddress>>,
        /// Where XMPP messengers of the same domain reach the person.
        #[serde(
            rename = "xmppFederationJid",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub xmpp_federation_jid: ::std::option::Option<::std::string::String>,
        /// What the person is doing. There for people of the caller's organisation, or of one that the caller manages, unless the caller has turned status sharing off. It says nothing of when the person last signed in.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<PresenceStatus>,
        /// Whether the person has been invited and has no account yet. There for administrators of the person's organisation.
        #[serde(
            rename = "invitePending",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(default, deserialize_with = "crate::wire::optional_flag")]
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "::std::option::Option<crate::wire::Flag>")
        )]
        pub invite_pending: ::std::option::Option<bool>,
        /// Whether the person may sign in. There for administrators of the person's organisation.
        #[serde(
            rename = "loginEnabled",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(default, deserialize_with = "crate::wire::optional_flag")]
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "::std::option::Option<crate::wire::Flag>")
        )]
        pub login_enabled: ::std::option::Option<bool>,
        /// What kind of account this is.
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<PersonType>,
        /// Observed: the name that the person signs in with.
        #[serde(
            rename = "userName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub user_name: ::std::option::Option<::std::string::String>,
        /// Observed: whether the picture is the person's own.
        #[serde(
            rename = "avatarProvided",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub avatar_provided: ::std::option::Option<bool>,
        /// Observed: what could not be read for this answer, by the name of the property. Beside a 200.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub errors: ::std::option::Option<
            ::std::collections::BTreeMap<::std::string::String, PropertyError>,
        >,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for Person {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::redact::debug(
                f,
                "Person",
                &[
                    ("id", true),
                    ("emails", self.emails.is_some()),
                    ("phoneNumbers", self.phone_numbers.is_some()),
                    ("extension", self.extension.is_some()),
                    ("locationId", self.location_id.is_some()),
                    ("displayName", self.display_name.is_some()),
                    ("nickName", self.nick_name.is_some()),
                    ("firstName", self.first_name.is_some()),
                    ("lastName", self.last_name.is_some()),
                    ("avatar", self.avatar.is_some()),
                    ("orgId", self.org_id.is_some()),
                    ("roles", self.roles.is_some()),
                    ("licenses", self.licenses.is_some()),
                    ("department", self.department.is_some()),
                    ("manager", self.manager.is_some()),
                    ("managerId", self.manager_id.is_some()),
                    ("title", self.title.is_some()),
                    ("addresses", self.addresses.is_some()),
                    ("created", self.created.is_some()),
                    ("lastModified", self.last_modified.is_some()),
                    ("timezone", self.timezone.is_some()),
                    ("lastActivity", self.last_activity.is_some()),
                    ("siteUrls", self.site_urls.is_some()),
                    ("sipAddresses", self.sip_addresses.is_some()),
                    ("xmppFederationJid", self.xmpp_federation_jid.is_some()),
                    ("status", self.status.is_some()),
                    ("invitePending", self.invite_pending.is_some()),
                    ("loginEnabled", self.login_enabled.is_some()),
                    ("type", self.type_.is_some()),
                    ("userName", self.user_name.is_some()),
                    ("avatarProvided", self.avatar_provided.is_some()),
                    ("errors", self.errors.is_some()),
                    ("extra", !self.extra.is_empty()),
                ],
            )
        }
    }
    /// What kind of account this is.
    ///
    /// - `person`: A human being.
    /// - `bot`: A program.
    /// - `appuser`: A guest.
    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum PersonType {
        /// `person`: A human being.
        Person,
        /// `bot`: A program.
        Bot,
        /// `appuser`: A guest.
        Appuser,
        /// A value that the contract does not list, as the service spelt it.
        Other(::std::string::String),
    }
    crate::wire::open_enum!(
        PersonType,
        "What kind of account this is.\n\n- `person`: A human being.\n- `bot`: A program.\n- `appuser`: A guest.",
        Other, [(Person, "person"), (Bot, "bot"), (Appuser, "appuser")]
    );
    /// All details of a person, for replacing those that the service has. A property that is left out can be erased; an empty list clears one on purpose.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
    #[derive(PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(Default)]
    pub struct PersonUpdate {
        /// The person's e-mail address, of which there is one at most.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub emails: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        /// The person's phone numbers. Observed: one of the type `work_extension` shows the extension in another place, and is not taken here.
        #[serde(
            rename = "phoneNumbers",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub phone_numbers: ::std::option::Option<::std::vec::Vec<PhoneNumber>>,
        /// The extension within Webex Calling.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub extension: ::std::option::Option<::std::string::String>,
        /// The calling location. Taken only together with the licence that makes the person a calling user, and fixed from then on.
        #[serde(
            rename = "locationId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub location_id: ::std::option::Option<::std::string::String>,
        /// The name in full.
        #[serde(
            rename = "displayName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub display_name: ::std::option::Option<::std::string::String>,
        /// The given name.
        #[serde(
            rename = "firstName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub first_name: ::std::option::Option<::std::string::String>,
        /// The family name.
        #[serde(
            rename = "lastName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub last_name: ::std::option::Option<::std::string::String>,
        /// Where the person's picture is, a PNG.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub avatar: ::std::option::Option<::std::string::String>,
        /// The organisation that the person belongs to.
        #[serde(
            rename = "orgId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub org_id: ::std::option::Option<::std::string::String>,
        /// Identifiers of the person's roles, each an item of its own.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub roles: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        /// Identifiers of the person's licences, each an item of its own.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub licenses: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        /// Observed: the name that the person goes by.
        #[serde(
            rename = "nickName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub nick_name: ::std::option::Option<::std::string::String>,
        /// Observed: the part of the company that the person works in.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub department: ::std::option::Option<::std::string::String>,
        /// Observed: the person's manager, by name.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub manager: ::std::option::Option<::std::string::String>,
        /// Observed: the person's manager, by identifier.
        #[serde(
            rename = "managerId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub manager_id: ::std::option::Option<::std::string::String>,
        /// Observed: the person's job title.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub title: ::std::option::Option<::std::string::String>,
        /// Observed: the person's postal addresses.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub addresses: ::std::option::Option<::std::vec::Vec<Address>>,
        /// Observed: the meeting sites on which the person has a role, each with that role.
        #[serde(
            rename = "siteUrls",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub site_urls: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        /// Observed: whether the person may sign in. A boolean here, never text.
        #[serde(
            rename = "loginEnabled",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub login_enabled: ::std::option::Option<bool>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for PersonUpdate {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::redact::debug(
                f,
                "PersonUpdate",
                &[
                    ("emails", self.emails.is_some()),
                    ("phoneNumbers", self.phone_numbers.is_some()),
                    ("extension", self.extension.is_some()),
                    ("locationId", self.location_id.is_some()),
                    ("displayName", self.display_name.is_some()),
                    ("firstName", self.first_name.is_some()),
                    ("lastName", self.last_name.is_some()),
                    ("avatar", self.avatar.is_some()),
                    ("orgId", self.org_id.is_some()),
                    ("roles", self.roles.is_some()),
                    ("licenses", self.licenses.is_some()),
                    ("nickName", self.nick_name.is_some()),
                    ("department", self.department.is_some()),
                    ("manager", self.manager.is_some()),
                    ("managerId", self.manager_id.is_some()),
                    ("title", self.title.is_some()),
                    ("addresses", self.addresses.is_some()),
                    ("siteUrls", self.site_urls.is_some()),
                    ("loginEnabled", self.login_enabled.is_some()),
                    ("extra", !self.extra.is_empty()),
                ],
            )
        }
    }
    /// One phone number of a person.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
    #[derive(PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(Default)]
    pub struct PhoneNumber {
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<PhoneNumberType>,
        /// The number.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub value: ::std::option::Option<::std::string::String>,
        /// Whether this is the number to try first.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub primary: ::std::option::Option<bool>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for PhoneNumber {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::redact::debug(
                f,
                "PhoneNumber",
                &[
                    ("type", self.type_.is_some()),
                    ("value", self.value.is_some()),
                    ("primary", self.primary.is_some()),
                    ("extra", !self.extra.is_empty()),
                ],
            )
        }
    }
    /// What a phone number is for.
    ///
    /// - `work`: At work.
    /// - `work_extension`: The extension at work; for a calling user with the routing prefix.
    /// - `mobile`: A mobile phone.
    /// - `fax`: A fax machine.
    /// - `enterprise`: Observed: a number that the company's own calling system gave.
    /// - `alternate1`: Observed: another number.
    /// - `alternate2`: Observed: one more number.
    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum PhoneNumberType {
        /// `work`: At work.
        Work,
        /// `work_extension`: The extension at work; for a calling user with the routing prefix.
        WorkExtension,
        /// `mobile`: A mobile phone.
        Mobile,
        /// `fax`: A fax machine.
        Fax,
        /// `enterprise`: Observed: a number that the company's own calling system gave.
        Enterprise,
        /// `alternate1`: Observed: another number.
        Alternate1,
        /// `alternate2`: Observed: one more number.
        Alternate2,
        /// A value that the contract does not list, as the service spelt it.
        Other(::std::string::String),
    }
    crate::wire::open_enum!(
        PhoneNumberType,
        "What a phone number is for.\n\n- `work`: At work.\n- `work_extension`: The extension at work; for a calling user with the routing prefix.\n- `mobile`: A mobile phone.\n- `fax`: A fax machine.\n- `enterprise`: Observed: a number that the company's own calling system gave.\n- `alternate1`: Observed: another number.\n- `alternate2`: Observed: one more number.",
        Other, [(Work, "work"), (WorkExtension, "work_extension"), (Mobile, "mobile"),
        (Fax, "fax"), (Enterprise, "enterprise"), (Alternate1, "alternate1"),
        (Alternate2, "alternate2")]
    );
    /// What a person is doing, as far as the service can tell.
    ///
    /// - `active`: Did something within the past ten minutes.
    /// - `call`: Is on a call.
    /// - `DoNotDisturb`: Has asked not to be disturbed.
    /// - `inactive`: Did nothing for more than ten minutes.
    /// - `meeting`: Is in a meeting.
    /// - `OutOfOffice`: Is away, by their own word or by their calendar's.
    /// - `pending`: Has never signed in, so there is nothing to tell.
    /// - `presenting`: Is sharing a screen or a document.
    /// - `unknown`: The service cannot tell.
    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum PresenceStatus {
        /// `active`: Did something within the past ten minutes.
        Active,
        /// `call`: Is on a call.
        Call,
        /// `DoNotDisturb`: Has asked not to be disturbed.
        DoNotDisturb,
        /// `inactive`: Did nothing for more than ten minutes.
        Inactive,
        /// `meeting`: Is in a meeting.
        Meeting,
        /// `OutOfOffice`: Is away, by their own word or by their calendar's.
        OutOfOffice,
        /// `pending`: Has never signed in, so there is nothing to tell.
        Pending,
        /// `presenting`: Is sharing a screen or a document.
        Presenting,
        /// `unknown`: The service cannot tell.
        Unknown,
        /// A value that the contract does not list, as the service spelt it.
        Other(::std::string::String),
    }
    crate::wire::open_enum!(
        PresenceStatus,
        "What a person is doing, as far as the service can tell.\n\n- `active`: Did something within the past ten minutes.\n- `call`: Is on a call.\n- `DoNotDisturb`: Has asked not to be disturbed.\n- `inactive`: Did nothing for more than ten minutes.\n- `meeting`: Is in a meeting.\n- `OutOfOffice`: Is away, by their own word or by their calendar's.\n- `pending`: Has never signed in, so there is nothing to tell.\n- `presenting`: Is sharing a screen or a document.\n- `unknown`: The service cannot tell.",
        Other, [(Active, "active"), (Call, "call"), (DoNotDisturb, "DoNotDisturb"),
        (Inactive, "inactive"), (Meeting, "meeting"), (OutOfOffice, "OutOfOffice"),
        (Pending, "pending"), (Presenting, "presenting"), (Unknown, "unknown")]
    );
    /// Observed: why a property could not be read.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
    #[derive(PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(Default)]
    pub struct PropertyError {
        /// The reason, for programs.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub code: ::std::option::Option<::std::string::String>,
        /// The reason, for people.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub reason: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for PropertyError {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::redact::debug(
                f,
                "PropertyError",
                &[
                    ("code", self.code.is_some()),
                    ("reason", self.reason.is_some()),
                    ("extra", !self.extra.is_empty()),
                ],
            )
        }
    }
    /// One SIP address of a person. The service sets it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
    #[derive(PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(Default)]
    pub struct SipAddress {
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<SipAddressType>,
        /// The address.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub value: ::std::option::Option<::std::string::String>,
        /// Whether this is the address to try first.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub primary: ::std::option::Option<bool>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for SipAddress {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::redact::debug(
                f,
                "SipAddress",
                &[
                    ("type", self.type_.is_some()),
                    ("value", self.value.is_some()),
                    ("primary", self.primary.is_some()),
                    ("extra", !self.extra.is_empty()),
                ],
            )
        }
    }
    /// What a SIP address is for.
    ///
    /// - `personal-room`: The person's own meeting room.
    /// - `enterprise`: The company's own calling system.
    /// - `cloud-calling`: Webex Calling.
    /// - `unknown`: Observed: the service does not say.
    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum SipAddressType {
        /// `personal-room`: The person's own meeting room.
        PersonalRoom,
        /// `enterprise`: The company's own calling system.
        Enterprise,
        /// `cloud-calling`: Webex Calling.
        CloudCalling,
        /// `unknown`: Observed: the service does not say.
        Unknown,
        /// A value that the contract does not list, as the service spelt it.
        Other(::std::string::String),
    }
    crate::wire::open_enum!(
        SipAddressType,
        "What a SIP address is for.\n\n- `personal-room`: The person's own meeting room.\n- `enterprise`: The company's own calling system.\n- `cloud-calling`: Webex Calling.\n- `unknown`: Observed: the service does not say.",
        Other, [(PersonalRoom, "personal-room"), (Enterprise, "enterprise"),
        (CloudCalling, "cloud-calling"), (Unknown, "unknown")]
    );
    pub use crate::wire::Flag;
}
/// Client for Webex People API
///
/// Read and update the people of a Webex organisation. What an answer contains depends on who asks: a property that the caller may not see is simply absent.
///
/// Version: 2026.11.23
#[derive(Clone)]
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::client::Inner,
}
impl Client {
    /// Read the person that the access token belongs to
    ///
    /// Any caller may ask for itself. The answer is the one that reading a person gives for the caller's own identifier. Calling details are added for administrators who set `callingData`.
    ///
    /// Sends a `GET` request to `/people/me`
    ///
    /// Arguments:
    /// - `calling_data`: Adds what Webex Calling knows of the person to the answer. Takes effect for administrators.
    /// ```ignore
    /// let response = client.get_my_own_details()
    ///     .calling_data(calling_data)
    ///     .send()
    ///     .await;
    /// ```
    pub fn get_my_own_details(&self) -> builder::GetMyOwnDetails<'_> {
        builder::GetMyOwnDetails::new(self)
    }
    /// Read one person
    ///
    /// Any caller may ask for anyone. Presence (`status`, `lastActivity`) is there for people of the caller's organisation, or of one that the caller manages, unless the caller has turned status sharing off. `invitePending` and `loginEnabled` are there when the caller is an administrator of the person's organisation. Calling details are added for administrators who set `callingData`.
    ///
    /// Sends a `GET` request to `/people/{personId}`
    ///
    /// Arguments:
    /// - `person_id`: The person's identifier: base64 of `ciscospark://CLUSTER/PEOPLE/UUID`. The word `me` in its place is another route.
    /// - `calling_data`: Adds what Webex Calling knows of the person to the answer. Takes effect for administrators.
    /// ```ignore
    /// let response = client.get_person_details()
    ///     .person_id(person_id)
    ///     .calling_data(calling_data)
    ///     .send()
    ///     .await;
    /// ```
    pub fn get_person_details(&self) -> builder::GetPersonDetails<'_> {
        builder::GetPersonDetails::new(self)
    }
    /// Replace the details of one person
    ///
    /// For administrators alone.
    ///
    /// The body replaces what the service knows, so it must hold every detail of the person and
    /// not only those that change. Read the person first, change what should change, and send all
    /// of it back. A writable property that is left out can be erased.
    ///
    /// A person has one e-mail address. `locationId` is accepted only together with the licence
    /// that makes the person a calling user, and can never be changed after that.
    ///
    /// Observed: a request that fails can have changed some of the properties, and one that
    /// succeeds can have left some as they were, licences that could not be assigned among them.
    /// Read the person again and compare.
    ///
    /// Sends a `PUT` request to `/people/{personId}`
    ///
    /// Arguments:
    /// - `person_id`: The person's identifier: base64 of `ciscospark://CLUSTER/PEOPLE/UUID`. The word `me` in its place is another route.
    /// - `calling_data`: Adds what Webex Calling knows of the person to the answer. Takes effect for administrators.
    /// - `min_response`: Observed: leaves the person out of the answer.
    /// - `show_all_types`: Observed: counts every kind of role on a site, which is needed to take an attendee role away.
    /// - `body`: All details of the person, changed and unchanged.
    /// ```ignore
    /// let response = client.update_person()
    ///     .person_id(person_id)
    ///     .calling_data(calling_data)
    ///     .min_response(min_response)
    ///     .show_all_types(show_all_types)
    ///     .body(body)
    ///     .send()
    ///     .await;
    /// ```
    pub fn update_person(&self) -> builder::UpdatePerson<'_> {
        builder::UpdatePerson::new(self)
    }
}
/// Types for composing operation parameters.
pub mod builder {
    use super::{ByteStream, Error, ResponseValue, operations, types};
    /// Builder for [`Client::get_my_own_details`]
    ///
    /// [`Client::get_my_own_details`]: super::Client::get_my_own_details
    #[derive(Clone)]
    pub struct GetMyOwnDetails<'a> {
        client: &'a super::Client,
        calling_data: Result<Option<bool>, String>,
    }
    impl ::std::fmt::Debug for GetMyOwnDetails<'_> {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("GetMyOwnDetails").finish_non_exhaustive()
        }
    }
    impl<'a> GetMyOwnDetails<'a> {
        /// Starts a request of `client`, with nothing set.
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                calling_data: Ok(None),
            }
        }
        /// Sets `calling_data`.
        pub fn calling_data<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
        {
            self.calling_data = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `bool` for calling_data failed".to_string());
            self
        }
        /// Sends the request, and reads the answer.
        ///
        /// # Errors
        ///
        /// See [`Error`]: what was given cannot be sent, the service was not reached, or it refused.
        pub async fn send(self) -> Result<ResponseValue<types::Person>, Error> {
            let Self { client, calling_data } = self;
            let calling_data = calling_data
                .map_err(|reason| Error::invalid_request(
                    operations::GET_MY_OWN_DETAILS,
                    reason,
                ))?;
            let url = client.url(operations::GET_MY_OWN_DETAILS, &[])?;
            client
                .exchange_json(
                    operations::GET_MY_OWN_DETAILS,
                    client
                        .client
                        .get(url)
                        .header(
                            ::reqwest::header::ACCEPT,
                            ::reqwest::header::HeaderValue::from_static(
                                "application/json",
                            ),
                        )
                        .query(
                            &progenitor_client::QueryParam::new(
                                "callingData",
                                &calling_data,
                            ),
                        ),
                )
                .await
        }
    }
    /// Builder for [`Client::get_person_details`]
    ///
    /// [`Client::get_person_details`]: super::Client::get_person_details
    #[derive(Clone)]
    pub struct GetPersonDetails<'a> {
        client: &'a super::Client,
        person_id: Result<::std::string::String, String>,
        calling_data: Result<Option<bool>, String>,
    }
    impl ::std::fmt::Debug for GetPersonDetails<'_> {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("GetPersonDetails").finish_non_exhaustive()
        }
    }
    impl<'a> GetPersonDetails<'a> {
        /// Starts a request of `client`, with nothing set.
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                person_id: Err("person_id is required, and was not given".to_string()),
                calling_data: Ok(None),
            }
        }
        /// Sets `person_id`.
        pub fn person_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.person_id = value
                .try_into()
                .map_err(|_| "conversion to `String` for person_id failed".to_string());
            self
        }
        /// Sets `calling_data`.
        pub fn calling_data<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
        {
            self.calling_data = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `bool` for calling_data failed".to_string());
            self
        }
        /// Sends the request, and reads the answer.
        ///
        /// # Errors
        ///
        /// See [`Error`]: what was given cannot be sent, the service was not reached, or it refused.
        pub async fn send(self) -> Result<ResponseValue<types::Person>, Error> {
            let Self { client, person_id, calling_data } = self;
            let person_id = person_id
                .map_err(|reason| Error::invalid_request(
                    operations::GET_PERSON_DETAILS,
                    reason,
                ))?;
            let calling_data = calling_data
                .map_err(|reason| Error::invalid_request(
                    operations::GET_PERSON_DETAILS,
                    reason,
                ))?;
            let url = client
                .url(
                    operations::GET_PERSON_DETAILS,
                    &[("personId", &person_id.to_string())],
                )?;
            client
                .exchange_json(
                    operations::GET_PERSON_DETAILS,
                    client
                        .client
                        .get(url)
                        .header(
                            ::reqwest::header::ACCEPT,
                            ::reqwest::header::HeaderValue::from_static(
                                "application/json",
                            ),
                        )
                        .query(
                            &progenitor_client::QueryParam::new(
                                "callingData",
                                &calling_data,
                            ),
                        ),
                )
                .await
        }
    }
    /// Builder for [`Client::update_person`]
    ///
    /// [`Client::update_person`]: super::Client::update_person
    #[derive(Clone)]
    pub struct UpdatePerson<'a> {
        client: &'a super::Client,
        person_id: Result<::std::string::String, String>,
        calling_data: Result<Option<bool>, String>,
        min_response: Result<Option<bool>, String>,
        show_all_types: Result<Option<bool>, String>,
        body: Result<types::PersonUpdate, String>,
    }
    impl ::std::fmt::Debug for UpdatePerson<'_> {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("UpdatePerson").finish_non_exhaustive()
        }
    }
    impl<'a> UpdatePerson<'a> {
        /// Starts a request of `client`, with nothing set.
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                person_id: Err("person_id is required, and was not given".to_string()),
                calling_data: Ok(None),
                min_response: Ok(None),
                show_all_types: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        /// Sets `person_id`.
        pub fn person_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.person_id = value
                .try_into()
                .map_err(|_| "conversion to `String` for person_id failed".to_string());
            self
        }
        /// Sets `calling_data`.
        pub fn calling_data<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
        {
            self.calling_data = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `bool` for calling_data failed".to_string());
            self
        }
        /// Sets `min_response`.
        pub fn min_response<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
        {
            self.min_response = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `bool` for min_response failed".to_string());
            self
        }
        /// Sets `show_all_types`.
        pub fn show_all_types<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
        {
            self.show_all_types = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `bool` for show_all_types failed".to_string()
                });
            self
        }
        /// Sets the body of the request.
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::PersonUpdate>,
            <V as std::convert::TryInto<types::PersonUpdate>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map_err(|s| {
                    format!("conversion to `PersonUpdate` for body failed: {}", s)
                });
            self
        }
        /// Changes the body of the request.
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(types::PersonUpdate) -> types::PersonUpdate,
        {
            self.body = self.body.map(f);
            self
        }
        /// Sends the request, and reads the answer.
        ///
        /// # Errors
        ///
        /// See [`Error`]: what was given cannot be sent, the service was not reached, or it refused.
        pub async fn send(self) -> Result<ResponseValue<Option<types::Person>>, Error> {
            let Self {
                client,
                person_id,
                calling_data,
                min_response,
                show_all_types,
                body,
            } = self;
            let person_id = person_id
                .map_err(|reason| Error::invalid_request(
                    operations::UPDATE_PERSON,
                    reason,
                ))?;
            let calling_data = calling_data
                .map_err(|reason| Error::invalid_request(
                    operations::UPDATE_PERSON,
                    reason,
                ))?;
            let min_response = min_response
                .map_err(|reason| Error::invalid_request(
                    operations::UPDATE_PERSON,
                    reason,
                ))?;
            let show_all_types = show_all_types
                .map_err(|reason| Error::invalid_request(
                    operations::UPDATE_PERSON,
                    reason,
                ))?;
            let body = body
                .map_err(|reason| Error::invalid_request(
                    operations::UPDATE_PERSON,
                    reason,
                ))?;
            let url = client
                .url(
                    operations::UPDATE_PERSON,
                    &[("personId", &person_id.to_string())],
                )?;
            client
                .exchange_json_or_nothing(
                    operations::UPDATE_PERSON,
                    client
                        .client
                        .put(url)
                        .header(
                            ::reqwest::header::ACCEPT,
                            ::reqwest::header::HeaderValue::from_static(
                                "application/json",
                            ),
                        )
                        .json(&body)
                        .query(
                            &progenitor_client::QueryParam::new(
                                "callingData",
                                &calling_data,
                            ),
                        )
                        .query(
                            &progenitor_client::QueryParam::new(
                                "minResponse",
                                &min_response,
                            ),
                        )
                        .query(
                            &progenitor_client::QueryParam::new(
                                "showAllTypes",
                                &show_all_types,
                            ),
                        ),
                )
                .await
        }
    }
}
/// What the contract says of each operation, for code that treats all of them alike.
pub mod operations {
    use super::Operation;
    /// Every operation of the contract.
    pub const ALL: &[&Operation] = &[
        GET_MY_OWN_DETAILS,
        GET_PERSON_DETAILS,
        UPDATE_PERSON,
    ];
    /// `GET /people/me`.
    pub const GET_MY_OWN_DETAILS: &Operation = &Operation::new(
        "getMyOwnDetails",
        "GET",
        "/people/me",
        &[],
    );
    /// `GET /people/{personId}`.
    pub const GET_PERSON_DETAILS: &Operation = &Operation::new(
        "getPersonDetails",
        "GET",
        "/people/{personId}",
        &["/people/me"],
    );
    /// `PUT /people/{personId}`.
    pub const UPDATE_PERSON: &Operation = &Operation::new(
        "updatePerson",
        "PUT",
        "/people/{personId}",
        &["/people/me"],
    );
}
