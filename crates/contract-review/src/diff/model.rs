//! The result of a comparison: differences, and their level for each audience. No rule and no format of
//! output lives here.

use std::fmt;

use people_codegen::Position;
use serde::Serialize;

use super::prose::Word;

/// What a difference means to one reader. A later level is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// What worked goes on working and means the same.
    Safe,
    /// It may stop working or mean something else, depending on use: to be judged by a reviewer.
    Risky,
    /// What was right stops working.
    Breaking,
}

impl Level {
    /// The level in one word, as every format spells it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Risky => "risky",
            Self::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A group that a difference can affect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Users of the HTTP API with another client, a strict one included.
    Callers,
    /// Users who compile a program against the Rust SDK.
    Sdk,
    /// Readers of the descriptions in the contract.
    Prose,
}

impl Audience {
    /// Every audience, in the order of reports.
    pub const ALL: [Self; 3] = [Self::Callers, Self::Sdk, Self::Prose];

    /// The reader in one word, as the machine-readable formats spell it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Callers => "callers",
            Self::Sdk => "sdk",
            Self::Prose => "prose",
        }
    }

    /// The reader as a heading names them.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Callers => "HTTP callers",
            Self::Sdk => "SDK users",
            Self::Prose => "readers of the prose",
        }
    }
}

/// One level for each reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// For [`Audience::Callers`].
    pub callers: Level,
    /// For [`Audience::Sdk`].
    pub sdk: Level,
    /// For [`Audience::Prose`].
    pub prose: Level,
}

impl Impact {
    /// Safe for everyone.
    pub const SAFE: Self = Self {
        callers: Level::Safe,
        sdk: Level::Safe,
        prose: Level::Safe,
    };

    /// The level for `reader`.
    #[must_use]
    pub fn of(self, reader: Audience) -> Level {
        match reader {
            Audience::Callers => self.callers,
            Audience::Sdk => self.sdk,
            Audience::Prose => self.prose,
        }
    }

    /// Gives one audience another level.
    pub fn set(&mut self, audience: Audience, level: Level) {
        match audience {
            Audience::Callers => self.callers = level,
            Audience::Sdk => self.sdk = level,
            Audience::Prose => self.prose = level,
        }
    }

    /// The worst level of any reader.
    #[must_use]
    pub fn worst(self) -> Level {
        self.callers.max(self.sdk).max(self.prose)
    }

    /// For each reader the worse of both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            callers: self.callers.max(other.callers),
            sdk: self.sdk.max(other.sdk),
            prose: self.prose.max(other.prose),
        }
    }
}

/// A place in one of the two contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Line, from one.
    pub line: usize,
    /// Column, from one, in characters.
    pub column: usize,
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        Self {
            line: position.line,
            column: position.column,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Whether what differs is sent, received, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Only in what a caller sends.
    Request,
    /// Only in what a caller receives.
    Response,
    /// In both, so that every level is the worse of the two.
    Both,
}

/// One difference between two contracts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Name of the rule.
    pub rule: &'static str,
    /// What differs, named in a way that outlives a move of lines: `Person.nickName`,
    /// `PUT /people/{personId} > request body`. Entries of an ignore file name it by this.
    pub at: String,
    /// What happened to it.
    pub message: String,
    /// What that means to each reader.
    #[serde(flatten)]
    pub impact: Impact,
    /// Where it stood in the old contract, if it did.
    pub old: Option<Place>,
    /// Where it stands in the new contract, if it does.
    pub new: Option<Place>,
    /// The closest place in the new contract: [`Self::new`], or what holds the gap.
    pub near: Place,
    /// Where what differs is used, when it is used in requests or responses.
    pub direction: Option<Direction>,
    /// The operations that are affected, by `operationId`. Empty when none is, or all are.
    pub operations: Vec<String>,
    /// Whether more operations than those are affected.
    pub more_operations: bool,
    /// Whether [`Self::at`] names the only operation that is affected.
    #[serde(skip)]
    pub at_operation: bool,
    /// The words that differ, when this is a difference of prose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<Vec<Word>>,
}

impl Difference {
    /// Whether this is a difference of words alone.
    #[must_use]
    pub fn is_prose(&self) -> bool {
        self.words.is_some()
    }
}

/// Something in one of the contracts that could not be compared as what it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// `FILE:LINE:COLUMN`.
    pub place: String,
    /// The rule of the format that is broken.
    pub rule: String,
    /// What is wrong.
    pub message: String,
}
