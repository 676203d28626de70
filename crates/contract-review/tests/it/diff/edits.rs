//! Single edits of the contract, with what each means to each reader, in both directions.

use std::collections::BTreeSet;

use contract_review::diff::Audience;
use contract_review::diff::Level::{self, Breaking as B, Risky as R, Safe as S};

use super::hunks::Hunks;
use super::report;
use crate::CONTRACT;

/// One change of the text.
enum Edit {
    /// The first `1` behind the first `0` becomes `2`.
    Replace(&'static str, &'static str, &'static str),
    /// `1` stands right behind the first `0`.
    Insert(&'static str, &'static str),
    /// Every `0` becomes `1`.
    All(&'static str, &'static str),
}

use Edit::{All, Insert, Replace};

/// The rules that are broken, and the worst level for callers, SDK and prose.
type Meaning = (&'static [&'static str], [Level; 3]);

/// What is edited, and the meaning of doing it and of undoing it.
struct Row(&'static str, &'static [Edit], Meaning, Meaning);

const NOTHING: Meaning = (&[], [S, S, S]);
const REWORDED: Meaning = (&["prose-changed"], [S, S, R]);

const ROWS: &[Row] = &[
    // ---- operations ----
    Row(
        "operation renamed",
        &[All(
            "operationId: updatePerson",
            "operationId: replacePerson",
        )],
        (&["operation-renamed"], [S, B, S]),
        (&["operation-renamed"], [S, B, S]),
    ),
    Row(
        "operation added to a path",
        &[Insert(
            "  /people/{personId}:\n",
            "    delete: {operationId: deletePerson, responses: {'204': {description: Gone.}}}\n",
        )],
        (&["operation-added"], [S, S, S]),
        (&["operation-removed"], [B, B, B]),
    ),
    Row(
        "path added",
        &[Insert(
            "\npaths:\n",
            "  /people: {get: {operationId: listPeople, responses: {'204': {description: None.}}}}\n",
        )],
        (&["operation-added"], [S, S, S]),
        (&["operation-removed"], [B, B, B]),
    ),
    Row(
        "operation moved to another path",
        &[All("\n  /people/me:\n", "\n  /people/self:\n")],
        (&["operation-moved"], [B, S, B]),
        (&["operation-moved"], [B, S, B]),
    ),
    Row(
        "operation moved to another method",
        &[All("\n    put:\n", "\n    patch:\n")],
        (&["operation-moved"], [B, S, B]),
        (&["operation-moved"], [B, S, B]),
    ),
    Row(
        "operation deprecated",
        &[Insert(
            "operationId: getPersonDetails\n",
            "      deprecated: true\n",
        )],
        (&["deprecated-added"], [R, S, R]),
        (&["deprecated-removed"], [S, S, S]),
    ),
    Row(
        "operation given another tag",
        &[Replace(
            "operationId: updatePerson\n",
            "tags: [people]",
            "tags: [admins]",
        )],
        (&["operation-tags-changed"], [S, S, S]),
        (&["operation-tags-changed"], [S, S, S]),
    ),
    Row(
        "extension added to an operation",
        &[Insert(
            "operationId: updatePerson\n",
            "      x-audit: true\n",
        )],
        (&["extension-added"], [R, S, S]),
        (&["extension-removed"], [R, S, S]),
    ),
    // ---- parameters ----
    Row(
        "path parameter renamed",
        &[
            All("{personId}:\n", "{id}:\n"),
            All("name: personId\n", "name: id\n"),
        ],
        (&["path-parameter-renamed"], [S, B, R]),
        (&["path-parameter-renamed"], [S, B, R]),
    ),
    Row(
        "optional parameter added",
        &[Replace(
            "operationId: updatePerson\n",
            "      parameters:\n",
            "      parameters:\n        - {name: dryRun, in: query, schema: {type: boolean}}\n",
        )],
        (&["parameter-added"], [S, S, S]),
        (&["parameter-removed"], [B, B, B]),
    ),
    Row(
        "required parameter added",
        &[Replace(
            "operationId: updatePerson\n",
            "      parameters:\n",
            "      parameters:\n        - {name: reason, in: query, required: true, schema: {type: string}}\n",
        )],
        (&["required-parameter-added"], [B, B, B]),
        (&["parameter-removed"], [B, B, B]),
    ),
    Row(
        "parameter removed",
        &[All(
            "        - $ref: '#/components/parameters/ShowAllTypes'\n",
            "",
        )],
        (&["parameter-removed"], [B, B, B]),
        (&["parameter-added"], [S, S, S]),
    ),
    Row(
        "parameter renamed",
        &[All("name: minResponse\n", "name: brief\n")],
        (&["parameter-added", "parameter-removed"], [B, B, B]),
        (&["parameter-added", "parameter-removed"], [B, B, B]),
    ),
    Row(
        "parameter moved to a header",
        &[Replace("name: callingData\n", "in: query", "in: header")],
        (&["parameter-moved"], [B, S, B]),
        (&["parameter-moved"], [B, S, B]),
    ),
    Row(
        "parameter becomes required",
        &[Insert("name: callingData\n", "      required: true\n")],
        (&["parameter-became-required"], [B, B, B]),
        (&["parameter-became-optional"], [S, S, S]),
    ),
    Row(
        "parameter of another type",
        &[Replace(
            "name: showAllTypes\n",
            "type: boolean",
            "type: string",
        )],
        (&["type-changed"], [B, B, B]),
        (&["type-changed"], [B, B, B]),
    ),
    Row(
        "default of a parameter changed",
        &[Replace(
            "name: callingData\n",
            "default: false",
            "default: true",
        )],
        (&["default-changed"], [R, R, R]),
        (&["default-changed"], [R, R, R]),
    ),
    Row(
        "default of a parameter removed",
        &[Replace(
            "name: minResponse\n",
            "        default: false\n",
            "",
        )],
        (&["default-removed"], [R, R, R]),
        (&["default-added"], [R, R, R]),
    ),
    Row(
        "parameter written in another way",
        &[Insert("name: callingData\n", "      explode: false\n")],
        (&["parameter-serialization-changed"], [B, R, B]),
        (&["parameter-serialization-changed"], [B, R, B]),
    ),
    Row(
        "pattern of a parameter changed",
        &[Replace("name: personId\n", "pattern: '^", "pattern: '")],
        (&["pattern-changed"], [B, S, R]),
        (&["pattern-changed"], [B, S, R]),
    ),
    Row(
        "parameter moved out of the components",
        &[Replace(
            "operationId: updatePerson\n",
            "- $ref: '#/components/parameters/Copied'\n",
            "- {name: copied, in: query, schema: {type: integer}}\n",
        )],
        NOTHING,
        NOTHING,
    ),
    // ---- requests ----
    Row(
        "body may be left out",
        &[Replace(
            "      requestBody:\n",
            "        required: true\n",
            "",
        )],
        (&["request-body-became-optional"], [S, S, S]),
        (&["request-body-became-required"], [B, S, B]),
    ),
    Row(
        "body removed",
        &[All("      requestBody:\n", "      x-requestBody:\n")],
        (&["extension-added", "request-body-removed"], [B, B, B]),
        (
            &["extension-removed", "required-request-body-added"],
            [B, B, B],
        ),
    ),
    Row(
        "property of a request added",
        &[Replace(
            "\n    PersonUpdate:\n",
            "      properties:\n",
            "      properties:\n        pronouns: {type: string}\n",
        )],
        (&["property-added"], [S, R, S]),
        (&["property-removed"], [B, B, B]),
    ),
    Row(
        "required property of a request added",
        &[Replace(
            "\n    PersonUpdate:\n",
            "      properties:\n",
            "      required: [pronouns]\n      properties:\n        pronouns: {type: string}\n",
        )],
        (&["required-property-added"], [B, B, B]),
        (&["property-removed"], [B, B, B]),
    ),
    Row(
        "property of a request becomes required",
        &[Replace(
            "\n    PersonUpdate:\n",
            "      properties:\n",
            "      required: [emails]\n      properties:\n",
        )],
        (&["property-became-required"], [B, B, B]),
        (&["property-became-optional"], [S, B, S]),
    ),
    Row(
        "bound of a request loosened",
        &[Replace(
            "\n    PersonUpdate:\n",
            "maxItems: 1\n",
            "maxItems: 2\n",
        )],
        (&["constraint-loosened"], [S, S, R]),
        (&["constraint-tightened"], [B, S, R]),
    ),
    Row(
        "bound of a request added",
        &[Replace(
            "\n    PersonUpdate:\n",
            "        firstName:\n",
            "        firstName:\n          maxLength: 64\n",
        )],
        (&["constraint-tightened"], [B, S, R]),
        (&["constraint-loosened"], [S, S, R]),
    ),
    Row(
        "property of a request is only read",
        &[Replace(
            "\n    PersonUpdate:\n",
            "        displayName:\n",
            "        displayName:\n          readOnly: true\n",
        )],
        (&["read-only-added"], [B, S, B]),
        (&["read-only-removed"], [S, S, S]),
    ),
    Row(
        "property of a request may be null",
        &[Replace(
            "\n    PersonUpdate:\n",
            "        extension:\n",
            "        extension:\n          nullable: true\n",
        )],
        (&["optional-nullable-added"], [S, S, S]),
        (&["optional-nullable-removed"], [B, S, B]),
    ),
    Row(
        "property of a request of another type",
        &[Replace(
            "\n    PersonUpdate:\n",
            "        loginEnabled:\n          type: boolean\n",
            "        loginEnabled:\n          type: string\n",
        )],
        (&["type-changed"], [B, B, B]),
        (&["type-changed"], [B, B, B]),
    ),
    Row(
        "format of a request added",
        &[Replace(
            "\n    PersonUpdate:\n",
            "        lastName:\n",
            "        lastName:\n          format: byte\n",
        )],
        (&["format-added"], [R, S, R]),
        (&["format-removed"], [S, S, S]),
    ),
    Row(
        "unlisted properties of a request forbidden",
        &[Insert(
            "\n    PersonUpdate:\n",
            "      additionalProperties: false\n",
        )],
        (&["additional-properties-forbidden"], [B, S, R]),
        (&["additional-properties-allowed"], [S, S, S]),
    ),
    // ---- responses ----
    Row(
        "property of a response added",
        &[Replace(
            "\n    Person:\n",
            "      properties:\n",
            "      properties:\n        pronouns: {type: string}\n",
        )],
        (&["property-added"], [S, R, S]),
        (&["property-removed"], [B, B, B]),
    ),
    Row(
        "property of a response renamed",
        &[Replace(
            "\n    Person:\n",
            "        nickName:\n",
            "        nick:\n",
        )],
        (&["property-added", "property-removed"], [B, B, B]),
        (&["property-added", "property-removed"], [B, B, B]),
    ),
    Row(
        "required property of a response becomes optional",
        &[Replace("\n    Person:\n", "      required: [id]\n", "")],
        (&["property-became-optional"], [B, B, R]),
        (&["property-became-required"], [S, B, S]),
    ),
    Row(
        "optional property of a response becomes required",
        &[Replace(
            "\n    Person:\n",
            "required: [id]\n",
            "required: [id, displayName]\n",
        )],
        (&["property-became-required"], [S, B, S]),
        (&["property-became-optional"], [B, B, R]),
    ),
    Row(
        "date of a response becomes text",
        &[Replace(
            "        created:\n          type: string\n",
            "          format: date-time\n",
            "",
        )],
        (&["rust-format-removed"], [R, B, R]),
        (&["rust-format-added"], [S, B, S]),
    ),
    Row(
        "date of a response becomes an address",
        &[Replace(
            "        created:\n          type: string\n",
            "          format: date-time\n",
            "          format: email\n",
        )],
        (&["rust-format-changed"], [B, B, R]),
        (&["rust-format-changed"], [B, B, R]),
    ),
    Row(
        "addresses of a request become times",
        &[Replace(
            "    PersonUpdate:\n",
            "            format: email\n",
            "            format: date-time\n",
        )],
        (&["rust-format-changed"], [B, B, R]),
        (&["rust-format-changed"], [B, B, R]),
    ),
    Row(
        "addresses of a request become any text",
        &[Replace(
            "    PersonUpdate:\n",
            "            type: string\n            format: email\n",
            "            type: string\n",
        )],
        (&["format-removed"], [S, S, S]),
        (&["format-added"], [R, S, R]),
    ),
    Row(
        "optional property of a response may be null",
        &[Insert("        timezone:\n", "          nullable: true\n")],
        (&["optional-nullable-added"], [B, S, R]),
        (&["optional-nullable-removed"], [S, S, S]),
    ),
    Row(
        "required property of a response may be null",
        &[Replace(
            "\n    Person:\n",
            "        id:\n",
            "        id:\n          nullable: true\n",
        )],
        (&["nullable-added"], [B, B, R]),
        (&["nullable-removed"], [S, B, S]),
    ),
    Row(
        "property of a response of another type",
        &[Replace(
            "        avatarProvided:\n",
            "type: boolean",
            "type: integer",
        )],
        (&["type-changed"], [B, B, B]),
        (&["type-changed"], [B, B, B]),
    ),
    Row(
        "bound of a response loosened",
        &[Replace("\n    Person:\n", "          minLength: 1\n", "")],
        (&["constraint-loosened"], [B, S, R]),
        (&["constraint-tightened"], [S, S, S]),
    ),
    Row(
        "property of a response deprecated",
        &[Insert(
            "        xmppFederationJid:\n",
            "          deprecated: true\n",
        )],
        (&["deprecated-added"], [R, S, R]),
        (&["deprecated-removed"], [S, S, S]),
    ),
    Row(
        "variant of a response added",
        &[Replace(
            "\n    BooleanOrText:\n",
            "        - type: boolean\n",
            "        - type: boolean\n        - type: integer\n",
        )],
        (&["variant-added"], [B, B, R]),
        (&["variant-removed"], [S, B, S]),
    ),
    Row(
        "error response added",
        &[Replace(
            "operationId: updatePerson\n",
            "      responses:\n",
            "      responses:\n        '418': {description: A teapot.}\n",
        )],
        (&["error-response-added"], [S, S, S]),
        (&["error-response-removed"], [S, S, R]),
    ),
    Row(
        "success response added",
        &[Replace(
            "operationId: updatePerson\n",
            "      responses:\n",
            "      responses:\n        '206': {description: In part.}\n",
        )],
        (&["success-response-added"], [R, S, R]),
        (&["success-response-removed"], [B, S, B]),
    ),
    Row(
        "success response without content removed",
        &[Replace(
            "operationId: updatePerson\n",
            "        '204':\n          $ref: '#/components/responses/NoContent'\n",
            "",
        )],
        (&["success-response-removed"], [B, S, B]),
        (&["success-response-added"], [R, S, R]),
    ),
    Row(
        "success response with content moved to another code",
        &[Replace(
            "operationId: updatePerson\n",
            "        '200':\n",
            "        '203':\n",
        )],
        (
            &["success-response-added", "success-response-removed"],
            [B, S, B],
        ),
        (
            &["success-response-added", "success-response-removed"],
            [B, S, B],
        ),
    ),
    // ---- enumerations ----
    Row(
        "value of a response added",
        &[Replace(
            "\n    PresenceStatus:\n",
            "      enum:\n",
            "      enum:\n        - away\n",
        )],
        (&["enum-value-added"], [B, S, S]),
        (&["enum-value-removed"], [S, B, B]),
    ),
    Row(
        "value of requests and responses removed",
        &[Replace("\n    PhoneNumberType:\n", "        - fax\n", "")],
        (&["enum-value-removed"], [B, B, B]),
        (&["enum-value-added"], [B, S, S]),
    ),
    Row(
        "value of a response renamed",
        &[Replace(
            "\n    PersonType:\n",
            "        - appuser\n",
            "        - guest\n",
        )],
        (&["enum-value-added", "enum-value-removed"], [B, B, B]),
        (&["enum-value-added", "enum-value-removed"], [B, B, B]),
    ),
    Row(
        "values of requests and responses listed for the first time",
        &[Replace(
            "\n    Address:\n",
            "        type:\n          type: string\n",
            "        type:\n          type: string\n          enum: [work, home]\n",
        )],
        (&["enum-added"], [B, B, B]),
        (&["enum-removed"], [B, B, R]),
    ),
    // ---- headers and media types ----
    Row(
        "header added",
        &[Replace(
            "\n    BadRequest:\n",
            "      headers:\n",
            "      headers:\n        X-Reason: {schema: {type: string}}\n",
        )],
        (&["response-header-added"], [S, S, S]),
        (&["response-header-removed"], [B, S, B]),
    ),
    Row(
        "header promised",
        &[Replace(
            "\n  headers:\n",
            "    TrackingID:\n",
            "    TrackingID:\n      required: true\n",
        )],
        (&["header-became-required"], [S, S, S]),
        (&["header-became-optional"], [B, S, R]),
    ),
    Row(
        "media type of a response added",
        &[Replace(
            "operationId: getMyOwnDetails\n",
            "          content:\n",
            "          content:\n            text/vcard: {schema: {type: string}}\n",
        )],
        (&["media-type-added"], [S, S, S]),
        (&["media-type-removed"], [B, S, B]),
    ),
    Row(
        "media type of a request changed",
        &[Replace(
            "      requestBody:\n",
            "          application/json:\n",
            "          application/xml:\n",
        )],
        (
            &["request-media-type-added", "request-media-type-removed"],
            [B, B, B],
        ),
        (
            &["request-media-type-added", "request-media-type-removed"],
            [B, B, B],
        ),
    ),
    // ---- security and servers ----
    Row(
        "security of an operation removed",
        &[Replace(
            "operationId: updatePerson\n",
            "      security:\n        - bearerAuth: []\n",
            "",
        )],
        (&["security-loosened"], [S, S, R]),
        (&["security-tightened"], [B, R, B]),
    ),
    Row(
        "scope asked for",
        &[Replace(
            "operationId: updatePerson\n",
            "bearerAuth: []",
            "bearerAuth: [people_write]",
        )],
        (&["security-tightened"], [B, R, B]),
        (&["security-loosened"], [S, S, R]),
    ),
    Row(
        "security scheme changed",
        &[All("scheme: bearer\n", "scheme: basic\n")],
        (&["security-scheme-changed"], [B, R, B]),
        (&["security-scheme-changed"], [B, R, B]),
    ),
    Row(
        "security scheme renamed",
        &[All("bearerAuth:", "accessToken:")],
        (
            &["security-scheme-added", "security-scheme-removed"],
            [S, S, S],
        ),
        (
            &["security-scheme-added", "security-scheme-removed"],
            [S, S, S],
        ),
    ),
    Row(
        "server changed",
        &[All(
            "- url: https://webexapis.com/v1\n",
            "- url: https://webexapis.com/v2\n",
        )],
        (&["server-changed"], [B, R, B]),
        (&["server-changed"], [B, R, B]),
    ),
    Row(
        "server added before the others",
        &[Insert(
            "\nservers:\n",
            "  - url: https://eu.webexapis.com/v1\n",
        )],
        (&["default-server-changed", "server-added"], [R, S, R]),
        (&["default-server-changed", "server-removed"], [B, R, B]),
    ),
    // ---- names of schemas ----
    Row(
        "schema renamed",
        &[
            All("\n    PersonType:\n", "\n    AccountType:\n"),
            All("schemas/PersonType'", "schemas/AccountType'"),
        ],
        (&["schema-renamed"], [S, B, S]),
        (&["schema-renamed"], [S, B, S]),
    ),
    Row(
        "schema renamed and changed",
        &[
            All("\n    SipAddress:\n", "\n    Sip:\n"),
            All("schemas/SipAddress'", "schemas/Sip'"),
            Replace(
                "\n    Sip:\n",
                "      properties:\n",
                "      properties:\n        port: {type: integer}\n",
            ),
        ],
        (&["property-added", "schema-renamed"], [S, B, S]),
        (&["property-removed", "schema-renamed"], [B, B, B]),
    ),
    Row(
        "schema moved into the components",
        &[
            Replace(
                "\n    Address:\n",
                "        locality:\n          type: string\n",
                "        locality:\n          allOf: [{$ref: '#/components/schemas/Locality'}]\n",
            ),
            Insert("\n  schemas:\n", "    Locality:\n      type: string\n"),
        ],
        (&["schema-added", "schema-named"], [S, B, S]),
        (&["schema-inlined", "schema-removed"], [S, B, S]),
    ),
    Row(
        "response moved out of the components",
        &[Replace(
            "operationId: updatePerson\n",
            "          $ref: '#/components/responses/NoContent'\n",
            "          description: Success without a body.\n          headers: {TrackingID: {$ref: '#/components/headers/TrackingID'}}\n",
        )],
        NOTHING,
        NOTHING,
    ),
    // ---- examples and prose ----
    Row(
        "example changed",
        &[All("example: work\n", "example: mobile\n")],
        (&["example-changed"], [S, S, R]),
        (&["example-changed"], [S, S, R]),
    ),
    Row(
        "example added",
        &[Insert("name: minResponse\n", "      example: true\n")],
        (&["example-added"], [S, S, S]),
        (&["example-removed"], [S, S, S]),
    ),
    Row(
        "named example removed",
        &[Replace(
            "operationId: getMyOwnDetails\n",
            "              examples:\n                MyOwnDetails:\n                  $ref: '#/components/examples/MyOwnDetails'\n",
            "",
        )],
        (&["example-removed"], [S, S, S]),
        (&["example-added"], [S, S, S]),
    ),
    Row(
        "value of a named example changed",
        &[Replace(
            "\n    UpdatePersonRequest:\n",
            "\"extension\": \"133\"",
            "\"extension\": \"134\"",
        )],
        (&["example-changed"], [S, S, R]),
        (&["example-changed"], [S, S, R]),
    ),
    Row(
        "summary of an operation reworded",
        &[Replace(
            "operationId: updatePerson\n",
            "summary: Replace",
            "summary: Overwrite",
        )],
        REWORDED,
        REWORDED,
    ),
    Row(
        "rule of an operation reworded",
        &[Replace(
            "operationId: updatePerson\n",
            "description: |\n",
            "description: |\n        Owners only.\n\n",
        )],
        REWORDED,
        REWORDED,
    ),
    Row(
        "parameter reworded",
        &[Replace(
            "name: showAllTypes\n",
            "description: |\n",
            "description: |\n        Beware.\n\n",
        )],
        REWORDED,
        REWORDED,
    ),
    Row(
        "property reworded",
        &[Replace(
            "\n    PersonUpdate:\n",
            "description: The e-mail",
            "description: The only e-mail",
        )],
        REWORDED,
        REWORDED,
    ),
    Row(
        "value of an enumeration reworded",
        &[Replace(
            "\n    PresenceStatus:\n",
            "- `call`: ",
            "- `call`: just now ",
        )],
        REWORDED,
        REWORDED,
    ),
    Row(
        "response reworded",
        &[Replace(
            "\n    NoContent:\n",
            "description: Success",
            "description: A success",
        )],
        REWORDED,
        REWORDED,
    ),
    Row(
        "header reworded",
        &[Replace(
            "\n    RetryAfter:\n",
            "description: |\n",
            "description: |\n        Beware.\n\n",
        )],
        REWORDED,
        REWORDED,
    ),
    Row(
        "introduction reworded",
        &[Replace(
            "\ninfo:\n",
            "description: |\n",
            "description: |\n    Beware.\n\n",
        )],
        REWORDED,
        REWORDED,
    ),
    Row(
        "tag reworded",
        &[Replace(
            "\ntags:\n",
            "description: |\n",
            "description: |\n      Beware.\n\n",
        )],
        REWORDED,
        REWORDED,
    ),
    Row(
        "prose added",
        &[Insert(
            "  /people/{personId}:\n",
            "    description: One person.\n",
        )],
        (&["prose-added"], [S, S, R]),
        (&["prose-removed"], [S, S, R]),
    ),
    Row(
        "version changed",
        &[Replace("\ninfo:\n", "  version: '", "  version: '9.")],
        (&["version-changed"], [S, S, S]),
        (&["version-changed"], [S, S, S]),
    ),
];

