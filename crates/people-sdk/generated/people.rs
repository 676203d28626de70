// Generated from spec/people.yaml by `cargo xtask regen`. Change the contract, not this file.
// @generated

use crate::runtime::request::QueryStyle;
use crate::runtime::request_options::RequestOptions;
use crate::runtime::send::Inner;
use crate::{ByteStream, CallFuture, Error, Operation, ResponseValue};
/// Types used as operation parameters and responses.
pub mod types {
    /// A postal address and its type.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::serde_json;
    /// use people_sdk::types::Address;
    ///
    /// let mut address = Address::default();
    /// address.type_ = Some("work".to_owned());
    /// let json = serde_json::to_string(&address)?;
    /// assert_eq!(json, r#"{"type":"work"}"#);
    /// assert_eq!(Address::from_json(&json)?, address);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Clone, PartialEq, Eq, Hash, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[cfg_attr(
        feature = "schemars",
        schemars(description = "A postal address and its type.")
    )]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", schemars(rename_all = "camelCase"))]
    pub struct Address {
        /// Type of the address. The pages list no values.
        #[doc(alias = "type")]
        pub type_: Option<String>,
        /// Country. The documented example is a two-letter code.
        pub country: Option<String>,
        /// Locality, often a city.
        pub locality: Option<String>,
        /// Region, often a state.
        pub region: Option<String>,
        /// Street and house number.
        #[doc(alias = "streetAddress")]
        pub street_address: Option<String>,
        /// Postal code or ZIP code.
        #[doc(alias = "postalCode")]
        pub postal_code: Option<String>,
        /// The properties that the contract does not list.
        #[cfg_attr(feature = "schemars", schemars(flatten))]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
        /// The properties whose values are not of the promised form, as they came.
        #[cfg_attr(feature = "schemars", schemars(skip))]
        pub unparsed: crate::UnparsedProperties,
    }
    crate::runtime::serde_support::open_struct! {
        Address(extra, unparsed);
        "type" => type_, optional;
        "country" => country, optional;
        "locality" => locality, optional;
        "region" => region, optional;
        "streetAddress" => street_address, optional;
        "postalCode" => postal_code, optional;
    }
    /// Observed: one problem of an error response.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::serde_json;
    /// use people_sdk::types::ErrorDetail;
    ///
    /// let mut error_detail = ErrorDetail::default();
    /// error_detail.description = Some("No person has this id".to_owned());
    /// let json = serde_json::to_string(&error_detail)?;
    /// assert_eq!(json, r#"{"description":"No person has this id"}"#);
    /// assert_eq!(ErrorDetail::from_json(&json)?, error_detail);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Clone, PartialEq, Eq, Hash, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[cfg_attr(
        feature = "schemars",
        schemars(description = "Observed: one problem of an error response.")
    )]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", schemars(rename_all = "camelCase"))]
    pub struct ErrorDetail {
        /// Description of the problem.
        pub description: Option<String>,
        /// Numeric code of the problem, for searches and for Webex support.
        #[doc(alias = "errorCode")]
        pub error_code: Option<i64>,
        /// The properties that the contract does not list.
        #[cfg_attr(feature = "schemars", schemars(flatten))]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
        /// The properties whose values are not of the promised form, as they came.
        #[cfg_attr(feature = "schemars", schemars(skip))]
        pub unparsed: crate::UnparsedProperties,
    }
    crate::runtime::serde_support::open_struct! {
        ErrorDetail(extra, unparsed);
        "description" => description, optional;
        "errorCode" => error_code, optional;
    }
    /// Observed: the body of an error response. Any property may be absent; gateways send HTML or no
    /// body instead.
    ///
    /// Observed: other shapes, depending on the service behind the request: `errors[].message`; an
    /// object `error` with `key` and `message`; `error` and `error_description` of OAuth; `detail` and
    /// `scimType` of SCIM; `title` and `detail` of `application/problem+json`; `message` as a list;
    /// plain text.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::serde_json;
    /// use people_sdk::types::ErrorResponse;
    ///
    /// let mut error_response = ErrorResponse::default();
    /// error_response.message = Some("No person has this id".to_owned());
    /// let json = serde_json::to_string(&error_response)?;
    /// assert_eq!(json, r#"{"message":"No person has this id"}"#);
    /// assert_eq!(ErrorResponse::from_json(&json)?, error_response);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Clone, PartialEq, Eq, Hash, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[cfg_attr(
        feature = "schemars",
        schemars(
            description = "Observed: the body of an error response. Any property may be absent; gateways send HTML or no\nbody instead.\n\nObserved: other shapes, depending on the service behind the request: `errors[].message`; an\nobject `error` with `key` and `message`; `error` and `error_description` of OAuth; `detail` and\n`scimType` of SCIM; `title` and `detail` of `application/problem+json`; `message` as a list;\nplain text."
        )
    )]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", schemars(rename_all = "camelCase"))]
    pub struct ErrorResponse {
        /// Description of the error.
        pub message: Option<String>,
        /// Details, one item per problem.
        pub errors: Option<Vec<ErrorDetail>>,
        /// Unique identifier of the request, equal to the header `TrackingID`.
        #[doc(alias = "trackingId")]
        pub tracking_id: Option<String>,
        /// The properties that the contract does not list.
        #[cfg_attr(feature = "schemars", schemars(flatten))]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
        /// The properties whose values are not of the promised form, as they came.
        #[cfg_attr(feature = "schemars", schemars(skip))]
        pub unparsed: crate::UnparsedProperties,
    }
    crate::runtime::serde_support::open_struct! {
        ErrorResponse(extra, unparsed);
        "message" => message, optional;
        "errors" => errors, optional;
        "trackingId" => tracking_id, optional;
    }
    /// A person as the caller sees it. Only `id` is always present. Properties marked `readOnly`
    /// cannot be updated.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::serde_json;
    /// use people_sdk::types::Person;
    ///
    /// let mut person = Person::new("Y2lzY29zcGFyazovL3VzL1BFT1BMRS9mNWIzNjE4Ny1jOGRkLTQ3MjctOGIyZi1mOWM0NDdmMjkwNDY");
    /// person.extension = Some("133".to_owned());
    /// let json = serde_json::to_string(&person)?;
    /// assert_eq!(json, r#"{"id":"Y2lzY29zcGFyazovL3VzL1BFT1BMRS9mNWIzNjE4Ny1jOGRkLTQ3MjctOGIyZi1mOWM0NDdmMjkwNDY","extension":"133"}"#);
    /// assert_eq!(Person::from_json(&json)?, person);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Clone, PartialEq, Eq, Hash)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[cfg_attr(
        feature = "schemars",
        schemars(
            description = "A person as the caller sees it. Only `id` is always present. Properties marked `readOnly`\ncannot be updated."
        )
    )]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", schemars(rename_all = "camelCase"))]
    pub struct Person {
        /// Unique identifier of the person.
        ///
        /// Read-only.
        pub id: String,
        /// E-mail addresses.
        ///
        /// Observed: in any order, and in lower case.
        pub emails: Option<Vec<String>>,
        /// Phone numbers, each with its type.
        #[doc(alias = "phoneNumbers")]
        pub phone_numbers: Option<Vec<PhoneNumber>>,
        /// Webex Calling extension. Present for people with a Webex Calling license when `callingData`
        /// is set.
        pub extension: Option<String>,
        /// Identifier of the person's Webex Calling (formerly BroadCloud) location. Present when
        /// `callingData` is set.
        #[doc(alias = "locationId")]
        pub location_id: Option<String>,
        /// Full name.
        #[doc(alias = "displayName")]
        pub display_name: Option<String>,
        /// Nickname. Absent when none is configured.
        #[doc(alias = "nickName")]
        pub nick_name: Option<String>,
        /// First name.
        #[doc(alias = "firstName")]
        pub first_name: Option<String>,
        /// Last name.
        #[doc(alias = "lastName")]
        pub last_name: Option<String>,
        /// URL of the person's picture in PNG format.
        pub avatar: Option<String>,
        /// Identifier of the person's organization.
        #[doc(alias = "orgId")]
        pub org_id: Option<String>,
        /// Identifiers of the person's roles.
        pub roles: Option<Vec<String>>,
        /// Identifiers of the person's licenses.
        pub licenses: Option<Vec<String>>,
        /// Business department of the person.
        pub department: Option<String>,
        /// The person's manager. The documented example is a name.
        pub manager: Option<String>,
        /// Person identifier of the manager.
        #[doc(alias = "managerId")]
        pub manager_id: Option<String>,
        /// Job title.
        pub title: Option<String>,
        /// Postal addresses, each with its type.
        pub addresses: Option<Vec<Address>>,
        /// Date and time at which the account was created.
        ///
        /// Read-only.
        pub created: Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// Date and time of the last change to the profile.
        ///
        /// Read-only.
        #[doc(alias = "lastModified")]
        pub last_modified: Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// Time zone. Absent when none is configured. The documented example is a name of the tz
        /// database.
        ///
        /// Read-only.
        pub timezone: Option<String>,
        /// Date and time of the last activity in Webex. Present for people in the caller's
        /// organization or in one that it manages, unless status sharing is disabled.
        ///
        /// Read-only.
        #[doc(alias = "lastActivity")]
        pub last_activity: Option<::chrono::DateTime<::chrono::offset::Utc>>,
        /// Webex sites on which the person has a role (host or attendee).
        ///
        /// Observed: the form `SITE#ROLE`.
        #[doc(alias = "siteUrls")]
        pub site_urls: Option<Vec<String>>,
        /// SIP addresses, each with its type.
        ///
        /// Read-only.
        #[doc(alias = "sipAddresses")]
        pub sip_addresses: Option<Vec<SipAddress>>,
        /// Identifier for federation with other XMPP messengers within the domain.
        ///
        /// Read-only.
        #[doc(alias = "xmppFederationJid")]
        pub xmpp_federation_jid: Option<String>,
        /// Presence status at the time of the request. Present for people in the caller's organization
        /// or in one that it manages, unless status sharing is disabled. Unrelated to "Last Service
        /// Access Time" in Control Hub, which is the time of the last OAuth token.
        ///
        /// Read-only.
        pub status: Option<PresenceStatus>,
        /// Whether an invitation to activate the account is pending. Present for administrators of the
        /// person's organization.
        ///
        /// - `true`: invited to Webex, no account created.
        /// - `false`: no invitation is pending.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "Option<crate::runtime::serde_support::BooleanOrText>")
        )]
        ///
        /// Read-only.
        #[doc(alias = "invitePending")]
        pub invite_pending: Option<bool>,
        /// Whether the person can sign in. Present for administrators of the person's organization.
        ///
        /// - `true`: the person can sign in.
        /// - `false`: the person cannot sign in.
        ///
        /// Observed: writable.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "Option<crate::runtime::serde_support::BooleanOrText>")
        )]
        #[doc(alias = "loginEnabled")]
        pub login_enabled: Option<bool>,
        /// Type of the account.
        ///
        /// Read-only.
        #[doc(alias = "type")]
        pub type_: Option<PersonType>,
        /// Observed: login name of the account, which is the primary e-mail address.
        ///
        /// Read-only.
        #[doc(alias = "userName")]
        pub user_name: Option<String>,
        /// Observed: whether the person has a picture.
        ///
        /// Read-only.
        #[doc(alias = "avatarProvided")]
        pub avatar_provided: Option<bool>,
        /// Observed: the properties that an update did not apply although it succeeded, by their
        /// names.
        ///
        /// Read-only.
        pub errors: Option<::std::collections::BTreeMap<String, PropertyError>>,
        /// The properties that the contract does not list.
        #[cfg_attr(feature = "schemars", schemars(flatten))]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
        /// The properties whose values are not of the promised form, as they came.
        #[cfg_attr(feature = "schemars", schemars(skip))]
        pub unparsed: crate::UnparsedProperties,
    }
    impl Person {
        /// A `Person` with the required properties and no other.
        #[must_use]
        pub fn new(id: impl Into<String>) -> Self {
            Self {
                id: id.into(),
                emails: Default::default(),
                phone_numbers: Default::default(),
                extension: Default::default(),
                location_id: Default::default(),
                display_name: Default::default(),
                nick_name: Default::default(),
                first_name: Default::default(),
                last_name: Default::default(),
                avatar: Default::default(),
                org_id: Default::default(),
                roles: Default::default(),
                licenses: Default::default(),
                department: Default::default(),
                manager: Default::default(),
                manager_id: Default::default(),
                title: Default::default(),
                addresses: Default::default(),
                created: Default::default(),
                last_modified: Default::default(),
                timezone: Default::default(),
                last_activity: Default::default(),
                site_urls: Default::default(),
                sip_addresses: Default::default(),
                xmpp_federation_jid: Default::default(),
                status: Default::default(),
                invite_pending: Default::default(),
                login_enabled: Default::default(),
                type_: Default::default(),
                user_name: Default::default(),
                avatar_provided: Default::default(),
                errors: Default::default(),
                extra: Default::default(),
                unparsed: Default::default(),
            }
        }
    }
    crate::runtime::serde_support::open_struct! {
        Person(extra, unparsed);
        "id" => id, required;
        "emails" => emails, optional;
        "phoneNumbers" => phone_numbers, optional;
        "extension" => extension, optional;
        "locationId" => location_id, optional;
        "displayName" => display_name, optional;
        "nickName" => nick_name, optional;
        "firstName" => first_name, optional;
        "lastName" => last_name, optional;
        "avatar" => avatar, optional;
        "orgId" => org_id, optional;
        "roles" => roles, optional;
        "licenses" => licenses, optional;
        "department" => department, optional;
        "manager" => manager, optional;
        "managerId" => manager_id, optional;
        "title" => title, optional;
        "addresses" => addresses, optional;
        "created" => created, optional;
        "lastModified" => last_modified, optional;
        "timezone" => timezone, optional;
        "lastActivity" => last_activity, optional;
        "siteUrls" => site_urls, optional;
        "sipAddresses" => sip_addresses, optional;
        "xmppFederationJid" => xmpp_federation_jid, optional;
        "status" => status, optional;
        "invitePending" => invite_pending, optional_boolean_or_text;
        "loginEnabled" => login_enabled, optional_boolean_or_text;
        "type" => type_, optional;
        "userName" => user_name, optional;
        "avatarProvided" => avatar_provided, optional;
        "errors" => errors, optional;
    }
    /// Type of an account. The service adds values.
    ///
    /// - `person`: a person.
    /// - `bot`: a bot.
    /// - `appuser`: a guest.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::types::PersonType;
    ///
    /// assert_eq!(PersonType::from("person"), PersonType::Person);
    /// assert_eq!(PersonType::Person.as_str(), "person");
    /// // A value that the contract does not list is kept.
    /// assert_eq!(PersonType::from("other").as_str(), "other");
    /// assert!(!PersonType::KNOWN_VALUES.contains(&"other"));
    /// ```
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum PersonType {
        /// `person`: a person.
        Person,
        /// `bot`: a bot.
        Bot,
        /// `appuser`: a guest.
        Appuser,
        /// A value that the contract does not list, as the service spelt it.
        Other(String),
    }
    crate::runtime::serde_support::open_enum! {
        PersonType(Other, "Type of an account. The service adds values.\n\n- `person`: a person.\n- `bot`: a bot.\n- `appuser`: a guest.");
        "person" => Person;
        "bot" => Bot;
        "appuser" => Appuser;
    }
    /// The writable part of a person, replaced as a whole. Properties that are omitted may be erased.
    ///
    /// The page requires no property. Observed: `displayName` is required.
    ///
    /// Observed: all properties from `department` on, which the page does not list. The service trims
    /// text and normalizes it to Unicode NFC.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::serde_json;
    /// use people_sdk::types::PersonUpdate;
    ///
    /// let mut person_update = PersonUpdate::default();
    /// person_update.extension = Some("133".to_owned());
    /// let json = serde_json::to_string(&person_update)?;
    /// assert_eq!(json, r#"{"extension":"133"}"#);
    /// assert_eq!(PersonUpdate::from_json(&json)?, person_update);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Clone, PartialEq, Eq, Hash, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[cfg_attr(
        feature = "schemars",
        schemars(
            description = "The writable part of a person, replaced as a whole. Properties that are omitted may be erased.\n\nThe page requires no property. Observed: `displayName` is required.\n\nObserved: all properties from `department` on, which the page does not list. The service trims\ntext and normalizes it to Unicode NFC."
        )
    )]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", schemars(rename_all = "camelCase"))]
    pub struct PersonUpdate {
        /// E-mail addresses. The pages allow one address per person.
        ///
        /// Observed: several addresses are accepted, and the first one becomes the primary address.
        /// A read returns them in any order; `userName` is the primary address.
        pub emails: Option<Vec<String>>,
        /// All phone numbers. A number that is omitted may be erased; an empty list erases all.
        ///
        /// Observed: accepted for people with a Webex Calling license only, with numbers of type
        /// `work` only. Existing numbers of people who are synchronized from a directory are
        /// rejected. A number of type `work_extension` repeats `extension` and cannot be written.
        #[doc(alias = "phoneNumbers")]
        pub phone_numbers: Option<Vec<PhoneNumber>>,
        /// Webex Calling extension.
        ///
        /// Observed: without the routing prefix of the location, and for people with a Webex Calling
        /// license only. `null` removes Webex Calling from the person; empty text does not.
        pub extension: Option<String>,
        /// Identifier of the location. Accepted only in the update that adds a calling license; cannot
        /// be changed for an existing calling user.
        #[doc(alias = "locationId")]
        pub location_id: Option<String>,
        /// Full name.
        #[doc(alias = "displayName")]
        pub display_name: Option<String>,
        /// First name.
        #[doc(alias = "firstName")]
        pub first_name: Option<String>,
        /// Last name.
        #[doc(alias = "lastName")]
        pub last_name: Option<String>,
        /// URL of the person's picture in PNG format.
        ///
        /// Observed: an update that omits it resets the picture. The URL changes when the service
        /// copies the picture.
        pub avatar: Option<String>,
        /// Identifier of the person's organization.
        #[doc(alias = "orgId")]
        pub org_id: Option<String>,
        /// Identifiers of all roles of the person, one per item. The page prints its two example
        /// identifiers joined by a comma; they are two items.
        pub roles: Option<Vec<String>>,
        /// Identifiers of all licenses of the person, one per item.
        ///
        /// Observed: a license that cannot be assigned is skipped even when the update succeeds. A
        /// license that the system assigns cannot be removed.
        pub licenses: Option<Vec<String>>,
        /// Observed: business department of the person.
        pub department: Option<String>,
        /// Observed: the person's manager, by name. Follows `managerId`.
        pub manager: Option<String>,
        /// Observed: person identifier of the manager.
        #[doc(alias = "managerId")]
        pub manager_id: Option<String>,
        /// Observed: job title.
        pub title: Option<String>,
        /// Observed: all postal addresses.
        pub addresses: Option<Vec<Address>>,
        /// Observed: all roles on Webex sites, as `SITE#ROLE`. Removing an attendee role requires
        /// `showAllTypes`.
        #[doc(alias = "siteUrls")]
        pub site_urls: Option<Vec<String>>,
        /// Observed: nickname. Cannot be set: every update sets it to `firstName`.
        #[doc(alias = "nickName")]
        pub nick_name: Option<String>,
        /// Observed: whether the person can sign in. The reference lists a boolean; the text that a
        /// read returns is accepted too, so that it can be sent back.
        #[cfg_attr(
            feature = "schemars",
            schemars(with = "Option<crate::runtime::serde_support::BooleanOrText>")
        )]
        #[doc(alias = "loginEnabled")]
        pub login_enabled: Option<bool>,
        /// The properties that the contract does not list.
        #[cfg_attr(feature = "schemars", schemars(flatten))]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
        /// The properties whose values are not of the promised form, as they came.
        #[cfg_attr(feature = "schemars", schemars(skip))]
        pub unparsed: crate::UnparsedProperties,
    }
    crate::runtime::serde_support::open_struct! {
        PersonUpdate(extra, unparsed);
        "emails" => emails, optional;
        "phoneNumbers" => phone_numbers, optional;
        "extension" => extension, optional;
        "locationId" => location_id, optional;
        "displayName" => display_name, optional;
        "firstName" => first_name, optional;
        "lastName" => last_name, optional;
        "avatar" => avatar, optional;
        "orgId" => org_id, optional;
        "roles" => roles, optional;
        "licenses" => licenses, optional;
        "department" => department, optional;
        "manager" => manager, optional;
        "managerId" => manager_id, optional;
        "title" => title, optional;
        "addresses" => addresses, optional;
        "siteUrls" => site_urls, optional;
        "nickName" => nick_name, optional;
        "loginEnabled" => login_enabled, optional_boolean_or_text;
    }
    /// A phone number and its type.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::serde_json;
    /// use people_sdk::types::PhoneNumber;
    ///
    /// let mut phone_number = PhoneNumber::default();
    /// phone_number.value = Some("+1 408 526 7209".to_owned());
    /// let json = serde_json::to_string(&phone_number)?;
    /// assert_eq!(json, r#"{"value":"+1 408 526 7209"}"#);
    /// assert_eq!(PhoneNumber::from_json(&json)?, phone_number);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Clone, PartialEq, Eq, Hash, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[cfg_attr(
        feature = "schemars",
        schemars(description = "A phone number and its type.")
    )]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", schemars(rename_all = "camelCase"))]
    pub struct PhoneNumber {
        /// Type of the phone number.
        #[doc(alias = "type")]
        pub type_: Option<PhoneNumberType>,
        /// The phone number, with spaces. The `work_extension` of a Webex Calling user is the routing
        /// prefix followed by the extension.
        pub value: Option<String>,
        /// Whether this is the person's primary phone number.
        pub primary: Option<bool>,
        /// The properties that the contract does not list.
        #[cfg_attr(feature = "schemars", schemars(flatten))]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
        /// The properties whose values are not of the promised form, as they came.
        #[cfg_attr(feature = "schemars", schemars(skip))]
        pub unparsed: crate::UnparsedProperties,
    }
    crate::runtime::serde_support::open_struct! {
        PhoneNumber(extra, unparsed);
        "type" => type_, optional;
        "value" => value, optional;
        "primary" => primary, optional;
    }
    /// Type of a phone number. The service adds values.
    ///
    /// - `work`: work phone number.
    /// - `work_extension`: work extension, for a Webex Calling user with the routing prefix in front.
    /// - `mobile`: mobile number.
    /// - `fax`: fax number.
    /// - `enterprise`: observed; number within the enterprise.
    /// - `alternate1`: observed; first alternative number.
    /// - `alternate2`: observed; second alternative number.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::types::PhoneNumberType;
    ///
    /// assert_eq!(PhoneNumberType::from("work"), PhoneNumberType::Work);
    /// assert_eq!(PhoneNumberType::Work.as_str(), "work");
    /// // A value that the contract does not list is kept.
    /// assert_eq!(PhoneNumberType::from("other").as_str(), "other");
    /// assert!(!PhoneNumberType::KNOWN_VALUES.contains(&"other"));
    /// ```
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum PhoneNumberType {
        /// `work`: work phone number.
        Work,
        /// `work_extension`: work extension, for a Webex Calling user with the routing prefix in front.
        WorkExtension,
        /// `mobile`: mobile number.
        Mobile,
        /// `fax`: fax number.
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
    crate::runtime::serde_support::open_enum! {
        PhoneNumberType(Other, "Type of a phone number. The service adds values.\n\n- `work`: work phone number.\n- `work_extension`: work extension, for a Webex Calling user with the routing prefix in front.\n- `mobile`: mobile number.\n- `fax`: fax number.\n- `enterprise`: observed; number within the enterprise.\n- `alternate1`: observed; first alternative number.\n- `alternate2`: observed; second alternative number.");
        "work" => Work;
        "work_extension" => WorkExtension;
        "mobile" => Mobile;
        "fax" => Fax;
        "enterprise" => Enterprise;
        "alternate1" => Alternate1;
        "alternate2" => Alternate2;
    }
    /// Presence status of a person. The service adds values.
    ///
    /// - `active`: active within the last ten minutes.
    /// - `call`: in a call.
    /// - `DoNotDisturb`: "Do Not Disturb", set manually.
    /// - `inactive`: no activity within the last ten minutes.
    /// - `meeting`: in a meeting.
    /// - `OutOfOffice`: "Out of Office", set manually or by a Hybrid Calendar service.
    /// - `pending`: no status, because the person has never logged in.
    /// - `presenting`: sharing content.
    /// - `unknown`: no status available.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::types::PresenceStatus;
    ///
    /// assert_eq!(PresenceStatus::from("active"), PresenceStatus::Active);
    /// assert_eq!(PresenceStatus::Active.as_str(), "active");
    /// // A value that the contract does not list is kept.
    /// assert_eq!(PresenceStatus::from("other").as_str(), "other");
    /// assert!(!PresenceStatus::KNOWN_VALUES.contains(&"other"));
    /// ```
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum PresenceStatus {
        /// `active`: active within the last ten minutes.
        Active,
        /// `call`: in a call.
        Call,
        /// `DoNotDisturb`: "Do Not Disturb", set manually.
        DoNotDisturb,
        /// `inactive`: no activity within the last ten minutes.
        Inactive,
        /// `meeting`: in a meeting.
        Meeting,
        /// `OutOfOffice`: "Out of Office", set manually or by a Hybrid Calendar service.
        OutOfOffice,
        /// `pending`: no status, because the person has never logged in.
        Pending,
        /// `presenting`: sharing content.
        Presenting,
        /// `unknown`: no status available.
        Unknown,
        /// A value that the contract does not list, as the service spelt it.
        Other(String),
    }
    crate::runtime::serde_support::open_enum! {
        PresenceStatus(Other, "Presence status of a person. The service adds values.\n\n- `active`: active within the last ten minutes.\n- `call`: in a call.\n- `DoNotDisturb`: \"Do Not Disturb\", set manually.\n- `inactive`: no activity within the last ten minutes.\n- `meeting`: in a meeting.\n- `OutOfOffice`: \"Out of Office\", set manually or by a Hybrid Calendar service.\n- `pending`: no status, because the person has never logged in.\n- `presenting`: sharing content.\n- `unknown`: no status available.");
        "active" => Active;
        "call" => Call;
        "DoNotDisturb" => DoNotDisturb;
        "inactive" => Inactive;
        "meeting" => Meeting;
        "OutOfOffice" => OutOfOffice;
        "pending" => Pending;
        "presenting" => Presenting;
        "unknown" => Unknown;
    }
    /// Observed: the reason why an update that succeeded did not apply a property.
    #[derive(Clone, PartialEq, Eq, Hash, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct PropertyError {
        /// Code of the failure.
        pub code: Option<String>,
        /// Description of the failure.
        pub reason: Option<String>,
        /// The properties that the contract does not list.
        #[cfg_attr(feature = "schemars", schemars(flatten))]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
        /// The properties whose values are not of the promised form, as they came.
        #[cfg_attr(feature = "schemars", schemars(skip))]
        pub unparsed: crate::UnparsedProperties,
    }
    crate::runtime::serde_support::open_struct! {
        PropertyError(extra, unparsed);
        "code" => code, optional;
        "reason" => reason, optional;
    }
    /// A SIP address and its type, assigned by the service.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::serde_json;
    /// use people_sdk::types::SipAddress;
    ///
    /// let mut sip_address = SipAddress::default();
    /// sip_address.value = Some("testuser5@mycompany.webex.com".to_owned());
    /// let json = serde_json::to_string(&sip_address)?;
    /// assert_eq!(json, r#"{"value":"testuser5@mycompany.webex.com"}"#);
    /// assert_eq!(SipAddress::from_json(&json)?, sip_address);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Clone, PartialEq, Eq, Hash, Default)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[cfg_attr(
        feature = "schemars",
        schemars(description = "A SIP address and its type, assigned by the service.")
    )]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", schemars(rename_all = "camelCase"))]
    pub struct SipAddress {
        /// Type of the SIP address.
        #[doc(alias = "type")]
        pub type_: Option<SipAddressType>,
        /// The SIP address. The documented example has no `sip:` prefix.
        pub value: Option<String>,
        /// Whether this is the person's primary SIP address.
        pub primary: Option<bool>,
        /// The properties that the contract does not list.
        #[cfg_attr(feature = "schemars", schemars(flatten))]
        pub extra: ::serde_json::Map<String, ::serde_json::Value>,
        /// The properties whose values are not of the promised form, as they came.
        #[cfg_attr(feature = "schemars", schemars(skip))]
        pub unparsed: crate::UnparsedProperties,
    }
    crate::runtime::serde_support::open_struct! {
        SipAddress(extra, unparsed);
        "type" => type_, optional;
        "value" => value, optional;
        "primary" => primary, optional;
    }
    /// Type of a SIP address. The service adds values. The page lists three types and spells only the
    /// first one as the service sends it.
    ///
    /// - `personal-room`: address of the personal room.
    /// - `enterprise`: enterprise address. Observed: this spelling.
    /// - `cloud-calling`: cloud calling address. Observed: this spelling.
    /// - `unknown`: observed; unknown type.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_sdk::types::SipAddressType;
    ///
    /// assert_eq!(SipAddressType::from("personal-room"), SipAddressType::PersonalRoom);
    /// assert_eq!(SipAddressType::PersonalRoom.as_str(), "personal-room");
    /// // A value that the contract does not list is kept.
    /// assert_eq!(SipAddressType::from("other").as_str(), "other");
    /// assert!(!SipAddressType::KNOWN_VALUES.contains(&"other"));
    /// ```
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum SipAddressType {
        /// `personal-room`: address of the personal room.
        PersonalRoom,
        /// `enterprise`: enterprise address. Observed: this spelling.
        Enterprise,
        /// `cloud-calling`: cloud calling address. Observed: this spelling.
        CloudCalling,
        /// `unknown`: observed; unknown type.
        Unknown,
        /// A value that the contract does not list, as the service spelt it.
        Other(String),
    }
    crate::runtime::serde_support::open_enum! {
        SipAddressType(Other, "Type of a SIP address. The service adds values. The page lists three types and spells only the\nfirst one as the service sends it.\n\n- `personal-room`: address of the personal room.\n- `enterprise`: enterprise address. Observed: this spelling.\n- `cloud-calling`: cloud calling address. Observed: this spelling.\n- `unknown`: observed; unknown type.");
        "personal-room" => PersonalRoom;
        "enterprise" => Enterprise;
        "cloud-calling" => CloudCalling;
        "unknown" => Unknown;
    }
    /// The JSON Schema of every model, by the model's name.
    ///
    /// # Examples
    ///
    /// ```
    /// for (name, schema) in people_sdk::types::json_schemas() {
    ///     println!("{name}: {}", schema.as_value());
    /// }
    /// ```
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
/// Reading and updating the profile of a person in Webex.
///
/// Written by hand from three pages of the Webex REST API reference: *Get My Own Details*, *Get
/// Person Details* and *Update a Person*. Not an official document of the service.
///
/// **Visible properties depend on the caller.** A read always contains `id`. Presence (`status`,
/// `lastActivity`) is visible within the organization and to organizations that manage it, account
/// state (`invitePending`, `loginEnabled`) to administrators of the person's organization, and Webex
/// Calling details to administrators who set `callingData`.
///
/// **An update replaces the whole person.** There is no partial update: read the person with
/// `callingData=true`, change it, send all of it, and read it again to see what was applied.
///
/// **Errors** have the schema `ErrorResponse`. Observed: gateways respond with HTML or without a
/// body; the `TrackingID` header identifies a request to Webex support.
///
///
/// Version: 2026.11.26
#[derive(Clone)]
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) inner: Inner,
}
impl Client {
    /// Read the caller's own profile
    ///
    /// Returns the profile of the access token's owner. Equal to `GET /people/{personId}` with the
    /// owner's id.
    ///
    /// **Authorization:** any valid access token.
    ///
    /// **Visible properties:** the caller's own profile. Account state (`invitePending`,
    /// `loginEnabled`) is visible to administrators of the organization, Webex Calling details to
    /// administrators who set `calling_data`. Presence (`status`, `lastActivity`) is absent when the
    /// caller has disabled status sharing.
    ///
    /// Sends `GET /people/me`.
    ///
    /// # Errors
    ///
    /// The contract lists 400, 401, 403, 404, 405, 409, 410, 415, 423, 428, 429, 500, 502, 503, 504.
    /// [`ErrorKind`](crate::ErrorKind) tells errors apart, with those of the connection and of the
    /// response.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: &people_sdk::Client) -> Result<(), people_sdk::Error> {
    /// let response = client.get_my_own_details().await?;
    /// println!("{}", response.status());
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_my_own_details(&self) -> builder::GetMyOwnDetails {
        builder::GetMyOwnDetails::new(self)
    }
    /// Read one person's profile
    ///
    /// Returns the profile of one person.
    ///
    /// **Authorization:** any valid access token, for people who are visible to its owner.
    ///
    /// **Visible properties:**
    /// - Presence (`status`, `lastActivity`): to callers in the person's organization or in one that
    ///   manages it, unless status sharing is disabled.
    /// - Account state (`invitePending`, `loginEnabled`): to administrators of the person's
    ///   organization.
    /// - Webex Calling details: to administrators who set `calling_data`.
    ///
    /// The oldest page lists fewer response codes. The codes here are those of `get_my_own_details`,
    /// which is the same request for the caller's own id.
    ///
    /// Observed: frequent reads of many people to poll `status` are discouraged and lead to 429.
    ///
    /// Sends `GET /people/{personId}`.
    ///
    /// Required: [`person_id`](builder::GetPersonDetails::person_id).
    ///
    /// # Errors
    ///
    /// The contract lists 400, 401, 403, 404, 405, 409, 410, 415, 423, 428, 429, 500, 502, 503, 504.
    /// [`ErrorKind`](crate::ErrorKind) tells errors apart, with those of the connection and of the
    /// response.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: &people_sdk::Client, person_id: String) -> Result<(), people_sdk::Error> {
    /// let response = client
    ///     .get_person_details()
    ///     .person_id(person_id)
    ///     .await?;
    /// println!("{}", response.status());
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_person_details(&self) -> builder::GetPersonDetails {
        builder::GetPersonDetails::new(self)
    }
    /// Replace one person's profile
    ///
    /// Replaces the writable part of a person's profile and returns the person.
    ///
    /// **Authorization:** administrators only.
    ///
    /// **Full replacement:** the body must contain all details of the person. Read the person with
    /// `callingData=true` first, because an update that starts from a read without it lacks
    /// `extension` and `locationId`. Change what should change, and send changed and unchanged values
    /// together. Properties that the body omits may be erased.
    ///
    /// **E-mail addresses:** the pages allow one address per person. Observed: a person can have
    /// several, and the first one in an update becomes the primary address. A read returns them in
    /// any order.
    ///
    /// **Location:** `locationId` can be set only in the request that adds a calling license. It
    /// cannot be changed for an existing calling user.
    ///
    /// **Properties with restrictions** (observed): `displayName` is required. `nickName` cannot be
    /// set: every update sets it to `firstName`. `phoneNumbers` and `extension` are accepted for
    /// people with a Webex Calling license only; of phone numbers, only those of type `work`. For
    /// people who are synchronized from a directory, sending their existing phone numbers can fail
    /// the whole update.
    ///
    /// **Licenses** (observed): licenses that cannot be assigned are skipped and the update
    /// continues. Licenses that the system assigns cannot be removed; the request has to contain
    /// them.
    ///
    /// **Roles on a Webex site** (observed): to make a host an attendee, append `#attendee` to the
    /// site in `siteUrls` and remove the meeting license. To make an attendee a host, add the license
    /// and remove the site from `siteUrls`. To remove the attendee role, remove `SITE#attendee` and
    /// set `show_all_types`.
    ///
    /// **Partial effects** (observed): several services process an update. A request that fails may
    /// have changed some or even all properties, and one that succeeds may have skipped some;
    /// `errors` in the response can list them. Read the person again and compare.
    ///
    /// Sends `PUT /people/{personId}`.
    ///
    /// Required: [`person_id`](builder::UpdatePerson::person_id), [`body`](builder::UpdatePerson::body).
    ///
    /// A success can come without a body; its value is then `None`.
    ///
    /// # Errors
    ///
    /// The contract lists 400, 401, 403, 404, 405, 409, 410, 415, 423, 428, 429, 500, 502, 503, 504.
    /// [`ErrorKind`](crate::ErrorKind) tells errors apart, with those of the connection and of the
    /// response.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: &people_sdk::Client, person_id: String, body: people_sdk::types::PersonUpdate) -> Result<(), people_sdk::Error> {
    /// let response = client
    ///     .update_person()
    ///     .person_id(person_id)
    ///     .body(body)
    ///     .await?;
    /// println!("{}", response.status());
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_person(&self) -> builder::UpdatePerson {
        builder::UpdatePerson::new(self)
    }
}
/// Types for composing operation parameters.
pub mod builder {
    use super::{
        ByteStream, CallFuture, Error, Inner, QueryStyle, RequestOptions, ResponseValue,
        operations, types,
    };
    use crate::runtime::request_builder::request_builder;
    /// Builder for [`Client::get_my_own_details`](super::Client::get_my_own_details).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: &people_sdk::Client) -> Result<(), people_sdk::Error> {
    /// let response = client
    ///     .get_my_own_details()
    ///     .calling_data(true)
    ///     .header("accept-language", "en")
    ///     .timeout(std::time::Duration::from_secs(5))
    ///     .send()
    ///     .await?;
    /// println!("{}", response.status());
    /// # Ok(())
    /// # }
    /// ```
    #[derive(Clone)]
    #[must_use = "nothing is sent before this is awaited"]
    pub struct GetMyOwnDetails {
        inner: Inner,
        calling_data: Result<Option<bool>, String>,
        options: RequestOptions,
    }
    impl GetMyOwnDetails {
        /// Starts a request of `client`, with nothing set.
        pub(super) fn new(client: &super::Client) -> Self {
            Self {
                inner: client.inner.clone(),
                calling_data: Ok(None),
                options: RequestOptions::default(),
            }
        }
        /// Whether the response contains Webex Calling (formerly BroadCloud) details, such as `extension`
        /// and `locationId`. In effect for administrators.
        pub fn calling_data(mut self, value: impl Into<Option<bool>>) -> Self {
            self.calling_data = Ok(value.into());
            self
        }
        /// Sends the request and reads the response.
        ///
        /// # Errors
        ///
        /// See [`Error`]: a value cannot be sent, the service was not reached, or it refused.
        pub async fn send(self) -> Result<ResponseValue<types::Person>, Error> {
            self.inner
                .request(operations::GET_MY_OWN_DETAILS)
                .query("callingData", QueryStyle::Exploded, self.calling_data)
                .options(self.options)
                .send_json()
                .await
        }
    }
    request_builder!(GetMyOwnDetails(header, timeout) -> types::Person);
    /// Builder for [`Client::get_person_details`](super::Client::get_person_details).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: &people_sdk::Client, person_id: String) -> Result<(), people_sdk::Error> {
    /// let response = client
    ///     .get_person_details()
    ///     .person_id(person_id)
    ///     .calling_data(true)
    ///     .header("accept-language", "en")
    ///     .timeout(std::time::Duration::from_secs(5))
    ///     .send()
    ///     .await?;
    /// println!("{}", response.status());
    /// # Ok(())
    /// # }
    /// ```
    #[derive(Clone)]
    #[must_use = "nothing is sent before this is awaited"]
    pub struct GetPersonDetails {
        inner: Inner,
        person_id: Result<String, String>,
        calling_data: Result<Option<bool>, String>,
        options: RequestOptions,
    }
    impl GetPersonDetails {
        /// Starts a request of `client`, with nothing set.
        pub(super) fn new(client: &super::Client) -> Self {
            Self {
                inner: client.inner.clone(),
                person_id: Err("person_id is required, and was not given".to_owned()),
                calling_data: Ok(None),
                options: RequestOptions::default(),
            }
        }
        /// Unique identifier of the person.
        ///
        /// Observed: base64 of `ciscospark://CLUSTER/PEOPLE/UUID`, usually without padding; the UUID
        /// alone works too. The word `me` is not an id: `/people/me` is another path.
        pub fn person_id(mut self, value: impl Into<String>) -> Self {
            self.person_id = Ok(value.into());
            self
        }
        /// Whether the response contains Webex Calling (formerly BroadCloud) details, such as `extension`
        /// and `locationId`. In effect for administrators.
        pub fn calling_data(mut self, value: impl Into<Option<bool>>) -> Self {
            self.calling_data = Ok(value.into());
            self
        }
        /// Sends the request and reads the response.
        ///
        /// # Errors
        ///
        /// See [`Error`]: a value cannot be sent, the service was not reached, or it refused.
        pub async fn send(self) -> Result<ResponseValue<types::Person>, Error> {
            self.inner
                .request(operations::GET_PERSON_DETAILS)
                .path("personId", self.person_id)
                .query("callingData", QueryStyle::Exploded, self.calling_data)
                .options(self.options)
                .send_json()
                .await
        }
    }
    request_builder!(GetPersonDetails(header, timeout) -> types::Person);
    /// Builder for [`Client::update_person`](super::Client::update_person).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: &people_sdk::Client, person_id: String, body: people_sdk::types::PersonUpdate) -> Result<(), people_sdk::Error> {
    /// let response = client
    ///     .update_person()
    ///     .person_id(person_id)
    ///     .body(body)
    ///     .calling_data(true)
    ///     .min_response(true)
    ///     .show_all_types(true)
    ///     .header("accept-language", "en")
    ///     .timeout(std::time::Duration::from_secs(5))
    ///     .send()
    ///     .await?;
    /// println!("{}", response.status());
    /// # Ok(())
    /// # }
    /// ```
    #[derive(Clone)]
    #[must_use = "nothing is sent before this is awaited"]
    pub struct UpdatePerson {
        inner: Inner,
        person_id: Result<String, String>,
        calling_data: Result<Option<bool>, String>,
        min_response: Result<Option<bool>, String>,
        show_all_types: Result<Option<bool>, String>,
        body: Result<types::PersonUpdate, String>,
        options: RequestOptions,
    }
    impl UpdatePerson {
        /// Starts a request of `client`, with nothing set.
        pub(super) fn new(client: &super::Client) -> Self {
            Self {
                inner: client.inner.clone(),
                person_id: Err("person_id is required, and was not given".to_owned()),
                calling_data: Ok(None),
                min_response: Ok(None),
                show_all_types: Ok(None),
                body: Err("body is required, and was not given".to_owned()),
                options: RequestOptions::default(),
            }
        }
        /// Unique identifier of the person.
        ///
        /// Observed: base64 of `ciscospark://CLUSTER/PEOPLE/UUID`, usually without padding; the UUID
        /// alone works too. The word `me` is not an id: `/people/me` is another path.
        pub fn person_id(mut self, value: impl Into<String>) -> Self {
            self.person_id = Ok(value.into());
            self
        }
        /// Whether the response contains Webex Calling (formerly BroadCloud) details, such as `extension`
        /// and `locationId`. In effect for administrators.
        pub fn calling_data(mut self, value: impl Into<Option<bool>>) -> Self {
            self.calling_data = Ok(value.into());
            self
        }
        /// Observed: whether the response omits the details of the person, which makes it smaller and
        /// faster.
        pub fn min_response(mut self, value: impl Into<Option<bool>>) -> Self {
            self.min_response = Ok(value.into());
            self
        }
        /// Observed: whether the update covers all roles on Webex sites, including attendee roles.
        /// Required to remove an attendee role.
        pub fn show_all_types(mut self, value: impl Into<Option<bool>>) -> Self {
            self.show_all_types = Ok(value.into());
            self
        }
        /// The body of the request. All details of the person, changed and unchanged.
        pub fn body(mut self, value: impl Into<types::PersonUpdate>) -> Self {
            self.body = Ok(value.into());
            self
        }
        /// Sends the request and reads the response.
        ///
        /// # Errors
        ///
        /// See [`Error`]: a value cannot be sent, the service was not reached, or it refused.
        pub async fn send(self) -> Result<ResponseValue<Option<types::Person>>, Error> {
            self.inner
                .request(operations::UPDATE_PERSON)
                .path("personId", self.person_id)
                .query("callingData", QueryStyle::Exploded, self.calling_data)
                .query("minResponse", QueryStyle::Exploded, self.min_response)
                .query("showAllTypes", QueryStyle::Exploded, self.show_all_types)
                .json(self.body)
                .options(self.options)
                .send_json_optional()
                .await
        }
    }
    request_builder!(UpdatePerson(header, timeout) -> Option<types::Person>);
}
/// What the contract says of each operation, for code that treats all of them alike.
pub mod operations {
    use super::Operation;
    /// Every operation of the contract.
    ///
    /// # Examples
    ///
    /// ```
    /// for operation in people_sdk::operations::ALL {
    ///     println!("{operation}: {} {}", operation.method(), operation.path());
    /// }
    /// ```
    pub const ALL: &[&Operation] = &[
        GET_MY_OWN_DETAILS,
        GET_PERSON_DETAILS,
        UPDATE_PERSON,
    ];
    /// `GET /people/me`.
    pub const GET_MY_OWN_DETAILS: &Operation = &Operation {
        id: "getMyOwnDetails",
        method: "GET",
        path: "/people/me",
        safe: true,
        authenticated: true,
        accept: "application/json",
        content_type: "",
        encoded_parameters: &[],
        conflicting_paths: &[],
        statuses: &[
            "200",
            "201",
            "202",
            "204",
            "400",
            "401",
            "403",
            "404",
            "405",
            "409",
            "410",
            "415",
            "423",
            "428",
            "429",
            "500",
            "502",
            "503",
            "504",
        ],
    };
    /// `GET /people/{personId}`.
    pub const GET_PERSON_DETAILS: &Operation = &Operation {
        id: "getPersonDetails",
        method: "GET",
        path: "/people/{personId}",
        safe: true,
        authenticated: true,
        accept: "application/json",
        content_type: "",
        encoded_parameters: &[],
        conflicting_paths: &["/people/me"],
        statuses: &[
            "200",
            "201",
            "202",
            "204",
            "400",
            "401",
            "403",
            "404",
            "405",
            "409",
            "410",
            "415",
            "423",
            "428",
            "429",
            "500",
            "502",
            "503",
            "504",
        ],
    };
    /// `PUT /people/{personId}`.
    pub const UPDATE_PERSON: &Operation = &Operation {
        id: "updatePerson",
        method: "PUT",
        path: "/people/{personId}",
        safe: false,
        authenticated: true,
        accept: "application/json",
        content_type: "application/json",
        encoded_parameters: &[],
        conflicting_paths: &["/people/me"],
        statuses: &[
            "200",
            "204",
            "400",
            "401",
            "403",
            "404",
            "405",
            "409",
            "410",
            "415",
            "423",
            "428",
            "429",
            "500",
            "502",
            "503",
            "504",
        ],
    };
}
/// What an update does with a property beyond storing the value that was sent: one constant
/// per schema with `x-update-of`.
pub mod update_facts {
    /// The properties of `PersonUpdate`, the writable part of `Person`, that have facts.
    pub const PERSON_UPDATE: &[crate::PropertyFacts] = &[
        crate::PropertyFacts {
            name: "emails",
            first_is_primary: true,
            primary_named_by: Some("userName"),
            stored_as: Some(crate::StoredForm::LowerCase),
            ..crate::PropertyFacts::NONE
        },
        crate::PropertyFacts {
            name: "phoneNumbers",
            write_requires: Some(
                "a Webex Calling license, and numbers of type `work` only",
            ),
            read_only_items: Some(("type", "work_extension")),
            stored_as: Some(crate::StoredForm::PhoneNumber),
            ..crate::PropertyFacts::NONE
        },
        crate::PropertyFacts {
            name: "extension",
            write_requires: Some("a Webex Calling license"),
            null_clears: &["licenses", "locationId"],
            ..crate::PropertyFacts::NONE
        },
        crate::PropertyFacts {
            name: "locationId",
            write_requires: Some("a new Webex Calling license in the same update"),
            ..crate::PropertyFacts::NONE
        },
        crate::PropertyFacts {
            name: "displayName",
            required: true,
            ..crate::PropertyFacts::NONE
        },
        crate::PropertyFacts {
            name: "avatar",
            stored_as: Some(crate::StoredForm::Copy),
            ..crate::PropertyFacts::NONE
        },
        crate::PropertyFacts {
            name: "licenses",
            may_gain_items: true,
            ..crate::PropertyFacts::NONE
        },
        crate::PropertyFacts {
            name: "manager",
            derived_from: Some("managerId"),
            ..crate::PropertyFacts::NONE
        },
        crate::PropertyFacts {
            name: "nickName",
            derived_from: Some("firstName"),
            ..crate::PropertyFacts::NONE
        },
    ];
}
