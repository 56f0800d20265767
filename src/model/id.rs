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
    let mut slug = Slug { text: String::with_capacity(text.len()), gap: false };
    if text.is_ascii() {
        text.bytes().for_each(|b| slug.take(char::from(b)));
    } else {
        text.nfc().for_each(|c| slug.take(c));
    }
    slug.text
}

/// A slug that is being written.
struct Slug {
    text: String,
    /// Whether what comes next is another word.
    gap: bool,
}

impl Slug {
    fn take(&mut self, c: char) {
        match c {
            '+' => self.words("-plus-"),
            '#' => self.words("-sharp-"),
            '&' => self.words("-and-"),
            '%' => self.words("-percent-"),
            c if c.is_ascii() => self.letter(c),
            c => self.foreign(c),
        }
    }

    fn foreign(&mut self, c: char) {
        use pinyin::ToPinyin;
        if let Some(p) = c.to_pinyin() {
            self.gap = true;
            self.words(&p.plain().replace('ü', "u"));
            self.gap = true;
        } else {
            self.words(deunicode::deunicode_char(c).unwrap_or(" "));
        }
    }

    fn words(&mut self, piece: &str) {
        piece.chars().for_each(|c| self.letter(c));
    }

    fn letter(&mut self, c: char) {
        if c.is_ascii_alphanumeric() {
            if self.gap && !self.text.is_empty() {
                self.text.push('-');
            }
            self.gap = false;
            self.text.push(c.to_ascii_lowercase());
        } else if !matches!(c, '\'' | '’') {
            self.gap = true;
        }
    }
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
