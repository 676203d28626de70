//! What may be shown of values that could be personal or secret: their presence, not themselves.

use std::fmt;

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
            let plain = |word: &&str| word.chars().filter(|c| !c.is_control()).collect();
            shown.extend(run.iter().map(plain));
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
    use super::scrub;

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
            ("two\nlines\u{7}", "two lines"),
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
