//! Runs that fail or end at every step that matters for durability: each write and sync of the
//! report and of the former values, and each update that is sent. Then the run is continued, and
//! every line must be in effect exactly once and in order.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use people_fake::{ADMIN_TOKEN, FakePeople, JOHN_ANDERSEN};
use people_sdk::{Client, RetryPolicy};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::*;
use crate::append_file::Storage;
use crate::apply_edit::EditOptions;
use crate::connection::CallLimits;
use crate::stderr::Messages;

const PEOPLE: u64 = 10;
const LINES: u64 = 30;

/// What happens at the step.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Break {
    /// The operation fails, and nothing has happened.
    Fail,
    /// The process ends in the middle of the operation.
    Kill,
    /// The process ends after the operation, and before anything else.
    KillAfter,
    /// The machine loses power: what was not on the disk becomes NUL bytes.
    PowerLoss,
}

/// The steps of a run, of which one is broken.
struct Steps {
    count: AtomicU64,
    broken: u64,
    how: Break,
    killed: Notify,
}

impl Steps {
    fn new(broken: u64, how: Break) -> Arc<Self> {
        Arc::new(Self {
            count: AtomicU64::new(0),
            broken,
            how,
            killed: Notify::new(),
        })
    }

    /// Whether the process has ended, so that nothing more is written.
    fn has_ended(&self) -> bool {
        self.how != Break::Fail && self.count() > self.broken
    }

    /// Whether the next step is the broken one.
    fn next_is_broken(&self) -> bool {
        self.count.fetch_add(1, Ordering::SeqCst) == self.broken
    }

    fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }
}

const CALLS: CallLimits = CallLimits {
    max_attempts: 4,
    max_delay: Duration::from_secs(60),
    timeout: Duration::from_secs(120),
};

/// A file whose operations are steps.
struct SteppedFile {
    steps: Arc<Steps>,
    path: PathBuf,
    file: File,
    synced: u64,
}

impl SteppedFile {
    fn open(path: &Path, steps: &Arc<Steps>) -> Self {
        let file = OpenOptions::new().append(true).open(path).unwrap();
        Self {
            steps: Arc::clone(steps),
            path: path.to_owned(),
            synced: file.metadata().unwrap().len(),
            file,
        }
    }

    fn end(&mut self, bytes: &[u8]) -> io::Error {
        match self.steps.how {
            Break::Fail => {}
            Break::Kill => self.file.write_all(&bytes[..bytes.len() / 2]).unwrap(),
            Break::KillAfter => self.file.write_all(bytes).unwrap(),
            Break::PowerLoss => {
                let length = self.path.metadata().unwrap().len() + bytes.len() as u64;
                self.file.set_len(self.synced).unwrap();
                self.file.set_len(length).unwrap();
            }
        }
        self.steps.killed.notify_one();
        io::Error::other("broken")
    }
}

impl Storage for SteppedFile {
    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.steps.has_ended() {
            return Err(io::Error::other("the process has ended"));
        }
        if self.steps.next_is_broken() {
            return Err(self.end(bytes));
        }
        self.file.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.steps.has_ended() {
            return Err(io::Error::other("the process has ended"));
        }
        if self.steps.next_is_broken() {
            return Err(self.end(b""));
        }
        self.synced = self.path.metadata()?.len();
        Ok(())
    }
}

fn id(person: u64) -> String {
    format!("Y2lzY29zcGFyazovL3VzL1BFT1BMRS8{person:08}")
}

/// A service with ten people, and the titles that its updates have set, in order.
async fn service(steps: &Arc<Steps>) -> (FakePeople, Arc<Mutex<Vec<(String, u64)>>>) {
    let titles = Arc::new(Mutex::new(Vec::new()));
    let (set, steps) = (Arc::clone(&titles), Arc::clone(steps));
    let fake = FakePeople::builder()
        .inspect(move |exchange| {
            if exchange.method == "PUT" && exchange.status == 200 {
                let person: Value = serde_json::from_slice(exchange.body).unwrap();
                let title = person["title"].as_str().unwrap().parse().unwrap();
                let path = exchange.path.to_owned();
                set.lock().unwrap().push((path, title));
                // The update is in effect, and its response is not read any more.
                if steps.next_is_broken() {
                    steps.killed.notify_one();
                }
            }
        })
        .start()
        .await
        .unwrap();
    let organization = fake.person(JOHN_ANDERSEN).unwrap()["orgId"].clone();
    for person in 0..PEOPLE {
        let person = json!({
            "id": id(person),
            "orgId": organization,
            "displayName": "Jane Roe",
            "emails": [format!("person{person}@example.com")],
            "type": "person",
        });
        fake.set_person(person).unwrap();
    }
    (fake, titles)
}

