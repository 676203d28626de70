//! What has to hold of any bytes that reach the SDK: one function per fuzz target, which panics when
//! it does not hold. The client is the real one and calls a server of this process, over loopback.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use people_sdk::{
    Client, Clock, Error, ErrorKind, RetryPolicy,
    types::{Person, PersonUpdate},
};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// Never to be seen in what is shown.
const TOKEN: &str = "fuzz-token-0123456789";

const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// How much of an error's body the SDK promises to keep at most.
const KEPT: usize = 64 * 1024;

/// What has to hold of any bytes: it panics where it does not.
pub type Check = fn(&[u8]);

/// Every target, by its name.
pub const ALL: [(&str, Check); 5] = [
    ("answer", answer),
    ("error_body", error_body),
    ("id", id),
    ("person", person),
    ("retry_after", retry_after),
];

/// A person that can be read is written with every property it came with, and reads back the same.
pub fn person(bytes: &[u8]) {
    let Ok(person) = serde_json::from_slice::<Person>(bytes) else {
        return;
    };
    let text = serde_json::to_string(&person).expect("a person can be written");
    let read: Person = serde_json::from_str(&text).expect("what was written is read");
    assert!(read == person, "a person changes on its way out and in");
    let written: Value = serde_json::from_str(&text).expect("what was written is JSON");
    let came: Value = serde_json::from_slice(bytes).expect("what is a person is JSON");
    for (name, value) in came.as_object().expect("a person is an object") {
        assert!(
            value.is_null() || written.get(name).is_some(),
            "the property {name:?} is lost"
        );
    }
    // Other addresses look the same: to search what is shown for an address would find one that
    // is made of what is always there.
    let mut other = person.clone();
    for email in other.emails.iter_mut().flatten() {
        "another@example.com".clone_into(email);
    }
    let same = format!("{other:?}") == format!("{person:?}");
    assert!(same, "an e-mail address is shown");
}

/// Whatever body a refusal has, its status is reported, its body kept, and nothing shown that must not.
pub fn error_body(bytes: &[u8]) {
    let (_, error) = refused("403 Forbidden", "Content-Type: application/json\r\n", bytes);
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert!(error.body() == &bytes[..bytes.len().min(KEPT)]);
    presentable(&error);
}

/// With any `Retry-After`, no wait is longer than allowed, seconds are read as such, and text that is
/// neither seconds, a date nor the template of the service is ignored.
pub fn retry_after(bytes: &[u8]) {
    // Other bytes end the header or the answer, which `answer` is for.
    if !bytes.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t')) {
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    let header = format!("Retry-After: {text}\r\n");
    let (waits, error) = refused("429 Too Many Requests", &header, b"");
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    presentable(&error);
    let asked = error.retry_after();
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = text.parse().ok().map(Duration::from_secs);
        assert_eq!(asked, seconds, "{text:?}");
    } else if httpdate::parse_http_date(text).is_err() {
        let template = text.contains("rand(") || text.contains("add(");
        assert!(
            asked.is_none() || template,
            "{text:?} is taken for {asked:?}"
        );
    }
    match asked {
        Some(asked) if asked > LONGEST_WAIT => assert!(waits.is_empty(), "{waits:?}"),
        Some(asked) => assert!(waits.len() == 1 && waits[0] >= asked),
        None => assert_eq!(waits.len(), 1),
    }
    assert!(waits.iter().all(|wait| *wait <= LONGEST_WAIT));
}

/// Whatever is given as an id, it is refused before anything is sent, or the one request goes to
/// the route of that person and no other.
pub fn id(bytes: &[u8]) {
    let Ok(id) = std::str::from_utf8(bytes) else {
        return;
    };
    let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    let Served { heads, outcome, .. } = served(answer, async |client| {
        client.get_person_details().person_id(id).send().await
    });
    let error = outcome.expect_err("nothing but 404 was answered");
    presentable(&error);
    if error.kind() == ErrorKind::InvalidRequest {
        assert!(heads.is_empty(), "{id:?} was sent: {heads:?}");
        return;
    }
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let [head] = heads.as_slice() else {
        panic!("one request was expected: {heads:?}");
    };
    let target = head.split(' ').nth(1).expect("a request has a target");
    assert_eq!(target, format!("/v1/people/{id}"));
    assert!(!id.is_empty() && id != "." && id != ".." && !id.contains(['/', '\\', '?', '#', '%']));
    assert!(
        !id.eq_ignore_ascii_case("me"),
        "{id:?} leads to another route"
    );
}

/// Whatever bytes come as an answer, to a read or to a write, the call ends, in time and in order.
pub fn answer(bytes: &[u8]) {
    let read = served(bytes, async |client| {
        client.get_my_own_details().send().await.map(drop)
    });
    let written = served(bytes, async |client| {
        let update = client.update_person().person_id("fuzz");
        update.body(PersonUpdate::default()).send().await.map(drop)
    });
    for error in [read.outcome.err(), written.outcome.err()]
        .into_iter()
        .flatten()
    {
        assert!(error.attempts() >= 1);
        assert!(error.body().len() <= KEPT);
        assert!(
            !matches!(
                error.kind(),
                ErrorKind::Configuration | ErrorKind::Credentials | ErrorKind::InvalidRequest
            ),
            "{error}"
        );
        presentable(&error);
    }
}

