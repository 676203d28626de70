//! The README's walk through a change of the contract, for one change of each common kind: the contract
//! still passes lint, and each difference is an annotation in the lines of the change.

use contract_review::lint::lint;
use contract_review::report::{self, DiffFormat};

use super::hunks::Hunks;
use crate::CONTRACT;

/// An annotation: its level, its rule, and the line that it stands at.
type Annotation = (&'static str, &'static str, &'static str);

/// A change: pairs of the text before and after, and its annotations.
type Change = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [Annotation],
);

const CHANGES: &[Change] = &[
    (
        "bound",
        &[(
            "          description: Given name.\n          example: John\n        lastName:\n          type: string\n          description: Family name.\n          example: Andersen\n        avatar:\n          type: string\n          description: |\n            Where to fetch the person's picture, a PNG image.\n\n            Observed",
            "          description: Given name.\n          maxLength: 64\n          example: John\n        lastName:\n          type: string\n          description: Family name.\n          example: Andersen\n        avatar:\n          type: string\n          description: |\n            Where to fetch the person's picture, a PNG image.\n\n            Observed",
        )],
        &[("error", "constraint-tightened", "maxLength: 64")],
    ),
    (
        "property",
        &[(
            "        avatarProvided:\n",
            "        pronouns:\n          type: string\n          description: 'Observed: how to refer to the person.'\n          example: they\n        avatarProvided:\n",
        )],
        &[("warning", "property-added", "pronouns:")],
    ),
    (
        "value of an enumeration",
        &[
            (
                "        - `unknown`: the service could not find out.\n      enum:\n",
                "        - `unknown`: the service could not find out.\n        - `on_leave`: on leave.\n      enum:\n",
            ),
            (
                "        - presenting\n        - unknown\n",
                "        - presenting\n        - unknown\n        - on_leave\n",
            ),
        ],
        &[
            ("error", "enum-value-added", "- on_leave"),
            ("warning", "prose-changed", "- `on_leave`: on leave."),
        ],
    ),
    (
        "response",
        &[(
            "    put:\n      operationId: updatePerson\n",
            "        '507':\n          $ref: '#/components/responses/GatewayTimeout'\n    put:\n      operationId: updatePerson\n",
        )],
        &[("notice", "error-response-added", "'507':")],
    ),
    (
        "endpoint",
        &[(
            "\n  /people/{personId}:\n",
            "\n  /people/{personId}/avatar:\n    delete:\n      operationId: deleteAvatar\n      tags: [people]\n      summary: Delete a person's picture\n      description: Removes the picture of the person that `personId` names.\n      security:\n        - bearerAuth: []\n      parameters:\n        - $ref: '#/components/parameters/PersonId'\n      responses:\n        '204':\n          $ref: '#/components/responses/NoContent'\n        '404':\n          $ref: '#/components/responses/NotFound'\n        '429':\n          $ref: '#/components/responses/TooManyRequests'\n\n  /people/{personId}:\n",
        )],
        &[("notice", "operation-added", "delete:")],
    ),
    (
        "rename",
        &[(
            "operationId: updatePerson\n",
            "operationId: replacePerson\n",
        )],
        &[("error", "operation-renamed", "operationId: replacePerson")],
    ),
    (
        "type",
        &[(
            "        avatarProvided:\n          type: boolean\n",
            "        avatarProvided:\n          type: integer\n",
        )],
        &[("error", "type-changed", "type: integer")],
    ),
    (
        "rule of the service",
        &[(
            "        left out may be erased. No property",
            "        left out is erased. No property",
        )],
        &[(
            "warning",
            "prose-changed",
            "left out is erased. No property is required by the pages, and none is here, because not",
        )],
    ),
];

/// `::error file=F,line=3,col=1,title=RULE::MESSAGE` in its parts.
fn parse(annotation: &str) -> (&str, &str, usize) {
    let (command, rest) = annotation[2..].split_once(' ').unwrap();
    let (properties, _) = rest.split_once("::").unwrap();
    let property = |name: &str| {
        let mut all = properties
            .split(',')
            .filter_map(|part| part.split_once('='));
        all.find(|(key, _)| *key == name).unwrap().1
    };
    (
        command,
        property("title"),
        property("line").parse().unwrap(),
    )
}

#[test]
fn annotations_of_each_kind_of_change_stand_in_its_lines() {
    for (name, edits, expected) in CHANGES {
        let new = edits.iter().fold(CONTRACT.to_owned(), |text, (from, to)| {
            assert_eq!(text.matches(from).count(), 1, "{name}: {from}");
            text.replace(from, to)
        });
        let findings = lint("people.yaml", new.as_bytes());
        assert!(!findings.fails(true), "{name}: {:?}", findings.findings());
        let hunks = Hunks::of(CONTRACT, &new);
        let text = report::diff(&super::report(CONTRACT, &new), DiffFormat::Github);
        let mut found = Vec::new();
        for annotation in text.lines() {
            let (command, rule, line) = parse(annotation);
            assert!(hunks.contain(line), "{name}: {annotation}");
            found.push((command, rule, new.lines().nth(line - 1).unwrap().trim()));
        }
        assert_eq!(found, *expected, "{name}");
    }
}
