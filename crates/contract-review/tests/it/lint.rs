//! `cargo xtask lint`: what each rule finds, where, and that it finds nothing else.

use std::collections::BTreeSet;

use contract_review::lint::{Format, Level, RULES, Report, lint};

use serde::Deserialize as _;

use crate::CONTRACT;

/// The edits of the contract, as readable data.
const BREACHES: &str = include_str!("lint/breaches.diff");

/// Stands before the place where a finding is expected, and is taken out before linting.
const HERE: char = '«';

struct Breach {
    rule: String,
    hunks: Vec<Hunk>,
}

#[derive(Default)]
struct Hunk {
    old: String,
    new: String,
}

fn breaches() -> Vec<Breach> {
    let mut breaches: Vec<Breach> = Vec::new();
    for line in BREACHES.lines() {
        if let Some(rule) = line.strip_prefix("## ") {
            breaches.push(Breach {
                rule: rule.to_owned(),
                hunks: vec![Hunk::default()],
            });
            continue;
        }
        let Some(breach) = breaches.last_mut() else {
            assert!(line.is_empty() || line.starts_with('#'), "{line}");
            continue;
        };
        if line == "@@" {
            breach.hunks.push(Hunk::default());
            continue;
        }
        let hunk = breach.hunks.last_mut().unwrap();
        let (mark, text) = line.split_at(line.len().min(1));
        let text = format!("{text}\n");
        let plain = text.replace(HERE, "");
        match mark {
            "" => {}
            " " => {
                hunk.old += &plain;
                hunk.new += &text;
            }
            "-" => hunk.old += &plain,
            "+" => hunk.new += &text,
            _ => panic!("this line starts with none of the marks: {line}"),
        }
    }
    breaches
}

/// The contract after `breach`, without the mark, and the line and column where the mark stood.
fn broken(breach: &Breach) -> (String, String) {
    let mut text = format!("\n{}", CONTRACT);
    for Hunk { old, new } in &breach.hunks {
        let start = text
            .find(&format!("\n{old}"))
            .unwrap_or_else(|| panic!("{}: the contract has no such lines:\n{old}", breach.rule));
        text.replace_range(start + 1..=start + old.len(), new);
    }
    let text = text.split_off(1);
    let before = text
        .split_once(HERE)
        .unwrap_or_else(|| panic!("{}: no place is marked", breach.rule))
        .0;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    let place = format!("{}:{column}", before.matches('\n').count() + 1);
    (text.replacen(HERE, "", 1), place)
}

fn lines(report: &Report) -> Vec<String> {
    let findings = report.findings().iter();
    findings
        .map(|finding| format!("{}: {}", finding.position, finding.rule.name))
        .collect()
}

fn check(text: &str) -> Vec<String> {
    lines(&lint("people.yaml", text.as_bytes()))
}

#[test]
fn the_contract_itself_is_clean() {
    let report = lint("spec/people.yaml", CONTRACT.as_bytes());
    assert_eq!(lines(&report), Vec::<String>::new());
    assert!(!report.fails(true));
}

