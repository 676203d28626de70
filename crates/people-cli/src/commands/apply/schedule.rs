//! The order in which lines are applied: one after the other for one person, several people at the
//! same time, and no line before the outcome of the person's last one is in the report.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use people_sdk::ErrorKind;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::line_outcome::{LineOutcome, LineWorker};
use super::recorder::Recorder;
use crate::connection::CallLimits;
use crate::exit::{Exit, Failure};
use crate::history::PersonHash;
use crate::outcome::Outcome;
use crate::patch_file::{InvalidLine, Line, LineKey, PersonPatch};
use crate::person_id::PersonId;
use crate::signals::StopSignals;

/// How many lines are read ahead, which bounds the memory.
pub(super) const MAX_WAITING: usize = 1024;

/// After this many updates in a row that were forbidden, the token most likely lacks the right.
const MAX_FORBIDDEN: u64 = 5;

const CONTINUES: &str = "a second run with the same report continues from here";

/// How long a line that waited for the rate limit alone gives way to others before its next call.
const POSTPONED: Duration = Duration::from_secs(1);

/// How often each of the lines that are applied at the same time is postponed while no line succeeds. A
/// service that refuses every request ends the run.
const MAX_POSTPONED: usize = 3;

/// When to give up, other than by a signal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The number of failed lines after which the run stops.
    pub(crate) max_failures: Option<u64>,
    /// The limits of each call.
    pub(crate) calls: CallLimits,
}

/// The waiting lines of one person.
struct PersonBatch {
    id: String,
    lines: VecDeque<(LineKey, PersonPatch)>,
}

/// The lines that have been read and have no outcome yet.
pub(crate) struct Schedule {
    worker: Arc<LineWorker>,
    concurrency: usize,
    limits: Limits,
    /// The people with a line that is waiting or being applied.
    batches: HashMap<PersonHash, PersonBatch>,
    /// The people of whom no line is being applied.
    ready: VecDeque<PersonHash>,
    /// How many lines are waiting.
    waiting: usize,
    /// The people whose later lines are left to the next run.
    blocked: HashSet<PersonHash>,
    /// A line that can be postponed returns its change too.
    in_flight: JoinSet<(LineOutcome, Option<PersonPatch>)>,
    /// The id behind `me`, once it is known.
    me: Option<Result<String, Failure>>,
    failures: u64,
    /// How many lines were postponed since the last one succeeded.
    postponed_in_a_row: usize,
    forbidden_in_a_row: u64,
    /// Why no further line is begun.
    stopped: Option<Failure>,
}

impl Schedule {
    pub(crate) fn new(worker: LineWorker, concurrency: u16, limits: Limits) -> Self {
        Self {
            worker: Arc::new(worker),
            concurrency: usize::from(concurrency),
            limits,
            batches: HashMap::new(),
            ready: VecDeque::new(),
            waiting: 0,
            blocked: HashSet::new(),
            in_flight: JoinSet::new(),
            me: None,
            failures: 0,
            postponed_in_a_row: 0,
            forbidden_in_a_row: 0,
            stopped: None,
        }
    }

