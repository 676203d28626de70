//! How a test runs the command, and what it sees of it.

use std::fmt;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use people_fake::{ADMIN_TOKEN, Builder, FakePeople};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

/// A service whose clock stands still.
pub(crate) fn builder() -> Builder {
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    FakePeople::builder().clock(noon)
}

/// A service in which these things go wrong.
pub(crate) async fn fake(faults: &[&str]) -> FakePeople {
    let faults = faults.iter().map(|fault| fault.parse().unwrap());
    faults
        .fold(builder(), Builder::fault)
        .start()
        .await
        .unwrap()
}

/// One run of the command, to be put together.
pub(crate) struct People {
    command: Command,
    line: String,
    stdin: Option<String>,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ran {
    line: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl People {
    /// With nothing in the environment, and so without a token.
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

    /// As an administrator of `fake`, without waits to speak of.
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

    pub(crate) async fn run(mut self) -> Ran {
        if self.stdin.is_some() {
            self.command.stdin(Stdio::piped());
        }
        let mut child = self.command.spawn().unwrap();
        if let Some(text) = self.stdin {
            let mut stdin = child.stdin.take().unwrap();
            stdin.write_all(text.as_bytes()).await.unwrap();
        }
        let output = child.wait_with_output().await.unwrap();
        Ran {
            line: self.line,
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// The same without what differs from run to run.
    pub(crate) fn without(mut self, text: &str, placeholder: &str) -> Self {
        for part in [&mut self.line, &mut self.stdout, &mut self.stderr] {
            *part = part.replace(text, placeholder);
        }
        self
    }
}

impl fmt::Display for Ran {
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

/// Several runs, one after the other.
pub(crate) fn transcript(runs: &[Ran]) -> String {
    let runs: Vec<String> = runs.iter().map(ToString::to_string).collect();
    runs.join("\n")
}
