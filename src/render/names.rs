//! Names of companies and people in running text: every name at once, longest first, at word edges. Knows no Markdown.

mod starts;
mod texts;

use crate::catalogue::{Catalogue, Noun};
use crate::model::{Company, Entry, Id};
use starts::Starts;
use std::collections::BTreeSet;
use std::ops::Range;
use texts::Texts;

/// Every name of every company and person, hidden ones too: who may be named is asked when a match is found.
#[derive(Debug)]
pub struct Names {
    starts: Starts,
    texts: Texts,
    /// Whose they are, in the order of the names.
    owners: Vec<(Noun, Id)>,
}

/// A name found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where, in bytes.
    pub range: Range<usize>,
    /// Company or person.
    pub noun: Noun,
    /// Whose name it is.
    pub id: Id,
}

/// The places in a text at which a name may stand, whatever stands around it: the leftmost first, of those the longest.
#[derive(Debug)]
pub struct Spots(Vec<(Range<usize>, usize)>);

/// Shortest name, in characters, that is looked for.
const SHORTEST: usize = 2;

impl Names {
    /// No names.
    #[must_use]
    pub fn none() -> Self {
        Self { starts: Starts::none(), texts: Texts::default(), owners: Vec::new() }
    }

    /// Of a catalogue.
    #[must_use]
    pub fn of(c: &Catalogue) -> Self {
        Self::among(c, |_, _| true)
    }

    /// Of those of a catalogue that are looked for.
    #[must_use]
    pub fn among(c: &Catalogue, is_sought: impl Fn(Noun, &Id) -> bool) -> Self {
        let mut names: Vec<(&str, Noun, &Id)> = Vec::new();
        for (_, entry) in c.everything() {
            let (noun, id) = (Noun::of(entry), &entry.common().id);
            let all: BTreeSet<&str> = match entry {
                Entry::Company(e) if is_sought(noun, id) => of(e).collect(),
                Entry::Person(e) if is_sought(noun, id) => long(e.names.iter().chain([&e.common.title])).collect(),
                _ => continue,
            };
            names.extend(all.into_iter().map(|name| (name, noun, id)));
        }
        // Those that have the same name keep their order.
        names.sort_by_key(|(name, ..)| *name);
        let starts = Starts::of(names.iter().map(|(name, ..)| name.as_bytes()));
        let texts = Texts::of(names.iter().map(|(name, ..)| *name));
        Self { starts, texts, owners: names.into_iter().map(|(_, noun, id)| (noun, id.clone())).collect() }
    }

    /// The names in a text that belong to those who may be named: leftmost, then longest, never overlapping.
    pub fn find(&self, text: &str, may: impl Fn(Noun, &Id) -> bool) -> Vec<Mention> {
        self.at(&self.spots(text), 0, text, may)
    }

    /// The places to look at in a text.
    #[must_use]
    pub fn spots(&self, text: &str) -> Spots {
        // A name that is broken over two lines is a name.
        let joined = memchr::memchr(b'\n', text.as_bytes()).map(|_| text.replace('\n', " "));
        Spots(self.occurrences(joined.as_deref().unwrap_or(text)))
    }

    /// The same as `find` of a part of a text, by the spots of the whole. No word goes on from before the part, which begins
    /// `from` bytes after the text.
    pub fn at(&self, spots: &Spots, from: usize, text: &str, may: impl Fn(Noun, &Id) -> bool) -> Vec<Mention> {
        let mut out: Vec<Mention> = Vec::new();
        let first = spots.0.partition_point(|spot| spot.0.start < from);
        let within = spots.0[first..].iter().take_while(|spot| spot.0.start < from + text.len());
        for (spot, owner) in within.filter(|spot| spot.0.end <= from + text.len()) {
            let range = spot.start - from..spot.end - from;
            let (noun, id) = &self.owners[*owner];
            // Where the longest match is no name, a shorter one within it, or one that begins later, may be.
            if out.last().is_none_or(|m| m.range.end <= range.start)
                && is_edge(text, range.start)
                && is_edge(text, range.end)
                && may(*noun, id)
            {
                out.push(Mention { range, noun: *noun, id: id.clone() });
            }
        }
        out
    }

    /// Every place where a name begins at the edge of a word, as far as bytes tell, whatever stands behind it: the leftmost
    /// first, of those the longest.
    fn occurrences(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let mut all = Vec::with_capacity(text.len() / 64);
        self.starts.each(text.as_bytes(), |start| {
            self.texts.each(&text.as_bytes()[start..], |length, owners| {
                all.extend(owners.map(|owner| (start..start + length, owner)));
            });
        });
        all
    }
}

/// Every name of a company that is looked for in texts.
pub fn of(company: &Company) -> impl Iterator<Item = &str> {
    long(company.names.iter().chain([&company.common.title]).chain(&company.legal_name))
}

fn long<'a>(names: impl Iterator<Item = &'a String>) -> impl Iterator<Item = &'a str> {
    names.map(String::as_str).filter(|n| n.chars().nth(SHORTEST - 1).is_some())
}

/// Whether a word can begin or end at a place. Chinese has no spaces: its characters are edges by themselves.
fn is_edge(text: &str, at: usize) -> bool {
    let joins = |c: char| c.is_alphanumeric() && !is_cjk(c);
    let before = text[..at].chars().next_back();
    let after = text[at..].chars().next();
    !(before.is_some_and(joins) && after.is_some_and(joins))
}

/// Whether a character belongs to a script that is written without spaces.
#[must_use]
pub fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
