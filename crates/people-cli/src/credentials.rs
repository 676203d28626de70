//! Where the access token of a command comes from: the environment, a file, standard input, another
//! program, or a refresh token.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use people_sdk::{
    ACCESS_TOKEN_VARIABLE, AccessToken, ClientBuilder, RefreshToken, Source, TokenFuture,
    TokenSource,
};
use serde_json::{Map, Value};
use tokio::process::Command;

use crate::exit::Failure;
use crate::input::{read_text, variable};
use crate::stderr::Messages;

/// The environment variables of the refresh flow.
const CLIENT_ID_VARIABLE: &str = "WEBEX_CLIENT_ID";
const CLIENT_SECRET_VARIABLE: &str = "WEBEX_CLIENT_SECRET";
const REFRESH_TOKEN_VARIABLE: &str = "WEBEX_REFRESH_TOKEN";

/// The access token, from one place.
#[derive(Debug, Clone, Args)]
pub(crate) struct TokenArgs {
    /// File that holds the access token (default: the environment's `WEBEX_ACCESS_TOKEN`)
    #[arg(long, value_name = "FILE", group = "token")]
    token_file: Option<PathBuf>,

    /// Read the access token from standard input
    #[arg(long, group = "token")]
    token_stdin: bool,

    /// Program that prints the access token, with its arguments; it is run when a token is needed, and
    /// again when the token has expired
    #[arg(long, value_name = "COMMAND", group = "token")]
    token_command: Option<String>,

    /// File that only you can read (mode 600), with `client_id`, `client_secret` and `refresh_token` as
    /// JSON; a new refresh token is written back (default: the environment's `WEBEX_CLIENT_ID`,
    /// `WEBEX_CLIENT_SECRET` and `WEBEX_REFRESH_TOKEN`, if `WEBEX_ACCESS_TOKEN` is not set)
    #[arg(long, value_name = "FILE", group = "token", hide_short_help = true)]
    refresh_token_file: Option<PathBuf>,
}

impl TokenArgs {
    /// Whether the token is read from standard input.
    pub(crate) fn takes_stdin(&self) -> bool {
        self.token_stdin
    }

    /// `builder` with the source of its access tokens.
    pub(crate) fn apply(
        &self,
        builder: ClientBuilder,
        messages: Messages,
    ) -> Result<ClientBuilder, Failure> {
        if self.token_stdin {
            let text = read_text(Path::new("-"))?;
            return Ok(builder.token(parse_token(&text, "standard input")?));
        }
        if let Some(path) = &self.token_file {
            if is_readable_by_others(path) {
                let path = path.display();
                messages.warning(format_args!(
                    "other users can read the token file {path}; `chmod 600 {path}` prevents it"
                ));
            }
            let text = read_text(path).map_err(|failure| failure.about("the token file"))?;
            let place = format!("the token file {}", path.display());
            return Ok(builder.token(parse_token(&text, &place)?));
        }
        if let Some(line) = &self.token_command {
            return Ok(builder.token_source(TokenCommand::new(line)?));
        }
        if let Some(path) = &self.refresh_token_file {
            return Ok(builder.refresh_token(refresh_token_of_file(path)?));
        }
        if let Some(text) = variable(ACCESS_TOKEN_VARIABLE)? {
            return Ok(builder.token(parse_token(&text, ACCESS_TOKEN_VARIABLE)?));
        }
        if let Some(refresh_token) = refresh_token_of_environment(messages)? {
            return Ok(builder.refresh_token(refresh_token));
        }
        Err(
            Failure::usage("the access token is missing").help(format_args!(
                "put it in {ACCESS_TOKEN_VARIABLE}, or in a file and name that with \
                 `--token-file`; `people demo` needs none"
            )),
        )
    }
}

/// The token in a text, around which there may be white space.
fn parse_token(text: &str, place: &str) -> Result<AccessToken, Failure> {
    checked_token(text)
        .map(AccessToken::from)
        .map_err(|fault| Failure::usage(format_args!("{place} {fault}")))
}

fn checked_token(text: &str) -> Result<&str, &'static str> {
    match text.trim() {
        "" => Err("has no token"),
        text if !text.bytes().all(|byte| byte.is_ascii_graphic()) => Err(
            "has something other than a token: there is a space, a line break or another character \
             that is not allowed in a token",
        ),
        token => Ok(token),
    }
}

/// A program that prints a token. No shell is involved.
struct TokenCommand {
    program: String,
    arguments: Vec<String>,
    last: Mutex<Option<AccessToken>>,
}

