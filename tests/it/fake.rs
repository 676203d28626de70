//! The fake follows the documented rules, and fails only where a fault is set. These tests use an HTTP
//! client of their own instead of `people-sdk`; every response is checked against the contract.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::HeaderMap;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use people_fake::{
    ADMIN_ROLE, ADMIN_TOKEN, Apply, BOT, BOT_TOKEN, BooleanForm, CALLING_LICENSE, DropAt,
    EXTENSION_ONLY, FULL_PERSON, FakePeople, Fault, FaultBody, GUEST, JOHN_ANDERSEN, MANAGER,
    MEMBER, MESSAGING_LICENSE, MINIMAL_PERSON, NEVER_LOGGED_IN, OUTSIDER, OUTSIDER_TOKEN, Options,
    OtherOrganizations, SYSTEM_LICENSED, USER_TOKEN,
};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::support::contract::{CheckedFake, checked, fake};
use crate::support::{CONTRACT, CONTRACT_TEXT, example};

mod consumers;
mod observed;
mod protection;

/// A response as it arrived.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    async fn of(answer: hyper::Response<Incoming>) -> Result<Self, hyper::Error> {
        let (head, body) = answer.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Self {
            status: head.status.as_u16(),
            headers: head.headers,
            text: String::from_utf8(body.to_vec()).unwrap(),
        })
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The status, and the descriptions in the error body.
    fn problems(&self) -> String {
        let body = self.json();
        assert_eq!(body["message"], body["errors"][0]["description"]);
        assert_eq!(body["trackingId"], self.header("trackingid").unwrap());
        let problems: Vec<_> = body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| error["description"].as_str().unwrap())
            .collect();
        format!("{} {}", self.status, problems.join("; "))
    }
}

/// Sends requests with one token, each over a new connection.
#[derive(Clone, Copy)]
struct Caller<'a> {
    fake: &'a FakePeople,
    token: &'a str,
}

fn caller<'a>(fake: &'a FakePeople, token: &'a str) -> Caller<'a> {
    Caller { fake, token }
}

impl Caller<'_> {
    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        RequestBuilder::new(self.fake, method, path)
            .header("authorization", &format!("Bearer {}", self.token))
    }

    async fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send().await.unwrap()
    }

    /// The person, as this caller can read it.
    async fn read(&self, id: &str, query: &str) -> Value {
        let answer = self.get(&format!("/people/{id}{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    async fn put(&self, id: &str, body: &Value) -> Answer {
        self.put_with(id, "?callingData=true", body).await
    }

    async fn put_with(&self, id: &str, query: &str, body: &Value) -> Answer {
        let request = self.request("PUT", &format!("/people/{id}{query}"));
        request.json(body).send().await.unwrap()
    }
}

/// Builds a request.
struct RequestBuilder {
    address: SocketAddr,
    request: hyper::Request<Full<Bytes>>,
}

impl RequestBuilder {
    fn new(fake: &FakePeople, method: &str, path: &str) -> Self {
        Self::at(fake, method, &format!("/v1{path}"))
    }

    fn at(fake: &FakePeople, method: &str, path: &str) -> Self {
        let address = fake.address();
        let request = hyper::Request::builder()
            .method(method)
            .uri(path)
            .header("host", address.to_string())
            .body(Full::default())
            .unwrap();
        Self { address, request }
    }

    fn header(mut self, name: &'static str, value: &str) -> Self {
        self.request
            .headers_mut()
            .insert(name, value.parse().unwrap());
        self
    }

    fn body(mut self, body: impl Into<Bytes>) -> Self {
        *self.request.body_mut() = Full::new(body.into());
        self
    }

    fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }

    /// The head of the response, before its body.
    async fn head(self) -> Result<hyper::Response<Incoming>, hyper::Error> {
        connect(self.address).await.send_request(self.request).await
    }

    async fn send(self) -> Result<Answer, hyper::Error> {
        Answer::of(self.head().await?).await
    }
}

async fn connect(address: SocketAddr) -> http1::SendRequest<Full<Bytes>> {
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    // `send` reports the end of the connection.
    tokio::spawn(async move { drop(connection.await) });
    sender
}

fn with(mut person: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else {
        panic!("changes are an object")
    };
    for (name, value) in changes {
        match value {
            Value::Null => person.as_object_mut().unwrap().remove(&name),
            value => person.as_object_mut().unwrap().insert(name, value),
        };
    }
    person
}

/// The person without `lastModified`, which every update changes.
fn without_last_modified(person: &Value) -> Value {
    with(person.clone(), json!({ "lastModified": null }))
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

// People.

#[tokio::test]
async fn documented_example_is_the_first_person() {
    let fake = fake().await;
    let john = caller(&fake, ADMIN_TOKEN);
    let me = john.get("/people/me?callingData=true").await;
    assert_eq!(me.status, 200);
    assert_eq!(me.header("content-type"), Some("application/json"));
    assert_eq!(me.json(), example("MyOwnDetails"));
    assert_eq!(
        john.read(JOHN_ANDERSEN, "?callingData=true").await,
        me.json()
    );
    assert_eq!(fake.people()[0], example("MyOwnDetails"));
}

#[tokio::test]
async fn documented_people_exist() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    for (id, name, value) in [
        (MANAGER, "roles", json!([ADMIN_ROLE])),
        (MEMBER, "roles", json!([])),
        (BOT, "type", json!("bot")),
        (GUEST, "type", json!("appuser")),
        (NEVER_LOGGED_IN, "status", json!("pending")),
        (NEVER_LOGGED_IN, "invitePending", json!("true")),
    ] {
        assert_eq!(admin.read(id, "").await[name], value, "{id}");
    }
    assert_eq!(
        keys(&admin.read(MINIMAL_PERSON, "?callingData=true").await),
        ["id", "orgId"]
    );
    // Every property of the contract except `errors`, which is about a request.
    let schema = &CONTRACT["components"]["schemas"]["Person"]["properties"];
    let mut expected = keys(schema);
    expected.retain(|name| *name != "errors");
    expected.sort_unstable();
    let full = admin.read(FULL_PERSON, "?callingData=true").await;
    assert_eq!(keys(&full), expected);
    for (token, id) in [
        (ADMIN_TOKEN, JOHN_ANDERSEN),
        (USER_TOKEN, MEMBER),
        (OUTSIDER_TOKEN, OUTSIDER),
        (BOT_TOKEN, BOT),
    ] {
        let me = caller(&fake, token).get("/people/me").await.json();
        assert_eq!(me["id"], id, "{token}");
    }
}

// Visibility.

