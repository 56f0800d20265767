//! Reads typed values out of a front matter mapping and finds what is wrong with them. Never stops at the first fault.

use super::tree::{Key, Kind, Node};
use crate::diagnostic::{Diagnostic, FileId, Span, nearest};
use crate::model::{Date, Id, Money, MoneyError};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use rust_decimal::Decimal;

/// What reading needs besides the mapping: the file, the site's zone, and a place for findings.
pub struct Reader<'a> {
    /// The file being read.
    pub file: &'a FileId,
    /// Time zone for times without an offset.
    pub zone: &'a TimeZone,
    /// What was found so far.
    pub findings: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Adds a finding and hands it out to be completed.
    pub fn find(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.findings.push(Diagnostic::at(code, self.file, span, message));
        self.findings.last_mut().expect("just pushed")
    }

    pub fn expected(&mut self, node: &Node, what: &str) {
        let d = self.find("E0103", node.span, format!("expected {what}"));
        d.label = format!("this is {}", name_of(node));
    }

    /// A text of one line or more, without control or bidirectional characters, in NFC.
    pub fn text(&mut self, node: &Node) -> Option<String> {
        let Kind::Scalar { text, quoted } = &node.kind else {
            self.expected(node, "a text");
            return None;
        };
        if text.is_empty() && !quoted {
            self.expected(node, "a text");
            return None;
        }
        self.clean(text, node.span);
        Some(text.trim().to_owned())
    }

    /// A text that says something.
    pub fn words(&mut self, node: &Node) -> Option<String> {
        let text = self.text(node)?;
        if text.is_empty() {
            self.find("E0103", node.span, "expected a text").label = "this is empty".to_owned();
            return None;
        }
        Some(text)
    }

    /// Finds characters that do not belong into a text.
    pub fn clean(&mut self, text: &str, span: Span) {
        let seen = glance(text);
        if let Some((_, bad)) = seen.forbidden {
            let d = self.find("E0107", span, format!("the character U+{:04X} is not allowed here", u32::from(bad)));
            d.help = "delete it: control and text-direction characters change what readers see".to_owned();
        }
        if seen.may_be_decomposed && !unicode_normalization::is_nfc(text) {
            let d = self.find("E0108", span, "the text is not in Unicode normal form C");
            d.help = "type the accented letters anew, or convert the file to NFC".to_owned();
        }
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, node: &Node) -> Option<bool> {
        match &node.kind {
            // As YAML 1.2 writes them.
            Kind::Scalar { text, quoted: false } if ["true", "True", "TRUE"].contains(&text.as_str()) => Some(true),
            Kind::Scalar { text, quoted: false } if ["false", "False", "FALSE"].contains(&text.as_str()) => Some(false),
            _ => {
                self.expected(node, "`true` or `false`");
                None
            }
        }
    }

    /// The id of something.
    pub fn id(&mut self, node: &Node) -> Option<Id> {
        let text = self.text(node)?;
        let id = Id::parse(&text);
        if id.is_none() {
            let d = self.find("E0105", node.span, format!("`{text}` is no id"));
            d.label = "expected lower-case letters a-z, digits and hyphens".to_owned();
            let slug = crate::model::slug(&text);
            d.help = if slug.is_empty() { String::new() } else { format!("did you mean `{slug}`?") };
        }
        id
    }

    /// A date with its precision.
    pub fn date(&mut self, node: &Node) -> Option<Date> {
        let text = self.text(node)?;
        let date = Date::parse(&text);
        if date.is_none() {
            let d = self.find("E0104", node.span, format!("`{text}` is no date"));
            d.label = "expected 2017, 2017-Q3, 2017-07 or 2017-07-05".to_owned();
        }
        date
    }

    /// An instant; a day alone is midnight, a time without offset is in the site's zone.
    pub fn instant(&mut self, node: &Node, offset_required: bool) -> Option<Timestamp> {
        let text = self.text(node)?.replacen(' ', "T", 1);
        let has_offset = text.get(10..).is_some_and(|time| time.ends_with(['Z', 'z']) || time.contains(['+', '-']));
        if has_offset {
            if let Ok(t) = text.parse::<Timestamp>() {
                return Some(t);
            }
        } else if offset_required {
            let d = self.find("E0811", node.span, "an embargo is an instant with an offset");
            d.label = "expected a time and an offset".to_owned();
            d.help = "for example 2017-07-05T12:00:00+03:00".to_owned();
            return None;
        } else if let Some(local) = local_time(&text) {
            let ambiguous = self.zone.to_ambiguous_timestamp(local);
            let what = match ambiguous.offset() {
                AmbiguousOffset::Unambiguous { .. } => None,
                AmbiguousOffset::Gap { before, after } => {
                    Some(("does not exist: the clocks of the site's time zone leave it out", before, after))
                }
                AmbiguousOffset::Fold { before, after } => {
                    Some(("comes twice: the clocks of the site's time zone are put back", before, after))
                }
            };
            if let Some((what, before, after)) = what {
                let with = |o: jiff::tz::Offset| {
                    let minutes = o.seconds() / 60;
                    let sign = if minutes < 0 { '-' } else { '+' };
                    format!("{local}{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
                };
                let d = self.find("E0812", node.span, format!("{local} {what}"));
                d.help = format!("add the offset: {}, or {}", with(before), with(after));
                return None;
            }
            if let Ok(t) = ambiguous.compatible() {
                return Some(t);
            }
        }
        let d = self.find("E0104", node.span, format!("`{text}` is no date and time"));
        d.label = "expected 2017-07-05 or 2017-07-05T12:00:00+03:00".to_owned();
        None
    }

    /// A sum of money.
    pub fn money(&mut self, node: &Node) -> Option<Money> {
        let text = self.text(node)?;
        match Money::parse(&text) {
            Ok(money) => {
                if money.amount <= Decimal::ZERO {
                    self.find("E0601", node.span, "a sum must be more than zero").help =
                        "write `undisclosed` or `none` where there is no sum".to_owned();
                    return None;
                }
                return Some(money);
            }
            Err(MoneyError::Shape) => {
                let d = self.find("E0104", node.span, format!("`{text}` is no sum of money"));
                d.label = "expected a currency and an amount".to_owned();
                d.help = "for example `EUR 5.44bn`, `USD 200m` or `CNY 1,200,000`".to_owned();
            }
            Err(MoneyError::Currency(code)) => {
                let d = self.find("E0305", node.span, format!("`{code}` is no currency of ISO 4217"));
                let known = ["EUR", "USD", "CNY", "GBP", "JPY", "CHF", "SEK", "INR", "HKD", "KRW"];
                let near = |k: &&str| strsim::damerau_levenshtein(k, &code) == 1;
                d.help = match (code.as_str(), known.iter().find(|k| near(k))) {
                    ("RMB", _) => "did you mean `CNY`?".to_owned(),
                    (_, Some(k)) => format!("did you mean `{k}`?"),
                    _ => "write the three letters of a currency, such as EUR, USD or CNY".to_owned(),
                };
            }
            Err(MoneyError::MinorUnits(n)) => {
                let code = &text[..3];
                let digits = match n {
                    0 => "no digits".to_owned(),
                    n => format!("{n} digits"),
                };
                self.find("E0604", node.span, format!("{code} has {digits} after the point")).help =
                    format!("thousands are separated by commas: `{code} 1,200`; or write `{code} 1.2m`");
            }
        }
        None
    }

    /// A number.
    pub fn number(&mut self, node: &Node) -> Option<Decimal> {
        let text = self.text(node)?;
        let number = crate::model::money::decimal(&text);
        if number.is_none() {
            self.expected(node, "a number");
        }
        number
    }

    /// A percentage, in (0, 100].
    pub fn percent(&mut self, node: &Node) -> Option<Decimal> {
        let number = self.number(node)?;
        if number <= Decimal::ZERO || number > Decimal::ONE_HUNDRED {
            self.find("E0605", node.span, format!("{number} is no share")).label =
                "expected more than 0 and at most 100".to_owned();
            return None;
        }
        Some(number)
    }

    /// One of a list of words.
    pub fn word<T: Copy>(&mut self, node: &Node, what: &str, all: &[T], word: impl Fn(T) -> &'static str) -> Option<T> {
        let text = self.text(node)?;
        let found = all.iter().copied().find(|t| word(*t) == text);
        if found.is_none() {
            let d = self.find("E0104", node.span, format!("`{text}` is no {what}"));
            d.help = nearest(&text, all.iter().map(|t| word(*t)));
        }
        found
    }

    /// A list, each item read by itself; a single value counts as a list of one.
    pub fn list<T>(&mut self, node: &Node, mut read: impl FnMut(&mut Self, &Node) -> Option<T>) -> Vec<T> {
        match &node.kind {
            Kind::List(items) => items.iter().filter_map(|n| read(self, n)).collect(),
            Kind::Scalar { .. } => read(self, node).into_iter().collect(),
            Kind::Map(_) => {
                self.expected(node, "a list");
                Vec::new()
            }
        }
    }

    /// A mapping, to be read key by key.
    pub fn map<'n>(&mut self, node: &'n Node) -> Option<Fields<'n>> {
        if let Kind::Map(items) = &node.kind {
            Some(Fields { items, span: node.span, seen: Vec::with_capacity(16), missing: Vec::new() })
        } else {
            self.expected(node, "a mapping of keys and values");
            None
        }
    }
}

