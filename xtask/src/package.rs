//! `cargo xtask package`: the packages as the registry would hand them out, unpacked outside the
//! workspace, and a program that builds on nothing else, in both modes of the SDK. What a release
//! takes besides is in docs/releasing.md.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files::copy_directory;

/// What is published, each after what it depends on.
pub const PUBLISHED: [&str; 4] = ["people-codegen", "people-fake", "people-sdk", "people-cli"];

/// What only the generator needs, by the beginnings of the names of crates. The review copy has to
/// do without any of it.
pub const GENERATOR: [&str; 11] = [
    "people-codegen",
    "progenitor",
    "typify",
    "openapiv3",
    "prettyplease",
    "regress",
    "saphyr",
    "serde_yaml",
    "serde-saphyr",
    "yaml",
    "unsafe-libyaml",
];

/// The program that depends on the packages.
const PROGRAM: &str = r#"//! Reads and changes a person of the fake, with the packages alone.
use people_fake::{ADMIN_TOKEN, FakePeople, JOHN_ANDERSEN};
use people_sdk::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakePeople::start().await?;
    let client = Client::builder().base_url(fake.base_url()).token(ADMIN_TOKEN).build()?;
    let me = client.get_my_own_details().send().await?;
    println!("read {}", me.display_name.as_deref().unwrap_or("?"));
    let edit = client
        .edit_person(JOHN_ANDERSEN, |update| update.title = Some("Director".to_owned()))
        .await?;
    println!("edited: {:?}", edit.outcome());
    let error = client.get_person_details().person_id("unknown").send().await.unwrap_err();
    println!("refused: {:?}", error.kind());
    Ok(())
}
"#;

/// What [`PROGRAM`] prints.
const PRINTED: &str = "read John Andersen\nedited: Applied\nrefused: NotFound\n";

/// Why the packages cannot be published.
#[derive(Debug)]
pub enum Error {
    /// A file or a directory is in the way.
    Io(PathBuf, io::Error),
    /// A command failed; what it was, and what it said.
    Command(String, String),
    /// A package does not hold what it has to.
    Package(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Command(command, said) => write!(f, "`{command}` failed\n{said}"),
            Self::Package(fault) => f.write_str(fault),
        }
    }
}

impl std::error::Error for Error {}

/// Packages what is published, and builds and runs a program on it. Works in `target/package-check`
/// below `root`; the programs and the packages are in a directory outside the workspace, which
/// `scratch` names. `told` is called with each thing that holds.
///
/// # Errors
///
/// The first thing that does not hold.
pub fn check(root: &Path, scratch: &Path, told: &mut dyn FnMut(&str)) -> Result<(), Error> {
    let target = root.join("target/package-check");
    let mut cargo = cargo(root);
    cargo.args([
        "package",
        "--no-verify",
        "--allow-dirty",
        "--quiet",
        "--target-dir",
    ]);
    cargo.arg(&target);
    for name in PUBLISHED {
        cargo.args(["--package", name]);
    }
    run(&mut cargo)?;

    let packages = scratch.join("packages");
    create(&packages)?;
    let mut folders = BTreeMap::new();
    for name in PUBLISHED {
        let folder = unpack(&target.join("package"), &packages, name)?;
        holds_what_it_has_to(name, &folder)?;
        told(&format!(
            "{name}: packaged, without a link, with licences and README"
        ));
        folders.insert(name, folder);
    }
    let before = lock(&packages)?;
    forget_clients(&target.join("consumer"))?;
    let without_git = without_git(scratch)?;

    for (mode, features) in [("review copy", ""), ("codegen", "codegen")] {
        let consumer = scratch.join("consumer");
        consumer_of(root, &consumer, &folders)?;
        let mut fetch = cargo_at(&consumer, &without_git);
        run(fetch.args(["fetch", "--quiet"]))?;
        let mut tree = cargo_at(&consumer, &without_git);
        tree.args(["tree", "--offline", "--edges=normal,build", "--prefix=none"]);
        let tree = run(tree.args(["--format={p}", "--features", features]))?;
        let crates = crates_of(&tree);
        let generators = generators_among(&crates);
        if generators.is_empty() == (mode == "codegen") {
            let fault = format!("{mode}: the crates of a generator in the tree: {generators:?}");
            return Err(Error::Package(fault));
        }
        let mut program = cargo_at(&consumer, &without_git);
        program.args(["run", "--offline", "--quiet", "--features", features]);
        program.arg("--target-dir").arg(target.join("consumer"));
        let printed = run(&mut program)?;
        if printed != PRINTED {
            let fault = format!("{mode}: the program printed {printed:?}, not {PRINTED:?}");
            return Err(Error::Package(fault));
        }
        told(&format!(
            "{mode}: a program builds on the packages and runs; {} crates, {} of them for the \
             generator alone",
            crates.len(),
            generators.len()
        ));
    }
    same_bytes(&target.join("consumer"), &folders["people-sdk"])?;
    told("codegen: what was built is, to the byte, the review copy of the package");

    // Cargo writes into a directory that it builds, so this is a copy.
    let cli = scratch.join("cli");
    copy_directory(&folders["people-cli"], &cli).map_err(at(&cli))?;
    for (command, offline) in [("fetch", None), ("check", Some("--offline"))] {
        let mut cargo = cargo_at(&cli, &without_git);
        cargo.arg(command).arg("--quiet").args(offline);
        if command == "check" {
            cargo.arg("--target-dir").arg(target.join("consumer"));
        }
        for (name, folder) in &folders {
            if *name != "people-cli" {
                cargo.arg("--config").arg(patch(name, folder));
            }
        }
        run(&mut cargo)?;
    }
    told("people-cli: builds from its package");

    if state(&packages)? != before {
        let fault = "a build has written into the packages, which are read-only".to_owned();
        return Err(Error::Package(fault));
    }
    nothing_called_git(scratch)?;
    told("nothing was written into the packages; nothing called git");
    Ok(())
}

