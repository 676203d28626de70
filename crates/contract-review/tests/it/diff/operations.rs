//! What a change of the parts of an operation means to callers and to users of the SDK: media types,
//! statuses, headers, parameters and callbacks, forth and back.

use contract_review::diff::Level::{self, Breaking as B, Risky as R, Safe as S};
use contract_review::diff::rules::{Slot, document};

use super::differences;

/// Forth and back.
type Both = [Level; 2];

/// A change of the part at `Slot`, and its levels for callers, and for users of the SDK.
type Row = (&'static str, &'static str, &'static str, Both, Both);

/// Content of the body of a request.
const REQUESTS: &[Row] = &[
    (
        "type joins its range with another schema",
        "application/*: {schema: {type: string}}",
        "application/*: {schema: {type: string}}, application/json: {schema: {type: integer}}",
        [B, B],
        [B, B],
    ),
    (
        "type joins its range with the same schema",
        "application/*: {schema: {type: string}}",
        "application/*: {schema: {type: string}}, application/json: {schema: {type: string}}",
        [S, S],
        [S, R],
    ),
    (
        "type joins any type with another schema",
        "'*/*': {schema: {type: string}}",
        "'*/*': {schema: {type: string}}, text/plain: {schema: {type: integer}}",
        [B, B],
        [S, S],
    ),
    (
        "two types become their range",
        "application/xml: {schema: {type: string}}, application/json: {schema: {type: string}}",
        "application/*: {schema: {type: string}}",
        [S, B],
        [R, R],
    ),
    (
        "two types become their range, and one was tighter",
        "application/xml: {schema: {type: string, maxLength: 5}}, application/json: {schema: {type: string}}",
        "application/*: {schema: {type: string, maxLength: 5}}",
        [B, B],
        [R, R],
    ),
    (
        "type becomes a wider range than its own",
        "text/plain: {schema: {type: string}}",
        "'*/*': {schema: {type: integer}}",
        [B, B],
        [B, B],
    ),
    (
        "type becomes a range that any type described with another schema",
        "text/plain: {schema: {type: string}}, '*/*': {schema: {type: integer}}",
        "text/*: {schema: {type: string}}, '*/*': {schema: {type: integer}}",
        [B, B],
        [S, S],
    ),
    (
        "charset joins with another schema",
        "application/json: {schema: {type: string}}",
        "application/json: {schema: {type: string}}, 'application/json; charset=utf-8': {schema: {type: integer}}",
        [B, B],
        [S, S],
    ),
    (
        "closer range decides",
        "'*/*': {schema: {type: integer}}, text/*: {schema: {type: string}}, text/plain: {schema: {type: string}}",
        "'*/*': {schema: {type: integer}}, text/*: {schema: {type: string}}",
        [S, S],
        [S, S],
    ),
    (
        "type beside JSON is added",
        "application/json: {schema: {type: string}}",
        "application/json: {schema: {type: string}}, text/plain: {schema: {type: string}}",
        [S, B],
        [S, S],
    ),
    (
        "JSON comes beside text",
        "text/plain: {schema: {type: string}}",
        "text/plain: {schema: {type: string}}, application/json: {schema: {type: string}}",
        [S, B],
        [B, B],
    ),
    (
        "order of a type beside JSON changes",
        "application/json: {schema: {type: string}}, text/plain: {schema: {type: string, maxLength: 5}}",
        "text/plain: {schema: {type: string}}, application/json: {schema: {type: string}}",
        [S, B],
        [S, S],
    ),
    (
        "schema of text changes",
        "text/plain: {schema: {type: string}}",
        "text/plain: {schema: {type: string, maxLength: 5}}",
        [B, S],
        [S, S],
    ),
];

/// Content of a response.
const CONTENTS: &[Row] = &[
    (
        "type joins its range with another schema",
        "application/*: {schema: {type: string}}",
        "application/*: {schema: {type: string}}, application/json: {schema: {type: integer}}",
        [B, B],
        [B, B],
    ),
    (
        "type joins its range with the same schema",
        "text/*: {schema: {type: string}}",
        "text/*: {schema: {type: string}}, text/plain: {schema: {type: string}}",
        [S, R],
        [S, S],
    ),
    (
        "two types become their range",
        "application/xml: {schema: {type: string}}, application/json: {schema: {type: string}}",
        "application/*: {schema: {type: string}}",
        [R, S],
        [R, R],
    ),
    (
        "any type becomes a type that a closer range described with another schema",
        "'*/*': {schema: {type: string}}, text/*: {schema: {type: integer}}",
        "text/*: {schema: {type: integer}}, text/plain: {schema: {type: string}}",
        [B, B],
        [B, B],
    ),
    (
        "any type goes, and a type comes that a closer range describes",
        "'*/*': {schema: {type: string}}, text/*: {schema: {type: string}}",
        "text/*: {schema: {type: string}}, text/plain: {schema: {type: string}}",
        [B, R],
        [B, B],
    ),
    (
        "charset goes with another schema",
        "application/json: {schema: {type: string}}, 'application/json; charset=utf-8': {schema: {type: integer}}",
        "application/json: {schema: {type: string}}",
        [B, B],
        [S, S],
    ),
    (
        "text comes beside JSON",
        "application/json: {schema: {type: string}}",
        "application/json: {schema: {type: string}}, text/plain: {schema: {type: string}}",
        [S, B],
        [S, S],
    ),
    (
        "JSON comes beside text",
        "text/plain: {schema: {type: string}}",
        "text/plain: {schema: {type: string}}, application/json: {schema: {type: string}}",
        [S, B],
        [B, B],
    ),
    (
        "JSON under its own name comes beside a format in JSON",
        "application/a+json: {schema: {type: string}}",
        "application/a+json: {schema: {type: string}}, application/json: {schema: {type: integer}}",
        [S, B],
        [B, B],
    ),
    (
        "range of values becomes bytes",
        "application/*: {schema: {type: string}}",
        "application/*: {schema: {type: string, format: binary}}",
        [S, R],
        [B, B],
    ),
    (
        "content comes",
        "",
        "application/json: {schema: {type: string}}",
        [S, B],
        [B, B],
    ),
];

/// Responses of a POST.
const RESPONSES: &[Row] = &[
    // ---- what covers a status ------------------------------------------------------------------
    (
        "header that is always there is not in the range",
        "'200': {description: A.}, '429': {description: E., headers: {Retry-After: {required: true, schema: {type: integer}}}}",
        "'200': {description: A.}, 4XX: {description: E.}",
        [B, S],
        [S, S],
    ),
    (
        "status of a range lacks its header",
        "'200': {description: A.}, 4XX: {description: E., headers: {Retry-After: {schema: {type: integer}}}}",
        "'200': {description: A.}, 4XX: {description: E., headers: {Retry-After: {schema: {type: integer}}}}, '429': {description: F.}",
        [B, S],
        [S, S],
    ),
    (
        "status that the default covered lacks its header",
        "'200': {description: A.}, default: {description: E., headers: {Retry-After: {schema: {type: integer}}}}",
        "'200': {description: A.}, default: {description: E., headers: {Retry-After: {schema: {type: integer}}}}, '429': {description: F.}",
        [B, S],
        [S, S],
    ),
    (
        "header of a success has another type in the range",
        "'200': {description: A., headers: {X: {schema: {type: string}}}}",
        "2XX: {description: A., headers: {X: {schema: {type: integer}}}}",
        [B, B],
        [S, S],
    ),
    (
        "charset of an error is not in the range",
        "'200': {description: A.}, '404': {description: E., content: {application/json; charset=utf-8: {schema: {type: string}}}}",
        "'200': {description: A.}, 4XX: {description: E., content: {application/json: {schema: {type: string}}}}",
        [S, S],
        [S, S],
    ),
    (
        "success is left to its range",
        "'200': {description: A.}, 2XX: {description: A.}",
        "2XX: {description: A.}",
        [R, R],
        [S, S],
    ),
    // ---- redirects -----------------------------------------------------------------------------
    (
        "redirect goes",
        "'200': {description: A.}, '302': {description: B.}",
        "'200': {description: A.}",
        [B, R],
        [S, S],
    ),
    (
        "redirect that is the only success goes",
        "'302': {description: A., headers: {Location: {required: true, schema: {type: string}}}}, '404': {description: E.}",
        "'404': {description: E.}",
        [B, R],
        [B, B],
    ),
    (
        "redirects become a range",
        "'200': {description: A.}, '302': {description: B.}",
        "'200': {description: A.}, 3XX: {description: B.}",
        [R, B],
        [S, S],
    ),
    // ---- a default that is the only answer -----------------------------------------------------
    (
        "only default becomes a success of the same type",
        "default: {description: A., content: {application/json: {schema: {type: string}}}}",
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}",
        [R, R],
        [S, S],
    ),
    (
        "only default becomes a success of another type",
        "default: {description: A., content: {application/json: {schema: {type: string}}}}",
        "'200': {description: A., content: {application/json: {schema: {type: integer}}}}",
        [B, B],
        [B, B],
    ),
    (
        "success of another type comes beside the only default",
        "default: {description: A., content: {application/json: {schema: {type: string}}}}",
        "default: {description: A., content: {application/json: {schema: {type: string}}}}, '201': {description: A., content: {application/json: {schema: {type: integer}}}}",
        [B, B],
        [B, B],
    ),
    (
        "only default goes",
        "default: {description: A.}, '404': {description: E.}",
        "'404': {description: E.}",
        [B, R],
        [B, B],
    ),
    (
        "default of errors goes",
        "'200': {description: A.}, default: {description: E.}",
        "'200': {description: A.}",
        [S, S],
        [S, S],
    ),
    // ---- the type that the SDK's method returns ------------------------------------------------
    (
        "success with JSON of another type is added",
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}",
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}, '201': {description: B., content: {application/json: {schema: {type: integer}}}}",
        [R, B],
        [B, B],
    ),
    (
        "success with JSON of the same type is added",
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}",
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}, '201': {description: B., content: {application/json: {schema: {type: string}}}}",
        [R, B],
        [S, S],
    ),
    (
        "success with JSON gets a type of its own",
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}, '201': {description: B., content: {application/json: {schema: {type: string}}}}",
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}, '201': {description: B., content: {application/json: {schema: {type: integer}}}}",
        [B, B],
        [B, B],
    ),
    (
        "success with text is added",
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}",
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}, '201': {description: B., content: {text/plain: {schema: {type: string}}}}",
        [R, B],
        [B, B],
    ),
    (
        "success comes as text where it came as the JSON of another success",
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}, '201': {description: B., content: {application/json: {schema: {type: string}}}}",
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}, '201': {description: B., content: {text/plain: {schema: {type: string}}}}",
        [B, B],
        [B, B],
    ),
    (
        "JSON moves to another status",
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}",
        "'203': {description: A., content: {application/json: {schema: {type: string}}}}",
        [B, B],
        [S, S],
    ),
    (
        "one of several types is left to the range",
        "'200': {description: A., content: {application/json: {schema: {type: string}}}}, 2XX: {description: B., content: {application/json: {schema: {type: integer}}}}",
        "2XX: {description: B., content: {application/json: {schema: {type: integer}}}}",
        [B, B],
        [B, B],
    ),
    (
        "text of a success changes",
        "'200': {description: A., content: {text/plain: {schema: {type: string}}}}",
        "'200': {description: A., content: {text/plain: {schema: {type: integer}}}}",
        [B, B],
        [S, S],
    ),
    // ---- headers -------------------------------------------------------------------------------
    (
        "deprecated header goes",
        "'200': {description: A., headers: {X: {deprecated: true, schema: {type: string}}}}",
        "'200': {description: A.}",
        [R, S],
        [S, S],
    ),
    (
        "header that a response cannot describe goes",
        "'200': {description: A., headers: {Content-Type: {required: true, schema: {type: string}}}}",
        "'200': {description: A.}",
        [S, S],
        [S, S],
    ),
];

