//! The lines of a document: where in a text of several lines a word stands, and where a value ends. A
//! tree knows where each value begins, and nothing more.

use people_codegen::Position;

/// The lines of a document; none when its text is not known.
#[derive(Debug)]
pub(super) struct Lines<'t>(Vec<&'t str>);

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self(text.lines().collect())
    }

    /// Where the word number `index`, counted from zero, of the text stands that begins at `start`. None
    /// when it is not found there, as in a text whose words are escaped.
    pub(super) fn word(&self, start: Position, index: usize, word: &str) -> Option<Position> {
        let first = self.line(start.line)?;
        let skipped: usize = first
            .chars()
            .take(start.column.saturating_sub(1))
            .map(char::len_utf8)
            .sum();
        let rest = &first[skipped..];
        // Behind the sign of a block there are no words of it.
        let (line, skipped) = if rest.starts_with(['|', '>']) {
            (start.line + 1, 0)
        } else {
            (start.line, skipped)
        };
        let mut left = index;
        for line in line..=self.0.len() {
            let text = self.line(line)?;
            let skipped = if line == start.line { skipped } else { 0 };
            let mut words = text[skipped..].split_whitespace();
            while left > 0 && words.next().is_some() {
                left -= 1;
            }
            let Some(found) = words.next() else {
                continue;
            };
            if found.trim_matches(['"', '\'']) != word.trim_matches(['"', '\'']) {
                return None;
            }
            // Both are parts of the same line.
            let before = found.as_ptr().addr() - text.as_ptr().addr();
            let column = text.get(..before)?.chars().count() + 1;
            return Some(Position { line, column });
        }
        None
    }

    /// The last line of what begins at `start`, as its indentation says.
    pub(super) fn end(&self, start: Position) -> Position {
        let indentation = |line: &str| line.len() - line.trim_start().len();
        let Some(first) = self.line(start.line) else {
            return start;
        };
        let mut end = start;
        for line in start.line + 1..=self.0.len() {
            match self.line(line) {
                Some(text) if text.trim().is_empty() => {}
                Some(text) if indentation(text) > indentation(first) => {
                    let column = indentation(text) + 1;
                    end = Position { line, column };
                }
                _ => break,
            }
        }
        end
    }

    fn line(&self, number: usize) -> Option<&'t str> {
        self.0.get(number.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use people_codegen::document::load::load;

    use super::*;

    const TEXT: &str = "\
block: |
  One two.

  Three four.
folded: >-
  Five
  six.
plain: Seven
  eight nine.
quoted: \"ten
  eleven\"
escaped: \"twelve\\nthirteen\"
last: |
  fourteen

  fifteen
";

    fn place(name: &str, index: usize, word: &str) -> Option<String> {
        let root = load(TEXT).unwrap();
        let start = root.get(name).unwrap().position;
        let place = Lines::of(TEXT).word(start, index, word);
        place.map(|place| place.to_string())
    }

    #[test]
    fn a_word_is_found_in_its_line() {
        assert_eq!(place("block", 0, "One").as_deref(), Some("2:3"));
        assert_eq!(place("block", 3, "four.").as_deref(), Some("4:9"));
        assert_eq!(place("folded", 1, "six.").as_deref(), Some("7:3"));
        assert_eq!(place("plain", 0, "Seven").as_deref(), Some("8:8"));
        assert_eq!(place("plain", 2, "nine.").as_deref(), Some("9:9"));
        assert_eq!(place("quoted", 1, "eleven").as_deref(), Some("11:3"));
    }

    #[test]
    fn a_word_that_is_written_in_another_way_is_not_found() {
        assert_eq!(place("escaped", 1, "thirteen"), None);
        assert_eq!(place("last", 9, "fifteen"), None);
        let place = Lines::of("").word(Position::START, 0, "One");
        assert_eq!(place, None);
    }

    #[test]
    fn a_value_ends_with_its_last_line() {
        let root = load(TEXT).unwrap();
        let end = |name: &str| {
            let start = root.entry(name).unwrap().key;
            Lines::of(TEXT).end(start).to_string()
        };
        assert_eq!(end("block"), "4:3");
        assert_eq!(end("plain"), "9:3");
        assert_eq!(end("escaped"), "12:1");
        assert_eq!(end("last"), "16:3");
    }
}
