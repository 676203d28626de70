//! What reaches a terminal of what the service sends: every value, name and message has characters here
//! that a terminal acts on, or that a reader does not see.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};

use people_fake::ADMIN_TOKEN;
use rustix::fs::{Mode, OFlags};
use rustix::pty::OpenptFlags;
use rustix::termios::Winsize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A title for the terminal, colours, the control sequence introducer of 8 bits, a change of the
/// direction of text, characters without a width, line and paragraph separators, a line break.
const HOSTILE: &str = "\u{1b}]0;T\u{7}\u{1b}[35;45m\u{9b}2J\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}\u{2029}\u{7f}\r\nX";

/// The same without what cannot be in a header.
const HOSTILE_HEADER: &str = "\u{9b}2J\u{202e}\u{200b}X";

const ID: &str = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8x";

fn hostile(text: &str) -> String {
    format!("{text}{HOSTILE}")
}

/// A person who is hostile in every value, and in names of every depth.
fn person() -> Value {
    let named = json!({ hostile("inner"): hostile("value"), "b": [hostile("item"), 1, null] });
    let mut person = json!({
        "id": ID,
        "displayName": hostile("Ann"),
        "emails": [hostile("ann@example.com")],
        "phoneNumbers": [{ "type": hostile("work"), "value": hostile("1"), hostile("more"): hostile("2") }],
        "title": { hostile("odd"): hostile("form") },
        "lastActivity": hostile("never"),
        "department": hostile("Sales"),
        "licenses": [hostile("license")],
        "siteUrls": [hostile("site")],
        "errors": { hostile("licenses"): { "code": hostile("5"), "reason": hostile("because") } },
    });
    person[hostile("unlisted")] = named;
    person
}

fn error() -> Value {
    json!({
        "message": hostile("no"),
        "errors": [{ "description": hostile("why"), "errorCode": hostile("7"), hostile("a"): 1 }],
        "trackingId": hostile("ROUTER_1"),
    })
}

/// A service that reads people, and responds to an update with `update_status`.
async fn service(read_status: u16, update_status: u16) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(respond(stream, read_status, update_status));
        }
    });
    url
}

