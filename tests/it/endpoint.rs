//! A new endpoint costs YAML and no code: it is added to a copy of the workspace, generated,
//! compiled and called. What is wrong with a contract is told by the build itself.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::json;

use crate::support::copy_workspace;
use crate::support::recorder::Recorder;

/// One endpoint with its own schemas.
const PATHS: &str = include_str!("../data/endpoint.paths.yaml");
const SCHEMAS: &str = include_str!("../data/endpoint.schemas.yaml");

/// Endpoints of every other shape that the generator takes.
const MORE_PATHS: &str = include_str!("../data/endpoints.paths.yaml");
const MORE_SCHEMAS: &str = include_str!("../data/endpoints.schemas.yaml");

const PROGRAM: &str = r#"
use people_sdk::types::{PatchPartBody, PersonType, SiteType};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), people_sdk::Error> {
    let base_url = std::env::args().nth(1).unwrap_or_default();
    let client = people_sdk::Client::builder().base_url(base_url).token("t").build()?;
    let license = client.get_license_details().license_id("L1").send().await?.into_inner();
    let open = matches!(license.site_type, Some(SiteType::Other(_)));
    println!("{} {:?} {open} {}", license.id, license.total_units, license.extra.len());
    let refused = client.get_license_details().license_id("../people/me").send().await;
    println!("{}", refused.unwrap_err());
    client.delete_part().thing_id("T").part_number(3).send().await?;
    let part = client.patch_part().thing_id("T").part_number(PersonType::Bot);
    let part = part.body(PatchPartBody::default()).send().await?.into_inner();
    println!("{}", part.is_some());
    let probe = client.probe_thing().thing_id("T").api_version("7").x_since("2026-01-01T00:00:00Z");
    probe.send().await?;
    let file = client.get_thing_file().thing_id("T").send().await?;
    println!("{}", file.extra.len());
    let refused = client.probe_thing().thing_id("T.json").api_version("7").x_since("x").send().await;
    println!("{}", refused.unwrap_err());
    let things = client.list_things().ids(["a", "b"].map(str::to_owned).to_vec());
    let things = things.x_count(5).color("red").kind("bot").enabled(true).max(3);
    println!("{}", things.send().await.unwrap_err());
    Ok(())
}
"#;

/// The copies have one target directory, and so take turns.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn edit(root: &Path, edit: impl FnOnce(String) -> String) {
    let path = root.join(xtask::CONTRACT);
    let text = std::fs::read_to_string(&path).unwrap();
    let edited = edit(text.clone());
    assert_ne!(text, edited, "the edit changed nothing");
    std::fs::write(path, edited).unwrap();
}

