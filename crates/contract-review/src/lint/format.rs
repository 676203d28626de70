//! The published JSON Schema of OpenAPI 3.0, applied with a library; and what its errors, and those
//! of any other schema, mean to a reader.

use std::sync::LazyLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use people_codegen::document::node::{Node, Position};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::document::{Document, last_step};
use super::reporter::Reporter;

static FORMAT: LazyLock<Option<Validator>> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(include_str!("openapi-3.0.schema.json")).ok()?;
    jsonschema::draft4::options().build(&schema).ok()
});

/// How many violations are reported at most.
const MAX_BREACHES: usize = 1_000;

pub(super) fn fits(document: &Document<'_>, reporter: &mut Reporter) {
    let mut left = MAX_BREACHES;
    for slice in slices(document.root()) {
        let (Some(validator), Some(instance)) = (&*FORMAT, slice) else {
            let message =
                "the published schema of OpenAPI 3.0 could not be applied to this contract";
            reporter.add("", Position::START, message);
            return;
        };
        if !validator.is_valid(&instance) {
            left -= report(document, reporter, validator, &instance, left);
        }
    }
}

/// As many paths, or schemas and other components, as are checked at a time: as JSON, a contract takes
/// more memory than it does as a tree.
const SLICE: usize = 500;

/// The contract in pieces, each of which is a contract: the format has no rule about two paths or two
/// components. None for what JSON has no number for.
fn slices(root: &Node) -> impl Iterator<Item = Option<Value>> {
    let parts = ["paths", "components"].map(|name| root.get(name));
    let sections = parts[1].into_iter().flat_map(Node::entries);
    let lists = sections.map(|(_, section)| &section.node).chain(parts[0]);
    let largest = lists.map(|list| list.entries().count()).max();
    let count = largest.unwrap_or_default().div_ceil(SLICE).max(1);
    (0..count).map(move |index| slice(root, index))
}

fn slice(root: &Node, index: usize) -> Option<Value> {
    // What is not a mapping is checked as it is, in the first piece.
    let entries = |node: &Node| match node.as_mapping() {
        None if index > 0 => Some(Value::Object(Map::new())),
        None => json(node),
        Some(all) => {
            let entries = all.iter().skip(index * SLICE).take(SLICE);
            let values = entries.map(|(name, entry)| Some((name.to_owned(), json(&entry.node)?)));
            Some(Value::Object(values.collect::<Option<_>>()?))
        }
    };
    let mut piece = if index == 0 {
        Map::new()
    } else {
        // Required of each contract, and so of each piece.
        let info = serde_json::json!({ "title": "", "version": "" });
        Map::from_iter([
            ("openapi".to_owned(), Value::from("3.0.3")),
            ("info".to_owned(), info),
            ("paths".to_owned(), Value::Object(Map::new())),
        ])
    };
    for (name, entry) in root.entries() {
        let node = &entry.node;
        let value = match name {
            "paths" => entries(node)?,
            "components" if node.as_mapping().is_some() => {
                let sections = node.entries();
                let values = sections
                    .map(|(name, section)| Some((name.to_owned(), entries(&section.node)?)));
                Value::Object(values.collect::<Option<_>>()?)
            }
            _ if index == 0 => json(node)?,
            _ => continue,
        };
        piece.insert(name.to_owned(), value);
    }
    Some(Value::Object(piece))
}

fn json(node: &Node) -> Option<Value> {
    Value::deserialize(node).ok()
}

/// Reports the violations in one piece of the contract, as many as `left`; how many there were.
fn report(
    document: &Document<'_>,
    reporter: &mut Reporter,
    validator: &Validator,
    instance: &Value,
    left: usize,
) -> usize {
    let mut count = 0;
    for error in validator.iter_errors(instance).take(left) {
        count += 1;
        let violation = Violation::of(&error);
        if violation.is_pattern {
            // The rule `pattern` says more.
            continue;
        }
        let place = document.root().pointer(&violation.pointer);
        let (name, at) = (last_step(&violation.pointer), violation.pointer.as_str());
        let message = format!(
            "`{name}` is not as the format asks: {}; see the OpenAPI 3.0 specification",
            violation.reason
        );
        reporter.add(at, place.map_or(Position::START, |(_, at)| at), message);
    }
    count
}

/// Where and why a value does not fit a schema.
pub(super) struct Violation {
    /// Pointer into the value.
    pub(super) pointer: String,
    pub(super) reason: String,
    /// Whether the value was to be a regular expression.
    pub(super) is_pattern: bool,
}

impl Violation {
    /// The error that says most: of the choices that a value has, those of the choice that it comes
    /// closest to.
    pub(super) fn of(error: &ValidationError<'_>) -> Self {
        let choices = match error.kind() {
            ValidationErrorKind::AnyOf { context }
            | ValidationErrorKind::OneOfNotValid { context } => context.as_slice(),
            _ => &[],
        };
        let depth = |errors: &Vec<ValidationError<'_>>| {
            let depths = errors.iter().map(|error| {
                let violation = Self::of(error);
                violation.pointer.matches('/').count()
            });
            depths.max().unwrap_or(0)
        };
        let closest = choices
            .iter()
            .filter(|errors| !errors.is_empty())
            .max_by_key(|errors| (depth(errors), std::cmp::Reverse(errors.len())));
        if let Some(inner) = closest.and_then(|errors| {
            errors
                .iter()
                .map(Self::of)
                .max_by_key(|violation| violation.pointer.matches('/').count())
        }) && (inner.pointer.len() > error.instance_path().as_str().len() || choices.len() == 1)
        {
            return inner;
        }
        Self {
            pointer: error.instance_path().as_str().to_owned(),
            reason: error.masked_with("it").to_string(),
            is_pattern: matches!(
                error.kind(),
                ValidationErrorKind::Format { format } if format == "regex"
            ),
        }
    }
}
