//! The request that each operation sends.

use std::fmt::Write as _;

use people_sdk::types::PersonUpdate;
use people_sdk::{Client, operations};

use crate::support::example;
use crate::support::recorder::{Recorded, Recorder};

const ID: &str = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8x";

async fn recorder() -> (Recorder, Client) {
    let recorder = Recorder::start(&example("MyOwnDetails")).await;
    let client = Client::builder()
        .base_url(recorder.base_url())
        .token("token-of-the-test")
        .build()
        .unwrap();
    (recorder, client)
}

/// A request as text, headers by name, without the port.
fn show(requests: &[Recorded]) -> String {
    let [request] = requests else {
        panic!("{} requests instead of one", requests.len());
    };
    let query = request.query.as_ref().map(|query| format!("?{query}"));
    let mut text = format!(
        "{} {}{}\n",
        request.method,
        request.path,
        query.unwrap_or_default()
    );
    let mut headers: Vec<_> = request.headers.iter().collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        let value = match name.as_str() {
            "host" => "127.0.0.1:PORT",
            _ => value.to_str().unwrap(),
        };
        let _ = writeln!(text, "{name}: {value}");
    }
    if !request.body.is_empty() {
        let _ = write!(text, "\n{}", String::from_utf8_lossy(&request.body));
    }
    text.replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

#[tokio::test]
async fn get_my_own_details() {
    let (recorder, client) = recorder().await;
    client.get_my_own_details().send().await.unwrap();
    insta::assert_snapshot!("get_my_own_details", show(&recorder.take()));
    let call = client.get_my_own_details().calling_data(true);
    call.send().await.unwrap();
    insta::assert_snapshot!("get_my_own_details_all", show(&recorder.take()));
}

#[tokio::test]
async fn get_person_details() {
    let (recorder, client) = recorder().await;
    let call = client.get_person_details().person_id(ID);
    call.send().await.unwrap();
    insta::assert_snapshot!("get_person_details", show(&recorder.take()));
    let call = client.get_person_details().person_id(ID).calling_data(true);
    call.send().await.unwrap();
    insta::assert_snapshot!("get_person_details_all", show(&recorder.take()));
}

#[tokio::test]
async fn update_person() {
    let (recorder, client) = recorder().await;
    let call = client.update_person().person_id(ID);
    let mut update = PersonUpdate::default();
    update.title = Some("Director".to_owned());
    update.licenses = Some(Vec::new());
    let call = call.body(update);
    call.send().await.unwrap();
    insta::assert_snapshot!("update_person", show(&recorder.take()));

    let update: PersonUpdate = serde_json::from_value(example("UpdatePersonRequest")).unwrap();
    let call = client.update_person().person_id(ID).body(update);
    let call = call.calling_data(true).show_all_types(true);
    call.min_response(true).send().await.unwrap();
    insta::assert_snapshot!("update_person_all", show(&recorder.take()));
}

#[tokio::test]
async fn update_without_a_body_is_rejected() {
    let (recorder, client) = recorder().await;
    let error = client
        .update_person()
        .person_id(ID)
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "updatePerson: body is required, and was not given"
    );
    assert!(recorder.take().is_empty());
}

/// Fails for a new operation until its request is recorded here.
#[test]
fn every_operation_is_recorded() {
    let recorded = [
        operations::GET_MY_OWN_DETAILS,
        operations::GET_PERSON_DETAILS,
        operations::UPDATE_PERSON,
    ];
    assert_eq!(operations::ALL, recorded);
}

#[tokio::test]
async fn base_url_path_is_kept_without_trailing_slashes() {
    let (recorder, _) = recorder().await;
    let base = recorder.base_url().replace("/v1", "/proxy/webex/v1///");
    let client = Client::builder().base_url(base).token("t").build().unwrap();
    client.get_my_own_details().send().await.unwrap();
    assert_eq!(recorder.take()[0].path, "/proxy/webex/v1/people/me");
}