    /// Applies all lines, until there are no more or a reason to stop, which is returned. An error
    /// means that an outcome could not be recorded.
    pub(crate) async fn run(
        mut self,
        mut lines: mpsc::Receiver<Result<Line, Failure>>,
        recorder: &mut Recorder,
        mut signals: StopSignals,
    ) -> Result<Option<Failure>, Failure> {
        let mut end_of_file = false;
        let mut read = Vec::new();
        loop {
            self.begin_lines();
            let room = MAX_WAITING - self.waiting.min(MAX_WAITING);
            let reading = !end_of_file && room > 0 && self.stopped.is_none();
            if !reading && self.in_flight.is_empty() {
                return Ok(self.stopped);
            }
            tokio::select! {
                biased;
                _ = signals.next() => {
                    if self.stopped.as_ref().is_some_and(|it| it.exit == Exit::Interrupted) {
                        return Ok(Some(Failure::new(Exit::Interrupted, "interrupted").help(
                            "a second run with the same report goes on, and looks at what became \
                             of the updates that were under way",
                        )));
                    }
                    recorder.notice(
                        "stopping after the updates under way; a second signal stops at once",
                    );
                    self.stopped =
                        Some(Failure::new(Exit::Interrupted, "interrupted").help(CONTINUES));
                }
                Some(outcome) = self.in_flight.join_next() => {
                    let mut ended = vec![outcome];
                    while let Some(outcome) = self.in_flight.try_join_next() {
                        ended.push(outcome);
                    }
                    let mut outcomes = Vec::new();
                    for line in ended {
                        let may_postpone =
                            self.postponed_in_a_row < MAX_POSTPONED * self.concurrency;
                        match line.map_err(|error| Failure::new(Exit::Other, error))? {
                            (outcome, Some(patch)) if may_postpone => {
                                self.postpone(outcome, patch);
                            }
                            (outcome, _) => outcomes.push(outcome),
                        }
                    }
                    // The next line of a person begins after this one is on the disk.
                    recorder.record(&outcomes)?;
                    for outcome in &outcomes {
                        self.end_line(outcome);
                    }
                }
                count = lines.recv_many(&mut read, room.min(256)), if reading => {
                    end_of_file = count == 0;
                    let mut outcomes = Vec::new();
                    for line in read.drain(..) {
                        match line {
                            Ok(line) => {
                                recorder.begin(line.key.number);
                                outcomes.extend(self.add(line, &mut signals).await);
                            }
                            Err(failure) => {
                                self.stopped.get_or_insert(failure);
                            }
                        }
                    }
                    recorder.record(&outcomes)?;
                    for outcome in &outcomes {
                        self.count(outcome);
                    }
                }
            }
        }
    }

    /// Puts a line in the place of its person. Returns its outcome if it has one already.
    async fn add(&mut self, line: Line, signals: &mut StopSignals) -> Option<LineOutcome> {
        let Line { key, patch } = line;
        let patch = match patch {
            Ok(patch) => patch,
            Err(InvalidLine { id, failure }) => {
                let invalid = Outcome::Invalid;
                return Some(LineOutcome::new(key, id, invalid, Some(*failure)));
            }
        };
        let id = match &patch.id {
            PersonId::Id(id) => id.clone(),
            PersonId::Me => match self.my_id(signals).await? {
                Ok(id) => id,
                Err(failure) => {
                    let failed = Outcome::Failed;
                    return Some(LineOutcome::new(
                        key,
                        "me".to_owned(),
                        failed,
                        Some(failure),
                    ));
                }
            },
        };
        let person = PersonHash::of(&id);
        if self.blocked.contains(&person) {
            return None;
        }
        if patch.patch.0.is_empty() && !self.batches.contains_key(&person) {
            // Without a request, and at once: a spreadsheet can have a million rows without a change.
            return Some(self.worker.unchanged(id, key, &patch));
        }
        self.waiting += 1;
        let batch = self.batches.entry(person).or_insert_with(|| {
            self.ready.push_back(person);
            PersonBatch {
                id,
                lines: VecDeque::new(),
            }
        });
        batch.lines.push_back((key, patch));
        None
    }

    /// The id behind `me`; `None` if a signal came first.
    async fn my_id(&mut self, signals: &mut StopSignals) -> Option<Result<String, Failure>> {
        if self.me.is_none() {
            let client = &self.worker.client;
            tokio::select! {
                me = PersonId::Me.resolve(client) => self.me = Some(me),
                _ = signals.next() => {
                    self.stopped =
                        Some(Failure::new(Exit::Interrupted, "interrupted").help(CONTINUES));
                }
            }
        }
        self.me.clone()
    }

