//! Collects the findings of one rule.

use std::collections::HashSet;

use people_codegen::document::node::{Position, pointer_token};
use people_codegen::document::openapi_format::ObjectRef;

use super::finding::Finding;
use super::rule::Rule;

/// What one rule has found, once for each place and message.
pub(super) struct Reporter {
    rule: &'static Rule,
    seen: HashSet<(String, String)>,
    pub(super) findings: Vec<Finding>,
}

impl Reporter {
    pub(super) fn new(rule: &'static Rule) -> Self {
        Self {
            rule,
            seen: HashSet::new(),
            findings: Vec::new(),
        }
    }

    /// Reports what is wrong at `pointer`, which stands at `position`.
    pub(super) fn add(&mut self, pointer: &str, position: Position, message: impl Into<String>) {
        // The one place where a message is cut and kept on one line.
        let finding = people_codegen::Diagnostic::new(self.rule.name, position, message);
        if self
            .seen
            .insert((pointer.to_owned(), finding.message.clone()))
        {
            self.findings.push(Finding {
                rule: self.rule,
                level: self.rule.level,
                pointer: Some(pointer.to_owned()),
                position,
                message: finding.message,
            });
        }
    }

    /// Reports what is wrong with an object as a whole.
    pub(super) fn object(&mut self, object: &ObjectRef<'_>, message: impl Into<String>) {
        self.add(&object.pointer, object.position, message);
    }

    /// Reports what is wrong with a field of an object.
    pub(super) fn field(&mut self, object: &ObjectRef<'_>, name: &str, message: impl Into<String>) {
        let position = object
            .node
            .entry(name)
            .map_or(object.position, |entry| entry.key);
        let pointer = format!("{}/{}", object.pointer, pointer_token(name));
        self.add(&pointer, position, message);
    }
}
