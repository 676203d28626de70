//! What a rule is. The rules themselves are the table in `rules`.

/// The extension that excepts a place from rules: their names, each with a reason.
pub(super) const SUPPRESSIONS: &str = "x-lint-suppress";

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The contract says something wrong, or something that no tool can take.
    Error,
    /// The contract could serve its readers better.
    Warning,
}

impl Level {
    /// The word for it in messages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// What a rule belongs to. A document of others is checked without `Style` and `Code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Group {
    /// What OpenAPI 3.0 requires, and what no tool can honour
    Format,
    /// References, and what is referred to
    References,
    /// Examples and defaults
    Examples,
    /// The style of this project: names, descriptions, responses that every operation has
    Style,
    /// What code can be made from
    Code,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 5] = [
        Self::Format,
        Self::References,
        Self::Examples,
        Self::Style,
        Self::Code,
    ];
}

/// One rule of the table.
#[derive(Debug)]
pub struct Rule {
    /// Its name, in `kebab-case`. Stable: suppressions name it.
    pub name: &'static str,
    /// What it belongs to.
    pub group: Group,
    /// The severity of a violation, where the settings do not say otherwise.
    pub level: Level,
    /// What it requires.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
    /// Whether a place in the contract can be excepted. What the generator needs cannot.
    pub can_be_suppressed: bool,
}
