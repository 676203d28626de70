//! What operations succeed with, and what is an error instead.

use super::server::Server;

#[tokio::test]
async fn a_success_is_read_as_its_status_says() {
    let server = Server::start(200, r#"{"id":"i"}"#).await;
    let call = server.client.corpus_several_successes();
    let text = call.await.unwrap_err().to_string();
    assert!(text.contains("missing field `name`"), "{text}");
}

#[tokio::test]
async fn a_listed_redirect_is_an_answer() {
    let server = Server::start(302, "<html>").await;
    let answer = server.client.corpus_redirect().send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 302);
    let answer = server
        .client
        .corpus_redirect_or_value()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.into_inner(), None);
    let text = server.client.corpus_no_redirect().await;
    let text = text.unwrap_err().to_string();
    assert!(text.starts_with("corpusNoRedirect: 302 Found"), "{text}");
}

#[tokio::test]
async fn a_status_that_is_no_success_is_an_error() {
    let server = Server::start(404, r#"{"message":"gone"}"#).await;
    for error in [
        server.client.corpus_response_errors().await.unwrap_err(),
        server.client.corpus_response_default().await.unwrap_err(),
        server.client.corpus_response_range().await.unwrap_err(),
    ] {
        assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
        assert_eq!(error.message(), Some("gone"));
    }
}
