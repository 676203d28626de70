//! Reports in every format: differences and findings as text, Markdown, JSON, SARIF and annotations of
//! GitHub. No format knows a rule.

use std::io;

use crate::{diff, lint};

pub use markdown::{Group, MarkdownStyle};
pub use text::Style;

mod github;
mod json;
mod markdown;
mod sarif;
mod text;
mod wording;

/// How differences are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum DiffFormat {
    /// Place, rule and levels, line by line
    #[default]
    Text,
    /// For a pull request or a changelog
    Markdown,
    /// One JSON object
    Json,
    /// Annotations of a GitHub workflow
    Github,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum LintFormat {
    /// A line per finding; on a terminal with the source line and a caret
    #[default]
    Text,
    /// One JSON object
    Json,
    /// Annotations of a GitHub workflow
    Github,
    /// SARIF 2.1.0
    Sarif,
}

/// The differences in `format`, ending with a newline.
#[must_use]
pub fn diff(report: &diff::Report, format: DiffFormat) -> String {
    match format {
        DiffFormat::Text => text::differences(report),
        DiffFormat::Markdown => markdown(report, &MarkdownStyle::default()),
        DiffFormat::Json => json::differences(report),
        DiffFormat::Github => github::differences(report),
    }
}

/// The differences in Markdown, as `style` asks for.
#[must_use]
pub fn markdown(report: &diff::Report, style: &MarkdownStyle) -> String {
    markdown::differences(report, style)
}

/// Writes the findings in `format`; `style` is for text alone.
///
/// # Errors
///
/// An error of `out`.
pub fn lint(
    report: &lint::Report,
    format: LintFormat,
    style: Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let value = match format {
        LintFormat::Text => return text::findings(report, style, out),
        LintFormat::Github => return out.write_all(github::findings(report).as_bytes()),
        LintFormat::Json => json::findings(report),
        LintFormat::Sarif => sarif::findings(report),
    };
    serde_json::to_writer_pretty(&mut *out, &value)?;
    out.write_all(b"\n")
}
