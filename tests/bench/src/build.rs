//! `cargo xtask bench build`: what a fresh consumer's build costs, for this SDK in its modes and
//! for what else one could build on, side by side.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use crate::cpu::{self, Cost};
use crate::report::{self, Sample, Section, Table, verdict};
use xtask::CONTRACT;
use xtask::files::copy_directory;

/// What the consumer of a comparison builds on.
struct Consumer {
    /// The name of its package, and of its directory.
    package: &'static str,
    label: &'static str,
    /// The lines below `[dependencies]`; `@` stands for the directory of the copied workspace.
    dependencies: &'static str,
    /// The whole of `main.rs`.
    program: &'static str,
    /// At most this much of what the other package takes.
    aim: Option<(f64, &'static str)>,
    /// Whether one run is enough, for what is here to show the order of things.
    once: bool,
}

const SDK_PROGRAM: &str = r#"
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = people_sdk::Client::from_env()?;
    let me = client.get_my_own_details().send().await?;
    println!("{}", me.display_name.as_deref().unwrap_or_default());
    Ok(())
}
"#;

const BARE_PROGRAM: &str = r#"
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    display_name: Option<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let me: Person = reqwest::Client::new()
        .get("https://webexapis.com/v1/people/me")
        .bearer_auth(std::env::var("WEBEX_ACCESS_TOKEN")?)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    println!("{}", me.display_name.as_deref().unwrap_or_default());
    Ok(())
}
"#;

const WEBEX_PROGRAM: &str = r#"
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("WEBEX_ACCESS_TOKEN")?;
    let client = webex::Webex::new(&token).await;
    let me = client
        .get::<webex::Person>(&webex::types::GlobalId::new_with_cluster_unchecked(
            webex::types::GlobalIdType::Person,
            "me".to_owned(),
            None,
        ))
        .await?;
    println!("{}", me.display_name);
    Ok(())
}
"#;

/// What all are compared with: the crate that people use for this service today.
const BASELINE: &str = "webex";

/// What the review copy is compared with: nothing of this workspace.
const FLOOR: &str = "bare-reqwest-ring";

/// The consumer in which the contract is edited.
const EDITED: &str = "sdk-codegen";

/// The clock's seconds for a rebuild after one edited line of the contract, on two cores.
const REBUILD_AIM: f64 = 4.0;

const CONSUMERS: [Consumer; 7] = [
    Consumer {
        package: BASELINE,
        label: "`webex` 0.10",
        dependencies: "webex = \"0.10\"\n",
        program: WEBEX_PROGRAM,
        aim: None,
        once: false,
    },
    Consumer {
        package: EDITED,
        label: "people-sdk, generated at build time (default)",
        dependencies: "people-sdk = { path = \"@/crates/people-sdk\" }\n",
        program: SDK_PROGRAM,
        aim: Some((1.07, BASELINE)),
        once: false,
    },
    Consumer {
        package: "sdk-review-copy",
        label: "people-sdk, review copy, rustls with ring",
        dependencies: "people-sdk = { path = \"@/crates/people-sdk\", default-features = false, \
                       features = [\"rustls\"] }\n",
        program: SDK_PROGRAM,
        aim: Some((1.05, FLOOR)),
        once: false,
    },
    Consumer {
        package: "sdk-native-tls",
        label: "people-sdk, review copy, native-tls",
        dependencies: "people-sdk = { path = \"@/crates/people-sdk\", default-features = false, \
                       features = [\"native-tls\"] }\n",
        program: SDK_PROGRAM,
        aim: None,
        once: true,
    },
    Consumer {
        package: "sdk-aws-lc",
        label: "people-sdk, review copy, rustls with aws-lc",
        // The consumer's own choice of provider, which reqwest then takes.
        dependencies: "people-sdk = { path = \"@/crates/people-sdk\", default-features = false }\n\
                       reqwest = { version = \"0.13\", default-features = false, features = \
                       [\"rustls\"] }\n",
        program: SDK_PROGRAM,
        aim: None,
        once: true,
    },
    Consumer {
        package: "bare-reqwest",
        label: "bare `reqwest` and `serde`, as they come (aws-lc)",
        dependencies: "reqwest = { version = \"0.13\", features = [\"json\"] }\n\
                       serde = { version = \"1\", features = [\"derive\"] }\n",
        program: BARE_PROGRAM,
        aim: None,
        once: false,
    },
    Consumer {
        package: FLOOR,
        label: "bare `reqwest` and `serde`, rustls with ring",
        dependencies: "reqwest = { version = \"0.13\", default-features = false, features = \
                       [\"json\", \"rustls-no-provider\"] }\n\
                       rustls = { version = \"0.23\", default-features = false, features = \
                       [\"ring\", \"std\", \"tls12\"] }\n\
                       serde = { version = \"1\", features = [\"derive\"] }\n",
        program: BARE_PROGRAM,
        aim: None,
        once: false,
    },
];

