//! The rules of an update: which bodies are rejected, and which values a person has afterwards.

use std::collections::BTreeSet;

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use crate::fault::Apply;
use crate::options::{Options, UnknownLicense};
use crate::person::{self, Person, WORK_EXTENSION, is_work_extension, parse_bool, texts};
use crate::response::ApiError;

/// The type of a writable property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
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
    ("extension", Kind::Text),
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

const PHONE_TYPES: [&str; 7] = [
    "work",
    WORK_EXTENSION,
    "mobile",
    "fax",
    "enterprise",
    "alternate1",
    "alternate2",
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
    pub(crate) known_licenses: &'a BTreeSet<String>,
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
        let mut errors = Map::new();
        let target = self.target(person, &mut errors);
        let changed: Vec<&str> = writable()
            .filter(|name| target.get(*name) != without_work_extension(person).get(*name))
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
        let mut after = without_work_extension(person);
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
        restore_work_extension(person, &mut after);
        Ok(Updated {
            person: after,
            errors,
            modified: self.apply == Apply::All || !applied.is_empty(),
        })
    }

    fn check_types(&self, person: &Person) -> Result<(), ApiError> {
        let current = without_work_extension(person);
        let problems: Vec<String> = WRITABLE
            .iter()
            .filter_map(|(name, kind)| {
                let value = self.body.get(*name)?;
                // A value that was read is accepted unchanged.
                if [current.get(*name), person.get(*name)].contains(&Some(value)) {
                    return None;
                }
                let problem = kind.problem(value, person)?;
                Some(format!("{name}{problem}"))
            })
            .collect();
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
        if self.options.unknown_license == UnknownLicense::Rejected {
            let unknown: Vec<_> = texts(self.body, "licenses")
                .filter(|license| !self.known_licenses.contains(*license))
                .map(|license| format!("licenses: the organization has no license `{license}`"))
                .collect();
            if !unknown.is_empty() {
                return Err(ApiError::all(StatusCode::BAD_REQUEST, unknown));
            }
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

    /// Text from the body; `None` if it is missing or empty.
    fn text(&self, name: &str) -> Option<&str> {
        let text = self.body.get(name)?.as_str()?;
        (!text.is_empty()).then_some(text)
    }

    /// The values of the writable properties that the body asks for.
    fn target(&self, person: &Person, errors: &mut Map<String, Value>) -> Person {
        let mut target = Person::new();
        for (name, kind) in WRITABLE {
            let requested = self
                .body
                .get(name)
                .filter(|value| value.as_str().is_none_or(|text| !text.is_empty()));
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
        let stays = self.options.kept_when_omitted.iter().any(|n| n == name)
            || (name == "locationId" && person::has_calling(person));
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
            ("licenses", _) => {
                let held: BTreeSet<_> = texts(person, name).collect();
                let granted = |license: &&str| {
                    held.contains(license)
                        || (self.known_licenses.contains(*license) && !self.licenses_dropped)
                };
                let (granted, denied): (Vec<_>, Vec<_>) = texts(self.body, name).partition(granted);
                if !denied.is_empty() {
                    record_property_error(errors, name, "not every license could be assigned");
                }
                json!(granted)
            }
            _ => value.clone(),
        }
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
        let had_calling = person::has_calling(before);
        let gave_up = had_calling && !person::has_calling(self.body);
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
    fn problem(self, value: &Value, person: &Person) -> Option<String> {
        match self {
            Self::Text => expect_text(value, ""),
            Self::Boolean => match value {
                Value::Bool(_) => None,
                Value::String(text) if text == "true" || text == "false" => None,
                other => Some(format!(": expected a boolean, found {}", type_name(other))),
            },
            Self::Texts => each(value, expect_text),
            Self::Emails => {
                if let Value::Array(items) = value
                    && items.len() > 1
                {
                    return Some(format!(
                        ": expected one item at most, found {}",
                        items.len()
                    ));
                }
                each(value, |item, at| {
                    expect_text(item, at).or_else(|| {
                        let valid = item.as_str().is_some_and(is_email);
                        (!valid).then(|| format!("{at}: expected an e-mail address"))
                    })
                })
            }
            Self::PhoneNumbers => each(value, |item, at| {
                let fields: [(&str, Check); 3] = [
                    ("type", expect_text),
                    ("value", expect_text),
                    ("primary", expect_boolean),
                ];
                expect_object(item, at, &fields).or_else(|| {
                    let kind = item.get("type")?.as_str()?;
                    // A type that was read is accepted, known or not.
                    let held = person.get("phoneNumbers").and_then(Value::as_array);
                    let known = PHONE_TYPES.contains(&kind)
                        || held.is_some_and(|held| {
                            held.iter()
                                .any(|n| n.get("type").is_some_and(|t| t == kind))
                        });
                    let types = PHONE_TYPES.join(", ");
                    (!known).then(|| format!("{at}.type: expected one of {types}"))
                })
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
