//! `cargo xtask bench codegen`: what generating costs, stage by stage, and how that grows with
//! the contract. `openapi-generator-cli` gets the same contracts in the same run, where it is
//! installed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use people_codegen::Stage;

use crate::contract::synthetic;
use crate::cpu;
use crate::report::{self, Sample, Section, Table, verdict};
use xtask::{CONTRACT, XTASK};

/// The sizes of the synthetic contracts, in operations.
const SIZES: [usize; 4] = [3, 30, 300, 3_000];

/// From here on the cost of starting up no longer hides how time grows.
const GROWTH_FROM: usize = 30;

/// How much faster than the contract time may grow, as an exponent.
const GROWTH_AIM: f64 = 1.1;

/// The CPU time of checking the contract of this workspace, in seconds.
const CHECK_AIM: f64 = 0.15;

/// What checking the largest contract may take: of the other generator's CPU time, and in MiB.
const LARGEST_AIM: (f64, f64) = (0.6, 1024.0);

/// The program that is looked for when no other is named.
const OTHER_GENERATOR: &str = "openapi-generator-cli";

/// What to measure.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How often each contract is measured
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Measure no contract with more operations than this
    #[arg(long, default_value_t = 3_000)]
    largest: usize,
    /// The program to compare with: `pip install openapi-generator-cli` in a
    /// virtual environment puts it into that environment's `bin`
    #[arg(long, default_value = OTHER_GENERATOR)]
    openapi_generator: PathBuf,
    /// Measure without it
    #[arg(long)]
    alone: bool,
    /// Print the section instead of writing it
    #[arg(long)]
    print: bool,
    /// The program that `cargo xtask` runs, whose check is measured
    #[arg(long, env = XTASK, hide = true)]
    xtask: PathBuf,
}

/// The time and memory of one stage or program.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Measured {
    cpu: Duration,
    wall: Duration,
    /// In bytes.
    peak: u64,
}

impl Measured {
    /// One line, from the process that measures to the one that reports.
    fn line(self, name: &str) -> String {
        let Self { cpu, wall, peak } = self;
        format!("{name} {} {} {peak}", cpu.as_nanos(), wall.as_nanos())
    }

    fn read(line: &str) -> Option<(&str, Self)> {
        let mut words = line.split(' ');
        let name = words.next()?;
        let mut number = || words.next()?.parse::<u64>().ok();
        let measured = Self {
            cpu: Duration::from_nanos(number()?),
            wall: Duration::from_nanos(number()?),
            peak: number()?,
        };
        Some((name, measured))
    }
}

/// The measurements of one thing, run by run.
#[derive(Debug, Default, Clone)]
struct Series {
    seconds: Sample,
    wall: Sample,
    mebibytes: Sample,
}

impl Series {
    fn push(&mut self, measured: Measured) {
        self.seconds.push(measured.cpu.as_secs_f64());
        self.wall.push(measured.wall.as_secs_f64());
        #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
        self.mebibytes
            .push(measured.peak as f64 / f64::from(1 << 20));
    }
}

/// Measures, and writes the section or prints it.
///
/// # Errors
///
/// A program fails, or a file cannot be read or written.
pub fn run(root: &Path, arguments: &Arguments) -> io::Result<()> {
    let other = if arguments.alone {
        None
    } else {
        let version = version(&arguments.openapi_generator).ok_or_else(|| {
            io::Error::other(format!(
                "{} does not run; get it with `python3 -m venv VENV && VENV/bin/pip install \
                 openapi-generator-cli` and name it with `--openapi-generator \
                 VENV/bin/{OTHER_GENERATOR}` (it needs Java 11 or newer), or measure `--alone`",
                arguments.openapi_generator.display()
            ))
        })?;
        Some(version)
    };
    let own = own_check(root, arguments.runs, &arguments.xtask)?;
    let sizes = SIZES.into_iter().filter(|size| *size <= arguments.largest);
    let mut results = Vec::new();
    for size in sizes {
        let other = other
            .as_ref()
            .map(|_| arguments.openapi_generator.as_path());
        results.push(measure(size, arguments.runs, &arguments.xtask, other)?);
    }
    let packages = [
        "openapiv3",
        "prettyplease",
        "progenitor-impl",
        "syn",
        "typify-impl",
        "yaml_serde",
    ];
    let versions = report::versions(root, &packages)?;
    let body = format!(
        "Versions: {versions}.\n\n{}",
        section(arguments.runs, &own, &results, other.as_deref())
    );
    if arguments.print {
        println!("{body}");
        Ok(())
    } else {
        report::write(root, Section::Codegen, &body)
    }
}

