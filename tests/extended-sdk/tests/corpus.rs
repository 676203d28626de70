//! The documents in `tests/it/corpus`, one feature each: compiled together with the contract, and
//! called here against a server on loopback. What is sent, what is read, what is written back.
//!
//! Most calls are rows of tables. The other tests are for what one row cannot say: a call that is not sent,
//! a response that is refused, and values of many forms.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "all of this is tests"
)]
#![allow(clippy::too_many_lines, reason = "a table is as long as it has rows")]

#[path = "corpus/answers.rs"]
mod answers;
#[path = "corpus/call.rs"]
mod call;
#[path = "corpus/choices.rs"]
mod choices;
#[path = "corpus/requests.rs"]
mod requests;
#[path = "corpus/responses.rs"]
mod responses;
#[path = "corpus/schemas.rs"]
mod schemas;
#[path = "corpus/server.rs"]
mod server;

use std::collections::BTreeSet;

use call::Call;
use server::Server;

/// The tables.
const TABLES: [fn() -> Vec<Call>; 11] = [
    requests::paths,
    requests::queries,
    requests::headers_and_methods,
    requests::bodies,
    requests::bodies_both_ways,
    requests::names,
    responses::media_types,
    responses::statuses,
    schemas::scalars,
    schemas::collections,
    schemas::objects,
];

#[tokio::test]
async fn each_call_sends_reads_and_writes_back_what_its_document_says() {
    call::run(TABLES.iter().flat_map(|table| table()).collect()).await;
}

#[test]
fn each_accepted_document_has_a_call() {
    let called: BTreeSet<String> = TABLES
        .iter()
        .flat_map(|table| table())
        .map(|call| call.document.to_owned())
        .collect();
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../it/corpus");
    let files = std::fs::read_dir(directory).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let documents: BTreeSet<String> = files
        .filter(|file| file.is_file())
        .map(|file| file.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    assert!(!documents.is_empty());
    assert_eq!(documents, called);
}

#[tokio::test]
async fn a_call_that_cannot_be_right_is_not_sent() {
    let server = Server::start(204, "").await;
    let client = &server.client;
    for (error, expected) in [
        (
            client.corpus_path_text().text("..").await.unwrap_err(),
            "corpusPathText: `text`",
        ),
        (
            client.corpus_path_text().text("").await.unwrap_err(),
            "corpusPathText: `text`",
        ),
        (
            client.corpus_path_text().await.unwrap_err(),
            "corpusPathText: text is required",
        ),
        // Another operation has this path.
        (
            client.corpus_beside_one().id("me").await.unwrap_err(),
            "corpusBesideOne: the path would be that of another operation",
        ),
        (
            client.corpus_query_required().await.unwrap_err(),
            "corpusQueryRequired: q is required",
        ),
        (
            client.corpus_any_of().await.unwrap_err(),
            "corpusAnyOf: body is required",
        ),
        (
            client.corpus_header_enum().x_a("a\nb").await.unwrap_err(),
            "corpusHeaderEnum: `X-A`",
        ),
        (
            client
                .corpus_query_any()
                .q(serde_json::json!([[1]]))
                .await
                .unwrap_err(),
            "corpusQueryAny: `q`",
        ),
        // One item or two: no service could tell.
        (
            client
                .corpus_path_array()
                .ids(vec!["a,b".to_owned()])
                .await
                .unwrap_err(),
            "corpusPathArray: `ids`",
        ),
    ] {
        let error = error.to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    assert_eq!(server.take(), []);
}
