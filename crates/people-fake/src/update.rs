//! What an update does to a person: which bodies are refused, and what takes the place of what.

use std::collections::BTreeSet;

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use crate::answer::Refusal;
use crate::directory::{self, Person, texts};
use crate::fault::Apply;
use crate::options::{Options, UnknownLicense};

/// What a property takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Texts,
    Emails,
    PhoneNumbers,
    Addresses,
    /// A boolean; its text is taken too, since that is what reading shows.
    Flag,
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
    ("loginEnabled", Kind::Flag),
];

/// The type of the phone number that mirrors `extension`.
pub(crate) const WORK_EXTENSION: &str = "work_extension";

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

/// Everything that decides what an update does, apart from the person.
#[derive(Debug)]
pub(crate) struct Update<'a> {
    pub(crate) body: &'a Map<String, Value>,
    pub(crate) show_all_types: bool,
    pub(crate) apply: Apply,
    pub(crate) licenses_dropped: bool,
    pub(crate) known_licenses: &'a BTreeSet<String>,
    pub(crate) options: &'a Options,
}

/// What has become of a person.
#[derive(Debug)]
pub(crate) struct Updated {
    pub(crate) person: Person,
    /// What was asked for and not done, with the reason, as `errors` of the contract has it.
    pub(crate) errors: Map<String, Value>,
    /// Whether the person counts as modified.
    pub(crate) modified: bool,
}

