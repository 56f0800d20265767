//! Pages about two tags together: where enough was written that has both. Prints nothing.

use super::ready::Shown;
use super::shapes::{Counted, Link, List, Tombstone};
use super::tearsheet::Figure;
use super::view::{Document, Subject, Values};
use super::{Atlas, Channel, Page, Sheet};
use crate::catalogue::Noun;
use crate::model::{Deal, Id};
use serde::Serialize;

/// Deals of the rarer tag that are looked at, and deals and lines that are shown.
const LOOKED_AT: usize = 500;
const DEALS: usize = 6;
const LINES: usize = 24;

/// What `pair.html` gets.
#[derive(Clone, Debug, Serialize)]
pub struct PairPage<'a> {
    title: String,
    tags: [Link<'a>; 2],
    numbers: Vec<Figure>,
    deals: Vec<Shown<'a, Tombstone<'a>>>,
    companies: Vec<Counted<'a>>,
    coverage: List<'a>,
}

impl<'a> Atlas<'a> {
    /// Pairs of tags that have pages, in order.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'a Id, &'a Id)> + use<'a> {
        let (least, made) = (self.site.min_shared, self.makes(Noun::Tag) && self.site.outputs.pairs);
        let all = self.catalogue.lists().by_pair.iter().filter(move |(_, keys)| made && keys.len() >= least);
        let catalogue = self.catalogue;
        let public = move |id: &Id| catalogue.public_entry(Noun::Tag, id).is_some();
        all.map(|((a, b), _)| (a, b)).filter(move |(a, b)| public(a) && public(b))
    }

    /// Whether two tags, in order of their ids, have a page together.
    #[must_use]
    pub fn has_pair(&self, a: &Id, b: &Id) -> bool {
        let shared = self.catalogue.lists().by_pair.get(&(a.clone(), b.clone())).map_or(0, |keys| keys.len());
        self.site.outputs.pairs
            && shared >= self.site.min_shared
            && self.has_page(Noun::Tag, a)
            && self.has_page(Noun::Tag, b)
    }

    pub(super) fn pair_title(&self, a: &Id, b: &Id) -> Option<String> {
        let title = |id| self.link(Noun::Tag, id).map(|l| l.title);
        Some(self.words.with("pair", &[("one", title(a)?.into()), ("other", title(b)?.into())]))
    }

    /// The pages that a tag has together with others, those with most articles first.
    pub(super) fn pairs_of(&self, id: &Id) -> Vec<Counted<'a>> {
        let mut pairs: Vec<_> = self
            .pairs()
            .filter_map(|(a, b)| {
                let other = if a == id {
                    b
                } else if b == id {
                    a
                } else {
                    return None;
                };
                let count = self.catalogue.lists().by_pair.get(&(a.clone(), b.clone())).map_or(0, |keys| keys.len());
                let url = self.path(&Page::Pair(a.clone(), b.clone(), Sheet::HEAD));
                Some(Counted { title: self.link(Noun::Tag, other)?.title, url: Some(url.into()), count })
            })
            .collect();
        pairs.sort_by(|a, b| b.count.cmp(&a.count).then(a.title.cmp(b.title)));
        pairs.truncate(LINES);
        pairs
    }

    pub(super) fn pair(&self, page: &Page, a: &Id, b: &Id, sheet: Sheet) -> Option<Document<'a>> {
        if !self.has_pair(a, b) {
            return None;
        }
        let l = self.catalogue.lists();
        let keys = l.by_pair.get(&(a.clone(), b.clone()))?;
        let is_head = sheet == Sheet::HEAD;
        let tags = [self.link(Noun::Tag, a)?, self.link(Noun::Tag, b)?];
        let title = self.pair_title(a, b)?;
        let suffix = self.page_suffix(sheet);
        let named = [("one", tags[0].title.into()), ("other", tags[1].title.into()), ("page", (&suffix).into())];
        let description = self.words.with("pair-described", &named);
        let mut head = self.head(page, "pair", format!("{title}{suffix}"), description);
        head.subject = Subject::Collection;
        head.feed = self.feed_link(&Channel::Pair(a.clone(), b.clone()));
        let topics = Page::Index(Noun::Tag, Sheet::HEAD);
        head.trail.push(Link { title: self.words.text("topics"), url: Some(self.path(&topics).into()) }.into());
        head.trail.push(tags[0].clone().into());
        self.arrive(&mut head, title.clone(), &Page::Pair(a.clone(), b.clone(), Sheet::HEAD), sheet);
        let deals = if is_head { self.deals_of_both(a, b) } else { Vec::new() };
        let mut numbers = Vec::new();
        if is_head {
            numbers.push(self.figure("unit-articles", keys.len()));
            if !deals.is_empty() {
                numbers.push(self.figure("unit-deals", deals.len()));
            }
        }
        let values = PairPage {
            title,
            tags,
            numbers,
            deals: deals.iter().take(DEALS).map(|d| self.tombstone(d)).collect(),
            companies: self.companies_of(deals.iter().copied(), LINES),
            coverage: self.sheet_of(Some(keys), sheet, |s| Page::Pair(a.clone(), b.clone(), s))?,
        };
        Some(Document { template: "pair.html", head, body: None, values: Values::Pair(Box::new(values)) })
    }

    /// The newest deals that have both tags.
    fn deals_of_both(&self, a: &Id, b: &Id) -> Vec<&'a Deal> {
        let l = self.catalogue.lists();
        let (Some(a), Some(b)) = (l.deals_by_tag.get(a), l.deals_by_tag.get(b)) else { return Vec::new() };
        let (rare, other) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        let both = rare.iter().rev().take(LOOKED_AT).filter(|k| other.contains(k));
        both.filter_map(|k| self.catalogue.deal(&k.1)).map(AsRef::as_ref).collect()
    }
}
