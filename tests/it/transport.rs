//! How a client connects: its user agent, its proxies, and an HTTP client of the caller's own.

use std::sync::Arc;
use std::time::Duration;

use people_fake::ClosedPort;
use people_sdk::types::PersonUpdate;
use people_sdk::{Client, ErrorKind, RefreshToken, RetryPolicy};
use serde_json::json;
#[cfg(target_os = "linux")]
use tokio::net::{TcpSocket, TcpStream};

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::support::fault_server::{Answer, FaultServer, Reply, answer};
use crate::support::process::{is_alone, run_alone};
use crate::support::virtual_clock::VirtualClock;

const ID: &str = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8x";

fn good() -> Answer {
    answer(200).json(json!({ "id": "x" }))
}

/// A caller's own HTTP client, with a TLS configuration of its own: reqwest panics where neither this
/// nor the process has a TLS provider.
fn http_client() -> reqwest::ClientBuilder {
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder()
        .no_proxy()
        .tls_backend_preconfigured(tls)
}

#[test]
fn a_client_is_shared_between_threads() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    fn sent<T: Send + Sync + 'static>() {}
    shared::<Client>();
    sent::<people_sdk::ClientBuilder>();
    sent::<people_sdk::RetryPolicy>();
    sent::<people_sdk::Error>();
    sent::<people_sdk::Edit>();
}

/// This test only has to compile. Of the other calls, the types in `faults` say the same.
#[expect(dead_code, reason = "it need not run")]
fn an_edit_can_be_sent_to_another_thread(client: &Client) -> impl Future + Send {
    client.edit_person(ID, |_| {}).into_future()
}

#[tokio::test]
async fn a_client_names_itself_and_its_caller() {
    let server = FaultServer::script(vec![good().into()]).await;
    let client = Client::builder()
        .base_url(server.base_url())
        .token("t")
        .user_agent("staff-sync/1.4")
        .build()
        .unwrap();
    client.get_my_own_details().send().await.unwrap();
    let expected = concat!("staff-sync/1.4 people-sdk/", env!("CARGO_PKG_VERSION"));
    assert_eq!(server.seen()[0].header("user-agent"), Some(expected));
    let error = Client::builder()
        .token("t")
        .user_agent("two\nlines")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn a_write_that_the_http_client_redirected_is_an_error() {
    let elsewhere = FaultServer::script(vec![good().into()]).await;
    let elsewhere_url = format!("{}/people/x", elsewhere.base_url());
    for target in ["/v1/people/x".to_owned(), elsewhere_url] {
        let mut requests = 0;
        let server = FaultServer::start(move |_| {
            requests += 1;
            match requests {
                1 => answer(303).header("Location", &*target).into(),
                _ => good().into(),
            }
        })
        .await;
        let client = Client::builder()
            .base_url(server.base_url())
            .token("t")
            .http_client(http_client().build().unwrap())
            .build()
            .unwrap();
        let update = client.update_person().person_id(ID);
        let error = update
            .body(PersonUpdate::default())
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirected);
        assert!(error.may_have_taken_effect());
        assert!(!error.to_string().contains("/people/"), "{error}");
    }
    // reqwest has left the token out, as the client could not.
    assert_eq!(elsewhere.seen()[0].header("authorization"), None);
}

/// The HTTP client has sent the update before it failed to follow the redirect.
#[tokio::test]
async fn a_write_redirected_to_a_closed_port_may_have_taken_effect() {
    let closed = ClosedPort::reserve().unwrap();
    let location = format!("{}/people/x", closed.base_url());
    let reply = answer(303).header("Location", location);
    let server = FaultServer::script(vec![reply.into()]).await;
    let client = Client::builder()
        .base_url(server.base_url())
        .token("t")
        .retry(RetryPolicy::none())
        .http_client(http_client().build().unwrap())
        .build()
        .unwrap();
    let update = client.update_person().person_id(ID);
    let error = update
        .body(PersonUpdate::default())
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.may_have_taken_effect(), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn settings_of_the_caller_are_added_to_those_of_the_builder() {
    let server = FaultServer::script(vec![answer(302).header("Location", "/").into()]).await;
    let client = Client::builder()
        .base_url(server.base_url())
        .token("t")
        .user_agent("staff-sync/1.4")
        .configure_http_client(|http| {
            let headers = [("x-team", "hr")].map(|(name, value)| {
                (
                    reqwest::header::HeaderName::from_static(name),
                    reqwest::header::HeaderValue::from_static(value),
                )
            });
            http.default_headers(headers.into_iter().collect())
                .redirect(reqwest::redirect::Policy::default())
        })
        .build()
        .unwrap();
    let error = client.get_my_own_details().send().await.unwrap_err();
    // Redirects stay off.
    assert_eq!(error.kind(), ErrorKind::Redirected);
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].header("x-team"), Some("hr"));
    assert!(
        seen[0]
            .header("user-agent")
            .unwrap()
            .starts_with("staff-sync/1.4 ")
    );
}

/// On Linux, a listener that accepts no connection and whose queue is full does not respond to a
/// connection request.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_is_not_accepted_ends_with_the_connect_timeout() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let _first_in_the_queue = TcpStream::connect(address).await.unwrap();
    let client = Client::builder()
        .base_url(format!("http://{address}/v1"))
        .token("t")
        .retry(RetryPolicy::none())
        .connect_timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = client.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(!error.may_have_reached_service());
}

