//! What an edit says of updates by which the service changes more, less or otherwise than it was
//! sent: one test per fact.

use std::collections::BTreeSet;

use people_sdk::types::PersonUpdate;
use people_sdk::{Edit, EditOutcome, Error, ErrorKind};
use serde_json::{Value, json};

use super::{ID, Properties, Service, all, apply, john, shown};
use crate::support::fault_server::{Reply, answer};

use EditOutcome::{Applied, NotApplied, PartlyApplied, Unchanged};

/// A service that does what `also` says to the person after each update that it applies.
async fn service(
    person: Properties,
    also: impl Fn(&mut Properties, &Properties) + Send + 'static,
) -> Service {
    let write = move |person: &mut Properties, update: Properties| {
        apply(person, &update, all);
        also(person, &update);
        shown(person).into()
    };
    Service::start(person, |_, _| None, write).await
}

/// A service that sets `nickName` to `firstName`, as the real one does.
fn derive_nick_name(person: &mut Properties, update: &Properties) {
    person.insert("nickName".to_owned(), update["firstName"].clone());
}

fn john_with(properties: Value) -> Properties {
    let mut person = john();
    let Value::Object(properties) = properties else {
        panic!("properties are an object");
    };
    person.extend(properties);
    person
}

fn title(update: &mut PersonUpdate) {
    update.title = Some("Director".to_owned());
}

fn assert_edit(edit: &Edit, outcome: EditOutcome, unapplied: &[&str], also_changed: &[&str]) {
    assert_eq!(edit.unapplied(), unapplied);
    assert_eq!(edit.also_changed(), also_changed);
    assert_eq!(edit.outcome(), outcome);
}

// ---- derived properties ------------------------------------------------------------------------

#[tokio::test]
async fn a_changed_first_name_is_applied_and_the_nickname_has_also_changed() {
    let service = service(john(), derive_nick_name).await;
    let change = |update: &mut PersonUpdate| update.first_name = Some("Jonathan".to_owned());
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_edit(&edit, Applied, &[], &["nickName"]);
    assert_eq!(service.requests(), "GP");
}

#[tokio::test]
async fn another_change_to_a_person_with_an_own_nickname_is_applied_and_says_that_it_changed() {
    let person = john_with(json!({ "nickName": "Johnny" }));
    let service = service(person, derive_nick_name).await;
    let edit = service.client().edit_person(ID, title).await.unwrap();
    assert_edit(&edit, Applied, &[], &["nickName"]);
    assert_eq!(service.requests(), "GP");
    assert_eq!(edit.after().unwrap().nick_name.as_deref(), Some("John"));
}

#[tokio::test]
async fn a_nickname_that_was_set_is_not_applied() {
    let service = service(john(), derive_nick_name).await;
    let change = |update: &mut PersonUpdate| update.nick_name = Some("Johnny".to_owned());
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_edit(&edit, NotApplied, &["nickName"], &[]);
}

#[tokio::test]
async fn the_manager_follows_its_id() {
    let service = service(john(), |person, _| {
        person.insert("manager".to_owned(), json!("Jane Doe"));
    })
    .await;
    let change = |update: &mut PersonUpdate| update.manager_id = Some("another".to_owned());
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_edit(&edit, Applied, &[], &["manager"]);
    assert_eq!(service.requests(), "GP");
}

// ---- e-mail addresses --------------------------------------------------------------------------

fn addresses(emails: [&str; 2], user_name: Option<&str>) -> Properties {
    john_with(json!({ "emails": emails, "userName": user_name }))
}

/// A service for which the first address is the primary one, which returns them in another order at
/// each read, and which keeps them when an update has none.
async fn service_with_addresses(person: Properties) -> Service {
    let shuffle = |_: usize, person: &mut Properties| -> Option<Reply> {
        person["emails"].as_array_mut()?.reverse();
        None
    };
    Service::start(person, shuffle, |person, update| {
        apply(person, &update, |name| name != "emails");
        if let Some(Value::Array(emails)) = update.get("emails") {
            if !person["userName"].is_null() {
                person["userName"] = emails[0].clone();
            }
            person["emails"] = emails.iter().rev().cloned().collect();
        }
        shown(person).into()
    })
    .await
}

#[tokio::test]
async fn two_swapped_addresses_are_sent_and_applied() {
    let service = service_with_addresses(addresses(["a@x", "b@x"], Some("a@x"))).await;
    let change = |update: &mut PersonUpdate| {
        let emails = update.emails.as_mut().unwrap();
        assert_eq!(*emails, ["a@x", "b@x"]);
        emails.swap(0, 1);
    };
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_edit(&edit, Applied, &[], &[]);
    assert_eq!(service.update()["emails"], json!(["b@x", "a@x"]));
    assert_eq!(service.person()["userName"], "b@x");
}

#[tokio::test]
async fn a_primary_address_that_the_service_keeps_is_not_applied() {
    let service = Service::start(
        addresses(["a@x", "b@x"], Some("a@x")),
        |_, _| None,
        |person, _| shown(person).into(),
    )
    .await;
    let change = |update: &mut PersonUpdate| update.emails.as_mut().unwrap().swap(0, 1);
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_edit(&edit, NotApplied, &["emails"], &[]);
}

