//! TLS: the certificates that are trusted, and redirects from https to http.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use people_sdk::{Client, ClientBuilder, ErrorKind, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::support::fault_server::{FaultServer, answer};
use crate::support::virtual_clock::VirtualClock;

/// A server behind TLS that gives every request the same response.
struct TlsServer {
    address: SocketAddr,
    /// The server's own certificate, in PEM form.
    certificate: String,
    requests: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl TlsServer {
    async fn start(reply: String) -> Self {
        let rcgen::CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let count = requests.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that does not trust the server closes the connection here.
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                        break;
                    }
                }
                count.fetch_add(1, Ordering::SeqCst);
                let _ = stream.write_all(reply.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        Self {
            address,
            certificate: cert.pem(),
            requests,
            task,
        }
    }

    fn client(&self) -> ClientBuilder {
        Client::builder()
            .base_url(format!("https://localhost:{}/v1", self.address.port()))
            .token("t")
            .retry(RetryPolicy::none())
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

const PERSON: &str =
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n{\"id\":\"x\"}";

/// Another attempt would meet the same certificate.
#[tokio::test]
async fn a_certificate_that_is_not_trusted_ends_the_call_at_once() {
    let server = TlsServer::start(PERSON.to_owned()).await;
    let clock = VirtualClock::start();
    let client = server.client().retry(RetryPolicy::default());
    let client = client.clock(clock.clone()).build().unwrap();
    let error = client.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(error.attempts(), 1);
    assert!(clock.waits().is_empty());
    assert!(!error.may_have_reached_service());
    let text = error.to_string();
    let authority = format!("localhost:{}", server.address.port());
    for expected in [
        &*authority,
        "certificate",
        "root_certificate",
        "SSL_CERT_FILE",
    ] {
        assert!(text.contains(expected), "{text}");
    }
}

#[tokio::test]
async fn given_root_certificate_is_trusted() {
    let server = TlsServer::start(PERSON.to_owned()).await;
    let distrusting = server.client().build().unwrap();
    let error = distrusting.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.may_have_reached_service());
    assert_eq!(server.requests.load(Ordering::SeqCst), 0);
    let trusting = server
        .client()
        .root_certificate(server.certificate.clone())
        .build()
        .unwrap();
    let person = trusting.get_my_own_details().send().await.unwrap();
    assert_eq!(person.id, "x");
    assert_eq!(server.requests.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn redirect_from_https_to_http_is_not_followed() {
    let plain = FaultServer::script(vec![answer(200).into()]).await;
    for status in [301, 302, 307, 308] {
        let server = TlsServer::start(format!(
            "HTTP/1.1 {status} Moved\r\nConnection: close\r\nLocation: {}/people/me\r\n\
             Content-Length: 0\r\n\r\n",
            plain.base_url()
        ))
        .await;
        let client = server
            .client()
            .root_certificate(server.certificate.clone())
            .build()
            .unwrap();
        let error = client.get_my_own_details().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirected);
        assert!(plain.seen().is_empty());
    }
}
