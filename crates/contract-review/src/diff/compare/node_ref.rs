//! One contract of the two: values with the place to show for them, and references.

use people_codegen::{Node, Position};

/// As many references as may follow one another.
const MAX_REFERENCES: usize = 32;

/// A value and the place of its name, or of itself where it has none.
#[derive(Debug, Clone, Copy)]
pub(super) struct NodeRef<'a> {
    pub(super) node: &'a Node,
    pub(super) at: Position,
}

impl<'a> NodeRef<'a> {
    /// A value without a name: an item of a list, or the document.
    pub(super) fn of(node: &'a Node) -> Self {
        Self {
            node,
            at: node.position,
        }
    }

    pub(super) fn get(self, name: &str) -> Option<Self> {
        let entry = self.node.entry(name)?;
        Some(Self {
            node: &entry.node,
            at: entry.key,
        })
    }

    pub(super) fn entries(self) -> impl Iterator<Item = (&'a str, Self)> {
        self.node.entries().map(|(name, entry)| {
            let site = Self {
                node: &entry.node,
                at: entry.key,
            };
            (name, site)
        })
    }

    pub(super) fn items(self) -> impl Iterator<Item = Self> {
        self.node.items().map(Self::of)
    }

    /// The text called `name`, or nothing.
    pub(super) fn text(self, name: &str) -> &'a str {
        self.node
            .get(name)
            .and_then(Node::as_str)
            .unwrap_or_default()
    }

    /// Whether `name` is there and true.
    pub(super) fn is(self, name: &str) -> bool {
        use people_codegen::document::node::Value;
        matches!(
            self.node.get(name).map(|node| &node.value),
            Some(Value::Bool(true))
        )
    }

    /// The tree does not move, so this tells values apart.
    pub(super) fn address(self) -> usize {
        std::ptr::from_ref(self.node).addr()
    }
}

/// Where a site leads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) site: NodeRef<'a>,
    /// Whether a reference led here.
    pub(super) reference: bool,
    /// The first reference.
    first: Option<&'a str>,
}

impl<'a> Target<'a> {
    /// Section and name, when the first reference is to a component.
    pub(super) fn component(&self) -> Option<(&'a str, &'a str)> {
        self.first.and_then(component)
    }
}

/// One of the two contracts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Document<'a> {
    pub(super) root: NodeRef<'a>,
}

impl<'a> Document<'a> {
    pub(super) fn new(root: &'a Node) -> Self {
        Self {
            root: NodeRef::of(root),
        }
    }

    /// The named components of a section.
    pub(super) fn components(self, section: &str) -> impl Iterator<Item = (&'a str, NodeRef<'a>)> {
        let section = self
            .root
            .get("components")
            .and_then(|components| components.get(section));
        section.into_iter().flat_map(NodeRef::entries)
    }

    /// What `site` means: itself, or what its `$ref` leads to; or the reference that does not resolve.
    pub(super) fn follow(self, site: NodeRef<'a>) -> Result<Target<'a>, &'a str> {
        let mut target = Target {
            site,
            reference: false,
            first: None,
        };
        let mut last = "";
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = target.site.node.get("$ref").and_then(Node::as_str) else {
                return Ok(target);
            };
            last = reference;
            target.first.get_or_insert(reference);
            target.reference = true;
            let (node, at) = self.lookup(reference).ok_or(reference)?;
            target.site = NodeRef { node, at };
        }
        Err(last)
    }

    fn lookup(self, reference: &str) -> Option<(&'a Node, Position)> {
        if !reference.starts_with('#') {
            return None;
        }
        let root: &'a Node = self.root.node;
        root.pointer(reference)
    }
}

/// `#/components/schemas/Person` as its section and name; none for any other form of reference.
pub(super) fn component(reference: &str) -> Option<(&str, &str)> {
    let (section, name) = reference.strip_prefix("#/components/")?.split_once('/')?;
    // A name with an escape, and a place within a component, are found by following the reference.
    (!name.contains(['/', '~', '%'])).then_some((section, name))
}
