//! Reading and writing a person, against what else one could read it into.

use std::hint::black_box;

use people_bench::report::{Sample, Table, verdict};
use people_sdk::types::Person;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::timing::{Variant, compare};

/// The person of the contract, as it would be written by hand for one program.
macro_rules! handwritten {
    ($($extra:ident)?) => {
        use std::collections::BTreeMap;

        use chrono::{DateTime, Utc};
        use people_sdk::types::{BooleanOrText, PersonType, PhoneNumberType, PresenceStatus, SipAddressType};
        use serde::{Deserialize, Serialize};

        handwritten! { $($extra)? => Person {
            emails: Vec<String>, phone_numbers: Vec<Phone>, extension: String, location_id: String,
            display_name: String, nick_name: String, first_name: String, last_name: String,
            avatar: String, org_id: String, roles: Vec<String>, licenses: Vec<String>,
            department: String, manager: String, manager_id: String, title: String,
            addresses: Vec<Address>, created: DateTime<Utc>, last_modified: DateTime<Utc>,
            timezone: String, last_activity: DateTime<Utc>, site_urls: Vec<String>,
            sip_addresses: Vec<Sip>, xmpp_federation_jid: String, status: PresenceStatus,
            invite_pending: BooleanOrText, login_enabled: BooleanOrText, r#type: PersonType, user_name: String,
            avatar_provided: bool, errors: BTreeMap<String, PropertyError>,
        } id }
        handwritten! { $($extra)? => Phone {
            r#type: PhoneNumberType, value: String, primary: bool,
        } }
        handwritten! { $($extra)? => Sip {
            r#type: SipAddressType, value: String, primary: bool,
        } }
        handwritten! { $($extra)? => Address {
            r#type: String, country: String, locality: String, region: String,
            street_address: String, postal_code: String,
        } }
        handwritten! { $($extra)? => PropertyError { code: String, reason: String, } }
    };
    ($($extra:ident)? => $name:ident { $($field:ident: $kind:ty,)* } $($id:ident)?) => {
        #[derive(Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub(super) struct $name {
            $(pub(super) $id: String,)?
            $(
                #[serde(skip_serializing_if = "Option::is_none")]
                $field: Option<$kind>,
            )*
            $(
                #[serde(flatten)]
                $extra: serde_json::Map<String, serde_json::Value>,
            )?
        }
    };
}

/// What is not listed is kept, as the SDK does.
#[expect(
    clippy::struct_field_names,
    reason = "the fields are those of the contract"
)]
mod keeping {
    handwritten! { extra }
}

/// What is not listed is dropped, which is less work.
#[expect(
    clippy::struct_field_names,
    reason = "the fields are those of the contract"
)]
mod dropping {
    handwritten! {}
}

/// The contract's example `MyOwnDetails`, without white space, as a service would send it.
pub(crate) fn documented() -> Value {
    let root = xtask::project_root();
    let text = std::fs::read_to_string(root.join(xtask::CONTRACT)).expect("the contract");
    let contract = people_codegen::document::load::load(&text).expect("the contract is YAML");
    let (example, _) = contract
        .pointer("/components/examples/MyOwnDetails/value")
        .expect("the example of the reference");
    serde::Deserialize::deserialize(example).expect("JSON")
}

/// The same person with long lists, and properties that the contract does not list.
fn large() -> Value {
    let mut person = documented();
    let id = |kind: &str, index: usize| format!("Y2lzY29zcGFyazovL3VzL{kind}{index:048}");
    person["phoneNumbers"] = (0..20)
        .map(|index| json!({ "type": "work", "value": format!("+1 408 526 {index:04}"), "primary": index == 0 }))
        .collect();
    person["sipAddresses"] = (0..20)
        .map(|index| json!({ "type": "personal-room", "value": format!("room{index}@example.webex.com"), "primary": index == 0 }))
        .collect();
    person["addresses"] = (0..10)
        .map(|index| {
            json!({
                "type": "work", "country": "US", "locality": "Milpitas", "region": "California",
                "streetAddress": format!("{index} Bird Ave."), "postalCode": "99212",
            })
        })
        .collect();
    person["licenses"] = (0..100).map(|index| id("0xJQ0VOU0Uv", index)).collect();
    person["roles"] = (0..20).map(|index| id("1JPTEUv", index)).collect();
    person["siteUrls"] = (0..50)
        .map(|index| format!("site{index}.webex.com#host"))
        .collect();
    for index in 0..10 {
        person[format!("newProperty{index}")] = json!({ "value": index, "enabled": true });
    }
    person
}

