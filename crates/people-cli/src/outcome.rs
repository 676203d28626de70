//! What can come of a change, in the words of JSON, of reports and of people.

use people_sdk::EditOutcome;
use serde::{Deserialize, Serialize};

/// What came of one change to one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// Everything is as it was asked for, by this update.
    Applied,
    /// Everything was as it was asked for, and nothing was sent.
    Unchanged,
    /// Some of it is as it was asked for.
    PartlyApplied,
    /// The update was sent, and nothing of it is there.
    NotApplied,
    /// The update was sent, and what came of it cannot be seen.
    Unknown,
    /// Nothing was changed; an error says why.
    Failed,
    /// What was asked for cannot be.
    Invalid,
    /// A dry run: an update would be sent.
    WouldChange,
    /// A dry run: no update would be sent.
    WouldNotChange,
}

impl Outcome {
    /// Whether there is nothing more to do, now or in another run.
    pub(crate) fn is_done(self) -> bool {
        matches!(self, Self::Applied | Self::Unchanged)
    }

    /// For people.
    pub(crate) fn phrase(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Unchanged => "unchanged: everything was so already",
            Self::PartlyApplied => "applied in part",
            Self::NotApplied => "not applied",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
            Self::Invalid => "invalid",
            Self::WouldChange => "would change",
            Self::WouldNotChange => "nothing would change",
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
            _ => Self::Unknown,
        }
    }
}
