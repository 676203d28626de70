//! Finds a person by e-mail address: a request that the contract does not describe. The service in memory
//! answers the first two attempts with 429, and the client waits and repeats them.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "the program prints what it reads")]

use std::time::Duration;

use people_fake::{ADMIN_TOKEN, FakePeople};
use people_sdk::reqwest::Method;
use people_sdk::types::Person;
use people_sdk::{Client, RetryPolicy};
use serde::Deserialize;

#[derive(Deserialize)]
struct Found {
    items: Vec<Person>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakePeople::start().await?;
    fake.inject("GET 429 retry-after=0 times=2".parse()?);

    let policy = RetryPolicy::default()
        .initial_delay(Duration::from_millis(50))
        .on_retry(|kind, wait| println!("{kind}: the next attempt is in {wait:.1?}"));
    let client = Client::builder()
        .base_url(fake.base_url())
        .token(ADMIN_TOKEN)
        .retry(policy)
        .build()?;

    let found = client
        .request(Method::GET, "/people")
        .query("email", "john.andersen@example.com")
        .send::<Found>()
        .await?;
    for person in &found.items {
        println!("found {}", person.display_name.as_deref().unwrap_or("?"));
    }
    println!("requests: {}", fake.requests().len());
    Ok(())
}
