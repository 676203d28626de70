//! Runs with a service at its rate limit or without a response, with the time limits of the command.
//! The time is paused, and passes while the client and the service work, so that minutes of it take no
//! time.

use std::cell::Cell;
use std::fmt::Write as _;
use std::time::Duration;

use people_fake::{ADMIN_TOKEN, FakePeople, Fault, JOHN_ANDERSEN};
use people_sdk::Client;
use serde_json::json;

use super::*;
use crate::connection::CallLimits;
use crate::stderr::Messages;

const LINES: usize = 150;

/// Two calls for each line take longer than a call may.
const REQUESTS: u64 = 10;
const WINDOW: Duration = Duration::from_secs(5);

/// The defaults of the command.
const CALLS: CallLimits = CallLimits {
    max_attempts: 4,
    max_delay: Duration::from_secs(60),
    timeout: Duration::from_secs(120),
};

fn id(number: usize) -> String {
    format!("Y2lzY29zcGFyazovL3VzL1BFT1BMRS8{number:08}")
}

/// A service with a fault and a person for each line.
async fn service(fault: Fault) -> FakePeople {
    let fake = FakePeople::builder().fault(fault).start().await.unwrap();
    let organization = fake.person(JOHN_ANDERSEN).unwrap()["orgId"].clone();
    for number in 0..LINES {
        let person = json!({
            "id": id(number),
            "orgId": organization,
            "displayName": "Jane Roe",
            "emails": [format!("person{number}@example.com")],
            "type": "person",
        });
        fake.set_person(person).unwrap();
    }
    fake
}

/// Lets the time of a paused runtime with one thread pass. It never waits, so that the runtime does
/// not advance the time by itself. The sockets need real time, more on a busy machine: as a round trip to
/// another thread does.
async fn pass_time() {
    loop {
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        tokio::task::spawn_blocking(|| ()).await.unwrap();
        tokio::time::advance(Duration::from_millis(50)).await;
    }
}

/// A run that has not begun.
struct Run {
    schedule: Schedule,
    lines: mpsc::Receiver<ReadLine>,
    recorder: Recorder,
}

/// A run that sets the titles of these people to the numbers of their lines, from 0.
fn prepare(
    fake: &FakePeople,
    people: impl Iterator<Item = usize>,
    concurrency: u16,
    max_failures: Option<u64>,
) -> Run {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("changes.ndjson");
    let mut changes = String::new();
    for (line, person) in people.enumerate() {
        let change = json!({"id": id(person), "set": {"title": line.to_string()}});
        writeln!(changes, "{change}").unwrap();
    }
    std::fs::write(&path, changes).unwrap();
    let file = PatchFile::new(&path, &FileOptions::default());
    let client = Client::builder()
        .base_url(fake.base_url())
        .token(ADMIN_TOKEN)
        .call_timeout(CALLS.timeout)
        // A connection and a response take real time, of which none is in these limits.
        .connect_timeout(CALLS.timeout)
        .attempt_timeout(CALLS.timeout)
        .build()
        .unwrap();
    let output = Output {
        format: Format::Json,
        messages: Messages::Text,
    };
    let progress = Progress::new("lines", None, Duration::ZERO, true, Messages::Text);
    let recorder = Recorder::new(None, false, false, progress, output);
    let worker = LineWorker {
        client,
        options: EditOptions::default(),
        before: None,
        undone: None,
    };
    let limits = Limits {
        max_failures,
        calls: CALLS,
    };
    // The file is open from here on.
    let (lines, _) = read_in_background(&file, DoneLines::default()).unwrap();
    Run {
        schedule: Schedule::new(worker, concurrency, limits),
        lines,
        recorder,
    }
}

async fn run(fake: &FakePeople, concurrency: u16) -> Result<Option<Failure>, Failure> {
    let mut run = prepare(fake, 0..LINES, concurrency, Some(1));
    let signals = StopSignals::listen().unwrap();
    tokio::select! {
        end = run.schedule.run(run.lines, &mut run.recorder, signals) => end,
        () = pass_time() => unreachable!(),
    }
}

async fn check(concurrency: u16) {
    let fake = service(Fault::rate_limit(REQUESTS, WINDOW)).await;
    let start = tokio::time::Instant::now();
    let end = run(&fake, concurrency).await;
    assert!(matches!(end, Ok(None)), "{concurrency}: {end:?}");
    assert!(start.elapsed() > CALLS.timeout, "{:?}", start.elapsed());
    for number in 0..LINES {
        let title = &fake.person(&id(number)).unwrap()["title"];
        assert_eq!(*title, number.to_string(), "{concurrency}");
    }
}

