//! Rules about what the format allows and no tool can honour, or every reader misreads.

use std::collections::{BTreeSet, HashMap, HashSet};

use people_codegen::document::node::{Node, Value, pointer_token};
use people_codegen::document::openapi_format::Kind;

use super::document::{Document, text};
use super::reporter::Reporter;

/// Fields of a schema that mean something for one type alone.
const KEYWORDS: [(&str, &[&str]); 17] = [
    ("minLength", &["string"]),
    ("maxLength", &["string"]),
    ("pattern", &["string"]),
    ("minimum", &["integer", "number"]),
    ("exclusiveMinimum", &["integer", "number"]),
    ("maximum", &["integer", "number"]),
    ("exclusiveMaximum", &["integer", "number"]),
    ("multipleOf", &["integer", "number"]),
    ("items", &["array"]),
    ("minItems", &["array"]),
    ("maxItems", &["array"]),
    ("uniqueItems", &["array"]),
    ("properties", &["object"]),
    ("additionalProperties", &["object"]),
    ("minProperties", &["object"]),
    ("maxProperties", &["object"]),
    ("required", &["object"]),
];

/// Formats that are known to be of one type.
const FORMATS: [(&str, &[&str]); 14] = [
    ("int32", &["integer"]),
    ("int64", &["integer", "number"]),
    ("float", &["number"]),
    ("double", &["number"]),
    ("byte", &["string"]),
    ("binary", &["string"]),
    ("date", &["string"]),
    ("date-time", &["string"]),
    ("password", &["string"]),
    ("email", &["string"]),
    ("hostname", &["string"]),
    ("ipv4", &["string"]),
    ("ipv6", &["string"]),
    ("uuid", &["string"]),
];

/// Methods whose body has no meaning in HTTP.
const WITHOUT_BODY: [&str; 4] = ["get", "head", "delete", "trace"];

/// In a longer list of paths, the first ones are compared.
const MAX_PATHS: usize = 5_000;

/// As many paths are named that one is ambiguous with.
const MAX_AMBIGUOUS: usize = 10;

/// A longer path is compared with no other.
const MAX_STEPS: usize = 100;

/// How deep `allOf` is followed for properties.
const MAX_DEPTH: usize = 16;

pub(super) fn keywords(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.all(Kind::Schema) {
        let kind = text(object.node, "type");
        if kind.is_empty() {
            continue;
        }
        for (name, _) in object.node.entries() {
            let known = KEYWORDS.iter().find(|(keyword, _)| *keyword == name);
            if known.is_some_and(|(_, types)| !types.contains(&kind)) {
                let message = format!(
                    "`{name}` has no effect on the type `{kind}`; remove it, or correct the type"
                );
                reporter.field(object, name, message);
            }
        }
        let format = text(object.node, "format");
        let known = FORMATS.iter().find(|(name, _)| *name == format);
        if let Some((_, types)) = known
            && !types.contains(&kind)
        {
            let message = format!(
                "the format `{format}` is of the type `{}`, and the type here is `{kind}`; correct one \
                 of the two",
                types[0]
            );
            reporter.field(object, "format", message);
        }
    }
}

pub(super) fn servers(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.objects() {
        let message = match object.kind {
            Kind::OpenApi => {
                "the list of servers is empty, which means the address of the document; list the \
                 servers, or remove the field"
            }
            Kind::PathItem | Kind::Operation => {
                "the list of servers is empty, which tools read as none or as those of the contract; \
                 list the servers, or remove the field"
            }
            _ => continue,
        };
        let servers = object.node.get("servers").and_then(Node::as_sequence);
        if servers.is_some_and(<[Node]>::is_empty) {
            reporter.field(object, "servers", message);
        }
    }
    for server in document.all(Kind::Server) {
        let url = text(server.node, "url");
        let used: BTreeSet<&str> = url
            .split('{')
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('}')?.0))
            .collect();
        let variables = server.node.get("variables");
        for name in &used {
            if variables.is_none_or(|variables| variables.get(name).is_none()) {
                let message =
                    format!("`variables` does not describe `{name}`; describe it with a default");
                reporter.field(server, "url", message);
            }
        }
        for (name, entry) in variables.into_iter().flat_map(Node::entries) {
            let pointer = format!("{}/variables/{}", server.pointer, pointer_token(name));
            if !used.contains(name) {
                let message = format!("the URL has no `{{{name}}}`; put it there, or remove it");
                reporter.add(&pointer, entry.key, message);
            }
            let listed = entry.node.get("enum").and_then(Node::as_sequence);
            let default = text(&entry.node, "default");
            if let Some(listed) = listed
                && !listed.iter().any(|item| item.as_str() == Some(default))
            {
                let message =
                    format!("the default `{default}` is not among the values of `enum`; add it");
                reporter.add(&pointer, entry.key, message);
            }
        }
    }
}

