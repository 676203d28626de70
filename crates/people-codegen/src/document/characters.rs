//! The characters of a text as the YAML parser asks for them. Knows nothing of YAML's structure.
//!
//! The parser is generic over its input, so it is compiled with this crate and, in a build for
//! development, without optimization. It asks a handful of questions for each character. Here they
//! cost an index and a comparison instead of calls that decode a character each time, which halves the
//! time for reading a large contract in such a build.

use saphyr_parser::Input;

/// As much as the parser looks at in one go; also that of the parser's own input for texts.
const BUFFER: usize = 128;

/// A text, and how much of it has been read.
#[derive(Debug, Clone)]
pub(super) struct Characters<'t> {
    text: &'t str,
    bytes: &'t [u8],
    /// The byte where the next character starts.
    at: usize,
    /// As many characters as the parser asked for so far. All of them are there at any time.
    looked_ahead: usize,
}

impl<'t> Characters<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            looked_ahead: 0,
        }
    }

    /// The character that starts at a byte, whatever its length.
    fn decoded(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }
}

#[allow(
    clippy::inline_always,
    reason = "without it, a build without optimization calls each of them for each character"
)]
impl Input for Characters<'_> {
    #[inline(always)]
    fn lookahead(&mut self, count: usize) {
        if self.looked_ahead < count {
            self.looked_ahead = count;
        }
    }

    fn buflen(&self) -> usize {
        self.looked_ahead
    }

    fn bufmaxlen(&self) -> usize {
        BUFFER
    }

    fn raw_read_ch(&mut self) -> char {
        let next = self.peek();
        self.skip();
        next
    }

    fn raw_read_non_breakz_ch(&mut self) -> Option<char> {
        let next = self.peek_opt()?;
        if matches!(next, '\n' | '\r' | '\0' | '\u{feff}') {
            return None;
        }
        self.skip();
        Some(next)
    }

    #[inline(always)]
    fn skip(&mut self) {
        if self.at < self.bytes.len() {
            if self.bytes[self.at] < 0x80 {
                self.at += 1;
            } else {
                self.at += self.decoded(self.at).map_or(0, char::len_utf8);
            }
        }
    }

    fn skip_n(&mut self, count: usize) {
        for _ in 0..count {
            self.skip();
        }
    }

    #[inline(always)]
    fn peek(&self) -> char {
        if self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            if byte < 0x80 {
                byte as char
            } else {
                self.decoded(self.at).unwrap_or('\0')
            }
        } else {
            '\0'
        }
    }

    #[inline(always)]
    fn peek_nth(&self, n: usize) -> char {
        // The parser asks for the next but one, mostly.
        if n == 1 && self.at + 1 < self.bytes.len() {
            let (this, next) = (self.bytes[self.at], self.bytes[self.at + 1]);
            if this < 0x80 && next < 0x80 {
                return next as char;
            }
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        rest.chars().nth(n).unwrap_or('\0')
    }

    fn peek_opt(&self) -> Option<char> {
        self.decoded(self.at)
    }

    #[inline(always)]
    fn look_ch(&mut self) -> char {
        self.lookahead(1);
        self.peek()
    }

    #[inline(always)]
    fn next_can_be_plain_scalar(&self, in_flow: bool) -> bool {
        match self.peek() {
            ':' => {
                let next = self.peek_nth(1);
                !(matches!(next, ' ' | '\t' | '\n' | '\r' | '\0')
                    || (in_flow && matches!(next, ',' | '[' | ']' | '{' | '}')))
            }
            '\u{feff}' => false,
            ',' | '[' | ']' | '{' | '}' => !in_flow,
            _ => true,
        }
    }

    #[inline(always)]
    fn next_is_blank_or_break(&self) -> bool {
        matches!(self.peek(), ' ' | '\t' | '\n' | '\r')
    }

    #[inline(always)]
    fn next_is_blank_or_breakz(&self) -> bool {
        matches!(self.peek(), ' ' | '\t' | '\n' | '\r' | '\0')
    }

    #[inline(always)]
    fn next_is_blank(&self) -> bool {
        matches!(self.peek(), ' ' | '\t')
    }

    #[inline(always)]
    fn next_is_break(&self) -> bool {
        matches!(self.peek(), '\n' | '\r')
    }

    #[inline(always)]
    fn next_is_breakz(&self) -> bool {
        matches!(self.peek(), '\n' | '\r' | '\0')
    }
}

#[cfg(test)]
mod tests {
    use saphyr_parser::Parser;

    use super::*;

    /// The events of a text with their places, up to its first fault.
    fn events(mut parser: Parser<'_, impl Input>) -> Vec<String> {
        let mut events = Vec::new();
        while let Some(event) = parser.next_event() {
            events.push(format!("{event:?}"));
            if event.is_err() {
                break;
            }
        }
        events
    }

    #[test]
    fn the_parser_reads_the_same_as_from_its_own_input() {
        let mut cases: Vec<String> = [
            "a: b\nc:\n  - 1\n  - {d: [e, f g], h: 'i''j', k: \"l\\n\\u00e9\"}\n",
            "a: b c\n   d\n\n   e # comment\nf: g#h :i - j\r\nk: l\r",
            "ä: ö\nü: {ß: é, 語: [日本 語, 👍]}\n# ñ\nm: \"ñ 👍\"\nn: 'ñ'\n",
            "a: |\n  ñ\n   b\n\nc: >-\n  d\n  é\n\n  f\ng: |2+\n    h\n\n",
            "--- &a !!str b\n...\n---\n*a\n...\n",
            "%YAML 1.2\n%TAG ! tag:example.com,2000:\n---\n!<tag:x> a: !b é\n",
            "\ta: b\n",
            "a:\tb\t# c\n-\td\n",
            "? a\n: b\n? - c\n: - d\n",
            "a: [b, -, {c}, d: e, f:, :g, \"h\":i]\n",
            "a: b\u{feff}c\n",
            "\u{feff}a: b\n",
            "a: b\0c\n",
            "a: \u{85}b\u{2028}c\n",
            "a: 'b\n  c\n\n  d'\ne: \"f\\\n  g\\x41\"\n",
            "a: b: c\n",
            "a: - b\n--",
            "'a': \"",
            "",
        ]
        .map(str::to_owned)
        .into();
        // Longer than what the parser looks at in one go.
        cases.push(format!(
            "{}: {}é{}\n",
            "a".repeat(500),
            "b".repeat(127),
            "c d".repeat(200)
        ));
        for text in cases {
            // Every beginning of it, too: a text may end anywhere.
            for (end, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let text = &text[..end];
                let expected = events(Parser::new_from_str(text));
                assert_eq!(
                    events(Parser::new(Characters::of(text))),
                    expected,
                    "for {text:?}"
                );
            }
        }
    }
}