/// Generates from `contract`, and prints what each stage took, for the process that reports.
///
/// # Errors
///
/// The contract cannot be read or has faults.
pub fn stages(contract: &Path) -> io::Result<()> {
    let text = fs::read_to_string(contract)?;
    let mut lines = Vec::new();
    cpu::reset_peak_rss();
    let mut cpu_before = cpu::thread()?;
    let mut started = std::time::Instant::now();
    people_codegen::generate_with_progress(CONTRACT, &text, |stage| {
        let cpu_now = cpu::thread().unwrap_or(cpu_before);
        let measured = Measured {
            cpu: cpu_now.saturating_sub(cpu_before),
            wall: started.elapsed(),
            peak: cpu::peak().unwrap_or(0),
        };
        lines.push(measured.line(name(stage)));
        cpu::reset_peak_rss();
        cpu_before = cpu::thread().unwrap_or(cpu_now);
        started = std::time::Instant::now();
    })
    .map_err(io::Error::other)?;
    println!("{}", lines.join("\n"));
    Ok(())
}

/// Runs a program, and prints what it took, for the process that reports.
///
/// # Errors
///
/// The program fails.
pub fn watch(program: &[String]) -> io::Result<()> {
    let (program, arguments) = program
        .split_first()
        .ok_or_else(|| io::Error::other("no program to run"))?;
    let cost = cpu::run(Command::new(program).args(arguments))?;
    let measured = Measured {
        cpu: cost.cpu,
        wall: cost.wall,
        peak: cpu::peak_of_children()?,
    };
    println!("{}", measured.line("program"));
    Ok(())
}

fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::Load => "load",
        Stage::Rules => "rules",
        Stage::Lower => "lower",
        Stage::Generate => "generate",
        Stage::Postprocess => "postprocess",
        Stage::Render => "render",
    }
}

const STAGES: [&str; 6] = [
    "load",
    "rules",
    "lower",
    "generate",
    "postprocess",
    "render",
];

/// What was measured of one contract.
#[derive(Debug)]
struct Size {
    operations: usize,
    bytes: usize,
    stages: [Series; STAGES.len()],
    /// All stages together.
    sum: Sample,
    check: Series,
    other: Option<Series>,
}

fn measure(operations: usize, runs: usize, xtask: &Path, other: Option<&Path>) -> io::Result<Size> {
    let directory = tempfile::tempdir()?;
    let root = directory.path();
    let contract = root.join(CONTRACT);
    let text = synthetic(operations);
    // As much of a workspace as `regen` needs to take this for one.
    let crate_of_xtask = root.join("xtask");
    fs::create_dir_all(root.join("spec"))?;
    fs::create_dir_all(crate_of_xtask.join("src"))?;
    fs::write(crate_of_xtask.join("src/regen.rs"), "")?;
    fs::write(&contract, &text)?;
    let here = std::env::current_exe()?;
    let regen = |check: bool| {
        let mut command = Command::new(&here);
        command.args(["watch", "--"]);
        command
            .arg(xtask)
            .arg("regen")
            .args(check.then_some("--check"));
        command.env("CARGO_MANIFEST_DIR", &crate_of_xtask);
        command
    };
    lines(&mut regen(false))?;
    let mut size = Size {
        operations,
        bytes: text.len(),
        stages: Default::default(),
        sum: Sample::default(),
        check: Series::default(),
        other: other.map(|_| Series::default()),
    };
    for run in 1..=runs {
        eprintln!("{operations} operations, run {run} of {runs}");
        let found = lines(Command::new(&here).arg("stages").arg(&contract))?;
        for (series, name) in size.stages.iter_mut().zip(STAGES) {
            series.push(one(&found, name)?);
        }
        let sum: Duration = found.iter().map(|(_, measured)| measured.cpu).sum();
        size.sum.push(sum.as_secs_f64());
        size.check.push(one(&lines(&mut regen(true))?, "program")?);
        if let (Some(series), Some(program)) = (&mut size.other, other) {
            let mut command = Command::new(&here);
            command.args(["watch", "--"]).arg(program);
            command
                .args(["generate", "-g", "rust", "-i"])
                .arg(&contract);
            command.arg("-o").arg(root.join(format!("other-{run}")));
            // Its parser refuses more than 3 MiB of YAML unless configured otherwise.
            command.env("JAVA_OPTS", "-DmaxYamlCodePoints=1000000000");
            // What it has no answer to is its result, and takes no other figure with it.
            match lines(&mut command) {
                Ok(found) => series.push(one(&found, "program")?),
                Err(error) => {
                    eprintln!("{error}");
                    size.other = None;
                }
            }
        }
    }
    Ok(size)
}

