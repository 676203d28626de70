//! Each observed rule of the fake, in effect and switched off.

use people_fake::{
    DIRECTORY_SYNCED, EXTENSION_ONLY, FULL_PERSON, FakePeople, JOHN_ANDERSEN, MANAGER, MEMBER,
    MESSAGING_LICENSE, OWN_NICK_NAME, ObservedRule, Options, SEVERAL_EMAILS, SYSTEM_LICENSE,
    SYSTEM_LICENSED,
};
use serde_json::{Value, json};

use super::{ADMIN_TOKEN, CALLING_LICENSE, caller, with};
use crate::support::contract::{CheckedFake, checked, fake};

async fn fake_without(rule: ObservedRule) -> CheckedFake {
    checked(FakePeople::builder().options(Options::default().without(rule))).await
}

/// Reads a person, sends it back with `changes`, and returns status and response.
async fn update(fake: &FakePeople, id: &str, changes: Value) -> (u16, Value) {
    let admin = caller(fake, ADMIN_TOKEN);
    let read = admin.read(id, "?callingData=true").await;
    let answer = admin.put(id, &with(read, changes)).await;
    (answer.status, answer.json())
}

#[test]
fn a_rule_is_read_from_its_name() {
    for rule in ObservedRule::ALL {
        assert_eq!(rule.name().parse(), Ok(rule));
    }
    let error = "nick-name".parse::<ObservedRule>().unwrap_err();
    insta::assert_snapshot!(error, @"`nick-name` is not a rule; expected one of derived-nick-name, derived-manager, required-display-name, several-emails, shuffled-emails, normalized-text, copied-avatar, calling-phone-numbers, calling-extension, null-extension, directory-phone-numbers, system-licenses, skipped-licenses, uuid-ids");
}

#[tokio::test]
async fn nick_name_follows_first_name() {
    let fake = fake().await;
    let (_, after) = update(&fake, OWN_NICK_NAME, json!({ "title": "x" })).await;
    assert_eq!(after["nickName"], "Robert");
    let (_, after) = update(&fake, MEMBER, json!({ "firstName": "M", "nickName": "N" })).await;
    assert_eq!(
        (&after["nickName"], after.get("errors")),
        (&json!("M"), None)
    );

    let fake = fake_without(ObservedRule::DerivedNickName).await;
    let (_, after) = update(&fake, MEMBER, json!({ "firstName": "M", "nickName": "N" })).await;
    assert_eq!(after["nickName"], "N");
}

#[tokio::test]
async fn manager_follows_manager_id() {
    let fake = fake().await;
    let (_, after) = update(&fake, MEMBER, json!({ "managerId": MANAGER })).await;
    assert_eq!(after["manager"], "John Duarte");
    let (_, after) = update(&fake, MEMBER, json!({ "manager": "x" })).await;
    assert_eq!(after["manager"], "John Duarte");
    let (_, after) = update(
        &fake,
        MEMBER,
        json!({ "managerId": "unknown", "manager": "x" }),
    )
    .await;
    assert_eq!(after["manager"], "x");
    let (_, after) = update(&fake, MEMBER, json!({ "managerId": null })).await;
    assert_eq!(after.get("manager"), None);

    let fake = fake_without(ObservedRule::DerivedManager).await;
    let (_, after) = update(
        &fake,
        MEMBER,
        json!({ "managerId": MANAGER, "manager": "x" }),
    )
    .await;
    assert_eq!(after["manager"], "x");
}

