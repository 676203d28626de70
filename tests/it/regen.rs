//! The generated files in the repository are up to date with the contract. How `regen` writes files is
//! tested in `xtask`.

#[test]
fn generated_files_are_up_to_date() {
    let stale = xtask::regen::check(&xtask::project_root()).unwrap().stale;
    let report: Vec<String> = stale.iter().map(ToString::to_string).collect();
    assert!(
        stale.is_empty(),
        "{}\nhelp: run `cargo xtask regen` and commit the result",
        report.join("\n")
    );
}