/// The check of the contract of this workspace.
fn own_check(root: &Path, runs: usize, xtask: &Path) -> io::Result<Series> {
    let here = std::env::current_exe()?;
    let mut series = Series::default();
    for _ in 0..runs.max(5) {
        let mut command = Command::new(&here);
        command.args(["watch", "--"]);
        command
            .arg(xtask)
            .args(["regen", "--check"])
            .current_dir(root);
        series.push(one(&lines(&mut command)?, "program")?);
    }
    Ok(series)
}

fn lines(command: &mut Command) -> io::Result<Vec<(String, Measured)>> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        ));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text
        .lines()
        .filter_map(Measured::read)
        .map(|(name, measured)| (name.to_owned(), measured))
        .collect())
}

fn one(found: &[(String, Measured)], name: &str) -> io::Result<Measured> {
    found
        .iter()
        .find(|(found, _)| found == name)
        .map(|(_, measured)| *measured)
        .ok_or_else(|| io::Error::other(format!("nothing was measured of {name}")))
}

fn version(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

fn section(runs: usize, own: &Series, sizes: &[Size], other: Option<&str>) -> String {
    let mut times = Table::new(
        ["CPU s".to_owned()]
            .into_iter()
            .chain(operations(sizes))
            .chain(["growth", "last step", "aim"].map(str::to_owned)),
    );
    let mut add = |name: &str, seconds: &dyn Fn(&Size) -> Option<Sample>, aim: Option<f64>| {
        let samples: Vec<Option<Sample>> = sizes.iter().map(seconds).collect();
        let points: Vec<(f64, f64)> = sizes
            .iter()
            .zip(&samples)
            .filter(|(size, _)| size.operations >= GROWTH_FROM)
            .filter_map(|(size, sample)| Some((float(size.operations), sample.as_ref()?.median())))
            .collect();
        let growth = exponent(&points);
        let last = exponent(
            points
                .get(points.len().saturating_sub(2)..)
                .unwrap_or_default(),
        );
        let cells = samples.iter().map(|sample| {
            sample
                .as_ref()
                .map_or_else(|| "failed".to_owned(), |sample| sample.show(3))
        });
        let show = |growth: Option<f64>| growth.map_or_else(String::new, |g| format!("{g:.2}"));
        times.row([name.to_owned()].into_iter().chain(cells).chain([
            show(growth),
            show(last),
            match (growth, last, aim) {
                (Some(growth), Some(last), Some(aim)) => verdict(growth.max(last), aim),
                _ => String::new(),
            },
        ]));
    };
    for (index, name) in STAGES.into_iter().enumerate() {
        let seconds = |size: &Size| Some(size.stages.get(index)?.seconds.clone());
        add(name, &seconds, Some(GROWTH_AIM));
    }
    add(
        "all stages",
        &|size| Some(size.sum.clone()),
        Some(GROWTH_AIM),
    );
    let check = |size: &Size| Some(size.check.seconds.clone());
    add("`regen --check`, whole process", &check, Some(GROWTH_AIM));
    if other.is_some() {
        let seconds = |size: &Size| Some(size.other.as_ref()?.seconds.clone());
        add("openapi-generator-cli, whole process", &seconds, None);
        let wall = |size: &Size| Some(size.other.as_ref()?.wall.clone());
        add("the same, wall s", &wall, None);
    }
    let profile = if cfg!(debug_assertions) {
        "without optimization, as `cargo xtask` is"
    } else {
        "optimized"
    };
    let seconds = own.seconds.median();
    let other_is_there = other.is_some();
    let other = other.map_or_else(
        || "openapi-generator-cli was not installed.".to_owned(),
        |version| format!("openapi-generator-cli {version} generated Rust (`-g rust`), its limit of 3 MiB of YAML lifted."),
    );
    format!(
        "The check of this workspace's contract, once built: {} s of CPU time, {} s on the clock \
         ({}).\n\n{}\
         Synthetic contracts, {runs} runs each: median and range. Growth is the exponent over the \
         sizes from\n{GROWTH_FROM} operations on: 1 is linear; \"last step\" is that of the two \
         largest, and the aim is for both. The\ngenerator was built {profile}. \
         {other}\n\n{}\n\
         The most memory in use during each stage, by the whole process (what earlier stages hold \
         included).\n\n{}",
        own.seconds.show(3),
        own.wall.show(3),
        verdict(seconds, CHECK_AIM),
        sizes.last().and_then(largest).unwrap_or_default(),
        times.markdown(),
        memory(sizes, other_is_there).markdown(),
    )
}

/// The largest contract beside the other generator.
fn largest(size: &Size) -> Option<String> {
    let (time, memory) = LARGEST_AIM;
    let ratio = size.check.seconds.over(&size.other.as_ref()?.seconds);
    let peak = size.check.mebibytes.median();
    Some(format!(
        "The check of {} operations takes {} of the CPU time of openapi-generator-cli ({}), and {peak:.0} MiB ({}).\n\n",
        size.operations,
        ratio.show(2),
        verdict(ratio.median(), time),
        verdict(peak, memory),
    ))
}

/// The heads of the columns.
fn operations(sizes: &[Size]) -> impl Iterator<Item = String> {
    sizes
        .iter()
        .map(|size| format!("{} op ({} kB)", size.operations, size.bytes / 1000))
}

fn memory(sizes: &[Size], with_other: bool) -> Table {
    let mut memory = Table::new(["peak MiB".to_owned()].into_iter().chain(operations(sizes)));
    let mut add = |name: &str, peak: &dyn Fn(&Size) -> Option<Sample>| {
        let cells = sizes
            .iter()
            .map(|size| peak(size).map_or_else(|| "failed".to_owned(), |sample| sample.show(0)));
        memory.row([name.to_owned()].into_iter().chain(cells));
    };
    for (index, name) in STAGES.into_iter().enumerate() {
        add(name, &|size| {
            Some(size.stages.get(index)?.mebibytes.clone())
        });
    }
    add("`regen --check`, whole process", &|size| {
        Some(size.check.mebibytes.clone())
    });
    if with_other {
        add("openapi-generator-cli, whole process", &|size| {
            Some(size.other.as_ref()?.mebibytes.clone())
        });
    }
    memory
}

/// The slope of a straight line through the points, in logarithms of both.
fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    if points.len() < 2 {
        return None;
    }
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let count = float(logs.len());
    let mean = |pick: fn(&(f64, f64)) -> f64| logs.iter().map(pick).sum::<f64>() / count;
    let (mean_x, mean_y) = (mean(|log| log.0), mean(|log| log.1));
    let products: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let squares: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    Some(products / squares).filter(|slope| slope.is_finite())
}

#[expect(clippy::cast_precision_loss, reason = "counts here are small")]
fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_the_exponent() {
        let square: Vec<_> = [1.0, 10.0, 100.0].map(|x| (x, 3.0 * x * x)).to_vec();
        assert!((exponent(&square).unwrap() - 2.0).abs() < 1e-9);
        assert_eq!(exponent(&square[..1]), None);
    }

    #[test]
    fn a_measurement_survives_its_line() {
        let measured = Measured {
            cpu: Duration::from_micros(1_500),
            wall: Duration::from_millis(2),
            peak: 4096,
        };
        assert_eq!(
            Measured::read(&measured.line("lint")),
            Some(("lint", measured))
        );
        assert_eq!(Measured::read("every generated file is up to date"), None);
    }

    #[test]
    fn every_stage_has_its_place() {
        let mut seen = Vec::new();
        people_codegen::generate_with_progress(CONTRACT, synthetic(3), |stage| {
            seen.push(name(stage));
        })
        .unwrap();
        assert_eq!(seen, STAGES);
    }
}