/// Runs `people apply` in this process. `None` if it was killed.
async fn run(fake: &FakePeople, directory: &Path, steps: &Arc<Steps>) -> Option<Exit> {
    let file = directory.join("changes.ndjson");
    let file = PatchFile::new(&file, &FileOptions::default());
    let path = directory.join("report.ndjson");
    let (mut report, history) = Report::open(&path).unwrap();
    report.set_storage(Box::new(SteppedFile::open(&path, steps)));
    let path = directory.join("before.ndjson");
    let mut before = loop {
        match BeforeFile::open(&path) {
            Ok(before) => break before,
            // A task of the run that was killed still has it.
            Err(failure) if failure.message().ends_with("in use by another run") => {
                tokio::task::yield_now().await;
            }
            Err(failure) => panic!("{failure:?}"),
        }
    };
    before.set_storage(Box::new(SteppedFile::open(&path, steps)));
    let client = Client::builder()
        .base_url(fake.base_url())
        .token(ADMIN_TOKEN)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let done = done_lines(&file, &history, &client).await.unwrap();
    let output = Output {
        format: Format::Json,
        messages: Messages::Text,
    };
    let progress = Progress::new("lines", None, Duration::ZERO, true, Messages::Text);
    let mut recorder = Recorder::new(Some(report), false, false, progress, output);
    let (lines, _) = read_in_background(&file, done).unwrap();
    let worker = LineWorker {
        client,
        options: EditOptions::default(),
        before: Some(Mutex::new(before)),
        undone: None,
    };
    let limits = Limits {
        max_failures: None,
        calls: CALLS,
    };
    let schedule = Schedule::new(worker, 4, limits);
    let run = schedule.run(lines, &mut recorder, StopSignals::listen().unwrap());
    let end = tokio::select! {
        biased;
        () = steps.killed.notified(), if steps.how != Break::Fail => return None,
        end = run => end,
    };
    Some(match end {
        Ok(None) => recorder.worst(),
        Ok(Some(failure)) | Err(failure) => failure.exit,
    })
}

/// Breaks one step of a run, continues the run, and checks the end. Returns whether there was such
/// a step.
async fn check(broken: u64, how: Break) -> bool {
    let directory = tempfile::tempdir().unwrap();
    let changes = (1..=LINES).map(|line| {
        let set = json!({"title": line.to_string()});
        json!({"id": id(line % PEOPLE), "set": set}).to_string()
    });
    let changes = changes.collect::<Vec<_>>().join("\n");
    std::fs::write(directory.path().join("changes.ndjson"), changes).unwrap();
    let steps = Steps::new(broken, how);
    let (fake, titles) = service(&steps).await;
    let first = run(&fake, directory.path(), &steps).await;
    let was_broken = steps.count() > broken;
    let schedule = format!("step {broken}, {how:?}, first run {first:?}");

    // In the report, and so on the disk, is what is in effect.
    let unbroken = Steps::new(u64::MAX, Break::Fail);
    let second = run(&fake, directory.path(), &unbroken).await;
    assert_eq!(second, Some(Exit::Ok), "{schedule}");
    for person in 0..PEOPLE {
        let last = if person == 0 {
            LINES
        } else {
            LINES - PEOPLE + person
        };
        let title = fake.person(&id(person)).unwrap()["title"].clone();
        assert_eq!(title, last.to_string(), "{schedule}");
        let path = format!("/v1/people/{}", id(person));
        let titles = titles.lock().unwrap();
        let set: Vec<u64> = titles
            .iter()
            .filter(|(it, _)| *it == path)
            .map(|(_, title)| *title)
            .collect();
        let expected: Vec<u64> = (1..=LINES).filter(|it| it % PEOPLE == person).collect();
        assert_eq!(set, expected, "{schedule}: not once and in order");
    }
    let report = std::fs::read_to_string(directory.path().join("report.ndjson")).unwrap();
    let mut entries: Vec<u64> = Vec::new();
    for line in report.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        match entry["outcome"].as_str().unwrap() {
            "applied" | "unchanged" => entries.push(entry["line"].as_u64().unwrap()),
            "failed" => assert_eq!(how, Break::Fail, "{schedule}: {entry}"),
            _ => panic!("{schedule}: {entry}"),
        }
    }
    entries.sort_unstable();
    assert!(
        entries.iter().copied().eq(1..=LINES),
        "{schedule}: {entries:?}"
    );
    // Every update that was sent can be undone.
    let before = std::fs::read_to_string(directory.path().join("before.ndjson")).unwrap();
    for line in 1..=LINES {
        let after = format!("\"after\":{{\"title\":\"{line}\"}}");
        assert!(before.contains(&after), "{schedule}: line {line}");
    }
    was_broken
}

