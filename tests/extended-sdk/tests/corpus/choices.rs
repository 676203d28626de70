//! Values of one of several forms, and names that clash: what is read, and what is written back.

use people_sdk_extended::types::{
    CorpusChoices, CorpusChoicesClosed, CorpusChoicesScalar, CorpusChoicesTagged, CorpusClash,
    CorpusClash2, CorpusClashFooBar, CorpusClashPart, CorpusClashPart2, CorpusEvent, CorpusMerged,
    CorpusNullables, CorpusOption, CorpusPet, CorpusShape,
};
use serde_json::json;

use super::Server;

/// Reads a value, writes it back, and expects the same text.
fn unchanged<T: serde::Serialize + serde::de::DeserializeOwned>(json: &serde_json::Value) -> T {
    let value: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&value).unwrap(), *json);
    value
}

#[tokio::test]
async fn the_discriminator_decides_the_form() {
    let server = Server::start(
        200,
        r#"[{"kind":"CorpusCat","name":"x"},{"kind":"puppy","barks":true},{"kind":"CorpusDog"},{"kind":"fox","name":"y"},{"name":"z"},7]"#,
    )
    .await;
    let dog: CorpusPet = unchanged(&json!({ "kind": "dog", "name": "d", "tail": 1 }));
    let call = server.client.corpus_discriminator().body(dog);
    let pets = call.send().await.unwrap().into_inner().unwrap();
    assert_eq!(server.sent().body, r#"{"kind":"dog","name":"d","tail":1}"#);
    let forms: Vec<&str> = pets
        .iter()
        .map(|pet| match pet {
            CorpusPet::CorpusCat(_) => "cat",
            CorpusPet::CorpusDog(_) => "dog",
            CorpusPet::Other(_) => "other",
            _ => "unknown",
        })
        .collect();
    assert_eq!(forms, ["cat", "dog", "dog", "other", "other", "other"]);
    // A form that cannot be read is kept whole.
    let nameless = unchanged::<CorpusPet>(&json!({ "kind": { "not": "text" } }));
    assert!(matches!(nameless, CorpusPet::Other(_)));
    assert_eq!(format!("{nameless:?}"), "CorpusPet::Other(..)");
}

#[test]
fn the_discriminator_decides_by_the_values_that_the_forms_list() {
    let event = |kind: &str| unchanged::<CorpusEvent>(&json!({ "kind": kind, "more": 1 }));
    for opened in ["opened", "CorpusOpened"] {
        assert!(matches!(event(opened), CorpusEvent::CorpusOpened(_)));
    }
    assert!(matches!(event("closed"), CorpusEvent::CorpusClosed(_)));
    // A form that is a choice itself; the mapping comes before what another form lists.
    for moved in ["entered", "left"] {
        assert!(matches!(event(moved), CorpusEvent::CorpusMoved(_)));
    }
    assert!(matches!(event("paused"), CorpusEvent::Paused(_)));
    // What two forms list, one of another part and an unknown one name none.
    for other in ["both", "moved", "CorpusEntered"] {
        assert!(matches!(event(other), CorpusEvent::Other(_)));
    }
}

#[test]
fn a_value_without_discriminator_has_the_only_form_that_it_fits() {
    let shape = |json| unchanged::<CorpusShape>(&json);
    let circle = json!({ "radius": 1, "label": "c", "more": [1] });
    assert!(matches!(shape(circle), CorpusShape::CorpusCircle(_)));
    assert!(matches!(
        shape(json!({ "side": 1 })),
        CorpusShape::CorpusSquare(_)
    ));
    // Of two forms neither is chosen, and a value of another form is none.
    for other in [
        json!({ "radius": 1, "side": 1 }),
        json!({ "radius": "1" }),
        json!({}),
        json!(null),
    ] {
        assert!(matches!(shape(other), CorpusShape::Other(_)));
    }
    let group = json!({ "shapes": [{ "side": 1 }, { "shapes": [{ "radius": 1 }] }] });
    let CorpusShape::CorpusGroup(group) = shape(group) else {
        panic!("not a group");
    };
    assert!(matches!(group.shapes[0], CorpusShape::CorpusSquare(_)));

    let whole = |name: &str, value| {
        unchanged::<CorpusChoices>(&json!({ "shape": { "side": 1 }, name: value }))
    };
    let scalar = |value| whole("scalar", value).scalar;
    assert_eq!(scalar(json!(5)), Some(CorpusChoicesScalar::Integer(5)));
    assert_eq!(scalar(json!("5")), Some("5".to_owned().into()));
    assert_eq!(scalar(json!(["5"])), Some(vec!["5".to_owned()].into()));
    assert!(matches!(
        scalar(json!({ "a": 1 })),
        Some(CorpusChoicesScalar::Other(_))
    ));

    let closed = |value| whole("closed", value).closed.unwrap();
    assert!(matches!(
        closed(json!({ "b": "x" })),
        CorpusChoicesClosed::Object2(_)
    ));
    assert!(matches!(
        closed(json!({ "c": "x" })),
        CorpusChoicesClosed::Other(_)
    ));
    assert_eq!(closed(json!(true)), CorpusChoicesClosed::Boolean(true));

    let tagged = |value| whole("tagged", value).tagged.unwrap();
    assert!(matches!(
        tagged(json!({ "kind": "off" })),
        CorpusChoicesTagged::Off(_)
    ));
    assert!(matches!(
        tagged(json!({ "kind": "on", "level": 2 })),
        CorpusChoicesTagged::On(_)
    ));
    assert!(matches!(
        tagged(json!({ "kind": "up" })),
        CorpusChoicesTagged::Other(_)
    ));
}

#[test]
fn forms_inside_forms_take_bounded_time() {
    let mut json = json!({ "radius": 1, "side": 1 });
    for _ in 0..100 {
        json = json!({ "shapes": [json.clone()], "side": [json] });
        if json.to_string().len() > 20_000 {
            break;
        }
    }
    unchanged::<CorpusShape>(&json);
}

#[tokio::test]
async fn what_is_combined_is_one_object() {
    let json = json!({
        "id": "1", "kind": "merged", "parent": { "id": "2", "note": "n" }, "self": { "id": "3", "kind": "x" },
        "a": "a", "own": { "id": "4" }, "more": 1,
    });
    let merged: CorpusMerged = unchanged(&json);
    assert_eq!((merged.a.as_deref(), merged.b), (Some("a"), None));
    let parent = merged.parent.as_ref().unwrap();
    assert_eq!(
        (parent.id.as_str(), parent.note.as_deref()),
        ("2", Some("n"))
    );
    assert_eq!(merged.own.as_ref().unwrap().id, "4");
    assert_eq!(merged.kind.as_str(), "merged");
}

#[tokio::test]
async fn clashing_names_get_a_number() {
    let server = Server::start(
        200,
        r#"{"fooBar":"1","foo_bar":"2","FooBar":"x_y","part":{"a":"x"}}"#,
    )
    .await;
    let client = &server.client;
    let mut body = CorpusClash2::default();
    body.a = Some("x".to_owned());
    let call = client
        .corpus_clash2()
        .id("p")
        .id2("q")
        .id3("h")
        .body2("a_b");
    let answer = call.body(body).send().await.unwrap().into_inner().unwrap();
    let sent = server.sent();
    assert_eq!(sent.target, "POST /corpus/clash/p?body=a_b&id=q");
    assert_eq!(
        (sent.header("id"), sent.body.as_str()),
        (Some("h"), r#"{"a":"x"}"#)
    );
    assert_eq!(
        (answer.foo_bar.as_str(), answer.foo_bar3.as_deref()),
        ("1", Some("2"))
    );
    assert_eq!(answer.foo_bar2, Some(CorpusClashFooBar::XY));
    let part: CorpusClashPart2 = answer.part.unwrap();
    assert_eq!(part.a.as_deref(), Some("x"));
    assert_eq!(CorpusClashPart::PROPERTIES, ["b"]);
    assert_eq!(
        CorpusClash::PROPERTIES,
        ["FooBar", "fooBar", "foo_bar", "part"]
    );
    for value in CorpusClashFooBar::KNOWN_VALUES {
        let read: CorpusClashFooBar = unchanged(&json!(value));
        assert!(!matches!(read, CorpusClashFooBar::Other2(_)), "{value}");
    }

    client.corpus_clash3().id("p").send().await.unwrap();
    assert_eq!(server.sent().target, "PUT /corpus/clash/p");
    client
        .corpus_clash()
        .client2("a")
        .send2("b")
        .send()
        .await
        .unwrap();
    assert_eq!(server.sent().target, "GET /corpus/clash/a/of/b");
    client
        .get_corpus_no_operation_id_id()
        .id("1")
        .send()
        .await
        .unwrap();
    assert_eq!(server.sent().target, "GET /corpus/no-operation-id/1");
    client.corpuss_odd_id().send().await.unwrap();
    assert_eq!(server.sent().target, "GET /corpus/odd-operation-ids");
    client.builder2().send().await.unwrap();
    assert_eq!(server.sent().target, "PUT /corpus/odd-operation-ids");
    client.error2().send().await.unwrap();
    assert_eq!(server.sent().target, "DELETE /corpus/odd-operation-ids");
    unchanged::<CorpusOption>(&json!({ "Self": "x", "none": "y" }));
}

#[tokio::test]
async fn names_that_generated_code_uses_are_names_like_others() {
    let server = Server::start(
        200,
        r#"{"Option":{},"Vec":"x","Err":[],"Self":{"a":"y"},"value":"Err"}"#,
    )
    .await;
    let client = &server.client;
    let names = client.self_().send().await.unwrap();
    assert_eq!(
        names.value.as_ref().map(ToString::to_string).as_deref(),
        Some("Err")
    );
    let written = serde_json::to_value(&*names).unwrap();
    assert_eq!(written["Self"], json!({ "a": "y" }));
    assert_eq!(server.sent().target, "GET /corpus/operation-names/self");
    client.option().send().await.unwrap();
    client.types().send().await.unwrap();
}

#[test]
fn a_named_schema_that_takes_null_does_so_everywhere() {
    let json = json!({ "part": null, "parts": [null, { "a": "x" }], "word": null, "either": null });
    let value: CorpusNullables = serde_json::from_value(json).unwrap();
    assert!(value.part.is_none() && value.word.is_none() && value.either.is_none());
    assert_eq!(value.parts.len(), 2);
}
