//! Every help text there is.

use crate::support::{People, Ran};

async fn help(arguments: &[&str]) -> Ran {
    let ran = People::new(arguments).run().await;
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran}");
    ran
}

/// The commands that the help lists, so that none can be forgotten here.
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
        let ran = help(&[&command, "--help"]).await;
        insta::assert_snapshot!(format!("help_{command}"), ran);
        let ran = help(&[&command, "-h"]).await;
        insta::assert_snapshot!(format!("help_short_{command}"), ran);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bare_command_shows_how_it_is_used() {
    let ran = People::new::<&str>(&[]).run().await;
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("Usage: people"), "{ran}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_shell_gets_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = help(&["completions", shell]).await;
        assert!(ran.stdout.contains("dry-run"), "{shell}: {ran}");
    }
}