    /// Begins as many lines as may be applied at the same time.
    fn begin_lines(&mut self) {
        while self.stopped.is_none() && self.in_flight.len() < self.concurrency {
            let Some(person) = self.ready.pop_front() else {
                return;
            };
            let Some(batch) = self.batches.get_mut(&person) else {
                continue;
            };
            if let Some((key, patch)) = batch.lines.pop_front() {
                self.waiting -= 1;
                let worker = Arc::clone(&self.worker);
                let id = batch.id.clone();
                let limits = self.limits;
                self.in_flight.spawn(async move {
                    let outcome = worker.apply(id, key, &patch).await;
                    let postponed = is_postponed(&outcome, limits).then_some(patch);
                    if postponed.is_some() {
                        tokio::time::sleep(POSTPONED).await;
                    }
                    (outcome, postponed)
                });
            }
        }
    }

    /// Puts a line back in front of the other lines of its person, to be applied again.
    fn postpone(&mut self, outcome: LineOutcome, patch: PersonPatch) {
        self.postponed_in_a_row += 1;
        let person = PersonHash::of(&outcome.id);
        if let Some(batch) = self.batches.get_mut(&person) {
            batch.lines.push_front((outcome.key, patch));
            self.waiting += 1;
            self.ready.push_back(person);
        }
    }

    /// Makes way for the next line of the person.
    fn end_line(&mut self, outcome: &LineOutcome) {
        self.count(outcome);
        let person = PersonHash::of(&outcome.id);
        let Some(batch) = self.batches.get(&person) else {
            return;
        };
        let left = batch.lines.len();
        if outcome.blocks_person(self.worker.options.dry_run) {
            self.waiting -= left;
            self.batches.remove(&person);
            self.blocked.insert(person);
        } else if left == 0 {
            self.batches.remove(&person);
        } else {
            self.ready.push_back(person);
        }
    }

    /// Decides whether the run goes on after this outcome.
    fn count(&mut self, outcome: &LineOutcome) {
        let Some(failure) = &outcome.failure else {
            self.forbidden_in_a_row = 0;
            self.postponed_in_a_row = 0;
            return;
        };
        self.failures += 1;
        if is_forbidden(failure) {
            self.forbidden_in_a_row += 1;
        } else if outcome.outcome != Outcome::Invalid {
            self.forbidden_in_a_row = 0;
        }
        let reason = if self.worker.is_broken() {
            Failure::new(Exit::Other, "former values cannot be saved")
        } else if let Some(reason) = failure.abort_reason(self.limits.calls.max_delay) {
            Failure::new(failure.exit, reason)
        } else if self.forbidden_in_a_row >= MAX_FORBIDDEN {
            Failure::new(
                Exit::Forbidden,
                format_args!("{MAX_FORBIDDEN} updates in a row were forbidden"),
            )
        } else if self
            .limits
            .max_failures
            .is_some_and(|max| self.failures >= max)
        {
            Failure::new(
                failure.exit,
                match self.failures {
                    1 => "a line failed (`--max-failures`)".to_owned(),
                    failures => format!("{failures} lines failed (`--max-failures`)"),
                },
            )
        } else {
            return;
        };
        let advice = match failure.advice() {
            Some(advice) => format!("{advice}; {CONTINUES}"),
            None => CONTINUES.to_owned(),
        };
        self.stopped.get_or_insert(reason.help(advice));
    }
}

