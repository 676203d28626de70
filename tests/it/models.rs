//! The models: their JSON Schemas, the documented examples, and that no value is lost when a person is
//! read into a model and written again.

use people_sdk::types::{
    self, ErrorResponse, Person, PersonType, PersonUpdate, PhoneNumberType, PresenceStatus,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::support::{CONTRACT, example, resolve, same};

/// `value` read into a model and written again.
fn round_trip<T: DeserializeOwned + Serialize>(value: &Value) -> Value {
    let text = value.to_string();
    let model: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    serde_json::to_value(model).unwrap()
}

#[test]
fn json_schemas_of_the_models() {
    let schemas = types::json_schemas();
    let names: Vec<&str> = schemas.keys().copied().collect();
    insta::assert_json_snapshot!("models", names);
    for (name, schema) in schemas {
        insta::assert_json_snapshot!(format!("schema_{name}"), schema);
    }
}

/// Every example of the contract, with its place and the name of its schema.
fn examples() -> Vec<(String, &'static str, &'static Value)> {
    let mut found = Vec::new();
    collect("", &CONTRACT, &mut found);
    found
}

fn collect(
    place: &str,
    value: &'static Value,
    found: &mut Vec<(String, &'static str, &'static Value)>,
) {
    let schema = value.pointer("/schema/$ref").and_then(Value::as_str);
    if let Some(schema) = schema {
        let model = schema.rsplit('/').next().unwrap_or_default();
        if let Some(example) = value.get("example") {
            found.push((place.to_owned(), model, example));
        }
        for (name, example) in value["examples"].as_object().into_iter().flatten() {
            found.push((format!("{place}/{name}"), model, &resolve(example)["value"]));
        }
    }
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                collect(&format!("{place}/{name}"), value, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                collect(&format!("{place}/{index}"), value, found);
            }
        }
        _ => {}
    }
}

#[test]
fn examples_survive_a_round_trip() {
    let examples = examples();
    assert!(
        examples.len() >= 18,
        "only {} examples found",
        examples.len()
    );
    for (place, model, example) in examples {
        let written = match model {
            "Person" => round_trip::<Person>(example),
            "PersonUpdate" => round_trip::<PersonUpdate>(example),
            "ErrorResponse" => round_trip::<ErrorResponse>(example),
            other => panic!("{place}: read `{other}` here too"),
        };
        assert!(
            same(example, &written),
            "{place}: {example} became {written}"
        );
    }
}

#[test]
fn documented_examples_as_the_models_write_them() {
    for name in ["MyOwnDetails", "PersonDetails", "UpdatePersonResponse"] {
        let written = round_trip::<Person>(&example(name));
        insta::assert_json_snapshot!(format!("example_{name}"), written);
    }
    let written = round_trip::<PersonUpdate>(&example("UpdatePersonRequest"));
    insta::assert_json_snapshot!("example_UpdatePersonRequest", written);
}

#[test]
fn undocumented_values_and_properties_survive_a_round_trip() {
    let value = json!({
        "id": "x",
        "status": "quantumEntangled",
        "type": "hologram",
        "phoneNumbers": [{ "type": "pager", "value": "1", "verified": true }],
        "invitePending": true,
        "loginEnabled": "false",
        "licenses": [],
        "favouriteColour": { "name": "green", "codes": [1, 2.5, null] },
    });
    let person: Person = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(
        person.status,
        Some(PresenceStatus::Other("quantumEntangled".to_owned()))
    );
    assert_eq!(person.type_, Some(PersonType::Other("hologram".to_owned())));
    assert_eq!(person.invite_pending, Some(true));
    assert_eq!(person.login_enabled, Some(false));
    assert_eq!(person.licenses, Some(Vec::new()));
    assert_eq!(person.emails, None);
    assert_eq!(person.extra["favouriteColour"]["name"], "green");
    let written = serde_json::to_value(person).unwrap();
    assert!(same(&value, &written), "{written}");
}

