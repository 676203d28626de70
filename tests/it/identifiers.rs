//! An identifier never changes the route: whatever it is, the call goes to the route that was
//! meant, or it is refused before anything is sent.

use std::sync::LazyLock;

use people_sdk::types::PersonUpdate;
use people_sdk::{Client, ErrorKind};
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::support::example;
use crate::support::recorder::Recorder;

struct Bench {
    runtime: Runtime,
    recorder: Recorder,
    client: Client,
}

fn bench() -> Bench {
    let runtime = Runtime::new().unwrap();
    let recorder = runtime.block_on(Recorder::start(&example("MyOwnDetails")));
    let client = Client::builder()
        .base_url(recorder.base_url())
        .token("t")
        .build()
        .unwrap();
    Bench {
        runtime,
        recorder,
        client,
    }
}

/// What became of a call for `id`: the paths that the server saw, or why nothing was sent.
fn call(bench: &Bench, id: &str) -> Result<Vec<String>, String> {
    let read = bench.client.get_person_details().person_id(id).send();
    let read = bench.runtime.block_on(read);
    let update = bench.client.update_person().person_id(id);
    let update = update.body(PersonUpdate::default()).send();
    let update = bench.runtime.block_on(update);
    let requests = bench.recorder.take();
    match (read, update) {
        (Ok(_), Ok(_)) => Ok(requests.into_iter().map(|request| request.path).collect()),
        (Err(one), Err(other)) => {
            assert!(requests.is_empty(), "{id:?} is refused, and was sent");
            assert_eq!(one.kind(), ErrorKind::InvalidRequest, "{one}");
            assert_eq!(other.kind(), ErrorKind::InvalidRequest, "{other}");
            Err(one.to_string())
        }
        (read, update) => panic!("{id:?} is refused by one operation alone: {read:?} {update:?}"),
    }
}

#[test]
fn the_dangerous_ones_are_refused_with_a_reason() {
    let bench = bench();
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
        let reason = call(&bench, id).unwrap_err();
        assert!(reason.starts_with("getPersonDetails: "), "{reason}");
        assert!(reason.contains(expected), "{id:?}: {reason}");
    }
}

#[test]
fn a_real_one_is_sent_as_it_is() {
    let id = example("MyOwnDetails")["id"].as_str().unwrap().to_owned();
    let paths = call(&bench(), &id).unwrap();
    assert_eq!(
        paths,
        [format!("/v1/people/{id}"), format!("/v1/people/{id}")]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text, and texts made of the pieces that have led clients astray.
    #[test]
    fn any_other_reaches_its_route_or_nothing(
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
        static BENCH: LazyLock<Bench> = LazyLock::new(bench);
        let outcome = call(&BENCH, &id);
        // What the contract allows, and what is no other route, is not refused.
        let allowed = id.trim_end_matches('=').bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
        });
        let padding = id.len() - id.trim_end_matches('=').len();
        if allowed && padding <= 2 && padding < id.len() && !id.eq_ignore_ascii_case("me") {
            prop_assert!(outcome.is_ok(), "{id:?} is refused: {outcome:?}");
        }
        if let Ok(paths) = outcome {
            let expected = format!("/v1/people/{id}");
            prop_assert_eq!(paths, [expected.clone(), expected]);
            prop_assert!(!id.eq_ignore_ascii_case("me"));
        }
    }
}
