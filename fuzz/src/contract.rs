//! What has to hold of any text that is linted or compared as a contract: one function per fuzz
//! target, which panics when it does not hold.

use chrono::NaiveDate;
use contract_review::diff::{self, Ignored, Report, Source, rules};
use contract_review::lint;
use contract_review::report::{self, DiffFormat, LintFormat, Style};

use super::checks::Check;

/// Every target, by its name.
pub const ALL: [(&str, Check); 2] = [("diff", diff), ("lint", lint)];

/// Between the two contracts of an input of `diff`.
const SEPARATOR: &str = "\n====\n";

/// Any bytes can be linted: no panic, no endless loop, and every finding has a place in the text.
pub fn lint(bytes: &[u8]) {
    let report = lint::lint("fuzz.yaml", bytes);
    // A carriage return alone ends a line of YAML too.
    let lines = bytes.split(|byte| b"\r\n".contains(byte)).count();
    for finding in report.findings() {
        assert!(
            finding.position.line >= 1 && finding.position.column >= 1,
            "{finding:?}"
        );
        assert!(finding.position.line <= lines + 1, "{finding:?}");
        assert!(!finding.message.contains('\n'), "{finding:?}");
    }
    let mut out = Vec::new();
    for format in [
        LintFormat::Text,
        LintFormat::Json,
        LintFormat::Github,
        LintFormat::Sarif,
    ] {
        let style = Style {
            source: true,
            colour: false,
        };
        report::lint(&report, format, style, &mut out).expect("memory can be written to");
    }
}

/// Any two texts can be compared: no panic, no endless loop, every place is in the texts, a text
/// does not differ from itself, and what differs one way differs the other way.
pub fn diff(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (old, new) = text.split_once(SEPARATOR).unwrap_or((text, text));
    for text in [old, new] {
        if let Some(report) = compare(text, text) {
            assert!(report.differences.is_empty(), "{:?}", report.differences);
        }
    }
    let (Some(forth), Some(back)) = (compare(old, new), compare(new, old)) else {
        return;
    };
    assert_eq!(forth.differences.is_empty(), back.differences.is_empty());
    let lines = |text: &str| 1 + text.matches(['\n', '\r']).count();
    for found in &forth.differences {
        assert!(rules::find(found.rule).is_some(), "{found:?}");
        assert!(found.old.is_some() || found.new.is_some(), "{found:?}");
        let old_is_there = found.old.is_none_or(|place| place.line <= lines(old));
        let new_is_there = found.new.is_none_or(|place| place.line <= lines(new));
        assert!(old_is_there && new_is_there, "{found:?}");
        assert!(found.near.line <= lines(new), "{found:?}");
    }
    assert!(!report::diff(&forth, DiffFormat::Json).is_empty());
    for format in [DiffFormat::Text, DiffFormat::Markdown, DiffFormat::Github] {
        let text = report::diff(&forth, format);
        let control = |character: char| character.is_control() && character != '\n';
        assert!(!text.contains(control), "{text:?}");
    }
}

fn compare(old: &str, new: &str) -> Option<Report> {
    let source = |label: &str, text: &str| Source {
        label: label.to_owned(),
        file: label.to_owned(),
        text: text.to_owned(),
    };
    let (old, new) = (source("old.yaml", old), source("new.yaml", new));
    diff::compare(&old, &new, &Ignored::default(), NaiveDate::MIN).ok()
}