/// The names and versions in the output of `cargo tree --prefix none`, each once.
#[must_use]
pub fn crates_of(tree: &str) -> Vec<String> {
    let mut crates: Vec<String> = tree
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some(format!("{} {}", words.next()?, words.next()?))
        })
        .collect();
    crates.sort();
    crates.dedup();
    crates
}

/// Those of `crates` that only a generator needs.
#[must_use]
pub fn generators_among(crates: &[String]) -> Vec<&str> {
    crates
        .iter()
        .map(String::as_str)
        .filter(|name| GENERATOR.iter().any(|start| name.starts_with(start)))
        .collect()
}

fn unpack(from: &Path, to: &Path, name: &str) -> Result<PathBuf, Error> {
    let version = env!("CARGO_PKG_VERSION");
    let archive = from.join(format!("{name}-{version}.crate"));
    let mut tar = Command::new("tar");
    run(tar.arg("-xzf").arg(&archive).arg("-C").arg(to))?;
    Ok(to.join(format!("{name}-{version}")))
}

fn holds_what_it_has_to(name: &str, folder: &Path) -> Result<(), Error> {
    let mut files = vec![
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
    ];
    if name == "people-sdk" {
        files.extend(["build.rs", "generated/people.rs", "generated/people.yaml"]);
    }
    for file in files {
        let metadata = folder
            .join(file)
            .symlink_metadata()
            .map_err(at(folder.join(file)))?;
        if !metadata.is_file() {
            let fault = format!("{name}: {file} is no file of its own");
            return Err(Error::Package(fault));
        }
    }
    Ok(())
}

/// A workspace of one program that depends on the packages by path.
fn consumer_of(root: &Path, to: &Path, folders: &BTreeMap<&str, PathBuf>) -> Result<(), Error> {
    let path = |name: &str| toml_text(&folders[name]);
    let mut manifest = format!(
        r#"[package]
name = "consumer"
version = "0.0.0"
edition = "2024"

[workspace]

[features]
codegen = ["people-sdk/codegen"]

[dependencies]
people-fake = {{ path = {} }}
people-sdk = {{ path = {}, default-features = false, features = ["rustls"] }}
tokio = {{ version = "1", features = ["macros", "rt"] }}

[patch.crates-io]
"#,
        path("people-fake"),
        path("people-sdk"),
    );
    let _ = writeln!(
        manifest,
        "people-codegen = {{ path = {} }}",
        path("people-codegen")
    );
    create(&to.join("src"))?;
    write(&to.join("Cargo.toml"), &manifest)?;
    write(&to.join("src/main.rs"), PROGRAM)?;
    // The versions that the workspace is tested with.
    let lock = root.join("Cargo.lock");
    fs::copy(&lock, to.join("Cargo.lock")).map_err(at(lock))?;
    Ok(())
}

/// The option of cargo that has it take `name` from `folder`.
fn patch(name: &str, folder: &Path) -> String {
    format!("patch.crates-io.{name}.path={}", toml_text(folder))
}

fn toml_text(path: &Path) -> String {
    // JSON's quoted texts are TOML's too.
    serde_json::Value::from(path.display().to_string()).to_string()
}

/// Removes what build scripts of the SDK have written in earlier runs, whose packages are gone.
fn forget_clients(target: &Path) -> Result<(), Error> {
    let builds = target.join("debug/build");
    if !builds.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(&builds).map_err(at(&builds))? {
        let entry = entry.map_err(at(&builds))?;
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with("people-sdk-")
        {
            fs::remove_dir_all(entry.path()).map_err(at(entry.path()))?;
        }
    }
    Ok(())
}

