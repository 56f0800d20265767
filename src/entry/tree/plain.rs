//! YAML as front matter is nearly always written, read in one pass. Gives up on everything else, and finds nothing.
//!
//! Block mappings and lists, and on one line lists, mappings, quoted and plain scalars. Comments, escapes, scalars of
//! several lines, empty values, keys given twice and mistakes are left to the parser of all of YAML, whose tree of a text
//! is the same as the one made here.

use super::{Key, Kind, Node};
use crate::diagnostic::Span;
use memchr::memchr;

/// Most levels that are read here.
const DEEPEST: usize = 16;

/// The tree of a text; `None` says only that the whole parser has to be asked.
pub(super) fn read(text: &str, offset: usize) -> Option<Node> {
    let is_odd = if text.is_ascii() {
        text.bytes().any(|b| b < b' ' && b != b'\n' || b == 0x7f)
    } else {
        // What is white to one reader and not to the other.
        text.chars().any(|c| !matches!(c, '\n' | ' ') && (c.is_whitespace() || c.is_control() || c == '\u{feff}'))
    };
    if is_odd {
        return None;
    }
    let mut lines = Lines { text, offset, at: 0, column: None };
    lines.begin();
    if lines.column != Some(0) {
        return None;
    }
    let root = lines.map(0, DEEPEST)?;
    lines.column.is_none().then_some(root)
}

/// A text that is being read.
struct Lines<'t> {
    text: &'t str,
    /// Where it begins in the file.
    offset: usize,
    /// How far it is read.
    at: usize,
    /// How far to the right its line begins; nothing at the end of the text.
    column: Option<usize>,
}

