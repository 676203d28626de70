// Generated from spec/people.yaml by `cargo xtask regen`. Change the contract, not this file.
// @generated

use crate::runtime::serde_support::QueryParam;
use crate::{ByteStream, Error, Operation, ResponseValue};
/// Types used as operation parameters and responses.
pub mod types {
    /// A postal address with its kind.
    #[derive(::serde::Serialize, Clone, PartialEq, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct Address {
        /// The kind of address. The pages list no values.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        pub type_: Option<String>,
        /// Country; the documented example gives a two-letter code.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub country: Option<String>,
        /// Town or city.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub locality: Option<String>,
        /// State, province or similar.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub region: Option<String>,
        /// Street and house number.
        #[serde(rename = "streetAddress", skip_serializing_if = "Option::is_none")]
        pub street_address: Option<String>,
        /// Postal code (ZIP code).
        #[serde(rename = "postalCode", skip_serializing_if = "Option::is_none")]
        pub postal_code: Option<String>,
        /// The properties that the contract does not list.
        #[serde(flatten)]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for Address {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::runtime::redact::debug(
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
    crate::runtime::serde_support::open_struct!(
        Address, extra, [(type_, "type", optional), (country, "country", optional),
        (locality, "locality", optional), (region, "region", optional), (street_address,
        "streetAddress", optional), (postal_code, "postalCode", optional)]
    );
    /// Observed: one problem of a failed request.
    #[derive(::serde::Serialize, Clone, PartialEq, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct ErrorDetail {
        /// The problem in words.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// The properties that the contract does not list.
        #[serde(flatten)]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for ErrorDetail {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::runtime::redact::debug(
                f,
                "ErrorDetail",
                &[
                    ("description", self.description.is_some()),
                    ("extra", !self.extra.is_empty()),
                ],
            )
        }
    }
    crate::runtime::serde_support::open_struct!(
        ErrorDetail, extra, [(description, "description", optional)]
    );
    /// Observed: the body of a failed request. Any part may be missing, and gateways may send HTML or
    /// nothing instead.
    #[derive(::serde::Serialize, Clone, PartialEq, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct ErrorResponse {
        /// What went wrong, in words.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
        /// The same in detail, one item per problem.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub errors: Option<Vec<ErrorDetail>>,
        /// Identifies the request, as the header `TrackingID` does.
        #[serde(rename = "trackingId", skip_serializing_if = "Option::is_none")]
        pub tracking_id: Option<String>,
        /// The properties that the contract does not list.
        #[serde(flatten)]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for ErrorResponse {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::runtime::redact::debug(
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
    crate::runtime::serde_support::open_struct!(
        ErrorResponse, extra, [(message, "message", optional), (errors, "errors",
        optional), (tracking_id, "trackingId", optional)]
    );
    /// A person as the service shows it. Only `id` is certain: who asks, and for whom, decides what
    /// else appears. Properties marked `readOnly` cannot be set by an update.
    #[derive(::serde::Serialize, Clone, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct Person {
        /// Names the person, the same in every request.
        pub id: String,
        /// E-mail addresses of the account. An update takes one at most.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub emails: Option<Vec<String>>,
        /// Phone numbers, each with its kind.
        #[serde(rename = "phoneNumbers", skip_serializing_if = "Option::is_none")]
        pub phone_numbers: Option<Vec<PhoneNumber>>,
        /// Webex Calling extension. Present only for somebody with a Webex Calling license, when
        /// `callingData` asks for it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub extension: Option<String>,
        /// Id of the person's location in Webex Calling (formerly BroadCloud), present when
        /// `callingData` asks for it.
        #[serde(rename = "locationId", skip_serializing_if = "Option::is_none")]
        pub location_id: Option<String>,
        /// Full name, as shown to others.
        #[serde(rename = "displayName", skip_serializing_if = "Option::is_none")]
        pub display_name: Option<String>,
        /// Nickname. Absent when none is configured.
        #[serde(rename = "nickName", skip_serializing_if = "Option::is_none")]
        pub nick_name: Option<String>,
        /// Given name.
        #[serde(rename = "firstName", skip_serializing_if = "Option::is_none")]
        pub first_name: Option<String>,
        /// Family name.
        #[serde(rename = "lastName", skip_serializing_if = "Option::is_none")]
        pub last_name: Option<String>,
        /// Where to fetch the person's picture, a PNG image.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub avatar: Option<String>,
        /// Id of the person's organization.
        #[serde(rename = "orgId", skip_serializing_if = "Option::is_none")]
        pub org_id: Option<String>,
        /// Ids of the roles the person holds, such as those of an administrator.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub roles: Option<Vec<String>>,
        /// Ids of the licenses assigned to the person.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub licenses: Option<Vec<String>>,
        /// Department of the business in which the person works.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub department: Option<String>,
        /// Identifies the person's manager; the documented example gives a name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub manager: Option<String>,
        /// Names the manager by the id of that person.
        #[serde(rename = "managerId", skip_serializing_if = "Option::is_none")]
        pub manager_id: Option<String>,
        /// Job title.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub title: Option<String>,
        /// Postal addresses, each with its kind.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub addresses: Option<Vec<Address>>,
        /// When the account came into being.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[serde(serialize_with = "crate::runtime::serde_support::optional_time")]
        pub created: Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// When the profile last changed.
        #[serde(rename = "lastModified", skip_serializing_if = "Option::is_none")]
        #[serde(serialize_with = "crate::runtime::serde_support::optional_time")]
        pub last_modified: Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// Time zone, in the documented example a tz database name. Absent when none is set.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub timezone: Option<String>,
        /// When the person last did something in Webex. Present only for people in the caller's
        /// organization or one the caller manages, and not when status sharing is off.
        #[serde(rename = "lastActivity", skip_serializing_if = "Option::is_none")]
        #[serde(serialize_with = "crate::runtime::serde_support::optional_time")]
        pub last_activity: Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// Webex sites on which the person has a role, as `SITE#ROLE`, where the role is host or
        /// attendee.
        #[serde(rename = "siteUrls", skip_serializing_if = "Option::is_none")]
        pub site_urls: Option<Vec<String>>,
        /// SIP addresses, each with its kind. The service assigns them.
        #[serde(rename = "sipAddresses", skip_serializing_if = "Option::is_none")]
        pub sip_addresses: Option<Vec<SipAddress>>,
        /// Jabber id under which other XMPP messengers in the same domain reach the person.
        #[serde(rename = "xmppFederationJid", skip_serializing_if = "Option::is_none")]
        pub xmpp_federation_jid: Option<String>,
        /// Presence at the moment of the request. Present only for people in the caller's
        /// organization or one the caller manages, and not when status sharing is off. It says
        /// nothing about "Last Service Access Time" in Control Hub, which is when the last OAuth
        /// token was given out.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub status: Option<PresenceStatus>,
        /// Is an invitation still open? Present only for administrators of the person's
        /// organization.
        ///
        /// - `true`: invited to Webex, account not created so far.
        /// - `false`: nothing is open.
        #[serde(rename = "invitePending", skip_serializing_if = "Option::is_none")]
        #[serde(
            default,
            deserialize_with = "crate::runtime::serde_support::optional_flag"
        )]
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "Option<crate::runtime::serde_support::BooleanOrText>")
        )]
        pub invite_pending: Option<bool>,
        /// May the person use Webex? Present only for administrators of the person's organization.
        ///
        /// - `true`: logging in works.
        /// - `false`: logging in is blocked.
        ///
        /// Observed: an update can set it, as a JSON boolean.
        #[serde(rename = "loginEnabled", skip_serializing_if = "Option::is_none")]
        #[serde(
            default,
            deserialize_with = "crate::runtime::serde_support::optional_flag"
        )]
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "Option<crate::runtime::serde_support::BooleanOrText>")
        )]
        pub login_enabled: Option<bool>,
        /// The kind of account behind the profile.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        pub type_: Option<PersonType>,
        /// Observed: the name of the account. The pages do not explain it.
        #[serde(rename = "userName", skip_serializing_if = "Option::is_none")]
        pub user_name: Option<String>,
        /// Observed: whether an avatar has been set. The pages do not explain it.
        #[serde(rename = "avatarProvided", skip_serializing_if = "Option::is_none")]
        pub avatar_provided: Option<bool>,
        /// Observed: what went wrong although the request as a whole succeeded. The keys are names
        /// of properties. Seen with a 200 response after an update that left something out.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub errors: Option<::std::collections::BTreeMap<String, PropertyError>>,
        /// The properties that the contract does not list.
        #[serde(flatten)]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for Person {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::runtime::redact::debug(
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
    crate::runtime::serde_support::open_struct!(
        Person, extra, [(id, "id", required), (emails, "emails", optional),
        (phone_numbers, "phoneNumbers", optional), (extension, "extension", optional),
        (location_id, "locationId", optional), (display_name, "displayName", optional),
        (nick_name, "nickName", optional), (first_name, "firstName", optional),
        (last_name, "lastName", optional), (avatar, "avatar", optional), (org_id,
        "orgId", optional), (roles, "roles", optional), (licenses, "licenses", optional),
        (department, "department", optional), (manager, "manager", optional),
        (manager_id, "managerId", optional), (title, "title", optional), (addresses,
        "addresses", optional), (created, "created", optional), (last_modified,
        "lastModified", optional), (timezone, "timezone", optional), (last_activity,
        "lastActivity", optional), (site_urls, "siteUrls", optional), (sip_addresses,
        "sipAddresses", optional), (xmpp_federation_jid, "xmppFederationJid", optional),
        (status, "status", optional), (invite_pending, "invitePending", optional_flag),
        (login_enabled, "loginEnabled", optional_flag), (type_, "type", optional),
        (user_name, "userName", optional), (avatar_provided, "avatarProvided", optional),
        (errors, "errors", optional)]
    );
    /// The kind of an account. The list is open: the service adds values.
    ///
    /// - `person`: a human being.
    /// - `bot`: a program that acts under its own name.
    /// - `appuser`: a guest.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum PersonType {
        /// `person`: a human being.
        Person,
        /// `bot`: a program that acts under its own name.
        Bot,
        /// `appuser`: a guest.
        Appuser,
        /// A value that the contract does not list, as the service spelt it.
        Other(String),
    }
    crate::runtime::serde_support::open_enum!(
        PersonType,
        "The kind of an account. The list is open: the service adds values.\n\n- `person`: a human being.\n- `bot`: a program that acts under its own name.\n- `appuser`: a guest.",
        Other, [(Person, "person"), (Bot, "bot"), (Appuser, "appuser")]
    );
    /// The writable part of a person, replaced as a whole. Send everything the person has; what is
    /// left out may be erased. No property is required by the pages, and none is here, because not
    /// every person has every property.
    ///
    /// Properties from `department` on are observed: the page that this schema follows does not list
    /// them, newer references do.
    #[derive(::serde::Serialize, Clone, PartialEq, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct PersonUpdate {
        /// The e-mail address. More than one is refused.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub emails: Option<Vec<String>>,
        /// All phone numbers, kept and new. A number that is left out may be erased, and an empty
        /// list clears them all.
        ///
        /// Observed: an entry of type `work_extension` cannot be written. It mirrors `extension`, so
        /// drop it from what was read and set `extension` instead.
        #[serde(rename = "phoneNumbers", skip_serializing_if = "Option::is_none")]
        pub phone_numbers: Option<Vec<PhoneNumber>>,
        /// Webex Calling extension.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub extension: Option<String>,
        /// Id of the location. Accepted only together with a new calling license; a calling user's
        /// location cannot be changed.
        #[serde(rename = "locationId", skip_serializing_if = "Option::is_none")]
        pub location_id: Option<String>,
        /// Full name, as shown to others.
        #[serde(rename = "displayName", skip_serializing_if = "Option::is_none")]
        pub display_name: Option<String>,
        /// Given name.
        #[serde(rename = "firstName", skip_serializing_if = "Option::is_none")]
        pub first_name: Option<String>,
        /// Family name.
        #[serde(rename = "lastName", skip_serializing_if = "Option::is_none")]
        pub last_name: Option<String>,
        /// Where to fetch the person's picture, a PNG image.
        ///
        /// Observed: a client that left it out reset people's pictures.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub avatar: Option<String>,
        /// Id of the person's organization.
        #[serde(rename = "orgId", skip_serializing_if = "Option::is_none")]
        pub org_id: Option<String>,
        /// Ids of all roles the person shall have, one id per item. The page prints its two example
        /// ids joined by a comma; they are two items.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub roles: Option<Vec<String>>,
        /// Ids of all licenses the person shall have, one id per item.
        ///
        /// Observed: a license that cannot be assigned is left out even when the update succeeds.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub licenses: Option<Vec<String>>,
        /// Observed: department of the business in which the person works.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub department: Option<String>,
        /// Observed: the manager, by name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub manager: Option<String>,
        /// Observed: the manager, by the id of that person.
        #[serde(rename = "managerId", skip_serializing_if = "Option::is_none")]
        pub manager_id: Option<String>,
        /// Observed: job title.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub title: Option<String>,
        /// Observed: all postal addresses, kept and new.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub addresses: Option<Vec<Address>>,
        /// Observed: all roles on Webex sites, as `SITE#ROLE`. Taking an attendee role away needs
        /// `showAllTypes`.
        #[serde(rename = "siteUrls", skip_serializing_if = "Option::is_none")]
        pub site_urls: Option<Vec<String>>,
        /// Observed: nickname.
        #[serde(rename = "nickName", skip_serializing_if = "Option::is_none")]
        pub nick_name: Option<String>,
        /// Observed: whether the person may use Webex. Always a JSON boolean here, whichever form was
        /// read.
        #[serde(rename = "loginEnabled", skip_serializing_if = "Option::is_none")]
        pub login_enabled: Option<bool>,
        /// The properties that the contract does not list.
        #[serde(flatten)]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for PersonUpdate {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::runtime::redact::debug(
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
                    ("department", self.department.is_some()),
                    ("manager", self.manager.is_some()),
                    ("managerId", self.manager_id.is_some()),
                    ("title", self.title.is_some()),
                    ("addresses", self.addresses.is_some()),
                    ("siteUrls", self.site_urls.is_some()),
                    ("nickName", self.nick_name.is_some()),
                    ("loginEnabled", self.login_enabled.is_some()),
                    ("extra", !self.extra.is_empty()),
                ],
            )
        }
    }
    crate::runtime::serde_support::open_struct!(
        PersonUpdate, extra, [(emails, "emails", optional), (phone_numbers,
        "phoneNumbers", optional), (extension, "extension", optional), (location_id,
        "locationId", optional), (display_name, "displayName", optional), (first_name,
        "firstName", optional), (last_name, "lastName", optional), (avatar, "avatar",
        optional), (org_id, "orgId", optional), (roles, "roles", optional), (licenses,
        "licenses", optional), (department, "department", optional), (manager, "manager",
        optional), (manager_id, "managerId", optional), (title, "title", optional),
        (addresses, "addresses", optional), (site_urls, "siteUrls", optional),
        (nick_name, "nickName", optional), (login_enabled, "loginEnabled", optional)]
    );
    /// A phone number with its kind.
    #[derive(::serde::Serialize, Clone, PartialEq, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct PhoneNumber {
        /// What kind of number this is.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        pub type_: Option<PhoneNumberType>,
        /// The number as people write it, spaces allowed. For a Webex Calling user's
        /// `work_extension` it is the routing prefix followed by the extension.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub value: Option<String>,
        /// Whether this is the main number among those of the person.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub primary: Option<bool>,
        /// The properties that the contract does not list.
        #[serde(flatten)]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for PhoneNumber {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::runtime::redact::debug(
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
    crate::runtime::serde_support::open_struct!(
        PhoneNumber, extra, [(type_, "type", optional), (value, "value", optional),
        (primary, "primary", optional)]
    );
    /// The kind of a phone number. The list is open: the service adds values.
    ///
    /// - `work`: number at work.
    /// - `work_extension`: extension at work. For a Webex Calling user it comes with the routing
    ///   prefix in front.
    /// - `mobile`: mobile phone.
    /// - `fax`: fax machine.
    /// - `enterprise`: observed; number within the enterprise.
    /// - `alternate1`: observed; first alternative number.
    /// - `alternate2`: observed; second alternative number.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum PhoneNumberType {
        /// `work`: number at work.
        Work,
        /// `work_extension`: extension at work. For a Webex Calling user it comes with the routing prefix in front.
        WorkExtension,
        /// `mobile`: mobile phone.
        Mobile,
        /// `fax`: fax machine.
        Fax,
        /// `enterprise`: observed; number within the enterprise.
        Enterprise,
        /// `alternate1`: observed; first alternative number.
        Alternate1,
        /// `alternate2`: observed; second alternative number.
        Alternate2,
        /// A value that the contract does not list, as the service spelt it.
        Other(String),
    }
    crate::runtime::serde_support::open_enum!(
        PhoneNumberType,
        "The kind of a phone number. The list is open: the service adds values.\n\n- `work`: number at work.\n- `work_extension`: extension at work. For a Webex Calling user it comes with the routing\n  prefix in front.\n- `mobile`: mobile phone.\n- `fax`: fax machine.\n- `enterprise`: observed; number within the enterprise.\n- `alternate1`: observed; first alternative number.\n- `alternate2`: observed; second alternative number.",
        Other, [(Work, "work"), (WorkExtension, "work_extension"), (Mobile, "mobile"),
        (Fax, "fax"), (Enterprise, "enterprise"), (Alternate1, "alternate1"),
        (Alternate2, "alternate2")]
    );
    /// What a person is doing. The list is open: the service adds values.
    ///
    /// - `active`: did something in the past ten minutes.
    /// - `call`: on a call.
    /// - `DoNotDisturb`: does not want to be disturbed, set by hand.
    /// - `inactive`: has done nothing for more than ten minutes.
    /// - `meeting`: in a meeting.
    /// - `OutOfOffice`: away from the office, set by hand or by a Hybrid Calendar service.
    /// - `pending`: has not logged in even once, so nothing is known.
    /// - `presenting`: sharing a screen or other content.
    /// - `unknown`: the service could not find out.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum PresenceStatus {
        /// `active`: did something in the past ten minutes.
        Active,
        /// `call`: on a call.
        Call,
        /// `DoNotDisturb`: does not want to be disturbed, set by hand.
        DoNotDisturb,
        /// `inactive`: has done nothing for more than ten minutes.
        Inactive,
        /// `meeting`: in a meeting.
        Meeting,
        /// `OutOfOffice`: away from the office, set by hand or by a Hybrid Calendar service.
        OutOfOffice,
        /// `pending`: has not logged in even once, so nothing is known.
        Pending,
        /// `presenting`: sharing a screen or other content.
        Presenting,
        /// `unknown`: the service could not find out.
        Unknown,
        /// A value that the contract does not list, as the service spelt it.
        Other(String),
    }
    crate::runtime::serde_support::open_enum!(
        PresenceStatus,
        "What a person is doing. The list is open: the service adds values.\n\n- `active`: did something in the past ten minutes.\n- `call`: on a call.\n- `DoNotDisturb`: does not want to be disturbed, set by hand.\n- `inactive`: has done nothing for more than ten minutes.\n- `meeting`: in a meeting.\n- `OutOfOffice`: away from the office, set by hand or by a Hybrid Calendar service.\n- `pending`: has not logged in even once, so nothing is known.\n- `presenting`: sharing a screen or other content.\n- `unknown`: the service could not find out.",
        Other, [(Active, "active"), (Call, "call"), (DoNotDisturb, "DoNotDisturb"),
        (Inactive, "inactive"), (Meeting, "meeting"), (OutOfOffice, "OutOfOffice"),
        (Pending, "pending"), (Presenting, "presenting"), (Unknown, "unknown")]
    );
    /// Observed: why one property is missing from an answer or was not taken over, although the
    /// request succeeded.
    #[derive(::serde::Serialize, Clone, PartialEq, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct PropertyError {
        /// A code for the kind of failure.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub code: Option<String>,
        /// The failure in words.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
        /// The properties that the contract does not list.
        #[serde(flatten)]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for PropertyError {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::runtime::redact::debug(
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
    crate::runtime::serde_support::open_struct!(
        PropertyError, extra, [(code, "code", optional), (reason, "reason", optional)]
    );
    /// A SIP address with its kind, assigned by the service.
    #[derive(::serde::Serialize, Clone, PartialEq, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct SipAddress {
        /// What kind of address this is.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        pub type_: Option<SipAddressType>,
        /// The address; the documented example has no `sip:` in front.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub value: Option<String>,
        /// Whether this is the main SIP address of the person.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub primary: Option<bool>,
        /// The properties that the contract does not list.
        #[serde(flatten)]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
    }
    impl ::std::fmt::Debug for SipAddress {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            crate::runtime::redact::debug(
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
    crate::runtime::serde_support::open_struct!(
        SipAddress, extra, [(type_, "type", optional), (value, "value", optional),
        (primary, "primary", optional)]
    );
    /// The kind of a SIP address. The list is open: the service adds values. The page names three
    /// kinds but spells only the first as the service sends it; the spelling of the other two is
    /// taken from the published reference of the service.
    ///
    /// - `personal-room`: the person's own meeting room.
    /// - `enterprise`: an address of the enterprise.
    /// - `cloud-calling`: an address of cloud calling.
    /// - `unknown`: observed; kind not known.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum SipAddressType {
        /// `personal-room`: the person's own meeting room.
        PersonalRoom,
        /// `enterprise`: an address of the enterprise.
        Enterprise,
        /// `cloud-calling`: an address of cloud calling.
        CloudCalling,
        /// `unknown`: observed; kind not known.
        Unknown,
        /// A value that the contract does not list, as the service spelt it.
        Other(String),
    }
    crate::runtime::serde_support::open_enum!(
        SipAddressType,
        "The kind of a SIP address. The list is open: the service adds values. The page names three\nkinds but spells only the first as the service sends it; the spelling of the other two is\ntaken from the published reference of the service.\n\n- `personal-room`: the person's own meeting room.\n- `enterprise`: an address of the enterprise.\n- `cloud-calling`: an address of cloud calling.\n- `unknown`: observed; kind not known.",
        Other, [(PersonalRoom, "personal-room"), (Enterprise, "enterprise"),
        (CloudCalling, "cloud-calling"), (Unknown, "unknown")]
    );
    /// The JSON Schema of every model, by the model's name.
    #[cfg(feature = "schemars")]
    #[must_use]
    pub fn json_schemas() -> ::std::collections::BTreeMap<
        &'static str,
        ::schemars::Schema,
    > {
        ::std::collections::BTreeMap::from([
            ("Address", ::schemars::schema_for!(Address)),
            ("BooleanOrText", ::schemars::schema_for!(BooleanOrText)),
            ("ErrorDetail", ::schemars::schema_for!(ErrorDetail)),
            ("ErrorResponse", ::schemars::schema_for!(ErrorResponse)),
            ("Person", ::schemars::schema_for!(Person)),
            ("PersonType", ::schemars::schema_for!(PersonType)),
            ("PersonUpdate", ::schemars::schema_for!(PersonUpdate)),
            ("PhoneNumber", ::schemars::schema_for!(PhoneNumber)),
            ("PhoneNumberType", ::schemars::schema_for!(PhoneNumberType)),
            ("PresenceStatus", ::schemars::schema_for!(PresenceStatus)),
            ("PropertyError", ::schemars::schema_for!(PropertyError)),
            ("SipAddress", ::schemars::schema_for!(SipAddress)),
            ("SipAddressType", ::schemars::schema_for!(SipAddressType)),
        ])
    }
    pub use crate::runtime::serde_support::BooleanOrText;
}
/// Client for Webex People API
///
/// Read and update the profile of a person in Webex.
///
/// Written by hand on 2026-11-23 from three pages of the Webex REST API reference: *Get My Own
/// Details*, *Get Person Details* and *Update a Person*. It is not an official document of the
/// service.
///
/// **What appears depends on who asks.** Only `id` is certain in a person that is read. Presence
/// (`status`, `lastActivity`) is shown inside the organization or to those who manage it, account
/// state (`invitePending`, `loginEnabled`) to administrators of the person's organization, and
/// Webex Calling details to administrators who set `callingData`.
///
/// **An update replaces the whole person.** There is no partial update: read the person, change it,
/// send all of it back, and read again to see what took effect.
///
/// **Errors** share the schema `ErrorResponse`, but gateways in front of the service may answer with
/// HTML or with an empty body. The `TrackingID` header names the request to Webex support.
///
///
/// Version: 2026.11.23
#[derive(Clone)]
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::runtime::client::Inner,
}
impl Client {
    /// Read the caller's own profile
    ///
    /// Returns the person to whom the access token belongs. The request equals
    /// `GET /people/{personId}` with that person's own id.
    ///
    /// **Who may call:** anyone with a valid token.
    ///
    /// **What is visible:** the caller's own profile. Account state (`invitePending`,
    /// `loginEnabled`) appears for administrators of the organization, Webex Calling details for
    /// administrators who set `callingData`. Presence (`status`, `lastActivity`) is missing when
    /// the caller has turned status sharing off.
    ///
    ///
    /// Sends a `GET` request to `/people/me`
    ///
    /// Arguments:
    /// - `calling_data`: Adds the details of Webex Calling (formerly BroadCloud), such as `extension` and
    /// `locationId`, to the answer. It takes effect for administrators.
    ///
    /// ```text
    /// let response = client.get_my_own_details()
    ///     .calling_data(calling_data)
    ///     .send()
    ///     .await;
    /// ```
    pub fn get_my_own_details(&self) -> builder::GetMyOwnDetails<'_> {
        builder::GetMyOwnDetails::new(self)
    }
    /// Read one person's profile
    ///
    /// Returns the person that `personId` names.
    ///
    /// **Who may call:** anyone with a valid token, as far as the service lets them see that person.
    ///
    /// **What is visible:**
    /// - Presence (`status`, `lastActivity`): to callers in the person's organization or in one that
    ///   manages it, unless status sharing has been turned off.
    /// - Account state (`invitePending`, `loginEnabled`): to administrators of the person's
    ///   organization.
    /// - Webex Calling details: to administrators who set `callingData`.
    ///
    /// The oldest page lists fewer response codes for this operation. It has the codes of
    /// `getMyOwnDetails`, which is the same request for one's own id.
    ///
    ///
    /// Sends a `GET` request to `/people/{personId}`
    ///
    /// Arguments:
    /// - `person_id`: The id of a person: base64 of `ciscospark://CLUSTER/PEOPLE/UUID`, usually without padding.
    /// The word `me` is not an id; `/people/me` is another route.
    ///
    /// - `calling_data`: Adds the details of Webex Calling (formerly BroadCloud), such as `extension` and
    /// `locationId`, to the answer. It takes effect for administrators.
    ///
    /// ```text
    /// let response = client.get_person_details()
    ///     .person_id(person_id)
    ///     .calling_data(calling_data)
    ///     .send()
    ///     .await;
    /// ```
    pub fn get_person_details(&self) -> builder::GetPersonDetails<'_> {
        builder::GetPersonDetails::new(self)
    }
    /// Replace one person's profile
    ///
    /// Replaces the writable part of the profile that `personId` names and returns the person.
    ///
    /// **Who may call:** administrators only.
    ///
    /// **Full replacement:** the service expects every detail in the body. Read the person first,
    /// change what should change, and send changed and unchanged values together. What the body
    /// leaves out may be erased.
    ///
    /// **E-mail:** a person has a single address, so `emails` holds one item at most.
    ///
    /// **Location:** `locationId` is accepted only in the request that gives the person a calling
    /// license. It stays fixed once the person is a calling user.
    ///
    /// **Partial effects** (observed): a request that fails may have changed some properties
    /// already, and one that succeeds may have left some out, for instance a license that could not
    /// be assigned; `errors` in the answer can then say which. Read the person again and compare.
    ///
    ///
    /// Sends a `PUT` request to `/people/{personId}`
    ///
    /// Arguments:
    /// - `person_id`: The id of a person: base64 of `ciscospark://CLUSTER/PEOPLE/UUID`, usually without padding.
    /// The word `me` is not an id; `/people/me` is another route.
    ///
    /// - `calling_data`: Adds the details of Webex Calling (formerly BroadCloud), such as `extension` and
    /// `locationId`, to the answer. It takes effect for administrators.
    ///
    /// - `min_response`: Observed: keeps the person out of the answer to make it smaller and faster.
    ///
    /// - `show_all_types`: Observed: makes the update treat every kind of role a person has on a site, the attendee role
    /// included. Set it to take an attendee role away.
    ///
    /// - `body`: All details of the person, changed and unchanged.
    /// ```text
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
    use super::{ByteStream, Error, QueryParam, ResponseValue, operations, types};
    /// Builder for [`Client::get_my_own_details`]
    ///
    /// [`Client::get_my_own_details`]: super::Client::get_my_own_details
    #[derive(Clone)]
    #[must_use = "nothing is sent before `send` is awaited"]
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
        /// Adds the details of Webex Calling (formerly BroadCloud), such as `extension` and
        /// `locationId`, to the answer. It takes effect for administrators.
        pub fn calling_data<V>(mut self, value: V) -> Self
        where
            V: TryInto<bool>,
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
                        .query(&QueryParam::new("callingData", &calling_data)),
                )
                .await
        }
    }
    /// Builder for [`Client::get_person_details`]
    ///
    /// [`Client::get_person_details`]: super::Client::get_person_details
    #[derive(Clone)]
    #[must_use = "nothing is sent before `send` is awaited"]
    pub struct GetPersonDetails<'a> {
        client: &'a super::Client,
        person_id: Result<String, String>,
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
        /// The id of a person: base64 of `ciscospark://CLUSTER/PEOPLE/UUID`, usually without padding.
        /// The word `me` is not an id; `/people/me` is another route.
        pub fn person_id<V>(mut self, value: V) -> Self
        where
            V: TryInto<String>,
        {
            self.person_id = value
                .try_into()
                .map_err(|_| "conversion to `String` for person_id failed".to_string());
            self
        }
        /// Adds the details of Webex Calling (formerly BroadCloud), such as `extension` and
        /// `locationId`, to the answer. It takes effect for administrators.
        pub fn calling_data<V>(mut self, value: V) -> Self
        where
            V: TryInto<bool>,
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
                        .query(&QueryParam::new("callingData", &calling_data)),
                )
                .await
        }
    }
    /// Builder for [`Client::update_person`]
    ///
    /// [`Client::update_person`]: super::Client::update_person
    #[derive(Clone)]
    #[must_use = "nothing is sent before `send` is awaited"]
    pub struct UpdatePerson<'a> {
        client: &'a super::Client,
        person_id: Result<String, String>,
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
                body: Err("body is required, and was not given".to_string()),
            }
        }
        /// The id of a person: base64 of `ciscospark://CLUSTER/PEOPLE/UUID`, usually without padding.
        /// The word `me` is not an id; `/people/me` is another route.
        pub fn person_id<V>(mut self, value: V) -> Self
        where
            V: TryInto<String>,
        {
            self.person_id = value
                .try_into()
                .map_err(|_| "conversion to `String` for person_id failed".to_string());
            self
        }
        /// Adds the details of Webex Calling (formerly BroadCloud), such as `extension` and
        /// `locationId`, to the answer. It takes effect for administrators.
        pub fn calling_data<V>(mut self, value: V) -> Self
        where
            V: TryInto<bool>,
        {
            self.calling_data = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `bool` for calling_data failed".to_string());
            self
        }
        /// Observed: keeps the person out of the answer to make it smaller and faster.
        pub fn min_response<V>(mut self, value: V) -> Self
        where
            V: TryInto<bool>,
        {
            self.min_response = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `bool` for min_response failed".to_string());
            self
        }
        /// Observed: makes the update treat every kind of role a person has on a site, the attendee role
        /// included. Set it to take an attendee role away.
        pub fn show_all_types<V>(mut self, value: V) -> Self
        where
            V: TryInto<bool>,
        {
            self.show_all_types = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `bool` for show_all_types failed".to_string()
                });
            self
        }
        /// The body of the request.
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: TryInto<types::PersonUpdate>,
            <V as TryInto<types::PersonUpdate>>::Error: std::fmt::Display,
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
            F: FnOnce(types::PersonUpdate) -> types::PersonUpdate,
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
                        .query(&QueryParam::new("callingData", &calling_data))
                        .query(&QueryParam::new("minResponse", &min_response))
                        .query(&QueryParam::new("showAllTypes", &show_all_types)),
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
