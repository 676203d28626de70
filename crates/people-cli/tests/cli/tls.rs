//! `--ca-file`: the certificates that are trusted besides the system's.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::support::People;

const RESPONSE: &[u8] =
    b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n{\"id\":\"x\"}";

/// A service behind TLS: its base URL, and its own certificate in PEM form.
async fn service() -> (String, String) {
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
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust the certificate ends the connection here.
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                    break;
                }
            }
            let _ = stream.write_all(RESPONSE).await;
            let _ = stream.shutdown().await;
        }
    });
    (format!("https://localhost:{port}/v1"), cert.pem())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_trusted_by_the_file_with_its_issuer() {
    let (base_url, certificate) = service().await;
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in [("ca.pem", &*certificate), ("other.pem", "no certificate")] {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    let people = |file: Option<&'static str>| {
        let mut arguments = vec!["get", "x", "-o", "ndjson"];
        arguments.extend(file.map(|_| "--ca-file"));
        arguments.extend(file);
        People::new(&arguments)
            .env("WEBEX_BASE_URL", &base_url)
            .env("WEBEX_ACCESS_TOKEN", "t")
            .current_dir(directory.path())
            .run()
    };
    let trusting = people(Some("ca.pem")).await;
    assert_eq!(trusting.code, Some(0), "{trusting}");
    assert_eq!(trusting.stdout, "{\"id\":\"x\"}\n");

    // The message says what to do.
    let distrusting = people(None).await;
    assert_eq!(distrusting.code, Some(7), "{distrusting}");
    for expected in ["certificate", "--ca-file", "localhost:"] {
        assert!(distrusting.stderr.contains(expected), "{distrusting}");
    }
    for file in ["missing.pem", "other.pem"] {
        let output = people(Some(file)).await;
        assert_eq!(output.code, Some(2), "{output}");
        assert!(output.stderr.contains(file), "{output}");
    }
}
