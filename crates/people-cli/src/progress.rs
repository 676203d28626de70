//! The progress of a command with many people: a bar on a terminal, or else a line of text from time
//! to time.

use std::fmt;
use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use crate::stderr::{Messages, is_quiet};

/// The progress of one run.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// What is counted, in the plural.
    noun: &'static str,
    waits: Arc<Mutex<Waits>>,
    messages: Messages,
    /// How often a line is written; `None` if there is a bar.
    interval: Option<Duration>,
    last_line: Instant,
    started: Instant,
    done: u64,
    failed: u64,
    total: Option<u64>,
}

/// The waits of all requests, of which one is shown at a time.
#[derive(Debug)]
struct Waits {
    /// Until when the wait that is shown goes on.
    until: Instant,
}

impl Waits {
    /// Whether to show a wait: only if no other one goes on. Of several waits at the same time, the
    /// first is shown.
    fn begin(&mut self, now: Instant, wait: Duration) -> bool {
        let is_first = self.until <= now;
        self.until = self.until.max(now + wait);
        is_first
    }
}

impl Progress {
    /// `noun` is what is counted, in the plural, and `total` its number, if that is known.
    pub(crate) fn new(
        noun: &'static str,
        total: Option<u64>,
        interval: Duration,
        verbose: bool,
        messages: Messages,
    ) -> Self {
        let now = Instant::now();
        let on_terminal = std::io::stderr().is_terminal();
        let bar = if verbose || is_quiet() || !on_terminal || messages == Messages::Json {
            // The log and the bar would overwrite each other.
            ProgressBar::hidden()
        } else {
            bar(noun, total)
        };
        let lines = !on_terminal && !interval.is_zero();
        Self {
            bar,
            noun,
            waits: Arc::new(Mutex::new(Waits { until: now })),
            messages,
            interval: lines.then_some(interval),
            last_line: now,
            started: now,
            done: 0,
            failed: 0,
            total,
        }
    }

    /// Shows the waits of requests.
    pub(crate) fn on_wait(&self) -> impl Fn(&str, Duration) + Send + Sync + use<> {
        let (bar, waits, messages) = (self.bar.clone(), Arc::clone(&self.waits), self.messages);
        move |text, wait| {
            let mut waits = waits.lock().unwrap_or_else(PoisonError::into_inner);
            if waits.begin(Instant::now(), wait) {
                if bar.is_hidden() {
                    messages.notice(text);
                } else {
                    bar.set_message(text.to_owned());
                }
            }
        }
    }

    /// Leaves out lines that need not be applied.
    pub(crate) fn skip(&mut self, lines: u64) {
        self.total = self.total.map(|total| total.saturating_sub(lines));
        if let Some(total) = self.total {
            self.bar.set_length(total);
        }
    }

    /// Counts a line.
    pub(crate) fn advance(&mut self, failed: bool) {
        self.bar.inc(1);
        self.done += 1;
        self.failed += u64::from(failed);
    }

    /// Shows what has been counted.
    pub(crate) fn update(&mut self) {
        let waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if waits.until <= now {
            self.bar.set_message("");
        }
        if self
            .interval
            .is_some_and(|interval| now - self.last_line >= interval)
        {
            self.last_line = now;
            let of = match self.total {
                Some(total) => format!(" of {total}"),
                None => String::new(),
            };
            let seconds = (now - self.started).as_secs().max(1);
            self.messages.notice(format_args!(
                "progress: {}{of} {}, {} failed, {} per second",
                self.done,
                self.noun,
                self.failed,
                self.done / seconds,
            ));
        }
    }

    /// Runs `print` while there is no bar on the terminal.
    pub(crate) fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn bar(noun: &str, total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (
            ProgressBar::new(total),
            "{bar:20} {human_pos}/{human_len}  {rate}  {eta} left  {wide_msg}".to_owned(),
        ),
        None => (
            ProgressBar::no_length(),
            format!("{{spinner}} {{human_pos}} {noun}  {{rate}}  {{wide_msg}}"),
        ),
    };
    if let Ok(style) = ProgressStyle::with_template(&template) {
        let rate = |state: &ProgressState, text: &mut dyn fmt::Write| {
            // A bar that cannot be drawn is not a reason to stop.
            let _ = write!(text, "{:.1}/s", state.per_sec());
        };
        bar.set_style(style.with_key("rate", rate));
    }
    bar.tick();
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_waits_the_first_is_shown() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut waits = Waits { until: start };
        assert!(waits.begin(at(0), Duration::from_secs(10)));
        assert!(!waits.begin(at(1), Duration::from_secs(20)));
        assert!(!waits.begin(at(15), Duration::from_secs(1)));
        assert!(waits.begin(at(21), Duration::from_secs(1)));
    }
}
