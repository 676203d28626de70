//! A file of changes: opened here, and read line by line by the module of its format. A line that
//! cannot be used keeps its place and its reason. Applying the changes is in `commands::apply`.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::exit::Failure;
use crate::input::is_stdin;

pub(crate) use line::{Line, LineKey, PersonPatch};

mod before;
mod csv_lines;
mod line;
mod ndjson_lines;
mod records;

pub(crate) use before::BeforeFile;

/// How changes are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    /// One object per line: `{"id": "…", "set": {"title": "GM"}, "unset": ["department"]}`, or a
    /// person as `people get -o ndjson` prints it
    Ndjson,
    /// A header with `id` and paths. An empty cell leaves the property as it is; the column `unset`
    /// names paths to clear, separated by spaces; `+licenses` and `-licenses` add and remove one
    /// item
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

/// The lines of a file, in their order. An error ends the file: the rest of it cannot be read.
pub(crate) type Lines = Box<dyn Iterator<Item = Result<Line, Failure>> + Send>;

/// A file of changes, or standard input.
#[derive(Debug)]
pub(crate) struct PatchFile {
    path: PathBuf,
    /// Standard input, once it has been copied.
    copy: Option<File>,
    kind: Kind,
    encoding: Option<Encoding>,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Ndjson,
    Csv { delimiter: Option<u8> },
    Before,
}

impl PatchFile {
    /// The changes at `path`, or on standard input for `-`. The format follows from the extension
    /// if it is not given.
    pub(crate) fn new(
        path: &Path,
        format: Option<FileFormat>,
        delimiter: Option<u8>,
        encoding: Option<Encoding>,
    ) -> Result<Self, Failure> {
        let extension = path.extension().and_then(|it| it.to_str());
        let extension = extension.map(str::to_ascii_lowercase);
        let format = match (format, extension.as_deref()) {
            (Some(format), _) => format,
            (None, Some("csv" | "tsv")) => FileFormat::Csv,
            (None, Some("ndjson" | "jsonl")) => FileFormat::Ndjson,
            (None, _) => {
                return Err(Failure::usage(format_args!(
                    "{}: neither .ndjson nor .csv",
                    path.display()
                ))
                .help("name the format with `--format`"));
            }
        };
        Ok(Self {
            path: path.to_owned(),
            copy: None,
            kind: match format {
                FileFormat::Ndjson => Kind::Ndjson,
                FileFormat::Csv => Kind::Csv { delimiter },
            },
            encoding,
        })
    }

    /// The changes that set back what a run has saved at `path`.
    pub(crate) fn undo(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            copy: None,
            kind: Kind::Before,
            encoding: Some(Encoding::Utf8),
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

    /// Reads the lines from the beginning. Standard input can be read once.
    pub(crate) fn lines(&self) -> Result<Lines, Failure> {
        let about = |failure: Failure| failure.about(self.name());
        let lines: Lines = match self.kind {
            Kind::Ndjson => Box::new(ndjson_lines::read(self.text()?)),
            Kind::Csv { delimiter } => {
                Box::new(csv_lines::read(self.text()?, delimiter).map_err(about)?)
            }
            Kind::Before => {
                let file = File::open(&self.path).map_err(|error| self.unreadable(&error))?;
                Box::new(before::read(file).map_err(about)?)
            }
        };
        let name = self.name();
        Ok(Box::new(lines.map(move |line| {
            line.map_err(|failure| failure.about(&name))
        })))
    }

    /// How many lines the file has. Fails if the end of the file cannot be reached.
    pub(crate) fn count(&self) -> Result<u64, Failure> {
        match self.kind {
            Kind::Csv { delimiter } => csv_lines::count(self.text()?, delimiter),
            Kind::Ndjson => ndjson_lines::count(self.text()?),
            Kind::Before => {
                let file = File::open(&self.path).map_err(|error| self.unreadable(&error))?;
                before::count(file)
            }
        }
        .map_err(|failure| failure.about(self.name()))
    }

    /// The file as UTF-8: decoded by its byte order mark, or else as `encoding` says.
    fn text(&self) -> Result<impl Read + Send + use<>, Failure> {
        let input = self.input().map_err(|error| self.unreadable(&error))?;
        let mut decoder = DecodeReaderBytesBuilder::new();
        decoder.utf8_passthru(true).strip_bom(true);
        if let Some(encoding) = self.encoding.filter(|it| *it != Encoding::Utf8) {
            let encoding = encoding_rs::Encoding::for_label(encoding.label().as_bytes());
            decoder.encoding(encoding).bom_override(true);
        }
        Ok(decoder.build(input))
    }

    fn input(&self) -> io::Result<Box<dyn Read + Send>> {
        if let Some(copy) = &self.copy {
            let mut copy = copy.try_clone()?;
            copy.rewind()?;
            return Ok(Box::new(copy));
        }
        if is_stdin(&self.path) {
            return Ok(Box::new(io::stdin()));
        }
        Ok(Box::new(File::open(&self.path)?))
    }

    fn name(&self) -> String {
        if is_stdin(&self.path) {
            "standard input".to_owned()
        } else {
            self.path.display().to_string()
        }
    }

    fn unreadable(&self, error: &io::Error) -> Failure {
        Failure::usage(error).about(self.name())
    }
}
