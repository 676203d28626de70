//! What protects the fake: the check of the host name, and the time limit of a request head.

use std::time::Duration;

use people_fake::{ADMIN_TOKEN, FakePeople};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::RequestBuilder;

#[tokio::test]
async fn host_names_other_than_loopback_are_misdirected() {
    let fake = FakePeople::builder().contract("paths: {}").start();
    let fake = fake.await.unwrap();
    let status = async |fake: &FakePeople, target: &str, host: &str| {
        let request = RequestBuilder::at(fake, "GET", target)
            .header("host", host)
            .header("authorization", &format!("Bearer {ADMIN_TOKEN}"));
        request.send().await.unwrap().status
    };
    for (host, expected) in [
        ("127.0.0.1", 200),
        ("127.8.0.1:80", 200),
        ("[::1]:8080", 200),
        ("LocalHost:1", 200),
        ("people.localhost", 200),
        ("localhost.example.com", 421),
        ("notlocalhost", 421),
        ("192.168.0.1", 421),
        ("[::2]", 421),
        ("example.com:80", 421),
        ("not a host", 421),
        ("", 421),
    ] {
        assert_eq!(
            status(&fake, "/v1/people/me", host).await,
            expected,
            "{host}"
        );
    }
    // The reference and a target with a host of its own are no way around it.
    assert_eq!(status(&fake, "/openapi.yaml", "localhost").await, 200);
    assert_eq!(status(&fake, "/openapi.yaml", "example.com").await, 421);
    let absolute = "http://example.com/v1/people/me";
    assert_eq!(status(&fake, absolute, "localhost").await, 421);

    let open = FakePeople::builder().allow_remote(true).start();
    let open = open.await.unwrap();
    assert_eq!(status(&open, "/v1/people/me", "example.com").await, 200);
}

#[tokio::test]
async fn connection_without_a_complete_head_ends_after_the_header_timeout() {
    let limit = Duration::from_millis(100);
    let fake = FakePeople::builder().header_timeout(limit).start();
    let fake = fake.await.unwrap();
    let stream = tokio::net::TcpStream::connect(fake.address()).await;
    let mut stream = stream.unwrap();
    stream
        .write_all(b"GET /v1/people/me HTTP/1.1\r\nhost: ")
        .await
        .unwrap();
    let mut received = Vec::new();
    // It ends by itself, with or without a reset.
    let _ = stream.read_to_end(&mut received).await;
    assert!(received.is_empty(), "{received:?}");
    assert!(fake.requests().is_empty());
}
