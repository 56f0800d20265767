//! Text -> the terms by which it is found: folded words, and pairs of characters where there are no spaces. Pure.
//!
//! `static/search.js` takes queries apart by the same rules; tests/browser/search.rs holds the two together.

use crate::render::names::is_cjk;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest term, in characters; what is longer is cut.
const LONGEST: usize = 24;

/// Calls back with each term of a text, in order.
pub fn each(text: &str, mut take: impl FnMut(&str)) {
    let text = fold(text);
    if text.is_ascii() {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
        return words.for_each(|w| take(&w[..w.len().min(LONGEST)]));
    }
    let mut word = String::new();
    let mut before: Option<char> = None;
    for c in text.chars().chain([' ']) {
        let is_part = c.is_alphanumeric();
        if is_part && is_cjk(c) {
            end(&mut word, &mut take);
            if let Some(first) = before {
                word.extend([first, c]);
                end(&mut word, &mut take);
            }
            before = Some(c);
            continue;
        }
        // The last character of a run also stands alone, so that a query of one finds it at its end.
        if let Some(last) = before.take() {
            word.push(last);
            end(&mut word, &mut take);
        }
        if is_part {
            word.push(c);
        } else {
            end(&mut word, &mut take);
        }
    }
}

fn end(word: &mut String, take: &mut impl FnMut(&str)) {
    if !word.is_empty() {
        if word.len() > LONGEST
            && let Some((at, _)) = word.char_indices().nth(LONGEST)
        {
            word.truncate(at);
        }
        take(word);
        word.clear();
    }
}

/// A text in small letters, without accents and other spellings of the same characters.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let ascii = rest.find(|c: char| !c.is_ascii()).unwrap_or(rest.len());
        out.push_str(&rest[..ascii]);
        let other = &rest[ascii..];
        let length = other.find(|c: char| c.is_ascii()).unwrap_or(other.len());
        out.extend(other[..length].nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase));
        rest = &other[length..];
    }
    out.make_ascii_lowercase();
    out
}

/// In which of so many files a term is: what begins with the same two letters, or the same Chinese character, is together.
#[must_use]
pub fn piece(term: &str, pieces: usize) -> usize {
    let mut chars = term.chars();
    let first = chars.next().unwrap_or_default();
    let second = if is_cjk(first) { None } else { chars.next() };
    (first as usize * 31 + second.map_or(0, |c| c as usize)) % pieces.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fall_into_terms() {
        let cases: [(&str, &[&str]); 7] = [
            ("Nokia's €1.5bn", &["nokia", "s", "1", "5bn"]),
            ("Société Générale", &["societe", "generale"]),
            ("e\u{301}te\u{301} ＡＢＣ ﬁn", &["ete", "abc", "fin"]),
            ("小米科技", &["小米", "米科", "科技", "技"]),
            ("5G手机 x", &["5g", "手机", "机", "x"]),
            ("小，米", &["小", "米"]),
            ("abcdefghijklmnopqrstuvwxyz", &["abcdefghijklmnopqrstuvwx"]),
        ];
        for (text, terms) in cases {
            let mut found = Vec::new();
            each(text, |t| found.push(t.to_owned()));
            assert_eq!(found, terms, "{text}");
        }
    }

    #[test]
    fn what_begins_alike_lies_together() {
        for pieces in [1, 2, 64] {
            assert_eq!(piece("patent", pieces), piece("pa", pieces));
            assert_eq!(piece("小米", pieces), piece("小", pieces));
            assert!(piece("zz", pieces) < pieces);
        }
        assert_ne!(piece("nokia", 64), piece("xiaomi", 64));
    }
}
