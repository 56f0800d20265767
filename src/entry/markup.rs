//! The addresses in raw HTML: where links and images lead. Takes time in proportion to the text, whatever it holds.

use std::ops::Range;

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// `href` of `a` and `area`, `src` of sound and film.
    Link,
    /// `src` of `img`, and whether it has an `alt`.
    Image(bool),
}

/// An address in raw HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// What it is for.
    pub used: Use,
    /// Where it stands, with the quotation marks that it has.
    pub range: Range<usize>,
    /// What it says, with the usual entities decoded.
    pub value: String,
}

/// An attribute: its name in small letters, and where its value stands, without and with quotation marks.
type Attribute = (String, Range<usize>, Range<usize>);

/// Reads tags one after the other.
struct Tags<'t> {
    text: &'t str,
    at: usize,
    /// Whether a quotation mark, `"` and `'`, may still come.
    open: [bool; 2],
}

impl Tags<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes on to where a letter is one of these, or to the end.
    fn skip_to(&mut self, is_end: impl Fn(u8) -> bool) -> Range<usize> {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        self.at += rest.iter().position(|b| is_end(*b)).unwrap_or(rest.len());
        start..self.at
    }

    /// The name and the attributes of the next tag that opens an element.
    fn next(&mut self) -> Option<(String, Vec<Attribute>)> {
        loop {
            self.at += memchr::memchr(b'<', &self.text.as_bytes()[self.at..])?;
            if self.text[self.at..].starts_with("<!--") {
                self.at += self.text[self.at..].find("-->")?;
                continue;
            }
            self.at += 1;
            if !self.peek()?.is_ascii_alphabetic() {
                continue;
            }
            let name = self.skip_to(|b| !b.is_ascii_alphanumeric());
            let name = self.text[name].to_ascii_lowercase();
            if let Some(attributes) = self.attributes() {
                return Some((name, attributes));
            }
        }
    }

    /// The attributes up to the end of a tag; `None` when this turns out to be none.
    fn attributes(&mut self) -> Option<Vec<Attribute>> {
        let mut found = Vec::new();
        loop {
            self.skip_to(|b| !b.is_ascii_whitespace() && b != b'/');
            match self.peek()? {
                b'>' => {
                    self.at += 1;
                    return Some(found);
                }
                b'<' | b'=' | b'"' | b'\'' => return None,
                _ => {}
            }
            let name = self.skip_to(|b| b.is_ascii_whitespace() || b"/=<>\"'".contains(&b));
            self.skip_to(|b| !b.is_ascii_whitespace());
            if self.peek()? != b'=' {
                continue;
            }
            self.at += 1;
            self.skip_to(|b| !b.is_ascii_whitespace());
            let whole = self.value()?;
            let quoted = self.text[whole.clone()].starts_with(['"', '\'']);
            let inner = if quoted { whole.start + 1..whole.end - 1 } else { whole.clone() };
            found.push((self.text[name].to_ascii_lowercase(), inner, whole));
        }
    }

    fn value(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let mark = self.peek()?;
        if mark != b'"' && mark != b'\'' {
            return Some(self.skip_to(|b| b.is_ascii_whitespace() || b == b'>'));
        }
        let open = &mut self.open[usize::from(mark == b'\'')];
        // One that is looked for in vain is not looked for again.
        let end = if *open { self.text[start + 1..].find(char::from(mark)) } else { None };
        *open = end.is_some();
        self.at = start + 1 + end? + 1;
        Some(start..self.at)
    }
}

/// Every address of links, images, sound and film, in order.
#[must_use]
pub fn addresses(text: &str) -> Vec<Address> {
    let mut tags = Tags { text, at: 0, open: [true, true] };
    let mut found = Vec::new();
    while let Some((name, attributes)) = tags.next() {
        let wanted: &[&str] = match name.as_str() {
            "a" | "area" => &["href"],
            "img" | "audio" | "source" | "track" => &["src"],
            "video" => &["src", "poster"],
            _ => continue,
        };
        let has_alt = attributes.iter().any(|a| a.0 == "alt");
        let used = if name == "img" { Use::Image(has_alt) } else { Use::Link };
        // Of two attributes with one name the first counts.
        for key in wanted {
            if let Some((_, inner, whole)) = attributes.iter().find(|a| a.0 == *key) {
                found.push(Address { used, range: whole.clone(), value: decoded(text[inner.clone()].trim()) });
            }
        }
    }
    found.sort_by_key(|a| a.range.start);
    found
}

/// Text with the entities that an address needs decoded.
fn decoded(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    let entities = [("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    entities.iter().fold(value.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Use, String, &str)> {
        addresses(text).into_iter().map(|a| (a.used, a.value, &text[a.range])).collect()
    }

    #[test]
    fn addresses_are_found_as_browsers_find_them() {
        let link = |value: &str, written: &'static str| vec![(Use::Link, value.to_owned(), written)];
        assert_eq!(read("<a href=\"/x/\">y</a>"), link("/x/", "\"/x/\""));
        assert_eq!(read("<A class=b\n HREF = '/x/?a=1&amp;b' >"), link("/x/?a=1&b", "'/x/?a=1&amp;b'"));
        assert_eq!(read("<a href=x.md#y>"), link("x.md#y", "x.md#y"));
        assert_eq!(read("<a title=\"<a href='no'>\" href=yes>"), link("yes", "yes"));
        assert_eq!(read("a < b <a <a href=x>"), link("x", "x"));
        assert_eq!(read("<img alt='' src=a.png/>"), [(Use::Image(true), "a.png/".to_owned(), "a.png/")]);
        assert_eq!(read("<img src='a b.png'>"), [(Use::Image(false), "a b.png".to_owned(), "'a b.png'")]);
        assert_eq!(read("<video poster=p.png src=f.mp4></video>").len(), 2);
        for nothing in
            ["<!-- <a href=x> -->", "<a>", "<abbr href=x>", "</a href=x>", "<a href=", "<a href=\"x", "<a href"]
        {
            assert_eq!(read(nothing), [], "{nothing}");
        }
    }

    #[test]
    fn no_text_takes_for_ever() {
        // With time that grows with the square of the length this would not end today.
        for piece in ["<a ", "<a \"", "<a href=\"", "<a href='x", "<!--", "<a b=<", "<a href=x", "<"] {
            assert!(addresses(&piece.repeat(1_000_000)).len() <= 500_000, "{piece}");
        }
    }
}
