//! Any two texts can be compared: no panic, no endless loop, every place is in the texts, a text
//! does not differ from itself, and what differs one way differs the other way.
#![no_main]

use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;
use xtask::diff::{self, Format, Ignored, Report, Source, catalogue};

/// Between the two contracts of an input.
const SEPARATOR: &str = "\n====\n";

fn compare(old: &str, new: &str) -> Option<Report> {
    let source = |label: &str, text: &str| Source {
        label: label.to_owned(),
        file: label.to_owned(),
        text: text.to_owned(),
    };
    let (old, new) = (source("old.yaml", old), source("new.yaml", new));
    diff::compare(&old, &new, &Ignored::default(), NaiveDate::MIN).ok()
}

fuzz_target!(|text: &str| {
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
        assert!(catalogue::find(found.rule).is_some(), "{found:?}");
        assert!(found.old.is_some() || found.new.is_some(), "{found:?}");
        assert!(found.old.is_none_or(|place| place.line <= lines(old)), "{found:?}");
        assert!(found.new.is_none_or(|place| place.line <= lines(new)), "{found:?}");
        assert!(found.near.line <= lines(new), "{found:?}");
    }
    assert!(!forth.render(Format::Json).is_empty());
    for format in [Format::Text, Format::Markdown, Format::Github] {
        let text = forth.render(format);
        let control = |character: char| character.is_control() && character != '\n';
        assert!(!text.contains(control), "{text:?}");
    }
});
