//! The rules of another tool's catalogue (oasdiff, read at its commit 001f320: 556 rules), those that
//! OpenAPI 3.0 can break: for each, a pair of contracts that breaks it, the level that the catalogue has,
//! and the level that callers get here. Where the two differ, `docs/review-verdicts.md` says why; it is
//! written from these tables.
//!
//! Names and levels of the catalogue are facts; pairs and reasons are written for this project.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use contract_review::diff::Level::{self, Breaking as B, Risky as R, Safe as S};
use contract_review::diff::rules::{Slot, document};

use contract_review::diff::{self, Ignored, Policy};

use super::{named, today};

/// One change of a schema, at each place for which the catalogue has a rule: `PLACE-CHANGE`.
struct Schemas {
    change: &'static str,
    old: &'static str,
    new: &'static str,
    /// The level in the catalogue, and the places.
    rules: &'static [(Level, &'static [&'static str])],
}

const fn schemas(
    change: &'static str,
    old: &'static str,
    new: &'static str,
    rules: &'static [(Level, &'static [&'static str])],
) -> Schemas {
    Schemas {
        change,
        old,
        new,
        rules,
    }
}

const BODY: &str = "request-body";
const PROPERTY: &str = "request-property";
const READ_ONLY: &str = "request-read-only-property";
const PARAMETER: &str = "request-parameter";
const PARAMETER_PROPERTY: &str = "request-parameter-property";
const REQUEST_HEADER: &str = "request-header-property";
const RESPONSE: &str = "response-body";
const RESPONSE_PROPERTY: &str = "response-property";
const WRITE_ONLY: &str = "response-write-only-property";
const HEADER: &str = "response-header";
const MEDIA_TYPE: &str = "response-mediatype";

const SENT: &[&str] = &[BODY, PROPERTY, PARAMETER];
const SENT_BODIES: &[&str] = &[BODY, PROPERTY];
const RECEIVED: &[&str] = &[RESPONSE, RESPONSE_PROPERTY];

/// The contract that has `schema` at `place`.
fn at_place(place: &str, schema: &str) -> String {
    let property = |schema: &str| format!("{{type: object, properties: {{a: {schema}}}}}");
    // Beside what the schema says.
    let flagged = |flag: &str| property(&format!("{{{flag}: true, {}", &schema[1..]));
    let parameter = |place: &str, schema: &str| {
        let parameter = format!("{{name: p, in: {place}, schema: {schema}}}");
        document(Slot::Operation, &format!("parameters: [{parameter}], "))
    };
    match place {
        BODY => document(Slot::Request, schema),
        PROPERTY => document(Slot::Request, &property(schema)),
        READ_ONLY => document(Slot::Request, &flagged("readOnly")),
        PARAMETER => parameter("query", schema),
        PARAMETER_PROPERTY => parameter("query", &property(schema)),
        REQUEST_HEADER => parameter("header", &property(schema)),
        RESPONSE | MEDIA_TYPE => document(Slot::Response, schema),
        RESPONSE_PROPERTY => document(Slot::Response, &property(schema)),
        WRITE_ONLY => document(Slot::Response, &flagged("writeOnly")),
        HEADER => document(
            Slot::Responses,
            &format!("'204': {{description: Done., headers: {{h: {{schema: {schema}}}}}}}"),
        ),
        other => panic!("no place {other}"),
    }
}

#[rustfmt::skip]
const SCHEMAS: &[Schemas] = &[
    // ---- bounds ----
    schemas("max-decreased", "{type: integer, maximum: 9}", "{type: integer, maximum: 5}", &[(B, SENT), (S, &[READ_ONLY])]),
    schemas("max-increased", "{type: integer, maximum: 5}", "{type: integer, maximum: 9}", &[(S, SENT), (B, RECEIVED)]),
    schemas("max-set", "{type: integer}", "{type: integer, maximum: 5}", &[(B, SENT)]),
    schemas("exclusive-max-decreased", "{type: integer, maximum: 9, exclusiveMaximum: true}", "{type: integer, maximum: 5, exclusiveMaximum: true}", &[(B, SENT), (S, &[READ_ONLY])]),
    schemas("exclusive-max-increased", "{type: integer, maximum: 5, exclusiveMaximum: true}", "{type: integer, maximum: 9, exclusiveMaximum: true}", &[(S, SENT), (B, RECEIVED)]),
    schemas("exclusive-max-set", "{type: integer, maximum: 5}", "{type: integer, maximum: 5, exclusiveMaximum: true}", &[(B, SENT)]),
    schemas("min-increased", "{type: integer, minimum: 5}", "{type: integer, minimum: 9}", &[(B, SENT), (S, &[READ_ONLY])]),
    schemas("min-decreased", "{type: integer, minimum: 9}", "{type: integer, minimum: 5}", &[(S, SENT), (B, RECEIVED)]),
    schemas("min-set", "{type: integer}", "{type: integer, minimum: 5}", &[(B, SENT)]),
    schemas("exclusive-min-increased", "{type: integer, minimum: 5, exclusiveMinimum: true}", "{type: integer, minimum: 9, exclusiveMinimum: true}", &[(B, SENT), (S, &[READ_ONLY])]),
    schemas("exclusive-min-decreased", "{type: integer, minimum: 9, exclusiveMinimum: true}", "{type: integer, minimum: 5, exclusiveMinimum: true}", &[(S, SENT), (B, RECEIVED)]),
    schemas("exclusive-min-set", "{type: integer, minimum: 5}", "{type: integer, minimum: 5, exclusiveMinimum: true}", &[(B, SENT)]),
    schemas("max-length-decreased", "{type: string, maxLength: 9}", "{type: string, maxLength: 5}", &[(B, SENT), (S, &[READ_ONLY])]),
    schemas("max-length-increased", "{type: string, maxLength: 5}", "{type: string, maxLength: 9}", &[(S, SENT), (B, RECEIVED)]),
    schemas("max-length-set", "{type: string}", "{type: string, maxLength: 5}", &[(B, SENT)]),
    schemas("max-length-unset", "{type: string, maxLength: 5}", "{type: string}", &[(B, RECEIVED)]),
    schemas("min-length-increased", "{type: string, minLength: 5}", "{type: string, minLength: 9}", &[(B, SENT)]),
    schemas("min-length-decreased", "{type: string, minLength: 9}", "{type: string, minLength: 5}", &[(S, SENT), (B, RECEIVED)]),
    schemas("max-items-decreased", "{type: array, items: {}, maxItems: 9}", "{type: array, items: {}, maxItems: 5}", &[(B, SENT), (S, &[READ_ONLY])]),
    schemas("max-items-increased", "{type: array, items: {}, maxItems: 5}", "{type: array, items: {}, maxItems: 9}", &[(S, SENT), (B, RECEIVED)]),
    schemas("max-items-set", "{type: array, items: {}}", "{type: array, items: {}, maxItems: 5}", &[(B, SENT_BODIES)]),
    schemas("min-items-increased", "{type: array, items: {}, minItems: 5}", "{type: array, items: {}, minItems: 9}", &[(B, SENT)]),
    schemas("min-items-decreased", "{type: array, items: {}, minItems: 9}", "{type: array, items: {}, minItems: 5}", &[(S, &[PARAMETER]), (B, RECEIVED)]),
    schemas("min-items-set", "{type: array, items: {}}", "{type: array, items: {}, minItems: 5}", &[(B, SENT)]),
    schemas("min-items-unset", "{type: array, items: {}, minItems: 5}", "{type: array, items: {}}", &[(B, RECEIVED)]),
    schemas("max-properties-decreased", "{type: object, maxProperties: 9}", "{type: object, maxProperties: 5}", &[(B, SENT_BODIES), (S, &[READ_ONLY])]),
    schemas("max-properties-increased", "{type: object, maxProperties: 5}", "{type: object, maxProperties: 9}", &[(S, SENT_BODIES), (B, RECEIVED)]),
    schemas("max-properties-set", "{type: object}", "{type: object, maxProperties: 5}", &[(B, SENT_BODIES)]),
    schemas("min-properties-increased", "{type: object, minProperties: 5}", "{type: object, minProperties: 9}", &[(B, SENT_BODIES)]),
    schemas("min-properties-decreased", "{type: object, minProperties: 9}", "{type: object, minProperties: 5}", &[(B, RECEIVED)]),
    schemas("unique-items-set", "{type: array, items: {}}", "{type: array, items: {}, uniqueItems: true}", &[(B, SENT_BODIES)]),
    schemas("unique-items-unset", "{type: array, items: {}, uniqueItems: true}", "{type: array, items: {}}", &[(S, SENT_BODIES), (B, RECEIVED)]),
    schemas("multiple-of-set", "{type: integer}", "{type: integer, multipleOf: 3}", &[(B, SENT_BODIES)]),
    schemas("multiple-of-unset", "{type: integer, multipleOf: 3}", "{type: integer}", &[(S, SENT_BODIES), (B, RECEIVED)]),
    schemas("multiple-of-changed", "{type: integer, multipleOf: 3}", "{type: integer, multipleOf: 5}", &[(B, SENT_BODIES), (B, RECEIVED)]),
    schemas("multiple-of-generalized", "{type: integer, multipleOf: 6}", "{type: integer, multipleOf: 3}", &[(S, SENT_BODIES)]),
    schemas("multiple-of-specialized", "{type: integer, multipleOf: 3}", "{type: integer, multipleOf: 6}", &[(S, RECEIVED)]),
    schemas("pattern-added", "{type: string}", "{type: string, pattern: '^a'}", &[(B, &[PROPERTY, PARAMETER]), (S, &[RESPONSE_PROPERTY])]),
    schemas("pattern-removed", "{type: string, pattern: '^a'}", "{type: string}", &[(S, &[PROPERTY, PARAMETER]), (B, &[RESPONSE_PROPERTY])]),
    schemas("pattern-changed", "{type: string, pattern: '^a'}", "{type: string, pattern: '^b'}", &[(R, &[PROPERTY, PARAMETER, RESPONSE_PROPERTY])]),
    schemas("pattern-generalized", "{type: string, pattern: '^a'}", "{type: string, pattern: '.*'}", &[(S, &[PROPERTY, PARAMETER])]),
    // ---- values ----
    schemas("became-enum", "{type: string}", "{type: string, enum: [a]}", &[(B, SENT), (B, &[REQUEST_HEADER])]),
    schemas("enum-value-removed", "{type: string, enum: [a, b]}", "{type: string, enum: [a]}", &[(B, SENT), (B, &[PARAMETER_PROPERTY]), (S, &[READ_ONLY, RESPONSE_PROPERTY, MEDIA_TYPE])]),
    schemas("enum-value-added", "{type: string, enum: [a]}", "{type: string, enum: [a, b]}", &[(S, &[PROPERTY, PARAMETER, PARAMETER_PROPERTY, WRITE_ONLY]), (R, &[RESPONSE_PROPERTY])]),
    schemas("x-extensible-enum-value-removed", "{type: string, x-extensible-enum: [a, b]}", "{type: string, x-extensible-enum: [a]}", &[(B, &[PROPERTY, PARAMETER])]),
    schemas("became-nullable", "{type: string}", "{type: string, nullable: true}", &[(S, SENT), (S, &[PARAMETER_PROPERTY]), (B, RECEIVED), (B, &[HEADER])]),
    schemas("became-not-nullable", "{type: string, nullable: true}", "{type: string}", &[(B, SENT), (B, &[PARAMETER_PROPERTY]), (S, RECEIVED), (S, &[HEADER])]),
    schemas("default-value-added", "{type: string}", "{type: string, default: a}", &[(S, SENT), (S, RECEIVED)]),
    schemas("default-value-removed", "{type: string, default: a}", "{type: string}", &[(S, SENT), (S, RECEIVED)]),
    schemas("default-value-changed", "{type: string, default: a}", "{type: string, default: b}", &[(S, SENT), (S, RECEIVED)]),
    // ---- types ----
    schemas("type-changed", "{type: string}", "{type: boolean}", &[(B, SENT), (R, &[PARAMETER_PROPERTY]), (B, RECEIVED), (B, &[HEADER])]),
    schemas("type-generalized", "{type: integer}", "{type: number}", &[(S, SENT), (S, &[PARAMETER_PROPERTY]), (B, RECEIVED), (B, &[HEADER])]),
    schemas("type-specialized", "{type: number}", "{type: integer}", &[(B, &[PARAMETER_PROPERTY]), (S, RECEIVED), (S, &[HEADER])]),
    // ---- composition ----
    schemas("all-of-added", "{allOf: [{type: string}, {minLength: 1}]}", "{allOf: [{type: string}, {minLength: 1}, {maxLength: 5}]}", &[(B, SENT_BODIES), (S, RECEIVED)]),
    schemas("all-of-removed", "{allOf: [{type: string}, {minLength: 1}, {maxLength: 5}]}", "{allOf: [{type: string}, {minLength: 1}]}", &[(S, SENT_BODIES), (B, RECEIVED)]),
    schemas("all-of-added-annotation-only", "{allOf: [{type: string}, {minLength: 1}]}", "{allOf: [{type: string}, {minLength: 1}, {description: Words.}]}", &[(S, SENT_BODIES), (S, RECEIVED)]),
    schemas("all-of-removed-annotation-only", "{allOf: [{type: string}, {minLength: 1}, {description: Words.}]}", "{allOf: [{type: string}, {minLength: 1}]}", &[(S, SENT_BODIES), (S, RECEIVED)]),
    schemas("any-of-added", "{anyOf: [{type: string}, {type: boolean}]}", "{anyOf: [{type: string}, {type: boolean}, {type: integer}]}", &[(S, SENT_BODIES), (B, RECEIVED)]),
    schemas("any-of-removed", "{anyOf: [{type: string}, {type: boolean}, {type: integer}]}", "{anyOf: [{type: string}, {type: boolean}]}", &[(B, SENT_BODIES), (S, RECEIVED)]),
    schemas("one-of-added", "{oneOf: [{type: string}, {type: boolean}]}", "{oneOf: [{type: string}, {type: boolean}, {type: integer}]}", &[(S, SENT_BODIES), (B, RECEIVED)]),
    schemas("one-of-removed", "{oneOf: [{type: string}, {type: boolean}, {type: integer}]}", "{oneOf: [{type: string}, {type: boolean}]}", &[(B, SENT_BODIES), (S, RECEIVED)]),
    schemas("wrapped-in-one-of", "{type: object, properties: {a: {type: string}}}", "{oneOf: [{type: object, properties: {a: {type: string}}}, {type: string}]}", &[(B, &[BODY, RESPONSE])]),
    schemas("discriminator-added", "{oneOf: [{type: object}, {type: string}]}", "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a}}", &[(S, SENT_BODIES), (S, RECEIVED)]),
    schemas("discriminator-removed", "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a}}", "{oneOf: [{type: object}, {type: string}]}", &[(S, SENT_BODIES), (S, RECEIVED)]),
    schemas("discriminator-property-name-changed", "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a}}", "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: b}}", &[(S, SENT_BODIES), (S, RECEIVED)]),
    schemas("discriminator-mapping-added", "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a, mapping: {x: '#/x'}}}", "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a, mapping: {x: '#/x', y: '#/y'}}}", &[(S, SENT_BODIES), (S, RECEIVED)]),
    schemas("discriminator-mapping-deleted", "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a, mapping: {x: '#/x', y: '#/y'}}}", "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a, mapping: {x: '#/x'}}}", &[(S, SENT_BODIES), (S, RECEIVED)]),
    schemas("discriminator-mapping-changed", "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a, mapping: {x: '#/x'}}}", "{oneOf: [{type: object}, {type: string}], discriminator: {propertyName: a, mapping: {x: '#/y'}}}", &[(S, SENT_BODIES), (S, RECEIVED)]),
    // ---- deprecation and stability of properties ----
    schemas("deprecated", "{type: string}", "{type: string, deprecated: true}", &[(S, &[PROPERTY, RESPONSE_PROPERTY])]),
    schemas("deprecated-with-sunset", "{type: string}", "{type: string, deprecated: true, x-sunset: '2027-12-31'}", &[(S, &[PROPERTY, RESPONSE_PROPERTY])]),
    schemas("deprecated-sunset-missing", "{type: string}", "{type: string, deprecated: true}", &[(B, &[PROPERTY, RESPONSE_PROPERTY])]),
    schemas("deprecated-sunset-invalid", "{type: string}", "{type: string, deprecated: true, x-sunset: soon}", &[(B, &[PROPERTY, RESPONSE_PROPERTY])]),
    schemas("sunset-date-too-small", "{type: string}", "{type: string, deprecated: true, x-sunset: '2027-01-02'}", &[(B, &[PROPERTY, RESPONSE_PROPERTY])]),
    schemas("reactivated", "{type: string, deprecated: true}", "{type: string}", &[(S, &[PROPERTY, RESPONSE_PROPERTY])]),
    schemas("stability-decreased", "{type: string, x-stability-level: stable}", "{type: string, x-stability-level: beta}", &[(B, &[PROPERTY, RESPONSE_PROPERTY])]),
    schemas("stability-increased", "{type: string, x-stability-level: beta}", "{type: string, x-stability-level: stable}", &[(S, &[PROPERTY, RESPONSE_PROPERTY])]),
];

/// Rules that stand at one place: name, level in the catalogue, slot, the part before and after.
type Single = (&'static str, Level, Slot, &'static str, &'static str);

#[rustfmt::skip]
const SINGLES: &[Single] = &[
    // ---- properties ----
    ("request-property-removed", R, Slot::Request, "{type: object, properties: {a: {type: string}, b: {type: string}}}", "{type: object, properties: {a: {type: string}}}"),
    ("new-required-request-property", B, Slot::Request, "{type: object, properties: {a: {type: string}}}", "{type: object, required: [b], properties: {a: {type: string}, b: {type: string}}}"),
    ("new-required-request-property-with-default", B, Slot::Request, "{type: object, properties: {a: {type: string}}}", "{type: object, required: [b], properties: {a: {type: string}, b: {type: string, default: x}}}"),
    ("new-optional-request-property", S, Slot::Request, "{type: object, properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string}, b: {type: string}}}"),
    ("request-property-became-required", B, Slot::Request, "{type: object, properties: {a: {type: string}}}", "{type: object, required: [a], properties: {a: {type: string}}}"),
    ("request-property-became-required-with-default", B, Slot::Request, "{type: object, properties: {a: {type: string, default: x}}}", "{type: object, required: [a], properties: {a: {type: string, default: x}}}"),
    ("request-property-became-optional", S, Slot::Request, "{type: object, required: [a], properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string}}}"),
    ("response-optional-property-removed", S, Slot::Response, "{type: object, properties: {a: {type: string}, b: {type: string}}}", "{type: object, properties: {a: {type: string}}}"),
    ("response-optional-write-only-property-removed", S, Slot::Response, "{type: object, properties: {a: {type: string}, b: {type: string, writeOnly: true}}}", "{type: object, properties: {a: {type: string}}}"),
    ("response-optional-property-added", S, Slot::Response, "{type: object, properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string}, b: {type: string}}}"),
    ("response-optional-write-only-property-added", S, Slot::Response, "{type: object, properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string}, b: {type: string, writeOnly: true}}}"),
    ("response-required-property-removed", B, Slot::Response, "{type: object, required: [b], properties: {a: {type: string}, b: {type: string}}}", "{type: object, properties: {a: {type: string}}}"),
    ("response-required-write-only-property-removed", S, Slot::Response, "{type: object, required: [b], properties: {a: {type: string}, b: {type: string, writeOnly: true}}}", "{type: object, properties: {a: {type: string}}}"),
    ("response-required-property-added", S, Slot::Response, "{type: object, properties: {a: {type: string}}}", "{type: object, required: [b], properties: {a: {type: string}, b: {type: string}}}"),
    ("response-required-write-only-property-added", S, Slot::Response, "{type: object, properties: {a: {type: string}}}", "{type: object, required: [b], properties: {a: {type: string}, b: {type: string, writeOnly: true}}}"),
    ("response-property-became-optional", B, Slot::Response, "{type: object, required: [a], properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string}}}"),
    ("response-write-only-property-became-optional", S, Slot::Response, "{type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}", "{type: object, properties: {a: {type: string, writeOnly: true}}}"),
    ("response-property-became-required", S, Slot::Response, "{type: object, properties: {a: {type: string}}}", "{type: object, required: [a], properties: {a: {type: string}}}"),
    ("response-write-only-property-became-required", S, Slot::Response, "{type: object, properties: {a: {type: string, writeOnly: true}}}", "{type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}"),
    ("request-optional-property-became-write-only", S, Slot::Request, "{type: object, properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string, writeOnly: true}}}"),
    ("request-optional-property-became-not-write-only", S, Slot::Request, "{type: object, properties: {a: {type: string, writeOnly: true}}}", "{type: object, properties: {a: {type: string}}}"),
    ("request-optional-property-became-read-only", S, Slot::Request, "{type: object, properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string, readOnly: true}}}"),
    ("request-optional-property-became-not-read-only", S, Slot::Request, "{type: object, properties: {a: {type: string, readOnly: true}}}", "{type: object, properties: {a: {type: string}}}"),
    ("request-required-property-became-write-only", S, Slot::Request, "{type: object, required: [a], properties: {a: {type: string}}}", "{type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}"),
    ("request-required-property-became-not-write-only", S, Slot::Request, "{type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}", "{type: object, required: [a], properties: {a: {type: string}}}"),
    ("request-required-property-became-read-only", S, Slot::Request, "{type: object, required: [a], properties: {a: {type: string}}}", "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}"),
    ("request-required-property-became-not-read-only", S, Slot::Request, "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}", "{type: object, required: [a], properties: {a: {type: string}}}"),
    ("response-optional-property-became-write-only", S, Slot::Response, "{type: object, properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string, writeOnly: true}}}"),
    ("response-optional-property-became-not-write-only", S, Slot::Response, "{type: object, properties: {a: {type: string, writeOnly: true}}}", "{type: object, properties: {a: {type: string}}}"),
    ("response-optional-property-became-read-only", S, Slot::Response, "{type: object, properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string, readOnly: true}}}"),
    ("response-optional-property-became-not-read-only", S, Slot::Response, "{type: object, properties: {a: {type: string, readOnly: true}}}", "{type: object, properties: {a: {type: string}}}"),
    ("response-required-property-became-write-only", S, Slot::Response, "{type: object, required: [a], properties: {a: {type: string}}}", "{type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}"),
    ("response-required-property-became-not-write-only", R, Slot::Response, "{type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}", "{type: object, required: [a], properties: {a: {type: string}}}"),
    ("response-required-property-became-read-only", S, Slot::Response, "{type: object, required: [a], properties: {a: {type: string}}}", "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}"),
    ("response-required-property-became-not-read-only", S, Slot::Response, "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}", "{type: object, required: [a], properties: {a: {type: string}}}"),
    // ---- parameters ----
    ("new-required-request-parameter", B, Slot::Operation, "", "parameters: [{name: q, in: query, required: true, schema: {type: string}}], "),
    ("new-optional-request-parameter", S, Slot::Operation, "", "parameters: [{name: q, in: query, schema: {type: string}}], "),
    ("new-request-path-parameter", B, Slot::Paths, "/things: {get: {operationId: getThing, responses: {}}}", "'/things/{id}': {get: {operationId: getThing, parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {}}}"),
    ("new-required-request-default-parameter-to-existing-path", B, Slot::Paths, "/things: {get: {operationId: getThing, responses: {}}}", "/things: {parameters: [{name: q, in: query, required: true, schema: {type: string}}], get: {operationId: getThing, responses: {}}}"),
    ("new-optional-request-default-parameter-to-existing-path", S, Slot::Paths, "/things: {get: {operationId: getThing, responses: {}}}", "/things: {parameters: [{name: q, in: query, schema: {type: string}}], get: {operationId: getThing, responses: {}}}"),
    ("new-required-request-header-property", B, Slot::Operation, "parameters: [{name: h, in: header, schema: {type: object, properties: {a: {type: string}}}}], ", "parameters: [{name: h, in: header, schema: {type: object, required: [b], properties: {a: {type: string}, b: {type: string}}}}], "),
    ("request-header-property-became-required", B, Slot::Operation, "parameters: [{name: h, in: header, schema: {type: object, properties: {a: {type: string}}}}], ", "parameters: [{name: h, in: header, schema: {type: object, required: [a], properties: {a: {type: string}}}}], "),
    ("request-parameter-became-required", B, Slot::Operation, "parameters: [{name: q, in: query, schema: {type: string}}], ", "parameters: [{name: q, in: query, required: true, schema: {type: string}}], "),
    ("request-parameter-became-optional", S, Slot::Operation, "parameters: [{name: q, in: query, required: true, schema: {type: string}}], ", "parameters: [{name: q, in: query, schema: {type: string}}], "),
    ("request-parameter-removed", R, Slot::Operation, "parameters: [{name: q, in: query, schema: {type: string}}], ", ""),
    ("request-parameter-removed-with-deprecation", S, Slot::Operation, "parameters: [{name: q, in: query, deprecated: true, schema: {type: string}}], ", ""),
    ("request-parameter-sunset-parse", B, Slot::Operation, "parameters: [{name: q, in: query, deprecated: true, x-sunset: soon, schema: {type: string}}], ", ""),
    ("request-parameter-removed-before-sunset", B, Slot::Operation, "parameters: [{name: q, in: query, deprecated: true, x-sunset: '2027-12-31', schema: {type: string}}], ", ""),
    ("request-parameter-deprecated", S, Slot::Operation, "parameters: [{name: q, in: query, schema: {type: string}}], ", "parameters: [{name: q, in: query, deprecated: true, schema: {type: string}}], "),
    ("request-parameter-deprecated-sunset-missing", B, Slot::Operation, "parameters: [{name: q, in: query, schema: {type: string}}], ", "parameters: [{name: q, in: query, deprecated: true, schema: {type: string}}], "),
    ("request-parameter-sunset-date-too-small", B, Slot::Operation, "parameters: [{name: q, in: query, schema: {type: string}}], ", "parameters: [{name: q, in: query, deprecated: true, x-sunset: '2027-01-02', schema: {type: string}}], "),
    ("request-parameter-reactivated", S, Slot::Operation, "parameters: [{name: q, in: query, deprecated: true, schema: {type: string}}], ", "parameters: [{name: q, in: query, schema: {type: string}}], "),
    ("request-parameter-sunset-deleted", B, Slot::Operation, "parameters: [{name: q, in: query, deprecated: true, x-sunset: '2027-12-31', schema: {type: string}}], ", "parameters: [{name: q, in: query, deprecated: true, schema: {type: string}}], "),
    ("request-parameter-sunset-date-changed-too-small", B, Slot::Operation, "parameters: [{name: q, in: query, deprecated: true, x-sunset: '2027-12-31', schema: {type: string}}], ", "parameters: [{name: q, in: query, deprecated: true, x-sunset: '2027-06-30', schema: {type: string}}], "),
    // ---- bodies ----
    ("request-body-added-required", B, Slot::Operation, "", "requestBody: {required: true, content: {application/json: {schema: {type: string}}}}, "),
    ("request-body-added-optional", S, Slot::Operation, "", "requestBody: {content: {application/json: {schema: {type: string}}}}, "),
    ("request-body-removed", B, Slot::Operation, "requestBody: {content: {application/json: {schema: {type: string}}}}, ", ""),
    ("request-body-became-required", B, Slot::Operation, "requestBody: {content: {application/json: {schema: {type: string}}}}, ", "requestBody: {required: true, content: {application/json: {schema: {type: string}}}}, "),
    ("request-body-became-optional", S, Slot::Operation, "requestBody: {required: true, content: {application/json: {schema: {type: string}}}}, ", "requestBody: {content: {application/json: {schema: {type: string}}}}, "),
    ("request-body-media-type-added", S, Slot::Operation, "requestBody: {content: {application/json: {schema: {type: string}}}}, ", "requestBody: {content: {application/json: {schema: {type: string}}, text/plain: {schema: {type: string}}}}, "),
    ("request-body-media-type-removed", B, Slot::Operation, "requestBody: {content: {application/json: {schema: {type: string}}, text/plain: {schema: {type: string}}}}, ", "requestBody: {content: {application/json: {schema: {type: string}}}}, "),
    ("request-body-media-type-schema-added", B, Slot::Operation, "requestBody: {content: {application/json: {}}}, ", "requestBody: {content: {application/json: {schema: {type: string}}}}, "),
    ("request-body-media-type-schema-removed", S, Slot::Operation, "requestBody: {content: {application/json: {schema: {type: string}}}}, ", "requestBody: {content: {application/json: {}}}, "),
    ("request-body-type-compatible", S, Slot::Operation, "requestBody: {content: {text/plain: {schema: {type: integer}}}}, ", "requestBody: {content: {text/plain: {schema: {type: string}}}}, "),
    ("request-property-type-compatible", S, Slot::Operation, "requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: integer}}}}}}, ", "requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}}}}}}, "),
    // ---- responses ----
    ("response-success-status-removed", B, Slot::Responses, "'200': {description: Done.}, '204': {description: Done.}", "'204': {description: Done.}"),
    ("response-success-status-added", S, Slot::Responses, "'204': {description: Done.}", "'200': {description: Done.}, '204': {description: Done.}"),
    ("response-non-success-status-removed", S, Slot::Responses, "'204': {description: Done.}, '404': {description: Gone.}", "'204': {description: Done.}"),
    ("response-non-success-status-added", S, Slot::Responses, "'204': {description: Done.}", "'204': {description: Done.}, '404': {description: Gone.}"),
    ("response-media-type-removed", B, Slot::Responses, "'200': {description: Done., content: {application/json: {}, text/plain: {}}}", "'200': {description: Done., content: {application/json: {}}}"),
    ("response-media-type-added", S, Slot::Responses, "'200': {description: Done., content: {application/json: {}}}", "'200': {description: Done., content: {application/json: {}, text/plain: {}}}"),
    ("response-media-type-name-changed", S, Slot::Responses, "'200': {description: Done., content: {'application/json; charset=utf-8': {}}}", "'200': {description: Done., content: {'application/json; charset=utf-16': {}}}"),
    ("response-media-type-name-generalized", B, Slot::Responses, "'200': {description: Done., content: {application/json: {}}}", "'200': {description: Done., content: {application/*: {}}}"),
    ("response-media-type-name-specialized", S, Slot::Responses, "'200': {description: Done., content: {application/*: {}}}", "'200': {description: Done., content: {application/json: {}}}"),
    ("response-body-media-type-schema-added", S, Slot::Responses, "'200': {description: Done., content: {application/json: {}}}", "'200': {description: Done., content: {application/json: {schema: {type: string}}}}"),
    ("response-body-media-type-schema-removed", B, Slot::Responses, "'200': {description: Done., content: {application/json: {schema: {type: string}}}}", "'200': {description: Done., content: {application/json: {}}}"),
    ("response-body-type-compatible", S, Slot::Responses, "'200': {description: Done., content: {text/plain: {schema: {type: string}}}}", "'200': {description: Done., content: {text/plain: {schema: {type: integer}}}}"),
    ("response-property-type-compatible", S, Slot::Responses, "'200': {description: Done., content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}}}}}}", "'200': {description: Done., content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: integer}}}}}}"),
    ("response-header-type-compatible", S, Slot::Responses, "'204': {description: Done., headers: {h: {schema: {type: string}}}}", "'204': {description: Done., headers: {h: {schema: {type: integer}}}}"),
    ("response-header-added", S, Slot::Responses, "'204': {description: Done.}", "'204': {description: Done., headers: {h: {schema: {type: string}}}}"),
    ("optional-response-header-removed", R, Slot::Responses, "'204': {description: Done., headers: {h: {schema: {type: string}}}}", "'204': {description: Done.}"),
    ("required-response-header-removed", B, Slot::Responses, "'204': {description: Done., headers: {h: {required: true, schema: {type: string}}}}", "'204': {description: Done.}"),
    ("response-header-became-optional", B, Slot::Responses, "'204': {description: Done., headers: {h: {required: true, schema: {type: string}}}}", "'204': {description: Done., headers: {h: {schema: {type: string}}}}"),
    // ---- operations ----
    ("endpoint-added", S, Slot::Paths, "", "/things: {get: {operationId: getThing, responses: {}}}"),
    ("api-path-removed-without-deprecation", B, Slot::Paths, "/things: {get: {operationId: getThing, responses: {}}}", ""),
    ("api-path-removed-with-deprecation", S, Slot::Paths, "/things: {get: {operationId: getThing, deprecated: true, x-sunset: '2026-12-31', responses: {}}}", ""),
    ("api-path-sunset-parse", B, Slot::Paths, "/things: {get: {operationId: getThing, deprecated: true, x-sunset: soon, responses: {}}}", ""),
    ("api-path-removed-before-sunset", B, Slot::Paths, "/things: {get: {operationId: getThing, deprecated: true, x-sunset: '2027-12-31', responses: {}}}", ""),
    ("api-removed-without-deprecation", B, Slot::Paths, "/things: {get: {operationId: getThing, responses: {}}, put: {operationId: putThing, responses: {}}}", "/things: {put: {operationId: putThing, responses: {}}}"),
    ("api-removed-with-deprecation", S, Slot::Paths, "/things: {get: {operationId: getThing, deprecated: true, responses: {}}, put: {operationId: putThing, responses: {}}}", "/things: {put: {operationId: putThing, responses: {}}}"),
    ("api-removed-before-sunset", B, Slot::Paths, "/things: {get: {operationId: getThing, deprecated: true, x-sunset: '2027-12-31', responses: {}}, put: {operationId: putThing, responses: {}}}", "/things: {put: {operationId: putThing, responses: {}}}"),
    ("api-operation-id-removed", S, Slot::Paths, "/things: {get: {operationId: getThing, responses: {}}}", "/things: {get: {operationId: readThing, responses: {}}}"),
    ("api-operation-id-added", S, Slot::Paths, "/things: {get: {responses: {}}}", "/things: {get: {operationId: getThing, responses: {}}}"),
    ("api-tag-removed", S, Slot::Operation, "tags: [a, b], ", "tags: [a], "),
    ("api-tag-added", S, Slot::Operation, "tags: [a], ", "tags: [a, b], "),
    ("endpoint-deprecated", S, Slot::Operation, "", "deprecated: true, "),
    ("endpoint-deprecated-with-sunset", S, Slot::Operation, "", "deprecated: true, x-sunset: '2027-12-31', "),
    ("endpoint-reactivated", S, Slot::Operation, "deprecated: true, ", ""),
    ("api-deprecated-sunset-missing", B, Slot::Operation, "", "deprecated: true, "),
    ("api-deprecated-sunset-parse", B, Slot::Operation, "", "deprecated: true, x-sunset: soon, "),
    ("api-sunset-date-too-small", B, Slot::Operation, "", "deprecated: true, x-sunset: '2027-01-02', "),
    ("sunset-deleted", B, Slot::Operation, "deprecated: true, x-sunset: '2027-12-31', ", "deprecated: true, "),
    ("api-sunset-date-changed-too-small", B, Slot::Operation, "deprecated: true, x-sunset: '2027-12-31', ", "deprecated: true, x-sunset: '2027-06-30', "),
    ("api-stability-decreased", B, Slot::Operation, "x-stability-level: stable, ", "x-stability-level: beta, "),
    ("api-stability-increased", S, Slot::Operation, "x-stability-level: beta, ", "x-stability-level: stable, "),
    ("api-invalid-stability-level", B, Slot::Operation, "x-stability-level: beta, ", "x-stability-level: solid, "),
    // ---- security ----
    ("api-security-removed", B, Slot::Operation, "security: [{a: []}, {b: []}], ", "security: [{a: []}], "),
    ("api-security-added", S, Slot::Operation, "security: [{a: []}], ", "security: [{a: []}, {b: []}], "),
    ("api-security-scope-added", B, Slot::Operation, "security: [{a: [read]}], ", "security: [{a: [read, write]}], "),
    ("api-security-scope-removed", S, Slot::Operation, "security: [{a: [read, write]}], ", "security: [{a: [read]}], "),
    ("api-global-security-removed", B, Slot::Paths, "/things: {get: {operationId: getThing, responses: {}}}}\nsecurity: [{a: []}, {b: []}]\nx-end: {", "/things: {get: {operationId: getThing, responses: {}}}}\nsecurity: [{a: []}]\nx-end: {"),
    ("api-global-security-added", S, Slot::Paths, "/things: {get: {operationId: getThing, responses: {}}}}\nsecurity: [{a: []}]\nx-end: {", "/things: {get: {operationId: getThing, responses: {}}}}\nsecurity: [{a: []}, {b: []}]\nx-end: {"),
    ("api-global-security-scope-added", B, Slot::Paths, "/things: {get: {operationId: getThing, responses: {}}}}\nsecurity: [{a: [read]}]\nx-end: {", "/things: {get: {operationId: getThing, responses: {}}}}\nsecurity: [{a: [read, write]}]\nx-end: {"),
    ("api-global-security-scope-removed", S, Slot::Paths, "/things: {get: {operationId: getThing, responses: {}}}}\nsecurity: [{a: [read, write]}]\nx-end: {", "/things: {get: {operationId: getThing, responses: {}}}}\nsecurity: [{a: [read]}]\nx-end: {"),
    ("api-security-component-added", S, Slot::Document, "openapi: 3.0.3\ncomponents: {securitySchemes: {}}", "openapi: 3.0.3\ncomponents: {securitySchemes: {t: {type: http, scheme: bearer}}}"),
    ("api-security-component-removed", S, Slot::Document, "openapi: 3.0.3\ncomponents: {securitySchemes: {t: {type: http, scheme: bearer}}}", "openapi: 3.0.3\ncomponents: {securitySchemes: {}}"),
    ("api-security-component-type-changed", S, Slot::Document, "openapi: 3.0.3\ncomponents: {securitySchemes: {t: {type: http, scheme: bearer}}}", "openapi: 3.0.3\ncomponents: {securitySchemes: {t: {type: apiKey, in: header, name: k}}}"),
    ("api-security-component-oauth-url-changed", S, Slot::Document, "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: /a, scopes: {}}}}}}", "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: /b, scopes: {}}}}}}"),
    ("api-security-component-oauth-token-url-changed", S, Slot::Document, "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {password: {tokenUrl: /a, scopes: {}}}}}}", "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {password: {tokenUrl: /b, scopes: {}}}}}}"),
    ("api-security-component-oauth-scope-added", S, Slot::Document, "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {password: {tokenUrl: /a, scopes: {}}}}}}", "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {password: {tokenUrl: /a, scopes: {read: Read.}}}}}}"),
    ("api-security-component-oauth-scope-removed", S, Slot::Document, "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {password: {tokenUrl: /a, scopes: {read: Read.}}}}}}", "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {password: {tokenUrl: /a, scopes: {}}}}}}"),
    ("api-security-component-oauth-scope-changed", S, Slot::Document, "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {password: {tokenUrl: /a, scopes: {read: Read.}}}}}}", "openapi: 3.0.3\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {password: {tokenUrl: /a, scopes: {read: Read all.}}}}}}"),
    // ---- the whole contract ----
    ("api-schema-removed", S, Slot::Schemas, "Thing: {type: string}, Other: {type: string}", "Thing: {type: string}"),
    ("api-version-decreased", S, Slot::Document, "openapi: 3.0.3\ninfo: {title: Things, version: '2'}", "openapi: 3.0.3\ninfo: {title: Things, version: '1'}"),
    ("api-version-not-bumped", S, Slot::Document, "openapi: 3.0.3\ninfo: {title: Things, version: '1'}", "openapi: 3.0.3\ninfo: {title: Things, version: '1'}"),
    ("api-major-version-not-bumped", S, Slot::Document, "openapi: 3.0.3\ninfo: {title: Things, version: '1.1'}", "openapi: 3.0.3\ninfo: {title: Things, version: '1.2'}"),
];

/// A rule of the catalogue, with its pair.
struct Pair {
    rule: String,
    level: Level,
    old: String,
    new: String,
}

fn pairs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    for schemas in SCHEMAS {
        for (level, places) in schemas.rules {
            for place in *places {
                pairs.push(Pair {
                    rule: format!("{place}-{}", schemas.change),
                    level: *level,
                    old: at_place(place, schemas.old),
                    new: at_place(place, schemas.new),
                });
            }
        }
    }
    for (rule, level, slot, old, new) in SINGLES {
        pairs.push(Pair {
            rule: (*rule).to_owned(),
            level: *level,
            old: document(*slot, old),
            new: document(*slot, new),
        });
    }
    pairs
}

/// Why callers get another level here than the catalogue has.
struct Reason {
    /// The level here.
    here: Level,
    why: &'static str,
    rules: &'static [&'static str],
}

#[rustfmt::skip]
const REASONS: &[Reason] = &[
    Reason {
        here: B,
        why: "Whether one pattern allows all that another does is decided for equal patterns and for those that match everything. Any other change counts as if each refused what the other allows, until a person has looked at it.",
        rules: &["request-property-pattern-changed", "request-parameter-pattern-changed", "response-property-pattern-changed"],
    },
    Reason {
        here: B,
        why: "A closed list promises that there is no other value. A list that may grow is written as `x-extensible-enum`, and then a new value is safe.",
        rules: &["response-property-enum-value-added"],
    },
    Reason {
        here: R,
        why: "The list is open, so the service may accept the value all the same.",
        rules: &["request-property-x-extensible-enum-value-removed", "request-parameter-x-extensible-enum-value-removed"],
    },
    Reason {
        here: R,
        why: "No value becomes wrong, but a request that leaves it out may do something else than before. That is for a person to judge.",
        rules: &[
            "request-body-default-value-added", "request-body-default-value-removed", "request-body-default-value-changed",
            "request-property-default-value-added", "request-property-default-value-removed", "request-property-default-value-changed",
            "request-parameter-default-value-added", "request-parameter-default-value-removed", "request-parameter-default-value-changed",
        ],
    },
    Reason {
        here: B,
        why: "Schemas are compared by the values that they allow, and no text is a boolean, however it is written down.",
        rules: &["request-parameter-property-type-changed"],
    },
    Reason {
        here: B,
        why: "In plain text, a number is also a text. Schemas are compared by the values that they allow, whatever the media type writes them as: a rule that depends on the media type would have to know each of them.",
        rules: &["request-body-type-compatible", "request-property-type-compatible", "response-body-type-compatible", "response-property-type-compatible", "response-header-type-compatible"],
    },
    Reason {
        here: S,
        why: "It is proven that each value of the old schema fits exactly one variant. Where it is not, the change is risky or breaking.",
        rules: &["request-body-wrapped-in-one-of"],
    },
    Reason {
        here: B,
        why: "A discriminator decides which variant a value is read as, and what a value must name: a request without a name that is required now is refused, and a client that chooses by a name that is gone or new has nothing to choose.",
        rules: &[
            "request-body-discriminator-added", "request-property-discriminator-added",
            "response-body-discriminator-removed", "response-property-discriminator-removed",
            "request-body-discriminator-property-name-changed", "request-property-discriminator-property-name-changed",
            "response-body-discriminator-property-name-changed", "response-property-discriminator-property-name-changed",
            "response-body-discriminator-mapping-added", "response-property-discriminator-mapping-added",
            "request-body-discriminator-mapping-deleted", "request-property-discriminator-mapping-deleted",
            "request-body-discriminator-mapping-changed", "request-property-discriminator-mapping-changed",
            "response-body-discriminator-mapping-changed", "response-property-discriminator-mapping-changed",
        ],
    },
    Reason {
        here: R,
        why: "It still works, and callers have to plan. `deprecated-added: {callers: safe}` in spec/review.yaml makes it what the catalogue has.",
        rules: &[
            "request-property-deprecated", "request-property-deprecated-with-sunset",
            "response-property-deprecated", "response-property-deprecated-with-sunset",
            "request-parameter-deprecated", "endpoint-deprecated", "endpoint-deprecated-with-sunset",
        ],
    },
    Reason {
        here: R,
        why: "The removal was announced, and callers that have not followed the announcement fail: a person should know how many there are.",
        rules: &["api-path-removed-with-deprecation", "api-removed-with-deprecation", "request-parameter-removed-with-deprecation"],
    },
    Reason {
        here: R,
        why: "A level that is none of the four says nothing, so nothing is concluded from it.",
        rules: &["api-invalid-stability-level"],
    },
    Reason {
        here: B,
        why: "What a caller sends has no effect any more or is refused, and what it reads is not there. That something was optional says that the service could leave it out, not that callers can do without it for ever.",
        rules: &["request-property-removed", "request-parameter-removed", "response-optional-property-removed", "optional-response-header-removed"],
    },
    Reason {
        here: B,
        why: "`readOnly` and `writeOnly` say in which direction a property exists. A property that cannot be sent or is not answered any more is gone for its callers, and one that must be sent now was not sent before.",
        rules: &[
            "request-optional-property-became-read-only", "request-required-property-became-read-only", "request-required-property-became-not-read-only",
            "response-optional-property-became-write-only", "response-required-property-became-write-only",
        ],
    },
    Reason {
        here: S,
        why: "The response has one property more, as with any property that is added.",
        rules: &["response-required-property-became-not-write-only"],
    },
    Reason {
        here: R,
        why: "A caller may wait for the one status that it knows.",
        rules: &["response-success-status-added"],
    },
    Reason {
        here: R,
        why: "A caller names the type that it wants in `Accept`, and the old type is part of the range.",
        rules: &["response-media-type-name-generalized"],
    },
    Reason {
        here: B,
        why: "Credentials are obtained or presented in another way, or an application that asks for the scope is refused.",
        rules: &["api-security-component-type-changed", "api-security-component-oauth-url-changed", "api-security-component-oauth-token-url-changed", "api-security-component-oauth-scope-removed"],
    },
];

/// The rule about what did not change: which versions a team gives its contracts is not checked.
const UNREPORTED: &str = "api-version-not-bumped";

/// As many rules of the catalogue concern OpenAPI 3.0; the other 155 concern words of 3.1 and 3.2.
const RULES: usize = 401;

/// The worst level for callers, and whether there is a difference at all.
fn judged(pair: &Pair) -> (Level, bool) {
    // These two are about the notice that a team requires.
    let needs_notice = ["sunset-missing", "sunset-date-too-small"];
    let policy = Policy {
        notice_days: (needs_notice.iter())
            .any(|end| pair.rule.ends_with(end))
            .then_some(90),
        ..today().into()
    };
    let (old, new) = (named("old.yaml", &pair.old), named("new.yaml", &pair.new));
    let report = diff::compare(&old, &new, &Ignored::default(), policy).unwrap();
    let levels = report.differences.iter().map(|found| found.impact.callers);
    (levels.max().unwrap_or(S), !report.differences.is_empty())
}

#[test]
fn each_rule_of_the_catalogue_has_its_level_or_a_reason() {
    let pairs = pairs();
    let mut reasons = BTreeMap::new();
    for reason in REASONS {
        for rule in reason.rules {
            let known = reasons.insert(*rule, reason.here);
            assert_eq!(known, None, "{rule} has two reasons");
        }
    }
    let mut names = BTreeSet::new();
    let mut faults = Vec::new();
    for pair in &pairs {
        assert!(names.insert(&pair.rule), "{} is there twice", pair.rule);
        let (level, is_reported) = judged(pair);
        if is_reported == (pair.rule == UNREPORTED) {
            faults.push(format!("{}: reported: {is_reported}", pair.rule));
        }
        let expected = reasons.remove(pair.rule.as_str());
        if expected == Some(pair.level) {
            faults.push(format!("{}: a reason to agree", pair.rule));
        }
        if level != expected.unwrap_or(pair.level) {
            faults.push(format!("{}: {level} here, {} there", pair.rule, pair.level));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(reasons, BTreeMap::new(), "reasons for no rule");
    assert_eq!(pairs.len(), RULES);
}

/// The page about the other levels.
fn page() -> String {
    let pairs = pairs();
    let other: usize = REASONS.iter().map(|reason| reason.rules.len()).sum();
    let mut text = format!(
        "# Levels of `diff` that differ from oasdiff's\n\n\
         [oasdiff](https://github.com/oasdiff/oasdiff) has a catalogue of rules for changes of an OpenAPI \
         document. {RULES} of them concern OpenAPI 3.0. For each, a pair of contracts in \
         `crates/contract-review/tests/it/diff/catalogue.rs` breaks the rule, and the level that callers get \
         from `cargo xtask diff` is compared with the catalogue's. {} agree. This page lists the other \
         {other}, with the reason. It is written by the test: `UPDATE_VERDICTS=1 cargo test -p \
         contract-review catalogue`.\n\n\
         The common principle: to accept less is breaking in a request, to answer with more is breaking in a \
         response. Bounds of a response that are loosened or dropped are therefore breaking, whichever keyword \
         they are written with. `spec/review.yaml` sets other levels for a project.\n\n\
         | rules of the catalogue | there | here | why |\n|---|---|---|---|\n",
        RULES - other,
    );
    for reason in REASONS {
        let mut by_level: BTreeMap<Level, Vec<String>> = BTreeMap::new();
        for rule in reason.rules {
            let pair = pairs.iter().find(|pair| pair.rule == *rule).unwrap();
            let rules = by_level.entry(pair.level).or_default();
            rules.push(format!("`{rule}`"));
        }
        for (level, rules) in by_level {
            let Reason { here, why, .. } = reason;
            writeln!(text, "| {} | {level} | {here} | {why} |", rules.join(", ")).unwrap();
        }
    }
    text + PROOF
}

/// The end of the page.
const PROOF: &str = "
## What a proof assumes

Where a schema is composed in another way, the change is safe for callers only if it is proven that each value \
of the one schema is a value of the other: of the old one in a request, of the new one in a response. \
`crates/contract-review/tests/it/diff/soundness.rs` looks for counter-examples among random schemas and values. \
Both assume:

- A value holds no property that its sender's contract does not describe, unless `additionalProperties` has a \
schema for it. Otherwise every new property would break every caller.
- A property that is `readOnly` is no part of a request, and a service may refuse it. One that is `writeOnly` is \
no part of a response, and a client reads it like any new property. The mark counts at the schema of the \
property, at the target of its reference and in the items of its `allOf`.
- A `format` restricts texts and numbers. Which values it allows is not known, apart from listed numbers of \
`int32` and `int64`, so that a proof needs the same format on both sides.
- A `pattern` is known when it is the same on both sides or matches everything.
- `x-extensible-enum`, `default`, `example` and what describes a schema restrict nothing. Discriminators restrict \
nothing here; they are compared by rules of their own.

The test makes bodies alone, and no discriminators. It leaves out schemas where one item of a composition marks a \
property and another one requires it, and responses where the caller's schema has `writeOnly` beside `oneOf` or \
`not`: a property that is read all the same can make those refuse.
";

#[test]
fn page_about_other_levels_is_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../../docs/review-verdicts.md");
    if std::env::var_os("UPDATE_VERDICTS").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap().replace('\r', "");
    assert!(
        text == page(),
        "docs/review-verdicts.md differs: UPDATE_VERDICTS=1 cargo test -p contract-review catalogue"
    );
}
