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

#[tokio::test(start_paused = true)]
async fn connection_without_a_complete_head_ends_after_the_header_timeout() {
    let limit = Duration::from_secs(3600);
    let fake = FakePeople::builder().header_timeout(limit).start();
    let fake = fake.await.unwrap();
    let stream = tokio::net::TcpStream::connect(fake.address()).await;
    let mut stream = stream.unwrap();
    let start = tokio::time::Instant::now();
    stream
        .write_all(b"GET /v1/people/me HTTP/1.1\r\nhost: ")
        .await
        .unwrap();
    let mut received = Vec::new();
    let mut end = std::pin::pin!(stream.read_to_end(&mut received));
    // Time passes only while nothing else happens, and in steps, so that the limit can start at any
    // of them.
    let mut has_ended = false;
    for _ in 0..1000 {
        // It ends by itself, with or without a reset.
        has_ended = tokio::time::timeout(limit / 10, &mut end).await.is_ok();
        if has_ended {
            break;
        }
    }
    assert!(has_ended);
    assert!(start.elapsed() >= limit, "{:?}", start.elapsed());
    assert!(received.is_empty(), "{received:?}");
    assert!(fake.requests().is_empty());
}