fn same_bytes(target: &Path, sdk: &Path) -> Result<(), Error> {
    let expected = sdk.join("generated/people.rs");
    let expected = fs::read(&expected).map_err(at(expected))?;
    let builds = target.join("debug/build");
    let mut written = 0;
    for entry in fs::read_dir(&builds).map_err(at(&builds))? {
        let entry = entry.map_err(at(&builds))?;
        let code = entry.path().join("out/people.rs");
        if !entry
            .file_name()
            .to_string_lossy()
            .starts_with("people-sdk-")
            || !code.is_file()
        {
            continue;
        }
        if fs::read(&code).map_err(at(&code))? != expected {
            let fault = format!("{} is not generated/people.rs", code.display());
            return Err(Error::Package(fault));
        }
        written += 1;
    }
    if written == 0 {
        let fault = format!(
            "no build of people-sdk in {} has a client",
            builds.display()
        );
        return Err(Error::Package(fault));
    }
    Ok(())
}

/// Every file below `directory`, with its content.
type State = BTreeMap<PathBuf, Vec<u8>>;

/// Takes away every right to write below `directory`, and says what is there.
fn lock(directory: &Path) -> Result<State, Error> {
    each(directory, &mut |path, metadata| {
        let mut rights = metadata.permissions();
        rights.set_readonly(true);
        fs::set_permissions(path, rights)
    })?;
    state(directory)
}

/// Gives back the rights that a folder of packages has lost, so that it can be removed.
///
/// # Errors
///
/// A file cannot be reached.
pub fn unlock(directory: &Path) -> Result<(), Error> {
    each(directory, &mut |path, metadata| {
        let mut rights = metadata.permissions();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            rights.set_mode(rights.mode() | 0o200);
        }
        #[cfg(not(unix))]
        rights.set_readonly(false);
        fs::set_permissions(path, rights)
    })
}

fn state(directory: &Path) -> Result<State, Error> {
    let mut found = State::new();
    each(directory, &mut |path, metadata| {
        if metadata.is_symlink() {
            return Err(io::Error::other("a package holds a link"));
        }
        let content = if metadata.is_file() {
            fs::read(path)?
        } else {
            Vec::new()
        };
        found.insert(path.to_owned(), content);
        Ok(())
    })?;
    Ok(found)
}

type Visit<'a> = &'a mut dyn FnMut(&Path, &fs::Metadata) -> io::Result<()>;

fn each(directory: &Path, visit: Visit<'_>) -> Result<(), Error> {
    for entry in fs::read_dir(directory).map_err(at(directory))? {
        let path = entry.map_err(at(directory))?.path();
        let metadata = path.symlink_metadata().map_err(at(&path))?;
        visit(&path, &metadata).map_err(at(&path))?;
        if metadata.is_dir() {
            each(&path, visit)?;
        }
    }
    Ok(())
}

/// A search path on which `git` fails, and keeps a record of its calls, since a build script can
/// ignore the failure.
fn without_git(scratch: &Path) -> Result<std::ffi::OsString, Error> {
    let directory = scratch.join("bin");
    create(&directory)?;
    let git = directory.join("git");
    let stub = "#!/bin/sh\necho \"git $*\" >>\"$0.calls\"\necho 'git was called' >&2\nexit 1\n";
    write(&git, stub)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).map_err(at(&git))?;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories = std::iter::once(directory).chain(std::env::split_paths(&path));
    std::env::join_paths(directories)
        .map_err(|error| Error::Package(format!("the search path cannot be changed: {error}")))
}

/// The calls of the `git` that [`without_git`] has made, of which there must be none.
fn nothing_called_git(scratch: &Path) -> Result<(), Error> {
    let calls = scratch.join("bin/git.calls");
    match fs::read_to_string(&calls) {
        Ok(calls) => {
            let fault = format!("a build has called git:\n{}", calls.trim_end());
            Err(Error::Package(fault))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::Io(calls, error)),
    }
}

fn cargo(directory: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What the outer cargo has set is about its own packages.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" {
            cargo.env_remove(name);
        }
    }
    cargo.current_dir(directory);
    cargo
}

fn cargo_at(directory: &Path, path: &std::ffi::OsString) -> Command {
    let mut cargo = cargo(directory);
    cargo.env("PATH", path);
    cargo
}

/// Runs `command` to its end, and gives what it printed.
fn run(command: &mut Command) -> Result<String, Error> {
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let name = words.join(" ");
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => return Err(Error::Command(name, error.to_string())),
    };
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Error::Command(name, said))
    }
}

fn create(directory: &Path) -> Result<(), Error> {
    fs::create_dir_all(directory).map_err(at(directory))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(at(path))
}

fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
    let path = path.into();
    |error| Error::Io(path, error)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_call_of_git_is_noticed_though_its_failure_is_ignored() {
        let name = format!("people-package-git-{}", std::process::id());
        let scratch = std::env::temp_dir().join(name);
        let path = without_git(&scratch).unwrap();
        let before = nothing_called_git(&scratch);
        let status = Command::new("git")
            .args(["rev-parse", "HEAD"])
            .env("PATH", path)
            .status();
        let after = nothing_called_git(&scratch);
        fs::remove_dir_all(&scratch).unwrap();
        assert!(before.is_ok());
        assert!(!status.unwrap().success());
        let told = after.unwrap_err().to_string();
        assert_eq!(told, "a build has called git:\ngit rev-parse HEAD");
    }
}