/// Of all lines at the same time, the last ones wait for longer than the time of a call.
#[tokio::test(start_paused = true)]
async fn no_line_fails_at_the_rate_limit_with_any_concurrency() {
    for concurrency in [1, 16, 256] {
        check(concurrency).await;
    }
}

/// With a wait that leaves time for one more request of the call, and for no third.
#[tokio::test(start_paused = true)]
async fn a_service_that_refuses_every_request_ends_the_run() {
    let fake = service(Fault::status(429).retry_after("60")).await;
    let end = run(&fake, 2).await.unwrap().unwrap();
    assert_eq!(end.exit, Exit::Limited, "{end:?}");
    assert!(fake.requests().len() <= 40, "{}", fake.requests().len());
}

/// Gives the lines of a run to its schedule one by one, so that one more than the schedule takes is
/// counted as sent.
async fn send(mut from: mpsc::Receiver<ReadLine>, to: mpsc::Sender<ReadLine>, sent: &Cell<usize>) {
    let mut lines = Vec::new();
    while let Some(line) = from.recv().await {
        lines.push(line);
    }
    for line in lines {
        to.send(line).await.expect("the run reads all lines");
        sent.set(sent.get() + 1);
    }
}

/// Waits until lines are sent, and then until the schedule has taken all that it takes while time does
/// not pass: with one thread, a schedule that takes more lines takes one at each step.
async fn until_no_line_is_taken(sent: &Cell<usize>) {
    while sent.get() == 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..10 * schedule::MAX_WAITING {
        tokio::task::yield_now().await;
    }
}

/// While the service does not respond, the schedule takes the lines that wait and those that are being
/// applied, and no others.
#[tokio::test(start_paused = true)]
async fn a_bounded_number_of_lines_is_read_ahead() {
    const CONCURRENCY: u16 = 2;
    let fault = Fault::delay(Duration::from_secs(86_400));
    let fake = FakePeople::builder().fault(fault).start().await.unwrap();
    let mut run = prepare(&fake, 0..4 * schedule::MAX_WAITING, CONCURRENCY, Some(1));
    assert_eq!(run.lines.max_capacity(), READ_AHEAD);
    let signals = StopSignals::listen().unwrap();
    let (sender, lines) = mpsc::channel(1);
    let sent = Cell::new(0);
    tokio::select! {
        end = run.schedule.run(lines, &mut run.recorder, signals) => panic!("{end:?}"),
        () = send(run.lines, sender, &sent) => panic!("the schedule has taken all lines"),
        () = until_no_line_is_taken(&sent) => {}
    }
    let taken = schedule::MAX_WAITING + usize::from(CONCURRENCY);
    assert_eq!(sent.get(), taken + 1);
}

#[tokio::test(start_paused = true)]
async fn a_run_goes_on_after_a_failed_line_with_many_of_the_same_person_behind_it() {
    let fault = Fault::status(500).method("PUT").times(1);
    let fake = service(fault.delayed(Duration::from_secs(1))).await;
    let many = 4 * schedule::MAX_WAITING;
    let people = std::iter::repeat_n(0, many).chain([1]);
    let mut run = prepare(&fake, people, 2, None);
    let signals = StopSignals::listen().unwrap();
    let (sender, lines) = mpsc::channel(1);
    let sent = Cell::new(0);
    let pass_time = async {
        until_no_line_is_taken(&sent).await;
        // No further line is read before the first one has failed.
        assert_eq!(sent.get(), schedule::MAX_WAITING + 1 + 1);
        pass_time().await;
    };
    let run_and_send = async {
        tokio::join!(
            run.schedule.run(lines, &mut run.recorder, signals),
            send(run.lines, sender, &sent)
        )
    };
    let (end, ()) = tokio::select! {
        end = run_and_send => end,
        () = pass_time => unreachable!(),
    };
    assert!(matches!(end, Ok(None)), "{end:?}");
    assert_eq!(run.recorder.worst(), Exit::Other);
    // The first line has failed, those behind it are not applied, and the last one is.
    let updates = fake.requests().into_iter();
    let updates = updates.filter(|request| request.method == "PUT");
    let statuses: Vec<_> = updates.map(|request| request.status).collect();
    assert_eq!(statuses.len(), 2);
    assert_eq!(statuses, [Some(500), Some(200)]);
    assert_eq!(fake.person(&id(1)).unwrap()["title"], many.to_string());
}
