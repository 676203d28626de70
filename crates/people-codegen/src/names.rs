//! Rust names: how text becomes an identifier, and what tells two apart that would be the same. The one
//! place that chooses names; `lower` asks for them and writes them into what the generator reads.

use std::collections::{BTreeMap, HashMap, HashSet};

use heck::{ToLowerCamelCase, ToPascalCase, ToSnakeCase};

/// What the variant for values that the contract does not list may be called.
pub(crate) const CATCH_ALL: [&str; 3] = ["Other", "Unlisted", "OtherValue"];

/// Methods of a generated builder, and fields that it always has.
pub(crate) const BUILDER_NAMES: [&str; 5] = ["new", "send", "body", "inner", "options"];

/// The public methods of the client, and the constant that lists all operations.
pub const CLIENT_NAMES: [&str; 9] = [
    "all",
    "base_url",
    "builder",
    "clone",
    "edit_person",
    "fmt",
    "from_env",
    "request",
    "with_call_timeout",
];

/// Types that the builders use by these names, in the spelling of methods.
pub(crate) const BUILDER_TYPES: [&str; 9] = [
    "box",
    "byte_stream",
    "call_future",
    "error",
    "inner",
    "multipart_form",
    "query_style",
    "request_options",
    "response_value",
];

/// Names of the prelude that generated code uses without their paths: a type of that name would hide them.
pub(crate) const PRELUDE: [&str; 5] = ["Some", "None", "Ok", "Err", "String"];

/// The name of a field or a method; a keyword gets an underscore.
pub(crate) fn snake_case(name: &str) -> String {
    as_identifier(name, str::to_snake_case)
}

/// The name of a type or a variant.
pub(crate) fn pascal_case(name: &str) -> String {
    as_identifier(name, str::to_pascal_case)
}

/// The name of a type, of which the generator makes the same name again.
pub(crate) fn type_name(name: &str) -> String {
    pascal_case(&pascal_case(name))
}

/// Text of which the generator makes the variant `name`, wherever it has capitals.
pub(crate) fn parted(name: &str) -> String {
    name.chars()
        .flat_map(|c| c.is_uppercase().then_some('_').into_iter().chain([c]))
        .collect()
}

/// A name as the generator spells it: what no identifier can hold parts words, and a leading digit or a
/// keyword gets an underscore.
fn as_identifier(name: &str, spell: fn(&str) -> String) -> String {
    let rust = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => spell(&name.replace('\'', "").replace(|c: char| !is_part(c), "-")),
    };
    let rust = match rust.chars().next() {
        None => spell("x"),
        Some(first) if is_start(first) => rust,
        Some(_) => format!("_{rust}"),
    };
    // Of ASCII, only a keyword or `_` alone is no identifier here.
    let is_certain = rust.is_ascii() && rust.len() > LONGEST_KEYWORD;
    if !is_certain && syn::parse_str::<syn::Ident>(&rust).is_err() {
        format!("{rust}_")
    } else {
        rust
    }
}

/// The number of letters in `continue`, which no keyword of Rust has more of.
const LONGEST_KEYWORD: usize = 8;

fn is_start(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    syn::parse_str::<syn::Ident>(c.encode_utf8(&mut [0; 4])).is_ok()
}

/// Whether a character can stand inside an identifier.
fn is_part(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || {
        !c.is_ascii() && syn::parse_str::<syn::Ident>(&format!("a{c}")).is_ok()
    }
}

/// A name to be chosen.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// The name that it has if no other wants it.
    pub(crate) name: String,
    /// What decides which of several keeps the name: the least. Never the place in a list, so that the
    /// order of the contract decides nothing.
    pub(crate) key: String,
}

/// The key of a name that is made of `text`: text in the usual spelling comes first, so that an odd one beside
/// it changes nothing.
pub(crate) fn key(text: &str) -> String {
    let usual = [
        text.to_lower_camel_case() == text,
        text.to_pascal_case() == text,
        text.to_snake_case() == text,
    ];
    let rank = usual.iter().position(|is| *is).unwrap_or(usual.len());
    format!("{rank}{text}")
}