#[tokio::test]
async fn presence_is_visible_in_the_organization_and_account_state_to_its_administrators() {
    let fake = fake().await;
    let full = fake.person(FULL_PERSON).unwrap();
    let hidden = |seen: &Value| -> Vec<String> {
        let seen = keys(seen);
        let all = keys(&full).into_iter();
        all.filter(|name| !seen.contains(name))
            .map(str::to_owned)
            .collect()
    };
    let calling = ["extension", "locationId"];
    let account = ["invitePending", "loginEnabled"];
    let presence = ["lastActivity", "status"];
    let mut expected: Vec<(&str, &str, Vec<&str>)> = vec![
        (ADMIN_TOKEN, "?callingData=true", vec![]),
        (ADMIN_TOKEN, "?callingData=false", calling.to_vec()),
        (ADMIN_TOKEN, "", calling.to_vec()),
    ];
    for query in ["", "?callingData=true"] {
        let member = [calling, account].concat();
        expected.push((USER_TOKEN, query, member.clone()));
        expected.push((BOT_TOKEN, query, member));
        expected.push((OUTSIDER_TOKEN, query, [calling, account, presence].concat()));
    }
    for (token, query, mut names) in expected {
        names.sort_unstable();
        let seen = caller(&fake, token).read(FULL_PERSON, query).await;
        assert_eq!(hidden(&seen), names, "{token}{query}");
        let extension_shown = token == ADMIN_TOKEN && query == "?callingData=true";
        let mirrored = seen["phoneNumbers"]
            .as_array()
            .unwrap()
            .iter()
            .any(|number| number["type"] == "work_extension");
        assert_eq!(mirrored, extension_shown, "{token}{query}");
    }
}

#[tokio::test]
async fn own_presence_is_visible_and_own_account_state_is_not() {
    let fake = fake().await;
    let me = caller(&fake, OUTSIDER_TOKEN).get("/people/me").await.json();
    assert_eq!(me["status"], "OutOfOffice");
    assert!(me.get("lastActivity").is_some());
    assert!(me.get("loginEnabled").is_none());
    // An administrator has no rights in another organization.
    let seen = caller(&fake, ADMIN_TOKEN)
        .read(OUTSIDER, "?callingData=true")
        .await;
    for name in ["status", "lastActivity", "invitePending", "loginEnabled"] {
        assert!(seen.get(name).is_none(), "{name}");
    }
}

#[tokio::test]
async fn missing_or_wrong_token_is_unauthorized() {
    let fake = fake().await;
    let unauthorized = caller(&fake, "wrong");
    for path in [
        "/people/me",
        &format!("/people/{JOHN_ANDERSEN}"),
        "/people/x",
    ] {
        let answer = unauthorized.get(path).await;
        assert_eq!(answer.problems(), "401 A valid access token is required");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    let me = || RequestBuilder::new(&fake, "GET", "/people/me");
    let bare = me().send().await.unwrap();
    assert_eq!(bare.status, 401);
    let basic = me()
        .header("authorization", "Basic fake-admin")
        .send()
        .await;
    assert_eq!(basic.unwrap().status, 401);
    let lower = me()
        .header("authorization", "bearer fake-user")
        .send()
        .await;
    assert_eq!(lower.unwrap().status, 200);
}

#[tokio::test]
async fn padded_id_is_accepted_and_unknown_id_is_not_found() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    assert_eq!(
        admin.read(&format!("{JOHN_ANDERSEN}="), "").await["id"],
        JOHN_ANDERSEN
    );
    for id in ["unknown", "%2E%2E", "me2", "%FF"] {
        let answer = admin.get(&format!("/people/{id}")).await;
        assert_eq!(answer.problems(), "404 No person has this id");
    }
}

#[tokio::test]
async fn query_parameters_must_be_booleans_and_unknown_ones_are_ignored() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    // A Python client writes `True`.
    assert_eq!(
        admin.read("me", "?callingData=True").await["extension"],
        "133"
    );
    assert!(
        admin
            .read("me", "?callingdata=true&x=y")
            .await
            .get("extension")
            .is_none()
    );
    for value in ["", "1", "yes", "true%20"] {
        let answer = admin.get(&format!("/people/me?callingData={value}")).await;
        assert_eq!(answer.problems(), "400 callingData: expected true or false");
    }
}

#[tokio::test]
async fn path_with_a_format_suffix_is_not_found() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    for (accept, status) in [
        ("application/json", 200),
        ("*/*", 200),
        ("text/html, application/*;q=0.5", 200),
        ("text/html", 404),
        ("application/json;q=0, text/html", 404),
    ] {
        let request = admin.request("GET", "/people/me").header("accept", accept);
        assert_eq!(request.send().await.unwrap().status, status, "{accept}");
    }
}

// Unknown routes.

