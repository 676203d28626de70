//! What the service has made of an update: which properties are as they were sent, and which of the
//! others the service has changed by itself.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::people::equality::{
    Texts, additional_items, have_common_item, is_empty, is_lost, keeps_removed_part,
    semantically_eq,
};
use crate::people::outcome::EditOutcome;
use crate::people::request::Request;
use crate::people::snapshot::{
    Snapshot, are_equal, facts, is_copy, is_derived, is_listed, is_stored_as, primary_place,
};
use crate::runtime::facts::PropertyFacts;
use crate::types::Person;
use crate::update_facts::PERSON_UPDATE;

/// The effect of an update, from a person that was read after it.
#[derive(Debug)]
pub(crate) struct Assessment {
    pub(crate) outcome: EditOutcome,
    /// The properties that are not as they are to be, in the order of their names.
    pub(crate) unapplied: Vec<String>,
    /// The properties that the service has changed by itself, in the order of their names.
    pub(crate) also_changed: Vec<String>,
    /// Whether every property that was sent can be seen.
    pub(crate) is_complete: bool,
}

/// How the value of a property compares with the expected one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    /// Changed in a way that the contract describes.
    ByService,
    Different,
}

impl Assessment {
    pub(crate) fn new(request: &Request, after: &Person) -> Self {
        let after = Snapshot::from(after);
        let mut differs = request.before.differences(&after);
        differs.extend(order_not_seen(request, &after));
        let is_stored_anew =
            |name: &&String| !is_stored_as(name, request.before.get(name), after.get(name));
        differs.extend(request.changed.iter().filter(is_stored_anew).cloned());
        let mut by_service = BTreeSet::new();
        let mut different = BTreeSet::new();
        for (name, expected) in &request.expected {
            match compare(name, expected, request, &after) {
                // A change that took something away shows by what is still there.
                Comparison::Equal | Comparison::ByService
                    if request.changed.contains(name) && !differs.contains(name) =>
                {
                    different.insert(name.clone());
                }
                Comparison::Equal => {}
                Comparison::ByService => {
                    by_service.insert(name.clone());
                }
                Comparison::Different => {
                    different.insert(name.clone());
                }
            }
        }
        let mut unapplied = Vec::new();
        for name in &different {
            if may_change_by_itself(name, request, &after, &different) {
                by_service.insert(name.clone());
            } else {
                unapplied.push(name.clone());
            }
        }
        // What the service has stored in another form was changed by the edit all the same.
        let is_relevant = |name: &String| {
            let is_own = request.changed.contains(name) || !by_service.contains(name);
            request.expected.contains_key(name) && is_own
        };
        let outcome = if unapplied.is_empty() {
            EditOutcome::Applied
        } else if differs.iter().any(is_relevant) {
            EditOutcome::PartlyApplied
        } else {
            EditOutcome::NotApplied
        };
        Self {
            outcome,
            unapplied,
            also_changed: by_service.into_iter().collect(),
            is_complete: is_complete(request, &after),
        }
    }
}

/// Whether a property that the edit left alone may change without being a part of the update. An
/// update can have erased what is lost.
fn may_change_by_itself(
    name: &str,
    request: &Request,
    after: &Snapshot,
    different: &BTreeSet<String>,
) -> bool {
    let (expected, found) = (&request.expected[name], after.get(name));
    let is_as_sent = |source: &str| !different.contains(source);
    !request.changed.contains(name)
        && (is_derived(name, expected, found, after, is_as_sent)
            || is_cleared_by_null(name, expected, found, request)
            || (!is_listed(name) && !is_lost(expected, found)))
}

/// Whether null, sent for another property, has cleared this one or taken some of its items away.
fn is_cleared_by_null(name: &str, expected: &Value, found: &Value, request: &Request) -> bool {
    let clears = |facts: &PropertyFacts| {
        let is_null = request.sent.get(facts.name).is_some_and(Value::is_null);
        is_null && facts.null_clears.contains(&name)
    };
    let is_reduced = match (expected, found) {
        (Value::Array(expected), Value::Array(found)) => {
            additional_items(found, expected, &Texts::Exact).is_some()
        }
        _ => is_empty(found),
    };
    is_reduced && PERSON_UPDATE.iter().any(clears)
}

