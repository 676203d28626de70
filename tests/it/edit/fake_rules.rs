//! `edit_person` against the fake, which follows the service as it was observed: one test per row of
//! what an edit must get right.

use people_fake::{
    CALLING_LICENSE, DIRECTORY_SYNCED, EXTENSION_ONLY, FULL_PERSON, FakePeople, JOHN_ANDERSEN,
    MANAGER, MEMBER, MESSAGING_LICENSE, OWN_NICK_NAME, SEVERAL_EMAILS, SYSTEM_LICENSE,
    SYSTEM_LICENSED,
};
use people_sdk::types::PersonUpdate;
use people_sdk::{Edit, EditOutcome, ErrorKind};
use serde_json::{Value, json};

use super::admin;

use EditOutcome::{Applied, NotApplied, PartlyApplied};

async fn start() -> FakePeople {
    FakePeople::start().await.unwrap()
}

/// The requests by the first letters of their methods.
fn requests(fake: &FakePeople) -> String {
    let requests = fake.requests();
    requests.iter().map(|it| &it.method[..1]).collect()
}

async fn edit(fake: &FakePeople, id: &str, change: impl FnOnce(&mut PersonUpdate) + Send) -> Edit {
    admin(fake).edit_person(id, change).await.unwrap()
}

fn title(update: &mut PersonUpdate) {
    update.title = Some("Director".to_owned());
}

/// The edit is applied, in two calls.
fn assert_applied(fake: &FakePeople, edit: &Edit, also_changed: &[&str]) {
    assert_eq!(edit.unapplied(), [""; 0]);
    assert_eq!(edit.also_changed(), also_changed);
    assert_eq!(edit.outcome(), Applied);
    assert_eq!(requests(fake), "GP");
}

#[tokio::test]
async fn first_name_changed() {
    let fake = start().await;
    let change = |update: &mut PersonUpdate| update.first_name = Some("Jonathan".to_owned());
    let edit = edit(&fake, JOHN_ANDERSEN, change).await;
    assert_applied(&fake, &edit, &["nickName"]);
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["nickName"], "Jonathan");
}

#[tokio::test]
async fn other_property_of_a_person_with_an_own_nickname() {
    let fake = start().await;
    let edit = edit(&fake, OWN_NICK_NAME, title).await;
    assert_applied(&fake, &edit, &["nickName"]);
}

#[tokio::test]
async fn two_addresses_swapped() {
    let fake = start().await;
    let change = |update: &mut PersonUpdate| update.emails.as_mut().unwrap().swap(0, 1);
    let edit = edit(&fake, SEVERAL_EMAILS, change).await;
    assert_applied(&fake, &edit, &[]);
    let sent = edit.requested().emails.as_ref().unwrap();
    let person = fake.person(SEVERAL_EMAILS).unwrap();
    assert_eq!(person["userName"], *sent[0]);
    assert_ne!(edit.before().user_name.as_deref(), Some(&*sent[0]));
}

#[tokio::test]
async fn other_property_of_a_person_with_several_addresses() {
    let fake = start().await;
    // Each read has the addresses in another order.
    for number in 0..6 {
        fake.clear_requests();
        let change = |update: &mut PersonUpdate| update.title = Some(number.to_string());
        let edit = edit(&fake, SEVERAL_EMAILS, change).await;
        assert_applied(&fake, &edit, &[]);
        let person = fake.person(SEVERAL_EMAILS).unwrap();
        assert_eq!(person["userName"], "sara.vale@example.com");
    }
}

