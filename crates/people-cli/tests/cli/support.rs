//! Running the command in tests.

use std::fmt;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use people_fake::{ADMIN_TOKEN, Builder, FakePeople};
use serde_json::Value;
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

    /// Leaves standard input open, for the process that [`People::spawn`] starts.
    pub(crate) fn open_stdin(mut self) -> Self {
        self.command.stdin(Stdio::piped());
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
            // A command that does not need its input can end before it is written.
            match stdin.write_all(text.as_bytes()).await {
                Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => panic!("{error}"),
                _ => {}
            }
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

/// A directory with a file of changes in it.
pub(crate) struct TestEnv(tempfile::TempDir);

impl TestEnv {
    pub(crate) fn new(name: &str, changes: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(name), changes).unwrap();
        Self(directory)
    }

    pub(crate) fn people(&self, fake: &FakePeople, arguments: &[&str]) -> People {
        let arguments = [&["apply"], arguments].concat();
        People::admin(fake, &arguments).current_dir(self.0.path())
    }

    pub(crate) async fn apply(&self, fake: &FakePeople, arguments: &[&str]) -> CommandOutput {
        self.people(fake, arguments).run().await
    }

    /// Writes another file.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The report in the order of the changes, without times and digests.
    pub(crate) fn report(&self) -> String {
        let text = std::fs::read_to_string(self.path().join("report.ndjson")).unwrap();
        let mut entries: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        entries.sort_by_key(|entry| entry["line"].as_u64());
        let mut report = String::new();
        for mut entry in entries {
            let time = entry["time"].take();
            assert!(time.as_str().unwrap().ends_with('Z'), "{time}");
            let digest = entry["digest"].take();
            assert_eq!(digest.as_str().unwrap().len(), 32);
            let entry = entry.as_object_mut().unwrap();
            entry.retain(|_, value| !value.is_null());
            report.push_str(&serde_json::to_string_pretty(entry).unwrap());
            report.push('\n');
        }
        report
    }
}

/// The memory that a process has now, in bytes.
#[cfg(target_os = "linux")]
pub(crate) fn memory(child: &Child) -> u64 {
    let status = format!("/proc/{}/status", child.id().unwrap());
    let status = std::fs::read_to_string(status).unwrap();
    let memory = status.lines().find_map(|line| {
        let kibibytes = line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?;
        kibibytes.parse::<u64>().ok()
    });
    memory.unwrap() * 1024
}

/// The number of updates that were sent.
pub(crate) fn updates(fake: &FakePeople) -> usize {
    let requests = fake.requests();
    requests
        .iter()
        .filter(|request| request.method == "PUT")
        .count()
}

const REPORT: [&str; 4] = ["--report", "report.ndjson", "--concurrency", "1"];

/// The arguments with a report, for one person at a time.
pub(crate) fn with_report<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &REPORT].concat()
}
