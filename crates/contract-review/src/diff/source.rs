//! The two contracts to compare: files, or revisions that git knows.

use std::fmt;
use std::path::Path;
use std::process::Command;
use std::{fs, io};

/// A contract that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// How messages name it: `spec/people.yaml`, `main:spec/people.yaml`.
    pub label: String,
    /// The file, without the revision.
    pub file: String,
    /// The whole text.
    pub text: String,
}

/// Why a contract could not be read.
#[derive(Debug)]
pub enum Error {
    /// There is such a file, and it cannot be read.
    File(String, io::Error),
    /// It is not text.
    NotText {
        /// The file or revision.
        label: String,
        /// The line that holds the first byte that is not UTF-8.
        line: usize,
    },
    /// There is no such file, and git could not be run.
    NoGit(String, io::Error),
    /// There is no such file, and git knows no such revision of the contract.
    Unknown {
        /// What was asked for.
        name: String,
        /// The file of which a revision was looked for.
        contract: String,
        /// What git has to say.
        git: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(name, error) => write!(f, "{name}: {error}"),
            Self::NotText { label, line } => {
                write!(f, "{label}:{line}:1: this is not text in UTF-8")
            }
            Self::NoGit(name, error) => write!(
                f,
                "{name}: there is no such file, and git, which may know a revision of this name, \
                 cannot be run: {error}"
            ),
            Self::Unknown {
                name,
                contract,
                git,
            } => write!(
                f,
                "{name}: neither a file nor a revision of {contract}; name a file, `main`, \
                 `HEAD~3` or `main:path/to/file.yaml` (git says: {git})"
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File(_, error) | Self::NoGit(_, error) => Some(error),
            Self::NotText { .. } | Self::Unknown { .. } => None,
        }
    }
}

/// Reads `name`: a file (from the current directory), or else a revision in the repository at `root`:
/// `main` for the file `contract`, or `main:path` for another file.
///
/// # Errors
///
/// It is neither, or is not text.
pub fn read(name: &str, root: &Path, contract: &str) -> Result<Source, Error> {
    match fs::read(name) {
        Ok(bytes) => text(name.to_owned(), name.to_owned(), bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => revision(name, root, contract),
        // On some systems a name with `:` or `~` is not even a possible file.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => revision(name, root, contract),
        Err(error) => Err(Error::File(name.to_owned(), error)),
    }
}

fn revision(name: &str, root: &Path, contract: &str) -> Result<Source, Error> {
    let (revision, file) = name.split_once(':').unwrap_or((name, contract));
    let label = format!("{revision}:{file}");
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["show", "--end-of-options", &label])
        .output()
        .map_err(|error| Error::NoGit(name.to_owned(), error))?;
    if !output.status.success() {
        let git = String::from_utf8_lossy(&output.stderr);
        return Err(Error::Unknown {
            name: name.to_owned(),
            contract: file.to_owned(),
            git: git.lines().next().unwrap_or("nothing").to_owned(),
        });
    }
    text(label, file.to_owned(), output.stdout)
}

fn text(label: String, file: String, bytes: Vec<u8>) -> Result<Source, Error> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { label, file, text }),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let before = error.as_bytes().get(..valid).unwrap_or_default();
            let line = before.split(|byte| *byte == b'\n').count();
            Err(Error::NotText { label, line })
        }
    }
}
