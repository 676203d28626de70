//! `people demo`: what the client does, shown with a service in memory.

use std::sync::{Arc, Mutex, PoisonError};

use anstyle::{AnsiColor, Style};
use clap::Args;
use people_fake::{ADMIN_TOKEN, FakePeople, Fault, JOHN_ANDERSEN, USER_TOKEN};
use people_sdk::types::{Person, PersonUpdate};
use people_sdk::{Client, EditOutcome, ErrorKind, RetryPolicy, escape_invisible};

use crate::diff::{diff, render};
use crate::exit::{Exit, Failure};
use crate::outcome::Outcome;
use crate::output::print;

#[derive(Debug, Args)]
pub(crate) struct Demo {}

impl Demo {
    #[allow(clippy::unused_self, reason = "as with every other command")]
    pub(crate) async fn run(&self) -> Result<Exit, Failure> {
        let fake = FakePeople::start().await.map_err(|error| {
            Failure::new(Exit::Other, format_args!("the service in memory: {error}"))
        })?;
        let bold = Style::new().bold();
        print(&format!(
            "{bold}A People service in memory{bold:#}, at {}\n",
            fake.base_url()
        ))?;
        let mut show = Show::default();
        let admin = client(&fake, ADMIN_TOKEN)?;

        show.title("Who am I?")?;
        let me = admin.get_my_own_details().send().await?;
        let shown = format!("{}, {}", me.status(), introduction(&me));
        show.line("getMyOwnDetails", &shown, !me.id.is_empty())?;

        show.title("Read a person")?;
        let john = admin.get_person_details().person_id(JOHN_ANDERSEN);
        let john = john.calling_data(true).send().await?;
        let shown = format!("{}, {}", john.status(), introduction(&john));
        show.line("getPersonDetails", &shown, john.id == JOHN_ANDERSEN)?;

        show.title("Change one property, keep all others")?;
        edit(&admin, &mut show).await?;

        show.title("Try the same without the rights of an administrator")?;
        forbidden(&fake, &mut show).await?;

        show.title("Wait out a rate limit")?;
        rate_limited(&fake, &mut show).await?;

        show.end()
    }
}

fn client(fake: &FakePeople, token: &str) -> Result<Client, Failure> {
    Ok(Client::builder()
        .base_url(fake.base_url())
        .token(token)
        .build()?)
}

async fn edit(admin: &Client, show: &mut Show) -> Result<(), Failure> {
    let edit = admin
        .edit_person(JOHN_ANDERSEN, |update| {
            update.title = Some("Director".to_owned());
        })
        .await?;
    let before = PersonUpdate::from(edit.before());
    let after = edit.after().map(PersonUpdate::from).unwrap_or_default();
    let changes = diff(&before, &after)?;
    let outcome = Outcome::from(edit.outcome());
    let applied = edit.outcome() == EditOutcome::Applied;
    show.line("updatePerson", outcome.phrase(), applied)?;
    let as_asked = changes.len() == 1 && changes.iter().all(|change| change.path == "title");
    show.line("changed", render(&changes, "").trim_end(), as_asked)?;
    let phone = |person: &PersonUpdate| {
        let numbers = person.phone_numbers.as_ref()?;
        numbers.first()?.value.clone()
    };
    let untouched = diff(&PersonUpdate::default(), &before)?.len() - changes.len();
    let text = format!(
        "{untouched} other values, {} among them",
        phone(&after).unwrap_or_default()
    );
    let kept = phone(&before).is_some() && phone(&before) == phone(&after);
    show.line("untouched", &text, kept)
}

async fn forbidden(fake: &FakePeople, show: &mut Show) -> Result<(), Failure> {
    let user = client(fake, USER_TOKEN)?;
    let untouched = fake.person(JOHN_ANDERSEN);
    let outcome = user
        .edit_person(JOHN_ANDERSEN, |update| {
            update.title = Some("King".to_owned());
        })
        .await;
    let (text, is_forbidden) = match outcome {
        Ok(edit) => (Outcome::from(edit.outcome()).phrase().to_owned(), false),
        Err(error) => (
            without_operation(&error),
            error.kind() == ErrorKind::Forbidden,
        ),
    };
    show.line("updatePerson", &text, is_forbidden)?;
    let same = untouched == fake.person(JOHN_ANDERSEN);
    show.line("changed", "nothing", same)
}

async fn rate_limited(fake: &FakePeople, show: &mut Show) -> Result<(), Failure> {
    fake.inject(Fault::status(429).retry_after("1").times(1));
    let waits = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&waits);
    let policy = RetryPolicy::default().on_retry(move |kind, wait| {
        let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.push((kind, wait.as_secs()));
    });
    let client = Client::builder()
        .base_url(fake.base_url())
        .token(ADMIN_TOKEN)
        .retry(policy)
        .build()?;
    let me = client.get_my_own_details().send().await?;
    let waits = waits.lock().unwrap_or_else(PoisonError::into_inner);
    let expected = *waits == [(ErrorKind::RateLimited, 1)];
    let text = format!("429 Too Many Requests, Retry-After: {}", seconds(&waits));
    show.line("getMyOwnDetails", &text, expected)?;
    let statuses: Vec<_> = fake.requests().into_iter().rev().take(2).collect();
    let as_expected = statuses
        .iter()
        .rev()
        .map(|it| it.status)
        .eq([Some(429), Some(200)]);
    let text = format!("{}, {}", me.status(), introduction(&me));
    show.line("waited, again", &text, as_expected)
}

fn seconds(waits: &[(ErrorKind, u64)]) -> String {
    let waits: Vec<String> = waits.iter().map(|(_, wait)| wait.to_string()).collect();
    waits.join(", ")
}

/// An error without its operation, which the line begins with.
fn without_operation(error: &people_sdk::Error) -> String {
    let text = error.to_string();
    let operation = error.operation().map_or("", |operation| operation.id());
    let text = text.strip_prefix(operation).unwrap_or(&text);
    text.trim_start_matches(": ").to_owned()
}

/// A person in a few words.
fn introduction(person: &Person) -> String {
    let words = [&person.display_name, &person.title, &person.department];
    let words: Vec<String> = words
        .into_iter()
        .flatten()
        .map(|word| escape_invisible(word).into_owned())
        .collect();
    words.join(", ")
}

/// The lines of the demonstration, and how many of them were not as expected.
#[derive(Default)]
struct Show {
    steps: usize,
    unexpected: usize,
}

impl Show {
    fn title(&mut self, title: &str) -> Result<(), Failure> {
        self.steps += 1;
        let bold = Style::new().bold();
        print(&format!("\n{bold}{}  {title}{bold:#}\n", self.steps))
    }

    fn line(&mut self, what: &str, text: &str, expected: bool) -> Result<(), Failure> {
        let mark = if expected {
            String::new()
        } else {
            self.unexpected += 1;
            let red = AnsiColor::Red.on_default().bold();
            format!("  {red}(unexpected){red:#}")
        };
        print(&format!("   {what:<18}{text}{mark}\n"))
    }

    fn end(&self) -> Result<Exit, Failure> {
        match self.unexpected {
            0 => {
                let green = AnsiColor::Green.on_default();
                print(&format!("\n{green}All results are as expected.{green:#}\n"))?;
                Ok(Exit::Ok)
            }
            lines => Err(Failure::new(
                Exit::Other,
                format_args!("{lines} of these results are not as expected"),
            )),
        }
    }
}