#[tokio::test]
async fn unknown_route_lists_the_known_routes() {
    let fake = fake().await;
    let unauthorized = caller(&fake, "wrong");
    let answer = unauthorized.request("POST", "/persons");
    let answer = answer.send().await.unwrap();
    insta::assert_snapshot!(answer.problems(), @"404 There is no route POST /v1/persons; There is GET /v1/people/me; There is GET /v1/people/{personId}; There is PUT /v1/people/{personId}; There is GET /v1/people; There is POST /v1/access_token");
    for path in ["/people/", "/people/a/b", "/", "", "/people//"] {
        assert_eq!(unauthorized.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn unsupported_method_lists_the_supported_methods() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    for (path, allow) in [("/people/me", "GET"), ("/people/x", "GET, PUT")] {
        for method in ["POST", "DELETE", "PATCH", "TRACE", "OPTIONS", "BREW"] {
            let answer = admin.request(method, path).send().await.unwrap();
            assert_eq!(
                answer.problems(),
                format!("405 This path supports {allow} only")
            );
            assert_eq!(answer.header("allow"), Some(allow));
        }
    }
    let put = admin.request("PUT", "/people/me").json(&json!({}));
    assert_eq!(put.send().await.unwrap().status, 405);
    let head = admin.request("HEAD", "/people/me").send().await.unwrap();
    assert_eq!((head.status, head.text.as_str()), (405, ""));
}

// Updates.

#[tokio::test]
async fn update_replaces_every_writable_property() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let before = fake.person(FULL_PERSON).unwrap();
    let answer = admin
        .put(FULL_PERSON, &json!({ "displayName": "E. F." }))
        .await;
    assert_eq!(answer.status, 200);
    let after = fake.person(FULL_PERSON).unwrap();
    assert_eq!(answer.json(), after);
    assert_eq!(after["displayName"], "E. F.");
    let gone: Vec<_> = keys(&before)
        .into_iter()
        .filter(|name| after.get(name).is_none())
        .collect();
    insta::assert_snapshot!(gone.join(" "), @"addresses avatar department emails extension firstName lastName licenses locationId manager managerId nickName phoneNumbers roles title");
    // Removing an attendee role needs `showAllTypes`.
    assert_eq!(after["siteUrls"], json!(["training.webex.com#attendee"]));
    for name in [
        "id",
        "orgId",
        "loginEnabled",
        "created",
        "timezone",
        "sipAddresses",
        "userName",
    ] {
        assert_eq!(after[name], before[name], "{name}");
    }
}

#[tokio::test]
async fn complete_example_of_an_update_erases_nothing() {
    let fake = fake().await;
    let before = fake.person(JOHN_ANDERSEN).unwrap();
    let body = example("UpdatePersonComplete");
    let answer = caller(&fake, ADMIN_TOKEN).put(JOHN_ANDERSEN, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let after = fake.person(JOHN_ANDERSEN).unwrap();
    assert_eq!(
        without_last_modified(&after),
        without_last_modified(&before)
    );
}

#[tokio::test]
async fn every_person_that_was_read_can_be_sent_back() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let odd = with(
        fake.person(FULL_PERSON).unwrap(),
        json!({
            "id": "odd",
            "phoneNumbers": [{ "type": "pager", "value": "1", "verified": true }],
            "status": "asleep",
            "type": "hologram",
            "loginEnabled": false,
            "favouriteColour": { "name": "green" },
            "title": 7,
            "emails": ["a@example.com", "b@example.com"],
            "addresses": [null],
        }),
    );
    fake.set_person(odd).unwrap();
    for id in [
        JOHN_ANDERSEN,
        MANAGER,
        MEMBER,
        BOT,
        GUEST,
        NEVER_LOGGED_IN,
        FULL_PERSON,
        EXTENSION_ONLY,
        SYSTEM_LICENSED,
    ] {
        let read = admin.read(id, "?callingData=true").await;
        let answer = admin.put(id, &read).await;
        assert_eq!(answer.status, 200, "{id}: {}", answer.text);
        assert_eq!(
            without_last_modified(&answer.json()),
            without_last_modified(&read),
            "{id}"
        );
        assert_eq!(
            without_last_modified(&fake.person(id).unwrap()),
            without_last_modified(&read)
        );
    }
    let before = fake.person("odd").unwrap();
    let answer = admin.put("odd", &before).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(
        without_last_modified(&fake.person("odd").unwrap()),
        without_last_modified(&before)
    );
    // This test added it; the contract does not list it.
    assert_eq!(fake.take_problems().len(), 1);
}

#[tokio::test]
async fn read_only_and_unknown_properties_are_ignored() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let before = fake.person(MEMBER).unwrap();
    let body = with(
        before.clone(),
        json!({
            "id": OUTSIDER, "created": 7, "status": ["x"], "type": "bot", "lastModified": "never",
            "invitePending": {}, "sipAddresses": [], "errors": "none", "favouriteColour": "green",
        }),
    );
    let answer = admin.put(MEMBER, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(
        without_last_modified(&fake.person(MEMBER).unwrap()),
        without_last_modified(&before)
    );
}

#[tokio::test]
async fn last_modified_increases_with_every_update() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let mut last = String::new();
    for _ in 0..5 {
        let read = admin.read(MEMBER, "").await;
        let moved = admin.put(MEMBER, &read).await.json()["lastModified"].clone();
        let moved = moved.as_str().unwrap().to_owned();
        assert!(moved > last, "{moved} is not after {last}");
        last = moved;
    }
}

#[tokio::test]
async fn only_an_administrator_of_the_organization_can_update() {
    let fake = fake().await;
    let before = fake.people();
    for token in [USER_TOKEN, BOT_TOKEN, OUTSIDER_TOKEN] {
        for id in [JOHN_ANDERSEN, MEMBER, OUTSIDER, "unknown"] {
            let answer = caller(&fake, token).put(id, &json!({ "title": "x" })).await;
            assert_eq!(
                answer.problems(),
                "403 Only an administrator can update a person"
            );
        }
    }
    let admin = caller(&fake, ADMIN_TOKEN);
    let elsewhere = admin.put(OUTSIDER, &json!({})).await;
    assert_eq!(
        elsewhere.problems(),
        "403 This person is in another organization"
    );
    assert_eq!(
        admin.put("unknown", &json!({})).await.problems(),
        "404 No person has this id"
    );
    assert_eq!(fake.people(), before);
}

#[tokio::test]
async fn invalid_bodies_are_rejected() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let before = fake.people();
    let mut refused = String::new();
    for body in [
        json!({ "displayName": null }),
        json!({ "displayName": "" }),
        json!({ "emails": ["nothing like an address"] }),
        json!({ "emails": "a@example.com" }),
        json!({ "displayName": 7, "title": null, "roles": [1] }),
        json!({ "loginEnabled": "yes" }),
        json!({ "phoneNumbers": [{ "type": "work", "value": 7 }] }),
        json!({ "phoneNumbers": [{ "type": "pager", "value": "7" }] }),
        json!({ "phoneNumbers": ["7"] }),
        json!({ "phoneNumbers": [{ "primary": "true" }] }),
        json!({ "addresses": [{ "type": "work" }, { "city": 1, "country": ["US"] }] }),
        json!({ "orgId": "elsewhere" }),
        json!({ "locationId": "there", "licenses": [MESSAGING_LICENSE] }),
        json!([{}]),
    ] {
        let mut whole = body.clone();
        if let Value::Object(body) = &mut whole {
            body.entry("displayName").or_insert(json!("Mary Lee"));
            body.retain(|name, value| name != "displayName" || !value.is_null());
        }
        let answer = admin.put(MEMBER, &whole).await;
        writeln!(refused, "{body}\n    {}", answer.problems()).unwrap();
    }
    insta::assert_snapshot!("refused", refused);
    assert_eq!(fake.people(), before);
}

#[tokio::test]
async fn malformed_bodies_are_rejected() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let path = format!("/people/{MEMBER}");
    let put = |media: Option<&'static str>, body: &str| {
        let mut request = admin.request("PUT", &path).body(body.to_owned());
        if let Some(media) = media {
            request = request.header("content-type", media);
        }
        request.send()
    };
    let json = Some("application/json");
    for (body, problem) in [
        (
            "{",
            "400 The body is not JSON: EOF while parsing an object at line 1 column 1",
        ),
        (
            "",
            "400 The body is not JSON: EOF while parsing a value at line 1 column 0",
        ),
        ("[]", "400 The body is not a JSON object"),
        (
            "\"\\ud800\"",
            "400 The body is not JSON: unexpected end of hex escape at line 1 column 8",
        ),
    ] {
        assert_eq!(put(json, body).await.unwrap().problems(), problem);
    }
    let deep = "[".repeat(100_000);
    assert_eq!(put(json, &deep).await.unwrap().status, 400);
    for media in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some(""),
    ] {
        let answer = put(media, "{}").await.unwrap();
        assert_eq!(answer.problems(), "415 Send the body as application/json");
    }
    let charset = Some("Application/JSON; charset=utf-8");
    let body = r#"{ "displayName": "Mary" }"#;
    assert_eq!(put(charset, body).await.unwrap().status, 200);
}

