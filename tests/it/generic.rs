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
