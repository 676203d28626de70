//! What the fake offers to the tests of other programs: recorded content, people from models and
//! seeds, and a service without a runtime.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use people_fake::{
    ADMIN_TOKEN, CALLING_LICENSE, FakePeople, Fault, JOHN_ANDERSEN, Options, PersonSeed,
};
use people_sdk::{Client, EditOutcome, ErrorKind, types};
use serde_json::json;

fn client(fake: &FakePeople, token: &str) -> Client {
    Client::builder()
        .base_url(fake.base_url())
        .token(token)
        .build()
        .unwrap()
}

#[tokio::test]
async fn content_of_requests_is_recorded_on_demand() {
    let fake = FakePeople::builder()
        .record_content(true)
        .start()
        .await
        .unwrap();
    let edit = client(&fake, ADMIN_TOKEN)
        .edit_person(JOHN_ANDERSEN, |update| {
            update.title = Some("Director".to_owned());
        })
        .await
        .unwrap();
    assert_eq!(edit.outcome(), EditOutcome::Applied);
    let requests = fake.requests();
    let [read, update] = &requests[..] else {
        panic!("{requests:?}");
    };
    assert_eq!(read.body(), Some(&b""[..]));
    assert_eq!(read.json(), None);
    assert_eq!(read.header("accept"), Some("application/json"));
    assert_eq!(read.header("x-missing"), None);
    assert_eq!(update.json().unwrap()["title"], "Director");
    assert_eq!(
        update.header("Authorization"),
        Some(format!("Bearer {ADMIN_TOKEN}").as_str())
    );
    let text = format!("{requests:?}");
    assert!(
        !text.contains("Director") && !text.contains(ADMIN_TOKEN),
        "{text}"
    );
}

#[tokio::test]
async fn content_of_requests_is_not_recorded_by_default() {
    let fake = FakePeople::start().await.unwrap();
    client(&fake, ADMIN_TOKEN)
        .get_my_own_details()
        .send()
        .await
        .unwrap();
    let request = fake.requests().remove(0);
    assert_eq!(request.status, Some(200));
    assert_eq!(request.header("accept"), None);
    assert_eq!(request.body(), None);
    assert_eq!(request.json(), None);
}

#[test]
fn body_that_is_too_large_is_not_recorded() {
    let mut options = Options::default();
    options.max_request_bytes = 10;
    let fake = FakePeople::builder()
        .record_content(true)
        .options(options)
        .start_blocking()
        .unwrap();
    let body = "{\"title\": \"GM\"}";
    let status = status_line(fake.address(), "PUT", JOHN_ANDERSEN, body).unwrap();
    assert_eq!(status, "HTTP/1.1 400 Bad Request");
    let request = fake.requests().remove(0);
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.body(), None);
}

#[tokio::test]
async fn person_can_be_a_model_of_the_client() {
    let fake = FakePeople::start().await.unwrap();
    let client = client(&fake, ADMIN_TOKEN);
    let mut john = client
        .get_person_details()
        .person_id(JOHN_ANDERSEN)
        .send()
        .await
        .unwrap()
        .into_inner();
    john.title = Some("Director".to_owned());
    john.status = Some(types::PresenceStatus::DoNotDisturb);
    fake.set_person(&john).unwrap();
    let read = client
        .get_person_details()
        .person_id(JOHN_ANDERSEN)
        .send()
        .await
        .unwrap();
    assert_eq!(read.title.as_deref(), Some("Director"));
    assert_eq!(read.status, Some(types::PresenceStatus::DoNotDisturb));

    let error = fake.set_person("John").unwrap_err();
    assert_eq!(error.to_string(), "not an object");
    let error = fake.set_person(json!({ "title": "GM" })).unwrap_err();
    assert!(error.to_string().contains("`id`"), "{error}");
}

#[tokio::test]
async fn seeded_person_is_read_and_updated_like_the_predefined_ones() {
    let ada = PersonSeed::new("Ada Lovelace")
        .calling("4711")
        .set("department", "Research")
        .admin()
        .token("ada-token");
    let id = ada.id().to_owned();
    let fake = FakePeople::builder().seed(ada).start().await.unwrap();
    assert!(fake.person(JOHN_ANDERSEN).is_some());
    let client = client(&fake, "ada-token");
    let me = client
        .get_my_own_details()
        .calling_data(true)
        .send()
        .await
        .unwrap();
    assert_eq!(me.id, id);
    assert_eq!(me.display_name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(me.first_name.as_deref(), Some("Ada"));
    assert_eq!(me.department.as_deref(), Some("Research"));
    assert_eq!(me.extension.as_deref(), Some("4711"));
    assert_eq!(
        me.licenses.as_deref(),
        Some(&[CALLING_LICENSE.to_owned()][..])
    );
    let edit = client
        .edit_person(&id, |update| update.title = Some("Analyst".to_owned()))
        .await
        .unwrap();
    assert_eq!(edit.outcome(), EditOutcome::Applied);
    assert_eq!(fake.person(&id).unwrap()["title"], "Analyst");
}

#[tokio::test]
async fn seed_with_the_id_of_another_person_is_rejected() {
    let seeds = FakePeople::builder()
        .seed(PersonSeed::new("Ada Lovelace"))
        .seed(PersonSeed::new("Ada Lovelace").set("title", "Analyst"));
    let error = seeds.start().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("an earlier person has the same `id`"),
        "{error}"
    );
}

/// The status line of the response to an administrator.
fn status_line(
    address: SocketAddr,
    method: &str,
    person: &str,
    body: &str,
) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "{method} /v1/people/{person} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: Bearer {ADMIN_TOKEN}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    Ok(response.lines().next().unwrap_or_default().to_owned())
}

fn read_me(address: SocketAddr) -> std::io::Result<String> {
    status_line(address, "GET", "me", "")
}

/// A loopback address that no other server has, with any port: a port that is closed stays closed,
/// where at 127.0.0.1 it may be given to another test. macOS has no other loopback address.
pub(super) fn address_of_one_test(number: u8) -> SocketAddr {
    let last = if cfg!(target_os = "macos") {
        1
    } else {
        100 + number
    };
    ([127, 0, 0, last], 0).into()
}

#[test]
fn blocking_service_needs_no_runtime_and_ends_when_it_is_dropped() {
    let service = FakePeople::builder().listen(address_of_one_test(1));
    let fake = service.start_blocking().unwrap();
    assert_eq!(read_me(fake.address()).unwrap(), "HTTP/1.1 200 OK");
    fake.inject(Fault::status(503).times(1));
    assert_eq!(
        read_me(fake.address()).unwrap(),
        "HTTP/1.1 503 Service Unavailable"
    );
    assert_eq!(read_me(fake.address()).unwrap(), "HTTP/1.1 200 OK");
    assert_eq!(fake.requests().len(), 3);
    let address = fake.address();
    drop(fake);
    let error = read_me(address).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
}

#[test]
fn blocking_service_reports_an_address_that_cannot_be_opened() {
    let first = FakePeople::blocking().unwrap();
    let second = FakePeople::builder().listen(first.address());
    let error = second.start_blocking().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}

/// A runtime cannot be dropped in async code; the thread can.
#[tokio::test]
async fn blocking_service_can_be_dropped_in_async_code() {
    let fake = FakePeople::blocking().unwrap();
    let wrong = client(&fake, "wrong").get_my_own_details().send().await;
    assert_eq!(wrong.unwrap_err().kind(), ErrorKind::Unauthorized);
    drop(fake);
}
