//! Code that is written as text, in the layout that `render` gives to syntax. Where every word is known, text
//! costs a small part of what syntax does, which has to be made, changed and printed.

/// The longest line that is not broken, as in what is printed of syntax.
const WIDTH: usize = 89;

const INDENT: &str = "    ";

/// Lines of Rust.
#[derive(Default)]
pub(super) struct Text {
    code: String,
    /// How many blocks are open.
    depth: usize,
}

impl Text {
    pub(super) fn into_string(self) -> String {
        self.code
    }

    /// Writes a line.
    pub(super) fn line(&mut self, line: &str) {
        for _ in 0..self.depth {
            self.code.push_str(INDENT);
        }
        self.code.push_str(line);
        self.code.push('\n');
    }

    /// Writes a line that opens a block.
    pub(super) fn open(&mut self, line: &str) {
        self.line(line);
        self.depth += 1;
    }

    /// Writes the line that closes a block.
    pub(super) fn close(&mut self, line: &str) {
        self.end();
        self.line(line);
    }

    /// Ends what [`open`](Self::open) began, without a line of its own.
    pub(super) fn end(&mut self) {
        self.depth -= 1;
    }

    /// Writes lines of documentation, each of which is empty or begins with a space.
    pub(super) fn docs(&mut self, lines: &[impl AsRef<str>]) {
        for line in lines {
            self.line(&format!("///{}", line.as_ref()));
        }
    }

    /// Writes `start`, a list and `end` on one line, or each item on its own.
    pub(super) fn list(&mut self, start: &str, items: &[impl AsRef<str>], end: &str) {
        let mut line = start.to_owned();
        for (index, item) in items.iter().enumerate() {
            line.push_str(if index == 0 { "" } else { ", " });
            line.push_str(item.as_ref());
        }
        line.push_str(end);
        if items.is_empty() || self.fits(&line) {
            self.line(&line);
            return;
        }
        self.open(start);
        for item in items {
            self.line(&format!("{},", item.as_ref()));
        }
        self.close(end);
    }

    /// Writes a list as [`list`](Self::list) does, whose `end` opens a block.
    pub(super) fn open_list(&mut self, start: &str, items: &[impl AsRef<str>], end: &str) {
        self.list(start, items, end);
        self.depth += 1;
    }

    /// Writes `start` and calls of methods on one line, or each call on its own.
    pub(super) fn calls(&mut self, start: &str, calls: &[&str]) {
        let line = format!("{start}{}", calls.concat());
        if self.fits(&line) {
            self.line(&line);
            return;
        }
        self.open(start);
        for call in calls {
            self.line(call);
        }
        self.end();
    }

    fn fits(&self, line: &str) -> bool {
        self.depth * INDENT.len() + line.chars().count() <= WIDTH
    }
}

/// A literal of Rust.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text is laid out as the printer lays out syntax, so that a reader meets one layout.
    #[test]
    fn text_has_the_layout_of_what_is_printed_of_syntax() {
        let mut text = Text::default();
        text.open("impl A {");
        text.docs(&[" A `b`."]);
        let long = "value: impl Into<Option<types::AnUnusuallyLongNameOfASchemaThatFillsALine>>";
        text.open_list("pub fn a(", &["mut self", "value: b"], ") -> Self {");
        text.line("self");
        text.close("}");
        text.open_list("pub fn b(", &["mut self", long], ") -> Self {");
        text.calls("value", &[".try_into()", ".map(Some)"]);
        text.close("}");
        text.open_list("pub fn c(", &["mut self"], ") -> Self {");
        let message = format!(".map_err(|_| {}.to_owned())", literal(&"long ".repeat(9)));
        text.calls("value", &[".try_into()", &message]);
        text.close("}");
        text.close("}");
        let text = text.into_string();
        let syntax = syn::parse_file(&text).unwrap();
        assert_eq!(text, prettyplease::unparse(&syntax));
    }
}
