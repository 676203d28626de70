//! `docs/benchmarks.md`: each command writes its own section between two markers, and nothing else.
//! What stands outside the markers is a person's, explanations of misses above all.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

/// The file, from the root of the workspace.
pub const FILE: &str = "docs/benchmarks.md";

/// The part of the file that one command writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What a consumer's build costs.
    Build,
    /// What calls and values cost.
    Run,
    /// What generating costs.
    Codegen,
}

impl Section {
    const ALL: [Self; 3] = [Self::Build, Self::Run, Self::Codegen];

    fn name(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Run => "run",
            Self::Codegen => "codegen",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Build => "Build cost",
            Self::Run => "Run cost",
            Self::Codegen => "Generator cost",
        }
    }

    /// What writes the section.
    #[must_use]
    pub fn command(self) -> &'static str {
        match self {
            Self::Build => "cargo xtask bench build",
            Self::Run => "cargo bench -p people-bench",
            Self::Codegen => {
                "cargo xtask bench codegen --openapi-generator VENV/bin/openapi-generator-cli"
            }
        }
    }

    fn markers(self) -> (String, String) {
        let name = self.name();
        (
            format!("<!-- {name}: begin -->"),
            format!("<!-- {name}: end -->"),
        )
    }
}

/// Puts `body`, below a line on the machine, in place of what the section held.
///
/// # Errors
///
/// The file cannot be read or written, or its markers are gone.
pub fn write(root: &Path, section: Section, body: &str) -> io::Result<()> {
    let path = root.join(FILE);
    let old = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => skeleton(),
        Err(error) => return Err(error),
    };
    let body = format!("{}\n\n{}", conditions(root, section), body.trim());
    let new = replaced(&old, section, &body).ok_or_else(|| {
        let (begin, end) = section.markers();
        io::Error::other(format!(
            "{FILE} has no `{begin}` followed by `{end}`; put them back"
        ))
    })?;
    fs::write(path, new)
}

fn replaced(text: &str, section: Section, body: &str) -> Option<String> {
    let (begin, end) = section.markers();
    let start = text.find(&begin)? + begin.len();
    let stop = start + text[start..].find(&end)?;
    Some(format!("{}\n\n{body}\n\n{}", &text[..start], &text[stop..]))
}

fn skeleton() -> String {
    let mut text = String::from(
        "# Benchmarks\n\n\
         Every section is written by the command that it names, on the machine that it names. \
         Nothing is\ntyped by hand but the notes, which say why a figure misses its aim.\n",
    );
    for section in Section::ALL {
        let (begin, end) = section.markers();
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n## {title}\n\n{begin}\n\nNot measured yet.\n\n{end}\n\n### Notes on {lower}\n\n\
             None.\n",
            title = section.title(),
            lower = section.title().to_lowercase(),
        );
    }
    text
}

/// How to repeat the figures, and when, on what and with what they were measured.
fn conditions(root: &Path, section: Section) -> String {
    // Those of the machine. What this process may use is another number, once it stays on one.
    let cores = fs::read_to_string("/proc/cpuinfo").map_or(0, |text| {
        text.lines()
            .filter(|line| line.starts_with("processor"))
            .count()
    });
    let cores = if cores == 0 {
        std::thread::available_parallelism().map_or(0, usize::from)
    } else {
        cores
    };
    let said = |command: &mut Command| {
        let output = command
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        let text = String::from_utf8(output.stdout).ok()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.strip_suffix(" kB")?.parse::<u64>().ok())
        .map(|kib| format!("{} GiB", (kib + (1 << 19)) >> 20));
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").ok();
    let load = fs::read_to_string("/proc/loadavg").ok();
    let git = |arguments: &[&str]| said(Command::new("git").args(arguments).current_dir(root));
    let commit = git(&["rev-parse", "--short", "HEAD"]).map(|commit| {
        let but_this = format!(":!{FILE}");
        match git(&["status", "--porcelain", "--", ".", &but_this]) {
            None => commit,
            Some(_) => format!("{commit}, with changes that are not committed"),
        }
    });
    let mut lines = vec![
        format!("- repeat with: `{}`", section.command()),
        format!(
            "- when: {}",
            chrono::Utc::now().format("%Y-%m-%d %H:%M UTC")
        ),
        format!(
            "- machine: {}, {cores} cores, {} memory, {} {}",
            field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned()),
            memory.as_deref().unwrap_or("unknown"),
            std::env::consts::OS,
            kernel.as_deref().unwrap_or_default().trim(),
        ),
    ];
    if let Some(load) = &load {
        let load: Vec<_> = load.split(' ').take(3).collect();
        lines.push(format!(
            "- load average at the end of the run (1, 5, 15 min): {}",
            load.join(", ")
        ));
    }
    lines.extend(said(Command::new("rustc").arg("-V")).map(|text| format!("- {text}")));
    lines.extend(commit.map(|commit| format!("- commit: {commit}")));
    lines.join("\n")
}

