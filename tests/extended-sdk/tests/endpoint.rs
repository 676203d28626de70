//! A new endpoint costs YAML and no hand-written line: `additions.yaml` adds operations to the
//! contract, the build compiles the SDK's source with them, and they are called here. A fault in a
//! contract is one message with its place, from the build and from `cargo xtask regen`.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "all of this is tests"
)]

use std::path::Path;
use std::process::{Command, Output};

use people_sdk_extended::Client;
use people_sdk_extended::types::{PatchPartBody, PersonType, SiteType};
use serde_json::json;
use tempfile::TempDir;

#[allow(dead_code, reason = "shared with `people-tests`, which uses all of it")]
#[path = "../../it/support/recorder.rs"]
mod recorder;

use recorder::Recorder;

/// The contract that the library of this package was generated from.
const EXTENDED_CONTRACT: &str = include_str!(concat!(env!("OUT_DIR"), "/people.json"));

/// What was generated from it.
const EXTENDED_CLIENT: &str = include_str!(concat!(env!("OUT_DIR"), "/people.rs"));

/// The shortest contract with everything that [`FAULTS`] change.
const SMALL_CONTRACT: &str = include_str!("small.yaml");

async fn start() -> (Recorder, Client) {
    let body = json!({ "id": "L1", "siteType": "new", "totalUnits": 7, "undocumented": 1 });
    let recorder = Recorder::start(&body).await;
    let client = Client::builder().base_url(recorder.base_url()).token("t");
    let client = client.build().unwrap();
    (recorder, client)
}

/// Method, path and query of each request so far.
fn requests(recorder: &Recorder) -> Vec<String> {
    let requests = recorder.take().into_iter().map(|request| {
        let query = request.query.map(|query| format!("?{query}"));
        let query = query.unwrap_or_default();
        format!("{} {}{query}", request.method, request.path)
    });
    requests.collect()
}

#[tokio::test]
async fn new_operation_is_called_and_its_response_is_typed() {
    let (recorder, client) = start().await;
    let call = client.get_license_details().license_id("L1");
    let license = call.send().await.unwrap().into_inner();
    assert_eq!(license.id, "L1");
    assert_eq!(license.total_units, Some(7));
    let site_type = license.site_type.unwrap();
    assert!(matches!(site_type, SiteType::Other(_)), "{site_type:?}");
    assert_eq!(license.extra.len(), 1);
    assert_eq!(requests(&recorder), ["GET /v1/licenses/L1"]);
}

#[tokio::test]
async fn operations_of_every_shape_send_what_the_contract_describes() {
    let (recorder, client) = start().await;
    let call = client.delete_part().thing_id("T").part_number(3);
    call.send().await.unwrap();
    let call = client.patch_part().thing_id("T");
    let call = call.part_number(PersonType::Bot);
    let part = call.body(PatchPartBody::default()).send().await.unwrap();
    assert!(part.into_inner().is_some());
    // Every property of the response is undocumented for a schema without `type`.
    let file = client.get_thing_file().thing_id("T").send().await.unwrap();
    assert_eq!(file.extra.len(), 4);
    let call = client.list_things();
    let call = call.ids(["a", "b"].map(str::to_owned).to_vec());
    let call = call.x_count(5).color("red").kind("bot");
    let error = call.enabled(true).max(3).send().await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("listThings: 200 OK: "), "{text}");
    assert!(text.contains("missing field `items`"), "{text}");
    let expected = [
        "DELETE /v1/things/T/parts/3",
        "PATCH /v1/things/T/parts/bot",
        "GET /v1/things/T.json",
        "GET /v1/things?color=red&enabled=true&ids=a&ids=b&kind=bot&max=3",
    ];
    assert_eq!(requests(&recorder), expected);
}

#[tokio::test]
async fn header_parameters_are_sent_as_headers() {
    let (recorder, client) = start().await;
    let call = client.probe_thing().thing_id("T").api_version("7");
    let call = call.x_since("2026-01-01T00:00:00Z");
    call.send().await.unwrap();
    let requests = recorder.take();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].method, "HEAD");
    assert_eq!(requests[0].path, "/v1/things/T");
    assert_eq!(requests[0].headers["api-version"], "7");
    assert_eq!(requests[0].headers["x-since"], "2026-01-01T00:00:00Z");
}

#[tokio::test]
async fn path_parameter_that_would_reach_another_route_is_not_sent() {
    let (recorder, client) = start().await;
    let call = client.get_license_details().license_id("../people/me");
    let text = call.send().await.unwrap_err().to_string();
    let expected = "getLicenseDetails: `licenseId` ";
    assert!(text.starts_with(expected), "{text}");
    let call = client.probe_thing().thing_id("T.json").api_version("7");
    let text = call.x_since("x").send().await.unwrap_err().to_string();
    assert!(text.contains("`/things/{thingId}.json`"), "{text}");
    assert_eq!(requests(&recorder), [""; 0]);
}

