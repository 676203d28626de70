//! `cargo xtask lint`: what each rule finds, where, and that it finds nothing else.

use std::collections::BTreeSet;

use contract_review::lint::rules::rules;
use contract_review::lint::{Group, Level, Report, lint, lint_groups};
use contract_review::report::{self, LintFormat, Style};

use serde::Deserialize as _;

use crate::CONTRACT;

/// The edits of the contract, as readable data.
const VIOLATIONS: &str = include_str!("lint/violations.diff");

/// Stands before the place where a finding is expected, and is taken out before linting.
const HERE: char = '«';

struct Violation {
    rule: String,
    hunks: Vec<Hunk>,
}

#[derive(Default)]
struct Hunk {
    old: String,
    new: String,
}

fn violations() -> Vec<Violation> {
    let mut violations: Vec<Violation> = Vec::new();
    for line in VIOLATIONS.lines() {
        if let Some(rule) = line.strip_prefix("## ") {
            violations.push(Violation {
                rule: rule.to_owned(),
                hunks: vec![Hunk::default()],
            });
            continue;
        }
        let Some(violation) = violations.last_mut() else {
            assert!(line.is_empty() || line.starts_with('#'), "{line}");
            continue;
        };
        if line == "@@" {
            violation.hunks.push(Hunk::default());
            continue;
        }
        let hunk = violation.hunks.last_mut().unwrap();
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
    violations
}

/// The contract after `violation`, without the mark, and the line and column where the mark stood.
fn broken(violation: &Violation) -> (String, String) {
    let mut text = format!("\n{CONTRACT}");
    for Hunk { old, new } in &violation.hunks {
        let start = text.find(&format!("\n{old}")).unwrap_or_else(|| {
            panic!("{}: the contract has no such lines:\n{old}", violation.rule)
        });
        text.replace_range(start + 1..=start + old.len(), new);
    }
    let text = text.split_off(1);
    let before = text
        .split_once(HERE)
        .unwrap_or_else(|| panic!("{}: no place is marked", violation.rule))
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
fn each_violation_is_found_at_its_place_and_nothing_else() {
    let mut failures = Vec::new();
    for violation in violations() {
        let (text, place) = broken(&violation);
        let expected = format!("{place}: {}", violation.rule);
        let report = lint("people.yaml", text.as_bytes());
        if lines(&report) != [expected.as_str()] {
            let found = rendered(&report, LintFormat::Text, SOURCE);
            failures.push(format!("expected {expected}, found\n{found}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_rule_has_a_violation() {
    let tried: BTreeSet<String> = violations()
        .into_iter()
        .map(|violation| violation.rule)
        .chain(TRAPS.iter().map(|(rule, _)| (*rule).to_owned()))
        .collect();
    let known: BTreeSet<String> = rules().map(|rule| rule.name.to_owned()).collect();
    let untried: Vec<_> = known.difference(&tried).collect();
    // What the model or the generator refuses although every other rule is kept has no known
    // example.
    assert_eq!(untried, ["generator", "openapi-model"]);
    assert_eq!(tried.difference(&known).count(), 0);
}

/// Rules that are about other contracts than ours, each with what breaks it once, at the mark.
const TRAPS: &[(&str, &str)] = &[
    (
        "keyword-type",
        "paths: {}\ncomponents: {schemas: {A: {type: object, «minLength: 1}}}\n",
    ),
    (
        "keyword-type",
        "paths: {}\ncomponents: {schemas: {A: {type: integer, «format: date-time}}}\n",
    ),
    (
        "keyword-type",
        "paths: {}\ncomponents: {schemas: {A: {type: string, «maxProperties: 2}}}\n",
    ),
    (
        "keyword-type",
        "paths: {}\ncomponents: {schemas: {A: {type: array, items: {}, «required: [a]}}}\n",
    ),
    (
        "keyword-type",
        "paths: {}\ncomponents: {schemas: {A: {type: string, «exclusiveMinimum: true}}}\n",
    ),
    (
        "keyword-type",
        "paths: {}\ncomponents: {schemas: {A: {type: object, «exclusiveMaximum: false}}}\n",
    ),
    (
        "server-variable",
        "paths: {}\nservers: [{«url: 'https://{region}.example.com'}]\n",
    ),
    (
        "server-variable",
        "paths: {}\nservers: [{url: /v1, variables: {«region: {default: eu}}}]\n",
    ),
    (
        "server-variable",
        "paths: {}\nservers: [{url: '/{v}', variables: {«v: {default: a, enum: [b]}}}]\n",
    ),
    ("server-variable", "paths: {}\n«servers: []\n"),
    ("server-variable", "paths: {/a: {«servers: []}}\n"),
    (
        "server-variable",
        "paths: {/a: {get: {«servers: [], responses: {'204': {description: Done.}}}}}\n",
    ),
    (
        "duplicate-tag",
        "paths: {}\ntags:\n  - name: a\n  - «name: a\n",
    ),
    (
        "example-value",
        "paths: {}\ncomponents: {examples: {A: {value: 1, «externalValue: 'https://example.com'}}}\n",
    ),
    (
        "ambiguous-path",
        "paths:\n  /{a}/me: {}\n  «/people/me: {}\n",
    ),
    ("ambiguous-path", "paths:\n  /{a}/b: {}\n  «/a/{b}: {}\n"),
    (
        "ambiguous-path",
        "paths:\n  /{a}.json/b: {}\n  «/list.json/{b}: {}\n",
    ),
    ("ambiguous-path", "paths:\n  /v{a}/b: {}\n  «/{a}.0/b: {}\n"),
    (
        "request-body",
        "paths:\n  /a:\n    get:\n      «requestBody: {content: {application/json: {}}}\n      \
         responses: {'204': {description: Done.}}\n",
    ),
    (
        "discriminator-property",
        "paths: {}\ncomponents: {schemas: {A: {oneOf: [{type: object}], «discriminator: \
         {propertyName: kind}}}}\n",
    ),
    (
        "html",
        "paths: {}\ncomponents: {schemas: {A: {«description: 'One <br/> two.'}}}\n",
    ),
    (
        "html",
        "paths: {}\ncomponents: {schemas: {A: {«description: 'x</SUP>'}}}\n",
    ),
    (
        "html",
        "paths: {}\ncomponents: {schemas: {A: {«description: 'One. <!-- Two. -->'}}}\n",
    ),
    (
        "unresolved-reference",
        "paths: {}\ncomponents: {schemas: {A: {discriminator: {propertyName: kind, mapping: {a: A, b: \
         «'#/components/schemas/B'}}}}}\n",
    ),
    (
        "unresolved-reference",
        "paths: {}\ncomponents: {schemas: {A: {discriminator: {propertyName: kind, mapping: {a: \
         '#/components/schemas/A', b: «B}}}}}\n",
    ),
    (
        "unresolved-reference",
        "paths: {}\ncomponents: {schemas: {A: {discriminator: {propertyName: kind, mapping: {b: \
         «'other.yaml#/B'}}}}}\n",
    ),
    (
        "unresolved-reference",
        "paths: {}\ncomponents: {schemas: {A: {discriminator: {propertyName: kind, mapping: {b: \
         «'#/components/responses/B'}}}}, responses: {B: {description: B.}}}\n",
    ),
    (
        "generator-server",
        "paths:\n  /a:\n    get:\n      operationId: getA\n      «servers: [{url: \
         'https://example.com'}]\n      responses: {'204': {description: Done.}}\n",
    ),
    (
        "generator-security",
        "paths:\n  /a:\n    get:\n      operationId: getA\n      «security: [{key: []}]\n      \
         responses: {'204': {description: Done.}}\ncomponents: {securitySchemes: {key: {type: apiKey, \
         name: k, in: header}}}\n",
    ),
    (
        "pattern",
        "paths: {}\ncomponents: {schemas: {A: {type: string, «pattern: '\\Aa(?i)'}}}\n",
    ),
];

#[test]
fn each_trap_is_found_at_its_place() {
    for (rule, part) in TRAPS {
        let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{part}");
        let before = text.split_once(HERE).unwrap().0;
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        let place = format!("{}:{column}", before.matches('\n').count() + 1);
        let found = check(&text.replacen(HERE, "", 1));
        let expected = format!("{place}: {rule}");
        assert!(
            found.contains(&expected),
            "expected {expected}, found {found:?}"
        );
        let of_rule = found.iter().filter(|found| found.ends_with(rule));
        assert_eq!(of_rule.count(), 1, "{found:?}");
    }
}

#[test]
fn what_looks_like_a_trap_is_none() {
    let parts = [
        "paths: {/people/me: {}, '/people/{id}': {}, '/people/{id}/photo': {}}",
        "paths: {'/r/{x}.json/z': {}, /r/list/z: {}, '/r/{x}.xml/z': {}, '/r/.json/{z}': {}}",
        "paths: {'/{a}/{b}.json': {}, '/{a}/{b}': {}, '/{a}/v{b}.json': {}}",
        "paths: {}\ncomponents: {schemas: {A: {description: 'Write `<br>`, and 1 < 2 > 0.'}}}",
        "paths: {}\ncomponents: {schemas: {A: {description: 'Send <title> and <ida>.'}}}",
        "paths: {}\ncomponents: {schemas: {A: {type: integer, minimum: 1, exclusiveMinimum: true}}}",
        "paths: {}\ncomponents: {schemas: {A: {type: string, pattern: '^(?<year>\\d{4})(?!x)'}}}",
        "paths: {}\nservers: [{url: '/{v}', variables: {v: {default: a, enum: [a, b]}}}]",
        "paths: {}\ncomponents: {headers: {A: {schema: {type: string}, example: 'a@b.c,d@e.f'}}}",
    ];
    for part in parts {
        let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{part}\n");
        let found = check(&text);
        let trapped: Vec<_> = found
            .iter()
            .filter(|line| {
                TRAPS.iter().any(|(rule, _)| line.ends_with(rule)) || line.ends_with("joined-list")
            })
            .collect();
        assert!(trapped.is_empty(), "{trapped:?} in {text}");
    }
}

/// Patterns and texts for which other engines have another answer than ECMA-262.
const PATTERNS: &[(&str, &[&str])] = &[
    (r"^a\z", &["a", "az"]),
    (r"\Aa", &["a", "Aa"]),
    (r"^a\Z$", &["a", "aZ"]),
    (r"^\aa$", &["aa", "\u{7}a"]),
    (r"^\x{2}$", &["xx", "\u{2}"]),
    (r"^\x41\u0042$", &["AB", "x41u0042"]),
    (r"^\u{3}$", &["uuu", "\u{3}"]),
    (r"^\<a\>$", &["<a>", "a"]),
    (r"^\p{L}]$", &["p{L}]", "a]"]),
    (r"^\p{L}$", &["p{L}", "é"]),
    (r"^[[:alpha:]]$", &["a", "a]", ":]"]),
    (r"^[\B\z-]+$", &["Bz-", "\\"]),
    (r"^[\w-]+\é$", &["a-é", "é"]),
    (r"^{a}{2}}$", &["{a}}}", "{aa}"]),
    (r"^\w\d\s$", &["é1 ", "e1\u{feff}", "e٣ "]),
    (r"^.$", &["\r", "\u{2028}", "a"]),
    (r"^a$", &["a\n", "a"]),
    (r"^[a&&b]$", &["&", "b", "c"]),
];

#[test]
fn examples_match_their_patterns_as_ecma_262_has_it() {
    for (pattern, texts) in PATTERNS {
        let ecma = regress::Regex::with_flags(pattern, "u");
        let ecma = ecma.unwrap_or_else(|_| regress::Regex::new(pattern).unwrap());
        for text in *texts {
            let schema = serde_json::json!({"type": "string", "pattern": pattern, "example": text});
            let contract = format!(
                "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents: {{schemas: \
                 {{A: {schema}}}}}\n"
            );
            let found = check(&contract);
            let fits = !found.iter().any(|line| line.ends_with(": example"));
            let expected = ecma.find(text).is_some();
            assert_eq!(fits, expected, "{pattern} with {text:?}: {found:?}");
        }
    }
}

#[test]
fn path_that_is_ambiguous_with_many_names_ten() {
    let others: Vec<String> = (0..20)
        .map(|index| format!("'/{{a}}/{index}': {{}}"))
        .collect();
    let others = others.join(", ");
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{{others}, '/x/{{b}}': {{}}}}\n"
    );
    let found = check(&text);
    let ambiguous = found.iter().filter(|line| line.ends_with("ambiguous-path"));
    assert_eq!(ambiguous.count(), 10);
}

#[test]
fn format_error_does_not_hide_the_rest() {
    let text = SMALL.replace("tags: []", "tags: []\ncolour: red");
    let found = check(&text);
    assert!(
        found.contains(&"10:1: unknown-field".to_owned()),
        "{found:?}"
    );
    assert!(
        found.iter().any(|line| line.ends_with("operation-name")),
        "{found:?}"
    );
}

#[test]
fn document_of_another_format_has_one_finding() {
    let swagger = "swagger: '2.0'\ninfo: {title: T}\npaths: {/a: {get: {produces: [a/b]}}}\n";
    assert_eq!(check(swagger), ["1:1: openapi-version"]);
    let newer = "openapi: 3.1.0\ninfo: {title: T}\npaths: {/a: {get: {x: [1]}}}\nwebhooks: {}\n";
    assert_eq!(check(newer), ["1:10: openapi-version"]);
}

#[test]
fn groups_of_rules_can_be_chosen() {
    let found = |groups: &[Group]| lines(&lint_groups("a.yaml", SMALL.as_bytes(), groups));
    assert_eq!(found(&Group::ALL), check(SMALL));
    assert_eq!(
        found(&[Group::Format, Group::References]),
        Vec::<String>::new()
    );
    assert_eq!(found(&[Group::Style]), ["13:20: operation-name"]);
}

#[test]
fn field_beside_the_reference_of_a_path_is_found() {
    let path = "paths:\n  /a:\n    $ref: '#/paths/~1people'\n    x-a: 1\n    parameters: []\n";
    let contract = SMALL.replace("paths:\n", path);
    let found = lint_groups("a.yaml", contract.as_bytes(), &[Group::References]);
    assert_eq!(lines(&found), ["14:5: reference-sibling"]);
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
      description: Open to everyone.
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

const PLAIN: Style = Style {
    source: false,
    colour: false,
};

const SOURCE: Style = Style {
    source: true,
    colour: false,
};

fn rendered(report: &Report, format: LintFormat, style: Style) -> String {
    let mut out = Vec::new();
    report::lint(report, format, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn written(file: &str, text: &str, format: LintFormat, style: Style) -> String {
    rendered(&lint(file, text.as_bytes()), format, style)
}

#[test]
fn findings_as_text() {
    let written = |style| written("small.yaml", SMALL, LintFormat::Text, style);
    insta::assert_snapshot!("lint_text", written(PLAIN));
    insta::assert_snapshot!("lint_terminal", written(SOURCE));
    let coloured = written(Style {
        colour: true,
        ..SOURCE
    });
    let plain = ["\u{1b}[1m", "\u{1b}[1;31m", "\u{1b}[1;33m", "\u{1b}[0m"]
        .iter()
        .fold(coloured.clone(), |text, code| text.replace(code, ""));
    assert_ne!(coloured, plain);
    assert_eq!(plain, written(SOURCE));
}

#[test]
fn findings_as_json() {
    insta::assert_snapshot!(
        "lint_json",
        written("small.yaml", SMALL, LintFormat::Json, PLAIN)
    );
}

#[test]
fn findings_as_github_annotations() {
    let found = written("a:b,c%.yaml", SMALL, LintFormat::Github, PLAIN);
    insta::assert_snapshot!("lint_github", found);
}

#[test]
fn findings_as_sarif() {
    let mut found: serde_json::Value =
        serde_json::from_str(&written("a b.yaml", SMALL, LintFormat::Sarif, PLAIN)).unwrap();
    let described = found["runs"][0]["tool"]["driver"]["rules"].take();
    found["runs"][0]["tool"]["driver"]["version"].take();
    // The table of rules grows; the form of its rows stays.
    assert_eq!(described.as_array().unwrap().len(), rules().len());
    for result in found["runs"][0]["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(described[index]["id"], result["ruleId"]);
    }
    for result in found["runs"][0]["results"].as_array_mut().unwrap() {
        result["ruleIndex"] = "its row".into();
    }
    insta::assert_json_snapshot!("lint_sarif_rule", described[0]);
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
fn suppression_applies_to_its_object_and_everything_inside_it() {
    let warnings = SMALL.replace("[Ada, 7]", "[Ada]");
    assert_eq!(check(&warnings), ["13:20: operation-name"]);
    let suppression = "x-lint-suppress: {operation-name: An older client has it.}\n";
    for (before, indent) in [
        ("      summary: List", 6),
        ("    get:\n", 4),
        ("openapi:", 0),
    ] {
        let line = format!("{}{suppression}{before}", " ".repeat(indent));
        let suppressed = warnings.replacen(before, &line, 1);
        assert_eq!(check(&suppressed), Vec::<String>::new(), "{suppressed}");
    }
    // Elsewhere it suppresses nothing, and is a finding itself.
    let line = format!("          {suppression}          description: All of them.");
    let elsewhere = warnings.replacen("          description: All of them.", &line, 1);
    assert_eq!(
        check(&elsewhere),
        ["13:20: operation-name", "19:29: unused-suppression"]
    );
    // Two around one fault: the inner one does the work.
    let both = warnings
        .replacen("openapi:", &format!("{suppression}openapi:"), 1)
        .replacen(
            "      summary: List",
            &format!("      {suppression}      summary: List"),
            1,
        );
    assert_eq!(check(&both), ["1:19: unused-suppression"]);
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

/// Texts made to break a parser, each with the expected finding and its place.
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
        // Two of each, so that checking a value takes 2^60 steps unless steps are counted.
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
    let shown = written("people.json", &line, LintFormat::Text, SOURCE);
    assert!(
        shown.lines().all(|line| line.chars().count() < 300),
        "{shown}"
    );
    let carets: Vec<_> = shown.lines().filter(|line| line.ends_with('^')).collect();
    assert!(!carets.is_empty());
}
