//! Sentences and words of plain text, for the checks of prose. Knows no deals.

use memchr::{memchr2_iter, memchr3_iter};
use std::ops::Range;

/// Sentences of a paragraph, in English and Chinese.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let latin = memchr3_iter(b'.', b'!', b'?', bytes).map(|i| (i, 1));
    // What the first bytes of Chinese punctuation can be.
    let chinese =
        memchr2_iter(0xe3, 0xef, bytes).filter(|i| text[*i..].starts_with(['。', '！', '？'])).map(|i| (i, 3));
    let mut marks: Vec<(usize, usize)> = chinese.collect();
    let is_mixed = !marks.is_empty();
    marks.extend(latin.filter(|(i, _)| text[i + 1..].starts_with(char::is_whitespace)));
    if is_mixed {
        marks.sort_unstable();
    }
    let mut out = Vec::with_capacity(marks.len() + 1);
    let mut start = 0;
    for (at, length) in marks {
        out.push(start..at + length);
        start = at + length;
    }
    if start < text.len() {
        out.push(start..text.len());
    }
    out
}

/// The first byte of the first Chinese character; those of all that come after it are the same or higher.
pub const CHINESE: u8 = 0xe3;

/// The highest byte of a text, which tells what it can hold: all bytes are looked at in a few steps.
pub fn highest(text: &str) -> u8 {
    text.bytes().fold(0, u8::max)
}

/// Whether a text can hold a Chinese word.
pub fn may_be_chinese(text: &str) -> bool {
    highest(text) >= CHINESE
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
