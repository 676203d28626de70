//! The people of the service and their tokens, and how both are loaded. What a caller sees of a
//! person is in `visibility`, updating one in `update`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::person::{Person, is_admin, organization, texts};
use crate::person_seed::PersonSeed;
use crate::routes::bare_id;
use crate::seed::{
    self, ADMIN_TOKEN, BOT_TOKEN, CALLING_LICENSE, MESSAGING_LICENSE, OUTSIDER_TOKEN, USER_TOKEN,
};

/// People in the order in which they were added, and the owners of the tokens.
#[derive(Debug, Clone, Default)]
pub(crate) struct Directory {
    /// By id without padding.
    people: BTreeMap<String, Person>,
    /// UUID to id without padding.
    uuids: BTreeMap<String, String>,
    order: Vec<String>,
    /// Token to id without padding.
    tokens: BTreeMap<String, String>,
    /// Every license that a person holds or has held.
    licenses: BTreeSet<String>,
}

/// People that cannot be loaded. The message says which person or token, and why.
///
/// # Examples
///
/// ```
/// let people = people_fake::FakePeople::builder().people_json(r#"[{ "title": "GM" }]"#);
/// let error = people.unwrap_err();
/// assert!(error.to_string().starts_with("person 1: `id` is missing"), "{error}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError(String);

impl LoadError {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LoadError {}

impl From<LoadError> for std::io::Error {
    fn from(error: LoadError) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, error)
    }
}

impl Directory {
    pub(crate) fn seeded() -> Result<Self, LoadError> {
        Self::from_json(seed::PEOPLE)
    }

    pub(crate) fn from_json(text: &str) -> Result<Self, LoadError> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| LoadError(format!("not JSON: {error}")))?;
        let (people, tokens) = match value {
            Value::Array(people) => (people, Map::new()),
            Value::Object(mut file) => {
                let Some(Value::Array(people)) = file.remove("people") else {
                    return Err(LoadError::new("`people` is missing or not a list"));
                };
                let tokens = match file.remove("tokens") {
                    None => Map::new(),
                    Some(Value::Object(tokens)) => tokens,
                    Some(_) => {
                        return Err(LoadError(
                            "`tokens` is not an object of tokens and person ids".to_owned(),
                        ));
                    }
                };
                if let Some(name) = file.keys().next() {
                    return Err(LoadError(format!(
                        "`{name}` is unknown; expected `people` and `tokens`"
                    )));
                }
                (people, tokens)
            }
            _ => {
                return Err(LoadError(
                    "expected a list of people, or an object with `people` and `tokens`".to_owned(),
                ));
            }
        };
        let documented = [CALLING_LICENSE, MESSAGING_LICENSE].map(str::to_owned);
        let mut directory = Self {
            licenses: documented.into(),
            ..Self::default()
        };
        for (at, person) in people.into_iter().enumerate() {
            directory
                .add(person)
                .map_err(|reason| LoadError(format!("person {}: {reason}", at + 1)))?;
        }
        for (token, id) in tokens {
            let known = id.as_str().filter(|id| directory.person(id).is_some());
            let Some(id) = known else {
                return Err(LoadError(format!("token `{token}`: no person has this id")));
            };
            directory
                .tokens
                .insert(token.clone(), bare_id(id).to_owned());
        }
        directory.assign_tokens();
        Ok(directory)
    }

    /// Assigns each predefined token that the file does not, to the first matching person.
    fn assign_tokens(&mut self) {
        let people = || self.order.iter().filter_map(|id| self.people.get(id));
        let admin = people().find(|person| is_admin(person));
        let Some(home) = admin.or_else(|| people().next()).map(organization) else {
            return;
        };
        let inside = |person: &&Person| organization(person) == home;
        let is = |person: &Person, kind| match person.get("type") {
            Some(given) => given == kind,
            None => kind == "person",
        };
        let owners = [
            (ADMIN_TOKEN, admin),
            (
                USER_TOKEN,
                people()
                    .filter(inside)
                    .find(|person| is(person, "person") && !is_admin(person)),
            ),
            (OUTSIDER_TOKEN, people().find(|person| !inside(person))),
            (
                BOT_TOKEN,
                people().filter(inside).find(|person| is(person, "bot")),
            ),
        ];
        let owners: Vec<_> = owners
            .into_iter()
            .filter_map(|(token, owner)| Some((token.to_owned(), key(owner?)?)))
            .collect();
        for (token, id) in owners {
            self.tokens.entry(token).or_insert(id);
        }
    }

    fn add(&mut self, person: Value) -> Result<(), &'static str> {
        let person = checked(person)?;
        if key(&person).is_some_and(|key| self.people.contains_key(&key)) {
            return Err("an earlier person has the same `id`");
        }
        self.set(person);
        Ok(())
    }

    /// Adds a person and its tokens.
    pub(crate) fn add_seed(&mut self, seed: PersonSeed) -> Result<(), LoadError> {
        let id = seed.id().to_owned();
        let of_seed = |reason: String| LoadError(format!("seed `{id}`: {reason}"));
        let (person, tokens) = seed.into_parts().map_err(of_seed)?;
        self.add(Value::Object(person))
            .map_err(|reason| of_seed(reason.to_owned()))?;
        for token in tokens {
            self.grant(token, &id)?;
        }
        Ok(())
    }

    /// Adds or replaces a person.
    pub(crate) fn set(&mut self, person: Person) {
        let Some(key) = key(&person) else { return };
        self.licenses
            .extend(texts(&person, "licenses").map(str::to_owned));
        if let Some(uuid) = uuid(&key) {
            self.uuids.insert(uuid, key.clone());
        }
        if self.people.insert(key.clone(), person).is_none() {
            self.order.push(key);
        }
    }

    pub(crate) fn person(&self, id: &str) -> Option<&Person> {
        self.people.get(bare_id(id))
    }

    /// The id of the person whose id contains this UUID.
    pub(crate) fn id_of_uuid(&self, uuid: &str) -> Option<&str> {
        self.uuids
            .get(&uuid.to_ascii_lowercase())
            .map(String::as_str)
    }

    pub(crate) fn owner(&self, token: &str) -> Option<&Person> {
        self.people.get(self.tokens.get(token)?)
    }

    pub(crate) fn grant(&mut self, token: String, id: &str) -> Result<(), LoadError> {
        if self.person(id).is_none() {
            return Err(LoadError(format!("no person has the id `{id}`")));
        }
        self.tokens.insert(token, bare_id(id).to_owned());
        Ok(())
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Person> {
        self.order.iter().filter_map(|id| self.people.get(id))
    }

    /// The licenses of the organization: the documented ones, and those that people hold.
    pub(crate) fn licenses(&self) -> &BTreeSet<String> {
        &self.licenses
    }
}

/// A person that can be stored: an object with an id.
pub(crate) fn checked(person: Value) -> Result<Person, &'static str> {
    let Value::Object(person) = person else {
        return Err("not an object");
    };
    match person.get("id").and_then(Value::as_str) {
        None | Some("") => Err("`id` is missing, empty or not text"),
        Some(_) => Ok(person),
    }
}

/// The UUID in an id: base64 of `ciscospark://CLUSTER/PEOPLE/UUID`.
fn uuid(id: &str) -> Option<String> {
    let uri = String::from_utf8(URL_SAFE_NO_PAD.decode(id).ok()?).ok()?;
    let (_, uuid) = uri.split_once("/PEOPLE/")?;
    Some(uuid.to_ascii_lowercase())
}

fn key(person: &Person) -> Option<String> {
    person
        .get("id")
        .and_then(Value::as_str)
        .map(|id| bare_id(id).to_owned())
}
