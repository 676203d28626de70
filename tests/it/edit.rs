//! What `edit_person` sends, and what it says came of it, against services that keep, lose, halve
//! and garble an update.

mod conflicts;
mod fake_rules;
mod service_facts;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use people_fake::FakePeople;
use people_sdk::types::{Person, PersonUpdate, PhoneNumber, PhoneNumberType};
use people_sdk::{Client, ClientBuilder, Edit, EditOutcome, Error, ErrorKind, RetryPolicy};
use serde_json::{Map, Value, json};

use crate::support::fault_server::{Answer, FaultServer, Reply, answer};
use crate::support::virtual_clock::VirtualClock;
use crate::support::{CONTRACT, example, same};

use EditOutcome::{Applied, NotApplied, PartlyApplied, Unchanged, Unknown};

const ID: &str = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8x";

type Properties = Map<String, Value>;

// ---- a service with one person -----------------------------------------------------------------

/// A service that shows the person as it is, and leaves it to a test what becomes of an update.
struct Service {
    server: FaultServer,
    person: Arc<Mutex<Properties>>,
}

impl Service {
    async fn start(
        person: Properties,
        mut read: impl FnMut(usize, &mut Properties) -> Option<Reply> + Send + 'static,
        mut write: impl FnMut(&mut Properties, Properties) -> Reply + Send + 'static,
    ) -> Self {
        let person = Arc::new(Mutex::new(person));
        let state = person.clone();
        let mut reads = 0;
        let server = FaultServer::start(move |request| {
            let mut person = state.lock().unwrap();
            if request.method == "PUT" {
                return write(&mut person, serde_json::from_slice(&request.body).unwrap());
            }
            reads += 1;
            read(reads, &mut person).unwrap_or_else(|| shown(&person).into())
        })
        .await;
        Self { server, person }
    }

    fn client(&self) -> Client {
        self.client_at(VirtualClock::start())
    }

    fn client_at(&self, clock: VirtualClock) -> Client {
        self.builder_at(clock).build().unwrap()
    }

    fn builder_at(&self, clock: VirtualClock) -> ClientBuilder {
        Client::builder()
            .base_url(self.server.base_url())
            .token("token-of-the-test")
            .retry(RetryPolicy::default().max_attempts(2))
            .clock(clock)
    }

    /// The requests by the first letters of their methods.
    fn requests(&self) -> String {
        let seen = self.server.seen();
        seen.iter().map(|request| &request.method[..1]).collect()
    }

    /// The body of the only update.
    fn update(&self) -> Properties {
        let seen = self.server.seen();
        let update = seen.iter().find(|request| request.method == "PUT");
        serde_json::from_slice(&update.expect("an update").body).unwrap()
    }

    fn person(&self) -> Properties {
        self.person.lock().unwrap().clone()
    }
}

fn shown(person: &Properties) -> Answer {
    answer(200).json(Value::Object(person.clone()))
}

/// The documented example, and what the pages do not know.
fn john() -> Properties {
    let mut person = example("MyOwnDetails").as_object().unwrap().clone();
    person.insert("id".to_owned(), json!(ID));
    person.insert("colour".to_owned(), json!("blue"));
    person.insert("desk".to_owned(), json!({ "floor": 3 }));
    let numbers = person["phoneNumbers"].as_array_mut().unwrap();
    numbers[0]["carrier"] = json!("a carrier");
    numbers.push(json!({ "type": "work_extension", "value": "8080133" }));
    person
}

/// The properties that an update can set, by the contract.
fn writable() -> BTreeSet<String> {
    let properties = &CONTRACT["components"]["schemas"]["PersonUpdate"]["properties"];
    properties.as_object().unwrap().keys().cloned().collect()
}

fn read_only() -> BTreeSet<String> {
    let properties = &CONTRACT["components"]["schemas"]["Person"]["properties"];
    let all: BTreeSet<String> = properties.as_object().unwrap().keys().cloned().collect();
    all.difference(&writable()).cloned().collect()
}