#[tokio::test]
async fn a_shorter_timeout_of_the_http_client_ends_the_attempt() {
    let server = FaultServer::script(vec![Reply::NoResponse]).await;
    let http_client = http_client()
        .timeout(Duration::from_secs(20))
        .build()
        .unwrap();
    let client = Client::builder()
        .base_url(server.base_url())
        .token("t")
        .retry(RetryPolicy::none())
        .http_client(http_client)
        .build()
        .unwrap();
    let error = client.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(
        error.to_string(),
        "getMyOwnDetails: there was no response within the time limit of the HTTP client"
    );
}

#[tokio::test]
async fn a_proxy_is_taken_from_the_environment_but_not_for_plain_http() {
    let proxy = FaultServer::script(vec![answer(403).into()]).await;
    let service = FaultServer::script(vec![good().into()]).await;
    let proxy_url = proxy.base_url();
    let proxy_url = proxy_url.trim_end_matches("/v1");
    let names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"];
    let mut environment: Vec<(&str, &str)> = names.map(|name| (name, proxy_url)).into();
    let service_url = service.base_url();
    environment.push((SERVICE, &service_url));
    run_alone(WITH_A_PROXY, &environment).await;
    // A tunnel is asked for, which carries the token under TLS.
    let seen = proxy.seen();
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(seen[0].method, "CONNECT");
    assert_eq!(seen[0].target, "people.example:443");
    assert_eq!(seen[0].header("authorization"), None);
    let paths: Vec<_> = service.seen().into_iter().map(|r| r.target).collect();
    assert_eq!(paths, ["/v1/people/me", "/v1/access_token"]);
}

const WITH_A_PROXY: &str = "transport::a_process_with_a_proxy";

/// The variable with the URL of the service.
const SERVICE: &str = "SERVICE_OF_THE_TEST";

#[tokio::test]
#[ignore = "run by another test, in a process with a proxy"]
async fn a_process_with_a_proxy() {
    if !is_alone(WITH_A_PROXY) {
        return;
    }
    let client = |url: &str| Client::builder().base_url(url).token("t").build().unwrap();
    let service = std::env::var(SERVICE).unwrap();
    client(&service).get_my_own_details().send().await.unwrap();
    let tunnelled = client("https://people.example/v1");
    let error = tunnelled.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    // The proxy would refuse once more.
    assert_eq!(error.attempts(), 1);
    let text = error.to_string();
    assert!(text.contains("refuses to connect to"), "{text}");
    assert!(text.contains("people.example:443"), "{text}");
    // A renewal on loopback, beside a service under TLS.
    let refresh_token = RefreshToken::new("id", "client-secret", "refresh-secret")
        .token_url(format!("{service}/access_token"));
    let client = Client::builder().refresh_token(refresh_token).build();
    let error = client.unwrap().get_my_own_details().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
}

const WITH_A_BAD_PROXY: &str = "transport::a_process_with_a_bad_proxy";

/// The variable with the base URL, and the one with what the error has to contain.
const BASE_URL: &str = "BASE_URL_OF_THE_TEST";
const EXPECTED: &str = "TEXTS_OF_THE_TEST";

#[tokio::test]
async fn a_fault_of_a_proxy_is_named_without_its_password() {
    const SERVICE: &str = "https://people.example/v1";

    let reserved = ClosedPort::reserve().unwrap();
    let closed = reserved.address();
    let local = format!("https://{closed}/v1");
    // the proxy's status, the base URL, what the variable names, the number of attempts, texts
    let rows = [
        (
            Some(407),
            SERVICE,
            None,
            1,
            "requires a user name and a password|(407)|HTTPS_PROXY",
        ),
        (
            Some(403),
            SERVICE,
            None,
            1,
            "refuses to connect|NO_PROXY|HTTPS_PROXY",
        ),
        (
            None,
            SERVICE,
            Some(format!("socks5://u:secret@{closed}")),
            1,
            "HTTPS_PROXY is set|unset it",
        ),
        (
            None,
            &*local,
            Some("http//u:secret@:".to_owned()),
            1,
            "HTTPS_PROXY is set|unset it",
        ),
        // It can be there later.
        (
            None,
            SERVICE,
            Some(format!("http://u:secret@{closed}")),
            4,
            "through the proxy",
        ),
    ];
    for (status, base_url, variable, attempts, texts) in rows {
        let proxy = FaultServer::script(vec![answer(status.unwrap_or(500)).into()]).await;
        let authority = proxy.base_url().replace("http://", "").replace("/v1", "");
        let variable = variable.unwrap_or_else(|| format!("http://u:secret@{authority}"));
        let name = if status.is_some() { &*authority } else { "" };
        let service = base_url
            .trim_start_matches("https://")
            .trim_end_matches("/v1");
        let expected = format!("{texts}|{name}|{service}|{attempts} attempts");
        let environment = [
            ("HTTPS_PROXY", &*variable),
            (BASE_URL, base_url),
            (EXPECTED, &*expected),
        ];
        run_alone(WITH_A_BAD_PROXY, &environment).await;
    }
}

#[tokio::test]
#[ignore = "run by another test, in a process with a proxy"]
async fn a_process_with_a_bad_proxy() {
    if !is_alone(WITH_A_BAD_PROXY) {
        return;
    }
    let client = Client::builder()
        .base_url(std::env::var(BASE_URL).unwrap())
        .token("t")
        .clock(VirtualClock::start())
        .build()
        .unwrap();
    let error = client.get_my_own_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    let text = format!("{error} {error:?} {} attempts", error.attempts());
    assert!(!text.contains("secret"), "{text}");
    for expected in std::env::var(EXPECTED).unwrap().split('|') {
        assert!(text.contains(expected), "{expected:?} is not in {text}");
    }
}
