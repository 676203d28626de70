//! Parses a [`Fault`] from one line of text, and writes it. The meaning of the words is documented at
//! [`Fault`].

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::fault::{Apply, DropAt, Fault, FaultBody, Rate, normalize_path};
use crate::routes::{self, Action};
use crate::update;

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        words.extend(self.method.as_ref().map(ToString::to_string));
        words.extend(self.path.clone());
        words.extend(self.status.map(|status| status.to_string()));
        if let Some(Rate { requests, window }) = self.rate {
            words.push(format!("rate={requests}/{}", format_duration(window)));
        }
        words.extend(
            self.retry_after
                .as_ref()
                .map(|t| format!("retry-after={t}")),
        );
        words.extend(self.body.as_ref().map(|body| match body {
            FaultBody::Error => "body=error".to_owned(),
            FaultBody::Html => "body=html".to_owned(),
            FaultBody::Empty => "body=empty".to_owned(),
            FaultBody::Raw(text) => format!("body=raw:{text}"),
        }));
        words.extend(self.drop.map(|cut| {
            match cut {
                DropAt::Head => "drop=head",
                DropAt::Body => "drop=body",
            }
            .to_owned()
        }));
        words.extend(self.apply.as_ref().map(|apply| match apply {
            Apply::All => "apply=all".to_owned(),
            Apply::None => "apply=none".to_owned(),
            Apply::Half => "apply=half".to_owned(),
            Apply::Only(names) => format!("apply={}", names.join(",")),
        }));
        if self.licenses_dropped {
            words.push("licenses=dropped".to_owned());
        }
        if !self.delay.is_zero() {
            words.push(format!("delay={}", format_duration(self.delay)));
        }
        words.extend(self.times.map(|n| format!("times={n}")));
        words.extend(self.every.map(|n| format!("every={n}")));
        let quoter = shlex::Quoter::new().allow_nul(true);
        for (at, word) in words.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            // Quotes only what `shlex::split` requires, which is less than a shell does.
            if word.contains(|c: char| c.is_whitespace() || "'\"\\#".contains(c)) {
                f.write_str(&quoter.quote(word).unwrap_or_default())?;
            } else {
                f.write_str(word)?;
            }
        }
        Ok(())
    }
}

/// A line that is not a [`Fault`]. The message says which word, why, and what is expected.
///
/// # Examples
///
/// ```
/// use people_fake::{Fault, FaultError};
///
/// let error: FaultError = "GET 503 sometimes".parse::<Fault>().unwrap_err();
/// assert!(error.to_string().contains("sometimes"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultError(String);

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FaultError {}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(line: &str) -> Result<Self, FaultError> {
        let words = shlex::split(line)
            .ok_or_else(|| FaultError("unclosed quote; close or escape it".to_owned()))?;
        let mut fault = Self::default();
        for word in &words {
            fault
                .parse_word(word)
                .map_err(|reason| FaultError(format!("`{}`: {reason}", word.escape_debug())))?;
        }
        fault
            .check()
            .map_err(|reason| FaultError(reason.to_owned()))?;
        Ok(fault)
    }
}