fn cargo(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .current_dir(root)
        .args(arguments)
        // Not that of this workspace: cargo tells packages apart by their paths from the root, and
        // would take what is built here for the workspace's own.
        .env(
            "CARGO_TARGET_DIR",
            xtask::project_root().join("target/copies"),
        )
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_new_endpoint_costs_yaml_and_no_code() {
    let _turn = turn();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let root = tempfile::tempdir().unwrap();
    copy_workspace(root.path());
    edit(root.path(), |contract| {
        contract
            .replacen(
                "\ncomponents:\n",
                &format!("\n{PATHS}{MORE_PATHS}\ncomponents:\n"),
                1,
            )
            .replacen(
                "\n  schemas:\n",
                &format!("\n  schemas:\n{SCHEMAS}{MORE_SCHEMAS}\n"),
                1,
            )
    });
    let changed = xtask::regen::write(root.path()).unwrap();
    let changed: Vec<_> = changed.iter().map(|file| file.path.as_path()).collect();
    assert!(
        changed.contains(&Path::new("crates/people-sdk/generated/people.rs")),
        "{changed:?}"
    );

    let examples = root.path().join("crates/people-sdk/examples");
    std::fs::create_dir_all(&examples).unwrap();
    std::fs::write(examples.join("license.rs"), PROGRAM).unwrap();
    let answer = json!({ "id": "L1", "siteType": "new", "totalUnits": 7, "unheardOf": 1 });
    let recorder = runtime.block_on(Recorder::start(&answer));
    let run = ["run", "--quiet", "--offline", "--package", "people-sdk"];
    let program = ["--example", "license", "--", recorder.base_url()];
    let output = cargo(root.path(), &[&run[..], &program[..]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    let mut lines = printed.lines();
    assert_eq!(lines.next(), Some("L1 Some(7) true 1"));
    let refused = lines.next().unwrap_or_default();
    assert!(
        refused.starts_with("getLicenseDetails: `licenseId` has '/'"),
        "{refused}"
    );
    assert_eq!(lines.next(), Some("true"));
    // Everything in the answer is unknown to an object whose `type` goes without saying.
    assert_eq!(lines.next(), Some("4"));
    let refused = lines.next().unwrap_or_default();
    assert!(refused.contains("`/things/{thingId}.json`"), "{refused}");
    assert_eq!(
        lines.next(),
        Some(
            "listThings: 200 OK: the answer is not what the contract promises: missing field `items`"
        )
    );
    let requests = recorder.take();
    let probe = requests.iter().find(|request| request.method == "HEAD");
    let headers = &probe.expect("a probe").headers;
    assert_eq!(headers["api-version"], "7");
    assert_eq!(headers["x-since"], "2026-01-01T00:00:00Z");
    let requests: Vec<String> = requests
        .into_iter()
        .map(|request| {
            let query = request.query.map(|query| format!("?{query}"));
            format!(
                "{} {}{}",
                request.method,
                request.path,
                query.unwrap_or_default()
            )
        })
        .collect();
    let expected = [
        "GET /v1/licenses/L1",
        "DELETE /v1/things/T/parts/3",
        "PATCH /v1/things/T/parts/bot",
        "HEAD /v1/things/T",
        "GET /v1/things/T.json",
        "GET /v1/things?color=red&enabled=true&ids=a&ids=b&kind=bot&max=3",
    ];
    assert_eq!(requests, expected);
}

/// Edits of the contract: what is replaced by what, with a sign before the place of the finding.
const FAULTS: [(&str, &str, &str); 6] = [
    (
        "yaml-syntax",
        "tags: [people]\n",
        "tags: [people\n      summary«: x\n",
    ),
    (
        "unresolved-reference",
        "$ref: '#/components/schemas/Person'",
        "$ref: «'#/components/schemas/Persona'",
    ),
    (
        "operation-id",
        "operationId: getPersonDetails",
        "operationId: «getMyOwnDetails",
    ),
    (
        "path-parameter",
        "  /people/{personId}:\n    parameters:\n      - $ref: '#/components/parameters/PersonId'\n",
        "  «/people/{personId}:\n",
    ),
    (
        "wrong-type",
        "          type: string\n          readOnly: true",
        "          type: «[string, \"null\"]\n          readOnly: true",
    ),
    (
        "missing-field",
        "        '200':\n          description: The caller's profile.\n",
        "        «'200':\n",
    ),
];

/// From the build and from `regen` alike: one message with its place, and nothing else about it.
#[test]
fn a_fault_of_the_contract_is_one_message_with_its_place() {
    let _turn = turn();
    let root = tempfile::tempdir().unwrap();
    copy_workspace(root.path());
    let contract = root.path().join(xtask::CONTRACT);
    let plain = std::fs::read_to_string(&contract).unwrap();
    for (rule, from, to) in FAULTS {
        let marked = plain.replacen(from, to, 1);
        let (before, after) = marked.split_once('«').expect(rule);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        let expected = format!("spec/people.yaml:{line}:{column}: {rule}: ");
        std::fs::write(&contract, format!("{before}{after}")).unwrap();
        let build = ["build", "--quiet", "--offline", "--package", "people-sdk"];
        let output = cargo(root.path(), &build);
        assert!(!output.status.success(), "{rule}: it builds");
        let regen = xtask::regen::write(root.path()).expect_err(rule);
        for message in [text(&output.stderr), regen.to_string()] {
            assert!(message.contains(&expected), "{expected}{message}");
            let places = message.matches("spec/people.yaml:").count();
            assert_eq!(places, 1, "{rule}: {message}");
            assert!(!message.contains("panicked"), "{message}");
        }
    }
}