#[tokio::test]
async fn body_beyond_the_limit_is_rejected_and_not_logged() {
    let mut options = Options::default();
    options.max_request_bytes = 1000;
    let fake = checked(FakePeople::builder().options(options)).await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let empty = r#"{"displayName":""}"#.len();
    let body = |length: usize| json!({ "displayName": "x".repeat(length - empty) });
    assert_eq!(admin.put(MEMBER, &body(1000)).await.status, 200);
    for length in [1001, 10_000_000] {
        let answer = admin.put(MEMBER, &body(length)).await;
        assert_eq!(answer.problems(), "400 The body is larger than 1000 bytes");
    }
}

#[tokio::test]
async fn empty_value_clears_like_an_absent_one() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let read = admin.read(FULL_PERSON, "?callingData=true").await;
    let body = with(
        read,
        json!({ "title": "", "avatar": "", "addresses": [], "emails": [] }),
    );
    let after = admin.put(FULL_PERSON, &body).await.json();
    assert!(after.get("title").is_none() && after.get("avatar").is_none());
    assert_eq!(
        (&after["addresses"], &after["emails"]),
        (&json!([]), &json!([]))
    );
}

#[tokio::test]
async fn login_enabled_is_written_as_a_boolean_and_read_as_documented() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let read = admin.read(MEMBER, "").await;
    for (sent, read_as) in [
        (json!(false), "false"),
        (json!("true"), "true"),
        (json!(true), "true"),
    ] {
        let after = admin
            .put(MEMBER, &with(read.clone(), json!({ "loginEnabled": sent })))
            .await;
        assert_eq!(after.json()["loginEnabled"], read_as);
    }
}

#[tokio::test]
async fn min_response_omits_the_person() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let read = admin.read(MEMBER, "").await;
    let answer = admin.put_with(MEMBER, "?minResponse=true", &read).await;
    assert_eq!(answer.json(), json!({ "id": MEMBER }));
    let answer = admin.put_with(MEMBER, "?minResponse=false", &read).await;
    assert_eq!(
        without_last_modified(&answer.json()),
        without_last_modified(&read)
    );
}

#[tokio::test]
async fn attendee_role_is_removed_only_with_show_all_types() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let read = admin.read(FULL_PERSON, "?callingData=true").await;
    let none = with(read, json!({ "siteUrls": [] }));
    let after = admin.put(FULL_PERSON, &none).await.json();
    assert_eq!(after["siteUrls"], json!(["training.webex.com#attendee"]));
    let all = "?callingData=true&showAllTypes=true";
    let after = admin.put_with(FULL_PERSON, all, &none).await.json();
    assert_eq!(after["siteUrls"], json!([]));
}

#[tokio::test]
async fn location_requires_a_calling_license_and_cannot_change() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let read = admin.read(MEMBER, "?callingData=true").await;
    let both = json!([MESSAGING_LICENSE, CALLING_LICENSE]);

    let early = with(read.clone(), json!({ "locationId": "there" }));
    insta::assert_snapshot!(admin.put(MEMBER, &early).await.problems(), @"400 locationId: a location can be set only together with a new calling license");

    let hired = with(early, json!({ "licenses": both, "extension": "142" }));
    let after = admin.put(MEMBER, &hired).await.json();
    assert_eq!(
        (&after["locationId"], &after["extension"]),
        (&json!("there"), &json!("142"))
    );

    let moved = with(after.clone(), json!({ "locationId": "elsewhere" }));
    insta::assert_snapshot!(admin.put(MEMBER, &moved).await.problems(), @"409 locationId: the location of a calling user cannot be changed");

    // A caller who reads without calling data cannot send the location back.
    let unaware = with(after, json!({ "locationId": null, "extension": null }));
    let after = admin.put(MEMBER, &unaware).await.json();
    assert_eq!(
        (after.get("extension"), &after["locationId"]),
        (None, &json!("there"))
    );

    let gone = with(after, json!({ "licenses": [MESSAGING_LICENSE] }));
    let after = admin.put(MEMBER, &gone).await.json();
    assert_eq!(after.get("locationId"), None);
    assert_eq!(after.get("errors"), None);
}

#[tokio::test]
async fn extension_requires_a_calling_license() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let read = admin.read(MEMBER, "").await;
    let after = admin
        .put(MEMBER, &with(read, json!({ "extension": "9" })))
        .await
        .json();
    assert_eq!(after.get("extension"), None);
    assert_eq!(
        after["errors"]["extension"]["reason"],
        "this requires a calling license"
    );
}

#[tokio::test]
async fn calling_details_set_elsewhere_can_be_sent_back() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let details = json!({ "extension": "9", "locationId": "here" });
    let person = with(fake.person(MEMBER).unwrap(), details);
    fake.set_person(person).unwrap();
    let read = admin.read(MEMBER, "?callingData=true").await;
    let after = admin
        .put(MEMBER, &with(read, json!({ "title": "x" })))
        .await
        .json();
    assert_eq!(
        (&after["extension"], &after["locationId"], &after["title"]),
        (&json!("9"), &json!("here"), &json!("x"))
    );
    assert_eq!(after.get("errors"), None);
}

#[tokio::test]
async fn work_extension_entry_follows_the_extension() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let read = admin.read(FULL_PERSON, "?callingData=true").await;
    let number = |person: &Value| person["phoneNumbers"][1].clone();
    assert_eq!(number(&read)["value"], "84170");
    let body = with(read.clone(), json!({ "extension": "171" }));
    let after = admin.put(FULL_PERSON, &body).await.json();
    assert_eq!(number(&after)["value"], "84171");
    assert_eq!(number(&after)["type"], "work_extension");
    let body = with(read, json!({ "extension": null, "phoneNumbers": [] }));
    let after = admin.put(FULL_PERSON, &body).await.json();
    assert_eq!(after["phoneNumbers"], json!([]));
}

#[tokio::test]
async fn administrator_can_remove_the_own_role() {
    let fake = fake().await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let read = admin.read("me", "").await;
    let answer = admin
        .put(JOHN_ANDERSEN, &with(read.clone(), json!({ "roles": [] })))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json().get("loginEnabled"), None);
    assert_eq!(admin.put(JOHN_ANDERSEN, &read).await.status, 403);
}

// Options for what the pages leave open.

