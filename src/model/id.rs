//! Ids and slugs: the names things have in files and URLs. Never empty, never a path.

use std::fmt;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// The id of an entry: its file's stem, of `a-z`, `0-9` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Arc<str>);

impl Id {
    /// Reads an id; `None` when it is empty, too long (128) or has other characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        fits.then(|| Self(text.into()))
    }

    /// The text of the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A slug of a text: Chinese as pinyin, other scripts as ASCII, words joined by `-`. Empty where nothing is left.
#[must_use]
pub fn slug(text: &str) -> String {
    use pinyin::ToPinyin;
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let push = |piece: &str, out: &mut String, gap: &mut bool| {
        for c in piece.chars() {
            if c.is_ascii_alphanumeric() {
                if *gap && !out.is_empty() {
                    out.push('-');
                }
                *gap = false;
                out.push(c.to_ascii_lowercase());
            } else if !matches!(c, '\'' | '’') {
                *gap = true;
            }
        }
    };
    let mut one = |c: char| match c {
        '+' => push("-plus-", &mut out, &mut gap),
        '#' => push("-sharp-", &mut out, &mut gap),
        '&' => push("-and-", &mut out, &mut gap),
        '%' => push("-percent-", &mut out, &mut gap),
        c if c.is_ascii() => push(c.encode_utf8(&mut [0; 4]), &mut out, &mut gap),
        c => {
            if let Some(p) = c.to_pinyin() {
                gap = true;
                push(&p.plain().replace('ü', "u"), &mut out, &mut gap);
                gap = true;
            } else {
                push(deunicode::deunicode_char(c).unwrap_or(" "), &mut out, &mut gap);
            }
        }
    };
    if text.is_ascii() {
        text.chars().for_each(&mut one);
    } else {
        text.nfc().for_each(&mut one);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_of_many_scripts() {
        for (text, expected) in [
            ("Nokia & Xiaomi: patents", "nokia-and-xiaomi-patents"),
            ("C++", "c-plus-plus"),
            ("C#", "c-sharp"),
            ("诺基亚与小米", "nuo-ji-ya-yu-xiao-mi"),
            ("Zürich's Größe", "zurichs-grosse"),
            ("  --  ", ""),
            ("…", ""),
            ("Nokia小米2017", "nokia-xiao-mi-2017"),
        ] {
            assert_eq!(slug(text), expected, "{text}");
            assert!(expected.is_empty() || Id::parse(expected).is_some());
        }
    }
}
