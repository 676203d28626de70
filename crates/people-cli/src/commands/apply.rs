//! `people apply`: changes to many people, a few at a time, with a report that another run can go
//! on from.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use clap::Args;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use people_sdk::Client;
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};

use crate::apply_edit::{Attempt, attempt, failure};
use crate::connection::Connection;
use crate::exit::{Exit, Failure, eprint_line};
use crate::interrupt::Interrupts;
use crate::outcome::Outcome;
use crate::output::Output;
use crate::patch::Patch;
use crate::patch_file::{self, FileFormat, Line, LineKey, Wanted};
use crate::person_id::PersonId;
use crate::report::{DoneBefore, Entry, Report};

/// How many lines that went wrong are told of while the run goes on.
const TOLD: usize = 10;

const GOES_ON: &str = "a second run with the same report goes on from here";

#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// The changes, `.ndjson` or `.csv`, or `-` for standard input
    #[arg(value_name = "CHANGES")]
    changes: PathBuf,

    /// How the changes are written down, where the name of the file does not say it
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<FileFormat>,

    /// Where the outcome of every line is kept, as NDJSON; a second run with the same report goes
    /// on from there and repeats nothing that was applied
    #[arg(long, value_name = "FILE", required_unless_present = "dry_run")]
    report: Option<PathBuf>,

    /// How many people are changed at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    concurrency: u16,

    /// Only find out which lines would change something, and send no update; the exit code is 1
    /// when one would
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    connection: Connection,
}

/// What a run came to, for standard output.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    lines: usize,
    /// How many an earlier run had done.
    done_before: usize,
    #[serde(flatten)]
    outcomes: BTreeMap<Outcome, usize>,
    not_attempted: usize,
}

/// The changes to one person, which are made one after another, as far as the first that fails.
struct Unit {
    id: String,
    changes: Vec<(LineKey, Patch)>,
}

/// What the workers have in common.
struct Run {
    client: Client,
    connection: Connection,
    /// Whether no update is sent.
    dry: bool,
    units: Mutex<std::vec::IntoIter<Unit>>,
    stopping: AtomicBool,
}

impl Run {
    fn next(&self) -> Option<Unit> {
        if self.stopping.load(Ordering::Relaxed) {
            return None;
        }
        let mut units = self.units.lock().unwrap_or_else(PoisonError::into_inner);
        units.next()
    }

    fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

impl Apply {
    pub(crate) async fn run(&self, output: Output, verbose: bool) -> Result<Exit, Failure> {
        if self.changes.as_os_str() == "-" && self.connection.takes_stdin() {
            return Err(Failure::usage(
                "standard input cannot give both the token and the changes",
            )
            .help("put the token in a file and name it with `--token-file`"));
        }
        let lines = patch_file::read(&self.changes, self.format)?;
        let (report, done_before) = match &self.report {
            Some(path) => {
                let (report, done_before) = Report::open(path)?;
                (Some(report), done_before)
            }
            None => (None, DoneBefore::new()),
        };
        let mut summary = Summary {
            lines: lines.len(),
            ..Summary::default()
        };
        let lines = remaining(lines, done_before);
        summary.done_before = summary.lines - lines.len();

        let bar = bar(lines.len(), verbose);
        let waiting_until = Arc::new(Mutex::new(Instant::now()));
        let client = {
            let (bar, until) = (bar.clone(), Arc::clone(&waiting_until));
            self.connection.busy_client(move |text, wait| {
                let now = Instant::now();
                let mut until = until.lock().unwrap_or_else(PoisonError::into_inner);
                if !bar.is_hidden() {
                    bar.set_message(text.to_owned());
                } else if *until <= now {
                    // Of those that wait at the same time, the first speaks for all.
                    note(text, output);
                }
                *until = (*until).max(now + wait);
            })?
        };
        let mut ledger = Ledger {
            report,
            bar,
            waiting_until,
            summary,
            worst: Exit::Ok,
            told: 0,
            output,
        };
        let (lines, invalid) = sorted_out(lines);
        ledger.record(&invalid)?;
        let (units, nameless) = units(lines, &client, &self.connection).await;
        ledger.record(&nameless)?;
        let outcome = match abort_reason(&nameless) {
            Some(failure) => Ok(Some(failure)),
            None => self.work(client, units, &mut ledger).await,
        };
        ledger.bar.finish_and_clear();
        ledger.end(outcome?)
    }