/// Does what the service does with an update, but only to the properties in `taken`: what is not
/// in the update is erased.
fn apply(person: &mut Properties, update: &Properties, taken: impl Fn(&str) -> bool) {
    let read_only = read_only();
    person.retain(|name, _| read_only.contains(name) || !taken(name) || update.contains_key(name));
    let numbers = person.get("phoneNumbers").and_then(Value::as_array);
    // It mirrors the extension, and no update takes it away.
    let mirrored: Vec<Value> = numbers
        .into_iter()
        .flatten()
        .filter(|number| number["type"] == "work_extension")
        .cloned()
        .collect();
    for (name, value) in update {
        if taken(name) {
            person.insert(name.clone(), value.clone());
        }
    }
    if let Some(numbers) = person.get_mut("phoneNumbers").and_then(Value::as_array_mut)
        && taken("phoneNumbers")
    {
        numbers.extend(mirrored);
    }
    person.insert("lastModified".to_owned(), json!("2026-01-01T00:00:00.000Z"));
}

fn all(_: &str) -> bool {
    true
}

fn title_alone(name: &str) -> bool {
    name == "title"
}

fn none(_: &str) -> bool {
    false
}

fn all_but_licenses(name: &str) -> bool {
    name != "licenses"
}

/// Sets one property, clears one, and adds to a list.
fn change(update: &mut PersonUpdate) {
    update.title = Some("Director".to_owned());
    update.department = None;
    update
        .licenses
        .get_or_insert_default()
        .push("a-third".to_owned());
}

const CHANGED: &[&str] = &["department", "licenses", "title"];

// ---- what comes of an edit ---------------------------------------------------------------------

#[derive(Clone, Copy)]
enum Says {
    /// The person as it now is.
    Person,
    Empty(u16),
    Status(u16),
    /// 200 and a body that is no person.
    Nonsense,
    Silence,
    Reset,
}

fn reply(says: Says, person: &Properties) -> Reply {
    match says {
        Says::Person => shown(person).into(),
        Says::Empty(status) => answer(status).into(),
        Says::Status(status) => answer(status).json(json!({ "message": "no" })).into(),
        Says::Nonsense => answer(200).json(json!({ "id": [7] })).into(),
        Says::Silence => Reply::NoResponse,
        Says::Reset => Reply::ResetBeforeHead,
    }
}

/// The properties that the service takes from the update; what it says to it; the outcome; what is
/// unapplied; the kind of the error beside it; the requests.
type Row = (
    fn(&str) -> bool,
    Says,
    EditOutcome,
    &'static [&'static str],
    Option<ErrorKind>,
    &'static str,
);

const LOST: &[&str] = &["department", "licenses"];

