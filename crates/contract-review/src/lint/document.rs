//! The contract as the rules see it: its objects, found by node or pointer, and where they are used.

use std::collections::HashMap;

use people_codegen::document::contract::{Contract, Operation};
use people_codegen::document::node::{Node, pointer_token};
use people_codegen::document::openapi_format::{Kind, ObjectRef};

/// A contract, with what more than one rule needs of it.
pub(super) struct Document<'a> {
    pub(super) contract: &'a Contract<'a>,
    by_node: HashMap<*const Node, usize>,
    by_pointer: HashMap<&'a str, usize>,
    /// For each object, the index after the last one inside it.
    ends: Vec<usize>,
    /// For each object, whether something outside `components` leads to it.
    used: Vec<bool>,
    /// For each object, whether it is part of a request.
    sent: Vec<bool>,
    /// For each object, whether it is part of an answer.
    received: Vec<bool>,
}

impl<'a> Document<'a> {
    pub(super) fn new(contract: &'a Contract<'a>) -> Self {
        let objects = &contract.objects;
        let by_node = objects
            .iter()
            .enumerate()
            .map(|(index, object)| (std::ptr::from_ref(object.node), index))
            .collect();
        let by_pointer = objects
            .iter()
            .enumerate()
            .map(|(index, object)| (object.pointer.as_str(), index))
            .collect();
        let mut document = Self {
            contract,
            by_node,
            by_pointer,
            ends: ends(objects),
            used: Vec::new(),
            sent: Vec::new(),
            received: Vec::new(),
        };
        document.used = document.reach(|object| !object.pointer.starts_with("/components"));
        document.sent = document.reach(|object| is_sent(&object.pointer));
        document.received = document.reach(|object| is_received(&object.pointer));
        document
    }