#[tokio::test]
async fn missing_display_name_is_rejected() {
    let put = async |fake: &FakePeople| {
        let admin = caller(fake, ADMIN_TOKEN);
        admin.put(MEMBER, &json!({ "title": "x" })).await
    };
    let answer = put(&*fake().await).await;
    assert_eq!(answer.problems(), "400 displayName: required");
    let answer = put(&*fake_without(ObservedRule::RequiredDisplayName).await).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn first_of_several_emails_becomes_the_primary_one() {
    let fake = fake().await;
    let emails = json!(["second@example.com", "sara.vale@example.com"]);
    let (status, after) = update(&fake, SEVERAL_EMAILS, json!({ "emails": emails })).await;
    assert_eq!(
        (status, &after["userName"]),
        (200, &json!("second@example.com"))
    );
    assert_eq!(fake.person(SEVERAL_EMAILS).unwrap()["emails"], emails);

    let fake = fake_without(ObservedRule::SeveralEmails).await;
    let (status, after) = update(&fake, MEMBER, json!({ "emails": emails })).await;
    assert_eq!(
        (status, &after["message"]),
        (400, &json!("emails: expected one item at most, found 2"))
    );
}

#[tokio::test]
async fn each_read_lists_several_emails_in_another_order() {
    async fn reads(fake: &FakePeople) -> Vec<Value> {
        let admin = caller(fake, ADMIN_TOKEN);
        let mut reads = Vec::new();
        for _ in 0..3 {
            reads.push(admin.read(SEVERAL_EMAILS, "").await["emails"][0].clone());
        }
        reads
    }
    let [a, b, c] = ["sara.vale", "s.vale", "sara@sales"]
        .map(|start| move |email: &Value| email.as_str().unwrap().starts_with(start));
    let found = reads(&*fake().await).await;
    assert!(b(&found[0]) && c(&found[1]) && a(&found[2]), "{found:?}");
    let found = reads(&*fake_without(ObservedRule::ShuffledEmails).await).await;
    assert!(found.iter().all(a), "{found:?}");
}

#[tokio::test]
async fn text_is_stored_trimmed_and_normalized() {
    let changes = json!({
        "title": "  Ko\u{308}nig ",
        "emails": ["Mary.Lee@Example.COM"],
        "department": "Sales",
    });
    let fake = fake().await;
    let (_, after) = update(&fake, MEMBER, changes.clone()).await;
    assert_eq!(after["title"], "König");
    assert_eq!(after["emails"], json!(["mary.lee@example.com"]));
    let fake = fake_without(ObservedRule::NormalizedText).await;
    let (_, after) = update(&fake, MEMBER, changes.clone()).await;
    assert_eq!(
        (&after["title"], &after["emails"]),
        (&changes["title"], &changes["emails"])
    );
}

#[tokio::test]
async fn new_avatar_is_replaced_by_a_copy() {
    let changes = json!({ "avatar": "https://example.com/me.png" });
    let fake = fake().await;
    let (_, after) = update(&fake, MEMBER, changes.clone()).await;
    let copy = "https://avatars.example.com/copies/https%3A%2F%2Fexample.com%2Fme.png";
    assert_eq!(after["avatar"], copy);
    let (_, after) = update(&fake, MEMBER, json!({})).await;
    assert_eq!(after["avatar"], copy);
    let fake = fake_without(ObservedRule::CopiedAvatar).await;
    let (_, after) = update(&fake, MEMBER, changes.clone()).await;
    assert_eq!(after["avatar"], changes["avatar"]);
}

#[tokio::test]
async fn new_phone_numbers_need_a_calling_license_and_the_type_work() {
    let work = json!({ "type": "work", "value": "+1 408 555 0199" });
    let fax = json!({ "type": "fax", "value": "+1 408 555 0198" });
    let fake = fake().await;
    for (id, number, expected) in [
        (JOHN_ANDERSEN, &work, (200, Value::Null)),
        (JOHN_ANDERSEN, &fax, (400, json!(400_203))),
        (MEMBER, &work, (400, json!(400_202))),
    ] {
        let (status, after) = update(&fake, id, json!({ "phoneNumbers": [number] })).await;
        assert_eq!(
            (status, after["errors"][0]["errorCode"].clone()),
            expected,
            "{after}"
        );
    }
    // Numbers that the person has can be sent back, and removed.
    let numbers = fake.person(FULL_PERSON).unwrap()["phoneNumbers"].clone();
    for numbers in [numbers, json!([])] {
        let (status, _) = update(&fake, FULL_PERSON, json!({ "phoneNumbers": numbers })).await;
        assert_eq!(status, 200);
    }
    let fake = fake_without(ObservedRule::CallingPhoneNumbers).await;
    let (status, _) = update(&fake, MEMBER, json!({ "phoneNumbers": [fax] })).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn extension_needs_a_calling_license() {
    let fake = fake().await;
    let (_, after) = update(&fake, MEMBER, json!({ "extension": "9" })).await;
    assert_eq!(after.get("extension"), None);
    let fake = fake_without(ObservedRule::CallingExtension).await;
    let (_, after) = update(&fake, MEMBER, json!({ "extension": "9" })).await;
    assert_eq!(after["extension"], "9");
}

#[tokio::test]
async fn null_extension_removes_calling_and_empty_text_does_not() {
    async fn put(fake: &FakePeople, extension: Value) -> Value {
        let admin = caller(fake, ADMIN_TOKEN);
        let mut body = admin.read(EXTENSION_ONLY, "?callingData=true").await;
        body["extension"] = extension;
        admin.put(EXTENSION_ONLY, &body).await.json()
    }
    let fake = fake().await;
    let after = put(&fake, json!("")).await;
    assert_eq!(after["extension"], "188");
    let after = put(&fake, Value::Null).await;
    assert_eq!(after["licenses"], json!([MESSAGING_LICENSE]));
    assert_eq!(
        (after.get("extension"), after.get("locationId")),
        (None, None)
    );
    assert_eq!(after.get("errors"), None);

    let fake = fake_without(ObservedRule::NullExtension).await;
    let after = put(&fake, json!("")).await;
    assert_eq!(after.get("extension"), None);
    assert_eq!(
        after["licenses"],
        json!([CALLING_LICENSE, MESSAGING_LICENSE])
    );
}

#[tokio::test]
async fn phone_numbers_of_a_directory_are_rejected_and_stay_when_omitted() {
    let fake = fake().await;
    let (status, after) = update(&fake, DIRECTORY_SYNCED, json!({ "title": "x" })).await;
    assert_eq!(
        (status, &after["errors"][0]["errorCode"]),
        (400, &json!(400_201))
    );
    let numbers = fake.person(DIRECTORY_SYNCED).unwrap()["phoneNumbers"].clone();
    let changes = json!({ "title": "x", "phoneNumbers": null });
    let (status, after) = update(&fake, DIRECTORY_SYNCED, changes).await;
    assert_eq!((status, &after["title"]), (200, &json!("x")));
    assert_eq!(after["phoneNumbers"], numbers);

    let fake = fake_without(ObservedRule::DirectoryPhoneNumbers).await;
    let (status, _) = update(&fake, DIRECTORY_SYNCED, json!({ "title": "x" })).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn system_license_comes_with_calling_and_stays() {
    let both = json!([MESSAGING_LICENSE, CALLING_LICENSE]);
    let fake = fake().await;
    let (_, after) = update(&fake, MEMBER, json!({ "licenses": both })).await;
    let added = json!([MESSAGING_LICENSE, CALLING_LICENSE, SYSTEM_LICENSE]);
    assert_eq!(after["licenses"], added);
    let (status, after) = update(&fake, SYSTEM_LICENSED, json!({ "licenses": both })).await;
    assert_eq!(
        (status, &after["errors"][0]["errorCode"]),
        (400, &json!(400_102))
    );

    let fake = fake_without(ObservedRule::SystemLicenses).await;
    let (_, after) = update(&fake, SYSTEM_LICENSED, json!({ "licenses": both })).await;
    assert_eq!(after["licenses"], both);
    let (_, after) = update(&fake, MEMBER, json!({ "licenses": both })).await;
    assert_eq!(after["licenses"], both);
}

#[tokio::test]
async fn unknown_license_is_skipped() {
    let changes = json!({ "licenses": [MESSAGING_LICENSE, "unknown"] });
    let fake = fake().await;
    let (_, after) = update(&fake, MEMBER, changes.clone()).await;
    assert_eq!(after["licenses"], json!([MESSAGING_LICENSE]));
    assert_eq!(after["errors"]["licenses"]["code"], "NOT_APPLIED");
    let fake = fake_without(ObservedRule::SkippedLicenses).await;
    let (status, after) = update(&fake, MEMBER, changes).await;
    assert_eq!(
        (status, &after["errors"][0]["errorCode"]),
        (400, &json!(400_101))
    );
}

#[tokio::test]
async fn uuid_identifies_a_person() {
    let path = "/people/F5b36187-c8dd-4727-8b2f-f9c447f29046";
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    assert_eq!(admin.get(path).await.json()["id"], JOHN_ANDERSEN);
    let fake = fake_without(ObservedRule::UuidIds).await;
    assert_eq!(caller(&fake, ADMIN_TOKEN).get(path).await.status, 404);
}
