//! What a team has agreed on about deprecation. How it is applied is `compare::lifecycle`.

use chrono::{Days, NaiveDate};

/// The extension with the date from which something deprecated may be gone: `2027-12-31`, or a time
/// (RFC 3339).
pub(crate) const SUNSET: &str = "x-sunset";

/// The extension that says how firm a promise is.
pub(crate) const STABILITY: &str = "x-stability-level";

/// The agreement, on the day of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The day on which dates of sunset are judged.
    pub today: NaiveDate,
    /// In how many days at the earliest what is deprecated may be removed. With it, each deprecation
    /// needs a date of sunset.
    pub notice_days: Option<u16>,
}

impl Policy {
    /// The earliest date of sunset that gives enough notice.
    #[must_use]
    pub fn earliest_sunset(&self) -> Option<NaiveDate> {
        let days = Days::new(self.notice_days?.into());
        self.today.checked_add_days(days)
    }
}

/// No notice is required.
impl From<NaiveDate> for Policy {
    fn from(today: NaiveDate) -> Self {
        Self {
            today,
            notice_days: None,
        }
    }
}
