//! References to parameters, bodies and responses, replaced by what they refer to, and parameters of a path
//! by those of its operations: what follows sees each operation whole, and can name its parts.

use indexmap::IndexMap;
use openapiv3::{Components, OpenAPI, Operation, Parameter, PathItem, ReferenceOr};

use crate::document::contract::without_fragment;
use crate::document::diagnostic::Warning;
use crate::document::model::{operation_slots, operations_mut};
use crate::document::node::pointer_token;
use crate::names::snake_case;
use crate::operations::{OperationFacts, Place, request_body, resolve_parameter, response};

/// Headers that a parameter does not set: media types and security say what they are (OpenAPI 3.0, Parameter
/// Object).
const OWN_HEADERS: [&str; 3] = ["Accept", "Authorization", "Content-Type"];

/// Leaves `api` references to schemas alone.
pub(super) fn inline(api: &mut OpenAPI, warnings: &mut Vec<Warning>) {
    let Some(components) = &mut api.components else {
        return inline_paths(api, &Components::default(), warnings);
    };
    let taken = std::mem::take(components);
    components.schemas.clone_from(&taken.schemas);
    components
        .security_schemes
        .clone_from(&taken.security_schemes);
    inline_paths(api, &taken, warnings);
}

fn inline_paths(api: &mut OpenAPI, components: &Components, warnings: &mut Vec<Warning>) {
    for (path, item) in &mut api.paths.paths {
        let ReferenceOr::Item(item) = item else {
            continue;
        };
        let of_path = std::mem::take(&mut item.parameters);
        for (method, operation) in operations_mut(item) {
            let mut parameters: Vec<Parameter> = Vec::new();
            let pointer = format!("/paths/{}", pointer_token(path));
            let places = (0..of_path.len()).map(|index| format!("{pointer}/parameters/{index}"));
            let own = 0..operation.parameters.len();
            let own = own.map(|index| format!("{pointer}/{method}/parameters/{index}"));
            let listed = of_path.iter().chain(&operation.parameters);
            for (parameter, pointer) in listed.zip(places.chain(own)) {
                let Some(parameter) = resolve_parameter(components, parameter) else {
                    continue;
                };
                let name = &parameter.parameter_data_ref().name;
                let mut leave_out = |rule, message: String| {
                    let warning = Warning::new(rule, pointer.as_str(), message);
                    if !warnings.contains(&warning) {
                        warnings.push(warning);
                    }
                };
                if matches!(parameter, Parameter::Header { .. })
                    && OWN_HEADERS.iter().any(|own| name.eq_ignore_ascii_case(own))
                {
                    leave_out(
                        "generator-ignored",
                        format!("the client writes `{name}` itself, so this parameter is left out"),
                    );
                    continue;
                }
                if matches!(parameter, Parameter::Cookie { .. }) {
                    leave_out(
                        "generator-ignored",
                        format!("the client sends no cookies, so `{name}` is left out"),
                    );
                    continue;
                }
                if matches!(parameter, Parameter::Path { .. })
                    && !without_fragment(path).contains(&format!("{{{name}}}"))
                {
                    let message = format!(
                        "`{name}` is declared `in: path`, and `{path}` has no place for it; it is left out"
                    );
                    leave_out("path-parameter", message);
                    continue;
                }
                // One of the path gives way to the operation's of the same name and place.
                parameters.retain(|other| !is_same(other, parameter));
                parameters.push(parameter.clone());
            }
            operation.parameters = parameters.into_iter().map(ReferenceOr::Item).collect();
            if let Some(body) = &mut operation.request_body
                && let Some(item) = request_body(components, body)
            {
                *body = ReferenceOr::Item(item.clone());
            }
            let responses = &mut operation.responses;
            for listed in responses
                .responses
                .values_mut()
                .chain(&mut responses.default)
            {
                if let Some(item) = response(components, listed) {
                    *listed = ReferenceOr::Item(item.clone());
                }
            }
        }
    }
}

/// Gives operations and parameters the names that the generator is to spell in Rust. `operations` are in the
/// order of `api`.
pub(super) fn name(api: &mut OpenAPI, operations: &[OperationFacts]) {
    let mut facts = operations.iter();
    let mut paths = IndexMap::new();
    for (_, item) in std::mem::take(&mut api.paths.paths) {
        let ReferenceOr::Item(mut item) = item else {
            continue;
        };
        for (method, slot) in operation_slots(&mut item) {
            let Some(mut operation) = slot.take() else {
                continue;
            };
            let Some(facts) = facts.next() else {
                continue;
            };
            operation.operation_id = Some(facts.name.clone());
            let mut path = name_parameters(&mut operation, facts);
            // What is sent has the path of the contract. This one has to differ from others alone.
            while has_operation(&paths, &path, method) {
                path.insert_str(0, "/other");
            }
            let item = paths
                .entry(path)
                .or_insert_with(|| ReferenceOr::Item(PathItem::default()));
            if let ReferenceOr::Item(item) = item {
                let mut slots = operation_slots(item);
                if let Some((_, slot)) = slots.find(|(name, _)| *name == method) {
                    *slot = Some(operation);
                }
            }
        }
    }
    api.paths.paths = paths;
}

fn has_operation(
    paths: &IndexMap<String, ReferenceOr<PathItem>>,
    path: &str,
    method: &str,
) -> bool {
    let item = paths.get(path).and_then(ReferenceOr::as_item);
    item.is_some_and(|item| item.iter().any(|(name, _)| name == method))
}

/// The path with the names that its parameters get.
fn name_parameters(operation: &mut Operation, facts: &OperationFacts) -> String {
    let mut path = facts.path.clone();
    let parameters = operation
        .parameters
        .iter_mut()
        .filter_map(|parameter| match parameter {
            ReferenceOr::Item(
                Parameter::Query { parameter_data, .. }
                | Parameter::Header { parameter_data, .. }
                | Parameter::Path { parameter_data, .. },
            ) => Some(parameter_data),
            _ => None,
        });
    for (data, facts) in parameters.zip(&facts.parameters) {
        if snake_case(&data.name) == facts.field {
            continue;
        }
        if facts.place == Place::Path {
            path = path.replace(
                &format!("{{{}}}", data.name),
                &format!("{{{}}}", facts.field),
            );
        }
        data.name.clone_from(&facts.field);
    }
    path
}

fn is_same(one: &Parameter, other: &Parameter) -> bool {
    one.parameter_data_ref().name == other.parameter_data_ref().name
        && std::mem::discriminant(one) == std::mem::discriminant(other)
}
