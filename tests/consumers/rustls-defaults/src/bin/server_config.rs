//! Calls `ServerConfig::builder()` before anything else, as most programs do that serve TLS. With the
//! argument `install`, a default provider is installed first.
#![forbid(unsafe_code)]

use rustls::crypto::aws_lc_rs;
use rustls_defaults::{Client, Outcome, Server};

fn main() -> Outcome {
    if std::env::args().nth(1).as_deref() == Some("install") {
        let installed = aws_lc_rs::default_provider().install_default();
        installed.map_err(|_| "the process has a default provider already")?;
    }
    let server = Server::bind()?;
    let (port, pem) = (server.port()?, server.pem());
    server.serve()?;
    Client::new(port, &pem)?.call()
}
