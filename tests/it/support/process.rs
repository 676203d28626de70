//! Runs a test in a process of its own: for its environment, or for what is global in it.

use std::process::Command;

const ALONE: &str = "PEOPLE_TEST_ALONE";

/// Runs the ignored test called `name` in another process, with `environment` and without the
/// variables of a proxy that this one may have.
pub(crate) async fn run_alone(name: &str, environment: &[(&str, &str)]) {
    let mut process = Command::new(std::env::current_exe().expect("the binary of the tests"));
    process
        .args(["--exact", name, "--ignored"])
        .env(ALONE, name);
    for proxy in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        process.env_remove(proxy).env_remove(proxy.to_uppercase());
    }
    process.envs(environment.iter().copied());
    // On another thread: this one runs the servers of the calling test.
    let output = tokio::task::spawn_blocking(move || process.output());
    let output = output.await.expect("a thread").expect("a process");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "there is no test {name}: {text}");
}

/// Whether the calling test, `name`, is the only one in this process.
pub(crate) fn is_alone(name: &str) -> bool {
    std::env::var(ALONE).is_ok_and(|alone| alone == name)
}
