//! Thousands of calls while faults occur at random: afterwards, the process has no more tasks, open
//! files and memory than before. A test binary of its own, since it counts what its process has.
//!
//! `cargo test` makes a few hundred calls. An hour's worth, in minutes:
//! `SOAK_CALLS=18000 cargo test -p people-tests --test soak -- --nocapture`. A failure names its
//! seed; `SOAK_SEED=NUMBER` repeats the faults of that run.
#![forbid(unsafe_code)]
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test, which prints what it counts"
)]

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fastrand::Rng;
use people_fake::{
    ADMIN_TOKEN, Apply, DropAt, FULL_PERSON, FakePeople, Fault, FaultBody, JOHN_ANDERSEN, MANAGER,
    MEMBER,
};
use people_sdk::{Client, Clock, ErrorKind};

/// The number of calls where `SOAK_CALLS` does not set it: a few seconds.
const CALLS: u32 = 600;

/// How many calls are in progress at any time.
const WORKERS: u32 = 16;

/// How many connections they may leave open. A call that waits for a new connection and then gets one
/// that became idle keeps both alive.
const CONNECTIONS: usize = 2 * WORKERS as usize;

/// By how much the waits between attempts are shortened.
const COMPRESSION: u32 = 100;

/// What an allocator may keep, in bytes. 18,000 calls that leak 1 KiB each leak twice this.
const MEMORY_BOUND: u64 = 8 * 1024 * 1024;

const PEOPLE: [&str; 4] = [JOHN_ANDERSEN, MANAGER, MEMBER, FULL_PERSON];

type Fallible<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The environment variable `name` as a number, or `default` where it is not set.
fn number<T: FromStr>(name: &str, default: T) -> T {
    let Ok(text) = std::env::var(name) else {
        return default;
    };
    text.parse()
        .ok()
        .expect("SOAK_CALLS and SOAK_SEED are numbers")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_with_random_faults_leave_nothing_open() {
    let calls = number("SOAK_CALLS", CALLS);
    let seed = number("SOAK_SEED", fastrand::u64(..));
    let outcome = soak(calls, seed).await;
    assert!(outcome.is_ok(), "{outcome:?}; repeat with SOAK_SEED={seed}");
}

async fn soak(calls: u32, seed: u64) -> Fallible<()> {
    println!("soak: {calls} calls, {WORKERS} at a time, seed {seed}");
    // What is opened once per process is opened here.
    session(WORKERS * 4, seed, usize::MAX, &mut Tally::default()).await?;
    let before = settled(0, usize::MAX).await?;
    println!("before: {before}");
    let started = Instant::now();
    let mut tally = Tally::default();
    // The memory of the first quarter is what the rest is compared with.
    session(calls / 4, seed.wrapping_add(1), before.files, &mut tally).await?;
    let quarter = settled(0, before.files).await?;
    println!("after a quarter: {quarter}");
    let rest = calls - calls / 4;
    session(rest, seed.wrapping_add(2), before.files, &mut tally).await?;
    let after = settled(0, before.files).await?;
    println!("after: {after}");
    println!("in {:.1} s: {tally}", started.elapsed().as_secs_f64());
    let ended = tally.outcomes.values().sum::<u32>();
    if ended != calls {
        return Err(format!("{ended} of {calls} calls ended").into());
    }
    let grown = after.memory.saturating_sub(quarter.memory);
    if grown > MEMORY_BOUND {
        return Err(format!(
            "memory grew by {} KiB since the first quarter",
            grown / 1024
        )
        .into());
    }
    Ok(())
}

/// Makes `calls` calls with one client and one service, and drops both. Before that, the client holds
/// no more connections than [`WORKERS`] calls at a time can leave open.
async fn session(calls: u32, seed: u64, files: usize, tally: &mut Tally) -> Fallible<()> {
    let fake = FakePeople::builder().log_length(16).start().await?;
    let client = Client::builder()
        .base_url(fake.base_url())
        .token(ADMIN_TOKEN)
        .attempt_timeout(Duration::from_millis(250))
        .call_timeout(Duration::from_secs(20) * COMPRESSION)
        .clock(Compressed(Instant::now()))
        .build()?;
    let fake = Arc::new(fake);
    let shared = Arc::new(Mutex::new(Tally::default()));
    let mut workers = Vec::new();
    for worker in 0..WORKERS {
        let mine = calls / WORKERS + u32::from(worker < calls % WORKERS);
        let (fake, client, tally) = (Arc::clone(&fake), client.clone(), Arc::clone(&shared));
        let mut rng = Rng::with_seed(seed.wrapping_mul(31).wrapping_add(worker.into()));
        workers.push(tokio::spawn(async move {
            for _ in 0..mine {
                if rng.u8(..) < 96 {
                    fake.inject(fault(&mut rng));
                }
                let outcome = call(&client, &mut rng).await?;
                let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                *tally.outcomes.entry(outcome).or_default() += 1;
            }
            Fallible::Ok(())
        }));
    }
    for worker in workers {
        worker.await??;
    }
    // Each end of a connection has a socket and a task. So does the listener of the service, and
    // the client has a task that closes idle connections.
    let ends = 2 * CONNECTIONS;
    let idle = settled(ends + 2, files.saturating_add(ends + 1)).await?;
    println!("idle, with the client alive: {idle}");
    let shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
    for (outcome, count) in &shared.outcomes {
        *tally.outcomes.entry(outcome.clone()).or_default() += count;
    }
    Ok(())
}

/// A fault that occurs once.
fn fault(rng: &mut Rng) -> Fault {
    let fault = match rng.u8(..14) {
        0 => Fault::status(429).retry_after("1"),
        1 => Fault::status(429).retry_after("rand(30),add(30)"),
        2 => Fault::status(429).retry_after("194"),
        3 => Fault::status(502).body(FaultBody::Html),
        4 => Fault::status(503).retry_after("2"),
        5 => Fault::status(504).body(FaultBody::Empty),
        6 => Fault::status(423),
        7 => Fault::status(500),
        8 => Fault::status(401),
        9 => Fault::status(200).body(FaultBody::Raw("{\"id\": [".to_owned())),
        10 => Fault::drop_connection(DropAt::Head),
        11 => Fault::drop_connection(DropAt::Body),
        12 => Fault::delay(Duration::from_millis(rng.u64(..500))),
        _ => Fault::partial(Apply::Half),
    };
    fault.times(1)
}

/// Makes a call and returns how it ended. An outcome that no fault explains is an error.
async fn call(client: &Client, rng: &mut Rng) -> Fallible<String> {
    let id = PEOPLE[rng.usize(..PEOPLE.len())];
    let kind = rng.u8(..20);
    let title = format!("Title {}", rng.u32(..));
    let calling_data = rng.bool();
    // Some callers drop the call, at any point.
    let limit = match rng.u8(..10) {
        0 => Duration::from_micros(rng.u64(..20_000)),
        _ => Duration::from_secs(60),
    };
    let making = async {
        match kind {
            0..=2 => {
                let edit = client
                    .edit_person(id, |update| update.title = Some(title))
                    .await?;
                Ok((format!("edit {:?}", edit.outcome()), edit.before().id == id))
            }
            3..=5 => {
                let me = client.get_my_own_details().send().await?;
                Ok(("read".to_owned(), me.id == JOHN_ANDERSEN))
            }
            _ => {
                let reading = client.get_person_details().person_id(id);
                let person = reading.calling_data(calling_data).send().await?;
                Ok(("read".to_owned(), person.id == id))
            }
        }
    };
    let ended: Result<(String, bool), people_sdk::Error> =
        match tokio::time::timeout(limit, making).await {
            Ok(ended) => ended,
            Err(_) if limit < Duration::from_secs(60) => return Ok("dropped".to_owned()),
            Err(_) => return Err("a call did not end within a minute".into()),
        };
    match ended {
        Ok((outcome, true)) => Ok(outcome),
        Ok((_, false)) => Err("a call returned another person".into()),
        Err(error) => match error.kind() {
            kind @ (ErrorKind::Timeout
            | ErrorKind::ConnectionLost
            | ErrorKind::Unauthorized
            | ErrorKind::Conflict
            | ErrorKind::Locked
            | ErrorKind::RateLimited
            | ErrorKind::Unavailable
            | ErrorKind::Server
            | ErrorKind::UnexpectedBody) => Ok(format!("{kind:?}")),
            _ => Err(format!("no fault explains this: {error}").into()),
        },
    }
}

/// How the calls have ended.
#[derive(Default)]
struct Tally {
    outcomes: BTreeMap<String, u32>,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self
            .outcomes
            .iter()
            .map(|(outcome, count)| format!("{outcome} {count}"))
            .collect();
        f.write_str(&parts.join(", "))
    }
}

