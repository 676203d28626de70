//! Regular expressions: which are valid, and how the values of examples are matched with them.
//!
//! The format means those of ECMA-262. Those are matched by backtracking, which takes very long for some; so
//! they are written here as an engine reads them that takes time in proportion to the text.

use std::borrow::Cow;

use jsonschema::PatternOptions;
use serde_json::json;

/// Regular expressions, as they are tried before a schema may hold them.
#[derive(Default)]
pub(super) struct Patterns {
    tried: usize,
}

/// More different patterns than any contract has; compiling them is slow.
const MAX_PATTERNS: usize = 2_000;
const MAX_PATTERN_SIZE: usize = 1 << 18;
const MAX_REPETITIONS: f64 = 1e6;

impl Patterns {
    /// Whether `pattern` is a regular expression of ECMA-262, which the format asks for, and of a size
    /// that can be matched; of the first ones at least.
    pub(super) fn is_valid(&mut self, pattern: &str) -> bool {
        self.tried += 1;
        self.tried > MAX_PATTERNS
            || (repetitions(pattern) <= MAX_REPETITIONS
                && (is_unicode(pattern) || regress::Regex::new(pattern).is_ok()))
    }

    /// `pattern` as it can be matched in time that grows with the text alone. None where it cannot, as
    /// with backreferences and assertions about what stands around.
    pub(super) fn linear(&mut self, pattern: &str) -> Option<String> {
        self.tried += 1;
        if self.tried > MAX_PATTERNS || repetitions(pattern) > MAX_REPETITIONS {
            return None;
        }
        let pattern = as_unicode(pattern);
        let compiled = jsonschema::draft4::options()
            .with_pattern_options(linear())
            .build(&json!({ "pattern": pattern }));
        compiled.is_ok().then(|| pattern.into_owned())
    }
}

/// How often the innermost part of a pattern may be repeated, by the counts that it gives.
fn repetitions(pattern: &str) -> f64 {
    let counts = pattern.split('{').skip(1).filter_map(|rest| {
        let count = rest.split_once('}')?.0;
        count.rsplit(',').next()?.parse::<f64>().ok()
    });
    counts.filter(|count| *count >= 1.0).product()
}

pub(super) fn linear() -> PatternOptions<jsonschema::Regex> {
    PatternOptions::regex().size_limit(MAX_PATTERN_SIZE)
}

/// Whether `pattern` is a regular expression with the flag `u`, as JSON Schema recommends.
fn is_unicode(pattern: &str) -> bool {
    regress::Regex::with_flags(pattern, "u").is_ok()
}

/// `pattern` as it is written with the flag `u`. One that is valid only without it means something else to
/// most engines: in ECMA-262, a backslash before a character without a meaning of its own does nothing, so
/// that `\z` is a `z`; and a bracket or brace that closes or repeats nothing stands for itself.
fn as_unicode(pattern: &str) -> Cow<'_, str> {
    if is_unicode(pattern) {
        return Cow::Borrowed(pattern);
    }
    let mut text = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        match first {
            '\\' => match escape(&rest[1..], in_class) {
                // The character is read next, by itself.
                0 => {
                    rest = &rest[1..];
                    continue;
                }
                escape => length += escape,
            },
            '[' => in_class = true,
            ']' if in_class => in_class = false,
            '{' if !in_class => match quantifier(rest) {
                0 => text.push('\\'),
                quantifier => length = quantifier,
            },
            ']' | '}' if !in_class => text.push('\\'),
            _ => {}
        }
        text.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    Cow::Owned(text)
}

/// The length of what a backslash before `rest` gives a meaning to; 0 where it has none.
fn escape(rest: &str, in_class: bool) -> usize {
    let Some(first) = rest.chars().next() else {
        return 0;
    };
    let after = rest.bytes().skip(1);
    let is_hex = |count| {
        after
            .clone()
            .take(count)
            .filter(u8::is_ascii_hexdigit)
            .count()
            == count
    };
    match first {
        'B' | 'k' if in_class => 0,
        'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'b' | 'B' | 'f' | 'n' | 'r' | 't' | 'v' | 'k' => 1,
        'c' if after
            .clone()
            .next()
            .is_some_and(|letter| letter.is_ascii_alphabetic()) =>
        {
            2
        }
        'x' if is_hex(2) => 3,
        'u' if is_hex(4) => 5,
        // To the engine, these two are about words.
        '<' | '>' => 0,
        first => usize::from(first.is_ascii_digit() || first.is_ascii_punctuation()),
    }
}

/// The length of the quantifier in braces that `text` starts with; 0 for braces that are none.
fn quantifier(text: &str) -> usize {
    // No further than counts go: a pattern can have very many braces.
    let is_count = |c: char| c.is_ascii_digit() || c == ',';
    let Some(end) = text[1..].find(|c| !is_count(c)) else {
        return 0;
    };
    let (counts, after) = text[1..].split_at(end);
    let (least, most) = counts.split_once(',').unwrap_or((counts, ""));
    if after.starts_with('}') && !least.is_empty() && !most.contains(',') {
        counts.len() + 2
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_that_repeat_nothing_stand_for_themselves() {
        for (braces, expected) in [
            ("a{2}", 3),
            ("a{2,}", 4),
            ("a{2,3}", 5),
            ("a{,3}", 0),
            ("a{2,3,4}", 0),
            ("a{}", 0),
            ("a{2", 0),
            ("a{x}", 0),
        ] {
            assert_eq!(quantifier(&braces[1..]), expected, "{braces}");
        }
    }

    #[test]
    fn a_pattern_of_very_many_braces_is_read_once() {
        let pattern = format!("a{}", "{".repeat(1_000_000));
        assert_eq!(as_unicode(&pattern).len(), 2_000_001);
    }
}
