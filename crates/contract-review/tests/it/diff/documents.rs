//! What a change outside of a single schema means to callers, forth and back: references that lead
//! nowhere, paths, servers, security schemes, names that go over the wire.

use contract_review::diff::Level::{self, Breaking as B, Risky as R, Safe as S};
use contract_review::diff::rules::{Slot, document};

use super::differences;

/// The rules that are broken, in the order of the alphabet, and the worst level for callers.
type Verdict = (&'static [&'static str], Level);

const NOTHING: Verdict = (&[], S);

/// What changes, where, and what it means forth and back.
type Row = (&'static str, Slot, &'static str, &'static str, [Verdict; 2]);

const UNRESOLVED: Verdict = (&["reference-unresolved"], R);

const REFERENCES: &[Row] = &[
    (
        "parameter of another document becomes another one",
        Slot::Operation,
        "parameters: [{$ref: 'x.yaml#/A'}], ",
        "parameters: [{$ref: 'x.yaml#/B'}], ",
        [
            (&["reference-unresolved", "reference-unresolved"], R),
            (&["reference-unresolved", "reference-unresolved"], R),
        ],
    ),
    (
        "parameter of another document is added",
        Slot::Operation,
        "",
        "parameters: [{$ref: 'x.yaml#/A'}], ",
        [UNRESOLVED, UNRESOLVED],
    ),
    (
        "parameter of another document moves from the operation to its path",
        Slot::Paths,
        "/a: {get: {operationId: a, parameters: [{$ref: x.yaml}], responses: {}}}",
        "/a: {parameters: [{$ref: x.yaml}], get: {operationId: a, responses: {}}}",
        [NOTHING, NOTHING],
    ),
    (
        "body of another document is added",
        Slot::Operation,
        "",
        "requestBody: {$ref: x.yaml}, ",
        [
            (&["reference-unresolved", "request-body-added"], R),
            (&["request-body-removed"], B),
        ],
    ),
    (
        "path of another document is added",
        Slot::Paths,
        "",
        "/a: {$ref: x.yaml}",
        [UNRESOLVED, UNRESOLVED],
    ),
    (
        "path comes from another document",
        Slot::Paths,
        "/a: {get: {operationId: a, responses: {}}}",
        "/a: {$ref: x.yaml}",
        [UNRESOLVED, UNRESOLVED],
    ),
    (
        "link of another document becomes another one",
        Slot::Responses,
        "'204': {description: Done., links: {next: {$ref: x.yaml}}}",
        "'204': {description: Done., links: {next: {$ref: y.yaml}}}",
        [UNRESOLVED, UNRESOLVED],
    ),
    (
        "link of another document is added",
        Slot::Responses,
        "'204': {description: Done.}",
        "'204': {description: Done., links: {next: {$ref: x.yaml}}}",
        [(&["link-changed", "reference-unresolved"], R), UNRESOLVED],
    ),
    (
        "response of another document to a status that the range covered",
        Slot::Responses,
        "4XX: {description: Wrong., content: {application/json: {}}}",
        "4XX: {description: Wrong., content: {application/json: {}}}, '404': {$ref: x.yaml}",
        [
            (&["error-response-added", "reference-unresolved"], R),
            (&["error-response-merged", "reference-unresolved"], R),
        ],
    ),
    (
        "schema comes from another document",
        Slot::Document,
        "components: {schemas: {A: {type: string}}}",
        "components: {schemas: {A: {$ref: x.yaml}}}",
        [UNRESOLVED, UNRESOLVED],
    ),
    (
        "unused parameter comes from another document",
        Slot::Document,
        "components: {parameters: {a: {name: a, in: query, schema: {type: string}}}}",
        "components: {parameters: {a: {$ref: x.yaml}}}",
        [UNRESOLVED, UNRESOLVED],
    ),
    (
        "security scheme of another document becomes another one",
        Slot::Document,
        "components: {securitySchemes: {a: {$ref: x.yaml}}}",
        "components: {securitySchemes: {a: {$ref: y.yaml}}}",
        [UNRESOLVED, UNRESOLVED],
    ),
];

const PATHS: &[Row] = &[
    (
        "parameter beside the reference of a path becomes required",
        Slot::Paths,
        "/a: {$ref: '#/paths/~1b', parameters: [{name: q, in: query, schema: {type: string}}]}, /b: {get: {operationId: b, responses: {}}}",
        "/a: {$ref: '#/paths/~1b', parameters: [{name: q, in: query, required: true, schema: {type: string}}]}, /b: {get: {operationId: b, responses: {}}}",
        [
            (&["parameter-became-required"], B),
            (&["parameter-became-optional"], S),
        ],
    ),
    (
        "parameter becomes required where the reference of a path leads, which has others beside it",
        Slot::Paths,
        "/a: {$ref: '#/paths/~1b', parameters: [{name: p, in: query}], get: {operationId: a, responses: {}}}, /b: {parameters: [{name: q, in: query}]}",
        "/a: {$ref: '#/paths/~1b', parameters: [{name: p, in: query}], get: {operationId: a, responses: {}}}, /b: {parameters: [{name: q, in: query, required: true}]}",
        [
            (&["parameter-became-required"], B),
            (&["parameter-became-optional"], S),
        ],
    ),
    (
        "operation beside the reference of a path is removed",
        Slot::Paths,
        "/a: {$ref: '#/paths/~1b', put: {operationId: a, responses: {}}}, /b: {get: {operationId: b, responses: {}}}",
        "/a: {$ref: '#/paths/~1b'}, /b: {get: {operationId: b, responses: {}}}",
        [(&["operation-removed"], B), (&["operation-added"], S)],
    ),
    (
        "path with an operation beside its reference is removed",
        Slot::Paths,
        "/a: {$ref: x.yaml, put: {operationId: a, responses: {}}}",
        "",
        [
            (&["operation-removed", "reference-unresolved"], B),
            (&["operation-added", "reference-unresolved"], R),
        ],
    ),
    (
        "operation beside a reference to another document changes",
        Slot::Paths,
        "/a: {$ref: x.yaml, put: {operationId: a, responses: {}}}",
        "/a: {$ref: x.yaml, put: {operationId: a, parameters: [{name: q, in: query, required: true, schema: {type: string}}], responses: {}}}",
        [
            (&["required-parameter-added"], B),
            (&["parameter-removed"], B),
        ],
    ),
    (
        "operation that another one hides changes",
        Slot::Paths,
        "/a: {$ref: '#/paths/~1b', get: {operationId: a, responses: {}}}, /b: {get: {operationId: b, responses: {}}}",
        "/a: {$ref: '#/paths/~1b', get: {operationId: a, responses: {}}}, /b: {get: {operationId: b, deprecated: true, responses: {}}}",
        [
            (&["deprecated-added", "field-changed"], R),
            (&["deprecated-removed", "field-changed"], R),
        ],
    ),
    (
        "extension comes beside the reference of a path",
        Slot::Paths,
        "/a: {$ref: '#/paths/~1b'}, /b: {get: {operationId: b, responses: {}}}",
        "/a: {$ref: '#/paths/~1b', x-a: 1}, /b: {get: {operationId: b, responses: {}}}",
        [(&["extension-added"], R), (&["extension-removed"], R)],
    ),
    (
        "field comes beside the reference of a callback's path",
        Slot::Operation,
        "callbacks: {done: {/a: {$ref: x.yaml}}}, ",
        "callbacks: {done: {/a: {$ref: x.yaml, get: {responses: {}}}}}, ",
        [(&["field-changed"], R), (&["field-changed"], R)],
    ),
    (
        "path gets its fields by a reference",
        Slot::Paths,
        "/a: {get: {operationId: b, responses: {}}}, /b: {get: {operationId: b, responses: {}}}",
        "/a: {$ref: '#/paths/~1b'}, /b: {get: {operationId: b, responses: {}}}",
        [NOTHING, NOTHING],
    ),
];

const SERVERS: &[Row] = &[
    (
        "server comes where none was listed",
        Slot::Document,
        "openapi: 3.0.3",
        "openapi: 3.0.3\nservers: [{url: 'https://b'}]",
        [(&["server-changed"], B), (&["server-changed"], B)],
    ),
    (
        "server comes where the list was empty",
        Slot::Document,
        "openapi: 3.0.3\nservers: []",
        "openapi: 3.0.3\nservers: [{url: /}, {url: 'https://b'}]",
        [(&["server-added"], S), (&["server-removed"], B)],
    ),
    (
        "default is written out",
        Slot::Document,
        "openapi: 3.0.3",
        "openapi: 3.0.3\nservers: [{url: /}]",
        [NOTHING, NOTHING],
    ),
    (
        "servers swap their places",
        Slot::Document,
        "openapi: 3.0.3\nservers: [{url: 'https://a'}, {url: 'https://b'}]",
        "openapi: 3.0.3\nservers: [{url: 'https://b'}, {url: 'https://a'}]",
        [
            (&["default-server-changed"], R),
            (&["default-server-changed"], R),
        ],
    ),
    (
        "server comes before the first",
        Slot::Document,
        "openapi: 3.0.3\nservers: [{url: 'https://a'}]",
        "openapi: 3.0.3\nservers: [{url: 'https://b'}, {url: 'https://a'}]",
        [
            (&["default-server-changed", "server-added"], R),
            (&["default-server-changed", "server-removed"], B),
        ],
    ),
    (
        "variable of a server is renamed",
        Slot::Document,
        "openapi: 3.0.3\nservers: [{url: 'https://{a}', variables: {a: {default: x}}}]",
        "openapi: 3.0.3\nservers: [{url: 'https://{b}', variables: {b: {default: x}}}]",
        [
            (&["server-variable-changed", "server-variable-changed"], R),
            (&["server-variable-changed", "server-variable-changed"], R),
        ],
    ),
    (
        "variable of a server that is not described is renamed",
        Slot::Document,
        "openapi: 3.0.3\nservers: [{url: 'https://{a}'}]",
        "openapi: 3.0.3\nservers: [{url: 'https://{b}'}]",
        [
            (&["server-variable-changed"], R),
            (&["server-variable-changed"], R),
        ],
    ),
    (
        "first server is replaced, and another one stays",
        Slot::Document,
        "openapi: 3.0.3\nservers: [{url: 'https://a'}, {url: 'https://b'}]",
        "openapi: 3.0.3\nservers: [{url: 'https://c'}, {url: 'https://b'}]",
        [(&["server-changed"], B), (&["server-changed"], B)],
    ),
    (
        "first server goes, and another one comes last",
        Slot::Document,
        "openapi: 3.0.3\nservers: [{url: 'https://a'}, {url: 'https://b'}]",
        "openapi: 3.0.3\nservers: [{url: 'https://b'}, {url: 'https://c'}]",
        [
            (&["default-server-changed", "server-changed"], B),
            (&["default-server-changed", "server-changed"], B),
        ],
    ),
    (
        "server of an operation changes its place",
        Slot::Operation,
        "servers: [{url: 'https://a'}, {url: 'https://b'}], ",
        "servers: [{url: 'https://b'}, {url: 'https://a'}], ",
        [
            (&["default-server-changed"], R),
            (&["default-server-changed"], R),
        ],
    ),
];

const SCHEMES: &[Row] = &[
    (
        "scheme of HTTP and name of a header in capitals",
        Slot::Document,
        "components: {securitySchemes: {a: {type: http, scheme: bearer}, b: {type: apiKey, in: header, name: X-Key}}}",
        "components: {securitySchemes: {a: {type: http, scheme: Bearer}, b: {type: apiKey, in: header, name: x-key}}}",
        [NOTHING, NOTHING],
    ),
    (
        "name in a query in capitals",
        Slot::Document,
        "components: {securitySchemes: {a: {type: apiKey, in: query, name: key}}}",
        "components: {securitySchemes: {a: {type: apiKey, in: query, name: Key}}}",
        [
            (&["security-scheme-changed"], B),
            (&["security-scheme-changed"], B),
        ],
    ),
    (
        "scheme has one more flow",
        Slot::Document,
        "components: {securitySchemes: {a: {type: oauth2, flows: {password: {tokenUrl: /t, scopes: {}}}}}}",
        "components: {securitySchemes: {a: {type: oauth2, flows: {password: {tokenUrl: /t, scopes: {}}, clientCredentials: {tokenUrl: /t, scopes: {}}}}}}",
        [
            (&["security-scheme-extended"], S),
            (&["security-scheme-reduced"], B),
        ],
    ),
    (
        "tokens can be renewed",
        Slot::Document,
        "components: {securitySchemes: {a: {type: oauth2, flows: {password: {tokenUrl: /t, scopes: {}}}}}}",
        "components: {securitySchemes: {a: {type: oauth2, flows: {password: {tokenUrl: /t, refreshUrl: /r, scopes: {}}}}}}",
        [
            (&["security-scheme-extended"], S),
            (&["security-scheme-reduced"], B),
        ],
    ),
    (
        "tokens are renewed elsewhere",
        Slot::Document,
        "components: {securitySchemes: {a: {type: oauth2, flows: {password: {tokenUrl: /t, refreshUrl: /q, scopes: {}}}}}}",
        "components: {securitySchemes: {a: {type: oauth2, flows: {password: {tokenUrl: /t, refreshUrl: /r, scopes: {}}}}}}",
        [
            (&["security-scheme-changed"], B),
            (&["security-scheme-changed"], B),
        ],
    ),
    (
        "parameter may be empty",
        Slot::Operation,
        "parameters: [{name: a, in: query, schema: {type: string}}], ",
        "parameters: [{name: a, in: query, allowEmptyValue: true, schema: {type: string}}], ",
        [
            (&["empty-value-allowed"], S),
            (&["empty-value-forbidden"], B),
        ],
    ),
];

/// Fields that no other rule knows.
const REST: &[Row] = &[
    (
        "open list beside a closed one changes",
        Slot::Request,
        "{type: string, enum: [a, b], x-extensible-enum: [a, b]}",
        "{type: string, enum: [a, b], x-extensible-enum: [a]}",
        [(&["extension-changed"], R), (&["extension-changed"], R)],
    ),
    (
        "open list comes beside a closed one",
        Slot::Request,
        "{type: string, enum: [a, b]}",
        "{type: string, enum: [a, b], x-extensible-enum: [a]}",
        [(&["extension-added"], R), (&["extension-removed"], R)],
    ),
    (
        "extension of the components changes",
        Slot::Document,
        "components: {x-a: 1}",
        "components: {x-a: 2}",
        [(&["extension-changed"], R), (&["extension-changed"], R)],
    ),
    (
        "unknown section of the components comes",
        Slot::Document,
        "components: {}",
        "components: {pathItems: {}}",
        [(&["field-changed"], R), (&["field-changed"], R)],
    ),
    (
        "link that is not used changes",
        Slot::Document,
        "components: {links: {a: {operationId: a}}}",
        "components: {links: {a: {operationId: b}}}",
        [(&["link-changed"], R), (&["link-changed"], R)],
    ),
];

/// Documents below their first line.
const WHOLE: &[(&str, &str, &str, [Verdict; 2])] = &[
    (
        "security scheme that is required comes from another document",
        "security: [{a: []}]\npaths: {/a: {get: {responses: {}}}}\n\
         components: {securitySchemes: {a: {type: http, scheme: bearer}}}",
        "security: [{a: []}]\npaths: {/a: {get: {responses: {}}}}\n\
         components: {securitySchemes: {a: {$ref: x.yaml}}}",
        [UNRESOLVED, UNRESOLVED],
    ),
    (
        "schema of a document in XML is renamed",
        "paths: {/a: {post: {requestBody: {content: {application/xml: {schema: {$ref: '#/components/schemas/A'}}}}, responses: {}}}}\n\
         components: {schemas: {A: {type: object}}}",
        "paths: {/a: {post: {requestBody: {content: {application/xml: {schema: {$ref: '#/components/schemas/B'}}}}, responses: {}}}}\n\
         components: {schemas: {B: {type: object}}}",
        [
            (&["schema-renamed", "xml-changed"], B),
            (&["schema-renamed", "xml-changed"], B),
        ],
    ),
    (
        "schema of the items of a list in XML is renamed",
        "paths: {/a: {get: {responses: {'200': {content: {text/xml: {schema: {type: array, items: {$ref: '#/components/schemas/A'}}}}}}}}}\n\
         components: {schemas: {A: {type: object}}}",
        "paths: {/a: {get: {responses: {'200': {content: {text/xml: {schema: {type: array, items: {$ref: '#/components/schemas/B'}}}}}}}}}\n\
         components: {schemas: {B: {type: object}}}",
        [
            (&["schema-renamed", "xml-changed"], B),
            (&["schema-renamed", "xml-changed"], B),
        ],
    ),
    (
        "renamed schema of a document in XML has a name for XML",
        "paths: {/a: {get: {responses: {'200': {content: {application/a+xml: {schema: {$ref: '#/components/schemas/A'}}}}}}}}\n\
         components: {schemas: {A: {type: object, xml: {name: a}}}}",
        "paths: {/a: {get: {responses: {'200': {content: {application/a+xml: {schema: {$ref: '#/components/schemas/B'}}}}}}}}\n\
         components: {schemas: {B: {type: object, xml: {name: a}}}}",
        [(&["schema-renamed"], S), (&["schema-renamed"], S)],
    ),
];

/// `Thing` is sent, or received.
const DISCRIMINATORS: &[(&str, &str, &str, [Verdict; 4])] = &[
    (
        "schema that is selected gets another type",
        "Thing: {type: object, discriminator: {propertyName: k}}, \
         Cat: {allOf: [{$ref: '#/components/schemas/Thing'}, {properties: {a: {type: string}}}]}",
        "Thing: {type: object, discriminator: {propertyName: k}}, \
         Cat: {allOf: [{$ref: '#/components/schemas/Thing'}, {properties: {a: {type: integer}}}]}",
        [
            (&["type-changed"], B),
            (&["type-changed"], B),
            (&["type-changed"], B),
            (&["type-changed"], B),
        ],
    ),
    (
        "schema that is selected is tightened, two steps away",
        "Thing: {type: object, discriminator: {propertyName: k}}, \
         Pet: {allOf: [{$ref: '#/components/schemas/Thing'}]}, \
         Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {a: {type: string}}}]}",
        "Thing: {type: object, discriminator: {propertyName: k}}, \
         Pet: {allOf: [{$ref: '#/components/schemas/Thing'}]}, \
         Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {a: {type: string, maxLength: 5}}}]}",
        [
            (&["constraint-tightened"], B),
            (&["constraint-loosened"], S),
            (&["constraint-tightened"], S),
            (&["constraint-loosened"], B),
        ],
    ),
    (
        "words of a schema that is selected change",
        "Thing: {type: object, discriminator: {propertyName: k}}, \
         Cat: {allOf: [{$ref: '#/components/schemas/Thing'}, {description: One.}]}",
        "Thing: {type: object, discriminator: {propertyName: k}}, \
         Cat: {allOf: [{$ref: '#/components/schemas/Thing'}, {description: Two.}]}",
        [
            (&["prose-changed"], S),
            (&["prose-changed"], S),
            (&["prose-changed"], S),
            (&["prose-changed"], S),
        ],
    ),
    (
        "schema that is selected comes",
        "Thing: {type: object, discriminator: {propertyName: k}}",
        "Thing: {type: object, discriminator: {propertyName: k}}, Cat: {allOf: [{$ref: '#/components/schemas/Thing'}]}",
        [
            (&["mapping-added", "schema-added"], S),
            (&["mapping-removed", "schema-removed"], B),
            (&["mapping-added", "schema-added"], B),
            (&["mapping-removed", "schema-removed"], S),
        ],
    ),
    (
        "a schema from the same parent changes, which cannot be selected here",
        "Thing: {allOf: [{$ref: '#/components/schemas/Pet'}]}, Pet: {type: object, discriminator: {propertyName: k}}, \
         Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {a: {type: string}}}]}",
        "Thing: {allOf: [{$ref: '#/components/schemas/Pet'}]}, Pet: {type: object, discriminator: {propertyName: k}}, \
         Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {a: {type: integer}}}]}",
        [
            (&["type-changed"], S),
            (&["type-changed"], S),
            (&["type-changed"], S),
            (&["type-changed"], S),
        ],
    ),
    (
        "a schema from the same parent goes, which cannot be selected here",
        "Thing: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {b: {}}}]}, Pet: {type: object, discriminator: {propertyName: k}}, \
         Dog: {allOf: [{$ref: '#/components/schemas/Pet'}]}",
        "Thing: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {b: {}}}]}, Pet: {type: object, discriminator: {propertyName: k}}",
        [
            (&["mapping-removed", "schema-removed"], S),
            (&["mapping-added", "schema-added"], S),
            (&["mapping-removed", "schema-removed"], S),
            (&["mapping-added", "schema-added"], S),
        ],
    ),
    (
        "what is selected goes where words stand around the reference",
        "Thing: {type: array, items: {description: A., allOf: [{$ref: '#/components/schemas/Pet'}]}}, \
         Pet: {type: object, discriminator: {propertyName: k}}, Dog: {allOf: [{$ref: '#/components/schemas/Pet'}]}",
        "Thing: {type: array, items: {description: A., allOf: [{$ref: '#/components/schemas/Pet'}]}}, \
         Pet: {type: object, discriminator: {propertyName: k}}",
        [
            (&["mapping-removed", "schema-removed"], B),
            (&["mapping-added", "schema-added"], S),
            (&["mapping-removed", "schema-removed"], S),
            (&["mapping-added", "schema-added"], B),
        ],
    ),
    (
        "what is selected gets another type where more is required of it",
        "Thing: {allOf: [{type: array, items: {allOf: [{$ref: '#/components/schemas/Pet'}, {required: [a]}]}}]}, \
         Pet: {type: object, discriminator: {propertyName: k}}, Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {a: {type: string}}}]}",
        "Thing: {allOf: [{type: array, items: {allOf: [{$ref: '#/components/schemas/Pet'}, {required: [a]}]}}]}, \
         Pet: {type: object, discriminator: {propertyName: k}}, Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {a: {type: integer}}}]}",
        [
            (&["type-changed"], B),
            (&["type-changed"], B),
            (&["type-changed"], B),
            (&["type-changed"], B),
        ],
    ),
    (
        "schema in a mapping without allOf changes",
        "Thing: {type: object, discriminator: {propertyName: k, mapping: {c: Cat}}}, \
         Cat: {type: object, properties: {a: {type: string}}}",
        "Thing: {type: object, discriminator: {propertyName: k, mapping: {c: Cat}}}, \
         Cat: {type: object, properties: {a: {type: integer}}}",
        [
            (&["type-changed"], B),
            (&["type-changed"], B),
            (&["type-changed"], B),
            (&["type-changed"], B),
        ],
    ),
    (
        "variant is renamed",
        "Thing: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: string}], discriminator: {propertyName: k}}, Cat: {type: object}",
        "Thing: {oneOf: [{$ref: '#/components/schemas/Pet'}, {type: string}], discriminator: {propertyName: k}}, Pet: {type: object}",
        [
            (&["mapping-added", "mapping-removed", "schema-renamed"], B),
            (&["mapping-added", "mapping-removed", "schema-renamed"], B),
            (&["mapping-added", "mapping-removed", "schema-renamed"], B),
            (&["mapping-added", "mapping-removed", "schema-renamed"], B),
        ],
    ),
    (
        "variant is renamed whose name is no value of the property",
        "Thing: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: string}], discriminator: {propertyName: k}}, \
         Cat: {allOf: [{type: object, properties: {k: {type: string, enum: [c]}}}]}",
        "Thing: {oneOf: [{$ref: '#/components/schemas/Pet'}, {type: string}], discriminator: {propertyName: k}}, \
         Pet: {allOf: [{type: object, properties: {k: {type: string, enum: [c]}}}]}",
        [
            (&["schema-renamed"], S),
            (&["schema-renamed"], S),
            (&["schema-renamed"], S),
            (&["schema-renamed"], S),
        ],
    ),
    (
        "variant is renamed whose name is a value of the property",
        "Thing: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: string}], discriminator: {propertyName: k}}, \
         Cat: {type: object, properties: {k: {type: string, enum: [Cat, Pet]}}}",
        "Thing: {oneOf: [{$ref: '#/components/schemas/Pet'}, {type: string}], discriminator: {propertyName: k}}, \
         Pet: {type: object, properties: {k: {type: string, enum: [Cat, Pet]}}}",
        [
            (&["mapping-added", "mapping-removed", "schema-renamed"], B),
            (&["mapping-added", "mapping-removed", "schema-renamed"], B),
            (&["mapping-added", "mapping-removed", "schema-renamed"], B),
            (&["mapping-added", "mapping-removed", "schema-renamed"], B),
        ],
    ),
    (
        "mapping of a schema that has a discriminator of its own, and inherits another one",
        "Thing: {allOf: [{$ref: '#/components/schemas/Pet'}], discriminator: {propertyName: l, mapping: {c: Cat}}}, \
         Pet: {type: object, discriminator: {propertyName: k}}, Cat: {type: object}",
        "Thing: {allOf: [{$ref: '#/components/schemas/Pet'}], discriminator: {propertyName: l, mapping: {c: Cat, d: Cat}}}, \
         Pet: {type: object, discriminator: {propertyName: k}}, Cat: {type: object}",
        [
            (&["mapping-added"], S),
            (&["mapping-removed"], B),
            (&["mapping-added"], B),
            (&["mapping-removed"], S),
        ],
    ),
    (
        "variant with a mapping is renamed",
        "Thing: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: string}], \
         discriminator: {propertyName: k, mapping: {c: '#/components/schemas/Cat'}}}, Cat: {type: object}",
        "Thing: {oneOf: [{$ref: '#/components/schemas/Pet'}, {type: string}], \
         discriminator: {propertyName: k, mapping: {c: Pet}}}, Pet: {type: object}",
        [
            (&["schema-renamed"], S),
            (&["schema-renamed"], S),
            (&["schema-renamed"], S),
            (&["schema-renamed"], S),
        ],
    ),
    (
        "variant is written in place",
        "Thing: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: string}], discriminator: {propertyName: k}}, Cat: {type: object}",
        "Thing: {oneOf: [{type: object}, {type: string}], discriminator: {propertyName: k}}, Cat: {type: object}",
        [
            (&["discriminator-changed", "schema-inlined"], B),
            (&["discriminator-changed", "schema-named"], B),
            (&["discriminator-changed", "schema-inlined"], B),
            (&["discriminator-changed", "schema-named"], B),
        ],
    ),
    (
        "name of a variant is written out as a mapping",
        "Thing: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: string}], discriminator: {propertyName: k}}, Cat: {type: object}",
        "Thing: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: string}], discriminator: {propertyName: k, mapping: {Cat: Cat}}}, Cat: {type: object}",
        [NOTHING, NOTHING, NOTHING, NOTHING],
    ),
    (
        "variant gets another name by a mapping",
        "Thing: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: string}], discriminator: {propertyName: k}}, Cat: {type: object}",
        "Thing: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: string}], discriminator: {propertyName: k, mapping: {c: Cat}}}, Cat: {type: object}",
        [
            (&["selected-by-mapping"], R),
            (&["selected-by-name"], B),
            (&["selected-by-mapping"], B),
            (&["selected-by-name"], R),
        ],
    ),
];

/// The contract in which `Thing` of these schemas is the body of a response.
fn received(schemas: &str) -> String {
    let part = document(Slot::Response, "{$ref: '#/components/schemas/Thing'}");
    format!("{part}components: {{schemas: {{{schemas}}}}}\n")
}

fn verdict(old: &str, new: &str) -> (Vec<&'static str>, Level) {
    let found = differences(old, new);
    let mut rules: Vec<_> = found.iter().map(|found| found.rule).collect();
    rules.sort_unstable();
    let levels = found.iter().map(|found| found.impact.callers);
    (rules, levels.max().unwrap_or(S))
}

/// The rows that mean something else than they say.
fn faults(rows: &[Row]) -> String {
    let mut faults = Vec::new();
    for (name, slot, old, new, expected) in rows {
        let (old, new) = (document(*slot, old), document(*slot, new));
        for ((old, new), (rules, level)) in [(&old, &new), (&new, &old)].into_iter().zip(expected) {
            let found = verdict(old, new);
            if found != (rules.to_vec(), *level) {
                faults.push(format!(
                    "{name}: expected {rules:?} {level}, found {found:?}"
                ));
            }
        }
    }
    faults.join("\n")
}

#[test]
fn reference_that_leads_nowhere_is_reported_wherever_it_differs() {
    assert_eq!(faults(REFERENCES), "");
}

#[test]
fn fields_beside_the_reference_of_a_path_are_compared() {
    assert_eq!(faults(PATHS), "");
}

#[test]
fn servers_are_compared_by_their_urls_and_their_order() {
    assert_eq!(faults(SERVERS), "");
}

#[test]
fn part_that_a_security_scheme_or_a_parameter_can_have_is_safe_to_add() {
    assert_eq!(faults(SCHEMES), "");
}

#[test]
fn field_that_no_rule_knows_is_reported() {
    assert_eq!(faults(REST), "");
}

#[test]
fn change_of_what_several_parts_share_has_the_verdict_of_the_table() {
    for (name, old, new, [forth, back]) in WHOLE {
        let contract = |part: &str| format!("openapi: 3.0.3\n{part}\n");
        let (old, new) = (contract(old), contract(new));
        assert_eq!(verdict(&old, &new), (forth.0.to_vec(), forth.1), "{name}");
        assert_eq!(verdict(&new, &old), (back.0.to_vec(), back.1), "{name}");
    }
}

#[test]
fn names_of_a_discriminator_and_what_they_select_are_compared() {
    let mut faults = Vec::new();
    for (name, old, new, expected) in DISCRIMINATORS {
        let sent = [old, new].map(|schemas| document(Slot::Schemas, schemas));
        let received = [old, new].map(|schemas| received(schemas));
        let pairs = [
            (&sent[0], &sent[1]),
            (&sent[1], &sent[0]),
            (&received[0], &received[1]),
            (&received[1], &received[0]),
        ];
        for ((old, new), (rules, level)) in pairs.into_iter().zip(expected) {
            let found = verdict(old, new);
            if found != (rules.to_vec(), *level) {
                faults.push(format!(
                    "{name}: expected {rules:?} {level}, found {found:?}"
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