/// Chooses a name for each of `wanted`, none of them twice and none of `taken`: the first by its key keeps
/// the name, and the others get the least number that is free. What `form` makes the same is one name.
pub(crate) fn choose(
    wanted: &[Wanted],
    taken: impl IntoIterator<Item = impl Into<String>>,
    form: fn(&str) -> String,
) -> Vec<String> {
    let mut used: HashSet<String> = taken.into_iter().map(Into::into).collect();
    let reserved = used.clone();
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, wanted) in wanted.iter().enumerate() {
        let form = form(&wanted.name);
        used.insert(form.clone());
        groups.entry(form).or_default().push(index);
    }
    let mut chosen: HashMap<usize, String> = HashMap::new();
    for (form_of_group, mut group) in groups {
        group.sort_by(|one, other| wanted[*one].key.cmp(&wanted[*other].key));
        let mut number = 2;
        for (place, index) in group.into_iter().enumerate() {
            let name = &wanted[index].name;
            if place == 0 && !reserved.contains(&form_of_group) {
                chosen.insert(index, name.clone());
                continue;
            }
            let numbered = loop {
                let numbered = format!("{}{number}", name.trim_end_matches('_'));
                number += 1;
                if used.insert(form(&numbered)) {
                    break numbered;
                }
            };
            chosen.insert(index, numbered);
        }
    }
    (0..wanted.len())
        .map(|index| chosen.remove(&index).unwrap_or_default())
        .collect()
}

/// For names that are what they are.
pub(crate) fn as_is(name: &str) -> String {
    name.to_owned()
}

/// The name of an operation without an `operationId`, or with one that no method can have: its method and
/// the words of its path.
pub(crate) fn operation_name(method: &str, path: &str) -> String {
    let words: String = path
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    snake_case(&format!("{method} {words}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(names: &[&str], taken: &[&str]) -> Vec<String> {
        let wanted: Vec<Wanted> = names
            .iter()
            .map(|name| Wanted {
                name: snake_case(name),
                key: (*name).to_owned(),
            })
            .collect();
        choose(&wanted, taken.iter().copied(), as_is)
    }

    #[test]
    fn text_becomes_an_identifier() {
        for (text, snake, pascal) in [
            ("fooBar", "foo_bar", "FooBar"),
            ("x-y 3", "x_y_3", "XY3"),
            ("foo's-bar", "foos_bar", "FoosBar"),
            ("1st", "_1st", "_1st"),
            ("", "x", "X"),
            ("-", "x", "X"),
            ("type", "type_", "Type"),
            ("self", "self_", "Self_"),
            ("🦀", "x", "X"),
            ("é b", "é_b", "ÉB"),
        ] {
            assert_eq!(
                (&*snake_case(text), &*pascal_case(text)),
                (snake, pascal),
                "{text}"
            );
            assert_eq!(pascal_case(&parted(pascal)), pascal, "{text}");
            assert_eq!(snake_case(snake), snake, "{text}");
            let r#type = type_name(text);
            assert_eq!(pascal_case(&r#type), r#type, "{text}");
        }
    }

    #[test]
    fn the_order_of_names_does_not_change_what_is_chosen() {
        let names = ["a-b", "aB", "a_b", "a_b2", "c"];
        let forward = chosen(&names, &[]);
        assert_eq!(forward, ["a_b", "a_b3", "a_b4", "a_b2", "c"]);
        let reversed: Vec<&str> = names.iter().rev().copied().collect();
        let mut backward = chosen(&reversed, &[]);
        backward.reverse();
        assert_eq!(forward, backward);
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        assert_eq!(chosen(&["type", "send"], &["send"]), ["type_", "send2"]);
        assert_eq!(chosen(&["type", "Type"], &[]), ["type2", "type_"]);
    }

    #[test]
    fn a_name_is_derived_from_method_and_path() {
        assert_eq!(
            operation_name("get", "/things/{thingId}.json"),
            "get_things_thing_id_json"
        );
        assert_eq!(operation_name("delete", "/"), "delete");
    }
}
