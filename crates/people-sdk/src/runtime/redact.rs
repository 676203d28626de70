//! What may be shown of text that the service sends, or that could be personal: the only place that
//! decides which characters are escaped and which words are left out.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

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
    escape(text, is_invisible, |c, escaped| match c {
        '\n' | '\r' | '\t' => escaped.extend(c.escape_default()),
        c => escaped.extend(c.escape_unicode()),
    })
}

/// JSON text with an escape of JSON, `\u202e`, in place of every character that
/// [`escape_invisible`] escapes: the same value, which is safe to show. Line breaks between values
/// stay.
///
/// # Examples
///
/// ```
/// let json = serde_json::to_string("Ann\u{202e}\u{1b}").unwrap();
/// assert_eq!(people_sdk::escape_invisible_in_json(&json), r#""Ann\u202e\u001b""#);
/// ```
#[must_use]
pub fn escape_invisible_in_json(json: &str) -> Cow<'_, str> {
    // In strings, JSON text has escapes for these already.
    let is_between_values = |c: char| matches!(c, '\n' | '\r' | '\t');
    let is_escaped = |c: char| is_invisible(c) && !is_between_values(c);
    escape(json, is_escaped, |c, escaped| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a string does not fail.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    })
}

/// `text` with an escape in place of some characters.
fn escape(
    text: &str,
    is_escaped: impl Fn(char) -> bool,
    write_escape: impl Fn(char, &mut String),
) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_escaped(c) {
            write_escape(c, &mut escaped);
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

/// The longest name of the service's own that is shown, in characters.
const LONGEST_NAME: usize = 40;

/// Text of the service on one line, for logs and reports: escaped as by [`escape_invisible`], and
/// without what looks like an e-mail address, a phone number or the identifier of a person. Identifiers
/// of licenses, roles, locations and organizations stay. Names of people cannot be told from other
/// words, and stay too.
///
/// # Examples
///
/// ```
/// let text = people_sdk::redact_personal_data("ann@example.com is\ntaken: +1 408 526 7209");
/// assert_eq!(text, "[…] is taken: […]");
/// ```
#[must_use]
pub fn redact_personal_data(text: &str) -> String {
    redact(text, &[])
}

/// A name that the service has sent, in the place of one of the contract.
pub(crate) fn redact_name(name: &str) -> String {
    shorten(redact(name, &[]), LONGEST_NAME)
}

/// [`redact_personal_data`] that leaves out `values` too.
///
/// The service's messages name the value they complain about. A log needs the complaint alone.
pub(crate) fn redact(text: &str, values: &[String]) -> String {
    let text = without(text, values);
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut shown: Vec<String> = Vec::new();
    // A phone number is often several words, some of them punctuation alone.
    for run in words.chunk_by(|one, next| has_no_letter(one) && has_no_letter(next)) {
        let digits: usize = run.iter().map(|word| digits(word)).sum();
        let is_public = run.iter().all(|word| is_of_organization(word));
        if !is_public && (digits >= 7 || run.iter().any(|word| is_personal(word))) {
            if shown.last().is_none_or(|last| last != "[…]") {
                shown.push("[…]".to_owned());
            }
        } else {
            shown.extend(run.iter().map(|word| escape_invisible(word).into_owned()));
        }
    }
    shorten(shown.join(" "), LONGEST)
}

fn shorten(text: String, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// `text` without the values, where they stand as words of their own.
fn without(text: &str, values: &[String]) -> String {
    let mut values: Vec<&str> = values.iter().map(|value| value.trim()).collect();
    values.retain(|value| value.chars().any(char::is_alphanumeric));
    values.retain(|value| !is_of_organization(value));
    // A name goes before the parts of it.
    values.sort_unstable_by_key(|value| std::cmp::Reverse(value.len()));
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

/// Whether `word` is the identifier of a license, a role, a location or an organization, or the name of
/// a site, with punctuation around it.
fn is_of_organization(word: &str) -> bool {
    const KINDS: [&str; 4] = ["LICENSE", "ROLE", "LOCATION", "ORGANIZATION"];

    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && !"-_+/".contains(c));
    let (site, role) = word.split_once('#').unwrap_or((word, ""));
    let is_host = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    if site.ends_with(".webex.com") && site.chars().all(is_host) {
        return role.chars().all(|c| c.is_ascii_alphabetic());
    }
    let bytes = URL_SAFE_NO_PAD
        .decode(word)
        .or_else(|_| STANDARD_NO_PAD.decode(word));
    let Some(id) = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return false;
    };
    // `ciscospark://CLUSTER/KIND/…`
    let path = id.strip_prefix("ciscospark://");
    let kind = path.and_then(|path| path.split('/').nth(1));
    kind.is_some_and(|kind| KINDS.contains(&kind))
}

/// Those of every script.
fn digits(word: &str) -> usize {
    word.chars().filter(|c| c.is_numeric()).count()
}

fn has_no_letter(word: &str) -> bool {
    !word.chars().any(char::is_alphabetic)
}

fn is_personal(word: &str) -> bool {
    word.contains('@')
        // The same in a URL.
        || word.contains("%40")
        // `ciscos…` in base64, as every identifier starts.
        || word.contains("Y2lzY29z")
        || word.chars().count() > 60
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::{escape_invisible, escape_invisible_in_json, redact, redact_name};

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
    fn escaped_json_is_the_same_value() {
        let value = serde_json::json!({
            "a": "x\u{7f}\u{9b}31m\u{202e}y\u{1b}[0m\n\u{e0041}", "ü\u{200b}": "Zoë 😀",
        });
        let json = serde_json::to_string_pretty(&value).unwrap();
        let escaped = escape_invisible_in_json(&json);
        let expected = "x\\u007f\\u009b31m\\u202ey\\u001b[0m\\n\\udb40\\udc41";
        assert!(escaped.contains(expected), "{escaped}");
        assert!(escaped.contains("\"ü\\u200b\": \"Zoë 😀\""), "{escaped}");
        let read: serde_json::Value = serde_json::from_str(&escaped).unwrap();
        assert_eq!(read, value);
    }

    #[test]
    fn names_of_the_service_are_shortened() {
        assert_eq!(redact_name("title"), "title");
        assert_eq!(redact_name("\u{1b}[31mX\u{7}ann@example.com\n"), "[…]");
        assert_eq!(redact_name(&"ab ".repeat(20)).chars().count(), 41);
    }

    #[test]
    fn ids_of_the_organization_and_names_of_sites_stay() {
        let id =
            |kind: &str| URL_SAFE_NO_PAD.encode(format!("ciscospark://us/{kind}/1-2-3-4-5-6-7-8"));
        for kind in ["LICENSE", "ROLE", "LOCATION", "ORGANIZATION"] {
            let text = format!("no '{}', left", id(kind));
            assert_eq!(redact(&text, &[id(kind)]), text);
        }
        for kind in ["PEOPLE", "ROOM"] {
            assert_eq!(
                redact(&format!("no '{}' left", id(kind)), &[]),
                "no […] left"
            );
        }
        let site = "no host on site1234567.webex.com#attendee";
        assert_eq!(
            redact(site, &["site1234567.webex.com#attendee".to_owned()]),
            site
        );
        for personal in [
            "ann@site.webex.com",
            "https://x.example/Y2lzY29zcGFyazovL3VzL1BFT1BMRS8x?site=a.webex.com",
            "+14085267209,site.webex.com",
            "site.webex.com#+14085267209",
            "site.webex.com#ann@example.com",
        ] {
            assert_eq!(redact(&format!("no {personal}"), &[]), "no […]");
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
            assert_eq!(redact(text, &[]), expected, "{text}");
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
            ("bad +1 408 - 526 7209 here", "bad […] here"),
            ("bad +1 408 / 526 / 7209 here", "bad […] here"),
            ("bad ( 408 ) 526 – 7209 here", "bad […] here"),
            ("bad ٤٠٨٥٢٦٧٢٠٩ here", "bad […] here"),
            ("3 of 15 - or 7 / 8 - seats", "3 of 15 - or 7 / 8 - seats"),
            ("no /people?email=ann%40example.com here", "no […] here"),
            ("one of 3 or 15 seats", "one of 3 or 15 seats"),
            ("no Y2lzY29zcGFyazovL3VzL1BFT1BMRS8x there", "no […] there"),
            ("two\nlines\u{7}", "two lines\\u{7}"),
        ];
        for (text, expected) in cases {
            assert_eq!(redact(text, &[]), expected);
        }
        assert_eq!(redact(&"word ".repeat(200), &[]).chars().count(), 301);
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
            assert_eq!(redact(text, &sent), expected);
        }
    }
}
