//! Cells that survive a spreadsheet: what it would run as a formula or rewrite as a number gets an
//! apostrophe in front, which is removed when the cell comes back. What a spreadsheet has damaged all the
//! same is recognized.

use std::borrow::Cow;

/// The text of a cell that a spreadsheet keeps as it is.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if needs_escape(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that [`escape`] was given. An apostrophe that `escape` does not write stays.
pub(crate) fn unescape(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if needs_escape(text) => text,
        _ => cell,
    }
}

/// Whether a spreadsheet may change the text: a formula, what can be read as a number, a date, an
/// amount or a boolean and is written in another way then, or text that looks escaped already.
fn needs_escape(text: &str) -> bool {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let looks_escaped = text
        .strip_prefix('\'')
        .is_some_and(|it| needs_escape(it) || it.is_empty());
    let is_boolean = ["true", "false"]
        .iter()
        .any(|it| text.eq_ignore_ascii_case(it));
    is_formula || looks_escaped || is_boolean || is_number(text) && !is_plain_integer(text)
}

/// Whether the text has digits, and no words but those of numbers, dates and times.
fn is_number(text: &str) -> bool {
    const WORDS: [&str; 15] = [
        "e", "am", "pm", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct",
        "nov", "dec",
    ];
    let mut words = text
        .split(|it: char| !it.is_alphabetic())
        .filter(|word| !word.is_empty());
    text.contains(|it: char| it.is_ascii_digit())
        && words.all(|word| {
            let word = word.to_lowercase();
            // Months are written in full or short: `September`, `Sept`, `Sep`.
            WORDS
                .iter()
                .any(|known| word == *known || known.len() == 3 && word.starts_with(known))
        })
}

/// Whether the text is an integer that a spreadsheet writes back with the same digits.
fn is_plain_integer(text: &str) -> bool {
    let digits = text.bytes().all(|it| it.is_ascii_digit());
    digits && text.len() <= 9 && (text == "0" || !text.starts_with('0'))
}

/// Whether the text is a number as a spreadsheet writes long ones, with digits lost: `4.92E+11`.
pub(crate) fn is_shortened_number(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let mantissa = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix('+');
    whole.len() == 1 && is_digits(whole) && is_digits(fraction) && exponent.is_some_and(is_digits)
}

/// Whether the text is UTF-8 that was read as Windows-1252: `ZoÃ«` for `Zoë`. A spreadsheet does so with a
/// file that has no byte order mark.
pub(crate) fn is_misread_utf8(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let (bytes, _, is_lossy) = encoding_rs::WINDOWS_1252.encode(text);
    // Two bytes of other characters occur in text that was read well: `CAFÉ’S`.
    let is_letter = |it: char| ('\u{c0}'..='\u{17f}').contains(&it);
    !is_lossy && std::str::from_utf8(&bytes).is_ok_and(|text| text.contains(is_letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_cell_comes_back_as_it_was() {
        for text in [
            "",
            "x",
            "GM",
            "=1+1",
            "+1 408",
            "-x",
            "@x",
            "'",
            "'x",
            "'=x",
            "''=x",
            "0133",
            "133",
            "1234567890",
            "2026-01-01",
            "1.5",
            "1-2",
            "\tx",
            "\rx",
            "4.92E+11",
            ".5",
            "5 pipes",
        ] {
            assert_eq!(unescape(&escape(text)), text);
        }
    }

    #[test]
    fn a_cell_is_escaped_if_a_spreadsheet_would_change_it() {
        for text in [
            "=1+1",
            "+1 408",
            "-1",
            "@x",
            "'=x",
            "0133",
            "1234567890",
            "1-2",
            "1.50",
            "5E+3",
        ] {
            assert_eq!(escape(text), format!("'{text}"));
        }
        for text in [
            "May 5",
            "5 May",
            "Sept. 2026",
            "10:30 PM",
            "$5",
            "5 %",
            "true",
            "FALSE",
            "3/4",
            "#1",
        ] {
            assert_eq!(escape(text), format!("'{text}"));
        }
        for text in [
            "", "x", "133", "0", "a=b", "Zoë", "L0", "5 pipes", "R&D", "May", "Room 12",
        ] {
            assert_eq!(escape(text), text);
        }
        // Written by hand, not by `escape`.
        assert_eq!(unescape("'tis"), "'tis");
    }

    #[test]
    fn shortened_numbers_are_recognized() {
        for text in ["4.92E+11", "4,92E+11", "1E+5", "4.92e+11", "-1.5E+10"] {
            assert!(is_shortened_number(text), "{text}");
        }
        for text in [
            "E+5",
            "1E5",
            "12E+5",
            "1.E+5",
            "4.92E+11 x",
            "",
            "1E+",
            "GM",
        ] {
            assert!(!is_shortened_number(text), "{text}");
        }
    }

    #[test]
    fn misread_utf8_is_recognized() {
        for text in ["Zoë", "Díaz", "Łukasz, Müller", "Škoda"] {
            let (misread, _, _) = encoding_rs::WINDOWS_1252.decode(text.as_bytes());
            assert!(is_misread_utf8(&misread), "{misread}");
            assert!(!is_misread_utf8(text), "{text}");
        }
        for text in ["", "GM", "CAFÉ’S", "São Paulo", "Ã", "Ã© 日本", "50 €"] {
            assert!(!is_misread_utf8(text), "{text}");
        }
    }
}
