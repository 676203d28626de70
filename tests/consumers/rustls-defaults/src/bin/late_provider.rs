//! Installs AWS-LC as the default provider after the client was built. That fails if the client has
//! installed one for the process.
#![forbid(unsafe_code)]

use rustls::crypto::aws_lc_rs;
use rustls_defaults::{Client, Outcome, Server};

fn main() -> Outcome {
    let server = Server::bind()?;
    let client = Client::new(server.port()?, &server.pem())?;
    let installed = aws_lc_rs::default_provider().install_default();
    installed.map_err(|_| "the client has installed a default provider for the process")?;
    server.serve()?;
    client.call()
}
