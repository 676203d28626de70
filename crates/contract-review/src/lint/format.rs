//! The published JSON Schema of OpenAPI 3.0, applied with a library; and what its errors, and those
//! of any other schema, mean to a reader.

use std::sync::LazyLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use people_codegen::document::node::Position;
use serde::Deserialize;
use serde_json::Value;

use super::document::{Document, last_step};
use super::reporter::Reporter;

static FORMAT: LazyLock<Option<Validator>> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(include_str!("openapi-3.0.schema.json")).ok()?;
    jsonschema::draft4::options().build(&schema).ok()
});

/// How many violations are reported at most.
const MAX_BREACHES: usize = 1_000;

pub(super) fn fits(document: &Document<'_>, reporter: &mut Reporter) {
    let (Some(validator), Ok(instance)) = (&*FORMAT, Value::deserialize(document.root())) else {
        let message = "the published schema of OpenAPI 3.0 could not be applied to this contract";
        reporter.add("", Position::START, message);
        return;
    };
    if validator.is_valid(&instance) {
        return;
    }
    for error in validator.iter_errors(&instance).take(MAX_BREACHES) {
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