impl Fault {
    fn parse_word(&mut self, word: &str) -> Result<(), String> {
        if word.starts_with('/') {
            return self.parse_path(word);
        }
        if let Some((name, value)) = word.split_once('=') {
            return self.parse_setting(name, value);
        }
        if word == "drop" {
            return once(&mut self.drop, DropAt::Head);
        }
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            let status = word
                .parse()
                .ok()
                .filter(|status| (200..=599).contains(status))
                .ok_or("a status is a number from 200 to 599")?;
            return once(&mut self.status, status);
        }
        let method = word.to_ascii_uppercase();
        let mut routes = routes::ROUTES.iter();
        if let Some(route) = routes.find(|route| route.method == method.as_str()) {
            return once(&mut self.method, route.method.clone());
        }
        Err(format!(
            "expected a method ({}), a path, a status, or one of retry-after=, body=, delay=, \
             drop=, apply=, licenses=, rate=, times=, every=",
            routes::methods().join(", ")
        ))
    }

    fn parse_path(&mut self, word: &str) -> Result<(), String> {
        let Some(path) = normalize_path(word) else {
            return Err(format!(
                "no route has this path; the paths are {}",
                routes::templates().join(", ")
            ));
        };
        once(&mut self.path, path.to_owned())
    }

    fn parse_setting(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "retry-after" => {
                if hyper::header::HeaderValue::from_str(value).is_err() {
                    return Err("a header value is visible ASCII characters and spaces".to_owned());
                }
                once(&mut self.retry_after, value.to_owned())
            }
            "body" => once(
                &mut self.body,
                match value.split_once(':') {
                    Some(("raw", text)) => FaultBody::Raw(text.to_owned()),
                    None if value == "error" => FaultBody::Error,
                    None if value == "html" => FaultBody::Html,
                    None if value == "empty" => FaultBody::Empty,
                    _ => return Err("expected error, html, empty or raw:TEXT".to_owned()),
                },
            ),
            "delay" => {
                if !self.delay.is_zero() {
                    return Err("given twice".to_owned());
                }
                self.delay = duration(value)?;
                Ok(())
            }
            "drop" => once(
                &mut self.drop,
                match value {
                    "head" => DropAt::Head,
                    "body" => DropAt::Body,
                    _ => return Err("expected head or body".to_owned()),
                },
            ),
            "apply" => once(
                &mut self.apply,
                match value {
                    "all" => Apply::All,
                    "none" => Apply::None,
                    "half" => Apply::Half,
                    names => {
                        let names: Vec<_> = names.split(',').map(str::to_owned).collect();
                        if let Some(other) = names.iter().find(|name| !update::is_writable(name)) {
                            return Err(format!(
                                "`{other}` is not a writable property; expected all, none, half, or \
                                 some of {}",
                                update::writable().collect::<Vec<_>>().join(",")
                            ));
                        }
                        Apply::Only(names)
                    }
                },
            ),
            "licenses" if value == "dropped" => {
                self.licenses_dropped = true;
                Ok(())
            }
            "licenses" => Err("expected licenses=dropped".to_owned()),
            "rate" => {
                let form = "expected REQUESTS/WINDOW, such as 10/1s";
                let (requests, window) = value.split_once('/').ok_or(form)?;
                let requests = requests.parse().map_err(|_| form)?;
                let window = duration(window)?;
                once(&mut self.rate, Rate { requests, window })
            }
            "times" => once(&mut self.times, count(value)?),
            "every" => {
                let n = count(value)?;
                if n < 2 {
                    return Err(
                        "expected 2 or more; without every=, the fault applies to every request"
                            .to_owned(),
                    );
                }
                once(&mut self.every, n)
            }
            _ => Err(
                "unknown setting; expected retry-after=, body=, delay=, drop=, apply=, \
                 licenses=, rate=, times= or every="
                    .to_owned(),
            ),
        }
    }

    fn check(&self) -> Result<(), &'static str> {
        if self.status.is_none() && self.rate.is_none() {
            if self.retry_after.is_some() {
                return Err("retry-after= requires a status such as 503, or rate=");
            }
            if self.body.is_some() {
                return Err("body= requires a status such as 502, or rate=");
            }
        }
        let modifies = self.apply.is_some() || self.licenses_dropped || !self.delay.is_zero();
        if !self.decides_response() && !modifies {
            return Err(
                "no effect given; add a status, or one of delay=, drop=, apply=, \
                 licenses=, rate=",
            );
        }
        if self.rate.is_some() && self.every.is_some() {
            return Err("rate= and every= cannot be combined; use two faults");
        }
        if self.rate.is_some() && self.drop.is_some() {
            return Err("rate= and drop= cannot be combined; use two faults");
        }
        if self.drop == Some(DropAt::Head) && self.status.is_some() {
            return Err("drop=head sends no status; remove one of them, or use drop=body");
        }
        let is_read = !routes::ROUTES.iter().any(|route| {
            route.action == Action::Update
                && self.method.as_ref().is_none_or(|m| *m == route.method)
                && self
                    .path
                    .as_deref()
                    .is_none_or(|path| routes::template_of(path) == Some(route.template))
        });
        if is_read && (self.apply.is_some() || self.licenses_dropped) {
            return Err("apply= and licenses= apply to updates only");
        }
        Ok(())
    }
}

fn once<T>(slot: &mut Option<T>, value: T) -> Result<(), String> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err("given twice".to_owned()),
    }
}

fn count(text: &str) -> Result<u64, String> {
    text.parse()
        .ok()
        .filter(|n| *n > 0)
        .ok_or_else(|| "expected a number from 1".to_owned())
}

fn duration(text: &str) -> Result<Duration, String> {
    let form = || "expected a time such as 250ms, 2s or 1m".to_owned();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number: u64 = text
        .strip_suffix(unit)
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(form)?;
    let duration = match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        _ => None,
    };
    // A day: longer than any test waits, and far below an overflow of the clock.
    duration
        .filter(|duration| !duration.is_zero() && *duration <= Duration::from_secs(86_400))
        .ok_or_else(form)
}

fn format_duration(duration: Duration) -> String {
    if duration.subsec_nanos() == 0 {
        format!("{}s", duration.as_secs())
    } else {
        format!("{}ms", duration.as_millis())
    }
}
