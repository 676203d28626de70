//! What a newly published document of the service says that was not there at the last look, and what
//! it says that the contract lacks or contradicts. Looks at the operations that the contract has.
//!
//! The last look is a list of hashes, so that no text of the publisher is stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use people_codegen::{Node, Position};
use sha2::{Digest as _, Sha256};

use self::facts::{Fact, Kind};
use crate::text::printable;

mod facts;

/// The first line of a file of hashes.
const HEAD: &str = "# Hashes of what the published document said at the last look; `cargo xtask drift \
                    DOCUMENT --accept` writes them.\n";

/// As many characters of a hash as are kept.
const HASH_LENGTH: usize = 32;

/// What the publisher's document said at the last look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline(BTreeSet<String>);

impl Baseline {
    /// Reads the text of a file that [`Report::baseline`] has written.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().map(str::trim);
        let hashes = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self(hashes.map(str::to_owned).collect())
    }
}

/// One thing that the document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Where the document says it.
    pub position: Position,
    /// What it is about: `GET /people/{} > response 200.emails`.
    pub at: String,
    /// In how many more places of our operations the same part is used.
    pub more: usize,
    /// What is said, in words.
    pub text: String,
}

/// What there is to say about a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What is new since the last look.
    pub news: Vec<Statement>,
    /// What the contract lacks or contradicts.
    pub deviations: Vec<Statement>,
    /// How many statements of the last look are no longer made.
    pub gone: usize,
    /// Operations of the contract that the document does not have.
    pub missing: Vec<String>,
    hashes: BTreeSet<String>,
}

/// Compares `document` with the last look and with `contract`.
#[must_use]
pub fn drift(document: &Node, contract: &Node, baseline: &Baseline) -> Report {
    let operations = facts::operations(contract);
    let mut published = Vec::new();
    let mut missing = Vec::new();
    for operation in &operations {
        match facts::find(document, operation) {
            Some(found) => published.extend(facts::of_operation(document, operation, &found)),
            None => missing.push(operation.to_string()),
        }
    }
    let mut own = Vec::new();
    for operation in &operations {
        if let Some(found) = facts::find(contract, operation) {
            own.extend(facts::of_operation(contract, operation, &found));
        }
    }
    let hashes: BTreeSet<String> = published.iter().map(hash).collect();
    let news = published
        .iter()
        .filter(|fact| !baseline.0.contains(&hash(fact)));
    let news = folded(
        &news
            .map(|fact| (fact, fact.to_string()))
            .collect::<Vec<_>>(),
    );
    Report {
        news,
        deviations: folded(&deviations(&published, &own)),
        gone: baseline.0.difference(&hashes).count(),
        missing,
        hashes,
    }
}

/// What the contract lacks, and where it says something else.
fn deviations<'f>(published: &'f [Fact], own: &[Fact]) -> Vec<(&'f Fact, String)> {
    let mut known: HashMap<(&str, Kind), Vec<&str>> = HashMap::new();
    for fact in own {
        let values = known.entry((&fact.at, fact.kind)).or_default();
        values.push(&fact.value);
    }
    let mut found = Vec::new();
    for fact in published {
        let values = known.get(&(fact.at.as_str(), fact.kind));
        let values = values.map(Vec::as_slice).unwrap_or_default();
        if values.contains(&fact.value.as_str()) || fact.kind == Kind::Prose {
            continue;
        }
        let text = match values {
            [other, ..] if !fact.kind.is_listed() => {
                format!("{fact}, and the contract says `{other}`")
            }
            _ => format!("the contract lacks it: {fact}"),
        };
        found.push((fact, text));
    }
    found
}

/// One statement for what stands at one place of the text, and none for what is inside something that
/// is stated as a whole.
fn folded(found: &[(&Fact, String)]) -> Vec<Statement> {
    let wholes: BTreeSet<&str> = (found.iter())
        .filter(|(fact, _)| fact.kind.is_part())
        .map(|(fact, _)| fact.at.as_str())
        .collect();
    let is_inside = |fact: &Fact| {
        let own = if fact.kind.is_part() {
            None
        } else {
            wholes.get(fact.at.as_str())
        };
        own.is_some()
            || fact.at.char_indices().any(|(end, character)| {
                matches!(character, '.' | '[' | ' ') && wholes.contains(&fact.at[..end])
            })
    };
    let mut by_place: BTreeMap<(Position, &str, &str), Statement> = BTreeMap::new();
    for (fact, text) in found {
        if is_inside(fact) {
            continue;
        }
        by_place
            .entry((fact.position, fact.kind.word(), &fact.value))
            .and_modify(|statement| statement.more += 1)
            .or_insert_with(|| Statement {
                position: fact.position,
                at: fact.at.clone(),
                more: 0,
                text: text.clone(),
            });
    }
    by_place.into_values().collect()
}

fn hash(fact: &Fact) -> String {
    let Fact {
        at, kind, value, ..
    } = fact;
    let digest = Sha256::digest(format!("{at}\n{}\n{value}", kind.word()));
    let mut text = String::with_capacity(2 * digest.len());
    for byte in digest {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.truncate(HASH_LENGTH);
    text
}

impl Report {
    /// Whether the document says something else than at the last look. What it says no more counts: a
    /// property that is gone, or an operation that has moved to another document.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        !self.news.is_empty() || self.gone > 0
    }

    /// The text of the file that makes this the last look.
    #[must_use]
    pub fn baseline(&self) -> String {
        let mut text = HEAD.to_owned();
        for hash in &self.hashes {
            text.push_str(hash);
            text.push('\n');
        }
        text
    }

    /// The report as text, in which `file` names the document.
    #[must_use]
    pub fn render(&self, file: &str) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let mut line = |kind: &str, statement: &Statement| {
            let more = match statement.more {
                0 => String::new(),
                count => format!(" (and {count} more uses)"),
            };
            let _ = writeln!(
                text,
                "{file}:{}: {kind}: {}{more}: {}",
                statement.position,
                printable(&statement.at),
                printable(&statement.text)
            );
        };
        for statement in &self.news {
            line("new", statement);
        }
        for statement in &self.deviations {
            line("contract", statement);
        }
        for operation in &self.missing {
            let _ = writeln!(
                text,
                "{file}: missing: {operation}: the document does not have it"
            );
        }
        let _ = writeln!(
            text,
            "{} new, {} no longer stated, {} that the contract lacks or contradicts",
            self.news.len(),
            self.gone,
            self.deviations.len()
        );
        text
    }
}