#[rustfmt::skip]
const ROWS: &[Row] = &[
    (all,              Says::Person,      Applied,       &[],           None,                            "GP"),
    (all,              Says::Empty(204),  Applied,       &[],           None,                            "GPG"),
    (all,              Says::Empty(200),  Applied,       &[],           None,                            "GPG"),
    (all,              Says::Nonsense,    Applied,       &[],           Some(ErrorKind::UnexpectedBody), "GPG"),
    (all,              Says::Status(502), Applied,       &[],           Some(ErrorKind::Unavailable),    "GPPG"),
    (all,              Says::Status(500), Applied,       &[],           Some(ErrorKind::Server),         "GPG"),
    (all,              Says::Silence,     Applied,       &[],           Some(ErrorKind::Timeout),        "GPPG"),
    (all,              Says::Reset,       Applied,       &[],           Some(ErrorKind::ConnectionLost), "GPPG"),
    (title_alone,      Says::Person,      PartlyApplied, LOST,          None,                            "GPG"),
    (title_alone,      Says::Empty(204),  PartlyApplied, LOST,          None,                            "GPG"),
    (title_alone,      Says::Status(400), PartlyApplied, LOST,          Some(ErrorKind::Rejected),       "GPG"),
    (title_alone,      Says::Status(403), PartlyApplied, LOST,          Some(ErrorKind::Forbidden),      "GPG"),
    (title_alone,      Says::Status(409), PartlyApplied, LOST,          Some(ErrorKind::Conflict),       "GPG"),
    (title_alone,      Says::Status(502), PartlyApplied, LOST,          Some(ErrorKind::Unavailable),    "GPPG"),
    (title_alone,      Says::Silence,     PartlyApplied, LOST,          Some(ErrorKind::Timeout),        "GPPG"),
    (all_but_licenses, Says::Person,      PartlyApplied, &["licenses"], None,                            "GPG"),
    (all_but_licenses, Says::Empty(204),  PartlyApplied, &["licenses"], None,                            "GPG"),
    (none,             Says::Person,      NotApplied,    CHANGED,       None,                            "GPG"),
    (none,             Says::Empty(204),  NotApplied,    CHANGED,       None,                            "GPG"),
    (none,             Says::Status(400), NotApplied,    CHANGED,       Some(ErrorKind::Rejected),       "GPG"),
    (none,             Says::Status(500), NotApplied,    CHANGED,       Some(ErrorKind::Server),         "GPG"),
    (none,             Says::Status(503), NotApplied,    CHANGED,       Some(ErrorKind::Unavailable),    "GPPG"),
    (none,             Says::Reset,       NotApplied,    CHANGED,       Some(ErrorKind::ConnectionLost), "GPPG"),
];

#[tokio::test]
async fn the_outcome_is_what_the_service_did() {
    for (number, (taken, says, outcome, unapplied, error, requests)) in ROWS.iter().enumerate() {
        let row = format!("row {number}");
        let service = Service::start(
            john(),
            |_, _| None,
            move |person, update| {
                apply(person, &update, taken);
                reply(*says, person)
            },
        )
        .await;
        let edit = service.client().edit_person(ID, change).await.unwrap();
        assert_eq!(edit.outcome(), *outcome, "{row}");
        assert_eq!(edit.unapplied(), *unapplied, "{row}");
        assert_eq!(edit.error().map(Error::kind), *error, "{row}");
        assert_eq!(service.requests(), *requests, "{row}");
        let person: Person = serde_json::from_value(Value::Object(service.person())).unwrap();
        assert_eq!(edit.after(), Some(&person), "{row}");
        assert_eq!(edit.before().title.as_deref(), Some("GM"), "{row}");
        assert_untouched(&service.person(), &row);
    }
}

/// Whether every property is as it was that the edit did not name.
fn assert_untouched(person: &Properties, row: &str) {
    for (name, value) in john() {
        let touched = CHANGED.contains(&name.as_str()) || name == "lastModified";
        if touched {
            continue;
        }
        let found = person.get(&name);
        let flag = Value::Bool(value == "true");
        assert!(
            found == Some(&value) || found == Some(&flag),
            "{row}: {name} is {found:?}, and was {value}"
        );
    }
}

/// What the service says to an update of which it took nothing, the kind of error, the requests.
const REFUSALS: &[(u16, ErrorKind, &str)] = &[
    (401, ErrorKind::Unauthorized, "GP"),
    (403, ErrorKind::Forbidden, "GPG"),
    (404, ErrorKind::NotFound, "GPG"),
    (405, ErrorKind::Rejected, "GP"),
    (410, ErrorKind::NotFound, "GPG"),
    (415, ErrorKind::Rejected, "GP"),
    (429, ErrorKind::RateLimited, "GPGP"),
];

#[tokio::test]
async fn a_refusal_that_changed_nothing_is_an_error() {
    for (status, kind, requests) in REFUSALS {
        let service = Service::start(
            john(),
            |_, _| None,
            move |_, _| reply(Says::Status(*status), &john()),
        )
        .await;
        let error = service.client().edit_person(ID, change).await.unwrap_err();
        assert_eq!(error.kind(), *kind, "{status}");
        assert_eq!(service.requests(), *requests, "{status}");
    }
}

