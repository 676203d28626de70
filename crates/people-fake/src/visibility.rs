//! Who sees which properties of whom. The rules are those of the reference pages.

use serde_json::Value;

use crate::directory::{self, Person};
use crate::options::{Flags, Options, Outsiders};

/// Shown inside the organization only.
const PRESENCE: [&str; 2] = ["status", "lastActivity"];

/// Shown to administrators of the person's organization only.
const ACCOUNT: [&str; 2] = ["invitePending", "loginEnabled"];

/// Shown to administrators who ask for calling data only.
const CALLING: [&str; 2] = ["extension", "locationId"];

/// What `viewer` sees of `person`; `None` if not even that there is one.
pub(crate) fn seen(
    person: &Person,
    viewer: &Person,
    calling_data: bool,
    options: &Options,
) -> Option<Person> {
    let inside = directory::organization(person) == directory::organization(viewer);
    if !inside && options.outsiders == Outsiders::SeeNobody {
        return None;
    }
    let admin = inside && directory::is_admin(viewer);
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
        // It mirrors the extension, and is calling data as that is.
        numbers.retain(|number| {
            number
                .get("type")
                .is_none_or(|kind| kind != "work_extension")
        });
    }
    for name in ACCOUNT {
        if let Some(flag) = shown.get_mut(name) {
            in_form(flag, options.flags);
        }
    }
    Some(shown)
}

fn in_form(flag: &mut Value, form: Flags) {
    let truth = match flag {
        Value::Bool(truth) => *truth,
        Value::String(text) if text == "true" => true,
        Value::String(text) if text == "false" => false,
        _ => return,
    };
    *flag = match form {
        Flags::Booleans => Value::Bool(truth),
        Flags::Texts => Value::String(truth.to_string()),
    };
}
