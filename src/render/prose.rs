//! Prose against record: what the text says of a deal must be what its record says. Warns only; quiet where it cannot tell.

mod amounts;
mod days;
mod price;
mod shares;
mod silence;

use super::markdown::Paragraph;
use super::names::{self, Mention, Names};
use super::sentences::sentences;
use crate::catalogue::Noun;
use crate::diagnostic::{Diagnostic, Span};
use crate::model::{Article, Common, Deal, Entry, Id, Money, Texts, Value};
use crate::pages::Atlas;
use memchr::memmem::Finder;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Where in the article a sentence stands, and so how much it must be about the deal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Title,
    Top,
    Inside,
}

struct Check<'a> {
    atlas: &'a Atlas<'a>,
    names: &'a Names,
    deals: Vec<&'a Arc<Deal>>,
    sums: Vec<Money>,
    /// Companies and people that may be named.
    named: BTreeSet<Id>,
    article: &'a Article,
    /// The names of each company that is a party.
    parties: Vec<Vec<Finder<'a>>>,
    /// Whether a company of the deals has no file: it may be a misspelled one of those that the text names.
    has_unknown: bool,
}

/// A finding before it has a place in the file.
struct Found {
    code: &'static str,
    range: Range<usize>,
    message: String,
    help: String,
}

/// Everything that a text says otherwise than the records of its deals.
#[must_use]
pub fn check(
    atlas: &Atlas<'_>,
    names: &Names,
    article: &Article,
    common: &Common,
    paragraphs: &[Paragraph],
    texts: &dyn Texts,
) -> Vec<Diagnostic> {
    let c = atlas.catalogue;
    let ids: BTreeSet<&Id> = article.covers.iter().chain(article.updates.iter().map(|u| &u.deal)).collect();
    let deals: Vec<&Arc<Deal>> = article.deal.iter().chain(ids.into_iter().filter_map(|id| c.deal(id))).collect();
    if deals.is_empty() {
        return Vec::new();
    }
    let sums = deals.iter().flat_map(|d| {
        d.value.sums().into_iter().chain(d.components.iter().filter_map(|c| c.value.as_ref()).flat_map(Value::sums))
    });
    let parties: BTreeSet<&Id> = deals.iter().flat_map(|d| d.companies()).collect();
    let has_unknown = parties.iter().any(|id| c.known(Noun::Company, id).is_none());
    let names_of = |id: &Id| match c.known(Noun::Company, id) {
        Some(Entry::Company(e)) => shortest(names::of(e).collect()).into_iter().map(Finder::new).collect(),
        _ => Vec::new(),
    };
    let parties = parties.into_iter().map(names_of).collect();
    let (sums, may_be_named) = (sums.collect(), named(atlas, article, &deals));
    let check = Check { atlas, names, deals, sums, named: may_be_named, article, parties, has_unknown };
    let mut findings = Vec::new();
    let heads = [(&common.title, Place::Title), (&common.description, Place::Top)];
    for (text, place) in heads {
        let found = check.head(text, place);
        if found.is_empty() {
            continue;
        }
        let bytes = texts.bytes(&common.file).unwrap_or_else(|_| Arc::from([]));
        let front = std::str::from_utf8(&bytes[..common.body.min(bytes.len())]).unwrap_or("");
        let start = front.find(text.as_str());
        findings.extend(found.into_iter().map(|f| {
            let span = start.map(|s| Span::new(s + f.range.start, s + f.range.end)).or_else(|| {
                let at = front.find(&text[f.range.clone()])?;
                Some(Span::new(at, at + f.range.len()))
            });
            finish(f, common, span)
        }));
    }
    let whole = OnceCell::new();
    let whole = || &**whole.get_or_init(|| texts.bytes(&common.file).unwrap_or_else(|_| Arc::from([])));
    for (i, p) in paragraphs.iter().enumerate() {
        let place = if i == 0 { Place::Top } else { Place::Inside };
        if place == Place::Inside && !check.may_name_two(&p.text) {
            continue;
        }
        for range in sentences(&p.text) {
            if place == Place::Inside && !check.may_name_two(&p.text[range.clone()]) {
                continue;
            }
            let linked: Vec<Range<usize>> = p
                .linked
                .iter()
                .filter(|l| l.start < range.end && l.end > range.start)
                .map(|l| l.start.saturating_sub(range.start)..l.end.saturating_sub(range.start))
                .collect();
            for mut f in check.sentence(&p.text[range.clone()], &linked, place) {
                f.range = f.range.start + range.start..f.range.end + range.start;
                let span = p.span(&f.range, std::str::from_utf8(whole()).unwrap_or(""));
                findings.push(finish(f, common, Some(span)));
            }
        }
    }
    findings
}

