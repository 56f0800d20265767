//! Names of companies and people in running text: every name at once, longest first, at word edges. Knows no Markdown.

use crate::catalogue::{Catalogue, Noun};
use crate::model::{Entry, Id};
use aho_corasick::{AhoCorasick, MatchKind};
use std::ops::Range;

/// Every name of every company and person, hidden ones too: who may be named is asked when a match is found.
#[derive(Debug)]
pub struct Names {
    automaton: Option<AhoCorasick>,
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
        Self { automaton: None, owners: Vec::new() }
    }

    /// Of a catalogue.
    #[must_use]
    pub fn of(c: &Catalogue) -> Self {
        let (mut names, mut owners) = (Vec::new(), Vec::new());
        for (_, entry) in c.everything() {
            let (noun, others) = match entry {
                Entry::Company(e) => (Noun::Company, &e.names),
                Entry::Person(e) => (Noun::Person, &e.names),
                _ => continue,
            };
            let legal = match entry {
                Entry::Company(e) => e.legal_name.as_deref(),
                _ => None,
            };
            let common = entry.common();
            let all = [common.title.as_str()].into_iter().chain(others.iter().map(String::as_str)).chain(legal);
            for name in all.filter(|n| n.chars().count() >= SHORTEST) {
                names.push(name.to_owned());
                owners.push((noun, common.id.clone()));
            }
        }
        // Only sizes can make building fail; without names nothing is linked.
        let automaton = (!names.is_empty()).then(|| AhoCorasick::builder().match_kind(MatchKind::Standard).build(&names).ok()).flatten();
        Self { automaton, owners }
    }

    /// The names in a text that belong to those who may be named: leftmost, then longest, never overlapping.
    pub fn find(&self, text: &str, may: impl Fn(Noun, &Id) -> bool) -> Vec<Mention> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let mut found: Vec<(usize, usize, usize)> = automaton
            .find_overlapping_iter(text)
            .filter(|m| is_edge(text, m.start()) && is_edge(text, m.end()))
            .map(|m| (m.start(), usize::MAX - m.end(), m.pattern().as_usize()))
            .collect();
        found.sort_unstable();
        let mut out: Vec<Mention> = Vec::new();
        for (start, end, pattern) in found {
            let end = usize::MAX - end;
            let (noun, id) = &self.owners[pattern];
            if out.last().is_none_or(|m| m.range.end <= start) && may(*noun, id) {
                out.push(Mention { range: start..end, noun: *noun, id: id.clone() });
            }
        }
        out
    }
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
