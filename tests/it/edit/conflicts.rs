//! Changes by other clients during an edit: when the person is read again, and what is written then.

use std::time::Duration;

use people_fake::FakePeople;
use people_sdk::types::{Person, PersonUpdate};
use people_sdk::{Client, EditOutcome, ErrorKind};
use serde_json::{Value, json};

use super::{CHANGED, ID, Properties, Service, admin, all, apply, change, faithful, john, shown};
use crate::support::fault_server::{Reply, answer};
use crate::support::virtual_clock::VirtualClock;

const SECOND: Duration = Duration::from_secs(1);
const LATER: &str = "2030-01-01T00:00:00.000Z";

/// Changes the person before the read with this number.
fn other_client(
    before: usize,
    name: &'static str,
    value: Value,
) -> impl FnMut(usize, &mut Properties) -> Option<Reply> + Send + 'static {
    move |number, person| {
        if number == before {
            person.insert(name.to_owned(), value.clone());
        }
        None
    }
}

async fn read(client: &Client, id: &str) -> Person {
    let call = client.get_person_details().person_id(id).calling_data(true);
    call.send().await.unwrap().into_inner()
}

#[tokio::test]
async fn an_edit_reads_again_only_after_more_than_a_second() {
    let cases = [
        (Duration::ZERO, "GP"),
        (SECOND, "GP"),
        (SECOND + Duration::from_millis(1), "GGP"),
    ];
    for (time, requests) in cases {
        let service = faithful().await;
        let clock = VirtualClock::start();
        let client = service.client_at(clock.clone());
        let edit = client.edit_person(ID, |update| {
            clock.advance(time);
            change(update);
        });
        assert_eq!(edit.await.unwrap().outcome(), EditOutcome::Applied);
        assert_eq!(service.requests(), requests, "{time:?}");
    }
}

#[tokio::test]
async fn a_wait_for_the_rate_limit_before_the_update_makes_one_read_due() {
    for (rate, requests) in [(2.0, "GP"), (0.5, "GGP")] {
        let service = faithful().await;
        let client = service.builder_at(VirtualClock::start());
        let client = client.requests_per_second(rate).build().unwrap();
        let edit = client.edit_person(ID, change).await.unwrap();
        assert_eq!(edit.outcome(), EditOutcome::Applied);
        assert_eq!(service.requests(), requests, "{rate}");
    }
}

#[tokio::test]
async fn a_change_during_a_slow_edit_is_a_conflict_and_nothing_is_written() {
    let write = |_: &mut Properties, _| answer(500).into();
    let read = other_client(2, "lastModified", json!(LATER));
    let service = Service::start(john(), read, write).await;
    let clock = VirtualClock::start();
    let client = service.client_at(clock.clone());
    let edit = client.edit_person(ID, |update| {
        clock.advance(2 * SECOND);
        change(update);
    });
    let error = edit.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("nothing was written"), "{error}");
    assert!(!error.may_have_reached_service());
    assert_eq!(service.requests(), "GG");
}

#[tokio::test]
async fn an_update_is_repeated_after_a_429_when_the_person_is_unchanged() {
    // What another client changes after the first attempt; whether the second is sent.
    let cases = [
        ("status", json!("call"), "GPGP"),
        ("lastModified", json!(LATER), "GPG"),
    ];
    for (name, value, requests) in cases {
        let mut updates = 0;
        let service = Service::start(
            john(),
            other_client(2, name, value),
            move |person, update| {
                updates += 1;
                if updates == 1 {
                    // So short a wait that the first read is still recent.
                    return answer(429).header("Retry-After", "0").into();
                }
                apply(person, &update, all);
                shown(person).into()
            },
        )
        .await;
        let result = service.client().edit_person(ID, change).await;
        assert_eq!(service.requests(), requests, "{name}");
        match result {
            Ok(edit) => assert_eq!(edit.outcome(), EditOutcome::Applied),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Conflict),
        }
    }
}

#[tokio::test]
async fn an_update_that_may_have_acted_is_repeated_without_a_read() {
    let mut updates = 0;
    let service = Service::start(
        john(),
        |_, _| None,
        move |person, update| {
            updates += 1;
            apply(person, &update, all);
            match updates {
                1 => answer(503).into(),
                _ => shown(person).into(),
            }
        },
    )
    .await;
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_eq!(edit.outcome(), EditOutcome::Applied);
    assert_eq!(service.requests(), "GPP");
}

#[tokio::test]
async fn a_person_who_cannot_be_read_again_is_not_updated() {
    let cases = [
        (404, ErrorKind::NotFound, "GPG"),
        (500, ErrorKind::Server, "GPG"),
    ];
    for (status, kind, requests) in cases {
        let service = Service::start(
            john(),
            move |number, _| (number > 1).then(|| answer(status).into()),
            |_, _| answer(429).into(),
        )
        .await;
        let error = service.client().edit_person(ID, change).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(service.requests(), requests);
    }
}