/// Whether a character may not stand in a text: controls, and those that change the direction of writing.
#[must_use]
pub fn is_forbidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a byte is something else than printable ASCII and line ends.
const fn is_odd(b: u8) -> bool {
    b.wrapping_sub(b' ') >= 0x7f - b' ' && b != b'\n'
}

/// Whether a character is composed whatever stands beside it, by ranges in which all are. Of others it cannot be told.
fn is_composed(c: char) -> bool {
    matches!(c, '\0'..='\u{2ff}' | '\u{2010}'..='\u{2027}' | '€' | '\u{3001}'..='\u{3011}' | '\u{4e00}'..='\u{9fff}' | '！'..='～')
}

/// What a quick look at a text shows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Glance {
    /// The first character that may not stand in it, and its place.
    pub forbidden: Option<(usize, char)>,
    /// Whether it can be in another form than NFC.
    pub may_be_decomposed: bool,
}

/// Looks at a text quickly: most of it is plain, and looked at many bytes at once.
#[must_use]
pub fn glance(text: &str) -> Glance {
    const STEP: usize = 64;
    let (bytes, mut at, mut seen) = (text.as_bytes(), 0, Glance::default());
    while at < bytes.len() {
        if !is_odd(bytes[at]) {
            let (steps, _) = bytes[at..].as_chunks::<STEP>();
            let is_plain = |step: &&[u8; STEP]| step.iter().fold(0, |odd, b| odd | u8::from(is_odd(*b))) == 0;
            at += steps.iter().take_while(is_plain).count() * STEP;
            at += bytes[at..].iter().take_while(|b| !is_odd(**b)).count();
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        if seen.forbidden.is_none() && is_forbidden(c) {
            seen.forbidden = Some((at, c));
        }
        seen.may_be_decomposed |= !is_composed(c);
        at += c.len_utf8();
    }
    seen
}

fn name_of(node: &Node) -> &'static str {
    match &node.kind {
        Kind::Scalar { text, quoted: false } if text.is_empty() => "empty",
        Kind::Scalar { .. } => "a text",
        Kind::List(_) => "a list",
        Kind::Map(_) => "a mapping",
    }
}

