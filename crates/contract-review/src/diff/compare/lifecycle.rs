//! Deprecation, sunset and stability of operations, parameters, headers and schemas: what changed of
//! them, and what they mean for a removal.

use chrono::NaiveDate;
use people_codegen::document::node::Value;

use super::comparison::{Comparison, extension_rule};
use super::node_ref::NodeRef;
use super::scope::Scope;
use super::text::places;
use super::value;
use crate::diff::policy::{STABILITY, SUNSET};
use crate::diff::rules::{self as rule, Rule};

/// The levels of stability, the least first. What has no level is stable.
const LEVELS: [&str; 4] = ["draft", "alpha", "beta", STABLE];
const STABLE: &str = "stable";

/// How many of the levels promise nothing.
const UNSTABLE_LEVELS: usize = 2;

/// Fields that are compared here, and by nothing else.
pub(super) const FIELDS: [&str; 3] = ["deprecated", SUNSET, STABILITY];

impl<'a> Comparison<'a> {
    /// Compares what the two sides of one thing say of its future.
    pub(super) fn lifecycle(
        &mut self,
        scope: &Scope<'_>,
        old: impl Fn(&str) -> Option<NodeRef<'a>>,
        new: impl Fn(&str) -> Option<NodeRef<'a>>,
    ) {
        let flags = (old("deprecated"), new("deprecated"));
        let sunsets = (old(SUNSET), new(SUNSET));
        match (is_true(flags.0), is_true(flags.1)) {
            (false, true) => self.deprecation(scope, flags, sunsets),
            (true, false) => {
                let message = "it is no longer deprecated";
                let places = places(flags.0, flags.1);
                self.report(scope, rule::DEPRECATED_REMOVED, places, message);
            }
            (true, true) => self.sunset(scope, sunsets),
            // Of something that is not deprecated, a sunset means nothing.
            (false, false) => self.value(
                scope,
                SUNSET,
                sunsets.0,
                sunsets.1,
                extension_rule(SUNSET, sunsets.0, sunsets.1),
            ),
        }
        self.stability(scope, (old(STABILITY), new(STABILITY)));
    }

    fn deprecation(
        &mut self,
        scope: &Scope<'_>,
        flags: (Option<NodeRef<'a>>, Option<NodeRef<'a>>),
        sunsets: (Option<NodeRef<'a>>, Option<NodeRef<'a>>),
    ) {
        let flags = places(flags.0, flags.1);
        let earliest = self.policy.earliest_sunset();
        let (rule, message) = match (sunsets.1.and_then(date), earliest) {
            (None, Some(earliest)) => (
                rule::DEPRECATED_WITHOUT_NOTICE,
                format!(
                    "it is deprecated without a date of sunset (`{SUNSET}`, {earliest} or later)"
                ),
            ),
            (Some(date), Some(earliest)) if date < earliest => (
                rule::DEPRECATED_WITHOUT_NOTICE,
                format!("it is deprecated, with a sunset on {date}, which is before {earliest}"),
            ),
            (Some(date), _) => (
                rule::DEPRECATED_ADDED,
                format!("it is deprecated, with a sunset on {date}"),
            ),
            (None, None) => (rule::DEPRECATED_ADDED, "it is deprecated".to_owned()),
        };
        self.report(scope, rule, flags, message);
        if let Some(sunset) = sunsets.1
            && date(sunset).is_none()
        {
            self.invalid_sunset(scope, (None, Some(sunset)));
        }
    }

    /// The sunset of something that was deprecated and still is.
    fn sunset(
        &mut self,
        scope: &Scope<'_>,
        (old, new): (Option<NodeRef<'a>>, Option<NodeRef<'a>>),
    ) {
        if let (Some(old), Some(new)) = (old, new)
            && value::same(old.node, new.node)
        {
            return;
        }
        let (rule, message) = match (old.and_then(date), new.and_then(date)) {
            _ if new.is_some_and(|new| date(new).is_none()) => {
                return self.invalid_sunset(scope, (old, new));
            }
            (None, Some(after)) => (rule::SUNSET_ADDED, format!("its sunset is on {after}")),
            (Some(before), None) => (
                rule::SUNSET_REMOVED,
                format!("its sunset, {before}, was removed"),
            ),
            (Some(before), Some(after)) if after < before => (
                rule::SUNSET_EARLIER,
                format!("its sunset is earlier: {after} instead of {before}"),
            ),
            (Some(before), Some(after)) if after > before => (
                rule::SUNSET_LATER,
                format!("its sunset is later: {after} instead of {before}"),
            ),
            // The same day, or nothing that is a date.
            _ => return self.value(scope, SUNSET, old, new, extension_rule(SUNSET, old, new)),
        };
        self.report(scope, rule, places(old, new), message);
    }

