//! Runs at the rate limit of a service, with the time limits of the command. The time is paused, and
//! passes while the client and the service work, so that minutes of it take no time.

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

/// A run that applies this number of lines, each for another person, and stops at the first that fails.
struct Run {
    schedule: Schedule,
    lines: mpsc::Receiver<ReadLine>,
    recorder: Recorder,
}

fn prepare(fake: &FakePeople, lines: usize, concurrency: u16) -> Run {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("changes.ndjson");
    let mut changes = String::new();
    for number in 0..lines {
        let change = json!({"id": id(number), "set": {"title": number.to_string()}});
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
        max_failures: Some(1),
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
    let mut run = prepare(fake, LINES, concurrency);
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

/// While the service does not respond, the schedule takes the lines that wait and those that are being
/// applied, and no others. One more is in the channel here, and [`READ_AHEAD`] in that of a run.
#[tokio::test(start_paused = true)]
async fn a_bounded_number_of_lines_is_read_ahead() {
    const CONCURRENCY: u16 = 2;
    const MOST: usize = schedule::MAX_WAITING + CONCURRENCY as usize + 1;
    let fault = Fault::delay(Duration::from_secs(86_400));
    let fake = FakePeople::builder().fault(fault).start().await.unwrap();
    let mut run = prepare(&fake, 4 * schedule::MAX_WAITING, CONCURRENCY);
    assert_eq!(run.lines.max_capacity(), READ_AHEAD);
    let mut waiting = Vec::new();
    while let Some(line) = run.lines.recv().await {
        waiting.push(line);
    }
    let signals = StopSignals::listen().unwrap();
    let (sender, lines) = mpsc::channel(1);
    let sent = Cell::new(0);
    let send = async {
        for line in waiting {
            sender.send(line).await.unwrap();
            sent.set(sent.get() + 1);
        }
    };
    // All of this is on one thread: a schedule that takes more lines takes one at each step.
    let steps = async {
        for _ in 0..10 * MOST {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        end = run.schedule.run(lines, &mut run.recorder, signals) => panic!("{end:?}"),
        () = send => panic!("the schedule has taken all lines"),
        () = steps => {}
    }
    assert_eq!(sent.get(), MOST);
}
