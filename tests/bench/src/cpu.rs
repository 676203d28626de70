//! CPU time, as the operating system counts it, the most memory that was in use, and the core that
//! the work is done on.

use std::io;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What running a program took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// CPU time of the program and of all that it started, in user and in system mode.
    pub cpu: Duration,
    /// Time on the clock.
    pub wall: Duration,
}

/// Runs `command` to its end, and says what that took. What it prints is shown when it fails.
///
/// # Errors
///
/// It cannot be started, or fails; or this system does not provide CPU times.
pub fn run(command: &mut Command) -> io::Result<Cost> {
    let before = children()?;
    let started = Instant::now();
    let output = command.stdin(Stdio::null()).output().map_err(|error| {
        let program = command.get_program().display();
        io::Error::new(error.kind(), format!("{program}: {error}"))
    })?;
    let wall = started.elapsed();
    let cpu = children()?.saturating_sub(before);
    if output.status.success() {
        Ok(Cost { cpu, wall })
    } else {
        Err(io::Error::other(format!(
            "{} ended with {}:\n{}{}",
            command.get_program().display(),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        )))
    }
}

/// CPU time of the calling thread so far.
///
/// # Errors
///
/// This system does not provide it.
#[cfg(unix)]
pub fn thread() -> io::Result<Duration> {
    use nix::time::{ClockId, clock_gettime};

    Ok(clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)?.into())
}

/// CPU time so far of all processes that this one has started and waited for, and of their own ones.
///
/// # Errors
///
/// This system does not provide it.
#[cfg(unix)]
pub fn children() -> io::Result<Duration> {
    use nix::sys::resource::{UsageWho, getrusage};

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let duration = |time: nix::sys::time::TimeVal| {
        let seconds = Duration::from_secs(time.tv_sec().unsigned_abs());
        seconds + Duration::from_micros(time.tv_usec().unsigned_abs())
    };
    Ok(duration(usage.user_time()) + duration(usage.system_time()))
}

/// The most memory that one of the processes waited for has had, in bytes.
///
/// # Errors
///
/// This system does not provide it.
#[cfg(unix)]
pub fn peak_of_children() -> io::Result<u64> {
    use nix::sys::resource::{UsageWho, getrusage};

    let size = getrusage(UsageWho::RUSAGE_CHILDREN)?
        .max_rss()
        .unsigned_abs();
    // macOS counts bytes; other systems count KiB.
    Ok(if cfg!(target_os = "macos") {
        size
    } else {
        size * 1024
    })
}

#[cfg(not(unix))]
mod unknown {
    use std::io;
    use std::time::Duration;

    fn unknown<T>() -> io::Result<T> {
        Err(io::Error::other(
            "CPU time is measured on Unix systems alone",
        ))
    }

    /// CPU time of the calling thread so far.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn thread() -> io::Result<Duration> {
        unknown()
    }

    /// CPU time so far of all processes that this one has started and waited for.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn children() -> io::Result<Duration> {
        unknown()
    }

    /// The most memory that one of the processes waited for has had, in bytes.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn peak_of_children() -> io::Result<u64> {
        unknown()
    }
}
#[cfg(not(unix))]
pub use unknown::{children, peak_of_children, thread};

/// Keeps this thread, and what it starts from now on, on one of the machine's cores; says whether
/// that can be done here. Two processes that talk to each other cost another time when they share a
/// core, and the scheduler would change that during the measurement.
#[cfg(target_os = "linux")]
#[must_use]
pub fn pin_to_core(core: usize) -> bool {
    use nix::sched::{CpuSet, sched_setaffinity};
    use nix::unistd::Pid;

    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut set = CpuSet::new();
    core < cores && set.set(core).is_ok() && sched_setaffinity(Pid::from_raw(0), &set).is_ok()
}

/// Says that this cannot be done here.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn pin_to_core(_core: usize) -> bool {
    false
}

/// The memory of this process: the most since the last call of [`reset_peak_rss`], in bytes. Known on
/// Linux alone.
#[must_use]
pub fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}

/// Makes [`peak`] start again from what is in use now.
pub fn reset_peak_rss() {
    // Where there is no such file, `peak` knows nothing either.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