impl Update<'_> {
    /// Carries the update out on a copy of `person`.
    pub(crate) fn of(&self, person: &Person) -> Result<Updated, Refusal> {
        self.refuse_malformed(person)?;
        self.refuse_forbidden(person)?;
        let mut errors = Map::new();
        let target = self.target(person, &mut errors);
        let changed: Vec<&str> = writable()
            .filter(|name| target.get(*name) != without_mirror(person).get(*name))
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
        let mut after = without_mirror(person);
        for name in &applied {
            match target.get(*name) {
                Some(value) => after.insert((*name).to_owned(), value.clone()),
                None => after.remove(*name),
            };
        }
        for name in changed.iter().filter(|name| !applied.contains(name)) {
            leave_out(&mut errors, name, "this change was not carried out");
        }
        if !applied.is_empty() {
            self.settle_calling(person, &mut after, &mut errors);
        }
        restore_mirror(person, &mut after);
        Ok(Updated {
            person: after,
            errors,
            modified: self.apply == Apply::All || !applied.is_empty(),
        })
    }

    fn refuse_malformed(&self, person: &Person) -> Result<(), Refusal> {
        let current = without_mirror(person);
        let problems: Vec<String> = WRITABLE
            .iter()
            .filter_map(|(name, kind)| {
                let value = self.body.get(*name)?;
                // What was read can be sent back, whatever it is.
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
            Err(Refusal::all(StatusCode::BAD_REQUEST, problems))
        }
    }

    fn refuse_forbidden(&self, person: &Person) -> Result<(), Refusal> {
        if let Some(org) = self.text("orgId")
            && Some(org) != directory::organization(person)
        {
            let problem = "orgId: the organization of a person cannot be changed";
            return Err(Refusal::new(self.options.organization_changed, problem));
        }
        if self.options.unknown_license == UnknownLicense::Refused {
            let unknown: Vec<_> = texts(self.body, "licenses")
                .filter(|license| !self.known_licenses.contains(*license))
                .map(|license| format!("licenses: the organization has no license `{license}`"))
                .collect();
            if !unknown.is_empty() {
                return Err(Refusal::all(StatusCode::BAD_REQUEST, unknown));
            }
        }
        let current = person.get("locationId").and_then(Value::as_str);
        if self
            .text("locationId")
            .is_none_or(|new| Some(new) == current)
        {
            return Ok(());
        }
        if directory::has_calling(person) {
            let problem = "locationId: the location of a calling user is fixed";
            return Err(Refusal::new(self.options.location_changed, problem));
        }
        if !directory::has_calling(self.body) {
            let problem =
                "locationId: a location can be set only together with a new calling license";
            return Err(Refusal::new(self.options.location_without_license, problem));
        }
        Ok(())
    }

    /// A text of the body; `None` also when it is empty, which clears.
    fn text(&self, name: &str) -> Option<&str> {
        let text = self.body.get(name)?.as_str()?;
        (!text.is_empty()).then_some(text)
    }

    /// The writable properties as the body wants them.
    fn target(&self, person: &Person, errors: &mut Map<String, Value>) -> Person {
        let mut target = Person::new();
        for (name, kind) in WRITABLE {
            let asked = self
                .body
                .get(name)
                .filter(|value| value.as_str().is_none_or(|text| !text.is_empty()));
            let value = match asked {
                Some(value) => Some(self.taken(name, kind, value, person, errors)),
                None => self.kept(name, person),
            };
            if let Some(value) = value {
                target.insert(name.to_owned(), value);
            }
        }
        target
    }

    /// What becomes of a property that the body leaves out.
    fn kept(&self, name: &str, person: &Person) -> Option<Value> {
        let current = person.get(name)?;
        let stays = self.options.kept_when_left_out.iter().any(|n| n == name)
            || (name == "locationId" && directory::has_calling(person));
        if stays {
            return Some(if name == "phoneNumbers" {
                without_mirror(person).remove(name)?
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

    /// What becomes of a property that the body gives.
    fn taken(
        &self,
        name: &str,
        kind: Kind,
        value: &Value,
        person: &Person,
        errors: &mut Map<String, Value>,
    ) -> Value {
        match (name, kind) {
            (_, Kind::Flag) => {
                let current = person.get(name);
                match current {
                    Some(current) if truth(current) == truth(value) => current.clone(),
                    _ => json!(truth(value)),
                }
            }
            (_, Kind::PhoneNumbers) => {
                let mut numbers = value.clone();
                strip_mirror(&mut numbers);
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
                let (granted, refused): (Vec<_>, Vec<_>) =
                    texts(self.body, name).partition(granted);
                if !refused.is_empty() {
                    leave_out(errors, name, "not every license could be assigned");
                }
                json!(granted)
            }
            _ => value.clone(),
        }
    }

    /// Nobody gets calling details without a calling license, and who gives it up loses them. What
    /// somebody without one has is another's affair, such as that of a license not known here.
    fn settle_calling(&self, before: &Person, after: &mut Person, errors: &mut Map<String, Value>) {
        if directory::has_calling(after) {
            return;
        }
        let had_calling = directory::has_calling(before);
        let gave_up = had_calling && !directory::has_calling(self.body);
        for name in ["extension", "locationId"] {
            if !had_calling && after.get(name) == before.get(name) {
                continue;
            }
            if after.remove(name).is_some() && self.body.contains_key(name) && !gave_up {
                leave_out(errors, name, "this needs a calling license");
            }
        }
    }
}

fn leave_out(errors: &mut Map<String, Value>, name: &str, reason: &str) {
    errors
        .entry(name)
        .or_insert_with(|| json!({ "code": "NOT_APPLIED", "reason": reason }));
}

fn truth(value: &Value) -> bool {
    value
        .as_bool()
        .unwrap_or_else(|| value.as_str() == Some("true"))
}

/// Roles that only `showAllTypes` lets an update take away.
fn attendee_roles(person: &Person) -> impl Iterator<Item = &str> {
    texts(person, "siteUrls").filter(|site| site.ends_with("#attendee"))
}

pub(crate) fn is_mirror(number: &Value) -> bool {
    number
        .get("type")
        .is_some_and(|kind| kind == WORK_EXTENSION)
}

fn strip_mirror(numbers: &mut Value) {
    if let Value::Array(numbers) = numbers {
        numbers.retain(|number| !is_mirror(number));
    }
}

/// `person` without the phone numbers that only mirror the extension.
fn without_mirror(person: &Person) -> Person {
    let mut person = person.clone();
    if let Some(numbers) = person.get_mut("phoneNumbers") {
        strip_mirror(numbers);
    }
    person
}

/// Puts the numbers that mirror the extension back to where they were, following its new value.
fn restore_mirror(before: &Person, after: &mut Person) {
    let extension = |person: &Person| person.get("extension")?.as_str().map(str::to_owned);
    let Some(new) = extension(after) else { return };
    let old = extension(before).unwrap_or_default();
    let Some(Value::Array(numbers)) = before.get("phoneNumbers") else {
        return;
    };
    let mirrors = numbers.iter().enumerate().filter(|(_, n)| is_mirror(n));
    for (at, mirror) in mirrors {
        let mut mirror = mirror.clone();
        let prefix = mirror["value"]
            .as_str()
            .and_then(|value| value.strip_suffix(&old));
        let value = format!("{}{new}", prefix.unwrap_or_default());
        mirror["value"] = json!(value);
        let numbers = after.entry("phoneNumbers").or_insert_with(|| json!([]));
        if let Value::Array(numbers) = numbers {
            numbers.insert(at.min(numbers.len()), mirror);
        }
    }
}

impl Kind {
    /// What is wrong with `value`, to be put behind the name of its property.
    fn problem(self, value: &Value, person: &Person) -> Option<String> {
        match self {
            Self::Text => expect_text(value, ""),
            Self::Flag => match value {
                Value::Bool(_) => None,
                Value::String(text) if text == "true" || text == "false" => None,
                other => Some(format!(": expected a boolean, found {}", called(other))),
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
                    // What was read can be sent back, known or not.
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

/// Says what is wrong with a value at a place.
type Check = fn(&Value, &str) -> Option<String>;

fn each(value: &Value, check: impl Fn(&Value, &str) -> Option<String>) -> Option<String> {
    let Value::Array(items) = value else {
        return Some(format!(": expected a list, found {}", called(value)));
    };
    items
        .iter()
        .enumerate()
        .find_map(|(at, item)| check(item, &format!("[{at}]")))
}

fn expect_object(value: &Value, at: &str, fields: &[(&str, Check)]) -> Option<String> {
    let Value::Object(object) = value else {
        return Some(format!("{at}: expected an object, found {}", called(value)));
    };
    fields
        .iter()
        .find_map(|(name, check)| check(object.get(*name)?, &format!("{at}.{name}")))
}

fn expect_text(value: &Value, at: &str) -> Option<String> {
    (!value.is_string()).then(|| format!("{at}: expected text, found {}", called(value)))
}

fn expect_boolean(value: &Value, at: &str) -> Option<String> {
    (!value.is_boolean()).then(|| format!("{at}: expected a boolean, found {}", called(value)))
}

fn called(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Enough to tell an address from a mistake; only sending mail proves one.
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