#[tokio::test]
async fn another_change_keeps_the_primary_address_in_any_order_of_the_read() {
    for emails in [["a@x", "b@x"], ["b@x", "a@x"]] {
        for primary in ["a@x", "B@x"] {
            let service = service_with_addresses(addresses(emails, Some(primary))).await;
            let edit = service.client().edit_person(ID, title).await.unwrap();
            assert_edit(&edit, Applied, &[], &[]);
            let first = service.update()["emails"][0].clone();
            assert_eq!(first, primary.to_lowercase());
        }
    }
}

#[tokio::test]
async fn an_unknown_primary_address_is_refused_before_anything_is_sent() {
    for user_name in [None, Some("john")] {
        let person = addresses(["a@x", "b@x"], user_name);
        let service = service_with_addresses(person).await;
        let client = service.client();
        let error = client.edit_person(ID, title).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let text = error.to_string();
        assert!(
            text.contains("set `emails` to all items that the person is to have"),
            "{text}"
        );
        assert_eq!(service.requests(), "G");
        let edit = client.edit_person(ID, title).omit("emails").await.unwrap();
        assert_edit(&edit, Applied, &[], &[]);
        assert!(!service.update().contains_key("emails"));
    }
    let service = service_with_addresses(addresses(["a@x", "b@x"], None)).await;
    let change = |update: &mut PersonUpdate| {
        assert_eq!(update.emails, None);
        update.emails = Some(vec!["b@x".to_owned(), "a@x".to_owned()]);
        title(update);
    };
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_edit(&edit, Applied, &[], &[]);
    assert_eq!(service.update()["emails"], json!(["b@x", "a@x"]));
}

// ---- stored forms ------------------------------------------------------------------------------

#[tokio::test]
async fn an_address_in_lower_case_is_applied() {
    let service = service(john(), |person, _| {
        person["emails"][0] = json!("jo@example.com");
    })
    .await;
    let change =
        |update: &mut PersonUpdate| update.emails = Some(vec!["Jo@Example.com".to_owned()]);
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_edit(&edit, Applied, &[], &["emails"]);
    assert_eq!(service.requests(), "GP");
    // The same change once more is none.
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_edit(&edit, Unchanged, &[], &[]);
}

#[tokio::test]
async fn trimmed_and_normalized_text_is_applied() {
    let service = service(john(), |person, _| {
        person["title"] = json!("Zo\u{eb}'s deputy");
    })
    .await;
    let change =
        |update: &mut PersonUpdate| update.title = Some(" Zoe\u{308}'s deputy\n".to_owned());
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_edit(&edit, Applied, &[], &["title"]);
    assert_eq!(service.requests(), "GP");
}

#[tokio::test]
async fn the_address_of_a_copied_picture_has_also_changed() {
    let service = service(john(), |person, _| {
        person["avatar"] = json!("https://example.com/copy");
    })
    .await;
    let edit = service.client().edit_person(ID, title).await.unwrap();
    assert_edit(&edit, Applied, &[], &["avatar"]);
}

#[tokio::test]
async fn a_license_of_the_system_is_an_addition() {
    let service = service(john(), |person, _| {
        person["licenses"]
            .as_array_mut()
            .unwrap()
            .push(json!("system"));
    })
    .await;
    let change = |update: &mut PersonUpdate| {
        update
            .licenses
            .get_or_insert_default()
            .push("third".to_owned());
    };
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_edit(&edit, Applied, &[], &["licenses"]);
    assert_eq!(service.requests(), "GP");
    // It cannot be taken away.
    let change = |update: &mut PersonUpdate| {
        update
            .licenses
            .as_mut()
            .unwrap()
            .retain(|license| license != "system");
    };
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_edit(&edit, NotApplied, &["licenses"], &[]);
}

// ---- what cannot be sent back ------------------------------------------------------------------

/// A service that takes no phone numbers, and keeps them when an update has none.
async fn service_without_phone_numbers() -> Service {
    let write = |person: &mut Properties, update: Properties| {
        if update.contains_key("phoneNumbers") {
            let message = "phoneNumbers cannot be set for a person from a directory";
            return answer(400)
                .json(json!({ "message": message, "trackingId": "T_1" }))
                .into();
        }
        apply(person, &update, |name| name != "phoneNumbers");
        shown(person).into()
    };
    Service::start(john(), |_, _| None, write).await
}

#[tokio::test]
async fn a_rejection_of_what_was_sent_unchanged_says_so_and_the_property_can_be_omitted() {
    let service = service_without_phone_numbers().await;
    let client = service.client();
    let edit = client.edit_person(ID, title).await.unwrap();
    assert_edit(&edit, NotApplied, &["title"], &[]);
    let error = edit.error().unwrap();
    assert_eq!(error.unchanged_properties(), ["phoneNumbers"]);
    let text = error.to_string();
    assert!(
        text.contains("sent unchanged, and may be omitted: phoneNumbers"),
        "{text}"
    );
    let edit = client
        .edit_person(ID, title)
        .omit("phoneNumbers")
        .await
        .unwrap();
    assert_edit(&edit, Applied, &[], &[]);
    assert_eq!(service.person()["phoneNumbers"], john()["phoneNumbers"]);
}