    /// Lets the workers work until there is nothing more to do, or a reason to stop.
    async fn work(
        &self,
        client: Client,
        units: Vec<Unit>,
        ledger: &mut Ledger,
    ) -> Result<Option<Failure>, Failure> {
        let run = Arc::new(Run {
            client,
            connection: self.connection.clone(),
            dry: self.dry_run,
            units: Mutex::new(units.into_iter()),
            stopping: AtomicBool::new(false),
        });
        let mut interrupts = Interrupts::listen()?;
        let (sender, mut outcomes) = mpsc::channel(usize::from(self.concurrency));
        for _ in 0..self.concurrency {
            tokio::spawn(worker(Arc::clone(&run), sender.clone()));
        }
        drop(sender);
        let mut reason = None;
        let mut batch = Vec::new();
        loop {
            tokio::select! {
                received = outcomes.recv_many(&mut batch, 64) => {
                    if received == 0 {
                        return Ok(reason);
                    }
                    let (done, recorded): (Vec<Done>, Vec<_>) =
                        batch.drain(..).map(|Sent { done, recorded }| (done, recorded)).unzip();
                    reason = reason.or_else(|| abort_reason(&done));
                    if let Err(failure) = ledger.record(&done) {
                        run.stop();
                        return Err(failure);
                    }
                    drop(recorded);
                }
                () = interrupts.next() => {
                    if run.stopping.swap(true, Ordering::Relaxed) {
                        return Ok(Some(Failure::new(Exit::Interrupted, "interrupted").help(
                            "a second run with the same report goes on; it finds out by itself \
                             what became of the changes that were under way",
                        )));
                    }
                    ledger.note("stopping when the changes under way are done; once more to stop \
                                 at once");
                    reason.get_or_insert_with(|| {
                        Failure::new(Exit::Interrupted, "interrupted")
                            .help(GOES_ON)
                    });
                }
            }
        }
    }
}

/// The lines that no earlier run has done. They are known by their text, so that a file can be
/// corrected and applied again.
fn remaining(mut lines: Vec<Line>, mut done_before: DoneBefore) -> Vec<Line> {
    lines.retain(|line| match done_before.get_mut(&line.key.digest) {
        Some(times) if *times > 0 => {
            *times -= 1;
            false
        }
        _ => true,
    });
    lines
}

/// The lines that ask for something that can be, and those that do not.
fn sorted_out(lines: Vec<Line>) -> (Vec<(LineKey, Wanted)>, Vec<Done>) {
    let (mut possible, mut invalid) = (Vec::new(), Vec::new());
    for Line { key, wanted } in lines {
        match wanted {
            Ok(wanted) => possible.push((key, wanted)),
            Err(failure) => invalid.push(Done::failed(&key, "", Outcome::Invalid, &failure)),
        }
    }
    (possible, invalid)
}

/// The changes by person, in the order of the file, and the lines about `me` when nobody knows who
/// that is.
async fn units(
    lines: Vec<(LineKey, Wanted)>,
    client: &Client,
    connection: &Connection,
) -> (Vec<Unit>, Vec<Done>) {
    let mut units: Vec<Unit> = Vec::new();
    let mut places = HashMap::new();
    let mut nameless = Vec::new();
    let mut me = None;
    for (key, Wanted { id, change }) in lines {
        let id = match id {
            PersonId::Id(id) => id,
            PersonId::Me => {
                let me = match &mut me {
                    Some(me) => me,
                    none => none.insert(PersonId::Me.resolve(client).await),
                };
                match me {
                    Ok(id) => id.clone(),
                    Err(failure) => {
                        let mut done = Done::failed(&key, "me", Outcome::Failed, failure);
                        done.abort_reason = connection.abort_reason(failure);
                        nameless.push(done);
                        continue;
                    }
                }
            }
        };
        // To the service an id with the padding of base64 is the same as without.
        let person = id.trim_end_matches('=').to_owned();
        let place = *places.entry(person).or_insert_with(|| {
            units.push(Unit {
                id,
                changes: Vec::new(),
            });
            units.len() - 1
        });
        units[place].changes.push((key, change));
    }
    (units, nameless)
}

/// A line that is over.
struct Done {
    entry: Entry,
    exit: Exit,
    /// Why no other line is worth a try.
    abort_reason: Option<String>,
}

/// A line that is over, on its way into the report.
struct Sent {
    done: Done,
    /// Dropped when the line is in the report.
    recorded: oneshot::Sender<()>,
}

impl Done {
    fn new(key: &LineKey, id: &str, outcome: Outcome, exit: Exit) -> Self {
        let entry = Entry {
            line: key.number,
            id: id.to_owned(),
            outcome,
            exit_code: exit.number(),
            changed: Vec::new(),
            unapplied: Vec::new(),
            error: None,
            time: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
            digest: key.digest.clone(),
        };
        Self {
            entry,
            exit,
            abort_reason: None,
        }
    }

