//! Phone numbers in different notations: which of them are the same number. How other texts are
//! compared is in `equality`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::Value;

/// Texts with fewer digits can be extensions, which are compared as they are.
const MIN_DIGITS: usize = 7;

const MAX_COUNTRY_CODE_DIGITS: usize = 3;

/// The international numbers of a comparison, by the national notations that they can have.
///
/// The service returns `+1 408 526 7209` for `408 526 7209`. Only the other side of a comparison
/// says which country is meant, so it has to be known before a national number is compared.
#[derive(Debug, Default)]
pub(crate) struct PhoneNumbers {
    /// `None`: several countries have this national number.
    international: HashMap<String, Option<String>>,
}

impl PhoneNumbers {
    /// The phone numbers among all texts within `values`.
    pub(crate) fn within<'a>(values: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut numbers = Self::default();
        for value in values {
            numbers.add(value);
        }
        numbers
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add_text(text),
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(properties) => properties.values().for_each(|value| self.add(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        let Some((Notation::International, digits)) = parse(text) else {
            return;
        };
        for length in 0..=MAX_COUNTRY_CODE_DIGITS {
            let Some(national) = digits.get(length..).filter(|it| it.len() >= MIN_DIGITS) else {
                return;
            };
            match self.international.entry(national.to_owned()) {
                Entry::Vacant(entry) => {
                    entry.insert(Some(digits.clone()));
                }
                Entry::Occupied(mut entry) => {
                    if entry.get().as_ref() != Some(&digits) {
                        entry.insert(None);
                    }
                }
            }
        }
    }

    /// The same text for each notation of a number; `None` for a text that is no phone number.
    pub(crate) fn canonical(&self, text: &str) -> Option<String> {
        let (notation, digits) = parse(text)?;
        let international = match notation {
            Notation::International => Some(&digits),
            Notation::National => {
                // Zeros in front are dialled, but are not part of the number.
                let number = digits.trim_start_matches('0');
                self.international.get(number).and_then(Option::as_ref)
            }
        };
        Some(international.map_or_else(|| digits.clone(), |digits| format!("+{digits}")))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notation {
    /// With a `+` in front.
    International,
    National,
}

/// The digits of a phone number; `None` for a text with letters or with too few digits.
fn parse(text: &str) -> Option<(Notation, String)> {
    let text = text.trim();
    let is_notation = |c: char| c.is_ascii_digit() || " +-.()/".contains(c);
    if !text.chars().all(is_notation) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let notation = if text.starts_with('+') {
        Notation::International
    } else {
        Notation::National
    };
    (digits.len() >= MIN_DIGITS).then_some((notation, digits))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_phone_number_is_the_same_in_each_notation() {
        let cases = [
            ("408 526 7209", "+1 408 526 7209", true),
            ("+1 408 526 7209", "408 526 7209", true),
            ("(408) 526-7209", "408.526.7209", true),
            ("+1 408 526 7209", "+14085267209", true),
            ("089 1234567", "+49 89 1234567", true),
            ("00 49 89 1234567", "+49 89 1234567", true),
            // Country codes have three digits at most.
            ("1234567", "+358 1234567", true),
            ("1234567", "+3581 1234567", false),
            ("408 526 7209", "+1 408 526 7210", false),
            ("408 526 7209", "408 526 7209 12", false),
            ("+1 408 526 7209", "+44 408 526 7209", false),
            // Six digits can be an extension, seven are a number.
            ("526 720", "+1 526 720", false),
            ("526 7209", "+1 526 7209", true),
            ("call me", "call me not", false),
            ("", "+1", false),
        ];
        for (one, other, expected) in cases {
            let values = [json!(one), json!(other)];
            let numbers = PhoneNumbers::within(&values);
            let [one, other] = [one, other].map(|text| numbers.canonical(text));
            assert_eq!(one.is_some() && one == other, expected, "{values:?}");
        }
    }

    #[test]
    fn a_national_number_of_several_countries_stays_national() {
        let values = json!([{ "value": "+1 408 526 7209" }, { "value": "+44 408 526 7209" }]);
        let numbers = PhoneNumbers::within([&values]);
        let national = numbers.canonical("408 526 7209");
        assert_eq!(national.as_deref(), Some("4085267209"));
    }
}
