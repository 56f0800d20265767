//! Names of companies and people in running text: every name at once, longest first, at word edges. Knows no Markdown.

mod starts;

use crate::catalogue::{Catalogue, Noun};
use crate::model::{Company, Entry, Id};
use aho_corasick::Anchored;
use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;
use starts::Starts;
use std::collections::BTreeSet;
use std::ops::Range;

/// Every name of every company and person, hidden ones too: who may be named is asked when a match is found.
#[derive(Debug)]
pub struct Names {
    automaton: Option<NFA>,
    starts: Starts,
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
    pub fn none() -> Self {
        Self { automaton: None, starts: Starts::none(), owners: Vec::new() }
    }

    /// Of a catalogue.
    #[must_use]
    pub fn of(c: &Catalogue) -> Self {
        Self::among(c, |_, _| true)
    }

    /// Of those of a catalogue that are looked for.
    #[must_use]
    pub fn among(c: &Catalogue, is_sought: impl Fn(Noun, &Id) -> bool) -> Self {
        let (mut names, mut owners) = (Vec::new(), Vec::new());
        for (_, entry) in c.everything() {
            let (noun, id) = (Noun::of(entry), &entry.common().id);
            let all: BTreeSet<&str> = match entry {
                Entry::Company(e) if is_sought(noun, id) => of(e).collect(),
                Entry::Person(e) if is_sought(noun, id) => long(e.names.iter().chain([&e.common.title])).collect(),
                _ => continue,
            };
            for name in all {
                names.push(name.to_owned());
                owners.push((noun, id.clone()));
            }
        }
        let starts = Starts::of(names.iter().map(String::as_bytes));
        // Only sizes can make building fail; without names nothing is linked.
        let automaton = if names.is_empty() { None } else { NFA::builder().build(&names).ok() };
        Self { automaton, starts, owners }
    }

    /// The names in a text that belong to those who may be named: leftmost, then longest, never overlapping.
    pub fn find(&self, text: &str, may: impl Fn(Noun, &Id) -> bool) -> Vec<Mention> {
        // A name that is broken over two lines is a name.
        let joined = memchr::memchr(b'\n', text.as_bytes()).map(|_| text.replace('\n', " "));
        let text = joined.as_deref().unwrap_or(text);
        let mut out: Vec<Mention> = Vec::new();
        for (range, pattern) in self.occurrences(text) {
            let (noun, id) = &self.owners[pattern];
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
        let mut all = Vec::new();
        let Some(automaton) = &self.automaton else { return all };
        let Ok(root) = automaton.start_state(Anchored::Yes) else { return all };
        let bytes = text.as_bytes();
        self.starts.each(bytes, |start| {
            let first = all.len();
            let mut state = root;
            for (at, byte) in bytes.iter().enumerate().skip(start) {
                state = automaton.next_state(Anchored::Yes, state, *byte);
                if automaton.is_dead(state) {
                    break;
                }
                if automaton.is_match(state) {
                    let end = at + 1;
                    let ended = (0..automaton.match_len(state)).map(|i| automaton.match_pattern(state, i));
                    // What ends here and began later is found from there.
                    let own = ended.filter(|pattern| automaton.pattern_len(*pattern) == end - start);
                    all.extend(own.map(|pattern| (start..end, pattern.as_usize())));
                }
            }
            all[first..].sort_unstable_by_key(|(range, pattern)| (usize::MAX - range.end, *pattern));
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
