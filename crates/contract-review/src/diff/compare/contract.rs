//! One contract of the two: where its references lead.

use people_codegen::{Node, Position};

use super::discriminators::Discriminators;
use super::node_ref::{NodeRef, component};

/// As many references as may follow one another.
const MAX_REFERENCES: usize = 32;

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
    pub(super) discriminators: &'a Discriminators<'a>,
}

impl<'a> Document<'a> {
    pub(super) fn new(root: &'a Node, discriminators: &'a Discriminators<'a>) -> Self {
        Self {
            root: NodeRef::of(root),
            discriminators,
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

    /// `site` and everything that its `$ref` leads to, and a reference that leads nowhere.
    pub(super) fn layers(self, site: NodeRef<'a>) -> (Vec<NodeRef<'a>>, Option<&'a str>) {
        let mut layers = vec![site];
        let mut last = site;
        while let Some(reference) = last.node.get("$ref").and_then(Node::as_str) {
            match self.lookup(reference) {
                Some((node, at)) if layers.len() <= MAX_REFERENCES => last = NodeRef { node, at },
                _ => return (layers, Some(reference)),
            }
            layers.push(last);
        }
        (layers, None)
    }

    fn lookup(self, reference: &str) -> Option<(&'a Node, Position)> {
        if !reference.starts_with('#') {
            return None;
        }
        let root: &'a Node = self.root.node;
        root.pointer(reference)
    }
}