impl TokenCommand {
    fn new(line: &str) -> Result<Self, Failure> {
        let mut words = shlex::split(line)
            .ok_or_else(|| {
                Failure::usage("`--token-command` has a quotation mark without its end")
            })?
            .into_iter();
        let program = words
            .next()
            .ok_or_else(|| Failure::usage("`--token-command` is empty"))?;
        Ok(Self {
            program,
            arguments: words.collect(),
            last: Mutex::new(None),
        })
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Option<AccessToken>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the program. What it prints to standard error is shown; its standard output is not.
    async fn run(&self) -> Result<AccessToken, Source> {
        // The arguments can hold a secret, so messages name the program alone.
        let program = &self.program;
        let output = Command::new(program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("the token command `{program}`: {error}"))?
            .wait_with_output()
            .await
            .map_err(|error| format!("the token command `{program}`: {error}"))?;
        if !output.status.success() {
            let status = output.status;
            return Err(format!("the token command `{program}` ended with {status}").into());
        }
        let text = String::from_utf8(output.stdout).map_err(|_| {
            format!("the token command `{program}` printed something other than text")
        })?;
        let token = checked_token(&text)
            .map_err(|fault| format!("the output of the token command `{program}` {fault}"))?;
        Ok(AccessToken::from(token))
    }
}

impl TokenSource for TokenCommand {
    fn token<'a>(&'a self, rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
        Box::pin(async move {
            if let Some(token) = self.last().as_ref().filter(|last| Some(*last) != rejected) {
                return Ok(token.clone());
            }
            let token = self.run().await?;
            *self.last() = Some(token.clone());
            Ok(token)
        })
    }
}

/// The three values of the refresh flow from the environment, if one of them is there.
fn refresh_token_of_environment(messages: Messages) -> Result<Option<RefreshToken>, Failure> {
    let names = [
        REFRESH_TOKEN_VARIABLE,
        CLIENT_ID_VARIABLE,
        CLIENT_SECRET_VARIABLE,
    ];
    let mut values = Vec::new();
    let mut missing = Vec::new();
    for name in names {
        match variable(name)? {
            Some(value) => values.push(value),
            None => missing.push(name),
        }
    }
    let Ok([refresh_token, id, secret]) = <[String; 3]>::try_from(values) else {
        let set = names.iter().find(|name| !missing.contains(name));
        return match set {
            None => Ok(None),
            Some(set) => Err(Failure::usage(format_args!(
                "{set} is set and {} is not; a refresh token needs all three",
                missing.join(" or ")
            ))),
        };
    };
    let refresh_token = RefreshToken::new(id, secret, refresh_token);
    Ok(Some(refresh_token.on_rotation(move |_| {
        messages.warning(format_args!(
            "the service has replaced the refresh token, and the one in {REFRESH_TOKEN_VARIABLE} \
             may be invalid now; `--refresh-token-file` stores the new one"
        ));
        std::future::ready(Ok(()))
    })))
}

/// The refresh flow of a file, to which new refresh tokens are written back.
fn refresh_token_of_file(path: &Path) -> Result<RefreshToken, Failure> {
    let shown = path.display();
    if is_readable_by_others(path) {
        return Err(Failure::usage(format_args!(
            "other users can read {shown}, which has secrets"
        ))
        .help(format_args!("`chmod 600 {shown}`, and renew the secrets")));
    }
    let text = read_text(path).map_err(|failure| failure.about("the refresh token file"))?;
    let fault = |fault: &str| Failure::usage(format_args!("{shown} {fault}"));
    let values: Map<String, Value> =
        serde_json::from_str(&text).map_err(|_| fault("is not a JSON object"))?;
    let value = |name: &str| match values.get(name).and_then(Value::as_str) {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(fault(&format!("has no `{name}`"))),
    };
    let refresh_token = RefreshToken::new(
        value("client_id")?,
        value("client_secret")?,
        value("refresh_token")?,
    );
    let file = Arc::new(Mutex::new((path.to_owned(), values)));
    Ok(refresh_token.on_rotation(move |new| {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        let (path, values) = &mut *file;
        values.insert("refresh_token".to_owned(), Value::String(new));
        let stored = store(path, values);
        let stored = stored.map_err(|error| format!("{}: {error}", path.display()).into());
        std::future::ready(stored)
    }))
}

/// Replaces the file as a whole, so that a crash leaves the old one or the new one.
fn store(path: &Path, values: &Map<String, Value>) -> std::io::Result<()> {
    // A link stays one.
    let path = path.canonicalize()?;
    let directory = path.parent().unwrap_or(Path::new("."));
    // With mode 600.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    serde_json::to_writer_pretty(&mut file, values)?;
    writeln!(file)?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    if cfg!(unix) {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

#[cfg(unix)]
fn is_readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    std::fs::metadata(path)
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_readable_by_others(_: &Path) -> bool {
    false
}
