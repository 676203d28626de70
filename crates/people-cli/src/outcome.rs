//! The outcomes of a change, as JSON, reports and text name them.

use people_sdk::EditOutcome;
use serde::{Deserialize, Serialize};

/// The outcome of one change to one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// The update was sent, and everything is as requested.
    Applied,
    /// Everything was as requested before, and nothing was sent.
    Unchanged,
    /// The update was sent, and a part of it is as requested.
    PartlyApplied,
    /// The update was sent, and nothing of it is as requested.
    NotApplied,
    /// The update was sent, and the person could not be read afterwards.
    Unknown,
    /// Nothing was changed; an error says why.
    Failed,
    /// The change cannot be made as it is written down.
    Invalid,
    /// A dry run: an update would be sent.
    WouldChange,
    /// A dry run: no update would be sent.
    WouldNotChange,
}

/// The effect of a change on the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The person is as before.
    None,
    /// The person is as requested.
    Done,
    /// The person can be anything in between.
    Uncertain,
}

impl Outcome {
    /// The effect on the person.
    pub(crate) fn effect(self) -> Effect {
        match self {
            Self::Applied | Self::Unchanged => Effect::Done,
            Self::PartlyApplied | Self::Unknown => Effect::Uncertain,
            Self::NotApplied
            | Self::Failed
            | Self::Invalid
            | Self::WouldChange
            | Self::WouldNotChange => Effect::None,
        }
    }

    /// The outcome in words.
    pub(crate) fn phrase(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Unchanged => "already up to date",
            Self::PartlyApplied => "partly applied",
            Self::NotApplied => "not applied",
            Self::Unknown => "outcome unknown",
            Self::Failed => "failed",
            Self::Invalid => "invalid",
            Self::WouldChange => "would change",
            Self::WouldNotChange => "would not change",
        }
    }
}

impl From<EditOutcome> for Outcome {
    fn from(outcome: EditOutcome) -> Self {
        match outcome {
            EditOutcome::Unchanged => Self::Unchanged,
            EditOutcome::Applied => Self::Applied,
            EditOutcome::PartlyApplied => Self::PartlyApplied,
            EditOutcome::NotApplied => Self::NotApplied,
            EditOutcome::NotSent => Self::WouldChange,
            _ => Self::Unknown,
        }
    }
}
