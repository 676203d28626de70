//! The file of `--save-before`: the values that a run replaces, saved before each update is sent, and
//! what the service has made of those that were sent; read back by person to undo them. The undo adds
//! what the service has made of the former values. The file holds personal data.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use people_sdk::Edit;
use people_sdk::types::PersonUpdate;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::line::{Line, LineKey, MAX_LINE_BYTES, PersonPatch};
use crate::append_file::AppendFile;
use crate::diff::first_is_primary;
use crate::exit::{Exit, Failure};
use crate::history::PersonHash;
use crate::patch::{Action, Patch, to_json};

/// An update that is about to be sent.
#[derive(Debug, Serialize, Deserialize)]
struct SentEntry {
    line: u64,
    id: String,
    /// The digest of the line.
    digest: String,
    /// The properties that the update changes, with their values before; null if absent.
    before: Map<String, Value>,
    /// The same properties as they are sent.
    after: Map<String, Value>,
}

/// What the service has made of an update, where that is not what was sent.
#[derive(Debug, Serialize, Deserialize)]
struct StoredEntry {
    line: u64,
    id: String,
    digest: String,
    /// The properties with their values after the update; null if absent.
    stored: Map<String, Value>,
}

/// What the service has made of former values that were sent to undo an update, where that is not what
/// was sent.
#[derive(Debug, Serialize, Deserialize)]
struct RestoredEntry {
    line: u64,
    id: String,
    digest: String,
    /// The properties with their values after the undo.
    restored: Map<String, Value>,
}

/// A line of the file.
enum Entry {
    Sent(SentEntry),
    Stored(StoredEntry),
    Restored(RestoredEntry),
}

impl Entry {
    /// Reads a line; `None` if it is another one.
    fn parse(text: &[u8]) -> Option<Self> {
        let sent = serde_json::from_slice(text).map(Self::Sent);
        sent.or_else(|_| serde_json::from_slice(text).map(Self::Stored))
            .or_else(|_| serde_json::from_slice(text).map(Self::Restored))
            .ok()
    }
}

/// A file that receives the values before each update.
pub(crate) struct BeforeFile(AppendFile);

impl BeforeFile {
    /// Opens the file at `path`, or creates it. Entries are added to those of earlier runs.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let mut file = AppendFile::open(path, "file of former values")?;
        let name = file.name();
        file.recover(|line| match Entry::parse(line) {
            Some(_) => Ok(()),
            None => Err(
                Failure::usage(format_args!("{name} was not written by `--save-before`"))
                    .help("name another file; nothing was written to this one"),
            ),
        })?;
        Ok(Self(file))
    }

    /// A copy of the file as it is now, without a name.
    pub(crate) fn copy(&mut self) -> io::Result<File> {
        self.0.copy()
    }

    /// Whether values could not be saved. Then no further values can be.
    pub(crate) fn is_broken(&self) -> bool {
        self.0.is_broken()
    }

    /// Replaces the operations of the file.
    #[cfg(test)]
    pub(crate) fn set_storage(&mut self, storage: Box<dyn crate::append_file::Storage>) {
        self.0.set_storage(storage);
    }

    /// Saves the properties that sending `after` changes, and returns once they are on the disk.
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
        changed.retain(|name| PersonUpdate::is_change(name, &before[name], &after[name]));
        if changed.is_empty() {
            // Nothing is sent.
            return Ok(());
        }
        let is_unknown = |name: &&String| first_is_primary(name) && before[*name].is_null();
        if let Some(name) = changed.iter().find(is_unknown) {
            return Err(Failure::new(
                Exit::Other,
                format_args!(
                    "`{name}` could not be set back, because its primary item is unknown; nothing \
                     was sent"
                ),
            )
            .help(format_args!(
                "set `{name}` of this person in a run without `--save-before`"
            )));
        }
        let values = |all: &Value| -> Map<String, Value> {
            let values = changed.iter().map(|name| (name.clone(), all[name].clone()));
            values.collect()
        };
        self.append(&SentEntry {
            line: key.number,
            id: id.to_owned(),
            digest: key.digest.clone(),
            before: values(&before),
            after: values(&after),
        })
    }

    /// Saves what the service has made of the values that an edit has sent, where that is something
    /// else: its own copy of a picture, a license that comes with another one.
    pub(crate) fn save_stored(
        &mut self,
        key: &LineKey,
        id: &str,
        edit: &Edit,
    ) -> Result<(), Failure> {
        let names = [edit.also_changed(), edit.unapplied()].concat();
        let stored = stored_otherwise(&names, edit)?;
        self.append_stored(key, id, stored)
    }

    /// Saves what the service has made of the former values that an undo has sent, where that is
    /// something else, so that another undo of the same file recognizes it. What was not restored
    /// counts as a value that has replaced the former one.
    pub(crate) fn save_restored(
        &mut self,
        key: &LineKey,
        id: &str,
        edit: &Edit,
    ) -> Result<(), Failure> {
        let restored = stored_otherwise(edit.also_changed(), edit)?;
        if !restored.is_empty() {
            self.append(&RestoredEntry {
                line: key.number,
                id: id.to_owned(),
                digest: key.digest.clone(),
                restored,
            })?;
        }
        let stored = stored_otherwise(edit.unapplied(), edit)?;
        self.append_stored(key, id, stored)
    }

    fn append_stored(
        &mut self,
        key: &LineKey,
        id: &str,
        stored: Map<String, Value>,
    ) -> Result<(), Failure> {
        if stored.is_empty() {
            return Ok(());
        }
        self.append(&StoredEntry {
            line: key.number,
            id: id.to_owned(),
            digest: key.digest.clone(),
            stored,
        })
    }

    fn append(&mut self, entry: &impl Serialize) -> Result<(), Failure> {
        let mut text =
            serde_json::to_vec(entry).map_err(|error| Failure::new(Exit::Other, error))?;
        text.push(b'\n');
        self.0.append(&text)
    }
}