/// A clock that is faster than the system's.
struct Compressed(Instant);

impl Clock for Compressed {
    fn instant(&self) -> Instant {
        self.0 + self.0.elapsed() * COMPRESSION
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration / COMPRESSION))
    }
}

/// What the process holds at a moment.
struct Holdings {
    tasks: usize,
    /// Open files and sockets; 0 where there is no /proc.
    files: usize,
    /// Resident bytes; 0 where there is no /proc.
    memory: u64,
}

impl Holdings {
    fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let resident = status.lines().find_map(|line| {
            let kibibytes = line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?;
            kibibytes.parse::<u64>().ok()
        });
        Self {
            tasks: tokio::runtime::Handle::current()
                .metrics()
                .num_alive_tasks(),
            files: std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count),
            memory: resident.unwrap_or_default() * 1024,
        }
    }
}

impl fmt::Display for Holdings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tasks, files, memory) = (self.tasks, self.files, self.memory / 1024);
        write!(
            f,
            "{tasks} tasks, {files} open files and sockets, {memory} KiB in memory"
        )
    }
}

/// Waits until the process holds no more than `tasks` tasks and `files` open files, and stays so.
async fn settled(tasks: usize, files: usize) -> Fallible<Holdings> {
    let limit = Instant::now() + Duration::from_secs(20);
    let mut calm = 0;
    loop {
        let now = Holdings::now();
        let settled = now.tasks <= tasks && now.files <= files;
        calm = if settled { calm + 1 } else { 0 };
        // Sockets are closed a moment after their tasks end.
        if calm == 5 {
            return Ok(now);
        }
        if Instant::now() > limit {
            let why =
                format!("still open: {now}; expected at most {tasks} tasks and {files} files");
            return Err(why.into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