#[tokio::test]
async fn an_edit_from_an_earlier_read_checks_it_and_reads_no_other() {
    let service = faithful().await;
    let client = service.client();
    let before = read(&client, ID).await;
    let edit = client.edit_person_from(&before, change).await.unwrap();
    assert_eq!(edit.outcome(), EditOutcome::Applied);
    assert_eq!(edit.before(), &before);
    assert_eq!(service.requests(), "GGP");
    // Without a change there is nothing to check.
    let edit = client.edit_person_from(&before, |_| {}).await.unwrap();
    assert_eq!(edit.outcome(), EditOutcome::Unchanged);
    assert_eq!(service.requests(), "GGP");
}

#[tokio::test]
async fn a_change_since_the_earlier_read_is_a_conflict() {
    // What changes between the two reads, and whether it is another client's change.
    let cases = [("title", true), ("colour", false), ("status", false)];
    for (name, expected) in cases {
        let mut person = john();
        person.remove("lastModified");
        let write = |person: &mut Properties, update| {
            apply(person, &update, all);
            shown(person).into()
        };
        let read_again = other_client(2, name, json!("other"));
        let service = Service::start(person, read_again, write).await;
        let client = service.client();
        let before = read(&client, ID).await;
        let result = client.edit_person_from(&before, |update| update.department = None);
        let is_conflict = result
            .await
            .is_err_and(|error| error.kind() == ErrorKind::Conflict);
        assert_eq!(is_conflict, expected, "{name}");
        let requests = if expected { "GG" } else { "GGP" };
        assert_eq!(service.requests(), requests, "{name}");
    }
}

#[tokio::test]
async fn an_earlier_read_without_calling_data_is_refused() {
    let service = faithful().await;
    let client = service.client();
    let mut before = john();
    before.remove("extension");
    let before: Person = serde_json::from_value(Value::Object(before)).unwrap();
    let error = client.edit_person_from(&before, change).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let text = error.to_string();
    assert!(text.contains("lacks extension, which"), "{text}");
    assert!(text.contains("`callingData`"), "{text}");
    assert_eq!(service.requests(), "G");
}

#[tokio::test]
async fn an_unlisted_property_that_only_the_later_read_has_is_not_erased() {
    let read_again = || other_client(2, "gained", json!(1));
    let write = |_: &mut Properties, _| answer(500).into();
    let service = Service::start(john(), read_again(), write).await;
    let client = service.client();
    let before = read(&client, ID).await;
    let error = client.edit_person_from(&before, change).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("lacks gained, which"), "{error}");
    assert_eq!(service.requests(), "GG");

    // An edit by the id starts again.
    let service = Service::start(john(), read_again(), write).await;
    let clock = VirtualClock::start();
    let client = service.client_at(clock.clone());
    let edit = client.edit_person(ID, |update| {
        clock.advance(2 * SECOND);
        change(update);
    });
    assert_eq!(edit.await.unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(service.requests(), "GG");
}

#[tokio::test]
async fn of_two_edits_against_the_fake_the_later_is_a_conflict() {
    let fake = FakePeople::start().await.unwrap();
    let client = admin(&fake);
    let id = people_fake::JOHN_ANDERSEN;
    let before = read(&client, id).await;
    let set =
        |title: &'static str| move |update: &mut PersonUpdate| update.title = Some(title.into());
    let first = client
        .edit_person_from(&before, set("First"))
        .await
        .unwrap();
    assert_eq!(first.outcome(), EditOutcome::Applied);
    let second = client.edit_person_from(&before, set("Second")).await;
    assert_eq!(second.unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(fake.person(id).unwrap()["title"], "First");
}

#[tokio::test]
async fn a_change_between_the_update_and_the_read_after_it_is_unapplied() {
    let service = Service::start(
        john(),
        other_client(2, "title", json!("Other")),
        |person, update| {
            apply(person, &update, all);
            answer(204).into()
        },
    )
    .await;
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_eq!(edit.outcome(), EditOutcome::PartlyApplied);
    assert_eq!(edit.unapplied(), ["title"]);
}

#[tokio::test]
async fn an_edit_that_fails_sends_nothing() {
    #[derive(Debug)]
    enum Failure {
        Aborted,
        Sdk(people_sdk::Error),
    }
    impl From<people_sdk::Error> for Failure {
        fn from(error: people_sdk::Error) -> Self {
            Self::Sdk(error)
        }
    }
    let service = faithful().await;
    let client = service.client();
    let before = read(&client, ID).await;
    let abort = |update: &mut PersonUpdate| {
        change(update);
        Err(Failure::Aborted)
    };
    let results = [
        client.try_edit_person(ID, abort).await,
        client.try_edit_person_from(&before, abort).await,
    ];
    for result in results {
        assert!(matches!(result, Err(Failure::Aborted)), "{result:?}");
    }
    assert_eq!(service.requests(), "GG");
    let elsewhere = client.try_edit_person("..", abort).await;
    let Err(Failure::Sdk(error)) = elsewhere else {
        panic!("{elsewhere:?}");
    };
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let edit = client.try_edit_person(ID, |update| {
        change(update);
        Ok::<(), Failure>(())
    });
    assert_eq!(edit.await.unwrap().outcome(), EditOutcome::Applied);
    for name in CHANGED {
        assert_ne!(service.person().get(*name), john().get(*name), "{name}");
    }
}