#[tokio::test]
async fn an_omitted_property_that_the_service_erases_is_unapplied() {
    let service = service(john(), |_, _| {}).await;
    let client = service.client();
    let edit = client.edit_person(ID, title).omit("department").await;
    assert_edit(&edit.unwrap(), PartlyApplied, &["department"], &[]);
    assert!(!service.update().contains_key("department"));
}

#[tokio::test]
async fn an_extension_is_taken_away_with_null() {
    let service = service(
        john_with(json!({ "extension": "133" })),
        |person, update| {
            // Empty text is not enough.
            match &update["extension"] {
                Value::Null => person.remove("extension"),
                _ => person.insert("extension".to_owned(), json!("133")),
            };
        },
    )
    .await;
    let client = service.client();
    let clear = |update: &mut PersonUpdate| update.extension = None;
    let edit = client.edit_person(ID, clear).await.unwrap();
    assert_edit(&edit, NotApplied, &["extension"], &[]);
    let edit = client
        .edit_person(ID, |_| {})
        .set_null("extension")
        .await
        .unwrap();
    assert_edit(&edit, Applied, &[], &[]);
    assert_eq!(edit.after().unwrap().extension, None);
}

#[tokio::test]
async fn a_person_with_no_number_but_an_extension_keeps_it() {
    let extension = json!([{ "type": "work_extension", "value": "8080133" }]);
    let person = john_with(json!({ "phoneNumbers": extension }));
    let service = service(person, move |person, _| {
        person.insert("phoneNumbers".to_owned(), extension.clone());
    })
    .await;
    let edit = service.client().edit_person(ID, title).await.unwrap();
    assert_edit(&edit, Applied, &[], &[]);
    assert!(!service.update().contains_key("phoneNumbers"));
    assert_eq!(service.requests(), "GP");
}

#[tokio::test]
async fn an_update_without_a_display_name_is_refused_before_anything_is_sent() {
    let mut person = john();
    person.remove("displayName");
    let service = service(person, |_, _| {}).await;
    let error = service.client().edit_person(ID, title).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("set `displayName`"), "{error}");
    assert_eq!(service.requests(), "G");
}

#[tokio::test]
async fn an_error_after_which_one_of_two_changes_was_applied_in_another_form_is_an_edit() {
    let write = |person: &mut Properties, _| {
        person["emails"] = json!(["b@x"]);
        answer(403).json(json!({ "message": "no" })).into()
    };
    let service = Service::start(john(), |_, _| None, write).await;
    let change = |update: &mut PersonUpdate| {
        title(update);
        update.emails = Some(vec!["B@x".to_owned()]);
    };
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_edit(&edit, PartlyApplied, &["title"], &["emails"]);
}

#[tokio::test]
async fn an_unlisted_property_that_the_service_erases_is_unapplied() {
    let service = service(john(), |person, _| {
        person.remove("colour");
        person["desk"] = json!({});
    })
    .await;
    let edit = service.client().edit_person(ID, title).await.unwrap();
    assert_edit(&edit, PartlyApplied, &["colour", "desk"], &[]);
}

// ---- answers that say less, or something else --------------------------------------------------

#[tokio::test]
async fn after_a_400_with_everything_applied_status_message_and_tracking_id_are_kept() {
    let service = Service::start(
        john(),
        |_, _| None,
        |person, update| {
            apply(person, &update, all);
            let body = json!({ "message": "one of the services failed", "trackingId": "T_1" });
            answer(400).json(body).into()
        },
    )
    .await;
    let edit = service.client().edit_person(ID, title).await.unwrap();
    assert_edit(&edit, Applied, &[], &[]);
    let error = edit.error().unwrap();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert_eq!(error.message(), Some("one of the services failed"));
    assert_eq!(error.tracking_id(), Some("T_1"));
    assert_eq!(service.requests(), "GPG");
}

#[tokio::test]
async fn a_minimal_answer_is_followed_by_a_read() {
    for body in [
        json!({ "id": ID }),
        json!({ "id": ID, "title": "Director" }),
    ] {
        let service = Service::start(
            john(),
            |_, _| None,
            move |person, update| {
                apply(person, &update, all);
                answer(200).json(body.clone()).into()
            },
        )
        .await;
        let edit = service.client().edit_person(ID, title).await.unwrap();
        assert_edit(&edit, Applied, &[], &[]);
        assert_eq!(service.requests(), "GPG");
        assert_eq!(edit.error().map(Error::kind), None);
        let names: BTreeSet<_> = service.update().into_iter().map(|(name, _)| name).collect();
        assert!(names.len() > 10, "{names:?}");
    }
}