/// The service treats null and absent alike; a model that is written omits the property.
#[test]
fn null_is_read_as_absent() {
    let value = json!({ "id": "x", "nickName": null, "emails": null, "invitePending": null });
    assert_eq!(round_trip::<Person>(&value), json!({ "id": "x" }));
}

#[test]
fn absent_empty_and_filled_lists_differ() {
    for value in [
        json!({}),
        json!({ "licenses": [] }),
        json!({ "licenses": ["a"] }),
    ] {
        assert_eq!(round_trip::<PersonUpdate>(&value), value);
    }
}

#[test]
fn known_values_are_plain_variants() {
    let status: PresenceStatus = serde_json::from_str("\"DoNotDisturb\"").unwrap();
    let reachable = match status {
        PresenceStatus::Active | PresenceStatus::Inactive => true,
        PresenceStatus::DoNotDisturb => false,
        _ => panic!("another value"),
    };
    assert!(!reachable);
    assert_eq!(
        PhoneNumberType::from("work_extension"),
        PhoneNumberType::WorkExtension
    );
    assert_eq!(PresenceStatus::OutOfOffice.to_string(), "OutOfOffice");
    // Known values never become the variant for unknown ones.
    assert_eq!(PersonType::from("bot".to_owned()), PersonType::Bot);
}

#[test]
fn json_schemas_accept_unknown_values() {
    let schemas = types::json_schemas();
    let validator = |name: &str| jsonschema::validator_for(schemas[name].as_value()).unwrap();
    let accepts = |name: &str, value: Value| validator(name).is_valid(&value);
    assert!(accepts("PresenceStatus", json!("active")));
    assert!(accepts("PresenceStatus", json!("quantumEntangled")));
    assert!(!accepts("PresenceStatus", json!(1)));
    for flag in [json!(true), json!("false"), json!(null)] {
        assert!(
            accepts("Person", json!({ "id": "x", "invitePending": flag })),
            "{flag}"
        );
    }
    for no_flag in [json!("yes"), json!(0), json!([])] {
        assert!(
            !accepts("Person", json!({ "id": "x", "invitePending": no_flag })),
            "{no_flag}"
        );
    }
    assert!(accepts(
        "Person",
        json!({ "id": "x", "favouriteColour": "green" })
    ));
}

// ---- any person --------------------------------------------------------------------------------

pub(crate) fn any_json() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        proptest::num::f64::NORMAL.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
    .boxed()
}

fn timestamp() -> BoxedStrategy<Value> {
    // From the year 1 to the year 9999, to the nanosecond, in any whole-minute zone.
    (
        -62_135_596_800_i64..253_402_300_799,
        0..1_000_000_000_u32,
        -18 * 60..18 * 60_i32,
    )
        .prop_map(|(seconds, nanoseconds, minutes)| {
            let zone = chrono::FixedOffset::east_opt(minutes * 60).unwrap();
            let instant = chrono::DateTime::from_timestamp(seconds, nanoseconds).unwrap();
            Value::from(instant.with_timezone(&zone).to_rfc3339())
        })
        .prop_filter("a year of four digits", |text| {
            chrono::DateTime::parse_from_rfc3339(text.as_str().unwrap_or_default()).is_ok()
        })
        .boxed()
}

/// Values that `schema` allows, among them those that are not listed.
fn values(schema: &'static Value) -> BoxedStrategy<Value> {
    let schema = resolve(schema);
    for name in ["allOf", "oneOf", "anyOf"] {
        if let Some(choices) = schema[name].as_array() {
            let choices: Vec<_> = choices.iter().map(values).collect();
            return proptest::strategy::Union::new(choices).boxed();
        }
    }
    if let Some(values) = schema["x-extensible-enum"].as_array() {
        let known = proptest::sample::select(values.clone());
        return prop_oneof![known, any::<String>().prop_map(Value::from)].boxed();
    }
    if let Some(values) = schema["enum"].as_array() {
        return proptest::sample::select(values.clone()).boxed();
    }
    match schema["type"].as_str() {
        Some("string") if schema["format"] == "date-time" => timestamp(),
        Some("string") => any::<String>().prop_map(Value::from).boxed(),
        Some("boolean") => any::<bool>().prop_map(Value::from).boxed(),
        Some("integer") => any::<i64>().prop_map(Value::from).boxed(),
        Some("array") => proptest::collection::vec(values(&schema["items"]), 0..4)
            .prop_map(Value::from)
            .boxed(),
        Some("object") => objects(schema),
        other => panic!("generate values of the type {other:?} here too"),
    }
}

