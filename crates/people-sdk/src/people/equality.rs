//! Whether two JSON values mean the same to the service. The time is linear in their size, apart from
//! sorting: each text is brought into a canonical form once, and lists are compared as multisets of
//! canonical forms. Which properties are compared is decided elsewhere.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use icu_normalizer::ComposingNormalizerBorrowed;
use serde_json::{Map, Value};

use crate::people::phone_numbers::PhoneNumbers;
use crate::runtime::facts::StoredForm;

/// How texts are compared.
#[derive(Debug)]
pub(crate) enum Texts {
    /// To the letter.
    Exact,
    /// In the form in which the service stores them: trimmed and in Unicode NFC, and what the
    /// contract says of the property.
    Stored {
        lower_case: bool,
        numbers: Option<PhoneNumbers>,
    },
}

impl Texts {
    /// The stored form of a property. `values` are those whose phone numbers say which country a
    /// national number is of.
    pub(crate) fn stored<'a>(
        form: Option<StoredForm>,
        values: impl IntoIterator<Item = &'a Value>,
    ) -> Self {
        Self::Stored {
            lower_case: form == Some(StoredForm::LowerCase),
            numbers: (form == Some(StoredForm::PhoneNumber)).then(|| PhoneNumbers::within(values)),
        }
    }

    /// The same text for all texts that are equal.
    pub(crate) fn canonical<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let Self::Stored {
            lower_case,
            numbers,
        } = self
        else {
            return text.into();
        };
        if let Some(number) = numbers.as_ref().and_then(|it| it.canonical(text)) {
            return number.into();
        }
        let text = text.trim();
        let text = if text.is_ascii() {
            text.into()
        } else {
            ComposingNormalizerBorrowed::new_nfc().normalize(text)
        };
        if *lower_case {
            text.to_lowercase().into()
        } else {
            text
        }
    }
}

/// Whether `found` has all that `expected` has. Absent and empty values are equal, the order of a list
/// has no meaning, and objects in `found` may have further properties.
pub(crate) fn semantically_eq(expected: &Value, found: &Value, texts: &Texts) -> bool {
    match (expected, found) {
        (Value::Array(expected), Value::Array(found)) => {
            additional_items(expected, found, texts).is_some_and(|more| more.is_empty())
        }
        (Value::Object(expected), Value::Object(found)) => {
            let absent = Value::Null;
            expected.iter().all(|(name, value)| {
                semantically_eq(value, found.get(name).unwrap_or(&absent), texts)
            })
        }
        _ => canonical(expected, texts) == canonical(found, texts),
    }
}

/// The items of `found` that are left when each item of `expected` has taken one that equals it;
/// `None` when there is none for one of `expected`.
pub(crate) fn additional_items<'a>(
    expected: &[Value],
    found: &'a [Value],
    texts: &Texts,
) -> Option<Vec<&'a Value>> {
    let mut pool = Pool::new(found.iter().map(|item| (item, key(item, texts))));
    let missing: Vec<&Value> = expected
        .iter()
        .filter(|item| !pool.take(&key(item, texts)))
        .collect();
    if missing.is_empty() {
        return Some(pool.rest());
    }
    // Objects may have gained properties, which are not looked at in a second pass.
    let mut by_shape: Vec<(Shape<'_>, Vec<&Value>)> = Vec::new();
    for item in missing {
        let shape = Shape::of(item);
        match by_shape.iter_mut().find(|(other, _)| *other == shape) {
            Some((_, items)) => items.push(item),
            None => by_shape.push((shape, vec![item])),
        }
        if by_shape.len() > MAX_SHAPES {
            return None;
        }
    }
    let mut rest = pool.rest();
    // An item with many properties equals fewer others.
    while let Some(largest) = (0..by_shape.len()).max_by_key(|place| by_shape[*place].0.len()) {
        let (shape, items) = by_shape.swap_remove(largest);
        let project = |item| (item, key(&shape.project(item), texts));
        let mut pool = Pool::new(rest.into_iter().map(project));
        if !items.iter().all(|item| pool.take(&key(item, texts))) {
            return None;
        }
        rest = pool.rest();
    }
    Some(rest)
}

