//! Changes a person without losing any other property, against a service in memory.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "the program prints what it reads")]

use people_fake::{ADMIN_TOKEN, FakePeople, JOHN_ANDERSEN};
use people_sdk::{Client, EditOutcome, ErrorKind};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakePeople::start().await?;
    let client = Client::builder()
        .base_url(fake.base_url())
        .token(ADMIN_TOKEN)
        .build()?;

    let edit = client
        .edit_person(JOHN_ANDERSEN, |update| {
            update.title = Some("Director".to_owned());
            update.first_name = Some("Jonathan".to_owned());
        })
        .await?;
    match edit.outcome() {
        EditOutcome::Unchanged | EditOutcome::Applied => println!("applied"),
        EditOutcome::PartlyApplied => println!("not as sent: {}", edit.unapplied().join(", ")),
        EditOutcome::NotApplied => println!("nothing changed: {:?}", edit.error()),
        _ => println!("unknown, read the person again: {:?}", edit.error()),
    }
    println!("changed by the service: {}", edit.also_changed().join(", "));

    // The same edit again changes nothing, and sends nothing.
    let again = client
        .edit_person(JOHN_ANDERSEN, |update| {
            update.title = Some("Director".to_owned());
        })
        .await?;
    println!("again: {}", again.outcome());

    let Err(error) = client.edit_person("unknown", |_| {}).await else {
        return Err("an unknown person was edited".into());
    };
    if error.kind() == ErrorKind::NotFound {
        println!("{error}");
    }
    Ok(())
}
