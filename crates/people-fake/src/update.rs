//! The rules of an update: which bodies are rejected, and which values a person has afterwards.

use std::collections::BTreeSet;

use hyper::StatusCode;
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization as _;

use crate::directory::Directory;
use crate::fault::Apply;
use crate::observed::ObservedRule;
use crate::options::Options;
use crate::person::{self, Person, is_work_extension, parse_bool, texts};
use crate::response::{ApiError, Problem};
use crate::routes::bare_id;
use crate::seed::{CALLING_LICENSE, SYSTEM_LICENSE};

/// The type of a writable property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    /// Text, or `null`, which has a meaning of its own.
    NullableText,
    Texts,
    Emails,
    PhoneNumbers,
    Addresses,
    /// A boolean, or its text form, which is what a read returns.
    Boolean,
}

/// The properties that an update can write, in the order of the contract.
const WRITABLE: [(&str, Kind); 19] = [
    ("emails", Kind::Emails),
    ("phoneNumbers", Kind::PhoneNumbers),
    ("extension", Kind::NullableText),
    ("locationId", Kind::Text),
    ("displayName", Kind::Text),
    ("firstName", Kind::Text),
    ("lastName", Kind::Text),
    ("avatar", Kind::Text),
    ("orgId", Kind::Text),
    ("roles", Kind::Texts),
    ("licenses", Kind::Texts),
    ("department", Kind::Text),
    ("manager", Kind::Text),
    ("managerId", Kind::Text),
    ("title", Kind::Text),
    ("addresses", Kind::Addresses),
    ("siteUrls", Kind::Texts),
    ("nickName", Kind::Text),
    ("loginEnabled", Kind::Boolean),
];

/// The names of the properties that an update can write.
pub(crate) fn writable() -> impl Iterator<Item = &'static str> {
    WRITABLE.iter().map(|(name, _)| *name)
}

/// An update request, with everything but the person that it depends on.
#[derive(Debug)]
pub(crate) struct Update<'a> {
    pub(crate) body: &'a Map<String, Value>,
    pub(crate) show_all_types: bool,
    pub(crate) apply: Apply,
    pub(crate) licenses_dropped: bool,
    pub(crate) directory: &'a Directory,
    pub(crate) options: &'a Options,
}

/// The result of an update.
#[derive(Debug)]
pub(crate) struct Updated {
    pub(crate) person: Person,
    /// The requested changes that were not applied, in the form of `errors` in the contract.
    pub(crate) errors: Map<String, Value>,
    /// Whether `lastModified` moves.
    pub(crate) modified: bool,
}

