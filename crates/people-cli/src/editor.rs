//! The user's editor: started on a file, with the signals of the terminal left to it.

use std::env;
use std::path::Path;

use tokio::process::Command;

use crate::exit::{Exit, Failure};
use crate::signals::{StopSignal, StopSignals};

/// Runs the editor on a file, until it ends. An interrupt from the keyboard goes to the editor alone;
/// a request to end this program is passed on to the editor.
///
/// # Errors
///
/// The editor cannot be started or fails, or this program was asked to end.
pub(crate) async fn run(path: &Path, signals: &mut StopSignals) -> Result<(), Failure> {
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| {
        let value = env::var(name).ok()?;
        (!value.trim().is_empty()).then_some(value)
    });
    let editor = named.unwrap_or_else(|| default_editor().to_owned());
    let another = |failure: Failure| failure.help("set EDITOR to another editor");
    let mut child = command(&editor).arg(path).spawn().map_err(|error| {
        another(Failure::usage(format_args!(
            "the editor `{editor}`: {error}"
        )))
    })?;
    let mut asked_to_end = false;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status,
            signal = signals.next() => match signal {
                // The terminal has sent it to the editor as well.
                StopSignal::Interrupt => {}
                StopSignal::Terminate if asked_to_end => break child.wait().await,
                StopSignal::Terminate => {
                    asked_to_end = true;
                    terminate(&child);
                }
            },
        }
    };
    if asked_to_end {
        return Err(Failure::new(Exit::Interrupted, "interrupted"));
    }
    let status =
        status.map_err(|error| Failure::usage(format_args!("the editor `{editor}`: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(another(Failure::usage(format_args!(
        "the editor `{editor}` ended with {status}; nothing was sent"
    ))))
}

fn default_editor() -> &'static str {
    if cfg!(windows) { "notepad" } else { "vi" }
}

/// The editor as a command. On Unix a shell splits its name, which can have arguments.
fn command(editor: &str) -> Command {
    if cfg!(windows) {
        let mut words = editor.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{editor} \"$1\""), "sh"]);
        command
    }
}

#[cfg(unix)]
fn terminate(child: &tokio::process::Child) {
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    if let Some(pid) = id.and_then(rustix::process::Pid::from_raw) {
        // It fails if the editor has ended, which is what it is for.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
    }
}

#[cfg(not(unix))]
fn terminate(_: &tokio::process::Child) {}
