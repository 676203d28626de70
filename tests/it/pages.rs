//! What the service's three reference pages list, each of it found in the contract. The lists are
//! those of the pages, so that an edit of the contract cannot lose one unnoticed.

use serde_json::Value;

use crate::support::{CONTRACT, operation, resolve};

const READ_CODES: &str =
    "200 201 202 204 400 401 403 404 405 409 410 415 423 428 429 500 502 503 504";
const UPDATE_CODES: &str = "200 204 400 401 403 404 405 409 410 415 423 428 429 500 502 503 504";

#[test]
fn response_codes_stand_by_their_own_numbers() {
    let listed = [
        // "Get Person Details" lists fewer, and is the same request as "Get My Own Details".
        ("getMyOwnDetails", READ_CODES),
        ("getPersonDetails", READ_CODES),
        ("updatePerson", UPDATE_CODES),
    ];
    for (id, codes) in listed {
        let responses = operation(id)["responses"].as_object().unwrap();
        let mut found: Vec<&str> = responses.keys().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(found.join(" "), codes, "{id}");
        let mut descriptions: Vec<&str> = Vec::new();
        for (code, response) in responses {
            let response = resolve(response);
            let description = response["description"].as_str().unwrap();
            assert!(
                !descriptions.contains(&description),
                "{id} {code}: described as another is"
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
fn properties_stand_on_their_schemas() {
    let listed = [
        (
            "Person",
            "id emails phoneNumbers extension locationId displayName nickName firstName lastName \
             avatar orgId roles licenses department manager managerId title addresses created \
             lastModified timezone lastActivity siteUrls sipAddresses xmppFederationJid status \
             invitePending loginEnabled type userName avatarProvided errors",
        ),
        (
            "PersonUpdate",
            "emails phoneNumbers extension locationId displayName firstName lastName avatar orgId \
             roles licenses department manager managerId title addresses siteUrls nickName \
             loginEnabled",
        ),
        ("PhoneNumber", "type value primary"),
        ("SipAddress", "type value primary"),
        (
            "Address",
            "type country locality region streetAddress postalCode",
        ),
        ("ErrorResponse", "message errors trackingId"),
        ("PropertyError", "code reason"),
    ];
    for (name, properties) in listed {
        let schema = &CONTRACT["components"]["schemas"][name];
        let mut found: Vec<&str> = keys(&schema["properties"]);
        let mut expected: Vec<&str> = properties.split_whitespace().collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{name}");
        for property in found {
            let property = &schema["properties"][property];
            let said = resolve(property)["description"].as_str();
            assert!(
                said.is_some_and(|text| !text.is_empty()),
                "{name}: {property}"
            );
        }
    }
    let person = &CONTRACT["components"]["schemas"]["Person"];
    assert_eq!(person["required"], serde_json::json!(["id"]));
}

fn keys(value: &'static Value) -> Vec<&'static str> {
    let entries = value.as_object().into_iter().flatten();
    entries.map(|(name, _)| name.as_str()).collect()
}

#[test]
fn enumeration_values_are_listed_and_described() {
    let listed = [
        (
            "PhoneNumberType",
            "work work_extension mobile fax enterprise alternate1 alternate2",
        ),
        (
            "SipAddressType",
            "personal-room enterprise cloud-calling unknown",
        ),
        (
            "PresenceStatus",
            "active call DoNotDisturb inactive meeting OutOfOffice pending presenting unknown",
        ),
        ("PersonType", "person bot appuser"),
    ];
    for (name, words) in listed {
        let schema = &CONTRACT["components"]["schemas"][name];
        let found: Vec<&str> = schema["x-extensible-enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(found.join(" "), words, "{name}");
        let description = schema["description"].as_str().unwrap();
        for word in found {
            assert!(
                description.contains(&format!("- `{word}`: ")),
                "{name}: {word}"
            );
        }
    }
}

#[test]
fn query_parameters_stand_on_their_operations() {
    let listed = [
        ("getMyOwnDetails", "callingData=false"),
        ("getPersonDetails", "callingData=false"),
        (
            "updatePerson",
            "callingData=false showAllTypes minResponse=false",
        ),
    ];
    for (id, expected) in listed {
        let parameters = operation(id)["parameters"].as_array().into_iter().flatten();
        let found: Vec<String> = parameters
            .map(|parameter| {
                let parameter = resolve(parameter);
                assert_eq!(parameter["schema"]["type"], "boolean", "{id}");
                let name = parameter["name"].as_str().unwrap();
                match parameter["schema"].get("default") {
                    Some(default) => format!("{name}={default}"),
                    None => name.to_owned(),
                }
            })
            .collect();
        assert_eq!(found.join(" "), expected, "{id}");
    }
}

#[test]
fn what_no_page_documents_says_so() {
    let observed = [
        "/components/parameters/ShowAllTypes",
        "/components/parameters/MinResponse",
        "/components/schemas/Person/properties/userName",
        "/components/schemas/Person/properties/avatarProvided",
        "/components/schemas/Person/properties/errors",
        "/components/schemas/PropertyError",
        "/components/schemas/PersonUpdate/properties/department",
        "/components/schemas/PersonUpdate/properties/manager",
        "/components/schemas/PersonUpdate/properties/managerId",
        "/components/schemas/PersonUpdate/properties/title",
        "/components/schemas/PersonUpdate/properties/addresses",
        "/components/schemas/PersonUpdate/properties/siteUrls",
        "/components/schemas/PersonUpdate/properties/nickName",
        "/components/schemas/PersonUpdate/properties/loginEnabled",
    ];
    for pointer in observed {
        let description = CONTRACT.pointer(pointer).unwrap()["description"]
            .as_str()
            .unwrap();
        assert!(
            description.starts_with("Observed:"),
            "{pointer}: {description}"
        );
    }
}
