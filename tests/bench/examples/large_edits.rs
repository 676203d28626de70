//! `cargo run --release -p people-bench --example large_edits`: the CPU time that an edit of a large
//! person takes in the thread of the caller: reading, comparing, writing and comparing again.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement that cannot run stops"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::{Json, Router, routing};
use people_bench::cpu;
use people_sdk::types::PersonUpdate;
use people_sdk::{Client, EditOutcome};
use serde_json::{Value, json};

/// The aim for each row, in milliseconds.
const AIM: u32 = 50;

/// Edits per row, of which the slowest counts.
const EDITS: usize = 5;

type Person = Arc<Mutex<Value>>;

fn main() {
    let stored = Person::default();
    let address = serve(Arc::clone(&stored));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    println!("| person | edit | CPU of the slowest of {EDITS} in ms (aim: {AIM}) |");
    println!("|---|---|--:|");
    for (name, property, items) in [
        (
            "1,000 phone numbers",
            "phoneNumbers",
            list(1_000, phone_number),
        ),
        ("licenses of 130 KiB", "licenses", list(1_300, license)),
        (
            "an unlisted property of 80 KiB",
            "unlisted",
            list(1_600, unlisted),
        ),
    ] {
        for (edit, is_reversed) in [("another property", false), ("its items in reverse", true)] {
            let slowest = (0..EDITS).map(|number| {
                let mut person = json!({ "id": "x", "displayName": "X", "title": "a" });
                person[property] = Value::Array(items.clone());
                *stored.lock().unwrap() = person;
                // A new client starts slowly; one for each edit never waits.
                let client = Client::builder()
                    .base_url(&address)
                    .token("t")
                    .build()
                    .unwrap();
                runtime.block_on(measure(&client, |update| {
                    update.title = Some(format!("b{number}"));
                    if is_reversed {
                        reverse(update, property);
                    }
                }))
            });
            let slowest = slowest.max().unwrap_or_default();
            println!(
                "| {name} | {edit} | {:.1} |",
                slowest.as_secs_f64() * 1000.0
            );
        }
    }
}

async fn measure(client: &Client, change: impl FnOnce(&mut PersonUpdate) + Send) -> Duration {
    let before = cpu::thread().unwrap();
    let edit = client.edit_person("x", change).await.unwrap();
    let took = cpu::thread().unwrap().saturating_sub(before);
    assert_eq!(edit.outcome(), EditOutcome::Applied);
    took
}

fn reverse(update: &mut PersonUpdate, property: &str) {
    match property {
        "phoneNumbers" => update.phone_numbers.as_mut().unwrap().reverse(),
        "licenses" => update.licenses.as_mut().unwrap().reverse(),
        _ => update.extra[property].as_array_mut().unwrap().reverse(),
    }
}

fn list(length: usize, item: fn(usize) -> Value) -> Vec<Value> {
    (0..length).map(item).collect()
}

fn phone_number(index: usize) -> Value {
    json!({ "type": "work", "value": format!("+1 408 {index:03} {:04}", index * 7), "primary": index == 0 })
}

fn license(index: usize) -> Value {
    json!(format!("Y2lzY29zcGFyazovL3VzL0xJQ0VOU0Uv{index:068}"))
}

fn unlisted(index: usize) -> Value {
    json!({ "name": format!("item {index}"), "values": [index, "some text"] })
}

/// Serves one person, who is replaced by what is sent. Returns the base URL.
fn serve(stored: Person) -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}/v1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let person = routing::get(|State(stored): State<Person>| async move {
            Json(stored.lock().unwrap().clone())
        })
        .put(
            |State(stored): State<Person>, Json(mut update): Json<Value>| async move {
                update["id"] = json!("x");
                stored.lock().unwrap().clone_from(&update);
                Json(update)
            },
        );
        let app = Router::new()
            .route("/v1/people/{id}", person)
            .with_state(stored);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, app).await.unwrap();
        });
    });
    address
}
