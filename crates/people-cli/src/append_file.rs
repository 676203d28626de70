//! A file of lines that only grows: locked for one run, healed after a crash, and on the disk
//! before `append` returns. What the lines mean is known to `report` and `patch_file::before`.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};

use crate::exit::{Exit, Failure};

/// The longest line that is read back.
const MAX_LINE_BYTES: u64 = 4 << 20;

/// How every line begins. Only what begins like this is taken for half a line.
const LINE_START: &[u8] = b"{\"line\":";

/// The operations that a run depends on for durability. Tests make them fail.
pub(crate) trait Storage: Send {
    /// Writes at the end of the file.
    fn add(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Returns once everything that was written is on the disk.
    fn sync(&mut self) -> io::Result<()>;
}

impl Storage for File {
    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

/// An open file of lines.
pub(crate) struct AppendFile {
    path: PathBuf,
    /// What the file is to the user: `report`.
    role: &'static str,
    file: File,
    storage: Box<dyn Storage>,
    /// Whether an append has failed, after which the end of the file is not known.
    is_broken: bool,
    warning: Option<String>,
}

impl AppendFile {
    /// Opens the file at `path`, or creates it for its owner alone.
    ///
    /// # Errors
    ///
    /// It is not a regular file, belongs to another user, is open in another run, or cannot be
    /// opened.
    pub(crate) fn open(path: &Path, role: &'static str) -> Result<Self, Failure> {
        let failed = |error: &dyn std::fmt::Display| {
            Failure::usage(format_args!("the {role} {}: {error}", path.display()))
        };
        // Opening a device or a pipe can have an effect, or never return.
        if let Ok(metadata) = std::fs::metadata(path)
            && !metadata.is_file()
        {
            return Err(failed(&"not a regular file"));
        }
        let is_new = !path.exists();
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;

            options.mode(0o600);
        }
        let file = options.open(path).map_err(|error| failed(&error))?;
        let metadata = file.metadata().map_err(|error| failed(&error))?;
        if is_of_another_user(&metadata) {
            return Err(failed(&"belongs to another user"));
        }
        let warning = is_writable_by_others(&metadata).then(|| {
            format!(
                "other users can write the {role} {0}; `chmod go-w {0}` prevents it",
                path.display()
            )
        });
        match FileExt::try_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(failed(&"in use by another run"));
            }
            Err(TryLockError::Error(error)) => return Err(failed(&error)),
        }
        if is_new {
            sync_directory(path).map_err(|error| failed(&error))?;
        }
        let storage = Box::new(file.try_clone().map_err(|error| failed(&error))?);
        Ok(Self {
            path: path.to_owned(),
            role,
            file,
            storage,
            is_broken: false,
            warning,
        })
    }

    /// What the user should know about the file, once.
    pub(crate) fn take_warning(&mut self) -> Option<String> {
        self.warning.take()
    }

    /// Whether an append has failed. Then all further ones fail.
    pub(crate) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// The file in messages: `the report PATH`.
    pub(crate) fn name(&self) -> String {
        format!("the {} {}", self.role, self.path.display())
    }

    /// Replaces the operations of the file.
    #[cfg(test)]
    pub(crate) fn set_storage(&mut self, storage: Box<dyn Storage>) {
        self.storage = storage;
    }

    /// Reads every line, and removes half a line at the end: a run that was killed, or a machine
    /// that lost power, can have left one, whose update has yet to be looked at. After a loss of
    /// power there can be NUL bytes in its place.
    ///
    /// # Errors
    ///
    /// `check` rejects a line, or the end is not that of a file of this kind. Then the file is
    /// left as it is.
    pub(crate) fn recover(
        &mut self,
        mut check: impl FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let name = self.name();
        let failed = |error: io::Error| Failure::usage(format_args!("{name}: {error}"));
        self.file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let mut reader = BufReader::with_capacity(64 << 10, &self.file);
        let mut whole = 0;
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = (&mut reader)
                .take(MAX_LINE_BYTES)
                .read_until(b'\n', &mut line)
                .map_err(failed)?;
            if length == 0 {
                return Ok(());
            }
            let Some(text) = line.strip_suffix(b"\n") else {
                break;
            };
            if !text.trim_ascii().is_empty() {
                check(text)?;
            }
            whole += length as u64;
        }
        let written = line.iter().rposition(|byte| *byte != 0);
        let half = &line[..written.map_or(0, |end| end + 1)];
        if !half.starts_with(LINE_START) && !LINE_START.starts_with(half)
            || line.len() as u64 == MAX_LINE_BYTES && !half.is_empty()
        {
            return Err(Failure::usage(format_args!(
                "{name}: the last line is not one of this command"
            ))
            .help("name another file; nothing was written to this one"));
        }
        self.file.set_len(whole).map_err(failed)?;
        self.file.sync_data().map_err(failed)
    }

    /// A copy of the file as it is now, without a name.
    pub(crate) fn copy(&mut self) -> io::Result<File> {
        let mut copy = tempfile::tempfile()?;
        self.file.rewind()?;
        io::copy(&mut self.file, &mut copy)?;
        Ok(copy)
    }

    /// Adds lines, and returns once they are on the disk.
    pub(crate) fn append(&mut self, lines: &[u8]) -> Result<(), Failure> {
        let outcome = if self.is_broken {
            Err(io::Error::other("an earlier write has failed"))
        } else {
            let written = self.storage.add(lines);
            written.and_then(|()| self.storage.sync())
        };
        self.is_broken |= outcome.is_err();
        outcome.map_err(|error| Failure::new(Exit::Other, format_args!("{}: {error}", self.name())))
    }
}

