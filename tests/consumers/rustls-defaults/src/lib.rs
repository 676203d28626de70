//! A server behind TLS that answers every request with a person, and a call of it: with the SDK where
//! the program has it, else with rustls. Which provider is in use is decided by the programs.
#![forbid(unsafe_code)]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;

use rcgen::{CertifiedKey, KeyPair};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What `main` of a program returns.
pub type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A port with a certificate for `localhost`, before it is served.
pub struct Server {
    listener: TcpListener,
    certificate: CertifiedKey<KeyPair>,
}

impl Server {
    /// Opens a free loopback port.
    pub fn bind() -> Result<Self, Box<dyn std::error::Error>> {
        Ok(Self {
            listener: TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?,
            certificate: rcgen::generate_simple_self_signed(["localhost".to_owned()])?,
        })
    }

    /// The port.
    pub fn port(&self) -> Result<u16, std::io::Error> {
        Ok(self.listener.local_addr()?.port())
    }

    /// The certificate in PEM form.
    pub fn pem(&self) -> String {
        self.certificate.cert.pem()
    }

    /// Answers one request, on a thread of its own. `ServerConfig::builder()` takes the default
    /// provider of the process, and panics when rustls cannot tell which one that is.
    pub fn serve(self) -> Outcome {
        let key = self.certificate.signing_key.serialize_der();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![self.certificate.cert.der().clone()],
                key.try_into()?,
            )?;
        let config = Arc::new(config);
        std::thread::spawn(move || {
            for stream in self.listener.incoming() {
                // A failure shows at the client.
                let _ = stream.map(|stream| answer(stream, Arc::clone(&config)));
            }
        });
        Ok(())
    }
}

fn answer(stream: TcpStream, config: Arc<ServerConfig>) -> Outcome {
    let mut stream = StreamOwned::new(ServerConnection::new(config)?, stream);
    let mut request = Vec::new();
    let mut buffer = [0; 1024];
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            length => request.extend_from_slice(&buffer[..length]),
        }
    }
    stream.write_all(
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n{\"id\":\"x\"}",
    )?;
    stream.conn.send_close_notify();
    stream.flush()?;
    Ok(())
}

/// A client of the SDK, or of rustls where the program is built without.
#[cfg(feature = "people-sdk")]
pub struct Client(people_sdk::Client);

#[cfg(feature = "people-sdk")]
impl Client {
    /// A client that trusts this server.
    pub fn new(port: u16, pem: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let client = people_sdk::Client::builder()
            .base_url(format!("https://localhost:{port}/v1"))
            .token("t")
            .root_certificate(pem)
            .build()?;
        Ok(Self(client))
    }

    /// Calls the server.
    pub fn call(self) -> Outcome {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let person = runtime.block_on(self.0.get_my_own_details().send())?;
        println!("people-sdk read {} over TLS", person.id);
        Ok(())
    }
}

/// A client of the SDK, or of rustls where the program is built without.
#[cfg(not(feature = "people-sdk"))]
pub struct Client {
    port: u16,
    pem: String,
}

#[cfg(not(feature = "people-sdk"))]
impl Client {
    /// A client that trusts this server.
    pub fn new(port: u16, pem: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let pem = pem.to_owned();
        Ok(Self { port, pem })
    }

    /// Calls the server.
    pub fn call(self) -> Outcome {
        use rustls::pki_types::CertificateDer;
        use rustls::pki_types::pem::PemObject;
        use rustls::{ClientConfig, ClientConnection, RootCertStore};

        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.pem.as_bytes())?)?;
        let config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connection = ClientConnection::new(Arc::new(config), "localhost".try_into()?)?;
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        let mut stream = StreamOwned::new(connection, stream);
        stream.write_all(b"GET /v1/people/me HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        let status = response.lines().next().unwrap_or_default();
        println!("rustls read {status} over TLS");
        Ok(())
    }
}