impl Update<'_> {
    /// Applies the update to a copy of `person`.
    pub(crate) fn run(&self, person: &Person) -> Result<Updated, ApiError> {
        self.check_types(person)?;
        self.check_rules(person)?;
        let before = without_work_extension(person);
        let mut errors = Map::new();
        let target = self.target(person, &mut errors);
        let changed: Vec<&str> = writable()
            .filter(|name| !self.is_derived(name, person))
            .filter(|name| target.get(*name) != before.get(*name))
            .collect();
        let applied: Vec<&str> = match &self.apply {
            Apply::All => changed.clone(),
            Apply::None => Vec::new(),
            Apply::Half => changed[..changed.len() / 2].to_vec(),
            Apply::Only(names) => {
                let wanted = |name: &&&str| names.iter().any(|other| other == **name);
                changed.iter().filter(wanted).copied().collect()
            }
        };
        let modified = self.apply == Apply::All || !applied.is_empty();
        let mut after = before;
        for name in &applied {
            match target.get(*name) {
                Some(value) => after.insert((*name).to_owned(), value.clone()),
                None => after.remove(*name),
            };
        }
        for name in changed.iter().filter(|name| !applied.contains(name)) {
            record_property_error(&mut errors, name, "this change was not applied");
        }
        if !applied.is_empty() {
            self.enforce_calling_license(person, &mut after, &mut errors);
        }
        if modified {
            self.derive(person, &mut after);
        }
        restore_work_extension(person, &mut after);
        Ok(Updated {
            person: after,
            errors,
            modified,
        })
    }

    fn has(&self, rule: ObservedRule) -> bool {
        self.options.has(rule)
    }

    fn check_types(&self, person: &Person) -> Result<(), ApiError> {
        let current = without_work_extension(person);
        let mut problems: Vec<String> = WRITABLE
            .iter()
            .filter_map(|(name, kind)| {
                let value = self.body.get(*name)?;
                // A value that was read is accepted unchanged.
                if [current.get(*name), person.get(*name)].contains(&Some(value)) {
                    return None;
                }
                let problem = kind.problem(value)?;
                Some(format!("{name}{problem}"))
            })
            .collect();
        if let Some(Value::Array(emails)) = self.body.get("emails")
            && emails.len() > 1
            && !self.has(ObservedRule::SeveralEmails)
        {
            let count = emails.len();
            problems.push(format!("emails: expected one item at most, found {count}"));
        }
        let display_name = self.body.get("displayName");
        if self.has(ObservedRule::RequiredDisplayName)
            && display_name.is_none_or(|name| name.as_str() == Some(""))
        {
            problems.push("displayName: required".to_owned());
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(ApiError::all(StatusCode::BAD_REQUEST, problems))
        }
    }

    fn check_rules(&self, person: &Person) -> Result<(), ApiError> {
        if let Some(org) = self.text("orgId")
            && Some(org) != person::organization(person)
        {
            let problem = "orgId: the organization of a person cannot be changed";
            return Err(ApiError::new(self.options.organization_changed, problem));
        }
        let problems = [
            self.license_problems(person),
            self.phone_number_problems(person),
        ]
        .concat();
        if !problems.is_empty() {
            let problem = |(code, description)| Problem {
                code: Some(code),
                description,
            };
            let problems = problems.into_iter().map(problem).collect();
            return Err(ApiError::problems(StatusCode::BAD_REQUEST, problems));
        }
        let current = person.get("locationId").and_then(Value::as_str);
        if self
            .text("locationId")
            .is_none_or(|new| Some(new) == current)
        {
            return Ok(());
        }
        if person::has_calling(person) {
            let problem = "locationId: the location of a calling user cannot be changed";
            return Err(ApiError::new(self.options.location_changed, problem));
        }
        if !person::has_calling(self.body) {
            let problem =
                "locationId: a location can be set only together with a new calling license";
            return Err(ApiError::new(
                self.options.location_without_license,
                problem,
            ));
        }
        Ok(())
    }

    fn license_problems(&self, person: &Person) -> Vec<(u32, String)> {
        let mut problems = Vec::new();
        if !self.has(ObservedRule::SkippedLicenses) {
            let known = self.directory.licenses();
            let unknown = texts(self.body, "licenses").filter(|license| !known.contains(*license));
            problems.extend(unknown.map(|license| {
                let problem = format!("licenses: the organization has no license `{license}`");
                (400_101, problem)
            }));
        }
        let has_system = |person: &Person| texts(person, "licenses").any(|id| id == SYSTEM_LICENSE);
        if self.has(ObservedRule::SystemLicenses)
            && person::has_calling(self.body)
            && !self.removes_calling()
            && has_system(person)
            && !has_system(self.body)
        {
            let problem = format!(
                "licenses: `{SYSTEM_LICENSE}` is assigned by the system and cannot be removed; the \
                 request has to contain it"
            );
            problems.push((400_102, problem));
        }
        problems
    }

    fn phone_number_problems(&self, person: &Person) -> Vec<(u32, String)> {
        let numbers = |person: &Person| -> Vec<Value> {
            let numbers = person.get("phoneNumbers").and_then(Value::as_array);
            let numbers = numbers.into_iter().flatten();
            numbers
                .filter(|number| !is_work_extension(number))
                .cloned()
                .collect()
        };
        let sent = numbers(self.body);
        if self.is_directory_synced(person) && !sent.is_empty() {
            let problem = "phoneNumbers: synchronized from a directory; omit this property";
            return vec![(400_201, problem.to_owned())];
        }
        let current = numbers(person);
        let new: Vec<&Value> = sent
            .iter()
            .filter(|number| !current.contains(number))
            .collect();
        if new.is_empty() || !self.has(ObservedRule::CallingPhoneNumbers) {
            return Vec::new();
        }
        if !person::has_calling(self.body) {
            let problem = "phoneNumbers: only people with a calling license can have new numbers";
            return vec![(400_202, problem.to_owned())];
        }
        let other_type = |number: &&Value| number.get("type").is_some_and(|kind| kind != "work");
        if new.into_iter().any(|number| other_type(&number)) {
            let problem = "phoneNumbers: only numbers of type `work` can be set";
            return vec![(400_203, problem.to_owned())];
        }
        Vec::new()
    }

    fn is_directory_synced(&self, person: &Person) -> bool {
        let id = bare_id(person::text(person, "id"));
        let mut synced = self.options.directory_synced.iter();
        self.has(ObservedRule::DirectoryPhoneNumbers) && synced.any(|other| bare_id(other) == id)
    }

    /// Whether the update removes Webex Calling from the person.
    fn removes_calling(&self) -> bool {
        self.has(ObservedRule::NullExtension)
            && self.body.get("extension").is_some_and(Value::is_null)
    }

    /// Whether the service sets a property by itself, so that a value that is sent has no effect.
    fn is_derived(&self, name: &str, person: &Person) -> bool {
        match name {
            "nickName" => self.has(ObservedRule::DerivedNickName),
            "manager" => {
                let mut people = [self.body, person].into_iter();
                self.has(ObservedRule::DerivedManager)
                    && people.any(|person| person.contains_key("managerId"))
            }
            _ => false,
        }
    }

    /// Sets the properties that follow from others.
    fn derive(&self, before: &Person, after: &mut Person) {
        if self.is_derived("nickName", before) {
            match after.get("firstName").cloned() {
                Some(first_name) => {
                    after.insert("nickName".to_owned(), first_name);
                }
                None if before.contains_key("firstName") => {
                    after.remove("nickName");
                }
                // A nickname that never followed a first name stays.
                None => {}
            }
        }
        if self.is_derived("manager", before) && after.get("managerId") != before.get("managerId") {
            let manager = after
                .get("managerId")
                .and_then(Value::as_str)
                .and_then(|id| {
                    let manager = self.directory.person(id);
                    let name = manager.and_then(|manager| manager.get("displayName"));
                    name.or_else(|| self.body.get("manager")).cloned()
                });
            match manager {
                Some(manager) => after.insert("manager".to_owned(), manager),
                None => after.remove("manager"),
            };
        }
        if before.contains_key("userName") && after.get("emails") != before.get("emails") {
            let primary = texts(after, "emails").next().map(str::to_owned);
            if let Some(primary) = primary {
                after.insert("userName".to_owned(), json!(primary));
            }
        }
    }

    /// Text from the body; `None` if it is missing or empty.
    fn text(&self, name: &str) -> Option<&str> {
        let text = self.body.get(name)?.as_str()?;
        (!text.is_empty()).then_some(text)
    }

    /// The values of the writable properties that the body asks for.
    fn target(&self, person: &Person, errors: &mut Map<String, Value>) -> Person {
        let mut target = Person::new();
        for (name, kind) in WRITABLE {
            let requested = self.body.get(name).filter(|value| !is_empty(value));
            let value = match requested {
                Some(value) => Some(self.given(name, kind, value, person, errors)),
                None => self.omitted(name, person),
            };
            if let Some(value) = value {
                target.insert(name.to_owned(), value);
            }
        }
        target
    }

    /// The value of a property that the body omits.
    fn omitted(&self, name: &str, person: &Person) -> Option<Value> {
        let current = person.get(name)?;
        let calling = person::has_calling(person) && !self.removes_calling();
        let empty_extension = name == "extension"
            && self.has(ObservedRule::NullExtension)
            && self.body.get(name).is_some_and(Value::is_string);
        let stays = self.options.kept_when_omitted.iter().any(|n| n == name)
            || (name == "locationId" && calling)
            || (empty_extension && calling)
            || (name == "phoneNumbers" && self.is_directory_synced(person));
        if stays {
            return Some(if name == "phoneNumbers" {
                without_work_extension(person).remove(name)?
            } else {
                current.clone()
            });
        }
        if name == "siteUrls" && !self.show_all_types {
            let attendee: Vec<_> = attendee_roles(person).collect();
            return (!attendee.is_empty()).then(|| json!(attendee));
        }
        None
    }

    /// The value of a property that the body contains.
    fn given(
        &self,
        name: &str,
        kind: Kind,
        value: &Value,
        person: &Person,
        errors: &mut Map<String, Value>,
    ) -> Value {
        match (name, kind) {
            (_, Kind::Boolean) => {
                let current = person.get(name);
                match current {
                    Some(current) if parse_bool(current) == parse_bool(value) => current.clone(),
                    _ => json!(parse_bool(value).unwrap_or_default()),
                }
            }
            (_, Kind::PhoneNumbers) => {
                let mut numbers = value.clone();
                remove_work_extension(&mut numbers);
                numbers
            }
            ("siteUrls", _) if !self.show_all_types => {
                let mut sites: Vec<_> = texts(self.body, name).collect();
                for role in attendee_roles(person) {
                    if !sites.contains(&role) {
                        sites.push(role);
                    }
                }
                json!(sites)
            }
            ("licenses", _) => self.licenses(person, errors),
            ("avatar", _) if person.get(name) != Some(value) => match value.as_str() {
                Some(url) if self.has(ObservedRule::CopiedAvatar) => json!(copied(url)),
                _ => value.clone(),
            },
            _ if self.has(ObservedRule::NormalizedText) && person.get(name) != Some(value) => {
                normalized(value, kind)
            }
            _ => value.clone(),
        }
    }

    /// The licenses that the service assigns.
    fn licenses(&self, person: &Person, errors: &mut Map<String, Value>) -> Value {
        let held: BTreeSet<_> = texts(person, "licenses").collect();
        let known = self.directory.licenses();
        let granted = |license: &&str| {
            held.contains(license) || (known.contains(*license) && !self.licenses_dropped)
        };
        let (mut granted, denied): (Vec<_>, Vec<_>) =
            texts(self.body, "licenses").partition(granted);
        if !denied.is_empty() {
            let reason = "not every license could be assigned";
            record_property_error(errors, "licenses", reason);
        }
        if self.removes_calling() {
            granted.retain(|license| *license != CALLING_LICENSE);
        }
        let adds_calling = granted.contains(&CALLING_LICENSE) && !held.contains(CALLING_LICENSE);
        if adds_calling
            && self.has(ObservedRule::SystemLicenses)
            && !granted.contains(&SYSTEM_LICENSE)
        {
            granted.push(SYSTEM_LICENSE);
        }
        json!(granted)
    }

    /// Removes calling details that the update added without a calling license, and all of them
    /// when the update removes that license. Details that a person without the license already had
    /// stay: their license may be one that this service does not know.
    fn enforce_calling_license(
        &self,
        before: &Person,
        after: &mut Person,
        errors: &mut Map<String, Value>,
    ) {
        if person::has_calling(after) {
            return;
        }
        if !self.has(ObservedRule::CallingExtension) && !self.removes_calling() {
            return;
        }
        let had_calling = person::has_calling(before);
        let gave_up = had_calling && (self.removes_calling() || !person::has_calling(self.body));
        for name in ["extension", "locationId"] {
            if !had_calling && after.get(name) == before.get(name) {
                continue;
            }
            if after.remove(name).is_some() && self.body.contains_key(name) && !gave_up {
                record_property_error(errors, name, "this requires a calling license");
            }
        }
    }
}

