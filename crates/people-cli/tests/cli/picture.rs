//! `docs/demo.svg`, the picture of `people demo` in the README: it shows what the command prints.

use std::path::Path;

use anstyle_svg::Term;

use crate::support::People;

/// Set to any value, the picture is written instead of compared.
const UPDATE: &str = "UPDATE_PICTURE";

#[tokio::test(flavor = "multi_thread")]
async fn picture_in_the_readme_shows_what_the_demo_prints() {
    let output = People::new(&["demo"])
        .env("CLICOLOR_FORCE", "1")
        .run()
        .await;
    assert_eq!(output.code, Some(0), "{output}");
    let url = output
        .stdout
        .split_whitespace()
        .find(|word| word.starts_with("http"))
        .unwrap()
        .to_owned();
    let text = output.stdout.replace(&url, "http://127.0.0.1:PORT/v1");
    let svg = Term::new().render_svg(&format!("$ cargo run -p people-cli -- demo\n\n{text}"));

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/demo.svg");
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, &svg).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == svg,
        "docs/demo.svg does not show what `people demo` prints; run \
         `{UPDATE}=1 cargo test -p people-cli --test cli picture`, look at the picture, and commit it"
    );
}