/// Names without those that begin with another: where they stand that one does too.
fn shortest(names: BTreeSet<&str>) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::with_capacity(names.len());
    for name in names {
        if !all.last().is_some_and(|shorter| name.starts_with(shorter)) {
            all.push(name);
        }
    }
    all
}

fn finish(f: Found, common: &Common, span: Option<Span>) -> Diagnostic {
    let mut d = Diagnostic::of(f.code, &common.file, f.message).help(f.help);
    d.span = span;
    d
}

/// Whom the text may name: parties, those mentioned, their parents and subsidiaries, authors.
fn named(atlas: &Atlas<'_>, article: &Article, deals: &[&Arc<Deal>]) -> BTreeSet<Id> {
    let c = atlas.catalogue;
    let mut all: BTreeSet<Id> = article.mentions.iter().chain(&article.authors).cloned().collect();
    for d in deals {
        all.extend(d.companies().chain(d.people()).cloned());
    }
    let parents = |id: &Id| c.company(id).and_then(|e| e.parent.clone());
    let more: Vec<Id> = all.iter().flat_map(|id| std::iter::successors(parents(id), |p| parents(p)).take(16)).collect();
    all.extend(more);
    all
}

impl Check<'_> {
    /// The headline as a whole; a description by its sentences.
    fn head(&self, text: &str, place: Place) -> Vec<Found> {
        if place == Place::Title {
            return self.sentence(text, &[], place);
        }
        let sentence = |range: Range<usize>| {
            self.sentence(&text[range.clone()], &[], place).into_iter().map(move |mut f| {
                f.range = f.range.start + range.start..f.range.end + range.start;
                f
            })
        };
        sentences(text).into_iter().flat_map(sentence).collect()
    }

    fn sentence(&self, text: &str, linked: &[Range<usize>], place: Place) -> Vec<Found> {
        let mentions = self.mentions(text);
        let free: Vec<_> = mentions
            .iter()
            .filter(|m| !linked.iter().any(|l| l.start <= m.range.start && m.range.end <= l.end))
            .collect();
        let both = self.names_two(&mentions);
        if place == Place::Inside && !both {
            return Vec::new();
        }
        let mut found = Vec::new();
        let free = if self.has_unknown { Vec::new() } else { free };
        for m in free.iter().filter(|m| !self.named.contains(&m.id) && !self.is_subsidiary(&m.id)) {
            found.push(Found {
                code: "W0904",
                range: m.range.clone(),
                message: format!("`{}` is named here, but is neither a party nor in `mentions`", m.id),
                help: format!("add it to the parties of the deal, or `mentions: [{}]`", m.id),
            });
        }
        // Sums, percentages and dates are written in digits, in either language.
        if text.bytes().any(|b| b.is_ascii_digit()) {
            self.sums(text, place, &mut found);
            self.percentages(text, &mentions, &mut found);
            self.dates(text, place, &mentions, &mut found);
        }
        self.silence(text, &mut found);
        found
    }

    /// The companies named in a text.
    fn mentions(&self, text: &str) -> Vec<Mention> {
        let known = |noun, id: &Id| noun == Noun::Company && self.atlas.catalogue.known(noun, id).is_some();
        self.names.find(text, known)
    }

    /// Whether names of two parties stand in a text, whatever stands around them: a quick look before the careful one.
    fn may_name_two(&self, text: &str) -> bool {
        self.parties.iter().filter(|names| names.iter().any(|n| n.find(text.as_bytes()).is_some())).nth(1).is_some()
    }

    /// Whether two parties are among those named.
    fn names_two(&self, mentions: &[Mention]) -> bool {
        let mut parties = mentions.iter().map(|m| &m.id).filter(|id| self.is_party(id));
        parties.next().is_some_and(|first| parties.any(|other| other != first))
    }

    fn is_party(&self, id: &Id) -> bool {
        self.deals.iter().any(|d| d.companies().any(|c| c == id))
    }

    fn is_subsidiary(&self, id: &Id) -> bool {
        let c = self.atlas.catalogue;
        let parent = |id: &Id| c.company(id).and_then(|e| e.parent.clone());
        std::iter::successors(parent(id), |p| parent(p)).take(16).any(|p| self.named.contains(&p))
    }
}
