//! What `-v` shows: the client's `tracing` events, one line each, in the way of curl. The events
//! hold no secret and no personal value, and this adds none.

use std::fmt::{Debug, Write as _};

use anstyle::{AnsiColor, Style};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::exit::say;

/// The crate whose events are shown. Others could hold anything.
const TARGET: &str = "people_sdk";

/// Shows the client's events on standard error from now on.
pub(crate) fn start() {
    let subscriber = tracing_subscriber::registry().with(Lines);
    // There is one subscriber in this process, and this is it.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

struct Lines;

/// What is kept of a call: the request line.
struct RequestLine(String);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let (Some(span), true) = (
            context.span(id),
            attributes.metadata().target().starts_with(TARGET),
        ) else {
            return;
        };
        let fields = Fields::of(|fields| attributes.record(fields));
        let line = format!(
            "{} {}",
            fields.get("http.request.method"),
            fields.get("url.template"),
        );
        span.extensions_mut().insert(RequestLine(line));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if !event.metadata().target().starts_with(TARGET) {
            return;
        }
        let fields = Fields::of(|fields| event.record(fields));
        let request = context.event_span(event).and_then(|span| {
            let extensions = span.extensions();
            extensions.get::<RequestLine>().map(|line| line.0.clone())
        });
        let grey = AnsiColor::BrightBlack.on_default();
        match fields.get("message") {
            "sending" => {
                let bold = Style::new().bold();
                let attempt = match fields.get("attempt") {
                    "1" => String::new(),
                    attempt => format!(" {grey}(attempt {attempt}){grey:#}"),
                };
                say(format_args!(
                    "{grey}>{grey:#} {bold}{}{bold:#}{attempt}",
                    request.unwrap_or_default()
                ));
            }
            "answered" => {
                let bold = Style::new().bold();
                say(format_args!(
                    "{grey}<{grey:#} {bold}{}{bold:#}{grey}{}{grey:#}",
                    fields.get("status"),
                    fields.list(&["message", "status"], ", "),
                ));
            }
            message => say(format_args!(
                "{grey}* {message}{}{grey:#}",
                fields.list(&["message"], ": ")
            )),
        }
    }
}

/// The fields of a span or an event, as text, in their order.
#[derive(Default)]
struct Fields(Vec<(&'static str, String)>);

impl Fields {
    fn of(record: impl FnOnce(&mut Self)) -> Self {
        let mut fields = Self::default();
        record(&mut fields);
        fields
    }

    fn get(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(field, _)| *field == name);
        field.map_or("", |(_, value)| value)
    }

    /// All but some, after `first`.
    fn list(&self, but: &[&str], first: &str) -> String {
        let mut text = String::new();
        for (name, value) in self.0.iter().filter(|(name, _)| !but.contains(name)) {
            let separator = if text.is_empty() { first } else { ", " };
            let name = name.replace('_', " ");
            let _ = write!(text, "{separator}{name} {value}");
        }
        text
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push((field.name(), format!("{value:?}")));
    }
}