/// The properties out of `names` that an edit has changed to a value other than the one it sent, with
/// that value.
fn stored_otherwise(names: &[String], edit: &Edit) -> Result<Map<String, Value>, Failure> {
    let Some(after) = edit.after().filter(|_| !names.is_empty()) else {
        return Ok(Map::new());
    };
    let before = to_json(&PersonUpdate::from(edit.before()))?;
    let sent = to_json(edit.requested())?;
    let after = to_json(&PersonUpdate::from(after))?;
    let is_other = |name: &&String| {
        let is_change = |one: &Value| PersonUpdate::is_change(name, one, &sent[*name]);
        is_change(&before[*name]) && is_change(&after[*name])
    };
    let names = names.iter().filter(is_other);
    Ok(names
        .map(|name| (name.clone(), after[name].clone()))
        .collect())
}

/// The entries of one person, by their positions in the file.
struct PersonEntries {
    id: String,
    starts: Vec<u64>,
    /// The number of the last update's entry.
    number: u64,
}

/// The lines that undo the file, one per person: the people that were changed last come first.
pub(crate) fn read(
    file: File,
) -> Result<impl Iterator<Item = Result<Line, Failure>> + Send, Failure> {
    let mut file = BufReader::new(file);
    let people = people(&mut file)?;
    Ok(people.into_iter().map(move |person| {
        let mut undo = Undo::default();
        for start in &person.starts {
            file.seek(SeekFrom::Start(*start)).map_err(Failure::usage)?;
            let text = line(&mut file)?.unwrap_or_default();
            undo.add(Entry::parse(&text).ok_or_else(|| not_an_entry(person.number))?);
        }
        let patch = PersonPatch::new(&person.id, Ok(undo.patch()));
        Ok(Line::new(person.number, &person.id, patch))
    }))
}

/// The number of people.
pub(crate) fn count(file: File) -> Result<u64, Failure> {
    Ok(people(&mut BufReader::new(file))?.len() as u64)
}

/// The people in the file.
fn people(file: &mut BufReader<File>) -> Result<Vec<PersonEntries>, Failure> {
    #[derive(Deserialize)]
    struct EntryStart {
        id: String,
        /// In the entries of updates only.
        before: Option<IgnoredAny>,
    }
    let mut people: Vec<PersonEntries> = Vec::new();
    let mut places = HashMap::new();
    let mut start = 0;
    let mut number = 0;
    while let Some(text) = line(file)? {
        number += 1;
        let EntryStart { id, before } =
            serde_json::from_slice(&text).map_err(|_| not_an_entry(number))?;
        let place = *places.entry(PersonHash::of(&id)).or_insert_with(|| {
            people.push(PersonEntries {
                id,
                starts: Vec::new(),
                number,
            });
            people.len() - 1
        });
        people[place].starts.push(start);
        if before.is_some() {
            people[place].number = number;
        }
        start += text.len() as u64;
    }
    people.sort_by_key(|person| std::cmp::Reverse(person.number));
    Ok(people)
}

/// The next line with its line break. Half a line at the end belongs to an update that was not sent.
fn line(file: &mut BufReader<File>) -> Result<Option<Vec<u8>>, Failure> {
    let mut text = Vec::new();
    let mut limited = file.take(MAX_LINE_BYTES as u64 * 4);
    limited
        .read_until(b'\n', &mut text)
        .map_err(Failure::usage)?;
    Ok(text.ends_with(b"\n").then_some(text))
}

fn not_an_entry(number: u64) -> Failure {
    Failure::usage(format_args!(
        "line {number} was not written by `--save-before`"
    ))
}

/// The values of one person's properties.
#[derive(Default)]
struct Undo(BTreeMap<String, PropertyValues>);

/// The values of a property.
struct PropertyValues {
    /// Before the first change.
    former: Value,
    /// After each change, as it was sent and as the service has stored it.
    replaced_by: Vec<Value>,
    /// After each undo, as the service has stored the former value.
    restored: Vec<Value>,
}

impl Undo {
    fn add(&mut self, entry: Entry) {
        match entry {
            Entry::Sent(mut sent) => {
                for (property, former) in sent.before {
                    let replaced_by = sent.after.remove(&property).unwrap_or_default();
                    let values = self.0.entry(property).or_insert_with(|| PropertyValues {
                        former,
                        replaced_by: Vec::new(),
                        restored: Vec::new(),
                    });
                    values.replaced_by.push(replaced_by);
                }
            }
            Entry::Stored(StoredEntry { stored, .. }) => {
                for (property, value) in stored {
                    if let Some(values) = self.0.get_mut(&property) {
                        values.replaced_by.push(value);
                    }
                }
            }
            Entry::Restored(RestoredEntry { restored, .. }) => {
                for (property, value) in restored {
                    if let Some(values) = self.0.get_mut(&property) {
                        values.restored.push(value);
                    }
                }
            }
        }
    }

    fn patch(self) -> Patch {
        let actions = self.0.into_iter();
        let actions = actions.map(|(property, values)| Action::Restore {
            property,
            replaced_by: values.replaced_by,
            former: values.former,
            restored: values.restored,
        });
        Patch(actions.collect())
    }
}
