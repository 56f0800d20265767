//! Sentences and words of plain text, for the checks of prose. Knows no deals.

use std::ops::Range;

/// Sentences of a paragraph, in English and Chinese.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (i, b) in text.bytes().enumerate() {
        let end = match b {
            b'.' | b'!' | b'?' if text[i + 1..].starts_with(char::is_whitespace) => i + 1,
            // What the first bytes of Chinese punctuation can be.
            0xe3 | 0xef if text[i..].starts_with(['。', '！', '？']) => i + 3,
            _ => continue,
        };
        out.push(start..end);
        start = end;
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
