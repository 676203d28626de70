//! Variants of one piece of work, timed side by side in CPU time of this thread: by criterion, or
//! by turns.

use std::path::Path;
use std::time::Duration;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{Bencher, Criterion};
use people_bench::cpu;
use people_bench::report::Sample;

/// CPU time of this thread. A server in another process, and other programs on the machine, do
/// not count.
pub(crate) struct CpuTime(WallTime);

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        cpu::thread().expect("CPU times")
    }

    fn end(&self, started: Duration) -> Duration {
        cpu::thread().expect("CPU times").saturating_sub(started)
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        self.0.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        self.0.formatter()
    }
}

/// Does the work as often as criterion wants.
pub(crate) type Run<'a> = Box<dyn FnMut(&mut Bencher<'_, CpuTime>) + 'a>;

/// A way to do the work.
pub(crate) struct Variant<'a> {
    pub(crate) name: &'static str,
    pub(crate) run: Run<'a>,
}

/// Times every variant in each of `passes` passes, and gives their times in nanoseconds, a
/// measurement per pass. The variants take turns, in one order and then in the other, so that a
/// slow minute of the machine does not fall on one of them alone.
pub(crate) fn compare(group: &str, passes: usize, variants: &mut [Variant<'_>]) -> Vec<Sample> {
    let directory = tempfile::tempdir().expect("a directory");
    let mut criterion = Criterion::default()
        .with_measurement(CpuTime(WallTime))
        .output_directory(directory.path())
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800));
    let mut samples = vec![Sample::default(); variants.len()];
    for pass in 0..passes {
        let mut benchmarks = criterion.benchmark_group(group);
        let mut turn: Vec<_> = variants.iter_mut().collect();
        if pass % 2 == 1 {
            turn.reverse();
        }
        for variant in turn {
            let id = format!("{}-{pass}", variant.name);
            benchmarks.bench_function(id, &mut variant.run);
        }
        benchmarks.finish();
        for (variant, sample) in variants.iter().zip(&mut samples) {
            let name = format!("{}-{pass}", variant.name);
            sample.push(median(&directory.path().join(group).join(name)));
        }
    }
    samples
}

/// Does the work of two variants by turns, a few times each, and gives the CPU time of doing it once
/// in nanoseconds, a measurement per pass.
///
/// For work that waits for another process: what the kernel does for it costs now more, now less,
/// for seconds on end, which falls on both alike when they take turns within milliseconds.
pub(crate) fn by_turns(passes: usize, work: &mut [&mut dyn FnMut(); 2]) -> [Sample; 2] {
    const TURNS: usize = 100;
    const AT_A_TIME: u32 = 20;

    let mut samples = [Sample::default(), Sample::default()];
    for _ in 0..passes {
        let mut spent = [Duration::ZERO; 2];
        for turn in 0..TURNS {
            for index in [turn % 2, 1 - turn % 2] {
                let started = cpu::thread().expect("CPU times");
                for _ in 0..AT_A_TIME {
                    work[index]();
                }
                let ended = cpu::thread().expect("CPU times");
                spent[index] += ended.saturating_sub(started);
            }
        }
        for (sample, spent) in samples.iter_mut().zip(spent) {
            let times = TURNS as f64 * f64::from(AT_A_TIME);
            sample.push(spent.as_secs_f64() * 1e9 / times);
        }
    }
    samples
}

fn median(directory: &Path) -> f64 {
    let path = directory.join("new/estimates.json");
    let text = std::fs::read_to_string(&path).expect("criterion's estimates");
    let estimates: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    estimates["median"]["point_estimate"]
        .as_f64()
        .expect("a median")
}
