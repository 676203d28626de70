//! Documents that mean harm, or are none: never a panic, never a hang, always a place.

use std::fmt::Write;

use contract_review::diff::{self, Ignored};
use contract_review::report::{self, DiffFormat};

use super::{differences, named, report, today};

fn refused(text: &str) -> String {
    let (bad, good) = (named("bad.yaml", text), named("good.yaml", "paths: {}\n"));
    let ignored = Ignored::default();
    let forth = diff::compare(&bad, &good, &ignored, today()).unwrap_err();
    let back = diff::compare(&good, &bad, &ignored, today()).unwrap_err();
    assert_eq!(forth.to_string(), back.to_string());
    forth.to_string()
}

fn rules(old: &str, new: &str) -> Vec<&'static str> {
    let found = differences(old, new);
    found.iter().map(|found| found.rule).collect()
}

#[test]
fn what_is_no_contract_is_refused_with_its_place() {
    for (text, expected) in [
        ("", "bad.yaml:1:1: yaml-syntax: the file holds no document"),
        ("{", "bad.yaml:2:1: yaml-syntax: this is not YAML"),
        (
            "just words",
            "bad.yaml:1:1: wrong-type: a contract is a mapping",
        ),
        (
            "- a\n- b\n",
            "bad.yaml:1:1: wrong-type: a contract is a mapping",
        ),
        ("a: 1\na: 2\n", "bad.yaml:2:1: duplicate-key: "),
        ("a: *b\n", "bad.yaml:1:4: yaml-syntax: "),
        (
            "info: {}\nswagger: '2.0'\n",
            "bad.yaml:2:1: openapi-version: this is Swagger 2.0",
        ),
    ] {
        let message = refused(text);
        assert!(message.starts_with(expected), "{text:?}: {message}");
    }
    let deep = "[".repeat(100_000);
    assert!(refused(&deep).contains("nested more than"));
}

#[test]
fn circles_of_references_end() {
    let schemas = |schemas: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths:\n  /a:\n    post:\n      operationId: a\n      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}\n      responses: {{'204': {{description: Done.}}}}\ncomponents:\n  schemas:\n{schemas}"
        )
    };
    // A schema that holds itself, in every way in which one can.
    let circle = |word: &str| {
        schemas(&format!(
            "    A:\n      type: object\n      properties: {{a: {{$ref: '#/components/schemas/A'}}, b: {{type: array, items: {{$ref: '#/components/schemas/B'}}}}, c: {{type: {word}}}}}\n      additionalProperties: {{$ref: '#/components/schemas/A'}}\n    B:\n      oneOf: [{{$ref: '#/components/schemas/A'}}, {{$ref: '#/components/schemas/B'}}]\n"
        ))
    };
    assert_eq!(
        rules(&circle("string"), &circle("integer")),
        ["type-changed"]
    );
    // References that lead to nothing but references.
    let nothing = schemas(
        "    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n",
    );
    assert_eq!(rules(&nothing, &nothing), [""; 0]);
    let found = rules(&nothing, &circle("string"));
    assert!(found.contains(&"reference-unresolved"), "{found:?}");
    // An `allOf` of nothing but itself.
    let wrapped = schemas("    A: {allOf: [{$ref: '#/components/schemas/A'}]}\n");
    let more = schemas(
        "    A: {allOf: [{$ref: '#/components/schemas/A'}, {type: object, properties: {a: {}}}]}\n",
    );
    assert!(!rules(&wrapped, &more).is_empty());
    assert!(!rules(&more, &wrapped).is_empty());
    // A path that is itself, and a callback that is its own path.
    let path = "openapi: 3.0.3\npaths:\n  /a: {$ref: '#/paths/~1a'}\n";
    assert_eq!(rules(path, path), [""; 0]);
    let callback = |word: &str| {
        format!(
            "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      responses: {{'200': {{description: {word}}}}}\n      callbacks: {{c: {{'/b': {{$ref: '#/paths/~1a'}}}}}}\n"
        )
    };
    assert_eq!(rules(&callback("one"), &callback("two")), ["prose-changed"]);
}

#[test]
fn deep_nesting_is_walked_to_its_end() {
    let nested = |leaf: &str| {
        let mut schema = format!("{{type: {leaf}}}");
        for _ in 0..55 {
            schema = format!("{{properties: {{a: {schema}}}}}");
        }
        format!("components: {{schemas: {{A: {schema}}}}}\n")
    };
    let found = differences(&nested("string"), &nested("integer"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].rule, "type-changed");
    assert!(found[0].at.starts_with("A.a.a."), "{}", found[0].at);
}

