//! Where the walk is: in which unit, at which step in it, and what of the unit's uses reaches here.

use people_codegen::Position;

use super::text::short;
use super::uses::{Filter, Proven};

/// As long as the name of a place gets, in characters.
const MAX_PATH: usize = 1_000;

/// One step from something to what is in it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'s> {
    /// The unit itself.
    Unit,
    /// Something of the whole contract, wherever it was met.
    Whole(&'static str),
    /// `.name`
    Property(&'s str),
    /// `[]`, `.*`
    Suffix(&'static str),
    /// ` > request body`
    Word(&'static str),
    /// ` > response 200`
    Named(&'static str, &'s str),
    /// ` > one of 2`, counted from one.
    Numbered(&'static str, usize),
}

/// A chain of steps, kept on the stack so that it costs nothing where nothing differs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'s> {
    unit: usize,
    parent: Option<&'s Scope<'s>>,
    step: Step<'s>,
    filter: Filter,
    near: Position,
    optional: bool,
    callback: bool,
}

impl<'s> Scope<'s> {
    pub(super) fn unit(unit: usize, near: Position) -> Scope<'static> {
        Scope {
            unit,
            parent: None,
            step: Step::Unit,
            filter: Filter::ALL,
            near,
            optional: false,
            callback: false,
        }
    }

    /// Something in this, that stands at `near` in the new contract.
    pub(super) fn step(&'s self, step: Step<'s>, near: Position) -> Scope<'s> {
        Scope {
            parent: Some(self),
            step,
            near,
            optional: false,
            ..*self
        }
    }

    /// Not in requests.
    pub(super) fn received(mut self) -> Self {
        if self.callback {
            self.filter.response = false;
        } else {
            self.filter.request = false;
        }
        self
    }

    /// Not in responses.
    pub(super) fn sent(mut self) -> Self {
        if self.callback {
            self.filter.request = false;
        } else {
            self.filter.response = false;
        }
        self
    }

    /// Without what is only read, or only written.
    pub(super) fn without(mut self, read_only: bool, write_only: bool) -> Self {
        self.filter.request &= !read_only;
        self.filter.response &= !write_only;
        self
    }

    /// Where the values are proven to stay valid.
    pub(super) fn proven(&self, proven: Proven) -> Scope<'s> {
        let mut scope = *self;
        scope.filter.proven.request |= proven.request;
        scope.filter.proven.response |= proven.response;
        scope
    }

    /// Whether the SDK has a type for it, as far as this step knows.
    pub(super) fn typed(mut self, typed: bool) -> Self {
        self.filter.typed &= typed;
        self
    }

    /// A property that may be absent, so that its Rust type is an `Option` anyway.
    pub(super) fn optional(mut self, optional: bool) -> Self {
        self.optional = optional;
        self
    }

    /// In a callback, where the service sends the request.
    pub(super) fn called_back(mut self) -> Self {
        self.callback = true;
        self.filter.typed = false;
        self
    }

    /// The name in the last step, where it has one.
    pub(super) fn name(&self) -> &'s str {
        match self.step {
            Step::Named(_, name) => name,
            _ => "",
        }
    }

    /// The unit that this is part of.
    pub(super) fn id(&self) -> usize {
        self.unit
    }

    /// As `called_back`, when `outer` is.
    pub(super) fn in_callback_of(self, outer: &Scope<'_>) -> Self {
        if outer.callback {
            self.called_back()
        } else {
            self
        }
    }

    pub(super) fn is_optional(&self) -> bool {
        self.optional
    }

    pub(super) fn filter(&self) -> Filter {
        self.filter
    }

    pub(super) fn near(&self) -> Position {
        self.near
    }

    /// The name of the place, from the `label` of its unit on; cut where it is longer than any.
    pub(super) fn path(&self, label: &str) -> String {
        let path = self.whole_path(label);
        match path.char_indices().nth(MAX_PATH) {
            Some((end, _)) => format!("{}…", &path[..end]),
            None => path,
        }
    }

    fn whole_path(&self, label: &str) -> String {
        let mut steps = Vec::new();
        let mut scope = Some(self);
        let mut whole = false;
        while let Some(current) = scope {
            steps.push(current.step);
            whole = matches!(current.step, Step::Whole(_));
            scope = if whole { None } else { current.parent };
        }
        let mut path = if whole {
            String::new()
        } else {
            label.to_owned()
        };
        for step in steps.into_iter().rev() {
            let separator = if path.is_empty() { "" } else { " > " };
            match step {
                Step::Unit => {}
                Step::Whole(name) => path.push_str(name),
                Step::Property(name) => {
                    path.push('.');
                    path.push_str(&short(name));
                }
                Step::Suffix(suffix) => path.push_str(suffix),
                Step::Word(word) => path = path + separator + word,
                Step::Named("", name) => path = path + separator + &short(name),
                Step::Named(kind, name) => path = path + separator + kind + " " + &short(name),
                Step::Numbered(kind, index) => path = format!("{path}{separator}{kind} {index}"),
            }
        }
        path
    }
}
