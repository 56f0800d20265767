//! Sentences and words of plain text, for the checks of prose. Knows no deals.

use std::ops::Range;

/// Sentences of a paragraph, in English and Chinese.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let ends = match c {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' => chars.peek().is_some_and(|(_, n)| n.is_whitespace()),
            _ => false,
        };
        if ends {
            out.push(start..i + c.len_utf8());
            start = i + c.len_utf8();
        }
    }
    if start < text.len() {
        out.push(start..text.len());
    }
    out
}

/// Whether one of the words stands in a text that is in small letters.
pub fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|w| text.contains(w))
}

/// Whether a word that ends a text begins at the edge of a word.
pub fn word_end(before: &str, word: &str) -> bool {
    let rest = &before[..before.len() - word.len()];
    rest.chars().next_back().is_none_or(|c| !c.is_alphanumeric())
}

/// The last characters of a text.
pub fn last(text: &str, chars: usize) -> &str {
    text.char_indices().rev().nth(chars).map_or(text, |(i, _)| &text[i..])
}