/// The text with the edit; the words of the edit have to be there.
fn edited(text: &str, edit: &Edit) -> String {
    match edit {
        All(from, to) => {
            assert!(text.contains(from), "the contract has no {from:?}");
            text.replace(from, to)
        }
        Insert(behind, what) => {
            let start = text.find(behind);
            let place = start.unwrap_or_else(|| panic!("the contract has no {behind:?}"));
            let place = place + behind.len();
            format!("{}{what}{}", &text[..place], &text[place..])
        }
        Replace(behind, from, to) => {
            let start = text.find(behind);
            let start = start.unwrap_or_else(|| panic!("the contract has no {behind:?}"));
            let start = start + behind.len();
            let place = text[start..].find(from);
            let place = place.unwrap_or_else(|| panic!("no {from:?} behind {behind:?}"));
            let place = start + place;
            format!("{}{to}{}", &text[..place], &text[place + from.len()..])
        }
    }
}

/// The contract with a parameter that the row about copies needs.
fn contract() -> String {
    let text = edited(
        CONTRACT,
        &Insert(
            "\n  parameters:\n",
            "    Copied: {name: copied, in: query, schema: {type: integer}}\n",
        ),
    );
    edited(
        &text,
        &Replace(
            "operationId: updatePerson\n",
            "      parameters:\n",
            "      parameters:\n        - $ref: '#/components/parameters/Copied'\n",
        ),
    )
}

