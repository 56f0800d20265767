//! Markdown -> the words that a reader sees, for search: no addresses, no marks, no comments. Makes no HTML.

use super::plain::{is_open, one_line};
use super::{bounds, emphasis, options};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use std::borrow::Cow;

/// The words of a text, with spaces between its parts; nothing of one that goes beyond a bound.
#[must_use]
pub fn words(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    if bounds::too_deep(body).is_some() || bounds::too_many(body) {
        return out;
    }
    let (source, stood_in) = emphasis::protect(body);
    let mut raw = String::new();
    for event in Parser::new_ext(&source, options(false)).take(bounds::MOST) {
        match event {
            Event::Text(text) | Event::Code(text) => {
                let mended = if stood_in { emphasis::restore(&text) } else { None };
                out.push_str(&mended.map_or(Cow::Borrowed(&*text), Cow::Owned));
            }
            Event::Start(Tag::HtmlBlock) => raw.clear(),
            Event::Html(part) => raw.push_str(&part),
            Event::End(TagEnd::HtmlBlock) => {
                // What follows a comment without an end is no text.
                if is_open(&raw) {
                    return String::new();
                }
                out.extend([" ", &one_line(&raw), " "]);
            }
            Event::InlineHtml(html) if is_open(&html) => return String::new(),
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link) => {}
            Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::End(_) => {
                out.push(' ');
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_what_a_reader_sees() {
        let cases = [
            ("# Head\n\nXia**omi** [buys](https://hidden.example/x \"secret\") it", "Head Xiaomi buys it"),
            ("a <!-- secret --> b", "a b"),
            ("<!-- a\n\nsecret\n-->\n\n<div>Words of\na box.</div>\n", "Words of a box."),
            ("a\n\n<!-- never closed\n\nsecret", ""),
            ("| a | b |\n|---|---|\n| c | d |\n\n![What it shows](x.png)", "a b c d What it shows"),
            ("诺基亚**与小米**签约", "诺基亚与小米签约"),
            ("<script>let secret = 1;</script>\n\nafter", "after"),
        ];
        for (text, seen) in cases {
            let found = words(text);
            assert_eq!(found.split_whitespace().collect::<Vec<_>>().join(" "), seen, "{text}");
        }
    }
}
