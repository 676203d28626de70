//! SARIF 2.1.0, which code scanners exchange.

use serde_json::{Value, json};

use crate::lint::Report;
use crate::lint::rules::rules;
use crate::text::uri;

/// The findings as one run.
pub(super) fn findings(report: &Report) -> Value {
    let descriptions: Vec<Value> = rules()
        .map(|rule| {
            json!({
                "id": rule.name,
                "shortDescription": { "text": rule.what },
                "fullDescription": { "text": format!("{}. {}", rule.what, rule.why) },
                "defaultConfiguration": { "level": rule.level.word() },
            })
        })
        .collect();
    let results: Vec<Value> = report
        .findings()
        .iter()
        .map(|finding| {
            let region = json!({
                "startLine": finding.position.line,
                "startColumn": finding.position.column,
            });
            json!({
                "ruleId": finding.rule.name,
                "ruleIndex": rules().position(|rule| rule.name == finding.rule.name),
                "level": finding.level.word(),
                "message": { "text": finding.message },
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": { "uri": uri(&report.file) },
                        "region": region,
                    },
                }],
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "contract-review",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": descriptions,
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}