    fn failed(key: &LineKey, id: &str, outcome: Outcome, failure: &Failure) -> Self {
        let mut done = Self::new(key, id, outcome, failure.exit);
        done.entry.error = Some(failure.record());
        done
    }
}

/// Why these lines leave no other worth a try, or nothing.
fn abort_reason(lines: &[Done]) -> Option<Failure> {
    let mut lines = lines.iter();
    let (exit, why) = lines.find_map(|it| Some((it.exit, it.abort_reason.as_ref()?)))?;
    Some(Failure::new(exit, why).help(GOES_ON))
}

async fn worker(run: Arc<Run>, outcomes: mpsc::Sender<Sent>) {
    while let Some(Unit { id, changes }) = run.next() {
        for (key, change) in changes {
            if run.stopping.load(Ordering::Relaxed) {
                return;
            }
            let attempt = attempt(&run.client, &id, run.dry, |update| change.apply(update));
            let attempt = attempt.await;
            let abort_reason = attempt.outcome.as_ref().err();
            let abort_reason =
                abort_reason.and_then(|failure| run.connection.abort_reason(failure));
            if abort_reason.is_some() {
                run.stop();
            }
            let mut done = conclude(&key, &id, attempt, run.dry);
            done.abort_reason = abort_reason;
            let outcome = done.entry.outcome;
            let (recorded, on_the_disk) = oneshot::channel();
            if outcomes.send(Sent { done, recorded }).await.is_err() {
                return;
            }
            // What comes after this line must not be there before it.
            let _ = on_the_disk.await;
            // Another run makes up for this line, and must not undo a later one by that.
            if !run.dry && !outcome.is_done() && outcome != Outcome::Invalid {
                break;
            }
        }
    }
}

fn conclude(key: &LineKey, id: &str, attempt: Attempt, dry_run: bool) -> Done {
    let Attempt { plan, outcome } = attempt;
    let edit = match outcome {
        Ok(edit) => edit,
        Err(failure) => {
            let outcome = match (&plan, failure.exit) {
                (None, Exit::Usage) => Outcome::Invalid,
                _ => Outcome::Failed,
            };
            return Done::failed(key, id, outcome, &failure);
        }
    };
    let outcome = match &plan {
        Some(plan) => plan.outcome(&edit, dry_run),
        None => edit.outcome().into(),
    };
    let mut done = match failure(&edit) {
        Some(failure) => Done::failed(key, id, outcome, &failure),
        None if outcome == Outcome::WouldChange => Done::new(key, id, outcome, Exit::WouldChange),
        None => Done::new(key, id, outcome, Exit::Ok),
    };
    let changes = plan.into_iter().flat_map(|plan| plan.changes);
    done.entry.changed = changes.map(|change| change.path).collect();
    done.entry.changed.dedup();
    done.entry.unapplied = edit.unapplied().to_vec();
    done
}

fn bar(lines: usize, verbose: bool) -> ProgressBar {
    if verbose {
        // The log and the bar would write over each other.
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(u64::try_from(lines).unwrap_or(u64::MAX));
    let template = "{bar:20} {human_pos}/{human_len}  {rate}  {eta} left  {wide_msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        let rate = |state: &ProgressState, text: &mut dyn fmt::Write| {
            // A bar that cannot be drawn is no reason to stop.
            let _ = write!(text, "{:.1}/s", state.per_sec());
        };
        bar.set_style(style.with_key("rate", rate));
    }
    bar.tick();
    bar
}