/// Fields of a POST.
const FIELDS: &[Row] = &[
    (
        "header parameter that is ignored comes",
        "",
        "parameters: [{name: Content-Type, in: header, required: true, schema: {type: string}}], ",
        [S, S],
        [S, S],
    ),
    (
        "header parameter that is ignored changes",
        "parameters: [{name: authorization, in: header, schema: {type: string}}], ",
        "parameters: [{name: Authorization, in: header, required: true, schema: {type: integer}}], ",
        [S, S],
        [S, S],
    ),
    (
        "query parameter with the name of such a header comes",
        "",
        "parameters: [{name: accept, in: query, required: true, schema: {type: string}}], ",
        [B, B],
        [B, B],
    ),
];

/// Operations of a callback, whose request is received and whose response is sent.
const CALLBACKS: &[(&str, &str, &str, Both)] = &[
    (
        "body may be missing",
        "requestBody: {required: true, content: {application/json: {schema: {type: string}}}}",
        "requestBody: {content: {application/json: {schema: {type: string}}}}",
        [B, S],
    ),
    (
        "body that is always there comes",
        "x-a: 1",
        "x-a: 1, requestBody: {required: true, content: {application/json: {schema: {type: string}}}}",
        [S, B],
    ),
    (
        "body comes in another media type too",
        "requestBody: {content: {application/json: {schema: {type: string}}}}",
        "requestBody: {content: {application/json: {schema: {type: string}}, text/plain: {schema: {type: string}}}}",
        [B, S],
    ),
    (
        "value of the body may be longer",
        "requestBody: {content: {application/json: {schema: {type: string, maxLength: 5}}}}",
        "requestBody: {content: {application/json: {schema: {type: string}}}}",
        [B, S],
    ),
    (
        "response is not taken any more",
        "responses: {'200': {description: A.}, '410': {description: E.}}",
        "responses: {'200': {description: A.}}",
        [B, S],
    ),
    (
        "success is not taken any more",
        "responses: {'200': {description: A.}, '202': {description: A.}}",
        "responses: {'200': {description: A.}}",
        [B, S],
    ),
    (
        "error is taken by the default",
        "responses: {'200': {description: A.}, '410': {description: E.}, default: {description: E.}}",
        "responses: {'200': {description: A.}, default: {description: E.}}",
        [S, S],
    ),
    (
        "response needs a header",
        "responses: {'200': {description: A.}}",
        "responses: {'200': {description: A., headers: {X: {required: true, schema: {type: string}}}}}",
        [B, B],
    ),
    (
        "value of the response is tightened",
        "responses: {'200': {description: A., content: {application/json: {schema: {type: string}}}}}",
        "responses: {'200': {description: A., content: {application/json: {schema: {type: string, maxLength: 5}}}}}",
        [B, S],
    ),
    (
        "parameter is always there",
        "parameters: [{name: q, in: query, schema: {type: string}}]",
        "parameters: [{name: q, in: query, required: true, schema: {type: string}}]",
        [S, B],
    ),
    (
        "parameter has another type",
        "parameters: [{name: q, in: query, schema: {type: string}}]",
        "parameters: [{name: q, in: query, schema: {type: integer}}]",
        [B, B],
    ),
    (
        "parameter goes",
        "parameters: [{name: q, in: query, schema: {type: string}}]",
        "parameters: []",
        [B, S],
    ),
    (
        "credentials are not sent any more",
        "security: [{token: []}]",
        "security: []",
        [B, S],
    ),
];

