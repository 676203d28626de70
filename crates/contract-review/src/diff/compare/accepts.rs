//! Whether a value that a contract lists is valid under a schema. `None`: not decided here.

use people_codegen::Node;
use people_codegen::document::node::Value;

use super::conjunction::{
    ARRAY, BOOLEAN, Conjunction, FRACTION, INTEGER, NULL, OBJECT, Part, STRING, Types, compare,
    is_tighter, own_limit,
};
use super::value;

/// How deep schemas are followed for one value.
const MAX_DEPTH: usize = 16;

/// Whether `schema` accepts `value`.
pub(super) fn accepts(value: &Node, schema: &Conjunction<'_>) -> Option<bool> {
    accepts_at(value, schema, 0)
}

fn accepts_at(value: &Node, schema: &Conjunction<'_>, depth: usize) -> Option<bool> {
    if depth > MAX_DEPTH {
        return None;
    }
    let parts = schema.parts.iter();
    all(parts.map(|part| accepts_part(value, schema, part, depth)))
}

/// False when one is, and unknown when one is.
fn all(decisions: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut outcome = Some(true);
    for decision in decisions {
        match decision {
            Some(false) => return Some(false),
            Some(true) => {}
            None => outcome = None,
        }
    }
    outcome
}

pub(super) fn type_of(value: &Node) -> Types {
    match &value.value {
        Value::Null => NULL,
        Value::Bool(_) => BOOLEAN,
        Value::Integer(_) => INTEGER,
        // Whether `1.0` is an integer, implementations do not agree about.
        Value::Float(number) if number.fract() == 0.0 => INTEGER | FRACTION,
        Value::Float(_) => FRACTION,
        Value::String(_) => STRING,
        Value::Sequence(_) => ARRAY,
        Value::Mapping(_) => OBJECT,
    }
}

fn accepts_part(
    value: &Node,
    schema: &Conjunction<'_>,
    part: &Part<'_>,
    depth: usize,
) -> Option<bool> {
    let own = type_of(value);
    let valid = match own & part.types() {
        0 => return Some(false),
        common if common == own => Some(true),
        _ => None,
    };
    let listed = part
        .get("enum")
        .map(|list| list.items().any(|item| value::same(item, value)));
    let sized = match &value.value {
        Value::Integer(_) | Value::Float(_) => number(value, part),
        Value::String(text) => string(text, part),
        Value::Sequence(items) => array(items, schema, part, depth),
        Value::Mapping(_) => object(value, schema, part, depth),
        Value::Null | Value::Bool(_) => Some(true),
    };
    let inner = |site| {
        let schema = Conjunction::of(schema.document, site)?;
        accepts_at(value, &schema, depth + 1)
    };
    let any_of = part.variants("anyOf").map(|variants| {
        let refused = variants
            .into_iter()
            .map(|site| inner(site).map(|valid| !valid));
        all(refused).map(|refused| !refused)
    });
    let one_of = part.variants("oneOf").map(|variants| {
        let mut count = 0;
        for site in variants {
            count += usize::from(inner(site)?);
        }
        Some(count == 1)
    });
    let not = part
        .schema
        .get("not")
        .map(|site| inner(site).map(|valid| !valid));
    all([
        valid,
        listed.map_or(Some(true), Some),
        sized,
        any_of.unwrap_or(Some(true)),
        one_of.unwrap_or(Some(true)),
        not.unwrap_or(Some(true)),
    ]
    .into_iter())
}

fn number(value: &Node, part: &Part<'_>) -> Option<bool> {
    let below = own_limit(part, true).is_none_or(|limit| is_tighter((value, false), limit, true));
    let above = own_limit(part, false).is_none_or(|limit| is_tighter((value, false), limit, false));
    let multiple = match part.get("multipleOf") {
        None => Some(true),
        Some(step) => is_multiple(value, step),
    };
    let format = match part.get("format").map(Node::as_str) {
        None | Some(Some("float" | "double")) => Some(true),
        Some(Some("int32")) => is_within(value, i64::from(i32::MIN), i64::from(i32::MAX)),
        Some(Some("int64")) => is_within(value, i64::MIN, i64::MAX),
        Some(_) => None,
    };
    all([Some(below), Some(above), multiple, format].into_iter())
}

