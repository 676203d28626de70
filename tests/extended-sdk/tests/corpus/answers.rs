//! What operations succeed with: statuses, redirects, and bodies of several types; and bodies that are not JSON.

use people_sdk_extended::types::{CorpusFormBody, CorpusSeveralSuccessesResponse as Answer};
use serde_json::json;

use super::Server;

#[tokio::test]
async fn the_status_decides_which_of_several_successes_it_is() {
    let answer = async |status, body| {
        let server = Server::start(status, body).await;
        let answer = server
            .client
            .corpus_several_successes()
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), status);
        assert_eq!(server.sent().header("accept"), Some("application/json"));
        answer.into_inner()
    };
    assert!(
        matches!(answer(200, r#"{"name":"n"}"#).await, Answer::Status200(old) if old.name == "n")
    );
    assert!(matches!(answer(201, r#"{"id":"i"}"#).await, Answer::Status201(new) if new.id == "i"));
    assert!(matches!(answer(204, "").await, Answer::Status204));
    assert!(matches!(answer(202, r#"["a"]"#).await, Answer::Status2Xx(list) if list == ["a"]));

    let server = Server::start(200, r#"{"id":"i"}"#).await;
    let error = server
        .client
        .corpus_several_successes()
        .send()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("missing field `name`"),
        "{error}"
    );
    let server = Server::start(203, r#"{"name":"n"}"#).await;
    let same = server.client.corpus_same_successes().send().await.unwrap();
    assert_eq!(same.name, "n");
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
    assert!(server.client.corpus_no_redirect().send().await.is_err());
    let server = Server::start(200, r#""v""#).await;
    let answer = server
        .client
        .corpus_redirect_or_value()
        .send()
        .await
        .unwrap();
    assert_eq!(answer.into_inner().as_deref(), Some("v"));
    assert_eq!(
        *server.client.corpus_extensions().send().await.unwrap(),
        "v"
    );
}

#[tokio::test]
async fn forms_and_json_in_a_query_are_written_as_such() {
    let server = Server::start(204, "").await;
    let mut body = CorpusFormBody::new("x y");
    body.max = Some(5.0);
    body.tags = Some(vec!["a&b".to_owned(), "ü".to_owned()]);
    server
        .client
        .corpus_form_body()
        .body(body)
        .send()
        .await
        .unwrap();
    let sent = server.sent();
    let media_type = sent.header("content-type");
    assert_eq!(media_type, Some("application/x-www-form-urlencoded"));
    assert_eq!(sent.body, "Max=5&Tags=a%26b&Tags=%C3%BC&To=x+y");

    let call = server.client.corpus_json_in_query().q(json!({ "a": 1 }));
    call.send().await.unwrap();
    let target = server.sent().target;
    assert_eq!(target, "GET /corpus/json-in-query?q=%7B%22a%22%3A1%7D");
    let call = server
        .client
        .corpus_choice_in_parameter()
        .id("n".to_owned())
        .q(json!(["a", "b"]));
    call.send().await.unwrap();
    let target = server.sent().target;
    assert_eq!(target, "GET /corpus/choice-in-parameter/n?q=a&q=b");
}
