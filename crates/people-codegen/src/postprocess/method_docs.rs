//! The documentation of the client's methods: what is required, what a success holds, which errors to
//! expect, and an example that compiles.

use std::collections::HashMap;

use super::attributes::{lines_of, tidy_lines};
use crate::lower::{Lowered, TypeFacts};
use crate::operations::OperationFacts;

/// What an operation takes and gives, in Rust.
pub(super) struct Signature {
    /// The builder's name.
    pub(super) builder: String,
    /// The setters of required values, each with its type as text.
    pub(super) required: Vec<(String, String)>,
    /// The setters of other values, in the same way.
    pub(super) optional: Vec<(String, String)>,
    /// The builder's names for the setters of a header and of the time limit.
    pub(super) options: [String; 2],
    /// Whether the value of a success is an `Option`.
    pub(super) is_optional: bool,
}

/// The documentation of the method of `operation`.
pub(super) fn document_method(
    operation: &OperationFacts,
    signature: &Signature,
    names: &RustNames,
) -> Vec<String> {
    // Before the example is added, which is the only block to be compiled.
    let mut lines: Vec<String> = tidy_lines(lines_of(&operation.documentation))
        .iter()
        .map(|line| names.replace(line))
        .collect();
    let Signature {
        builder,
        required,
        is_optional,
        ..
    } = signature;
    let mut push = |text: &str| lines.push(format!(" {text}").trim_end().to_owned());
    push("");
    push(&format!("Sends `{} {}`.", operation.method, operation.path));
    if !required.is_empty() {
        let setters = required.iter().map(|(name, _)| {
            let name = name.trim_start_matches("r#");
            format!("[`{name}`](builder::{builder}::{name})")
        });
        push("");
        push(&format!(
            "Required: {}.",
            setters.collect::<Vec<_>>().join(", ")
        ));
    }
    if *is_optional {
        push("");
        push("A success can come without a body; its value is then `None`.");
    }
    push("");
    push("# Errors");
    push("");
    let listed: Vec<&str> = operation
        .statuses
        .iter()
        .map(String::as_str)
        // A redirect that the contract lists is a success.
        .filter(|status| !status.starts_with(['2', '3']))
        .collect();
    if !listed.is_empty() {
        push(&format!("The contract lists {}.", listed.join(", ")));
    }
    push(
        "[`ErrorKind`](crate::ErrorKind) tells errors apart, with those of the connection and of the",
    );
    push("response.");
    push("");
    lines.extend(example(operation, required, &[]));
    lines
}

/// The documentation of the builder of `operation`: what it builds, and an example with every setter.
pub(super) fn document_builder(operation: &OperationFacts, signature: &Signature) -> Vec<String> {
    let method = &operation.name;
    let mut lines = vec![
        format!(" Builder for [`Client::{method}`](super::Client::{method})."),
        String::new(),
    ];
    let values = signature.required.iter().chain(&signature.optional);
    let values: Vec<_> = values.cloned().collect();
    let [header, timeout] = &signature.options;
    let options = [
        format!("    .{header}(\"accept-language\", \"en\")"),
        format!("    .{timeout}(std::time::Duration::from_secs(5))"),
        "    .send()".to_owned(),
    ];
    lines.extend(example(operation, &values, &options));
    lines
}

/// An example that sets `values`, each with its type, and goes on with `further` lines.
fn example(
    operation: &OperationFacts,
    values: &[(String, String)],
    further: &[String],
) -> Vec<String> {
    let method = &operation.name;
    let is_boolean = |value: &str| value == "bool";
    let given = values.iter().filter(|(_, value)| !is_boolean(value));
    let given = given.map(|(name, value)| {
        let value = match value.as_str() {
            "MultipartForm" => "people_sdk::builder::MultipartForm".to_owned(),
            "::bytes::Bytes" => "people_sdk::bytes::Bytes".to_owned(),
            value => value.replace("types::", "people_sdk::types::"),
        };
        format!(", {name}: {value}")
    });
    let given: String = given.collect();
    let mut lines = vec![
        "# Examples".to_owned(),
        String::new(),
        "```no_run".to_owned(),
        format!(
            "# async fn example(client: &people_sdk::Client{given}) -> Result<(), people_sdk::Error> {{"
        ),
    ];
    if values.is_empty() && further.is_empty() {
        lines.push(format!("let response = client.{method}().await?;"));
    } else {
        lines.push("let response = client".to_owned());
        lines.push(format!("    .{method}()"));
        let setters = values.iter().map(|(name, value)| {
            let value = if is_boolean(value) { "true" } else { name };
            format!("    .{name}({value})")
        });
        lines.extend(setters);
        lines.extend(further.iter().cloned());
        lines.push("    .await?;".to_owned());
    }
    lines.push("println!(\"{}\", response.status());".to_owned());
    lines.push("# Ok(())".to_owned());
    lines.push("# }".to_owned());
    lines.push("```".to_owned());
    let indented = lines
        .into_iter()
        .map(|line| format!(" {line}").trim_end().to_owned());
    indented.collect()
}

/// The names of the contract that Rust spells in another way.
pub(super) struct RustNames(HashMap<String, String>);

impl RustNames {
    pub(super) fn of(lowered: &Lowered) -> Self {
        let objects = lowered.types.values().filter_map(|facts| match facts {
            TypeFacts::Object(properties) => Some(properties),
            _ => None,
        });
        let properties = objects.flatten().map(|it| (&it.name, &it.generated));
        let operations = &lowered.operations;
        let parameters = operations
            .iter()
            .flat_map(|operation| &operation.parameters);
        let parameters = parameters.map(|parameter| (&parameter.name, &parameter.field));
        let methods = operations
            .iter()
            .map(|operation| (&operation.id, &operation.name));
        let names = properties.chain(parameters).chain(methods);
        let spelled = names.filter(|(name, rust)| name != rust);
        Self(
            spelled
                .map(|(name, rust)| (name.clone(), rust.clone()))
                .collect(),
        )
    }

    /// `line` with the names between back quotes as Rust spells them.
    pub(super) fn replace(&self, line: &str) -> String {
        let parts = line.split('`').enumerate().map(|(index, part)| {
            let name = self.0.get(part).filter(|_| index % 2 == 1);
            name.map_or(part, String::as_str)
        });
        parts.collect::<Vec<_>>().join("`")
    }
}
