//! The log of `-v`: the client's `tracing` events, one line each, in the style of curl. The events
//! contain no secrets and no personal data, and nothing is added here.

use std::fmt::{self, Debug, Write as _};

use anstyle::{AnsiColor, Style};
use people_sdk::escape_invisible;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::stderr::{Messages, eprint_json, eprint_styled};

/// The crate whose events are shown. Events of others could contain anything.
const TARGET: &str = "people_sdk";

/// The client's span of one attempt.
const ATTEMPT: &str = "people_sdk.attempt";

const GREY: Style = AnsiColor::BrightBlack.on_default();
const BOLD: Style = Style::new().bold();

/// Shows the client's events on standard error from now on.
/// `with_ids` adds the ids of people and the query, which the client's events leave out.
pub(crate) fn start(messages: Messages, with_ids: bool) {
    let subscriber = tracing_subscriber::registry().with(Lines { messages, with_ids });
    // Fails if there is a subscriber already, which is never the case here.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Writes events as lines.
struct Lines {
    messages: Messages,
    with_ids: bool,
}

/// The span of this program around the calls for one person.
const PERSON: &str = "people_cli.person";

/// A span around calls for the person with this id, all with this query.
pub(crate) fn person_span(id: &str, query: &str) -> tracing::Span {
    tracing::info_span!(PERSON, id, query)
}

/// The fields of a [`person_span`].
struct PersonFields(Fields);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    /// The start of an attempt is a request.
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else {
            return;
        };
        if self.with_ids && span.name() == PERSON {
            let fields = Fields::of(|fields| attributes.record(fields));
            span.extensions_mut().insert(PersonFields(fields));
        }
        if !is_attempt(&span) {
            return;
        }
        let sent = Fields::of(|fields| attributes.record(fields));
        let attempt = match sent.get("attempt") {
            "1" => String::new(),
            attempt => format!(", attempt {attempt}"),
        };
        self.write(format_args!(
            "{GREY}>{GREY:#} {BOLD}{} {}{BOLD:#} {GREY}({}:{}{attempt}){GREY:#}",
            sent.get("http.request.method"),
            path(sent.get("url.template"), &span),
            sent.get("server.address"),
            sent.get("server.port"),
        ));
        span.extensions_mut().insert(Fields::default());
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else {
            return;
        };
        if let Some(received) = span.extensions_mut().get_mut::<Fields>() {
            values.record(received);
        }
    }

    /// An event within an attempt is its end, when its response has been recorded. Outside of one,
    /// the end of a call adds nothing to that.
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if !event.metadata().target().starts_with(TARGET) {
            return;
        }
        let fields = Fields::of(|fields| event.record(fields));
        if let Some(span) = context.event_span(event).filter(is_attempt) {
            let extensions = span.extensions();
            if let Some(received) = extensions.get::<Fields>() {
                self.response(received);
            }
        } else if *event.metadata().level() <= Level::INFO {
            let message = fields.get("message");
            self.write(format_args!("{GREY}* {message}{}{GREY:#}", fields.rest()));
        }
    }
}

impl Lines {
    fn write(&self, line: fmt::Arguments<'_>) {
        match self.messages {
            Messages::Text => eprint_styled(line),
            Messages::Json => {
                let line = line.to_string();
                let line = anstream::adapter::strip_str(&line).to_string();
                eprint_json(&serde_json::json!({ "log": line }));
            }
        }
    }

    fn response(&self, received: &Fields) {
        let answer = match received.get("http.response.status_code") {
            "" => received.get("error.type"),
            status => status,
        };
        let tracking_id = match received.get("tracking_id") {
            "" => String::new(),
            id => format!("tracking id {id}, "),
        };
        self.write(format_args!(
            "{GREY}<{GREY:#} {BOLD}{answer}{BOLD:#} {GREY}({tracking_id}{} ms){GREY:#}",
            received.get("duration_ms"),
        ));
    }
}

/// The path of a request: with the id in place of the parameter, and with the query, if they are
/// shown.
fn path<'a, S: LookupSpan<'a>>(template: &str, attempt: &SpanRef<'a, S>) -> String {
    for span in attempt.scope() {
        let extensions = span.extensions();
        let Some(PersonFields(person)) = extensions.get::<PersonFields>() else {
            continue;
        };
        let mut path = match (template.find('{'), template.find('}')) {
            (Some(start), Some(end)) => {
                let id = person.get("id");
                format!("{}{id}{}", &template[..start], &template[end + 1..])
            }
            _ => template.to_owned(),
        };
        if !person.get("query").is_empty() {
            path.push('?');
            path.push_str(person.get("query"));
        }
        return path;
    }
    template.to_owned()
}

fn is_attempt<'a, S: LookupSpan<'a>>(span: &SpanRef<'a, S>) -> bool {
    let metadata = span.metadata();
    metadata.target().starts_with(TARGET) && metadata.name() == ATTEMPT
}

/// The fields of a span or an event, as text that is safe to show, in their order.
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

    /// All but the message.
    fn rest(&self) -> String {
        let mut text = String::new();
        for (name, value) in self.0.iter().filter(|(name, _)| *name != "message") {
            let separator = if text.is_empty() { ": " } else { ", " };
            let _ = write!(text, "{separator}{} {value}", name.replace('_', " "));
        }
        text
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0
            .push((field.name(), escape_invisible(value).into_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = format!("{value:?}");
        self.0
            .push((field.name(), escape_invisible(&text).into_owned()));
    }
}
