//! The hand-written half of the client knows no operation, apart from the one that is written by
//! hand.

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

#[test]
fn no_hand_written_code_names_an_operation() {
    let directory = xtask::project_root().join("crates/people-sdk/src");
    let mut looked_at = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("edit.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
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
    let source = xtask::project_root().join("crates/people-sdk/src");
    let mut methods = Vec::new();
    for entry in std::fs::read_dir(source).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
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
    assert!(methods.len() > 10, "{methods:?}");
    for method in methods {
        let known = people_codegen::lint::CLIENT_NAMES.contains(&method.as_str());
        assert!(
            known,
            "`{method}` is not in people_codegen::lint::CLIENT_NAMES"
        );
    }
}