#[tokio::test]
async fn a_refusal_after_an_attempt_that_may_have_acted_is_looked_into() {
    let mut updates = 0;
    let service = Service::start(
        john(),
        |_, _| None,
        move |person, update| {
            updates += 1;
            if updates == 1 {
                apply(person, &update, all);
                return answer(504).into();
            }
            answer(401).into()
        },
    )
    .await;
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_eq!(edit.outcome(), Applied);
    assert_eq!(edit.error().map(Error::kind), Some(ErrorKind::Unauthorized));
    assert_eq!(service.requests(), "GPPG");
}

/// The update can still be ahead, whatever its response has.
#[tokio::test]
async fn an_update_that_was_only_accepted_is_looked_into() {
    let service = Service::start(
        john(),
        |_, _| None,
        |person, update| {
            let mut promised = person.clone();
            apply(&mut promised, &update, all);
            answer(202).json(Value::Object(promised)).into()
        },
    )
    .await;
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_eq!(edit.outcome(), NotApplied);
    assert_eq!(edit.unapplied(), CHANGED);
    assert_eq!(service.requests(), "GPG");
}

#[tokio::test]
async fn what_cannot_be_read_again_is_unknown() {
    let table = [
        (Says::Empty(204), 500, Some(ErrorKind::Server)),
        // The update's own error says more than the read's.
        (Says::Reset, 500, Some(ErrorKind::ConnectionLost)),
        (Says::Status(403), 500, Some(ErrorKind::Forbidden)),
        // Only both of them say that the person is gone.
        (Says::Status(404), 500, Some(ErrorKind::NotFound)),
        (Says::Status(500), 404, Some(ErrorKind::Server)),
    ];
    for (says, read, error) in table {
        let service = Service::start(
            john(),
            move |number, _| (number > 1).then(|| answer(read).into()),
            move |person, update| {
                apply(person, &update, all);
                reply(says, person)
            },
        )
        .await;
        let edit = service.client().edit_person(ID, change).await.unwrap();
        assert_eq!(edit.outcome(), Unknown);
        assert_eq!(edit.error().map(Error::kind), error);
        assert!(edit.after().is_none());
        assert_eq!(edit.requested().title.as_deref(), Some("Director"));
    }
}

#[tokio::test]
async fn a_person_who_is_gone_is_an_error() {
    let service = Service::start(
        john(),
        |number, _| (number > 1).then(|| answer(404).into()),
        |_, _| answer(404).into(),
    )
    .await;
    let error = service.client().edit_person(ID, change).await.unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test]
async fn a_property_that_was_to_stay_and_did_not_is_named() {
    let service = Service::start(
        john(),
        |_, _| None,
        |person, update| {
            apply(person, &update, all);
            person.remove("manager");
            person.remove("managerId");
            shown(person).into()
        },
    )
    .await;
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_eq!(edit.outcome(), PartlyApplied);
    assert_eq!(edit.unapplied(), ["manager", "managerId"]);
}

#[tokio::test]
async fn errors_beside_a_success_are_handed_on() {
    let service = Service::start(
        john(),
        |_, _| None,
        |person, update| {
            apply(person, &update, all_but_licenses);
            let mut body = person.clone();
            let errors = json!({ "licenses": { "code": "E1", "reason": "none left" } });
            body.insert("errors".to_owned(), errors);
            shown(&body).into()
        },
    )
    .await;
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_eq!(edit.outcome(), PartlyApplied);
    assert_eq!(edit.unapplied(), ["licenses"]);
    let error = &edit.property_errors()["licenses"];
    assert_eq!(error.reason.as_deref(), Some("none left"));
}

// ---- what is sent ------------------------------------------------------------------------------