/// The versions of packages in the workspace's lock file, as `name 1.2.3, other 4.5.6`.
///
/// # Errors
///
/// There is no lock file.
pub fn versions(root: &Path, packages: &[&str]) -> io::Result<String> {
    let lock = fs::read_to_string(root.join("Cargo.lock"))?;
    let mut lines = lock.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let name = line
            .strip_prefix("name = \"")
            .map(|name| name.trim_end_matches('"'));
        let Some(name) = name.filter(|name| packages.contains(name)) else {
            continue;
        };
        let version = lines
            .next()
            .and_then(|line| line.strip_prefix("version = \""));
        found.push(format!(
            "{name} {}",
            version.unwrap_or("?").trim_end_matches('"')
        ));
    }
    Ok(found.join(", "))
}

/// A table of text.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with the given names of columns.
    #[must_use]
    pub fn new(columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        Self {
            rows: vec![columns],
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// The table in Markdown, aligned for those who read it as text: numbers to the right.
    #[must_use]
    pub fn markdown(&self) -> String {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
                .max(3)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut text = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(column, (cell, width))| match column {
                    0 => format!("{cell:<width$}"),
                    _ => format!("{cell:>width$}"),
                })
                .collect();
            let _ = writeln!(text, "| {} |", cells.join(" | "));
            if index == 0 {
                let rules: Vec<String> = widths
                    .iter()
                    .enumerate()
                    .map(|(column, width)| match column {
                        0 => "-".repeat(*width),
                        _ => format!("{}:", "-".repeat(width - 1)),
                    })
                    .collect();
                let _ = writeln!(text, "| {} |", rules.join(" | "));
            }
        }
        text
    }
}

/// Several measurements of one thing.
#[derive(Debug, Clone, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Adds a measurement.
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The value in the middle; of an even number, the mean of the two there. Zero of none.
    #[must_use]
    pub fn median(&self) -> f64 {
        let sorted = self.sorted();
        match sorted.len() {
            0 => 0.0,
            count if count % 2 == 1 => sorted[count / 2],
            count => f64::midpoint(sorted[count / 2 - 1], sorted[count / 2]),
        }
    }

    /// The least and the greatest. Zeros of none.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        let sorted = self.sorted();
        let end = |value: Option<&f64>| value.copied().unwrap_or_default();
        (end(sorted.first()), end(sorted.last()))
    }

    /// This sample over another, measurement by measurement: what was measured together is
    /// compared, so that a slow minute of the machine weighs on both.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        Self(
            self.0
                .iter()
                .zip(&other.0)
                .map(|(one, other)| one / other)
                .collect(),
        )
    }

    /// Median and range, with as many decimals: `1.02 (0.99–1.07)`. A single measurement has no
    /// range.
    #[must_use]
    pub fn show(&self, decimals: usize) -> String {
        if let [single] = self.0.as_slice() {
            return format!("{single:.decimals$}");
        }
        let (least, greatest) = self.range();
        format!(
            "{:.decimals$} ({least:.decimals$}–{greatest:.decimals$})",
            self.median()
        )
    }

    /// Every measurement, changed by `change`, as from one unit to another.
    #[must_use]
    pub fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        self.0.iter().copied().map(change).collect()
    }

    fn sorted(&self) -> Vec<f64> {
        let mut values = self.0.clone();
        values.sort_by(f64::total_cmp);
        values
    }
}

impl FromIterator<f64> for Sample {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// An aim and whether a figure keeps it: `≤ 0.80, met`.
#[must_use]
pub fn verdict(figure: f64, aim: f64) -> String {
    let met = if figure <= aim { "met" } else { "**missed**" };
    format!("≤ {aim:.2}, {met}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_everything_else_is_kept() {
        let text = skeleton().replace("None.", "A note.");
        let once = replaced(&text, Section::Run, "first").unwrap();
        let twice = replaced(&once, Section::Run, "second").unwrap();
        assert_eq!(twice, once.replace("first", "second"));
        assert_eq!(twice.matches("A note.").count(), 3);
        assert_eq!(twice.matches("Not measured yet.").count(), 2);
        assert!(replaced("# Benchmarks\n", Section::Run, "x").is_none());
    }

    #[test]
    fn a_sample_is_shown_by_its_median_and_range() {
        let one = Sample::from_iter([4.0, 1.0, 3.0, 2.0]);
        assert_eq!(one.show(1), "2.5 (1.0–4.0)");
        let ratios = one.over(&Sample::from_iter([2.0, 1.0, 3.0, 4.0]));
        assert_eq!(ratios.show(2), "1.00 (0.50–2.00)");
        assert_eq!(Sample::default().show(0), "0 (0–0)");
    }

    #[test]
    fn a_table_is_aligned() {
        let mut table = Table::new(["what", "s"]);
        table.row(["one".to_owned(), "12.5".to_owned()]);
        let expected = "\
            | what |    s |\n\
            | ---- | ---: |\n\
            | one  | 12.5 |\n";
        assert_eq!(table.markdown(), expected);
    }
}
