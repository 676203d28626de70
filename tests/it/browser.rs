//! The reference page in a real browser: it opens, loads nothing from another origin, and calls the
//! fake. `.ci/browser-test` installs Chromium and runs this.

use std::collections::VecDeque;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use people_fake::FakePeople;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::support::CONTRACT_TEXT;
use crate::support::contract::checked;

/// Far more than it takes; a browser that hangs must not hang the test.
const TIME_LIMIT: Duration = Duration::from_secs(120);

/// Chromium, controlled by its debugging protocol over two pipes.
struct Browser {
    // Killed when this is dropped.
    _process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    session: Option<String>,
    sent: u64,
    events: VecDeque<Value>,
}

impl Browser {
    fn start(profile: &Path) -> Self {
        // The protocol uses the descriptors 3 and 4, which only a shell can set up.
        let script = r#"exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>&2"#;
        let mut process = Command::new("sh")
            .args(["-c", script, "chromium"])
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
            ])
            .args(["--no-first-run", "--disable-background-networking"])
            .args([
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
            ])
            .args(["--window-size=1280,2600", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("a shell");
        Self {
            input: process.stdin.take().expect("a pipe"),
            output: BufReader::new(process.stdout.take().expect("a pipe")),
            _process: process,
            session: None,
            sent: 0,
            events: VecDeque::new(),
        }
    }

    /// Sends a command and waits for its result; events that come first are kept.
    async fn command(&mut self, method: &str, parameters: Value) -> Value {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.input.write_all(&bytes).await.expect("Chromium runs");
        loop {
            let mut bytes = Vec::new();
            let read = self.output.read_until(0, &mut bytes).await;
            assert!(
                read.expect("a pipe") > 0,
                "Chromium has ended: is it installed?"
            );
            bytes.pop();
            let message: Value = serde_json::from_slice(&bytes).expect("JSON");
            if message["id"] == self.sent {
                assert_eq!(message.get("error"), None, "{method}");
                return message["result"].clone();
            }
            self.events.push_back(message);
        }
    }

    /// Evaluates an expression in the page, waiting for it if it is a promise.
    async fn evaluate(&mut self, expression: &str) -> Value {
        let parameters =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let result = self.command("Runtime.evaluate", parameters).await;
        assert_eq!(result.get("exceptionDetails"), None, "{expression}");
        result["result"]["value"].clone()
    }

    /// Waits until there is an element, and returns its text.
    async fn text(&mut self, selector: &str) -> String {
        let selector = json!(selector);
        let found = self
            .evaluate(&format!(
                "new Promise(done => {{
                    const look = () => {{
                        const found = document.querySelector({selector});
                        found ? done(found.innerText) : setTimeout(look, 20);
                    }};
                    look();
                }})"
            ))
            .await;
        found.as_str().unwrap_or_default().to_owned()
    }

    async fn click(&mut self, selector: &str) {
        self.text(selector).await;
        self.evaluate(&format!(
            "document.querySelector({}).click()",
            json!(selector)
        ))
        .await;
    }
}

#[tokio::test]
#[ignore = "needs Chromium: .ci/browser-test installs it and runs this"]
async fn the_reference_opens_in_a_browser_and_calls_the_fake() {
    tokio::time::timeout(TIME_LIMIT, open_and_call())
        .await
        .expect("the browser ends within the time limit");
}

async fn open_and_call() {
    let fake = checked(FakePeople::builder().contract(&CONTRACT_TEXT)).await;
    let origin = format!("http://{}/", fake.address());
    let profile = tempfile::tempdir().unwrap();
    let mut browser = Browser::start(profile.path());
    let target = json!({ "url": "about:blank" });
    let target = browser.command("Target.createTarget", target).await;
    let attach = json!({ "targetId": target["targetId"], "flatten": true });
    let attached = browser.command("Target.attachToTarget", attach).await;
    browser.session = attached["sessionId"].as_str().map(str::to_owned);
    for domain in ["Page", "Runtime", "Log", "Network"] {
        browser
            .command(&format!("{domain}.enable"), json!({}))
            .await;
    }
    browser
        .command("Page.navigate", json!({ "url": origin }))
        .await;

    // Every operation of the contract is listed.
    for operation in ["getMyOwnDetails", "getPersonDetails", "updatePerson"] {
        browser
            .text(&format!("#operations-people-{operation}"))
            .await;
    }
    let me = "#operations-people-getMyOwnDetails";
    browser
        .click(&format!("{me} .opblock-summary-control"))
        .await;
    // Until its responses are shown, the operation is rendered anew, and a click can be lost.
    browser
        .text(&format!("{me} [data-code='200'] .highlight-code"))
        .await;
    let live = format!("{me} .live-responses-table");
    for (token, name) in [("fake-admin", "John Andersen"), ("fake-user", "Mary Lee")] {
        browser
            .evaluate(&format!(
                "{{ const token = document.getElementById('token');
                    token.value = '{token}';
                    token.dispatchEvent(new Event('change')); }}"
            ))
            .await;
        browser.click(&format!("{me} .execute")).await;
        assert_eq!(
            browser
                .text(&format!("{live} tbody .response-col_status"))
                .await
                .trim(),
            "200"
        );
        let body = browser.text(&format!("{live} .highlight-code")).await;
        assert!(body.contains(name), "{token}: {body}");
        if token == "fake-admin" {
            screenshot(&mut browser, "docs.png").await;
        }
        browser.click(&format!("{me} .btn-clear")).await;
    }
    let called: Vec<_> = fake
        .requests()
        .into_iter()
        .map(|request| (request.method, request.path, request.status))
        .collect();
    let call = ("GET".to_owned(), "/v1/people/me".to_owned(), Some(200));
    assert_eq!(called, [call.clone(), call]);

    for event in &browser.events {
        let shown = event.to_string();
        match event["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => {
                let url = event["params"]["request"]["url"].as_str().unwrap();
                let local = url.starts_with(&origin) || url.starts_with("data:");
                assert!(local, "the page requested {url}");
            }
            "Runtime.exceptionThrown" | "Log.entryAdded" => panic!("{shown}"),
            "Runtime.consoleAPICalled" => {
                assert_ne!(event["params"]["type"], "error", "{shown}");
            }
            _ => {}
        }
    }
}

/// Writes a picture of the page to `tmp/` in the target directory.
async fn screenshot(browser: &mut Browser, name: &str) {
    browser.evaluate("window.scrollTo(0, 0)").await;
    let image = json!({ "format": "png" });
    let image = browser.command("Page.captureScreenshot", image).await;
    let bytes = BASE64_STANDARD
        .decode(image["data"].as_str().unwrap())
        .unwrap();
    assert!(bytes.starts_with(b"\x89PNG"));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
}
