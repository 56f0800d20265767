//! The Markdown twin of a page: headline, facts, text, corrections and sources. Pure.

use crate::pages::TwinView;
use std::fmt::Write as _;

/// A text in which nothing is a mark of Markdown, on one line.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// A twin with its text, which is Markdown already.
#[must_use]
pub fn print(twin: &TwinView<'_>, text: &str) -> String {
    // Writing to memory does not fail, here and below.
    let mut out = format!("# {}\n", escape(&twin.title));
    if !twin.description.is_empty() {
        let _ = write!(out, "\n{}\n", escape(twin.description));
    }
    let _ = write!(out, "\n- {}: <{}>\n", twin.words.text("twin-page"), twin.page);
    for (label, text) in &twin.facts {
        let _ = writeln!(out, "- {label}: {}", escape(&text.replace('\u{a0}', " ")));
    }
    for (label, text) in &twin.corrections {
        let _ = write!(out, "\n> {}: {}\n", escape(&label.replace('\u{a0}', " ")), escape(text));
    }
    if !text.trim().is_empty() {
        let _ = write!(out, "\n{}\n", text.trim());
    }
    if !twin.sources.is_empty() {
        let _ = write!(out, "\n## {}\n\n", twin.words.text("sources"));
        for s in &twin.sources {
            let title = s.title.map_or(String::new(), |t| format!(": {}", escape(t)));
            let date = s.date.as_ref().map_or(String::new(), |d| format!(", {}", d.iso));
            let url = s.url.map_or(String::new(), |u| format!(", <{u}>"));
            let _ = writeln!(out, "- {}, {}{title}{date}{url}", escape(s.publisher), s.label);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_marks() {
        assert_eq!(escape("a_b [c](d) *e* <f>\n# 诺基亚"), "a\\_b \\[c\\](d) \\*e\\* \\<f\\> \\# 诺基亚");
    }
}
