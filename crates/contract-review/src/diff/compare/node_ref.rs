//! Values with the place to show for them. Where references lead is `contract`'s.

use people_codegen::{Node, Position};

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

/// `#/components/schemas/Person` as its section and name; none for any other form of reference.
pub(super) fn component(reference: &str) -> Option<(&str, &str)> {
    let (section, name) = reference.strip_prefix("#/components/")?.split_once('/')?;
    // A name with an escape, and a place within a component, are found by following the reference.
    (!name.contains(['/', '~', '%'])).then_some((section, name))
}