    fn invalid_sunset(
        &mut self,
        scope: &Scope<'_>,
        (old, new): (Option<NodeRef<'a>>, Option<NodeRef<'a>>),
    ) {
        let shown = new.map(|new| value::brief(new.node)).unwrap_or_default();
        let message = format!("the sunset {shown} is not a date, such as 2027-12-31");
        self.report(scope, rule::SUNSET_INVALID, places(old, new), message);
    }

    fn stability(
        &mut self,
        scope: &Scope<'_>,
        (old, new): (Option<NodeRef<'a>>, Option<NodeRef<'a>>),
    ) {
        let (Some(before), Some(after)) = (level(old), level(new)) else {
            return self.value(
                scope,
                STABILITY,
                old,
                new,
                extension_rule(STABILITY, old, new),
            );
        };
        let (rule, verb) = match after.cmp(&before) {
            std::cmp::Ordering::Less => (rule::STABILITY_DECREASED, "decreased"),
            std::cmp::Ordering::Greater => (rule::STABILITY_INCREASED, "increased"),
            std::cmp::Ordering::Equal => return,
        };
        let message = format!(
            "the stability {verb} from {} to {}",
            LEVELS[before], LEVELS[after]
        );
        self.report(scope, rule, places(old, new), message);
    }

    /// The rule and the message of a removal, by what was announced of it. `rule` is for a removal
    /// without an announcement.
    pub(super) fn removal(
        &self,
        what: &str,
        old: NodeRef<'a>,
        rule: &'static Rule,
    ) -> (&'static Rule, String) {
        let old = self.old.follow(old).map_or(old, |target| target.site);
        if is_unstable(old) {
            let message = format!("{what} was removed, which was never stable");
            return (rule::ANNOUNCED_REMOVAL, message);
        }
        let plain = || (rule, format!("{what} was removed"));
        if !old.is("deprecated") {
            return plain();
        }
        let Some(sunset) = old.get(SUNSET) else {
            if self.policy.notice_days.is_some() {
                return plain();
            }
            let message = format!("{what} was removed, after it was deprecated");
            return (rule::ANNOUNCED_REMOVAL, message);
        };
        match date(sunset) {
            Some(date) if date <= self.policy.today => {
                let message = format!("{what} was removed, after its sunset on {date}");
                (rule::ANNOUNCED_REMOVAL, message)
            }
            Some(date) => {
                let message = format!("{what} was removed before its sunset on {date}");
                (rule, message)
            }
            None => plain(),
        }
    }
}

/// Whether its level of stability promises nothing.
pub(super) fn is_unstable(site: NodeRef<'_>) -> bool {
    let level = site.get(STABILITY).and_then(|site| level(Some(site)));
    level.is_some_and(|level| level < UNSTABLE_LEVELS)
}

fn is_true(site: Option<NodeRef<'_>>) -> bool {
    matches!(site.map(|site| &site.node.value), Some(Value::Bool(true)))
}

/// Which of the levels it is; none if it is none of them.
fn level(site: Option<NodeRef<'_>>) -> Option<usize> {
    let name = match site {
        Some(site) => site.node.as_str()?,
        None => STABLE,
    };
    LEVELS.iter().position(|level| *level == name)
}

fn date(site: NodeRef<'_>) -> Option<NaiveDate> {
    let text = site.node.as_str()?;
    let (day, rest) = text.split_at_checked(10)?;
    let is_time = rest.is_empty() || rest.starts_with(['T', 't', ' ']);
    NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .ok()
        .filter(|_| is_time)
}