fn record_property_error(errors: &mut Map<String, Value>, name: &str, reason: &str) {
    errors
        .entry(name)
        .or_insert_with(|| json!({ "code": "NOT_APPLIED", "reason": reason }));
}

/// Whether a value clears its property.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// The form in which the service stores text, on its own or in a list.
fn normalized(value: &Value, kind: Kind) -> Value {
    match value {
        Value::String(text) => {
            let text: String = text.trim().nfc().collect();
            json!(if kind == Kind::Emails {
                text.to_lowercase()
            } else {
                text
            })
        }
        Value::Array(items) => items.iter().map(|item| normalized(item, kind)).collect(),
        other => other.clone(),
    }
}

/// The address of the service's copy of a picture.
fn copied(url: &str) -> String {
    const COPIES: &str = "https://avatars.example.com/copies/";
    if url.starts_with(COPIES) {
        return url.to_owned();
    }
    let name: String = form_urlencoded::byte_serialize(url.as_bytes()).collect();
    format!("{COPIES}{name}")
}

/// Roles that an update removes only with `showAllTypes`.
fn attendee_roles(person: &Person) -> impl Iterator<Item = &str> {
    texts(person, "siteUrls").filter(|site| site.ends_with("#attendee"))
}

fn remove_work_extension(numbers: &mut Value) {
    if let Value::Array(numbers) = numbers {
        numbers.retain(|number| !is_work_extension(number));
    }
}

