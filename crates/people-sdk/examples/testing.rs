//! How to test code that uses the SDK, against `people-fake`:
//! `cargo run -p people-sdk --example testing`. In a program, each function below `main` is a
//! `#[tokio::test]`.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "the program prints what it has tested")]

use std::error::Error;

use people_fake::{Apply, FakePeople, Fault, PersonSeed, USER_TOKEN};
use people_sdk::{Client, EditOutcome, ErrorKind};

/// The code under test: gives a person a title, and says whether the person has it now.
async fn promote(client: &Client, id: &str, title: &str) -> Result<bool, people_sdk::Error> {
    let edit = client
        .edit_person(id, |update| update.title = Some(title.to_owned()))
        .await?;
    Ok(matches!(
        edit.outcome(),
        EditOutcome::Applied | EditOutcome::Unchanged
    ))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    title_is_stored_and_the_rest_stays().await?;
    failure_for_a_moment_is_retried().await?;
    update_that_is_ignored_is_reported().await?;
    member_cannot_promote().await?;
    Ok(())
}

/// A service with one more person, an administrator with a token; recording what is sent.
async fn service() -> Result<(FakePeople, Client, String), Box<dyn Error>> {
    let ada = PersonSeed::new("Ada Lovelace")
        .set("department", "Research")
        .admin()
        .token("ada-token");
    let id = ada.id().to_owned();
    let fake = FakePeople::builder()
        .seed(ada)
        .record_content(true)
        .start()
        .await?;
    let client = client(&fake, "ada-token")?;
    Ok((fake, client, id))
}

fn client(fake: &FakePeople, token: &str) -> Result<Client, people_sdk::Error> {
    Client::builder()
        .base_url(fake.base_url())
        .token(token)
        .build()
}

async fn title_is_stored_and_the_rest_stays() -> Result<(), Box<dyn Error>> {
    let (fake, client, id) = service().await?;
    assert!(promote(&client, &id, "Director").await?);

    let ada = fake.person(&id).ok_or("no such person")?;
    assert_eq!(ada["title"], "Director");
    assert_eq!(ada["department"], "Research");

    let requests = fake.requests();
    let methods: Vec<_> = requests.iter().map(|request| &*request.method).collect();
    assert_eq!(methods, ["GET", "PUT"]);
    let body = requests[1].json().ok_or("no body")?;
    assert_eq!(body["department"], "Research");
    println!("an edit reads the person, and sends every property back");
    Ok(())
}

async fn failure_for_a_moment_is_retried() -> Result<(), Box<dyn Error>> {
    let (fake, client, id) = service().await?;
    fake.inject(Fault::status(503).retry_after("0").times(2));
    assert!(promote(&client, &id, "Director").await?);
    assert_eq!(fake.requests().len(), 4);
    println!("503 is tried again");
    Ok(())
}

async fn update_that_is_ignored_is_reported() -> Result<(), Box<dyn Error>> {
    let (fake, client, id) = service().await?;
    // The same fault as one line of text: `PUT apply=none`.
    fake.inject(Fault::partial(Apply::None).method("PUT"));
    assert!(!promote(&client, &id, "Director").await?);
    println!("success without effect is told apart");
    Ok(())
}

async fn member_cannot_promote() -> Result<(), Box<dyn Error>> {
    let (fake, _, id) = service().await?;
    let member = client(&fake, USER_TOKEN)?;
    let error = promote(&member, &id, "Director").await;
    let error = error.err().ok_or("a member has updated a person")?;
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    println!("without the rights: {error}");
    Ok(())
}
