//! `people apply`: changes to many people, with a report from which another run goes on. The order
//! of the lines is decided in `schedule`; this module puts the parts together.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use clap::Args;
use people_sdk::Client;
use tokio::sync::mpsc;

use crate::apply_edit::EditOptions;
use crate::connection::Connection;
use crate::exit::{Exit, Failure};
use crate::history::{DoneLines, FileOrder, History, PersonHash};
use crate::input::is_stdin;
use crate::output::{Format, Output};
use crate::patch_file::{BeforeFile, FileOptions, Line, PatchFile};
use crate::person_id::PersonId;
use crate::progress::Progress;
use crate::report::Report;
use crate::signals::StopSignals;

use line_outcome::LineWorker;
use recorder::Recorder;
use schedule::{Limits, Schedule};

#[cfg(test)]
mod durability_tests;
mod line_outcome;
mod recorder;
mod review;
mod schedule;
#[cfg(test)]
mod schedule_tests;

#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// The changes, as CSV or JSON, or `-` for standard input
    #[arg(
        value_name = "CHANGES",
        required_unless_present = "undo",
        conflicts_with = "undo"
    )]
    changes: Option<PathBuf>,

    /// Undo the changes of which an earlier run has saved the former values in this file
    ///
    /// If a property of a person has been changed by something else since, that is an error, and the
    /// person is left as is. Where the service stores a former value in another form, that form is added
    /// to the file, so that another undo recognizes it.
    #[arg(long, value_name = "FILE")]
    undo: Option<PathBuf>,

    #[command(flatten)]
    file_options: FileOptions,

    /// File for the outcome of every line, as NDJSON; a second run with the same report goes on
    /// from there and repeats nothing that was applied; required without `--dry-run`
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Write to the report what the service says about failures, with e-mail addresses, phone
    /// numbers and ids removed; names can remain
    #[arg(long, requires = "report")]
    report_reasons: bool,

    /// Save the values before each update in this file, for `--undo`; it holds personal data
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    save_before: Option<PathBuf>,

    /// Number of people that are changed at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    concurrency: u16,

    /// Stop after this number of failed lines
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_failures: Option<u64>,

    /// How often a line of progress is written if standard error is not a terminal; `0s` for never
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "30s",
        hide_short_help = true
    )]
    progress_interval: humantime::Duration,

    /// Only show what would change, and send no update; the exit code is 1 if something would
    ///
    /// `-o table`, `-o markdown` and `-o ndjson` show the changes of every person.
    #[arg(long)]
    dry_run: bool,

    /// Leave a property out of all updates: `phoneNumbers`
    ///
    /// For properties that the service does not accept back; see `people update --help`.
    #[arg(long, value_name = "PROPERTY", hide_short_help = true)]
    omit: Vec<String>,

    #[command(flatten)]
    connection: Connection,
}

impl Apply {
    pub(crate) async fn run(&self, output: Output, verbose: bool) -> Result<Exit, Failure> {
        let formats = [Format::Table, Format::Json, Format::Yaml, Format::Ndjson];
        let mut formats = formats.to_vec();
        if self.dry_run {
            formats.push(Format::Markdown);
        }
        output.require(&formats)?;
        if self.report.is_none() && !self.dry_run {
            return Err(Failure::usage(
                "`--report FILE` is missing: it gets the outcome of every line, and a run that was \
                 stopped goes on from it",
            )
            .help(self.next_step()));
        }
        self.check_paths()?;
        let mut file = self.file()?;
        let undone = (self.undo.is_some() && !self.dry_run).then(|| file.open_undone());
        let undone = undone.transpose()?.map(Mutex::new);
        // A file that is broken is found before a report is created, and before the first request.
        let mut total = file.check()?;
        let (mut report, history) = match &self.report {
            Some(path) => {
                let (report, history) = Report::open(path)?;
                (Some(report), history)
            }
            None => (None, History::default()),
        };
        if let Some(warning) = report.as_mut().and_then(Report::take_warning) {
            output.messages.warning(warning);
        }
        let before = self.save_before.as_deref().map(BeforeFile::open);
        let before = before.transpose()?.map(Mutex::new);
        if !history.is_empty() && total.is_none() {
            file.make_rereadable()?;
            total = file.check()?;
        }
        let progress = Progress::new(
            "lines",
            total,
            self.progress_interval.into(),
            verbose,
            output.messages,
        );
        let client = self
            .connection
            .busy_client(output.messages, progress.on_wait())?;
        let done = done_lines(&file, &history, &client).await?;
        let mut recorder =
            Recorder::new(report, self.report_reasons, self.dry_run, progress, output);
        recorder.summary.done_before = done.count();
        recorder.progress.skip(done.count());
        let (lines, read) = read_in_background(&file, done)?;
        let worker = LineWorker {
            client,
            options: EditOptions {
                omit: self.omit.clone(),
                null: Vec::new(),
                dry_run: self.dry_run,
            },
            before,
            undone,
        };
        let limits = Limits {
            max_failures: self.max_failures,
            calls: self.connection.call_limits(),
        };
        if self.dry_run && matches!(output.format, Format::Json | Format::Yaml) {
            recorder.notice(
                "`-o table`, `-o markdown` and `-o ndjson` show the changes of every person",
            );
        }
        let signals = StopSignals::listen()?;
        let schedule = Schedule::new(worker, self.concurrency, limits);
        let end = schedule.run(lines, &mut recorder, signals).await;
        if let Some(path) = &self.save_before
            && recorder.summary.has_changed()
        {
            recorder.notice(&format!(
                "`people apply --undo {} --report FILE` restores the former values",
                path.display()
            ));
        }
        recorder.finish(end, total.unwrap_or_else(|| read.load(Ordering::Relaxed)))
    }

