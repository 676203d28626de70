//! Answers whose values have another form than the contract promises: what is read, what is written
//! back, and what is reported.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use people_sdk::types::{Person, PersonUpdate};
use people_sdk::{Client, DeviationKind, ErrorKind};
use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::models::any_json;
use crate::support::fault_server::{FaultServer, Reply, answer};
use crate::support::{CONTRACT, same_instant};

fn client(server: &FaultServer) -> Client {
    Client::builder()
        .token("test-token")
        .base_url(server.base_url())
        .build()
        .unwrap()
}

async fn answering(status: u16, body: impl Into<Vec<u8>>) -> FaultServer {
    let reply: Reply = answer(status).body("application/json", body).into();
    FaultServer::script(vec![reply]).await
}

/// One property of a person as it comes, in the places that a person has (each form in each place is
/// tested beside `serde_support`); as it is written back; the deviations.
type Row = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Converted.
    (r#""loginEnabled":"FALSE""#, r#""loginEnabled":false"#, "loginEnabled converted"),
    (r#""avatarProvided":"true""#, r#""avatarProvided":true"#, "avatarProvided converted"),
    (r#""phoneNumbers":[{"value":"1","primary":"true"}]"#, r#""phoneNumbers":[{"value":"1","primary":true}]"#, "phoneNumbers[0].primary converted"),
    (r#""extension":133"#, r#""extension":"133""#, "extension converted"),
    (r#""extension":18446744073709551616"#, r#""extension":"18446744073709551616""#, "extension converted"),
    (r#""title":true"#, r#""title":"true""#, "title converted"),
    (r#""emails":[1]"#, r#""emails":["1"]"#, "emails[0] converted"),
    // Kept, and read as absent.
    (r#""lastActivity":"""#, r#""lastActivity":"""#, "lastActivity unexpected_form"),
    (r#""created":"2020-01-02T03:04:05""#, r#""created":"2020-01-02T03:04:05""#, "created unexpected_form"),
    (r#""loginEnabled":"maybe""#, r#""loginEnabled":"maybe""#, "loginEnabled unexpected_form"),
    (r#""emails":"a@b.example""#, r#""emails":"a@b.example""#, "emails unexpected_form"),
    (r#""emails":["a",null]"#, r#""emails":["a",null]"#, "emails[1] unexpected_form"),
    (r#""phoneNumbers":[null]"#, r#""phoneNumbers":[null]"#, "phoneNumbers[0] unexpected_form"),
    (r#""errors":["a"]"#, r#""errors":["a"]"#, "errors unexpected_form"),
    (r#""displayName":"\ud83d""#, r#""displayName":"\ud83d""#, "displayName unexpected_form"),
    (r#""title":{"a":[1.50]}"#, r#""title":{"a":[1.50]}"#, "title unexpected_form"),
    // In a nested object, the object is read.
    (r#""errors":{"licenses":{"code":5}}"#, r#""errors":{"licenses":{"code":"5"}}"#, "errors.licenses.code converted"),
    (r#""addresses":[{"country":[]}]"#, r#""addresses":[{"country":[]}]"#, "addresses[0].country unexpected_form"),
    // Not listed: to the letter, whatever it is.
    (r#""new":18446744073709551616"#, r#""new":18446744073709551616"#, "new unlisted_property"),
    (r#""new":1e400"#, r#""new":1e400"#, "new unlisted_property"),
    (r#""new":{"a":"\udc00","b":-0.10}"#, r#""new":{"a":"\udc00","b":-0.10}"#, "new unlisted_property"),
    (r#""new":{"a":[null]}"#, r#""new":{"a":[null]}"#, "new unlisted_property"),
    (r#""status":"quantum""#, r#""status":"quantum""#, "status unlisted_value"),
    (r#""phoneNumbers":[{"type":"pager"}]"#, r#""phoneNumbers":[{"type":"pager"}]"#, "phoneNumbers[0].type unlisted_value"),
];

#[tokio::test]
async fn an_odd_value_costs_its_property_alone() {
    for (property, written, expected) in ROWS {
        let whole = |property| format!(r#"{{"id":"x",{property}}}"#);
        let server = answering(200, whole(property)).await;
        let person = client(&server).get_my_own_details().send().await;
        let person = person.unwrap_or_else(|error| panic!("{property}: {error}"));
        assert_eq!(person.id, "x", "{property}");
        let deviations: Vec<String> = person
            .deviations()
            .iter()
            .map(|deviation| format!("{} {}", deviation.path(), deviation.kind().as_str()))
            .collect();
        assert_eq!(deviations.join("|"), *expected, "{property}");
        let back = serde_json::to_string(&*person).unwrap();
        assert_eq!(back, whole(written), "{property}");
    }
}

#[tokio::test]
async fn a_person_as_promised_has_no_deviation() {
    let server = answering(200, r#"{"id":"x","loginEnabled":"true","title":null}"#).await;
    let answer = client(&server).get_my_own_details().send().await.unwrap();
    assert_eq!(answer.deviations(), []);
    assert_eq!(answer.map(|person| person.id).deviations(), []);
}

#[tokio::test]
async fn a_status_that_the_contract_does_not_list_is_reported() {
    let server = answering(203, r#"{"id":"x"}"#).await;
    let answer = client(&server).get_my_own_details().send().await.unwrap();
    let kinds: Vec<_> = answer
        .deviations()
        .iter()
        .map(people_sdk::Deviation::kind)
        .collect();
    assert_eq!(kinds, [DeviationKind::UnlistedStatus]);
}

/// Also where the response has no body.
#[tokio::test]
async fn the_status_of_an_update_without_a_body_is_reported() {
    for (status, expected) in [(200, &[][..]), (202, &[DeviationKind::UnlistedStatus])] {
        let server = FaultServer::script(vec![answer(status).into()]).await;
        let client = client(&server);
        let update = client.update_person().person_id("x");
        let answer = update.body(PersonUpdate::default()).send().await.unwrap();
        let kinds = answer.deviations().into_iter().map(|it| it.kind());
        assert_eq!(kinds.collect::<Vec<_>>(), expected, "{status}");
    }
}

#[tokio::test]
async fn an_edit_has_the_deviations_of_its_responses() {
    let read = r#"{"id":"x","displayName":"Ann","lastActivity":"","title":"a"}"#;
    let written =
        r#"{"id":"x","displayName":"Ann","status":"quantum","lastActivity":"","title":"b"}"#;
    let script = [read, written, written].map(|body| answer(200).body(JSON, body).into());
    let server = FaultServer::script(script.into()).await;
    let client = client(&server);
    let edit = client
        .edit_person("x", |update| update.title = Some("b".to_owned()))
        .await
        .unwrap();
    let deviations = edit.deviations().into_iter();
    let paths: Vec<_> = deviations.map(|it| it.path().to_owned()).collect();
    assert_eq!(paths, ["lastActivity", "status"]);
}

/// One for each kind and path, whatever the number of items in a list.
#[tokio::test]
async fn deviations_are_events() {
    let body = r#"{"id":"x","phoneNumbers":[{"primary":"true"},{"primary":"false"},{"primary":5}],"new":1}"#;
    let server = answering(200, body).await;
    let events = Events::default();
    let registry = tracing_subscriber::registry().with(events.clone());
    let subscriber = tracing::subscriber::set_default(registry);
    client(&server).get_my_own_details().send().await.unwrap();
    drop(subscriber);
    let mut seen = events.0.lock().unwrap().clone();
    seen.sort();
    let expected = [
        "converted phoneNumbers[].primary a boolean",
        "unexpected_form phoneNumbers[].primary a boolean",
        "unlisted_property new ",
    ];
    assert_eq!(seen, expected);
}

/// The events of the target `people_sdk::deviation`: kind, path and expectation.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Events {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != "people_sdk::deviation" {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        let field = |name: &str| fields.0.get(name).cloned().unwrap_or_default();
        assert_eq!(field("operation.id"), "getMyOwnDetails");
        let line = ["kind", "path", "expected"].map(field).join(" ");
        self.0.lock().unwrap().push(line);
    }
}

#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let server = answering(200, "\u{feff}{\"id\":\"x\"}").await;
    let answer = client(&server).get_my_own_details().send().await.unwrap();
    assert_eq!(answer.id, "x");
    let server = answering(200, "\u{feff}").await;
    let client = client(&server);
    let update = client.update_person().person_id("x");
    let answer = update.body(PersonUpdate::default()).send().await.unwrap();
    assert!(answer.into_inner().is_none());
}

#[tokio::test]
async fn an_odd_value_of_a_required_property_is_an_error_with_its_path() {
    for id in ["null", "[]", "{}", r#""\ud800""#] {
        let server = answering(200, format!(r#"{{"id":{id}}}"#)).await;
        let error = client(&server)
            .get_my_own_details()
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedBody, "{id}");
        assert!(error.to_string().contains("id: expected text"), "{error}");
    }
    let server = answering(200, r#"{"id":7}"#).await;
    let answer = client(&server).get_my_own_details().send().await.unwrap();
    assert_eq!(answer.id, "7");
}

/// One for each family of error bodies: the body and its media type; message, details, codes, tracking id.
type Family = (
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static [&'static str],
    &'static [&'static str],
    Option<&'static str>,
);

const JSON: &str = "application/json";

#[rustfmt::skip]
const FAMILIES: &[Family] = &[
    (r#"{"message":"No seat.","errors":[{"description":"All are taken.","errorCode":400123}],"trackingId":"R_1"}"#, JSON, Some("No seat."), &["All are taken."], &["400123"], Some("R_1")),
    (r#"{"errors":[{"message":"No seat.","code":"7400"}]}"#, JSON, None, &["No seat."], &["7400"], None),
    (r#"{"error":{"key":"400","message":[{"description":"No seat.","code":"5004"}]},"trackingId":"R_1"}"#, JSON, None, &["No seat."], &["5004"], Some("R_1")),
    (r#"{"error":"invalid_request","error_description":"No seat."}"#, JSON, Some("No seat."), &[], &["invalid_request"], None),
    (r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"No seat.","scimType":"uniqueness","status":"409"}"#, "application/scim+json", Some("No seat."), &[], &["uniqueness"], None),
    (r#"{"type":"about:blank","title":"No seat.","detail":"All are taken.","status":400}"#, "application/problem+json", Some("No seat."), &["All are taken."], &[], None),
    (r#"{"message":["No seat.","All are taken."]}"#, JSON, Some("No seat."), &["All are taken."], &[], None),
    ("No seat.\n", "text/plain", Some("No seat."), &[], &[], None),
    ("\u{feff}{\"message\":\"No seat.\"}", JSON, Some("No seat."), &[], &[], None),
];

#[tokio::test]
async fn every_family_of_error_bodies_says_why() {
    for (body, media_type, message, details, codes, tracking_id) in FAMILIES {
        let reply = answer(400).body(media_type, *body);
        let server = FaultServer::script(vec![reply.into()]).await;
        let error = client(&server).get_my_own_details().send().await;
        let error = error.unwrap_err();
        assert_eq!(error.message(), *message, "{body}");
        assert_eq!(error.details(), *details, "{body}");
        assert_eq!(error.codes(), *codes, "{body}");
        assert_eq!(error.tracking_id(), *tracking_id, "{body}");
        let text = error.to_string();
        assert!(text.contains("No seat."), "{text}");
        for code in codes.iter().filter(|code| code.parse::<u32>().is_ok()) {
            assert!(text.contains(&format!("code {code}")), "{text}");
        }
    }
}

#[tokio::test]
async fn an_error_body_that_cannot_be_read_is_described() {
    for (body, media_type, expected) in [
        (
            &b"<html>no</html>"[..],
            "text/html; charset=utf-8",
            "15 bytes of text/html",
        ),
        (b"\x1f\x8b\x08\x00", JSON, "4 bytes compressed with gzip"),
        (b"{\"seat\":", JSON, "8 bytes of application/json"),
        (b"\xff\xfe", "text/plain", "2 bytes of text/plain"),
    ] {
        let reply = answer(400).body(media_type, body);
        let server = FaultServer::script(vec![reply.into()]).await;
        let error = client(&server).get_my_own_details().send().await;
        let text = error.unwrap_err().to_string();
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains("did not say why"), "{text}");
    }
}

/// What was kept is sent back to the letter, apart from what an update cannot take.
#[test]
fn an_update_made_of_a_person_keeps_what_was_kept() {
    let json = r#"{"id":"x","title":{"a":1.50},"lastActivity":"","new":1e400,"phoneNumbers":[{"value":"\ud800"}]}"#;
    let person: Person = serde_json::from_str(json).unwrap();
    let update = PersonUpdate::from(&person);
    assert_eq!(
        serde_json::to_string(&update).unwrap(),
        r#"{"phoneNumbers":[{"value":"\ud800"}],"new":1e400,"title":{"a":1.50}}"#
    );
}

// ---- any deviation -----------------------------------------------------------------------------

/// The JSON text of any value, those that no `Value` holds among them.
fn any_text() -> BoxedStrategy<String> {
    let odd = [
        "null",
        "\"\"",
        "\"TRUE\"",
        "\"false\"",
        "\"maybe\"",
        "0",
        "-0",
        "133",
        "1.0",
        "1.50",
        "1e2",
        "1e400",
        "18446744073709551616",
        "-9223372036854775809",
        "\"\\ud800\"",
        "\"a\\udc00b\"",
        "[null]",
        "[\"a\",null,5]",
        "[{}]",
        "{}",
        "[{\"primary\":\"yes\",\"value\":5}]",
        "[{\"type\":7,\"value\":null,\"new\":2.50}]",
        "{\"a\":{\"code\":7,\"reason\":[]}}",
        "\"2020-01-02T03:04:05\"",
        "\"2020-01-02T03:04:05+02:00\"",
    ];
    prop_oneof![
        5 => proptest::sample::select(odd.to_vec()).prop_map(str::to_owned),
        1 => any_json().prop_map(|value| value.to_string()),
    ]
    .boxed()
}

fn properties() -> BoxedStrategy<BTreeMap<String, String>> {
    let listed = CONTRACT["components"]["schemas"]["Person"]["properties"].as_object();
    let names: Vec<String> = listed
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    let name = prop_oneof![
        6 => proptest::sample::select(names),
        1 => "[a-z]{1,4}",
    ]
    .prop_filter("the one that is required", |name| name != "id");
    proptest::collection::btree_map(name, any_text(), 0..6).boxed()
}

/// Whether `written` is `came`, apart from the two conversions and from null, which reads as absent.
fn is_kept(came: &str, written: Option<&str>) -> bool {
    let Some(written) = written else {
        return came == "null";
    };
    if came == written {
        return true;
    }
    let objects = |text| serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(text).ok();
    if let (Some(came), Some(written)) = (objects(came), objects(written)) {
        return written.keys().all(|name| came.contains_key(name))
            && came.iter().all(|(name, came)| {
                is_kept(came.get(), written.get(name).map(|written| written.get()))
            });
    }
    let lists = |text| serde_json::from_str::<Vec<Box<RawValue>>>(text).ok();
    if let (Some(came), Some(written)) = (lists(came), lists(written)) {
        return came.len() == written.len()
            && came
                .iter()
                .zip(written)
                .all(|(came, written)| is_kept(came.get(), Some(written.get())));
    }
    let value = |text| serde_json::from_str::<Value>(text).ok();
    match (value(came), value(written)) {
        (Some(Value::String(came)), Some(Value::Bool(written))) => {
            came.eq_ignore_ascii_case(&written.to_string())
        }
        (Some(Value::String(came)), Some(Value::String(written))) => {
            came == written || same_instant(&came, &written)
        }
        (_, Some(Value::String(written))) => came == written,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_deviation_is_read_and_written_back(properties in properties()) {
        let mut json = r#"{"id":"x""#.to_owned();
        for (name, text) in &properties {
            // Writing to a string does not fail.
            let _ = write!(json, ",{}:{text}", Value::from(name.as_str()));
        }
        json.push('}');
        let person: Person = serde_json::from_str(&json).map_err(|error| {
            TestCaseError::fail(format!("{json}: {error}"))
        })?;
        let written = serde_json::to_string(&person).unwrap();
        prop_assert!(is_kept(&json, Some(&written)), "{json} became {written}");
        let again: Person = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(serde_json::to_string(&again).unwrap(), written);
    }
}
