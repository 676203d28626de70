//! What is sent: parameters where and as the document says, bodies, methods and tokens.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use people_sdk_extended::builder::MultipartForm;
use people_sdk_extended::types::{
    CorpusAnyOf, CorpusBodyInlineBody, CorpusClash2, CorpusDirections, CorpusForm, CorpusFormBody,
    CorpusHal, CorpusMerged, CorpusNames, CorpusOptional, CorpusPatch, CorpusPet,
    CorpusRequiredWithDefault, CorpusShared, CorpusSince, CorpusTime,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::call::{Call, reads, sends};

fn words() -> Vec<String> {
    ["a", "b"].map(str::to_owned).to_vec()
}

fn value<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap()
}

fn object(json: &str) -> Map<String, Value> {
    value(json)
}

fn time() -> DateTime<Utc> {
    value(r#""2020-01-02T03:04:05Z""#)
}

fn day() -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(2020, 1, 2)
}

/// Parameters in the path.
pub(crate) fn paths() -> Vec<Call> {
    const UUID: &str = "0e984725-c51c-4bf4-9960-e1c80e27aba0";
    vec![
        sends!("path_array", corpus_path_array().ids(words()))
            .request("GET /corpus/path-array/a,b"),
        sends!("path_enum", corpus_path_enum().id("a")).request("GET /corpus/path-enum/a"),
        sends!("path_enum", corpus_path_enum().id("c d")).request("GET /corpus/path-enum/c%20d"),
        sends!("path_integer", corpus_path_integer().id(-5)).request("GET /corpus/path-integer/-5"),
        sends!(
            "path_literal_beside_template",
            corpus_beside_one().id("you")
        )
        .request("GET /corpus/beside/you"),
        sends!("path_literal_beside_template", corpus_beside_me()).request("GET /corpus/beside/me"),
        sends!("path_text", corpus_path_text().text("a b/é"))
            .request("GET /corpus/path-text/a%20b%2F%C3%A9"),
        sends!(
            "path_object",
            corpus_path_object()
                .range(object(r#"{"from":1,"to":2}"#))
                .x_range(object(r#"{"to":3}"#))
        )
        .request("GET /corpus/path-object/from,1,to,2")
        .header("x-range", "to,3"),
        sends!(
            "path_time",
            corpus_path_time()
                .since(value::<CorpusSince>(r#""2020-01-02T03:04:05Z""#))
                .day("2020-01-02")
        )
        .request("GET /corpus/path-time/2020-01-02T03:04:05Z/2020-01-02"),
        sends!("path_trailing_slash", corpus_path_trailing_slash().id("x"))
            .request("GET /corpus/slash/x/"),
        sends!(
            "path_two_in_segment",
            corpus_path_two_in_segment().a("x").b("y")
        )
        .request("GET /corpus/two/x.y"),
        sends!("path_uuid", corpus_path_uuid().id(UUID))
            .request(&format!("GET /corpus/path-uuid/{UUID}")),
        sends!("format_with_bound", corpus_format().id("5")).request("GET /corpus/format/5"),
        sends!(
            "choice_in_parameter",
            corpus_choice_in_parameter()
                .id("n".to_owned())
                .q(json!(["a", "b"]))
        )
        .request("GET /corpus/choice-in-parameter/n?q=a&q=b"),
    ]
}

/// Parameters in the query.
pub(crate) fn queries() -> Vec<Call> {
    vec![
        sends!("path_item_parameters", corpus_item_parameters().a("x").b(5))
            .request("GET /corpus/item-parameters?a=x&b=5"),
        sends!("query_any", corpus_query_any().q(json!("a b")))
            .request("GET /corpus/query-any?q=a+b"),
        sends!("query_any", corpus_query_any().q(json!([1, true])))
            .request("GET /corpus/query-any?q=1&q=true"),
        sends!("query_boolean", corpus_query_boolean().q(false))
            .request("GET /corpus/query-boolean?q=false"),
        sends!("query_boolean", corpus_query_boolean()),
        sends!("query_brackets", corpus_query_brackets().filter_a("x"))
            .request("GET /corpus/query-brackets?filter%5Ba%5D=x"),
        sends!("query_date", corpus_query_date().q(day()))
            .request("GET /corpus/query-date?q=2020-01-02"),
        sends!("query_enum", corpus_query_enum().q("up")).request("GET /corpus/query-enum?q=up"),
        sends!(
            "query_integer_32",
            corpus_query_integer32().q(-2_147_483_648)
        )
        .request("GET /corpus/query-integer-32?q=-2147483648"),
        sends!("query_integer_64", corpus_query_integer64().q(i64::MAX))
            .request("GET /corpus/query-integer-64?q=9223372036854775807"),
        sends!("query_integers", corpus_query_integers().q(vec![1, -2]))
            .request("GET /corpus/query-integers?q=1&q=-2"),
        sends!("query_named_schema", corpus_query_named_schema().q("b"))
            .request("GET /corpus/query-named-schema?q=b"),
        sends!("query_number", corpus_query_number().max(100.0))
            .request("GET /corpus/query-number?max=100"),
        sends!("query_number", corpus_query_number().max(-0.5))
            .request("GET /corpus/query-number?max=-0.5"),
        sends!(
            "query_object",
            corpus_query_object()
                .a(object(r#"{"from":1,"to":"2020-01-02"}"#))
                .b(object(r#"{"from":1.5,"to":"2020-01-02"}"#))
                .c(object(r#"{"to":"2020-01-02"}"#))
        )
        .request(concat!(
            "GET /corpus/query-object?from=1&to=2020-01-02&b=from%2C1.5%2Cto%2C2020-01-02",
            "&c%5Bto%5D=2020-01-02",
        )),
        sends!(
            "query_time",
            corpus_query_time().since(time()).at(vec![time(), time()])
        )
        .request(concat!(
            "GET /corpus/query-time?at=2020-01-02T03%3A04%3A05Z&at=2020-01-02T03%3A04%3A05Z",
            "&since=2020-01-02T03%3A04%3A05Z",
        )),
        sends!("query_required", corpus_query_required().q("a&b=ü"))
            .request("GET /corpus/query-required?q=a%26b%3D%C3%BC"),
        sends!(
            "query_styles",
            corpus_query_styles()
                .a(words())
                .b(words())
                .c(words())
                .d(words())
                .e(object(r#"{"x":1}"#))
                .f("s")
        )
        .request("GET /corpus/query-styles?a=a&a=b&b=a%2Cb&c=a+b&d=a%7Cb&e%5Bx%5D=1&f=s"),
        sends!("json_in_query", corpus_json_in_query().q(json!({ "a": 1 })))
            .request("GET /corpus/json-in-query?q=%7B%22a%22%3A1%7D"),
    ]
}

/// Parameters in headers, tokens and methods.
#[expect(deprecated, reason = "the document is about a deprecated operation")]
pub(crate) fn headers_and_methods() -> Vec<Call> {
    vec![
        sends!("header_array", corpus_header_array().x_ids(words())).header("x-ids", "a,b"),
        sends!("header_array", corpus_header_array()),
        sends!("header_boolean", corpus_header_boolean().x_a(true)).header("x-a", "true"),
        sends!("header_enum", corpus_header_enum().x_a("b")).header("x-a", "b"),
        sends!("header_integer", corpus_header_integer().x_a(-5)).header("x-a", "-5"),
        sends!(
            "header_map",
            corpus_header_map().header_map("h").request("r").url("u")
        )
        .request("GET /corpus/header-map?request=r&url=u")
        .header("header_map", "h"),
        sends!(
            "header_time",
            corpus_header_time().x_when(value::<CorpusTime>(r#""2020-01-02T03:04:05Z""#))
        )
        .header("x-when", "2020-01-02T03:04:05Z"),
        sends!("no_security", corpus_no_security()).without_token(),
        sends!("methods", corpus_options()).request("OPTIONS /corpus/methods"),
        sends!("methods", corpus_trace()).request("TRACE /corpus/methods"),
        sends!("methods", corpus_head()).request("HEAD /corpus/methods"),
        sends!("deprecated_operation", corpus_deprecated()).request("GET /corpus/deprecated"),
    ]
}

/// Bodies of calls whose responses have none.
pub(crate) fn bodies() -> Vec<Call> {
    const FORM: &str = "application/x-www-form-urlencoded";
    vec![
        sends!("raw_body", corpus_text_body().body("a b"))
            .request("POST /corpus/raw-body")
            .header("content-type", "text/plain")
            .body("a b"),
        sends!("raw_body", corpus_bytes_body().body(vec![b'a', 0]))
            .request("PUT /corpus/raw-body")
            .header("content-type", "application/octet-stream")
            .body("a\0"),
        // Of a pattern, the caller knows which one it is.
        sends!(
            "raw_body",
            corpus_bytes_body().body("a").header("content-type", "a/b")
        )
        .request("PUT /corpus/raw-body")
        .header("content-type", "a/b")
        .body("a"),
        sends!("raw_body", corpus_bytes_body()).request("PUT /corpus/raw-body"),
        sends!(
            "multipart_body",
            corpus_multipart_body().body(
                MultipartForm::new()
                    .text("title", "t")
                    .file("file", "a.png", "image/png", "content")
            )
        )
        .request("POST /corpus/multipart-body")
        .header(
            "content-type",
            "multipart/form-data; boundary=form-boundary-1",
        )
        .body(
            "--form-boundary-1\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nt\r\n\
             --form-boundary-1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\
             Content-Type: image/png\r\n\r\ncontent\r\n--form-boundary-1--\r\n",
        ),
        sends!(
            "body_any",
            corpus_body_any().body(json!([1, { "a": null }]))
        )
        .request("POST /corpus/body-any")
        .body(r#"[1,{"a":null}]"#),
        sends!(
            "body_inline",
            corpus_body_inline().body(CorpusBodyInlineBody::new("x"))
        )
        .request("POST /corpus/body-inline")
        .body(r#"{"a":"x"}"#),
        sends!("body_list", corpus_body_list().body(words()))
            .request("POST /corpus/body-list")
            .body(r#"["a","b"]"#),
        sends!(
            "body_map",
            corpus_body_map().body(BTreeMap::from([("a".to_owned(), 1)]))
        )
        .request("POST /corpus/body-map")
        .body(r#"{"a":1}"#),
        sends!("body_numbers", corpus_body_numbers().body(vec![1.0, 2.5]))
            .request("POST /corpus/body-numbers")
            .body("[1,2.5]"),
        sends!("body_text", corpus_body_text().body("x"))
            .request("POST /corpus/body-text")
            .body(r#""x""#),
        sends!(
            "form_body",
            corpus_form_body().body(value::<CorpusFormBody>(
                r#"{"To":"x y","Tags":["a&b","ü"],"Max":5}"#
            ))
        )
        .request("POST /corpus/form-body")
        .header("content-type", FORM)
        .body("Max=5&Tags=a%26b&Tags=%C3%BC&To=x+y"),
        sends!(
            "json_beside_form",
            corpus_json_beside_form().body(CorpusForm::default())
        )
        .request("POST /corpus/json-beside-form")
        .body("{}"),
        sends!(
            "json_patch",
            corpus_json_patch().body(value::<Vec<CorpusPatch>>(
                r#"[{"op":"add","value":null},{"op":"remove"}]"#
            ))
        )
        .request("PATCH /corpus/json-patch")
        .header("content-type", "application/json-patch+json")
        .body(r#"[{"op":"add","value":null},{"op":"remove"}]"#),
        sends!(
            "required_with_default",
            corpus_required_with_default().body(CorpusRequiredWithDefault::new(false, Vec::new()))
        )
        .request("POST /corpus/required-with-default")
        .body(r#"{"a":false,"b":[]}"#),
        sends!("links_and_callbacks", corpus_links()).request("POST /corpus/links"),
        sends!("optional_body", corpus_optional_body()).request("POST /corpus/optional-body"),
        sends!(
            "optional_body",
            corpus_optional_body().body(value::<CorpusOptional>(r#"{"a":"x"}"#))
        )
        .request("POST /corpus/optional-body")
        .body(r#"{"a":"x"}"#),
    ]
}

/// Bodies of calls whose responses have one too.
pub(crate) fn bodies_both_ways() -> Vec<Call> {
    vec![
        reads!(
            "any_of_objects",
            corpus_any_of().body(value::<CorpusAnyOf>(r#"{"a":"x","both":[1],"b":5}"#)),
            r#"{"a":"y","b":6}"#,
            |it| it.as_ref().is_some_and(|it| it.b == Some(6))
        )
        .request("POST /corpus/any-of")
        .body(r#"{"a":"x","both":[1],"b":5}"#),
        reads!(
            "directions",
            corpus_directions().body(value::<CorpusDirections>(r#"{"name":"n","secret":"s"}"#)),
            r#"{"etag":"e","id":"1","name":"n"}"#,
            |it| it.as_ref().is_some_and(|it| it.id.as_deref() == Some("1"))
        )
        .request("POST /corpus/directions")
        .body(r#"{"name":"n","secret":"s"}"#),
        reads!(
            "discriminator",
            corpus_discriminator().body(value::<CorpusPet>(r#"{"kind":"dog","barks":true}"#)),
            r#"[{"kind":"CorpusCat","name":"x"},{"kind":"fox"}]"#,
            |it| matches!(
                it.as_deref(),
                Some([CorpusPet::CorpusCat(_), CorpusPet::Other(_)])
            )
        )
        .request("POST /corpus/discriminator")
        .body(r#"{"barks":true,"kind":"dog"}"#),
        reads!(
            "json_format",
            corpus_json_format().body(value::<CorpusHal>(r#"{"a":"x"}"#)),
            r#"{"a":"y"}"#,
            |it| it.as_ref().is_some_and(|it| it.a.as_deref() == Some("y"))
        )
        .request("PUT /corpus/json-format")
        .header("accept", "application/hal+json")
        .header("content-type", "application/merge-patch+json")
        .body(r#"{"a":"x"}"#),
        reads!(
            "merged",
            corpus_merged().body(value::<CorpusMerged>(r#"{"id":"1","kind":"merged","b":5}"#)),
            r#"{"id":"2","kind":"merged","parent":{"id":"3","note":"n"},"a":"x"}"#,
            |it| it
                .as_ref()
                .is_some_and(|it| it.id == "2" && it.parent.is_some())
        )
        .request("POST /corpus/merged")
        .body(r#"{"id":"1","kind":"merged","b":5}"#),
        reads!(
            "shared_components",
            corpus_shared().page(2).body(CorpusShared::default()),
            r#"{"a":"x"}"#,
            |it| it.as_ref().is_some_and(|it| it.a.as_deref() == Some("x"))
        )
        .request("PUT /corpus/shared?page=2")
        .body("{}"),
    ]
}

/// Names that clash, or that generated code uses.
pub(crate) fn names() -> Vec<Call> {
    const NAMES: &str = r#"{"crate":"1","extra":"2","match":"3","property":"4","self":"5","type":"6","unparsed":"7","more":"8"}"#;
    let mut calls =
        vec![
        reads!(
            "clashing_names",
            corpus_clash().id("p").id2("q").id3("h").body2("a_b").body(CorpusClash2::default()),
            r#"{"FooBar":"x_y","fooBar":"1","foo_bar":"2","part":{"a":"x"}}"#,
            |it| it.as_ref().is_some_and(|it| it.foo_bar == "1" && it.foo_bar3.is_some())
        )
        .request("POST /corpus/clash/p?body=a_b&id=q")
        .header("id", "h")
        .body("{}"),
        sends!("clashing_names", corpus_clash3().id("p")).request("PUT /corpus/clash/p"),
        sends!("clashing_names", corpus_clash2().inner2("a").send2("b"))
            .request("GET /corpus/clash/a/of/b"),
        sends!("clashing_names", get_corpus_no_operation_id_id().id("1"))
            .request("GET /corpus/no-operation-id/1"),
        sends!("clashing_names", corpuss_odd_id()).request("GET /corpus/odd-operation-ids"),
        sends!("clashing_names", builder2()).request("PUT /corpus/odd-operation-ids"),
        sends!("clashing_names", error3()).request("DELETE /corpus/odd-operation-ids"),
        reads!(
            "names",
            corpus_names()
                .property("a")
                .map("b")
                .json("c")
                .report("d")
                .extra("e")
                .unparsed("f")
                .self_("g")
                .value("h")
                .field("i")
                .serializer("j")
                .deserializer("k")
                .f("l")
                .formatter("m")
                .type_("n")
                .match_("o")
                .crate_("p")
                .super_("q")
                .other("r")
                .description("s")
                .kind("t")
                .unlisted("u")
                .properties("v")
                .error("w")
                .result("x")
                .option("y")
                .string("z")
                .body(value::<CorpusNames>(NAMES)),
            NAMES,
            |it| it.as_ref().is_some_and(|it| it.extra_.len() == 1 && it.unparsed_.is_empty())
        )
        .request(concat!(
            "POST /corpus/names?crate=p&description=s&deserializer=k&error=w&extra=e&f=l&field=i",
            "&formatter=m&json=c&kind=t&map=b&match=o&option=y&other=r&properties=v&property=a",
            "&report=d&result=x&self=g&serializer=j&string=z&super=q&type=n&unlisted=u&unparsed=f",
            "&value=h",
        ))
        .body(NAMES),
    ];
    // The operations of one document, which differ in their names.
    macro_rules! operations {
        ($($operation:ident: $path:literal),* $(,)?) => {
            [$(reads!(
                "generated_names",
                $operation(),
                r#"{"Option":{"a":"x"},"Vec":"y","value":"Err"}"#,
                |it| it.value.as_ref().is_some_and(|value| value.as_str() == "Err")
            )
            .request(concat!("GET /corpus/operation-names/", $path))),*]
        };
    }
    calls.extend(operations! {
        all2: "all", as_ref: "as_ref", async_: "async", await_: "await", b_tree_map: "b_tree_map", body: "body", boolean_or_text: "boolean_or_text", box2: "box",
        builder3: "builder", byte_stream2: "byte_stream", call_future2: "call_future",
        client: "client", clone2: "clone", crate_: "crate", debug: "debug", default: "default", deref: "deref", deserialize: "deserialize", display: "display", duration: "duration", eq: "eq", err2: "err", error2: "error", exploded: "exploded", fn_once: "fn_once", formatter: "formatter", from: "from", from_str: "from_str", hash: "hash",
        http: "http", infallible: "infallible", inner2: "inner", integer: "integer", into: "into", into_future: "into_future", json_schema: "json_schema", json_schemas: "json_schemas", map: "map", match_: "match", naive_date: "naive_date", new: "new",
        none2: "none", ok2: "ok", operation: "operation", operations: "operations", option: "option", options: "options", ord: "ord", other: "other", output: "output",
        partial_eq: "partial_eq", partial_ord: "partial_ord", query_style2: "query_style",
        request_options2: "request_options", response_value2: "response_value", result: "result", schema: "schema", self_: "self", send: "send", serde: "serde", serialize: "serialize", some2: "some", status200: "status200", status201: "status201", std: "std", string2: "string", super_: "super", target: "target", text: "text", try_into: "try_into", type_: "type", types: "types", unparsed_properties: "unparsed_properties", update_facts: "update_facts", value: "value", vec: "vec",
    });
    calls
}