/// Checks each `stride`th step, in all four ways, and returns how many schedules there were.
async fn check_all(stride: usize) -> u64 {
    let mut schedules = 0;
    for (offset, how) in [Break::Fail, Break::Kill, Break::KillAfter, Break::PowerLoss]
        .into_iter()
        .enumerate()
    {
        for broken in (0..).skip(offset).step_by(stride) {
            if !check(broken, how).await {
                break;
            }
            schedules += 1;
        }
    }
    schedules
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_breaks_at_any_step_can_be_continued() {
    let schedules = check_all(17).await;
    assert!(schedules >= 20, "{schedules}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: every step"]
#[allow(
    clippy::print_stderr,
    reason = "the number is the result of the measurement"
)]
async fn a_run_that_breaks_at_every_step_can_be_continued() {
    let schedules = check_all(1).await;
    eprintln!("{schedules} schedules");
    assert!(schedules >= 500, "{schedules}");
}

/// A report that takes its time to reach the disk, and notes which updates have been sent by then.
struct SlowReport {
    fake: Arc<FakePeople>,
    updates_at_sync: Arc<Mutex<Vec<usize>>>,
}

impl Storage for SlowReport {
    fn add(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        // Time in which a request of a line that does not wait would arrive.
        let requests = self.fake.requests().len();
        let end = Instant::now() + Duration::from_millis(150);
        while Instant::now() < end && self.fake.requests().len() == requests {
            std::thread::yield_now();
        }
        let requests = self.fake.requests();
        let people = requests.iter().filter(|it| it.path.contains("/people/"));
        self.updates_at_sync.lock().unwrap().push(people.count());
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_begins_after_the_previous_one_of_the_person_is_on_the_disk() {
    let steps = Steps::new(u64::MAX, Break::Fail);
    let (fake, _) = service(&steps).await;
    let fake = Arc::new(fake);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("changes.ndjson");
    let lines = ["1", "2", "3"].map(|title| json!({"id": id(1), "set": {"title": title}}));
    std::fs::write(&path, lines.map(|line| format!("{line}\n")).concat()).unwrap();
    let file = PatchFile::new(&path, &FileOptions::default());
    let (mut report, _) = Report::open(&directory.path().join("report")).unwrap();
    let updates_at_sync = Arc::new(Mutex::new(Vec::new()));
    report.set_storage(Box::new(SlowReport {
        fake: Arc::clone(&fake),
        updates_at_sync: Arc::clone(&updates_at_sync),
    }));
    let output = Output {
        format: Format::Json,
        messages: Messages::Text,
    };
    let progress = Progress::new("lines", None, Duration::ZERO, true, Messages::Text);
    let mut recorder = Recorder::new(Some(report), false, false, progress, output);
    let worker = LineWorker {
        client: Client::builder()
            .base_url(fake.base_url())
            .token(ADMIN_TOKEN)
            .build()
            .unwrap(),
        options: EditOptions::default(),
        before: None,
        undone: None,
    };
    let limits = Limits {
        max_failures: None,
        calls: CALLS,
    };
    let (lines, _) = read_in_background(&file, DoneLines::default()).unwrap();
    let schedule = Schedule::new(worker, 4, limits);
    let signals = StopSignals::listen().unwrap();
    let end = schedule.run(lines, &mut recorder, signals).await;
    assert!(matches!(end, Ok(None)));
    // A read and an update each.
    assert_eq!(*updates_at_sync.lock().unwrap(), [2, 4, 6]);
}
