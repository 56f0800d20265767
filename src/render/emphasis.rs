//! Lets emphasis end and begin next to Chinese punctuation, which CommonMark's rule of flanking runs forbids.
//!
//! `**历经10年发展，**年` is no emphasis to a parser that asks for a letter before the closing stars. While the parser
//! reads, punctuation next to stars stands in as a letter of the same length, and is put back in what it hands out.

use super::names::is_cjk;
use std::borrow::Cow;

/// Punctuation of Chinese text and what stands in for it. All are three bytes long, so that places stay.
const FULL: [(char, char); 36] = [
    ('，', '\u{e000}'), ('。', '\u{e001}'), ('、', '\u{e002}'), ('；', '\u{e003}'), ('：', '\u{e004}'), ('？', '\u{e005}'),
    ('！', '\u{e006}'), ('（', '\u{e007}'), ('）', '\u{e008}'), ('「', '\u{e009}'), ('」', '\u{e00a}'), ('『', '\u{e00b}'),
    ('』', '\u{e00c}'), ('《', '\u{e00d}'), ('》', '\u{e00e}'), ('〈', '\u{e00f}'), ('〉', '\u{e010}'), ('【', '\u{e011}'),
    ('】', '\u{e012}'), ('“', '\u{e013}'), ('”', '\u{e014}'), ('‘', '\u{e015}'), ('’', '\u{e016}'), ('…', '\u{e017}'),
    ('—', '\u{e018}'), ('～', '\u{e019}'), ('［', '\u{e01a}'), ('］', '\u{e01b}'), ('％', '\u{e01c}'), ('＂', '\u{e01d}'),
    ('〔', '\u{e01e}'), ('〕', '\u{e01f}'), ('〖', '\u{e020}'), ('〗', '\u{e021}'), ('．', '\u{e022}'), ('・', '\u{e023}'),
];
/// ASCII punctuation next to Chinese, and control characters that no file may contain.
const HALF: [(char, char); 8] = [
    (')', '\u{1}'), ('(', '\u{2}'), ('"', '\u{3}'), ('\'', '\u{4}'), (',', '\u{5}'), ('.', '\u{6}'), ('%', '\u{7}'), (':', '\u{8}'),
];

fn stand_in(c: char) -> Option<char> {
    FULL.iter().chain(&HALF).find(|(p, _)| *p == c).map(|(_, s)| *s)
}

fn original(c: char) -> Option<char> {
    FULL.iter().chain(&HALF).find(|(_, s)| *s == c).map(|(p, _)| *p)
}

/// The text with stand-ins where they are needed, and whether there are any.
#[must_use]
pub fn protect(text: &str) -> (Cow<'_, str>, bool) {
    let unneeded = text.is_ascii() || !text.contains(['*', '~']);
    if unneeded || text.chars().any(|c| original(c).is_some()) {
        return (Cow::Borrowed(text), false);
    }
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut out: Vec<char> = chars.iter().map(|c| c.1).collect();
    let mut any = false;
    let mut i = 0;
    while i < chars.len() {
        if !matches!(chars[i].1, '*' | '~') {
            i += 1;
            continue;
        }
        let start = i;
        while i < chars.len() && chars[i].1 == chars[start].1 {
            i += 1;
        }
        let (before, after) = (start.checked_sub(1), (i < chars.len()).then_some(i));
        let at = |k: Option<usize>| k.map_or(' ', |k| chars[k].1);
        for (own, other) in [(before, at(after)), (after, at(before))] {
            let (Some(k), c) = (own, at(own)) else { continue };
            // The bracket that closes a link is syntax, not text.
            let closes_link = c == ')' && chars[..k].iter().rposition(|c| c.1 == '(').is_some_and(|p| p > 0 && chars[p - 1].1 == ']');
            if closes_link {
                continue;
            }
            let wanted = if c.is_ascii() { is_cjk(other) } else { other.is_alphanumeric() || stand_in(other).is_some() };
            if let (true, Some(s)) = (wanted, stand_in(c)) {
                out[k] = s;
                any = true;
            }
        }
    }
    if any { (Cow::Owned(out.into_iter().collect()), true) } else { (Cow::Borrowed(text), false) }
}

/// Puts back what stood in; `None` when nothing did.
#[must_use]
pub fn restore(text: &str) -> Option<String> {
    text.chars().any(|c| original(c).is_some()).then(|| text.chars().map(|c| original(c).unwrap_or(c)).collect())
}