/// `person` without the phone numbers that repeat the extension.
fn without_work_extension(person: &Person) -> Person {
    let mut person = person.clone();
    if let Some(numbers) = person.get_mut("phoneNumbers") {
        remove_work_extension(numbers);
    }
    person
}

/// Puts the numbers that repeat the extension back in their places, with its new value.
fn restore_work_extension(before: &Person, after: &mut Person) {
    let extension = |person: &Person| person.get("extension")?.as_str().map(str::to_owned);
    let Some(new) = extension(after) else { return };
    let old = extension(before).unwrap_or_default();
    let Some(Value::Array(numbers)) = before.get("phoneNumbers") else {
        return;
    };
    let entries = numbers
        .iter()
        .enumerate()
        .filter(|(_, n)| is_work_extension(n));
    for (at, work_extension_entry) in entries {
        let mut entry = work_extension_entry.clone();
        let prefix = entry["value"]
            .as_str()
            .and_then(|value| value.strip_suffix(&old));
        let value = format!("{}{new}", prefix.unwrap_or_default());
        entry["value"] = json!(value);
        let numbers = after.entry("phoneNumbers").or_insert_with(|| json!([]));
        if let Value::Array(numbers) = numbers {
            numbers.insert(at.min(numbers.len()), entry);
        }
    }
}

