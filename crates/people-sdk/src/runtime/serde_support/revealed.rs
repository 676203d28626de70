//! A `Debug` that shows values, for tests.

use std::fmt;

use serde::Serialize;

/// A value whose `Debug` shows everything that it holds, as JSON with one property per line. The models
/// have a method `reveal` that makes one.
///
/// # Examples
///
/// ```
/// use people_sdk::types::Person;
///
/// let mut person = Person::new("x");
/// person.title = Some("GM".to_owned());
/// assert_eq!(format!("{person:?}"), "Person { id: …, title: … }");
/// assert_eq!(format!("{:?}", person.reveal()), "{\n  \"id\": \"x\",\n  \"title\": \"GM\"\n}");
///
/// // In a test, a difference is shown by its values.
/// let expected = person.clone();
/// assert_eq!(person.reveal(), expected.reveal());
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Revealed<'a, T>(pub(crate) &'a T);

impl<T: Serialize> fmt::Debug for Revealed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match serde_json::to_string_pretty(self.0) {
            Ok(json) => f.write_str(&json),
            Err(error) => write!(f, "no JSON: {error}"),
        }
    }
}
