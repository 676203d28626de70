//! What is read and written back: objects whose property `a` is of one kind of schema, and other objects.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use people_sdk_extended::types::{
    CorpusChoicesScalar, CorpusEnumOddValuesA, CorpusEnumOfOneA, CorpusEnumWithNullA,
    CorpusNullableWord, CorpusOpenEnumA, CorpusShape, CorpusTextOrNumberA,
};
use serde_json::{Value, json};

use super::call::{Call, reads};

/// A row for each operation `corpus_DOCUMENT`: the response, the value of its property `a`, and what is
/// written back where that is not what came.
macro_rules! properties {
    ($($operation:ident: $body:literal => $expected:expr $(, written $written:literal)?;)*) => {
        vec![$(
            reads!(document(stringify!($operation)), $operation(), $body, |it| it.a == $expected)
                $(.written($written))?
        ),*]
    };
}

/// A row for each operation `corpus_DOCUMENT`: the response, and whether its value is the expected one.
macro_rules! values {
    ($($operation:ident: $body:literal, $is_expected:expr;)*) => {
        vec![$(
            reads!(document(stringify!($operation)), $operation(), $body, $is_expected)
        ),*]
    };
}

/// The document that an operation is named for.
fn document(operation: &'static str) -> &'static str {
    operation.trim_start_matches("corpus_")
}

#[expect(clippy::unnecessary_wraps, reason = "a property is optional")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn texts<const N: usize>(items: [&str; N]) -> Vec<String> {
    items.map(str::to_owned).to_vec()
}

#[expect(clippy::unnecessary_wraps, reason = "a property is optional")]
fn lists<const N: usize>(lists: [(&str, Vec<String>); N]) -> Option<BTreeMap<String, Vec<String>>> {
    Some(lists.map(|(name, list)| (name.to_owned(), list)).into())
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    text.parse().ok()
}

/// Properties whose values have no parts.
pub(crate) fn scalars() -> Vec<Call> {
    properties! {
        corpus_code_in_description: r#"{"a":"x"}"# => text("x");
        corpus_default_value: "{}" => None;
        corpus_default_value: r#"{"a":"y"}"# => text("y");
        corpus_deprecated_property: r#"{"a":"x"}"# => text("x");
        corpus_enum_odd_values: r#"{"a":""}"# => Some(CorpusEnumOddValuesA::X);
        corpus_enum_odd_values: r#"{"a":"+1"}"# => Some(CorpusEnumOddValuesA::plus1);
        corpus_enum_odd_values: r#"{"a":"a b"}"# => Some(CorpusEnumOddValuesA::AB);
        corpus_enum_odd_values: r#"{"a":"é"}"# => Some(CorpusEnumOddValuesA::É);
        corpus_enum_of_one: r#"{"a":"one"}"# => Some(CorpusEnumOfOneA::One);
        corpus_enum_of_one: r#"{"a":"two"}"# => Some(CorpusEnumOfOneA::Other("two".to_owned()));
        corpus_enum_with_null: r#"{"a":"two"}"# => Some(CorpusEnumWithNullA::Two);
        // For a property that can be absent, null is absent.
        corpus_enum_with_null: r#"{"a":null}"# => None, written "{}";
        corpus_float_number: r#"{"a":1.5}"# => Some(1.5);
        corpus_float_number: r#"{"a":-100}"# => Some(-100.0);
        corpus_float_number: r#"{"a":1e300}"# => Some(1e300), written r#"{"a":1e+300}"#;
        corpus_format_address: r#"{"a":"127.0.0.1"}"# => text("127.0.0.1");
        corpus_format_bytes: r#"{"a":"aGk="}"# => text("aGk=");
        corpus_format_date: r#"{"a":"2020-01-02"}"# => NaiveDate::from_ymd_opt(2020, 1, 2);
        corpus_format_date: r#"{"a":"2020-01-02T00:00:00Z"}"# => None;
        corpus_format_other: r#"{"a":"x"}"# => text("x");
        corpus_format_time: r#"{"a":"2020-01-02T03:04:05.120Z"}"# => time("2020-01-02T03:04:05.120Z");
        corpus_format_time: r#"{"a":"2020-01-02T03:04:05+02:00"}"# => time("2020-01-02T01:04:05Z"),
            written r#"{"a":"2020-01-02T01:04:05Z"}"#;
        // Without an offset this is no time of the promised form.
        corpus_format_time: r#"{"a":"2020-01-02T03:04:05"}"# => None;
        corpus_format_uuid: r#"{"a":"no UUID"}"# => text("no UUID");
        corpus_integer_bounds: r#"{"a":7}"# => Some(7);
        corpus_integer_bounds: r#"{"a":1.0}"# => None;
        corpus_integer_bounds: r#"{"a":9223372036854775808}"# => None;
        corpus_integer_enum: r#"{"a":3}"# => Some(3);
        corpus_nullable_property: r#"{"a":"x"}"# => text("x");
        corpus_nullable_property: r#"{"a":null}"# => None, written "{}";
        corpus_open_enum: r#"{"a":"two"}"# => Some(CorpusOpenEnumA::Two);
        corpus_open_enum: r#"{"a":"three"}"# => Some(CorpusOpenEnumA::Other("three".to_owned()));
        corpus_text_bounds: r#"{"a":"Too long"}"# => text("Too long");
        corpus_text_bounds: r#"{"a":""}"# => text("");
    }
}

