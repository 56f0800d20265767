//! Lets emphasis end and begin next to Chinese punctuation, which `CommonMark`'s rule of flanking runs forbids.
//!
//! `**历经10年发展，**年` is no emphasis to a parser that asks for a letter before the closing stars. While the parser
//! reads, punctuation next to stars stands in as a letter of the same length, and is put back in what it hands out.

use super::names::is_cjk;
use std::borrow::Cow;

/// Punctuation of Chinese text and what stands in for it. All are three bytes long, so that places stay.
const FULL: [(char, char); 36] = [
    ('，', '\u{e000}'),
    ('。', '\u{e001}'),
    ('、', '\u{e002}'),
    ('；', '\u{e003}'),
    ('：', '\u{e004}'),
    ('？', '\u{e005}'),
    ('！', '\u{e006}'),
    ('（', '\u{e007}'),
    ('）', '\u{e008}'),
    ('「', '\u{e009}'),
    ('」', '\u{e00a}'),
    ('『', '\u{e00b}'),
    ('』', '\u{e00c}'),
    ('《', '\u{e00d}'),
    ('》', '\u{e00e}'),
    ('〈', '\u{e00f}'),
    ('〉', '\u{e010}'),
    ('【', '\u{e011}'),
    ('】', '\u{e012}'),
    ('“', '\u{e013}'),
    ('”', '\u{e014}'),
    ('‘', '\u{e015}'),
    ('’', '\u{e016}'),
    ('…', '\u{e017}'),
    ('—', '\u{e018}'),
    ('～', '\u{e019}'),
    ('［', '\u{e01a}'),
    ('］', '\u{e01b}'),
    ('％', '\u{e01c}'),
    ('＂', '\u{e01d}'),
    ('〔', '\u{e01e}'),
    ('〕', '\u{e01f}'),
    ('〖', '\u{e020}'),
    ('〗', '\u{e021}'),
    ('．', '\u{e022}'),
    ('・', '\u{e023}'),
];
/// ASCII punctuation next to Chinese, and control characters that no file may contain.
const HALF: [(char, char); 8] = [
    (')', '\u{1}'),
    ('(', '\u{2}'),
    ('"', '\u{3}'),
    ('\'', '\u{4}'),
    (',', '\u{5}'),
    ('.', '\u{6}'),
    ('%', '\u{7}'),
    (':', '\u{8}'),
];

fn stand_in(c: char) -> Option<char> {
    FULL.iter().chain(&HALF).find(|(p, _)| *p == c).map(|(_, s)| *s)
}

fn original(c: char) -> Option<char> {
    FULL.iter().chain(&HALF).find(|(_, s)| *s == c).map(|(p, _)| *p)
}

/// How far back a closing bracket looks for the one that opened it, in bytes.
const LINK: usize = 4096;

/// The text with stand-ins where they are needed, and whether there are any.
#[must_use]
pub fn protect(text: &str) -> (Cow<'_, str>, bool) {
    if text.is_ascii() {
        return (Cow::Borrowed(text), false);
    }
    let mut changes: Vec<(usize, char, char)> = Vec::new();
    let mut from = 0;
    while let Some(start) = memchr::memchr2(b'*', b'~', &text.as_bytes()[from..]).map(|i| from + i) {
        let star = text.as_bytes()[start];
        let end = start + text.as_bytes()[start..].iter().take_while(|b| **b == star).count();
        from = end;
        let (before, after) = (text[..start].chars().next_back(), text[end..].chars().next());
        let places = [(before, after, start - before.map_or(0, char::len_utf8)), (after, before, end)];
        for (own, other, at) in places {
            let (Some(c), other) = (own, other.unwrap_or(' ')) else { continue };
            let wanted =
                if c.is_ascii() { is_cjk(other) } else { other.is_alphanumeric() || stand_in(other).is_some() };
            if let (true, Some(s)) = (wanted, stand_in(c)) {
                // The bracket that closes a link is syntax, not text.
                if !(c == ')' && closes_link(&text[..at])) {
                    changes.push((at, c, s));
                }
            }
        }
    }
    if changes.is_empty() || text.chars().any(|c| original(c).is_some()) {
        return (Cow::Borrowed(text), false);
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, old, new) in changes {
        // One character between two runs of stars is wanted twice.
        if at >= done {
            out.push_str(&text[done..at]);
            out.push(new);
            done = at + old.len_utf8();
        }
    }
    out.push_str(&text[done..]);
    (Cow::Owned(out), true)
}

fn closes_link(before: &str) -> bool {
    let mut from = before.len().saturating_sub(LINK);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    before[from..].rfind('(').is_some_and(|open| before[..from + open].ends_with(']'))
}

/// Puts back what stood in; `None` when nothing did.
#[must_use]
pub fn restore(text: &str) -> Option<String> {
    text.chars().any(|c| original(c).is_some()).then(|| text.chars().map(|c| original(c).unwrap_or(c)).collect())
}
