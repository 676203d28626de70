//! How a part of a contract is used, and what a rule means for that.

use crate::diff::model::{Direction, Impact, Level};
use crate::diff::rules::Rule;

/// How a unit is used; see [`Filter`] for what changes it on the way.
pub(super) type Uses = u8;
pub(super) const REQUEST: Uses = 1;
pub(super) const RESPONSE: Uses = 2;
/// In a request for which the SDK has a type.
pub(super) const TYPED_REQUEST: Uses = 4;
/// In a response for which the SDK has a type.
pub(super) const TYPED_RESPONSE: Uses = 8;
/// Part of a named schema, which gets its Rust type used or not.
pub(super) const GENERATED: Uses = 16;
/// In a request where it is not proven that all values of the old schema are valid.
pub(super) const OPEN_REQUEST: Uses = 32;
/// In a response where it is not proven that the old schema allows all values of the new one.
pub(super) const OPEN_RESPONSE: Uses = 64;
/// By an operation whose callers were promised something.
pub(super) const STABLE: Uses = 128;
pub(super) const EVERYWHERE: Uses =
    REQUEST | RESPONSE | TYPED_REQUEST | TYPED_RESPONSE | OPEN_REQUEST | OPEN_RESPONSE | STABLE;

/// In which direction a change of a schema is proven to be safe for values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Proven {
    /// All values that could be sent still can be.
    pub(super) request: bool,
    /// All values that are received could have been before.
    pub(super) response: bool,
}

/// What becomes of the uses of a unit on the way to something in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "three independent questions, each answered with yes or no"
)]
pub(super) struct Filter {
    /// Whether requests hold it.
    pub(super) request: bool,
    /// Whether responses hold it.
    pub(super) response: bool,
    /// Whether the SDK has a type for it.
    pub(super) typed: bool,
    /// What is proven of the values here.
    pub(super) proven: Proven,
}

impl Filter {
    pub(super) const ALL: Self = Self {
        request: true,
        response: true,
        typed: true,
        proven: Proven {
            request: false,
            response: false,
        },
    };

    pub(super) fn apply(self, uses: Uses) -> Uses {
        let mut uses = uses;
        // A property that is only read has its field in the type that is sent, too.
        if !self.request {
            if uses & TYPED_REQUEST != 0 {
                uses |= GENERATED;
            }
            uses &= !(REQUEST | TYPED_REQUEST | OPEN_REQUEST);
        }
        if !self.response {
            if uses & TYPED_RESPONSE != 0 {
                uses |= GENERATED;
            }
            uses &= !(RESPONSE | TYPED_RESPONSE | OPEN_RESPONSE);
        }
        if self.proven.request {
            uses &= !OPEN_REQUEST;
        }
        if self.proven.response {
            uses &= !OPEN_RESPONSE;
        }
        if !self.typed {
            uses &= !(TYPED_REQUEST | TYPED_RESPONSE | GENERATED);
        }
        uses
    }
}

/// What `rule` means for something that is used in these ways.
pub(super) fn levels(rule: &Rule, uses: Uses) -> Impact {
    let (request, response) = (rule.request, rule.response);
    let mut seen = Impact::SAFE;
    if uses & REQUEST != 0 {
        seen = seen.or(judged(rule, request, uses & OPEN_REQUEST != 0));
    }
    if uses & RESPONSE != 0 {
        seen = seen.or(judged(rule, response, uses & OPEN_RESPONSE != 0));
    }
    if uses & (REQUEST | RESPONSE) == 0 {
        // It is neither sent nor received, but it has a description.
        seen.prose = request.or(response).prose;
    }
    let mut sdk = Impact::SAFE;
    if uses & TYPED_REQUEST != 0 {
        sdk = sdk.or(request);
    }
    if uses & TYPED_RESPONSE != 0 {
        sdk = sdk.or(response);
    }
    if uses & (TYPED_REQUEST | TYPED_RESPONSE) == 0 && uses & GENERATED != 0 {
        sdk = request.or(response);
    }
    if uses & STABLE == 0 {
        seen.callers = seen.callers.min(Level::Risky);
    }
    Impact {
        sdk: sdk.sdk,
        ..seen
    }
}

/// A rule about values means nothing to callers where it is proven that their values stay valid.
fn judged(rule: &Rule, impact: Impact, open: bool) -> Impact {
    if open || !rule.about_values || impact.callers == Level::Safe {
        return impact;
    }
    Impact {
        callers: Level::Safe,
        prose: impact.prose.min(Level::Risky),
        ..impact
    }
}

/// The direction, where it has a say in the level.
pub(super) fn direction(rule: &Rule, uses: Uses) -> Option<Direction> {
    if rule.request == rule.response {
        return None;
    }
    match (uses & REQUEST != 0, uses & RESPONSE != 0) {
        (true, true) => Some(Direction::Both),
        (true, false) => Some(Direction::Request),
        (false, true) => Some(Direction::Response),
        (false, false) => None,
    }
}