#[tokio::test]
async fn undocumented_behaviour_is_configurable() {
    let mut options = Options::default();
    options.other_organizations = OtherOrganizations::NotFound;
    options.boolean_form = BooleanForm::Boolean;
    options.kept_when_omitted.push("title".to_owned());
    options.calling_data_without_admin = Some(hyper::StatusCode::FORBIDDEN);
    let fake = checked(FakePeople::builder().options(options)).await;
    let admin = caller(&fake, ADMIN_TOKEN);
    assert_eq!(admin.get(&format!("/people/{OUTSIDER}")).await.status, 404);
    assert_eq!(admin.put(OUTSIDER, &json!({})).await.status, 404);
    assert_eq!(admin.read(NEVER_LOGGED_IN, "").await["invitePending"], true);
    let body = json!({ "displayName": "Mary", "licenses": ["unknown", MESSAGING_LICENSE] });
    let after = admin.put(MEMBER, &body).await.json();
    assert_eq!(after["licenses"], json!([MESSAGING_LICENSE]));
    assert_eq!(after["errors"]["licenses"]["code"], "NOT_APPLIED");
    assert_eq!(after["title"], "Account Manager");
    let user = caller(&fake, USER_TOKEN);
    assert_eq!(
        user.get("/people/me?callingData=true").await.problems(),
        "403 callingData: only an administrator can request it"
    );
    assert_eq!(user.get("/people/me?callingData=false").await.status, 200);
}

// Loading people.

#[tokio::test]
async fn people_are_loaded_from_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("people.json");
    let people = json!({
        "people": [
            { "id": "b2I", "orgId": "o", "type": "person" },
            { "id": "YW4", "orgId": "o", "type": "person", "roles": [ADMIN_ROLE] },
            { "id": "Ym90", "orgId": "o", "type": "bot" },
            { "id": "b3V0", "orgId": "p", "type": "person" },
        ],
        "tokens": { "mine": "Ym90", "fake-user": "YW4" },
    });
    std::fs::write(&path, people.to_string()).unwrap();
    let builder = FakePeople::builder().people_file(&path).unwrap();
    let fake = checked(builder.token("yours", "b3V0=")).await;
    for (token, id) in [
        (ADMIN_TOKEN, "YW4"),
        (USER_TOKEN, "YW4"),
        (BOT_TOKEN, "Ym90"),
        (OUTSIDER_TOKEN, "b3V0"),
        ("mine", "Ym90"),
        ("yours", "b3V0"),
    ] {
        assert_eq!(
            caller(&fake, token).read("me", "").await["id"],
            id,
            "{token}"
        );
    }
    assert_eq!(fake.person(JOHN_ANDERSEN), None);
    fake.set_token("yours", "b2I").unwrap();
    assert_eq!(caller(&fake, "yours").read("me", "").await["id"], "b2I");
}

#[tokio::test]
async fn people_without_an_organization_or_an_administrator_are_loaded() {
    let people = r#"[{ "id": "YQ", "status": "active" }, { "id": "Yg", "orgId": "o" }]"#;
    let fake = checked(FakePeople::builder().people_json(people).unwrap()).await;
    assert_eq!(caller(&fake, USER_TOKEN).read("me", "").await["id"], "YQ");
    assert_eq!(
        caller(&fake, OUTSIDER_TOKEN).read("me", "").await["id"],
        "Yg"
    );
    assert_eq!(
        caller(&fake, OUTSIDER_TOKEN).read("YQ", "").await,
        json!({ "id": "YQ" })
    );
    assert_eq!(
        caller(&fake, ADMIN_TOKEN).get("/people/me").await.status,
        401
    );

    let people = json!([{ "id": "YQ", "roles": [ADMIN_ROLE] }, { "id": "Yg" }]).to_string();
    let fake = checked(FakePeople::builder().people_json(&people).unwrap()).await;
    assert_eq!(caller(&fake, USER_TOKEN).read("me", "").await["id"], "Yg");
    let updated = caller(&fake, ADMIN_TOKEN)
        .put("Yg", &json!({ "displayName": "y", "title": "x" }))
        .await;
    assert_eq!(updated.json()["title"], "x");
}

#[test]
fn invalid_people_are_rejected_with_a_reason() {
    let mut messages = String::new();
    for text in [
        "[",
        "7",
        "{}",
        r#"{ "people": {} }"#,
        r#"{ "people": [], "person": [] }"#,
        r#"{ "people": [], "tokens": [] }"#,
        r#"{ "people": [], "tokens": { "mine": "x" } }"#,
        r#"[{ "id": "a" }, { "displayName": "b" }]"#,
        r#"[{ "id": "a" }, { "id": "" }]"#,
        r#"[{ "id": "a" }, "b"]"#,
        r#"[{ "id": "a" }, { "id": "a=" }]"#,
    ] {
        let error = FakePeople::builder().people_json(text).unwrap_err();
        writeln!(messages, "{text}\n    {error}").unwrap();
    }
    insta::assert_snapshot!("cannot_be_loaded", messages);
    let missing = FakePeople::builder().people_file("/nowhere/people.json");
    insta::assert_snapshot!(missing.unwrap_err(), @"/nowhere/people.json: No such file or directory (os error 2)");
}

// Starting and stopping.

#[tokio::test]
async fn other_addresses_than_loopback_must_be_allowed() {
    let address: std::net::SocketAddr = ([0, 0, 0, 0], 0).into();
    let error = FakePeople::builder()
        .listen(address)
        .start()
        .await
        .unwrap_err();
    insta::assert_snapshot!(error, @"0.0.0.0:0 is reachable from other machines, which could then read and change every person; listen on 127.0.0.1, or allow remote access explicitly");
}

#[tokio::test]
async fn reference_page_names_the_fake_as_its_server() {
    let fake = checked(FakePeople::builder().contract(&CONTRACT_TEXT)).await;
    let get = |path| RequestBuilder::at(&fake, "GET", path).send();
    for (path, media, content) in [
        (
            "/",
            "text/html; charset=utf-8",
            "/docs/swagger-ui-bundle.js",
        ),
        ("/docs", "text/html; charset=utf-8", "/docs/start.js"),
        ("/docs/start.js", "text/javascript", "/openapi.yaml"),
        (
            "/docs/swagger-ui-bundle.js",
            "text/javascript",
            "SwaggerUIBundle",
        ),
        ("/docs/swagger-ui.css", "text/css", ".swagger-ui"),
    ] {
        let answer = get(path).await.unwrap();
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some(media)),
            "{path}"
        );
        assert!(answer.text.contains(content), "{path}");
    }
    let page = get("/").await.unwrap();
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none';") && !policy.contains("http"),
        "{policy}"
    );

    let shown = get("/openapi.yaml").await.unwrap();
    assert_eq!(shown.header("content-type"), Some("application/yaml"));
    let shown = people_codegen::document::load::load(&shown.text).unwrap();
    let mut shown = Value::deserialize(&shown).unwrap();
    assert_eq!(shown["servers"][0]["url"], "/v1");
    assert_eq!(shown["servers"].as_array().unwrap().len(), 1);
    shown["servers"] = CONTRACT["servers"].clone();
    assert_eq!(shown, *CONTRACT);
    let json = get("/openapi.json").await.unwrap();
    assert_eq!(json.header("content-type"), Some("application/json"));
    // In the order of the contract, not of the alphabet.
    assert!(
        json.text
            .starts_with(r#"{"openapi":"3.0.3","info":{"title""#)
    );
    let mut json = json.json();
    json["servers"] = CONTRACT["servers"].clone();
    assert_eq!(json, *CONTRACT);

    assert!(fake.requests().is_empty());
    assert_eq!(get("/v1/").await.unwrap().status, 404);
    let post = RequestBuilder::at(&fake, "POST", "/docs")
        .send()
        .await
        .unwrap();
    assert_eq!(post.status, 404);
}

