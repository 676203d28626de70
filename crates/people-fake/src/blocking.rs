//! The service for a test without an async runtime: it runs on a thread of its own.

use std::fmt;
use std::io;
use std::ops::Deref;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::server::{Builder, FakePeople};

/// A running service on a thread of its own. It stops when this is dropped.
///
/// It has the methods of [`FakePeople`] that need no runtime: all but [`FakePeople::wait`] and
/// [`FakePeople::stop`].
///
/// # Examples
///
/// A test of a program, or with a client that blocks:
///
/// ```
/// use std::io::{Read, Write};
/// use std::net::TcpStream;
///
/// use people_fake::{ADMIN_TOKEN, FakePeople};
///
/// let fake = FakePeople::blocking()?;
///
/// let mut stream = TcpStream::connect(fake.address())?;
/// write!(
///     stream,
///     "GET /v1/people/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
///      Authorization: Bearer {ADMIN_TOKEN}\r\n\r\n"
/// )?;
/// let mut response = String::new();
/// stream.read_to_string(&mut response)?;
///
/// assert!(response.starts_with("HTTP/1.1 200"));
/// assert_eq!(fake.requests()[0].path, "/v1/people/me");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct BlockingFakePeople {
    fake: FakePeople,
    /// Dropping it ends the thread.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for BlockingFakePeople {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fake.fmt(f)
    }
}

impl Deref for BlockingFakePeople {
    type Target = FakePeople;

    fn deref(&self) -> &FakePeople {
        &self.fake
    }
}

impl Drop for BlockingFakePeople {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It returns nothing, and its panic would have been reported when it happened.
            let _ = thread.join();
        }
    }
}

impl FakePeople {
    /// [`FakePeople::start`] for a test without an async runtime. [`Builder::start_blocking`] starts
    /// one with other settings.
    ///
    /// # Errors
    ///
    /// No port can be opened.
    ///
    /// # Examples
    ///
    /// ```
    /// let fake = people_fake::FakePeople::blocking()?;
    /// println!("{} {}", fake.base_url(), people_fake::ADMIN_TOKEN);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn blocking() -> io::Result<BlockingFakePeople> {
        Self::builder().start_blocking()
    }
}

impl Builder {
    /// [`Builder::start`] for a test without an async runtime.
    ///
    /// # Errors
    ///
    /// As [`Builder::start`]; also, no thread can be started.
    ///
    /// # Examples
    ///
    /// ```
    /// let fake = people_fake::FakePeople::builder()
    ///     .token("my-token", people_fake::MEMBER)
    ///     .start_blocking()?;
    /// # drop(fake);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn start_blocking(self) -> io::Result<BlockingFakePeople> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (started, start) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::Builder::new()
            .name("people-fake".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    // The receiver waits below.
                    let _ = started.send(self.start().await);
                    // The sender is dropped, and sends nothing.
                    let _ = stopped.await;
                });
            })?;
        let fake = start
            .recv()
            .map_err(|_| io::Error::other("the thread of the service has ended"))??;
        Ok(BlockingFakePeople {
            fake,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}
