//! An identifier never changes the route: the call reaches the route of its operation, or is rejected
//! before anything is sent.

use std::sync::LazyLock;

use people_sdk::types::PersonUpdate;
use people_sdk::{Client, ErrorKind};
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::support::example;
use crate::support::recorder::Recorder;

struct Fixture {
    runtime: Runtime,
    recorder: Recorder,
    client: Client,
}

fn fixture() -> Fixture {
    let runtime = Runtime::new().unwrap();
    let recorder = runtime.block_on(Recorder::start(&example("MyOwnDetails")));
    let client = Client::builder()
        .base_url(recorder.base_url())
        .token("t")
        .build()
        .unwrap();
    Fixture {
        runtime,
        recorder,
        client,
    }
}

/// Calls with `id`: the paths that the server received, or the reason why nothing was sent.
fn call(fixture: &Fixture, id: &str) -> Result<Vec<String>, String> {
    let read = fixture.client.get_person_details().person_id(id).send();
    let read = fixture.runtime.block_on(read);
    let update = fixture.client.update_person().person_id(id);
    let update = update.body(PersonUpdate::default()).send();
    let update = fixture.runtime.block_on(update);
    let requests = fixture.recorder.take();
    match (read, update) {
        (Ok(_), Ok(_)) => Ok(requests.into_iter().map(|request| request.path).collect()),
        (Err(one), Err(other)) => {
            assert!(requests.is_empty(), "{id:?} is rejected, and was sent");
            assert_eq!(one.kind(), ErrorKind::InvalidRequest, "{one}");
            assert_eq!(other.kind(), ErrorKind::InvalidRequest, "{other}");
            Err(one.to_string())
        }
        (read, update) => panic!("{id:?} is rejected by one operation only: {read:?} {update:?}"),
    }
}

#[test]
fn identifiers_that_would_change_the_route_are_rejected_with_a_reason() {
    let fixture = fixture();
    let cases = [
        ("..", "`personId` is `..`"),
        (".", "`personId` is `.`"),
        ("", "`personId` is empty"),
        ("me", "another operation, `/people/me`"),
        ("ME", "another operation, `/people/me`"),
        ("a/b", "'/' as character 2"),
        ("?x", "'?' as character 1"),
        ("#", "'#' as character 1"),
        ("%2e%2e", "'%' as character 1"),
        ("100%", "'%' as character 4"),
        ("a\\b", "'\\\\' as character 2"),
        ("zoë", "'ë' as character 3"),
        ("a b", "' ' as character 2"),
        ("a\r\nb", "'\\r' as character 2"),
    ];
    for (id, expected) in cases {
        let reason = call(&fixture, id).unwrap_err();
        assert!(reason.starts_with("getPersonDetails: "), "{reason}");
        assert!(reason.contains(expected), "{id:?}: {reason}");
    }
}

#[test]
fn documented_identifier_is_sent_unchanged() {
    let id = example("MyOwnDetails")["id"].as_str().unwrap().to_owned();
    let paths = call(&fixture(), &id).unwrap();
    assert_eq!(
        paths,
        [format!("/v1/people/{id}"), format!("/v1/people/{id}")]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text, and combinations of pieces with a meaning in URLs.
    #[test]
    fn any_identifier_reaches_its_route_or_is_rejected(
        id in prop_oneof![
            any::<String>(),
            proptest::collection::vec(
                prop_oneof![
                    Just("."), Just(".."), Just("/"), Just("%2f"), Just("%2e"), Just("me"),
                    Just("?"), Just("#"), Just(";"), Just("\\"), Just("a"), Just("="), Just("@"),
                ],
                0..5,
            ).prop_map(|pieces| pieces.concat()),
            "[A-Za-z0-9_=-]{1,80}",
        ],
    ) {
        static FIXTURE: LazyLock<Fixture> = LazyLock::new(fixture);
        let outcome = call(&FIXTURE, &id);
        // Identifiers that the contract allows and that name no other route are accepted.
        let allowed = id.trim_end_matches('=').bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
        });
        let padding = id.len() - id.trim_end_matches('=').len();
        if allowed && padding <= 2 && padding < id.len() && !id.eq_ignore_ascii_case("me") {
            prop_assert!(outcome.is_ok(), "{id:?} is rejected: {outcome:?}");
        }
        if let Ok(paths) = outcome {
            let expected = format!("/v1/people/{id}");
            prop_assert_eq!(paths, [expected.clone(), expected]);
            prop_assert!(!id.eq_ignore_ascii_case("me"));
        }
    }
}
