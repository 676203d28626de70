//! A file of changes: opened here, and read line by line by the module of its format. A line that
//! cannot be used keeps its place and its reason. Applying the changes is in `commands::apply`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::exit::Failure;
use crate::input::{is_stdin, shown_path};

pub(crate) use line::{InvalidLine, Line, LineKey, PersonPatch};

mod before;
mod csv_lines;
mod json_lines;
mod json_objects;
mod line;
mod records;

pub(crate) use before::BeforeFile;

/// How changes are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    /// One object per line, or an array: `{"id": "…", "set": {"title": "GM"}, "unset":
    /// ["department"]}`, or a person as `people get -o json` prints it
    #[value(alias = "json")]
    Ndjson,
    /// A header with `id` and paths. An empty cell leaves the property as it is
    /// (`--clear-empty-cells`); the column `unset` names paths to clear, separated by spaces;
    /// `add licenses` and `remove licenses`, or `+licenses` and `-licenses`, add and remove items
    Csv,
}

/// The character encoding of a file without a byte order mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Encoding {
    /// UTF-8
    #[value(name = "utf-8")]
    Utf8,
    /// UTF-16, little-endian
    #[value(name = "utf-16")]
    Utf16,
    /// Windows-1252, which spreadsheets on Windows write
    #[value(name = "windows-1252")]
    Windows1252,
}

impl Encoding {
    fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16le",
            Self::Windows1252 => "windows-1252",
        }
    }
}

/// How a file of changes is read.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct FileOptions {
    /// Format of the changes (default: as the name of the file says, or else its first character)
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<FileFormat>,

    /// Clear the properties of empty cells in a CSV file, instead of leaving them as they are
    ///
    /// For a spreadsheet in which values were deleted. Cells are also empty for what was not exported:
    /// `people get` needs `--calling-data` for calling details. `--dry-run` shows what would be cleared.
    #[arg(long)]
    clear_empty_cells: bool,

    /// Character between the cells of a CSV file (default: comma, semicolon or tab, as found in the
    /// header)
    #[arg(long, value_name = "CHAR", value_parser = delimiter, hide_short_help = true)]
    delimiter: Option<u8>,

    /// Encoding of the changes, if the file has no byte order mark (default: UTF-8)
    #[arg(long, value_name = "ENCODING", value_enum, hide_short_help = true)]
    encoding: Option<Encoding>,
}

/// Reads a delimiter.
fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"\\t" | b"tab" => Ok(b'\t'),
        [one] if one.is_ascii() && !one.is_ascii_alphanumeric() && !b"\"\r\n".contains(one) => {
            Ok(*one)
        }
        _ => Err("one character was expected, or `tab`".to_owned()),
    }
}

/// The lines of a file, in their order. An error ends the file: the rest of it cannot be read.
pub(crate) type Lines = Box<dyn Iterator<Item = Result<Line, Failure>> + Send>;

/// A file of changes, or standard input.
#[derive(Debug)]
pub(crate) struct PatchFile {
    path: PathBuf,
    /// What is read instead, once it has been copied.
    copy: Option<File>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Changes(FileOptions),
    /// What `--save-before` has written.
    Before,
}

impl PatchFile {
    /// The changes at `path`, or on standard input for `-`.
    pub(crate) fn new(path: &Path, options: &FileOptions) -> Self {
        Self {
            path: path.to_owned(),
            copy: None,
            kind: Kind::Changes(options.clone()),
        }
    }

