//! The report of a bulk run: a file of outcomes that only ever grows, is on the disk before the
//! run goes on, and tells the next run what need not be done again. It holds person ids and the
//! names of properties, never their values, nor what the service said of them.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::exit::{Exit, Failure};
use crate::outcome::Outcome;

/// One line of a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    /// The line of the changes that this is about.
    pub(crate) line: u64,
    pub(crate) id: String,
    pub(crate) outcome: Outcome,
    pub(crate) exit_code: u8,
    /// The paths that the update changed, or would change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) changed: Vec<String>,
    /// The properties that were sent, and that are not so now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) unapplied: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Value>,
    /// When it was over.
    pub(crate) time: String,
    /// Stands for the line's text.
    pub(crate) digest: String,
}

/// How many lines of the same text earlier runs are done with, by its digest.
pub(crate) type DoneBefore = HashMap<String, usize>;

/// A report that is open for this run alone.
pub(crate) struct Report {
    path: PathBuf,
    file: File,
}

impl Report {
    /// Opens the report at `path`, or begins it, and says what is done with.
    pub(crate) fn open(path: &Path) -> Result<(Self, DoneBefore), Failure> {
        let failed = |error: io::Error| {
            Failure::usage(format_args!("the report {}: {error}", path.display()))
        };
        let new = !path.exists();
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;

            options.mode(0o600);
        }
        let file = options.open(path).map_err(failed)?;
        match FileExt::try_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::usage(format_args!(
                    "the report {} is another run's, which is still going on",
                    path.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        if new {
            sync_directory(path).map_err(failed)?;
        }
        let mut report = Self {
            path: path.to_owned(),
            file,
        };
        let done = report.done()?;
        Ok((report, done))
    }

    fn done(&mut self) -> Result<DoneBefore, Failure> {
        let path = self.path.clone();
        let failed = |error: io::Error| {
            Failure::usage(format_args!("the report {}: {error}", path.display()))
        };
        let mut text = Vec::new();
        self.file.seek(SeekFrom::Start(0)).map_err(failed)?;
        self.file.read_to_end(&mut text).map_err(failed)?;
        // A run that was killed can have left half a line, whose outcome is not known then.
        let whole = text.iter().rposition(|byte| *byte == b'\n');
        let whole = whole.map_or(0, |end| end + 1);
        let mut done = DoneBefore::new();
        for (line, number) in text[..whole].split(|byte| *byte == b'\n').zip(1_u64..) {
            if line.is_empty() {
                continue;
            }
            let entry: Entry = serde_json::from_slice(line).map_err(|_| {
                Failure::usage(format_args!(
                    "{} is no report of this command (line {number})",
                    path.display()
                ))
                .help("name another file with `--report`; nothing was written to this one")
            })?;
            if entry.outcome.is_done() {
                *done.entry(entry.digest).or_default() += 1;
            }
        }
        if whole < text.len() {
            // Only what looks like the beginning of an entry is taken away.
            let (half, start) = (&text[whole..], b"{\"line\":".as_slice());
            if !half.starts_with(start) && !start.starts_with(half) {
                return Err(Failure::usage(format_args!(
                    "{} is no report of this command",
                    path.display()
                ))
                .help("name another file with `--report`; nothing was written to this one"));
            }
            self.file
                .set_len(u64::try_from(whole).unwrap_or(u64::MAX))
                .map_err(failed)?;
        }
        Ok(done)
    }

    /// Adds entries, and returns once they are on the disk.
    pub(crate) fn append<'a>(
        &mut self,
        entries: impl IntoIterator<Item = &'a Entry>,
    ) -> Result<(), Failure> {
        let mut text = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut text, entry)
                .map_err(|error| Failure::new(Exit::Other, error))?;
            text.push(b'\n');
        }
        self.file
            .write_all(&text)
            .and_then(|()| self.file.sync_data())
            .map_err(|error| {
                Failure::new(
                    Exit::Other,
                    format_args!("the report {}: {error}", self.path.display()),
                )
                .help(
                    "what was done since is not in the report; a second run with it finds that \
                     out by itself",
                )
            })
    }
}

/// Makes sure that the name of a new file is on the disk too.
fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let directory = path.parent().filter(|it| !it.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(line: u64, digest: &str, outcome: Outcome) -> Entry {
        Entry {
            line,
            id: format!("person-{line}"),
            outcome,
            exit_code: 0,
            changed: vec!["title".to_owned()],
            unapplied: Vec::new(),
            error: None,
            time: "2026-01-01T00:00:00Z".to_owned(),
            digest: digest.to_owned(),
        }
    }

    #[test]
    fn what_is_done_counts_and_half_a_line_does_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("report.ndjson");
        let (mut report, done) = Report::open(&path).unwrap();
        assert!(done.is_empty());
        report
            .append(&[
                entry(1, "a", Outcome::Failed),
                entry(2, "b", Outcome::Applied),
            ])
            .unwrap();
        report
            .append(&[
                entry(3, "b", Outcome::Unchanged),
                entry(4, "c", Outcome::WouldChange),
            ])
            .unwrap();
        drop(report);
        let whole = std::fs::read(&path).unwrap();
        let more = serde_json::to_string(&entry(1, "a", Outcome::Applied)).unwrap();
        for half in 1..more.len() {
            let torn = [whole.as_slice(), &more.as_bytes()[..half]].concat();
            std::fs::write(&path, torn).unwrap();
            let (mut report, done) = Report::open(&path).unwrap();
            assert_eq!(done, DoneBefore::from([("b".to_owned(), 2)]));
            assert_eq!(std::fs::read(&path).unwrap(), whole);
            report.append(&[entry(1, "a", Outcome::Applied)]).unwrap();
            drop(report);
            assert_eq!(Report::open(&path).unwrap().1.len(), 2);
        }
    }

    #[test]
    fn a_report_is_one_runs_at_a_time() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("report.ndjson");
        let first = Report::open(&path).unwrap();
        let failure = Report::open(&path).err().unwrap();
        assert!(failure.message().ends_with("still going on"), "{failure:?}");
        drop(first);
        Report::open(&path).unwrap();
    }

    #[test]
    fn another_file_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        for text in [
            "a letter to my aunt",
            "a letter\n",
            "{\"id\":1}\n",
            "{\"line\":1}\n",
        ] {
            let path = directory.path().join("letter");
            std::fs::write(&path, text).unwrap();
            let failure = Report::open(&path).err().unwrap();
            assert!(failure.message().contains("no report"), "{failure:?}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }
}