#[tokio::test]
async fn primary_address_unknown() {
    let fake = start().await;
    let mut person = fake.person(SEVERAL_EMAILS).unwrap();
    person.as_object_mut().unwrap().remove("userName");
    fake.set_person(person.clone()).unwrap();
    let error = admin(&fake).edit_person(SEVERAL_EMAILS, title).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(requests(&fake), "G");
    assert_eq!(fake.person(SEVERAL_EMAILS).unwrap(), person);
    // An address added to none would erase those that the person has.
    let add = |update: &mut PersonUpdate| {
        update.emails.get_or_insert_default().push("c@x".to_owned());
    };
    let error = admin(&fake).edit_person(SEVERAL_EMAILS, add).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(fake.person(SEVERAL_EMAILS).unwrap(), person);
    // As the error says: all of them, or none, which erases them here.
    let emails = &person["emails"];
    let all: Vec<String> = serde_json::from_value(emails.clone()).unwrap();
    let set = |update: &mut PersonUpdate| {
        title(update);
        update.emails = Some(all);
    };
    let set = edit(&fake, SEVERAL_EMAILS, set).await;
    assert_eq!(set.outcome(), Applied);
    let after = fake.person(SEVERAL_EMAILS).unwrap();
    let sorted = |emails: &Value| {
        let mut emails: Vec<String> = serde_json::from_value(emails.clone()).unwrap();
        emails.sort();
        emails
    };
    assert_eq!(sorted(&after["emails"]), sorted(emails));
    fake.set_person(person).unwrap();
    let change = |update: &mut PersonUpdate| update.title = Some("GM".to_owned());
    let client = admin(&fake);
    let omitted = client.edit_person(SEVERAL_EMAILS, change);
    let omitted = omitted.omit("emails").await.unwrap();
    assert_eq!(omitted.outcome(), PartlyApplied);
    assert_eq!(omitted.unapplied(), ["emails"]);
}

#[tokio::test]
async fn phone_numbers_rejected_and_omitted() {
    let fake = start().await;
    let edit = edit(&fake, DIRECTORY_SYNCED, title).await;
    assert_eq!(edit.outcome(), NotApplied);
    let error = edit.error().unwrap();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(error.unchanged_properties(), ["phoneNumbers"]);

    fake.clear_requests();
    let client = admin(&fake);
    let edit = client.edit_person(DIRECTORY_SYNCED, title);
    let edit = edit.omit("phoneNumbers").await.unwrap();
    assert_applied(&fake, &edit, &[]);
}

#[tokio::test]
async fn manager_follows_manager_id() {
    let fake = start().await;
    let change = |update: &mut PersonUpdate| update.manager_id = Some(MEMBER.to_owned());
    let edit = edit(&fake, JOHN_ANDERSEN, change).await;
    assert_applied(&fake, &edit, &["manager"]);
    let name = fake.person(MEMBER).unwrap()["displayName"].clone();
    assert_eq!(fake.person(JOHN_ANDERSEN).unwrap()["manager"], name);
}

#[tokio::test]
async fn address_stored_in_lower_case() {
    let fake = start().await;
    let change = |update: &mut PersonUpdate| update.emails = Some(vec!["J@Example.COM".to_owned()]);
    let edit = edit(&fake, MANAGER, change).await;
    assert_applied(&fake, &edit, &["emails"]);
    assert_eq!(
        fake.person(MANAGER).unwrap()["emails"],
        json!(["j@example.com"])
    );
}

#[tokio::test]
async fn text_stored_trimmed_and_normalized() {
    let fake = start().await;
    let change = |update: &mut PersonUpdate| update.title = Some("  Zoe\u{308} \n".to_owned());
    let edit = edit(&fake, MEMBER, change).await;
    assert_applied(&fake, &edit, &["title"]);
    assert_eq!(fake.person(MEMBER).unwrap()["title"], "Zo\u{eb}");
}

#[tokio::test]
async fn picture_copied_by_the_service() {
    let fake = start().await;
    let change = |update: &mut PersonUpdate| {
        update.avatar = Some("https://example.com/picture.png".to_owned());
    };
    let edit = edit(&fake, MEMBER, change).await;
    assert_applied(&fake, &edit, &["avatar"]);
}

#[tokio::test]
async fn system_license_added() {
    let fake = start().await;
    let change = |update: &mut PersonUpdate| {
        let licenses = [MESSAGING_LICENSE, CALLING_LICENSE].map(str::to_owned);
        update.licenses = Some(licenses.to_vec());
    };
    let edit = edit(&fake, OWN_NICK_NAME, change).await;
    assert_applied(&fake, &edit, &["licenses", "nickName"]);
    let licenses = fake.person(OWN_NICK_NAME).unwrap()["licenses"].clone();
    assert!(
        licenses
            .as_array()
            .unwrap()
            .contains(&json!(SYSTEM_LICENSE))
    );
}

