//! The files that search loads: in which finds words occur, what is shown of them, by what they are chosen. Reads no disk.

mod terms;

use super::{Press, markdown};
use crate::diagnostic::Diagnostic;
use crate::model::{Common, Texts};
use crate::pages::{COMMON, Find, Finds, Part, RECORDS};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a word weighs in a headline, a name, a sentence about it.
const WEIGHTS: [u8; 3] = [8, 4, 2];
/// What all places of a word in one find weigh at most, and those in its text.
const HEAVIEST: u8 = 20;
const IN_TEXT: u8 = 3;

/// A word in a find.
struct Posting {
    find: usize,
    weight: u8,
    in_text: u8,
}

/// In which finds the terms of some files of words occur.
struct Words<'w> {
    wanted: &'w dyn Fn(&str) -> bool,
    terms: FxHashMap<String, Vec<Posting>>,
}

impl Words<'_> {
    fn add(&mut self, find: usize, text: &str, weight: Option<u8>) {
        terms::each(text, |term| {
            if !(self.wanted)(term) {
                return;
            }
            let postings = match self.terms.get_mut(term) {
                Some(postings) => postings,
                None => self.terms.entry(term.to_owned()).or_default(),
            };
            if postings.last().is_none_or(|p| p.find != find) {
                postings.push(Posting { find, weight: 0, in_text: 0 });
            }
            let Some(last) = postings.last_mut() else { return };
            match weight {
                Some(weight) => last.weight = (last.weight + weight).min(HEAVIEST),
                None if last.in_text < IN_TEXT => {
                    last.in_text += 1;
                    last.weight = (last.weight + 1).min(HEAVIEST);
                }
                None => {}
            }
        });
    }

    fn take(&mut self, finds: &Finds<'_>, texts: &dyn Texts) -> Result<(), Diagnostic> {
        for (i, find) in finds.all.iter().enumerate() {
            self.add(i, find.title, Some(WEIGHTS[0]));
            for name in &find.names {
                self.add(i, name, Some(WEIGHTS[1]));
            }
            self.add(i, &find.about, Some(WEIGHTS[2]));
            if let Some(common) = find.text {
                self.add(i, &text(common, texts)?, None);
            }
        }
        Ok(())
    }

    /// `{"term":[find,weight,…]}` with each find as its distance from the one before.
    fn print(self, pieces: usize) -> Vec<Vec<u8>> {
        let mut sorted: Vec<(String, Vec<Posting>)> = self.terms.into_iter().collect();
        sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut files = vec![String::from("{"); pieces];
        for (term, postings) in sorted {
            let out = &mut files[terms::piece(&term, pieces)];
            // Letters and digits need no escape.
            out.extend([if out.len() > 1 { ",\"" } else { "\"" }, &term, "\":["]);
            let mut before = 0;
            for (i, p) in postings.iter().enumerate() {
                let comma = if i > 0 { "," } else { "" };
                // Writing to memory does not fail.
                let _ = write!(out, "{comma}{},{}", p.find - before, p.weight);
                before = p.find;
            }
            out.push(']');
        }
        files.into_iter().map(|f| (f + "}").into_bytes()).collect()
    }
}

fn text(common: &Common, texts: &dyn Texts) -> Result<String, Diagnostic> {
    let bytes = texts.bytes(&common.file)?;
    let source = bytes.get(common.body..).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("");
    Ok(markdown::words(source))
}

impl Press {
    /// One file of a shard.
    ///
    /// # Errors
    /// Where a text cannot be read.
    pub(super) fn search_file(finds: &Finds<'_>, part: Part, texts: &dyn Texts) -> Result<Vec<u8>, Diagnostic> {
        match part {
            Part::Facets => Ok(facets(finds)),
            Part::Records(n) => Ok(records(finds, n)),
            Part::Words(n) => {
                let is_common = |term: &str| COMMON.split(' ').any(|w| w == term);
                let wanted = |term: &str| terms::piece(term, finds.pieces) == n && !is_common(term);
                let mut words = Words { wanted: &wanted, terms: FxHashMap::default() };
                words.take(finds, texts)?;
                Ok(words.print(finds.pieces).swap_remove(n))
            }
        }
    }

    /// Every file of a shard at once: each text is read once.
    ///
    /// # Errors
    /// Where a text cannot be read.
    pub fn search_files(finds: &Finds<'_>, texts: &dyn Texts) -> Result<BTreeMap<Part, Vec<u8>>, Diagnostic> {
        let common: FxHashSet<&str> = COMMON.split(' ').collect();
        let wanted = |term: &str| !common.contains(term);
        let mut words = Words { wanted: &wanted, terms: FxHashMap::default() };
        words.take(finds, texts)?;
        let mut files = BTreeMap::from([(Part::Facets, facets(finds))]);
        files.extend((0..finds.all.len().div_ceil(RECORDS)).map(|n| (Part::Records(n), records(finds, n))));
        files.extend(words.print(finds.pieces).into_iter().enumerate().map(|(n, bytes)| (Part::Words(n), bytes)));
        Ok(files)
    }
}

/// What is shown of some finds: headline, path, sentence, day, language.
fn records(finds: &Finds<'_>, n: usize) -> Vec<u8> {
    let line = |f: &Find<'_>| {
        let (iso, human) = f.day.as_ref().map_or(("", ""), |d| (&d.1.iso, &d.1.human));
        json!([f.title, f.path, f.about, iso, human, f.language.unwrap_or_default()])
    };
    let lines: Vec<_> = finds.all.iter().skip(n * RECORDS).take(RECORDS).map(line).collect();
    json!(lines).to_string().into_bytes()
}

/// By what finds are chosen: for each facet its values, each with its name, and for each find the places of its own.
fn facets(finds: &Finds<'_>) -> Vec<u8> {
    let facet = |of: &dyn Fn(&Find<'_>) -> Vec<(String, String)>| {
        let values: BTreeMap<String, String> = finds.all.iter().flat_map(of).collect();
        let places: BTreeMap<&str, usize> = values.keys().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
        let own = |f: &Find<'_>| of(f).iter().map(|(id, _)| places[id.as_str()]).collect::<Vec<_>>();
        let of: Vec<Vec<usize>> = finds.all.iter().map(own).collect();
        json!({"values": values.iter().collect::<Vec<_>>(), "of": of})
    };
    let owned = |all: &[(&str, &str)]| all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    let day = |f: &Find<'_>| f.day.as_ref().map_or(0, |d| number(d.0));
    let all = json!({
        "type": facet(&|f| owned(&[f.what])),
        "tag": facet(&|f| owned(&f.tags)),
        "company": facet(&|f| owned(&f.companies)),
        "kind": facet(&|f| owned(f.kind.as_slice())),
        "days": finds.all.iter().map(day).collect::<Vec<_>>(),
    });
    all.to_string().into_bytes()
}

/// A day as one number, in order of days.
fn number(day: jiff::civil::Date) -> i64 {
    (i64::from(day.year()) * 100 + i64::from(day.month())) * 100 + i64::from(day.day())
}
