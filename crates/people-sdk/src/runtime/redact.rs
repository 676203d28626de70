//! What may be shown of values that could be personal or secret, and of text that could do something
//! to a terminal.

use std::borrow::Cow;
use std::fmt;

/// `text` with an escape, `\u{202e}`, in place of every character that a terminal or a reader would
/// not show as itself: control characters, bidirectional controls, invisible and zero-width
/// characters, line and paragraph separators. For text of the service that is shown to people.
///
/// # Examples
///
/// ```
/// assert_eq!(people_sdk::escape_invisible("Ann\u{1b}[31m"), r"Ann\u{1b}[31m");
/// assert_eq!(people_sdk::escape_invisible("Zoë"), "Zoë");
/// ```
#[must_use]
pub fn escape_invisible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_invisible(c) {
            escaped.extend(match c {
                '\n' | '\r' | '\t' => c.escape_default().collect::<Vec<_>>(),
                c => c.escape_unicode().collect(),
            });
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Shows a value by the names of the properties that are there. `serde_json` prints values, for
/// those who mean to.
pub(crate) fn debug(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    properties: &[(&str, bool)],
) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for (property, present) in properties {
        if *present {
            shown.field(property, &format_args!("…"));
        }
    }
    shown.finish()
}

/// The longest service message that is shown, in characters.
const LONGEST: usize = 300;

/// `text` on one line, without any of `values`, and without what looks like an e-mail address, a
/// phone number or an identifier.
///
/// The service's messages name the value they complain about. A log needs the complaint alone.
pub(crate) fn scrub(text: &str, values: &[String]) -> String {
    let text = without(text, values);
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut shown: Vec<String> = Vec::new();
    // A phone number is often several words.
    for run in words.chunk_by(|one, next| is_numeric(one) && is_numeric(next)) {
        let digits: usize = run.iter().map(|word| digits(word)).sum();
        if digits >= 7 || run.iter().any(|word| is_personal(word)) {
            if shown.last().is_none_or(|last| last != "[…]") {
                shown.push("[…]".to_owned());
            }
        } else {
            shown.extend(run.iter().map(|word| escape_invisible(word).into_owned()));
        }
    }
    let text = shown.join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// `text` without the values, where they stand as words of their own.
fn without(text: &str, values: &[String]) -> String {
    let mut values: Vec<&str> = values.iter().map(|value| value.trim()).collect();
    values.retain(|value| value.chars().any(char::is_alphanumeric));
    // A name goes before the parts of it.
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    let mut text = text.to_owned();
    for value in values {
        let mut shown = String::new();
        let mut rest = 0;
        for (start, _) in text.match_indices(value) {
            let end = start + value.len();
            let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            if inside(text[..start].chars().next_back()) || inside(text[end..].chars().next()) {
                continue;
            }
            shown.push_str(&text[rest..start]);
            shown.push_str("[…]");
            rest = end;
        }
        shown.push_str(&text[rest..]);
        text = shown;
    }
    text
}

fn digits(word: &str) -> usize {
    word.chars().filter(char::is_ascii_digit).count()
}

fn is_numeric(word: &str) -> bool {
    digits(word) > 0 && !word.chars().any(char::is_alphabetic)
}

fn is_personal(word: &str) -> bool {
    word.contains('@')
        // `ciscos…` in base64, as every identifier starts.
        || word.contains("Y2lzY29z")
        || word.chars().count() > 60
}

#[cfg(test)]
mod tests {
    use super::{escape_invisible, scrub};

    #[test]
    fn every_invisible_character_is_escaped_and_nothing_else() {
        let invisible = [
            ('\u{0}', r"\u{0}"),
            ('\n', r"\n"),
            ('\r', r"\r"),
            ('\t', r"\t"),
            ('\u{1b}', r"\u{1b}"),
            ('\u{7f}', r"\u{7f}"),
            ('\u{9b}', r"\u{9b}"),
            ('\u{ad}', r"\u{ad}"),
            ('\u{61c}', r"\u{61c}"),
            ('\u{200b}', r"\u{200b}"),
            ('\u{200f}', r"\u{200f}"),
            ('\u{2028}', r"\u{2028}"),
            ('\u{2029}', r"\u{2029}"),
            ('\u{202e}', r"\u{202e}"),
            ('\u{2066}', r"\u{2066}"),
            ('\u{feff}', r"\u{feff}"),
            ('\u{e0041}', r"\u{e0041}"),
        ];
        for (c, expected) in invisible {
            assert_eq!(escape_invisible(&format!("a{c}b")), format!("a{expected}b"));
        }
        for text in ["", "Zoë Ångström", "東京", "a\\b", "\u{a0}", "👍"] {
            assert_eq!(escape_invisible(text), text);
        }
    }

    #[test]
    fn the_bounds_of_what_is_hidden() {
        let (short, long) = ("x".repeat(60), "x".repeat(61));
        let cases = [
            ("code 123456 here", "code 123456 here"),
            ("code 1234567 here", "code […] here"),
            ("12 34 56 here", "12 34 56 here"),
            ("12 34 567 here", "[…] here"),
            (short.as_str(), short.as_str()),
            (long.as_str(), "[…]"),
        ];
        for (text, expected) in cases {
            assert_eq!(scrub(text, &[]), expected, "{text}");
        }
    }

    #[test]
    fn a_complaint_loses_its_values() {
        let cases = [
            ("Only an admin may do this.", "Only an admin may do this."),
            ("john@example.com exists", "[…] exists"),
            ("bad number +1 408 526 7209 here", "bad number […] here"),
            ("bad number '+1 408 526 7209'!", "bad number […]"),
            ("bad [408 526 7209]; try again", "bad […] try again"),
            ("one of 3 or 15 seats", "one of 3 or 15 seats"),
            ("no Y2lzY29zcGFyazovL3VzL1BFT1BMRS8x there", "no […] there"),
            ("two\nlines\u{7}", "two lines\\u{7}"),
        ];
        for (text, expected) in cases {
            assert_eq!(scrub(text, &[]), expected);
        }
        assert_eq!(scrub(&"word ".repeat(200), &[]).chars().count(), 301);
    }

    #[test]
    fn a_complaint_loses_what_was_sent() {
        let sent = ["Ann", "Ann Lee", "é", "", "-", "GM"].map(str::to_owned);
        let cases = [
            ("Ann Lee, 'Ann' and Annabel", "[…], '[…]' and Annabel"),
            ("GM? GMT or aGM", "[…]? GMT or aGM"),
            ("é-é éé", "[…]-[…] éé"),
        ];
        for (text, expected) in cases {
            assert_eq!(scrub(text, &sent), expected);
        }
    }
}