    /// The command line that a run without `--report` was meant to be.
    fn next_step(&self) -> String {
        if let Some(path) = &self.undo {
            let path = path.display();
            return format!("`people apply --undo {path} --report undo.ndjson`");
        }
        let path = self.changes.as_deref().unwrap_or("CHANGES".as_ref());
        format!(
            "`people apply {} --report report.ndjson --save-before before.ndjson` keeps the former \
             values for `--undo` too; `--dry-run` shows the changes without a report",
            path.display()
        )
    }

    /// Rejects one file in two roles.
    fn check_paths(&self) -> Result<(), Failure> {
        let roles = [
            ("CHANGES", &self.changes),
            ("--undo", &self.undo),
            ("--report", &self.report),
            ("--save-before", &self.save_before),
        ];
        let roles = roles.map(|(role, path)| path.as_deref().map(|path| (role, path)));
        let roles: Vec<_> = roles.into_iter().flatten().collect();
        for (index, (role, path)) in roles.iter().enumerate() {
            let same = roles[..index].iter().find(|(_, it)| is_same_file(it, path));
            if let Some((other, _)) = same {
                return Err(Failure::usage(format_args!(
                    "`{other}` and `{role}` name the same file, {}",
                    path.display()
                ))
                .help(format_args!("name another file with `{role}`")));
            }
        }
        Ok(())
    }

    fn file(&self) -> Result<PatchFile, Failure> {
        let path = match (&self.changes, &self.undo) {
            (_, Some(path)) => return Ok(PatchFile::undo(path)),
            (Some(path), None) => path,
            (None, None) => return Err(Failure::usage("the file of changes is missing")),
        };
        if is_stdin(path) && self.connection.takes_stdin() {
            return Err(Failure::usage(
                "standard input cannot hold both the token and the changes",
            )
            .help("put the token in a file and name it with `--token-file`"));
        }
        Ok(PatchFile::new(path, &self.file_options))
    }
}

/// Whether two paths lead to one file, which may not exist.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let is_one = || one.canonicalize().ok() == other.canonicalize().ok();
    one == other || one.exists() && is_one()
}

/// The lines that earlier runs have done.
async fn done_lines(
    file: &PatchFile,
    history: &History,
    client: &Client,
) -> Result<DoneLines, Failure> {
    if history.is_empty() {
        return Ok(DoneLines::default());
    }
    let mut order = FileOrder::default();
    let mut me = None;
    for line in file.lines()? {
        let Line { key, patch } = line?;
        let person = match patch.map(|it| it.id) {
            Ok(PersonId::Id(id)) => Some(PersonHash::of(&id)),
            Ok(PersonId::Me) => {
                if me.is_none() {
                    let mut person = history.person_of(&key.digest);
                    if person.is_none() {
                        // If this fails, it fails again when the line is applied.
                        let id = PersonId::Me.resolve(client).await.ok();
                        person = id.map(|id| PersonHash::of(&id));
                    }
                    me = Some(person);
                }
                me.flatten()
            }
            Err(_) => None,
        };
        order.push(person.map(|person| (person, key.digest.as_str())));
    }
    Ok(history.done(order))
}

/// A line, or why the file cannot be read any further.
type ReadLine = Result<Line, Failure>;

/// How many lines are read before the schedule takes them.
const READ_AHEAD: usize = 256;

/// Reads the lines that are not done on a thread of its own, a few ahead of their use. Returns them
/// and the number of lines that have been read.
fn read_in_background(
    file: &PatchFile,
    done: DoneLines,
) -> Result<(mpsc::Receiver<ReadLine>, Arc<AtomicU64>), Failure> {
    let (sender, receiver) = mpsc::channel(READ_AHEAD);
    let lines = file.lines()?;
    let count = Arc::new(AtomicU64::new(0));
    let read = Arc::clone(&count);
    // Not one of the runtime's threads: the end of the command must not wait for standard input.
    std::thread::spawn(move || {
        for (index, line) in lines.enumerate() {
            if line.is_ok() {
                read.fetch_add(1, Ordering::Relaxed);
            }
            if !done.contains(index) && sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    Ok((receiver, count))
}
