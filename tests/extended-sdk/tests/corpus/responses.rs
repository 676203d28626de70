//! What operations answer with: media types, statuses, and values that are no objects.

use people_sdk_extended::Error;
use people_sdk_extended::types::{CorpusResponseUnionResponse, CorpusSeveralSuccessesResponse};
use people_sdk_extended::{ByteStream, ResponseValue};
use serde_json::json;

use super::call::{Call, Read, read, reads, sends};

/// The whole body of a response that is not JSON.
async fn whole(mut response: ResponseValue<ByteStream>) -> Result<Option<Read>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        bytes.extend(chunk);
    }
    Ok(Some(Read::of_text(String::from_utf8(bytes).unwrap())))
}

/// A success of several, which has no form of its own to write back: that of the value in its variant.
fn several(answer: &CorpusSeveralSuccessesResponse) -> Read {
    use CorpusSeveralSuccessesResponse as Answer;
    match answer {
        Answer::Status200(old) => read(old, |old| old.name == "n"),
        Answer::Status201(new) => read(new, |new| new.id == "i"),
        Answer::Status204 => Read::of_text(String::new()),
        Answer::Status2Xx(list) => read(list, |list| list.len() == 1),
        _ => read(&(), |()| false),
    }
}

/// JSON by other names, and what is no JSON.
pub(crate) fn media_types() -> Vec<Call> {
    vec![
        reads!(
            "any_media_type",
            corpus_any_media_type(),
            r#"{"a":"x"}"#,
            |it| { it.a.as_deref() == Some("x") }
        ),
        reads!(
            "json_without_schema",
            corpus_json_without_schema(),
            r#"[{"a":null}]"#,
            |it| { *it == json!([{ "a": null }]) }
        ),
        Call::new("response_bytes", 200, "\0not JSON", |client| {
            Box::pin(async move { whole(client.corpus_response_bytes().await?).await })
        })
        .header("accept", "application/octet-stream"),
        Call::new("response_plain_text", 200, "not JSON", |client| {
            Box::pin(async move { whole(client.corpus_response_plain_text().await?).await })
        })
        .header("accept", "text/plain"),
    ]
}

/// Statuses, each with the value that the document describes.
pub(crate) fn statuses() -> Vec<Call> {
    const JSON: &str = "application/json";
    let several = |status, body| {
        let call = Call::new("several_successes", status, body, |client| {
            Box::pin(async move { Ok(Some(several(&*client.corpus_several_successes().await?))) })
        });
        call.request("POST /corpus/several-successes")
            .header("accept", JSON)
    };
    vec![
        reads!(
            "empty_beside_json",
            corpus_empty_beside_json(),
            r#"{"a":"x"}"#,
            Option::is_some
        ),
        reads!(
            "empty_beside_json",
            corpus_empty_beside_json(),
            "",
            Option::is_none
        )
        .status(204)
        .written("null"),
        reads!("extensions", corpus_extensions(), r#""v""#, |it| it == "v"),
        sends!("redirect", corpus_redirect()).status(302),
        reads!("redirect", corpus_redirect_or_value(), r#""v""#, |it| it
            .as_deref()
            == Some("v"))
        .request("POST /corpus/redirect"),
        sends!("redirect", corpus_no_redirect()).request("PUT /corpus/redirect"),
        sends!("response_accepted", corpus_response_accepted()).status(202),
        reads!(
            "response_created",
            corpus_response_created(),
            r#""x""#,
            |it| it == "x"
        )
        .status(201),
        reads!(
            "response_default",
            corpus_response_default(),
            r#""x""#,
            |it| it == "x"
        )
        .status(203),
        reads!(
            "response_errors",
            corpus_response_errors(),
            r#""x""#,
            |it| it == "x"
        ),
        reads!(
            "response_inline",
            corpus_response_inline(),
            r#"{"a":"x"}"#,
            |it| { it.a.as_deref() == Some("x") }
        ),
        reads!(
            "response_integer",
            corpus_response_integer(),
            "-5",
            |it| *it == -5
        ),
        reads!(
            "response_list",
            corpus_response_list(),
            r#"["x",""]"#,
            |it| it.len() == 2
        ),
        reads!(
            "response_map",
            corpus_response_map(),
            r#"{"a":"x"}"#,
            |it| it["a"] == "x"
        ),
        reads!(
            "response_nullable",
            corpus_response_nullable(),
            "null",
            Option::is_none
        ),
        reads!(
            "response_nullable",
            corpus_response_nullable(),
            r#""x""#,
            |it| it.as_deref() == Some("x")
        ),
        reads!(
            "response_union",
            corpus_response_union(),
            "[1,2.5]",
            |it| matches!(it, CorpusResponseUnionResponse::List(list) if *list == [1.0, 2.5])
        ),
        reads!("response_union", corpus_response_union(), "5", |it| {
            matches!(it, CorpusResponseUnionResponse::Other(_))
        }),
        reads!("response_range", corpus_response_range(), r#""x""#, |it| it
            == "x")
        .status(206),
        reads!(
            "response_text",
            corpus_response_text(),
            r#""\u00e9\n""#,
            |it| it == "é\n"
        )
        .written(r#""é\n""#),
        several(200, r#"{"name":"n","id":"i"}"#),
        several(201, r#"{"id":"i","name":"n"}"#),
        several(202, r#"["a"]"#),
        several(204, ""),
        reads!(
            "several_successes",
            corpus_same_successes(),
            r#"{"name":"n"}"#,
            |it| it.name == "n"
        )
        .request("GET /corpus/several-successes")
        .status(203),
    ]
}