#[tokio::test]
async fn reference_page_requires_a_contract() {
    let fake = fake().await;
    for path in [
        "/",
        "/docs",
        "/openapi.yaml",
        "/openapi.json",
        "/docs/start.js",
    ] {
        let answer = RequestBuilder::at(&fake, "GET", path).send().await.unwrap();
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.problems().contains("There is GET /v1/people/me"));
    }
}

#[tokio::test]
async fn address_in_use_is_named_in_the_error() {
    let first = fake().await;
    let error = FakePeople::builder()
        .listen(first.address())
        .start()
        .await
        .unwrap_err();
    let message = error.to_string();
    let expected = format!(
        "cannot listen on {}: Address already in use",
        first.address()
    );
    assert!(message.starts_with(&expected), "{message}");
}

#[tokio::test]
async fn stop_and_drop_close_the_listener() {
    for gracefully in [true, false] {
        let listen = consumers::address_of_one_test(2);
        let fake = checked(FakePeople::builder().listen(listen)).await;
        let address = fake.address();
        let ask = || RequestBuilder::new(&fake, "GET", "/people/me");
        // An open connection does not keep it running.
        let mut open = connect(address).await;
        let answer = open.send_request(ask().request).await.unwrap();
        assert_eq!(Answer::of(answer).await.unwrap().status, 401);
        let again = ask().request;
        if gracefully {
            fake.into_inner().stop().await;
        } else {
            drop(fake);
            tokio::task::yield_now().await;
        }
        assert!(open.send_request(again).await.is_err());
        assert!(tokio::net::TcpStream::connect(address).await.is_err());
    }
}

#[tokio::test]
async fn graceful_stop_completes_open_requests() {
    let fake = fake().await;
    fake.inject(Fault::delay(Duration::from_millis(50)));
    let answer = tokio::spawn(RequestBuilder::new(&fake, "GET", "/people/me").send());
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    fake.into_inner().stop().await;
    assert_eq!(answer.await.unwrap().unwrap().status, 401);
}

#[tokio::test]
async fn request_log_contains_no_secrets() {
    let fake = checked(FakePeople::builder().log_length(2)).await;
    let user = caller(&fake, USER_TOKEN);
    user.get("/people/me").await;
    user.get("/people/x?callingData=true").await;
    fake.inject(Fault::drop_connection(DropAt::Head).times(1));
    user.request("GET", "/people/me").send().await.unwrap_err();
    let seen: Vec<_> = fake
        .requests()
        .into_iter()
        .map(|r| (r.number, r.method, r.path, r.query, r.status))
        .collect();
    let get = "GET".to_owned();
    let expected = [
        (
            2,
            get.clone(),
            "/v1/people/x".to_owned(),
            Some("callingData=true".to_owned()),
            Some(404),
        ),
        (3, get, "/v1/people/me".to_owned(), None, None),
    ];
    assert_eq!(seen, expected);
    let shown = format!("{:?} {:?}", *fake, fake.requests());
    assert!(
        !shown.contains("fake-user") && !shown.contains('@'),
        "{shown}"
    );
    fake.clear_requests();
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn fixed_clock_makes_responses_repeatable() {
    let time = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let body = json!({ "displayName": "Mary" });
    for _ in 0..2 {
        let fake = checked(FakePeople::builder().clock(time)).await;
        let admin = caller(&fake, ADMIN_TOKEN);
        let moved = admin.put(MEMBER, &body).await.json()["lastModified"].clone();
        assert_eq!(moved, "2027-01-15T08:00:00.001Z");
        let moved = admin.put(MEMBER, &body).await.json()["lastModified"].clone();
        assert_eq!(moved, "2027-01-15T08:00:00.002Z");
    }
    // A clock that runs behind does not decrease `lastModified`.
    let fake = checked(FakePeople::builder().clock(std::time::SystemTime::UNIX_EPOCH)).await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let before = fake.person(MEMBER).unwrap();
    assert_eq!(before["lastModified"], "2020-05-06T07:08:09.100Z");
    let moved = admin.put(MEMBER, &before).await.json()["lastModified"].clone();
    assert_eq!(moved, "2020-05-06T07:08:09.101Z");
}

// Faults.

async fn faulty(line: &str) -> CheckedFake {
    let fault = line
        .parse()
        .unwrap_or_else(|error| panic!("{line}: {error}"));
    checked(FakePeople::builder().fault(fault)).await
}

/// The statuses of `requests` requests for `/people/me`.
async fn statuses(caller: &Caller<'_>, requests: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..requests {
        let answer = caller.request("GET", "/people/me").send().await;
        statuses.push(answer.map_or(0, |answer| answer.status));
    }
    statuses
}

#[tokio::test]
async fn status_fault_applies_to_the_next_requests_of_a_route() {
    let fake = faulty("PUT /people/{personId} 503 retry-after='rand(30),add(30)' times=2").await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let before = fake.person(MEMBER);
    for _ in 0..2 {
        assert_eq!(admin.get(&format!("/people/{MEMBER}")).await.status, 200);
        let answer = admin.put(MEMBER, &json!({})).await;
        assert_eq!(answer.problems(), "503 Service Unavailable");
        assert_eq!(answer.header("retry-after"), Some("rand(30),add(30)"));
        assert_eq!(fake.person(MEMBER), before);
    }
    let body = json!({ "displayName": "Mary" });
    assert_eq!(admin.put(MEMBER, &body).await.status, 200);
}

