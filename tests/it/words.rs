//! The vocabulary of the repository's text: words that the style of this project does without.

use std::path::{Path, PathBuf};

/// Each in two parts, so that this file does not contain it.
const AVOIDED: [(&str, &str); 8] = [
    ("no", "body"),
    ("some", "body"),
    ("any", "body"),
    ("who", "ever"),
    ("their", "s"),
    ("aff", "air"),
    ("in v", "ain"),
    ("hope", "less"),
];

/// The directories that are not text of this project.
const SKIPPED: [&str; 6] = [
    "target",
    ".git",
    "corpus",
    "artifacts",
    "node_modules",
    ".venv",
];

fn text_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                text_files(&path, found);
            }
        } else if ["rs", "md", "yaml"]
            .map(Some)
            .contains(&path.extension().and_then(|it| it.to_str()))
        {
            found.push(path);
        }
    }
}

#[test]
fn text_files_contain_no_avoided_word() {
    let root = xtask::project_root();
    let mut files = Vec::new();
    text_files(&root, &mut files);
    assert!(files.len() > 150, "{} files", files.len());
    let words = AVOIDED.map(|(start, end)| format!("{start}{end}"));
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for (line, number) in text.lines().zip(1..) {
            let line = line.to_lowercase();
            let words = words.iter().filter(|word| line.contains(*word));
            let file = file.strip_prefix(&root).unwrap().display();
            found.extend(words.map(|word| format!("{file}:{number}: `{word}`")));
        }
    }
    assert!(
        found.is_empty(),
        "say it in the terms of CONTRIBUTING.md:\n{}",
        found.join("\n")
    );
}
