//! Reports schemas that changed in a way of which nothing was reported to callers, though it is not
//! proven that their values stay valid. Without this, what the comparison overlooks would count as
//! safe.

use super::comparison::{Comparison, Found, Kind};
use super::node_ref::NodeRef;
use super::uses::{Filter, OPEN_REQUEST, OPEN_RESPONSE, Uses};
use crate::diff::model::Level;
use crate::diff::rules as rule;

/// As many rounds as it may take; each reports one schema at least.
const MAX_ROUNDS: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Request,
    Response,
}

impl Direction {
    fn open(self) -> Uses {
        match self {
            Self::Request => OPEN_REQUEST,
            Self::Response => OPEN_RESPONSE,
        }
    }

    /// Whether what is here is sent, or received.
    fn reaches(self, filter: Filter) -> bool {
        match self {
            Self::Request => filter.request,
            Self::Response => filter.response,
        }
    }

    fn is_proven(self, filter: Filter) -> bool {
        match self {
            Self::Request => filter.proven.request,
            Self::Response => filter.proven.response,
        }
    }

    /// Whether callers have to look at a difference.
    fn alarms(self, found: &Found) -> bool {
        let impact = match self {
            Self::Request => found.rule.request,
            Self::Response => found.rule.response,
        };
        impact.callers > Level::Safe
            && self.reaches(found.filter)
            && !(found.rule.about_values && self.is_proven(found.filter))
    }
}

/// What callers have to look at in a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Alarm {
    /// A rule about values.
    values: bool,
    /// Another rule.
    other: bool,
}

impl Alarm {
    /// What of it is left where the unit is used.
    fn through(self, direction: Direction, filter: Filter) -> Self {
        let reaches = direction.reaches(filter);
        Self {
            values: self.values && reaches && !direction.is_proven(filter),
            other: self.other && reaches,
        }
    }

    fn any(self) -> bool {
        self.values || self.other
    }
}

impl<'a> Comparison<'a> {
    pub(super) fn report_undecided(&mut self) {
        for direction in [Direction::Request, Direction::Response] {
            for _ in 0..MAX_ROUNDS {
                let alarmed = self.alarmed(direction);
                if !self.report_innermost(direction, &alarmed) {
                    self.report_roots(direction, &alarmed);
                    break;
                }
            }
        }
    }

    /// For each unit, whether something that callers have to look at was found in it.
    fn alarmed(&self, direction: Direction) -> Vec<Alarm> {
        let mut alarmed = vec![Alarm::default(); self.units.len()];
        for found in &self.found {
            if direction.alarms(found) {
                let alarm = &mut alarmed[found.unit];
                alarm.values |= found.rule.about_values;
                alarm.other |= !found.rule.about_values;
            }
        }
        // Against the direction of the links.
        let mut users: Vec<Vec<(usize, Filter)>> = vec![Vec::new(); self.units.len()];
        for (from, to, filter) in &self.links {
            users[*to].push((*from, *filter));
        }
        let mut waiting: Vec<usize> = (0..self.units.len())
            .filter(|unit| alarmed[*unit].any())
            .collect();
        while let Some(unit) = waiting.pop() {
            for (user, filter) in &users[unit] {
                let seen = alarmed[unit].through(direction, *filter);
                let alarm = &mut alarmed[*user];
                let before = *alarm;
                alarm.values |= seen.values;
                alarm.other |= seen.other;
                if before != *alarm {
                    waiting.push(*user);
                }
            }
        }
        alarmed
    }

    /// Reports those schemas that lead to no other such schema. Whether there was one.
    fn report_innermost(&mut self, direction: Direction, alarmed: &[Alarm]) -> bool {
        let mut silent = vec![false; self.units.len()];
        let mut any = false;
        for unit in 0..self.units.len() {
            let Some((Kind::Schema { .. }, old, new)) = self.units[unit].pair else {
                continue;
            };
            if alarmed[unit].any()
                || self.units[unit].uses & direction.open() == 0
                || self.is_unchanged(old, new)
                || self.is_proven_alone(direction, old, new)
            {
                continue;
            }
            silent[unit] = true;
            any = true;
        }
        if !any {
            return false;
        }
        let mut leads_on = vec![false; self.units.len()];
        for (from, to, filter) in &self.links {
            if from != to
                && silent[*to]
                && direction.reaches(*filter)
                && !direction.is_proven(*filter)
            {
                leads_on[*from] = true;
            }
        }
        let mut chosen: Vec<usize> = (0..self.units.len())
            .filter(|unit| silent[*unit] && !leads_on[*unit])
            .collect();
        if chosen.is_empty() {
            // They lead to each other.
            chosen.extend(silent.iter().position(|silent| *silent));
        }
        for unit in chosen {
            if let Some((_, old, new)) = self.units[unit].pair {
                let at = self.units[unit].label.clone();
                self.undecided(unit, direction, Filter::ALL, at, old, new);
            }
        }
        true
    }

    fn report_roots(&mut self, direction: Direction, alarmed: &[Alarm]) {
        let roots = std::mem::take(&mut self.roots);
        for root in &roots {
            let quiet = direction.reaches(root.filter)
                && !direction.is_proven(root.filter)
                && self.units[root.unit].uses & direction.open() != 0
                && !(self.found[root.found.clone()].iter()).any(|found| direction.alarms(found))
                && !(self.links[root.links.clone()].iter())
                    .any(|(_, to, filter)| alarmed[*to].through(direction, *filter).any());
            if quiet && !self.is_proven(direction, root.old, root.new) {
                let at = root.at.clone();
                self.undecided(root.unit, direction, root.filter, at, root.old, root.new);
            }
        }
        self.roots = roots;
    }

    /// As `is_proven`, without what a discriminator selects, which are units of their own.
    fn is_proven_alone(
        &mut self,
        direction: Direction,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
    ) -> bool {
        let (old, new) = ((self.old, old), (self.new, new));
        match direction {
            Direction::Request => self.requests.fits_unselected(old, new),
            Direction::Response => self.responses.fits_unselected(new, old),
        }
    }

    fn is_proven(&mut self, direction: Direction, old: NodeRef<'a>, new: NodeRef<'a>) -> bool {
        let (old, new) = ((self.old, old), (self.new, new));
        match direction {
            Direction::Request => self.requests.fits(old, new),
            Direction::Response => self.responses.fits(new, old),
        }
    }

    fn undecided(
        &mut self,
        unit: usize,
        direction: Direction,
        filter: Filter,
        at: String,
        old: NodeRef<'a>,
        new: NodeRef<'a>,
    ) {
        let filter = Filter {
            request: filter.request && direction == Direction::Request,
            response: filter.response && direction == Direction::Response,
            ..filter
        };
        let near = self.first_change(old, new);
        self.found.push(Found {
            rule: rule::SCHEMA_UNDECIDED,
            unit,
            filter,
            at,
            message: "it is not proven that values stay valid; compare the two schemas".to_owned(),
            old: Some(old.at),
            new: Some(new.at),
            near: Some(near),
            holder: new.at,
            words: None,
        });
    }
}
