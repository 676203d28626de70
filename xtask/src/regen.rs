//! `cargo xtask regen`: the generated files that are committed, written or compared.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use people_codegen::Diagnostics;
use similar::{ChangeTag, TextDiff};

use crate::CONTRACT;

/// The directory that holds generated files and nothing else.
const GENERATED: &str = "crates/people-sdk/generated";

/// As much of a difference as a person reads before opening the file.
const DIFF_LINES: usize = 40;

/// A file that is not what the contract gives.
#[derive(Debug)]
pub struct Stale {
    /// From the root of the workspace.
    pub path: PathBuf,
    /// How it differs.
    pub fault: Fault,
}

/// How a file differs from what the contract gives.
#[derive(Debug)]
pub enum Fault {
    /// It is not there.
    Missing,
    /// It is there, and nothing generates it.
    LeftOver,
    /// It holds something else; the difference, from what is there to what belongs there.
    Differs(String),
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.fault {
            Fault::Missing => write!(f, "error: {path} is missing"),
            Fault::LeftOver => write!(f, "error: {path} is left over: nothing generates it"),
            Fault::Differs(diff) => {
                write!(f, "error: {path} is out of date with {CONTRACT}\n{diff}")
            }
        }
    }
}

/// Why `regen` could not do its work.
#[derive(Debug)]
pub enum Error {
    /// The contract has faults; nothing was generated.
    Contract(people_codegen::Diagnostics),
    /// A file could not be read, written or removed.
    Io(PathBuf, io::Error),
}

/// What was found about the generated files.
#[derive(Debug)]
pub struct Outcome {
    /// The files that are not, or were not, what the contract gives.
    pub stale: Vec<Stale>,
    /// What the generator renames or leaves out.
    pub warnings: Diagnostics,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contract(findings) => findings.fmt(f),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Contract(findings) => Some(findings),
            Self::Io(_, error) => Some(error),
        }
    }
}

/// Every generated file of the workspace at `root`, by its path from there, and what the generator warns of.
///
/// # Errors
///
/// The contract cannot be read, or has faults.
pub fn files(root: &Path) -> Result<(Vec<(PathBuf, String)>, Diagnostics), Error> {
    let contract = fs::read(root.join(CONTRACT)).map_err(io_error(CONTRACT))?;
    let generated = people_codegen::generate(CONTRACT, &contract).map_err(Error::Contract)?;
    let directory = Path::new(GENERATED);
    let files = vec![
        (directory.join("people.rs"), generated.code),
        // The published crate generates from this copy, as a package holds no file from outside.
        (
            directory.join("people.yaml"),
            String::from_utf8_lossy(&contract).into_owned(),
        ),
    ];
    Ok((files, generated.warnings))
}

/// Compares what is committed below `root` with what the contract gives. Writes nothing.
///
/// # Errors
///
/// The contract has faults, or a file cannot be read.
pub fn check(root: &Path) -> Result<Outcome, Error> {
    let (files, warnings) = files(root)?;
    let stale = stale(root, &files)?;
    Ok(Outcome { stale, warnings })
}

/// Brings every generated file below `root` up to date, and says which were not.
///
/// # Errors
///
/// The contract has faults, or a file cannot be read, written or removed. A file is replaced whole
/// or not at all.
pub fn write(root: &Path) -> Result<Outcome, Error> {
    let (files, warnings) = files(root)?;
    let stale = stale(root, &files)?;
    for item in &stale {
        let path = root.join(&item.path);
        match files.iter().find(|(path, _)| *path == item.path) {
            Some((_, text)) => replace(&path, text),
            None if path.is_dir() => fs::remove_dir_all(&path),
            None => fs::remove_file(&path),
        }
        .map_err(io_error(&item.path))?;
    }
    Ok(Outcome { stale, warnings })
}

fn io_error(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
    let path = path.into();
    |error| Error::Io(path, error)
}

fn stale(root: &Path, files: &[(PathBuf, String)]) -> Result<Vec<Stale>, Error> {
    let mut stale = Vec::new();
    for (path, expected) in files {
        let fault = match fs::read(root.join(path)) {
            Ok(found) if found == expected.as_bytes() => continue,
            Ok(found) => Fault::Differs(diff(&String::from_utf8_lossy(&found), expected)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Fault::Missing,
            Err(error) => return Err(Error::Io(path.clone(), error)),
        };
        stale.push(Stale {
            path: path.clone(),
            fault,
        });
    }
    for path in present(root).map_err(io_error(GENERATED))? {
        if !files.iter().any(|(known, _)| *known == path) {
            stale.push(Stale {
                path,
                fault: Fault::LeftOver,
            });
        }
    }
    Ok(stale)
}

fn present(root: &Path) -> io::Result<Vec<PathBuf>> {
    let directory = Path::new(GENERATED);
    let entries = match fs::read_dir(root.join(directory)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths = entries
        .map(|entry| Ok(directory.join(entry?.file_name())))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    fs::write(&temporary, text)?;
    fs::rename(&temporary, path)
}

fn diff(found: &str, expected: &str) -> String {
    let diff = TextDiff::from_lines(found, expected);
    let mut lines: Vec<String> = Vec::new();
    for hunk in diff.unified_diff().context_radius(1).iter_hunks() {
        lines.push(hunk.header().to_string());
        for change in hunk.iter_changes() {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            lines.push(format!("{sign}{}", change.value().trim_end_matches('\n')));
        }
    }
    let more = lines.len().saturating_sub(DIFF_LINES);
    lines.truncate(DIFF_LINES);
    if more > 0 {
        lines.push(format!("… and {more} more lines"));
    }
    lines.join("\n")
}
