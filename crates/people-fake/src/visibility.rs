//! Which properties of a person a caller sees, as the reference pages say.

use serde_json::Value;

use crate::options::{BooleanForm, Options, OtherOrganizations};
use crate::person::{self, Person};

/// Shown within the organization only.
const PRESENCE: [&str; 2] = ["status", "lastActivity"];

/// Shown to administrators of the person's organization only.
const ACCOUNT: [&str; 2] = ["invitePending", "loginEnabled"];

/// Shown only to administrators who request calling data.
const CALLING: [&str; 2] = ["extension", "locationId"];

/// The properties of `person` that `viewer` sees; `None` if the person is not visible at all.
pub(crate) fn visible(
    person: &Person,
    viewer: &Person,
    calling_data: bool,
    options: &Options,
) -> Option<Person> {
    let inside = person::organization(person) == person::organization(viewer);
    if !inside && options.other_organizations == OtherOrganizations::NotFound {
        return None;
    }
    let admin = inside && person::is_admin(viewer);
    let mut shown = person.clone();
    let mut hide = |names: &[&str], hidden: bool| {
        if hidden {
            shown.retain(|name, _| !names.contains(&name.as_str()));
        }
    };
    hide(&PRESENCE, !inside);
    hide(&ACCOUNT, !admin);
    hide(&CALLING, !(admin && calling_data));
    if !(admin && calling_data)
        && let Some(Value::Array(numbers)) = shown.get_mut("phoneNumbers")
    {
        // It repeats the extension, so it is calling data too.
        numbers.retain(|number| !person::is_work_extension(number));
    }
    for name in ACCOUNT {
        if let Some(value) = shown.get_mut(name) {
            set_form(value, options.boolean_form);
        }
    }
    Some(shown)
}

fn set_form(value: &mut Value, form: BooleanForm) {
    if let Some(parsed) = person::parse_bool(value) {
        *value = match form {
            BooleanForm::Boolean => Value::Bool(parsed),
            BooleanForm::Text => Value::String(parsed.to_string()),
        };
    }
}