fn objects(schema: &'static Value) -> BoxedStrategy<Value> {
    let required = |name: &str| {
        let names = schema["required"].as_array();
        names.is_some_and(|names| names.iter().any(|required| required == name))
    };
    let mut objects: BoxedStrategy<Map<String, Value>> = Just(Map::new()).boxed();
    let properties = schema["properties"].as_object();
    for (name, property) in properties.into_iter().flatten() {
        let value = if required(name) {
            values(property).prop_map(Some).boxed()
        } else {
            proptest::option::weighted(0.3, values(property)).boxed()
        };
        objects = (objects, value)
            .prop_map(move |(mut object, value)| {
                object.extend(value.map(|value| (name.clone(), value)));
                object
            })
            .boxed();
    }
    let others = match schema.get("additionalProperties") {
        Some(schema) if schema.is_object() => values(schema),
        _ => any_json(),
    };
    (
        objects,
        proptest::collection::vec((any::<String>(), others), 0..3),
    )
        .prop_map(move |(mut object, others)| {
            for (name, value) in others {
                object.entry(name).or_insert(value);
            }
            Value::Object(object)
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_person_survives_a_round_trip(
        person in values(&CONTRACT["components"]["schemas"]["Person"]),
    ) {
        let written = round_trip::<Person>(&person);
        prop_assert!(same(&person, &written), "{person} became {written}");
    }

    #[test]
    fn any_update_survives_a_round_trip(
        update in values(&CONTRACT["components"]["schemas"]["PersonUpdate"]),
    ) {
        let written = round_trip::<PersonUpdate>(&update);
        prop_assert!(same(&update, &written), "{update} became {written}");
    }
}

#[test]
fn a_person_is_made_of_what_is_required_and_compares_by_value() {
    let mut person = Person::new("x");
    assert_eq!(serde_json::to_string(&person).unwrap(), r#"{"id":"x"}"#);
    person.title = Some("GM".to_owned());
    person.extra.insert("level".to_owned(), json!(1.5));
    let set = std::collections::HashSet::from([person.clone(), person.clone()]);
    assert_eq!(set.len(), 1);
    assert!(!set.contains(&Person::new("x")));
}

#[test]
fn a_revealed_person_shows_what_differs() {
    let (mut one, mut other) = (Person::new("x"), Person::new("x"));
    one.title = Some("Director".to_owned());
    other.title = Some("GM".to_owned());
    let failure = std::panic::catch_unwind(|| assert_eq!(one.reveal(), other.reveal()));
    let failure = failure.unwrap_err();
    let text = failure.downcast_ref::<String>().unwrap();
    assert!(text.contains("\"title\": \"Director\""), "{text}");
    assert!(text.contains("\"title\": \"GM\""), "{text}");
    assert!(!format!("{one:?}").contains("Director"));
}

#[test]
fn kinds_and_outcomes_are_shown_and_written_in_snake_case() {
    use people_sdk::{EditOutcome, ErrorKind};

    assert_eq!(ErrorKind::ConnectionLost.to_string(), "connection_lost");
    assert_eq!(json!(ErrorKind::NotFound), json!("not_found"));
    assert_eq!(format!("[{:>9}]", EditOutcome::Applied), "[  applied]");
    assert_eq!(json!(EditOutcome::NotSent), json!("not_sent"));
}
