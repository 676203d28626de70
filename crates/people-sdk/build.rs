//! Generates the client from the contract, where the feature `codegen` asks for it.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "cargo reads it")]

fn main() {
    // An error reported like this fails the build. An exit code would do so too, and would
    // have cargo repeat the message in a page of output.
    for message in generate().err().into_iter().flatten() {
        println!("cargo::error={message}");
    }
}

#[cfg(not(feature = "codegen"))]
#[allow(
    clippy::unnecessary_wraps,
    reason = "the same function can fail with the feature `codegen`"
)]
fn generate() -> Result<(), Vec<String>> {
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

#[cfg(feature = "codegen")]
fn generate() -> Result<(), Vec<String>> {
    use std::path::Path;

    // The contract of the workspace; or, in the published crate, the copy that `regen` makes. The
    // workspace is recognized by the file that writes that copy: a vendored crate can be in any
    // project.
    const WORKSPACE: &str = "../../xtask/src/regen.rs";
    const CONTRACT: &str = "../../spec/people.yaml";
    const COPY: &str = "generated/people.yaml";
    let one = |message: String| vec![message];
    println!("cargo::rerun-if-changed=build.rs");
    let place = if Path::new(WORKSPACE).is_file() {
        CONTRACT
    } else {
        COPY
    };
    println!("cargo::rerun-if-changed={place}");
    let contract = std::fs::read(place).map_err(|error| one(format!("{place}: {error}")))?;
    let generated = people_codegen::generate("spec/people.yaml", contract)
        .map_err(|findings| findings.lines().collect::<Vec<_>>())?;
    for warning in generated.warnings.lines() {
        println!("cargo::warning={warning}");
    }
    let directory = std::env::var("OUT_DIR").map_err(|error| one(error.to_string()))?;
    let target = Path::new(&directory).join("people.rs");
    std::fs::write(&target, generated.code)
        .map_err(|error| one(format!("{}: {error}", target.display())))
}
