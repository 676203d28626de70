//! `cargo xtask generality`: how much of any document a client can be made of, one operation at a time,
//! all of those together, and as a whole.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use people_codegen::document::contract::{Contract, Operation};
use people_codegen::document::load;
use people_codegen::document::openapi_format;
use people_codegen::{Diagnostics, Generated, Node, generate_from};

mod compile;
mod cut;

use compile::Workshop;

/// What to measure.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Each operation is cut out of its document, with the components that it \
    reaches, and a client is generated from it; then one from all operations that were accepted, and \
    one from the whole document. Each client is compiled with the dependencies of people-sdk, in \
    target/generality; if the one from all accepted operations does not compile, each operation is compiled \
    alone. Refusals are counted by rule, each rule with its first place.\n\n\
    Exit status 1 when the generator panics or writes code that does not compile, 2 when a document \
    cannot be read. Refusals alone exit with 0."
)]
pub struct Arguments {
    /// The OpenAPI 3.0 documents, YAML or JSON
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Generate the clients and compile none
    #[arg(long)]
    no_compile: bool,
}

/// What became of a client.
enum Outcome {
    Accepted(Generated),
    Refused(Diagnostics),
    /// The message of the panic.
    Panicked(String),
}

/// What was found in one document.
#[derive(Default)]
struct Report {
    file: String,
    operations: usize,
    accepted: usize,
    /// How many of those compile; `None` if it was not tried.
    compiled: Option<usize>,
    /// Of one operation at a time.
    faults: Faults,
    /// All accepted operations as one client.
    together: Verdict,
    whole: Verdict,
}

/// One client: whether it was generated, and whether it compiles.
#[derive(Default, Clone)]
struct Verdict {
    generated: bool,
    warnings: ByRule,
    /// `None` if it was not tried.
    compiled: Option<bool>,
    faults: Faults,
}

/// By rule: how many diagnostics, and the first.
type ByRule = BTreeMap<&'static str, (usize, String)>;

fn by_rule(diagnostics: &Diagnostics) -> ByRule {
    let mut found = ByRule::new();
    for (diagnostic, line) in diagnostics.iter().zip(diagnostics.lines()) {
        let (count, _) = found.entry(diagnostic.rule).or_insert((0, line));
        *count += 1;
    }
    found
}

#[derive(Default, Clone)]
struct Faults {
    refused: ByRule,
    panics: Vec<String>,
    /// Generated, and refused by the compiler.
    broken: Vec<String>,
}

impl Faults {
    /// Notes one refusal, under each of its rules.
    fn refuse(&mut self, diagnostics: &Diagnostics) {
        for (rule, (_, first)) in by_rule(diagnostics) {
            let (count, _) = self.refused.entry(rule).or_insert((0, first));
            *count += 1;
        }
    }

    fn is_generators(&self) -> bool {
        !(self.panics.is_empty() && self.broken.is_empty())
    }
}

/// Measures, and prints a report for each document. Whether the generator did its part: no panic, and
/// nothing that does not compile.
///
/// # Errors
///
/// A document cannot be read, or cargo cannot be run.
pub fn run(root: &Path, arguments: &Arguments) -> io::Result<bool> {
    let workshop = if arguments.no_compile {
        None
    } else {
        Some(Workshop::new(root)?)
    };
    let mut reports = Vec::new();
    for file in &arguments.files {
        let report = measure(file, workshop.as_ref())?;
        println!("{report}");
        reports.push(report);
    }
    if reports.len() > 1 {
        println!("{}", table(&reports));
    }
    Ok(!reports.iter().any(Report::has_fault_of_generator))
}

fn measure(file: &Path, workshop: Option<&Workshop>) -> io::Result<Report> {
    let name = file.display().to_string();
    let bytes =
        fs::read(file).map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))?;
    let root = load::decode(&bytes).and_then(load::load).map_err(|fault| {
        io::Error::other(Diagnostics::new(name.as_str(), vec![fault]).to_string())
    })?;
    let (objects, _) = openapi_format::walk(&root);
    let contract = Contract {
        root: &root,
        objects,
    };
    let operations: Vec<Operation<'_>> = contract.operations().collect();
    let mut report = Report {
        file: name.clone(),
        operations: operations.len(),
        ..Report::default()
    };
    let mut accepted = Vec::new();
    let mut clients = Vec::new();
    for operation in &operations {
        match client(&name, &cut::cut(&root, &[operation])) {
            Outcome::Accepted(generated) => {
                accepted.push(operation);
                clients.push(generated.code);
            }
            Outcome::Refused(diagnostics) => report.faults.refuse(&diagnostics),
            Outcome::Panicked(message) => {
                let place = place(&name, operation);
                report.faults.panics.push(format!("{place}: {message}"));
            }
        }
    }
    report.accepted = accepted.len();
    report.whole = verdict(&name, &root, workshop)?;
    report.together = if accepted.len() == operations.len() && !report.whole.fails() {
        report.whole.clone()
    } else if accepted.is_empty() {
        Verdict::default()
    } else {
        verdict(&name, &cut::cut(&root, &accepted), workshop)?
    };
    // One client that compiles has shown it for all of its operations.
    if let Some(workshop) = workshop.filter(|_| report.together.fails()) {
        let numbered: Vec<_> = clients.iter().map(String::as_str).enumerate().collect();
        for (number, error) in workshop.check(&numbered)? {
            let place = accepted
                .get(number)
                .map(|operation| place(&name, operation));
            let place = place.unwrap_or_default();
            report.faults.broken.push(format!("{place}: {error}"));
        }
    }
    report.compiled = workshop.map(|_| report.accepted - report.faults.broken.len());
    Ok(report)
}

