//! `cargo xtask generality`: how much of any document a client can be made of, one operation at a time,
//! all of those together, and as a whole.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use people_codegen::document::contract::{Contract, Operation};
use people_codegen::document::load;
use people_codegen::document::openapi_format;
use people_codegen::{Diagnostics, Node, generate_from};

mod compile;
mod cut;

use compile::Workshop;

/// What to measure.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Each operation is cut out of its document, with the components that it \
    reaches, and a client is generated from it; then one from all operations that were accepted, and \
    one from the whole document. Each client is compiled with the dependencies of people-sdk, in \
    target/generality. A document's operations are refused by rule, each rule with the first place.\n\n\
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
    /// The code of the client.
    Accepted(String),
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
    /// Of one operation at a time.
    faults: Faults,
    /// All accepted operations as one client.
    together: Verdict,
    whole: Verdict,
}

/// One client: whether it was generated, and whether it compiles.
#[derive(Default)]
struct Verdict {
    generated: bool,
    /// `None` if it was not tried.
    compiled: Option<bool>,
    faults: Faults,
}

#[derive(Default)]
struct Faults {
    /// By rule: how often, and the first.
    refused: BTreeMap<&'static str, (usize, String)>,
    panics: Vec<String>,
    /// Generated, and refused by the compiler.
    broken: Vec<String>,
}

impl Faults {
    /// Notes one refusal, under each of its rules.
    fn refuse(&mut self, diagnostics: &Diagnostics) {
        let mut rules = HashSet::new();
        for (diagnostic, line) in diagnostics.iter().zip(diagnostics.lines()) {
            if rules.insert(diagnostic.rule) {
                let (count, _) = self.refused.entry(diagnostic.rule).or_insert((0, line));
                *count += 1;
            }
        }
    }

    /// Notes each diagnostic of one document.
    fn refuse_each(&mut self, diagnostics: &Diagnostics) {
        for (diagnostic, line) in diagnostics.iter().zip(diagnostics.lines()) {
            let (count, _) = self.refused.entry(diagnostic.rule).or_insert((0, line));
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
            Outcome::Accepted(code) => {
                accepted.push(operation);
                clients.push(code);
            }
            Outcome::Refused(diagnostics) => report.faults.refuse(&diagnostics),
            Outcome::Panicked(message) => {
                let place = place(&name, operation);
                report.faults.panics.push(format!("{place}: {message}"));
            }
        }
    }
    report.accepted = accepted.len();
    if let Some(workshop) = workshop {
        let numbered: Vec<_> = clients.iter().map(String::as_str).enumerate().collect();
        for (number, error) in workshop.check(&numbered)? {
            let place = accepted
                .get(number)
                .map(|operation| place(&name, operation));
            let place = place.unwrap_or_default();
            report.faults.broken.push(format!("{place}: {error}"));
        }
    }
    drop(clients);
    if !accepted.is_empty() {
        report.together = verdict(&name, &cut::cut(&root, &accepted), workshop)?;
    }
    report.whole = verdict(&name, &root, workshop)?;
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
        Ok(Ok(generated)) => Outcome::Accepted(generated.code),
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
        Outcome::Accepted(code) => {
            verdict.generated = true;
            if let Some(workshop) = workshop {
                let failures = workshop.check(&[(0, &code)])?;
                verdict.compiled = Some(failures.is_empty());
                verdict.faults.broken.extend(failures.into_values());
            }
        }
        Outcome::Refused(diagnostics) => verdict.faults.refuse_each(&diagnostics),
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
        match self.whole.compiled.or(self.together.compiled) {
            None if self.accepted > 0 => "none".to_owned(),
            _ => (self.accepted - self.faults.broken.len()).to_string(),
        }
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
        writeln!(f, "  the whole document: {}", self.whole)?;
        self.whole.faults.fmt(f)
    }
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
    let broken = sum(|report| report.faults.broken.len());
    let panics = sum(|report| report.faults.panics.len());
    rows.push(format!(
        "| all | {operations} | {accepted} | {} | {panics} | | |",
        accepted - broken
    ));
    rows.join("\n")
}
