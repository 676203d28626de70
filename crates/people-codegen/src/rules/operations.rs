//! Rules for operations: path parameters and repeated parameters.

use std::collections::HashSet;

use crate::document::contract::{
    Contract, Operation, parameters, template_names, text, without_fragment,
};
use crate::document::diagnostic::Diagnostic;
use crate::document::node::{Node, Value};

pub(super) fn path_parameters(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    const RULE: &str = "path-parameter";
    let operations: Vec<Operation<'_>> = contract.operations().collect();
    for operations in operations.chunk_by(|one, next| one.path == next.path) {
        let Some(first) = operations.first() else {
            continue;
        };
        let (path, path_position) = (first.path, first.path_position);
        let names = match template_names(path) {
            Ok(names) => names,
            Err(fault) => {
                diagnostics.push(Diagnostic::new(
                    RULE,
                    path_position,
                    format!("`{path}` {fault}"),
                ));
                continue;
            }
        };
        let declared: Vec<Vec<_>> = operations
            .iter()
            .map(|operation| {
                let all = parameters(contract, operation).into_iter();
                all.filter(|(_, parameter)| text(parameter, "in") == "path")
                    .collect()
            })
            .collect();
        let is_declared = |index: usize, name: &str| {
            let mut names = declared[index].iter().map(|(_, node)| text(node, "name"));
            names.any(|declared| declared == name)
        };
        let mut misnamed = false;
        let is_complete =
            (0..operations.len()).all(|index| names.iter().all(|name| is_declared(index, name)));
        for (place, parameter) in declared.iter().flatten() {
            let name = text(parameter, "name");
            if !names.contains(&name) {
                // Where no other is missing, it is left out, with a warning.
                if is_complete {
                    continue;
                }
                misnamed = true;
                diagnostics.push(Diagnostic::new(
                    RULE,
                    place.position,
                    format!("`{name}` is declared `in: path`, and `{path}` has no `{{{name}}}`"),
                ));
            }
            let required = parameter.get("required").map(|node| &node.value);
            if !matches!(required, Some(Value::Bool(true))) {
                diagnostics.push(Diagnostic::new(
                    RULE,
                    place.position,
                    format!("`{name}` is part of the path; add `required: true`"),
                ));
            }
        }
        // A parameter of another name is most likely the one that is missing, and is reported already.
        for name in names.iter().filter(|_| !misnamed) {
            let missing: Vec<_> = operations
                .iter()
                .enumerate()
                .filter(|(index, _)| !is_declared(*index, name))
                .map(|(_, operation)| operation)
                .collect();
            let fault = format!(
                "{path} takes `{{{name}}}` and declares no such parameter; add it with `in: path`"
            );
            if missing.len() == operations.len() {
                diagnostics.push(Diagnostic::new(RULE, path_position, fault));
                continue;
            }
            for operation in missing {
                let method = operation.method.to_uppercase();
                let fault = format!("{method} {fault}");
                diagnostics.push(Diagnostic::new(RULE, operation.position, fault));
            }
        }
    }
}

/// Paths with a fragment, which no request has.
pub(super) fn fragments(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let paths = contract.root.get("paths").into_iter();
    for (path, entry) in paths.flat_map(Node::entries) {
        if path.contains('#') {
            let sent = without_fragment(path);
            let message = format!("`{path}` has a `#`, where a path ends; requests go to `{sent}`");
            diagnostics.push(Diagnostic::new("path-parameter", entry.key, message));
        }
    }
}

pub(super) fn duplicate_parameters(contract: &Contract<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for operation in contract.operations() {
        for holder in [operation.path_item, operation.node] {
            let mut seen = HashSet::new();
            for place in holder.get("parameters").into_iter().flat_map(Node::items) {
                let Some(parameter) = contract.resolve(place) else {
                    continue;
                };
                let name = text(parameter, "name");
                if !seen.insert((name, text(parameter, "in"))) {
                    diagnostics.push(Diagnostic::new(
                        "duplicate-parameter",
                        place.position,
                        format!("`{name}` is declared twice here; remove one"),
                    ));
                }
            }
        }
    }
}