#[cfg(unix)]
fn is_of_another_user(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;

    metadata.uid() != rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_of_another_user(_: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn is_writable_by_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;

    metadata.permissions().mode() & 0o022 != 0
}

#[cfg(not(unix))]
fn is_writable_by_others(_: &Metadata) -> bool {
    false
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

    const LINE: &str = "{\"line\":1,\"id\":\"a\"}";

    fn open(path: &Path) -> (AppendFile, Result<usize, String>) {
        let mut file = AppendFile::open(path, "report").unwrap();
        let mut lines = 0;
        let recovered = file.recover(|line| {
            lines += 1;
            if line.starts_with(LINE_START) {
                Ok(())
            } else {
                Err(Failure::usage("not a line"))
            }
        });
        let recovered = recovered.map(|()| lines);
        (file, recovered.map_err(|it| it.message().to_owned()))
    }

    #[test]
    fn half_a_line_and_nul_bytes_at_the_end_are_removed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("report");
        let whole = format!("{LINE}\n{LINE}\n");
        for half in 0..LINE.len() {
            for nul in [0, 1, 5000] {
                let text = [whole.as_bytes(), &LINE.as_bytes()[..half], &vec![0; nul]].concat();
                std::fs::write(&path, text).unwrap();
                let (mut file, lines) = open(&path);
                assert_eq!(lines, Ok(2), "{half} {nul}");
                assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
                file.append(format!("{LINE}\n").as_bytes()).unwrap();
                drop(file);
                assert_eq!(open(&path).1, Ok(3));
            }
        }
    }

    #[test]
    fn a_file_of_another_kind_is_left_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("letter");
        for text in [
            "a letter to my aunt",
            "a letter\n",
            "{\"id\":1}\n",
            "x\0\0",
            "{\"line\":1}\n\0\0x",
        ] {
            std::fs::write(&path, text).unwrap();
            assert!(open(&path).1.is_err(), "{text}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn a_file_is_open_in_one_run_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("report");
        let first = AppendFile::open(&path, "report").unwrap();
        let failure = AppendFile::open(&path, "report").err().unwrap();
        assert!(failure.message().ends_with("in use by another run"));
        drop(first);
        AppendFile::open(&path, "report").unwrap();
    }

    #[test]
    #[cfg(unix)]
    fn a_device_is_rejected_and_a_shared_file_is_warned_of() {
        use std::os::unix::fs::PermissionsExt;

        for path in ["/dev/null", "/dev/full", "/"] {
            let failure = AppendFile::open(Path::new(path), "report").err().unwrap();
            assert!(failure.message().ends_with("not a regular file"), "{path}");
        }
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("report");
        let warning = || AppendFile::open(&path, "report").unwrap().take_warning();
        assert_eq!(warning(), None);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
        assert!(warning().unwrap().contains("chmod go-w"));
    }

    /// Storage of which one operation fails.
    struct Failing(u32);

    impl Storage for Failing {
        fn add(&mut self, _: &[u8]) -> io::Result<()> {
            self.0 -= 1;
            if self.0 == 0 {
                Err(io::Error::other("full"))
            } else {
                Ok(())
            }
        }

        fn sync(&mut self) -> io::Result<()> {
            self.add(b"")
        }
    }

    #[test]
    fn nothing_is_appended_after_a_failure() {
        let directory = tempfile::tempdir().unwrap();
        for operation in [1, 2] {
            let path = directory.path().join("report");
            let mut file = AppendFile::open(&path, "report").unwrap();
            file.set_storage(Box::new(Failing(operation)));
            assert!(file.append(b"x\n").is_err());
            assert!(file.append(b"x\n").is_err());
        }
    }
}
