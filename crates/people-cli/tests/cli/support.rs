//! Running the command in tests.

use std::fmt;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use people_fake::{ADMIN_TOKEN, Builder, FakePeople};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

/// A service with a fixed clock.
pub(crate) fn builder() -> Builder {
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    FakePeople::builder().clock(noon)
}

/// A service with these faults.
pub(crate) async fn fake(faults: &[&str]) -> FakePeople {
    let faults = faults.iter().map(|fault| fault.parse().unwrap());
    faults
        .fold(builder(), Builder::fault)
        .start()
        .await
        .unwrap()
}

/// A command line that can be run.
pub(crate) struct People {
    command: Command,
    line: String,
    stdin: Option<String>,
}

/// The result of a run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CommandOutput {
    line: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl People {
    /// Without a token: the environment is empty but for `PATH`.
    pub(crate) fn new<S: AsRef<str>>(arguments: &[S]) -> Self {
        let arguments: Vec<&str> = arguments.iter().map(AsRef::as_ref).collect();
        let mut command = Command::new(env!("CARGO_BIN_EXE_people"));
        command
            .args(&arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        Self {
            command,
            line: format!("people {}", arguments.join(" ")),
            stdin: None,
        }
    }

    /// With the token of an administrator of `fake`.
    pub(crate) fn admin<S: AsRef<str>>(fake: &FakePeople, arguments: &[S]) -> Self {
        Self::new(arguments)
            .env("WEBEX_BASE_URL", fake.base_url())
            .env("WEBEX_ACCESS_TOKEN", ADMIN_TOKEN)
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn current_dir(mut self, path: &Path) -> Self {
        self.command.current_dir(path);
        self
    }

    pub(crate) fn stdin(mut self, text: &str) -> Self {
        self.stdin = Some(text.to_owned());
        self
    }

    pub(crate) fn spawn(mut self) -> Child {
        self.command.spawn().unwrap()
    }

    pub(crate) async fn run(mut self) -> CommandOutput {
        if self.stdin.is_some() {
            self.command.stdin(Stdio::piped());
        }
        let mut child = self.command.spawn().unwrap();
        if let Some(text) = self.stdin {
            let mut stdin = child.stdin.take().unwrap();
            stdin.write_all(text.as_bytes()).await.unwrap();
        }
        let output = child.wait_with_output().await.unwrap();
        CommandOutput {
            line: self.line,
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl CommandOutput {
    /// The same with `text` replaced, which differs from run to run.
    pub(crate) fn without(mut self, text: &str, placeholder: &str) -> Self {
        for part in [&mut self.line, &mut self.stdout, &mut self.stderr] {
            *part = part.replace(text, placeholder);
        }
        self
    }
}

impl fmt::Display for CommandOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "$ {}", self.line)?;
        f.write_str(&self.stdout)?;
        if !self.stderr.is_empty() {
            writeln!(f, "--- standard error")?;
            f.write_str(&self.stderr)?;
        }
        match self.code {
            Some(code) => writeln!(f, "--- exit code {code}"),
            None => writeln!(f, "--- killed"),
        }
    }
}

/// Several results, one after the other.
pub(crate) fn transcript(runs: &[CommandOutput]) -> String {
    let runs: Vec<String> = runs.iter().map(ToString::to_string).collect();
    runs.join("\n")
}
