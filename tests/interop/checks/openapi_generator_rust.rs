//! Reads and updates people with the client of openapi-generator for Rust, which keeps no unknown
//! property.

use openapi::apis::configuration::Configuration;
use openapi::apis::people_api::{get_my_own_details, get_person_details, update_person};
use openapi::models::PersonUpdate;
use serde_json::{json, to_value};

#[tokio::main]
async fn main() {
    let variable = |name| std::env::var(name).unwrap();
    let configuration = Configuration {
        base_path: variable("BASE_URL"),
        bearer_access_token: Some(variable("TOKEN")),
        oauth_access_token: Some(variable("TOKEN")),
        ..Configuration::default()
    };
    let person = get_my_own_details(&configuration, Some(true)).await.unwrap();
    assert_eq!(person.display_name.as_deref(), Some("John Andersen"));
    assert_eq!(to_value(&person.login_enabled).unwrap(), json!("true"));

    let odd = get_person_details(&configuration, &variable("ODD_ID"), None).await.unwrap();
    assert_eq!(odd.status.as_deref(), Some("asleep"));
    assert_eq!(to_value(&odd.login_enabled).unwrap(), json!(true));

    let mut update: PersonUpdate = serde_json::from_value(to_value(&person).unwrap()).unwrap();
    update.title = Some(variable("TITLE"));
    update_person(&configuration, &person.id, update, Some(true), None, None).await.unwrap();
}
