//! What the service's three reference pages list is in the contract, and what the contract has beyond
//! the pages is marked as observed. The lists here are those of the pages, so that an edit of the
//! contract cannot lose an entry, and an honest addition breaks nothing.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{CONTRACT, operation, resolve};

const READ_CODES: &str =
    "200 201 202 204 400 401 403 404 405 409 410 415 423 428 429 500 502 503 504";
const UPDATE_CODES: &str = "200 204 400 401 403 404 405 409 410 415 423 428 429 500 502 503 504";

#[test]
fn response_codes_of_the_pages_are_described() {
    let listed = [
        // "Get Person Details" lists fewer, and is the same request as "Get My Own Details".
        ("getMyOwnDetails", READ_CODES),
        ("getPersonDetails", READ_CODES),
        ("updatePerson", UPDATE_CODES),
    ];
    for (id, codes) in listed {
        let responses = operation(id)["responses"].as_object().unwrap();
        for code in additions(id, codes, responses.keys().map(String::as_str)) {
            let description = resolve(&responses[code])["description"].as_str().unwrap();
            assert!(is_observed(description), "{id} {code}: {description}");
        }
        let mut descriptions: Vec<&str> = Vec::new();
        for (code, response) in responses {
            let response = resolve(response);
            let description = response["description"].as_str().unwrap();
            assert!(
                !descriptions.contains(&description),
                "{id} {code}: same description as another code"
            );
            descriptions.push(description);
            assert!(
                response["headers"]["TrackingID"].is_object(),
                "{id} {code}: no TrackingID"
            );
            let limits = ["423", "429", "503"].contains(&code.as_str());
            assert_eq!(
                response["headers"]["Retry-After"].is_object(),
                limits,
                "{id} {code}"
            );
            if code.starts_with(['4', '5']) {
                let schema = &response["content"]["application/json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/ErrorResponse", "{id} {code}");
            }
        }
    }
}

#[test]
fn properties_of_the_pages_are_described() {
    let listed = [
        (
            "Person",
            "id emails phoneNumbers extension locationId displayName nickName firstName lastName \
             avatar orgId roles licenses department manager managerId title addresses created \
             lastModified timezone lastActivity siteUrls sipAddresses xmppFederationJid status \
             invitePending loginEnabled type",
        ),
        (
            "PersonUpdate",
            "emails phoneNumbers extension locationId displayName firstName lastName avatar orgId \
             roles licenses",
        ),
        ("PhoneNumber", "type value primary"),
        ("SipAddress", "type value primary"),
        (
            "Address",
            "type country locality region streetAddress postalCode",
        ),
    ];
    for (name, names) in listed {
        let schema = &CONTRACT["components"]["schemas"][name];
        let properties = schema["properties"].as_object().unwrap();
        let additions = additions(name, names, properties.keys().map(String::as_str));
        for (property, value) in properties {
            let description = resolve(value)["description"].as_str().unwrap_or_default();
            assert!(!description.is_empty(), "{name}: {property}");
            let observed = is_observed(description);
            assert!(
                observed || !additions.contains(&property.as_str()),
                "{name}: {property}: {description}"
            );
        }
    }
    let person = &CONTRACT["components"]["schemas"]["Person"];
    assert_eq!(person["required"], serde_json::json!(["id"]));
}

/// The entries of `found` beyond `listed`, which are names with spaces between them and all have to
/// be among `found`.
fn additions<'a>(
    place: &str,
    listed: &str,
    found: impl Iterator<Item = &'a str>,
) -> BTreeSet<&'a str> {
    let mut additions: BTreeSet<&str> = found.collect();
    for name in listed.split_whitespace() {
        assert!(additions.remove(name), "{place}: `{name}` is missing");
    }
    additions
}

/// Whether a description says that no page backs it.
fn is_observed(description: &str) -> bool {
    description.starts_with("Observed:") || description.starts_with("observed;")
}

#[test]
fn values_of_the_pages_are_listed_and_described() {
    let listed = [
        ("PhoneNumberType", "work mobile fax work_extension"),
        ("SipAddressType", "personal-room enterprise cloud-calling"),
        (
            "PresenceStatus",
            "active call DoNotDisturb inactive meeting OutOfOffice pending presenting unknown",
        ),
        ("PersonType", "person bot appuser"),
    ];
    for (name, values) in listed {
        let schema = &CONTRACT["components"]["schemas"][name];
        let found = schema["x-extensible-enum"].as_array().unwrap();
        let found: Vec<&str> = found.iter().filter_map(Value::as_str).collect();
        let additions = additions(name, values, found.iter().copied());
        let description = schema["description"].as_str().unwrap();
        for value in found {
            let bullet = format!("- `{value}`: ");
            let text = description
                .lines()
                .find_map(|line| line.strip_prefix(&*bullet));
            let text = text.unwrap_or_else(|| panic!("{name}: no line about `{value}`"));
            assert!(
                is_observed(text) || !additions.contains(value),
                "{name}: {value}: {text}"
            );
        }
    }
}

#[test]
fn query_parameters_of_the_pages_are_described() {
    for id in ["getMyOwnDetails", "getPersonDetails", "updatePerson"] {
        let parameters = operation(id)["parameters"].as_array().unwrap();
        let parameters: Vec<&Value> = parameters.iter().map(resolve).collect();
        let calling_data = parameters.iter().find(|it| it["name"] == "callingData");
        let schema = &calling_data.unwrap()["schema"];
        assert_eq!(schema["type"], "boolean", "{id}");
        assert_eq!(schema["default"], false, "{id}");
        for parameter in parameters {
            let description = parameter["description"].as_str().unwrap();
            assert!(
                parameter["name"] == "callingData" || is_observed(description),
                "{id}: {parameter}"
            );
        }
    }
}
