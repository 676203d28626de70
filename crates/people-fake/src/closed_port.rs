//! A port that refuses connections. The service that listens is in `server`.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use tokio::net::TcpSocket;

/// A port on loopback that refuses connections, for tests of a service that cannot be reached.
///
/// It is held until this is dropped. A port that was merely free a moment ago can be the port of another
/// test by now.
///
/// # Examples
///
/// ```
/// use people_fake::ClosedPort;
///
/// let closed = ClosedPort::reserve()?;
/// // Point the program under test to this, and see what it does.
/// assert!(closed.base_url().starts_with("http://127.0.0.1:"));
///
/// let refused = std::net::TcpStream::connect(closed.address()).unwrap_err();
/// assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct ClosedPort {
    address: SocketAddr,
    base_url: String,
    /// It has the port, and does not listen.
    _socket: TcpSocket,
}

impl fmt::Debug for ClosedPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClosedPort")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl ClosedPort {
    /// Takes a port that is not in use. Needs no async runtime.
    ///
    /// # Errors
    ///
    /// There is no such port.
    pub fn reserve() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        let address = socket.local_addr()?;
        Ok(Self {
            address,
            base_url: format!("http://{address}/v1"),
            _socket: socket,
        })
    }

    /// The base URL of a service at this port, in the form of [`FakePeople::base_url`]:
    /// `http://127.0.0.1:PORT/v1`.
    ///
    /// [`FakePeople::base_url`]: crate::FakePeople::base_url
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The address that refuses connections.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}