pub(super) fn duplicate_tags(document: &Document<'_>, reporter: &mut Reporter) {
    let mut seen = HashSet::new();
    for tag in document.all(Kind::Tag) {
        let name = text(tag.node, "name");
        if !seen.insert(name) {
            let message = format!("the tag `{name}` is described twice; remove one");
            reporter.object(tag, message);
        }
    }
}

pub(super) fn example_values(document: &Document<'_>, reporter: &mut Reporter) {
    for example in document.all(Kind::Example) {
        if example.node.get("value").is_some() && example.node.get("externalValue").is_some() {
            let message = "`value` and `externalValue` exclude each other; remove one";
            reporter.field(example, "externalValue", message);
        }
    }
}

/// Paths that a request can match at once, without a rule which of them is meant.
pub(super) fn ambiguous_paths(document: &Document<'_>, reporter: &mut Reporter) {
    let Some(paths) = document.root().get("paths") else {
        return;
    };
    let mut known = Steps::default();
    for (path, entry) in paths.entries().take(MAX_PATHS) {
        let steps: Vec<&str> = path.split('/').collect();
        if steps.len() > MAX_STEPS {
            continue;
        }
        let others = known.matching(&steps).into_iter();
        let others = others.filter(|other| are_ambiguous(path, other));
        for other in others.take(MAX_AMBIGUOUS) {
            let pointer = format!("/paths/{}", pointer_token(path));
            let message = format!(
                "a request can match this and `{other}`, and servers choose differently; change one of \
                 the two"
            );
            reporter.add(&pointer, entry.key, message);
        }
        known.insert(&steps, path);
    }
}

fn is_template(step: &str) -> bool {
    step.contains('{')
}

/// What a step with parameters starts and ends with.
fn fixed_ends(step: &str) -> (&str, &str) {
    let start = step.split_once('{').map_or("", |(start, _)| start);
    let end = step.rsplit_once('}').map_or("", |(_, end)| end);
    (start, end)
}

/// Whether a step with parameters stands for `word`. No parameter is empty.
fn stands_for((start, end): (&str, &str), word: &str) -> bool {
    word.len() > start.len() + end.len() && word.starts_with(start) && word.ends_with(end)
}

/// Whether two steps with parameters stand for one word.
fn meet((start, end): (&str, &str), (other_start, other_end): (&str, &str)) -> bool {
    (start.starts_with(other_start) || other_start.starts_with(start))
        && (end.ends_with(other_end) || other_end.ends_with(end))
}

/// Paths by their steps.
#[derive(Default)]
struct Steps<'a> {
    words: HashMap<&'a str, Steps<'a>>,
    /// By what the step starts and ends with.
    templates: HashMap<(&'a str, &'a str), Steps<'a>>,
    paths: Vec<&'a str>,
}

impl<'a> Steps<'a> {
    fn insert(&mut self, steps: &[&'a str], path: &'a str) {
        match steps {
            [] => self.paths.push(path),
            [step, rest @ ..] if is_template(step) => {
                let next = self.templates.entry(fixed_ends(step)).or_default();
                next.insert(rest, path);
            }
            [step, rest @ ..] => self.words.entry(step).or_default().insert(rest, path),
        }
    }

    /// The paths that match a request which these steps match.
    fn matching(&self, steps: &[&str]) -> Vec<&'a str> {
        let [step, rest @ ..] = steps else {
            return self.paths.clone();
        };
        let next: Vec<&Self> = if is_template(step) {
            let ends = fixed_ends(step);
            let words = self.words.iter();
            let words = words.filter(|(word, _)| stands_for(ends, word));
            let templates = self.templates.iter();
            let templates = templates.filter(|(other, _)| meet(ends, **other));
            words
                .map(|(_, next)| next)
                .chain(templates.map(|(_, next)| next))
                .collect()
        } else {
            let templates = self.templates.iter();
            let templates = templates.filter(|(ends, _)| stands_for(**ends, step));
            let words = self.words.get(step).into_iter();
            words.chain(templates.map(|(_, next)| next)).collect()
        };
        next.iter().flat_map(|next| next.matching(rest)).collect()
    }
}

/// Whether whatever `one` stands for, `other` stands for as well.
fn is_more_exact(one: &str, other: &str) -> bool {
    let ((start, end), (other_start, other_end)) = (fixed_ends(one), fixed_ends(other));
    start.starts_with(other_start) && end.ends_with(other_end)
}

