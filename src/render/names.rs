//! Names of companies and people in running text: every name at once, longest first, at word edges. Knows no Markdown.

use crate::catalogue::{Catalogue, Noun};
use crate::model::{Company, Entry, Id};
use aho_corasick::{AhoCorasick, MatchKind};
use std::ops::Range;

/// Every name of every company and person, hidden ones too: who may be named is asked when a match is found.
#[derive(Debug)]
pub struct Names {
    /// The longest match at each place, and every match.
    automata: Option<(AhoCorasick, AhoCorasick)>,
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

/// Shortest name, in characters, that is looked for.
const SHORTEST: usize = 2;

impl Names {
    /// No names.
    #[must_use]
    pub const fn none() -> Self {
        Self { automata: None, owners: Vec::new() }
    }

    /// Of a catalogue.
    #[must_use]
    pub fn of(c: &Catalogue) -> Self {
        let (mut names, mut owners) = (Vec::new(), Vec::new());
        for (_, entry) in c.everything() {
            let (noun, all): (Noun, Vec<&str>) = match entry {
                Entry::Company(e) => (Noun::Company, of(e).collect()),
                Entry::Person(e) => (Noun::Person, long(e.names.iter().chain([&e.common.title])).collect()),
                _ => continue,
            };
            for name in all {
                names.push(name.to_owned());
                owners.push((noun, entry.common().id.clone()));
            }
        }
        // Only sizes can make building fail; without names nothing is linked.
        let build = |kind| AhoCorasick::builder().match_kind(kind).build(&names).ok();
        let automata = (!names.is_empty())
            .then(|| Some((build(MatchKind::LeftmostLongest)?, build(MatchKind::Standard)?)))
            .flatten();
        Self { automata, owners }
    }

    /// The names in a text that belong to those who may be named: leftmost, then longest, never overlapping.
    pub fn find(&self, text: &str, may: impl Fn(Noun, &Id) -> bool) -> Vec<Mention> {
        let Some((longest, every)) = &self.automata else { return Vec::new() };
        // A name that is broken over two lines is a name.
        let joined = text.contains('\n').then(|| text.replace('\n', " "));
        let text = joined.as_deref().unwrap_or(text);
        let mention = |range: Range<usize>, pattern: usize| {
            let (noun, id) = &self.owners[pattern];
            Mention { range, noun: *noun, id: id.clone() }
        };
        let fits = |range: &Range<usize>, pattern: usize| {
            let (noun, id) = &self.owners[pattern];
            is_edge(text, range.start) && is_edge(text, range.end) && may(*noun, id)
        };
        let found: Option<Vec<Mention>> = longest
            .find_iter(text)
            .map(|m| fits(&m.range(), m.pattern().as_usize()).then(|| mention(m.range(), m.pattern().as_usize())))
            .collect();
        if let Some(found) = found {
            return found;
        }
        // The longest match was no name: a shorter one within it, or one that begins later, may be.
        let mut all: Vec<(usize, usize, usize)> = every
            .find_overlapping_iter(text)
            .map(|m| (m.start(), usize::MAX - m.end(), m.pattern().as_usize()))
            .collect();
        all.sort_unstable();
        let mut out: Vec<Mention> = Vec::new();
        for (start, end, pattern) in all {
            let range = start..usize::MAX - end;
            if out.last().is_none_or(|m| m.range.end <= start) && fits(&range, pattern) {
                out.push(mention(range, pattern));
            }
        }
        out
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
