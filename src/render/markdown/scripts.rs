//! Which parts of a text are in Chinese characters, for those who listen to it: they have to be told.

use pulldown_cmark::{CowStr, Event};

/// Whether a character is Chinese, or punctuation that stands among such.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{3ffff}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
}

/// Whether a language is written in Chinese characters itself.
pub fn has_them(language: &str) -> bool {
    ["zh", "ja", "ko"].contains(&language.split('-').next().unwrap_or_default())
}

/// A text in parts, each with whether it is Chinese.
pub(super) fn parts(text: &str) -> Vec<(bool, &str)> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is = is_chinese(first);
        let (part, after) = rest.split_at(rest.find(|c| is_chinese(c) != is).unwrap_or(rest.len()));
        all.push((is, part));
        rest = after;
    }
    all
}

/// Words as they are; what is Chinese says so where it is `foreign`.
pub(super) fn say<'p>(text: CowStr<'p>, foreign: bool, out: &mut Vec<Event<'p>>) {
    if !foreign || !text.contains(is_chinese) {
        out.push(Event::Text(text));
        return;
    }
    for (is_chinese, part) in parts(&text) {
        let words = Event::Text(part.to_owned().into());
        if is_chinese {
            out.extend([Event::InlineHtml("<span lang=\"zh\">".into()), words, Event::InlineHtml("</span>".into())]);
        } else {
            out.push(words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sentences::{CHINESE, highest};

    #[test]
    fn chinese_parts_are_told_from_the_others() {
        assert_eq!(parts("Nokia"), [(false, "Nokia")]);
        assert_eq!(
            parts("in 诺基亚（Nokia）."),
            [(false, "in "), (true, "诺基亚（"), (false, "Nokia"), (true, "）"), (false, ".")]
        );
        assert_eq!(parts(""), []);
        let first = |c: char| c.encode_utf8(&mut [0; 4]).as_bytes()[0];
        assert!(('\0'..=char::MAX).filter(|c| is_chinese(*c)).all(|c| first(c) >= CHINESE));
        assert_eq!((highest(""), highest("a–é"), highest("和")), (0, 0xe2, 0xe5));
        assert!(has_them("zh-Hans") && has_them("ja") && !has_them("en-GB"));
    }
}