/// Whether a call of the line ended because its time was spent on waiting for the rate limit, without an
/// effect on the person. Such a line has not failed: with many people at the same time, the last calls
/// wait for all others.
fn is_postponed(outcome: &LineOutcome, limits: Limits) -> bool {
    let failure = outcome.failure.as_ref();
    let Some(call) = failure.and_then(|failure| failure.call.as_ref()) else {
        return false;
    };
    let CallLimits {
        max_attempts,
        max_delay,
        timeout,
    } = limits.calls;
    let is_out_of_time = match call.kind {
        ErrorKind::RateLimited => {
            // Another call must have the time that is asked for.
            let has_time = |wait| wait <= max_delay && wait < timeout;
            call.attempts < max_attempts && call.retry_after.is_none_or(has_time)
        }
        // Its turn came at last, and too late for the response or for a new connection.
        ErrorKind::Timeout => call.attempts > 0 && call.queue_time >= timeout / 2,
        // Without a connection in any attempt, the service is not there.
        ErrorKind::Connect => {
            (1..max_attempts).contains(&call.attempts) && call.queue_time >= timeout / 2
        }
        _ => false,
    };
    is_out_of_time && !call.may_have_taken_effect
}

fn is_forbidden(failure: &Failure) -> bool {
    let call = failure.call.as_ref();
    call.is_some_and(|call| call.kind == ErrorKind::Forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::FailedCall;

    /// Whether a line is postponed whose call has failed so, with these limits: 4 attempts, waits of
    /// `max_delay` seconds, 120 seconds in all.
    fn is_postponed_after(call: FailedCall, max_delay: u64) -> bool {
        let limits = Limits {
            max_failures: None,
            calls: CallLimits {
                max_attempts: 4,
                max_delay: Duration::from_secs(max_delay),
                timeout: Duration::from_secs(120),
            },
        };
        let key = LineKey {
            number: 1,
            digest: String::new(),
        };
        let mut failure = Failure::new(Exit::Limited, "x");
        failure.call = Some(Box::new(call));
        let outcome = LineOutcome::new(key, String::new(), Outcome::Failed, Some(failure));
        is_postponed(&outcome, limits)
    }

    fn call(kind: ErrorKind, attempts: u32, queue_time: u64) -> FailedCall {
        FailedCall {
            kind,
            retry_after: None,
            attempts,
            queue_time: Duration::from_secs(queue_time),
            may_have_taken_effect: false,
        }
    }

    #[test]
    fn a_call_without_time_at_the_rate_limit_is_postponed() {
        for (attempts, retry_after, max_delay, expected) in [
            (3, None, 60, true),
            (4, None, 60, false),
            (5, None, 60, false),
            (3, Some(60), 60, true),
            // Another call would not have the time either.
            (3, Some(61), 60, false),
            (3, Some(119), 200, true),
            (3, Some(120), 200, false),
            (3, Some(121), 200, false),
        ] {
            let call = FailedCall {
                retry_after: retry_after.map(Duration::from_secs),
                ..call(ErrorKind::RateLimited, attempts, 0)
            };
            assert_eq!(
                is_postponed_after(call, max_delay),
                expected,
                "{attempts}, {retry_after:?}, {max_delay}"
            );
        }
    }

    #[test]
    fn a_call_that_waited_for_half_of_its_time_to_be_sent_is_postponed() {
        for (attempts, queue_time, timeout, connect) in [
            (1, 60, true, true),
            (2, 119, true, true),
            (1, 59, false, false),
            // Its turn has not come.
            (0, 60, false, false),
            // No attempt had a connection.
            (4, 60, true, false),
        ] {
            for (kind, expected) in [(ErrorKind::Timeout, timeout), (ErrorKind::Connect, connect)] {
                let call = call(kind, attempts, queue_time);
                assert_eq!(
                    is_postponed_after(call, 60),
                    expected,
                    "{kind:?}, {attempts}, {queue_time}"
                );
            }
        }
        assert!(!is_postponed_after(call(ErrorKind::NotFound, 1, 60), 60));
    }

    #[test]
    fn a_call_that_may_have_taken_effect_is_not_postponed() {
        for kind in [
            ErrorKind::RateLimited,
            ErrorKind::Timeout,
            ErrorKind::Connect,
        ] {
            let call = FailedCall {
                may_have_taken_effect: true,
                ..call(kind, 1, 60)
            };
            assert!(!is_postponed_after(call, 60), "{kind:?}");
        }
    }
}