/// Every kind of value at every place where another is expected.
#[test]
fn values_of_the_wrong_type_are_compared_as_what_they_are() {
    let good = crate::CONTRACT;
    let lines: Vec<&str> = good.lines().collect();
    let wrong = [
        "null",
        "[]",
        "{}",
        "[[]]",
        "{a: {b: c}}",
        "1.5",
        "true",
        "x",
        "'$ref'",
        "{$ref: 1}",
    ];
    let mut tried = 0;
    for (index, line) in lines.iter().enumerate() {
        let Some((name, "")) = line.split_once(':') else {
            continue;
        };
        let indent = name.len() - name.trim_start().len();
        let inner =
            |line: &&&str| line.trim().is_empty() || line.len() - line.trim_start().len() > indent;
        let end = index + 1 + lines[index + 1..].iter().take_while(inner).count();
        let value = wrong[tried % wrong.len()];
        tried += 1;
        // One in a few is enough to meet every place in some way.
        if tried % 5 != 0 && indent > 6 {
            continue;
        }
        let broken = format!(
            "{}\n{name}: {value}\n{}\n",
            lines[..index].join("\n"),
            lines[end..].join("\n")
        );
        let (old, new) = (named("old.yaml", good), named("new.yaml", &broken));
        // A list item with a name may have other names behind it: then this is not YAML.
        let Ok(report) = diff::compare(&old, &new, &Ignored::default(), today()) else {
            continue;
        };
        assert!(
            !report.differences.is_empty() || !report.notes.is_empty(),
            "line {}: {name}: {value}",
            index + 1
        );
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn what_does_not_fit_the_format_is_noted_with_its_place() {
    let report = report("paths: {}\n", "openapi: 3.0.3\npaths: []\ncolour: red\n");
    let notes: Vec<String> = report
        .notes
        .iter()
        .map(|note| format!("{}: {}", note.place, note.rule))
        .collect();
    assert!(
        notes.contains(&"old.yaml:1:1: missing-field".to_owned()),
        "{notes:?}"
    );
    assert!(
        notes.contains(&"new.yaml:2:8: wrong-type".to_owned()),
        "{notes:?}"
    );
    assert!(
        notes.contains(&"new.yaml:3:1: unknown-field".to_owned()),
        "{notes:?}"
    );
}

/// Many places that refer to one large thing, which differs from each of them: work in proportion
/// to the size of the text, and an end.
#[test]
fn the_product_of_two_sizes_is_never_reached() {
    let giant = |inner: &str, sites: usize, site: &str| {
        let mut text = String::from("openapi: 3.0.3\npaths:\n");
        for index in 0..sites {
            writeln!(text, "  /p{index}: {{get: {{responses: {{'200': {{content: {{application/json: {{schema: {site}}}}}}}}}}}}}").unwrap();
        }
        text + "components:\n  schemas:\n    Giant:\n" + inner
    };
    let list = |count: usize, item: &dyn Fn(usize) -> String| -> String {
        (0..count).map(item).collect::<Vec<_>>().join(", ")
    };
    let properties = format!(
        "      properties: {{{}}}\n",
        list(400, &|index| format!("p{index}: {{type: string}}"))
    );
    let variants = format!(
        "      oneOf: [{}]\n",
        list(400, &|index| format!("{{enum: [v{index}]}}"))
    );
    let words = format!(
        "      description: {}\n",
        list(10_000, &|index| format!("word{index}")).replace(',', "")
    );
    let reference = "{$ref: '#/components/schemas/Giant'}";
    for (inner, site) in [
        (properties, "{type: object}"),
        (variants, "{type: string}"),
        (words, "{description: a}"),
    ] {
        let (old, new) = (giant(&inner, 400, site), giant(&inner, 400, reference));
        for report in [report(&old, &new), report(&new, &old)] {
            assert!(!report.differences.is_empty());
            assert!(report.differences.len() <= 100_000);
            assert!(!report::diff(&report, DiffFormat::Github).is_empty());
        }
    }
}

/// The same operations under many paths.
#[test]
fn a_shared_path_is_compared_once() {
    let contract = |word: &str| {
        let mut text = String::from("openapi: 3.0.3\nx-item:\n  get:\n");
        for index in 0..2_000 {
            writeln!(text, "    x-{index}: {word}").unwrap();
        }
        text += "    responses: {}\npaths:\n";
        for index in 0..2_000 {
            writeln!(text, "  /p{index}: {{$ref: '#/x-item'}}").unwrap();
        }
        text
    };
    let report = report(&contract("one"), &contract("two"));
    let stopped = |rule: &str| rule == "too-many-differences";
    assert!(!report.notes.iter().any(|note| stopped(&note.rule)));
    let found = report.differences;
    let extensions = found
        .iter()
        .filter(|found| found.rule == "extension-changed");
    assert_eq!(extensions.count(), 2_001);
    assert!(found[0].more_operations || found[1].more_operations);
}

#[test]
fn a_list_of_differences_has_an_end() {
    let contract = |word: &str| {
        let mut text = String::from("x-all:\n");
        for index in 0..120_000 {
            writeln!(text, "  x{index}: {word}").unwrap();
        }
        text.replace("x-all:\n", "").replace("  x", "x-")
    };
    let report = report(&contract("a"), &contract("b"));
    assert_eq!(report.differences.len(), 100_000);
    assert_eq!(report.notes.last().unwrap().rule, "too-many-differences");
}

#[test]
fn long_names_are_cut() {
    let name = "n".repeat(100_000);
    let contract = |word: &str| {
        format!(
            "components: {{schemas: {{{name}: {{properties: {{{name}: {{type: {word}}}}}}}}}}}\n"
        )
    };
    let report = report(&contract("string"), &contract("integer"));
    assert!(report::diff(&report, DiffFormat::Text).len() < 5_000);
    assert_eq!(report.notes[0].rule, "long-name");
}

#[test]
fn json_is_read_as_well() {
    let json = |id: &str| {
        format!(r#"{{"paths": {{"/a": {{"get": {{"operationId": "{id}", "responses": {{}}}}}}}}}}"#)
    };
    assert_eq!(rules(&json("a"), &json("b")), ["operation-renamed"]);
    let yaml = "paths:\n  /a:\n    get:\n      operationId: a\n      responses: {}\n";
    assert_eq!(rules(&json("a"), yaml), [""; 0]);
}
