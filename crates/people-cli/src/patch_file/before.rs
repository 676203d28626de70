//! The file of `--save-before`: the values that a run replaces, saved before each update is sent,
//! and read back from the last to the first to undo them. It holds personal data.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use people_sdk::types::PersonUpdate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::line::{Line, LineKey, MAX_LINE_BYTES, PersonPatch};
use crate::append_file::AppendFile;
use crate::diff::is_same;
use crate::exit::{Exit, Failure};
use crate::patch::{Action, Patch, to_json};

/// One update.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    line: u64,
    id: String,
    /// The digest of the line.
    digest: String,
    /// The properties that the update changes, with their values before; null if absent.
    before: Map<String, Value>,
    /// The same properties as they are sent.
    after: Map<String, Value>,
}

/// A file that receives the values before each update.
pub(crate) struct BeforeFile(AppendFile);

impl BeforeFile {
    /// Opens the file at `path`, or creates it. Entries are added to those of earlier runs.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let mut file = AppendFile::open(path, "file of former values")?;
        let name = file.name();
        file.recover(|line| match serde_json::from_slice::<Entry>(line) {
            Ok(_) => Ok(()),
            Err(_) => Err(Failure::usage(format_args!(
                "{name} was not written by `--save-before`"
            ))
            .help("name another file; nothing was written to this one")),
        })?;
        Ok(Self(file))
    }

    /// Saves the properties in which `after` differs, and returns once they are on the disk.
    pub(crate) fn save(
        &mut self,
        key: &LineKey,
        id: &str,
        before: &PersonUpdate,
        after: &PersonUpdate,
    ) -> Result<(), Failure> {
        let [before, after] = [to_json(before)?, to_json(after)?];
        let names = |value: &Value| -> Vec<String> {
            let object = value.as_object().into_iter();
            object.flat_map(|it| it.keys().cloned()).collect()
        };
        let mut changed = names(&before);
        changed.extend(names(&after));
        changed.sort_unstable();
        changed.dedup();
        changed.retain(|name| !is_same(&before[name], &after[name]));
        let values = |all: &Value| -> Map<String, Value> {
            let values = changed.iter().map(|name| (name.clone(), all[name].clone()));
            values.collect()
        };
        let entry = Entry {
            line: key.number,
            id: id.to_owned(),
            digest: key.digest.clone(),
            before: values(&before),
            after: values(&after),
        };
        let mut text =
            serde_json::to_vec(&entry).map_err(|error| Failure::new(Exit::Other, error))?;
        text.push(b'\n');
        self.0.append(&text)
    }
}

/// The lines that undo the file, from its last entry to its first, so that values are set back in
/// the reverse order of their changes.
pub(crate) fn read(
    file: File,
) -> Result<impl Iterator<Item = Result<Line, Failure>> + Send, Failure> {
    let mut file = BufReader::new(file);
    let starts = starts(&mut file)?;
    let numbered: Vec<(u64, u64)> = starts.into_iter().zip(1..).collect();
    let entries = numbered.into_iter().rev();
    Ok(entries.map(move |(start, number)| {
        let mut text = Vec::new();
        file.seek(SeekFrom::Start(start)).map_err(Failure::usage)?;
        (&mut file)
            .take(MAX_LINE_BYTES as u64 * 2)
            .read_until(b'\n', &mut text)
            .map_err(Failure::usage)?;
        let text = String::from_utf8_lossy(&text);
        Ok(Line::new(number, text.trim(), entry(text.trim())))
    }))
}

/// The number of entries.
pub(crate) fn count(file: File) -> Result<u64, Failure> {
    Ok(starts(&mut BufReader::new(file))?.len() as u64)
}

/// Where each entry begins. Half an entry at the end belongs to an update that was never sent.
fn starts(file: &mut BufReader<File>) -> Result<Vec<u64>, Failure> {
    let mut starts = Vec::new();
    let mut start = 0;
    loop {
        let mut text = Vec::new();
        let length = file
            .by_ref()
            .take(MAX_LINE_BYTES as u64 * 2)
            .read_until(b'\n', &mut text)
            .map_err(|error: io::Error| Failure::usage(error))?;
        if length == 0 || text.last() != Some(&b'\n') {
            return Ok(starts);
        }
        if !text.trim_ascii().is_empty() {
            starts.push(start);
        }
        start += length as u64;
    }
}

fn entry(text: &str) -> Result<PersonPatch, Failure> {
    let entry: Entry = serde_json::from_str(text)
        .map_err(|_| Failure::usage("the line was not written by `--save-before`"))?;
    let mut after = entry.after;
    let actions = entry.before.into_iter().map(|(property, former)| {
        let replaced_by = after.remove(&property).unwrap_or_default();
        Action::Restore {
            property,
            replaced_by,
            former,
        }
    });
    PersonPatch::new(&entry.id, Patch(actions.collect()))
}