#[test]
fn every_breach_is_found_at_its_place_and_nothing_else() {
    let mut failures = Vec::new();
    for breach in breaches() {
        let (text, place) = broken(&breach);
        let expected = format!("{place}: {}", breach.rule);
        let report = lint("people.yaml", text.as_bytes());
        if lines(&report) != [expected.as_str()] {
            let mut found = Vec::new();
            let format = Format::Text {
                source: true,
                colour: false,
            };
            report.write(format, &mut found).unwrap();
            let found = String::from_utf8(found).unwrap();
            failures.push(format!("expected {expected}, found\n{found}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_rule_has_a_breach() {
    let tried: BTreeSet<String> = breaches().into_iter().map(|breach| breach.rule).collect();
    let known: BTreeSet<String> = RULES.iter().map(|rule| rule.name.to_owned()).collect();
    let untried: Vec<_> = known.difference(&tried).collect();
    // What the model or the generator refuses although every other rule is kept has no known
    // example.
    assert_eq!(untried, ["generator", "openapi-model"]);
    assert_eq!(tried.difference(&known).count(), 0);
}

/// A contract with an error and a warning, small enough to be read in a snapshot.
const SMALL: &str = "\
openapi: 3.0.3
info:
  title: Small
  version: '1'
  description: As little as possible, with two faults.
servers:
  - url: https://example.com
    description: Nowhere.
tags: []
paths:
  /people:
    get:
      operationId: list_people
      summary: List people
      description: Everybody may call it.
      security: []
      responses:
        '200':
          description: All of them.
          content:
            application/json:
              schema:
                type: array
                items:
                  type: string
              example: [Ada, 7]
        '429':
          description: Too many requests.
          headers:
            Retry-After:
              description: Seconds.
              schema:
                type: string
          content:
            application/json:
              schema:
                type: string
";

fn written(file: &str, text: &str, format: Format) -> String {
    let mut out = Vec::new();
    lint(file, text.as_bytes()).write(format, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn findings_as_text() {
    let format = |source, colour| Format::Text { source, colour };
    insta::assert_snapshot!(
        "lint_text",
        written("small.yaml", SMALL, format(false, false))
    );
    insta::assert_snapshot!(
        "lint_terminal",
        written("small.yaml", SMALL, format(true, false))
    );
    let coloured = written("small.yaml", SMALL, format(true, true));
    let plain = ["\u{1b}[1m", "\u{1b}[1;31m", "\u{1b}[1;33m", "\u{1b}[0m"]
        .iter()
        .fold(coloured.clone(), |text, code| text.replace(code, ""));
    assert_ne!(coloured, plain);
    assert_eq!(plain, written("small.yaml", SMALL, format(true, false)));
}

#[test]
fn findings_as_json() {
    insta::assert_snapshot!("lint_json", written("small.yaml", SMALL, Format::Json));
}

#[test]
fn findings_as_github_annotations() {
    let found = written("a:b,c%.yaml", SMALL, Format::Github);
    insta::assert_snapshot!("lint_github", found);
}

#[test]
fn findings_as_sarif() {
    let mut found: serde_json::Value =
        serde_json::from_str(&written("a b.yaml", SMALL, Format::Sarif)).unwrap();
    let rules = found["runs"][0]["tool"]["driver"]["rules"].take();
    found["runs"][0]["tool"]["driver"]["version"].take();
    // The catalogue grows; what each of its rows looks like does not.
    assert_eq!(rules.as_array().unwrap().len(), RULES.len());
    for result in found["runs"][0]["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    for result in found["runs"][0]["results"].as_array_mut().unwrap() {
        result["ruleIndex"] = "its row".into();
    }
    insta::assert_json_snapshot!("lint_sarif_rule", rules[0]);
    insta::assert_json_snapshot!("lint_sarif", found);
}

#[test]
fn levels_decide_what_fails() {
    let errors = lint("small.yaml", SMALL.as_bytes());
    assert!(errors.fails(false) && errors.fails(true));
    let warnings = lint("small.yaml", SMALL.replace("[Ada, 7]", "[Ada]").as_bytes());
    assert_eq!(warnings.count(Level::Error), 0);
    assert_eq!(warnings.count(Level::Warning), 1);
    assert!(!warnings.fails(false) && warnings.fails(true));
}

#[test]
fn a_silence_counts_for_its_object_and_all_inside_it() {
    let warnings = SMALL.replace("[Ada, 7]", "[Ada]");
    assert_eq!(check(&warnings), ["13:20: operation-name"]);
    let silence = "x-lint-silence: {operation-name: An older client has it.}\n";
    for (before, indent) in [
        ("      summary: List", 6),
        ("    get:\n", 4),
        ("openapi:", 0),
    ] {
        let line = format!("{}{silence}{before}", " ".repeat(indent));
        let silenced = warnings.replacen(before, &line, 1);
        assert_eq!(check(&silenced), Vec::<String>::new(), "{silenced}");
    }
    // Elsewhere it silences nothing, and is a finding itself.
    let line = format!("          {silence}          description: All of them.");
    let elsewhere = warnings.replacen("          description: All of them.", &line, 1);
    assert_eq!(
        check(&elsewhere),
        ["13:20: operation-name", "19:28: unused-silence"]
    );
    // Two around one fault: the inner one does the work.
    let both = warnings
        .replacen("openapi:", &format!("{silence}openapi:"), 1)
        .replacen(
            "      summary: List",
            &format!("      {silence}      summary: List"),
            1,
        );
    assert_eq!(check(&both), ["1:18: unused-silence"]);
}

#[test]
fn json_is_read_as_yaml_is() {
    let contract = people_codegen::document::load::load(CONTRACT).unwrap();
    let contract = serde_json::Value::deserialize(&contract).unwrap();
    let contract = serde_json::to_string_pretty(&contract).unwrap();
    assert_eq!(check(&contract), Vec::<String>::new());
    let broken = contract.replacen("\"John Andersen\"", "12", 1);
    assert_eq!(check(&broken).len(), 1);
    let windows = CONTRACT.replace('\n', "\r\n");
    assert_eq!(check(&format!("\u{feff}{windows}")), Vec::<String>::new());
}

/// Texts made to break whoever reads them, each with what is said and where.
#[test]
fn hostile_documents_get_an_answer_with_a_place() {
    let head =
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n";
    let schemas = |schemas: String| format!("{head}{schemas}");
    let chain = |count: usize, link: fn(usize) -> String| -> String {
        let lines = (0..count).map(|index| format!("    S{index}: {}\n", link(index)));
        lines.collect::<Vec<_>>().concat()
    };
    let cases: Vec<(String, &str)> = vec![
        (String::new(), "1:1: yaml-syntax"),
        ("%PDF-1.7 \u{0} \u{1}".to_owned(), "yaml-syntax"),
        ("7".to_owned(), "1:1: wrong-type"),
        ("[]".to_owned(), "1:1: wrong-type"),
        ("[".repeat(100_000), "yaml-syntax"),
        ("openapi: [3]\ninfo: 3\npaths: x\n".to_owned(), "1:10: wrong-type"),
        (
            schemas("    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n".to_owned()),
            "6:15: unresolved-reference",
        ),
        (
            schemas("    A: {allOf: [{$ref: '#/components/schemas/A'}]}\n".to_owned()),
            "6:17: circular-schema",
        ),
        (
            schemas(chain(5_000, |index| format!("{{oneOf: [{{$ref: '#/components/schemas/S{}'}}]}}", (index + 1) % 5_000))),
            "circular-schema",
        ),
        // Nothing circular: each leads to the next by a property.
        (
            schemas(chain(5_000, |index| format!("{{properties: {{p: {{$ref: '#/components/schemas/S{}'}}}}}}", (index + 1) % 5_000))),
            "unused-component",
        ),
        // Two of each, so that checking a value takes 2^60 steps unless somebody counts.
        (
            schemas(
                chain(60, |index| {
                    let next = format!("{{$ref: '#/components/schemas/S{}'}}", index + 1);
                    format!("{{allOf: [{next}, {next}], example: x}}")
                }) + "    S60: {type: integer}\n",
            ),
            "example",
        ),
        (
            schemas("    A: {type: string, pattern: '(a*)*b', example: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}\n".to_owned()),
            "6:51: example",
        ),
        (
            schemas("    A: {type: string, pattern: '((a{1,1000}){1,1000}){1,1000}', example: a}\n".to_owned()),
            ": pattern",
        ),
    ];
    for (text, expected) in cases {
        let found = check(&text);
        assert!(
            found.iter().any(|line| line.contains(expected)),
            "expected {expected}, found {:?} in {}",
            found.iter().take(20).collect::<Vec<_>>(),
            text.chars().take(300).collect::<String>()
        );
    }
    let bytes = lint("people.yaml", b"a: \xc3\x28");
    assert_eq!(lines(&bytes), ["1:4: yaml-syntax"]);
}

#[test]
fn one_endless_line_is_shown_in_part() {
    let line = format!("{{\"a\": \"{}\", \"b\": }}}}", "x".repeat(1_000_000));
    let shown = written(
        "people.json",
        &line,
        Format::Text {
            source: true,
            colour: false,
        },
    );
    assert!(
        shown.lines().all(|line| line.chars().count() < 300),
        "{shown}"
    );
    let carets: Vec<_> = shown.lines().filter(|line| line.ends_with('^')).collect();
    assert!(!carets.is_empty());
}