    /// The changes that set back what a run has saved at `path`.
    pub(crate) fn undo(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            copy: None,
            kind: Kind::Before,
        }
    }

    /// Whether the file can be read more than once.
    pub(crate) fn is_rereadable(&self) -> bool {
        let is_file = || std::fs::metadata(&self.path).is_ok_and(|it| it.is_file());
        self.copy.is_some() || (!is_stdin(&self.path) && is_file())
    }

    /// Copies standard input to a temporary file, so that it can be read more than once.
    pub(crate) fn make_rereadable(&mut self) -> Result<(), Failure> {
        if !self.is_rereadable() {
            let copy = (|| {
                let mut copy = tempfile::tempfile()?;
                io::copy(&mut self.input()?, &mut copy)?;
                Ok(copy)
            })();
            self.copy = Some(copy.map_err(|error| self.unreadable(&error))?);
        }
        Ok(())
    }

    /// Opens the file that is undone for what the undo adds to it. The lines are those of now.
    pub(crate) fn open_undone(&mut self) -> Result<BeforeFile, Failure> {
        if let Err(error) = std::fs::metadata(&self.path) {
            return Err(self.unreadable(&error));
        }
        let mut file = BeforeFile::open(&self.path)?;
        // An open file is locked, which on Windows stops other readers.
        self.copy = Some(file.copy().map_err(|error| self.unreadable(&error))?);
        Ok(file)
    }

    /// Reads the lines from the beginning. Standard input can be read once.
    pub(crate) fn lines(&self) -> Result<Lines, Failure> {
        let about = |failure: Failure| failure.about(self.name());
        let lines: Lines = match &self.kind {
            Kind::Changes(options) => match self.text(options)? {
                (FileFormat::Ndjson, text) => Box::new(json_lines::read(text).map_err(about)?),
                (FileFormat::Csv, text) => {
                    let (delimiter, clear) = (options.delimiter, options.clear_empty_cells);
                    Box::new(csv_lines::read(text, delimiter, clear).map_err(about)?)
                }
            },
            Kind::Before => {
                let file = self.file().map_err(|error| self.unreadable(&error))?;
                Box::new(before::read(file).map_err(about)?)
            }
        };
        let name = self.name();
        Ok(Box::new(lines.map(move |line| {
            line.map_err(|failure| failure.about(&name))
        })))
    }

    /// Reads the file once, if it can be read more than once, and returns how many lines it has. Fails
    /// if it cannot be read, as far as that can be found out.
    pub(crate) fn check(&self) -> Result<Option<u64>, Failure> {
        if !is_stdin(&self.path) {
            let metadata = std::fs::metadata(&self.path);
            if metadata.map_err(|error| self.unreadable(&error))?.is_dir() {
                return Err(self.unreadable(&io::ErrorKind::IsADirectory.into()));
            }
        }
        if !self.is_rereadable() {
            return Ok(None);
        }
        // Reads the header.
        drop(self.lines()?);
        self.count().map(Some)
    }

    /// How many lines the file has. Fails if the end of the file cannot be reached.
    fn count(&self) -> Result<u64, Failure> {
        match &self.kind {
            Kind::Changes(options) => match self.text(options)? {
                (FileFormat::Ndjson, text) => json_lines::count(text),
                (FileFormat::Csv, text) => csv_lines::count(text, options.delimiter),
            },
            Kind::Before => before::count(self.file().map_err(|error| self.unreadable(&error))?),
        }
        .map_err(|failure| failure.about(self.name()))
    }

    /// The file as UTF-8, decoded by its byte order mark, or else as the options say; and its format.
    fn text(
        &self,
        options: &FileOptions,
    ) -> Result<(FileFormat, impl Read + Send + use<>), Failure> {
        let unreadable = |error| self.unreadable(&error);
        let input = self.input().map_err(unreadable)?;
        let mut decoder = DecodeReaderBytesBuilder::new();
        decoder.utf8_passthru(true).strip_bom(true);
        if let Some(encoding) = options.encoding.filter(|it| *it != Encoding::Utf8) {
            let encoding = encoding_rs::Encoding::for_label(encoding.label().as_bytes());
            decoder.encoding(encoding).bom_override(true);
        }
        let mut text = BufReader::new(decoder.build(input));
        let format = match options.format.or_else(|| self.format_by_name()) {
            Some(format) => format,
            None => format_of(text.fill_buf().map_err(unreadable)?),
        };
        Ok((format, text))
    }

    /// The format that the extension of the file stands for.
    fn format_by_name(&self) -> Option<FileFormat> {
        let extension = self.path.extension()?.to_str()?;
        match extension.to_ascii_lowercase().as_str() {
            "csv" | "tsv" => Some(FileFormat::Csv),
            "ndjson" | "jsonl" | "json" => Some(FileFormat::Ndjson),
            _ => None,
        }
    }

    fn input(&self) -> io::Result<Box<dyn Read + Send>> {
        if self.copy.is_none() && is_stdin(&self.path) {
            return Ok(Box::new(io::stdin()));
        }
        Ok(Box::new(self.file()?))
    }

    /// The file, or its copy, at its beginning.
    fn file(&self) -> io::Result<File> {
        let Some(copy) = &self.copy else {
            return File::open(&self.path);
        };
        let mut copy = copy.try_clone()?;
        copy.rewind()?;
        Ok(copy)
    }

    fn name(&self) -> String {
        shown_path(&self.path)
    }

    fn unreadable(&self, error: &io::Error) -> Failure {
        Failure::usage(error).about(self.name())
    }
}

/// The format of a text with this start: no header of a CSV file begins like JSON.
fn format_of(start: &[u8]) -> FileFormat {
    match start.trim_ascii_start().first() {
        Some(b'{' | b'[') => FileFormat::Ndjson,
        _ => FileFormat::Csv,
    }
}