#[tokio::test]
async fn fault_applies_to_one_person_or_one_route() {
    let fake = faulty(&format!("/people/{MEMBER} 500")).await;
    let admin = caller(&fake, ADMIN_TOKEN);
    assert_eq!(admin.get(&format!("/people/{MEMBER}=")).await.status, 500);
    assert_eq!(admin.get(&format!("/people/{BOT}")).await.status, 200);
    assert_eq!(admin.get("/people/me").await.status, 200);
    fake.clear_faults();
    fake.inject(Fault::status(503).times(0));
    fake.inject(Fault::status(500).method("get").path("/v1/people/me"));
    assert_eq!(admin.get(&format!("/people/{MEMBER}")).await.status, 200);
    assert_eq!(admin.get("/people/me").await.status, 500);
}

#[tokio::test]
async fn fault_bodies_of_every_kind() {
    for (line, status, media, text) in [
        ("502 body=empty", 502, None, ""),
        (
            "200 body=raw:{nonsense",
            200,
            Some("application/json"),
            "{nonsense",
        ),
        ("204", 204, None, ""),
        ("202 body=error", 202, None, ""),
    ] {
        let fake = faulty(line).await;
        let answer = caller(&fake, USER_TOKEN).get("/people/me").await;
        assert_eq!(answer.status, status, "{line}");
        assert_eq!(answer.header("content-type"), media, "{line}");
        assert_eq!(answer.text, text, "{line}");
        assert!(answer.header("trackingid").is_some(), "{line}");
    }
    let fake = faulty("502 body=html").await;
    let answer = caller(&fake, USER_TOKEN).get("/people/me").await;
    assert_eq!(answer.header("content-type"), Some("text/html"));
    assert!(
        answer.text.contains("<h1>502 Bad Gateway</h1>"),
        "{}",
        answer.text
    );
    let fake = faulty("201").await;
    let answer = caller(&fake, USER_TOKEN).get("/people/me").await;
    assert_eq!((answer.status, &answer.json()["id"]), (201, &json!(MEMBER)));
    // A rejected update stays rejected.
    assert_eq!(caller(&fake, "wrong").get("/people/me").await.status, 401);
}

#[tokio::test]
async fn every_nth_request_counts_all_callers() {
    let fake = faulty("429 every=3").await;
    let (user, bot) = (caller(&fake, USER_TOKEN), caller(&fake, BOT_TOKEN));
    assert_eq!(statuses(&user, 2).await, [200, 200]);
    assert_eq!(statuses(&bot, 4).await, [429, 200, 200, 429]);
}

#[tokio::test]
async fn fault_that_was_preempted_applies_to_the_next_request() {
    let fake = faulty("429 every=2").await;
    fake.inject("drop=head every=4".parse().unwrap());
    let user = caller(&fake, USER_TOKEN);
    assert_eq!(
        statuses(&user, 9).await,
        [200, 429, 200, 429, 0, 429, 200, 429, 0]
    );
}

#[tokio::test]
async fn rate_limit_counts_all_callers() {
    let fake = faulty("rate=2/1m").await;
    let (user, bot) = (caller(&fake, USER_TOKEN), caller(&fake, BOT_TOKEN));
    assert_eq!(statuses(&user, 1).await, [200]);
    assert_eq!(statuses(&bot, 2).await, [200, 429]);
    let answer = user.get("/people/me").await;
    assert_eq!(answer.status, 429);
    let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
}

#[tokio::test(start_paused = true)]
async fn rate_limit_ends_with_its_window() {
    let fake = faulty("rate=1/10s").await;
    let user = caller(&fake, USER_TOKEN);
    assert_eq!(statuses(&user, 2).await, [200, 429]);
    tokio::time::advance(Duration::from_secs(9)).await;
    let answer = user.get("/people/me").await;
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (429, Some("1"))
    );
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(statuses(&user, 2).await, [200, 429]);
}

#[tokio::test]
async fn delays_add_up_and_preempt_no_fault() {
    let fake = faulty("delay=1ms").await;
    fake.inject("delay=1ms every=2".parse().unwrap());
    fake.inject("503 every=2 delay=1ms".parse().unwrap());
    assert_eq!(
        statuses(&caller(&fake, USER_TOKEN), 4).await,
        [200, 503, 200, 503]
    );
}

#[tokio::test(start_paused = true)]
async fn delay_fault_delays_the_response() {
    let fake = faulty("delay=1m").await;
    let user = caller(&fake, USER_TOKEN);
    let start = tokio::time::Instant::now();
    user.get("/people/me").await;
    assert!(start.elapsed() >= Duration::from_secs(60));
}