async fn faithful() -> Service {
    let write = |person: &mut Properties, update: Properties| {
        apply(person, &update, all);
        shown(person).into()
    };
    Service::start(john(), |_, _| None, write).await
}

async fn edited(change: impl FnOnce(&mut PersonUpdate) + Send) -> (Service, Result<Edit, Error>) {
    let service = faithful().await;
    let edit = service.client().edit_person(ID, change).await;
    (service, edit)
}

#[tokio::test]
async fn everything_that_can_be_written_is_sent_and_nothing_else() {
    let (service, edit) = edited(|update| update.title = Some("Director".to_owned())).await;
    assert_eq!(edit.unwrap().outcome(), Applied);
    let update = service.update();
    let read_only = read_only();
    let sent: BTreeSet<&String> = update.keys().collect();
    let john = john();
    let expected: BTreeSet<&String> = john
        .keys()
        .filter(|name| !read_only.contains(*name))
        .collect();
    assert_eq!(sent, expected);
    for (name, value) in &update {
        match name.as_str() {
            "title" => assert_eq!(value, "Director"),
            // Read as text, and taken as a boolean.
            "loginEnabled" => assert_eq!(value, true),
            // Without the extension, which the service does not take back.
            "phoneNumbers" => assert_eq!(value, &json!([john["phoneNumbers"][0]])),
            _ => assert_eq!(value, &john[name], "{name}"),
        }
    }
}

#[tokio::test]
async fn to_set_to_clear_and_to_leave_are_three_things() {
    let (service, edit) = edited(|update| {
        update.title = Some("Director".to_owned());
        update.department = None;
        update.manager = Some(String::new());
        update.phone_numbers = None;
        update.addresses = Some(Vec::new());
        update.extra.remove("colour");
    })
    .await;
    let edit = edit.unwrap();
    assert_eq!(edit.outcome(), Applied, "{:?}", edit.unapplied());
    let update = service.update();
    assert_eq!(update["title"], "Director");
    assert_eq!(update["department"], "");
    assert_eq!(update["manager"], "");
    assert_eq!(update["phoneNumbers"], json!([]));
    assert_eq!(update["addresses"], json!([]));
    assert_eq!(update["colour"], "");
    assert_eq!(update["firstName"], "John");
}

#[tokio::test]
async fn a_property_that_was_not_there_is_not_sent_unless_it_is_set() {
    let mut person = john();
    for name in ["title", "licenses", "nickName"] {
        person.remove(name);
    }
    let service = Service::start(
        person,
        |_, _| None,
        |person, update| {
            apply(person, &update, all);
            shown(person).into()
        },
    )
    .await;
    let change = |update: &mut PersonUpdate| {
        update.title = Some("Director".to_owned());
        update.licenses = None;
    };
    let edit = service.client().edit_person(ID, change).await.unwrap();
    assert_eq!(edit.outcome(), Applied);
    let update = service.update();
    assert_eq!(update["title"], "Director");
    assert!(!update.contains_key("licenses"));
    assert!(!update.contains_key("nickName"));
}

#[tokio::test]
async fn what_has_no_empty_value_cannot_be_cleared() {
    type Change = fn(&mut PersonUpdate);
    let changes: [(&str, Change); 2] = [
        ("`loginEnabled`", |update| update.login_enabled = None),
        ("`desk`", |update| {
            update.extra.remove("desk");
        }),
    ];
    for (name, change) in changes {
        let (service, edit) = edited(change).await;
        let error = edit.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(name), "{error}");
        assert_eq!(service.requests(), "G", "{name}");
    }
    let (service, edit) = edited(|update| update.login_enabled = Some(false)).await;
    assert_eq!(edit.unwrap().outcome(), Applied);
    assert_eq!(service.update()["loginEnabled"], false);
}

#[tokio::test]
async fn no_change_is_no_update() {
    let (service, edit) = edited(|_| {}).await;
    let edit = edit.unwrap();
    assert_eq!(edit.outcome(), Unchanged);
    assert_eq!(edit.after(), Some(edit.before()));
    assert_eq!(service.requests(), "G");
}