/// What to measure.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How often each consumer is built
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Build only these, by name, `webex` and what is to be compared with it
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Print the section instead of writing it
    #[arg(long)]
    print: bool,
}

/// What was measured of one consumer.
#[derive(Default)]
struct Built {
    packages: BTreeSet<String>,
    cpu: Sample,
    wall: Sample,
}

impl Built {
    fn push(&mut self, cost: Cost) {
        self.cpu.push(cost.cpu.as_secs_f64());
        self.wall.push(cost.wall.as_secs_f64());
    }
}

/// Measures, and writes the section or prints it.
///
/// # Errors
///
/// A build fails, or a file cannot be read or written.
pub fn run(root: &Path, arguments: &Arguments) -> io::Result<()> {
    let consumers: Vec<&Consumer> = CONSUMERS
        .iter()
        .filter(|consumer| {
            arguments.only.is_empty() || arguments.only.iter().any(|name| name == consumer.package)
        })
        .collect();
    if consumers.is_empty() {
        let names: Vec<_> = CONSUMERS.iter().map(|consumer| consumer.package).collect();
        return Err(io::Error::other(format!(
            "nothing to build; the names are {}",
            names.join(", ")
        )));
    }
    // Everything happens below this directory, which is removed at the end, and after an error.
    let directory = tempfile::tempdir()?;
    let copy = directory.path().join("workspace");
    copy_workspace(root, &copy)?;
    let mut built: Vec<Built> = Vec::new();
    for consumer in &consumers {
        let place = directory.path().join(consumer.package);
        write_consumer(consumer, &place, &copy)?;
        eprintln!("fetching what {} needs", consumer.package);
        cpu::run(cargo("fetch", &place).args(["--target", &host()?]))?;
        built.push(Built {
            packages: packages(&place, consumer.package)?,
            ..Built::default()
        });
    }
    let mut rebuilt = Built::default();
    for run in 1..=arguments.runs {
        // In one order and then in the other, as machines get slower with time.
        let mut turn: Vec<_> = consumers.iter().zip(&mut built).collect();
        if run % 2 == 0 {
            turn.reverse();
        }
        for (consumer, built) in turn {
            if consumer.once && run > 1 {
                continue;
            }
            eprintln!(
                "building {}, run {run} of {}",
                consumer.package, arguments.runs
            );
            let place = directory.path().join(consumer.package);
            built.push(build(&place)?);
            if consumer.package == EDITED {
                edit(&copy.join(CONTRACT), run)?;
                rebuilt.push(build(&place)?);
                fs::copy(root.join(CONTRACT), copy.join(CONTRACT))?;
            }
            fs::remove_dir_all(place.join("target"))?;
        }
    }
    let body = section(arguments.runs, &consumers, &built, &rebuilt);
    if arguments.print {
        println!("{body}");
        Ok(())
    } else {
        report::write(root, Section::Build, &body)
    }
}

/// What a build from the workspace needs of it. A copy, so that its contract can be edited.
fn copy_workspace(root: &Path, target: &Path) -> io::Result<()> {
    fs::create_dir_all(target)?;
    for name in ["Cargo.toml", "Cargo.lock"] {
        fs::copy(root.join(name), target.join(name))?;
    }
    for name in ["spec", "crates", "tests", "xtask"] {
        copy_directory(&root.join(name), &target.join(name))?;
    }
    Ok(())
}

fn write_consumer(consumer: &Consumer, place: &Path, workspace: &Path) -> io::Result<()> {
    let dependencies = consumer
        .dependencies
        .replace('@', &workspace.display().to_string());
    let manifest = format!(
        "[package]\nname = \"{}-consumer\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         publish = false\n\n[workspace]\n\n[dependencies]\n{dependencies}\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n",
        consumer.package
    );
    fs::create_dir_all(place.join("src"))?;
    fs::write(place.join("Cargo.toml"), manifest)?;
    fs::write(place.join("src/main.rs"), consumer.program)
}

/// Cargo, with nothing of the surroundings that would change what a fresh consumer gets. Nothing is
/// compiled incrementally: for a package from the registry cargo does not do so either, and only
/// the SDK is here from a directory.
fn cargo(command: &str, place: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.arg(command).current_dir(place);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let place = ["CARGO_HOME", "CARGO_NET_OFFLINE"].contains(&&*text)
            || text.starts_with("CARGO_HTTP_")
            || text.starts_with("CARGO_REGISTRIES_");
        if (text.starts_with("CARGO") && !place) || text.starts_with("RUSTC") || text == "RUSTFLAGS"
        {
            cargo.env_remove(name);
        }
    }
    cargo.env("CARGO_INCREMENTAL", "0");
    cargo
}

fn build(place: &Path) -> io::Result<Cost> {
    cpu::run(cargo("build", place).args(["--offline", "--locked"]))
}

