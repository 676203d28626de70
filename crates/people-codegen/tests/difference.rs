//! What a change of the contract changes in the generated code, as reviewers see it.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not recognized as tests"
)]

use people_codegen::generate;
use similar::{ChangeTag, TextDiff};

const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/people.yaml");

/// The lines that differ between the code of two contracts.
fn differing(before: &str, after: &str) -> Vec<String> {
    let [before, after] = [before, after].map(|text| generate("people.yaml", text).unwrap().code);
    let diff = TextDiff::from_lines(&before, &after);
    let changes = diff.iter_all_changes();
    changes
        .filter(|change| change.tag() != ChangeTag::Equal)
        .map(|change| format!("{}{}", change.tag(), change.value()))
        .collect()
}

#[test]
fn a_new_property_changes_at_most_eight_lines() {
    let contract = std::fs::read_to_string(CONTRACT).unwrap();
    let schema = "    Person:\n";
    let (before, schemas) = contract.split_once(schema).unwrap();
    // A name that Rust spells in another way, at the start, within and at the end of the schema.
    for place in [
        "        id:\n",
        "        displayName:\n",
        "        userName:\n",
    ] {
        let property = "        favouriteColour:\n          type: string\n          \
                        description: The color that the person likes best.\n";
        let changed = schemas.replacen(place, &format!("{property}{place}"), 1);
        assert_ne!(changed, schemas, "{place}");
        let lines = differing(&contract, &format!("{before}{schema}{changed}"));
        assert!(!lines.is_empty() && lines.len() <= 8, "{place}: {lines:#?}");
        assert!(
            lines.iter().all(|line| line.starts_with('+')),
            "{place}: {lines:#?}"
        );
    }
}

#[test]
fn a_new_value_of_an_enumeration_changes_at_most_eight_lines() {
    let contract = std::fs::read_to_string(CONTRACT).unwrap();
    let place = "        - appuser\n";
    assert!(
        contract.contains(place),
        "the contract lists values in another way"
    );
    let changed = contract.replacen(place, &format!("{place}        - robot\n"), 1);
    let lines = differing(&contract, &changed);
    assert!(!lines.is_empty() && lines.len() <= 8, "{lines:#?}");
}