impl Lines<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.byte() == Some(b' ') {
            self.at += 1;
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(start + self.offset, end + self.offset)
    }

    /// From the beginning of a line to the first thing that stands on it or below.
    fn begin(&mut self) {
        loop {
            let start = self.at;
            self.skip_blanks();
            self.column = Some(self.at - start);
            match self.byte() {
                Some(b'\n') => self.at += 1,
                Some(_) => return,
                None => {
                    self.column = None;
                    return;
                }
            }
        }
    }

    /// On to the next line that is not blank; nothing more may stand on this one.
    fn end_line(&mut self) -> Option<()> {
        self.skip_blanks();
        match self.byte() {
            Some(b'\n') => self.at += 1,
            Some(_) => return None,
            None => {}
        }
        self.begin();
        Some(())
    }

    /// Whether an item of a list begins here.
    fn is_item(&self) -> bool {
        self.text.as_bytes()[self.at..].starts_with(b"- ")
    }

    /// A key, and behind it a colon that is followed by a blank or the line's end.
    fn key(&mut self) -> Option<Key> {
        let rest = &self.text.as_bytes()[self.at..];
        let end = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')))?;
        if !rest[0].is_ascii_alphabetic() || rest[end] != b':' || !matches!(rest.get(end + 1), Some(b' ' | b'\n')) {
            return None;
        }
        let start = self.at;
        self.at += end + 1;
        Some(Key { name: self.text[start..start + end].to_owned(), span: self.span(start, start + end) })
    }

    /// The lines of a mapping whose keys stand in a column.
    fn map(&mut self, column: usize, left: usize) -> Option<Node> {
        let left = left.checked_sub(1)?;
        let start = self.at;
        let mut items: Vec<(Key, Node)> = Vec::new();
        loop {
            let key = self.key()?;
            if items.iter().any(|(k, _)| k.name == key.name) {
                return None;
            }
            self.skip_blanks();
            let value = if self.byte() == Some(b'\n') {
                self.end_line()?;
                match self.column {
                    // A list may stand as far to the left as the key that it belongs to.
                    Some(c) if c >= column && self.is_item() => self.list(c, c == column, left)?,
                    Some(c) if c > column => self.map(c, left)?,
                    _ => return None,
                }
            } else {
                let value = self.value(false, left)?;
                self.end_line()?;
                value
            };
            items.push((key, value));
            match self.column {
                Some(c) if c == column => {}
                // A text that goes on, or a line that belongs to nothing.
                Some(c) if c > column => return None,
                _ => break,
            }
        }
        let end = items.last()?.1.span.end;
        Some(Node { span: Span::new(start + self.offset, end), kind: Kind::Map(items) })
    }

    /// The lines of a list whose items begin in a column. One that is flush with its key begins behind its first dash.
    fn list(&mut self, column: usize, is_flush: bool, left: usize) -> Option<Node> {
        let left = left.checked_sub(1)?;
        let start = self.at;
        let mut items: Vec<Node> = Vec::new();
        while self.column == Some(column) && self.is_item() {
            let dash = self.at;
            self.at += 1;
            self.skip_blanks();
            let begin = self.at;
            let is_map = self.key().is_some();
            self.at = begin;
            items.push(if is_map {
                self.map(column + begin - dash, left)?
            } else {
                let value = self.value(false, left)?;
                self.end_line()?;
                value
            });
            if self.column.is_some_and(|c| c > column) {
                return None;
            }
        }
        let (first, last) = (items.first()?.span, items.last()?.span);
        let start = if is_flush { first.start } else { start + self.offset };
        Some(Node { span: Span::new(start, last.end), kind: Kind::List(items) })
    }

    /// What stands on one line, within brackets or not.
    fn value(&mut self, inside: bool, left: usize) -> Option<Node> {
        match self.byte()? {
            b'[' => self.short_list(left),
            b'{' => self.short_map(left),
            mark @ (b'"' | b'\'') => self.quoted(mark),
            first if first.is_ascii_alphanumeric() || first >= 0x80 || b"($/_+".contains(&first) => self.word(inside),
            _ => None,
        }
    }

    fn scalar(&self, start: usize, text: &str, quoted: bool) -> Node {
        Node { span: self.span(start, self.at), kind: Kind::Scalar { text: text.to_owned(), quoted } }
    }

    fn quoted(&mut self, mark: u8) -> Option<Node> {
        let start = self.at;
        let inner = &self.text[start + 1..];
        let inner = &inner[..memchr(mark, inner.as_bytes())?];
        self.at += inner.len() + 2;
        let has_more = memchr(b'\n', inner.as_bytes()).is_some()
            || if mark == b'"' { memchr(b'\\', inner.as_bytes()).is_some() } else { self.byte() == Some(b'\'') };
        (!has_more).then(|| self.scalar(start, inner, true))
    }

    /// A scalar without quotation marks, to the end of its line or of its place within brackets.
    fn word(&mut self, inside: bool) -> Option<Node> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        while let Some(b) = self.byte() {
            let next = bytes.get(self.at + 1);
            let is_parted = matches!(next, None | Some(b',' | b'[' | b']' | b'{' | b'}'));
            match b {
                b'\n' => break,
                b',' | b']' | b'}' if inside => break,
                b'[' | b'{' if inside => return None,
                b':' if is_parted || matches!(next, Some(b' ' | b'\n')) => return None,
                b'-' if inside && is_parted => return None,
                b' ' if next == Some(&b'#') => return None,
                _ => self.at += 1,
            }
        }
        let text = self.text[start..self.at].trim_end_matches(' ');
        self.at = start + text.len();
        Some(self.scalar(start, text, false))
    }

    /// Goes past a mark that ends or parts what stands within brackets; returns whether it ends it.
    fn parted(&mut self, end: u8) -> Option<bool> {
        self.skip_blanks();
        let mark = self.byte()?;
        self.at += 1;
        self.skip_blanks();
        if mark == end { Some(true) } else { (mark == b',').then_some(false) }
    }

    fn short_list(&mut self, left: usize) -> Option<Node> {
        let left = left.checked_sub(1)?;
        let start = self.at;
        self.at += 1;
        self.skip_blanks();
        let mut items = Vec::new();
        if self.byte()? == b']' {
            self.at += 1;
            return Some(Node { span: self.span(start, self.at), kind: Kind::List(items) });
        }
        loop {
            items.push(self.value(true, left)?);
            self.skip_blanks();
            let end = self.at + 1;
            if self.parted(b']')? {
                return Some(Node { span: self.span(start, end), kind: Kind::List(items) });
            }
        }
    }

    fn short_map(&mut self, left: usize) -> Option<Node> {
        let left = left.checked_sub(1)?;
        let start = self.at;
        self.at += 1;
        self.skip_blanks();
        let mut items: Vec<(Key, Node)> = Vec::new();
        if self.byte()? == b'}' {
            self.at += 1;
            return Some(Node { span: self.span(start, self.at), kind: Kind::Map(items) });
        }
        loop {
            let key = self.key()?;
            if items.iter().any(|(k, _)| k.name == key.name) {
                return None;
            }
            self.skip_blanks();
            items.push((key, self.value(true, left)?));
            self.skip_blanks();
            let end = self.at + 1;
            if self.parted(b'}')? {
                return Some(Node { span: self.span(start, end), kind: Kind::Map(items) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FileId, parse_yaml};
    use super::read;

    const TEXTS: [&str; 4] = [
        "title: Nokia and Xiaomi license patents\ndescription: \"Nokia: a new start\"\ndate: 2017-07-05T12:00:00+03:00\nauthors: [desk]\n\
         tags: [china, 'patents' ]\nsources:\n  - {id: release, kind: filing, publisher: Nokia, url: \"https://x.org/?a=1\"}\n\
         deal:\n  kind: merger\n  parties:\n    - {company: nokia,  roles: [licensor, licensee]}\n  value: EUR 170m\n",
        "name: 诺基亚\nnames:\n- Nokia Oyj\n- \"诺基亚\"\nlistings:\n- mic: XHEL\n  ticker: NOKIA\n  more:\n  - a\n-  mic: XNYS\n   ticker: NOK\nextra:\n    deep:\n        a: {}\n        b: []\n",
        "\n  \ntitle: It's “so”, they said (again)  \nlicence: {scope: cellular patents, term: 5 years}\n\nposts:\n\n  - company: nokia\n    title: CEO\n\n  - x: 1\n",
        "a: 1\nb:\n  - [x, [y, {z: w}]]\n  - 'it'\nc: x#y z:w -- 100% & <b>\nd: (x), [y]\n",
    ];

    /// Whatever is read here is read the same by the parser of all of YAML, and without a finding.
    fn compare(text: &str) -> bool {
        let Some(quick) = read(text, 4) else { return false };
        let mut findings = Vec::new();
        let whole = parse_yaml(&FileId::new("x.md"), text, 4, &mut findings);
        assert_eq!((Some(quick), findings), (whole, Vec::new()), "{text:?}");
        true
    }

    #[test]
    fn what_people_write_is_read() {
        for text in TEXTS {
            assert!(compare(text), "{text}");
        }
        for text in
            ["", "a", "a: |\n  b\n", "a: b\n  c\n", "a: \"\\n\"\n", "a: &x b\n", "a: b # c\n", "a:\n", "a: 1\na: 2\n"]
        {
            assert!(!compare(text), "{text}");
        }
    }

    #[test]
    fn no_text_is_read_in_two_ways() {
        const PIECES: [&str; 40] = [
            " ", "  ", "\n", "\n\n", ":", ": ", "- ", "-", "#", " #", "[", "]", "{", "}", ", ", ",", "\"", "'", "''",
            "\\", "a", "key: ", "\n  b: c", "\n- d", "\n  - e", "?", "? ", "|", ">", "&a ", "*a", "!t ", "---",
            "\n---\n", "...", "\t", "\u{a0}", "—", "诺", "%",
        ];
        let mut state = 7_u64;
        let mut roll = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap_or(0) % below.max(1)
        };
        let mut read = 0;
        for round in 0..5_000 {
            let mut text = TEXTS[round % TEXTS.len()].to_owned();
            for _ in 0..=roll(4) {
                let places: Vec<usize> = text.char_indices().map(|c| c.0).chain([text.len()]).collect();
                let (one, other) = (roll(places.len()), roll(places.len()));
                let (from, to) = (places[one.min(other)], places[(one.min(other) + roll(3)).min(places.len() - 1)]);
                match roll(4) {
                    0 => text.replace_range(from..to, ""),
                    1 => text.replace_range(from..to, PIECES[roll(PIECES.len())]),
                    2 => text.insert_str(from, PIECES[roll(PIECES.len())]),
                    // A piece of the text stands somewhere else too.
                    _ => {
                        let end = places[one.max(other)].min(from + 40);
                        let piece = text.get(from..end).unwrap_or("").to_owned();
                        let at = places[roll(places.len())];
                        text.insert_str(at, &piece);
                    }
                }
            }
            read += usize::from(compare(&text));
        }
        assert!(read > 250, "{read}");
    }
}