fn compare(name: &str, expected: &Value, request: &Request, after: &Snapshot) -> Comparison {
    let facts = facts(name);
    let found = after.get(name);
    if facts.first_is_primary && !is_primary_first(name, expected, after) {
        return Comparison::Different;
    }
    let texts = Texts::stored(facts.stored_as, [expected, found]);
    let before = request.before.get(name);
    let is_as_stored = semantically_eq(expected, found, &texts);
    if is_as_stored
        && request.changed.contains(name)
        && keeps_removed_part(before, expected, found, &texts)
    {
        return Comparison::Different;
    }
    if semantically_eq(expected, found, &Texts::Exact) {
        return Comparison::Equal;
    }
    if is_as_stored || is_copy(name, expected, found) {
        return Comparison::ByService;
    }
    if facts.may_gain_items
        && let (Value::Array(expected), Value::Array(found)) = (expected, found)
        && let Some(additional) = additional_items(expected, found, &texts)
    {
        // What was to be taken away is no gain.
        let before = before.as_array().map(Vec::as_slice).unwrap_or_default();
        if !have_common_item(&additional, before, &texts) {
            return Comparison::ByService;
        }
    }
    Comparison::Different
}

/// Whether the first item that was sent is the primary one now, as far as the person says.
fn is_primary_first(name: &str, expected: &Value, after: &Snapshot) -> bool {
    let (Value::Array(items), Some(primary)) = (expected, after.primary(name)) else {
        return true;
    };
    primary_place(name, items, primary).is_none_or(|place| place == 0)
}

/// The lists of which the update changes nothing but the primary item, when that cannot be seen
/// before or after the update. They count as different: nothing says that they are not.
fn order_not_seen(request: &Request, after: &Snapshot) -> impl Iterator<Item = String> {
    let is_reordered = |name: &&String| {
        facts(name).first_is_primary
            && are_equal(name, request.before.get(name), &request.expected[*name])
    };
    let is_seen =
        |name: &&String| request.before.primary(name).is_some() && after.primary(name).is_some();
    let names = request.changed.iter();
    names
        .filter(is_reordered)
        .filter(move |name| !is_seen(name))
        .cloned()
}