/// Properties of any value, of one of several forms, and lists and maps.
pub(crate) fn collections() -> Vec<Call> {
    let mut calls = properties! {
        corpus_any_property: r#"{"a":[1,{"b":null}]}"# => Some(json!([1, { "b": null }]));
        corpus_any_property: r#"{"a":null}"# => Some(Value::Null);
        corpus_any_property: "{}" => None;
        corpus_excluded_values: r#"{"a":5}"# => Some(json!(5));
        corpus_list_of_lists: r#"{"a":[[1],[]]}"# => Some(vec![vec![1], vec![]]);
        corpus_list_without_items: r#"{"a":[1,"x",null]}"# => Some(vec![json!(1), json!("x"), Value::Null]);
        corpus_list_without_items: r#"{"a":[]}"# => Some(Vec::new());
        corpus_map_of_lists: r#"{"a":{"x":["y"],"z":[]}}"# => lists([("x", texts(["y"])), ("z", Vec::new())]);
        corpus_text_or_number: r#"{"a":"5"}"# => Some("5".to_owned().into());
        corpus_text_or_number: r#"{"a":5}"# => Some(5.into());
        corpus_text_or_number: r#"{"a":[5]}"# => Some(CorpusTextOrNumberA::Other(json!([5])));
        corpus_unique_list: r#"{"a":["y","x","y"]}"# => Some(texts(["y", "x", "y"]));
    };
    calls.extend(values! {
        corpus_list_of_objects: r#"{"a":[{"b":"x"},{}]}"#, |it| {
            it.a.as_deref().is_some_and(|a| a[0].b == text("x") && a[1].b.is_none())
        };
        corpus_nullable_items: r#"{"a":[null,"x"],"b":{"y":null,"z":1},"c":{"w":null}}"#, |it| {
            it.a == Some(vec![None, text("x")]) && it.b.as_ref().is_some_and(|b| b["y"].is_none())
        };
        corpus_map_of_objects: r#"{"a":{"x":{"b":"y"}}}"#, |it| {
            it.a.as_ref().is_some_and(|a| a["x"].b == text("y"))
        };
    });
    calls.extend([
        reads!(
            "untyped_collections",
            corpus_untyped(),
            r#"{"links":[],"words":{}}"#,
            |it| it.links == Some(Vec::new()) && it.words == Some(BTreeMap::new())
        )
        .request("GET /corpus/untyped"),
        reads!("untyped_collections", corpus_untyped(), "{}", |it| {
            it.links.is_none() && it.words.is_none()
        })
        .request("GET /corpus/untyped"),
    ]);
    calls
}