/// Whether it is open which of two paths is meant by a request that both match.
fn are_ambiguous(one: &str, other: &str) -> bool {
    let pairs: Vec<(&str, &str)> = one.split('/').zip(other.split('/')).collect();
    let last = pairs.len() - 1;
    let mut differing = Vec::new();
    for (index, (one, other)) in pairs.into_iter().enumerate() {
        match (is_template(one), is_template(other)) {
            (true, true) if !is_more_exact(one, other) && !is_more_exact(other, one) => {
                return true;
            }
            (first, second) if first != second => differing.push((index, first)),
            _ => {}
        }
    }
    // Words come before templates; that decides only when one path is the more exact one throughout
    // and they part at their ends.
    let crossing = differing.windows(2).any(|pair| pair[0].1 != pair[1].1);
    crossing || differing.first().is_some_and(|(index, _)| *index < last)
}

pub(super) fn bodies(document: &Document<'_>, reporter: &mut Reporter) {
    for (pointer, operation) in document.operations() {
        if WITHOUT_BODY.contains(&operation.method)
            && let Some(entry) = operation.node.entry("requestBody")
        {
            let message = format!(
                "the body of a {} has no meaning in HTTP, and many clients do not send it; use another \
                 method, or parameters",
                operation.method.to_uppercase()
            );
            reporter.add(&format!("{pointer}/requestBody"), entry.key, message);
        }
    }
}

pub(super) fn discriminators(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.all(Kind::Schema) {
        let Some(discriminator) = object.node.get("discriminator") else {
            continue;
        };
        let name = text(discriminator, "propertyName");
        let lists = ["oneOf", "anyOf"].map(|word| object.node.get(word));
        let variants: Vec<&Node> = lists.into_iter().flatten().flat_map(Node::items).collect();
        if !variants.is_empty()
            && !variants
                .iter()
                .any(|variant| has_property(document, variant, name, 0))
        {
            let message = format!(
                "no variant has the property `{name}`, so that nothing can be chosen by it; add it to \
                 the variants, or correct the name"
            );
            reporter.field(object, "discriminator", message);
        }
    }
}

fn has_property<'a>(document: &Document<'a>, schema: &'a Node, name: &str, depth: usize) -> bool {
    let Some(schema) = document.contract.resolve(schema) else {
        return true;
    };
    let own = schema.get("properties");
    own.is_some_and(|own| own.get(name).is_some())
        || depth > MAX_DEPTH
        || ["allOf", "oneOf", "anyOf"].iter().any(|word| {
            let items = schema.get(word).into_iter().flat_map(Node::items);
            items
                .into_iter()
                .any(|item| has_property(document, item, name, depth + 1))
        })
}

pub(super) fn html(document: &Document<'_>, reporter: &mut Reporter) {
    for object in document.objects() {
        for name in ["description", "summary"] {
            let Some(Value::String(words)) = object.node.get(name).map(|node| &node.value) else {
                continue;
            };
            if let Some(tag) = html_tag(words) {
                let message = format!(
                    "`{tag}` is HTML, which many readers of descriptions show as it is or drop; write \
                     Markdown"
                );
                reporter.field(object, name, message);
            }
        }
    }
}

/// The first tag or comment of HTML outside code.
fn html_tag(words: &str) -> Option<&str> {
    let mut fenced = false;
    for line in words.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced || line.starts_with("    ") {
            continue;
        }
        // Code stands between backticks.
        for part in line.split('`').step_by(2) {
            for (start, _) in part.match_indices('<') {
                let found = &part[start..];
                if found.starts_with("<!--") {
                    let end = found.find("-->").map_or(found.len(), |end| end + 3);
                    return Some(&found[..end]);
                }
                let Some(end) = found.find('>') else { break };
                let inside = found[1..end].trim_start_matches('/');
                let word: String = (inside.chars())
                    .take_while(char::is_ascii_alphanumeric)
                    .collect();
                let after = inside[word.len()..].chars().next();
                let is_tag = after.is_none_or(|after| after.is_whitespace() || after == '/');
                if is_tag && TAGS.contains(&word.to_ascii_lowercase().as_str()) {
                    return Some(&found[..=end]);
                }
            }
        }
    }
    None
}

/// The elements that texts are set with. Others, such as `<title>` and `<data>`, are rather placeholders.
const TAGS: [&str; 56] = [
    "a",
    "abbr",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "iframe",
    "img",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "samp",
    "script",
    "small",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
];
