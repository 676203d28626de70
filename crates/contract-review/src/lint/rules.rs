//! The table of rules: name, level, what it requires, why, and the check that finds violations.

use super::document::Document;
use super::finding::Finding;
use super::reporter::Reporter;
use super::rule::Group::{self, Code, Examples, Format, References, Style};
use super::rule::{Level, Rule};
use super::{components, examples, format, names, operations, schemas, traps};

type Check = fn(&Document<'_>, &mut Reporter);

/// A rule with its check; `None` where `people-codegen` finds the violations, or `suppress`.
type Row = (Rule, Option<Check>);

const fn base(group: Group, name: &'static str, what: &'static str, why: &'static str) -> Row {
    (rule(group, name, Level::Error, what, why, false), None)
}

const fn error(
    group: Group,
    name: &'static str,
    what: &'static str,
    why: &'static str,
    check: Check,
) -> Row {
    (
        rule(group, name, Level::Error, what, why, true),
        Some(check),
    )
}

const fn warning(
    group: Group,
    name: &'static str,
    what: &'static str,
    why: &'static str,
    check: Check,
) -> Row {
    (
        rule(group, name, Level::Warning, what, why, true),
        Some(check),
    )
}

const fn rule(
    group: Group,
    name: &'static str,
    level: Level,
    what: &'static str,
    why: &'static str,
    can_be_suppressed: bool,
) -> Rule {
    Rule {
        name,
        group,
        level,
        what,
        why,
        can_be_suppressed,
    }
}

/// For a finding of `people-codegen` whose rule is not in the table, which a test rules out.
pub(super) static UNKNOWN: Rule = rule(
    Code,
    "generator",
    Level::Error,
    "The generator takes the contract",
    "",
    false,
);

static TABLE: &[Row] = &[
    // The text and the format, found by people-codegen.
    base(
        Format,
        "yaml-syntax",
        "The file is one YAML or JSON document in UTF-8",
        "Nothing else can be read.",
    ),
    base(
        Format,
        "duplicate-key",
        "A mapping gives each name once",
        "One of the two values would be lost without a message.",
    ),
    base(
        Format,
        "missing-field",
        "An object has every field that OpenAPI 3.0 requires",
        "Tools refuse or misread it.",
    ),
    base(
        Format,
        "unknown-field",
        "An object has no field that OpenAPI 3.0 does not know",
        "A misspelt field is ignored without a message.",
    ),
    base(
        Format,
        "unknown-word",
        "A field with a fixed choice of words holds one of them",
        "Tools refuse or misread it.",
    ),
    base(
        Format,
        "wrong-type",
        "A field holds a value of the type that OpenAPI 3.0 asks for",
        "Tools refuse or misread it.",
    ),
    base(
        Format,
        "openapi-version",
        "The contract is OpenAPI 3.0",
        "Other versions give the same words other meanings.",
    ),
    base(
        Format,
        "openapi-model",
        "The contract fits the model that code is made from",
        "What the model cannot hold would be lost.",
    ),
    base(
        Format,
        "component-name",
        "A component's name is made of letters, digits, `.`, `_` and `-`",
        "A reference could not spell it.",
    ),
    base(
        References,
        "unresolved-reference",
        "A reference leads to an object of the right kind in this file",
        "What is described there would be missing.",
    ),
    base(
        References,
        "circular-schema",
        "A schema does not contain itself in place, nor nest without end",
        "Validating a value against it does not end.",
    ),
    // What the generator needs, found by people-codegen.
    base(
        Code,
        "operation-id",
        "Every operation has an `operationId` of its own",
        "It names the method of the client.",
    ),
    base(
        Format,
        "path-parameter",
        "A path's names and the parameters declared `in: path` are the same",
        "The path could not be filled in.",
    ),
    base(
        Format,
        "duplicate-parameter",
        "A list of parameters names each once",
        "One of the two would be lost.",
    ),
    base(
        Code,
        "generated-name",
        "Names are still distinct and valid when written as Rust writes them",
        "The client would have to call one of them something else.",
    ),
    base(
        Code,
        "enum-value",
        "Enumeration values are words or numbers of the schema's type, each listed once",
        "No type could be made of them.",
    ),
    base(
        Code,
        "generator-reference",
        "References lead to `#/components/KIND/NAME`",
        "The generator follows no other.",
    ),
    base(
        Code,
        "generator-schema",
        "Schemas use what the generator can turn into types",
        "Generation would fail.",
    ),
    base(
        Code,
        "generator-parameter",
        "Parameters use what the generator can send",
        "Generation would fail.",
    ),
    base(
        Code,
        "generator-body",
        "Bodies are described as JSON, a form or bytes",
        "The client writes no other.",
    ),
    base(
        Code,
        "generator-server",
        "Paths and operations name no other servers than the contract",
        "The access token would go to another origin.",
    ),
    base(
        Code,
        "generator-security",
        "Operations take a bearer token, or nothing",
        "The client has nothing else to send.",
    ),
    base(
        Code,
        "generator-path",
        "Paths hold their operations",
        "Generation would fail.",
    ),
    (
        rule(
            Code,
            "generator-ignored",
            Level::Warning,
            "The client follows all of the contract",
            "It has nothing for links, callbacks and cookies.",
            false,
        ),
        None,
    ),
    base(
        Code,
        "update-fact",
        "Extensions that state facts about updates have their form and refer to what exists",
        "The client acts on them.",
    ),
    base(
        Code,
        "generator",
        "The generator takes the contract",
        "Generation would fail.",
    ),
    // The reviewers' rules.
    error(
        Format,
        "openapi-schema",
        "The contract fits the published JSON Schema of OpenAPI 3.0",
        "It is what other tools check.",
        format::fits,
    ),
    error(
        References,
        "reference-sibling",
        "Nothing stands beside a `$ref`",
        "OpenAPI 3.0 ignores it or, in a path, leaves open what counts.",
        components::siblings,
    ),
    error(
        References,
        "unused-component",
        "Every component is used by some operation",
        "It has to be kept up to date without being used.",
        components::unused,
    ),
    error(
        References,
        "unknown-security-scheme",
        "Security names schemes that `components` describes",
        "No client could authenticate.",
        components::security,
    ),
    error(
        References,
        "undeclared-tag",
        "Tags of operations are described under `tags`, and used",
        "Readers would find a group without a description.",
        components::tags,
    ),
    warning(
        Style,
        "operation-name",
        "An operationId is in camelCase",
        "One style throughout.",
        names::operations,
    ),
    warning(
        Style,
        "component-style",
        "A component's name is in PascalCase, a security scheme's in camelCase",
        "One style throughout.",
        names::components,
    ),
    warning(
        Style,
        "property-name",
        "A property's name is in camelCase",
        "One style throughout.",
        names::properties,
    ),
    warning(
        Style,
        "parameter-name",
        "A parameter's name is in camelCase, a header's in Train-Case",
        "One style throughout.",
        names::parameters,
    ),
    warning(
        Style,
        "path-style",
        "A path's steps are in kebab-case, and it ends without a slash",
        "One style throughout.",
        names::paths,
    ),
    warning(
        Style,
        "extension-name",
        "An extension that means something to this project has its name spelled right",
        "A misspelled one is ignored without a message.",
        names::extensions,
    ),
    warning(
        Style,
        "operation-summary",
        "An operation has a summary of one line",
        "It is what an index shows.",
        operations::summary,
    ),
    warning(
        Style,
        "operation-description",
        "An operation has a description",
        "The rules of the service are in it.",
        operations::description,
    ),
    error(
        Style,
        "operation-security",
        "An operation states how callers authenticate; `security: []` means not at all",
        "Without it, either could be meant.",
        operations::security,
    ),
    error(
        Style,
        "success-response",
        "An operation has a success response, with content unless it is a 204",
        "Clients would not know what to expect.",
        operations::success,
    ),
    error(
        Style,
        "error-response",
        "An operation has error responses, each with content",
        "Clients would not know what went wrong.",
        operations::errors,
    ),
    error(
        Style,
        "rate-limit-response",
        "An operation has a 429 response with a `Retry-After` header",
        "A client has to know when to come back.",
        operations::rate_limit,
    ),
    error(
        Format,
        "duplicate-path",
        "Paths differ in more than the names of their parameters",
        "Two of them would match one request.",
        operations::duplicate_paths,
    ),
    error(
        Style,
        "open-path-parameter",
        "A path parameter is constrained so that no value leaves the route",
        "`..`, an empty text or `a/b` would reach another operation.",
        operations::open_path_parameters,
    ),
    warning(
        Style,
        "server-url",
        "Server URLs use HTTPS and end without a slash",
        "Tokens would be sent in the clear, or slashes doubled.",
        operations::servers,
    ),
    warning(
        Style,
        "description",
        "Whatever a reader looks up has a description",
        "The name alone explains little.",
        schemas::descriptions,
    ),
    warning(
        Style,
        "enum-description",
        "A description says what each enumeration value means, and names no other",
        "The value alone explains little.",
        schemas::enums,
    ),
    error(
        Format,
        "nullable",
        "`nullable` stands beside a `type`, and `null` is in its `enum`",
        "It has no effect otherwise.",
        schemas::nullable,
    ),
    warning(
        Style,
        "optional-and-nullable",
        "A property is optional or nullable, not both",
        "Readers cannot tell absent from null.",
        schemas::optional_and_nullable,
    ),
    error(
        Format,
        "read-only",
        "`readOnly` and `writeOnly` exclude each other, and stand where they have an effect",
        "A property that can be neither sent nor received is none.",
        schemas::read_only,
    ),
    error(
        Format,
        "required-property",
        "`required` lists properties of the schema",
        "A misspelt name requires a property that cannot be sent.",
        schemas::required,
    ),
    warning(
        Examples,
        "required-default",
        "What is required has no default",
        "The default could never apply.",
        schemas::required_default,
    ),
    error(
        Format,
        "bounds",
        "A lower bound is not above its upper bound",
        "No value could fit.",
        schemas::bounds,
    ),
    error(
        Format,
        "pattern",
        "A `pattern` is a regular expression",
        "It would be ignored, or refuse everything.",
        schemas::patterns,
    ),
    error(
        Examples,
        "example",
        "Examples and defaults fit their schemas",
        "Readers copy them.",
        examples::fit,
    ),
    error(
        Examples,
        "joined-list",
        "Lists are lists",
        "An example with values joined by commas teaches the wrong form.",
        examples::joined,
    ),
    // What the format allows and no tool can honour.
    warning(
        Format,
        "keyword-type",
        "A keyword or format stands beside a type for which it means something",
        "It has no effect, so one of the two is wrong.",
        traps::keywords,
    ),
    error(
        Format,
        "server-variable",
        "The variables of a server are those of its URL, with a default among their values",
        "No address can be made.",
        traps::servers,
    ),
    error(
        Format,
        "duplicate-tag",
        "A tag is described once",
        "Tools show one of the two.",
        traps::duplicate_tags,
    ),
    error(
        Format,
        "example-value",
        "An example has one of `value` and `externalValue`",
        "The two exclude each other.",
        traps::example_values,
    ),
    warning(
        Format,
        "ambiguous-path",
        "At most one path matches a request",
        "Servers and clients choose differently.",
        traps::ambiguous_paths,
    ),
    warning(
        Format,
        "request-body",
        "A GET, HEAD, DELETE or TRACE has no body",
        "HTTP gives it no meaning, and many clients do not send it.",
        traps::bodies,
    ),
    error(
        Format,
        "discriminator-property",
        "A variant has the property of the discriminator",
        "Nothing can be chosen by it.",
        traps::discriminators,
    ),
    warning(
        Style,
        "html",
        "Descriptions are Markdown without HTML",
        "Many tools show the tags or drop them.",
        traps::html,
    ),
    // The suppressions, found while they are applied.
    base(
        Format,
        "invalid-suppression",
        "A suppression names a rule that can be suppressed, and gives a reason",
        "The next reviewer has to know why.",
    ),
    base(
        Format,
        "unused-suppression",
        "A suppression suppresses a finding",
        "It would hide the next fault at this place.",
    ),
];

/// Every rule, in the order of the table.
#[must_use]
pub fn rules() -> impl ExactSizeIterator<Item = &'static Rule> {
    TABLE.iter().map(|(rule, _)| rule)
}

/// The rule called `name`.
pub(super) fn named(name: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.name == name)
}

/// Rules that hold values against schemas.
const ABOUT_VALUES: [&str; 3] = ["example", "joined-list", "open-path-parameter"];

/// Whether a rule is among those that are checked.
pub(super) fn is_checked(rule: &Rule, groups: &[Group], is_whole: bool) -> bool {
    groups.contains(&rule.group) && (is_whole || !ABOUT_VALUES.contains(&rule.name))
}

/// What the rules of these groups find, in no order. In a contract that is not whole, no value is held
/// against a schema.
pub(super) fn check_groups(
    document: &Document<'_>,
    groups: &[Group],
    is_whole: bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (rule, check) in TABLE {
        if let Some(check) = check
            && is_checked(rule, groups, is_whole)
        {
            let mut reporter = Reporter::new(rule);
            check(document, &mut reporter);
            findings.extend(reporter.findings);
        }
    }
    findings
}