#[tokio::test]
async fn an_id_that_leads_elsewhere_sends_nothing() {
    let service = faithful().await;
    for id in ["", "me", "..", "a/b"] {
        let error = service.client().edit_person(id, change).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id:?}");
    }
    assert_eq!(service.requests(), "");
}

#[tokio::test]
async fn a_number_in_the_services_spelling_is_the_number_that_was_sent() {
    let service = Service::start(
        john(),
        |_, _| None,
        |person, update| {
            apply(person, &update, all);
            person["phoneNumbers"][0]["value"] = json!("+1 408 526 7210");
            shown(person).into()
        },
    )
    .await;
    let set = |value: &'static str| {
        move |update: &mut PersonUpdate| {
            let mut number = PhoneNumber::default();
            number.type_ = Some(PhoneNumberType::Work);
            number.value = Some(value.to_owned());
            update.phone_numbers = Some(vec![number]);
        }
    };
    let client = service.client();
    let edit = client.edit_person(ID, set("408 526 7210")).await.unwrap();
    assert_eq!(edit.outcome(), Applied);
    let edit = client.edit_person(ID, set("408 526 9999")).await.unwrap();
    assert_eq!(edit.unapplied(), ["phoneNumbers"]);
}

// ---- against the fake --------------------------------------------------------------------------

fn admin(fake: &FakePeople) -> Client {
    let builder = Client::builder().base_url(fake.base_url());
    builder.token(people_fake::ADMIN_TOKEN).build().unwrap()
}

#[tokio::test]
async fn an_edit_of_each_person_of_the_fake_loses_nothing() {
    let fake = FakePeople::start().await.unwrap();
    let client = admin(&fake);
    let org = fake.person(people_fake::JOHN_ANDERSEN).unwrap()["orgId"].clone();
    let mut edited = 0;
    for before in fake.people() {
        let id = before["id"].as_str().unwrap();
        // Without `displayName` an update is rejected; the others have tests of their own.
        let others = [
            people_fake::MINIMAL_PERSON,
            people_fake::OWN_NICK_NAME,
            people_fake::SEVERAL_EMAILS,
            people_fake::DIRECTORY_SYNCED,
        ];
        if before["orgId"] != org || others.contains(&id) {
            continue;
        }
        let set = |update: &mut PersonUpdate| update.title = Some("Edited".to_owned());
        let edit = client.edit_person(id, set).await;
        let after = fake.person(id).unwrap();
        if before.get("displayName").is_none() {
            // An update needs one.
            assert_eq!(edit.unwrap_err().kind(), ErrorKind::InvalidRequest);
            assert_eq!(after, before);
            continue;
        }
        let edit = edit.unwrap_or_else(|error| panic!("{error}: {before}"));
        assert_eq!(after["title"], "Edited");
        for (name, value) in before.as_object().unwrap() {
            let found = after.get(name).unwrap_or(&Value::Null);
            let changed = ["title", "lastModified"].contains(&name.as_str())
                || edit.also_changed().contains(name);
            assert!(changed || same(value, found), "{name}: {value}, {found}");
        }
        assert_eq!(edit.outcome(), Applied, "{before}: {:?}", edit.unapplied());
        edited += 1;
    }
    assert!(edited > 5, "{edited} people");
}

#[tokio::test]
async fn update_without_admin_role_is_rejected_with_a_reason() {
    let fake = FakePeople::start().await.unwrap();
    let client = Client::builder()
        .base_url(fake.base_url())
        .token(people_fake::USER_TOKEN)
        .build()
        .unwrap();
    let edit = client.edit_person(people_fake::JOHN_ANDERSEN, change).await;
    let error = edit.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert!(
        error
            .to_string()
            .starts_with("updatePerson: 403 Forbidden: "),
        "{error}"
    );
}