impl Kind {
    /// The problem with `value`, as text to append to the name of its property.
    fn problem(self, value: &Value) -> Option<String> {
        match self {
            Self::NullableText if value.is_null() => None,
            Self::Text | Self::NullableText => expect_text(value, ""),
            Self::Boolean => match value {
                Value::Bool(_) => None,
                Value::String(text) if text == "true" || text == "false" => None,
                other => Some(format!(": expected a boolean, found {}", type_name(other))),
            },
            Self::Texts => each(value, expect_text),
            Self::Emails => each(value, |item, at| {
                expect_text(item, at).or_else(|| {
                    let valid = item.as_str().is_some_and(|text| is_email(text.trim()));
                    (!valid).then(|| format!("{at}: expected an e-mail address"))
                })
            }),
            Self::PhoneNumbers => each(value, |item, at| {
                let fields: [(&str, Check); 3] = [
                    ("type", expect_text),
                    ("value", expect_text),
                    ("primary", expect_boolean),
                ];
                expect_object(item, at, &fields)
            }),
            Self::Addresses => each(value, |item, at| {
                let fields = [
                    "type",
                    "country",
                    "locality",
                    "region",
                    "streetAddress",
                    "postalCode",
                ]
                .map(|name| (name, expect_text as Check));
                expect_object(item, at, &fields)
            }),
        }
    }
}

/// Returns the problem with a value at a path.
type Check = fn(&Value, &str) -> Option<String>;

fn each(value: &Value, check: impl Fn(&Value, &str) -> Option<String>) -> Option<String> {
    let Value::Array(items) = value else {
        return Some(format!(": expected a list, found {}", type_name(value)));
    };
    items
        .iter()
        .enumerate()
        .find_map(|(at, item)| check(item, &format!("[{at}]")))
}

fn expect_object(value: &Value, at: &str, fields: &[(&str, Check)]) -> Option<String> {
    let Value::Object(object) = value else {
        return Some(format!(
            "{at}: expected an object, found {}",
            type_name(value)
        ));
    };
    fields
        .iter()
        .find_map(|(name, check)| check(object.get(*name)?, &format!("{at}.{name}")))
}

fn expect_text(value: &Value, at: &str) -> Option<String> {
    (!value.is_string()).then(|| format!("{at}: expected text, found {}", type_name(value)))
}

fn expect_boolean(value: &Value, at: &str) -> Option<String> {
    (!value.is_boolean()).then(|| format!("{at}: expected a boolean, found {}", type_name(value)))
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A plausibility check: only sending mail proves an address.
fn is_email(text: &str) -> bool {
    !text.contains(char::is_whitespace)
        && text
            .rsplit_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}

/// Whether an update can write this property.
pub(crate) fn is_writable(name: &str) -> bool {
    writable().any(|writable| writable == name)
}