/// Whether one of `items` equals one of `others`.
pub(crate) fn have_common_item(items: &[&Value], others: &[Value], texts: &Texts) -> bool {
    let mut pool = Pool::new(others.iter().map(|item| (item, key(item, texts))));
    items.iter().any(|item| pool.take(&key(item, texts)))
}

/// Whether `found` still has a part of an object that `before` has, of a list item or of the value
/// itself, and that `expected` has no more. Flags do not count: one that was not sent has the value
/// that the service gives it.
///
/// `found` has all that `expected` has, so what occurs there more often is additional.
pub(crate) fn keeps_removed_part(
    before: &Value,
    expected: &Value,
    found: &Value,
    texts: &Texts,
) -> bool {
    let count = |value| {
        let mut counts: HashMap<_, usize> = HashMap::new();
        let mut parts = Vec::new();
        collect_parts(value, "", texts, &mut parts);
        for part in parts {
            *counts.entry(part).or_default() += 1;
        }
        counts
    };
    let (before, expected) = (count(before), count(expected));
    count(found).iter().any(|(part, number)| {
        before.contains_key(part) && *number > expected.get(part).copied().unwrap_or_default()
    })
}

/// The paths and the canonical forms of the properties of an object, or of the objects in a list.
fn collect_parts(value: &Value, path: &str, texts: &Texts, parts: &mut Vec<(String, String)>) {
    match value {
        Value::Array(items) if path.is_empty() => {
            for item in items.iter().filter(|item| item.is_object()) {
                collect_parts(item, path, texts, parts);
            }
        }
        Value::Object(properties) => {
            for (name, value) in properties {
                collect_parts(value, &format!("{path}/{name}"), texts, parts);
            }
        }
        Value::Bool(_) => {}
        _ if path.is_empty() => {}
        _ => parts.extend(canonical(value, texts).map(|text| (path.to_owned(), text))),
    }
}

/// Whether `found` lacks what `expected` has: the value, or a property of an object.
pub(crate) fn is_lost(expected: &Value, found: &Value) -> bool {
    if is_empty(found) {
        return !is_empty(expected);
    }
    let (Value::Object(expected), Value::Object(found)) = (expected, found) else {
        return false;
    };
    let absent = Value::Null;
    expected
        .iter()
        .any(|(name, value)| is_lost(value, found.get(name).unwrap_or(&absent)))
}

/// Whether a value is absent or empty: null, an empty text, or a list or object without content.
pub(crate) fn is_empty(value: &Value) -> bool {
    canonical(value, &Texts::Exact).is_none()
}

/// Items of a list, each of which can be taken once, by its key.
struct Pool<'a> {
    items: Vec<Option<&'a Value>>,
    places: HashMap<String, Vec<usize>>,
}

impl<'a> Pool<'a> {
    fn new(items: impl Iterator<Item = (&'a Value, String)>) -> Self {
        let mut pool = Self {
            items: Vec::new(),
            places: HashMap::new(),
        };
        for (item, key) in items {
            let place = pool.items.len();
            pool.places.entry(key).or_default().push(place);
            pool.items.push(Some(item));
        }
        pool
    }

    fn take(&mut self, key: &str) -> bool {
        let place = self.places.get_mut(key).and_then(Vec::pop);
        place.and_then(|place| self.items[place].take()).is_some()
    }

    fn rest(self) -> Vec<&'a Value> {
        self.items.into_iter().flatten().collect()
    }
}

/// Lists have objects of a few shapes. A list with more of them is compared without leniency for
/// added properties, so that the time stays linear.
const MAX_SHAPES: usize = 16;

/// The names of the properties of an object, and of the objects in it.
#[derive(Debug, PartialEq, Eq)]
enum Shape<'a> {
    /// Anything that is no object.
    Value,
    /// In the order of the map, which is that of the names unless a program turns on the feature
    /// `preserve_order` of `serde_json`; then other orders are other shapes.
    Object(Vec<(&'a str, Shape<'a>)>),
}

