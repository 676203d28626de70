//! A person for a test, made from a name and the properties that matter to it. The predefined people
//! are in `seed`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Value, json};

use crate::person::{Person, text};
use crate::seed::{ADMIN_ROLE, CALLING_LICENSE, ORGANIZATION};

/// A person to start the service with: [`Builder::seed`](crate::Builder::seed).
///
/// From the name follow `id` (the same one in every run), `displayName`, `firstName`, `lastName`,
/// `nickName` and the e-mail address. The person is in [`ORGANIZATION`], whose administrator has
/// [`ADMIN_TOKEN`](crate::ADMIN_TOKEN).
///
/// # Examples
///
/// ```
/// use people_fake::{FakePeople, MESSAGING_LICENSE, PersonSeed};
///
/// # #[tokio::main]
/// # async fn main() -> std::io::Result<()> {
/// let ada = PersonSeed::new("Ada Lovelace")
///     .set("title", "Analyst")
///     .license(MESSAGING_LICENSE)
///     .calling("1815")
///     .admin()
///     .token("ada-token");
/// let id = ada.id().to_owned();
/// let fake = FakePeople::builder().seed(ada).start().await?;
///
/// assert_eq!(fake.person(&id).unwrap()["emails"][0], "ada.lovelace@example.com");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq)]
#[must_use = "a seed is passed to `Builder::seed`"]
pub struct PersonSeed {
    person: Person,
    tokens: Vec<String>,
    /// A value of [`PersonSeed::set`] that is not JSON.
    problem: Option<String>,
}

impl fmt::Debug for PersonSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The properties are personal data.
        f.debug_struct("PersonSeed").finish_non_exhaustive()
    }
}

impl PersonSeed {
    /// A person with this display name, without licenses and roles.
    pub fn new(display_name: &str) -> Self {
        let (first, last) = display_name.rsplit_once(' ').unwrap_or((display_name, ""));
        let local = display_name.to_lowercase();
        let local: Vec<_> = local
            .split(|character: char| !character.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let id = id_of(display_name);
        // A name in another script has no ASCII letters.
        let local = if local.is_empty() {
            id.to_lowercase()
        } else {
            local.join(".")
        };
        let created = "2024-01-01T00:00:00.000Z";
        let mut person = Person::new();
        for (name, value) in [
            ("id", json!(id)),
            ("emails", json!([format!("{local}@example.com")])),
            ("displayName", json!(display_name)),
            ("nickName", json!(first)),
            ("firstName", json!(first)),
            ("lastName", json!(last)),
            ("orgId", json!(ORGANIZATION)),
            ("roles", json!([])),
            ("licenses", json!([])),
            ("created", json!(created)),
            ("lastModified", json!(created)),
            ("status", json!("active")),
            ("invitePending", json!("false")),
            ("loginEnabled", json!("true")),
            ("type", json!("person")),
        ] {
            if value != "" {
                person.insert(name.to_owned(), value);
            }
        }
        Self {
            person,
            tokens: Vec::new(),
            problem: None,
        }
    }

    /// The id of the person.
    #[must_use]
    pub fn id(&self) -> &str {
        text(&self.person, "id")
    }

    /// Sets a property, by its name in the contract. `null` removes it. Nothing is checked, so that a
    /// test can use a person that violates the contract.
    ///
    /// # Examples
    ///
    /// ```
    /// use people_fake::PersonSeed;
    /// use serde_json::json;
    ///
    /// let seed = PersonSeed::new("Ada Lovelace")
    ///     .set("department", "Research")
    ///     .set("phoneNumbers", json!([{ "type": "work", "value": "+1 408 526 7209" }]))
    ///     .set("nickName", None::<&str>);
    /// # drop(seed);
    /// ```
    pub fn set(mut self, property: &str, value: impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(Value::Null) => {
                self.person.remove(property);
            }
            Ok(value) => {
                self.person.insert(property.to_owned(), value);
            }
            Err(error) => self.problem = Some(format!("`{property}` is not JSON: {error}")),
        }
        self
    }

