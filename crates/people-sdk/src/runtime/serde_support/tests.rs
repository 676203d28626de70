//! Reading and writing generated forms, on types written for this.
#![allow(unreachable_pub, reason = "the macros write for public types")]

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::IntoDeserializer;
use serde::de::value::{BoolDeserializer, BytesDeserializer, UnitDeserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::json_type::{JsonType, Written, exact_value, from_text_reporting, text_of};
use super::{BooleanOrText, Report, UnparsedProperties, open_enum, open_struct};

#[derive(Clone, PartialEq)]
struct Thing {
    id: String,
    on: bool,
    off: Option<bool>,
    count: Option<i64>,
    at: Option<DateTime<Utc>>,
    kind: Option<Kind>,
    tags: Option<Vec<String>>,
    parts: Option<Vec<Part>>,
    extra: Map<String, Value>,
    unparsed: UnparsedProperties,
}

open_struct! {
    Thing(extra, unparsed);
    "id" => id, required;
    "isOn" => on, boolean_or_text;
    "isOff" => off, optional_boolean_or_text;
    "count" => count, optional;
    "at" => at, optional;
    "kind" => kind, optional;
    "tags" => tags, optional;
    "parts" => parts, optional;
}

#[derive(Clone, PartialEq)]
struct Part {
    name: String,
    open: Option<bool>,
    extra: Map<String, Value>,
    unparsed: UnparsedProperties,
}

open_struct! {
    Part(extra, unparsed);
    "name" => name, required;
    "open" => open, optional;
}

#[derive(Clone, Debug)]
enum Kind {
    Big,
    Other(String),
}

open_enum! {
    Kind(Other, "The kind.");
    "big" => Big;
}

/// What is written back of a JSON text, and the deviations in it.
fn through(json: &str) -> (String, Vec<String>) {
    let mut report = Report::default();
    let thing: Thing = from_text_reporting(json, &mut report).unwrap();
    let same: Thing = serde_json::from_str(json).unwrap();
    assert!(thing == same, "{json}");
    let deviations = report.deviations.iter().map(ToString::to_string);
    (serde_json::to_string(&thing).unwrap(), deviations.collect())
}

#[test]
fn a_promised_form_is_read_and_written_without_a_deviation() {
    let rows = [
        r#"{"id":"a","isOn":true}"#,
        r#"{"id":"a","isOn":true,"isOff":false,"count":5,"at":"2020-01-02T03:04:05Z","kind":"big","tags":[],"parts":[{"name":"x","open":true}]}"#,
    ];
    for json in rows {
        assert_eq!(through(json), (json.to_owned(), Vec::new()));
    }
    let (written, deviations) = through(r#"{"id":"a","isOn":"true","isOff":null,"tags":null}"#);
    assert_eq!(written, r#"{"id":"a","isOn":true}"#);
    assert!(deviations.is_empty(), "{deviations:?}");
    let (written, _) = through(r#"{"\u0069d":"escaped","isOn":true}"#);
    assert_eq!(written, r#"{"id":"escaped","isOn":true}"#);
}

/// What the first pass alone reads, written back. The second pass reads the same values, and would
/// hide a fault of the first.
fn in_one_pass<T: JsonType>(json: &str) -> Result<String, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = T::read(&mut deserializer)?;
    deserializer.end()?;
    serde_json::to_string(&Written(&value))
}

#[test]
fn a_promised_form_is_read_in_one_pass() {
    let thing = r#"{"id":"a","isOn":true,"isOff":false,"count":-5,"at":"2020-01-02T03:04:05Z","kind":"big","tags":["t"],"parts":[{"name":"x","open":true}],"new":{"a":[null,true,-1,1,"x"]}}"#;
    assert_eq!(in_one_pass::<Thing>(thing).unwrap(), thing);
    let values = r#"{"a":[null,true,-1,1,"x"]}"#;
    assert_eq!(in_one_pass::<Value>(values).unwrap(), values);
    assert_eq!(in_one_pass::<Map<String, Value>>(values).unwrap(), values);
    assert_eq!(in_one_pass::<Option<Value>>("null").unwrap(), "null");
    assert_eq!(in_one_pass::<BooleanOrText>(r#""true""#).unwrap(), "true");
    // It would round such a number.
    assert!(in_one_pass::<Value>("[1.50]").is_err());
    let (written, _) = through(r#"{"id":"a","isOn":true,"new":[1.50]}"#);
    assert_eq!(written, r#"{"id":"a","isOn":true,"new":[1.50]}"#);
}

/// The value that each pass reads for itself.
fn in_each_pass<T: JsonType + PartialEq + fmt::Debug>(json: &str) -> T {
    let first = T::read(&mut serde_json::Deserializer::from_str(json)).unwrap();
    let raw: &RawValue = serde_json::from_str(json).unwrap();
    let Ok(second) = T::read_lenient(raw, &mut Report::default()) else {
        panic!("{json} is not read");
    };
    assert_eq!(first, second, "{json}");
    first
}

#[test]
fn both_passes_read_the_same_value() {
    assert!((in_each_pass::<f64>("2.5") - 2.5).abs() < f64::EPSILON);
    let object = r#"{"a":[null,{"b":"c"}]}"#;
    let expected: Value = serde_json::from_str(object).unwrap();
    assert_eq!(in_each_pass::<Value>(object), expected);
    let properties = in_each_pass::<Map<String, Value>>(object);
    assert_eq!(Value::Object(properties), expected);
    let map = in_each_pass::<BTreeMap<String, i64>>(r#"{"a":1}"#);
    assert_eq!(map["a"], 1);
    // Where any value can stand, null is one.
    assert_eq!(in_each_pass::<Option<Value>>("null"), Some(Value::Null));
    assert_eq!(in_each_pass::<Option<i64>>("null"), None);
    let unit: UnitDeserializer<serde_json::Error> = ().into_deserializer();
    let null = Option::<Value>::read(unit).unwrap();
    assert_eq!(null, Some(Value::Null));
}

#[test]
fn a_number_that_would_be_rounded_is_found_at_any_depth() {
    for (json, is_exact) in [
        ("1.5", true),
        ("1.50", false),
        ("[1.50]", false),
        (r#"{"a":1.5}"#, true),
        (r#"{"a":1.50}"#, false),
        (r#"[{"a":[1.50]}]"#, false),
    ] {
        let raw: &RawValue = serde_json::from_str(json).unwrap();
        assert_eq!(exact_value(raw).is_some(), is_exact, "{json}");
    }
}

#[test]
fn a_whole_number_is_written_without_a_fraction() {
    let rows = [
        ("5.0", "5"),
        ("-5.0", "-5"),
        ("5.5", "5.5"),
        ("9007199254740991.0", "9007199254740991"),
        // From here on, a number stands for several whole ones.
        ("9007199254740992.0", "9007199254740992.0"),
        ("-9007199254740992.0", "-9007199254740992.0"),
    ];
    for (json, written) in rows {
        assert_eq!(in_one_pass::<f64>(json).unwrap(), written);
    }
}

#[test]
fn a_boolean_or_text_is_the_boolean_that_it_holds() {
    for value in [true, false] {
        let flag = BooleanOrText::from(value);
        assert_eq!(flag.to_string(), value.to_string());
        assert_eq!(value.to_string().parse(), Ok(flag));
        assert_eq!(bool::from(flag), value);
    }
}

/// An absent value in a box is absent: it is not written.
#[test]
fn a_box_is_absent_as_its_content_is() {
    assert!(Box::new(None::<i64>).is_absent());
    assert!(!Box::new(Some(1_i64)).is_absent());
}

/// The message for a value of another form, from a deserializer that is not of JSON.
fn message<T: JsonType>(value: bool) -> String {
    let value: BoolDeserializer<serde_json::Error> = value.into_deserializer();
    T::read(value).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn a_value_of_another_form_is_told_with_what_is_expected() {
    for (message, expected) in [
        (message::<Option<i64>>(true), "expected a whole number"),
        (message::<Vec<i64>>(true), "expected a list"),
        (message::<BTreeMap<String, i64>>(true), "expected an object"),
        (message::<Thing>(true), "expected an object"),
    ] {
        assert!(message.ends_with(expected), "{message}");
    }
    let bytes: BytesDeserializer<'_, serde_json::Error> = b"x".as_slice().into_deserializer();
    let message = Value::read(bytes).unwrap_err().to_string();
    assert!(message.ends_with("expected a JSON value"), "{message}");
    let flag: BoolDeserializer<serde_json::Error> = true.into_deserializer();
    let message = text_of(flag).unwrap_err().to_string();
    assert!(message.ends_with("expected a JSON value"), "{message}");
    let flag = serde_json::from_str::<BooleanOrText>("1").unwrap_err();
    let expected = "expected a boolean, or the text `true` or `false` at line 1 column 1";
    assert!(flag.to_string().ends_with(expected), "{flag}");
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table is as long as it has rows")]
fn an_unexpected_form_costs_its_property_alone() {
    // The property, what is written back of it, and the deviation.
    let rows = [
        // Converted.
        (
            r#""isOff":"TRUE""#,
            r#""isOff":true"#,
            "isOff: converted to a boolean",
        ),
        (
            r#""parts":[{"name":"x","open":"False"}]"#,
            r#""parts":[{"name":"x","open":false}]"#,
            "parts[0].open: converted to a boolean",
        ),
        (
            r#""tags":["a",133,true]"#,
            r#""tags":["a","133","true"]"#,
            "tags[1]: converted to text|tags[2]: converted to text",
        ),
        (
            r#""kind":5"#,
            r#""kind":"5""#,
            "kind: converted to text|kind: a value that the contract does not list",
        ),
        // Kept as it came.
        (
            r#""isOff":"maybe""#,
            r#""isOff":"maybe""#,
            "isOff: expected a boolean",
        ),
        (
            r#""at":"""#,
            r#""at":"""#,
            "at: expected a time with its zone (RFC 3339)",
        ),
        (
            r#""at":"2020-01-02T03:04:05""#,
            r#""at":"2020-01-02T03:04:05""#,
            "at: expected a time with its zone (RFC 3339)",
        ),
        (
            r#""count":1.0"#,
            r#""count":1.0"#,
            "count: expected a whole number",
        ),
        (
            r#""count":18446744073709551616"#,
            r#""count":18446744073709551616"#,
            "count: expected a whole number",
        ),
        (r#""tags":"a""#, r#""tags":"a""#, "tags: expected a list"),
        (
            r#""tags":["a",null]"#,
            r#""tags":["a",null]"#,
            "tags[1]: expected text",
        ),
        (
            r#""tags":["\ud800"]"#,
            r#""tags":["\ud800"]"#,
            "tags[0]: expected text",
        ),
        (
            r#""parts":[{"open":true}]"#,
            r#""parts":[{"open":true}]"#,
            "parts[0].name: expected a value",
        ),
        (
            r#""parts":[5]"#,
            r#""parts":[5]"#,
            "parts[0]: expected an object",
        ),
        (r#""parts":{}"#, r#""parts":{}"#, "parts: expected a list"),
        // Inside an object, the object is read.
        (
            r#""parts":[{"name":"x","open":"no"}]"#,
            r#""parts":[{"name":"x","open":"no"}]"#,
            "parts[0].open: expected a boolean",
        ),
        // Not listed.
        (
            r#""new":18446744073709551616"#,
            r#""new":18446744073709551616"#,
            "new: not listed in the contract",
        ),
        (
            r#""new":[1.50,{"a":1e400}]"#,
            r#""new":[1.50,{"a":1e400}]"#,
            "new: not listed in the contract",
        ),
        (
            r#""new":{"a":"\udc00"}"#,
            r#""new":{"a":"\udc00"}"#,
            "new: not listed in the contract",
        ),
        (
            r#""new":{"a":2.5}"#,
            r#""new":{"a":2.5}"#,
            "new: not listed in the contract",
        ),
        (
            r#""kind":"small""#,
            r#""kind":"small""#,
            "kind: a value that the contract does not list",
        ),
    ];
    for (property, written, expected) in rows {
        let whole = |property| format!(r#"{{"id":"a","isOn":true,{property}}}"#);
        let (found, deviations) = through(&whole(property));
        assert_eq!(found, whole(written), "{property}");
        assert_eq!(deviations.join("|"), expected, "{property}");
    }
}

#[test]
fn an_unexpected_form_of_a_required_property_is_an_error_with_its_path() {
    let rows = [
        (r#"{"isOn":true}"#, "missing field `id`"),
        (r#"{"id":"a"}"#, "missing field `isOn`"),
        (r#"{"id":null,"isOn":true}"#, "id: expected text"),
        (r#"{"id":[],"isOn":true}"#, "id: expected text"),
        (r#"["a",true]"#, "expected an object"),
    ];
    for (json, expected) in rows {
        let error = serde_json::from_str::<Thing>(json)
            .err()
            .unwrap()
            .to_string();
        assert!(error.starts_with(expected), "{json}: {error}");
    }
    let number: Thing = serde_json::from_str(r#"{"id":5,"isOn":"FALSE"}"#).unwrap();
    assert_eq!((number.id.as_str(), number.on), ("5", false));
}

// ---- every form in every place -----------------------------------------------------------------

/// One property of each kind: where it may be absent, and where it may not.
macro_rules! places {
    ($name:ident, $kind:ident, $($property:literal => $field:ident: $type:ty,)*) => {
        #[derive(Clone, PartialEq)]
        struct $name {
            $($field: $type,)*
            extra: Map<String, Value>,
            unparsed: UnparsedProperties,
        }

        open_struct! {
            $name(extra, unparsed);
            $($property => $field, $kind;)*
        }
    };
}

places! {
    Optional, optional,
    "text" => text: Option<String>, "flag" => flag: Option<bool>, "time" => time: Option<DateTime<Utc>>, "list" => list: Option<Vec<String>>,
    "map" => map: Option<BTreeMap<String, String>>,
}
places! { Nested, optional, "inner" => inner: Option<Optional>, }
places! {
    InList, optional,
    "text" => text: Option<Vec<String>>, "flag" => flag: Option<Vec<bool>>, "time" => time: Option<Vec<DateTime<Utc>>>,
    "list" => list: Option<Vec<Vec<String>>>, "map" => map: Option<Vec<BTreeMap<String, String>>>,
}
places! { RequiredText, required, "text" => text: String, }
places! { RequiredFlag, required, "flag" => flag: bool, }
places! { RequiredTime, required, "time" => time: DateTime<Utc>, }
places! { RequiredList, required, "list" => list: Vec<String>, }
places! { RequiredMap, required, "map" => map: BTreeMap<String, String>, }

/// What becomes of a value.
enum Becomes {
    /// This is read, and written back.
    Converted(&'static str),
    /// It is written back to the letter, and reads as absent.
    Kept,
    /// Null where a value may be absent.
    Absent,
}

use Becomes::{Absent, Converted, Kept};

#[rustfmt::skip]
const FORMS: &[(&str, &str, Becomes)] = &[
    ("text", "133",                       Converted("\"133\"")),
    ("text", "-1.50",                     Converted("\"-1.50\"")),
    ("text", "1e400",                     Converted("\"1e400\"")),
    ("text", "18446744073709551616",      Converted("\"18446744073709551616\"")),
    ("text", "true",                      Converted("\"true\"")),
    ("text", r#""\ud800""#,               Kept),
    ("text", r#""a\udc00b""#,             Kept),
    ("text", "[]",                        Kept),
    ("text", r#"{"a":1.50}"#,             Kept),
    ("text", "null",                      Absent),
    ("flag", r#""true""#,                 Converted("true")),
    ("flag", r#""FALSE""#,                Converted("false")),
    ("flag", r#""tRue""#,                 Converted("true")),
    ("flag", r#""maybe""#,                Kept),
    ("flag", r#""""#,                     Kept),
    ("flag", "0",                         Kept),
    ("flag", "[true]",                    Kept),
    ("flag", "null",                      Absent),
    ("time", r#""""#,                     Kept),
    ("time", r#""2020-01-02T03:04:05""#,  Kept),
    ("time", r#""2020-01-02""#,           Kept),
    ("time", r#""\ud800""#,               Kept),
    ("time", "1577934245",                Kept),
    ("time", "1e400",                     Kept),
    ("time", "null",                      Absent),
    ("list", r#""a""#,                    Kept),
    ("list", "{}",                        Kept),
    ("list", r#"["a",null]"#,             Kept),
    ("list", r#"["\udc00"]"#,             Kept),
    ("list", "null",                      Absent),
    ("map",  r#"["a"]"#,                  Kept),
    ("map",  r#""a""#,                    Kept),
    ("map",  r#"{"a":null}"#,             Kept),
    ("map",  r#"{"a":"\ud800"}"#,         Kept),
    ("map",  r#"{"\ud800":"a"}"#,         Kept),
    ("map",  "5",                         Kept),
    ("map",  "null",                      Absent),
];

/// What a type reads from a JSON text: what it writes back and the deviations, or the error.
fn read_back<T: JsonType>(json: &str) -> Result<(String, String), String> {
    let mut report = Report::default();
    let read = from_text_reporting::<T>(json, &mut report);
    let value = read.map_err(|error| error.to_string())?;
    let written = serde_json::to_string(&Written(&value)).unwrap();
    let deviations: Vec<_> = report.deviations.iter().map(ToString::to_string).collect();
    Ok((written, deviations.join("|")))
}

fn read_required(kind: &str, json: &str) -> Result<(String, String), String> {
    match kind {
        "text" => read_back::<RequiredText>(json),
        "flag" => read_back::<RequiredFlag>(json),
        "time" => read_back::<RequiredTime>(json),
        "list" => read_back::<RequiredList>(json),
        _ => read_back::<RequiredMap>(json),
    }
}

/// The form that is expected of a value, with the place inside it.
fn expected_form(kind: &str, value: &str) -> &'static str {
    match (kind, value) {
        ("list", r#"["a",null]"#) => "[1]: expected text",
        ("list", r#"["\udc00"]"#) => "[0]: expected text",
        ("map", r#"{"a":null}"# | r#"{"a":"\ud800"}"#) => ".a: expected text",
        ("text", _) => ": expected text",
        ("flag", _) => ": expected a boolean",
        ("time", _) => ": expected a time with its zone (RFC 3339)",
        ("list", _) => ": expected a list",
        _ => ": expected an object",
    }
}

#[test]
fn every_form_is_read_and_written_back_in_every_place() {
    for (kind, value, becomes) in FORMS {
        let form = expected_form(kind, value);
        let converted = form.replace("expected", "converted to");
        let optional = |value: &str| format!(r#"{{"{kind}":{value}}}"#);
        let nested = |value: &str| format!(r#"{{"inner":{}}}"#, optional(value));
        let in_list = |value: &str| format!(r#"{{"{kind}":[{value}]}}"#);
        let row = format!("{kind}: {value}");

        let found = read_back::<Optional>(&optional(value)).unwrap();
        let inner = read_back::<Nested>(&nested(value)).unwrap();
        let item = read_back::<InList>(&in_list(value)).unwrap();
        let required = read_required(kind, &optional(value));
        let kept_item = (in_list(value), format!("{kind}[0]{form}"));
        match becomes {
            Converted(written) => {
                assert_eq!(
                    found,
                    (optional(written), format!("{kind}{converted}")),
                    "{row}"
                );
                let expected = (nested(written), format!("inner.{kind}{converted}"));
                assert_eq!(inner, expected, "{row}");
                let expected = (in_list(written), format!("{kind}[0]{converted}"));
                assert_eq!(item, expected, "{row}");
                let expected = (optional(written), format!("{kind}{converted}"));
                assert_eq!(required, Ok(expected), "{row}");
            }
            Kept => {
                assert_eq!(found, (optional(value), format!("{kind}{form}")), "{row}");
                assert_eq!(
                    inner,
                    (nested(value), format!("inner.{kind}{form}")),
                    "{row}"
                );
                assert_eq!(item, kept_item, "{row}");
                assert_eq!(required, Err(format!("{kind}{form}")), "{row}");
            }
            Absent => {
                assert_eq!(found, ("{}".to_owned(), String::new()), "{row}");
                assert_eq!(
                    inner,
                    (r#"{"inner":{}}"#.to_owned(), String::new()),
                    "{row}"
                );
                assert_eq!(item, kept_item, "{row}");
                assert_eq!(required, Err(format!("{kind}{form}")), "{row}");
            }
        }
    }
}

#[test]
fn strict_reading_refuses_every_other_form() {
    let rows = [
        (r#""isOff":"TRUE""#, "isOff: expected a boolean"),
        (r#""count":1.0"#, "count: expected a whole number"),
        (r#""parts":[{"name":5}]"#, "parts[0].name: expected text"),
        (
            r#""parts":[{"open":true}]"#,
            "parts[0].name: expected a value",
        ),
    ];
    for (property, expected) in rows {
        let json = format!(r#"{{"id":"a","isOn":true,{property}}}"#);
        let error = Thing::from_json_strict(&json).err().unwrap();
        assert_eq!(error.to_string(), expected, "{property}");
    }
    let json = r#"{"id":"a","isOn":"true","kind":"small","new":1.50}"#;
    assert!(Thing::from_json_strict(json).is_ok());
    assert!(Thing::from_json_strict("{").is_err());
}

#[test]
fn text_is_read_as_any_deserializer_reads_it() {
    for json in [
        r#"{"id":"a","isOn":true,"count":1,"new":1}"#,
        r#"{"id":"a","isOn":"TRUE","count":"x","new":1.50}"#,
        r#"{"id":"a"}"#,
        r#"{"id":[],"isOn":true}"#,
    ] {
        let read = Thing::from_json(json).map_err(|error| error.to_string());
        let deserialized: Result<Thing, _> = serde_json::from_str(json);
        // `serde_json` adds where its reader was.
        let deserialized = deserialized.map_err(|error| {
            let text = error.to_string();
            text.split(" at line").next().unwrap_or_default().to_owned()
        });
        assert!(read == deserialized, "{json}: {:?}", (read, deserialized));
    }
    assert!(Thing::from_json(r#"{"id":"a","isOn":true} x"#).is_err());
}

#[test]
fn the_last_of_two_values_counts() {
    let (written, _) = through(r#"{"id":"a","isOn":true,"count":1,"count":2,"new":1,"new":2}"#);
    assert_eq!(written, r#"{"id":"a","isOn":true,"count":2,"new":2}"#);
    let (written, _) = through(r#"{"id":"a","isOn":true,"count":"x","count":2}"#);
    assert_eq!(written, r#"{"id":"a","isOn":true,"count":2}"#);
}

#[test]
fn a_field_that_is_set_replaces_what_was_kept() {
    let mut thing: Thing = serde_json::from_str(r#"{"id":"a","isOn":true,"count":"x"}"#).unwrap();
    assert_eq!(thing.unparsed.get("count"), Some("\"x\""));
    thing.count = Some(3);
    let written = serde_json::to_string(&thing).unwrap();
    assert_eq!(written, r#"{"id":"a","isOn":true,"count":3}"#);
}

/// The text of a value is asked for by a name that is `serde_json`'s own.
#[test]
fn any_deserializer_will_do() {
    #[derive(serde::Deserialize)]
    struct Flattened {
        #[serde(flatten)]
        thing: Thing,
    }

    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Thing(Box<Thing>),
    }

    let json = r#"{"id": "a", "isOn": true, "new": [1, {"b": null}], "count": "x"}"#;
    let expected: Thing = serde_json::from_str(json).unwrap();
    assert_eq!(expected.unparsed.get("count"), Some("\"x\""));
    let value: Value = serde_json::from_str(json).unwrap();
    assert!(serde_json::from_value::<Thing>(value.clone()).unwrap() == expected);
    assert!(serde_json::from_reader::<_, Thing>(json.as_bytes()).unwrap() == expected);

    let flattened: Flattened = serde_json::from_str(json).unwrap();
    assert!(flattened.thing == expected);

    let Untagged::Thing(thing) = serde_json::from_str(json).unwrap();
    assert!(*thing == expected);

    // To the letter, which shows that the text was taken.
    let exact: Thing = serde_json::from_str(r#"{"id":"a","isOn":true,"n":1.50}"#).unwrap();
    assert_eq!(exact.unparsed.get("n"), Some("1.50"));
    let borrowed: &RawValue = serde_json::from_str("1").unwrap();
    assert_eq!(borrowed.get(), "1");
}

#[test]
fn values_of_any_depth_are_kept() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for (depth, is_parsed) in [
        (1, true),
        (126, true),
        (127, true),
        (128, false),
        (20_000, false),
    ] {
        let nested = nested(depth);
        for value in [nested.clone(), format!(r#"{{"a":[{nested}]}}"#)] {
            let json = format!(r#"{{"id":"a","isOn":true,"n":{value}}}"#);
            let (written, _) = through(&json);
            assert_eq!(written, json, "{depth}");
        }
        let json = format!(r#"{{"id":"a","isOn":true,"n":{nested}}}"#);
        let thing: Thing = serde_json::from_str(&json).unwrap();
        assert_eq!(thing.extra.contains_key("n"), is_parsed, "{depth}");
        assert_eq!(thing.unparsed.get("n").is_some(), !is_parsed, "{depth}");
    }
}

#[test]
fn a_name_with_half_a_surrogate_pair_is_kept() {
    let cases = [
        r#"{"id":"a","isOn":true,"\ud800":1}"#,
        r#"{"id":"a","isOn":true,"new":2,"count":"x","\ud800":{"\udfff":1.50}}"#,
        r#"{"id":"a","isOn":true,"new":{"b":[{"\ud800":1}]}}"#,
        r#"{"id":"a","isOn":true,"parts":[{"name":"b","\udc00x":null}],"\ud83d":[1]}"#,
    ];
    for json in cases {
        let (written, _) = through(json);
        assert_eq!(written, json);
    }
    let (_, deviations) = through(cases[0]);
    assert_eq!(deviations.len(), 1, "{deviations:?}");
    let mut thing: Thing = serde_json::from_str(cases[0]).unwrap();
    assert_eq!(
        thing.unparsed.iter().collect::<Vec<_>>(),
        [(r#""\ud800""#, "1")]
    );
    assert_eq!(thing.unparsed.len(), 1);
    let alone = serde_json::to_string(&thing.unparsed).unwrap();
    assert_eq!(alone, r#"{"\ud800":1}"#);
    assert_eq!(thing.unparsed.remove(r#""\ud800""#).as_deref(), Some("1"));
    assert!(thing.unparsed.is_empty());
}

#[test]
fn nothing_but_names_is_shown() {
    let thing: Thing =
        serde_json::from_str(r#"{"id":"secret","isOn":true,"count":"secret","secret":"secret"}"#)
            .unwrap();
    let shown = format!("{thing:?} {:?}", thing.unparsed);
    assert!(!shown.contains("secret"), "{shown}");
    assert!(shown.contains("unparsed"), "{shown}");
}

#[test]
fn names_of_the_service_are_cleaned_in_paths() {
    let json = format!(
        r#"{{"id":"a","isOn":true,"ann@example.com":1,"{}":2,"a\u001b\nb":3}}"#,
        "x".repeat(50)
    );
    let (_, deviations) = through(&json);
    let shown = deviations.join("|");
    assert!(!shown.contains("example.com"), "{shown}");
    assert!(!shown.contains(char::is_control), "{shown}");
    assert!(shown.contains(&format!("{}…", "x".repeat(40))), "{shown}");
}

#[test]
fn a_time_is_written_as_chrono_writes_it() {
    let nanos = [0, 1, 1_000, 500_000_000, 120_000_000, 999_999_999];
    let seconds = [0, -1, 1_445_178_376, 253_402_300_800, -62_198_755_200];
    let times = seconds
        .iter()
        .flat_map(|seconds| nanos.map(|nanos| DateTime::from_timestamp(*seconds, nanos)))
        .chain([
            Some(DateTime::<Utc>::MIN_UTC),
            Some(DateTime::<Utc>::MAX_UTC),
        ]);
    for time in times.map(Option::unwrap) {
        let ours = serde_json::to_string(&Written(&time)).unwrap();
        assert_eq!(ours, serde_json::to_string(&time).unwrap());
    }
}

#[test]
fn unparsed_properties_are_an_object_of_their_own() {
    #[derive(Serialize)]
    struct Shown<'a> {
        unparsed: &'a UnparsedProperties,
    }
    let thing: Thing =
        serde_json::from_str(r#"{"id":"a","isOn":true,"count":"x","at":7}"#).unwrap();
    let shown = Shown {
        unparsed: &thing.unparsed,
    };
    let text = serde_json::to_string(&shown).unwrap();
    assert_eq!(text, r#"{"unparsed":{"at":7,"count":"x"}}"#);
    let names: Vec<_> = thing.unparsed.iter().map(|(name, _)| name).collect();
    assert_eq!((names.len(), thing.unparsed.len()), (2, 2));
}