impl<'a> Shape<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::Object(properties) => Self::Object(
                properties
                    .iter()
                    .map(|(name, value)| (name.as_str(), Self::of(value)))
                    .collect(),
            ),
            _ => Self::Value,
        }
    }

    /// The number of properties.
    fn len(&self) -> usize {
        match self {
            Self::Value => 1,
            Self::Object(properties) => properties.iter().map(|(_, shape)| shape.len()).sum(),
        }
    }

    /// `value` with the properties of this shape alone.
    fn project(&self, value: &Value) -> Value {
        match (self, value) {
            (Self::Object(shapes), Value::Object(properties)) => {
                let mut projection = Map::new();
                for (name, shape) in shapes {
                    if let Some(value) = properties.get(*name) {
                        projection.insert((*name).to_owned(), shape.project(value));
                    }
                }
                Value::Object(projection)
            }
            _ => value.clone(),
        }
    }
}

/// The canonical form of an item, which can be empty.
fn key(item: &Value, texts: &Texts) -> String {
    canonical(item, texts).unwrap_or_else(|| "null".to_owned())
}

/// The same text for all values that are equal, in each of which lists are sorted and empty
/// properties are left out; `None` for an empty value.
fn canonical(value: &Value, texts: &Texts) -> Option<String> {
    #[cfg(test)]
    tests::VISITED.set(tests::VISITED.get() + 1);
    let mut out = String::new();
    // Writing to a `String` does not fail. Lengths keep texts apart from what surrounds them.
    let written = match value {
        Value::Null => return None,
        Value::Bool(value) => write!(out, "{value}"),
        Value::Number(value) => write!(out, "{value}"),
        Value::String(text) => {
            let text = texts.canonical(text);
            if text.is_empty() {
                return None;
            }
            write!(out, "{}:{text}", text.len())
        }
        Value::Array(items) => {
            if items.is_empty() {
                return None;
            }
            let mut items: Vec<_> = items.iter().map(|item| key(item, texts)).collect();
            items.sort_unstable();
            write!(out, "[{}]", items.join(","))
        }
        Value::Object(properties) => {
            let mut properties: Vec<_> = properties
                .iter()
                .filter_map(|(name, value)| {
                    Some(format!(
                        "{}:{name}={}",
                        name.len(),
                        canonical(value, texts)?
                    ))
                })
                .collect();
            if properties.is_empty() {
                return None;
            }
            properties.sort_unstable();
            write!(out, "{{{}}}", properties.join(","))
        }
    };
    written.ok().map(|()| out)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use serde_json::json;

    use super::*;

    thread_local! {
        /// The values whose canonical form was written, for the test of the time that this takes.
        pub(super) static VISITED: Cell<usize> = const { Cell::new(0) };
    }

    fn stored(form: Option<StoredForm>, values: [&Value; 2]) -> Texts {
        Texts::stored(form, values)
    }

    #[test]
    fn values_are_equal_by_their_meaning() {
        let cases = [
            (json!("a"), json!("a"), true),
            (json!("a"), json!("A"), false),
            (json!("a"), json!(" a"), false),
            (json!(""), json!(null), true),
            (json!([]), json!(null), true),
            (json!({ "a": "" }), json!(null), true),
            (json!("null"), json!(null), false),
            (json!("a"), json!(null), false),
            (json!(false), json!(null), false),
            (json!(1), json!("1"), false),
            (json!(["a", "b"]), json!(["b", "a"]), true),
            (json!(["a", "a"]), json!(["a", "b"]), false),
            (json!(["a"]), json!(["a", "b"]), false),
            (json!(["a", "b"]), json!(["a"]), false),
            (json!([""]), json!([null]), true),
            (json!([""]), json!([]), false),
            // A text is not what it would look like inside another value.
            (json!(["a,1:b"]), json!(["a", "b"]), false),
            (json!([{ "a": 1 }]), json!([{ "a": 1, "b": 2 }]), true),
            (json!([{ "a": 1, "b": 2 }]), json!([{ "a": 1 }]), false),
            (
                json!([{ "a": 1, "b": "" }]),
                json!([{ "a": 1, "b": 2 }]),
                false,
            ),
            (
                json!([{ "a": 1, "b": "" }]),
                json!([{ "a": 1, "c": 2 }]),
                true,
            ),
            (
                json!([{ "a": 1 }, { "a": 1 }]),
                json!([{ "a": 1 }, { "a": 2 }]),
                false,
            ),
            // The item with more properties takes its match first.
            (
                json!([{ "a": 1 }, { "a": 1, "b": 2 }]),
                json!([{ "a": 1, "b": 2, "c": 3 }, { "a": 1, "c": 3 }]),
                true,
            ),
            (
                json!([{ "a": 1 }, { "a": 1, "b": 2 }]),
                json!([{ "a": 1, "c": 3 }, { "a": 1, "b": 2, "c": 3 }]),
                true,
            ),
            (
                json!([{ "a": { "b": 1 } }]),
                json!([{ "a": { "b": 1, "c": 2 } }]),
                true,
            ),
            (json!({ "a": [1, 2] }), json!({ "a": [2, 1], "b": 3 }), true),
            (json!({ "a": 1 }), json!([1]), false),
        ];
        for (expected, found, equal) in cases {
            assert_eq!(
                semantically_eq(&expected, &found, &Texts::Exact),
                equal,
                "{expected} {found}"
            );
        }
    }

    #[test]
    fn texts_are_equal_in_the_form_in_which_they_are_stored() {
        let lower = Some(StoredForm::LowerCase);
        let phone = Some(StoredForm::PhoneNumber);
        let cases = [
            (None, json!(" a\t"), json!("a"), true),
            (None, json!("  "), json!(null), true),
            (None, json!("a  b"), json!("a b"), false),
            (None, json!("Zoe\u{308}"), json!("Zo\u{eb}"), true),
            (None, json!("A"), json!("a"), false),
            (lower, json!(["A@B.example"]), json!(["a@b.example"]), true),
            (lower, json!(["\u{c4}"]), json!(["a\u{308}"]), true),
            (None, json!("408 526 7209"), json!("+1 408 526 7209"), false),
            (
                phone,
                json!([{ "type": "work", "value": "408 526 7209" }]),
                json!([{ "type": "work", "value": "+1 408 526 7209", "primary": true }]),
                true,
            ),
            // The same number of two types.
            (
                phone,
                json!([
                    { "type": "work", "value": "408 526 7209" },
                    { "type": "mobile", "value": "+1 408 526 7209" },
                ]),
                json!([
                    { "type": "mobile", "value": "+1 408 526 7209" },
                    { "type": "work", "value": "+1 408 526 7209" },
                ]),
                true,
            ),
            (
                phone,
                json!([{ "type": "work", "value": "408 526 7209" }]),
                json!([{ "type": "fax", "value": "408 526 7209" }]),
                false,
            ),
        ];
        for (form, one, other, equal) in cases {
            let texts = stored(form, [&one, &other]);
            assert_eq!(
                semantically_eq(&one, &other, &texts),
                equal,
                "{one} {other}"
            );
        }
    }

    #[test]
    fn additional_items_are_those_that_nothing_expects() {
        let found = [json!("a"), json!("b"), json!("a")];
        let more = |expected: &[Value]| additional_items(expected, &found, &Texts::Exact);
        assert_eq!(more(&[json!("a")]), Some(vec![&json!("a"), &json!("b")]));
        assert_eq!(more(&found), Some(vec![]));
        assert_eq!(more(&[json!("c")]), None);
    }

    #[test]
    fn a_removed_part_is_kept_when_it_is_there_as_before() {
        let street = json!({ "country": "US", "streetAddress": "s" });
        let cases = [
            // Before, expected, found.
            (
                street.clone(),
                json!({ "country": "US" }),
                street.clone(),
                true,
            ),
            (
                street.clone(),
                json!({ "country": "US" }),
                json!({ "country": "US" }),
                false,
            ),
            // Another value is the service's own.
            (
                street.clone(),
                json!({ "country": "US" }),
                json!({ "country": "US", "streetAddress": "t" }),
                false,
            ),
            (street.clone(), street.clone(), street, false),
            (
                json!({ "a": { "b": 1, "c": 2 } }),
                json!({ "a": { "b": 3 } }),
                json!({ "a": { "b": 3, "c": 2 } }),
                true,
            ),
            (
                json!({ "value": "1", "primary": true }),
                json!({ "value": "2" }),
                json!({ "value": "2", "primary": true }),
                false,
            ),
        ];
        for (before, expected, found, kept) in cases {
            let keeps = |before: &_, expected: &_, found: &_| {
                keeps_removed_part(before, expected, found, &Texts::Exact)
            };
            let row = format!("{before} {expected} {found}");
            assert_eq!(keeps(&before, &expected, &found), kept, "{row}");
            let lists = [before, expected, found].map(|item| json!([{ "x": 1 }, item]));
            let [before, expected, found] = &lists;
            assert_eq!(keeps(before, expected, found), kept, "in a list: {row}");
        }
        let [before, expected, found] = [json!(["a"]), json!(["b"]), json!(["b"])];
        assert!(!keeps_removed_part(
            &before,
            &expected,
            &found,
            &Texts::Exact
        ));
    }

    #[test]
    fn a_value_or_a_property_of_an_object_that_is_gone_is_lost() {
        let cases = [
            (json!(1), json!(null), true),
            (json!(1), json!(2), false),
            (json!(null), json!(null), false),
            (json!(["a", "b"]), json!(["a"]), false),
            (json!(["a"]), json!([]), true),
            (
                json!({ "a": { "b": 1, "c": 1 } }),
                json!({ "a": { "b": 2 } }),
                true,
            ),
            (json!({ "a": "" }), json!({}), false),
        ];
        for (expected, found, lost) in cases {
            assert_eq!(is_lost(&expected, &found), lost, "{expected} {found}");
        }
    }

    /// The number of values that a comparison visits, of lists with `length` items.
    fn visited(length: usize, item: impl Fn(usize) -> (Value, Value)) -> usize {
        let (one, other): (Vec<_>, Vec<_>) = (0..length).map(item).unzip();
        let (one, other) = (Value::Array(one), Value::Array(other));
        VISITED.set(0);
        let texts = stored(Some(StoredForm::PhoneNumber), [&one, &other]);
        assert!(semantically_eq(&one, &other, &texts));
        VISITED.get()
    }

    #[test]
    fn the_work_of_a_comparison_is_linear_in_its_size() {
        let length = 1000;
        let reversed = |index| length - 1 - index;
        // Texts, of which each is visited once on each side.
        let texts = visited(length, |index| {
            (
                json!(format!("text {index}")),
                json!(format!("text {}", reversed(index))),
            )
        });
        assert_eq!(texts, 2 * length);
        // Numbers in another notation, with a property that the other side lacks: a second pass.
        let numbers = visited(length, |index| {
            let value = |index| format!("408 526 {index:04}");
            (
                json!({ "value": value(index) }),
                json!({ "value": format!("+1 {}", value(reversed(index))), "primary": true }),
            )
        });
        assert!(numbers <= 10 * length, "{numbers}");
    }

    #[test]
    fn a_list_of_many_shapes_is_compared_without_a_pass_for_each() {
        let item = |index: usize| json!({ format!("name {index}"): 1 });
        let more = |index: usize| json!({ format!("name {index}"): 1, "more": 1 });
        let list = |item: &dyn Fn(usize) -> Value| (0..1000).map(item).collect::<Vec<_>>();
        let (expected, found) = (list(&item), list(&more));
        VISITED.set(0);
        assert_eq!(additional_items(&expected, &found, &Texts::Exact), None);
        assert!(VISITED.get() <= 10 * 1000, "{}", VISITED.get());
        let few = additional_items(&expected[..MAX_SHAPES], &found[..MAX_SHAPES], &Texts::Exact);
        assert_eq!(few, Some(vec![]));
    }
}