/// A workspace of `contract` and an empty directory for the SDK, as `regen` and the build script
/// find it.
fn workspace(contract: &str) -> TempDir {
    let root = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let files = [
        (xtask::CONTRACT, contract),
        // By this file, the build script tells the workspace from the published package.
        ("xtask/src/regen.rs", ""),
        ("crates/people-sdk/generated/people.rs", ""),
        ("crates/people-sdk/generated/people.yaml", contract),
    ];
    for (file, text) in files {
        let path = root.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    root
}

#[test]
fn regen_writes_the_client_that_the_build_compiles() {
    let root = workspace(EXTENDED_CONTRACT);
    let stale = xtask::regen::write(root.path()).unwrap().stale;
    let file = Path::new("crates/people-sdk/generated/people.rs");
    assert!(stale.iter().any(|stale| stale.path == file), "{stale:?}");
    let written = std::fs::read_to_string(root.path().join(file)).unwrap();
    assert!(written == EXTENDED_CLIENT, "not what the build compiled");
}

/// The reviewed copy is compiled without serde's `derive`, whatever the contract holds.
#[test]
fn generated_code_needs_no_macro_of_serde() {
    assert!(EXTENDED_CLIENT.contains("transparent!("));
    for derived in [
        "(::serde::",
        "    ::serde::Serialize,",
        "    ::serde::Deserialize,",
    ] {
        let found = EXTENDED_CLIENT.lines().find(|line| line.contains(derived));
        assert_eq!(found, None);
    }
}

/// Runs the SDK's build script in `root`, as cargo does.
fn build_script(root: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sdk-build-script"))
        .current_dir(root.join("crates/people-sdk"))
        .env("OUT_DIR", root)
        .output()
        .unwrap()
}

#[test]
fn build_script_writes_the_client_of_a_contract_without_faults() {
    let root = workspace(SMALL_CONTRACT);
    let output = build_script(root.path());
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{stdout}");
    assert!(!stdout.contains("cargo::error"), "{stdout}");
    let rerun = "cargo::rerun-if-changed=../../spec/people.yaml\n";
    assert!(stdout.contains(rerun), "{stdout}");
    let client = std::fs::read_to_string(root.path().join("people.rs")).unwrap();
    assert!(client.contains("pub fn read_thing"), "{client}");
}

/// Rule, and edit of [`SMALL_CONTRACT`]; `«` stands before the place of the message.
const FAULTS: [(&str, &str, &str); 5] = [
    (
        "yaml-syntax",
        "tags: [things]\n",
        "tags: [things\n      summary«: x\n",
    ),
    (
        "unresolved-reference",
        "$ref: '#/components/schemas/Thing'",
        "$ref: «'#/components/schemas/Thinks'",
    ),
    (
        "path-parameter",
        "  /things/{thingId}:\n    parameters:\n      - $ref: '#/components/parameters/ThingId'\n",
        "  «/things/{thingId}:\n",
    ),
    (
        "wrong-type",
        "id: {type: string,",
        "id: {type: «[string, \"null\"],",
    ),
    (
        "missing-field",
        "        '200':\n          description: The thing.\n",
        "        «'200':\n",
    ),
];

#[test]
fn contract_fault_is_one_message_with_its_place() {
    for (rule, from, to) in FAULTS {
        let marked = SMALL_CONTRACT.replacen(from, to, 1);
        let (before, after) = marked.split_once('«').expect(rule);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        let expected = format!("spec/people.yaml:{line}:{column}: {rule}: ");
        let root = workspace(&format!("{before}{after}"));

        let regen = xtask::regen::write(root.path())
            .expect_err(rule)
            .to_string();
        assert!(regen.starts_with(&expected), "{expected}\n{regen}");
        assert_eq!(regen.lines().count(), 1, "{regen}");

        // Cargo prints what follows `cargo::error=`, and fails the build. It would print the whole
        // output of a build script that ends with another code or writes to stderr.
        let output = build_script(root.path());
        assert!(output.status.success(), "{rule}: {:?}", output.status);
        assert_eq!(output.stderr, b"", "{rule}");
        let stdout = String::from_utf8(output.stdout).unwrap();
        let errors: Vec<_> = stdout
            .lines()
            .filter(|line| line.starts_with("cargo::error"))
            .collect();
        assert_eq!(errors, [format!("cargo::error={regen}")], "{rule}");
        assert!(!root.path().join("people.rs").exists(), "{rule}");
    }
}
