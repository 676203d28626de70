//! A port at which no server listens, for tests of what happens without a connection.

use std::net::SocketAddr;

use tokio::net::TcpSocket;

/// A socket that has a port and does not listen: connections to it are refused. A port that is
/// merely released may be given to the server of another test.
pub(crate) struct ClosedPort {
    address: SocketAddr,
    _socket: TcpSocket,
}

impl ClosedPort {
    pub(crate) fn reserve() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket
            .bind(([127, 0, 0, 1], 0).into())
            .expect("an unused port");
        Self {
            address: socket.local_addr().expect("an address"),
            _socket: socket,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}
