//! A server that does what HTTP libraries do not allow: it answers with any bytes, closes sockets
//! half-way, and stalls. It records every request.

use std::borrow::Borrow;
use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// With the query.
    pub(crate) target: String,
    /// With the names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(found, _)| found == name);
        header.map(|(_, value)| value.as_str())
    }
}

/// How much time passes when the server stalls: more than an attempt has by default. It passes on
/// the runtime's clock, at once, and only after what the client has to do before: no machine is too
/// slow for that.
pub(crate) const STALL: Duration = Duration::from_secs(31);

/// How many turns of the runtime the client has for reading what the server has sent. On loopback
/// all of it is in the client's socket once it is written, and two or three turns are enough.
const TURNS: usize = 100;

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Answer(Answer),
    /// Closes the connection with a reset, before a byte of an answer.
    ResetBeforeHead,
    /// Sends the head and half of the body, and resets the connection.
    ResetInBody(Answer),
    /// Sends the head and half of the body, and no more; [`STALL`] passes once they are read.
    StallInBody(Answer),
    /// Sends nothing, and leaves the connection open; [`STALL`] passes once the request is read.
    NoResponse,
}

/// An answer in HTTP/1.1.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    /// Without `Content-Length`, as a body of unknown length is sent.
    chunked: bool,
}

/// An answer with `status` and nothing else.
pub(crate) fn answer(status: u16) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body: Vec::new(),
        chunked: false,
    }
}

impl Answer {
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("Content-Type", media_type)
    }

    pub(crate) fn json(self, body: impl Borrow<serde_json::Value>) -> Self {
        self.body("application/json", body.borrow().to_string())
    }

    pub(crate) fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} Words\r\nConnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if self.chunked {
            head.push_str("Transfer-Encoding: chunked\r\n");
        } else if self.status != 204 {
            let _ = write!(head, "Content-Length: {}\r\n", self.body.len());
        }
        head.push_str("\r\n");
        head
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

/// The server. It stops when this is dropped.
pub(crate) struct FaultServer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl FaultServer {
    /// Answers with the replies of `script` in order, and repeats the last.
    pub(crate) async fn script(script: Vec<Reply>) -> Self {
        assert!(!script.is_empty(), "a script has at least one reply");
        let mut number = 0;
        Self::start(move |_| {
            let reply = script[number.min(script.len() - 1)].clone();
            number += 1;
            reply
        })
        .await
    }

    /// Answers each request with what `reply` returns for it.
    pub(crate) async fn start(reply: impl FnMut(&Seen) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let reply = Arc::new(Mutex::new(reply));
        let record = seen.clone();
        let task = tokio::spawn(async move {
            // Dropped with this task, and every connection with it.
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let record = record.clone();
                let reply = reply.clone();
                connections.spawn(async move {
                    // In many tests, the client closes the connection.
                    let _ = serve(stream, |request| {
                        record
                            .lock()
                            .expect("no test has panicked")
                            .push(request.clone());
                        (reply.lock().expect("no test has panicked"))(&request)
                    })
                    .await;
                });
            }
        });
        Self {
            address,
            seen,
            task,
        }
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no test has panicked").clone()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, reply: impl FnOnce(Seen) -> Reply) -> io::Result<()> {
    let request = read(&mut stream).await?;
    match reply(request) {
        Reply::Answer(answer) => {
            stream.write_all(answer.head().as_bytes()).await?;
            if answer.chunked {
                for chunk in answer.body.chunks(64 * 1024) {
                    let size = format!("{:x}\r\n", chunk.len());
                    stream.write_all(size.as_bytes()).await?;
                    stream.write_all(chunk).await?;
                    stream.write_all(b"\r\n").await?;
                }
                stream.write_all(b"0\r\n\r\n").await?;
            } else {
                stream.write_all(&answer.body).await?;
            }
            stream.shutdown().await
        }
        Reply::ResetBeforeHead => stream.set_zero_linger(),
        Reply::ResetInBody(answer) => {
            half(&mut stream, &answer).await?;
            // The client reads what has arrived before the reset.
            tokio::task::yield_now().await;
            stream.set_zero_linger()
        }
        Reply::StallInBody(answer) => {
            half(&mut stream, &answer).await?;
            for _ in 0..TURNS {
                tokio::task::yield_now().await;
            }
            stall(stream).await
        }
        Reply::NoResponse => stall(stream).await,
    }
}

async fn half(stream: &mut TcpStream, answer: &Answer) -> io::Result<()> {
    stream.write_all(answer.head().as_bytes()).await?;
    stream
        .write_all(&answer.body[..answer.body.len() / 2])
        .await?;
    stream.flush().await
}

/// Lets [`STALL`] pass and waits until the client has closed its end. A client that does not, though
/// its time is over, loses the connection.
async fn stall(mut stream: TcpStream) -> io::Result<()> {
    tokio::time::pause();
    tokio::time::advance(STALL).await;
    tokio::time::resume();
    let mut rest = [0; 64];
    let closed = async {
        while stream.read(&mut rest).await? > 0 {}
        Ok(())
    };
    tokio::time::timeout(STALL, closed).await.unwrap_or(Ok(()))
}

async fn read(stream: &mut TcpStream) -> io::Result<Seen> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let mut body = bytes.split_off(head + 4);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines = text.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let mut word = || words.next().unwrap_or_default().to_owned();
    let mut seen = Seen {
        method: word(),
        target: word(),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        body: Vec::new(),
    };
    let length = seen.header("content-length").map(str::parse);
    let length = length.and_then(Result::ok).unwrap_or(0_usize);
    while body.len() < length {
        if stream.read_buf(&mut body).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    seen.body = body;
    Ok(seen)
}
