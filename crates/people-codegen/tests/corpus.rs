//! The documents in `tests/it/corpus`, each with one feature. Those that are accepted are also compiled, and
//! called, by `tests/extended-sdk`.

#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not recognized as tests"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use heck::ToPascalCase as _;
use people_codegen::Node;
use people_codegen::document::load::load;
use proc_macro2::{TokenStream, TokenTree};

/// The documents in a directory below `tests/it`, in one order.
fn documents(directory: &str) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/it")
        .join(directory);
    let entries = fs::read_dir(&directory).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    files
}

/// What the comments at the start of a document say after `# key: `.
fn expected<'a>(text: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    let comments = text.lines().take_while(|line| line.starts_with('#'));
    comments.filter_map(move |line| {
        let (name, value) = line.strip_prefix("# ")?.split_once(": ")?;
        (name == key).then_some(value)
    })
}

/// A refused document says where and by which rule: `# refused: 7:5: wrong-type`. As one fault gives one
/// message, hardly any has several.
#[test]
fn each_refused_document_has_its_findings_at_their_places() {
    let mut wrong = Vec::new();
    for file in documents("corpus/refused") {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        let expected: Vec<String> = expected(&text, "refused")
            .map(|finding| format!("{name}:{finding}"))
            .collect();
        assert!(!expected.is_empty(), "{name} does not say what is expected");
        let found = match people_codegen::check(&name, &text) {
            Ok(()) => Vec::new(),
            Err(findings) => findings.lines().collect(),
        };
        let place_and_rule: Vec<String> = found
            .iter()
            .map(|line| line.splitn(5, ':').take(4).collect::<Vec<_>>().join(":"))
            .collect();
        if place_and_rule != expected {
            wrong.push(format!("{expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lines of the generated code, in the comments of a document: `# code: "a-b" => a_b, optional;`.
#[test]
fn each_accepted_document_gives_the_code_that_it_lists() {
    let mut wrong = Vec::new();
    for file in documents("corpus") {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        // The others are called instead, and some use schemas of one another.
        if expected(&text, "code").next().is_none() {
            continue;
        }
        // Behind the document, so that its places are those of the file.
        let whole = format!("{text}openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n");
        let code = match people_codegen::generate(&name, &whole) {
            Ok(generated) => generated.code,
            Err(findings) => {
                wrong.push(findings.to_string());
                continue;
            }
        };
        let lines: Vec<&str> = code.lines().map(str::trim).collect();
        for line in expected(&text, "code") {
            if !lines.contains(&line) {
                wrong.push(format!("{name}: not generated: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The macros that generated code is made of.
const MACROS: [&str; 5] = [
    include_str!("../../people-sdk/src/runtime/answers.rs"),
    include_str!("../../people-sdk/src/runtime/request_builder.rs"),
    include_str!("../../people-sdk/src/runtime/serde_support/open_enum.rs"),
    include_str!("../../people-sdk/src/runtime/serde_support/open_struct.rs"),
    include_str!("../../people-sdk/src/runtime/serde_support/open_union.rs"),
];

/// A document for every form of generated code. All its own names begin with `zz`.
const EVERY_FORM: &str = r"
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /zz/{zz1}:
    get:
      operationId: zzGet
      parameters:
        - {name: zz1, in: path, required: true, schema: {type: string}}
        - {name: zz2, in: query, schema: {type: array, items: {type: integer}}}
        - {name: zz3, in: header, schema: {type: string, format: date-time}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/ZzObject'}}}}}
    put:
      operationId: zzPut
      parameters: [{name: zz1, in: path, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/ZzObject'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/ZzObject'}}}}, '204': {description: ok}}
    post:
      operationId: zzPost
      parameters: [{name: zz1, in: path, required: true, schema: {type: string}}]
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {zz: {type: string}}}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: string}}}}, '201': {description: ok, content: {application/json: {schema: {type: integer}}}}}
    delete:
      operationId: zzDelete
      parameters: [{name: zz1, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {text/plain: {schema: {type: string}}}}}
components:
  schemas:
    ZzObject:
      type: object
      required: [zzA]
      properties:
        zzA: {type: string}
        zzB: {type: object, additionalProperties: {type: string, format: date}}
        zzC: {oneOf: [{type: string}, {type: integer}]}
        zzD: {type: string, enum: [zz]}
        zzE: {$ref: '#/components/schemas/ZzText'}
        zzF: {oneOf: [{type: boolean}, {type: string, enum: ['true', 'false']}]}
        zzG: {$ref: '#/components/schemas/ZzObject'}
    ZzText: {type: string}
";

/// The identifiers in `tokens`.
fn identifiers(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(identifier) => {
                found.insert(identifier.to_string());
            }
            TokenTree::Group(group) => identifiers(group.stream(), found),
            TokenTree::Literal(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// The identifiers in the bodies of the macros of a file.
fn identifiers_of_macros(source: &str, found: &mut BTreeSet<String>) {
    let mut tokens = source.parse::<TokenStream>().unwrap().into_iter();
    while let Some(token) = tokens.next() {
        if matches!(&token, TokenTree::Ident(identifier) if identifier == "macro_rules")
            && let Some(TokenTree::Group(body)) = tokens.nth(2)
        {
            identifiers(body.stream(), found);
        }
    }
}

/// The keys of a mapping, the values of a list of texts, or the names of a list of parameters.
fn names(document: &Node, pointer: &str) -> BTreeSet<String> {
    let (node, _) = document.pointer(pointer).unwrap();
    let keys = node.entries().map(|(key, _)| key.to_owned());
    let items = node.items().map(|item| item.get("name").unwrap_or(item));
    keys.chain(items.map(|name| name.as_str().unwrap().to_owned()))
        .collect()
}

/// The ids of operations, as the names of their builders.
fn builders(document: &Node) -> BTreeSet<String> {
    let (paths, _) = document.pointer("/paths").unwrap();
    let operations = paths.entries().flat_map(|(_, item)| item.node.entries());
    let ids = operations.filter_map(|(_, operation)| operation.node.get("operationId")?.as_str());
    ids.map(str::to_pascal_case).collect()
}

/// A contract can use each name that macros and generated code use: the corpus, which is compiled, has them.
#[test]
fn names_of_the_corpus_are_all_that_macros_and_generated_code_use() {
    let mut used = BTreeSet::new();
    for source in MACROS {
        identifiers_of_macros(source, &mut used);
    }
    let mut generated = BTreeSet::new();
    let code = people_codegen::generate("zz", EVERY_FORM).unwrap().code;
    identifiers(code.parse().unwrap(), &mut generated);
    generated.retain(|name| !name.to_lowercase().starts_with("zz"));
    used.extend(generated.iter().cloned());

    let document = |path: &str| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(path);
        load(&fs::read_to_string(file).unwrap()).unwrap()
    };
    let other_names = document("tests/it/corpus/names.yaml");
    let generated_names = document("tests/it/corpus/generated_names.yaml");
    let mut schemas = names(&generated_names, "/components/schemas");
    // They are compiled together with these.
    for other in ["spec/people.yaml", "tests/extended-sdk/additions.yaml"] {
        schemas.extend(names(&document(other), "/components/schemas"));
    }
    let is_type = |name: &&String| name.starts_with(|first: char| first.is_uppercase());
    let mut missing = Vec::new();
    let mut expect = |what: &str, expected: Vec<&String>, found: BTreeSet<String>| {
        let lacks: Vec<_> = expected
            .into_iter()
            .filter(|name| !found.contains(*name))
            .collect();
        if !lacks.is_empty() {
            missing.push(format!("{what}: {lacks:?}"));
        }
    };
    let (types, others): (Vec<_>, Vec<_>) = used.iter().partition(|name| is_type(name));
    expect("schemas", types.clone(), schemas);
    let values = "/components/schemas/CorpusTypeNames/properties/value/enum";
    expect("values", types, names(&generated_names, values));
    let properties = "/components/schemas/CorpusNames/properties";
    expect(
        "properties",
        others.clone(),
        names(&other_names, properties),
    );
    let parameters = "/paths/~1corpus~1names/post/parameters";
    expect("parameters", others, names(&other_names, parameters));
    let types: BTreeSet<_> = generated
        .iter()
        .filter(is_type)
        .map(|name| name.to_pascal_case())
        .collect();
    expect(
        "operations",
        types.iter().collect(),
        builders(&generated_names),
    );
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
