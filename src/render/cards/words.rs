//! A text as it can be drawn: what no font has is left out, and told. Draws nothing.

use super::faces::{Faces, Voice};
use unicode_normalization::UnicodeNormalization;

/// A text that fonts have every letter of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    /// The text.
    pub(super) text: String,
    /// What is not in it, each once.
    pub(super) missing: Vec<char>,
    /// How many letters and digits were left out.
    pub(super) lost: usize,
    /// How many are in it.
    pub(super) kept: usize,
}

/// What stands where letters are missing: a name that is left out without a word would make another text of it.
const GAP: char = '…';

/// Fits a text to the fonts. A run of letters that none has becomes an ellipsis, a sign that none has is left out, and
/// what has no shape of its own (controls, marks of direction) goes without a word.
pub(super) fn fit(faces: &Faces, voice: Voice, text: &str) -> Fit {
    let mut fit = Fit { text: String::with_capacity(text.len()), missing: Vec::new(), lost: 0, kept: 0 };
    for c in text.nfc() {
        if c.is_whitespace() && c != '\u{a0}' && c != '\u{202f}' || c.is_control() {
            if !fit.text.is_empty() && !fit.text.ends_with(' ') {
                fit.text.push(' ');
            }
        } else if is_shapeless(c) {
        } else if faces.has(voice, c) {
            fit.text.push(c);
            fit.kept += usize::from(c.is_alphanumeric());
        } else {
            if !fit.missing.contains(&c) {
                fit.missing.push(c);
            }
            if c.is_alphanumeric() {
                fit.lost += 1;
                if !fit.text.ends_with(GAP) {
                    fit.text.push(GAP);
                }
            }
        }
    }
    fit.text.truncate(fit.text.trim_end().len());
    fit
}

/// Marks of direction, joiners, selectors of a variant, tags: nothing to be seen.
fn is_shapeless(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The words of an id, for a name that cannot be drawn: `china-mobile` is China Mobile.
pub(super) fn spelled(id: &str) -> String {
    let word = |w: &str| w[..1].to_uppercase() + &w[1..];
    id.split('-').filter(|w| !w.is_empty()).map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_font_has_is_told_and_never_drawn() {
        let faces = Faces::new(std::iter::empty());
        for (text, fits, missing) in [
            ("Nokia & <Xiaomi>", "Nokia & <Xiaomi>", ""),
            ("中国移动", "中国移动", ""),
            ("Deal 🚀 done", "Deal done", "🚀"),
            ("Nokia signs with 삼성 today", "Nokia signs with … today", "삼성"),
            ("a\u{0}b\u{202e}c\u{200f}\td", "a bc d", ""),
            ("شركة", "…", "شركة"),
            ("  ", "", ""),
            ("Socie\u{301}te\u{301}", "Société", ""),
        ] {
            let fit = fit(&faces, Voice::Display, text);
            assert_eq!((fit.text.as_str(), fit.missing.iter().collect::<String>().as_str()), (fits, missing), "{text}");
            assert!(fit.text.chars().all(|c| faces.has(Voice::Display, c)), "{text}");
        }
        assert_eq!(spelled("china-mobile-4"), "China Mobile 4");
    }
}