fn levels(old: &str, new: &str) -> (Level, Level) {
    let found = differences(old, new);
    let callers = found.iter().map(|found| found.impact.callers).max();
    let sdk = found.iter().map(|found| found.impact.sdk).max();
    assert!(callers.is_some(), "no difference: {old} {new}");
    (callers.unwrap_or(S), sdk.unwrap_or(S))
}

/// Compares each row, put into a contract by `put`.
fn check(rows: &[Row], slot: Slot, put: impl Fn(&str) -> String) {
    let mut faults = Vec::new();
    for (name, old, new, callers, sdk) in rows {
        let (old, new) = (document(slot, &put(old)), document(slot, &put(new)));
        let (forth, back) = (levels(&old, &new), levels(&new, &old));
        let found = ([forth.0, back.0], [forth.1, back.1]);
        if found != (*callers, *sdk) {
            faults.push(format!(
                "{name}: expected {:?}, found {found:?}",
                (callers, sdk)
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn change_of_the_content_of_a_request_has_the_verdict_of_the_table() {
    let body = |content: &str| format!("requestBody: {{content: {{{content}}}}}, ");
    check(REQUESTS, Slot::Operation, body);
}

#[test]
fn change_of_the_content_of_a_response_has_the_verdict_of_the_table() {
    let body = |content: &str| format!("'200': {{description: A., content: {{{content}}}}}");
    check(CONTENTS, Slot::Responses, body);
}

#[test]
fn change_of_responses_has_the_verdict_of_the_table() {
    check(RESPONSES, Slot::Responses, str::to_owned);
}

#[test]
fn change_of_a_header_parameter_has_the_verdict_of_the_table() {
    check(FIELDS, Slot::Operation, str::to_owned);
}

#[test]
fn change_of_a_callback_has_the_verdict_of_the_table() {
    let put = |fields: &str| {
        let responses = if fields.contains("responses:") {
            ""
        } else {
            ", responses: {'200': {description: A.}}"
        };
        let callback =
            format!("{{done: {{'{{$request.body#/url}}': {{post: {{{fields}{responses}}}}}}}}}");
        document(Slot::Operation, &format!("callbacks: {callback}, "))
    };
    let mut faults = Vec::new();
    for (name, old, new, expected) in CALLBACKS {
        let (old, new) = (put(old), put(new));
        let found = [levels(&old, &new), levels(&new, &old)];
        if found.map(|found| found.0) != *expected || found.map(|found| found.1) != [S, S] {
            faults.push(format!("{name}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A body that is referred to from an operation and from a callback is sent, and received.
#[test]
fn direction_reaches_what_a_callback_refers_to() {
    let contract = |required: bool| {
        let operation = "post: {operationId: makeThing, callbacks: {done: {'{$request.body#/url}': {post: \
                         {requestBody: {$ref: '#/components/requestBodies/Thing'}, responses: {'200': \
                         {description: A.}}}}}}, responses: {'204': {description: Done.}}}";
        let body = format!(
            "{{required: {required}, content: {{application/json: {{schema: {{type: string}}}}}}}}"
        );
        format!(
            "openapi: 3.0.3\ninfo: {{title: Things, version: '1'}}\npaths: {{/things: {{{operation}}}}}\n\
             components: {{requestBodies: {{Thing: {body}}}}}\n"
        )
    };
    assert_eq!(levels(&contract(true), &contract(false)), (B, S));
    assert_eq!(levels(&contract(false), &contract(true)), (S, S));
}

/// Whether a value is optional is decided by the method, too.
#[test]
fn result_that_the_operation_itself_makes_optional_is_breaking_for_the_sdk() {
    let contract = |method: &str, fields: &str| {
        let json =
            "'200': {description: A., content: {application/json: {schema: {type: string}}}}";
        document(
            Slot::Paths,
            &format!(
                "/things: {{{method}: {{operationId: getThing, {fields}responses: {{{json}}}}}}}"
            ),
        )
    };
    let (get, post) = (contract("get", ""), contract("post", ""));
    assert_eq!(levels(&get, &post), (B, B));
    assert_eq!(levels(&get, &contract("options", "")), (B, S));
    let required = "x-response-body: required, ";
    assert_eq!(levels(&post, &contract("post", required)), (R, B));
    assert_eq!(levels(&get, &contract("get", required)), (R, S));
}

#[test]
fn error_is_no_type_of_the_sdk_whatever_else_changes() {
    let contract = |success: &str, error: &str| {
        let error = format!("{{application/json: {{schema: {{type: {error}}}}}}}");
        document(
            Slot::Responses,
            &format!(
                "'204': {{description: A.{success}}}, '404': {{description: E., content: {error}}}"
            ),
        )
    };
    let (old, new) = (
        contract("", "string"),
        contract(", content: {text/plain: {}}", "integer"),
    );
    let found = differences(&old, &new);
    let levels = found.iter().map(|found| (found.rule, found.impact.sdk));
    let levels: Vec<_> = levels.collect();
    assert_eq!(levels.len(), 2, "{levels:?}");
    assert!(levels.contains(&("media-type-added", B)), "{levels:?}");
    assert!(levels.contains(&("type-changed", S)), "{levels:?}");
}

/// A read brings a value, unless the contract lists a success without one.
#[test]
fn success_without_content_makes_the_value_of_a_read_optional() {
    let contract = |responses: &str| {
        document(
            Slot::Paths,
            &format!("/things: {{get: {{operationId: getThing, responses: {{{responses}}}}}}}"),
        )
    };
    let json = "'200': {description: A., content: {application/json: {schema: {type: string}}}}";
    let (one, both) = (
        contract(json),
        contract(&format!("{json}, '204': {{description: B.}}")),
    );
    assert_eq!(levels(&one, &both), (R, B));
    assert_eq!(levels(&both, &one), (B, B));
}