fn local_time(text: &str) -> Option<DateTime> {
    if text.len() == 10 { text.parse::<jiff::civil::Date>().ok().map(|d| d.at(0, 0, 0, 0)) } else { text.parse().ok() }
}

fn missing(name: &str) -> String {
    format!("`{name}` is missing")
}

/// The keys of a mapping that is being read.
pub struct Fields<'n> {
    items: &'n [(Key, Node)],
    /// Where the mapping stands.
    pub span: Span,
    seen: Vec<&'static str>,
    missing: Vec<(&'static str, Span)>,
}

impl<'n> Fields<'n> {
    /// The value of a key, when it is there and not empty.
    pub fn get(&mut self, name: &'static str) -> Option<&'n Node> {
        self.seen.push(name);
        let node = &self.items.iter().find(|(k, _)| k.name == name)?.1;
        let is_null = matches!(&node.kind, Kind::Scalar { text, quoted: false } if text.is_empty() || text == "null" || text == "~");
        (!is_null).then_some(node)
    }

    /// Whether a key is there.
    pub fn has(&self, name: &str) -> bool {
        self.items.iter().any(|(k, _)| k.name == name)
    }

    /// The value of a key that must be there.
    pub fn need(&mut self, name: &'static str, r: &mut Reader<'_>) -> Option<&'n Node> {
        let node = self.get(name);
        if node.is_none() {
            let end = self.items.first().map_or(self.span.end, |(k, _)| k.span.end);
            let start = self.items.first().map_or(self.span.start, |(k, _)| k.span.start);
            self.missing.push((name, Span::new(start, end)));
            let d = r.find("E0102", Span::new(start, end), missing(name));
            d.label = "in this mapping".to_owned();
            d.help = format!("add `{name}:`");
        }
        node
    }