/// The packages that are compiled for a consumer, itself left out, each as `name vVERSION`.
fn packages(place: &Path, consumer: &str) -> io::Result<BTreeSet<String>> {
    let arguments = [
        "--offline",
        "-e",
        "normal,build",
        "--prefix",
        "none",
        "-f",
        "{p}",
    ];
    let output = cargo("tree", place).args(arguments).output()?;
    if !output.status.success() {
        return Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ));
    }
    let own = format!("{consumer}-consumer ");
    Ok(String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with(&own))
        .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .collect())
}

fn host() -> io::Result<String> {
    let output = Command::new("rustc").arg("-vV").output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .ok_or_else(|| io::Error::other("rustc does not say for which host it is"))
}

/// Changes one line of the contract: the description of a property, which is text in the
/// generated code.
fn edit(contract: &Path, run: usize) -> io::Result<()> {
    let text = fs::read_to_string(contract)?;
    let mut edited = String::new();
    let mut schemas = false;
    let mut done = false;
    for line in text.lines() {
        schemas |= line == "  schemas:";
        // A description on one line, inside a property.
        if schemas
            && !done
            && line.starts_with("          description: ")
            && !line.ends_with(['|', '>'])
        {
            let _ = writeln!(edited, "{line} Edited in run {run}.");
            done = true;
        } else {
            let _ = writeln!(edited, "{line}");
        }
    }
    if done {
        fs::write(contract, edited)
    } else {
        Err(io::Error::other(format!(
            "{CONTRACT} has no property with a description on one line"
        )))
    }
}

fn section(runs: usize, consumers: &[&Consumer], built: &[Built], rebuilt: &Built) -> String {
    let cpu_of = |package: &str| {
        let index = consumers
            .iter()
            .position(|consumer| consumer.package == package)?;
        Some(&built.get(index)?.cpu)
    };
    let over = |built: &Built, package: &str| Some(built.cpu.over(cpu_of(package)?));
    let mut table = Table::new([
        "what is built",
        "crates",
        "CPU s",
        "wall s",
        "CPU ÷ `webex`",
        "aim",
    ]);
    for (consumer, built) in consumers.iter().zip(built) {
        let aim = consumer.aim.and_then(|(aim, other)| {
            let ratio = over(built, other)?;
            Some(format!(
                "{} of `{other}`: {}",
                ratio.show(2),
                verdict(ratio.median(), aim)
            ))
        });
        table.row([
            consumer.label.to_owned(),
            built.packages.len().to_string(),
            built.cpu.show(1),
            built.wall.show(1),
            over(built, BASELINE).map_or_else(String::new, |ratio| ratio.show(2)),
            aim.unwrap_or_default(),
        ]);
    }
    let named = [
        "webex",
        "reqwest",
        "rustls",
        "ring",
        "aws-lc-sys",
        "native-tls",
        "progenitor-impl",
    ];
    let versions: BTreeSet<String> = built
        .iter()
        .flat_map(|built| &built.packages)
        .filter(|package| {
            named
                .iter()
                .any(|name| package.starts_with(&format!("{name} v")))
        })
        .map(|package| package.replacen(" v", " ", 1))
        .collect();
    let versions: Vec<String> = versions.into_iter().collect();
    let mut text = format!(
        "A fresh consumer with one call in its `main`, built with `cargo build` into an empty \
         target directory,\nfrom sources that are on the disk, not incrementally. {runs} runs, in which all take \
         turns: median and range. CPU seconds are\nthose of all processes of the build. \
         A figure without a range is of one run. Crates \
         are those compiled for the host, build dependencies included.\nVersions: {}.\n\n{}",
        versions.join(", "),
        table.markdown()
    );
    if consumers.iter().any(|consumer| consumer.package == EDITED) {
        let wall = rebuilt.wall.median();
        let _ = write!(
            text,
            "\nThe same consumer again after one line of the contract was edited, generated at \
             build time: {} s on\nthe clock, {} s of CPU time ({}).\n",
            rebuilt.wall.show(2),
            rebuilt.cpu.show(2),
            verdict(wall, REBUILD_AIM),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_changes_one_line_and_keeps_the_contract_whole() {
        let directory = tempfile::tempdir().unwrap();
        let contract = directory.path().join("people.yaml");
        let before = fs::read_to_string(xtask::project_root().join(CONTRACT)).unwrap();
        fs::write(&contract, &before).unwrap();
        edit(&contract, 1).unwrap();
        let after = fs::read_to_string(&contract).unwrap();
        let changed = before
            .lines()
            .zip(after.lines())
            .filter(|(one, other)| one != other);
        assert_eq!(changed.count(), 1);
        let code = people_codegen::generate(CONTRACT, &after).unwrap().code;
        assert!(code.contains("Edited in run 1."));
    }
}
