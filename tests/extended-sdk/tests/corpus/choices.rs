//! Values of one of several forms, and names that clash: what is read, and what is written back.

use people_sdk_extended::types::{
    CorpusChoices, CorpusChoicesClosed, CorpusChoicesScalar, CorpusChoicesTagged, CorpusClash,
    CorpusClashFooBar, CorpusClashPart, CorpusClashPart2, CorpusEvent, CorpusMerged, CorpusOption,
    CorpusPet, CorpusShape,
};
use serde_json::json;

/// Reads a value, writes it back, and expects the same text.
fn unchanged<T: serde::Serialize + serde::de::DeserializeOwned>(json: &serde_json::Value) -> T {
    let value: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&value).unwrap(), *json);
    value
}

#[test]
fn the_discriminator_decides_the_form() {
    let form = |json| match unchanged::<CorpusPet>(&json) {
        CorpusPet::CorpusCat(_) => "cat",
        CorpusPet::CorpusDog(_) => "dog",
        CorpusPet::Other(_) => "other",
        _ => "unknown",
    };
    for (json, expected) in [
        (json!({ "kind": "CorpusCat", "name": "x" }), "cat"),
        (json!({ "kind": "puppy", "barks": true }), "dog"),
        (json!({ "kind": "CorpusDog" }), "dog"),
        (json!({ "kind": "fox", "name": "y" }), "other"),
        (json!({ "name": "z" }), "other"),
        (json!(7), "other"),
        // A form that cannot be read is kept whole.
        (json!({ "kind": { "not": "text" } }), "other"),
    ] {
        assert_eq!(form(json.clone()), expected, "{json}");
    }
    let other: CorpusPet = unchanged(&json!(7));
    assert_eq!(format!("{other:?}"), "CorpusPet::Other(..)");
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

#[test]
fn what_is_combined_is_one_object() {
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

#[test]
fn clashing_names_get_a_number() {
    let json = json!({ "fooBar": "1", "foo_bar": "2", "FooBar": "x_y", "part": { "a": "x" } });
    let clash: CorpusClash = unchanged(&json);
    assert_eq!(clash.foo_bar2, Some(CorpusClashFooBar::XY));
    let part: CorpusClashPart2 = clash.part.unwrap();
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
    unchanged::<CorpusOption>(&json!({ "Self": "x", "none": "y" }));
}