#[tokio::test]
async fn system_license_not_removed() {
    let fake = start().await;
    let before = fake.person(SYSTEM_LICENSED).unwrap();
    let change = |update: &mut PersonUpdate| {
        let licenses = update.licenses.as_mut().unwrap();
        licenses.retain(|license| license != SYSTEM_LICENSE);
    };
    let edit = edit(&fake, SYSTEM_LICENSED, change).await;
    assert_eq!(edit.outcome(), NotApplied);
    assert_eq!(edit.unapplied(), ["licenses"]);
    assert_eq!(
        fake.person(SYSTEM_LICENSED).unwrap()["licenses"],
        before["licenses"]
    );
}

#[tokio::test]
async fn license_that_cannot_be_assigned() {
    let fake = start().await;
    let change = |update: &mut PersonUpdate| {
        title(update);
        let licenses = update.licenses.get_or_insert_default();
        licenses.push("unknown".to_owned());
    };
    let edit = edit(&fake, MEMBER, change).await;
    assert_eq!(edit.outcome(), PartlyApplied);
    assert_eq!(edit.unapplied(), ["licenses"]);
    assert!(edit.property_errors().contains_key("licenses"));
    assert_eq!(requests(&fake), "GPG");
}

#[tokio::test]
async fn error_400_with_everything_applied() {
    let fake = start().await;
    fake.inject("PUT 400 apply=all".parse().unwrap());
    let edit = edit(&fake, MEMBER, title).await;
    assert_eq!(edit.outcome(), Applied);
    let error = edit.error().unwrap();
    assert_eq!(error.status().unwrap(), 400);
    assert!(error.message().is_some());
    assert!(error.tracking_id().is_some());
    assert_eq!(requests(&fake), "GPG");
}

#[tokio::test]
async fn person_with_a_work_extension_only() {
    let fake = start().await;
    let before = fake.person(EXTENSION_ONLY).unwrap();
    let edit = edit(&fake, EXTENSION_ONLY, title).await;
    assert_applied(&fake, &edit, &[]);
    assert_eq!(edit.requested().phone_numbers, None);
    let after = fake.person(EXTENSION_ONLY).unwrap();
    assert_eq!(after["phoneNumbers"], before["phoneNumbers"]);
}

#[tokio::test]
async fn calling_taken_away_with_null() {
    let fake = start().await;
    let clear = |update: &mut PersonUpdate| update.extension = None;
    let edit = edit(&fake, EXTENSION_ONLY, clear).await;
    assert_eq!(edit.outcome(), NotApplied);
    let client = admin(&fake);
    let edit = client.edit_person(EXTENSION_ONLY, |_| {});
    let edit = edit.set_null("extension").await.unwrap();
    // The license and the location go with it.
    assert_eq!(edit.unapplied(), [""; 0]);
    assert_eq!(edit.also_changed(), ["licenses", "locationId"]);
    assert_eq!(edit.outcome(), Applied);
    assert_eq!(fake.person(EXTENSION_ONLY).unwrap().get("extension"), None);
}

#[tokio::test]
async fn minimal_answer() {
    let fake = start().await;
    let body = format!(r#"PUT 200 apply=all body='raw:{{"id": "{MEMBER}"}}'"#);
    fake.inject(body.parse().unwrap());
    let edit = edit(&fake, MEMBER, title).await;
    assert_eq!(edit.outcome(), Applied);
    assert_eq!(requests(&fake), "GPG");
}

#[tokio::test]
async fn a_full_person_keeps_all_of_it() {
    let fake = start().await;
    let mut before = fake.person(FULL_PERSON).unwrap();
    let edit = edit(&fake, FULL_PERSON, title).await;
    assert_eq!(edit.unapplied(), [""; 0]);
    assert_eq!(edit.outcome(), Applied);
    let mut after = fake.person(FULL_PERSON).unwrap();
    assert_eq!(after["title"], "Director");
    for name in ["title", "lastModified"] {
        assert_ne!(before[name], after[name], "{name}");
        for person in [&mut before, &mut after] {
            person.as_object_mut().unwrap().remove(name);
        }
    }
    assert_eq!(after, before);
}
