//! The hand-written half of the client knows no operation, apart from the one that is written by
//! hand.

use std::path::PathBuf;

use people_sdk::operations;

/// Every way in which Rust writes the name of an operation.
fn spellings(id: &str) -> [String; 3] {
    let mut snake = String::new();
    for c in id.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    let mut pascal = id.to_owned();
    pascal[..1].make_ascii_uppercase();
    [id.to_owned(), snake, pascal]
}

/// The hand-written sources of the SDK outside `people`.
fn sources() -> Vec<PathBuf> {
    let source = xtask::project_root().join("crates/people-sdk/src");
    let directories = [source.join("runtime"), source];
    let entries = directories
        .iter()
        .flat_map(|directory| std::fs::read_dir(directory).unwrap())
        .map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_file()).collect()
}

#[test]
fn runtime_sources_name_no_operation() {
    let mut looked_at = 0;
    for path in sources() {
        let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
        // An example in the documentation has to call something.
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        let text = code.collect::<Vec<_>>().join("\n");
        for operation in operations::ALL {
            for name in spellings(operation.id()) {
                let found = text.contains(&name.to_lowercase());
                assert!(!found, "{} names {name}", path.display());
            }
        }
        looked_at += 1;
    }
    assert!(looked_at > 5, "{looked_at} files");
}

/// An operation of the name of a method that the client has would not compile; the contract's rules
/// say so first, and must know every such method.
#[test]
fn every_method_of_the_client_is_a_name_that_no_operation_may_have() {
    let mut methods = Vec::new();
    for path in sources() {
        let text = std::fs::read_to_string(path).unwrap();
        for block in text.split("\nimpl Client {").skip(1) {
            let block = block.split("\n}\n").next().unwrap();
            let functions = block.lines().filter(|line| {
                let indented = line.starts_with("    ") && !line.starts_with("     ");
                indented && !line.trim_start().starts_with("//")
            });
            methods.extend(functions.filter_map(|line| {
                let (_, rest) = line.split_once("fn ")?;
                Some(rest.split(['(', '<']).next()?.to_owned())
            }));
        }
    }
    assert!(methods.len() >= 4, "{methods:?}");
    for method in methods {
        let known = people_codegen::names::CLIENT_NAMES.contains(&method.as_str());
        assert!(
            known,
            "`{method}` is not in people_codegen::names::CLIENT_NAMES"
        );
    }
}