/// Objects inside objects, and named schemas that are no objects.
pub(crate) fn objects() -> Vec<Call> {
    let mut calls = values! {
        corpus_all_of_one: r#"{"a":{"b":"x"}}"#, |it| it.a.as_ref().is_some_and(|a| a.b == text("x"));
        corpus_all_of_reference: r#"{"a":"x","b":"y"}"#, |it| it.a == text("x") && it.b == "y";
        corpus_choices: r#"{"closed":true,"scalar":["x"],"shape":{"side":1},"tagged":{"kind":"off"}}"#, |it| {
            matches!(it.shape, CorpusShape::CorpusSquare(_))
                && matches!(it.scalar, Some(CorpusChoicesScalar::List(_)))
        };
        corpus_default_values: "{}", |it| {
            it.a.is_none() && it.b.is_none() && it.c.is_none() && it.d.is_none() && it.e.is_none()
                && it.h.is_none() && it.i.is_none()
        };
        corpus_format_on_other_type: r#"{"a":1,"b":"x","c":1.5,"d":true,"e":["y"]}"#, |it| {
            it.a == Some(1) && it.b == text("x") && it.c == Some(1.5) && it.d == Some(true)
        };
        // Two forms fit, so none is chosen.
        corpus_choices: r#"{"shape":{"radius":1,"side":1}}"#, |it| matches!(it.shape, CorpusShape::Other(_));
        corpus_closed_object: r#"{"a":"x","more":1.50}"#, |it| it.a == text("x");
        corpus_empty_object: r#"{"b":[],"c":null}"#, |it| it.len() == 2;
        corpus_named_alias: r#"{"a":"x"}"#, |it| it.a == text("x");
        corpus_named_list: r#"["y","x"]"#, |it| **it == texts(["y", "x"]);
        corpus_named_map: r#"{"x":"y"}"#, |it| it["x"] == "y";
        corpus_nested_object: r#"{"a":{"b":"x","c":1}}"#, |it| {
            it.a.as_ref().is_some_and(|a| a.b == text("x") && a.extra.len() == 1)
        };
        corpus_odd_names: r#"{"$e":"1","1st":"2","@id":"3","a-b":"4","c.d":"5","ß g":"6"}"#, |it| {
            [&it.e, &it.x1st, &it.id, &it.a_b, &it.c_d, &it.ß_g]
                .map(Option::as_deref)
                .eq(&["1", "2", "3", "4", "5", "6"].map(Some))
        };
        corpus_open_object: r#"{"a":"x","more":{"b":[]}}"#, |it| it.extra["more"] == json!({ "b": [] });
        corpus_properties_without_type: r#"{"a":"x"}"#, |it| it.a == text("x");
        corpus_self_reference: r#"{"children":[{"children":[]}],"parent":{"parent":{}}}"#, |it| {
            it.parent.as_ref().is_some_and(|it| it.parent.is_some())
        };
        corpus_titled_property: r#"{"a":{"b":"x"}}"#, |it| it.a.as_ref().is_some_and(|a| a.b == text("x"));
        corpus_typed_rest: r#"{"a":"x","b":5,"c":"not a number"}"#, |it| {
            it.a == text("x") && it.extra["b"] == json!(5)
        };
    };
    calls.extend([
        reads!(
            "nullable_components",
            corpus_nullable(),
            r#"{"either":null,"flag":null,"part":null,"parts":[null,{"a":"x"}],"word":null}"#,
            |it| it.either.is_none() && it.part.is_none() && it.parts[0].is_none() && it.flag.is_none()
        )
        .request("GET /corpus/nullable"),
        reads!(
            "nullable_components",
            corpus_nullable(),
            r#"{"either":["y"],"flag":true,"part":{"a":"x","b":1.50},"parts":[],"word":"a","more":1.50}"#,
            |it| it.part.is_some() && it.word == Some(CorpusNullableWord::A) && it.flag == Some(true)
        )
        .request("GET /corpus/nullable"),
    ]);
    calls
}