/// Says something by the way, in the form of the errors.
fn note(text: &str, output: Output) {
    if output.json_errors {
        eprint_line(serde_json::json!({ "note": text }));
    } else {
        eprint_line(format_args!("note: {text}"));
    }
}

/// Where outcomes are kept, counted and told.
struct Ledger {
    report: Option<Report>,
    bar: ProgressBar,
    /// Until when the bar's message is true.
    waiting_until: Arc<Mutex<Instant>>,
    summary: Summary,
    worst: Exit,
    told: usize,
    output: Output,
}

impl Ledger {
    fn record(&mut self, lines: &[Done]) -> Result<(), Failure> {
        if let Some(report) = &mut self.report
            && !lines.is_empty()
        {
            let entries = lines.iter().map(|done| &done.entry);
            tokio::task::block_in_place(|| report.append(entries))?;
        }
        for Done { entry, exit, .. } in lines {
            *self.summary.outcomes.entry(entry.outcome).or_default() += 1;
            self.worst = self.worst.max(*exit);
            self.tell(entry);
            self.bar.inc(1);
        }
        let until = self.waiting_until.lock();
        if *until.unwrap_or_else(PoisonError::into_inner) <= Instant::now() {
            self.bar.set_message("");
        }
        Ok(())
    }

    /// Says what went wrong with a line, unless that was said often enough.
    fn tell(&mut self, entry: &Entry) {
        let Some(error) = &entry.error else {
            return;
        };
        self.told += 1;
        if self.told <= TOLD {
            let line = match serde_json::to_string(entry) {
                Ok(json) if self.output.json_errors => json,
                _ => {
                    let message = error["message"].as_str().unwrap_or_default();
                    format!("line {}: {}: {message}", entry.line, entry.outcome.phrase())
                }
            };
            self.bar.suspend(|| eprint_line(line));
        } else if self.told == TOLD + 1 && self.report.is_some() {
            self.note("further lines that went wrong are in the report");
        }
    }

    fn note(&self, text: &str) {
        self.bar.suspend(|| note(text, self.output));
    }

    /// Prints the summary, and ends the run as its worst line says.
    fn end(mut self, stopped: Option<Failure>) -> Result<Exit, Failure> {
        let attempted: usize = self.summary.outcomes.values().sum();
        self.summary.not_attempted = self.summary.lines - self.summary.done_before - attempted;
        self.output.value(&self.summary, 0, false)?;
        let left = self.summary.not_attempted;
        if let Some(failure) = stopped {
            let mut failure =
                failure.about(format_args!("stopped, with {left} lines not attempted"));
            failure.exit = failure.exit.max(self.worst);
            return Err(failure);
        }
        if left > 0 {
            self.note(&format!(
                "{left} lines not attempted, each after one about the same person that has yet to \
                 succeed; {GOES_ON}"
            ));
        }
        Ok(self.worst)
    }
}