/// Whether `after` has something for each property that was sent, and names the primary items that
/// were named before. A response to an update can have less than a read.
fn is_complete(request: &Request, after: &Snapshot) -> bool {
    let is_seen = |(name, value): (&String, &Value)| is_empty(value) || !is_empty(after.get(name));
    let is_named =
        |name: &String| request.before.primary(name).is_none() || after.primary(name).is_some();
    request.sent.iter().all(is_seen) && request.sent.keys().all(is_named)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::people::request::{Draft, Exceptions};
    use crate::types::PersonUpdate;

    fn person(properties: &Value) -> Person {
        let mut person = json!({ "id": "x", "displayName": "X" });
        for (name, value) in properties.as_object().unwrap() {
            person[name] = value.clone();
        }
        serde_json::from_value(person).unwrap()
    }

    /// What is made of an update that sets `changes` in a person, and leaves `omitted` out.
    fn assess(before: &Value, changes: &Value, omitted: &[&str], after: &Value) -> Assessment {
        let draft = Draft::new(&person(before));
        let mut wanted = serde_json::to_value(&draft.update).unwrap();
        for (name, value) in changes.as_object().unwrap() {
            wanted[name] = value.clone();
        }
        let wanted: PersonUpdate = serde_json::from_value(wanted).unwrap();
        let exceptions = Exceptions {
            omitted: omitted.iter().map(|name| (*name).to_owned()).collect(),
            ..Exceptions::default()
        };
        let request = draft.request(&wanted, &exceptions).unwrap();
        Assessment::new(&request, &person(after))
    }

    /// Before, changes, after; the outcome; what is unapplied; what has also changed.
    type Row = (Value, Value, Value, EditOutcome, &'static str, &'static str);

    fn check(rows: Vec<Row>) {
        for (before, changes, after, outcome, unapplied, also_changed) in rows {
            let row = format!("{before} {changes} {after}");
            let assessment = assess(&before, &changes, &[], &after);
            assert_eq!(assessment.unapplied.join(" "), unapplied, "{row}");
            assert_eq!(assessment.also_changed.join(" "), also_changed, "{row}");
            assert_eq!(assessment.outcome, outcome, "{row}");
        }
    }

    use EditOutcome::{Applied, NotApplied, PartlyApplied};

    #[test]
    #[rustfmt::skip]
    fn the_outcome_follows_from_the_person_before_and_after() {
        let both = json!({ "title": "a", "avatar": "p" });
        let street = json!([{ "country": "US", "streetAddress": "s" }]);
        let street = json!({ "addresses": street });
        let country = json!({ "addresses": [{ "country": "US" }] });
        let postal_code = json!({ "addresses": [{ "country": "US", "postalCode": "1" }] });
        let merged = json!([{ "country": "US", "streetAddress": "s", "postalCode": "1" }]);
        let merged = json!({ "addresses": merged });
        check(vec![
            (json!({ "title": "a" }), json!({ "title": "b" }), json!({ "title": "b" }), Applied, "", ""),
            (json!({ "title": "a" }), json!({ "title": "b" }), json!({ "title": "a" }), NotApplied, "title", ""),
            (json!({ "title": "a" }), json!({ "title": "b" }), json!({ "title": "c" }), PartlyApplied, "title", ""),
            (json!({ "title": "a" }), json!({ "title": "b" }), json!({}), PartlyApplied, "title", ""),
            // One license of two is left out, all are taken away, none is added.
            (json!({ "licenses": ["x"] }), json!({ "licenses": ["x", "y", "z"] }), json!({ "licenses": ["x", "y"] }), PartlyApplied, "licenses", ""),
            (json!({ "licenses": ["x"] }), json!({ "licenses": ["x", "y"] }), json!({ "licenses": [] }), PartlyApplied, "licenses", ""),
            (json!({ "licenses": ["x"] }), json!({ "licenses": ["x", "y"] }), json!({ "licenses": ["x"] }), NotApplied, "licenses", ""),
            // A part of an object is taken away, or is not.
            (street.clone(), country.clone(), country.clone(), Applied, "", ""),
            (street.clone(), country.clone(), street.clone(), NotApplied, "addresses", ""),
            // A property that was to stay is gone.
            (both.clone(), json!({ "title": "b" }), json!({ "title": "b" }), PartlyApplied, "avatar", ""),
            (both.clone(), json!({ "title": "b" }), json!({ "title": "a" }), PartlyApplied, "avatar title", ""),
            // A property that the update did not have is no part of it.
            (json!({ "title": "a" }), json!({ "title": "b" }), json!({ "title": "a", "department": "d" }), NotApplied, "title", ""),
            (json!({ "title": "a" }), json!({ "title": "b" }), json!({ "title": "b", "department": "d" }), Applied, "", ""),
            // Properties that the contract does not list change by themselves.
            (json!({ "title": "a", "n": 1 }), json!({ "title": "b" }), json!({ "title": "b", "n": 2 }), Applied, "", "n"),
            (json!({ "title": "a", "n": 1 }), json!({ "title": "b" }), json!({ "title": "a", "n": 2 }), NotApplied, "title", "n"),
            (json!({ "n": 1 }), json!({ "n": 5 }), json!({ "n": 2 }), PartlyApplied, "n", ""),
            // Their loss is one of the update.
            (json!({ "title": "a", "n": 1 }), json!({ "title": "b" }), json!({ "title": "b" }), PartlyApplied, "n", ""),
            (json!({ "title": "a", "n": { "x": 1, "y": 1 } }), json!({ "title": "b" }), json!({ "title": "b", "n": { "x": 2 } }), PartlyApplied, "n", ""),
            // What was to be removed was merged with what was sent.
            (street.clone(), postal_code.clone(), merged, PartlyApplied, "addresses", ""),
            (street.clone(), postal_code.clone(), postal_code, Applied, "", ""),
        ]);
    }

    #[test]
    #[rustfmt::skip]
    fn derived_properties_follow_a_source_that_is_as_it_was_sent() {
        let john = json!({ "firstName": "John", "nickName": "Johnny", "title": "a" });
        let manager = json!({ "manager": "A", "managerId": "1" });
        check(vec![
            (json!({ "firstName": "John", "nickName": "John" }), json!({ "firstName": "Jo" }), json!({ "firstName": "Jo", "nickName": "Jo" }), Applied, "", "nickName"),
            (john.clone(), json!({ "title": "b" }), json!({ "firstName": "John", "nickName": "John", "title": "b" }), Applied, "", "nickName"),
            (john.clone(), json!({ "title": "b" }), json!({ "firstName": "John", "nickName": "John", "title": "a" }), NotApplied, "title", "nickName"),
            (manager.clone(), json!({ "managerId": "2" }), json!({ "manager": "B", "managerId": "2" }), Applied, "", "manager"),
            // The source is not as it was sent.
            (manager.clone(), json!({ "managerId": "2" }), json!({ "manager": "B", "managerId": "3" }), PartlyApplied, "manager managerId", ""),
            // It is lost, and its source is not.
            (json!({ "manager": "A", "managerId": "1", "title": "a" }), json!({ "title": "b" }), json!({ "managerId": "1", "title": "b" }), PartlyApplied, "manager", ""),
            (john.clone(), json!({ "title": "b" }), json!({ "firstName": "John", "title": "b" }), PartlyApplied, "nickName", ""),
            (manager.clone(), json!({ "managerId": "" }), json!({}), Applied, "", "manager"),
            // A value that was set is not kept.
            (json!({ "firstName": "John", "nickName": "John" }), json!({ "nickName": "Jo" }), json!({ "firstName": "John", "nickName": "John" }), NotApplied, "nickName", ""),
        ]);
    }

    #[test]
    #[rustfmt::skip]
    fn values_in_the_form_in_which_they_are_stored_are_applied() {
        let number = |value: &str| json!({ "phoneNumbers": [{ "type": "work", "value": value }] });
        check(vec![
            (json!({}), number("408 526 7209"), number("+1 408 526 7209"), Applied, "", "phoneNumbers"),
            (json!({}), number("408 526 7209"), number("+1 408 526 7200"), PartlyApplied, "phoneNumbers", ""),
            // The country is added, or is not.
            (number("408 526 7209"), number("+44 408 526 7209"), number("+44 408 526 7209"), Applied, "", ""),
            (number("408 526 7209"), number("+44 408 526 7209"), number("408 526 7209"), NotApplied, "phoneNumbers", ""),
            (json!({ "emails": ["a@x"] }), json!({ "emails": ["B@x"] }), json!({ "emails": ["b@x"] }), Applied, "", "emails"),
            // One of two changes is applied, in another form.
            (json!({ "title": "a", "emails": ["a@x"] }), json!({ "title": "b", "emails": ["B@x"] }), json!({ "title": "a", "emails": ["b@x"] }), PartlyApplied, "title", "emails"),
            (json!({ "title": "a", "avatar": "p" }), json!({ "title": "b", "avatar": "q" }), json!({ "title": "a", "avatar": "copy of q" }), PartlyApplied, "title", "avatar"),
            (json!({ "title": "a", "licenses": ["m"] }), json!({ "title": "b", "licenses": ["m", "call"] }), json!({ "title": "a", "licenses": ["m", "call", "sys"] }), PartlyApplied, "title", "licenses"),
            (json!({ "title": "a" }), json!({ "title": " b " }), json!({ "title": "b" }), Applied, "", "title"),
            (json!({ "title": "a" }), json!({ "title": "Zoe\u{308}" }), json!({ "title": "Zo\u{eb}" }), Applied, "", "title"),
            // The service's copy of a picture.
            (json!({ "avatar": "p", "title": "a" }), json!({ "title": "b" }), json!({ "avatar": "q", "title": "b" }), Applied, "", "avatar"),
            (json!({ "avatar": "p" }), json!({ "avatar": "q" }), json!({ "avatar": "copy of q" }), Applied, "", "avatar"),
            (json!({ "avatar": "p" }), json!({ "avatar": "q" }), json!({ "avatar": "p" }), NotApplied, "avatar", ""),
            (json!({ "avatar": "p" }), json!({ "avatar": "" }), json!({ "avatar": "p" }), NotApplied, "avatar", ""),
        ]);
    }

    #[test]
    #[rustfmt::skip]
    fn additional_items_are_no_failure_unless_they_were_to_be_taken_away() {
        let licenses = |licenses: &[&str]| json!({ "licenses": licenses });
        check(vec![
            (licenses(&["x"]), licenses(&["x", "y"]), licenses(&["sys", "x", "y"]), Applied, "", "licenses"),
            (json!({ "licenses": ["x"], "title": "a" }), json!({ "title": "b" }), json!({ "licenses": ["x", "sys"], "title": "b" }), Applied, "", "licenses"),
            (licenses(&["x", "sys"]), licenses(&["x"]), licenses(&["x", "sys"]), NotApplied, "licenses", ""),
            (licenses(&["x", "sys"]), licenses(&[]), licenses(&["sys"]), PartlyApplied, "licenses", ""),
            // Other lists gain nothing by themselves.
            (json!({ "roles": ["x"] }), json!({ "roles": ["y"] }), json!({ "roles": ["y", "z"] }), PartlyApplied, "roles", ""),
        ]);
    }

    #[test]
    #[rustfmt::skip]
    fn the_first_address_is_applied_when_it_is_the_primary_one() {
        let emails = |emails: [&str; 2], primary: Option<&str>| match primary {
            Some(primary) => json!({ "emails": emails, "userName": primary }),
            None => json!({ "emails": emails }),
        };
        let (ab, ba) = (["a@x", "b@x"], ["b@x", "a@x"]);
        let before = emails(ab, Some("a@x"));
        let swapped = json!({ "emails": ba });
        check(vec![
            // The order of a read has no meaning.
            (before.clone(), swapped.clone(), emails(ab, Some("b@x")), Applied, "", ""),
            (before.clone(), swapped.clone(), emails(ba, Some("A@x")), NotApplied, "emails", ""),
            // Not to be seen, so taken for applied.
            (before.clone(), swapped.clone(), emails(ab, None), Applied, "", ""),
            (emails(ab, None), swapped.clone(), emails(ab, None), Applied, "", ""),
            (emails(ab, None), json!({ "emails": ["b@x"] }), emails(ab, None), NotApplied, "emails", ""),
            // The login name is none of the addresses.
            (before.clone(), swapped.clone(), emails(ab, Some("login")), Applied, "", ""),
            // An edit of something else leaves the primary address as it was.
            (before.clone(), json!({ "title": "b" }), json!({ "title": "b", "emails": ab, "userName": "b@x" }), PartlyApplied, "emails", ""),
        ]);
    }

    #[test]
    fn what_null_clears_beside_its_own_property_has_also_changed() {
        let before = json!({ "extension": "1", "licenses": ["m", "call"], "locationId": "l" });
        let cases = [
            (json!({ "licenses": ["m"] }), "", "licenses locationId"),
            (json!({}), "", "licenses locationId"),
            (
                json!({ "licenses": ["n"], "locationId": "o" }),
                "licenses locationId",
                "",
            ),
        ];
        for (after, unapplied, also_changed) in cases {
            let null = Exceptions {
                null: BTreeSet::from(["extension".to_owned()]),
                ..Exceptions::default()
            };
            let draft = Draft::new(&person(&before));
            let wanted = draft.update.clone();
            let request = draft.request(&wanted, &null).unwrap();
            let assessment = Assessment::new(&request, &person(&after));
            assert_eq!(assessment.unapplied.join(" "), unapplied, "{after}");
            assert_eq!(assessment.also_changed.join(" "), also_changed, "{after}");
        }
        // Empty text clears nothing else.
        let clear = json!({ "extension": "" });
        let lost = assess(&before, &clear, &[], &json!({ "licenses": ["m"] }));
        assert_eq!(lost.unapplied, ["licenses", "locationId"]);
    }

    #[test]
    fn an_omitted_property_is_to_stay_as_it_was() {
        let before = json!({ "title": "a", "department": "d" });
        let change = json!({ "title": "b" });
        let kept = assess(
            &before,
            &change,
            &["department"],
            &json!({ "title": "b", "department": "d" }),
        );
        assert_eq!(kept.outcome, Applied);
        let lost = assess(&before, &change, &["department"], &json!({ "title": "b" }));
        assert_eq!(lost.outcome, PartlyApplied);
        assert_eq!(lost.unapplied, ["department"]);
    }

    #[test]
    fn an_answer_is_complete_when_it_has_each_property_that_was_sent() {
        let before =
            json!({ "title": "a", "department": "d", "n": 1, "emails": ["e"], "userName": "e" });
        let change = json!({ "title": "b", "department": "" });
        let cases = [
            (
                json!({ "title": "b", "n": 1, "emails": ["e"], "userName": "e" }),
                true,
            ),
            (json!({ "title": "b", "n": 1, "emails": ["e"] }), false),
            (
                json!({ "title": "b", "emails": ["e"], "userName": "e" }),
                false,
            ),
            (json!({}), false),
        ];
        for (after, expected) in cases {
            let assessment = assess(&before, &change, &[], &after);
            assert_eq!(assessment.is_complete, expected, "{after}");
        }
    }
}