fn place(name: &str, operation: &Operation<'_>) -> String {
    let Operation {
        position,
        method,
        path,
        ..
    } = operation;
    format!("{name}:{position}: {} {path}", method.to_uppercase())
}

fn client(name: &str, root: &Node) -> Outcome {
    match catch_unwind(AssertUnwindSafe(|| generate_from(name, root))) {
        Ok(Ok(generated)) => Outcome::Accepted(generated),
        Ok(Err(diagnostics)) => Outcome::Refused(diagnostics),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Outcome::Panicked(text.unwrap_or("a panic without a message").to_owned())
        }
    }
}

fn verdict(name: &str, root: &Node, workshop: Option<&Workshop>) -> io::Result<Verdict> {
    let mut verdict = Verdict::default();
    match client(name, root) {
        Outcome::Accepted(generated) => {
            verdict.generated = true;
            verdict.warnings = by_rule(&generated.warnings);
            if let Some(workshop) = workshop {
                let failures = workshop.check(&[(0, &generated.code)])?;
                verdict.compiled = Some(failures.is_empty());
                verdict.faults.broken.extend(failures.into_values());
            }
        }
        Outcome::Refused(diagnostics) => verdict.faults.refused = by_rule(&diagnostics),
        Outcome::Panicked(message) => verdict.faults.panics.push(message),
    }
    Ok(verdict)
}

impl Report {
    fn has_fault_of_generator(&self) -> bool {
        self.faults.is_generators()
            || self.together.faults.is_generators()
            || self.whole.faults.is_generators()
    }

    fn compiled(&self) -> String {
        self.compiled
            .map_or_else(|| "none".to_owned(), |compiled| compiled.to_string())
    }
}

impl Verdict {
    /// Whether there is no client, or none that compiles.
    fn fails(&self) -> bool {
        !self.generated || self.compiled == Some(false)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} operations", self.file, self.operations)?;
        let compiled = self.compiled();
        writeln!(
            f,
            "  one at a time: {} accepted, {compiled} compiled",
            self.accepted
        )?;
        self.faults.fmt(f)?;
        writeln!(
            f,
            "  all accepted operations as one client: {}",
            self.together
        )?;
        self.together.faults.fmt(f)?;
        warnings(f, &self.together.warnings)?;
        writeln!(f, "  the whole document: {}", self.whole)?;
        self.whole.faults.fmt(f)?;
        warnings(f, &self.whole.warnings)
    }
}

fn warnings(f: &mut fmt::Formatter<'_>, warnings: &ByRule) -> fmt::Result {
    for (rule, (count, first)) in warnings {
        writeln!(f, "    {count} warnings of {rule}, first {first}")?;
    }
    Ok(())
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.generated, self.compiled) {
            (false, _) if !self.faults.panics.is_empty() => "panic",
            (false, _) if self.faults.refused.is_empty() => "none",
            (false, _) => "refused",
            (true, None) => "generated",
            (true, Some(true)) => "compiles",
            (true, Some(false)) => "does not compile",
        })
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (rule, (count, first)) in &self.refused {
            writeln!(f, "    {count} refused by {rule}, first {first}")?;
        }
        for message in &self.panics {
            writeln!(f, "    panic: {message}")?;
        }
        for message in &self.broken {
            writeln!(f, "    does not compile: {message}")?;
        }
        Ok(())
    }
}

/// All documents side by side, as Markdown.
fn table(reports: &[Report]) -> String {
    let mut rows = vec![
        "| document | operations | accepted | compiled | panics | together | whole |".to_owned(),
        "|---|---|---|---|---|---|---|".to_owned(),
    ];
    for report in reports {
        let Report {
            operations,
            accepted,
            together,
            whole,
            ..
        } = report;
        let name = Path::new(&report.file).file_name().unwrap_or_default();
        let (name, compiled) = (name.display(), report.compiled());
        let panics = report.faults.panics.len();
        rows.push(format!(
            "| {name} | {operations} | {accepted} | {compiled} | {panics} | {together} | {whole} |"
        ));
    }
    let sum = |count: fn(&Report) -> usize| reports.iter().map(count).sum::<usize>();
    let operations = sum(|report| report.operations);
    let accepted = sum(|report| report.accepted);
    let compiled = sum(|report| report.compiled.unwrap_or(0));
    let panics = sum(|report| report.faults.panics.len());
    rows.push(format!(
        "| all | {operations} | {accepted} | {compiled} | {panics} | | |"
    ));
    rows.join("\n")
}
