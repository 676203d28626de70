//! All help texts.

use crate::support::{CommandOutput, People};

async fn help(arguments: &[&str]) -> CommandOutput {
    let output = People::new(arguments).run().await;
    assert_eq!(
        (output.code, output.stderr.as_str()),
        (Some(0), ""),
        "{output}"
    );
    output
}

/// The commands that the help lists, so that none is left out here.
async fn commands() -> Vec<String> {
    let text = help(&["--help"]).await.stdout;
    let list = text.split_once("Commands:\n").unwrap().1;
    let list = list.split_once("\n\n").unwrap().0;
    let names = list
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next());
    names
        .map(str::to_owned)
        .filter(|name| name != "help")
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_help_text() {
    insta::assert_snapshot!("help", help(&["--help"]).await);
    insta::assert_snapshot!("help_short", help(&["-h"]).await);
    let commands = commands().await;
    assert!(commands.len() >= 9, "{commands:?}");
    for command in commands {
        let output = help(&[&command, "--help"]).await;
        insta::assert_snapshot!(format!("help_{command}"), output);
        let output = help(&[&command, "-h"]).await;
        insta::assert_snapshot!(format!("help_short_{command}"), output);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_command_prints_usage() {
    let output = People::new::<&str>(&[]).run().await;
    assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""));
    assert!(output.stderr.contains("Usage: people"), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_shell_has_a_completion_script() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = help(&["completions", shell]).await;
        assert!(output.stdout.contains("dry-run"), "{shell}: {output}");
    }
}