    /// The objects that a `root` outside `components` holds or leads to.
    fn reach(&self, is_root: impl Fn(&ObjectRef<'a>) -> bool) -> Vec<bool> {
        let objects = &self.contract.objects;
        let mut reached = vec![false; objects.len()];
        let whole =
            |object: &ObjectRef<'_>| matches!(object.kind, Kind::OpenApi | Kind::Components);
        let mut waiting: Vec<usize> = (0..objects.len())
            .filter(|&index| !whole(&objects[index]) && is_root(&objects[index]))
            .collect();
        while let Some(start) = waiting.pop() {
            let mut index = start;
            while index < self.ends[start] {
                if reached[index] {
                    index = self.ends[index];
                    continue;
                }
                reached[index] = true;
                waiting.extend(self.leads_to(&objects[index]));
                index += 1;
            }
        }
        reached
    }

    /// What an object refers to.
    fn leads_to(&self, object: &ObjectRef<'a>) -> Vec<usize> {
        let components = |group: &str, name: &str| {
            self.by_pointer
                .get(format!("/components/{group}/{}", pointer_token(name)).as_str())
                .copied()
        };
        match object.kind {
            Kind::Reference => {
                let target = object.node.get("$ref").and_then(Node::as_str);
                let node = target.and_then(|target| self.contract.root.pointer(target));
                let index = node.and_then(|(node, _)| self.index(node));
                index.into_iter().collect()
            }
            Kind::SecurityRequirement => {
                let names = object.node.entries().map(|(name, _)| name);
                names
                    .filter_map(|name| components("securitySchemes", name))
                    .collect()
            }
            Kind::Discriminator => {
                let targets = object
                    .node
                    .get("mapping")
                    .into_iter()
                    .flat_map(Node::entries);
                targets
                    .filter_map(|(_, entry)| {
                        let target = entry.node.as_str()?;
                        match target.strip_prefix('#') {
                            Some(pointer) => self.by_pointer.get(pointer).copied(),
                            None => components("schemas", target),
                        }
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn index(&self, node: &Node) -> Option<usize> {
        self.by_node.get(&std::ptr::from_ref(node)).copied()
    }

    pub(super) fn objects(&self) -> impl Iterator<Item = &'a ObjectRef<'a>> {
        self.contract.objects.iter()
    }

    pub(super) fn all(&self, kind: Kind) -> impl Iterator<Item = &'a ObjectRef<'a>> {
        self.objects().filter(move |object| object.kind == kind)
    }

    pub(super) fn root(&self) -> &'a Node {
        self.contract.root
    }

    /// The index of an object itself.
    pub(super) fn own_index(&self, object: &ObjectRef<'_>) -> Option<usize> {
        self.index(object.node)
    }

    /// The index of the object that `node` is or leads to.
    pub(super) fn resolved_index(&self, node: &'a Node) -> Option<usize> {
        self.index(self.contract.resolve(node)?)
    }

    /// The object that `node` is or leads to.
    pub(super) fn resolve(&self, node: &'a Node) -> Option<&'a ObjectRef<'a>> {
        Some(&self.contract.objects[self.resolved_index(node)?])
    }

    pub(super) fn at(&self, pointer: &str) -> Option<&'a ObjectRef<'a>> {
        Some(&self.contract.objects[*self.by_pointer.get(pointer)?])
    }

    fn is(&self, object: &ObjectRef<'_>, marks: &[bool]) -> bool {
        self.index(object.node).is_some_and(|index| marks[index])
    }

    pub(super) fn is_used(&self, object: &ObjectRef<'_>) -> bool {
        self.is(object, &self.used)
    }

    pub(super) fn is_sent(&self, object: &ObjectRef<'_>) -> bool {
        self.is(object, &self.sent)
    }

    pub(super) fn is_received(&self, object: &ObjectRef<'_>) -> bool {
        self.is(object, &self.received)
    }

    /// Every operation with its pointer.
    pub(super) fn operations(&self) -> impl Iterator<Item = (String, Operation<'a>)> {
        self.contract.operations().map(|operation| {
            let path = pointer_token(operation.path);
            (format!("/paths/{path}/{}", operation.method), operation)
        })
    }

    /// The responses of an operation: status, pointer to the entry, and the response that it is or
    /// leads to.
    pub(super) fn responses(
        &self,
        operation: &Operation<'a>,
    ) -> impl Iterator<Item = (&'a str, &'a ObjectRef<'a>)> {
        let responses = operation.node.get("responses").into_iter();
        responses
            .flat_map(Node::entries)
            .filter(|(status, _)| !status.starts_with("x-"))
            .filter_map(|(status, entry)| Some((status, self.resolve(&entry.node)?)))
    }
}

fn ends(objects: &[ObjectRef<'_>]) -> Vec<usize> {
    let mut ends = vec![objects.len(); objects.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        while let Some(&outer) = open.last()
            && !is_within(&object.pointer, &objects[outer].pointer)
        {
            ends[outer] = index;
            open.pop();
        }
        open.push(index);
    }
    ends
}

/// Whether `pointer` is `outer` or leads into it.
pub(super) fn is_within(pointer: &str, outer: &str) -> bool {
    pointer
        .strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The step of a pointer that says what part of an operation it leads into.
fn part_of_operation(pointer: &str) -> Option<&str> {
    let mut steps = pointer.strip_prefix("/paths/")?.split('/').skip(1);
    match steps.next()? {
        "parameters" => Some("parameters"),
        _ => steps.next(),
    }
}

fn is_sent(pointer: &str) -> bool {
    matches!(
        part_of_operation(pointer),
        Some("parameters" | "requestBody")
    )
}

fn is_received(pointer: &str) -> bool {
    matches!(part_of_operation(pointer), Some("responses"))
}

/// A text field.
pub(super) fn text<'a>(node: &'a Node, name: &str) -> &'a str {
    node.get(name).and_then(Node::as_str).unwrap_or_default()
}

/// A field that is `true`.
pub(super) fn is_true(node: &Node, name: &str) -> bool {
    use people_codegen::document::node::Value;
    matches!(
        node.get(name).map(|node| &node.value),
        Some(Value::Bool(true))
    )
}

/// The last step of a pointer, as it is spelt in the contract.
pub(super) fn last_step(pointer: &str) -> String {
    let step = pointer.rsplit('/').next().unwrap_or_default();
    step.replace("~1", "/").replace("~0", "~")
}