/// Times reading and writing, and says how in Markdown.
pub(crate) fn measure(passes: usize) -> String {
    let mut text = String::from(
        "### Reading and writing a person\n\n\
         CPU time, medians over the passes with their range. \"Keeping\" is a hand-written struct \
         that\nkeeps the properties it does not list, as the SDK does; \"dropping\" is one that \
         drops them. The last row of writing is a floor: the same names and texts as a \
         list,\nwhich every way to write the person with `serde_json` has to go through byte by \
         byte.\nThe SDK's type is read with its `from_json`, as the client reads a response.\n\n",
    );
    let mut table = Table::new(["person", "work", "as", "µs", "SDK ÷ this", "aim"]);
    for (name, person) in [("documented", documented()), ("large", large())] {
        let bytes = serde_json::to_vec(&person).expect("JSON");
        let label = format!("{name}, {:.1} kB", bytes.len() as f64 / 1e3);
        let times = compare(
            &format!("read-{name}"),
            passes,
            &mut [
                reading("sdk", &bytes, |bytes| {
                    let text = std::str::from_utf8(bytes).expect("text");
                    Person::from_json(text)
                }),
                reading("value", &bytes, serde_json::from_slice::<Value>),
                reading("keeping", &bytes, serde_json::from_slice::<keeping::Person>),
                reading(
                    "dropping",
                    &bytes,
                    serde_json::from_slice::<dropping::Person>,
                ),
            ],
        );
        rows(&mut table, &label, "read", &times);
        let times = compare(
            &format!("write-{name}"),
            passes,
            &mut [
                writing::<Person>("sdk", &bytes),
                writing::<Value>("value", &bytes),
                writing::<keeping::Person>("keeping", &bytes),
                writing::<dropping::Person>("dropping", &bytes),
                writing_texts("texts", &person),
            ],
        );
        rows(&mut table, &label, "write", &times);
    }
    text.push_str(&table.markdown());
    text
}

const NAMES: [(&str, Option<f64>); 5] = [
    ("`people_sdk::types::Person`", None),
    ("`serde_json::Value`", Some(0.8)),
    ("hand-written, keeping", Some(1.1)),
    ("hand-written, dropping", Some(1.1)),
    ("its names and texts alone, as a list", None),
];

fn rows(table: &mut Table, label: &str, work: &str, times: &[Sample]) {
    let Some(sdk) = times.first() else { return };
    for (index, (time, (name, aim))) in times.iter().zip(NAMES).enumerate() {
        let ratio = sdk.over(time);
        let micros = time.map(|nanos| nanos / 1e3);
        table.row([
            label.to_owned(),
            work.to_owned(),
            name.to_owned(),
            micros.show(2),
            if index == 0 {
                String::new()
            } else {
                ratio.show(2)
            },
            aim.map_or_else(String::new, |aim| verdict(ratio.median(), aim)),
        ]);
    }
}

fn reading<'a, T: 'a>(
    name: &'static str,
    bytes: &'a [u8],
    read: impl Fn(&'a [u8]) -> serde_json::Result<T> + 'a,
) -> Variant<'a> {
    Variant {
        name,
        run: Box::new(move |bencher| {
            bencher.iter(|| read(black_box(bytes)).expect("a person"));
        }),
    }
}

/// Writes the names and the texts of `value`, and nothing else: what any way to write it with
/// `serde_json` has to do.
fn writing_texts(name: &'static str, value: &Value) -> Variant<'static> {
    fn collect(value: &Value, texts: &mut Vec<String>) {
        match value {
            Value::String(text) => texts.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
            Value::Object(entries) => {
                for (name, value) in entries {
                    texts.push(name.clone());
                    collect(value, texts);
                }
            }
            _ => {}
        }
    }
    let mut texts = Vec::new();
    collect(value, &mut texts);
    Variant {
        name,
        run: Box::new(move |bencher| {
            bencher.iter(|| serde_json::to_vec(black_box(&texts)).expect("JSON"));
        }),
    }
}

fn writing<T: DeserializeOwned + Serialize + 'static>(
    name: &'static str,
    bytes: &[u8],
) -> Variant<'static> {
    let value: T = serde_json::from_slice(bytes).expect("a person");
    Variant {
        name,
        run: Box::new(move |bencher| {
            bencher.iter(|| serde_json::to_vec(black_box(&value)).expect("JSON"));
        }),
    }
}