/// One line, and nothing in it that a log must not hold.
fn presentable(error: &Error) {
    for shown in [error.to_string(), format!("{error:?}")] {
        assert!(!shown.chars().any(char::is_control), "{shown:?}");
        assert!(!shown.contains(TOKEN), "{shown:?}");
        let parts: Vec<&str> = shown.split('@').collect();
        let address = parts.windows(2).any(|sides| {
            sides[0].ends_with(char::is_alphanumeric) && sides[1].starts_with(char::is_alphanumeric)
        });
        assert!(!address, "{shown:?}");
        assert!(shown.chars().count() < 1000, "{shown:?}");
    }
}

/// What a call comes to that is refused in this way, however often it is made, and the waits between
/// its attempts.
fn refused(status: &str, headers: &str, body: &[u8]) -> (Vec<Duration>, Error) {
    let mut answer = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend_from_slice(body);
    let Served {
        heads,
        waits,
        outcome,
    } = served(&answer, async |client| {
        client.get_my_own_details().send().await
    });
    assert_eq!(heads.len(), waits.len() + 1);
    (waits, outcome.expect_err("every answer was a refusal"))
}

/// A server and its client. Threads share nothing.
struct Line {
    runtime: Runtime,
    listener: TcpListener,
    client: Client,
    recorded: Arc<Mutex<Recorded>>,
}

thread_local! {
    static LINE: Line = Line::open();
}

/// A clock on which waits take no time and are recorded.
struct RecordingClock {
    started: Instant,
    recorded: Arc<Mutex<Recorded>>,
}

#[derive(Default)]
struct Recorded {
    /// Since they were last taken.
    waits: Vec<Duration>,
    elapsed: Duration,
}

impl Clock for RecordingClock {
    fn now(&self) -> SystemTime {
        // 6 November 1994, 08:49:37.
        SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777)
    }

    fn instant(&self) -> Instant {
        self.started + self.recorded.lock().expect("nothing panicked").elapsed
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut recorded = self.recorded.lock().expect("nothing panicked");
        recorded.waits.push(duration);
        recorded.elapsed += duration;
        Box::pin(std::future::ready(()))
    }
}

impl Line {
    fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .expect("a free port");
        let address = listener.local_addr().expect("the port");
        let recorded = Arc::new(Mutex::new(Recorded::default()));
        let retry = RetryPolicy::default()
            .max_attempts(2)
            .max_delay(LONGEST_WAIT)
            .jitter(|| 0.0);
        let client = Client::builder()
            .base_url(format!("http://{address}/v1"))
            .token(TOKEN)
            // Each answer may leave its connection in any state.
            .configure_http_client(|http| http.pool_max_idle_per_host(0))
            .retry(retry)
            .clock(RecordingClock {
                started: Instant::now(),
                recorded: Arc::clone(&recorded),
            })
            .build()
            .expect("a client");
        Self {
            runtime,
            listener,
            client,
            recorded,
        }
    }
}

/// What a call came to, the heads of its requests, and the waits between them.
struct Served<T> {
    heads: Vec<String>,
    waits: Vec<Duration>,
    outcome: T,
}

/// Makes `call`, and answers every request with `answer`, after which the connection is closed.
fn served<T>(answer: &[u8], call: impl AsyncFnOnce(&Client) -> T) -> Served<T> {
    LINE.with(|line| {
        // Long enough for the client to forget what the last input taught it about rates.
        line.recorded.lock().expect("nothing panicked").elapsed += Duration::from_secs(3600);
        line.runtime.block_on(async {
            let mut heads = Vec::new();
            let serve = async {
                loop {
                    let (mut stream, _) = line.listener.accept().await.expect("a connection");
                    let head = request(&mut stream).await;
                    if !head.is_empty() {
                        heads.push(head);
                    }
                    // The client may have seen enough before the end.
                    let _ = stream.write_all(answer).await;
                    let _ = stream.shutdown().await;
                }
            };
            let outcome = tokio::select! {
                outcome = call(&line.client) => outcome,
                () = serve => unreachable!("the server goes on"),
            };
            let waits = std::mem::take(&mut line.recorded.lock().expect("nothing panicked").waits);
            Served {
                heads,
                waits,
                outcome,
            }
        })
    })
}

/// Reads a request to its end, and gives its head.
async fn request(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&read[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                let named = name.eq_ignore_ascii_case("content-length");
                named.then(|| value.trim().parse::<usize>().ok()).flatten()
            });
            if read.len() >= end + 4 + length.unwrap_or_default() {
                return head;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return String::new(),
            Ok(count) => read.extend_from_slice(&buffer[..count]),
        }
    }
}
