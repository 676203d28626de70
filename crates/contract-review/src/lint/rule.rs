//! What a rule is. The rules themselves are the table in `rules`.

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

/// One rule of the table.
#[derive(Debug)]
pub struct Rule {
    /// Its name, in `kebab-case`. Stable: suppressions name it.
    pub name: &'static str,
    /// The severity of a violation.
    pub level: Level,
    /// What it requires.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
    /// Whether a place in the contract can be excepted. What the generator needs cannot.
    pub can_be_suppressed: bool,
}