async fn respond(mut stream: TcpStream, read_status: u16, update_status: u16) {
    let mut request = Vec::new();
    let length = loop {
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
        let text = String::from_utf8_lossy(&request).to_lowercase();
        if let Some(end) = text.find("\r\n\r\n") {
            let length = text.split("content-length: ").nth(1);
            let length = length.and_then(|rest| rest.lines().next()?.parse().ok());
            break end + 4 + length.unwrap_or(0);
        }
    };
    while request.len() < length {
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let is_update = request.starts_with(b"PUT");
    let status = if is_update {
        update_status
    } else {
        read_status
    };
    let body = if status < 300 { person() } else { error() };
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status} {HOSTILE_HEADER}\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: application/json; {HOSTILE_HEADER}\r\nTrackingID: R{HOSTILE_HEADER}\r\n\
         Retry-After: 5{HOSTILE_HEADER}\r\nX-More: {HOSTILE_HEADER}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// Runs the command with a terminal as its standard output and error, and returns what is shown.
fn on_terminal(base_url: &str, directory: &std::path::Path, arguments: &[&str]) -> String {
    let controller = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    rustix::pty::grantpt(&controller).unwrap();
    rustix::pty::unlockpt(&controller).unwrap();
    let name = rustix::pty::ptsname(&controller, Vec::new()).unwrap();
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let terminal = File::from(rustix::fs::open(name, flags, Mode::empty()).unwrap());
    let size = Winsize {
        ws_row: 50,
        ws_col: 200,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    rustix::termios::tcsetwinsize(&terminal, size).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_people"))
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm-256color")
        .env("EDITOR", "cat")
        .env("WEBEX_BASE_URL", base_url)
        .env("WEBEX_ACCESS_TOKEN", ADMIN_TOKEN)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::from(terminal.try_clone().unwrap()))
        .stderr(Stdio::from(terminal))
        .spawn()
        .unwrap();
    let mut screen = Vec::new();
    // When the last process that has the terminal ends, reading is an error on Linux.
    let _ = File::from(controller).read_to_end(&mut screen);
    child.wait().unwrap();
    String::from_utf8(screen).unwrap()
}

/// What is left of a screen without line ends and the colours that the command itself uses.
fn unexpected(screen: &str) -> BTreeSet<char> {
    let mut text = screen.replace("\r\n", "");
    for style in ["0", "1", "2", "31", "32", "33", "90"] {
        text = text.replace(&format!("\u{1b}[{style}m"), "");
    }
    text.chars()
        .filter(|c| people_sdk::escape_invisible(&c.to_string()) != c.to_string())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_control_character_of_a_response_reaches_the_terminal() {
    let directory = tempfile::tempdir().unwrap();
    let changes = json!({ "id": ID, "set": { "department": "Support", "lastName": "Lee" } });
    std::fs::write(directory.path().join("changes.ndjson"), changes.to_string()).unwrap();
    let set = ["--set", "department=Support", "--set", "firstName=Bo"];
    let mut commands: Vec<Vec<&str>> = Vec::new();
    for format in ["table", "json", "ndjson", "yaml", "csv"] {
        commands.push(vec!["get", ID, "--calling-data", "-o", format]);
    }
    let fields = "id,displayName,emails,phoneNumbers[0].value,title,lastActivity";
    // Without the progress bar, which moves the cursor.
    commands.push(vec!["get", ID, ID, "-q", "--fields", fields]);
    commands.push(vec!["get", ID, ID, "-q", "-o", "csv", "--fields", fields]);
    commands.push(vec!["me", "-vv"]);
    for format in ["table", "json", "yaml"] {
        commands.push([&["update", ID, "-o", format], &set[..]].concat());
        commands.push([&["update", ID, "--dry-run", "-vv", "-o", format], &set[..]].concat());
    }
    for format in ["table", "markdown", "ndjson"] {
        commands.push(vec![
            "apply",
            "changes.ndjson",
            "--dry-run",
            "-q",
            "-o",
            format,
        ]);
    }
    let apply = ["apply", "changes.ndjson", "--report-reasons", "--report"];
    commands.push([&apply[..], &["a.ndjson", "-q"]].concat());
    commands.push([&apply[..], &["b.ndjson", "-q", "-o", "json"]].concat());
    commands.push(vec!["edit", ID]);
    commands.push(vec!["check", ID, "-q"]);
    let mut shown = 0;
    // A read and an update that succeed, an update that is rejected, and a read that is.
    for (read, update) in [(200, 200), (200, 400), (403, 400)] {
        let url = service(read, update).await;
        for arguments in &commands {
            let (url, directory) = (url.clone(), directory.path().to_owned());
            let arguments: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
            let line = arguments.join(" ");
            let run = move || {
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                on_terminal(&url, &directory, &arguments)
            };
            let screen = tokio::task::spawn_blocking(run).await.unwrap();
            let unexpected = unexpected(&screen);
            assert!(
                unexpected.is_empty(),
                "people {line}: {unexpected:?} in\n{screen:?}"
            );
            shown += usize::from(screen.contains("202e"));
        }
        let reports = ["a.ndjson", "b.ndjson"].map(|name| directory.path().join(name));
        for report in reports {
            if let Ok(text) = std::fs::read_to_string(&report) {
                let escaped = people_sdk::escape_invisible_in_json(&text);
                assert_eq!(escaped, text, "{}", report.display());
                std::fs::remove_file(report).unwrap();
            }
        }
    }
    // The text is there, with escapes.
    assert!(shown > commands.len(), "{shown} of {}", 3 * commands.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn several_people_have_a_bar_on_a_terminal_and_one_has_none() {
    let url = service(200, 200).await;
    let run = |arguments: &'static [&str]| {
        let url = url.clone();
        tokio::task::spawn_blocking(move || on_terminal(&url, std::path::Path::new("."), arguments))
    };
    let screen = run(&["get", ID, ID, ID]).await.unwrap();
    assert!(screen.contains("0/3"), "{screen:?}");
    let screen = run(&["check", ID, ID]).await.unwrap();
    assert!(screen.contains("0/2"), "{screen:?}");
    for arguments in [&["get", ID][..], &["get", ID, ID, "-q"]] {
        let screen = run(arguments).await.unwrap();
        assert!(!screen.contains("0/"), "{screen:?}");
    }
}
