//! How a part of a contract is used, and what a rule means for that.

use crate::diff::model::{Direction, Impact};
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
pub(super) const EVERYWHERE: Uses = REQUEST | RESPONSE | TYPED_REQUEST | TYPED_RESPONSE;

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
}

impl Filter {
    pub(super) const ALL: Self = Self {
        request: true,
        response: true,
        typed: true,
    };

    pub(super) fn apply(self, uses: Uses) -> Uses {
        let mut uses = uses;
        // A property that is only read has its field in the type that is sent, too.
        if !self.request {
            if uses & TYPED_REQUEST != 0 {
                uses |= GENERATED;
            }
            uses &= !(REQUEST | TYPED_REQUEST);
        }
        if !self.response {
            if uses & TYPED_RESPONSE != 0 {
                uses |= GENERATED;
            }
            uses &= !(RESPONSE | TYPED_RESPONSE);
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
        seen = seen.or(request);
    }
    if uses & RESPONSE != 0 {
        seen = seen.or(response);
    }
    if uses & (REQUEST | RESPONSE) == 0 {
        // Nobody sends or receives it, yet it has its words.
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
    Impact {
        sdk: sdk.sdk,
        ..seen
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