#[tokio::test]
async fn connection_is_dropped_before_the_head_or_in_the_body() {
    let fake = faulty("PUT drop=head times=1").await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let before = fake.person(MEMBER);
    let put = || {
        let path = format!("/people/{MEMBER}");
        admin
            .request("PUT", &path)
            .json(&json!({ "displayName": "Mary", "title": "x" }))
    };
    put().send().await.unwrap_err();
    assert_eq!(fake.person(MEMBER), before);

    fake.inject(
        Fault::drop_connection(DropAt::Head)
            .applying(Apply::All)
            .times(1),
    );
    put().send().await.unwrap_err();
    assert_eq!(fake.person(MEMBER).unwrap()["title"], "x");

    fake.inject(Fault::drop_connection(DropAt::Body).times(1));
    let answer = put().head().await.unwrap();
    assert_eq!(answer.status(), 200);
    let length: usize = answer.headers()["content-length"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let mut body = answer.into_body();
    let part = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(part.len(), length / 2);
    body.frame().await.unwrap().unwrap_err();

    fake.inject("502 body=empty drop=body times=1".parse().unwrap());
    let answer = put().head().await.unwrap();
    assert_eq!(answer.status(), 502);
    answer.collect().await.unwrap_err();
    assert_eq!(put().send().await.unwrap().status, 200);
}

#[tokio::test]
async fn update_is_partly_applied() {
    let changes =
        json!({ "title": "New", "department": "New", "displayName": "New", "lastName": "New" });
    for (line, status, applied) in [
        ("PUT apply=half", 200, vec!["displayName", "lastName"]),
        (
            "PUT apply=title,department,licenses",
            200,
            vec!["department", "title"],
        ),
        ("PUT apply=none", 200, vec![]),
        ("PUT 500 apply=half", 500, vec!["displayName", "lastName"]),
        (
            "PUT 503 apply=all",
            503,
            vec!["displayName", "lastName", "department", "title"],
        ),
        ("PUT 503", 503, vec![]),
        (
            "PUT 204",
            204,
            vec!["displayName", "lastName", "department", "title"],
        ),
    ] {
        let fake = faulty(line).await;
        let admin = caller(&fake, ADMIN_TOKEN);
        let before = fake.person(MEMBER).unwrap();
        let answer = admin
            .put(MEMBER, &with(before.clone(), changes.clone()))
            .await;
        assert_eq!(answer.status, status, "{line}");
        let after = fake.person(MEMBER).unwrap();
        let expected: Map<_, _> = applied
            .iter()
            .map(|name| ((*name).to_owned(), json!("New")))
            .collect();
        assert_eq!(
            without_last_modified(&after),
            without_last_modified(&with(before.clone(), Value::Object(expected))),
            "{line}"
        );
        assert_eq!(
            after["lastModified"] != before["lastModified"],
            !applied.is_empty(),
            "{line}"
        );
        if status == 200 {
            let mut left_out: Vec<_> = keys(&answer.json()["errors"])
                .into_iter()
                .map(str::to_owned)
                .collect();
            left_out.extend(applied.into_iter().map(str::to_owned));
            left_out.sort();
            assert_eq!(
                left_out,
                ["department", "displayName", "lastName", "title"],
                "{line}"
            );
        }
    }
}

#[tokio::test]
async fn half_of_an_odd_number_of_changes_is_rounded_down() {
    for (changes, applied) in [(1, 0), (3, 1)] {
        let fake = faulty("PUT apply=half").await;
        let admin = caller(&fake, ADMIN_TOKEN);
        let before = fake.person(MEMBER).unwrap();
        let mut body = before.clone();
        for name in &["title", "department", "displayName"][..changes] {
            body[*name] = json!("New");
        }
        admin.put(MEMBER, &body).await;
        let after = fake.person(MEMBER).unwrap();
        let new = after
            .as_object()
            .unwrap()
            .values()
            .filter(|value| **value == "New");
        assert_eq!(new.count(), applied);
    }
}

#[tokio::test]
async fn apply_fault_combines_with_a_status_fault() {
    for line in ["PUT 204", "PUT 500"] {
        let fake = faulty(line).await;
        fake.inject("apply=title".parse().unwrap());
        let admin = caller(&fake, ADMIN_TOKEN);
        let body = json!({ "title": "New", "displayName": "New" });
        let status: u16 = line[4..].parse().unwrap();
        assert_eq!(admin.put(MEMBER, &body).await.status, status);
        let after = fake.person(MEMBER).unwrap();
        assert_eq!(
            (&after["title"], &after["displayName"]),
            (&json!("New"), &json!("Mary Lee"))
        );
    }
}

#[tokio::test]
async fn dropped_licenses_are_reported_as_success() {
    let fake = faulty("licenses=dropped").await;
    let admin = caller(&fake, ADMIN_TOKEN);
    let read = admin.read(MEMBER, "").await;
    let both = json!([MESSAGING_LICENSE, CALLING_LICENSE]);
    let body = with(
        read,
        json!({ "licenses": both, "locationId": "there", "title": "New" }),
    );
    let answer = admin.put(MEMBER, &body).await;
    assert_eq!(answer.status, 200);
    let after = answer.json();
    assert_eq!(after["licenses"], json!([MESSAGING_LICENSE]));
    assert_eq!(after["title"], "New");
    assert_eq!(keys(&after["errors"]), ["licenses", "locationId"]);
}

// Fault lines.

#[test]
fn invalid_fault_lines_are_rejected_with_a_reason() {
    let mut messages = String::new();
    for line in [
        "",
        "PUT",
        "PUT /persons",
        "/people/me/x 503",
        "PATCH 503",
        "PUT put 503",
        "503 504",
        "99",
        "600",
        "retry-after=2",
        "body=html",
        "503 body=xml",
        "503 'retry-after=a\nb'",
        "delay=2",
        "delay=0s",
        "delay=2h",
        "delay=1s delay=2s",
        "drop=tail",
        "503 drop=head",
        "apply=some",
        "apply=title,id",
        "GET apply=half",
        "/people/me licenses=dropped",
        "licenses=kept",
        "rate=10",
        "rate=10/1",
        "rate=1/1s every=2",
        "503 times=0",
        "503 every=1",
        "503 sometimes=1",
        "503 often",
        "503 'body=raw:",
    ] {
        let error = line.parse::<Fault>().unwrap_err();
        writeln!(messages, "{line:?}\n    {error}").unwrap();
    }
    insta::assert_snapshot!("no_fault", messages);
}

#[test]
fn faults_are_displayed_in_one_form() {
    let mut written = String::new();
    for line in [
        "put /v1/people/{id} 503 times=3 retry-after=2",
        "GET /people/me drop",
        "rate=10/1s",
        "503 body='raw:{\"a\": \"it'\\''s\"}'",
        "delay=120s every=2 licenses=dropped apply=title,emails",
        "429 retry-after='Wed, 21 Oct 2026 07:28:00 GMT' body=html",
        "delay=1500ms",
    ] {
        let fault: Fault = line
            .parse()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        writeln!(written, "{line}\n    {fault}").unwrap();
    }
    insta::assert_snapshot!("written", written);
}

fn any_fault() -> impl Strategy<Value = Fault> {
    let text = "[ -~]{0,12}";
    let answer = prop_oneof![
        (200..600_u16).prop_map(Fault::status),
        (0..99_u64, 1..9_999_u64)
            .prop_map(|(n, ms)| Fault::rate_limit(n, Duration::from_millis(ms))),
    ];
    let body = prop_oneof![
        Just(FaultBody::Error),
        Just(FaultBody::Html),
        Just(FaultBody::Empty),
        // With quotes, spaces and line ends.
        any::<String>()
            .prop_filter("no shell takes it", |text| !text.contains('\0'))
            .prop_map(FaultBody::Raw),
    ];
    let scope = prop_oneof![
        Just(None),
        Just(Some(("PUT", "/people/{personId}"))),
        Just(Some(("GET", "/people/me"))),
    ];
    (
        answer,
        prop::option::of(text),
        prop::option::of(body),
        prop::option::of(1..100_000_u64),
        scope,
        prop::option::of(1..9_u64),
    )
        .prop_map(|(mut fault, retry_after, body, delay, scope, times)| {
            if let Some(text) = retry_after {
                fault = fault.retry_after(text);
            }
            if let Some(body) = body {
                fault = fault.body(body);
            }
            if let Some(ms) = delay {
                fault = fault.delayed(Duration::from_millis(ms));
            }
            if let Some((method, path)) = scope {
                fault = fault.on(method, path);
            }
            times.map_or(fault.clone(), |times| fault.times(times))
        })
}

proptest! {
    #[test]
    fn displayed_fault_parses_to_the_same_fault(fault in any_fault()) {
        let written = fault.to_string();
        prop_assert_eq!(written.parse::<Fault>(), Ok(fault), "{}", written);
    }

    #[test]
    fn any_fault_line_parses_or_is_an_error(line in any::<String>()) {
        let _ = line.parse::<Fault>();
    }
}