    /// Finds the keys that nobody asked for. One that is a needed key misspelled is not reported as missing too.
    pub fn end(self, r: &mut Reader<'_>) {
        for (key, _) in self.items {
            if !self.seen.iter().any(|s| *s == key.name) {
                let d = r.find("E0101", key.span, format!("unknown key `{}`", key.name));
                let near = nearest(&key.name, self.missing.iter().map(|(name, _)| *name));
                let meant = self.missing.iter().find(|(name, _)| near == format!("did you mean `{name}`?"));
                let free = self.seen.iter().filter(|s| !self.items.iter().any(|(k, _)| k.name == **s));
                d.help = if meant.is_some() { near } else { nearest(&key.name, free.copied()) };
                if let Some((name, span)) = meant {
                    let message = missing(name);
                    r.findings.retain(|f| f.code != "E0102" || f.span != Some(*span) || f.message != message);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glance_sees_what_a_careful_look_sees() {
        for c in ('\0'..=char::MAX).filter(|c| is_composed(*c)) {
            // Two of them, and behind a letter with which it could be composed.
            for text in [format!("{c}{c}"), format!("e{c}"), format!("\u{e9}{c}")] {
                assert!(unicode_normalization::is_nfc(&text), "{c:?}");
            }
        }
        let long = "A line of a text that is longer than a step is.\n".repeat(3);
        for bad in
            ['\0', '\r', '\t', '\x1b', '\x7f', '\u{85}', 'é', '“', '\u{202e}', '\u{301}', '诺', '\u{feff}', '\u{ffff}']
        {
            for at in [0, 1, 31, 32, 33, 64, 100, long.len()] {
                let mut text = long.clone();
                text.insert(at, bad);
                let seen = glance(&text);
                assert_eq!(seen.forbidden, text.char_indices().find(|(_, c)| is_forbidden(*c)), "{bad:?} at {at}");
                assert!(seen.may_be_decomposed || unicode_normalization::is_nfc(&text), "{bad:?} at {at}");
            }
        }
        assert_eq!(glance(&long), Glance::default());
    }
}
