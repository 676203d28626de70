//! Any bytes can be linted: no panic, no endless loop, and every finding has a place in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask::lint::{Format, lint};

fuzz_target!(|bytes: &[u8]| {
    let report = lint("fuzz.yaml", bytes);
    let lines = bytes.split(|byte| *byte == b'\n').count();
    for finding in report.findings() {
        assert!(finding.position.line >= 1 && finding.position.column >= 1);
        // A carriage return alone ends a line of YAML too.
        let breaks = lines + bytes.iter().filter(|byte| **byte == b'\r').count();
        assert!(finding.position.line <= breaks + 1, "{finding:?}");
        assert!(!finding.message.contains('\n'), "{finding:?}");
    }
    let mut out = Vec::new();
    for format in [
        Format::Text {
            source: true,
            colour: false,
        },
        Format::Json,
        Format::Github,
        Format::Sarif,
    ] {
        report
            .write(format, &mut out)
            .expect("memory can be written to");
    }
});