    /// Makes the person an administrator.
    pub fn admin(self) -> Self {
        self.push("roles", ADMIN_ROLE)
    }

    /// Gives the person a license.
    pub fn license(self, id: &str) -> Self {
        self.push("licenses", id)
    }

    /// Gives the person [`CALLING_LICENSE`] and this extension.
    pub fn calling(self, extension: &str) -> Self {
        self.license(CALLING_LICENSE).set("extension", extension)
    }

    /// Lets this access token stand for the person.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.tokens.push(token.into());
        self
    }

    fn push(mut self, list: &str, item: &str) -> Self {
        let list = self.person.entry(list).or_insert_with(|| json!([]));
        if let Value::Array(items) = list {
            items.push(json!(item));
        }
        self
    }

    /// The person and the tokens, or what is wrong with a property.
    pub(crate) fn into_parts(self) -> Result<(Person, Vec<String>), String> {
        match self.problem {
            Some(problem) => Err(problem),
            None => Ok((self.person, self.tokens)),
        }
    }
}

/// An id in the form of the service: base64 of `ciscospark://us/PEOPLE/UUID`.
fn id_of(name: &str) -> String {
    let hash = fnv(name.as_bytes());
    let uuid = format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        hash >> 96,
        hash >> 80 & 0xffff,
        hash >> 64 & 0xfff,
        hash >> 48 & 0xfff,
        hash & 0xffff_ffff_ffff,
    );
    URL_SAFE_NO_PAD.encode(format!("ciscospark://us/PEOPLE/{uuid}"))
}

/// FNV-1a with 128 bits: the same in every version of Rust, unlike the hash of the standard library.
fn fnv(bytes: &[u8]) -> u128 {
    let start = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    bytes.iter().fold(start, |hash, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_distinct_ids_that_stay() {
        let ada = PersonSeed::new("Ada Lovelace");
        assert_eq!(ada.id(), PersonSeed::new("Ada Lovelace").id());
        assert_ne!(ada.id(), PersonSeed::new("Ada Lovelacf").id());
        let decoded = URL_SAFE_NO_PAD.decode(ada.id()).unwrap();
        let uri = String::from_utf8(decoded).unwrap();
        let uuid = uri.strip_prefix("ciscospark://us/PEOPLE/").unwrap();
        let lengths: Vec<_> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{uuid}");
    }

    #[test]
    fn name_without_a_space_is_a_first_name() {
        let (person, _) = PersonSeed::new("Ada").into_parts().unwrap();
        assert_eq!(person["firstName"], "Ada");
        assert_eq!(person.get("lastName"), None);
    }

    #[test]
    fn names_without_ascii_letters_have_distinct_addresses() {
        let address = |name| {
            let (person, _) = PersonSeed::new(name).into_parts().unwrap();
            person["emails"][0].as_str().unwrap().to_owned()
        };
        assert!(address("李 雷").starts_with("y2lz"));
        assert_ne!(address("李 雷"), address("韩 梅梅"));
        assert_eq!(address("Ada Lovelace"), "ada.lovelace@example.com");
    }

    #[test]
    fn set_replaces_and_null_removes() {
        let seed = PersonSeed::new("Ada Lovelace")
            .set("title", "Analyst")
            .set("nickName", Value::Null);
        let (person, _) = seed.into_parts().unwrap();
        assert_eq!(person["title"], "Analyst");
        assert_eq!(person.get("nickName"), None);
    }

    #[test]
    fn value_that_is_not_json_is_named() {
        use std::collections::BTreeMap;

        let seed = PersonSeed::new("Ada").set("extra", BTreeMap::from([((1, 2), 3)]));
        assert!(
            seed.into_parts()
                .unwrap_err()
                .starts_with("`extra` is not JSON")
        );
    }
}