fn is_within(value: &Node, lowest: i64, highest: i64) -> Option<bool> {
    match value.value {
        Value::Integer(number) => Some((lowest..=highest).contains(&number)),
        _ => None,
    }
}

/// Whether `value` is a multiple of `step`, as decimal numbers. None when they have too many digits.
pub(super) fn is_multiple(value: &Node, step: &Node) -> Option<bool> {
    let (value, value_digits) = decimal(value)?;
    let (step, step_digits) = decimal(step)?;
    let digits = value_digits.max(step_digits);
    let scaled = |number: i128, own: u32| number.checked_mul(10_i128.checked_pow(digits - own)?);
    let (value, step) = (scaled(value, value_digits)?, scaled(step, step_digits)?);
    (step > 0).then(|| value % step == 0)
}

/// A number without its decimal point, and how many digits stand behind it.
fn decimal(node: &Node) -> Option<(i128, u32)> {
    match node.value {
        Value::Integer(number) => Some((number.into(), 0)),
        Value::Float(number) => {
            let text = number.to_string();
            let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
            let digits = u32::try_from(fraction.len()).ok()?;
            Some((format!("{whole}{fraction}").parse().ok()?, digits))
        }
        _ => None,
    }
}

fn within(count: usize, part: &Part<'_>, lower: &str, upper: &str) -> bool {
    let count = Node {
        position: part.schema.at,
        value: Value::Integer(i64::try_from(count).unwrap_or(i64::MAX)),
    };
    let above = part
        .get(lower)
        .is_none_or(|bound| compare(bound, &count).is_le());
    let below = part
        .get(upper)
        .is_none_or(|bound| compare(&count, bound).is_le());
    above && below
}

fn string(text: &str, part: &Part<'_>) -> Option<bool> {
    if !within(text.chars().count(), part, "minLength", "maxLength") {
        return Some(false);
    }
    // What other formats mean is not known here.
    let is_free = part.get("format").is_none();
    match part.get("pattern").map(|node| node.as_str()) {
        None if is_free => Some(true),
        Some(Some(pattern)) if is_free && is_universal(pattern) => Some(true),
        _ => None,
    }
}

/// Whether a pattern matches every text.
pub(super) fn is_universal(pattern: &str) -> bool {
    ["", ".*", "^", "$", "^.*", ".*$"].contains(&pattern)
}

fn array(items: &[Node], schema: &Conjunction<'_>, part: &Part<'_>, depth: usize) -> Option<bool> {
    if !within(items.len(), part, "minItems", "maxItems") {
        return Some(false);
    }
    let unique = !part.schema.is("uniqueItems")
        || (items.iter().enumerate())
            .all(|(index, item)| !items[..index].iter().any(|other| value::same(item, other)));
    if !unique {
        return Some(false);
    }
    let Some(site) = part.schema.get("items") else {
        return Some(true);
    };
    let item_schema = Conjunction::of(schema.document, site)?;
    all((items.iter()).map(|item| accepts_at(item, &item_schema, depth + 1)))
}

fn object(value: &Node, schema: &Conjunction<'_>, part: &Part<'_>, depth: usize) -> Option<bool> {
    let entries = value.as_mapping()?;
    // In which direction the value goes is not known here.
    let is_absent = |name| {
        let mut marks = ["readOnly", "writeOnly"].into_iter();
        marks.any(|mark| schema.property_is(name, mark))
    };
    if entries.names().chain(part.required()).any(is_absent) {
        return None;
    }
    if !within(entries.len(), part, "minProperties", "maxProperties")
        || part.required().any(|name| !entries.contains_key(name))
    {
        return Some(false);
    }
    all(entries.iter().map(|(name, entry)| {
        let site = match part.property(name) {
            Some(site) => site,
            None if part.is_closed() => return Some(false),
            None => match part.additional() {
                Some(site) => site,
                None => return Some(true),
            },
        };
        let schema = Conjunction::of(schema.document, site)?;
        accepts_at(&entry.node, &schema, depth + 1)
    }))
}