fn fault(from: &str, to: &str, (rules, levels): &Meaning) -> Option<String> {
    let report = report(from, to);
    let found: BTreeSet<&str> = report.differences.iter().map(|found| found.rule).collect();
    let found: Vec<&str> = found.into_iter().collect();
    let worst = Audience::ALL.map(|reader| report.worst(reader));
    let notes = &report.notes;
    (found != *rules || worst != *levels || !notes.is_empty())
        .then(|| format!("expected {rules:?} {levels:?}, found {found:?} {worst:?} {notes:?}"))
}

#[test]
fn every_edit_means_what_the_table_says_in_both_directions() {
    assert!(ROWS.len() >= 40);
    let contract = contract();
    let mut faults = Vec::new();
    for Row(name, edits, forth, back) in ROWS {
        let changed = edits
            .iter()
            .fold(contract.clone(), |text, edit| edited(&text, edit));
        assert_ne!(changed, contract, "{name} edits nothing");
        for (direction, fault) in [
            ("forth", fault(&contract, &changed, forth)),
            ("back", fault(&changed, &contract, back)),
        ] {
            faults.extend(fault.map(|fault| format!("{name}, {direction}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_difference_is_shown_in_a_hunk_of_the_change() {
    let contract = contract();
    let mut faults = Vec::new();
    for Row(name, edits, ..) in ROWS {
        let changed = edits
            .iter()
            .fold(contract.clone(), |text, edit| edited(&text, edit));
        for (direction, from, to) in [
            ("forth", &contract, &changed),
            ("back", &changed, &contract),
        ] {
            let hunks = Hunks::of(from, to);
            let outside = (report(from, to).differences.into_iter())
                .filter(|found| !hunks.contain(found.near.line))
                .map(|found| format!("{name}, {direction}: {} at {}", found.rule, found.near));
            faults.extend(outside);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
