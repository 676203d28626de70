//! Reading a whole file or standard input as text, up to a limit, and variables of the environment.
//! Files that are read line by line are in `patch_file`.

use std::env::VarError;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde_json::{Map, Value};

use crate::exit::Failure;

/// The largest file that is read as a whole, in MiB. A device such as `/dev/zero` has no end.
const MAX_MEBIBYTES: u64 = 16;

/// Whether a path stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A path in messages.
pub(crate) fn shown_path(path: &Path) -> String {
    if is_stdin(path) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

/// The text of the file at `path`, or of standard input for `-`.
///
/// # Errors
///
/// The file cannot be read, is no UTF-8, or is larger than 16 MiB.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    read_text_within(path, MAX_MEBIBYTES)
}

/// The same with another limit, in MiB.
pub(crate) fn read_text_within(path: &Path, max_mebibytes: u64) -> Result<String, Failure> {
    let max_bytes = max_mebibytes << 20;
    let failed = |error: &dyn std::fmt::Display| {
        Failure::usage(format_args!("{}: {error}", shown_path(path)))
    };
    let read = |reader: &mut dyn Read| {
        let mut text = Vec::new();
        reader.take(max_bytes + 1).read_to_end(&mut text)?;
        Ok::<_, io::Error>(text)
    };
    let text = if is_stdin(path) {
        read(&mut io::stdin().lock())
    } else {
        File::open(path).and_then(|mut file| read(&mut file))
    };
    let text = text.map_err(|error| failed(&error))?;
    if text.len() as u64 > max_bytes {
        return Err(failed(&format!("larger than {max_mebibytes} MiB")));
    }
    String::from_utf8(text).map_err(|_| failed(&"the text is not UTF-8"))
}

/// An environment variable, if it is set and not empty.
///
/// # Errors
///
/// It is not Unicode.
pub(crate) fn variable(name: &str) -> Result<Option<String>, Failure> {
    match std::env::var(name) {
        Ok(text) => Ok(Some(text).filter(|text| !text.trim().is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Failure::usage(format_args!("{name} is not text"))),
    }
}

/// Reads an object as YAML, which includes JSON.
pub(crate) fn parse_object(text: &str) -> Result<Map<String, Value>, Failure> {
    match yaml_serde::from_str(text) {
        Ok(Value::Object(properties)) => Ok(properties),
        Ok(_) => Err(Failure::usage(
            "properties of a person were expected, as in `title: GM`",
        )),
        Err(error) => Err(Failure::usage(error)),
    }
}
